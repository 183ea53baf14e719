#include "sole_regulators.hpp"

#include "rule_context.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace safetyrisk::graph {
namespace {

// The only department that regulates anything of an enterprise.
struct Only {
    NodeNo department = none;
    bool several = false;
    void add(NodeNo one) {
        several = several || (department != none && department != one);
        department = one;
    }
    NodeNo one() const { return several ? none : department; }  // `none` for nobody or several
};

class Finder {
public:
    explicit Finder(const RuleContext& context)
        : c_(context),
          regulators_(context.regulators()),
          places_(context.territory()),
          nearest_(context.nearest(context.k.regulates)) {}

    Only of_place(std::uint32_t place, SetNo set) {
        if (place != none) place = nearest_[place];
        if (place == none) return {};
        const auto [at, fresh] = known_.try_emplace((std::uint64_t{place} << 32U) | set);
        if (fresh)
            places_.up(place, [&](std::uint32_t p) {
                for (const EdgeNo e : regulators_.at(places_.node(p)))
                    for (const std::uint32_t sector : c_.s.sectors.sets[set])
                        if (regulators_.covers(e, sector)) {
                            at->second.add(c_.view.source(e));
                            break;
                        }
                return !at->second.several;
            });
        return at->second;
    }

    Only of_its_place(NodeNo enterprise) {
        return of_place(c_.place_no(enterprise), c_.view.node_sectors(enterprise));
    }

    Only of(NodeNo enterprise) {
        Only only = of_its_place(enterprise);
        for (const EdgeNo e : regulators_.at(enterprise))
            only.add(c_.view.source(e));
        return only;
    }

private:
    const RuleContext& c_;
    const Regulators& regulators_;
    const Territory& places_;
    const std::vector<std::uint32_t>& nearest_;
    std::unordered_map<std::uint64_t, Only> known_;  // by place and set of sectors
};

}  // namespace

SoleRegulators::SoleRegulators(const RuleContext& c) {
    const std::vector<EdgeNo>& edges = c.edges(c.k.regulates);
    for (const EdgeNo e : edges) {
        const NodeNo source = c.view.source(e);
        if (counts_.empty() || counts_.back().department != source) counts_.push_back({source, 0});
    }
    const auto by_department = [](const Count& a, const Count& b) {
        return a.department < b.department;
    };
    const auto same = [](const Count& a, const Count& b) { return a.department == b.department; };
    if (!std::is_sorted(counts_.begin(), counts_.end(), by_department))
        std::sort(counts_.begin(), counts_.end(), by_department);
    counts_.erase(std::unique(counts_.begin(), counts_.end(), same), counts_.end());

    const auto count = [&](const Only& only, std::uint32_t enterprises) {
        if (only.one() == none) return;
        const auto at =
            std::lower_bound(counts_.begin(), counts_.end(), Count{only.one(), 0}, by_department);
        at->enterprises += enterprises;
    };
    Finder finder(c);
    if (c.territory().land()->circles) {
        for (const NodeNo e : c.nodes(c.k.enterprise))
            if (c.asked(e)) count(finder.of(e), 1);
        return;
    }
    const Enterprises& all = c.enterprises();
    for (std::uint32_t i = 0; i < all.anchors().size(); ++i) {
        const std::uint32_t place = all.anchors()[i];
        if (!c.territory().asked(place)) continue;
        for (const Enterprises::Entry& entry : all.own(i))
            count(finder.of_place(place, entry.set), entry.count());
    }
    if (c.regulators().direct() == 0) return;
    // Those that have edges of their own were counted as if they had none.
    c.regulators().each_target([&](NodeNo v, std::span<const EdgeNo>) {
        if (!c.view.is(v, c.k.enterprise) || !c.asked(v)) return;
        count(finder.of_its_place(v), 0U - 1U);
        count(finder.of(v), 1);
    });
}

SoleRegulators::SoleRegulators(const RuleContext& c, const RuleContext& day,
                               const SoleRegulators& own)
    : day_(&own) {
    const Territory& places = c.territory();
    const Enterprises& all = c.enterprises();
    const Regulators& regulators = c.regulators();
    Finder before(day), after(c);
    const auto count = [&](const Only& only, std::int64_t enterprises) {
        if (only.one() != none) more_[only.one()] += enterprises;
    };
    std::set<std::pair<std::uint32_t, SetNo>> counted;  // anchors and sets
    std::set<NodeNo> direct;
    const EdgeChanges changes = c.changes_of(c.k.regulates);
    for (const auto list : {changes.gone, changes.fresh})
        for (const EdgeNo e : list) {
            const NodeNo target = c.view.target(e);
            const std::uint32_t place = places.number(target);
            if (place == none) {
                if (c.view.is(target, c.k.enterprise)) direct.insert(target);
                continue;
            }
            const auto [first, last] = all.anchors_below(places, place);
            for (std::uint32_t i = first; i < last; ++i) {
                const std::uint32_t anchor = all.anchors()[i];
                if (!places.asked(anchor)) continue;
                for (const Enterprises::Entry& entry : all.own(i)) {
                    if (!regulators.covers_any(e, entry.set)) continue;
                    if (!counted.emplace(i, entry.set).second) continue;
                    count(before.of_place(anchor, entry.set), -std::int64_t{entry.count()});
                    count(after.of_place(anchor, entry.set), entry.count());
                }
            }
            if (regulators.direct() == 0 && day.regulators().direct() == 0) continue;
            for (const NodeNo v : all.below(places, place))
                if (!regulators.at(v).empty() || !day.regulators().at(v).empty()) direct.insert(v);
        }
    for (const NodeNo v : direct) {
        if (!c.asked(v)) continue;
        const std::uint32_t lies = c.place_no(v);
        const std::uint32_t anchor = lies == none ? none : all.anchor_of()[lies];
        if (anchor != none && counted.count({anchor, c.view.node_sectors(v)}) != 0) {
            count(before.of_its_place(v), 1);
            count(after.of_its_place(v), -1);
        }
        count(before.of(v), -1);
        count(after.of(v), 1);
    }
}

std::size_t SoleRegulators::of(NodeNo department) const {
    const auto at = std::partition_point(counts_.begin(), counts_.end(), [&](const Count& one) {
        return one.department < department;
    });
    std::int64_t sum = day_ != nullptr ? static_cast<std::int64_t>(day_->of(department)) : 0;
    if (at != counts_.end() && at->department == department) sum += at->enterprises;
    if (const auto more = more_.find(department); more != more_.end()) sum += more->second;
    return static_cast<std::size_t>(sum);
}

std::size_t SoleRegulators::bytes() const {
    return counts_.capacity() * sizeof(Count);
}

}  // namespace safetyrisk::graph
