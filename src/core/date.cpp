#include <safetyrisk/core/date.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <charconv>

namespace safetyrisk {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

std::optional<Date> make(int y, unsigned m, unsigned d) {
    // std::chrono keeps months and days in eight bits: 257 would be January.
    if (y < 1 || y > 9999 || m > 12 || d > 31) return std::nullopt;
    const year_month_day ymd{year{y}, month{m}, day{d}};
    if (!ymd.ok()) return std::nullopt;
    return Date(static_cast<std::int32_t>(sys_days(ymd).time_since_epoch().count()));
}

// Takes 1 to `most` digits off the front; at least `least`.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t n = 0;
    while (n < text.size() && n < most && text[n] >= '0' && text[n] <= '9')
        ++n;
    if (n < least) return std::nullopt;
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + n, value);
    text.remove_prefix(n);
    return value;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::string padded(unsigned value, std::size_t width) {
    std::string digits = std::to_string(value);
    return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

}  // namespace

Date Date::of(int y, unsigned m, unsigned d) {
    if (const auto date = make(y, m, d)) return *date;
    throw InputError("there is no day " + std::to_string(y) + "-" + std::to_string(m) + "-" +
                     std::to_string(d));
}

std::optional<Date> Date::parse(std::string_view raw) {
    const std::string half = to_half_width(raw);
    std::string_view text = trim(half);
    const auto y = take_digits(text, 4, 4);
    if (!y) return std::nullopt;
    if (!text.empty() && text[0] >= '0' && text[0] <= '9') {  // YYYYMMDD
        const auto m = take_digits(text, 2, 2);
        const auto d = take_digits(text, 2, 2);
        if (!m || !d || !text.empty()) return std::nullopt;
        return make(static_cast<int>(*y), *m, *d);
    }
    std::string_view between;
    std::string_view end;
    if (take(text, "年")) {
        between = "月";
        end = "日";
    } else {
        for (const std::string_view mark : {"-", "/", "."})
            if (between.empty() && take(text, mark)) between = mark;
        if (between.empty()) return std::nullopt;
    }
    const auto m = take_digits(text, 1, 2);
    if (!m || !take(text, between)) return std::nullopt;
    const auto d = take_digits(text, 1, 2);
    if (!d || !take(text, end) || !text.empty()) return std::nullopt;
    return make(static_cast<int>(*y), *m, *d);
}

year_month_day Date::civil() const {
    return year_month_day(sys_days(std::chrono::days(days_)));
}

std::string Date::text() const {
    const year_month_day ymd = civil();
    return padded(static_cast<unsigned>(static_cast<int>(ymd.year())), 4) + "-" +
           padded(static_cast<unsigned>(ymd.month()), 2) + "-" +
           padded(static_cast<unsigned>(ymd.day()), 2);
}

std::optional<Duration> Duration::parse(std::string_view text) {
    if (!take(text, "P") || text.empty()) return std::nullopt;
    Duration duration;
    std::size_t next = 0;  // parts come in this order, each at most once
    static constexpr std::string_view order = "YMWD";
    while (!text.empty()) {
        const auto value = take_digits(text, 1, 4);
        if (!value || text.empty()) return std::nullopt;
        const std::size_t part = order.find(text.front());
        if (part == std::string_view::npos || part < next) return std::nullopt;
        text.remove_prefix(1);
        next = part + 1;
        const auto count = static_cast<std::int32_t>(*value);
        if (part == 0) duration.months += 12 * count;
        if (part == 1) duration.months += count;
        if (part == 2) duration.days += 7 * count;
        if (part == 3) duration.days += count;
    }
    return duration;
}

std::string Duration::text() const {
    std::string out = "P";
    if (months / 12 != 0) out += std::to_string(months / 12) + "Y";
    if (months % 12 != 0) out += std::to_string(months % 12) + "M";
    if (days != 0 || months == 0) out += std::to_string(days) + "D";
    return out;
}

Date add(Date anchor, const Duration& duration, std::int32_t count) {
    const year_month_day from = anchor.civil();
    const std::int64_t months = static_cast<std::int64_t>(static_cast<int>(from.year())) * 12 +
                                static_cast<std::int64_t>(static_cast<unsigned>(from.month())) - 1 +
                                static_cast<std::int64_t>(duration.months) * count;
    const std::int64_t y = months >= 0 ? months / 12 : -1;
    const auto fail = [&]() -> Date {
        throw InputError(anchor.text() + " plus " + std::to_string(count) + " times " +
                         duration.text() + " leaves the years 1 to 9999");
    };
    if (y < 1 || y > 9999) return fail();
    const auto m = static_cast<unsigned>(months % 12) + 1;
    const std::chrono::year_month_day_last last{year{static_cast<int>(y)},
                                                std::chrono::month_day_last{month{m}}};
    const day d = from.day() < last.day() ? from.day() : last.day();
    const std::int64_t first =
        sys_days(year_month_day{last.year(), last.month(), d}).time_since_epoch().count();
    const std::int64_t total = first + static_cast<std::int64_t>(duration.days) * count;
    static const std::int32_t lowest = Date::of(1, 1, 1).days_since_1970();
    static const std::int32_t highest = Date::of(9999, 12, 31).days_since_1970();
    if (total < lowest || total > highest) return fail();
    return Date(static_cast<std::int32_t>(total));
}

}  // namespace safetyrisk
