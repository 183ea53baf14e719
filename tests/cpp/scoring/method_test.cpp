// Tests of scoring/method.hpp: every combination of every scale against whole-number arithmetic and
// the tables of the field, and packs that contradict themselves.
#include <safetyrisk/scoring/method.hpp>

#include "judgements.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace judgements;

namespace {

struct Outcome {
    double score = 0;
    std::uint8_t grade = 0;
    std::uint8_t band = 0;
};

Outcome score_one(const Method& method, const std::vector<double>& inputs, bool averaged = false) {
    std::vector<std::span<const double>> factors;
    for (const double& input : inputs)
        factors.emplace_back(&input, 1);
    Outcome out;
    method.score(factors, averaged, {&out.score, 1}, {&out.grade, 1}, {&out.band, 1});
    return out;
}

// All combinations of a LEC profile; returns the distinct products in thousandths.
template <class C, class Rule>
std::set<std::int64_t> check_all(const std::string& id, const C& consequences, Rule rule) {
    const auto method = Method::find(id);
    std::set<std::int64_t> products;
    for (const auto& l : lec_L)
        for (const auto& e : lec_E)
            for (const auto& c : consequences) {
                const std::int64_t d = l.tenths * e.tenths * c.tenths;
                products.insert(d);
                const Outcome out = score_one(*method, {l.value, e.value, c.value});
                INFO(id << " L " << l.value << " E " << e.value << " C " << c.value);
                CHECK(out.score == static_cast<double>(d) / 1000.0);
                CHECK(out.grade == static_cast<std::uint8_t>(rule(d)));
                const Band& band = method->bands()[method->band_index(out.band)];
                CHECK(band.grade == rule(d));
                // Averaged judgement of experts who agree gives the same grade.
                CHECK(score_one(*method, {l.value, e.value, c.value}, true).grade == out.grade);
            }
    return products;
}

std::string error_of(const json& document) {
    try {
        compile(document);
    } catch (const InputError& error) {
        return error.what();
    }
    return "(compiled)";
}

}  // namespace

TEST_CASE("published LEC judgements have their published grades under T1 and T2") {
    const std::tuple<double, double, double, double, Grade, Grade> goldens[] = {
        {3, 10, 15, 450, Grade::red, Grade::red},     {6, 6, 3, 108, Grade::yellow, Grade::yellow},
        {1, 6, 15, 90, Grade::yellow, Grade::yellow}, {1, 1, 15, 15, Grade::blue, Grade::blue},
        {1, 0.5, 40, 20, Grade::blue, Grade::blue},   {3, 6, 15, 270, Grade::orange, Grade::orange},
        {6, 6, 15, 540, Grade::red, Grade::red},      {1, 10, 7, 70, Grade::blue, Grade::yellow},
        {10, 10, 100, 10000, Grade::red, Grade::red}, {0.1, 0.5, 1, 0.05, Grade::blue, Grade::blue},
    };
    for (const auto& [l, e, c, d, t1, t2] : goldens) {
        const Outcome first = score_one(*Method::find("lec.t1"), {l, e, c});
        const Outcome second = score_one(*Method::find("lec.t2"), {l, e, c});
        CHECK(first.score == d);
        CHECK(second.score == d);
        CHECK(first.grade == static_cast<std::uint8_t>(t1));
        CHECK(second.grade == static_cast<std::uint8_t>(t2));
    }
}

TEST_CASE("all 252 combinations of each LEC profile have the exact score and grade") {
    CHECK(check_all("lec.t1", lec_C, grade_t1).size() == 103);
    CHECK(check_all("lec.t2", lec_C, grade_t2).size() == 103);
    CHECK(check_all("lec.shandong_a", lec_C_shandong_a, grade_t1).size() == 99);
    CHECK(check_all("lec.shandong_b", lec_C, grade_t1).size() == 103);
    CHECK(check_all("lec.water", lec_C, grade_t1).size() == 103);
}

TEST_CASE("T1 and T2 differ at D = 70 alone") {
    const auto t1 = Method::find("lec.t1");
    const auto t2 = Method::find("lec.t2");
    int differ = 0;
    for (const auto& l : lec_L)
        for (const auto& e : lec_E)
            for (const auto& c : lec_C) {
                const Outcome a = score_one(*t1, {l.value, e.value, c.value});
                const Outcome b = score_one(*t2, {l.value, e.value, c.value});
                if (a.grade == b.grade) continue;
                ++differ;
                CHECK(a.score == 70.0);
            }
    CHECK(differ == 2);  // 10·1·7 and 1·10·7
}

