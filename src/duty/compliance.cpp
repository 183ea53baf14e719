// The answers of an assessment: cells, tables, rates.
#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/duty/assess.hpp>
#include <safetyrisk/duty/packs.hpp>
#include <safetyrisk/region/statistics.hpp>

#include "core/cells.hpp"
#include "duty/due_index.hpp"
#include "duty/parts.hpp"
#include "graph/store.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

namespace safetyrisk::duty {
namespace {

using graph::NodeNo;
using graph::none;

constexpr std::array<std::string_view, 6> level_names = {"country", "province", "city",
                                                         "county",  "town",     "village"};

std::string text_of(const Table& table, std::string_view column, std::size_t row) {
    return cell_text(table.find(column), row);
}

// Texts of cells of which few are different.
class Words {
public:
    void add(std::string_view text) {
        if (text.empty()) {
            codes_.push_back(-1);
            return;
        }
        const auto [it, fresh] = places_.emplace(text, static_cast<std::int32_t>(texts_.size()));
        if (fresh) texts_.emplace_back(text);
        codes_.push_back(it->second);
    }
    Column finish() && { return Column::of_codes(std::move(codes_), Column::of(texts_)); }

private:
    std::vector<std::int32_t> codes_;
    std::vector<std::string> texts_;
    std::map<std::string, std::int32_t, std::less<>> places_;
};

// Nodes as their ids, and as their names: a code for each node that occurs.
class Nodes {
public:
    explicit Nodes(const graph::Store& store) : store_(store), place_(store.n(), -1) {}
    void add(NodeNo node) {
        if (node == none) {
            codes_.push_back(-1);
            return;
        }
        if (place_[node] < 0) {
            place_[node] = static_cast<std::int32_t>(nodes_.size());
            nodes_.push_back(node);
        }
        codes_.push_back(place_[node]);
    }
    Column ids() const {
        TextBuilder texts;
        for (const NodeNo v : nodes_)
            texts.append(store_.id(v));
        return Column::of_codes(codes_, texts.finish());
    }
    Column names() const {
        TextBuilder texts;
        for (const NodeNo v : nodes_)
            texts.append(store_.name(v));
        return Column::of_codes(codes_, texts.finish());
    }

private:
    const graph::Store& store_;
    std::vector<std::int32_t> place_, codes_;
    std::vector<NodeNo> nodes_;
};

struct Tally {
    std::array<std::uint64_t, 7> by{};
    std::uint64_t of(Status status) const { return by[static_cast<std::size_t>(status)]; }
    std::uint64_t done() const { return of(Status::done) + of(Status::done_late); }
    std::uint64_t owed() const { return done() + of(Status::overdue); }
};

// Who leads those that owe something, on a day.
class Leaders {
public:
    explicit Leaders(const graph::Store& store) : store_(store) {}

    /// Persons, posts where nobody holds them; of nobody none.
    const std::vector<NodeNo>& of(NodeNo subject, Date day) {
        const auto [it, fresh] = known_.try_emplace({subject, day});
        if (fresh && subject != none) it->second = find(subject, day);
        return it->second;
    }

private:
    std::vector<NodeNo> find(NodeNo subject, Date day) const {
        const graph::View view(store_, day);
        const graph::Known& k = store_.known;
        std::vector<NodeNo> posts;
        const auto sources = [&](graph::KindNo edge) {
            view.in(subject, edge, [&](graph::EdgeNo e) { posts.push_back(view.source(e)); });
        };
        if (view.is(subject, k.post) || view.is(subject, k.person)) {
            posts.push_back(subject);
        } else {
            sources(k.principal_of);
            for (const NodeNo post : view.posts(subject)) {
                const graph::KindNo kind = view.post_kind(post);
                if (kind != graph::no_kind && store_.kinds->posts()[kind].principal)
                    posts.push_back(post);
            }
            if (posts.empty()) sources(k.chairs);
            if (posts.empty()) sources(k.in_charge_of);
        }
        std::vector<NodeNo> leaders;
        for (const NodeNo post : posts) {
            const std::vector<graph::EdgeNo> holders = view.holders(post);
            if (holders.empty()) leaders.push_back(post);
            for (const graph::EdgeNo holder : holders)
                leaders.push_back(view.source(holder));
        }
        std::sort(leaders.begin(), leaders.end());
        leaders.erase(std::unique(leaders.begin(), leaders.end()), leaders.end());
        return leaders;
    }

