#include <safetyrisk/region/boundary.hpp>  // first: the header must stand alone

#include <safetyrisk/region/locator.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;
using Catch::Approx;

namespace {

Ring box_ring(double west, double south, double east, double north) {
    return {{west, south}, {east, south}, {east, north}, {west, north}};
}

Boundary boundary(const char* code, std::vector<Polygon> polygons, std::int64_t row = 0) {
    Boundary made;
    made.code = DivisionCode::parse(code).value();
    made.name = "甲县";
    made.polygons = std::move(polygons);
    made.row = row;
    return made;
}

std::size_t count(const IssueTable& issues, const std::string& code) {
    const auto counts = issues.counts();
    const auto found = counts.find(code);
    return found == counts.end() ? 0 : found->second;
}

double signed_area(const Ring& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const LonLat a = ring[i], b = ring[(i + 1) % ring.size()];
        sum += a.lon_deg * b.lat_deg - b.lon_deg * a.lat_deg;
    }
    return sum;
}

const Origin origin{.table = "boundaries", .source = "", .first_line = -1, .lines = {}};

}  // namespace

TEST_CASE("clean boundaries raise no issue and are sorted by code", "[region][boundary]") {
    IssueTable issues;
    const Boundaries all({boundary("360902", {{box_ring(115, 28, 116, 29), {}}}, 0),
                          boundary("360901", {{box_ring(114, 28, 115, 29), {}}}, 1)},
                         Crs::cgcs2000, origin, issues);
    all.check(origin, issues);
    CHECK(issues.empty());
    REQUIRE(all.size() == 2);
    CHECK(all[0].code.text() == "360901");
    CHECK(all[0].row == 1);
    CHECK(all.find(DivisionCode::parse("360902").value()) == 1);
    CHECK_FALSE(all.find(DivisionCode::parse("360903").value()).has_value());
    CHECK(all.declared() == Crs::cgcs2000);
    CHECK(all.box().west_deg == 114);
    CHECK(all.box().east_deg == 116);
    CHECK(all.box(1).west_deg == 115);
    CHECK(all.vertices() == 8);
}

TEST_CASE("rings are opened, thinned and turned", "[region][boundary]") {
    Ring clockwise = box_ring(114, 28, 115, 29);
    std::reverse(clockwise.begin(), clockwise.end());
    clockwise.insert(clockwise.begin() + 1, 2, clockwise[1]);
    clockwise.push_back(clockwise.front());
    const Ring hole = box_ring(114.2, 28.2, 114.4, 28.4);
    IssueTable issues;
    const Boundaries all({boundary("360901", {{clockwise, {hole}}}, 5)}, Crs::wgs84, origin,
                         issues);
    REQUIRE(all.size() == 1);
    const Polygon& polygon = all[0].polygons.front();
    CHECK(polygon.outer.size() == 4);
    CHECK(signed_area(polygon.outer) > 0);
    CHECK(signed_area(polygon.holes.front()) < 0);
    REQUIRE(issues.size() == 1);
    CHECK(issues.at(0).code == "region.boundary_repeated_vertex");
    CHECK(issues.at(0).row == 5);
    CHECK(issues.at(0).severity == Severity::info);
}

TEST_CASE("boundaries in another system are stored in WGS84", "[region][boundary]") {
    const Ring ring = box_ring(114, 28, 115, 29);
    Ring shifted;
    for (const LonLat p : ring)
        shifted.push_back(convert(p, Crs::wgs84, Crs::bd09));
    IssueTable issues;
    const Boundaries all({boundary("360901", {{shifted, {}}})}, Crs::bd09, origin, issues);
    CHECK(all.declared() == Crs::bd09);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(all[0].polygons[0].outer[i].lon_deg == Approx(ring[i].lon_deg).margin(1e-11));
        CHECK(all[0].polygons[0].outer[i].lat_deg == Approx(ring[i].lat_deg).margin(1e-11));
    }
}

