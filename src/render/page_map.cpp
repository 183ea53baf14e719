#include "render/labels.hpp"
#include "render/page.hpp"
#include "render/type.hpp"

#include <safetyrisk/core/text.hpp>

#include <cmath>
#include <functional>
#include <tuple>
#include <utility>

namespace safetyrisk::render::detail {
namespace {

/// Whether the box lies in the panel with room for the lines around it.
bool holds(const Box& panel, const Box& box) {
    constexpr int line = 100;
    return box.x - line >= panel.x && box.y - line >= panel.y &&
           box.right() + line <= panel.right() && box.bottom() + line <= panel.bottom();
}

}  // namespace

void Page::prepare_regions(const Frame& frame) {
    regions_.reserve(scene_.regions.size());
    for (const auto& mark : scene_.regions) {
        Region region{&mark, one_line(mark.name), make_shape(mark.polygons, frame)};
        regions_.push_back(std::move(region));
    }
    // Milder first, so that a graver region lies over a milder one where they overlap; larger
    // first among equals. The first corner settles what code and name leave open.
    const auto first_place = [](const Region& r) {
        return r.shape.rings.empty() ? Place{} : r.shape.rings.front().front();
    };
    const auto grade_code = [](const Region& r) {
        return r.mark->grade ? static_cast<int>(*r.mark->grade) : 0;
    };
    std::sort(regions_.begin(), regions_.end(), [&](const Region& a, const Region& b) {
        return std::tuple(grade_code(a), -a.shape.area, std::string_view(a.mark->code),
                          std::string_view(a.name), first_place(a)) <
               std::tuple(grade_code(b), -b.shape.area, std::string_view(b.mark->code),
                          std::string_view(b.name), first_place(b));
    });
}

void Page::prepare_points(const Frame& frame) {
    const auto& points = scene_.points;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!std::isfinite(points.lon_deg[i]) || !std::isfinite(points.lat_deg[i])) {
            ++result_.points_without_place;
            continue;
        }
        const Place place = frame.place(points.lon_deg[i], points.lat_deg[i]);
        if (!frame.panel().contains(place)) {
            ++result_.points_outside;
            continue;
        }
        dots_[points.grade[i]].push_back({place, i});
        ++drawn_points_;
    }
    const bool ids = !points.id.empty();
    const bool names = !points.name.empty();
    if (drawn_points_ > most_single_points) gather(frame.panel());
    for (auto& dots : dots_) {
        if (dots.size() > most_symbols) {
            // One colour in one path: order shows nowhere, and neighbours make short steps.
            std::sort(dots.begin(), dots.end(), [](const Dot& a, const Dot& b) {
                return std::tie(a.place.y, a.place.x) < std::tie(b.place.y, b.place.x);
            });
            continue;
        }
        std::sort(dots.begin(), dots.end(), [&](const Dot& a, const Dot& b) {
            if (ids) {
                const int order = points.id[a.row].compare(points.id[b.row]);
                if (order != 0) return order < 0;
            }
            if (a.place != b.place) return a.place < b.place;
            return names && points.name[a.row] < points.name[b.row];
        });
    }
    letters_ = dots_[4].size() + dots_[3].size() <= most_letters && drawn_points_ <= 600;
}

// All points but the red ones go into the cells of a grid that begins at the panel's corner.
void Page::gather(const Box& panel) {
    struct Sum {
        std::size_t count = 0;
        std::int64_t x = 0, y = 0;
        std::size_t gravest = 0;
    };
    const int side = mm(cell_side);
    const auto columns = static_cast<std::size_t>(panel.width / side + 1);
    std::vector<Sum> sums(columns * static_cast<std::size_t>(panel.height / side + 1));
    for (const std::size_t code : {0U, 1U, 2U, 3U}) {
        for (const Dot& dot : dots_[code]) {
            const int x = dot.place.x - panel.x;
            const int y = dot.place.y - panel.y;
            Sum& sum = sums[static_cast<std::size_t>(y / side) * columns +
                            static_cast<std::size_t>(x / side)];
            ++sum.count;
            sum.x += x;
            sum.y += y;
            sum.gravest = code;  // the codes ascend
        }
        result_.points_in_cells += dots_[code].size();
        dots_[code].clear();
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const Sum& sum = sums[i];
        if (sum.count == 0) continue;
        const auto count = static_cast<std::int64_t>(sum.count);
        const Place mean{static_cast<int>(sum.x / count), static_cast<int>(sum.y / count)};
        const Box symbol = cell_box({}, cell_number(sum.count));
        const Place corner{static_cast<int>(i % columns) * side,
                           static_cast<int>(i / columns) * side};
        const auto within = [&](int at, int low, int room) {
            const int half = std::min(room, side) / 2;
            return std::clamp(at, low + half, low + side - half);
        };
        const Place centre{panel.x + within(mean.x, corner.x, symbol.width),
                           panel.y + within(mean.y, corner.y, symbol.height)};
        const auto grade =
            sum.gravest == 0 ? std::nullopt : std::optional(static_cast<Grade>(sum.gravest));
        cells_.push_back({centre, grade, sum.count});
    }
    std::stable_sort(cells_.begin(), cells_.end(),
                     [](const Cell& a, const Cell& b) { return a.grade < b.grade; });
    result_.cells = cells_.size();
}

