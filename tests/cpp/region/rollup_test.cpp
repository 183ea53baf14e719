#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;

namespace {

using Cells = std::vector<std::string>;

Table codes_of(const Cells& codes) {
    Table table(Origin{.table = "divisions", .source = {}, .first_line = -1, .lines = {}});
    table.add("code", Column::of(codes));
    table.add("name", Column::of(codes));
    return table;
}

// A register in memory.
struct Points {
    std::vector<std::int32_t> division;
    std::vector<std::uint8_t> grade;
    std::vector<std::uint8_t> status;
    Cells enterprise;
    Column enterprise_column;

    void add(std::int32_t where, std::uint8_t graded, std::uint8_t state = 0,
             std::string owner = "") {
        division.push_back(where);
        grade.push_back(graded);
        status.push_back(state);
        enterprise.push_back(std::move(owner));
    }
    GradedPoints view(bool with_enterprises = true) {
        enterprise_column = Column::of(enterprise);
        return {division, grade, status, with_enterprises ? &enterprise_column : nullptr};
    }
};

std::string cell(const RollUp& result, const std::string& column, std::size_t row) {
    return result.table.at(column).print(row);
}

std::int64_t number(const RollUp& result, const std::string& column, std::size_t row) {
    return result.table.at(column).integers()[row];
}

// Row of a unit, or the number of rows.
std::size_t row_of(const RollUp& result, const std::string& key,
                   const std::string& column = "code") {
    const Column& keys = result.table.at(column);
    for (std::size_t i = 0; i < result.table.rows(); ++i)
        if (keys.text(i) == key) return i;
    return result.table.rows();
}

std::int64_t sum(const RollUp& result, const std::string& column) {
    const auto cells = result.table.at(column).integers();
    return std::accumulate(cells.begin(), cells.end(), std::int64_t{0});
}

bool same(const RollUp& a, const RollUp& b) {
    if (a.table.rows() != b.table.rows() || a.table.names() != b.table.names()) return false;
    for (const std::string& name : a.table.names())
        for (std::size_t row = 0; row < a.table.rows(); ++row)
            if (a.table.at(name).print(row) != b.table.at(name).print(row) ||
                a.table.at(name).is_null(row) != b.table.at(name).is_null(row))
                return false;
    return true;
}

std::size_t count(const RollUp& result, const std::string& issue) {
    const auto counts = result.issues.counts();
    const auto it = counts.find(issue);
    return it == counts.end() ? 0 : it->second;
}

const Cells world = {"36",        "3609",      "360902", "360924", "360924001",
                     "360924002", "3601",      "360103", "44",     "4419",
                     "441900003", "441900004", "42",     "429004", "429004001"};

Points random_points(const Divisions& divisions, std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    Points points;
    for (std::size_t i = 0; i < n; ++i) {
        const auto where = static_cast<std::int32_t>(random() % (divisions.size() + 1)) - 1;
        const auto status = static_cast<std::uint8_t>(random() % 8 < 6 ? 0 : 1 + random() % 2);
        const auto grade = static_cast<std::uint8_t>(status == 0 ? 1 + random() % 4 : 0);
        const std::string owner = random() % 10 == 0 ? "" : "E" + std::to_string(random() % 40);
        points.add(where, grade, status, owner);
    }
    return points;
}

const Rule two_lines = Rule::count({{.grade = Grade::red, .red = 1},
                                    {.grade = Grade::red, .orange = 3},
                                    {.grade = Grade::orange, .orange = 1},
                                    {.grade = Grade::yellow, .yellow = 2}});

}  // namespace

