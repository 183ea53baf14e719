#include <safetyrisk/region/boundary.hpp>

#include <safetyrisk/core/text.hpp>

#include "region/boundary_parts.hpp"
#include "region/exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace safetyrisk::region {

namespace {

using detail::axis_km;
using detail::for_rings;
using detail::print_place;

// Beyond this a number is no coordinate of any system, and products of four would overflow.
constexpr double largest_coordinate = 1e9;

bool usable(LonLat p) {
    return std::abs(p.lon_deg) <= largest_coordinate && std::abs(p.lat_deg) <= largest_coordinate;
}

// Twice the area in square degrees, positive when counter-clockwise.
double twice_area(const Ring& ring) {
    double sum = 0.0;
    const LonLat o = ring.front();
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        sum += (ring[i].lon_deg - o.lon_deg) * (ring[i + 1].lat_deg - o.lat_deg) -
               (ring[i + 1].lon_deg - o.lon_deg) * (ring[i].lat_deg - o.lat_deg);
    }
    return sum;
}

bool has_three_places(const Ring& ring) {
    if (ring.empty()) return false;
    const LonLat first = ring.front();
    const auto second = std::ranges::find_if(ring, [&](LonLat p) { return !(p == first); });
    return second != ring.end() && std::any_of(second, ring.end(), [&](LonLat p) {
               return !(p == first) && !(p == *second);
           });
}

// What was found while the rings of one boundary were cleaned.
struct Findings {
    std::size_t not_finite = 0, too_short = 0, repeated = 0;
    LonLat first_not_finite, first_too_short, first_repeated;
};

// Opens, converts and thins a ring and sets its direction; false when nothing usable is left.
bool clean_ring(Ring& ring, Crs declared, bool counter_clockwise, Findings& found) {
    if (!ring.empty()) {
        const auto bad = std::ranges::find_if_not(ring, usable);
        if (bad != ring.end()) {
            if (found.not_finite++ == 0) found.first_not_finite = *bad;
            return false;
        }
        if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
        for (LonLat& p : ring)
            p = convert(p, declared, Crs::wgs84);
        const LonLat first = ring.front();
        const auto repeats = std::ranges::adjacent_find(ring);
        if (repeats != ring.end() && found.repeated == 0) found.first_repeated = *repeats;
        const std::size_t before = ring.size();
        ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
        while (ring.size() > 1 && ring.front() == ring.back())
            ring.pop_back();
        if (before > ring.size()) {
            if (found.repeated == 0 && repeats == ring.end()) found.first_repeated = first;
            found.repeated += before - ring.size();
        }
    }
    if (!has_three_places(ring)) {
        if (found.too_short++ == 0 && !ring.empty()) found.first_too_short = ring.front();
        return false;
    }
    if ((twice_area(ring) > 0.0) != counter_clockwise) std::ranges::reverse(ring);
    return true;
}

void clean(Boundary& boundary, Crs declared, Findings& found) {
    std::vector<Polygon> kept;
    for (Polygon& polygon : boundary.polygons) {
        if (!clean_ring(polygon.outer, declared, true, found)) continue;
        std::erase_if(polygon.holes,
                      [&](Ring& hole) { return !clean_ring(hole, declared, false, found); });
        kept.push_back(std::move(polygon));
    }
    boundary.polygons = std::move(kept);
}

std::size_t count_vertices(const Boundary& boundary) {
    std::size_t n = 0;
    for_rings(boundary, [&](const Ring& ring) { n += ring.size(); });
    return n;
}

Box box_of(const Boundary& boundary) {
    Box box;
    for_rings(boundary, [&](const Ring& ring) {
        for (const LonLat p : ring)
            box.add(p);
    });
    return box;
}

bool within(const Box& inner, const Box& outer) {
    return inner.west_deg >= outer.west_deg && inner.east_deg <= outer.east_deg &&
           inner.south_deg >= outer.south_deg && inner.north_deg <= outer.north_deg;
}

}  // namespace

namespace detail {

std::string print_place(LonLat p) {
    const auto round = [](double degrees) {
        return std::abs(degrees) < 1e6 ? std::round(degrees * 1e6) / 1e6 : degrees;
    };
    return print_number(round(p.lon_deg)) + "," + print_number(round(p.lat_deg));
}

}  // namespace detail

void Box::add(LonLat p) {
    if (empty()) {
        *this = {p.lon_deg, p.lat_deg, p.lon_deg, p.lat_deg};
        return;
    }
    west_deg = std::min(west_deg, p.lon_deg);
    east_deg = std::max(east_deg, p.lon_deg);
    south_deg = std::min(south_deg, p.lat_deg);
    north_deg = std::max(north_deg, p.lat_deg);
}

void Box::add(const Box& other) {
    if (other.empty()) return;
    add(LonLat{other.west_deg, other.south_deg});
    add(LonLat{other.east_deg, other.north_deg});
}

