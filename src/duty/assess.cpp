// Duties against records: who owes what when, and how it stands.
#include <safetyrisk/duty/assess.hpp>

#include <safetyrisk/core/error.hpp>

#include "duty/done.hpp"
#include "duty/obligations.hpp"
#include "duty/parts.hpp"
#include "graph/selector.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <set>

namespace safetyrisk::duty {
namespace {

using graph::NodeNo;
using graph::none;
using graph::Selector;
using graph::View;

// A node, and on which of the days asked it is meant: bit k for the k-th.
struct Member {
    NodeNo node;
    std::uint64_t days;
};

struct Members {
    std::vector<Member> known;    // in node order
    std::vector<Member> unknown;  // those of whom a value is missing
};

struct Pair {
    NodeNo subject, object;
    std::uint64_t days;
};

Date first_of_year(Date day) {
    return Date::of(static_cast<int>(day.civil().year()), 1, 1);
}

constexpr std::size_t most_days = 64;
constexpr std::size_t most_cells = 2'000'000'000;

}  // namespace

std::uint32_t needed_of(double share, std::uint32_t of) {
    // 0.9 of 10 is 9 although 0.9 is not exact in binary.
    return static_cast<std::uint32_t>(std::ceil(share * of - 1e-9));
}

class Assessor {
public:
    Assessor(const graph::ResponsibilityGraph& graph, const Table& duties, const Table& records,
             const AssessOptions& options)
        : graph_(graph), store_(graph.store()), options_(options) {
        out_.graph_ = graph;
        out_.duties_ = duties;
        out_.as_of_ = graph.day(options.as_of);
        as_of_ = out_.as_of_;
        from_ = options.from.value_or(first_of_year(as_of_));
        out_.from_ = from_;
        until_ = options.until.value_or(as_of_);
        if (until_ < from_)
            throw InputError("assess: the days end on " + until_.text() +
                             ", before they begin on " + from_.text());
        calendar_ = options.calendar != nullptr ? options.calendar : WorkCalendar::usual();
        beside_ = options.work;
        beside_.progress = nullptr;
        obligations_ = read_obligations(graph, duties, out_.issues_);
        out_.duties_in_ = duties.rows();
        out_.duties_used_ = obligations_.size();
        done_.emplace(graph, records, as_of_, out_.issues_, beside_);
        out_.records_in_ = records.rows();
        out_.records_used_ = done_->used();
        report_actions(records);
        find_days();
    }

    Compliance run() && {
        std::size_t count = 0;
        for (const Obligation& duty : obligations_) {
            if (options_.work.interrupted && options_.work.interrupted()) throw Interrupted();
            assess(duty);
            if (options_.work.progress) options_.work.progress(++count, obligations_.size());
        }
        for (const auto& part : out_.parts_) {
            out_.starts_.push_back(out_.size_);
            out_.size_ += part->cells();
            std::array<std::size_t, 7> counts{};
            for (const Status status : part->status)
                ++counts[static_cast<std::size_t>(status)];
            for (std::size_t s = 0; s < counts.size(); ++s)
                out_.counts_[s] += counts[s];
        }
        return std::move(out_);
    }

private:
    // Actions that are recorded and that no duty asks for, and records older than every duty.
    void report_actions(const Table& records) {
        std::map<std::string, std::optional<Date>> begins;
        for (const Obligation& duty : obligations_) {
            const auto [it, fresh] = begins.emplace(duty.action, duty.from);
            if (!fresh)
                it->second = it->second && duty.from ? std::min(it->second, duty.from)
                                                     : std::optional<Date>();
        }
        for (const auto& [action, number] : done_->actions()) {
            const auto found = begins.find(action);
            if (found == begins.end())
                out_.issues_.add("duty.action_not_owed", records.origin(), -1, "action", action);
            else if (found->second && done_->earliest(action) < *found->second)
                out_.issues_.add("duty.record_before_duty", records.origin(), -1, "date",
                                 done_->earliest(action).text(), {action, found->second->text()});
        }
    }

