// Expected values are those of the definition, tried node by node; Python tests compare the same
// answers with networkx.
#include <safetyrisk/graph/digraph.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Nodes = std::vector<NodeNo>;

struct Edges {
    Nodes source, target;
    Digraph graph(std::size_t nodes) const {
        return Digraph::build(nodes, std::span<const std::uint32_t>(source),
                              std::span<const std::uint32_t>(target));
    }
};

Edges random_edges(std::mt19937& random, NodeNo nodes, std::size_t count) {
    Edges edges;
    for (std::size_t i = 0; i < count; ++i) {
        edges.source.push_back(static_cast<NodeNo>(random() % nodes));
        edges.target.push_back(static_cast<NodeNo>(random() % nodes));
    }
    return edges;
}

// Nodes reached from one, without a node that is gone.
std::set<NodeNo> reached(const Edges& edges, NodeNo from, NodeNo gone = none) {
    std::set<NodeNo> seen;
    if (from != gone) seen.insert(from);
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < edges.source.size(); ++i)
            if (seen.count(edges.source[i]) != 0 && edges.target[i] != gone)
                more |= seen.insert(edges.target[i]).second;
    }
    return seen;
}

}  // namespace

TEST_CASE("walks reach what the edges lead to, however the columns are sorted") {
    std::mt19937 random(1);
    for (int turn = 0; turn < 100; ++turn) {
        const auto nodes = static_cast<NodeNo>(1 + random() % 12);
        const Edges edges = random_edges(random, nodes, random() % 30);
        const Digraph g = edges.graph(nodes);
        REQUIRE(g.edges() == edges.source.size());
        for (NodeNo v = 0; v < nodes; ++v)
            for (std::uint32_t e = g.offset(v); e != g.offset(v + std::size_t{1}); ++e) {
                CHECK(edges.source[g.row(e)] == v);
                CHECK(edges.target[g.row(e)] == g.target(e));
            }
        Walk walk(g);
        for (NodeNo v = 0; v < nodes; ++v) {
            const auto found = walk.from(v);
            CHECK(std::set<NodeNo>(found.begin(), found.end()) == reached(edges, v));
            CHECK(found.size() == reached(edges, v).size());
        }
    }
}

TEST_CASE("a first source that reaches everything does not speak for the others") {
    constexpr NodeNo nodes = 200'000;
    Edges edges;
    for (NodeNo v = 1; v < nodes; ++v) {
        edges.source.push_back(0);
        edges.target.push_back(v);
    }
    Nodes sources(nodes);
    for (NodeNo v = 0; v < nodes; ++v)
        sources[v] = v;
    const Digraph g = edges.graph(nodes);
    for (const unsigned threads : {1U, 2U}) {
        const NodeLists found = reach(g, sources, nullptr, Work{.threads = threads});
        REQUIRE(found.offsets.back() == 2 * std::size_t{nodes} - 1);
        CHECK(found.nodes.size() == found.offsets.back());
        CHECK(found.offsets[1] == nodes);
        CHECK(std::equal(found.nodes.begin() + nodes, found.nodes.end(), sources.begin() + 1));
    }
}

TEST_CASE("the loss of a node is what reaches no goal when it is gone") {
    std::mt19937 random(2);
    for (int turn = 0; turn < 200; ++turn) {
        const auto nodes = static_cast<NodeNo>(2 + random() % 10);
        Edges edges = random_edges(random, nodes, random() % 25);
        if (turn % 3 == 0)  // edges that descend take the shortest way
            for (std::size_t i = 0; i < edges.source.size(); ++i) {
                if (edges.source[i] < edges.target[i]) std::swap(edges.source[i], edges.target[i]);
                if (edges.source[i] == edges.target[i]) edges.target[i] = edges.source[i] = 0;
            }
        const Nodes goals{0, static_cast<NodeNo>(nodes / 2)};
        std::vector<std::int64_t> weights(nodes);
        for (NodeNo v = 0; v < nodes; ++v)
            weights[v] = std::int64_t{1} << v;
        const auto served = [&](NodeNo v, NodeNo gone) {
            const auto all = reached(edges, v, gone);
            return std::any_of(goals.begin(), goals.end(),
                               [&](NodeNo goal) { return all.count(goal) != 0; });
        };
        std::vector<std::int64_t> expected(nodes, 0);
        for (NodeNo gone = 0; gone < nodes; ++gone)
            for (NodeNo v = 0; v < nodes; ++v)
                if (served(v, none) && !served(v, gone)) expected[gone] += weights[v];
        CHECK(losses(dominators(edges.graph(nodes), goals), weights) == expected);
    }
}

