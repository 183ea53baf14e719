// The rows of a table of divisions, read one by one before any of them knows another.
//
// Reading settles what a row says by itself: its code, whether it holds on the day asked for, and
// what it became when it does not. Duplicates, parents and chains of successors need all rows and
// are settled where the tree is built.
#pragma once

#include <safetyrisk/region/divisions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace safetyrisk::region::detail {

inline std::size_t as_size(std::int32_t index) {
    return static_cast<std::size_t>(index);
}

/// One row that may become a division.
struct DivisionEntry {
    DivisionCode code;
    std::int32_t row = -1;
    std::int32_t parent = -1;  // index of an entry
    bool by_prefix = true;     // the parent is the nearest entry above by code
};

/// A code that does not hold on the day asked for.
struct Former {
    DivisionCode code;
    std::optional<DivisionCode> successor;  // nothing: none, or more than one
    std::int32_t row = -1;
    Date until;
};

/// What the rows say, in the order of the table.
struct DivisionRows {
    Origin origin;
    std::vector<DivisionEntry> entries;  ///< The country, made, and the rows that hold.
    std::vector<Former> former;
};

/// Reads all rows; what is wrong with one is reported. Throws InputError when the columns `code` or
/// `name` are missing, the table is too long, or a row has dates and no day is given.
DivisionRows read_division_rows(const Table& table, std::optional<Date> on, IssueTable& issues);

}  // namespace safetyrisk::region::detail
