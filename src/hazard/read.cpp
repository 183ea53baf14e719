// Reading a register: what a row says, and which steps of its events stand.
#include "core/cells.hpp"
#include "core/id_numbers.hpp"
#include "graph/node_names.hpp"
#include "hazard/data.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace safetyrisk::hazard {
namespace {

constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t bad_day = no_day + 1;

// The cells of a column as numbers of the texts they hold, trimmed and in the order of bytes.
Texts read_texts(const Column* column, std::size_t rows, const Work& work) {
    Texts out;
    out.of.assign(rows, -1);
    if (column == nullptr) return out;
    const IdNumbers numbers(*column, work);
    std::vector<std::string> trimmed;
    trimmed.reserve(numbers.size());
    for (std::size_t k = 0; k < numbers.size(); ++k)
        trimmed.emplace_back(trim(numbers.texts().text(k)));
    out.names = trimmed;
    std::sort(out.names.begin(), out.names.end());
    out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
    if (!out.names.empty() && out.names.front().empty()) out.names.erase(out.names.begin());
    std::vector<std::int32_t> place(trimmed.size());
    for (std::size_t k = 0; k < trimmed.size(); ++k)
        place[k] = out.find(trimmed[k]);
    for (std::size_t row = 0; row < rows; ++row)
        if (const std::int32_t k = numbers.numbers()[row]; k >= 0)
            out.of[row] = place[static_cast<std::size_t>(k)];
    return out;
}

// The hazards that are used, of a text of every row.
Texts taken_of(Texts all, const std::vector<std::uint32_t>& rows) {
    std::vector<std::int32_t> of;
    of.reserve(rows.size());
    for (const std::uint32_t row : rows)
        of.push_back(all.of[row]);
    all.of = std::move(of);
    return all;
}

std::vector<std::int32_t> read_days(const Column* column, std::size_t rows, const Work& work) {
    std::vector<std::int32_t> days(rows, no_day);
    if (column == nullptr) return days;
    for_blocks(rows, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            bool wrong = false;
            const auto day = cell_day(column, row, wrong);
            if (wrong)
                days[row] = bad_day;
            else if (day)
                days[row] = day->days_since_1970();
        }
    });
    return days;
}

bool yes(std::string_view text) {
    return text == "true" || text == "1" || text == "是" || Date::parse(text).has_value();
}

}  // namespace

std::int32_t Texts::find(std::string_view name) const {
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    return at == names.end() || *at != name ? -1 : static_cast<std::int32_t>(at - names.begin());
}

std::string Register::Data::id(std::size_t h) const {
    return cell_text(hazards.find("id"), row[h]);
}

std::int32_t Register::Data::due_on(std::size_t h, std::int32_t day) const {
    std::int32_t last = due[h];
    for (const Event& one : events_of(h))
        if (one.day <= day && one.until != never) last = one.until;
    return last;
}

Standing Register::Data::standing(std::size_t h, std::int32_t day) const {
    Standing now;
    if (found[h] > day) return now;
    const auto all = events_of(h);
    if (!all.empty()) {
        for (const Event& one : all)
            if (one.day <= day) now = one.after;
    } else if (stopped[h] != 0) {
        now.marks = static_cast<std::uint8_t>(Mark::stopped);
    }
    if (day >= closed[h])
        now.state = states->end();
    else if (all.empty() && state[h] != no_state && state[h] != states->end())
        now.state = state[h];
    else if (!now.state || now.state == states->end())
        now.state = states->after(grade[h], {}, states->begin())->state;
    return now;
}

bool Register::Data::unclear_on(std::size_t h, std::int32_t day) const {
    auto claim = std::upper_bound(claims.begin(), claims.end(), std::pair(h, day),
                                  [](const auto& wanted, const Claim& one) {
                                      return wanted < std::pair(std::size_t{one.hazard}, one.day);
                                  });
    if (claim == claims.begin() || (--claim)->hazard != h) return false;
    const auto all = events_of(h);
    return claim->before >= all.size() || all[claim->before].day > day;
}

