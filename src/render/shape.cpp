#include "render/shape.hpp"

#include "render/writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <queue>
#include <tuple>

namespace safetyrisk::render::detail {
namespace {

int snapped(int value) {
    const int shifted = value + snap / 2;
    const int cell = shifted >= 0 ? shifted / snap : -((-shifted + snap - 1) / snap);
    return cell * snap;
}

std::int64_t cross(Place a, Place b, Place c) {
    return static_cast<std::int64_t>(b.x - a.x) * (c.y - a.y) -
           static_cast<std::int64_t>(b.y - a.y) * (c.x - a.x);
}

bool on_straight(Place a, Place b, Place c) {
    const std::int64_t dot = static_cast<std::int64_t>(b.x - a.x) * (c.x - b.x) +
                             static_cast<std::int64_t>(b.y - a.y) * (c.y - b.y);
    return dot > 0 && cross(a, b, c) == 0;
}

// Vertices in the middle of a straight line go too: that changes no shape, so neighbours still fit.
std::vector<Place> snapped_ring(const region::Ring& ring, const Frame& frame) {
    std::vector<Place> result;
    const auto append = [&result](Place place) {
        while (result.size() >= 2 && on_straight(result[result.size() - 2], result.back(), place))
            result.pop_back();
        if (result.empty() || result.back() != place) result.push_back(place);
    };
    for (const auto& vertex : ring) {
        if (!std::isfinite(vertex.lon_deg) || !std::isfinite(vertex.lat_deg)) continue;
        const Place place = frame.place(vertex.lon_deg, vertex.lat_deg);
        append({snapped(place.x), snapped(place.y)});
    }
    while (result.size() > 1 && result.front() == result.back())
        result.pop_back();
    return result;
}

std::int64_t twice_area(const std::vector<Place>& ring) {
    std::int64_t sum = 0;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        sum += static_cast<std::int64_t>(ring[j].x) * ring[i].y -
               static_cast<std::int64_t>(ring[i].x) * ring[j].y;
    }
    return sum < 0 ? -sum : sum;
}

// Whether all vertices lie on one line. A ring that crosses itself may have a signed area of zero
// and still cover ground, so the area does not tell.
bool is_line(const std::vector<Place>& ring) {
    std::int64_t dx = 0;
    std::int64_t dy = 0;
    for (const Place& place : ring) {
        const std::int64_t x = std::int64_t{place.x} - ring.front().x;
        const std::int64_t y = std::int64_t{place.y} - ring.front().y;
        if (dx == 0 && dy == 0) {
            dx = x;
            dy = y;
        } else if (dx * y != dy * x) {
            return false;
        }
    }
    return true;
}

void include(Box& box, Place place) {
    const int right = std::max(box.right(), place.x);
    const int bottom = std::max(box.bottom(), place.y);
    box.x = std::min(box.x, place.x);
    box.y = std::min(box.y, place.y);
    box.width = right - box.x;
    box.height = bottom - box.y;
}

void grow(Box& box, const std::vector<Place>& ring, bool first) {
    if (first) box = {ring.front().x, ring.front().y, 0, 0};
    for (const Place place : ring)
        include(box, place);
}

// Edges that share a box.
constexpr std::size_t edges_in_box = 12;

}  // namespace

void Shape::index() {
    edges.clear();
    for (std::size_t r = 0; r < rings.size(); ++r) {
        const auto& ring = rings[r];
        for (std::size_t begin = 0; begin < ring.size(); begin += edges_in_box) {
            const std::size_t end = std::min(begin + edges_in_box, ring.size());
            const Place first = ring[begin == 0 ? ring.size() - 1 : begin - 1];
            Box box{first.x, first.y, 0, 0};
            for (std::size_t i = begin; i < end; ++i)
                include(box, ring[i]);
            edges.push_back({r, begin, end, box});
        }
    }
}