    // Who is meant is asked at the end of each month and on as_of, unless nothing is dated.
    void find_days() {
        if (!store_.node_from.empty() || !store_.edge_from.empty())
            for (const Period& month :
                 calendar_periods(Duration{1, 0}, from_, std::max(from_, as_of_), Partial::owe))
                if (month.due < as_of_) days_.push_back(month.due);
        if (days_.size() >= most_days)
            days_.erase(days_.begin(), days_.end() - static_cast<std::ptrdiff_t>(most_days - 1));
        days_.push_back(as_of_);
        for (const Date day : days_)
            views_.emplace_back(store_, day);
    }

    // The day on which a period's membership is asked: the last that is not after its end.
    std::uint64_t day_bit(Date due) const {
        std::size_t k = days_.size();
        while (k > 1 && days_[k - 1] > std::min(due, as_of_))
            --k;
        return std::uint64_t{1} << (k - 1);
    }

    // ── who ──

    std::vector<Member> select(const Selector& selector) const {
        std::map<NodeNo, std::uint64_t> found;
        std::vector<Member> members;
        for (std::size_t k = 0; k < views_.size(); ++k) {
            const std::vector<NodeNo> nodes = graph::select(views_[k], selector);
            if (views_.size() == 1) {
                members.reserve(nodes.size());
                for (const NodeNo v : nodes)
                    members.push_back({v, 1});
                return members;
            }
            merge(members, nodes, std::uint64_t{1} << k);
        }
        return members;
    }

    static void merge(std::vector<Member>& members, const std::vector<NodeNo>& nodes,
                      std::uint64_t bit) {
        std::vector<Member> merged;
        merged.reserve(std::max(members.size(), nodes.size()));
        auto m = members.begin();
        for (const NodeNo v : nodes) {
            while (m != members.end() && m->node < v)
                merged.push_back(*m++);
            const bool both = m != members.end() && m->node == v;
            merged.push_back({v, bit | (both ? m->days : 0)});
            if (both) ++m;
        }
        merged.insert(merged.end(), m, members.end());
        members = std::move(merged);
    }

    // Conditions on attributes that a node may lack.
    static std::vector<std::size_t> doubtful(const graph::SelectorPart& part) {
        std::vector<std::size_t> conditions;
        for (std::size_t c = 0; c < part.where.size(); ++c) {
            const graph::Condition& condition = part.where[c];
            const bool own = condition.column == "id" || condition.column == "name" ||
                             condition.column == "post_kind" || condition.column == "unit" ||
                             condition.column == "division" || condition.column == "level";
            const bool asks_null = std::any_of(
                condition.operands.begin(), condition.operands.end(),
                [](const auto& o) { return o.type == graph::Condition::Operand::Type::null; });
            if (!own && !asks_null) conditions.push_back(c);
        }
        return conditions;
    }

    static graph::SelectorPart without(graph::SelectorPart part,
                                       const std::vector<std::size_t>& conditions,
                                       std::uint32_t missing) {
        for (std::size_t i = 0; i < conditions.size(); ++i)
            if (((missing >> i) & 1U) != 0) {
                graph::Condition& condition = part.where[conditions[i]];
                condition.op = graph::Condition::Op::equal;
                condition.operands.assign(1, {});
            }
        return part;
    }

    // Nodes of which one cannot tell, because a value that the selector asks for is missing.
    std::vector<Member> undecided(const Selector& selector) const {
        std::vector<Member> found;
        const auto add = [&](const std::vector<Member>& more) {
            std::vector<Member> all;
            std::merge(found.begin(), found.end(), more.begin(), more.end(),
                       std::back_inserter(all),
                       [](const Member& a, const Member& b) { return a.node < b.node; });
            found.clear();
            for (const Member& m : all) {
                if (!found.empty() && found.back().node == m.node)
                    found.back().days |= m.days;
                else
                    found.push_back(m);
            }
        };
        for (std::size_t p = 0; p < selector.parts.size(); ++p) {
            std::vector<std::size_t> conditions = doubtful(selector.parts[p]);
            if (conditions.size() > 4) conditions.resize(4);
            for (std::uint32_t missing = 1; missing < (1U << conditions.size()); ++missing) {
                Selector variant = selector;
                variant.parts[p] = without(selector.parts[p], conditions, missing);
                if (p == 0) {
                    add(select(variant));
                    continue;
                }
                // An exception of which one cannot tell: what the parts before it mean, and it.
                Selector before;
                before.parts.assign(selector.parts.begin(),
                                    selector.parts.begin() + static_cast<std::ptrdiff_t>(p));
                Selector exception;
                exception.parts.assign(1, variant.parts[p]);
                add(meet(select(before), select(exception)));
            }
        }
        return found;
    }

