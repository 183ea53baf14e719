// RH: the closing loop of hazards (隐患闭环).
#include <safetyrisk/core/date.hpp>

#include "graph/evidence.hpp"
#include "graph/words.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace safetyrisk::graph {
namespace {

/// The register of hazards as it stood on the day asked.
class Register {
public:
    explicit Register(const RuleRun& run)
        : r_(run),
          grade_(run.s.attribute("grade")),
          state_(run.s.attribute("state")),
          found_(run.s.attribute("found_on")),
          closed_(run.s.attribute("closed_on")) {}

    /// Hazards that were found by then, in id order.
    template <class F>
    void each(F&& f) const {
        for (const NodeNo h : r_.c.subjects(r_.k.hazard)) {
            const auto found = found_.at(r_.view.like(h)).as_date();
            if (found && !found_.unclear(r_.view.like(h)) && *found > r_.view.on() &&
                !ahead(r_, *found))
                continue;
            // A hazard is of the place where its enterprise is, outside the jurisdiction or in it.
            if (const NodeNo e = enterprise(h); e != none && !r_.c.asked(e)) continue;
            f(h);
        }
    }
    /// Whether it is a 重大 one; nothing where the grade is missing or not known.
    std::optional<bool> major(NodeNo h) const {
        const Value value = grade_.at(r_.view.like(h));
        const auto known = words_.major.find(value.text);
        return known == words_.major.end() ? std::nullopt : std::optional(known->second);
    }
    /// What keeps the grade from being known.
    Reason no_grade(NodeNo h) const { return RuleRun::why(grade_.unclear(r_.view.like(h))); }
    /// Whether it was closed by the day asked; nothing where the register does not say.
    std::optional<bool> closed(NodeNo h) const {
        const NodeNo v = r_.view.like(h);
        if (closed_.unclear(v)) return std::nullopt;
        if (const auto day = closed_.at(v).as_date())
            return ahead(r_, *day) ? std::nullopt : std::optional(*day <= r_.view.on());
        const Value state = state_.at(v);
        if (state.is_empty()) return false;
        return words_.is_closed(state.text);
    }
    std::optional<Date> found_on(NodeNo h) const { return fact(found_, h); }
    std::optional<Date> closed_on(NodeNo h) const { return fact(closed_, h); }
    bool found_unclear(NodeNo h) const {
        return found_.unclear(r_.view.like(h)) || !found_.at(r_.view.like(h)).is_empty();
    }
    /// Whether the hazard is in the information system; nothing where its state does not tell.
    std::optional<bool> registered(NodeNo h) const {
        const Value state = state_.at(r_.view.like(h));
        if (state.is_empty()) return false;
        return words_.is_registered(state.text);
    }
    /// A day of a fact, which cannot lie ahead.
    std::optional<Date> fact(const Store::Attribute& column, NodeNo h) const {
        const auto found = day(column, h);
        return found && ahead(r_, *found) ? std::nullopt : found;
    }
    /// A day that is there and contradicts no other.
    std::optional<Date> day(const Store::Attribute& column, NodeNo h) const {
        const NodeNo v = r_.view.like(h);
        const auto day = column.unclear(v) ? std::nullopt : column.at(v).as_date();
        return day;
    }
    NodeNo enterprise(NodeNo h) const {
        NodeNo unit = r_.view.unit(h);
        if (unit != none && r_.view.is(unit, r_.k.site)) unit = r_.view.unit(unit);
        return unit;
    }

private:
    const RuleRun& r_;
    const HazardWords& words_ = hazard_words();
    Store::Attribute grade_, state_, found_, closed_;
};

constexpr std::string_view state_column = "hazards.state";

/// Whom a cell of the register names: by id, else a body seated at the place or above by its name.
NodeNo named(const RuleRun& r, const Value& value, std::uint32_t place) {
    if (const NodeNo v = node_of(r.view, value); v != none) return v;
    if (value.type != Value::Type::text) return none;
    NodeNo found = none;
    r.c.territory().up(place, [&](std::uint32_t p) {
        for (const NodeNo body : r.c.seated(p))
            if (found == none && r.view.name(body) == value.text) found = body;
        return found == none;
    });
    return found;
}

/// Whether a value names a body that was there once and is no more: what it did is done.
bool former_body(const RuleRun& r, const Value& value) {
    if (value.type != Value::Type::text) return false;
    const NodeNo v = r.s.find(value.text);
    if (v == none || r.view.alive(v)) return false;
    const auto seated = [&](NodeNo body) { return body != none && r.s.kind_of(body).seated; };
    if (!r.s.is(v, r.k.post)) return seated(v);
    if (r.s.unit[v] != none) return seated(r.s.unit[v]);
    const auto rows = r.view.in_range(v, r.k.has_post);
    return std::any_of(rows.begin(), rows.end(), [&](EdgeNo e) {
        const bool begun = r.s.edge_from.empty() || r.s.edge_from[e] <= r.view.day();
        return begun && seated(r.s.source[e]);
    });
}

/// Whether a node, or the unit it acts for, is a regulator of an enterprise.
bool is_regulator(const RuleRun& r, NodeNo v, NodeNo enterprise, std::uint32_t place) {
    for (const NodeNo unit : acting_for(r.c, v))
        if (unit != enterprise && r.view.unit(unit) != enterprise &&
            oversees(r.c, unit, enterprise, place))
            return true;
    return false;
}

// ── RH-01 ──

void five_are_set(RuleRun& r) {
    const Register hazards(r);
    struct Item {
        const char *column, *zh, *en;
    };
    static constexpr std::array items{
        Item{"responsible", "责任", "who is responsible"}, Item{"measures", "措施", "measures"},
        Item{"funds", "资金", "money"}, Item{"due_on", "时限", "a date"},
        Item{"plan", "预案", "a plan"}};
    std::vector<Store::Attribute> columns;
    for (const Item& item : items)
        columns.push_back(r.s.attribute(item.column));
    std::array<bool, items.size()> given{};
    for (std::size_t i = 0; i < items.size(); ++i)
        given[i] = column_given(r.view, std::string("hazards.") + items[i].column +
                                            (i == 0 ? "|edges:OWNS_HAZARD" : ""));
    hazards.each([&](NodeNo h) {
        const auto closed = hazards.closed(h);
        if (closed.value_or(false)) return;
        r.examined();
        std::vector<std::string> missing;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const NodeNo v = r.view.like(h);
            const bool owner = i == 0 && r.view.first_in(h, r.k.owns_hazard) != none;
            if (!given[i])
                r.half(Reason::column_missing, std::string("hazards.") + items[i].column);
            else if (columns[i].unclear(v))
                r.half(Reason::unclear, std::string("hazards.") + items[i].column);
            else if (!owner && columns[i].at(v).is_empty())
                missing.push_back(either(items[i].zh, items[i].en));
        }
        if (missing.empty()) return;
        if (!closed)
            r.unknown(Reason::unclear, state_column);
        else if (const auto major = hazards.major(h); major)
            r.report_case(*major ? "major" : "general", "missing", {h}, {}, {listed(missing)});
        else  // a breach in any case; how grave it is nobody says
            r.report_case("general", "missing", {h}, {}, {listed(missing)});
    });
}

