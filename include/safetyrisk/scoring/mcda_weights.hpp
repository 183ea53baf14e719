// Weights from the data themselves: entropy (熵权法) and CRITIC. A criterion in which alternatives
// differ more weighs more; one in which they do not differ weighs nothing.
//
// Entropy: p = x / Σx, e = −(1 / ln m) Σ p·ln p with 0·ln 0 = 0, d = 1 − e, w = d / Σd. What is
// computed is d itself, as a sum of terms that are never negative, so that columns that are almost
// constant keep their digits; the logarithm is our own. CRITIC (Diakoulaki 1995): columns scaled by
// (x − min) / (max − min), C = σ·Σ(1 − r), w = C / ΣC, with r Pearson's correlation; population and
// sample deviation differ in σ and C and give the same weights.
//
// Sums over rows are exact to far below a rounding and do not depend on the order of rows or on
// threads: rows in another order give the same bytes. A constant column (zeros too) has weight 0
// and for CRITIC no part in the others' conflict.
//
// Threads: free functions; the threads of `work` share the rows.
// Throws: InputError naming the cell (not finite, negative for entropy); for fewer than two rows,
// no columns, or when no column differs, since the weights are then undefined; Interrupted.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <span>
#include <vector>

namespace safetyrisk::scoring::mcda {

/// Of each of k columns.
struct EntropyWeights {
    std::vector<double> sum;         ///< Σx.
    std::vector<double> entropy;     ///< e, from 0 to 1.
    std::vector<double> divergence;  ///< d = 1 − e.
    std::vector<double> weights;     ///< Sum 1.
};

/// Cells are benefits from 0 on: a cost is transformed before.
EntropyWeights entropy_weights(const MatrixView& values, const Work& work = {});

/// Of each of k columns, and of each pair of them.
struct CriticWeights {
    std::vector<double> minimum;
    std::vector<double> maximum;
    std::vector<double> deviation;    ///< σ of the scaled column.
    std::vector<double> correlation;  ///< r, k × k, rows first; 0 beside a constant column.
    std::vector<double> conflict;     ///< Σ(1 − r) over the columns that differ.
    std::vector<double> information;  ///< C = σ·conflict.
    std::vector<double> weights;      ///< Sum 1.
};

/// `cost` is empty or says of each column whether less is better. `freedom` is what is taken off
/// the number of rows in σ: 0 population, 1 sample. One column that differs has weight 1. Throws
/// InputError also when all columns that differ say the same (every r is 1).
CriticWeights critic_weights(const MatrixView& values, std::span<const bool> cost = {},
                             unsigned freedom = 1, const Work& work = {});

/// Natural logarithm by additions, multiplications and divisions alone: the same bytes on every
/// machine, within 2 units in the last place. NaN below 0, −∞ at 0.
double natural_log(double x);

}  // namespace safetyrisk::scoring::mcda
