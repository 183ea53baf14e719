#include <safetyrisk/region/locator.hpp>

#include <safetyrisk/core/error.hpp>

#include "region/cells.hpp"
#include "region/outlines.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace safetyrisk::region {

namespace {

using detail::Cells;
using detail::Outlines;
namespace label = detail::label;
namespace candidate = detail::candidate;

inline void prefetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#endif
}

// The child of a cell at `depth` - 1 that a point lies in.
inline std::uint32_t child_of(std::uint32_t x, std::uint32_t y, unsigned depth) {
    const unsigned bits = detail::cell_bits(depth);
    constexpr std::uint32_t mask = detail::split - 1;
    return (y >> bits & mask) * detail::split + (x >> bits & mask);
}

}  // namespace

struct Locator::Index {
    Outlines outlines;
    Cells cells;

    explicit Index(const Boundaries& boundaries)
        : outlines(boundaries), cells(detail::build_cells(outlines)) {}

    bool in_box(LonLat p) const {
        return cells.x.contains(p.lon_deg) && cells.y.contains(p.lat_deg);
    }
    std::uint32_t root_of(std::uint32_t x, std::uint32_t y) const {
        constexpr unsigned bits = detail::cell_bits(0);
        return (y >> bits) * cells.x.cells + (x >> bits);
    }

    std::int32_t ask_leaf(const std::uint32_t* words, unsigned depth, std::uint32_t x,
                          std::uint32_t y, LonLat p) const;
    std::int32_t locate(LonLat p) const;
    void locate(const double* lon, const double* lat, std::int32_t* region,
                std::size_t count) const;
};

// The first candidate that holds the point.
std::int32_t Locator::Index::ask_leaf(const std::uint32_t* words, unsigned depth, std::uint32_t x,
                                      std::uint32_t y, LonLat p) const {
    const std::uint32_t mask = (1U << detail::cell_bits(depth)) - 1;
    const std::int64_t px = (x & mask) >> detail::edge_shift(depth);
    const std::int64_t py = (y & mask) >> detail::edge_shift(depth);
    const auto fallback = static_cast<std::int32_t>(*words++);
    for (;;) {
        const std::uint32_t part = words[0];
        const std::uint32_t about = words[1];
        const std::uint32_t count = about & candidate::edges;
        words += 2;
        detail::Crossed sum;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto low = [](std::uint32_t word) { return static_cast<std::int16_t>(word); };
            const auto high = [](std::uint32_t word) {
                return static_cast<std::int16_t>(word >> 16U);
            };
            const std::uint32_t a = words[2 * std::size_t{i}];
            const std::uint32_t b = words[2 * std::size_t{i} + 1];
            sum.add({low(a), high(a), low(b), high(b)}, px, py);
        }
        words += 2 * std::size_t{count};
        bool in = sum.odd != ((about & candidate::inside) != 0);
        if (sum.doubtful || (about & candidate::exact) != 0) in = outlines.holds(part, p);
        if (in) return cells.regions[part];
        if ((about & candidate::last) != 0) return fallback;
    }
}

std::int32_t Locator::Index::locate(LonLat p) const {
    if (!in_box(p)) return label::none;
    const auto x = static_cast<std::uint32_t>(cells.x.at(p.lon_deg));
    const auto y = static_cast<std::uint32_t>(cells.y.at(p.lat_deg));
    std::int32_t found = cells.roots[root_of(x, y)];
    unsigned depth = 0;
    while (label::more(found) && label::is_branch(found)) {
        ++depth;
        found = cells.branches[std::size_t{label::index(found)} * detail::children +
                               child_of(x, y, depth)];
    }
    if (!label::more(found)) return found;
    return ask_leaf(cells.leaves.data() + label::index(found), depth, x, y, p);
}

