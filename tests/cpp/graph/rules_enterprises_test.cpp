// Tests of the rules RE-01 … RE-16.
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

// Two enterprises: fireworks (of high risk, insured, with an engineer) and a mall.
const small::Texts base = {
    {"divisions", "code,name\n360924,宜丰县\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,full_time,assessment_standard,employment,using_unit,"
     "delegate\n"
     "p1,post,甲厂总经理,,E1,principal,,考核办法,,,\n"
     "s1,post,甲厂安全员,,E1,safety_manager,true,考核办法,,,\n"
     "w1,post,甲厂车间主任,,E1,workshop_head,,考核办法,,,\n"
     "t1,post,甲厂班组长,,E1,team_leader,,考核办法,,,\n"
     "x1,post,甲厂电工,,E1,special_worker,,考核办法,,,\n"
     "g1,post,甲厂注安师,,E1,registered_engineer,,考核办法,,,\n"
     "p2,post,乙商场经理,,E2,principal,,考核办法,,,\n"
     "s2,post,乙商场安全员,,E2,safety_manager,false,考核办法,,,\n"
     "zhang,person,张三,,,,,,own,,\n"
     "li,person,李四,,,,,,dispatched,E1,\n"
     "wang,person,王五,,,,,,,,\n"
     "grp,group,集团,360924,,,,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,employees,high_risk,crowded,soe,safety_body,valid_from\n"
     "E1,甲厂,360924,fireworks_production,20,true,,true,,\n"
     "E2,乙商场,360924,mall,100,false,,,,\n"},
    {"edges",
     "source,target,kind,valid_to,agreement,coordinator,last_check,qualified\n"
     "p1,E1,PRINCIPAL_OF,,,,,\n"
     "p2,E2,PRINCIPAL_OF,,,,,\n"
     "zhang,p1,HOLDS,,,,,\n"
     "zhang,g1,HOLDS,,,,,\n"
     "wang,s1,HOLDS,,,,,\n"
     "wang,w1,HOLDS,,,,,\n"
     "wang,t1,HOLDS,,,,,\n"
     "li,x1,HOLDS,2026-06-30,,,,\n"
     "zhang,p2,HOLDS,2026-06-30,,,,\n"
     "wang,s2,HOLDS,,,,,\n"
     "x1,t1,REPORTS_TO,,,,,\n"
     "t1,w1,REPORTS_TO,,,,,\n"
     "w1,p1,REPORTS_TO,2026-06-30,,,,\n"
     "E1,E2,CONTRACTS_TO,,协议1号,王五,2026-01-01,true\n"
     "E1,grp,OWNED_BY,2026-06-30,,,,\n"},
    {"records",
     "id,subject,action,date,values\n"
     "r1,zhang,safety_assessment,2024-05-01,'{\"valid_to\":\"2027-04-30\"}'\n"
     "r2,wang,safety_assessment,2024-05-01,'{\"valid_to\":\"2026-04-30\"}'\n"
     "r3,li,special_operation_certificate,2023-05-01,'{\"valid_to\":\"2026-04-30\"}'\n"
     "r4,E1,liability_insurance,2025-05-01,'{\"valid_to\":\"2026-04-30\"}'\n"
     "r5,E1,principal_check,2026-04-01,\n"
     "r6,E2,principal_check,2026-01-31,\n"
     "r7,E1,drill,2026-01-01,\n"
     "r8,E2,drill,2025-07-01,\n"},
    {"duties",
     "id,subject,action\nd1,p1,a\nd2,s1,a\nd3,w1,a\nd4,t1,a\nd5,x1,a\nd6,g1,a\n"
     "d7,p2,a\nd8,s2,a\n"},
};

}  // namespace

TEST_CASE("an enterprise has one principal, whose post is held", "[graph][rules]") {
    CHECK(ask(base, "RE-01").holds());
    CHECK(ask(base, "RE-01", "2026-06-30").holds());
    CHECK(ask(base, "RE-01", "2026-07-01").found == Lines{"error E2 p2 | p2 PRINCIPAL_OF E2"});
    CHECK(ask(without(base, "edges", "p1,E1"), "RE-01").found == Lines{"error E1"});
    CHECK(ask(with(base, "edges", "s1,E1,PRINCIPAL_OF,,,,,\n"), "RE-01").found ==
          Lines{"error E1 p1 s1 | p1 PRINCIPAL_OF E1 s1 PRINCIPAL_OF E1"});
    auto none = base;
    none.erase("edges");
    CHECK(ask(none, "RE-01").not_assessed());
    // Where nobody ever gave an edge of the kind, nobody is blamed for having none.
    CHECK(ask(swap(base, "edges", "PRINCIPAL_OF", "REPORTS_TO"), "RE-01").not_assessed());
    // A row HOLDS that cannot be used: who holds the post nobody knows.
    const auto refused = swap(base, "edges", "zhang,p2,HOLDS,2026-06-30", "zhang,p2,HOLDS,六月底");
    CHECK(ask(refused, "RE-01").partly());
    CHECK(ask(refused, "RE-01").unjudged == 1);
}