    static std::vector<Member> meet(const std::vector<Member>& a, const std::vector<Member>& b) {
        std::vector<Member> both;
        auto j = b.begin();
        for (const Member& m : a) {
            while (j != b.end() && j->node < m.node)
                ++j;
            if (j != b.end() && j->node == m.node && (m.days & j->days) != 0)
                both.push_back({m.node, m.days & j->days});
        }
        return both;
    }

    static std::vector<Member> minus(const std::vector<Member>& a, const std::vector<Member>& b) {
        std::vector<Member> rest;
        auto j = b.begin();
        for (const Member& m : a) {
            while (j != b.end() && j->node < m.node)
                ++j;
            const std::uint64_t days =
                j != b.end() && j->node == m.node ? m.days & ~j->days : m.days;
            if (days != 0) rest.push_back({m.node, days});
        }
        return rest;
    }

    std::uint64_t all_days() const {
        return views_.size() == most_days ? ~std::uint64_t{0}
                                          : (std::uint64_t{1} << views_.size()) - 1;
    }

    Members members(const Who& who) const {
        Members out;
        if (who.node != none) {
            out.known.push_back({who.node, all_days()});
        } else if (who.selector) {
            out.unknown = undecided(*who.selector);
            out.known = minus(select(*who.selector), out.unknown);
        }
        return out;
    }

    // ── pairs ──

    // Subjects with what hangs on them, in the order of subjects and objects.
    std::vector<Pair> pairs(const Obligation& duty, const std::vector<Member>& subjects,
                            const std::vector<Member>& objects) const {
        std::vector<Pair> out;
        if (duty.subject.empty()) {
            for (const Member& o : objects)
                out.push_back({none, o.node, o.days});
            return out;
        }
        if (duty.object.empty() || duty.ratio) {
            out.reserve(subjects.size());
            for (const Member& s : subjects)
                out.push_back({s.node, none, s.days});
            return out;
        }
        if (duty.link == graph::no_kind) {
            if (!subjects.empty() && objects.size() > most_cells / subjects.size())
                throw InputError("duty " + id_of(duty) + ": " + std::to_string(subjects.size()) +
                                 " subjects with " + std::to_string(objects.size()) +
                                 " objects each are too many");
            for (const Member& s : subjects)
                for (const Member& o : objects)
                    if ((s.days & o.days) != 0) out.push_back({s.node, o.node, s.days & o.days});
            return out;
        }
        for (const Member& s : subjects)
            for (const Member& o : linked(duty, s, objects))
                out.push_back({s.node, o.node, o.days});
        return out;
    }

    // Objects that a subject is linked with.
    std::vector<Member> linked(const Obligation& duty, const Member& subject,
                               const std::vector<Member>& objects) const {
        std::vector<Member> out;
        for (std::size_t k = 0; k < views_.size(); ++k) {
            const std::uint64_t bit = std::uint64_t{1} << k;
            if ((subject.days & bit) == 0) continue;
            std::vector<NodeNo> ends;
            if (duty.link_to_subject)
                views_[k].in(subject.node, duty.link,
                             [&](graph::EdgeNo e) { ends.push_back(views_[k].source(e)); });
            else
                views_[k].out(subject.node, duty.link,
                              [&](graph::EdgeNo e) { ends.push_back(views_[k].target(e)); });
            std::sort(ends.begin(), ends.end());
            ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
            std::vector<NodeNo> meant;
            for (const NodeNo v : ends) {
                const auto at =
                    std::lower_bound(objects.begin(), objects.end(), v,
                                     [](const Member& m, NodeNo node) { return m.node < node; });
                if (at != objects.end() && at->node == v && (at->days & bit) != 0)
                    meant.push_back(v);
            }
            merge(out, meant, bit);
        }
        return out;
    }

