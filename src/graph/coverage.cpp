#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"
#include "coverage_view.hpp"
#include "scenes.hpp"
#include "words.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace safetyrisk::graph {
namespace {

using From = CoverageCell::From;

std::string_view to_string(From from) {
    switch (from) {
        case From::own:
            return "own";
        case From::inherited:
            return "inherited";
        case From::below:
            return "below";
        default:
            return "";
    }
}

void sort_unique(std::vector<NodeNo>& nodes) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

CoverState worse(CoverState a, CoverState b) {
    if (a == CoverState::empty) return b;
    if (b == CoverState::empty) return a;
    if (badness(a) != badness(b)) return badness(a) > badness(b) ? a : b;
    return std::max(a, b);
}

// What one scene leaves of a day.
struct OfScene {
    std::uint32_t number;
    Regulators regulators;
    std::vector<NodeNo> without;  // enterprises that have other scenes only, ascending

    OfScene(const RuleContext& day, const Scenes& scenes, std::uint32_t no, std::string_view name)
        : number(no),
          regulators(day.territory(), edges(day, scenes, name), day.edges(day.k.guides)),
          without(day.nodes(day.k.enterprise)) {
        std::erase_if(without, [&](NodeNo v) { return scenes.of(day.view.like(v), name); });
    }

    bool has(NodeNo enterprise) const {
        return !std::binary_search(without.begin(), without.end(), enterprise);
    }

private:
    static std::vector<EdgeNo> edges(const RuleContext& day, const Scenes& scenes,
                                     std::string_view name) {
        std::vector<EdgeNo> found = day.edges(day.k.regulates);
        std::erase_if(found, [&](EdgeNo e) {
            const EdgeNo origin = day.view.origin(e);
            return origin != none && !scenes.covers(origin, name);
        });
        return found;
    }
};

// Lists by region and sector, one after the other.
template <class T>
class CellLists {
public:
    struct One {
        std::uint32_t sector = 0;
        T item{};
    };

    explicit CellLists(std::size_t sectors) : next_(sectors) {}
    void clear() {
        starts_.resize(1);
        items_.clear();
    }
    /// Those of the next region, in the order in which the list of each sector shall have them.
    void add(std::span<const One> region) {
        std::fill(next_.begin(), next_.end(), 0);
        for (const One& one : region)
            ++next_[one.sector];
        std::size_t end = items_.size();
        for (std::size_t& next : next_) {
            end += std::exchange(next, end);
            starts_.push_back(end);
        }
        items_.resize(end);
        for (const One& one : region)
            items_[next_[one.sector]++] = one.item;
    }
    std::span<const T> at(std::size_t region, std::size_t sector) const {
        const std::size_t cell = region * next_.size() + sector;
        return std::span(items_).subspan(starts_[cell], starts_[cell + 1] - starts_[cell]);
    }

private:
    std::vector<std::size_t> starts_{0}, next_;
    std::vector<T> items_;
};

using CellEdges = CellLists<EdgeNo>;

// One matrix at work.
class Matrix {
public:
    /// `only`: bytes by place, the regions whose cells are wanted; null for all. `scene`: null for
    /// whatever the scene.
    Matrix(Coverage::Data& data, const RuleContext& context, const CoverageOptions& options,
           const Workload& workload, const std::vector<std::uint8_t>* only, const OfScene* scene)
        : data_(data),
          only_(only),
          scene_(scene),
          options_(options),
          workload_(workload),
          view_(context.view),
          context_(context),
          places_(context_.territory()),
          regulators_(scene == nullptr ? context_.regulators() : scene->regulators),
          hosts_(context_.sector_hosts()),
          sectors_(view_.s.sectors.all.size()),
          edges_(sectors_),
          edges_below_(sectors_) {}

    void fill() {
        told_ = told();
        find_regions(level());
        find_rows();
        count();
        if (options_.by == "link")
            by_link();
        else
            by_sector();
        for (const std::uint32_t region : regions_)
            for (std::uint32_t p = region; p != none;) {
                const std::uint32_t above = places_.parent(p);
                if (above == none ||
                    !data_.parent.try_emplace(places_.node(p), places_.node(above)).second)
                    break;
                p = above;
            }
    }

private:
    struct Below {
        std::uint32_t part = 0;  // of what is below: a place or an enterprise
        EdgeNo edge = 0;
    };
    // The departments of a cell.
    struct Group {
        struct Named {
            NodeNo node = none;
            std::uint64_t links = Regulators::all_links;  // what its edges name
        };
        CoverState state = CoverState::nobody;
        std::vector<NodeNo> leads;
        std::vector<Named> all;  // with the leads

        void begin(CoverState with) {
            state = with;
            leads.clear();
            all.clear();
        }
    };
    struct Sums {
        std::uint64_t enterprises = 0, open = 0, ungraded = 0;
        std::int64_t weight = 0;
    };

    Coverage::Data& data_;
    const std::vector<std::uint8_t>* only_;
    const OfScene* scene_;
    const CoverageOptions& options_;
    const Workload& workload_;
    const View& view_;
    const RuleContext& context_;
    const Places& places_;
    const Regulators &regulators_, &hosts_;
    std::size_t sectors_;
    std::vector<std::uint32_t> region_of_;  // by place: the place whose cell it is in, or none
    std::vector<std::uint32_t> regions_;    // places that have cells, ascending
    std::vector<std::uint32_t> index_;      // by place, into regions_
    std::vector<std::uint32_t> row_of_;     // by place
    std::vector<std::uint32_t> row_place_;
    std::vector<std::uint32_t> row_region_;            // into regions_
    std::vector<std::vector<std::uint32_t>> rows_in_;  // by region
    // By row: links covered below its region, by sector; cells of regulators_ where they are those.
    std::vector<const std::uint64_t*> below_;
    std::deque<std::vector<std::uint64_t>> merged_;
    std::vector<Sums> sums_;             // by region and sector
    std::vector<std::uint64_t> wanted_;  // bits by sector
    bool by_anchors_ = false;
    bool told_ = false;
    EnterpriseCounts counts_;                  // where rows are finer than anchors
    std::vector<std::vector<NodeNo>> direct_;  // by region: enterprises with edges of their own
    CellEdges edges_;                          // who answers
    std::vector<std::uint64_t> links_;         // that they cover, by region and sector
    std::uint32_t edges_below_of_ = none;      // the region
    CellLists<Below> edges_below_;
    // What cells are made of, one after the other.
    std::vector<CellEdges::One> region_edges_;
    Group group_;
    std::vector<NodeNo> hosts_of_cell_;

