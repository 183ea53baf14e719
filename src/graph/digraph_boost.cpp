// What Boost.Graph computes on the compact graph: strong components and articulation points. Its
// depth-first search keeps a stack of its own, so that long chains are no trouble.
#include <safetyrisk/graph/digraph.hpp>

#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace safetyrisk::graph {
namespace {

using Csr =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;
using Ends = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

template <class Numbers>
auto map_of(Numbers& numbers, const Csr& graph) {
    return boost::make_iterator_property_map(numbers.begin(), get(boost::vertex_index, graph));
}

}  // namespace

Components strong_components(const Digraph& graph) {
    const auto n = static_cast<std::uint32_t>(graph.nodes());
    Components out;
    out.label.assign(n, none);
    if (n == 0) return out;
    Ends ends;
    ends.reserve(graph.edges());
    for (NodeNo v = 0; v < n; ++v)
        for (const NodeNo w : graph.out(v))
            ends.emplace_back(v, w);
    const Csr csr(boost::edges_are_sorted, ends.begin(), ends.end(), n);
    Ends().swap(ends);
    std::vector<std::uint32_t> found(n);
    out.count = boost::strong_components(csr, map_of(found, csr));

    // Numbered anew by their smallest nodes, whatever the order in which they were found.
    std::vector<std::uint32_t> number(out.count, none);
    std::uint32_t next = 0;
    for (NodeNo v = 0; v < n; ++v) {
        if (number[found[v]] == none) number[found[v]] = next++;
        out.label[v] = number[found[v]];
    }
    return out;
}

std::vector<NodeNo> articulation_points(const Digraph& graph) {
    const auto n = static_cast<std::uint32_t>(graph.nodes());
    std::vector<NodeNo> out;
    if (n == 0) return out;
    const Digraph back = graph.reversed();
    Ends ends;
    ends.reserve(2 * graph.edges());
    for (NodeNo v = 0; v < n; ++v) {
        const auto first = static_cast<std::ptrdiff_t>(ends.size());
        for (const NodeNo w : graph.out(v))
            if (w != v) ends.emplace_back(v, w);
        for (const NodeNo w : back.out(v))
            if (w != v) ends.emplace_back(v, w);
        std::sort(ends.begin() + first, ends.end());
        ends.erase(std::unique(ends.begin() + first, ends.end()), ends.end());
    }
    const Csr csr(boost::edges_are_sorted, ends.begin(), ends.end(), n);
    Ends().swap(ends);
    boost::articulation_points(csr, std::back_inserter(out));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace safetyrisk::graph
