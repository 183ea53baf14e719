// RE-01 … RE-07, RE-09, RE-11: who works for safety inside an enterprise.
#include "graph/rules_enterprises.hpp"

#include <safetyrisk/core/text.hpp>
#include <safetyrisk/graph/digraph.hpp>

#include "graph/evidence.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::graph {
namespace {

/// Posts that lead an enterprise: sources of PRINCIPAL_OF, and its posts of kind principal.
std::vector<NodeNo> principals(const RuleContext& c, NodeNo enterprise,
                               std::span<const NodeNo> posts) {
    std::vector<NodeNo> found;
    c.view.in(enterprise, c.k.principal_of, [&](EdgeNo e) { found.push_back(c.view.source(e)); });
    for (const NodeNo post : posts)
        if (c.view.post_kind(post) == c.k.principal && c.k.principal != no_kind)
            found.push_back(post);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

// ── RE-01 ──

void one_principal(RuleRun& r) {
    const std::vector<std::uint8_t> count = count_by_target(r.view, r.c.edges(r.k.principal_of));
    const std::vector<std::uint8_t> held = count_by_target(r.view, r.c.edges(r.k.holds));
    const Store::Attribute refused = r.s.attribute("edges:HOLDS");
    const auto may_be_held = [&](NodeNo post) {
        return held[post] == 0 && refused.unclear(r.view.like(post));
    };
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        r.examined();
        bool unclear = false;
        r.view.in(e, r.k.principal_of,
                  [&](EdgeNo edge) { unclear = unclear || may_be_held(r.view.source(edge)); });
        if (unclear) r.half(Reason::unclear, "edges:HOLDS");
        if (count[e] == 0) r.report("none", {e});
        if (count[e] < 2) continue;
        std::vector<NodeNo> nodes{e};
        std::vector<EdgeNo> edges;
        r.view.in(e, r.k.principal_of, [&](EdgeNo edge) {
            nodes.push_back(r.view.source(edge));
            edges.push_back(edge);
        });
        r.report("several", nodes, edges, {std::to_string(nodes.size() - 1)});
    }
    for (const EdgeNo edge : r.c.edges(r.k.principal_of)) {
        const NodeNo post = r.view.source(edge), e = r.view.target(edge);
        if (held[post] == 0 && !may_be_held(post) && r.view.is(e, r.k.enterprise) &&
            r.c.is_subject(e))
            r.report("vacant", {e, post}, {edge});
    }
}

// ── RE-02 ──

void safety_staff(RuleRun& r) {
    // Where no register of such posts was given, nobody is blamed for having none.
    if (!column_given(r.view, "posts:safety_manager|enterprises.safety_body")) {
        r.not_assessed(Reason::column_missing, "posts:safety_manager");
        return;
    }
    const double over = r.number("employees");
    const HighRisk high_risk(r.c);
    const Store::Attribute employees = r.s.attribute("employees"),
                           body = r.s.attribute("safety_body"),
                           full_time = r.s.attribute("full_time");
    enum : std::uint8_t { nobody = 0, part_time = 1, perhaps = 2, full = 3 };
    std::vector<std::uint8_t> staff(r.view.n(), nobody);
    const std::vector<std::uint8_t> held = count_by_target(r.view, r.c.edges(r.k.holds));
    for (const EdgeNo e : r.c.edges(r.k.has_post)) {
        const NodeNo post = r.view.target(e);
        if (r.k.safety_manager == no_kind || r.view.post_kind(post) != r.k.safety_manager ||
            held[post] == 0)
            continue;
        const auto all_day = full_time.at(r.view.like(post)).yes();
        std::uint8_t& has = staff[r.view.source(e)];
        has = std::max<std::uint8_t>(has, !all_day ? perhaps : *all_day ? full : part_time);
    }
    const std::vector<std::string> words = r.texts("body_names");
    for (const NodeNo dept : r.c.nodes(r.k.dept)) {
        const NodeNo unit = r.view.unit(dept);
        if (unit == none || staff[unit] == full) continue;
        const std::string_view name = r.view.name(dept);
        const bool safety = r.c.function(dept) == "safety" ||
                            std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                                return name.find(word) != std::string_view::npos;
                            });
        if (safety) staff[unit] = full;
    }
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        r.examined();
        if (staff[e] == full || body.at(r.view.like(e)).yes().value_or(false)) continue;
        // Whether a body or somebody full time is needed, and whether there may be one.
        const NodeNo v = r.view.like(e);
        const auto number = employees.at(v).as_number();
        const auto risky = high_risk.known(e);
        const bool needed = risky.value_or(false) || (number && *number > over);
        if (!needed && staff[e] != nobody && risky && number) continue;
        if (body.unclear(v)) {
            r.unknown(Reason::unclear, "enterprises.safety_body");
        } else if (needed && staff[e] == perhaps) {
            r.unknown(Reason::values, "nodes.full_time");
        } else if (risky.value_or(false)) {
            r.report("high_risk", {e});
        } else if (needed) {
            r.report("large", {e}, {}, {print_number(*number)});
        } else if (staff[e] == nobody) {
            r.report("small", {e});
        } else {
            if (!number) r.unknown(RuleRun::why(employees.unclear(v)), "enterprises.employees");
            if (!risky) r.unknown(Reason::values, "enterprises.sectors");
        }
    }
}

