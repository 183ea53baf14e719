// Which way each input pulls: proofs from the program of a chain, never from trying values.
//
// Labels get an order from what later steps make of them (backwards), then every step says for each
// thing it takes whether its value can rise or fall when that thing grows (forwards). Where neither
// can be shown, both are assumed.
#include "judge.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace safetyrisk::scoring {
namespace {

// Whether something can rise, or fall, when something else grows.
struct Pull {
    bool rise = false;
    bool fall = false;

    Pull& operator|=(Pull other) {
        rise = rise || other.rise;
        fall = fall || other.fall;
        return *this;
    }
    // What this does to the third when the first does `before` to the second.
    Pull after(Pull before) const {
        return {(before.rise && rise) || (before.fall && fall),
                (before.rise && fall) || (before.fall && rise)};
    }
};

constexpr Pull both{true, true};

// Of a value that takes these places in turn.
Pull along(const std::vector<double>& values) {
    Pull out;
    for (std::size_t v = 1; v < values.size(); ++v) {
        out.rise = out.rise || values[v] > values[v - 1];
        out.fall = out.fall || values[v] < values[v - 1];
    }
    return out;
}

// An order of labels.
struct Order {
    std::vector<std::size_t> rank;  // by label, dense from 0
    bool known = true;
    bool asked = false;  // whether anybody looks at the labels
};

class Shapes {
public:
    explicit Shapes(const Method& method) : method_(method), chain_(*method.chain()) {}

    std::vector<InputShape> make() {
        order_labels();
        find_pulls();
        std::vector<InputShape> out;
        for (std::size_t k = 0; k < chain_.inputs; ++k)
            out.push_back(shape(k));
        return out;
    }

private:
    // ---------------------------------------------------------------- labels, backwards

    using Vectors = std::vector<std::vector<double>>;

    static Order order_of(const Vectors& vectors, std::size_t labels) {
        Order out;
        out.rank.assign(labels, 0);
        out.asked = !vectors.empty();
        for (std::vector<double> values : vectors) {
            bool with = true;
            bool against = true;
            for (std::size_t a = 0; a < labels; ++a)
                for (std::size_t b = 0; b < labels; ++b) {
                    if (out.rank[a] >= out.rank[b]) continue;
                    with = with && values[a] <= values[b];
                    against = against && values[a] >= values[b];
                }
            if (!with && !against) {
                out.known = false;
                std::iota(out.rank.begin(), out.rank.end(), std::size_t{0});
                return out;
            }
            if (!with)
                for (double& value : values)
                    value = -value;
            std::set<std::pair<std::size_t, double>> all;
            for (std::size_t a = 0; a < labels; ++a)
                all.emplace(out.rank[a], values[a]);
            for (std::size_t a = 0; a < labels; ++a)
                out.rank[a] = static_cast<std::size_t>(
                    std::distance(all.begin(), all.find({out.rank[a], values[a]})));
        }
        return out;
    }

    // A value of a slot on a scale where more is more: a number, or a label's rank.
    double height(std::uint32_t s, Int128 value) const {
        if (chain_.slots[s].type != ValueType::label) return as_double(value);
        return static_cast<double>(orders_[s].rank[static_cast<std::size_t>(value)]);
    }

