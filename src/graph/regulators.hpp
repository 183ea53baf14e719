// Who covers which sector where, on one day, looked up by place and sector.
//
// Edges from departments to a place carry the sectors (and links) that they cover in that place and
// in everything below it (REGULATES, HOSTS_SECTOR); edges to an enterprise cover that enterprise. A
// cell (place, sector) holds 64 bits that are or-ed down the territory, so that a question about an
// enterprise is one look at its place's row, whatever the number of enterprises. Rows with the same
// cells are one row: a country whose counties are organised alike has a handful.
//
// How edges are read: without `links` all links; to an enterprise without `sectors` all of its
// sectors; to a place without `sectors` none, because such an edge says nothing about any sector.
#pragma once

#include "store.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph {

/// The territory of one day: places by running number, what lies above and below each, what is
/// checked. Numbers follow node numbers, so they are in id order.
struct Land {
    explicit Land(const View& view);

    std::vector<std::uint32_t> number;  ///< By node of the store; `none` for what is no place.
    std::vector<NodeNo> node;           ///< By place.
    std::vector<std::uint32_t> parent;  ///< `none` at the top.
    /// Places so that what lies above comes first; places of one circle stand together.
    std::vector<std::uint32_t> downward;
    std::vector<std::uint32_t> circle;  ///< Number of the circle a place is part of, 0 for none.
    std::vector<std::uint8_t> checked;  ///< Whether it lies in the jurisdiction.
    std::vector<NodeNo> jurisdiction;   ///< View::jurisdiction().
    bool circles = false;               ///< Whether there is any.

    // A circle is cut at its lowest number; RT-07 reports it.
    std::vector<std::uint32_t> above;  ///< The parent, `none` where it is cut.
    /// Places so that those below one are the span [enter, leave), itself first.
    std::vector<std::uint32_t> order, enter, leave, depth;
    std::vector<std::uint8_t> asked;  ///< Whether it is checked or lies nowhere.

    std::size_t bytes() const;

private:
    void order_downward(const View& view);
    void order_spans(const View& view);
};

/// The territory as a view sees it. Keeps a reference to the view.
class Places {
public:
    explicit Places(const View& view) : Places(view, std::make_shared<const Land>(view)) {}
    /// `land`: of the same store and day, with the same places.
    Places(const View& view, std::shared_ptr<const Land> land)
        : view_(view), shared_(std::move(land)), land_(shared_.get()) {}

    const View& view() const { return view_; }
    const std::shared_ptr<const Land>& land() const { return shared_; }
    std::size_t size() const { return land_->node.size(); }
    /// Number of a place that is there on that day, else `none`.
    std::uint32_t number(NodeNo v) const {
        return v < land_->number.size() ? land_->number[v] : none;
    }
    NodeNo node(std::uint32_t place) const { return land_->node[place]; }
    /// The place above, or `none`.
    std::uint32_t parent(std::uint32_t place) const { return land_->parent[place]; }
    /// Whether it lies in the jurisdiction.
    bool checked(std::uint32_t place) const { return land_->checked[place] != 0; }
    /// Whether a place is checked, or lies nowhere: a zone or a village of which nobody says where
    /// it is.
    bool asked(std::uint32_t place) const { return land_->asked[place] != 0; }
    /// The place of an enterprise or of any other node (View::place_of); `none` without, and of
    /// `none`.
    std::uint32_t of(NodeNo v) const;
    /// By place: the nearest region at or above it that is of level `finest` or coarser; `none`
    /// without.
    std::vector<std::uint32_t> regions(std::uint8_t finest) const;
    /// Calls f(place) for a place and all above it, nearest first, once round a circle; stops where
    /// f gives false.
    template <class F>
    void up(std::uint32_t place, F&& f) const {
        std::uint32_t first = none;  // of a circle
        for (std::uint32_t p = place; p != none && p != first; p = parent(p)) {
            if (first == none && circle(p) != 0) first = p;
            if (!f(p)) return;
        }
    }
    /// Places so that what lies above comes first; places of one circle stand together.
    std::span<const std::uint32_t> downward() const { return land_->downward; }
    /// Number of the circle a place is part of, 0 for none.
    std::uint32_t circle(std::uint32_t place) const { return land_->circle[place]; }

