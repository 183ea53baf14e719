// Tests of the rules RT.
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

// A county with a town, two villages and a zone, an enterprise in each, one of them with a site.
const small::Texts county = {
    {"divisions",
     "code,name\n360924,宜丰县\n360924100,新昌镇\n360924100001,一村\n360924100002,二村\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,valid_to\n"
     "gov,government,县政府,360924,,,\n"
     "tgov,government,镇政府,360924100,,,\n"
     "v1,village,一村村委会,360924100001,,,\n"
     "v2,village,二村村委会,360924100002,,,\n"
     "Z,zone,工业园区,360924,,,\n"
     "za,zone_admin,园区管委会,Z,,,\n"
     "zs,dept,园区安监站,Z,,,\n"
     "ts,dept,镇应急管理所,360924100,,,\n"
     "i1,post,执法岗一,,ts,inspector,\n"
     "i2,post,执法岗二,,ts,inspector,\n"
     "g,grid,镇网格,360924100,,,\n"
     "g1,grid,一村网格,,,,\n"
     "gz,grid,园区网格,Z,,,\n"
     "gl,post,网格长,,g,grid_leader,\ngo,post,网格员,,g,grid_officer,\n"
     "g1l,post,一村网格长,,g1,grid_leader,\ng1o,post,一村网格员,,g1,grid_officer,\n"
     "gzl,post,园区网格长,,gz,grid_leader,\ngzo,post,园区网格员,,gz,grid_officer,\n"
     "h1,post,一村主任,,v1,village_head,\n"
     "p1,person,张一,,,,\np2,person,张二,,,,\np3,person,张三,,,,\n"
     "S1,site,一号车间,360924100001,E1,,\n"},
    {"enterprises", "id,name,division\nE1,甲厂,360924100001\nE2,乙厂,Z\n"},
    {"edges",
     "source,target,kind,sectors,valid_from,valid_to,attributes\n"
     "v1,E1,TERRITORIAL,,,,\n"
     "tgov,E1,TERRITORIAL,,,2026-06-30,\n"
     "za,E2,TERRITORIAL,,,,\n"
     "g,E1,GRID_COVERS,,,,\ng1,E1,GRID_COVERS,,,,\ngz,E2,GRID_COVERS,,,,\n"
     "g1,g,PART_OF,,,,\n"
     "zs,Z,REGULATES,fireworks,,,\n"
     "ts,360924100,COMPREHENSIVE,,,,\n"
     "p1,i1,HOLDS,,,,\np2,i2,HOLDS,,,2026-06-30,\n"
     "p1,gl,HOLDS,,,,\np2,go,HOLDS,,,,\np1,g1l,HOLDS,,,,\np2,g1o,HOLDS,,,,\n"
     "p1,gzl,HOLDS,,,,\np2,gzo,HOLDS,,,,\n"
     "p3,h1,HOLDS,,,2026-06-30,\n"},
};

small::Texts only_nodes() {
    return {{"nodes", "id,kind,name\np,person,张三\n"}};
}

}  // namespace

TEST_CASE("each rule of the territory holds in a whole county and says why it is not asked without",
          "[graph][rules]") {
    for (const char* rule :
         {"RT-01", "RT-02", "RT-03", "RT-04", "RT-05", "RT-06", "RT-07", "RT-08"}) {
        CAPTURE(rule, ask(county, rule));
        CHECK(ask(county, rule).holds());
        CHECK(ask(only_nodes(), rule).not_assessed());
    }
    CHECK(ask(county, "RT-01").examined == 3);
}

