// Tests of scoring/chain.hpp: what each step of a chain does with values, with what is empty and
// with what cannot be. Python's test_chain.py holds the arithmetic against fractions.
#include <safetyrisk/scoring/chain.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include "judgements.hpp"

#include <cmath>
#include <string>
#include <vector>

using namespace judgements;

namespace {

json words(const std::string& text) {
    return {{"zh", text}, {"en", text}};
}

json number(const std::string& id, const std::string& range = "[-1000, 1000]") {
    return {{"id", id},       {"name", words(id)}, {"kind", "number"},
            {"range", range}, {"decimals", 1},     {"needed", true}};
}

json optional_number(const std::string& id) {
    json out = number(id);
    out["needed"] = false;
    return out;
}

json flag(const std::string& id, bool needed = true) {
    return {{"id", id}, {"name", words(id)}, {"kind", "flag"}, {"needed", needed}};
}

// A pack of one step R whose level is 1 up to 0 and 2 above.
json one_step(const std::vector<json>& inputs, json step) {
    step["id"] = "R";
    step["name"] = words("R");
    json document = pack_json("accident_class.493");
    document["tests"] = json::array();
    document["content"] = {{"form", "chain"},
                           {"scale", {{"id", "mine"}, {"kind", "risk"}, {"name", words("mine")}}},
                           {"inputs", inputs},
                           {"steps", json::array({step})},
                           {"result", "R"},
                           {"score", {{"symbol", "R"}, {"name", words("R")}}},
                           {"bands",
                            {{{"label", "2"}, {"word", words("2")}, {"range", "(0, inf)"}},
                             {{"label", "1"}, {"word", words("1")}, {"range", "(-inf, 0]"}}}}};
    return document;
}

struct Row {
    RowState state;
    double score;
};

using Cells = std::vector<std::pair<std::string, std::string>>;

/// One row of these cells graded by the pack.
Graded grade_row(const json& document, const Cells& cells) {
    GradeOptions options;
    options.custom = compile(document);
    Table table(Origin{"risk_points", "", -1, {}, -1});
    table.add("id", texts({"a"}));
    for (const auto& [name, cell] : cells)
        table.add(name, texts({cell}));
    return grade(std::move(table), options);
}

Row run(const json& document, const Cells& cells) {
    const Graded graded = grade_row(document, cells);
    return {graded.state().front(), graded.score().front()};
}

}  // namespace

TEST_CASE("a sum weighs, divides, rounds and clamps exactly, halves up") {
    json step = {{"do", "sum"},
                 {"of", {"a", {{"step", "b"}, {"weight", 0.3}}}},
                 {"divide_by", 2},
                 {"round", "half_up"}};
    const json document = one_step({number("a"), number("b")}, step);
    CHECK(run(document, {{"a", "4.4"}, {"b", "2"}}).score == 3.0);    // 5.0 / 2 = 2.5
    CHECK(run(document, {{"a", "-5.6"}, {"b", "2"}}).score == -2.0);  // -5.0 / 2 = -2.5
    CHECK(run(document, {{"a", "4.3"}, {"b", "2"}}).score == 2.0);    // 2.45
    step["round"] = "up";
    CHECK(run(one_step({number("a"), number("b")}, step), {{"a", "4.1"}, {"b", "0"}}).score == 3.0);
    step["round"] = "down";
    step["at_most"] = 1.5;
    CHECK(run(one_step({number("a"), number("b")}, step), {{"a", "90"}, {"b", "0"}}).score == 1.5);
}

TEST_CASE("the largest of what is filled in counts, and nothing filled in is not gradable") {
    const json document = one_step({optional_number("a"), optional_number("b")},
                                   {{"do", "largest"}, {"of", {"a", "b"}}});
    CHECK(run(document, {{"a", "2"}, {"b", ""}}).score == 2.0);
    CHECK(run(document, {{"a", "2"}, {"b", "7"}}).score == 7.0);
    CHECK(run(document, {{"a", ""}, {"b", ""}}).state == RowState::not_gradable);
    CHECK(run(document, {{"a", "2"}, {"b", "1001"}}).state == RowState::rejected);
}