    // What lies below a place as one span, so that "lies in" is two comparisons. A circle of places
    // is cut at its lowest number; RT-07 reports it.
    std::uint32_t depth(std::uint32_t place) const { return land_->depth[place]; }
    /// Whether `inner` is `outer` or lies below it, both numbers of places; false with `none`.
    bool covers(std::uint32_t outer, std::uint32_t inner) const {
        return outer != none && inner != none && enter(outer) <= enter(inner) &&
               leave(inner) <= leave(outer);
    }
    /// The same of nodes that are places.
    bool within(NodeNo inner, NodeNo outer) const { return covers(number(outer), number(inner)); }
    /// Places so that those below one are the span [enter, leave), itself first.
    std::span<const std::uint32_t> order() const { return land_->order; }
    std::uint32_t enter(std::uint32_t place) const { return land_->enter[place]; }
    std::uint32_t leave(std::uint32_t place) const { return land_->leave[place]; }

private:
    const View& view_;
    std::shared_ptr<const Land> shared_;
    const Land* land_;
};

/// 64 bits for each place and sector, and what comes down to each place from above.
class SectorTable {
public:
    explicit SectorTable(std::size_t sectors) : width_(sectors), cells_(sectors, 0) {}

    /// The row of those cells (one for each sector); rows with the same cells are one. Row 0 holds
    /// nothing.
    std::uint32_t row(std::span<const std::uint64_t> cells);
    /// The row of two rows or-ed.
    std::uint32_t both(std::uint32_t a, std::uint32_t b);
    std::uint64_t cell(std::uint32_t row, std::uint32_t sector) const {
        return cells_[std::size_t{row} * width_ + sector];
    }
    std::span<const std::uint64_t> cells(std::uint32_t row) const {
        return std::span(cells_).subspan(std::size_t{row} * width_, width_);
    }
    std::size_t bytes() const { return cells_.capacity() * sizeof(std::uint64_t); }
    std::size_t rows() const { return width_ == 0 ? 1 : cells_.size() / width_; }

    /// From the row of each place alone the row of it and all above it. Where `root` holds (bytes
    /// by place; empty: nowhere) nothing comes down and the place itself has nothing.
    std::vector<std::uint32_t> inherit(const Places& places, std::span<const std::uint32_t> own,
                                       std::span<const std::uint8_t> root = {});

private:
    std::size_t width_;
    std::vector<std::uint64_t> cells_;
    std::unordered_multimap<std::uint64_t, std::uint32_t> index_;
    std::unordered_map<std::uint64_t, std::uint32_t> sums_;
};

/// What changes laid over a day take from the edges of a kind, and what they add.
struct EdgeChanges {
    std::span<const EdgeNo> gone;   ///< Edges of the store that held and hold no more.
    std::span<const EdgeNo> fresh;  ///< Added edges that hold.
    bool empty() const { return gone.empty() && fresh.empty(); }
};

/// The links into which the pack divides a sector; 0 for none.
std::uint64_t links_of_sector(const Store& store, std::uint32_t sector);

/// The edges of one kind (REGULATES; HOSTS_SECTOR) by what they cover.
class Regulators {
public:
    static constexpr std::uint64_t all_links = ~std::uint64_t{0};

    /// Active edges of a kind in the view of `places`, which must outlive this, and active edges
    /// GUIDES, both in edge order, those of what-if changes last.
    Regulators(const Places& places, std::span<const EdgeNo> edges,
               std::span<const EdgeNo> guiding);
    /// Those of a day with changes laid over it that leave its places as they are; what does not
    /// change is shared. `day` was made of the store alone and must outlive this.
    Regulators(const Places& places, const Regulators& day, const EdgeChanges& edges,
               const EdgeChanges& guiding);

    const Places& places() const { return places_; }
    const View& view() const { return view_; }

