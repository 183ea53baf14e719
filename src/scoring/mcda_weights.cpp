#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_weights.hpp>

#include "scoring/kernels.hpp"
#include "scoring/mcda_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace safetyrisk::scoring::mcda {
namespace {

constexpr double ln2_high = 6.93147180369123816490e-01;  // 33 bits, so that k times it is exact
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double root_of_half = 0.70710678118654752440;

// (atanh(s) - s) / s^3 = 1/3 + s²/5 + s⁴/7 …; what is left out is below 2^-55 of it for numbers
// between √½ and √2.
double atanh_rest(double z) {
    double r = 1.0 / 21.0;
    for (const double n : {19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0})
        r = r * z + 1.0 / n;
    return r;
}

constexpr std::size_t at_once = 512;  // terms that stay in the nearest cache

// Σ over the rows of a column of (x - centre)·scale, cut so that order does not matter.
std::vector<double> sums_of_columns(const MatrixView& values, std::span<const double> scale,
                                    const Work& work) {
    const Cut cut(values.rows, 1.0);
    const auto sums = sum_rows(values, values.columns, work,
                               [&](std::size_t first, std::size_t n, std::span<CutSum> part) {
                                   for (std::size_t j = 0; j < values.columns; ++j) {
                                       const double by = scale[j];
                                       add_terms(values.at(first, j), n, values.row_stride, cut,
                                                 part[j], [by](double x) { return x * by; });
                                   }
                               });
    std::vector<double> out;
    for (const CutSum& sum : sums)
        out.push_back(sum.value());
    return out;
}

// Powers of two that bring each column to at most 1; 1 for zeros.
std::vector<double> shrink_columns(const Ranges& range, std::size_t columns) {
    std::vector<double> out(columns, 1.0);
    for (std::size_t j = 0; j < columns; ++j)
        if (range.size(j) >= 1.0 / largest_cell)
            out[j] = power_of_two(-exponent_above(range.size(j)));
    return out;
}

void expect_alternatives(const MatrixView& values) {
    expect_cells(values);
    if (values.rows < 2)
        throw InputError(
            "weights from data need two alternatives or more; with one nothing differs");
}

void divide_by_sum(std::vector<double>& weights) {
    double total = 0.0;
    for (const double w : weights)
        total += w;
    for (double& w : weights)
        w /= total;
}

}  // namespace

double natural_log(double x) {
    if (!(x > 0.0))
        return x == 0.0 ? -std::numeric_limits<double>::infinity()
                        : std::numeric_limits<double>::quiet_NaN();
    if (x > std::numeric_limits<double>::max()) return x;
    int k = 0;
    double m = std::frexp(x, &k);  // exact
    if (m < root_of_half) {
        m *= 2.0;
        --k;
    }
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    const double log_m = 2.0 * s + 2.0 * (s * z) * atanh_rest(z);
    return k * ln2_high + (log_m + k * ln2_low);
}

EntropyWeights entropy_weights(const MatrixView& values, const Work& work) {
    expect_alternatives(values);
    const double least = 0.0;
    const Ranges range = ranges(values, work, &least);
    const std::size_t k = values.columns;
    const auto n = static_cast<double>(values.rows);
    const std::vector<double> scale = shrink_columns(range, k);
    const std::vector<double> sums = sums_of_columns(values, scale, work);

    // By column: the mean, and how large a term can be. A share of q times the mean adds
    // q·ln q - q + 1 to d.
    const loops::Kernels& kernels = loops::active_kernels();
    std::vector<double> mean(k, 0.0);
    std::vector<double> largest(k, 1.0);
    bool any = false;
    for (std::size_t j = 0; j < k; ++j) {
        if (!range.differs(j)) continue;
        mean[j] = sums[j] / n;
        if (!(mean[j] > 0.0)) continue;  // below 1e-150 throughout
        any = true;
        const double top = (range.maximum[j] * scale[j] - mean[j]) / mean[j];
        double at_top = 0.0;
        kernels.excess(&top, 1, &at_top);
        largest[j] = std::max(1.0, at_top);
    }
    if (!any) throw InputError("no criterion tells the alternatives apart: entropy weighs nothing");
    std::vector<Cut> cuts;
    for (std::size_t j = 0; j < k; ++j)
        cuts.emplace_back(values.rows, largest[j]);

    const auto totals =
        sum_rows(values, k, work, [&](std::size_t first, std::size_t rows, std::span<CutSum> part) {
            for (std::size_t j = 0; j < k; ++j) {
                if (!(mean[j] > 0.0)) continue;
                const double by = scale[j];
                const double centre = mean[j];
                for (std::size_t done = 0; done < rows; done += at_once) {
                    const std::size_t count = std::min(at_once, rows - done);
                    const double* const x = values.at(first + done, j);
                    double t[at_once], terms[at_once];
                    for (std::size_t i = 0; i < count; ++i)
                        t[i] =
                            (x[static_cast<std::ptrdiff_t>(i) * values.row_stride] * by - centre) /
                            centre;
                    kernels.excess(t, count, terms);
                    add_terms(terms, count, 1, cuts[j], part[j], [](double term) { return term; });
                }
            }
        });
    EntropyWeights out;
    const double most = n * natural_log(n);
    for (std::size_t j = 0; j < k; ++j) {
        const double d = mean[j] > 0.0 ? std::clamp(totals[j].value() / most, 0.0, 1.0) : 0.0;
        out.sum.push_back(sums[j] / scale[j]);
        out.entropy.push_back(1.0 - d);
        out.divergence.push_back(d);
    }
    out.weights = out.divergence;
    divide_by_sum(out.weights);
    return out;
}

