#include <safetyrisk/region/crs.hpp>  // first: the header must stand alone

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;
using Catch::Approx;

namespace {

double apart(LonLat a, LonLat b) {
    return std::max(std::abs(a.lon_deg - b.lon_deg), std::abs(a.lat_deg - b.lat_deg));
}

struct Golden {
    LonLat wgs84, gcj02, bd09;
};

// coordtransform's and eviltransform's published values, and values of an independent program with
// the library sines and the common k = 3000 pi / 180.
// The third is eviltransform's Go and Python value; copies of it that end in 1765808363 are a
// misprint (BD-09 of that row fits ...1764808363 only).
constexpr Golden goldens[] = {
    {{116.404, 39.915},
     {116.41024449916938, 39.91640428150164},
     {116.41662724378733, 39.922699552216216}},
    {{121.5272106, 31.1774276},
     {121.531541859215, 31.17530398364597},
     {121.53801568643858, 31.181328606874466}},
    {{113.912316, 22.543847},
     {113.9171764808363, 22.540796131694766},
     {113.92368472926734, 22.546667437751108}},
    {{116.377817, 39.911954},
     {116.38404722455657, 39.91334545536069},
     {116.39045471310828, 39.919575550965874}},
    {{118.7969, 32.0603},
     {118.80208355739369, 32.058224298311096},
     {118.80850370772339, 32.06458283674457}},
    {{104.0657, 30.6595},
     {104.06820739998749, 30.657079144677592},
     {104.0747017028295, 30.663109266260737}},
    {{87.6168, 43.8256},
     {87.61964994946926, 43.82680539311119},
     {87.62609977081571, 43.83294979479328}},
    {{126.6424, 45.7567},
     {126.64836981630474, 45.75865110185797},
     {126.65499932897167, 45.76434556386758}},
    {{109.5082, 18.2479},
     {109.51229465201837, 18.246207534442775},
     {109.51884473436448, 18.251945802876918}},
};

}  // namespace

TEST_CASE("sin_pi and cos_pi agree with the long double library", "[region][crs]") {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> wide(-400.0, 400.0), narrow(-1.0, 1.0);
    const long double pi = 3.141592653589793238462643383279502884L;
    long double worst = 0;
    for (int i = 0; i < 200000; ++i) {
        const double x = i % 2 == 0 ? wide(random) : narrow(random);
        const long double turn = static_cast<long double>(x) * pi;
        worst = std::max(worst, std::abs(std::sin(turn) - static_cast<long double>(sin_pi(x))));
        worst = std::max(worst, std::abs(std::cos(turn) - static_cast<long double>(cos_pi(x))));
    }
    CHECK(worst < 0x1p-52L);
    for (const double whole : {-3.0, -1.0, 0.0, 1.0, 2.0, 180.0, 1e15}) {
        CHECK(sin_pi(whole) == 0.0);
        CHECK(std::abs(cos_pi(whole)) == 1.0);
        CHECK(std::abs(cos_pi(std::fmod(whole, 100.0) + 0.5)) == 0.0);
    }
    CHECK(sin_pi(0.5) == 1.0);
    CHECK(sin_pi(1.5) == -1.0);
    CHECK(std::isnan(sin_pi(std::numeric_limits<double>::infinity())));
    // Relative accuracy near zero, where an absolute bound says nothing.
    CHECK(sin_pi(1e-200) == Approx(3.14159265358979312e-200).epsilon(1e-15));
}

TEST_CASE("conversions give the published positions", "[region][crs]") {
    for (const Golden& golden : goldens) {
        CAPTURE(golden.wgs84.lon_deg);
        CHECK(apart(convert(golden.wgs84, Crs::wgs84, Crs::gcj02), golden.gcj02) < 1e-11);
        CHECK(apart(convert(golden.wgs84, Crs::cgcs2000, Crs::bd09), golden.bd09) < 1e-11);
        CHECK(apart(convert(golden.gcj02, Crs::gcj02, Crs::bd09), golden.bd09) < 1e-11);
        CHECK(apart(convert(golden.gcj02, Crs::gcj02, Crs::wgs84), golden.wgs84) < 1e-11);
        CHECK(apart(convert(golden.bd09, Crs::bd09, Crs::wgs84), golden.wgs84) < 1e-11);
        CHECK(apart(convert(golden.bd09, Crs::bd09, Crs::gcj02), golden.gcj02) < 1e-11);
    }
    // coordtransform: its forward value is exact, its inverses are approximate (1 m).
    const LonLat beijing{116.404, 39.915};
    CHECK(apart(convert(beijing, Crs::gcj02, Crs::bd09), {116.41036949371029, 39.92133699351021}) <
          1e-11);
    CHECK(apart(convert(beijing, Crs::bd09, Crs::gcj02), {116.39762729119315, 39.90865673957631}) <
          2e-6);
    CHECK(apart(convert(beijing, Crs::gcj02, Crs::wgs84), {116.39775550083061, 39.91359571849836}) <
          2e-5);
}