void Page::definitions() {
    svg_.raw("<defs>\n");
    for (const Grade grade : all_grades)
        hatch(grade);
    for (const auto grade : drawing_order) {
        svg_.raw("<g");
        svg_.attribute("id", "point-" + std::string(key_of(grade)));
        svg_.raw(">");
        symbol(grade, {}, radius(grade));
        svg_.raw("</g>\n");
    }
    for (std::size_t i = 0; i < regions_.size(); ++i) {
        svg_.raw("<path");
        svg_.attribute("id", "region-" + std::to_string(i));
        svg_.attribute("d", path_data(regions_[i].shape));
        svg_.raw("/>\n");
    }
    svg_.raw("</defs>\n");
}

void Page::regions_layer() {
    const auto use = [this](std::size_t i) {
        svg_.raw("<use");
        svg_.attribute("xlink:href", "#region-" + std::to_string(i));
    };
    const auto is_grade = [this](std::size_t i, std::optional<Grade> grade) {
        return regions_[i].mark->grade == grade;
    };
    for (const auto grade : drawing_order) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < regions_.size(); ++i) {
            if (is_grade(i, grade)) members.push_back(i);
        }
        if (members.empty()) continue;
        svg_.raw("<g fill-rule=\"evenodd\"");
        svg_.attribute("fill", region_colour(grade).text());
        svg_.raw(">\n");
        for (const std::size_t i : members) {
            use(i);
            svg_.raw("><title>");
            svg_.raw(escape_xml(regions_[i].name));
            svg_.raw(regions_[i].name.empty() ? "" : say("\uFF1A", ": "));
            svg_.raw(word_of(grade, scene_.lang));
            svg_.raw("</title></use>\n");
        }
        svg_.raw("</g>\n");
        if (grade && *grade != Grade::blue) {
            svg_.raw("<g fill-rule=\"evenodd\" pointer-events=\"none\"");
            svg_.attribute("fill", "url(#hatch-" + std::string(to_string(*grade)) + ")");
            svg_.raw(">\n");
            for (const std::size_t i : members) {
                use(i);
                svg_.raw("/>\n");
            }
            svg_.raw("</g>\n");
        }
    }
    const auto stroked = [&](Rgb colour, int width) {
        svg_.raw("<g fill=\"none\" stroke-linejoin=\"round\" pointer-events=\"none\"");
        svg_.attribute("stroke", colour.text());
        svg_.attribute("stroke-width", width);
        svg_.raw(">\n");
        for (std::size_t i = 0; i < regions_.size(); ++i) {
            use(i);
            svg_.raw("/>\n");
        }
        svg_.raw("</g>\n");
    };
    if (regions_.empty()) return;
    // Many small regions need finer lines, or the lines would be the map.
    const int thin = regions_.size() > 400 ? 40 : regions_.size() > 100 ? 70 : 100;
    stroked(white, mm(80 * thin / 100));
    stroked(border, mm(26 * thin / 100));
}

void Page::cells_layer() {
    for (const auto grade : drawing_order) {
        const auto [first, last] =
            std::equal_range(cells_.begin(), cells_.end(), Cell{{}, grade, 0},
                             [](const Cell& a, const Cell& b) { return a.grade < b.grade; });
        if (first == last) continue;
        svg_.raw("<g");
        cell_style(grade);
        svg_.raw(">\n");
        for (auto cell = first; cell != last; ++cell) {
            cell_shape(grade, cell_box(cell->centre, cell_number(cell->count)));
            svg_.raw("\n");
        }
        svg_.raw("</g>\n<g text-anchor=\"middle\"");
        svg_.attribute("font-size", mm(cell_type));
        svg_.attribute("fill", (luma(paint(scene_.palette.of(grade))) < 140 ? white : ink).text());
        svg_.raw(">\n");
        for (auto cell = first; cell != last; ++cell) {
            svg_.raw("<text");
            svg_.attribute("x", cell->centre.x);
            svg_.attribute("y", cell->centre.y + mm(cell_type) * 36 / 100);
            svg_.raw(">" + cell_number(cell->count) + "</text>\n");
        }
        svg_.raw("</g>\n");
    }
}

