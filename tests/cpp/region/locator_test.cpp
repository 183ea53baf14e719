#include <safetyrisk/region/locator.hpp>  // first: the header must stand alone

#include <safetyrisk/core/error.hpp>

#include "region/cells.hpp"
#include "region/outlines.hpp"
#include "support/catch.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;

namespace {

// Whole numbers stand for sixteenths of a degree: exact as doubles, and points often lie on edges.
using Corner = std::pair<int, int>;
using Shape = std::vector<std::vector<Corner>>;  // outer ring, holes

LonLat place(double x, double y) {
    return {100.0 + x / 16.0, 20.0 + y / 16.0};
}

Polygon polygon(const Shape& shape) {
    Polygon made;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        Ring ring;
        for (const auto& [x, y] : shape[i])
            ring.push_back(place(x, y));
        if (i == 0) {
            made.outer = ring;
        } else {
            made.holes.push_back(ring);
        }
    }
    return made;
}

// Regions get the codes 110001, 110002, … in their order.
Boundaries regions(const std::vector<std::vector<Polygon>>& parts) {
    std::vector<Boundary> boundaries;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Boundary boundary;
        boundary.code = DivisionCode::parse(static_cast<std::int64_t>(110101000 + i)).value();
        boundary.polygons = parts[i];
        boundaries.push_back(boundary);
    }
    IssueTable issues;
    return Boundaries(std::move(boundaries), Crs::wgs84, Origin{}, issues);
}

// Brute force over all edges in whole numbers, with the point moved a little east and much less
// north, so that no tie is left. Coordinates up to 64 keep the move below any distance that counts.
bool inside(const Shape& shape, int x16, int y16) {
    constexpr std::int64_t unit = std::int64_t{1} << 22;
    const std::int64_t px = x16 * (unit / 16) + (std::int64_t{1} << 10);
    const std::int64_t py = y16 * (unit / 16) + 1;
    bool odd = false;
    for (const auto& ring : shape) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            auto [ax, ay] = ring[i];
            auto [bx, by] = ring[(i + 1) % ring.size()];
            if (ay > by) {
                std::swap(ax, bx);
                std::swap(ay, by);
            }
            if (!(ay * unit < py && py < by * unit)) continue;
            const std::int64_t area = (bx - ax) * (py - ay * unit) - (by - ay) * (px - ax * unit);
            REQUIRE(area != 0);
            odd ^= area > 0;
        }
    }
    return odd;
}

}  // namespace

TEST_CASE("every point is where brute force in whole numbers puts it", "[region][locator]") {
    std::mt19937_64 random(4);
    const auto any = [&](int from, int to) {
        return std::uniform_int_distribution<int>(from, to)(random);
    };
    std::size_t on_something = 0;
    for (int round = 0; round < 60; ++round) {
        // Rings of random corners cross themselves and each other, and share corners and edges.
        std::vector<std::vector<Shape>> shapes(static_cast<std::size_t>(any(1, 5)));
        const int size = any(4, 24);
        for (auto& parts : shapes) {
            parts.resize(static_cast<std::size_t>(any(1, 3)));
            for (Shape& shape : parts) {
                shape.resize(static_cast<std::size_t>(any(1, 2)));
                for (auto& ring : shape) {
                    for (int i = any(3, 9); i > 0; --i)
                        ring.emplace_back(any(0, size), any(0, size));
                    // Three different corners, else the ring is not one.
                    ring.emplace_back(0, 0);
                    ring.emplace_back(size, any(0, size));
                    ring.emplace_back(any(0, size - 1), size);
                }
            }
        }
        std::vector<std::vector<Polygon>> parts;
        for (const auto& region : shapes) {
            auto& made = parts.emplace_back();
            for (const Shape& shape : region)
                made.push_back(polygon(shape));
        }
        const Locator locator(regions(parts));
        for (int x16 = -8; x16 <= (size + 1) * 16; x16 += 8) {
            for (int y16 = -8; y16 <= (size + 1) * 16; y16 += 8) {
                std::int32_t expected = -1;
                std::size_t count = 0;
                for (std::size_t r = 0; r < shapes.size(); ++r) {
                    bool in = false;
                    for (const Shape& shape : shapes[r])
                        in = in || inside(shape, x16, y16);
                    if (in && count++ == 0) expected = static_cast<std::int32_t>(r);
                }
                const LonLat p = place(x16 / 16.0, y16 / 16.0);
                CAPTURE(round, x16, y16);
                REQUIRE(locator.locate(p) == expected);
                REQUIRE(locator.count(p) == count);
                on_something += count > 1 ? 1U : 0U;
            }
        }
    }
    CHECK(on_something > 100);
}

