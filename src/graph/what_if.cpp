#include <safetyrisk/graph/what_if.hpp>

#include <safetyrisk/core/error.hpp>

#include "changes.hpp"
#include "coverage_view.hpp"
#include "load_view.hpp"
#include "rules.hpp"
#include "table_json.hpp"
#include "words.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace safetyrisk::graph {

struct WhatIf::Data {
    ResponsibilityGraph graph;
    Date on;
    std::vector<Change> changes;
    WhatIfOptions options;
    Changed changed;

    struct Orphans {
        std::vector<EdgeNo> edges;
        std::uint64_t enterprises = 0, ungraded = 0;
        std::int64_t risk_weight = 0;
    };
    std::map<KindNo, Orphans> orphans;

    struct Moved {  // a finding that came or went
        bool fresh = false;
        std::size_t row = 0;
    };
    bool whole = true;
    std::optional<Findings> findings_before, findings_after;
    std::vector<Moved> moved;
    // Of what may differ alone.
    std::optional<std::array<Coverage, 2>> coverages;
    std::array<Buffer<LoadRow>, 2> loads;

    View before() const { return View(graph.store(), on); }
    View after() const { return View(graph.store(), on, changed.overlay.get()); }
};

namespace {

using Data = WhatIf::Data;

using EdgesByPlace = std::map<NodeNo, std::vector<EdgeNo>>;

// Enterprises at those places and below them, in no order.
std::vector<NodeNo> enterprises_at(const RuleContext& day, const EdgesByPlace& at) {
    const Places& places = day.territory();
    if (places.land()->circles) return day.nodes(day.k.enterprise);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> spans;
    for (const auto& [place, edges] : at)
        if (const std::uint32_t p = places.number(place); p != none)
            spans.emplace_back(places.enter(p), p);
    std::sort(spans.begin(), spans.end());
    std::vector<NodeNo> found;
    std::uint32_t last = none;  // spans lie in one another or apart
    for (const auto& [enter, place] : spans) {
        if (last != none && places.covers(last, place)) continue;
        last = place;
        const auto below = day.enterprises().below(places, place);
        found.insert(found.end(), below.begin(), below.end());
    }
    return found;
}

// ── what is orphaned ──

void find_orphans(Data& data) {
    const View before = data.before(), after = data.after();
    const Store& s = before.s;
    const Known& k = s.known;
    std::set<EdgeNo> taken_over;
    for (std::size_t i = 0; i < data.changed.overlay->edges.size(); ++i) {
        const auto e = static_cast<EdgeNo>(s.m() + i);
        if (after.origin(e) != none && after.active(e)) taken_over.insert(after.origin(e));
    }
    for (const auto& [edge, by] : data.changed.said)
        if (after.active(by)) taken_over.insert(edge);
    std::vector<EdgeNo> lost;
    for (const EdgeNo e : data.changed.touched)
        if (before.active(e) && !after.active(e) && taken_over.count(e) == 0) {
            lost.push_back(e);
            data.orphans[s.edge_kind[e]].edges.push_back(e);
        }

    // Enterprises of each kind of edge: those at an end, and those that edges to places cover.
    const Workload workload(data.options.coverage.workload);
    const auto day = day_context(s, data.on);
    const std::vector<std::uint8_t>& colour = day->enterprises().colours();
    std::map<KindNo, std::set<NodeNo>> direct;
    EdgesByPlace to_places;
    for (const EdgeNo e : lost) {
        const KindNo kind = s.edge_kind[e];
        const bool covering = kind == k.regulates || kind == k.hosts_sector ||
                              kind == k.comprehensive || kind == k.supports;
        if (covering && s.kind_of(s.target[e]).place) {
            to_places[s.target[e]].push_back(e);
            continue;
        }
        for (NodeNo v : {s.source[e], s.target[e]}) {
            if (s.kind_of(v).owned && s.unit[v] != none) v = s.unit[v];
            if (s.is(v, k.enterprise)) direct[kind].insert(v);
        }
    }
    if (!to_places.empty()) {
        const Places& places = day->territory();
        std::vector<std::uint32_t> row(places.size(), none);
        std::vector<std::vector<EdgeNo>> edges;  // by row: of the place and all above it
        for (const std::uint32_t p : places.downward()) {
            const std::uint32_t above = places.parent(p);
            const auto own = to_places.find(places.node(p));
            const std::uint32_t up = above == none ? none : row[above];
            if (own == to_places.end()) {
                row[p] = up;
                continue;
            }
            edges.push_back(own->second);
            if (up != none)
                edges.back().insert(edges.back().end(), edges[up].begin(), edges[up].end());
            row[p] = static_cast<std::uint32_t>(edges.size() - 1);
        }
        std::map<std::pair<std::uint32_t, SetNo>, std::vector<KindNo>> kinds;
        for (const NodeNo v : enterprises_at(*day, to_places)) {
            const std::uint32_t place = places.of(v);
            if (place == none || row[place] == none) continue;
            const auto [at, fresh] = kinds.try_emplace({row[place], s.node_sectors[v]});
            if (fresh) {
                std::set<KindNo> found;
                for (const EdgeNo e : edges[row[place]])
                    for (const std::uint16_t sector : s.sectors.sets[s.node_sectors[v]])
                        if (s.edge_kind[e] == k.comprehensive ||
                            s.sectors.covers(before.sectors(e), sector))
                            found.insert(s.edge_kind[e]);
                at->second.assign(found.begin(), found.end());
            }
            for (const KindNo kind : at->second) {
                if (direct[kind].count(v) != 0) continue;
                ++data.orphans[kind].enterprises;
                data.orphans[kind].ungraded += colour[v] == 0;
                data.orphans[kind].risk_weight += workload.weight[colour[v]];
            }
        }
    }
    for (const auto& [kind, nodes] : direct)
        for (const NodeNo v : nodes) {
            ++data.orphans[kind].enterprises;
            data.orphans[kind].ungraded += colour[v] == 0;
            data.orphans[kind].risk_weight += workload.weight[colour[v]];
        }
}

// ── findings that come and go ──

// Nodes that a finding about the changes may name: the ends of what was touched, their units,
// posts and places, and what lies below the places that edges were about.
std::vector<NodeNo> nodes_near(const Data& data) {
    const View before = data.before(), after = data.after();
    const Store& s = before.s;
    const Known& k = s.known;
    std::set<NodeNo> near(data.changed.gone.begin(), data.changed.gone.end());
    EdgesByPlace to_places;
    const auto take = [&](const View& view, EdgeNo e) {
        for (const NodeNo v : {view.source(e), view.target(e)}) {
            near.insert(v);
            if (view.unit(v) != none) near.insert(view.unit(v));
            if (const NodeNo place = view.place_of(v); place != none)
                for (const NodeNo p : view.chain(place))
                    near.insert(p);
        }
    };
    for (const EdgeNo e : data.changed.touched) {
        take(before, e);
        const KindNo kind = s.edge_kind[e];
        if ((kind == k.regulates || kind == k.hosts_sector || kind == k.comprehensive) &&
            s.kind_of(s.target[e]).place)
            to_places[s.target[e]].push_back(e);
    }
    for (std::size_t i = 0; i < data.changed.overlay->edges.size(); ++i) {
        const auto e = static_cast<EdgeNo>(s.m() + i);
        if (after.dated(e)) take(after, e);
    }
    // One step on from each of them: leaders, members, tasks, hazards.
    std::vector<NodeNo> step(near.begin(), near.end());
    for (const NodeNo v : step) {
        if (v >= s.n() || s.kind_of(v).place) continue;
        for (EdgeNo e = s.out_offsets[v]; e != s.out_offsets[v + 1]; ++e)
            near.insert(s.target[e]);
        for (std::uint32_t i = s.in_offsets[v]; i != s.in_offsets[v + 1]; ++i)
            near.insert(s.source[s.in_edges[i]]);
    }
    if (!to_places.empty()) {
        const auto day = day_context(s, data.on);
        const Places& places = day->territory();
        std::vector<std::uint32_t> row(places.size(), none);
        std::vector<std::vector<EdgeNo>> edges;
        for (const std::uint32_t p : places.downward()) {
            const std::uint32_t above = places.parent(p);
            const auto own = to_places.find(places.node(p));
            const std::uint32_t up = above == none ? none : row[above];
            if (own == to_places.end()) {
                row[p] = up;
            } else {
                edges.push_back(own->second);
                if (up != none)
                    edges.back().insert(edges.back().end(), edges[up].begin(), edges[up].end());
                row[p] = static_cast<std::uint32_t>(edges.size() - 1);
            }
            if (row[p] != none) near.insert(places.node(p));
        }
        std::map<std::pair<std::uint32_t, SetNo>, bool> touched;
        for (const NodeNo v : enterprises_at(*day, to_places)) {
            if (s.division[v] == none) continue;
            const std::uint32_t place = places.number(s.division[v]);
            if (place == none || row[place] == none) continue;
            const auto [at, fresh] = touched.try_emplace({row[place], s.node_sectors[v]});
            if (fresh)
                for (const EdgeNo e : edges[row[place]])
                    for (const std::uint16_t sector : s.sectors.sets[s.node_sectors[v]])
                        at->second = at->second || s.edge_kind[e] == k.comprehensive ||
                                     s.sectors.covers(before.sectors(e), sector);
            if (at->second) near.insert(v);
        }
    }
    return {near.begin(), near.end()};
}

void compare_findings(Data& data) {
    CheckOptions options = data.options.check;
    options.on = data.on;
    std::vector<NodeNo> near;
    data.whole = data.graph.nodes() <= data.options.whole_graph;
    if (!data.whole) near = nodes_near(data);
    const std::vector<NodeNo>* const only = data.whole ? nullptr : &near;
    data.findings_before = check_view(data.graph, nullptr, options, only);
    data.findings_after = check_view(data.graph, data.changed.overlay, options, only);

    // A finding is the same when the rule says the same of the same nodes.
    using Key = std::pair<std::string_view, std::string>;
    const auto keys = [&](const Findings& findings) {
        std::vector<std::pair<Key, std::size_t>> out;
        for (std::size_t row = 0; row < findings.size(); ++row) {
            const Finding one = findings.at(row);
            // How many subjects cannot be judged is no matter of the change.
            if (one.status == RuleState::partly) continue;
            std::string text = one.status == RuleState::fails ? "f" : "n";
            // The departments near to a sector that nobody has are proposals and no witnesses.
            if (one.rule == "RD-06" && one.status == RuleState::fails) {
                text += one.nodes.front();
                for (const std::string& word : findings.words(row))
                    text += "\n" + word;
                out.push_back({{findings.rule(row), text}, row});
                continue;
            }
            for (const std::string& node : one.nodes)
                text += node + ";";
            out.push_back({{findings.rule(row), text + "\n" + one.message}, row});
        }
        return out;
    };
    auto old_keys = keys(*data.findings_before), new_keys = keys(*data.findings_after);
    auto a = old_keys, b = new_keys;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    std::set<std::size_t> gone, fresh;
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        if (j == b.size() || (i < a.size() && a[i].first < b[j].first))
            gone.insert(a[i++].second);
        else if (i == a.size() || b[j].first < a[i].first)
            fresh.insert(b[j++].second);
        else
            ++i, ++j;
    }
    for (const std::size_t row : fresh)
        data.moved.push_back({true, row});
    for (const std::size_t row : gone)
        data.moved.push_back({false, row});
}

