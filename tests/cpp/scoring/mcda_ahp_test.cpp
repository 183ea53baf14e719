#include <safetyrisk/scoring/mcda_ahp.hpp>

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

namespace {

// 1, 3, 5 above the diagonal; published with weights 0.636986, 0.258285, 0.104729.
constexpr std::array<double, 9> three{1, 3, 5, 1.0 / 3, 1, 3, 1.0 / 5, 1.0 / 3, 1};

}  // namespace

TEST_CASE("AHP gives the published weights of three elements by each table of RI",
          "[scoring][mcda]") {
    const MatrixView a(three, 3, 3);
    const AhpResult out = ahp(a, random_index());
    CHECK(out.weights[0] == Catch::Approx(0.636986).margin(5e-7));
    CHECK(out.weights[1] == Catch::Approx(0.258285).margin(5e-7));
    CHECK(out.weights[2] == Catch::Approx(0.104729).margin(5e-7));
    CHECK(out.lambda_max == Catch::Approx(3.038511).margin(5e-7));
    CHECK(out.cr.value() == Catch::Approx(0.0332).margin(5e-5));
    CHECK(ahp(a, random_index("saaty_2005")).cr.value() == Catch::Approx(0.0370).margin(5e-5));
    CHECK(random_index("ahp_ri.donegan_dodd").of(15) == 1.4969);
    CHECK(random_index().of(12) == 1.48);
    CHECK_FALSE(random_index().of(16).has_value());
    CHECK_THROWS_AS(random_index("nobody"), NotFoundError);
    const AhpResult columns = ahp(a, random_index(), {AhpMethod::column_mean});
    CHECK(columns.weights[0] == Catch::Approx(0.633346).margin(5e-7));
    CHECK(columns.lambda_max == Catch::Approx(3.038715).margin(5e-7));
}

TEST_CASE("AHP reads a transposed view as it lies", "[scoring][mcda]") {
    const MatrixView turned(three.data(), 3, 3, 1, 3);
    CHECK(ahp(turned, random_index()).weights[0] == Catch::Approx(0.104729).margin(5e-7));
}

TEST_CASE("a comparison that contradicts its counterpart is refused by its cell",
          "[scoring][mcda]") {
    auto bad = three;
    bad[6] = 0.5;
    CHECK_THROWS_WITH(ahp(MatrixView(bad, 3, 3), random_index()),
                      Catch::Matchers::StartsWith("row 2, column 0 is 0.5"));
    CHECK_NOTHROW(ahp(MatrixView(bad, 3, 3), random_index(),
                      {AhpMethod::eigenvector, std::numeric_limits<double>::infinity()}));
    bad[5] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(ahp(MatrixView(bad, 3, 3), random_index()),
                      Catch::Matchers::ContainsSubstring("row 1, column 2 is missing"));
    CHECK_THROWS_AS(MatrixView(three, 3, 2), InputError);
}

TEST_CASE("a batch gives what single matrices give", "[scoring][mcda]") {
    std::vector<double> many(three.begin(), three.end());
    many.insert(many.end(), 9, 1.0);
    std::vector<double> weights(6);
    std::vector<double> lambda(2);
    std::vector<double> ci(2);
    ahp_batch(many, 3, weights, lambda, ci, {}, {.threads = 2});
    const AhpResult one = ahp(MatrixView(three, 3, 3), random_index());
    CHECK(weights[0] == one.weights[0]);
    CHECK(lambda[0] == one.lambda_max);
    CHECK(weights[4] == Catch::Approx(1.0 / 3));
    CHECK(std::abs(ci[1]) < 1e-15);
    CHECK_THROWS_AS(ahp_batch(many, 2, weights, lambda, ci), InputError);
    many[12] = 2.0;
    CHECK_THROWS_WITH(ahp_batch(many, 3, weights, lambda, ci),
                      Catch::Matchers::StartsWith("matrix 1, row 1, column 0"));
}

TEST_CASE("the comparison to revisit is the one that was spoilt", "[scoring][mcda]") {
    // Weights 4 : 2 : 1 : 1 with 2 : 1 turned into 1/5.
    constexpr std::array<double, 16> spoilt{1,    2, 4, 4, 0.5,  1,   0.2, 2,
                                            0.25, 5, 1, 1, 0.25, 0.5, 1,   1};
    const MatrixView a(spoilt, 4, 4);
    const auto advice = ahp_revisit(a, random_index());
    REQUIRE(advice.has_value());
    CHECK(advice->comparison.row == 1);
    CHECK(advice->comparison.column == 2);
    CHECK(advice->suggested == 2.0);
    CHECK(advice->cr_after < 1e-12);
    CHECK_FALSE(
        ahp_revisit(MatrixView(std::array<double, 4>{1, 7, 1.0 / 7, 1}, 2, 2), random_index()));
}

TEST_CASE("a table of RI with a gap or of another kind does not load", "[scoring][mcda]") {
    const auto pack = [](const std::string& kind, const std::string& table) {
        return Pack::parse(R"({"pack":"ahp_ri.own","kind":")" + kind +
                           R"(","version":"1","title":{"zh":"表","en":"table"},)"
                           R"("source":[{"document":"x","clause":"","edition":"1"}],)"
                           R"("region":null,"valid_from":null,"valid_to":null,)"
                           R"("confidence":"D","default":false,"content":{"random_index":)" +
                           table + R"(,"limit":0.1,"largest_step":9},"tests":[]})");
    };
    CHECK(RandomIndex::from_pack(pack("random_index", R"({"3":0.5,"4":0.9})")).of(4) == 0.9);
    CHECK_THROWS_AS(RandomIndex::from_pack(pack("random_index", R"({"3":0.5,"5":0.9})")),
                    InputError);
    CHECK_THROWS_AS(RandomIndex::from_pack(pack("random_index", R"({"3":-1})")), InputError);
    CHECK_THROWS_AS(RandomIndex::from_pack(pack("random_index", "{}")), InputError);
    CHECK_THROWS_AS(RandomIndex::from_pack(pack("palette", R"({"3":0.5})")), InputError);
}
