#include "duty/settle_once.hpp"

#include "support/catch.hpp"

#include <random>

using namespace safetyrisk;
using namespace safetyrisk::duty;

TEST_CASE("Periods that are owed once stand as the general kernel says") {
    std::mt19937 random(7);
    const auto draw = [&](int below) {
        return static_cast<std::int32_t>(random() % static_cast<unsigned>(below));
    };
    for (int round = 0; round < 3000; ++round) {
        std::vector<Owed> owed;
        Date start(draw(20));
        Date last = start;
        for (int k = draw(9); k > 0; --k) {  // with gaps, and graces that overlap
            last = std::max(last, start + draw(8));
            owed.push_back({start, last});
            start = start + draw(9);
            last = std::max(last, start);
        }
        std::vector<Date> records;
        for (int r = draw(12); r > 0; --r)
            records.emplace_back(draw(90) - 5);
        std::sort(records.begin(), records.end());
        const Date as_of(draw(80));

        std::vector<Standing> wanted(owed.size());
        settle(owed, records, {}, as_of, wanted);
        std::vector<Status> status(owed.size());
        std::vector<std::int32_t> done_on(owed.size(), -99);
        OwedOnce(owed, as_of).settle(records, status.data(), [&](std::size_t k, Date day) {
            done_on[k] = day.days_since_1970();
        });
        for (std::size_t k = 0; k < owed.size(); ++k) {
            REQUIRE(status[k] == wanted[k].status);
            const bool done = status[k] == Status::done || status[k] == Status::done_late;
            REQUIRE(done_on[k] == (done ? wanted[k].done_on.days_since_1970() : -99));
        }
    }
}