// ── who could take over ──

struct Proposal {
    NodeNo unit = none, candidate = none;
    std::string_view reason;
    std::string words;
};

class Proposer {
public:
    Proposer(const Data& data, Lang lang)
        : before_(data.before()), after_(data.after()), s_(before_.s), k_(s_.known), lang_(lang) {
        const Store::Attribute written = s_.attribute("function");
        for (const NodeNo v : data.changed.gone) {
            if (v >= s_.n()) continue;
            if (before_.is(v, k_.post))
                of_post(v);
            else
                of_unit(v, written);
        }
        // A post that lost its holder is still there.
        std::set<NodeNo> vacant;
        for (const EdgeNo e : data.changed.touched)
            if (s_.edge_kind[e] == k_.holds && before_.active(e) && !after_.active(e) &&
                after_.alive(s_.target[e]) && !after_.held(s_.target[e]))
                vacant.insert(s_.target[e]);
        for (const NodeNo v : vacant)
            of_post(v);
    }

    std::vector<Proposal> take() { return std::move(out_); }

private:
    View before_, after_;
    const Store& s_;
    const Known& k_;
    Lang lang_;
    std::vector<Proposal> out_;
    std::set<NodeNo> seen_;

    void propose(NodeNo unit, NodeNo candidate, std::string_view reason, std::string words = {}) {
        if (candidate == none || candidate == unit || !after_.alive(candidate)) return;
        // A name of the past is nobody to take over.
        for (const KindNo kind : {k_.alias_of, k_.merged_into})
            if (candidate < s_.n() && before_.first_out(candidate, kind) != none) return;
        if (!seen_.insert(candidate).second) return;
        out_.push_back({unit, candidate, reason, std::move(words)});
    }

