// Rules RS: the shape of the whole: circles, levels, spans, pairings, letters, what points nowhere.
#include <safetyrisk/graph/digraph.hpp>

#include "graph/evidence.hpp"
#include "graph/lineage_steps.hpp"
#include "graph/rules.hpp"
#include "graph/words.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::graph {
namespace {

constexpr std::uint8_t village_level = 5;

std::string text_of(const Value& value) {
    switch (value.type) {
        case Value::Type::text:
            return std::string(value.text);
        case Value::Type::number:
            return RuleRun::number_word(value.number);
        case Value::Type::date:
            return value.date.text();
        default:
            return {};
    }
}

// ── who is above whom ──

/// One relation, from the one above to the one below.
struct Arc {
    NodeNo above = none, below = none;
    EdgeNo edge = none;
};

/// A graph of arcs over the nodes they touch.
class ArcGraph {
public:
    explicit ArcGraph(std::vector<Arc> arcs) : arcs_(std::move(arcs)) {
        for (const Arc& arc : arcs_) {
            nodes_.push_back(arc.above);
            nodes_.push_back(arc.below);
        }
        std::sort(nodes_.begin(), nodes_.end());
        nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
        std::vector<std::uint32_t> source, target;
        for (const Arc& arc : arcs_) {
            source.push_back(number(arc.above));
            target.push_back(number(arc.below));
        }
        graph_.emplace(Digraph::build(nodes_.size(), std::span<const std::uint32_t>(source),
                                      std::span<const std::uint32_t>(target)));
    }

    const Digraph& graph() const { return *graph_; }
    std::size_t size() const { return nodes_.size(); }
    NodeNo node(std::uint32_t number) const { return nodes_[number]; }
    std::uint32_t number(NodeNo v) const {
        return static_cast<std::uint32_t>(std::lower_bound(nodes_.begin(), nodes_.end(), v) -
                                          nodes_.begin());
    }
    EdgeNo edge(std::size_t e) const { return arcs_[graph_->row(e)].edge; }
    const std::vector<Arc>& arcs() const { return arcs_; }

private:
    std::vector<Arc> arcs_;
    std::vector<NodeNo> nodes_;
    std::optional<Digraph> graph_;
};

std::vector<Arc> arcs_of(const RuleRun& run, KindNo kind) {
    std::vector<Arc> arcs;
    for (const EdgeNo e : run.c.edges(kind)) {
        const bool upward = kind == run.k.reports_to;
        const NodeNo source = run.view.source(e), target = run.view.target(e);
        arcs.push_back({upward ? target : source, upward ? source : target, e});
    }
    return arcs;
}

/// For each node the smallest of its strong component.
std::vector<std::uint32_t> component_roots(const Digraph& graph) {
    const Components parts = strong_components(graph);
    std::vector<std::uint32_t> least(parts.count, none), root(graph.nodes());
    for (std::uint32_t v = 0; v < root.size(); ++v) {
        least[parts.label[v]] = std::min(least[parts.label[v]], v);
        root[v] = least[parts.label[v]];
    }
    return root;
}

// ── RS-01 ──

/// Finds a shortest circle through a node of a component; keeps its marks from one to the next.
class CircleFinder {
public:
    CircleFinder(const ArcGraph& graph, const std::vector<std::uint32_t>& root)
        : graph_(graph), root_(root), by_(graph.size(), unseen), before_(graph.size(), none) {}

    static constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

