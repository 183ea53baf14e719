// Sums over rows that do not depend on the order of the rows, and the passes over a matrix that use
// them.
//
// A term is cut into a part that is a multiple of a large unit and one that is a multiple of a
// small unit, both chosen so that adding up all parts of n terms is exact; what is left below the
// small unit is dropped. Exact additions may be done in any order, by any number of threads. With n
// terms no larger than 1 what is dropped is below n²·2^-103 in all.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/mcda_matrix.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace safetyrisk::scoring::mcda {

/// Cells larger than this are refused, so that squares and sums stay finite.
inline constexpr double largest_cell = 1e150;

/// 2 to the power e, for e from -1022 to 1023.
inline double power_of_two(int e) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52U);
}

/// The e of the smallest power of two that is not below |x|; x is finite and no subnormal.
int exponent_above(double x);

/// How terms are cut: n terms no larger than `bound` (above 0) in size.
struct Cut {
    double coarse;  ///< Added and taken off again, rounds to the large unit.
    double fine;    ///< The same for what is left.

    Cut(std::size_t n, double bound);
};

/// Two exact sums; partial sums are added with +=.
struct CutSum {
    double high = 0.0;
    double low = 0.0;

    void add(double x, const Cut& cut) {
        const double h = (x + cut.coarse) - cut.coarse;
        high += h;
        low += ((x - h) + cut.fine) - cut.fine;
    }
    CutSum& operator+=(const CutSum& other) {
        high += other.high;
        low += other.low;
        return *this;
    }
    double value() const { return high + low; }
};

/// Adds `f(x)` of every `stride`-th of n doubles to `sum`. Four sums are kept at once, since one
/// addition has to wait for the one before it.
template <class F>
void add_terms(const double* x, std::size_t n, std::ptrdiff_t stride, const Cut& cut, CutSum& sum,
               F&& f) {
    constexpr std::size_t lanes = 4;
    double high[lanes] = {};
    double low[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double term = f(x[static_cast<std::ptrdiff_t>(i + lane) * stride]);
            const double h = (term + cut.coarse) - cut.coarse;
            high[lane] += h;
            low[lane] += ((term - h) + cut.fine) - cut.fine;
        }
    }
    for (; i < n; ++i)
        sum.add(f(x[static_cast<std::ptrdiff_t>(i) * stride]), cut);
    for (std::size_t lane = 0; lane < lanes; ++lane)
        sum += {high[lane], low[lane]};
}

/// Smallest and largest cell of each column. Throws InputError naming the first cell (by row, then
/// column) that is not finite or larger than `largest_cell`, or with `least` below it.
struct Ranges {
    std::vector<double> minimum;
    std::vector<double> maximum;

    bool differs(std::size_t column) const { return minimum[column] < maximum[column]; }
    /// Largest size of a cell of the column.
    double size(std::size_t column) const { return std::max(maximum[column], -minimum[column]); }
};
Ranges ranges(const MatrixView& values, const Work& work, const double* least = nullptr);

/// Rows of a matrix to read together, column by column: what the nearest cache holds, or more where
/// columns are read without gaps.
std::size_t rows_at_once(const MatrixView& values);

/// Calls `body(first row, number of rows, sums)` for pieces of few rows, where `sums` has a place
/// for each of `count` sums; returns their totals. Pieces and threads change nothing.
std::vector<CutSum> sum_rows(
    const MatrixView& values, std::size_t count, const Work& work,
    const std::function<void(std::size_t first, std::size_t n, std::span<CutSum> sums)>& body);

/// Throws InputError unless there are `columns` flags or none.
void expect_cost(std::span<const bool> cost, std::size_t columns);

/// Throws InputError unless there are `columns` weights, finite, not negative, not all zero.
void expect_weights(std::span<const double> weights, std::size_t columns);

/// Throws InputError for a matrix without rows or columns.
void expect_cells(const MatrixView& values);

/// Numbers as messages show them.
std::string shown(double value);

}  // namespace safetyrisk::scoring::mcda
