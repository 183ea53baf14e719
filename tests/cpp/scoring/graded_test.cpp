// Tests of scoring/graded.hpp: every row has one fate and a reason, whatever the register holds.
#include <safetyrisk/scoring/graded.hpp>

#include "judgements.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace judgements;

namespace {

using Cells = std::vector<std::string>;

Table register_of(std::vector<std::pair<std::string, Cells>> columns) {
    Table table(
        Origin{.table = "risk_points", .source = "points.csv", .first_line = 2, .lines = {}});
    for (auto& [name, cells] : columns)
        table.add(name, texts(cells));
    return table;
}

Table lec_register(Cells id, Cells l, Cells e, Cells c) {
    return register_of(
        {{"id", std::move(id)}, {"L", std::move(l)}, {"E", std::move(e)}, {"C", std::move(c)}});
}

Graded grade_by(Table table, const std::string& method = "lec") {
    GradeOptions options;
    options.method = method;
    return grade(std::move(table), options);
}

Cells codes_of(const Graded& graded, std::int64_t row) {
    Cells out;
    for (std::size_t i = 0; i < graded.issues().size(); ++i)
        if (graded.issues().row(i) == row) out.emplace_back(graded.issues().code(i));
    return out;
}

Cells column(const Graded& graded, const std::string& name) {
    const Table table = graded.to_table();
    const Column& cells = table.at(name);
    Cells out;
    for (std::size_t row = 0; row < cells.size(); ++row)
        out.push_back(cells.is_null(row) ? "-" : cells.print(row));
    return out;
}

void check_sums(const Graded& graded) {
    const Counts c = graded.counts();
    CHECK(c.rows_in == graded.rows());
    CHECK(c.graded + c.not_gradable + c.rejected == c.rows_in);
    CHECK(c.red + c.orange + c.yellow + c.blue == c.graded);
}

}  // namespace

TEST_CASE("a register has exactly the rows that went in, in their order") {
    const Graded graded = grade_by(
        lec_register({"a", "b", "c"}, {"3", "", "3"}, {"6", "6", "6"}, {"15", "15", "-1"}));
    CHECK(column(graded, "id") == Cells{"a", "b", "c"});
    CHECK(column(graded, "method") == Cells{"lec.t1", "lec.t1", "lec.t1"});
    CHECK(column(graded, "score") == Cells{"270", "nan", "nan"});
    CHECK(column(graded, "grade") == Cells{"orange", "-", "-"});
    CHECK(column(graded, "status") == Cells{"graded", "not_gradable", "rejected"});
    CHECK(column(graded, "band") == Cells{"160<D≤320", "-", "-"});
    CHECK(column(graded, "override") == Cells{"-", "-", "-"});
    CHECK(column(graded, "clause")[0] == Method::find("lec")->clause());
    CHECK(column(graded, "clause")[1] == "-");
    CHECK(graded.to_table().names() ==
          Cells{"id", "method", "score", "grade", "level", "status", "band", "override", "clause"});
    check_sums(graded);
}

TEST_CASE("each fault of a cell has its fate and its issue") {
    const struct {
        std::string cell;
        RowState state;
        std::string code;
    } cases[] = {
        {"", RowState::not_gradable, "scoring.missing_input"},
        {"  ", RowState::not_gradable, "scoring.missing_input"},
        {"\u3000", RowState::not_gradable, "scoring.missing_input"},
        {"NaN", RowState::not_gradable, "scoring.missing_input"},
        {"inf", RowState::rejected, "scoring.infinite"},
        {"-inf", RowState::rejected, "scoring.infinite"},
        {"1e999", RowState::rejected, "scoring.infinite"},
        {"-3", RowState::rejected, "scoring.negative"},
        {"0", RowState::rejected, "scoring.off_scale"},
        {"4", RowState::rejected, "scoring.off_scale"},
        {"1e-999", RowState::rejected, "scoring.off_scale"},
        {"3.0000000000000004", RowState::rejected, "scoring.off_scale"},
        {"3人", RowState::rejected, "scoring.not_a_number"},
        {"三", RowState::rejected, "scoring.not_a_number"},
        {"1,000", RowState::rejected, "scoring.not_a_number"},
    };
    for (const auto& [cell, state, code] : cases) {
        INFO(cell);
        const Graded graded =
            grade_by(lec_register({"a", "b"}, {cell, "3"}, {"6", "6"}, {"15", "15"}));
        CHECK(graded.state()[0] == state);
        CHECK(codes_of(graded, 0) == Cells{code});
        CHECK(graded.issues().at(0).column == "L");
        CHECK(graded.issues().at(0).line == 2);
        CHECK(std::isnan(graded.score()[0]));
        CHECK(graded.grade()[0] == 0);
        CHECK(graded.state()[1] == RowState::graded);
        CHECK(graded.issues().size() == 1);
    }
}

