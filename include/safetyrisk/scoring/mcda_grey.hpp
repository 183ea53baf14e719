// Grey relational analysis (灰色关联分析): how near each alternative is to a reference that is best
// in every criterion.
//
// Benefits are scaled by (x − min) / (max − min), costs by (max − x) / (max − min); the reference
// is 1 everywhere; Δ is the distance from it, ξ = (Δmin + ρ·Δmax) / (Δ + ρ·Δmax) with Δmin and Δmax
// over the whole table, and the grade of an alternative is r = Σ w·ξ with weights that sum to 1. A
// constant column is at the reference everywhere: ξ = 1.
//
// Source: Deng Julong (1982), as the field uses it (weights instead of the plain mean).
//
// Threads: free functions; the threads of `work` share the rows.
// Throws: InputError naming the cell that is not finite, for weights that are negative, not finite
// or all zero, for a ρ outside 0 < ρ ≤ 1, for spans of other lengths, and when no column differs;
// Interrupted.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <span>
#include <vector>

namespace safetyrisk::scoring::mcda {

/// Of each of k columns.
struct GreyFrame {
    std::vector<double> minimum;
    std::vector<double> maximum;
    std::vector<double> weights;  ///< Divided by their sum.
};

/// Writes n relational grades, from 0 to 1, and n × k coefficients ξ, rows first, where that span
/// is not empty. `weights` has k values, or none for equal ones.
GreyFrame grey_relation(const MatrixView& values, std::span<const double> weights,
                        std::span<const bool> cost, std::span<double> grades,
                        std::span<double> coefficients = {}, double rho = 0.5,
                        const Work& work = {});

}  // namespace safetyrisk::scoring::mcda