bool Shape::contains(Place place) const {
    if (!bounds.contains(place)) return false;
    bool inside = false;
    for (const Edges& some : edges) {
        if (place.y < some.bounds.y || place.y >= some.bounds.bottom()) continue;
        const auto& ring = rings[some.ring];
        for (std::size_t i = some.begin, j = i == 0 ? ring.size() - 1 : i - 1; i < some.end;
             j = i++) {
            const Place a = ring[i];
            const Place b = ring[j];
            if ((a.y > place.y) == (b.y > place.y)) continue;
            if (place.x < a.x + (place.y - a.y) / static_cast<double>(b.y - a.y) * (b.x - a.x))
                inside = !inside;
        }
    }
    return inside;
}

Shape make_shape(const std::vector<region::Polygon>& polygons, const Frame& frame) {
    Shape shape;
    std::optional<Place> somewhere;
    for (const auto& polygon : polygons) {
        auto outer = snapped_ring(polygon.outer, frame);
        if (!outer.empty() && (!somewhere || outer.front() < *somewhere)) somewhere = outer.front();
        if (outer.size() < 3 || is_line(outer)) continue;
        shape.area += twice_area(outer);
        shape.outers.push_back(shape.rings.size());
        grow(shape.bounds, outer, shape.rings.empty());
        shape.rings.push_back(std::move(outer));
        for (const auto& hole : polygon.holes) {
            auto ring = snapped_ring(hole, frame);
            if (ring.size() < 3 || is_line(ring)) continue;
            shape.area -= twice_area(ring);
            shape.rings.push_back(std::move(ring));
        }
    }
    if (shape.rings.empty() && somewhere) {
        const auto [x, y] = *somewhere;
        std::vector<Place> square = {
            {x - 25, y - 25}, {x + 25, y - 25}, {x + 25, y + 25}, {x - 25, y + 25}};
        shape.area = twice_area(square);
        shape.outers.push_back(0);
        grow(shape.bounds, square, true);
        shape.rings.push_back(std::move(square));
    }
    shape.index();
    return shape;
}

