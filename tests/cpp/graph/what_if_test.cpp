#include <safetyrisk/graph/what_if.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "graph/store.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

// A county with three bureaus; the housing bureau has posts, a task, a hazard and a letter.
ResponsibilityGraph county() {
    return small::graph({
        {"divisions", "code,name\n360924,宜丰县\n360924100,新昌镇\n"},
        {"nodes",
         "id,kind,name,division,unit,post_kind,function,staff\n"
         "gov,government,县政府,360924,,,,\n"
         "zj,dept,县住建局,360924,,,housing,4\n"
         "cg,dept,县城管局,360924,,,urban_management,2\n"
         "wl,dept,县文旅局,360924,,,culture_tourism,2\n"
         "szj,dept,市住建局,3609,,,housing,9\n"
         "zj1,post,住建局局长,,zj,dept_principal,,\n"
         "zj2,post,住建局副局长,,zj,dept_safety_deputy,,\n"
         "cg1,post,城管局局长,,cg,dept_principal,,\n"
         "vice,post,副县长,,gov,portfolio_deputy,,\n"
         "zhang,person,张三,,,,,\nli,person,李四,,,,,\nwang,person,王五,,,,,\n"
         "old,dept,县建设局,360924,,,,\n"
         "l1,letter,督办函,,,,,\n"},
        {"enterprises",
         "id,name,division,sectors,grade\nE1,甲工地,360924100,building_works,red\n"
         "E2,乙燃气,360924,city_gas,orange\nE3,丙景区,360924,tourism,blue\n"
         "E4,丁工地,360924,building_works,\n"},
        {"hazards",
         "id,name,enterprise,state,closed_on,responsible,supervised_by\n"
         "H1,隐患,E1,rectifying,,zj,zj\nH2,隐患,E1,closed,2025-05-01,zj,zj\n"},
        {"tasks", "id,name\nT1,县住建局开展工地检查\nT2,燃气整治\n"},
        {"edges",
         "source,target,kind,sectors,lead\n"
         "zj,360924,REGULATES,building_works;city_gas,true\n"
         "cg,360924,REGULATES,city_gas,\n"
         "wl,360924,REGULATES,tourism,\n"
         "zj,T1,LEADS_TASK,,\ncg,T1,JOINT,,\nzj,T2,SHARES,,\n"
         "zhang,zj1,HOLDS,,\nli,zj2,HOLDS,,\nwang,cg1,HOLDS,,\n"
         "vice,zj,IN_CHARGE_OF,,\nvice,cg,IN_CHARGE_OF,,\n"
         "zj1,zj,SAFETY_DUTY,,\nzj2,zj1,REPORTS_TO,,\n"
         "szj,zj,GUIDES,,\nl1,zj,ADDRESSES,,\nold,zj,ALIAS_OF,,\n"},
    });
}

// Rows of a table as texts: the columns named, parted by spaces.
std::vector<std::string> rows(const Table& table, const std::vector<std::string>& columns) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        std::string row;
        for (const std::string& name : columns)
            row += (row.empty() ? "" : " ") + table.at(name).print(i);
        out.push_back(row);
    }
    return out;
}

using Rows = std::vector<std::string>;

std::vector<std::string> edges_like(const WhatIf& w, std::string_view column) {
    return rows(w.orphans(), {"kind", std::string(column)});
}

// What differs, table by table; empty when nothing does.
std::string differences(const WhatIf& w) {
    std::string text;
    const auto add = [&](const char* name, const Table& table) {
        if (table.rows() != 0) text += name + (" " + std::to_string(table.rows()) + "; ");
    };
    add("orphans", w.orphans());
    add("findings", w.findings());
    add("coverage", w.coverage_changes());
    add("load", w.load_changes());
    add("open", w.open_items());
    add("lineage", w.lineage());
    add("names", w.obsolete_names());
    return text;
}

}  // namespace

