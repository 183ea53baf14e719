// RE-08, RE-10, RE-12 … RE-16: what an enterprise owes for its installations, contractors, risks,
// insurance, checks and drills.
#include "graph/rules_enterprises.hpp"

#include <safetyrisk/core/grade.hpp>

#include "graph/evidence.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::graph {

// ── RE-08 ──

void major_hazard_sources_have_three(RuleRun& r) {
    const Store::Attribute delegate = r.s.attribute("delegate");
    const std::array roles{r.k.mhs_principal, r.k.mhs_tech, r.k.mhs_operator};
    const auto persons = [&](NodeNo post) {
        std::vector<NodeNo> found;
        r.view.in(post, r.k.holds, [&](EdgeNo e) { found.push_back(r.view.source(e)); });
        return found;
    };
    for (const NodeNo source : r.c.subjects(r.k.major_hazard_source)) {
        r.examined();
        std::array<std::vector<NodeNo>, 3> posts;
        std::array<std::vector<EdgeNo>, 3> edges;
        r.view.in(source, r.k.mhs_care, [&](EdgeNo e) {
            const NodeNo post = r.view.source(e);
            for (std::size_t i = 0; i < roles.size(); ++i) {
                // The principal's own post cares as the first of the three.
                const bool fits =
                    roles[i] != no_kind && (r.view.post_kind(post) == roles[i] ||
                                            (i == 0 && r.view.is(post, r.k.post) &&
                                             r.view.post_kind(post) == r.k.principal));
                if (!fits) continue;
                posts[i].push_back(post);
                edges[i].push_back(e);
            }
        });
        for (std::size_t i = 0; i < roles.size(); ++i) {
            const std::string word = r.post_word(roles[i]);
            if (posts[i].empty()) r.report("none", {source}, {}, {word});
            if (posts[i].size() > 1) {
                std::vector<NodeNo> nodes{source};
                nodes.insert(nodes.end(), posts[i].begin(), posts[i].end());
                r.report("several", nodes, edges[i], {word, std::to_string(posts[i].size())});
            }
            for (std::size_t j = 0; j < posts[i].size(); ++j)
                if (!r.view.held(posts[i][j]))
                    r.report("vacant", {source, posts[i][j]}, {edges[i][j]}, {word});
        }
        // The first of the three is the enterprise's principal, or a delegate of his.
        const NodeNo enterprise = r.view.unit(source);
        if (enterprise != none)
            for (std::size_t j = 0; j < posts[0].size(); ++j) {
                const NodeNo post = posts[0][j];
                if (r.view.post_kind(post) == r.k.principal) continue;
                if (delegate.at(r.view.like(post)).yes().value_or(false)) continue;
                std::vector<NodeNo> principals;
                bool known = false;
                r.view.in(enterprise, r.k.principal_of, [&](EdgeNo e) {
                    const auto held_by = persons(r.view.source(e));
                    principals.insert(principals.end(), held_by.begin(), held_by.end());
                    known = known || !held_by.empty();
                });
                if (!known) continue;  // RE-01 says that there is none
                for (const NodeNo person : persons(post))
                    if (std::find(principals.begin(), principals.end(), person) == principals.end())
                        r.report("not_principal", {source, post, person}, {edges[0][j]},
                                 {r.post_word(roles[0])});
            }
        for (const NodeNo tech : posts[1])
            for (const NodeNo person : persons(tech))
                for (const NodeNo op : posts[2]) {
                    const auto held_by = persons(op);
                    if (std::find(held_by.begin(), held_by.end(), person) != held_by.end())
                        r.report("same_person", {source, person, tech, op});
                }
    }
}

// ── RE-10 ──

