#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_topsis.hpp>

#include "scoring/mcda_sums.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring::mcda {
namespace {

// √Σx² of each column. Columns are scaled by a power of two, which loses nothing, so that the
// largest square is at most 1.
std::vector<double> euclidean_norms(const MatrixView& values, const Ranges& range,
                                    const Work& work) {
    const std::size_t k = values.columns;
    std::vector<double> shrink(k, 1.0);
    std::vector<double> grow(k, 0.0);
    for (std::size_t j = 0; j < k; ++j) {
        const double size = range.size(j);
        if (!(size >= 1.0 / largest_cell)) continue;  // as good as all zeros
        const int e = exponent_above(size);
        shrink[j] = power_of_two(-e);
        grow[j] = power_of_two(e);
    }
    const Cut cut(values.rows, 1.0);
    const auto sums =
        sum_rows(values, k, work, [&](std::size_t first, std::size_t n, std::span<CutSum> part) {
            for (std::size_t j = 0; j < k; ++j) {
                const double by = shrink[j];
                const auto square = [by](double x) { return (x * by) * (x * by); };
                const double* x = values.at(first, j);
                if (values.row_stride == 1)
                    add_terms(x, n, 1, cut, part[j], square);
                else
                    add_terms(x, n, values.row_stride, cut, part[j], square);
            }
        });
    std::vector<double> norms(k);
    for (std::size_t j = 0; j < k; ++j)
        norms[j] = std::sqrt(sums[j].value()) * grow[j];
    return norms;
}

// What the distances of a row are made of, by column; columns that add nothing are left out.
struct Measure {
    std::ptrdiff_t offset;  // of the column, in doubles
    double best;
    double worst;
    double factor;
};

// Distances of `lanes` rows at once, each added up in the order of the columns.
template <std::size_t lanes>
void measure_rows(const double* x, std::ptrdiff_t stride, std::span<const Measure> measures,
                  double* closeness, double* to_ideal, double* to_anti_ideal) {
    double near[lanes] = {};
    double far[lanes] = {};
    for (const Measure& m : measures) {
        const double* cell = x + m.offset;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double value = cell[static_cast<std::ptrdiff_t>(lane) * stride];
            const double to_best = (value - m.best) * m.factor;
            const double to_worst = (value - m.worst) * m.factor;
            near[lane] += to_best * to_best;
            far[lane] += to_worst * to_worst;
        }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        near[lane] = std::sqrt(near[lane]);
        far[lane] = std::sqrt(far[lane]);
        closeness[lane] = far[lane] / (near[lane] + far[lane]);
    }
    if (to_ideal != nullptr) std::copy_n(near, lanes, to_ideal);
    if (to_anti_ideal != nullptr) std::copy_n(far, lanes, to_anti_ideal);
}

}  // namespace

TopsisFrame topsis(const MatrixView& values, std::span<const double> weights,
                   std::span<const bool> cost, std::span<double> closeness,
                   std::span<double> to_ideal, std::span<double> to_anti_ideal, Scaling scaling,
                   const Work& work) {
    expect_cells(values);
    expect_weights(weights, values.columns);
    expect_cost(cost, values.columns);
    const auto fits = [&](std::span<double> out) { return out.size() == values.rows; };
    if (!fits(closeness) || !(to_ideal.empty() || fits(to_ideal)) ||
        !(to_anti_ideal.empty() || fits(to_anti_ideal)))
        throw InputError("results of TOPSIS have a place for each of the " +
                         std::to_string(values.rows) + " rows");

    const std::size_t k = values.columns;
    const Ranges range = ranges(values, work);
    TopsisFrame frame;
    frame.norm.assign(k, 1.0);
    if (scaling == Scaling::vector) frame.norm = euclidean_norms(values, range, work);
    // By column: what a difference of x is multiplied by. A column that does not differ is at no
    // distance from anything, whatever its norm.
    std::vector<double> factor(k, 0.0);
    bool any = false;
    for (std::size_t j = 0; j < k; ++j) {
        const bool less_is_better = !cost.empty() && cost[j];
        const double spread = range.maximum[j] - range.minimum[j];
        if (scaling == Scaling::min_max) frame.norm[j] = spread;
        frame.best.push_back(less_is_better ? range.minimum[j] : range.maximum[j]);
        frame.worst.push_back(less_is_better ? range.maximum[j] : range.minimum[j]);
        if (frame.norm[j] > 0.0) factor[j] = weights[j] / frame.norm[j];
        const double longest = factor[j] * spread;
        if (!(longest <= largest_cell))
            throw InputError("column " + std::to_string(j) + " with its weight spans " +
                             shown(longest) + "; distances are at most 1e150");
        if (!(longest >= 1.0 / largest_cell)) factor[j] = 0.0;
        any = any || factor[j] > 0.0;
        if (scaling == Scaling::min_max) {
            frame.ideal.push_back(spread > 0.0 ? weights[j] : 0.0);
            frame.anti_ideal.push_back(0.0);
        } else {
            const double scale = frame.norm[j] > 0.0 ? weights[j] / frame.norm[j] : 0.0;
            frame.ideal.push_back(frame.best[j] * scale);
            frame.anti_ideal.push_back(frame.worst[j] * scale);
        }
    }
    if (!any)
        throw InputError(values.rows == 1
                             ? "one alternative alone is at no distance from the ideal: C is 0/0"
                             : "no criterion with a weight tells the alternatives apart: the ideal "
                               "is the anti-ideal and C is 0/0");

    std::vector<Measure> measures;
    for (std::size_t j = 0; j < k; ++j)
        if (factor[j] > 0.0)
            measures.push_back({static_cast<std::ptrdiff_t>(j) * values.column_stride,
                                frame.best[j], frame.worst[j], factor[j]});
    const auto place = [](std::span<double> out, std::size_t row) {
        return out.empty() ? nullptr : out.data() + row;
    };
    for_blocks(values.rows, work, [&](std::size_t begin, std::size_t end) {
        constexpr std::size_t lanes = 4;
        std::size_t row = begin;
        for (; row + lanes <= end; row += lanes) {
            const auto go = [&](std::ptrdiff_t stride) {
                measure_rows<lanes>(values.at(row, 0), stride, measures, closeness.data() + row,
                                    place(to_ideal, row), place(to_anti_ideal, row));
            };
            if (values.row_stride == 1)
                go(1);
            else
                go(values.row_stride);
        }
        for (; row < end; ++row)
            measure_rows<1>(values.at(row, 0), 1, measures, closeness.data() + row,
                            place(to_ideal, row), place(to_anti_ideal, row));
    });
    return frame;
}

}  // namespace safetyrisk::scoring::mcda
