// RK-01 … RK-09, RK-11: tasks of plans and the documents that assign them.
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/graph/select.hpp>

#include "graph/collective_view.hpp"
#include "graph/evidence.hpp"
#include "graph/lineage_steps.hpp"
#include "graph/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace safetyrisk::graph {
namespace {

/// The kinds of edges by which a unit has a part in a task.
std::vector<KindNo> task_edges(const Known& k) {
    std::vector<KindNo> kinds;
    for (const KindNo kind : {k.organizes, k.leads_task, k.joint, k.shares, k.assists,
                              k.supervises_task, k.implements, k.responsible, k.guides_task})
        if (kind != no_kind) kinds.push_back(kind);
    return kinds;
}

std::vector<NodeNo> sources(const RuleRun& r, NodeNo task, KindNo kind,
                            std::vector<EdgeNo>* edges = nullptr) {
    std::vector<NodeNo> found;
    if (kind == no_kind) return found;
    r.view.in(task, kind, [&](EdgeNo e) {
        found.push_back(r.view.source(e));
        if (edges != nullptr) edges->push_back(e);
    });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

/// The document that assigns a task: its `unit`, else the source of ASSIGNS; `none` without.
NodeNo document_of(const RuleRun& r, NodeNo task) {
    const NodeNo unit = r.view.unit(task);
    if (unit != none && r.view.is(unit, r.k.document)) return unit;
    const EdgeNo e = r.view.first_in(task, r.k.assigns);
    return e == none ? none : r.view.source(e);
}

/// What a document says of itself.
struct Documents {
    Store::Attribute date, issuer, period_to;

    explicit Documents(const Store& s)
        : date(s.attribute("date")),
          issuer(s.attribute("issuer")),
          period_to(s.attribute("period_to")) {}
};

// ── RK-01, RK-02, RK-03 ──

void tasks_have_somebody(RuleRun& r) {
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        r.examined();
        if (!sources(r, task, r.k.leads_task).empty() || !sources(r, task, r.k.organizes).empty())
            continue;
        std::vector<EdgeNo> edges;
        std::vector<NodeNo> parts = sources(r, task, r.k.responsible, &edges);
        if (parts.size() == 1) continue;
        for (const KindNo kind : {r.k.shares, r.k.joint, r.k.implements}) {
            const std::vector<NodeNo> more = sources(r, task, kind, &edges);
            parts.insert(parts.end(), more.begin(), more.end());
        }
        if (parts.empty()) {
            r.report("nobody", {task});
            continue;
        }
        std::sort(parts.begin(), parts.end());
        parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
        parts.insert(parts.begin(), task);
        r.report("only_shares", parts, edges);
    }
}

void tasks_have_one_lead(RuleRun& r) {
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        std::vector<EdgeNo> edges;
        std::vector<NodeNo> nodes = sources(r, task, r.k.leads_task, &edges);
        if (nodes.empty()) continue;
        r.examined();
        if (nodes.size() == 1) continue;
        const std::string count = std::to_string(nodes.size());
        nodes.insert(nodes.begin(), task);
        r.report("several", nodes, edges, {count});
    }
}

void leads_are_stated(RuleRun& r) {
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        std::vector<EdgeNo> edges;
        const std::vector<NodeNo> leads = sources(r, task, r.k.leads_task, &edges);
        if (leads.empty()) continue;
        r.examined();
        const bool inferred = std::all_of(edges.begin(), edges.end(), [&](EdgeNo e) {
            return r.view.sureness(e) == Sureness::inferred;
        });
        if (!inferred) continue;
        std::vector<NodeNo> nodes{task};
        nodes.insert(nodes.end(), leads.begin(), leads.end());
        r.report("inferred", nodes, edges);
    }
}

// ── RK-04 ──

/// Finds whom the collectives of tasks mean: by their own selector, else by their name in the
/// context of the task (the pack `collectives`).
class Collectives {
public:
    explicit Collectives(const RuleRun& run)
        : r_(run), selector_(run.s.attribute("selector")), documents_(run.s) {}

