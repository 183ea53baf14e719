#include "region/cells.hpp"

#include <safetyrisk/core/error.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <tuple>
#include <utility>

namespace safetyrisk::region::detail {

namespace {

// A leaf is left whole with so many edges, one with more is cut further where that helps, ...
constexpr std::size_t few_edges = 10;
// ... and the edges of all its cells together may be so many times as many.
constexpr double most_copies = 4.0;
// A polygon with more edges than this in a leaf is left to the exact test, which has boxes.
constexpr std::size_t most_leaf_edges = 512;

constexpr std::int32_t no_region = std::numeric_limits<std::int32_t>::max();

// A grid of 2^bits wide cells in steps of the lattice, counted from its corner.
struct Grid {
    unsigned bits;
    std::int32_t columns, rows;
    std::int32_t margin;
};

struct Step {
    std::int32_t x, y;
};

// Calls visit(row, first column, last column) for the cells that an edge may touch, or come nearer
// to than the margin.
template <class Visit>
void for_cells(const Grid& grid, Step a, Step b, Visit&& visit) {
    if (b.y < a.y) std::swap(a, b);
    const std::int64_t margin = grid.margin;
    const auto clamp_column = [&](std::int64_t x) {
        return static_cast<std::int32_t>(
            std::clamp<std::int64_t>(x >> grid.bits, 0, grid.columns - 1));
    };
    const auto clamp_row = [&](std::int64_t y) {
        return static_cast<std::int32_t>(
            std::clamp<std::int64_t>(y >> grid.bits, 0, grid.rows - 1));
    };
    const std::int64_t west = std::min(a.x, b.x) - margin, east = std::max(a.x, b.x) + margin;
    const std::int64_t south = a.y - margin, north = b.y + margin;
    if (east < 0 || north < 0 || west >= std::int64_t{grid.columns} << grid.bits ||
        south >= std::int64_t{grid.rows} << grid.bits) {
        return;
    }
    const std::int32_t first = clamp_column(west), last = clamp_column(east);
    const std::int32_t bottom = clamp_row(south), top = clamp_row(north);
    if (bottom == top || first == last) {
        for (std::int32_t row = bottom; row <= top; ++row)
            visit(row, first, last);
        return;
    }
    const double slope =
        b.y > a.y ? (static_cast<double>(b.x) - a.x) / (static_cast<double>(b.y) - a.y) : 0.0;
    const auto at = [&](std::int64_t y) -> double {
        if (y <= a.y) return a.x;
        if (y >= b.y) return b.x;
        return a.x + static_cast<double>(y - a.y) * slope;
    };
    for (std::int32_t row = bottom; row <= top; ++row) {
        const std::int64_t from = (std::int64_t{row} << grid.bits) - margin;
        const std::int64_t to = (std::int64_t{row + 1} << grid.bits) + margin;
        double enter = at(from), leave = at(to);
        if (b.y == a.y) enter = a.x, leave = b.x;
        if (enter > leave) std::swap(enter, leave);
        const std::int32_t row_first =
            clamp_column(static_cast<std::int64_t>(std::floor(enter)) - margin - 1);
        const std::int32_t row_last =
            clamp_column(static_cast<std::int64_t>(std::ceil(leave)) + margin + 1);
        visit(row, std::max(first, row_first), std::min(last, row_last));
    }
}

// Which columns of each row are not yet covered: each is filled once, however many polygons
// cover it.
class Uncovered {
public:
    Uncovered(std::uint32_t columns, std::uint32_t rows)
        : width_(columns + 1), next_(std::size_t{width_} * rows) {
        for (std::size_t i = 0; i < next_.size(); ++i)
            next_[i] = static_cast<std::uint16_t>(i % width_);
    }
    // The first uncovered column from `column` on, or the number of columns.
    std::uint32_t from(std::uint32_t row, std::uint32_t column) {
        std::uint16_t* const next = next_.data() + std::size_t{row} * width_;
        while (next[column] != column) {
            next[column] = next[next[column]];
            column = next[column];
        }
        return column;
    }
    void cover(std::uint32_t row, std::uint32_t column) {
        next_[std::size_t{row} * width_ + column] = static_cast<std::uint16_t>(column + 1);
    }

private:
    std::uint32_t width_;
    std::vector<std::uint16_t> next_;
};

// The edges of one polygon in a cell.
struct Group {
    std::uint32_t part = 0;
    std::uint32_t first = 0, end = 0;              // in Cell::edges
    std::uint32_t local_first = 0, local_end = 0;  // in Cell::local
    bool inside = false;                           // what an even number of crossings means
    bool known = false;                            // else only the exact test decides
    bool at_place = false;                         // whether it holds the place of orient()
};

// A cell while it is built; one for each depth is enough.
struct Cell {
    Step corner{0, 0};
    std::int32_t fallback = label::none;
    std::vector<Group> groups;
    std::vector<std::uint32_t> edges;  // edge i goes from vertices[i] to vertices[i + 1]
    std::vector<CellEdge> local;

