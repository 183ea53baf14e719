// Days of cells against the calendar: a day number of Excel counts days since 30 December 1899.
#include "core/cells.hpp"

#include "support/catch.hpp"

#include <string>

using namespace safetyrisk;

TEST_CASE("cells hold days as databases and spreadsheets write them", "[core]") {
    const Date day = Date::of(2024, 3, 7);
    for (const std::string text :
         {"2024-03-07", "2024年3月7日", "2024-03-07 00:00", "2024-03-07 00:00:00",
          "2024-03-07T10:00:00", "2024-03-07T10:00:00.000", "2024-03-07 10:00:00+08:00",
          "2024/3/7 0:00", "2024.3.7 0:00", "2024年3月7号", "2024年3月7日 8:30",
          "2024年3月7号 8:30", "２０２４年３月７号", "45358", "45358.0", "45358.75", " 45358 ",
          "20240307"}) {
        INFO(text);
        CHECK(read_day(text) == day);
    }
    CHECK(read_day(45358.0) == day);
    CHECK(read_day(45358.75) == day);
    CHECK(read_day(20240307.0) == day);
    for (const std::string text : {"",
                                   "2024",
                                   "2024-03",
                                   "2024-03-07T10:00:00Z",
                                   "2024-03-07 10:00+09:00",
                                   "2024-03-07 24:00",
                                   "2024-03-07 10",
                                   "2024-03-07 10:60",
                                   "2024-03-07 10:5",
                                   "2024-03-07 10:05:",
                                   "2024-03-07 上午",
                                   "2024-02-30 00:00",
                                   "2024-3-7号",
                                   "号",
                                   "19999",
                                   "80000",
                                   "4535",
                                   "453580",
                                   "45358.7x",
                                   "45358-1",
                                   "长期"}) {
        INFO(text);
        CHECK_FALSE(read_day(text));
    }
    for (const double number : {0.0, 1.0, 19999.0, 80000.0, 20240230.0, 20240307.5, -45358.0})
        CHECK_FALSE(read_day(number));
}

TEST_CASE("an end may say that there is none", "[core]") {
    CHECK(is_open_end("长期"));
    CHECK(is_open_end(" 至今 "));
    CHECK_FALSE(is_open_end("长期有效吧"));
    CHECK_FALSE(is_open_end(""));
}