TEST_CASE("rings that are none are left out and said so", "[region][boundary]") {
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    IssueTable issues;
    const Boundaries all(
        {boundary("360901", {{{{114, 28}, {115, 28}, {114, 28}, {115, 28}}, {}}}, 0),
         boundary("360902", {{{{114, 28}, {nan, 28}, {114, 29}}, {}}}, 1),
         boundary("360903",
                  {{{{114, 28}, {115, inf}, {114, 29}}, {}}, {box_ring(114, 28, 115, 29), {}}}, 2),
         boundary("360904", {{{}, {}}}, 3), boundary("360905", {}, 4),
         boundary("360906", {{{{1e300, 28}, {115, 28}, {114, 29}}, {}}}, 5)},
        Crs::wgs84, origin, issues);
    REQUIRE(all.size() == 1);
    CHECK(all[0].code.text() == "360903");
    CHECK(count(issues, "region.boundary_ring_too_short") == 2);
    CHECK(count(issues, "region.boundary_vertex_not_finite") == 3);
    CHECK(count(issues, "region.boundary_without_polygon") == 5);
}

TEST_CASE("of boundaries with one code the one with most vertices stays", "[region][boundary]") {
    Ring fine = box_ring(114, 28, 115, 29);
    fine.insert(fine.begin() + 1, LonLat{114.5, 27.9});
    std::vector<Boundary> input{boundary("360901", {{box_ring(114, 28, 115, 29), {}}}, 0),
                                boundary("360901", {{fine, {}}}, 1),
                                boundary("3609", {{fine, {}}}, 2)};
    for (int turn = 0; turn < 3; ++turn) {
        std::rotate(input.begin(), input.begin() + 1, input.end());
        IssueTable issues;
        const Boundaries all(input, Crs::wgs84, origin, issues);
        REQUIRE(all.size() == 2);
        CHECK(all[1].row == 1);
        REQUIRE(issues.size() == 1);
        CHECK(issues.at(0).code == "region.boundary_duplicate_code");
        CHECK(issues.at(0).row == 0);
        CHECK(issues.at(0).value == "360901");
    }
}

TEST_CASE("exchanged and foreign coordinates are reported and left alone", "[region][boundary]") {
    IssueTable issues;
    const Boundaries all({boundary("360901", {{box_ring(28, 114, 29, 115), {}}}, 0),
                          boundary("360902", {{box_ring(500000, 3100000, 510000, 3110000), {}}}, 1),
                          boundary("360903", {{box_ring(-74, 40, -73, 41), {}}}, 2)},
                         Crs::wgs84, origin, issues);
    REQUIRE(issues.size() == 3);
    CHECK(issues.at(0).code == "region.boundary_axes_swapped");
    CHECK(issues.at(0).row == 0);
    CHECK(issues.at(1).code == "region.boundary_outside_china");
    CHECK(issues.at(2).code == "region.boundary_outside_china");
    CHECK(all.box(0).west_deg == 28);
    // Nothing of this upsets what is computed from it.
    CHECK(std::isfinite(all.area_km2(1)));
    const LonLat label = all.label_point(1);
    CHECK(all.box(1).contains(label));
}

TEST_CASE("a ring that crosses itself is reported with the place and stays even-odd",
          "[region][boundary]") {
    // A bow tie whose wings cross at (114.5, 28.5).
    const Ring tie{{114, 28}, {115, 29}, {115, 28}, {114, 29}};
    IssueTable issues;
    const Boundaries all({boundary("360901", {{tie, {}}}, 3)}, Crs::wgs84, origin, issues);
    all.check(origin, issues);
    REQUIRE(issues.size() == 1);
    CHECK(issues.at(0).code == "region.boundary_self_intersects");
    CHECK(issues.at(0).row == 3);
    CHECK(issues.at(0).value == "114.5,28.5");
    const Locator locator(all);
    CHECK(locator.locate({114.1, 28.5}) == 0);
    CHECK(locator.locate({114.9, 28.5}) == 0);
    CHECK(locator.locate({114.5, 28.9}) == -1);
    // The twice wound centre of a pentagram is outside.
    Ring star;
    for (int i = 0; i < 5; ++i)
        star.push_back({114 + sin_pi(0.8 * i), 28 + cos_pi(0.8 * i)});
    IssueTable star_issues;
    const Boundaries stars({boundary("360901", {{star, {}}})}, Crs::wgs84, origin, star_issues);
    stars.check(origin, star_issues);
    REQUIRE(star_issues.size() == 1);
    CHECK_THAT(star_issues.at(0, Lang::en).message, Catch::Matchers::ContainsSubstring("5 times"));
    CHECK(Locator(stars).locate({114, 28}) == -1);
    CHECK(Locator(stars).locate({114, 28.8}) == 0);
    CHECK(Locator(stars).locate(stars.label_point(0)) == 0);
}

