// Open cells by the day on which they are due, so that a day's list needs no look at the others.
#pragma once

#include "duty/parts.hpp"

#include <safetyrisk/core/date.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace safetyrisk::duty {

class DueIndex {
public:
    DueIndex(const std::vector<std::shared_ptr<const Part>>& parts, Date as_of);

    /// Open cells of one part that are due on one day: their numbers in the part, ascending.
    struct Day {
        std::size_t part;
        Date due;
        bool due_known;  ///< Else `due` is the earliest day that it can be.
        std::span<const std::uint32_t> cells;
    };
    /// Those due from `from` to `to`, by day, duty and part.
    std::vector<Day> days(Date from, Date to) const;

private:
    struct Slice {
        Date due;
        bool due_known;
        std::size_t duty, part;
        std::size_t begin, end;
    };
    std::vector<Slice> slices_;  // by due day, duty, part
    std::vector<std::uint32_t> cells_;
};

/// An index that is made when it is first asked for.
struct LazyIndex {
    std::once_flag made;
    std::unique_ptr<const DueIndex> index;
};

}  // namespace safetyrisk::duty
