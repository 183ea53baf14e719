// Tests of core/column.hpp: one claim for each type, each of them in every memory layout.
#include <safetyrisk/core/column.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using safetyrisk::Column;
using safetyrisk::ColumnType;
using safetyrisk::Date;
using safetyrisk::InputError;
using safetyrisk::NumberCell;
using safetyrisk::parse_number;
using safetyrisk::TextBuilder;
using State = NumberCell::State;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
using Texts = std::vector<std::optional<std::string>>;

// Memory of an Arrow array of texts; kept alive by the columns made of it.
struct Arrow {
    std::vector<std::int32_t> offsets32;
    std::vector<std::int64_t> offsets64;
    std::string bytes;
    std::vector<std::array<char, 16>> views;
    std::vector<const void*> buffers;
    std::vector<std::uint8_t> bits;
};

std::shared_ptr<Arrow> arrow(const Texts& texts, std::size_t bit_offset) {
    auto out = std::make_shared<Arrow>();
    out->offsets32.push_back(0);
    out->offsets64.push_back(0);
    out->bits.assign((texts.size() + bit_offset + 7) / 8, 0);
    for (const auto& text : texts)
        out->bytes += text.value_or("");
    std::size_t at = 0;
    out->buffers = {out->bytes.data()};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string text = texts[i].value_or("");
        std::array<char, 16> view{};
        const auto length = static_cast<std::int32_t>(text.size());
        std::memcpy(view.data(), &length, 4);
        if (length <= 12) {
            std::memcpy(view.data() + 4, text.data(), text.size());
        } else {
            const std::int32_t buffer = 0;
            const auto offset = static_cast<std::int32_t>(at);
            std::memcpy(view.data() + 4, text.data(), 4);
            std::memcpy(view.data() + 8, &buffer, 4);
            std::memcpy(view.data() + 12, &offset, 4);
        }
        out->views.push_back(view);
        at += text.size();
        out->offsets32.push_back(static_cast<std::int32_t>(at));
        out->offsets64.push_back(static_cast<std::int64_t>(at));
        const std::size_t bit = i + bit_offset;
        if (texts[i])
            out->bits[bit / 8] = static_cast<std::uint8_t>(out->bits[bit / 8] | (1U << (bit % 8)));
    }
    return out;
}

// The same texts in all layouts; `null` bits from `bit_offset` on.
std::vector<Column> all_layouts(const Texts& texts, std::size_t bit_offset = 0) {
    const auto held = arrow(texts, bit_offset);
    std::vector<std::string> plain;
    std::vector<std::uint8_t> valid;
    std::vector<std::int32_t> codes;
    TextBuilder builder;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        plain.push_back(texts[i].value_or(""));
        valid.push_back(texts[i] ? 1 : 0);
        codes.push_back(texts[i] ? static_cast<std::int32_t>(i) : -1);
        if (texts[i])
            builder.append(*texts[i]);
        else
            builder.append_null();
    }
    return {
        Column::of(plain, valid),
        builder.finish(),
        Column::view_text(std::span<const std::int32_t>(held->offsets32), held->bytes.data(), held,
                          held->bits.data(), bit_offset),
        Column::view_text(std::span<const std::int64_t>(held->offsets64), held->bytes.data(), held,
                          held->bits.data(), bit_offset),
        Column::view_string_views(held->views.data(), held->views.size(), held->buffers.data(),
                                  held, held->bits.data(), bit_offset),
        Column::of_codes(codes, Column::of(plain)),
    };
}

}  // namespace

TEST_CASE("numbers are read as people type them") {
    const std::pair<std::string, double> cases[] = {
        {"3", 3},      {"0.5", 0.5},         {" 3 ", 3},
        {"３", 3},     {"０．５", 0.5},      {"+3", 3},
        {"-3", -3},    {"1e2", 100},         {"1E2", 100},
        {"1e+2", 100}, {".5", 0.5},          {"5.", 5},
        {"007", 7},    {"\u30003\u3000", 3}, {"－３", -3},
        {"＋３", 3},   {"3\n", 3},           {"-0", 0},
        {"0.1", 0.1},  {"1e-400", 0},        {"9007199254740993", 9007199254740992.0},
    };
    for (const auto& [text, value] : cases) {
        INFO(text);
        CHECK(parse_number(text).state == State::value);
        CHECK(parse_number(text).value == value);
    }
    for (const std::string text : {"inf", "Infinity", "+inf", "INF", "1e400", "1e999999"}) {
        INFO(text);
        CHECK(parse_number(text).state == State::value);
        CHECK(parse_number(text).value == inf);
    }
    CHECK(parse_number("-inf").value == -inf);
    CHECK(parse_number("-1e400").value == -inf);
}

