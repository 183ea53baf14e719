#include <safetyrisk/graph/digraph.hpp>

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

namespace safetyrisk::graph {
namespace {

constexpr std::size_t most_nodes = std::size_t{1} << 31U;

[[noreturn]] void no_node(const char* what, std::size_t row, std::int64_t value,
                          std::size_t nodes) {
    throw InputError(std::string(what) + " of edge " + std::to_string(row) + " is " +
                     std::to_string(value) + ", and nodes are 0 to " + std::to_string(nodes) +
                     " - 1");
}

// Copies a column into 32 bits; a number that is no node is found in the same pass.
template <class T>
Buffer<NodeNo> copy_nodes(std::span<const T> column, std::size_t nodes, const char* what) {
    using Unsigned = std::make_unsigned_t<T>;
    Buffer<NodeNo> out(column.size());
    const auto limit = static_cast<Unsigned>(nodes);
    bool wrong = false;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const auto value = static_cast<Unsigned>(column[i]);
        wrong |= value >= limit;
        out[i] = static_cast<NodeNo>(value);
    }
    if (wrong)
        for (std::size_t i = 0; i < column.size(); ++i)
            if (static_cast<Unsigned>(column[i]) >= limit)
                no_node(what, i, static_cast<std::int64_t>(column[i]), nodes);
    return out;
}

Buffer<NodeNo> copy_nodes(const NodeColumn& column, std::size_t nodes, const char* what) {
    return std::visit([&](const auto& cells) { return copy_nodes(cells, nodes, what); }, column);
}

// Offsets of ascending sources; their numbers of edges otherwise summed up, which is the same.
Buffer<std::uint32_t> offsets_of(const Buffer<NodeNo>& source, std::size_t nodes, bool ascending) {
    Buffer<std::uint32_t> offsets(nodes + 1);
    if (ascending) {
        std::size_t v = 0;
        for (std::size_t i = 0; i < source.size(); ++i)
            while (v <= source[i])
                offsets[v++] = static_cast<std::uint32_t>(i);
        while (v <= nodes)
            offsets[v++] = static_cast<std::uint32_t>(source.size());
        return offsets;
    }
    std::fill(offsets.begin(), offsets.end(), 0U);
    for (const NodeNo s : source)
        ++offsets[s + 1];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    return offsets;
}

void check_sources(std::span<const NodeNo> sources, std::size_t nodes) {
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (sources[i] >= nodes)
            throw InputError("node " + std::to_string(static_cast<std::int32_t>(sources[i])) +
                             " at " + std::to_string(i) + " is none of the graph's 0 to " +
                             std::to_string(nodes) + " - 1");
}

std::string circle_text(const std::vector<NodeNo>& circle) {
    std::string text;
    for (std::size_t i = 0; i < circle.size() && i < 12; ++i)
        text += std::to_string(circle[i]) + " → ";
    if (circle.size() > 12) text += "… → ";
    return text + std::to_string(circle.front());
}

}  // namespace