TEST_CASE("A dissolved bureau leaves its enterprises, tasks, hazards and letters") {
    const auto g = county();
    const WhatIf w = what_if(g, {Change::dissolve("zj")});
    CHECK(rows(w.orphans(), {"kind", "edges", "enterprises", "risk_weight"}) ==
          Rows{"GUIDES 1 0 0", "HAS_POST 2 0 0", "HOLDS 2 0 0", "REPORTS_TO 1 0 0",
               "IN_CHARGE_OF 1 0 0", "SAFETY_DUTY 1 0 0", "REGULATES 1 3 12", "LEADS_TASK 1 0 0",
               "SHARES 1 0 0", "OWNS_HAZARD 2 1 8", "ADDRESSES 1 0 0", "ALIAS_OF 1 0 0",
               "SEATED_IN 1 0 0"});
    CHECK(rows(w.coverage_changes(), {"sector", "before", "after", "uncovered_after", "lost"}) ==
          Rows{"building_works single none 2 zj", "city_gas one_lead single 0 zj"});
    CHECK(rows(w.open_items(), {"node", "role", "unit"}) ==
          Rows{"H1 OWNS_HAZARD zj", "H1 supervised_by zj", "T1 LEADS_TASK zj", "T2 SHARES zj",
               "l1 ADDRESSES zj"});
    CHECK(rows(w.proposals(), {"unit", "rank", "candidate", "reason"}) ==
          Rows{"zj 1 cg same_sectors", "zj 2 szj superior", "zj 3 gov government"});
    CHECK(rows(w.obsolete_names(), {"name", "written_in"}) == Rows{"县住建局 T1", "县建设局 "});
    const auto loads = rows(w.load_changes(), {"unit", "demand_before", "demand_after"});
    CHECK(std::find(loads.begin(), loads.end(), "zj 112 0") != loads.end());
    const auto found = rows(w.findings(), {"change", "rule", "nodes"});
    CHECK(std::find(found.begin(), found.end(), "new RD-01 E1") != found.end());
    CHECK(w.rules_scope() == "whole");
    CHECK(w.lineage().rows() == 0);
    // The graph itself is as it was.
    CHECK(coverage(g).to_json() == coverage(county()).to_json());
}

TEST_CASE("What changes hand over or orphan is no relation left with a dissolved unit") {
    const auto g = county();
    for (const auto& changes : std::vector<std::vector<Change>>{
             {Change::dissolve("zj")},
             {Change::merge({"zj", "cg"}, "zjcg")},
             {Change::merge({"zj"}, "cg")},
             {Change::split("zj", {"jianzhu", "ranqi"}, {{"city_gas", "ranqi"}})},
             {Change::merge({"zj"}, "cg"), Change::dissolve("cg")}}) {
        const WhatIf w = what_if(g, changes);
        for (const std::string& row : rows(w.findings(), {"rule", "nodes"}))
            CHECK(row.find("RS-09") == std::string::npos);
    }
}

TEST_CASE("Units that merge hand over what they had, and one principal post stays") {
    const auto g = county();
    const WhatIf w = what_if(g, {Change::merge({"zj", "cg"}, "zjcg")});
    CHECK(edges_like(w, "targets") ==
          Rows{"HAS_POST cg1", "HOLDS cg1"});  // the second principal post
    CHECK(rows(w.coverage_changes(), {"sector", "before", "after", "lost", "gained"}) ==
          Rows{"building_works single single zj zjcg", "city_gas one_lead single cg;zj zjcg"});
    CHECK(rows(w.open_items(), {"node", "role", "unit"}) == Rows{});
    CHECK(rows(w.lineage(), {"source", "kind", "target", "valid_from"}) ==
          Rows{"zj MERGED_INTO zjcg 2026-01-01", "cg MERGED_INTO zjcg 2026-01-01"});
    CHECK(rows(w.obsolete_names(), {"name", "successor"}) ==
          Rows{"县城管局 zjcg", "县住建局 zjcg", "县建设局 zjcg"});
    const auto loads = rows(w.load_changes(), {"unit", "enterprises_before", "enterprises_after"});
    CHECK(std::find(loads.begin(), loads.end(), "zjcg 0 3") != loads.end());
    // Into one of the two: it keeps its own posts.
    const WhatIf into = what_if(g, {Change::merge({"zj", "cg"}, "cg")});
    CHECK(edges_like(into, "targets") == Rows{"HAS_POST zj1", "HOLDS zj1"});
}

TEST_CASE("A unit is split by sectors or by places, and what nobody names goes to the first") {
    const auto g = county();
    const WhatIf w =
        what_if(g, {Change::split("zj", {"jianzhu", "ranqi"}, {{"city_gas", "ranqi"}})});
    CHECK(w.orphans().rows() == 0);
    CHECK(rows(w.coverage_changes(), {"sector", "before", "after", "gained"}) ==
          Rows{"building_works single single jianzhu", "city_gas one_lead one_lead ranqi"});
    CHECK(rows(w.lineage(), {"source", "kind", "target"}) ==
          Rows{"jianzhu SPLIT_FROM zj", "ranqi SPLIT_FROM zj"});
    // A part that is the unit itself keeps what the other does not take.
    const WhatIf part = what_if(g, {Change::split("zj", {"zj", "ranqi"}, {{"city_gas", "ranqi"}})});
    CHECK(rows(part.coverage_changes(), {"sector", "lost", "gained"}) == Rows{"city_gas zj ranqi"});
}

