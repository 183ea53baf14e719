#include <safetyrisk/graph/diff.hpp>

#include "store.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <tuple>

namespace safetyrisk::graph {
namespace {

std::string print(const Value& value) {
    switch (value.type) {
        case Value::Type::empty:
            return {};
        case Value::Type::boolean:
            return value.boolean ? "true" : "false";
        case Value::Type::text:
            return std::string(value.text);
        case Value::Type::date:
            return value.date.text();
        default: {
            std::array<char, 32> text{};
            const auto end = std::to_chars(text.data(), text.data() + text.size(), value.number);
            return {text.data(), end.ptr};
        }
    }
}

// What nodes say beside the columns of node_table: further columns and keys of `attributes`.
std::set<std::string> attribute_names(const Store& s) {
    std::set<std::string> names;
    for (const Table& table : s.tables) {
        const std::string& name = table.origin().table;
        if (name == "edges" || name == "records" || name == "duties") continue;
        for (const std::string& column : table.names())
            names.insert(column);
    }
    for (const auto& sparse : s.node_attributes)
        names.insert(sparse->name);
    return names;
}

struct Rows {
    TextBuilder change, column, before, after;
    void add(std::string_view what, std::string_view name, std::string_view a, std::string_view b) {
        change.append(what);
        const auto put = [](TextBuilder& to, std::string_view cell) {
            if (cell.empty())
                to.append_null();
            else
                to.append(cell);
        };
        put(column, name);
        put(before, a);
        put(after, b);
    }
};

constexpr const char* node_columns[] = {"kind",  "name",    "post_kind",  "unit",    "division",
                                        "level", "sectors", "valid_from", "valid_to"};
// What tells a reader which edge it is, of those that are printed as texts.
constexpr const char* telling_columns[] = {"duty",     "sectors",  "links", "valid_from",
                                           "valid_to", "document", "clause"};
constexpr const char* edge_columns[] = {"duty",    "sectors",    "links",    "lead",
                                        "enforce", "valid_from", "valid_to", "document",
                                        "clause",  "confidence"};

void compare_nodes(const ResponsibilityGraph& a, const ResponsibilityGraph& b, Diff& out) {
    const Store& s = a.store();
    const Store& t = b.store();
    const Table x = a.node_table(), y = b.node_table();
    std::set<std::string> names = attribute_names(s);
    names.merge(attribute_names(t));
    std::vector<std::tuple<std::string, Store::Attribute, Store::Attribute>> attributes;
    for (const std::string& name : names)
        if (std::find(std::begin(node_columns), std::end(node_columns), name) ==
            std::end(node_columns))
            attributes.emplace_back(name, s.attribute(name), t.attribute(name));

    TextBuilder id, kind, name;
    Rows rows;
    const auto node = [&](const ResponsibilityGraph& of, NodeNo v) {
        id.append(of.id(v));
        kind.append(of.kind(v));
        name.append(of.name(v));
    };
    // Both are numbered in the order of their ids.
    for (NodeNo v = 0, w = 0; v < s.n() || w < t.n();) {
        if (w == t.n() || (v < s.n() && s.id(v) < t.id(w))) {
            node(a, v++);
            rows.add("removed", {}, {}, {});
            ++out.nodes_removed;
            continue;
        }
        if (v == s.n() || t.id(w) < s.id(v)) {
            node(b, w++);
            rows.add("added", {}, {}, {});
            ++out.nodes_added;
            continue;
        }
        bool changed = false;
        const auto compare = [&](std::string_view column, const std::string& before,
                                 const std::string& after) {
            if (before == after) return;
            changed = true;
            node(b, w);
            rows.add("changed", column, before, after);
        };
        for (const char* column : node_columns)
            if (!(x.at(column).is_null(v) && y.at(column).is_null(w)))
                compare(column, x.at(column).print(v), y.at(column).print(w));
        for (const auto& [column, before, after] : attributes)
            compare(column, print(before.at(v)), print(after.at(w)));
        out.nodes_changed += changed ? 1U : 0U;
        ++v;
        ++w;
    }
    out.nodes = Table(Origin{"nodes_changed", "", -1, {}, -1});
    out.nodes.add("change", rows.change.finish());
    out.nodes.add("id", id.finish());
    out.nodes.add("kind", kind.finish());
    out.nodes.add("name", name.finish());
    out.nodes.add("column", rows.column.finish());
    out.nodes.add("before", rows.before.finish());
    out.nodes.add("after", rows.after.finish());
}

// The edges of a graph that were written, by the ids of their ends.
class Written {
public:
    explicit Written(const ResponsibilityGraph& graph)
        : s_(graph.store()), table_(graph.edge_table()) {
        for (EdgeNo e = 0; e < s_.m(); ++e)
            if (!s_.derived(e)) edges_.push_back(e);
    }
    std::size_t size() const { return edges_.size(); }
    EdgeNo operator[](std::size_t i) const { return edges_[i]; }
    // Kinds may be numbered otherwise by another pack, so edges are compared by words.
    auto key(std::size_t i) const {
        const EdgeNo e = edges_[i];
        return std::tuple(s_.id(s_.source[e]),
                          std::string_view(s_.kinds->edges()[s_.edge_kind[e]].id),
                          s_.id(s_.target[e]));
    }
    std::string cell(EdgeNo e, const char* column) const { return table_.at(column).print(e); }
    // What an edge says, for putting those of one key in order.
    std::string all(EdgeNo e) const {
        std::string text;
        for (const char* column : edge_columns)
            text += cell(e, column) + '\x1f';
        return text;
    }
    void sort() {
        std::vector<std::size_t> order(edges_.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
        std::vector<EdgeNo> sorted;
        for (const std::size_t i : order)
            sorted.push_back(edges_[i]);
        edges_ = std::move(sorted);
    }

private:
    const Store& s_;
    Table table_;
    std::vector<EdgeNo> edges_;
};

void compare_edges(const ResponsibilityGraph& a, const ResponsibilityGraph& b, Diff& out) {
    Written x(a), y(b);
    x.sort();
    y.sort();
    TextBuilder source, kind, target;
    std::array<TextBuilder, std::size(telling_columns)> told;
    std::vector<std::uint8_t> lead, lead_said;
    Rows rows;
    const auto edge = [&](const Written& of, std::size_t i) {
        const auto [from, what, to] = of.key(i);
        source.append(from);
        kind.append(what);
        target.append(to);
        for (std::size_t c = 0; c < told.size(); ++c) {
            const std::string cell = of.cell(of[i], telling_columns[c]);
            if (cell.empty())
                told[c].append_null();
            else
                told[c].append(cell);
        }
        const std::string leads = of.cell(of[i], "lead");
        lead.push_back(leads == "true" ? 1 : 0);
        lead_said.push_back(lead.back());  // an edge that says nothing of it is no lead either
    };
    for (std::size_t i = 0, j = 0; i < x.size() || j < y.size();) {
        const bool left = j == y.size() || (i < x.size() && x.key(i) < y.key(j));
        const bool right = !left && (i == x.size() || y.key(j) < x.key(i));
        if (left || right) {
            edge(left ? x : y, left ? i : j);
            rows.add(left ? "removed" : "added", {}, {}, {});
            ++(left ? out.edges_removed : out.edges_added);
            ++(left ? i : j);
            continue;
        }
        // All edges of one key on both sides: what is equal is no difference, the rest is paired.
        const auto same = x.key(i);
        std::vector<std::pair<std::string, std::size_t>> p, q;
        for (; i < x.size() && x.key(i) == same; ++i)
            p.emplace_back(x.all(x[i]), i);
        for (; j < y.size() && y.key(j) == same; ++j)
            q.emplace_back(y.all(y[j]), j);
        std::sort(p.begin(), p.end());
        std::sort(q.begin(), q.end());
        std::vector<std::size_t> only_x, only_y;
        for (std::size_t m = 0, n = 0; m < p.size() || n < q.size();) {
            if (n == q.size() || (m < p.size() && p[m].first < q[n].first))
                only_x.push_back(p[m++].second);
            else if (m == p.size() || q[n].first < p[m].first)
                only_y.push_back(q[n++].second);
            else
                ++m, ++n;
        }
        for (std::size_t n = 0; n < std::max(only_x.size(), only_y.size()); ++n) {
            if (n < only_x.size() && n < only_y.size()) {
                ++out.edges_changed;
                for (const char* column : edge_columns) {
                    const std::string before = x.cell(x[only_x[n]], column);
                    const std::string after = y.cell(y[only_y[n]], column);
                    if (before == after) continue;
                    edge(y, only_y[n]);
                    rows.add("changed", column, before, after);
                }
            } else if (n < only_x.size()) {
                ++out.edges_removed;
                edge(x, only_x[n]);
                rows.add("removed", {}, {}, {});
            } else {
                ++out.edges_added;
                edge(y, only_y[n]);
                rows.add("added", {}, {}, {});
            }
        }
    }
    out.edges = Table(Origin{"edges_changed", "", -1, {}, -1});
    out.edges.add("change", rows.change.finish());
    out.edges.add("source", source.finish());
    out.edges.add("kind", kind.finish());
    out.edges.add("target", target.finish());
    out.edges.add("column", rows.column.finish());
    out.edges.add("before", rows.before.finish());
    out.edges.add("after", rows.after.finish());
    for (std::size_t c = 0; c < told.size(); ++c) {
        out.edges.add(telling_columns[c], told[c].finish());
        if (std::string_view(telling_columns[c]) == "links")
            out.edges.add("lead", Column::of_booleans(std::move(lead), lead_said));
    }
}

}  // namespace

Diff diff(const ResponsibilityGraph& before, const ResponsibilityGraph& after) {
    Diff out;
    compare_nodes(before, after, out);
    compare_edges(before, after, out);
    return out;
}

}  // namespace safetyrisk::graph