TEST_CASE("a tiling gives every point to exactly one tile, borders included", "[region][locator]") {
    std::mt19937_64 random(5);
    const bool whole_numbers = GENERATE(true, false);
    const int n = 12;
    const int step = 8;
    // A lattice whose inner corners are moved, each quadrilateral cut along one of its diagonals.
    std::vector<LonLat> corners;
    for (int j = 0; j <= n; ++j) {
        for (int i = 0; i <= n; ++i) {
            double x = i * step;
            double y = j * step;
            if (i > 0 && i < n && j > 0 && j < n) {
                if (whole_numbers) {
                    x += std::uniform_int_distribution<int>(-2, 2)(random);
                    y += std::uniform_int_distribution<int>(-2, 2)(random);
                } else {
                    x += std::uniform_real_distribution<double>(-2.5, 2.5)(random);
                    y += std::uniform_real_distribution<double>(-2.5, 2.5)(random);
                }
            }
            corners.push_back(place(x, y));
        }
    }
    std::vector<std::vector<Polygon>> tiles;
    for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) {
            const auto at = [&](int di, int dj) {
                return corners[static_cast<std::size_t>((j + dj) * (n + 1) + i + di)];
            };
            const LonLat a = at(0, 0), b = at(1, 0), c = at(1, 1), d = at(0, 1);
            if (random() % 2 == 0) {
                tiles.push_back({Polygon{{a, b, c}, {}}});
                tiles.push_back({Polygon{{c, d, a}, {}}});
            } else {
                tiles.push_back({Polygon{{b, c, d}, {}}});
                tiles.push_back({Polygon{{b, d, a}, {}}});
            }
        }
    }
    const Locator locator(regions(tiles));
    const auto held_once = [&](LonLat p) {
        return locator.count(p) == 1 && locator.locate(p) >= 0;
    };
    // All points of a grid that holds many corners and edge points: inside, and on the western and
    // southern sides of the whole.
    for (int y = 0; y < n * step * 2; ++y) {
        for (int x = 0; x < n * step * 2; ++x) {
            CAPTURE(x, y);
            REQUIRE(held_once(place(x / 2.0, y / 2.0)));
        }
    }
    // The eastern and northern sides belong to whoever lies beyond: here nobody.
    for (int k = 0; k <= n * step; ++k) {
        CHECK(locator.count(place(n * step, k)) == 0);
        CHECK(locator.count(place(k, n * step)) == 0);
    }
    // Corners themselves, and points computed on edges (on them or beside them by a rounding).
    std::uniform_real_distribution<double> share(0.0, 1.0);
    for (const auto& tile : tiles) {
        const Ring& ring = tile.front().outer;
        for (std::size_t i = 0; i < 3; ++i) {
            const LonLat a = ring[i], b = ring[(i + 1) % 3];
            const double t = share(random);
            const LonLat between{a.lon_deg + t * (b.lon_deg - a.lon_deg),
                                 a.lat_deg + t * (b.lat_deg - a.lat_deg)};
            for (const LonLat p : {a, between}) {
                if (p.lon_deg >= place(n * step, 0).lon_deg) continue;
                if (p.lat_deg >= place(0, n * step).lat_deg) continue;
                CHECK(held_once(p));
            }
        }
    }
}