    std::string_view function(NodeNo v, const Store::Attribute& written) const {
        const Value value = written.at(after_.like(v));
        if (value.type == Value::Type::text && !value.text.empty()) return value.text;
        const DeptFunction* const named = function_of_name(after_.name(v));
        return named == nullptr ? std::string_view() : std::string_view(named->id);
    }

    // What a department regulates or hosts: sets of sectors, as its edges name them.
    std::set<SetNo> scopes(const View& view, NodeNo v) const {
        std::set<SetNo> found;
        for (const KindNo kind : {k_.regulates, k_.hosts_sector})
            view.out(v, kind, [&](EdgeNo e) {
                const SetNo set = view.sectors(e);
                found.insert(set == 0 ? view.node_sectors(view.target(e)) : set);
            });
        return found;
    }

    std::set<std::uint32_t> sectors(const std::set<SetNo>& scopes) const {
        std::set<std::uint32_t> found;
        for (const SetNo set : scopes)
            found.insert(s_.sectors.sets[set].begin(), s_.sectors.sets[set].end());
        return found;
    }

    bool covers(const std::set<SetNo>& scopes, std::uint32_t sector) const {
        return std::any_of(scopes.begin(), scopes.end(),
                           [&](SetNo set) { return s_.sectors.covers(set, sector); });
    }

    // A department that could take sectors over: those that speak for it, in order, and for how
    // many of the enterprises it does.
    struct Heir {
        NodeNo node = none;
        std::set<SetNo> scopes;
        std::uint64_t enterprises = 0;
        std::vector<std::string> words;
    };

    // Those of them that have words, the most enterprises first, then the most words.
    void propose(NodeNo unit, std::vector<Heir>& heirs, std::string_view reason) {
        std::vector<Heir*> chosen;
        for (Heir& heir : heirs)
            if (!heir.words.empty()) chosen.push_back(&heir);
        std::stable_sort(chosen.begin(), chosen.end(), [](const Heir* a, const Heir* b) {
            if (a->enterprises != b->enterprises) return a->enterprises > b->enterprises;
            return a->words.size() > b->words.size();
        });
        for (Heir* heir : chosen) {
            propose(unit, heir->node, reason, join(heir->words, ";"));
            heir->words.clear();
            heir->enterprises = 0;
        }
    }

