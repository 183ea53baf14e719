// Tests of the answers beyond the grade: directions, counterfactuals, uncertain inputs, several
// methods, current grades. Python's test_beyond.py holds them against brute force over all packs.
#include <safetyrisk/scoring/combine.hpp>
#include <safetyrisk/scoring/counterfactual.hpp>
#include <safetyrisk/scoring/current.hpp>
#include <safetyrisk/scoring/direction.hpp>
#include <safetyrisk/scoring/sensitivity.hpp>
#include <safetyrisk/scoring/uncertain.hpp>

#include "judgements.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace judgements;

namespace {

using Cells = std::vector<std::string>;

Table table_of(const std::vector<std::pair<std::string, Cells>>& columns) {
    Table table(Origin{.table = "risk_points", .source = "", .first_line = 2, .lines = {}});
    for (const auto& [name, cells] : columns)
        table.add(name, texts(cells));
    return table;
}

Graded grade_by(const Table& table, const std::string& method) {
    GradeOptions options;
    options.method = method;
    return grade(table, options);
}

Cells cells_of(const Table& table, const std::string& column) {
    Cells out;
    for (std::size_t row = 0; row < table.rows(); ++row)
        out.push_back(table.at(column).print(row));
    return out;
}

}  // namespace

TEST_CASE("the largest step that lowers a LEC grade is not taken when a smaller one does") {
    const Graded graded =
        grade_by(table_of({{"id", {"a"}}, {"L", {"3"}}, {"E", {"6"}}, {"C", {"15"}}}), "lec");
    CounterfactualOptions options;
    options.fixed = {"C"};
    const Counterfactuals found = counterfactual(graded, options);
    const Aim& lower = found.aims(0).front();
    REQUIRE(lower.ways.size() == 2);
    // 1·6·15 = 90 and 3·3·15 = 135 are the nearest; C would do but is fixed.
    CHECK(lower.ways[0].score == 90.0);
    CHECK(lower.ways[1].score == 135.0);
    CHECK(lower.ways[0].changes.front().to == "1");
    options.fixed = {"X"};
    CHECK_THROWS_AS(counterfactual(graded, options), NotFoundError);
    options.fixed.clear();
    options.rows = {1};
    CHECK_THROWS_AS(counterfactual(graded, options), NotFoundError);
}

TEST_CASE("an accident class falls below its edges, whose open side is said") {
    const Graded graded = grade_by(table_of({{"id", {"a"}},
                                             {"deaths", {"12"}},
                                             {"serious_injuries", {"3"}},
                                             {"direct_loss", {"6000"}}}),
                                   "accident_class.493");
    const Counterfactuals found = counterfactual(graded);
    const Way& way = found.aims(0).front().ways.front();
    REQUIRE(way.changes.size() == 2);
    CHECK(way.changes[0].side == "<=");  // 3 to 9 deaths are a class: 9 is the edge of a count
    CHECK(way.changes[0].to == "9");
    CHECK(way.changes[1].side == "<");  // from 5000 on it is graver
    CHECK(way.changes[1].to == "5000");
}

TEST_CASE("directions are proofs: more deaths are never milder, compared numbers are unknown") {
    for (const InputDirection& one : input_directions(*Method::find("accident_class.493")))
        CHECK(one.direction == Direction::up);
    for (const InputDirection& one : input_directions(*Method::find("reaction.process_class")))
        CHECK(one.direction == Direction::unknown);
    const auto diagnosis = input_directions(*Method::find("diagnosis.2018"));
    CHECK(diagnosis.front().input == "major_hazard_level");
    CHECK(diagnosis.front().order ==
          std::vector<std::vector<std::string>>{{"1"}, {"2"}, {"3"}, {"4"}, {"none"}});
    CHECK(diagnosis.front().direction == Direction::down);
}