    void order_labels() {
        const std::size_t n = chain_.slots.size();
        orders_.resize(n);
        std::vector<Vectors> seen(n);
        std::vector<bool> doubtful(n, false);
        const auto label = [&](std::uint32_t s) {
            return chain_.slots[s].type == ValueType::label;
        };
        const auto look = [&](std::uint32_t s, const auto& value) {
            std::vector<double> values;
            for (std::size_t l = 0; l < chain_.slots[s].labels.size(); ++l)
                values.push_back(value(l));
            seen[s].push_back(std::move(values));
        };
        const auto conditions = [&](const ChainRule& rule) {
            for (const ChainCondition& one : rule) {
                if (label(one.slot) && !one.labels.empty())
                    look(one.slot, [&](std::size_t l) { return one.labels[l] != 0 ? 1.0 : 0.0; });
                if (one.other >= 0 && label(one.slot)) doubtful[one.slot] = true;
            }
        };
        for (const ChainVeto& veto : chain_.vetoes)
            conditions(veto.when);
        for (std::size_t s = n; s-- > 0;) {
            const auto slot = static_cast<std::uint32_t>(s);
            if (label(slot)) {
                if (slot == chain_.result)
                    look(slot, [&](std::size_t l) {
                        return static_cast<double>(chain_.band_of_label[l]);
                    });
                orders_[s] = order_of(seen[s], chain_.slots[s].labels.size());
                if (doubtful[s]) orders_[s].known = false;
            }
            if (s < chain_.inputs) continue;
            const Operation& op = chain_.operations[s - chain_.inputs];
            const bool fog = label(slot) && !orders_[s].known;
            switch (op.action) {
                case Action::scale:
                    if (!label(op.terms[0].slot)) break;
                    if (fog) doubtful[op.terms[0].slot] = true;
                    look(op.terms[0].slot,
                         [&](std::size_t l) { return place_height(op, slot, op.row_of[l]); });
                    break;
                case Action::table: {
                    const auto width = static_cast<std::int32_t>(op.column_texts.size());
                    const auto tall = static_cast<std::int32_t>(op.row_texts.size());
                    if (label(op.terms[0].slot))
                        for (std::int32_t c = 0; c < width; ++c)
                            look(op.terms[0].slot, [&](std::size_t l) {
                                return op.row_of[l] < 0
                                           ? -1.0
                                           : place_height(op, slot, op.row_of[l] * width + c);
                            });
                    if (label(op.terms[1].slot))
                        for (std::int32_t r = 0; r < tall; ++r)
                            look(op.terms[1].slot, [&](std::size_t l) {
                                return op.column_of[l] < 0
                                           ? -1.0
                                           : place_height(op, slot, r * width + op.column_of[l]);
                            });
                    for (const Term& term : op.terms)
                        if (fog && label(term.slot)) doubtful[term.slot] = true;
                    break;
                }
                case Action::checklist:
                    for (const auto* items : {&op.items, &op.bonuses})
                        for (const ChainItem& item : *items)
                            if (!item.by_label.empty())
                                look(item.slot,
                                     [&](std::size_t l) { return as_double(item.by_label[l]); });
                    break;
                case Action::first:
                    for (const ChainRule& rule : op.rules)
                        conditions(rule);
                    break;
                default:
                    break;
            }
        }
    }

    double place_height(const Operation& op, std::uint32_t out, std::int32_t place) const {
        if (place < 0) return -1.0;
        return height(out, op.values[static_cast<std::size_t>(place)]);
    }

    // ---------------------------------------------------------------- pulls, forwards

    void find_pulls() {
        const std::size_t n = chain_.slots.size();
        pulls_.assign(n, std::vector<Pull>(chain_.inputs));
        for (std::size_t k = 0; k < chain_.inputs; ++k)
            pulls_[k][k] = {true, false};
        for (const Operation& op : chain_.operations)
            take(op);
        of_gravity_.assign(chain_.inputs, Pull());
        add(of_gravity_, chain_.result, of_bands());
        for (const ChainVeto& veto : chain_.vetoes) {
            // One that sets a band below the gravest may also spare a row a graver one.
            const bool gravest = veto.band + 1U == method_.bands().size();
            for (const ChainCondition& one : veto.when) {
                add(of_gravity_, one.slot, gravest ? of_condition(one) : both);
                if (one.other >= 0) add(of_gravity_, static_cast<std::uint32_t>(one.other), both);
            }
        }
    }

    void add(std::vector<Pull>& to, std::uint32_t slot, Pull effect) const {
        for (std::size_t k = 0; k < chain_.inputs; ++k)
            to[k] |= effect.after(pulls_[slot][k]);
    }

