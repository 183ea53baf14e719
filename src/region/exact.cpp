#include "region/exact.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cmath>

namespace safetyrisk::region::detail {

namespace {

// Whether x - y is a double (Knuth's error of the difference is zero).
bool exact_difference(double x, double y, double& difference) {
    difference = x - y;
    const double y_used = x - difference;
    const double x_used = difference + y_used;
    return (x - x_used) - (y - y_used) == 0.0;
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
    using Rational = boost::multiprecision::cpp_rational;
    const Rational ax(a.lon_deg), ay(a.lat_deg);
    const Rational area = (Rational(b.lon_deg) - ax) * (Rational(p.lat_deg) - ay) -
                          (Rational(b.lat_deg) - ay) * (Rational(p.lon_deg) - ax);
    return area.sign();
}

}  // namespace safetyrisk::region::detail
