#include <safetyrisk/core/division_code.hpp>

#include "core/json_view.hpp"
#include "load_view.hpp"
#include "table_json.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace safetyrisk::graph {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t colours = 5;
// Visits are summed as whole numbers of millionths, so that no order of adding can change a sum.
constexpr double millionth = 1e-6;

// What enterprises are worth, by class: a colour and a bound of visits.
struct Classes {
    std::vector<std::uint16_t> of;  // by node
    struct One {
        std::size_t colour = 0;
        std::int64_t visits = 0;  // millionths
    };
    std::vector<One> all;

    Classes(const View& view, const Workload& workload) {
        const std::vector<std::uint8_t> colour = enterprise_colours(view);
        const Store& s = view.s;
        of.assign(colour.begin(), colour.end());
        for (std::size_t c = 0; c < colours; ++c)
            all.push_back({c, c == 0 ? 0 : std::llround(workload.visits[c] / millionth)});
        const Store::Attribute cap = s.attribute("inspection_cap");
        if (!cap.anywhere()) return;
        std::map<std::pair<std::uint16_t, double>, std::uint16_t> numbers;
        for (NodeNo v = 0; v < s.n(); ++v) {
            if (!s.is(v, s.known.enterprise)) continue;
            const auto most = cap.at(v).as_number();
            // A bound that binds nobody is no class of its own.
            if (!most || !(*most >= 0) || *most >= workload.visits[of[v]]) continue;
            const auto next = static_cast<std::uint16_t>(all.size());
            const auto [at, fresh] = numbers.emplace(std::pair(of[v], std::floor(*most)), next);
            if (fresh) all.push_back({of[v], std::llround(std::floor(*most) / millionth)});
            of[v] = at->second;
            if (all.size() == std::numeric_limits<std::uint16_t>::max()) return;
        }
    }
};

// Sums over a set of enterprises, by class.
using Entry = EnterpriseCounts::Entry;

class Loads {
public:
    explicit Loads(Load::Data& data, const LoadOptions& options)
        : data_(data),
          view_(data.view()),
          s_(view_.s),
          k_(s_.known),
          places_(view_),
          classes_(view_, data.workload),
          row_of_(view_.n(), none) {
        collect();
        count(options.work);
        for (Unit& unit : units_)
            add_scope(unit);
        others();
        persons();
        capacity();
        compare();
    }

private:
    struct Unit {
        NodeNo node;
        std::size_t first, last;  // of edges_
    };

    Load::Data& data_;
    View view_;
    const Store& s_;
    const Known& k_;
    Places places_;
    Classes classes_;
    struct Sums {
        std::int64_t visits = 0, demand = 0;  // millionths; demand before effort
    };
    std::vector<std::uint32_t> row_of_;  // by node, into data_.rows
    std::vector<Sums> sums_;             // of data_.rows
    std::vector<EdgeNo> edges_;          // that lead to enterprises, by source
    std::vector<Unit> units_;
    std::vector<std::uint32_t> count_row_;   // by place
    std::vector<std::vector<Entry>> below_;  // by row: its place and all below it
    std::unordered_map<SetNo, std::vector<SetNo>> matches_;
    std::vector<std::uint32_t> stamp_;

    LoadRow& row(NodeNo v) {
        if (row_of_[v] == none) {
            row_of_[v] = static_cast<std::uint32_t>(data_.rows.size());
            data_.rows.emplace_back();
            data_.rows.back().node = v;
            sums_.emplace_back();
        }
        return data_.rows[row_of_[v]];
    }

    // Calls f(edge) for active edges of the kinds wanted, in edge order, added ones last.
    template <class F>
    void each(std::initializer_list<KindNo> kinds, F&& f) const {
        std::array<std::uint8_t, 256> wanted{};
        for (const KindNo kind : kinds)
            if (kind != no_kind) wanted[kind] = 1;
        const std::size_t m = s_.m();
        for (std::size_t e = 0; e < m; ++e)
            if (wanted[s_.edge_kind[e]] != 0 && view_.active(static_cast<EdgeNo>(e)))
                f(static_cast<EdgeNo>(e));
        if (view_.overlay() == nullptr) return;
        for (std::size_t i = 0; i < view_.overlay()->edges.size(); ++i) {
            const auto e = static_cast<EdgeNo>(m + i);
            if (wanted[view_.kind(e)] != 0 && view_.active(e)) f(e);
        }
    }

