#include "support/catch.hpp"

#include "render/labels.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/render/svg.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <regex>
#include <set>

using namespace safetyrisk;
using namespace safetyrisk::render;
using Catch::Matchers::ContainsSubstring;

namespace {

region::Polygon rectangle(double west, double south, double east, double north) {
    return {{{west, south}, {east, south}, {east, north}, {west, north}}, {}};
}

// A board of counties of 0.2 degrees round 115 E 28 N, graded in turn, the fifth 未评估.
Scene board(int columns, int rows) {
    Scene scene;
    scene.title = "四色图";
    for (int i = 0; i < columns * rows; ++i) {
        const double west = 115.0 + 0.2 * (i % columns), south = 28.0 + 0.2 * (i / columns);
        RegionMark mark;
        mark.code = std::to_string(360000 + i);
        mark.name = "甲县" + std::to_string(i);
        if (i % 5 != 4) mark.grade = all_grades[static_cast<std::size_t>(i % 5)];
        mark.polygons = {rectangle(west, south, west + 0.2, south + 0.2)};
        scene.regions.push_back(std::move(mark));
    }
    return scene;
}

void scatter(Scene& scene, std::size_t n, unsigned seed = 1) {
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < n; ++i) {
        scene.points.id.push_back("P" + std::to_string(i));
        scene.points.name.push_back("点" + std::to_string(i));
        scene.points.lon_deg.push_back(115.0 + static_cast<int>(random() % 10000) * 0.00006);
        scene.points.lat_deg.push_back(28.0 + static_cast<int>(random() % 10000) * 0.00004);
        scene.points.grade.push_back(static_cast<std::uint8_t>(random() % 5));
    }
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

// Whether tags nest, attributes are quoted and every & begins a reference.
bool well_formed(const std::string& xml) {
    std::vector<std::string> open;
    for (std::size_t i = 0; i < xml.size();) {
        if (xml[i] == '&') {
            const auto end = xml.find(';', i);
            const std::string name = xml.substr(i, end - i);
            if (name != "&amp" && name != "&lt" && name != "&gt" && name != "&quot" &&
                name != "&#39")
                return false;
        }
        if (xml[i] != '<') {
            ++i;
            continue;
        }
        bool quoted = false;
        std::size_t end = i + 1;
        for (; end < xml.size() && (quoted || xml[end] != '>'); ++end) {
            if (xml[end] == '"') quoted = !quoted;
            if (xml[end] == '<') return false;
        }
        if (end == xml.size()) return false;
        const std::string tag = xml.substr(i + 1, end - i - 1);
        const std::string name = tag.substr(tag[0] == '/' ? 1 : 0,
                                            tag.find_first_of(" />", 1) - (tag[0] == '/' ? 1 : 0));
        if (tag[0] == '/') {
            if (open.empty() || open.back() != name) return false;
            open.pop_back();
        } else if (tag[0] != '?' && tag.back() != '/') {
            open.push_back(name);
        }
        i = end + 1;
    }
    return open.empty();
}

}  // namespace

TEST_CASE("The order of regions and points does not change a byte", "[render][svg]") {
    for (const std::size_t n : {300U, 20000U, 20001U}) {  // single symbols, merged paths, cells
        Scene scene = board(4, 3);
        scatter(scene, n);
        Scene other = scene;
        std::mt19937 random(7);
        std::shuffle(other.regions.begin(), other.regions.end(), random);
        std::vector<std::size_t> order(n);
        for (std::size_t i = 0; i < n; ++i)
            order[i] = i;
        std::shuffle(order.begin(), order.end(), random);
        for (std::size_t i = 0; i < n; ++i) {
            other.points.id[i] = scene.points.id[order[i]];
            other.points.name[i] = scene.points.name[order[i]];
            other.points.lon_deg[i] = scene.points.lon_deg[order[i]];
            other.points.lat_deg[i] = scene.points.lat_deg[order[i]];
            other.points.grade[i] = scene.points.grade[order[i]];
        }
        CHECK(to_svg(scene) == to_svg(other));
    }
}

