// Tests of graph/who.hpp.
#include <safetyrisk/graph/who.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/asked.hpp"
#include "graph/small.hpp"
#include "graph/store.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Codes = std::vector<std::string>;

//   36 ── 3609 ── 360924 宜丰县 ── 360924100 新昌镇 ── 360924100001 新昌村
//                   │ 县政府 县委 应急局 住建局        │ 镇政府          │ v1 村委会, g1 网格
//                   │ 安委会 矿山专委会
//   E1 烟花爆竹厂 in the village; S1 its site; E2 nobody has
const small::Texts county = {
    {"divisions",
     "code,name\n36,江西省\n3609,宜春市\n360924,宜丰县\n360924100,新昌镇\n360924100001,新昌村\n"
     "360923,上高县\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,sectors,valid_from,valid_to\n"
     "gov,government,县政府,360924,,,,,\n"
     "party,party_committee,县委,360924,,,,,\n"
     "tgov,government,镇政府,360924100,,,,,\n"
     "yj,dept,县应急管理局,360924,,,,,\n"
     "zj,dept,县住建局,360924,,,,,\n"
     "syj,dept,市应急管理局,3609,,,,,\n"
     "old,dept,县安监局,360924,,,,,2019-02-28\n"
     "sc,safety_committee,县安委会,360924,,,,,\n"
     "so,safety_office,县安委办,360924,,,,,\n"
     "pc,special_committee,烟花专委会,360924,,,烟花爆竹,,\n"
     "pm,special_committee,矿山专委会,360924,,,非煤矿山,,\n"
     "v1,village,新昌村委会,360924100001,,,,,\n"
     "g1,grid,一网格,360924100001,,,,,\n"
     "mayor,post,县长,,gov,gov_principal,,,\n"
     "vice,post,副县长,,gov,safety_deputy,,,\n"
     "secretary,post,县委书记,,party,party_principal,,,\n"
     "head,post,村主任,,v1,village_head,,,\n"
     "yjhead,post,应急局长,,yj,dept_principal,,,\n"
     "clerk,post,应急科员,,yj,inspector,,,\n"
     "boss,post,厂长,,E1,principal,,,\n"
     "safe,post,安全员,,E1,safety_manager,,,\n"
     "boss2,post,经理,,E2,principal,,,\n"
     "grp,group,集团,,,,,,\n"
     "grp2,group,总集团,,,,,,\n"
     "ag,agency,评价公司,,,,,,\n"
     "S1,site,成品库,,E1,,,,\n"
     "zhang,person,张三,,,,,,\n"
     "li,person,李四,,,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,employees\nE1,花炮厂,360924100001,烟花爆竹,120\n"
     "E2,采石场,360923,非煤矿山,8\nE3,无址厂,,,\n"},
    {"edges",
     "source,target,kind,sectors,links,lead,valid_from,valid_to,document,clause,confidence\n"
     "boss,E1,PRINCIPAL_OF,,,,,,,,\n"
     "boss2,E2,PRINCIPAL_OF,,,,,,,,\n"
     "zhang,boss,HOLDS,,,,2024-01-01,,,,\n"
     "li,boss2,HOLDS,,,,2020-01-01,2025-03-31,,,\n"
     "g1,v1,PART_OF,,,,,,,,\n"
     "g1,E1,GRID_COVERS,,,,,,,,\n"
     "v1,E1,TERRITORIAL,,,,,,,,inferred\n"
     "yj,360924,REGULATES,烟花爆竹,,true,2019-03-01,,三定方案,第三条,\n"
     "old,360924,REGULATES,烟花爆竹,,,,,,,\n"
     "yj,360923,REGULATES,烟花爆竹,,,,,,,\n"
     "zj,360924,REGULATES,房屋市政工程,,,,,,,\n"
     "zj,360924,HOSTS_SECTOR,烟花爆竹,,,,,,,expanded\n"
     "yj,E1,PERMITS,,,,,,许可证,,\n"
     "yj,360924,COMPREHENSIVE,,,,,,,,\n"
     "vice,yj,IN_CHARGE_OF,,,,,,,,\n"
     "syj,yj,GUIDES,,,,,,,,\n"
     "mayor,E1,PAIRED_WITH,,,,,,,,\n"
     "E1,grp,OWNED_BY,,,,,,,,\n"
     "grp,grp2,OWNED_BY,,,,,,,,\n"
     "ag,E1,SERVES,,,,,,,,\n"},
};

// "C1 boss: E1 ^PRINCIPAL_OF boss", one line an answer.
Codes lines(const Who& who) {
    Codes all;
    for (std::size_t i = 0; i < who.size(); ++i) {
        const Answer a = who.at(i);
        std::string line = a.capacity + " " + a.node + ":";
        for (const PathEdge& e : a.path)
            line += (e.against ? " ^" : " ") + e.kind + " " + (e.against ? e.source : e.target);
        all.push_back(line);
    }
    return all;
}

Codes gaps(const Who& who) {
    Codes all;
    for (std::size_t i = 0; i < who.missing_size(); ++i) {
        const Missing m = who.missing(i);
        all.push_back(m.capacity + " " + m.rule + " " + m.sector + " " + m.broken_at + " " +
                      m.code);
    }
    return all;
}

}  // namespace