    const graph::Store& store_;
    std::map<std::pair<NodeNo, Date>, std::vector<NodeNo>> known_;
};

}  // namespace

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::none:
            return "";
        case Reason::no_records:
            return "no_records";
        case Reason::attribute_missing:
            return "attribute_missing";
        case Reason::calendar_unknown:
            return "calendar_unknown";
        case Reason::nothing_to_compare:
            return "nothing_to_compare";
        case Reason::record_left_out:
            return "record_left_out";
    }
    return "";
}

std::size_t Part::pair_of(std::size_t cell) const {
    if (!own) return cell / periods.size();
    return static_cast<std::size_t>(std::upper_bound(own_ends.begin(), own_ends.end(), cell) -
                                    own_ends.begin());
}

Cell Part::cell(std::size_t i) const {
    Cell out;
    out.duty = duty;
    const std::size_t pair = pair_of(i);
    if (!subject.empty()) out.subject = subject[pair];
    if (!object.empty()) out.object = object[pair];
    const std::size_t period = own ? i : i % periods.size();
    out.start = own ? own_periods[i].start : periods[period].start;
    out.due = own ? own_periods[i].due : periods[period].due;
    out.last = own ? own_last[i] : last[period];
    out.due_known = unknown_due.empty() || !unknown_due[i];
    out.last_known = unknown_day.empty() || !unknown_day[period];
    out.status = status[i];
    if (const auto doubted = left_out.find(i); doubted != left_out.end()) {
        out.reason = Reason::record_left_out;
        out.left_out = doubted->second;
    } else if (out.status == Status::not_assessable)
        out.reason = reason != Reason::none                   ? reason
                     : !why.empty() && why[i] != Reason::none ? why[i]
                                                              : Reason::calendar_unknown;
    else if (out.status == Status::due && !out.last_known)
        out.reason = Reason::calendar_unknown;
    const bool done = out.status == Status::done || out.status == Status::done_late;
    if (done) out.done_on = done_day(i);
    out.needed = needed;
    out.count = count.empty() ? (done ? needed : 0) : static_cast<double>(count[i]);
    if (!of.empty()) {
        out.of = of[i];
        out.needed = needed_of(share, of[i]);
    }
    if (!limit.empty()) out.needed = limit[i];
    return out;
}

Date Part::done_day(std::size_t cell) const {
    if (!settled_from) return done_on.at(cell);
    const std::size_t pair = pair_of(cell);
    const std::size_t period = cell - pair * periods.size();
    const PairRecords records =
        records_of(*settled_from->doings, subject.empty() ? none : subject[pair],
                   object.empty() ? none : object[pair]);
    std::vector<Status> again(periods.size());
    Date found;
    settled_from->owed.settle(records.days, again.data(), [&](std::size_t k, Date day) {
        if (k == period) found = day;
    });
    return found;
}

Cell Compliance::cell(std::size_t index) const {
    if (index >= size_)
        throw NotFoundError("cell " + std::to_string(index) + ": there are " +
                            std::to_string(size_));
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), index);
    const auto part = static_cast<std::size_t>(after - starts_.begin()) - 1;
    return parts_[part]->cell(index - starts_[part]);
}

