#include "duty/due_index.hpp"

#include <algorithm>
#include <tuple>

namespace safetyrisk::duty {
namespace {

bool open(const Part& part, std::size_t cell) {
    const Status status = part.status[cell];
    return status == Status::due || status == Status::not_due ||
           (status == Status::done && !part.runs_out.empty() && part.runs_out[cell]);
}

}  // namespace

DueIndex::DueIndex(const std::vector<std::shared_ptr<const Part>>& parts, Date as_of) {
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const Part& part = *parts[p];
        if (part.own) {
            std::vector<std::uint32_t> mine;
            for (std::size_t i = 0; i < part.cells(); ++i)
                if (open(part, i)) mine.push_back(static_cast<std::uint32_t>(i));
            const auto due = [&](std::uint32_t i) {
                return std::pair(part.own_periods[i].due,
                                 part.unknown_due.empty() || !part.unknown_due[i]);
            };
            std::stable_sort(mine.begin(), mine.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return due(a) < due(b); });
            for (std::size_t i = 0; i < mine.size();) {
                std::size_t end = i;
                while (end < mine.size() && due(mine[end]) == due(mine[i]))
                    ++end;
                const auto [day, known] = due(mine[i]);
                slices_.push_back(
                    {day, known, part.duty, p, cells_.size() + i, cells_.size() + end});
                i = end;
            }
            cells_.insert(cells_.end(), mine.begin(), mine.end());
            continue;
        }
        const std::size_t n = part.periods.size();
        for (std::size_t k = 0; k < n; ++k) {
            if (part.last[k] < as_of) continue;  // nothing of it is open any more
            const std::size_t begin = cells_.size();
            for (std::size_t i = k; i < part.cells(); i += n)
                if (open(part, i)) cells_.push_back(static_cast<std::uint32_t>(i));
            if (cells_.size() != begin)
                slices_.push_back({part.periods[k].due, true, part.duty, p, begin, cells_.size()});
        }
    }
    std::sort(slices_.begin(), slices_.end(), [](const Slice& a, const Slice& b) {
        return std::tuple(a.due, a.duty, a.part, a.due_known) <
               std::tuple(b.due, b.duty, b.part, b.due_known);
    });
}

std::vector<DueIndex::Day> DueIndex::days(Date from, Date to) const {
    const auto first = std::partition_point(slices_.begin(), slices_.end(),
                                            [&](const Slice& s) { return s.due < from; });
    std::vector<Day> out;
    for (auto s = first; s != slices_.end() && s->due <= to; ++s)
        out.push_back({s->part, s->due, s->due_known,
                       std::span(cells_).subspan(s->begin, s->end - s->begin)});
    return out;
}

}  // namespace safetyrisk::duty