bool Register::Data::names(std::size_t h, const std::vector<std::string>& columns,
                           const std::string& by) const {
    if (by.empty()) return false;
    const graph::Store* const store = graph ? &graph->store() : nullptr;
    const graph::NodeNo actor = store != nullptr ? store->find(by) : graph::none;
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
        if (cell_text(hazards.find(column), row[h]) == by) return true;
        return column == "enterprise" && actor != graph::none && node(h) != graph::none &&
               (actor == node(h) || store->unit[actor] == node(h));
    });
}

void Register::Data::read_rows(std::optional<Date> data_date, const Work& work) {
    rows_in = hazards.rows();
    if (rows_in >= std::numeric_limits<std::uint32_t>::max())
        throw InputError("hazards: more than 2^32 rows");
    const Column& ids = hazards.at("id");
    const Column& found_column = hazards.at("found_on");
    const Texts grades = read_texts(&hazards.at("grade"), rows_in, work);
    std::vector<std::uint8_t> left_out(rows_in, 0);
    each_repeated(hazards, ids, work, [&](std::size_t i, bool equal) {
        left_out[i] = equal ? 1 : 2;
        issues.add(equal ? "hazard.row_repeated" : "hazard.id_conflict", hazards.origin(),
                   static_cast<std::int64_t>(i), "id", ids.print(i));
    });
    struct Days {
        const char* name;
        std::vector<std::int32_t> of;
    };
    const auto days_of = [&](const char* name) {
        return Days{name, read_days(hazards.find(name), rows_in, work)};
    };
    const Days founds{"found_on", read_days(&found_column, rows_in, work)};
    const Days closeds = days_of("closed_on");
    const Days dues = days_of("due_on");
    const Days extendeds = days_of("extended_to");
    Texts enterprises = read_texts(hazards.find("enterprise"), rows_in, work);
    std::vector<graph::NodeNo> nodes(enterprises.names.size(), graph::none);
    std::vector<std::size_t> several(nodes.size(), 0);
    if (graph) {
        graph::detail::CellNodes cells(graph->store(), hazards);
        for (std::size_t k = 0; k < nodes.size(); ++k)
            nodes[k] = graph->find(enterprises.names[k]);
        std::vector<std::uint8_t> named(nodes.size(), 0);
        for (std::size_t i = 0; i < rows_in; ++i) {
            if (enterprises.of[i] < 0) continue;
            const auto k = static_cast<std::size_t>(enterprises.of[i]);
            if (nodes[k] != graph::none && named[k] == 0) continue;
            named[k] = 1;
            nodes[k] = cells.find(enterprises.names[k], "enterprise", i, several[k],
                                  graph->store().known.enterprise);
        }
        cells.report(issues);
        // From here on an enterprise is its id, however a row calls it.
        std::vector<std::string> own_ids = enterprises.names;
        for (std::size_t k = 0; k < nodes.size(); ++k)
            if (nodes[k] != graph::none) own_ids[k] = graph->id(nodes[k]);
        Texts by_id;
        by_id.names = own_ids;
        std::sort(by_id.names.begin(), by_id.names.end());
        by_id.names.erase(std::unique(by_id.names.begin(), by_id.names.end()), by_id.names.end());
        std::vector<graph::NodeNo> there(by_id.names.size(), graph::none);
        std::vector<std::size_t> counts(by_id.names.size(), 0);
        std::vector<std::int32_t> place(own_ids.size());
        for (std::size_t k = 0; k < own_ids.size(); ++k) {
            place[k] = by_id.find(own_ids[k]);
            there[static_cast<std::size_t>(place[k])] = nodes[k];
            counts[static_cast<std::size_t>(place[k])] = several[k];
        }
        by_id.of.reserve(rows_in);
        for (const std::int32_t k : enterprises.of)
            by_id.of.push_back(k < 0 ? -1 : place[static_cast<std::size_t>(k)]);
        enterprises = std::move(by_id);
        nodes = std::move(there);
        several = std::move(counts);
    }
    std::vector<std::optional<HazardGrade>> grade_of;
    for (const std::string& name : grades.names)
        grade_of.push_back(read_grade(name));
    const Texts stops = read_texts(hazards.find("stopped"), rows_in, work);
    std::vector<std::uint8_t> stop_of;
    for (const std::string& name : stops.names)
        stop_of.push_back(yes(name) ? 1 : 0);
    const Texts state_words = read_texts(hazards.find("state"), rows_in, work);
    std::vector<std::optional<StateNo>> state_of;
    for (const std::string& name : state_words.names)
        state_of.push_back(states->state(name));

    row.reserve(rows_in);
    const std::int32_t last_day = data_date ? data_date->days_since_1970() : never;
    for (std::size_t i = 0; i < rows_in; ++i) {
        if (left_out[i] == 1) continue;
        const auto say = [&](std::string_view code, std::string_view column,
                             std::string_view value = {}) {
            issues.add(code, hazards.origin(), static_cast<std::int64_t>(i), column, value);
        };
        // Left out until the end is reached.
        refused.push_back(
            {static_cast<std::uint32_t>(i),
             grades.of[i] < 0 ? std::nullopt : grade_of[static_cast<std::size_t>(grades.of[i])],
             founds.of[i] == no_day || founds.of[i] == bad_day ? never : founds.of[i]});
        if (left_out[i] == 2) continue;
        if (ids.is_missing(i)) {
            say("hazard.id_missing", "id");
            continue;
        }
        const std::int32_t word = grades.of[i];
        if (word < 0 || !grade_of[static_cast<std::size_t>(word)]) {
            say("hazard.grade_unknown", "grade",
                word < 0 ? "" : grades.names[static_cast<std::size_t>(word)]);
            continue;
        }
        bool wrong = false;
        for (const Days* days : {&founds, &closeds, &dues, &extendeds})
            if (!wrong && days->of[i] == bad_day) {
                say("hazard.date_malformed", days->name, cell_text(hazards.find(days->name), i));
                wrong = true;
            }
        if (wrong) continue;
        const std::int32_t begin = founds.of[i];
        const std::int32_t end = closeds.of[i];
        if (begin == no_day) {
            say("hazard.found_missing", "found_on");
            continue;
        }
        if (end != no_day && end < begin) {
            say("hazard.closed_before_found", "closed_on", Date(end).text());
            continue;
        }
        if (begin > last_day || (end != no_day && end > last_day)) {
            const bool late_finding = begin > last_day;
            say("hazard.in_future", late_finding ? "found_on" : "closed_on",
                Date(late_finding ? begin : end).text());
            continue;
        }
        const std::int32_t at = enterprises.of[i];
        const graph::NodeNo there = at < 0 ? graph::none : nodes[static_cast<std::size_t>(at)];
        if (graph && at >= 0 && there == graph::none) {
            if (several[static_cast<std::size_t>(at)] > 1) {
                issues.add("graph.name_twice", hazards.origin(), static_cast<std::int64_t>(i),
                           "enterprise", enterprises.names[static_cast<std::size_t>(at)],
                           {std::to_string(several[static_cast<std::size_t>(at)])});
                continue;
            }
            say("hazard.enterprise_unknown", "enterprise",
                enterprises.names[static_cast<std::size_t>(at)]);
            continue;
        }
        // From here on the row is used, whatever else is wrong with it.
        refused.pop_back();
        std::int32_t last = dues.of[i];
        if (last != no_day && last < begin) {
            say("hazard.due_before_found", "due_on", Date(last).text());
            last = no_day;
        }
        if (extendeds.of[i] != no_day) {
            if (last != no_day && extendeds.of[i] < last)
                say("hazard.extended_back", "extended_to", Date(extendeds.of[i]).text());
            last = extendeds.of[i];
        }
        StateNo stated = no_state;
        if (const std::int32_t s = state_words.of[i]; s >= 0) {
            const auto known = state_of[static_cast<std::size_t>(s)];
            if (known)
                stated = *known;
            else
                say("hazard.state_unknown", "state",
                    state_words.names[static_cast<std::size_t>(s)]);
        }
        const std::int32_t stop = stops.of[i];
        row.push_back(static_cast<std::uint32_t>(i));
        found.push_back(begin);
        closed.push_back(end == no_day ? never : end);
        due.push_back(last == no_day ? never : last);
        grade.push_back(*grade_of[static_cast<std::size_t>(word)]);
        stopped.push_back(stop < 0 ? 0 : stop_of[static_cast<std::size_t>(stop)]);
        state.push_back(stated);
    }
    if (!refused.empty()) {
        auto all = std::make_shared<Data>();
        all->graph = graph;
        all->row = row;
        all->grade = grade;
        all->found = found;
        for (const Refused& one : refused) {
            all->row.push_back(one.row);
            all->grade.push_back(one.grade.value_or(HazardGrade::major));
            all->found.push_back(one.found);
        }
        all->enterprise = taken_of(enterprises, all->row);
        all->enterprise_node = nodes;
        const auto texts = [&](const char* name) {
            return taken_of(read_texts(hazards.find(name), rows_in, work), all->row);
        };
        all->channel = texts("channel");
        all->division = texts("division");
        all->sectors = texts("sectors");
        all->risk_point = texts("risk_point");
        with_refused = std::move(all);
    }
    enterprise = taken_of(std::move(enterprises), row);
    enterprise_node = std::move(nodes);
    channel = taken_of(read_texts(hazards.find("channel"), rows_in, work), row);
    division = taken_of(read_texts(hazards.find("division"), rows_in, work), row);
    sectors = taken_of(read_texts(hazards.find("sectors"), rows_in, work), row);
    risk_point = taken_of(read_texts(hazards.find("risk_point"), rows_in, work), row);
    // What is wrong: the criterion, where there is none the name.
    what = taken_of(read_texts(hazards.find("criterion"), rows_in, work), row);
    if (hazards.find("name") != nullptr &&
        std::find(what.of.begin(), what.of.end(), -1) != what.of.end()) {
        const Texts names = taken_of(read_texts(hazards.find("name"), rows_in, work), row);
        Texts both;
        both.names = what.names;
        both.names.insert(both.names.end(), names.names.begin(), names.names.end());
        std::sort(both.names.begin(), both.names.end());
        both.names.erase(std::unique(both.names.begin(), both.names.end()), both.names.end());
        for (std::size_t h = 0; h < size(); ++h) {
            const std::string_view text = what.of[h] >= 0 ? what.at(h) : names.at(h);
            both.of.push_back(text.empty() ? -1 : both.find(text));
        }
        what = std::move(both);
    }
}

