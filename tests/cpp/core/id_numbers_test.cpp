// What is claimed of ids as numbers is checked against the plainest way to say it: print each id,
// sort the texts, look each row's up.
#include "core/id_numbers.hpp"

#include "support/catch.hpp"

#include <safetyrisk/core/date.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace safetyrisk;

namespace {

std::vector<std::pair<std::string, Column>> columns_of_ids(std::size_t many) {
    std::mt19937_64 random(7);
    std::vector<std::pair<std::string, Column>> out;
    const auto integers = [&](const std::string& name, std::int64_t low, std::int64_t high) {
        std::uniform_int_distribution<std::int64_t> draw(low, high);
        std::vector<std::int64_t> cells;
        std::vector<std::uint8_t> valid;
        for (std::size_t row = 0; row < many; ++row) {
            cells.push_back(draw(random));
            valid.push_back(draw(random) % 17 != 0 ? 1 : 0);
        }
        out.emplace_back(name, Column::of(cells));
        out.emplace_back(name + ", some missing", Column::of(cells, valid));
        std::sort(cells.begin(), cells.end());
        out.emplace_back(name + ", ascending", Column::of(cells));
    };
    integers("few", 0, 20'000);
    integers("around zero", -5'000, 5'000);
    integers("far away", 9'000'000'000'000'000'000, 9'000'000'000'000'000'900);
    integers("all", std::numeric_limits<std::int64_t>::min(),
             std::numeric_limits<std::int64_t>::max());
    out.emplace_back("ends", Column::of(std::vector<std::int64_t>{
                                 std::numeric_limits<std::int64_t>::min(), 0, -1, 10, 1, 2,
                                 std::numeric_limits<std::int64_t>::max(), 1, -10, -1}));

    // Lengths around the bytes that are kept, common beginnings, zeros, blanks, other scripts.
    const std::vector<std::string> heads = {"",
                                            "QY",
                                            "9111",
                                            "企业",
                                            " ",
                                            "\t",
                                            "\xe3\x80\x80",
                                            "abcdefghijklmnopqrstuvw",
                                            std::string(70, 'x')};
    std::vector<std::string> texts;
    for (std::size_t row = 0; row < many; ++row) {
        std::string text = heads[random() % heads.size()];
        for (std::size_t k = random() % 4; k > 0; --k)
            text += static_cast<char>("\0a5Z"[random() % 4]);
        texts.push_back(std::move(text));
    }
    std::vector<std::uint8_t> valid;
    for (std::size_t row = 0; row < many; ++row)
        valid.push_back(random() % 9 != 0 ? 1 : 0);
    out.emplace_back("texts", Column::of(texts));
    out.emplace_back("texts, some null", Column::of(texts, valid));
    std::vector<std::string> numbered;
    for (std::size_t row = 0; row < many; ++row)
        numbered.push_back("QY" + std::to_string(random() % 60'000));
    out.emplace_back("numbered", Column::of(numbered));
    std::vector<std::int32_t> codes;
    for (std::size_t row = 0; row < many; ++row)
        codes.push_back(static_cast<std::int32_t>(random() % 30) - 1);
    const std::vector<std::string> words(texts.begin(), texts.begin() + 60);
    out.emplace_back("codes", Column::of_codes(codes, Column::of(words)));

    std::vector<double> doubles;
    std::vector<Date> dates;
    std::vector<std::uint8_t> flags;
    for (std::size_t row = 0; row < many; ++row) {
        doubles.push_back(random() % 11 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                             : static_cast<double>(random() % 4000) / 4.0 - 100.0);
        dates.push_back(Date(static_cast<std::int32_t>(random() % 3000)));
        flags.push_back(static_cast<std::uint8_t>(random() % 2));
    }
    out.emplace_back("numbers", Column::of(doubles));
    out.emplace_back("dates", Column::of(dates, valid));
    out.emplace_back("flags", Column::of_booleans(flags));
    out.emplace_back("none", Column::of(std::vector<std::string>{}));
    out.emplace_back("all missing", Column::of(std::vector<std::string>{"", " ", ""}));
    return out;
}

Work threads(unsigned n) {
    Work work;
    work.threads = n;
    return work;
}

}  // namespace

TEST_CASE("ids are numbered in the order of their texts, whatever they are and how many threads") {
    for (const auto& [name, ids] : columns_of_ids(200'000)) {
        INFO(name);
        std::map<std::string, std::int32_t> number;
        for (std::size_t row = 0; row < ids.size(); ++row)
            if (!ids.is_missing(row)) number.emplace(ids.print(row), 0);
        std::int32_t next = 0;
        for (auto& [text, place] : number)
            place = next++;
        std::vector<std::int32_t> expected;
        for (std::size_t row = 0; row < ids.size(); ++row)
            expected.push_back(ids.is_missing(row) ? -1 : number.at(ids.print(row)));
        for (const unsigned n : {1U, 2U, 4U}) {
            const IdNumbers made(ids, threads(n));
            REQUIRE(made.size() == number.size());
            CHECK(std::ranges::equal(made.numbers(), expected));
            bool same = true;
            for (const auto& [text, place] : number)
                same = same && made.text(place) == text;
            CHECK(same);
        }
    }
}

TEST_CASE("rows that share an id are found, by their first row, and no others") {
    for (const auto& [name, ids] : columns_of_ids(20'000)) {
        INFO(name);
        std::unordered_map<std::string, std::vector<std::size_t>> rows;
        for (std::size_t row = 0; row < ids.size(); ++row)
            if (!ids.is_missing(row)) rows[ids.print(row)].push_back(row);
        std::vector<std::vector<std::size_t>> expected;
        for (auto& [text, group] : rows)
            if (group.size() > 1) expected.push_back(std::move(group));
        std::sort(expected.begin(), expected.end());
        CHECK((shared_ids(ids, threads(1)) == expected));
    }
    // Of two blocks, so that two threads have work.
    for (const auto& [name, ids] : columns_of_ids(70'000)) {
        INFO(name);
        CHECK((shared_ids(ids, threads(3)) == shared_ids(ids, threads(1))));
    }
}

TEST_CASE("0 and -0 are one id") {
    const Column ids = Column::of(std::vector<double>{0.0, 1.0, -0.0});
    CHECK(shared_ids(ids, {}) == std::vector<std::vector<std::size_t>>{{0, 2}});
}

TEST_CASE("ids of two columns are matched by their texts, whatever they are kept as") {
    const IdNumbers from(Column::of(std::vector<std::int64_t>{30, 7, 8, 7, 111}), {});
    const IdNumbers to(Column::of(std::vector<std::string>{"8", "7", "9", "111", "x"}), {});
    const std::vector<std::int32_t> match = match_ids(from, to);
    REQUIRE(match.size() == from.size());
    for (std::size_t k = 0; k < match.size(); ++k) {
        const std::string text(from.texts().text(k));
        if (text == "30")
            CHECK(match[k] == -1);
        else
            CHECK(to.text(match[k]) == text);
    }
}