TEST_CASE("a blank that could not change the largest leaves the row its grade") {
    // 第三条: 30 deaths, or 100 serious injuries, or 1 亿元, is 特别重大 whatever the rest.
    const json accident = pack_json("accident_class.493");
    const auto label = [&](const Cells& cells) {
        const Graded graded = grade_row(accident, cells);
        const auto level = graded.explain(0).level;
        return level ? level->label : std::string(to_string(graded.state().front()));
    };
    CHECK(label({{"deaths", "30"}, {"serious_injuries", ""}, {"direct_loss", ""}}) == "extra");
    CHECK(label({{"deaths", ""}, {"serious_injuries", ""}, {"direct_loss", "10000"}}) == "extra");
    CHECK(label({{"deaths", "29"}, {"serious_injuries", ""}, {"direct_loss", ""}}) ==
          "not_gradable");
    CHECK(label({{"deaths", "30"}, {"serious_injuries", "-1"}, {"direct_loss", ""}}) == "rejected");
    const Graded graded =
        grade_row(accident, {{"deaths", "30"}, {"serious_injuries", ""}, {"direct_loss", ""}});
    CHECK_THAT(graded.explain(0).text(Lang::zh), ContainsSubstring("其余未填写，不影响结果"));

    // -1000 is the smallest that a can be; a veto asks for its input all the same.
    json document = one_step({number("a"), number("b"), flag("f")},
                             {{"do", "smallest"}, {"of", {"a", "b"}}, {"at_least_filled", 2}});
    document["content"]["vetoes"] = {{{"id", "V"},
                                      {"when", json::array({json::array({"f", "=", true})})},
                                      {"label", "2"},
                                      {"text", words("V")},
                                      {"clause", "1"}}};
    CHECK(run(document, {{"a", "-1000"}, {"b", ""}, {"f", "0"}}).score == -1000.0);
    CHECK(run(document, {{"a", "-1000"}, {"b", ""}, {"f", ""}}).state == RowState::not_gradable);
    CHECK(run(document, {{"a", "1000"}, {"b", ""}, {"f", "0"}}).state == RowState::not_gradable);
}

TEST_CASE("a rule that looks no further still asks for what the rules below it need") {
    const json document = one_step({number("a"), number("b")},
                                   {{"do", "first"},
                                    {"rules",
                                     {{{"when", json::array({json::array({"a", ">", 0})})},
                                       {"value", 2},
                                       {"zh", "a"},
                                       {"en", "a"}},
                                      {{"when", json::array({json::array({"b", ">", 0})})},
                                       {"value", -1},
                                       {"zh", "b"},
                                       {"en", "b"}}}}});
    CHECK(run(document, {{"a", "1"}, {"b", "0"}}).score == 2.0);
    CHECK(run(document, {{"a", "1"}, {"b", ""}}).state == RowState::not_gradable);
    // Everything is filled in and no rule speaks of it: the pack has a hole.
    const Graded hole = grade_row(document, {{"a", "0"}, {"b", "0"}});
    CHECK(hole.state().front() == RowState::not_gradable);
    REQUIRE(hole.issues().size() == 1);
    CHECK(hole.issues().at(0).code == "scoring.rule_missing");
}

TEST_CASE("an empty factor of a product leaves no grade, a second decimal is rejected") {
    const json document =
        one_step({number("a"), optional_number("b")}, {{"do", "product"}, {"of", {"a", "b"}}});
    CHECK(run(document, {{"a", "0.2"}, {"b", "0.1"}}).score == 0.02);
    CHECK(run(document, {{"a", "2"}, {"b", ""}}).state == RowState::not_gradable);
    CHECK(run(document, {{"a", "2.25"}, {"b", "1"}}).state == RowState::rejected);
}

