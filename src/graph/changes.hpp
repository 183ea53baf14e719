// Changes as an overlay: what they hide and what they add.
#pragma once

#include <safetyrisk/graph/what_if.hpp>

#include "store.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// What a sequence of changes makes of a graph.
struct Changed {
    std::shared_ptr<Overlay> overlay;
    std::vector<NodeNo> gone;     ///< Units and posts that are there no more.
    std::vector<EdgeNo> touched;  ///< Edges of the store that were taken or ended.
    std::vector<EdgeNo> wider;    ///< Edges that name a wider sector and stay.
    /// Edges of the store that were to be handed over, and the edge that says the same already.
    std::vector<std::pair<EdgeNo, EdgeNo>> said;
    struct Line {
        NodeNo source, target;
        KindNo kind;
    };
    std::vector<Line> lineage;
};

Changed apply(const ResponsibilityGraph& graph, Date on, const std::vector<Change>& changes);

}  // namespace safetyrisk::graph