    // How many enterprises there are at a place and below, by their sectors.
    std::map<SetNo, std::uint64_t> enterprises_by_sectors(NodeNo place) const {
        std::map<SetNo, std::uint64_t> found;
        const auto day = day_context(s_, before_.on());
        for (const NodeNo v : enterprises_at(*day, {{place, {}}}))
            ++found[s_.node_sectors[v]];
        return found;
    }

    // For each sector of the unit those who regulate it there already; where nobody does, those
    // who regulate its enterprises by another sector; where nobody does that either, those of a
    // near sector (业务相近, law Art. 10).
    void of_sectors(NodeNo unit, NodeNo place, const std::vector<NodeNo>& others) {
        const auto had = scopes(before_, unit);
        const auto counts = enterprises_by_sectors(place);
        std::vector<Heir> heirs;
        for (const NodeNo v : others)
            if (v != unit) heirs.push_back({v, scopes(after_, v), 0, {}});

        std::vector<std::uint32_t> open;  // sectors that nobody else has
        for (const std::uint32_t sector : sectors(had)) {
            bool taken = false;
            for (Heir& heir : heirs) {
                if (!covers(heir.scopes, sector)) continue;
                taken = true;
                heir.words.push_back(s_.sectors.all[sector].zh);
                for (const auto& [set, number] : counts)
                    if (covers({set}, sector)) heir.enterprises += number;
            }
            if (!taken) open.push_back(sector);
        }
        propose(unit, heirs, "same_sectors");

        std::vector<std::uint32_t> alone;  // and whose enterprises nobody else has
        for (const std::uint32_t sector : open) {
            bool taken = false;
            for (Heir& heir : heirs) {
                for (const auto& [set, number] : counts) {
                    if (!has(set, sector)) continue;
                    bool other = false;
                    for (const std::uint16_t own : s_.sectors.sets[set])
                        if (own != sector && covers(heir.scopes, own)) {
                            other = true;
                            const std::string& word = s_.sectors.all[own].zh;
                            if (std::find(heir.words.begin(), heir.words.end(), word) ==
                                heir.words.end())
                                heir.words.push_back(word);
                        }
                    if (other) heir.enterprises += number;
                    taken = taken || other;
                }
            }
            if (!taken) alone.push_back(sector);
        }
        propose(unit, heirs, "same_enterprises");

        for (const std::uint32_t sector : alone)
            for (Heir& heir : heirs)
                for (const std::uint32_t own : sectors(heir.scopes))
                    if (s_.sectors.likeness(sector, own) >= s_.sectors.near)
                        heir.words.push_back(s_.sectors.all[own].zh + "~" +
                                             s_.sectors.all[sector].zh);
        propose(unit, heirs, "nearest_sectors");
    }

    // Whether enterprises of a set are of a sector, or of one below it.
    bool has(SetNo set, std::uint32_t sector) const {
        for (std::uint32_t own : s_.sectors.sets[set])
            for (; own != none; own = s_.sectors.all[own].parent)
                if (own == sector) return true;
        return false;
    }

    void of_unit(NodeNo unit, const Store::Attribute& written) {
        seen_.clear();
        const NodeNo place = before_.place_of(unit);
        if (place == none) return;
        const auto of = function(unit, written);
        std::vector<NodeNo> others = after_.bodies(place, s_.node_kind[unit]);
        std::sort(others.begin(), others.end());
        others.erase(std::unique(others.begin(), others.end()), others.end());
        if (!of.empty())
            for (const NodeNo v : others)
                if (v != unit && function(v, written) == of) propose(unit, v, "function");
        // What is asked of one body for all sectors (综合监管) goes to whoever has it there too.
        std::string whole;
        if (before_.first_out(unit, k_.comprehensive) != none) {
            const EdgeKind& kind = s_.kinds->edges()[k_.comprehensive];
            whole = lang_ == Lang::zh ? kind.zh : kind.en;
            const std::size_t before = out_.size();
            for (const NodeNo v : others)
                if (v != unit && after_.first_out(v, k_.comprehensive) != none)
                    propose(unit, v, "function", whole);
            if (out_.size() != before) whole.clear();
        }
        of_sectors(unit, place, others);
        for (const KindNo kind : {k_.guides, k_.leads})
            before_.in(unit, kind, [&](EdgeNo e) {
                const NodeNo above = before_.source(e);
                if (before_.is(above, s_.node_kind[unit])) propose(unit, above, "superior", whole);
            });
        const NodeNo up = before_.parent(place);
        if (up != none && !of.empty())
            for (const NodeNo v : after_.bodies(up, s_.node_kind[unit]))
                if (function(v, written) == of) propose(unit, v, "superior", whole);
        for (const KindNo kind : {k_.government, k_.zone_admin})
            for (const NodeNo v : after_.bodies(place, kind))
                propose(unit, v, "government", whole);
    }