TEST_CASE("a row with several faults has an issue for each and the worse fate") {
    const Graded graded = grade_by(lec_register({"a"}, {""}, {"x"}, {"-1"}));
    CHECK(codes_of(graded, 0) ==
          Cells{"scoring.missing_input", "scoring.not_a_number", "scoring.negative"});
    CHECK(graded.state()[0] == RowState::rejected);
    const Graded missing = grade_by(lec_register({"a"}, {""}, {""}, {""}));
    CHECK(missing.state()[0] == RowState::not_gradable);
    CHECK(missing.issues().size() == 3);
}

TEST_CASE("numbers typed in full width or with blanks are read") {
    const Graded graded = grade_by(lec_register({"a"}, {"０．５"}, {" 10 "}, {"１００"}));
    CHECK(graded.score()[0] == 500);
    CHECK(graded.grade()[0] == 4);
}

TEST_CASE("a column that is absent is one issue and leaves every row not gradable") {
    const Graded graded =
        grade_by(register_of({{"id", {"a", "b"}}, {"L", {"3", "3"}}, {"E", {"6", "x"}}}));
    CHECK(graded.counts().not_gradable == 1);
    CHECK(graded.counts().rejected == 1);
    CHECK(graded.issues().counts().at("scoring.column_missing") == 1);
    CHECK(graded.issues().at(0).row == -1);
    CHECK(graded.issues().at(0).line == -1);
    CHECK(graded.issues().at(0).column == "C");
    check_sums(graded);
}

TEST_CASE("of equal rows with one id the first counts and the rest are rejected") {
    const Graded graded = grade_by(lec_register({"a", "b", "a", "a"}, {"3", "3", "3", "3"},
                                                {"6", "6", "6", "6"}, {"15", "15", "15", "15"}));
    CHECK(column(graded, "status") == Cells{"graded", "graded", "rejected", "rejected"});
    CHECK(codes_of(graded, 2) == Cells{"scoring.duplicate_row"});
    CHECK(codes_of(graded, 0).empty());
    CHECK(std::isnan(graded.score()[2]));
    check_sums(graded);
}

TEST_CASE("of differing rows with one id all are rejected, so that order cannot decide") {
    const Graded graded = grade_by(
        lec_register({"a", "a", "a"}, {"3", "3", "6"}, {"6", "6", "6"}, {"15", "15", "15"}));
    CHECK(column(graded, "status") == Cells{"rejected", "rejected", "rejected"});
    for (std::int64_t row = 0; row < 3; ++row)
        CHECK(codes_of(graded, row) == Cells{"scoring.duplicate_conflict"});
    CHECK(graded.counts().graded == 0);
}

TEST_CASE("a column that no method uses makes rows differ, too") {
    Table table = lec_register({"a", "a"}, {"3", "3"}, {"6", "6"}, {"15", "15"});
    table.add("note", texts({"x", "y"}));
    CHECK(grade_by(std::move(table)).counts().rejected == 2);
}

TEST_CASE("equal rows that have no grade are counted once, too") {
    const Graded graded = grade_by(lec_register({"a", "a"}, {"", ""}, {"6", "6"}, {"15", "15"}));
    CHECK(column(graded, "status") == Cells{"not_gradable", "rejected"});
}

TEST_CASE("a row without an id is rejected and a register without the column counts rows") {
    const Graded blank = grade_by(
        lec_register({"", " ", "c"}, {"3", "3", "3"}, {"6", "6", "6"}, {"15", "15", "15"}));
    CHECK(blank.counts().rejected == 2);
    CHECK(codes_of(blank, 0) == Cells{"scoring.id_missing"});
    const Graded none =
        grade_by(register_of({{"L", {"3", "3"}}, {"E", {"6", "6"}}, {"C", {"15", "15"}}}));
    CHECK(none.counts().graded == 2);
    CHECK(column(none, "id") == Cells{"0", "1"});
    CHECK(none.issues().counts() ==
          std::map<std::string, std::size_t>{{"scoring.id_column_absent", 1}});
}