TEST_CASE("Every point is drawn, singly or in a path", "[render][svg]") {
    for (const std::size_t n : {0U, 1U, 300U, 20000U}) {
        Scene scene = board(4, 3);
        scatter(scene, n);
        const Drawing drawing = draw(scene);
        std::size_t drawn = count(drawing.svg, "h0");
        for (const char* grade : {"red", "orange", "yellow", "blue", "none"})
            drawn += count(drawing.svg, std::string("<use xlink:href=\"#point-") + grade);
        CHECK(drawn == n);
        CHECK(well_formed(drawing.svg));
    }
}

namespace {

/// Numbers that stand in the cells of a page: texts that inherit their size.
std::vector<std::string> cell_numbers(const std::string& svg) {
    const std::regex pattern("<text x=\"[0-9]+\" y=\"[0-9]+\">([^<]+)</text>");
    std::vector<std::string> result;
    for (std::sregex_iterator i(svg.begin(), svg.end(), pattern), end; i != end; ++i)
        result.push_back((*i)[1]);
    return result;
}

}  // namespace

TEST_CASE("More than 20 000 points go into cells that lose none, and red ones stay single",
          "[render][svg]") {
    Scene scene = board(4, 3);
    scatter(scene, 20001);
    const auto red = static_cast<std::size_t>(
        std::count(scene.points.grade.begin(), scene.points.grade.end(), std::uint8_t{4}));
    const Drawing drawing = draw(scene);
    CHECK(count(drawing.svg, "h0") + count(drawing.svg, "<use xlink:href=\"#point-red\"") == red);
    for (const char* grade : {"orange", "yellow", "blue", "none"})
        CHECK(count(drawing.svg, std::string("<use xlink:href=\"#point-") + grade) == 0);
    std::size_t gathered = 0;
    for (const auto& number : cell_numbers(drawing.svg))
        gathered += std::stoul(number);
    CHECK(gathered + red == 20001);
    CHECK(gathered == drawing.points_in_cells);
    CHECK(cell_numbers(drawing.svg).size() == drawing.cells);
    CHECK_THAT(drawing.svg, ContainsSubstring("带数字的符号"));
    CHECK(well_formed(drawing.svg));

    Scene fewer = board(4, 3);
    scatter(fewer, 20000);
    CHECK(draw(fewer).points_in_cells == 0);
    CHECK(draw(fewer).svg.find("带数字的符号") == std::string::npos);
}

TEST_CASE("A cell has the colour of its gravest point and says 1.2万 for twelve thousand",
          "[render][svg]") {
    Scene scene = board(1, 1);
    const auto add = [&scene](std::size_t n, std::uint8_t grade) {
        scene.points.lon_deg.insert(scene.points.lon_deg.end(), n, 115.05);
        scene.points.lat_deg.insert(scene.points.lat_deg.end(), n, 28.05);
        scene.points.grade.insert(scene.points.grade.end(), n, grade);
    };
    add(12040, 1);
    add(9000, 0);
    const auto colour_of_cell = [&scene] {
        const std::string svg = to_svg(scene);
        const auto number = svg.find("</text>\n</g>\n", svg.find("font-size=\"270\""));
        const auto shape = svg.rfind("<rect", number);
        const auto group = svg.rfind("<g fill=\"", shape);
        return svg.substr(group + 9, 7);
    };
    CHECK(cell_numbers(to_svg(scene)) == std::vector<std::string>{"2.1万"});
    CHECK(colour_of_cell() == scene.palette.blue.text());
    add(1, 3);
    CHECK(colour_of_cell() == scene.palette.orange.text());
    add(7, 4);  // red ones are no part of it
    CHECK(colour_of_cell() == scene.palette.orange.text());
    CHECK(draw(scene).points_in_cells == 21041);
    scene.lang = Lang::en;
    CHECK(cell_numbers(to_svg(scene)) == std::vector<std::string>{"21k"});
}

