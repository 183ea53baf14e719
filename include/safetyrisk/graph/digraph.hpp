// A compact directed graph of whole numbers, and what is asked of whole graphs at once.
//
// It knows nothing of duties: nodes are 0..n-1, edges two columns of numbers and, where they have
// types, a third. Edges run from who is subject to whom: upwards, the way that `reach` walks. Each
// answer depends on the set of edges alone, not on the order in which they came.
//
// Nothing here recurses, and no depth is cut: a chain of a million nodes is walked like any other.
//
// Threads: a Digraph and Chains are immutable and may be used from many threads; a Walk belongs to
// one. Bulk answers are the same for any number of threads.
// Throws: InputError (a number that is no node, columns of different length, a circle where none
// may be, results that no array can number), Interrupted.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace safetyrisk::graph {

/// Numbers of nodes as columns have them.
using NodeColumn = std::variant<std::span<const std::int64_t>, std::span<const std::int32_t>,
                                std::span<const std::uint32_t>>;

/// Edge types that a walk may use.
using KindMask = std::bitset<256>;

class Digraph {
public:
    /// The graph of `nodes` nodes (below 2^31) and the edges source[i] → target[i]. `kinds` is
    /// empty or has one type per edge. Sorted columns are taken as they are; others are sorted.
    static Digraph build(std::size_t nodes, const NodeColumn& source, const NodeColumn& target,
                         std::span<const KindNo> kinds = {});

    std::size_t nodes() const { return offsets_.size() - 1; }
    std::size_t edges() const { return targets_.size(); }
    bool typed() const { return !kinds_.empty(); }
    /// Bytes held in memory.
    std::size_t bytes() const;

    // Edges by source and then target: those of node v are [offset(v), offset(v + 1)).
    std::uint32_t offset(std::size_t v) const { return offsets_[v]; }
    NodeNo target(std::size_t edge) const { return targets_[edge]; }
    KindNo kind(std::size_t edge) const { return kinds_[edge]; }
    /// The row of an edge in the columns that the graph was built of.
    std::uint32_t row(std::size_t edge) const {
        return rows_.empty() ? static_cast<std::uint32_t>(edge) : rows_[edge];
    }
    std::span<const NodeNo> out(NodeNo v) const {
        return std::span(targets_).subspan(offsets_[v], offsets_[v + 1] - offsets_[v]);
    }

    /// The same edges the other way round; its rows are this graph's edges.
    Digraph reversed() const;

private:
    Digraph() = default;
    Buffer<std::uint32_t> offsets_;
    Buffer<NodeNo> targets_;
    Buffer<KindNo> kinds_;        // empty: untyped
    Buffer<std::uint32_t> rows_;  // empty: as given
};

/// Walks one graph again and again: who is reached, without clearing marks between questions.
class Walk {
public:
    /// `graph` is kept by reference. Edges of other types than `kinds` are not walked.
    explicit Walk(const Digraph& graph, const KindMask* kinds = nullptr);

    /// The nodes that are reached from `source`, itself first, nearest first; valid until the next
    /// call.
    std::span<const NodeNo> from(NodeNo source) { return from(std::span(&source, 1)); }
    std::span<const NodeNo> from(std::span<const NodeNo> sources) {
        return {queue(), write(sources, queue())};
    }
    /// The same written to `out`, which has room for all nodes of the graph; gives how many.
    std::size_t write(std::span<const NodeNo> sources, NodeNo* out);
    /// Whether the last walk reached a node.
    bool reached(NodeNo v) const { return stamp_[v] == round_; }

private:
    const Digraph* graph_;
    KindMask kinds_;
    bool all_;
    std::uint32_t round_ = 0;
    std::vector<std::uint32_t> stamp_;
    Buffer<NodeNo> queue_;  // made when it is first needed

    NodeNo* queue() {
        queue_.resize(stamp_.size());
        return queue_.data();
    }
};

/// Lists of nodes: list i is nodes[offsets[i]..offsets[i + 1]).
struct NodeLists {
    std::vector<std::uint64_t> offsets;
    Buffer<NodeNo> nodes;
};

