// Where places on the ground lie on the page: extent, projection, graticule and scale bar.
#pragma once

#include <safetyrisk/render/scene.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace safetyrisk::render::detail {

/// A place or size on the page, in hundredths of a millimetre; y grows downwards.
struct Place {
    int x = 0;
    int y = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};

struct Box {
    int x = 0, y = 0, width = 0, height = 0;
    int right() const { return x + width; }
    int bottom() const { return y + height; }
    bool contains(Place p) const {
        return p.x >= x && p.x <= right() && p.y >= y && p.y <= bottom();
    }
};

/// The smallest extent around what it is given; places that are not finite are passed over.
class ExtentBuilder {
public:
    void add(double lon_deg, double lat_deg);
    void add(const std::vector<region::Polygon>& polygons);
    bool empty() const { return empty_; }
    Extent extent() const { return extent_; }

private:
    Extent extent_{};
    bool empty_ = true;
};

/// Plate carrée with the radii of the WGS 84 ellipsoid at the extent's middle latitude.
class Frame {
public:
    /// Fits the extent into the panel; the scale's denominator is rounded up to two digits. An
    /// extent of less than a kilometre is shown as one kilometre.
    Frame(const Extent& extent, const Box& panel);

    Place place(double lon_deg, double lat_deg) const;
    double lon_at(int x) const { return lon0_ + (x - centre_.x) / units_per_lon_; }
    double lat_at(int y) const { return lat0_ - (y - centre_.y) / units_per_lat_; }
    const Box& panel() const { return panel_; }
    std::int64_t scale() const { return scale_; }

private:
    Box panel_;
    Place centre_;
    double lon0_, lat0_;
    double units_per_lon_ = 1.0, units_per_lat_ = 1.0;
    std::int64_t scale_ = 1;
};

/// A line of the graticule: place along the axis and its label, "114°30′E".
struct Tick {
    int at = 0;
    std::string label;
};
/// Meridians and parallels inside the panel, at least `spacing` apart on paper.
std::vector<Tick> meridians(const Frame& frame, int spacing);
std::vector<Tick> parallels(const Frame& frame, int spacing);

/// A round length that is at most `longest` on paper: metres on the ground, length on paper.
struct ScaleBar {
    std::int64_t metres = 0;
    int length = 0;
    int parts = 4;  ///< Equal parts of the bar; their ground lengths are round too.
};
ScaleBar scale_bar(std::int64_t scale, int longest);

/// "500 m", "25 km".
std::string length_text(std::int64_t metres, bool unit);

}  // namespace safetyrisk::render::detail