// ── RH-02 ──

void major_hazards_are_reported(RuleRun& r) {
    const Register hazards(r);
    const Places& places = r.c.territory();
    const Store::Attribute reported = r.s.attribute("reported_to"),
                           supervised = r.s.attribute("supervised_by");
    const bool reports = column_given(r.view, "hazards.reported_to"),
               states = column_given(r.view, state_column),
               supervisors = column_given(r.view, "hazards.supervised_by");
    hazards.each([&](NodeNo h) {
        const auto major = hazards.major(h);
        if (!major.value_or(true)) return;
        r.examined();
        if (!major) {
            r.unknown(hazards.no_grade(h), "hazards.grade");
            return;
        }
        const NodeNo enterprise = hazards.enterprise(h);
        const std::uint32_t place = places.of(h) != none ? places.of(h) : places.of(enterprise);
        const Value to = reported.at(r.view.like(h));
        const NodeNo receiver = named(r, to, place);
        if (!reports) {
            r.half(Reason::column_missing, "hazards.reported_to");
        } else if (receiver == none) {
            if (!former_body(r, to)) r.report("not_reported", {h});
        } else if (!is_regulator(r, receiver, enterprise, place))
            r.report("not_to_regulator", {h, receiver});
        if (!states)
            r.half(Reason::column_missing, state_column);
        else if (const auto registered = hazards.registered(h); !registered)
            r.half(Reason::unclear, state_column);
        else if (!*registered)
            r.report("not_registered", {h});
        if (!supervisors)
            r.half(Reason::column_missing, "hazards.supervised_by");
        else if (supervised.at(r.view.like(h)).is_empty())
            r.report("not_supervised", {h});
    });
}

// ── RH-03 ──

