// Tests of the rules RK-01 … RK-09 and RK-11.
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

// A city's plan and a county's, which details it.
const small::Texts base = {
    {"divisions", "code,name\n3609,宜春市\n360924,宜丰县\n360922,万载县\n"},
    {"nodes",
     "id,kind,name,division,date,issuer,period_to,selector,vertical,valid_from,valid_to\n"
     "cg,government,宜春市政府,3609,,,,,,,\n"
     "aw,safety_committee,宜春市安委会,3609,,,,,,,\n"
     "yj,dept,市应急管理局,3609,,,,,,,\n"
     "aj,dept,市安监局,3609,,,,,,,2019-02-28\n"
     "jt,dept,市交通运输局,3609,,,,,,,\n"
     "cwd,dept,宜春车务段,3609,,,,,true,,\n"
     "xa,safety_committee,宜丰县安委会,360924,,,,,,,\n"
     "xg,government,宜丰县政府,360924,,,,,,,\n"
     "xp,party_committee,宜丰县委,360924,,,,,,,\n"
     "xy,dept,县应急管理局,360924,,,,,,,\n"
     "all,collective,各有关部门,,,,,'{\"kind\":\"dept\",\"in\":\"3609\"}',,,\n"
     "plan,document,市2026年工作要点,,2026-02-01,aw,2026-12-31,,,,\n"
     "down,document,县2026年工作要点,,2026-03-01,xa,2026-12-31,,,,\n"},
    {"tasks",
     "id,name,unit,deadline,target,target_unit,action\n"
     "t1,动火治理,plan,2026-06-30,100,%,hot_work\n"
     "t2,培训,plan,2026-10-31,,,training\n"
     "t3,动火治理（县）,down,2026-06-30,100,%,hot_work\n"},
    {"edges",
     "source,target,kind,confidence\n"
     "yj,t1,LEADS_TASK,stated\n"
     "jt,t1,SHARES,stated\n"
     "xg,t1,IMPLEMENTS,stated\n"
     "xp,t1,IMPLEMENTS,stated\n"
     "yj,t2,RESPONSIBLE,stated\n"
     "xg,t2,IMPLEMENTS,stated\n"
     "xp,t2,IMPLEMENTS,stated\n"
     "xy,t3,LEADS_TASK,stated\n"
     "t3,t1,DERIVES_FROM,stated\n"},
    {"duties", "id,subject,action\nd1,yj,hot_work\nd2,yj,training\nd3,xy,hot_work\n"},
};

}  // namespace

TEST_CASE("a task has a lead, an organiser or one responsible unit", "[graph][rules]") {
    CHECK(ask(base, "RK-01").holds());
    CHECK(ask(base, "RK-01").examined == 3);
    const auto shares = without(base, "edges", "yj,t1");
    CHECK(ask(shares, "RK-01").found ==
          Lines{"warning t1 jt xg xp | jt SHARES t1 xg IMPLEMENTS t1 xp IMPLEMENTS t1"});
    CHECK(ask(with(shares, "edges", "yj,t1,ORGANIZES,\n"), "RK-01").holds());
    CHECK(ask(with(shares, "edges", "yj,t1,RESPONSIBLE,\n"), "RK-01").holds());
    CHECK(ask(with(shares, "edges", "yj,t1,RESPONSIBLE,\ncwd,t1,RESPONSIBLE,\n"), "RK-01").state ==
          RuleState::fails);
    const auto nobody = without(base, "edges", "xy,t3");
    CHECK(ask(nobody, "RK-01").found == Lines{"error t3"});
    // Who only helps or urges is nobody.
    CHECK(ask(with(nobody, "edges", "xy,t3,ASSISTS,\n"), "RK-01").found == Lines{"error t3"});
    // A lead that is gone on the day leads no more.
    CHECK(ask(swap(base, "nodes", "县应急管理局,360924,,,,,,,",
                   "县应急管理局,360924,,,,,,,2026-06-30"),
              "RK-01", "2026-06-30")
              .holds());
    CHECK(ask(swap(base, "nodes", "县应急管理局,360924,,,,,,,",
                   "县应急管理局,360924,,,,,,,2026-06-30"),
              "RK-01", "2026-07-01")
              .found == Lines{"error t3"});
    auto none = base;
    none.erase("tasks");
    none.erase("edges");
    for (const char* rule : {"RK-01", "RK-02", "RK-03", "RK-04", "RK-05", "RK-06", "RK-07", "RK-08",
                             "RK-09", "RK-11"}) {
        INFO(rule);
        CHECK(ask(none, rule).not_assessed());
    }
}

TEST_CASE("a task has one lead, and it is stated", "[graph][rules]") {
    CHECK(ask(base, "RK-02").holds());
    CHECK(ask(with(base, "edges", "jt,t1,LEADS_TASK,stated\n"), "RK-02").found ==
          Lines{"warning t1 jt yj | jt LEADS_TASK t1 yj LEADS_TASK t1"});
    CHECK(ask(base, "RK-03").holds());
    CHECK(ask(swap(base, "edges", "yj,t1,LEADS_TASK,stated", "yj,t1,LEADS_TASK,inferred"), "RK-03")
              .found == Lines{"info t1 yj | yj LEADS_TASK t1"});
}