    /// Active edges into a place or an enterprise, by source; those of what-if changes come last.
    std::span<const EdgeNo> at(NodeNo target) const {
        if (((screen_[(target >> 6U) % screen_.size()] >> (target % 64)) & 1U) != 0)
            if (const auto found = patched_.find(target); found != patched_.end())
                return found->second;
        const auto& starts = base_->starts;
        if (std::size_t{target} + 1 >= starts.size()) return {};
        return std::span(base_->edges).subspan(starts[target], starts[target + 1] - starts[target]);
    }
    /// Bytes by sector: whether an edge names it.
    std::vector<std::uint8_t> named() const;
    /// How many edges go to enterprises and sites.
    std::size_t direct() const { return direct_; }
    /// Calls f(target, edges) for each node that such edges enter, in id order.
    template <class F>
    void each_target(F&& f) const {
        const std::vector<EdgeNo>& edges = base_->edges;
        std::size_t next = 0;  // of patched_targets_
        const auto emit_patched = [&](NodeNo until) {
            for (; next < patched_targets_.size() && patched_targets_[next] < until; ++next)
                if (const auto own = at(patched_targets_[next]); !own.empty())
                    f(patched_targets_[next], own);
        };
        for (std::size_t i = 0; i < edges.size();) {
            const NodeNo target = view_.target(edges[i]);
            const std::size_t end = base_->starts[target + std::size_t{1}];
            emit_patched(target);
            if (next == patched_targets_.size() || patched_targets_[next] != target)
                f(target, std::span<const EdgeNo>(edges).subspan(i, end - i));
            i = end;
        }
        emit_patched(none);
    }
    /// The same of nodes that are neither places nor enterprises.
    template <class F>
    void each_other_target(F&& f) const {
        const auto look = [&](NodeNo target) {
            if (const auto own = at(target); !own.empty()) f(target, own);
        };
        const auto patched = [&](NodeNo target) {
            return std::binary_search(patched_targets_.begin(), patched_targets_.end(), target);
        };
        for (const NodeNo target : base_->others)
            if (!patched(target)) look(target);
        for (const NodeNo target : patched_targets_)
            if (is_other(target)) look(target);
    }
    /// The first node that such edges enter and of which f(target) holds; `none` without.
    template <class F>
    NodeNo find_target(F&& f) const {
        for (const EdgeNo e : base_->edges)
            if (const NodeNo target = view_.target(e); !at(target).empty() && f(target))
                return target;
        for (const NodeNo target : patched_targets_)
            if (!at(target).empty() && f(target)) return target;
        return none;
    }
    /// Calls f(edge) for each active edge from one department into a place or an enterprise.
    template <class F>
    void from(NodeNo target, NodeNo source, F&& f) const {
        const auto all = at(target);
        const auto added =
            std::partition_point(all.begin(), all.end(), [&](EdgeNo e) { return e < view_.s.m(); });
        for (auto e = std::partition_point(all.begin(), added,
                                           [&](EdgeNo one) { return view_.source(one) < source; });
             e != added && view_.source(*e) == source; ++e)
            f(*e);
        for (auto e = added; e != all.end(); ++e)
            if (view_.source(*e) == source) f(*e);
    }
    /// Whether an edge covers a sector of its target (any link of it).
    bool covers(EdgeNo e, std::uint32_t sector) const {
        const SetNo set = view_.sectors(e);
        if (set != 0) return view_.s.sectors.covers(set, sector);
        return places_.number(view_.target(e)) == none;
    }
    /// Whether an edge covers one of the sectors of a set (for edges to an enterprise its own).
    bool covers_any(EdgeNo e, SetNo sectors) const {
        if (view_.sectors(e) == 0) return places_.number(view_.target(e)) == none;
        for (const std::uint16_t sector : view_.s.sectors.sets[sectors])
            if (covers(e, sector)) return true;
        return false;
    }
    /// Those of the edges that lead in a sector: `lead`, and naming the sector most closely among
    /// those that do. Who leads in 危险化学品 does not lead in its transport where somebody else is
    /// named for that.
    std::vector<EdgeNo> leading(std::span<const EdgeNo> edges, std::uint32_t sector) const;
    /// Links that an edge covers.
    std::uint64_t links(EdgeNo e) const {
        const std::uint64_t links = view_.links(e);
        return links == 0 ? all_links : links;
    }

    // ── cells ──
    /// Links of a sector that edges to a place, or to it and all above it, cover: 0 nothing,
    /// `all_links` the whole sector (also where the links named are all that the sector has).
    std::span<const std::uint64_t> own(std::uint32_t place) const {
        return table_->cells((*own_)[place]);
    }
    std::uint64_t own(std::uint32_t place, std::uint32_t sector) const {
        return table_->cell((*own_)[place], sector);
    }
    std::uint64_t covered(std::uint32_t place, std::uint32_t sector) const {
        return place == none ? 0 : whole(sector, table_->cell((*all_)[place], sector));
    }
    /// Links of a sector that edges to one enterprise cover.
    std::uint64_t direct(NodeNo enterprise, std::uint32_t sector) const;