// ── RE-03, RE-07 ──

/// Each person who holds a post needs a record of an action that is still good.
void certified(RuleRun& r, NodeNo first, NodeNo second, NodeNo post, std::uint16_t action,
               bool with_post_word) {
    r.view.in(post, r.k.holds, [&](EdgeNo edge) {
        const NodeNo person = r.view.source(edge);
        const auto rows = r.s.records.of_subject(person);
        if (action != 0xffff && has_valid_record(r, rows, action)) return;
        if (may_have_record(r, rows, action)) {
            r.half(Reason::unclear_records, text_parameter(r, "action"));
            return;
        }
        const auto last = action == 0xffff ? std::nullopt : last_good_day(r, rows, action);
        const char* message = last ? "expired" : "none";
        const std::string day = last ? last->text() : std::string();
        if (with_post_word)
            r.report(message, {first, second, person}, {edge},
                     {r.post_word(r.view.post_kind(post)), day});
        else
            r.report(message, {first, second, person}, {edge}, {day});
    });
}

void managers_are_assessed(RuleRun& r) {
    const HighRisk high_risk(r.c);
    const std::uint16_t action = r.s.records.action_no(text_parameter(r, "action"));
    const UnitPosts posts(r.c, r.k.enterprise);
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const auto risky = high_risk.known(e);
        if (!risky.value_or(true)) continue;
        if (!risky) {
            r.examined();
            r.unknown(Reason::values, "enterprises.sectors");
            continue;
        }
        const auto own = posts.at(e);
        std::vector<NodeNo> asked = principals(r.c, e, own);
        for (const NodeNo post : own)
            if (r.k.safety_manager != no_kind && r.view.post_kind(post) == r.k.safety_manager)
                asked.push_back(post);
        r.examined();
        if (std::none_of(asked.begin(), asked.end(),
                         [&](NodeNo post) { return r.view.held(post); }))
            r.unknown(Reason::values, "edges:HOLDS");
        for (const NodeNo post : asked)
            certified(r, e, post, post, action, true);
    }
}

void special_workers_are_certified(RuleRun& r) {
    const std::uint16_t action = r.s.records.action_no(text_parameter(r, "action"));
    const auto unrecorded = r.lacks("records:{action}");
    const Store::Attribute refused = r.s.attribute("edges:HOLDS");
    for (const NodeNo post : r.c.subjects(r.k.post)) {
        if (r.k.special_worker == no_kind || r.view.post_kind(post) != r.k.special_worker) continue;
        r.examined();
        const NodeNo unit = r.view.unit(post) == none ? post : r.view.unit(post);
        if (!r.view.held(post) && refused.unclear(r.view.like(post)))
            r.unknown(Reason::unclear, "edges:HOLDS");
        else if (!r.view.held(post))
            r.report("vacant", {post, unit});
        else if (unrecorded)
            r.unknown(*unrecorded);
        else
            certified(r, post, unit, post, action, false);
    }
}

// ── RE-04 ──

void registered_engineers(RuleRun& r) {
    if (!column_given(r.view, "posts:registered_engineer")) {
        r.not_assessed(Reason::column_missing, "posts:registered_engineer");
        return;
    }
    std::vector<std::uint8_t> has(r.view.n(), 0);
    for (const EdgeNo e : r.c.edges(r.k.has_post)) {
        const NodeNo post = r.view.target(e);
        if (r.k.registered_engineer != no_kind &&
            r.view.post_kind(post) == r.k.registered_engineer && r.view.held(post))
            has[r.view.source(e)] = 1;
    }
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        if (r.view.node_sectors(e) == 0) {
            r.examined();
            r.unknown(Reason::values, "enterprises.sectors");
            continue;
        }
        std::uint32_t asked = none;
        for (const std::uint32_t sector : r.s.sectors.sets[r.view.node_sectors(e)])
            if (r.s.sectors.all[sector].registered_engineer && asked == none) asked = sector;
        if (asked == none) continue;
        r.examined();
        if (has[e] == 0) r.report("none", {e}, {}, {r.sector_word(asked)});
    }
}

// ── RE-05 ──

