// Tests of graph/collectives.hpp.
#include <safetyrisk/graph/collectives.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Ids = std::vector<std::string>;

const small::Texts city = {
    {"divisions", "code,name\n3609,宜春市\n360924,宜丰县\n360923,上高县\n360924100,新昌镇\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,sectors\n"
     "cg,government,市政府,3609,,,\ncp,party_committee,市委,3609,,,\n"
     "g1,government,宜丰县政府,360924,,,\np1,party_committee,宜丰县委,360924,,,\n"
     "g2,government,上高县政府,360923,,,\np2,party_committee,上高县委,360923,,,\n"
     "t1,government,新昌镇政府,360924100,,,\n"
     "Z1,zone,经开区,3609,,,\nza,zone_admin,经开区管委会,Z1,,,\n"
     "yj,dept,市应急局,3609,,,\nzj,dept,市住建局,3609,,,\njy,dept,市教育局,3609,,,\n"
     "cz,dept,市财政局,3609,,,\nxyj,dept,县应急局,360924,,,\n"
     "sc,safety_committee,市安委会,3609,,,\nsc1,safety_committee,县安委会,360924,,,\n"
     "pc,special_committee,燃气专委会,3609,,,城镇燃气\n"},
    {"enterprises",
     "id,name,division,sectors,high_risk\nE1,气站,360924100,城镇燃气,true\n"
     "E2,学校,360923,校园,false\n"},
    {"edges",
     "source,target,kind,sectors\n"
     "yj,3609,COMPREHENSIVE,\nyj,3609,REGULATES,烟花爆竹\nzj,3609,REGULATES,城镇燃气\n"
     "jy,3609,HOSTS_SECTOR,校园\ncz,3609,SUPPORTS,城镇燃气\nyj,3609,SUPPORTS,城镇燃气\n"
     "xyj,360924,COMPREHENSIVE,\nxyj,360924,REGULATES,城镇燃气\n"
     "yj,sc,MEMBER_OF,\nzj,sc,MEMBER_OF,\njy,sc,MEMBER_OF,\ng1,sc,MEMBER_OF,\n"
     "Z1,3609,PART_OF,\n"},
};

Collective meant(const char* text, CollectiveContext context = {"3609", {}, "", {}}) {
    return resolve_collective(small::graph(city), text, context);
}

}  // namespace

TEST_CASE("Departments are found by their duties at the issuer's own level") {
    CHECK(meant("负有安全生产监督管理职责的部门").nodes == Ids{"yj", "zj"});
    CHECK(meant("各行业领域主管部门").nodes == Ids{"jy"});
    CHECK(meant("其他部门").nodes == Ids{"cz"});  // yj supports, too, but not only
    const Collective all = meant("各有关部门");
    CHECK(all.nodes == Ids{"jy", "yj", "zj"});
    CHECK(all.open);
    CHECK(all.unrestricted);
    const Collective gas = meant("有关部门", {"3609", {"城镇燃气"}, "", {}});
    CHECK(gas.nodes == Ids{"zj"});
    CHECK(!gas.unrestricted);
    CHECK(meant("有关部门", {"360924", {"城镇燃气"}, "", {}}).nodes == Ids{"xyj"});
    // A broader task is everybody's who regulates a part of it.
    CHECK(meant("有关部门", {"3609", {"fireworks_production"}, "", {}}).nodes == Ids{"yj"});
}

TEST_CASE("Committees, lower levels and zones are those of the issuer's territory") {
    CHECK(meant("市安委会各成员单位").nodes == Ids{"g1", "jy", "yj", "zj"});
    CHECK(meant("市安委会有关成员单位", {"3609", {"城镇燃气"}, "", {}}).nodes == Ids{"zj"});
    CHECK(meant("各专委会").nodes == Ids{"pc"});
    CHECK(meant("各级安委会").nodes == Ids{"sc", "sc1"});
    CHECK(meant("各县（市、区）政府").nodes == Ids{"g1", "g2"});
    CHECK(meant("各县(市、区)党委、政府").nodes == Ids{"g1", "g2", "p1", "p2"});
    CHECK(meant("相关县(区)", {"3609", {"城镇燃气"}, "", {}}).nodes == Ids{"g1"});
    CHECK(meant("各乡镇(街道)、开发区").nodes == Ids{"t1", "za"});
    CHECK(meant("各级党委、政府").nodes == Ids{"cg", "cp", "g1", "g2", "p1", "p2", "t1"});
    CHECK(meant("各乡镇", {"360924", {}, "", {}}).nodes == Ids{"t1"});
}

TEST_CASE("Addressees come from the document, enterprises from the graph") {
    CHECK(meant("“三区”管委会", {"3609", {}, "", {"g1", "za"}}).nodes == Ids{"za"});
    CHECK(meant("各有关单位", {"3609", {}, "", {"g1", "za"}}).nodes == Ids{"g1", "za"});
    const Collective none = meant("各有关单位");
    CHECK(none.nodes.empty());
    CHECK(none.lacking == Ids{"addressees"});
    CHECK(meant("高危行业企业").nodes == Ids{"E1"});
    CHECK(meant("生产经营单位").nodes == Ids{"E1", "E2"});
}

TEST_CASE("What is lacking is named, and what is no collective is not expanded") {
    const Collective nowhere = meant("各县(区)政府", {});
    CHECK(nowhere.nodes.empty());
    CHECK(nowhere.lacking == Ids{"in"});
    const Collective unknown = meant("市应急局");
    CHECK(unknown.id.empty());
    CHECK(unknown.nodes.empty());
    CHECK(is_collective("各有关部门"));
    CHECK(!is_collective("市应急局"));
    CHECK_THROWS_AS(meant("各乡镇", {"99", {}, "", {}}), NotFoundError);
    CHECK_THROWS_AS(meant("各乡镇", {"3609", {"nothing"}, "", {}}), NotFoundError);
    CHECK_THROWS_AS(meant("各乡镇", {"3609", {}, "", {"nobody"}}), NotFoundError);
}
