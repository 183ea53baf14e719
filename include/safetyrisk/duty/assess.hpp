// What is owed, and was it done: obligations set against records.
//
// A row of `duties` says who (subject) must do what (action) to or for whom (object), by when
// (deadline) or how often (cadence), at least how much (target). A row of `records` says that it
// was done. Subjects and objects are ids or selectors; `"@subject"` in the `via` of an object's
// selector stands for the subject ("each enterprise that this leader is paired with"). A duty
// without subject is fulfilled by anybody's record about its object.
//
// - A record of a person counts for the posts that they hold on its day.
// - `deadline`: YYYY-MM-DD once; `--MM-DD` each year. What was done before `valid_from`, without
//   one before the year of the deadline, does not count; with `within` (P6M) only what was done in
//   that time before the deadline does.
// - `cadence` with `anchor` calendar (default) owes once in each period of duty/periods.hpp; with
//   rolling the next is due one cadence after the last was done, the first one cadence after the
//   duty begins (valid_from, else the first day looked at); with standing the last must not be
//   older than the cadence (certificates, policies, lists that are kept up to date), whenever it
//   was done; without a cadence it is enough that it was ever done, with a deadline by then (of a
//   yearly one by the first after the duty begins). A record that names its last valid day
//   (`valid_to`, or that key of `values`) holds until then, whatever the cadence.
// - `after` an action (or `@column`: a day that the object, else the subject, has): owed once for
//   each record of that action about the object (else the subject), within `within` of it, of
//   which days are counted in `day_kind` days. `before`: owed up to the day of the record, from
//   `within` before it on. A record is about its object, or without one about its subject.
// - `tolerance_days` of grace are counted in `day_kind` days: `calendar` (default) or `working`.
// - `target` {"measure","op","value","unit","denominator","among","against","of"}:
//   `count` so many records, or with "unit" so much of their `count`; with "<=" or "<" no more.
//   `ratio` that share of the objects, of those of the `denominator` (a selector), or of the
//   records of the denominator {"action"}. `rank` at least `value` times what the subjects of the
//   duty have on average (`among` siblings: those of the same superior region), or with the unit
//   "place" and "<=" that place among them. `trend` at least (at most) `value` times the period
//   before (`against` year_before: the same period of the year before). Rank and trend are of
//   counts, with a denominator of shares; all but counts and shares of objects that are owed are
//   told when the period is over, and what does not hold then is overdue. With `of` region, what
//   all in the subject's region did is counted as its own.
// - `overrides` [{"select":…,"cadence":…}]: the first that matches the subject (the object where
// anybody
//   may do it) gives its cadence.
// - `partial`: `skip` (default) or `owe` where the validity cuts a period.
//
// How records are matched to periods stands in duty/status.hpp. Nothing that is unknown counts as
// not done: where nobody keeps records of an action, where a selector asks for a value that a
// subject lacks, where no calendar says which days are working days, where a record that names
// subject, action and object was left out for a fault and would have served, the status is
// not_assessable with its reason. (A record of an unknown subject names nobody; one of a later day
// says that it was not done before; what is done late stays so.)
//
// Threads: a Compliance is immutable.
// Throws: InputError (no as_of and no data date; a table without its needed columns); wrong rows
// are Issues.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/duty/calendar.hpp>
#include <safetyrisk/duty/status.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::duty {

/// How obligations are assessed.
struct AssessOptions {
    std::optional<Date> as_of;  ///< Default: the graph's data date.
    /// Periods that are due before it are not looked at; default: 1 January of the year of as_of.
    std::optional<Date> from;
    /// Periods that begin after it are not listed; default: as_of.
    std::optional<Date> until;
    std::shared_ptr<const WorkCalendar> calendar;  ///< Null: WorkCalendar::usual().
    /// Actions of which every doing is recorded, so that no record means not done. Those that
    /// occur in `records` are always taken for such; "*" stands for all.
    std::vector<std::string> recorded;
    Work work;
};

/// Why a cell is not assessable, or its last day is not known.
enum class Reason : std::uint8_t {
    none,
    no_records,          ///< Nobody keeps records of this action.
    attribute_missing,   ///< A selector asks for a value that the subject or object lacks.
    calendar_unknown,    ///< Working days of that year are unknown.
    nothing_to_compare,  ///< No others, nothing before, or no records of that time.
    record_left_out,     ///< A faulty record that was left out may be what was done.
};

/// "", "no_records", "attribute_missing", "calendar_unknown", "nothing_to_compare",
/// "record_left_out".
std::string_view to_string(Reason reason);