    // Where the edges go when the cell is cut: by group, the ends of the lists of the children.
    std::vector<std::uint32_t> child_edges;
    std::vector<std::array<std::uint32_t, children + 1>> child_begin;
    std::vector<std::uint64_t> child_inside;
};

class Builder {
public:
    explicit Builder(const Outlines& outlines) : outlines_(outlines) {}

    Cells run() {
        cells_.regions.reserve(outlines_.parts().size());
        for (const Outlines::Part& part : outlines_.parts())
            cells_.regions.push_back(part.region);
        if (outlines_.parts().empty()) return std::move(cells_);
        // Where exact tests are dear a coarser grid needs fewer of them.
        most_looks_ = 50 * outlines_.vertices().size() + 5000000;
        double most_cells = 2097152.0;
        do {
            lay_out_grid(most_cells);
            lay_on_lattice();
            most_cells /= 16.0;
            looks_ = 0;
        } while (!touch_roots());
        looks_ = 0;
        // Room for most boundaries at once: growing by copies would need the memory twice.
        cells_.leaves.reserve(most_bytes_ / 8);
        cells_.branches.reserve(most_bytes_ / 16);
        fill_roots();
        std::vector<Step>().swap(steps_);
        std::vector<std::uint32_t>().swap(root_ends_);
        std::vector<std::uint32_t>().swap(root_edges_);
        cells_.branches.shrink_to_fit();
        cells_.leaves.shrink_to_fit();
        return std::move(cells_);
    }

private:
    const LonLat& vertex(std::uint32_t i) const { return outlines_.vertices()[i]; }

    template <class Visit>
    void for_edges(const Outlines::Part& part, std::size_t& ring, Visit&& visit) const {
        const std::vector<std::uint32_t>& ends = outlines_.ring_ends();
        for (std::uint32_t i = part.first; i < part.end; ++ring) {
            for (; i < ends[ring]; ++i)
                visit(i);
            ++i;
        }
    }

    void lay_out_grid(double most_cells);
    void lay_on_lattice();
    bool touch_roots();
    void fill_roots();
    std::int32_t build(unsigned depth, double copies);
    void localize(unsigned depth);
    bool orient(unsigned depth);
    void drop_opposites(unsigned depth);
    bool cancel(const Cell& cell, std::size_t groups) const;
    bool cut(unsigned depth, double& copies);
    std::int32_t build_children(unsigned depth, double copies);
    std::int32_t add_leaf(const Cell& cell);
    static Crossed crossed(const Cell& cell, const Group& group, std::int64_t x, std::int64_t y) {
        Crossed sum;
        for (std::uint32_t i = group.local_first; i < group.local_end; ++i)
            sum.add(cell.local[i], x, y);
        return sum;
    }
    bool holds(std::uint32_t part, Step p) const {
        return outlines_.holds(part, {cells_.x.position(p.x), cells_.y.position(p.y)}, looks_);
    }
    // Whether the polygon of a group holds a step of the lattice in the cell.
    bool holds(unsigned depth, const Group& group, Step p) const {
        const Cell& cell = open_[depth];
        if (group.known) {
            const unsigned shift = edge_shift(depth);
            const Crossed sum = crossed(cell, group, (p.x - cell.corner.x) >> shift,
                                        (p.y - cell.corner.y) >> shift);
            if (!sum.doubtful) return sum.odd != group.inside;
        }
        return holds(group.part, p);
    }

