// What making boundaries and checking them share.
//
// The check (Boundaries::check) is a sweep of its own with its own index of edges; with the rest it
// has only the walk over rings, the way in which a place is printed in an issue and the size of the
// ellipsoid in common.
#pragma once

#include <safetyrisk/region/boundary.hpp>

#include <string>

namespace safetyrisk::region::detail {

/// Equatorial radius of CGCS2000, km.
inline constexpr double axis_km = 6378.137;

/// "116.404,39.915": six decimals are 0.1 m.
std::string print_place(LonLat p);

/// Calls visit(ring) for every ring: of each polygon the outer one, then its holes.
template <class Visit>
void for_rings(const Boundary& boundary, Visit&& visit) {
    for (const Polygon& polygon : boundary.polygons) {
        visit(polygon.outer);
        for (const Ring& hole : polygon.holes)
            visit(hole);
    }
}

}  // namespace safetyrisk::region::detail
