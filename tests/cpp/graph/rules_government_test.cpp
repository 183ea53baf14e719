// Tests of the rules RG.
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

// A county whole in what RG asks: party and government, committees, departments and their leaders.
const small::Texts county = {
    {"divisions", "code,name\n360924,宜丰县\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,sectors,standing_committee,function,valid_from,valid_to,"
     "mode\n"
     "party,party_committee,县委,360924,,,,,,,,\n"
     "gov,government,县政府,360924,,,,,,,,\n"
     "secretary,post,县委书记,,party,party_principal,,,,,,\n"
     "mayor,post,县长,,gov,gov_principal,,,,,,\n"
     "deputy,post,常务副县长,,gov,safety_deputy,,true,,,,\n"
     "second,post,副县长,,gov,portfolio_deputy,,,,,,\n"
     "zhang,person,张三,,,,,,,,,\n"
     "li,person,李四,,,,,,,,,\n"
     "wang,person,王五,,,,,,,,,\n"
     "zhao,person,赵六,,,,,,,,,\n"
     "yj,dept,县应急管理局,360924,,,,,,,,\n"
     "zj,dept,县住建局,360924,,,,,housing,,,\n"
     "aw,safety_committee,县安委会,360924,,,,,,,,\n"
     "ab,safety_office,县安委办,360924,,,,,,,,\n"
     "zw,special_committee,建筑施工专委会,360924,,,construction,,,,,\n"},
    {"enterprises", "id,name,division,sectors\nE1,甲建筑,360924,construction\n"},
    {"edges",
     "source,target,kind,duty,sectors,role,valid_from,valid_to\n"
     "zhang,secretary,HOLDS,,,,2024-01-01,\n"
     "li,mayor,HOLDS,,,,2024-01-01,2026-02-28\n"
     "wang,deputy,HOLDS,,,,2024-01-01,\n"
     "zhao,second,HOLDS,,,,2024-01-01,\n"
     "secretary,360924,SAFETY_DUTY,first,,,,\n"
     "mayor,360924,SAFETY_DUTY,first,,,,\n"
     "deputy,360924,SAFETY_DUTY,in_charge,,,,\n"
     "deputy,yj,IN_CHARGE_OF,,,,,\n"
     "second,zj,IN_CHARGE_OF,,,,,\n"
     "second,zj,SAFETY_DUTY,portfolio,,,,\n"
     "mayor,aw,CHAIRS,,,,,\n"
     "deputy,aw,CHAIRS,,,deputy,,\n"
     "yj,ab,HOSTS_OFFICE,,,,,\n"
     "second,zw,CHAIRS,,,,,\n"
     "zj,zw,HOSTS_OFFICE,,,,,\n"
     "zj,zw,MEMBER_OF,,,,,\n"
     "yj,zw,MEMBER_OF,,,,,\n"},
    {"records",
     "id,subject,action,date\n"
     "r1,secretary,duty_list,2023-03-01\nr2,mayor,duty_list,2023-03-01\n"
     "r3,deputy,duty_list,2023-03-01\nr4,second,duty_list,2026-01-01\n"
     "r5,secretary,annual_task_list,2026-03-30\nr6,mayor,annual_task_list,2026-03-30\n"
     "r7,deputy,annual_task_list,2026-03-30\nr8,second,annual_task_list,2026-03-30\n"},
};

small::Texts only_nodes() {
    return {{"nodes", "id,kind,name\nE1,enterprise,甲厂\n"}};
}

}  // namespace

TEST_CASE("each rule of leadership holds in a whole county and says why it is not asked without",
          "[graph][rules]") {
    for (const char* rule : {"RG-01", "RG-02", "RG-03", "RG-04", "RG-05", "RG-06", "RG-07", "RG-08",
                             "RG-09", "RG-10"}) {
        CAPTURE(rule, ask(county, rule, "2026-02-28"));
        CHECK(ask(county, rule, "2026-02-28").holds());
        CHECK(ask(only_nodes(), rule).not_assessed());
    }
}

