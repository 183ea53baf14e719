#include "region/rollup_counts.hpp"

#include <safetyrisk/core/error.hpp>

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::region::detail {
namespace {

GradeCounts colours(const std::uint32_t* unit) {
    const auto at = [&](Grade grade) {
        return static_cast<std::int64_t>(unit[static_cast<std::size_t>(grade) - 1]);
    };
    return {at(Grade::red), at(Grade::orange), at(Grade::yellow), at(Grade::blue)};
}

}  // namespace

void check_lengths(const GradedPoints& points, bool with_division) {
    const std::size_t n = points.grade.size();
    const bool fits = points.status.size() == n &&
                      (!with_division || points.division.size() == n) &&
                      (points.enterprise == nullptr || points.enterprise->size() == n);
    if (!fits) throw InputError("rollup: division, grade, status and enterprise differ in length");
    if (n >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw InputError("rollup: more than 2^31 rows");
}

void refuse_row(const GradedPoints& points, std::size_t divisions) {
    const SlotTable slot;
    for (std::size_t i = 0; i < points.grade.size(); ++i) {
        const std::string row = "rollup: row " + std::to_string(i);
        if (divisions > 0 &&
            (points.division[i] < -1 || points.division[i] >= static_cast<std::int64_t>(divisions)))
            throw InputError(row + " has division index " + std::to_string(points.division[i]) +
                             "; there are " + std::to_string(divisions) + " divisions");
        if (slot(points.status[i], points.grade[i]) == wrong_slot)
            throw InputError(row + " has status " + std::to_string(points.status[i]) +
                             " and grade " + std::to_string(points.grade[i]) +
                             "; status is 0 with grade 1 to 4, or 1 or 2 with grade 0");
    }
    throw InputError("rollup: the columns changed while they were read");
}

void add_count_columns(Table& table, const Counts& counts, std::span<const std::uint32_t> units,
                       const Rule& rule, const Column* enterprises, const Work& work) {
    const std::size_t n = units.size();
    std::array<Buffer<std::int64_t>, 8> numbers;
    for (Buffer<std::int64_t>& column : numbers)
        column.resize(n);
    Buffer<double> index(rule.has_index() ? n : 0);
    Buffer<std::int8_t> worst(n);
    Buffer<std::int8_t> grade(n);
    Buffer<std::int8_t> state(n);
    const auto code = [](std::optional<Grade> value) {
        return static_cast<std::int8_t>(value ? static_cast<int>(*value) - 1 : -1);
    };
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::uint32_t* c = counts.data() + units[row] * slots;
            const GradeCounts by_colour = colours(c);
            const std::int64_t graded = by_colour.total();
            const std::int64_t not_gradable{c[not_gradable_slot]};
            const std::int64_t rejected{c[rejected_slot]};
            numbers[0][row] = by_colour.red;
            numbers[1][row] = by_colour.orange;
            numbers[2][row] = by_colour.yellow;
            numbers[3][row] = by_colour.blue;
            numbers[4][row] = graded;
            numbers[5][row] = not_gradable;
            numbers[6][row] = rejected;
            numbers[7][row] = graded + not_gradable + rejected;
            if (rule.has_index())
                index[row] =
                    rule.index_of(by_colour).value_or(std::numeric_limits<double>::quiet_NaN());
            worst[row] = code(by_colour.worst());
            grade[row] = code(rule.grade(by_colour));
            state[row] = graded > 0 ? 0 : 1;
        }
    });
    constexpr std::string_view names[] = {"red",    "orange",       "yellow",   "blue",
                                          "graded", "not_gradable", "rejected", "rows"};
    for (std::size_t k = 0; k < numbers.size(); ++k)
        table.add(std::string(names[k]), Column::of(std::move(numbers.at(k))));
    if (enterprises != nullptr) table.add("enterprises", *enterprises);
    if (rule.has_index()) table.add("index", Column::of(std::move(index)));
    std::vector<std::string> colour_names;
    for (const Grade one : {Grade::blue, Grade::yellow, Grade::orange, Grade::red})
        colour_names.emplace_back(to_string(one));
    const Column words = Column::of(colour_names);
    table.add("worst", Column::of_codes8(std::move(worst), words));
    table.add("grade", Column::of_codes8(std::move(grade), words));
    table.add("state", Column::of_codes8(std::move(state), Column::of(std::vector<std::string>{
                                                               "assessed", "unassessed"})));
    table.add("rule", Column::of_codes8(Buffer<std::int8_t>(n, std::int8_t{0}),
                                        Column::of(std::vector<std::string>{rule.id()})));
}

Origin result_origin(std::string_view name) {
    return {.table = std::string(name), .source = {}, .first_line = -1, .lines = {}};
}

void say_counts_only(const Rule& rule, IssueTable& issues) {
    if (rule.counts_only())
        issues.add(rule.has_index() ? "region.index_without_thresholds"
                                    : "region.count_without_thresholds",
                   result_origin("rollup"), -1, "grade");
}

}  // namespace safetyrisk::region::detail