    void collect() {
        each({k_.regulates, k_.territorial, k_.grid_covers, k_.paired_with},
             [&](EdgeNo e) { edges_.push_back(e); });
        if (view_.overlay() != nullptr && !view_.overlay()->edges.empty())
            std::stable_sort(edges_.begin(), edges_.end(),
                             [&](EdgeNo a, EdgeNo b) { return view_.source(a) < view_.source(b); });
        for (std::size_t i = 0; i < edges_.size();) {
            const NodeNo source = view_.source(edges_[i]);
            std::size_t j = i;
            while (j < edges_.size() && view_.source(edges_[j]) == source)
                ++j;
            units_.push_back({source, i, j});
            i = j;
        }
    }

    bool covers_place(EdgeNo e) const {
        const KindNo kind = view_.kind(e);
        return (kind == k_.regulates || kind == k_.territorial) &&
               places_.number(view_.target(e)) != none;
    }

    void count(const Work& work) {
        // Places that edges lead to have rows; what lies below one without a row is counted there.
        std::vector<std::uint8_t> own(places_.size(), 0);
        for (const EdgeNo e : edges_)
            if (covers_place(e)) own[places_.number(view_.target(e))] = 1;
        count_row_.assign(places_.size(), none);
        std::vector<std::uint32_t> place_of_row;
        for (const std::uint32_t p : places_.downward()) {
            const std::uint32_t above = places_.parent(p);
            if (own[p] == 0) {
                if (above != none) count_row_[p] = count_row_[above];
                continue;
            }
            count_row_[p] = static_cast<std::uint32_t>(place_of_row.size());
            place_of_row.push_back(p);
        }
        const EnterpriseCounts counts = count_enterprises<std::uint16_t>(
            places_, count_row_, place_of_row.size(), classes_.of, classes_.all.size(), work);

        // From below upwards; within a circle of places each counts what is its own.
        const std::size_t classes = classes_.all.size();
        std::vector<std::uint64_t> sums(s_.sectors.sets.size() * classes, 0);
        std::vector<std::uint32_t> touched;
        std::vector<std::vector<std::uint32_t>> children(place_of_row.size());
        for (std::uint32_t r = 0; r < place_of_row.size(); ++r) {
            const std::uint32_t above = places_.parent(place_of_row[r]);
            const std::uint32_t up = above == none ? none : count_row_[above];
            if (up != none && up < r) children[up].push_back(r);
        }
        below_.resize(place_of_row.size());
        for (std::size_t r = place_of_row.size(); r-- > 0;) {
            std::vector<Entry>& out = below_[r];
            const auto own_entries = counts.row(r);
            if (children[r].empty()) {
                out.assign(own_entries.begin(), own_entries.end());
                continue;
            }
            touched.clear();
            const auto add = [&](std::span<const Entry> entries) {
                for (const Entry& entry : entries) {
                    auto& sum = sums[entry.set * classes + entry.cls];
                    if (sum == 0)
                        touched.push_back(
                            static_cast<std::uint32_t>(entry.set * classes + entry.cls));
                    sum += entry.count;
                }
            };
            add(own_entries);
            for (const std::uint32_t child : children[r])
                add(below_[child]);
            std::sort(touched.begin(), touched.end());
            out.reserve(touched.size());
            for (const std::uint32_t at : touched) {
                out.push_back({static_cast<SetNo>(at / classes),
                               static_cast<std::uint32_t>(at % classes), sums[at]});
                sums[at] = 0;
            }
        }
    }

    void add(LoadRow& to, std::size_t cls, std::uint64_t count) {
        const Classes::One& of = classes_.all[cls];
        const std::int64_t weight =
            static_cast<std::int64_t>(count) * data_.workload.weight[of.colour];
        to.enterprises[of.colour] += count;
        to.risk_weight += weight;
        Sums& sums = sums_[row_of_[to.node]];
        sums.visits += static_cast<std::int64_t>(count) * of.visits;
        sums.demand += weight * of.visits;
    }

    // Sets of sectors of enterprises that a set of an edge touches.
    const std::vector<SetNo>& matches(SetNo edge) {
        const auto [at, fresh] = matches_.try_emplace(edge);
        if (fresh)
            for (SetNo set = 1; set < s_.sectors.sets.size(); ++set)
                for (const std::uint16_t sector : s_.sectors.sets[set])
                    if (s_.sectors.covers(edge, sector)) {
                        at->second.push_back(set);
                        break;
                    }
        return at->second;
    }

