#include "render/page.hpp"

#include "render/type.hpp"

namespace safetyrisk::render::detail {

std::string_view key_of(std::optional<Grade> grade) {
    return grade ? to_string(*grade) : "none";
}

std::string_view letter_of(std::optional<Grade> grade, Lang lang) {
    const bool zh = lang == Lang::zh;
    if (!grade) return zh ? "未" : "–";
    switch (*grade) {
        case Grade::red:
            return zh ? "重" : "M";
        case Grade::orange:
            return zh ? "较" : "S";
        case Grade::yellow:
            return zh ? "一" : "G";
        case Grade::blue:
            return zh ? "低" : "L";
    }
    return "";
}

std::string_view word_of(std::optional<Grade> grade, Lang lang) {
    if (grade) return word(*grade, lang);
    return lang == Lang::zh ? "未评估" : "not assessed";
}

int luma(Rgb colour) {
    return (299 * colour.red + 587 * colour.green + 114 * colour.blue + 500) / 1000;
}

// Under points the fills are paler, so that points of the region's own colour stand out; blue most,
// since it is the calm state and would otherwise be among the darkest of a grey print.
Rgb Page::region_colour(std::optional<Grade> grade) const {
    const Rgb colour = scene_.palette.of(grade);
    if (!has_points()) return paint(colour);
    if (!grade) return paint(mix(colour, white, 80));
    switch (*grade) {
        case Grade::red:
            return paint(mix(colour, white, 84));
        case Grade::orange:
            return paint(mix(colour, white, 78));
        case Grade::yellow:
            return paint(mix(colour, white, 70));
        case Grade::blue:
            return paint(mix(colour, white, 50));
    }
    return paint(colour);
}

int Page::radius(std::optional<Grade> grade) const {
    int base = 32;
    // Among cells as small as among thousands, so that the numbers stay legible.
    const std::size_t single =
        cells_.empty() ? drawn_points_ : std::max<std::size_t>(10000, dots_[4].size());
    for (const auto& [most, size] : {std::pair<std::size_t, int>{60, 145},
                                     {200, 125},
                                     {600, 105},
                                     {2500, 80},
                                     {10000, 60},
                                     {50000, 44}}) {
        if (single > most) continue;
        base = size;
        break;
    }
    const bool grave = grade && *grade >= Grade::orange;
    const int percent = !grade                    ? 90
                        : *grade == Grade::red    ? 165
                        : *grade == Grade::orange ? 135
                        : *grade == Grade::yellow ? 105
                                                  : 95;
    // A letter needs a symbol of four millimetres.
    return mm(std::max(base * percent / 100, grave && letters_ ? 205 : 0));
}

void Page::hatch(Grade grade) {
    if (grade == Grade::blue) return;
    const Rgb colour = region_colour(grade);
    const int n = mm(grade == Grade::yellow ? 260 : 320);
    svg_.raw("<pattern");
    svg_.attribute("id", "hatch-" + std::string(to_string(grade)));
    svg_.attribute("patternUnits", "userSpaceOnUse");
    svg_.attribute("width", n);
    svg_.attribute("height", n);
    svg_.raw(">");
    const int q = n / 4;
    if (grade == Grade::yellow) {
        const Rgb dots = mix(colour, black, 58);
        for (const int at : {n / 4, n * 3 / 4}) {
            svg_.raw("<circle");
            svg_.attribute("cx", at);
            svg_.attribute("cy", at);
            svg_.attribute("r", mm(24));
            svg_.attribute("fill", dots.text());
            svg_.raw("/>");
        }
    } else {
        const Rgb lines = grade == Grade::red ? mix(colour, white, 52) : mix(colour, black, 72);
        // Each diagonal comes with the corners that its neighbours reach into, so tiles fit.
        std::string data;
        const auto segment = [&](int x0, int y0, int x1, int y1) {
            data += 'M';
            append_number(data, x0);
            append_number(data, y0);
            data += 'L';
            append_number(data, x1);
            append_number(data, y1);
        };
        segment(-q, q, q, -q);
        segment(-q, n + q, n + q, -q);
        segment(n - q, n + q, n + q, n - q);
        if (grade == Grade::red) {
            segment(n - q, -q, n + q, q);
            segment(-q, -q, n + q, n + q);
            segment(-q, n - q, q, n + q);
        }
        svg_.raw("<path");
        svg_.attribute("d", data);
        svg_.attribute("fill", "none");
        svg_.attribute("stroke", lines.text());
        svg_.attribute("stroke-width", mm(grade == Grade::red ? 22 : 28));
        svg_.raw("/>");
    }
    svg_.raw("</pattern>\n");
}

// Without letters red points carry a white pip and orange ones a dark one: in a grey print red
// would look like a large blue.
std::optional<Rgb> Page::pip_of(std::optional<Grade> grade) const {
    if (letters_ || !grade || *grade < Grade::orange) return std::nullopt;
    return *grade == Grade::red ? white : ink;
}

void Page::circle(Place centre, int radius, Rgb fill) {
    svg_.raw("<circle");
    svg_.attribute("cx", centre.x);
    svg_.attribute("cy", centre.y);
    svg_.attribute("r", radius);
    svg_.attribute("fill", fill.text());
    svg_.raw("/>");
}

void Page::symbol(std::optional<Grade> grade, Place centre, int radius) {
    svg_.raw("<circle");
    svg_.attribute("cx", centre.x);
    svg_.attribute("cy", centre.y);
    svg_.attribute("r", radius);
    svg_.attribute("fill", paint(scene_.palette.of(grade)).text());
    svg_.attribute("stroke", ink.text());
    svg_.attribute("stroke-width", std::max(6, radius / 6));
    svg_.raw("/>");
    if (const auto pip = pip_of(grade)) circle(centre, radius * pip_percent / 100, *pip);
}

void Page::letter(std::optional<Grade> grade, Place centre, int radius) {
    const int size = radius * (zh_ ? 125 : 145) / 100;
    svg_.text({centre.x, centre.y + size * (zh_ ? 38 : 36) / 100}, letter_of(grade, scene_.lang),
              {size, luma(paint(scene_.palette.of(grade))) < 140 ? white : ink, "middle"});
}

/// How many points a cell has: all digits up to 9999, then 1.2万 or 12k.
std::string Page::cell_number(std::size_t count) const {
    if (count < 10000) return std::to_string(count);
    const auto rounded = [count](std::size_t unit) { return (count + unit / 2) / unit; };
    if (!zh_)
        return count < 999500 ? std::to_string(rounded(1000)) + "k"
                              : std::to_string(rounded(1000000)) + "M";
    if (count >= 99500) return std::to_string(rounded(10000)) + "万";
    const std::size_t tenths = rounded(1000);
    return std::to_string(tenths / 10) +
           (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + "万";
}

Box Page::cell_box(Place centre, std::string_view number) const {
    const int size = mm(cell_type);
    const int height = size * 150 / 100;
    const int width = std::max(height, text_width(number, size) + size * 40 / 100);
    return {centre.x - width / 2, centre.y - height / 2, width, height};
}

// Corners and frames tell the grades in a grey print: square with a heavy frame, square, round; and
// round and open for what is not graded.
void Page::cell_style(std::optional<Grade> grade) {
    svg_.attribute(
        "fill",
        paint(grade ? scene_.palette.of(grade) : mix(scene_.palette.of(grade), white, 40)).text());
    svg_.attribute("stroke", (grade == Grade::blue ? white : ink).text());
    svg_.attribute("stroke-width", mm(grade && *grade >= Grade::orange ? 60 : 20));
}

void Page::cell_shape(std::optional<Grade> grade, const Box& box) {
    svg_.raw("<rect");
    svg_.attribute("x", box.x);
    svg_.attribute("y", box.y);
    svg_.attribute("width", box.width);
    svg_.attribute("height", box.height);
    if (!grade || *grade == Grade::blue) svg_.attribute("rx", box.height / 2);
    svg_.raw("/>");
}

/// The letter of a region's grade on a white plate, `size` wide and high.
void Page::plate(std::optional<Grade> grade, Place centre, int size) {
    svg_.raw("<rect");
    svg_.attribute("x", centre.x - size / 2);
    svg_.attribute("y", centre.y - size / 2);
    svg_.attribute("width", size);
    svg_.attribute("height", size);
    svg_.attribute("rx", size / 5);
    svg_.attribute("fill", white.text());
    svg_.attribute("stroke", border.text());
    svg_.attribute("stroke-width", std::max(8, size / 18));
    svg_.raw("/>\n");
    const int em = size * (zh_ ? 74 : 82) / 100;
    svg_.text({centre.x, centre.y + em * (zh_ ? 38 : 36) / 100}, letter_of(grade, scene_.lang),
              {em, ink, "middle"});
}

}  // namespace safetyrisk::render::detail