TEST_CASE("an enterprise has one chain of places that reaches the top", "[graph][rules]") {
    // Village and township lie on one chain; when both end, nobody is left. The site goes with its
    // enterprise and is not named again.
    const auto orphan = without(without(county, "edges", "v1,E1"), "edges", "tgov,E1");
    CHECK(ask(orphan, "RT-01").found == Lines{"error E1"});
    const auto dated = without(county, "edges", "v1,E1");
    CHECK(ask(dated, "RT-01", "2026-06-30").holds());
    CHECK(ask(dated, "RT-01", "2026-07-01").found == Lines{"error E1"});
    CHECK(ask(dated, "RT-01", "2021-08-31").not_assessed());
    CHECK(ask(dated, "RT-01", "2021-09-01").holds());
    // Two villages: two chains; a written division of both makes it one matter each.
    const auto twice = with(county, "edges", "v2,E1,TERRITORIAL,,,,\n");
    CHECK(ask(twice, "RT-01").found ==
          Lines{"error E1 v1 v2 | v1 TERRITORIAL E1 v2 TERRITORIAL E1"});
    CHECK(ask(twice, "RT-01")
              .said.at(0)
              .find("甲厂（E1）有2条属地管理链，分属一村村委会（v1）、二村村委会（v2）") == 0);
    const auto divided = swap(swap(twice, "edges", "v1,E1,TERRITORIAL,,,,",
                                   "v1,E1,TERRITORIAL,,,,'{\"division_ref\":\"文件\"}'"),
                              "edges", "v2,E1,TERRITORIAL,,,,",
                              "v2,E1,TERRITORIAL,,,,'{\"division_ref\":\"文件\"}'");
    CHECK(ask(divided, "RT-01").holds());
    // A site that lies elsewhere has to have its own.
    CHECK(ask(swap(county, "nodes", "一号车间,360924100001", "一号车间,360924100002"), "RT-01")
              .found == Lines{"error S1"});
    // A government that sits nowhere, and a place outside: the chain breaks there.
    const auto lost =
        with(with(orphan, "nodes", "x,government,某政府,,,,\n"), "edges", "x,E1,TERRITORIAL,,,,\n");
    CHECK(ask(lost, "RT-01").found == Lines{"error E1 x | x TERRITORIAL E1"});
    const auto outside =
        with(with(orphan, "nodes", "y,grid,外网格,,,,\n"), "edges", "y,E1,TERRITORIAL,,,,\n");
    CHECK(ask(outside, "RT-01").found == Lines{"error E1 y | y TERRITORIAL E1"});
}

TEST_CASE("zone and township claim one enterprise only with a written division", "[graph][rules]") {
    const auto both = with(county, "edges", "tgov,E2,TERRITORIAL,,,,\n");
    CHECK(ask(both, "RT-02").found ==
          Lines{"warning E2 za tgov | za TERRITORIAL E2 tgov TERRITORIAL E2"});
    CHECK(ask(both, "RT-01").holds());
    CHECK(ask(county, "RT-02").examined == 1);
    const auto one_side = swap(both, "edges", "za,E2,TERRITORIAL,,,,",
                               "za,E2,TERRITORIAL,,,,'{\"division_ref\":\"文件\"}'");
    CHECK(ask(one_side, "RT-02").found.size() == 1);
    const auto divided = swap(one_side, "edges", "tgov,E2,TERRITORIAL,,,,",
                              "tgov,E2,TERRITORIAL,,,,'{\"division_ref\":\"文件\"}'");
    CHECK(ask(divided, "RT-02").holds());
    // The county stands above both: that is one chain.
    CHECK(ask(with(county, "edges", "gov,E2,TERRITORIAL,,,,\n"), "RT-02").holds());
    CHECK(ask(with(county, "edges", "gov,E2,TERRITORIAL,,,,\n"), "RT-01").holds());
    // A third chain is too many whatever else there is.
    CHECK(ask(with(both, "edges", "v2,E2,TERRITORIAL,,,,\nv1,E2,TERRITORIAL,,,,\n"), "RT-01")
              .found.size() == 1);
}

TEST_CASE("a zone and a township have a safety body with duties", "[graph][rules]") {
    CHECK(ask(without(county, "nodes", "zs,"), "RT-03").found == Lines{"error Z"});
    const auto idle = without(county, "edges", "zs,Z,REGULATES");
    CHECK(ask(idle, "RT-03").found == Lines{"error Z zs"});
    // A duty by entrustment to the zone, or of one of its posts.
    CHECK(ask(with(idle, "edges", "ts,za,ENFORCES_FOR,,,,\n"), "RT-03").holds());
    CHECK(ask(with(with(idle, "nodes", "zp,post,站长,,zs,dept_principal,\n"), "edges",
                   "zp,Z,SAFETY_DUTY,,,,\n"),
              "RT-03")
              .holds());
    CHECK(ask(without(county, "edges", "ts,360924100,COMPREHENSIVE"), "RT-04").found ==
          Lines{"error 360924100 ts"});
    CHECK(ask(swap(county, "nodes", "镇应急管理所", "镇农业站"), "RT-04").found ==
          Lines{"error 360924100"});
    CHECK(ask(without(county, "nodes", "Z,"), "RT-03").not_assessed());
}