TEST_CASE("a collective means somebody", "[graph][rules]") {
    CHECK(ask(base, "RK-04").not_assessed());
    const auto texts = with(base, "edges", "all,t2,IMPLEMENTS,\n");
    CHECK(ask(texts, "RK-04").holds());
    CHECK(ask(swap(texts, "nodes", "\"in\":\"3609\"", "\"in\":\"360922\""), "RK-04").found ==
          Lines{"warning t2 all | all IMPLEMENTS t2"});
    CHECK(ask(swap(texts, "nodes", "'{\"kind\":\"dept\",\"in\":\"3609\"}'", ""), "RK-04")
              .found.size() == 1);
    CHECK(ask(swap(texts, "nodes", "\"kind\":\"dept\"", "\"kind\":\"nonsense\""), "RK-04")
              .found.size() == 1);
    // A usual name needs no selector: here the members of the committee that issued the plan.
    const auto members =
        swap(texts, "nodes", "各有关部门,,,,,'{\"kind\":\"dept\",\"in\":\"3609\"}'",
             "市安委会成员单位,,,,,");
    CHECK(!ask(members, "RK-04").holds());
    CHECK(ask(with(members, "edges", "jt,aw,MEMBER_OF,\n"), "RK-04").holds());
}

TEST_CASE("a unit is there on the day of the document, and written without a slip",
          "[graph][rules]") {
    CHECK(ask(base, "RK-05").holds());
    const auto old = with(base, "edges", "aj,t1,ASSISTS,\n");
    CHECK(ask(old, "RK-05").found == Lines{"warning t1 aj | aj ASSISTS t1"});
    const auto known = with(old, "edges", "yj,aj,SUCCEEDS,\n");
    CHECK(ask(known, "RK-05").found == Lines{"warning t1 aj yj | aj ASSISTS t1"});
    CHECK(ask(known, "RK-05").said.at(0).find("在2026-02-01已不存在，现为市应急管理局") !=
          std::string::npos);
    // The last day of the old name is good, the day after is not.
    CHECK(ask(swap(known, "nodes", "2026-02-01,aw", "2019-02-28,aw"), "RK-05").holds());
    CHECK(ask(swap(known, "nodes", "2026-02-01,aw", "2019-03-01,aw"), "RK-05").found.size() == 1);
    CHECK(ask(swap(base, "nodes", "市交通运输局", "市市市场监管局"), "RK-05").found ==
          Lines{"warning t1 jt | jt SHARES t1"});
    CHECK(ask(swap(base, "nodes", "市交通运输局", "市市场监管局"), "RK-05").holds());
    CHECK(ask(swap(base, "nodes", "市交通运输局", "市交通运输局局"), "RK-05").state ==
          RuleState::fails);
}

TEST_CASE("an assignee is below the issuer, or it is led by it", "[graph][rules]") {
    CHECK(ask(base, "RK-06").holds());
    CHECK(ask(base, "RK-06").examined == 3);
    CHECK(ask(with(base, "edges", "cwd,t1,SHARES,\n"), "RK-06").found ==
          Lines{"warning t1 cwd aw | cwd SHARES t1"});
    CHECK(ask(with(base, "edges", "cwd,t1,SHARES,\naw,cwd,GUIDES,\n"), "RK-06").holds());
    CHECK(ask(with(base, "edges", "yj,t3,SHARES,\n"), "RK-06").found ==
          Lines{"warning t3 yj xa | yj SHARES t3"});
    CHECK(ask(swap(base, "nodes", "issuer", "x"), "RK-06").not_assessed());
}

TEST_CASE("the local side is there, party and government", "[graph][rules]") {
    CHECK(ask(base, "RK-07").holds());
    CHECK(ask(without(base, "edges", "xp,t2"), "RK-07").found ==
          Lines{"info t2 xg | xg IMPLEMENTS t2"});
    CHECK(ask(without(without(base, "edges", "xp,t2"), "edges", "xp,t1"), "RK-07").holds());
    CHECK(ask(without(without(base, "edges", "xp,t2"), "edges", "xg,t2"), "RK-07").found ==
          Lines{"info t2 plan"});
}

TEST_CASE("a deadline is a day between the document and the end of its plan", "[graph][rules]") {
    CHECK(ask(base, "RK-08").holds());
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,"), "RK-08").found ==
          Lines{"warning t2"});
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,2026-02-30"), "RK-08").found ==
          Lines{"warning t2"});
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,2026-02-01"), "RK-08").holds());
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,2026-01-31"), "RK-08").found ==
          Lines{"warning t2 plan"});
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,2026-12-31"), "RK-08").holds());
    CHECK(ask(swap(base, "tasks", "plan,2026-10-31", "plan,2027-01-01"), "RK-08").found ==
          Lines{"warning t2 plan"});
    CHECK(ask(swap(base, "tasks", "deadline", "x"), "RK-08").not_assessed());
}

