#pragma once

#include <safetyrisk/core/table.hpp>

#include <optional>
#include <vector>

namespace safetyrisk::scoring {

/// What a register says of grades before it is graded.
struct EarlierResults {
    /// Columns that an earlier grading wrote beside the register's own, in the table's order.
    std::vector<std::size_t> written;
    /// The column in which the register states grades of its own.
    std::optional<std::size_t> given;
};

/// Tells the two apart by the names that results have in files of ours: the canonical ones, with
/// `graded_` before them where the register had the name, and the headers of a workbook, with
/// （原表） behind the header. A grading writes all of its columns behind the register's, so a
/// table that lacks one of them holds no result, and of several columns for one thing the last are
/// ours.
EarlierResults earlier_results(const Table& table);

}  // namespace safetyrisk::scoring
