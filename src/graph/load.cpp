#include <safetyrisk/core/division_code.hpp>

#include "core/json_view.hpp"
#include "load_view.hpp"
#include "rule_context.hpp"
#include "table_json.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace safetyrisk::graph {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t colours = 5;
// Visits are summed as whole numbers of millionths, so that no order of adding can change a sum.
constexpr double millionth = 1e-6;

// What enterprises are worth, by class: a colour and a bound of visits.
struct Classes {
    const std::vector<std::uint8_t>& colour;  // by node
    std::vector<std::uint16_t> of;            // by node; empty where it is the colour
    struct One {
        std::size_t colour = 0;
        std::int64_t visits = 0;  // millionths
    };
    std::vector<One> all;

    std::size_t at(NodeNo v) const { return of.empty() ? colour[v] : of[v]; }
    bool colours_alone() const { return all.size() == colours; }

    Classes(const RuleContext& context, const Workload& workload)
        : colour(context.enterprises().colours()) {
        const Store& s = context.s;
        for (std::size_t c = 0; c < colours; ++c)
            all.push_back({c, c == 0 ? 0 : std::llround(workload.visits[c] / millionth)});
        const Store::Attribute cap = s.attribute("inspection_cap");
        if (!cap.anywhere()) return;
        of.assign(colour.begin(), colour.end());
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
    /// `only`: ascending, the nodes whose rows are wanted; null for all and for what compares them.
    Loads(Load::Data& data, const LoadOptions& options, const std::vector<NodeNo>* only)
        : data_(data),
          only_(only),
          view_(data.view()),
          context_(view_, nullptr, day_context(view_.s, data.on)),
          s_(view_.s),
          k_(s_.known),
          places_(context_.territory()),
          classes_(context_, data.workload) {
        collect();
        count(options.work);
        scopes();
        others();
        persons();
        for (std::size_t i = units_.size(); i < data_.rows.size(); ++i)
            finish(i);
        if (only_ == nullptr) compare();
        if (data_.rows.size() != units_.size())
            std::sort(data_.rows.begin(), data_.rows.end(),
                      [](const LoadRow& a, const LoadRow& b) { return a.node < b.node; });
    }

private:
    using Unit = RuleContext::Scopes::Unit;

    Load::Data& data_;
    const std::vector<NodeNo>* only_;
    View view_;
    RuleContext context_;
    const Store& s_;
    const Known& k_;
    const Places& places_;
    Classes classes_;
    struct Sums {
        std::int64_t visits = 0, demand = 0;  // millionths; demand before effort
        std::uint64_t enterprises = 0;
    };
    std::unordered_map<NodeNo, std::size_t> other_rows_;  // of nodes that are no units
    Buffer<Sums> sums_;                                   // of data_.rows
    RuleContext::Scopes some_;                            // of the nodes that are wanted
    std::span<const EdgeNo> edges_;                       // that lead to enterprises, by source
    std::span<const Unit> units_;  // ascending; the first rows of data_ are theirs
    bool at_anchors_ = true;
    // Enterprises of a place and of all below it: as the day has them, else by row.
    bool by_anchors_ = false;
    std::vector<std::uint32_t> count_row_;   // by place
    std::vector<std::vector<Entry>> below_;  // by row
    Sectors::Touched touched_{s_.sectors};
    std::vector<NodeNo> reached_;  // by edges of one unit
    Store::Attribute staff_ = s_.attribute("staff"), days_ = s_.attribute("working_days"),
                     other_days_ = s_.attribute("other_enforcement_days"),
                     no_days_ = s_.attribute("non_enforcement_days");

    // The row of a node in data_, `none` without.
    std::size_t find_row(NodeNo v) const {
        const auto at = std::partition_point(units_.begin(), units_.end(),
                                             [&](const Unit& unit) { return unit.node < v; });
        if (at != units_.end() && at->node == v)
            return static_cast<std::size_t>(at - units_.begin());
        const auto other = other_rows_.find(v);
        return other == other_rows_.end() ? none : other->second;
    }

    std::size_t row_no(NodeNo v) {
        std::size_t row = find_row(v);
        if (row == none) {
            row = data_.rows.size();
            other_rows_.emplace(v, row);
            data_.rows.emplace_back();
            data_.rows.back().node = v;
            sums_.emplace_back();
        }
        return row;
    }

    LoadRow& row(NodeNo v) { return data_.rows[row_no(v)]; }

    // Edges of the kinds wanted that hold, in edge order, added ones last; of nodes wanted those
    // that leave them, node by node.
    std::vector<EdgeNo> edges_of(std::initializer_list<KindNo> kinds) const {
        std::vector<EdgeNo> all, both;
        if (only_ != nullptr) {
            for (const NodeNo v : *only_) {
                const std::size_t first = all.size();
                for (const KindNo kind : kinds)
                    if (kind != no_kind) view_.out(v, kind, [&](EdgeNo e) { all.push_back(e); });
                std::sort(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
            }
            return all;
        }
        for (const KindNo kind : kinds) {
            if (kind == no_kind) continue;
            const std::vector<EdgeNo>& own = context_.edges(kind);
            if (own.empty()) continue;
            if (all.empty()) {
                all = own;
                continue;
            }
            both.clear();
            both.reserve(all.size() + own.size());
            std::merge(all.begin(), all.end(), own.begin(), own.end(), std::back_inserter(both));
            all.swap(both);
        }
        return all;
    }

    void collect() {
        if (only_ != nullptr)
            some_ = context_.scopes_of(
                edges_of({k_.regulates, k_.territorial, k_.grid_covers, k_.paired_with}));
        const RuleContext::Scopes& scopes = only_ != nullptr ? some_ : context_.scopes();
        edges_ = scopes.edges;
        units_ = scopes.units;
        at_anchors_ = scopes.at_anchors;
        data_.rows.reserve(units_.size());
        sums_.reserve(units_.size());
    }

    // Rows of units, each written once: they are tens of megabytes.
    void scopes() {
        for (std::size_t i = 0; i < units_.size(); ++i) {
            const Unit& unit = units_[i];
            data_.rows.emplace_back();
            sums_.emplace_back();
            data_.rows[i].node = unit.node;
            if (by_anchors_ && unit.place != none) {
                for (std::size_t c = 0; c < colours; ++c)
                    add(i, c, unit.by[c]);
            } else {
                add_scope(i);
            }
            finish(i);
        }
    }

    bool covers_place(EdgeNo e) const {
        const KindNo kind = view_.kind(e);
        return (kind == k_.regulates || kind == k_.territorial) &&
               places_.number(view_.target(e)) != none;
    }

    void count(const Work& work) {
        const Enterprises& all = context_.enterprises();
        by_anchors_ = classes_.colours_alone() && !places_.land()->circles && at_anchors_;
        if (by_anchors_) return;

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
        const EnterpriseCounts counts =
            classes_.of.empty()
                ? count_enterprises<std::uint8_t>(places_, all, count_row_, place_of_row.size(),
                                                  classes_.colour, classes_.all.size(), work)
                : count_enterprises<std::uint16_t>(places_, all, count_row_, place_of_row.size(),
                                                   classes_.of, classes_.all.size(), work);

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

    // Enterprises of one set of sectors at a place and below it: f(class, count).
    template <class F>
    void each_of_set(std::uint32_t place, SetNo set, F&& f) {
        const auto before = [](const auto& entry, SetNo wanted) { return entry.set < wanted; };
        if (by_anchors_) {
            const Enterprises& all = context_.enterprises();
            const auto entries = all.sums(all.anchor_of()[place]);
            const auto at = std::lower_bound(entries.begin(), entries.end(), set, before);
            if (at == entries.end() || at->set != set) return;
            for (std::size_t c = 0; c < at->by.size(); ++c)
                if (at->by[c] != 0) f(c, at->by[c]);
            return;
        }
        const auto& entries = below_[count_row_[place]];
        auto at = std::lower_bound(entries.begin(), entries.end(), set, before);
        for (; at != entries.end() && at->set == set; ++at)
            f(at->cls, at->count);
    }

    // All of them: f(set, class, count).
    template <class F>
    void each_below(std::uint32_t place, F&& f) const {
        if (by_anchors_) {
            const Enterprises& all = context_.enterprises();
            for (const Enterprises::Entry& entry : all.sums(all.anchor_of()[place]))
                for (std::size_t c = 0; c < entry.by.size(); ++c)
                    if (entry.by[c] != 0) f(entry.set, c, entry.by[c]);
            return;
        }
        for (const Entry& entry : below_[count_row_[place]])
            f(entry.set, entry.cls, entry.count);
    }

    void add(std::size_t row, std::size_t cls, std::uint64_t count) {
        LoadRow& to = data_.rows[row];
        const Classes::One& of = classes_.all[cls];
        const std::int64_t weight =
            static_cast<std::int64_t>(count) * data_.workload.weight[of.colour];
        to.enterprises[of.colour] += count;
        to.risk_weight += weight;
        Sums& sums = sums_[row];
        sums.visits += static_cast<std::int64_t>(count) * of.visits;
        sums.demand += weight * of.visits;
        sums.enterprises += count;
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

    void add_scope(std::size_t row) {
        const Unit& unit = units_[row];
        const auto all = edges_.subspan(unit.first, unit.last - unit.first);
        std::vector<EdgeNo> to_places;
        bool direct = false;
        for (const EdgeNo e : all) {
            if (covers_place(e))
                to_places.push_back(e);
            else
                direct = true;
        }
        if (to_places.size() == 1 && view_.kind(to_places[0]) == k_.regulates)
            add_sets(row, to_places[0], places_.number(view_.target(to_places[0])));
        else if (!to_places.empty())
            add_places(row, to_places);
        if (direct) add_direct(row, all, to_places);
    }

    void add_sets(std::size_t row, EdgeNo e, std::uint32_t place) {
        for (const SetNo set : touched_.of(view_.sectors(e)))
            each_of_set(place, set,
                        [&](std::size_t cls, std::uint64_t count) { add(row, cls, count); });
    }

    // Several edges: at each place what none of its edges above has counted already.
    void add_places(std::size_t row, std::span<const EdgeNo> edges) {
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
            SetNo last = none;
            bool meets_here = false;
            each_below(place, [&](SetNo set, std::size_t cls, std::uint64_t count) {
                if (set != last) {
                    const auto meets = [&](EdgeNo e) { return touches(e, set); };
                    meets_here = std::any_of(here.begin(), here.end(), meets) &&
                                 std::none_of(above.begin(), above.end(), meets);
                    last = set;
                }
                if (meets_here) add(row, cls, count);
            });
        }
    }

    void add_direct(std::size_t row, std::span<const EdgeNo> all,
                    std::span<const EdgeNo> to_places) {
        LoadRow& to = data_.rows[row];
        reached_.clear();
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
            if (const NodeNo v = enterprise(target); v != none) reached_.push_back(v);
        }
        // Edges of a kind stand by target: mostly this is in order.
        if (!std::is_sorted(reached_.begin(), reached_.end()))
            std::sort(reached_.begin(), reached_.end());
        reached_.erase(std::unique(reached_.begin(), reached_.end()), reached_.end());
        for (const NodeNo v : reached_) {
            bool counted = false;
            const std::uint32_t place = to_places.empty() ? none : places_.of(v);
            places_.up(place, [&](std::uint32_t p) {
                for (const EdgeNo other : to_places)
                    counted = counted || (places_.number(view_.target(other)) == p &&
                                          touches(other, view_.node_sectors(v)));
                return !counted;
            });
            if (!counted) add(row, classes_.at(v), 1);
        }
    }

    // Tasks, letters, committees, what leaders are in charge of.
    void others() {
        const Store::Attribute state = s_.attribute("state"), closed = s_.attribute("closed_on");
        const auto is = [&](KindNo kind, std::initializer_list<KindNo> kinds) {
            return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
        };
        const auto letter_to = [&](EdgeNo e) {
            const NodeNo letter = view_.like(view_.source(e));
            const Value word = state.at(letter);
            const bool done =
                !closed.at(letter).is_empty() || word.text == "closed" || word.text == "已办结";
            if (!done) ++row(view_.target(e)).letters_open;
        };
        if (only_ == nullptr) {
            for (const EdgeNo e : edges_of({k_.addresses}))
                letter_to(e);
        } else if (k_.addresses != no_kind) {
            for (const NodeNo v : *only_)
                view_.in(v, k_.addresses, letter_to);
        }
        for (const EdgeNo e :
             edges_of({k_.leads_task, k_.organizes, k_.joint, k_.shares, k_.responsible,
                       k_.implements, k_.member_of, k_.chairs, k_.in_charge_of})) {
            const KindNo kind = view_.kind(e);
            const NodeNo target = view_.target(e);
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
        }
    }

    // Who holds posts has what its posts have.
    void persons() {
        const std::vector<EdgeNo> near =
            only_ != nullptr ? edges_of({k_.holds}) : std::vector<EdgeNo>();
        for (const EdgeNo e : only_ != nullptr ? near : context_.edges(k_.holds)) {
            const std::size_t post = find_row(view_.target(e));
            if (post == none || !view_.is(view_.source(e), k_.person)) continue;
            const std::size_t person = row_no(view_.source(e));
            LoadRow& to = data_.rows[person];
            const LoadRow& from = data_.rows[post];
            for (std::size_t c = 0; c < colours; ++c)
                to.enterprises[c] += from.enterprises[c];
            to.risk_weight += from.risk_weight;
            Sums& sums = sums_[person];
            sums.visits += sums_[post].visits;
            sums.demand += sums_[post].demand;
            sums.enterprises += sums_[post].enterprises;
            to.tasks_lead += from.tasks_lead;
            to.tasks_joint += from.tasks_joint;
            to.tasks_share += from.tasks_share;
            to.letters_open += from.letters_open;
            to.committees += from.committees;
            to.departments += from.departments;
            to.regions += from.regions;
            to.paired += from.paired;
            finish(person);
        }
    }

    double demand(std::size_t i) const {
        return static_cast<double>(sums_[i].demand) * millionth * data_.workload.effort;
    }

    // What follows from the sums of a row.
    void finish(std::size_t i) {
        LoadRow& one = data_.rows[i];
        one.visits = static_cast<double>(sums_[i].visits) * millionth;
        one.demand = demand(i);
        // Nobody knows what enterprises without a colour need.
        if (one.none_graded()) one.visits = one.demand = unknown;
        one.staff = one.working_days = one.other_days = one.capacity = one.load = unknown;
        if (!staff_.anywhere()) return;
        const NodeNo v = view_.like(one.node);
        const auto people = staff_.at(v).as_number();
        if (!people) return;
        one.staff = *people;
        one.working_days = days_.at(v).as_number().value_or(data_.workload.working_days);
        one.other_days =
            other_days_.at(v).as_number().value_or(0) + no_days_.at(v).as_number().value_or(0);
        one.capacity = one.staff * one.working_days - one.other_days;
        if (one.capacity > 0) {
            one.load = one.demand / one.capacity;
            data_.capacity_known = true;
        }
    }

    void compare() {
        struct Group {
            std::vector<double> values;
            double median = unknown;
        };
        std::map<std::uint32_t, Group> groups;
        std::vector<Group*> group_of(data_.rows.size());
        const bool loads = data_.capacity_known;
        const auto value = [&](std::size_t i) {
            return loads ? data_.rows[i].load : data_.rows[i].demand;
        };
        std::uint32_t last = 0;
        Group* group = nullptr;
        for (std::size_t i = 0; i < group_of.size(); ++i) {
            const std::uint32_t peers =
                i < units_.size() ? units_[i].peers : context_.peers(data_.rows[i].node);
            if (group == nullptr || peers != last) {
                group = &groups[peers];
                last = peers;
            }
            group_of[i] = group;
            if (const double one = value(i); !std::isnan(one) && sums_[i].enterprises != 0)
                group->values.push_back(one);
        }
        for (auto& [peers, of] : groups) {
            auto& values = of.values;
            if (values.empty()) continue;
            const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
            std::nth_element(values.begin(), half, values.end());
            of.median = values.size() % 2 == 1
                            ? *half
                            : (*std::max_element(values.begin(), half) + *half) / 2;
        }
        for (std::size_t i = 0; i < group_of.size(); ++i) {
            LoadRow& one = data_.rows[i];
            one.median = group_of[i]->median;
            one.flagged = value(i) > data_.workload.flag * one.median;
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
    const Loads loads(*data, options, nullptr);
    return Load(std::move(data));
}

namespace {

// Who has another load after the changes, ascending; nothing where that may be anybody.
std::optional<std::vector<NodeNo>> changed_units(const View& before, const View& after) {
    const Store& s = before.s;
    const Known& k = s.known;
    const RuleContext context(after, nullptr, day_context(s, before.on()));
    if (!context.shares_enterprises()) return std::nullopt;
    std::set<NodeNo> units;
    const auto take = [&](EdgeNo e) {
        const KindNo kind = after.kind(e);
        if (kind == no_kind) return;
        for (const KindNo counted : {k.regulates, k.territorial, k.grid_covers, k.paired_with,
                                     k.leads_task, k.organizes, k.joint, k.shares, k.responsible,
                                     k.implements, k.member_of, k.chairs, k.in_charge_of, k.holds})
            if (kind == counted) units.insert(after.source(e));
        if (kind == k.addresses) units.insert(after.target(e));
    };
    context.each_change(take);
    // Persons have what their posts have, and are counted with all of these.
    std::set<NodeNo> persons;
    for (const View* const view : {&before, &after}) {
        for (const NodeNo v : units) {
            if (v >= view->n()) continue;
            if (view->is(v, k.person)) persons.insert(v);
            view->in(v, k.holds, [&](EdgeNo e) { persons.insert(view->source(e)); });
        }
    }
    for (const View* const view : {&before, &after})
        for (const NodeNo v : persons) {
            units.insert(v);
            if (v < view->n())
                view->out(v, k.holds, [&](EdgeNo e) { units.insert(view->target(e)); });
        }
    return std::vector<NodeNo>(units.begin(), units.end());
}

}  // namespace

std::array<Buffer<LoadRow>, 2> changed_loads(const ResponsibilityGraph& graph,
                                             const std::shared_ptr<const Overlay>& overlay,
                                             const LoadOptions& options) {
    Load::Data before{.graph = graph,
                      .overlay = nullptr,
                      .on = graph.day(options.on),
                      .workload = Workload(options.workload)};
    Load::Data after = before;
    after.overlay = overlay;
    const auto units = changed_units(before.view(), after.view());
    for (Load::Data* const data : {&before, &after})
        const Loads loads(*data, options, units ? &*units : nullptr);
    return {std::move(before.rows), std::move(after.rows)};
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
    std::vector<std::int64_t> weights;
    std::vector<std::uint8_t> weighed;
    for (const LoadRow& one : data_->rows) {
        weights.push_back(one.risk_weight);
        weighed.push_back(one.none_graded() ? 0 : 1);
    }
    table.add("risk_weight", Column::of(std::move(weights), weighed));
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
