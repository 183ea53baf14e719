// The cells of the locator: what they hold and how a point is told from the edges in one.
//
// Positions are laid on a lattice of whole numbers (31 bits an axis), the same for points and
// vertices; all cells are squares of 2^19, 2^16, 2^13 or 2^10 of its steps. A cell that edges touch
// keeps them rounded to its own, coarser steps in 16 bits. Rounding moves a point or an edge by
// less than `doubt` of these steps, so where a point lies farther than that from every edge, the
// rounded edges tell truly on which sides it lies; where it does not, the exact test on the doubles
// decides.
#pragma once

#include "region/outlines.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace safetyrisk::region::detail {

/// Whole numbers for the positions along one axis. Monotone; two positions closer than a step may
/// have the same number.
struct Lattice {
    double start = 1.0, end = 0.0;  ///< holds nothing
    double steps_per_deg = 0.0;     ///< 0 when the axis is too short for steps
    std::uint32_t cells = 1;

    Lattice() = default;
    Lattice(double from, double to, std::uint32_t count);

    bool contains(double position) const { return position >= start && position <= end; }
    std::int32_t at(double position) const {
        return static_cast<std::int32_t>((position - start) * steps_per_deg);
    }
    /// The middle of a step.
    double position(std::int32_t step) const {
        return steps_per_deg > 0.0 ? start + (step + 0.5) / steps_per_deg : start;
    }
};

/// Cells are cut in 8 by 8, three times at most.
inline constexpr unsigned depths = 4;
inline constexpr unsigned split_bits = 3;
inline constexpr std::uint32_t split = 1U << split_bits;
inline constexpr std::uint32_t children = split * split;

/// A cell at a depth is 2^cell_bits steps of the lattice wide.
constexpr unsigned cell_bits(unsigned depth) {
    return 19U - depth * split_bits;
}

/// An edge's step in a cell at a depth is 2^edge_shift steps of the lattice.
constexpr unsigned edge_shift(unsigned depth) {
    return cell_bits(depth) > 14U ? cell_bits(depth) - 14U : 0U;
}

inline constexpr std::uint32_t most_cells_an_axis = 4096;

/// An edge in the steps of its cell, counted from the cell's corner.
struct CellEdge {
    std::int16_t ax, ay, bx, by;
};

/// Farther than this many steps from an edge rounding cannot matter: a point and a vertex are each
/// rounded down, and the end of an edge that was cut to 16 bits is off by one more.
inline constexpr std::int64_t doubt = 3;

/// What the edges of a polygon say about a point of their cell.
struct Crossed {
    bool odd = false;       ///< by a ray to the west
    bool doubtful = false;  ///< too near to an edge

    void add(CellEdge edge, std::int64_t x, std::int64_t y) {
        const std::int64_t ax = edge.ax, ay = edge.ay, bx = edge.bx, by = edge.by;
        const std::int64_t dx = bx - ax, dy = by - ay;
        const std::int64_t area = dx * (y - ay) - dy * (x - ax);
        const bool a_below = ay <= y;
        const bool b_below = by <= y;
        odd ^= (a_below != b_below) & ((area < 0) == a_below);
        const std::int64_t reach = doubt * ((dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy));
        const std::int64_t west = std::min(ax, bx) - doubt, east = std::max(ax, bx) + doubt;
        const std::int64_t south = std::min(ay, by) - doubt, north = std::max(ay, by) + doubt;
        doubtful |= (area <= reach) & (-area <= reach) & (west <= x) & (x <= east) & (south <= y) &
                    (y <= north);
    }
};

/// What a cell says: a region (>= 0), none of them (-1), or where more is said about it.
namespace label {
inline constexpr std::int32_t none = -1;
inline constexpr std::uint32_t largest = (1U << 30U) - 2;  // word of a leaf
inline constexpr std::uint32_t most_branches = (1U << 26U) - 1;

constexpr std::int32_t leaf(std::uint32_t word) {
    return -2 - static_cast<std::int32_t>(2 * word);
}
constexpr std::int32_t branch(std::uint32_t number) {
    return -3 - static_cast<std::int32_t>(2 * number);
}
constexpr bool more(std::int32_t label) {
    return label < none;
}
constexpr std::uint32_t bits(std::int32_t label) {
    return static_cast<std::uint32_t>(-2 - label);
}
constexpr bool is_branch(std::int32_t label) {
    return (bits(label) & 1U) != 0;
}
constexpr std::uint32_t index(std::int32_t label) {
    return bits(label) >> 1U;
}
}  // namespace label

/// A leaf: the region that holds what no candidate holds, then the candidates, each as the number
/// of its polygon, a word of `candidate` bits and its edges of two words each.
namespace candidate {
inline constexpr std::uint32_t inside = 1U << 31U;  ///< what an even number of crossings means
inline constexpr std::uint32_t last = 1U << 30U;
inline constexpr std::uint32_t exact = 1U << 29U;  ///< no edges: the exact test decides
inline constexpr std::uint32_t edges = 0xffffU;
}  // namespace candidate

/// All cells. Built by build_cells, immutable afterwards.
struct Cells {
    Lattice x, y;
    std::vector<std::int32_t> roots;     ///< labels, row by row from the south-west
    std::vector<std::int32_t> branches;  ///< 64 labels each, row by row
    std::vector<std::uint32_t> leaves;
    std::vector<std::int32_t> regions;  ///< of the polygons

    std::size_t memory_bytes() const;
};

/// Bytes that the cells take at most for so many vertices (the outlines not counted).
constexpr std::size_t most_cell_bytes(std::size_t vertices) {
    return (std::size_t{24} << 20U) + 40 * vertices;
}

Cells build_cells(const Outlines& outlines);

}  // namespace safetyrisk::region::detail