TEST_CASE("touching is told apart from crossing", "[region][boundary]") {
    struct Case {
        const char* what;
        Polygon polygon;
        std::size_t touches;
    };
    const Case cases[] = {
        {"two lobes that meet in a vertex",
         {{{114, 28}, {114.5, 28.5}, {115, 28}, {115, 29}, {114.5, 28.5}, {114, 29}}, {}},
         1},
        {"a vertex on another edge",
         {{{114, 28}, {115, 28}, {115, 29}, {114.5, 28}, {114, 29}}, {}},
         1},
        {"a spike", {{{114, 28}, {115, 28}, {115, 29}, {115, 30}, {115, 29}, {114, 29}}, {}}, 1},
        {"a hole that touches the outer ring",
         {box_ring(114, 28, 115, 29), {{{114, 28.5}, {114.2, 28.4}, {114.2, 28.6}}}},
         1},
        {"a hole well inside",
         {box_ring(114, 28, 115, 29), {box_ring(114.4, 28.4, 114.6, 28.6)}},
         0},
    };
    for (const Case& one : cases) {
        CAPTURE(one.what);
        IssueTable issues;
        const Boundaries all({boundary("360901", {one.polygon})}, Crs::wgs84, origin, issues);
        all.check(origin, issues);
        CHECK(count(issues, "region.boundary_self_touches") == one.touches);
        CHECK(issues.size() == one.touches);
    }
}

TEST_CASE("overlaps are reported by pair, slivers in one line", "[region][boundary]") {
    IssueTable issues;
    const Boundaries all({boundary("360901", {{box_ring(114, 28, 115, 29), {}}}, 0),
                          boundary("360902", {{box_ring(114.9, 28.5, 116, 29), {}}}, 1),
                          boundary("360903", {{box_ring(114, 27, 115, 28.0000001), {}}}, 2),
                          boundary("360904", {{box_ring(113, 28, 114, 29), {}}}, 3)},
                         Crs::wgs84, origin, issues);
    all.check(origin, issues);
    REQUIRE(issues.size() == 2);
    CHECK(issues.at(0).code == "region.boundary_overlap");
    CHECK(issues.at(0).row == 1);
    CHECK(issues.at(0).value == "114.95,28.75");
    CHECK(issues.at(1).code == "region.boundary_slivers");
    CHECK(issues.at(1).value == "1");
    // A region inside another without touching it overlaps too.
    IssueTable inner;
    Boundaries({boundary("360901", {{box_ring(114, 28, 115, 29), {}}}),
                boundary("360902", {{box_ring(114.4, 28.4, 114.6, 28.6), {}}})},
               Crs::wgs84, origin, inner)
        .check(origin, inner);
    CHECK(count(inner, "region.boundary_overlap") == 1);
    // ... but not when it fills a hole.
    IssueTable filled;
    Boundaries(
        {boundary("360901", {{box_ring(114, 28, 115, 29), {box_ring(114.4, 28.4, 114.6, 28.6)}}}),
         boundary("360902", {{box_ring(114.4, 28.4, 114.6, 28.6), {}}})},
        Crs::wgs84, origin, filled)
        .check(origin, filled);
    CHECK(filled.empty());
}