    void of_post(NodeNo post) {
        seen_.clear();
        before_.out(post, k_.reports_to,
                    [&](EdgeNo e) { propose(post, before_.target(e), "superior"); });
        const NodeNo unit = before_.unit(post);
        if (unit == none || !after_.alive(unit)) return;
        for (const NodeNo other : after_.posts(unit, before_.post_kind(post)))
            propose(post, other, "function");
        for (const NodeNo other : after_.posts(unit)) {
            const KindNo kind = after_.post_kind(other);
            if (kind != no_kind && s_.kinds->posts()[kind].principal)
                propose(post, other, "superior");
        }
    }
};

void text(TextBuilder& column, std::string_view cell) {
    if (cell.empty())
        column.append_null();
    else
        column.append(cell);
}

std::string ids(const View& view, const std::set<NodeNo>& nodes) {
    std::string out;
    for (const NodeNo v : nodes) {
        if (!out.empty()) out += ';';
        out += view.id(v);
    }
    return out;
}

bool is_task_role(const Known& k, KindNo kind) {
    for (const KindNo role : {k.organizes, k.leads_task, k.joint, k.shares, k.assists,
                              k.supervises_task, k.implements, k.responsible, k.guides_task})
        if (kind == role) return kind != no_kind;
    return false;
}

}  // namespace

// ── changes in words ──

Change Change::dissolve(std::string unit) {
    return {Kind::dissolve, {std::move(unit)}, {}, {}, {}};
}

Change Change::merge(std::vector<std::string> units, std::string into) {
    return {Kind::merge, std::move(units), {std::move(into)}, {}, {}};
}

Change Change::split(std::string unit, std::vector<std::string> into,
                     std::vector<std::pair<std::string, std::string>> by) {
    return {Kind::split, {std::move(unit)}, std::move(into), {}, std::move(by)};
}

Change Change::move_sector(std::string sector, std::string from, std::string to) {
    return {Kind::move_sector, {std::move(from)}, {std::move(to)}, std::move(sector), {}};
}

Change Change::vacate(std::string post) {
    return {Kind::vacate, {std::move(post)}, {}, {}, {}};
}

std::string Change::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const std::string a = join(units, zh ? "、" : ", "), b = join(into, zh ? "、" : ", ");
    switch (kind) {
        case Kind::dissolve:
            return (zh ? "撤销 " : "dissolve ") + a;
        case Kind::merge:
            return zh ? a + " 合并为 " + b : "merge " + a + " into " + b;
        case Kind::split:
            return zh ? a + " 拆分为 " + b : "split " + a + " into " + b;
        case Kind::move_sector:
            return zh ? sector + " 由 " + a + " 划归 " + b
                      : "move " + sector + " from " + a + " to " + b;
        default:
            return (zh ? "空缺 " : "vacate ") + a;
    }
}

// ── the answer ──

WhatIf what_if(const ResponsibilityGraph& graph, std::vector<Change> changes,
               const WhatIfOptions& options) {
    auto data = std::make_shared<WhatIf::Data>(
        WhatIf::Data{.graph = graph, .on = graph.day(options.on), .options = options});
    data->changes = std::move(changes);
    data->changed = apply(graph, data->on, data->changes);
    find_orphans(*data);
    if (options.rules) compare_findings(*data);
    CoverageOptions coverage = options.coverage;
    coverage.on = data->on;
    data->coverages = changed_coverages(graph, data->changed.overlay, coverage);
    if (options.load) {
        LoadOptions load;
        load.on = data->on;
        load.workload = options.coverage.workload;
        load.work = options.coverage.work;
        data->loads = changed_loads(graph, data->changed.overlay, load);
    }
    return WhatIf(std::move(data));
}

Table WhatIf::orphans(Lang lang) const {
    const View view = data_->before();
    const Store& s = view.s;
    TextBuilder kind, name, sources, targets;
    std::vector<std::int64_t> edges, enterprises, weight;
    std::vector<std::uint8_t> weighed;
    for (const auto& [number, orphans] : data_->orphans) {
        if (orphans.edges.empty()) continue;
        const EdgeKind& of = s.kinds->edges()[number];
        kind.append(of.id);
        name.append(lang == Lang::zh ? of.zh : of.en);
        std::set<NodeNo> from, to;
        for (const EdgeNo e : orphans.edges) {
            from.insert(s.source[e]);
            to.insert(s.target[e]);
        }
        sources.append(ids(view, from));
        targets.append(ids(view, to));
        edges.push_back(static_cast<std::int64_t>(orphans.edges.size()));
        enterprises.push_back(static_cast<std::int64_t>(orphans.enterprises));
        weight.push_back(orphans.risk_weight);
        weighed.push_back(orphans.enterprises != 0 && orphans.ungraded == orphans.enterprises ? 0
                                                                                              : 1);
    }
    Table table(Origin{"orphans", "", -1, {}, -1});
    table.add("kind", kind.finish());
    table.add("kind_name", name.finish());
    table.add("edges", Column::of(std::move(edges)));
    table.add("enterprises", Column::of(std::move(enterprises)));
    table.add("risk_weight", Column::of(std::move(weight), weighed));
    table.add("sources", sources.finish());
    table.add("targets", targets.finish());
    return table;
}