void regulators_close(RuleRun& r) {
    const Register hazards(r);
    const Places& places = r.c.territory();
    const Store::Attribute closed_by = r.s.attribute("closed_by"),
                           verified_by = r.s.attribute("verified_by"),
                           verified_on = r.s.attribute("verified_on");
    const std::uint16_t verification = r.s.records.action_no(text_parameter(r, "action"));
    const auto unverified =
        r.lacks("hazards.verified_on|hazards.verified_by|edges:VERIFIES|records:{action}");
    const bool closers_given = column_given(r.view, "hazards.closed_by|edges:CLOSES");
    hazards.each([&](NodeNo h) {
        const auto major = hazards.major(h), closed = hazards.closed(h);
        if (!major.value_or(true) || !closed.value_or(true)) return;
        r.examined();
        if (!major || !closed) {
            if (!major) r.unknown(hazards.no_grade(h), "hazards.grade");
            if (!closed) r.unknown(Reason::unclear, state_column);
            return;
        }
        const NodeNo enterprise = hazards.enterprise(h);
        const std::uint32_t place = places.of(h) != none ? places.of(h) : places.of(enterprise);
        const Value by = closed_by.at(r.view.like(h));
        std::vector<NodeNo> closers;
        std::vector<EdgeNo> edges;
        r.view.in(h, r.k.closes, [&](EdgeNo e) {
            closers.push_back(r.view.source(e));
            edges.push_back(e);
        });
        if (const NodeNo one = named(r, by, place);
            one != none && std::find(closers.begin(), closers.end(), one) == closers.end()) {
            closers.push_back(one);
            edges.clear();
        }
        if (!closers_given)
            r.half(Reason::column_missing, "hazards.closed_by");
        else if (closers.empty() && by.is_empty())
            r.report("no_closer", {h});
        else if (closers.empty() && !former_body(r, by))
            r.report("unknown_closer", {h}, {}, {std::string(by.text)});
        for (const NodeNo closer : closers) {
            if (is_regulator(r, closer, enterprise, place)) continue;
            const std::array nodes{h, closer};
            r.report("owner", nodes, edges);
        }
        // The first verification: a record, or the register's own words.
        std::optional<Date> first;
        const auto take = [&](Date day) {
            if (!first || day < *first) first = day;
        };
        if (verification != 0xffff && h < r.s.n())
            for (const std::uint32_t row : r.s.records.of_object(h))
                if (r.s.records.action[row] == verification && r.s.records.date[row] != always_from)
                    take(Date(r.s.records.date[row]));
        const bool has_verifier =
            !verified_by.at(r.view.like(h)).is_empty() || r.view.first_in(h, r.k.verifies) != none;
        const auto verified = hazards.day(verified_on, h);
        const bool slip = verified ? ahead(r, *verified) : verified_on.unclear(r.view.like(h));
        if (verified && !slip && has_verifier) take(*verified);
        const auto closed_on = hazards.closed_on(h);
        if (!first && slip)
            r.half(Reason::unclear, "hazards.verified_on");
        else if (!first && h < r.s.n() &&
                 may_have_record(r, r.s.records.of_object(h), verification))
            r.half(Reason::unclear_records, text_parameter(r, "action"));
        else if (!first && unverified)
            r.half(*unverified);
        else if (!first)
            r.report("unverified", {h});
        else if (closed_on && *first > *closed_on)
            r.report("late", {h}, {}, {closed_on->text(), first->text()});
    });
}

// ── RH-04 ──

void deadlines_are_kept(RuleRun& r) {
    const Register hazards(r);
    const Store::Attribute due = r.s.attribute("due_on"), extended = r.s.attribute("extended_to");
    hazards.each([&](NodeNo h) {
        const auto closed = hazards.closed(h);
        if (closed.value_or(false)) return;
        r.examined();
        const NodeNo v = r.view.like(h);
        auto last = hazards.day(extended, h);
        if (!last) last = hazards.day(due, h);
        const bool unclear = due.unclear(v) || extended.unclear(v);
        if (!last || unclear) {
            r.unknown(RuleRun::why(unclear), "hazards.due_on");
            return;
        }
        if (r.view.on() > *last && !closed)
            r.unknown(Reason::unclear, state_column);
        else if (r.view.on() > *last)
            r.report("overdue", {h}, {}, {last->text(), std::to_string(r.view.on() - *last)});
    });
}

// ── RH-05 ──

void penalties_are_not_enough(RuleRun& r) {
    const Register hazards(r);
    const Records& records = r.s.records;
    const std::uint16_t penalty = records.action_no(text_parameter(r, "penalty")),
                        mended = records.action_no(text_parameter(r, "rectification"));
    hazards.each([&](NodeNo h) {
        const auto closed = hazards.closed(h);
        if (!closed.value_or(true) || h >= r.s.n()) return;
        r.examined();
        const auto rows = records.of_object(h);
        if (mended != 0xffff && last_record(r, rows, mended)) return;
        const bool punished = penalty != 0xffff && last_record(r, rows, penalty);
        const bool may_be_punished = may_have_record(r, rows, penalty);
        if (!punished && !may_be_punished) return;
        if (!closed)
            r.unknown(Reason::unclear, state_column);
        else if (!punished || may_have_record(r, rows, mended))
            r.unknown(Reason::unclear_records,
                      text_parameter(r, punished ? "rectification" : "penalty"));
        else
            r.report("penalty_only", {h});
    });
}

