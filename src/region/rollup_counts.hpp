// Counts of points by unit, as both roll-ups keep, check and print them.
//
// A unit is a division or an enterprise; here it is a number. Rows are counted without a branch on
// what they hold: a row that breaks the contract of GradedPoints is counted in a slot of its own,
// and only when that slot is not empty the row is looked for, to be named in the error.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/region/rollup.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace safetyrisk::region::detail {

/// A unit's counts lie in eight numbers, one a slot: the four colours by Grade - 1, then the rest.
inline constexpr std::size_t slots = 8;
inline constexpr std::size_t not_gradable_slot = 4;
inline constexpr std::size_t rejected_slot = 5;
inline constexpr std::size_t wrong_slot = 7;

/// Slot by status (0..2, all others 3) and grade (0..4, all others 5).
class SlotTable {
public:
    SlotTable() {
        status_.fill(3);
        grade_.fill(5);
        for (std::size_t s = 0; s < 3; ++s)
            status_.at(s) = static_cast<std::uint8_t>(s);
        for (std::size_t g = 0; g < 5; ++g)
            grade_.at(g) = static_cast<std::uint8_t>(g);
        slot_.fill(wrong_slot);
        for (std::size_t g = 1; g < 5; ++g)
            slot_.at(g) = static_cast<std::uint8_t>(g - 1);
        slot_.at(8) = not_gradable_slot;
        slot_.at(16) = rejected_slot;
    }
    std::size_t operator()(std::uint8_t status, std::uint8_t grade) const {
        return slot_[status_[status] * std::size_t{8} + grade_[grade]];
    }

private:
    std::array<std::uint8_t, 256> status_{};
    std::array<std::uint8_t, 256> grade_{};
    std::array<std::uint8_t, 32> slot_{};
};

/// Thirty-two bits are enough: a register has fewer than 2^31 rows (check_lengths).
using Counts = Buffer<std::uint32_t>;

/// Throws InputError when the columns differ in length or have 2^31 rows and more.
void check_lengths(const GradedPoints& points, bool with_division);

/// Throws for the first row that breaks the contract of GradedPoints.
[[noreturn]] void refuse_row(const GradedPoints& points, std::size_t divisions);

/// Adds the columns of RollUp that do not name the unit; unit k has counts[units[k] * slots ...].
void add_count_columns(Table& table, const Counts& counts, std::span<const std::uint32_t> units,
                       const Rule& rule, const Column* enterprises, const Work& work);

/// The origin of a table that is made here.
Origin result_origin(std::string_view name);

/// Reports that the rule gives no grades.
void say_counts_only(const Rule& rule, IssueTable& issues);

}  // namespace safetyrisk::region::detail