    void find_regions(std::uint8_t level) {
        region_of_ = places_.regions(level);
        index_.assign(places_.size(), none);
        std::vector<std::uint8_t> has_cell(places_.size(), 0);
        for (std::uint32_t p = 0; p < places_.size(); ++p) {
            if (region_of_[p] != none && !places_.checked(region_of_[p])) region_of_[p] = none;
        }
        find_wanted();
        for (std::uint32_t p = 0; p < places_.size(); ++p) {
            if (only_ != nullptr && region_of_[p] != none && (*only_)[region_of_[p]] == 0)
                region_of_[p] = none;
            if (region_of_[p] == p && view_.level_of(places_.node(p)) == level) has_cell[p] = 1;
        }
        // Coarser regions have cells where a place is in no finer one; enterprises decide later.
        for (std::uint32_t p = 0; p < places_.size(); ++p)
            if (region_of_[p] != none) has_cell[region_of_[p]] = 1;
        for (std::uint32_t p = 0; p < places_.size(); ++p)
            if (has_cell[p] != 0) {
                index_[p] = static_cast<std::uint32_t>(regions_.size());
                regions_.push_back(p);
            }
    }

    // A sector is a column where an enterprise has it or an edge names it.
    void find_wanted() {
        const auto& sets = view_.s.sectors.sets;
        const auto want = [&](std::size_t s) { wanted_[s / 64] |= std::uint64_t{1} << (s % 64); };
        wanted_.assign(sectors_ / 64 + 1, 0);
        const std::vector<std::uint8_t> named = regulators_.named();
        for (std::size_t s = 0; s < named.size(); ++s)
            if (named[s] != 0) want(s);
        std::vector<std::uint8_t> seen(sets.size(), 0);
        const auto name = [&](SetNo set) {
            if (std::exchange(seen[set], std::uint8_t{1}) != 0) return;
            for (const std::uint16_t s : sets[set])
                want(s);
        };
        if (options_.by == "committee")
            for (const NodeNo v : context_.nodes(view_.s.known.special_committee))
                name(view_.node_sectors(v));
        const Enterprises& all = context_.enterprises();
        const auto anchors = all.anchors();
        const auto counted = [&](std::uint32_t p) { return p != none && region_of_[p] != none; };
        bool at_anchors = !places_.land()->circles;
        for (std::uint32_t p = 0; p < places_.size() && at_anchors; ++p) {
            const std::uint32_t anchor = all.anchor_of()[p];
            at_anchors = counted(p) == counted(anchor == none ? none : anchors[anchor]);
        }
        if (at_anchors) {
            // What lies below a place that is in a cell is in one, too.
            for (std::uint32_t i = 0; i < anchors.size();) {
                if (!counted(anchors[i])) {
                    ++i;
                    continue;
                }
                for (const Enterprises::Entry& entry : all.sums(i))
                    name(entry.set);
                i = all.anchors_below(places_, anchors[i]).second;
            }
            return;
        }
        for (std::size_t i = 0; i < places_.size(); ++i)
            if (counted(places_.order()[i]))
                for (const NodeNo v : all.at(i))
                    name(view_.node_sectors(v));
    }

    bool wanted(std::size_t sector) const {
        return ((wanted_[sector / 64] >> (sector % 64)) & 1U) != 0;
    }

    // Places that edges lead to, and regions, have rows of their own; others are their parent's.
    void find_rows() {
        row_of_.assign(places_.size(), none);
        for (const std::uint32_t p : places_.downward()) {
            const std::uint32_t above = places_.parent(p);
            const bool own = region_of_[p] == p || !regulators_.at(places_.node(p)).empty();
            if (region_of_[p] == none) continue;
            if (!own && above != none && row_of_[above] != none &&
                region_of_[above] == region_of_[p]) {
                row_of_[p] = row_of_[above];
                continue;
            }
            row_of_[p] = static_cast<std::uint32_t>(row_place_.size());
            row_place_.push_back(p);
        }
        rows_in_.resize(regions_.size());
        for (std::uint32_t row = 0; row < row_place_.size(); ++row) {
            row_region_.push_back(index_[region_of_[row_place_[row]]]);
            rows_in_[row_region_[row]].push_back(row);
        }
        const std::uint64_t* const nothing = merged_.emplace_back(sectors_, 0).data();
        for (std::size_t row = 0; row < row_place_.size(); ++row) {
            const std::uint32_t p = row_place_[row];
            const std::uint64_t* const own = regulators_.own(p).data();
            below_.push_back(region_of_[p] == p ? nothing : own);
            if (region_of_[p] == p) continue;
            const std::uint32_t above = places_.parent(p);
            if (above == none || row_of_[above] == none || row_of_[above] >= row ||
                region_of_[above] != region_of_[p] || below_[row_of_[above]] == nothing)
                continue;
            const std::uint64_t* const inherited = below_[row_of_[above]];
            std::vector<std::uint64_t>& both = merged_.emplace_back(own, own + sectors_);
            for (std::uint32_t s = 0; s < sectors_; ++s)
                both[s] = regulators_.whole(s, own[s] | inherited[s]);
            below_[row] = both.data();
        }
    }

