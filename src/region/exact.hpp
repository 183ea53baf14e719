// On which side of an edge a point lies, decided exactly.
//
// Double arithmetic decides nearly always, within a bound on its own error. Where it cannot, exact
// differences and products do (coordinates on a common grid, as in files rounded to 1/1024 degree
// or to 6 decimals of one size), and rational numbers for what is left.
//
// Source: the error bound is that of J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic
// and Fast Robust Geometric Predicates (1997), stage A of orient2d.
#pragma once

#include <safetyrisk/region/crs.hpp>

namespace safetyrisk::region::detail {

/// Share of |left| + |right| that the rounding of a stage A determinant cannot exceed, and a floor
/// that covers products so small that they lose digits by underflow.
inline constexpr double side_error = 3.3306690738754716e-16;
inline constexpr double side_floor = 1e-290;

/// The sign of the exact area: 1, 0 or -1. For all finite coordinates.
int exact_side(LonLat a, LonLat b, LonLat p);

/// 1 when p lies to the left of the line from a to b, -1 to the right, 0 on it.
inline int side(LonLat a, LonLat b, LonLat p) {
    const double left = (b.lon_deg - a.lon_deg) * (p.lat_deg - a.lat_deg);
    const double right = (b.lat_deg - a.lat_deg) * (p.lon_deg - a.lon_deg);
    const double area = left - right;
    const double size = (left < 0 ? -left : left) + (right < 0 ? -right : right);
    const double doubt = side_error * size + side_floor;
    if (area > doubt) return 1;
    if (area < -doubt) return -1;
    return exact_side(a, b, p);
}

}  // namespace safetyrisk::region::detail
