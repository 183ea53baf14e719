#include "duty/done.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/duty/packs.hpp>

#include "core/cells.hpp"
#include "core/id_numbers.hpp"
#include "core/json_view.hpp"
#include "graph/node_names.hpp"
#include "graph/store.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace safetyrisk::duty {
namespace {

using graph::NodeNo;
using graph::ResponsibilityGraph;

// One side of the records, as nodes.
struct Ends {
    Buffer<NodeNo> nodes;               // none: nobody; empty: nobody anywhere
    std::vector<std::uint8_t> unknown;  // whether nobody has the id that stands there; empty: never

    NodeNo node(std::size_t row) const { return node_of(nodes, row); }
    std::uint8_t is_unknown(std::size_t row) const { return unknown.empty() ? 0 : unknown[row]; }
};

// The node of each row's id.
Ends read_ends(const ResponsibilityGraph& graph, const Column* column, std::size_t rows,
               const Work& work) {
    Ends out;
    if (column == nullptr) return out;
    Buffer<NodeNo>& nodes = out.nodes;
    nodes.resize(rows);
    std::atomic<bool> strange{false};
    const graph::Store& store = graph.store();
    if (const Column* words = column->dictionary()) {
        const Ends known = read_ends(graph, words, words->size(), work);
        if (!known.unknown.empty()) out.unknown.resize(rows);
        for_blocks(rows, work, [&](std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row) {
                const std::int32_t code = column->code(row);
                nodes[row] = code < 0 ? graph::none : known.nodes[static_cast<std::size_t>(code)];
                if (code >= 0 && !out.unknown.empty())
                    out.unknown[row] = known.unknown[static_cast<std::size_t>(code)];
            }
        });
        return out;
    }
    std::vector<std::uint8_t> unknown(rows, 0);
    for_blocks(rows, work, [&](std::size_t begin, std::size_t end) {
        constexpr std::size_t batch = 32;
        std::array<std::string_view, batch> ids;
        for (std::size_t first = begin; first < end; first += batch) {
            const std::size_t n = std::min(batch, end - first);
            const bool texts = column->type() == ColumnType::text;
            if (texts) {
                for (std::size_t k = 0; k < n; ++k)
                    ids[k] = trim(column->text(first + k));
                store.fetch(std::span(ids).first(n));
            }
            for (std::size_t k = 0; k < n; ++k) {
                nodes[first + k] = graph::none;
                if (column->is_missing(first + k)) continue;
                nodes[first + k] =
                    texts ? store.find(ids[k]) : store.find(column->print(first + k));
                if (nodes[first + k] != graph::none) continue;
                unknown[first + k] = 1;
                strange = true;
            }
        }
    });
    if (strange) out.unknown = std::move(unknown);
    return out;
}

// Days since 1970 of each row; the lowest number where the cell is empty, the highest where it is
// no day.
constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t bad_day = std::numeric_limits<std::int32_t>::max();

// Rows that one thread looks at before it takes others.
constexpr std::size_t piece_rows = std::size_t{1} << 18;

Buffer<std::int32_t> read_days(const Column& column, std::size_t rows, const Work& work) {
    Buffer<std::int32_t> days(rows);
    for_blocks(rows, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            if (column.type() == ColumnType::date) {
                days[row] = column.is_null(row) ? no_day : column.date(row).days_since_1970();
                continue;
            }
            days[row] = no_day;
            if (column.is_missing(row)) continue;
            bool wrong = false;
            const auto day = cell_day(&column, row, wrong);
            days[row] = day ? day->days_since_1970() : bad_day;
        }
    });
    return days;
}

// The last valid day that a record names: its column `valid_to`, else that key of its `values`.
class LastDays {
public:
    explicit LastDays(const Table& records)
        : column_(records.find("valid_to")), values_(records.find("values")) {}

