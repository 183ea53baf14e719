#include "region/outlines.hpp"

#include <safetyrisk/core/error.hpp>

#include "region/exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace safetyrisk::region::detail {

namespace {

constexpr std::uint32_t run_edges = 16;
constexpr std::uint32_t fan_out = 8;

float rounded_down(double value) {
    const auto near = static_cast<float>(value);
    return static_cast<double>(near) <= value
               ? near
               : std::nextafter(near, -std::numeric_limits<float>::infinity());
}

float rounded_up(double value) {
    return -rounded_down(-value);
}

std::uint32_t boxes_above(std::uint32_t boxes) {
    return (boxes + fan_out - 1) / fan_out;
}

// Rings near each other one after the other (along a Z-order curve), so that boxes stay small.
std::vector<const Ring*> in_curve_order(const std::vector<Ring>& rings) {
    Box box;
    for (const Ring& ring : rings) {
        if (!ring.empty()) box.add(ring.front());
    }
    const auto key = [&](const Ring& ring) {
        const auto spread = [](double share) {
            auto bits = static_cast<std::uint64_t>(share * 4294967295.0);
            bits = (bits | bits << 16U) & 0x0000ffff0000ffffU;
            bits = (bits | bits << 8U) & 0x00ff00ff00ff00ffU;
            bits = (bits | bits << 4U) & 0x0f0f0f0f0f0f0f0fU;
            bits = (bits | bits << 2U) & 0x3333333333333333U;
            return (bits | bits << 1U) & 0x5555555555555555U;
        };
        const double width = box.east_deg - box.west_deg, height = box.north_deg - box.south_deg;
        const LonLat p = ring.front();
        return spread(width > 0.0 ? (p.lon_deg - box.west_deg) / width : 0.0) |
               spread(height > 0.0 ? (p.lat_deg - box.south_deg) / height : 0.0) << 1U;
    };
    std::vector<std::pair<std::uint64_t, const Ring*>> keys;  // of equal keys the earlier first
    for (const Ring& ring : rings) {
        if (!ring.empty()) keys.emplace_back(key(ring), &ring);
    }
    std::ranges::sort(keys);
    std::vector<const Ring*> order;
    order.reserve(keys.size());
    for (const auto& [place, ring] : keys)
        order.push_back(ring);
    return order;
}

}  // namespace

Outlines::Outlines(const Boundaries& boundaries) {
    std::size_t rings = 0;
    std::size_t polygons = 0;
    for (const Boundary& boundary : boundaries.all()) {
        polygons += boundary.polygons.size();
        for (const Polygon& polygon : boundary.polygons)
            rings += 1 + polygon.holes.size();
    }
    if (boundaries.vertices() + rings >= (std::size_t{1} << 28)) {
        throw InputError("Locator: the boundaries have " + std::to_string(boundaries.vertices()) +
                         " vertices; fewer than 2^28 can be indexed");
    }
    vertices_.reserve(boundaries.vertices() + rings);
    ring_ends_.reserve(rings);
    parts_.reserve(polygons);
    for (std::size_t region = 0; region < boundaries.size(); ++region) {
        for (const Polygon& polygon : boundaries[region].polygons) {
            Part part;
            part.region = static_cast<std::int32_t>(region);
            part.first = static_cast<std::uint32_t>(vertices_.size());
            const std::size_t first_ring = ring_ends_.size();
            const auto add = [&](const Ring& ring) {
                if (ring.empty()) return;
                vertices_.insert(vertices_.end(), ring.begin(), ring.end());
                vertices_.push_back(ring.front());
                ring_ends_.push_back(static_cast<std::uint32_t>(vertices_.size()) - 1);
            };
            add(polygon.outer);
            for (const Ring* hole : in_curve_order(polygon.holes))
                add(*hole);
            part.end = static_cast<std::uint32_t>(vertices_.size());
            if (part.end == part.first) continue;
            add_boxes(part, first_ring);
            box_.add(part.box);
            parts_.push_back(part);
        }
    }
    boxes_.shrink_to_fit();
}