TEST_CASE("Every capacity of an enterprise is found with its paths, in the order of D1") {
    const auto g = small::graph(county);
    const Who answer = who(g, "E1");
    const std::string place = "LOCATED_IN 360924100001 PART_OF 360924100 PART_OF 360924";
    const std::string grid = "^GRID_COVERS g1 PART_OF v1";
    const std::string up = " PART_OF 360924100001 PART_OF 360924100";
    const Codes expected = {
        "C1 boss: ^PRINCIPAL_OF boss",
        "C2 safe: HAS_POST safe",
        "C4 g1: ^GRID_COVERS g1",
        "C4 v1: ^TERRITORIAL v1",
        "C4 v1: " + grid,
        "C4 tgov: ^TERRITORIAL v1" + up + " ^SEATED_IN tgov",
        "C4 gov: ^TERRITORIAL v1" + up + " PART_OF 360924 ^SEATED_IN gov",
        "C4 party: ^TERRITORIAL v1" + up + " PART_OF 360924 ^SEATED_IN party",
        "C4 tgov: " + grid + up + " ^SEATED_IN tgov",
        "C4 gov: " + grid + up + " PART_OF 360924 ^SEATED_IN gov",
        "C4 party: " + grid + up + " PART_OF 360924 ^SEATED_IN party",
        "C6 yj: " + place + " ^REGULATES yj",
        "C9 yj: " + place + " ^COMPREHENSIVE yj",
        "C5 head: ^TERRITORIAL v1 HAS_POST head",
        "C5 head: " + grid + " HAS_POST head",
        "C5 mayor: ^TERRITORIAL v1" + up + " PART_OF 360924 ^SEATED_IN gov HAS_POST mayor",
        "C5 secretary: ^TERRITORIAL v1" + up +
            " PART_OF 360924 ^SEATED_IN party HAS_POST secretary",
        "C5 vice: ^TERRITORIAL v1" + up + " PART_OF 360924 ^SEATED_IN gov HAS_POST vice",
        "C5 mayor: " + grid + up + " PART_OF 360924 ^SEATED_IN gov HAS_POST mayor",
        "C5 secretary: " + grid + up + " PART_OF 360924 ^SEATED_IN party HAS_POST secretary",
        "C5 vice: " + grid + up + " PART_OF 360924 ^SEATED_IN gov HAS_POST vice",
        "C10 vice: ^PERMITS yj ^IN_CHARGE_OF vice",
        "C10 yjhead: ^PERMITS yj HAS_POST yjhead",
        "C10 vice: " + place + " ^COMPREHENSIVE yj ^IN_CHARGE_OF vice",
        "C10 vice: " + place + " ^REGULATES yj ^IN_CHARGE_OF vice",
        "C10 yjhead: " + place + " ^COMPREHENSIVE yj HAS_POST yjhead",
        "C10 yjhead: " + place + " ^REGULATES yj HAS_POST yjhead",
        "C3 grp: OWNED_BY grp",
        "C3 grp2: OWNED_BY grp OWNED_BY grp2",
        "C7 zj: " + place + " ^HOSTS_SECTOR zj",
        "C8 yj: ^PERMITS yj",
        "C11 pc: " + place + " ^SEATED_IN pc",
        "C11 sc: " + place + " ^SEATED_IN sc",
        "C11 so: " + place + " ^SEATED_IN so",
        "C12 mayor: ^PAIRED_WITH mayor",
        "C13 syj: " + place + " ^REGULATES yj ^GUIDES syj",
        "C14 ag: ^SERVES ag",
    };
    CHECK(lines(answer) == expected);
    CHECK(answer.missing_size() == 0);
    CHECK(!answer.truncated());
}

TEST_CASE("An answer names its basis, the weakest confidence on its path and who holds the post") {
    const auto g = small::graph(county);
    const Who answer = who(g, "E1");
    const auto find = [&](std::string_view capacity) {
        for (std::size_t i = 0; i < answer.size(); ++i)
            if (answer.at(i).capacity == capacity) return answer.at(i);
        return Answer{};
    };
    CHECK(find("C1").holders == Codes{"张三"});
    CHECK_FALSE(find("C1").vacant);
    CHECK_FALSE(find("C6").vacant);  // a unit
    // The manager of E2 went on 31 March 2025.
    WhoOptions day;
    day.on = Date::of(2025, 3, 31);
    CHECK(who(g, "E2", day).text().find("经理（空缺）") == std::string::npos);
    day.on = Date::of(2025, 4, 1);
    const Who nobody = who(g, "E2", day);
    CHECK(nobody.text().find("经理（空缺）") != std::string::npos);
    CHECK(nobody.text(Lang::en).find("经理 (vacant)") != std::string::npos);
    CHECK(nobody.brief().find("经理（空缺）") != std::string::npos);
    CHECK(nobody.to_json().find("\"holders\":[],\"vacant\":true") != std::string::npos);
    CHECK(std::string(nobody.table().at("holders").text(0)) == "空缺");
    // Where no row says who holds posts, none is called vacant.
    const auto silent = small::graph(small::swap(county, "edges", ",HOLDS,", ",RESPONSIBLE_POST,"));
    CHECK(who(silent, "E2", day).text().find("空缺") == std::string::npos);
    CHECK(find("C1").basis == "《安全生产法》第五条");
    CHECK(find("C6").basis == "三定方案 第三条");
    CHECK(find("C6").lead);
    CHECK(find("C6").sectors == Codes{"fireworks"});
    CHECK(find("C6").confidence == "stated");
    CHECK(find("C7").confidence == "expanded");
    for (std::size_t i = 0; i < answer.size(); ++i) {
        const Answer a = answer.at(i);
        const bool territorial = !a.path.empty() && a.path.front().kind == "TERRITORIAL";
        CHECK((a.confidence == "inferred") == territorial);
    }
    CHECK(find("C6").path.front().kind == "LOCATED_IN");
    CHECK(find("C6").path.front().table == "enterprises");
    CHECK(find("C6").path.front().row == 0);
    CHECK(find("C6").path.back().table == "edges");
    CHECK(find("C6").path.back().row == 7);
    CHECK(answer.summary() ==
          "三管：管行业＝县应急管理局、县住建局；管业务＝县应急管理局；管生产经营＝厂长；"
          "属地＝一网格、新昌村委会、镇政府、县政府、县委。");
    const Table table = answer.table();
    CHECK(table.rows() == answer.size());
    CHECK(table.at("path").text(0) == "花炮厂 ←主要负责人— 厂长");
    CHECK(answer.text(Lang::en).find("C1 principal of the enterprise") != std::string::npos);
    CHECK(answer.to_json().find("\"truncated\":false") != std::string::npos);
}