TEST_CASE("a checklist stops at its floor before bonuses are given") {
    const json document = one_step(
        {flag("f"), flag("g"), flag("bonus", false)},
        {{"do", "checklist"},
         {"points", 10},
         {"floor", 0},
         {"items",
          {{{"id", "f"}, {"name", words("f")}, {"input", "f"}, {"points", -8}, {"clause", "1"}},
           {{"id", "g"}, {"name", words("g")}, {"input", "g"}, {"points", -8}, {"clause", "2"}}}},
         {"bonuses",
          {{{"id", "bonus"},
            {"name", words("b")},
            {"input", "bonus"},
            {"points", 3},
            {"clause", "3"}}}}});
    CHECK(run(document, {{"f", "是"}, {"g", "否"}, {"bonus", ""}}).score == 2.0);
    CHECK(run(document, {{"f", "1"}, {"g", "true"}, {"bonus", "yes"}}).score == 3.0);
    CHECK(run(document, {{"f", ""}, {"g", "1"}, {"bonus", "0"}}).state == RowState::not_gradable);
    CHECK(run(document, {{"f", "也许"}, {"g", "1"}, {"bonus", "0"}}).state == RowState::rejected);
}

TEST_CASE("a ratio by zero is rejected, and compared without rounding otherwise") {
    const json document =
        one_step({number("a"), number("b")}, {{"do", "ratio"}, {"over", {"a"}}, {"under", {"b"}}});
    CHECK(run(document, {{"a", "1"}, {"b", "0"}}).state == RowState::rejected);
    CHECK(run(document, {{"a", "1"}, {"b", "3"}}).score == 1.0 / 3.0);
    CHECK(run(document, {{"a", "-1"}, {"b", "-4"}}).score == 0.25);
}

TEST_CASE("the first rule that holds gives the value, an unknown one above it leaves none") {
    const json document =
        one_step({number("a"), flag("f")},
                 {{"do", "first"},
                  {"rules",
                   {{{"when", {{"f", "=", true}}}, {"value", 9}, {"zh", "f"}, {"en", "f"}},
                    {{"when", {{"a", ">", 5}}}, {"value", 4}, {"zh", "a"}, {"en", "a"}}}},
                  {"else", 0}});
    CHECK(run(document, {{"a", "6"}, {"f", "是"}}).score == 9.0);
    CHECK(run(document, {{"a", "5.1"}, {"f", "否"}}).score == 4.0);
    CHECK(run(document, {{"a", "5"}, {"f", "否"}}).score == 0.0);
    CHECK(run(document, {{"a", "6"}, {"f", ""}}).state == RowState::not_gradable);
}

TEST_CASE("enough flags are enough though others are empty") {
    const json document = one_step({flag("f", false), flag("g", false)},
                                   {{"do", "count"}, {"of", {"f", "g"}}, {"enough", 1}});
    CHECK(run(document, {{"f", "是"}, {"g", ""}}).score == 1.0);
    CHECK(run(document, {{"f", "否"}, {"g", ""}}).state == RowState::not_gradable);
    CHECK(run(document, {{"f", "否"}, {"g", "否"}}).score == 0.0);
}

namespace {

// One step with bands of one's own, gravest first.
json banded(const json& step, const std::vector<std::pair<std::string, std::string>>& bands) {
    json document = one_step({number("x", "[0, 10]")}, step);
    json list = json::array();
    for (const auto& [label, range] : bands)
        list.push_back({{"label", label}, {"word", words(label)}, {"range", range}});
    document["content"]["bands"] = list;
    return document;
}

std::string level_of(const json& document, const Cells& cells) {
    const auto level = grade_row(document, cells).level(0);
    return level ? level->label : "";
}

const json plain_sum = {{"do", "sum"}, {"of", {"x"}}};

}  // namespace

TEST_CASE("bands hold to the side that is written, a tenth apart") {
    const json document =
        banded(plain_sum, {{"C", "(6.5, 10]"}, {"B", "[3, 6.5]"}, {"A", "[0, 3)"}});
    for (const auto& [cell, label] : std::vector<std::pair<std::string, std::string>>{
             {"0", "A"}, {"2.9", "A"}, {"3", "B"}, {"6.5", "B"}, {"6.6", "C"}, {"10", "C"}}) {
        INFO(cell);
        CHECK(level_of(document, {{"x", cell}}) == label);
    }
    CHECK(level_of(document, {{"x", "10.1"}}).empty());
}