TEST_CASE("probabilities by enumeration are products of weights") {
    UncertainOptions options;
    options.grading.method = "ls";
    const Table table = table_of({{"id", {"a", "b", "c"}},
                                  {"L", {"3:0.25; 4:0.75", "3～5", "9:1"}},
                                  {"S", {"4:50%;5:50%", "5", "5"}}});
    const Uncertain found = uncertain(table, options);
    const Table rows = found.to_table();
    // 12 blue or yellow as the profile says; every sum of a row is 1 all the same.
    CHECK(cells_of(rows, "way") == Cells{"exact", "exact", "none"});
    for (std::size_t row = 0; row < 2; ++row) {
        double sum = found.chances(row).without;
        for (const double p : found.chances(row).bands)
            sum += p;
        CHECK(std::fabs(sum - 1.0) < 1e-12);
    }
    CHECK(found.chances(0).cases == 4);
    CHECK(found.chances(1).cases == 3);
    options.draws = 0;
    CHECK_THROWS_AS(uncertain(table, options), InputError);
}

TEST_CASE("draws are the same for every number of threads") {
    UncertainOptions options;
    options.grading.method = "lec";
    options.most_exact = 0;
    options.draws = 700;
    options.seed = 9;
    const Table table = table_of({{"id", {"a", "b"}},
                                  {"L", {"3:0.5;6:0.5", "1~6"}},
                                  {"E", {"6", "3:0.2;6:0.8"}},
                                  {"C", {"7:0.25;15:0.5;40:0.25", "15"}}});
    const Uncertain one = uncertain(table, options);
    options.grading.work.threads = 3;
    const Uncertain three = uncertain(table, options);
    for (std::size_t row = 0; row < 2; ++row)
        CHECK(one.chances(row).bands == three.chances(row).bands);
}

TEST_CASE("a judgement one step off is a neighbour, and shares are of neighbours") {
    const Graded graded = grade_by(table_of({{"id", {"a"}}, {"L", {"5"}}, {"S", {"5"}}}), "ls");
    const Sensitivity found = sensitivity(graded);
    REQUIRE(found.neighbours(0).size() == 2);  // 4·5 and 5·4; there is no 6
    for (const Neighbour& one : found.neighbours(0))
        CHECK(one.score == 20.0);
}

TEST_CASE("several methods are combined by the rule that is said") {
    const auto graded = [](const Cells& L, const Cells& S) {
        return std::make_shared<const Graded>(
            grade_by(table_of({{"id", {"a", "b"}}, {"L", L}, {"S", S}}), "ls"));
    };
    // Of ls.db37: 25 red, 1 blue, 12 yellow.
    const std::vector<NamedGraded> three{{"x", graded({"5", "1"}, {"5", "1"})},
                                         {"y", graded({"1", "1"}, {"1", "1"})},
                                         {"z", graded({"1", ""}, {"1", "1"})}};
    const auto grades = [&](CombineRule rule, const Cells& order) {
        return cells_of(combine(three, {rule, order}).to_table(), "grade");
    };
    CHECK(grades(CombineRule::gravest, {}) == Cells{"red", "blue"});
    CHECK(grades(CombineRule::majority, {}) == Cells{"blue", "blue"});
    CHECK(grades(CombineRule::priority, {"z", "x", "y"}) == Cells{"blue", "blue"});
    CHECK(grades(CombineRule::main, {"z"}) == Cells{"blue", ""});
    CHECK_THROWS_AS(combine(three, {CombineRule::main, {}}), InputError);
    CHECK_THROWS_AS(combine(three, {CombineRule::priority, {"x"}}), InputError);
    CHECK_THROWS_AS(combine({three[0]}), InputError);
    CHECK_THROWS_AS(combine({three[0], three[0]}), InputError);
}