TEST_CASE("In short, each capacity is told once with all who have it and the shortest path") {
    const auto g = small::graph(county);
    const Who found = who(g, "E1");
    const std::string brief = found.brief(), whole = found.text();
    std::size_t lines = 0, paths = 0;
    for (const char c : brief)
        lines += c == '\n';
    for (std::size_t at = 0; (at = whole.find("依据：", at)) != std::string::npos; ++at)
        ++paths;
    CHECK(paths == found.size());
    std::set<std::string> capacities;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const Answer one = found.at(i);
        capacities.insert(one.capacity);
        CHECK(brief.find(one.name) != std::string::npos);
    }
    // A line of names, one of the path and one of its basis.
    const std::string left = std::to_string(found.size() - capacities.size());
    CHECK(brief.find("另有 " + left + " 条路径未在此显示") != std::string::npos);
    CHECK(found.brief(Lang::en).find(left + " more are not") != std::string::npos);
    CHECK(lines < 4 * capacities.size() + found.missing_size() + 8);
}

TEST_CASE(
    "In short, a department is told with its links and the lead, by sector where they differ") {
    const small::Texts texts{
        {"divisions", "code,name\n360924,县\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360924\nb,dept,乙局,360924\n"},
        {"enterprises",
         "id,name,division,sectors\nE1,一厂,360924,city_gas\nE2,二厂,360924,city_gas;machinery\n"},
        {"edges",
         "source,target,kind,sectors,links,lead\na,360924,REGULATES,city_gas,trade,true\n"
         "a,360924,REGULATES,city_gas,use,\nb,360924,REGULATES,city_gas,transport,\n"
         "b,360924,REGULATES,machinery,,true\n"},
    };
    const auto g = small::graph(texts);
    CHECK(who(g, "E1").brief().find("C6 行业监管部门：甲局［经营、使用、牵头］、乙局［运输］\n") !=
          std::string::npos);
    CHECK(who(g, "E2").brief().find("甲局［城镇燃气：经营、使用、牵头］、"
                                    "乙局［城镇燃气：运输；机械：牵头］\n") != std::string::npos);
    // A place has no sectors of its own: each department is told with those it answers for.
    CHECK(who(g, "360924")
              .brief()
              .find("甲局［城镇燃气：经营、使用、牵头］、"
                    "乙局［城镇燃气：运输；机械：牵头］\n") != std::string::npos);
    CHECK(who(g, "E1").brief(Lang::en).find("甲局 [trade, use, lead], 乙局 [transport]\n") !=
          std::string::npos);
}

TEST_CASE("Of a divided sector an enterprise without links misses each link that nobody has") {
    const small::Texts texts{
        {"divisions", "code,name\n360924,县\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360924\nb,dept,乙局,360924\n"},
        {"enterprises",
         "id,name,division,sectors,links\nE1,一厂,360924,city_gas,\nE2,二厂,360924,city_gas,use\n"
         "E3,三厂,360924,machinery,\n"},
        {"edges",
         "source,target,kind,sectors,links,valid_to\n"
         "a,360924,REGULATES,city_gas,planning;trade;product;transport,\n"
         "b,360924,REGULATES,city_gas,use,2026-06-30\n"},
    };
    const auto g = small::graph(texts);
    const auto missed = [&](const char* id, Date on) {
        WhoOptions options;
        options.on = on;
        const Who answer = who(g, id, options);
        std::set<std::string> links;
        for (std::size_t i = 0; i < answer.missing_size(); ++i)
            if (const Missing one = answer.missing(i); one.capacity == "C6")
                links.insert(one.sector + ":" + one.link);
        return links;
    };
    using Links = std::set<std::string>;
    CHECK(missed("E1", Date::of(2026, 6, 30)).empty());
    CHECK(missed("E1", Date::of(2026, 7, 1)) == Links{"city_gas:use"});
    CHECK(missed("E2", Date::of(2026, 6, 30)).empty());
    CHECK(missed("E2", Date::of(2026, 7, 1)) == Links{"city_gas:use"});
    CHECK(missed("E3", Date::of(2026, 6, 30)) == Links{"machinery:"});
}