    /// Whether there is surely none.
    bool none(std::size_t row) const {
        return (column_ == nullptr || column_->is_missing(row)) &&
               (values_ == nullptr || values_->is_missing(row));
    }
    /// The cell as it stands; empty where there is none.
    std::string text(std::size_t row) {
        std::string cell = column_ == nullptr ? std::string() : cell_text(column_, row);
        if (!cell.empty() || values_ == nullptr) return cell;
        const std::string_view json = cell_text(values_, row, scratch_);
        if (json.find("\"valid_to\"") == std::string_view::npos) return cell;
        // What is no JSON is told when the graph is built.
        const auto read = safetyrisk::detail::Json::parse(json, nullptr, false);
        const auto found = read.is_object() ? read.find("valid_to") : read.end();
        if (found == read.end() || found->is_null()) return cell;
        return found->is_string() ? found->get<std::string>() : found->dump();
    }

private:
    const Column* column_;
    const Column* values_;
    std::string scratch_;
};

// Rows in the order of a key, equal keys as they stand.
template <class Key>
std::vector<std::uint32_t> by_key(const std::vector<std::uint32_t>& rows, std::size_t keys,
                                  const Key& key) {
    std::vector<std::uint32_t> next(keys + 1, 0);
    for (const std::uint32_t row : rows)
        ++next[key(row) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<std::uint32_t> sorted(rows.size());
    for (const std::uint32_t row : rows)
        sorted[next[key(row)]++] = row;
    return sorted;
}

// Days by node, those of each in order; `doings.offsets` has a place for each node and is 0.
void sort_days(std::span<const NodeNo> nodes, std::span<const Date> days, Doings& doings) {
    std::vector<std::uint32_t>& offsets = doings.offsets;
    for (const NodeNo node : nodes)
        if (node != graph::none) ++offsets[node];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    doings.days.resize(offsets.back());
    // From the last row to the first, so that the end of each node becomes its beginning.
    for (std::size_t i = nodes.size(); i-- > 0;)
        if (nodes[i] != graph::none) doings.days[--offsets[nodes[i]]] = days[i];
    for (std::size_t node = 0; node + 1 < offsets.size(); ++node)
        if (offsets[node + 1] - offsets[node] > 1)
            std::sort(doings.days.begin() + offsets[node], doings.days.begin() + offsets[node + 1]);
}

}  // namespace

