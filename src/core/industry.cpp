#include <safetyrisk/core/industry.hpp>

#include <safetyrisk/core/text.hpp>

#include <array>

namespace safetyrisk {
namespace {

// Last two-digit division of each section A to T; the first is one after the section before.
constexpr std::array<int, 20> section_ends = {5,  12, 43, 46, 50, 52, 60, 62, 65, 69,
                                              70, 72, 75, 79, 82, 83, 85, 90, 96, 97};

}  // namespace

std::optional<IndustryCode> IndustryCode::parse(std::string_view raw) {
    const std::string half = to_half_width(raw);
    std::string_view text = trim(half);
    IndustryCode code;
    bool lettered = false;
    if (!text.empty()) {
        char c = text.front();
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c >= 'A' && c <= 'T') {
            code.section = c;
            lettered = true;
            text.remove_prefix(1);
        }
    }
    if (text.empty()) return lettered ? std::optional(code) : std::nullopt;
    if (text.size() < 2 || text.size() > 4) return std::nullopt;
    if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const int division = (text[0] - '0') * 10 + (text[1] - '0');
    if (division < 1 || division > section_ends.back()) return std::nullopt;
    std::size_t section = 0;
    while (section_ends.at(section) < division)
        ++section;
    const char letter = static_cast<char>('A' + section);
    if (lettered && letter != code.section) return std::nullopt;
    code.section = letter;
    code.digits = text;
    return code;
}

std::string IndustryCode::text() const {
    return section + digits;
}

}  // namespace safetyrisk