TEST_CASE("D = 20 lies in the lowest of the five bands of T1, however it is made") {
    const auto t1 = Method::find("lec.t1");
    int found = 0;
    for (const auto& l : lec_L)
        for (const auto& e : lec_E)
            for (const auto& c : lec_C) {
                if (l.tenths * e.tenths * c.tenths != 20'000) continue;
                ++found;
                const Outcome out = score_one(*t1, {l.value, e.value, c.value});
                CHECK(t1->bands()[t1->band_index(out.band)].label == "5");
            }
    CHECK(found >= 4);  // 0.2·1·100, 1·0.5·40, 0.5·1·40, 0.1·2·100 …
}

TEST_CASE("all 25 cells of each risk matrix have the colour of its table") {
    // red from, orange from, yellow from; blue below.
    const std::tuple<std::string, int, int, int> tables[] = {{"ls.db37", 20, 15, 9},
                                                             {"ls.mine_wall", 20, 9, 4},
                                                             {"ls.ahp_spa", 20, 10, 4},
                                                             {"ls.form4", 17, 11, 5}};
    for (const auto& [id, red, orange, yellow] : tables) {
        const auto method = Method::find(id);
        std::set<int> products;
        for (int l = 1; l <= 5; ++l)
            for (int s = 1; s <= 5; ++s) {
                const int r = l * s;
                products.insert(r);
                const Grade want = r >= red      ? Grade::red
                                   : r >= orange ? Grade::orange
                                   : r >= yellow ? Grade::yellow
                                                 : Grade::blue;
                const Outcome out =
                    score_one(*method, {static_cast<double>(l), static_cast<double>(s)});
                INFO(id << " " << l << "×" << s);
                CHECK(out.score == r);
                CHECK(out.grade == static_cast<std::uint8_t>(want));
            }
        CHECK(products == std::set<int>{1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25});
    }
}

TEST_CASE("all 36 cells of both coal matrices and all 90 MES triples have their grades") {
    const auto eight = Method::find("ls.coal_8");
    const auto nine = Method::find("ls.coal_9");
    int differ = 0;
    for (int l = 1; l <= 6; ++l)
        for (int s = 1; s <= 6; ++s) {
            const int r = l * s;
            const std::vector<double> cell{static_cast<double>(l), static_cast<double>(s)};
            const Outcome a = score_one(*eight, cell);
            const Outcome b = score_one(*nine, cell);
            INFO(l << "×" << s);
            CHECK(a.score == r);
            CHECK(a.grade == (r >= 30 ? 4 : r >= 18 ? 3 : r >= 8 ? 2 : 1));
            CHECK(b.grade == (r >= 30 ? 4 : r >= 18 ? 3 : r >= 9 ? 2 : 1));
            differ += a.grade != b.grade ? 1 : 0;
        }
    CHECK(differ == 2);  // 2×4 and 4×2

    const auto usual = Method::find("mes");
    for (const int m : {5, 3, 1})
        for (const int e : {20, 12, 6, 4, 2, 1})  // halves
            for (const int s : {10, 8, 4, 2, 1}) {
                const int twice = m * e * s;
                const Outcome out =
                    score_one(*usual, {static_cast<double>(m), e / 2.0, static_cast<double>(s)});
                INFO("M " << m << " E " << e / 2.0 << " S " << s);
                CHECK(out.score == twice / 2.0);
                const std::size_t band = twice >= 360   ? 0
                                         : twice >= 180 ? 1
                                         : twice >= 100 ? 2
                                         : twice >= 40  ? 3
                                                        : 4;
                CHECK(usual->band_index(out.band) == band);
            }
}

TEST_CASE("R = 9 and R = 10 have four different answers in four profiles") {
    const std::tuple<std::string, Grade, Grade> answers[] = {
        {"ls.db37", Grade::yellow, Grade::yellow},
        {"ls.mine_wall", Grade::orange, Grade::orange},
        {"ls.ahp_spa", Grade::yellow, Grade::orange},
        {"ls.form4", Grade::yellow, Grade::yellow}};
    for (const auto& [id, nine, ten] : answers) {
        INFO(id);
        CHECK(score_one(*Method::find(id), {3, 3}).grade == static_cast<std::uint8_t>(nine));
        CHECK(score_one(*Method::find(id), {2, 5}).grade == static_cast<std::uint8_t>(ten));
        CHECK(score_one(*Method::find(id), {5, 2}).grade == static_cast<std::uint8_t>(ten));
    }
}

TEST_CASE("the five levels of DB37 split blue at 4") {
    const auto method = Method::find("ls.db37");
    for (int l = 1; l <= 5; ++l)
        for (int s = 1; s <= 5; ++s) {
            const int r = l * s;
            if (r > 8) continue;
            const Outcome out =
                score_one(*method, {static_cast<double>(l), static_cast<double>(s)});
            const std::string label = method->bands()[method->band_index(out.band)].label;
            CHECK_THAT(label, ContainsSubstring(r >= 4 ? "4" : "5"));
        }
}

TEST_CASE("the bands of every method tile the line from the gravest to the mildest") {
    for (const auto& method : Method::all()) {
        if (method->form() == Form::chain) continue;
        INFO(method->id());
        const auto& bands = method->bands();
        REQUIRE(bands.size() >= 4);
        double largest = 1;
        double smallest = 1;
        for (const Factor& factor : method->factors()) {
            largest *= factor.steps.front().value;
            smallest *= factor.steps.back().value;
        }
        CHECK((bands.front().high > largest ||
               (bands.front().high == largest && bands.front().high_closed)));
        CHECK((bands.back().low < smallest ||
               (bands.back().low == smallest && bands.back().low_closed)));
        for (std::size_t b = 0; b + 1 < bands.size(); ++b) {
            CHECK(bands[b].low == bands[b + 1].high);
            CHECK(bands[b].low_closed != bands[b + 1].high_closed);
            CHECK(bands[b].grade >= bands[b + 1].grade);
        }
        std::set<Grade> grades;
        for (const Band& band : bands)
            grades.insert(*band.grade);
        CHECK(grades.size() == 4);
    }
}

TEST_CASE("averaged judgements count as on an edge within a billionth of it") {
    const auto t1 = Method::find("lec.t1");
    const auto t2 = Method::find("lec.t2");
    const auto grade = [](const Method& method, double d) {
        // d = 10·10·c with c between two steps.
        return static_cast<Grade>(score_one(method, {10, 10, d / 100}, true).grade);
    };
    const std::tuple<double, Grade, Grade> edges[] = {{320, Grade::red, Grade::orange},
                                                      {160, Grade::orange, Grade::yellow}};
    for (const auto& [edge, above, below] : edges)
        for (const double off : {-1e-10, 0.0, 1e-10}) {
            CHECK(grade(*t1, edge * (1 + off)) == below);
            CHECK(grade(*t2, edge * (1 + off)) == above);
        }
    for (const auto& [edge, above, below] : edges)
        for (const auto& method : {t1, t2}) {
            CHECK(grade(*method, edge * (1 + 1e-6)) == above);
            CHECK(grade(*method, edge * (1 - 1e-6)) == below);
        }
    // 0.7·10·10 is 70 and its neighbours in binary are not.
    CHECK(score_one(*t1, {0.7, 10, 10}, true).grade == static_cast<std::uint8_t>(Grade::blue));
    CHECK(score_one(*t2, {0.7, 10, 10}, true).grade == static_cast<std::uint8_t>(Grade::yellow));
}

TEST_CASE("averages lie between the ends of the scale and are off it without the option") {
    const auto method = Method::find("lec.t1");
    CHECK(score_one(*method, {4, 6, 15}).grade == 0);
    CHECK(score_one(*method, {4, 6, 15}, true).score == 360);
    CHECK(score_one(*method, {10.001, 6, 15}, true).grade == 0);
    CHECK(score_one(*method, {0.0999, 6, 15}, true).grade == 0);
    CHECK(score_one(*method, {std::nan(""), 6, 15}, true).grade == 0);
    CHECK(method->accepts(0, 3, false));
    CHECK_FALSE(method->accepts(0, 4, false));
    CHECK(method->accepts(0, 4, true));
    CHECK_FALSE(method->accepts(0, std::nan(""), true));
}

TEST_CASE("a row that cannot be graded has NaN, 0 and 255") {
    const double inf = std::numeric_limits<double>::infinity();
    for (const bool averaged : {false, true})
        for (const double bad : {std::nan(""), inf, -inf, 0.0, -3.0, 1e300}) {
            const Outcome out = score_one(*Method::find("lec.t1"), {3, bad, 15}, averaged);
            CHECK(std::isnan(out.score));
            CHECK(out.grade == 0);
            CHECK(out.band == 255);
        }
}

TEST_CASE("columns that differ in number or length are refused") {
    const auto method = Method::find("ls");
    const std::vector<double> two(2, 3.0);
    const std::vector<double> three(3, 3.0);
    std::vector<double> score(2);
    std::vector<std::uint8_t> grade(2);
    std::vector<std::uint8_t> band(3);
    const std::vector<std::span<const double>> one_column = {two};
    const std::vector<std::span<const double>> columns = {two, two};
    const std::vector<std::span<const double>> uneven = {two, three};
    CHECK_THROWS_AS(method->score(one_column, false, score, grade, grade), InputError);
    CHECK_THROWS_AS(method->score(uneven, false, score, grade, grade), InputError);
    CHECK_THROWS_AS(method->score(columns, false, score, grade, band), InputError);
}

TEST_CASE("a method is found by full id, by family and by the names of the field") {
    CHECK(Method::find("lec")->id() == "lec.t1");
    CHECK(Method::find("LEC")->id() == "lec.t1");
    CHECK(Method::find("作业条件危险性分析法")->id() == "lec.t1");
    CHECK(Method::find("ls")->id() == "ls.db37");
    CHECK(Method::find("lec.t2")->id() == "lec.t2");
    CHECK(Method::find("ＬＥＣ")->id() == "lec.t1");
    CHECK(Method::find("lec.t1") == Method::find("lec"));
    CHECK_THROWS_AS(Method::find("lecc"), NotFoundError);
    CHECK_THROWS_AS(Method::find(""), NotFoundError);
    CHECK_THROWS_AS(Method::find("palette.safe"), InputError);
}

TEST_CASE("a changed copy of a pack compiles, so each refusal below is of what was changed") {
    CHECK(error_of(pack_json("lec.t1")) == "(compiled)");
    CHECK(error_of(pack_json("ls.db37")) == "(compiled)");
}

TEST_CASE("a pack that contradicts itself is refused with the JSON path") {
    struct Case {
        std::string pointer;
        json value;
        std::string path;
        std::string why;
    };
    const Case cases[] = {
        {"/content/bands/1/range", "(170, 320]", "content.bands[2]", "gap"},
        {"/content/bands/1/range", "(150, 320]", "content.bands[2]", "overlap"},
        {"/content/bands/1/range", "[160, 320]", "content.bands[2]", "overlap"},
        {"/content/bands/2/range", "(70, 160)", "content.bands[2]", "gap"},
        {"/content/bands/0/range", "(320, 9999]", "content.bands[0]", "10000"},
        {"/content/bands/0/range", "(320, 10000)", "content.bands[0]", "10000"},
        {"/content/bands/4/range", "[1, 20]", "content.bands[4]", "0.05"},
        {"/content/bands/4/range", "(0.05, 20]", "content.bands[4]", "0.05"},
        {"/content/bands/0/range", "(320; inf)", "content.bands[0].range", "range"},
        {"/content/bands/0/range", "320, inf", "content.bands[0].range", "range"},
        {"/content/bands/0/range", "(inf, 320)", "content.bands[0].range", "empty"},
        {"/content/bands/0/range", "(nan, inf)", "content.bands[0].range", ""},
        {"/content/bands/0/range", "(0x10, inf)", "content.bands[0].range", "range"},
        {"/content/bands/0/range", "(320, 400, inf)", "content.bands[0].range", "range"},
        {"/content/bands/0/grade", "purple", "content.bands[0].grade", "red"},
        {"/content/bands/0/grade", 4, "content.bands[0].grade", "text"},
        {"/content/bands/0/grade", "yellow", "content.bands[1]", "gravest"},
        {"/content/bands/0/colour", "red", "content.bands[0]", "colour"},
        {"/content/bands", json::array(), "content.bands", "bands"},
        {"/content/factors", json::array(), "content.factors", "factors"},
        {"/content/factors/1/id", "L", "content.factors[1].id", "two"},
        {"/content/factors/0/steps/1/value", 10, "content.factors[0].steps[1].value", "once"},
        {"/content/factors/0/steps/1/value", 11, "content.factors[0].steps[1].value", "largest"},
        {"/content/factors/0/steps/6/value", 0, "content.factors[0].steps[6].value", "zero"},
        {"/content/factors/0/steps/6/value", -1, "content.factors[0].steps[6].value", "zero"},
        {"/content/factors/0/steps/6/value", "0.1", "content.factors[0].steps[6].value", "number"},
        {"/content/factors/0/steps/6/value", 0.00001, "content.factors[0].steps[6].value",
         "decimals"},
        {"/content/factors/0/steps/0/value", 1e9, "content.factors[0].steps", "large"},
        {"/content/factors/0/steps/0/meaning", "x", "content.factors[0].steps[0]", "meaning"},
        {"/content/factors/0/steps", json::array(), "content.factors[0].steps", "two"},
        {"/content/form", "sum", "content.form", "product"},
        {"/content/weights", 1, "content", "weights"},
        {"/tests/0/score", 451, "tests[0].score", "450"},
        {"/tests/0/grade", "orange", "tests[0].grade", "red"},
        {"/tests/0/inputs/L", 4, "tests[0].inputs", "scale"},
        {"/tests/0/expected", 1, "tests[0]", "expected"},
    };
    for (const auto& [pointer, value, path, why] : cases) {
        json document = pack_json("lec.t1");
        document[json::json_pointer(pointer)] = value;
        INFO(pointer << " = " << value.dump());
        CHECK_THAT(error_of(document),
                   ContainsSubstring("mine.one." + path) && ContainsSubstring(why));
    }
}

TEST_CASE("a pack with more combinations of steps than can be tried is refused at once") {
    json document = pack_json("lec.t1");
    document["tests"] = json::array();
    for (auto& factor : document["content"]["factors"]) {
        const json meaning = factor["steps"][0];
        factor["steps"] = json::array();
        for (int value = 101; value > 0; --value) {  // 101³ is above a million
            json step = meaning;
            step["value"] = value;
            factor["steps"].push_back(step);
        }
    }
    CHECK_THAT(error_of(document), ContainsSubstring("mine.one.content.factors[2].steps") &&
                                       ContainsSubstring("a million"));
}

TEST_CASE("a grade that no combination of steps reaches is refused") {
    json document = pack_json("ls.db37");
    document["tests"] = json::array();
    auto& bands = document["content"]["bands"];
    // Nothing lies between 21 and 24: 20 and 25 are neighbours.
    json extra = bands[0];
    bands[0]["range"] = "[25, inf)";
    extra["range"] = "(20, 25)";
    extra["grade"] = "orange";
    bands[1]["range"] = "[15, 20]";
    bands.insert(bands.begin() + 1, extra);
    CHECK_THAT(error_of(document),
               ContainsSubstring("mine.one.content.bands[1]") && ContainsSubstring("reaches"));
}

TEST_CASE("an edge too large for any product is refused") {
    for (const std::string edge : {"1e17", "1e300"}) {
        json document = pack_json("lec.t1");
        document["tests"] = json::array();
        document["content"]["bands"][0]["range"] = "(" + edge + ", inf)";
        document["content"]["bands"][1]["range"] = "(160, " + edge + "]";
        CHECK_THAT(error_of(document),
                   ContainsSubstring("content.bands[0]") && ContainsSubstring("reaches"));
    }
}

TEST_CASE("a factor's id or part that another factor has is refused") {
    json document = pack_json("lec.shandong_a");
    document["content"]["factors"][2]["parts"][0]["id"] = "L";
    CHECK(error_of(document) != "(compiled)");
    document = pack_json("lec.shandong_a");
    document["content"]["factors"][2]["parts"][0]["id"] =
        document["content"]["factors"][2]["parts"][1]["id"];
    CHECK(error_of(document) != "(compiled)");
}

TEST_CASE("a pack of another kind is no method") {
    const auto pack = PackRegistry::builtin().find("palette.safe");
    CHECK_THROWS_AS(Method::compile(pack), InputError);
}

TEST_CASE("a pack is compiled for its own scale, and 2 is a step only where the table prints 2") {
    CHECK(score_one(*Method::find("lec.shandong_a"), {1, 6, 2}).score == 12);
    CHECK(score_one(*Method::find("lec.shandong_a"), {1, 6, 3}).grade == 0);
    CHECK(score_one(*Method::find("lec.t1"), {1, 6, 2}).grade == 0);
}
