// Tests of scoring/major_hazard.hpp: the printed examples, exact edges, and what is never guessed.
#include <safetyrisk/scoring/major_hazard.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::scoring;

namespace {

struct Line {
    std::string unit, name, symbol;
    double tonnes;
};

Table table_of(const std::vector<Line>& lines) {
    std::vector<std::string> units, names, symbols;
    std::vector<double> tonnes;
    for (const Line& line : lines) {
        units.push_back(line.unit);
        names.push_back(line.name);
        symbols.push_back(line.symbol);
        tonnes.push_back(line.tonnes);
    }
    Table table;
    table.add("unit", Column::of(units));
    table.add("name", Column::of(names));
    table.add("symbol", Column::of(symbols));
    table.add("quantity_t", Column::of(tonnes));
    return table;
}

Table judge(const std::vector<Line>& lines, std::int64_t exposed) {
    MajorHazardOptions options;
    options.exposed = exposed;
    return major_hazard(table_of(lines), options).to_table();
}

double cell(const Table& table, const char* column, std::size_t row = 0) {
    const NumberCell number = table.at(column).number(row);
    return number.state == NumberCell::State::value ? number.value
                                                    : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

TEST_CASE("units of published examples have their S, R and level") {
    const std::vector<std::tuple<std::vector<Line>, std::int64_t, double, double, std::string>>
        examples = {
            {{{"A", "氯", "", 5}, {"A", "氨", "", 5}}, 60, 1.5, 7.5, "四级"},
            {{{"A", "氯", "", 40}}, 100, 8, 64, "二级"},
            {{{"A", "氨", "", 60}}, 45, 6, 14.4, "三级"},
            {{{"A", "光气", "", 0.3}}, 0, 1, 10, "三级"},
            {{{"A", "氯", "", 62.5}}, 100, 12.5, 100, "一级"},
        };
    for (const auto& [lines, exposed, s, r, level] : examples) {
        const Table units = judge(lines, exposed);
        CHECK(cell(units, "S") == s);
        CHECK(cell(units, "R") == r);
        CHECK(units.at("level").text(0) == level);
    }
}

TEST_CASE("decimals that add up to Q reach it, and a hair less does not") {
    CHECK(judge({{"A", "光气", "", 0.1}, {"A", "光气", "", 0.2}}, 0).at("major").text(0) == "yes");
    const Table below =
        judge({{"A", "光气", "", 0.1}, {"A", "光气", "", std::nextafter(0.2, 0.0)}}, 0);
    CHECK(below.at("major").text(0) == "no");
    CHECK(cell(below, "S") < 1.0);
    CHECK(std::isnan(cell(below, "R")));
}

TEST_CASE("quantities beyond 63 bits of 1e-9 t are summed as exactly as others") {
    const Table huge = judge({{"A", "氯", "", 1e300}, {"A", "氯", "", 1e-300}}, 0);
    CHECK(cell(huge, "S") == 2e299);
    CHECK(huge.at("level").text(0) == "一级");
    const Table tiny = judge({{"A", "氯", "", 5}, {"A", "氯", "", 1e-300}}, 1);
    CHECK(cell(tiny, "S") == 1.0);
    CHECK(tiny.at("major").text(0) == "yes");
    const Table none =
        judge({{"A", "氯", "", 4.9}, {"A", "氯", "", 0.0}, {"A", "氯", "", 5e-324}}, 1);
    CHECK(cell(none, "S") == 0.98);
}

TEST_CASE("the order of rows changes nothing that is said of a unit") {
    std::mt19937 draw(18218);
    std::vector<Line> lines;
    const char* names[] = {"氯", "液氨", "甲醇", "硝酸铵", "某物", "光气"};
    for (int i = 0; i < 300; ++i)
        lines.push_back({"u" + std::to_string(draw() % 40), names[draw() % 6],
                         draw() % 2 == 0 ? "W5.3" : "", static_cast<double>(draw() % 700) / 10.0});
    const Table want = judge(lines, 30);
    std::shuffle(lines.begin(), lines.end(), draw);
    const Table got = judge(lines, 30);
    REQUIRE(got.rows() == want.rows());
    for (const std::string& name : want.names())
        for (std::size_t row = 0; row < want.rows(); ++row)
            CHECK(got.at(name).print(row) == want.at(name).print(row));
}

TEST_CASE("a row that cannot be counted leaves the least that S can be") {
    const Table units = judge({{"A", "氯", "", 6}, {"A", "硝酸铵", "", 3}}, 30);
    CHECK(units.at("S").is_missing(0));
    CHECK(cell(units, "S_at_least") == 1.2);
    CHECK(units.at("major").text(0) == "yes");
    CHECK(units.at("level").is_null(0));
    CHECK_FALSE(units.at("complete").boolean(0));
    CHECK(units.at("missing").text(0) == "硝酸铵: name");
}

TEST_CASE("explanations are prose and JSON to the clause") {
    MajorHazardOptions options;
    options.exposed = 60;
    const MajorHazards judged = major_hazard(table_of({{"罐区\"", "液氯", "", 5}}), options);
    CHECK_THAT(judged.text(0), Catch::Matchers::ContainsSubstring("Q = 5 t（表1 第12项）"));
    CHECK_THAT(judged.text(0, Lang::en), Catch::Matchers::ContainsSubstring("table 1 no. 12"));
    CHECK_THAT(judged.json(0), Catch::Matchers::ContainsSubstring("\"unit\":\"罐区\\\"\""));
    CHECK_THROWS_AS(judged.text(1), NotFoundError);
    CHECK_THROWS_AS(judged.json(1), NotFoundError);
    CHECK(judged.unit_of("罐区\"") == 0U);
    CHECK_FALSE(judged.unit_of("B"));
}

TEST_CASE("a wrong call is refused") {
    MajorHazardOptions options;
    options.exposed = -1;
    CHECK_THROWS_AS(major_hazard(table_of({}), options), InputError);
    options = {};
    options.exposed_by_unit = {{"A", -5}};
    CHECK_THROWS_AS(major_hazard(table_of({}), options), InputError);
    CHECK_THROWS_AS(MajorHazardStandard::find("lec.t1"), InputError);
    CHECK_THROWS_AS(MajorHazardStandard::find("gb18218", Date::of(2018, 1, 1)), InputError);
    CHECK(major_hazard(table_of({})).units() == 0);
}

TEST_CASE("work can be interrupted") {
    MajorHazardOptions options;
    options.work.interrupted = [] { return true; };
    CHECK_THROWS_AS(major_hazard(table_of({{"A", "氯", "", 1}}), options), Interrupted);
}