Boundaries::Boundaries(std::vector<Boundary> boundaries, Crs declared, const Origin& origin,
                       IssueTable& issues)
    : declared_(declared) {
    std::vector<std::size_t> sizes;
    for (Boundary& boundary : boundaries) {
        Findings found;
        clean(boundary, declared, found);
        const std::string code = boundary.code.text();
        const auto report = [&](std::string_view kind, std::size_t count, LonLat place) {
            if (count == 0) return;
            issues.add(kind, origin, boundary.row, "geometry", print_place(place),
                       {code, boundary.name, std::to_string(count)});
        };
        report("region.boundary_repeated_vertex", found.repeated, found.first_repeated);
        report("region.boundary_ring_too_short", found.too_short, found.first_too_short);
        report("region.boundary_vertex_not_finite", found.not_finite, found.first_not_finite);
        sizes.push_back(count_vertices(boundary));
        if (sizes.back() == 0) {
            issues.add("region.boundary_without_polygon", origin, boundary.row, "geometry", code,
                       {boundary.name});
        }
    }

    std::vector<std::size_t> order(boundaries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        if (boundaries[a].code != boundaries[b].code)
            return boundaries[a].code < boundaries[b].code;
        if (sizes[a] != sizes[b]) return sizes[a] > sizes[b];
        return boundaries[a].row < boundaries[b].row;
    });
    std::size_t kept_size = 0;
    for (const std::size_t index : order) {
        Boundary& boundary = boundaries[index];
        if (sizes[index] == 0) continue;
        if (!boundaries_.empty() && boundaries_.back().code == boundary.code) {
            issues.add("region.boundary_duplicate_code", origin, boundary.row, "code",
                       boundary.code.text(),
                       {std::to_string(sizes[index]), origin.place(boundaries_.back().row),
                        std::to_string(kept_size)});
            continue;
        }
        const Box box = box_of(boundary);
        if (!within(box, china_box)) {
            const Box exchanged{box.south_deg, box.west_deg, box.north_deg, box.east_deg};
            LonLat place;
            for_rings(boundary, [&](const Ring& ring) {
                for (const LonLat p : ring) {
                    if (!china_box.contains(p)) place = p;
                }
            });
            issues.add(within(exchanged, china_box) ? "region.boundary_axes_swapped"
                                                    : "region.boundary_outside_china",
                       origin, boundary.row, "geometry", print_place(place),
                       {boundary.code.text(), boundary.name});
        }
        kept_size = sizes[index];
        vertices_ += kept_size;
        box_.add(box);
        boxes_.push_back(box);
        boundaries_.push_back(std::move(boundary));
    }
}

std::optional<std::size_t> Boundaries::find(DivisionCode code) const {
    const auto place = std::ranges::lower_bound(boundaries_, code, {}, &Boundary::code);
    if (place == boundaries_.end() || place->code != code) return std::nullopt;
    return static_cast<std::size_t>(place - boundaries_.begin());
}

namespace {

// CGCS2000 (WGS84 differs in the tenth digit).
constexpr double flattening = 1.0 / 298.257222101;
constexpr double ee = flattening * (2.0 - flattening);

// Snyder's q of the authalic latitude; atanh by its series, whose next term is below 1e-15.
double authalic_q(double lat_deg) {
    const double s = sin_pi(lat_deg / 180.0);
    const double t = ee * s * s;
    double series = 1.0 / 13.0;
    for (const double odd : {11.0, 9.0, 7.0, 5.0, 3.0, 1.0})
        series = series * t + 1.0 / odd;
    return (1.0 - ee) * s * (1.0 / (1.0 - t) + series);
}

// The integral of q over longitude along the ring, edge by edge with Simpson's rule (edges are
// straight in longitude and latitude); counter-clockwise rings are positive.
double ring_area_km2(const Ring& ring) {
    const double base = authalic_q(ring.front().lat_deg);
    double sum = 0.0;
    LonLat a = ring.back();
    double qa = authalic_q(a.lat_deg) - base;
    for (const LonLat b : ring) {
        const double qb = authalic_q(b.lat_deg) - base;
        const double middle = authalic_q(0.5 * (a.lat_deg + b.lat_deg)) - base;
        sum += (a.lon_deg - b.lon_deg) * (qa + 4.0 * middle + qb) / 6.0;
        a = b;
        qa = qb;
    }
    return sum * (detail::pi / 180.0) * axis_km * axis_km / 2.0;
}

}  // namespace

double Boundaries::area_km2(std::size_t index) const {
    double sum = 0.0;
    for_rings(boundaries_.at(index), [&](const Ring& ring) { sum += ring_area_km2(ring); });
    return sum;
}

