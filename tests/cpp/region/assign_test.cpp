#include <safetyrisk/region/assign.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;

namespace {

using Cells = std::vector<std::string>;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

Table codes_of(const Cells& codes) {
    Table table;
    table.add("code", Column::of(codes));
    table.add("name", Column::of(codes));
    return table;
}

// 64 counties, 360901 to 360964, squares of 0.02 degrees, eight a row from (114, 28) north-east;
// each has the towns 001 and 002, which have no boundaries.
struct World {
    static constexpr double west = 114.0;
    static constexpr double south = 28.0;
    static constexpr double side = 0.02;

    Divisions divisions;
    Boundaries boundaries;
    Locator locator;

    World() {
        Cells codes = {"36", "3609", "3601", "360103"};
        std::vector<Boundary> squares;
        for (int k = 0; k < 64; ++k) {
            const std::string code = county(k);
            codes.push_back(code);
            codes.push_back(code + "001");
            codes.push_back(code + "002");
            const double x = west + side * (k % 8);
            const double y = south + side * (k / 8);
            Boundary square;
            square.code = *DivisionCode::parse(code);
            square.name = code;
            square.polygons = {{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}, {}}};
            square.row = k;
            squares.push_back(square);
        }
        divisions = Divisions(codes_of(codes));
        IssueTable issues;
        boundaries = Boundaries(squares, Crs::wgs84, Origin{}, issues);
        REQUIRE(issues.empty());
        locator = Locator(boundaries);
    }

    static std::string county(int k) { return std::to_string(360901 + k); }

    // The county of a point by division alone; empty outside.
    static std::string where(LonLat p) {
        const double x = std::floor((p.lon_deg - west) / side);
        const double y = std::floor((p.lat_deg - south) / side);
        const bool inside = x >= 0 && x < 8 && y >= 0 && y < 8;
        return inside ? county(static_cast<int>(x + 8 * y)) : std::string();
    }

    AssignOptions options() const {
        AssignOptions options;
        options.boundaries = &boundaries;
        options.locator = &locator;
        return options;
    }
    std::string code(std::int32_t index) const {
        return index < 0 ? std::string() : divisions.code(index).text();
    }
};

Table rows_of(const Cells& division, const std::vector<double>& lon, const std::vector<double>& lat,
              const Cells& enterprise = {}) {
    Table table(Origin{.table = "risk_points", .source = "r.csv", .first_line = 2, .lines = {}});
    if (!division.empty()) table.add("division", Column::of(division));
    if (!lon.empty()) table.add("lon", Column::of(lon));
    if (!lat.empty()) table.add("lat", Column::of(lat));
    if (!enterprise.empty()) table.add("enterprise", Column::of(enterprise));
    return table;
}

std::size_t count(const Assignment& result, const std::string& issue) {
    const auto counts = result.issues.counts();
    const auto it = counts.find(issue);
    return it == counts.end() ? 0 : it->second;
}

// The first issue of a code; its code is empty when there is none.
Issue first(const Assignment& result, const std::string& code) {
    for (std::size_t i = 0; i < result.issues.size(); ++i)
        if (result.issues.code(i) == code) return result.issues.at(i, Lang::en);
    return {};
}

std::vector<Assigned> hows(const Assignment& result) {
    return {result.how.begin(), result.how.end()};
}

}  // namespace

TEST_CASE("a row lies where it says, else where its point is, else where its enterprise is",
          "[region][assign]") {
    const World world;
    Table enterprises;
    enterprises.add("id", Column::of(Cells{"E1", "E2", "E3"}));
    enterprises.add("division", Column::of(Cells{"360901", "", ""}));
    enterprises.add("lon", Column::of(std::vector<double>{nan_value, 114.03, nan_value}));
    enterprises.add("lat", Column::of(std::vector<double>{nan_value, 28.01, nan_value}));
    AssignOptions options = world.options();
    options.enterprises = &enterprises;
    const Table rows = rows_of({"360901001", "", "", "", "", ""},
                               {114.01, 114.01, nan_value, nan_value, nan_value, nan_value},
                               {28.01, 28.01, nan_value, nan_value, nan_value, nan_value},
                               {"E1", "E1", "E1", "E2", "E3", "E4"});
    const Assignment result = assign(world.divisions, rows, options);
    Cells codes;
    for (const std::int32_t index : result.division)
        codes.push_back(world.code(index));
    CHECK(codes == Cells{"360901001", "360901", "360901", "360902", "", ""});
    CHECK(hows(result) == std::vector{Assigned::given, Assigned::located, Assigned::enterprise,
                                      Assigned::enterprise, Assigned::none, Assigned::none});
    // A town in the county that the point lies in is no contradiction.
    CHECK(result.issues.size() == 2 + count(result, "region.division_without_boundary"));
    CHECK(count(result, "region.no_region") == 2);
    CHECK(first(result, "region.no_region").line == 6);
}

