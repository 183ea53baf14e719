// Columns whose cells are numbers, days or yes and no: what is none of these is reported and counts
// as missing, so that no rule takes a slip of the pen for a fact.
#include "build.hpp"

#include <safetyrisk/core/text.hpp>

#include "core/cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace safetyrisk::graph::detail {
namespace {

enum class Type : std::uint8_t { none, count, amount, number, day, flag, flag_or_day };

struct Typed {
    std::string_view column;
    Type type;
};

constexpr Typed of_nodes[] = {
    {"employees", Type::count},
    {"inspection_cap", Type::count},
    {"deaths", Type::count},
    {"injuries", Type::count},
    {"loss", Type::amount},
    {"target", Type::number},
    {"found_on", Type::day},
    {"due_on", Type::day},
    {"closed_on", Type::day},
    {"extended_to", Type::day},
    {"verified_on", Type::day},
    {"date", Type::day},
    {"approved_on", Type::day},
    {"period_from", Type::day},
    {"period_to", Type::day},
    {"high_risk", Type::flag},
    {"soe", Type::flag},
    {"key_unit", Type::flag},
    {"crowded", Type::flag},
    {"safety_body", Type::flag},
    {"full_time", Type::flag},
    {"delegate", Type::flag},
    {"vertical", Type::flag},
    {"standing_committee", Type::flag},
    {"emerging", Type::flag},
    {"cross_function", Type::flag},
    {"stopped", Type::flag_or_day},
};
constexpr Typed of_edges[] = {{"last_check", Type::day}, {"qualified", Type::flag}};
constexpr Typed of_records[] = {
    {"count", Type::amount}, {"valid_to", Type::day}, {"year", Type::count}};

Type type_of(std::string_view table, std::string_view column) {
    std::span<const Typed> all = of_nodes;
    if (table == "edges") all = of_edges;
    if (table == "records") all = of_records;
    if (table == "duties") all = {};
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Typed& one) { return one.column == column; });
    return found == all.end() ? Type::none : found->type;
}

bool fits(Type type, const Value& value) {
    const auto number = value.as_number();
    switch (type) {
        case Type::count:
            return number && *number >= 0 && std::isfinite(*number) &&
                   *number == std::floor(*number);
        case Type::amount:
            return number && *number >= 0 && std::isfinite(*number);
        case Type::number:
            return number && std::isfinite(*number);
        case Type::day:
            return value.as_date().has_value();
        case Type::flag:
            return value.yes().has_value();
        case Type::flag_or_day:
            return value.yes() || value.as_date();
        default:
            return true;
    }
}

std::string_view code_of(Type type) {
    switch (type) {
        case Type::count:
            return "graph.not_a_count";
        case Type::amount:
            return "graph.not_an_amount";
        case Type::number:
            return "graph.not_a_number";
        case Type::day:
            return "graph.not_a_day";
        default:
            return "graph.not_yes_or_no";
    }
}

// Most cells of a register are plain digits: no need to read those further.
bool plain_count(const Column& column, std::size_t row) {
    if (column.type() != ColumnType::text) return false;
    const std::string_view text = column.text(row);
    return !text.empty() && text.size() < 10 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Column read_typed(const Table& table, std::size_t c, IssueTable& issues,
                  std::vector<std::size_t>& wrong) {
    const Column& column = table.column(c);
    const Type type = type_of(table.origin().table, table.name(c));
    const bool by_type = (type == Type::day && column.type() == ColumnType::date) ||
                         (type == Type::flag && column.type() == ColumnType::boolean);
    wrong.clear();
    if (type == Type::none || by_type) return column;
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.is_missing(row) || (type == Type::count && plain_count(column, row))) continue;
        const Value value = value_of(column, row);
        if (value.is_empty() || fits(type, value)) continue;
        if (table.name(c) == "valid_to" && is_open_end(value.text)) continue;
        issues.add(code_of(type), table.origin(), static_cast<std::int64_t>(row), table.name(c),
                   column.print(row));
        wrong.push_back(row);
    }
    if (wrong.empty()) return column;
    // Texts read the same whatever the column was.
    std::vector<std::string> cells(column.size());
    std::vector<std::uint8_t> valid(column.size(), 0);
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.is_missing(row) || std::binary_search(wrong.begin(), wrong.end(), row)) continue;
        cells[row] = column.print(row);
        valid[row] = 1;
    }
    return Column::of(cells, valid);
}

std::vector<std::uint32_t> read_typed(
    Sparse& key, const std::function<std::pair<std::size_t, std::uint32_t>(std::uint32_t)>& where,
    const std::vector<Table>& tables, IssueTable& issues) {
    Sparse read;
    std::vector<std::uint32_t> wrong;
    for (std::size_t i = 0; i < key.who.size(); ++i) {
        const auto [table, row] = where(key.who[i]);
        const Type type = type_of(tables[table].origin().table, key.name);
        const Value& value = key.values[i];
        if (type == Type::none || value.is_empty() || fits(type, value) ||
            (key.name == "valid_to" && is_open_end(value.text))) {
            read.who.push_back(key.who[i]);
            read.values.push_back(value);
            continue;
        }
        const std::string text = value.type == Value::Type::number ? print_number(value.number)
                                 : value.type == Value::Type::boolean
                                     ? std::string(value.boolean ? "true" : "false")
                                     : std::string(value.text);
        issues.add(code_of(type), tables[table].origin(), row, key.name, text);
        wrong.push_back(key.who[i]);
    }
    if (wrong.empty()) return wrong;
    key.who = std::move(read.who);
    key.values = std::move(read.values);
    return wrong;
}

}  // namespace safetyrisk::graph::detail