TEST_CASE("safety staff by Article 24, at 100 and 101 employees", "[graph][rules]") {
    CHECK(ask(base, "RE-02").holds());
    // Of high risk: full time or a body, however small.
    const auto part = swap(base, "nodes", "safety_manager,true", "safety_manager,false");
    CHECK(ask(part, "RE-02").found == Lines{"error E1"});
    CHECK(ask(swap(part, "enterprises", "20,true,,true,", "20,true,,true,true"), "RE-02").holds());
    CHECK(ask(with(part, "nodes", "d,dept,安全环保部,,E1,,,,,,\n"), "RE-02").holds());
    CHECK(ask(with(part, "nodes", "d,dept,财务部,,E1,,,,,,\n"), "RE-02").found ==
          Lines{"error E1"});
    // Others: part time is enough up to 100, not above.
    const auto hundred_one = ask(swap(base, "enterprises", ",100,", ",101,"), "RE-02");
    CHECK(hundred_one.found == Lines{"error E2"});
    CHECK(hundred_one.said.at(0).find("有101名从业人员") != std::string::npos);
    CHECK(ask(without(base, "edges", "wang,s2"), "RE-02").found == Lines{"error E2"});
    // A number that nobody wrote is no number.
    const auto unnumbered = ask(swap(base, "enterprises", ",100,", ",,"), "RE-02");
    CHECK(unnumbered.partly());
    CHECK(unnumbered.unjudged == 1);
    // Without the enterprise's own word its sector says whether it is of high risk.
    CHECK(ask(swap(part, "enterprises", "20,true", "20,"), "RE-02").found == Lines{"error E1"});
    // What it says of itself cannot undo the law's list.
    CHECK(ask(swap(part, "enterprises", "20,true", "20,false"), "RE-02").found ==
          Lines{"error E1"});
    // Without the column nobody is known to be small enough; who has nobody at all lacks somebody.
    const auto uncounted = swap(base, "enterprises", "employees", "people");
    CHECK(ask(uncounted, "RE-02").partly());
    CHECK(ask(uncounted, "RE-02").unjudged == 1);
    CHECK(ask(without(uncounted, "edges", "wang,s2"), "RE-02").found == Lines{"error E2"});
    CHECK(ask(swap(part, "nodes", "full_time", "x"), "RE-02").unjudged == 1);
}

TEST_CASE("nobody lacks posts of which there is no register", "[graph][rules]") {
    const auto without_posts = [](const std::string& kind) {
        small::Texts tables = base;
        std::string& nodes = tables["nodes"];
        for (std::size_t at = nodes.find(kind); at != std::string::npos; at = nodes.find(kind))
            nodes.replace(at, kind.size(), "worker");
        return tables;
    };
    const auto staff = ask(without_posts("safety_manager"), "RE-02");
    CHECK(staff.not_assessed());
    CHECK(staff.found.empty());
    CHECK(staff.reason.find("没有给出“安全管理人员”岗位") != std::string::npos);
    const auto engineers = ask(without_posts("registered_engineer"), "RE-04");
    CHECK(engineers.not_assessed());
    CHECK(engineers.found.empty());
    // One enterprise that says of itself that it has a body, and the others are asked.
    const auto body = swap(without_posts("safety_manager"), "enterprises", "20,true,,true,",
                           "20,true,,true,true");
    CHECK(ask(body, "RE-02").found.size() == 1);
}

