// Tests of graph/explain.hpp.
#include <safetyrisk/graph/explain.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <set>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Ids = std::vector<std::string>;

//   county: party, gov(mayor, vice, second), yj and zj under vice, jt under second
//   E1 gas, E2 rail in town 1; E3 gas in town 2
const small::Texts county = {
    {"divisions",
     "code,name\n36,江西省\n3609,宜春市\n360924,宜丰县\n360924100,新昌镇\n360924101,澄塘镇\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind\n"
     "gov,government,县政府,360924,,\nparty,party_committee,县委,360924,,\n"
     "cgov,government,市政府,3609,,\n"
     "t1,government,新昌镇政府,360924100,,\nt2,government,澄塘镇政府,360924101,,\n"
     "yj,dept,应急局,360924,,\nzj,dept,住建局,360924,,\njt,dept,交通局,360924,,\n"
     "mayor,post,县长,,gov,gov_principal\nvice,post,副县长甲,,gov,safety_deputy\n"
     "second,post,副县长乙,,gov,portfolio_deputy\n"
     "head,post,应急局长,,yj,dept_principal\n"
     "boss,post,厂长,,E1,principal\n"
     "li,person,李四,,,\nwang,person,王五,,,\n"
     "sc,safety_committee,县安委会,360924,,\n"
     "T1,task,燃气整治,,,\nT2,task,危房排查,,,\n"},
    {"enterprises",
     "id,name,division,sectors\nE1,气站,360924100,城镇燃气\nE2,货场,360924100,铁路\n"
     "E3,二气站,360924101,城镇燃气\n"},
    {"edges",
     "source,target,kind,duty,sectors,document,clause,valid_to\n"
     "vice,yj,IN_CHARGE_OF,,,,,\nvice,zj,IN_CHARGE_OF,,,分工通知,第二条,\n"
     "second,jt,IN_CHARGE_OF,,,,,\n"
     "zj,360924,REGULATES,,城镇燃气,三定,第四条,\njt,360924,REGULATES,,铁路,,,\n"
     "t1,E1,TERRITORIAL,,,,,\nt1,E2,TERRITORIAL,,,,,\nt2,E3,TERRITORIAL,,,,,\n"
     "boss,E1,PRINCIPAL_OF,,,,,\nwang,boss,HOLDS,,,,,\nli,vice,HOLDS,,,,,\n"
     "vice,sc,CHAIRS,,,,,\nvice,gov,SAFETY_DUTY,in_charge,,责任规定,第八条,\n"
     "vice,E1,PAIRED_WITH,,,,,\nvice,E3,PAIRED_WITH,,,,,2020-12-31\n"
     "vice,T1,ORGANIZES,,,,,\nzj,T2,LEADS_TASK,,,,,\n"},
    {"tasks", "id,name,deadline\n"},
    {"duties",
     "id,subject,action,object,deadline,document,clause,valid_to\n"
     "D1,vice,inspection,E1,每季度,职责清单,3,\nD2,vice,meeting,,2026-06-30,职责清单,4,\n"
     "D3,vice,drill,,,,,2019-12-31\n"},
};

ResponsibilityGraph made() {
    small::Texts texts = county;
    texts["tasks"] = "id,name,deadline\nT9,年度任务,2026-06-30\n";
    texts["edges"] += "vice,T9,RESPONSIBLE,,,,,\n";
    return small::graph(texts);
}

}  // namespace

TEST_CASE("One relation is explained by its shortest path in each capacity, with clauses") {
    const auto g = made();
    const Explanation why = explain(g, "vice", "E1");
    REQUIRE(why.reasons.size() == 3);
    CHECK(why.reasons[0].capacity == "C5");
    CHECK(why.reasons[1].capacity == "C10");
    CHECK(why.reasons[2].capacity == "C12");
    CHECK(why.reasons[1].path.back().basis == "分工通知 第二条");
    // Four edges of C5 beside those of the others; the way up is needed once.
    const auto edges = why.edges();
    std::set<EdgeNo> distinct;
    for (const PathEdge& e : edges)
        distinct.insert(e.edge);
    CHECK(edges.size() == distinct.size());
    CHECK(why.text().find("气站 ←领导包联— 副县长甲") != std::string::npos);
    CHECK(why.table().rows() >= edges.size());

    const Explanation person = explain(g, "li", "E1");
    CHECK(person.reasons.size() == 3);
    CHECK(person.by_posts == Ids{"副县长甲", "副县长甲", "副县长甲"});
    CHECK(explain(g, "second", "E1").reasons.empty());
}