Table WhatIf::findings(Lang lang) const {
    TextBuilder change, rule, severity, status, nodes, message;
    for (const Data::Moved& one : data_->moved) {
        const Findings& of = one.fresh ? *data_->findings_after : *data_->findings_before;
        const Finding finding = of.at(one.row, lang);
        change.append(one.fresh ? "new" : "gone");
        rule.append(finding.rule);
        severity.append(to_string(finding.severity));
        status.append(to_string(finding.status));
        text(nodes, join(finding.nodes, ";"));
        message.append(finding.message);
    }
    Table table(Origin{"findings_changed", "", -1, {}, -1});
    table.add("change", change.finish());
    table.add("rule", rule.finish());
    table.add("severity", severity.finish());
    table.add("status", status.finish());
    table.add("nodes", nodes.finish());
    table.add("message", message.finish());
    return table;
}

std::string_view WhatIf::rules_scope() const {
    return !data_->options.rules ? "none" : data_->whole ? "whole" : "near";
}

Table WhatIf::coverage_changes(Lang lang) const {
    const View view = data_->after();
    const Store& s = view.s;
    using Key = std::tuple<NodeNo, std::uint32_t, std::uint32_t>;
    struct Pair {
        std::size_t before = none, after = none;
    };
    std::map<Key, Pair> cells;
    const Coverage& a = (*data_->coverages)[0];
    const Coverage& b = (*data_->coverages)[1];
    for (std::size_t i = 0; i < a.cells().size(); ++i)
        cells[{a.cells()[i].region, a.cells()[i].sector, a.cells()[i].link}].before = i;
    for (std::size_t i = 0; i < b.cells().size(); ++i)
        cells[{b.cells()[i].region, b.cells()[i].sector, b.cells()[i].link}].after = i;

    TextBuilder region, region_name, sector, sector_name, link, before, after, lost, gained;
    std::vector<std::int64_t> open_before, open_after, enterprises, weight;
    std::vector<std::uint8_t> told_before, told_after, weighed;
    const auto departments = [](const Coverage& of, std::size_t i) {
        std::set<NodeNo> out;
        if (i == none) return out;
        out.insert(of.leads(i).begin(), of.leads(i).end());
        out.insert(of.others(i).begin(), of.others(i).end());
        return out;
    };
    for (const auto& [key, pair] : cells) {
        const CoverageCell x = pair.before == none ? CoverageCell{} : a.cells()[pair.before];
        const CoverageCell y = pair.after == none ? CoverageCell{} : b.cells()[pair.after];
        const auto old_ones = departments(a, pair.before), new_ones = departments(b, pair.after);
        std::set<NodeNo> minus, plus;
        for (const NodeNo v : old_ones)
            if (new_ones.count(v) == 0) minus.insert(v);
        for (const NodeNo v : new_ones)
            if (old_ones.count(v) == 0) plus.insert(v);
        if (x.state == y.state && x.uncovered == y.uncovered && minus.empty() && plus.empty())
            continue;
        const auto& [node, number, of_link] = key;
        region.append(view.id(node));
        region_name.append(view.name(node));
        const Sectors::Sector& of = s.sectors.all[number];
        sector.append(of.id);
        sector_name.append(lang == Lang::en && !of.en.empty() ? of.en : of.zh);
        text(link, of_link == none ? std::string_view() : std::string_view(s.links[of_link]));
        before.append(to_string(x.state));
        after.append(to_string(y.state));
        text(lost, ids(view, minus));
        text(gained, ids(view, plus));
        open_before.push_back(static_cast<std::int64_t>(x.uncovered));
        open_after.push_back(static_cast<std::int64_t>(y.uncovered));
        told_before.push_back(x.state == CoverState::unknown ? 0 : 1);
        told_after.push_back(y.state == CoverState::unknown ? 0 : 1);
        const CoverageCell& one = pair.after == none ? x : y;
        enterprises.push_back(static_cast<std::int64_t>(one.enterprises));
        weight.push_back(one.risk_weight);
        weighed.push_back(one.none_graded() ? 0 : 1);
    }
    Table table(Origin{"coverage_changed", "", -1, {}, -1});
    table.add("region", region.finish());
    table.add("region_name", region_name.finish());
    table.add("sector", sector.finish());
    table.add("sector_name", sector_name.finish());
    table.add("link", link.finish());
    table.add("before", before.finish());
    table.add("after", after.finish());
    table.add("uncovered_before", Column::of(std::move(open_before), told_before));
    table.add("uncovered_after", Column::of(std::move(open_after), told_after));
    table.add("enterprises", Column::of(std::move(enterprises)));
    table.add("risk_weight", Column::of(std::move(weight), weighed));
    table.add("lost", lost.finish());
    table.add("gained", gained.finish());
    return table;
}