TEST_CASE("points within a rounding of an edge are decided as rational numbers decide them",
          "[region][locator]") {
    using Rational = boost::multiprecision::cpp_rational;
    std::mt19937_64 random(6);
    std::uniform_real_distribution<double> lon(114.0, 116.0), lat(27.0, 29.0), share(0.0, 1.0);
    std::size_t both_sides[2] = {0, 0};
    for (int round = 0; round < 400; ++round) {
        const Ring ring{
            {lon(random), lat(random)}, {lon(random), lat(random)}, {lon(random), lat(random)}};
        const Locator locator(regions({{Polygon{ring, {}}}}));
        for (std::size_t i = 0; i < 3; ++i) {
            const LonLat a = ring[i], b = ring[(i + 1) % 3];
            const double t = share(random);
            const LonLat p{a.lon_deg + t * (b.lon_deg - a.lon_deg),
                           a.lat_deg + t * (b.lat_deg - a.lat_deg)};
            bool odd = false;
            for (std::size_t k = 0; k < 3; ++k) {
                const LonLat c = ring[k], d = ring[(k + 1) % 3];
                if ((c.lat_deg <= p.lat_deg) == (d.lat_deg <= p.lat_deg)) continue;
                const Rational crossing =
                    Rational(c.lon_deg) + (Rational(p.lat_deg) - Rational(c.lat_deg)) *
                                              (Rational(d.lon_deg) - Rational(c.lon_deg)) /
                                              (Rational(d.lat_deg) - Rational(c.lat_deg));
                odd ^= Rational(p.lon_deg) < crossing;
            }
            CAPTURE(round, i);
            CHECK((locator.locate(p) == 0) == odd);
            ++both_sides[odd ? 1 : 0];
        }
    }
    CHECK(both_sides[0] > 300);
    CHECK(both_sides[1] > 300);
}

TEST_CASE("holes, islands in holes and parts belong to whom they should", "[region][locator]") {
    const Shape land{{{0, 0}, {40, 0}, {40, 40}, {0, 40}},
                     {{10, 10}, {30, 10}, {30, 30}, {10, 30}}};
    const Shape lake{{{10, 10}, {30, 10}, {30, 30}, {10, 30}},
                     {{18, 18}, {22, 18}, {22, 22}, {18, 22}}};
    const Shape island{{{18, 18}, {22, 18}, {22, 22}, {18, 22}}};
    const Shape exclave{{{50, 0}, {60, 0}, {60, 10}, {50, 10}}};
    const Locator locator(
        regions({{polygon(land), polygon(exclave)}, {polygon(lake)}, {polygon(island)}}));
    CHECK(locator.locate(place(5, 5)) == 0);
    CHECK(locator.locate(place(15, 15)) == 1);
    CHECK(locator.locate(place(20, 20)) == 2);
    CHECK(locator.locate(place(55, 5)) == 0);
    CHECK(locator.locate(place(45, 5)) == -1);
    CHECK(locator.locate(place(61, 5)) == -1);
    // On a border the eastern, or northern, side has it.
    CHECK(locator.locate(place(10, 20)) == 1);
    CHECK(locator.locate(place(30, 20)) == 0);
    CHECK(locator.locate(place(20, 10)) == 1);
    CHECK(locator.locate(place(20, 30)) == 0);
    CHECK(locator.locate(place(18, 18)) == 2);
    CHECK(locator.locate(place(22, 22)) == 1);
}

TEST_CASE("where regions overlap the smaller code wins and count tells", "[region][locator]") {
    const Shape left{{{0, 0}, {20, 0}, {20, 20}, {0, 20}}};
    const Shape right{{{10, 0}, {30, 0}, {30, 20}, {10, 20}}};
    // The input order of the boundaries does not matter, their codes do.
    std::vector<Boundary> boundaries(2);
    boundaries[0].code = DivisionCode::parse("110102").value();
    boundaries[0].polygons = {polygon(left)};
    boundaries[1].code = DivisionCode::parse("110101").value();
    boundaries[1].polygons = {polygon(right)};
    IssueTable issues;
    const Boundaries sorted(boundaries, Crs::wgs84, Origin{}, issues);
    const Locator locator(sorted);
    const auto code = [&](double x, double y) {
        return sorted[static_cast<std::size_t>(locator.locate(place(x, y)))].code.text();
    };
    CHECK(code(5, 5) == "110102");
    CHECK(code(15, 5) == "110101");
    CHECK(code(25, 5) == "110101");
    CHECK(locator.count(place(5, 5)) == 1);
    CHECK(locator.count(place(15, 5)) == 2);
    CHECK(locator.count(place(35, 5)) == 0);
}

TEST_CASE("parts of one region that overlap are united, not subtracted", "[region][locator]") {
    const Shape left{{{0, 0}, {20, 0}, {20, 20}, {0, 20}}};
    const Shape right{{{10, 0}, {30, 0}, {30, 20}, {10, 20}}};
    const Locator locator(regions({{polygon(left), polygon(right)}}));
    CHECK(locator.locate(place(15, 5)) == 0);
    CHECK(locator.count(place(15, 5)) == 1);
}