void contracts_are_in_order(RuleRun& r) {
    const auto most = static_cast<std::int32_t>(r.number("check_days"));
    const Store::EdgeAttribute agreement = r.s.edge_attribute("agreement"),
                               coordinator = r.s.edge_attribute("coordinator"),
                               last_check = r.s.edge_attribute("last_check"),
                               qualified = r.s.edge_attribute("qualified");
    // A column that nobody filled in says nothing of anybody; the others stand for themselves.
    const auto given = [&](const char* column) { return column_given(r.view, column); };
    const bool agreements = given("edges.agreement"), coordinators = given("edges.coordinator"),
               checks = given("edges.last_check"), fitness = given("edges.qualified");
    for (const KindNo kind : {r.k.contracts_to, r.k.leases_to})
        for (const EdgeNo e : r.c.edges(kind)) {
            const NodeNo giver = r.view.source(e), taker = r.view.target(e);
            if (!r.c.is_subject(giver)) continue;
            r.examined();
            const EdgeNo origin = r.view.origin(e);
            const auto at = [&](const Store::EdgeAttribute& attribute) {
                return origin == none ? Value() : attribute.at(origin);
            };
            const std::string word = r.edge_word(kind);
            const auto has = [](const Value& value) {
                return !value.is_empty() && value.yes().value_or(true);
            };
            const bool check_unclear = origin != none && last_check.unclear(origin);
            const bool fit_unclear = origin != none && qualified.unclear(origin);
            if (check_unclear) r.half(Reason::unclear, "edges.last_check");
            if (fit_unclear) r.half(Reason::unclear, "edges.qualified");
            if (!agreements) r.half(Reason::column_missing, "edges.agreement");
            if (!coordinators) r.half(Reason::column_missing, "edges.coordinator");
            if (!checks) r.half(Reason::column_missing, "edges.last_check");
            if (!fitness && kind == r.k.contracts_to)
                r.half(Reason::column_missing, "edges.qualified");
            if (agreements && !has(at(agreement)))
                r.report("no_agreement", {giver, taker}, {e}, {word});
            if (coordinators && !has(at(coordinator)))
                r.report("no_coordinator", {giver, taker}, {e}, {word});
            const auto checked = at(last_check).as_date();
            if (checks && !check_unclear && (!checked || *checked > r.view.on()))
                r.report("no_check", {giver, taker}, {e}, {word});
            else if (checked && r.view.on() - *checked > most)
                r.report("old_check", {giver, taker}, {e}, {word, checked->text()});
            // Whom a place is let to needs no licence unless the register asks for one.
            const auto fit = at(qualified).yes();
            if (fitness && !fit_unclear && (fit ? !*fit : kind == r.k.contracts_to))
                r.report("unqualified", {giver, taker}, {e}, {word});
        }
}

// ── RE-12 ──

void risk_points_are_controlled(RuleRun& r) {
    const auto& levels = r.parameter("posts");
    std::array<std::vector<KindNo>, 5> allowed;  // by Grade
    for (const Grade grade : all_grades)
        for (const auto& word : levels.at(std::string(to_string(grade))))
            if (const KindNo kind = r.s.kinds->post(word.get<std::string>()); kind != no_kind)
                allowed[static_cast<std::size_t>(grade)].push_back(kind);
    const Store::Attribute grade_of = r.s.attribute("grade"), colour_of = r.s.attribute("colour");
    const bool graded = column_given(r.view, "risk_points.grade|risk_points.colour"),
               controlled =
                   column_given(r.view, "risk_points.controlling_post|edges:CONTROLS_RISK"),
               posts_known = column_given(r.view, "nodes.post_kind");
    for (const NodeNo point : r.c.subjects(r.k.risk_point)) {
        r.examined();
        std::optional<Grade> grade;
        for (const Store::Attribute* attribute : {&grade_of, &colour_of}) {
            const Value value = attribute->at(r.view.like(point));
            if (!grade && value.type == Value::Type::text) grade = parse_grade(value.text);
        }
        const NodeNo v = r.view.like(point);
        const bool unclear = grade_of.unclear(v) || colour_of.unclear(v);
        if (!graded)
            r.half(Reason::column_missing, "risk_points.colour");
        else if (!grade && unclear)
            r.half(Reason::unclear, "risk_points.grade");
        else if (!grade)
            r.report("no_colour", {point});
        std::vector<NodeNo> posts;
        std::vector<EdgeNo> edges;
        r.view.in(point, r.k.controls_risk, [&](EdgeNo e) {
            posts.push_back(r.view.source(e));
            edges.push_back(e);
        });
        if (posts.empty()) {
            if (controlled)
                r.report("none", {point});
            else
                r.half(Reason::column_missing, "risk_points.controlling_post");
            continue;
        }
        if (!grade) continue;
        if (!posts_known) {
            r.half(Reason::column_missing, "nodes.post_kind");
            continue;
        }
        const auto& kinds = allowed[static_cast<std::size_t>(*grade)];
        const bool high = std::any_of(posts.begin(), posts.end(), [&](NodeNo post) {
            return std::find(kinds.begin(), kinds.end(), r.view.post_kind(post)) != kinds.end();
        });
        if (high) continue;
        posts.insert(posts.begin(), point);
        r.report("low", posts, edges, {either(word(*grade), word(*grade, Lang::en))});
    }
}

// ── RE-13 ──