TEST_CASE(
    "counts, states and totals are those of counting by hand, at every level and for any "
    "number of threads",
    "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    for (const unsigned seed : {1U, 2U, 3U}) {
        // More than one block of rows, so that threads share units.
        Points points = random_points(divisions, seed == 3 ? 200000 : 500, seed);
        for (const auto level :
             {DivisionLevel::country, DivisionLevel::province, DivisionLevel::city,
              DivisionLevel::county, DivisionLevel::town, DivisionLevel::village}) {
            std::map<std::string, std::array<std::int64_t, 6>> wanted;
            std::map<std::string, std::set<std::string>> owners;
            std::int64_t homeless = 0;
            for (std::size_t i = 0; i < points.grade.size(); ++i) {
                const std::int32_t unit =
                    points.division[i] < 0 ? -1 : divisions.unit_at(points.division[i], level);
                const std::string key = unit < 0 ? "" : divisions.code(unit).text();
                const std::size_t slot =
                    points.status[i] == 0 ? points.grade[i] - 1U : points.status[i] + 3U;
                ++wanted[key][slot];
                homeless += unit < 0 ? 1 : 0;
                if (!points.enterprise[i].empty()) owners[key].insert(points.enterprise[i]);
            }
            const RollUp result = rollup(divisions, points.view(), level, Rule::worst());
            for (std::size_t row = 0; row < result.table.rows(); ++row) {
                const std::string key = cell(result, "code", row);
                const auto& w = wanted[key];
                const char* names[] = {"blue", "yellow",       "orange",
                                       "red",  "not_gradable", "rejected"};
                for (std::size_t k = 0; k < 6; ++k)
                    REQUIRE(number(result, names[k], row) == w[k]);
                const std::int64_t graded = w[0] + w[1] + w[2] + w[3];
                CHECK(number(result, "graded", row) == graded);
                CHECK(number(result, "rows", row) == graded + w[4] + w[5]);
                CHECK(number(result, "enterprises", row) ==
                      static_cast<std::int64_t>(owners[key].size()));
                CHECK(cell(result, "state", row) == (graded > 0 ? "assessed" : "unassessed"));
                wanted.erase(key);
            }
            CHECK(wanted.empty());  // no unit with points was left out
            CHECK(sum(result, "rows") == static_cast<std::int64_t>(points.grade.size()));
            CHECK(count(result, "region.unassigned_rows") == (homeless > 0 ? 1 : 0));
            for (const unsigned threads : {2U, 3U})
                CHECK(same(result,
                           rollup(divisions, points.view(), level, Rule::worst(),
                                  Work{.threads = threads, .interrupted = {}, .progress = {}})));
        }
    }
}

TEST_CASE("every division of the level is a row, and one without points is not low risk",
          "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    Points points;
    points.add(divisions.find(*DivisionCode::parse("360924001")), 1);
    points.add(divisions.find(*DivisionCode::parse("360103")), 0, 1);
    const RollUp result =
        rollup(divisions, points.view(false), DivisionLevel::county, Rule::worst());
    Cells codes;
    for (std::size_t i = 0; i < result.table.rows(); ++i)
        codes.push_back(cell(result, "code", i));
    // 东莞 stands for its towns, 仙桃 is a county; in the order of the codes.
    CHECK(codes == Cells{"360103", "360902", "360924", "429004", "4419"});
    CHECK(cell(result, "level", 4) == "city");
    CHECK(cell(result, "grade", 2) == "blue");
    for (const std::size_t row : {0U, 1U, 3U, 4U}) {
        CHECK(cell(result, "state", row) == "unassessed");
        CHECK(result.table.at("grade").is_null(row));
        CHECK(result.table.at("worst").is_null(row));
    }
    CHECK(number(result, "not_gradable", 0) == 1);
    CHECK(result.table.at("enterprises").is_null(0));
    CHECK(cell(result, "rule", 0) == "worst");
    CHECK(result.issues.empty());

    const RollUp cities = rollup(divisions, points.view(), DivisionLevel::city, Rule::worst());
    CHECK(row_of(cities, "429004") < cities.table.rows());
    CHECK(row_of(cities, "42") == cities.table.rows());
}

TEST_CASE("the order of the points never matters", "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    std::mt19937 random(5);
    Points points = random_points(divisions, 400, 9);
    const RollUp first = rollup(divisions, points.view(), DivisionLevel::county, two_lines);
    const RollUp owners = rollup_enterprises(points.view(), two_lines);
    for (int round = 0; round < 10; ++round) {
        std::vector<std::size_t> order(points.grade.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), random);
        Points mixed;
        for (const std::size_t i : order)
            mixed.add(points.division[i], points.grade[i], points.status[i], points.enterprise[i]);
        CHECK(same(first, rollup(divisions, mixed.view(), DivisionLevel::county, two_lines)));
        CHECK(same(owners, rollup_enterprises(mixed.view(), two_lines)));
    }
}