    /// Links of a sector that an enterprise with those links (0 = not stated) needs covered:
    /// its own among those that the sector has, else the whole sector.
    std::uint64_t needed(std::uint32_t sector, std::uint64_t links) const;
    /// What of `needed` is not in `covered`; for a whole sector its links that are not, `all_links`
    /// when it has none.
    std::uint64_t missing(std::uint32_t sector, std::uint64_t needed, std::uint64_t covered) const;
    /// `all_links` where links are all that a sector has.
    std::uint64_t whole(std::uint32_t sector, std::uint64_t links) const {
        const std::uint64_t has = base_->sector_links[sector];
        return has != 0 && (links & has) == has ? all_links : links;
    }
    /// Links into which the pack divides a sector; 0 for none.
    std::uint64_t links_of(std::uint32_t sector) const { return base_->sector_links[sector]; }

    /// Calls f(edge) for each edge that covers a sector of an enterprise: its own first, then those
    /// of its place and above, nearest first.
    template <class F>
    void each(NodeNo enterprise, std::uint32_t sector, F&& f) const {
        for (const EdgeNo e : at(enterprise))
            if (covers(e, sector)) f(e);
        places_.up(places_.of(enterprise), [&](std::uint32_t place) {
            for (const EdgeNo e : at(places_.node(place)))
                if (covers(e, sector)) f(e);
            return true;
        });
    }

    /// The cells and the row of each place alone, for who inherits otherwise (copy the table).
    const SectorTable& table() const { return *table_; }
    std::span<const std::uint32_t> own_rows() const { return *own_; }

    // ── the coverage matrix (D3) ──
    /// Whether a place is a region of county level or above: departments stand there (Law Art. 10),
    /// and an edge to it states it for what lies in it.
    bool has_departments(std::uint32_t place) const;
    /// Edges that answer for a sector in a region itself: those to the region; where there are
    /// none, those of a superior region whose department guides (GUIDES) a body seated in the
    /// region or the region. A region finer than a county has, behind its own and for the links
    /// that these lack, those of the next place above up to its county. Nothing else comes down.
    std::vector<EdgeNo> cell(std::uint32_t region, std::uint32_t sector) const;
    /// Those of a cell's edges that answer for a link (`all_links`: all of them). Where a place
    /// finer than a county has it, the nearest such place says alone.
    std::vector<EdgeNo> nearest(std::span<const EdgeNo> edges, std::uint64_t link) const;

    /// Departments that guide (GUIDES) a place or a body there, ascending.
    std::span<const NodeNo> guiding(std::uint32_t place) const;
    std::size_t bytes() const;

private:
    struct Base {
        std::vector<EdgeNo> edges;          // by target
        std::vector<std::uint32_t> starts;  // by node, n + 1
        std::vector<std::uint32_t> of_set;  // edges by the set of sectors that they name
        std::size_t direct = 0;
        std::vector<NodeNo> others;  // targets that are neither places nor enterprises
        std::vector<std::uint64_t> sector_links;
        SectorTable table;
        std::vector<std::uint32_t> own, all;                             // rows by place
        std::unordered_map<std::uint32_t, std::vector<NodeNo>> guiding;  // departments by place

        explicit Base(std::size_t sectors) : table(sectors) {}
    };

    std::uint32_t row_of(SectorTable& table, std::uint32_t place) const;
    bool is_other(NodeNo target) const {
        return places_.number(target) == none && !view_.is(target, view_.s.known.enterprise);
    }

    const Places& places_;
    const View& view_;
    std::shared_ptr<const Base> base_;
    const SectorTable* table_ = nullptr;
    const std::vector<std::uint32_t>*own_ = nullptr, *all_ = nullptr;
    std::size_t direct_ = 0;

    // What changes laid over the day make different.
    std::unordered_map<SetNo, std::int64_t> of_set_;  // more, or fewer, edges
    std::array<std::uint64_t, 64> screen_{};          // bits of what patched_ may hold
    std::unordered_map<NodeNo, std::vector<EdgeNo>> patched_;
    std::vector<NodeNo> patched_targets_;  // ascending
    std::unordered_map<std::uint32_t, std::vector<NodeNo>> guiding_;
    struct Cells {
        SectorTable table;
        std::vector<std::uint32_t> own, all;
    };
    std::unique_ptr<Cells> cells_;
};

/// How many edges of a list enter each node, counted to 255.
std::vector<std::uint8_t> count_by_target(const View& view, std::span<const EdgeNo> edges);

}  // namespace safetyrisk::graph
