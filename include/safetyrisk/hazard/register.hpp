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

class Register {
public:
    /// Reads `hazards` (README, "Tables"; needed: id, grade, found_on) and `events` (id, hazard,
    /// event, date, by; may be empty). With a graph the regions and sectors of enterprises are
    /// known; without one, those that the rows state.
    static Register read(const Table& hazards, const Table& events = {},
                         const graph::ResponsibilityGraph* graph = nullptr,
                         const RegisterOptions& options = {});

    std::size_t rows_in() const { return rows_in_; }
    std::size_t size() const { return found_.size(); }
    const IssueTable& issues() const { return issues_; }

    /// Open hazards on a day by groups: each of `by` is `grade`, `channel`, `sector`,
    /// `enterprise`, or the level of a region. Columns: the groups, open, overdue (past due_on or
    /// extended_to), stopped, days_mean, days_oldest, and how many are open for up to 30, 90, 180,
    /// 365 and more days. A hazard of several sectors counts in each.
    Table stock(Date on, const std::vector<std::string>& by) const;

    /// Found, closed and open by month (or `year`) and groups, from `from` to `to`. Columns:
    /// period, the groups, found, closed, open (at its end). Periods in which nothing happened are
    /// there.
    Table flow(Date from, Date to, std::string_view period,
               const std::vector<std::string>& by) const;

    /// By groups, of the hazards of a grade that were found from `from` to `to`: how many the
    /// enterprise itself found and reported (`channel` self), all, the rate with Wilson's interval,
    /// and the average of all groups; `below`: the interval lies below the average.
    Table self_rate(Date from, Date to, std::optional<HazardGrade> grade,
                    const std::vector<std::string>& by) const;

    /// Hazards that may be one: same enterprise and criterion (or the same text), found within
    /// `days` of each other. Columns: group, hazard, enterprise, criterion, found_on, channel.
    /// Nothing is merged.
    Table duplicates(std::int32_t days) const;

    /// Hazards that came back: same enterprise and criterion, found within `months` after one was
    /// closed. Columns: hazard, earlier, enterprise, criterion, found_on, closed_on, days.
    Table recurrences(std::int32_t months) const;

    /// Every hazard of an enterprise with who found, owns, verified and closed it, days open, and
    /// whether it was open on the day: the back-check (倒查) after an accident.
    Table backcheck(std::string_view enterprise, Date on) const;

    /// Number of 重大 hazards that are open on a day, by enterprise: columns enterprise,
    /// open_major_hazards.
    Table open_major(Date on) const;

private:
    Register() = default;
    struct Groups;
    Groups groups(const std::vector<std::string>& by) const;
    void read_rows(const Table& hazards, std::optional<Date> data_date);
    void read_events(const Table& events, std::optional<Date> data_date);
    bool open_on(std::size_t h, std::int32_t day) const {
        return found_[h] <= day && day < closed_[h];
    }

    std::optional<graph::ResponsibilityGraph> graph_;
    std::shared_ptr<const States> states_;
    Table hazards_;
    std::size_t rows_in_ = 0;
    IssueTable issues_;
    // Rows that are used, in the order of the table.
    std::vector<std::uint32_t> row_;
    std::vector<std::int32_t> found_, closed_, due_;  // closed_, due_: the highest number if never
    std::vector<HazardGrade> grade_;
    std::vector<std::uint8_t> stopped_;
    std::vector<std::int32_t> enterprise_, channel_;  // numbers of texts, -1 none
    std::vector<std::string> enterprises_, channels_;
    std::vector<graph::NodeNo> node_;  // of the enterprise; `none` where unknown
};

}  // namespace safetyrisk::hazard
