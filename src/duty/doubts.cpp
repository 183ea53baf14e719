#include "duty/doubts.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

namespace safetyrisk::duty {
namespace {

using graph::NodeNo;
using graph::none;

// The cells of one subject (and object), and what may have served them.
class Pair {
public:
    Pair(Part& part, const Obligation& duty, std::size_t begin, std::size_t end)
        : part_(part), duty_(duty), begin_(begin), end_(end) {}

    void weigh(const LeftOut& record, const std::function<bool(Date)>& still_holds) {
        const bool any_end = duty_.standing && record.holds_till_any;
        const bool lasts = duty_.standing || duty_.rolling;
        if (record.day && lasts && !any_end && !still_holds(*record.day)) return;
        if (!record.day || duty_.standing) {
            for (std::size_t i = begin_; i < end_; ++i)
                put(i, record);
            return;
        }
        const std::size_t i = served(*record.day);
        if (i < end_) put(i, record);
    }

    void settle() {
        const bool limit = duty_.op != Obligation::Op::at_least;
        for (const auto& [i, found] : found_) {
            const Cell cell = part_.cell(i);
            const double all = cell.count + found.amount;
            const bool otherwise = !limit                                ? all >= cell.needed
                                   : duty_.op == Obligation::Op::at_most ? all > cell.needed
                                                                         : all >= cell.needed;
            if (!otherwise) continue;
            part_.status[i] = Status::not_assessable;
            part_.left_out.emplace(i, found.rows);
        }
    }

private:
    struct Found {
        double amount = 0;
        std::vector<std::size_t> rows;
    };

    // Whether a further record may change how a cell stands: a limit is only ever exceeded.
    bool open(std::size_t i) const {
        return part_.status[i] ==
               (duty_.op == Obligation::Op::at_least ? Status::overdue : Status::done);
    }

    void put(std::size_t i, const LeftOut& record) {
        if (!open(i)) return;
        Found& found = found_[i];
        found.amount += duty_.amount ? record.amount : 1;
        found.rows.push_back(record.row);
    }

    // The period that becomes complete by a record of the day: of those that nothing completes by
    // then the earliest that is open in time, else the oldest that was missed. What a later record
    // completes is done by this one, and the later record is free. What is compared looks at its
    // own days alone.
    std::size_t served(Date day) const {
        std::size_t first = end_;
        Date later = day;
        for (std::size_t i = begin_; i < end_; ++i) {
            const Cell cell = part_.cell(i);
            if (cell.start > day || full(i, cell)) continue;
            const bool done = cell.status == Status::done || cell.status == Status::done_late;
            const bool by_another = done && !duty_.compares() && cell.done_on > day;
            const bool in_time = day <= cell.last;
            if (!by_another && !open(i) && cell.status != Status::due) continue;
            if (!in_time && (first != end_ || duty_.compares())) continue;
            first = i;
            later = by_another ? cell.done_on : day;
            if (in_time) break;
        }
        return later == day ? first : served(later);
    }

    // Whether what was weighed before is enough for a period.
    bool full(std::size_t i, const Cell& cell) const {
        const auto found = found_.find(i);
        return found != found_.end() && duty_.op == Obligation::Op::at_least &&
               cell.count + found->second.amount >= cell.needed;
    }

    Part& part_;
    const Obligation& duty_;
    std::size_t begin_, end_;
    std::map<std::size_t, Found> found_;
};

}  // namespace

void doubt(Part& part, const Obligation& duty, std::span<const LeftOut> left_out,
           const std::function<bool(Date)>& still_holds) {
    if (left_out.empty() || duty.by_place) return;  // a place is that of others, too
    const bool by_subject = !part.subject.empty();
    std::unordered_map<NodeNo, std::vector<const LeftOut*>> about;
    for (const LeftOut& record : left_out) {
        const NodeNo node = by_subject ? record.subject : record.object;
        if (node != none) about[node].push_back(&record);
    }
    for (std::size_t p = 0; p < part.pairs; ++p) {
        const auto found = about.find(by_subject ? part.subject[p] : part.object[p]);
        if (found == about.end()) continue;
        const std::size_t begin =
            part.own ? (p == 0 ? 0 : part.own_ends[p - 1]) : p * part.periods.size();
        const std::size_t end = part.own ? part.own_ends[p] : begin + part.periods.size();
        Pair pair(part, duty, begin, end);
        for (const LeftOut* record : found->second)
            if (!by_subject || part.object.empty() || record->object == part.object[p])
                pair.weigh(*record, still_holds);
        pair.settle();
    }
}

}  // namespace safetyrisk::duty
