#include <safetyrisk/scoring/mcda_fuzzy.hpp>

#include "support/catch.hpp"

#include <array>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

namespace {

constexpr std::array<double, 16> clothing{0.2, 0.5, 0.2, 0.1, 0.7, 0.2, 0.1, 0,
                                          0,   0.4, 0.5, 0.1, 0.2, 0.3, 0.5, 0};
constexpr std::array<double, 4> weights{0.1, 0.2, 0.3, 0.4};

}  // namespace

TEST_CASE("the four operators give the published memberships", "[scoring][mcda]") {
    const std::array<std::array<double, 4>, 4> expected{{{0.2, 0.3, 0.4, 0.1},
                                                         {0.14, 0.12, 0.20, 0.03},
                                                         {0.5, 0.9, 0.9, 0.2},
                                                         {0.24, 0.33, 0.39, 0.04}}};
    for (std::size_t op = 0; op < 4; ++op) {
        const auto b =
            fuzzy_compose(weights, MatrixView(clothing, 4, 4), static_cast<FuzzyOperator>(op));
        for (std::size_t j = 0; j < 4; ++j)
            CHECK(b[j] == Catch::Approx(expected[op][j]));
    }
}

TEST_CASE("a tie is whole and goes to the more severe where that is known", "[scoring][mcda]") {
    const auto b = fuzzy_compose(weights, MatrixView(clothing, 4, 4), FuzzyOperator::sum_min);
    CHECK(fuzzy_decide(b, Severe::unknown).largest == std::vector<std::size_t>{1, 2});
    CHECK_FALSE(fuzzy_decide(b, Severe::unknown).chosen.has_value());
    CHECK(fuzzy_decide(b, Severe::first).chosen == 1);
    CHECK(fuzzy_decide(b, Severe::last).chosen == 2);
    CHECK(fuzzy_decide(std::array<double, 2>{0, 0}, Severe::last).largest.empty());
    CHECK_THROWS_AS(fuzzy_decide(b, Severe::last, 16), InputError);
}

TEST_CASE("weights that do not sum to 1 and memberships above 1 are refused", "[scoring][mcda]") {
    const std::array<double, 2> half{0.5, 0.6};
    constexpr std::array<double, 2> column{0.5, 0.5};
    const MatrixView r(column, 2, 1);
    CHECK_THROWS_AS(fuzzy_compose(half, r, FuzzyOperator::max_min), InputError);
    CHECK_THROWS_WITH(
        fuzzy_compose(std::array<double, 2>{0.5, 0.5},
                      MatrixView(std::array<double, 2>{0.5, 1.5}, 2, 1), FuzzyOperator::max_min),
        Catch::Matchers::StartsWith("row 1, column 0 is 1.5"));
}
