#include "changes.hpp"
#include "near.hpp"

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace safetyrisk::graph {
namespace {

class Changer {
public:
    Changer(const ResponsibilityGraph& graph, Date on)
        : graph_(graph), s_(graph.store()), k_(s_.known), on_(on) {
        out_.overlay = std::make_shared<Overlay>();
    }

    void make(const Change& change) {
        switch (change.kind) {
            case Change::Kind::dissolve:
                return dissolve(change);
            case Change::Kind::merge:
                return merge(change);
            case Change::Kind::split:
                return split(change);
            case Change::Kind::move_sector:
                return move_sector(change);
            case Change::Kind::vacate:
                return vacate(change);
        }
    }

    Changed take() {
        join_pieces();
        const View view = this->view();
        for (const NodeNo v : touched_nodes_)
            if (!view.alive(v)) out_.gone.push_back(v);
        std::sort(out_.gone.begin(), out_.gone.end());
        out_.gone.erase(std::unique(out_.gone.begin(), out_.gone.end()), out_.gone.end());
        std::sort(out_.touched.begin(), out_.touched.end());
        out_.touched.erase(std::unique(out_.touched.begin(), out_.touched.end()),
                           out_.touched.end());
        // What came back is not lost.
        std::erase_if(out_.lineage, [&](const Changed::Line& line) {
            if (line.kind == k_.split_from) return !view.alive(line.source);
            return view.alive(line.source) || line.source >= s_.n();
        });
        return std::move(out_);
    }

private:
    using Edge = Overlay::Edge;

    const ResponsibilityGraph& graph_;
    const Store& s_;
    const Known& k_;
    Date on_;
    Changed out_;
    std::vector<NodeNo> touched_nodes_;
    std::set<std::uint32_t> dead_;  // added nodes that went again

    Overlay& overlay() { return *out_.overlay; }
    View view() const { return View(s_, on_, out_.overlay.get()); }

    // ── nodes ──

    // A node by its id, added ones first; `none` if there is none.
    NodeNo known(const std::string& id) const {
        for (std::size_t i = out_.overlay->nodes.size(); i-- > 0;)
            if (out_.overlay->nodes[i].id == id) return static_cast<NodeNo>(s_.n() + i);
        return graph_.find(id);
    }

    // `kinds`: of which somebody may have meant one where there is no such id; empty: any.
    NodeNo there(const std::string& id, const std::vector<KindNo>& kinds = {}) const {
        const NodeNo v = known(id);
        if (v == none)
            throw NotFoundError("no node has the id '" + id + "'" + near_nodes(s_, id, kinds));
        if (!view().alive(v))
            throw InputError("'" + id + "' is not there on " + on_.text() +
                             ", so it cannot change");
        return v;
    }

    std::vector<KindNo> seated_kinds() const {
        std::vector<KindNo> found;
        for (std::size_t i = 0; i < s_.kinds->nodes().size(); ++i)
            if (s_.kinds->nodes()[i].seated) found.push_back(static_cast<KindNo>(i));
        return found;
    }

    NodeNo unit(const std::string& id) const {
        const NodeNo v = there(id, seated_kinds());
        const NodeKind& kind = s_.kinds->nodes()[view().node_kind(v)];
        if (kind.place || view().is(v, k_.post) || view().is(v, k_.person) ||
            view().is(v, k_.sector))
            throw InputError("'" + id + "' is a " + kind.en +
                             "; units are dissolved, merged and split");
        return v;
    }

    // The unit that takes over: one that is there, one that comes back, or a new one.
    NodeNo heir(const std::string& id, NodeNo like) {
        const NodeNo v = known(id);
        if (v == none) {
            if (id.empty()) throw InputError("a new unit needs an id");
            overlay().nodes.push_back({id, id, view().like(like)});
            touched_nodes_.push_back(static_cast<NodeNo>(s_.n() + overlay().nodes.size() - 1));
            return touched_nodes_.back();
        }
        if (view().alive(v)) return unit(id);
        if (v < s_.n() && overlay().hidden_nodes.count(v) == 0)
            throw InputError("'" + id + "' is not there on " + on_.text());
        overlay().hidden_nodes.erase(v);
        return v;
    }

    void hide(NodeNo v) {
        for (const EdgeNo e : edges(v))
            touch(e);
        overlay().hide(v);
        touched_nodes_.push_back(v);
    }

    // ── edges ──

    void touch(EdgeNo e) {
        const EdgeNo origin = view().origin(e);
        if (origin != none) out_.touched.push_back(origin);
    }

    void hide_edge(EdgeNo e) {
        touch(e);
        if (e < s_.m()) {
            overlay().hidden_edges.insert(e);
        } else {
            Edge& added = overlay().edges[e - s_.m()];
            added.from = 1;
            added.to = 0;
        }
    }

    // All active edges at a node, each once.
    std::vector<EdgeNo> edges(NodeNo v) const {
        const View view = this->view();
        std::vector<EdgeNo> found;
        const auto take = [&](EdgeNo e) {
            if (view.active(e)) found.push_back(e);
        };
        if (v < s_.n()) {
            for (EdgeNo e = s_.out_offsets[v]; e != s_.out_offsets[v + 1]; ++e)
                take(e);
            for (std::uint32_t i = s_.in_offsets[v]; i != s_.in_offsets[v + 1]; ++i)
                if (s_.source[s_.in_edges[i]] != v) take(s_.in_edges[i]);
        }
        for (const auto* index : {&out_.overlay->out, &out_.overlay->in})
            if (const auto at = index->find(v); at != index->end())
                for (const EdgeNo e : at->second)
                    if (index == &out_.overlay->out || view.source(e) != v) take(e);
        return found;
    }

    Edge as_added(EdgeNo e) const {
        const View view = this->view();
        if (e >= s_.m()) return out_.overlay->edges[e - s_.m()];
        Edge edge;
        edge.source = view.source(e);
        edge.target = view.target(e);
        edge.kind = view.kind(e);
        edge.flags = view.flags(e);
        edge.sectors = view.sectors(e);
        edge.links = view.links(e);
        if (!s_.edge_from.empty()) {
            edge.from = s_.edge_from[e];
            edge.to = s_.edge_to[e];
        }
        edge.like = e;
        return edge;
    }

    static auto key(const Edge& edge) {
        return std::tuple(edge.source, edge.target, edge.kind, edge.flags, edge.sectors,
                          edge.links);
    }

    // Adds an edge unless the very same holds already.
    void add(const Edge& edge) {
        if (edge.source == edge.target) return;
        const View view = this->view();
        EdgeNo same = none;
        view.out(edge.source, edge.kind, [&](EdgeNo e) {
            if (same == none && view.target(e) == edge.target && key(as_added(e)) == key(edge))
                same = e;
        });
        if (same == none)
            overlay().add(s_, edge);
        else if (edge.like != none)
            out_.said.emplace_back(edge.like, same);
    }

    static void replace(Edge& edge, NodeNo from, NodeNo to) {
        if (edge.source == from) edge.source = to;
        if (edge.target == from) edge.target = to;
    }

    bool principal(NodeNo post) const {
        const KindNo kind = view().post_kind(post);
        return kind != no_kind && s_.kinds->posts()[kind].principal;
    }

    // Edges that say where a unit sits and whom it serves go to each of its parts.
    bool shared_by_parts(const Edge& edge, NodeNo of) const {
        const KindNo kind = edge.kind;
        if (kind == k_.seated_in || kind == k_.guides) return true;
        return edge.target == of && (kind == k_.leads || kind == k_.in_charge_of);
    }

    void hand_over_post(NodeNo post, NodeNo from, NodeNo to) {
        if (principal(post))
            for (const NodeNo other : view().posts(to, view().post_kind(post)))
                if (other != post) {
                    // Its duties go to the post that stays; its holder holds nothing there.
                    for (const EdgeNo e : edges(post)) {
                        Edge edge = as_added(e);
                        if (edge.kind == k_.has_post || edge.kind == k_.holds) continue;
                        replace(edge, post, other);
                        add(edge);
                    }
                    hide(post);
                    return;
                }
        const NodeNo home = post < s_.n() ? View(s_, view().on()).unit(post) : none;
        if (home == to)
            overlay().units.erase(post);
        else
            overlay().units[post] = to;
        for (const EdgeNo e : edges(post)) {
            Edge edge = as_added(e);
            if (edge.kind != k_.has_post || edge.source != from) continue;
            replace(edge, from, to);
            add(edge);
        }
    }

    // ── changes ──

    static void expect(bool fine, const char* what) {
        if (!fine) throw InputError(what);
    }

    void dissolve(const Change& change) {
        expect(change.units.size() == 1, "one unit is dissolved at a time");
        const NodeNo v = unit(change.units[0]);
        for (const NodeNo post : view().posts(v))
            hide(post);
        hide(v);
    }

    void merge(const Change& change) {
        expect(!change.units.empty() && change.into.size() == 1,
               "units are merged into one: Merge([a, b], into=c)");
        std::vector<NodeNo> merged;
        for (const std::string& id : change.units) {
            const NodeNo v = unit(id);
            if (std::find(merged.begin(), merged.end(), v) != merged.end())
                throw InputError("'" + id + "' is merged twice");
            merged.push_back(v);
        }
        const NodeNo to = heir(change.into[0], merged[0]);
        if (merged == std::vector<NodeNo>{to})
            throw InputError("'" + change.into[0] + "' is merged into itself only");
        for (const NodeNo v : merged) {
            if (v == to) continue;
            for (const NodeNo post : view().posts(v))
                hand_over_post(post, v, to);
            for (const EdgeNo e : edges(v)) {
                Edge edge = as_added(e);
                if (edge.kind == k_.has_post) continue;
                replace(edge, v, to);
                add(edge);
            }
            hide(v);
            if (k_.merged_into != no_kind) out_.lineage.push_back({v, to, k_.merged_into});
        }
    }

    void split(const Change& change) {
        expect(change.units.size() == 1 && !change.into.empty(),
               "one unit is split into others: Split(a, into=[b, c], by={sector: part})");
        const NodeNo v = unit(change.units[0]);
        std::vector<NodeNo> parts;
        for (const std::string& id : change.into) {
            const NodeNo part = heir(id, v);
            if (std::find(parts.begin(), parts.end(), part) != parts.end())
                throw InputError("'" + id + "' is named twice as a part");
            parts.push_back(part);
        }
        std::map<std::uint32_t, NodeNo> by_sector;
        std::map<NodeNo, NodeNo> by_place;
        for (const auto& [what, part] : change.by) {
            const NodeNo to = known(part);
            if (std::find(parts.begin(), parts.end(), to) == parts.end())
                throw InputError("by: '" + part + "' is none of the parts");
            const std::uint32_t sector = s_.sectors.find(what);
            const NodeNo place = known(what);
            if (sector != none)
                by_sector[sector] = to;
            else if (place != none && s_.kinds->nodes()[view().node_kind(place)].place)
                by_place[place] = to;
            else
                throw NotFoundError("by: '" + what + "' is neither a sector nor a place");
        }

        for (const NodeNo post : view().posts(v))
            if (v != parts[0]) hand_over_post(post, v, parts[0]);
        for (const EdgeNo e : edges(v)) {
            const Edge edge = as_added(e);
            if (edge.kind == k_.has_post) continue;
            std::vector<std::pair<NodeNo, SetNo>> takers =
                takers_of(edge, v, parts, by_sector, by_place);
            if (takers.size() == 1 && takers[0] == std::pair(v, edge.sectors)) continue;
            if (std::find(parts.begin(), parts.end(), v) != parts.end()) hide_edge(e);
            for (const auto& [to, set] : takers) {
                Edge piece = edge;
                piece.sectors = set;
                replace(piece, v, to);
                add(piece);
            }
        }
        for (const NodeNo part : parts)
            if (part != v && k_.split_from != no_kind)
                out_.lineage.push_back({part, v, k_.split_from});
        if (std::find(parts.begin(), parts.end(), v) == parts.end()) hide(v);
    }

    // Parts that take an edge, each with the set of sectors that it takes.
    std::vector<std::pair<NodeNo, SetNo>> takers_of(
        const Edge& edge, NodeNo v, const std::vector<NodeNo>& parts,
        const std::map<std::uint32_t, NodeNo>& by_sector,
        const std::map<NodeNo, NodeNo>& by_place) const {
        std::vector<std::pair<NodeNo, SetNo>> takers;
        if (shared_by_parts(edge, v)) {
            for (const NodeNo part : parts)
                takers.emplace_back(part, edge.sectors);
            return takers;
        }
        const View view = this->view();
        const NodeNo other = edge.source == v ? edge.target : edge.source;
        NodeNo by = none;
        const NodeNo place = view.place_of(other);
        if (!by_place.empty() && place != none)
            for (const NodeNo p : view.chain(place))
                if (const auto at = by_place.find(p); at != by_place.end() && by == none)
                    by = at->second;
        // An edge without sectors to an enterprise goes by the enterprise's.
        SetNo sectors = edge.sectors;
        if (sectors == 0 && view.is(other, k_.enterprise)) sectors = view.node_sectors(other);
        std::map<NodeNo, std::vector<std::uint16_t>> shares;
        for (const std::uint16_t sector : s_.sectors.sets[sectors]) {
            NodeNo to = by;
            std::size_t steps = 0;
            for (std::uint32_t up = sector;
                 to == none && up != none && steps++ < s_.sectors.all.size();
                 up = s_.sectors.all[up].parent)
                if (const auto at = by_sector.find(up); at != by_sector.end()) to = at->second;
            shares[to == none ? parts[0] : to].push_back(sector);
        }
        if (shares.empty()) {
            takers.emplace_back(by == none ? parts[0] : by, edge.sectors);
        } else if (shares.size() == 1) {
            takers.emplace_back(shares.begin()->first, edge.sectors);
        } else if (edge.sectors == 0) {
            for (const auto& [to, list] : shares)
                takers.emplace_back(to, edge.sectors);
        } else {
            for (const auto& [to, list] : shares)
                for (const SetNo set : sets_of(list))
                    takers.emplace_back(to, set);
        }
        return takers;
    }

    // Sets that together are a list of sectors: the very set where there is one, else each alone.
    std::vector<SetNo> sets_of(std::vector<std::uint16_t> list) const {
        std::sort(list.begin(), list.end());
        const auto& sets = s_.sectors.sets;
        const auto whole = std::find(sets.begin(), sets.end(), list);
        if (whole != sets.end()) return {static_cast<SetNo>(whole - sets.begin())};
        std::vector<SetNo> out;
        for (const std::uint16_t one : list)
            out.push_back(static_cast<SetNo>(
                std::find(sets.begin(), sets.end(), std::vector<std::uint16_t>{one}) -
                sets.begin()));
        return out;
    }

    bool below(std::uint32_t sector, std::uint32_t above) const {
        std::size_t steps = 0;
        for (; sector != none && steps <= s_.sectors.all.size();
             sector = s_.sectors.all[sector].parent, ++steps)
            if (sector == above) return true;
        return false;
    }

    // Whether an enterprise is of that sector itself, not of one below it.
    bool anybody_of(std::uint32_t sector) const {
        std::vector<std::uint8_t> has(s_.sectors.sets.size(), 0);
        for (std::size_t set = 0; set < has.size(); ++set)
            has[set] = std::binary_search(s_.sectors.sets[set].begin(), s_.sectors.sets[set].end(),
                                          static_cast<std::uint16_t>(sector))
                           ? 1
                           : 0;
        for (NodeNo v = 0; v < s_.n(); ++v)
            if (has[s_.node_sectors[v]] != 0 && s_.is(v, k_.enterprise)) return true;
        return false;
    }

    void move_sector(const Change& change) {
        expect(change.units.size() == 1 && change.into.size() == 1,
               "a sector moves from one unit to one: MoveSector(sector, source, target)");
        const NodeNo from = unit(change.units[0]);
        const NodeNo to = heir(change.into[0], from);
        if (from == to) throw InputError("a sector moves to another unit");
        const std::uint32_t sector = s_.sectors.find(change.sector);
        if (sector == none)
            throw NotFoundError("no sector '" + change.sector + "'" +
                                near_sectors(s_.sectors, change.sector));
        touched_nodes_.push_back(from);
        touched_nodes_.push_back(to);
        const std::size_t before = overlay().edges.size();
        for (const EdgeNo e : edges(from)) {
            const Edge edge = as_added(e);
            const bool moves = edge.kind == k_.regulates || edge.kind == k_.hosts_sector ||
                               edge.kind == k_.supports;
            if (!moves || edge.source != from) continue;
            if (edge.sectors == 0) {
                // A whole enterprise moves when it has no other sector.
                if (!view().is(edge.target, k_.enterprise)) continue;
                const auto& set = s_.sectors.sets[view().node_sectors(edge.target)];
                std::vector<std::uint16_t> stay, go;
                for (const std::uint16_t one : set)
                    (below(one, sector) ? go : stay).push_back(one);
                if (go.empty()) continue;
                move(e, edge, to, stay, go);
                continue;
            }
            std::vector<std::uint16_t> stay, go;
            bool wider = false;
            for (const std::uint16_t one : s_.sectors.sets[edge.sectors]) {
                if (below(one, sector)) {
                    go.push_back(one);
                } else if (below(sector, one)) {
                    if (!without(one, sector, stay)) wider = true;
                    go.push_back(static_cast<std::uint16_t>(sector));
                } else {
                    stay.push_back(one);
                }
            }
            if (go.empty()) continue;
            if (wider) {
                const EdgeNo origin = view().origin(e);
                if (origin != none) out_.wider.push_back(origin);
                for (const SetNo set : sets_of(go)) {
                    Edge piece = edge;
                    piece.source = to;
                    piece.sectors = set;
                    add(piece);
                }
                continue;
            }
            move(e, edge, to, stay, go);
        }
        if (overlay().edges.size() == before)
            throw InputError("'" + change.units[0] + "' regulates nothing of '" + change.sector +
                             "', so that nothing moves");
    }

    void move(EdgeNo e, const Edge& edge, NodeNo to, const std::vector<std::uint16_t>& stay,
              const std::vector<std::uint16_t>& go) {
        const bool whole = stay.empty();
        hide_edge(e);
        if (whole) {
            Edge moved = edge;
            moved.source = to;
            add(moved);
            return;
        }
        for (const auto& [list, unit] : {std::pair(&stay, edge.source), std::pair(&go, to)})
            for (const SetNo set : sets_of(*list)) {
                Edge piece = edge;
                piece.source = unit;
                piece.sectors = set;
                add(piece);
            }
    }

    // Adds to `stay` what a wider sector is without one below it: the branches beside the way
    // down. False where enterprises are of a sector on the way itself.
    bool without(std::uint32_t wide, std::uint32_t sector, std::vector<std::uint16_t>& stay) const {
        std::vector<std::uint32_t> way;
        for (std::uint32_t up = sector; up != wide; up = s_.sectors.all[up].parent)
            way.push_back(up);
        way.push_back(wide);
        for (std::size_t i = 1; i < way.size(); ++i) {
            if (anybody_of(way[i])) return false;
            for (std::uint32_t one = 0; one < s_.sectors.all.size(); ++one)
                if (s_.sectors.all[one].parent == way[i] && one != way[i - 1])
                    stay.push_back(static_cast<std::uint16_t>(one));
        }
        return true;
    }

    void vacate(const Change& change) {
        expect(change.units.size() == 1, "one post is vacated at a time");
        const NodeNo v = there(change.units[0]);
        const bool person = view().is(v, k_.person);
        if (!person && !view().is(v, k_.post))
            throw InputError("'" + change.units[0] + "' is neither a post nor a person");
        touched_nodes_.push_back(v);
        for (const EdgeNo e : edges(v))
            if (view().kind(e) == k_.holds) hide_edge(e);
    }

    // Sectors that sets cover together; one all of whose parts are covered is covered.
    std::set<std::uint32_t> covered(const std::vector<SetNo>& sets) const {
        const auto& all = s_.sectors.all;
        std::set<std::uint32_t> found;
        for (const SetNo set : sets)
            for (std::uint32_t one = 0; one < all.size(); ++one)
                if (s_.sectors.covers(set, one)) found.insert(one);
        for (bool more = true; more;) {
            more = false;
            std::vector<std::uint8_t> has(all.size(), 0), open(all.size(), 0);
            for (std::uint32_t one = 0; one < all.size(); ++one)
                if (all[one].parent != none) {
                    has[all[one].parent] = 1;
                    if (found.count(one) == 0) open[all[one].parent] = 1;
                }
            for (std::uint32_t one = 0; one < all.size(); ++one)
                if (has[one] != 0 && open[one] == 0) more |= found.insert(one).second;
        }
        return found;
    }

    // Pieces that together say what an edge of the store said, between the same ends, are that
    // edge again: a change that is taken back leaves nothing behind.
    void join_pieces() {
        std::map<EdgeNo, std::vector<EdgeNo>> pieces;
        const View view = this->view();
        for (std::size_t i = 0; i < overlay().edges.size(); ++i) {
            const Edge& edge = overlay().edges[i];
            const auto e = static_cast<EdgeNo>(s_.m() + i);
            if (edge.like == none || !view.dated(e)) continue;
            if (edge.source != s_.source[edge.like] || edge.target != s_.target[edge.like])
                continue;
            if (edge.kind != s_.edge_kind[edge.like] || edge.flags != s_.flags[edge.like]) continue;
            pieces[edge.like].push_back(e);
        }
        for (const auto& [like, parts] : pieces) {
            std::vector<SetNo> sets;
            for (const EdgeNo e : parts)
                sets.push_back(view.sectors(e));
            const auto together = covered(sets);
            const auto whole = covered({s_.edge_sectors.empty() ? 0 : s_.edge_sectors[like]});
            const bool active = view.alive(s_.source[like]) && view.alive(s_.target[like]) &&
                                overlay().hidden_edges.count(like) == 0;
            if (!active && together != whole) continue;
            if (!std::includes(whole.begin(), whole.end(), together.begin(), together.end()))
                continue;
            for (const EdgeNo e : parts)
                hide_edge(e);
            overlay().hidden_edges.erase(like);
        }
    }
};

}  // namespace

Changed apply(const ResponsibilityGraph& graph, Date on, const std::vector<Change>& changes) {
    if (changes.empty()) throw InputError("what_if needs at least one change");
    Changer changer(graph, on);
    for (const Change& change : changes)
        changer.make(change);
    return changer.take();
}

}  // namespace safetyrisk::graph