namespace {

template <class Visit>
void for_edges(const Polygon& polygon, Visit&& visit) {
    const auto ring_edges = [&](const Ring& ring) {
        LonLat a = ring.back();
        for (const LonLat b : ring) {
            visit(a, b);
            a = b;
        }
    };
    ring_edges(polygon.outer);
    for (const Ring& hole : polygon.holes)
        ring_edges(hole);
}

// The rule of the locator, without an index.
bool contains(const Polygon& polygon, LonLat p) {
    bool odd = false;
    for_edges(polygon, [&](LonLat a, LonLat b) {
        const bool a_below = a.lat_deg <= p.lat_deg;
        if (a_below == (b.lat_deg <= p.lat_deg)) return;
        odd ^= (a_below ? detail::side(a, b, p) : detail::side(b, a, p)) > 0;
    });
    return odd;
}

// Longitudes at which the edges cross a latitude, sorted.
void crossings(const Polygon& polygon, double lat, std::vector<double>& out) {
    out.clear();
    for_edges(polygon, [&](LonLat a, LonLat b) {
        if ((a.lat_deg <= lat) == (b.lat_deg <= lat)) return;
        // A share of the edge, 0 to 1: a slope could overflow.
        const double share = (lat - a.lat_deg) / (b.lat_deg - a.lat_deg);
        out.push_back(a.lon_deg + share * (b.lon_deg - a.lon_deg));
    });
    std::ranges::sort(out);
}

// Looks for a place deep inside one polygon.
class LabelSearch {
public:
    explicit LabelSearch(const Polygon& polygon) : polygon_(polygon) {
        for (const LonLat p : polygon.outer)
            box_.add(p);
        narrow_ = std::max(cos_pi((box_.south_deg + box_.north_deg) / 360.0), 0.01);
    }

    // Nothing when no double lies inside.
    std::optional<LonLat> run() {
        constexpr int lines = 15;
        const double height = box_.north_deg - box_.south_deg;
        for (int i = 0; i < lines; ++i) {  // from the middle outwards: of equals the first stays
            const int step = (i + 1) / 2 * (i % 2 == 0 ? 1 : -1);
            try_line(box_.south_deg + (lines / 2 + step + 0.5) / lines * height);
        }
        if (!found_) try_between_vertices();
        if (!found_) return std::nullopt;
        double step = height / lines;
        for (int round = 0; round < 8; ++round, step /= 2) {
            const LonLat from = best_;
            for (const double east : {-1.0, 0.0, 1.0}) {
                for (const double north : {-1.0, 0.0, 1.0}) {
                    if (east == 0.0 && north == 0.0) continue;
                    try_place({from.lon_deg + east * step / narrow_, from.lat_deg + north * step});
                }
            }
        }
        return best_;
    }

private:
    void try_line(double lat) {
        crossings(polygon_, lat, xs_);
        double widest = 0.0;
        LonLat place{std::numeric_limits<double>::quiet_NaN(), lat};
        for (std::size_t i = 0; i + 1 < xs_.size(); i += 2) {
            if (xs_[i + 1] - xs_[i] > widest) {
                widest = xs_[i + 1] - xs_[i];
                place.lon_deg = xs_[i] + widest / 2;
            }
        }
        if (widest > 0.0) try_place(place);
    }

    void try_between_vertices() {
        std::vector<double> lats;
        for (const LonLat p : polygon_.outer)
            lats.push_back(p.lat_deg);
        std::ranges::sort(lats);
        for (std::size_t i = 0; i + 1 < lats.size() && !found_; ++i) {
            if (lats[i] < lats[i + 1]) try_line(lats[i] + (lats[i + 1] - lats[i]) / 2);
        }
    }

    void try_place(LonLat p) {
        const double squared = distance_squared(p);
        if (found_ && !(squared > best_squared_)) return;
        if (!contains(polygon_, p)) return;
        found_ = true;
        best_ = p;
        best_squared_ = squared;
    }

    // To the nearest edge, in degrees of latitude; stops when it cannot be the best any more.
    double distance_squared(LonLat p) const {
        double least = std::numeric_limits<double>::infinity();
        for_edges(polygon_, [&](LonLat a, LonLat b) {
            const double dx = (b.lon_deg - a.lon_deg) * narrow_;
            const double dy = b.lat_deg - a.lat_deg;
            const double px = (p.lon_deg - a.lon_deg) * narrow_;
            const double py = p.lat_deg - a.lat_deg;
            const double length = dx * dx + dy * dy;
            double t = length > 0.0 ? (px * dx + py * dy) / length : 0.0;
            t = std::clamp(t, 0.0, 1.0);
            const double ex = px - t * dx;
            const double ey = py - t * dy;
            least = std::min(least, ex * ex + ey * ey);
        });
        return least;
    }

    const Polygon& polygon_;
    Box box_;
    double narrow_ = 1.0;  // length of a degree of longitude in degrees of latitude
    bool found_ = false;
    LonLat best_;
    double best_squared_ = 0.0;
    std::vector<double> xs_;
};

}  // namespace

LonLat Boundaries::label_point(std::size_t index) const {
    const Boundary& boundary = boundaries_.at(index);
    const Polygon* largest = nullptr;
    double area = -1.0;
    for (const Polygon& polygon : boundary.polygons) {
        double own = std::abs(twice_area(polygon.outer));
        for (const Ring& hole : polygon.holes)
            own -= std::abs(twice_area(hole));
        if (largest == nullptr || own > area) {
            largest = &polygon;
            area = own;
        }
    }
    return LabelSearch(*largest).run().value_or(largest->outer.front());
}

}  // namespace safetyrisk::region