TEST_CASE("Cells lie apart from each other", "[render][svg]") {
    Scene scene = board(4, 3);
    scatter(scene, 30000);
    const std::string svg = to_svg(scene);
    const std::regex pattern(
        "<rect x=\"([0-9]+)\" y=\"([0-9]+)\" width=\"([0-9]+)\" height=\"405\"");
    std::vector<std::array<int, 3>> boxes;
    for (std::sregex_iterator i(svg.begin(), svg.end(), pattern), end; i != end; ++i)
        boxes.push_back({std::stoi((*i)[1]), std::stoi((*i)[2]), std::stoi((*i)[3])});
    CHECK(boxes.size() >= draw(scene).cells);
    std::size_t overlaps = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool apart = boxes[i][0] >= boxes[j][0] + boxes[j][2] ||
                               boxes[j][0] >= boxes[i][0] + boxes[i][2] ||
                               std::abs(boxes[i][1] - boxes[j][1]) >= 405;
            overlaps += apart ? 0 : 1;
        }
    }
    CHECK(overlaps == 0);
}

TEST_CASE("What is on the edge of the map is cut off there", "[render][svg]") {
    Scene scene = board(4, 3);
    CHECK(to_svg(scene).find("clip-path") == std::string::npos);
    scene.extent = Extent{115.05, 28.05, 115.1, 28.1};
    CHECK(to_svg(scene).find("clip-path") != std::string::npos);
}

TEST_CASE("The gravest points are drawn last", "[render][svg]") {
    Scene scene = board(2, 2);
    scatter(scene, 200);
    const std::string svg = to_svg(scene);
    CHECK(svg.rfind("href=\"#point-blue\"") < svg.find("href=\"#point-yellow\""));
    CHECK(svg.rfind("href=\"#point-yellow\"") < svg.find("href=\"#point-orange\""));
    CHECK(svg.rfind("href=\"#point-orange\"") < svg.find("href=\"#point-red\""));
}

TEST_CASE("Points that cannot be placed are counted and the page says so", "[render][svg]") {
    Scene scene = board(2, 2);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    scene.points.lon_deg = {115.1, nan, 28.1};  // the last has its axes swapped
    scene.points.lat_deg = {28.1, 28.1, 115.1};
    scene.points.grade = {4, 4, 4};
    const Drawing drawing = draw(scene);
    CHECK(drawing.points_without_place == 1);
    CHECK(drawing.points_outside == 1);
    CHECK_THAT(drawing.svg, ContainsSubstring("无坐标的风险点 1 个未绘出"));
    CHECK_THAT(drawing.svg, ContainsSubstring("图幅以外的风险点 1 个未绘出"));
}

TEST_CASE("An approval number is printed only when it is given", "[render][svg]") {
    Scene scene = board(2, 1);
    CHECK(to_svg(scene).find("审图号") == std::string::npos);
    scene.approval = "赣S(2024)000号";
    CHECK_THAT(to_svg(scene), ContainsSubstring("审图号"));
    CHECK_THAT(to_svg(scene), ContainsSubstring("赣S(2024)000号"));
}

TEST_CASE("The page warns against publishing unless told otherwise", "[render][svg]") {
    Scene scene = board(2, 1);
    CHECK_THAT(to_svg(scene), ContainsSubstring("内部工作用图,未经审核不得公开"));
    scene.lang = Lang::en;
    CHECK_THAT(to_svg(scene), ContainsSubstring("internal work only"));
    scene.footer = "供会议使用";
    CHECK_THAT(to_svg(scene), ContainsSubstring(">供会议使用<"));
    CHECK(to_svg(scene).find("internal work only") == std::string::npos);
}

TEST_CASE("The legend has five states, their letters and the counts it is given", "[render][svg]") {
    Scene scene = board(2, 1);
    scene.region_counts = GradeCounts{11, 22, 33, 44, 55};
    scene.point_counts = GradeCounts{1234567, 0, 0, 0, 0};
    const std::string svg = to_svg(scene);
    for (const char* text : {"重大风险", "较大风险", "一般风险", "低风险", "未评估", "重", "较",
                             "一", "低", "未", "11", "22", "33", "44", "55", "165", "1,234,567"}) {
        INFO(text);
        CHECK_THAT(svg, ContainsSubstring(">" + std::string(text) + "<"));
    }
    for (const char* grade : {"red", "orange", "yellow"})
        CHECK_THAT(svg, ContainsSubstring("url(#hatch-" + std::string(grade) + ")"));
}

