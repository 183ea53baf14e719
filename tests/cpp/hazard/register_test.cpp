// Tests of hazard/register.hpp.
#include <safetyrisk/hazard/register.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

using namespace safetyrisk;
using namespace safetyrisk::hazard;
namespace small = safetyrisk::graph::small;

namespace {

const small::Texts county = {
    {"divisions", "code,name\n360924,宜丰县\n360924001,新昌镇\n360924002,澄塘镇\n"},
    {"enterprises",
     "id,name,division,sectors\ne1,甲,360924001,machinery\ne2,乙,360924002,'chemical;warehousing'\n"
     "e3,丙,,\n"},
};

const char* const head =
    "id,enterprise,grade,criterion,found_by,found_on,channel,due_on,extended_to,stopped,closed_on,"
    "closed_by\n";

const std::string rows =
    "h1,e1,重大,c1,张,2025-01-10,企业自查,2025-03-01,,,2025-02-10,局\n"
    "h2,e1,general,c2,李,2025-02-01,执法检查,2025-02-20,2025-06-30,,,\n"
    "h3,e2,major,c1,王,2025-03-05,企业自查,2025-03-31,,是,,\n"
    "h4,e1,major,c1,赵,2025-09-01,举报,,,,2025-09-02,局\n"  // c1 again at e1
    "h5,e2,general,c9,王,2025-03-05,执法检查,,,,2025-03-05,局\n"
    "h6,e2,general,c9,钱,2025-03-07,企业自查,,,,,\n"  // perhaps h5
    "h7,e3,general,,孙,2024-12-01,,,,,,\n";

Register read(const std::string& text = rows, const std::string& events = "") {
    static const auto graph = small::graph(county, "2025-12-31");
    return Register::read(small::table("hazards", head + text),
                          events.empty() ? Table() : small::table("hazard_events", events), &graph);
}

std::string said(const Table& table, std::initializer_list<const char*> columns) {
    std::string out;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        out += out.empty() ? "" : "; ";
        bool first = true;
        for (const char* column : columns) {
            out += (first ? "" : " ") + table.at(column).print(row);
            first = false;
        }
    }
    return out;
}

std::string codes(const Register& r) {
    std::string out;
    for (const auto& [code, count] : r.issues().counts())
        out += (out.empty() ? "" : " ") + code + ":" + std::to_string(count);
    return out;
}

Date day(const char* text) {
    return *Date::parse(text);
}

}  // namespace

TEST_CASE("stock on a day", "[hazard][register]") {
    const Register r = read();
    CHECK(r.size() == 7);
    // on 1 July: h2 (past its extension by a day), h3, h6, h7
    CHECK(said(r.stock(day("2025-07-01"), {}), {"open", "overdue", "stopped", "days_oldest"}) ==
          "4 2 1 212");
    CHECK(said(r.stock(day("2025-06-30"), {"grade"}), {"grade", "open", "overdue"}) ==
          "general 3 0; major 1 1");
    CHECK(said(r.stock(day("2025-07-01"), {"town"}), {"town", "open"}) ==
          "360924001 1; 360924002 2;  1");
    // e2 is of two sectors: its hazards count in each
    CHECK(said(r.stock(day("2025-07-01"), {"sector"}), {"sector", "open"}) ==
          "chemical 2; machinery 1; warehousing 2;  1");
    CHECK(said(r.stock(day("2025-02-10"), {"enterprise"}), {"enterprise", "open"}) == "e1 1; e3 1");
    CHECK(said(r.stock(day("2025-03-05"), {}), {"open"}) == "3");  // h5 was closed on its day
    CHECK(said(r.stock(day("2025-03-01"), {}), {"to_30", "to_90", "to_180"}) == "1 1 0");
    CHECK_THROWS_AS(r.stock(day("2025-03-01"), {"colour"}), InputError);
    CHECK_THROWS_AS(r.stock(day("2025-03-01"), {"grade", "grade"}), InputError);
}

