#include <safetyrisk/region/locator.hpp>

#include <safetyrisk/core/error.hpp>

#include "region/exact.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace safetyrisk::region {

namespace {

// What a cell says: a region (>= 0), nothing, or minus two minus the number of a candidate list.
constexpr std::int32_t none = -1;
constexpr std::int32_t no_region = std::numeric_limits<std::int32_t>::max();

inline void prefetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#endif
}

// The cells along one axis. Position -> cell is monotone in floating point, which is all that the
// index relies on: whatever lies between two positions lies in the cells between theirs.
struct Axis {
    double start = 0.0;
    double end = 0.0;
    double cells_per_deg = 0.0;
    std::uint32_t cells = 1;
    double width = 0.0;   // of a cell
    double margin = 0.0;  // beyond any rounding of a position computed on an edge

    Axis() = default;
    Axis(double from, double to, std::uint32_t count) : start(from), end(to), cells(count) {
        const double length = to - from;
        cells_per_deg = length > 0.0 ? count / length : 0.0;
        if (!std::isfinite(cells_per_deg)) cells_per_deg = 0.0;
        if (cells_per_deg == 0.0) cells = 1;
        width = length / cells;
        const double largest = std::max(std::abs(from), std::abs(to));
        margin = 1e-6 * width + 16 * std::numeric_limits<double>::epsilon() * largest;
    }

    // For positions from start to end; the end belongs to the last cell.
    std::uint32_t cell(double position) const {
        return std::min(static_cast<std::uint32_t>((position - start) * cells_per_deg), cells - 1);
    }
    std::uint32_t nearest_cell(double position) const {
        return cell(std::clamp(position, start, end));
    }
    double middle(std::uint32_t index) const { return start + (index + 0.5) * width; }
};

}  // namespace

struct Locator::Index {
    // One polygon. Its edges are filed in strips of latitude, narrow enough for a few edges each.
    struct Part {
        std::int32_t region = 0;
        std::uint32_t first_strip = 0;
        Axis strips;
        Box box;
    };

    Axis x, y;
    std::vector<std::int32_t> cells;          // row by row
    std::vector<std::uint32_t> list_begin;    // into list_parts
    std::vector<std::uint32_t> list_parts;    // parts with edges in the cell, ascending
    std::vector<std::int32_t> list_fallback;  // the region that covers the cell, or none
    std::vector<Part> parts;                  // in the order of the regions
    std::vector<std::uint32_t> strip_begin;   // into strip_edges
    std::vector<std::uint32_t> strip_edges;   // edge i goes from vertices[i] to vertices[i + 1]
    std::vector<LonLat> vertices;             // rings one after the other, each closed

    explicit Index(const Boundaries& boundaries);

    bool in_box(LonLat p) const {
        return p.lon_deg >= x.start && p.lon_deg <= x.end && p.lat_deg >= y.start &&
               p.lat_deg <= y.end;
    }
    std::size_t cell_of(LonLat p) const {
        return std::size_t{y.cell(p.lat_deg)} * x.cells + x.cell(p.lon_deg);
    }

    bool inside(const Part& part, LonLat p) const;
    std::int32_t resolve(std::int32_t label, LonLat p) const;
    std::int32_t locate(LonLat p) const {
        if (!in_box(p)) return none;
        const std::int32_t label = cells[cell_of(p)];
        return label >= none ? label : resolve(label, p);
    }

private:
    using RingEnds = std::vector<std::uint32_t>;
    void lay_out_grid(const Box& box, const std::vector<RingEnds>& parts_ends);
    void add_strips(Part& part, std::uint32_t begin, const RingEnds& ring_ends);
};

