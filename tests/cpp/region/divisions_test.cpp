#include <safetyrisk/region/divisions.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::region;

namespace {

using Cells = std::vector<std::string>;

Table table_of(const std::vector<std::pair<std::string, Cells>>& columns) {
    Table table(Origin{.table = "divisions", .source = "d.csv", .first_line = 2, .lines = {}});
    for (const auto& [name, cells] : columns)
        table.add(name, Column::of(cells));
    return table;
}

Table codes_of(const Cells& codes) {
    return table_of({{"code", codes}, {"name", codes}});
}

DivisionCode code(const std::string& text) {
    return DivisionCode::parse(text).value();
}

std::int32_t at(const Divisions& divisions, const std::string& text) {
    return divisions.find(code(text));
}

std::string parent(const Divisions& divisions, const std::string& text) {
    return divisions.code(divisions.parent(at(divisions, text))).text();
}

std::string unit(const Divisions& divisions, const std::string& text, DivisionLevel level) {
    const std::int32_t index = divisions.unit_at(at(divisions, text), level);
    return index < 0 ? "" : divisions.code(index).text();
}

std::size_t count(const Divisions& divisions, const std::string& issue) {
    const auto counts = divisions.issues().counts();
    const auto it = counts.find(issue);
    return it == counts.end() ? 0 : it->second;
}

// The places of the country in which the levels are not all there.
const Cells special = {"36",        "3609",      "360924",   "360924001", "360924001002", "44",
                       "4419",      "441900003", "4420",     "442000001", "46",           "4604",
                       "460400100", "62",        "6202",     "620200100", "42",           "4201",
                       "420102",    "429004",    "429004001"};

}  // namespace

TEST_CASE("ancestors that have no row are made from the code and said so", "[region][divisions]") {
    const Divisions divisions(codes_of({"360924001"}));
    REQUIRE(divisions.size() == 5);  // 0, 36, 3609, 360924, 360924001
    CHECK(divisions.row(at(divisions, "360924001")) == 0);
    CHECK(divisions.row(at(divisions, "3609")) == -1);
    CHECK(divisions.name(at(divisions, "3609")).empty());
    CHECK(divisions.name(at(divisions, "360924001")) == "360924001");
    CHECK(count(divisions, "region.ancestor_made") == 3);
    CHECK(divisions.issues().size() == 3);
}

TEST_CASE("parents come first and subtrees are intervals, whatever the order of the rows",
          "[region][divisions]") {
    std::mt19937 random(7);
    Cells codes = special;
    std::vector<std::string> first;
    for (int round = 0; round < 20; ++round) {
        std::shuffle(codes.begin(), codes.end(), random);
        const Divisions divisions(codes_of(codes));
        std::vector<std::string> order;
        for (std::int32_t i = 0; i < static_cast<std::int32_t>(divisions.size()); ++i) {
            order.push_back(divisions.code(i).text());
            CHECK(divisions.parent(i) < i);
            CHECK(divisions.find(divisions.code(i)) == i);
            for (std::int32_t k = 0; k < static_cast<std::int32_t>(divisions.size()); ++k) {
                bool below = false;  // by walking up
                for (std::int32_t up = k; up >= 0; up = divisions.parent(up))
                    below = below || up == i;
                REQUIRE(divisions.contains(i, k) == below);
            }
        }
        CHECK(std::is_sorted(order.begin(), order.end()));
        if (first.empty()) first = order;
        CHECK(order == first);
    }
}

TEST_CASE("a town of 东莞, 中山, 儋州 and 嘉峪关 lies directly below its city",
          "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    for (const auto& [town, city] : {std::pair{"441900003", "4419"},
                                     {"442000001", "4420"},
                                     {"460400100", "4604"},
                                     {"620200100", "6202"}}) {
        CHECK(parent(divisions, town) == city);
        CHECK(unit(divisions, town, DivisionLevel::county) == city);
        CHECK(unit(divisions, town, DivisionLevel::city) == city);
        CHECK(unit(divisions, town, DivisionLevel::town) == town);
        // Six-digit registers know such a city and nothing finer.
        CHECK(unit(divisions, city, DivisionLevel::county) == city);
    }
    CHECK(count(divisions, "region.ancestor_made") == 0);
}

