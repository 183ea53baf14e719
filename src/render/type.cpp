#include "render/type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace safetyrisk::render::detail {
namespace {

// Advance widths of U+0020 to U+007E in Noto Sans CJK SC Regular, thousandths of an em.
constexpr std::array<std::int16_t, 95> ascii_widths = {
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555,
    555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589,
    552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573,
    531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552,
    284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555};

struct Character {
    char32_t code = 0;
    std::string_view bytes;  // empty when malformed
    std::size_t size = 1;    // bytes consumed
};

Character next_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    std::size_t size = 1;
    char32_t code = first;
    if (first >= 0x80) {
        if (first >= 0xC2 && first <= 0xDF) {
            size = 2;
            code = first & 0x1FU;
        } else if (first >= 0xE0 && first <= 0xEF) {
            size = 3;
            code = first & 0x0FU;
        } else if (first >= 0xF0 && first <= 0xF4) {
            size = 4;
            code = first & 0x07U;
        } else {
            return {0xFFFD, {}, 1};
        }
        if (text.size() < size) return {0xFFFD, {}, 1};
        for (std::size_t i = 1; i < size; ++i) {
            if ((byte(i) & 0xC0U) != 0x80U) return {0xFFFD, {}, 1};
            code = (code << 6U) | (byte(i) & 0x3FU);
        }
        const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
        if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return {0xFFFD, {}, 1};
    }
    return {code, text.substr(0, size), size};
}

bool is_invisible(char32_t c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           c == 0x00AD || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool is_blank(char32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x3000 || c == 0x2028 || c == 0x2029;
}

// As wide as a Chinese character: those, and signs that Chinese fonts set as wide (—, ×, ≥, ①).
bool is_wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
           (c >= 0x20000 && c <= 0x3FFFD) || c == 0x00B7 || c == 0x2026 || c == 0x00B1 ||
           c == 0x00D7 || c == 0x00F7 || c == 0x2014 || c == 0x2015 ||
           (c >= 0x2190 && c <= 0x22FF) || (c >= 0x2460 && c <= 0x26FF);
}

int thousandths(char32_t c) {
    if (c >= 0x20 && c <= 0x7E) return ascii_widths[c - 0x20];
    if (c >= 0x0300 && c <= 0x036F) return 0;
    return is_wide(c) ? 1000 : 620;
}

// No line begins with one of these.
bool is_closing(char32_t c) {
    constexpr std::u32string_view closing =
        U",.;:!?)]}%°′″·…—、。〉》」』】〕〗”’\uFF0C\uFF1B\uFF1A\uFF01\uFF1F\uFF09";
    return closing.find(c) != std::u32string_view::npos;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string result;
    bool blank = false;
    while (!text.empty()) {
        const Character c = next_character(text);
        text.remove_prefix(c.size);
        if (is_invisible(c.code)) continue;
        if (is_blank(c.code)) {
            blank = !result.empty();
            continue;
        }
        if (blank) result += ' ';
        blank = false;
        if (c.bytes.empty())
            result += "\xEF\xBF\xBD";
        else
            result += c.bytes;
    }
    return result;
}

int text_width(std::string_view text, int size) {
    std::int64_t sum = 0;
    while (!text.empty()) {
        const Character c = next_character(text);
        text.remove_prefix(c.size);
        sum += thousandths(c.code);
    }
    return static_cast<int>(std::min<std::int64_t>((sum * size + 999) / 1000, 1'000'000'000));
}

Wrapped wrap(std::string_view text, int size, int width, std::size_t max_lines) {
    // Words are runs between places where a line may break; a blank belongs to the word before it.
    std::vector<std::string_view> words;
    std::size_t start = 0;
    bool may_break = false;
    for (std::size_t at = 0; at < text.size();) {
        const Character c = next_character(text.substr(at));
        const bool wide = is_wide(c.code);
        if (at > start && !is_closing(c.code) && (may_break || wide) && c.code != ' ') {
            words.push_back(text.substr(start, at - start));
            start = at;
        }
        may_break = wide || c.code == ' ';
        at += c.size;
    }
    if (start < text.size()) words.push_back(text.substr(start));

    Wrapped result;
    std::string line;
    const auto trimmed = [](std::string value) {
        while (!value.empty() && value.back() == ' ')
            value.pop_back();
        return value;
    };
    const auto end_line = [&] {
        result.lines.push_back(trimmed(std::move(line)));
        line.clear();
    };
    for (const std::string_view word : words) {
        if (result.lines.size() > max_lines) break;
        if (text_width(trimmed(line + std::string(word)), size) <= width) {
            line += word;
            continue;
        }
        if (!line.empty()) end_line();
        std::string_view rest = word;
        while (!rest.empty()) {
            const Character c = next_character(rest);
            const std::string_view bytes = rest.substr(0, c.size);
            if (!line.empty() && text_width(trimmed(line + std::string(bytes)), size) > width)
                end_line();
            line += bytes;
            rest.remove_prefix(c.size);
        }
    }
    if (!trimmed(line).empty()) end_line();
    if (result.lines.size() > max_lines) {
        result.cut = true;
        result.lines.resize(max_lines);
        if (max_lines > 0) {
            std::string& last = result.lines.back();
            while (!last.empty() && text_width(last + "…", size) > width) {
                do
                    last.pop_back();
                while (!last.empty() && (static_cast<unsigned char>(last.back()) & 0xC0U) == 0x80U);
                // The lead byte of the character just cut off is still there when it was not ASCII.
                if (!last.empty() && static_cast<unsigned char>(last.back()) >= 0xC0U)
                    last.pop_back();
            }
            last += "…";
        }
    }
    return result;
}

std::string group_thousands(long long value, char separator) {
    std::string digits = std::to_string(value);
    for (std::size_t at = digits.size(); at > 3; at -= 3) {
        if (digits[at - 4] == '-') break;
        digits.insert(at - 3, 1, separator);
    }
    return digits;
}

}  // namespace safetyrisk::render::detail