TEST_CASE("party and government both have a principal in office with the first duty",
          "[graph][rules]") {
    CHECK(ask(county, "RG-01", "2026-02-28").examined == 1);
    // The mayor's term ends on the 28th.
    const auto vacant = ask(county, "RG-01", "2026-03-01");
    CHECK(vacant.found == Lines{"error 360924 mayor"});
    CHECK(vacant.said.at(0) ==
          "宜丰县（360924）的政府主要负责人县长（mayor）无人在任（RG-01，依据"
          "地方党政领导干部安全生产责任制规定（厅字〔2018〕13号）第四条）。");
    CHECK(ask(without(county, "nodes", "secretary"), "RG-01").found == Lines{"error 360924"});
    CHECK(ask(without(county, "nodes", "party,"), "RG-01").found == Lines{"error 360924"});
    // A duty of another kind, or for elsewhere, is not the first duty for the county.
    CHECK(ask(swap(county, "edges", "mayor,360924,SAFETY_DUTY,first",
                   "mayor,360924,SAFETY_DUTY,"
                   "portfolio"),
              "RG-01")
              .found == Lines{"error 360924 mayor"});
    CHECK(
        ask(swap(county, "edges", "mayor,360924,SAFETY_DUTY", "mayor,360923,SAFETY_DUTY"), "RG-01")
            .found == Lines{"error 360924 mayor"});
    CHECK(ask(swap(county, "edges", "mayor,360924,SAFETY_DUTY", "mayor,gov,SAFETY_DUTY"), "RG-01")
              .holds());
    // One person in both posts is worth knowing and no error.
    CHECK(ask(swap(county, "edges", "li,mayor", "zhang,mayor"), "RG-01", "2026-01-01").found ==
          Lines{"info 360924 secretary mayor zhang | zhang HOLDS secretary zhang HOLDS mayor"});
    // The text is in force from 8 April 2018.
    CHECK(ask(county, "RG-01", "2018-04-07").not_assessed());
    // Where nobody writes duties, who is in office is asked all the same.
    const auto unwritten = swap(county, "edges", ",duty,", ",remark,");
    CHECK(ask(unwritten, "RG-01", "2026-02-28").partly());
    CHECK(ask(unwritten, "RG-01", "2026-02-28").unjudged == 1);
    CHECK(ask(unwritten, "RG-01", "2026-03-01").found == Lines{"error 360924 mayor"});
    CHECK(ask(county, "RG-01", "2018-04-08").state == RuleState::fails);
    // A step of the code is no region that anybody leads.
    const auto city = with(county, "divisions", "110000,北京市\n110100,市辖区\n");
    CHECK(ask(with(city, "nodes", "bj,government,北京市政府,110000,,,,,,,,\n"), "RG-01").found ==
          Lines{"error 11", "error 11"});
}

TEST_CASE("a zone needs both principals as well", "[graph][rules]") {
    const auto zone = with(county, "nodes", "Z,zone,工业园区,360924,,,,,,,,\n");
    CHECK(ask(zone, "RG-01").found == Lines{"error Z", "error Z"});
    CHECK(ask(zone, "RG-02").found == Lines{"warning Z"});
    CHECK(ask(zone, "RG-03").holds());
}

TEST_CASE("the government principal chairs the one safety committee", "[graph][rules]") {
    CHECK(ask(without(county, "nodes", "aw,"), "RG-02").found == Lines{"error 360924"});
    CHECK(ask(without(county, "edges", "mayor,aw"), "RG-02").found == Lines{"error 360924 aw"});
    // A deputy director does not count, whoever he is.
    CHECK(ask(swap(county, "edges", "mayor,aw,CHAIRS,,,", "mayor,aw,CHAIRS,,,deputy"), "RG-02")
              .found == Lines{"error 360924 aw"});
    CHECK(ask(swap(county, "edges", "mayor,aw,CHAIRS,,,", "mayor,aw,CHAIRS,,,chair"), "RG-02")
              .holds());
    CHECK(
        ask(with(county, "nodes", "a2,safety_committee,另一个,360924,,,,,,,,\n"), "RG-02").found ==
        Lines{"error 360924 a2 aw"});
    // With two chairs the party principal is the other; a committee of an enterprise is none.
    const auto dual =
        swap(county, "nodes", "县安委会,360924,,,,,,,,", "县安委会,360924,,,,,,,,dual");
    CHECK(ask(dual, "RG-02").found == Lines{"error 360924 aw"});
    CHECK(ask(with(dual, "edges", "secretary,aw,CHAIRS,,,,,\n"), "RG-02").holds());
    CHECK(ask(with(county, "nodes", "a3,safety_committee,甲建筑安委会,360924,E1,,,,,,,\n"), "RG-02")
              .holds());
}