TEST_CASE("A sector moves with the edges that name it, and out of a wider one") {
    const auto g = county();
    const WhatIf w = what_if(g, {Change::move_sector("city_gas", "zj", "wl")});
    CHECK(w.orphans().rows() == 0);
    CHECK(rows(w.coverage_changes(), {"sector", "before", "after", "lost", "gained"}) ==
          Rows{"city_gas one_lead one_lead zj wl"});

    const small::Texts wide{
        {"divisions", "code,name\n360924,县\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360924\nb,dept,乙局,360924\n"},
        {"enterprises",
         "id,name,division,sectors\nE1,厂,360924,fireworks_trade\nE2,厂,360924,"
         "fireworks_production\n"},
        {"edges", "source,target,kind,sectors\na,360924,REGULATES,fireworks\n"},
    };
    const WhatIf out =
        what_if(small::graph(wide), {Change::move_sector("fireworks_trade", "a", "b")});
    CHECK(out.kept_wider().rows() == 0);
    const auto cells = rows(out.coverage_changes(), {"sector", "before", "after", "gained"});
    CHECK(std::find(cells.begin(), cells.end(), "fireworks_trade single single b") != cells.end());
    CHECK(std::none_of(cells.begin(), cells.end(), [](const std::string& row) {
        return row.starts_with("fireworks_production");
    }));
    // Somebody is of the wider sector itself: nothing else would cover it.
    small::Texts own = wide;
    own["enterprises"] += "E3,厂,360924,fireworks\n";
    const WhatIf kept =
        what_if(small::graph(own), {Change::move_sector("fireworks_trade", "a", "b")});
    CHECK(rows(kept.kept_wider(), {"source", "target", "sectors"}) == Rows{"a 360924 fireworks"});
    const auto both = rows(kept.coverage_changes(), {"sector", "after"});
    CHECK(std::find(both.begin(), both.end(), "fireworks_trade no_lead") != both.end());
}

TEST_CASE("Who regulates there already takes over before who only does something alike") {
    small::Texts texts = {
        {"divisions", "code,name\n360924,宜丰县\n"},
        {"nodes",
         "id,kind,name,division\ngov,government,县政府,360924\nzj,dept,甲局,360924\n"
         "cg,dept,乙局,360924\nwl,dept,丙局,360924\ngl,dept,丁局,360924\n"},
        {"enterprises",
         "id,name,division,sectors\nE1,甲,360924,building_works;tourism\n"
         "E2,乙,360924,city_gas\nE3,丙,360924,medical\n"},
        {"edges",
         "source,target,kind,sectors\nzj,360924,REGULATES,building_works;city_gas;medical\n"
         "cg,360924,REGULATES,city_gas\nwl,360924,REGULATES,tourism\n"
         "gl,360924,REGULATES,road_works\nzj,360924,COMPREHENSIVE,\n"}};
    const auto asked = [&] {
        return rows(what_if(small::graph(texts), {Change::dissolve("zj")}).proposals(),
                    {"candidate", "reason", "words"});
    };
    // 医疗卫生 has nobody else, and road works are not like it.
    CHECK(asked() == Rows{"cg same_sectors 城镇燃气", "wl same_enterprises 旅游景区",
                          "gov government 综合监管"});
    // Works are of one parent; whoever regulates the wider sector regulates its parts.
    texts["enterprises"] = "id,name,division,sectors\nE1,甲,360924,building_works\n";
    CHECK(asked() == Rows{"cg same_sectors 城镇燃气", "gl nearest_sectors 公路工程~房屋市政工程",
                          "gov government 综合监管"});
    texts["edges"] += "wl,360924,REGULATES,construction\nwl,360924,COMPREHENSIVE,\n";
    const auto shared = asked();
    CHECK(shared.at(0) == "wl function 综合监管");
    CHECK(shared.back().starts_with("gov government"));
    CHECK(shared.back().find("综合监管") == std::string::npos);
}

