// Tests of scoring/direct.hpp.
#include <safetyrisk/scoring/direct.hpp>

#include "judgements.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace judgements;

namespace {

DirectRules shandong() {
    return DirectRules::compile(PackRegistry::builtin().find("direct.shandong"));
}

DirectRules compile_rules(const json& document) {
    return DirectRules::compile(
        std::make_shared<const Pack>(Pack::parse(document.dump(), "my.json")));
}

// Rules of one comparison each over columns a and b.
json rules(const std::vector<json>& comparisons) {
    json document = pack_json("direct.shandong", "direct.mine");
    const json name = {{"zh", "列"}, {"en", "column"}};
    document["content"]["columns"] = {{{"id", "a"}, {"name", name}}, {{"id", "b"}, {"name", name}}};
    document["content"]["rules"] = json::array();
    for (std::size_t i = 0; i < comparisons.size(); ++i)
        document["content"]["rules"].push_back({{"id", "r" + std::to_string(i)},
                                                {"grade", "red"},
                                                {"text", {{"zh", "文"}, {"en", "text"}}},
                                                {"when", json::array({comparisons[i]})}});
    return document;
}

std::vector<std::int16_t> evaluate(const DirectRules& direct, const std::string& name,
                                   Column column) {
    Table table;
    table.add(name, std::move(column));
    IssueTable issues;
    return direct.evaluate(table, issues);
}

using Found = std::vector<std::int16_t>;

}  // namespace

TEST_CASE("the Shandong rules are unconfirmed, speak of LEC and LS and have ids of their pack") {
    const DirectRules direct = shandong();
    CHECK(direct.pack().confidence == Confidence::unconfirmed);
    CHECK(direct.applies_to("lec"));
    CHECK(direct.applies_to("ls"));
    CHECK_FALSE(direct.applies_to("mes"));
    REQUIRE(direct.rules().size() == 4);
    CHECK(direct.rules()[0].id == "direct.shandong.a");
    for (const DirectRule& rule : direct.rules())
        CHECK(rule.grade == Grade::red);
    CHECK_THROWS_AS(PackRegistry::builtin().find("direct"), InputError);
}

TEST_CASE("yes and no are read as registers write them, and anything else is neither") {
    const DirectRules direct = shandong();
    const std::vector<std::string> yes = {"是", "有", "true", "True", "TRUE", "1", "Y", "y", "√"};
    const std::vector<std::string> other = {"否", "无", "false", "0", "N",    "×",
                                            "",   " ",  "不详",  "2", "是的", "yes?"};
    CHECK(evaluate(direct, "breach_mandatory_clause", texts(yes)) == Found(yes.size(), 0));
    CHECK(evaluate(direct, "breach_mandatory_clause", texts(other)) == Found(other.size(), -1));
    CHECK(evaluate(direct, "breach_mandatory_clause", Column::of_booleans({1, 0})) == Found{0, -1});
    const std::vector<std::uint8_t> valid = {0, 1};
    CHECK(evaluate(direct, "breach_mandatory_clause", Column::of_booleans({1, 1}, valid)) ==
          Found{-1, 0});
    CHECK(evaluate(direct, "breach_mandatory_clause", numbers({1, 0, 2, std::nan("")})) ==
          Found{0, -1, -1, -1});
    CHECK(evaluate(direct, "breach_mandatory_clause",
                   Column::of(std::vector<std::int64_t>{1, 0})) == Found{0, -1});
}

TEST_CASE("ten people are enough and nine are not, and only in a dangerous place") {
    const DirectRules direct = shandong();
    Table table;
    table.add("toxic_fire_explosion_place", Column::of_booleans({1, 1, 0, 1, 1}));
    table.add("people_on_site", texts({"10", "9", "10", "", "10人"}));
    IssueTable issues;
    CHECK(direct.evaluate(table, issues) == Found{3, -1, -1, -1, -1});
}

TEST_CASE("each absent column is one issue and its rule is not applied") {
    const DirectRules direct = shandong();
    Table table;
    table.add("major_hazard_installation", Column::of_booleans({1, 0}));
    IssueTable issues;
    CHECK(direct.evaluate(table, issues) == Found{2, -1});
    CHECK(issues.size() == 4);
    CHECK(issues.count(Severity::info) == 4);
    for (std::size_t i = 0; i < issues.size(); ++i)
        CHECK(issues.code(i) == "scoring.rule_column_missing");
}

TEST_CASE("the first rule that holds is named") {
    const DirectRules direct = compile_rules(rules({{"a", ">", 5}, {"a", ">", 1}}));
    CHECK(evaluate(direct, "a", numbers({9, 3, 0})) == Found{0, 1, -1});
}

TEST_CASE("each operator compares as it is written and a missing cell makes it false") {
    const double inf = std::numeric_limits<double>::infinity();
    const std::vector<double> cells = {1, 2, 3, std::nan(""), inf, -inf};
    const std::pair<std::string, Found> cases[] = {
        {"=", {-1, 0, -1, -1, -1, -1}}, {"!=", {0, -1, 0, -1, 0, 0}},
        {"<", {0, -1, -1, -1, -1, 0}},  {"<=", {0, 0, -1, -1, -1, 0}},
        {">", {-1, -1, 0, -1, 0, -1}},  {">=", {-1, 0, 0, -1, 0, -1}}};
    for (const auto& [op, found] : cases) {
        INFO(op);
        CHECK(evaluate(compile_rules(rules({{"a", op, 2}})), "a", numbers(cells)) == found);
    }
    CHECK(evaluate(compile_rules(rules({{"a", "!=", true}})), "a", texts({"否", "", "是", "?"})) ==
          Found{0, -1, -1, -1});
}

TEST_CASE("rules that cannot be right are refused with the JSON path") {
    const std::pair<json, std::string> cases[] = {
        {rules({{"c", ">", 5}}), "content.rules[0].when[0]"},
        {rules({{"a", "~", 5}}), "content.rules[0].when[0][1]"},
        {rules({{"a", ">"}}), "content.rules[0].when[0]"},
        {rules({{"a", ">", true}}), "content.rules[0].when[0][1]"},
        {rules({{"a", ">", "5"}}), "content.rules[0].when[0][2]"},
        {rules({{"a", ">", nullptr}}), "content.rules[0].when[0][2]"},
    };
    for (const auto& [document, path] : cases) {
        INFO(path);
        CHECK_THROWS_AS(compile_rules(document), InputError);
        CHECK_THROWS_WITH(compile_rules(document), ContainsSubstring("direct.mine." + path));
    }
    json empty = rules({{"a", ">", 5}});
    empty["content"]["rules"][0]["when"] = json::array();
    CHECK_THROWS_WITH(compile_rules(empty), ContainsSubstring("content.rules[0].when"));
    json colour = rules({{"a", ">", 5}});
    colour["content"]["rules"][0]["grade"] = "black";
    CHECK_THROWS_WITH(compile_rules(colour), ContainsSubstring("content.rules[0].grade"));
    CHECK_THROWS_AS(DirectRules::compile(PackRegistry::builtin().find("lec")), InputError);
}