TEST_CASE("columns agree with single points on any number of threads", "[region][locator]") {
    std::mt19937_64 random(7);
    std::vector<std::vector<Polygon>> parts;
    for (int i = 0; i < 40; ++i) {
        Ring ring;
        const double x = std::uniform_real_distribution<double>(0, 90)(random);
        const double y = std::uniform_real_distribution<double>(0, 90)(random);
        for (int k = 0; k < 60; ++k) {
            const double r = std::uniform_real_distribution<double>(4, 12)(random);
            ring.push_back(place(x + r * cos_pi(k / 30.0), y + r * sin_pi(k / 30.0)));
        }
        parts.push_back({Polygon{ring, {}}});
    }
    const Locator locator(regions(parts));
    std::vector<double> lon(300007), lat(lon.size());
    for (std::size_t i = 0; i < lon.size(); ++i) {
        const LonLat p = place(std::uniform_real_distribution<double>(-20, 110)(random),
                               std::uniform_real_distribution<double>(-20, 110)(random));
        lon[i] = p.lon_deg;
        lat[i] = p.lat_deg;
    }
    lon[17] = std::numeric_limits<double>::quiet_NaN();
    lat[18] = std::numeric_limits<double>::infinity();
    std::vector<std::int32_t> one(lon.size(), 99), two(lon.size(), 99);
    locator.locate(lon, lat, one);
    Work two_threads;
    two_threads.threads = 2;
    locator.locate(lon, lat, two, two_threads);
    CHECK(one == two);
    bool same = true;
    std::size_t found = 0;
    for (std::size_t i = 0; i < lon.size(); ++i) {
        same = same && locator.locate({lon[i], lat[i]}) == one[i];
        found += one[i] >= 0 ? 1U : 0U;
    }
    CHECK(same);
    CHECK(found > lon.size() / 20);
    CHECK(one[17] == -1);
    CHECK(one[18] == -1);
    CHECK_THROWS_AS(locator.locate(lon, std::span(lat).first(3), one), InputError);
}

TEST_CASE("nothing, flat and far-flung boundaries are indexed without harm", "[region][locator]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> lon{1.0, nan}, lat{1.0, 2.0};
    std::vector<std::int32_t> out(2, 7);
    for (const Locator& locator : {Locator(), Locator(Boundaries())}) {
        locator.locate(lon, lat, out);
        CHECK(out == std::vector<std::int32_t>{-1, -1});
        CHECK(locator.locate({116.0, 40.0}) == -1);
        CHECK(locator.count({116.0, 40.0}) == 0);
    }
    // Three places on one line enclose nothing.
    const Locator flat(regions({{Polygon{{{110, 30}, {111, 30}, {112, 30}}, {}}},
                                {Polygon{{{113, 30}, {113, 31}, {113, 32}}, {}}}}));
    CHECK(flat.locate({111, 30}) == -1);
    CHECK(flat.locate({113, 31}) == -1);
    // Neighbouring doubles, and a box of the size of the planet around it.
    const double east = std::nextafter(110.0, 111.0), north = std::nextafter(30.0, 31.0);
    const Locator tiny(regions({{Polygon{{{110, 30}, {east, 30}, {east, north}, {110, north}}, {}}},
                                {Polygon{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}}, {}}}}));
    CHECK(tiny.locate({110, 30}) == 0);
    CHECK(tiny.locate({east, 30}) == 1);
    CHECK(tiny.locate({110, north}) == 1);
    CHECK(tiny.locate({-180, -90}) == 1);
    CHECK(tiny.locate({180, 90}) == -1);
    // Long edges in plenty: the grid gives way instead of the memory.
    Ring comb;
    for (int i = 0; i < 20000; ++i) {
        comb.push_back({110 + i * 1e-4, 20});
        comb.push_back({110 + i * 1e-4 + 5e-5, 40});
    }
    comb.push_back({112, 20});
    comb.push_back({112, 19});
    comb.push_back({110, 19});
    const Locator long_edges(regions({{Polygon{comb, {}}}}));
    CHECK(long_edges.memory_bytes() < 20 * 1000 * 1000);
    CHECK(long_edges.locate({110.5 + 5e-5, 39}) == 0);
    CHECK(long_edges.locate({110.5 + 1e-6, 39}) == -1);
}

