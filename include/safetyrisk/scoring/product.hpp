// Product scores: the arithmetic of LEC (D = L·E·C) and of risk matrices (R = L·S), exact at the
// edges of the bands.
//
// The factors are judgements from short lists of steps, and steps such as 0.1 and 0.2 are not exact
// in binary: 0.2·1·100 may land a hair beside the edge 20. So every step is kept as a whole number
// of its last decimal (L = 0.2 as 2 tenths), products are products of whole numbers, and an edge is
// compared as a whole number too. The score is the exact product divided once, that is the double
// nearest to the true value.
//
// This header needs no object file: it is the scalar kernel that the compiled library runs over
// columns. Which steps and which edges hold is data of a pack (scoring/method.hpp); no number in
// this file decides a colour.
//
// Source: for the method, Graham & Kinney (LEC) and the risk matrices of DB37/T 2882-2016.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing; `inputs` is not checked for its length.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace safetyrisk::scoring {

/// Most factors a product method may have.
inline constexpr std::size_t max_factors = 4;
/// Most bands a method may have.
inline constexpr std::size_t max_bands = 8;

/// The steps of one factor, findable in one look-up: `exact[k]` is the step that is k units of the
/// last decimal, NaN where there is none.
struct StepTable {
    double multiplier = 1.0;        ///< 10 to the number of decimals.
    double largest = 0.0;           ///< Largest step, in units.
    std::span<const double> exact;  ///< Indexed by units, 0 to `largest`.

    /// The step in units, or 0 when `value` is no step (0 itself is never one).
    std::int64_t units(double value) const {
        const double scaled = value * multiplier;
        if (!(scaled > 0.0 && scaled <= largest + 0.5)) return 0;
        // By way of the signed type, which is one instruction.
        const auto k = static_cast<std::size_t>(static_cast<std::int64_t>(scaled + 0.5));
        return k < exact.size() && exact[k] == value ? static_cast<std::int64_t>(k) : 0;
    }
};

/// The bands of a score, mildest first: a product belongs to the band whose edge is the last one
/// that it reaches.
struct BandTable {
    /// Smallest product, in units, that reaches band b; edge[0] is 0. Unused entries hold the
    /// largest integer.
    std::array<std::int64_t, max_bands> edge{};
    std::array<Grade, max_bands> grade{};
    std::size_t count = 0;
};

/// A method whose score is the product of its factors.
struct ProductKernel {
    std::array<StepTable, max_factors> factors{};
    std::size_t factor_count = 0;
    double unit = 1.0;  ///< Units in one: the score is product / unit.
    BandTable bands;
};

/// What one judgement gives.
struct ProductOutcome {
    bool on_scale = false;  ///< Whether every factor is a step; else nothing else is set.
    double score = std::numeric_limits<double>::quiet_NaN();
    std::uint8_t band = 0;  ///< Index into the bands, mildest first.
    Grade grade = Grade::blue;
};

/// Scores one judgement. `inputs` has `factor_count` values, dimensionless.
inline ProductOutcome score_product(const ProductKernel& kernel, std::span<const double> inputs) {
    std::int64_t product = 1;
    for (std::size_t f = 0; f < kernel.factor_count; ++f)
        product *= kernel.factors[f].units(inputs[f]);
    if (product == 0) return {};
    std::uint8_t band = 0;
    for (std::size_t b = 1; b < kernel.bands.count; ++b)
        band = static_cast<std::uint8_t>(band + (product >= kernel.bands.edge[b] ? 1 : 0));
    return {true, static_cast<double>(product) / kernel.unit, band, kernel.bands.grade[band]};
}

}  // namespace safetyrisk::scoring