TEST_CASE("Of what nobody has, every pattern is told with the place where it broke") {
    const auto g = small::graph(county);
    const Who answer = who(g, "E2");
    // The post is there but nobody has held it since March; no grid, no territory; the county
    // regulates fireworks only; no comprehensive supervision anywhere above.
    CHECK(gaps(answer) == Codes{
                              "C1 RE-01  boss2 vacant",
                              "C4 RT-01  E2 no_edge",
                              "C4 RT-01  E2 no_edge",
                              "C4 RT-01  E2 no_edge",
                              "C6 RD-01 noncoal_mine E2 no_edge",
                              "C6 RD-01 noncoal_mine 360923 other_sectors",
                              "C6 RD-01 noncoal_mine 3609 no_edge",
                              "C6 RD-01 noncoal_mine 36 no_edge",
                              "C9 RD-03  360923 no_edge",
                              "C9 RD-03  3609 no_edge",
                              "C9 RD-03  36 no_edge",
                          });
    CHECK(answer.missing(0).reason == "岗位“经理”自2025-04-01起无人任职");
    CHECK(answer.missing(0, Lang::en).reason == "the post 经理 is vacant since 2025-04-01");
    CHECK(answer.missing(1).reason == "没有主体以“网格覆盖”关系指向采石场");
    CHECK(answer.missing(5).reason ==
          "与上高县有“行业监管”关系的1项均不含所问行业领域（如县应急管理局）（非煤矿山）");
    CHECK(answer.missing(5).pattern == "p ^REGULATES[sector]!");
    CHECK(answer.missing(5).step == "^REGULATES[sector]!");
    CHECK(answer.missing_table().rows() == answer.missing_size());
}

TEST_CASE("A node without division or sectors is told so") {
    const auto g = small::graph(county);
    CHECK(gaps(who(g, "E3")) == Codes{
                                    "C1 RE-01  E3 no_edge",
                                    "C4 RT-01  E3 no_edge",
                                    "C4 RT-01  E3 no_edge",
                                    "C4 RT-01  E3 no_edge",
                                    "C6 RD-01  E3 no_edge",
                                    "C6 RD-01  E3 no_place",
                                    "C9 RD-03  E3 no_place",
                                });
}

TEST_CASE(
    "Reasons name the day: not yet valid, dissolved and its successor, expired, another region") {
    small::Texts texts = county;
    texts["edges"] += "yj,old,SUCCEEDS,,,,2019-03-01,,,,\n";
    const auto g = small::graph(texts);
    WhoOptions options;
    options.on = Date::of(2019, 2, 1);
    // Before the reform the old bureau regulates; the new edge is ignored.
    CHECK(who(g, "E1", options).nodes("C6") == Codes{"old"});
    CHECK(who(g, "E1", options).nodes("C1") == Codes{"boss"});

    texts["edges"] = county.at("edges");
    const auto replace = [&](std::string_view from, std::string_view to) {
        auto& edges = texts["edges"];
        edges.replace(edges.find(from), from.size(), to);
    };
    replace("yj,360924,REGULATES,烟花爆竹,,true,2019-03-01,",
            "yj,360924,REGULATES,烟花爆竹,,true,2030-01-01,");
    texts["edges"] +=
        "yj,old,SUCCEEDS,,,,2019-03-01,,,,\nzj,360924,REGULATES,烟花爆竹,,,,2025-06-30,,,\n";
    const auto later = small::graph(texts);
    const Who answer = who(later, "E1");
    Codes reasons;
    for (std::size_t i = 0; i < answer.missing_size(); ++i)
        if (answer.missing(i).broken_at == "360924") reasons.push_back(answer.missing(i).reason);
    CHECK(reasons ==
          Codes{
              "县住建局与宜丰县的“行业监管”关系已于2025-06-30到期（烟花爆竹）",
              "县应急管理局与宜丰县的“行业监管”关系自2030-01-01起才生效（烟花爆竹）",
              "县安监局（与宜丰县为“行业监管”关系）已于2019-02-28撤销，"
              "由县应急管理局承继（烟花爆竹）",
              "与宜丰县有“行业监管”关系的1项均不含所问行业领域（如县住建局）（烟花爆竹）",
              "宜丰县没有，相邻的上高县有“行业监管”关系（共1项）（烟花爆竹）",
          });
}

TEST_CASE("A regulator of other links only is named as such") {
    small::Texts texts = county;
    texts["enterprises"] =
        "id,name,division,sectors,links\nE1,花炮厂,360924100001,烟花爆竹,storage;trade\n";
    texts["edges"] = "source,target,kind,sectors,links\nyj,360924,REGULATES,烟花爆竹,storage\n";
    const auto g = small::graph(texts);
    const Who answer = who(g, "E1");
    CHECK(answer.nodes("C6") == Codes{"yj"});
    Codes missing;
    for (std::size_t i = 0; i < answer.missing_size(); ++i)
        if (answer.missing(i).capacity == "C6" && answer.missing(i).broken_at == "360924")
            missing.push_back(answer.missing(i).link + " " + answer.missing(i).code);
    CHECK(missing == Codes{"trade other_links"});
    WhoOptions options;
    options.link = "trade";
    CHECK(who(g, "E1", options).nodes("C6").empty());
    options.link = "storage";
    CHECK(who(g, "E1", options).nodes("C6") == Codes{"yj"});
    options.link = "flight";
    CHECK_THROWS_AS(who(g, "E1", options), NotFoundError);
}