TEST_CASE("a local task is no later and no less than the superior's", "[graph][rules]") {
    CHECK(ask(base, "RK-09").holds());
    CHECK(ask(swap(base, "tasks", "down,2026-06-30", "down,2026-05-31"), "RK-09").holds());
    const auto late = ask(swap(base, "tasks", "down,2026-06-30", "down,2026-07-01"), "RK-09");
    CHECK(late.found == Lines{"error t3 t1 | t3 DERIVES_FROM t1"});
    CHECK(late.said.at(0).find("期限2026-07-01晚于") != std::string::npos);
    CHECK(ask(swap(base, "tasks", "down,2026-06-30,100", "down,2026-06-30,99"), "RK-09").found ==
          Lines{"error t3 t1 | t3 DERIVES_FROM t1"});
    CHECK(ask(swap(base, "tasks", "down,2026-06-30,100", "down,2026-06-30,101"), "RK-09").holds());
    // Other units are not compared, and less is stricter where the register says so.
    CHECK(ask(swap(base, "tasks", "down,2026-06-30,100,%", "down,2026-06-30,99,家"), "RK-09")
              .holds());
    auto less = base;
    less["tasks"] =
        "id,name,unit,target,target_unit,target_op\n"
        "t1,死亡,plan,5,人,<=\nt3,死亡（县）,down,6,人,<=\n";
    CHECK(ask(less, "RK-09").found == Lines{"error t3 t1 | t3 DERIVES_FROM t1"});
    CHECK(ask(swap(less, "tasks", "6,人", "5,人"), "RK-09").partly());  // without deadlines
    // A middle that is silent passes the superior's on; a circle ends.
    auto chain = base;
    chain["tasks"] =
        "id,name,unit,deadline\nt1,a,plan,2026-06-30\nt2,b,plan,\nt3,c,down,2026-07-01\n";
    chain = swap(chain, "edges", "t3,t1,DERIVES", "t3,t2,DERIVES");
    chain["edges"] += "t2,t1,DERIVES_FROM,\nt2,t3,DERIVES_FROM,\n";
    CHECK(ask(chain, "RK-09").found == Lines{"error t3 t1 | t3 DERIVES_FROM t2"});
    CHECK(ask(without(base, "edges", "t3,t1"), "RK-09").not_assessed());
}

TEST_CASE("tasks of the year and duty lists agree", "[graph][rules]") {
    CHECK(ask(base, "RK-11").holds());
    CHECK(ask(base, "RK-11").examined == 2);
    CHECK(ask(without(base, "duties", "d2"), "RK-11").found ==
          Lines{"info t2 yj | yj RESPONSIBLE t2"});
    const auto more = ask(with(base, "duties", "d4,xy,drill\n"), "RK-11");
    CHECK(more.found == Lines{"info xy"});
    CHECK(more.said.at(0).find("有“演练”，2026年没有相应任务") != std::string::npos);
    // Tasks of another year are none of this one's.
    CHECK(ask(base, "RK-11", "2027-01-01").found.size() == 3);
    auto none = base;
    none.erase("duties");
    CHECK(ask(none, "RK-11").not_assessed());
}

TEST_CASE("the order of rows changes no finding of tasks", "[graph][rules]") {
    for (const char* rule : {"RK-01", "RK-02", "RK-03", "RK-04", "RK-05", "RK-06", "RK-07", "RK-08",
                             "RK-09", "RK-11"}) {
        INFO(rule);
        const auto one = ask(base, rule, "2027-01-01"),
                   other = ask(small::backwards(base), rule, "2027-01-01");
        CHECK(one.found == other.found);
        CHECK(one.said == other.said);
        CHECK(one.examined == other.examined);
    }
}

TEST_CASE("what became of a unit is followed through all its successors", "[graph][rules]") {
    // 安监局 → 应急办 (gone as well) → 应急管理局; and a body that was split in two.
    const auto chain =
        with(with(with(base, "nodes", "yb,dept,市应急办,3609,,,,,,2019-03-01,2020-12-31\n"),
                  "edges", "aj,t1,ASSISTS,\n"),
             "edges", "aj,yb,MERGED_INTO,\nyj,yb,SUCCEEDS,\n");
    CHECK(ask(chain, "RK-05").found == Lines{"warning t1 aj yj | aj ASSISTS t1"});
    const auto split = with(chain, "edges", "jt,yb,SPLIT_FROM,\n");
    const auto answer = ask(split, "RK-05");
    CHECK(answer.found == Lines{"warning t1 aj jt yj | aj ASSISTS t1"});
    CHECK(answer.said.at(0).find("由2个单位承接，其一是市交通运输局") != std::string::npos);
    // RS-09 names the same successors: a duty that still involves the first.
    CHECK(ask(with(split, "edges", "aj,3609,COMPREHENSIVE,\n"), "RS-09").found ==
          Lines{"error aj jt yj | aj COMPREHENSIVE 3609"});
    // Lineage that runs in a circle ends.
    CHECK(ask(with(chain, "edges", "yb,aj,MERGED_INTO,\n"), "RK-05").found.size() == 1);
}
