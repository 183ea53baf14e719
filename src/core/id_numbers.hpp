// Ids as numbers: which rows share an id, and which ids there are.
//
// Registers key their rows by whole numbers, by texts, or by texts of a dictionary, in any order;
// counting wants a place in an array. Each kind is numbered as it lies: whole numbers of a small
// range by their value, others by a table of their 64 bits, texts by a table of their first bytes,
// dictionaries by their codes. Nothing is printed before only the distinct ids are left.
//
// A number is the place of the id among all of them in the order of their UTF-8 bytes, and so owes
// nothing to the order of the rows or to threads.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace safetyrisk {

class IdNumbers {
public:
    /// Numbers the ids of a column; an id that is missing (Column::is_missing) has none. Two ids
    /// are one when they print alike. Throws InputError for 2^31 rows and more.
    IdNumbers(const Column& ids, const Work& work);

    /// How many different ids there are.
    std::size_t size() const { return texts_.size(); }
    /// The number of each row's id, -1 where it is missing.
    std::span<const std::int32_t> numbers() const { return numbers_; }
    /// The ids as texts, in the order of their numbers: ascending by bytes.
    const Column& texts() const { return texts_; }
    std::string_view text(std::int32_t number) const {
        return texts_.text(static_cast<std::size_t>(number));
    }

private:
    Buffer<std::int32_t> numbers_;
    Column texts_;
};

/// For each number of `from` the number of the same id in `to`, -1 where it is not there.
std::vector<std::int32_t> match_ids(const IdNumbers& from, const IdNumbers& to);

/// Rows that share an id: groups of two and more rows, each ascending, by their first row. Missing
/// ids are in no group. Needs 8 bytes a row, and nothing when the ids ascend.
std::vector<std::vector<std::size_t>> shared_ids(const Column& ids, const Work& work);

/// Calls `left_out(row, equal, group)` for the rows that do not stand because their id is there
/// more than once: of rows that are equal, `equal(a, b)`, all but the first; of rows that differ,
/// all of them, so that order cannot matter.
template <class Equal, class LeftOut>
void each_repeated(const Column& ids, const Work& work, const Equal& equal,
                   const LeftOut& left_out) {
    for (const std::vector<std::size_t>& group : shared_ids(ids, work)) {
        const bool same = std::all_of(group.begin(), group.end(),
                                      [&](std::size_t row) { return equal(group.front(), row); });
        for (const std::size_t row : group)
            if (!same || row != group.front())
                left_out(row, same, std::span<const std::size_t>(group));
    }
}

/// The same for rows of a table that are equal in every column: `left_out(row, equal)`.
template <class LeftOut>
void each_repeated(const Table& table, const Column& ids, const Work& work,
                   const LeftOut& left_out) {
    each_repeated(
        ids, work, [&](std::size_t a, std::size_t b) { return table.equal_rows(a, b); },
        [&](std::size_t row, bool same, std::span<const std::size_t>) { left_out(row, same); });
}

}  // namespace safetyrisk
