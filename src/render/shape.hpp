// Polygons on paper: snapped to a grid, with area, a good place for a label, and a path.
#pragma once

#include "render/frame.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace safetyrisk::render::detail {

/// Grid on paper to which vertices are snapped, hundredths of a millimetre.
inline constexpr int snap = 5;

/// Some consecutive edges of a ring and the box around them: what is far from the box is far from
/// the edges. Edge i goes from vertex i - 1 (the last one for 0) to vertex i.
struct Edges {
    std::size_t ring = 0, begin = 0, end = 0;
    Box bounds{};
};

/// The rings of a region on the page: outer rings and holes alike, filled by the even-odd rule.
struct Shape {
    std::vector<std::vector<Place>> rings;
    std::vector<std::size_t> outers;  ///< Index of each polygon's outer ring in `rings`.
    std::int64_t area = 0;            ///< Twice the area of the outer rings without the holes.
    Box bounds{};
    std::vector<Edges> edges;  ///< All edges, ring by ring; see index().

    /// Fills `edges`; to be called when the rings are complete.
    void index();

    /// Whether the place is inside (even-odd over all rings).
    bool contains(Place place) const;
};

/// Projects and snaps. Rings that shrink to a line or a dot are left out; a region of which nothing
/// is left becomes a square of half a millimetre, so that no region vanishes from the map.
Shape make_shape(const std::vector<region::Polygon>& polygons, const Frame& frame);

/// The place inside the largest polygon that is farthest from its border when widths count only
/// `1/aspect` (so that it suits a label `aspect` times wider than high), and that distance.
struct Inside {
    Place place;
    int distance = 0;
};
Inside most_inside(const Shape& shape, int aspect);

/// The rings as an SVG path with relative steps.
std::string path_data(const Shape& shape);

}  // namespace safetyrisk::render::detail