    struct Answer {
        bool somebody = false;
        std::string_view lacking;  // the column without which nobody can tell
    };
    const Answer& of(NodeNo task, NodeNo collective) {
        const bool own = !selector_.at(r_.view.like(collective)).is_empty();
        const NodeNo document = own ? none : document_of(r_, task);
        const auto [at, fresh] =
            known_.try_emplace({collective, document, own ? SetNo{0} : r_.view.node_sectors(task)});
        if (fresh) at->second = own ? by_selector(collective) : by_name(task, collective, document);
        return at->second;
    }

private:
    Answer by_selector(NodeNo collective) const {
        const Value meant = selector_.at(r_.view.like(collective));
        try {
            return {meant.type == Value::Type::text &&
                        !select(r_.view, Selector::parse(meant.text)).empty(),
                    {}};
        } catch (const Error&) {
            return {};  // a selector that cannot be read means nobody
        }
    }

    Answer by_name(NodeNo task, NodeNo collective, NodeNo document) const {
        const std::string_view name = r_.view.name(collective);
        // Where nobody writes selectors there may be one.
        if (!is_collective(name)) return {false, selector_.anywhere() ? "" : "nodes.selector"};
        CollectiveContext context;
        for (const std::uint16_t sector : r_.s.sectors.sets[r_.view.node_sectors(task)])
            context.sectors.push_back(r_.s.sectors.all[sector].id);
        if (document != none) {
            const NodeNo issuer = node_of(r_.view, documents_.issuer.at(r_.view.like(document)));
            const std::uint32_t home = r_.c.place_no(issuer == none ? document : issuer);
            if (home != none) context.in = r_.view.id(r_.c.territory().node(home));
            const Value to = addressees_.at(r_.view.like(document));
            for (std::string_view rest = to.text; !rest.empty();) {
                const std::size_t end = std::min(rest.find(';'), rest.size());
                const NodeNo v = r_.s.find(trim(rest.substr(0, end)));
                if (v != none) context.addressees.emplace_back(r_.s.id(v));
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        }
        const Collective found = resolve_collective(r_.view, name, context);
        if (!found.nodes.empty()) return {true, {}};
        for (const std::string& what : found.lacking) {
            if (what == "addressees") return {false, "nodes.addressees"};
            if (context.in.empty())
                return {false, document == none ? "tasks.unit" : "nodes.issuer"};
        }
        return {};
    }

    const RuleRun& r_;
    Store::Attribute selector_;
    Store::Attribute addressees_{r_.s, "addressees"};
    Documents documents_;
    std::map<std::tuple<NodeNo, NodeNo, SetNo>, Answer> known_;
};

void collectives_have_members(RuleRun& r) {
    Collectives collectives(r);
    for (const NodeNo task : r.c.subjects(r.k.task))
        for (const KindNo kind : task_edges(r.k))
            r.view.in(task, kind, [&](EdgeNo e) {
                const NodeNo unit = r.view.source(e);
                if (!r.view.is(unit, r.k.collective)) return;
                r.examined();
                const Collectives::Answer& answer = collectives.of(task, unit);
                if (answer.somebody) return;
                if (answer.lacking.empty())
                    r.report("empty", {task, unit}, {e});
                else
                    r.unknown(Reason::values, answer.lacking);
            });
}

// ── RK-05 ──

/// A character of the list that stands twice in a row in a name, where no word of the exceptions
/// explains it (市市场监管局); empty when none does.
std::string_view doubled(std::string_view name, const std::vector<std::string>& characters,
                         const std::vector<std::string>& words) {
    for (const std::string& one : characters)
        for (std::size_t at = name.find(one + one); at != std::string_view::npos;
             at = name.find(one + one, at + 1)) {
            const bool third = at >= one.size() && name.substr(at - one.size(), one.size()) == one;
            const bool explained =
                !third && std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                    return name.substr(at).starts_with(word);
                });
            if (!explained) return name.substr(at, one.size());
        }
    return {};
}