Table WhatIf::load_changes(Lang) const {
    const View view = data_->after();
    TextBuilder unit, name;
    std::vector<std::int64_t> old_count, new_count;
    std::vector<double> old_demand, new_demand, old_load, new_load;
    const auto& [a, b] = data_->loads;
    LoadRow nothing;
    nothing.load = std::nan("");
    const auto add = [&](const LoadRow& x, const LoadRow& y) {
        const auto same = [](double p, double q) {
            return p == q || (std::isnan(p) && std::isnan(q));
        };
        if (x.all() == y.all() && same(x.demand, y.demand) && same(x.load, y.load)) return;
        const NodeNo v = x.node == none ? y.node : x.node;
        unit.append(view.id(v));
        name.append(view.name(v));
        old_count.push_back(static_cast<std::int64_t>(x.all()));
        new_count.push_back(static_cast<std::int64_t>(y.all()));
        old_demand.push_back(x.demand);
        new_demand.push_back(y.demand);
        old_load.push_back(x.load);
        new_load.push_back(y.load);
    };
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        if (j == b.size() || (i < a.size() && a[i].node < b[j].node))
            add(a[i++], nothing);
        else if (i == a.size() || b[j].node < a[i].node)
            add(nothing, b[j++]);
        else
            add(a[i++], b[j++]);
    }
    Table table(Origin{"load_changed", "", -1, {}, -1});
    table.add("unit", unit.finish());
    table.add("name", name.finish());
    table.add("enterprises_before", Column::of(std::move(old_count)));
    table.add("enterprises_after", Column::of(std::move(new_count)));
    table.add("demand_before", Column::of(std::move(old_demand)));
    table.add("demand_after", Column::of(std::move(new_demand)));
    table.add("load_before", Column::of(std::move(old_load)));
    table.add("load_after", Column::of(std::move(new_load)));
    return table;
}

Table WhatIf::proposals(Lang lang) const {
    const View view = data_->after();
    TextBuilder unit, name, candidate, candidate_name, reason, words;
    std::vector<std::int64_t> rank;
    NodeNo last = none;
    for (const Proposal& one : Proposer(*data_, lang).take()) {
        rank.push_back(one.unit == last ? rank.back() + 1 : 1);
        last = one.unit;
        unit.append(view.id(one.unit));
        name.append(view.name(one.unit));
        candidate.append(view.id(one.candidate));
        candidate_name.append(view.name(one.candidate));
        reason.append(one.reason);
        text(words, one.words);
    }
    Table table(Origin{"proposals", "", -1, {}, -1});
    table.add("unit", unit.finish());
    table.add("name", name.finish());
    table.add("rank", Column::of(std::move(rank)));
    table.add("candidate", candidate.finish());
    table.add("candidate_name", candidate_name.finish());
    table.add("reason", reason.finish());
    table.add("words", words.finish());
    return table;
}

Table WhatIf::open_items(Lang lang) const {
    const View view = data_->before();
    const Store& s = view.s;
    const Known& k = s.known;
    std::set<std::tuple<NodeNo, std::string, NodeNo>> items;  // node, role, unit
    const Store::Attribute state = s.attribute("state"), closed = s.attribute("closed_on");
    const auto open = [&](NodeNo v) {
        const Value word = state.at(v);
        return closed.at(v).is_empty() && word.text != "closed" && word.text != "销号" &&
               word.text != "已办结";
    };
    for (const auto& [kind, orphans] : data_->orphans)
        for (const EdgeNo e : orphans.edges) {
            const std::string& id = s.kinds->edges()[kind].id;
            if (is_task_role(k, kind)) items.emplace(s.target[e], id, s.source[e]);
            if ((kind == k.owns_hazard || kind == k.found || kind == k.verifies) &&
                open(s.target[e]))
                items.emplace(s.target[e], id, s.source[e]);
            if (kind == k.addresses && open(s.source[e]))
                items.emplace(s.source[e], id, s.target[e]);
        }
    // Hazards name who supervises them in a column of their own; a successor supervises on.
    std::set<NodeNo> succeeded;
    for (const Changed::Line& line : data_->changed.lineage)
        succeeded.insert(line.kind == k.merged_into ? line.source : line.target);
    for (const char* column : {"supervised_by", "reported_to"}) {
        const Store::Attribute by = s.attribute(column);
        if (!by.anywhere() || k.hazard == no_kind || data_->changed.gone.empty()) continue;
        for (auto at = s.node_kind.begin();
             (at = std::find(at, s.node_kind.end(), k.hazard)) != s.node_kind.end(); ++at) {
            const auto v = static_cast<NodeNo>(at - s.node_kind.begin());
            const Value value = by.at(v);
            if (value.type != Value::Type::text || !view.alive(v) || !open(v)) continue;
            const NodeNo unit = s.find(value.text);
            if (unit != none && succeeded.count(unit) == 0 &&
                std::binary_search(data_->changed.gone.begin(), data_->changed.gone.end(), unit))
                items.emplace(v, column, unit);
        }
    }
    TextBuilder node, name, kind, role, unit;
    for (const auto& [v, how, of] : items) {
        node.append(view.id(v));
        text(name, view.name(v));
        const NodeKind& what = s.kind_of(v);
        kind.append(lang == Lang::zh ? what.zh : what.id);
        role.append(how);
        unit.append(view.id(of));
    }
    Table table(Origin{"open_items", "", -1, {}, -1});
    table.add("node", node.finish());
    table.add("name", name.finish());
    table.add("kind", kind.finish());
    table.add("role", role.finish());
    table.add("unit", unit.finish());
    return table;
}

