// Type setting without a font: how wide a text is about, and where its lines break.
//
// The renderer does not know the font in the end, so widths are estimates: one em for ideographs,
// the advance widths of Noto Sans CJK SC for ASCII, a little over half an em for the rest. Layout
// leaves room for fonts that run some percent wider.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::render::detail {

/// Text for one line: control characters and line breaks become blanks, invisible and direction
/// characters go, malformed UTF-8 becomes U+FFFD, blanks at the ends are cut.
std::string one_line(std::string_view text);

/// Width of one_line text in the unit of `size`, the height of an em.
int text_width(std::string_view text, int size);

/// The text in lines of at most `width`; ideographs break anywhere but before closing punctuation,
/// words at blanks, longer words where they must. At most `max_lines` lines; `cut` tells whether
/// the last one ends in "…" because text was left out.
struct Wrapped {
    std::vector<std::string> lines;
    bool cut = false;
};
Wrapped wrap(std::string_view text, int size, int width, std::size_t max_lines);

/// The number with commas between thousands.
std::string group_thousands(long long value, char separator = ',');

}  // namespace safetyrisk::render::detail
