// Inherent, current and residual grade side by side.
//
// The inherent grade is what a register's inputs give. An open hazard (隐患) on the point raises
// the current grade by a rule, and its closing lowers it again; each finding and each closing is an
// entry of a log with its day. The residual grade is that of the register after stated controls,
// graded by the caller. No official text sets the rule: it is a pack of kind "current_grade", and
// every answer names it.
//
// Content of such a pack: {"rules": [{"id", "count": "major" | "general", "at_least": 1, "set":
// "red" | "raise": 1, "text": {"zh", "en"}}]}; every rule that holds is applied to the inherent
// grade by itself, and the gravest result stands. "set" never lowers a grade. Its "tests" are
// [{"inherent", "open_major", "open_general", "current"}], and a pack that fails one does not load.
//
// Threads: plain values.
// Throws: InputError for a wrong call or pack; a wrong hazard is an Issue.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

/// How open hazards raise a grade.
class CurrentRules {
public:
    struct Rule {
        std::string id;
        bool major = false;  ///< Whether it counts 重大 hazards or 一般 ones.
        std::size_t at_least = 1;
        std::optional<Grade> set;  ///< At least this grade; else `raise` grades more.
        std::size_t raise = 0;
        Words text;
    };

    /// Compiles a pack of kind "current_grade"; throws InputError with the JSON path.
    static CurrentRules compile(std::shared_ptr<const Pack> pack);

    const Pack& pack() const { return *pack_; }
    const std::vector<Rule>& rules() const { return rules_; }

    /// The grade with so many open hazards, and the rule that decided (null where none did).
    std::pair<Grade, const Rule*> apply(Grade inherent, std::size_t open_major,
                                        std::size_t open_general) const;

private:
    std::shared_ptr<const Pack> pack_;
    std::vector<Rule> rules_;
};

struct CurrentOptions {
    std::shared_ptr<const Pack> rules;
    Date on;
    /// Column that ties hazards to rows: "risk_point" (the row's id) or any column that hazards and
    /// register share, such as "enterprise": then every row of it is raised.
    std::string by = "risk_point";
    /// The same objects after stated controls, joined by id; may be null.
    std::shared_ptr<const Graded> residual;
};

/// One row's three grades: 1 blue to 4 red, 0 none. The current grade of a graded row is 0 where
/// hazards that name it cannot be read, or stand in rows that differ, and might raise it.
struct CurrentRow {
    std::uint8_t inherent = 0, current = 0, residual = 0;
    std::size_t open_major = 0, open_general = 0;
    const CurrentRules::Rule* rule = nullptr;
    std::vector<std::string> unread;  ///< Hazards that may be open and are not counted; sorted.
};

/// Three grades of every row; see current_grades().
class Current {
public:
    const std::vector<CurrentRow>& rows() const { return rows_; }
    const Graded& graded() const { return *graded_; }
    const CurrentRules& rules() const { return *rules_; }
    Date on() const { return on_; }
    /// What was wrong with hazards; rows in = used + rejected.
    const IssueTable& issues() const { return issues_; }
    std::size_t hazards_in() const { return hazards_in_; }
    std::size_t hazards_used() const { return hazards_used_; }

    /// A row for each row of the register: `id inherent current residual open_major open_general
    /// raised rule status unread`; status is "unknown" where the current grade is not known.
    Table to_table() const;
    /// A row for each finding and closing up to the day, in order: `date id hazard event
    /// hazard_grade open_major open_general before after rule`.
    const Table& log() const { return log_; }
    std::string text(std::size_t row, Lang lang = Lang::zh) const;

private:
    friend Current current_grades(const Graded& graded, const Table* hazards,
                                  const CurrentOptions& options);

    std::shared_ptr<const Graded> graded_;
    std::shared_ptr<const CurrentRules> rules_;
    Date on_;
    bool has_residual_ = false;
    std::vector<CurrentRow> rows_;
    IssueTable issues_;
    std::size_t hazards_in_ = 0, hazards_used_ = 0;
    Table log_;
};

/// Grades as they are on a day. `hazards` has a row for each hazard: the column `by`, `grade`
/// (general, major, 一般, 重大), `found_on`, `closed_on` (empty: open) and, where there is one,
/// `id`; or a row for each `by` with the count `open_major_hazards` (and `open_general_hazards`),
/// which leaves no log. Without a table those columns of the register itself count. A hazard is
/// open on a day when it was found by then and not closed by then. Equal rows of one id count once;
/// of rows that differ none is counted, as of one that cannot be read, and the current grade of the
/// rows they name is not known unless no such hazard could change it. Throws InputError when
/// columns are missing or rows without colour are graded.
Current current_grades(const Graded& graded, const Table* hazards, const CurrentOptions& options);

}  // namespace safetyrisk::scoring
