#include <safetyrisk/hazard/register.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/region/statistics.hpp>

#include "core/id_numbers.hpp"
#include "graph/store.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

namespace safetyrisk::hazard {
namespace {

constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();
constexpr std::array<std::string_view, 6> level_names = {"country", "province", "city",
                                                         "county",  "town",     "village"};

std::string text_at(const Column* column, std::size_t row) {
    if (column == nullptr || column->is_missing(row)) return {};
    return column->type() == ColumnType::text ? std::string(trim(column->text(row)))
                                              : column->print(row);
}

/// A cell as a day: nothing where it is empty; `wrong` where it is no day.
std::optional<Date> day_at(const Column* column, std::size_t row, bool& wrong) {
    if (column == nullptr || column->is_missing(row)) return std::nullopt;
    if (column->type() == ColumnType::date) return column->date(row);
    const std::optional<Date> day = column->type() == ColumnType::text
                                        ? Date::parse(column->text(row))
                                        : Date::parse(column->print(row));
    wrong = wrong || !day;
    return day;
}

bool yes(const Column* column, std::size_t row) {
    if (column == nullptr || column->is_missing(row)) return false;
    if (column->type() == ColumnType::boolean) return column->boolean(row);
    const std::string text = text_at(column, row);
    return text == "true" || text == "1" || text == "是";
}

/// Numbers of texts in the order of their bytes.
void number(const std::vector<std::string>& texts, std::vector<std::int32_t>& numbers,
            std::vector<std::string>& names) {
    names = texts;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (!names.empty() && names.front().empty()) names.erase(names.begin());
    numbers.reserve(texts.size());
    std::unordered_map<std::string_view, std::int32_t> places;
    for (std::size_t k = 0; k < names.size(); ++k)
        places.emplace(names[k], static_cast<std::int32_t>(k));
    for (const std::string& text : texts) {
        const auto it = places.find(text);
        numbers.push_back(it == places.end() ? -1 : it->second);
    }
}

bool is_self(std::string_view channel) {
    return channel == "self" || channel.find("自查") != std::string_view::npos ||
           channel.find("自报") != std::string_view::npos;
}

}  // namespace

// What hazards are grouped by: for each hazard the numbers of its groups.
struct Register::Groups {
    struct Axis {
        std::string name;
        std::vector<std::string> keys;  // in order; the last may be "" for none
        // Numbers of each hazard's keys: one each, or (sectors) several.
        std::vector<std::uint32_t> one;
        std::vector<std::uint32_t> offsets, many;
    };
    std::vector<Axis> axes;

    std::size_t size() const {
        std::size_t n = 1;
        for (const Axis& axis : axes)
            n *= axis.keys.size();
        return n;
    }

    /// Calls f(group) for each group of a hazard.
    template <class F>
    void each(std::size_t h, F&& f) const {
        each_from(0, h, 0, f);
    }
    template <class F>
    void each_from(std::size_t a, std::size_t h, std::size_t group, F& f) const {
        for (; a < axes.size() && axes[a].offsets.empty(); ++a)
            group = group * axes[a].keys.size() + axes[a].one[h];
        if (a == axes.size()) return f(group);
        const Axis& axis = axes[a];
        for (std::uint32_t i = axis.offsets[h]; i < axis.offsets[h + 1]; ++i)
            each_from(a + 1, h, group * axis.keys.size() + axis.many[i], f);
    }

