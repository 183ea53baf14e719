// A cell as a distribution of judgements, and the numbers that draws are made of.
#pragma once

#include "judge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// What a cell may be.
struct Spread {
    enum class Kind : std::uint8_t { list, uniform, triangular };
    Kind kind = Kind::list;
    std::vector<Judgement> values;  ///< Of a list, one at least.
    std::vector<double> weights;    ///< Their sum is 1.
    double low = 0.0, mode = 0.0, high = 0.0;
    std::string likeliest;  ///< The value to grade with.
};

enum class SpreadFault : std::uint8_t { none, only_steps, sum };

/// What a text says that is no plain value. `wrong` is a value in it that cannot be; else `fault`
/// says what is wrong with a form that is known.
struct SpreadText {
    std::optional<Spread> spread;
    std::string wrong;
    SpreadFault fault = SpreadFault::none;
    double sum = 0.0;  ///< Of weights, where it is neither 1 nor 100.
};

/// Reads "[3, 6]", "3:0.2;6:0.8", "uniform(1, 5)" … for input k.
SpreadText read_spread(const Judge& judge, std::size_t k, std::string_view text);

/// SplitMix64 as a function of key and counter: 64 bits that look random.
inline std::uint64_t mixed(std::uint64_t key, std::uint64_t counter) {
    std::uint64_t z = key + (counter + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

/// 53 of them as a number from 0 to 1, 1 left out.
inline double unit_number(std::uint64_t bits) {
    return static_cast<double>(bits >> 11U) * 0x1p-53;
}

/// The key of a row: of its id's text, or of its number.
std::uint64_t row_key(std::uint64_t seed, std::string_view id);

/// A value of a spread for a number from 0 to 1.
Judgement drawn(const Judge& judge, std::size_t k, const Spread& spread, double u);

}  // namespace safetyrisk::scoring
