// Tests of core/table.hpp.
#include <safetyrisk/core/table.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <limits>
#include <stdexcept>

using namespace safetyrisk;
using Catch::Matchers::ContainsSubstring;

namespace {

Table two_columns() {
    Table table(Origin{.table = "risk_points", .source = "a.csv", .first_line = 2, .lines = {}});
    table.add("id", Column::of(std::vector<std::string>{"a", "b", "a", "a"}));
    table.add("L",
              Column::of(std::vector<double>{1, 1, 1, std::numeric_limits<double>::quiet_NaN()}));
    return table;
}

}  // namespace

TEST_CASE("columns are found by name and stand in the order they were added") {
    const Table table = two_columns();
    CHECK(table.rows() == 4);
    CHECK(table.size() == 2);
    CHECK(table.names() == std::vector<std::string>{"id", "L"});
    CHECK(table.name(1) == "L");
    CHECK(table.find("L") == &table.column(1));
    CHECK(table.find("l") == nullptr);
    CHECK(table.at("id").text(1) == "b");
    CHECK(Table().rows() == 0);
}

TEST_CASE("a name that is taken and a column of another length are refused with the name") {
    Table table = two_columns();
    CHECK_THROWS_WITH(table.add("L", Column::of(std::vector<double>(4))), ContainsSubstring("L"));
    CHECK_THROWS_AS(table.add("L", Column::of(std::vector<double>(4))), InputError);
    CHECK_THROWS_WITH(table.add("E", Column::of(std::vector<double>(3))),
                      ContainsSubstring("E") && ContainsSubstring("3") && ContainsSubstring("4"));
    CHECK(table.size() == 2);
    CHECK(table.rows() == 4);
}

TEST_CASE("asking for a column that is not there names those that are") {
    CHECK_THROWS_AS(two_columns().at("C"), NotFoundError);
    CHECK_THROWS_WITH(two_columns().at("C"), ContainsSubstring("risk_points") &&
                                                 ContainsSubstring("'C'") &&
                                                 ContainsSubstring("id, L"));
}

TEST_CASE("rows are equal when all their cells are") {
    Table table;
    table.add("id", Column::of(std::vector<std::string>{"a", "a", "a", "b"}));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    table.add("L", Column::of(std::vector<double>{nan, nan, 1, nan}));
    CHECK(table.equal_rows(0, 1));
    CHECK_FALSE(table.equal_rows(0, 2));
    CHECK_FALSE(table.equal_rows(0, 3));
}

TEST_CASE("an origin knows the line of a row, consecutive or listed") {
    const Origin consecutive{.table = "t", .source = "", .first_line = 3, .lines = {}};
    CHECK(consecutive.line(0) == 3);
    CHECK(consecutive.line(10) == 13);
    CHECK(consecutive.line(-1) == -1);
    const Origin listed{.table = "t", .source = "", .first_line = -1, .lines = {4, 9}};
    CHECK(listed.line(1) == 9);
    CHECK_THROWS_AS(listed.line(2), std::out_of_range);
    CHECK(Origin{}.line(5) == -1);
    const Origin header{.table = "t", .source = "", .first_line = 3, .lines = {}, .own_line = 2};
    CHECK(header.line(-1) == 2);
    CHECK(header.line(0) == 3);
}