    const Outlines& outlines_;
    Cells cells_;
    std::vector<Step> steps_;  // of the vertices
    std::array<Cell, depths> open_;
    std::vector<std::int16_t> loose_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> filed_;  // child, edge
    mutable std::vector<std::pair<LonLat, LonLat>> pairs_;
    std::size_t most_bytes_ = 0;
    // Boxes and edges that exact tests look at: beyond the most, cells are left to the query.
    mutable std::size_t looks_ = 0;
    std::size_t most_looks_ = 0;
    std::vector<std::uint32_t> root_ends_, root_edges_;
};

// About eight cells a vertex, two million at most: eight megabytes stay in the cache. Long edges
// (rectangles, the teeth of a comb) would stand in too many cells: across the direction in which
// they run the grid is made coarser.
void Builder::lay_out_grid(double most_cells) {
    constexpr double cells_per_vertex = 8.0;
    const double fewest_cells = std::min(1024.0, most_cells);
    const Box& box = outlines_.box();
    const double width = box.east_deg - box.west_deg;
    const double height = box.north_deg - box.south_deg;
    double across = 0.0, up = 0.0, edges = 0.0;  // lengths in widths and heights of the box
    std::size_t ring = 0;
    for (const Outlines::Part& part : outlines_.parts()) {
        for_edges(part, ring, [&](std::uint32_t i) {
            across += std::abs(vertex(i + 1).lon_deg - vertex(i).lon_deg);
            up += std::abs(vertex(i + 1).lat_deg - vertex(i).lat_deg);
            edges += 1.0;
        });
    }
    across = width > 0.0 ? across / width : 0.0;
    up = height > 0.0 ? up / height : 0.0;
    const double most_crossings = 1.5 * edges + 400000.0;
    const double most_columns =
        std::clamp(most_crossings / std::max(across, 1.0), 1.0, double{most_cells_an_axis});
    const double most_rows =
        std::clamp(most_crossings / std::max(up, 1.0), 1.0, double{most_cells_an_axis});
    const double target = std::clamp(cells_per_vertex * edges, fewest_cells, most_cells);
    double rows = 1.0;
    if (width > 0.0 && height > 0.0) rows = std::sqrt(target) * std::sqrt(height / width);
    rows = std::clamp(rows, 1.0, most_rows);
    const double columns = std::clamp(target / rows, 1.0, most_columns);
    rows = std::clamp(target / columns, 1.0, most_rows);
    cells_.x = Lattice(box.west_deg, box.east_deg, static_cast<std::uint32_t>(columns));
    cells_.y = Lattice(box.south_deg, box.north_deg, static_cast<std::uint32_t>(rows));
}

void Builder::lay_on_lattice() {
    steps_.clear();
    steps_.reserve(outlines_.vertices().size());
    for (const LonLat p : outlines_.vertices())
        steps_.push_back({cells_.x.at(p.lon_deg), cells_.y.at(p.lat_deg)});
    most_bytes_ = most_cell_bytes(steps_.size());
}

// Labels the cells that no edge touches and sorts the edges by cell. False when that costs too
// much.
bool Builder::touch_roots() {
    const std::uint32_t columns = cells_.x.cells;
    const std::uint32_t rows = cells_.y.cells;
    const std::size_t count = std::size_t{columns} * rows;
    cells_.roots.assign(count, no_region);
    Uncovered uncovered(columns, rows);
    const Grid grid{cell_bits(0), static_cast<std::int32_t>(columns),
                    static_cast<std::int32_t>(rows),
                    static_cast<std::int32_t>((doubt + 1) << edge_shift(0))};
    struct Record {
        std::uint32_t cell, edge;
    };
    const std::size_t most_records = 8 * steps_.size() + 2000000;
    std::vector<Record> records;
    records.reserve(steps_.size() + steps_.size() / 8);
    std::vector<std::uint32_t>& ends = root_ends_;
    ends.assign(count + 1, 0);
    std::vector<std::uint64_t> spans;
    std::size_t ring = 0;
    for (std::uint32_t number = 0; number < outlines_.parts().size(); ++number) {
        const Outlines::Part& part = outlines_.parts()[number];
        // Which cells the edges touch. Those covered by a smaller code need no edges.
        spans.clear();
        for_edges(part, ring, [&](std::uint32_t i) {
            for_cells(grid, steps_[i], steps_[i + 1],
                      [&](std::int32_t row, std::int32_t first, std::int32_t last) {
                          const std::uint64_t span = static_cast<std::uint64_t>(row) << 32U |
                                                     static_cast<std::uint64_t>(first) << 16U |
                                                     static_cast<std::uint64_t>(last);
                          if (spans.empty() || spans.back() != span) spans.push_back(span);
                          for (std::int32_t column = first; column <= last; ++column) {
                              const std::size_t cell = static_cast<std::size_t>(row) * columns +
                                                       static_cast<std::size_t>(column);
                              if (cells_.roots[cell] < part.region) continue;
                              records.push_back({static_cast<std::uint32_t>(cell), i});
                              ++ends[cell + 1];
                          }
                      });
        });
        if (records.size() > most_records) return false;
        std::ranges::sort(spans);
        // Along each row a gap between them lies wholly inside or wholly outside, which one test
        // of one point tells.
        for (std::size_t i = 0; i < spans.size();) {
            const auto row = static_cast<std::uint32_t>(spans[i] >> 32U);
            std::uint32_t next = static_cast<std::uint32_t>(spans[i] >> 16U) & 0xffffU;
            for (; i < spans.size() && spans[i] >> 32U == row; ++i) {
                const std::uint32_t first = static_cast<std::uint32_t>(spans[i] >> 16U) & 0xffffU;
                const std::uint32_t last = static_cast<std::uint32_t>(spans[i]) & 0xffffU;
                if (first > next) {
                    std::uint32_t column = uncovered.from(row, next);
                    const auto middle = [&](std::uint32_t cell) {
                        return static_cast<std::int32_t>((cell << cell_bits(0)) +
                                                         (1U << (cell_bits(0) - 1)));
                    };
                    if (column < first && holds(number, {middle(next), middle(row)})) {
                        for (; column < first; column = uncovered.from(row, column + 1)) {
                            cells_.roots[std::size_t{row} * columns + column] = part.region;
                            uncovered.cover(row, column);
                        }
                    }
                }
                next = std::max(next, last + 1);
            }
            if (looks_ > most_looks_ && count > 1) return false;
        }
    }

    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    root_edges_.resize(records.size());
    for (const Record& record : records | std::views::reverse)
        root_edges_[--ends[record.cell + 1]] = record.edge;
    // Now ends[cell + 1] is where the edges of the cell begin.
    return true;
}

void Builder::fill_roots() {
    const std::uint32_t columns = cells_.x.cells;
    const std::vector<std::uint32_t>& ends = root_ends_;
    const std::vector<std::uint32_t>& by_cell = root_edges_;
    const std::size_t count = cells_.roots.size();
    for (std::size_t cell = 0; cell < count; ++cell) {
        std::int32_t& root = cells_.roots[cell];
        const std::uint32_t begin = ends[cell + 1];
        const std::uint32_t end =
            cell + 2 < ends.size() ? ends[cell + 2] : static_cast<std::uint32_t>(by_cell.size());
        const std::int32_t cover = root;
        root = cover == no_region ? label::none : cover;
        if (begin == end) continue;
        Cell& open = open_[0];
        open.corner = {static_cast<std::int32_t>((cell % columns) << cell_bits(0)),
                       static_cast<std::int32_t>((cell / columns) << cell_bits(0))};
        open.fallback = root;
        open.groups.clear();
        open.edges.clear();
        for (std::uint32_t i = begin; i < end;) {
            // Edges come in the order of the polygons.
            const auto part = std::ranges::upper_bound(outlines_.parts(), by_cell[i], {},
                                                       &Outlines::Part::first) -
                              1;
            if (part->region >= cover) break;
            Group group;
            group.part = static_cast<std::uint32_t>(part - outlines_.parts().begin());
            group.first = static_cast<std::uint32_t>(open.edges.size());
            for (; i < end && by_cell[i] < part->end; ++i)
                open.edges.push_back(by_cell[i]);
            group.end = static_cast<std::uint32_t>(open.edges.size());
            open.groups.push_back(group);
        }
        if (!open.groups.empty()) root = build(0, most_copies);
    }
}

// The edges in the steps of the cell, cut where 16 bits end. Their chains may end west of the cell
// between its south and its north, where a ray to the west would see the end: such ends are joined
// by upright edges, two by two, the last with a place north of the cell.
void Builder::localize(unsigned depth) {
    constexpr std::int32_t limit = 32760;  // of a cut edge
    Cell& cell = open_[depth];
    const unsigned shift = edge_shift(depth);
    const std::int32_t width = 1 << (cell_bits(depth) - shift);
    const auto south = static_cast<std::int16_t>(-2 * doubt);
    const auto north = static_cast<std::int16_t>(width + 2 * doubt);
    const std::int16_t far_west = -32768;
    const auto fits = [](std::int32_t v) { return v >= -32768 && v <= 32767; };
    cell.local.clear();
    for (Group& group : cell.groups) {
        group.local_first = static_cast<std::uint32_t>(cell.local.size());
        loose_.clear();
        for (std::uint32_t k = group.first; k < group.end; ++k) {
            const std::uint32_t i = cell.edges[k];
            const Step a{steps_[i].x - cell.corner.x, steps_[i].y - cell.corner.y};
            const Step b{steps_[i + 1].x - cell.corner.x, steps_[i + 1].y - cell.corner.y};
            Step from{a.x >> shift, a.y >> shift}, to{b.x >> shift, b.y >> shift};
            if (!fits(from.x) || !fits(from.y) || !fits(to.x) || !fits(to.y)) {
                const double unit = 1 << shift;
                const double x = a.x / unit, y = a.y / unit;
                const double dx = (static_cast<double>(b.x) - a.x) / unit;
                const double dy = (static_cast<double>(b.y) - a.y) / unit;
                double enter = 0.0, leave = 1.0;
                const auto clip = [&](double start, double along) {
                    if (along == 0.0) return;
                    double low = (-limit - start) / along, high = (limit - start) / along;
                    if (low > high) std::swap(low, high);
                    enter = std::max(enter, low);
                    leave = std::min(leave, high);
                };
                clip(x, dx);
                clip(y, dy);
                if (enter >= leave) continue;  // only near to the cell, as seen with the margin
                const auto round = [&](double value) {
                    return static_cast<std::int32_t>(
                        std::clamp(std::floor(value), -32768.0, 32767.0));
                };
                if (enter > 0.0) from = {round(x + enter * dx), round(y + enter * dy)};
                if (leave < 1.0) to = {round(x + leave * dx), round(y + leave * dy)};
                if (!fits(from.x) || !fits(from.y) || !fits(to.x) || !fits(to.y)) continue;
            }
            const auto narrow = [](std::int32_t v) { return static_cast<std::int16_t>(v); };
            cell.local.push_back({narrow(from.x), narrow(from.y), narrow(to.x), narrow(to.y)});
            for (const Step p : {from, to}) {
                if (p.x < 0) loose_.push_back(std::clamp(narrow(p.y), south, north));
            }
        }
        std::ranges::sort(loose_);
        if (loose_.size() % 2 != 0) loose_.push_back(north);
        for (std::size_t i = 0; i < loose_.size(); i += 2) {
            if (loose_[i] != loose_[i + 1])
                cell.local.push_back({far_west, loose_[i], far_west, loose_[i + 1]});
        }
        group.local_end = static_cast<std::uint32_t>(cell.local.size());
    }
}

// Finds what an even number of crossings means for each polygon, from one place far enough from
// all edges. False when none is found.
bool Builder::orient(unsigned depth) {
    Cell& cell = open_[depth];
    const unsigned shift = edge_shift(depth);
    const unsigned bits = cell_bits(depth) - shift;
    for (std::uint32_t attempt = 0; attempt < 16 && looks_ <= most_looks_; ++attempt) {
        // A sequence that fills the square evenly (the plastic number's R2), from the middle.
        const auto x =
            static_cast<std::int32_t>(((0x8000U + attempt * 49471U) & 0xffffU) >> (16U - bits));
        const auto y =
            static_cast<std::int32_t>(((0x8000U + attempt * 37345U) & 0xffffU) >> (16U - bits));
        bool certain = true;
        for (Group& group : cell.groups) {
            Crossed sum;
            for (std::uint32_t i = group.local_first; i < group.local_end && !sum.doubtful; ++i)
                sum.add(cell.local[i], x, y);
            group.inside = sum.odd;
            certain = !sum.doubtful;
            if (!certain) break;
        }
        if (!certain) continue;
        const std::int32_t half = shift > 0 ? 1 << (shift - 1) : 0;
        const Step place{cell.corner.x + (x << shift) + half, cell.corner.y + (y << shift) + half};
        for (Group& group : cell.groups) {
            bool in = false;
            if (depth == 0) {
                in = holds(group.part, place);
            } else {
                const std::vector<Group>& above = open_[depth - 1].groups;
                const auto own = std::ranges::lower_bound(above, group.part, {}, &Group::part);
                in = holds(depth - 1, *own, place);
            }
            group.inside = group.inside != in;
            group.at_place = in;
            group.known = true;
        }
        return true;
    }
    for (Group& group : cell.groups)
        group.known = false;
    return false;
}

// Whether the edges of the first polygons cancel out: each stands in an even number of rings.
bool Builder::cancel(const Cell& cell, std::size_t groups) const {
    const auto edge = [&](std::uint32_t k) {
        const std::uint32_t i = cell.edges[k];
        LonLat a = vertex(i), b = vertex(i + 1);
        if (std::tie(b.lon_deg, b.lat_deg) < std::tie(a.lon_deg, a.lat_deg)) std::swap(a, b);
        return std::pair(a, b);
    };
    const std::uint32_t count = cell.groups[groups - 1].end;
    if (count % 2 != 0) return false;
    if (groups == 2 && cell.groups[0].end == count / 2) {
        // Neighbours run along a border in opposite directions.
        std::uint32_t same = 0;
        while (same < count / 2 && edge(same) == edge(count - 1 - same))
            ++same;
        if (same == count / 2) return true;
    }
    pairs_.clear();
    for (std::uint32_t k = 0; k < count; ++k)
        pairs_.push_back(edge(k));
    std::ranges::sort(pairs_, {}, [](const auto& pair) {
        return std::tuple(pair.first.lon_deg, pair.first.lat_deg, pair.second.lon_deg,
                          pair.second.lat_deg);
    });
    for (std::size_t i = 0; i < pairs_.size();) {
        std::size_t end = i;
        while (end < pairs_.size() && pairs_[end] == pairs_[i])
            ++end;
        if ((end - i) % 2 != 0) return false;
        i = end;
    }
    return true;
}

// Along a border with the same edges on both sides whoever is not in the one is in the other, so
// the other needs no test: it is where the point lies when nobody before it has it. The same for
// three and four that meet.
void Builder::drop_opposites(unsigned depth) {
    constexpr std::size_t most_neighbours = 4;
    Cell& cell = open_[depth];
    bool odd = false;
    for (std::size_t k = 0; k < std::min(cell.groups.size(), most_neighbours); ++k) {
        odd ^= cell.groups[k].at_place;
        if (!odd || k == 0 || !cancel(cell, k + 1)) continue;
        cell.fallback = cells_.regions[cell.groups[k].part];
        cell.groups.resize(k);
        cell.edges.resize(cell.groups.back().end);
        cell.local.resize(cell.groups.back().local_end);
        return;
    }
}

// Files the edges under the children of the cell; false when they would stand in too many of them.
bool Builder::cut(unsigned depth, double& copies) {
    Cell& cell = open_[depth];
    const Grid grid{cell_bits(depth + 1), split, split,
                    static_cast<std::int32_t>((doubt + 1) << edge_shift(depth + 1))};
    cell.child_edges.clear();
    cell.child_begin.clear();
    cell.child_inside.clear();
    const double room = copies * static_cast<double>(cell.edges.size());
    for (const Group& group : cell.groups) {
        filed_.clear();
        std::array<std::uint32_t, children + 1>& begin = cell.child_begin.emplace_back();
        begin.fill(0);
        for (std::uint32_t k = group.first; k < group.end; ++k) {
            const std::uint32_t i = cell.edges[k];
            const Step a{steps_[i].x - cell.corner.x, steps_[i].y - cell.corner.y};
            const Step b{steps_[i + 1].x - cell.corner.x, steps_[i + 1].y - cell.corner.y};
            for_cells(grid, a, b, [&](std::int32_t row, std::int32_t first, std::int32_t last) {
                for (std::int32_t column = first; column <= last; ++column) {
                    const auto child = static_cast<std::uint32_t>(row) * split +
                                       static_cast<std::uint32_t>(column);
                    filed_.emplace_back(child, i);
                    ++begin[child];
                }
            });
        }
        const std::size_t base = cell.child_edges.size();
        if (static_cast<double>(base + filed_.size()) > room) return false;
        cell.child_edges.resize(base + filed_.size());
        auto sum = static_cast<std::uint32_t>(base);
        for (std::uint32_t& entry : begin) {
            sum += entry;
            entry = sum;
        }
        for (const auto& [child, edge] : filed_ | std::views::reverse)
            cell.child_edges[--begin[child]] = edge;

        std::uint64_t inside = 0;
        const unsigned bits = cell_bits(depth + 1);
        const auto middle = [&](std::uint32_t i) {
            return static_cast<std::int32_t>((i << bits) + (1U << (bits - 1)));
        };
        for (std::uint32_t row = 0; row < split; ++row) {
            bool in = false;
            bool known = false;  // the children before this one have no edges, too
            for (std::uint32_t column = 0; column < split; ++column) {
                const std::uint32_t child = row * split + column;
                if (begin[child] != begin[child + 1]) {
                    known = false;
                    continue;
                }
                if (!known) {
                    in = holds(depth, group,
                               {cell.corner.x + middle(column), cell.corner.y + middle(row)});
                }
                known = true;
                if (in) inside |= std::uint64_t{1} << child;
            }
        }
        cell.child_inside.push_back(inside);
    }
    const std::size_t bytes = 4 * (cells_.roots.size() + cells_.branches.size() + children +
                                   cells_.leaves.size() + 2 * cell.child_edges.size());
    if (bytes > most_bytes_) return false;
    copies *= static_cast<double>(cell.edges.size()) /
              static_cast<double>(std::max<std::size_t>(cell.child_edges.size(), 1));
    return true;
}

std::int32_t Builder::build_children(unsigned depth, double copies) {
    const std::size_t branch = cells_.branches.size() / children;
    if (branch > label::most_branches) throw InputError("Locator: too many cells");
    cells_.branches.resize(cells_.branches.size() + children);
    const Cell& cell = open_[depth];
    bool uniform = true;
    for (std::uint32_t child = 0; child < children; ++child) {
        Cell& open = open_[depth + 1];
        open.corner = {
            cell.corner.x + static_cast<std::int32_t>((child % split) << cell_bits(depth + 1)),
            cell.corner.y + static_cast<std::int32_t>((child / split) << cell_bits(depth + 1))};
        open.fallback = cell.fallback;
        open.groups.clear();
        open.edges.clear();
        for (std::size_t k = 0; k < cell.groups.size(); ++k) {
            const std::uint32_t begin = cell.child_begin[k][child];
            const std::uint32_t end = cell.child_begin[k][child + 1];
            if (begin == end) {
                if ((cell.child_inside[k] >> child & 1U) == 0) continue;
                open.fallback = cells_.regions[cell.groups[k].part];
                break;
            }
            Group group;
            group.part = cell.groups[k].part;
            group.first = static_cast<std::uint32_t>(open.edges.size());
            open.edges.insert(open.edges.end(), cell.child_edges.begin() + begin,
                              cell.child_edges.begin() + end);
            group.end = static_cast<std::uint32_t>(open.edges.size());
            open.groups.push_back(group);
        }
        const std::int32_t found = open.groups.empty() ? open.fallback : build(depth + 1, copies);
        cells_.branches[branch * children + child] = found;
        uniform = uniform && !label::more(found) && found == cells_.branches[branch * children];
    }
    if (uniform && cells_.branches.size() == (branch + 1) * children) {
        const std::int32_t found = cells_.branches[branch * children];
        cells_.branches.resize(branch * children);
        return found;
    }
    return label::branch(static_cast<std::uint32_t>(branch));
}

std::int32_t Builder::add_leaf(const Cell& cell) {
    const std::size_t place = cells_.leaves.size();
    if (place > label::largest) throw InputError("Locator: too many edges in the cells");
    std::vector<std::uint32_t>& words = cells_.leaves;
    words.push_back(static_cast<std::uint32_t>(cell.fallback));
    for (const Group& group : cell.groups) {
        const std::uint32_t count = group.local_end - group.local_first;
        std::uint32_t about = &group == &cell.groups.back() ? candidate::last : 0;
        const std::size_t bytes = 4 * (cells_.roots.size() + cells_.branches.size() + words.size() +
                                       2 * std::size_t{count});
        words.push_back(group.part);
        if (!group.known || count > most_leaf_edges || bytes > most_bytes_) {
            words.push_back(about | candidate::exact);
            continue;
        }
        if (group.inside) about |= candidate::inside;
        words.push_back(about | count);
        for (std::uint32_t i = group.local_first; i < group.local_end; ++i) {
            const CellEdge edge = cell.local[i];
            const auto pair = [](std::int16_t low, std::int16_t high) {
                return static_cast<std::uint32_t>(static_cast<std::uint16_t>(low)) |
                       static_cast<std::uint32_t>(static_cast<std::uint16_t>(high)) << 16U;
            };
            words.push_back(pair(edge.ax, edge.ay));
            words.push_back(pair(edge.bx, edge.by));
        }
    }
    return label::leaf(static_cast<std::uint32_t>(place));
}

std::int32_t Builder::build(unsigned depth, double copies) {
    localize(depth);
    if (orient(depth)) drop_opposites(depth);
    if (depth + 1 < depths && open_[depth].edges.size() > few_edges && looks_ <= most_looks_ &&
        cut(depth, copies))
        return build_children(depth, copies);
    return add_leaf(open_[depth]);
}

}  // namespace

Lattice::Lattice(double from, double to, std::uint32_t count) : start(from), end(to) {
    const double steps = std::ldexp(static_cast<double>(count), cell_bits(0)) - 1.0;
    const double length = to - from;
    steps_per_deg = length > 0.0 ? steps / length : 0.0;
    // Rounding must not carry the end beyond the last step.
    while (std::isfinite(steps_per_deg) && length * steps_per_deg > steps)
        steps_per_deg = std::nextafter(steps_per_deg, 0.0);
    if (!std::isfinite(steps_per_deg)) steps_per_deg = 0.0;
    cells = steps_per_deg > 0.0 ? count : 1;
}

std::size_t Cells::memory_bytes() const {
    const auto bytes = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
    return bytes(roots) + bytes(branches) + bytes(leaves) + bytes(regions);
}

Cells build_cells(const Outlines& outlines) {
    return Builder(outlines).run();
}

}  // namespace safetyrisk::region::detail
