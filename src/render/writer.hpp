// Writing SVG: elements with integer attributes, and text that is escaped here and nowhere else.
#pragma once

#include "render/frame.hpp"

#include <safetyrisk/core/text.hpp>
#include <safetyrisk/render/palette.hpp>

#include <string>
#include <string_view>

namespace safetyrisk::render::detail {

/// Inks of the page; the palette is for grades only.
inline constexpr Rgb ink{0x1B, 0x26, 0x33};
inline constexpr Rgb muted{0x5E, 0x6A, 0x75};
inline constexpr Rgb hairline{0xC4, 0xCB, 0xD1};
inline constexpr Rgb ground{0xF1, 0xF4, 0xF6};
inline constexpr Rgb graticule{0xDF, 0xE5, 0xE9};
inline constexpr Rgb border{0x39, 0x44, 0x4F};
inline constexpr Rgb white{0xFF, 0xFF, 0xFF};
inline constexpr Rgb black{0x00, 0x00, 0x00};

/// Appends a number of a path or an attribute, with a blank before it where two would run together.
void append_number(std::string& out, int value);

struct TextStyle {
    int size = 0;
    Rgb fill = ink;
    std::string_view anchor = {};  // "middle", "end" or nothing
    int stroke = 0;                // same colour as the fill: a heavier face without a second font
};

/// The document as it grows. Numbers are integers throughout.
class Writer {
public:
    std::string out;

    void raw(std::string_view text) { out += text; }
    void attribute(std::string_view name, int value) {
        out += ' ';
        out += name;
        out += "=\"";
        append_number(out, value);
        out += '"';
    }
    void attribute(std::string_view name, std::string_view value) {
        out += ' ';
        out += name;
        out += "=\"";
        out += value;
        out += '"';
    }
    void rectangle(const Box& box, std::string_view style) {
        out += "<rect";
        attribute("x", box.x);
        attribute("y", box.y);
        attribute("width", box.width);
        attribute("height", box.height);
        out += ' ';
        out += style;
        out += "/>\n";
    }
    void line(Place a, Place b, Rgb colour, int width) {
        out += "<path d=\"M";
        append_number(out, a.x);
        append_number(out, a.y);
        out += 'L';
        append_number(out, b.x);
        append_number(out, b.y);
        out += '"';
        attribute("stroke", colour.text());
        attribute("stroke-width", width);
        out += "/>\n";
    }
    /// `text` must be as one_line gives it.
    void text(Place at, std::string_view text, const TextStyle& style) {
        if (text.empty()) return;
        out += "<text";
        attribute("x", at.x);
        attribute("y", at.y);
        attribute("font-size", style.size);
        attribute("fill", style.fill.text());
        if (!style.anchor.empty()) attribute("text-anchor", style.anchor);
        if (style.stroke > 0) {
            attribute("stroke", style.fill.text());
            attribute("stroke-width", style.stroke);
        }
        out += '>';
        out += escape_xml(text);
        out += "</text>\n";
    }
};

}  // namespace safetyrisk::render::detail
