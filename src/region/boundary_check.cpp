#include <safetyrisk/region/boundary.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "region/boundary_parts.hpp"
#include "region/exact.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace safetyrisk::region {

namespace {

using detail::axis_km;
using detail::for_rings;
using detail::print_place;

// The edges of one boundary, filed by latitude.
class EdgeStrips {
public:
    struct Edge {
        LonLat a, b;
        std::uint32_t next;  // the edge that starts where this one ends
    };

    explicit EdgeStrips(const Boundary& boundary, const Box& box) : south_(box.south_deg) {
        for_rings(boundary, [&](const Ring& ring) {
            const auto first = static_cast<std::uint32_t>(edges_.size());
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const bool last = i + 1 == ring.size();
                edges_.push_back({ring[i], last ? ring.front() : ring[i + 1],
                                  last ? first : static_cast<std::uint32_t>(edges_.size()) + 1});
            }
        });
        const double height = box.north_deg - box.south_deg;
        std::size_t strips = edges_.size() / 4 + 1;
        for (;; strips /= 2) {
            per_deg_ = height > 0.0 ? static_cast<double>(strips) / height : 0.0;
            if (!std::isfinite(per_deg_) || strips <= 1) per_deg_ = 0.0;
            last_strip_ = per_deg_ == 0.0 ? 0 : strips - 1;
            std::size_t filed = 0;
            for (const Edge& edge : edges_)
                filed += top(edge) - bottom(edge) + 1;
            if (last_strip_ == 0 || filed <= 4 * edges_.size() + 64) break;
        }
        begin_.assign(last_strip_ + 2, 0);
        for (const Edge& edge : edges_) {
            for (std::size_t s = bottom(edge); s <= top(edge); ++s)
                ++begin_[s + 1];
        }
        for (std::size_t s = 0; s <= last_strip_; ++s)
            begin_[s + 1] += begin_[s];
        filed_.resize(begin_.back());
        std::vector<std::uint32_t> cursor(begin_.begin(), begin_.end() - 1);
        for (std::uint32_t i = 0; i < edges_.size(); ++i) {
            for (std::size_t s = bottom(edges_[i]); s <= top(edges_[i]); ++s) {
                filed_[cursor[s]++] = i;
            }
        }
    }

    const std::vector<Edge>& edges() const { return edges_; }
    std::size_t strips() const { return last_strip_ + 1; }
    std::span<std::uint32_t> strip(std::size_t s) {
        return std::span(filed_).subspan(begin_[s], begin_[s + 1] - begin_[s]);
    }
    std::size_t strip_of(double lat) const {
        return std::min(static_cast<std::size_t>(std::max((lat - south_) * per_deg_, 0.0)),
                        last_strip_);
    }
    std::size_t bottom(const Edge& edge) const {
        return strip_of(std::min(edge.a.lat_deg, edge.b.lat_deg));
    }

    // Longitudes at which the edges cross a latitude, sorted; the number of edges looked at.
    std::size_t crossings(double lat, std::vector<double>& out) {
        out.clear();
        const auto here = strip(strip_of(lat));
        for (const std::uint32_t i : here) {
            const auto& [a, b, next] = edges_[i];
            if ((a.lat_deg <= lat) == (b.lat_deg <= lat)) continue;
            // A share of the edge, 0 to 1: a slope could overflow.
            const double share = (lat - a.lat_deg) / (b.lat_deg - a.lat_deg);
            out.push_back(a.lon_deg + share * (b.lon_deg - a.lon_deg));
        }
        std::ranges::sort(out);
        return here.size();
    }

private:
    std::size_t top(const Edge& edge) const {
        return strip_of(std::max(edge.a.lat_deg, edge.b.lat_deg));
    }

    double south_;
    double per_deg_ = 0.0;
    std::size_t last_strip_ = 0;
    std::vector<Edge> edges_;
    std::vector<std::uint32_t> begin_, filed_;
};

struct SelfContacts {
    std::size_t crossings = 0, touches = 0;
    LonLat first_crossing, first_touch;
    bool complete = true;
};

bool between(double x, double a, double b) {
    return std::min(a, b) <= x && x <= std::max(a, b);
}

bool on_edge(LonLat p, LonLat a, LonLat b) {
    return between(p.lon_deg, a.lon_deg, b.lon_deg) && between(p.lat_deg, a.lat_deg, b.lat_deg) &&
           detail::side(a, b, p) == 0;
}

bool before(LonLat a, LonLat b) {
    return std::tie(a.lat_deg, a.lon_deg) < std::tie(b.lat_deg, b.lon_deg);
}

