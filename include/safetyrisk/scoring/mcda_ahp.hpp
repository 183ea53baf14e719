// AHP (层次分析法): weights from comparisons in pairs, and whether the comparisons agree.
//
// A comparison a(i, j) says how many times as important i is as j (1 equal … 9 extreme); a(j, i) is
// its reciprocal. Weights are the principal right eigenvector (特征向量法), the mean of the
// normalised columns (和法) or the geometric mean of the rows (根法), summing to 1. λmax is the
// mean of (A·w)_i / w_i, CI = (λmax − n) / (n − 1), CR = CI / RI, and comparisons are accepted
// while CR is below the limit of the pack that has the RI (three tables ship: ahp_ri.saaty_1980,
// the default, ahp_ri.saaty_2005, ahp_ri.donegan_dodd). One or two elements always agree: CR = 0.
//
// The eigenvector is found by repeated multiplication, and by repeated squaring where that is slow,
// with additions and divisions in a fixed order: the same bytes on every machine.
//
// Source: Saaty, The Analytic Hierarchy Process (1980).
//
// Threads: free functions and plain values; ahp_batch uses the threads of its Work.
// Throws: InputError naming the cell (a missing, negative or non-reciprocal comparison),
// NotFoundError (an unknown table), Interrupted (ahp_batch).
#pragma once

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace safetyrisk::scoring::mcda {

/// Mean CI of random comparisons by the number of elements, and what is made of it.
struct RandomIndex {
    std::string id;             ///< Full id of the pack.
    std::vector<double> table;  ///< RI of n elements at [n]; 0 for n below 3.
    double limit = 0.0;         ///< Comparisons are accepted while CR is below it.
    double largest_step = 0.0;  ///< Largest judgement of the scale, whole steps from 1.

    /// RI of n elements, null beyond the table.
    std::optional<double> of(std::size_t n) const {
        return n < table.size() ? std::optional<double>(table[n]) : std::nullopt;
    }

    /// Throws InputError when the pack is of another kind or contradicts itself.
    static RandomIndex from_pack(const Pack& pack);
};

/// The table of a name: full id, "ahp_ri" for the default, or the part after the point.
RandomIndex random_index(std::string_view name = "ahp_ri");

enum class AhpMethod { eigenvector, column_mean, geometric_mean };

struct AhpOptions {
    AhpMethod method = AhpMethod::eigenvector;
    /// How far a(i, j)·a(j, i) may be from 1; infinity takes a matrix as it is.
    double tolerance = 1e-6;
};

struct AhpResult {
    std::vector<double> weights;  ///< Of n elements, sum 1.
    double lambda_max = 0.0;
    double ci = 0.0;
    std::optional<double> ri;  ///< Null beyond the table.
    std::optional<double> cr;  ///< Null where RI is; 0 for n of 1 or 2.
};

/// Weights and consistency of n × n comparisons.
AhpResult ahp(const MatrixView& comparisons, const RandomIndex& index,
              const AhpOptions& options = {});

/// The same of many matrices of n × n, one after the other, rows first: writes n weights a matrix,
/// and a λmax and a CI each. Throws InputError when lengths differ, or naming matrix and cell.
void ahp_batch(std::span<const double> comparisons, std::size_t n, std::span<double> weights,
               std::span<double> lambda_max, std::span<double> ci, const AhpOptions& options = {},
               const Work& work = {});

/// A comparison and how far it is from what the weights say.
struct AhpDeviation {
    std::size_t row = 0;
    std::size_t column = 0;   ///< Above the diagonal: row < column.
    double value = 0.0;       ///< a(i, j) as given.
    double consistent = 0.0;  ///< w_i / w_j.
    double deviation = 1.0;   ///< a(i, j)·w_j / w_i or its reciprocal, whichever is above 1.
};

/// All comparisons above the diagonal, the largest deviation first, then by row and column.
std::vector<AhpDeviation> ahp_deviations(const MatrixView& comparisons,
                                         std::span<const double> weights);

/// What to revisit: the comparison of the largest deviation, and which step of the scale in its
/// place gives the smallest CR.
struct AhpRevisit {
    AhpDeviation comparison;
    double suggested = 1.0;  ///< A step 1 … largest or the reciprocal of one.
    double cr_after = 0.0;   ///< CR with it.
};

/// Null when no other step lowers CR, for n below 3 and beyond the table of RI.
std::optional<AhpRevisit> ahp_revisit(const MatrixView& comparisons, const RandomIndex& index,
                                      const AhpOptions& options = {});

}  // namespace safetyrisk::scoring::mcda
