// Colours for the levels of a scale that has none: a choice of the caller, never of the library.
//
// Many scales of the field print levels without colours (chemical parks A to D, 一级 to 三级). A
// pack of kind "colour_map" says which colour each level of one scale is given; it is applied only
// when the caller names it, and the explanation says so.
//
// Threads: immutable once compiled.
// Throws: InputError for a pack that is none.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk::scoring {

class ColourMap {
public:
    /// Compiles a pack of kind "colour_map": {"scale", "levels": [{"label", "grade"}]}, a grade
    /// of null for a level without colour; throws
    /// InputError with the JSON path.
    static std::shared_ptr<const ColourMap> compile(std::shared_ptr<const Pack> pack);

    const Pack& pack() const { return *pack_; }
    /// Id of the scale whose levels it colours.
    const std::string& scale() const { return scale_; }
    /// Whether it speaks of a level; a level may be said to have no colour.
    bool names(std::string_view label) const;
    /// The colour of a level, or nothing.
    std::optional<Grade> grade(std::string_view label) const;

private:
    std::shared_ptr<const Pack> pack_;
    std::string scale_;
    std::vector<std::pair<std::string, std::optional<Grade>>> levels_;
};

}  // namespace safetyrisk::scoring