    Pull of_bands() const {
        const Slot& slot = chain_.slots[chain_.result];
        if (slot.type == ValueType::label) {
            if (!orders_[chain_.result].known) return both;
            return along_labels(chain_.result, [&](std::size_t l) {
                return static_cast<double>(chain_.band_of_label[l]);
            });
        }
        std::vector<double> gravity;
        const std::size_t count = chain_.bands.size();
        for (const std::size_t b : sorted(chain_.bands, slot))
            gravity.push_back(static_cast<double>(count - b));
        return along(gravity);
    }

    // Of a condition that is no and then yes as its slot grows.
    Pull of_condition(const ChainCondition& one) const {
        const Slot& slot = chain_.slots[one.slot];
        if (one.other >= 0) return both;
        Pull out;
        if (slot.type == ValueType::label) {
            if (!orders_[one.slot].known) return both;
            out = along_labels(one.slot,
                               [&](std::size_t l) { return one.labels[l] != 0 ? 1.0 : 0.0; });
        } else if (slot.flag) {
            double truth[2] = {0.0, 0.0};
            for (const Gate& gate : one.gates)
                for (int v = 0; v < 2; ++v)
                    if (gate.holds(static_cast<Int128>(v))) truth[v] = 1.0;
            out = along({truth[0], truth[1]});
        } else if (one.gates.size() != 1) {
            return both;
        } else {
            const Gate& gate = one.gates.front();
            const bool below = !std::isinf(gate.low) && reaches_below(gate, slot);
            const bool above = !std::isinf(gate.high) && reaches_above(gate, slot);
            out = {below, above};
        }
        return one.negated ? Pull{out.fall, out.rise} : out;
    }

    static bool reaches_below(const Gate& gate, const Slot& slot) {
        if (slot.type == ValueType::exact) return slot.low < gate.first;
        return slot.real_low < gate.low ||
               (slot.real_low == gate.low && slot.low_closed && !gate.low_closed);
    }
    static bool reaches_above(const Gate& gate, const Slot& slot) {
        if (slot.type == ValueType::exact) return slot.high > gate.last;
        return slot.real_high > gate.high ||
               (slot.real_high == gate.high && slot.high_closed && !gate.high_closed);
    }

    static std::vector<std::size_t> sorted(const std::vector<Gate>& gates, const Slot& slot) {
        std::vector<std::size_t> order(gates.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (slot.type == ValueType::exact) return gates[a].first < gates[b].first;
            return gates[a].low < gates[b].low ||
                   (gates[a].low == gates[b].low && gates[a].high < gates[b].high);
        });
        return order;
    }

    template <class Value>
    Pull along_labels(std::uint32_t s, const Value& value) const {
        const Order& order = orders_[s];
        std::vector<std::size_t> labels(order.rank.size());
        std::iota(labels.begin(), labels.end(), std::size_t{0});
        std::stable_sort(labels.begin(), labels.end(), [&](std::size_t a, std::size_t b) {
            return order.rank[a] < order.rank[b];
        });
        std::vector<double> values;
        for (const std::size_t l : labels)
            values.push_back(value(l));
        return along(values);
    }