    bool touches(EdgeNo e, SetNo set) const {
        if (view_.kind(e) == k_.territorial) return true;
        for (const std::uint16_t sector : s_.sectors.sets[set])
            if (s_.sectors.covers(view_.sectors(e), sector)) return true;
        return false;
    }

    // The enterprise that an edge leads to, itself or by its site; `none` for anything else.
    NodeNo enterprise(NodeNo v) const {
        if (view_.is(v, k_.enterprise)) return v;
        if (view_.is(v, k_.site) || view_.is(v, k_.major_hazard_source)) {
            const NodeNo owner = view_.unit(v);
            if (owner != none && view_.is(owner, k_.enterprise) && view_.alive(owner)) return owner;
        }
        return none;
    }

    void add_scope(const Unit& unit) {
        LoadRow& to = row(unit.node);
        const std::span all(edges_.data() + unit.first, unit.last - unit.first);
        std::vector<EdgeNo> to_places;
        bool direct = false;
        for (const EdgeNo e : all) {
            if (covers_place(e))
                to_places.push_back(e);
            else
                direct = true;
        }
        if (to_places.size() == 1 && view_.kind(to_places[0]) == k_.regulates)
            add_sets(to, to_places[0]);
        else if (!to_places.empty())
            add_places(to, to_places);
        if (direct) add_direct(to, unit, all, to_places);
    }

    void add_sets(LoadRow& to, EdgeNo e) {
        const auto& entries = below_[count_row_[places_.number(view_.target(e))]];
        for (const SetNo set : matches(view_.sectors(e))) {
            auto at = std::lower_bound(
                entries.begin(), entries.end(), set,
                [](const Entry& entry, SetNo wanted) { return entry.set < wanted; });
            for (; at != entries.end() && at->set == set; ++at)
                add(to, at->cls, at->count);
        }
    }

    // Several edges: at each place what none of its edges above has counted already.
    void add_places(LoadRow& to, std::span<const EdgeNo> edges) {
        std::vector<std::uint32_t> targets;
        for (const EdgeNo e : edges)
            targets.push_back(places_.number(view_.target(e)));
        std::vector<std::uint32_t> once = targets;
        std::sort(once.begin(), once.end());
        once.erase(std::unique(once.begin(), once.end()), once.end());
        for (const std::uint32_t place : once) {
            std::vector<EdgeNo> here, above;
            places_.up(place, [&](std::uint32_t p) {
                for (std::size_t i = 0; i < edges.size(); ++i)
                    if (targets[i] == p) (p == place ? here : above).push_back(edges[i]);
                return true;
            });
            for (const Entry& entry : below_[count_row_[place]]) {
                const auto meets = [&](EdgeNo e) { return touches(e, entry.set); };
                if (std::any_of(here.begin(), here.end(), meets) &&
                    std::none_of(above.begin(), above.end(), meets))
                    add(to, entry.cls, entry.count);
            }
        }
    }

    void add_direct(LoadRow& to, const Unit& unit, std::span<const EdgeNo> all,
                    std::span<const EdgeNo> to_places) {
        const std::uint32_t mark = row_of_[unit.node] + 1;
        if (stamp_.empty()) stamp_.assign(view_.n(), 0);
        for (const EdgeNo e : all) {
            if (covers_place(e)) continue;
            const NodeNo target = view_.target(e);
            if (view_.kind(e) == k_.paired_with) {
                if (view_.is(target, k_.region) || view_.is(target, k_.zone)) {
                    ++to.regions;
                    continue;
                }
                ++to.paired;
            }
            const NodeNo v = enterprise(target);
            if (v == none || stamp_[v] == mark) continue;
            stamp_[v] = mark;
            bool counted = false;
            const std::uint32_t place = to_places.empty() ? none : places_.of(v);
            places_.up(place, [&](std::uint32_t p) {
                for (const EdgeNo other : to_places)
                    counted = counted || (places_.number(view_.target(other)) == p &&
                                          touches(other, view_.node_sectors(v)));
                return !counted;
            });
            if (!counted) add(to, classes_.of[v], 1);
        }
    }