TEST_CASE("ids may be numbers, and 1 stands twice when it is typed twice") {
    Table table;
    table.add("id", Column::of(std::vector<std::int64_t>{1, 2, 1}));
    table.add("L", numbers({3, 3, 3}));
    table.add("S", numbers({3, 3, 4}));
    const Graded graded = grade_by(std::move(table), "ls");
    CHECK(column(graded, "status") == Cells{"rejected", "graded", "rejected"});
    CHECK(graded.row_of("2") == std::size_t{1});
    CHECK_FALSE(graded.row_of("3"));
}

TEST_CASE("the method column decides row by row, and the unconfirmed want their full name") {
    Table table = lec_register(
        {"a", "b", "c", "d", "e", "f", "g"}, {"3", "3", "3", "3", "3", "3", "3"},
        {"6", "", "6", "6", "6", "6", "6"}, {"15", "15", "15", "15", "15", "15", "15"});
    table.add("S", texts({"", "5", "", "", "", "", ""}));
    table.add("method", texts({"lec", "LS", "lec.t2", "", "mls", "lec.water", "palette.safe"}));
    const Graded graded = grade(std::move(table), {});
    CHECK(column(graded, "method") ==
          Cells{"lec.t1", "ls.db37", "lec.t2", "-", "-", "lec.water", "-"});
    CHECK(column(graded, "status") == Cells{"graded", "graded", "graded", "not_gradable",
                                            "not_gradable", "graded", "not_gradable"});
    CHECK(graded.score()[1] == 15);
    CHECK(codes_of(graded, 3) == Cells{"scoring.method_missing"});
    CHECK(codes_of(graded, 4) == Cells{"scoring.method_unknown"});
    REQUIRE(codes_of(graded, 6).size() == 1);
    CHECK(codes_of(graded, 6)[0] != "scoring.method_unconfirmed");  // a palette is no method at all
    check_sums(graded);
}

TEST_CASE("a register without a method, and a method that is not there, are wrong calls") {
    CHECK_THROWS_AS(grade(lec_register({"a"}, {"3"}, {"6"}, {"15"}), {}), InputError);
    CHECK_THROWS_AS(grade_by(lec_register({"a"}, {"3"}, {"6"}, {"15"}), "lecc"), NotFoundError);
    GradeOptions options;
    options.method = "lec";
    options.direct = "direct";
    CHECK_THROWS_AS(grade(lec_register({"a"}, {"3"}, {"6"}, {"15"}), options), InputError);
    options.direct = "lec.t1";
    CHECK_THROWS_AS(grade(lec_register({"a"}, {"3"}, {"6"}, {"15"}), options), InputError);
}

TEST_CASE("C is the worst of its filled parts") {
    Table table = register_of({{"id", {"a", "b", "c", "d"}},
                               {"L", {"3", "3", "3", "3"}},
                               {"E", {"6", "6", "6", "6"}},
                               {"C_people", {"15", "", "", "2"}},
                               {"C_law", {"7", "40", "", "2"}}});
    const Graded graded = grade_by(std::move(table), "lec.shandong_a");
    CHECK(graded.score()[0] == 270);
    CHECK(graded.score()[1] == 720);
    CHECK(graded.state()[2] == RowState::not_gradable);
    CHECK(graded.score()[3] == 36);
    CHECK_THAT(graded.explain(0).formula, ContainsSubstring("3×6×15 = 270"));
}

TEST_CASE("the explanation of a row of numbers prints the numbers of that row") {
    Table table;
    table.add("id", Column::of(std::vector<std::string>{"a", "b"}));
    table.add("L", Column::of(std::vector<double>{1, 3}));
    table.add("E", Column::of(std::vector<double>{10, 0.5}));
    table.add("C", Column::of(std::vector<double>{7, 40}));
    const Graded graded = grade_by(std::move(table), "lec");
    CHECK(graded.explain(0).formula == "D = L×E×C = 1×10×7 = 70");
    CHECK(graded.explain(1).formula == "D = L×E×C = 3×0.5×40 = 60");
}