Digraph Digraph::build(std::size_t nodes, const NodeColumn& source, const NodeColumn& target,
                       std::span<const KindNo> kinds) {
    const auto length = [](const NodeColumn& column) {
        return std::visit([](const auto& cells) { return cells.size(); }, column);
    };
    const std::size_t m = length(source);
    if (length(target) != m || (!kinds.empty() && kinds.size() != m))
        throw InputError("a graph has " + std::to_string(m) + " sources, " +
                         std::to_string(length(target)) + " targets and " +
                         std::to_string(kinds.size()) + " kinds of edges");
    if (nodes >= most_nodes || m >= most_nodes)
        throw InputError("a graph has fewer than 2^31 nodes and edges");

    Digraph g;
    Buffer<NodeNo> from = copy_nodes(source, nodes, "the source");
    g.targets_ = copy_nodes(target, nodes, "the target");
    bool ascending = true;
    bool sorted = true;
    for (std::size_t i = 1; i < m; ++i) {
        ascending &= from[i - 1] <= from[i];
        sorted &= (from[i - 1] != from[i]) | (g.targets_[i - 1] <= g.targets_[i]);
    }
    g.offsets_ = offsets_of(from, nodes, ascending);
    if (ascending && sorted) {
        g.kinds_.assign(kinds.begin(), kinds.end());
        return g;
    }

    // Target and row in one number: sorting it orders the edges of a source, equal ones by row.
    Buffer<std::uint64_t> keys(m);
    if (ascending) {
        for (std::size_t i = 0; i < m; ++i)
            keys[i] = std::uint64_t{g.targets_[i]} << 32U | i;
    } else {
        Buffer<std::uint32_t> next(g.offsets_.begin(), g.offsets_.end() - 1);
        for (std::size_t i = 0; i < m; ++i)
            keys[next[from[i]]++] = std::uint64_t{g.targets_[i]} << 32U | i;
    }
    for (std::size_t v = 0; v < nodes; ++v) {
        const auto first = keys.begin() + g.offsets_[v];
        const auto last = keys.begin() + g.offsets_[v + 1];
        if (!std::is_sorted(first, last)) std::sort(first, last);
    }
    g.rows_ = std::move(from);  // of the same type and length, and not needed any more
    for (std::size_t i = 0; i < m; ++i) {
        g.targets_[i] = static_cast<NodeNo>(keys[i] >> 32U);
        g.rows_[i] = static_cast<std::uint32_t>(keys[i]);
    }
    if (!kinds.empty()) {
        g.kinds_.resize(m);
        for (std::size_t i = 0; i < m; ++i)
            g.kinds_[i] = kinds[g.rows_[i]];
    }
    return g;
}

std::size_t Digraph::bytes() const {
    return offsets_.size() * sizeof(std::uint32_t) + targets_.size() * sizeof(NodeNo) +
           kinds_.size() + rows_.size() * sizeof(std::uint32_t);
}

Digraph Digraph::reversed() const {
    const std::size_t n = nodes();
    const std::size_t m = edges();
    Digraph g;
    g.offsets_ = offsets_of(targets_, n, false);
    g.targets_.resize(m);
    g.rows_.resize(m);
    g.kinds_.resize(kinds_.size());
    Buffer<std::uint32_t> next(g.offsets_.begin(), g.offsets_.end() - 1);
    for (std::size_t v = 0; v < n; ++v)
        for (std::uint32_t e = offsets_[v]; e != offsets_[v + 1]; ++e) {
            const std::uint32_t place = next[targets_[e]]++;
            g.targets_[place] = static_cast<NodeNo>(v);
            g.rows_[place] = e;
            if (typed()) g.kinds_[place] = kinds_[e];
        }
    return g;
}

// ── walks ──────────────────────────────────────────────────────────────────────────────────────

Walk::Walk(const Digraph& graph, const KindMask* kinds)
    : graph_(&graph),
      kinds_(kinds != nullptr ? *kinds : KindMask{}),
      all_(kinds == nullptr),
      stamp_(graph.nodes(), 0) {
    if (!all_ && !graph.typed()) throw InputError("the edges of this graph have no kinds");
}

std::size_t Walk::write(std::span<const NodeNo> sources, NodeNo* out) {
    check_sources(sources, graph_->nodes());
    if (++round_ == 0) {
        std::fill(stamp_.begin(), stamp_.end(), 0U);
        round_ = 1;
    }
    // Locals, or each store to a mark would have them read anew.
    const std::uint32_t round = round_;
    std::uint32_t* const stamp = stamp_.data();
    NodeNo* const queue = out;
    const Digraph& g = *graph_;
    std::size_t last = 0;
    const auto meet = [&](NodeNo w) {
        if (stamp[w] == round) return;
        stamp[w] = round;
        queue[last++] = w;
    };
    for (const NodeNo v : sources)
        meet(v);
    if (all_) {
        for (std::size_t at = 0; at < last; ++at)
            for (const NodeNo w : g.out(queue[at]))
                meet(w);
    } else {
        for (std::size_t at = 0; at < last; ++at)
            for (std::uint32_t e = g.offset(queue[at]); e != g.offset(queue[at] + 1); ++e)
                if (kinds_[g.kind(e)]) meet(g.target(e));
    }
    return last;
}

