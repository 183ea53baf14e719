// A responsibility graph as text: JSON that makes the same graph again, and GraphML for other
// tools.
//
// JSON: {"format":1,"data_date","jurisdiction":[…],"nodes":[{…}],"edges":[{…}],"records":[{…}],
// "duties":[{…}]}. A node has its columns and whatever attributes its table gave it; edges that
// columns imply are left out, for they are implied again. Keys that are empty are left out.
//
// GraphML (http://graphml.graphdrawing.org): every node and every edge, the derived ones marked;
// keys id, kind, name, … as networkx, igraph, Gephi and yEd read them.
//
// Threads: free functions.
// Throws: InputError (JSON that is none, or no graph), std::bad_alloc.
#pragma once

#include <safetyrisk/graph/graph.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// The graph as JSON, nodes and edges in their order; the same graph gives the same bytes.
std::string to_json(const ResponsibilityGraph& graph);

/// The graph as GraphML, UTF-8.
std::string to_graphml(const ResponsibilityGraph& graph);

/// What JSON of to_json holds.
struct GraphTables {
    std::vector<Table> tables;
    std::optional<Date> data_date;
    std::vector<std::string> jurisdiction;
};

/// Reads JSON of to_json, or written by hand in its form; unknown keys of rows are attributes.
/// Throws InputError with the JSON path.
GraphTables read_json(std::string_view json);

}  // namespace safetyrisk::graph
