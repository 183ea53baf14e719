// Tests of duty/status.hpp.
#include <safetyrisk/duty/status.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::duty;

namespace {

using Days = std::vector<Date>;

Days days(std::vector<int> numbers) {
    Days out;
    for (const int n : numbers)
        out.emplace_back(n);
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Standing> settled(const std::vector<Owed>& owed, const Days& records, int as_of) {
    std::vector<Standing> out(owed.size());
    settle(owed, records, {}, Date(as_of), out);
    return out;
}

std::string said(const std::vector<Owed>& owed, const std::vector<int>& records, int as_of) {
    std::string out;
    for (const Standing& s : settled(owed, days(records), as_of))
        out += (out.empty() ? "" : " ") + std::string(to_string(s.status));
    return out;
}

// Ten-day periods from day 0 with so much grace.
std::vector<Owed> tens(std::size_t n, int grace = 0, double needed = 1) {
    std::vector<Owed> owed;
    for (std::size_t k = 0; k < n; ++k) {
        const int start = static_cast<int>(k) * 10;
        owed.push_back({Date(start), Date(start + 9 + grace), needed});
    }
    return owed;
}

// Most of the units that distinct records can serve in time, by trying everything.
std::size_t most_in_time(const std::vector<Owed>& owed, const Days& records) {
    std::vector<double> left;
    for (const Owed& o : owed)
        left.push_back(o.needed);
    const std::function<std::size_t(std::size_t)> best = [&](std::size_t r) -> std::size_t {
        if (r == records.size()) return 0;
        std::size_t most = best(r + 1);
        for (std::size_t k = 0; k < owed.size(); ++k) {
            if (left[k] == 0 || records[r] < owed[k].start || records[r] > owed[k].last) continue;
            --left[k];
            most = std::max(most, 1 + best(r + 1));
            ++left[k];
        }
        return most;
    };
    return best(0);
}

}  // namespace

TEST_CASE("a period is done, late, due, overdue or not due", "[duty][status]") {
    CHECK(said(tens(3), {5}, 15) == "done due not_due");
    CHECK(said(tens(3), {}, 9) == "due not_due not_due");
    CHECK(said(tens(3), {}, 10) == "overdue due not_due");
    CHECK(said(tens(3, 2), {}, 11) == "due due not_due");      // grace runs
    CHECK(said(tens(3, 2), {}, 12) == "overdue due not_due");  // and is over
    CHECK(said(tens(3, 2), {11}, 12) == "done due not_due");
    CHECK(said(tens(3), {12, 15}, 15) == "done_late done not_due");
    CHECK(said(tens(3), {12}, 15) == "overdue done not_due");
    CHECK(said(tens(2), {-1}, 15) == "overdue due");  // before anything was owed
    CHECK(said(tens(2, 0, 2), {3}, 9) == "due not_due");
    CHECK(said(tens(2, 0, 2), {3, 3}, 9) == "done not_due");
    CHECK(said(tens(2), {5, 12}, 5) == "done not_due");  // what is later does not exist
    CHECK(said({}, {5}, 5).empty());
}

TEST_CASE("the day of the completing record is told", "[duty][status]") {
    const auto s = settled(tens(2, 0, 2), days({1, 4, 12, 18, 19, 25}), 30);
    CHECK(s[0] == Standing{Status::done, 2, Date(4)});
    CHECK(s[1] == Standing{Status::done, 2, Date(18)});
    const auto late = settled(tens(2), days({13, 14}), 30);
    CHECK(late[0] == Standing{Status::done_late, 1, Date(14)});
}

TEST_CASE("amounts add up within a period and are not carried over", "[duty][status]") {
    const auto owed = tens(2, 0, 8.0);
    std::vector<Standing> out(2);
    settle(owed, days({1, 2, 11}), std::vector<double>{2.5, 7.5, 3}, Date(15), out);
    CHECK(out[0] == Standing{Status::done, 10, Date(2)});
    CHECK(out[1] == Standing{Status::due, 3, Date(0)});
}

TEST_CASE("no way of matching records has more in time", "[duty][status]") {
    for (unsigned seed = 0; seed < 400; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&](int n) {
            return static_cast<int>(random() % static_cast<unsigned>(n));
        };
        const auto owed =
            tens(static_cast<std::size_t>(2 + pick(3)), pick(15), static_cast<double>(1 + pick(2)));
        std::vector<int> numbers;
        for (int r = pick(6); r > 0; --r)
            numbers.push_back(pick(55) - 5);
        const Days records = days(numbers);
        const auto standing = settled(owed, records, 100);
        std::size_t late = 0;
        std::size_t total = 0;
        for (const Standing& s : standing)
            total += static_cast<std::size_t>(s.count);
        // Units that were served late are those beyond the most in time.
        const std::size_t best = most_in_time(owed, records);
        CHECK(total >= best);
        std::size_t in_time = 0;
        for (std::size_t k = 0; k < owed.size(); ++k)
            if (standing[k].status == Status::done)
                in_time += static_cast<std::size_t>(owed[k].needed);
            else if (standing[k].count > 0)
                late += static_cast<std::size_t>(standing[k].count);
        CHECK(in_time <= best);
        CHECK(in_time + late == total);
        if (owed[0].needed == 1) CHECK(in_time == best);
    }
}

TEST_CASE("a further record never makes anything more overdue", "[duty][status]") {
    const auto rank = [](Status s) {  // the better the higher
        return s == Status::overdue ? 0 : s == Status::done || s == Status::done_late ? 2 : 1;
    };
    for (unsigned seed = 0; seed < 1000; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&](int n) {
            return static_cast<int>(random() % static_cast<unsigned>(n));
        };
        const auto owed =
            tens(static_cast<std::size_t>(1 + pick(6)), pick(25), static_cast<double>(1 + pick(3)));
        std::vector<int> numbers;
        for (int r = pick(12); r > 0; --r)
            numbers.push_back(pick(80) - 5);
        const int as_of = pick(80);
        const auto before = settled(owed, days(numbers), as_of);
        numbers.push_back(pick(80) - 5);
        const auto after = settled(owed, days(numbers), as_of);
        for (std::size_t k = 0; k < owed.size(); ++k) {
            if (rank(after[k].status) < rank(before[k].status)) FAIL("seed " << seed);
            if (before[k].status == Status::done && after[k].status == Status::done_late)
                FAIL("seed " << seed << ": late by a further record");
        }
    }
}