/// One obligation of one subject (and object) in one period.
struct Cell {
    std::size_t duty = 0;                                       ///< Row in the table of duties.
    graph::NodeNo subject = graph::none, object = graph::none;  ///< `none`: anybody, nothing.
    Date start, due, last;  ///< `last`: the last day in time, due with its grace.
    /// Whether those two are known; else (working days of an unknown year) each is the earliest
    /// day that it can be, and tables leave it empty.
    bool due_known = true, last_known = true;
    Status status = Status::not_applicable;
    Reason reason = Reason::none;
    Date done_on;                       ///< When done.
    double count = 0, needed = 1;       ///< Of a share: objects reached, and how many must be.
    double of = 0;                      ///< Of a share: how many objects there are.
    std::vector<std::size_t> left_out;  ///< Rows of the records that may be what was done.
};

struct Part;       // src/duty/parts.hpp
struct LazyIndex;  // src/duty/due_index.hpp
class DueIndex;

class Compliance {
public:
    Date as_of() const { return as_of_; }
    /// Periods that are due before it were not looked at.
    Date from() const { return from_; }
    std::size_t size() const { return size_; }
    /// Number of cells by status, in the order of Status.
    const std::array<std::size_t, 7>& counts() const { return counts_; }
    const IssueTable& issues() const { return issues_; }
    std::size_t duties_in() const { return duties_in_; }
    std::size_t duties_used() const { return duties_used_; }
    std::size_t records_in() const { return records_in_; }
    /// Records that were read without fault; whether they served anything is another question.
    std::size_t records_used() const { return records_used_; }

    Cell cell(std::size_t index) const;

    /// Cells with these statuses (all when empty), in the order of the duties' rows, subjects,
    /// objects and periods: columns duty, duty_name, action, subject, subject_name, object,
    /// object_name, period_start, due, last_day, day_kind, status, reason, records_left_out (their
    /// rows, joined by ";"), done_on, days_late (of what is late or overdue), count, needed, of
    /// (objects of a ratio), document, clause. Whole, however many.
    Table to_table(const std::vector<Status>& statuses = {}, Lang lang = Lang::zh) const;

    /// Cells that are open and due from `from` to `to`, by due day, the first `limit` of them; of
    /// what must always stand also what is done and runs out. The first call makes an index (or
    /// warm()); then it costs what is listed.
    Table due_table(Date from, Date to, Lang lang = Lang::zh,
                    std::size_t limit = std::numeric_limits<std::size_t>::max()) const;

    /// How many are open by due day and duty: columns due, duty, open.
    Table due_counts(Date from, Date to) const;

    /// Makes the index of due days.
    void warm() const;

    /// Counts and rates by `grouping`: "duty", "action", "subject", "unit", "sector", "month",
    /// "leader" (who held the subject's post on the due day: of a unit its principal, else who
    /// chairs it or is in charge of it; the post itself where it is vacant), or the level of a
    /// region ("county", "town" …, or its Chinese word; the object's region, else the subject's).
    /// Columns: the group (and its name), owed (done + done_late + overdue), done, done_late,
    /// overdue, due, not_due, not_assessable, not_applicable, rate = (done + done_late) / owed with
    /// the ends of its interval, in_time = done / owed; average, the rate of all, of regions that
    /// of those in the same superior one; and verdict, "below", "above" or "like" as the interval
    /// lies to it. A cell of several sectors (or leaders) counts in each.
    Table summary(std::string_view grouping, Lang lang = Lang::zh) const;

private:
    friend class Assessor;
    Table cells_table(const std::vector<Cell>& cells, Lang lang) const;
    const DueIndex& index() const;

    std::optional<graph::ResponsibilityGraph> graph_;
    Table duties_;
    Date as_of_, from_;
    std::vector<std::shared_ptr<const Part>> parts_;
    std::vector<std::size_t> starts_;  // first cell of each part
    std::size_t size_ = 0, duties_in_ = 0, duties_used_ = 0, records_in_ = 0, records_used_ = 0;
    std::array<std::size_t, 7> counts_{};
    IssueTable issues_;
    std::shared_ptr<LazyIndex> index_;
};

/// Sets `records` against `duties` (README, "Tables") for a graph.
Compliance assess(const graph::ResponsibilityGraph& graph, const Table& duties,
                  const Table& records, const AssessOptions& options = {});

/// Rows of `records` whose action, subject and object are those of a cell and whose day is up to
/// `until`: what may have served it, by day. What a person did is of the posts held that day. Rows
/// without a day that can be read are not among them. Columns row, date.
Table records_of(const graph::ResponsibilityGraph& graph, const Table& records,
                 std::string_view action, graph::NodeNo subject, graph::NodeNo object, Date until);

}  // namespace safetyrisk::duty
