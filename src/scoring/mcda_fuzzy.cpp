#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_fuzzy.hpp>

#include "scoring/mcda_sums.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring::mcda {
namespace {

bool is_share(double x) {
    return x >= 0.0 && x <= 1.0;
}

}  // namespace

std::vector<double> fuzzy_compose(std::span<const double> weights, const MatrixView& memberships,
                                  FuzzyOperator op) {
    expect_cells(memberships);
    expect_weights(weights, memberships.rows);
    double total = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!is_share(weights[i]))
            throw InputError("weight " + std::to_string(i) + " is " + shown(weights[i]) +
                             "; weights are from 0 to 1");
        total += weights[i];
    }
    if (!(std::abs(total - 1.0) <= 1e-6))
        throw InputError("the weights sum to " + shown(total) + ", not to 1");
    for (std::size_t i = 0; i < memberships.rows; ++i) {
        for (std::size_t j = 0; j < memberships.columns; ++j) {
            if (!is_share(memberships(i, j)))
                throw InputError("row " + std::to_string(i) + ", column " + std::to_string(j) +
                                 " is " + shown(memberships(i, j)) +
                                 "; a membership is from 0 to 1");
        }
    }

    const bool product = op == FuzzyOperator::max_product || op == FuzzyOperator::sum_product;
    const bool sum = op == FuzzyOperator::sum_min || op == FuzzyOperator::sum_product;
    std::vector<double> out(memberships.columns, 0.0);
    for (std::size_t j = 0; j < memberships.columns; ++j) {
        double b = 0.0;
        for (std::size_t i = 0; i < memberships.rows; ++i) {
            const double r = memberships(i, j);
            const double term = product ? weights[i] * r : std::min(weights[i], r);
            b = sum ? b + term : std::max(b, term);
        }
        out[j] = std::min(b, 1.0);
    }
    return out;
}

FuzzyDecision fuzzy_decide(std::span<const double> memberships, Severe severe, int digits) {
    if (digits < 0 || digits > 15)
        throw InputError("digits is " + std::to_string(digits) + "; it is 0 to 15");
    double unit = 1.0;
    for (int d = 0; d < digits; ++d)
        unit *= 10.0;
    std::vector<double> rounded;
    for (const double b : memberships) {
        if (!is_share(b)) throw InputError("a membership is " + shown(b) + "; it is from 0 to 1");
        rounded.push_back(std::floor(b * unit + 0.5));
    }
    FuzzyDecision out;
    const auto top = std::max_element(rounded.begin(), rounded.end());
    if (top == rounded.end() || *top == 0.0) return out;
    for (std::size_t j = 0; j < rounded.size(); ++j)
        if (rounded[j] == *top) out.largest.push_back(j);
    if (out.largest.size() == 1 || severe == Severe::first)
        out.chosen = out.largest.front();
    else if (severe == Severe::last)
        out.chosen = out.largest.back();
    return out;
}

}  // namespace safetyrisk::scoring::mcda