    // Regions that have cells and lie in no other such region.
    std::vector<std::uint32_t> tops() const {
        std::vector<std::uint32_t> found = regions_;
        std::sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
            return places_.enter(a) < places_.enter(b);
        });
        std::uint32_t last = none;
        std::erase_if(found, [&](std::uint32_t p) {
            if (places_.covers(last, p)) return true;
            last = p;
            return false;
        });
        return found;
    }

    // Calls f(row, entry) for the enterprises of each row, by row and set.
    template <class F>
    void each_entry(F&& f) const {
        const Enterprises& all = context_.enterprises();
        if (by_anchors_) {
            const auto anchors = all.anchors();
            const auto each = [&](std::size_t first, std::size_t last) {
                for (std::size_t i = first; i < last; ++i)
                    if (const std::uint32_t row = row_of_[anchors[i]]; row != none)
                        for (const Enterprises::Entry& entry : all.own(i))
                            f(row, entry);
            };
            if (only_ == nullptr) return each(0, anchors.size());
            for (const std::uint32_t region : tops()) {
                const auto [first, last] = all.anchors_below(places_, region);
                each(first, last);
            }
            return;
        }
        for (std::uint32_t row = 0; row < row_place_.size(); ++row) {
            const auto of_row = counts_.row(row);
            for (std::size_t i = 0; i < of_row.size();) {
                Enterprises::Entry entry{.set = of_row[i].set};
                for (; i < of_row.size() && of_row[i].set == entry.set; ++i)
                    entry.by[of_row[i].cls] += static_cast<std::uint32_t>(of_row[i].count);
                f(row, entry);
            }
        }
    }

    void count() {
        const Store& store = view_.s;
        const Enterprises& all = context_.enterprises();
        // Where rows are no finer than what is counted already, that is enough.
        const auto anchors = all.anchors();
        by_anchors_ = !places_.land()->circles;
        for (std::uint32_t p = 0; p < places_.size() && by_anchors_; ++p) {
            const std::uint32_t anchor = all.anchor_of()[p];
            by_anchors_ = row_of_[p] == (anchor == none ? none : row_of_[anchors[anchor]]);
        }
        if (!by_anchors_)
            counts_ = count_enterprises<std::uint8_t>(
                places_, all, row_of_, row_place_.size(),
                store.colour.empty() ? std::span<const std::uint8_t>() : all.colours(),
                workload_.weight.size(), options_.work);
        data_.enterprises = all.all();
        data_.without_sector = all.without_sector();
        data_.unplaced = data_.enterprises;
        direct_.resize(regions_.size());
        if (regulators_.direct() != 0) find_direct();
        const bool edges = options_.by.empty() || scene_ != nullptr;
        if (edges) find_edges();
        sums_.assign(regions_.size() * sectors_, {});
        each_entry([&](std::uint32_t row, const Enterprises::Entry& entry) {
            const std::size_t region = row_region_[row];
            Sums* const cells = sums_.data() + region * sectors_;
            const std::uint64_t count = entry.count();
            std::int64_t weight = 0;
            for (std::size_t c = 0; c < entry.by.size(); ++c)
                weight += static_cast<std::int64_t>(entry.by[c]) * workload_.weight[c];
            data_.unplaced -= count;
            for (const std::uint16_t s : store.sectors.sets[entry.set]) {
                cells[s].enterprises += count;
                cells[s].weight += weight;
                cells[s].ungraded += entry.by[0];
                if (edges && open(region, row, s)) cells[s].open += count;
            }
        });
        if (scene_ != nullptr) leave_out();
        if (edges) count_others();
    }

    // Enterprises that do not have the scene are in no cell of it.
    void leave_out() {
        const std::vector<std::uint8_t>& colours = context_.enterprises().colours();
        for (const NodeNo v : scene_->without) {
            const std::uint32_t place = places_.of(v);
            if (place == none || row_of_[place] == none) continue;
            Sums* const cells = sums_.data() + row_region_[row_of_[place]] * sectors_;
            for (const std::uint16_t s : view_.s.sectors.sets[view_.node_sectors(v)]) {
                --cells[s].enterprises;
                cells[s].weight -= workload_.weight[colours[v]];
                if (colours[v] == 0) --cells[s].ungraded;
            }
        }
    }

    void find_direct() {
        const auto take = [&](NodeNo v) {
            if (places_.number(v) != none || !view_.is(v, view_.s.known.enterprise)) return;
            if (scene_ != nullptr && !scene_->has(v)) return;
            const std::uint32_t place = places_.of(v);
            if (place != none && row_of_[place] != none)
                direct_[index_[region_of_[place]]].push_back(v);
        };
        if (only_ == nullptr)
            return regulators_.each_target([&](NodeNo v, std::span<const EdgeNo>) { take(v); });
        for (const std::uint32_t region : tops())
            for (const NodeNo v : context_.enterprises().below(places_, region))
                if (!regulators_.at(v).empty()) take(v);
    }

    void find_edges() {
        edges_ = edges_of(regulators_);
        links_.assign(regions_.size() * sectors_, 0);
        for (std::size_t i = 0; i < regions_.size(); ++i)
            for (std::uint32_t s = 0; s < sectors_; ++s)
                for (const EdgeNo e : edges_.at(i, s))
                    links_[i * sectors_ + s] |= regulators_.links(e);
    }

    // Links of a sector that somebody of the cell, or below it, covers for a row.
    std::uint64_t covered(std::size_t region, std::uint32_t row, std::uint32_t s) const {
        return links_[region * sectors_ + s] | below_[row][s];
    }

    // Whether a link, or the whole of a sector, lacks somebody for those who need all of it.
    bool open(std::size_t region, std::uint32_t row, std::uint32_t s) const {
        const std::uint64_t by = covered(region, row, s);
        return by != Regulators::all_links &&
               regulators_.missing(s, Regulators::all_links, by) != 0;
    }

    // Enterprises that need some links only or have edges of their own, or are in no cell.
    void count_others() {
        const Store& store = view_.s;
        // So far each as if it needed the whole sector and had no edges of its own.
        std::vector<NodeNo> others;
        for (const auto& list : direct_)
            others.insert(others.end(), list.begin(), list.end());
        const auto linked = context_.enterprises().linked();
        others.insert(others.end(), linked.begin(), linked.end());
        if (scene_ != nullptr)
            others.insert(others.end(), scene_->without.begin(), scene_->without.end());
        sort_unique(others);
        for (const NodeNo v : others) {
            const bool counts = scene_ == nullptr || scene_->has(v);
            const std::uint32_t place = places_.of(v);
            const std::uint32_t row = place == none ? none : row_of_[place];
            if (row == none) continue;
            const std::size_t region = row_region_[row];
            const std::uint64_t own =
                store.node_links.empty() ? 0 : store.node_links[view_.like(v)];
            for (const std::uint16_t s : store.sectors.sets[view_.node_sectors(v)]) {
                const bool whole = open(region, row, s);
                const std::uint64_t by = covered(region, row, s) | regulators_.direct(v, s);
                const bool lacks =
                    counts && regulators_.missing(s, regulators_.needed(s, own), by) != 0;
                std::uint64_t& sum = sums_[region * sectors_ + s].open;
                if (whole && !lacks) --sum;
                if (!whole && lacks) ++sum;
            }
        }
    }

    // ── who regulates ──

    // What edges make of one link (or of a sector that nobody divides).
    CoverState state_of(std::span<const EdgeNo> edges, std::uint32_t sector,
                        std::uint64_t link) const {
        if (edges.size() == 1)
            return (regulators_.links(edges[0]) & link) == 0 ? CoverState::nobody
                                                             : CoverState::single;
        std::vector<NodeNo> all, leads;
        const std::vector<EdgeNo> of_link = regulators_.nearest(edges, link);
        for (const EdgeNo e : of_link)
            all.push_back(view_.source(e));
        for (const EdgeNo e : regulators_.leading(of_link, sector))
            leads.push_back(view_.source(e));
        sort_unique(all);
        sort_unique(leads);
        if (all.empty()) return CoverState::nobody;
        if (all.size() == 1) return CoverState::single;
        if (leads.size() == 1) return CoverState::one_lead;
        return leads.empty() ? CoverState::no_lead : CoverState::many_leads;
    }

    CoverState state_of_sector(std::span<const EdgeNo> edges, std::uint32_t sector) const {
        if (edges.size() == 1) return CoverState::single;
        std::uint64_t named = 0;
        for (const EdgeNo e : edges)
            if (view_.links(e) != 0) named |= view_.links(e);
        if (named == 0) return state_of(edges, sector, Regulators::all_links);
        // Divided: as good as the worst link that somebody has. The rest of the sector is where
        // edges without links meet.
        named |= regulators_.links_of(sector);
        CoverState worst = CoverState::empty;
        for (std::uint64_t rest = named; rest != 0; rest &= rest - 1) {
            const CoverState state = state_of(edges, sector, rest & (~rest + 1));
            if (state != CoverState::nobody) worst = worse(worst, state);
        }
        // Several departments each with links of its own are several, and in order.
        if (worst == CoverState::single && state_of(edges, sector, Regulators::all_links) != worst)
            worst = CoverState::one_lead;
        return worst;
    }

    void add_departments(std::span<const EdgeNo> edges, std::uint32_t sector) {
        for (const EdgeNo e : edges)
            group_.all.push_back({view_.source(e), regulators_.links(e)});
        for (const EdgeNo e : regulators_.leading(edges, sector))
            group_.leads.push_back(view_.source(e));
    }

    // Each department once, with what all of its edges name.
    void finish_group() {
        sort_unique(group_.leads);
        auto& all = group_.all;
        std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.node < b.node; });
        std::size_t last = 0;
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (all[i].node == all[last].node)
                all[last].links |= all[i].links;
            else
                all[++last] = all[i];
        }
        if (!all.empty()) all.resize(last + 1);
    }

    // Edges of each region by sector: its own, or what comes down to it (Regulators::cell).
    CellEdges edges_of(const Regulators& all) {
        CellEdges lists(sectors_);
        std::vector<std::uint64_t> lacking;
        for (const std::uint32_t region : regions_) {
            region_edges_.clear();
            find_edges_of(all, region, lacking);
            lists.add(region_edges_);
        }
        return lists;
    }

    void find_edges_of(const Regulators& all, std::uint32_t region,
                       std::vector<std::uint64_t>& lacking) {
        if (!all.has_departments(region)) {
            for (std::uint32_t s = 0; s < sectors_; ++s)
                if (wanted(s))
                    for (const EdgeNo e : all.cell(region, s))
                        region_edges_.push_back({s, e});
            return;
        }
        lacking = wanted_;
        for (const EdgeNo e : all.at(places_.node(region)))
            each_covered(e, wanted_, [&](std::uint32_t s) {
                region_edges_.push_back({s, e});
                lacking[s / 64] &= ~(std::uint64_t{1} << (s % 64));
            });
        // What comes down to it is as Regulators::cell() says, for all sectors at once.
        const auto guided = all.guiding(region);
        if (guided.empty()) return;
        places_.up(places_.parent(region), [&](std::uint32_t above) {
            if (above == region) return false;
            for (const EdgeNo e : all.at(places_.node(above)))
                if (std::binary_search(guided.begin(), guided.end(), view_.source(e)))
                    each_covered(e, lacking,
                                 [&](std::uint32_t s) { region_edges_.push_back({s, e}); });
            return true;
        });
    }

    // Sectors among those (bits) that an edge to a place covers: f(sector).
    template <class F>
    void each_covered(EdgeNo e, std::span<const std::uint64_t> among, F&& f) const {
        const auto& bits = view_.s.sectors.covered[view_.sectors(e)];
        for (std::size_t word = 0; word < bits.size(); ++word)
            for (std::uint64_t rest = bits[word] & among[word]; rest != 0; rest &= rest - 1)
                f(static_cast<std::uint32_t>(word * 64) +
                  static_cast<std::uint32_t>(std::countr_zero(rest)));
    }

    // Edges below a region that cover a sector, by what they lead to: its places, then enterprises
    // with edges of their own.
    std::span<const Below> below(std::uint32_t region, std::uint32_t sector) {
        if (std::exchange(edges_below_of_, region) != region) {
            std::vector<CellLists<Below>::One> found;
            std::uint32_t part = 0;
            for (const std::uint32_t row : rows_in_[index_[region]]) {
                const std::uint32_t p = row_place_[row];
                if (p == region) continue;
                ++part;
                for (const EdgeNo e : regulators_.at(places_.node(p)))
                    each_covered(e, wanted_,
                                 [&](std::uint32_t s) { found.push_back({s, {part, e}}); });
            }
            for (const NodeNo v : direct_[index_[region]]) {
                ++part;
                for (const std::uint16_t s : view_.s.sectors.sets[view_.node_sectors(v)])
                    for (const EdgeNo e : regulators_.at(v))
                        if (regulators_.covers(e, s)) found.push_back({s, {part, e}});
            }
            edges_below_.clear();
            edges_below_.add(found);
        }
        return edges_below_.at(0, sector);
    }

    From from(std::span<const EdgeNo> edges, std::uint32_t region) const {
        return view_.target(edges.front()) == places_.node(region) ? From::own : From::inherited;
    }

    // Special committees by sector: those of the region or, below a county, of the next above.
    std::vector<std::vector<NodeNo>> committees_of(std::uint32_t region) const {
        std::vector<std::vector<NodeNo>> lists(sectors_);
        places_.up(region, [&](std::uint32_t place) {
            std::vector<std::vector<NodeNo>> here(sectors_);
            for (const NodeNo c :
                 view_.bodies(places_.node(place), view_.s.known.special_committee))
                for (std::uint32_t s = 0; s < sectors_; ++s)
                    if (view_.s.sectors.covers(view_.node_sectors(c), s)) here[s].push_back(c);
            for (std::uint32_t s = 0; s < sectors_; ++s)
                if (lists[s].empty()) lists[s] = std::move(here[s]);
            return !regulators_.has_departments(place);
        });
        return lists;
    }

    // Whether the graph says at all who regulates (has special committees).
    bool told() const {
        const Known& known = view_.s.known;
        if (options_.by == "committee")
            return known.special_committee != no_kind &&
                   (view_.s.has_nodes[known.special_committee] != 0 ||
                    !context_.nodes(known.special_committee).empty());
        return view_.has_edges(known.regulates);
    }

    CoverState state_of(const CoverageCell& cell) const {
        if (cell.enterprises == 0) return CoverState::empty;
        return told_ ? group_.state : CoverState::unknown;
    }

    // Departments of a cell that only what lies below regulates: as bad as the worst of its parts.
    void from_below(std::uint32_t region, std::uint32_t sector,
                    std::uint64_t link = Regulators::all_links) {
        group_.begin(CoverState::empty);
        std::vector<EdgeNo> edges;
        const std::span<const Below> all = below(region, sector);
        for (std::size_t i = 0; i < all.size();) {
            const std::uint32_t part = all[i].part;
            edges.clear();
            for (; i < all.size() && all[i].part == part; ++i)
                if ((regulators_.links(all[i].edge) & link) != 0) edges.push_back(all[i].edge);
            if (edges.empty()) continue;
            group_.state =
                worse(group_.state, link == Regulators::all_links ? state_of_sector(edges, sector)
                                                                  : state_of(edges, sector, link));
            add_departments(edges, sector);
        }
    }

    // ── cells ──

    // A cell of group_ and of those who host its sector.
    void add(CoverageCell cell, std::span<const EdgeNo> hosts) {
        cell.state = state_of(cell);
        finish_group();
        hosts_of_cell_.clear();
        for (const EdgeNo e : hosts)
            hosts_of_cell_.push_back(view_.source(e));
        sort_unique(hosts_of_cell_);

        const auto& leads = group_.leads;
        const auto name = [&](NodeNo v, std::uint64_t links) {
            data_.nodes.push_back(v);
            data_.links.push_back(links == Regulators::all_links ? 0 : links);
        };
        const auto end = [&] { return static_cast<std::uint32_t>(data_.nodes.size()); };
        std::array<std::uint32_t, 4> at{end(), 0, 0, 0};
        for (const bool lead : {true, false}) {
            for (const Group::Named& one : group_.all)
                if (std::binary_search(leads.begin(), leads.end(), one.node) == lead)
                    name(one.node, one.links);
            at[lead ? 1 : 2] = end();
        }
        for (const NodeNo v : hosts_of_cell_)
            name(v, Regulators::all_links);
        at[3] = end();
        data_.cells.push_back(cell);
        data_.lists.push_back(at);
    }

    // Coarser regions that no enterprise belongs to directly are no rows of the matrix.
    bool listed(std::uint32_t region, std::uint8_t level) const {
        if (view_.level_of(places_.node(region)) == level) return true;
        const Sums* const cells = sums_.data() + index_[region] * sectors_;
        return std::any_of(cells, cells + sectors_,
                           [](const Sums& sums) { return sums.enterprises != 0; });
    }

    std::uint8_t level() const { return static_cast<std::uint8_t>(*parse_level(data_.level)); }

    void by_sector() {
        const bool committees = options_.by == "committee";
        const CellEdges hosts = edges_of(hosts_);
        std::vector<std::vector<std::vector<NodeNo>>> bodies;
        if (committees)
            for (const std::uint32_t region : regions_)
                bodies.push_back(committees_of(region));
        for (std::size_t i = 0; i < regions_.size(); ++i) {
            if (!listed(regions_[i], level())) continue;
            for (std::uint32_t s = 0; s < sectors_; ++s) {
                if (!wanted(s)) continue;
                const Sums& sums = sums_[i * sectors_ + s];
                CoverageCell cell = cell_of(regions_[i], s, sums);
                group_.begin(CoverState::nobody);
                if (committees) {
                    for (const NodeNo c : bodies[i][s])
                        group_.all.push_back({.node = c});
                    group_.state = bodies[i][s].empty()       ? CoverState::nobody
                                   : bodies[i][s].size() == 1 ? CoverState::single
                                                              : CoverState::no_lead;
                    if (!bodies[i][s].empty())
                        cell.from = view_.place_of(bodies[i][s].front()) == cell.region
                                        ? From::own
                                        : From::inherited;
                    cell.uncovered = bodies[i][s].empty() ? sums.enterprises : 0;
                } else if (const auto edges = edges_.at(i, s); !edges.empty()) {
                    // The worst link is one that nobody has.
                    if (sums.open == 0) group_.state = state_of_sector(edges, s);
                    add_departments(edges, s);
                    cell.from = from(edges, regions_[i]);
                } else if (sums.enterprises != 0 && sums.open == 0) {
                    from_below(regions_[i], s);
                    cell.from = From::below;
                }
                add(cell, hosts.at(i, s));
            }
        }
    }

    CoverageCell cell_of(std::uint32_t region, std::uint32_t sector, const Sums& sums) const {
        CoverageCell cell;
        cell.region = places_.node(region);
        cell.sector = sector;
        if (scene_ != nullptr) cell.scene = scene_->number;
        cell.enterprises = sums.enterprises;
        cell.uncovered = sums.open;
        cell.ungraded = sums.ungraded;
        cell.risk_weight = sums.weight;
        return cell;
    }

    // Enterprises once more, by the links that they have; only sectors that are divided.
    void by_link() {
        const Store& store = view_.s;
        const std::size_t links = store.links.size();
        std::vector<Sums> sums(regions_.size() * sectors_ * links);
        const auto at = [&](std::size_t region, std::uint32_t s, std::size_t link) -> Sums& {
            return sums[(region * sectors_ + s) * links + link];
        };
        const std::vector<std::uint8_t>& colours = context_.enterprises().colours();
        for (const NodeNo v : context_.nodes(store.known.enterprise)) {
            const std::uint32_t place = places_.of(v);
            if (place == none || row_of_[place] == none) continue;
            const std::size_t region = row_region_[row_of_[place]];
            const std::uint64_t own =
                store.node_links.empty() ? 0 : store.node_links[view_.like(v)];
            const auto& of = store.sectors.sets[view_.node_sectors(v)];
            bool in_cell = of.empty();  // who has no sector is counted already
            for (const std::uint16_t s : of) {
                const std::uint64_t has = regulators_.links_of(s);
                const std::uint64_t needed = has & regulators_.needed(s, own);
                in_cell = in_cell || needed != 0;
                const std::uint64_t covered = below_[row_of_[place]][s] | regulators_.direct(v, s);
                for (std::uint64_t rest = needed; rest != 0; rest &= rest - 1) {
                    Sums& cell = at(region, s, static_cast<std::size_t>(std::countr_zero(rest)));
                    ++cell.enterprises;
                    cell.weight += workload_.weight[colours[v]];
                    if (colours[v] == 0) ++cell.ungraded;
                    if ((covered & rest & (~rest + 1)) == 0) ++cell.open;
                }
            }
            if (!in_cell) ++data_.undivided;
        }
        const CellEdges edges = edges_of(regulators_), hosts = edges_of(hosts_);
        for (std::size_t i = 0; i < regions_.size(); ++i) {
            if (!listed(regions_[i], level())) continue;
            for (std::uint32_t s = 0; s < sectors_; ++s) {
                if (!wanted(s)) continue;
                for (std::uint64_t rest = regulators_.links_of(s); rest != 0; rest &= rest - 1) {
                    const std::uint64_t link = rest & (~rest + 1);
                    const auto number = static_cast<std::uint32_t>(std::countr_zero(rest));
                    const Sums& one = at(i, s, number);
                    CoverageCell cell = cell_of(regions_[i], s, one);
                    cell.link = number;
                    group_.begin(CoverState::nobody);
                    const std::vector<EdgeNo> own = regulators_.nearest(edges.at(i, s), link);
                    if (!own.empty()) {
                        group_.state = state_of(own, s, link);
                        add_departments(own, s);
                        cell.from = from(own, regions_[i]);
                        cell.uncovered = 0;
                    } else if (one.enterprises != 0 && one.open == 0) {
                        from_below(regions_[i], s, link);
                        cell.from = From::below;
                    }
                    add(cell, hosts.at(i, s));
                }
            }
        }
    }
};