TEST_CASE("a county that answers to the province has the province as parent and no invented city",
          "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    CHECK(at(divisions, "4290") == -1);
    CHECK(parent(divisions, "429004") == "42");
    CHECK(unit(divisions, "429004", DivisionLevel::city) == "429004");
    CHECK(unit(divisions, "429004001", DivisionLevel::city) == "429004");
    CHECK(unit(divisions, "429004001", DivisionLevel::county) == "429004");
    CHECK(unit(divisions, "429004001", DivisionLevel::province) == "42");
    CHECK(divisions.resolve(code("429005")) == Resolved{at(divisions, "42"), Match::ancestor});

    Cells with_heading = special;
    with_heading.emplace_back("4290");
    const Divisions headed(codes_of(with_heading));
    CHECK(parent(headed, "429004") == "4290");
    CHECK(unit(headed, "429004001", DivisionLevel::city) == "4290");
}

TEST_CASE("a division coarser than the level has no unit at it", "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    CHECK(unit(divisions, "3609", DivisionLevel::county).empty());
    CHECK(unit(divisions, "36", DivisionLevel::city).empty());
    CHECK(unit(divisions, "0", DivisionLevel::province).empty());
    CHECK(unit(divisions, "360924", DivisionLevel::town).empty());
    CHECK(unit(divisions, "4419", DivisionLevel::town).empty());
    CHECK(unit(divisions, "360924001002", DivisionLevel::country) == "0");
}

TEST_CASE("towns directly below a city with counties are stood for by the city alone",
          "[region][divisions]") {
    const Divisions divisions(codes_of({"36", "3609", "360924", "360900500"}));
    CHECK(unit(divisions, "360900500", DivisionLevel::county) == "3609");
    CHECK(unit(divisions, "360924", DivisionLevel::county) == "360924");
    CHECK(unit(divisions, "3609", DivisionLevel::county).empty());
}

TEST_CASE("units of all divisions are those of each", "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    for (const auto level : {DivisionLevel::country, DivisionLevel::province, DivisionLevel::city,
                             DivisionLevel::county, DivisionLevel::town, DivisionLevel::village}) {
        const std::vector<std::int32_t> units = divisions.units_at(level);
        REQUIRE(units.size() == divisions.size());
        for (std::int32_t i = 0; i < static_cast<std::int32_t>(units.size()); ++i)
            CHECK(units[static_cast<std::size_t>(i)] == divisions.unit_at(i, level));
    }
}

TEST_CASE("the parent column wins over the code", "[region][divisions]") {
    const Divisions divisions(table_of({{"code", {"3206", "320612", "320671", "320671403"}},
                                        {"name", {"南通市", "通州区", "开发区", "科技园"}},
                                        {"parent", {"", "", "320612", ""}}}));
    CHECK(parent(divisions, "320671") == "320612");
    CHECK(parent(divisions, "320671403") == "320671");
    // The zone is a county in its own right: it is not counted a second time above.
    CHECK(unit(divisions, "320671403", DivisionLevel::county) == "320671");
    CHECK(divisions.contains(at(divisions, "320612"), at(divisions, "320671403")));
}

TEST_CASE("a parent that is unknown, finer or no code is reported and the code decides",
          "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"3206", "320612", "320613", "320614", "320612001"}},
                  {"name", {"a", "b", "c", "d", "e"}},
                  {"parent", {"", "3299", "320612001", "32o6", ""}}}));
    CHECK(count(divisions, "region.unknown_parent") == 1);
    CHECK(count(divisions, "region.parent_not_above") == 1);
    CHECK(count(divisions, "region.malformed_code") == 1);
    for (const char* county : {"320612", "320613", "320614"})
        CHECK(parent(divisions, county) == "3206");
}

