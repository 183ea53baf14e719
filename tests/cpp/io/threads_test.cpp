// What the headers call immutable is read from many threads at once. The thread sanitizer
// (preset "tsan", tests/run.sh --long) sees a race here; the other builds see different answers.
#include <safetyrisk/region/divisions.hpp>
#include <safetyrisk/region/locator.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace safetyrisk;

namespace {

// Runs `read` on four threads that start together, some times over, and gives what each answered.
template <class Read>
std::vector<std::string> together(Read&& read) {
    constexpr std::size_t n = 4;
    std::vector<std::string> answers(n);
    std::atomic<std::size_t> ready = 0;
    std::vector<std::thread> threads;
    for (std::size_t k = 0; k < n; ++k)
        threads.emplace_back([&, k] {
            ++ready;
            while (ready < n)
                std::this_thread::yield();
            for (int round = 0; round < 20; ++round)
                answers[k] = read();
        });
    for (std::thread& thread : threads)
        thread.join();
    return answers;
}

void check_equal(const std::vector<std::string>& answers) {
    CHECK_FALSE(answers.front().empty());
    for (const std::string& answer : answers)
        CHECK(answer == answers.front());
}

}  // namespace

TEST_CASE("packs and methods are first asked for by many threads at once") {
    check_equal(together([] {
        std::string seen;
        for (const auto& pack : PackRegistry::builtin().all())
            seen += pack->id + pack->sha256;
        for (const auto& method : scoring::Method::all())
            seen += method->id();
        return seen + scoring::Method::find("lec")->clause();
    }));
}

TEST_CASE("one result, one tree of divisions and one index are read by many threads") {
    Table points;
    points.add("id", Column::of(std::vector<std::string>{"a", "b", "c", "d"}));
    points.add("L", Column::of(std::vector<double>{3, 10, 1, 7}));
    points.add("E", Column::of(std::vector<std::string>{"6", "10", "", "6"}));
    points.add("C",
               Column::of_codes({0, 1, 0, -1}, Column::of(std::vector<std::string>{"15", "40"})));
    const auto graded = scoring::grade(points, {.method = "lec"});

    Table rows;
    rows.add("code", Column::of(std::vector<std::string>{"36", "3609", "360902", "360921"}));
    rows.add("name", Column::of(std::vector<std::string>{"江西省", "宜春市", "袁州区", "奉新县"}));
    const region::Divisions divisions(rows);

    region::Boundary square;
    square.code = DivisionCode::parse("360902").value();
    square.polygons = {{{{114, 27}, {115, 27}, {115, 28}, {114, 28}}, {}}};
    IssueTable issues;
    const region::Boundaries boundaries({square}, region::Crs::wgs84, Origin{}, issues);
    const region::Locator locator(boundaries);

    check_equal(together([&] {
        std::string seen;
        for (std::size_t row = 0; row < graded.rows(); ++row)
            seen += graded.explain(row).text() + graded.explain(row).json();
        for (std::size_t i = 0; i < graded.issues().size(); ++i)
            seen += graded.issues().at(i).message;
        for (std::int32_t i = 0; i < static_cast<std::int32_t>(divisions.size()); ++i)
            seen += std::string(divisions.name(i)) +
                    std::to_string(divisions.find(divisions.code(i))) +
                    std::to_string(divisions.unit_at(i, DivisionLevel::county));
        for (const region::LonLat p : {region::LonLat{114.5, 27.5}, {115, 27.5}, {0, 0}})
            seen += std::to_string(locator.locate(p)) + std::to_string(locator.count(p));
        const region::LonLat label = boundaries.label_point(0);
        return seen + std::to_string(label.lon_deg) + std::to_string(boundaries.area_km2(0));
    }));
}