TEST_CASE("where two sources disagree the first wins and both are shown", "[region][assign]") {
    const World world;
    Table enterprises;
    enterprises.add("id", Column::of(Cells{"E1"}));
    enterprises.add("division", Column::of(Cells{"360910"}));
    AssignOptions options = world.options();
    options.enterprises = &enterprises;
    const Assignment result = assign(world.divisions,
                                     rows_of({"360905002", "", "3609"}, {114.01, 114.01, 114.01},
                                             {28.01, 28.01, 28.01}, {"E1", "E1", "E1"}),
                                     options);
    CHECK(world.code(result.division[0]) == "360905002");
    CHECK(world.code(result.division[1]) == "360901");
    CHECK(world.code(result.division[2]) == "3609");  // agrees with all that lies in it
    CHECK(count(result, "region.located_elsewhere") == 1);
    CHECK(count(result, "region.enterprise_elsewhere") == 2);
    const Issue issue = first(result, "region.located_elsewhere");
    CHECK(issue.row == 0);
    CHECK(issue.value == "360905002");
    CHECK(issue.message.find("360901") != std::string::npos);
}

TEST_CASE("a point outside every polygon is said so and stays outside", "[region][assign]") {
    const World world;
    const Assignment result = assign(
        world.divisions, rows_of({}, {113.999, 114.01, 0.0}, {28.01, 28.17, 0.0}), world.options());
    CHECK(hows(result) == std::vector(3, Assigned::none));
    CHECK(count(result, "region.outside_boundaries") == 3);
    CHECK(count(result, "region.no_region") == 3);
    CHECK(first(result, "region.outside_boundaries").value == "113.999, 28.01");
}

TEST_CASE("swapped coordinates are pointed out and not exchanged", "[region][assign]") {
    const World world;
    const Assignment result =
        assign(world.divisions, rows_of({}, {28.01, 114.01, 28.01}, {114.01, 28.01, 200.0}),
               world.options());
    CHECK(hows(result) == std::vector{Assigned::none, Assigned::located, Assigned::none});
    CHECK(count(result, "region.swapped_coordinates") == 1);
    CHECK(first(result, "region.swapped_coordinates").row == 0);
    CHECK(count(result, "region.bad_coordinates") == 1);
    CHECK(count(result, "region.outside_boundaries") == 0);
}

TEST_CASE("coordinates that are half, no number or out of range are each reported once",
          "[region][assign]") {
    const World world;
    Table rows;
    rows.add("lon", Column::of(Cells{"114.01", "", "114.01", "inf", "114.01", "-181", "",
                                     "１１４．０１"}));
    rows.add("lat",
             Column::of(Cells{"", "28.01", "北纬28", "28.01", "90.5", "28.01", "", "28.01"}));
    const Assignment result = assign(world.divisions, rows, world.options());
    CHECK(count(result, "region.half_coordinates") == 2);
    CHECK(count(result, "region.bad_coordinates") == 4);
    CHECK(count(result, "region.no_region") == 7);
    CHECK(result.how[7] == Assigned::located);

    const Assignment alone = assign(world.divisions, rows_of({}, {114.01}, {}), world.options());
    CHECK(count(alone, "region.half_coordinates") == 1);
}

TEST_CASE("codes are refused, replaced or taken one step up, never guessed", "[region][assign]") {
    Table table(Origin{.table = "divisions", .source = {}, .first_line = -1, .lines = {}});
    table.add("code", Column::of(Cells{"3206", "320602", "320613", "320613001"}));
    table.add("name", Column::of(Cells{"南通市", "旧", "崇川区", "城东街道"}));
    table.add("valid_to", Column::of(Cells{"", "2020-06-30", "", ""}));
    table.add("successor", Column::of(Cells{"", "320613", "", ""}));
    const Divisions divisions(table, Date::of(2026, 1, 1));
    const Assignment result =
        assign(divisions, rows_of({"320613001", "320602", "320602", "320613999", "320613001001",
                                   "110101", "32061", "3.20613E+11", "", "320613.0"},
                                  {}, {}));
    Cells codes;
    for (const std::int32_t index : result.division)
        codes.push_back(index < 0 ? "" : divisions.code(index).text());
    CHECK(codes ==
          Cells{"320613001", "320613", "320613", "320613", "320613001", "", "", "", "", "320613"});
    CHECK(count(result, "region.code_replaced") == 1);
    CHECK(first(result, "region.code_replaced").message.find("2 rows") != std::string::npos);
    CHECK(count(result, "region.unknown_code_below") == 2);
    CHECK(count(result, "region.unknown_code") == 1);
    CHECK(count(result, "region.malformed_code") == 1);
    CHECK(count(result, "region.code_lost_digits") == 1);
    CHECK(count(result, "region.code_from_float") == 1);
    CHECK(count(result, "region.no_region") == 4);
}