// Looks at pairs of edges that could meet. Each pair is looked at in the lowest strip that both
// reach. "First" is the southernmost place, so that it does not depend on the order of the rings.
SelfContacts find_self_contacts(EdgeStrips& strips) {
    using Edge = EdgeStrips::Edge;
    SelfContacts found;
    const std::vector<Edge>& edges = strips.edges();
    std::size_t budget = 20000000 + 200 * edges.size();
    const auto west = [&](std::uint32_t i) {
        return std::min(edges[i].a.lon_deg, edges[i].b.lon_deg);
    };
    const auto note = [](std::size_t& count, LonLat& first, LonLat place) {
        if (count++ == 0 || before(place, first)) first = place;
    };
    for (std::size_t s = 0; s < strips.strips(); ++s) {
        const std::span<std::uint32_t> here = strips.strip(s);
        std::ranges::sort(here, [&](std::uint32_t i, std::uint32_t j) {
            const double wi = west(i), wj = west(j);
            return wi != wj ? wi < wj : i < j;
        });
        for (std::size_t k = 0; k < here.size(); ++k) {
            const Edge& e = edges[here[k]];
            const double east = std::max(e.a.lon_deg, e.b.lon_deg);
            for (std::size_t m = k + 1; m < here.size() && west(here[m]) <= east; ++m) {
                if (budget-- == 0) {
                    found.complete = false;
                    return found;
                }
                const Edge& f = edges[here[m]];
                if (std::max(e.a.lat_deg, e.b.lat_deg) < std::min(f.a.lat_deg, f.b.lat_deg) ||
                    std::max(f.a.lat_deg, f.b.lat_deg) < std::min(e.a.lat_deg, e.b.lat_deg) ||
                    std::max(strips.bottom(e), strips.bottom(f)) != s) {
                    continue;
                }
                const bool f_follows = e.next == here[m];
                const bool e_follows = f.next == here[k];
                if (f_follows || e_follows) {
                    // Neighbours share a vertex; they meet elsewhere only when one folds back.
                    const LonLat tip = f_follows ? e.b : f.b;
                    const LonLat start = f_follows ? e.a : f.a;
                    const LonLat end = f_follows ? f.b : e.b;
                    if (on_edge(end, start, tip) || on_edge(start, tip, end)) {
                        note(found.touches, found.first_touch, tip);
                    }
                    continue;
                }
                const int fa = detail::side(e.a, e.b, f.a), fb = detail::side(e.a, e.b, f.b);
                if (fa * fb > 0) continue;
                const int ea = detail::side(f.a, f.b, e.a), eb = detail::side(f.a, f.b, e.b);
                if (ea * eb > 0) continue;
                if (fa * fb < 0 && ea * eb < 0) {
                    const double ex = e.b.lon_deg - e.a.lon_deg, ey = e.b.lat_deg - e.a.lat_deg;
                    const double fx = f.b.lon_deg - f.a.lon_deg, fy = f.b.lat_deg - f.a.lat_deg;
                    const double along =
                        ((f.a.lon_deg - e.a.lon_deg) * fy - (f.a.lat_deg - e.a.lat_deg) * fx) /
                        (ex * fy - ey * fx);
                    // Products of tiny differences underflow; any place on the edge will do then.
                    const double t = along >= 0.0 && along <= 1.0 ? along : 0.5;
                    note(found.crossings, found.first_crossing,
                         {e.a.lon_deg + t * ex, e.a.lat_deg + t * ey});
                    continue;
                }
                for (const LonLat p : {f.a, f.b}) {
                    if (on_edge(p, e.a, e.b)) {
                        note(found.touches, found.first_touch, p);
                        break;
                    }
                }
            }
        }
    }
    return found;
}

// About how much two regions share: between two latitudes with vertices nothing bends, so the width
// in the middle times the height is exact unless edges cross there.
struct Shared {
    double km2 = 0.0;
    double widest = 0.0;  // degrees
    LonLat place;
    bool complete = true;
};