TEST_CASE("certificates count to their last day", "[graph][rules]") {
    CHECK(ask(base, "RE-03", "2026-04-30").holds());
    const auto late = ask(base, "RE-03", "2026-05-01");
    CHECK(late.found == Lines{"error E1 s1 wang | wang HOLDS s1"});
    CHECK(late.said.at(0).find("已于2026-04-30到期") != std::string::npos);
    CHECK(ask(base, "RE-03", "2024-05-01").holds());
    // A later record renews; without a last day it has none.
    CHECK(
        ask(with(base, "records", "r9,wang,safety_assessment,2026-05-01,\n"), "RE-03", "2026-05-01")
            .holds());
    CHECK(ask(base, "RE-07", "2026-04-30").holds());
    CHECK(ask(base, "RE-07", "2026-05-01").found == Lines{"error x1 E1 li | li HOLDS x1"});
    CHECK(ask(base, "RE-07", "2026-07-01").found == Lines{"error x1 E1"});  // nobody holds it
    CHECK(ask(base, "RE-13", "2026-04-30").holds());
    CHECK(ask(base, "RE-13", "2026-05-01").found == Lines{"error E1"});
    CHECK(ask(base, "RE-13", "2025-05-01").holds());
    auto none = base;
    none.erase("records");
    for (const char* rule : {"RE-03", "RE-07", "RE-13", "RE-14", "RE-15"}) {
        INFO(rule);
        CHECK(ask(none, rule).not_assessed());
    }
}

TEST_CASE("nobody is blamed for records of an action of which none had begun", "[graph][rules]") {
    // The first day of each action in the tables; rule, that day, the day before.
    const std::vector<std::array<std::string, 3>> begins = {{"RE-03", "2024-05-01", "2024-04-30"},
                                                            {"RE-07", "2023-05-01", "2023-04-30"},
                                                            {"RE-13", "2025-05-01", "2025-04-30"},
                                                            {"RE-14", "2026-01-31", "2026-01-30"},
                                                            {"RE-15", "2025-07-01", "2025-06-30"}};
    for (const auto& [rule, first, before] : begins) {
        CAPTURE(rule, ask(base, rule, before));
        CHECK_FALSE(ask(base, rule, first).not_assessed());
        CHECK(ask(base, rule, before).not_assessed());
        CHECK(ask(base, rule, before).reason.find(first) != std::string::npos);
    }
    // Somebody else's record shows that they were kept: then who has none is blamed.
    const auto kept = with(base, "records", "r9,E2,liability_insurance,2024-01-01,\n");
    CHECK(ask(kept, "RE-13", "2025-04-30").found == Lines{"error E1"});
    CHECK(ask(kept, "RE-13", "2023-12-31").not_assessed());
    // No record of the action on any day.
    const auto never = ask(without(base, "records", "r4"), "RE-13");
    CHECK(never.not_assessed());
    CHECK(never.reason.find("没有“安全生产责任保险”的记录") != std::string::npos);
    // Posts that nobody holds are seen without records.
    CHECK(ask(without(base, "edges", "li,x1"), "RE-07", "2023-04-30").found ==
          Lines{"error x1 E1"});
}

TEST_CASE("sectors of Article 27 have a registered engineer in office", "[graph][rules]") {
    CHECK(ask(base, "RE-04").holds());
    CHECK(ask(base, "RE-04").examined == 1);
    CHECK(ask(without(base, "edges", "zhang,g1"), "RE-04").found == Lines{"error E1"});
    CHECK(ask(swap(base, "enterprises", "fireworks_production", "fireworks_trade"), "RE-04")
              .not_assessed());
}

TEST_CASE("every post has a person, a scope and a standard", "[graph][rules]") {
    CHECK(ask(base, "RE-05").holds());
    CHECK(ask(base, "RE-05").examined == 8);
    CHECK(ask(base, "RE-05", "2026-06-30").holds());
    CHECK(ask(base, "RE-05", "2026-07-01").found == Lines{"error p2 E2", "error x1 E1"});
    CHECK(ask(without(base, "duties", "d5,"), "RE-05").found == Lines{"error x1 E1"});
    CHECK(ask(swap(base, "nodes", "team_leader,,考核办法", "team_leader,,"), "RE-05").found ==
          Lines{"error t1 E1"});
    // What one column does not tell leaves the others to be asked.
    const auto no_standards = swap(base, "nodes", "assessment_standard", "x");
    CHECK(ask(no_standards, "RE-05").partly());
    CHECK(ask(no_standards, "RE-05").unjudged == 8);
    CHECK(ask(no_standards, "RE-05", "2026-07-01").found == Lines{"error p2 E2", "error x1 E1"});
    auto none = base;
    none.erase("duties");
    CHECK(ask(none, "RE-05").partly());
    CHECK(ask(none, "RE-05", "2026-07-01").found == Lines{"error p2 E2", "error x1 E1"});
}

