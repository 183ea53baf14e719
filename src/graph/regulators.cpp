#include "regulators.hpp"

#include <algorithm>
#include <bit>

namespace safetyrisk::graph {

namespace {

/// Calls f(edge) for each active edge of a kind, in edge order, those of changes last.
template <class F>
void each_edge(const View& view, KindNo kind, F&& f) {
    if (kind == no_kind) return;
    const auto& kinds = view.s.edge_kind;
    for (auto at = kinds.begin(); (at = std::find(at, kinds.end(), kind)) != kinds.end(); ++at) {
        const auto e = static_cast<EdgeNo>(at - kinds.begin());
        if (view.active(e)) f(e);
    }
    if (view.overlay() == nullptr) return;
    for (std::size_t i = 0; i < view.overlay()->edges.size(); ++i) {
        const auto e = static_cast<EdgeNo>(view.s.m() + i);
        if (view.kind(e) == kind && view.active(e)) f(e);
    }
}

}  // namespace

void edges_by_target(const View& view, KindNo kind, std::vector<EdgeNo>& edges,
                     std::vector<std::uint32_t>& starts) {
    std::vector<EdgeNo> found;
    each_edge(view, kind, [&](EdgeNo e) { found.push_back(e); });
    starts.assign(view.n() + 1, 0);
    for (const EdgeNo e : found)
        ++starts[view.target(e) + 1];
    for (std::size_t v = 1; v < starts.size(); ++v)
        starts[v] += starts[v - 1];
    edges.resize(found.size());
    std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
    for (const EdgeNo e : found)
        edges[next[view.target(e)]++] = e;
}

std::vector<std::uint8_t> count_by_target(const View& view, KindNo kind) {
    std::vector<std::uint8_t> counts(view.n(), 0);
    each_edge(view, kind, [&](EdgeNo e) {
        std::uint8_t& count = counts[view.target(e)];
        if (count != 255) ++count;
    });
    return counts;
}

// ── places ──

Places::Places(const View& view) : view_(view), number_(view.n(), none) {
    const std::vector<NodeKind>& kinds = view.s.kinds->nodes();
    for (NodeNo v = 0; v < view.n(); ++v) {
        if (!kinds[view.node_kind(v)].place || !view.alive(v)) continue;
        number_[v] = static_cast<std::uint32_t>(node_.size());
        node_.push_back(v);
    }
    parent_.resize(node_.size());
    for (std::uint32_t p = 0; p < node_.size(); ++p) {
        const NodeNo above = view.parent(node_[p]);
        parent_[p] = above == none ? none : number(above);
    }

    // Walk up from each place until something known; what was met stands on the stack.
    enum : std::uint8_t { unseen, open, done };
    std::vector<std::uint8_t> state(node_.size(), unseen);
    circle_.assign(node_.size(), 0);
    downward_.reserve(node_.size());
    std::vector<std::uint32_t> stack;
    std::uint32_t circles = 0;
    for (std::uint32_t p = 0; p < node_.size(); ++p) {
        std::uint32_t q = p;
        for (; q != none && state[q] == unseen; q = parent_[q]) {
            state[q] = open;
            stack.push_back(q);
        }
        if (q != none && state[q] == open) {
            ++circles;
            std::uint32_t member = none;
            do {
                member = stack.back();
                stack.pop_back();
                circle_[member] = circles;
                state[member] = done;
                downward_.push_back(member);
            } while (member != q);
        }
        for (; !stack.empty(); stack.pop_back()) {
            state[stack.back()] = done;
            downward_.push_back(stack.back());
        }
    }

    checked_.assign(node_.size(), 0);
    for (const NodeNo v : view.jurisdiction())
        if (number(v) != none) checked_[number(v)] = 1;
    for (const std::uint32_t p : downward_)
        if (parent_[p] != none && checked_[parent_[p]] != 0) checked_[p] = 1;
}

std::uint32_t Places::of(NodeNo v) const {
    if (v == none) return none;
    const NodeNo division = view_.division(v);
    if (division != none && number(division) != none && number(v) == none) return number(division);
    const NodeNo place = view_.place_of(v);
    return place == none ? none : number(place);
}

std::vector<std::uint32_t> Places::regions(std::uint8_t finest) const {
    std::vector<std::uint32_t> found(node_.size(), none);
    const auto is_one = [&](std::uint32_t p) {
        return view_.is(node_[p], view_.s.known.region) && view_.level(node_[p]) <= finest;
    };
    for (const std::uint32_t p : downward_) {
        if (is_one(p))
            found[p] = p;
        else if (circle_[p] != 0)
            up(p, [&](std::uint32_t above) {
                if (is_one(above)) found[p] = above;
                return found[p] == none;
            });
        else if (parent_[p] != none)
            found[p] = found[parent_[p]];
    }
    return found;
}

// ── the table ──

std::uint32_t SectorTable::row(std::span<const std::uint64_t> cells) {
    std::uint64_t hash = 0x9e3779b97f4a7c15U;
    bool nothing = true;
    for (const std::uint64_t cell : cells) {
        nothing = nothing && cell == 0;
        hash = (hash ^ cell) * 0xff51afd7ed558ccdU;
        hash ^= hash >> 32U;
    }
    if (nothing) return 0;
    const auto [first, last] = index_.equal_range(hash);
    for (auto it = first; it != last; ++it)
        if (std::equal(cells.begin(), cells.end(),
                       cells_.begin() + static_cast<std::ptrdiff_t>(it->second * width_)))
            return it->second;
    const auto number = static_cast<std::uint32_t>(rows());
    cells_.insert(cells_.end(), cells.begin(), cells.end());
    index_.emplace(hash, number);
    return number;
}

std::uint32_t SectorTable::both(std::uint32_t a, std::uint32_t b) {
    if (a == b || b == 0) return a;
    if (a == 0) return b;
    const std::uint64_t key = (std::uint64_t{std::min(a, b)} << 32U) | std::max(a, b);
    if (const auto found = sums_.find(key); found != sums_.end()) return found->second;
    std::vector<std::uint64_t> cells(width_);
    for (std::uint32_t s = 0; s < width_; ++s)
        cells[s] = cell(a, s) | cell(b, s);
    const std::uint32_t sum = row(cells);
    sums_.emplace(key, sum);
    return sum;
}

std::vector<std::uint32_t> SectorTable::inherit(const Places& places,
                                                std::span<const std::uint32_t> own,
                                                std::span<const std::uint8_t> root) {
    const auto downward = places.downward();
    std::vector<std::uint32_t> rows(own.begin(), own.end());
    for (std::size_t i = 0; i < downward.size();) {
        const std::uint32_t p = downward[i];
        if (const std::uint32_t circle = places.circle(p); circle != 0) {
            // Each member of a circle is above every other.
            std::size_t end = i;
            std::uint32_t sum = 0;
            for (; end < downward.size() && places.circle(downward[end]) == circle; ++end)
                sum = both(sum, own[downward[end]]);
            for (; i < end; ++i)
                rows[downward[i]] = sum;
            continue;
        }
        if (!root.empty() && root[p] != 0)
            rows[p] = 0;
        else if (const std::uint32_t above = places.parent(p); above != none)
            rows[p] = both(own[p], rows[above]);
        ++i;
    }
    return rows;
}

// ── regulators ──

Regulators::Regulators(const Places& places, KindNo kind)
    : places_(places),
      view_(places.view()),
      sector_links_(view_.s.sectors.all.size(), 0),
      table_(view_.s.sectors.all.size()),
      own_(places.size(), 0) {
    edges_by_target(view_, kind, edges_, starts_);

    const Store& store = view_.s;
    const std::size_t sectors = store.sectors.all.size();
    for (std::size_t s = 0; s < sectors; ++s)
        for (const std::string& link : store.sectors.all[s].links) {
            const auto at = std::lower_bound(store.links.begin(), store.links.end(), link);
            if (at != store.links.end() && *at == link)
                sector_links_[s] |= std::uint64_t{1} << (at - store.links.begin());
        }

    std::vector<std::uint64_t> cells(sectors);
    for (std::uint32_t p = 0; p < places.size(); ++p) {
        const auto own = at(places.node(p));
        if (own.empty()) continue;
        std::fill(cells.begin(), cells.end(), 0);
        for (const EdgeNo e : own) {
            const auto& bits = store.sectors.covered[view_.sectors(e)];
            for (std::size_t word = 0; word < bits.size(); ++word)
                for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1)
                    cells[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))] |= links(e);
        }
        for (std::uint32_t s = 0; s < sectors; ++s)
            cells[s] = whole(s, cells[s]);
        own_[p] = table_.row(cells);
    }
    all_ = table_.inherit(places, own_);

    for (const EdgeNo e : edges_)
        if (places.number(view_.target(e)) == none) ++direct_;
    each_edge(view_, store.known.guides, [&](EdgeNo e) {
        const std::uint32_t place = places.of(view_.target(e));
        if (place != none) guiding_[place].push_back(view_.source(e));
    });
    for (auto& [place, departments] : guiding_)
        std::sort(departments.begin(), departments.end());
}