void insurance_is_in_force(RuleRun& r) {
    const std::uint16_t action = r.s.records.action_no(text_parameter(r, "action"));
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const bool unknown = r.view.node_sectors(e) == 0;
        if (!unknown && !any_sector(r.c, e, [](const auto& sector) { return sector.insurance; }))
            continue;
        r.examined();
        const auto rows = r.s.records.of_subject(e);
        if (action != 0xffff && has_valid_record(r, rows, action)) continue;
        if (unknown) {
            r.unknown(Reason::values, "enterprises.sectors");
            continue;
        }
        if (may_have_record(r, rows, action)) {
            r.unknown(Reason::unclear_records, text_parameter(r, "action"));
            continue;
        }
        const auto last = action == 0xffff ? std::nullopt : last_good_day(r, rows, action);
        if (last)
            r.report("expired", {e}, {}, {last->text()});
        else
            r.report("none", {e});
    }
}

// ── RE-14, RE-15 ──

namespace {

/// Whether an enterprise is too young to have failed: it is known only since less than so many
/// days.
bool younger(const RuleRun& r, NodeNo e, std::int32_t days) {
    if (e >= r.s.n() || r.s.node_from.empty() || r.s.node_from[e] == always_from) return false;
    return r.view.day() - r.s.node_from[e] <= days;
}

/// A duty that comes round every so many days, and the last record of it at one enterprise.
struct Round {
    RuleRun& r;
    NodeNo enterprise;
    std::uint16_t action;
    std::int32_t days;
    std::span<const std::uint32_t> rows;
    std::optional<Date> last;

    Round(RuleRun& run, NodeNo e, std::uint16_t what, std::int32_t every)
        : r(run),
          enterprise(e),
          action(what),
          days(every),
          rows(run.s.records.of_subject(e)),
          last(what == 0xffff ? std::nullopt : last_record(run, rows, what)) {}

    /// Whether it would be late if it came round every `n` days.
    [[nodiscard]] bool late(std::int32_t n) const {
        return last ? r.view.on() - *last > n : !younger(r, enterprise, n);
    }
    /// Whether it is late, but a record that cannot be read may be the one that is missed; the
    /// rule then says so instead of accusing.
    [[nodiscard]] bool in_doubt() const {
        if (!late(days) || !may_have_record(r, rows, action, Date(r.view.day() - days)))
            return false;
        r.unknown(Reason::unclear_records, text_parameter(r, "action"));
        return true;
    }
    /// Reports the case `severity` ("" for the rule's own) when it is late.
    void report(std::string_view severity) const {
        if (!late(days)) return;
        if (last)
            r.report_case(severity, "old", {enterprise}, {},
                          {last->text(), std::to_string(r.view.on() - *last)});
        else
            r.report_case(severity, "none", {enterprise});
    }
};

}  // namespace

void principals_check(RuleRun& r) {
    const std::uint16_t action = r.s.records.action_no(text_parameter(r, "action"));
    const HighRisk high_risk(r.c);
    const auto usual = static_cast<std::int32_t>(r.number("days")),
               often = static_cast<std::int32_t>(r.number("days_high_risk"));
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        r.examined();
        const auto risky = high_risk.known(e);
        const Round round(r, e, action, risky.value_or(false) ? often : usual);
        if (round.in_doubt()) continue;
        if (!risky && !round.late(usual) && round.late(often))
            r.half(Reason::values, "enterprises.sectors");
        round.report("");
    }
}

void drills_are_held(RuleRun& r) {
    const std::uint16_t action = r.s.records.action_no(text_parameter(r, "action"));
    const HighRisk high_risk(r.c);
    const Marks crowded(r.c, "crowded");
    const auto usual = static_cast<std::int32_t>(r.number("days")),
               often = static_cast<std::int32_t>(r.number("days_often"));
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        r.examined();
        const auto risky = high_risk.known(e), full = crowded.at(e);
        const bool twice = risky.value_or(false) || full.value_or(false);
        const Round round(r, e, action, twice ? often : usual);
        if (round.in_doubt()) continue;
        if (!twice && !round.late(usual) && round.late(often)) {
            if (!risky) r.half(Reason::values, "enterprises.sectors");
            if (!full) r.half(crowded.why(e), "enterprises.crowded");
        }
        round.report(twice ? "often" : "yearly");
    }
}

// ── RE-16 ──

void groups_are_named(RuleRun& r) {
    const Marks soe(r.c, "soe");
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const auto state_owned = soe.at(e);
        if (!state_owned.value_or(true)) continue;
        r.examined();
        if (r.view.first_out(e, r.k.owned_by) != none) continue;
        if (state_owned)
            r.report("none", {e});
        else
            r.unknown(soe.why(e), "enterprises.soe");
    }
}

}  // namespace safetyrisk::graph