    std::string id_of(const Obligation& duty) const {
        return out_.duties_.at("id").print(duty.row);
    }

    // ── when ──

    // Periods of a cadence that are looked at.
    std::vector<Period> periods(const Obligation& duty, const Duration& cadence) const {
        const int years = cadence.months / 12 + cadence.days / 365 + 1;
        const auto year_of = [](Date day) { return static_cast<int>(day.civil().year()); };
        Date begin = from_;
        if (duty.from)
            begin = *duty.from;
        else if (follows_calendar(cadence))
            begin = Date::of(std::max(1, year_of(from_) - years), 1, 1);
        Date end = Date::of(std::min(9998, year_of(std::max(until_, begin)) + years), 12, 31);
        if (duty.to) end = *duty.to;
        std::vector<Period> kept;
        if (end < begin) return kept;
        for (const Period& period : calendar_periods(cadence, begin, end, duty.partial))
            if (period.due >= from_ && period.start <= until_) kept.push_back(period);
        return kept;
    }

    std::vector<Period> deadline_periods(const Obligation& duty) const {
        std::vector<Period> out;
        const auto keep = [&](Date start, Date due) {
            if (start <= until_) out.push_back({std::min(start, due), due});
        };
        if (duty.deadline) {
            // What was to be done last year and was not is still overdue.
            if (!options_.from || *duty.deadline >= from_)
                keep(duty.from.value_or(first_of_year(*duty.deadline)), *duty.deadline);
            return out;
        }
        for (int year = static_cast<int>(from_.civil().year());
             year <= static_cast<int>(until_.civil().year()); ++year) {
            const auto [month, day] = *duty.yearly;
            const bool leap = std::chrono::year(year).is_leap();
            const Date due = Date::of(year, month, month == 2 && day == 29 && !leap ? 28 : day);
            if (due < from_ || (duty.from && due < *duty.from) || (duty.to && due > *duty.to))
                continue;
            const Date start = Date::of(year, 1, 1);
            keep(duty.from ? std::max(start, *duty.from) : start, due);
        }
        return out;
    }

    // The last day in time; nothing where working days are unknown.
    std::optional<Date> last_day(const Obligation& duty, Date due) const {
        if (duty.tolerance == 0) return due;
        if (duty.working_days) return calendar_->add(due, duty.tolerance);
        return due + static_cast<std::int32_t>(duty.tolerance);
    }

    // ── how it stands ──

    void assess(const Obligation& duty) {
        Members subjects = members(duty.subject);
        const Members objects = members(duty.object);
        if (!duty.cadence && duty.overrides.empty()) {
            add_parts(duty, subjects, objects, std::nullopt);
            return;
        }
        // Each cadence has its own subjects: the first override that matches gives it.
        Members rest = std::move(subjects);
        for (const auto& [selector, cadence] : duty.overrides) {
            const std::vector<Member> doubt = meet(rest.known, undecided(selector));
            const std::vector<Member> hits = minus(meet(rest.known, select(selector)), doubt);
            add_parts(duty, {hits, {}}, objects, cadence);
            rest.known = minus(minus(rest.known, hits), doubt);
            std::vector<Member> unknown;
            std::merge(rest.unknown.begin(), rest.unknown.end(), doubt.begin(), doubt.end(),
                       std::back_inserter(unknown),
                       [](const Member& a, const Member& b) { return a.node < b.node; });
            rest.unknown = std::move(unknown);
        }
        if (!duty.cadence) {  // owed only by those whom an override names
            rest.known.clear();
            add_parts(duty, rest, objects, duty.overrides.front().second);
            return;
        }
        add_parts(duty, rest, objects, duty.cadence);
    }

