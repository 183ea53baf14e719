// A tally: what adds up over the judgements of a group, such as the risk points of an enterprise.
//
// Everything in it is a whole number, so a tally is the same whatever the order of the rows, the
// number of threads or the instruction set. The sum and the worst score are in units of the method:
// ProductKernel::unit of them make one.
//
// This header needs no object file; scoring/arrays.hpp has the functions over columns.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include <cstdint>

namespace safetyrisk::scoring {

/// What adds up over one group.
struct Tally {
    std::int64_t sum = 0;        ///< Sum of the scores, in units of the method.
    std::uint32_t worst = 0;     ///< Largest score, in units of the method; 0 without any.
    std::uint32_t ungraded = 0;  ///< Rows without a score.
    std::uint32_t blue = 0;      ///< Rows of each grade.
    std::uint32_t yellow = 0;
    std::uint32_t orange = 0;
    std::uint32_t red = 0;

    bool operator==(const Tally&) const = default;
};

/// Adds another group.
inline void add(Tally& to, const Tally& other) {
    to.sum += other.sum;
    to.worst = other.worst > to.worst ? other.worst : to.worst;
    to.ungraded += other.ungraded;
    to.blue += other.blue;
    to.yellow += other.yellow;
    to.orange += other.orange;
    to.red += other.red;
}

/// The tally of one row with a score of `units` units; without a grade when `units` is 0.
inline Tally tally_of(std::uint32_t units, Grade grade) {
    Tally one;
    one.sum = units;
    one.worst = units;
    one.ungraded = units == 0 ? 1U : 0U;
    if (units == 0) return one;
    one.blue = grade == Grade::blue ? 1U : 0U;
    one.yellow = grade == Grade::yellow ? 1U : 0U;
    one.orange = grade == Grade::orange ? 1U : 0U;
    one.red = grade == Grade::red ? 1U : 0U;
    return one;
}

}  // namespace safetyrisk::scoring
