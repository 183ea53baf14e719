// A scene: everything that one map page shows, as plain values.
//
// The scene says what is on the page and not where: layout, projection, symbols and label places
// are the renderer's (render/svg.hpp). Texts are printed as given; the scene invents none that
// could be mistaken for a fact. In particular an approval number (审图号) is printed only when the
// caller supplies it: empty means that the page has no such line, and no placeholder either.
//
// Source: 地图管理条例 (2015) arts. 15, 21, 22 and 52 for review and approval number; the page
// elements are those that agencies ask for (图名 图例 比例尺 指北针 编制单位 日期 坐标系).
//
// Threads: plain values, filled by one thread.
// Throws: NotFoundError for an unknown page size.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/region/boundary.hpp>
#include <safetyrisk/render/palette.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::render {

/// A region filled by its grade. Coordinates are degrees, longitude east and latitude north, in
/// the one system that Scene::crs names.
struct RegionMark {
    std::string code;            ///< Division code; ties of drawing order are broken by it.
    std::string name;            ///< Label; empty draws none.
    std::optional<Grade> grade;  ///< None is 未评估.
    std::vector<region::Polygon> polygons;
    std::optional<region::LonLat> label;  ///< Where the label should sit; found when empty.
};

/// An outline without fill: the border of a city around its counties, say.
struct OutlineMark {
    std::string name;
    std::vector<region::Polygon> polygons;
};

/// Points as columns of one length; `id` and `name` may be empty columns.
struct PointMarks {
    std::vector<std::string> id;
    std::vector<std::string> name;
    std::vector<double> lon_deg;
    std::vector<double> lat_deg;
    std::vector<std::uint8_t> grade;  ///< 1 blue to 4 red, 0 not graded.

    std::size_t size() const { return lon_deg.size(); }
};

/// How many there are of each grade.
struct GradeCounts {
    std::uint64_t red = 0, orange = 0, yellow = 0, blue = 0;
    std::uint64_t none = 0;  ///< Regions: 未评估. Points: not graded.

    std::uint64_t of(std::optional<Grade> grade) const;
    std::uint64_t total() const { return red + orange + yellow + blue + none; }
    friend bool operator==(const GradeCounts&, const GradeCounts&) = default;
};

/// The part of the world that the map panel must show, in degrees.
struct Extent {
    double west_deg = 0.0, south_deg = 0.0, east_deg = 0.0, north_deg = 0.0;
};

/// Size of the page in whole millimetres, 120 to 2000 each way.
struct PageSize {
    int width_mm = 420;
    int height_mm = 297;
    friend bool operator==(const PageSize&, const PageSize&) = default;
};

inline constexpr PageSize a3_landscape{420, 297};
inline constexpr PageSize a3_portrait{297, 420};
inline constexpr PageSize a4_landscape{297, 210};
inline constexpr PageSize a4_portrait{210, 297};

/// The page size of a name ("A3", "A3 portrait", "A4", "A4 landscape"; A3 and A4 alone are
/// landscape); throws NotFoundError listing the names.
PageSize page_size(std::string_view name);

/// 内部工作用图,未经审核不得公开, or the English sentence.
std::string_view default_footer(Lang lang);

struct Scene {
    std::string title;
    std::string subtitle;
    Lang lang = Lang::zh;
    Palette palette = render::palette("safe");
    bool grey = false;  ///< Grades as greys of equal luma, as a grey printer makes them.

    std::vector<RegionMark> regions;
    std::vector<OutlineMark> outlines;
    PointMarks points;
    std::optional<Extent> extent;  ///< Default: the regions and outlines, else the points.

    std::optional<GradeCounts> region_counts;  ///< Legend; counted from `regions` when empty.
    std::optional<GradeCounts> point_counts;   ///< Legend; counted from `points` when empty.
    std::string region_word;  ///< Head of the legend's region column; "区域" when empty.

    // Lines of the page; an empty one is left out.
    std::string rule;                   ///< How regions are graded from points.
    std::string data_date;              ///< Day of the data.
    std::string crs;                    ///< Coordinate system of the data.
    std::string source;                 ///< Where the boundaries and the points come from.
    std::string author;                 ///< 编制单位.
    std::string coverage;               ///< How much of the register is assessed.
    std::string approval;               ///< 审图号, exactly as issued; never made up.
    std::optional<std::string> footer;  ///< default_footer(lang) when not set.

    PageSize page = a3_landscape;
};

}  // namespace safetyrisk::render
