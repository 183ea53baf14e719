// Dates by when, how often, how much.
#pragma once

#include "text.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace safetyrisk::plan {

/// What dates and clauses are read by.
struct Context {
    std::optional<int> year;     ///< Of dates without one.
    std::optional<Date> issued;  ///< Of the plan: what was before it is no duty.
    std::optional<Role> bare{};  ///< Of units alone in brackets, where the plan says it.
};

/// Deadlines of characters [begin, end). `column`: all of it is a date by when (完成时限).
void read_deadlines(const Text& text, std::size_t begin, std::size_t end, const Context& context,
                    bool column, std::vector<Deadline>& out);

/// By when something is to be done where the text gives no date for it: 国庆节前, 到2026年.
std::vector<std::pair<std::size_t, std::size_t>> open_deadlines(const Text& text, std::size_t begin,
                                                                std::size_t end,
                                                                const Context& context);

/// Frequencies of characters [begin, end), each cadence once. `column`: 月度 alone is one.
void read_frequencies(const Text& text, std::size_t begin, std::size_t end,
                      std::vector<Frequency>& out, bool column = false);

/// Targets of characters [begin, end).
void read_targets(const Text& text, std::size_t begin, std::size_t end, std::vector<Target>& out);

}  // namespace safetyrisk::plan