TEST_CASE("long chains, rings and hubs are walked without recursion") {
    constexpr NodeNo nodes = 100'000;
    Edges chain;
    Edges hub;
    for (NodeNo v = 1; v < nodes; ++v) {
        chain.source.push_back(v);
        chain.target.push_back(v - 1);
        hub.source.push_back(v);
        hub.target.push_back(0);
    }
    const std::vector<std::int64_t> ones(nodes, 1);
    const Nodes top{0};
    CHECK(losses(dominators(chain.graph(nodes), top), ones)[1] == nodes - 1);
    CHECK(losses(dominators(hub.graph(nodes), top), ones)[0] == nodes);
    CHECK(strong_components(chain.graph(nodes)).count == nodes);
    CHECK(articulation_points(chain.graph(nodes)).size() == nodes - 2);
    CHECK(topological_order(hub.graph(nodes)).back() == 0);
    chain.source.push_back(0);
    chain.target.push_back(nodes - 1);
    const Digraph ring = chain.graph(nodes);
    CHECK(strong_components(ring).count == 1);
    CHECK(losses(dominators(ring, top), ones)[1] == nodes - 1);
    CHECK_THROWS_WITH(topological_order(ring), Catch::Matchers::ContainsSubstring("circle"));
}

TEST_CASE("numbers that are no nodes are named with their row") {
    const std::vector<std::int64_t> source{0, 1};
    const std::vector<std::int64_t> target{1, 2};
    CHECK_THROWS_WITH(Digraph::build(2, std::span<const std::int64_t>(source),
                                     std::span<const std::int64_t>(target)),
                      Catch::Matchers::ContainsSubstring("target of edge 1 is 2"));
    const std::vector<std::int64_t> negative{0, -1};
    CHECK_THROWS_AS(Digraph::build(3, std::span<const std::int64_t>(negative),
                                   std::span<const std::int64_t>(target)),
                    InputError);
}

TEST_CASE("chains written on two threads are those of one, and views show the same rows") {
    // A province, 3 counties, 9 towns of them; two columns of units, none in the towns.
    Nodes parent{none, 0, 0, 0};
    for (NodeNo town = 0; town < 9; ++town)
        parent.push_back(1 + town / 3);
    Nodes units(parent.size() * 2, none);
    for (std::size_t p = 0; p < 4; ++p)
        for (std::size_t c = 0; c < 2; ++c)
            if (p != 2 || c != 1) units[2 * p + c] = static_cast<NodeNo>(100 + 2 * p + c);
    const Chains chains(parent, units, 2);
    REQUIRE(chains.width() == 5);
    constexpr std::size_t n = 200'000;
    Nodes place(n);
    std::vector<std::uint8_t> column(n);
    for (std::size_t i = 0; i < n; ++i) {
        place[i] = static_cast<NodeNo>(i * 7 % 13);
        column[i] = static_cast<std::uint8_t>(i % 2);
    }
    Nodes one(n * 5);
    Nodes two(n * 5);
    chains.write(place, column, one);
    chains.write(place, column, two, Work{.threads = 2});
    CHECK(one == two);
    std::vector<std::uint32_t> rows(n);
    chains.views(place, column, rows);
    bool same = true;
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = chains.row(rows[i]);
        same &= std::equal(row.begin(), row.end(), one.begin() + static_cast<long>(5 * i + 1));
        const NodeNo p = place[i];
        const NodeNo county = p > 3 ? parent[p] : p > 0 ? p : none;
        const NodeNo bureau = county == none ? none : units[2 * county + column[i]];
        const Nodes expected{p > 3 ? p : none, county, 0, bureau, units[column[i]]};
        same &=
            std::equal(expected.begin(), expected.end(), one.begin() + static_cast<long>(5 * i));
    }
    CHECK(same);
}