TEST_CASE("every line leads up to the principal, without a circle", "[graph][rules]") {
    CHECK(ask(base, "RE-06").holds());
    CHECK(ask(base, "RE-06", "2026-06-30").holds());
    CHECK(ask(base, "RE-06", "2026-07-01").found ==
          Lines{"warning t1 E1", "warning w1 E1", "warning x1 E1"});
    const auto circle =
        ask(with(without(base, "edges", "w1,p1"), "edges", "w1,t1,REPORTS_TO,,,,,\n"), "RE-06");
    CHECK(circle.found == Lines{"warning t1 E1", "warning w1 E1", "warning x1 E1"});
    CHECK(circle.said.at(0).find("成环") != std::string::npos);
    CHECK(circle.said.at(2).find("没有通到主要负责人") != std::string::npos);
    CHECK(ask(without(base, "edges", "wang,t1"), "RE-06").found == Lines{"warning t1 E1"});
    auto none = base;
    none.erase("nodes");
    none.erase("edges");
    CHECK(ask(none, "RE-06").not_assessed());
}

TEST_CASE("a major hazard source has each of three posts once", "[graph][rules]") {
    auto texts = base;
    texts["nodes"] +=
        "m,major_hazard_source,罐区,,E1,,,,,,\n"
        "m1,post,主要负责人,,E1,mhs_principal,,,,,\n"
        "m2,post,技术负责人,,E1,mhs_tech,,,,,\n"
        "m3,post,操作负责人,,E1,mhs_operator,,,,,\n";
    texts["edges"] +=
        "m1,m,MHS_CARE,,,,,\nm2,m,MHS_CARE,,,,,\nm3,m,MHS_CARE,2026-06-30,,,,\n"
        "zhang,m1,HOLDS,,,,,\nwang,m2,HOLDS,,,,,\nli,m3,HOLDS,,,,,\n";
    CHECK(ask(texts, "RE-08").holds());
    CHECK(ask(texts, "RE-08", "2026-06-30").holds());
    const auto late = ask(texts, "RE-08", "2026-07-01");
    CHECK(late.found == Lines{"error m"});
    CHECK(ask(with(texts, "nodes", "m4,post,副,,E1,mhs_tech,,,,,\n"), "RE-08").holds());
    CHECK(ask(with(with(texts, "nodes", "m4,post,副,,E1,mhs_tech,,,,,\n"), "edges",
                   "m4,m,MHS_CARE,,,,,\nwang,m4,HOLDS,,,,,\n"),
              "RE-08")
              .found == Lines{"error m m2 m4 | m2 MHS_CARE m m4 MHS_CARE m"});
    CHECK(ask(without(texts, "edges", "wang,m2"), "RE-08").found ==
          Lines{"error m m2 | m2 MHS_CARE m"});
    // The first is the principal or his delegate; technique and operation are two persons.
    const auto other = swap(texts, "edges", "zhang,m1", "wang,m1");
    CHECK(ask(other, "RE-08").found == Lines{"warning m m1 wang | m1 MHS_CARE m"});
    CHECK(
        ask(swap(other, "nodes", "mhs_principal,,,,,", "mhs_principal,,,,,true"), "RE-08").holds());
    CHECK(ask(swap(texts, "edges", "li,m3", "wang,m3"), "RE-08").found ==
          Lines{"warning m wang m2 m3"});
    CHECK(ask(base, "RE-08").not_assessed());
}

TEST_CASE("safety directors are asked for where a profile sets a number", "[graph][rules]") {
    CHECK(ask(base, "RE-09").not_assessed());
    CheckOptions shandong, shenzhen;
    shandong.profile = "shandong";
    shenzhen.profile = "shenzhen";
    const auto of = [&](const std::string& high, const std::string& other) {
        return swap(swap(base, "enterprises", ",20,", "," + high + ","), "enterprises", ",100,",
                    "," + other + ",");
    };
    CHECK(ask(of("99", "299"), "RE-09", "", shandong).not_assessed());
    CHECK(ask(of("100", "299"), "RE-09", "", shandong).found == Lines{"error E1"});
    CHECK(ask(of("99", "300"), "RE-09", "", shandong).found == Lines{"error E2"});
    CHECK(ask(of("50", "299"), "RE-09", "", shenzhen).found == Lines{"error E1"});
    CHECK(ask(of("49", "299"), "RE-09", "", shenzhen).not_assessed());
    auto texts = of("100", "299");
    texts["nodes"] += "sd,post,安全总监,,E1,safety_director,,,,,\n";
    CHECK(ask(texts, "RE-09", "", shandong).found == Lines{"error E1"});
    texts["edges"] += "wang,sd,HOLDS,,,,,\n";
    CHECK(ask(texts, "RE-09", "", shandong).holds());
}