TEST_CASE("bands with a gap, an overlap, one never reached or out of order do not load") {
    using Bands = std::vector<std::pair<std::string, std::string>>;
    const auto load = [](const Bands& bands) { return compile(banded(plain_sum, bands)); };
    CHECK_NOTHROW(load({{"B", "(3, 10]"}, {"A", "[0, 3]"}}));
    CHECK_THROWS_WITH(load({{"B", "(3, 10]"}, {"A", "[0, 3)"}}), ContainsSubstring("gap"));
    CHECK_THROWS_WITH(load({{"B", "[3, 10]"}, {"A", "[0, 3]"}}), ContainsSubstring("overlap"));
    CHECK_THROWS_AS(load({{"C", "(10, 20]"}, {"B", "(3, 10]"}, {"A", "[0, 3]"}}), InputError);
    CHECK_THROWS_WITH(load({{"B", "(3, 6]"}, {"A", "[0, 3]"}, {"C", "(6, 10]"}}),
                      ContainsSubstring("gravest"));
    CHECK_THROWS_AS(load({}), InputError);
}

TEST_CASE("a cell table is read row by column, and a scale by its ranges") {
    json document = one_step({number("x", "[0, 10]"), number("y", "[0, 10]")}, plain_sum);
    json& steps = document["content"]["steps"];
    steps = json::array();
    for (const char* const of : {"x", "y"})
        steps.push_back(
            {{"id", std::string("s") + of},
             {"name", words(of)},
             {"do", "scale"},
             {"of", of},
             {"rows",
              {{{"range", "[0, 5)"}, {"value", 1}}, {{"range", "[5, 10]"}, {"value", 2}}}}});
    steps.push_back({{"id", "R"},
                     {"name", words("R")},
                     {"do", "table"},
                     {"rows", "sx"},
                     {"columns", "sy"},
                     {"row_keys", {1, 2}},
                     {"column_keys", {1, 2}},
                     {"cells", {{-7, 3}, {-2, 9}}}});
    CHECK(run(document, {{"x", "0"}, {"y", "4.9"}}).score == -7);
    CHECK(run(document, {{"x", "4.9"}, {"y", "5"}}).score == 3);
    CHECK(run(document, {{"x", "5"}, {"y", "0"}}).score == -2);
    CHECK(run(document, {{"x", "10"}, {"y", "10"}}).score == 9);
    json short_row = document;
    short_row["content"]["steps"][2]["cells"] = {{-7, 3}, {-2}};
    CHECK_THROWS_AS(compile(short_row), InputError);
    json gap = document;
    gap["content"]["steps"][0]["rows"][0]["range"] = "[0, 4.9)";
    CHECK_THROWS_WITH(compile(gap), ContainsSubstring("gap"));
}

TEST_CASE("a veto sets the level whatever the score, an empty flag of one does not hold") {
    json document = banded(plain_sum, {{"B", "(3, 10]"}, {"A", "[0, 3]"}});
    document["content"]["inputs"].push_back(flag("stop", false));
    document["content"]["vetoes"] = {{{"id", "v"},
                                      {"when", json::array({{"stop", "=", true}})},
                                      {"label", "B"},
                                      {"text", words("stop")}}};
    CHECK(level_of(document, {{"x", "1"}, {"stop", "是"}}) == "B");
    CHECK(level_of(document, {{"x", "1"}, {"stop", "否"}}) == "A");
    CHECK(level_of(document, {{"x", "1"}, {"stop", ""}}) == "A");
    CHECK(level_of(document, {{"x", "9"}, {"stop", "否"}}) == "B");
    CHECK(level_of(document, {{"x", ""}, {"stop", "是"}}) == "B");
    CHECK(level_of(document, {{"x", "99"}, {"stop", "是"}}).empty());
}
