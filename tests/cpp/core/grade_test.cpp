// Tests of core/grade.hpp; words and order are those of 安委办〔2016〕3号.
#include <safetyrisk/core/grade.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <string>
#include <type_traits>

using safetyrisk::all_grades;
using safetyrisk::Grade;
using safetyrisk::graver;
using safetyrisk::Lang;
using safetyrisk::parse_grade;

// No grade turns into a number, nor a number into a grade, without being asked to.
static_assert(!std::is_convertible_v<Grade, int>);
static_assert(!std::is_convertible_v<int, Grade>);
static_assert(std::totally_ordered<Grade>);

TEST_CASE("red is graver than orange, yellow and blue, in that order") {
    const std::array order = {Grade::blue, Grade::yellow, Grade::orange, Grade::red};
    for (std::size_t a = 0; a < order.size(); ++a)
        for (std::size_t b = 0; b < order.size(); ++b) {
            CHECK((order[a] < order[b]) == (a < b));
            CHECK((order[a] == order[b]) == (a == b));
            CHECK(graver(order[a], order[b]) == order[std::max(a, b)]);
        }
    CHECK(std::equal(order.rbegin(), order.rend(), std::begin(all_grades), std::end(all_grades)));
}

TEST_CASE("a grade has its colour name and its official word in both languages") {
    CHECK(to_string(Grade::red) == "red");
    CHECK(to_string(Grade::blue) == "blue");
    CHECK(word(Grade::red) == "重大风险");
    CHECK(word(Grade::orange) == "较大风险");
    CHECK(word(Grade::yellow) == "一般风险");
    CHECK(word(Grade::blue) == "低风险");
    CHECK(word(Grade::red, Lang::en) == "major risk");
    CHECK(word(Grade::blue, Lang::en) == "low risk");
}

TEST_CASE("grades are read from colour names, colours and official words") {
    for (const Grade grade : all_grades) {
        CHECK(parse_grade(to_string(grade)) == grade);
        CHECK(parse_grade(word(grade)) == grade);
    }
    CHECK(parse_grade("橙") == Grade::orange);
    CHECK(parse_grade("橙色") == Grade::orange);
    CHECK(parse_grade("较大") == Grade::orange);
    CHECK(parse_grade("较小") == Grade::blue);
    CHECK(parse_grade(" 红色\t") == Grade::red);
    CHECK(parse_grade("\u3000低风险\u3000") == Grade::blue);
}

TEST_CASE("a number, a letter or another scale's word is no grade") {
    // "1" is the worst level of one table and the best of another; "A" likewise.
    for (const std::string text : {"", " ", "1", "4", "A", "一级", "I", "特别重大", "重", "橘",
                                   "redd", "re d", "Red!", "重大隐患", "绿", "green"})
        CHECK_FALSE(parse_grade(text));
}