Table Compliance::cells_table(const std::vector<Cell>& cells, Lang lang) const {
    const graph::Store& store = graph_->store();
    Nodes subjects(store);
    Nodes objects(store);
    Words duty, duty_name, action, day_kind, status, reason, left_out, document, clause;
    std::vector<Date> start, due, last, done;
    std::vector<std::uint8_t> is_done, has_due, has_last;
    std::vector<std::int64_t> late;
    std::vector<double> count, needed, of;
    struct Row {
        std::string id, name, action, day_kind, document, clause;
    };
    std::map<std::size_t, Row> rows;
    for (const Cell& cell : cells) {
        auto row = rows.find(cell.duty);
        if (row == rows.end()) {
            const std::string kind = text_of(duties_, "day_kind", cell.duty);
            const bool working = kind == "working" || kind == "工作日";
            row = rows.emplace(cell.duty, Row{text_of(duties_, "id", cell.duty),
                                              text_of(duties_, "name", cell.duty),
                                              action_of(text_of(duties_, "action", cell.duty)),
                                              lang == Lang::zh ? (working ? "工作日" : "自然日")
                                                               : (working ? "working" : "calendar"),
                                              text_of(duties_, "document", cell.duty),
                                              text_of(duties_, "clause", cell.duty)})
                      .first;
        }
        duty.add(row->second.id);
        duty_name.add(row->second.name);
        action.add(row->second.action);
        subjects.add(cell.subject);
        objects.add(cell.object);
        start.push_back(cell.start);
        due.push_back(cell.due);
        has_due.push_back(cell.due_known ? 1 : 0);
        last.push_back(cell.last);
        has_last.push_back(cell.last_known ? 1 : 0);
        day_kind.add(row->second.day_kind);
        status.add(to_string(cell.status));
        reason.add(to_string(cell.reason));
        std::string rows_left_out;
        for (const std::size_t one : cell.left_out)
            rows_left_out += (rows_left_out.empty() ? "" : ";") + std::to_string(one);
        left_out.add(rows_left_out);
        const bool finished = cell.status == Status::done || cell.status == Status::done_late;
        done.push_back(cell.done_on);
        is_done.push_back(finished ? 1 : 0);
        late.push_back(cell.status == Status::done_late ? cell.done_on - cell.last
                       : cell.status == Status::overdue ? std::max(0, as_of_ - cell.last)
                                                        : 0);
        count.push_back(cell.count);
        needed.push_back(cell.needed);
        of.push_back(cell.of > 0 ? cell.of : std::numeric_limits<double>::quiet_NaN());
        document.add(row->second.document);
        clause.add(row->second.clause);
    }
    Table table(Origin{"compliance", "", -1, {}, -1});
    table.add("duty", std::move(duty).finish());
    table.add("duty_name", std::move(duty_name).finish());
    table.add("action", std::move(action).finish());
    table.add("subject", subjects.ids());
    table.add("subject_name", subjects.names());
    table.add("object", objects.ids());
    table.add("object_name", objects.names());
    table.add("period_start", Column::of(start));
    table.add("due", Column::of(due, has_due));
    table.add("last_day", Column::of(last, has_last));
    table.add("day_kind", std::move(day_kind).finish());
    table.add("status", std::move(status).finish());
    table.add("reason", std::move(reason).finish());
    table.add("records_left_out", std::move(left_out).finish());
    table.add("done_on", Column::of(done, is_done));
    table.add("days_late", Column::of(std::move(late)));
    table.add("count", Column::of(std::move(count)));
    table.add("needed", Column::of(std::move(needed)));
    table.add("of", Column::of(std::move(of)));
    table.add("document", std::move(document).finish());
    table.add("clause", std::move(clause).finish());
    return table;
}

Table Compliance::to_table(const std::vector<Status>& statuses, Lang lang) const {
    std::array<bool, 7> wanted{};
    wanted.fill(statuses.empty());
    for (const Status status : statuses)
        wanted[static_cast<std::size_t>(status)] = true;
    std::vector<Cell> cells;
    for (const auto& part : parts_)
        for (std::size_t i = 0; i < part->cells(); ++i)
            if (wanted[static_cast<std::size_t>(part->status[i])]) cells.push_back(part->cell(i));
    // Parts of one duty (its cadences, those that cannot be told) stand together.
    std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) {
        return std::tuple(a.duty, a.subject, a.object, a.start) <
               std::tuple(b.duty, b.subject, b.object, b.start);
    });
    return cells_table(cells, lang);
}

const DueIndex& Compliance::index() const {
    std::call_once(index_->made,
                   [&] { index_->index = std::make_unique<const DueIndex>(parts_, as_of_); });
    return *index_->index;
}

void Compliance::warm() const {
    (void)index();
}

Table Compliance::due_table(Date from, Date to, Lang lang, std::size_t limit) const {
    const std::vector<DueIndex::Day> days = index().days(from, to);
    std::vector<Cell> cells;
    for (std::size_t d = 0; d < days.size() && cells.size() < limit;) {
        // Parts of one duty that are due on one day stand together.
        const std::size_t begin = cells.size();
        std::size_t next = d;
        for (; next < days.size() && days[next].due == days[d].due &&
               parts_[days[next].part]->duty == parts_[days[d].part]->duty;
             ++next) {
            std::size_t taken = 0;
            for (const std::uint32_t cell : days[next].cells) {
                if (taken++ == limit - begin) break;
                cells.push_back(parts_[days[next].part]->cell(cell));
            }
        }
        std::stable_sort(cells.begin() + static_cast<std::ptrdiff_t>(begin), cells.end(),
                         [](const Cell& a, const Cell& b) {
                             return std::tuple(a.subject, a.object) <
                                    std::tuple(b.subject, b.object);
                         });
        d = next;
    }
    if (cells.size() > limit) cells.resize(limit);
    return cells_table(cells, lang);
}