TEST_CASE("a parent that the code names too may be missing from the table", "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"320612"}}, {"name", {"通州区"}}, {"parent", {"320600"}}}));
    CHECK(parent(divisions, "320612") == "3206");
    CHECK(count(divisions, "region.unknown_parent") == 0);
}

TEST_CASE("a circle of parents is reported with its members and opened", "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"3206", "320611", "320612", "320613", "320614", "320615"}},
                  {"name", {"a", "b", "c", "d", "e", "f"}},
                  {"parent", {"", "320612", "320613", "320611", "320611", "320615"}}}));
    REQUIRE(count(divisions, "region.parent_cycle") == 4);
    CHECK(divisions.size() == 8);
    CHECK(parent(divisions, "320611") == "3206");
    CHECK(parent(divisions, "320615") == "3206");
    CHECK(parent(divisions, "320614") == "320611");  // hangs below the circle, not in it
    bool named = false;
    for (std::size_t i = 0; i < divisions.issues().size(); ++i) {
        const Issue issue = divisions.issues().at(i, Lang::en);
        named = named ||
                (issue.row == 1 && issue.message.find("320611 320612 320613") != std::string::npos);
    }
    CHECK(named);
}

TEST_CASE("random parents always make one tree", "[region][divisions]") {
    std::mt19937 random(11);
    const Cells all = {"3206",   "3207",   "320611",    "320612",
                       "320613", "320711", "320611001", "320711001"};
    for (int round = 0; round < 300; ++round) {
        Cells parents;
        for (std::size_t i = 0; i < all.size(); ++i)
            parents.push_back(random() % 3 == 0 ? "" : all[random() % all.size()]);
        const Divisions divisions(table_of({{"code", all}, {"name", all}, {"parent", parents}}));
        for (const std::string& text : all)
            REQUIRE(at(divisions, text) > 0);
        CHECK(divisions.subtree_end(0) == static_cast<std::int32_t>(divisions.size()));
        for (std::int32_t i = 1; i < static_cast<std::int32_t>(divisions.size()); ++i) {
            CHECK(divisions.parent(i) < i);
            CHECK(divisions.contains(divisions.parent(i), i));
            CHECK(divisions.level(divisions.parent(i)) <= divisions.level(i));
        }
    }
}

TEST_CASE("equal rows of one code are one row, different ones are all rejected",
          "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"360924", "360925", "360924", "360925", "36"}},
                  {"name", {"宜丰县", "靖安县", "宜丰县", "靖安", "江西省"}}}));
    CHECK(divisions.row(at(divisions, "360924")) == 0);
    CHECK(at(divisions, "360925") == -1);
    CHECK(count(divisions, "region.duplicate_division") == 1);
    REQUIRE(count(divisions, "region.conflicting_division") == 2);
    std::set<std::int64_t> rows;
    for (std::size_t i = 0; i < divisions.issues().size(); ++i)
        if (divisions.issues().code(i) == "region.conflicting_division")
            rows.insert(divisions.issues().row(i));
    CHECK(rows == std::set<std::int64_t>{1, 3});
}

TEST_CASE("a rejected code that others lie below is made again without its name",
          "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"360924", "360924", "360924001"}}, {"name", {"甲", "乙", "新昌镇"}}}));
    REQUIRE(at(divisions, "360924") > 0);
    CHECK(divisions.name(at(divisions, "360924")).empty());
}

TEST_CASE("cells that are no code are refused with their row", "[region][divisions]") {
    const Divisions divisions(table_of(
        {{"code", {"36092", "3.60924E+11", "", "360924.5", "三六", "360000924", "000000", "36"}},
         {"name", Cells(8, "x")}}));
    CHECK(divisions.size() == 2);
    CHECK(count(divisions, "region.malformed_code") == 4);
    CHECK(count(divisions, "region.code_lost_digits") == 2);
    CHECK(count(divisions, "region.missing_code") == 1);
    CHECK(divisions.issues().at(0).line == 2);
}

