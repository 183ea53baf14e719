// Tests of the rules RS.
#include "graph/asked.hpp"
#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::graph;
using small::ask;
using small::swap;
using small::with;
using small::without;
using Lines = std::vector<std::string>;

namespace {

// A city with a county, a town and a village, paired and bound by letters from above.
const small::Texts city = {
    {"divisions", "code,name\n3609,宜春市\n360924,宜丰县\n360924100,新昌镇\n360924100001,一村\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,valid_to,date,grade,deaths,approved_on\n"
     "cgov,government,市政府,3609,,,,,,,\n"
     "gov,government,县政府,360924,,,,,,,\n"
     "tgov,government,镇政府,360924100,,,,,,,\n"
     "vil,village,一村村委会,360924100001,,,,,,,\n"
     "cm,post,市长,,cgov,gov_principal,,,,,\n"
     "m,post,县长,,gov,gov_principal,,,,,\n"
     "tm,post,镇长,,tgov,gov_principal,,,,,\n"
     "yj,dept,县应急管理局,360924,,,,,,,\n"
     "zj,dept,县住建局,360924,,,,,,,\n"
     "old,dept,县安监局,360924,,,2019-02-28,,,,\n"
     "ab,safety_office,县安委办,360924,,,,,,,\n"
     "H1,major_hazard_source,液氨罐区,,E1,,,,,,\n"
     "A1,accident,某事故,,E1,,,2026-02-01,larger,,\n"
     "A2,accident,旧事故,,E1,,,2025-01-10,general,,2025-03-15\n"
     "p1,person,张一,,,,,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,key_unit\nE1,甲厂,360924100001,fireworks,true\n"
     "E2,乙厂,360924100001,fireworks,false\n"},
    {"edges",
     "source,target,kind,sectors,valid_from,valid_to,attributes\n"
     "cgov,gov,LEADS,,,,\ngov,tgov,LEADS,,,,\ngov,yj,LEADS,,,,\ngov,zj,LEADS,,,,\n"
     "tm,m,REPORTS_TO,,,,\nm,cm,REPORTS_TO,,,,\n"
     "p1,m,HOLDS,,,,\n"
     "cm,360924,PAIRED_WITH,,,,\nm,360924100,PAIRED_WITH,,,,\ntm,vil,PAIRED_WITH,,,,\n"
     "m,E1,PAIRED_WITH,,,,\n"
     "cgov,gov,SIGNED_WITH,,2026-03-01,,\ngov,tm,SIGNED_WITH,,2026-03-01,2026-12-31,\n"
     "tgov,vil,SIGNED_WITH,,2026-03-01,,\nvil,E1,SIGNED_WITH,,2026-03-31,,\n"
     "yj,E2,SIGNED_WITH,,2026-03-01,,\n"
     "yj,360924,REGULATES,fireworks,2019-03-01,,\nzj,E1,REGULATES,,,,\n"
     "old,360924,REGULATES,fireworks,,2019-02-28,\nyj,old,SUCCEEDS,,,,\n"
     "yj,ab,HOSTS_OFFICE,,,,\n"},
    {"records",
     "id,subject,action,date,object,values\n"
     "r1,cm,visit,2026-06-01,360924,\nr2,m,visit,2026-06-01,360924100,\n"
     "r3,p1,visit,2026-06-01,E1,\nr4,tm,visit,2026-06-01,vil,\n"
     "r5,ab,assessment,2026-01-20,zj,'{\"rating\":\"优秀\",\"year\":2026}'\n"
     "r6,gov,assessment,2026-01-20,E1,'{\"rating\":\"合格\",\"year\":2026}'\n"
     "r7,gov,accountability_conclusion,2026-02-10,zj,'{\"accident\":\"A1\"}'\n"
     "r8,gov,accountability_outcome,2026-03-10,zj,'{\"accident\":\"A1\"}'\n"
     "r9,gov,corrective_evaluation,2026-03-10,A2,\n"
     "r20,gov,accountability_outcome,2025-01-02,E1,'{\"accident\":\"A0\"}'\n"
     "r21,gov,corrective_evaluation,2025-01-02,A1,\n"},
};

constexpr const char* day = "2026-06-15";

small::Texts only_nodes() {
    return {{"nodes", "id,kind,name\np,person,张三\n"}};
}

}  // namespace

