// Tests of graph/lineage.hpp.
#include <safetyrisk/graph/lineage.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Ids = std::vector<std::string>;

// 工商 + 质监 → 市监 on 2019-03-01; 安监 → 应急; 环保 split into two in 2024
const small::Texts county = {
    {"divisions", "code,name\n3609,宜春市\n360924,宜丰县\n360923,上高县\n"},
    {"nodes",
     "id,kind,name,division,valid_from,valid_to\n"
     "gs,dept,县工商局,360924,,2019-02-28\nzj,dept,县质监局,360924,,2019-02-28\n"
     "sj,dept,宜丰县市场监管局,360924,2019-03-01,\n"
     "aj,dept,宜丰县安监局,360924,,2019-02-28\nyj,dept,宜丰县应急管理局,360924,2019-03-01,\n"
     "yj2,dept,上高县应急管理局,360923,2019-03-01,\nsyj,dept,宜春市应急管理局,3609,,\n"
     "hb,dept,环保局,360924,,2023-12-31\nst,dept,生态局,360924,2024-01-01,\n"
     "hy,dept,海洋局,360924,2024-01-01,\n"
     "ajj,dept,安全监管局,360924,,\n"
     "sc,safety_committee,宜丰县安委会,360924,,\n"},
    {"edges",
     "source,target,kind,valid_from,valid_to\n"
     "gs,sj,MERGED_INTO,2019-03-01,\nzj,sj,MERGED_INTO,2019-03-01,\n"
     "yj,aj,SUCCEEDS,2019-03-01,\nst,hb,SPLIT_FROM,2024-01-01,\nhy,hb,SPLIT_FROM,2024-01-01,\n"
     "ajj,yj,ALIAS_OF,2019-03-01,2020-12-31\n"},
};

std::string said(const ResponsibilityGraph& g, const char* name, const char* on,
                 const char* in = "360924") {
    const ResolvedName r = resolve_name(g, name, Date::parse(on), in);
    std::string line = r.finding + ":";
    for (const NameMatch& match : r.matches)
        line += " " + match.node + "(" + match.how + ")";
    if (r.since) line += " " + r.since->text();
    return line;
}

}  // namespace

TEST_CASE("An old name resolves on an old day and is a finding on a new one") {
    const auto g = small::graph(county);
    CHECK(said(g, "宜丰县安监局", "2018-05-01") == ": aj(name)");
    CHECK(said(g, "宜丰县安监局", "2019-02-28") == ": aj(name)");
    CHECK(said(g, "宜丰县安监局", "2019-03-01") == "obsolete: yj(successor) 2019-03-01");
    CHECK(said(g, "宜丰县应急管理局", "2023-01-01") == ": yj(name)");
    CHECK(said(g, "宜丰县应急管理局", "2018-05-01") == "not_yet: aj(predecessor) 2019-03-01");
    CHECK(said(g, "县工商局", "2023-01-01") == "obsolete: sj(successor) 2019-03-01");
    CHECK(said(g, "宜丰县市场监管局", "2018-01-01") ==
          "not_yet: gs(predecessor) zj(predecessor) 2019-03-01");
    CHECK(said(g, "环保局", "2024-06-01") == "obsolete: hy(successor) st(successor) 2024-01-01");
    const ResolvedName r = resolve_name(g, "宜丰县安监局", Date::of(2023, 1, 1), "360924");
    CHECK(r.former == "aj");
    CHECK(r.message() == "“宜丰县安监局”自2019-03-01起已不是现用名称，现为宜丰县应急管理局");
    CHECK(r.message(Lang::en).find("no name in use since 2019-03-01") != std::string::npos);
}

TEST_CASE("An alias means its canonical unit as long as it is one") {
    const auto g = small::graph(county);
    CHECK(said(g, "安全监管局", "2020-01-01") == ": yj(alias)");
    CHECK(said(g, "安全监管局", "2021-01-01") == "obsolete: yj(alias) 2021-01-01");
}

