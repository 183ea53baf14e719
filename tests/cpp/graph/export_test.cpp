#include <safetyrisk/graph/export.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

const small::Texts county = {
    {"divisions",
     "code,name,parent\n360924,宜丰县,\n360924100,新昌镇,\n441900003,东莞某镇,360924\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,valid_to,attributes\n"
     "gov,government,县政府 <&>,360924,,,,\n"
     "yj,dept,应急局,360924,,,2027-02-28,'{\"function\":\"emergency\",\"staff\":3}'\n"
     "mayor,post,县长,,gov,gov_principal,,\n"
     "g1,grid,一格,360924100,,,,\n"
     "z,person,张\"三\",,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,employees,high_risk\nE1,甲厂,360924100,烟花爆竹,120,true\n"},
    {"risk_points", "id,name,enterprise,grade,controlling_post\nR1,药库,E1,red,mayor\n"},
    {"hazards", "id,name,enterprise,found_by,due_on\nH1,无证,E1,yj,2026-02-01\n"},
    {"edges",
     "source,target,kind,duty,sectors,links,lead,valid_from,document,clause,confidence,attributes\n"
     "z,mayor,HOLDS,,,,,2024-01-01,,,,\n"
     "mayor,360924,SAFETY_DUTY,first,,,,,,,inferred,\n"
     "yj,360924,REGULATES,,烟花爆竹,生产;经营,是,,三定,第3条,,'{\"power\":true}'\n"},
    {"records",
     "subject,action,date,object,values\nyj,inspection,2025-03-01,E1,'{\"matter\":\"x\"}'\n"},
    {"duties", "subject,action\nyj,inspection\n"},
};

std::string print(const Table& table) {
    std::string text;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t c = 0; c < table.size(); ++c)
            if (table.name(c) != "table" && table.name(c) != "row")
                text += table.column(c).print(row) + "|";
        text += "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("The JSON of a graph makes the same graph and the same JSON again") {
    const auto g = small::graph(county, "2026-01-01", {"360924"});
    const std::string json = to_json(g);
    auto read = read_json(json);
    GraphOptions options;
    options.data_date = read.data_date;
    options.jurisdiction = read.jurisdiction;
    const auto again = ResponsibilityGraph::build(std::move(read.tables), options);
    CHECK(again.issues().empty());
    CHECK(print(again.node_table()) == print(g.node_table()));
    CHECK(print(again.edge_table()) == print(g.edge_table()));
    CHECK(to_json(again) == json);
    CHECK(again.data_date() == Date::of(2026, 1, 1));
}

TEST_CASE("Numbers and truth values of attributes stay what they are") {
    const char* const text =
        R"({"format":1,"data_date":"2026-01-01","nodes":[
{"id":"E1","kind":"enterprise","name":"甲厂","employees":120,"high_risk":true},
{"id":"E2","kind":"enterprise","name":"乙厂","high_risk":false}],"edges":[]})";
    auto read = read_json(text);
    GraphOptions options;
    options.data_date = read.data_date;
    const auto g = ResponsibilityGraph::build(std::move(read.tables), options);
    const auto json = nlohmann::json::parse(to_json(g));
    CHECK(json["nodes"] == nlohmann::json::parse(text)["nodes"]);
}

TEST_CASE("The JSON says what the tables say") {
    const auto json = nlohmann::json::parse(to_json(small::graph(county)));
    CHECK(json["format"] == 1);
    CHECK(json["data_date"] == "2026-01-01");
    const auto node = [&](const char* id) {
        for (const auto& one : json["nodes"])
            if (one["id"] == id) return one;
        return nlohmann::json();
    };
    CHECK(node("E1")["employees"] == "120");
    CHECK(node("yj")["attributes"]["staff"] == 3);
    CHECK(node("yj")["valid_to"] == "2027-02-28");
    CHECK(node("gov")["name"] == "县政府 <&>");
    CHECK(node("441900003")["parent"] == "360924");
    CHECK(json["edges"].size() == 3);
    CHECK(json["records"][0]["values"] == "{\"matter\":\"x\"}");
}

TEST_CASE("GraphML escapes what comes from data and marks what was derived") {
    const std::string xml = to_graphml(small::graph(county));
    CHECK(xml.find("县政府 &lt;&amp;&gt;") != std::string::npos);
    CHECK(xml.find("<&>") == std::string::npos);
    std::size_t edges = 0;
    for (std::size_t at = xml.find("<edge "); at != std::string::npos;
         at = xml.find("<edge ", at + 1))
        ++edges;
    CHECK(edges == small::graph(county).edges());
}

TEST_CASE("JSON that is no graph is refused with its place") {
    using Catch::Matchers::ContainsSubstring;
    const auto what = [](const char* text) -> std::string {
        try {
            read_json(text);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(what("{"), ContainsSubstring("graph"));
    CHECK_THAT(what("{\"format\":2}"), ContainsSubstring("graph.format"));
    CHECK_THAT(what("{\"format\":1,\"nodes\":{}}"), ContainsSubstring("graph.nodes"));
    CHECK_THAT(what("{\"format\":1,\"nodes\":[3]}"), ContainsSubstring("graph.nodes[0]"));
    CHECK_THAT(what("{\"format\":1,\"nodes\":[{\"sectors\":[1]}]}"),
               ContainsSubstring("graph.nodes[0].sectors"));
    CHECK_THAT(what("{\"format\":1,\"more\":[]}"), ContainsSubstring("more"));
    CHECK(read_json("{\"format\":1,\"nodes\":[]}").tables.size() == 1);
}
