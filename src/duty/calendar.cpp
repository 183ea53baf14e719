#include <safetyrisk/duty/calendar.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace safetyrisk::duty {
namespace {

using safetyrisk::detail::JsonView;

bool is_weekend(Date day) {
    return std::chrono::weekday(std::chrono::sys_days(std::chrono::days(day.days_since_1970())))
               .iso_encoding() >= 6;
}

// The "MM-DD" days of a year; each must be a weekday (or, for work, a weekend day), once.
std::set<Date> read_days(const JsonView& list, const std::string& year, bool weekend) {
    std::set<Date> days;
    for (const JsonView& item : list.items()) {
        const std::optional<Date> day = Date::parse(year + "-" + item.text());
        if (!day) item.fail("there is no day '" + year + "-" + item.text() + "'");
        if (is_weekend(*day) != weekend)
            item.fail(weekend ? "only Saturdays and Sundays can become working days"
                              : "Saturdays and Sundays are free without being listed");
        if (!days.insert(*day).second) item.fail("the day stands twice");
    }
    return days;
}

int read_year(const std::string& text, const JsonView& view) {
    const std::optional<Date> day = Date::parse(text + "-01-01");
    if (!day || text.size() != 4) view.fail("'" + text + "' is no year");
    return static_cast<int>(day->civil().year());
}

}  // namespace

std::shared_ptr<const WorkCalendar> WorkCalendar::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "work_calendar")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind +
                         "', not 'work_calendar'");
    const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
    const JsonView root(json, pack->id);
    const JsonView content = root.at("content");
    content.only({"years"});
    const JsonView years = content.at("years");
    if (!years.is_object() || years.node().empty()) years.fail("lists no year");

    std::shared_ptr<WorkCalendar> calendar(new WorkCalendar);
    calendar->pack_ = std::move(pack);
    int next = 0;
    std::int32_t count = 0;
    for (const auto& [text, value] : years.node().items()) {  // sorted: the pack is canonical
        const JsonView view = years.at(text);
        view.only({"off", "work"});
        const int year = read_year(text, view);
        if (next != 0 && year != next)
            view.fail("the year " + std::to_string(next) + " is missing before it");
        if (next == 0) calendar->first_ = Date::of(year, 1, 1);
        next = year + 1;
        const std::set<Date> off = read_days(view.at("off"), text, false);
        const std::set<Date> work = read_days(view.at("work"), text, true);
        for (Date day = Date::of(year, 1, 1); day < Date::of(year + 1, 1, 1); day = day + 1) {
            calendar->before_.push_back(count);
            if (work.contains(day) || (!is_weekend(day) && !off.contains(day))) {
                calendar->working_.push_back(day);
                ++count;
            }
        }
    }
    calendar->before_.push_back(count);

    if (root.has("tests"))
        for (const JsonView& test : root.at("tests").items()) {
            if (test.has("day")) {
                test.only({"day", "working"});
                const std::optional<Date> day = Date::parse(test.at("day").text());
                if (!day || calendar->is_working(*day) != test.at("working").boolean())
                    test.fail("the self-test does not hold");
                continue;
            }
            test.only({"year", "working_days"});
            const int year = static_cast<int>(test.at("year").number());
            const auto days = calendar->between(Date::of(year - 1, 12, 31), Date::of(year, 12, 31));
            if (!days || *days != test.at("working_days").number())
                test.fail("the self-test does not hold");
        }
    return calendar;
}

std::shared_ptr<const WorkCalendar> WorkCalendar::usual() {
    static const std::shared_ptr<const WorkCalendar> calendar =
        compile(PackRegistry::builtin().find("calendar"));
    return calendar;
}

std::optional<bool> WorkCalendar::is_working(Date day) const {
    if (!known(day)) return std::nullopt;
    const auto i = static_cast<std::size_t>(day - first_);
    return before_[i + 1] > before_[i];
}

std::optional<std::int32_t> WorkCalendar::between(Date from, Date to) const {
    // The day before the first counts as known: nothing of it is asked.
    const auto up_to = [&](Date day) -> std::optional<std::int32_t> {
        if (day < first_ + -1 || day > last()) return std::nullopt;
        return before_[static_cast<std::size_t>(day - first_ + 1)];
    };
    const auto a = up_to(from);
    const auto b = up_to(to);
    if (!a || !b) return std::nullopt;
    return *b - *a;
}

std::optional<Date> WorkCalendar::add(Date from, std::uint32_t days) const {
    if (!known(from)) return std::nullopt;
    if (days == 0) return from;
    const std::size_t index =
        static_cast<std::size_t>(before_[static_cast<std::size_t>(from - first_ + 1)]) + days - 1;
    if (index >= working_.size()) return std::nullopt;
    return working_[index];
}

}  // namespace safetyrisk::duty