    void take(const Operation& op) {
        std::vector<Pull>& out = pulls_[op.out];
        const Slot& result = chain_.slots[op.out];
        const bool fog = result.type == ValueType::label && !orders_[op.out].known;
        const auto everything = [&] {
            for (const Term& term : op.terms)
                add(out, term.slot, both);
            for (const ChainRule& rule : op.rules)
                for (const ChainCondition& one : rule) {
                    add(out, one.slot, both);
                    if (one.other >= 0) add(out, static_cast<std::uint32_t>(one.other), both);
                }
        };
        if (fog) return everything();
        switch (op.action) {
            case Action::scale: {
                const std::uint32_t from = op.terms[0].slot;
                add(out, from, of_keys(from, op.rows, op.row_of, [&](std::int32_t row) {
                        return place_height(op, op.out, row);
                    }));
                return;
            }
            case Action::table: {
                const auto width = static_cast<std::int32_t>(op.column_texts.size());
                const auto tall = static_cast<std::int32_t>(op.row_texts.size());
                for (std::int32_t c = 0; c < width; ++c)
                    add(out, op.terms[0].slot,
                        of_keys(op.terms[0].slot, op.rows, op.row_of, [&](std::int32_t r) {
                            return place_height(op, op.out, r * width + c);
                        }));
                for (std::int32_t r = 0; r < tall; ++r)
                    add(out, op.terms[1].slot,
                        of_keys(op.terms[1].slot, op.columns, op.column_of, [&](std::int32_t c) {
                            return place_height(op, op.out, r * width + c);
                        }));
                return;
            }
            case Action::product:
                for (std::size_t t = 0; t < op.terms.size(); ++t)
                    add(out, op.terms[t].slot,
                        beside_not_negative(op, t) ? Pull{true, false} : both);
                return;
            case Action::largest:
            case Action::smallest:
            case Action::count:
                for (const Term& term : op.terms)
                    add(out, term.slot, {true, false});
                return;
            case Action::sum:
                for (const Term& term : op.terms) {
                    const bool plus = op.real ? (term.weight > 0) == (op.divide_by > 0)
                                              : (term.factor > 0) == (op.multiply > 0);
                    add(out, term.slot, plus ? Pull{true, false} : Pull{false, true});
                }
                return;
            case Action::checklist:
                for (const auto* items : {&op.items, &op.bonuses})
                    for (const ChainItem& item : *items) {
                        Pull pull{item.points > 0, item.points < 0};
                        if (!item.by_label.empty())
                            pull = orders_[item.slot].known
                                       ? along_labels(item.slot,
                                                      [&](std::size_t l) {
                                                          return as_double(item.by_label[l]);
                                                      })
                                       : both;
                        add(out, item.slot, pull);
                    }
                return;
            case Action::ratio:
                for (std::size_t t = 0; t < op.terms.size(); ++t) {
                    const bool sure = beside_not_negative(op, t) && op.times > 0;
                    const Pull up{true, false};
                    const Pull down{false, true};
                    // Below the line nothing may pass 0.
                    const bool safe = t < op.over || not_negative(op.terms[t].slot);
                    add(out, op.terms[t].slot, !sure || !safe ? both : t < op.over ? up : down);
                }
                return;
            case Action::first:
                return first(op, everything);
        }
    }

    bool not_negative(std::uint32_t s) const {
        const Slot& slot = chain_.slots[s];
        return slot.type == ValueType::exact ? slot.low >= 0 : slot.real_low >= 0;
    }
    bool beside_not_negative(const Operation& op, std::size_t t) const {
        for (std::size_t o = 0; o < op.terms.size(); ++o)
            if (o != t && !not_negative(op.terms[o].slot)) return false;
        return true;
    }

    template <class Value>
    Pull of_keys(std::uint32_t s, const std::vector<Gate>& gates,
                 const std::vector<std::int32_t>& by_label, const Value& value) const {
        if (chain_.slots[s].type == ValueType::label) {
            if (!orders_[s].known) return both;
            return along_labels(
                s, [&](std::size_t l) { return by_label[l] < 0 ? -1.0 : value(by_label[l]); });
        }
        std::vector<double> values;
        for (const std::size_t g : sorted(gates, chain_.slots[s]))
            values.push_back(value(static_cast<std::int32_t>(g)));
        return along(values);
    }