TEST_CASE("each rule of structure holds in a whole city and says why it is not asked without",
          "[graph][rules]") {
    for (const char* rule : {"RS-01", "RS-02", "RS-03", "RS-04", "RS-05", "RS-06", "RS-07", "RS-08",
                             "RS-09", "RS-10", "RS-11"}) {
        CAPTURE(rule, ask(city, rule, day));
        CHECK(ask(city, rule, day).holds());
        CHECK(ask(only_nodes(), rule).not_assessed());
    }
}

TEST_CASE("circles of leading, reporting and overseeing are found with a shortest way round",
          "[graph][rules]") {
    const auto circle = with(city, "edges", "tgov,cgov,LEADS,,,2026-06-14,\n");
    CHECK(ask(circle, "RS-01", "2026-06-14").found ==
          Lines{"error cgov gov tgov | cgov LEADS gov gov LEADS tgov tgov LEADS cgov"});
    CHECK(ask(circle, "RS-01", day).holds());
    CHECK(ask(with(city, "edges", "yj,yj,LEADS,,,,\n"), "RS-01", day).found ==
          Lines{"error yj | yj LEADS yj"});
    // Reporting runs upwards: who reports to whom he leads is no circle, who is reported to by his
    // own superior is one.
    CHECK(ask(with(city, "edges", "cm,m,LEADS,,,,\n"), "RS-01", day).holds());
    CHECK(ask(with(city, "edges", "cm,tm,REPORTS_TO,,,,\n"), "RS-01", day).found ==
          Lines{"error cm m tm | m REPORTS_TO cm tm REPORTS_TO m cm REPORTS_TO tm"});
    // Overseeing each other is a circle in one task, not in two.
    const std::string one = "yj,zj,OVERSEES_WORK_OF,,,,'{\"task\":\"T1\"}'\n";
    CHECK(ask(with(city, "edges", one + "zj,yj,OVERSEES_WORK_OF,,,,'{\"task\":\"T2\"}'\n"), "RS-01",
              day)
              .holds());
    CHECK(ask(with(city, "edges", one + "zj,yj,OVERSEES_WORK_OF,,,,'{\"task\":\"T1\"}'\n"), "RS-01",
              day)
              .found == Lines{"error yj zj | yj OVERSEES_WORK_OF zj zj OVERSEES_WORK_OF yj"});
    // Without a task it is of every task; with leading it closes a circle, told once.
    CHECK(
        ask(with(city, "edges", one + "zj,yj,OVERSEES_WORK_OF,,,,\n"), "RS-01", day).found.size() ==
        1);
    CHECK(ask(with(city, "edges",
                   "zj,gov,OVERSEES_WORK_OF,,,,'{\"task\":\"T1\"}'\n"
                   "zj,gov,OVERSEES_WORK_OF,,,,'{\"task\":\"T2\"}'\n" +
                       one),
              "RS-01", day)
              .found.size() == 2);
    CHECK(ask(with(circle, "edges", one), "RS-01", "2026-06-14").found.size() == 1);
}

TEST_CASE("a ring of twenty thousand is one circle, a chain is none", "[graph][rules]") {
    constexpr int n = 20000;
    std::string nodes = "id,kind,name\n", edges = "source,target,kind\n";
    for (int i = 0; i < n; ++i)
        nodes += "d" + std::to_string(i) + ",dept,\n";
    for (int i = 1; i < n; ++i)
        edges += "d" + std::to_string(i - 1) + ",d" + std::to_string(i) + ",LEADS\n";
    CHECK(ask({{"nodes", nodes}, {"edges", edges}}, "RS-01").holds());
    const auto deep = ask({{"nodes", nodes}, {"edges", edges}}, "RS-03");
    CHECK(deep.found == Lines{"info d19999"});
    CHECK(deep.said.at(0).find("在领导链的第20000层") != std::string::npos);
    edges += "d" + std::to_string(n - 1) + ",d0,LEADS\n";
    const auto ring = ask({{"nodes", nodes}, {"edges", edges}}, "RS-01");
    REQUIRE(ring.found.size() == 1);
    CHECK(ring.said.at(0).size() < 500);
    CHECK(ask({{"nodes", nodes}, {"edges", edges}}, "RS-03").found.empty());
}

