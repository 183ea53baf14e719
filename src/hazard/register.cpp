#include <safetyrisk/hazard/register.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/region/statistics.hpp>

#include "core/json_view.hpp"
#include "hazard/data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace safetyrisk::hazard {
namespace {

bool is_self(std::string_view channel) {
    return channel == "self" || channel.find("自查") != std::string_view::npos ||
           channel.find("自报") != std::string_view::npos;
}

}  // namespace

Register Register::read(const Table& hazards, const Table& events,
                        const graph::ResponsibilityGraph* graph, const RegisterOptions& options) {
    auto made = std::make_shared<Data>();
    if (graph != nullptr) made->graph = *graph;
    made->states = options.states != nullptr ? options.states : States::usual();
    made->hazards = hazards;
    made->events = events;
    std::optional<Date> data_date = options.data_date;
    if (!data_date && graph != nullptr) data_date = graph->data_date();
    made->read_rows(data_date, options.work);
    if (events.size() > 0) made->read_events(data_date, options.work);
    made->read_closings(options.work);
    return Register(std::move(made));
}

std::size_t Register::rows_in() const {
    return data_->rows_in;
}

std::size_t Register::size() const {
    return data_->size();
}

std::size_t Register::merged_rows() const {
    return data_->merged;
}

std::size_t Register::events_in() const {
    return data_->events_in;
}

std::size_t Register::events_used() const {
    return data_->taken.size();
}

const IssueTable& Register::issues() const {
    return data_->issues;
}

const States& Register::states() const {
    return *data_->states;
}

