// Enterprises counted by where they are, what they do and how risky they are: one pass over all of
// them, which coverage and load then fold over the territory.
#pragma once

#include "regulators.hpp"
#include "store.hpp"

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/work.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace safetyrisk::graph {

/// The pack `workload`: what a colour weighs, how often it is visited, what a visit takes.
struct Workload {
    std::shared_ptr<const Pack> pack;
    std::array<std::int64_t, 5> weight{};  ///< By Grade; 0 for no grade.
    std::array<double, 5> visits{};        ///< In a year.
    double effort = 0;                     ///< Days of one person for a visit.
    double working_days = 0;               ///< Of one person in a year.
    double flag = 0;                       ///< Times the median that is too much.

    /// Null: the pack that `workload` means. Throws InputError for a pack that contradicts itself.
    explicit Workload(std::shared_ptr<const Pack> given);
};

/// Colour of each enterprise on the day: its own, else the worst of its risk points'; 0 for none
/// and for other nodes. By node, added ones last.
std::vector<std::uint8_t> enterprise_colours(const View& view);

/// How many enterprises a row of places has, by set of sectors and class.
struct EnterpriseCounts {
    struct Entry {
        SetNo set = 0;
        std::uint32_t cls = 0;
        std::uint64_t count = 0;
    };
    std::vector<std::size_t> offsets;  ///< Rows + 1.
    std::vector<Entry> entries;        ///< By row, set and class.
    std::uint64_t enterprises = 0;     ///< All that are there on the day.
    std::uint64_t unplaced = 0;        ///< Those at no place that has a row.
    std::uint64_t without_sector = 0;  ///< Those without any sector, wherever they are.

    std::span<const Entry> row(std::size_t number) const {
        return std::span(entries).subspan(offsets[number], offsets[number + 1] - offsets[number]);
    }
};

/// Counts enterprises by the row of their place (`row_of_place`, by number of the place; `none`:
/// not counted) and their class below `classes` (`class_of`, by node; empty: all of class 0).
/// `Class` is std::uint8_t or std::uint16_t.
template <class Class>
EnterpriseCounts count_enterprises(const Places& places,
                                   std::span<const std::uint32_t> row_of_place, std::size_t rows,
                                   std::span<const Class> class_of, std::size_t classes,
                                   const Work& work = {});

}  // namespace safetyrisk::graph