TEST_CASE("blank and nan are missing") {
    for (const std::string text :
         {"", " ", "\t", "\u3000", "\u00a0", "nan", "NaN", "NAN", " nan "}) {
        INFO(text);
        CHECK(parse_number(text).state == State::missing);
    }
}

TEST_CASE("thousands, units, fractions and words are no numbers") {
    for (const std::string text :
         {"1,000",  "1，000",   "3人", "3 人", "1/2", "1-2",  "3~6",   "三",    "x",
          "-",      "+",        ".",   "e5",   "1e",  "0x10", "1_000", "3.1.4", "--3",
          "+-3",    "-+3",      "1 2", "$3",   "3%",  "①",    "true",  "none",  "null",
          "nan(1)", "infinite", "3d",  "3f",   "٣",   "½"}) {
        INFO(text);
        CHECK(parse_number(text).state == State::not_a_number);
    }
}

TEST_CASE("a column of numbers has them where they were put and NaN is missing") {
    const std::vector<double> cells = {1.5, nan_value, -0.0, inf};
    const Column column = Column::of(cells);
    CHECK(column.type() == ColumnType::number);
    REQUIRE(column.size() == 4);
    CHECK(column.numbers()[0] == 1.5);
    CHECK_FALSE(column.is_null(1));
    CHECK(column.is_missing(1));
    CHECK_FALSE(column.is_missing(3));
    CHECK(column.number(0).value == 1.5);
    CHECK(column.number(1).state == State::missing);
    CHECK(column.number(3).value == inf);
    CHECK(column.print(0) == "1.5");
    CHECK(column.integers().empty());
    CHECK(column.memory().layout == Column::Layout::plain);
    CHECK(column.dictionary() == nullptr);
    CHECK(column.text(0).empty());
    CHECK_FALSE(column.boolean(0));
}

TEST_CASE("views use memory where it lies and keep its owner alive") {
    auto memory = std::make_shared<std::vector<double>>(std::vector<double>{1, 2, 3});
    const double* address = memory->data();
    const std::weak_ptr<std::vector<double>> watch = memory;
    {
        Column copy;
        {
            const Column column = Column::view(std::span<const double>(*memory), memory);
            copy = column;
        }
        memory.reset();
        CHECK_FALSE(watch.expired());
        CHECK(copy.numbers().data() == address);
        CHECK(copy.number(2).value == 3);
    }
    CHECK(watch.expired());

    auto integers = std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{7});
    const Column column = Column::view(std::span<const std::int64_t>(*integers), integers);
    CHECK(column.integers().data() == integers->data());
    CHECK(column.type() == ColumnType::integer);
}

TEST_CASE("a validity bitmap is read from its bit offset") {
    const auto owner = std::make_shared<std::vector<double>>(std::vector<double>(20, 1.0));
    const std::array<std::uint8_t, 4> bits = {0b01010101, 0b00110011, 0b11110000, 0b00001111};
    for (std::size_t offset = 0; offset < 12; ++offset) {
        const Column column =
            Column::view(std::span<const double>(*owner), owner, bits.data(), offset);
        for (std::size_t row = 0; row < 20; ++row) {
            const std::size_t bit = row + offset;
            CHECK(column.is_null(row) == (((bits.at(bit / 8) >> (bit % 8)) & 1) == 0));
        }
    }
}