void units_are_known(RuleRun& r) {
    const Documents documents(r.s);
    const std::vector<std::string> characters = r.texts("doubled"),
                                   words = r.texts("doubled_words");
    const std::vector<KindNo> kinds = task_edges(r.k);
    // A unit that is gone is judged on the day of the document, so edges are taken whatever their
    // ends are on the day asked.
    const auto there = [&](NodeNo unit, Date day) {
        return unit >= r.s.n() || r.s.node_from.empty() ||
               (r.s.node_from[unit] <= day.days_since_1970() &&
                day.days_since_1970() <= r.s.node_to[unit]);
    };
    // What became of a unit stays so, whatever the end of the edge.
    const auto begun = [&](EdgeNo e) {
        return (r.view.overlay() == nullptr || r.view.overlay()->hidden_edges.count(e) == 0) &&
               (r.s.edge_from.empty() || r.s.edge_from[e] <= r.view.day());
    };
    // Whoever it became, or stood for under another name, in id order.
    const auto successors = [&](NodeNo unit) {
        std::set<NodeNo> found = living_successors(r.view, unit);
        if (unit < r.s.n() && r.k.alias_of != no_kind) {
            const auto [first, last] = r.view.out_range(unit, r.k.alias_of);
            for (EdgeNo e = first; e != last; ++e)
                if (begun(e) && r.view.alive(r.s.target[e])) found.insert(r.s.target[e]);
        }
        found.erase(unit);
        return found;
    };
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        const NodeNo document = document_of(r, task);
        const auto written =
            document == none ? std::nullopt : documents.date.at(r.view.like(document)).as_date();
        const Date day = written.value_or(r.view.on());
        std::vector<std::pair<NodeNo, EdgeNo>> units;
        for (const KindNo kind : kinds) {
            if (task < r.s.n())
                for (const EdgeNo e : r.view.in_range(task, kind))
                    if (r.view.dated(e)) units.emplace_back(r.view.source(e), e);
            if (const Overlay* overlay = r.view.overlay(); overlay != nullptr)
                if (const auto added = overlay->in.find(task); added != overlay->in.end())
                    for (const EdgeNo e : added->second)
                        if (r.view.kind(e) == kind && r.view.dated(e))
                            units.emplace_back(r.view.source(e), e);
        }
        if (units.empty()) continue;
        r.examined();
        std::sort(units.begin(), units.end());
        units.erase(std::unique(units.begin(), units.end(),
                                [](const auto& a, const auto& b) { return a.first == b.first; }),
                    units.end());
        for (const auto& [unit, e] : units) {
            const EdgeNo alias = r.view.first_out(unit, r.k.alias_of);
            if (!there(unit, day)) {
                std::vector<NodeNo> nodes{task, unit};
                const std::set<NodeNo> next = successors(unit);
                nodes.insert(nodes.end(), next.begin(), next.end());
                const std::array edges{e};
                r.report(next.empty()       ? "gone_nowhere"
                         : next.size() == 1 ? "gone"
                                            : "gone_several",
                         nodes, edges, {day.text(), std::to_string(next.size())});
            } else if (alias == none && unit < r.s.n() && written) {
                // A name that once stood for another: good as long as its edge says so.
                const auto [first, last] = r.view.out_range(unit, r.k.alias_of);
                NodeNo meant = none;
                bool good = false;
                for (EdgeNo x = first; x != last; ++x) {
                    if (!begun(x)) continue;
                    meant = std::min(meant, r.view.target(x));
                    good = good || r.s.edge_from.empty() ||
                           (r.s.edge_from[x] <= day.days_since_1970() &&
                            day.days_since_1970() <= r.s.edge_to[x]);
                }
                if (meant != none && !good)
                    r.report("gone", {task, unit, meant}, {e}, {day.text()});
            }
            if (const auto twice = doubled(r.view.name(unit), characters, words); !twice.empty())
                r.report("typo", {task, unit}, {e}, {std::string(twice)});
        }
    }
}

// ── RK-06 ──

