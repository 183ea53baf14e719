// The records behind one cell: read again when somebody asks, so that an assessment keeps no rows.
#include <safetyrisk/duty/assess.hpp>
#include <safetyrisk/duty/packs.hpp>

#include "core/cells.hpp"
#include "graph/node_names.hpp"
#include "graph/store.hpp"

#include <algorithm>
#include <utility>

namespace safetyrisk::duty {

using graph::NodeNo;
using graph::none;

Table records_of(const graph::ResponsibilityGraph& graph, const Table& records,
                 std::string_view action, NodeNo subject, NodeNo object, Date until) {
    const graph::Store& store = graph.store();
    graph::detail::CellNodes cells(store, records);
    const Column* const actions = records.find("action");
    const Column* const dates = records.find("date");
    const auto node = [&](std::string_view column, std::size_t row) {
        std::size_t several = 0;
        const std::string text = cell_text(records.find(column), row);
        return text.empty() ? none : cells.find(text, column, row, several);
    };
    const auto holds = [&](NodeNo who, Date day) {
        if (who == none || !store.is(who, store.known.person) ||
            store.known.holds == graph::no_kind)
            return false;
        const graph::View view(store, day);
        bool found = false;
        view.out(who, store.known.holds,
                 [&](graph::EdgeNo edge) { found = found || view.target(edge) == subject; });
        return found;
    };
    std::vector<std::pair<Date, std::size_t>> found;
    for (std::size_t row = 0; row < records.rows(); ++row) {
        if (action_of(cell_text(actions, row)) != action) continue;
        bool wrong = false;
        const std::optional<Date> day = cell_day(dates, row, wrong);
        if (!day || *day > until) continue;
        if (object != none && node("object", row) != object) continue;
        if (subject != none) {
            const NodeNo who = node("subject", row);
            if (who != subject && !holds(who, *day)) continue;
        }
        found.emplace_back(*day, row);
    }
    std::sort(found.begin(), found.end());
    std::vector<std::int64_t> rows;
    std::vector<Date> days;
    for (const auto& [day, row] : found) {
        rows.push_back(static_cast<std::int64_t>(row));
        days.push_back(day);
    }
    Table table(Origin{"cell_records", "", -1, {}, -1});
    table.add("row", Column::of(std::move(rows)));
    table.add("date", Column::of(days));
    return table;
}

}  // namespace safetyrisk::duty