TEST_CASE("an open major hazard raises the current grade until it is closed") {
    const Graded graded = grade_by(table_of({{"id", {"a"}}, {"L", {"1"}}, {"S", {"2"}}}), "ls");
    const Table hazards = table_of({{"id", {"h", "i", "j"}},
                                    {"risk_point", {"a", "a", "elsewhere"}},
                                    {"grade", {"major", "一般", "major"}},
                                    {"found_on", {"2026-03-01", "2026-03-02", "2026-03-01"}},
                                    {"closed_on", {"2026-04-01", "", ""}}});
    CurrentOptions options;
    options.rules = PackRegistry::builtin().find("current_grade.strict", std::nullopt);
    const std::pair<Date, Grade> days[] = {{Date::of(2026, 2, 28), Grade::blue},
                                           {Date::of(2026, 3, 1), Grade::red},
                                           {Date::of(2026, 3, 31), Grade::red},
                                           {Date::of(2026, 4, 1), Grade::yellow}};
    for (const auto& [day, grade] : days) {
        options.on = day;
        const Current found = current_grades(graded, &hazards, options);
        CHECK(found.rows().front().current == static_cast<std::uint8_t>(grade));
        CHECK(found.hazards_used() == 2);
        CHECK(found.issues().size() == 1);
    }
    CHECK_THROWS_AS(current_grades(graded, nullptr, options), InputError);
    options.rules = PackRegistry::builtin().find("palette.pure", std::nullopt);
    CHECK_THROWS_AS(current_grades(graded, &hazards, options), InputError);
}

TEST_CASE("a hazard that cannot be read leaves the current grade unknown where it could matter") {
    // ls.db37: 1*2 = 2 is blue. The strict rules: a general hazard raises by one, a major one to
    // red.
    const Cells points{"date", "grade", "order", "twice", "differ", "later", "shut", "red", "none"};
    const std::size_t n = points.size();
    const Graded graded =
        grade_by(table_of({{"id", points}, {"L", Cells(n, "1")}, {"S", Cells(n, "2")}}), "ls");
    const Table hazards = table_of(
        {{"id", {"1", "2", "3", "4", "4", "5", "5", "6", "7", "8", "9", "10"}},
         {"risk_point",
          {"date", "grade", "order", "twice", "twice", "differ", "differ", "later", "shut", "red",
           "red", "elsewhere"}},
         {"grade",
          {"major", "tall", "major", "general", "general", "major", "general", "tall", "tall",
           "major", "tall", "tall"}},
         {"found_on",
          {"soon", "2026-03-01", "2026-03-05", "2026-03-01", "2026-03-01", "2026-03-01",
           "2026-03-01", "2026-06-01", "2026-03-01", "2026-03-01", "2026-03-01", "2026-03-01"}},
         {"closed_on", {"", "", "2026-03-04", "", "", "", "", "", "2026-04-01", "", "", ""}}});
    CurrentOptions options;
    options.on = Date::of(2026, 5, 1);
    options.rules = PackRegistry::builtin().find("current_grade.strict", std::nullopt);
    const Current found = current_grades(graded, &hazards, options);
    const Table table = found.to_table();
    CHECK(cells_of(table, "current") ==
          Cells{"", "", "", "yellow", "", "blue", "blue", "red", "blue"});
    CHECK(cells_of(table, "unread") == Cells{"1", "2", "3", "", "5", "", "", "9", ""});
    CHECK(cells_of(table, "status")[0] == "unknown");
    CHECK(cells_of(table, "status")[7] == "graded");
    CHECK(found.rows()[3].open_general == 1);
    CHECK(found.hazards_used() == 2);  // 4 once, and 8
    CHECK(found.text(0).find("现状未知") != std::string::npos);
    CHECK(found.text(0).find("没有计入的隐患：1）") != std::string::npos);
    // By the usual rules general hazards raise nothing, so a wrong date of one leaves no doubt.
    const Table general = table_of(
        {{"id", {"1"}}, {"risk_point", {"date"}}, {"grade", {"general"}}, {"found_on", {"soon"}}});
    options.rules = PackRegistry::builtin().find("current_grade.usual", std::nullopt);
    CHECK(current_grades(graded, &general, options).rows()[0].current ==
          static_cast<std::uint8_t>(Grade::blue));
    // Counts: of rows for one point that differ none stands.
    const Table counts = table_of({{"risk_point", {"date", "date", "twice", "twice"}},
                                   {"open_major_hazards", {"0", "1", "1", "1"}}});
    const Current counted = current_grades(graded, &counts, options);
    CHECK(counted.rows()[0].current == 0);
    CHECK(counted.rows()[3].open_major == 1);
}