CriticWeights critic_weights(const MatrixView& values, std::span<const bool> cost, unsigned freedom,
                             const Work& work) {
    expect_alternatives(values);
    expect_cost(cost, values.columns);
    if (freedom > 1)
        throw InputError("freedom is " + std::to_string(freedom) +
                         "; it is 0 (population) or 1 (sample)");
    Ranges range = ranges(values, work);
    const std::size_t k = values.columns;
    const auto n = static_cast<double>(values.rows);

    // Columns are taken as (x - mean) / (max - min), the sign of a cost turned.
    const std::vector<double> scale = shrink_columns(range, k);
    const std::vector<double> sums = sums_of_columns(values, scale, work);
    std::vector<double> mean(k);
    std::vector<double> spread(k);
    std::size_t differing = 0;
    for (std::size_t j = 0; j < k; ++j) {
        mean[j] = sums[j] / n;
        spread[j] = range.differs(j) ? (range.maximum[j] - range.minimum[j]) * scale[j] : 0.0;
        if (spread[j] > 0.0) ++differing;
    }
    if (differing == 0)
        throw InputError("no criterion tells the alternatives apart: CRITIC weighs nothing");

    const Cut cut(values.rows, 1.0);
    const auto products = sum_rows(
        values, k * k, work, [&](std::size_t first, std::size_t rows, std::span<CutSum> part) {
            std::vector<double> centred(rows * k);
            for (std::size_t j = 0; j < k; ++j) {
                if (!(spread[j] > 0.0)) continue;
                const double sign = !cost.empty() && cost[j] ? -1.0 : 1.0;
                for (std::size_t i = 0; i < rows; ++i)
                    centred[j * rows + i] =
                        sign * (values(first + i, j) * scale[j] - mean[j]) / spread[j];
            }
            for (std::size_t a = 0; a < k; ++a) {
                if (!(spread[a] > 0.0)) continue;
                const double* x = centred.data() + a * rows;
                for (std::size_t b = a; b < k; ++b) {
                    if (!(spread[b] > 0.0)) continue;
                    const double* y = centred.data() + b * rows;
                    CutSum& sum = part[a * k + b];
                    for (std::size_t i = 0; i < rows; ++i)
                        sum.add(x[i] * y[i], cut);
                }
            }
        });

    CriticWeights out;
    out.deviation.assign(k, 0.0);
    out.correlation.assign(k * k, 0.0);
    out.conflict.assign(k, 0.0);
    out.information.assign(k, 0.0);
    const auto product = [&](std::size_t a, std::size_t b) {
        return products[std::min(a, b) * k + std::max(a, b)].value();
    };
    for (std::size_t a = 0; a < k; ++a) {
        if (!(spread[a] > 0.0)) continue;
        out.deviation[a] = std::sqrt(product(a, a) / (n - freedom));
        for (std::size_t b = 0; b < k; ++b) {
            if (!(spread[b] > 0.0)) continue;
            const double r =
                a == b ? 1.0
                       : std::clamp(product(a, b) / std::sqrt(product(a, a) * product(b, b)), -1.0,
                                    1.0);
            out.correlation[a * k + b] = r;
            out.conflict[a] += 1.0 - r;
        }
        out.information[a] = out.deviation[a] * out.conflict[a];
    }
    out.weights = out.information;
    if (differing == 1) {
        for (std::size_t j = 0; j < k; ++j)
            out.weights[j] = spread[j] > 0.0 ? 1.0 : 0.0;
    } else {
        // A rounding of r must not become a weight.
        constexpr double noise = 1e-12;
        if (*std::max_element(out.conflict.begin(), out.conflict.end()) < noise)
            throw InputError(
                "all criteria say the same (every correlation is 1): CRITIC finds no "
                "conflict and weighs nothing");
        divide_by_sum(out.weights);
    }
    out.minimum = std::move(range.minimum);
    out.maximum = std::move(range.maximum);
    return out;
}

}  // namespace safetyrisk::scoring::mcda
