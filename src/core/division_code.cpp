#include <safetyrisk/core/division_code.hpp>

#include <safetyrisk/core/text.hpp>

#include <array>
#include <utility>

namespace safetyrisk {
namespace {

// Number of digits of the canonical form at each level, country to village.
constexpr std::array<int, 6> level_digits = {1, 2, 4, 6, 9, 12};
// What one unit of a level weighs in the 12-digit number.
constexpr std::array<std::uint64_t, 6> level_unit = {1'000'000'000'000, 10'000'000'000, 100'000'000,
                                                     1'000'000,         1'000,          1};

constexpr std::uint64_t pack(std::uint64_t twelve, DivisionLevel level) {
    return twelve * 8 + static_cast<std::uint64_t>(level);
}

// The deepest level whose group of digits is not zero.
constexpr DivisionLevel deepest(std::uint64_t twelve) {
    if (twelve % 1'000 != 0) return DivisionLevel::village;
    if (twelve % 1'000'000 != 0) return DivisionLevel::town;
    if (twelve % 100'000'000 != 0) return DivisionLevel::county;
    if (twelve % 10'000'000'000 != 0) return DivisionLevel::city;
    return twelve != 0 ? DivisionLevel::province : DivisionLevel::country;
}

// The code of twelve digits, or nothing when a group of zeros stands above one that is not. A
// province is always named; and below it only the county group may be empty (a town that answers to
// a city directly).
std::optional<std::uint64_t> pack_twelve(std::uint64_t twelve) {
    const std::uint64_t nine = twelve / 1'000;
    const auto six = static_cast<std::uint32_t>(nine / 1'000);
    const std::uint32_t four = six / 100;
    const std::uint32_t province = four / 100;
    const bool village = twelve != nine * 1'000;
    const bool town = nine != std::uint64_t{six} * 1'000;
    const bool county = six != four * 100;
    const bool city = four != province * 100;
    if (province == 0 || (village && !town) || ((county || town) && !city)) return std::nullopt;
    const DivisionLevel level = village  ? DivisionLevel::village
                                : town   ? DivisionLevel::town
                                : county ? DivisionLevel::county
                                : city   ? DivisionLevel::city
                                         : DivisionLevel::province;
    return pack(twelve, level);
}

}  // namespace

std::string_view to_string(DivisionLevel level) {
    static constexpr std::array<std::string_view, 6> names = {"country", "province", "city",
                                                              "county",  "town",     "village"};
    return names.at(static_cast<std::size_t>(level));
}

std::string_view word(DivisionLevel level, bool english) {
    static constexpr std::array<std::string_view, 6> names = {"全国", "省级", "市级",
                                                              "县级", "乡级", "村级"};
    return english ? to_string(level) : names.at(static_cast<std::size_t>(level));
}

std::optional<DivisionLevel> parse_level(std::string_view raw) {
    static constexpr std::pair<std::string_view, DivisionLevel> words[] = {
        {"country", DivisionLevel::country}, {"全国", DivisionLevel::country},
        {"国家", DivisionLevel::country},    {"province", DivisionLevel::province},
        {"省", DivisionLevel::province},     {"省级", DivisionLevel::province},
        {"city", DivisionLevel::city},       {"市", DivisionLevel::city},
        {"市级", DivisionLevel::city},       {"地级", DivisionLevel::city},
        {"设区市", DivisionLevel::city},     {"county", DivisionLevel::county},
        {"县", DivisionLevel::county},       {"县级", DivisionLevel::county},
        {"区县", DivisionLevel::county},     {"县区", DivisionLevel::county},
        {"区", DivisionLevel::county},       {"town", DivisionLevel::town},
        {"乡", DivisionLevel::town},         {"镇", DivisionLevel::town},
        {"乡级", DivisionLevel::town},       {"乡镇", DivisionLevel::town},
        {"街道", DivisionLevel::town},       {"镇街", DivisionLevel::town},
        {"village", DivisionLevel::village}, {"村", DivisionLevel::village},
        {"村级", DivisionLevel::village},    {"村居", DivisionLevel::village},
        {"社区", DivisionLevel::village},
    };
    const std::string_view text = trim(raw);
    for (const auto& [name, level] : words)
        if (text == name) return level;
    return std::nullopt;
}

std::optional<DivisionCode> DivisionCode::parse(std::string_view raw) {
    const std::string_view text = trim(raw);
    if (text == "0") return DivisionCode();
    const std::size_t n = text.size();
    if (n != 2 && n != 4 && n != 6 && n != 9 && n != 12) return std::nullopt;
    std::uint64_t twelve = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        twelve = twelve * 10 + static_cast<std::uint64_t>(c - '0');
    }
    for (std::size_t i = n; i < 12; ++i)
        twelve *= 10;
    const std::optional<std::uint64_t> packed = pack_twelve(twelve);
    return packed ? std::optional(DivisionCode(*packed)) : std::nullopt;
}

std::optional<DivisionCode> DivisionCode::parse(std::int64_t number) {
    if (number == 0) return DivisionCode();
    // Values of 2, 4, 6, 9 and 12 digits; a leading zero would be lost, and no province has one.
    static constexpr std::pair<std::int64_t, std::uint64_t> lengths[] = {{10, 10'000'000'000},
                                                                         {1'000, 100'000'000},
                                                                         {100'000, 1'000'000},
                                                                         {100'000'000, 1'000},
                                                                         {100'000'000'000, 1}};
    for (const auto& [least, unit] : lengths) {
        if (number >= 10 * least) continue;
        if (number < least) return std::nullopt;  // fewer digits than a code has, or negative
        const std::optional<std::uint64_t> packed =
            pack_twelve(static_cast<std::uint64_t>(number) * unit);
        return packed ? std::optional(DivisionCode(*packed)) : std::nullopt;
    }
    return std::nullopt;
}

int DivisionCode::digits() const {
    return level_digits.at(static_cast<std::size_t>(level()));
}

std::string DivisionCode::text() const {
    std::string twelve = std::to_string(packed_ / 8);
    twelve.insert(0, 12 - twelve.size(), '0');
    return twelve.substr(0, static_cast<std::size_t>(digits()));
}

DivisionCode DivisionCode::parent() const {
    const auto index = static_cast<std::size_t>(level());
    if (index <= 1) return DivisionCode();
    const std::uint64_t twelve = packed_ / 8 / level_unit[index - 1] * level_unit[index - 1];
    return DivisionCode(pack(twelve, deepest(twelve)));
}

bool DivisionCode::contains(DivisionCode other) const {
    const std::uint64_t unit = level_unit.at(static_cast<std::size_t>(level()));
    return packed_ / 8 / unit == other.packed_ / 8 / unit;
}

bool DivisionCode::is_direct_county_group() const {
    return level() == DivisionLevel::city && packed_ / 8 / level_unit[2] % 100 == 90;
}

}  // namespace safetyrisk