void every_post_is_set_out(RuleRun& r) {
    const Store::Attribute standard = r.s.attribute("assessment_standard"),
                           scope = r.s.attribute("scope");
    const std::vector<EdgeNo>& duties = r.c.edges(r.k.responsible_post);
    const Store::Attribute refused = r.s.attribute("edges:HOLDS");
    const bool scopes = !duties.empty() || r.s.duties.given || scope.anywhere(),
               standards = column_given(r.view, "nodes.assessment_standard"),
               persons = column_given(r.view, "edges:HOLDS");
    if (!scopes && !standards && !persons) {
        r.not_assessed(Reason::column_missing, "nodes.assessment_standard");
        return;
    }
    const auto listed = [&](NodeNo post) {
        const auto rows = r.s.duties.of(post);
        return std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
            return r.s.duties.holds_on(row, r.view.day());
        });
    };
    for (const NodeNo post : r.c.subjects(r.k.post)) {
        const NodeNo unit = r.view.unit(post);
        if (unit == none || !r.view.is(unit, r.k.enterprise)) continue;
        r.examined();
        if (!persons)
            r.half(Reason::column_missing, "edges:HOLDS");
        else if (!r.view.held(post) && refused.unclear(r.view.like(post)))
            r.half(Reason::unclear, "edges:HOLDS");
        else if (!r.view.held(post))
            r.report("no_person", {post, unit});
        if (!scopes)
            r.half(Reason::table_missing, "duties");
        else if (r.view.count_out(post, r.k.responsible_post) == 0 &&
                 (post >= r.s.n() || !listed(post)) && scope.at(r.view.like(post)).is_empty())
            r.report("no_scope", {post, unit});
        if (!standards)
            r.half(Reason::column_missing, "nodes.assessment_standard");
        else if (standard.at(r.view.like(post)).is_empty())
            r.report("no_standard", {post, unit});
    }
}

// ── RE-06 ──

/// By post: whether it reports to itself, directly or through other posts of its unit.
std::vector<std::uint8_t> reporting_circles(const RuleRun& r, const std::vector<NodeNo>& posts) {
    const auto place = [&](NodeNo post) {
        return static_cast<std::uint32_t>(std::lower_bound(posts.begin(), posts.end(), post) -
                                          posts.begin());
    };
    std::vector<std::uint32_t> from, to;
    std::vector<std::uint8_t> circular(posts.size(), 0);
    for (const EdgeNo e : r.c.edges(r.k.reports_to)) {
        const NodeNo a = r.view.source(e), b = r.view.target(e);
        if (!r.view.is(a, r.k.post) || !r.view.is(b, r.k.post)) continue;
        if (r.view.unit(a) != r.view.unit(b)) continue;
        from.push_back(place(a));
        to.push_back(place(b));
        if (a == b) circular[from.back()] = 1;
    }
    const Components components = strong_components(Digraph::build(
        posts.size(), std::span<const std::uint32_t>(from), std::span<const std::uint32_t>(to)));
    std::vector<std::uint32_t> size(posts.size(), 0);
    for (const NodeNo label : components.label)
        ++size[label];
    for (std::size_t i = 0; i < posts.size(); ++i)
        if (size[components.label[i]] > 1) circular[i] = 1;
    return circular;
}

void lines_are_complete(RuleRun& r) {
    const std::vector<KindNo> line = r.post_kinds("line_posts");
    const UnitPosts posts(r.c, r.k.enterprise);
    const std::vector<NodeNo>& all = r.c.nodes(r.k.post);
    const std::vector<std::uint8_t> circles = reporting_circles(r, all);
    const auto circular = [&](NodeNo post) {
        const auto found = std::lower_bound(all.begin(), all.end(), post);
        return found != all.end() && *found == post &&
               circles[static_cast<std::size_t>(found - all.begin())] != 0;
    };
    std::vector<std::uint8_t> reaches;
    std::vector<std::size_t> stack;
    for (const NodeNo e : posts.units()) {
        if (!r.c.is_subject(e)) continue;
        const auto own = posts.at(e);
        const auto in_line = [&](NodeNo post) {
            return std::find(line.begin(), line.end(), r.view.post_kind(post)) != line.end();
        };
        if (std::none_of(own.begin(), own.end(), in_line)) continue;
        r.examined();
        const auto place = [&](NodeNo post) {
            const auto found = std::lower_bound(own.begin(), own.end(), post);
            return found != own.end() && *found == post
                       ? static_cast<std::size_t>(found - own.begin())
                       : own.size();
        };
        // Whoever reports to the principal, directly or through others of the enterprise.
        reaches.assign(own.size(), 0);
        stack.clear();
        for (const NodeNo post : principals(r.c, e, own))
            if (const std::size_t i = place(post); i < own.size()) {
                reaches[i] = 1;
                stack.push_back(i);
            }
        while (!stack.empty()) {
            const NodeNo post = own[stack.back()];
            stack.pop_back();
            r.view.in(post, r.k.reports_to, [&](EdgeNo edge) {
                const std::size_t i = place(r.view.source(edge));
                if (i >= own.size() || reaches[i] != 0) return;
                reaches[i] = 1;
                stack.push_back(i);
            });
        }
        for (std::size_t i = 0; i < own.size(); ++i) {
            if (circular(own[i]))
                r.report("circle", {own[i], e});
            else if (in_line(own[i]) && reaches[i] == 0)
                r.report("broken", {own[i], e});
            if (r.k.team_leader != no_kind && r.view.post_kind(own[i]) == r.k.team_leader &&
                !r.view.held(own[i]))
                r.report("no_leader", {own[i], e});
        }
    }
}

