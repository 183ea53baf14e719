// Tests of duty/calendar.hpp.
#include <safetyrisk/duty/calendar.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <string>

using namespace safetyrisk;
using namespace safetyrisk::duty;

namespace {

Date day(const char* text) {
    return *Date::parse(text);
}

std::shared_ptr<const WorkCalendar> of(const std::string& years, const std::string& tests = "[]") {
    return WorkCalendar::compile(std::make_shared<const Pack>(Pack::parse(
        R"({"pack":"calendar.mine","kind":"work_calendar","version":"1","title":{"zh":"甲","en":"a"},)"
        R"("source":[{"document":"甲","clause":"","edition":""}],"region":null,"valid_from":null,)"
        R"("valid_to":null,"confidence":"D","default":false,"content":{"years":)" +
        years + R"(},"tests":)" + tests + "}")));
}

}  // namespace

TEST_CASE("the days of the notices are working days or not", "[duty][calendar]") {
    const auto c = WorkCalendar::usual();
    // 国务院办公厅关于2026年部分节假日安排的通知: 元旦 1 to 3 January, 4 January at work; 春节 15
    // to 23 February, 14 and 28 February at work; 国庆节 1 to 7 October, 20 September and 10
    // October at work.
    for (const char* off : {"2026-01-01", "2026-01-02", "2026-01-03", "2026-02-15", "2026-02-23",
                            "2026-10-01", "2026-10-07", "2026-01-11"})
        CHECK(c->is_working(day(off)) == false);
    for (const char* work : {"2026-01-04", "2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10",
                             "2026-10-08", "2026-01-05"})
        CHECK(c->is_working(day(work)) == true);
    // 安监总政法〔2017〕150号 reckons 8 officers at 248 days each in 2025
    CHECK(c->between(day("2024-12-31"), day("2025-12-31")) == 248);
}

TEST_CASE("a year that no notice names is unknown", "[duty][calendar]") {
    const auto c = WorkCalendar::usual();
    CHECK(c->first() == day("2004-01-01"));
    CHECK(c->last() == day("2026-12-31"));
    CHECK_FALSE(c->is_working(day("2027-01-04")).has_value());
    CHECK_FALSE(c->is_working(day("2003-12-31")).has_value());
    CHECK_FALSE(c->between(day("2026-12-31"), day("2027-01-01")).has_value());
    CHECK_FALSE(c->add(day("2026-12-31"), 1).has_value());
    CHECK_FALSE(c->add(day("2027-01-01"), 0).has_value());
    CHECK(c->between(day("2003-12-31"), day("2004-12-31")) == 252);
}

TEST_CASE("working days are counted as one counts them by hand", "[duty][calendar]") {
    const auto c = WorkCalendar::usual();
    const Date last = day("2026-12-31");
    for (Date from = day("2021-12-25"); from < day("2026-11-01"); from = from + 3) {
        std::int32_t count = 0;
        for (Date to = from; to <= last && to - from < 60; to = to + 1) {
            if (to > from && *c->is_working(to)) {
                ++count;
                if (c->add(from, static_cast<std::uint32_t>(count)) != to) FAIL(to.text());
            }
            if (c->between(from, to) != count || c->between(to, from) != -count) FAIL(to.text());
        }
        CHECK(c->add(from, 0) == from);
    }
}

TEST_CASE("a calendar that contradicts itself does not load", "[duty][calendar]") {
    CHECK_NOTHROW(of(R"({"2026":{"off":["01-01"],"work":["01-04"]}})"));
    CHECK_THROWS_AS(of(R"({})"), InputError);
    CHECK_THROWS_AS(of(R"({"2026":{"off":["01-03"],"work":[]}})"), InputError);  // a Saturday
    CHECK_THROWS_AS(of(R"({"2026":{"off":[],"work":["01-05"]}})"), InputError);  // a Monday
    CHECK_THROWS_AS(of(R"({"2026":{"off":["02-30"],"work":[]}})"), InputError);
    CHECK_THROWS_AS(of(R"({"2026":{"off":["01-01","01-01"],"work":[]}})"), InputError);
    CHECK_THROWS_AS(of(R"({"2024":{"off":[],"work":[]},"2026":{"off":[],"work":[]}})"), InputError);
    CHECK_THROWS_AS(of(R"({"26":{"off":[],"work":[]}})"), InputError);
    CHECK_THROWS_AS(
        of(R"({"2026":{"off":[],"work":[]}})", R"([{"day":"2026-01-01","working":false}])"),
        InputError);
    CHECK_THROWS_AS(WorkCalendar::compile(PackRegistry::builtin().find("lec")), InputError);
}
