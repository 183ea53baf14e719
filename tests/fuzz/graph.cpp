// Any bytes as the tables of a responsibility graph, and as a selector asked of it.
//
// A line "== name" begins a table, the next line names its columns, the others are rows; cells are
// parted by tabs. What is built must hold together: no row vanishes without an issue.
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/graph/export.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/select.hpp>

#include "graph/store.hpp"
#include "require.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

std::string_view take_line(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view line = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return line;
}

std::vector<Table> read_tables(std::string_view text, std::string& selector) {
    std::vector<Table> tables;
    while (!text.empty()) {
        const std::string_view name = take_line(text, '\n');
        if (name == "== selector") {
            selector = take_line(text, '\n');
            continue;
        }
        if (name.substr(0, 3) != "== ") continue;
        std::vector<std::string> header;
        std::string_view head = take_line(text, '\n');
        while (!head.empty())
            header.emplace_back(take_line(head, '\t'));
        std::vector<std::vector<std::string>> cells(header.size());
        std::vector<std::vector<std::uint8_t>> valid(header.size());
        while (!text.empty() && text.substr(0, 3) != "== ") {
            std::string_view line = take_line(text, '\n');
            for (std::size_t c = 0; c < header.size(); ++c) {
                cells[c].emplace_back(take_line(line, '\t'));
                valid[c].push_back(cells[c].back().empty() ? 0 : 1);
            }
        }
        Table table(Origin{std::string(name.substr(3)), "", 0, {}, -1});
        for (std::size_t c = 0; c < header.size(); ++c) {
            if (first_invalid_utf8(header[c])) throw InputError("header");
            for (const auto& cell : cells[c])
                if (first_invalid_utf8(cell)) throw InputError("cell");
            table.add(header[c], Column::of(cells[c], valid[c]));
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

void hold_together(const Store& s, std::size_t edge_rows) {
    for (NodeNo v = 1; v < s.n(); ++v)
        require(s.id(v - 1) < s.id(v));
    std::size_t given = 0;
    std::set<std::uint32_t> told;
    for (EdgeNo e = 0; e < s.m(); ++e) {
        require(s.source[e] < s.n() && s.target[e] < s.n());
        require(e >= s.out_offsets[s.source[e]] && e < s.out_offsets[s.source[e] + 1]);
        if (!s.derived(e)) told.insert(s.edge_row[e]);
    }
    given = told.size();
    std::vector<std::uint8_t> seen(s.m(), 0);
    for (NodeNo v = 0; v < s.n(); ++v) {
        require(s.find(s.id(v)) == v);
        for (std::uint32_t at = s.in_offsets[v]; at < s.in_offsets[v + 1]; ++at) {
            require(s.target[s.in_edges[at]] == v);
            require(seen[s.in_edges[at]]++ == 0);
        }
    }
    for (std::size_t i = 0; i < s.issues.size(); ++i) {
        const Issue issue = s.issues.at(i);
        require(!issue.message.empty());
        if (issue.table == "edges" && issue.row >= 0)
            told.insert(static_cast<std::uint32_t>(issue.row));
    }
    require(told.size() == edge_rows && given <= edge_rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// The packs are read once, before the clock that finds inputs which take too long.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    return LLVMFuzzerTestOneInput(nullptr, 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        std::string selector;
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        auto tables =
            text.substr(0, 1) == "{" ? read_json(text).tables : read_tables(text, selector);
        std::size_t edge_rows = 0;
        for (const Table& table : tables)
            if (table.origin().table == "edges") edge_rows = table.rows();
        const auto graph = ResponsibilityGraph::build(std::move(tables));
        const Store& s = graph.store();
        hold_together(s, edge_rows);
        const View view(s, Date::of(2026, 1, 1));
        for (NodeNo v = 0; v < s.n(); ++v) {
            const auto chain = view.chain(v);
            require(std::set<NodeNo>(chain.begin(), chain.end()).size() == chain.size());
        }
        require(graph.node_table().rows() == graph.nodes());
        require(graph.edge_table().rows() == graph.edges());
        require(to_graphml(graph).size() > graph.nodes());
        auto again = read_json(to_json(graph));
        // Regions whose rows contradicted each other are made from their codes the second time.
        require(ResponsibilityGraph::build(std::move(again.tables)).nodes() >= graph.nodes());
        if (!selector.empty() && !first_invalid_utf8(selector)) {
            const auto chosen = select(graph, Selector::parse(selector), view.on());
            require(std::is_sorted(chosen.begin(), chosen.end()));
        }
    } catch (const Error&) {
    }
    return 0;
}