Shared find_overlap(EdgeStrips& one, EdgeStrips& other, double south, double north) {
    std::vector<double> lats{south, north};
    for (const EdgeStrips* strips : {&one, &other}) {
        for (const EdgeStrips::Edge& edge : strips->edges()) {
            if (edge.a.lat_deg > south && edge.a.lat_deg < north) lats.push_back(edge.a.lat_deg);
        }
    }
    std::ranges::sort(lats);
    lats.erase(std::unique(lats.begin(), lats.end()), lats.end());
    Shared shared;
    std::size_t budget = 100000000;
    std::vector<double> xs, ys;
    for (std::size_t i = 0; i + 1 < lats.size(); ++i) {
        const double height = lats[i + 1] - lats[i];
        const double lat = lats[i] + height / 2;
        const std::size_t looked_at = one.crossings(lat, xs) + other.crossings(lat, ys);
        if (budget < looked_at) {
            shared.complete = false;
            return shared;
        }
        budget -= looked_at;
        double width = 0.0;
        for (std::size_t a = 0, b = 0; a + 1 < xs.size() && b + 1 < ys.size();) {
            const double from = std::max(xs[a], ys[b]);
            const double to = std::min(xs[a + 1], ys[b + 1]);
            // Crossings of one border computed from its two sides differ by roundings.
            if (to - from > 1e-10) {
                width += to - from;
                if (to - from > shared.widest) {
                    shared.widest = to - from;
                    shared.place = {from + (to - from) / 2, lat};
                }
            }
            (xs[a + 1] < ys[b + 1] ? a : b) += 2;
        }
        const double degree_km = axis_km * detail::pi / 180.0;
        shared.km2 += width * height * degree_km * degree_km * cos_pi(lat / 180.0);
    }
    return shared;
}

std::string print_km2(double km2) {
    return print_number(km2 < 1e12 ? std::round(km2 * 1e4) / 1e4 : km2);
}

}  // namespace

void Boundaries::check(const Origin& origin, IssueTable& issues, const Work& work) const {
    const auto stop_if_asked = [&] {
        if (work.interrupted && work.interrupted()) throw Interrupted();
    };
    // Strips are made when first needed and dropped when no region further east can meet them.
    std::vector<std::size_t> by_west(size());
    std::iota(by_west.begin(), by_west.end(), std::size_t{0});
    std::ranges::stable_sort(by_west, {}, [&](std::size_t i) { return boxes_[i].west_deg; });

    struct Pair {
        std::size_t one, other;
        Shared shared;
    };
    std::vector<SelfContacts> contacts(size());
    std::vector<Pair> pairs;
    std::vector<std::pair<std::size_t, EdgeStrips>> active;
    for (const std::size_t index : by_west) {
        stop_if_asked();
        const Box& own = boxes_[index];
        std::erase_if(
            active, [&](const auto& entry) { return boxes_[entry.first].east_deg < own.west_deg; });
        EdgeStrips strips(boundaries_[index], own);
        contacts[index] = find_self_contacts(strips);
        for (auto& [other, other_strips] : active) {
            const double south = std::max(own.south_deg, boxes_[other].south_deg);
            const double north = std::min(own.north_deg, boxes_[other].north_deg);
            if (south >= north) continue;
            const Shared shared = find_overlap(strips, other_strips, south, north);
            if (shared.km2 > 0.0 || !shared.complete) {
                pairs.push_back({std::min(index, other), std::max(index, other), shared});
            }
        }
        active.emplace_back(index, std::move(strips));
    }
    std::ranges::sort(pairs, {}, [](const Pair& p) { return std::pair(p.one, p.other); });

    for (std::size_t i = 0; i < size(); ++i) {
        const SelfContacts& found = contacts[i];
        const Boundary& boundary = boundaries_[i];
        const std::string code = boundary.code.text();
        if (found.crossings > 0) {
            issues.add("region.boundary_self_intersects", origin, boundary.row, "geometry",
                       print_place(found.first_crossing),
                       {code, boundary.name, std::to_string(found.crossings)});
        }
        if (found.touches > 0) {
            issues.add("region.boundary_self_touches", origin, boundary.row, "geometry",
                       print_place(found.first_touch),
                       {code, boundary.name, std::to_string(found.touches)});
        }
        if (!found.complete) {
            issues.add("region.boundary_check_incomplete", origin, boundary.row, "geometry", code,
                       {boundary.name});
        }
    }
    constexpr double sliver_share = 1e-3;
    std::size_t slivers = 0;
    double sliver_km2 = 0.0;
    for (const auto& [one, other, shared] : pairs) {
        const Boundary& boundary = boundaries_[one];
        if (!shared.complete) {
            issues.add("region.boundary_check_incomplete", origin, boundary.row, "geometry",
                       boundary.code.text() + ";" + boundaries_[other].code.text(),
                       {boundary.name});
        } else if (shared.km2 >=
                   sliver_share * std::min(std::abs(area_km2(one)), std::abs(area_km2(other)))) {
            issues.add(
                "region.boundary_overlap", origin, boundaries_[other].row, "geometry",
                print_place(shared.place),
                {boundary.code.text(), boundaries_[other].code.text(), print_km2(shared.km2)});
        } else {
            ++slivers;
            sliver_km2 += shared.km2;
        }
    }
    if (slivers > 0) {
        issues.add("region.boundary_slivers", origin, -1, "geometry", std::to_string(slivers),
                   {print_km2(sliver_km2)});
    }
}

}  // namespace safetyrisk::region
