#include <safetyrisk/scoring/mcda_weights.hpp>

#include "scoring/kernels.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;
namespace loops = safetyrisk::scoring::loops;

TEST_CASE("entropy weights are the published ones", "[scoring][mcda]") {
    const EntropyWeights w = entropy_weights(MatrixView(std::array<double, 4>{1, 2, 4, 16}, 2, 2));
    CHECK(w.divergence[0] == Catch::Approx(0.278072).margin(5e-7));
    CHECK(w.divergence[1] == Catch::Approx(0.496742).margin(5e-7));
    CHECK(w.weights[0] == Catch::Approx(0.358889).margin(5e-7));
    CHECK(w.sum == std::vector<double>{5, 18});
}

TEST_CASE("weights are the same bytes in any order of the rows", "[scoring][mcda]") {
    // Sizes from 1e-9 to 1e9, so that every order of adding rounds otherwise.
    std::vector<double> values;
    double x = 1.0;
    for (int i = 0; i < 300; ++i) {
        x = x > 1e9 ? x * 1e-18 : x * 1.7;
        values.insert(values.end(), {x, 1.0 / (1.0 + x), static_cast<double>(i % 7)});
    }
    std::vector<double> turned;
    for (std::size_t i = values.size(); i > 0; i -= 3)
        turned.insert(turned.end(), values.begin() + static_cast<std::ptrdiff_t>(i - 3),
                      values.begin() + static_cast<std::ptrdiff_t>(i));
    const MatrixView a(values, 300, 3);
    const MatrixView b(turned, 300, 3);
    CHECK(entropy_weights(a).weights == entropy_weights(b).weights);
    CHECK(critic_weights(a).weights == critic_weights(b).weights);
    CHECK(critic_weights(a).correlation == critic_weights(b).correlation);
}

TEST_CASE("population and sample deviation give the same weights", "[scoring][mcda]") {
    constexpr std::array<double, 24> values{61,   1.08, 4.33, 20.7, 0.26, 4.34,  16.3, 1.98,
                                            2.53, 9,    3.29, 1.65, 5.4,  2.77,  2.33, 4,
                                            4.12, 1.21, -6.1, 3.52, 2.10, -34.6, 3.31, 0.98};
    for (const unsigned freedom : {0U, 1U}) {
        const CriticWeights w = critic_weights(MatrixView(values, 8, 3), {}, freedom);
        CHECK(w.weights[0] == Catch::Approx(0.20222554).margin(5e-9));
        CHECK(w.weights[1] == Catch::Approx(0.48090173).margin(5e-9));
        CHECK(w.weights[2] == Catch::Approx(0.31687273).margin(5e-9));
    }
    CHECK_THROWS_AS(critic_weights(MatrixView(values, 8, 3), {}, 2), InputError);
}

TEST_CASE("the cell that cannot be weighed is named", "[scoring][mcda]") {
    std::array<double, 6> values{1, 2, 3, 4, 5, 6};
    values[3] = -4;
    CHECK_THROWS_WITH(entropy_weights(MatrixView(values, 3, 2)),
                      Catch::Matchers::StartsWith("row 1, column 1 is -4"));
    values[4] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(critic_weights(MatrixView(values, 3, 2)),
                      Catch::Matchers::StartsWith("row 2, column 0 is nan"));
}

TEST_CASE("the logarithm is within two units in the last place", "[scoring][mcda]") {
    for (double x = 5e-324; x < 1e308; x *= 1.9) {
        const double expected = std::log(x);
        const double unit =
            std::abs(std::nextafter(expected, std::numeric_limits<double>::infinity()) - expected);
        CAPTURE(x);
        CHECK(std::abs(natural_log(x) - expected) <= 2 * unit);
    }
    CHECK(natural_log(1.0) == 0.0);
    CHECK(natural_log(0.0) == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(natural_log(-1.0)));
}

TEST_CASE("terms of entropy are the same bits by every instruction set", "[scoring][mcda]") {
    std::vector<double> t{-1.0, -0.999, -0.29, 0.0, 0.41, 1e-300, -1e-300, 1e6, 1e15};
    for (int i = -400; i < 4000; ++i)
        t.push_back(0.0025 * i + 1e-7 * (i % 13));
    std::vector<double> expected(t.size()), found(t.size());
    loops::scalar_kernels().excess(t.data(), t.size(), expected.data());
    for (std::size_t i = 0; i < t.size(); ++i) {
        const long double at = t[i], q = 1.0L + at;
        const long double exact = q > 0 ? q * std::log1p(at) - at : 1.0L;
        const auto error = std::abs(static_cast<double>(exact - expected[i]));
        CHECK(error <= 1e-15 * std::max(1.0, std::abs(t[i]) * 40));
        CHECK(expected[i] >= 0.0);
    }
    for (const Isa isa : {Isa::avx2, Isa::avx512}) {
        if (!is_supported(isa)) continue;
        loops::kernels_of(isa).excess(t.data(), t.size(), found.data());
        CHECK(found == expected);
    }
}