std::string ids(const View& view, std::span<const NodeNo> nodes) {
    std::string text;
    for (const NodeNo v : nodes) {
        if (!text.empty()) text += ';';
        text += view.id(v);
    }
    return text;
}

std::string_view sector_name(const Sectors::Sector& sector, Lang lang) {
    return lang == Lang::en && !sector.en.empty() ? sector.en : sector.zh;
}

}  // namespace

std::string_view to_string(CoverState state) {
    switch (state) {
        case CoverState::nobody:
            return "none";
        case CoverState::single:
            return "single";
        case CoverState::one_lead:
            return "one_lead";
        case CoverState::no_lead:
            return "no_lead";
        case CoverState::many_leads:
            return "many_leads";
        case CoverState::unknown:
            return "no_data";
        default:
            return "n/a";
    }
}

std::string_view word(CoverState state, Lang lang) {
    const bool zh = lang == Lang::zh;
    switch (state) {
        case CoverState::nobody:
            return zh ? "监管盲区" : "nobody";
        case CoverState::single:
            return zh ? "一家监管" : "one department";
        case CoverState::one_lead:
            return zh ? "多家监管，牵头明确" : "several, one lead";
        case CoverState::no_lead:
            return zh ? "多家监管，无牵头" : "several, no lead";
        case CoverState::many_leads:
            return zh ? "多家监管，多头牵头" : "several leads";
        case CoverState::unknown:
            return zh ? "未核查（没有监管关系数据）" : "not assessed (no data on regulators)";
        default:
            return zh ? "无企业" : "no enterprise";
    }
}

