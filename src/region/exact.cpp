#include "region/exact.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace safetyrisk::region::detail {

namespace {

// Whether x - y is a double (Knuth's error of the difference is zero).
bool exact_difference(double x, double y, double& difference) {
    difference = x - y;
    const double y_used = x - difference;
    const double x_used = difference + y_used;
    return (x - x_used) - (y - y_used) == 0.0;
}

using Whole = boost::multiprecision::cpp_int;

constexpr int digits = std::numeric_limits<double>::digits;

// Exponent of a power of two that `value`, which is not zero, is a multiple of.
int unit_of(double value) {
    int exponent = 0;
    std::frexp(value, &exponent);
    return exponent - digits;
}

// `value` divided by 2 to the `unit`, which is at most unit_of(value).
Whole in_units(double value, int unit) {
    if (value == 0.0) return 0;
    int exponent = 0;
    const double fraction = std::frexp(value, &exponent);
    const Whole whole = static_cast<std::int64_t>(std::ldexp(fraction, digits));
    return whole << (exponent - digits - unit);
}

}  // namespace

int exact_side(LonLat a, LonLat b, LonLat p) {
    double bx, by, px, py;
    if (exact_difference(b.lon_deg, a.lon_deg, bx) && exact_difference(b.lat_deg, a.lat_deg, by) &&
        exact_difference(p.lon_deg, a.lon_deg, px) && exact_difference(p.lat_deg, a.lat_deg, py)) {
        const double left = bx * py;
        const double right = by * px;
        const auto safe = [](double product, double x, double y) {
            return x == 0.0 || y == 0.0 ||
                   (std::abs(product) > 1e-250 && std::abs(product) < 1e250);
        };
        if (safe(left, bx, py) && safe(right, by, px)) {
            if (left != right) return left > right ? 1 : -1;  // rounding keeps the order
            const double left_rest = std::fma(bx, py, -left);
            const double right_rest = std::fma(by, px, -right);
            return left_rest > right_rest ? 1 : left_rest < right_rest ? -1 : 0;
        }
    }
    // Every double is a whole number of some power of two; in units of the smallest of the six all
    // are whole numbers. (Boost's own conversion to a rational fails for subnormal numbers.)
    const std::array values{a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg, p.lon_deg, p.lat_deg};
    int unit = std::numeric_limits<int>::max();
    for (const double value : values)
        if (value != 0.0) unit = std::min(unit, unit_of(value));
    const auto whole = [&](double value) { return in_units(value, unit); };
    const Whole ax = whole(a.lon_deg), ay = whole(a.lat_deg);
    const Whole area = (whole(b.lon_deg) - ax) * (whole(p.lat_deg) - ay) -
                       (whole(b.lat_deg) - ay) * (whole(p.lon_deg) - ax);
    return area.sign();
}

}  // namespace safetyrisk::region::detail