    void add_parts(const Obligation& duty, const Members& subjects, const Members& objects,
                   const std::optional<Duration>& cadence) {
        // A share of objects of which some are not known to be meant is not known either.
        add_part(duty, pairs(duty, subjects.known, objects.known), objects.known, cadence,
                 duty.ratio && !objects.unknown.empty() ? Reason::attribute_missing : Reason::none);
        std::vector<Pair> unknown;
        if (!duty.subject.empty()) unknown = pairs(duty, subjects.unknown, objects.known);
        if (!duty.ratio && !duty.object.empty()) {
            const std::vector<Pair> more = pairs(duty, subjects.known, objects.unknown);
            unknown.insert(unknown.end(), more.begin(), more.end());
        }
        std::sort(unknown.begin(), unknown.end(), [](const Pair& a, const Pair& b) {
            return std::pair(a.subject, a.object) < std::pair(b.subject, b.object);
        });
        add_part(duty, unknown, objects.known, cadence, Reason::attribute_missing);
    }

    void add_part(const Obligation& duty, const std::vector<Pair>& pairs,
                  const std::vector<Member>& objects, const std::optional<Duration>& cadence,
                  Reason reason) {
        if (pairs.empty()) return;
        auto part = std::make_shared<Part>();
        part->duty = duty.row;
        part->pairs = pairs.size();
        part->needed = duty.target;
        const bool recorded = done_->knows(duty.action) ||
                              std::any_of(options_.recorded.begin(), options_.recorded.end(),
                                          [&](const std::string& action) {
                                              return action == "*" || action == duty.action;
                                          });
        part->reason = reason != Reason::none ? reason
                       : recorded             ? Reason::none
                                              : Reason::no_records;
        if (!duty.subject.empty()) {
            part->subject.reserve(pairs.size());
            for (const Pair& pair : pairs)
                part->subject.push_back(pair.subject);
        }
        if (!duty.object.empty() && !duty.ratio) {
            part->object.reserve(pairs.size());
            for (const Pair& pair : pairs)
                part->object.push_back(pair.object);
        }
        if (cadence && duty.rolling) {
            settle_rolling(*part, duty, *cadence, pairs);
        } else {
            part->periods = cadence ? periods(duty, *cadence) : deadline_periods(duty);
            if (part->periods.empty()) return;
            if (part->pairs > most_cells / part->periods.size())
                throw InputError("duty " + id_of(duty) + ": more than 2 000 000 000 cells");
            for (const Period& period : part->periods) {
                const std::optional<Date> last = last_day(duty, period.due);
                part->last.push_back(last.value_or(period.due));
                part->unknown_day.push_back(!last);
            }
            settle_periods(*part, duty, pairs, objects);
        }
        if (part->cells() != 0) out_.parts_.push_back(std::move(part));
    }

    // The doings that may serve a duty, made once for each action and side.
    const Doings& doings(const Obligation& duty) {
        const bool by_subject = !duty.subject.empty();
        const bool others = by_subject && !duty.object.empty();
        const auto key = std::tuple(duty.action, by_subject, others, duty.amount);
        auto it = doings_.find(key);
        if (it == doings_.end())
            it =
                doings_.emplace(key, done_->by(duty.action, by_subject, others, duty.amount)).first;
        return it->second;
    }

    // Days of the records that may serve a pair, and their amounts.
    static std::pair<std::span<const Date>, std::span<const double>> records_of(
        const Doings& doings, const Pair& pair) {
        const NodeNo node = pair.subject != none ? pair.subject : pair.object;
        auto [begin, end] = doings.of(node);
        if (pair.subject != none && pair.object != none) {
            const auto first = doings.others.begin();
            const auto range = std::equal_range(first + begin, first + end, pair.object);
            begin = static_cast<std::uint32_t>(range.first - first);
            end = static_cast<std::uint32_t>(range.second - first);
        }
        const std::span<const Date> days(doings.days.data() + begin, end - begin);
        if (doings.amounts.empty()) return {days, {}};
        return {days, std::span<const double>(doings.amounts.data() + begin, end - begin)};
    }

