// Tests of the rules RH-01 … RH-07.
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

// h1 is major and open, h2 major and closed, h3 general and closed, h4 found later again.
const small::Texts base = {
    {"divisions", "code,name\n360924,宜丰县\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind\n"
     "yj,dept,县应急管理局,360924,,\n"
     "ga,dept,县公安局,360924,,\n"
     "in,post,执法员,,yj,inspector\n"
     "p1,post,甲厂总经理,,E1,principal\n"
     "zhang,person,张三,,,\n"},
    {"enterprises", "id,name,division,sectors\nE1,甲厂,360924,fireworks\n"},
    {"edges",
     "source,target,kind,sectors\n"
     "yj,360924,REGULATES,fireworks\n"
     "ga,360924,SUPPORTS,fireworks\n"
     "zhang,p1,HOLDS,\n"},
    {"hazards",
     "id,enterprise,name,grade,criterion,found_on,due_on,extended_to,state,stopped,closed_on,"
     "closed_by,verified_by,verified_on,responsible,measures,funds,plan,supervised_by,reported_to\n"
     "h1,E1,超量,major,c1,2025-12-10,2026-03-31,,supervised,,,,,,p1,停产,5万,预案,县政府,yj\n"
     "h2,E1,无证,major,c2,2025-05-01,2025-06-30,,closed,true,2025-06-20,in,,,p1,培训,1万,预案,"
     "县政府,yj\n"
     "h3,E1,标识,general,c3,2025-05-01,2025-06-30,,closed,,2025-05-31,p1,,,p1,补,1万,预案,,\n"},
    {"records",
     "id,subject,action,date,object\n"
     "r1,yj,verification,2025-06-20,h2\n"
     "r2,yj,resumption_acceptance,2025-06-21,E1\n"
     "r3,yj,penalty,2025-05-10,h3\n"
     "r4,p1,rectification,2025-05-31,h3\n"
     "r5,yj,verification,2025-01-02,h1\n"
     "r6,yj,resumption_acceptance,2025-01-02,h1\n"
     "r7,p1,rectification,2025-01-02,h1\n"},
};

}  // namespace

TEST_CASE("an open hazard has its five", "[graph][rules]") {
    CHECK(ask(base, "RH-01").holds());
    CHECK(ask(base, "RH-01").examined == 1);
    const auto answer = ask(swap(base, "hazards", "停产,5万,预案", ",,预案"), "RH-01");
    CHECK(answer.found == Lines{"error h1"});
    CHECK(answer.said.at(0).find("没有落实措施、资金") != std::string::npos);
    CHECK(ask(swap(swap(base, "hazards", "停产,5万,预案", ",,预案"), "hazards", "超量,major",
                   "超量,general"),
              "RH-01")
              .found == Lines{"warning h1"});
    // On the day before it was closed h3 was open, too; before it was found there was none.
    CHECK(ask(base, "RH-01", "2025-05-30").examined == 2);
    CHECK(ask(base, "RH-01", "2025-05-31").examined == 1);
    CHECK(ask(base, "RH-01", "2025-04-30").not_assessed());
    // A column that nobody filled in says nothing; what the others say stands.
    const auto unmeasured = swap(base, "hazards", "measures", "x");
    CHECK(ask(unmeasured, "RH-01").partly());
    CHECK(ask(unmeasured, "RH-01").unjudged == 1);
    const auto half = ask(swap(unmeasured, "hazards", "停产,5万,预案", "停产,,预案"), "RH-01");
    CHECK(half.found == Lines{"error h1"});
    CHECK(half.said.at(0).find("没有落实资金") != std::string::npos);
    auto none = base;
    none.erase("hazards");
    for (const char* rule : {"RH-01", "RH-02", "RH-03", "RH-04", "RH-05", "RH-06", "RH-07"}) {
        INFO(rule);
        CHECK(ask(none, rule).not_assessed());
    }
}

