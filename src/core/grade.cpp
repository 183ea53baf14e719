#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/source.hpp>
#include <safetyrisk/core/text.hpp>

#include <utility>

namespace safetyrisk {

std::optional<Grade> parse_grade(std::string_view text) {
    static constexpr std::pair<std::string_view, Grade> words[] = {
        {"red", Grade::red},         {"orange", Grade::orange},   {"yellow", Grade::yellow},
        {"blue", Grade::blue},       {"红", Grade::red},          {"橙", Grade::orange},
        {"黄", Grade::yellow},       {"蓝", Grade::blue},         {"红色", Grade::red},
        {"橙色", Grade::orange},     {"黄色", Grade::yellow},     {"蓝色", Grade::blue},
        {"重大", Grade::red},        {"较大", Grade::orange},     {"一般", Grade::yellow},
        {"低", Grade::blue},         {"较小", Grade::blue},       {"重大风险", Grade::red},
        {"较大风险", Grade::orange}, {"一般风险", Grade::yellow}, {"低风险", Grade::blue},
        {"较小风险", Grade::blue},
    };
    const std::string_view trimmed = trim(text);
    for (const auto& [word, grade] : words)
        if (trimmed == word) return grade;
    return std::nullopt;
}

std::string Source::text() const {
    std::string out = document;
    if (!clause.empty()) out += (out.empty() ? "" : " ") + clause;
    if (!edition.empty()) out += (out.empty() ? "(" : " (") + edition + ")";
    return out;
}

}  // namespace safetyrisk