// Passes over a batch, so that the look-ups of a pass wait for memory together.
void Locator::Index::locate(const double* lon, const double* lat, std::int32_t* region,
                            std::size_t count) const {
    constexpr std::size_t batch = 256;
    std::array<std::uint32_t, batch> xs, ys, place;
    std::array<std::uint16_t, batch> branched, leafed;
    std::array<std::uint8_t, batch> leaf_depth;
    for (std::size_t start = 0; start < count; start += batch) {
        const std::size_t n = std::min(batch, count - start);
        const double* const px = lon + start;
        const double* const py = lat + start;
        std::int32_t* const out = region + start;
        for (std::size_t i = 0; i < n; ++i) {
            const bool in = in_box({px[i], py[i]});
            const double x = in ? px[i] : cells.x.start;
            const double y = in ? py[i] : cells.y.start;
            xs[i] = static_cast<std::uint32_t>(cells.x.at(x));
            ys[i] = static_cast<std::uint32_t>(cells.y.at(y));
            place[i] = root_of(xs[i], ys[i]);
            out[i] = in ? 0 : label::none;
            prefetch(cells.roots.data() + place[i]);
        }
        std::size_t branches = 0;
        std::size_t leaves = 0;
        const auto sort_out = [&](std::size_t i, std::int32_t found, unsigned depth) {
            out[i] = found;
            const bool more = label::more(found);
            const bool branch = more && label::is_branch(found);
            const std::uint32_t index = label::index(found);
            const std::uint32_t child =
                index * detail::children + child_of(xs[i], ys[i], depth + 1);
            const void* const next =
                branch ? static_cast<const void*>(cells.branches.data() + child)
                       : static_cast<const void*>(cells.leaves.data() + (more ? index : 0));
            prefetch(next);
            prefetch(static_cast<const char*>(next) + 63);
            place[i] = branch ? child : index;
            leaf_depth[i] = static_cast<std::uint8_t>(depth);
            branched[branches] = static_cast<std::uint16_t>(i);
            branches += branch ? 1 : 0;
            leafed[leaves] = static_cast<std::uint16_t>(i);
            leaves += more && !branch ? 1 : 0;
        };
        for (std::size_t i = 0; i < n; ++i)
            sort_out(i, out[i] == label::none ? label::none : cells.roots[place[i]], 0);
        for (unsigned depth = 1; branches > 0; ++depth) {
            const std::size_t waiting = branches;
            branches = 0;
            for (std::size_t k = 0; k < waiting; ++k)
                sort_out(branched[k], cells.branches[place[branched[k]]], depth);
        }
        for (std::size_t k = 0; k < leaves; ++k) {
            const std::size_t i = leafed[k];
            out[i] = ask_leaf(cells.leaves.data() + place[i], leaf_depth[i], xs[i], ys[i],
                              {px[i], py[i]});
        }
    }
}

Locator::Locator(const Boundaries& boundaries)
    : index_(std::make_shared<const Index>(boundaries)) {}

std::int32_t Locator::locate(LonLat point) const {
    return index_ ? index_->locate(point) : label::none;
}

void Locator::locate(std::span<const double> lon_deg, std::span<const double> lat_deg,
                     std::span<std::int32_t> region, const Work& work) const {
    const std::size_t n = lon_deg.size();
    if (lat_deg.size() != n || region.size() != n) {
        throw InputError("locate: columns have " + std::to_string(n) + " longitudes, " +
                         std::to_string(lat_deg.size()) + " latitudes and room for " +
                         std::to_string(region.size()) + " results; the lengths must be equal");
    }
    if (!index_ || index_->cells.roots.empty()) {
        std::ranges::fill(region, label::none);
        return;
    }
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        index_->locate(lon_deg.data() + begin, lat_deg.data() + begin, region.data() + begin,
                       end - begin);
    });
}

std::size_t Locator::count(LonLat point) const {
    if (!index_ || !index_->in_box(point)) return 0;
    std::size_t found = 0;
    std::int32_t last = label::none;
    const std::vector<Outlines::Part>& parts = index_->outlines.parts();
    for (std::uint32_t i = 0; i < parts.size(); ++i) {
        if (parts[i].region == last || !parts[i].box.contains(point)) continue;
        if (index_->outlines.holds(i, point)) {
            ++found;
            last = parts[i].region;
        }
    }
    return found;
}

std::size_t Locator::memory_bytes() const {
    if (!index_) return 0;
    return sizeof(Index) + index_->outlines.memory_bytes() + index_->cells.memory_bytes();
}

}  // namespace safetyrisk::region