TEST_CASE(
    "Sites are held by their enterprise's territory, regions by their own, and posts are not "
    "asked") {
    const auto g = small::graph(county);
    const Who site = who(g, "S1");
    CHECK(site.nodes("C1") == Codes{"boss"});
    CHECK(site.nodes("C4") == Codes{"g1", "v1", "tgov", "gov", "party"});
    CHECK(site.nodes("C6") == Codes{"yj"});
    CHECK(site.missing_size() == 0);
    WhoOptions options;
    options.sectors = {"烟花爆竹"};
    const Who region = who(g, "360924", options);
    CHECK(region.nodes("C4") == Codes{"gov", "party"});
    CHECK(region.nodes("C6") == Codes{"yj"});
    CHECK(region.nodes("C1").empty());
    CHECK(region.missing_size() == 0);
    CHECK(who(g, "360924").nodes("C6") == Codes{"yj", "zj"});
    CHECK_THROWS_AS(who(g, "boss"), InputError);
    CHECK_THROWS_AS(who(g, "nobody"), NotFoundError);
    options.sectors = {"nothing"};
    CHECK_THROWS_AS(who(g, "360924", options), NotFoundError);
}

TEST_CASE("An answer that the caller's limit cuts says so") {
    const auto g = small::graph(county);
    WhoOptions options;
    options.limit = 5;
    const Who answer = who(g, "E1", options);
    CHECK(answer.truncated());
    CHECK(answer.size() <= 5);
    options.limit = 1000;
    CHECK(!who(g, "E1", options).truncated());
}

namespace {

// All simple paths of a small graph, edge by edge, and regular expressions over them: written
// without looking at how the library walks.
struct Brute {
    struct Edge {
        std::string source, target, kind, sectors, from, to;
    };
    std::map<std::string, std::string> kind, post, division, level, scope, from, to;
    std::vector<Edge> edges;
    std::string on;

    bool alive(const std::string& v) const {
        return (from.at(v).empty() || from.at(v) <= on) && (to.at(v).empty() || on <= to.at(v));
    }
    bool active(const Edge& e) const {
        return (e.from.empty() || e.from <= on) && (e.to.empty() || on <= e.to) &&
               alive(e.source) && alive(e.target);
    }

    static const std::map<std::string, char>& letters() {
        static const std::map<std::string, char> map = {
            {"GRID_COVERS", 'G'}, {"TERRITORIAL", 'T'},   {"PART_OF", 'P'},
            {"SEATED_IN", 'S'},   {"HAS_POST", 'H'},      {"PRINCIPAL_OF", 'M'},
            {"OWNED_BY", 'O'},    {"REGULATES", 'R'},     {"HOSTS_SECTOR", 'I'},
            {"PERMITS", 'L'},     {"COMPREHENSIVE", 'C'}, {"IN_CHARGE_OF", 'N'},
            {"PAIRED_WITH", 'W'}, {"GUIDES", 'D'},        {"MANAGES_BUSINESS", 'B'}};
        return map;
    }

    // capacity → set of (node, path as text)
    std::set<std::string> answers(const std::string& x,
                                  const std::set<std::string>& sectors) const {
        std::set<std::string> found;
        std::vector<std::string> nodes{x};
        std::string word, text;
        std::vector<const Edge*> path;
        const Edge located{x, division.at(x), "LOCATED_IN", "", "", ""};
        const std::function<void()> walk = [&] {
            if (!path.empty()) judge(x, nodes, path, word, text, sectors, found);
            if (path.size() == 11) return;
            const std::string at = nodes.back();
            const auto go = [&](const Edge& e, bool against, char letter) {
                const std::string& next = against ? e.source : e.target;
                if (std::find(nodes.begin(), nodes.end(), next) != nodes.end()) return;
                const std::size_t n = text.size();
                text += (against ? " ^" : " ") + e.kind + " " + next;
                word.push_back(letter);
                nodes.push_back(next);
                path.push_back(&e);
                walk();
                path.pop_back();
                nodes.pop_back();
                word.pop_back();
                text.resize(n);
            };
            if (path.empty() && !located.target.empty() && alive(located.target))
                go(located, false, 'X');
            for (const Edge& e : edges) {
                const auto letter = letters().find(e.kind);
                if (letter == letters().end() || !active(e)) continue;
                if (e.source == at) go(e, false, letter->second);
                if (e.target == at) go(e, true, static_cast<char>(letter->second - 'A' + 'a'));
            }
        };
        walk();
        return found;
    }

    static bool word_is(std::string_view word, std::string_view first, char loop,
                        std::string_view last, std::size_t least) {
        if (word.substr(0, first.size()) != first || word.size() < first.size() + last.size())
            return false;
        if (word.substr(word.size() - last.size()) != last) return false;
        const auto middle = word.substr(first.size(), word.size() - first.size() - last.size());
        return middle.size() >= least && middle.find_first_not_of(loop) == std::string_view::npos;
    }