void Page::points_layer() {
    for (const auto grade : drawing_order) {
        const auto& dots = dots_[grade ? static_cast<std::size_t>(*grade) : 0];
        if (dots.empty()) continue;
        const std::string key(key_of(grade));
        if (dots.size() > most_symbols) {
            // A step of length zero with a round cap is a dot as wide as the line.
            svg_.raw("<defs><path");
            svg_.attribute("id", "points-" + key);
            svg_.raw(" d=\"");
            Place last{};
            for (const Dot& dot : dots) {
                svg_.raw("m");
                append_number(svg_.out, dot.place.x - last.x);
                append_number(svg_.out, dot.place.y - last.y);
                svg_.raw("h0");
                last = dot.place;
            }
            svg_.raw("\"/></defs>\n<g fill=\"none\" stroke-linecap=\"round\">\n");
            const int r = radius(grade);
            const int rim = std::max(6, r / 6);
            std::vector<std::pair<Rgb, int>> strokes = {
                {ink, 2 * r + rim}, {paint(scene_.palette.of(grade)), 2 * r - rim}};
            if (const auto pip = pip_of(grade))
                strokes.emplace_back(*pip, 2 * r * pip_percent / 100);
            for (const auto& [colour, width] : strokes) {
                svg_.raw("<use");
                svg_.attribute("xlink:href", "#points-" + key);
                svg_.attribute("stroke", colour.text());
                svg_.attribute("stroke-width", width);
                svg_.raw("/>\n");
            }
            svg_.raw("</g>\n");
            continue;
        }
        const bool letters = letters_ && grade && *grade >= Grade::orange;
        svg_.raw("<g>\n");
        for (const Dot& dot : dots) {
            svg_.raw("<use");
            svg_.attribute("xlink:href", "#point-" + key);
            svg_.attribute("x", dot.place.x);
            svg_.attribute("y", dot.place.y);
            const std::string name =
                scene_.points.name.empty() ? std::string() : one_line(scene_.points.name[dot.row]);
            if (name.empty()) {
                svg_.raw("/>\n");
            } else {
                svg_.raw("><title>");
                svg_.raw(escape_xml(name));
                svg_.raw("</title></use>\n");
            }
            if (letters) letter(grade, dot.place, radius(grade));
        }
        svg_.raw("</g>\n");
    }
}

void Page::labels_layer(const Frame& frame) {
    std::vector<LabelTask> tasks;
    std::vector<const Region*> owners;
    for (const auto& region : regions_) {
        if (!region.name.empty() && !region.shape.rings.empty()) owners.push_back(&region);
    }
    std::sort(owners.begin(), owners.end(), [](const Region* a, const Region* b) {
        return std::tuple(-a->shape.area, std::string_view(a->mark->code),
                          std::string_view(a->name)) < std::tuple(-b->shape.area,
                                                                  std::string_view(b->mark->code),
                                                                  std::string_view(b->name));
    });
    const bool plates = owners.size() <= most_plates;
    constexpr int plate_percent = 125;  // of the em: the plate and the gap before it
    for (const Region* region : owners) {
        const int em = 1000;
        const int aspect = std::clamp(text_width(region->name, em) / em, 1, 4);
        const auto inside = most_inside(region->shape, aspect);
        Place anchor = inside.place;
        if (region->mark->label) {
            const Place wanted =
                frame.place(region->mark->label->lon_deg, region->mark->label->lat_deg);
            if (frame.panel().contains(wanted)) anchor = wanted;
        }
        tasks.push_back({region->name, &region->shape, anchor, plates ? plate_percent : 0});
    }
    const std::size_t n = tasks.size();
    const int size = mm(n <= 15 ? 440 : n <= 40 ? 380 : n <= 120 ? 310 : n <= 400 ? 250 : 200);
    std::vector<Place> marks;
    for (const std::size_t code : {3U, 4U}) {
        for (const Dot& dot : dots_[code])
            marks.push_back(dot.place);
    }
    for (const Cell& cell : cells_)
        marks.push_back(cell.centre);
    const auto labels = place_labels(tasks, frame.panel(), size, marks);
    for (const std::size_t task : labels.hidden)
        result_.hidden_labels.push_back(tasks[task].text);
    std::sort(result_.hidden_labels.begin(), result_.hidden_labels.end());

    svg_.raw("<g fill=\"none\" pointer-events=\"none\">\n");
    for (const Label& label : labels.placed) {
        if (!label.leader) continue;
        const Place from = tasks[label.task].anchor;
        svg_.line(from, label.leader_end, white, mm(70));
        svg_.line(from, label.leader_end, ink, mm(22));
        svg_.raw("<circle");
        svg_.attribute("cx", from.x);
        svg_.attribute("cy", from.y);
        svg_.attribute("r", mm(45));
        svg_.attribute("fill", ink.text());
        svg_.raw("/>\n");
    }
    // The halo is a second text below: paint-order is no part of SVG 1.1.
    for (const bool halo : {true, false}) {
        if (halo) {
            svg_.raw(
                "</g>\n<g pointer-events=\"none\" stroke=\"#FFFFFF\" stroke-opacity=\"0.9\" "
                "stroke-linejoin=\"round\"");
            svg_.attribute("stroke-width", size / 4);
            svg_.raw(">\n");
        } else {
            svg_.raw("</g>\n<g pointer-events=\"none\">\n");
        }
        for (const Label& label : labels.placed) {
            // The text stands at the left of its box, the plate at the right.
            const int plate_room = plates ? label.size * plate_percent / 100 : 0;
            const TextStyle style{label.size, halo ? white : ink, "middle",
                                  halo ? 0 : label.size / 40};
            svg_.text({label.centre.x - plate_room / 2, label.centre.y + label.size * 37 / 100},
                      tasks[label.task].text, style);
            if (plates && !halo) {
                const int right = label.centre.x + label.width / 2;
                plate(owners[label.task]->mark->grade, {right - label.size / 2, label.centre.y},
                      label.size);
            }
        }
    }
    svg_.raw("</g>\n");
}