TEST_CASE("one deputy is in charge of safety and of the standing committee", "[graph][rules]") {
    CHECK(ask(without(county, "nodes", "deputy"), "RG-03").found == Lines{"warning 360924"});
    CHECK(ask(with(county, "nodes", "d2,post,副县长,,gov,safety_deputy,,true,,,,\n"), "RG-03")
              .found == Lines{"warning 360924 d2 deputy"});
    const auto plain = swap(county, "nodes", "safety_deputy,,true", "safety_deputy,,false");
    CHECK(ask(plain, "RG-03").found == Lines{"warning 360924 deputy"});
    // Where nobody says who is of the standing committee that half is not asked.
    auto unsaid = swap(county, "nodes", "standing_committee", "remark");
    const auto answer = ask(unsaid, "RG-03");
    CHECK(answer.state == RuleState::partly);
    CHECK(answer.unjudged == 1);
    CHECK(answer.reason.find("党委常委") != std::string::npos);
}

TEST_CASE("whoever is in charge of something has a safety duty at least as wide",
          "[graph][rules]") {
    CHECK(ask(county, "RG-04").examined == 2);
    const auto bare = without(county, "edges", "second,zj,SAFETY_DUTY");
    CHECK(ask(bare, "RG-04").found == Lines{"error second zj | second IN_CHARGE_OF zj"});
    // By the unit that leads it, by a place, not by another department.
    CHECK(ask(with(bare, "edges", "gov,zj,LEADS,,,,,\nsecond,gov,SAFETY_DUTY,portfolio,,,,\n"),
              "RG-04")
              .holds());
    CHECK(ask(with(bare, "edges", "second,360924,SAFETY_DUTY,portfolio,,,,\n"), "RG-04").holds());
    CHECK(ask(with(bare, "edges", "second,yj,SAFETY_DUTY,portfolio,,,,\n"), "RG-04").found.size() ==
          1);
    // Sectors: all of them, or one above in the tree.
    const auto sectors = [&](const std::string& duty) {
        return ask(with(bare, "edges",
                        "second,360924,SAFETY_DUTY,portfolio," + duty +
                            ",,,\nsecond,360924,BUSINESS_DUTY,,construction;fireworks,,,\n"
                            "second,zj,SAFETY_DUTY,portfolio,,,,\n"),
                   "RG-04")
            .found;
    };
    CHECK(sectors("construction;fireworks").empty());
    CHECK(sectors("").empty());
    CHECK(sectors("construction") == Lines{"error second 360924 | second BUSINESS_DUTY 360924"});
    // A duty until the day before leaves a gap from that day on.
    const auto ended = swap(county, "edges", "second,zj,SAFETY_DUTY,portfolio,,,,",
                            "second,zj,SAFETY_DUTY,portfolio,,,,2026-01-31");
    CHECK(ask(ended, "RG-04", "2026-01-31").holds());
    CHECK(ask(ended, "RG-04", "2026-02-01").found.size() == 1);
    // Circles and self-loops of leading are walked once.
    CHECK(ask(with(bare, "edges",
                   "zj,yj,LEADS,,,,,\nyj,zj,LEADS,,,,,\nzj,zj,LEADS,,,,,\n"
                   "second,gov,SAFETY_DUTY,portfolio,,,,\n"),
              "RG-04")
              .found.size() == 1);
}

TEST_CASE("each department has one leader", "[graph][rules]") {
    CHECK(ask(without(county, "edges", "second,zj,IN_CHARGE_OF"), "RG-05").found ==
          Lines{"error zj"});
    CHECK(ask(with(county, "edges", "mayor,zj,IN_CHARGE_OF,,,,,\n"), "RG-05").found ==
          Lines{"warning zj mayor second | mayor IN_CHARGE_OF zj second IN_CHARGE_OF zj"});
    // Twice by one leader is one leader; what answers to its superior alone has none.
    CHECK(ask(with(county, "edges", "second,zj,IN_CHARGE_OF,,fireworks,,,\n"), "RG-05").holds());
    CHECK(ask(with(county, "nodes", "qx,dept,县气象局,360924,,,,,,,,\n"), "RG-05").holds());
    CHECK(ask(with(county, "nodes", "aqk,dept,安全科,360924,E1,,,,,,,\n"), "RG-05").holds());
}

