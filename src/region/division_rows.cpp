#include "region/division_rows.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace safetyrisk::region {
namespace {

using detail::as_size;
using detail::DivisionRows;
using detail::Former;

// Digits, a point and zeros only, as "360902.0": the part before the point, else empty.
std::string_view integral_part(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos || point == 0) return {};
    const bool zeros = text.find_first_not_of('0', point + 1) == std::string_view::npos;
    const bool digits = text.find_first_not_of("0123456789") == point;
    return zeros && digits ? text.substr(0, point) : std::string_view{};
}

CodeCell code_of(std::optional<DivisionCode> code, bool from_float) {
    if (!code) return {CodeCell::State::malformed, false, {}};
    return {CodeCell::State::code, from_float, *code};
}

CodeCell read_number_code(double value) {
    constexpr double exact_limit = 9007199254740992.0;  // 2^53
    if (std::isnan(value)) return {};
    if (!std::isfinite(value) || value < 0.0) return {CodeCell::State::malformed, false, {}};
    if (value != std::floor(value) || value > exact_limit)
        return {CodeCell::State::lost_digits, false, {}};
    return code_of(DivisionCode::parse(static_cast<std::int64_t>(value)), true);
}

CodeCell read_text_code(std::string_view cell) {
    if (const auto code = DivisionCode::parse(cell)) return code_of(code, false);
    const std::string half = to_half_width(cell);
    const std::string_view text = trim(half);
    if (text.empty()) return {};
    if (const auto code = DivisionCode::parse(text)) return code_of(code, false);
    if (const auto digits = integral_part(text); !digits.empty())
        return code_of(DivisionCode::parse(digits), true);
    // A spreadsheet prints long numbers with few digits: 3.60902E+11 may be any of a million codes.
    const bool number = parse_number(text).state == NumberCell::State::value;
    const bool fraction = text.find_first_of(".eE") != std::string_view::npos;
    return {
        number && fraction ? CodeCell::State::lost_digits : CodeCell::State::malformed, false, {}};
}

Origin named(Origin origin) {
    if (origin.table.empty()) origin.table = "divisions";
    return origin;
}

class RowReader {
public:
    RowReader(const Table& table, std::optional<Date> on, IssueTable& issues)
        : table_(table),
          on_(on),
          issues_(issues),
          code_(table.at("code")),
          level_(table.find("level")),
          from_(table.find("valid_from")),
          to_(table.find("valid_to")),
          successor_(table.find("successor")) {
        table.at("name");  // required
        if (table.rows() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
            throw InputError("divisions: more than 2^31 rows");
        rows_.origin = named(table.origin());
        rows_.entries.push_back({DivisionCode(), -1, -1, true});
    }

    DivisionRows run() {
        read_rows();
        return std::move(rows_);
    }

private:
    void read_rows() {
        std::size_t floats = 0;
        for (std::size_t r = 0; r < table_.rows(); ++r) {
            const auto row = static_cast<std::int32_t>(r);
            const CodeCell cell = read_code(code_, r);
            if (cell.state != CodeCell::State::code) {
                refuse_code(cell, row);
                continue;
            }
            if (cell.from_float) ++floats;
            check_level(cell.code, row);
            read_validity(cell.code, row);
        }
        if (floats > 0)
            issues_.add("region.code_from_float", rows_.origin, -1, "code", {},
                        {std::to_string(floats)});
    }

    void refuse_code(const CodeCell& cell, std::int32_t row) {
        const std::string value = code_.print(as_size(row));
        if (cell.state == CodeCell::State::missing)
            issues_.add("region.missing_code", rows_.origin, row, "code");
        else if (cell.state == CodeCell::State::lost_digits)
            issues_.add("region.code_lost_digits", rows_.origin, row, "code", value);
        else
            issues_.add("region.malformed_code", rows_.origin, row, "code", value);
    }

    void check_level(DivisionCode code, std::int32_t row) {
        if (level_ == nullptr || level_->is_missing(as_size(row))) return;
        const std::string text = level_->print(as_size(row));
        if (const auto level = parse_level(text); level && *level == code.level()) return;
        issues_.add("region.level_mismatch", rows_.origin, row, "level", text,
                    {code.text(), word(code.level()), to_string(code.level())});
    }

    // Nothing for an empty cell; `bad` is set when the cell is no date.
    std::optional<Date> day(const Column* column, std::int32_t row, bool& bad) const {
        if (column == nullptr || column->is_missing(as_size(row))) return std::nullopt;
        const auto date = Date::parse(column->print(as_size(row)));
        bad = bad || !date;
        return date;
    }

    void read_validity(DivisionCode code, std::int32_t row) {
        bool bad = false;
        const auto from = day(from_, row, bad);
        const auto to = day(to_, row, bad);
        if (bad || (from && to && *to < *from)) {
            issues_.add("region.bad_validity", rows_.origin, row, "valid_to", {},
                        {from_ == nullptr ? "" : from_->print(as_size(row)),
                         to_ == nullptr ? "" : to_->print(as_size(row))});
            return;
        }
        if ((from || to) && !on_)
            throw InputError("divisions: row " + std::to_string(row) +
                             " has validity dates; say for which day (on) the divisions are asked");
        const bool has_successor = successor_ != nullptr && !successor_->is_missing(as_size(row));
        const bool alias = has_successor && !to;
        if (!alias && (!from || *from <= *on_) && (!to || *on_ <= *to)) {
            rows_.entries.push_back({code, row, -1, true});
            return;
        }
        Former former{code, std::nullopt, row, to.value_or(Date())};
        if (has_successor) former.successor = read_successor(row);
        rows_.former.push_back(former);
    }

    std::optional<DivisionCode> read_successor(std::int32_t row) {
        const std::string text = successor_->print(as_size(row));
        // A division that was split has several successors, and the code alone cannot choose.
        if (text.find(';') != std::string::npos) return std::nullopt;
        const CodeCell cell = read_code(*successor_, as_size(row));
        if (cell.state == CodeCell::State::code) return cell.code;
        issues_.add("region.malformed_code", rows_.origin, row, "successor", text);
        return std::nullopt;
    }

    const Table& table_;
    std::optional<Date> on_;
    IssueTable& issues_;
    const Column& code_;
    const Column* level_;
    const Column* from_;
    const Column* to_;
    const Column* successor_;
    DivisionRows rows_;
};

}  // namespace

CodeCell read_code(const Column& column, std::size_t row) {
    if (column.is_missing(row)) return {};
    switch (column.type()) {
        case ColumnType::text:
            return read_text_code(column.text(row));
        case ColumnType::integer:
            return code_of(DivisionCode::parse(column.integers()[row]), false);
        case ColumnType::number:
            return read_number_code(column.numbers()[row]);
        case ColumnType::boolean:
        case ColumnType::date:
            break;
    }
    return {CodeCell::State::malformed, false, {}};
}

DivisionRows detail::read_division_rows(const Table& table, std::optional<Date> on,
                                        IssueTable& issues) {
    return RowReader(table, on, issues).run();
}

}  // namespace safetyrisk::region