TEST_CASE("no lower level leads a higher one", "[graph][rules]") {
    const auto upside = with(city, "edges", "tgov,yj,LEADS,,,2026-06-14,\n");
    const auto answer = ask(upside, "RS-02", "2026-06-14");
    CHECK(answer.found == Lines{"error tgov yj | tgov LEADS yj"});
    CHECK(answer.said.at(0).find("镇政府（tgov）（乡级）领导了上级的县应急管理局（yj）（县级）") ==
          0);
    CHECK(ask(upside, "RS-02", day).holds());
    CHECK(ask(with(city, "edges", "gov,zj,LEADS,,,,\nE1,gov,LEADS,,,,\n"), "RS-02", day).holds());
}

TEST_CASE("spans of control keep to the limit", "[graph][rules]") {
    CheckOptions tight;
    tight.parameters["RS-03.span"] = "3";
    CHECK(ask(city, "RS-03", day, tight).holds());
    tight.parameters["RS-03.span"] = "2";
    CHECK(ask(city, "RS-03", day, tight).found == Lines{"info gov"});
    tight.parameters["RS-03.span"] = "60";
    tight.parameters["RS-03.depth"] = "3";
    CHECK(ask(city, "RS-03", day, tight).holds());
    tight.parameters["RS-03.depth"] = "2";
    CHECK(ask(city, "RS-03", day, tight).found == Lines{"info tgov", "info yj", "info zj"});
}

TEST_CASE("lower places, key enterprises and major hazards are paired from above",
          "[graph][rules]") {
    CHECK(ask(city, "RS-04", day).examined == 3 + 1 + 1);
    CHECK(ask(without(city, "edges", "tm,vil"), "RS-04", day).found ==
          Lines{"warning 360924100001"});
    CHECK(ask(without(city, "edges", "m,360924100"), "RS-04", day).found ==
          Lines{"warning 360924100"});
    // One's own level is not from above; two levels above is.
    CHECK(ask(swap(city, "edges", "m,360924100,", "tm,360924100,"), "RS-04", day).found.size() ==
          1);
    CHECK(ask(swap(city, "edges", "m,360924100,", "cm,tgov,"), "RS-04", day).holds());
    const auto unpaired =
        swap(city, "edges", "m,E1,PAIRED_WITH,,,", "m,E1,PAIRED_WITH,,,2026-06-14");
    CHECK(ask(unpaired, "RS-04", "2026-06-14").holds());
    CHECK(ask(unpaired, "RS-04", day).found == Lines{"error E1", "error H1"});
    CHECK(ask(with(unpaired, "edges", "tm,H1,PAIRED_WITH,,,,\n"), "RS-04", day).found ==
          Lines{"error E1"});
    CheckOptions towns;
    towns.parameters["RS-04.lowest_level"] = "4";
    CHECK(ask(without(city, "edges", "tm,vil"), "RS-04", day, towns).holds());
    // Where nobody lists key enterprises that half is not asked.
    const auto unlisted = ask(swap(city, "enterprises", "key_unit", "remark"), "RS-04", day);
    CHECK(unlisted.partly());
    CHECK(unlisted.reason.find("重点企业") != std::string::npos);
}

