// Tests of core/date.hpp against std::chrono and day-by-day counting.
#include <safetyrisk/core/date.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>

using safetyrisk::add;
using safetyrisk::Date;
using safetyrisk::Duration;
using safetyrisk::InputError;

namespace {

// Calendar counted by hand: no leap-year formula shared with the library.
struct Counted {
    int year = 1;
    unsigned month = 1;
    unsigned day = 1;

    static unsigned length(int y, unsigned m) {
        if (m == 2) {
            if (y % 400 == 0) return 29;
            if (y % 100 == 0) return 28;
            return y % 4 == 0 ? 29 : 28;
        }
        return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
    }
    void next() {
        if (++day <= length(year, month)) return;
        day = 1;
        if (++month <= 12) return;
        month = 1;
        ++year;
    }
};

}  // namespace

TEST_CASE("every day from year 1 to 9999 has its number, its parts and its text") {
    Counted counted;
    // 719162 days lie between 0001-01-01 and 1970-01-01 (Rata Die 719163 less one).
    std::int32_t number = -719'162;
    std::size_t wrong = 0;
    for (; counted.year <= 9999; counted.next(), ++number) {
        const Date date(number);
        const auto civil = date.civil();
        const bool same = static_cast<int>(civil.year()) == counted.year &&
                          static_cast<unsigned>(civil.month()) == counted.month &&
                          static_cast<unsigned>(civil.day()) == counted.day &&
                          Date::of(counted.year, counted.month, counted.day) == date;
        if (!same) ++wrong;
        // Reading the text back is slow; the turns of months find what can go wrong.
        if (counted.day == 1 || counted.day >= 28)
            if (Date::parse(date.text()) != date) ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(Date(number - 1).text() == "9999-12-31");
    CHECK(Date(-719'162).text() == "0001-01-01");
    CHECK(Date().text() == "1970-01-01");
}

TEST_CASE("29 February exists in 2000, 2024 and 2400 and not in 1900, 2023 or 2100") {
    for (const int year : {2000, 2024, 2400, 4, 9996})
        CHECK_NOTHROW(Date::of(year, 2, 29));
    for (const int year : {1900, 2023, 2100, 2200, 1})
        CHECK_THROWS_AS(Date::of(year, 2, 29), InputError);
    CHECK_FALSE(Date::parse("1900-02-29"));
    CHECK(Date::parse("2000-02-29"));
}

TEST_CASE("there is no year 0, no year 10000, no month 0 or 13 and no day 0 or 32") {
    CHECK_THROWS_AS(Date::of(0, 1, 1), InputError);
    CHECK_THROWS_AS(Date::of(10000, 1, 1), InputError);
    CHECK_THROWS_AS(Date::of(-1, 1, 1), InputError);
    CHECK_THROWS_AS(Date::of(2024, 0, 1), InputError);
    CHECK_THROWS_AS(Date::of(2024, 13, 1), InputError);
    CHECK_THROWS_AS(Date::of(2024, 1, 0), InputError);
    CHECK_THROWS_AS(Date::of(2024, 1, 32), InputError);
    CHECK_THROWS_AS(Date::of(2024, 4, 31), InputError);
    // 257 and 268 are 1 and 12 in eight bits: std::chrono's parts are that narrow.
    CHECK_THROWS_AS(Date::of(2024, 257, 1), InputError);
    CHECK_THROWS_AS(Date::of(2024, 1, 257), InputError);
}

TEST_CASE("dates are read in the forms that registers hold") {
    const Date day = Date::of(2024, 3, 7);
    for (const std::string text :
         {"2024-03-07", "2024-3-7", "2024/3/7", "2024/03/07", "2024.3.7", "20240307",
          "2024年3月7日", "2024年03月07日", " 2024-03-07 ", "\u30002024年3月7日",
          "２０２４－０３－０７", "２０２４年３月７日"}) {
        INFO(text);
        CHECK(Date::parse(text) == day);
    }
}

TEST_CASE("what is no day is not read") {
    for (const std::string text : {"",
                                   " ",
                                   "2024",
                                   "2024-03",
                                   "2024-3",
                                   "24-03-07",
                                   "2024-03-32",
                                   "2024-13-01",
                                   "2024-00-10",
                                   "2024-01-00",
                                   "0000-01-01",
                                   "2024-03-07T00:00",
                                   "2024-03-07 00:00",
                                   "2024/03-07",
                                   "2024-03/07",
                                   "2024年3月7",
                                   "2024年3-7日",
                                   "2024-3-7日",
                                   "2024030",
                                   "202403071",
                                   "10000-01-01",
                                   "-2024-03-07",
                                   "+2024-03-07",
                                   "2024--03-07",
                                   "2024-003-07",
                                   "03/07/2024",
                                   "7.3.2024",
                                   "2023-02-29",
                                   "２０２３年２月２９日",
                                   "2024-03-0x",
                                   "today",
                                   "45358"}) {
        INFO(text);
        CHECK_FALSE(Date::parse(text));
    }
}

TEST_CASE("days are added and subtracted across months and years") {
    CHECK(Date::of(2024, 2, 28) + 1 == Date::of(2024, 2, 29));
    CHECK(Date::of(2023, 12, 31) + 1 == Date::of(2024, 1, 1));
    CHECK(Date::of(2024, 12, 31) - Date::of(2023, 12, 31) == 366);
    CHECK(Date::of(2023, 12, 31) < Date::of(2024, 1, 1));
}

TEST_CASE("durations are read as ISO 8601 writes them") {
    CHECK(Duration::parse("P1M") == Duration{1, 0});
    CHECK(Duration::parse("P1Y6M") == Duration{18, 0});
    CHECK(Duration::parse("P2W") == Duration{0, 14});
    CHECK(Duration::parse("P1Y2M3W4D") == Duration{14, 25});
    CHECK(Duration::parse("P0D") == Duration{0, 0});
    CHECK(Duration::parse("P9999Y9999M9999W9999D") == Duration{129'987, 79'992});
    for (const std::string text :
         {"", "P", "1M", "P1", "PM", "P1M1Y", "P1D1W", "P1M2M", "PT1H", "P1YT1H", "P-1M", "-P1M",
          "P1.5M", "P10000D", "p1m", "P1M ", "P 1M", "P1X"}) {
        INFO(text);
        CHECK_FALSE(Duration::parse(text));
    }
}

TEST_CASE("a duration's text reads back as the same duration") {
    for (int months = 0; months < 40; ++months)
        for (int days = 0; days < 40; ++days) {
            const Duration duration{months, days};
            CHECK(Duration::parse(duration.text()) == duration);
        }
    CHECK(Duration{18, 0}.text() == "P1Y6M");
    CHECK(Duration{0, 14}.text() == "P14D");
    CHECK(Duration{0, 0}.text() == "P0D");
}

TEST_CASE("adding months keeps to the month's end and never drifts") {
    // By hand: month k after the anchor, the anchor's day or the month's last.
    for (const auto& [y, m, d] :
         {std::tuple{2023, 1U, 31U}, {2024, 2U, 29U}, {2023, 8U, 30U}, {1999, 12U, 1U}})
        for (int k = 0; k <= 120; ++k) {
            const int index = y * 12 + static_cast<int>(m) - 1 + k;
            const int year = index / 12;
            const auto month = static_cast<unsigned>(index % 12 + 1);
            const unsigned day = std::min(d, Counted::length(year, month));
            INFO(y << "-" << m << "-" << d << " + " << k);
            CHECK(add(Date::of(y, m, d), {1, 0}, k) == Date::of(year, month, day));
        }
    CHECK(add(Date::of(2023, 1, 31), {1, 0}) == Date::of(2023, 2, 28));
    CHECK(add(Date::of(2024, 1, 31), {1, 0}) == Date::of(2024, 2, 29));
    CHECK(add(Date::of(2024, 1, 31), {1, 0}, 2) == Date::of(2024, 3, 31));
    CHECK(add(Date::of(2024, 2, 29), {12, 0}) == Date::of(2025, 2, 28));
    CHECK(add(Date::of(2024, 2, 29), {12, 0}, 4) == Date::of(2028, 2, 29));
}

TEST_CASE("months are added before days") {
    CHECK(add(Date::of(2023, 1, 31), {1, 1}) == Date::of(2023, 3, 1));
    CHECK(add(Date::of(2024, 1, 30), {1, 1}) == Date::of(2024, 3, 1));
    CHECK(add(Date::of(2024, 3, 31), {1, 0}, -1) == Date::of(2024, 2, 29));
    CHECK(add(Date::of(2024, 3, 31), {0, 7}, 3) == Date::of(2024, 4, 21));
    CHECK(add(Date::of(2024, 3, 31), {5, 9}, 0) == Date::of(2024, 3, 31));
}

TEST_CASE("a sum outside the years 1 to 9999 is refused") {
    CHECK(add(Date::of(9999, 11, 30), {1, 0}) == Date::of(9999, 12, 30));
    CHECK_THROWS_AS(add(Date::of(9999, 12, 1), {1, 0}), InputError);
    CHECK_THROWS_AS(add(Date::of(9999, 12, 31), {0, 1}), InputError);
    CHECK_THROWS_AS(add(Date::of(1, 1, 1), {0, 1}, -1), InputError);
    CHECK_THROWS_AS(add(Date::of(1, 1, 31), {1, 0}, -1), InputError);
    CHECK_THROWS_AS(add(Date::of(2024, 1, 1), {129'987, 79'992}, 2'147'483'647), InputError);
    CHECK_THROWS_AS(add(Date::of(2024, 1, 1), {129'987, 79'992}, -2'147'483'647), InputError);
}
