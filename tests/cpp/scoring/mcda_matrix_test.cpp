#include <safetyrisk/scoring/mcda_matrix.hpp>

#include "support/catch.hpp"

#include <array>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

TEST_CASE("a view finds its cells in any layout", "[scoring][mcda]") {
    constexpr std::array<double, 6> values{1, 2, 3, 4, 5, 6};
    const MatrixView rows(values, 2, 3);
    CHECK(rows(1, 0) == 4);
    const MatrixView columns(values.data(), 3, 2, 1, 3);
    CHECK(columns(0, 1) == 4);
    const MatrixView backwards(values.data() + 5, 2, 3, -3, -1);
    CHECK(backwards(0, 0) == 6);
    CHECK(backwards(1, 2) == 1);
    CHECK_THROWS_AS(MatrixView(values, 2, 2), InputError);
}