TEST_CASE("inverses come back to where they started", "[region][crs]") {
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> lon(73.66, 135.05), lat(3.86, 53.55);
    double worst = 0;
    for (int i = 0; i < 50000; ++i) {
        // Longitude 105 is where the square root of the formula has its infinite slope.
        const LonLat p{i % 100 == 0 ? 105.0 + (lon(random) - 105.0) * 1e-9 : lon(random),
                       lat(random)};
        for (const Crs crs : {Crs::gcj02, Crs::bd09}) {
            const LonLat there = convert(p, Crs::wgs84, crs);
            worst = std::max(worst, apart(convert(there, crs, Crs::wgs84), p));
        }
        const LonLat bd = convert(p, Crs::gcj02, Crs::bd09);
        worst = std::max(worst, apart(convert(bd, Crs::bd09, Crs::gcj02), p));
    }
    CHECK(worst < 2e-12);
}

TEST_CASE("WGS84 and CGCS2000 are one system", "[region][crs]") {
    const LonLat p{116.404, 39.915};
    CHECK(convert(p, Crs::wgs84, Crs::cgcs2000) == p);
    CHECK(convert(p, Crs::wgs84, Crs::gcj02) == convert(p, Crs::cgcs2000, Crs::gcj02));
}

TEST_CASE("GCJ-02 shifts inside the box only, and the box is an argument", "[region][crs]") {
    const LonLat tokyo{139.76, 35.68}, sydney{151.2, -33.87}, hong_kong{114.16, 22.28};
    CHECK(convert(tokyo, Crs::wgs84, Crs::gcj02) == tokyo);
    CHECK(convert(tokyo, Crs::gcj02, Crs::wgs84) == tokyo);
    CHECK(convert(sydney, Crs::gcj02, Crs::cgcs2000) == sydney);
    CHECK_FALSE(convert(hong_kong, Crs::wgs84, Crs::gcj02) == hong_kong);
    const ShiftBox north_only{73.66, 23.0, 135.05, 53.55};
    CHECK(convert(hong_kong, Crs::wgs84, Crs::gcj02, north_only) == hong_kong);
    // Every point of the box comes back, its edge included.
    const LonLat corner{china_shift_box.east_deg, china_shift_box.north_deg};
    const LonLat shifted = convert(corner, Crs::wgs84, Crs::gcj02);
    CHECK_FALSE(shifted == corner);
    CHECK(apart(convert(shifted, Crs::gcj02, Crs::wgs84), corner) < 1e-12);
}

TEST_CASE("positions that are not finite stay so", "[region][crs]") {
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const LonLat p : {LonLat{nan, 30}, LonLat{116, nan}, LonLat{inf, 30}, LonLat{116, -inf}}) {
        for (const Crs from : {Crs::wgs84, Crs::gcj02, Crs::bd09}) {
            for (const Crs to : {Crs::wgs84, Crs::gcj02, Crs::bd09}) {
                const LonLat q = convert(p, from, to);
                CHECK_FALSE((std::isfinite(q.lon_deg) && std::isfinite(q.lat_deg)));
            }
        }
    }
}

TEST_CASE("columns convert like single positions, on any number of threads", "[region][crs]") {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> lon(70, 140), lat(0, 56);
    std::vector<double> x(100001), y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = lon(random);
        y[i] = lat(random);
    }
    std::vector<double> x1(x.size()), y1(x.size());
    convert(x, y, Crs::bd09, Crs::wgs84, x1, y1);
    std::vector<double> x2 = x, y2 = y;  // in place
    Work two_threads;
    two_threads.threads = 2;
    convert(x2, y2, Crs::bd09, Crs::wgs84, x2, y2, two_threads);
    CHECK(x1 == x2);
    CHECK(y1 == y2);
    bool same = true;
    for (std::size_t i = 0; i < x.size(); ++i) {
        same = same && convert(LonLat{x[i], y[i]}, Crs::bd09, Crs::wgs84) == LonLat{x1[i], y1[i]};
    }
    CHECK(same);
    CHECK_THROWS_AS(convert(x, std::span(y).first(5), Crs::wgs84, Crs::gcj02, x1, y1), InputError);
}

TEST_CASE("names of systems are read in their usual forms", "[region][crs]") {
    for (const char* text :
         {"wgs84", "WGS-84", " Wgs 84 ", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84",
          "urn:ogc:def:crs:EPSG::4326", "CRS84", "ＷＧＳ８４"}) {
        CAPTURE(text);
        CHECK(parse_crs(text) == Crs::wgs84);
    }
    for (const char* text : {"cgcs2000", "EPSG:4490", "urn:ogc:def:crs:EPSG::4490", "国家2000"}) {
        CAPTURE(text);
        CHECK(parse_crs(text) == Crs::cgcs2000);
    }
    for (const char* text : {"gcj02", "GCJ-02", "火星坐标", "火星坐标系", "高德"}) {
        CHECK(parse_crs(text) == Crs::gcj02);
    }
    for (const char* text : {"bd09", "BD-09", "百度坐标"})
        CHECK(parse_crs(text) == Crs::bd09);
    // Projected and old systems are refused, not taken for something near.
    for (const char* text :
         {"", "EPSG:3857", "EPSG:4549", "EPSG:4610", "西安80", "bd09mc", "wgs"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_crs(text).has_value());
    }
    for (const Crs crs : {Crs::wgs84, Crs::cgcs2000, Crs::gcj02, Crs::bd09}) {
        CHECK(parse_crs(to_string(crs)) == crs);
        CHECK(parse_crs(label(crs)) == crs);
    }
}