TEST_CASE("duty lists are asked always, annual lists from the due day on", "[graph][rules]") {
    CHECK(ask(county, "RG-06", "2026-02-28").holds());
    CHECK(ask(county, "RG-06", "2026-02-28").reason.find("2026-03-31") != std::string::npos);
    CHECK(ask(county, "RG-06", "2026-03-31").holds());
    const auto late = swap(county, "records", "r8,second,annual_task_list,2026-03-30",
                           "r8,second,annual_task_list,2026-04-01");
    CHECK(ask(late, "RG-06", "2026-03-30").holds());
    CHECK(ask(late, "RG-06", "2026-03-31").found == Lines{"warning second"});
    CHECK(ask(late, "RG-06", "2026-04-01").holds());
    CheckOptions later;
    later.parameters["RG-06.due"] = "\"04-30\"";
    CHECK(ask(late, "RG-06", "2026-03-31", later).holds());
    // A list drawn up later is none yet; last year's annual list is not this year's.
    CHECK(ask(county, "RG-06", "2025-12-31").found == Lines{"warning second"});
    CHECK(ask(county, "RG-06", "2027-03-31").found.size() == 4);
    CHECK(ask(without(county, "records", "r1"), "RG-06", "2026-02-28").found ==
          Lines{"warning secretary"});
    // Before the first list of all nobody is blamed; each of the two lists begins by itself.
    CHECK(ask(county, "RG-06", "2023-02-28").not_assessed());
    CHECK(ask(county, "RG-06", "2023-02-28").reason.find("2023-03-01") != std::string::npos);
    CHECK(ask(county, "RG-06", "2023-03-01").found == Lines{"warning second"});
    const auto annual = ask(without(county, "records", "r4"), "RG-06", "2025-12-31");
    CHECK(annual.found == Lines{"warning second"});
    CHECK(annual.reason.find("2026-03-30") != std::string::npos);
}

TEST_CASE("the safety office is hosted by emergency management of its level", "[graph][rules]") {
    CHECK(ask(without(county, "edges", "yj,ab"), "RG-07").found == Lines{"warning ab"});
    CHECK(ask(swap(county, "edges", "yj,ab", "zj,ab"), "RG-07").found ==
          Lines{"warning ab zj | zj HOSTS_OFFICE ab"});
    CHECK(ask(swap(county, "edges", "yj,ab,HOSTS_OFFICE", "yj,ab,SERVES_AS"), "RG-07").holds());
    // One host in two words is one; two hosts are two, in whatever words.
    CHECK(ask(with(county, "edges", "yj,ab,SERVES_AS,,,,,\n"), "RG-07").holds());
    for (const char* kind : {"HOSTS_OFFICE", "SERVES_AS"})
        CHECK(ask(with(county, "edges", "zj,ab," + std::string(kind) + ",,,,,\n"), "RG-07").found ==
              Lines{"warning ab yj zj | yj HOSTS_OFFICE ab zj " + std::string(kind) + " ab"});
    CHECK(ask(swap(county, "nodes", "县应急管理局,360924", "市应急管理局,3609"), "RG-07").found ==
          Lines{"warning ab yj | yj HOSTS_OFFICE ab"});
}

TEST_CASE("a special committee has a fitting chair, one office and two members", "[graph][rules]") {
    CHECK(ask(without(county, "edges", "second,zw"), "RG-08").found == Lines{"error zw"});
    CHECK(ask(swap(county, "edges", "second,zw,CHAIRS,,,", "second,zw,CHAIRS,,,deputy"), "RG-08")
              .found == Lines{"error zw"});
    // The chair's portfolio: its office's department, its sectors; not another department.
    const auto other = swap(swap(county, "edges", "second,zj,IN", "second,yj,IN"), "edges",
                            "second,zj,SAFETY", "second,yj,SAFETY");
    CHECK(ask(other, "RG-08").found == Lines{"warning zw second | second CHAIRS zw"});
    CHECK(
        ask(with(other, "edges", "second,360924,SAFETY_DUTY,portfolio,construction,,,\n"), "RG-08")
            .holds());
    CHECK(ask(with(other, "edges", "second,360924,SAFETY_DUTY,portfolio,fireworks,,,\n"), "RG-08")
              .found.size() == 1);
    CHECK(ask(swap(county, "edges", "second,zw,CHAIRS", "mayor,zw,CHAIRS"), "RG-08").holds());
    CHECK(ask(without(county, "edges", "zj,zw,HOSTS"), "RG-08").found.at(0) == "warning zw");
    CHECK(ask(with(county, "edges", "yj,zw,SERVES_AS,,,,,\n"), "RG-08").found ==
          Lines{"warning zw yj zj | yj SERVES_AS zw zj HOSTS_OFFICE zw"});
    CHECK(ask(without(county, "edges", "yj,zw,MEMBER"), "RG-08").found == Lines{"warning zw"});
}

