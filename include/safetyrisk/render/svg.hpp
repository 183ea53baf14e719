// A scene drawn as one self-contained SVG 1.1 document.
//
// The page is laid out in hundredths of a millimetre (width="420mm" has viewBox "0 0 42000 29700"),
// so every number in the document is an integer and the same scene gives the same bytes on every
// machine, whatever the order of its regions and points. Only what browsers, resvg and office
// programs draw alike is used: paths, patterns, clip paths, text; no style sheet, script, filter,
// weight or outside reference. Text from data is escaped.
//
// The map is plate carrée with the ellipsoid's radii at the middle latitude: for a county, a city
// or a province this is true to scale along both axes within a percent or so, needs no library and
// no transcendental function beyond one cosine, and keeps north up everywhere on the sheet. The
// scale is rounded to two digits and the scale bar holds at the middle latitude.
//
// Vertices are snapped to 0.05 mm of paper and repeats dropped. A vertex that two regions share
// snaps to the same place in both, so no gaps open between neighbours.
//
// Threads: drawing reads a scene and may run on many threads at once.
// Throws: InputError as noted.
#pragma once

#include <safetyrisk/render/scene.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace safetyrisk::render {

/// With more points than this on the map, those that are not red are gathered in cells.
inline constexpr std::size_t most_single_points = 20000;

/// What was drawn, and what could not be.
struct Drawing {
    std::string svg;

    /// Names of regions whose label found no place, sorted; the page says how many.
    std::vector<std::string> hidden_labels;

    /// Points without finite coordinates, and points outside the map panel; the page says how many.
    std::size_t points_without_place = 0;
    std::size_t points_outside = 0;

    /// Points that are not drawn singly but gathered in cells, and how many cells these are; the
    /// page says both.
    std::size_t points_in_cells = 0;
    std::size_t cells = 0;

    /// The map's scale is 1 : scale.
    std::int64_t scale = 0;
};

/// Draws a scene. Throws InputError when point columns differ in length, a point's grade is above
/// 4, the page is smaller than 120 mm or larger than 2000 mm, or the extent is empty. Time grows
/// with vertices + points; above some thousand points of a grade they become one path per grade.
///
/// Up to most_single_points points on the panel are drawn singly. Of more, the red ones are still
/// drawn singly and on top; the others are gathered in the cells of a square grid on the paper. A
/// cell shows how many they are and has the colour of the gravest of them.
Drawing draw(const Scene& scene);

/// draw(scene).svg.
std::string to_svg(const Scene& scene);

/// The font families that the document asks for, best first; a renderer that has one font only
/// answers to the last, "sans-serif".
std::string_view font_families();

}  // namespace safetyrisk::render
