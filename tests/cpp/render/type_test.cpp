#include "support/catch.hpp"

#include "render/type.hpp"

#include <string>

using namespace safetyrisk::render::detail;

TEST_CASE("Wrapped lines keep to the width and lose no character", "[render][type]") {
    const std::string text =
        "区域等级取辖区内最重风险点的等级(规则 worst)and some English words, "
        "averyveryverylongwordwithoutanyblank";
    for (const int width : {1200, 2500, 7000, 100000}) {
        const Wrapped wrapped = wrap(text, 300, width, 1000);
        std::string joined;
        for (const auto& line : wrapped.lines) {
            CHECK(text_width(line, 300) <= width);
            joined += line;
        }
        const auto without_blanks = [](std::string s) {
            std::erase(s, ' ');
            return s;
        };
        CHECK(without_blanks(joined) == without_blanks(text));
        CHECK_FALSE(wrapped.cut);
    }
}

TEST_CASE("No line begins with closing punctuation", "[render][type]") {
    const std::string text = "甲乙丙丁\uFF0C戊己庚辛\u3002壬癸\uFF1B子丑寅卯\uFF09辰巳";
    for (int width = 900; width < 6000; width += 100) {
        for (const auto& line : wrap(text, 300, width, 100).lines) {
            for (const char* mark : {"\uFF0C", "\u3002", "\uFF1B", "\uFF09"}) {
                INFO(width << " " << line);
                CHECK_FALSE(line.starts_with(mark));
            }
        }
    }
}

TEST_CASE("Text that does not fit is cut with an ellipsis, between characters", "[render][type]") {
    const Wrapped wrapped = wrap("宜春市安全风险四色分布图", 300, 1600, 1);
    REQUIRE(wrapped.lines.size() == 1);
    CHECK(wrapped.cut);
    CHECK(wrapped.lines[0] == "宜春市安…");
}

TEST_CASE("A line is clean text whatever comes in", "[render][type]") {
    CHECK(one_line("  a\r\n\tb\u3000c ") == "a b c");
    CHECK(one_line("a\xff"
                   "b\xe5\xae") ==
          "a\uFFFD"
          "b\uFFFD\uFFFD");
    CHECK(one_line("a\u202Eb\u200Bc\uFEFF") == "abc");
    CHECK(one_line(" \n ").empty());
}

TEST_CASE("Ideographs are one em wide and ASCII as the font has it", "[render][type]") {
    CHECK(text_width("宜春", 1000) == 2000);
    CHECK(text_width("色——不×≥±→①", 1000) >= 8788);  // 0.894 em for a dash, 1 em for each other
    CHECK(text_width("A1", 1000) == 608 + 555);      // advance widths of Noto Sans CJK SC
}

TEST_CASE("Thousands are grouped", "[render][type]") {
    CHECK(group_thousands(0) == "0");
    CHECK(group_thousands(999) == "999");
    CHECK(group_thousands(1000) == "1,000");
    CHECK(group_thousands(1234567, ' ') == "1 234 567");
    CHECK(group_thousands(-123456) == "-123,456");
}
