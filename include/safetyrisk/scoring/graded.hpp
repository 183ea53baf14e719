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

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/colour_map.hpp>
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
    /// Methods that names of the column `method` mean, before the library's own are asked: how a
    /// record of an earlier grading is replayed.
    std::vector<std::pair<std::string, std::shared_ptr<const Method>>> named;
    /// Editions valid on this day are taken; without it the defaults.
    std::optional<Date> as_of;
    /// Id of a pack of direct-determination rules; empty: none.
    std::string direct;
    /// Rules of your own, used instead of `direct`.
    std::shared_ptr<const DirectRules> rules;
    /// Colours for methods that have levels but none; without one such rows have no grade.
    std::vector<std::shared_ptr<const ColourMap>> colours;
    /// Accept averages of several experts' judgements between the steps, in products.
    bool averaged = false;
    Work work;
};

/// How many rows had which fate.
struct Counts {
    std::size_t rows_in = 0, graded = 0, not_gradable = 0, rejected = 0;
    std::size_t red = 0, orange = 0, yellow = 0, blue = 0;
    std::size_t without_colour = 0;  ///< Graded by a method that has levels but no colours.
};

/// A graded register; see grade().
class Graded {
public:
    std::size_t rows() const { return cells_->state.size(); }
    const Table& input() const { return input_; }
    const IssueTable& issues() const { return issues_; }
    Counts counts() const;

    /// Score of each row, NaN where there is none.
    std::span<const double> score() const { return cells_->score; }
    /// 0 no grade, 1 blue … 4 red.
    std::span<const std::uint8_t> grade() const { return cells_->grade; }
    std::span<const RowState> state() const { return cells_->state; }
    /// The rules of direct determination, null without any.
    const std::shared_ptr<const DirectRules>& direct() const { return direct_; }
    /// The methods used, and which of them a row has (-1 none).
    const std::vector<std::shared_ptr<const Method>>& methods() const { return methods_; }
    std::int16_t method_of(std::size_t row) const {
        return cells_->method.empty() ? std::int16_t{0} : cells_->method[row];
    }
    const Column& id() const { return id_; }
    /// The level of a row, or nothing.
    std::optional<Level> level(std::size_t row) const;
    /// The band that the row's inputs reach, counted from the mildest; 255 none.
    std::uint8_t band(std::size_t row) const { return cells_->band[row]; }
    /// What band `band`, counted from the mildest, of method `method` is here: its own colour, or
    /// that of a map the caller named.
    std::optional<Level> band_level(std::size_t method, std::uint8_t band) const;
    /// The direct-determination rule that decided the row, or null.
    const DirectRule* direct_rule(std::size_t row) const;
    /// Whether averages of several experts were accepted.
    bool averaged() const { return averaged_; }

    /// Columns id, method, score, grade, level, status, band, override, clause. Ids and scores are
    /// shared; the others are codes of their few texts.
    Table to_table() const;

    /// Why row `row` has its grade; throws NotFoundError when there is no such row.
    Explanation explain(std::size_t row, Lang lang = Lang::zh) const;

    /// explain() of all rows as columns: `id method title pack_version pack_sha256 confidence`; for
    /// each factor its value (`L`, NaN without one) and what the step says (`L_meaning`); for each
    /// step of a chain its value (`L_step`, a number or a text); the inputs as given (`L_given`,
    /// `C_people_given`); `score band band_label band_word grade
    /// grade_by_score level_by_score override override_text control clause status`. A column whose
    /// name a factor has taken ends in `_`. Null where explain() has nothing. Inputs, ids and
    /// scores are shared, the others codes of their few texts, so a million rows cost milliseconds.
    Table explanations(Lang lang = Lang::zh, const Work& work = {}) const;

    /// Explanation::body of every row, each distinct text once: texts, and for each row which.
    std::pair<std::vector<std::string>, std::vector<std::int32_t>> bodies(
        Lang lang = Lang::zh) const;

    /// Explanation::text of every row as one column of texts; rows judged alike are put into words
    /// once, so that a million rows of a product of steps cost a fraction of a second.
    Column prose(Lang lang = Lang::zh, const Work& work = {}) const;

    /// The row of an id (first one), or nothing.
    std::optional<std::size_t> row_of(std::string_view id) const;

private:
    friend class Grader;
    class RowInputs;
    class Explainer;
    class ProseWriter;
    Table row_table(std::size_t row) const;
    bool is_measure(std::size_t row) const {
        return methods_[static_cast<std::size_t>(method_of(row))]->scale().kind ==
               ScaleKind::measure;
    }
    Level level_of(std::size_t method, std::uint8_t band) const;
    void add_chain_columns(Table& table, const Work& work) const;

    // What grading gives each row; results are views of it and keep it alive.
    struct Cells {
        Buffer<double> score;
        Buffer<std::uint8_t> grade;
        Buffer<std::uint8_t> band;  // kernel band, 255 none
        Buffer<RowState> state;
        Buffer<std::int16_t> method;     // empty: the first for all rows
        std::vector<std::int16_t> rule;  // direct rule, -1 none; empty: none for all rows
        Buffer<std::int16_t> veto;       // of the row's method, -1 none; empty: none for all rows
        Buffer<std::uint8_t> by_score;   // band without vetoes; empty when `veto` is

        std::int16_t rule_of(std::size_t row) const {
            return rule.empty() ? std::int16_t{-1} : rule[row];
        }
        std::int16_t veto_of(std::size_t row) const {
            return veto.empty() ? std::int16_t{-1} : veto[row];
        }
        // The band that the score falls into, also where a veto sets another level.
        std::uint8_t scored_band(std::size_t row) const {
            return veto_of(row) < 0 ? band[row] : by_score[row];
        }
    };

    // What a method's bands are here: colours of its own, or of a map.
    struct Colours {
        std::array<std::uint8_t, 256> grade{};  // by kernel band, 0 none
        std::shared_ptr<const ColourMap> map;   // null without one
    };
    std::optional<Grade> band_grade(std::size_t method, std::uint8_t band) const {
        const std::uint8_t grade = colours_[method].grade[band];
        if (grade == 0) return std::nullopt;
        return static_cast<Grade>(grade);
    }

    Table input_;
    Column id_;
    std::shared_ptr<Cells> cells_ = std::make_shared<Cells>();
    std::vector<std::shared_ptr<const Method>> methods_;
    std::vector<Colours> colours_;  // by method
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
