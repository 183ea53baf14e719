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
    // A province is always named; and below it only the county group may be empty (a town that
    // answers to a city directly).
    if (twelve / level_unit[1] == 0) return std::nullopt;
    const DivisionLevel level = deepest(twelve);
    const bool city_empty = twelve / level_unit[2] % 100 == 0;
    const bool town_empty = twelve / level_unit[4] % 1'000 == 0;
    if (level > DivisionLevel::city && city_empty) return std::nullopt;
    if (level == DivisionLevel::village && town_empty) return std::nullopt;
    return DivisionCode(pack(twelve, level));
}

std::optional<DivisionCode> DivisionCode::parse(std::int64_t number) {
    if (number < 0) return std::nullopt;
    return parse(std::to_string(number));
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
