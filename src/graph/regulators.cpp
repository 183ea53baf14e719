#include "regulators.hpp"

#include <safetyrisk/core/division_code.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace safetyrisk::graph {

std::vector<std::uint8_t> count_by_target(const View& view, std::span<const EdgeNo> edges) {
    std::vector<std::uint8_t> counts(view.n(), 0);
    for (const EdgeNo e : edges) {
        std::uint8_t& count = counts[view.target(e)];
        if (count != 255) ++count;
    }
    return counts;
}

// ── places ──

Land::Land(const View& view) : number(view.s.n(), none), jurisdiction(view.jurisdiction()) {
    std::array<std::uint8_t, 256> is_place{};
    for (std::size_t k = 0; k < view.s.kinds->nodes().size(); ++k)
        is_place[k] = view.s.kinds->nodes()[k].place ? 1 : 0;
    const KindNo* const kinds = view.s.node_kind.data();
    for (std::size_t i = 0; i < view.s.n(); ++i) {
        if (is_place[kinds[i]] == 0) continue;
        const auto v = static_cast<NodeNo>(i);
        if (!view.alive(v)) continue;
        number[v] = static_cast<std::uint32_t>(node.size());
        node.push_back(v);
    }
    order_downward(view);
    order_spans(view);
}

void Land::order_downward(const View& view) {
    const auto number_of = [&](NodeNo v) { return v < number.size() ? number[v] : none; };
    parent.resize(node.size());
    for (std::uint32_t p = 0; p < node.size(); ++p) {
        const NodeNo up = view.parent(node[p]);
        parent[p] = up == none ? none : number_of(up);
    }

    // Walk up from each place until something known; what was met stands on the stack.
    enum : std::uint8_t { unseen, open, done };
    std::vector<std::uint8_t> state(node.size(), unseen);
    circle.assign(node.size(), 0);
    downward.reserve(node.size());
    std::vector<std::uint32_t> stack;
    std::uint32_t count = 0;
    for (std::uint32_t p = 0; p < node.size(); ++p) {
        std::uint32_t q = p;
        for (; q != none && state[q] == unseen; q = parent[q]) {
            state[q] = open;
            stack.push_back(q);
        }
        if (q != none && state[q] == open) {
            ++count;
            std::uint32_t member = none;
            do {
                member = stack.back();
                stack.pop_back();
                circle[member] = count;
                state[member] = done;
                downward.push_back(member);
            } while (member != q);
        }
        for (; !stack.empty(); stack.pop_back()) {
            state[stack.back()] = done;
            downward.push_back(stack.back());
        }
    }
    circles = count != 0;

    checked.assign(node.size(), 0);
    for (const NodeNo v : jurisdiction)
        if (number_of(v) != none) checked[number_of(v)] = 1;
    for (const std::uint32_t p : downward)
        if (parent[p] != none && checked[parent[p]] != 0) checked[p] = 1;
}

void Land::order_spans(const View& view) {
    const auto places = static_cast<std::uint32_t>(node.size());
    above = parent;
    if (circles) {
        std::vector<std::uint8_t> cut;  // by number of the circle
        for (std::uint32_t p = 0; p < places; ++p) {
            if (circle[p] == 0) continue;
            cut.resize(std::max<std::size_t>(cut.size(), std::size_t{circle[p]} + 1), 0);
            if (std::exchange(cut[circle[p]], std::uint8_t{1}) == 0) above[p] = none;
        }
    }

    // Places below each, in id order; then each before what lies below it.
    std::vector<std::uint32_t> begin(std::size_t{places} + 2, 0), below(places);
    for (std::uint32_t p = 0; p < places; ++p)
        if (above[p] != none) ++begin[above[p] + 2];
    for (std::size_t i = 2; i < begin.size(); ++i)
        begin[i] += begin[i - 1];
    for (std::uint32_t p = 0; p < places; ++p)
        if (above[p] != none) below[begin[above[p] + 1]++] = p;
    depth.assign(places, 0);
    asked.assign(places, 0);
    enter.assign(places, 0);
    leave.assign(places, 0);
    order.reserve(places);
    std::vector<std::uint32_t> stack;
    for (std::uint32_t p = places; p-- > 0;)
        if (above[p] == none) stack.push_back(p);
    while (!stack.empty()) {
        const std::uint32_t p = stack.back();
        stack.pop_back();
        enter[p] = static_cast<std::uint32_t>(order.size());
        leave[p] = enter[p] + 1;
        order.push_back(p);
        if (above[p] != none) depth[p] = depth[above[p]] + 1;
        const bool outside =
            above[p] == none ? view.is(node[p], view.s.known.region) : asked[above[p]] == 0;
        asked[p] = checked[p] != 0 || !outside ? 1 : 0;
        for (std::uint32_t i = begin[p + 1]; i-- > begin[p];)
            stack.push_back(below[i]);
    }
    for (std::size_t i = order.size(); i-- > 0;) {
        const std::uint32_t p = order[i];
        if (above[p] != none) leave[above[p]] = std::max(leave[above[p]], leave[p]);
    }
}

