// Palettes: the colours in which a map shows the four grades and 未评估.
//
// No official RGB for the four-colour map was found, so colours are data: each named palette is a
// pack ("palette.safe", "palette.pure", …), and a caller may bring its own. "safe" is the default:
// any two of its colours differ by ΔE00 ≥ 15 for normal, protan, deutan and tritan vision, and in
// grey yellow is lighter than orange and orange lighter than red. "pure" is the one that most
// published maps use; its orange and yellow are hard to tell apart for a deutan reader. No palette
// makes blue the lightest of four greys, which is why maps also carry hatching and letters.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: NotFoundError for an unknown name.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::render {

/// A colour of the sRGB space.
struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    /// Reads "#RRGGBB" in either case; nothing for anything else.
    static std::optional<Rgb> parse(std::string_view text);

    /// "#RRGGBB" in upper case.
    std::string text() const;

    friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// `share` parts of `a` and 100 - `share` parts of `b`, channel by channel; share 0 to 100.
Rgb mix(Rgb a, Rgb b, int share);

/// Colours of the four grades and of 未评估.
struct Palette {
    std::string name = "custom";
    Rgb red{}, orange{}, yellow{}, blue{};
    Rgb not_assessed{0xD9, 0xD9, 0xD9};

    /// Colour of a grade, or of 未评估 when there is none.
    Rgb of(std::optional<Grade> grade) const;

    friend bool operator==(const Palette&, const Palette&) = default;
};

/// The palette of that name ("safe", "pure", "office", "web"; "palette.safe" is the same); throws
/// NotFoundError listing the names.
Palette palette(std::string_view name = "safe");

/// Names of the palettes that ship with the library, "safe" first.
std::vector<std::string> palette_names();

}  // namespace safetyrisk::render