Done::Done(const ResponsibilityGraph& graph, const Table& records, Date as_of,
           const std::map<std::string, Date>& begins, IssueTable& issues, const Work& work)
    : nodes_(graph.nodes()) {
    const std::size_t n = records.rows();
    if (n >= std::numeric_limits<std::uint32_t>::max())
        throw InputError("records: more than 2^32 rows");
    Work beside = work;
    beside.progress = nullptr;
    const Column& dates = records.at("date");
    (void)records.at("action");
    const Column* const subject_column = records.find("subject");
    const Column* const object_column = records.find("object");
    if (subject_column == nullptr && object_column == nullptr) (void)records.at("subject");

    read_actions(records, issues, beside);
    reject_repeated(records, issues, beside);
    Ends subject = read_ends(graph, subject_column, n, beside);
    Ends object = read_ends(graph, object_column, n, beside);
    // What is no id may be a name.
    constexpr std::uint8_t twice = 2;
    graph::detail::CellNodes cells(graph.store(), records);
    const auto read_names = [&](const Column* column, std::string_view name, Ends& side) {
        std::string scratch;
        for (std::size_t row = 0; row < side.unknown.size(); ++row) {
            if (side.unknown[row] == 0) continue;
            std::size_t several = 0;
            NodeNo& node = side.nodes[row];
            node = cells.find(cell_text(column, row, scratch), name, row, several);
            side.unknown[row] = node != graph::none ? 0 : several > 1 ? twice : 1;
            if (side.unknown[row] == twice && action_of_[row] >= 0) {
                faults_.push_back({row, action_of_[row], false});
                issues.add("graph.name_twice", records.origin(), static_cast<std::int64_t>(row),
                           name, column->print(row), {std::to_string(several)});
                action_of_[row] = -1;
            }
        }
    };
    read_names(subject_column, "subject", subject);
    read_names(object_column, "object", object);
    cells.report(issues);
    const auto days = read_days(dates, n, beside);
    const Column* const counts = records.find("count");

    std::vector<double> amount;
    std::vector<Date> until;
    LastDays ends(records);
    const std::optional<Date> data_date = graph.data_date();
    const auto stands = [&](std::size_t row) {  // without fault, and counts once
        return action_of_[row] >= 0 && (subject.is_unknown(row) | object.is_unknown(row)) == 0 &&
               (subject.node(row) != graph::none || object.node(row) != graph::none) &&
               days[row] != no_day && days[row] != bad_day &&
               (!data_date || Date(days[row]) <= *data_date) &&
               (counts == nullptr || counts->is_missing(row)) && ends.none(row);
    };
    const auto check = [&](std::size_t row) {
        if (action_of_[row] < 0) return;
        const auto reject = [&](std::string_view code, std::string_view column,
                                std::string_view value = {}) {
            issues.add(code, records.origin(), static_cast<std::int64_t>(row), column, value);
            faults_.push_back({row, action_of_[row], column == "valid_to"});
            action_of_[row] = -1;
        };
        if (subject.is_unknown(row) != 0) {
            reject("duty.id_unknown", "subject", subject_column->print(row));
        } else if (object.is_unknown(row) != 0) {
            reject("duty.id_unknown", "object", object_column->print(row));
        } else if (subject.node(row) == graph::none && object.node(row) == graph::none) {
            reject("duty.record_of_nobody", "subject");
        } else if (days[row] == no_day) {
            reject("duty.date_missing", "date");
        } else if (days[row] == bad_day) {
            reject("duty.date_malformed", "date", dates.print(row));
        } else if (data_date && Date(days[row]) > *data_date) {
            reject("duty.record_in_future", "date", Date(days[row]).text());
        } else if (const std::string text = ends.text(row); !text.empty()) {
            const std::optional<Date> end = read_day(text);
            if (until.empty()) until.assign(n, no_end);
            if (!end)
                reject("duty.date_malformed", "valid_to", text);
            else if (*end < Date(days[row]))
                reject("duty.dates_contradict", "valid_to", text);
            else
                until[row] = *end;
        }
        if (action_of_[row] < 0) return;
        if (counts != nullptr && !counts->is_missing(row)) {
            const NumberCell count = counts->number(row);
            if (count.state != NumberCell::State::value || !(count.value >= 0) ||
                count.value > 1e9) {
                reject("duty.number_malformed", "count", counts->print(row));
            } else if (count.value != 1) {
                if (amount.empty()) amount.assign(n, 1.0);
                amount[row] = count.value;
            }
        }
    };
    // Records older than every duty of their action, and by how much; none where no duty begins.
    std::vector<std::pair<const std::string*, Date>> asked(actions_.size(),
                                                           {nullptr, Date(no_day)});
    for (const auto& [action, a] : actions_)
        if (const auto begin = begins.find(action); begin != begins.end())
            asked[a] = {&action, begin->second};
    const auto is_early = [&](std::size_t row) {
        return action_of_[row] >= 0 &&
               Date(days[row]) < asked[static_cast<std::size_t>(action_of_[row])].second;
    };

    // Most rows only count: pieces in which one does not are looked at row by row.
    const std::size_t pieces = (n + piece_rows - 1) / piece_rows;
    std::vector<std::uint8_t> odd(pieces, 0);
    const auto rows_of = [&](std::size_t piece) {
        return std::pair(piece * piece_rows, std::min(n, (piece + 1) * piece_rows));
    };
    for_tasks(pieces, beside, [&](std::size_t piece) {
        const auto [begin, end] = rows_of(piece);
        for (std::size_t row = begin; row < end && odd[piece] == 0; ++row)
            odd[piece] = stands(row) && !is_early(row) ? 0 : 1;
    });
    const auto each_odd = [&](const auto& look) {
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            const auto [begin, end] = rows_of(piece);
            for (std::size_t row = begin; odd[piece] != 0 && row < end; ++row)
                look(row);
        }
    };
    each_odd(check);
    each_odd([&](std::size_t row) {
        if (!is_early(row)) return;
        const auto& [action, from] = asked[static_cast<std::size_t>(action_of_[row])];
        issues.add("duty.record_before_duty", records.origin(), static_cast<std::int64_t>(row),
                   "date", Date(days[row]).text(),
                   {*action, from.text(), action_name(*action, Lang::zh)});
    });
    const Cells read{subject.nodes, object.nodes, days, amount, until};
    sort_by_action(read, as_of, beside);
    action_of_ = {};
    keep_left_out(graph, read, counts, as_of);
    credit_posts(graph, as_of);
}