// Whether the ray from p to the east is crossed an odd number of times: an edge counts
// when p is strictly to the left of it, seen upwards, and its half-open range of latitudes holds p.
// Signs are exact, so it does not matter in which direction a ring runs along an edge, and two
// neighbours decide alike.
bool Locator::Index::inside(const Part& part, LonLat p) const {
    if (p.lat_deg < part.strips.start || p.lat_deg > part.strips.end) return false;
    const std::uint32_t strip = part.first_strip + part.strips.cell(p.lat_deg);
    const std::uint32_t* const begin = strip_edges.data() + strip_begin[strip];
    const std::uint32_t* const end = strip_edges.data() + strip_begin[strip + 1];
    bool odd = false;
    bool doubtful = false;
    for (const std::uint32_t* edge = begin; edge != end; ++edge) {
        const LonLat a = vertices[*edge];
        const LonLat b = vertices[*edge + 1];
        const bool a_below = a.lat_deg <= p.lat_deg;
        const bool b_below = b.lat_deg <= p.lat_deg;
        const double left = (b.lon_deg - a.lon_deg) * (p.lat_deg - a.lat_deg);
        const double right = (b.lat_deg - a.lat_deg) * (p.lon_deg - a.lon_deg);
        const double area = left - right;
        const double doubt =
            detail::side_error * (std::abs(left) + std::abs(right)) + detail::side_floor;
        const bool spans = a_below != b_below;
        odd ^= spans & ((area > 0.0) == a_below);
        doubtful |= spans & (std::abs(area) <= doubt);
    }
    if (!doubtful) return odd;
    odd = false;
    for (const std::uint32_t* edge = begin; edge != end; ++edge) {
        const LonLat a = vertices[*edge];
        const LonLat b = vertices[*edge + 1];
        const bool a_below = a.lat_deg <= p.lat_deg;
        const bool b_below = b.lat_deg <= p.lat_deg;
        if (a_below == b_below) continue;
        odd ^= (a_below ? detail::side(a, b, p) : detail::side(b, a, p)) > 0;
    }
    return odd;
}

std::int32_t Locator::Index::resolve(std::int32_t label, LonLat p) const {
    const auto list = static_cast<std::size_t>(-2 - std::int64_t{label});
    for (std::uint32_t i = list_begin[list]; i != list_begin[list + 1]; ++i) {
        const Part& part = parts[list_parts[i]];
        if (inside(part, p)) return part.region;
    }
    return list_fallback[list];
}

// Eight cells a vertex: most points then meet a cell without edges, and the cells of one city stay
// in the cache. Edges far longer than a cell (rectangles, a province of ten vertices beside
// counties of thousands) would fill too many rows, so the grid is made coarser until they do not.
void Locator::Index::lay_out_grid(const Box& box, const std::vector<RingEnds>& parts_ends) {
    constexpr double cells_per_vertex = 8.0;
    constexpr double fewest_cells = 1024.0;
    constexpr double most_cells = 16777216.0;
    const double width = box.east_deg - box.west_deg;
    const double height = box.north_deg - box.south_deg;
    const double edges = static_cast<double>(vertices.size());
    double target = std::clamp(cells_per_vertex * edges, fewest_cells, most_cells);
    for (;; target /= 4) {
        double rows = 1.0;
        if (width > 0.0 && height > 0.0) rows = std::sqrt(target) * std::sqrt(height / width);
        rows = std::floor(std::clamp(rows, 1.0, std::max(target, 1.0)));
        const double columns = std::floor(std::max(target / rows, 1.0));
        x = Axis(box.west_deg, box.east_deg, static_cast<std::uint32_t>(columns));
        y = Axis(box.south_deg, box.north_deg, static_cast<std::uint32_t>(rows));
        if (target <= 1.0) return;
        double reached = 0.0;
        std::uint32_t i = 0;
        for (const RingEnds& ring_ends : parts_ends) {
            for (const std::uint32_t ring_end : ring_ends) {
                for (; i + 1 < ring_end; ++i) {
                    const LonLat a = vertices[i];
                    const LonLat b = vertices[i + 1];
                    const std::uint32_t ac = x.cell(a.lon_deg), bc = x.cell(b.lon_deg);
                    const std::uint32_t ar = y.cell(a.lat_deg), br = y.cell(b.lat_deg);
                    reached += (ac > bc ? ac - bc : bc - ac) + (ar > br ? ar - br : br - ar);
                }
                i = ring_end;
            }
        }
        if (reached <= 16.0 * edges + 100000.0) return;
    }
}

