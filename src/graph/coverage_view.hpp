// Coverage of a view, for what asks it of graphs with changes laid over them.
#pragma once

#include <safetyrisk/graph/coverage.hpp>

#include "enterprise_counts.hpp"
#include "rule_context.hpp"
#include "store.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph {

struct Coverage::Data {
    ResponsibilityGraph graph;
    std::shared_ptr<const Overlay> overlay;
    Date on;
    std::string level, by, pack, pack_hash;
    std::vector<std::string> scenes;
    std::vector<CoverageCell> cells;
    // Lists of departments of each cell, one after the other: leads, others, hosts.
    std::vector<std::array<std::uint32_t, 4>> lists;  // where each begins, and the end
    std::vector<NodeNo> nodes;
    std::vector<std::uint64_t> links;           // of each of `nodes` in its cell; 0: not divided
    std::unordered_map<NodeNo, NodeNo> parent;  // the place above regions of cells and above those
    std::uint64_t enterprises = 0, unplaced = 0, without_sector = 0, undivided = 0;

    View view() const { return View(graph.store(), on, overlay.get()); }
};

/// The coverage of a graph with changes laid over it.
Coverage coverage_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
                       const CoverageOptions& options);

/// The coverage of a graph without and with changes laid over it: all cells that differ, and
/// perhaps others. Counts of the whole matrix are not theirs.
std::array<Coverage, 2> changed_coverages(const ResponsibilityGraph& graph,
                                          const std::shared_ptr<const Overlay>& overlay,
                                          const CoverageOptions& options);

}  // namespace safetyrisk::graph