TEST_CASE("a major hazard is reported to its regulator, registered and supervised",
          "[graph][rules]") {
    CHECK(ask(base, "RH-02").holds());
    CHECK(ask(base, "RH-02").examined == 2);
    CHECK(ask(swap(base, "hazards", "5万,预案,县政府,yj", "5万,预案,县政府,"), "RH-02")
              .found.size() == 1);
    CHECK(ask(swap(base, "hazards", "5万,预案,县政府,yj", "5万,预案,,yj"), "RH-02").found ==
          Lines{"error h1"});
    CHECK(ask(swap(base, "hazards", "supervised,,", "reported,,"), "RH-02").found ==
          Lines{"error h1"});
    CHECK(ask(swap(base, "hazards", "5万,预案,县政府,yj", "5万,预案,县政府,ga"), "RH-02")
              .found.at(0) == "error h1 ga");
    // A department may be named instead of numbered; a post speaks for its department.
    CHECK(ask(swap(base, "hazards", "县政府,yj", "县政府,县应急管理局"), "RH-02").holds());
    CHECK(ask(swap(base, "hazards", "县政府,yj", "县政府,in"), "RH-02").holds());
    CHECK(ask(base, "RH-02", "2025-12-10").examined == 2);
    CHECK(ask(base, "RH-02", "2025-12-09").examined == 1);
    const auto unsupervised = swap(base, "hazards", ",supervised_by", ",x");
    CHECK(ask(unsupervised, "RH-02").partly());
    CHECK(ask(unsupervised, "RH-02").unjudged == 2);
    CHECK(ask(swap(unsupervised, "hazards", "5万,预案,县政府,yj", "5万,预案,县政府,ga"), "RH-02")
              .found.at(0) == "error h1 ga");
}

TEST_CASE("a regulator closes a major hazard, after it was verified", "[graph][rules]") {
    CHECK(ask(base, "RH-03").holds());
    CHECK(ask(base, "RH-03").examined == 1);
    CHECK(ask(swap(base, "hazards", "2025-06-20,in", "2025-06-20,p1"), "RH-03").found ==
          Lines{"error h2 p1 | p1 CLOSES h2"});
    CHECK(ask(swap(base, "hazards", "2025-06-20,in", "2025-06-20,zhang"), "RH-03").found ==
          Lines{"error h2 zhang | zhang CLOSES h2"});
    CHECK(ask(swap(base, "hazards", "2025-06-20,in", "2025-06-20,ga"), "RH-03").found ==
          Lines{"error h2 ga | ga CLOSES h2"});
    CHECK(ask(swap(base, "hazards", "2025-06-20,in", "2025-06-20,"), "RH-03").found ==
          Lines{"error h2"});
    CHECK(ask(swap(base, "hazards", "2025-06-20,in", "2025-06-20,某局"), "RH-03")
              .said.at(0)
              .find("由“某局”销号") != std::string::npos);
    CHECK(ask(without(base, "records", "r1"), "RH-03").found == Lines{"error h2"});
    const auto late = ask(swap(base, "records", "2025-06-20,h2", "2025-06-21,h2"), "RH-03");
    CHECK(late.found == Lines{"error h2"});
    CHECK(late.said.at(0).find("2025-06-21才核查") != std::string::npos);
    CHECK(ask(swap(without(base, "records", "r1"), "hazards", "2025-06-20,in,,",
                   "2025-06-20,in,yj,2025-06-19"),
              "RH-03")
              .holds());
    CHECK(ask(base, "RH-03", "2025-06-19").not_assessed());  // not yet closed
    // Nobody said anything of verification: who closed it can be judged, that cannot.
    auto bare = base;
    bare.erase("records");
    CHECK(ask(bare, "RH-03").partly());
    CHECK(ask(swap(bare, "hazards", "2025-06-20,in", "2025-06-20,p1"), "RH-03").found ==
          Lines{"error h2 p1 | p1 CLOSES h2"});
}

TEST_CASE("what a unit did before it was dissolved stays done", "[graph][rules]") {
    auto later = swap(base, "nodes", "id,kind,name,division,unit,post_kind\n",
                      "id,kind,name,division,unit,post_kind,valid_to\n");
    later = swap(later, "nodes", "yj,dept,县应急管理局,360924,,\n",
                 "yj,dept,县应急管理局,360924,,,2025-12-31\n");
    CHECK(ask(later, "RH-02").holds());
    const auto closed =
        swap(later, "hazards", "closed,true,2025-06-20,in,", "closed,true,2025-06-20,yj,");
    CHECK(ask(closed, "RH-03").holds());
    // An enterprise that is gone was no regulator either.
    CHECK(!ask(swap(base, "hazards", "预案,县政府,yj", "预案,县政府,nobody"), "RH-02").holds());
}

TEST_CASE("a hazard is overdue from the day after its last day", "[graph][rules]") {
    CHECK(ask(base, "RH-04", "2026-03-31").holds());
    const auto late = ask(base, "RH-04", "2026-04-01");
    CHECK(late.found == Lines{"error h1"});
    CHECK(late.said.at(0).find("应在2026-03-31前整改，已超期1天") != std::string::npos);
    const auto extended = swap(base, "hazards", "2026-03-31,,", "2026-03-31,2026-04-30,");
    CHECK(ask(extended, "RH-04", "2026-04-30").holds());
    CHECK(ask(extended, "RH-04", "2026-05-01").found == Lines{"error h1"});
    CHECK(ask(swap(base, "hazards", "due_on", "x"), "RH-04").not_assessed());
}

