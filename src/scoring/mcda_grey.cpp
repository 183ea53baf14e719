#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_grey.hpp>

#include "scoring/mcda_sums.hpp"

#include <algorithm>

namespace safetyrisk::scoring::mcda {

GreyFrame grey_relation(const MatrixView& values, std::span<const double> weights,
                        std::span<const bool> cost, std::span<double> grades,
                        std::span<double> coefficients, double rho, const Work& work) {
    expect_cells(values);
    expect_cost(cost, values.columns);
    const std::size_t k = values.columns;
    GreyFrame frame;
    if (weights.empty())
        frame.weights.assign(k, 1.0);
    else
        frame.weights.assign(weights.begin(), weights.end());
    expect_weights(frame.weights, k);
    if (!(rho > 0.0 && rho <= 1.0))
        throw InputError("rho is " + shown(rho) + "; it is above 0 and at most 1");
    if (grades.size() != values.rows ||
        !(coefficients.empty() || coefficients.size() == values.rows * k))
        throw InputError("results of the grey relation have a place for each row, or each cell");

    double total = 0.0;
    for (const double weight : frame.weights)
        total += weight;
    for (double& weight : frame.weights)
        weight /= total;
    Ranges range = ranges(values, work);
    bool any = false;
    for (std::size_t j = 0; j < k; ++j)
        any = any || range.differs(j);
    if (!any)
        throw InputError(values.rows == 1
                             ? "one alternative alone is itself the reference; there is nothing to "
                               "compare"
                             : "no criterion tells the alternatives apart");

    // A column that differs has a cell at the reference and one at distance 1 from it, so Δmin is 0
    // and Δmax is 1 as soon as there is one.
    for_blocks(values.rows, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            double grade = 0.0;
            for (std::size_t j = 0; j < k; ++j) {
                const double x = values(i, j);
                const double spread = range.maximum[j] - range.minimum[j];
                const double from_best =
                    !cost.empty() && cost[j] ? x - range.minimum[j] : range.maximum[j] - x;
                const double delta = spread > 0.0 ? from_best / spread : 0.0;
                const double xi = rho / (delta + rho);
                if (!coefficients.empty()) coefficients[i * k + j] = xi;
                grade += frame.weights[j] * xi;
            }
            grades[i] = grade;
        }
    });
    frame.minimum = std::move(range.minimum);
    frame.maximum = std::move(range.maximum);
    return frame;
}

}  // namespace safetyrisk::scoring::mcda