TEST_CASE("a part that cannot be rejects the row even when another part is worse") {
    for (const std::string bad : {"8", "-5", "-inf", "inf", "x", "0", "0.5", "3"}) {
        INFO(bad);
        const Graded graded = grade_by(register_of({{"id", {"a"}},
                                                    {"L", {"3"}},
                                                    {"E", {"6"}},
                                                    {"C_people", {"15"}},
                                                    {"C_law", {bad}}}),
                                       "lec.shandong_a");
        CHECK(graded.state()[0] == RowState::rejected);
        CHECK_FALSE(codes_of(graded, 0).empty());
    }
}

TEST_CASE("C beside parts must agree with them") {
    Table table = register_of({{"id", {"a", "b", "c", "d"}},
                               {"L", {"3", "3", "3", "3"}},
                               {"E", {"6", "6", "6", "6"}},
                               {"C", {"15", "40", "", "7"}},
                               {"C_people", {"15", "15", "15", ""}}});
    const Graded graded = grade_by(std::move(table), "lec.shandong_a");
    CHECK(column(graded, "status") == Cells{"graded", "rejected", "graded", "graded"});
    CHECK(codes_of(graded, 1) == Cells{"scoring.contradicting_factor"});
    CHECK_THAT(graded.issues().at(0).message, ContainsSubstring("40") && ContainsSubstring("15"));
}

TEST_CASE("a value of a sister table is named in the hint and still rejected") {
    const Graded graded = grade_by(lec_register({"a"}, {"1"}, {"6"}, {"2"}));
    CHECK(graded.state()[0] == RowState::rejected);
    CHECK_THAT(graded.issues().at(0).hint, ContainsSubstring("lec.shandong_a"));
}

TEST_CASE("direct rules run only when named, lift grades and are recorded") {
    const auto table = [] {
        Table t = lec_register({"a", "b", "c", "d", "e"}, {"3", "0.1", "", "x", "3"},
                               {"6", "1", "6", "6", "6"}, {"15", "1", "15", "15", "15"});
        t.add("breach_mandatory_clause", texts({"否", "是", "是", "是", ""}));
        return t;
    };
    const Graded off = grade_by(table());
    CHECK(column(off, "override") == Cells{"-", "-", "-", "-", "-"});
    CHECK(column(off, "grade") == Cells{"orange", "blue", "-", "-", "orange"});
    GradeOptions options;
    options.method = "lec";
    options.direct = "direct.shandong";
    const Graded on = grade(table(), options);
    CHECK(column(on, "grade") == Cells{"orange", "red", "red", "-", "orange"});
    CHECK(column(on, "override") == Cells{"-", "direct.shandong.a", "direct.shandong.a", "-", "-"});
    CHECK(column(on, "status") == Cells{"graded", "graded", "graded", "rejected", "graded"});
    CHECK(on.score()[1] == 0.1);
    CHECK(std::isnan(on.score()[2]));
    CHECK_THAT(column(on, "clause")[1], ContainsSubstring("山东"));
    const Explanation why = on.explain(1);
    CHECK(why.grade == Grade::red);
    CHECK(why.grade_by_score == Grade::blue);
    CHECK(why.override_id == "direct.shandong.a");
    CHECK_THAT(why.text(), ContainsSubstring("direct.shandong.a") && ContainsSubstring("低风险"));
    CHECK_THAT(why.control.zh, ContainsSubstring("公司"));
    check_sums(on);
}

TEST_CASE("a row that is no duplicate of a row keeps its override, a rejected one loses it") {
    Table table = lec_register({"a", "a"}, {"3", "3"}, {"6", "6"}, {"15", "15"});
    table.add("breach_mandatory_clause", texts({"是", "是"}));
    GradeOptions options;
    options.method = "lec";
    options.direct = "direct.shandong";
    const Graded graded = grade(std::move(table), options);
    CHECK(column(graded, "grade") == Cells{"red", "-"});
    CHECK(column(graded, "override") == Cells{"direct.shandong.a", "-"});
}

TEST_CASE("an explanation holds inputs, meanings, score, band, clause and hash") {
    const Graded graded =
        grade_by(lec_register({"罐区", "b"}, {"3", ""}, {"6", "6"}, {"15", "15"}));
    const Explanation why = graded.explain(0);
    CHECK(why.formula == "D = L×E×C = 3×6×15 = 270");
    CHECK(why.grade == Grade::orange);
    CHECK(why.score == 270);
    CHECK(why.pack_sha256.size() == 64);
    for (const std::string part : {"罐区", "较大风险", "lec.t1", "= 3", "= 6", "= 15", "270",
                                   "160<D≤320", "一人死亡", "DB37/T 2882-2016"})
        CHECK_THAT(why.text(), ContainsSubstring(part));
    CHECK(why.text().ends_with("\n" + why.body()));
    CHECK(why.text().starts_with("风险点 罐区"));
    const Explanation none = graded.explain(1);
    CHECK_FALSE(none.grade);
    CHECK(none.formula.empty());
    CHECK(none.issues.size() == 1);
    CHECK_THROWS_AS(graded.explain(2), NotFoundError);
}

