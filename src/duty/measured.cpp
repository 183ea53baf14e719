#include "duty/measured.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace safetyrisk::duty {
namespace {

// Sums of counts are exact; the multiples they are compared with are decimal fractions, so that
// 0.9 of 10 must be 9.
bool holds(Obligation::Op op, double done, double needed) {
    const double slack = 1e-9 * std::max(1.0, std::abs(needed));
    switch (op) {
        case Obligation::Op::at_least:
            return done >= needed - slack;
        case Obligation::Op::at_most:
            return done <= needed + slack;
        case Obligation::Op::below:
            return done < needed - slack;
    }
    return false;
}

struct Group {
    double done = 0, of = 0;
    std::size_t members = 0;
    std::vector<double> values;  // descending
};

}  // namespace

std::vector<Judged> judge(const Obligation& duty, std::span<const Measured> all) {
    std::map<graph::NodeNo, Group> groups;
    if (duty.measure == Measure::rank) {
        for (const Measured& one : all) {
            if (!one.owed || one.of == 0) continue;
            Group& group = groups[one.group];
            group.done += one.done;
            group.of += one.of;
            ++group.members;
            if (duty.by_place) group.values.push_back(one.done / one.of);
        }
        for (auto& [key, group] : groups)
            std::sort(group.values.rbegin(), group.values.rend());
    }
    std::vector<Judged> out(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Measured& one = all[i];
        Judged& judged = out[i];
        if (!one.owed) continue;
        judged.verdict = Verdict::nothing_of;
        if (one.of == 0) continue;
        judged.verdict = Verdict::nothing_to_compare;
        double compared = one.done;
        double limit = duty.target;
        if (duty.measure == Measure::rank) {
            const Group& group = groups.at(one.group);
            if (group.members < 2) continue;
            if (duty.by_place) {
                const auto above =
                    std::lower_bound(group.values.begin(), group.values.end(), one.done / one.of,
                                     [](double a, double b) { return a > b; });
                compared = static_cast<double>(above - group.values.begin()) + 1;
            } else {
                limit = duty.target * (group.done / group.of) * one.of;
            }
        } else if (duty.measure == Measure::trend) {
            if (!one.before_known || one.before_of == 0) continue;
            limit = duty.target * (one.before / one.before_of) * one.of;
        } else if (duty.measure == Measure::ratio) {
            limit = duty.target * one.of;
        }
        judged.needed = limit;
        judged.verdict = holds(duty.op, compared, limit) ? Verdict::holds : Verdict::fails;
    }
    return out;
}

}  // namespace safetyrisk::duty
