#include <safetyrisk/duty/periods.hpp>

#include <safetyrisk/core/error.hpp>

#include <algorithm>

namespace safetyrisk::duty {
namespace {

constexpr std::size_t most_periods = 1'000'000;

// First day of the calendar period that holds `day`.
Date calendar_start(const Duration& cadence, Date day) {
    if (cadence.months == 0) {
        if (cadence.days == 1) return day;
        // 1970-01-01 was a Thursday: Mondays are 4 days later, and every 7 from there.
        const std::int32_t since_monday = ((day.days_since_1970() + 3) % 7 + 7) % 7;
        return day + -since_monday;
    }
    const auto civil = day.civil();
    const int months = static_cast<int>(civil.year()) * 12 +
                       static_cast<int>(static_cast<unsigned>(civil.month())) - 1;
    const int first = std::max(months - months % cadence.months, 12);  // there is no year 0
    return Date::of(first / 12, static_cast<unsigned>(first % 12) + 1, 1);
}

}  // namespace

bool follows_calendar(const Duration& cadence) {
    if (cadence.days != 0) return cadence.months == 0 && (cadence.days == 1 || cadence.days == 7);
    return cadence.months > 0 && (12 % cadence.months == 0 || cadence.months % 12 == 0);
}

std::vector<Period> calendar_periods(const Duration& cadence, Date from, Date to, Partial partial) {
    if (cadence.months == 0 && cadence.days == 0)
        throw InputError("a cadence of " + cadence.text() + " never comes round");
    if (to < from)
        throw InputError("the periods end on " + to.text() + ", before they begin on " +
                         from.text());
    const Date anchor = follows_calendar(cadence) ? calendar_start(cadence, from) : from;
    std::vector<Period> periods;
    for (std::int32_t k = 0;; ++k) {
        const Date start = add(anchor, cadence, k);
        if (start > to) break;
        if (periods.size() == most_periods)
            throw InputError("more than a million periods of " + cadence.text());
        const Period whole{start, add(anchor, cadence, k + 1) + -1};
        const bool inside = whole.start >= from && whole.due <= to;
        if (inside)
            periods.push_back(whole);
        else if (partial == Partial::owe)
            periods.push_back({std::max(whole.start, from), std::min(whole.due, to)});
    }
    return periods;
}

}  // namespace safetyrisk::duty
