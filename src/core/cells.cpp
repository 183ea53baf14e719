#include "core/cells.hpp"

#include <safetyrisk/core/text.hpp>

namespace safetyrisk {

std::string_view cell_text(const Column* column, std::size_t row, std::string& scratch) {
    if (column == nullptr || column->is_missing(row)) return {};
    if (column->type() == ColumnType::text) return trim(column->text(row));
    if (column->type() == ColumnType::number) {
        const double value = column->number(row).value;
        if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
            scratch = std::to_string(static_cast<std::int64_t>(value));
            return scratch;
        }
    }
    scratch = column->print(row);
    return scratch;
}

std::string cell_text(const Column* column, std::size_t row) {
    std::string scratch;
    return std::string(cell_text(column, row, scratch));
}

std::optional<Date> cell_day(const Column* column, std::size_t row, bool& wrong) {
    if (column == nullptr || column->is_missing(row)) return std::nullopt;
    if (column->type() == ColumnType::date) return column->date(row);
    std::string scratch;
    const std::optional<Date> day = Date::parse(cell_text(column, row, scratch));
    wrong = wrong || !day;
    return day;
}

}  // namespace safetyrisk
