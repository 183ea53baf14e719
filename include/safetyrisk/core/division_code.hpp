// Administrative division codes (行政区划代码) of 2, 4, 6, 9 or 12 digits.
//
// Two digits each for province, prefecture-level city and county, three each for town
// (乡镇、街道) and village (村、居). Longer forms that end in zeros mean the shorter one
// ("360900" and "360900000000" are the city "3609"); the canonical form is the shortest and
// is what the library prints and joins by. A code is packed into 64 bits, so that millions of
// rows are compared without touching text.
//
// Source: GB/T 2260 (first six digits), GB/T 10114 (town), 统计用区划代码 (village).
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing; what is no code is an empty optional.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk {

/// Level of a division, from the country down to the village. Not a risk grade.
enum class DivisionLevel : std::uint8_t { country, province, city, county, town, village };

/// "country", "province", "city", "county", "town", "village".
std::string_view to_string(DivisionLevel level);

/// 全国, 省级, 市级, 县级, 乡级, 村级 or the English word.
std::string_view word(DivisionLevel level, bool english = false);

/// Level from its English or Chinese word (省 市 县 区 乡 镇 村 …); nothing if unknown.
std::optional<DivisionLevel> parse_level(std::string_view text);

/// A division code in canonical form. The default value is the country ("0").
class DivisionCode {
public:
    constexpr DivisionCode() = default;

    /// Reads 2, 4, 6, 9 or 12 ASCII digits (surrounding blanks allowed) and shortens trailing
    /// zeros; "0" is the country. Nothing when the length is wrong, a character is no digit, or a
    /// zero group stands above a group that is not zero (a town may stand directly under a city:
    /// 441900003 is one of 4419).
    static std::optional<DivisionCode> parse(std::string_view text);

    /// The same for a code that arrived as an integer.
    static std::optional<DivisionCode> parse(std::int64_t number);

    constexpr DivisionLevel level() const { return static_cast<DivisionLevel>(packed_ & 7U); }

    /// Number of digits of the canonical form: 1, 2, 4, 6, 9 or 12.
    int digits() const;

    /// Canonical text.
    std::string text() const;

    /// Parent by prefix; a town without a county has its city as parent, a province has the
    /// country, and the country has itself.
    DivisionCode parent() const;

    /// Whether `other` is this division or lies in it.
    bool contains(DivisionCode other) const;

    /// City codes ending in 90 group counties that answer to the province directly
    /// (省直辖县级行政区划); they are headings of the code list, not divisions.
    bool is_direct_county_group() const;

    friend constexpr auto operator<=>(DivisionCode, DivisionCode) = default;

    /// The 12 digits right-padded with zeros, times 8, plus the level: sorts like the text.
    constexpr std::uint64_t packed() const { return packed_; }

private:
    constexpr explicit DivisionCode(std::uint64_t packed) : packed_(packed) {}
    std::uint64_t packed_ = 0;
};

}  // namespace safetyrisk
