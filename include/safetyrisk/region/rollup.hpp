// Roll-up: from graded points to the grade of a division or an enterprise.
//
// A roll-up counts the points of each unit by colour and lets a named rule turn the counts into a
// grade. No official text gives numbers for the grade of a region, so `worst` is the only rule that
// works without any; `count` takes its thresholds and `index` its weights from the caller. Either
// way the rule stands in the result. Rules see the counts of points and never the colours of
// smaller units: for `worst` that makes no difference, for `count` it does.
//
// Every division of the level is in the result. One without graded points is *unassessed* (未评估),
// a state outside the order of the grades and never "low". Everything is a count, so neither the
// order of the rows nor the number of threads can change a result.
//
// Source: 安委办〔2016〕3号 for the grades; the rules are this library's, none is a rule of the
// field.
//
// Threads: a Rule is immutable; roll-ups read what they are given, and several may share it.
// Throws: InputError, Interrupted as noted.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/region/divisions.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace safetyrisk::region {

/// How many points of a unit have which grade.
struct GradeCounts {
    std::int64_t red = 0;
    std::int64_t orange = 0;
    std::int64_t yellow = 0;
    std::int64_t blue = 0;

    std::int64_t total() const { return red + orange + yellow + blue; }
    /// The gravest grade that occurs, nothing when there is no point.
    std::optional<Grade> worst() const;

    friend bool operator==(const GradeCounts&, const GradeCounts&) = default;
};

/// One line of a `count` rule: the unit has `grade` when it has at least these many points *of the
/// colour or graver*. A minimum of 0 asks for nothing. "Or graver" is what makes the rule safe: a
/// point that gets worse can never make its region better.
struct CountThreshold {
    Grade grade = Grade::blue;
    std::int64_t red = 0;
    std::int64_t orange = 0;
    std::int64_t yellow = 0;
    std::int64_t blue = 0;
};

/// What a point of each grade adds to an index: decimals from 0 to 10⁶ with at most 6 places, a
/// graver grade never less than a milder one.
struct GradeWeights {
    double red = 0.0;
    double orange = 0.0;
    double yellow = 0.0;
    double blue = 0.0;
};

/// What an index is divided by.
enum class IndexPer : std::uint8_t {
    unit,   ///< Nothing: the index grows with the number of points.
    point,  ///< Graded points of the unit: the index is the mean weight of a point.
};

/// One line of an `index` rule: the unit has `grade` when its index is at least this.
struct IndexThreshold {
    Grade grade = Grade::blue;
    double index = 0.0;
};

/// What turns counts into a grade.
class Rule {
public:
    /// The grade of the gravest point.
    static Rule worst();

    /// The grade of the first line whose minima are all met; no grade when none is. "p red or q
    /// orange" is two lines of one grade. Without lines the rule only counts. Throws InputError for
    /// a negative minimum, a line that asks for nothing (the rule `worst` grades everything), and
    /// lines that do not run from the gravest grade to the mildest.
    static Rule count(std::vector<CountThreshold> lines = {});

    /// Σ weight × points, or that divided by the points, and the grade of the first line that it
    /// reaches; no grade when it reaches none. No text of the field gives weights: they are the
    /// caller's. Exact whole-number arithmetic. A point that gets worse never lowers the index; per
    /// point, though, a further mild point does lower it. Throws InputError for weights that are
    /// all zero, out of range or lower for a graver grade, and lines that do not run from the
    /// gravest grade and the highest index downwards.
    static Rule index(const GradeWeights& weights, IndexPer per = IndexPer::unit,
                      std::vector<IndexThreshold> lines = {});

    /// The grade of a unit; nothing for one without graded points.
    std::optional<Grade> grade(const GradeCounts& counts) const;

    /// Whether this is an `index` rule.
    bool has_index() const { return kind_ == Kind::index; }
    /// The index of a unit, dimensionless; nothing for one without graded points and for other
    /// rules.
    std::optional<double> index_of(const GradeCounts& counts) const;

    /// Whether this is a `count` or `index` rule without lines, which gives no grades.
    bool counts_only() const {
        return (kind_ == Kind::count && lines_.empty()) ||
               (kind_ == Kind::index && index_lines_.empty());
    }

    /// Name with parameters, the same in all languages: "worst",
    /// "count(red: red>=1; red: orange>=3)", "index(red 10, orange 5, yellow 2, blue 1 per point;
    /// red>=5)".
    std::string id() const;
    /// The rule in a sentence.
    std::string text(Lang lang = Lang::zh) const;

private:
    enum class Kind : std::uint8_t { worst, count, index };

    std::string index_id() const;
    std::string index_text(Lang lang) const;

    Kind kind_ = Kind::worst;
    std::vector<CountThreshold> lines_;
    GradeWeights weights_;
    IndexPer per_ = IndexPer::unit;
    std::vector<IndexThreshold> index_lines_;
};

/// Points of a register as columns, shape (n,) each.
struct GradedPoints {
    std::span<const std::int32_t> division;  ///< Index into the divisions, -1 unassigned.
    std::span<const std::uint8_t> grade;     ///< 0 none, 1 blue, 2 yellow, 3 orange, 4 red.
    std::span<const std::uint8_t> status;    ///< 0 graded, 1 not gradable, 2 rejected.
    const Column* enterprise = nullptr;      ///< Ids of enterprises; null when there are none.
};

/// The result of a roll-up.
///
/// Columns of `table`, after those that name the unit: `red orange yellow blue graded not_gradable
/// rejected rows` (counts; the last is the sum of the three before it), `enterprises` (different
/// ids; only in rollup(), null when the points have none), `index` (only with an `index` rule; null
/// without graded points), `worst` and `grade` (colour names, null when there is none), `state`
/// (`assessed` when a point is graded, else `unassessed`) and `rule` (Rule::id). The sum of `rows`
/// over the table is n.
struct RollUp {
    Table table;
    IssueTable issues;
    Rule rule = Rule::worst();
};

/// One row for each unit of a level (Divisions::unit_at), in the order of the divisions, with the
/// columns `code name level` first. Points that belong to no unit of the level, being unassigned or
/// known only to a coarser division, are counted in a last row with an empty code, which is there
/// when there are any.
///
/// Throws InputError when lengths differ or a row holds an index, a grade or a status that cannot
/// be (graded without a grade, a grade without being graded).
RollUp rollup(const Divisions& divisions, const GradedPoints& points, DivisionLevel level,
              const Rule& rule, const Work& work = {});

/// One row for each enterprise, by id as text, with the column `id` first, then `name`,
/// `credit_code` and `division` where the table of enterprises has them. Enterprises of that table
/// without points are unassessed; points without an enterprise are counted in a last row with an
/// empty id, which is there when there are any. `points.division` is not read and may be empty.
///
/// `enterprises` has the column `id`; rows of one id are one enterprise, with the cells of the
/// first of them when all agree and empty cells where they do not. Reported: ids of points that the
/// table does not list, and credit codes that stand for several ids, which makes a count too high.
///
/// Throws InputError as rollup() does, and when the points have no column of enterprises.
RollUp rollup_enterprises(const GradedPoints& points, const Rule& rule,
                          const Table* enterprises = nullptr, const Work& work = {});

}  // namespace safetyrisk::region
