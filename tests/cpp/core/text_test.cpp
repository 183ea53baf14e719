// Tests of core/text.hpp; UTF-8 by table 3-7 of the Unicode standard, escaping by XML 1.0 and JSON.
#include <safetyrisk/core/text.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

using namespace safetyrisk;

namespace {

// Encodes a code point, surrogates and too large ones included.
std::string encode(std::uint32_t c) {
    const auto byte = [](std::uint32_t b) {
        return static_cast<char>(static_cast<unsigned char>(b));
    };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0U | (c >> 6U)), byte(0x80U | (c & 0x3FU))};
    if (c < 0x10000)
        return {byte(0xE0U | (c >> 12U)), byte(0x80U | ((c >> 6U) & 0x3FU)),
                byte(0x80U | (c & 0x3FU))};
    return {byte(0xF0U | (c >> 18U)), byte(0x80U | ((c >> 12U) & 0x3FU)),
            byte(0x80U | ((c >> 6U) & 0x3FU)), byte(0x80U | (c & 0x3FU))};
}

}  // namespace

TEST_CASE("every code point but surrogates is well-formed UTF-8") {
    std::size_t wrong = 0;
    for (std::uint32_t c = 0; c < 0x120000; ++c) {
        const bool legal = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        const std::string text = "a" + encode(c);
        const auto found = first_invalid_utf8(text);
        if (legal ? found.has_value() : found != std::size_t{1}) ++wrong;
        if (legal && count_code_points(text) != 2) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("cut, overlong and stray bytes are found at their offset") {
    using namespace std::string_literals;
    CHECK(first_invalid_utf8("") == std::nullopt);
    CHECK(first_invalid_utf8("\xE7\xBA"s) == std::size_t{0});
    CHECK(first_invalid_utf8("红\xE7\xBA"s) == std::size_t{3});
    CHECK(first_invalid_utf8("a\x80"s) == std::size_t{1});
    CHECK(first_invalid_utf8("\xC0\xAF"s) == std::size_t{0});
    CHECK(first_invalid_utf8("\xC1\xBF"s) == std::size_t{0});
    CHECK(first_invalid_utf8("\xE0\x80\xAF"s) == std::size_t{0});
    CHECK(first_invalid_utf8("\xF0\x80\x80\xAF"s) == std::size_t{0});
    CHECK(first_invalid_utf8("\xF5\x80\x80\x80"s) == std::size_t{0});
    CHECK(first_invalid_utf8("ab\xFF"s) == std::size_t{2});
}

TEST_CASE("full-width ASCII becomes half-width and nothing else changes") {
    for (std::uint32_t c = 0x21; c <= 0x7E; ++c)
        CHECK(to_half_width(encode(c + 0xFEE0)) == std::string(1, static_cast<char>(c)));
    CHECK(to_half_width("\u3000") == " ");
    for (std::uint32_t c = 0; c < 0x20000; ++c) {
        if ((c >= 0xFF01 && c <= 0xFF5E) || c == 0x3000) continue;
        if (to_half_width(encode(c)) != encode(c)) FAIL("changed U+" << std::hex << c);
    }
    CHECK(to_half_width("Ａ１（：）罐") == "A1(:)罐");
}

TEST_CASE("blanks are trimmed at both ends only") {
    CHECK(trim(" a b ") == "a b");
    CHECK(trim("\u3000\u00a0\ufeff 罐区 \u3000") == "罐区");
    CHECK(trim("\t\r\n\v\f") == "");
    CHECK(trim("") == "");
    CHECK(trim("\u3000") == "");
    CHECK(trim("a\u3000b") == "a\u3000b");
    // The last byte of 〠 U+3020 is that of a no-break space; the character must stay whole.
    CHECK(trim("\u3020") == "\u3020");
    CHECK(trim("\u20a0") == "\u20a0");
}

TEST_CASE("numbers print shortest and read back as the same double") {
    CHECK(print_number(270) == "270");
    CHECK(print_number(0.05) == "0.05");
    CHECK(print_number(0.1 + 0.2) == "0.30000000000000004");
    CHECK(print_number(-0.0) == "0");
    CHECK(print_number(-2.5) == "-2.5");
    CHECK(print_number(1e16) == "10000000000000000");
    CHECK(print_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
    CHECK(print_number(-std::numeric_limits<double>::infinity()) == "-inf");
    std::uint64_t state = 1;
    for (int i = 0; i < 20'000; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const double value =
            std::ldexp(static_cast<double>(state >> 11U), static_cast<int>(state % 600) - 350);
        const std::string text = print_number(value);
        double back = 0;
        const auto result = std::from_chars(text.data(), text.data() + text.size(), back);
        REQUIRE(result.ptr == text.data() + text.size());
        REQUIRE(back == value);
    }
    for (const double value :
         {std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(),
          std::numeric_limits<double>::min()}) {
        const std::string text = print_number(value);
        double back = 0;
        std::from_chars(text.data(), text.data() + text.size(), back);
        CHECK(back == value);
    }
}

TEST_CASE("escaped JSON reads back as the text and can stand in a script element") {
    for (std::uint32_t c = 0; c < 0x11000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const std::string text = "x" + encode(c) + "y";
        const std::string escaped = escape_json(text);
        if (nlohmann::json::parse("\"" + escaped + "\"").get<std::string>() != text)
            FAIL("U+" << std::hex << c);
        REQUIRE(escaped.find_first_of("<>&") == std::string::npos);
    }
    CHECK(escape_json("</script>") == "\\u003c/script\\u003e");
    CHECK(escape_json("\u2028\u2029") == "\\u2028\\u2029");
    CHECK(escape_json("a\xFF"
                      "b") == "a\uFFFDb");
    CHECK(escape_json("\xE7\xBA") == "\uFFFD\uFFFD");
}

TEST_CASE("escaped XML holds no markup and no character that XML forbids") {
    CHECK(escape_xml("<a b=\"c\" d='e'>&</a>") ==
          "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&lt;/a&gt;");
    CHECK(escape_xml("罐区") == "罐区");
    CHECK(escape_xml("&amp;") == "&amp;amp;");
    CHECK(escape_xml("]]>") == "]]&gt;");
    CHECK(escape_xml("\t\n\r") == "\t\n\r");
    for (std::uint32_t c = 0; c < 0x20; ++c)
        if (c != 9 && c != 10 && c != 13) CHECK(escape_xml(encode(c)) == "\uFFFD");
    CHECK(escape_xml(encode(0xFFFE)) == "\uFFFD");
    CHECK(escape_xml(encode(0xFFFF)) == "\uFFFD");
    CHECK(escape_xml(encode(0xD800)).find(encode(0xD800)) == std::string::npos);
    CHECK(escape_xml(encode(0x1F600)) == encode(0x1F600));
    CHECK(escape_xml("a\xFF") == "a\uFFFD");
}
