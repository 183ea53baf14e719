// TOPSIS (优劣解距离法): how close each alternative is to the best of every criterion, and how far
// from the worst.
//
// Columns are scaled, r = x / √Σx² by default, and weighted, v = w·r; the ideal takes the best v of
// every column, the anti-ideal the worst; d⁺ and d⁻ are the Euclidean distances from them and
// C = d⁻ / (d⁺ + d⁻), from 0 to 1, larger is better. Weights are used as given: their sum changes
// d⁺ and d⁻ and not C.
//
// Norms do not depend on the order of rows or on threads, so rows in another order give the same
// bytes in that order. A column that is constant (zeros too), or whose distances are below 1e-150,
// adds nothing to either distance.
//
// Source: Hwang & Yoon (1981); Tzeng & Huang (2011).
//
// Threads: free functions; the threads of `work` share the rows.
// Throws: InputError naming the cell that is not finite, for weights that are negative, not finite
// or all zero, for spans of other lengths, and when all alternatives are alike (a single one too),
// since C is then 0/0; Interrupted.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <span>
#include <vector>

namespace safetyrisk::scoring::mcda {

/// How columns are scaled: x / √Σx², (x − min) / (max − min), or not at all.
enum class Scaling { vector, min_max, none };

/// What all alternatives are measured by, of each of k columns.
struct TopsisFrame {
    std::vector<double> norm;   ///< √Σx², max − min, or 1; 0 for a column without weight in C.
    std::vector<double> best;   ///< x of the ideal: largest, or smallest of a cost.
    std::vector<double> worst;  ///< x of the anti-ideal.
    std::vector<double> ideal;  ///< v of the ideal.
    std::vector<double> anti_ideal;
};

/// Writes n values to each of the spans; the two of distances may be empty. `weights` has k values,
/// `cost` is empty or says of each column whether less is better.
TopsisFrame topsis(const MatrixView& values, std::span<const double> weights,
                   std::span<const bool> cost, std::span<double> closeness,
                   std::span<double> to_ideal = {}, std::span<double> to_anti_ideal = {},
                   Scaling scaling = Scaling::vector, const Work& work = {});

}  // namespace safetyrisk::scoring::mcda