namespace {

// Sources are cut finer than rows of tables: a question may reach the whole graph.
constexpr std::size_t sources_of_task = 1024;

template <class Body>
void for_sources(const Digraph& graph, std::span<const NodeNo> sources, const KindMask* kinds,
                 const Work& work, Body&& body) {
    check_sources(sources, graph.nodes());
    const std::size_t tasks = (sources.size() + sources_of_task - 1) / sources_of_task;
    // One Walk per thread that runs, handed from task to task.
    std::vector<std::unique_ptr<Walk>> free;
    std::mutex lock;
    for_tasks(tasks, work, [&](std::size_t task) {
        std::unique_ptr<Walk> walk;
        {
            const std::lock_guard hold(lock);
            if (!free.empty()) {
                walk = std::move(free.back());
                free.pop_back();
            }
        }
        if (!walk) walk = std::make_unique<Walk>(graph, kinds);
        body(task, *walk, task * sources_of_task,
             std::min((task + 1) * sources_of_task, sources.size()));
        const std::lock_guard hold(lock);
        free.push_back(std::move(walk));
    });
}

// Lists one after the other, as parts have them.
NodeLists join(const std::vector<Buffer<NodeNo>>& parts, const std::vector<std::uint64_t>& sizes,
               const Work& work) {
    NodeLists out;
    out.offsets.resize(sizes.size() + 1, 0);
    std::partial_sum(sizes.begin(), sizes.end(), out.offsets.begin() + 1);
    out.nodes.resize(out.offsets.back());
    for_tasks(parts.size(), work, [&](std::size_t part) {
        std::copy(
            parts[part].begin(), parts[part].end(),
            out.nodes.begin() + static_cast<std::ptrdiff_t>(out.offsets[part * sources_of_task]));
    });
    return out;
}

}  // namespace

NodeLists reach(const Digraph& graph, std::span<const NodeNo> sources, const KindMask* kinds,
                const Work& work) {
    // Lists are written where they stay, which one thread does: parts that are joined later take
    // the memory twice, and longer than all the walking. Room is taken for as much more as the
    // sources so far needed; what is not written to costs nothing.
    Work in_order = work;
    in_order.threads = 1;
    NodeLists out;
    out.offsets.resize(sources.size() + 1);
    out.offsets[0] = 0;
    for_sources(graph, sources, kinds, in_order,
                [&](std::size_t, Walk& walk, std::size_t begin, std::size_t end) {
                    std::uint64_t size = out.offsets[begin];
                    for (std::size_t i = begin; i < end; ++i) {
                        if (out.nodes.size() - size < graph.nodes()) {
                            const double share = static_cast<double>(sources.size()) /
                                                 static_cast<double>(std::max<std::size_t>(i, 1));
                            const double all = 1.05 * share * static_cast<double>(size);
                            // The first may reach far more than the others: no more than that.
                            const double most = std::max(2.0 * static_cast<double>(size), 64e6);
                            out.nodes.resize(static_cast<std::size_t>(std::min(all, most)) +
                                             2 * graph.nodes());
                        }
                        size += walk.write(sources.subspan(i, 1), out.nodes.data() + size);
                        out.offsets[i + 1] = size;
                    }
                });
    out.nodes.resize(out.offsets.back());
    if (out.nodes.size() < out.nodes.capacity() / 2) out.nodes.shrink_to_fit();
    return out;
}

std::vector<std::uint32_t> reach_counts(const Digraph& graph, std::span<const NodeNo> sources,
                                        const KindMask* kinds, const Work& work) {
    std::vector<std::uint32_t> counts(sources.size());
    for_sources(graph, sources, kinds, work,
                [&](std::size_t, Walk& walk, std::size_t begin, std::size_t end) {
                    for (std::size_t i = begin; i < end; ++i)
                        counts[i] = static_cast<std::uint32_t>(walk.from(sources[i]).size());
                });
    return counts;
}

Components islands(const Digraph& graph) {
    // Union by the smaller number, with paths halved, so that a root is its island's smallest.
    Components out;
    std::vector<NodeNo>& up = out.label;
    up.resize(graph.nodes());
    std::iota(up.begin(), up.end(), NodeNo{0});
    const auto root = [&](NodeNo v) {
        while (up[v] != v)
            v = up[v] = up[up[v]];
        return v;
    };
    for (NodeNo v = 0; v < graph.nodes(); ++v)
        for (const NodeNo w : graph.out(v)) {
            const NodeNo a = root(v);
            const NodeNo b = root(w);
            if (a != b) up[std::max(a, b)] = std::min(a, b);
        }
    for (NodeNo v = 0; v < up.size(); ++v)
        up[v] = up[v] == v ? static_cast<NodeNo>(out.count++) : up[up[v]];
    return out;
}