Table Compliance::due_counts(Date from, Date to) const {
    std::vector<Date> due;
    std::vector<std::uint8_t> known;
    std::vector<std::int64_t> open;
    Words duty;
    std::size_t last = std::numeric_limits<std::size_t>::max();
    for (const DueIndex::Day& day : index().days(from, to)) {
        const std::size_t row = parts_[day.part]->duty;
        const std::uint8_t sure = day.due_known ? 1 : 0;
        if (due.empty() || due.back() != day.due || known.back() != sure || last != row) {
            due.push_back(day.due);
            known.push_back(sure);
            open.push_back(0);
            duty.add(text_of(duties_, "id", row));
            last = row;
        }
        open.back() += static_cast<std::int64_t>(day.cells.size());
    }
    Table table(Origin{"due_counts", "", -1, {}, -1});
    table.add("due", Column::of(due, known));
    table.add("duty", std::move(duty).finish());
    table.add("open", Column::of(std::move(open)));
    return table;
}

Table Compliance::summary(std::string_view grouping, Lang lang) const {
    const std::optional<DivisionLevel> region_level = parse_level(grouping);
    const std::string_view by = region_level ? to_string(*region_level) : grouping;
    const graph::Store& store = graph_->store();
    const graph::View view(store, as_of_);
    // A group is a text with a name; most groupings are by node.
    std::map<std::string, std::pair<std::string, Tally>> groups;
    const auto count = [&](const std::string& key, const std::string& name, Status status) {
        auto it = groups.find(key);
        if (it == groups.end()) it = groups.emplace(key, std::pair(name, Tally{})).first;
        ++it->second.second.by[static_cast<std::size_t>(status)];
    };
    const auto node_key = [&](NodeNo v) {
        return v == none ? std::pair<std::string, std::string>{}
                         : std::pair(std::string(store.id(v)), std::string(store.name(v)));
    };
    const auto level = std::find(level_names.begin(), level_names.end(), by);
    const bool known = by == "duty" || by == "action" || by == "subject" || by == "unit" ||
                       by == "sector" || by == "month" || by == "leader" ||
                       level != level_names.end();
    if (!known)
        throw InputError("grouping by '" + std::string(by) +
                         "'; known are duty, action, subject, unit, leader, sector, month, "
                         "province, city, county, town, village");
    Leaders leaders(store);

    // The region of a node at that level, or `none`.
    std::vector<NodeNo> region_memo;
    const auto region = [&](NodeNo v) {
        if (region_memo.empty()) region_memo.assign(store.n(), none - 1);
        NodeNo& memo = region_memo[v];
        if (memo != none - 1) return memo;
        memo = none;
        const auto wanted = static_cast<std::uint8_t>(level - level_names.begin());
        for (const NodeNo place : view.chain(view.place_of(v)))
            if (view.level_of(place) == wanted) {
                memo = place;
                break;
            }
        return memo;
    };

    const bool by_node =
        by == "subject" || by == "unit" || by == "leader" || level != level_names.end();
    Tally total;
    std::vector<Tally> tallies;  // by node; the last is nobody
    if (by_node) tallies.resize(store.n() + 1);
    for (const auto& part : parts_) {
        const bool by_action = by == "action";
        const std::string duty = by_action ? action_of(text_of(duties_, "action", part->duty))
                                           : text_of(duties_, "id", part->duty);
        const std::string duty_name =
            by_action ? action_name(duty, lang) : text_of(duties_, "name", part->duty);
        std::vector<std::string> months;
        if (by == "month" && !part->own)
            for (const Period& period : part->periods)
                months.push_back(period.due.text().substr(0, 7));
        Tally whole;
        std::size_t pair = std::numeric_limits<std::size_t>::max();
        NodeNo node = none;
        for (std::size_t i = 0; i < part->cells(); ++i) {
            const Status status = part->status[i];
            ++total.by[static_cast<std::size_t>(status)];
            if (by == "duty" || by == "action") {
                ++whole.by[static_cast<std::size_t>(status)];
                continue;
            }
            if (by == "month") {
                count(!part->own ? months[i % months.size()]
                      : part->unknown_due.empty() || !part->unknown_due[i]
                          ? part->own_periods[i].due.text().substr(0, 7)
                          : "",
                      "", status);
                continue;
            }
            const std::size_t mine = part->pair_of(i);
            if (mine != pair) {
                pair = mine;
                const NodeNo subject = part->subject.empty() ? none : part->subject[pair];
                const NodeNo object = part->object.empty() ? none : part->object[pair];
                node = by == "subject" || by == "leader" ? subject
                       : by == "unit"
                           ? (subject != none && view.unit(subject) != none ? view.unit(subject)
                                                                            : subject)
                           : (object != none ? object : subject);
                if (level != level_names.end() && node != none) node = region(node);
            }
            if (by == "leader") {
                const Date due = part->own ? part->own_periods[i].due
                                           : part->periods[i % part->periods.size()].due;
                const std::vector<NodeNo>& shared = leaders.of(node, std::min(due, as_of_));
                for (const NodeNo leader : shared)
                    ++tallies[leader].by[static_cast<std::size_t>(status)];
                if (shared.empty()) ++tallies[store.n()].by[static_cast<std::size_t>(status)];
                continue;
            }
            if (by_node) {
                ++tallies[node == none ? store.n() : std::size_t{node}]
                      .by[static_cast<std::size_t>(status)];
                continue;
            }
            const auto& sectors = store.sectors.sets[node == none ? 0 : view.node_sectors(node)];
            for (const std::uint16_t sector : sectors)
                count(
                    store.sectors.all[sector].id,
                    lang == Lang::zh ? store.sectors.all[sector].zh : store.sectors.all[sector].en,
                    status);
            if (sectors.empty()) count("", "", status);
        }
        if (by == "duty" || by == "action") {
            auto& sum = groups.emplace(duty, std::pair(duty_name, Tally{})).first->second.second;
            for (std::size_t s = 0; s < whole.by.size(); ++s)
                sum.by[s] += whole.by[s];
        }
    }
    for (std::size_t v = 0; v < tallies.size(); ++v) {
        if (tallies[v].by == Tally{}.by) continue;
        const auto [id, name] = node_key(v == store.n() ? none : static_cast<NodeNo>(v));
        groups.emplace(id, std::pair(name, tallies[v]));
    }

    // What each group is compared with: all, or the regions below the same one.
    std::map<NodeNo, Tally> superiors;
    const auto superior = [&](const std::string& key) {
        const NodeNo place = key.empty() ? none : store.find(key);
        return place == none ? none : view.parent(place);
    };
    const bool by_region = level != level_names.end();
    if (by_region)
        for (const auto& [key, group] : groups)
            for (std::size_t s = 0; s < 7; ++s)
                superiors[superior(key)].by[s] += group.second.by[s];

    Words keys, names, verdicts;
    std::vector<double> average;
    std::array<std::vector<std::int64_t>, 7> columns;
    std::vector<std::int64_t> owed;
    std::vector<double> rate, low, high, in_time;
    for (const auto& [key, group] : groups) {
        const Tally& t = group.second;
        keys.add(key);
        names.add(group.first);
        for (std::size_t s = 0; s < columns.size(); ++s)
            columns[s].push_back(static_cast<std::int64_t>(t.by[s]));
        const std::uint64_t done = t.done();
        const std::uint64_t all = t.owed();
        const Tally& others = by_region ? superiors.at(superior(key)) : total;
        owed.push_back(static_cast<std::int64_t>(all));
        const std::optional<region::Rate> interval = region::wilson(done, all);
        const double nothing = std::numeric_limits<double>::quiet_NaN();
        rate.push_back(interval ? interval->value : nothing);
        low.push_back(interval ? interval->low : nothing);
        high.push_back(interval ? interval->high : nothing);
        const std::optional<region::Rate> mean = region::wilson(others.done(), others.owed());
        average.push_back(mean ? mean->value : nothing);
        verdicts.add(!interval || !mean             ? ""
                     : interval->high < mean->value ? "below"
                     : interval->low > mean->value  ? "above"
                                                    : "like");
        in_time.push_back(all == 0
                              ? nothing
                              : static_cast<double>(t.of(Status::done)) / static_cast<double>(all));
    }
    Table table(Origin{"compliance_summary", "", -1, {}, -1});
    table.add(std::string(by), std::move(keys).finish());
    table.add("name", std::move(names).finish());
    table.add("owed", Column::of(std::move(owed)));
    for (const Status status : {Status::done, Status::done_late, Status::overdue, Status::due,
                                Status::not_due, Status::not_assessable, Status::not_applicable})
        table.add(std::string(to_string(status)),
                  Column::of(std::move(columns[static_cast<std::size_t>(status)])));
    table.add("rate", Column::of(std::move(rate)));
    table.add("rate_low", Column::of(std::move(low)));
    table.add("rate_high", Column::of(std::move(high)));
    table.add("in_time", Column::of(std::move(in_time)));
    table.add("average", Column::of(std::move(average)));
    table.add("verdict", std::move(verdicts).finish());
    return table;
}

}  // namespace safetyrisk::duty
