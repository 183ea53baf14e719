// Tests of the rules RD-05, RD-08, RD-10 … RD-14.
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

const small::Texts county = {
    {"divisions", "code,name\n360924,宜丰县\n360924100,新昌镇\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,power_list\n"
     "gov,government,宜丰县政府,360924,,,\n"
     "yj,dept,县应急管理局,360924,,,是\n"
     "sp,dept,县行政审批局,360924,,,\n"
     "zj,dept,县住房和城乡建设局,360924,,,是\n"
     "head,post,审批局局长,,sp,dept_principal,\n"
     "zhang,person,张三,,,,\n"
     "grp,group,宜丰城投集团,360924,,,\n"},
    {"enterprises",
     "id,name,division,sectors,inspection_cap\n"
     "E1,甲厂,360924100,fireworks,2\n"
     "E2,乙厂,360924,fireworks,\n"},
    {"edges",
     "source,target,kind,sectors,duty,enforce,valid_to,document,handed_over_to\n"
     "yj,360924,REGULATES,fireworks,,true,,三定方案,\n"
     "zj,360924,REGULATES,housing,,true,,三定方案,\n"
     "sp,E1,PERMITS,,,,2026-06-30,,yj\n"
     "sp,E2,MANAGES_BUSINESS,,,,,,\n"
     "head,360924,SAFETY_DUTY,,portfolio,,2026-06-30,,\n"
     "zhang,head,HOLDS,,,,,,\n"},
};

}  // namespace

TEST_CASE("who manages a business has a safety duty that covers it", "[graph][rules]") {
    CHECK(ask(county, "RD-05").holds());
    CHECK(ask(county, "RD-05", "2026-06-30").holds());
    CHECK(ask(county, "RD-05", "2026-07-01").found ==
          Lines{"warning sp E2 | sp MANAGES_BUSINESS E2"});
    const auto bare = without(county, "edges", "head,");
    CHECK(ask(with(bare, "edges", "head,E1,SAFETY_DUTY,,,,,,\n"), "RD-05").state ==
          RuleState::fails);
    CHECK(ask(with(bare, "edges", "head,E2,SAFETY_DUTY,,,,,,\n"), "RD-05").holds());
    CHECK(ask(with(bare, "edges", "head,sp,SAFETY_DUTY,,,,,,\n"), "RD-05").holds());
    CHECK(ask(with(bare, "edges", "head,360924100,SAFETY_DUTY,,,,,,\n"), "RD-05").state ==
          RuleState::fails);
    // A duty of other sectors than the business is none of it.
    const auto mines = swap(bare, "edges", "MANAGES_BUSINESS,", "MANAGES_BUSINESS,fireworks");
    CHECK(ask(with(mines, "edges", "head,360924,SAFETY_DUTY,mine,,,,,\n"), "RD-05").state ==
          RuleState::fails);
    CHECK(ask(with(mines, "edges", "head,360924,SAFETY_DUTY,fireworks,,,,,\n"), "RD-05").holds());
    CHECK(ask(without(county, "edges", "sp,E2"), "RD-05").not_assessed());
}

TEST_CASE("regulators cite a document and publish their powers", "[graph][rules]") {
    CHECK(ask(county, "RD-08").holds());
    CHECK(ask(county, "RD-08").examined == 2);
    CHECK(ask(swap(county, "edges", "housing,,true,,三定方案", "housing,,true,,"), "RD-08").found ==
          Lines{"warning zj | zj REGULATES 360924"});
    const auto unlisted =
        swap(county, "nodes", "住房和城乡建设局,360924,,,是", "住房和城乡建设局,360924,,,");
    CHECK(ask(unlisted, "RD-08").found == Lines{"warning zj"});
    auto recorded = unlisted;
    recorded["records"] = "id,subject,action,date\nr1,zj,publish_power_list,2025-12-31\n";
    CHECK(ask(recorded, "RD-08", "2025-12-31").holds());
    CHECK(ask(recorded, "RD-08", "2025-12-30").found == Lines{"warning zj"});
    auto nowhere = swap(county, "nodes", "power_list", "remark");
    CHECK(ask(nowhere, "RD-08").partly());
    CHECK_FALSE(ask(nowhere, "RD-08").reason.empty());  // half of it, and it says so
    auto undocumented = county;
    undocumented["edges"] = "source,target,kind,sectors\nyj,360924,REGULATES,fireworks\n";
    CHECK(ask(undocumented, "RD-08").not_assessed());
}