    /// Adds the columns of the groups that are told.
    void add_columns(Table& table, const std::vector<std::size_t>& told) const {
        std::size_t below = size();
        for (const Axis& axis : axes) {
            below /= axis.keys.size();
            std::vector<std::int32_t> codes;
            codes.reserve(told.size());
            for (const std::size_t group : told) {
                const std::size_t key = group / below % axis.keys.size();
                codes.push_back(axis.keys[key].empty() ? -1 : static_cast<std::int32_t>(key));
            }
            table.add(axis.name, Column::of_codes(std::move(codes), Column::of(axis.keys)));
        }
    }
};

Register Register::read(const Table& hazards, const Table& events,
                        const graph::ResponsibilityGraph* graph, const RegisterOptions& options) {
    Register out;
    if (graph != nullptr) out.graph_ = *graph;
    out.states_ = options.states != nullptr ? options.states : States::usual();
    out.hazards_ = hazards;
    std::optional<Date> data_date = options.data_date;
    if (!data_date && graph != nullptr) data_date = graph->data_date();
    out.read_rows(hazards, data_date);
    if (events.size() > 0) out.read_events(events, data_date);
    return out;
}

void Register::read_rows(const Table& hazards, std::optional<Date> data_date) {
    rows_in_ = hazards.rows();
    const Column& ids = hazards.at("id");
    const Column& grades = hazards.at("grade");
    const Column& found = hazards.at("found_on");
    const Column* const closed = hazards.find("closed_on");
    const Column* const due = hazards.find("due_on");
    const Column* const extended = hazards.find("extended_to");
    const Column* const enterprise = hazards.find("enterprise");
    const Column* const channel = hazards.find("channel");
    const Column* const stopped = hazards.find("stopped");

    std::vector<std::uint8_t> left_out(rows_in_, 0);
    for (const std::vector<std::size_t>& group : shared_ids(ids, {})) {
        const bool equal = std::all_of(group.begin(), group.end(), [&](std::size_t row) {
            return hazards.equal_rows(group.front(), row);
        });
        for (const std::size_t row : group) {
            if (equal && row == group.front()) continue;
            left_out[row] = 1;
            issues_.add(equal ? "hazard.row_repeated" : "hazard.id_conflict", hazards.origin(),
                        static_cast<std::int64_t>(row), "id", ids.print(row));
        }
    }
    std::vector<std::string> enterprise_texts;
    std::vector<std::string> channel_texts;
    for (std::size_t row = 0; row < rows_in_; ++row) {
        if (left_out[row] != 0) continue;
        const auto reject = [&](std::string_view code, std::string_view column,
                                std::string_view value = {}) {
            issues_.add(code, hazards.origin(), static_cast<std::int64_t>(row), column, value);
        };
        if (ids.is_missing(row)) {
            reject("hazard.id_missing", "id");
            continue;
        }
        const std::string grade_text = text_at(&grades, row);
        const std::optional<HazardGrade> grade = read_grade(grade_text);
        if (!grade) {
            reject("hazard.grade_unknown", "grade", grade_text);
            continue;
        }
        bool wrong = false;
        std::string_view wrong_column;
        const auto day = [&](const Column* column, std::string_view name) {
            const bool before = wrong;
            const auto read = day_at(column, row, wrong);
            if (wrong && !before) wrong_column = name;
            return read;
        };
        const auto found_on = day(&found, "found_on");
        const auto closed_on = day(closed, "closed_on");
        const auto due_on = day(due, "due_on");
        const auto extended_to = day(extended, "extended_to");
        if (wrong) {
            reject("hazard.date_malformed", wrong_column, text_at(hazards.find(wrong_column), row));
            continue;
        }
        if (!found_on) {
            reject("hazard.found_missing", "found_on");
            continue;
        }
        if (closed_on && *closed_on < *found_on) {
            reject("hazard.closed_before_found", "closed_on", closed_on->text());
            continue;
        }
        if (data_date && (*found_on > *data_date || (closed_on && *closed_on > *data_date))) {
            const bool late_finding = *found_on > *data_date;
            reject("hazard.in_future", late_finding ? "found_on" : "closed_on",
                   (late_finding ? *found_on : *closed_on).text());
            continue;
        }
        const std::string at = text_at(enterprise, row);
        graph::NodeNo node = graph::none;
        if (graph_ && !at.empty()) {
            node = graph_->find(at);
            if (node == graph::none) {
                reject("hazard.enterprise_unknown", "enterprise", at);
                continue;
            }
        }
        row_.push_back(static_cast<std::uint32_t>(row));
        found_.push_back(found_on->days_since_1970());
        closed_.push_back(closed_on ? closed_on->days_since_1970() : never);
        const auto last = extended_to ? extended_to : due_on;
        due_.push_back(last ? last->days_since_1970() : never);
        grade_.push_back(*grade);
        stopped_.push_back(yes(stopped, row) ? 1 : 0);
        enterprise_texts.push_back(at);
        channel_texts.push_back(text_at(channel, row));
        node_.push_back(node);
    }
    number(enterprise_texts, enterprise_, enterprises_);
    number(channel_texts, channel_, channels_);
}

void Register::read_events(const Table& events, std::optional<Date> data_date) {
    const Column& hazard = events.at("hazard");
    const Column& event = events.at("event");
    const Column& date = events.at("date");
    std::unordered_map<std::string, std::size_t> places;
    const Column& ids = hazards_.at("id");
    for (std::size_t h = 0; h < row_.size(); ++h)
        places.emplace(text_at(&ids, row_[h]), h);
    struct Event {
        std::size_t hazard;
        std::int32_t day;
        std::size_t row;
        EventNo event;
    };
    std::vector<Event> read;
    for (std::size_t row = 0; row < events.rows(); ++row) {
        const auto reject = [&](std::string_view code, std::string_view column,
                                std::string_view value) {
            issues_.add(code, events.origin(), static_cast<std::int64_t>(row), column, value);
        };
        const auto place = places.find(text_at(&hazard, row));
        if (place == places.end()) {
            reject("hazard.event_of_nothing", "hazard", text_at(&hazard, row));
            continue;
        }
        const auto word = states_->event(text_at(&event, row));
        if (!word) {
            reject("hazard.event_unknown", "event", text_at(&event, row));
            continue;
        }
        bool wrong = false;
        const auto day = day_at(&date, row, wrong);
        if (!day) {
            reject("hazard.date_malformed", "date", text_at(&date, row));
            continue;
        }
        if (data_date && *day > *data_date) {
            reject("hazard.in_future", "date", day->text());
            continue;
        }
        read.push_back({place->second, day->days_since_1970(), row, *word});
    }
    // By hazard and day; events of one day as they stand, which is their order.
    std::stable_sort(read.begin(), read.end(), [](const Event& a, const Event& b) {
        return std::pair(a.hazard, a.day) < std::pair(b.hazard, b.day);
    });
    std::size_t last = row_.size();
    Standing now;
    for (const Event& one : read) {
        if (one.hazard != last) now = {};
        last = one.hazard;
        const auto next = states_->after(grade_[one.hazard], now, one.event);
        if (!next) {
            const std::string state = now.state ? states_->states()[*now.state].zh : "未发现";
            issues_.add("hazard.step_not_allowed", events.origin(),
                        static_cast<std::int64_t>(one.row), "event",
                        states_->events()[one.event].zh, {text_at(&ids, row_[one.hazard]), state});
            continue;
        }
        now = *next;
        stopped_[one.hazard] = now.stopped ? 1 : 0;
    }
}

Register::Groups Register::groups(const std::vector<std::string>& by) const {
    Groups out;
    const std::size_t n = found_.size();
    for (const std::string& name : by) {
        Groups::Axis axis;
        axis.name = name;
        axis.one.resize(n);
        const auto level = std::find(level_names.begin(), level_names.end(), name);
        const auto from_texts = [&](const std::vector<std::int32_t>& numbers,
                                    const std::vector<std::string>& names) {
            axis.keys = names;
            axis.keys.emplace_back();
            for (std::size_t h = 0; h < n; ++h)
                axis.one[h] = static_cast<std::uint32_t>(
                    numbers[h] < 0 ? names.size() : static_cast<std::size_t>(numbers[h]));
        };
        if (name == "grade") {
            axis.keys = {"general", "major"};
            for (std::size_t h = 0; h < n; ++h)
                axis.one[h] = static_cast<std::uint32_t>(grade_[h]);
        } else if (name == "channel") {
            from_texts(channel_, channels_);
        } else if (name == "enterprise") {
            from_texts(enterprise_, enterprises_);
        } else if (name == "sector" || level != level_names.end()) {
            if (!graph_)
                throw InputError("grouping by '" + name + "' needs the graph of the enterprises");
            const graph::Store& s = graph_->store();
            const graph::View view(s, Date(0));
            if (name == "sector") {
                for (const auto& sector : s.sectors.all)
                    axis.keys.push_back(sector.id);
                const auto nobody = static_cast<std::uint32_t>(axis.keys.size());
                axis.keys.emplace_back();
                axis.offsets.push_back(0);
                for (std::size_t h = 0; h < n; ++h) {
                    const auto& set =
                        s.sectors.sets[node_[h] == graph::none ? 0 : s.node_sectors[node_[h]]];
                    axis.many.insert(axis.many.end(), set.begin(), set.end());
                    if (set.empty()) axis.many.push_back(nobody);
                    axis.offsets.push_back(static_cast<std::uint32_t>(axis.many.size()));
                }
            } else {
                // Regions in id order: the number of a node is its place among the ids.
                const auto wanted = static_cast<std::uint8_t>(level - level_names.begin());
                std::unordered_map<graph::NodeNo, graph::NodeNo> memo;
                std::vector<graph::NodeNo> region(n, graph::none);
                std::map<graph::NodeNo, std::uint32_t> keys;
                for (std::size_t h = 0; h < n; ++h) {
                    if (node_[h] == graph::none) continue;
                    const auto [it, fresh] = memo.emplace(node_[h], graph::none);
                    if (fresh)
                        for (const graph::NodeNo place : view.chain(view.place_of(node_[h])))
                            if (view.level_of(place) == wanted) {
                                it->second = place;
                                break;
                            }
                    region[h] = it->second;
                    if (region[h] != graph::none) keys.emplace(region[h], 0U);
                }
                for (auto& [node, key] : keys) {
                    key = static_cast<std::uint32_t>(axis.keys.size());
                    axis.keys.emplace_back(s.id(node));
                }
                const auto nowhere = static_cast<std::uint32_t>(axis.keys.size());
                axis.keys.emplace_back();
                for (std::size_t h = 0; h < n; ++h)
                    axis.one[h] = region[h] == graph::none ? nowhere : keys.at(region[h]);
            }
        } else {
            throw InputError("grouping by '" + name +
                             "': grade, channel, sector, enterprise, or the level of a region: "
                             "province, city, county, town, village");
        }
        for (const Groups::Axis& other : out.axes)
            if (other.name == name) throw InputError("grouping by '" + name + "' twice");
        if (out.size() > 50'000'000 / std::max<std::size_t>(axis.keys.size(), 1))
            throw InputError("grouping by '" + name + "': more than 50 million groups");
        out.axes.push_back(std::move(axis));
    }
    return out;
}

Table Register::stock(Date on, const std::vector<std::string>& by) const {
    const Groups groups = this->groups(by);
    struct Tally {
        std::int64_t open = 0, overdue = 0, stopped = 0, days = 0, oldest = 0;
        std::array<std::int64_t, 5> ages{};
    };
    std::vector<Tally> tallies(groups.size());
    const std::int32_t day = on.days_since_1970();
    for (std::size_t h = 0; h < found_.size(); ++h) {
        if (!open_on(h, day)) continue;
        const std::int64_t age = day - found_[h];
        const std::size_t band = age <= 30    ? 0
                                 : age <= 90  ? 1
                                 : age <= 180 ? 2
                                 : age <= 365 ? 3
                                              : 4;
        groups.each(h, [&](std::size_t group) {
            Tally& t = tallies[group];
            ++t.open;
            t.overdue += due_[h] < day ? 1 : 0;
            t.stopped += stopped_[h];
            t.days += age;
            t.oldest = std::max(t.oldest, age);
            ++t.ages[band];
        });
    }
    std::vector<std::size_t> told;
    for (std::size_t g = 0; g < tallies.size(); ++g)
        if (tallies[g].open > 0 || by.empty()) told.push_back(g);
    Table table(Origin{"hazard_stock", "", -1, {}, -1});
    groups.add_columns(table, told);
    const auto whole = [&](const char* name, auto&& value) {
        std::vector<std::int64_t> cells;
        for (const std::size_t g : told)
            cells.push_back(value(tallies[g]));
        table.add(name, Column::of(std::move(cells)));
    };
    whole("open", [](const Tally& t) { return t.open; });
    whole("overdue", [](const Tally& t) { return t.overdue; });
    whole("stopped", [](const Tally& t) { return t.stopped; });
    std::vector<double> mean;
    for (const std::size_t g : told)
        mean.push_back(tallies[g].open == 0 ? std::numeric_limits<double>::quiet_NaN()
                                            : static_cast<double>(tallies[g].days) /
                                                  static_cast<double>(tallies[g].open));
    table.add("days_mean", Column::of(std::move(mean)));
    whole("days_oldest", [](const Tally& t) { return t.oldest; });
    const std::array<const char*, 5> names = {"to_30", "to_90", "to_180", "to_365", "over_365"};
    for (std::size_t band = 0; band < names.size(); ++band)
        whole(names.at(band), [&](const Tally& t) { return t.ages[band]; });
    return table;
}

Table Register::flow(Date from, Date to, std::string_view period,
                     const std::vector<std::string>& by) const {
    if (period != "month" && period != "year" && period != "quarter")
        throw InputError("flow by '" + std::string(period) + "': month, quarter or year");
    if (to < from) throw InputError("flow: the days end before they begin");
    const Groups groups = this->groups(by);
    // Periods that the days touch, by the number of each month.
    const auto month_of = [](Date day) {
        const auto civil = day.civil();
        return static_cast<int>(civil.year()) * 12 +
               static_cast<int>(static_cast<unsigned>(civil.month())) - 1;
    };
    const int step = period == "month" ? 1 : period == "quarter" ? 3 : 12;
    const int first = month_of(from) / step;
    const auto periods = static_cast<std::size_t>(month_of(to) / step - first + 1);
    // Which period each day of them belongs to.
    std::vector<std::uint32_t> place(static_cast<std::size_t>(to - from) + 1);
    for (std::size_t d = 0; d < place.size(); ++d)
        place[d] = static_cast<std::uint32_t>(month_of(from + static_cast<std::int32_t>(d)) / step -
                                              first);
    const std::size_t n = groups.size();
    if (n * periods > 100'000'000) throw InputError("flow: more than 100 million cells");
    std::vector<std::int64_t> found(n * periods, 0);
    std::vector<std::int64_t> closed(n * periods, 0);
    std::vector<std::int64_t> before(n, 0);
    std::vector<std::uint8_t> seen(n, 0);
    const std::int32_t low = from.days_since_1970();
    const std::int32_t high = to.days_since_1970();
    for (std::size_t h = 0; h < found_.size(); ++h) {
        if (found_[h] > high || closed_[h] < low) continue;
        groups.each(h, [&](std::size_t group) {
            seen[group] = 1;
            if (found_[h] < low)
                ++before[group];
            else
                ++found[place[static_cast<std::size_t>(found_[h] - low)] * n + group];
            if (closed_[h] <= high)
                ++closed[place[static_cast<std::size_t>(closed_[h] - low)] * n + group];
        });
    }
    std::vector<std::size_t> told;
    std::vector<std::int32_t> codes;
    std::vector<std::string> names;
    std::vector<std::int64_t> in, out, open;
    for (std::size_t p = 0; p < periods; ++p) {
        const int number = (first + static_cast<int>(p));
        std::string name = std::to_string(number * step / 12);
        if (period == "quarter") name += "-Q" + std::to_string(number % 4 + 1);
        if (period == "month")
            name += (number % 12 < 9 ? "-0" : "-") + std::to_string(number % 12 + 1);
        names.push_back(std::move(name));
        for (std::size_t g = 0; g < n; ++g) {
            before[g] += found[p * n + g] - closed[p * n + g];
            if (seen[g] == 0 && !by.empty()) continue;
            told.push_back(g);
            codes.push_back(static_cast<std::int32_t>(p));
            in.push_back(found[p * n + g]);
            out.push_back(closed[p * n + g]);
            open.push_back(before[g]);
        }
    }
    Table table(Origin{"hazard_flow", "", -1, {}, -1});
    table.add("period", Column::of_codes(std::move(codes), Column::of(names)));
    groups.add_columns(table, told);
    table.add("found", Column::of(std::move(in)));
    table.add("closed", Column::of(std::move(out)));
    table.add("open", Column::of(std::move(open)));
    return table;
}

Table Register::self_rate(Date from, Date to, std::optional<HazardGrade> grade,
                          const std::vector<std::string>& by) const {
    const Groups groups = this->groups(by);
    std::vector<std::uint8_t> self;
    for (const std::string& channel : channels_)
        self.push_back(is_self(channel) ? 1 : 0);
    std::vector<std::uint64_t> own(groups.size(), 0);
    std::vector<std::uint64_t> all(groups.size(), 0);
    std::vector<std::int64_t> unknown(groups.size(), 0);
    std::uint64_t own_all = 0;
    std::uint64_t everything = 0;
    for (std::size_t h = 0; h < found_.size(); ++h) {
        if (found_[h] < from.days_since_1970() || found_[h] > to.days_since_1970()) continue;
        if (grade && grade_[h] != *grade) continue;
        const std::int32_t channel = channel_[h];
        const bool mine = channel >= 0 && self[static_cast<std::size_t>(channel)] != 0;
        if (channel >= 0) {
            ++everything;
            own_all += mine ? 1 : 0;
        }
        groups.each(h, [&](std::size_t g) {
            if (channel < 0) {
                ++unknown[g];
                return;
            }
            ++all[g];
            own[g] += mine ? 1 : 0;
        });
    }
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    const double average =
        everything == 0 ? nothing : static_cast<double>(own_all) / static_cast<double>(everything);
    std::vector<std::size_t> told;
    std::vector<std::int64_t> selves, alls, unknowns;
    std::vector<double> rate, low, high, averages;
    std::vector<std::uint8_t> below;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (all[g] == 0 && unknown[g] == 0 && !by.empty()) continue;
        told.push_back(g);
        selves.push_back(static_cast<std::int64_t>(own[g]));
        alls.push_back(static_cast<std::int64_t>(all[g]));
        unknowns.push_back(unknown[g]);
        const auto interval = region::wilson(own[g], all[g]);
        rate.push_back(interval ? interval->value : nothing);
        low.push_back(interval ? interval->low : nothing);
        high.push_back(interval ? interval->high : nothing);
        averages.push_back(average);
        below.push_back(interval && interval->high < average ? 1 : 0);
    }
    Table table(Origin{"hazard_self_rate", "", -1, {}, -1});
    groups.add_columns(table, told);
    table.add("self", Column::of(std::move(selves)));
    table.add("all", Column::of(std::move(alls)));
    table.add("channel_unknown", Column::of(std::move(unknowns)));
    table.add("rate", Column::of(std::move(rate)));
    table.add("rate_low", Column::of(std::move(low)));
    table.add("rate_high", Column::of(std::move(high)));
    table.add("average", Column::of(std::move(averages)));
    table.add("below", Column::of_booleans(std::move(below)));
    return table;
}