int badness(CoverState state) {
    switch (state) {
        case CoverState::nobody:
            return 3;
        case CoverState::many_leads:
            return 2;
        case CoverState::no_lead:
            return 1;
        default:
            return 0;
    }
}

namespace {

// Regions whose cells may differ after the changes, as bytes by place; nothing where that may be
// any.
std::optional<std::vector<std::uint8_t>> changed_regions(const RuleContext& day,
                                                         const RuleContext& after,
                                                         std::uint8_t level,
                                                         const std::string& by) {
    const Places& places = after.territory();
    if (!after.shares_enterprises() || places.land()->circles || by == "committee" ||
        by == "scene" || day.regulators().named() != after.regulators().named())
        return std::nullopt;
    const View& view = after.view;
    const std::vector<std::uint32_t> region_of = places.regions(level);
    std::vector<std::uint8_t> changed(places.size(), 0);
    // Superiors' edges come down.
    const auto take = [&](std::uint32_t place) {
        if (place == none) return;
        if (region_of[place] != none) changed[region_of[place]] = 1;
        for (std::uint32_t i = places.enter(place); i < places.leave(place); ++i)
            changed[places.order()[i]] = 1;
    };
    for (const KindNo kind : {after.k.regulates, after.k.hosts_sector, after.k.guides}) {
        const EdgeChanges changes = after.changes_of(kind);
        for (const auto list : {changes.gone, changes.fresh})
            for (const EdgeNo e : list)
                for (const Places* const side : {&day.territory(), &places}) {
                    const NodeNo target = view.target(e);
                    if (target < side->view().n()) take(side->of(target));
                }
    }
    for (const auto& [post, unit] : view.overlay()->units)
        for (const Places* const side : {&day.territory(), &places})
            if (post < side->view().n()) take(side->of(post));
    return changed;
}

Coverage::Data coverage_data(const ResponsibilityGraph& graph,
                             std::shared_ptr<const Overlay> overlay, const CoverageOptions& options,
                             const Workload& workload) {
    const auto level = parse_level(options.level);
    if (!level || *level == DivisionLevel::country)
        throw InputError("coverage has no level '" + options.level +
                         "'; it has province city county town village");
    if (!options.by.empty() && options.by != "link" && options.by != "scene" &&
        options.by != "committee")
        throw InputError("coverage is by 'link', 'scene' or 'committee', not by '" + options.by +
                         "'");
    Coverage::Data data{.graph = graph, .overlay = std::move(overlay), .on = graph.day(options.on)};
    data.level = to_string(*level);
    data.by = options.by;
    data.pack = workload.pack->id;
    data.pack_hash = workload.pack->sha256;
    return data;
}

// By region, sector and scene from one matrix for each scene.
void sort_cells(Coverage::Data& data) {
    std::vector<std::size_t> order(data.cells.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const CoverageCell &x = data.cells[a], &y = data.cells[b];
        return std::tie(x.region, x.sector, x.scene) < std::tie(y.region, y.sector, y.scene);
    });
    const auto cells = std::exchange(data.cells, {});
    const auto lists = std::exchange(data.lists, {});
    for (const std::size_t i : order) {
        data.cells.push_back(cells[i]);
        data.lists.push_back(lists[i]);
    }
}