std::size_t Land::bytes() const {
    std::size_t sum = checked.capacity() + asked.capacity();
    for (const auto* list : {&number, &node, &parent, &downward, &circle, &jurisdiction, &above,
                             &order, &enter, &leave, &depth})
        sum += list->capacity() * sizeof(std::uint32_t);
    return sum;
}

std::uint32_t Places::of(NodeNo v) const {
    if (v == none) return none;
    const NodeNo division = view_.division(v);
    if (division != none && number(division) != none && number(v) == none) return number(division);
    const NodeNo place = view_.place_of(v);
    return place == none ? none : number(place);
}

std::vector<std::uint32_t> Places::regions(std::uint8_t finest) const {
    std::vector<std::uint32_t> found(size(), none);
    const auto is_one = [&](std::uint32_t p) {
        return view_.is(node(p), view_.s.known.region) && view_.level(node(p)) <= finest;
    };
    for (const std::uint32_t p : downward()) {
        if (is_one(p))
            found[p] = p;
        else if (circle(p) != 0)
            up(p, [&](std::uint32_t above) {
                if (is_one(above)) found[p] = above;
                return found[p] == none;
            });
        else if (parent(p) != none)
            found[p] = found[parent(p)];
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

Regulators::Regulators(const Places& places, std::span<const EdgeNo> edges,
                       std::span<const EdgeNo> guiding)
    : places_(places), view_(places.view()) {
    const Store& store = view_.s;
    const std::size_t sectors = store.sectors.all.size();
    auto base = std::make_shared<Base>(sectors);
    base_ = base;

    base->starts.assign(view_.n() + 1, 0);
    base->of_set.assign(store.sectors.sets.size(), 0);
    for (const EdgeNo e : edges) {
        ++base->starts[view_.target(e) + 1];
        ++base->of_set[view_.sectors(e)];
    }
    for (std::size_t v = 1; v < base->starts.size(); ++v)
        base->starts[v] += base->starts[v - 1];
    base->edges.resize(edges.size());
    for (const EdgeNo e : edges)
        base->edges[base->starts[view_.target(e)]++] = e;
    for (std::size_t v = base->starts.size() - 1; v > 0; --v)
        base->starts[v] = base->starts[v - 1];
    base->starts[0] = 0;

    base->sector_links.assign(sectors, 0);
    for (std::uint32_t s = 0; s < sectors; ++s)
        base->sector_links[s] = links_of_sector(store, s);

    base->own.assign(places.size(), 0);
    for (std::uint32_t p = 0; p < places.size(); ++p)
        if (!at(places.node(p)).empty()) base->own[p] = row_of(base->table, p);
    base->all = base->table.inherit(places, base->own);

    for (const EdgeNo e : edges) {
        const NodeNo target = view_.target(e);
        if (places.number(target) == none) ++base->direct;
        if (is_other(target)) base->others.push_back(target);
    }
    std::sort(base->others.begin(), base->others.end());
    base->others.erase(std::unique(base->others.begin(), base->others.end()), base->others.end());
    for (const EdgeNo e : guiding) {
        const std::uint32_t place = places.of(view_.target(e));
        if (place != none) base->guiding[place].push_back(view_.source(e));
    }
    for (auto& [place, departments] : base->guiding)
        std::sort(departments.begin(), departments.end());
    table_ = &base->table;
    own_ = &base->own;
    all_ = &base->all;
    direct_ = base->direct;
}

Regulators::Regulators(const Places& places, const Regulators& day, const EdgeChanges& edges,
                       const EdgeChanges& guiding)
    : places_(places),
      view_(places.view()),
      base_(day.base_),
      table_(day.table_),
      own_(day.own_),
      all_(day.all_),
      direct_(day.direct_) {
    for (const auto list : {edges.gone, edges.fresh})
        for (const EdgeNo e : list)
            patched_targets_.push_back(view_.target(e));
    std::sort(patched_targets_.begin(), patched_targets_.end());
    patched_targets_.erase(std::unique(patched_targets_.begin(), patched_targets_.end()),
                           patched_targets_.end());
    for (const NodeNo target : patched_targets_) {
        const auto own = day.at(target);
        std::vector<EdgeNo>& list = patched_[target];
        for (const EdgeNo e : own)
            if (view_.active(e)) list.push_back(e);
        screen_[(target >> 6U) % screen_.size()] |= std::uint64_t{1} << (target % 64);
        if (places.number(target) == none) direct_ -= own.size() - list.size();
    }
    for (const EdgeNo e : edges.fresh) {
        patched_[view_.target(e)].push_back(e);
        if (places.number(view_.target(e)) == none) ++direct_;
    }

    for (const EdgeNo e : edges.gone)
        --of_set_[view_.sectors(e)];
    for (const EdgeNo e : edges.fresh)
        ++of_set_[view_.sectors(e)];

    // Rows of the places that edges lead to, and what comes down from them.
    const auto place_changed = [&](NodeNo v) { return places.number(v) != none; };
    if (std::any_of(patched_targets_.begin(), patched_targets_.end(), place_changed)) {
        cells_ = std::make_unique<Cells>(Cells{*table_, *own_, *all_});
        const Land& land = *places.land();
        for (const NodeNo target : patched_targets_)
            if (place_changed(target))
                cells_->own[places.number(target)] = row_of(cells_->table, places.number(target));
        if (land.circles) {
            cells_->all = cells_->table.inherit(places, cells_->own);
        } else {
            for (const NodeNo target : patched_targets_) {
                if (!place_changed(target)) continue;
                const std::uint32_t top = places.number(target);
                for (std::uint32_t i = places.enter(top); i < places.leave(top); ++i) {
                    const std::uint32_t p = land.order[i], above = land.parent[p];
                    cells_->all[p] =
                        cells_->table.both(cells_->own[p], above == none ? 0 : cells_->all[above]);
                }
            }
        }
        table_ = &cells_->table;
        own_ = &cells_->own;
        all_ = &cells_->all;
    }

    const auto guided = [&](std::uint32_t place) -> std::vector<NodeNo>& {
        const auto [at, fresh] = guiding_.try_emplace(place);
        if (fresh) {
            const auto own = day.guiding(place);
            at->second.assign(own.begin(), own.end());
        }
        return at->second;
    };
    const auto move = [&](EdgeNo e, std::uint32_t from, std::uint32_t to) {
        if (from != none) {
            auto& list = guided(from);
            const auto at = std::lower_bound(list.begin(), list.end(), view_.source(e));
            if (at != list.end() && *at == view_.source(e)) list.erase(at);
        }
        if (to != none) {
            auto& list = guided(to);
            list.insert(std::upper_bound(list.begin(), list.end(), view_.source(e)),
                        view_.source(e));
        }
    };
    const Places& before = day.places();
    for (const EdgeNo e : guiding.gone)
        move(e, before.of(view_.target(e)), none);
    for (const EdgeNo e : guiding.fresh)
        move(e, none, places.of(view_.target(e)));
    // Posts that have another unit now may lie elsewhere.
    if (view_.overlay() != nullptr)
        for (const auto& [post, unit] : view_.overlay()->units)
            view_.in(post, view_.s.known.guides, [&](EdgeNo e) {
                if (e < view_.s.m()) move(e, before.of(post), places.of(post));
            });
}

std::uint32_t Regulators::row_of(SectorTable& table, std::uint32_t place) const {
    const std::size_t sectors = view_.s.sectors.all.size();
    std::vector<std::uint64_t> cells(sectors, 0);
    for (const EdgeNo e : at(places_.node(place))) {
        const auto& bits = view_.s.sectors.covered[view_.sectors(e)];
        for (std::size_t word = 0; word < bits.size(); ++word)
            for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1)
                cells[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))] |= links(e);
    }
    for (std::uint32_t s = 0; s < sectors; ++s)
        cells[s] = whole(s, cells[s]);
    return table.row(cells);
}