namespace {

// What is the same hazard: the enterprise and the criterion (else the name) of rows that state
// both; those alike stand together, by the day they were found.
struct Alike {
    std::int32_t enterprise;
    std::string what;
    std::int32_t found;
    std::size_t hazard;
};

std::vector<Alike> alike(const Table& hazards, const std::vector<std::uint32_t>& row,
                         const std::vector<std::int32_t>& enterprise,
                         const std::vector<std::int32_t>& found) {
    const Column* const criterion = hazards.find("criterion");
    const Column* const name = hazards.find("name");
    std::vector<Alike> all;
    for (std::size_t h = 0; h < row.size(); ++h) {
        if (enterprise[h] < 0) continue;
        std::string what = text_at(criterion, row[h]);
        if (what.empty()) what = text_at(name, row[h]);
        if (!what.empty()) all.push_back({enterprise[h], std::move(what), found[h], h});
    }
    std::sort(all.begin(), all.end(), [](const Alike& a, const Alike& b) {
        return std::tie(a.enterprise, a.what, a.found, a.hazard) <
               std::tie(b.enterprise, b.what, b.found, b.hazard);
    });
    return all;
}

}  // namespace

Table Register::duplicates(std::int32_t days) const {
    const std::vector<Alike> all = alike(hazards_, row_, enterprise_, found_);
    std::vector<std::int64_t> group;
    std::vector<std::string> hazard, enterprise, criterion, channel;
    std::vector<Date> found;
    std::int64_t number = 0;
    const Column& ids = hazards_.at("id");
    for (std::size_t i = 0; i < all.size();) {
        std::size_t j = i + 1;
        while (j < all.size() && all[j].enterprise == all[i].enterprise &&
               all[j].what == all[i].what && all[j].found - all[j - 1].found <= days)
            ++j;
        if (j - i > 1) {
            ++number;
            for (std::size_t k = i; k < j; ++k) {
                const std::size_t h = all[k].hazard;
                group.push_back(number);
                hazard.push_back(text_at(&ids, row_[h]));
                enterprise.push_back(enterprises_[static_cast<std::size_t>(enterprise_[h])]);
                criterion.push_back(all[k].what);
                found.emplace_back(found_[h]);
                channel.push_back(
                    channel_[h] < 0 ? "" : channels_[static_cast<std::size_t>(channel_[h])]);
            }
        }
        i = j;
    }
    Table table(Origin{"hazard_duplicates", "", -1, {}, -1});
    table.add("group", Column::of(std::move(group)));
    table.add("hazard", Column::of(hazard));
    table.add("enterprise", Column::of(enterprise));
    table.add("criterion", Column::of(criterion));
    table.add("found_on", Column::of(found));
    table.add("channel", Column::of(channel));
    return table;
}

