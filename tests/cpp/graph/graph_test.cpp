#include <safetyrisk/graph/graph.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "graph/store.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <random>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Codes = std::vector<std::string>;

const small::Texts county = {
    {"divisions", "code,name\n360924,宜丰县\n360924100,新昌镇\n360924100001,新昌村\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,valid_from,valid_to\n"
     "gov,government,宜丰县政府,360924,,,,\n"
     "yj,dept,县应急管理局,360924,,,,\n"
     "old,dept,县安监局,360924,,,,2019-02-28\n"
     "v1,village,新昌村委会,360924100001,,,,\n"
     "mayor,post,县长,,gov,gov_principal,,\n"
     "zhang,person,张三,,,,,\n"},
    {"enterprises", "id,name,division,sectors,employees\nE1,甲厂,360924100001,烟花爆竹,120\n"},
    {"edges",
     "source,target,kind,sectors,valid_from,valid_to,document,attributes\n"
     "zhang,mayor,HOLDS,,2024-01-01,,,\n"
     "v1,E1,TERRITORIAL,,,,,\n"
     "yj,360924000000,REGULATES,烟花爆竹,2019-03-01,,三定方案,'{\"power\":true}'\n"
     "old,360924,REGULATES,烟花爆竹,,2019-02-28,,\n"},
};