TEST_CASE("coordinates of the smallest doubles are told apart as exactly as others",
          "[region][locator]") {
    // A triangle with the corners (0,0) (8,0) (0,8) in units of the smallest subnormal number.
    const auto at = [](int x, int y) {
        const double unit = std::numeric_limits<double>::denorm_min();
        return LonLat{x * unit, y * unit};
    };
    const Boundaries all = regions({{Polygon{{at(0, 0), at(8, 0), at(0, 8)}, {}}}});
    const Locator locator(all);
    CHECK(locator.locate(at(3, 4)) == 0);
    CHECK(locator.locate(at(4, 5)) == -1);
    CHECK(locator.locate(at(4, 4)) == -1);  // on the hypotenuse, east of which nothing lies
    CHECK(locator.locate(at(0, 4)) == 0);
    CHECK(all.box(0).contains(all.label_point(0)));
    // So flat that the slope of its side is no double: half the width at half the height.
    const Boundaries flat = regions({{Polygon{{{0, 0}, {100, 0}, {100, 1e-307}}, {}}},
                                     {Polygon{{{-1, 0}, {0, 0}, {-1, 1e-308}}, {}}}});
    const Locator flat_locator(flat);
    for (int i = 1; i < 100; ++i) {
        CHECK(flat_locator.locate({i + 0.5, i * 1e-309}) == 0);
        CHECK(flat_locator.locate({i - 0.5, i * 1e-309}) == -1);
    }
    CHECK(flat.box(0).contains(flat.label_point(0)));
    // Subnormal corners among ordinary ones.
    const Boundaries mixed = regions({{Polygon{{{228, 27}, {117, 273e-315}, {114, 30}}, {}}}});
    CHECK(Locator(mixed).locate({118, 1}) == 0);
    CHECK(Locator(mixed).locate({118, 273e-315}) == -1);
    CHECK(mixed.box(0).contains(mixed.label_point(0)));
}

namespace {

// Whole numbers of 2^-20 degrees (about 10 cm): exact as doubles, products exact in 64 bits.
struct Fine {
    std::int64_t x, y;
};

LonLat place(Fine p) {
    return {std::ldexp(static_cast<double>(p.x), -20), std::ldexp(static_cast<double>(p.y), -20)};
}

using FineShape = std::vector<std::vector<Fine>>;  // rings of one polygon

bool inside(const FineShape& shape, Fine p) {
    bool odd = false;
    for (const auto& ring : shape) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            Fine a = ring[i], b = ring[i + 1 == ring.size() ? 0 : i + 1];
            if (a.y > b.y) std::swap(a, b);
            if (!(a.y <= p.y && p.y < b.y)) continue;
            odd ^= (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0;
        }
    }
    return odd;
}

// One region a polygon. Locates points of the grid near corners, on corners, in the middle of
// edges, at the borders of cells and anywhere, and compares them with brute force.
struct Trial {
    std::vector<FineShape> shapes;
    Boundaries boundaries;
    Locator locator;

    explicit Trial(std::vector<FineShape> given) : shapes(std::move(given)) {
        std::vector<std::vector<Polygon>> parts;
        for (const FineShape& shape : shapes) {
            Polygon made;
            for (std::size_t i = 0; i < shape.size(); ++i) {
                Ring ring;
                for (const Fine p : shape[i])
                    ring.push_back(place(p));
                (i == 0 ? made.outer : made.holes.emplace_back()) = ring;
            }
            parts.push_back({made});
        }
        boundaries = regions(parts);
        REQUIRE(boundaries.size() == shapes.size());
        locator = Locator(boundaries);
        // What locator.hpp states.
        CHECK(static_cast<double>(locator.memory_bytes()) <
              26e6 + 150.0 * static_cast<double>(boundaries.vertices()));
    }