TEST_CASE("an explanation as JSON reads back with the same contents") {
    Table table = lec_register({"</script>\"\\\n"}, {"3"}, {"6"}, {"15"});
    const Graded graded = grade_by(std::move(table));
    const std::string text = graded.explain(0).json();
    CHECK(text.find('<') == std::string::npos);
    const json document = json::parse(text);
    CHECK(document["id"] == "</script>\"\\\n");
    CHECK(document["score"] == 270);
    CHECK(document["grade"] == "orange");
    CHECK(document["factors"].size() == 3);
    CHECK(document["override"].is_null());
    CHECK(document["band"]["printed"] == "160<D≤320");
}

TEST_CASE("English sentences hold no Chinese beyond what the data and the source's title hold") {
    Table table = lec_register({"a", "b", "c", "d"}, {"3", "", "x", "4"}, {"6", "6", "-1", "inf"},
                               {"15", "15", "15", "15"});
    table.add("breach_mandatory_clause", texts({"Y", "Y", "", ""}));
    GradeOptions options;
    options.method = "lec";
    options.direct = "direct.shandong";
    const Graded graded = grade(std::move(table), options);
    const auto han = [](const std::string& text) {
        return std::any_of(text.begin(), text.end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte >= 0xE3 && byte <= 0xE9;
        });
    };
    for (std::size_t row = 0; row < graded.rows(); ++row) {
        const Explanation why = graded.explain(row, Lang::en);
        std::string text = why.text(Lang::en);
        const auto source = text.find("Source: ");
        if (source != std::string::npos) text.resize(source);
        INFO(text);
        CHECK_FALSE(han(text));
    }
    for (std::size_t i = 0; i < graded.issues().size(); ++i) {
        INFO(graded.issues().code(i));
        CHECK_FALSE(han(graded.issues().at(i, Lang::en).message));
        CHECK_FALSE(han(graded.issues().at(i, Lang::en).hint));
    }
}

TEST_CASE("bodies give every row its explanation without the first line") {
    Table table = lec_register({"a", "b", "c", "d", "e"}, {"3", "3", "", "6", "3.0"},
                               {"6", "6", "6", "6", "6"}, {"15", "15", "15", "15", "15"});
    const Graded graded = grade_by(std::move(table));
    for (const Lang lang : {Lang::zh, Lang::en}) {
        const auto [texts, index] = graded.bodies(lang);
        REQUIRE(index.size() == graded.rows());
        for (std::size_t row = 0; row < graded.rows(); ++row)
            CHECK(texts.at(static_cast<std::size_t>(index[row])) ==
                  graded.explain(row, lang).body(lang));
        auto sorted = texts;
        std::sort(sorted.begin(), sorted.end());
        CHECK(std::unique(sorted.begin(), sorted.end()) == sorted.end());
        CHECK(index[0] == index[1]);
    }
}

TEST_CASE("prose is the explanation of every row, for any number of threads") {
    Table table =
        lec_register({"a", "b", "c", "d", "e", "f", "f"}, {"3", "3", "", "6", "3.0", "1", "1"},
                     {"6", "6", "6", "6", "6", "6", "6"}, {"15", "15", "15", "x", "15", "7", "7"});
    GradeOptions options;
    options.method = "lec";
    const Graded graded = grade(std::move(table), options);
    for (const Lang lang : {Lang::zh, Lang::en}) {
        Work work;
        work.threads = lang == Lang::zh ? 1 : 3;
        const Column words = graded.prose(lang, work);
        REQUIRE(words.size() == graded.rows());
        for (std::size_t row = 0; row < graded.rows(); ++row) {
            const Explanation why = graded.explain(row, lang);
            CHECK(words.text(row) == why.text(lang));
            CHECK(why.before_id(lang) + why.id + why.after_id(lang) == why.text(lang));
        }
    }
    CHECK(grade_by(lec_register({}, {}, {}, {})).prose().size() == 0);
}

