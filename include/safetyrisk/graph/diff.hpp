// What differs between two graphs: nodes and edges that came, went or say something else.
//
// Nodes are the same by their id, edges by source, kind and target; several edges of one kind
// between the same ends are paired in the order of what they say. Edges that columns imply
// (derived) follow from the nodes and are not listed again.
//
// Threads: a Diff is immutable and may be read by many.
// Throws: std::bad_alloc.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <cstddef>

namespace safetyrisk::graph {

struct Diff {
    /// Columns change (`added`, `removed`, `changed`), id, kind, name, column, before, after; in id
    /// order, one row for each column that differs.
    Table nodes;
    /// Columns change, source, kind, target, column, before, after; in the order of the edges.
    Table edges;
    /// Nodes and edges that came, went and changed (not rows).
    std::size_t nodes_added = 0, nodes_removed = 0, nodes_changed = 0;
    std::size_t edges_added = 0, edges_removed = 0, edges_changed = 0;
};

/// What has to change in `before` to make it `after`.
Diff diff(const ResponsibilityGraph& before, const ResponsibilityGraph& after);

}  // namespace safetyrisk::graph
