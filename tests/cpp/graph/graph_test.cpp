#include <safetyrisk/graph/export.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "graph/store.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

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
    CHECK(s.has_column("enterprises", "employees", always_to));
    CHECK(s.has_column("edges", "power", always_to));
    CHECK(!s.has_column("enterprises", "power", always_to));
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
          with({"graph.id_conflict", "graph.id_conflict", "graph.reference_unknown"}));
    CHECK(after("nodes", "v1,village,新昌村委会,360924100001,,,,\n") ==
          with({"graph.row_repeated"}));
    CHECK(after("nodes", "E1,enterprise,甲厂,360924,,,,\n") == with({"graph.id_in_two_tables"}));
    CHECK(after("nodes", "x,martian,某,360924,,,,\n") == with({"graph.kind_unknown"}));
    CHECK(after("nodes", ",dept,某,360924,,,,\n") == with({"graph.id_missing"}));
    CHECK(after("nodes", "d,dept,某,999,,,,\n") == with({"graph.reference_unknown"}));
}

TEST_CASE("Each row of a table is used or rejected") {
    auto texts = county;
    texts["edges"] += "ghost,E1,TERRITORIAL,,,,,\nv1,E1,TERRITORIAL,,,,,\n";  // unknown, repeated
    texts["nodes"] += "x,martian,某,360924,,,,\n";
    const auto clean = small::graph(county).row_table(), wrong = small::graph(texts).row_table();
    const auto cell = [](const Table& rows, std::string_view table, std::string_view column) {
        for (std::size_t row = 0; row < rows.rows(); ++row)
            if (rows.at("table").text(row) == table)
                return static_cast<int>(rows.at(column).number(row).value);
        return -1;
    };
    for (std::size_t row = 0; row < clean.rows(); ++row) {
        CHECK(clean.at("rejected").number(row).value == 0);
        CHECK(wrong.at("rows_in").number(row).value ==
              wrong.at("used").number(row).value + wrong.at("rejected").number(row).value);
    }
    CHECK(cell(wrong, "edges", "rejected") == 2);
    CHECK(cell(wrong, "nodes", "rejected") == 1);
    CHECK(cell(wrong, "edges", "used") == cell(clean, "edges", "rows_in"));
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

TEST_CASE("An edge between kinds that the pack does not allow is no edge") {
    auto tables = county;
    const auto before = small::graph(tables);
    tables["edges"] += "E1,360924,REGULATES\nyj,E1,REGULATES\n";
    const auto g = small::graph(tables);
    CHECK(g.edges() == before.edges() + 1);
    REQUIRE(g.issues().size() == before.issues().size() + 1);
    const Issue issue = g.issues().at(g.issues().size() - 1);
    CHECK(issue.code == "graph.end_kind");
    CHECK(issue.severity == Severity::error);
    CHECK(issue.value == "E1");
    CHECK(issue.message.find("生产经营单位，类型包不允许，该行未采用") != std::string::npos);
    // A pack that allows it takes it.
    nlohmann::json pack =
        nlohmann::json::parse(PackRegistry::builtin().find("graph_kinds")->canonical);
    for (auto& edge : pack["content"]["edges"])
        if (edge["id"] == "REGULATES") edge["from"].push_back("enterprise");
    const auto kinds =
        std::make_shared<const Kinds>(std::make_shared<const Pack>(Pack::parse(pack.dump(), "x")));
    CHECK(small::graph(tables, "2026-01-01", {}, kinds).edges() == before.edges() + 2);
}

TEST_CASE("A village lies where its division says on the days on which no row says otherwise") {
    small::Texts tables = {
        {"divisions", "code,name\n360924100,新昌镇\n360924101,澄塘镇\n"},
        {"nodes", "id,kind,name,division\nv,village,一村,360924100\n"},
        {"edges",
         "source,target,kind,valid_from,valid_to\nv,360924101,PART_OF,2026-03-01,2026-03-31\n"
         "v,360924101,PART_OF,2026-05-01,\n"},
    };
    const auto g = small::graph(tables);
    const auto above = [&](const char* day) {
        const View view(g.store(), *Date::parse(day));
        CHECK(view.count_out(g.at("v"), g.store().known.part_of) == 1);
        return g.id(view.parent(g.at("v")));
    };
    CHECK(above("2026-01-01") == "360924100");
    CHECK(above("2026-02-28") == "360924100");
    CHECK(above("2026-03-01") == "360924101");
    CHECK(above("2026-03-31") == "360924101");
    CHECK(above("2026-04-01") == "360924100");
    CHECK(above("2026-04-30") == "360924100");
    CHECK(above("2026-05-01") == "360924101");
    // Rows without days leave nothing to the column; the same parent again is one.
    tables["edges"] = "source,target,kind\nv,360924101,PART_OF\n";
    const auto always = small::graph(tables);
    CHECK(View(always.store(), Date::of(2020, 1, 1)).parent(always.at("v")) ==
          always.at("360924101"));
    tables["edges"] = "source,target,kind,valid_to\nv,360924100,PART_OF,2026-03-31\n";
    const auto same = small::graph(tables);
    for (const char* day : {"2026-03-31", "2026-04-01"}) {
        const View view(same.store(), *Date::parse(day));
        CHECK(view.count_out(same.at("v"), same.store().known.part_of) == 1);
    }
}

TEST_CASE("A cell that is not what its column promises is reported and counts as missing") {
    const small::Texts tables = {
        {"nodes",
         "id,kind,name,unit,full_time,approved_on,attributes\n"
         "p,post,安全员,E1,也许,,\n"
         "a,accident,事故,E1,,去年,'{\"deaths\":-1}'\n"},
        {"enterprises",
         "id,name,employees,high_risk\nE1,甲,一百多,是\nE2,乙,-3,对\nE3,丙,12.5,否\nE4,丁,120,0\n"
         "E5,戊,,\n"},
        {"hazards",
         "id,enterprise,found_on,stopped\nh1,E1,2026-13-01,2026-01-02\nh2,E1,,是\n"
         "h3,E1,2026-01-01,停\n"},
        {"edges",
         "source,target,kind,last_check,attributes\nE1,E2,CONTRACTS_TO,上周,'{\"qualified\":3}'\n"},
        {"records",
         "id,subject,action,date,values\nr1,p,drill,2026-01-01,'{\"valid_to\":\"永久吧\"}'\n"},
        {"duties", "id,subject,action,valid_from\nd1,p,x,开春\n"},
    };
    const auto g = small::graph(tables);
    std::vector<std::string> told;
    for (std::size_t i = 0; i < g.issues().size(); ++i) {
        const Issue issue = g.issues().at(i);
        if (issue.code == "graph.division_missing") continue;
        told.push_back(issue.code.substr(6) + " " + issue.table + ":" + std::to_string(issue.row) +
                       " " + issue.column + " " + issue.value);
    }
    std::sort(told.begin(), told.end());
    CHECK(told ==
          std::vector<std::string>{
              "date_malformed duties:0 valid_from 开春",
              "not_a_count enterprises:0 employees 一百多",
              "not_a_count enterprises:1 employees -3", "not_a_count enterprises:2 employees 12.5",
              "not_a_count nodes:1 deaths -1", "not_a_day edges:0 last_check 上周",
              "not_a_day hazards:0 found_on 2026-13-01", "not_a_day nodes:1 approved_on 去年",
              "not_a_day records:0 valid_to 永久吧", "not_yes_or_no edges:0 qualified 3",
              "not_yes_or_no enterprises:1 high_risk 对", "not_yes_or_no hazards:2 stopped 停",
              "not_yes_or_no nodes:0 full_time 也许"});
    const Store& s = g.store();
    const auto employees = s.attribute("employees");
    for (const char* id : {"E1", "E2", "E3", "E5"})
        CHECK(employees.at(g.at(id)).is_empty());
    CHECK(employees.at(g.at("E4")).as_number() == 120);
    CHECK(s.attribute("high_risk").at(g.at("E2")).is_empty());
    CHECK(s.attribute("high_risk").at(g.at("E1")).yes() == true);
    CHECK(s.attribute("deaths").at(g.at("a")).is_empty());
    CHECK(s.attribute("stopped").at(g.at("h1")).as_date().has_value());
    CHECK(s.records.value(0, "valid_to").is_empty());
}

TEST_CASE("Where nobody writes a unit, a post is of the unit whose row holds on the day") {
    const auto g =
        small::graph({{"nodes",
                       "id,kind,name,unit,valid_to\na,dept,一局,,2026-06-30\nb,dept,二局,,\n"
                       "p,post,局长,,\nq,post,副局长,,\nr,post,科长,,\ns,post,处长,b,\n"},
                      {"edges",
                       "source,target,kind,valid_from,valid_to\na,p,HAS_POST,2026-01-01,\n"
                       "b,p,HAS_POST,2025-01-01,\nb,q,HAS_POST,,\n"
                       "a,r,HAS_POST,2025-03-01,2025-03-31\n"
                       "b,r,HAS_POST,2025-03-11,\na,r,HAS_POST,2025-03-11,2025-03-20\n"
                       "a,s,HAS_POST,2025-01-01,\n"}});
    const auto unit = [&](const char* post, const char* day) {
        const NodeNo of = View(g.store(), *Date::parse(day)).unit(g.at(post));
        return of == none ? std::string("-") : std::string(g.id(of));
    };
    // Of two rows at once the later one, of two of one day the first in id order.
    CHECK(unit("p", "2024-12-31") == "-");
    CHECK(unit("p", "2025-01-01") == "b");
    CHECK(unit("p", "2025-12-31") == "b");
    CHECK(unit("p", "2026-01-01") == "a");
    CHECK(unit("p", "2026-06-30") == "a");
    CHECK(unit("p", "2026-07-01") == "b");  // its unit is gone, and the row with it
    CHECK(unit("q", "1990-01-01") == "b");
    CHECK(unit("r", "2025-02-28") == "-");
    CHECK(unit("r", "2025-03-10") == "a");
    CHECK(unit("r", "2025-03-20") == "a");
    CHECK(unit("r", "2025-03-21") == "b");
    // What a cell says holds always, and no row takes it away.
    CHECK(unit("s", "2024-12-31") == "b");
    CHECK(unit("s", "2025-01-01") == "b");
    // A unit of rows is not written into the cell of a graph's JSON, where it would be one more.
    const std::string json = to_json(g);
    CHECK(json.find("\"name\":\"处长\",\"unit\":\"b\"") != std::string::npos);
    for (const char* name : {"局长", "副局长", "科长"})
        CHECK(json.find("\"name\":\"" + std::string(name) + "\"}") != std::string::npos);
}

TEST_CASE("A column is given from the first day on of which a row fills it") {
    const auto g = small::graph(
        {{"nodes",
          "id,kind,name,division,staff,valid_from,attributes\na,dept,一局,360924,,,\n"
          "b,dept,二局,360924,3,2026-03-01,'{\"power\":1}'\n"},
         {"edges",
          "source,target,kind,role,lead,valid_from,attributes\na,b,GUIDES,主任,,2026-02-01,\n"
          "a,b,GUIDES,,true,2026-04-01,\na,b,GUIDES,委员,,2026-01-01,\n"
          "a,b,GUIDES,,true,,'{\"agreement\":\"x\"}'\n"
          "a,nobody,GUIDES,成员,,2020-01-01,\n"}});
    const auto given = [&](const char* table, const char* column, const char* day) {
        return g.store().has_column(table, column, Date::parse(day)->days_since_1970());
    };
    // The row of 2020 names a node that is not there: it became no edge.
    CHECK(!given("edges", "role", "2025-12-31"));
    CHECK(given("edges", "role", "2026-01-01"));
    CHECK(given("edges", "lead", "1990-01-01"));
    CHECK(given("edges", "agreement", "1990-01-01"));
    CHECK(!given("nodes", "staff", "2026-02-28"));
    CHECK(given("nodes", "staff", "2026-03-01"));
    CHECK(!given("nodes", "power", "2026-02-28"));
    CHECK(given("nodes", "power", "2026-03-01"));
    CHECK(given("nodes", "division", "1990-01-01"));
    CHECK(!given("edges", "staff", "2026-03-01"));
}

TEST_CASE("A day before the first records or after the data is told with its answers") {
    const auto g = small::graph(
        {{"nodes", "id,kind,name\na,dept,一局\nb,dept,二局\np,post,局长\nw,person,张\n"},
         {"edges",
          "source,target,kind,valid_from\na,b,GUIDES,2026-02-01\na,b,GUIDES,2026-03-01\n"
          "w,p,HOLDS,\n"},
         {"records",
          "id,subject,action,date\nr1,a,drill,2026-01-05\nr2,a,drill,2025-12-05\n"
          "r3,a,inspection,2026-01-09\nr4,a,training,\n"}},
        "2026-06-30");
    using Texts = std::vector<std::string>;
    const auto notes = [&](const char* day, Lang lang) {
        return g.day_notes(*Date::parse(day), lang);
    };
    CHECK(notes("2025-12-04", Lang::zh) ==
          Texts{"所问日期 2025-12-04 早于这些数据最早的一天：“演练”记录（2025-12-05）、“检查”记录"
                "（2026-01-09）、关系“业务指导”（2026-02-"
                "01）；由此发现的缺失、超期可能只是此前没有登记"});
    CHECK(notes("2026-01-09", Lang::en) ==
          Texts{"2026-01-09 is before the first day of these data: relation guides (2026-02-01); "
                "what is found missing or late may only not have been registered by then"});
    CHECK(notes("2026-02-01", Lang::zh).empty());
    CHECK(notes("2026-06-30", Lang::zh).empty());
    CHECK(
        notes("2026-07-01", Lang::en) ==
        Texts{"2026-07-01 is after the day of the data, 2026-06-30; appointments, inspections and "
              "hazards since are not in it, so that vacancies and delays may only mean old data"});
}
