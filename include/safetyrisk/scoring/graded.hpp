// Grading a register: a table of risk points in, a grade or a reason for each row out.
//
// Graded has exactly the rows of the input, in its order, and every row has one of three states:
// *graded*; *not gradable* (an input is missing, the method unknown or unconfirmed); *rejected* (a
// value that cannot be, or a duplicated id). Of rows with one id that are equal in every column one
// counts and the rest are rejected; if they differ all are, so that the order of rows can never
// decide. Nothing is guessed: a missing input is never a number, and each row that got no grade has
// an Issue.
//
// Threads: a Graded is immutable; all members may be called from many threads.
// Throws: InputError, NotFoundError, Interrupted for a wrong call; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/direct.hpp>
#include <safetyrisk/scoring/explanation.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::scoring {

struct GradeOptions {
    /// Method for all rows: a pack id, a family or a name of the field. Empty: the table's `method`
    /// column decides row by row.
    std::string method;
    /// A method of your own, used instead of `method`.
    std::shared_ptr<const Method> custom;
    /// Editions valid on this day are taken; without it the defaults.
    std::optional<Date> as_of;
    /// Id of a pack of direct-determination rules; empty: none.
    std::string direct;
    /// Accept averages of several experts' judgements between the steps.
    bool averaged = false;
    Work work;
};

/// How many rows had which fate.
struct Counts {
    std::size_t rows_in = 0, graded = 0, not_gradable = 0, rejected = 0;
    std::size_t red = 0, orange = 0, yellow = 0, blue = 0;
};

/// A graded register; see grade().
class Graded {
public:
    std::size_t rows() const { return state_.size(); }
    const Table& input() const { return input_; }
    const IssueTable& issues() const { return issues_; }
    Counts counts() const;

    /// Score of each row, NaN where there is none.
    std::span<const double> score() const { return score_; }
    /// 0 no grade, 1 blue … 4 red.
    std::span<const std::uint8_t> grade() const { return grade_; }
    std::span<const RowState> state() const { return state_; }
    /// The methods used, and for each row which (-1 none).
    const std::vector<std::shared_ptr<const Method>>& methods() const { return methods_; }
    std::span<const std::int16_t> method() const { return method_; }
    const Column& id() const { return id_; }

    /// Columns id, method, score, grade, status, band, override, clause.
    Table to_table() const;

    /// Why row `row` has its grade; throws NotFoundError when there is no such row.
    Explanation explain(std::size_t row, Lang lang = Lang::zh) const;

    /// Explanation::body of every row, each distinct text once: texts, and for each row which.
    std::pair<std::vector<std::string>, std::vector<std::int32_t>> bodies(
        Lang lang = Lang::zh) const;

    /// The row of an id (first one), or nothing.
    std::optional<std::size_t> row_of(std::string_view id) const;

private:
    friend class Grader;
    Table row_table(std::size_t row) const;

    Table input_;
    Column id_;
    std::vector<double> score_;
    std::vector<std::uint8_t> grade_;
    std::vector<std::uint8_t> band_;  // kernel band, 255 none
    std::vector<RowState> state_;
    std::vector<std::int16_t> method_;
    std::vector<std::int16_t> rule_;  // direct rule, -1 none
    std::vector<std::shared_ptr<const Method>> methods_;
    std::shared_ptr<const DirectRules> direct_;
    bool averaged_ = false;
    IssueTable issues_;
    std::vector<std::pair<std::int64_t, std::size_t>> issue_rows_;  // row and issue, sorted
};

/// Grades every row of a register. Columns: `id`, the inputs of the method (`L`, `E`, `C` / `L`,
/// `S` …, or their parts), and `method` where the call names none. Throws InputError /
/// NotFoundError only for the call (an unknown method name, an edition that is not valid).
Graded grade(Table table, const GradeOptions& options);

}  // namespace safetyrisk::scoring