TEST_CASE("codes that came as whole numbers are read, with one word about floats",
          "[region][divisions]") {
    Table floats;
    floats.add("code", Column::of(std::vector<double>{360902.0, 360921.0, 36.5, 1e18, -36.0}));
    floats.add("name", Column::of(Cells{"a", "b", "c", "d", "e"}));
    const Divisions divisions(floats);
    CHECK(at(divisions, "360902") > 0);
    CHECK(at(divisions, "360921") > 0);
    CHECK(count(divisions, "region.code_from_float") == 1);
    CHECK(count(divisions, "region.code_lost_digits") == 2);
    CHECK(count(divisions, "region.malformed_code") == 1);

    Table integers;
    integers.add("code", Column::of(std::vector<std::int64_t>{360924001002, 36092}));
    integers.add("name", Column::of(Cells{"a", "b"}));
    const Divisions whole(integers);
    CHECK(at(whole, "360924001002") > 0);
    CHECK(count(whole, "region.code_from_float") == 0);
    CHECK(count(whole, "region.malformed_code") == 1);

    const Column text = Column::of(Cells{"360902.0", "３６０９０２", " 360900 "});
    CHECK(read_code(text, 0).from_float);
    CHECK(read_code(text, 0).code == code("360902"));
    CHECK(read_code(text, 1).code == code("360902"));
    CHECK(read_code(text, 2).code == code("3609"));
}

TEST_CASE("a level that contradicts the code is reported and the code is followed",
          "[region][divisions]") {
    const Divisions divisions(table_of({{"code", {"36", "3609", "360924", "360925"}},
                                        {"name", {"a", "b", "c", "d"}},
                                        {"level", {"省", "county", "", "什么"}}}));
    CHECK(count(divisions, "region.level_mismatch") == 2);
    CHECK(divisions.level(at(divisions, "3609")) == DivisionLevel::city);
}

TEST_CASE("only rows that hold on the day are divisions, and old codes lead to the new ones",
          "[region][divisions]") {
    // 崇川区 was 320602 until 2020 and is 320613 since; a chain of two and an alias besides.
    const Table table =
        table_of({{"code", {"3206", "320602", "320613", "320601", "320699", "320602001", "320698"}},
                  {"name", {"南通市", "崇川区", "崇川区", "更早", "别名", "街道", "撤销"}},
                  {"valid_from", {"", "", "2020-07-01", "", "", "", ""}},
                  {"valid_to", {"", "2020-06-30", "", "1999-12-31", "", "", "2010-01-01"}},
                  {"successor", {"", "320613", "", "320602", "320613", "", ""}}});
    const Divisions now(table, Date::of(2026, 1, 1));
    const std::int32_t district = at(now, "320613");
    REQUIRE(district > 0);
    CHECK(at(now, "320602") == -1);
    CHECK(now.resolve(code("320602")) == Resolved{district, Match::successor});
    CHECK(now.resolve(code("320601")) == Resolved{district, Match::successor});
    CHECK(now.resolve(code("320699")) == Resolved{district, Match::successor});
    CHECK(now.resolve(code("320602999")) == Resolved{district, Match::ancestor});
    CHECK(now.resolve(code("320698")) == Resolved{at(now, "3206"), Match::ancestor});
    CHECK(now.resolve(code("110101")) == Resolved{-1, Match::none});
    CHECK(parent(now, "320602001") == "320613");

    const Divisions then(table, Date::of(2019, 1, 1));
    CHECK(at(then, "320613") == -1);
    CHECK(then.resolve(code("320602")).match == Match::exact);
    CHECK(then.resolve(code("320601")) == Resolved{at(then, "320602"), Match::successor});

    // The last day still counts.
    CHECK(at(Divisions(table, Date::of(2020, 6, 30)), "320602") > 0);
    CHECK(at(Divisions(table, Date::of(2020, 7, 1)), "320602") == -1);
    CHECK_THROWS_WITH(Divisions(table),
                      Catch::Matchers::ContainsSubstring("row 1 has validity dates"));
}