TEST_CASE("a leader has few pairings and visits each in time", "[graph][rules]") {
    CHECK(ask(city, "RS-05", "2026-07-02").holds());
    const auto answer = ask(city, "RS-05", "2026-07-03");
    CHECK(answer.found.size() == 4);
    CHECK(answer.found.at(0) == "warning cm 360924 | cm PAIRED_WITH 360924");
    CHECK(answer.said.at(0).find("最近一次走访在2026-06-01，已32天") != std::string::npos);
    CHECK(ask(without(city, "records", "r3"), "RS-05", day).found ==
          Lines{"warning m E1 | m PAIRED_WITH E1"});
    // A visit to come is none yet; a pairing that is young need not have one.
    CHECK(
        ask(swap(city, "records", "r3,p1,visit,2026-06-01", "r3,p1,visit,2026-06-16"), "RS-05", day)
            .found.size() == 1);
    const auto young = swap(without(city, "records", "r3"), "edges", "m,E1,PAIRED_WITH,,,",
                            "m,E1,PAIRED_WITH,,2026-05-15,");
    CHECK(ask(young, "RS-05", day).holds());
    CHECK(ask(young, "RS-05", "2026-06-16").found.size() == 1);
    CheckOptions few;
    few.parameters["RS-05.items"] = "1";
    CHECK(ask(city, "RS-05", day, few).found ==
          Lines{"warning m 360924100 E1 | m PAIRED_WITH 360924100 m PAIRED_WITH E1"});
    // Before the first visit of all nobody is blamed; each may have gone unregistered.
    CHECK(ask(city, "RS-05", "2026-06-01").holds());
    CHECK(ask(city, "RS-05", "2026-05-31").partly());
    CHECK(ask(city, "RS-05", "2026-05-31").reason.find("2026-06-01") != std::string::npos);
    auto unrecorded = city;
    unrecorded.erase("records");
    CHECK(ask(unrecorded, "RS-05", day).partly());
    CHECK(ask(unrecorded, "RS-05", day).reason.find("履职记录") != std::string::npos);
}

TEST_CASE("letters are signed down to the enterprise every year", "[graph][rules]") {
    CHECK(ask(city, "RS-06", day).examined == 3 + 2);
    CHECK(ask(city, "RS-06", "2026-03-30").not_assessed());
    CHECK(ask(swap(city, "edges", "SIGNED_WITH", "GUIDES"), "RS-06", day).not_assessed());
    CHECK(ask(swap(city, "edges", "PAIRED_WITH", "GUIDES"), "RS-04", day).not_assessed());
    CHECK(ask(city, "RS-06", "2026-03-31").holds());
    CHECK(ask(without(city, "edges", "tgov,vil"), "RS-06", day).found ==
          Lines{"warning 360924100001"});
    CHECK(ask(without(city, "edges", "vil,E1"), "RS-06", day).found == Lines{"warning E1"});
    CHECK(ask(swap(city, "edges", "cgov,gov,SIGNED_WITH", "yj,gov,SIGNED_WITH"), "RS-06", day)
              .found == Lines{"warning 360924"});
    // Letters of last year that name no end are over; those that name one last so long.
    CHECK(ask(city, "RS-06", "2027-03-31").found.size() == 5);
    CHECK(ask(swap(city, "edges", "gov,tm,SIGNED_WITH,,2026-03-01,2026-12-31",
                   "gov,tm,SIGNED_WITH,,2026-03-01,2027-03-31"),
              "RS-06", "2027-03-31")
              .found.size() == 4);
}

TEST_CASE("a department without which many enterprises have nobody is named", "[graph][rules]") {
    CheckOptions k;
    k.parameters["RS-07.k"] = "1";
    const auto answer = ask(city, "RS-07", day, k);
    // zj regulates E1 as well, so only E2 depends on yj.
    CHECK(answer.found == Lines{"info yj"});
    CHECK(answer.said.at(0).find("一旦缺位，1家企业失去全部监管部门") != std::string::npos);
    CHECK(ask(city, "RS-07", day).holds());
    k.parameters["RS-07.k"] = "2";
    CHECK(ask(city, "RS-07", day, k).holds());
    CHECK(ask(without(city, "edges", "zj,E1,REG"), "RS-07", day, k).found == Lines{"info yj"});
    CHECK(ask(city, "RS-07", "2019-02-28", k).found.empty());
}

TEST_CASE("nobody assesses himself under another name", "[graph][rules]") {
    const auto host = swap(city, "records", "2026-01-20,zj", "2026-01-20,yj");
    CHECK(ask(host, "RS-08", day).found == Lines{"info yj ab | yj HOSTS_OFFICE ab"});
    CHECK(ask(host, "RS-08", "2026-01-19").not_assessed());
    CHECK(ask(swap(host, "records", "r5,ab", "r5,yj"), "RS-08", day).found == Lines{"info yj"});
    CHECK(ask(swap(host, "edges", "yj,ab,HOSTS_OFFICE", "yj,ab,SERVES_AS"), "RS-08", day)
              .found.size() == 1);
}

