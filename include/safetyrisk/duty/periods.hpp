// Periods: the stretches of time in which something is owed once.
//
// A cadence of P1M with a calendar anchor owes once in each calendar month; with a rolling anchor
// the next is owed one month after the last was done. Calendar periods are weeks from Monday,
// months, and groups of months counted from January (quarters, halves, years, two years from even
// years); a cadence that no calendar divides (P10D, P5M) counts from the day its duty begins.
//
// A period is owed when it lies wholly inside the validity of duty and subject, unless the duty
// says that cut ones are owed, too.
//
// Source: domain practice of 日管控、周排查、月调度; ISO 8601-1 durations and weeks.
//
// Threads: free functions and plain values.
// Throws: InputError (a duration of nothing, an end before its beginning, more than a million
// periods).
#pragma once

#include <safetyrisk/core/date.hpp>

#include <cstdint>
#include <vector>

namespace safetyrisk::duty {

/// What is owed once from `start` to `due`, both included.
struct Period {
    Date start, due;
    friend bool operator==(const Period&, const Period&) = default;
};

/// How the first and the last period are treated where the validity cuts them.
enum class Partial : std::uint8_t {
    skip,  ///< Not owed.
    owe,   ///< Owed in what is left of them.
};

/// Calendar periods that touch `from` to `to`, in order. `from` is also where a cadence that no
/// calendar divides begins. With Partial::skip only those wholly inside; with Partial::owe the
/// others are cut to the inside.
std::vector<Period> calendar_periods(const Duration& cadence, Date from, Date to, Partial partial);

/// Whether periods of this cadence are those of the calendar (weeks, months that divide a year,
/// years), and not counted from the beginning of the duty.
bool follows_calendar(const Duration& cadence);

}  // namespace safetyrisk::duty