Table WhatIf::obsolete_names() const {
    const View before = data_->before(), after = data_->after();
    const Store& s = before.s;
    const Known& k = s.known;
    TextBuilder unit, name, successor, written;
    std::vector<NodeNo> texts;
    for (NodeNo v = 0; v < s.n(); ++v)
        if ((s.is(v, k.task) || s.is(v, k.document)) && before.alive(v)) texts.push_back(v);
    for (const NodeNo v : data_->changed.gone) {
        if (v >= s.n() || s.is(v, k.post)) continue;
        std::set<NodeNo> heirs;
        for (const Changed::Line& line : data_->changed.lineage) {
            if (line.kind == k.merged_into && line.source == v) heirs.insert(line.target);
            if (line.kind == k.split_from && line.target == v) heirs.insert(line.source);
        }
        std::vector<std::string_view> names{s.name(v)};
        before.in(v, k.alias_of, [&](EdgeNo e) { names.push_back(before.name(before.source(e))); });
        for (const std::string_view one : names) {
            if (one.empty()) continue;
            std::set<NodeNo> in;
            for (const NodeNo t : texts)
                if (s.name(t).find(one) != std::string_view::npos) in.insert(t);
            unit.append(s.id(v));
            name.append(one);
            text(successor, ids(after, heirs));
            text(written, ids(before, in));
        }
    }
    Table table(Origin{"obsolete_names", "", -1, {}, -1});
    table.add("unit", unit.finish());
    table.add("name", name.finish());
    table.add("successor", successor.finish());
    table.add("written_in", written.finish());
    return table;
}

Table WhatIf::lineage() const {
    const View view = data_->after();
    TextBuilder source, kind, target, from;
    for (const Changed::Line& line : data_->changed.lineage) {
        source.append(view.id(line.source));
        kind.append(view.s.kinds->edges()[line.kind].id);
        target.append(view.id(line.target));
        from.append(data_->on.text());
    }
    Table table(Origin{"lineage", "", -1, {}, -1});
    table.add("source", source.finish());
    table.add("kind", kind.finish());
    table.add("target", target.finish());
    table.add("valid_from", from.finish());
    return table;
}

Table WhatIf::kept_wider() const {
    const View view = data_->before();
    const Store& s = view.s;
    TextBuilder source, kind, target, sectors;
    for (const EdgeNo e : data_->changed.wider) {
        source.append(s.id(s.source[e]));
        kind.append(s.kinds->edges()[s.edge_kind[e]].id);
        target.append(s.id(s.target[e]));
        sectors.append(join(sector_names(s, view.sectors(e), Lang::zh, true), ";"));
    }
    Table table(Origin{"kept_wider", "", -1, {}, -1});
    table.add("source", source.finish());
    table.add("kind", kind.finish());
    table.add("target", target.finish());
    table.add("sectors", sectors.finish());
    return table;
}

Coverage WhatIf::coverage_after() const {
    CoverageOptions coverage = data_->options.coverage;
    coverage.on = data_->on;
    coverage.work = {};
    return coverage_view(data_->graph, data_->changed.overlay, coverage);
}

Load WhatIf::load_after() const {
    LoadOptions load;
    load.on = data_->on;
    load.workload = data_->options.coverage.workload;
    return load_view(data_->graph, data_->changed.overlay, load);
}

Findings WhatIf::findings_after(const CheckOptions& options) const {
    CheckOptions asked = options;
    asked.on = data_->on;
    return check_view(data_->graph, data_->changed.overlay, asked, nullptr);
}

const ResponsibilityGraph& WhatIf::graph() const {
    return data_->graph;
}
Date WhatIf::on() const {
    return data_->on;
}
const std::vector<Change>& WhatIf::changes() const {
    return data_->changes;
}

std::string WhatIf::to_json(Lang lang) const {
    using safetyrisk::detail::Json;
    Json changes = Json::array();
    for (const Change& change : data_->changes)
        changes.push_back(change.text(lang));
    const Json document{{"format", 1},
                        {"on", data_->on.text()},
                        {"changes", changes},
                        {"orphans", json_rows(orphans(lang))},
                        {"rules_scope", rules_scope()},
                        {"findings", json_rows(findings(lang))},
                        {"coverage", json_rows(coverage_changes(lang))},
                        {"load", json_rows(load_changes(lang))},
                        {"proposals", json_rows(proposals(lang))},
                        {"open_items", json_rows(open_items(lang))},
                        {"obsolete_names", json_rows(obsolete_names())},
                        {"lineage", json_rows(lineage())},
                        {"kept_wider", json_rows(kept_wider())}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safetyrisk::graph