void Register::Data::read_events(std::optional<Date> data_date, const Work& work) {
    events_in = events.rows();
    if (events_in >= std::numeric_limits<std::uint32_t>::max())
        throw InputError("hazard_events: more than 2^32 rows");
    const Column& hazard_column = events.at("hazard");
    const Column& event_column = events.at("event");
    const Column& date_column = events.at("date");
    const Column* const by_column = events.find("by");
    const Column* const ids = events.find("id");
    std::vector<std::uint8_t> left_out(events_in, 0);
    if (ids != nullptr)
        each_repeated(events, *ids, work, [&](std::size_t i, bool equal) {
            left_out[i] = 1;
            issues.add(equal ? "hazard.row_repeated" : "hazard.id_conflict", events.origin(),
                       static_cast<std::int64_t>(i), "id", ids->print(i));
        });
    // Which hazard each event is of: by the numbers of both columns of ids.
    const IdNumbers of_hazards(hazards.at("id"), work);
    const IdNumbers of_events(hazard_column, work);
    const std::vector<std::int32_t> match = match_ids(of_events, of_hazards);
    std::vector<std::uint32_t> place(of_hazards.size(), graph::none);
    for (std::size_t h = 0; h < size(); ++h)
        if (const std::int32_t k = of_hazards.numbers()[row[h]]; k >= 0)
            place[static_cast<std::size_t>(k)] = static_cast<std::uint32_t>(h);
    const Texts words = read_texts(&event_column, events_in, work);
    std::vector<std::optional<EventNo>> event_of;
    for (const std::string& word : words.names)
        event_of.push_back(states->event(word));
    const auto days = read_days(&date_column, events_in, work);
    const auto untils = read_days(events.find("until"), events_in, work);
    const std::int32_t last_day = data_date ? data_date->days_since_1970() : never;

    struct One {
        std::uint32_t hazard;
        std::int32_t day;
        std::uint32_t row;
        EventNo event;
    };
    std::vector<One> read;
    read.reserve(events_in);
    for (std::size_t i = 0; i < events_in; ++i) {
        if (left_out[i] != 0) continue;
        const auto reject = [&](std::string_view code, std::string_view column,
                                std::string_view value) {
            issues.add(code, events.origin(), static_cast<std::int64_t>(i), column, value);
        };
        const std::int32_t k = of_events.numbers()[i];
        const std::int32_t there = k < 0 ? -1 : match[static_cast<std::size_t>(k)];
        const std::uint32_t h = there < 0 ? graph::none : place[static_cast<std::size_t>(there)];
        const std::int32_t word = words.of[i];
        const std::int32_t day = days[i];
        if (h == graph::none) {
            reject("hazard.event_of_nothing", "hazard", cell_text(&hazard_column, i));
        } else if (word < 0 || !event_of[static_cast<std::size_t>(word)]) {
            reject("hazard.event_unknown", "event", cell_text(&event_column, i));
        } else if (day == no_day || day == bad_day) {
            reject("hazard.date_malformed", "date", cell_text(&date_column, i));
        } else if (untils[i] == bad_day) {
            reject("hazard.date_malformed", "until", cell_text(events.find("until"), i));
        } else if (day > last_day) {
            reject("hazard.in_future", "date", Date(day).text());
        } else if (day < found[h]) {
            reject("hazard.event_before_found", "date", Date(day).text());
        } else {
            read.push_back(
                {h, day, static_cast<std::uint32_t>(i), *event_of[static_cast<std::size_t>(word)]});
        }
    }
    // By hazard and day; those of one day in the order of the pack, whatever row they stand in.
    const auto before = [&](const One& a, const One& b) {
        const auto key = [&](const One& one) {
            return std::tuple(one.day, one.event, untils[one.row]);
        };
        if (key(a) != key(b)) return key(a) < key(b);
        return by_column != nullptr && cell_text(by_column, a.row) < cell_text(by_column, b.row);
    };
    if (!std::is_sorted(read.begin(), read.end(), [&](const One& a, const One& b) {
            return a.hazard != b.hazard ? a.hazard < b.hazard : before(a, b);
        })) {
        std::vector<std::uint32_t> ends(size() + 1, 0);
        for (const One& one : read)
            ++ends[one.hazard + 1];
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        std::vector<std::uint32_t> next(ends.begin(), ends.end() - 1);
        std::vector<One> sorted(read.size());
        for (const One& one : read)
            sorted[next[one.hazard]++] = one;
        for (std::size_t h = 0; h < size(); ++h)
            std::stable_sort(sorted.begin() + ends[h], sorted.begin() + ends[h + 1], before);
        read = std::move(sorted);
    }

    std::vector<std::uint8_t> told(size(), 0);  // what a step needs is told once of each hazard
    event_ends.assign(size() + 1, 0);
    taken.reserve(read.size());
    std::uint32_t last = graph::none;
    Standing now;
    for (const One& one : read) {
        const std::size_t h = one.hazard;
        if (one.hazard != last) {  // the row says that it was found, whether an event does or not
            now = {};
            if (one.event != states->begin()) now = *states->after(grade[h], {}, states->begin());
        }
        last = one.hazard;
        const auto fail = [&](std::string_view code, std::string_view column,
                              std::string_view value,
                              std::initializer_list<std::string_view> arguments) {
            issues.add(code, events.origin(), static_cast<std::int64_t>(one.row), column, value,
                       arguments);
        };
        const std::string& word = states->events()[one.event].zh;
        auto next = states->after(grade[h], now, one.event);
        if (!next) {
            // Clerical steps that nobody wrote down: told, and the steps after them count.
            const std::vector<EventNo> skipped = states->missing(grade[h], now, one.event);
            std::string names;
            for (const EventNo step : skipped) {
                now = *states->after(grade[h], now, step);
                names += (names.empty() ? "" : "、") + states->events()[step].zh;
            }
            if (!skipped.empty()) {
                fail("hazard.step_missing", "event", word, {id(h), names});
                next = states->after(grade[h], now, one.event);
            }
        }
        if (!next) {
            const bool again = now.state == states->end() && states->closes(one.event);
            const std::string standing_word =
                now.state ? states->states()[*now.state].zh : "未发现";
            fail(again ? "hazard.closed_twice" : "hazard.step_not_allowed", "event", word,
                 {id(h), standing_word});
            if (!again && states->closes(one.event))
                claims.push_back({one.hazard, one.day, event_ends[h + 1]});
            continue;
        }
        // Who may not take the step: named by a column of the row, or one of the enterprise.
        const std::vector<std::string>& not_by = states->not_by(grade[h], now, one.event);
        if (!not_by.empty()) {
            const std::string by = cell_text(by_column, one.row);
            if (names(h, not_by, by)) {
                fail("hazard.closer_is_owner", "by", by, {id(h), word});
                continue;
            }
        }
        if (told[h] == 0)
            for (const std::string& column : states->needs(grade[h], now, one.event))
                if (cell_text(hazards.find(column), row[h]).empty()) {
                    fail("hazard.commitment_missing", "event", word, {id(h), column});
                    told[h] = 1;
                }
        const bool closes = now.state != states->end() && next->state == states->end();
        now = *next;
        const std::int32_t until = untils[one.row] == no_day ? never : untils[one.row];
        taken.push_back({one.day, until, one.row, one.event, now});
        ++event_ends[h + 1];
        if (closes && closed[h] == never)
            closed[h] = one.day;
        else if (closes && closed[h] != one.day)
            fail("hazard.closing_differs", "date", Date(one.day).text(),
                 {id(h), Date(closed[h]).text()});
    }
    std::partial_sum(event_ends.begin(), event_ends.end(), event_ends.begin());
}