TEST_CASE("flow by period", "[hazard][register]") {
    const Register r = read();
    CHECK(said(r.flow(day("2025-01-01"), day("2025-04-30"), "month", {}),
               {"period", "found", "closed", "open"}) ==
          "2025-01 1 0 2; 2025-02 1 1 2; 2025-03 3 1 4; 2025-04 0 0 4");
    CHECK(said(r.flow(day("2025-01-01"), day("2025-12-31"), "quarter", {"grade"}),
               {"period", "grade", "found", "closed", "open"}) ==
          "2025-Q1 general 3 1 3; 2025-Q1 major 2 1 1; 2025-Q2 general 0 0 3; "
          "2025-Q2 major 0 0 1; 2025-Q3 general 0 0 3; 2025-Q3 major 1 1 1; "
          "2025-Q4 general 0 0 3; 2025-Q4 major 0 0 1");
    CHECK_THROWS_AS(r.flow(day("2025-01-01"), day("2024-12-31"), "month", {}), InputError);
    CHECK_THROWS_AS(r.flow(day("2025-01-01"), day("2025-12-31"), "week", {}), InputError);
}

TEST_CASE("who finds hazards: the enterprise itself or others", "[hazard][register]") {
    const Register r = read();
    const Table rate =
        r.self_rate(day("2024-01-01"), day("2025-12-31"), std::nullopt, {"enterprise"});
    CHECK(said(rate, {"enterprise", "self", "all", "channel_unknown", "rate"}) ==
          "e1 1 3 0 0.3333333333333333; e2 2 3 0 0.6666666666666666; e3 0 0 1 nan");
    CHECK(rate.at("average").number(0).value == 0.5);
    CHECK(said(r.self_rate(day("2025-01-01"), day("2025-12-31"), HazardGrade::major, {}),
               {"self", "all"}) == "2 3");
}

TEST_CASE("what may be one hazard, and what came back", "[hazard][register]") {
    const Register r = read();
    CHECK(said(r.duplicates(3), {"group", "hazard"}) == "1 h5; 1 h6");
    CHECK(r.duplicates(1).rows() == 0);
    CHECK(said(r.recurrences(12), {"hazard", "earlier", "days"}) == "h4 h1 203; h6 h5 2");
    CHECK(said(r.recurrences(6), {"hazard", "earlier"}) == "h6 h5");
}

TEST_CASE("groups of more cells than there are hazards", "[hazard][register]") {
    // 800 enterprises x 800 risk points x 6 channels: only those that occur are counted
    std::string text;
    for (int i = 0; i < 800; ++i)
        text += "z" + std::to_string(i) + ",x" + std::to_string(i) + ",major,c,,2025-01-01,ch" +
                std::to_string(i % 6) + ",,,,,\n";
    const Register r = Register::read(small::table("hazards", head + text));
    const Table stock = r.stock(day("2025-02-01"), {"channel", "enterprise", "grade"});
    REQUIRE(stock.rows() == 800);
    CHECK(stock.names()[0] == "channel");
    CHECK(stock.at("channel").print(0) == "ch0");
    CHECK(stock.at("enterprise").print(799) == "x95");
}

TEST_CASE("rows say their place and sector themselves, without a graph", "[hazard][register]") {
    const Register r = Register::read(
        small::table("hazards",
                     "id,grade,found_on,division,sectors\na,major,2025-01-01,360924001,'mine;gas'\n"
                     "b,major,2025-01-01,360924000000,gas\nc,major,2025-01-01,,\n"));
    CHECK(said(r.stock(day("2025-02-01"), {"county", "sector"}), {"county", "sector", "open"}) ==
          "360924 gas 2; 360924 mine 1;   1");
    CHECK(said(r.stock(day("2025-02-01"), {"town"}), {"town", "open"}) == "360924001 1;  2");
}

TEST_CASE("the back-check of an enterprise, and what scoring takes", "[hazard][register]") {
    const Register r = read();
    CHECK(said(r.backcheck("e1", day("2025-07-01")).hazards,
               {"hazard", "found_by", "closed_by", "days_open", "open", "overdue"}) ==
          "h1 张 局 31 false false; h2 李  150 true true");
    CHECK_THROWS_AS(r.backcheck("e9", day("2025-07-01")), NotFoundError);
    CHECK(said(r.open_major(day("2025-07-01")), {"enterprise", "open_major_hazards"}) ==
          "e1 0; e2 1; e3 0");
}