TEST_CASE("a township has two inspectors, who are two persons", "[graph][rules]") {
    CHECK(ask(county, "RT-04", "2026-06-30").holds());
    const auto answer = ask(county, "RT-04", "2026-07-01");
    CHECK(answer.found == Lines{"warning 360924100"});
    CHECK(answer.said.at(0).find("新昌镇（360924100）只有1名执法人员，应不少于2名") == 0);
    CHECK(ask(swap(county, "edges", "p2,i2", "p1,i2"), "RT-04").found.size() == 1);
    CheckOptions one;
    one.parameters["RT-04.inspectors"] = "1";
    CHECK(ask(county, "RT-04", "2026-07-01", one).holds());
    // A unit may say how many it has; where there is neither number nor post nobody knows.
    const auto nobody = without(without(county, "nodes", "i1,"), "nodes", "i2,");
    CHECK(ask(nobody, "RT-04").partly());
    CHECK(ask(nobody, "RT-04").unjudged == 1);
    const auto stated = [&](const std::string& number) {
        auto texts = nobody;
        const std::string& nodes = texts["nodes"];
        std::string lines;
        for (std::size_t at = 0; at < nodes.size();) {
            const std::size_t end = nodes.find('\n', at);
            const std::string line = nodes.substr(at, end - at);
            lines += line;
            lines += at == 0 ? ",staff\n" : line.starts_with("ts,") ? "," + number + "\n" : ",\n";
            at = end + 1;
        }
        texts["nodes"] = lines;
        return texts;
    };
    CHECK(ask(stated("2"), "RT-04").holds());
    CHECK(ask(stated("1"), "RT-04").said.at(0).find("只有1名执法人员") != std::string::npos);
}

TEST_CASE("a site is in exactly one lowest grid, and grids are staffed", "[graph][rules]") {
    // E1's site stands for it and goes by the enterprise's grids, of which g1 is the lowest.
    const auto none_left = without(without(county, "edges", "g,E1,GRID"), "edges", "g1,E1,GRID");
    CHECK(ask(none_left, "RT-05").found == Lines{"error S1"});
    // Without a single edge GRID_COVERS nobody says which grids there are.
    CHECK(ask(swap(county, "edges", "GRID_COVERS", "GUARDS"), "RT-05").partly());
    CHECK(ask(with(none_left, "edges", "g1,S1,GRID_COVERS,,,,\n"), "RT-05").holds());
    CHECK(ask(with(county, "edges", "gz,S1,GRID_COVERS,,,,\ng1,S1,GRID_COVERS,,,,\n"), "RT-05")
              .found == Lines{"error S1 g1 gz | g1 GRID_COVERS S1 gz GRID_COVERS S1"});
    CHECK(ask(without(county, "edges", "gz,E2,GRID"), "RT-05").found == Lines{"error E2"});
    const auto answer = ask(without(county, "edges", "p2,gzo"), "RT-05");
    CHECK(answer.found == Lines{"warning gz gzo"});
    CHECK(answer.said.at(0).find("园区网格（gz）没有在岗的网格员") == 0);
    CHECK(ask(without(county, "nodes", "gl,"), "RT-05").found == Lines{"warning g"});
}

TEST_CASE("a village with enterprises has a contact in office", "[graph][rules]") {
    CHECK(ask(county, "RT-06", "2026-06-30").examined == 1);
    CHECK(ask(county, "RT-06", "2026-07-01").found == Lines{"warning v1"});
    CHECK(ask(county, "RT-06", "2026-07-01").said.at(0).find("一村村委会（v1）有2个") == 0);
    const auto second = with(county, "edges", "v2,E2,TERRITORIAL,,,,\n");
    CHECK(ask(second, "RT-06").found == Lines{"warning v2"});
    CHECK(ask(with(with(second, "nodes", "l,post,联络员,,v2,liaison,\n"), "edges",
                   "p1,l,HOLDS,,,,\n"),
              "RT-06")
              .holds());
    CHECK(ask(without(county, "nodes", "v1,"), "RT-06").found == Lines{"warning 360924100001"});
}

