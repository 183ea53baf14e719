// A plan's text as it is read: repaired, in one form of every mark, each character with the place
// it came from.
//
// Characters are UTF-16 units; the few beyond the basic plane become one U+FFFD each, for no word
// of the grammar has them. Brackets become ( ), commas , and colons : whatever their width; 、
// stays what it is, for it parts other things than a comma does.
#pragma once

#include <safetyrisk/plan/plan.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::plan {

using Chars = std::u16string_view;

struct Text {
    std::u16string chars;
    std::vector<std::uint32_t> origin;  ///< Code point of each character, and one past the last.
    std::vector<Repair> repairs;
    std::u16string published = {};  ///< The first line left out that says when it was published.
    static constexpr std::uint32_t unmatched = 0xFFFFFFFF;
    std::vector<std::uint32_t> close;  ///< Of each ( its ) in the same line, or `unmatched`.

    std::size_t size() const { return chars.size(); }
    Chars view(std::size_t begin, std::size_t end) const {
        return Chars(chars).substr(begin, end - begin);
    }
    /// The code points that characters [begin, end) came from.
    Span span(std::size_t begin, std::size_t end) const {
        if (begin >= end) return {origin[begin], origin[begin]};
        return {origin[begin], origin[end - 1] + 1};
    }
};

/// Decodes, repairs and unifies.
Text read_text(std::string_view utf8);

std::string to_utf8(Chars chars);

/// A set of characters, asked in one look.
class CharSet {
public:
    constexpr explicit CharSet(Chars chars) {
        for (const char16_t c : chars)
            bits_[c / 64] |= std::uint64_t{1} << (c % 64);
    }
    constexpr bool has(char16_t c) const { return ((bits_[c / 64] >> (c % 64)) & 1U) != 0; }

private:
    std::array<std::uint64_t, 1024> bits_{};
};

inline bool is_han(char16_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == u'〇';
}
inline bool is_digit(char16_t c) {
    return c >= u'0' && c <= u'9';
}
inline bool is_blank(char16_t c) {
    return c == u' ' || c == u'\t';
}
/// Whether a sentence ends with it.
inline bool is_stop(char16_t c) {
    return c == u'。' || c == u';' || c == u'!' || c == u'?' || c == u'\n';
}
/// Digits of Chinese numerals up to 99: 一 … 九十九; 0 where it is none.
int numeral(Chars chars);

}  // namespace safetyrisk::plan