Table Register::recurrences(std::int32_t months) const {
    const std::vector<Alike> all = alike(hazards_, row_, enterprise_, found_);
    std::vector<std::string> hazard, earlier, enterprise, criterion;
    std::vector<Date> found, closed;
    std::vector<std::int64_t> days;
    const Column& ids = hazards_.at("id");
    for (std::size_t i = 0; i < all.size(); ++i) {
        // The last one closed before it was found, within the months.
        std::size_t best = all.size();
        for (std::size_t j = i;
             j-- > 0 && all[j].enterprise == all[i].enterprise && all[j].what == all[i].what;) {
            const std::int32_t end = closed_[all[j].hazard];
            if (end == never || end > all[i].found) continue;
            if (add(Date(end), Duration{months, 0}).days_since_1970() < all[i].found) continue;
            if (best == all.size() || end > closed_[all[best].hazard]) best = j;
        }
        if (best == all.size()) continue;
        const std::size_t h = all[i].hazard;
        const std::size_t e = all[best].hazard;
        hazard.push_back(text_at(&ids, row_[h]));
        earlier.push_back(text_at(&ids, row_[e]));
        enterprise.push_back(enterprises_[static_cast<std::size_t>(enterprise_[h])]);
        criterion.push_back(all[i].what);
        found.emplace_back(found_[h]);
        closed.emplace_back(closed_[e]);
        days.push_back(found_[h] - closed_[e]);
    }
    Table table(Origin{"hazard_recurrences", "", -1, {}, -1});
    table.add("hazard", Column::of(hazard));
    table.add("earlier", Column::of(earlier));
    table.add("enterprise", Column::of(enterprise));
    table.add("criterion", Column::of(criterion));
    table.add("found_on", Column::of(found));
    table.add("closed_on", Column::of(closed));
    table.add("days", Column::of(std::move(days)));
    return table;
}

