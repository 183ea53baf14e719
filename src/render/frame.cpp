#include "render/frame.hpp"

#include "render/type.hpp"

#include <safetyrisk/core/text.hpp>
#include <safetyrisk/region/crs.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace safetyrisk::render::detail {
namespace {

constexpr double semi_major_m = 6378137.0;
constexpr double eccentricity_squared = 0.00669437999014;
constexpr double pi = 3.14159265358979323846;
constexpr double units_per_metre = 100000.0;  // hundredths of a millimetre
constexpr double shortest_extent_m = 1000.0;

// Far outside every page, near enough that sums of places stay in int.
constexpr double far_away = 1.0e7;

int to_unit(double value) {
    return static_cast<int>(std::llround(std::clamp(value, -far_away, far_away)));
}

std::int64_t round_up_to_two_digits(double value) {
    std::int64_t step = 1;
    while (value / static_cast<double>(step) > 100.0)
        step *= 10;
    const auto count = static_cast<std::int64_t>(std::ceil(value / static_cast<double>(step)));
    return std::max<std::int64_t>(1, count * step);
}

// Steps of the graticule in seconds of arc.
constexpr std::array<std::int64_t, 17> steps = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 72000};

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string degrees_text(std::int64_t seconds, std::int64_t step, char positive, char negative) {
    const std::int64_t size = seconds < 0 ? -seconds : seconds;
    std::string text = std::to_string(size / 3600) + "°";
    if (step % 3600 != 0) text += two_digits(size / 60 % 60) + "′";
    if (step % 60 != 0) text += two_digits(size % 60) + "″";
    if (seconds != 0) text += seconds > 0 ? positive : negative;
    return text;
}

// `low` and `high` are degrees at two ends that are `length` apart on paper.
template <typename PlaceOf>
std::vector<Tick> ticks(double low, double high, int length, int spacing, char positive,
                        char negative, PlaceOf place_of) {
    std::vector<Tick> result;
    const double seconds = (high - low) * 3600.0;
    if (!(seconds > 0.0)) return result;
    const auto wide_enough = [&](std::int64_t step) {
        return static_cast<double>(step) / seconds * length >= spacing;
    };
    const auto found = std::find_if(steps.begin(), steps.end(), wide_enough);
    const std::int64_t step = found == steps.end() ? steps.back() : *found;
    const auto first =
        static_cast<std::int64_t>(std::ceil(low * 3600.0 / static_cast<double>(step)));
    const auto last =
        static_cast<std::int64_t>(std::floor(high * 3600.0 / static_cast<double>(step)));
    for (std::int64_t i = first; i <= last; ++i) {
        const std::int64_t at = i * step;
        result.push_back({place_of(static_cast<double>(at) / 3600.0),
                          degrees_text(at, step, positive, negative)});
    }
    return result;
}

}  // namespace

void ExtentBuilder::add(double lon_deg, double lat_deg) {
    if (!std::isfinite(lon_deg) || !std::isfinite(lat_deg) || std::abs(lon_deg) > 360.0 ||
        std::abs(lat_deg) > 90.0)
        return;
    if (empty_) {
        extent_ = {lon_deg, lat_deg, lon_deg, lat_deg};
        empty_ = false;
        return;
    }
    extent_.west_deg = std::min(extent_.west_deg, lon_deg);
    extent_.east_deg = std::max(extent_.east_deg, lon_deg);
    extent_.south_deg = std::min(extent_.south_deg, lat_deg);
    extent_.north_deg = std::max(extent_.north_deg, lat_deg);
}

void ExtentBuilder::add(const std::vector<region::Polygon>& polygons) {
    for (const auto& polygon : polygons) {
        for (const auto& vertex : polygon.outer)
            add(vertex.lon_deg, vertex.lat_deg);
    }
}

Frame::Frame(const Extent& extent, const Box& panel)
    : panel_(panel),
      centre_{panel.x + panel.width / 2, panel.y + panel.height / 2},
      lon0_(extent.west_deg + (extent.east_deg - extent.west_deg) / 2.0),
      lat0_(extent.south_deg + (extent.north_deg - extent.south_deg) / 2.0) {
    // At the poles a degree of longitude has no length; 0.01 keeps the division sane there.
    const double cosine = std::max(0.01, region::cos_pi(lat0_ / 180.0));
    const double w2 = 1.0 - eccentricity_squared * (1.0 - cosine * cosine);
    const double w = std::sqrt(w2);
    const double m_per_lon = pi / 180.0 * semi_major_m * cosine / w;
    const double m_per_lat = pi / 180.0 * semi_major_m * (1.0 - eccentricity_squared) / (w2 * w);
    const double wide_m =
        std::max((extent.east_deg - extent.west_deg) * m_per_lon, shortest_extent_m);
    const double high_m =
        std::max((extent.north_deg - extent.south_deg) * m_per_lat, shortest_extent_m);
    // Six percent of the panel stay free around the extent.
    const double denominator =
        std::max(wide_m / (panel.width * 0.94), high_m / (panel.height * 0.94)) * units_per_metre;
    scale_ = round_up_to_two_digits(denominator);
    units_per_lon_ = m_per_lon * units_per_metre / static_cast<double>(scale_);
    units_per_lat_ = m_per_lat * units_per_metre / static_cast<double>(scale_);
}

Place Frame::place(double lon_deg, double lat_deg) const {
    return {to_unit(centre_.x + (lon_deg - lon0_) * units_per_lon_),
            to_unit(centre_.y - (lat_deg - lat0_) * units_per_lat_)};
}

std::vector<Tick> meridians(const Frame& frame, int spacing) {
    const Box& panel = frame.panel();
    return ticks(frame.lon_at(panel.x), frame.lon_at(panel.right()), panel.width, spacing, 'E', 'W',
                 [&](double lon) { return frame.place(lon, 0.0).x; });
}

std::vector<Tick> parallels(const Frame& frame, int spacing) {
    const Box& panel = frame.panel();
    return ticks(frame.lat_at(panel.bottom()), frame.lat_at(panel.y), panel.height, spacing, 'N',
                 'S', [&](double lat) { return frame.place(0.0, lat).y; });
}

ScaleBar scale_bar(std::int64_t scale, int longest) {
    ScaleBar best;
    for (std::int64_t power = 1; power <= 10'000'000; power *= 10) {
        // Four parts of 1, 2 or 5 each; a bar of 1 km in quarters would need 250 m.
        for (const std::int64_t digit : {4, 8, 20}) {
            const std::int64_t metres = digit * power;
            const double length =
                static_cast<double>(metres) * units_per_metre / static_cast<double>(scale);
            if (length > longest) return best;
            best = {metres, to_unit(length), 4};
        }
    }
    return best;
}

std::string length_text(std::int64_t metres, bool unit) {
    if (metres != 0 && metres < 1000) return std::to_string(metres) + (unit ? " m" : "");
    std::string text = print_number(static_cast<double>(metres) / 1000.0);
    return unit ? text + " km" : text;
}

}  // namespace safetyrisk::render::detail