TEST_CASE("texts are the same in every layout") {
    const Texts texts = {"罐区",
                         "",
                         std::nullopt,
                         "twelve bytes",
                         "thirteen byte",
                         "a long text that lies outside its view of sixteen bytes",
                         " ",
                         "\u3000",
                         std::string("nul\0inside", 10),
                         "3.5",
                         "罐区"};
    for (const std::size_t offset :
         {std::size_t{0}, std::size_t{3}, std::size_t{8}, std::size_t{13}})
        for (const Column& column : all_layouts(texts, offset)) {
            REQUIRE(column.type() == ColumnType::text);
            REQUIRE(column.size() == texts.size());
            for (std::size_t row = 0; row < texts.size(); ++row) {
                CHECK(column.is_null(row) == !texts[row].has_value());
                CHECK(column.text(row) == texts[row].value_or(""));
                CHECK(column.print(row) == texts[row].value_or(""));
            }
            for (const std::size_t row : {1U, 2U, 6U, 7U})
                CHECK(column.is_missing(row));
            CHECK_FALSE(column.is_missing(0));
            CHECK_FALSE(column.is_missing(8));
            CHECK(column.number(9).value == 3.5);
            CHECK(column.number(0).state == State::not_a_number);
            CHECK(column.number(2).state == State::missing);
            CHECK(column.number(6).state == State::missing);
            CHECK(column.equal(0, 10));
            CHECK(column.hash(0) == column.hash(10));
            CHECK_FALSE(column.equal(1, 2));
            CHECK_FALSE(column.equal(3, 4));
            CHECK(column.numbers().empty());
        }
}

TEST_CASE("integers, booleans and dates have nulls and print") {
    const std::vector<std::uint8_t> valid = {1, 0, 1};
    const Column integers = Column::of(std::vector<std::int64_t>{7, 8, -9}, valid);
    CHECK(integers.type() == ColumnType::integer);
    CHECK(integers.number(0).value == 7);
    CHECK(integers.number(1).state == State::missing);
    CHECK(integers.is_missing(1));
    CHECK(integers.print(2) == "-9");
    CHECK(integers.print(1).empty());

    const Column booleans = Column::of_booleans({1, 1, 0}, valid);
    CHECK(booleans.type() == ColumnType::boolean);
    CHECK(booleans.boolean(0));
    CHECK_FALSE(booleans.boolean(1));
    CHECK(booleans.print(0) == "true");
    CHECK(booleans.print(2) == "false");
    CHECK(booleans.number(0).state == State::not_a_number);

    const Column dates =
        Column::of(std::vector<Date>{Date::of(2024, 2, 29), Date(), Date(0)}, valid);
    CHECK(dates.type() == ColumnType::date);
    CHECK(dates.print(0) == "2024-02-29");
    CHECK(dates.date(0) == Date::of(2024, 2, 29));
    CHECK(dates.is_missing(1));
    CHECK(dates.number(0).state == State::not_a_number);
    CHECK(dates.integers().empty());
    CHECK(to_string(dates.type()) == "date");
}

TEST_CASE("a validity that is all ones leaves a column without nulls") {
    const Column column =
        Column::of(std::vector<std::int64_t>{1, 2}, std::vector<std::uint8_t>{1, 1});
    CHECK_FALSE(column.has_nulls());
}

TEST_CASE("a validity of another length and a code past its dictionary are refused") {
    const std::vector<std::uint8_t> one = {1};
    CHECK_THROWS_AS(Column::of(std::vector<std::int64_t>{1, 2}, one), InputError);
    CHECK_THROWS_AS(Column::of(std::vector<std::string>{"a", "b"}, one), InputError);
    CHECK_THROWS_AS(Column::of_booleans({1, 0}, one), InputError);
    CHECK_THROWS_AS(Column::of_codes({0, 1}, Column::of(std::vector<std::string>{"a"})),
                    InputError);
    CHECK_THROWS_AS(Column::of_codes({0}, Column::of(std::vector<double>{1})), InputError);
    CHECK_NOTHROW(Column::of_codes({-1, -2147483647}, Column::of(std::vector<std::string>{})));
}

TEST_CASE("codes show their dictionary and a null of the dictionary is null here") {
    const Column column =
        Column::of_codes({1, -1, 0, 1}, Column::of(std::vector<std::string>{"a", "b"}));
    REQUIRE(column.dictionary() != nullptr);
    CHECK(column.dictionary()->size() == 2);
    CHECK(column.code(3) == 1);
    CHECK(column.code(1) == -1);
    CHECK(column.text(3) == "b");
    CHECK(column.is_null(1));
}

