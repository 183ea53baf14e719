// Working days: which days count where a rule counts 工作日.
//
// Weekends are free, statutory holidays are free, and 调休 makes some weekend days working days.
// What the State Council office announces for a year is data of a pack of kind `work_calendar`; a
// year that the pack does not have is unknown, and what depends on it is not assessable: an answer
// is never guessed from weekends alone.
//
// Source: 国务院办公厅关于部分节假日安排的通知 (each year), pack `calendar.cn`.
//
// Threads: immutable.
// Throws: InputError (a pack that contradicts itself).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/pack.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace safetyrisk::duty {

class WorkCalendar {
public:
    /// The calendar of a pack of kind `work_calendar`, whose years must follow each other.
    static std::shared_ptr<const WorkCalendar> compile(std::shared_ptr<const Pack> pack);
    /// The one that ships with the library, `calendar.cn`.
    static std::shared_ptr<const WorkCalendar> usual();

    const Pack& pack() const { return *pack_; }
    Date first() const { return first_; }  ///< First day that is known.
    Date last() const { return first_ + (static_cast<std::int32_t>(before_.size()) - 2); }

    /// Whether people work on that day; nothing outside the years of the pack.
    std::optional<bool> is_working(Date day) const;
    /// Working days after `from` up to and including `to`; negative when `to` is earlier. Nothing
    /// when one of them is unknown.
    std::optional<std::int32_t> between(Date from, Date to) const;
    /// The `days`-th working day after `from`; for 0 `from` itself. Nothing when it is unknown.
    std::optional<Date> add(Date from, std::uint32_t days) const;

private:
    WorkCalendar() = default;
    bool known(Date day) const { return day >= first_ && day <= last(); }

    std::shared_ptr<const Pack> pack_;
    Date first_;
    std::vector<std::int32_t> before_;  // working days before first_ + i, one more than days
    std::vector<Date> working_;
};

}  // namespace safetyrisk::duty