TEST_CASE("areas are those of the ellipsoid", "[region][boundary]") {
    IssueTable issues;
    // Rows of trapezoids of the graticule; reference: the closed form of Snyder (1987), eq. 3-12,
    // in long double with the library's logarithm.
    const auto exact = [](double west, double south, double east, double north) {
        const long double f = 1.0L / 298.257222101L, e = std::sqrt(f * (2 - f)), a = 6378.137L;
        const auto q = [&](double lat) {
            const long double s =
                std::sin(static_cast<long double>(lat) * 3.14159265358979323846L / 180);
            return (1 - e * e) *
                   (s / (1 - e * e * s * s) - std::log((1 - e * s) / (1 + e * s)) / (2 * e));
        };
        const long double width =
            static_cast<long double>(east - west) * 3.14159265358979323846L / 180;
        return static_cast<double>(a * a / 2 * width * (q(north) - q(south)));
    };
    const Boundaries all(
        {boundary("11", {{box_ring(114, 28, 115, 29), {}}}),
         boundary("12", {{box_ring(74, 3.5, 135, 53.5), {box_ring(100, 30, 110, 40)}}}),
         boundary("13", {{box_ring(114, 28, 114.001, 28.001), {}}})},
        Crs::wgs84, origin, issues);
    CHECK(all.area_km2(0) == Approx(exact(114, 28, 115, 29)).epsilon(1e-12));
    CHECK(all.area_km2(1) ==
          Approx(exact(74, 3.5, 135, 53.5) - exact(100, 30, 110, 40)).epsilon(1e-12));
    CHECK(all.area_km2(2) == Approx(exact(114, 28, 114.001, 28.001)).epsilon(1e-10));
    // A sloping edge: half of a small cell, to the curvature of the parallels.
    IssueTable more;
    const Boundaries half({boundary("11", {{{{114, 28}, {115, 28}, {115, 29}}, {}}}),
                           boundary("12", {{{{114, 28}, {115, 29}, {114, 29}}, {}}})},
                          Crs::wgs84, origin, more);
    CHECK(half.area_km2(0) + half.area_km2(1) == Approx(exact(114, 28, 115, 29)).epsilon(1e-12));
    CHECK(half.area_km2(0) > half.area_km2(1));
}

TEST_CASE("label points lie inside, away from the edge", "[region][boundary]") {
    IssueTable issues;
    // A U, whose centre of gravity lies outside; a ring-shaped lake; a part larger than the other;
    // a needle that none of the first scan lines meets well.
    const Ring u{{110, 30}, {113, 30}, {113, 33}, {112, 33},
                 {112, 31}, {111, 31}, {111, 33}, {110, 33}};
    const Boundaries all(
        {boundary("11", {{u, {}}}),
         boundary("12", {{box_ring(114, 30, 118, 34), {box_ring(114.5, 30.5, 117.5, 33.5)}}}),
         boundary("13", {{box_ring(120, 30, 120.1, 30.1), {}}, {box_ring(121, 30, 123, 32), {}}}),
         boundary("14", {{{{120, 35}, {121, 35.9}, {121, 35.9000001}}, {}}}),
         boundary("15", {{{{125, 35}, {126, 35}, {127, 35}}, {}}})},
        Crs::wgs84, origin, issues);
    const Locator locator(all);
    for (std::size_t i = 0; i < 4; ++i) {
        CAPTURE(i);
        CHECK(locator.locate(all.label_point(i)) == static_cast<std::int32_t>(i));
    }
    const LonLat square = all.label_point(2);
    CHECK(square.lon_deg == Approx(122).margin(0.25));
    CHECK(square.lat_deg == Approx(31).margin(0.1));
    CHECK(all.label_point(4) == all[4].polygons[0].outer[0]);
}

TEST_CASE("a hopeless tangle ends in an issue, not in a night's work", "[region][boundary]") {
    Ring tangle;
    for (int i = 0; i < 12001; ++i) {
        tangle.push_back(
            {110 + 0.0003 * ((i * 7919) % 10007), i % 2 == 0 ? 30.0 : 31.0 + 1e-5 * i});
    }
    IssueTable issues;
    const Boundaries all({boundary("360901", {{tangle, {}}})}, Crs::wgs84, origin, issues);
    all.check(origin, issues);
    CHECK(count(issues, "region.boundary_check_incomplete") == 1);
}