TEST_CASE("taking rows gives their cells in that order, nulls too, in every layout") {
    const Texts texts = {"a", std::nullopt, "a text longer than twelve", ""};
    const std::vector<std::size_t> rows = {3, 1, 0, 2, 2};
    for (const Column& column : all_layouts(texts, 5)) {
        const Column taken = column.take(rows);
        REQUIRE(taken.size() == rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CHECK(taken.is_null(i) == column.is_null(rows[i]));
            CHECK(taken.text(i) == column.text(rows[i]));
        }
    }
    const std::array<std::uint8_t, 1> bits = {0b00000110};
    const auto owner = std::make_shared<std::vector<double>>(std::vector<double>{1, 2, 3});
    const Column taken = Column::view(std::span<const double>(*owner), owner, bits.data())
                             .take(std::vector<std::size_t>{0, 2});
    CHECK(taken.is_null(0));
    CHECK(taken.number(1).value == 3);
    CHECK(Column::of_booleans({0, 1}).take(std::vector<std::size_t>{1}).boolean(0));
    CHECK(Column::of(std::vector<Date>{Date(5)}).take(std::vector<std::size_t>{0, 0}).date(1) ==
          Date(5));
    CHECK(Column::of(std::vector<Date>{Date(5)}).take(std::vector<std::size_t>{}).type() ==
          ColumnType::date);
}

TEST_CASE("columns joined have all cells, and types that differ are refused") {
    const Texts first = {"a", std::nullopt};
    const Texts second = {"a text longer than twelve", ""};
    for (const Column& a : all_layouts(first, 1))
        for (const Column& b : all_layouts(second)) {
            const std::array parts = {a, b};
            const Column both = Column::concatenate(parts);
            REQUIRE(both.size() == 4);
            CHECK(both.text(0) == "a");
            CHECK(both.is_null(1));
            CHECK(both.text(2) == "a text longer than twelve");
            CHECK_FALSE(both.is_null(3));
        }
    const std::array numbers = {Column::of(std::vector<double>{1}),
                                Column::of(std::vector<double>{nan_value, 3})};
    CHECK(Column::concatenate(numbers).numbers()[2] == 3);
    const std::array dates = {Column::of(std::vector<Date>{Date(1)}),
                              Column::of(std::vector<Date>{Date(2)})};
    CHECK(Column::concatenate(dates).type() == ColumnType::date);
    CHECK(Column::concatenate(dates).date(1) == Date(2));
    const std::array mixed = {Column::of(std::vector<double>{1}),
                              Column::of(std::vector<std::int64_t>{1})};
    CHECK_THROWS_AS(Column::concatenate(mixed), InputError);
    CHECK(Column::concatenate({}).size() == 0);
}

TEST_CASE("equal cells have equal hashes, with NaN equal to NaN and -0 to 0") {
    const Column numbers =
        Column::of(std::vector<double>{nan_value, -nan_value, 0.0, -0.0, 1.0, 2.0, inf});
    for (std::size_t a = 0; a < numbers.size(); ++a)
        for (std::size_t b = 0; b < numbers.size(); ++b) {
            const double x = numbers.numbers()[a];
            const double y = numbers.numbers()[b];
            const bool same = x == y || (std::isnan(x) && std::isnan(y));
            CHECK(numbers.equal(a, b) == same);
            if (same) CHECK(numbers.hash(a) == numbers.hash(b));
        }
    const std::vector<std::uint8_t> valid = {0, 0, 1};
    const Column integers = Column::of(std::vector<std::int64_t>{1, 2, 2}, valid);
    CHECK(integers.equal(0, 1));
    CHECK(integers.hash(0) == integers.hash(1));
    CHECK_FALSE(integers.equal(1, 2));
}

TEST_CASE("texts of any length that differ hash apart") {
    // Lengths around the eight bytes that are hashed at a time, and texts that differ by a zero
    // byte.
    std::vector<std::string> texts;
    for (std::size_t n = 0; n < 40; ++n)
        texts.emplace_back(n, '\0');
    for (std::size_t n = 0; n < 40; ++n)
        texts.emplace_back(n, 'a');
    texts.erase(texts.begin() + 40);  // the empty text stands once
    const Column column = Column::of(texts);
    for (std::size_t a = 0; a < column.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
            CHECK_FALSE(column.equal(a, b));
            CHECK(column.hash(a) != column.hash(b));
        }
}

TEST_CASE("a builder starts anew after finish and gives empty columns") {
    TextBuilder builder;
    CHECK(builder.finish().size() == 0);
    builder.append_null();
    builder.append("b");
    CHECK(builder.size() == 2);
    const Column first = builder.finish();
    CHECK(builder.size() == 0);
    builder.append("c");
    const Column second = builder.finish();
    CHECK(first.is_null(0));
    CHECK(first.text(1) == "b");
    CHECK_FALSE(second.is_null(0));
    CHECK(second.text(0) == "c");
}