// ── order ──────────────────────────────────────────────────────────────────────────────────────

namespace {

// Nodes so that edges lead forward, or none where there is a circle.
Buffer<NodeNo> any_order(const Digraph& graph) {
    const std::size_t n = graph.nodes();
    Buffer<std::uint32_t> waiting(n);
    std::fill(waiting.begin(), waiting.end(), 0U);
    for (std::size_t e = 0; e < graph.edges(); ++e)
        ++waiting[graph.target(e)];
    Buffer<NodeNo> order(n);
    std::size_t last = 0;
    for (NodeNo v = 0; v < n; ++v)
        if (waiting[v] == 0) order[last++] = v;
    for (std::size_t at = 0; at < last; ++at)
        for (const NodeNo w : graph.out(order[at]))
            if (--waiting[w] == 0) order[last++] = w;
    if (last != n) order.clear();
    return order;
}

std::vector<NodeNo> some_circle(const Digraph& graph) {
    // A node of a component with an edge inside it, then onwards inside until one comes again.
    const Components parts = strong_components(graph);
    std::vector<std::uint32_t> step(graph.nodes(), none);
    for (NodeNo v = 0; v < graph.nodes(); ++v) {
        const auto inside = [&](NodeNo x) {
            const auto edges = graph.out(x);
            return std::find_if(edges.begin(), edges.end(),
                                [&](NodeNo w) { return parts.label[w] == parts.label[x]; });
        };
        if (inside(v) == graph.out(v).end()) continue;
        std::vector<NodeNo> path;
        NodeNo x = v;
        while (step[x] == none) {
            step[x] = static_cast<std::uint32_t>(path.size());
            path.push_back(x);
            x = *inside(x);
        }
        path.erase(path.begin(), path.begin() + step[x]);
        return path;
    }
    return {};
}

}  // namespace