TEST_CASE("a point that gets worse never makes its region better", "[region][rollup]") {
    std::mt19937 random(13);
    const auto any = [&](unsigned below) { return static_cast<std::int64_t>(random() % below); };
    for (int round = 0; round < 2000; ++round) {
        std::vector<CountThreshold> lines;
        for (const Grade grade : all_grades)
            for (int k = 0; k < 2; ++k)
                lines.push_back({grade, any(3), any(4), any(4), 1 + any(4)});
        for (const Rule& rule : {Rule::worst(), Rule::count(lines)}) {
            std::array<std::int64_t, 4> leaves = {any(3), any(3), any(3), any(3)};  // blue … red
            const auto grade_of = [&] {
                const auto grade = rule.grade({leaves[3], leaves[2], leaves[1], leaves[0]});
                return grade ? static_cast<int>(*grade) : 0;
            };
            const int before = grade_of();
            const std::size_t from = random() % 3;
            if (leaves[from] == 0) continue;
            --leaves[from];
            ++leaves[from + 1 + random() % (3 - from)];
            CHECK(grade_of() >= before);
        }
    }
}

TEST_CASE("worst of the counties' worst is worst of the points and count sees the points alone",
          "[region][rollup]") {
    const Divisions divisions(
        codes_of({"36", "3609", "360902", "360924", "360902001", "360924001", "360924002"}));
    for (unsigned seed = 0; seed < 50; ++seed) {
        Points points = random_points(divisions, 12, seed);
        for (std::int32_t& where : points.division) {  // leaves only
            const char* towns[] = {"360902001", "360924001", "360924002"};
            where =
                divisions.find(*DivisionCode::parse(towns[static_cast<unsigned>(where + 1) % 3]));
        }
        const auto worst_of = [&](DivisionLevel level) {
            const RollUp result = rollup(divisions, points.view(), level, Rule::worst());
            std::set<std::string> grades;
            for (std::size_t i = 0; i < result.table.rows(); ++i)
                grades.insert(cell(result, "grade", i));
            for (const char* grade : {"red", "orange", "yellow", "blue"})
                if (grades.contains(grade)) return std::string(grade);
            return std::string();
        };
        CHECK(worst_of(DivisionLevel::town) == worst_of(DivisionLevel::county));
        CHECK(worst_of(DivisionLevel::county) == worst_of(DivisionLevel::city));
    }

    // One orange point in each of three towns: no town and no county is red, the city is.
    Points points;
    for (const char* town : {"360902001", "360924001", "360924002"})
        points.add(divisions.find(*DivisionCode::parse(town)), 3);
    const Rule rule =
        Rule::count({{.grade = Grade::red, .orange = 3}, {.grade = Grade::orange, .orange = 1}});
    const RollUp counties = rollup(divisions, points.view(), DivisionLevel::county, rule);
    CHECK(cell(counties, "grade", 0) == "orange");
    CHECK(cell(counties, "grade", 1) == "orange");
    CHECK(cell(rollup(divisions, points.view(), DivisionLevel::city, rule), "grade", 0) == "red");
}

TEST_CASE("count takes the first line that is met and counts graver points too",
          "[region][rollup]") {
    CHECK(two_lines.grade({.red = 1}) == Grade::red);
    CHECK(two_lines.grade({.orange = 3}) == Grade::red);
    CHECK(two_lines.grade({.orange = 2, .yellow = 9}) == Grade::orange);
    CHECK(two_lines.grade({.yellow = 2}) == Grade::yellow);
    CHECK(two_lines.grade({.yellow = 1, .blue = 99}) == std::nullopt);
    CHECK(two_lines.grade({}) == std::nullopt);
    const Rule three = Rule::count({{.grade = Grade::orange, .orange = 3}});
    CHECK(three.grade({.red = 1, .orange = 2}) == Grade::orange);
    CHECK(three.grade({.red = 1, .orange = 1}) == std::nullopt);
    const Rule both = Rule::count({{.grade = Grade::orange, .orange = 1, .blue = 5}});
    CHECK(both.grade({.orange = 1, .blue = 4}) == Grade::orange);
    CHECK(both.grade({.orange = 1, .blue = 3}) == std::nullopt);
}

TEST_CASE("count without thresholds counts, gives no grade and says so", "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    Points points;
    points.add(divisions.find(*DivisionCode::parse("360924")), 4);
    const RollUp result = rollup(divisions, points.view(), DivisionLevel::county, Rule::count());
    const std::size_t row = row_of(result, "360924");
    CHECK(number(result, "red", row) == 1);
    CHECK(cell(result, "worst", row) == "red");
    CHECK(result.table.at("grade").is_null(row));
    CHECK(cell(result, "state", row) == "assessed");
    CHECK(count(result, "region.count_without_thresholds") == 1);
    CHECK(result.issues.severity(0) == Severity::info);
}

