#include "render/page.hpp"

#include "render/type.hpp"

#include <safetyrisk/core/text.hpp>

#include <cmath>

namespace safetyrisk::render::detail {

/// Draws title and subtitle; the y below them.
int Page::title_block() {
    const int left = mm(1400);
    const int room = width_ - 2 * left;
    const std::string title = one_line(scene_.title);
    int y = mm(1250);
    if (!title.empty()) {
        // One line of large type, else two of middling, else three of small.
        struct Attempt {
            int size;
            std::size_t lines;
        };
        Wrapped wrapped;
        int size = 0;
        for (const Attempt attempt : {Attempt{1150, 1},
                                      {1040, 1},
                                      {930, 1},
                                      {820, 1},
                                      {820, 2},
                                      {700, 2},
                                      {600, 3},
                                      {500, 3},
                                      {420, 4}}) {
            size = mm(attempt.size);
            wrapped = wrap(title, size, room, attempt.lines);
            if (!wrapped.cut) break;
        }
        for (const auto& line : wrapped.lines) {
            svg_.text({left, y + size * 88 / 100}, line, {size, ink, {}, size / 36});
            y += size * 125 / 100;
        }
    }
    const std::string subtitle = one_line(scene_.subtitle);
    if (!subtitle.empty()) {
        const int size = mm(450);
        const auto wrapped = wrap(subtitle, size, room, 2);
        y += mm(80);
        for (const auto& line : wrapped.lines) {
            svg_.text({left, y + size * 88 / 100}, line, {size, muted});
            y += size * 135 / 100;
        }
    }
    return y + mm(420);
}

void Page::neat_line(const Frame& frame, const Box& outer) {
    const Box& panel = frame.panel();
    svg_.rectangle(outer, "fill=\"none\" stroke=\"" + ink.text() + "\" stroke-width=\"" +
                              std::to_string(mm(45)) + "\"");
    svg_.rectangle(panel, "fill=\"none\" stroke=\"" + ink.text() + "\" stroke-width=\"" +
                              std::to_string(mm(16)) + "\"");
    const int size = mm(250);
    const int band = panel.y - outer.y;
    for (const auto& tick : meridians(frame, mm(4500))) {
        svg_.line({tick.at, outer.y}, {tick.at, panel.y}, ink, mm(14));
        svg_.line({tick.at, panel.bottom()}, {tick.at, outer.bottom()}, ink, mm(14));
        const int x = tick.at + mm(70);
        if (x + text_width(tick.label, size) > panel.right()) continue;
        svg_.text({x, outer.y + band / 2 + size * 36 / 100}, tick.label, {size, muted});
        svg_.text({x, panel.bottom() + band / 2 + size * 36 / 100}, tick.label, {size, muted});
    }
    for (const auto& tick : parallels(frame, mm(4500))) {
        svg_.line({outer.x, tick.at}, {panel.x, tick.at}, ink, mm(14));
        svg_.line({panel.right(), tick.at}, {outer.right(), tick.at}, ink, mm(14));
        // Written upwards, so that the band stays narrow.
        if (tick.at - mm(70) - text_width(tick.label, size) < panel.y) continue;
        for (const int middle : {outer.x + band / 2, panel.right() + band / 2}) {
            svg_.raw("<g transform=\"translate(");
            append_number(svg_.out, middle + size * 36 / 100);
            append_number(svg_.out, tick.at - mm(70));
            svg_.raw(") rotate(-90)\">");
            svg_.text({0, 0}, tick.label, {size, muted});
            svg_.raw("</g>\n");
        }
    }
}

/// Draws the legend into the box's width; the y below it.
int Page::legend(const Box& box) {
    const auto regions = region_counts();
    const auto points = point_counts();
    const int head = mm(560);
    int y = box.y + head * 88 / 100;
    svg_.text({box.x, y}, say("图例", "Legend"), {head, ink, {}, head / 36});
    y += mm(330);
    svg_.line({box.x, y}, {box.x + box.width, y}, ink, mm(30));

    const int size = mm(420);
    const int small = mm(300);
    const int column_points = box.x + box.width;
    const bool with_points = has_points() || points.total() > 0;
    const int column_regions = column_points - (with_points ? mm(2000) : 0);
    y += mm(520);
    svg_.text({box.x, y}, say("风险等级", "Grade"), {small, muted});
    const std::string region_word = one_line(scene_.region_word);
    const auto noun = wrap(region_word.empty() ? std::string(say("区域", "Regions")) : region_word,
                           small, mm(2000), 1);
    svg_.text({column_regions, y}, noun.lines.empty() ? "" : noun.lines.front(),
              {small, muted, "end"});
    if (with_points)
        svg_.text({column_points, y}, say("风险点", "Risk points"), {small, muted, "end"});
    y += mm(260);

    const int row = mm(880);
    for (const auto grade : legend_order) {
        const Box swatch{box.x, y + (row - mm(600)) / 2, mm(1050), mm(600)};
        svg_.rectangle(swatch, "fill=\"" + region_colour(grade).text() + "\"");
        const int middle = y + row / 2;
        std::string style = "fill=\"none\"";
        if (grade && *grade != Grade::blue)
            style = "fill=\"url(#hatch-" + std::string(to_string(*grade)) + ")\"";
        style +=
            " stroke=\"" + border.text() + "\" stroke-width=\"" + std::to_string(mm(24)) + "\"";
        svg_.rectangle(swatch, style);
        plate(grade, {swatch.x + swatch.width / 2, middle}, mm(390));
        const Place centre{box.x + mm(1620), middle};
        if (with_points && !cells_.empty() && grade != Grade::red) {
            svg_.raw("<g");
            cell_style(grade);
            svg_.raw(">");
            cell_shape(grade, cell_box(centre, ""));
            svg_.raw("</g>\n");
        } else if (with_points) {
            symbol(grade, centre, mm(letters_ ? 255 : 200));
            svg_.raw("\n");
            if (letters_) letter(grade, centre, mm(255));
        }
        const int base = middle + size * 36 / 100;
        std::string name(word_of(grade, scene_.lang));
        // A region without points is not assessed; a point may be in the register and have no
        // grade.
        if (!grade && points.none > 0) name = say("未评估、未定级", "no grade");
        svg_.text({box.x + mm(with_points ? 2100 : 1450), base}, name, {size, ink});
        const auto number = [&](int x, std::uint64_t count) {
            svg_.text({x, base}, group_thousands(static_cast<long long>(count)),
                      {size, count == 0 ? muted : ink, "end"});
        };
        number(column_regions, regions.of(grade));
        if (with_points) number(column_points, points.of(grade));
        y += row;
        svg_.line({box.x, y}, {box.x + box.width, y}, hairline, mm(14));
    }
    const int base = y + mm(420) + size * 36 / 100;
    svg_.text({box.x, base}, say("合计", "Total"), {size, ink});
    svg_.text({column_regions, base}, group_thousands(static_cast<long long>(regions.total())),
              {size, ink, "end", size / 40});
    if (with_points)
        svg_.text({column_points, base}, group_thousands(static_cast<long long>(points.total())),
                  {size, ink, "end", size / 40});
    y += row;
    if (cells_.empty()) return y;
    const int type = mm(270);
    y += type;
    for (const auto& line : wrap(cells_caption(), type, box.width, 4).lines) {
        svg_.text({box.x, y}, line, {type, ink});
        y += type * 140 / 100;
    }
    return y;
}

std::string Page::cells_caption() const {
    std::string side = std::to_string(mm(cell_side) / 100);
    if (const int tenth = mm(cell_side) / 10 % 10; tenth != 0) side += "." + std::to_string(tenth);
    return zh_ ? "带数字的符号：图上 " + side +
                     " 毫米见方内的风险点合为一处，数字为点数，颜色为其中最高等级；重大风险点逐个绘"
                     "出"
               : "Symbols with a number gather the risk points within " + side +
                     " mm on the sheet, in the colour of the gravest of them; points of major risk "
                     "are drawn singly";
}

/// A bar of the shares of the grades, of points where there are any, else of regions.
void Page::composition(const Box& box) {
    const auto points = point_counts();
    const auto counts = points.total() > 0 ? points : region_counts();
    if (counts.total() == 0) return;
    const int small = mm(300);
    svg_.text({box.x, box.y + small},
              points.total() > 0 ? say("风险点构成", "Risk points by grade")
                                 : say("区域构成", "Regions by grade"),
              {small, muted});
    const int top = box.y + mm(520);
    const int height = mm(420);
    const double total = static_cast<double>(counts.total());
    double before = 0.0;
    std::vector<std::string> shares;
    for (const auto grade : legend_order) {
        const double count = static_cast<double>(counts.of(grade));
        if (count == 0.0) continue;
        const int x0 = box.x + static_cast<int>(std::llround(box.width * (before / total)));
        before += count;
        const int x1 = box.x + static_cast<int>(std::llround(box.width * (before / total)));
        svg_.rectangle({x0, top, x1 - x0, height},
                       "fill=\"" + paint(scene_.palette.of(grade)).text() + "\" stroke=\"" +
                           white.text() + "\" stroke-width=\"" + std::to_string(mm(14)) + "\"");
        // Tenths of a percent, rounded; "<0.1%" rather than a share of nothing.
        const auto tenths = static_cast<std::int64_t>(std::llround(count / total * 1000.0));
        shares.push_back(
            std::string(letter_of(grade, scene_.lang)) + " " +
            (tenths == 0 ? "<0.1%" : print_number(static_cast<double>(tenths) / 10.0) + "%"));
    }
    // Every share has its words, however small, so they stand apart from the bar's parts.
    int widths = 0;
    const int type = mm(270);
    for (const auto& share : shares)
        widths += text_width(share, type);
    const int parts = static_cast<int>(shares.size());
    const int gap = parts > 1 ? std::min((box.width - widths) / (parts - 1), mm(600)) : 0;
    int x = box.x;
    for (const auto& share : shares) {
        svg_.text({x, top + height + mm(370)}, share, {type, ink});
        x += text_width(share, type) + gap;
    }
    svg_.rectangle({box.x, top, box.width, height}, "fill=\"none\" stroke=\"" + border.text() +
                                                        "\" stroke-width=\"" +
                                                        std::to_string(mm(18)) + "\"");
}

void Page::north_arrow(Place foot, int height) {
    const int half = height * 26 / 100;
    const int size = mm(420);
    const int top = foot.y - height;
    const auto blade = [&](int side, Rgb fill) {
        svg_.raw("<path d=\"M");
        append_number(svg_.out, foot.x);
        append_number(svg_.out, top);
        svg_.raw("L");
        append_number(svg_.out, foot.x + side * half);
        append_number(svg_.out, foot.y);
        svg_.raw("L");
        append_number(svg_.out, foot.x);
        append_number(svg_.out, foot.y - height / 4);
        svg_.raw("Z\" stroke-linejoin=\"round\"");
        svg_.attribute("fill", fill.text());
        svg_.attribute("stroke", ink.text());
        svg_.attribute("stroke-width", mm(22));
        svg_.raw("/>\n");
    };
    blade(-1, ink);
    blade(1, white);
    svg_.text({foot.x, top - mm(140)}, say("北", "N"), {size, ink, "middle"});
}

void Page::scale(const Frame& frame, Place at, int longest) {
    const auto bar = scale_bar(frame.scale(), longest);
    const int height = mm(150);
    const int size = mm(290);
    if (bar.length > 0) {
        for (int i = 0; i < bar.parts; ++i) {
            const int x0 = at.x + bar.length * i / bar.parts;
            const int x1 = at.x + bar.length * (i + 1) / bar.parts;
            svg_.rectangle({x0, at.y - height, x1 - x0, height},
                           "fill=\"" + (i % 2 == 0 ? ink : white).text() + "\" stroke=\"" +
                               ink.text() + "\" stroke-width=\"" + std::to_string(mm(18)) + "\"");
        }
        const int base = at.y - height - mm(130);
        for (const int i : {0, 2, 4}) {
            const std::int64_t metres = bar.metres * i / bar.parts;
            const bool kilometres = bar.metres >= 2000;
            std::string text = kilometres ? print_number(static_cast<double>(metres) / 1000.0)
                                          : std::to_string(metres);
            if (i == 4) text += kilometres ? " km" : " m";
            svg_.text({at.x + bar.length * i / bar.parts, base}, text,
                      {size, ink, i == 0 ? std::string_view() : std::string_view("middle")});
        }
    }
    const std::string sheet = scene_.page == a3_landscape || scene_.page == a3_portrait ? "A3"
                              : scene_.page == a4_landscape || scene_.page == a4_portrait
                                  ? "A4"
                                  : std::string();
    std::string text = "1:" + group_thousands(frame.scale(), ' ');
    if (!sheet.empty()) text += zh_ ? "\uFF08" + sheet + " 幅面\uFF09" : " (" + sheet + ")";
    svg_.text({at.x, at.y + mm(480)}, text, {size, muted});
}

std::vector<Page::Fact> Page::facts() const {
    std::vector<Fact> result;
    const auto add = [&](std::string_view zh, std::string_view en, const std::string& value) {
        std::string text = one_line(value);
        if (!text.empty()) result.push_back({std::string(say(zh, en)), std::move(text)});
    };
    add("数据日期", "Data date", scene_.data_date);
    add("评定规则", "Rule", scene_.rule);
    add("评估范围", "Coverage", scene_.coverage);
    add("坐标系", "Coordinates", scene_.crs);
    add("数据来源", "Source", scene_.source);
    add("编制单位", "Compiled by", scene_.author);
    add("审图号", "Approval no.", scene_.approval);
    const auto count = [&](std::size_t number) {
        return group_thousands(static_cast<long long>(number));
    };
    std::string notes;
    const auto note = [&](std::string text) {
        if (!notes.empty()) notes += say("\uFF1B", "; ");
        notes += text;
    };
    if (result_.points_without_place > 0)
        note(zh_ ? "无坐标的风险点 " + count(result_.points_without_place) + " 个未绘出"
                 : count(result_.points_without_place) + " risk points without coordinates");
    if (result_.points_outside > 0)
        note(zh_ ? "图幅以外的风险点 " + count(result_.points_outside) + " 个未绘出"
                 : count(result_.points_outside) + " risk points outside the map");
    if (result_.points_in_cells > 0)
        note(zh_ ? "以带数字的符号（" + count(result_.cells) + " 处）合并表示的风险点 " +
                       count(result_.points_in_cells) + " 个"
                 : count(result_.points_in_cells) + " risk points gathered in " +
                       count(result_.cells) + " symbols with numbers");
    if (!result_.hidden_labels.empty())
        note(zh_ ? "名称排不下而未标注的区域 " + count(result_.hidden_labels.size()) + " 个"
                 : count(result_.hidden_labels.size()) + " region names without room");
    add("说明", "Notes", notes);
    return result;
}

/// Sets the lines into the box, or only measures them; the height that they take.
int Page::facts_block(const Box& box, bool draw) {
    const auto list = facts();
    if (list.empty()) return 0;
    // The largest type and the most lines a value that fit the box.
    struct Attempt {
        int size;
        std::size_t lines;
    };
    for (const Attempt attempt :
         {Attempt{320, 8}, {300, 8}, {280, 8}, {260, 6}, {240, 4}, {240, 3}, {220, 2}, {200, 1}}) {
        const int size = mm(attempt.size);
        const int leading = size * 145 / 100;
        int names = 0;
        for (const Fact& fact : list)
            names = std::max(names, text_width(fact.name, size));
        names += size * 9 / 10;
        std::vector<Wrapped> values;
        int height = 0;
        for (const Fact& fact : list) {
            values.push_back(wrap(fact.value, size, box.width - names, attempt.lines));
            height += leading * static_cast<int>(values.back().lines.size()) + size * 45 / 100;
        }
        const bool last = attempt.lines == 1;
        const bool cut =
            std::any_of(values.begin(), values.end(), [](const auto& v) { return v.cut; });
        if (!last && (height > box.height || (cut && attempt.lines > 3))) continue;
        if (!draw) return height;
        int y = box.y + size * 88 / 100;
        for (std::size_t i = 0; i < list.size(); ++i) {
            svg_.text({box.x, y}, list[i].name, {size, muted});
            for (const auto& line : values[i].lines) {
                svg_.text({box.x + names, y}, line, {size, ink});
                y += leading;
            }
            y += size * 45 / 100;
        }
        return height;
    }
    return 0;
}

void Page::footer() {
    const std::string text =
        one_line(scene_.footer ? *scene_.footer : std::string(default_footer(scene_.lang)));
    const int left = mm(1400);
    const int size = mm(330);
    const auto wrapped = wrap(text, size, width_ - 2 * left, 1);
    if (!wrapped.lines.empty())
        svg_.text({left, height_ - mm(900)}, wrapped.lines.front(), {size, ink, {}, size / 40});
}

// Whatever was cut on the page is whole here, where programs and screen readers find it.
std::string Page::description() const {
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        const std::string clean = one_line(value);
        if (clean.empty()) return;
        if (!text.empty()) text += "\n";
        if (!name.empty()) text += std::string(name) + (zh_ ? "\uFF1A" : ": ");
        text += clean;
    };
    line("", scene_.subtitle);
    for (const Fact& fact : facts())
        line(fact.name, fact.value);
    line("", scene_.footer ? *scene_.footer : std::string(default_footer(scene_.lang)));
    return text;
}

}  // namespace safetyrisk::render::detail