TEST_CASE("relations in force do not point to dissolved units", "[graph][rules]") {
    const auto open = swap(city, "edges", "old,360924,REGULATES,fireworks,,2019-02-28",
                           "old,360924,REGULATES,fireworks,,");
    CHECK(ask(open, "RS-09", day).found == Lines{"error old yj | old REGULATES 360924"});
    CHECK(ask(open, "RS-09", day)
              .said.at(0)
              .find("县安监局（old）已于2019-02-28撤销（承接单位县应急管理局（yj））") == 0);
    CHECK(ask(without(open, "edges", "yj,old,SUCC"), "RS-09", day).found ==
          Lines{"error old | old REGULATES 360924"});
    // On its last day it is still there.
    CHECK(ask(open, "RS-09", "2019-02-28").not_assessed());
    CHECK(ask(open, "RS-09", "2019-03-01").state == RuleState::fails);
    CHECK(ask(with(city, "edges", "gov,old,LEADS,,,,\n"), "RS-09", day).found ==
          Lines{"error old yj | gov LEADS old"});
    CHECK(ask(swap(swap(city, "nodes", "valid_to", "remark"), "nodes", "2019-02-28", ""), "RS-09",
              day)
              .not_assessed());
}

TEST_CASE("an accident of the year vetoes ratings and awards of the year", "[graph][rules]") {
    const auto rated = swap(city, "records", "'{\"rating\":\"合格\",\"year\":2026}'",
                            "'{\"rating\":\"优秀\",\"year\":2026}'");
    CHECK(ask(rated, "RS-10", day).found == Lines{"warning E1 A1"});
    CHECK(ask(rated, "RS-10", "2026-01-31").not_assessed());
    CHECK(ask(rated, "RS-10", "2026-02-01").found.size() == 1);
    CHECK(ask(swap(rated, "records", "优秀\",\"year\":2026}'\nr7", "优秀\",\"year\":2025}'\nr7"),
              "RS-10", day)
              .holds());
    const auto award = with(city, "records", "r10,gov,award,2026-05-01,E1,\n");
    CHECK(ask(award, "RS-10", day).found == Lines{"warning E1 A1"});
    CHECK(ask(award, "RS-10", "2026-04-30").holds());
    CHECK(ask(swap(award, "nodes", "larger,", "general,"), "RS-10", day).not_assessed());
    // Without a grade the numbers speak: three dead are a larger accident.
    CHECK(ask(swap(award, "nodes", "larger,,", ",3,"), "RS-10", day).found.size() == 1);
    CHECK(ask(swap(award, "nodes", "larger,,", ",2,"), "RS-10", day).not_assessed());
}

TEST_CASE("conclusions have outcomes and reports their evaluation within a year",
          "[graph][rules]") {
    CHECK(ask(without(city, "records", "r8"), "RS-11", day).found == Lines{"warning zj A1"});
    CHECK(ask(swap(city, "records", "2026-03-10,zj,'{\"accident\":\"A1\"}'",
                   "2026-03-10,zj,'{\"accident\":\"A2\"}'"),
              "RS-11", day)
              .found.size() == 1);
    CHECK(ask(city, "RS-11", "2026-03-09").found == Lines{"warning zj A1"});
    // Approved on 15 March 2025: the year ends with 15 March 2026.
    const auto late = without(city, "records", "r9");
    CHECK(ask(late, "RS-11", "2026-03-15").holds());
    CHECK(ask(late, "RS-11", "2026-03-16").found == Lines{"warning A2"});
    CHECK(ask(late, "RS-11", "2025-03-14").not_assessed());
    // Where no outcome or no evaluation of anything is recorded by the day, that is not known.
    const auto outcomes = without(without(city, "records", "r8"), "records", "r20");
    CHECK(ask(outcomes, "RS-11", day).partly());
    CHECK(ask(outcomes, "RS-11", day).unjudged == 1);
    CHECK(ask(without(late, "records", "r21"), "RS-11", "2026-03-16").partly());
}