TEST_CASE("a rule prints itself with its parameters", "[region][rollup]") {
    CHECK(Rule::worst().id() == "worst");
    CHECK(Rule::count().id() == "count");
    CHECK(Rule::count(
              {{.grade = Grade::red, .red = 1}, {.grade = Grade::orange, .orange = 3, .blue = 20}})
              .id() == "count(red: red>=1; orange: orange>=3, blue>=20)");
    const Rule rule =
        Rule::count({{.grade = Grade::red, .red = 2}, {.grade = Grade::orange, .orange = 3}});
    CHECK(rule.text() ==
          "计数：红色——重大风险不少于 2 个；橙色——较大风险及以上不少于 3 个；"
          "依次取首个满足者，均不满足的不定级");
    CHECK(rule.text(Lang::en) ==
          "count: red with at least 2 of major risk; orange with at least 3 of serious risk or "
          "graver; "
          "the first that is met; no grade when none is");
}

TEST_CASE("rules that cannot be are refused", "[region][rollup]") {
    using Catch::Matchers::ContainsSubstring;
    CHECK_THROWS_WITH(Rule::count({{.grade = Grade::red, .red = -1}}),
                      ContainsSubstring("minimum of red is -1"));
    CHECK_THROWS_WITH(Rule::count({{.grade = Grade::blue}}),
                      ContainsSubstring("asks for no point"));
    CHECK_THROWS_WITH(
        Rule::count({{.grade = Grade::blue, .blue = 1}, {.grade = Grade::red, .red = 1}}),
        ContainsSubstring("line 1 gives red after blue"));
}

TEST_CASE("columns that contradict themselves are refused with the row", "[region][rollup]") {
    using Catch::Matchers::ContainsSubstring;
    const Divisions divisions(codes_of(world));
    const auto roll = [&](Points points) {
        return rollup(divisions, points.view(), DivisionLevel::county, Rule::worst());
    };
    Points good;
    good.add(-1, 4);
    for (const auto& [grade, status] :
         {std::pair<int, int>{0, 0}, {5, 0}, {1, 1}, {1, 2}, {0, 3}, {255, 255}}) {
        Points bad = good;
        bad.add(0, static_cast<std::uint8_t>(grade), static_cast<std::uint8_t>(status));
        CHECK_THROWS_WITH(roll(bad), ContainsSubstring("row 1 has status"));
        CHECK_THROWS_WITH(rollup_enterprises(bad.view(), Rule::worst()),
                          ContainsSubstring("row 1 has status"));
    }
    for (const std::int32_t where : {-2, static_cast<std::int32_t>(divisions.size()), 2147483647}) {
        Points bad = good;
        bad.add(where, 1);
        CHECK_THROWS_WITH(roll(bad), ContainsSubstring("division index"));
    }
    Points shorter = good;
    shorter.division.clear();
    CHECK_THROWS_AS(roll(shorter), InputError);
    CHECK_THROWS_AS(rollup_enterprises(good.view(false), Rule::worst()), InputError);
}

TEST_CASE("no points at all leave every division unassessed", "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    Points none;
    const RollUp result = rollup(divisions, none.view(), DivisionLevel::county, Rule::worst());
    CHECK(result.table.rows() == 5);
    CHECK(sum(result, "rows") == 0);
    CHECK(rollup_enterprises(none.view(), Rule::worst()).table.rows() == 0);
    const Divisions country;
    CHECK(rollup(country, none.view(), DivisionLevel::county, Rule::worst()).table.rows() == 0);
}