std::vector<std::uint8_t> Regulators::named() const {
    const Sectors& sectors = view_.s.sectors;
    std::vector<std::uint8_t> out(sectors.all.size(), 0);
    for (SetNo set = 0; set < base_->of_set.size(); ++set) {
        std::int64_t edges = base_->of_set[set];
        if (const auto more = of_set_.find(set); more != of_set_.end()) edges += more->second;
        if (edges == 0) continue;
        for (const std::uint16_t s : sectors.sets[set])
            out[s] = 1;
    }
    return out;
}

std::span<const NodeNo> Regulators::guiding(std::uint32_t place) const {
    if (const auto own = guiding_.find(place); own != guiding_.end()) return own->second;
    const auto found = base_->guiding.find(place);
    return found == base_->guiding.end() ? std::span<const NodeNo>() : found->second;
}

std::size_t Regulators::bytes() const {
    std::size_t sum = (base_->edges.capacity() + base_->starts.capacity() + base_->own.capacity() +
                       base_->all.capacity() + base_->others.capacity()) *
                          sizeof(std::uint32_t) +
                      base_->table.bytes();
    for (const auto& [place, departments] : base_->guiding)
        sum += sizeof(place) + sizeof(departments) + departments.capacity() * sizeof(NodeNo);
    return sum;
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

std::uint64_t links_of_sector(const Store& store, std::uint32_t sector) {
    std::uint64_t links = 0;
    for (const std::string& link : store.sectors.all[sector].links) {
        const auto at = std::lower_bound(store.links.begin(), store.links.end(), link);
        if (at != store.links.end() && *at == link)
            links |= std::uint64_t{1} << (at - store.links.begin());
    }
    return links;
}

std::uint64_t Regulators::direct(NodeNo enterprise, std::uint32_t sector) const {
    std::uint64_t covered = 0;
    for (const EdgeNo e : at(enterprise))
        if (covers(e, sector)) covered |= links(e);
    return whole(sector, covered);
}

std::uint64_t Regulators::needed(std::uint32_t sector, std::uint64_t links) const {
    if (links == 0) return all_links;
    const std::uint64_t has = base_->sector_links[sector];
    if (has == 0) return links;
    return (links & has) == 0 ? all_links : whole(sector, links & has);
}

std::uint64_t Regulators::missing(std::uint32_t sector, std::uint64_t needed,
                                  std::uint64_t covered) const {
    covered = whole(sector, covered);
    const std::uint64_t rest = needed & ~covered;
    if (needed != all_links || rest == 0) return rest;
    const std::uint64_t has = base_->sector_links[sector];
    return has == 0 || (has & rest) == has ? all_links : has & rest;
}

bool Regulators::has_departments(std::uint32_t place) const {
    const NodeNo v = places_.node(place);
    return view_.is(v, view_.s.known.region) &&
           view_.level(v) <= static_cast<std::uint8_t>(DivisionLevel::county);
}

std::vector<EdgeNo> Regulators::cell(std::uint32_t region, std::uint32_t sector) const {
    std::vector<EdgeNo> found;
    std::vector<NodeNo> guided;
    std::uint64_t has = 0;
    std::uint32_t base = none;
    places_.up(region, [&](std::uint32_t place) {
        const auto departments = guiding(place);
        guided.insert(guided.end(), departments.begin(), departments.end());
        const bool last = has_departments(place);
        const std::uint64_t nearer = has;
        bool own = false;
        for (const EdgeNo e : at(places_.node(place))) {
            if (!covers(e, sector)) continue;
            own = true;
            if ((links(e) & ~nearer) == 0) continue;
            found.push_back(e);
            has = whole(sector, has | links(e));
        }
        if (last && !own) base = place;
        return !last && has != all_links;
    });
    if (base == none || guided.empty()) return found;
    std::sort(guided.begin(), guided.end());
    places_.up(places_.parent(base), [&](std::uint32_t above) {
        if (above == base) return false;
        for (const EdgeNo e : at(places_.node(above)))
            if (covers(e, sector) && (links(e) & ~has) != 0 &&
                std::binary_search(guided.begin(), guided.end(), view_.source(e)))
                found.push_back(e);
        return true;
    });
    return found;
}

std::vector<EdgeNo> Regulators::nearest(std::span<const EdgeNo> edges, std::uint64_t link) const {
    std::vector<EdgeNo> found;
    for (const EdgeNo e : edges) {
        if ((links(e) & link) == 0) continue;
        const NodeNo first = found.empty() ? view_.target(e) : view_.target(found.front());
        const std::uint32_t place = places_.number(first);
        if (link == all_links || view_.target(e) == first ||
            (place != none && has_departments(place)))
            found.push_back(e);
    }
    return found;
}

}  // namespace safetyrisk::graph