TEST_CASE("Markup in data stays text", "[render][svg]") {
    Scene scene = board(2, 1);
    const std::string evil = "\"/><script>alert('x')</script>&<![CDATA[\x01\xff]]>\xE2\x80\xAE";
    scene.title = scene.subtitle = scene.rule = scene.data_date = scene.crs = scene.source =
        scene.author = scene.coverage = scene.approval = scene.region_word = evil;
    scene.footer = evil;
    for (auto& region : scene.regions)
        region.name = region.code = evil;
    scene.points = {{evil}, {evil}, {115.1}, {28.1}, {4}};
    const std::string svg = to_svg(scene);
    CHECK(well_formed(svg));
    CHECK(svg.find("<script") == std::string::npos);
    CHECK(svg.find("CDATA[\x01") == std::string::npos);
    CHECK(svg.find("\xE2\x80\xAE") == std::string::npos);
    CHECK_THAT(svg, ContainsSubstring("&lt;script&gt;"));
}

TEST_CASE("The document asks for nothing outside itself", "[render][svg]") {
    Scene scene = board(2, 2);
    scatter(scene, 50);
    const std::string svg = to_svg(scene);
    CHECK(count(svg, "http") == 2);  // the two name spaces
    CHECK(count(svg, "href=\"") == count(svg, "href=\"#"));
    for (const char* element : {"<script", "<style", "<image", "<foreignObject", "<!"}) {
        INFO(element);
        CHECK(svg.find(element) == std::string::npos);
    }
}

TEST_CASE("Scenes with little or nothing in them are still pages", "[render][svg]") {
    Scene empty;
    CHECK(well_formed(to_svg(empty)));
    CHECK_THAT(to_svg(empty), ContainsSubstring("没有可以绘制的区域和风险点"));

    Scene one;
    one.points = {{"a"}, {"甲"}, {115.0}, {28.0}, {4}};
    CHECK(count(to_svg(one), "href=\"#point-red\"") == 1);

    Scene grey = board(3, 3);
    for (auto& region : grey.regions)
        region.grade.reset();
    CHECK(well_formed(to_svg(grey)));

    Scene wild = board(2, 1);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    wild.regions[0].polygons[0].outer.push_back({nan, 28.0});
    wild.regions[0].polygons[0].outer.push_back({1e308, -1e308});
    wild.regions[1].polygons.clear();
    wild.regions[1].label = region::LonLat{nan, 1e300};
    CHECK(well_formed(to_svg(wild)));

    Scene flat = board(2, 1);
    flat.regions[0].polygons = {rectangle(115.1, 28.1, 115.1, 28.1)};
    const Drawing drawing = draw(flat);
    CHECK_THAT(drawing.svg, ContainsSubstring("甲县0"));  // in the title at least
    CHECK(count(drawing.svg, "id=\"region-") == 2);
    CHECK(drawing.svg.find(" d=\"\"") == std::string::npos);
}

TEST_CASE("A title of any length keeps to the page and is whole in the document's title",
          "[render][svg]") {
    for (const std::size_t n : {1U, 40U, 400U, 4000U}) {
        Scene scene = board(2, 1);
        scene.title.clear();
        for (std::size_t i = 0; i < n; ++i)
            scene.title += "宜";
        const std::string svg = to_svg(scene);
        CHECK_THAT(svg, ContainsSubstring("<title>" + scene.title + "</title>"));
        CHECK(well_formed(svg));
    }
}

