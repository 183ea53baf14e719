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
     "id,name,division,high_risk,employees,valid_from,permit_until\n"
     "e1,甲,360924001,true,50,,2026-06-30\ne2,乙,360924001,true,300,,2026-03-31\n"
     "e3,丙,360924002,false,20,,\ne4,丁,360924002,true,10,2026-03-10,\n"
     "e5,戊,360924002,,10,,2027-03-31\n"},
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

TEST_CASE("what a record that was left out may have served is not assessable", "[duty][assess]") {
    const std::string duties = "id,subject,action,cadence\nd,ac,meeting,P3M\n";
    const auto c = assessed(duties,
                            "id,subject,action,date,count\n1,ac,meeting,2026-02-03,\n"
                            "2,ac,meeting,2026-05-04,many\n",
                            "2026-09-30");
    CHECK(said(c) ==
          "ac 2026-03-31 done 2026-02-03; ac 2026-06-30 not_assessable record_left_out; "
          "ac 2026-09-30 due");
    CHECK(c.cell(1).left_out == std::vector<std::size_t>{1});
    CHECK(c.to_table().at("records_left_out").print(1) == "1");
    const auto dateless = assessed(duties, "id,subject,action,date\n1,ac,meeting,\n", "2026-07-01");
    CHECK(said(dateless) ==
          "ac 2026-03-31 not_assessable record_left_out; "
          "ac 2026-06-30 not_assessable record_left_out; ac 2026-09-30 due");
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
    // Wilson 1 of 2 at 95 %: 0.0945 to 0.9055 (statsmodels 0.15 proportion_confint(1, 2,
    // method="wilson"))
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

// ── what is owed for each event ──

TEST_CASE("each record of an action owes another within a time", "[duty][assess]") {
    const std::string duties =
        "id,object,subject,action,after,within,day_kind\n"
        "d,,'{\"kind\":\"enterprise\"}',rectification,feedback,P10D,working\n";
    const std::string head = "id,subject,object,action,date\n";
    // 30 September 2026 + 10 working days: 8 to 10 October (the 10th is a working Saturday), 12 to
    // 16, 19 and 20 October
    const std::string feedback =
        head + "1,ac,e1,feedback,2026-09-30\n2,ac,e2,feedback,2026-09-30\n";
    const std::string done =
        feedback + "3,e1,,rectification,2026-10-20\n4,e2,,rectification,2026-10-21\n";
    CHECK(said(assessed(duties, done, "2026-10-21")) ==
          "e1 2026-10-20 done 2026-10-20; e2 2026-10-20 done_late 2026-10-21");
    CHECK(said(assessed(duties, done, "2026-10-20")) ==
          "e1 2026-10-20 done 2026-10-20; e2 2026-10-20 due");
    // nobody knows when the working days of 2027 are
    CHECK(said(assessed(duties,
                        head + "1,ac,e1,feedback,2026-12-28\n2,e3,,rectification,2026-01-02\n",
                        "2027-03-01")) == "e1  not_assessable calendar_unknown");
    CHECK(codes(assessed(duties, done, "2026-10-21")).empty());
}

TEST_CASE("two events owe two answers, and each answer serves one", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,after,within\nd,'{\"kind\":\"enterprise\"}',handled,alarm,P1D\n";
    const std::string alarms =
        "id,subject,action,date\n1,e1,alarm,2026-03-01\n2,e1,alarm,2026-03-02\n"
        "3,e1,handled,2026-03-02\n";
    CHECK(said(assessed(duties, alarms, "2026-03-03")) ==
          "e1 2026-03-02 done 2026-03-02; e1 2026-03-03 due");
    CHECK(said(assessed(duties, alarms + "4,e1,handled,2026-03-04\n", "2026-03-05")) ==
          "e1 2026-03-02 done 2026-03-02; e1 2026-03-03 done_late 2026-03-04");
}

TEST_CASE("what must come before an event", "[duty][assess]") {
    const std::string duties =
        "id,object,action,before,within\n"
        "d,'{\"kind\":\"enterprise\"}',acceptance,resumption,P30D\n";
    const std::string records =
        "id,subject,object,action,date\n"
        "1,e1,,resumption,2026-02-20\n2,ac,e1,acceptance,2026-02-20\n"   // the same day
        "3,e2,,resumption,2026-02-20\n4,ac,e2,acceptance,2026-02-25\n"   // afterwards
        "5,e3,,resumption,2026-02-20\n6,ac,e3,acceptance,2026-01-02\n";  // too old
    CHECK(said(assessed(duties, records, "2026-03-01")) ==
          ">e1 2026-02-20 done 2026-02-20; >e2 2026-02-20 done_late 2026-02-25; "
          ">e3 2026-02-20 overdue");
}

TEST_CASE("a day that stands in a column begins or ends the time", "[duty][assess]") {
    const std::string duties =
        "id,object,action,before,within\n"
        "d,'{\"kind\":\"enterprise\"}',renewal,@permit_until,P90D\n";
    // within 90 days before the permit ends; nobody knows when those of e3 and e4
    // do, and the time of e5 begins in 2027
    CHECK(said(assessed(duties,
                        "id,subject,object,action,date\n1,ac,e1,renewal,2026-04-01\n"
                        "2,ac,e2,renewal,2026-04-01\n",
                        "2026-05-01")) ==
          ">e1 2026-06-30 done 2026-04-01; >e2 2026-03-31 done_late 2026-04-01; "
          ">e3 2026-05-01 not_assessable attribute_missing; "
          ">e4 2026-05-01 not_assessable attribute_missing");
}

TEST_CASE("what must always be there is looked at on the day", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence,anchor,valid_from\n"
        "d,'{\"kind\":\"enterprise\"}',policy,P1Y,standing,2026-01-01\n";
    const std::string records =
        "id,subject,action,date\n1,e1,policy,2025-06-01\n2,e2,policy,2025-03-01\n"
        "3,e2,policy,2026-03-05\n";
    // e3 and e5 have none; e4 is not there yet
    CHECK(said(assessed(duties, records, "2026-02-28")) ==
          "e1 2026-06-01 done 2025-06-01; e2 2026-03-01 done 2025-03-01; e3 2026-01-01 overdue; "
          "e5 2026-01-01 overdue");
    CHECK(said(assessed(duties, records, "2026-06-02")) ==
          "e1 2026-06-01 overdue; e2 2027-03-05 done 2026-03-05; e3 2026-01-01 overdue; "
          "e4 2026-03-10 overdue; e5 2026-01-01 overdue");
    CHECK(codes(assessed(duties, records, "2026-06-02")).empty());
}

TEST_CASE("what must always be there holds until the day that a record names", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,anchor\n"
        "d,'{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">\",10]]}',licence,standing\n";
    const auto c = assessed(duties,
                            "id,subject,action,date,valid_to\n1,e1,licence,2025-02-01,2026-06-30\n"
                            "2,e1,licence,2025-03-01,2026-05-31\n3,e2,licence,2020-02-01,\n"
                            "4,e3,licence,2026-07-02,2026-07-01\n",
                            "2026-06-30");
    CHECK(said(c) ==
          "e1 2026-06-30 done 2025-02-01; e2 2026-06-30 done 2020-02-01; e3 2026-01-01 overdue");
    CHECK(codes(c) == "duty.dates_contradict:1");
    // what runs out is to be done again, what never does is not
    CHECK(c.due_table(Date::of(2026, 1, 1), Date::of(2030, 1, 1)).rows() == 1);
}

TEST_CASE("within a time before the deadline", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,deadline,within\n"
        "a,ac,report,--06-25,P6M\nb,ac,report,--12-25,P6M\n";
    const auto c =
        assessed(duties, "id,subject,action,date\n1,ac,report,2026-06-25\n", "2026-12-26");
    CHECK(said(c) == "ac 2026-06-25 done 2026-06-25; ac 2026-12-25 overdue");
    CHECK(codes(c).empty());
    const auto both =
        assessed("id,subject,action,deadline\na,ac,report,--06-25\nb,ac,report,--12-25\n",
                 "id,subject,action,date\n1,ac,report,2026-06-25\n", "2026-12-26");
    CHECK(said(both) == "ac 2026-06-25 done 2026-06-25; ac 2026-12-25 done 2026-06-25");
    CHECK(codes(both) == "duty.windows_overlap:1");
}

// ── comparisons ──

TEST_CASE("no more than so many", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence,target\n"
        "d,'{\"kind\":\"enterprise\"}',inspected,P1Y,'{\"measure\":\"count\",\"op\":\"<=\","
        "\"value\":1}'\n";
    const std::string records =
        "id,subject,action,date\n1,e1,inspected,2026-03-01\n2,e2,inspected,2026-03-01\n"
        "3,e2,inspected,2026-03-02\n";
    CHECK(said(assessed(duties, records, "2026-06-01")) ==
          "e1 2026-12-31 due; e2 2026-12-31 overdue; e3 2026-12-31 due; "
          "e4 2026-12-31 not_applicable; e5 2026-12-31 due");
    AssessOptions options;
    options.from = Date::of(2026, 1, 1);
    CHECK(said(assessed(duties, records, "2027-01-01", options)).substr(0, 68) ==
          "e1 2026-12-31 done 2026-12-31; e1 2027-12-31 due; e2 2026-12-31 over");
}

TEST_CASE("a share of the records of another action", "[duty][assess]") {
    const std::string duties =
        "id,subject,action,cadence,target\n"
        "d,'{\"kind\":\"enterprise\"}',surprise,P1Y,"
        "'{\"measure\":\"ratio\",\"op\":\">=\",\"value\":0.5,\"denominator\":{\"action\":\"drill\"}"
        "}'\n";
    const std::string records =
        "id,subject,action,date\n1,e1,drill,2026-03-01\n2,e1,drill,2026-05-01\n"
        "3,e1,surprise,2026-05-01\n4,e2,drill,2026-05-01\n";
    AssessOptions options;
    options.from = Date::of(2026, 1, 1);
    options.until = Date::of(2026, 12, 31);
    const auto c = assessed(duties, records, "2027-01-01", options);
    CHECK(said(c) ==
          "e1 2026-12-31 done 2026-12-31; e2 2026-12-31 overdue; e3 2026-12-31 not_applicable; "
          "e4 2026-12-31 not_applicable; e5 2026-12-31 not_applicable");
    CHECK(c.cell(0).count == 1);
    CHECK(c.cell(0).of == 2);
    CHECK(c.cell(0).needed == 1);
    CHECK(codes(c).empty());
}

TEST_CASE("with the average of the others, and the place among them", "[duty][assess]") {
    const auto asked = [&](const std::string& target, const char* as_of = "2026-04-01") {
        AssessOptions options;
        options.from = Date::of(2026, 1, 1);
        options.until = Date::of(2026, 3, 31);
        return said(assessed(
            "id,subject,action,cadence,target\n"
            "d,'{\"kind\":\"enterprise\",\"where\":[[\"employees\",\">\",10]]}',check,P3M,'{" +
                target + "}'\n",
            "id,subject,action,date\n1,e1,check,2026-03-01\n2,e1,check,2026-03-02\n"
            "3,e1,check,2026-03-31\n4,e2,check,2026-01-01\n5,e2,check,2026-02-01\n"
            "6,e3,check,2026-04-01\n",
            as_of, options));
    };
    // 3, 2 and 0 in the first quarter: 5/3 on average; e1 and e2 lie in one town, e3 in another
    CHECK(asked("\"measure\":\"rank\",\"value\":1") ==
          "e1 2026-03-31 done 2026-03-31; e2 2026-03-31 done 2026-03-31; e3 2026-03-31 overdue");
    CHECK(asked("\"measure\":\"rank\",\"value\":1.2") ==
          "e1 2026-03-31 done 2026-03-31; e2 2026-03-31 done 2026-03-31; e3 2026-03-31 overdue");
    CHECK(asked("\"measure\":\"rank\",\"value\":1.21") ==
          "e1 2026-03-31 done 2026-03-31; e2 2026-03-31 overdue; e3 2026-03-31 overdue");
    CHECK(asked("\"measure\":\"rank\",\"op\":\"<=\",\"value\":2,\"unit\":\"place\"") ==
          "e1 2026-03-31 done 2026-03-31; e2 2026-03-31 done 2026-03-31; e3 2026-03-31 overdue");
    CHECK(asked("\"measure\":\"rank\",\"value\":1", "2026-03-31") ==
          "e1 2026-03-31 due; e2 2026-03-31 due; e3 2026-03-31 due");
}

TEST_CASE("with the period before, as far as records reach", "[duty][assess]") {
    const auto asked = [&](const std::string& target) {
        AssessOptions options;
        options.from = Date::of(2026, 1, 1);
        options.until = Date::of(2026, 3, 31);
        return said(assessed(
            "id,subject,action,cadence,target\nd,e1,accident,P1M,'{\"measure\":\"trend\"," +
                target + "}'\n",
            "id,subject,action,date\n0,e2,accident,2025-12-31\n1,e1,accident,2026-01-03\n"
            "2,e1,accident,2026-01-31\n3,e1,accident,2026-02-01\n4,e1,accident,2026-03-31\n",
            "2026-04-01", options));
    };
    // 0, 2, 1, 1 from December on
    CHECK(asked("\"op\":\"<=\",\"value\":0.5") ==
          "e1 2026-01-31 overdue; e1 2026-02-28 done 2026-02-28; e1 2026-03-31 overdue");
    CHECK(asked("\"op\":\"<\",\"value\":1") ==
          "e1 2026-01-31 overdue; e1 2026-02-28 done 2026-02-28; e1 2026-03-31 overdue");
    CHECK(asked("\"op\":\">=\",\"value\":1") ==
          "e1 2026-01-31 done 2026-01-31; e1 2026-02-28 overdue; e1 2026-03-31 done 2026-03-31");
    CHECK(asked("\"op\":\"<=\",\"value\":1,\"against\":\"year_before\"") ==
          "e1 2026-01-31 not_assessable nothing_to_compare; "
          "e1 2026-02-28 not_assessable nothing_to_compare; "
          "e1 2026-03-31 not_assessable nothing_to_compare");
}

TEST_CASE("targets and triggers that mean nothing are named", "[duty][assess]") {
    const auto refused = [&](const std::string& columns, const std::string& cells) {
        return codes(assessed("id,subject,action," + columns + "\nd,ac,meeting," + cells + "\n",
                              "id,subject,action,date\n", "2026-02-01"));
    };
    CHECK(refused("after", "alarm") == "duty.within_malformed:1");
    CHECK(refused("after,within", "@,P1D") == "duty.within_malformed:1");
    CHECK(refused("after,within,cadence", "alarm,P1D,P1M") == "duty.two_rhythms:1");
    CHECK(refused("after,before,within", "alarm,alarm,P1D") == "duty.two_rhythms:1");
    CHECK(refused("cadence,within", "P1M,P1D") == "duty.within_malformed:1");
    CHECK(refused("deadline,anchor", "2026-06-30,rolling") == "duty.no_deadline:1");
    CHECK(refused("after,within,anchor", "alarm,P1D,standing") == "duty.two_rhythms:1");
    for (const char* target :
         {"\"measure\":\"ratio\",\"value\":0.5", "\"measure\":\"rank\",\"value\":-1",
          "\"measure\":\"rank\",\"value\":1,\"unit\":\"place\"",
          "\"measure\":\"trend\",\"value\":1,\"among\":\"all\"",
          "\"measure\":\"count\",\"value\":1,\"denominator\":{\"action\":\"x\"}",
          "\"measure\":\"count\",\"op\":\"=\",\"value\":1",
          "\"measure\":\"ratio\",\"value\":1.5,\"denominator\":{\"action\":\"x\"}"}) {
        INFO(target);
        CHECK(refused("cadence,target", "P1M,'{" + std::string(target) + "}'") ==
              "duty.target_malformed:1");
    }
    CHECK(refused("cadence,anchor,target", "P1M,standing,'{\"measure\":\"count\",\"value\":2}'") ==
          "duty.target_malformed:1");
}
