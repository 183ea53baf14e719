// Tests of scoring/product.hpp with tables made by hand, without any pack.
#include <safetyrisk/scoring/product.hpp>

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>

using namespace safetyrisk;
using namespace safetyrisk::scoring;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

// Steps 0.1, 0.2, 0.5 and 1 in tenths.
const std::array<double, 11> tenths = {not_a_number, 0.1,          0.2,          not_a_number,
                                       not_a_number, 0.5,          not_a_number, not_a_number,
                                       not_a_number, not_a_number, 1.0};

StepTable steps() {
    return {10.0, 10.0, tenths};
}

ProductKernel kernel() {
    ProductKernel out;
    out.factors[0] = steps();
    out.factors[1] = steps();
    out.factor_count = 2;
    out.unit = 100.0;
    out.bands.edge.fill(std::numeric_limits<std::int64_t>::max());
    out.bands.edge[0] = 0;
    out.bands.edge[1] = 2;   // 0.02 and above
    out.bands.edge[2] = 11;  // above 0.10
    out.bands.grade = {Grade::blue, Grade::yellow, Grade::red};
    out.bands.count = 3;
    return out;
}

ProductOutcome score(double a, double b) {
    const std::array inputs = {a, b};
    return score_product(kernel(), inputs);
}

}  // namespace

TEST_CASE("a step is found by its value and by nothing near it") {
    const StepTable table = steps();
    CHECK(table.units(0.1) == 1);
    CHECK(table.units(0.2) == 2);
    CHECK(table.units(0.5) == 5);
    CHECK(table.units(1.0) == 10);
    for (const double step : {0.1, 0.2, 0.5, 1.0}) {
        CHECK(table.units(std::nextafter(step, 0.0)) == 0);
        CHECK(table.units(std::nextafter(step, 2.0)) == 0);
        CHECK(table.units(-step) == 0);
    }
}

TEST_CASE("what is no step has no units, however strange it is") {
    const StepTable table = steps();
    for (const double value : {not_a_number, -not_a_number, inf, -inf, 0.0, -0.0, 0.3, 1.1, 2.0,
                               1e18, 1e300, -1e300, std::numeric_limits<double>::max(),
                               std::numeric_limits<double>::denorm_min(), 0.05, 1.04, 1.05})
        CHECK(table.units(value) == 0);
    CHECK(StepTable{}.units(1.0) == 0);
}

TEST_CASE("products are exact where binary fractions are not") {
    CHECK(0.1 * 0.2 != 0.02);  // why whole numbers are used at all
    CHECK(score(0.1, 0.2).score == 0.02);
    CHECK(score(0.1, 0.2).grade == Grade::yellow);
    CHECK(score(0.1, 0.1).score == 0.01);
    CHECK(score(0.1, 0.1).grade == Grade::blue);
    CHECK(score(0.2, 0.5).score == 0.1);
    CHECK(score(0.2, 0.5).band == 1);
    CHECK(score(1, 0.2).band == 2);
    CHECK(score(1, 1).score == 1.0);
    CHECK(score(1, 1).grade == Grade::red);
}

TEST_CASE("one factor off its scale leaves no score") {
    for (const double bad : {not_a_number, inf, 0.0, -1.0, 0.3}) {
        CHECK_FALSE(score(bad, 1).on_scale);
        CHECK_FALSE(score(1, bad).on_scale);
        CHECK(std::isnan(score(1, bad).score));
    }
    CHECK(score(1, 1).on_scale);
}
