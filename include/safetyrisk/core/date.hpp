// Civil dates and ISO 8601 durations.
//
// A Date is a day of the proleptic Gregorian calendar without time or zone, which is how
// law, plans and registers speak. Month arithmetic keeps to the end of the month:
// 31 January + P1M is 28 (or 29) February, and adding is always done from the anchor so that
// the 31st comes back in March (see add()).
//
// Source: ISO 8601-1 (YYYY-MM-DD, PnYnMnWnD); the day count is that of std::chrono.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: InputError from Date::of and add; parsing throws nothing.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk {

/// A day. Days count from 1970-01-01, as in Arrow's date32.
class Date {
public:
    Date() = default;
    constexpr explicit Date(std::int32_t days_since_1970) : days_(days_since_1970) {}

    /// The day `year`-`month`-`day`; throws InputError when there is no such day or the year is
    /// outside 1..9999.
    static Date of(int year, unsigned month, unsigned day);

    /// Reads YYYY-MM-DD, YYYY/M/D, YYYY.M.D, YYYYMMDD and YYYY年M月D日; nothing if it is no day.
    static std::optional<Date> parse(std::string_view text);

    constexpr std::int32_t days_since_1970() const { return days_; }
    std::chrono::year_month_day civil() const;

    /// YYYY-MM-DD.
    std::string text() const;

    friend constexpr auto operator<=>(Date, Date) = default;
    friend constexpr Date operator+(Date date, std::int32_t days) {
        return Date(date.days_ + days);
    }
    friend constexpr std::int32_t operator-(Date a, Date b) { return a.days_ - b.days_; }

private:
    std::int32_t days_ = 0;
};

/// An ISO 8601 duration of whole calendar units: years, months, weeks, days; never negative.
struct Duration {
    std::int32_t months = 0;  ///< Years count as twelve months.
    std::int32_t days = 0;    ///< Weeks count as seven days.

    /// Reads PnYnMnWnD, in that order, at least one part, each part up to 9999.
    static std::optional<Duration> parse(std::string_view text);

    /// Canonical text: "P1Y6M", "P14D", "P0D".
    std::string text() const;

    friend bool operator==(const Duration&, const Duration&) = default;
};

/// `count` durations after `anchor`: months first (cut to the last day of the month), then days.
/// Computed from the anchor and not step by step, so month ends do not drift.
/// Throws InputError when the result leaves the years 1..9999.
Date add(Date anchor, const Duration& duration, std::int32_t count = 1);

}  // namespace safetyrisk