// Files the edges of one polygon, whose rings start at `begin`, by latitude: as many strips as half
// the edges, or fewer when long edges would be filed too often.
void Locator::Index::add_strips(Part& part, std::uint32_t begin, const RingEnds& ring_ends) {
    const auto for_edges = [&](auto&& visit) {
        std::uint32_t i = begin;
        for (const std::uint32_t ring_end : ring_ends) {
            for (; i + 1 < ring_end; ++i) {
                const double a = vertices[i].lat_deg;
                const double b = vertices[i + 1].lat_deg;
                // A horizontal edge crosses no ray.
                if (a < b) visit(i, part.strips.cell(a), part.strips.cell(b));
                if (b < a) visit(i, part.strips.cell(b), part.strips.cell(a));
            }
            i = ring_end;
        }
    };
    const std::size_t edges = ring_ends.back() - begin;
    for (std::size_t strips = edges / 2 + 1;; strips /= 2) {
        part.strips =
            Axis(part.box.south_deg, part.box.north_deg, static_cast<std::uint32_t>(strips));
        std::size_t filed = 0;
        for_edges([&](std::uint32_t, std::uint32_t first, std::uint32_t last) {
            filed += last - first + 1;
        });
        if (filed <= 4 * edges + 16 || part.strips.cells == 1) break;
    }
    part.first_strip = static_cast<std::uint32_t>(strip_begin.size());
    std::vector<std::uint32_t> cursor(std::size_t{part.strips.cells} + 1, 0);
    for_edges([&](std::uint32_t, std::uint32_t first, std::uint32_t last) {
        for (std::uint32_t strip = first; strip <= last; ++strip)
            ++cursor[strip + 1];
    });
    for (std::uint32_t strip = 0; strip < part.strips.cells; ++strip) {
        cursor[strip + 1] += cursor[strip];
    }
    const auto base = static_cast<std::uint32_t>(strip_edges.size());
    strip_edges.resize(strip_edges.size() + cursor.back());
    for (const std::uint32_t end : cursor)
        strip_begin.push_back(base + end);
    for_edges([&](std::uint32_t edge, std::uint32_t first, std::uint32_t last) {
        for (std::uint32_t strip = first; strip <= last; ++strip) {
            strip_edges[base + cursor[strip]++] = edge;
        }
    });
}

namespace {

// Cells first..last of a row that an edge may touch.
struct Span {
    std::uint32_t row, first, last;
    friend auto operator<=>(const Span&, const Span&) = default;
};

void add_spans(const Axis& x, const Axis& y, LonLat a, LonLat b, std::vector<Span>& spans) {
    if (b.lat_deg < a.lat_deg) std::swap(a, b);
    const std::uint32_t bottom = y.cell(a.lat_deg);
    const std::uint32_t top = y.cell(b.lat_deg);
    const std::uint32_t first = x.cell(std::min(a.lon_deg, b.lon_deg));
    const std::uint32_t last = x.cell(std::max(a.lon_deg, b.lon_deg));
    if (bottom == top || first == last) {
        for (std::uint32_t row = bottom; row <= top; ++row)
            spans.push_back({row, first, last});
        return;
    }
    // Where the edge enters and leaves each row, widened by more than the rounding of this.
    const double slope = (b.lon_deg - a.lon_deg) / (b.lat_deg - a.lat_deg);
    const auto at = [&](double latitude) {
        if (latitude <= a.lat_deg) return a.lon_deg;
        if (latitude >= b.lat_deg) return b.lon_deg;
        return std::clamp(a.lon_deg + (latitude - a.lat_deg) * slope,
                          std::min(a.lon_deg, b.lon_deg), std::max(a.lon_deg, b.lon_deg));
    };
    for (std::uint32_t row = bottom; row <= top; ++row) {
        const double enter = at(y.start + row * y.width - y.margin);
        const double leave = at(y.start + (row + 1) * y.width + y.margin);
        spans.push_back({row, std::max(first, x.nearest_cell(std::min(enter, leave) - x.margin)),
                         std::min(last, x.nearest_cell(std::max(enter, leave) + x.margin))});
    }
}

// A set of cells with the rank of each member.
class CellSet {
public:
    explicit CellSet(std::size_t cells) : words_((cells + 63) / 64, 0) {}
    void insert(std::size_t cell) { words_[cell / 64] |= std::uint64_t{1} << (cell % 64); }
    void finish() {
        before_.resize(words_.size() + 1, 0);
        for (std::size_t i = 0; i < words_.size(); ++i) {
            before_[i + 1] = before_[i] + static_cast<std::uint32_t>(std::popcount(words_[i]));
        }
    }
    std::size_t size() const { return before_.back(); }
    std::size_t rank(std::size_t cell) const {
        const std::uint64_t below = (std::uint64_t{1} << (cell % 64)) - 1;
        return before_[cell / 64] +
               static_cast<std::size_t>(std::popcount(words_[cell / 64] & below));
    }
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
                visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }

private:
    std::vector<std::uint64_t> words_;
    std::vector<std::uint32_t> before_;
};

struct ListHash {
    std::size_t operator()(const std::vector<std::uint32_t>& list) const {
        std::uint64_t hash = 1469598103934665603U;
        for (const std::uint32_t item : list)
            hash = (hash ^ item) * 1099511628211U;
        return static_cast<std::size_t>(hash);
    }
};

}  // namespace