    // Tasks, letters, committees, what leaders are in charge of.
    void others() {
        const Store::Attribute state = s_.attribute("state"), closed = s_.attribute("closed_on");
        const auto is = [&](KindNo kind, std::initializer_list<KindNo> kinds) {
            return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
        };
        each({k_.leads_task, k_.organizes, k_.joint, k_.shares, k_.responsible, k_.implements,
              k_.member_of, k_.chairs, k_.in_charge_of, k_.addresses},
             [&](EdgeNo e) {
                 const KindNo kind = view_.kind(e);
                 const NodeNo target = view_.target(e);
                 if (kind == k_.addresses) {
                     const NodeNo letter = view_.like(view_.source(e));
                     const Value word = state.at(letter);
                     const bool done = !closed.at(letter).is_empty() || word.text == "closed" ||
                                       word.text == "已办结";
                     if (!done) ++row(target).letters_open;
                     return;
                 }
                 LoadRow& to = row(view_.source(e));
                 if (is(kind, {k_.leads_task, k_.organizes}))
                     ++to.tasks_lead;
                 else if (kind == k_.joint)
                     ++to.tasks_joint;
                 else if (is(kind, {k_.shares, k_.responsible, k_.implements}))
                     ++to.tasks_share;
                 else if (is(kind, {k_.member_of, k_.chairs}))
                     ++to.committees;
                 else if (view_.is(target, k_.region) || view_.is(target, k_.zone))
                     ++to.regions;
                 else if (view_.is(target, k_.dept))
                     ++to.departments;
             });
    }

    // Who holds posts has what its posts have.
    void persons() {
        each({k_.holds}, [&](EdgeNo e) {
            const std::uint32_t post = row_of_[view_.target(e)];
            if (post == none || !view_.is(view_.source(e), k_.person)) return;
            LoadRow& to = row(view_.source(e));
            const LoadRow from = data_.rows[post];
            for (std::size_t c = 0; c < colours; ++c)
                to.enterprises[c] += from.enterprises[c];
            to.risk_weight += from.risk_weight;
            Sums& sums = sums_[row_of_[to.node]];
            sums.visits += sums_[post].visits;
            sums.demand += sums_[post].demand;
            to.tasks_lead += from.tasks_lead;
            to.tasks_joint += from.tasks_joint;
            to.tasks_share += from.tasks_share;
            to.letters_open += from.letters_open;
            to.committees += from.committees;
            to.departments += from.departments;
            to.regions += from.regions;
            to.paired += from.paired;
        });
    }

    void capacity() {
        const Store::Attribute staff = s_.attribute("staff"), days = s_.attribute("working_days"),
                               other = s_.attribute("other_enforcement_days"),
                               without = s_.attribute("non_enforcement_days");
        for (std::size_t i = 0; i < data_.rows.size(); ++i) {
            LoadRow& one = data_.rows[i];
            one.visits = static_cast<double>(sums_[i].visits) * millionth;
            one.demand = static_cast<double>(sums_[i].demand) * millionth * data_.workload.effort;
            one.staff = one.working_days = one.other_days = one.capacity = one.load = unknown;
            if (!staff.anywhere()) continue;
            const NodeNo v = view_.like(one.node);
            const auto people = staff.at(v).as_number();
            if (!people) continue;
            one.staff = *people;
            one.working_days = days.at(v).as_number().value_or(data_.workload.working_days);
            one.other_days =
                other.at(v).as_number().value_or(0) + without.at(v).as_number().value_or(0);
            one.capacity = one.staff * one.working_days - one.other_days;
            if (one.capacity > 0) {
                one.load = one.demand / one.capacity;
                data_.capacity_known = true;
            }
        }
        std::sort(data_.rows.begin(), data_.rows.end(),
                  [](const LoadRow& a, const LoadRow& b) { return a.node < b.node; });
    }

    void compare() {
        std::map<std::tuple<KindNo, KindNo, std::uint8_t>, std::vector<double>> groups;
        const auto group = [&](const LoadRow& one) {
            return std::tuple(view_.node_kind(one.node), view_.post_kind(one.node),
                              view_.level_of(one.node));
        };
        const auto value = [&](const LoadRow& one) {
            return data_.capacity_known ? one.load : one.demand;
        };
        for (const LoadRow& one : data_.rows)
            if (!std::isnan(value(one)) && one.all() != 0) groups[group(one)].push_back(value(one));
        for (auto& [key, values] : groups)
            std::sort(values.begin(), values.end());
        for (LoadRow& one : data_.rows) {
            one.median = unknown;
            const auto found = groups.find(group(one));
            if (found == groups.end()) continue;
            const auto& values = found->second;
            const std::size_t half = values.size() / 2;
            one.median =
                values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
            one.flagged = value(one) > data_.workload.flag * one.median;
        }
    }
};

}  // namespace

Load load_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
               const LoadOptions& options) {
    auto data = std::make_shared<Load::Data>(Load::Data{.graph = graph,
                                                        .overlay = std::move(overlay),
                                                        .on = graph.day(options.on),
                                                        .workload = Workload(options.workload)});
    const Loads loads(*data, options);
    return Load(std::move(data));
}