TEST_CASE("Sectors are like each other by what few others have") {
    const auto g = county();
    const Sectors& sectors = g.store().sectors;
    const auto near = [&](const char* a, const char* b) {
        const auto x = sectors.find(a), y = sectors.find(b);
        CHECK(sectors.likeness(x, y) == sectors.likeness(y, x));
        return sectors.likeness(x, y) >= sectors.near;
    };
    CHECK(near("fireworks", "explosives"));
    CHECK(near("road_works", "building_works"));
    CHECK(near("city_gas", "pipeline"));
    for (const char* other : {"road_works", "building_works", "mall", "campus"})
        CHECK_FALSE(near("medical", other));
    CHECK_FALSE(near("city_gas", "mall"));
}

TEST_CASE("A post that falls vacant loses its holder and nothing else") {
    const auto g = county();
    const WhatIf w = what_if(g, {Change::vacate("zj2")});
    CHECK(edges_like(w, "sources") == Rows{"HOLDS li"});
    CHECK(w.coverage_changes().rows() == 0);
    CHECK(rows(w.proposals(), {"unit", "candidate", "reason"}) == Rows{"zj2 zj1 superior"});
    CHECK(edges_like(what_if(g, {Change::vacate("zhang")}), "targets") == Rows{"HOLDS zj1"});
}

TEST_CASE("A change that is taken back leaves every answer as it was") {
    const auto g = county();
    CHECK(differences(what_if(g, {Change::merge({"zj"}, "new"), Change::merge({"new"}, "zj")})) ==
          "");
    CHECK(differences(what_if(g, {Change::move_sector("city_gas", "zj", "wl"),
                                  Change::move_sector("city_gas", "wl", "zj")})) == "");
    CHECK(differences(
              what_if(g, {Change::split("zj", {"x", "y"}, {{"city_gas", "y"}, {"360924100", "x"}}),
                          Change::merge({"x", "y"}, "zj")})) == "");
    CHECK_FALSE(differences(what_if(g, {Change::merge({"zj"}, "new")})).empty());
}

namespace {

// Tables of a random city whose departments regulate, host and guide at random; `without` is left
// out with its edges.
small::Texts random_city(unsigned seed, const std::string& without) {
    std::uint64_t state = seed * 0x9e3779b97f4a7c15U + 1;
    const auto pick = [&](std::size_t n) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % n;
    };
    const Rows places{"3609",      "360924",    "360925",       "360924100",
                      "360924101", "360925100", "360924100200", "v1"};
    const Rows sectors{"building_works", "city_gas", "tourism", "fireworks", "warehousing", ""};
    const Rows functions{"housing", "emergency", "industry", ""};
    small::Texts texts{
        {"divisions", "code,name\n"},
        {"nodes",
         "id,kind,name,division,unit,post_kind,function\n"
         "gov,government,市政府,3609,,,\nv1,village,甲村,360925100,,,\n"
         "head,post,村主任,,v1,village_head,\n"},
        {"enterprises", "id,name,division,sectors,grade\n"},
        {"edges", "source,target,kind,sectors,lead,document\n"},
    };
    for (const std::string& place : places)
        if (place != "v1") texts["divisions"] += place + "," + place + "\n";
    const auto edge = [&](const std::string& source, const std::string& target,
                          const std::string& rest) {
        if (source != without && target != without)
            texts["edges"] += source + "," + target + "," + rest + "\n";
    };
    Rows depts;
    for (std::size_t d = 0; d < 7; ++d) {
        depts.push_back("d" + std::to_string(d));
        std::string row = depts.back() + ",dept,部门," + places[pick(places.size())] + ",,,";
        row += functions[pick(functions.size())] + "\n";
        if (depts.back() != without) texts["nodes"] += row;
    }
    for (std::size_t e = 0; e < 14; ++e) {
        const std::string id = "e" + std::to_string(10 + e);
        const Rows grades{"红", "黄", "蓝", ""};
        std::string row = id + ",企业," + places[pick(places.size())] + ",";
        row += sectors[pick(sectors.size())] + "," + grades[pick(grades.size())] + "\n";
        texts["enterprises"] += row;
        if (pick(3) == 0) edge(places[pick(places.size())], id, "TERRITORIAL,,,");
    }
    const Rows kinds{"REGULATES", "REGULATES", "HOSTS_SECTOR", "COMPREHENSIVE"};
    for (std::size_t i = 0; i < 26; ++i) {
        const std::string source = depts[pick(depts.size())];
        const std::string target =
            pick(4) == 0 ? "e" + std::to_string(10 + pick(14)) : places[pick(places.size())];
        std::string rest = kinds[pick(kinds.size())] + "," + sectors[pick(sectors.size())];
        rest += pick(2) == 0 ? ",true,文件" : ",,";
        edge(source, target, rest);
        const std::string other = depts[pick(depts.size())];
        if (other != source && pick(3) == 0) edge(source, other, "GUIDES,,,");
    }
    return texts;
}

