#include "region/rollup_counts.hpp"

#include <safetyrisk/core/error.hpp>

#include <limits>
#include <optional>
#include <utility>

namespace safetyrisk::region::detail {
namespace {

GradeCounts colours(const std::uint64_t* unit) {
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

void add_count_columns(Table& table, const Counts& counts, std::span<const std::size_t> units,
                       const Rule& rule, const Column* enterprises) {
    std::array<std::vector<std::int64_t>, 8> numbers;
    std::vector<double> index;
    TextBuilder worst;
    TextBuilder grade;
    TextBuilder state;
    const auto append = [](TextBuilder& builder, std::optional<Grade> value) {
        if (value)
            builder.append(to_string(*value));
        else
            builder.append_null();
    };
    for (auto& column : numbers)
        column.reserve(units.size());
    for (const std::size_t unit : units) {
        const std::uint64_t* c = counts.data() + unit * slots;
        const GradeCounts by_colour = colours(c);
        const std::int64_t graded = by_colour.total();
        const auto not_gradable = static_cast<std::int64_t>(c[not_gradable_slot]);
        const auto rejected = static_cast<std::int64_t>(c[rejected_slot]);
        const std::int64_t row[] = {
            by_colour.red, by_colour.orange, by_colour.yellow, by_colour.blue,
            graded,        not_gradable,     rejected,         graded + not_gradable + rejected};
        for (std::size_t k = 0; k < numbers.size(); ++k)
            numbers[k].push_back(row[k]);
        index.push_back(
            rule.index_of(by_colour).value_or(std::numeric_limits<double>::quiet_NaN()));
        append(worst, by_colour.worst());
        append(grade, rule.grade(by_colour));
        state.append(graded > 0 ? "assessed" : "unassessed");
    }
    constexpr std::string_view names[] = {"red",    "orange",       "yellow",   "blue",
                                          "graded", "not_gradable", "rejected", "rows"};
    for (std::size_t k = 0; k < numbers.size(); ++k)
        table.add(std::string(names[k]), Column::of(std::move(numbers[k])));
    if (enterprises != nullptr) table.add("enterprises", *enterprises);
    if (rule.has_index()) table.add("index", Column::of(std::move(index)));
    table.add("worst", worst.finish());
    table.add("grade", grade.finish());
    table.add("state", state.finish());
    table.add("rule", Column::of_codes(std::vector<std::int32_t>(units.size(), 0),
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