// Rows by their action, in the order in which they stand.
void Done::sort_by_action(const Cells& cells, Date as_of, const Work& work) {
    const std::size_t n = action_of_.size();
    const std::size_t actions = actions_.size();
    const std::size_t size = std::max(piece_rows, 64 * actions);
    const std::size_t pieces = (n + size - 1) / size;
    const auto each = [&](std::size_t piece, const auto& visit) {
        for (std::size_t row = piece * size; row < std::min(n, (piece + 1) * size); ++row)
            if (action_of_[row] >= 0) visit(row, static_cast<std::size_t>(action_of_[row]));
    };
    rows_.resize(actions);
    earliest_.assign(actions, Date(bad_day));
    // Of each piece and action: how many stand, then where the first of them goes.
    std::vector<std::size_t> places(pieces * actions, 0);
    std::vector<std::size_t> used(pieces, 0);
    std::vector<Date> first(pieces * actions, Date(bad_day));
    for_tasks(pieces, work, [&](std::size_t piece) {
        std::size_t* const count = places.data() + piece * actions;
        Date* const early = first.data() + piece * actions;
        each(piece, [&](std::size_t row, std::size_t a) {
            const Date day(cells.days[row]);
            early[a] = std::min(early[a], day);
            ++used[piece];
            if (day <= as_of) ++count[a];
        });
    });
    used_ = std::accumulate(used.begin(), used.end(), std::size_t{0});
    for (std::size_t a = 0; a < actions; ++a) {
        std::size_t all = 0;
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            earliest_[a] = std::min(earliest_[a], first[piece * actions + a]);
            all += std::exchange(places[piece * actions + a], all);
        }
        if (!cells.subject.empty()) rows_[a].subject.resize(all);
        if (!cells.object.empty()) rows_[a].object.resize(all);
        rows_[a].day.resize(all);
        if (!cells.amount.empty()) rows_[a].amount.resize(all);
        if (!cells.until.empty()) rows_[a].until.resize(all);
    }
    for_tasks(pieces, work, [&](std::size_t piece) {
        std::size_t* const next = places.data() + piece * actions;
        each(piece, [&](std::size_t row, std::size_t a) {
            const Date day(cells.days[row]);
            if (day > as_of) return;
            const std::size_t at = next[a]++;
            if (!cells.subject.empty()) rows_[a].subject[at] = cells.subject[row];
            if (!cells.object.empty()) rows_[a].object[at] = cells.object[row];
            rows_[a].day[at] = day;
            if (!cells.amount.empty()) rows_[a].amount[at] = cells.amount[row];
            if (!cells.until.empty()) rows_[a].until[at] = cells.until[row];
        });
    });
}

void Done::read_actions(const Table& records, IssueTable& issues, const Work& work) {
    const Column& column = records.at("action");
    const IdNumbers names(column, work);
    std::vector<std::int32_t> number;
    for (std::size_t k = 0; k < names.size(); ++k) {
        const auto [it, fresh] =
            actions_.emplace(action_of(trim(names.texts().text(k))), actions_.size());
        number.push_back(static_cast<std::int32_t>(it->second));
    }
    action_of_.resize(records.rows());
    std::atomic<bool> missing{false};
    for_blocks(records.rows(), work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::int32_t name = names.numbers()[row];
            action_of_[row] = name < 0 ? -1 : number[static_cast<std::size_t>(name)];
            if (name < 0) missing = true;
        }
    });
    for (std::size_t row = 0; missing && row < records.rows(); ++row)
        if (action_of_[row] < 0)
            issues.add("duty.action_missing", records.origin(), static_cast<std::int64_t>(row),
                       "action");
}

void Done::reject_repeated(const Table& records, IssueTable& issues, const Work& work) {
    const Column* const ids = records.find("id");
    if (ids == nullptr) return;
    each_repeated(records, *ids, work, [&](std::size_t row, bool equal) {
        issues.add(equal ? "duty.row_repeated" : "duty.id_conflict", records.origin(),
                   static_cast<std::int64_t>(row), "id", ids->print(row));
        if (!equal && action_of_[row] >= 0) faults_.push_back({row, action_of_[row], false});
        action_of_[row] = -1;
    });
}

