// Which way an input pulls: whether more of it can only worsen a level, or only better it.
//
// Proofs from the method itself, never from trying values: "up" means that no method step can make
// a graver judgement give a milder level. Choices have an order where everything that looks at them
// agrees on one. Numbers that are compared with each other, or rules that go both ways, are
// unknown.
//
// Threads: free functions and plain values.
// Throws: nothing.
#pragma once

#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// How gravity goes with an input's order.
enum class Direction : std::uint8_t {
    none,     ///< It changes nothing.
    up,       ///< More is never milder.
    down,     ///< More is never graver.
    unknown,  ///< Neither is certain.
};

/// "none", "up", "down", "unknown".
std::string_view to_string(Direction direction);

/// What is known of one input.
struct InputDirection {
    std::string input;
    Direction direction = Direction::unknown;
    /// Of a choice with an order: groups of ids from the least to the most, those in a group being
    /// equal everywhere.
    std::vector<std::vector<std::string>> order;
};

/// The direction of every input, in the method's order; levels as the method's bands stand.
std::vector<InputDirection> input_directions(const Method& method);

}  // namespace safetyrisk::scoring