    // Rules: every combination of what its conditions can tell apart is tried. A comparison of two
    // slots counts as a thing of its own, which is more than can be, so never too little.
    template <class Everything>
    void first(const Operation& op, const Everything& everything) {
        std::vector<std::uint32_t> slots;
        std::vector<const ChainCondition*> pairs;
        const auto same = [](const ChainCondition& a, const ChainCondition& b) {
            return a.slot == b.slot && a.other == b.other && a.comparator == b.comparator;
        };
        const auto pair_place = [&](const ChainCondition& one) {
            std::size_t p = 0;
            while (p < pairs.size() && !same(*pairs[p], one))
                ++p;
            return p;
        };
        for (const ChainRule& rule : op.rules)
            for (const ChainCondition& one : rule) {
                const Slot& slot = chain_.slots[one.slot];
                if (one.other >= 0) {
                    if (pair_place(one) == pairs.size()) pairs.push_back(&one);
                    continue;
                }
                if (slot.type == ValueType::quotient) return everything();
                if (slot.type == ValueType::label && !orders_[one.slot].known) return everything();
                if (std::find(slots.begin(), slots.end(), one.slot) == slots.end())
                    slots.push_back(one.slot);
            }
        constexpr std::size_t most = 20000;
        std::vector<std::vector<Judgement>> values;
        std::vector<std::size_t> sizes;
        std::size_t all = 1;
        for (const std::uint32_t s : slots) {
            values.push_back(told_apart(op, s));
            sizes.push_back(values.back().size());
        }
        sizes.insert(sizes.end(), pairs.size(), 2);
        for (const std::size_t size : sizes) {
            all *= size;
            if (all > most) return everything();
        }
        std::vector<Lane> lanes(chain_.slots.size());
        std::vector<double> heights(all);
        std::vector<std::size_t> at(sizes.size());
        for (std::size_t one = 0; one < all; ++one) {
            std::size_t rest = one;
            for (std::size_t d = 0; d < sizes.size(); ++d) {
                at[d] = rest % sizes[d];
                rest /= sizes[d];
                if (d >= slots.size()) continue;
                Lane& lane = lanes[slots[d]];
                lane.units[0] = values[d][at[d]].units;
                lane.reals[0] = values[d][at[d]].real;
                lane.states[0] = CellState::known;
            }
            std::int32_t place = op.otherwise;
            for (std::size_t r = 0; r < op.rules.size(); ++r) {
                const bool holds = std::all_of(
                    op.rules[r].begin(), op.rules[r].end(), [&](const ChainCondition& condition) {
                        if (condition.other >= 0)
                            return at[slots.size() + pair_place(condition)] == 1;
                        return rule_holds(chain_, lanes, {condition}, 0) == Truth::yes;
                    });
                if (!holds) continue;
                place = static_cast<std::int32_t>(r);
                break;
            }
            if (place < 0) return everything();  // sometimes it cannot be determined
            heights[one] = place_height(op, op.out, place);
        }
        std::size_t stride = 1;
        for (std::size_t d = 0; d < sizes.size(); ++d) {
            Pull pull;
            for (std::size_t one = 0; one < all; ++one) {
                if ((one / stride) % sizes[d] + 1 == sizes[d]) continue;
                const double step = heights[one + stride] - heights[one];
                pull |= Pull{step > 0, step < 0};
            }
            stride *= sizes[d];
            if (d < slots.size()) {
                add(pulls_[op.out], slots[d], pull);
                continue;
            }
            const ChainCondition& pair = *pairs[d - slots.size()];
            const Comparator by = pair.comparator;
            const bool more = by == Comparator::more || by == Comparator::at_least;
            const bool less = by == Comparator::less || by == Comparator::at_most;
            const Pull left = more ? Pull{true, false} : less ? Pull{false, true} : both;
            const Pull right = more ? Pull{false, true} : less ? Pull{true, false} : both;
            add(pulls_[op.out], pair.slot, pull.after(left));
            add(pulls_[op.out], static_cast<std::uint32_t>(pair.other), pull.after(right));
        }
    }

