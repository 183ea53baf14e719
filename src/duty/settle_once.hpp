// What settle() says where every subject owes the same periods and one record does: without making
// a list of periods for each subject.
#pragma once

#include <safetyrisk/duty/status.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace safetyrisk::duty {

/// Periods, each owed once, that ascend by start and by last day.
class OwedOnce {
public:
    OwedOnce(std::vector<Owed> owed, Date as_of) : owed_(std::move(owed)), as_of_(as_of) {
        for (const Owed& one : owed_)
            open_.push_back(as_of < one.start   ? Status::not_due
                            : as_of <= one.last ? Status::due
                                                : Status::overdue);
        if (owed_.empty()) return;
        first_ = owed_.front().start;
        std::size_t k = 0;
        for (Date day = first_; day <= as_of; day = day + 1) {
            while (k < owed_.size() && owed_[k].last < day)
                ++k;
            if (k == owed_.size()) break;
            in_time_.push_back(static_cast<std::uint32_t>(k));
        }
    }

    std::size_t size() const { return owed_.size(); }

    /// Writes how each period stands, and calls `done_on(period, day)` for those that are done.
    template <class DoneOn>
    void settle(std::span<const Date> records, Status* status, const DoneOn& done_on) const {
        const std::size_t n = owed_.size();
        std::copy(open_.begin(), open_.end(), status);
        std::size_t missed = 0;
        std::size_t open = 0;
        const auto complete = [&](std::size_t k) {
            return status[k] == Status::done || status[k] == Status::done_late;
        };
        for (const Date day : records) {
            if (day > as_of_) break;
            open = std::max(open, first_in_time(day));
            while (open < n && complete(open))
                ++open;
            if (open < n && owed_[open].start <= day) {
                status[open] = Status::done;
                done_on(open, day);
                continue;
            }
            while (missed < open && complete(missed))
                ++missed;
            if (missed == open) continue;
            status[missed] = Status::done_late;
            done_on(missed, day);
        }
    }

private:
    // The first period of which a day is not after the last in time.
    std::size_t first_in_time(Date day) const {
        if (day < first_) return 0;
        const auto at = static_cast<std::size_t>(day - first_);
        return at < in_time_.size() ? in_time_[at] : owed_.size();
    }

    std::vector<Owed> owed_;
    Date as_of_, first_;
    std::vector<Status> open_;            // of who did nothing
    std::vector<std::uint32_t> in_time_;  // by days since the first start
};

}  // namespace safetyrisk::duty