std::span<const EdgeNo> Regulators::at(NodeNo target) const {
    return std::span(edges_).subspan(starts_[target], starts_[target + 1] - starts_[target]);
}

std::vector<EdgeNo> Regulators::leading(std::span<const EdgeNo> edges, std::uint32_t sector) const {
    const Sectors& sectors = view_.s.sectors;
    const auto distance = [&](EdgeNo e) {
        const auto& named = sectors.sets[view_.sectors(e)];
        std::size_t steps = 0;
        for (std::uint32_t one = sector; one != none && steps < sectors.all.size();
             one = sectors.all[one].parent, ++steps)
            if (named.empty() || std::binary_search(named.begin(), named.end(), one)) break;
        return steps;
    };
    std::vector<EdgeNo> found;
    std::size_t least = 0;
    for (const EdgeNo e : edges) {
        if (!view_.lead(e)) continue;
        const std::size_t steps = distance(e);
        if (!found.empty() && steps > least) continue;
        if (!found.empty() && steps < least) found.clear();
        least = steps;
        found.push_back(e);
    }
    return found;
}

std::uint64_t Regulators::direct(NodeNo enterprise, std::uint32_t sector) const {
    std::uint64_t covered = 0;
    for (const EdgeNo e : at(enterprise))
        if (covers(e, sector)) covered |= links(e);
    return whole(sector, covered);
}