    void judge(const std::string& x, const std::vector<std::string>& nodes,
               const std::vector<const Edge*>& path, std::string word, const std::string& text,
               const std::set<std::string>& sectors, std::set<std::string>& found) const {
        const std::string node = nodes.back();
        const auto is = [&](std::string_view kinds) {
            return (" " + std::string(kinds) + " ").find(" " + kind.at(node) + " ") !=
                   std::string::npos;
        };
        const auto post_is = [&](std::string_view posts) {
            return !post.at(node).empty() &&
                   (" " + std::string(posts) + " ").find(" " + post.at(node) + " ") !=
                       std::string::npos;
        };
        const auto add = [&](const char* capacity) {
            found.insert(std::string(capacity) + " " + node + ":" + text);
        };
        const auto meets = [&](const Edge& e, bool open) {
            return e.sectors.empty() ? open : sectors.count(e.sectors) != 0;
        };
        const auto territory = [&](const std::string& w, const std::string& last,
                                   const std::string& before) {
            const std::string bodies = " government party_committee zone_admin ";
            const std::string k = " " + kind.at(last) + " ";
            if (w == "g" || w == "t") return true;
            const bool place = k == " grid " || k == " village ";
            const bool body = bodies.find(k) != std::string::npos;
            for (const std::string_view head : {"g", "t", "tS"}) {
                if (place && word_is(w, head, 'P', "", 1)) return true;
                if (body && word_is(w, head, 'P', "s", 0)) return true;
            }
            return k == " village " && word_is(w, "g", 'P', "p", 0) &&
                   kind.at(before) == "region" && level.at(before) == "village";
        };
        const auto department = [&](const std::string& w, const Edge& e) {
            if (w == "l" || w == "b") return true;
            if (w == "r" || w == "i") return meets(e, true);
            if (word_is(w, "X", 'P', "r", 0) || word_is(w, "X", 'P', "i", 0))
                return meets(e, false);
            return word_is(w, "X", 'P', "c", 0) && meets(e, true);
        };
        const std::size_t n = nodes.size();
        const Edge& last = *path.back();
        if (word == "m") add("C1");
        if (word == "H") {
            // posts of the enterprise that are not its principal's
            bool principal = false;
            for (const Edge& e : edges)
                principal = principal || (e.kind == "PRINCIPAL_OF" && e.source == node &&
                                          e.target == x && active(e));
            if (!principal) add("C2");
        }
        if (word_is(word, "", 'O', "", 1)) add("C3");
        if (territory(word, node, nodes[n - 2])) add("C4");
        if (word == "r" || word_is(word, "X", 'P', "r", 0))
            if (meets(last, word == "r")) add("C6");
        if (word == "i" || word_is(word, "X", 'P', "i", 0))
            if (meets(last, word == "i")) add("C7");
        if (word == "l" || word == "b") add("C8");
        if (word_is(word, "X", 'P', "c", 0) && meets(last, true)) add("C9");
        if (word_is(word, "X", 'P', "s", 0) &&
            (is("safety_committee safety_office") ||
             (is("special_committee") && sectors.count(scope.at(node)) != 0)))
            add("C11");
        if (word == "w") add("C12");
        if (n >= 3) {
            const std::string before = word.substr(0, word.size() - 1);
            if (word.back() == 'H' && n >= 3 && territory(before, nodes[n - 2], nodes[n - 3]) &&
                post_is("party_principal gov_principal safety_deputy village_head grid_leader"))
                add("C5");
            if (department(before, *path[path.size() - 2]) &&
                (word.back() == 'n' ||
                 (word.back() == 'H' && post_is("dept_principal dept_safety_deputy"))))
                add("C10");
            std::size_t guides = 0;
            while (guides < word.size() && word[word.size() - 1 - guides] == 'd')
                ++guides;
            for (std::size_t g = 1; g <= guides && g < word.size(); ++g) {
                const std::string w = word.substr(0, word.size() - g);
                const Edge& e = *path[w.size() - 1];
                if ((w == "r" && meets(e, true)) ||
                    (word_is(w, "X", 'P', "r", 0) && meets(e, false)))
                    add("C13");
            }
        }
    }
};

}  // namespace

namespace {

// What who_all says of a node, put together from its classes: "C6 yj stated", sorted, and the
// capacities that are missing.
std::pair<Codes, std::set<std::string>> unfold(const WhoAll& all, std::size_t row) {
    Codes rows;
    std::set<std::string> missing;
    for (std::size_t part = 1; part < all.members.size(); ++part) {
        const auto number = all.members.column(part).integers()[row];
        for (std::size_t i = 0; i < all.answers.rows(); ++i)
            if (all.answers.at("class").integers()[i] == number)
                rows.push_back(all.answers.at("capacity").print(i) + " " +
                               all.answers.at("node").print(i) + " " +
                               all.answers.at("confidence").print(i));
        for (std::size_t i = 0; i < all.missing.rows(); ++i)
            if (all.missing.at("class").integers()[i] == number)
                missing.insert(all.missing.at("capacity").print(i));
    }
    std::sort(rows.begin(), rows.end());
    return {rows, missing};
}

void check_factored(const ResponsibilityGraph& g, const WhoOptions& options) {
    const WhoAll all = who_all(g, {}, options);
    for (std::size_t row = 0; row < all.members.rows(); ++row) {
        const Who one = who(g, all.members.at("node").print(row), options);
        Codes rows;
        std::set<std::string> missing;
        for (std::size_t i = 0; i < one.size(); ++i)
            rows.push_back(one.at(i).capacity + " " + one.at(i).node + " " + one.at(i).confidence);
        for (std::size_t i = 0; i < one.missing_size(); ++i)
            missing.insert(one.missing(i).capacity);
        std::sort(rows.begin(), rows.end());
        const auto unfolded = unfold(all, row);
        CHECK(unfolded.first == rows);
        CHECK(unfolded.second == missing);
    }
}

}  // namespace