void assignees_are_subordinate(RuleRun& r) {
    const Documents documents(r.s);
    const Places& places = r.c.territory();
    const Store::Attribute vertical = r.s.attribute("vertical");
    const std::vector<KindNo> kinds = task_edges(r.k);
    std::map<NodeNo, std::vector<NodeNo>> tasks;  // by issuer
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        const NodeNo document = document_of(r, task);
        const NodeNo issuer =
            document == none ? none : node_of(r.view, documents.issuer.at(r.view.like(document)));
        if (issuer != none) {
            tasks[issuer].push_back(task);
            continue;
        }
        r.examined();
        r.unknown(Reason::values, document == none ? "tasks.unit" : "nodes.issuer");
    }
    std::vector<std::uint32_t> stamp(r.view.n(), none);
    std::vector<NodeNo> stack;
    for (const auto& [issuer, all] : tasks) {
        stack.assign(1, issuer);
        stamp[issuer] = issuer;
        // Who serves as the issuer (the office of a committee) is its own house.
        const NodeNo one = issuer;
        const auto visit = [&](NodeNo next) {
            if (stamp[next] == one) return;
            stamp[next] = one;
            stack.push_back(next);
        };
        while (!stack.empty()) {
            const NodeNo v = stack.back();
            stack.pop_back();
            for (const KindNo kind : {r.k.leads, r.k.guides})
                r.view.out(v, kind, [&](EdgeNo e) { visit(r.view.target(e)); });
        }
        const std::uint32_t home = places.of(issuer);
        for (const NodeNo task : all) {
            r.examined();
            std::set<NodeNo> said;
            for (const KindNo kind : kinds)
                r.view.in(task, kind, [&](EdgeNo e) {
                    const NodeNo unit = r.view.source(e);
                    if (stamp[unit] == issuer || r.view.is(unit, r.k.collective)) return;
                    const std::uint32_t seat = places.of(unit);
                    if (seat == none || home == none) {  // nothing says where it belongs
                        r.half(Reason::values, "nodes.division");
                        return;
                    }
                    bool inside = false;
                    places.up(seat, [&](std::uint32_t place) {
                        inside = place == home;
                        return !inside;
                    });
                    if (inside && !vertical.at(r.view.like(unit)).yes().value_or(false)) return;
                    if (said.insert(unit).second) r.report("outside", {task, unit, issuer}, {e});
                });
        }
    }
}

// ── RK-07 ──

void local_side_is_whole(RuleRun& r) {
    const Documents documents(r.s);
    const Places& places = r.c.territory();
    struct Task {
        NodeNo task = none;
        std::vector<NodeNo> party, government, others;
        std::vector<EdgeNo> edges;
    };
    std::map<NodeNo, std::vector<Task>> by_document;
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        const NodeNo document = document_of(r, task);
        const NodeNo issuer =
            document == none ? none : node_of(r.view, documents.issuer.at(r.view.like(document)));
        if (issuer == none || places.of(issuer) == none) {
            r.examined();
            r.unknown(Reason::values, document == none ? "tasks.unit"
                                      : issuer == none ? "nodes.issuer"
                                                       : "nodes.division");
            continue;
        }
        const std::uint32_t home = places.of(issuer);
        Task one;
        one.task = task;
        for (const KindNo kind : {r.k.implements, r.k.responsible, r.k.leads_task, r.k.organizes,
                                  r.k.joint, r.k.shares}) {
            if (kind == no_kind) continue;
            r.view.in(task, kind, [&](EdgeNo e) {
                const NodeNo unit = r.view.source(e);
                const std::uint32_t seat = places.of(unit);
                const bool collective = r.view.is(unit, r.k.collective);
                if (!collective && (seat == none || seat == home)) return;
                bool below = collective;
                places.up(seat, [&](std::uint32_t place) {
                    below = below || place == home;
                    return !below;
                });
                if (!below) return;
                one.edges.push_back(e);
                if (r.view.is(unit, r.k.party_committee))
                    one.party.push_back(unit);
                else if (r.view.is(unit, r.k.government))
                    one.government.push_back(unit);
                else
                    one.others.push_back(unit);
            });
        }
        by_document[document].push_back(std::move(one));
    }
    for (const auto& [document, tasks] : by_document) {
        const bool demands_both = std::any_of(tasks.begin(), tasks.end(), [](const Task& task) {
            return !task.party.empty() && !task.government.empty();
        });
        const bool names_local = std::any_of(tasks.begin(), tasks.end(),
                                             [](const Task& task) { return !task.edges.empty(); });
        for (const Task& task : tasks) {
            r.examined();
            if (task.edges.empty() && names_local) r.report("no_local", {task.task, document});
            if (task.party.empty() && !task.government.empty() && demands_both) {
                std::vector<NodeNo> nodes{task.task};
                nodes.insert(nodes.end(), task.government.begin(), task.government.end());
                r.report("no_party", nodes, task.edges);
            }
        }
    }
}