std::string all_of(const Table& table) {
    std::string text;
    for (const std::string& row : rows(table, table.names()))
        text += row + "\n";
    return text;
}

}  // namespace

TEST_CASE("A what-if answers as the graph of tables without the unit does, and leaves no trace") {
    WhatIfOptions near;
    near.whole_graph = 0;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        const auto city = small::graph(random_city(seed, ""));
        const std::string before = all_of(coverage(city).to_table());
        for (const std::string unit : {"d0", "d3", "d6"}) {
            INFO("seed " << seed << ", " << unit);
            const auto without = small::graph(random_city(seed, unit));
            const WhatIf tried = what_if(city, {Change::dissolve(unit)});
            CHECK(all_of(tried.coverage_after().to_table()) ==
                  all_of(coverage(without).to_table()));
            CHECK(all_of(tried.load_after().to_table()) == all_of(load(without).to_table()));
            const Findings found = tried.findings_after(), expected = check(without);
            CHECK(rows(found.to_table(), {"rule", "status", "nodes", "message"}) ==
                  rows(expected.to_table(), {"rule", "status", "nodes", "message"}));
            CHECK(rows(found.rules_table(), {"rule", "status", "examined"}) ==
                  rows(expected.rules_table(), {"rule", "status", "examined"}));
            // What comes and goes is the same where only what is near the change is asked.
            const WhatIf close = what_if(city, {Change::dissolve(unit)}, near);
            CHECK(close.rules_scope() == "near");
            CHECK(all_of(close.findings()) == all_of(tried.findings()));
        }
        CHECK(all_of(coverage(city).to_table()) == before);
        CHECK(all_of(check(city).to_table()) ==
              all_of(check(small::graph(random_city(seed, ""))).to_table()));
    }
}

TEST_CASE("Questions of many days asked at the same time are answered as one by one") {
    const auto city = small::graph(random_city(7, ""));
    const auto answer = [&](const ResponsibilityGraph& graph, unsigned day) {
        CoverageOptions options;
        options.on = Date::of(2026, 1, 1 + day);
        CheckOptions rules;
        rules.on = options.on;
        return all_of(coverage(graph, options).to_table()) + all_of(check(graph, rules).to_table());
    };
    std::vector<std::string> expected, found(6);
    for (unsigned day = 0; day < 3; ++day)
        expected.push_back(answer(small::graph(random_city(7, "")), day));
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 6; ++i)
        threads.emplace_back([&, i] { found[i] = answer(city, i % 3); });
    for (std::thread& thread : threads)
        thread.join();
    for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i] == expected[i % 3]);
}

TEST_CASE("Changes that cannot be made are refused with the place") {
    const auto g = county();
    using Catch::Matchers::ContainsSubstring;
    CHECK_THROWS_AS(what_if(g, {}), InputError);
    CHECK_THROWS_AS(what_if(g, {Change::dissolve("nobody")}), NotFoundError);
    CHECK_THROWS_WITH(what_if(g, {Change::dissolve("360924")}), ContainsSubstring("360924"));
    CHECK_THROWS_WITH(what_if(g, {Change::dissolve("zhang")}), ContainsSubstring("person"));
    CHECK_THROWS_WITH(what_if(g, {Change::vacate("zj")}), ContainsSubstring("neither a post"));
    CHECK_THROWS_WITH(what_if(g, {Change::merge({"zj", "zj"}, "x")}), ContainsSubstring("twice"));
    CHECK_THROWS_AS(what_if(g, {Change::move_sector("nothing", "zj", "cg")}), NotFoundError);
    CHECK_THROWS_WITH(what_if(g, {Change::merge({"zj"}, "zj")}), ContainsSubstring("itself"));
    CHECK_THROWS_WITH(what_if(g, {Change::move_sector("coal_mine", "zj", "cg")}),
                      ContainsSubstring("nothing moves"));
    CHECK_THROWS_WITH(what_if(g, {Change::split("zj", {"x"}, {{"city_gas", "y"}})}),
                      ContainsSubstring("none of the parts"));
    CHECK_THROWS_AS(what_if(g, {Change::split("zj", {"x"}, {{"E1", "x"}})}), NotFoundError);
    CHECK_THROWS_WITH(what_if(g, {Change::dissolve("zj"), Change::dissolve("zj")}),
                      ContainsSubstring("not there"));
}
