// Tests of duty/assess.hpp.
#include <safetyrisk/duty/assess.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

using namespace safetyrisk;
using namespace safetyrisk::duty;
namespace small = safetyrisk::graph::small;

namespace {

// A county with two towns, a committee, a leader paired with two enterprises, and four enterprises:
// e1 and e2 high-risk, e3 not, e4 opened in March, and of e5 nobody says whether it is high-risk.
const small::Texts county = {
    {"divisions", "code,name\n3609,宜春市\n360924,宜丰县\n360924001,新昌镇\n360924002,澄塘镇\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,valid_from,valid_to\n"
     "ac,safety_committee,县安委会,360924,,,,\n"
     "gov,government,县政府,360924,,,,\n"
     "fxz,post,副县长,,gov,safety_deputy,,\n"
     "zhang,person,张三,,,,,\nli,person,李四,,,,,\n"},
    {"enterprises",
     "id,name,division,high_risk,employees,valid_from\n"
     "e1,甲,360924001,true,50,\ne2,乙,360924001,true,300,\ne3,丙,360924002,false,20,\n"
     "e4,丁,360924002,true,10,2026-03-10\ne5,戊,360924002,,10,\n"},
    {"edges",
     "source,target,kind,valid_from,valid_to\n"
     "zhang,fxz,HOLDS,2025-01-01,2026-02-28\nli,fxz,HOLDS,2026-03-01,\n"
     "fxz,e1,PAIRED_WITH,,\nfxz,e3,PAIRED_WITH,,\n"},
};

Compliance assessed(const std::string& duties, const std::string& records, const char* as_of,
                    AssessOptions options = {}) {
    options.as_of = Date::parse(as_of);
    return assess(small::graph(county, "2027-12-31"), small::table("duties", duties),
                  small::table("records", records), options);
}

std::string said(const Compliance& c) {
    const Table table = c.to_table();
    std::string out;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        out += (out.empty() ? "" : "; ");
        out += table.at("subject").print(row);
        if (!table.at("object").is_missing(row)) out += ">" + table.at("object").print(row);
        out += " " + table.at("due").print(row) + " " + table.at("status").print(row);
        if (!table.at("reason").is_missing(row)) out += " " + table.at("reason").print(row);
        if (!table.at("done_on").is_missing(row)) out += " " + table.at("done_on").print(row);
    }
    return out;
}

std::string codes(const Compliance& c) {
    std::string out;
    for (const auto& [code, count] : c.issues().counts())
        out += (out.empty() ? "" : " ") + code + ":" + std::to_string(count);
    return out;
}

}  // namespace

TEST_CASE("a quarterly meeting", "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,cadence\nd,ac,meeting,P3M\n",
        "id,subject,action,date\n1,ac,meeting,2026-02-03\n2,ac,meeting,2026-07-01\n", "2026-08-01");
    CHECK(said(c) ==
          "ac 2026-03-31 done 2026-02-03; ac 2026-06-30 overdue; ac 2026-09-30 done 2026-07-01");
    CHECK(c.counts()[static_cast<std::size_t>(Status::overdue)] == 1);
    CHECK(c.records_in() == 2);
    CHECK(c.records_used() == 2);
}

TEST_CASE("an answer as of a day ignores later records", "[duty][assess]") {
    const std::string duties = "id,subject,action,cadence\nd,ac,meeting,P3M\n";
    const std::string records = "id,subject,action,date\n1,ac,meeting,2026-02-03\n";
    const auto with = assessed(
        duties, records + "2,ac,meeting,2026-07-01\n3,ac,meeting,2026-07-02\n", "2026-06-30");
    CHECK(said(with) == said(assessed(duties, records, "2026-06-30")));
    CHECK(said(with) == "ac 2026-03-31 done 2026-02-03; ac 2026-06-30 due");
}

