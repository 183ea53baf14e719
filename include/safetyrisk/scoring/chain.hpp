// What a method of the form "chain" is made of: named inputs, named steps, vetoes.
//
// A chain is read from top to bottom: each step takes inputs or earlier steps and gives one value,
// a number or a label; the value of one step is the result, whose band is the level. A closed set
// of operations covers the field's methods; README, "A method of your own", says what each does.
// Numbers with a known count of decimals are whole numbers of their last decimal throughout, so the
// edges of bands are exact.
//
// Threads: plain values.
// Throws: nothing.
#pragma once

#include <safetyrisk/scoring/level.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// One value that a factor may take, and what it means.
struct Step {
    double value = 0.0;
    Words meaning;
};

/// One of the words that an input may be.
struct Choice {
    std::string id;
    Words name;
    std::vector<std::string> also;  ///< Other ways to write it.
};

enum class InputKind : std::uint8_t {
    steps,   ///< One of some numbers, each with a meaning.
    choice,  ///< One of some words.
    number,  ///< A number of a range.
    count,   ///< A whole number, not negative.
    flag,    ///< Yes or no.
};

/// "steps", "choice", "number", "count", "flag".
constexpr std::string_view to_string(InputKind kind) {
    constexpr std::string_view names[] = {"steps", "choice", "number", "count", "flag"};
    return names[static_cast<std::size_t>(kind)];
}

/// An input of a method.
struct MethodInput {
    std::string id;  ///< Column name, "pressure".
    Words name;
    InputKind kind = InputKind::number;
    std::string unit;             ///< "MPa"; may be empty.
    std::vector<Step> steps;      ///< Of kind steps, as the pack writes them.
    std::vector<Choice> choices;  ///< Of kind choice.
    std::string range;            ///< "[0, inf)"; of numbers and counts.
    double low = 0.0, high = 0.0;
    bool low_closed = true, high_closed = false;
    int decimals = -1;       ///< At most so many; -1 any.
    bool needed = true;      ///< Whether a row without it has no grade.
    std::string confidence;  ///< Its own flag, where it differs from the pack's.
    std::string source;      ///< Its own source; may be empty.

    /// What a reader calls it: "L 事故发生的可能性", "用气方式". The name alone where the id is no
    /// symbol.
    std::string called(Lang lang) const;
};

/// A step of a chain.
struct MethodStep {
    std::string id;
    Words name;
    std::string operation;        ///< "scale", "sum", …
    std::vector<std::string> of;  ///< Inputs and earlier steps that it takes.
    std::string confidence;
    std::string source;
};

/// A condition that sets the band whatever the score.
struct Veto {
    std::string id;
    Words text;
    Words condition;       ///< "D1 = 是".
    std::size_t band = 0;  ///< Index into the method's bands.
    std::string clause;
};

}  // namespace safetyrisk::scoring