std::vector<NodeNo> topological_order(const Digraph& graph) {
    const std::size_t n = graph.nodes();
    const Buffer<NodeNo> order = any_order(graph);
    if (order.size() != n)
        throw InputError("the graph has a circle: " + circle_text(some_circle(graph)));
    std::vector<std::uint32_t> depth(n, 0);
    std::uint32_t deepest = 0;
    for (const NodeNo v : order)
        for (const NodeNo w : graph.out(v)) {
            depth[w] = std::max(depth[w], depth[v] + 1);
            deepest = std::max(deepest, depth[w]);
        }
    std::vector<std::uint32_t> next(n == 0 ? 0 : deepest + 2, 0);
    for (const std::uint32_t d : depth)
        ++next[d + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<NodeNo> out(n);
    for (NodeNo v = 0; v < n; ++v)
        out[next[depth[v]]++] = v;
    return out;
}

NodeLists lowest_common(const Digraph& graph, std::span<const NodeNo> a, std::span<const NodeNo> b,
                        const Work& work) {
    if (a.size() != b.size())
        throw InputError("pairs need as many first nodes (" + std::to_string(a.size()) +
                         ") as second ones (" + std::to_string(b.size()) + ")");
    check_sources(b, graph.nodes());
    const bool circles = any_order(graph).size() != graph.nodes();
    const Components parts = circles ? strong_components(graph) : Components{};
    const auto same = [&](NodeNo v, NodeNo w) {
        return circles && parts.label[v] == parts.label[w];
    };

    std::vector<Buffer<NodeNo>> lists((a.size() + sources_of_task - 1) / sources_of_task);
    std::vector<std::uint64_t> sizes(a.size());
    for_sources(
        graph, a, nullptr, work,
        [&](std::size_t task, Walk& first, std::size_t begin, std::size_t end) {
            Walk second(graph);
            std::vector<NodeNo> common;
            std::vector<NodeNo> above;  // components, or nodes, that a common node below leads to
            for (std::size_t i = begin; i < end; ++i) {
                first.from(a[i]);
                common.clear();
                above.clear();
                for (const NodeNo v : second.from(b[i]))
                    if (first.reached(v)) common.push_back(v);
                // What a common node leads to is common as well.
                for (const NodeNo v : common)
                    for (const NodeNo w : graph.out(v))
                        if (v != w && !same(v, w)) above.push_back(circles ? parts.label[w] : w);
                std::sort(above.begin(), above.end());
                std::sort(common.begin(), common.end());
                for (const NodeNo v : common)
                    if (!std::binary_search(above.begin(), above.end(),
                                            circles ? parts.label[v] : v)) {
                        lists[task].push_back(v);
                        ++sizes[i];
                    }
            }
        });
    return join(lists, sizes, work);
}

// ── dominators ─────────────────────────────────────────────────────────────────────────────────

namespace {

// A tree that grows downwards and finds the nearest common node above two in O(log depth): beside
// its parent each node knows one far ancestor, at distances that grow like binary numbers.
class GrowingTree {
public:
    explicit GrowingTree(std::size_t nodes) : entries_(nodes + 1) {
        const auto root = static_cast<NodeNo>(nodes);
        entries_[root] = {root, root, 0};
    }
    void add(NodeNo v, NodeNo parent) {
        const Entry up = entries_[parent];
        const Entry far = entries_[up.jump];
        const bool longer = up.depth - far.depth == far.depth - entries_[far.jump].depth;
        entries_[v] = {parent, longer ? far.jump : parent, up.depth + 1};
    }
    NodeNo common(NodeNo a, NodeNo b) const {
        if (entries_[a].depth < entries_[b].depth) std::swap(a, b);
        const std::uint32_t depth = entries_[b].depth;
        while (entries_[a].depth > depth)
            a = entries_[entries_[a].jump].depth >= depth ? entries_[a].jump : entries_[a].parent;
        while (a != b) {
            const bool far = entries_[a].jump != entries_[b].jump;
            a = far ? entries_[a].jump : entries_[a].parent;
            b = far ? entries_[b].jump : entries_[b].parent;
        }
        return a;
    }

private:
    struct Entry {
        NodeNo parent, jump;
        std::uint32_t depth;
    };
    Buffer<Entry> entries_;
};

// The nodes of a graph without circles, those that edges lead to first: one pass, in which the
// node above is the nearest that all targets have above them in the tree so far.
template <class Order>
void dominate_in_order(const Digraph& graph, const std::vector<std::uint8_t>& goal, Order&& order,
                       Dominators& out) {
    const auto root = static_cast<NodeNo>(graph.nodes());
    GrowingTree tree(graph.nodes());
    order([&](NodeNo v) {
        NodeNo above = cut_off;
        if (goal[v] != 0) {
            above = root;
        } else {
            for (const NodeNo w : graph.out(v)) {
                if (out.above[w] == cut_off) continue;
                above = above == cut_off ? w : tree.common(above, w);
                if (above == root) break;
            }
        }
        if (above == cut_off) return;
        tree.add(v, above);
        out.above[v] = above == root ? none : above;
        out.order.push_back(v);
    });
}

// Lengauer and Tarjan, 1979, the simpler of their two versions, in numbers of a depth-first walk
// from the goals against the edges. Number 0 stands for all goals together.
class AnyGraph {
public:
    AnyGraph(const Digraph& graph, const std::vector<std::uint8_t>& goal)
        : graph_(graph), goal_(goal), number_(graph.nodes(), none) {
        walk();
    }

    void dominate(Dominators& out) {
        const std::size_t n = node_.size();
        semi_.resize(n);
        label_.resize(n);
        std::iota(semi_.begin(), semi_.end(), 0U);
        std::iota(label_.begin(), label_.end(), 0U);
        linked_.assign(n, none);
        std::vector<std::uint32_t> above(n, 0);
        std::vector<std::uint32_t> bucket(n, none);  // the first of those whose semi this is
        std::vector<std::uint32_t> next(n, none);
        for (std::size_t i = n; i-- > 1;) {
            const auto w = static_cast<std::uint32_t>(i);
            if (goal_[node_[w]] != 0) {
                semi_[w] = 0;
            } else {
                for (const NodeNo target : graph_.out(node_[w]))
                    if (number_[target] != none)
                        semi_[w] = std::min(semi_[w], semi_[best(number_[target])]);
            }
            next[w] = bucket[semi_[w]];
            bucket[semi_[w]] = w;
            const std::uint32_t p = parent_[w];
            linked_[w] = p;
            for (std::uint32_t v = bucket[p]; v != none; v = next[v]) {
                const std::uint32_t u = best(v);
                above[v] = semi_[u] < semi_[v] ? u : p;
            }
            bucket[p] = none;
        }
        for (std::size_t w = 1; w < n; ++w) {
            if (above[w] != semi_[w]) above[w] = above[above[w]];
            out.above[node_[w]] = above[w] == 0 ? none : node_[above[w]];
            out.order.push_back(node_[w]);
        }
    }

private:
    const Digraph& graph_;
    const std::vector<std::uint8_t>& goal_;
    std::vector<std::uint32_t> number_;  // by node
    std::vector<NodeNo> node_{none};     // by number
    std::vector<std::uint32_t> parent_{0};
    std::vector<std::uint32_t> semi_, label_, linked_, path_;

    void walk() {
        const Digraph back = graph_.reversed();
        std::vector<std::pair<NodeNo, std::uint32_t>> stack;  // a node and its next edge
        const auto meet = [&](NodeNo v, std::uint32_t parent) {
            if (number_[v] != none) return;
            number_[v] = static_cast<std::uint32_t>(node_.size());
            node_.push_back(v);
            parent_.push_back(parent);
            stack.emplace_back(v, back.offset(v));
        };
        for (NodeNo v = 0; v < graph_.nodes(); ++v) {
            if (goal_[v] == 0) continue;
            meet(v, 0);
            while (!stack.empty()) {
                const NodeNo top = stack.back().first;
                if (stack.back().second == back.offset(top + std::size_t{1})) {
                    stack.pop_back();
                    continue;
                }
                meet(back.target(stack.back().second++), number_[top]);
            }
        }
    }

    // The number of least semi on the linked path above v; the path is shortened on the way.
    std::uint32_t best(std::uint32_t v) {
        if (linked_[v] == none) return v;
        path_.clear();
        for (std::uint32_t x = v; linked_[linked_[x]] != none; x = linked_[x])
            path_.push_back(x);
        while (!path_.empty()) {
            const std::uint32_t x = path_.back();
            path_.pop_back();
            const std::uint32_t a = linked_[x];
            if (semi_[label_[a]] < semi_[label_[x]]) label_[x] = label_[a];
            linked_[x] = linked_[a];
        }
        return label_[v];
    }
};

}  // namespace

Dominators dominators(const Digraph& graph, std::span<const NodeNo> goals) {
    check_sources(goals, graph.nodes());
    const std::size_t n = graph.nodes();
    std::vector<std::uint8_t> goal(n, 0);
    for (const NodeNo v : goals)
        goal[v] = 1;
    Dominators out;
    out.above.assign(n, cut_off);
    out.order.reserve(n);

    bool descending = true;
    bool ascending = true;
    for (NodeNo v = 0; v < n; ++v) {
        const auto targets = graph.out(v);
        if (targets.empty()) continue;
        descending &= targets.back() < v;
        ascending &= targets.front() > v;
    }
    if (descending) {
        dominate_in_order(
            graph, goal,
            [&](auto&& visit) {
                for (NodeNo v = 0; v < n; ++v)
                    visit(v);
            },
            out);
        return out;
    }
    if (ascending) {
        dominate_in_order(
            graph, goal,
            [&](auto&& visit) {
                for (auto v = static_cast<NodeNo>(n); v-- > 0;)
                    visit(v);
            },
            out);
        return out;
    }
    const Buffer<NodeNo> order = any_order(graph);
    if (order.size() == n) {
        dominate_in_order(
            graph, goal,
            [&](auto&& visit) {
                for (std::size_t i = n; i-- > 0;)
                    visit(order[i]);
            },
            out);
        return out;
    }
    AnyGraph(graph, goal).dominate(out);
    return out;
}

std::vector<std::int64_t> losses(const Dominators& dominators,
                                 std::span<const std::int64_t> weights) {
    const auto& above = dominators.above;
    if (weights.size() != above.size())
        throw InputError("weights are one number a node: " + std::to_string(weights.size()) +
                         " weights, " + std::to_string(above.size()) + " nodes");
    std::vector<std::int64_t> out(above.size(), 0);
    for (const NodeNo v : dominators.order)
        out[v] = weights[v];
    for (std::size_t i = dominators.order.size(); i-- > 0;) {
        const NodeNo v = dominators.order[i];
        if (above[v] != none) out[above[v]] += out[v];
    }
    return out;
}

// ── chains ─────────────────────────────────────────────────────────────────────────────────────

namespace {

std::vector<std::uint32_t> levels_of(std::span<const NodeNo> parent) {
    constexpr std::uint32_t walking = none - 1;
    std::vector<std::uint32_t> level(parent.size(), none);
    std::vector<NodeNo> path;
    for (NodeNo p = 0; p < parent.size(); ++p) {
        NodeNo x = p;
        while (x != none && level[x] == none) {
            level[x] = walking;
            path.push_back(x);
            x = parent[x];
            if (x != none && x >= parent.size())
                throw InputError("the parent of place " + std::to_string(path.back()) + " is " +
                                 std::to_string(static_cast<std::int32_t>(x)) +
                                 ", and places are 0 to " + std::to_string(parent.size()) + " - 1");
        }
        if (x != none && level[x] == walking) {
            path.erase(path.begin(), std::find(path.begin(), path.end(), x));
            throw InputError("the places have a circle: " + circle_text(path));
        }
        std::uint32_t next = x == none ? 0 : level[x] + 1;
        for (; !path.empty(); path.pop_back())
            level[path.back()] = next++;
    }
    return level;
}

template <std::size_t Tail>
void write_rows(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
                const std::uint32_t* slot, const NodeNo* own, const NodeNo* table,
                std::size_t columns, std::size_t tail, NodeNo* out) {
    if constexpr (Tail != 0) tail = Tail;
    for (std::size_t i = 0; i < place.size(); ++i) {
        const NodeNo p = place[i];
        const std::size_t c = column.empty() ? 0 : column[i];
        const NodeNo* const from = table + (slot[p] * columns + c) * tail;
        *out++ = own[p];
        if constexpr (Tail != 0) {
            std::memcpy(out, from, Tail * sizeof(NodeNo));
        } else {
            std::memcpy(out, from, tail * sizeof(NodeNo));
        }
        out += tail;
    }
}

}  // namespace

Chains::Chains(std::span<const NodeNo> parent, std::span<const NodeNo> units, std::size_t columns)
    : columns_(std::max<std::size_t>(columns, 1)) {
    const std::size_t n = parent.size();
    if (n >= most_nodes) throw InputError("there are fewer than 2^31 places");
    if (units.size() != n * columns)
        throw InputError(
            "units are one number a place and column: " + std::to_string(units.size()) +
            " units, " + std::to_string(n) + " places, " + std::to_string(columns) + " columns");
    if (columns > 256) throw InputError("chains have at most 256 columns");
    const auto level = levels_of(parent);
    for (const std::uint32_t l : level)
        levels_ = std::max<std::size_t>(levels_, l + 1);

    std::vector<std::uint8_t> has_units(levels_, 0);
    for (std::size_t p = 0; p < n; ++p)
        for (std::size_t c = 0; c < columns; ++c)
            if (units[p * columns + c] != none) has_units[level[p]] = 1;
    std::vector<std::size_t> unit_entry(levels_, 0);  // where a level's unit stands in the row
    tail_ = levels_ == 0 ? 0 : levels_ - 1;
    for (std::size_t l = levels_; l-- > 0;)
        if (has_units[l] != 0) unit_entry[l] = tail_++;

    // A place of the deepest level without units has the rows of the place above it, so that a
    // table of villages is one of towns. A place without one above has no row to share.
    const auto deepest = [&](std::size_t p) {
        return level[p] + 1 == levels_ && has_units[level[p]] == 0 && parent[p] != none;
    };
    own_.resize(n, none);
    slot_.resize(n);
    std::vector<NodeNo> place_of_slot;
    for (std::size_t p = 0; p < n; ++p) {
        if (level[p] + 1 == levels_) own_[p] = static_cast<NodeNo>(p);
        if (deepest(p)) continue;
        slot_[p] = static_cast<std::uint32_t>(place_of_slot.size());
        place_of_slot.push_back(static_cast<NodeNo>(p));
    }
    for (std::size_t p = 0; p < n; ++p)
        if (deepest(p)) slot_[p] = slot_[parent[p]];
    slots_ = place_of_slot.size();
    if (slots_ * columns_ >= most_nodes ||
        slots_ * columns_ * std::max<std::size_t>(tail_, 1) > (std::size_t{1} << 34U))
        throw InputError("chains of " + std::to_string(slots_) + " places, " +
                         std::to_string(columns_) + " columns and " + std::to_string(levels_) +
                         " levels are too many to be kept; use reach");

    table_.resize(slots_ * columns_ * tail_);
    std::fill(table_.begin(), table_.end(), none);
    for (std::size_t s = 0; s < slots_; ++s)
        for (NodeNo x = place_of_slot[s]; x != none; x = parent[x])
            for (std::size_t c = 0; c < columns_; ++c) {
                NodeNo* const row = table_.data() + (s * columns_ + c) * tail_;
                const std::size_t l = level[x];
                if (l + 1 != levels_) row[levels_ - 2 - l] = x;
                if (has_units[l] != 0) row[unit_entry[l]] = units[x * columns + c];
            }
}

std::size_t Chains::bytes() const {
    return (own_.size() + slot_.size() + table_.size()) * sizeof(NodeNo);
}

void Chains::check(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
                   std::size_t out, std::size_t entries) const {
    if (!column.empty() && column.size() != place.size())
        throw InputError("items have " + std::to_string(place.size()) + " places and " +
                         std::to_string(column.size()) + " columns");
    if (out != entries)
        throw InputError("the result has " + std::to_string(out) + " entries and not " +
                         std::to_string(entries));
}

namespace {

// Whether all items of a block are of known places and columns.
void check_items(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
                 std::size_t places, std::size_t columns, std::size_t first) {
    const auto limit = static_cast<std::uint32_t>(places);
    bool wrong = false;
    for (const NodeNo p : place)
        wrong |= p >= limit;
    std::uint8_t most = 0;
    for (const std::uint8_t c : column)
        most = std::max(most, c);
    if (!wrong && most < columns) return;
    for (std::size_t i = 0; i < place.size(); ++i)
        if (place[i] >= limit || (!column.empty() && column[i] >= columns))
            throw InputError("item " + std::to_string(first + i) + " is at place " +
                             std::to_string(static_cast<std::int32_t>(place[i])) + " of " +
                             std::to_string(places) +
                             (column.empty() ? std::string()
                                             : ", column " + std::to_string(column[i]) + " of " +
                                                   std::to_string(columns)));
}

}  // namespace

void Chains::views(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
                   std::span<std::uint32_t> out, const Work& work) const {
    check(place, column, out.size(), place.size());
    for_blocks(place.size(), work, [&](std::size_t begin, std::size_t end) {
        const auto p = place.subspan(begin, end - begin);
        const auto c = column.empty() ? column : column.subspan(begin, end - begin);
        check_items(p, c, places(), columns_, begin);
        const std::uint32_t* const slot = slot_.data();
        const auto columns = static_cast<std::uint32_t>(columns_);
        std::uint32_t* const to = out.data() + begin;
        if (c.empty())
            for (std::size_t i = 0; i < p.size(); ++i)
                to[i] = slot[p[i]] * columns;
        else
            for (std::size_t i = 0; i < p.size(); ++i)
                to[i] = slot[p[i]] * columns + c[i];
    });
}

void Chains::write(std::span<const NodeNo> place, std::span<const std::uint8_t> column,
                   std::span<NodeNo> out, const Work& work) const {
    check(place, column, out.size(), place.size() * width());
    for_blocks(place.size(), work, [&](std::size_t begin, std::size_t end) {
        const auto p = place.subspan(begin, end - begin);
        const auto c = column.empty() ? column : column.subspan(begin, end - begin);
        check_items(p, c, places(), columns_, begin);
        const auto with = [&]<std::size_t Tail>() {
            write_rows<Tail>(p, c, slot_.data(), own_.data(), table_.data(), columns_, tail_,
                             out.data() + begin * width());
        };
        switch (tail_) {
            case 4:
                return with.operator()<4>();
            case 5:
                return with.operator()<5>();
            case 6:
                return with.operator()<6>();
            case 7:
                return with.operator()<7>();
            case 8:
                return with.operator()<8>();
            case 9:
                return with.operator()<9>();
            case 10:
                return with.operator()<10>();
            default:
                return with.operator()<0>();
        }
    });
}

}  // namespace safetyrisk::graph
