// Load of a view, for what asks it of graphs with changes laid over them.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/graph/load.hpp>

#include "enterprise_counts.hpp"
#include "store.hpp"

#include <array>
#include <memory>
#include <vector>

namespace safetyrisk::graph {

struct Load::Data {
    ResponsibilityGraph graph;
    std::shared_ptr<const Overlay> overlay;
    Date on;
    Workload workload;
    Buffer<LoadRow> rows;
    bool capacity_known = false;

    View view() const { return View(graph.store(), on, overlay.get()); }
};

/// The load of a graph with changes laid over it.
Load load_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
               const LoadOptions& options);

/// Rows of a graph without and with changes laid over it, by node: those of all whose load may
/// differ, and perhaps of others. Medians and flags are not set.
std::array<Buffer<LoadRow>, 2> changed_loads(const ResponsibilityGraph& graph,
                                             const std::shared_ptr<const Overlay>& overlay,
                                             const LoadOptions& options);

}  // namespace safetyrisk::graph