// ── RE-09 ──

void safety_directors(RuleRun& r) {
    for (const char* name : {"high_risk", "others"})
        if (!r.is_set(name)) {
            r.not_assessed(Reason::not_set, name);
            return;
        }
    const double of_high_risk = r.number("high_risk"), of_others = r.number("others");
    const HighRisk high_risk(r.c);
    const Store::Attribute employees = r.s.attribute("employees");
    std::vector<std::uint8_t> has(r.view.n(), 0);
    for (const EdgeNo e : r.c.edges(r.k.has_post)) {
        const NodeNo post = r.view.target(e);
        if (r.k.safety_director != no_kind && r.view.post_kind(post) == r.k.safety_director &&
            r.view.held(post))
            has[r.view.source(e)] = 1;
    }
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const NodeNo v = r.view.like(e);
        const auto number = employees.at(v).as_number();
        const auto risky = high_risk.known(e);
        if (has[e] == 0 && (!number || (!risky && *number >= std::min(of_high_risk, of_others) &&
                                        *number < std::max(of_high_risk, of_others)))) {
            r.examined();
            if (!number)
                r.unknown(RuleRun::why(employees.unclear(v)), "enterprises.employees");
            else
                r.unknown(Reason::values, "enterprises.sectors");
            continue;
        }
        if (!number || *number < (risky.value_or(false) ? of_high_risk : of_others)) continue;
        r.examined();
        if (has[e] == 0) r.report("none", {e}, {}, {print_number(*number)});
    }
}

// ── RE-11 ──

void workers_of_others_have_a_post(RuleRun& r) {
    const Store::Attribute employment = r.s.attribute("employment"),
                           using_unit = r.s.attribute("using_unit");
    const std::vector<std::string> own = r.texts("own");
    for (const NodeNo person : r.c.subjects(r.k.person)) {
        const Value kind = employment.at(r.view.like(person));
        const bool unclear = employment.unclear(r.view.like(person));
        if (unclear || kind.type != Value::Type::text) {
            // Whoever holds a post has one, however he is employed.
            if (!unclear && r.view.first_out(person, r.k.holds) != none) continue;
            r.examined();
            r.unknown(RuleRun::why(unclear), "nodes.employment");
            continue;
        }
        if (std::find(own.begin(), own.end(), kind.text) != own.end()) continue;
        const NodeNo unit = node_of(r.view, using_unit.at(r.view.like(person)));
        if (unit != none && !r.c.asked(unit)) continue;
        r.examined();
        const auto& forms = r.parameter("forms");
        std::string word(kind.text);
        if (const auto form = forms.find(word); form != forms.end())
            word = either(form->at("zh").get<std::string>(), form->at("en").get<std::string>());
        if (unit == none) {
            r.report("no_unit", {person}, {}, {word});
            continue;
        }
        bool attached = false;
        r.view.out(person, r.k.holds, [&](EdgeNo e) {
            // The post of the unit, or of a workshop or department of it.
            NodeNo of = r.view.unit(r.view.target(e));
            for (std::size_t step = 0; of != none && step < r.view.n(); ++step) {
                if (of == unit) attached = true;
                if (attached) break;
                of = r.view.unit(of);
            }
        });
        if (!attached) r.report("no_post", {person, unit}, {}, {word});
    }
}

}  // namespace

std::span<const RuleEntry> rules_enterprises() {
    static constexpr RuleEntry entries[] = {
        {"RE-01", one_principal},
        {"RE-02", safety_staff},
        {"RE-03", managers_are_assessed},
        {"RE-04", registered_engineers},
        {"RE-05", every_post_is_set_out},
        {"RE-06", lines_are_complete},
        {"RE-07", special_workers_are_certified},
        {"RE-08", major_hazard_sources_have_three},
        {"RE-09", safety_directors},
        {"RE-10", contracts_are_in_order},
        {"RE-11", workers_of_others_have_a_post},
        {"RE-12", risk_points_are_controlled},
        {"RE-13", insurance_is_in_force},
        {"RE-14", principals_check},
        {"RE-15", drills_are_held},
        {"RE-16", groups_are_named},
    };
    return entries;
}

}  // namespace safetyrisk::graph
