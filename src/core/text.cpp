#include <safetyrisk/core/text.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace safetyrisk {
namespace {

// Length of the well-formed sequence at `i`, or 0 (Unicode table 3-7).
std::size_t sequence_length(std::string_view s, std::size_t i) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
    const unsigned char lead = at(i);
    if (lead < 0x80) return 1;
    const auto continues = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) {
        return k < s.size() && at(k) >= low && at(k) <= high;
    };
    if (lead >= 0xC2 && lead <= 0xDF) return continues(i + 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = lead == 0xED ? 0x9F : 0xBF;
        return continues(i + 1, low, high) && continues(i + 2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
        return continues(i + 1, low, high) && continues(i + 2) && continues(i + 3) ? 4 : 0;
    }
    return 0;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// The blanks that trim() removes at the start of `s`: their length, or 0.
std::size_t leading_blank(std::string_view s) {
    if (s.empty()) return 0;
    if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r')) return 1;
    if (s.starts_with("\xC2\xA0")) return 2;
    if (s.starts_with("\xE3\x80\x80") || s.starts_with("\xEF\xBB\xBF")) return 3;
    return 0;
}

std::size_t trailing_blank(std::string_view s) {
    if (s.empty()) return 0;
    const char last = s.back();
    if (last == ' ' || (last >= '\t' && last <= '\r')) return 1;
    if (s.ends_with("\xC2\xA0")) return 2;
    if (s.ends_with("\xE3\x80\x80") || s.ends_with("\xEF\xBB\xBF")) return 3;
    return 0;
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequence_length(text, i);
        if (length == 0) return i;
        i += length;
    }
    return std::nullopt;
}

std::size_t count_code_points(std::string_view text) {
    std::size_t n = 0;
    for (const char c : text)
        n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return n;
}

std::string to_half_width(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
        if (i + 2 < text.size() && byte(0) == 0xEF && (byte(1) == 0xBC || byte(1) == 0xBD)) {
            const unsigned code = ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU) | 0xF000U;
            if (code >= 0xFF01 && code <= 0xFF5E) {
                out.push_back(static_cast<char>(code - 0xFEE0U));
                i += 3;
                continue;
            }
        }
        if (text.substr(i).starts_with("\xE3\x80\x80")) {
            out.push_back(' ');
            i += 3;
            continue;
        }
        out.push_back(text[i]);
        ++i;
    }
    return out;
}

std::string_view trim(std::string_view text) {
    while (const std::size_t n = leading_blank(text))
        text.remove_prefix(n);
    while (const std::size_t n = trailing_blank(text))
        text.remove_suffix(n);
    return text;
}

std::string print_number(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    if (value == 0.0) return "0";
    std::array<char, 400> buffer{};
    const double magnitude = std::fabs(value);
    // Fixed notation in the range that people write; beyond it the exponent says more.
    const auto format = magnitude >= 1e-6 && magnitude < 1e17 ? std::chars_format::fixed
                                                              : std::chars_format::general;
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    return {buffer.data(), result.ptr};
}

double widen(float value) {
    if (!std::isfinite(value)) return static_cast<double>(value);
    std::array<char, 64> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    double out = 0.0;
    std::from_chars(buffer.data(), written.ptr, out);
    return out;
}

std::string escape_json(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 8);
    std::size_t plain = 0;  // where the stretch begins that is copied as it is
    const auto copy = [&](std::size_t end) { out += text.substr(plain, end - plain); };
    const auto escape = [&](unsigned code) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4)
            out.push_back(hex[(code >> static_cast<unsigned>(shift)) & 0xFU]);
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80) {
            const bool quoted = c == '"' || c == '\\';
            if (quoted || c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F) {
                copy(i);
                if (quoted) {
                    out.push_back('\\');
                    out.push_back(static_cast<char>(c));
                } else {
                    escape(c);
                }
                plain = i + 1;
            }
            ++i;
            continue;
        }
        const std::size_t length = sequence_length(text, i);
        if (length == 0) {
            copy(i);
            out += replacement;
            plain = ++i;
            continue;
        }
        // Line ends of JavaScript.
        if (c == 0xE2 && (text.substr(i, length) == "\xE2\x80\xA8" ||
                          text.substr(i, length) == "\xE2\x80\xA9")) {
            copy(i);
            escape(text[i + 2] == '\xA8' ? 0x2028 : 0x2029);
            plain = i + length;
        }
        i += length;
    }
    copy(text.size());
    return out;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequence_length(text, i);
        if (length == 0) {
            out += replacement;
            ++i;
            continue;
        }
        const std::string_view piece = text.substr(i, length);
        i += length;
        switch (piece[0]) {
            case '&':
                out += "&amp;";
                continue;
            case '<':
                out += "&lt;";
                continue;
            case '>':
                out += "&gt;";
                continue;
            case '"':
                out += "&quot;";
                continue;
            case '\'':
                out += "&#39;";
                continue;
            default:
                break;
        }
        const auto c = static_cast<unsigned char>(piece[0]);
        const bool forbidden = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
                               piece == "\xEF\xBF\xBE" || piece == "\xEF\xBF\xBF";
        out += forbidden ? replacement : piece;
    }
    return out;
}

}  // namespace safetyrisk