TEST_CASE("Who does not answer is told so") {
    const auto g = made();
    const Explanation why = explain(g, "jt", "E1");
    CHECK(why.reasons.empty());
    CHECK(why.text() == "2026-01-01，交通局对气站没有任何责任身份。");
    CHECK_THROWS_AS(explain(g, "nobody", "E1"), NotFoundError);
}

TEST_CASE("The lowest common superior is the nearest who can decide for both") {
    const auto g = made();
    const auto ids = [&](const char* a, const char* b) {
        Ids all;
        for (const CommonSuperior& one : common_superior(g, a, b))
            all.push_back(one.node);
        return all;
    };
    CHECK(ids("yj", "zj") == Ids{"vice"});
    CHECK(ids("yj", "jt") == Ids{"gov"});
    CHECK(ids("E1", "E2") == Ids{"t1"});
    CHECK(ids("E1", "E3") == Ids{"zj"});  // the county government stands above it
    CHECK(ids("yj", "head") == Ids{"yj"});
    CHECK(ids("t1", "t2") == Ids{"gov"});  // and the party committee above the government
    CHECK(ids("gov", "cgov") == Ids{"cgov"});
    CHECK(ids("yj", "yj") == Ids{"yj"});
    const auto both = common_superior(g, "yj", "zj");
    REQUIRE(both.size() == 1);
    REQUIRE(both[0].from_a.size() == 1);
    CHECK(both[0].from_a[0].kind == "IN_CHARGE_OF");
    CHECK(to_text(both).find("应急局 ←分管— 副县长甲") != std::string::npos);
    CHECK(to_table(both).rows() == 1);
    CHECK(to_text(common_superior(g, "sc", "boss")) == "没有共同的上级。");
}

TEST_CASE("A contact tree names each unit and post once, nearest first") {
    const auto g = made();
    const auto near = contacts(g, "E1", 1);
    Ids ids;
    for (const Contact& one : near) {
        ids.push_back(one.node);
        CHECK(one.hop == 1);
    }
    CHECK(ids == Ids{"boss", "t1", "zj", "sc", "vice"});
    CHECK(near[0].holders == Ids{"王五"});
    const auto wider = contacts(g, "E1", 3);
    for (const Contact& one : wider)
        if (one.above != none) CHECK(wider.at(one.above).hop < one.hop);
    CHECK(wider.size() > near.size());
    CHECK(to_text(wider).find("厂长（王五） C1 企业主要负责人\n") == 0);
    CHECK(to_table(wider).rows() == wider.size());
    CHECK(contacts(g, "E1", 0).empty());
}

TEST_CASE("The list of a post's duties holds what is valid on the day") {
    const auto g = made();
    const DutyList list = duty_list(g, "vice");
    std::vector<std::string> lines;
    for (const DutyLine& line : list.lines)
        lines.push_back(line.section + " " + line.kind + " " + line.object + " " + line.through +
                        " " + line.duty + " " + line.deadline);
    CHECK(lines == Ids{
                       "duty SAFETY_DUTY gov  in_charge ",
                       "duty IN_CHARGE_OF yj   ",
                       "duty IN_CHARGE_OF zj   ",
                       "pairing PAIRED_WITH E1   ",
                       "committee CHAIRS sc   ",
                       "task ORGANIZES T1   ",
                       "task RESPONSIBLE T9   2026-06-30",
                       "task LEADS_TASK T2 zj  ",
                       "list inspection E1   每季度",
                       "list meeting    2026-06-30",
                   });
    CHECK(list.holders == Ids{"李四"});
    CHECK(list.text().find("职责清单") != std::string::npos);
    CHECK(list.table().rows() == lines.size());
    CHECK_THROWS_AS(duty_list(g, "E1"), InputError);
}

TEST_CASE("A unit has a list of duties, and its head has the unit's tasks") {
    small::Texts texts = county;
    texts["edges"] += "head,yj,SAFETY_DUTY,first,,,,\nyj,T1,LEADS_TASK,,,,,\n";
    const auto g = small::graph(texts);
    const auto lines = [&](const char* who) {
        std::vector<std::string> out;
        for (const DutyLine& line : duty_list(g, who).lines)
            out.push_back(line.section + " " + line.kind + " " + line.object + " " + line.through);
        return out;
    };
    CHECK(lines("zj") == Ids{"duty REGULATES 360924 ", "task LEADS_TASK T2 "});
    CHECK(lines("t1") == Ids{"duty TERRITORIAL E1 ", "duty TERRITORIAL E2 "});
    CHECK(lines("head") == Ids{"duty SAFETY_DUTY yj ", "task LEADS_TASK T1 yj"});
}
