// Tests of scoring/arrays.hpp.
#include <safetyrisk/scoring/arrays.hpp>

#include <safetyrisk/core/error.hpp>

#include "judgements.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <cstring>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::scoring;
using namespace judgements;

namespace {

struct Result {
    std::vector<double> score;
    std::vector<std::uint8_t> grade;
};

// n judgements that walk through all combinations, every 17th with a value off the scale.
std::array<std::vector<double>, 3> walk(std::size_t n) {
    std::array<std::vector<double>, 3> out;
    for (std::size_t i = 0; i < n; ++i) {
        out[0].push_back(lec_L[i % 7].value);
        out[1].push_back(lec_E[i / 7 % 6].value);
        out[2].push_back(i % 17 == 0 ? 4.0 : lec_C[i / 42 % 6].value);
    }
    return out;
}

Result run(const std::array<std::vector<double>, 3>& in, unsigned threads) {
    Result out{std::vector<double>(in[0].size()), std::vector<std::uint8_t>(in[0].size())};
    Work work;
    work.threads = threads;
    lec(in[0], in[1], in[2], out.score, out.grade, *Method::find("lec"), work);
    return out;
}

}  // namespace

TEST_CASE("arrays give the same bytes for one, two and three threads") {
    const auto in = walk(300'007);
    const Result one = run(in, 1);
    for (const unsigned threads : {2U, 3U, 0U}) {
        const Result other = run(in, threads);
        CHECK(std::memcmp(one.score.data(), other.score.data(),
                          one.score.size() * sizeof(double)) == 0);
        CHECK(one.grade == other.grade);
    }
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < one.score.size(); ++i) {
        if (i % 17 == 0) {
            if (!std::isnan(one.score[i]) || one.grade[i] != 0) ++wrong;
            continue;
        }
        const std::int64_t d =
            lec_L[i % 7].tenths * lec_E[i / 7 % 6].tenths * lec_C[i / 42 % 6].tenths;
        if (one.score[i] != static_cast<double>(d) / 1000.0 ||
            one.grade[i] != static_cast<std::uint8_t>(grade_t1(d)))
            ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("grades are 1 blue to 4 red and 0 for none") {
    const std::vector<double> l = {1, 1, 3, 3, 4};
    const std::vector<double> s = {1, 9, 5, 3, 5};
    std::vector<double> score(5);
    std::vector<std::uint8_t> grade(5);
    ls(l, s, score, grade, *Method::find("ls"));
    CHECK(grade == std::vector<std::uint8_t>{1, 0, 3, 2, 4});
    CHECK(score[2] == 15);
    CHECK(std::isnan(score[1]));
}

TEST_CASE("lengths that differ and a method with other factors are refused") {
    const std::vector<double> two(2, 3.0);
    const std::vector<double> one(1, 3.0);
    std::vector<double> score(2);
    std::vector<std::uint8_t> grade(2);
    std::vector<std::uint8_t> short_grade(1);
    CHECK_THROWS_AS(lec(two, two, one, score, grade, *Method::find("lec")), InputError);
    CHECK_THROWS_AS(lec(two, two, two, score, short_grade, *Method::find("lec")), InputError);
    CHECK_THROWS_AS(ls(two, two, score, grade, *Method::find("lec")), InputError);
    CHECK_THROWS_AS(lec(two, two, two, score, grade, *Method::find("ls")), InputError);
}

TEST_CASE("no rows give no results") {
    std::vector<double> none;
    std::vector<std::uint8_t> no_grades;
    lec(none, none, none, none, no_grades, *Method::find("lec"));
    CHECK(none.empty());
}