Table Register::backcheck(std::string_view enterprise, Date on) const {
    const auto at = std::lower_bound(enterprises_.begin(), enterprises_.end(), enterprise);
    if (at == enterprises_.end() || *at != enterprise)
        throw NotFoundError("no hazard is registered for the enterprise '" +
                            std::string(enterprise) + "'");
    const auto wanted = static_cast<std::int32_t>(at - enterprises_.begin());
    std::vector<std::size_t> told;
    for (std::size_t h = 0; h < found_.size(); ++h)
        if (enterprise_[h] == wanted && found_[h] <= on.days_since_1970()) told.push_back(h);
    std::sort(told.begin(), told.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(found_[a], row_[a]) < std::pair(found_[b], row_[b]);
    });
    Table table(Origin{"hazard_backcheck", "", -1, {}, -1});
    const auto texts = [&](const char* name, const char* column) {
        std::vector<std::string> cells;
        for (const std::size_t h : told)
            cells.push_back(text_at(hazards_.find(column), row_[h]));
        table.add(name, Column::of(cells));
    };
    texts("hazard", "id");
    texts("grade", "grade");
    texts("criterion", "criterion");
    texts("channel", "channel");
    std::vector<Date> found, closed;
    std::vector<std::uint8_t> is_closed, open, overdue;
    std::vector<std::int64_t> days;
    for (const std::size_t h : told) {
        found.emplace_back(found_[h]);
        const bool done = closed_[h] <= on.days_since_1970();
        closed.emplace_back(done ? closed_[h] : 0);
        is_closed.push_back(done ? 1 : 0);
        open.push_back(done ? 0 : 1);
        const std::int32_t end = done ? closed_[h] : on.days_since_1970();
        overdue.push_back(due_[h] < end ? 1 : 0);
        days.push_back(end - found_[h]);
    }
    table.add("found_on", Column::of(found));
    texts("found_by", "found_by");
    texts("responsible", "responsible");
    texts("verified_by", "verified_by");
    texts("closed_by", "closed_by");
    table.add("closed_on", Column::of(closed, is_closed));
    table.add("days_open", Column::of(std::move(days)));
    table.add("open", Column::of_booleans(std::move(open)));
    table.add("overdue", Column::of_booleans(std::move(overdue)));
    return table;
}

Table Register::open_major(Date on) const {
    std::vector<std::int64_t> open(enterprises_.size(), 0);
    for (std::size_t h = 0; h < found_.size(); ++h) {
        if (enterprise_[h] < 0) continue;
        const auto e = static_cast<std::size_t>(enterprise_[h]);
        if (grade_[h] == HazardGrade::major && open_on(h, on.days_since_1970())) ++open[e];
    }
    Table table(Origin{"open_major_hazards", "", -1, {}, -1});
    table.add("enterprise", Column::of(enterprises_));
    table.add("open_major_hazards", Column::of(std::move(open)));
    return table;
}

}  // namespace safetyrisk::hazard