// All edges as texts, sorted.
std::vector<std::string> lines(const ResponsibilityGraph& g) {
    const Table edges = g.edge_table();
    std::vector<std::string> all;
    for (std::size_t row = 0; row < edges.rows(); ++row) {
        std::string line;
        for (const char* name : {"source", "kind", "target", "derived", "valid_from", "valid_to"})
            line += edges.at(name).print(row) + " ";
        all.push_back(line);
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

TEST_CASE("Columns imply edges, and a region that nobody lists is made from its code") {
    const auto g = small::graph(county);
    CHECK(lines(g) == Codes{
                          "3609 PART_OF 36 true   ",
                          "360924 PART_OF 3609 true   ",
                          "360924100 PART_OF 360924 true   ",
                          "360924100001 PART_OF 360924100 true   ",
                          "gov HAS_POST mayor true   ",
                          "gov SEATED_IN 360924 true   ",
                          "old REGULATES 360924 false  2019-02-28 ",
                          "old SEATED_IN 360924 true   ",
                          "v1 PART_OF 360924100001 true   ",
                          "v1 TERRITORIAL E1 false   ",
                          "yj REGULATES 360924 false 2019-03-01  ",
                          "yj SEATED_IN 360924 true   ",
                          "zhang HOLDS mayor false 2024-01-01  ",
                      });
    CHECK(small::codes(g) == Codes{"graph.division_made", "graph.division_made"});
    CHECK(g.kind(g.at("E1")) == "enterprise");
    CHECK(g.name(g.at("360924")) == "宜丰县");
    CHECK(g.find("nobody") == none);
    CHECK_THROWS_AS(g.at("nobody"), NotFoundError);
}

TEST_CASE("A view sees the edges and nodes of its day") {
    const auto g = small::graph(county);
    const Store& s = g.store();
    const auto regulators = [&](const char* day) {
        const View view(s, *Date::parse(day));
        std::vector<std::string> ids;
        view.in(g.at("360924"), s.known.regulates,
                [&](EdgeNo e) { ids.emplace_back(s.id(view.source(e))); });
        return ids;
    };
    CHECK(regulators("2019-02-28") == Codes{"old"});
    CHECK(regulators("2019-03-01") == Codes{"yj"});
    const View today(s, Date::of(2026, 1, 1));
    CHECK(!today.alive(g.at("old")));
    CHECK(today.held(g.at("mayor")));
    CHECK(!View(s, Date::of(2023, 12, 31)).held(g.at("mayor")));
    CHECK(today.place_of(g.at("mayor")) == g.at("360924"));
    CHECK(today.within(g.at("E1"), g.at("360924")) == false);
    CHECK(today.within(today.place_of(g.at("E1")), g.at("360924")));
    CHECK(today.posts(g.at("gov")) == std::vector<NodeNo>{g.at("mayor")});
}

TEST_CASE("The jurisdiction is what lies at or below a region with a government") {
    const auto g = small::graph(county);
    const View view(g.store(), Date::of(2026, 1, 1));
    CHECK(view.jurisdiction() ==
          std::vector<NodeNo>{g.at("360924"), g.at("360924100"), g.at("360924100001")});
    const auto named = small::graph(county, "2026-01-01", {"360924100"});
    CHECK(View(named.store(), Date::of(2026, 1, 1)).jurisdiction() ==
          std::vector<NodeNo>{named.at("360924100"), named.at("360924100001")});
    CHECK_THROWS_AS(small::graph(county, "2026-01-01", {"nowhere"}), InputError);
}

TEST_CASE("Attributes come from columns and from JSON alike") {
    const auto g = small::graph(county);
    const Store& s = g.store();
    CHECK(s.attribute("employees").at(g.at("E1")).as_number() == 120.0);
    CHECK(s.attribute("employees").at(g.at("yj")).is_empty());
    CHECK(!s.attribute("nothing").anywhere());
    const auto power = s.edge_attribute("power");
    std::size_t have = 0;
    for (EdgeNo e = 0; e < s.m(); ++e)
        if (power.at(e).yes() == true) {
            ++have;
            CHECK(s.id(s.source[e]) == "yj");
            CHECK(s.doc(e) == "三定方案");
        }
    CHECK(have == 1);
    CHECK(s.has_column("enterprises", "employees"));
    CHECK(s.has_column("edges", "power"));
    CHECK(!s.has_column("enterprises", "power"));
}

TEST_CASE("What is wrong with a row is an issue that names it") {
    auto texts = county;
    const auto after = [&](const std::string& name, const std::string& more) {
        auto changed = county;
        changed[name] += more;
        return small::codes(small::graph(changed));
    };
    const auto with = [](Codes more) {
        more.insert(more.end(), {"graph.division_made", "graph.division_made"});
        std::sort(more.begin(), more.end());
        return more;
    };
    CHECK(after("edges", "ghost,E1,TERRITORIAL,,,,,\n") == with({"graph.end_unknown"}));
    CHECK(after("edges", ",E1,TERRITORIAL,,,,,\n") == with({"graph.end_missing"}));
    CHECK(after("edges", "v1,E1,OWNS_THE_SKY,,,,,\n") == with({"graph.edge_kind_unknown"}));
    CHECK(after("edges", "v1,E1,TERRITORIAL,,,,,\n") == with({"graph.edge_repeated"}));
    CHECK(after("edges", "yj,yj,LEADS,,,,,\n") == with({"graph.self_loop"}));
    CHECK(after("edges", "v1,E1,TERRITORIAL,,2026-02-30,,,\n") == with({"graph.date_malformed"}));
    CHECK(after("edges", "v1,E1,TERRITORIAL,,2026-02-02,2026-02-01,,\n") ==
          with({"graph.dates_contradict"}));
    CHECK(after("edges", "v1,E1,TERRITORIAL,造月球,,,,\n") == with({"graph.sector_unknown"}));
    CHECK(after("nodes", "gov,government,另一个,360924,,,,\n") ==
          with({"graph.end_unknown", "graph.id_conflict", "graph.id_conflict"}));
    CHECK(after("nodes", "v1,village,新昌村委会,360924100001,,,,\n") ==
          with({"graph.row_repeated"}));
    CHECK(after("nodes", "E1,enterprise,甲厂,360924,,,,\n") == with({"graph.id_in_two_tables"}));
    CHECK(after("nodes", "x,martian,某,360924,,,,\n") == with({"graph.kind_unknown"}));
    CHECK(after("nodes", ",dept,某,360924,,,,\n") == with({"graph.id_missing"}));
    CHECK(after("nodes", "d,dept,某,999,,,,\n") == with({"graph.end_unknown"}));
}

TEST_CASE("The order of the rows changes nothing") {
    const auto shuffled = [](const std::string& text, unsigned seed) {
        const std::size_t head = text.find('\n') + 1;
        std::vector<std::string> rows;
        for (std::size_t at = head; at < text.size();) {
            const std::size_t end = text.find('\n', at) + 1;
            rows.push_back(text.substr(at, end - at));
            at = end;
        }
        std::mt19937 random(seed);
        std::shuffle(rows.begin(), rows.end(), random);
        std::string all = text.substr(0, head);
        for (const auto& row : rows)
            all += row;
        return all;
    };
    auto base = county;
    base["edges"] +=
        "yj,360924,REGULATES,危险化学品,2019-03-01,,,\nyj,360924,REGULATES,非煤矿山,2020-01-01,,,"
        "\n";
    const auto expected = small::graph(base);
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto texts = base;
        for (auto& [name, text] : texts)
            text = shuffled(text, seed);
        const auto g = small::graph(texts);
        CHECK(lines(g) == lines(expected));
        CHECK(small::codes(g) == small::codes(expected));
        const Table a = g.edge_table(), b = expected.edge_table();
        for (std::size_t row = 0; row < a.rows(); ++row)
            CHECK(a.at("sectors").print(row) == b.at("sectors").print(row));
    }
}

TEST_CASE("A circle of places ends every walk") {
    const auto g =
        small::graph({{"divisions", "code,name,parent\n360924,甲,360925\n360925,乙,360924\n"},
                      {"nodes", "id,kind,name\n"},
                      {"edges", "source,target,kind\n"}});
    const View view(g.store(), Date::of(2026, 1, 1));
    CHECK(view.chain(g.at("360924")) == std::vector<NodeNo>{g.at("360924"), g.at("360925")});
    CHECK(!view.within(g.at("360924"), g.at("36")));
}

TEST_CASE("A node whose id is the code of a region that nobody lists stands for itself") {
    const auto g =
        small::graph({{"nodes", "id,kind,name,division\n360924,dept,某局,\nx,dept,某,360924\n"}});
    CHECK(g.kind(g.at("360924")) == "dept");
    CHECK(g.store().division[g.at("x")] == g.at("360924"));
}

TEST_CASE("A table that a graph has no use for, or that comes twice, is a wrong call") {
    CHECK_THROWS_AS(small::graph({{"nonsense", "id\n1\n"}}), InputError);
    CHECK_THROWS_AS(small::graph({{"nodes", "id,name\n1,a\n"}}), NotFoundError);
    std::vector<Table> twice{small::table("nodes", "id,kind,name\n"),
                             small::table("nodes", "id,kind,name\n")};
    CHECK_THROWS_AS(ResponsibilityGraph::build(std::move(twice)), InputError);
}

TEST_CASE("Links are read by the names of the pack, and those of a sector are known unused") {
    auto tables = county;
    tables["edges"] =
        "source,target,kind,sectors,links\n"
        "yj,360924,REGULATES,危化品运输,运输;transport\n"
        "yj,E1,REGULATES,危化品运输,通行;夜间押运\n";
    const auto g = small::graph(tables);
    const Table edges = g.edge_table();
    std::vector<std::string> links;
    for (std::size_t row = 0; row < edges.rows(); ++row)
        if (edges.at("kind").text(row) == "REGULATES")
            links.emplace_back(edges.at("links").text(row));
    std::sort(links.begin(), links.end());
    CHECK(links == Codes{"traffic;夜间押运", "transport"});
    const auto& all = g.store().links;
    CHECK(std::count(all.begin(), all.end(), "loading") == 1);
}