TEST_CASE("names of the column method mean what the call says before what the library has") {
    Table table = lec_register({"a", "b"}, {"1", "1"}, {"10", "10"}, {"7", "7"});
    table.add("method", texts({"LEC", "lec"}));
    GradeOptions options;
    options.named = {{"lec", Method::find("lec.t2")}};
    const Graded graded = grade(table, options);  // D = 70 is blue by T1 and yellow by T2
    CHECK(column(graded, "method") == Cells{"lec.t1", "lec.t2"});
    CHECK(column(graded, "grade") == Cells{"blue", "yellow"});
}

TEST_CASE("grades do not depend on the order of rows nor on threads") {
    std::mt19937 random(20240229);
    const Cells cells = {"3", "6", "10", "1", "0.1", "", "4", "-1", "x", "inf", "100", "15"};
    const std::size_t n = 70'000;
    Cells id(n), l(n), e(n), c(n);
    for (std::size_t i = 0; i < n; ++i) {
        id[i] = std::to_string(random() % 60'000);
        l[i] = cells[random() % cells.size()];
        e[i] = cells[random() % cells.size()];
        c[i] = cells[random() % cells.size()];
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    const auto pick = [&](const Cells& from) {
        Cells out;
        for (const std::size_t i : order)
            out.push_back(from[i]);
        return out;
    };
    const Graded first = grade_by(lec_register(id, l, e, c));
    const Graded second = grade_by(lec_register(pick(id), pick(l), pick(e), pick(c)));
    check_sums(first);
    CHECK(first.counts().graded == second.counts().graded);
    CHECK(first.counts().rejected == second.counts().rejected);
    // By id: the counting row of equal ones may be another, its grade may not.
    std::map<std::string, std::vector<int>> by_id;
    std::map<std::string, std::vector<int>> by_id_shuffled;
    for (std::size_t i = 0; i < n; ++i) {
        by_id[id[i]].push_back(first.grade()[i]);
        by_id_shuffled[id[order[i]]].push_back(second.grade()[i]);
    }
    for (auto& [key, grades] : by_id)
        std::sort(grades.begin(), grades.end());
    for (auto& [key, grades] : by_id_shuffled)
        std::sort(grades.begin(), grades.end());
    CHECK(by_id == by_id_shuffled);

    GradeOptions options;
    options.method = "lec";
    options.work.threads = 3;
    const Graded threaded = grade(lec_register(id, l, e, c), options);
    CHECK(std::equal(first.grade().begin(), first.grade().end(), threaded.grade().begin()));
    CHECK(std::memcmp(first.score().data(), threaded.score().data(), n * sizeof(double)) == 0);
    REQUIRE(first.issues().size() == threaded.issues().size());
    for (std::size_t i = 0; i < first.issues().size(); i += 97)
        CHECK(first.issues().at(i) == threaded.issues().at(i));
}

TEST_CASE("every row without a grade has an issue and every issue of a row has a row") {
    std::mt19937 random(7);
    const Cells cells = {"3", "6", "10", "1", "", "4", "x", "100", "15"};
    Cells id, l, e, c, method;
    for (int i = 0; i < 3'000; ++i) {
        id.push_back(random() % 40 == 0 ? "" : std::to_string(random() % 2'500));
        for (Cells* column : {&l, &e, &c})
            column->push_back(cells[random() % cells.size()]);
        method.push_back(Cells{"lec", "lec.t2", "", "ls", "nonsense"}[random() % 5]);
    }
    Table table = lec_register(id, l, e, c);
    table.add("method", texts(method));
    const Graded graded = grade(std::move(table), {});
    check_sums(graded);
    std::vector<bool> has_issue(graded.rows(), false);
    for (std::size_t i = 0; i < graded.issues().size(); ++i) {
        const std::int64_t row = graded.issues().row(i);
        if (row >= 0) has_issue.at(static_cast<std::size_t>(row)) = true;
    }
    for (std::size_t row = 0; row < graded.rows(); ++row)
        CHECK((graded.state()[row] == RowState::graded) != has_issue[row]);
}

TEST_CASE("an empty register is graded to nothing") {
    const Graded graded = grade_by(lec_register({}, {}, {}, {}));
    CHECK(graded.rows() == 0);
    CHECK(graded.counts().rows_in == 0);
    CHECK(graded.to_table().rows() == 0);
    CHECK(grade_by(Table()).rows() == 0);
    CHECK(graded.bodies().second.empty());
}
