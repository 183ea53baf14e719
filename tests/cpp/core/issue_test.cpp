// Tests of core/issue.hpp and of the catalogue.
#include <safetyrisk/core/issue.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "support/catch.hpp"

#include <cctype>
#include <set>
#include <string>

using namespace safetyrisk;
using Catch::Matchers::ContainsSubstring;

namespace {

const Origin points{.table = "risk_points", .source = "a.csv", .first_line = 2, .lines = {}};

// Names between braces.
std::multiset<std::string> holes(std::string_view text) {
    std::multiset<std::string> out;
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
        out.emplace(text.substr(at + 1, text.find('}', at) - at - 1));
    return out;
}

bool has_han(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 0xE3 && lead <= 0xE9) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("every code is room dot snake case, stands once and has a sentence in both languages") {
    const std::set<std::string> rooms = {"core",    "graph",  "plan",   "hazard", "duty",
                                         "scoring", "region", "render", "io"};
    std::set<std::string> codes;
    for (const IssueKind& kind : issue_catalogue()) {
        const std::string code(kind.code);
        INFO(code);
        CHECK(codes.insert(code).second);
        const auto point = code.find('.');
        REQUIRE(point != std::string::npos);
        CHECK(rooms.count(code.substr(0, point)) == 1);
        CHECK(code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", point + 1) ==
              std::string::npos);
        CHECK(has_han(kind.zh));
        CHECK_FALSE(kind.en.empty());
        CHECK_FALSE(has_han(kind.en));
        CHECK_FALSE(has_han(kind.hint_en));
        CHECK(kind.hint_zh.empty() == kind.hint_en.empty());
        for (const std::string_view text : {kind.zh, kind.en, kind.hint_zh, kind.hint_en}) {
            CHECK_FALSE(first_invalid_utf8(text));
            for (const std::string& hole : holes(text))
                if (hole.find('"') == std::string::npos)
                    CHECK(std::set<std::string>{"column", "value", "1", "2", "3", "4", "5", "6",
                                                "column:1"}
                              .count(hole) == 1);
        }
    }
    CHECK(codes.size() > 20);
}

TEST_CASE("an issue has its place, its line, its value and a sentence in the language asked for") {
    IssueTable issues;
    issues.add("scoring.off_scale", points, 5, "E", "4", {"lec.t1", "10/6/3", " / method=lec.x"});
    const Issue zh = issues.at(0);
    CHECK(zh.severity == Severity::error);
    CHECK(zh.table == "risk_points");
    CHECK(zh.source == "a.csv");
    CHECK(zh.row == 5);
    CHECK(zh.line == 7);
    CHECK(zh.column == "E");
    CHECK(zh.value == "4");
    for (const std::string part : {"E", "4", "lec.t1", "10/6/3"}) {
        CHECK_THAT(zh.message, ContainsSubstring(part));
        CHECK_THAT(issues.at(0, Lang::en).message, ContainsSubstring(part));
    }
    CHECK(zh.hint == "改为取值表中的一个值 / method=lec.x");
    CHECK(has_han(zh.message));
    CHECK_FALSE(has_han(issues.at(0, Lang::en).message));
}

TEST_CASE("an issue about no single row has neither row nor line") {
    IssueTable issues;
    issues.add("scoring.id_column_absent", points, -1, "id");
    CHECK(issues.at(0).row == -1);
    CHECK(issues.at(0).line == -1);
    const Table table = issues.to_table();
    CHECK(table.at("row").is_null(0));
    CHECK(table.at("line").is_null(0));
}

TEST_CASE("braces in the data stay as they are and arguments left out print nothing") {
    IssueTable issues;
    issues.add("scoring.not_a_number", points, 0, "L", "{column}{1}{");
    CHECK_THAT(issues.at(0).message, ContainsSubstring("{column}{1}{"));
    issues.add("scoring.off_scale", points, 0, "L", "x");
    CHECK(issues.at(1).hint == "改为取值表中的一个值");
    CHECK_THAT(issues.at(1).message, !ContainsSubstring("{"));
}

TEST_CASE("values are cut at 200 characters and between characters") {
    CHECK(cut_value(std::string(200, 'x')) == std::string(200, 'x'));
    CHECK(cut_value(std::string(201, 'x')) == std::string(200, 'x') + "…");
    std::string long_text;
    for (int i = 0; i < 200; ++i)
        long_text += "罐";
    CHECK(cut_value(long_text) == long_text);
    CHECK(cut_value(long_text + "区") == long_text + "…");
    IssueTable issues;
    issues.add("scoring.not_a_number", points, 0, "L", long_text + long_text);
    CHECK(count_code_points(issues.at(0).value) == 201);
    CHECK_FALSE(first_invalid_utf8(issues.at(0).message));
}

TEST_CASE("a code that is not in the catalogue is refused") {
    IssueTable issues;
    CHECK_THROWS_AS(issues.add("scoring.no_such_thing", points, 0, ""), NotFoundError);
    CHECK_THROWS_AS(issues.add("", points, 0, ""), NotFoundError);
    CHECK(issues.empty());
}

TEST_CASE("issues are counted by severity and by code") {
    IssueTable issues;
    for (int i = 0; i < 3; ++i)
        issues.add("scoring.id_missing", points, i, "id");
    issues.add("scoring.duplicate_row", points, 3, "id", "a", {"0"});
    issues.add("scoring.id_column_absent", points, -1, "id");
    CHECK(issues.size() == 5);
    CHECK(issues.count(Severity::error) == 3);
    CHECK(issues.count(Severity::warning) == 1);
    CHECK(issues.count(Severity::info) == 1);
    CHECK(issues.counts() == std::map<std::string, std::size_t>{{"scoring.duplicate_row", 1},
                                                                {"scoring.id_column_absent", 1},
                                                                {"scoring.id_missing", 3}});
    CHECK(issues.code(3) == "scoring.duplicate_row");
    CHECK(issues.row(2) == 2);
    CHECK(issues.severity(4) == Severity::info);
}

TEST_CASE("appending keeps every issue word for word, also to itself") {
    IssueTable a;
    a.add("scoring.off_scale", points, 1, "L", "4", {"lec.t1", "10/6", ""});
    IssueTable b;
    b.add("region.malformed_code",
          Origin{.table = "divisions", .source = "d.csv", .first_line = -1, .lines = {7, 8}}, 1,
          "code", "x");
    b.add("scoring.infinite", points, 2, "C", "inf");
    a.append(b);
    REQUIRE(a.size() == 3);
    CHECK(a.at(1) == b.at(0));
    CHECK(a.at(1).line == 8);
    CHECK(a.at(2, Lang::en) == b.at(1, Lang::en));
    a.append(a);
    REQUIRE(a.size() == 6);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(a.at(i + 3) == a.at(i));
    CHECK(a.count(Severity::error) == 6);
}

TEST_CASE("the table of issues has the columns that results promise") {
    IssueTable issues;
    issues.add("scoring.infinite", points, 2, "C", "inf");
    const Table table = issues.to_table(Lang::en);
    CHECK(table.names() == std::vector<std::string>{"severity", "code", "table", "row", "source",
                                                    "line", "column", "value", "message", "hint"});
    CHECK(table.at("severity").text(0) == "error");
    CHECK(table.at("row").integers()[0] == 2);
    CHECK(table.at("line").integers()[0] == 4);
    CHECK(table.at("message").text(0) == issues.at(0, Lang::en).message);
    CHECK(IssueTable().to_table().rows() == 0);
}