// What a row says of its closing meets what the steps of its grade demand: that it was verified
// before (where the pack lets nothing be closed without), and that another than its owner did it.
void Register::Data::read_closings(const Work& work) {
    unproven.assign(size(), 0);
    const std::optional<EventNo> verify = states->event("verify");
    struct Demand {
        bool verified = false;
        std::vector<std::string> not_by;
    };
    std::array<Demand, 2> demands;
    for (const HazardGrade one : {HazardGrade::general, HazardGrade::major})
        demands.at(static_cast<std::size_t>(one)) = {
            verify.has_value() && !states->ends_without(one, *verify),
            states->never_closed_by(one)};
    const Column* const verifiers = hazards.find("verified_by");
    const Column* const closers = hazards.find("closed_by");
    const auto verified_on = read_days(hazards.find("verified_on"), rows_in, work);
    for (std::size_t h = 0; h < size(); ++h) {
        const Demand& demand = demands.at(static_cast<std::size_t>(grade[h]));
        if (closed[h] == never || (!demand.verified && demand.not_by.empty())) continue;
        const auto steps = events_of(h);
        if (std::any_of(steps.begin(), steps.end(),
                        [&](const Event& one) { return states->closes(one.event); }))
            continue;
        const auto say = [&](std::string_view code, std::string_view column,
                             std::string_view value) {
            issues.add(code, hazards.origin(), static_cast<std::int64_t>(row[h]), column, value,
                       {id(h)});
            unproven[h] = 1;
        };
        const std::int32_t day = verified_on[row[h]];
        const bool verified = day == no_day ? !cell_text(verifiers, row[h]).empty()
                                            : day != bad_day && day <= closed[h];
        if (demand.verified && !verified &&
            std::none_of(steps.begin(), steps.end(), [&](const Event& one) {
                return one.event == *verify && one.day <= closed[h];
            }))
            say("hazard.closing_unverified", "closed_on", Date(closed[h]).text());
        if (const std::string by = cell_text(closers, row[h]); names(h, demand.not_by, by))
            say("hazard.closing_by_owner", "closed_by", by);
    }
}

}  // namespace safetyrisk::hazard
