// Duties against records: who owes what when, and how it stands.
#include <safetyrisk/duty/assess.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/duty/packs.hpp>

#include "duty/done.hpp"
#include "duty/doubts.hpp"
#include "duty/due_index.hpp"
#include "duty/measured.hpp"
#include "duty/obligations.hpp"
#include "duty/parts.hpp"
#include "duty/settle_once.hpp"
#include "graph/selector.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <utility>

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
    Buffer<Member> known;    // in node order
    Buffer<Member> unknown;  // those of whom a value is missing
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
        : store_(graph.store()), options_(options) {
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
        for (const std::string& action : options.recorded)
            recorded_.push_back(action_of(action));
        obligations_ = read_obligations(graph, duties, out_.issues_);
        out_.duties_in_ = duties.rows();
        out_.duties_used_ = obligations_.size();
        done_.emplace(graph, records, as_of_, begins(), out_.issues_, beside_);
        out_.records_in_ = records.rows();
        out_.records_used_ = done_->used();
        report_actions(records);
        find_days();
    }

    Compliance run() && {
        sort_doings();
        std::size_t assessed = 0;
        for (const Obligation& duty : obligations_) {
            if (options_.work.interrupted && options_.work.interrupted()) throw Interrupted();
            const std::size_t before = out_.parts_.size();
            assess(duty);
            if (out_.parts_.size() == before) report_nothing(duty);
            if (options_.work.progress) options_.work.progress(++assessed, obligations_.size());
        }
        out_.index_ = std::make_shared<LazyIndex>();
        std::vector<std::array<std::size_t, 7>> counts(out_.parts_.size());
        for_tasks(counts.size(), beside_,
                  [&](std::size_t k) { counts[k] = count(out_.parts_[k]->status); });
        for (std::size_t k = 0; k < counts.size(); ++k) {
            out_.starts_.push_back(out_.size_);
            out_.size_ += out_.parts_[k]->cells();
            for (std::size_t s = 0; s < counts[k].size(); ++s)
                out_.counts_[s] += counts[k][s];
        }
        return std::move(out_);
    }

