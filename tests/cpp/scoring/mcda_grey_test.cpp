#include <safetyrisk/scoring/mcda_grey.hpp>

#include "support/catch.hpp"

#include <array>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

TEST_CASE("the grey relation gives the published coefficients", "[scoring][mcda]") {
    // Quality of six suppliers, a benefit.
    constexpr std::array<double, 6> quality{0.83, 0.90, 0.99, 0.92, 0.87, 0.95};
    std::array<double, 6> r{};
    std::array<double, 6> xi{};
    grey_relation(MatrixView(quality, 6, 1), {}, {}, r, xi);
    const std::array<double, 6> expected{0.3333, 0.4706, 1, 0.5333, 0.4, 0.6667};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(xi[i] == Catch::Approx(expected[i]).margin(5e-5));
        CHECK(r[i] == xi[i]);
    }
    grey_relation(MatrixView(quality, 6, 1), {}, std::array<bool, 1>{true}, r);
    CHECK(r[0] == 1.0);
}

TEST_CASE("the grey relation refuses a rho out of its range and alternatives that are alike",
          "[scoring][mcda]") {
    std::array<double, 2> r{};
    constexpr std::array<double, 2> two{1, 2};
    const MatrixView a(two, 2, 1);
    CHECK_THROWS_AS(grey_relation(a, {}, {}, r, {}, 0.0), InputError);
    CHECK_THROWS_AS(grey_relation(a, {}, {}, std::span(r).first(1)), InputError);
    CHECK_THROWS_AS(grey_relation(MatrixView(std::array<double, 2>{2, 2}, 2, 1), {}, {}, r),
                    InputError);
}