// ── RK-08 ──

void deadlines_are_possible(RuleRun& r) {
    const Documents documents(r.s);
    const Store::Attribute deadline = r.s.attribute("deadline"), cadence = r.s.attribute("cadence");
    for (const char* column : {"tasks.unit|edges:ASSIGNS", "nodes.date", "nodes.period_to"})
        r.needs(column);
    for (const NodeNo task : r.c.subjects(r.k.task)) {
        r.examined();
        const Value value = deadline.at(r.view.like(task));
        if (value.is_empty()) {
            if (cadence.at(r.view.like(task)).is_empty()) r.report("missing", {task});
            continue;
        }
        const auto day = value.as_date();
        if (!day) {
            r.report("impossible", {task}, {},
                     {value.type == Value::Type::number ? print_number(value.number)
                                                        : std::string(value.text)});
            continue;
        }
        const NodeNo document = document_of(r, task);
        if (document == none) {
            r.half(Reason::values, "tasks.unit");
            continue;
        }
        const NodeNo text = r.view.like(document);
        const auto issued = documents.date.at(text).as_date();
        const auto end = documents.period_to.unclear(text) ? std::nullopt
                                                           : documents.period_to.at(text).as_date();
        if (!issued) r.half(RuleRun::why(documents.date.unclear(text)), "nodes.date");
        if (!end) r.half(RuleRun::why(documents.period_to.unclear(text)), "nodes.period_to");
        if (issued && *day < *issued)
            r.report("before", {task, document}, {}, {day->text(), issued->text()});
        if (end && *day > *end) r.report("after", {task, document}, {}, {day->text(), end->text()});
    }
}

// ── RK-09 ──

void nothing_weaker_than_above(RuleRun& r) {
    const Store::Attribute deadline = r.s.attribute("deadline"), target = r.s.attribute("target"),
                           unit = r.s.attribute("target_unit"), op = r.s.attribute("target_op");
    if (!deadline.anywhere() && !target.anywhere()) {
        r.not_assessed(Reason::column_missing, "tasks.deadline");
        return;
    }
    for (const char* column : {"tasks.deadline", "tasks.target"})
        r.needs(column);
    const std::vector<std::string> lower = r.texts("less_is_stricter");
    std::set<NodeNo> tasks;
    for (const EdgeNo e : r.c.edges(r.k.derives_from))
        if (r.view.is(r.view.source(e), r.k.task) && r.c.is_subject(r.view.source(e)))
            tasks.insert(r.view.source(e));
    std::vector<std::uint32_t> stamp(r.view.n(), none);
    std::uint32_t round = 0;
    std::vector<std::pair<NodeNo, EdgeNo>> stack;
    for (const NodeNo task : tasks) {
        r.examined();
        // The nearest superior tasks that say something of it; those that are silent pass it on.
        const auto superiors = [&](auto&& says, auto&& compare) {
            ++round;
            stack.clear();
            stamp[task] = round;
            const auto climb = [&](NodeNo v, EdgeNo first) {
                r.view.out(v, r.k.derives_from, [&](EdgeNo e) {
                    const NodeNo next = r.view.target(e);
                    if (!r.view.is(next, r.k.task) || stamp[next] == round) return;
                    stamp[next] = round;
                    stack.emplace_back(next, first == none ? e : first);
                });
            };
            climb(task, none);
            while (!stack.empty()) {
                const auto [v, e] = stack.back();
                stack.pop_back();
                if (says(v))
                    compare(v, e);
                else
                    climb(v, e);
            }
        };
        if (const auto own = deadline.at(r.view.like(task)).as_date())
            superiors([&](NodeNo v) { return deadline.at(r.view.like(v)).as_date().has_value(); },
                      [&](NodeNo v, EdgeNo e) {
                          const Date above = *deadline.at(r.view.like(v)).as_date();
                          if (*own > above)
                              r.report("deadline", {task, v}, {e}, {own->text(), above.text()});
                      });
        const auto own = target.at(r.view.like(task)).as_number();
        const std::string_view measured = unit.at(r.view.like(task)).text;
        if (!own) continue;
        superiors(
            [&](NodeNo v) {
                return target.at(r.view.like(v)).as_number() &&
                       unit.at(r.view.like(v)).text == measured;
            },
            [&](NodeNo v, EdgeNo e) {
                const double above = *target.at(r.view.like(v)).as_number();
                Value way = op.at(r.view.like(v));
                if (way.is_empty()) way = op.at(r.view.like(task));
                const bool less = std::find(lower.begin(), lower.end(), way.text) != lower.end();
                if (less ? *own > above : *own < above)
                    r.report(less ? "target_above" : "target", {task, v}, {e},
                             {print_number(*own) + std::string(measured),
                              print_number(above) + std::string(measured)});
            });
    }
}