void fill(Coverage::Data& data, const CoverageOptions& options, const Workload& workload,
          const std::vector<std::uint8_t>* only) {
    const View view = data.view();
    const RuleContext context(view, nullptr, day_context(view.s, data.on));
    if (options.by != "scene") {
        Matrix(data, context, options, workload, only, nullptr).fill();
        return;
    }
    const Scenes scenes(view.s);
    data.scenes = scenes.all();
    if (data.scenes.empty()) {  // no cells, but all that is said of the enterprises
        CoverageOptions plain = options;
        plain.by.clear();
        Matrix(data, context, plain, workload, only, nullptr).fill();
        data.cells.clear();
        data.lists.clear();
        data.nodes.clear();
        data.links.clear();
    }
    for (std::uint32_t i = 0; i < data.scenes.size(); ++i) {
        const OfScene scene(context, scenes, i, data.scenes[i]);
        Matrix(data, context, options, workload, only, &scene).fill();
    }
    sort_cells(data);
}

}  // namespace

Coverage coverage_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
                       const CoverageOptions& options) {
    const Workload workload(options.workload);
    auto data = std::make_shared<Coverage::Data>(
        coverage_data(graph, std::move(overlay), options, workload));
    fill(*data, options, workload, nullptr);
    return Coverage(std::move(data));
}

