// A method as tables of plain numbers: what its kernels look at.
//
// Every scale that ships has at most seven steps, so three judgements in step codes are nine bits,
// and score, grade and band of every combination stand in a table, filled in whole numbers by
// score_product. Vector kernels multiply instead: products are whole numbers below 2^24 and
// therefore exact in float32.
#pragma once

#include <safetyrisk/scoring/tally.hpp>

#include <cstddef>
#include <cstdint>

namespace safetyrisk::scoring::loops {

/// Most steps of a factor that has codes: 15 stays free for "no step".
inline constexpr std::size_t max_code = 14;
/// Most bits of a combination of codes.
inline constexpr unsigned max_combo_bits = 12;
/// Products up to here are exact in float32.
inline constexpr double max_code_product = 16777216.0;

/// Finds a step by its bits: the slot of a value is the top of `multiplier` times 32 of its bits,
/// and distinct steps have distinct slots. Free slots have code 0.
template <std::size_t Slots>
struct StepHash {
    std::uint32_t multiplier = 0;  ///< 0: none was found, or too many steps.
    std::uint32_t high[Slots] = {};
    std::uint32_t low[Slots] = {};
    std::uint32_t code[Slots] = {};
};

struct CodeFactor {
    std::uint32_t steps = 0;
    std::uint32_t shift = 0;  ///< Place of the code in a combination.
    float units[16] = {};     ///< By code; 0 where there is no step.
    double value[16] = {};    ///< By code; NaN where there is no step.
    StepHash<8> wide8;        ///< By the upper half of a float64.
    StepHash<16> wide16;
    StepHash<8> narrow8;  ///< By a float32; `low` is unused.
    StepHash<16> narrow16;
    double multiplier = 1.0;                    ///< As StepTable.
    double largest = 0.0;                       ///< As StepTable.
    const std::uint8_t* code_of = nullptr;      ///< By units, 0 to `largest`.
    const std::uint8_t* code_of_int = nullptr;  ///< By whole value, 0 to `int_last`, which is none.
    std::uint32_t int_last = 0;
};

struct CodeTables {
    std::uint32_t factor_count = 0;
    std::uint32_t band_count = 0;
    std::uint32_t combo_bits = 0;
    CodeFactor factors[4];
    float edges[8] = {};           ///< Smallest product of band b; infinite where there is none.
    float grade_edges[4] = {};     ///< Smallest product of blue, yellow, orange, red and above.
    std::uint8_t grades[16] = {};  ///< By band.
    double unit = 1.0;
    const double* combo_score = nullptr;  ///< By combination; NaN without a score.
    const std::uint8_t* combo_grade = nullptr;
    const std::uint8_t* combo_band = nullptr;
    const Tally* combo_tally = nullptr;  ///< The tally of one such row.
};

}  // namespace safetyrisk::scoring::loops
