// Tests of core/industry.hpp; section ranges of GB/T 4754-2017.
#include <safetyrisk/core/industry.hpp>

#include "support/catch.hpp"

#include <string>
#include <tuple>

using safetyrisk::IndustryCode;

TEST_CASE("each of the 97 divisions lies in its section and in no other") {
    const std::tuple<char, int, int> sections[] = {
        {'A', 1, 5},   {'B', 6, 12},  {'C', 13, 43}, {'D', 44, 46}, {'E', 47, 50},
        {'F', 51, 52}, {'G', 53, 60}, {'H', 61, 62}, {'I', 63, 65}, {'J', 66, 69},
        {'K', 70, 70}, {'L', 71, 72}, {'M', 73, 75}, {'N', 76, 79}, {'O', 80, 82},
        {'P', 83, 83}, {'Q', 84, 85}, {'R', 86, 90}, {'S', 91, 96}, {'T', 97, 97}};
    int divisions = 0;
    for (const auto& [letter, first, last] : sections)
        for (int division = first; division <= last; ++division) {
            ++divisions;
            const std::string two = (division < 10 ? "0" : "") + std::to_string(division);
            const auto code = IndustryCode::parse(two);
            REQUIRE(code);
            CHECK(code->section == letter);
            CHECK(code->text() == letter + two);
            for (char other = 'A'; other <= 'Z'; ++other)
                CHECK(IndustryCode::parse(other + two).has_value() == (other == letter));
        }
    CHECK(divisions == 97);
}

TEST_CASE("letters, groups and classes are read in the forms people type") {
    CHECK(IndustryCode::parse("C2611")->text() == "C2611");
    CHECK(IndustryCode::parse("2611")->text() == "C2611");
    CHECK(IndustryCode::parse("261")->text() == "C261");
    CHECK(IndustryCode::parse("c26")->text() == "C26");
    CHECK(IndustryCode::parse("Ｃ２６１１")->text() == "C2611");
    CHECK(IndustryCode::parse(" C26 ")->text() == "C26");
    CHECK(IndustryCode::parse("C")->text() == "C");
    CHECK(IndustryCode::parse("C")->digits.empty());
    CHECK(IndustryCode::parse("0111")->text() == "A0111");
}

TEST_CASE("what lies in no section is not read") {
    for (const std::string text :
         {"", " ", "00", "98", "99", "U", "U97", "B26", "C2", "2", "C26111", "26111", "CC26",
          "C-26", "26.1", "2x", "C 26 11", "化工"}) {
        INFO(text);
        CHECK_FALSE(IndustryCode::parse(text));
    }
}
