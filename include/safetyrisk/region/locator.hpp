// Which region a point lies in: an index over boundaries, exact and fast.
//
// A point on an edge or a vertex that regions share belongs to exactly one of them. The rule: every
// point is treated as if it stood a hair (infinitely little) east of where it stands and a hair of
// a hair north of it, so a point on a boundary belongs to the region on the eastern side (on a
// horizontal edge, to the northern one). Decisions are exact: where doubles cannot tell the side of
// an edge, longer arithmetic does. The inside of one polygon is even-odd over its rings; a region
// is the union of its polygons. Where regions overlap, the smallest code wins (count() tells how
// many there were).
//
// A grid answers most points by one look-up; cells that edges touch are cut in 8 by 8, and in what
// is left a point is compared with the few edges there, rounded to whole numbers. Only a point
// within some centimetres of an edge needs the exact test on the original vertices.
//
// Threads: immutable after construction; all members may be called from many threads.
// Throws: InputError, Interrupted as noted; locate(point) throws nothing.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/region/boundary.hpp>
#include <safetyrisk/region/crs.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace safetyrisk::region {

/// An immutable index; copies share it, and all members may be called from many threads.
class Locator {
public:
    /// An index over nothing: every point lies outside.
    Locator() = default;

    /// Copies what it needs out of `boundaries`. About 1.3 s and 35 bytes a vertex for 2 841
    /// counties of 4.3 million vertices; at most 26 MB and 150 bytes a vertex, whatever their
    /// shapes. Shapes that send thousands of edges through every cell (a star of a million slanted
    /// spikes) are indexed as fast, but a point there costs time in proportion to their edges.
    /// Throws InputError when there are 2^28 vertices or more.
    explicit Locator(const Boundaries& boundaries);

    /// Index into the boundaries of the region of a WGS84 point, -1 outside all of them and for a
    /// point that is not finite.
    std::int32_t locate(LonLat point) const;

    /// The same for columns, shape (n,) each. Throws InputError when the lengths differ.
    void locate(std::span<const double> lon_deg, std::span<const double> lat_deg,
                std::span<std::int32_t> region, const Work& work = {}) const;

    /// How many regions hold the point: more than 1 where boundaries overlap. Slower than locate.
    std::size_t count(LonLat point) const;

    /// Bytes of the index.
    std::size_t memory_bytes() const;

private:
    struct Index;
    std::shared_ptr<const Index> index_;
};

}  // namespace safetyrisk::region