Locator::Index::Index(const Boundaries& boundaries) {
    std::size_t rings = 0;
    for (const Boundary& boundary : boundaries.all()) {
        for (const Polygon& polygon : boundary.polygons)
            rings += 1 + polygon.holes.size();
    }
    // Edges are numbered in 32 bits, also where they stand in up to four strips each.
    if (boundaries.vertices() + rings >= (std::size_t{1} << 29)) {
        throw InputError("Locator: the boundaries have " + std::to_string(boundaries.vertices()) +
                         " vertices; fewer than 2^29 can be indexed");
    }

    // Vertices of all rings, closed, and where the rings of each part end.
    vertices.reserve(boundaries.vertices() + rings);
    std::vector<RingEnds> ring_ends;
    Box box;
    for (std::size_t region = 0; region < boundaries.size(); ++region) {
        for (const Polygon& polygon : boundaries[region].polygons) {
            Part part;
            part.region = static_cast<std::int32_t>(region);
            RingEnds& ends = ring_ends.emplace_back();
            const auto add = [&](const Ring& ring) {
                if (ring.empty()) return;
                for (const LonLat p : ring) {
                    vertices.push_back(p);
                    part.box.add(p);
                }
                vertices.push_back(ring.front());
                ends.push_back(static_cast<std::uint32_t>(vertices.size()));
            };
            add(polygon.outer);
            for (const Ring& hole : polygon.holes)
                add(hole);
            if (ends.empty()) {
                ring_ends.pop_back();
                continue;
            }
            box.add(part.box);
            parts.push_back(part);
        }
    }
    if (parts.empty()) {
        x = y = Axis(1.0, 0.0, 1);  // holds no point
        return;
    }
    lay_out_grid(box, ring_ends);

    const std::size_t cell_count = std::size_t{x.cells} * y.cells;
    cells.assign(cell_count, no_region);
    CellSet touched(cell_count);
    struct Record {
        std::uint32_t cell, part;
    };
    std::vector<Record> records;
    std::vector<Span> spans;
    std::uint32_t begin = 0;
    for (std::uint32_t number = 0; number < parts.size(); ++number) {
        Part& part = parts[number];
        const std::uint32_t end = ring_ends[number].back();
        add_strips(part, begin, ring_ends[number]);
        spans.clear();
        for (std::uint32_t i = begin, ring = 0; ring < ring_ends[number].size(); ++ring) {
            for (; i + 1 < ring_ends[number][ring]; ++i) {
                add_spans(x, y, vertices[i], vertices[i + 1], spans);
            }
            i = ring_ends[number][ring];
        }
        begin = end;
        std::ranges::sort(spans);

        // Along each row: cells with edges become records; a gap between them lies wholly inside
        // or wholly outside, which one test of one point tells.
        const auto touch = [&](std::uint32_t row, std::uint32_t first, std::uint32_t last) {
            for (std::uint32_t column = first; column <= last; ++column) {
                const std::size_t cell = std::size_t{row} * x.cells + column;
                if (cells[cell] <= part.region) continue;  // covered by a smaller code
                touched.insert(cell);
                records.push_back({static_cast<std::uint32_t>(cell), number});
            }
        };
        for (std::size_t i = 0; i < spans.size();) {
            const std::uint32_t row = spans[i].row;
            std::uint32_t next = spans[i].first;  // first column not yet dealt with
            for (; i < spans.size() && spans[i].row == row; ++i) {
                if (spans[i].first > next) {
                    const LonLat probe{x.middle(next), y.middle(row)};
                    if (x.nearest_cell(probe.lon_deg) != next ||
                        y.nearest_cell(probe.lat_deg) != row) {
                        touch(row, next, spans[i].first - 1);  // cells as small as a rounding
                    } else if (inside(part, probe)) {
                        for (std::uint32_t column = next; column < spans[i].first; ++column) {
                            std::int32_t& label = cells[std::size_t{row} * x.cells + column];
                            label = std::min(label, part.region);
                        }
                    }
                }
                if (spans[i].last >= next) {
                    touch(row, std::max(next, spans[i].first), spans[i].last);
                    next = spans[i].last + 1;
                }
            }
        }
    }
    strip_begin.shrink_to_fit();
    strip_edges.shrink_to_fit();

    // Candidates by cell (a counting sort, which keeps the order of the parts) ...
    touched.finish();
    std::vector<std::uint32_t> ends(touched.size() + 1, 0);
    for (const Record& record : records)
        ++ends[touched.rank(record.cell) + 1];
    for (std::size_t i = 0; i < touched.size(); ++i)
        ends[i + 1] += ends[i];
    std::vector<std::uint32_t> by_cell(records.size());
    {
        std::vector<std::uint32_t> cursor(ends.begin(), ends.end() - 1);
        for (const Record& record : records) {
            by_cell[cursor[touched.rank(record.cell)]++] = record.part;
        }
    }
    std::vector<Record>().swap(records);

    // ... and equal lists only once: along a border they are all the same, and stay in the cache.
    std::unordered_map<std::vector<std::uint32_t>, std::int32_t, ListHash> numbers;
    std::vector<std::uint32_t> list, previous;
    std::int32_t previous_number = none;
    list_begin.push_back(0);
    std::size_t rank = 0;
    touched.for_each([&](std::size_t cell) {
        const std::int32_t cover = cells[cell];
        list.assign(1, static_cast<std::uint32_t>(cover));
        for (std::uint32_t i = ends[rank]; i != ends[rank + 1]; ++i) {
            if (parts[by_cell[i]].region < cover) list.push_back(by_cell[i]);
        }
        ++rank;
        if (list.size() == 1) return;
        if (list != previous) {
            const auto [place, is_new] =
                numbers.try_emplace(list, static_cast<std::int32_t>(list_fallback.size()));
            if (is_new) {
                list_parts.insert(list_parts.end(), list.begin() + 1, list.end());
                list_begin.push_back(static_cast<std::uint32_t>(list_parts.size()));
                list_fallback.push_back(cover == no_region ? none : cover);
            }
            previous = list;
            previous_number = place->second;
        }
        cells[cell] = -2 - previous_number;
    });
    std::ranges::replace(cells, no_region, none);
}

