// Tests of duty/periods.hpp.
#include <safetyrisk/duty/periods.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <string>
#include <tuple>

using namespace safetyrisk;
using namespace safetyrisk::duty;

namespace {

Date day(const char* text) {
    return *Date::parse(text);
}

std::string said(const char* cadence, const char* from, const char* to,
                 Partial partial = Partial::skip) {
    std::string out;
    for (const Period& p : calendar_periods(*Duration::parse(cadence), day(from), day(to), partial))
        out += (out.empty() ? "" : " ") + p.start.text() + "/" + p.due.text();
    return out;
}

}  // namespace

TEST_CASE("calendar periods are those of the calendar", "[duty][periods]") {
    CHECK(said("P1M", "2024-01-15", "2024-04-01") == "2024-02-01/2024-02-29 2024-03-01/2024-03-31");
    CHECK(said("P1M", "2024-01-15", "2024-02-10", Partial::owe) ==
          "2024-01-15/2024-01-31 2024-02-01/2024-02-10");
    CHECK(
        said("P3M", "2025-01-01", "2025-12-31") ==
        "2025-01-01/2025-03-31 2025-04-01/2025-06-30 2025-07-01/2025-09-30 2025-10-01/2025-12-31");
    CHECK(said("P6M", "2025-02-01", "2026-06-30") == "2025-07-01/2025-12-31 2026-01-01/2026-06-30");
    CHECK(said("P1Y", "2025-01-01", "2026-12-30") == "2025-01-01/2025-12-31");
    CHECK(said("P2Y", "2025-01-01", "2029-12-31") == "2026-01-01/2027-12-31 2028-01-01/2029-12-31");
    // 1 January 2026 was a Thursday
    CHECK(said("P1W", "2026-01-01", "2026-01-18") == "2026-01-05/2026-01-11 2026-01-12/2026-01-18");
    CHECK(said("P1D", "2026-02-27", "2026-03-01") ==
          "2026-02-27/2026-02-27 2026-02-28/2026-02-28 2026-03-01/2026-03-01");
}

TEST_CASE("what no calendar divides counts from the beginning", "[duty][periods]") {
    CHECK(said("P10D", "2026-01-03", "2026-01-25") ==
          "2026-01-03/2026-01-12 2026-01-13/2026-01-22");
    CHECK(said("P5M", "2026-01-31", "2026-12-31") == "2026-01-31/2026-06-29 2026-06-30/2026-11-29");
    CHECK(said("P2W", "2026-01-01", "2026-01-30") == "2026-01-01/2026-01-14 2026-01-15/2026-01-28");
}

TEST_CASE("periods tile their years without gap or overlap", "[duty][periods]") {
    for (const char* cadence : {"P1D", "P1W", "P1M", "P2M", "P3M", "P4M", "P6M", "P1Y", "P2Y",
                                "P3Y", "P5M", "P7D", "P45D", "P1M1D"}) {
        const Date from = day("2019-02-27");
        const Date to = day("2026-03-01");
        const auto whole = calendar_periods(*Duration::parse(cadence), from, to, Partial::owe);
        CHECK(whole.front().start == from);
        CHECK(whole.back().due == to);
        for (std::size_t k = 0; k + 1 < whole.size(); ++k)
            if (whole[k + 1].start != whole[k].due + 1) FAIL(cadence << whole[k].due.text());
        for (const Period& p : whole)
            if (p.due < p.start) FAIL(cadence);
        for (const Period& p : calendar_periods(*Duration::parse(cadence), from, to, Partial::skip))
            CHECK(std::find(whole.begin(), whole.end(), p) != whole.end());
    }
}

TEST_CASE("months by a brute-force calendar", "[duty][periods]") {
    for (const int months : {1, 2, 3, 4, 6, 12}) {
        const auto periods = calendar_periods(Duration{months, 0}, day("2019-01-01"),
                                              day("2025-12-31"), Partial::skip);
        std::size_t k = 0;
        for (Date d = day("2019-01-01"); d <= day("2025-12-31"); d = d + 1) {
            const unsigned month = static_cast<unsigned>(d.civil().month());
            const bool first = static_cast<unsigned>(d.civil().day()) == 1 &&
                               (month - 1) % static_cast<unsigned>(months) == 0;
            if (first && d != day("2019-01-01")) ++k;
            if (!(periods[k].start <= d && d <= periods[k].due)) FAIL(d.text());
        }
        CHECK(k + 1 == periods.size());
    }
}

TEST_CASE("a cadence that never comes round is a wrong call", "[duty][periods]") {
    CHECK_THROWS_AS(said("P0D", "2026-01-01", "2026-02-01"), InputError);
    CHECK_THROWS_AS(said("P1D", "2026-01-02", "2026-01-01"), InputError);
    CHECK_THROWS_AS(said("P1D", "0001-01-01", "9999-01-01"), InputError);
    CHECK(said("P1Y", "0001-01-01", "0002-12-31") == "0001-01-01/0001-12-31 0002-01-01/0002-12-31");
}
