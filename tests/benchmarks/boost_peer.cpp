// Boost.Graph as it is used by the book, for graph.py: a graph in compressed rows, one colour map
// reset from the nodes that were visited, breadth_first_visit from each source.
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace {

using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                 boost::no_property, boost::no_property,
                                                 std::uint32_t, std::uint32_t>;

struct Visited : boost::default_bfs_visitor {
    explicit Visited(std::vector<std::uint32_t>& n) : nodes(&n) {}
    std::vector<std::uint32_t>* nodes;
    void discover_vertex(std::uint32_t v, const Graph&) const { nodes->push_back(v); }
};

// A queue that keeps its memory.
struct Queue {
    std::vector<std::uint32_t> cells;
    std::size_t first = 0;
    void push(std::uint32_t v) { cells.push_back(v); }
    void pop() {
        if (++first == cells.size()) {
            cells.clear();
            first = 0;
        }
    }
    std::uint32_t top() const { return cells[first]; }
    bool empty() const { return first == cells.size(); }
};

}  // namespace

extern "C" {

void* peer_build(std::uint32_t nodes, const std::int32_t* source, const std::int32_t* target,
                 std::size_t edges) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends(edges);
    for (std::size_t i = 0; i < edges; ++i)
        ends[i] = {static_cast<std::uint32_t>(source[i]), static_cast<std::uint32_t>(target[i])};
    return new Graph(boost::edges_are_sorted, ends.begin(), ends.end(), nodes);
}

void peer_free(void* graph) { delete static_cast<Graph*>(graph); }

std::uint64_t peer_reach(const void* graph, const std::int32_t* sources, std::size_t n) {
    const Graph& g = *static_cast<const Graph*>(graph);
    std::vector<boost::default_color_type> colour(num_vertices(g), boost::white_color);
    const auto map = boost::make_iterator_property_map(colour.begin(), get(boost::vertex_index, g));
    std::vector<std::uint32_t> nodes;
    Queue queue;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < n; ++i) {
        nodes.clear();
        boost::breadth_first_visit(g, static_cast<std::uint32_t>(sources[i]), queue,
                                   Visited(nodes), map);
        total += nodes.size();
        for (const std::uint32_t v : nodes)
            colour[v] = boost::white_color;
    }
    return total;
}
}