Locator::Locator(const Boundaries& boundaries)
    : index_(std::make_shared<const Index>(boundaries)) {}

std::int32_t Locator::locate(LonLat point) const {
    return index_ && !index_->cells.empty() ? index_->locate(point) : none;
}

void Locator::locate(std::span<const double> lon_deg, std::span<const double> lat_deg,
                     std::span<std::int32_t> region, const Work& work) const {
    const std::size_t n = lon_deg.size();
    if (lat_deg.size() != n || region.size() != n) {
        throw InputError("locate: columns have " + std::to_string(n) + " longitudes, " +
                         std::to_string(lat_deg.size()) + " latitudes and room for " +
                         std::to_string(region.size()) + " results; the lengths must be equal");
    }
    if (!index_ || index_->cells.empty()) {
        std::ranges::fill(region, none);
        return;
    }
    const Index& index = *index_;
    // Three passes over a batch, so that the look-ups of the cells wait for memory together.
    constexpr std::size_t batch = 256;
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        std::array<std::uint32_t, batch> cell;
        std::array<std::uint16_t, batch> pending;
        for (std::size_t start = begin; start < end; start += batch) {
            const std::size_t count = std::min(batch, end - start);
            const double* const lon = lon_deg.data() + start;
            const double* const lat = lat_deg.data() + start;
            std::int32_t* const out = region.data() + start;
            for (std::size_t i = 0; i < count; ++i) {
                const LonLat p{lon[i], lat[i]};
                const bool in = index.in_box(p);
                cell[i] = in ? static_cast<std::uint32_t>(index.cell_of(p)) : 0;
                out[i] = in ? 0 : none;
                prefetch(index.cells.data() + cell[i]);
            }
            std::size_t waiting = 0;
            for (std::size_t i = 0; i < count; ++i) {
                const std::int32_t label = out[i] == none ? none : index.cells[cell[i]];
                out[i] = label;
                pending[waiting] = static_cast<std::uint16_t>(i);
                waiting += label < none ? 1 : 0;
            }
            for (std::size_t k = 0; k < waiting; ++k) {
                const std::size_t i = pending[k];
                out[i] = index.resolve(out[i], {lon[i], lat[i]});
            }
        }
    });
}

std::size_t Locator::count(LonLat point) const {
    if (!index_ || !index_->in_box(point)) return 0;
    std::size_t found = 0;
    std::int32_t last = none;
    for (const Index::Part& part : index_->parts) {
        if (part.region == last || !part.box.contains(point)) continue;
        if (index_->inside(part, point)) {
            ++found;
            last = part.region;
        }
    }
    return found;
}

std::size_t Locator::memory_bytes() const {
    if (!index_) return 0;
    const auto bytes = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
    const Index& index = *index_;
    return sizeof(Index) + bytes(index.cells) + bytes(index.list_begin) + bytes(index.list_parts) +
           bytes(index.list_fallback) + bytes(index.parts) + bytes(index.strip_begin) +
           bytes(index.strip_edges) + bytes(index.vertices);
}

}  // namespace safetyrisk::region