private:
    // How many cells there are of each status.
    static std::array<std::size_t, 7> count(std::span<const Status> status) {
        std::array<std::size_t, 7> counts{};
        // As many as a byte counts: compilers then compare a vector of cells at once.
        constexpr std::size_t most = std::numeric_limits<std::uint8_t>::max();
        for (std::size_t begin = 0; begin < status.size(); begin += most) {
            const auto some = status.subspan(begin, std::min(most, status.size() - begin));
            for (std::size_t s = 0; s < counts.size(); ++s) {
                std::uint8_t mine = 0;
                for (const Status one : some)
                    mine =
                        static_cast<std::uint8_t>(mine + (one == static_cast<Status>(s) ? 1 : 0));
                counts[s] += mine;
            }
        }
        return counts;
    }

    // What triggers, or is a denominator.
    std::set<std::string> used_otherwise() const {
        std::set<std::string> used;
        for (const Obligation& duty : obligations_)
            used.insert({duty.trigger_action, duty.denominator_action});
        return used;
    }

    // The first day of the duties that ask for an action, where all have one.
    std::map<std::string, Date> begins() const {
        std::map<std::string, Date> out;
        for (const Obligation& duty : obligations_)
            if (duty.from) {
                const auto it = out.emplace(duty.action, *duty.from).first;
                it->second = std::min(it->second, *duty.from);
            }
        for (const Obligation& duty : obligations_)
            // A certificate or a preparation may be older than the duty that asks for it.
            if (!duty.from || duty.standing || duty.measure == Measure::trend ||
                duty.trigger == Trigger::before)
                out.erase(duty.action);
        for (const std::string& action : used_otherwise())
            out.erase(action);
        return out;
    }

    // Actions that are recorded and that no duty asks for.
    void report_actions(const Table& records) {
        std::set<std::string> asked = used_otherwise();
        for (const Obligation& duty : obligations_)
            asked.insert(duty.action);
        for (const auto& [action, number] : done_->actions())
            if (!asked.contains(action))
                out_.issues_.add("duty.action_not_owed", records.origin(), -1, "action", action,
                                 {action_name(action, Lang::zh)});
    }

    // A duty without a cell is not passed over in silence.
    void report_nothing(const Obligation& duty) {
        const bool waits = !duty.trigger_action.empty() && !done_->knows(duty.trigger_action);
        out_.issues_.add(waits ? "duty.no_trigger" : "duty.nobody_meant", out_.duties_.origin(),
                         static_cast<std::int64_t>(duty.row), waits ? "after" : "subject",
                         id_of(duty),
                         {duty.trigger_action, action_name(duty.trigger_action, Lang::zh)});
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

    Buffer<Member> select(const Selector& selector) const {
        std::map<NodeNo, std::uint64_t> found;
        Buffer<Member> members;
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

    static void merge(Buffer<Member>& members, const std::vector<NodeNo>& nodes,
                      std::uint64_t bit) {
        Buffer<Member> merged;
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
    Buffer<Member> undecided(const Selector& selector) const {
        Buffer<Member> found;
        const auto add = [&](const Buffer<Member>& more) {
            Buffer<Member> all;
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

    static Buffer<Member> meet(const Buffer<Member>& a, const Buffer<Member>& b) {
        Buffer<Member> both;
        auto j = b.begin();
        for (const Member& m : a) {
            while (j != b.end() && j->node < m.node)
                ++j;
            if (j != b.end() && j->node == m.node && (m.days & j->days) != 0)
                both.push_back({m.node, m.days & j->days});
        }
        return both;
    }

    static Buffer<Member> minus(const Buffer<Member>& a, const Buffer<Member>& b) {
        Buffer<Member> rest;
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

    // Rows that mean the same usually follow each other: those last asked for are kept.
    struct Asked {
        Who who;
        Members members;
    };
    const Members& members(const Who& who, std::optional<Asked>& last) const {
        if (!last || last->who != who) last = Asked{who, members(who)};
        return last->members;
    }

    // ── pairs ──

    // Subjects with what hangs on them, in the order of subjects and objects. They stay until the
    // next are asked for: memory that was written before is written faster.
    const Buffer<Pair>& pairs(const Obligation& duty, const Buffer<Member>& subjects,
                              const Buffer<Member>& objects) {
        Buffer<Pair>& out = pairs_;
        out.clear();
        if (duty.subject.empty()) {
            for (const Member& o : objects)
                out.push_back({none, o.node, o.days});
            return out;
        }
        if (duty.object.empty() || duty.pools()) {
            out.reserve(subjects.size());
            for (const Member& s : subjects)
                out.push_back({s.node, none, s.days});
            return out;
        }
        if (duty.link.edge == graph::no_kind) {
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
            for (const Member& o : linked(duty.link, s, objects))
                out.push_back({s.node, o.node, o.days});
        return out;
    }

    // Objects that a subject is linked with.
    Buffer<Member> linked(const Link& link, const Member& subject,
                          const Buffer<Member>& objects) const {
        Buffer<Member> out;
        for (std::size_t k = 0; k < views_.size(); ++k) {
            const std::uint64_t bit = std::uint64_t{1} << k;
            if ((subject.days & bit) == 0) continue;
            std::vector<NodeNo> ends;
            if (link.to_subject)
                views_[k].in(subject.node, link.edge,
                             [&](graph::EdgeNo e) { ends.push_back(views_[k].source(e)); });
            else
                views_[k].out(subject.node, link.edge,
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
            if (closes(duty, period.due) >= from_ && period.start <= until_) kept.push_back(period);
        return kept;
    }

    std::vector<Period> deadline_periods(const Obligation& duty) const {
        std::vector<Period> out;
        const auto keep = [&](Date start, Date due) {
            if (start <= until_) out.push_back({std::min(start, due), due});
        };
        if (duty.deadline) {
            // What was to be done last year and was not is still overdue.
            if (!options_.from || closes(duty, *duty.deadline) >= from_)
                keep(opens(duty, *duty.deadline), *duty.deadline);
            return out;
        }
        const int grace = static_cast<int>(duty.tolerance) / 200 + (duty.tolerance != 0 ? 1 : 0);
        for (int year = std::max(1, static_cast<int>(from_.civil().year()) - grace);
             year <= static_cast<int>(until_.civil().year()); ++year) {
            const Date due = in_year(*duty.yearly, year);
            if (closes(duty, due) < from_ || (duty.from && due < *duty.from) ||
                (duty.to && due > *duty.to))
                continue;
            keep(duty.yearly && !duty.within && duty.from ? std::max(first_of_year(due), *duty.from)
                                                          : opens(duty, due),
                 due);
        }
        return out;
    }

    // From when on what is done counts for a deadline.
    static Date opens(const Obligation& duty, Date due) {
        Date start = duty.from.value_or(first_of_year(due));
        if (duty.within) {
            start = add(due + 1, *duty.within, -1);  // 30 June has six whole months before it
            if (duty.from) start = std::max(start, *duty.from);
        }
        return start;
    }

    // The last day in time; nothing where working days are unknown.
    std::optional<Date> last_day(const Obligation& duty, Date due) const {
        if (duty.tolerance == 0) return due;
        if (duty.working_days) return calendar_->add(due, duty.tolerance);
        return due + static_cast<std::int32_t>(duty.tolerance);
    }

    // The same, or the due day: a period that is open in the time asked belongs to it.
    Date closes(const Obligation& duty, Date due) const {
        return last_day(duty, due).value_or(due);
    }

    // ── how it stands ──

    void assess(const Obligation& duty) {
        const Members& subjects = members(duty.subject, last_subjects_);
        const Members& objects = members(duty.object, last_objects_);
        base_ = duty.denominator.empty() ? Members{} : members(duty.denominator);
        if (duty.overrides.empty()) {
            add_parts(duty, subjects, objects, duty.cadence);
            return;
        }
        // Each cadence has its own subjects (objects where anybody may do it): the first override
        // that matches gives it.
        const bool anybody = duty.subject.empty();
        const auto add = [&](const Members& those, const std::optional<Duration>& cadence) {
            add_parts(duty, anybody ? subjects : those, anybody ? those : objects, cadence);
        };
        Members rest = anybody ? objects : subjects;
        for (const auto& [selector, cadence] : duty.overrides) {
            const Buffer<Member> doubt = meet(rest.known, undecided(selector));
            const Buffer<Member> hits = minus(meet(rest.known, select(selector)), doubt);
            add({hits, {}}, cadence);
            rest.known = minus(minus(rest.known, hits), doubt);
            Buffer<Member> unknown;
            std::merge(rest.unknown.begin(), rest.unknown.end(), doubt.begin(), doubt.end(),
                       std::back_inserter(unknown),
                       [](const Member& a, const Member& b) { return a.node < b.node; });
            rest.unknown = std::move(unknown);
        }
        if (!duty.cadence) {  // owed only by those whom an override names
            rest.known.clear();
            add(rest, duty.overrides.front().second);
            return;
        }
        add(rest, duty.cadence);
    }

    void add_parts(const Obligation& duty, const Members& subjects, const Members& objects,
                   const std::optional<Duration>& cadence) {
        // A share of objects of which some are not known to be meant is not known either.
        const bool doubtful = !objects.unknown.empty() || !base_.unknown.empty();
        add_part(duty, pairs(duty, subjects.known, objects.known), objects.known, cadence,
                 duty.pools() && doubtful ? Reason::attribute_missing : Reason::none);
        Buffer<Pair> unknown;
        if (!duty.subject.empty()) unknown = pairs(duty, subjects.unknown, objects.known);
        if (!duty.pools() && !duty.object.empty()) {
            const Buffer<Pair>& more = pairs(duty, subjects.known, objects.unknown);
            unknown.insert(unknown.end(), more.begin(), more.end());
        }
        std::sort(unknown.begin(), unknown.end(), [](const Pair& a, const Pair& b) {
            return std::pair(a.subject, a.object) < std::pair(b.subject, b.object);
        });
        add_part(duty, unknown, objects.known, cadence, Reason::attribute_missing);
    }

    void add_part(const Obligation& duty, const Buffer<Pair>& pairs, const Buffer<Member>& objects,
                  const std::optional<Duration>& cadence, Reason reason) {
        if (pairs.empty()) return;
        auto part = std::make_shared<Part>();
        part->duty = duty.row;
        part->pairs = pairs.size();
        part->needed = duty.target;
        const bool recorded =
            is_recorded(duty.action) &&
            (duty.denominator_action.empty() || is_recorded(duty.denominator_action)) &&
            (duty.trigger_action.empty() || is_recorded(duty.trigger_action));
        part->reason = reason != Reason::none ? reason
                       : recorded             ? Reason::none
                                              : Reason::no_records;
        const auto keep = [&](Buffer<NodeNo>& side, NodeNo Pair::* node) {
            side.resize(pairs.size());
            for_blocks(pairs.size(), beside_, [&](std::size_t begin, std::size_t end) {
                for (std::size_t p = begin; p < end; ++p)
                    side[p] = pairs[p].*node;
            });
        };
        if (!duty.subject.empty()) keep(part->subject, &Pair::subject);
        if (!duty.object.empty() && (!duty.pools() || duty.subject.empty()))
            keep(part->object, &Pair::object);
        if (cadence && duty.rolling) {
            settle_rolling(*part, duty, *cadence, pairs);
        } else if (duty.standing) {
            settle_standing(*part, duty, cadence, pairs);
        } else if (duty.trigger != Trigger::none) {
            settle_triggered(*part, duty, pairs);
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
            if (duty.compares())
                settle_compared(*part, duty, pairs, objects, cadence.value_or(Duration{12, 0}));
            else
                settle_periods(*part, duty, pairs, objects);
        }
        doubt(*part, duty, done_->left_out(duty.action),
              [&](Date day) { return !cadence || as_of_ <= closes(duty, add(day, *cadence)); });
        if (part->cells() != 0) out_.parts_.push_back(std::move(part));
    }

    // Whether no record of an action means that it was not done.
    bool is_recorded(const std::string& action) const {
        const auto& declared = recorded_;
        return done_->knows(action) ||
               std::find(declared.begin(), declared.end(), "*") != declared.end() ||
               std::find(declared.begin(), declared.end(), action) != declared.end();
    }

    // Action; whether by its subjects; whether the other side and amounts are asked for.
    using DoingsKey = std::tuple<std::string, bool, bool, bool>;

    static DoingsKey key_of(const Obligation& duty) {
        const bool by_subject = !duty.subject.empty();
        return {duty.action, by_subject, by_subject && !duty.object.empty(), duty.amount};
    }

    // The doings that may serve each duty, made once for each action and side.
    void sort_doings() {
        for (const Obligation& duty : obligations_)
            if (!duty.of_region) doings_.try_emplace(key_of(duty));
        std::vector<decltype(doings_)::value_type*> wanted;
        for (auto& one : doings_)
            wanted.push_back(&one);
        for_tasks(wanted.size(), beside_, [&](std::size_t k) {
            const auto& [action, by_subject, others, amount] = wanted[k]->first;
            wanted[k]->second =
                std::make_shared<const Doings>(done_->by(action, by_subject, others, amount));
        });
    }

    const Doings& doings(const Obligation& duty) const { return *doings_.at(key_of(duty)); }
    const Doings& doings(const std::string& action, bool by_subject, bool others, bool amount) {
        const DoingsKey key(action, by_subject, others, amount);
        auto it = doings_.find(key);
        if (it == doings_.end())
            it = doings_
                     .emplace(key, std::make_shared<const Doings>(
                                       done_->by(action, by_subject, others, amount)))
                     .first;
        return *it->second;
    }

    // What was done in each region, by whoever belongs to it or to those below it.
    const Doings& of_regions(const std::string& action, bool amount) {
        const auto key = std::pair(action, amount);
        auto it = of_regions_.find(key);
        if (it == of_regions_.end())
            it = of_regions_.emplace(key, done_->by_region(action, views_.back(), amount)).first;
        return it->second;
    }

    // First and last day of what a pair owes together.
    using Span = std::pair<std::int32_t, std::int32_t>;

    Span validity(const Pair& pair) const {
        std::int32_t low = graph::always_from;
        std::int32_t high = graph::always_to;
        for (const NodeNo v : {pair.subject, pair.object}) {
            if (v == none || store_.node_from.empty()) continue;
            low = std::max(low, store_.node_from[v]);
            high = std::min(high, store_.node_to[v]);
        }
        return {low, high};
    }

    // The same where the object hangs on the subject by edges: the time of one of them, those that
    // touch taken together, that holds the whole period; else its last day; else some day of it.
    Span validity(const Pair& pair, const Obligation& duty, Date start, Date due) const {
        const Span own = validity(pair);
        if (duty.link.edge == graph::no_kind || pair.subject == none || pair.object == none ||
            store_.edge_from.empty())
            return own;
        const NodeNo source = duty.link.to_subject ? pair.object : pair.subject;
        const NodeNo target = duty.link.to_subject ? pair.subject : pair.object;
        std::vector<Span> spans;
        const View& view = views_.back();
        const auto [first, last] = view.out_range(source, duty.link.edge);
        for (graph::EdgeNo e = first; e < last; ++e)
            if (store_.target[e] == target)
                spans.emplace_back(store_.edge_from[e], store_.edge_to[e]);
        std::sort(spans.begin(), spans.end());
        Span best = own;
        int fits = -1;
        for (std::size_t i = 0; i < spans.size();) {
            Span one = spans[i++];
            while (i < spans.size() &&
                   (one.second == graph::always_to || spans[i].first <= one.second + 1))
                one.second = std::max(one.second, spans[i++].second);
            one = {std::max(one.first, own.first), std::min(one.second, own.second)};
            const std::int32_t from = start.days_since_1970();
            const std::int32_t to = due.days_since_1970();
            const int how = one.first <= from && to <= one.second   ? 3
                            : one.first <= to && to <= one.second   ? 2
                            : one.first <= to && from <= one.second ? 1
                                                                    : 0;
            if (how <= fits) continue;
            fits = how;
            best = one;
        }
        return best;
    }

    void settle_periods(Part& part, const Obligation& duty, const Buffer<Pair>& pairs,
                        const Buffer<Member>& objects) {
        const std::size_t n = part.periods.size();
        part.status.resize(part.pairs * n);
        if (duty.reaches()) {
            part.share = duty.target;
            part.of.assign(part.pairs * n, 0);
        }
        if (duty.reaches() || duty.target != 1) part.count.assign(part.pairs * n, 0.0F);
        std::vector<Owed> whole;
        std::vector<std::uint64_t> bits;
        for (std::size_t k = 0; k < n; ++k) {
            whole.push_back({part.periods[k].start, part.last[k], duty.target});
            bits.push_back(day_bit(part.periods[k].due));
        }
        const Doings& doings = this->doings(duty);
        const std::uint64_t all = std::accumulate(bits.begin(), bits.end(), std::uint64_t{0},
                                                  [](auto a, auto b) { return a | b; });
        const bool plain = !duty.reaches() && duty.target == 1 && doings.amounts.empty() &&
                           part.reason == Reason::none &&
                           std::find(part.unknown_day.begin(), part.unknown_day.end(), true) ==
                               part.unknown_day.end();
        OwedOnce once(plain ? whole : std::vector<Owed>{}, as_of_);
        const std::int32_t first = part.periods.front().start.days_since_1970();
        const std::int32_t last = part.periods.back().due.days_since_1970();
        const bool hangs = duty.link.edge != graph::no_kind && !store_.edge_from.empty();
        const auto owes_all = [&](const Pair& pair) {
            const auto [low, high] = validity(pair);
            return !hangs && (pair.days & all) == all && low <= first && last <= high;
        };
        if (plain && takes_less(doings, part.pairs * n) &&
            std::all_of(pairs.begin(), pairs.end(), owes_all)) {
            for_blocks(part.pairs, beside_, [&](std::size_t begin, std::size_t end) {
                for (std::size_t p = begin; p < end; ++p)
                    once.settle(records_of(doings, pairs[p].subject, pairs[p].object).days,
                                part.status.data() + p * n, [](std::size_t, Date) {});
            });
            part.settled_from = std::make_unique<const SettledFrom>(
                SettledFrom{std::move(once), doings_.at(key_of(duty))});
            return;
        }
        part.done_on = DoneDays(part.pairs * n, part.periods.front().start, as_of_);
        for_blocks(part.pairs, beside_, [&](std::size_t begin, std::size_t end) {
            std::vector<Owed> owed;
            std::vector<std::size_t> place;
            std::vector<Standing> standing(n);
            for (std::size_t p = begin; p < end; ++p) {
                const Pair& pair = pairs[p];
                if (plain && owes_all(pair)) {
                    once.settle(records_of(doings, pair.subject, pair.object).days,
                                part.status.data() + p * n,
                                [&](std::size_t k, Date day) { part.done_on.set(p * n + k, day); });
                    continue;
                }
                const auto [low, high] = validity(pair);
                std::fill_n(part.status.data() + p * n, n, Status::not_applicable);
                owed.clear();
                place.clear();
                for (std::size_t k = 0; k < n; ++k) {
                    if ((pair.days & bits[k]) == 0) continue;
                    const auto [begins, ends] =
                        hangs ? validity(pair, duty, part.periods[k].start, part.periods[k].due)
                              : Span(low, high);
                    const std::optional<Owed> one =
                        inside(duty, part.periods[k], whole[k], begins, ends);
                    if (!one) continue;
                    owed.push_back(*one);
                    place.push_back(k);
                }
                if (duty.reaches()) {
                    settle_ratio(part, duty, pair, owed, place, p, doings, objects);
                    continue;
                }
                const PairRecords did = records_of(doings, pair.subject, pair.object);
                // Records before anything was owed serve nothing: the kernel sees that itself.
                settle(owed, did.days, did.amounts, as_of_, std::span(standing).first(owed.size()));
                for (std::size_t i = 0; i < owed.size(); ++i) {
                    const std::size_t cell = p * n + place[i];
                    part.status[cell] = told(part, place[i], standing[i].status);
                    if (part.status[cell] == Status::done || part.status[cell] == Status::done_late)
                        part.done_on.set(cell, standing[i].done_on);
                    if (!part.count.empty())
                        part.count[cell] = static_cast<float>(standing[i].count);
                }
            }
        });
    }

    // Whether the doings take less memory than the days on which so many cells were done.
    static bool takes_less(const Doings& doings, std::size_t cells) {
        return doings.bytes() < cells * DoneDays::least_bytes;
    }

    // What of a period is owed by who is there from `low` to `high`; nothing of one that is not.
    static std::optional<Owed> inside(const Obligation& duty, const Period& period, Owed whole,
                                      std::int32_t low, std::int32_t high) {
        const std::int32_t start = period.start.days_since_1970();
        const std::int32_t due = period.due.days_since_1970();
        if (start >= low && due <= high) return whole;
        if (duty.partial == Partial::skip && cut_is_not_owed(duty, start, due, low, high))
            return std::nullopt;
        if (due < low || start > high) return std::nullopt;
        whole.start = Date(std::max(start, low));
        whole.last = Date(
            std::min(whole.last.days_since_1970(), std::max(high, whole.start.days_since_1970())));
        return whole;
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
                      std::size_t p, const Doings& doings, const Buffer<Member>& objects) {
        const std::size_t n = part.periods.size();
        const Buffer<Member> mine = own_objects(duty.link, pair, objects);
        const Buffer<Member> asked = own_objects(duty.denominator_link, pair, base_.known);
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
            if (!duty.denominator.empty()) of = there(asked, bit);
            part.of[cell] = of;
            if (of == 0) continue;  // nothing to be done to: not applicable
            const std::uint32_t needed = needed_of(duty.target, of);
            part.count[cell] = static_cast<float>(
                std::upper_bound(reached.begin(), reached.end(), owed[i].last) - reached.begin());
            Status status = as_of_ < owed[i].start   ? Status::not_due
                            : as_of_ <= owed[i].last ? Status::due
                                                     : Status::overdue;
            if (reached.size() >= needed) {
                const Date done = reached[needed - 1];
                part.done_on.set(cell, done);
                status = done <= owed[i].last ? Status::done : Status::done_late;
                if (status == Status::done_late) part.count[cell] = static_cast<float>(needed);
            }
            part.status[cell] = told(part, place[i], status);
        }
    }

    // Objects of one subject, where they hang on it.
    Buffer<Member> own_objects(const Link& link, const Pair& pair,
                               const Buffer<Member>& objects) const {
        return link.edge == graph::no_kind ? objects
                                           : linked(link, {pair.subject, pair.days}, objects);
    }

    static std::uint32_t there(const Buffer<Member>& members, std::uint64_t bit) {
        return static_cast<std::uint32_t>(std::count_if(
            members.begin(), members.end(), [&](const Member& m) { return (m.days & bit) != 0; }));
    }

    // ── what is compared when a period is over ──

    void settle_compared(Part& part, const Obligation& duty, const Buffer<Pair>& pairs,
                         const Buffer<Member>& objects, const Duration& cadence) {
        const std::size_t n = part.periods.size();
        part.status.assign(part.pairs * n, Status::not_applicable);
        part.done_on = DoneDays(part.pairs * n, part.periods.front().start, as_of_);
        part.count.assign(part.pairs * n, 0.0F);
        part.limit.assign(part.pairs * n, 0);
        if (duty.shares) part.of.assign(part.pairs * n, 0);
        part.why.assign(part.pairs * n, Reason::none);
        const Doings& doings =
            duty.of_region ? of_regions(duty.action, duty.amount) : this->doings(duty);
        const Doings* of = duty.denominator_action.empty() ? nullptr
                           : duty.of_region
                               ? &of_regions(duty.denominator_action, false)
                               : &this->doings(duty.denominator_action, true, false, false);
        const bool known = done_->knows(duty.action);
        std::vector<std::vector<Measured>> all(n, std::vector<Measured>(part.pairs));
        for_blocks(part.pairs, beside_, [&](std::size_t begin, std::size_t end) {
            for (std::size_t p = begin; p < end; ++p) {
                const Pair& pair = pairs[p];
                const auto [low, high] = validity(pair);
                const Buffer<Member> mine = own_objects(duty.link, pair, objects);
                const Buffer<Member> asked = own_objects(duty.denominator_link, pair, base_.known);
                for (std::size_t k = 0; k < n; ++k) {
                    const Period& period = part.periods[k];
                    const std::uint64_t bit = day_bit(period.due);
                    if ((pair.days & bit) == 0) continue;
                    const std::optional<Owed> owed =
                        inside(duty, period, {period.start, part.last[k], 1}, low, high);
                    if (!owed) continue;
                    Measured& one = all[k][p];
                    one.owed = true;
                    std::tie(one.done, one.of) = measure(duty, pair, {owed->start, owed->last}, bit,
                                                         mine, asked, doings, of);
                    if (duty.measure == Measure::rank && duty.among_siblings)
                        one.group = superior(pair.subject, period.due);
                    if (duty.measure != Measure::trend) continue;
                    const Duration back = duty.against_year ? Duration{12, 0} : cadence;
                    Period before{add(period.start, back, -1), period.start + -1};
                    if (back != cadence || !duty.cadence) before.due = add(period.due, back, -1);
                    // Months end on different days.
                    if (duty.cadence && follows_calendar(cadence) && duty.against_year)
                        before.due = add(period.due + 1, back, -1) + -1;
                    std::tie(one.before, one.before_of) =
                        measure(duty, pair, before, day_bit(before.due), mine, asked, doings, of);
                    one.before_known = known && done_->earliest(duty.action) <= before.due;
                }
            }
        });
        for (std::size_t k = 0; k < n; ++k) {
            const std::vector<Judged> judged = judge(duty, all[k]);
            for (std::size_t p = 0; p < part.pairs; ++p) {
                const Verdict verdict = judged[p].verdict;
                const std::size_t cell = p * n + k;
                if (verdict == Verdict::not_owed) continue;
                part.count[cell] = static_cast<float>(all[k][p].done);
                part.limit[cell] = judged[p].needed;
                if (duty.shares) part.of[cell] = static_cast<std::uint32_t>(all[k][p].of);
                Status status = Status::not_applicable;
                const bool over = as_of_ > part.last[k];
                // A limit that is broken stays so.
                const bool broken = verdict == Verdict::fails && duty.measure == Measure::count;
                if (as_of_ < part.periods[k].start)
                    status = Status::not_due;
                else if (verdict == Verdict::nothing_of)
                    status = over ? Status::not_applicable : Status::due;
                else if (!over)
                    status = broken ? Status::overdue : Status::due;
                else if (verdict == Verdict::nothing_to_compare)
                    part.why[cell] = Reason::nothing_to_compare;
                else
                    status = verdict == Verdict::holds ? Status::done : Status::overdue;
                if (part.why[cell] != Reason::none) status = Status::not_assessable;
                if (status == Status::done) part.done_on.set(cell, part.last[k]);
                part.status[cell] = told(part, k, status);
            }
        }
    }

    // How much was done from `period.start` to `period.due`, and of how much.
    std::pair<double, double> measure(const Obligation& duty, const Pair& pair,
                                      const Period& period, std::uint64_t bit,
                                      const Buffer<Member>& mine, const Buffer<Member>& asked,
                                      const Doings& doings, const Doings* of) const {
        const auto inside = [&](Date day) { return period.start <= day && day <= period.due; };
        const NodeNo whose = pair.subject == none ? pair.object
                             : duty.of_region     ? views_.back().place_of(pair.subject)
                                                  : pair.subject;
        if (whose == none) return {0, of != nullptr ? 0 : 1};
        const auto [begin, end] = doings.of(whose);
        double done = 0;
        double all = 1;
        if (duty.object.empty() || pair.subject == none) {
            for (auto r = begin; r < end; ++r)
                if (inside(doings.days[r])) done += doings.amounts.empty() ? 1 : doings.amounts[r];
        } else {
            auto at = begin;
            for (const Member& object : mine) {
                if ((object.days & bit) == 0) continue;
                while (at < end && doings.others[at] < object.node)
                    ++at;
                bool reached = false;
                for (; at < end && doings.others[at] == object.node; ++at) {
                    if (!inside(doings.days[at])) continue;
                    if (!duty.shares || of != nullptr)
                        done += doings.amounts.empty() ? 1 : doings.amounts[at];
                    else
                        reached = true;
                }
                if (reached) ++done;
            }
        }
        if (of != nullptr) {
            const auto [first, last] = of->of(whose);
            all = static_cast<double>(
                std::count_if(of->days.begin() + first, of->days.begin() + last, inside));
        } else if (duty.shares) {
            all = there(duty.denominator.empty() ? mine : asked, bit);
        }
        return {done, all};
    }

    // The region above the one that a node belongs to.
    NodeNo superior(NodeNo node, Date day) const {
        const View view(store_, std::min(day, as_of_));
        const NodeNo place = view.place_of(node);
        return place == none ? none : view.parent(place);
    }

    // ── what is owed for each event ──

    // The day `within` after (before) a day; nothing where working days are unknown.
    std::optional<Date> shifted(const Obligation& duty, Date day) const {
        if (!duty.working_days || duty.within->months != 0) return add(day, *duty.within);
        return calendar_->add(day, static_cast<std::uint32_t>(duty.within->days));
    }

    void settle_triggered(Part& part, const Obligation& duty, const Buffer<Pair>& pairs) {
        part.own = true;
        const Doings& doings = this->doings(duty);
        const bool amounts = duty.target != 1 || duty.amount;
        const bool by_action = duty.trigger_attribute.empty();
        const Doings events = by_action ? done_->about(duty.trigger_action) : Doings{};
        const graph::Store::Attribute days_of(store_, duty.trigger_attribute);
        std::vector<Owed> owed;
        std::vector<Period> periods;
        std::vector<bool> unknown_due, unknown_last;
        std::vector<Standing> standing;
        const auto emit = [&](const Period& period, Date last, Status status, const Standing& how,
                              Reason why, bool due_known = true, bool last_known = true) {
            part.own_periods.push_back(period);
            part.own_last.push_back(last);
            part.unknown_due.push_back(!due_known);
            part.unknown_day.push_back(!last_known);
            part.status.push_back(status);
            part.done_on.push_back(how.done_on);
            part.why.push_back(why);
            if (amounts) part.count.push_back(static_cast<float>(how.count));
        };
        for (const Pair& pair : pairs) {
            const auto [low, high] = validity(pair);
            const NodeNo about = pair.object != none ? pair.object : pair.subject;
            std::vector<Date> days;
            if (by_action) {
                const auto [begin, end] = events.of(about);
                days.assign(events.days.begin() + begin, events.days.begin() + end);
            } else {
                graph::Value value = days_of.at(about);
                if (value.is_empty() && pair.subject != none) value = days_of.at(pair.subject);
                if (const auto day = value.as_date())
                    days.push_back(*day);
                else if (low <= as_of_.days_since_1970() && as_of_.days_since_1970() <= high &&
                         (pair.days & day_bit(as_of_)) != 0)
                    emit({from_, as_of_}, as_of_, Status::not_assessable, {},
                         Reason::attribute_missing);
            }
            owed.clear();
            periods.clear();
            unknown_due.clear();
            unknown_last.clear();
            for (const Date day : days) {
                if ((duty.from && day < *duty.from) || (duty.to && day > *duty.to) ||
                    (pair.days & day_bit(day)) == 0)
                    continue;
                const auto [begins, ends] = validity(pair, duty, day, day);
                if (day.days_since_1970() < begins || day.days_since_1970() > ends) continue;
                Period period{day, day};
                bool known = true;
                if (duty.trigger == Trigger::after) {
                    const std::optional<Date> due = shifted(duty, day);
                    known = due.has_value();
                    period.due = due.value_or(add(day, *duty.within));
                } else {
                    period.start =
                        duty.within ? add(day, *duty.within, -1) : Date(graph::always_from);
                }
                if (period.start > until_) continue;
                const std::optional<Date> last = last_day(duty, period.due);
                owed.push_back({period.start, last.value_or(period.due), duty.target});
                periods.push_back(period);
                unknown_due.push_back(!known);
                unknown_last.push_back(!known || !last);
            }
            standing.resize(owed.size());
            const PairRecords did = records_of(doings, pair.subject, pair.object);
            settle(owed, did.days, did.amounts, as_of_, standing);
            for (std::size_t k = 0; k < owed.size(); ++k) {
                Status status = standing[k].status;
                const bool done = status == Status::done || status == Status::done_late;
                if (owed[k].last < from_ && (done || options_.from)) continue;
                Reason why = part.reason;
                // As many calendar days are in time however one counts.
                if (why == Reason::none && unknown_last[k] && status != Status::done &&
                    as_of_ > owed[k].last)
                    why = Reason::calendar_unknown;
                if (why != Reason::none && status != Status::not_due)
                    status = Status::not_assessable;
                Period period = periods[k];
                period.start = std::max(period.start, std::min(from_, period.due));
                emit(period, owed[k].last, status, standing[k], why, !unknown_due[k],
                     !unknown_last[k]);
            }
            part.own_ends.push_back(part.status.size());
        }
    }

    // ── what must not be older than its cadence ──

    // The first day by which something must be there; without a deadline the beginning itself.
    static Date first_deadline(const Obligation& duty, Date begin) {
        if (duty.deadline) return *duty.deadline;
        if (!duty.yearly) return begin;
        const int year = static_cast<int>(begin.civil().year());
        const Date day = in_year(*duty.yearly, year);
        return day >= begin ? day : in_year(*duty.yearly, year + 1);
    }

    // Without a cadence it is enough that it was ever done.
    void settle_standing(Part& part, const Obligation& duty, const std::optional<Duration>& cadence,
                         const Buffer<Pair>& pairs) {
        part.own = true;
        const Doings& doings = this->doings(duty);
        for (const Pair& pair : pairs) {
            const auto [low, high] = validity(pair, duty, as_of_, as_of_);
            const bool there = low <= as_of_.days_since_1970() && as_of_.days_since_1970() <= high;
            if (there && (pair.days & day_bit(as_of_)) != 0 &&
                (!duty.from || *duty.from <= until_) && (!duty.to || as_of_ <= *duty.to)) {
                Date begin = duty.from.value_or(from_);
                if (low != graph::always_from) begin = std::max(begin, Date(low));
                Period period{begin, first_deadline(duty, begin)};
                const auto [done, until] =
                    longest(records_of(doings, pair.subject, pair.object), cadence);
                const bool ever = done.has_value();
                const bool runs_out = ever && until != no_end;
                if (runs_out)
                    period = {*done, until};
                else if (ever && !duty.deadline && !duty.yearly)
                    period.due = std::max(*done, as_of_);
                const std::optional<Date> last = last_day(duty, period.due);
                const Date in_time = last.value_or(period.due);
                Status status = as_of_ < period.start && !ever ? Status::not_due
                                : ever && !runs_out
                                    ? (*done <= in_time ? Status::done : Status::done_late)
                                : as_of_ > in_time ? Status::overdue
                                : ever             ? Status::done
                                                   : Status::due;
                if (part.reason != Reason::none ||
                    (!last && (status == Status::overdue || status == Status::done_late)))
                    status = Status::not_assessable;
                part.own_periods.push_back(period);
                part.own_last.push_back(in_time);
                part.unknown_day.push_back(!last);
                part.status.push_back(status);
                part.done_on.push_back(done.value_or(Date()));
                part.runs_out.push_back(runs_out);
            }
            part.own_ends.push_back(part.status.size());
        }
    }

    // The record that holds longest, and its last day: that which it names, else its cadence, else
    // none. Of those that hold equally long the first, so that what never ends is done in time.
    std::pair<std::optional<Date>, Date> longest(const PairRecords& records,
                                                 const std::optional<Duration>& cadence) const {
        std::optional<Date> done;
        Date until(graph::always_from);
        for (std::size_t r = 0; r < records.days.size() && records.days[r] <= as_of_; ++r) {
            const Date day = records.days[r];
            Date end = records.until.empty() ? no_end : records.until[r];
            if (end == no_end && cadence) end = add(day, *cadence);
            if (done && end <= until) continue;
            done = day;
            until = end;
        }
        return {done, until};
    }

    void settle_rolling(Part& part, const Obligation& duty, const Duration& cadence,
                        const Buffer<Pair>& pairs) {
        part.own = true;
        const Doings& doings = this->doings(duty);
        for (const Pair& pair : pairs) {
            const auto [low, high] = validity(pair, duty, as_of_, as_of_);
            Date start = duty.from.value_or(from_);
            if (low != graph::always_from) start = std::max(start, Date(low));
            const auto emit = [&](Date due, std::optional<Date> done) {
                if (due.days_since_1970() > high || (duty.to && due > *duty.to)) return false;
                const std::optional<Date> last = last_day(duty, due);
                const Date in_time = last.value_or(due);
                if (in_time >= from_ || !done) {
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
            const std::span<const Date> days = records_of(doings, pair.subject, pair.object).days;
            // What no day begins runs since it was first done.
            if (!duty.from)
                for (const Date day : days)
                    if (day.days_since_1970() >= low) {
                        start = std::min(start, day);
                        break;
                    }
            bool more = start <= until_;
            bool first = !duty.from && start < from_;  // the record that begins is not owed
            for (const Date day : days) {
                if (!more || day > as_of_) break;
                if (day < start) continue;
                if (std::exchange(first, false) && day == start) continue;
                more = emit(add(start, cadence), day);
                start = day;
            }
            if (more) emit(add(start, cadence), std::nullopt);
            part.own_ends.push_back(part.status.size());
        }
    }

    const graph::Store& store_;
    const AssessOptions& options_;
    Work beside_;
    Compliance out_;
    Date as_of_, from_, until_;
    std::shared_ptr<const WorkCalendar> calendar_;
    std::vector<std::string> recorded_;  // options.recorded, by their ids
    std::vector<Obligation> obligations_;
    std::optional<Asked> last_subjects_, last_objects_;
    Members base_;  // of the denominator of the duty at hand
    std::optional<Done> done_;
    std::vector<Date> days_;
    std::vector<View> views_;
    Buffer<Pair> pairs_;
    std::map<DoingsKey, std::shared_ptr<const Doings>> doings_;
    std::map<std::pair<std::string, bool>, Doings> of_regions_;
};

Compliance assess(const graph::ResponsibilityGraph& graph, const Table& duties,
                  const Table& records, const AssessOptions& options) {
    return Assessor(graph, duties, records, options).run();
}

}  // namespace safetyrisk::duty
