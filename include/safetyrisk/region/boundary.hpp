// Boundaries of regions: polygons by division code, cleaned, in WGS84, with what is wrong reported.
//
// Real boundary files repeat vertices, cross themselves, overlap their neighbours, carry a code
// twice or swap latitude and longitude. All of it is kept as it is (only repeated and closing
// vertices go, and ring directions are set) and becomes an Issue; nothing is repaired, because a
// moved boundary moves enterprises from one county to the next. A ring that crosses itself has the
// inside that the even-odd rule gives it, everywhere in the library.
//
// Edges are straight lines in longitude and latitude, as RFC 7946 has them. No boundary data ships
// with the library.
//
// Threads: immutable after construction; all members may be called from many threads.
// Throws: Interrupted from check(); what is wrong with shapes is an Issue. Indices are checked by
// at() (std::out_of_range), not by [].
#pragma once

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/region/crs.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::region {

/// The corners of a closed line, without repeating the first at the end.
using Ring = std::vector<LonLat>;

/// A part of a region: one outer ring and the holes in it.
struct Polygon {
    Ring outer;
    std::vector<Ring> holes;
};

/// A region's outline. `row` is its place in the file or table it came from (0-based), or -1.
struct Boundary {
    DivisionCode code;
    std::string name;
    std::vector<Polygon> polygons;
    std::int64_t row = -1;
};

/// A box of longitudes and latitudes, edges included. The default is empty: west > east.
struct Box {
    double west_deg = 1.0;
    double south_deg = 1.0;
    double east_deg = 0.0;
    double north_deg = 0.0;

    bool empty() const { return west_deg > east_deg || south_deg > north_deg; }
    bool contains(LonLat p) const {
        return p.lon_deg >= west_deg && p.lon_deg <= east_deg && p.lat_deg >= south_deg &&
               p.lat_deg <= north_deg;
    }
    void add(LonLat p);
    void add(const Box& other);
};

/// Where boundaries of China can lie, with a margin: 73 to 136 east, 3 to 54 north.
inline constexpr Box china_box{73.0, 3.0, 136.0, 54.0};

/// The boundaries of one set of regions, sorted by code, one per code, in WGS84 (= CGCS2000).
class Boundaries {
public:
    Boundaries() = default;

    /// Takes boundaries in the system `declared`, converts them to WGS84 and cleans them. Outer
    /// rings end up counter-clockwise, holes clockwise.
    ///
    /// Issues, all about row `Boundary::row` of `origin`:
    /// - `region.boundary_repeated_vertex` (info): equal vertices in a row, removed; rings may be
    ///   closed (the last vertex equals the first) or open;
    /// - `region.boundary_vertex_not_finite`, `region.boundary_ring_too_short`: a ring with a
    ///   coordinate that is not finite or beyond 1e9, or with fewer than 3 different vertices, is
    ///   left out;
    /// - `region.boundary_without_polygon`: nothing is left, the region has no boundary;
    /// - `region.boundary_duplicate_code`: the version with the most vertices is kept, of equal
    /// ones
    ///   the one of the smaller row;
    /// - `region.boundary_axes_swapped`, `region.boundary_outside_china`: coordinates outside
    ///   china_box, the first when they would fit with longitude and latitude exchanged.
    Boundaries(std::vector<Boundary> boundaries, Crs declared, const Origin& origin,
               IssueTable& issues);

    std::size_t size() const { return boundaries_.size(); }
    bool empty() const { return boundaries_.empty(); }
    const Boundary& operator[](std::size_t index) const { return boundaries_[index]; }
    const std::vector<Boundary>& all() const { return boundaries_; }

    /// Index of the region with that code.
    std::optional<std::size_t> find(DivisionCode code) const;

    /// The system the boundaries were declared in; what is stored here is WGS84.
    Crs declared() const { return declared_; }

    /// Box of one region, and of all.
    const Box& box(std::size_t index) const { return boxes_.at(index); }
    const Box& box() const { return box_; }

    /// Number of vertices of all rings.
    std::size_t vertices() const { return vertices_; }

    /// Area of a region in km² on the CGCS2000 ellipsoid, holes taken out, by the signed area of
    /// its rings: a ring that crosses itself counts what it goes round twice twice.
    double area_km2(std::size_t index) const;

    /// A point well inside the region's largest part, where a label may stand: near the point
    /// farthest from the boundary, found by scan lines and a short local search. It lies inside
    /// by the rule of Locator; a part too thin for that gives its first vertex.
    LonLat label_point(std::size_t index) const;

    /// Checks shapes and neighbours and reports, in the order of the codes:
    /// - `region.boundary_self_intersects`: edges that cross, with the first place and the number;
    /// - `region.boundary_self_touches` (info): vertices that lie on another edge or vertex;
    /// - `region.boundary_overlap`: two regions share at least 0.1 % of the smaller one;
    /// - `region.boundary_slivers` (info, one for all): narrower overlaps, the trace of rounding;
    /// - `region.boundary_check_incomplete`: a shape so tangled that the search was cut short.
    /// Seconds for the counties of the whole country; `work` is asked for interruption.
    void check(const Origin& origin, IssueTable& issues, const Work& work = {}) const;

private:
    std::vector<Boundary> boundaries_;
    std::vector<Box> boxes_;
    Box box_;
    std::size_t vertices_ = 0;
    Crs declared_ = Crs::wgs84;
};

}  // namespace safetyrisk::region