std::uint64_t Regulators::needed(std::uint32_t sector, std::uint64_t links) const {
    if (links == 0) return all_links;
    const std::uint64_t has = sector_links_[sector];
    if (has == 0) return links;
    return (links & has) == 0 ? all_links : whole(sector, links & has);
}

std::uint64_t Regulators::missing(std::uint32_t sector, std::uint64_t needed,
                                  std::uint64_t covered) const {
    covered = whole(sector, covered);
    const std::uint64_t rest = needed & ~covered;
    if (needed != all_links || rest == 0) return rest;
    const std::uint64_t has = sector_links_[sector];
    return has == 0 || (has & rest) == has ? all_links : has & rest;
}

std::vector<EdgeNo> Regulators::cell(std::uint32_t region, std::uint32_t sector) const {
    std::vector<EdgeNo> found;
    for (const EdgeNo e : at(places_.node(region)))
        if (covers(e, sector)) found.push_back(e);
    const auto guided = guiding_.find(region);
    if (!found.empty() || guided == guiding_.end()) return found;
    places_.up(places_.parent(region), [&](std::uint32_t above) {
        if (above == region) return false;
        for (const EdgeNo e : at(places_.node(above)))
            if (covers(e, sector) &&
                std::binary_search(guided->second.begin(), guided->second.end(), view_.source(e)))
                found.push_back(e);
        return true;
    });
    return found;
}

}  // namespace safetyrisk::graph
