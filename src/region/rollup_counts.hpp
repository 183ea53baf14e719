// Counts of points by unit, as both roll-ups keep, check and print them.
//
// A unit is a division or an enterprise; here it is a number. Rows are counted without a branch on
// what they hold: a row that breaks the contract of GradedPoints is counted in a slot of its own,
// and only when that slot is not empty the row is looked for, to be named in the error.
#pragma once

#include <safetyrisk/region/rollup.hpp>

#include "region/id_index.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

using Counts = std::vector<std::uint64_t>;

/// Throws InputError when the columns differ in length.
void check_lengths(const GradedPoints& points, bool with_division);

/// Throws for the first row that breaks the contract of GradedPoints.
[[noreturn]] void refuse_row(const GradedPoints& points, std::size_t divisions);

/// Adds the columns of RollUp that do not name the unit; unit k has counts[units[k] * slots ...].
void add_count_columns(Table& table, const Counts& counts, std::span<const std::size_t> units,
                       const Rule& rule, const Column* enterprises);

/// The origin of a table that is made here.
Origin result_origin(std::string_view name);

/// Reports that the rule gives no grades.
void say_counts_only(const Rule& rule, IssueTable& issues);

/// Calls body(first row, numbers of the enterprises of that row and those after it, -1 for none)
/// for all rows, on one thread. Ids in random order cost a cache miss at every step, so rows are
/// taken in batches and the next step of the whole batch is under way before the first row needs
/// it.
template <class Body>
void for_enterprises(const Column& column, IdIndex& ids, const Work& work, const Body& body) {
    constexpr std::size_t batch = 64;
    Work one_thread = work;
    one_thread.threads = 1;
    const bool is_text = column.type() == ColumnType::text;
    for_blocks(column.size(), one_thread, [&](std::size_t begin, std::size_t end) {
        std::array<std::string, batch> printed;
        std::array<std::string_view, batch> id;
        std::array<std::uint32_t, batch> hash{};
        std::array<std::int32_t, batch> number{};
        std::array<bool, batch> again{};
        for (std::size_t first = begin; first < end; first += batch) {
            const std::size_t count = std::min(batch, end - first);
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t row = first + k;
                // Registers mostly list the points of an enterprise one after the other.
                again[k] = k > 0 && column.equal(row - 1, row);
                if (again[k]) continue;
                if (column.is_missing(row))
                    id[k] = {};
                else if (is_text)
                    id[k] = column.text(row);
                else
                    id[k] = printed[k] = column.print(row);
                hash[k] = IdIndex::hash(id[k]);
                ids.fetch_slot(hash[k]);
            }
            for (std::size_t k = 0; k < count; ++k)
                if (!again[k]) ids.fetch_text(hash[k]);
            for (std::size_t k = 0; k < count; ++k) {
                if (again[k])
                    number[k] = number[k - 1];
                else
                    number[k] = id[k].empty() ? -1 : ids.add(id[k], hash[k]);
            }
            body(first, std::span<const std::int32_t>(number).first(count));
        }
    });
}

}  // namespace safetyrisk::region::detail
