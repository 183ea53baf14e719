// The register of hazards (隐患台账): stock, flow, age, and who found what.
//
// One row is one hazard: who found it when, by which channel (自查, 执法检查, 举报 …), how grave it
// is, by when it was to be removed, when it was closed and by whom; and, where there is a table of
// events, each step that it took. The rules of the closing loop (五落实, 报告, 督办, 销号 …) are
// RH-01 to RH-07 of the responsibility graph; this register counts, and says what cannot be.
//
// A hazard is open on a day when it was found by then and not closed by then. Its age is counted
// from the day it was found to that day, or to the day it was closed.
//
// Threads: immutable.
// Throws: InputError (a missing column, an unknown grouping); wrong rows are Issues and are left
// out: rows in = used + rejected.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/hazard/states.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::hazard {

/// How a register is read.
struct RegisterOptions {
    std::shared_ptr<const States> states;  ///< Null: States::usual().
    std::optional<Date> data_date;         ///< What is later cannot be; default: the graph's.
    Work work;
};

/// What shares of hazards that enterprises find themselves are compared with.
struct Benchmark {
    std::optional<double> rate;  ///< A rate that is known, as the superior announced it.
    std::string level;           ///< Else that of the region of this level each group lies in.
                                 ///< Neither: that of all hazards counted.
};

/// The back-check (倒查) of an enterprise after an accident.
struct Backcheck {
    Table hazards;  ///< Every hazard: who found, owned, verified and closed it, days open.
    Table checks;   ///< Every check of the enterprise on record, and whether it covered the item.
    std::optional<bool> item_checked;  ///< Whether the causal item was ever checked.
    std::string reason;  ///< Why, or why that cannot be told: "covered", "found", "not_covered",
                         ///< "no_checks", "items_not_stated"; empty where no item was asked.
    /// Actions of other records about the enterprise, which count as no check, and how many.
    std::map<std::string, std::size_t> others;
};

class Register {
public:
    struct Data;  // src/hazard/data.hpp

    /// Reads `hazards` (README, "Tables"; needed: id, grade, found_on) and `events` (hazard, event,
    /// date; id, by, until of extensions; may be empty). With a graph the regions and sectors of
    /// enterprises are known; what rows state of themselves (division, sectors) goes first.
    static Register read(const Table& hazards, const Table& events = {},
                         const graph::ResponsibilityGraph* graph = nullptr,
                         const RegisterOptions& options = {});

    std::size_t rows_in() const;
    std::size_t size() const;
    std::size_t merged_rows() const;  ///< Rows that count with another one.
    std::size_t events_in() const;
    std::size_t events_used() const;
    const IssueTable& issues() const;
    const States& states() const;

    /// Open hazards on a day by groups: each of `by` is `grade`, `channel`, `sector`,
    /// `enterprise`, `risk_point`, or the level of a region. Columns: the groups, open, overdue
    /// (past due_on, or the extension granted by then), undated (without a last day: nobody can
    /// tell whether they are overdue), stopped, days_mean, days_oldest, and how
    /// many are open for up to 30, 90, 180, 365 and more days. A hazard of several sectors counts
    /// in each.
    Table stock(Date on, const std::vector<std::string>& by) const;

    /// Found, closed and open by month (or `quarter`, `year`) and groups, from `from` to `to`.
    /// Columns: period, the groups, found, closed, open (at its end). Periods in which nothing
    /// happened are there.
    Table flow(Date from, Date to, std::string_view period,
               const std::vector<std::string>& by) const;

    /// Where each hazard stands that was found by a day: hazard, enterprise, grade, state,
    /// stopped, extensions, closure_proposed, due_on, overdue, days_overdue, days_open. `state` and
    /// `overdue` are null from the day on which an event closes it though a step that its grade
    /// demands is missing; `overdue` also where there is no last day.
    Table standings(Date on) const;

    /// By groups, of the hazards of a grade that were found from `from` to `to`: how many the
    /// enterprise itself found and reported (`channel` self), all, the rate with Wilson's interval,
    /// and the average that it is compared with; `below`: the interval lies below the average,
    /// null where there is no rate or no average.
    Table self_rate(Date from, Date to, std::optional<HazardGrade> grade,
                    const std::vector<std::string>& by, const Benchmark& against = {}) const;

    /// The goals of a plan (pack of kind `hazard_goals`; null: the three-year plan's) in a year, up
    /// to `on`: columns the groups, goal, target_year, value, base, unknown, met, reason, as_of.
    /// `unknown` counts rows that are left out and could be among those counted, hazards without a
    /// last day, and those whose closing is in doubt. `met` is null where it cannot be told, and
    /// `reason` says why: register_empty, register_begins_later, rows_refused, closing_unclear,
    /// no_due_date.
    Table goals(int year, Date on, const std::vector<std::string>& by,
                std::shared_ptr<const Pack> pack = nullptr) const;

    /// Hazards that may be one: same enterprise and criterion (or the same text), found within
    /// `days` of each other. Columns: group, hazard, enterprise, criterion, found_on, channel.
    /// Nothing is merged.
    Table duplicates(std::int32_t days) const;
    /// The register in which those count once: found when the first was, closed when all are, as
    /// grave as the gravest. Steps of its hazards are not told apart any more.
    Register merged(std::int32_t days) const;

    /// Hazards that came back: same enterprise and criterion, found within `months` after one was
    /// closed. Columns: hazard, earlier, enterprise, criterion, found_on, closed_on, days.
    Table recurrences(std::int32_t months) const;

    /// Looks back on an enterprise. `item`: the causal item, as criteria and the `items` of
    /// records name it; checks are records of it, or by itself, whose action is one of `actions`
    /// (empty: the `check_kinds` of the pack `accountability`); their `kind` is check,
    /// verification, own (by the enterprise, whatever the action) or visit. Throws NotFoundError
    /// where neither the graph nor a row that is used knows the enterprise.
    Backcheck backcheck(std::string_view enterprise, Date on, std::string_view item = {},
                        std::vector<std::string> actions = {}) const;

    /// Number of 重大 hazards that are open on a day, by `enterprise` or `risk_point`: columns of
    /// that name, and open_major_hazards.
    Table open_major(Date on, std::string_view by = "enterprise") const;

    /// From finding to closing, whatever the day: columns id, enterprise, risk_point, grade,
    /// found_on, closed_on (null while open). Rows that were left out follow without days.
    Table lifetimes() const;

    const Data& data() const { return *data_; }

private:
    explicit Register(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    std::shared_ptr<const Data> data_;
};

}  // namespace safetyrisk::hazard
