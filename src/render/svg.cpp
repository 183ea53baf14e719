#include <safetyrisk/render/svg.hpp>

#include "render/page.hpp"
#include "render/type.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <cmath>
#include <utility>

namespace safetyrisk::render::detail {

void Page::check() const {
    const auto& page = scene_.page;
    if (page.width_mm < 120 || page.height_mm < 120 || page.width_mm > 2000 ||
        page.height_mm > 2000)
        throw InputError("the page is " + std::to_string(page.width_mm) + " by " +
                         std::to_string(page.height_mm) + " mm; each side must be 120 to 2000 mm");
    const auto& points = scene_.points;
    const auto length = [&](std::string_view name, std::size_t size, bool optional) {
        if (size == points.size() || (optional && size == 0)) return;
        throw InputError("points." + std::string(name) + " has " + std::to_string(size) +
                         " rows and points.lon_deg has " + std::to_string(points.size()));
    };
    length("lat_deg", points.lat_deg.size(), false);
    length("grade", points.grade.size(), false);
    length("id", points.id.size(), true);
    length("name", points.name.size(), true);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points.grade[i] > 4)
            throw InputError("points.grade[" + std::to_string(i) + "] is " +
                             std::to_string(points.grade[i]) + "; it is 0 (not graded) to 4 (red)");
    }
    if (scene_.extent) {
        const Extent& e = *scene_.extent;
        if (!(std::isfinite(e.west_deg) && std::isfinite(e.east_deg) &&
              std::isfinite(e.south_deg) && std::isfinite(e.north_deg) &&
              e.west_deg <= e.east_deg && e.south_deg <= e.north_deg && e.west_deg >= -360.0 &&
              e.east_deg <= 360.0 && e.south_deg >= -90.0 && e.north_deg <= 90.0))
            throw InputError(
                "the extent must be degrees of the globe with west <= east and south <= north");
    }
}

GradeCounts Page::region_counts() const {
    if (scene_.region_counts) return *scene_.region_counts;
    GradeCounts counts;
    for (const auto& region : scene_.regions) {
        if (!region.grade)
            ++counts.none;
        else if (*region.grade == Grade::red)
            ++counts.red;
        else if (*region.grade == Grade::orange)
            ++counts.orange;
        else if (*region.grade == Grade::yellow)
            ++counts.yellow;
        else
            ++counts.blue;
    }
    return counts;
}

GradeCounts Page::point_counts() const {
    if (scene_.point_counts) return *scene_.point_counts;
    std::array<std::uint64_t, 5> by_code{};
    for (const std::uint8_t grade : scene_.points.grade)
        ++by_code[grade];
    return {by_code[4], by_code[3], by_code[2], by_code[1], by_code[0]};
}

Extent Page::extent() const {
    if (scene_.extent) return *scene_.extent;
    ExtentBuilder builder;
    for (const auto& region : scene_.regions)
        builder.add(region.polygons);
    for (const auto& outline : scene_.outlines)
        builder.add(outline.polygons);
    if (builder.empty()) {
        for (std::size_t i = 0; i < scene_.points.size(); ++i)
            builder.add(scene_.points.lon_deg[i], scene_.points.lat_deg[i]);
    }
    return builder.extent();
}

Drawing Page::draw() {
    check();
    const int left = mm(1400);
    const bool landscape = width_ >= height_;
    const int side = landscape ? mm(8600) : 0;
    const int gap = mm(1000);
    const int bottom = height_ - mm(1650);
    const int map_top = title_block();
    std::string title_text;
    std::swap(title_text, svg_.out);

    // At least a third of the page is map, however long the title.
    const int caption = scene_.points.size() > most_single_points ? mm(1400) : 0;
    const int block = landscape ? 0 : mm(7250) + caption;
    const Box outer{
        left, map_top, width_ - 2 * left - (landscape ? side + gap : 0),
        std::max(bottom - map_top - (landscape ? 0 : block + gap * 7 / 10), height_ / 3)};
    const int band = mm(430);
    const Box panel{outer.x + band, outer.y + band, outer.width - 2 * band,
                    outer.height - 2 * band};
    const Frame frame(extent(), panel);
    result_.scale = frame.scale();
    prepare_regions(frame);
    prepare_points(frame);

    definitions();
    svg_.rectangle({0, 0, width_, height_}, "fill=\"#FFFFFF\"");
    svg_.raw(title_text);
    map(frame);
    neat_line(frame, outer);
    if (landscape) {
        // What is on the map at the top of the column; what is behind it at the foot.
        const int x = outer.right() + gap;
        const int y = legend({x, outer.y, side, 0}) + mm(550);
        composition({x, y, side, 0});
        const int after = y + mm(1450);
        const int room = outer.bottom() - after - mm(3350);
        const int top = outer.bottom() - facts_block({x, 0, side, room}, false);
        facts_block({x, top, side, room}, true);
        const int line = top - mm(480);
        svg_.line({x, line}, {x + side, line}, hairline, mm(14));
        north_arrow({x + side - mm(600), line - mm(620)}, mm(1250));
        scale(frame, {x, line - mm(1100)}, side - mm(2400));
    } else {
        const int y = outer.bottom() + gap * 7 / 10;
        const int legend_width = mm(9200);
        const int x = left + legend_width + mm(1400);
        const int right = width_ - left;
        legend({left, y, legend_width, 0});
        north_arrow({right - mm(600), y + mm(1800)}, mm(1250));
        scale(frame, {x, y + mm(1320)}, right - x - mm(2400));
        const int line = y + mm(2250);
        svg_.line({x, line}, {right, line}, hairline, mm(14));
        facts_block({x, line + mm(420), right - x, bottom - line - mm(420)}, true);
    }
    footer();

    Writer document;
    document.raw(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\"");
    document.attribute("width", std::to_string(scene_.page.width_mm) + "mm");
    document.attribute("height", std::to_string(scene_.page.height_mm) + "mm");
    document.attribute("viewBox", "0 0 " + std::to_string(width_) + " " + std::to_string(height_));
    document.attribute("xml:lang", zh_ ? "zh-CN" : "en");
    document.raw(" role=\"img\"");
    document.attribute("font-family", font_families());
    document.raw(">\n<title>");
    document.raw(escape_xml(one_line(scene_.title)));
    document.raw("</title>\n<desc>");
    document.raw(escape_xml(description()));
    document.raw("</desc>\n");
    document.raw(svg_.out);
    document.raw("</svg>\n");
    result_.svg = std::move(document.out);
    return std::move(result_);
}

}  // namespace safetyrisk::render::detail

namespace safetyrisk::render {

Drawing draw(const Scene& scene) {
    return detail::Page(scene).draw();
}

std::string to_svg(const Scene& scene) {
    return draw(scene).svg;
}

std::string_view font_families() {
    return "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
           "'WenQuanYi Micro Hei',sans-serif";
}

}  // namespace safetyrisk::render
