// Coordinate systems of Chinese registers: WGS84, CGCS2000, GCJ-02 and BD-09.
//
// WGS84 and CGCS2000 differ by decimetres and are one system here. GCJ-02 (maps of 高德, 腾讯) and
// BD-09 (百度) shift every point by some hundred metres; which system a table is in must be said,
// because it cannot be seen from one point. The inverses solve the forward formula instead of
// subtracting the shift at the wrong place, so that a round trip comes back.
//
// The kernels use only + - * /, floor and square root, which IEEE 754 rounds in one way; sines are
// ours (sin_pi, cos_pi: every angle in the formulas is a multiple of pi). A build with
// -ffp-contract=off gives the same bytes on every machine, which std::sin does not promise.
//
// Source: the public reverse-engineered formulas (github.com/wandergis/coordtransform,
// github.com/googollee/eviltransform); there is no official text. BD-09 uses k = 3000 pi / 180;
// eviltransform's k = pi is a defect of up to 90 m.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: InputError where columns differ in length; the scalar functions throw nothing.
#pragma once

#include <safetyrisk/core/work.hpp>

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace safetyrisk::region {

/// A coordinate system of longitudes and latitudes.
enum class Crs : std::uint8_t { wgs84, cgcs2000, gcj02, bd09 };

/// "wgs84", "cgcs2000", "gcj02", "bd09".
constexpr std::string_view to_string(Crs crs) {
    switch (crs) {
        case Crs::wgs84:
            return "wgs84";
        case Crs::cgcs2000:
            return "cgcs2000";
        case Crs::gcj02:
            return "gcj02";
        case Crs::bd09:
            return "bd09";
    }
    return "";
}

/// Name for people, as printed on maps: WGS84, CGCS2000, GCJ-02, BD-09.
constexpr std::string_view label(Crs crs) {
    switch (crs) {
        case Crs::wgs84:
            return "WGS84";
        case Crs::cgcs2000:
            return "CGCS2000";
        case Crs::gcj02:
            return "GCJ-02";
        case Crs::bd09:
            return "BD-09";
    }
    return "";
}

/// Reads what people write, whatever the case: wgs84, EPSG:4326, urn:ogc:def:crs:OGC:1.3:CRS84,
/// cgcs2000, EPSG:4490, 国家2000, gcj02, GCJ-02, 火星坐标, 高德, bd09, BD-09, 百度坐标 and near
/// forms. Nothing for any other text: projected systems and Beijing 1954 or Xian 1980 need
/// parameters that this library does not have.
std::optional<Crs> parse_crs(std::string_view text);

/// A position in degrees, east and north positive. NaN means "no position".
struct LonLat {
    double lon_deg = 0.0;
    double lat_deg = 0.0;

    friend bool operator==(const LonLat&, const LonLat&) = default;
};

/// The box of WGS84 positions that GCJ-02 shifts, edges included.
struct ShiftBox {
    double west_deg, south_deg, east_deg, north_deg;
};

/// The box of coordtransform, the one most tools use. It is a rectangle, so it also shifts points
/// of neighbouring countries, and it takes in Hong Kong, Macau and Taiwan, where published data
/// are mostly not shifted at all. Nothing can tell that from a point: declare such a table as
/// WGS84, or pass a box of your own.
inline constexpr ShiftBox china_shift_box{73.66, 3.86, 135.05, 53.55};

namespace detail {

// Taylor coefficients of sin(pi t) and cos(pi t), pi^n / n! to the nearest double. On |t| <= 1/4
// the first term left out is below 2^-56 of the result.
constexpr double sin_pi_quarter(double t) {
    const double s = t * t;
    double p = 7.95205400147551261e-07;
    p = p * s - 2.19153534478302173e-05;
    p = p * s + 4.66302805767612554e-04;
    p = p * s - 7.37043094571435044e-03;
    p = p * s + 8.21458866111282326e-02;
    p = p * s - 5.99264529320792105e-01;
    p = p * s + 2.55016403987734552e+00;
    p = p * s - 5.16771278004997026e+00;
    p = p * s + 3.14159265358979312e+00;
    return p * t;
}

constexpr double cos_pi_quarter(double t) {
    const double s = t * t;
    double p = 4.30306958703294729e-06;
    p = p * s - 1.04638104924845705e-04;
    p = p * s + 1.92957430940392314e-03;
    p = p * s - 2.58068913900140612e-02;
    p = p * s + 2.35330630358893206e-01;
    p = p * s - 1.33526276885458950e+00;
    p = p * s + 4.05871212641676848e+00;
    p = p * s - 4.93480220054467900e+00;
    return p * s + 1.0;
}

}  // namespace detail

/// sin(pi x). The reduction of x is exact, the result within two units in the last place of a
/// result of size 1 (2^-52 absolute); NaN for NaN and infinities.
inline double sin_pi(double x) {
    const double r = x - 2.0 * std::floor(x * 0.5 + 0.5);  // -1 <= r < 1, no rounding
    const double quadrant = std::floor(2.0 * r + 0.5);
    const double t = r - 0.5 * quadrant;
    if (quadrant == 0.0) return detail::sin_pi_quarter(t);
    if (quadrant == 1.0) return detail::cos_pi_quarter(t);
    if (quadrant == -1.0) return -detail::cos_pi_quarter(t);
    return -detail::sin_pi_quarter(t);  // quadrant is -2 or 2
}

/// cos(pi x); as sin_pi.
inline double cos_pi(double x) {
    const double r = x - 2.0 * std::floor(x * 0.5 + 0.5);
    const double quadrant = std::floor(2.0 * r + 0.5);
    const double t = r - 0.5 * quadrant;
    if (quadrant == 0.0) return detail::cos_pi_quarter(t);
    if (quadrant == 1.0) return -detail::sin_pi_quarter(t);
    if (quadrant == -1.0) return detail::sin_pi_quarter(t);
    return -detail::cos_pi_quarter(t);
}

namespace detail {

inline constexpr double pi = 3.14159265358979312;
// Semi-major axis and squared eccentricity of Krassovsky's ellipsoid, as the formulas have them.
inline constexpr double gcj_axis_m = 6378245.0;
inline constexpr double gcj_ee = 0.00669342162296594323;

inline bool in_box(LonLat p, const ShiftBox& box) {
    return p.lon_deg >= box.west_deg && p.lon_deg <= box.east_deg && p.lat_deg >= box.south_deg &&
           p.lat_deg <= box.north_deg;
}

// WGS84 -> GCJ-02 without asking for the box.
inline LonLat gcj_shift(LonLat p) {
    const double x = p.lon_deg - 105.0;
    const double y = p.lat_deg - 35.0;
    const double root = std::sqrt(x < 0.0 ? -x : x);
    const double ripple = 20.0 * sin_pi(6.0 * x) + 20.0 * sin_pi(2.0 * x);
    const double north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                           (ripple + 20.0 * sin_pi(y) + 40.0 * sin_pi(y / 3.0) +
                            160.0 * sin_pi(y / 12.0) + 320.0 * sin_pi(y / 30.0)) *
                               2.0 / 3.0;
    const double east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
                          (ripple + 20.0 * sin_pi(x) + 40.0 * sin_pi(x / 3.0) +
                           150.0 * sin_pi(x / 12.0) + 300.0 * sin_pi(x / 30.0)) *
                              2.0 / 3.0;
    const double sine = sin_pi(p.lat_deg / 180.0);
    const double m = 1.0 - gcj_ee * sine * sine;
    const double root_m = std::sqrt(m);
    const double d_lat = north_m * 180.0 / (gcj_axis_m * (1.0 - gcj_ee) / (m * root_m) * pi);
    const double d_lon = east_m * 180.0 / (gcj_axis_m / root_m * cos_pi(p.lat_deg / 180.0) * pi);
    return {p.lon_deg + d_lon, p.lat_deg + d_lat};
}

// GCJ-02 -> BD-09: a small push outwards and a small turn about (0, 0). The turn is taken by the
// series of the small angle, so that no arc tangent is needed (the terms left out are < 1e-24).
inline LonLat bd_turn(LonLat p) {
    const double x = p.lon_deg;
    const double y = p.lat_deg;
    const double z = std::sqrt(x * x + y * y);
    if (z == 0.0) return {0.0065, 0.006};
    const double push = 1.0 + 0.00002 * sin_pi(y * 50.0 / 3.0) / z;
    const double angle = 0.000003 * cos_pi(x * 50.0 / 3.0);
    const double cosine = 1.0 - angle * angle / 2.0;
    const double sine = angle - angle * angle * angle / 6.0;
    return {(x * cosine - y * sine) * push + 0.0065, (y * cosine + x * sine) * push + 0.006};
}

// Solves f(p) = target by p <- p + (target - f(p)). Both shifts change by at most a few per cent of
// the step, so each round wins between one and a half and three digits.
template <class Forward>
LonLat invert(LonLat target, Forward&& f) {
    LonLat p = target;
    for (int round = 0; round < 20; ++round) {
        const LonLat image = f(p);
        const double d_lon = target.lon_deg - image.lon_deg;
        const double d_lat = target.lat_deg - image.lat_deg;
        p = {p.lon_deg + d_lon, p.lat_deg + d_lat};
        const bool close = d_lon < 1e-13 && d_lon > -1e-13 && d_lat < 1e-13 && d_lat > -1e-13;
        if (close) break;
    }
    return p;
}

inline LonLat wgs_to_gcj(LonLat p, const ShiftBox& box) {
    return in_box(p, box) ? gcj_shift(p) : p;
}

// The shift jumps to nothing at the edge of the box, so near it (less than 1 km) a GCJ-02 position
// can come from two places or from none. The place inside the box is taken when there is one, so
// that every point of the box comes back.
inline LonLat gcj_to_wgs(LonLat p, const ShiftBox& box) {
    constexpr double reach_deg = 0.1;
    const ShiftBox wide{box.west_deg - reach_deg, box.south_deg - reach_deg,
                        box.east_deg + reach_deg, box.north_deg + reach_deg};
    if (!in_box(p, wide)) return p;
    const LonLat origin = invert(p, gcj_shift);
    return in_box(origin, box) || in_box(p, box) ? origin : p;
}

}  // namespace detail

/// The position in another system. WGS84 and CGCS2000 are the same numbers. Outside `box` GCJ-02
/// does not shift; BD-09 turns every position, as the published formula does. Forward results
/// agree with the published formulas to 1e-11 degrees; an inverse is within 1e-12 degrees (0.1 µm)
/// of the position that maps to its argument. A position that is not finite stays not finite.
inline LonLat convert(LonLat p, Crs from, Crs to, const ShiftBox& box = china_shift_box) {
    const auto rank = [](Crs crs) { return crs == Crs::bd09 ? 2 : crs == Crs::gcj02 ? 1 : 0; };
    const int start = rank(from);
    const int end = rank(to);
    if (start == end) return p;
    if (start == 2) p = detail::invert(p, detail::bd_turn);
    if (start == 0) p = detail::wgs_to_gcj(p, box);
    if (end == 0) return detail::gcj_to_wgs(p, box);
    if (end == 2) p = detail::bd_turn(p);
    return p;
}

/// Columns of positions, shape (n,) each, in degrees. The outputs may be the inputs. Throws
/// InputError when the lengths differ.
void convert(std::span<const double> lon, std::span<const double> lat, Crs from, Crs to,
             std::span<double> out_lon, std::span<double> out_lat, const Work& work = {},
             const ShiftBox& box = china_shift_box);

}  // namespace safetyrisk::region
