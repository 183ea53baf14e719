#include "core/cells.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>

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

std::optional<Date> read_day(std::string_view text) {
    if (const auto day = Date::parse(text)) return day;
    const auto digits = [](std::string_view part, std::size_t least, std::size_t most) {
        return part.size() >= least && part.size() <= most &&
               std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto number = [](std::string_view part) {
        int value = 0;
        for (const char c : part)
            value = value * 10 + (c - '0');
        return value;
    };
    text = trim(text);
    const std::size_t point = std::min(text.find('.'), text.size());
    if (digits(text.substr(0, point), 5, 5) &&
        (point == text.size() || digits(text.substr(point + 1), 1, 17))) {
        constexpr int first = 20'000, last = 80'000;
        constexpr int of_1970 = 25'569;  // 1970-01-01 in a workbook
        const int serial = number(text.substr(0, point));
        if (serial < first || serial >= last) return std::nullopt;
        return Date(serial - of_1970);
    }
    const std::size_t mark = text.find_first_of(" T");
    if (mark == std::string_view::npos) return std::nullopt;
    std::string_view time = trim(text.substr(mark + 1));
    for (const std::string_view zone : {"+08:00", "+0800"})  // that of the whole country
        if (time.ends_with(zone)) time.remove_suffix(zone.size());
    if (const std::size_t dot = time.find('.'); dot != std::string_view::npos) {
        if (!digits(time.substr(dot + 1), 1, 9) || dot < 7) return std::nullopt;
        time = time.substr(0, dot);
    }
    if (time.ends_with(':')) return std::nullopt;
    constexpr int most[] = {23, 59, 59};
    std::size_t parts = 0;
    for (; parts < 3 && !time.empty(); ++parts) {
        const std::size_t colon = std::min(time.find(':'), time.size());
        if (!digits(time.substr(0, colon), parts == 0 ? 1 : 2, 2) ||
            number(time.substr(0, colon)) > most[parts])
            return std::nullopt;
        time.remove_prefix(std::min(colon + 1, time.size()));
    }
    if (parts < 2 || !time.empty()) return std::nullopt;
    return Date::parse(text.substr(0, mark));
}

std::optional<Date> cell_day(const Column* column, std::size_t row, bool& wrong) {
    if (column == nullptr || column->is_missing(row)) return std::nullopt;
    if (column->type() == ColumnType::date) return column->date(row);
    std::string scratch;
    const std::optional<Date> day = read_day(cell_text(column, row, scratch));
    wrong = wrong || !day;
    return day;
}

}  // namespace safetyrisk
