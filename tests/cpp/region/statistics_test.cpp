// Tests of region/statistics.hpp.
#include <safetyrisk/region/statistics.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::region;

TEST_CASE("Wilson's interval as statsmodels gives it", "[region][statistics]") {
    // statsmodels 0.15, proportion_confint(hits, trials, method="wilson")
    struct Known {
        std::uint64_t hits, trials;
        double low, high;
    };
    for (const Known& k : {Known{1, 2, 0.0945312, 0.9054688}, Known{0, 10, 0.0, 0.2775328},
                           Known{10, 10, 0.7224672, 1.0}, Known{45, 50, 0.7863977, 0.9565242},
                           Known{500, 1000, 0.4690696, 0.5309304}}) {
        const auto rate = wilson(k.hits, k.trials);
        REQUIRE(rate.has_value());
        CHECK(rate->value == static_cast<double>(k.hits) / static_cast<double>(k.trials));
        CHECK(rate->low == Approx(k.low).margin(1e-6));
        CHECK(rate->high == Approx(k.high).margin(1e-6));
    }
}

TEST_CASE("an interval holds its rate and narrows with more trials", "[region][statistics]") {
    double width = 2;
    for (std::uint64_t n = 2; n < 5000; n *= 2) {
        const auto rate = wilson(n / 2, n);
        CHECK(rate->low <= rate->value);
        CHECK(rate->value <= rate->high);
        CHECK(rate->high - rate->low < width);
        width = rate->high - rate->low;
    }
    CHECK_FALSE(wilson(0, 0).has_value());
    CHECK_THROWS_AS(wilson(2, 1), InputError);
}