TEST_CASE("subjects by a selector, those of whom a value is missing, those that open later",
          "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,cadence\n"
        "d,'{\"kind\":\"enterprise\",\"where\":[[\"high_risk\",\"=\",true]]}',drill,P6M\n",
        "id,subject,action,date\n1,e1,drill,2026-05-01\n", "2026-07-01");
    // e4 opened inside the first half-year: only its second is owed
    CHECK(said(c) ==
          "e1 2026-06-30 done 2026-05-01; e1 2026-12-31 due; e2 2026-06-30 overdue; "
          "e2 2026-12-31 due; e4 2026-06-30 not_applicable; e4 2026-12-31 due; "
          "e5 2026-06-30 not_assessable attribute_missing; "
          "e5 2026-12-31 not_assessable attribute_missing");
    const auto cut = assessed("id,subject,action,cadence,partial\nd,e4,drill,P6M,owe\n",
                              "id,subject,action,date\n1,e4,drill,2026-03-11\n", "2026-07-01");
    CHECK(said(cut) == "e4 2026-06-30 done 2026-03-11; e4 2026-12-31 due");
}

TEST_CASE("objects that hang on the subject, and what a person did in a post", "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,object,cadence\n"
        "d,fxz,visit,'{\"kind\":\"enterprise\",\"via\":{\"edge\":\"PAIRED_WITH\",\"from\":\"@"
        "subject\"}}',P3M\n",
        "id,subject,action,object,date\n"
        "1,zhang,visit,e1,2026-02-01\n"  // holds the post
        "2,zhang,visit,e3,2026-03-15\n"  // holds it no more
        "3,li,visit,e3,2026-04-02\n"     // its holder now
        "4,li,visit,e2,2026-04-02\n",    // not paired
        "2026-05-01");
    CHECK(said(c) ==
          "fxz>e1 2026-03-31 done 2026-02-01; fxz>e1 2026-06-30 due; "
          "fxz>e3 2026-03-31 overdue; fxz>e3 2026-06-30 done 2026-04-02");
}

TEST_CASE("anybody may do it", "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,object,cadence\n"
        "d,,inspection,'{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">\",40]]}',P1Y\n",
        "id,subject,action,object,date\n1,zhang,inspection,e1,2026-02-01\n2,,inspection,e3,2026-02-"
        "01\n",
        "2026-05-01");
    CHECK(said(c) == ">e1 2026-12-31 done 2026-02-01; >e2 2026-12-31 due");
}

TEST_CASE("a deadline, with grace in calendar and in working days", "[duty][assess]") {
    const std::string records = "id,subject,action,date\n1,ac,report,2026-10-09\n";
    const auto status = [&](const std::string& grace, const char* as_of) {
        return said(
            assessed("id,subject,action,deadline,tolerance_days,day_kind\nd,ac,report,"
                     "2026-09-30," +
                         grace + "\n",
                     records, as_of));
    };
    // 1 to 7 October 2026 are free: the first working days after 30 September are the 8th, the 9th
    CHECK(status(",", "2026-10-09") == "ac 2026-09-30 done_late 2026-10-09");
    CHECK(status("5,calendar", "2026-10-09") == "ac 2026-09-30 done_late 2026-10-09");
    CHECK(status("9,calendar", "2026-10-09") == "ac 2026-09-30 done 2026-10-09");
    CHECK(status("1,working", "2026-10-09") == "ac 2026-09-30 done_late 2026-10-09");
    CHECK(status("2,working", "2026-10-09") == "ac 2026-09-30 done 2026-10-09");
    CHECK(status("1,working", "2026-10-08") == "ac 2026-09-30 due");
    CHECK(status("1,工作日", "2026-10-07") == "ac 2026-09-30 due");
}

TEST_CASE("working days of a year that is not known are not guessed", "[duty][assess]") {
    const auto c = [&](const std::string& record, const char* as_of) {
        return said(
            assessed("id,subject,action,deadline,tolerance_days,day_kind,valid_from\n"
                     "d,ac,report,2026-12-30,5,working,2026-06-01\n",
                     "id,subject,action,date\n1,ac,report," + record + "\n", as_of));
    };
    CHECK(c("2027-01-04", "2027-02-01") == "ac 2026-12-30 not_assessable calendar_unknown");
    CHECK(c("2026-12-30", "2027-02-01") == "ac 2026-12-30 done 2026-12-30");
}

