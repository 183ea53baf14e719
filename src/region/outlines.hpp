// The rings of all polygons, copied once, with an exact test whether a polygon holds a point.
//
// The edges of a ring stand in runs of 16, the runs in boxes of eight and those in larger boxes, as
// in an R-tree whose order is that of the ring. A ray to the east looks only into boxes that hold
// its start: what lies west of it, above or below cannot cross it, and a run that lies wholly to
// the east is crossed an odd number of times exactly when its two ends lie on different sides. So a
// comb of a million teeth costs no more than a circle.
#pragma once

#include <safetyrisk/region/boundary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace safetyrisk::region::detail {

/// Polygons by number, in the order of their regions.
class Outlines {
public:
    /// One polygon: its vertices are vertices()[first] to vertices()[end - 1], ring after ring,
    /// each closed.
    struct Part {
        std::int32_t region = 0;
        std::uint32_t first = 0, end = 0;
        std::uint32_t first_box = 0;  ///< of the runs; larger boxes follow
        std::uint32_t runs = 0;
        Box box;
    };

    Outlines() = default;

    /// Throws InputError when there are 2^28 vertices or more.
    explicit Outlines(const Boundaries& boundaries);

    const std::vector<Part>& parts() const { return parts_; }
    const std::vector<LonLat>& vertices() const { return vertices_; }
    const Box& box() const { return box_; }

    /// The vertex after which each ring's last edge ends, ascending; rings of all polygons.
    const std::vector<std::uint32_t>& ring_ends() const { return ring_ends_; }

    /// Whether the point lies in the polygon by the rule of Locator. For all finite coordinates.
    bool holds(std::uint32_t part, LonLat p) const {
        std::size_t looked_at = 0;
        return holds(part, p, looked_at);
    }
    /// The same, adding how many boxes and edges were looked at.
    bool holds(std::uint32_t part, LonLat p, std::size_t& looked_at) const;

    std::size_t memory_bytes() const;

private:
    // Outward-rounded, so that leaving a box out is never wrong.
    struct Bounds {
        float west, south, east, north;
        std::uint32_t first, last;  // ends of its chain of edges
        bool chain;                 // all of one ring
    };
    // The boxes of one part: runs below, each level eight times as many as the one above it.
    struct Levels {
        std::array<const Bounds*, 10> boxes;
        std::array<std::uint32_t, 10> count;
    };

    void add_boxes(Part& part, std::size_t first_ring);
    bool odd_in(const Levels& levels, std::size_t level, std::uint32_t begin, std::uint32_t end,
                LonLat p, std::size_t& looked_at) const;

    std::vector<Part> parts_;
    std::vector<LonLat> vertices_;
    std::vector<std::uint32_t> ring_ends_;
    std::vector<Bounds> boxes_;
    Box box_;
};

}  // namespace safetyrisk::region::detail
