// The inputs of a method as columns of doubles, and what is wrong with their cells.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace safetyrisk::scoring {

inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// What is wrong with a cell that gives no number by itself.
enum class CellFault : std::uint8_t { none, not_a_number, impossible_part, contradicts_parts };

// A column of a factor as doubles; NaN where there is no number.
struct FactorInput {
    std::span<const double> values;
    std::vector<double> own;
    std::vector<CellFault> faults;  // empty when there are none

    CellFault fault(std::size_t row) const {
        return faults.empty() ? CellFault::none : faults[row];
    }
};

/// The factor of each row: its own column, or the worst of its parts where that is empty. Views the
/// table's memory where it can. `averaged` as in Method::score: what a part may hold.
FactorInput read_factor(const Table& table, const Factor& factor, bool averaged);

}  // namespace safetyrisk::scoring