    std::int32_t brute(Fine p) const {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            if (inside(shapes[i], p)) return static_cast<std::int32_t>(i);
        }
        return -1;
    }

    void compare(std::size_t points, std::mt19937_64& random) const {
        const auto any = [&](std::int64_t from, std::int64_t to) {
            return std::uniform_int_distribution<std::int64_t>(from, to)(random);
        };
        const auto some_corner = [&](Fine& next) {
            const FineShape& shape = shapes[static_cast<std::size_t>(
                any(0, static_cast<std::int64_t>(shapes.size()) - 1))];
            const auto& ring = shape[static_cast<std::size_t>(
                any(0, static_cast<std::int64_t>(shape.size()) - 1))];
            const auto i =
                static_cast<std::size_t>(any(0, static_cast<std::int64_t>(ring.size()) - 1));
            next = ring[i + 1 == ring.size() ? 0 : i + 1];
            return ring[i];
        };
        const Box box = boundaries.box();
        const region::detail::Outlines outlines(boundaries);
        const region::detail::Cells cells = region::detail::build_cells(outlines);
        const auto on_cell_border = [&](const region::detail::Lattice& axis, double from) {
            const auto bits = region::detail::cell_bits(static_cast<unsigned>(any(0, 3)));
            const std::int64_t step = (axis.at(from) >> bits << bits) + any(-1, 1);
            const auto most = (std::int64_t{axis.cells} << region::detail::cell_bits(0)) - 1;
            const double at =
                axis.position(static_cast<std::int32_t>(std::clamp<std::int64_t>(step, 0, most)));
            return static_cast<std::int64_t>(std::ldexp(at, 20));
        };
        std::vector<Fine> asked;
        std::vector<double> lon, lat;
        for (std::size_t i = 0; i < points; ++i) {
            Fine next{};
            Fine p = some_corner(next);
            switch (i % 5) {
                case 0:
                    p = {static_cast<std::int64_t>(std::ldexp(box.west_deg, 20)) +
                             any(0, static_cast<std::int64_t>(
                                        std::ldexp(box.east_deg - box.west_deg, 20))),
                         static_cast<std::int64_t>(std::ldexp(box.south_deg, 20)) +
                             any(0, static_cast<std::int64_t>(
                                        std::ldexp(box.north_deg - box.south_deg, 20)))};
                    break;
                case 1:
                    break;
                case 2:
                    p = {(p.x + next.x) / 2, (p.y + next.y) / 2};
                    break;
                case 3: {
                    const std::int64_t reach = std::int64_t{1} << any(0, 14);
                    p = {p.x + any(-reach, reach), p.y + any(-reach, reach)};
                    break;
                }
                default:
                    p = {on_cell_border(cells.x, place(p).lon_deg),
                         on_cell_border(cells.y, place(p).lat_deg)};
            }
            asked.push_back(p);
            lon.push_back(place(p).lon_deg);
            lat.push_back(place(p).lat_deg);
        }
        std::vector<std::int32_t> found(points, 99);
        locator.locate(lon, lat, found);
        for (std::size_t i = 0; i < points; ++i) {
            CAPTURE(i, asked[i].x, asked[i].y);
            REQUIRE(found[i] == brute(asked[i]));
            REQUIRE(locator.locate(place(asked[i])) == found[i]);
        }
    }
};

constexpr std::int64_t degree = std::int64_t{1} << 20;

std::vector<Fine> box_ring(std::int64_t west, std::int64_t south, std::int64_t width,
                           std::int64_t height) {
    return {{west, south},
            {west + width, south},
            {west + width, south + height},
            {west, south + height}};
}

}  // namespace

TEST_CASE("cells of every kind agree with brute force in whole numbers", "[region][locator]") {
    std::mt19937_64 random(8);
    const auto any = [&](std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>(from, to)(random);
    };
    // Around the same place rings of ever smaller reach, with more corners the smaller they
    // are: long edges cut to 16 bits, cells cut three times, and what is too dense to be cut.
    std::vector<FineShape> shapes;
    const Fine middle{110 * degree + 12345, 30 * degree + 54321};
    for (const std::int64_t reach : {30LL, 300LL, 3000LL, 30000LL, 300000LL, 9000000LL}) {
        for (int copy = 0; copy < 3; ++copy) {
            std::vector<Fine> ring;
            const int corners = reach < 100000 ? 600 : 40;
            for (int i = 0; i < corners; ++i) {
                const double turn = 2.0 * i / corners;
                const double r = static_cast<double>(reach) * (1.0 + 0.2 * (i % 3)) +
                                 static_cast<double>(any(0, reach / 8));
                ring.push_back({middle.x + static_cast<std::int64_t>(r * cos_pi(turn)) + copy,
                                middle.y + static_cast<std::int64_t>(r * sin_pi(turn))});
            }
            shapes.push_back({ring});
        }
    }
    const Trial trial(shapes);
    trial.compare(12000, random);

    const region::detail::Outlines outlines(trial.boundaries);
    const region::detail::Cells cells = region::detail::build_cells(outlines);
    CHECK(cells.branches.size() > 3 * region::detail::children);
    std::size_t exact = 0, several = 0, whole = 0;
    for (std::size_t i = 0; i < cells.leaves.size();) {
        std::size_t candidates = 0;
        std::uint32_t about = 0;
        ++i;
        do {
            about = cells.leaves[i + 1];
            i += 2 + 2 * std::size_t{about & region::detail::candidate::edges};
            exact += (about & region::detail::candidate::exact) != 0 ? 1U : 0U;
            ++candidates;
        } while ((about & region::detail::candidate::last) == 0);
        (candidates > 1 ? several : whole) += 1;
    }
    CHECK(exact > 0);
    CHECK(several > 0);
    CHECK(whole > 0);
}