// ── RK-11 ──

std::string action_words(std::string_view action) {
    return either(action_word(action, Lang::zh), action_word(action, Lang::en));
}

void tasks_follow_duty_lists(RuleRun& r) {
    const Store::Attribute action = r.s.attribute("action");
    const Documents documents(r.s);
    const Column* actions = r.s.duties.table.find("action");
    if (actions == nullptr) {
        r.not_assessed(Reason::column_missing, "duties.action");
        return;
    }
    const auto year = r.view.on().civil().year();
    // Per unit the actions of its tasks of this year, with one task of each.
    std::map<NodeNo, std::map<std::string, std::pair<NodeNo, EdgeNo>>> given;
    for (const NodeNo task : r.c.nodes(r.k.task)) {
        const Value what = action.at(r.view.like(task));
        if (what.type != Value::Type::text) continue;
        const NodeNo document = document_of(r, task);
        const auto written =
            document == none ? std::nullopt : documents.date.at(r.view.like(document)).as_date();
        if (written && written->civil().year() != year) continue;
        for (const KindNo kind :
             {r.k.leads_task, r.k.organizes, r.k.responsible, r.k.shares, r.k.joint})
            if (kind != no_kind)
                r.view.in(task, kind, [&](EdgeNo e) {
                    given[r.view.source(e)].try_emplace(std::string(what.text), task, e);
                });
    }
    for (NodeNo unit = 0; unit < r.s.n(); ++unit) {
        const auto rows = r.s.duties.of(unit);
        if (rows.empty() || !r.view.alive(unit) || !r.c.is_subject(unit)) continue;
        r.examined();
        std::set<std::string> listed;
        for (const std::uint32_t row : rows)
            if (r.s.duties.holds_on(row, r.view.day()) && !actions->is_missing(row))
                listed.insert(actions->print(row));
        const auto& tasks = given[unit];
        for (const auto& [what, task] : tasks)
            if (listed.count(what) == 0)
                r.report("not_listed", {task.first, unit}, {task.second}, {action_words(what)});
        for (const std::string& what : listed)
            if (tasks.count(what) == 0)
                r.report("no_task", {unit}, {},
                         {action_words(what), std::to_string(static_cast<int>(year))});
    }
}

}  // namespace

std::span<const RuleEntry> rules_tasks() {
    static constexpr RuleEntry entries[] = {
        {"RK-01", tasks_have_somebody},       {"RK-02", tasks_have_one_lead},
        {"RK-03", leads_are_stated},          {"RK-04", collectives_have_members},
        {"RK-05", units_are_known},           {"RK-06", assignees_are_subordinate},
        {"RK-07", local_side_is_whole},       {"RK-08", deadlines_are_possible},
        {"RK-09", nothing_weaker_than_above}, {"RK-11", tasks_follow_duty_lists},
    };
    return entries;
}

}  // namespace safetyrisk::graph
