// Responsibility clauses: who stands in which role.
#pragma once

#include "text.hpp"
#include "times.hpp"

#include <vector>

namespace safetyrisk::plan {

/// What the assignments of a stretch of text say, and which characters they take.
struct Assignments {
    std::vector<UnitMention> units;
    std::vector<Deadline> deadlines;                          ///< Of 完成时限 and the like.
    std::vector<Frequency> frequencies;                       ///< The same.
    std::vector<std::pair<std::size_t, std::size_t>> taken;   ///< Clauses, by characters.
    std::vector<std::pair<std::size_t, std::size_t>> unread;  ///< Clauses that gave no unit.
};

/// Reads brackets, labels and sentences of characters [begin, end).
void read_assignments(const Text& text, std::size_t begin, std::size_t end, const Context& context,
                      Assignments& out);

/// Where the units end that a line opens with before a colon (市公安局:…); `begin` where it does
/// not.
std::size_t units_before_colon(const Text& text, std::size_t begin, std::size_t end);

/// The names of a list, as printed.
std::vector<std::string> read_names(const Text& text, std::size_t begin, std::size_t end);

/// Reads a cell of a table's column of units.
void read_unit_cell(const Text& text, std::size_t begin, std::size_t end, Role role,
                    const Context& context, Assignments& out);

}  // namespace safetyrisk::plan