Inside most_inside(const Shape& shape, int aspect) {
    if (shape.outers.empty() || shape.edges.empty()) return {};
    // Quadtree search for the pole of inaccessibility (the idea of Mapbox's polylabel) in the
    // largest polygon, with x divided by the aspect.
    std::size_t best_outer = 0;
    std::int64_t best_area = -1;
    for (std::size_t i = 0; i < shape.outers.size(); ++i) {
        const std::int64_t area = twice_area(shape.rings[shape.outers[i]]);
        if (area > best_area) {
            best_area = area;
            best_outer = i;
        }
    }
    const std::size_t begin = shape.outers[best_outer];
    const std::size_t end =
        best_outer + 1 < shape.outers.size() ? shape.outers[best_outer + 1] : shape.rings.size();
    const double narrow = 1.0 / aspect;
    const auto first_edges = std::find_if(shape.edges.begin(), shape.edges.end(),
                                          [&](const Edges& some) { return some.ring >= begin; });
    const auto last_edges = std::find_if(first_edges, shape.edges.end(),
                                         [&](const Edges& some) { return some.ring >= end; });
    // The place before is mostly near, and so are the edges that were nearest to it: seen first,
    // they rule out nearly all others.
    auto near = first_edges;
    const auto distance = [&](double x, double y) {
        double nearest = 1.0e30;
        bool inside = false;
        const auto look = [&](std::vector<Edges>::const_iterator some, bool count, bool measure) {
            const auto& ring = shape.rings[some->ring];
            for (std::size_t i = some->begin, j = i == 0 ? ring.size() - 1 : i - 1; i < some->end;
                 j = i++) {
                const double ax = ring[i].x * narrow, ay = ring[i].y;
                const double bx = ring[j].x * narrow, by = ring[j].y;
                if (count && (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax))
                    inside = !inside;
                if (!measure) continue;
                const double dx = bx - ax, dy = by - ay;
                const double length = dx * dx + dy * dy;
                double t = length > 0.0 ? ((x - ax) * dx + (y - ay) * dy) / length : 0.0;
                t = std::clamp(t, 0.0, 1.0);
                const double ex = x - ax - t * dx, ey = y - ay - t * dy;
                const double square = ex * ex + ey * ey;
                if (square >= nearest) continue;
                nearest = square;
                near = some;
            }
        };
        const auto before = near;
        look(before, false, true);
        for (auto some = first_edges; some != last_edges; ++some) {
            const Box& box = some->bounds;
            const double away_y = std::max({box.y - y, y - box.bottom(), 0.0});
            const double away_x = std::max({box.x * narrow - x, x - box.right() * narrow, 0.0});
            // The margin keeps rounding from leaving out an edge that would be nearer.
            const bool may_be_nearest =
                some != before && away_x * away_x + away_y * away_y <= nearest * 1.000001;
            const bool at_this_height = away_y <= 0.0;
            if (may_be_nearest || at_this_height) look(some, at_this_height, may_be_nearest);
        }
        return inside ? std::sqrt(nearest) : -std::sqrt(nearest);
    };

    Box bounds;
    grow(bounds, shape.rings[begin], true);
    const double width = bounds.width * narrow;
    const double height = bounds.height;
    const double cell = std::min(width, height);
    struct Cell {
        double reach, x, y, half, distance;
    };
    const auto less = [](const Cell& a, const Cell& b) {
        return std::tie(a.reach, b.y, b.x) < std::tie(b.reach, a.y, a.x);
    };
    std::priority_queue<Cell, std::vector<Cell>, decltype(less)> queue(less);
    constexpr double root_two = 1.41421356237309504880;
    const auto make = [&](double x, double y, double half) {
        const double d = distance(x, y);
        return Cell{d + half * root_two, x, y, half, d};
    };
    Cell best = make(bounds.x * narrow + width / 2.0, bounds.y + height / 2.0, 0.0);
    if (cell > 0.0) {
        const double half = cell / 2.0;
        // Very long shapes would start with thousands of cells; 32 each way are plenty.
        const double step = std::max(cell, std::max(width, height) / 32.0);
        for (double x = bounds.x * narrow; x < bounds.x * narrow + width; x += step) {
            for (double y = bounds.y; y < bounds.y + height; y += step)
                queue.push(make(x + half, y + half, std::max(half, step / 2.0)));
        }
    }
    // A fifth of a millimetre, or a twentieth of what there is: no label is placed better for more.
    const auto precise = [](double found) { return std::max(20.0, found / 20.0); };
    for (int looked = 0; !queue.empty() && looked < 400; ++looked) {
        const Cell top = queue.top();
        queue.pop();
        if (top.distance > best.distance) best = top;
        if (top.reach - best.distance <= precise(best.distance)) break;
        const double half = top.half / 2.0;
        for (const double sx : {-1.0, 1.0}) {
            for (const double sy : {-1.0, 1.0})
                queue.push(make(top.x + sx * half, top.y + sy * half, half));
        }
    }
    return {
        {static_cast<int>(std::llround(best.x * aspect)), static_cast<int>(std::llround(best.y))},
        static_cast<int>(std::llround(best.distance))};
}

void append_number(std::string& out, int value) {
    if (value >= 0 && !out.empty() && out.back() >= '0' && out.back() <= '9') out += ' ';
    char buffer[12];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
    out.append(buffer, end);
}

std::string path_data(const Shape& shape) {
    std::string data;
    for (const auto& ring : shape.rings) {
        data += 'M';
        append_number(data, ring[0].x);
        append_number(data, ring[0].y);
        data += 'l';
        for (std::size_t i = 1; i < ring.size(); ++i) {
            append_number(data, ring[i].x - ring[i - 1].x);
            append_number(data, ring[i].y - ring[i - 1].y);
        }
        data += 'z';
    }
    return data;
}

}  // namespace safetyrisk::render::detail