TEST_CASE("each year by the same day", "[duty][assess]") {
    AssessOptions options;
    options.from = Date::of(2024, 1, 1);
    const auto c = assessed("id,subject,action,deadline\nd,ac,list,--02-29\n",
                            "id,subject,action,date\n1,ac,list,2024-02-29\n2,ac,list,2025-03-01\n",
                            "2026-01-15", options);
    CHECK(said(c) ==
          "ac 2024-02-29 done 2024-02-29; ac 2025-02-28 done_late 2025-03-01; ac 2026-02-28 due");
}

TEST_CASE("a rolling cadence counts from the last time", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence,anchor,valid_from\nd,e1,drill,P6M,rolling,2025-08-31\n";
    const auto c =
        assessed(duties, "id,subject,action,date\n1,e1,drill,2026-02-28\n2,e1,drill,2026-09-01\n",
                 "2026-09-02");
    // 31 August + 6 months is 28 February; 28 February + 6 months is 28 August
    CHECK(said(c) ==
          "e1 2026-02-28 done 2026-02-28; e1 2026-08-28 done_late 2026-09-01; e1 2027-03-01 due");
    CHECK(said(assessed(duties, "id,subject,action,date\n1,e2,drill,2026-02-28\n", "2026-03-01")) ==
          "e1 2026-02-28 overdue");
}

TEST_CASE("the first override that matches gives the cadence", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence,overrides\n"
        "d,'{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">=\",20]]}',check,P6M,"
        "'[{\"select\":{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">\",200]]},\"cadence\":"
        "\"P3M\"},"
        "{\"select\":{\"kind\":\"enterprise\"},\"cadence\":\"P1Y\"}]'\n";
    AssessOptions options;
    options.recorded = {"check"};
    CHECK(said(assessed(duties, "id,subject,action,date\n", "2026-02-01", options)) ==
          "e1 2026-12-31 due; e2 2026-03-31 due; e3 2026-12-31 due");
}

TEST_CASE("a share of the objects", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,object,cadence,target\n"
        "d,gov,training,'{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">\",0]]}',P6M,"
        "'{\"measure\":\"ratio\",\"op\":\">=\",\"value\":0.6}'\n";
    const std::string head = "id,subject,action,object,date\n";
    const auto c = assessed(duties,
                            head +
                                "1,gov,training,e1,2026-01-05\n2,gov,training,e1,2026-01-06\n"
                                "3,gov,training,e2,2026-03-01\n4,gov,training,e3,2026-06-30\n",
                            "2026-06-30");
    // five enterprises at the end of June (four before March): three of five are owed
    CHECK(said(c) == "gov 2026-06-30 done 2026-06-30");
    CHECK(c.cell(0).of == 5);
    CHECK(c.cell(0).needed == 3);
    CHECK(c.cell(0).count == 3);
    CHECK(said(assessed(duties, head + "1,gov,training,e1,2026-01-05\n", "2026-07-01")) ==
          "gov 2026-06-30 overdue; gov 2026-12-31 due");
}

TEST_CASE("an action that nobody records is not assessable", "[duty][assess]") {
    const std::string duties = "id,subject,action,cadence\nd,ac,meeting,P1Y\n";
    CHECK(said(assessed(duties, "id,subject,action,date\n1,ac,visit,2026-01-05\n", "2026-07-01")) ==
          "ac 2026-12-31 not_assessable no_records");
    AssessOptions options;
    options.recorded = {"*"};
    CHECK(said(assessed(duties, "id,subject,action,date\n", "2026-07-01", options)) ==
          "ac 2026-12-31 due");
}