TEST_CASE("successors that run in a circle or nowhere are reported and lead to the ancestor",
          "[region][divisions]") {
    const Divisions divisions(
        table_of({{"code", {"3206", "320601", "320602", "320603", "320604"}},
                  {"name", {"a", "b", "c", "d", "e"}},
                  {"successor", {"", "320602", "320601", "329901", "320601;3206"}}}));
    CHECK(count(divisions, "region.successor_cycle") == 2);
    CHECK(count(divisions, "region.unknown_successor") == 1);
    for (const char* old : {"320601", "320602", "320603", "320604"})
        CHECK(divisions.resolve(code(old)) == Resolved{at(divisions, "3206"), Match::ancestor});
}

TEST_CASE("one code with two periods is no duplicate", "[region][divisions]") {
    const Divisions divisions(table_of({{"code", {"360924", "360924"}},
                                        {"name", {"旧名", "新名"}},
                                        {"valid_from", {"", "2015-01-01"}},
                                        {"valid_to", {"2014-12-31", ""}}}),
                              Date::of(2026, 1, 1));
    CHECK(divisions.name(at(divisions, "360924")) == "新名");
    CHECK(count(divisions, "region.conflicting_division") == 0);
}

TEST_CASE("dates that cannot be and quantities below zero are reported", "[region][divisions]") {
    const Divisions divisions(table_of({{"code", {"36", "37", "38"}},
                                        {"name", {"a", "b", "c"}},
                                        {"valid_from", {"2020-13-01", "2020-01-01", ""}},
                                        {"valid_to", {"", "2019-01-01", ""}},
                                        {"population", {"", "", "-5"}},
                                        {"area_km2", {"", "", "16.5"}}}),
                              Date::of(2026, 1, 1));
    CHECK(count(divisions, "region.bad_validity") == 2);
    CHECK(count(divisions, "region.bad_quantity") == 1);
    CHECK(divisions.area_km2(at(divisions, "38")) == 16.5);
    CHECK(divisions.population(at(divisions, "38")) != divisions.population(at(divisions, "38")));
}

TEST_CASE("an empty table is the country alone, and a table without the columns is refused",
          "[region][divisions]") {
    CHECK(Divisions().size() == 1);
    CHECK(Divisions().find(DivisionCode()) == 0);
    CHECK(Divisions().resolve(code("36")) == Resolved{-1, Match::none});
    CHECK(Divisions(codes_of({})).size() == 1);
    Table nameless;
    nameless.add("code", Column::of(Cells{"36"}));
    CHECK_THROWS_AS(Divisions(nameless), NotFoundError);
    CHECK_THROWS_AS(Divisions(Table()), NotFoundError);
}

TEST_CASE("looking up many codes gives what looking up one gives", "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    std::vector<DivisionCode> codes;
    for (const std::string& text : special)
        codes.push_back(code(text));
    codes.push_back(code("11"));
    std::vector<std::int32_t> found(codes.size());
    divisions.find(codes, found);
    for (std::size_t i = 0; i < codes.size(); ++i)
        CHECK(found[i] == divisions.find(codes[i]));
    CHECK(found.back() == -1);
    CHECK_THROWS_AS(divisions.find(codes, std::span(found).first(2)), InputError);
}

TEST_CASE("a table of divisions makes the same divisions again", "[region][divisions]") {
    const Divisions divisions(codes_of(special));
    const Divisions again(divisions.table());
    REQUIRE(again.size() == divisions.size());
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(again.size()); ++i) {
        CHECK(again.code(i) == divisions.code(i));
        CHECK(again.parent(i) == divisions.parent(i));
    }
    CHECK(again.issues().empty());
}