TEST_CASE("an enterprise with two regions places no row", "[region][assign]") {
    const World world;
    Table enterprises;
    enterprises.add("id", Column::of(std::vector<std::int64_t>{7, 7, 8, 8}));
    enterprises.add("division", Column::of(Cells{"360901", "360902", "360903", "360903"}));
    AssignOptions options;
    options.enterprises = &enterprises;
    Table rows;
    rows.add("enterprise", Column::of(std::vector<std::int64_t>{7, 8}));
    const Assignment result = assign(world.divisions, rows, options);
    CHECK(hows(result) == std::vector{Assigned::none, Assigned::enterprise});
    CHECK(count(result, "region.enterprise_conflict") == 2);
    CHECK(count(result, "region.no_region") == 1);
}

TEST_CASE("located rows and disagreements are those of a search by hand, for any number of threads",
          "[region][assign]") {
    const World world;
    std::mt19937 random(3);
    std::uniform_real_distribution<double> x(113.98, 114.18);
    std::uniform_real_distribution<double> y(27.98, 28.18);
    Cells division;
    std::vector<double> lon;
    std::vector<double> lat;
    std::size_t outside = 0;
    std::size_t disagree = 0;
    std::vector<std::string> expected;
    for (int i = 0; i < 150000; ++i) {
        lon.push_back(x(random));
        lat.push_back(y(random));
        const std::string located = World::where({lon.back(), lat.back()});
        std::string given;
        if (random() % 3 == 0)
            given = World::county(static_cast<int>(random() % 64)) + "001";
        else if (random() % 3 == 0 && !located.empty())
            given = located + "002";
        division.push_back(given);
        if (located.empty()) ++outside;
        if (!given.empty() && !located.empty() && given.substr(0, 6) != located) ++disagree;
        expected.push_back(given.empty() ? located : given);
    }
    const Table rows = rows_of(division, lon, lat);
    AssignOptions options = world.options();
    const Assignment result = assign(world.divisions, rows, options);
    bool equal = true;
    for (std::size_t i = 0; i < expected.size(); ++i)
        equal = equal && world.code(result.division[i]) == expected[i];
    CHECK(equal);
    CHECK(count(result, "region.outside_boundaries") == outside);
    CHECK(count(result, "region.located_elsewhere") == disagree);
    // Wrong divisions, spread at random, are no sign of another coordinate system.
    CHECK(count(result, "region.crs_suspect") == 0);
    for (const unsigned threads : {2U, 3U}) {
        const Assignment other =
            assign(world.divisions, rows, options,
                   Work{.threads = threads, .interrupted = {}, .progress = {}});
        CHECK(other.division == result.division);
        CHECK(other.how == result.how);
        CHECK(other.issues.counts() == result.issues.counts());
    }
}

TEST_CASE("a register in another coordinate system than declared is noticed with exact counts",
          "[region][assign]") {
    const World world;
    std::mt19937 random(17);
    std::uniform_real_distribution<double> x(114.001, 114.159);
    std::uniform_real_distribution<double> y(28.001, 28.159);
    for (const Crs truth : {Crs::wgs84, Crs::gcj02, Crs::bd09}) {
        Cells division;
        std::vector<double> lon;
        std::vector<double> lat;
        for (int i = 0; i < 2000; ++i) {
            const LonLat p{x(random), y(random)};
            const LonLat written = convert(p, Crs::wgs84, truth);
            division.push_back(World::where(p));
            lon.push_back(written.lon_deg);
            lat.push_back(written.lat_deg);
        }
        // A code that is known only from above says nothing about places and is not counted.
        division.emplace_back("360999");
        lon.push_back(114.05);
        lat.push_back(28.05);
        const Table rows = rows_of(division, lon, lat);
        for (const Crs declared : {Crs::wgs84, Crs::cgcs2000, Crs::gcj02, Crs::bd09}) {
            AssignOptions options = world.options();
            options.crs = declared;
            const Assignment result = assign(world.divisions, rows, options);
            const bool right =
                declared == truth || (declared == Crs::cgcs2000 && truth == Crs::wgs84);
            REQUIRE(count(result, "region.crs_suspect") == (right ? 0 : 1));
            if (right) continue;
            std::size_t agreed = 0;
            for (std::size_t i = 0; i < 2000; ++i)
                if (World::where(convert({lon[i], lat[i]}, declared, Crs::wgs84)) == division[i])
                    ++agreed;
            const Issue issue = first(result, "region.crs_suspect");
            CHECK(issue.value == to_string(declared));
            CHECK(issue.message.find("read as " + std::string(to_string(truth))) !=
                  std::string::npos);
            CHECK(issue.message.find(std::to_string(agreed) + "/2000") != std::string::npos);
            CHECK(issue.message.find("2000/2000") != std::string::npos);
            for (const std::int32_t index : result.division)
                CHECK(index >= 0);
        }
    }
}

