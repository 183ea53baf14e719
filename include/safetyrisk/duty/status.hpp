// What was owed against what was done: the one pattern behind meetings, inspections, trainings,
// drills and reports.
//
// Periods in order of their due days, and the days of the records of one subject (and object), in
// order. Each record serves the earliest due period that is still open in time; when none is, it
// makes up for the oldest one that was missed, late. So the most periods that can be in time are,
// and one more record never makes anything more overdue: at every day what is open with it is part
// of what is open without it.
//
// This header needs no object file: it is the scalar kernel that the compiled library runs over
// columns.
//
// Threads: free functions and plain values.
// Throws: nothing; lengths are not checked.
#pragma once

#include <safetyrisk/core/date.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace safetyrisk::duty {

/// How one obligation stands on a day.
enum class Status : std::uint8_t {
    not_applicable,  ///< Nobody owes it: outside the validity, or excepted.
    not_due,         ///< Its period begins after the day.
    due,             ///< Its period runs, or its grace does, and it is not done yet.
    done,            ///< Done in time.
    done_late,       ///< Done, but after the last day in time.
    overdue,         ///< Not done, and the last day in time is over.
    not_assessable,  ///< It cannot be told; a reason says why.
};

/// "not_applicable", "not_due", "due", "done", "done_late", "overdue", "not_assessable".
constexpr std::string_view to_string(Status status) {
    switch (status) {
        case Status::not_applicable:
            return "not_applicable";
        case Status::not_due:
            return "not_due";
        case Status::due:
            return "due";
        case Status::done:
            return "done";
        case Status::done_late:
            return "done_late";
        case Status::overdue:
            return "overdue";
        case Status::not_assessable:
            return "not_assessable";
    }
    return "";
}

/// What is owed `needed` times (or so much) from `start` on; a record up to `last` is in time.
/// `last` is the due day with its grace, so it is not before the due day.
struct Owed {
    Date start, last;
    double needed = 1;  ///< Above 0.
};

/// How one period stands.
struct Standing {
    Status status = Status::not_due;
    double count = 0;  ///< Records that served it, or how much they amount to.
    Date done_on;      ///< Day of the record that completed it; only when done.

    friend bool operator==(const Standing&, const Standing&) = default;
};

/// Fills `out`, which has the length of `owed`. `owed` ascends by `start` and by `last`; `records`
/// are the days of the records, ascending; those after `as_of` are not looked at. `amounts` says
/// how much each record is (empty: 1 each); what a record has beyond the need of its period is not
/// carried over to another, and the promise of the first lines is made for records of 1 alone.
inline void settle(std::span<const Owed> owed, std::span<const Date> records,
                   std::span<const double> amounts, Date as_of, std::span<Standing> out) {
    const std::size_t n = owed.size();
    for (std::size_t k = 0; k < n; ++k)
        out[k] = {};
    std::size_t missed = 0;  // periods before it are complete or open in time
    std::size_t open = 0;    // the first that is not complete and was in time at the last record
    const auto complete = [&](std::size_t k) { return out[k].count >= owed[k].needed; };
    const auto serve = [&](std::size_t k, std::size_t r) {
        const Date day = records[r];
        out[k].count += amounts.empty() ? 1.0 : amounts[r];
        if (!complete(k)) return;
        out[k].done_on = day;
        out[k].status = day <= owed[k].last ? Status::done : Status::done_late;
    };
    for (std::size_t r = 0; r < records.size() && records[r] <= as_of; ++r) {
        const Date day = records[r];
        while (open < n && (complete(open) || owed[open].last < day))
            ++open;
        if (open < n && owed[open].start <= day) {
            serve(open, r);
            continue;
        }
        while (missed < open && complete(missed))
            ++missed;
        if (missed < open) serve(missed, r);
    }
    for (std::size_t k = 0; k < n; ++k) {
        if (complete(k)) continue;
        out[k].status = as_of < owed[k].start   ? Status::not_due
                        : as_of <= owed[k].last ? Status::due
                                                : Status::overdue;
    }
}

}  // namespace safetyrisk::duty
