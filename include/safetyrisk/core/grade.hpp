// The grade of a risk: one of four, each with its colour.
//
// 重大风险 red > 较大风险 orange > 一般风险 yellow > 低风险 blue. A grade is not a number:
// in other scales of the field "level 1" may be the best or the worst (chemical parks
// A worst, mines A best), so nothing converts to or from int, and the order is spelled
// once, here. Levels of divisions and of 重大危险源 are other types with other names.
//
// Source: 安委办〔2016〕3号 and 〔2016〕11号 for the four levels and their colours.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace safetyrisk {

/// Language of messages, reports and maps.
enum class Lang : std::uint8_t { zh, en };

/// Grade of a risk, from the mildest to the gravest. The values are storage codes of
/// arrays (`0` there means "not graded"); they are not an official numbering.
enum class Grade : std::uint8_t { blue = 1, yellow = 2, orange = 3, red = 4 };

/// Milder is less, graver is greater.
constexpr std::strong_ordering operator<=>(Grade a, Grade b) {
    return static_cast<std::uint8_t>(a) <=> static_cast<std::uint8_t>(b);
}

/// All grades, gravest first: the order of legends and reports.
inline constexpr Grade all_grades[] = {Grade::red, Grade::orange, Grade::yellow, Grade::blue};

/// The graver of two grades.
constexpr Grade graver(Grade a, Grade b) {
    return a < b ? b : a;
}

/// Colour name of a grade, the canonical value in tables: "red", "orange", "yellow", "blue".
constexpr std::string_view to_string(Grade grade) {
    switch (grade) {
        case Grade::red:
            return "red";
        case Grade::orange:
            return "orange";
        case Grade::yellow:
            return "yellow";
        case Grade::blue:
            return "blue";
    }
    return "";
}

/// Official word of a grade: 重大风险 / 较大风险 / 一般风险 / 低风险 (major, serious, general,
/// low).
constexpr std::string_view word(Grade grade, Lang lang = Lang::zh) {
    const bool zh = lang == Lang::zh;
    switch (grade) {
        case Grade::red:
            return zh ? "重大风险" : "major risk";
        case Grade::orange:
            return zh ? "较大风险" : "serious risk";
        case Grade::yellow:
            return zh ? "一般风险" : "general risk";
        case Grade::blue:
            return zh ? "低风险" : "low risk";
    }
    return "";
}

/// Grade from what people write: colour names, 红橙黄蓝 (with or without 色), the official
/// words with or without 风险, and 较小 (the word of 公路水路 for 低). Nothing else is accepted.
std::optional<Grade> parse_grade(std::string_view text);

}  // namespace safetyrisk