TEST_CASE("Nodes with the same neighbours share a class, and a class says what each would hear") {
    small::Texts texts = county;
    // E4 and E5 differ from each other in nothing but their principals; E6 in its sector too.
    texts["enterprises"] +=
        "E4,甲厂,360924100001,烟花爆竹,\nE5,乙厂,360924100001,烟花爆竹,\nE6,丙厂,360924100,"
        "非煤矿山,\n";
    texts["nodes"] += "b4,post,厂长,,E4,principal,,,\nb5,post,厂长,,E5,principal,,,\n";
    texts["edges"] +=
        "b4,E4,PRINCIPAL_OF,,,,,,,,\nb5,E5,PRINCIPAL_OF,,,,,,,,\n"
        "v1,E4,TERRITORIAL,,,,,,,,\nv1,E5,TERRITORIAL,,,,,,,,\n";
    const auto g = small::graph(texts);
    check_factored(g, {});
    const WhoAll all = who_all(g, {});
    REQUIRE(all.parts.at(0) == Codes{"C1", "C2"});
    CHECK(all.parts.at(3) == Codes{"C6", "C9", "C10", "C7", "C8", "C13"});
    const auto number = [&](std::size_t part, const char* id) {
        for (std::size_t row = 0; row < all.members.rows(); ++row)
            if (all.members.at("node").print(row) == id)
                return all.members.column(part).integers()[row];
        return std::int64_t{-1};
    };
    CHECK(number(1, "E4") != number(1, "E5"));
    for (std::size_t part = 2; part < all.members.size(); ++part)
        CHECK(number(part, "E4") == number(part, "E5"));
    CHECK(number(4, "E4") != number(4, "E1"));  // E1 is permitted by yj
    CHECK(number(4, "E4") != number(4, "E6"));
    CHECK(number(3, "E4") != number(3, "E6"));  // nobody's territory
    // The same for any number of threads and any order of tables.
    Work two;
    two.threads = 2;
    const WhoAll again = who_all(g, {}, {}, two);
    CHECK(again.classes == all.classes);
    for (std::size_t i = 0; i < all.answers.rows(); ++i)
        CHECK(again.answers.at("step").print(i) == all.answers.at("step").print(i));
    // A path by steps.
    for (std::size_t i = 0; i < all.answers.rows(); ++i)
        if (all.answers.at("capacity").print(i) == "C13") {
            auto step = static_cast<std::size_t>(all.answers.at("step").integers()[i]);
            CHECK(all.steps.at("kind").print(step) == "GUIDES");
            CHECK(all.steps.at("source").print(step) == "syj");
            step = static_cast<std::size_t>(all.steps.at("parent").integers()[step]);
            CHECK(all.steps.at("kind").print(step) == "REGULATES");
            step = static_cast<std::size_t>(all.steps.at("parent").integers()[step]);
            CHECK(all.steps.at("kind").print(step) == "LOCATED_IN");
            CHECK(all.steps.at("source").is_null(step));
            CHECK(all.steps.at("target").print(step) == "360924");
            CHECK(all.steps.at("parent").is_null(step));
        }
}

TEST_CASE("Rows of many nodes are those of each, whatever the threads") {
    const auto g = small::graph(county);
    const std::vector<NodeNo> nodes = {g.at("E2"), g.at("E1"), g.at("S1")};
    for (const unsigned threads : {1U, 2U}) {
        Work work;
        work.threads = threads;
        std::vector<std::string> rows;
        who_rows(g, nodes, {}, work, Lang::zh, [&](const Table& table) {
            for (std::size_t i = 0; i < table.rows(); ++i)
                rows.push_back(table.at("subject").print(i) + " " + table.at("path").print(i));
        });
        std::vector<std::string> expected;
        for (const char* id : {"E2", "E1", "S1"}) {
            const Table table = who(g, id).table();
            for (std::size_t i = 0; i < table.rows(); ++i)
                expected.push_back(std::string(id) + " " + table.at("path").print(i));
        }
        CHECK(rows == expected);
    }
}