TEST_CASE("places are a tree whose levels grow finer", "[graph][rules]") {
    CHECK(ask(with(county, "edges", "360924100002,360924,PART_OF,,,,\n"), "RT-07").found ==
          Lines{"error 360924100002 360924 360924100 | 360924100002 PART_OF 360924 "
                "360924100002 PART_OF 360924100"});
    CHECK(ask(with(county, "nodes", "Z2,zone,新区,,,,\n"), "RT-07").found == Lines{"error Z2"});
    // A circle of grids; one that is its own parent.
    const auto circle = with(with(county, "nodes", "a,grid,甲,,,,\nb,grid,乙,,,,\n"), "edges",
                             "a,b,PART_OF,,,,\nb,a,PART_OF,,,,\n");
    CHECK(ask(circle, "RT-07").found == Lines{"error a b | a PART_OF b b PART_OF a"});
    const auto loop = with(with(county, "nodes", "a,grid,甲,,,,\n"), "edges", "a,a,PART_OF,,,,\n");
    CHECK(ask(loop, "RT-07").found == Lines{"error a a | a PART_OF a"});
    // A town below a village. The other rules have answers all the same.
    auto upside = county;
    upside["divisions"] =
        "code,name,parent\n360924,宜丰县,\n360924100,新昌镇,360924\n360924100001,一村,360924100\n"
        "360924100002,二村,360924100\n360924101,某镇,360924100001\n";
    CHECK(ask(upside, "RT-07").found ==
          Lines{"error 360924101 360924100001 | 360924101 PART_OF 360924100001"});
    CHECK(ask(upside, "RT-07")
              .said.at(0)
              .find("某镇（360924101）的级别（乡级）不低于上级一村（360924100001）（村级）") == 0);
    for (const char* rule : {"RT-01", "RT-05", "RT-06", "RT-08"})
        CHECK(ask(circle, rule).holds());
    // Another town of the same level as its parent.
    CHECK(ask(swap(upside, "divisions", "某镇,360924100001", "某镇,360924100"), "RT-07")
              .found.size() == 1);
}

TEST_CASE("a grid officer has twenty sites at most", "[graph][rules]") {
    auto many = county;
    for (int i = 0; i < 18; ++i) {
        many["nodes"] += "T" + std::to_string(i) + ",site,店,360924100001,E1,,\n";
        many["edges"] += "g1,T" + std::to_string(i) + ",GRID_COVERS,,,,\n";
    }
    many["nodes"] += "T18,site,店,360924100001,E1,,\n";
    many["edges"] += "g1,T18,GRID_COVERS,,,,\n";
    CHECK(ask(many, "RT-08").holds());
    many["nodes"] += "T19,site,店,360924100001,E1,,\n";
    many["edges"] += "g1,T19,GRID_COVERS,,,,\n";
    CHECK(ask(many, "RT-08").found == Lines{"info g1"});
    CHECK(ask(many, "RT-08").said.at(0).find("有21个场所、1名网格员，每人超过20个") !=
          std::string::npos);
    CHECK(ask(with(with(many, "nodes", "g1p,post,另一网格员,,g1,grid_officer,\n"), "edges",
                   "p3,g1p,HOLDS,,,,\n"),
              "RT-08")
              .holds());
    // Enterprises of an inspector are asked where a limit is set.
    CheckOptions limited;
    limited.parameters["RT-08.enterprises_per_inspector"] = "0.4";
    CHECK(ask(county, "RT-08", "", limited).found == Lines{"info 360924100"});
    limited.parameters["RT-08.enterprises_per_inspector"] = "0.5";
    CHECK(ask(county, "RT-08", "", limited).holds());
}

TEST_CASE("a chain of twenty thousand places and a hub of claims are answered", "[graph][rules]") {
    auto long_chain = county;
    std::string& nodes = long_chain["nodes"];
    std::string& edges = long_chain["edges"];
    constexpr int n = 20000;
    for (int i = 0; i < n; ++i)
        nodes += "c" + std::to_string(i) + ",grid,,,,,\n";
    edges += "c0,g,PART_OF,,,,\n";
    for (int i = 1; i < n; ++i)
        edges += "c" + std::to_string(i) + ",c" + std::to_string(i - 1) + ",PART_OF,,,,\n";
    edges += "c" + std::to_string(n - 1) + ",E1,TERRITORIAL,,,,\n";
    const auto g = small::graph(long_chain);
    // The village is another end than the long chain below the town.
    CHECK(ask(g, "RT-01").found.size() == 1);
    CHECK(ask(g, "RT-07").holds());
    CHECK(ask(g, "RT-05").found.size() == 2 * n);
}