TEST_CASE(
    "What no node is called is found by place and function, with full-width forms and blanks") {
    const auto g = small::graph(county);
    CHECK(said(g, "县应急局", "2023-01-01") == ": yj(function)");
    CHECK(said(g, " 县 应急管理局 ", "2023-01-01") == ": yj(function)");
    CHECK(said(g, "市应急局", "2023-01-01") == ": syj(function)");
    CHECK(said(g, "上高应急局", "2023-01-01", "3609") == ": yj2(function)");
    CHECK(said(g, "应急部门", "2023-01-01") == ": yj(function)");
    CHECK(said(g, "县安委会", "2023-01-01") == ": sc(function)");
    CHECK(said(g, "应急局", "2023-01-01", "") ==
          "ambiguous: syj(function) yj(function) yj2(function)");
    // The pack: 安监局 until the end of 2019.
    CHECK(said(g, "市安监局", "2023-05-01") == "obsolete: syj(successor) 2020-01-01");
    CHECK(said(g, "市安监局", "2018-05-01") == ": syj(function)");
    CHECK(said(g, "县林业局", "2023-01-01") == "unknown:");
    CHECK(said(g, "没有这个单位", "2023-01-01") == "unknown:");
    CHECK_THROWS_AS(said(g, "县应急局", "2023-01-01", "99"), NotFoundError);
}

TEST_CASE("Lineage goes all the way and does not run in circles") {
    small::Texts texts = county;
    texts["edges"] += "sj,gs,MERGED_INTO,2020-01-01,\n";  // nonsense that somebody wrote
    const auto g = small::graph(texts);
    const UnitNames names(g);
    CHECK(names.successors("zj") == Ids{"gs", "sj"});
    CHECK(names.predecessors("yj") == Ids{"aj"});
    CHECK(names.successors("hb") == Ids{"hy", "st"});
    CHECK(names.successors("yj").empty());
}

TEST_CASE("A chain of a thousand renamings is followed to its end") {
    std::string nodes = "id,kind,name,valid_to\n", edges = "source,target,kind\n";
    for (int i = 0; i < 1000; ++i)
        nodes += "u" + std::to_string(i) + ",dept,第" + std::to_string(i) + "局,2019-12-31\n";
    nodes += "u1000,dept,新局,\n";
    for (int i = 0; i < 1000; ++i)
        edges += "u" + std::to_string(i) + ",u" + std::to_string(i + 1) + ",MERGED_INTO\n";
    const auto g = small::graph({{"nodes", nodes}, {"edges", edges}});
    CHECK(said(g, "第0局", "2026-01-01", "") == "obsolete: u1000(successor) 2020-01-01");
}

TEST_CASE("Where several units had a name, the answer says which, where and when") {
    const auto g = small::graph(
        {{"divisions", "code,name\n360924,宜丰县\n360923,上高县\n"},
         {"nodes",
          "id,kind,name,division,valid_from,valid_to\n"
          "a,dept,安监局,360923,,2012-12-31\nb,dept,安监局,360924,2013-01-01,2018-12-31\n"
          "y,dept,应急局,360924,2019-01-01,\nz,dept,应急局,360923,2019-01-01,\n"},
         {"edges",
          "source,target,kind,valid_from\ny,b,SUCCEEDS,2019-01-01\nz,a,SUCCEEDS,2019-01-01\n"}});
    // Before the reform the name of today was nobody's; two have it since.
    const ResolvedName early = resolve_name(g, "应急局", Date::of(2015, 1, 1));
    CHECK(early.finding == "not_yet");
    REQUIRE(early.holders.size() == 2);
    CHECK(early.holders[0].node == "y");
    CHECK(early.holders[1].place == "上高县");
    CHECK(early.message() ==
          "用过“应急局”这一名称的有2个单位：y（宜丰县，2019-01-01起）、z（上高县，2019-01-01起）；"
          "2015-01-01都不存在，这一天是安监局");
    CHECK_THAT(early.message(Lang::en),
               Catch::Matchers::Contains("2 units have had the name '应急局': y (宜丰县, from "));
    // One of two on its day is the one; on a day of both they are a question.
    CHECK(resolve_name(g, "安监局", Date::of(2010, 1, 1)).holders.empty());
    const ResolvedName both = resolve_name(g, "应急局", Date::of(2026, 1, 1));
    CHECK(both.finding == "ambiguous");
    CHECK(both.message() ==
          "“应急局”在2026-01-01是2个单位的名称：y（宜丰县，2019-01-01起）、"
          "z（上高县，2019-01-01起）");
    CHECK(resolve_name(g, "安监局", Date::of(2026, 1, 1))
              .message()
              .find("：a（上高县，至2012-12-31）、b") != std::string::npos);
}
