// One way of reading what became of a unit, for names and for rules.
//
// The edges of lineage count whatever the days of their ends and their own last day: what became of
// a unit stays so. They count from their first day on, where a day is asked.
#pragma once

#include "store.hpp"

#include <optional>
#include <set>
#include <vector>

namespace safetyrisk::graph {

/// Units that a unit became (forward), or came from, in one step: MERGED_INTO, SUCCEEDS and
/// SPLIT_FROM begun by `day` (all without one), those that a change takes away left out.
inline void lineage_steps(const View& view, NodeNo unit, bool forward,
                          std::optional<std::int32_t> day, std::vector<NodeNo>& out) {
    const Store& s = view.s;
    if (unit >= s.n()) return;
    const auto take = [&](EdgeNo e, NodeNo other) {
        if (view.overlay() != nullptr && view.overlay()->hidden_edges.count(e) != 0) return;
        if (!day || s.edge_from.empty() || s.edge_from[e] <= *day) out.push_back(other);
    };
    const auto leaving = [&](KindNo kind) {
        if (kind == no_kind) return;
        const auto [first, last] = view.out_range(unit, kind);
        for (EdgeNo e = first; e != last; ++e)
            take(e, s.target[e]);
    };
    const auto entering = [&](KindNo kind) {
        if (kind == no_kind) return;
        for (const EdgeNo e : view.in_range(unit, kind))
            take(e, s.source[e]);
    };
    const Known& k = s.known;
    if (forward) {
        leaving(k.merged_into);
        entering(k.succeeds);
        entering(k.split_from);
    } else {
        entering(k.merged_into);
        leaving(k.succeeds);
        leaving(k.split_from);
    }
}

/// All units on the way of lineage; `until` stops it at those that are there, and those are given.
template <class F>
std::set<NodeNo> lineage_of(const View& view, NodeNo unit, bool forward,
                            std::optional<std::int32_t> day, F&& until) {
    std::set<NodeNo> seen{unit}, found;
    std::vector<NodeNo> stack{unit}, next;
    while (!stack.empty()) {
        const NodeNo v = stack.back();
        stack.pop_back();
        next.clear();
        lineage_steps(view, v, forward, day, next);
        for (const NodeNo w : next) {
            if (!seen.insert(w).second) continue;
            if (until(w))
                found.insert(w);
            else
                stack.push_back(w);
        }
    }
    return found;
}

/// The units alive on the day of the view that a unit became, however many steps lie between.
inline std::set<NodeNo> living_successors(const View& view, NodeNo unit) {
    return lineage_of(view, unit, true, view.day(), [&](NodeNo v) { return view.alive(v); });
}

}  // namespace safetyrisk::graph