TEST_CASE("who permits supervises, or hands over to somebody who does", "[graph][rules]") {
    CHECK(ask(county, "RD-10").holds());
    const auto two = with(county, "edges", "zj,E2,PERMITS,,,,,,yj\n");
    CHECK(ask(two, "RD-10").holds());
    CHECK(ask(swap(two, "edges", "2026-06-30,,yj", "2026-06-30,,"), "RD-10").found ==
          Lines{"error E1 sp | sp PERMITS E1"});
    // A column that nobody filled in says nothing.
    CHECK(ask(swap(county, "edges", ",,yj", ",,"), "RD-10").not_assessed());
    CHECK(ask(swap(county, "edges", ",,yj", ",,"), "RD-10", "2026-07-01").not_assessed());
    CHECK(ask(swap(county, "edges", ",,yj", ",,zj"), "RD-10").found ==
          Lines{"error E1 sp zj | sp PERMITS E1"});
    const auto unknown = ask(swap(county, "edges", ",,yj", ",,market"), "RD-10");
    CHECK(unknown.found == Lines{"error E1 sp | sp PERMITS E1"});
    CHECK(unknown.said.at(0).find("“market”") != std::string::npos);
    CHECK(ask(swap(county, "edges", "sp,E1,PERMITS", "yj,E1,PERMITS"), "RD-10").holds());
    CHECK(
        ask(with(swap(county, "edges", ",,yj", ",,"), "edges", "sp,E1,REGULATES,,,,,,\n"), "RD-10")
            .holds());
    auto none = county;
    none.erase("edges");
    CHECK(ask(none, "RD-10").not_assessed());
}

TEST_CASE("two units do not inspect the same thing within thirty days", "[graph][rules]") {
    auto texts = county;
    texts["records"] =
        "id,subject,action,date,object,values\n"
        "r1,yj,inspection,2026-03-01,E1,'{\"matter\":\"动火\"}'\n"
        "r2,zj,inspection,2026-03-31,E1,'{\"matter\":\"动火\"}'\n";
    const auto answer = ask(texts, "RD-11", "2026-04-01");
    CHECK(answer.found == Lines{"warning E1 yj zj"});
    CHECK(answer.said.at(0).find("2026-03-01至2026-03-31") != std::string::npos);
    CHECK(ask(texts, "RD-11", "2026-03-30").holds());  // the second is still to come
    CHECK(ask(swap(texts, "records", "03-31", "04-01"), "RD-11", "2026-04-01").holds());
    CHECK(ask(swap(texts, "records", "r2,zj", "r2,yj"), "RD-11", "2026-04-01").holds());
    CHECK(ask(swap(texts, "records", "r2,zj,inspection,2026-03-31,E1,'{\"matter\":\"动火\"",
                   "r2,zj,inspection,2026-03-31,E1,'{\"matter\":\"粉尘\""),
              "RD-11", "2026-04-01")
              .holds());
    CHECK(ask(swap(texts, "records", "\"}'", "\",\"joint\":\"联合1\"}'"), "RD-11", "2026-04-01")
              .holds());
    CHECK(ask(swap(swap(texts, "records", "\"}'", "\",\"joint\":\"联合1\"}'"), "records",
                   "2026-03-31,E1,'{\"matter\":\"动火\",\"joint\":\"联合1\"",
                   "2026-03-31,E1,'{\"matter\":\"动火\",\"joint\":\"联合2\""),
              "RD-11", "2026-04-01")
              .found == Lines{"warning E1 yj zj"});
    auto none = county;
    CHECK(ask(none, "RD-11").not_assessed());
    none["records"] = "id,subject,action,date\nr1,yj,meeting,2026-03-01\n";
    CHECK(ask(none, "RD-11").not_assessed());
}

TEST_CASE("visits of a year stay within the cap, exempt kinds and joint ones apart",
          "[graph][rules]") {
    auto texts = county;
    texts["records"] =
        "id,subject,action,date,object,values\n"
        "r1,yj,inspection,2026-01-05,E1,\n"
        "r2,yj,inspection,2026-04-05,E1,\n"
        "r3,yj,inspection,2026-07-05,E1,'{\"kind\":\"x\"}'\n";
    // Visits whose matter nobody wrote cannot be compared.
    CHECK(ask(texts, "RD-11", "2026-07-04").partly());
    const auto answer = ask(texts, "RD-11", "2026-07-05");
    CHECK(answer.found == Lines{"warning E1"});
    CHECK(answer.said.at(0).find("在2026年被检查3次，上限2次") != std::string::npos);
    CHECK(ask(swap(texts, "records", "\"x\"", "\"recheck\""), "RD-11", "2026-07-05").partly());
    CHECK(ask(swap(texts, "records", "2026-01-05", "2025-12-31"), "RD-11", "2026-07-05").partly());
}