TEST_CASE("a high-risk sector is in the scope of exactly one committee", "[graph][rules]") {
    CHECK(ask(with(county, "enterprises", "E2,乙厂,360924,fireworks\n"), "RG-09").found ==
          Lines{"warning 360924"});
    CHECK(ask(with(county, "enterprises", "E2,乙厂,360924,fireworks\n"), "RG-09")
              .said.at(0)
              .find("宜丰县（360924）有1家烟花爆竹企业") == 0);
    CHECK(ask(with(county, "nodes", "z2,special_committee,另一个,360924,,,construction,,,,,\n"),
              "RG-09")
              .found == Lines{"warning 360924 z2 zw"});
    // A sector below another belongs to its committee; without committees nobody is asked.
    CHECK(ask(swap(swap(county, "enterprises", "construction", "hazchem_production"), "nodes",
                   "construction", "hazchem"),
              "RG-09")
              .holds());
    CHECK(ask(without(county, "nodes", "zw,"), "RG-09").not_assessed());
}

TEST_CASE("a leading post may be vacant for thirty days", "[graph][rules]") {
    // The mayor left on 28 February.
    CHECK(ask(county, "RG-10", "2026-03-30").holds());
    const auto answer = ask(county, "RG-10", "2026-03-31");
    CHECK(answer.found == Lines{"warning mayor"});
    CHECK(answer.said.at(0).find("县长（mayor）自2026-03-01起空缺，已31天") == 0);
    CheckOptions more;
    more.parameters["RG-10.days"] = "31";
    CHECK(ask(county, "RG-10", "2026-03-31", more).holds());
    // A row that says who holds it and cannot be used: nobody knows.
    for (const std::string end : {"二月底", "2026-02-30"}) {
        const auto refused = swap(county, "edges", "2026-02-28", end);
        CHECK(ask(refused, "RG-10", "2026-03-31").partly());
        CHECK(ask(refused, "RG-10", "2026-03-31").unjudged == 1);
        CHECK(ask(refused, "RG-01", "2026-03-31").partly());
    }
    // Ends as databases and spreadsheets write them (46081 is 28 February 2026), and no end.
    for (const std::string end :
         {"2026-02-28 00:00:00", "2026/2/28 0:00", "2026年2月28号", "46081"})
        CHECK(ask(swap(county, "edges", "2026-02-28", end), "RG-10", "2026-03-31").found ==
              Lines{"warning mayor"});
    for (const std::string end : {"长期", "至今"})
        CHECK(ask(swap(county, "edges", "2026-02-28", end), "RG-10", "2026-03-31").holds());
    // A post that nobody held: from its own first day, else it is said.
    const auto never = without(county, "edges", "zhang,secretary");
    CHECK(ask(never, "RG-10", "2026-01-01").said.at(0).find("无任职记录") != std::string::npos);
    const auto young =
        swap(never, "nodes", "party_principal,,,,,", "party_principal,,,,2026-01-01,");
    CHECK(ask(young, "RG-10", "2026-01-30").holds());
    CHECK(ask(young, "RG-10", "2026-01-31").found == Lines{"warning secretary"});
    // The end of a person ends what he holds; who comes later does not fill the gap before.
    const auto gone =
        swap(county, "nodes", "zhang,person,张三,,,,,,,,", "zhang,person,张三,,,,,,,,2025-12-01");
    CHECK(ask(gone, "RG-10", "2026-01-01").found == Lines{"warning secretary"});
    CHECK(ask(with(gone, "edges", "zhao,secretary,HOLDS,,,,2026-02-01,\n"), "RG-10", "2026-01-01")
              .found == Lines{"warning secretary"});
    CHECK(ask(with(gone, "edges", "zhao,secretary,HOLDS,,,,2026-02-01,\n"), "RG-10", "2026-02-01")
              .holds());
}