    std::pair<std::int32_t, std::int32_t> validity(const Pair& pair) const {
        std::int32_t low = graph::always_from;
        std::int32_t high = graph::always_to;
        for (const NodeNo v : {pair.subject, pair.object}) {
            if (v == none || store_.node_from.empty()) continue;
            low = std::max(low, store_.node_from[v]);
            high = std::min(high, store_.node_to[v]);
        }
        return {low, high};
    }

    void settle_periods(Part& part, const Obligation& duty, const std::vector<Pair>& pairs,
                        const std::vector<Member>& objects) {
        const std::size_t n = part.periods.size();
        part.status.assign(part.pairs * n, Status::not_applicable);
        part.done_on.assign(part.pairs * n, Date());
        if (duty.ratio) {
            part.share = duty.target;
            part.of.assign(part.pairs * n, 0);
        }
        if (duty.ratio || duty.target != 1) part.count.assign(part.pairs * n, 0.0F);
        std::vector<Owed> whole;
        std::vector<std::uint64_t> bits;
        for (std::size_t k = 0; k < n; ++k) {
            whole.push_back({part.periods[k].start, part.last[k], duty.target});
            bits.push_back(day_bit(part.periods[k].due));
        }
        const Doings& doings = this->doings(duty);
        for_blocks(part.pairs, beside_, [&](std::size_t begin, std::size_t end) {
            std::vector<Owed> owed;
            std::vector<std::size_t> place;
            std::vector<Standing> standing(n);
            for (std::size_t p = begin; p < end; ++p) {
                const Pair& pair = pairs[p];
                const auto [low, high] = validity(pair);
                owed.clear();
                place.clear();
                for (std::size_t k = 0; k < n; ++k) {
                    if ((pair.days & bits[k]) == 0) continue;
                    Owed one = whole[k];
                    const std::int32_t start = part.periods[k].start.days_since_1970();
                    const std::int32_t due = part.periods[k].due.days_since_1970();
                    if (start < low || due > high) {
                        if (duty.partial == Partial::skip &&
                            cut_is_not_owed(duty, start, due, low, high))
                            continue;
                        if (due < low || start > high) continue;
                        one.start = Date(std::max(start, low));
                        one.last = Date(std::min(one.last.days_since_1970(),
                                                 std::max(high, one.start.days_since_1970())));
                    }
                    owed.push_back(one);
                    place.push_back(k);
                }
                if (duty.ratio) {
                    settle_ratio(part, duty, pair, owed, place, p, doings, objects);
                    continue;
                }
                const auto [days, amounts] = records_of(doings, pair);
                // Records before anything was owed serve nothing: the kernel sees that itself.
                settle(owed, days, amounts, as_of_, std::span(standing).first(owed.size()));
                for (std::size_t i = 0; i < owed.size(); ++i) {
                    const std::size_t cell = p * n + place[i];
                    part.status[cell] = told(part, place[i], standing[i].status);
                    part.done_on[cell] = standing[i].done_on;
                    if (!part.count.empty())
                        part.count[cell] = static_cast<float>(standing[i].count);
                }
            }
        });
    }

    // A deadline is owed by whoever is there on it; of periods the whole must be.
    static bool cut_is_not_owed(const Obligation& duty, std::int32_t start, std::int32_t due,
                                std::int32_t low, std::int32_t high) {
        if (duty.deadline || duty.yearly) return due < low || due > high;
        return start < low || due > high;
    }

    // A status as far as it can be told.
    Status told(const Part& part, std::size_t period, Status status) const {
        if (status == Status::not_due || status == Status::not_applicable) return status;
        if (part.reason != Reason::none) return Status::not_assessable;
        if (part.unknown_day[period] && status != Status::done && as_of_ > part.last[period])
            return Status::not_assessable;
        return status;
    }