TEST_CASE("boundaries and divisions that do not join are listed on both sides",
          "[region][assign]") {
    const auto square = [](const char* code, double x) {
        Boundary boundary;
        boundary.code = *DivisionCode::parse(code);
        boundary.name = code;
        boundary.polygons = {{{{x, 28.0}, {x + 0.1, 28.0}, {x + 0.1, 28.1}, {x, 28.1}}, {}}};
        return boundary;
    };
    Table table;
    table.add("code",
              Column::of(Cells{"3206", "320602", "320612", "320613", "320623", "3207", "320701"}));
    table.add("name", Column::of(Cells(7, "x")));
    table.add("successor", Column::of(Cells{"", "320613", "", "", "", "", ""}));
    const Divisions divisions(table);
    IssueTable ignored;
    const Boundaries boundaries(
        {square("320602", 114.0), square("320612", 114.1), square("320699", 114.2)}, Crs::wgs84,
        Origin{}, ignored);
    IssueTable issues;
    const std::vector<std::int32_t> joined = join(divisions, boundaries, issues);
    REQUIRE(joined.size() == 3);
    CHECK(divisions.code(joined[0]).text() == "320613");
    CHECK(divisions.code(joined[1]).text() == "320612");
    CHECK(joined[2] == -1);
    const auto counts = issues.counts();
    CHECK(counts.at("region.boundary_without_division") == 1);
    // 320623 has no boundary; the counties of another city are not asked for.
    CHECK(counts.at("region.division_without_boundary") == 1);

    // A point in the polygon that joins nothing lies in the city, which is as much as is known.
    const Locator locator(boundaries);
    AssignOptions options;
    options.boundaries = &boundaries;
    options.locator = &locator;
    const Assignment result = assign(divisions, rows_of({}, {114.25}, {28.05}), options);
    CHECK(divisions.code(result.division[0]).text() == "3206");
    CHECK(result.boundary_division == joined);
    CHECK(count(result, "region.outside_boundaries") == 0);
}

TEST_CASE("the sign test is the sum of binomial terms", "[region][assign]") {
    for (std::size_t n = 0; n <= 40; ++n) {
        // Pascal's triangle in whole numbers.
        std::vector<double> row(n + 1, 1.0);
        for (std::size_t i = 1; i <= n; ++i)
            for (std::size_t k = i - 1; k > 0; --k)
                row[k] += row[k - 1];
        for (std::size_t k = 0; k <= n; ++k) {
            double sum = 0.0;
            for (std::size_t j = k; j <= n; ++j)
                sum += row[j];
            CHECK(sign_test(k, n) ==
                  Catch::Approx(sum / std::pow(2.0, static_cast<double>(n))).epsilon(1e-12));
        }
        CHECK(sign_test(n + 1, n) == 0.0);
    }
    // The sum of C(10000, k) for k from 5200 on over 2^10000, in whole numbers of any length.
    CHECK(sign_test(5200, 10000) == Catch::Approx(3.296757799336221e-05).epsilon(1e-11));
    CHECK(sign_test(5000000, 5000000) == 0.0);
}

TEST_CASE("no rows, no columns and half a ground are answered plainly", "[region][assign]") {
    const World world;
    CHECK(assign(world.divisions, Table(), world.options()).division.empty());
    Table rows;
    rows.add("name", Column::of(Cells{"a", "b"}));
    const Assignment result = assign(world.divisions, rows, world.options());
    CHECK(hows(result) == std::vector(2, Assigned::none));
    CHECK(count(result, "region.no_region") == 2);
    AssignOptions half;
    half.boundaries = &world.boundaries;
    CHECK_THROWS_AS(assign(world.divisions, rows, half), InputError);
    AssignOptions wild;
    wild.crs_significance = nan_value;
    CHECK_THROWS_AS(assign(world.divisions, rows, wild), InputError);
}