    /// `first`: the edge of the graph that it leaves `start` by.
    void find(std::uint32_t start, std::size_t first, std::vector<NodeNo>& nodes,
              std::vector<EdgeNo>& edges) {
        const Digraph& g = graph_.graph();
        queue_.assign(1, start);
        for (std::size_t i = 0; i < queue_.size() && by_[start] == unseen; ++i) {
            const std::uint32_t u = queue_[i];
            for (std::size_t e = g.offset(u); e < g.offset(u + std::size_t{1}); ++e) {
                const std::uint32_t w = g.target(e);
                if (root_[w] != root_[start] || by_[w] != unseen) continue;
                if (u == start && first != any && e != first) continue;
                by_[w] = e;
                before_[w] = u;
                if (w != start) queue_.push_back(w);
            }
        }
        std::uint32_t at = start;
        do {
            edges.push_back(graph_.edge(by_[at]));
            at = before_[at];
            nodes.push_back(graph_.node(at));
        } while (at != start);
        std::reverse(nodes.begin(), nodes.end());
        std::reverse(edges.begin(), edges.end());
        for (const std::uint32_t v : queue_)
            by_[v] = unseen;
    }

private:
    static constexpr std::size_t unseen = std::numeric_limits<std::size_t>::max();
    const ArcGraph& graph_;
    const std::vector<std::uint32_t>& root_;
    std::vector<std::size_t> by_;  // the edge that first reached a node
    std::vector<std::uint32_t> before_, queue_;
};

/// Components of relations that hold for every task: by node the smallest node of its own.
using KnownCircles = std::map<NodeNo, NodeNo>;

void report_circle(RuleRun& run, CircleFinder& finder, std::uint32_t start, std::size_t first) {
    std::vector<NodeNo> nodes;
    std::vector<EdgeNo> edges;
    finder.find(start, first, nodes, edges);
    if (std::any_of(nodes.begin(), nodes.end(), [&](NodeNo v) { return run.c.asked(v); }))
        run.report("circle", nodes, edges);
}

/// Reports a circle of each component.
KnownCircles report_circles(RuleRun& run, const ArcGraph& graph) {
    const std::vector<std::uint32_t> root = component_roots(graph.graph());
    std::vector<std::size_t> size(graph.size(), 0);
    for (const std::uint32_t v : root)
        ++size[v];
    KnownCircles known;
    CircleFinder finder(graph, root);
    for (std::uint32_t v = 0; v < graph.size(); ++v) {
        if (size[root[v]] > 1) known[graph.node(v)] = graph.node(root[v]);
        if (root[v] == v && size[v] > 1) report_circle(run, finder, v, CircleFinder::any);
    }
    return known;
}

/// The same with the relations of one task (`own` holds the first arcs of the graph): a circle that
/// runs through one of them, of each component that is not a circle already.
void report_circles_of_task(RuleRun& run, const ArcGraph& graph, std::span<const Arc> own,
                            const KnownCircles& known) {
    const std::vector<std::uint32_t> root = component_roots(graph.graph());
    const auto together = [&](NodeNo a, NodeNo b) {
        const auto x = known.find(a), y = known.find(b);
        return x != known.end() && y != known.end() && x->second == y->second;
    };
    CircleFinder finder(graph, root);
    std::vector<std::uint8_t> told(graph.size(), 0);
    for (std::uint32_t v = 0; v < graph.size(); ++v)
        for (std::size_t e = graph.graph().offset(v); e < graph.graph().offset(v + std::size_t{1});
             ++e) {
            const std::uint32_t w = graph.graph().target(e);
            if (graph.graph().row(e) >= own.size() || root[v] != root[w] || told[root[v]] != 0 ||
                together(graph.node(v), graph.node(w)))
                continue;
            told[root[v]] = 1;
            report_circle(run, finder, v, e);
        }
}

void no_circles(RuleRun& run) {
    std::vector<Arc> always;  // of every task
    std::map<std::string, std::vector<Arc>> of_task;
    for (const KindNo kind : {run.k.leads, run.k.reports_to}) {
        const std::vector<Arc> arcs = arcs_of(run, kind);
        always.insert(always.end(), arcs.begin(), arcs.end());
    }
    const Store::EdgeAttribute task = run.s.edge_attribute("task");
    for (const Arc& arc : arcs_of(run, run.k.oversees_work_of)) {
        const EdgeNo origin = run.view.origin(arc.edge);
        const std::string name = origin == none ? std::string() : text_of(task.at(origin));
        (name.empty() ? always : of_task[name]).push_back(arc);
    }
    run.examined(always.size());
    for (const auto& [name, arcs] : of_task)
        run.examined(arcs.size());

    const auto report_loops = [&](std::vector<Arc>& arcs) {
        for (const Arc& arc : arcs)
            if (arc.above == arc.below && run.c.asked(arc.above))
                run.report("itself", {arc.above}, {arc.edge});
        std::erase_if(arcs, [](const Arc& arc) { return arc.above == arc.below; });
    };
    report_loops(always);
    std::vector<Arc> all = always;
    for (auto& [name, arcs] : of_task) {
        report_loops(arcs);
        all.insert(all.end(), arcs.begin(), arcs.end());
    }
    const KnownCircles known = report_circles(run, ArcGraph(always));
    if (of_task.empty()) return;

    // A circle of one task lies inside a component of everything together.
    const ArcGraph whole(std::move(all));
    const std::vector<std::uint32_t> root = component_roots(whole.graph());
    const auto part = [&](NodeNo v) { return root[whole.number(v)]; };
    std::map<NodeNo, std::vector<Arc>> always_in;
    for (const Arc& arc : always)
        if (part(arc.above) == part(arc.below)) always_in[part(arc.above)].push_back(arc);
    for (const auto& [name, arcs] : of_task) {
        std::map<NodeNo, std::vector<Arc>> inside;
        for (const Arc& arc : arcs)
            if (part(arc.above) == part(arc.below)) inside[part(arc.above)].push_back(arc);
        for (auto& [label, own] : inside) {
            std::vector<Arc> arcs_inside = own;
            const auto& rest = always_in[label];
            arcs_inside.insert(arcs_inside.end(), rest.begin(), rest.end());
            report_circles_of_task(run, ArcGraph(std::move(arcs_inside)), own, known);
        }
    }
}

// ── RS-02 ──

void no_inversion(RuleRun& run) {
    const auto of_a_place = [&](NodeNo v) {
        const NodeKind& kind = run.s.kinds->nodes()[run.view.node_kind(v)];
        return kind.seated || kind.place;
    };
    for (const EdgeNo e : run.c.edges(run.k.leads)) {
        const NodeNo above = run.view.source(e), below = run.view.target(e);
        if (!of_a_place(above) || !of_a_place(below) || !run.c.is_subject(above)) continue;
        const std::uint8_t upper = run.view.level_of(above), lower = run.view.level_of(below);
        const auto rules = [&](NodeNo v) {
            return run.view.is(v, run.k.government) || run.view.is(v, run.k.party_committee);
        };
        if (upper == no_level || lower == no_level) {
            if (!rules(above) || !rules(below)) continue;  // of no level
            run.examined();
            run.unknown(Reason::values, "nodes.level");
            continue;
        }
        run.examined();
        if (upper > lower)
            run.report("inverted", {above, below}, {e},
                       {RuleRun::level_word(upper), RuleRun::level_word(lower)});
    }
}

// ── RS-03 ──

void spans_and_depth(RuleRun& run) {
    const double most = run.number("span"), deepest = run.number("depth");
    std::vector<Arc> leads = arcs_of(run, run.k.leads), all = arcs_of(run, run.k.reports_to);
    all.insert(all.end(), leads.begin(), leads.end());
    std::sort(all.begin(), all.end(), [](const Arc& a, const Arc& b) {
        return a.above != b.above ? a.above < b.above : a.below < b.below;
    });
    for (std::size_t i = 0; i < all.size();) {
        const NodeNo above = all[i].above;
        std::size_t below = 0;
        for (NodeNo last = none; i < all.size() && all[i].above == above; ++i)
            if (all[i].below != last) {
                last = all[i].below;
                ++below;
            }
        if (!run.c.is_subject(above)) continue;
        run.examined();
        if (static_cast<double>(below) > most)
            run.report("span", {above}, {}, {std::to_string(below), RuleRun::number_word(most)});
    }
    // Depth along LEADS; what runs in a circle (RS-01) counts as one.
    const ArcGraph graph(std::move(leads));
    if (graph.size() == 0) return;
    const std::vector<std::uint32_t> root = component_roots(graph.graph());
    std::vector<std::uint32_t> source, target;
    for (const Arc& arc : graph.arcs()) {
        const std::uint32_t a = root[graph.number(arc.above)];
        const std::uint32_t b = root[graph.number(arc.below)];
        if (a == b) continue;
        source.push_back(a);
        target.push_back(b);
    }
    const Digraph order = Digraph::build(graph.size(), std::span<const std::uint32_t>(source),
                                         std::span<const std::uint32_t>(target));
    std::vector<std::uint32_t> depth(graph.size(), 1);
    for (const NodeNo v : topological_order(order))
        for (const NodeNo w : order.out(v))
            depth[w] = std::max(depth[w], depth[v] + 1);
    for (std::uint32_t v = 0; v < graph.size(); ++v)
        if (root[v] == v && order.out(v).empty() && depth[v] > deepest &&
            run.c.is_subject(graph.node(v)))
            run.report("depth", {graph.node(v)}, {},
                       {std::to_string(depth[v]), RuleRun::number_word(deepest)});
}

// ── places below others: RS-04, RS-06 ──

/// Regions, zones and villages below the top of what is checked, with all that stands for them:
/// themselves, their governments, committees and administrations, their village nodes.
struct LowerPlace {
    std::uint32_t place = none;
    NodeNo subject = none;
    std::vector<NodeNo> bodies;
};

std::vector<LowerPlace> lower_places(const RuleRun& run, std::uint8_t lowest) {
    const Territory& land = run.c.territory();
    const View& view = run.view;
    const auto is_village_region = [&](std::uint32_t p) {
        return p != none && view.is(land.node(p), run.k.region) &&
               view.level(land.node(p)) == village_level;
    };
    std::map<std::uint32_t, std::vector<NodeNo>> villages;
    for (const NodeNo v : run.c.nodes(run.k.village))
        if (const std::uint32_t p = land.number(v); p != none)
            villages[is_village_region(land.parent(p)) ? land.parent(p) : p].push_back(v);
    std::vector<LowerPlace> out;
    for (std::uint32_t p = 0; p < land.size(); ++p) {
        const NodeNo v = land.node(p);
        const bool region = view.is(v, run.k.region), zone = view.is(v, run.k.zone);
        const bool village = view.is(v, run.k.village) && !is_village_region(land.parent(p));
        if (!run.c.checked(p) || run.c.top(p) || !run.c.is_subject(v)) continue;
        if (!(zone || (region && view.level(v) <= lowest) || (village && lowest >= village_level)))
            continue;
        LowerPlace one{p, v, {v}};
        if (const auto found = villages.find(p); found != villages.end())
            for (const NodeNo body : found->second)
                if (body != v) one.bodies.push_back(body);
        for (const NodeNo body : run.c.seated(p))
            if (view.is(body, run.k.government) || view.is(body, run.k.party_committee) ||
                view.is(body, run.k.zone_admin))
                one.bodies.push_back(body);
        out.push_back(std::move(one));
    }
    return out;
}

/// Whether a node belongs to a place above another.
bool from_above(const RuleRun& run, NodeNo who, std::uint32_t place) {
    const std::uint32_t own = run.c.place_no(who);
    return own != place && run.c.territory().covers(own, place);
}

// ── RS-04 ──

void pairings(RuleRun& run) {
    const View& view = run.view;
    const auto lowest = static_cast<std::uint8_t>(std::clamp(run.number("lowest_level"), 0.0, 9.0));
    for (const LowerPlace& lower : lower_places(run, lowest)) {
        run.examined();
        bool paired = false;
        for (const NodeNo body : lower.bodies)
            view.in(body, run.k.paired_with, [&](EdgeNo e) {
                paired = paired || from_above(run, view.source(e), lower.place);
            });
        if (!paired) run.report("region", {lower.subject});
    }
    const auto led = [&](NodeNo v) {
        bool found = false;
        view.in(v, run.k.paired_with, [&](EdgeNo e) {
            found = found ||
                    (view.is(view.source(e), run.k.post) && !run.c.enterprise_side(view.source(e)));
        });
        return found;
    };
    if (!run.s.attribute("key_unit").anywhere()) {
        const std::size_t all = run.c.subjects(run.k.enterprise).size();
        run.examined(all);
        run.unknown(Reason::column_missing, "enterprises.key_unit", all);
        if (all == 0) run.partly(Reason::column_missing, "enterprises.key_unit");
    } else {
        const Marks key(run.c, "key_unit");
        for (const NodeNo e : run.c.subjects(run.k.enterprise)) {
            const auto listed = key.at(e);
            if (!listed.value_or(true)) continue;
            run.examined();
            if (led(e)) continue;
            if (listed)
                run.report("enterprise", {e});
            else
                run.unknown(key.why(e), "enterprises.key_unit");
        }
    }
    for (const NodeNo source : run.c.subjects(run.k.major_hazard_source)) {
        run.examined();
        const NodeNo owner = view.unit(source);
        if (!led(source) && (owner == none || !led(owner))) run.report("hazard_source", {source});
    }
}

// ── RS-05 ──

void pairing_load(RuleRun& run) {
    const View& view = run.view;
    const Records& records = run.s.records;
    const double items = run.number("items"), days = run.number("days");
    auto unseen = run.lacks("records.object");
    if (!unseen) unseen = run.lacks("records:visit");
    const std::uint16_t visit = records.action_no("visit");
    std::vector<EdgeNo> edges;
    std::vector<NodeNo> nodes;
    for (const NodeNo post : run.c.subjects(run.k.post)) {
        if (run.c.enterprise_side(post)) continue;
        edges.clear();
        nodes.assign(1, post);
        view.out(post, run.k.paired_with, [&](EdgeNo e) {
            if (view.target(e) == nodes.back()) return;
            edges.push_back(e);
            nodes.push_back(view.target(e));
        });
        if (edges.empty()) continue;
        run.examined();
        if (static_cast<double>(edges.size()) > items)
            run.report("overload", nodes, edges,
                       {std::to_string(edges.size()), RuleRun::number_word(items)});
        if (unseen) {
            run.half(*unseen);
            continue;
        }
        std::map<NodeNo, std::int32_t> last;
        const auto read = [&](std::span<const std::uint32_t> rows) {
            for (const std::uint32_t row : rows)
                if (records.action[row] == visit && records.date[row] <= view.day() &&
                    records.date[row] != always_from && records.object[row] != none) {
                    auto& date = last.try_emplace(records.object[row], always_from).first->second;
                    date = std::max(date, records.date[row]);
                }
        };
        read(records.of_subject(view.like(post)));
        for (const EdgeNo e : view.holders(post))
            read(records.of_subject(view.source(e)));
        for (const EdgeNo e : edges) {
            const EdgeNo origin = view.origin(e);
            const std::int32_t begun = e >= run.s.m() || origin == none || run.s.edge_from.empty()
                                           ? (e >= run.s.m() ? view.day() : always_from)
                                           : run.s.edge_from[e];
            const auto found = last.find(view.target(e));
            const std::int32_t seen =
                std::max(begun, found == last.end() ? always_from : found->second);
            if (seen != always_from && view.day() - seen <= days) continue;
            const Date from(view.day() - static_cast<std::int32_t>(days));
            bool perhaps = may_have_record(run, records.of_subject(view.like(post)), visit, from);
            for (const EdgeNo holds : view.holders(post))
                perhaps = perhaps ||
                          may_have_record(run, records.of_subject(view.source(holds)), visit, from);
            if (perhaps) {
                run.half(Reason::unclear_records, "visit");
                continue;
            }
            if (found == last.end())
                run.report("no_visit", {post, view.target(e)}, {e});
            else
                run.report(
                    "old_visit", {post, view.target(e)}, {e},
                    {Date(found->second).text(), std::to_string(view.day() - found->second)});
        }
    }
}

// ── RS-06 ──

void letters(RuleRun& run) {
    const View& view = run.view;
    const Date due = run.day_of_year("due");
    if (view.on() < due) {
        run.not_assessed(Reason::not_due, due.text());
        return;
    }
    const int year = static_cast<int>(view.on().civil().year());
    const std::int32_t new_year = Date::of(year, 1, 1).days_since_1970();
    // A letter without an end is of the year in which it was signed.
    const auto of_the_year = [&](EdgeNo e) {
        if (e >= run.s.m() || run.s.edge_from.empty()) return true;
        return run.s.edge_to[e] != always_to || run.s.edge_from[e] == always_from ||
               run.s.edge_from[e] >= new_year;
    };
    const auto signed_by = [&](NodeNo v, auto&& superior) {
        bool found = false;
        view.in(v, run.k.signed_with,
                [&](EdgeNo e) { found = found || (of_the_year(e) && superior(view.source(e))); });
        if (!found)
            view.out(v, run.k.has_post, [&](EdgeNo has) {
                view.in(view.target(has), run.k.signed_with, [&](EdgeNo e) {
                    found = found || (of_the_year(e) && superior(view.source(e)));
                });
            });
        return found;
    };
    for (const LowerPlace& lower : lower_places(run, village_level)) {
        run.examined();
        const bool found = std::any_of(lower.bodies.begin(), lower.bodies.end(), [&](NodeNo body) {
            return signed_by(body, [&](NodeNo by) { return from_above(run, by, lower.place); });
        });
        if (!found) run.report("region", {lower.subject}, {}, {std::to_string(year)});
    }
    if (run.c.nodes(run.k.enterprise).empty()) run.partly(Reason::table_missing, "enterprises");
    for (const NodeNo e : run.c.subjects(run.k.enterprise)) {
        run.examined();
        const bool found = signed_by(e, [&](NodeNo by) { return by != e && view.unit(by) != e; });
        if (!found) run.report("enterprise", {e}, {}, {std::to_string(year)});
    }
}

// ── RS-07 ──

void single_points(RuleRun& run) {
    const double least = run.number("k");
    const SoleRegulators& alone = run.c.sole_regulators();
    run.c.sources(run.k.regulates, [&](NodeNo dept) {
        const std::size_t enterprises = alone.of(dept);
        run.examined();
        if (static_cast<double>(enterprises) >= least && enterprises > 0)
            run.report("single", {dept}, {}, {std::to_string(enterprises)});
    });
}

// ── RS-08 ──

void assessors(RuleRun& run) {
    const Records& records = run.s.records;
    const std::uint16_t assessment = records.action_no("assessment");
    std::set<std::pair<NodeNo, NodeNo>> pairs;
    for (std::uint32_t row = 0; row < records.action.size(); ++row)
        if (records.action[row] == assessment && records.date[row] <= run.view.day() &&
            records.subject[row] != none && records.object[row] != none)
            pairs.emplace(records.object[row], records.subject[row]);
    for (const auto& [assessed, assessor] : pairs) {
        if (!run.c.is_subject(assessed)) continue;
        run.examined();
        if (assessed == assessor) {
            run.report("same", {assessed});
            continue;
        }
        EdgeNo same = none;
        for (const KindNo kind : {run.k.serves_as, run.k.hosts_office})
            for (const auto& [host, hat] :
                 {std::pair(assessed, assessor), std::pair(assessor, assessed)})
                run.view.out(host, kind, [&, wanted = hat](EdgeNo e) {
                    if (same == none && run.view.target(e) == wanted) same = e;
                });
        if (same != none) run.report("office", {assessed, assessor}, {same});
    }
}

// ── RS-09 ──

void dissolved_units(RuleRun& run) {
    const View& view = run.view;
    std::vector<std::uint8_t> units(256, 0), past(256, 0);
    for (const KindNo kind : run.node_kinds("unit_kinds"))
        units[kind] = 1;
    for (const std::string& word : run.texts("past_edges"))
        if (const KindNo kind = run.s.kinds->edge(word); kind != no_kind) past[kind] = 1;
    for (NodeNo v = 0; v < run.s.n(); ++v) {
        if (units[run.s.node_kind[v]] == 0 || view.alive(v) || !run.c.is_subject(v)) continue;
        // Neither units yet to be founded nor those that a what-if dissolves: what these had was
        // handed over or is orphaned by the changes and listed with them.
        if (run.s.node_to.empty() || run.s.node_to[v] >= view.day()) continue;
        run.examined();
        std::vector<EdgeNo> edges;
        const auto look = [&](EdgeNo e) {
            if (past[run.s.edge_kind[e]] == 0 && !run.s.derived(e) && view.dated(e))
                edges.push_back(e);
        };
        for (EdgeNo e = run.s.out_offsets[v]; e < run.s.out_offsets[v + 1]; ++e)
            look(e);
        for (std::uint32_t i = run.s.in_offsets[v]; i < run.s.in_offsets[v + 1]; ++i)
            if (run.s.source[run.s.in_edges[i]] != v) look(run.s.in_edges[i]);
        if (const Overlay* overlay = view.overlay(); overlay != nullptr)
            for (std::size_t i = 0; i < overlay->edges.size(); ++i) {
                const Overlay::Edge& added = overlay->edges[i];
                const auto e = static_cast<EdgeNo>(run.s.m() + i);
                if ((added.source == v || added.target == v) && past[added.kind] == 0 &&
                    view.dated(e))
                    edges.push_back(e);
            }
        if (edges.empty()) continue;
        const std::string day = Date(run.s.node_to[v]).text();
        const std::set<NodeNo> next = living_successors(view, v);
        std::vector<NodeNo> nodes{v};
        nodes.insert(nodes.end(), next.begin(), next.end());
        run.report(next.empty() ? "gone" : "moved", nodes, edges,
                   {day, std::to_string(edges.size())});
    }
}

// ── RS-10 ──

int year_of(std::int32_t day) {
    return static_cast<int>(Date(day).civil().year());
}

void veto(RuleRun& run) {
    const View& view = run.view;
    const Records& records = run.s.records;
    const std::vector<std::string> grades = run.texts("grades"), ratings = run.texts("ratings");
    const Store::Attribute grade = run.s.attribute("grade"), date = run.s.attribute("date");
    struct Measure {
        Store::Attribute attribute;
        double from;
    };
    const Measure measures[] = {{run.s.attribute("deaths"), run.number("deaths")},
                                {run.s.attribute("injuries"), run.number("injuries")},
                                {run.s.attribute("loss"), run.number("loss")}};
    const std::uint16_t assessment = records.action_no("assessment");
    const std::uint16_t award = records.action_no("award");
    for (const NodeNo accident : run.c.subjects(run.k.accident)) {
        const NodeNo v = view.like(accident), unit = view.unit(accident);
        const bool unclear = date.unclear(v);
        const Date day = date.at(v).as_date().value_or(Date(always_from));
        const bool given = !unclear && day != Date(always_from);
        const bool slip = unclear || (given && ahead(run, day));
        const bool dated = given && !slip;
        if (dated && day > view.on()) continue;
        if (!dated || unit == none) {
            run.examined();
            if (!dated) run.unknown(RuleRun::why(slip), "nodes.date");
            if (unit == none) run.unknown(Reason::values, "nodes.unit");
            continue;
        }
        const std::string_view word = accident_grade(text_of(grade.at(v)));
        bool grave = std::find(grades.begin(), grades.end(), word) != grades.end();
        bool known = !word.empty();
        if (!known) {
            // By its numbers; any of them suffices, and only all together show that it is not.
            known = true;
            for (const Measure& measure : measures) {
                const auto number = measure.attribute.at(v).as_number();
                grave = grave || (number && *number >= measure.from);
                known = known && number.has_value();
            }
        }
        if (!grave && known) continue;
        run.examined();
        if (!grave) {
            run.unknown(RuleRun::why(grade.unclear(v)), "nodes.grade");
            continue;
        }
        const int year = year_of(day.days_since_1970());
        for (const std::uint32_t row : records.of_object(view.like(unit))) {
            if (records.date[row] == always_from || records.date[row] > view.day()) continue;
            const double named =
                records.value(row, "year").as_number().value_or(year_of(records.date[row]));
            if (named != year) continue;
            const std::string rating = text_of(records.value(row, "rating"));
            if (records.action[row] == assessment &&
                (records.unclear_at(row) & Records::value_unclear) != 0)
                run.half(Reason::unclear_records, "assessment");
            if (records.action[row] == assessment &&
                std::find(ratings.begin(), ratings.end(), rating) != ratings.end())
                run.report("rated", {unit, accident}, {}, {std::to_string(year), rating});
            if (records.action[row] == award)
                run.report("awarded", {unit, accident}, {}, {std::to_string(year)});
        }
    }
}

// ── RS-11 ──

void accountability_closed(RuleRun& run) {
    const View& view = run.view;
    const Records& records = run.s.records;
    const std::uint16_t conclusion = records.action_no("accountability_conclusion");
    const std::uint16_t outcome = records.action_no("accountability_outcome");
    const std::uint16_t evaluation = records.action_no("corrective_evaluation");
    const auto done = [&](std::uint32_t row) {
        return records.date[row] != always_from && records.date[row] <= view.day();
    };
    const auto matter = [&](std::uint32_t row) {
        const std::string named = text_of(records.value(row, "case"));
        return named.empty() ? text_of(records.value(row, "accident")) : named;
    };
    const auto no_outcomes = run.lacks("records:accountability_outcome"),
               no_evaluations = run.lacks("records:corrective_evaluation");
    std::set<std::pair<NodeNo, std::string>> told;
    for (std::uint32_t row = 0; row < records.action.size(); ++row) {
        const NodeNo object = records.object[row];
        if (records.action[row] != conclusion || !done(row) || object == none ||
            !run.c.is_subject(object))
            continue;
        const std::string about = matter(row);
        if (!told.emplace(object, about).second) continue;
        run.examined();
        const auto rows = records.of_object(object);
        const bool closed = std::any_of(rows.begin(), rows.end(), [&](std::uint32_t other) {
            return records.action[other] == outcome && done(other) && matter(other) == about;
        });
        if (closed) continue;
        if (no_outcomes) {
            run.unknown(*no_outcomes);
            continue;
        }
        if (may_have_record(run, rows, outcome, Date(records.date[row]))) {
            run.unknown(Reason::unclear_records, "accountability_outcome");
            continue;
        }
        const NodeNo accident = run.s.find(text_of(records.value(row, "accident")));
        std::vector<NodeNo> nodes{object};
        if (accident != none && accident != object) nodes.push_back(accident);
        run.report("no_outcome", nodes, {}, {about.empty() ? "—" : about});
    }
    const Store::Attribute approved = run.s.attribute("approved_on");
    for (const NodeNo accident : run.c.subjects(run.k.accident)) {
        const std::optional<Date> day = approved.at(view.like(accident)).as_date();
        if (approved.unclear(view.like(accident)) || (day && ahead(run, *day))) {
            run.examined();
            run.unknown(Reason::unclear, "nodes.approved_on");
            continue;
        }
        if (!day || *day > view.on()) continue;
        run.examined();
        if (view.on() <= add(*day, Duration{12, 0})) continue;
        const auto rows = records.of_object(view.like(accident));
        const bool evaluated = std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
            return records.action[row] == evaluation && done(row);
        });
        if (!evaluated && no_evaluations)
            run.unknown(*no_evaluations);
        else if (!evaluated && may_have_record(run, rows, evaluation, *day))
            run.unknown(Reason::unclear_records, "corrective_evaluation");
        else if (!evaluated)
            run.report("no_evaluation", {accident}, {}, {day->text()});
    }
}

constexpr RuleEntry entries[] = {
    {"RS-01", no_circles},
    {"RS-02", no_inversion},
    {"RS-03", spans_and_depth},
    {"RS-04", pairings},
    {"RS-05", pairing_load},
    {"RS-06", letters},
    {"RS-07", single_points},
    {"RS-08", assessors},
    {"RS-09", dissolved_units},
    {"RS-10", veto},
    {"RS-11", accountability_closed},
};

}  // namespace

std::span<const RuleEntry> rules_structure() {
    return entries;
}

}  // namespace safetyrisk::graph
