#include "core/cells.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>

namespace safetyrisk {
namespace {

bool digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view text) {
    int number = 0;
    for (const char c : text)
        number = 10 * number + (c - '0');
    return number;
}

// A time of day: "0:00", "00:00:00", "10:00:00.000".
bool is_time(std::string_view text) {
    const std::size_t first = text.find(':');
    if (first == std::string_view::npos || !digits(text.substr(0, first), 1, 2) ||
        number_of(text.substr(0, first)) > 23)
        return false;
    text.remove_prefix(first + 1);
    const auto sixty = [](std::string_view part) {
        return digits(part, 2, 2) && number_of(part) < 60;
    };
    if (!sixty(text.substr(0, 2))) return false;
    if (text.size() == 2) return true;
    if (text[2] != ':' || !sixty(text.substr(3, 2))) return false;
    return text.size() == 5 || (text[5] == '.' && digits(text.substr(6), 1, 9));
}

}  // namespace

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

std::optional<Date> read_day(std::string_view raw) {
    if (const auto day = Date::parse(raw)) return day;
    const std::string half = to_half_width(raw);
    std::string_view text = trim(half);
    if (digits(text.substr(0, 5), 5, 5) &&
        (text.size() == 5 || (text[5] == '.' && digits(text.substr(6), 1, 20))))
        return read_day(static_cast<double>(number_of(text.substr(0, 5))));
    if (const std::size_t blank = text.find_first_of(" T"); blank != std::string_view::npos) {
        std::string_view time = trim(text.substr(blank + 1));
        for (const std::string_view zone : {"+08:00", "+0800"})  // that of the whole country
            if (time.ends_with(zone)) time.remove_suffix(zone.size());
        if (!is_time(time)) return std::nullopt;
        text = trim(text.substr(0, blank));
        if (const auto day = Date::parse(text)) return day;
    }
    constexpr std::string_view colloquial = "号";
    if (!text.ends_with(colloquial)) return std::nullopt;
    return Date::parse(std::string(text.substr(0, text.size() - colloquial.size())) + "日");
}

std::optional<Date> read_day(double number) {
    if (number >= 20000 && number < 80000)
        return Date::of(1899, 12, 30) + static_cast<std::int32_t>(number);
    if (number >= 19000101 && number <= 99991231 &&
        number == static_cast<double>(static_cast<std::int32_t>(number)))
        return Date::parse(std::to_string(static_cast<std::int32_t>(number)));
    return std::nullopt;
}

bool is_open_end(std::string_view text) {
    text = trim(text);
    for (const std::string_view word : {"长期", "长期有效", "至今", "永久", "永久有效"})
        if (text == word) return true;
    return false;
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