TEST_CASE("an enterprise is enforced upon by one level", "[graph][rules]") {
    CHECK(ask(county, "RD-12").holds());
    auto texts = with(county, "nodes", "city,dept,市应急管理局,3609,,,\n");
    texts["edges"] += "city,3609,REGULATES,fireworks,,true,2026-06-30,市三定,\n";
    const auto answer = ask(texts, "RD-12");
    REQUIRE(answer.found.size() == 2);
    CHECK(answer.found[0] == "warning E1 city yj | city REGULATES 3609 yj REGULATES 360924");
    CHECK(ask(texts, "RD-12", "2026-06-30").found.size() == 2);
    CHECK(ask(texts, "RD-12", "2026-07-01").holds());
    CHECK(ask(swap(texts, "edges", "fireworks,,true,2026-06-30", "mine,,true,2026-06-30"), "RD-12")
              .holds());
    CHECK(ask(swap(texts, "edges", "true,2026-06-30", ",2026-06-30"), "RD-12").holds());
    CHECK(ask(swap(county, "edges", "enforce", "x"), "RD-12").not_assessed());
}

TEST_CASE("lists of regulators and of territories name the same enterprises", "[graph][rules]") {
    CHECK(ask(county, "RD-13").not_assessed());
    auto texts = with(county, "edges",
                      "yj,E1,REGULATES,,,,,三定方案,\nyj,E2,REGULATES,,,,2026-06-30,三定方案,\n"
                      "gov,E1,TERRITORIAL,,,,2026-03-31,,\ngov,E2,TERRITORIAL,,,,,,\n");
    CHECK(ask(texts, "RD-13").holds());
    CHECK(ask(texts, "RD-13").examined == 2);
    CHECK(ask(texts, "RD-13", "2026-03-31").holds());
    CHECK(ask(texts, "RD-13", "2026-04-01").found == Lines{"warning E1 yj | yj REGULATES E1"});
    CHECK(ask(texts, "RD-13", "2026-07-01").found ==
          Lines{"warning E1 yj | yj REGULATES E1", "warning E2 gov | gov TERRITORIAL E2"});
}

TEST_CASE("an enterprise of a supervisor has another supervisor, too", "[graph][rules]") {
    auto texts = with(county, "edges", "E1,grp,OWNED_BY,,,,,,\nyj,grp,LEADS,,,,2026-06-30,,\n");
    CHECK(ask(texts, "RD-14").found == Lines{"warning E1 yj | yj REGULATES 360924"});
    CHECK(ask(texts, "RD-14", "2026-06-30").state == RuleState::fails);
    CHECK(ask(texts, "RD-14", "2026-07-01").holds());
    CHECK(ask(with(texts, "edges", "zj,E1,REGULATES,,,,,三定方案,\n"), "RD-14").holds());
    // What leads the supervisor does not operate its enterprises; the group of a circle ends.
    CHECK(ask(swap(texts, "edges", "yj,grp,LEADS", "gov,yj,LEADS"), "RD-14").holds());
    CHECK(ask(with(texts, "edges", "grp,E1,OWNED_BY,,,,,,\n"), "RD-14").found.size() == 1);
    CHECK(ask(county, "RD-14").not_assessed());
}

TEST_CASE("who owns an enterprise supervises no link of it alone", "[graph][rules]") {
    const small::Texts gas = {
        {"divisions", "code,name\n360924,宜丰县\n"},
        {"nodes",
         "id,kind,name,division\ngov,government,县政府,360924\nzj,dept,县住建局,360924\n"
         "sj,dept,县市场监管局,360924\nyj,dept,县应急管理局,360924\n"},
        {"enterprises", "id,name,division,sectors,links\nE1,甲燃气,360924,city_gas,trade;use\n"},
        {"edges",
         "source,target,kind,sectors,links\nE1,zj,OWNED_BY,,\nzj,360924,REGULATES,city_gas,trade\n"
         "zj,360924,REGULATES,city_gas,transport\nsj,360924,REGULATES,city_gas,use\n"},
    };
    // Somebody from outside has the use, but nobody but the owner the storage.
    const auto answer = ask(gas, "RD-14");
    CHECK(answer.found == Lines{"warning E1 zj | zj REGULATES 360924"});
    CHECK(answer.said.at(0).find("甲燃气（E1）的城镇燃气在环节“经营”只由其所有者或经营者") == 0);
    CHECK(ask(with(gas, "edges", "yj,360924,REGULATES,city_gas,trade\n"), "RD-14").holds());
    CHECK(ask(with(gas, "edges", "yj,360924,REGULATES,city_gas,\n"), "RD-14").holds());
    // A link that the enterprise has not is no matter: neither of its owner nor of others.
    CHECK(
        ask(with(gas, "edges", "yj,360924,REGULATES,city_gas,transport\n"), "RD-14").found.size() ==
        1);
    CHECK(ask(swap(gas, "enterprises", "trade;use", "use"), "RD-14").holds());
    // Nobody from outside at all.
    CHECK(ask(without(gas, "edges", "sj,"), "RD-14").found ==
          Lines{"warning E1 zj | zj REGULATES 360924"});
    CHECK(ask(without(gas, "edges", "E1,zj"), "RD-14").not_assessed());
}