/// For each source the nodes that are reached from it, itself first, nearest first, nodes equally
/// near by the way that leads to them. Of `work` all but the number of threads: one writes the
/// lists.
NodeLists reach(const Digraph& graph, std::span<const NodeNo> sources,
                const KindMask* kinds = nullptr, const Work& work = {});
/// The same, only how many.
std::vector<std::uint32_t> reach_counts(const Digraph& graph, std::span<const NodeNo> sources,
                                        const KindMask* kinds = nullptr, const Work& work = {});

/// Strong components: for each node the number of its component. Components are numbered by their
/// smallest nodes, so that a graph without circles has label[v] = v.
struct Components {
    std::vector<NodeNo> label;
    std::size_t count = 0;
};
Components strong_components(const Digraph& graph);
/// Islands: components when edges are walked both ways, numbered likewise.
Components islands(const Digraph& graph);

/// All nodes, each before those that its edges lead to; among nodes of which neither must come
/// first, those with the shorter longest way from a source first, then the smaller number. Throws
/// InputError that names a circle.
std::vector<NodeNo> topological_order(const Digraph& graph);

/// Nodes whose removal takes an island apart (edges walked both ways), ascending.
std::vector<NodeNo> articulation_points(const Digraph& graph);

/// For each pair the common nodes above both (a node is above itself) below which no other common
/// node lies, ascending. Of a circle of such nodes all are given.
NodeLists lowest_common(const Digraph& graph, std::span<const NodeNo> a, std::span<const NodeNo> b,
                        const Work& work = {});

/// A node from which no goal is reached, in Dominators::above.
inline constexpr NodeNo cut_off = none - 1;

/// On whom each node's way to the goals depends.
struct Dominators {
    /// The nearest other node through which every path from v to any goal runs; `none` where
    /// there is none but v itself, `cut_off` where there is no path at all.
    std::vector<NodeNo> above;
    /// Nodes that reach a goal, each after its `above`.
    std::vector<NodeNo> order;
};
/// Exact with circles, too (then by Lengauer and Tarjan's method, else in one pass).
Dominators dominators(const Digraph& graph, std::span<const NodeNo> goals);
/// For each node the weight that reaches no goal any more when this node alone is gone: its own
/// and that of all who depend on it; 0 for nodes that are cut off. `weights` is one number a node.
std::vector<std::int64_t> losses(const Dominators& dominators,
                                 std::span<const std::int64_t> weights);

/// Chains of superiors in a tree of places with units: for each place and column (a sector, say)
/// the places above and their units of that column. They are kept once per place and column and
/// written out or viewed for any number of items.
///
/// A written chain has one entry per level of the tree, deepest first (the place itself among
/// them), then one per level that has units, deepest first; `none` where there is nothing.
class Chains {
public:
    /// parent[p] is the place above p or `none`. units[p * columns + c] is the unit of column c at
    /// place p or `none`; empty with no columns. Throws InputError that names a circle.
    Chains(std::span<const NodeNo> parent, std::span<const NodeNo> units = {},
           std::size_t columns = 0);

    std::size_t places() const { return slot_.size(); }
    std::size_t columns() const { return columns_; }
    std::size_t rows() const { return slots_ * columns_; }
    std::size_t width() const { return 1 + tail_; }
    std::size_t levels() const { return levels_; }
    std::size_t bytes() const;

    /// Row number of each item, at place[i] in column[i] (empty: column 0): the view of its chain.
    void views(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
               std::span<std::uint32_t> out, const Work& work = {}) const;
    /// What a view shows: the chain of a row without the entry of the deepest level.
    std::span<const NodeNo> row(std::size_t number) const {
        return std::span(table_).subspan(number * tail_, tail_);
    }
    /// Chains of items, `width()` entries each, one after the other.
    void write(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
               std::span<NodeNo> out, const Work& work = {}) const;

private:
    std::size_t columns_, levels_ = 0, tail_ = 0, slots_ = 0;
    std::vector<NodeNo> own_;          // the entry of the deepest level: the place or none
    std::vector<std::uint32_t> slot_;  // rows of a place begin at slot * columns
    Buffer<NodeNo> table_;
    void check(std::span<const NodeNo> place, std::span<const std::uint8_t> column, std::size_t out,
               std::size_t entries) const;
};

}  // namespace safetyrisk::graph