TEST_CASE("awkward shapes are located as by brute force within the stated memory",
          "[region][locator]") {
    std::mt19937_64 random(9);
    const auto any = [&](std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>(from, to)(random);
    };
    const std::vector<Fine> country = box_ring(73 * degree, 18 * degree, 62 * degree, 35 * degree);
    SECTION("many corners in one cell") {
        std::vector<Fine> ring;
        for (int i = 0; i < 20000; ++i) {
            const double r = 5000.0 + static_cast<double>(any(0, 3000));
            ring.push_back({110 * degree + static_cast<std::int64_t>(r * cos_pi(i / 10000.0)),
                            30 * degree + static_cast<std::int64_t>(r * sin_pi(i / 10000.0))});
        }
        Trial({{ring}, {country}}).compare(3000, random);
    }
    SECTION("teeth upright and slanted") {
        std::vector<Fine> upright, slanted;
        for (int i = 0; i < 4000; ++i) {
            upright.push_back({110 * degree + i * 500, 20 * degree});
            upright.push_back({110 * degree + i * 500 + 250, 40 * degree});
            slanted.push_back({90 * degree + i * 500, 20 * degree});
            slanted.push_back({120 * degree + i * 500 + 250, 40 * degree});
        }
        for (std::vector<Fine>* comb : {&upright, &slanted}) {
            comb->push_back({comb->back().x, 19 * degree});
            comb->push_back({comb->front().x, 19 * degree});
        }
        Trial({{upright}, {slanted}}).compare(1500, random);
    }
    SECTION("tiny polygons spread and in a heap, and a polygon with as many holes") {
        std::vector<FineShape> shapes;
        FineShape holed{country};
        for (int i = 0; i < 3000; ++i) {
            shapes.push_back(
                {box_ring(any(73, 130) * degree + any(0, degree),
                          any(18, 50) * degree + any(0, degree), any(1, 2000), any(1, 2000))});
            shapes.push_back({box_ring(100 * degree + any(0, 100), 30 * degree + any(0, 100),
                                       any(1, 3), any(1, 3))});
            holed.push_back(box_ring(any(73, 130) * degree + any(0, degree),
                                     any(18, 50) * degree + any(0, degree), any(1, 9000),
                                     any(1, 9000)));
        }
        shapes.push_back(holed);
        Trial(std::move(shapes)).compare(1500, random);
    }
    SECTION("slivers and huge rectangles across everything") {
        std::vector<FineShape> shapes;
        for (int i = 0; i < 800; ++i) {
            const std::int64_t from = any(73, 134) * degree, to = any(73, 134) * degree;
            shapes.push_back({{{from, 18 * degree},
                               {from + 1, 18 * degree},
                               {to + 1, 53 * degree},
                               {to, 53 * degree}}});
        }
        for (int i = 800; i > 0; --i) {
            shapes.push_back(
                {box_ring(73 * degree + i, 18 * degree + i, 60 * degree, 33 * degree)});
        }
        Trial(std::move(shapes)).compare(1500, random);
    }
    SECTION("corners that are multiples of 1/1024 degree, neighbours that share them") {
        // Strips of a country whose borders wander on that grid.
        std::vector<std::vector<Fine>> borders;
        for (int k = 0; k <= 12; ++k) {
            std::vector<Fine> border;
            for (int i = 0; i <= 400; ++i) {
                const std::int64_t wander = k == 0 || k == 12 ? 0 : any(-40, 40);
                border.push_back(
                    {(108 * 1024 + k * 200 + wander) * 1024, (28 * 1024 + i * 5) * 1024});
            }
            borders.push_back(border);
        }
        std::vector<FineShape> shapes;
        for (std::size_t k = 0; k + 1 < borders.size(); ++k) {
            std::vector<Fine> ring = borders[k];
            ring.insert(ring.end(), borders[k + 1].rbegin(), borders[k + 1].rend());
            shapes.push_back({ring});
        }
        Trial(std::move(shapes)).compare(6000, random);
    }
}
