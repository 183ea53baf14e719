#include <safetyrisk/scoring/mcda_topsis.hpp>

#include "support/catch.hpp"

#include <array>
#include <limits>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

namespace {

constexpr std::array<double, 12> tzeng{5, 8, 4, 7, 6, 8, 8, 8, 6, 7, 4, 6};
constexpr std::array<double, 3> weights{0.3, 0.4, 0.3};

}  // namespace

TEST_CASE("TOPSIS gives the published closeness and distances", "[scoring][mcda]") {
    std::array<double, 4> c{};
    std::array<double, 4> near{};
    std::array<double, 4> far{};
    topsis(MatrixView(tzeng, 4, 3), weights, {}, c, near, far);
    CHECK(c[0] == Catch::Approx(0.503720).margin(5e-7));
    CHECK(c[2] == Catch::Approx(0.748249).margin(5e-7));
    CHECK(near[1] == Catch::Approx(0.063536).margin(5e-7));
    CHECK(far[3] == Catch::Approx(0.065525).margin(5e-7));
}

TEST_CASE("TOPSIS is the same bytes by rows, by columns and on two threads", "[scoring][mcda]") {
    constexpr std::size_t n = 1003;
    std::vector<double> rows;
    for (std::size_t i = 0; i < n * 3; ++i)
        rows.push_back(static_cast<double>((i * 7919) % 1009) / 7.0);
    std::vector<double> columns(n * 3);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            columns[j * n + i] = rows[i * 3 + j];
    const std::array<bool, 3> cost{false, true, false};
    std::vector<double> a(n);
    std::vector<double> b(n);
    topsis(MatrixView(rows, n, 3), weights, cost, a);
    topsis(MatrixView(columns.data(), n, 3, 1, n), weights, cost, b, {}, {}, Scaling::vector,
           {.threads = 2});
    CHECK(a == b);
}

TEST_CASE("TOPSIS refuses what would be 0/0 or not finite", "[scoring][mcda]") {
    std::array<double, 4> c{};
    const MatrixView a(tzeng, 4, 3);
    CHECK_THROWS_AS(topsis(a, std::array<double, 3>{0, 0, 0}, {}, c), InputError);
    CHECK_THROWS_AS(topsis(a, std::array<double, 3>{1, -1, 1}, {}, c), InputError);
    CHECK_THROWS_AS(topsis(a, std::array<double, 2>{1, 1}, {}, c), InputError);
    CHECK_THROWS_AS(topsis(a, weights, std::array<bool, 1>{true}, c), InputError);
    CHECK_THROWS_AS(topsis(a, weights, {}, std::span(c).first(3)), InputError);
    CHECK_THROWS_AS(topsis(MatrixView(std::array<double, 4>{1, 2, 1, 2}, 2, 2),
                           std::array<double, 2>{1, 1}, {}, std::span(c).first(2)),
                    InputError);
    CHECK_THROWS_AS(
        topsis(MatrixView(std::array<double, 2>{-1e150, 1e150}, 2, 1), std::array<double, 1>{1e10},
               {}, std::span(c).first(2), {}, {}, Scaling::none),
        InputError);
}