TEST_CASE("contracts have an agreement, a coordinator and a recent check", "[graph][rules]") {
    CHECK(ask(base, "RE-10").holds());
    const Lines one{"error E1 E2 | E1 CONTRACTS_TO E2"};
    // A column that nobody filled in says nothing; beside a cell that is, an empty one is a lack.
    CHECK(ask(swap(base, "edges", "协议1号", ""), "RE-10").partly());
    CHECK(ask(swap(base, "edges", "协议1号", ""), "RE-10").unjudged == 1);
    // What the other columns say stands: no agreement, not qualified.
    CHECK(ask(swap(base, "edges", "协议1号,王五", "否,"), "RE-10").found == one);
    CHECK(ask(swap(base, "edges", "协议1号,王五,2026-01-01,true", ",,,false"), "RE-10").found ==
          one);
    CHECK(ask(swap(base, "edges", "协议1号,王五,2026-01-01,true", ",,,"), "RE-10").not_assessed());
    const auto two = with(base, "edges", "E2,E1,CONTRACTS_TO,,协议2号,张三,2025-12-31,true\n");
    CHECK(ask(two, "RE-10").holds());
    CHECK(ask(swap(two, "edges", "协议1号", ""), "RE-10").found == one);
    CHECK(ask(swap(two, "edges", "协议1号,王五", "协议1号,"), "RE-10").found == one);
    CHECK(ask(swap(two, "edges", "2026-01-01,true", ",true"), "RE-10").found == one);
    CHECK(ask(swap(base, "edges", "2026-01-01,true", "2026-01-01,false"), "RE-10").found == one);
    CHECK(ask(swap(base, "edges", "2026-01-01,true", "2026-01-01,"), "RE-10").partly());
    CHECK(ask(swap(two, "edges", "2026-01-01,true", "2026-01-01,"), "RE-10").found == one);
    CHECK(ask(base, "RE-10", "2027-01-02").holds());  // 366 days
    CHECK(ask(base, "RE-10", "2027-01-03").found == one);
    // A place is let without a licence, but not to somebody known to be unfit.
    const auto let = swap(base, "edges", "CONTRACTS_TO", "LEASES_TO");
    CHECK(ask(swap(let, "edges", "2026-01-01,true", "2026-01-01,"), "RE-10").holds());
    CHECK(ask(swap(let, "edges", "2026-01-01,true", "2026-01-01,false"), "RE-10").found ==
          Lines{"error E1 E2 | E1 LEASES_TO E2"});
    CHECK(ask(without(base, "edges", "E1,E2"), "RE-10").not_assessed());
    CHECK(ask(swap(base, "edges", "agreement", "x"), "RE-10").partly());
}

TEST_CASE("workers of others hold a post of the unit that uses them", "[graph][rules]") {
    CHECK(ask(base, "RE-11").holds());
    CHECK(ask(base, "RE-11").examined == 1);
    CHECK(ask(base, "RE-11", "2026-06-30").holds());
    CHECK(ask(base, "RE-11", "2026-07-01").found == Lines{"warning li E1"});
    CHECK(ask(swap(base, "nodes", "dispatched,E1", "dispatched,"), "RE-11").not_assessed());
    auto two = with(base, "nodes", "zhao,person,赵六,,,,,,dispatched,E2,\n");
    two = with(two, "edges", "zhao,s2,HOLDS,,,,,\n");
    CHECK(ask(two, "RE-11").holds());
    CHECK(ask(swap(two, "nodes", "dispatched,E1", "dispatched,"), "RE-11").found ==
          Lines{"warning li"});
    CHECK(ask(swap(base, "nodes", "dispatched,E1", "dispatched,E2"), "RE-11").found ==
          Lines{"warning li E2"});
    CHECK(ask(swap(base, "nodes", "employment", "x"), "RE-11").not_assessed());
}