TEST_CASE("No label lies over another and each region is labelled or named as hidden",
          "[render][labels]") {
    using namespace render::detail;
    std::mt19937 random(3);
    const Box panel{1000, 1000, 30000, 24000};
    std::vector<Shape> shapes(400);
    std::vector<LabelTask> tasks;
    for (auto& shape : shapes) {
        const int x = 1000 + static_cast<int>(random() % 28000),
                  y = 1000 + static_cast<int>(random() % 22000);
        const int w = 100 + static_cast<int>(random() % 2500),
                  h = 100 + static_cast<int>(random() % 2500);
        shape.rings = {{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
        shape.outers = {0};
        shape.bounds = {x, y, w, h};
        shape.index();
    }
    for (const std::size_t n : {100U, 400U}) {  // with and without leader lines
        tasks.clear();
        for (std::size_t i = 0; i < n; ++i)
            tasks.push_back(
                {"长名县" + std::to_string(i), &shapes[i], most_inside(shapes[i], 4).place, 0});
        const Labels labels = place_labels(tasks, panel, 300, {});
        CHECK(labels.placed.size() + labels.hidden.size() == n);
        std::set<std::size_t> seen(labels.hidden.begin(), labels.hidden.end());
        for (const Label& label : labels.placed)
            seen.insert(label.task);
        CHECK(seen.size() == n);
        std::size_t overlaps = 0;
        for (const Label& a : labels.placed) {
            CHECK(panel.contains({a.centre.x - a.width / 2, a.centre.y - a.size / 2}));
            CHECK(panel.contains({a.centre.x + a.width / 2, a.centre.y + a.size / 2}));
            for (const Label& b : labels.placed) {
                if (a.task >= b.task) continue;
                if (2 * std::abs(a.centre.x - b.centre.x) < a.width + b.width &&
                    2 * std::abs(a.centre.y - b.centre.y) < a.size + b.size)
                    ++overlaps;
            }
        }
        CHECK(overlaps == 0);
        if (n == 100) {
            CHECK(std::any_of(labels.placed.begin(), labels.placed.end(),
                              [](const Label& l) { return l.leader; }));
        }
    }
}

TEST_CASE("Names that find no room are listed and counted on the page", "[render][svg]") {
    Scene scene = board(60, 50);
    const Drawing drawing = draw(scene);
    CHECK(count(drawing.svg, "id=\"region-") == 3000);
    CHECK_FALSE(drawing.hidden_labels.empty());
    CHECK_THAT(drawing.svg, ContainsSubstring("未标注的区域"));
    for (const auto& name : drawing.hidden_labels)
        CHECK(drawing.svg.find(">" + name + "</text>") == std::string::npos);
}

TEST_CASE("The map is true to scale along both axes at its middle latitude", "[render][frame]") {
    // Lengths of a degree at 30 degrees on WGS 84: 96.486 km along the parallel, 110.852 km along
    // the meridian (published tables).
    const detail::Frame frame({114.0, 29.0, 116.0, 31.0}, {0, 0, 30000, 25000});
    const auto km = [&](int units) { return units * 1e-8 * static_cast<double>(frame.scale()); };
    const auto west = frame.place(114.5, 30.0), east = frame.place(115.5, 30.0);
    const auto south = frame.place(115.0, 29.5), north = frame.place(115.0, 30.5);
    CHECK(km(east.x - west.x) == Catch::Approx(96.486).margin(0.02));
    CHECK(km(south.y - north.y) == Catch::Approx(110.852).margin(0.02));
    CHECK(west.y == east.y);
    CHECK(south.x == north.x);
    CHECK(frame.panel().contains(frame.place(114.0, 29.0)));
    CHECK(frame.panel().contains(frame.place(116.0, 31.0)));
}

TEST_CASE("A scale bar is round on the ground and no longer than allowed", "[render][frame]") {
    for (const std::int64_t scale : {4200, 83000, 830000, 25000000}) {
        const auto bar = detail::scale_bar(scale, 6000);
        INFO(scale << " " << bar.metres);
        CHECK(bar.length <= 6000);
        CHECK(bar.length > 2000);
        CHECK(std::abs(bar.length * 1e-5 * static_cast<double>(scale) -
                       static_cast<double>(bar.metres)) <= 1e-5 * static_cast<double>(scale));
        std::int64_t digits = bar.metres;
        while (digits % 10 == 0)
            digits /= 10;
        CHECK(digits < 10);
    }
}

TEST_CASE("Neighbours keep their common border when vertices are dropped", "[render][shape]") {
    // The border has far more vertices than the paper can show.
    std::mt19937 random(5);
    region::Ring border;
    for (int i = 0; i <= 5000; ++i)
        border.push_back({115.0 + static_cast<int>(random() % 1000) * 1e-5, 28.0 + i * 0.0002});
    region::Polygon west{{{114.5, 29.0}, {114.5, 28.0}}, {}},
        east{{{115.5, 28.0}, {115.5, 29.0}}, {}};
    west.outer.insert(west.outer.end(), border.begin(), border.end());
    east.outer.insert(east.outer.end(), border.rbegin(), border.rend());
    const detail::Frame frame({114.5, 28.0, 115.5, 29.0}, {0, 0, 25000, 25000});
    const auto a = detail::make_shape({west}, frame), b = detail::make_shape({east}, frame);
    const auto both = detail::make_shape(
        {{{{114.5, 28.0}, {115.5, 28.0}, {115.5, 29.0}, {114.5, 29.0}}, {}}}, frame);
    CHECK(a.area + b.area == both.area);
    CHECK(a.rings[0].size() < border.size());
}

TEST_CASE("A ring that crosses itself is drawn though its signed area is zero", "[render][shape]") {
    const detail::Frame frame({114.0, 28.0, 115.0, 29.0}, {0, 0, 20000, 20000});
    const region::Polygon bow{{{114.0, 28.0}, {115.0, 29.0}, {115.0, 28.0}, {114.0, 29.0}}, {}};
    const auto shape = detail::make_shape({bow}, frame);
    REQUIRE(shape.rings.size() == 1);
    CHECK(shape.rings[0].size() == 4);
    // Far from the 50 units of the mark that stands for a region of no extent.
    const auto [low, high] =
        std::minmax_element(shape.rings[0].begin(), shape.rings[0].end(),
                            [](const auto& a, const auto& b) { return a.x < b.x; });
    CHECK(high->x - low->x > 10000);
}

TEST_CASE("A label's place is inside a region that bends round its middle", "[render][shape]") {
    const detail::Frame frame({115.0, 28.0, 116.0, 29.0}, {0, 0, 20000, 20000});
    const region::Polygon horseshoe{{{115.0, 28.0},
                                     {116.0, 28.0},
                                     {116.0, 29.0},
                                     {115.8, 29.0},
                                     {115.8, 28.2},
                                     {115.2, 28.2},
                                     {115.2, 29.0},
                                     {115.0, 29.0}},
                                    {}};
    const auto shape = detail::make_shape({horseshoe}, frame);
    const auto inside = detail::most_inside(shape, 3);
    CHECK(shape.contains(inside.place));
    CHECK(inside.distance > 0);
}

TEST_CASE("Wrong calls are refused with the place", "[render][svg]") {
    Scene scene = board(1, 1);
    scene.points.lon_deg = {115.0, 115.1};
    CHECK_THROWS_AS(draw(scene), InputError);
    CHECK_THROWS_WITH(draw(scene), ContainsSubstring("points.lat_deg has 0 rows"));
    scene.points.lat_deg = {28.0, 28.1};
    scene.points.grade = {1, 5};
    CHECK_THROWS_WITH(draw(scene), ContainsSubstring("points.grade[1] is 5"));
    scene = board(1, 1);
    scene.page = {100, 297};
    CHECK_THROWS_WITH(draw(scene), ContainsSubstring("120 to 2000"));
    scene = board(1, 1);
    scene.extent = Extent{116.0, 28.0, 115.0, 29.0};
    CHECK_THROWS_WITH(draw(scene), ContainsSubstring("west <= east"));
    scene.extent = Extent{-1e300, 28.0, 1e300, 29.0};
    CHECK_THROWS_AS(draw(scene), InputError);
    CHECK(page_size("A4 portrait") == a4_portrait);
    CHECK_THROWS_AS(page_size("letter"), NotFoundError);
}
