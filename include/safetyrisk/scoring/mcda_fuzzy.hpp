// Fuzzy comprehensive evaluation (模糊综合评价): B = A∘R, from the weights A of n factors and their
// memberships R in m comments, and the comment that B speaks for.
//
// The four usual operators are there. Several levels are calls from the bottom upwards: B of a
// group is its row in the R above. The decision is by the largest membership after rounding, since
// sums such as 0.1 + 0.8 and 0.3 + 0.6 are equal on paper and not in binary; a tie is reported
// whole and goes to the more severe comment, where it is known which end is.
//
// Threads: free functions and plain values.
// Throws: InputError naming the cell: weights and memberships are from 0 to 1, and weights sum to 1
// within 1e-6.
#pragma once

#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace safetyrisk::scoring::mcda {

enum class FuzzyOperator {
    max_min,      ///< M(∧,∨), max of min(a, r): 主因素决定型.
    max_product,  ///< M(·,∨), max of a·r: 主因素突出型.
    sum_min,      ///< M(∧,⊕), min(1, Σ min(a, r)): 取小上界和型.
    sum_product,  ///< M(·,⊕), min(1, Σ a·r): 加权平均型.
};

/// B: m memberships from n weights and n × m memberships.
std::vector<double> fuzzy_compose(std::span<const double> weights, const MatrixView& memberships,
                                  FuzzyOperator op);

/// Which end of the comments is the more severe.
enum class Severe { unknown, first, last };

struct FuzzyDecision {
    std::vector<std::size_t> largest;   ///< The comments of the largest membership, in order.
    std::optional<std::size_t> chosen;  ///< The more severe of them; null for a tie that is open.
};

/// Compares after rounding to `digits` decimals (at most 15). Nothing is chosen when every
/// membership is 0.
FuzzyDecision fuzzy_decide(std::span<const double> memberships, Severe severe, int digits = 9);

}  // namespace safetyrisk::scoring::mcda