// What a person did counts for the posts that they held on the day.
void Done::credit_posts(const ResponsibilityGraph& graph, Date as_of) {
    const graph::Store& s = graph.store();
    for (Rows& rows : rows_)
        rows.own = rows.day.size();
    if (s.known.holds == graph::no_kind || !graph::View(s, as_of).has_edges(s.known.holds)) return;
    for (Rows& rows : rows_) {
        const std::size_t n = rows.subject.size();
        for (std::size_t i = 0; i < n; ++i) {
            const NodeNo person = rows.subject[i];
            if (person == graph::none || !s.is(person, s.known.person)) continue;
            const graph::View view(s, rows.day[i]);
            view.out(person, s.known.holds, [&](graph::EdgeNo edge) {
                const Date day = rows.day[i];
                const NodeNo object = node_of(rows.object, i);
                rows.subject.push_back(view.target(edge));
                if (!rows.object.empty()) rows.object.push_back(object);
                rows.day.push_back(day);
                if (!rows.amount.empty()) rows.amount.push_back(double{rows.amount[i]});
                if (!rows.until.empty()) rows.until.push_back(Date{rows.until[i]});
            });
        }
    }
}

std::span<const LeftOut> Done::left_out(const std::string& action) const {
    const auto found = actions_.find(action);
    if (found == actions_.end() || left_out_.empty()) return {};
    return left_out_[found->second];
}

// Faulty rows as far as they can be read. What a person did may count for their posts: those of
// the day, or of `as_of` where no day can be read.
void Done::keep_left_out(const ResponsibilityGraph& graph, const Cells& cells, const Column* counts,
                         Date as_of) {
    if (faults_.empty()) return;
    const graph::Store& s = graph.store();
    left_out_.resize(actions_.size());
    for (const Fault& fault : faults_) {
        LeftOut one;
        one.row = fault.row;
        one.subject = node_of(cells.subject, fault.row);
        one.object = node_of(cells.object, fault.row);
        one.holds_till_any = fault.end;
        const std::int32_t day = cells.days[fault.row];
        if (day != no_day && day != bad_day) one.day = Date(day);
        if (one.day && *one.day > as_of) continue;
        if (counts != nullptr && !counts->is_missing(fault.row)) {
            const NumberCell count = counts->number(fault.row);
            const bool known = count.state == NumberCell::State::value && count.value >= 0;
            one.amount = known ? count.value : std::numeric_limits<double>::infinity();
        }
        std::vector<LeftOut>& mine = left_out_[static_cast<std::size_t>(fault.action)];
        mine.push_back(one);
        if (one.subject == graph::none || !s.is(one.subject, s.known.person) ||
            s.known.holds == graph::no_kind)
            continue;
        const graph::View view(s, one.day.value_or(as_of));
        view.out(NodeNo{one.subject}, s.known.holds, [&](graph::EdgeNo edge) {
            one.subject = view.target(edge);
            mine.push_back(one);
        });
    }
    for (std::vector<LeftOut>& mine : left_out_)
        std::stable_sort(mine.begin(), mine.end(),
                         [](const LeftOut& a, const LeftOut& b) { return a.day < b.day; });
    faults_ = {};
}

Doings Done::about(const std::string& action) const {
    Doings doings;
    doings.offsets.assign(nodes_ + 1, 0);
    const auto found = actions_.find(action);
    if (found == actions_.end()) return doings;
    const Rows& rows = rows_[found->second];
    std::vector<std::pair<NodeNo, Date>> days;
    for (std::size_t i = 0; i < rows.day.size(); ++i) {
        const NodeNo object = node_of(rows.object, i);
        if (i >= rows.own && object != graph::none) continue;
        days.emplace_back(object != graph::none ? object : node_of(rows.subject, i), rows.day[i]);
    }
    std::sort(days.begin(), days.end());
    for (const auto& [node, day] : days) {
        ++doings.offsets[node + 1];
        doings.days.push_back(day);
    }
    std::partial_sum(doings.offsets.begin(), doings.offsets.end(), doings.offsets.begin());
    return doings;
}