TEST_CASE("a risk point has a colour and a post of the right level", "[graph][rules]") {
    auto texts = base;
    texts["risk_points"] =
        "id,enterprise,name,grade,controlling_post\n"
        "k1,E1,配料间,red,p1\nk2,E1,电工房,blue,x1\nk3,E1,车间,yellow,w1\n";
    CHECK(ask(texts, "RE-12").holds());
    CHECK(ask(swap(texts, "risk_points", "red,p1", "red,w1"), "RE-12").found ==
          Lines{"warning k1 w1 | w1 CONTROLS_RISK k1"});
    CHECK(ask(swap(texts, "risk_points", "yellow,w1", "橙色,w1"), "RE-12").found ==
          Lines{"warning k3 w1 | w1 CONTROLS_RISK k3"});
    CHECK(ask(swap(texts, "risk_points", "yellow,w1", ",w1"), "RE-12").found ==
          Lines{"warning k3"});
    CHECK(ask(swap(texts, "risk_points", "yellow,w1", "yellow,"), "RE-12").found ==
          Lines{"warning k3"});
    CHECK(ask(base, "RE-12").not_assessed());
    const auto uncoloured = swap(texts, "risk_points", "grade", "x");
    CHECK(ask(uncoloured, "RE-12").partly());
    CHECK(ask(swap(uncoloured, "risk_points", "yellow,w1", "yellow,"), "RE-12").found ==
          Lines{"warning k3"});
    const auto uncontrolled = swap(texts, "risk_points", "controlling_post", "x");
    CHECK(ask(uncontrolled, "RE-12").partly());
    CHECK(ask(swap(uncontrolled, "risk_points", "yellow,w1", ",w1"), "RE-12").found ==
          Lines{"warning k3"});
}

TEST_CASE("principals check and drills are held in time", "[graph][rules]") {
    // E1 of high risk: 31 days from 1 April; E2: 92 days from 31 January.
    CHECK(ask(base, "RE-14", "2026-05-02").holds());
    CHECK(ask(base, "RE-14", "2026-05-03").found == Lines{"warning E1"});
    CHECK(ask(base, "RE-14", "2026-05-04").found == Lines{"warning E1", "warning E2"});
    CHECK(ask(without(base, "records", "r6"), "RE-14", "2026-04-02").found == Lines{"warning E2"});
    // An enterprise that is younger than the interval cannot be late.
    const auto young = swap(without(base, "records", "r6"), "enterprises", "mall,100,false,,,,",
                            "mall,100,false,,,,2026-01-01");
    CHECK(ask(young, "RE-14", "2026-04-02").holds());
    CHECK(ask(young, "RE-14", "2026-04-04").found == Lines{"warning E2"});
    // Drills: 184 days of high risk (error), 366 otherwise (warning); crowded places like the
    // first.
    CHECK(ask(base, "RE-15", "2026-07-02").holds());
    CHECK(ask(base, "RE-15", "2026-07-04").found == Lines{"warning E2"});
    CHECK(ask(base, "RE-15", "2026-07-05").found == Lines{"error E1", "warning E2"});
    CHECK(ask(swap(base, "enterprises", "100,false,", "100,false,true"), "RE-15", "2026-01-02")
              .found == Lines{"error E2"});
}

TEST_CASE("a state-owned enterprise names its group", "[graph][rules]") {
    CHECK(ask(base, "RE-16").holds());
    CHECK(ask(base, "RE-16").examined == 1);
    CHECK(ask(base, "RE-16", "2026-06-30").holds());
    CHECK(ask(base, "RE-16", "2026-07-01").found == Lines{"info E1"});
    CHECK(ask(swap(base, "enterprises", "soe", "x"), "RE-16").not_assessed());
}

TEST_CASE("the order of rows changes no finding of enterprises", "[graph][rules]") {
    for (const char* rule :
         {"RE-01", "RE-02", "RE-03", "RE-04", "RE-05", "RE-06", "RE-07", "RE-08", "RE-09", "RE-10",
          "RE-11", "RE-12", "RE-13", "RE-14", "RE-15", "RE-16"}) {
        INFO(rule);
        const auto one = ask(base, rule, "2026-07-05"),
                   other = ask(small::backwards(base), rule, "2026-07-05");
        CHECK(one.found == other.found);
        CHECK(one.said == other.said);
        CHECK(one.examined == other.examined);
    }
}