TEST_CASE("a penalty alone closes nothing", "[graph][rules]") {
    CHECK(ask(base, "RH-05").holds());
    CHECK(ask(without(base, "records", "r4"), "RH-05").found == Lines{"warning h3"});
    CHECK(ask(without(without(base, "records", "r4"), "records", "r3"), "RH-05").holds());
    CHECK(ask(base, "RH-05", "2025-05-31").holds());
    CHECK(ask(base, "RH-05", "2025-05-30").not_assessed());
    auto none = base;
    none.erase("records");
    CHECK(ask(none, "RH-05").not_assessed());
    CHECK(ask(none, "RH-07").not_assessed());
}

TEST_CASE("nobody is blamed for what no record of hazards tells by the day", "[graph][rules]") {
    // Those of other hazards show that such records were kept from 2 January 2025 on.
    struct One {
        const char *rule, *own, *other, *action;
    };
    for (const One& one : {One{"RH-05", "r4", "r7", "整改"}, One{"RH-07", "r2", "r6", "复工"}}) {
        CAPTURE(one.rule);
        const auto lacking = without(base, "records", one.own);
        CHECK(ask(lacking, one.rule).state == RuleState::fails);
        const auto never = ask(without(lacking, "records", one.other), one.rule);
        CHECK(never.not_assessed());
        CHECK(never.reason.find(one.action) != std::string::npos);
        CHECK(ask(swap(lacking, "records", "2025-01-02", "2026-01-01"), one.rule).state ==
              RuleState::fails);
        const auto later = ask(swap(lacking, "records", "2025-01-02", "2026-01-02"), one.rule);
        CHECK(later.not_assessed());
        CHECK(later.reason.find("2026-01-02") != std::string::npos);
    }
    const auto unverified = without(without(base, "records", "r1"), "records", "r5");
    CHECK(ask(unverified, "RH-03").partly());
}

TEST_CASE("a hazard comes back within twelve months, or is a new one", "[graph][rules]") {
    CHECK(ask(base, "RH-06").holds());
    const auto again = [&](const std::string& day) {
        return with(base, "hazards", "h4,E1,标识,general,c3," + day + ",,,found,,,,,,,,,,,\n");
    };
    const auto answer = ask(again("2026-05-31"), "RH-06", "2026-12-31");
    CHECK(answer.found == Lines{"warning h4 h3"});
    CHECK(answer.said.at(0).find("2025-05-31销号后又在2026-05-31出现") != std::string::npos);
    CHECK(ask(again("2026-06-01"), "RH-06", "2026-12-31").holds());
    CHECK(ask(again("2025-05-31"), "RH-06").state == RuleState::fails);  // the same day
    CHECK(ask(again("2025-05-30"), "RH-06").holds());                    // while it was open
    CHECK(ask(again("2026-05-31"), "RH-06", "2026-05-30").holds());      // not yet found
    CHECK(
        ask(swap(again("2026-05-31"), "hazards", "h4,E1,标识,general,c3", "h4,E1,标识,general,c9"),
            "RH-06", "2026-12-31")
            .holds());
    CHECK(ask(swap(base, "hazards", "criterion", "x"), "RH-06").not_assessed());
}

TEST_CASE("what was stopped is accepted before it runs again", "[graph][rules]") {
    CHECK(ask(base, "RH-07").holds());
    CHECK(ask(base, "RH-07").examined == 1);
    CHECK(ask(without(base, "records", "r2"), "RH-07").found == Lines{"error h2"});
    CHECK(ask(swap(base, "records", "2025-06-21,E1", "2025-06-21,h2"), "RH-07").holds());
    // An acceptance from before the hazard was found is of another stop.
    CHECK(ask(swap(base, "records", "2025-06-21,E1", "2025-04-30,E1"), "RH-07").found ==
          Lines{"error h2"});
    CHECK(ask(base, "RH-07", "2025-06-20").found == Lines{"error h2"});
    CHECK(ask(base, "RH-07", "2025-06-21").holds());
    CHECK(ask(swap(base, "hazards", "stopped", "x"), "RH-07").not_assessed());
}

TEST_CASE("the order of rows changes no finding of hazards", "[graph][rules]") {
    for (const char* rule : {"RH-01", "RH-02", "RH-03", "RH-04", "RH-05", "RH-06", "RH-07"}) {
        INFO(rule);
        const auto one = ask(base, rule, "2026-07-05"),
                   other = ask(small::backwards(base), rule, "2026-07-05");
        CHECK(one.found == other.found);
        CHECK(one.said == other.said);
        CHECK(one.examined == other.examined);
    }
}