/// Whether a region or a symbol reaches over the edge of the map.
bool Page::reaches_out(const Box& panel) const {
    for (const Region& region : regions_) {
        if (!region.shape.rings.empty() && !holds(panel, region.shape.bounds)) return true;
    }
    for (const std::size_t code : {0U, 1U, 2U, 3U, 4U}) {
        if (dots_[code].empty()) continue;
        const int r = radius(code == 0 ? std::nullopt : std::optional(static_cast<Grade>(code)));
        for (const Dot& dot : dots_[code]) {
            if (!holds(panel, {dot.place.x - r, dot.place.y - r, 2 * r, 2 * r})) return true;
        }
    }
    for (const Cell& cell : cells_) {
        if (!holds(panel, cell_box(cell.centre, cell_number(cell.count)))) return true;
    }
    return false;
}

void Page::map(const Frame& frame) {
    const Box& panel = frame.panel();
    std::vector<Shape> outline_shapes;
    bool clip = reaches_out(panel);
    for (const auto& outline : scene_.outlines) {
        outline_shapes.push_back(make_shape(outline.polygons, frame));
        clip = clip || !holds(panel, outline_shapes.back().bounds);
    }
    // A clip costs a layer as large as the page when the page becomes a picture.
    if (clip) {
        svg_.raw("<clipPath id=\"panel\">");
        svg_.rectangle(panel, "");
        svg_.raw("</clipPath>\n");
    }
    svg_.rectangle(panel, "fill=\"" + ground.text() + "\"");
    svg_.raw(clip ? "<g clip-path=\"url(#panel)\">\n" : "<g>\n");
    svg_.raw("<g fill=\"none\">\n");
    for (const auto& tick : meridians(frame, mm(4500)))
        svg_.line({tick.at, panel.y}, {tick.at, panel.bottom()}, graticule, mm(18));
    for (const auto& tick : parallels(frame, mm(4500)))
        svg_.line({panel.x, tick.at}, {panel.right(), tick.at}, graticule, mm(18));
    svg_.raw("</g>\n");
    regions_layer();
    std::vector<std::string> outlines;
    for (const auto& shape : outline_shapes)
        outlines.push_back(path_data(shape));
    std::sort(outlines.begin(), outlines.end());
    for (const auto& data : outlines) {
        if (data.empty()) continue;
        svg_.raw("<path fill=\"none\" stroke-linejoin=\"round\" pointer-events=\"none\"");
        svg_.attribute("d", data);
        svg_.attribute("stroke", ink.text());
        svg_.attribute("stroke-width", mm(60));
        svg_.raw("/>\n");
    }
    cells_layer();
    points_layer();
    labels_layer(frame);
    if (regions_.empty() && drawn_points_ == 0) {
        svg_.text({panel.x + panel.width / 2, panel.y + panel.height / 2},
                  say("没有可以绘制的区域和风险点", "There is nothing to draw"),
                  {mm(520), muted, "middle"});
    }
    svg_.raw("</g>\n");
}

}  // namespace safetyrisk::render::detail