Load load(const ResponsibilityGraph& graph, const LoadOptions& options) {
    return load_view(graph, nullptr, options);
}

std::span<const LoadRow> Load::rows() const {
    return data_->rows;
}
std::string_view Load::compared() const {
    return data_->capacity_known ? "load" : "demand";
}
Date Load::on() const {
    return data_->on;
}
const ResponsibilityGraph& Load::graph() const {
    return data_->graph;
}

Table Load::to_table(Lang lang) const {
    const View view = data_->view();
    const Store& s = view.s;
    TextBuilder unit, name, kind, level;
    for (const LoadRow& one : data_->rows) {
        unit.append(view.id(one.node));
        name.append(view.name(one.node));
        const NodeKind& of = s.kinds->nodes()[view.node_kind(one.node)];
        kind.append(lang == Lang::zh ? of.zh : of.id);
        const std::uint8_t at = view.level_of(one.node);
        if (at > static_cast<std::uint8_t>(DivisionLevel::village))
            level.append_null();
        else
            level.append(to_string(static_cast<DivisionLevel>(at)));
    }
    Table table(Origin{"load", "", -1, {}, -1});
    table.add("unit", unit.finish());
    table.add("name", name.finish());
    table.add("kind", kind.finish());
    table.add("level", level.finish());
    const auto whole = [&](const char* column, auto&& cell) {
        std::vector<std::int64_t> cells;
        for (const LoadRow& one : data_->rows)
            cells.push_back(static_cast<std::int64_t>(cell(one)));
        table.add(column, Column::of(std::move(cells)));
    };
    const auto number = [&](const char* column, double LoadRow::* cell) {
        std::vector<double> cells;
        for (const LoadRow& one : data_->rows)
            cells.push_back(one.*cell);
        table.add(column, Column::of(std::move(cells)));
    };
    whole("enterprises", [](const LoadRow& one) { return one.all(); });
    for (const Grade grade : all_grades)
        whole(std::string(to_string(grade)).c_str(),
              [&](const LoadRow& one) { return one.enterprises[static_cast<std::size_t>(grade)]; });
    whole("ungraded", [](const LoadRow& one) { return one.enterprises[0]; });
    whole("risk_weight", [](const LoadRow& one) { return one.risk_weight; });
    number("visits", &LoadRow::visits);
    number("demand", &LoadRow::demand);
    number("staff", &LoadRow::staff);
    number("working_days", &LoadRow::working_days);
    number("other_days", &LoadRow::other_days);
    number("capacity", &LoadRow::capacity);
    number("load", &LoadRow::load);
    number("median", &LoadRow::median);
    std::vector<std::uint8_t> flagged;
    for (const LoadRow& one : data_->rows)
        flagged.push_back(one.flagged ? 1 : 0);
    table.add("flagged", Column::of_booleans(std::move(flagged)));
    whole("tasks_lead", [](const LoadRow& one) { return one.tasks_lead; });
    whole("tasks_joint", [](const LoadRow& one) { return one.tasks_joint; });
    whole("tasks_share", [](const LoadRow& one) { return one.tasks_share; });
    whole("letters_open", [](const LoadRow& one) { return one.letters_open; });
    whole("committees", [](const LoadRow& one) { return one.committees; });
    whole("departments", [](const LoadRow& one) { return one.departments; });
    whole("regions", [](const LoadRow& one) { return one.regions; });
    whole("paired", [](const LoadRow& one) { return one.paired; });
    return table;
}

std::string Load::to_json(Lang lang) const {
    using safetyrisk::detail::Json;
    const Workload& w = data_->workload;
    Json weights = Json::object(), visits = Json::object();
    for (const Grade grade : all_grades) {
        weights[std::string(to_string(grade))] = w.weight[static_cast<std::size_t>(grade)];
        visits[std::string(to_string(grade))] = w.visits[static_cast<std::size_t>(grade)];
    }
    const Json document{{"format", 1},
                        {"on", data_->on.text()},
                        {"pack", w.pack->id},
                        {"sha256", w.pack->sha256},
                        {"factors",
                         {{"weights", weights},
                          {"visits", visits},
                          {"effort", w.effort},
                          {"working_days", w.working_days},
                          {"flag", w.flag}}},
                        {"compared", compared()},
                        {"rows", json_rows(to_table(lang))}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safetyrisk::graph
