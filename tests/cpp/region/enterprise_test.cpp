#include <safetyrisk/region/enterprise.hpp>  // first: the header must stand alone

#include "support/catch.hpp"

using namespace safetyrisk;

TEST_CASE("codes of enterprises that cannot be are reported with their row",
          "[region][enterprise]") {
    Table table(Origin{"enterprises", "企业.csv", 2, {}});
    table.add("id", Column::of(std::vector<std::string>{"a", "b", "c", "d", "e"}));
    // Sinopec; the same with its last character changed; too short; an I; missing.
    table.add("credit_code",
              Column::of(std::vector<std::string>{"91110000710926094P", "91110000710926094Q",
                                                  "12345", "9111000060003IOZSV", ""}));
    table.add("industry", Column::of(std::vector<std::string>{"C2511", "B25", "25", "", "9900"}));
    IssueTable issues;
    region::check_enterprises(table, issues);

    std::vector<std::pair<std::string, std::int64_t>> found;
    for (std::size_t i = 0; i < issues.size(); ++i)
        found.emplace_back(issues.code(i), issues.row(i));
    const std::vector<std::pair<std::string, std::int64_t>> expected = {
        {"region.bad_credit_code", 1},
        {"region.bad_industry", 1},
        {"region.bad_credit_code", 2},
        {"region.bad_credit_code", 3},
        {"region.bad_industry", 4}};
    CHECK(found == expected);
    CHECK(issues.at(0).line == 3);
    CHECK(issues.at(0).message.find("第 18 位") != std::string::npos);
    CHECK(issues.at(0, Lang::en).message.find("18th") != std::string::npos);
}

TEST_CASE("enterprises without the columns are in order", "[region][enterprise]") {
    Table table;
    table.add("id", Column::of(std::vector<std::string>{"a"}));
    IssueTable issues;
    region::check_enterprises(table, issues);
    CHECK(issues.empty());
}