std::array<Coverage, 2> changed_coverages(const ResponsibilityGraph& graph,
                                          const std::shared_ptr<const Overlay>& overlay,
                                          const CoverageOptions& options) {
    const Workload workload(options.workload);
    const auto before =
        std::make_shared<Coverage::Data>(coverage_data(graph, nullptr, options, workload));
    const auto after =
        std::make_shared<Coverage::Data>(coverage_data(graph, overlay, options, workload));
    std::optional<std::vector<std::uint8_t>> regions;
    {
        const auto day = day_context(graph.store(), before->on);
        const View view = after->view();
        regions =
            changed_regions(*day, RuleContext(view, nullptr, day),
                            static_cast<std::uint8_t>(*parse_level(before->level)), options.by);
    }
    for (const auto& data : {before, after})
        fill(*data, options, workload, regions ? &*regions : nullptr);
    return {Coverage(before), Coverage(after)};
}

Coverage coverage(const ResponsibilityGraph& graph, const CoverageOptions& options) {
    return coverage_view(graph, nullptr, options);
}

std::span<const CoverageCell> Coverage::cells() const {
    return data_->cells;
}

std::span<const NodeNo> Coverage::leads(std::size_t cell) const {
    const auto& at = data_->lists.at(cell);
    return std::span(data_->nodes).subspan(at[0], at[1] - at[0]);
}

std::span<const NodeNo> Coverage::others(std::size_t cell) const {
    const auto& at = data_->lists.at(cell);
    return std::span(data_->nodes).subspan(at[1], at[2] - at[1]);
}

std::span<const NodeNo> Coverage::hosts(std::size_t cell) const {
    const auto& at = data_->lists.at(cell);
    return std::span(data_->nodes).subspan(at[2], at[3] - at[2]);
}

std::vector<std::size_t> Coverage::blind() const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < data_->cells.size(); ++i)
        if (data_->cells[i].state == CoverState::nobody) found.push_back(i);
    // Cells stand by region and sector already.
    std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
        const CoverageCell& x = data_->cells[a];
        const CoverageCell& y = data_->cells[b];
        if (x.risk_weight != y.risk_weight) return x.risk_weight > y.risk_weight;
        return x.enterprises > y.enterprises;
    });
    return found;
}

std::uint64_t Coverage::enterprises() const {
    return data_->enterprises;
}
std::uint64_t Coverage::unplaced() const {
    return data_->unplaced;
}
std::uint64_t Coverage::undivided() const {
    return data_->undivided;
}
std::uint64_t Coverage::without_sector() const {
    return data_->without_sector;
}
Date Coverage::on() const {
    return data_->on;
}
const std::string& Coverage::level() const {
    return data_->level;
}
std::span<const std::string> Coverage::scenes() const {
    return data_->scenes;
}
const ResponsibilityGraph& Coverage::graph() const {
    return data_->graph;
}

std::uint64_t Coverage::count(CoverState state) const {
    return static_cast<std::uint64_t>(
        std::count_if(data_->cells.begin(), data_->cells.end(),
                      [&](const CoverageCell& cell) { return cell.state == state; }));
}

Table Coverage::table_of(std::span<const std::size_t> cells, Lang lang) const {
    const View view = data_->view();
    const Store& s = view.s;
    TextBuilder region, region_name, sector, name, link, scene, status, from, lead, others, host,
        divided;
    const bool zh = lang == Lang::zh;
    std::vector<std::int64_t> enterprises, uncovered, weight, ungraded;
    std::vector<std::uint8_t> told, weighed;
    for (const std::size_t i : cells) {
        const CoverageCell& cell = data_->cells[i];
        region.append(view.id(cell.region));
        region_name.append(view.name(cell.region));
        sector.append(s.sectors.all[cell.sector].id);
        name.append(sector_name(s.sectors.all[cell.sector], lang));
        if (cell.link == none)
            link.append_null();
        else
            link.append(s.links[cell.link]);
        if (cell.scene != none) scene.append(data_->scenes[cell.scene]);
        status.append(to_string(cell.state));
        from.append(to_string(cell.from));
        lead.append(ids(view, leads(i)));
        others.append(ids(view, this->others(i)));
        host.append(ids(view, hosts(i)));
        std::string shares;
        for (std::uint32_t k = data_->lists[i][0]; k < data_->lists[i][2]; ++k) {
            if (data_->links[k] == 0) continue;
            if (!shares.empty()) shares += zh ? "；" : "; ";
            shares += label(view, data_->nodes[k]) + (zh ? "：" : ": ");
            std::vector<std::string> words;
            for (const std::string& one : link_names(s, data_->links[k]))
                words.emplace_back(link_word(s, one, lang));
            shares += join(words, zh ? "、" : ", ");
        }
        divided.append(shares);
        enterprises.push_back(static_cast<std::int64_t>(cell.enterprises));
        uncovered.push_back(static_cast<std::int64_t>(cell.uncovered));
        told.push_back(cell.state == CoverState::unknown ? 0 : 1);
        weight.push_back(cell.risk_weight);
        weighed.push_back(cell.none_graded() ? 0 : 1);
        ungraded.push_back(static_cast<std::int64_t>(cell.ungraded));
    }
    Table table(Origin{"coverage", "", -1, {}, -1});
    table.add("region", region.finish());
    table.add("region_name", region_name.finish());
    table.add("sector", sector.finish());
    table.add("sector_name", name.finish());
    if (data_->by == "link") table.add("link", link.finish());
    if (data_->by == "scene") table.add("scene", scene.finish());
    table.add("status", status.finish());
    table.add("from", from.finish());
    table.add("lead", lead.finish());
    table.add("others", others.finish());
    table.add("host", host.finish());
    if (data_->by.empty() || data_->by == "scene") table.add("divided", divided.finish());
    table.add("enterprises", Column::of(std::move(enterprises)));
    table.add("uncovered", Column::of(std::move(uncovered), told));
    table.add("risk_weight", Column::of(std::move(weight), weighed));
    table.add("ungraded", Column::of(std::move(ungraded)));
    return table;
}

