// Small graphs from literal tables: comma-separated lines, the first names the columns.
//
// A cell that is empty is null. Columns of numbers and booleans stay texts, as CSV gives them;
// the graph reads both. Quotes hold commas: {"a":1,"b":2} in single quotes.
#pragma once

#include <safetyrisk/graph/graph.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph::small {

inline std::vector<std::string> cells(std::string_view line) {
    std::vector<std::string> parts(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '\'')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            parts.emplace_back();
        else
            parts.back().push_back(c);
    }
    for (std::string& part : parts) {
        const auto first = part.find_first_not_of(' ');
        const auto last = part.find_last_not_of(' ');
        part = first == std::string::npos ? "" : part.substr(first, last - first + 1);
    }
    return parts;
}

/// A table of that name.
inline Table table(std::string name, std::string_view text) {
    std::vector<std::vector<std::string>> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.find_first_not_of(' ') != std::string_view::npos) lines.push_back(cells(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    Table result(Origin{std::move(name), "small", 2, {}, -1});
    const auto header = lines.at(0);
    for (std::size_t c = 0; c < header.size(); ++c) {
        std::vector<std::string> column;
        std::vector<std::uint8_t> valid;
        for (std::size_t r = 1; r < lines.size(); ++r) {
            const std::string cell = c < lines[r].size() ? lines[r][c] : "";
            column.push_back(cell);
            valid.push_back(cell.empty() ? 0 : 1);
        }
        result.add(header[c], Column::of(column, valid));
    }
    return result;
}

/// Tables by name, as text.
using Texts = std::map<std::string, std::string>;

/// The graph of those tables, asked about `data_date` unless a question names another day.
inline ResponsibilityGraph graph(const Texts& texts, std::string_view data_date = "2026-01-01",
                                 std::vector<std::string> jurisdiction = {},
                                 std::shared_ptr<const Kinds> kinds = nullptr) {
    std::vector<Table> tables;
    for (const auto& [name, text] : texts)
        tables.push_back(table(name, text));
    GraphOptions options;
    options.data_date = Date::parse(data_date);
    options.jurisdiction = std::move(jurisdiction);
    options.kinds = std::move(kinds);
    return ResponsibilityGraph::build(std::move(tables), options);
}

/// The codes of the graph's issues, in order.
inline std::vector<std::string> codes(const ResponsibilityGraph& g) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < g.issues().size(); ++i)
        all.emplace_back(g.issues().code(i));
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace safetyrisk::graph::small
