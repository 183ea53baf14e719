// Tests of core/division_code.hpp; examples from the statistical list of 2023.
#include <safetyrisk/core/division_code.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using safetyrisk::DivisionCode;
using safetyrisk::DivisionLevel;
using safetyrisk::parse_level;

namespace {

DivisionCode code(std::string_view text) {
    const auto parsed = DivisionCode::parse(text);
    INFO(text);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("trailing zeros mean the division above, whatever the length") {
    const std::pair<std::string, std::string> cases[] = {
        {"36", "36"},
        {"3600", "36"},
        {"360000", "36"},
        {"360000000", "36"},
        {"360000000000", "36"},
        {"3609", "3609"},
        {"360900", "3609"},
        {"360900000", "3609"},
        {"360900000000", "3609"},
        {"360924", "360924"},
        {"360924000", "360924"},
        {"360924000000", "360924"},
        {"360921200", "360921200"},
        {"360921200000", "360921200"},
        {"360921200201", "360921200201"},
        {"441900003", "441900003"},
        {"441900003000", "441900003"},
        {"441900003001", "441900003001"},
        {"320671", "320671"},
        {"0", "0"},
        {" 360900 ", "3609"},
    };
    for (const auto& [given, canonical] : cases) {
        INFO(given);
        CHECK(code(given).text() == canonical);
        CHECK(code(given).digits() == static_cast<int>(canonical.size()));
        CHECK(code(canonical) == code(given));
        CHECK(code(given).packed() == code(canonical).packed());
    }
}

TEST_CASE("levels go by the deepest group that is not zero") {
    CHECK(code("0").level() == DivisionLevel::country);
    CHECK(code("36").level() == DivisionLevel::province);
    CHECK(code("360900").level() == DivisionLevel::city);
    CHECK(code("360924").level() == DivisionLevel::county);
    CHECK(code("360921400").level() == DivisionLevel::town);
    CHECK(code("441900003").level() == DivisionLevel::town);
    CHECK(code("360921200201").level() == DivisionLevel::village);
    CHECK(DivisionCode().level() == DivisionLevel::country);
    CHECK(DivisionCode().text() == "0");
}

TEST_CASE("what is no code is not read") {
    for (const std::string text : {"",
                                   " ",
                                   "1",
                                   "3",
                                   "360",
                                   "36092",
                                   "3609240",
                                   "36092400",
                                   "3609240000",
                                   "36092400000",
                                   "3609240000000",
                                   "36a924",
                                   "36092４",
                                   "36 0924",
                                   "-36",
                                   "+360924",
                                   "3609.0",
                                   "360924.0",
                                   "3.60924e5",
                                   "00",
                                   "000000",
                                   "000000000000",
                                   "003609",
                                   "江西",
                                   "360000001",
                                   "360000200",
                                   "360900000001",
                                   "441900000001",
                                   "360924000001"}) {
        INFO(text);
        CHECK_FALSE(DivisionCode::parse(text));
    }
}

TEST_CASE("a code that arrived as an integer is the same code") {
    CHECK(DivisionCode::parse(std::int64_t{360924}) == code("360924"));
    CHECK(DivisionCode::parse(std::int64_t{360900000000}) == code("3609"));
    CHECK(DivisionCode::parse(std::int64_t{36}) == code("36"));
    CHECK(DivisionCode::parse(std::int64_t{0}) == DivisionCode());
    for (const std::int64_t number : {-36LL, 5LL, 36092LL, 36092400000LL, 9223372036854775807LL})
        CHECK_FALSE(DivisionCode::parse(number));
    // Two and four digits would otherwise swallow a text written as a floating-point number.
    static_assert(!std::is_constructible_v<DivisionCode, double>);
}

TEST_CASE("the parent is the next group up, and a town without a county has its city") {
    CHECK(code("360921200201").parent() == code("360921200"));
    CHECK(code("360921200").parent() == code("360921"));
    CHECK(code("360921").parent() == code("3609"));
    CHECK(code("3609").parent() == code("36"));
    CHECK(code("36").parent() == DivisionCode());
    CHECK(DivisionCode().parent() == DivisionCode());
    CHECK(code("441900003").parent() == code("4419"));
    CHECK(code("441900003001").parent() == code("441900003"));
}

TEST_CASE("a division contains itself and what lies in it, and nothing beside it") {
    CHECK(code("36").contains(code("360921200201")));
    CHECK(code("3609").contains(code("360921")));
    CHECK(code("4419").contains(code("441900003001")));
    CHECK(code("360921").contains(code("360921")));
    CHECK(DivisionCode().contains(code("36")));
    CHECK(DivisionCode().contains(DivisionCode()));
    CHECK_FALSE(code("360921").contains(code("360922")));
    CHECK_FALSE(code("360921").contains(code("3609")));
    CHECK_FALSE(code("36").contains(DivisionCode()));
    CHECK_FALSE(code("441900003").contains(code("441900004")));
    CHECK_FALSE(code("36").contains(code("37")));
}

TEST_CASE("walking up from any code ends at the country through divisions that contain it") {
    for (const std::string text :
         {"360921200201", "441900003001", "469001100", "429004", "110101001001"}) {
        const DivisionCode start = code(text);
        DivisionCode at = start;
        int steps = 0;
        while (at.level() != DivisionLevel::country) {
            CHECK(at.parent().contains(start));
            CHECK(at.parent().level() < at.level());
            at = at.parent();
            REQUIRE(++steps <= 5);
        }
    }
}

TEST_CASE("city codes that end in 90 are headings of counties under the province") {
    CHECK(code("4290").is_direct_county_group());
    CHECK(code("469000").is_direct_county_group());
    CHECK_FALSE(code("429004").is_direct_county_group());
    CHECK_FALSE(code("3609").is_direct_county_group());
    CHECK_FALSE(code("90").is_direct_county_group());
    CHECK(code("429004").parent() == code("4290"));
}

TEST_CASE("codes sort like their texts padded with zeros") {
    std::vector<std::string> texts = {
        "360924", "36",   "3609",   "360921200", "360921200201", "37",       "441900003",
        "360921", "4419", "110101", "11",        "1101",         "110101001"};
    std::vector<std::string> by_text = texts;
    const auto padded = [](const std::string& text) {
        return text + std::string(12 - text.size(), '0');
    };
    std::sort(by_text.begin(), by_text.end(),
              [&](const auto& a, const auto& b) { return padded(a) < padded(b); });
    std::sort(texts.begin(), texts.end(),
              [](const auto& a, const auto& b) { return code(a) < code(b); });
    CHECK(texts == by_text);
}

TEST_CASE("levels are read in Chinese and English and print back") {
    for (const DivisionLevel level :
         {DivisionLevel::country, DivisionLevel::province, DivisionLevel::city,
          DivisionLevel::county, DivisionLevel::town, DivisionLevel::village}) {
        CHECK(parse_level(to_string(level)) == level);
        CHECK(parse_level(word(level)) == level);
        CHECK(parse_level(word(level, true)) == level);
    }
    CHECK(parse_level("街道") == DivisionLevel::town);
    CHECK(parse_level(" 县 ") == DivisionLevel::county);
    for (const std::string text : {"", "level", "3", "counties", "州府"})
        CHECK_FALSE(parse_level(text));
}