TEST_CASE("Answers are those of all simple paths, on random graphs and days") {
    std::mt19937 random(20260101);
    const auto below = [&](std::size_t n) { return random() % n; };
    const std::vector<std::string> days = {"", "2020-01-01", "2022-01-01", "2024-01-01"};
    for (int round = 0; round < 3; ++round) {
        // Places: a chain of divisions, a zone, a grid, a village.
        std::vector<std::string> places = {"36", "3601", "360102", "360102001", "360102001001"};
        std::string divisions = "code,name\n";
        for (const std::string& place : places)
            divisions += place + ",p" + place + "\n";
        Brute brute;
        const auto note = [&](const std::string& id, const std::string& kind,
                              const std::string& post, const std::string& place,
                              const std::string& scope, const std::string& from,
                              const std::string& to) {
            brute.kind[id] = kind;
            brute.post[id] = post;
            brute.division[id] = place;
            brute.scope[id] = scope;
            brute.level[id] = "";
            brute.from[id] = from;
            brute.to[id] = to;
        };
        const std::vector<std::string> levels = {"province", "city", "county", "town", "village"};
        for (std::size_t i = 0; i < places.size(); ++i) {
            note(places[i], "region", "", "", "", "", "");
            brute.level[places[i]] = levels[i];
        }
        std::string nodes = "id,kind,name,division,unit,post_kind,sectors,valid_from,valid_to\n";
        std::map<std::string, std::vector<std::string>> of;
        const std::vector<std::string> sectors = {"gas", "fireworks", "rail"};
        const auto node = [&](std::string id, const std::string& kind, bool seated) {
            const std::string place = seated ? places[below(places.size())] : "";
            const std::string scope = kind == "special_committee" ? sectors[below(3)] : "";
            const std::string from = days[below(6) < 4 ? 0 : below(4)];
            const std::string to = from.empty() && below(6) == 0 ? days[1 + below(3)] : "";
            nodes += id + "," + kind + ",n" + id + "," + place + ",,," + scope + "," + from + "," +
                     to + "\n";
            note(id, kind, "", place, scope, from, to);
            of[kind].push_back(std::move(id));
        };
        node("gov1", "government", true);
        node("gov2", "government", true);
        node("pc1", "party_committee", true);
        node("d1", "dept", true);
        node("d2", "dept", true);
        node("d3", "dept", true);
        node("sp1", "special_committee", true);
        node("sc1", "safety_committee", true);
        node("v1", "village", false);
        node("g1", "grid", false);
        node("g2", "grid", false);
        node("gr1", "group", false);
        node("gr2", "group", false);
        const std::vector<std::string> post_kinds = {"gov_principal", "dept_principal",
                                                     "village_head", "principal", "worker"};
        std::string unit_edges;
        for (int i = 0; i < 6; ++i) {
            const std::string id = "post" + std::to_string(i);
            const std::vector<std::string> units = {"gov1", "pc1", "d1", "d2", "v1", "E1"};
            const std::string unit = units[below(units.size())];
            const std::string post = post_kinds[below(post_kinds.size())];
            nodes += id + ",post,n" + id + ",," + unit + "," + post + ",,,\n";
            note(id, "post", post, "", "", "", "");
            of["post"].push_back(id);
        }
        const std::string place = below(8) == 0 ? "" : places[2 + below(3)];
        const std::string sector = sectors[below(3)];
        note("E1", "enterprise", "", place, "", "", "");
        of["enterprise"].push_back("E1");
        of["region"] = places;
        std::string edges = "source,target,kind,sectors,valid_from,valid_to\n";
        const std::vector<std::array<std::string, 3>> sorts = {
            {"grid", "GRID_COVERS", "enterprise"},
            {"village", "TERRITORIAL", "enterprise"},
            {"government", "TERRITORIAL", "enterprise"},
            {"grid", "PART_OF", "grid"},
            {"grid", "PART_OF", "village"},
            {"grid", "PART_OF", "region"},
            {"village", "PART_OF", "region"},
            {"post", "PRINCIPAL_OF", "enterprise"},
            {"enterprise", "OWNED_BY", "group"},
            {"group", "OWNED_BY", "group"},
            {"dept", "REGULATES", "region"},
            {"dept", "REGULATES", "region"},
            {"dept", "REGULATES", "enterprise"},
            {"dept", "HOSTS_SECTOR", "region"},
            {"dept", "COMPREHENSIVE", "region"},
            {"dept", "PERMITS", "enterprise"},
            {"post", "MANAGES_BUSINESS", "enterprise"},
            {"post", "IN_CHARGE_OF", "dept"},
            {"dept", "GUIDES", "dept"},
            {"post", "PAIRED_WITH", "enterprise"}};
        for (const auto& [from, kind, to] : sorts) {
            for (std::size_t k = below(3) + 1; k > 0; --k) {
                const std::string& a = of[from][below(of[from].size())];
                const std::string& b = of[to][below(of[to].size())];
                if (a == b) continue;
                const bool by_sector =
                    kind == "REGULATES" || kind == "HOSTS_SECTOR" || kind == "COMPREHENSIVE";
                const std::string scope = by_sector && below(4) != 0 ? sectors[below(3)] : "";
                const std::string begin = days[below(2) == 0 ? 0 : below(4)];
                const std::string end = begin.empty() && below(3) == 0 ? days[1 + below(3)] : "";
                edges += a + "," + b + "," + kind + "," + scope + "," + begin + "," + end + "\n";
            }
        }
        const auto g = small::graph(
            {{"divisions", divisions},
             {"nodes", nodes},
             {"edges", edges},
             {"enterprises", "id,name,division,sectors\nE1,e," + place + "," + sector + "\n"}});
        const Table all = g.edge_table();
        for (std::size_t row = 0; row < all.rows(); ++row)
            brute.edges.push_back({all.at("source").print(row), all.at("target").print(row),
                                   all.at("kind").print(row), all.at("sectors").print(row),
                                   all.at("valid_from").print(row), all.at("valid_to").print(row)});
        for (const char* day : {"2019-06-01", "2022-01-01", "2026-01-01"}) {
            brute.on = day;
            WhoOptions options;
            options.on = Date::parse(day);
            const Who answer = who(g, "E1", options);
            const Codes found = lines(answer);
            std::set<std::string> expected = brute.answers("E1", {sector});
            // Parallel edges make paths that read alike; the set forgets how often.
            CHECK(std::set<std::string>(found.begin(), found.end()) == expected);
            const auto any = [&](const char* capacity) {
                return std::any_of(expected.begin(), expected.end(), [&](const std::string& line) {
                    return line.rfind(std::string(capacity) + " ", 0) == 0;
                });
            };
            std::set<std::string> missing;
            for (std::size_t i = 0; i < answer.missing_size(); ++i)
                missing.insert(answer.missing(i).capacity);
            for (const char* capacity : {"C4", "C6", "C9"})
                CHECK((missing.count(capacity) != 0) == !any(capacity));
            CHECK(missing.count("C1") == 1);  // nobody holds a post here
            check_factored(g, options);
        }
    }
}