Doings Done::by_region(const std::string& action, const graph::View& view,
                       bool with_amounts) const {
    Doings doings;
    doings.offsets.assign(nodes_ + 1, 0);
    const auto found = actions_.find(action);
    if (found == actions_.end()) return doings;
    const Rows& rows = rows_[found->second];
    const bool amounts = with_amounts && !rows.amount.empty();
    std::unordered_map<NodeNo, std::vector<NodeNo>> chains;
    std::vector<std::tuple<NodeNo, Date, double>> all;
    for (std::size_t i = 0; i < rows.own; ++i) {
        const NodeNo subject = node_of(rows.subject, i);
        const NodeNo who = subject != graph::none ? subject : node_of(rows.object, i);
        const NodeNo place = view.place_of(who);
        if (place == graph::none) continue;
        auto chain = chains.find(place);
        if (chain == chains.end()) chain = chains.emplace(place, view.chain(place)).first;
        for (const NodeNo region : chain->second)
            all.emplace_back(region, rows.day[i], amounts ? rows.amount[i] : 1);
    }
    std::sort(all.begin(), all.end());
    for (const auto& [region, day, amount] : all) {
        ++doings.offsets[region + 1];
        doings.days.push_back(day);
        if (amounts) doings.amounts.push_back(amount);
    }
    std::partial_sum(doings.offsets.begin(), doings.offsets.end(), doings.offsets.begin());
    return doings;
}

Doings Done::by(const std::string& action, bool subject, bool with_others,
                bool with_amounts) const {
    Doings doings;
    doings.offsets.assign(nodes_ + 1, 0);
    const auto found = actions_.find(action);
    if (found == actions_.end()) return doings;
    const Rows& rows = rows_[found->second];
    const Buffer<NodeNo>& side = subject ? rows.subject : rows.object;
    const bool amounts = with_amounts && !rows.amount.empty();
    if (side.empty()) return doings;
    // To an object it was done once, whoever's post it counts for.
    const std::size_t rows_read = subject ? side.size() : rows.own;
    if (!with_others && !amounts && rows.until.empty()) {
        sort_days(std::span(side).first(rows_read), rows.day, doings);
        return doings;
    }

    std::vector<std::uint32_t> order;
    order.reserve(rows_read);
    for (std::size_t i = 0; i < rows_read; ++i)
        if (side[i] != graph::none) order.push_back(static_cast<std::uint32_t>(i));
    if (order.empty()) return doings;
    // Stable passes, the last key first: day, then the other side, then the node.
    const auto [first, last] = std::minmax_element(rows.day.begin(), rows.day.end());
    const std::int32_t origin = first->days_since_1970();
    const auto span = static_cast<std::size_t>(*last - *first) + 1;
    if (span <= 200'000)
        order = by_key(order, span, [&](std::uint32_t i) {
            return static_cast<std::size_t>(rows.day[i].days_since_1970() - origin);
        });
    else
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return rows.day[a] < rows.day[b];
        });
    if (with_others)
        order = by_key(order, nodes_ + 1, [&](std::uint32_t i) {
            const NodeNo node = subject ? node_of(rows.object, i) : node_of(rows.subject, i);
            return node == graph::none ? nodes_ : std::size_t{node};
        });
    order = by_key(order, nodes_, [&](std::uint32_t i) { return std::size_t{side[i]}; });

    doings.days.reserve(order.size());
    if (with_others) doings.others.reserve(order.size());
    for (const std::uint32_t i : order) {
        ++doings.offsets[side[i] + 1];
        doings.days.push_back(rows.day[i]);
        if (with_others)
            doings.others.push_back(subject ? node_of(rows.object, i) : node_of(rows.subject, i));
        if (amounts) doings.amounts.push_back(rows.amount[i]);
        if (!rows.until.empty()) doings.until.push_back(rows.until[i]);
    }
    std::partial_sum(doings.offsets.begin(), doings.offsets.end(), doings.offsets.begin());
    return doings;
}

}  // namespace safetyrisk::duty