TEST_CASE("wrong rows are named and counted", "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,cadence,deadline,target,anchor\n"
        "a,ac,,P1M,,,\n"                   // no action
        "b,nobody,meeting,P1M,,,\n"        // unknown
        "c,ac,meeting,monthly,,,\n"        // no duration
        "d,ac,meeting,P1M,2026-01-01,,\n"  // two rhythms
        "e,ac,meeting,,,,\n"               // none
        "f,ac,meeting,,2026-13-01,,\n"     // no day
        "g,'{\"kind\":\"dragon\"}',meeting,P1M,,,\n"
        "h,ac,meeting,P1M,,'{\"measure\":\"count\",\"value\":0}',\n"
        "i,ac,meeting,P1M,,,sliding\n"
        "j,ac,meeting,P1M,,,\nj,ac,meeting,P3M,,,\n"  // two duties of one id
        "k,ac,meeting,P1M,,,\nk,ac,meeting,P1M,,,\n"  // one, twice
        ",ac,meeting,P1M,,,\n",
        "id,subject,action,date,count\n"
        "1,ac,meeting,2026-01-05,\n1,ac,meeting,2026-01-06,\n"  // conflict
        "2,nobody,meeting,2026-01-05,\n3,ac,,2026-01-05,\n4,ac,meeting,,\n"
        "5,ac,meeting,yesterday,\n6,,meeting,2026-01-05,\n7,ac,meeting,2026-01-05,-1\n"
        "8,ac,meeting,2026-01-05,\n",
        "2026-01-31");
    CHECK(codes(c) ==
          "duty.action_missing:2 duty.cadence_malformed:1 duty.date_malformed:2 "
          "duty.date_missing:1 duty.id_conflict:4 duty.id_missing:1 duty.id_unknown:2 "
          "duty.no_deadline:1 duty.number_malformed:1 duty.record_of_nobody:1 duty.row_repeated:1 "
          "duty.selector_malformed:1 duty.target_malformed:1 duty.two_rhythms:1 "
          "duty.word_unknown:1");
    CHECK(c.duties_in() == 14);
    CHECK(c.duties_used() == 1);
    CHECK(c.records_in() == 9);
    CHECK(c.records_used() == 1);
    CHECK(said(c) == "ac 2026-01-31 done 2026-01-05");
}

TEST_CASE("rates count what was owed and say how sure they are", "[duty][assess]") {
    const auto c = assessed(
        "id,subject,action,cadence\nd,'{\"kind\":\"enterprise\"}',drill,P6M\n",
        "id,subject,action,date\n1,e1,drill,2026-05-01\n2,e3,drill,2026-06-30\n", "2026-07-01");
    const Table towns = c.summary("town");
    REQUIRE(towns.rows() == 2);
    CHECK(towns.at("town").print(0) == "360924001");
    CHECK(towns.at("owed").print(0) == "2");
    CHECK(towns.at("done").print(0) == "1");
    CHECK(towns.at("overdue").print(0) == "1");
    CHECK(towns.at("due").print(0) == "2");
    CHECK(towns.at("rate").print(0) == "0.5");
    // Wilson 1 of 2 at 95 %: 0.0945 to 0.9055 (statsmodels 0.15 proportion_confint(1, 2, method="wilson"))
    CHECK(towns.at("rate_low").number(0).value == Approx(0.0945312).margin(1e-6));
    CHECK(towns.at("rate_high").number(0).value == Approx(0.9054688).margin(1e-6));
    CHECK(towns.at("name").print(1) == "澄塘镇");
    CHECK(towns.at("not_applicable").print(1) == "1");  // e4 in its first half-year
    CHECK(c.summary("duty").at("owed").print(0) == "4");
    CHECK(c.summary("month").rows() == 2);
    CHECK_THROWS_AS(c.summary("dragon"), InputError);
}

TEST_CASE("the order of rows and threads change nothing", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence\nd,'{\"kind\":\"enterprise\"}',drill,P1M\n"
        "c,ac,meeting,P3M\n";
    std::vector<std::string> lines;
    std::mt19937 random(7);
    for (int i = 0; i < 60; ++i)
        lines.push_back(std::to_string(i) + ",e" + std::to_string(1 + random() % 5) + ",drill," +
                        (Date::of(2026, 1, 1) + static_cast<std::int32_t>(random() % 300)).text() +
                        "\n");
    std::string first;
    for (unsigned round = 0; round < 6; ++round) {
        std::string records = "id,subject,action,date\n0x,ac,meeting,2026-01-01\n";
        for (const std::string& line : lines)
            records += line;
        AssessOptions options;
        options.work.threads = 1 + round % 3;
        const std::string now = said(assessed(duties, records, "2026-10-01", options));
        if (round == 0) first = now;
        CHECK(now == first);
        std::shuffle(lines.begin(), lines.end(), random);
    }
}