TEST_CASE("wrong rows and steps are named and counted", "[hazard][register]") {
    const Register r = read(
        "h1,e1,较大,,,2025-01-01,,,,,,\n,e1,重大,,,2025-01-01,,,,,,\nh2,e9,重大,,,2025-01-01,,,,,,"
        "\n"
        "h3,e1,重大,,,,,,,,,\nh4,e1,重大,,,1 "
        "January,,,,,,\nh5,e1,重大,,,2025-02-01,,,,,2025-01-01,\n"
        "h6,e1,重大,,,2026-02-01,,,,,,\nh7,e1,重大,,,2025-02-01,,,,,,\nh7,e1,重大,,,2025-02-02,,,,,"
        ",\n"
        "h8,e1,重大,,,2025-02-01,,,,,,\nh8,e1,重大,,,2025-02-01,,,,,,\n",
        "id,hazard,event,date\n1,h8,find,2025-02-01\n2,h8,close,2025-02-02\n3,h9,find,2025-02-01\n"
        "4,h8,paint,2025-02-02\n5,h8,report,soon\n6,h8,report,2026-02-02\n7,h8,stop,2025-02-03\n");
    CHECK(codes(r) ==
          "hazard.closed_before_found:1 hazard.date_malformed:2 hazard.enterprise_unknown:1 "
          "hazard.event_of_nothing:1 hazard.event_unknown:1 hazard.found_missing:1 "
          "hazard.grade_unknown:1 hazard.id_conflict:2 hazard.id_missing:1 hazard.in_future:2 "
          "hazard.row_repeated:1 hazard.step_not_allowed:1");
    CHECK(r.rows_in() == 11);
    CHECK(r.size() == 1);
    CHECK(said(r.stock(day("2025-03-01"), {}), {"open", "stopped"}) == "1 1");
}

TEST_CASE("counts against a plain loop", "[hazard][register]") {
    std::mt19937 random(11);
    std::string text;
    struct One {
        Date found, closed;
        bool closes, major;
        std::string enterprise;
    };
    std::vector<One> all;
    for (int i = 0; i < 300; ++i) {
        One one;
        one.found = day("2023-01-01") + static_cast<std::int32_t>(random() % 900);
        one.closed = one.found + static_cast<std::int32_t>(random() % 200);
        one.closes = random() % 3 != 0;
        one.major = random() % 4 == 0;
        one.enterprise = "e" + std::to_string(1 + random() % 3);
        text += "x" + std::to_string(i) + "," + one.enterprise + "," +
                (one.major ? "major" : "general") + ",,," + one.found.text() + ",,,,," +
                (one.closes ? one.closed.text() : "") + ",\n";
        all.push_back(one);
    }
    const Register r = read(text);
    REQUIRE(r.size() == 300);
    for (const char* on : {"2023-01-01", "2023-06-30", "2024-02-29", "2025-12-31"}) {
        std::map<std::string, int> open;
        for (const One& one : all)
            if (one.found <= day(on) && !(one.closes && one.closed <= day(on)))
                ++open[one.enterprise + (one.major ? " major" : " general")];
        std::string expected;
        for (const auto& [key, count] : open)
            expected += (expected.empty() ? "" : "; ") + key + " " + std::to_string(count);
        CHECK(said(r.stock(day(on), {"enterprise", "grade"}), {"enterprise", "grade", "open"}) ==
              expected);
    }
    const Table flow = r.flow(day("2023-01-01"), day("2025-12-31"), "month", {});
    std::size_t found = 0;
    for (std::size_t row = 0; row < flow.rows(); ++row)
        found += static_cast<std::size_t>(flow.at("found").number(row).value);
    CHECK(found == 300);
    const auto left = std::count_if(all.begin(), all.end(), [](const One& o) { return !o.closes; });
    CHECK(flow.at("open").number(flow.rows() - 1).value == static_cast<double>(left));
}
