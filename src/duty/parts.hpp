// The cells of one duty (or of one cadence of it), column by column.
#pragma once

#include <safetyrisk/duty/assess.hpp>
#include <safetyrisk/duty/periods.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace safetyrisk::duty {

struct Part {
    std::size_t duty = 0;                // row in the table of duties
    std::vector<graph::NodeNo> subject;  // of each pair; empty: anybody
    std::vector<graph::NodeNo> object;   // empty: nothing
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

    std::vector<Status> status;
    std::vector<Date> done_on;
    std::vector<float> count;       // empty where one record is needed
    std::vector<std::uint32_t> of;  // of shares: objects (or records) of each cell; else empty
    double share = 0;               // of shares of objects that are to be reached
    std::vector<double> limit;      // of what is compared: what each cell is compared with
    std::vector<bool> unknown_day;  // by period: working days are not known
    std::vector<Reason> why;        // of each cell; empty where the period says it
    std::vector<bool> runs_out;     // of what must always be there: to be done again by its due day

    std::size_t cells() const { return status.size(); }
    std::size_t pair_of(std::size_t cell) const;
    Cell cell(std::size_t cell) const;
};

/// How many of `of` objects are the share of them that is owed.
std::uint32_t needed_of(double share, std::uint32_t of);

}  // namespace safetyrisk::duty
