// Step codes: judgements in one byte each, and columns of judgements in whatever form they come.
//
// A factor has a few steps, so a judgement fits a byte: code 1 is the smallest step of the factor,
// 2 the next, and 0 stands for everything that is no step (missing, off the scale, negative). Codes
// are an eighth of the memory of float64, which is what limits grading; who grades the same
// register more than once encodes it once.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

namespace safetyrisk::scoring {

/// A column of step codes. A code beyond the factor's steps counts as 0.
struct StepCodes {
    std::span<const std::uint8_t> codes;
};

/// The judgements of one factor: values, dimensionless, in one of five number types, or step codes.
/// Values are matched exactly, as score_product does it; a float32 stands for the step whose
/// nearest float32 it is.
using FactorColumn =
    std::variant<std::span<const double>, std::span<const float>, std::span<const std::int64_t>,
                 std::span<const std::int32_t>, std::span<const std::uint8_t>, StepCodes>;

/// The group of each row: whole numbers from 0.
using GroupIds = std::variant<std::span<const std::int64_t>, std::span<const std::int32_t>,
                              std::span<const std::uint32_t>>;

}  // namespace safetyrisk::scoring