Table Register::stock(Date on, const std::vector<std::string>& by) const {
    const Data& d = *data_;
    const Groups groups(d, by);
    struct Tally {
        std::int64_t open = 0, overdue = 0, undated = 0, stopped = 0, days = 0, oldest = 0;
        std::array<std::int64_t, 5> ages{};
    };
    std::vector<Tally> tallies(groups.size());
    const std::int32_t day = on.days_since_1970();
    for (std::size_t h = 0; h < d.size(); ++h) {
        if (!d.open_on(h, day)) continue;
        const std::int64_t age = day - d.found[h];
        const std::size_t band = age <= 30    ? 0
                                 : age <= 90  ? 1
                                 : age <= 180 ? 2
                                 : age <= 365 ? 3
                                              : 4;
        const std::int64_t overdue = d.due_on(h, day) < day ? 1 : 0;
        const std::int64_t undated = d.due_on(h, day) == never ? 1 : 0;
        const std::int64_t stopped = d.stopped_on(h, day) ? 1 : 0;
        groups.each(h, [&](std::size_t group) {
            Tally& t = tallies[group];
            ++t.open;
            t.overdue += overdue;
            t.undated += undated;
            t.stopped += stopped;
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
    whole("undated", [](const Tally& t) { return t.undated; });
    whole("stopped", [](const Tally& t) { return t.stopped; });
    std::vector<double> mean;
    for (const std::size_t g : told)
        mean.push_back(tallies[g].open == 0 ? nothing
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
    const Data& d = *data_;
    const Groups groups(d, by);
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
    for (std::size_t k = 0; k < place.size(); ++k)
        place[k] = static_cast<std::uint32_t>(month_of(from + static_cast<std::int32_t>(k)) / step -
                                              first);
    const std::size_t n = groups.size();
    if (n * periods > 100'000'000) throw InputError("flow: more than 100 million cells");
    std::vector<std::int64_t> found(n * periods, 0);
    std::vector<std::int64_t> closed(n * periods, 0);
    std::vector<std::int64_t> before(n, 0);
    std::vector<std::uint8_t> seen(n, 0);
    const std::int32_t low = from.days_since_1970();
    const std::int32_t high = to.days_since_1970();
    for (std::size_t h = 0; h < d.size(); ++h) {
        if (d.found[h] > high || d.closed[h] < low) continue;
        groups.each(h, [&](std::size_t group) {
            seen[group] = 1;
            if (d.found[h] < low)
                ++before[group];
            else
                ++found[place[static_cast<std::size_t>(d.found[h] - low)] * n + group];
            if (d.closed[h] <= high)
                ++closed[place[static_cast<std::size_t>(d.closed[h] - low)] * n + group];
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

Table Register::standings(Date on) const {
    const Data& d = *data_;
    const std::int32_t day = on.days_since_1970();
    std::vector<std::string> hazard;
    std::vector<std::int32_t> enterprise, grade, state;
    std::vector<std::uint8_t> stopped, proposed, overdue, has_due, told;
    std::vector<std::int64_t> extensions, days_overdue, days_open;
    std::vector<Date> due;
    for (std::size_t h = 0; h < d.size(); ++h) {
        if (d.found[h] > day) continue;
        const Standing now = d.standing(h, day);
        const std::int32_t last = d.due_on(h, day);
        const std::int32_t end = std::min(d.closed[h], day);
        std::int64_t times = 0;
        for (const Data::Event& one : d.events_of(h))
            times += one.day <= day && one.until != never ? 1 : 0;
        hazard.push_back(d.id(h));
        enterprise.push_back(d.enterprise.of[h]);
        grade.push_back(static_cast<std::int32_t>(d.grade[h]));
        // Said to be closed though something is missing: nobody can tell.
        const bool unclear = d.closing_unclear(h, day);
        state.push_back(unclear ? -1 : static_cast<std::int32_t>(*now.state));
        told.push_back(unclear || last == never ? 0 : 1);
        stopped.push_back(d.stopped_on(h, day) ? 1 : 0);
        extensions.push_back(times);
        proposed.push_back(now.has(Mark::closure_proposed) ? 1 : 0);
        due.emplace_back(last == never ? 0 : last);
        has_due.push_back(last == never ? 0 : 1);
        overdue.push_back(last < end ? 1 : 0);
        days_overdue.push_back(last < end ? end - last : 0);
        days_open.push_back(end - d.found[h]);
    }
    std::vector<std::string> state_words;
    for (const States::Word& word : d.states->states())
        state_words.push_back(word.id);
    Table table(Origin{"hazard_standings", "", -1, {}, -1});
    table.add("hazard", Column::of(hazard));
    table.add("enterprise",
              Column::of_codes(std::move(enterprise), Column::of(d.enterprise.names)));
    table.add("grade", Column::of_codes(std::move(grade),
                                        Column::of(std::vector<std::string>{"general", "major"})));
    table.add("state", Column::of_codes(std::move(state), Column::of(state_words)));
    table.add("stopped", Column::of_booleans(std::move(stopped)));
    table.add("extensions", Column::of(std::move(extensions)));
    table.add("closure_proposed", Column::of_booleans(std::move(proposed)));
    table.add("due_on", Column::of(due, has_due));
    table.add("overdue", Column::of_booleans(std::move(overdue), told));
    table.add("days_overdue", Column::of(std::move(days_overdue), told));
    table.add("days_open", Column::of(std::move(days_open)));
    return table;
}

Table Register::self_rate(Date from, Date to, std::optional<HazardGrade> grade,
                          const std::vector<std::string>& by, const Benchmark& against) const {
    const Data& d = *data_;
    const Groups groups(d, by);
    std::vector<std::uint8_t> self;
    for (const std::string& channel : d.channel.names)
        self.push_back(is_self(channel) ? 1 : 0);
    struct Share {
        std::uint64_t own = 0, all = 0;
        std::int64_t unknown = 0;
        std::int32_t above = -1;  // the superior of a group; -2: several
    };
    std::vector<Share> shares(groups.size());
    // The superiors: regions of a level; the last of them is where no region is known.
    Texts regions;
    if (!against.level.empty()) regions = Groups::regions(d, against.level);
    std::vector<Share> superiors(regions.names.size() + 1);
    for (std::size_t h = 0; h < d.size(); ++h) {
        if (d.found[h] < from.days_since_1970() || d.found[h] > to.days_since_1970()) continue;
        if (grade && d.grade[h] != *grade) continue;
        const std::int32_t channel = d.channel.of[h];
        const bool mine = channel >= 0 && self[static_cast<std::size_t>(channel)] != 0;
        std::int32_t above = regions.of.empty() ? -1 : regions.of[h];
        if (above < 0) above = static_cast<std::int32_t>(regions.names.size());
        const auto count = [&](Share& share) {
            if (channel < 0) {
                ++share.unknown;
                return;
            }
            ++share.all;
            share.own += mine ? 1 : 0;
        };
        count(superiors[static_cast<std::size_t>(above)]);
        groups.each(h, [&](std::size_t g) {
            Share& share = shares[g];
            share.above = share.above == -1 || share.above == above ? above : -2;
            count(share);
        });
    }
    std::vector<std::size_t> told;
    std::vector<std::int64_t> selves, alls, unknowns;
    std::vector<double> rate, low, high, averages;
    std::vector<std::uint8_t> below, compared;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const Share& share = shares[g];
        if (share.all == 0 && share.unknown == 0 && !by.empty()) continue;
        if (share.above == -2)
            throw InputError("self_rate: a group lies in several regions of the level '" +
                             against.level + "'; group by the regions below it");
        double average = nothing;
        if (against.rate) {
            average = *against.rate;
        } else if (share.above >= 0) {
            const Share& above = superiors[static_cast<std::size_t>(share.above)];
            if (above.all > 0)
                average = static_cast<double>(above.own) / static_cast<double>(above.all);
        }
        told.push_back(g);
        selves.push_back(static_cast<std::int64_t>(share.own));
        alls.push_back(static_cast<std::int64_t>(share.all));
        unknowns.push_back(share.unknown);
        const auto interval = region::wilson(share.own, share.all);
        rate.push_back(interval ? interval->value : nothing);
        low.push_back(interval ? interval->low : nothing);
        high.push_back(interval ? interval->high : nothing);
        averages.push_back(average);
        below.push_back(interval && interval->high < average ? 1 : 0);
        compared.push_back(interval && !std::isnan(average) ? 1 : 0);
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
    table.add("below", Column::of_booleans(std::move(below), compared));
    return table;
}

Table Register::open_major(Date on, std::string_view by) const {
    if (by != "enterprise" && by != "risk_point")
        throw InputError("open_major by '" + std::string(by) + "': enterprise or risk_point");
    const Texts& things = by == "enterprise" ? data_->enterprise : data_->risk_point;
    std::vector<std::int64_t> open(things.names.size(), 0);
    for (std::size_t h = 0; h < data_->size(); ++h)
        if (things.of[h] >= 0 && data_->grade[h] == HazardGrade::major &&
            data_->open_on(h, on.days_since_1970()))
            ++open[static_cast<std::size_t>(things.of[h])];
    Table table(Origin{"open_major_hazards", "", -1, {}, -1});
    table.add(std::string(by), Column::of(things.names));
    table.add("open_major_hazards", Column::of(std::move(open)));
    return table;
}

Table Register::lifetimes() const {
    const Data& d = *data_;
    std::vector<std::string> id;
    std::vector<std::int32_t> grade;
    std::vector<Date> found, closed;
    std::vector<std::uint8_t> is_found, is_closed;
    Texts enterprise = d.enterprise, risk_point = d.risk_point;
    for (std::size_t h = 0; h < d.size(); ++h) {
        id.push_back(d.id(h));
        grade.push_back(static_cast<std::int32_t>(d.grade[h]));
        found.emplace_back(d.found[h]);
        is_found.push_back(1);
        is_closed.push_back(d.closed[h] == never ? 0 : 1);
        closed.emplace_back(d.closed[h] == never ? 0 : d.closed[h]);
    }
    // Rows that were left out stand without days: nobody knows when they are open.
    if (d.size() < d.rows_in) {
        std::vector<std::uint8_t> used(d.rows_in, 0);
        for (const auto row : d.row)
            used[row] = 1;
        const std::unordered_set<std::string> known(id.begin(), id.end());
        const Column& ids = d.hazards.at("id");
        std::unordered_map<std::string, std::int32_t> places[2];
        for (std::size_t n = 0; n < enterprise.names.size(); ++n)
            places[0].emplace(enterprise.names[n], static_cast<std::int32_t>(n));
        for (std::size_t n = 0; n < risk_point.names.size(); ++n)
            places[1].emplace(risk_point.names[n], static_cast<std::int32_t>(n));
        const auto add = [&](Texts& texts, const char* name, std::size_t row) {
            const Column* const column = d.hazards.find(name);
            if (column == nullptr || column->is_missing(row)) {
                texts.of.push_back(-1);
                return;
            }
            const std::string cell = column->print(row);
            const std::string text(trim(cell));
            auto& place = places[&texts == &enterprise ? 0 : 1];
            const auto [at, fresh] =
                place.emplace(text, static_cast<std::int32_t>(texts.names.size()));
            texts.of.push_back(at->second);
            if (fresh) texts.names.push_back(text);
        };
        for (std::size_t row = 0; row < d.rows_in; ++row) {
            if (used[row] != 0) continue;
            std::string name = ids.is_missing(row) ? std::string() : ids.print(row);
            if (known.count(name) > 0) continue;  // it repeats one that is used
            id.push_back(std::move(name));
            add(enterprise, "enterprise", row);
            add(risk_point, "risk_point", row);
            const std::string word = d.hazards.at("grade").print(row);
            const auto level = read_grade(trim(word));
            grade.push_back(level ? static_cast<std::int32_t>(*level) : -1);
            found.emplace_back(0);
            closed.emplace_back(0);
            is_found.push_back(0);
            is_closed.push_back(0);
        }
    }
    Table table(Origin{"hazards", "", -1, {}, -1});
    table.add("id", Column::of(id));
    table.add("enterprise",
              Column::of_codes(std::move(enterprise.of), Column::of(enterprise.names)));
    table.add("risk_point",
              Column::of_codes(std::move(risk_point.of), Column::of(risk_point.names)));
    table.add("grade", Column::of_codes(std::move(grade),
                                        Column::of(std::vector<std::string>{"general", "major"})));
    table.add("found_on", Column::of(found, is_found));
    table.add("closed_on", Column::of(closed, is_closed));
    return table;
}

}  // namespace safetyrisk::hazard