// ── RH-06 ──

void hazards_do_not_come_back(RuleRun& r) {
    const Register hazards(r);
    const Store::Attribute criterion = r.s.attribute("criterion"), site = r.s.attribute("site");
    Duration window;
    window.months = static_cast<std::int32_t>(r.number("months"));
    struct One {
        Date found;
        std::optional<Date> closed;
        NodeNo hazard = none;
    };
    // By enterprise, site and criterion.
    std::map<std::tuple<NodeNo, std::string_view, std::string_view>, std::vector<One>> same;
    hazards.each([&](NodeNo h) {
        const Value what = criterion.at(r.view.like(h));
        const auto found = hazards.found_on(h);
        const NodeNo unit = r.view.unit(h);
        r.examined();
        if (what.type != Value::Type::text || !found || unit == none) {
            if (!found) r.unknown(RuleRun::why(hazards.found_unclear(h)), "hazards.found_on");
            if (unit == none) r.unknown(Reason::values, "hazards.enterprise");
            if (what.type != Value::Type::text) r.unknown(Reason::values, "hazards.criterion");
            return;
        }
        auto closed = hazards.closed_on(h);
        if (const auto done = hazards.closed(h); !done)
            r.half(Reason::unclear, state_column);
        else if (*done && !closed)
            r.half(Reason::values, "hazards.closed_on");
        if (closed && *closed > r.view.on()) closed.reset();
        same[{unit, site.at(r.view.like(h)).text, what.text}].push_back({*found, closed, h});
    });
    for (auto& [key, all] : same) {
        // Of those closed by the day one was found, the one closed last.
        std::vector<std::pair<Date, NodeNo>> closings;
        for (const One& one : all)
            if (one.closed) closings.emplace_back(*one.closed, one.hazard);
        std::sort(closings.begin(), closings.end());
        for (const One& one : all) {
            auto before =
                std::upper_bound(closings.begin(), closings.end(), std::pair(one.found, none));
            if (before != closings.begin() && std::prev(before)->second == one.hazard) --before;
            if (before == closings.begin()) continue;
            --before;
            if (before->second != one.hazard && one.found <= add(before->first, window))
                r.report("again", {one.hazard, before->second}, {},
                         {before->first.text(), one.found.text()});
        }
    }
}

// ── RH-07 ──

void resumption_is_accepted(RuleRun& r) {
    const Register hazards(r);
    const Records& records = r.s.records;
    const Store::Attribute stopped = r.s.attribute("stopped");
    const std::uint16_t action = records.action_no(text_parameter(r, "action"));
    hazards.each([&](NodeNo h) {
        if (stopped.unclear(r.view.like(h))) {
            r.examined();
            r.unknown(Reason::unclear, "hazards.stopped");
            return;
        }
        const Value order = stopped.at(r.view.like(h));
        const auto since = order.as_date();
        if (!since && !order.yes().value_or(false)) return;
        if (since && *since > r.view.on()) return;
        const auto closed = hazards.closed(h);
        if (!closed.value_or(true) || h >= r.s.n()) return;
        r.examined();
        const auto from = since ? since : hazards.found_on(h);
        const auto accepted = [&](NodeNo object) {
            if (action == 0xffff || object == none || object >= r.s.n()) return false;
            const auto last = last_record(r, records.of_object(object), action);
            return last && (!from || *last >= *from);
        };
        const auto may_be = [&](NodeNo object) {
            return object != none && object < r.s.n() &&
                   may_have_record(r, records.of_object(object), action, from);
        };
        if (accepted(h) || accepted(hazards.enterprise(h))) return;
        if (!closed)
            r.unknown(Reason::unclear, state_column);
        else if (may_be(h) || may_be(hazards.enterprise(h)))
            r.unknown(Reason::unclear_records, text_parameter(r, "action"));
        else
            r.report("none", {h});
    });
}

}  // namespace

std::span<const RuleEntry> rules_hazards() {
    static constexpr RuleEntry entries[] = {
        {"RH-01", five_are_set},
        {"RH-02", major_hazards_are_reported},
        {"RH-03", regulators_close},
        {"RH-04", deadlines_are_kept},
        {"RH-05", penalties_are_not_enough},
        {"RH-06", hazards_do_not_come_back},
        {"RH-07", resumption_is_accepted},
    };
    return entries;
}

}  // namespace safetyrisk::graph