    // One value of each stretch of a slot that the rules tell apart, ascending.
    std::vector<Judgement> told_apart(const Operation& op, std::uint32_t s) const {
        const Slot& slot = chain_.slots[s];
        std::vector<Judgement> out;
        if (slot.type == ValueType::label) {
            std::vector<std::size_t> labels(slot.labels.size());
            std::iota(labels.begin(), labels.end(), std::size_t{0});
            std::stable_sort(labels.begin(), labels.end(), [&](std::size_t a, std::size_t b) {
                return orders_[s].rank[a] < orders_[s].rank[b];
            });
            for (const std::size_t l : labels)
                out.push_back({static_cast<Int128>(l), 0.0, CellState::known});
            return out;
        }
        std::vector<Cut> cuts;
        for (const ChainRule& rule : op.rules)
            for (const ChainCondition& one : rule)
                if (one.slot == s) cuts_of(one.gates, slot, cuts);
        sort_cuts(cuts);
        return stretches(cuts, slot);
    }

public:
    static void cuts_of(const std::vector<Gate>& gates, const Slot& slot, std::vector<Cut>& out) {
        for (const Gate& gate : gates) {
            if (slot.type == ValueType::exact) {
                if (gate.first > slot.low && gate.first <= slot.high)
                    out.push_back({gate.first, 0.0, false});
                if (gate.last >= slot.low && gate.last < slot.high)
                    out.push_back({gate.last + 1, 0.0, false});
                continue;
            }
            if (std::isfinite(gate.low) && reaches_below(gate, slot))
                out.push_back({0, gate.low, !gate.low_closed});
            if (std::isfinite(gate.high) && reaches_above(gate, slot))
                out.push_back({0, gate.high, gate.high_closed});
        }
    }

    static void sort_cuts(std::vector<Cut>& cuts) {
        const auto key = [](const Cut& a, const Cut& b) {
            if (a.units != b.units) return a.units < b.units;
            return a.value < b.value || (a.value == b.value && !a.after && b.after);
        };
        std::sort(cuts.begin(), cuts.end(), key);
        cuts.erase(
            std::unique(cuts.begin(), cuts.end(),
                        [&](const Cut& a, const Cut& b) { return !key(a, b) && !key(b, a); }),
            cuts.end());
    }

private:
    static std::vector<Judgement> stretches(const std::vector<Cut>& cuts, const Slot& slot) {
        std::vector<Judgement> out;
        if (slot.type == ValueType::exact) {
            out.push_back({slot.low, 0.0, CellState::known});
            for (const Cut& cut : cuts)
                out.push_back({cut.units, 0.0, CellState::known});
            return out;
        }
        constexpr double endless = std::numeric_limits<double>::infinity();
        const double low = std::max(slot.real_low, -std::numeric_limits<double>::max());
        const bool open = std::isfinite(slot.real_low) && !slot.low_closed;
        out.push_back({0, open ? std::nextafter(low, endless) : low, CellState::known});
        for (const Cut& cut : cuts) {
            const double at = cut.after ? std::nextafter(cut.value, endless) : cut.value;
            out.push_back({0, at, CellState::known});
        }
        return out;
    }

    // ---------------------------------------------------------------- what comes of it

    InputShape shape(std::size_t k) const {
        const MethodInput& input = method_.inputs()[k];
        const Slot& slot = chain_.slots[k];
        InputShape out;
        const Pull pull = of_gravity_[k];
        out.direction = pull.rise && pull.fall ? Direction::unknown
                        : pull.rise            ? Direction::up
                        : pull.fall            ? Direction::down
                                               : Direction::none;
        if (input.kind == InputKind::choice) {
            const Order& order = orders_[k];
            out.ordered = order.known;
            if (!order.known && out.direction != Direction::none)
                out.direction = Direction::unknown;
            std::vector<std::size_t> labels(slot.labels.size());
            std::iota(labels.begin(), labels.end(), std::size_t{0});
            std::stable_sort(labels.begin(), labels.end(), [&](std::size_t a, std::size_t b) {
                return order.known && order.rank[a] < order.rank[b];
            });
            for (const std::size_t l : labels) {
                out.places.push_back({static_cast<Int128>(l), 0.0, CellState::known});
                out.ranks.push_back(order.known ? order.rank[l] : out.ranks.size());
            }
            return out;
        }
        if (input.kind == InputKind::flag || input.kind == InputKind::steps) {
            std::vector<Int128> values{0, 1};
            if (input.kind == InputKind::steps) values = slot.set;
            for (const Int128 value : values) {
                out.places.push_back({value, 0.0, CellState::known});
                out.ranks.push_back(out.ranks.size());
            }
            return out;
        }
        find_cuts(static_cast<std::uint32_t>(k), out);
        out.low = slot.low;
        out.high = slot.high;
        constexpr double most = 1e15;  // of a range without an end
        constexpr double endless = std::numeric_limits<double>::infinity();
        out.real_low = std::max(input.low, -most);
        out.real_high = std::min(input.high, most);
        if (!input.low_closed && out.real_low == input.low)
            out.real_low = std::nextafter(input.low, endless);
        if (!input.high_closed && out.real_high == input.high)
            out.real_high = std::nextafter(input.high, -endless);
        return out;
    }

