// Which columns the tables give, and since when: what nobody has stated by a day is not asked then.
#include "build.hpp"

#include <algorithm>

namespace safetyrisk::graph {
namespace {

bool is_about_edges(std::string_view table) {
    return table == "edges";
}

// When rows begin, and which rows of a table there are: nodes or edges.
struct Rows {
    const std::vector<std::int32_t>& from;
    const std::vector<std::uint8_t>& table;
    const std::vector<std::uint32_t>& row;

    Rows(const Store& s, bool edges)
        : from(edges ? s.edge_from : s.node_from),
          table(edges ? s.edge_table : s.node_table),
          row(edges ? s.edge_row : s.node_row) {}
};

}  // namespace

void detail::note_given(Store& s, const std::vector<Table>& given) {
    for (std::size_t t = 0; t < given.size(); ++t) {
        const Table& one = given[t];
        s.given_columns.push_back(one.names());
        s.given_rows.push_back(one.rows());
        auto& since = s.given_from.emplace_back();
        const Rows rows(s, is_about_edges(one.origin().table));
        if (rows.from.empty()) continue;
        for (std::size_t c = 0; c < one.size(); ++c) {
            std::int32_t first = always_to;
            for (std::uint32_t v = 0; v < rows.from.size() && first != always_from; ++v)
                if (rows.from[v] < first && rows.table[v] == t &&
                    !one.column(c).is_missing(rows.row[v]))
                    first = rows.from[v];
            // What only rows that became nothing fill is given, and of no day.
            if (first != always_from && first != always_to) since.emplace(one.name(c), first);
        }
    }
}

bool Store::has_column(std::string_view table, std::string_view column, std::int32_t day) const {
    for (std::size_t t = 0; t < tables.size(); ++t) {
        if (tables[t].origin().table != table) continue;
        const auto& columns = given_columns[t];
        if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
            const auto since = given_from[t].find(column);
            if (since == given_from[t].end() || since->second <= day) return true;
        }
        const bool edges = is_about_edges(table);
        const Rows rows(*this, edges);
        for (const auto& key : edges ? edge_attributes : node_attributes)
            if (key->name == column &&
                std::any_of(key->who.begin(), key->who.end(), [&](std::uint32_t v) {
                    return rows.table[v] == t && (rows.from.empty() || rows.from[v] <= day);
                }))
                return true;
    }
    return false;
}

}  // namespace safetyrisk::graph