    void settle_ratio(Part& part, const Obligation& duty, const Pair& pair,
                      const std::vector<Owed>& owed, const std::vector<std::size_t>& place,
                      std::size_t p, const Doings& doings, const std::vector<Member>& objects) {
        const std::size_t n = part.periods.size();
        const std::vector<Member> mine = duty.link == graph::no_kind
                                             ? objects
                                             : linked(duty, {pair.subject, pair.days}, objects);
        const auto [begin, end] = doings.of(pair.subject);
        for (std::size_t i = 0; i < owed.size(); ++i) {
            const std::size_t cell = p * n + place[i];
            const std::uint64_t bit = day_bit(part.periods[place[i]].due);
            // First day of each object from the period's start on; records lie by object and day.
            std::vector<Date> reached;
            std::uint32_t of = 0;
            auto at = begin;
            for (const Member& object : mine) {
                if ((object.days & bit) == 0) continue;
                ++of;
                while (at < end && doings.others[at] < object.node)
                    ++at;
                auto r = at;
                while (r < end && doings.others[r] == object.node && doings.days[r] < owed[i].start)
                    ++r;
                if (r < end && doings.others[r] == object.node && doings.days[r] <= as_of_)
                    reached.push_back(doings.days[r]);
            }
            std::sort(reached.begin(), reached.end());
            part.of[cell] = of;
            if (of == 0) continue;  // nothing to be done to: not applicable
            const std::uint32_t needed = needed_of(duty.target, of);
            part.count[cell] = static_cast<float>(
                std::upper_bound(reached.begin(), reached.end(), owed[i].last) - reached.begin());
            Status status = as_of_ < owed[i].start   ? Status::not_due
                            : as_of_ <= owed[i].last ? Status::due
                                                     : Status::overdue;
            if (reached.size() >= needed) {
                part.done_on[cell] = reached[needed - 1];
                status = part.done_on[cell] <= owed[i].last ? Status::done : Status::done_late;
                if (status == Status::done_late) part.count[cell] = static_cast<float>(needed);
            }
            part.status[cell] = told(part, place[i], status);
        }
    }

    void settle_rolling(Part& part, const Obligation& duty, const Duration& cadence,
                        const std::vector<Pair>& pairs) {
        part.own = true;
        const Doings& doings = this->doings(duty);
        for (const Pair& pair : pairs) {
            const auto [low, high] = validity(pair);
            Date start = duty.from.value_or(from_);
            if (low != graph::always_from) start = std::max(start, Date(low));
            const auto emit = [&](Date due, std::optional<Date> done) {
                if (due.days_since_1970() > high || (duty.to && due > *duty.to)) return false;
                const std::optional<Date> last = last_day(duty, due);
                const Date in_time = last.value_or(due);
                if (due >= from_ || !done) {
                    Status status = done ? (*done <= in_time ? Status::done : Status::done_late)
                                    : as_of_ < start    ? Status::not_due
                                    : as_of_ <= in_time ? Status::due
                                                        : Status::overdue;
                    if (part.reason != Reason::none && status != Status::not_due)
                        status = Status::not_assessable;
                    if (!last && status != Status::done && as_of_ > in_time)
                        status = Status::not_assessable;
                    part.own_periods.push_back({start, due});
                    part.own_last.push_back(in_time);
                    part.unknown_day.push_back(!last);
                    part.status.push_back(status);
                    part.done_on.push_back(done.value_or(Date()));
                }
                return true;
            };
            bool more = start <= until_;
            for (const Date day : records_of(doings, pair).first) {
                if (!more || day > as_of_) break;
                if (day < start) continue;
                more = emit(add(start, cadence), day);
                start = day;
            }
            if (more) emit(add(start, cadence), std::nullopt);
            part.own_ends.push_back(part.status.size());
        }
    }

    const graph::ResponsibilityGraph& graph_;
    const graph::Store& store_;
    const AssessOptions& options_;
    Work beside_;
    Compliance out_;
    Date as_of_, from_, until_;
    std::shared_ptr<const WorkCalendar> calendar_;
    std::vector<Obligation> obligations_;
    std::optional<Done> done_;
    std::vector<Date> days_;
    std::vector<View> views_;
    std::map<std::tuple<std::string, bool, bool, bool>, Doings> doings_;
};

Compliance assess(const graph::ResponsibilityGraph& graph, const Table& duties,
                  const Table& records, const AssessOptions& options) {
    return Assessor(graph, duties, records, options).run();
}

}  // namespace safetyrisk::duty