Table Coverage::to_table(Lang lang) const {
    std::vector<std::size_t> all(data_->cells.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return table_of(all, lang);
}

Table Coverage::blind_table(Lang lang) const {
    return table_of(blind(), lang);
}

Table Coverage::rollup_table(Lang lang) const {
    struct Above {
        std::array<std::uint64_t, cover_states.size()> by_state{};
        std::uint64_t uncovered = 0, ungraded = 0;
        std::int64_t weight = 0;
        CoverState worst = CoverState::empty;
    };
    const View view = data_->view();
    const Store& s = view.s;
    std::map<std::tuple<NodeNo, std::uint32_t, std::uint32_t, std::uint32_t>, Above> rows;
    for (const CoverageCell& cell : data_->cells) {
        if (cell.enterprises == 0) continue;
        std::set<NodeNo> seen{cell.region};
        const auto above = [&](NodeNo v) {
            const auto found = data_->parent.find(v);
            return found == data_->parent.end() ? none : found->second;
        };
        for (NodeNo p = above(cell.region); p != none && seen.insert(p).second; p = above(p)) {
            if (!view.is(p, s.known.region)) continue;
            Above& row = rows[{p, cell.sector, cell.link, cell.scene}];
            row.by_state[static_cast<std::size_t>(cell.state)] += cell.enterprises;
            row.uncovered += cell.uncovered;
            row.ungraded += cell.ungraded;
            row.weight += cell.risk_weight;
            row.worst = worse(row.worst, cell.state);
        }
    }
    TextBuilder region, name, level, sector, sector_title, link, scene, status;
    std::array<std::vector<std::int64_t>, cover_states.size()> counts;
    std::vector<std::int64_t> enterprises, in_worst, uncovered, weight, ungraded;
    std::vector<std::uint8_t> told, weighed;
    for (const auto& [key, above] : rows) {
        const auto& [node, number, of_link, of_scene] = key;
        region.append(view.id(node));
        name.append(view.name(node));
        const std::uint8_t of = view.level_of(node);
        level.append(of == no_level ? std::string_view()
                                    : to_string(static_cast<DivisionLevel>(of)));
        sector.append(s.sectors.all[number].id);
        sector_title.append(sector_name(s.sectors.all[number], lang));
        if (of_link == none)
            link.append_null();
        else
            link.append(s.links[of_link]);
        if (of_scene != none) scene.append(data_->scenes[of_scene]);
        status.append(to_string(above.worst));
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            counts[i].push_back(static_cast<std::int64_t>(above.by_state[i]));
            all += above.by_state[i];
        }
        enterprises.push_back(static_cast<std::int64_t>(all));
        in_worst.push_back(
            static_cast<std::int64_t>(above.by_state[static_cast<std::size_t>(above.worst)]));
        uncovered.push_back(static_cast<std::int64_t>(above.uncovered));
        told.push_back(above.worst == CoverState::unknown ? 0 : 1);
        weight.push_back(above.weight);
        weighed.push_back(above.ungraded >= all ? 0 : 1);
        ungraded.push_back(static_cast<std::int64_t>(above.ungraded));
    }
    Table table(Origin{"coverage_rollup", "", -1, {}, -1});
    table.add("region", region.finish());
    table.add("region_name", name.finish());
    table.add("level", level.finish());
    table.add("sector", sector.finish());
    table.add("sector_name", sector_title.finish());
    if (data_->by == "link") table.add("link", link.finish());
    if (data_->by == "scene") table.add("scene", scene.finish());
    table.add("status", status.finish());
    table.add("enterprises", Column::of(std::move(enterprises)));
    table.add("in_worst", Column::of(std::move(in_worst)));
    for (const CoverState state : cover_states)
        if (state != CoverState::empty)
            table.add(std::string(to_string(state)),
                      Column::of(std::move(counts[static_cast<std::size_t>(state)])));
    table.add("uncovered", Column::of(std::move(uncovered), told));
    table.add("risk_weight", Column::of(std::move(weight), weighed));
    table.add("ungraded", Column::of(std::move(ungraded)));
    return table;
}

std::string Coverage::to_json(Lang lang) const {
    using safetyrisk::detail::Json;
    const View view = data_->view();
    const Store& s = view.s;
    const auto names = [&](std::span<const NodeNo> nodes) {
        Json list = Json::array();
        for (const NodeNo v : nodes)
            list.push_back({{"id", view.id(v)}, {"name", view.name(v)}});
        return list;
    };
    Json cells = Json::array();
    for (std::size_t i = 0; i < data_->cells.size(); ++i) {
        const CoverageCell& cell = data_->cells[i];
        if (cell.enterprises == 0 && leads(i).empty() && others(i).empty()) continue;
        Json one{
            {"region", view.id(cell.region)},
            {"region_name", view.name(cell.region)},
            {"sector", s.sectors.all[cell.sector].id},
            {"sector_name", sector_name(s.sectors.all[cell.sector], lang)},
            {"status", to_string(cell.state)},
            {"from", to_string(cell.from)},
            {"lead", names(leads(i))},
            {"others", names(others(i))},
            {"host", names(hosts(i))},
            {"enterprises", cell.enterprises},
            {"uncovered", cell.state == CoverState::unknown ? Json(nullptr) : Json(cell.uncovered)},
            {"risk_weight", cell.none_graded() ? Json(nullptr) : Json(cell.risk_weight)},
            {"ungraded", cell.ungraded}};
        if (cell.link != none) one["link"] = s.links[cell.link];
        if (cell.scene != none) one["scene"] = data_->scenes[cell.scene];
        cells.push_back(std::move(one));
    }
    Json counts{{"enterprises", data_->enterprises},
                {"unplaced", data_->unplaced},
                {"without_sector", data_->without_sector}};
    if (data_->by == "link") counts["undivided"] = data_->undivided;
    for (const CoverState state : cover_states)
        counts[std::string(to_string(state))] = count(state);
    const Json document{{"format", 1},
                        {"on", data_->on.text()},
                        {"level", data_->level},
                        {"by", data_->by},
                        {"scenes", data_->scenes},
                        {"pack", data_->pack},
                        {"sha256", data_->pack_hash},
                        {"counts", counts},
                        {"cells", cells}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safetyrisk::graph
