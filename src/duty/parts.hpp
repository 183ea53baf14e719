// The cells of one duty (or of one cadence of it), column by column.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/duty/assess.hpp>
#include <safetyrisk/duty/periods.hpp>

#include "duty/done.hpp"
#include "duty/settle_once.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace safetyrisk::duty {

/// The day on which each cell was done; of other cells nothing is kept.
class DoneDays {
public:
    static constexpr std::size_t least_bytes = 2;  ///< Of a cell.

    DoneDays() = default;
    /// For `cells` cells that are done from `first` to `last`.
    DoneDays(std::size_t cells, Date first, Date last)
        : origin_(first), wide_(last - first > std::numeric_limits<std::uint16_t>::max()) {
        if (wide_)
            days_.resize(cells);
        else
            near_.resize(cells);
    }
    void set(std::size_t cell, Date day) {
        if (wide_)
            days_[cell] = day.days_since_1970();
        else
            near_[cell] = static_cast<std::uint16_t>(day - origin_);
    }
    void push_back(Date day) { days_.push_back(day.days_since_1970()); }
    Date at(std::size_t cell) const { return wide_ ? Date(days_[cell]) : origin_ + near_[cell]; }

private:
    Date origin_;
    bool wide_ = true;
    Buffer<std::uint16_t> near_;  // since origin_: half the memory, which is what takes the time
    Buffer<std::int32_t> days_;
};

/// What cells were settled from, where it takes less memory than the days on which they were done:
/// a day is then found by settling its pair again.
struct SettledFrom {
    OwedOnce owed;
    std::shared_ptr<const Doings> doings;
};

struct Part {
    std::size_t duty = 0;           // row in the table of duties
    Buffer<graph::NodeNo> subject;  // of each pair; empty: anybody
    Buffer<graph::NodeNo> object;   // empty: nothing
    std::size_t pairs = 0;
    double needed = 1;
    Reason reason = Reason::none;  // of cells that are not assessable and have none of their own

    // Periods that all pairs share: cell = pair * periods.size() + period.
    std::vector<Period> periods;
    std::vector<Date> last;
    // Where each pair has its own (rolling): cells of pair p are own_ends[p - 1] to own_ends[p].
    bool own = false;
    std::vector<std::size_t> own_ends;
    std::vector<Period> own_periods;
    std::vector<Date> own_last;

    Buffer<Status> status;
    DoneDays done_on;
    std::unique_ptr<const SettledFrom> settled_from;  // null: done_on has the days
    std::vector<float> count;                         // empty where one record is needed
    std::vector<std::uint32_t> of;  // of shares: objects (or records) of each cell; else empty
    double share = 0;               // of shares of objects that are to be reached
    std::vector<double> limit;      // of what is compared: what each cell is compared with
    // Where working days are not known: by period (own: by cell) that the last day in time is not,
    // by cell that the due day is not (empty: all are). In their place stands the earliest day that
    // they can be, which so many days of any kind lead to.
    std::vector<bool> unknown_day, unknown_due;
    std::vector<Reason> why;     // of each cell; empty where the period says it
    std::vector<bool> runs_out;  // of what must always be there: to be done again by its due day
    /// Of cells that cannot be told because records were left out: their rows.
    std::map<std::size_t, std::vector<std::size_t>> left_out;

    std::size_t cells() const { return status.size(); }
    std::size_t pair_of(std::size_t cell) const;
    Date done_day(std::size_t cell) const;  // of one that is done
    Cell cell(std::size_t cell) const;
};

/// How many of `of` objects are the share of them that is owed.
std::uint32_t needed_of(double share, std::uint32_t of);

}  // namespace safetyrisk::duty
