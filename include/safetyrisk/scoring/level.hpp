// A level of a named scale: "A of the chemical parks", "一级 of the unit hazard method".
//
// Letters and numbers run both ways in the field (chemical parks A worst, mines A best) and mean
// different things (a warning is no risk grade), so a level knows its scale, how far from the
// gravest it stands, and can be compared with levels of its own scale only.
//
// Threads: plain values.
// Throws: InputError when levels of different scales are compared.
#pragma once

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/grade.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk::scoring {

/// A text in Chinese and in English.
struct Words {
    std::string zh;
    std::string en;
    const std::string& in(Lang lang) const { return lang == Lang::zh ? zh : en; }
};

/// What the levels of a scale speak of.
enum class ScaleKind : std::uint8_t {
    risk,            ///< How dangerous something is.
    assurance,       ///< How safe something is.
    accident_class,  ///< How grave an accident was.
    hazard_grade,    ///< Whether a 隐患 is 重大.
    chemical_class,  ///< Class of a substance or a reaction.
    warning,         ///< Urgency of an event.
    criterion,       ///< Whether a limit is kept.
    measure,         ///< A number without levels.
};

/// "risk", "assurance", …
constexpr std::string_view to_string(ScaleKind kind) {
    constexpr std::string_view names[] = {"risk",         "assurance",      "accident_class",
                                          "hazard_grade", "chemical_class", "warning",
                                          "criterion",    "measure"};
    return names[static_cast<std::size_t>(kind)];
}

/// The scale that a method's levels belong to.
struct LevelScale {
    std::string id;
    ScaleKind kind = ScaleKind::risk;
    Words name;
};

/// One level of a scale.
struct Level {
    std::string scale;  ///< Id of the scale.
    std::string label;  ///< As the source prints it, "A".
    Words word;
    std::size_t rank = 1;        ///< 1 the gravest, as the method's bands stand.
    std::optional<Grade> grade;  ///< Colour; empty where the method has none.

    /// Milder is less, graver is greater. Throws InputError for levels of different scales.
    friend std::strong_ordering operator<=>(const Level& a, const Level& b) {
        require_one_scale(a, b);
        return b.rank <=> a.rank;
    }
    /// Throws InputError for levels of different scales.
    friend bool operator==(const Level& a, const Level& b) {
        require_one_scale(a, b);
        return a.rank == b.rank;
    }

private:
    static void require_one_scale(const Level& a, const Level& b) {
        if (a.scale != b.scale)
            throw InputError("levels of different scales are not compared: " + a.label + " of " +
                             a.scale + ", " + b.label + " of " + b.scale);
    }
};

}  // namespace safetyrisk::scoring