    void find_cuts(std::uint32_t s, InputShape& out) const {
        const Slot& slot = chain_.slots[s];
        out.gated = true;
        const auto rule = [&](const ChainRule& conditions) {
            for (const ChainCondition& one : conditions) {
                const bool left = one.slot == s;
                const bool right = one.other >= 0 && static_cast<std::uint32_t>(one.other) == s;
                if (!left && !right) continue;
                if (one.other < 0) {
                    cuts_of(one.gates, slot, out.cuts);
                    continue;
                }
                const auto against = left ? static_cast<std::size_t>(one.other) : one.slot;
                if (against < chain_.inputs)
                    out.beside.push_back(against);
                else
                    out.gated = false;
            }
        };
        for (const ChainVeto& veto : chain_.vetoes)
            rule(veto.when);
        for (const Operation& op : chain_.operations) {
            for (const ChainRule& conditions : op.rules)
                rule(conditions);
            for (const auto* items : {&op.items, &op.bonuses})
                for (const ChainItem& item : *items)
                    if (item.slot == s) out.gated = false;
            for (std::size_t t = 0; t < op.terms.size(); ++t) {
                if (op.terms[t].slot != s) continue;
                if (op.action == Action::scale || op.action == Action::table)
                    cuts_of(t == 0 ? op.rows : op.columns, slot, out.cuts);
                else
                    out.gated = false;
            }
        }
        if (s == chain_.result) cuts_of(chain_.bands, slot, out.cuts);
        sort_cuts(out.cuts);
    }

    const Method& method_;
    const Chain& chain_;
    std::vector<Order> orders_;             // by slot
    std::vector<std::vector<Pull>> pulls_;  // by slot and input
    std::vector<Pull> of_gravity_;          // by input
};

}  // namespace

std::vector<InputShape> input_shapes(const Method& method) {
    if (method.form() == Form::chain) return Shapes(method).make();
    std::vector<InputShape> out;
    for (const Factor& factor : method.factors()) {
        InputShape& shape = out.emplace_back();
        shape.direction = Direction::up;
        for (std::size_t s = factor.steps.size(); s-- > 0;) {
            shape.places.push_back({0, factor.steps[s].value, CellState::known});
            shape.ranks.push_back(shape.ranks.size());
        }
    }
    return out;
}

std::string_view to_string(Direction direction) {
    constexpr std::string_view names[] = {"none", "up", "down", "unknown"};
    return names[static_cast<std::size_t>(direction)];
}

std::vector<InputDirection> input_directions(const Method& method) {
    const std::vector<InputShape> shapes = input_shapes(method);
    std::vector<InputDirection> out;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
        const MethodInput& input = method.inputs()[k];
        const InputShape& shape = shapes[k];
        InputDirection& one = out.emplace_back(InputDirection{input.id, shape.direction, {}});
        if (input.kind != InputKind::choice || !shape.ordered) continue;
        for (std::size_t p = 0; p < shape.places.size(); ++p) {
            if (p == 0 || shape.ranks[p] != shape.ranks[p - 1]) one.order.emplace_back();
            one.order.back().push_back(
                input.choices[static_cast<std::size_t>(shape.places[p].units)].id);
        }
    }
    return out;
}

}  // namespace safetyrisk::scoring