TEST_CASE("enterprises are listed by id, the unassessed and the unlisted too", "[region][rollup]") {
    Points points;
    points.add(-1, 4, 0, "E2");
    points.add(-1, 1, 0, "E10");
    points.add(-1, 0, 2, "E2");
    points.add(-1, 3, 0, "");
    Table table(Origin{.table = "enterprises", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", Column::of(Cells{"E9", "E2", "E2", "", "E9"}));
    table.add("name", Column::of(Cells{"九", "甲", "乙", "无", "九"}));
    table.add("credit_code", Column::of(Cells{"91350100m000100y43", "", "91350100M000100Y43", "",
                                              "91350100M000100Y43"}));
    const RollUp result = rollup_enterprises(points.view(), Rule::worst(), &table);
    Cells ids;
    for (std::size_t i = 0; i < result.table.rows(); ++i)
        ids.push_back(cell(result, "id", i));
    CHECK(ids == Cells{"E10", "E2", "E9", ""});
    CHECK(cell(result, "grade", 1) == "red");
    CHECK(number(result, "rejected", 1) == 1);
    CHECK(cell(result, "state", 2) == "unassessed");
    CHECK(cell(result, "name", 2) == "九");
    CHECK(result.table.at("name").is_null(1));  // two rows of E2, two names
    CHECK(result.table.at("name").is_null(0));
    CHECK(cell(result, "grade", 3) == "orange");
    CHECK(sum(result, "rows") == 4);
    CHECK(count(result, "region.enterprise_not_listed") == 1);
    CHECK(count(result, "region.enterprise_without_id") == 1);
    CHECK(count(result, "region.rows_without_enterprise") == 1);
    // Written in two ways, one credit code stands for E2 and E9; E9 twice is once.
    REQUIRE(count(result, "region.duplicate_enterprise") == 1);
    bool named = false;
    for (std::size_t i = 0; i < result.issues.size(); ++i)
        named =
            named || result.issues.at(i, Lang::en).message ==
                         "the credit code 91350100M000100Y43 stands for 2 enterprise ids: E2 E9";
    CHECK(named);
}

TEST_CASE("enterprises add up to what a map of ids gives", "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    Points points = random_points(divisions, 3000, 21);
    std::map<std::string, std::array<std::int64_t, 6>> wanted;
    for (std::size_t i = 0; i < points.grade.size(); ++i)
        ++wanted[points.enterprise[i]]
                [points.status[i] == 0 ? points.grade[i] - 1U : points.status[i] + 3U];
    const RollUp result = rollup_enterprises(points.view(), Rule::worst());
    REQUIRE(result.table.rows() == wanted.size());
    for (std::size_t row = 0; row < result.table.rows(); ++row) {
        const auto& w = wanted.at(cell(result, "id", row));
        const char* names[] = {"blue", "yellow", "orange", "red", "not_gradable", "rejected"};
        for (std::size_t k = 0; k < 6; ++k)
            CHECK(number(result, names[k], row) == w[k]);
    }
}

TEST_CASE("importing an enterprise twice changes no worst grade", "[region][rollup]") {
    const Divisions divisions(codes_of(world));
    Points points = random_points(divisions, 60, 3);
    const RollUp once = rollup(divisions, points.view(), DivisionLevel::county, Rule::worst());
    const std::size_t n = points.grade.size();
    for (std::size_t i = 0; i < n; ++i)
        points.add(points.division[i], points.grade[i], points.status[i], points.enterprise[i]);
    const RollUp twice = rollup(divisions, points.view(), DivisionLevel::county, Rule::worst());
    for (std::size_t row = 0; row < once.table.rows(); ++row) {
        CHECK(cell(once, "grade", row) == cell(twice, "grade", row));
        CHECK(number(once, "enterprises", row) == number(twice, "enterprises", row));
    }
}

TEST_CASE("an index is the weighted sum of points, and its grade the first line that it reaches") {
    const GradeWeights weights{.red = 0.3, .orange = 0.2, .yellow = 0.1, .blue = 0.1};
    const Rule rule = Rule::index(weights, IndexPer::unit, {{Grade::red, 0.6}, {Grade::blue, 0}});
    CHECK(rule.index_of({.red = 1, .orange = 1, .yellow = 1}) == 0.6);
    CHECK(rule.grade({.red = 1, .orange = 1, .yellow = 1}) == Grade::red);
    CHECK(rule.grade({.red = 1, .orange = 1}) == Grade::blue);
    CHECK_FALSE(rule.index_of({}));
    CHECK_FALSE(rule.grade({}));
    CHECK(rule.has_index());
    CHECK_FALSE(Rule::worst().index_of({.red = 1}));
    const Rule mean = Rule::index(weights, IndexPer::point);
    CHECK(mean.index_of({.red = 3}) == 0.3);
    CHECK(mean.counts_only());
    CHECK(mean.id() == "index(red 0.3, orange 0.2, yellow 0.1, blue 0.1 per point)");
    // Far beyond any register, and still without overflow.
    const std::int64_t many = std::int64_t{1} << 60U;
    CHECK(Rule::index({1e6, 1e6, 1e6, 1e6}).index_of({.red = many}) == 1e6 * std::ldexp(1.0, 60));
}

TEST_CASE("weights that fall towards the graver grade are refused") {
    CHECK_THROWS_WITH(Rule::index({.red = 1, .orange = 2}),
                      Catch::Matchers::ContainsSubstring("red is below that of orange"));
    CHECK_THROWS_AS(Rule::index({}), InputError);
    CHECK_THROWS_AS(Rule::index({.red = -1}), InputError);
}