void Outlines::add_boxes(Part& part, std::size_t first_ring) {
    part.first_box = static_cast<std::uint32_t>(boxes_.size());
    std::uint32_t begin = part.first;
    for (std::size_t ring = first_ring; ring < ring_ends_.size(); ++ring) {
        const std::uint32_t end = ring_ends_[ring];
        for (; begin < end; begin = std::min(begin + run_edges, end)) {
            const std::uint32_t last = std::min(begin + run_edges, end);
            Box box{vertices_[begin].lon_deg, vertices_[begin].lat_deg, vertices_[begin].lon_deg,
                    vertices_[begin].lat_deg};
            for (std::uint32_t i = begin + 1; i <= last; ++i) {
                box.west_deg = std::min(box.west_deg, vertices_[i].lon_deg);
                box.south_deg = std::min(box.south_deg, vertices_[i].lat_deg);
                box.east_deg = std::max(box.east_deg, vertices_[i].lon_deg);
                box.north_deg = std::max(box.north_deg, vertices_[i].lat_deg);
            }
            part.box.add(box);
            boxes_.push_back({rounded_down(box.west_deg), rounded_down(box.south_deg),
                              rounded_up(box.east_deg), rounded_up(box.north_deg), begin, last,
                              true});
        }
        begin = end + 1;
    }
    part.runs = static_cast<std::uint32_t>(boxes_.size()) - part.first_box;
    std::uint32_t level = part.first_box;
    for (std::uint32_t count = part.runs; count > fan_out; count = boxes_above(count)) {
        for (std::uint32_t i = 0; i < count; i += fan_out) {
            Bounds sum = boxes_[level + i];
            for (std::uint32_t k = i + 1; k < std::min(i + fan_out, count); ++k) {
                const Bounds& one = boxes_[level + k];
                sum.west = std::min(sum.west, one.west);
                sum.south = std::min(sum.south, one.south);
                sum.east = std::max(sum.east, one.east);
                sum.north = std::max(sum.north, one.north);
                sum.chain = sum.chain && one.chain && one.first == sum.last;
                sum.last = one.last;
            }
            boxes_.push_back(sum);
        }
        level += count;
    }
}

// Whether the ray from p to the east is crossed an odd number of times: an edge counts when p is
// strictly to the left of it, seen upwards, and its half-open range of latitudes holds p. Signs are
// exact, so it does not matter in which direction a ring runs along an edge, and two neighbours
// decide alike.
bool Outlines::odd_in(const Levels& levels, std::size_t level, std::uint32_t begin,
                      std::uint32_t end, LonLat p, std::size_t& looked_at) const {
    bool odd = false;
    looked_at += end - begin;
    for (std::uint32_t i = begin; i < end; ++i) {
        const Bounds& bounds = levels.boxes[level][i];
        if (p.lat_deg < static_cast<double>(bounds.south) ||
            p.lat_deg > static_cast<double>(bounds.north) ||
            p.lon_deg > static_cast<double>(bounds.east)) {
            continue;
        }
        if (bounds.chain && p.lon_deg < static_cast<double>(bounds.west)) {
            odd ^= (vertices_[bounds.first].lat_deg <= p.lat_deg) !=
                   (vertices_[bounds.last].lat_deg <= p.lat_deg);
        } else if (level > 0) {
            odd ^= odd_in(levels, level - 1, i * fan_out,
                          std::min((i + 1) * fan_out, levels.count[level - 1]), p, looked_at);
        } else {
            looked_at += bounds.last - bounds.first;
            for (std::uint32_t k = bounds.first; k < bounds.last; ++k) {
                const LonLat a = vertices_[k];
                const LonLat b = vertices_[k + 1];
                const bool a_below = a.lat_deg <= p.lat_deg;
                if (a_below == (b.lat_deg <= p.lat_deg)) continue;
                odd ^= (a_below ? side(a, b, p) : side(b, a, p)) > 0;
            }
        }
    }
    return odd;
}

bool Outlines::holds(std::uint32_t part, LonLat p, std::size_t& looked_at) const {
    const Part& own = parts_[part];
    if (!own.box.contains(p)) return false;
    Levels levels;
    std::size_t top = 0;
    levels.boxes[0] = boxes_.data() + own.first_box;
    levels.count[0] = own.runs;
    for (; levels.count[top] > fan_out; ++top) {
        levels.boxes[top + 1] = levels.boxes[top] + levels.count[top];
        levels.count[top + 1] = boxes_above(levels.count[top]);
    }
    return odd_in(levels, top, 0, levels.count[top], p, looked_at);
}

std::size_t Outlines::memory_bytes() const {
    const auto bytes = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
    return bytes(parts_) + bytes(vertices_) + bytes(ring_ends_) + bytes(boxes_);
}

}  // namespace safetyrisk::region::detail
