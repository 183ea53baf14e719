#include "chain_bounds.hpp"

#include "rounding.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <tuple>
#include <utility>

namespace safetyrisk::scoring {
namespace {

// Which ways a condition may stand.
struct Stands {
    bool no = false, empty = false, unknown = false, yes = false;
};

constexpr double endless = std::numeric_limits<double>::infinity();

std::pair<Int128, Int128> ends(std::initializer_list<Int128> all) {
    return std::minmax(all);
}
// Where doubles have run out of range nothing is known.
std::pair<double, double> ends(std::initializer_list<double> all) {
    for (const double one : all)
        if (std::isnan(one)) return {-endless, endless};
    return std::minmax(all);
}

template <class Number>
std::pair<Number, Number> product_ends(Number a_low, Number a_high, Number b_low, Number b_high) {
    return ends({a_low * b_low, a_low * b_high, a_high * b_low, a_high * b_high});
}

// Whether left and right may compare so, and may not.
template <class Number>
Stands compared(Number a_low, Number a_high, Number b_low, Number b_high, Comparator comparator) {
    Stands out;
    const bool one = a_low == a_high && b_low == b_high;
    const bool meet = a_low <= b_high && b_low <= a_high;
    switch (comparator) {
        case Comparator::equal:
            out.yes = meet;
            out.no = !(one && meet);
            break;
        case Comparator::differs:
            out.yes = !(one && meet);
            out.no = meet;
            break;
        case Comparator::less:
            out.yes = a_low < b_high;
            out.no = a_high >= b_low;
            break;
        case Comparator::at_most:
            out.yes = a_low <= b_high;
            out.no = a_high > b_low;
            break;
        case Comparator::more:
            out.yes = a_high > b_low;
            out.no = a_low <= b_high;
            break;
        case Comparator::at_least:
            out.yes = a_high >= b_low;
            out.no = a_low < b_high;
            break;
    }
    return out;
}

class Bounds {
public:
    Bounds(const Chain& chain, std::vector<Span>& spans) : chain_(chain), spans_(spans) {}

    std::vector<bool> bands() {
        bool inputs_known = true;
        for (std::size_t k = 0; k < chain_.inputs; ++k)
            inputs_known = inputs_known && (spans_[k].known || spans_[k].empty ||
                                            (spans_[k].lacking && !chain_.slots[k].always_asked));
        bool bad = false;
        for (const Operation& op : chain_.operations) {
            Span& out = spans_[op.out];
            out = Span();
            take(op, out);
            bad = bad || (out.bad && !out.known && !out.empty && !out.lacking);
        }
        const std::size_t count = std::max(chain_.bands.size(), most_band());
        std::vector<bool> possible(count, false);
        if (bad) return possible;
        for (const ChainVeto& veto : chain_.vetoes) {
            const Stands stands = rule(veto.when);
            if (stands.yes) possible[veto.band] = true;
            if (!stands.no && !stands.empty && !stands.unknown) return possible;
        }
        const Span& last = spans_[chain_.result];
        if (!inputs_known || !last.known) return possible;
        const Slot& slot = chain_.slots[chain_.result];
        if (slot.type == ValueType::label) {
            for (std::size_t l = 0; l < last.labels.size(); ++l)
                if (last.labels[l]) possible[chain_.band_of_label[l]] = true;
        } else {
            for (std::size_t b = 0; b < chain_.bands.size(); ++b)
                if (may_hold(slot, last, chain_.bands[b]))
                    possible[chain_.bands.size() - 1 - b] = true;
        }
        return possible;
    }

private:
    const Slot& slot(std::uint32_t s) const { return chain_.slots[s]; }

    std::size_t most_band() const {
        std::size_t out = 0;
        for (const std::uint8_t band : chain_.band_of_label)
            out = std::max<std::size_t>(out, band + std::size_t{1});
        for (const ChainVeto& veto : chain_.vetoes)
            out = std::max<std::size_t>(out, veto.band + std::size_t{1});
        return out;
    }

    // ---------------------------------------------------------------- ranges

    // A quotient is smallest and largest at ends of its top and bottom.
    static std::pair<Int128, Int128> smallest_quotient(const Span& s) {
        return {s.low, s.low < 0 ? s.bottom_low : s.bottom_high};
    }
    static std::pair<Int128, Int128> largest_quotient(const Span& s) {
        return {s.high, s.high < 0 ? s.bottom_high : s.bottom_low};
    }

    static bool may_hold(const Slot& slot, const Span& span, const Gate& gate) {
        if (slot.type == ValueType::exact) return gate.first <= span.high && gate.last >= span.low;
        Gate below = gate;  // only its upper end asks
        below.low = -endless;
        Gate above = gate;
        above.high = endless;
        if (slot.type == ValueType::real)
            return below.holds(span.real_low) && above.holds(span.real_high);
        const auto [low, low_bottom] = smallest_quotient(span);
        const auto [high, high_bottom] = largest_quotient(span);
        return below.holds(low, low_bottom) && above.holds(high, high_bottom);
    }
    static bool must_hold(const Slot& slot, const Span& span, const Gate& gate) {
        if (slot.type == ValueType::exact) return gate.first <= span.low && gate.last >= span.high;
        if (slot.type == ValueType::real)
            return gate.holds(span.real_low) && gate.holds(span.real_high);
        const auto [low, low_bottom] = smallest_quotient(span);
        const auto [high, high_bottom] = largest_quotient(span);
        return gate.holds(low, low_bottom) && gate.holds(high, high_bottom);
    }

    // The values of a number as doubles.
    std::pair<double, double> reals(std::uint32_t s) const {
        const Span& span = spans_[s];
        if (slot(s).type == ValueType::exact)
            return {nearest_quotient(span.low, slot(s).unit),
                    nearest_quotient(span.high, slot(s).unit)};
        if (slot(s).type == ValueType::quotient) {
            const auto [low, low_bottom] = smallest_quotient(span);
            const auto [high, high_bottom] = largest_quotient(span);
            return {nearest_quotient(low, low_bottom), nearest_quotient(high, high_bottom)};
        }
        return {span.real_low, span.real_high};
    }

    // ---------------------------------------------------------------- conditions

    Stands condition(const ChainCondition& one) const {
        const Span& span = spans_[one.slot];
        Stands out;
        if (span.known) out = value_stands(one);
        out.empty = span.empty;
        out.unknown = span.lacking || span.bad;
        if (one.other < 0) return out;
        const Span& beside = spans_[static_cast<std::size_t>(one.other)];
        if (span.known) {
            out.empty = out.empty || beside.empty;
            out.unknown = out.unknown || beside.lacking || beside.bad;
        }
        if (!beside.known) out.yes = out.no = false;
        return out;
    }

    Stands value_stands(const ChainCondition& one) const {
        const Span& span = spans_[one.slot];
        Stands out;
        if (one.other >= 0) {
            const auto o = static_cast<std::uint32_t>(one.other);
            if (slot(one.slot).type == ValueType::exact && slot(o).type == ValueType::exact) {
                const Span& right = spans_[o];
                return compared(span.low * one.factor, span.high * one.factor,
                                right.low * one.other_factor, right.high * one.other_factor,
                                one.comparator);
            }
            const auto [a_low, a_high] = reals(one.slot);
            const auto [b_low, b_high] = reals(o);
            return compared(a_low, a_high, b_low, b_high, one.comparator);
        }
        if (slot(one.slot).type == ValueType::label) {
            for (std::size_t l = 0; l < span.labels.size(); ++l) {
                if (!span.labels[l]) continue;
                out.yes = out.yes || one.labels[l] != 0;
                out.no = out.no || one.labels[l] == 0;
            }
        } else {
            out.no = true;
            for (const Gate& gate : one.gates) {
                out.yes = out.yes || may_hold(slot(one.slot), span, gate);
                out.no = out.no && !must_hold(slot(one.slot), span, gate);
            }
        }
        if (one.negated) std::swap(out.yes, out.no);
        return out;
    }

    Stands rule(const ChainRule& conditions) const {
        Stands out;
        out.yes = true;
        bool never_no = true;  // whether no condition has to be no
        bool settled = true;   // whether all may be yes or unknown
        for (const ChainCondition& condition_of : conditions) {
            const Stands one = condition(condition_of);
            out.no = out.no || one.no;
            out.empty = out.empty || one.empty;
            out.unknown = out.unknown || one.unknown;
            out.yes = out.yes && one.yes;
            never_no = never_no && (one.yes || one.empty || one.unknown);
            settled = settled && (one.yes || one.unknown);
        }
        out.empty = out.empty && never_no;
        out.unknown = out.unknown && settled;
        return out;
    }

    // ---------------------------------------------------------------- steps

    // States of what needs all its terms.
    bool all_terms(const Operation& op, Span& out) const {
        out.known = true;
        for (const Term& term : op.terms)
            join(spans_[term.slot], out);
        return out.known;
    }
    static void join(const Span& term, Span& out) {
        out.known = out.known && term.known;
        out.lacking = out.lacking || term.empty || term.lacking;
        out.bad = out.bad || term.bad;
    }

    // A place that a lookup may come to; -1: none.
    void give(const Operation& op, Span& out, std::int32_t place) {
        if (place < 0) {
            out.lacking = true;
            return;
        }
        const Int128 value = op.values[static_cast<std::size_t>(place)];
        if (slot(op.out).type == ValueType::label) {
            out.labels.resize(slot(op.out).labels.size());
            out.labels[static_cast<std::size_t>(value)] = true;
        } else {
            out.low = given_ ? std::min(out.low, value) : value;
            out.high = given_ ? std::max(out.high, value) : value;
        }
        given_ = true;
    }

    std::vector<std::int32_t> places(std::uint32_t s, const std::vector<Gate>& gates,
                                     const std::vector<std::int32_t>& by_label) const {
        std::vector<std::int32_t> out;
        const Span& span = spans_[s];
        if (slot(s).type == ValueType::label) {
            for (std::size_t l = 0; l < span.labels.size(); ++l)
                if (span.labels[l]) out.push_back(by_label[l]);
            return out;
        }
        bool covered = false;
        for (std::size_t g = 0; g < gates.size(); ++g) {
            if (!may_hold(slot(s), span, gates[g])) continue;
            out.push_back(static_cast<std::int32_t>(g));
            covered = covered || must_hold(slot(s), span, gates[g]);
        }
        if (!covered) out.push_back(-1);
        return out;
    }

    void take(const Operation& op, Span& out) {
        given_ = false;
        switch (op.action) {
            case Action::scale: {
                const std::uint32_t from = op.terms.front().slot;
                out.empty = spans_[from].empty;
                out.lacking = spans_[from].lacking;
                out.bad = spans_[from].bad;
                if (!spans_[from].known) return;
                for (const std::int32_t place : places(from, op.rows, op.row_of))
                    give(op, out, place);
                out.known = given_;
                return;
            }
            case Action::table: {
                if (!all_terms(op, out)) return;
                const auto width = static_cast<std::int32_t>(op.column_texts.size());
                const std::vector<std::int32_t> across =
                    places(op.terms[1].slot, op.columns, op.column_of);
                for (const std::int32_t row : places(op.terms[0].slot, op.rows, op.row_of))
                    for (const std::int32_t column : across)
                        give(op, out, row < 0 || column < 0 ? -1 : row * width + column);
                out.known = given_;
                return;
            }
            case Action::product:
                return product(op, out);
            case Action::largest:
            case Action::smallest:
                return extreme(op, out);
            case Action::sum:
                return sum(op, out);
            case Action::checklist:
                return checklist(op, out);
            case Action::count:
                return count(op, out);
            case Action::first:
                return first(op, out);
            case Action::ratio:
                return ratio(op, out);
        }
    }

    static void finite(Span& out) {
        out.bad = out.bad || !std::isfinite(out.real_low) || !std::isfinite(out.real_high);
    }

    void product(const Operation& op, Span& out) const {
        if (!all_terms(op, out)) return;
        out.low = out.high = 1;
        out.real_low = out.real_high = 1.0;
        for (const Term& term : op.terms) {
            if (op.real) {
                const auto [low, high] = reals(term.slot);
                std::tie(out.real_low, out.real_high) =
                    product_ends(out.real_low, out.real_high, low, high);
            } else {
                const Span& one = spans_[term.slot];
                std::tie(out.low, out.high) = product_ends(out.low, out.high, one.low, one.high);
            }
        }
        if (op.real) finite(out);
    }

    // A term in the units of its step.
    Span span_of_term(const Operation& op, const Term& term) const {
        const Span& one = spans_[term.slot];
        Span out;
        if (op.real)
            std::tie(out.real_low, out.real_high) = reals(term.slot);
        else
            std::tie(out.low, out.high) = product_ends(one.low, one.high, term.factor, term.factor);
        return out;
    }

    // Whether the ends of a term are the largest (smallest) that its step can be.
    std::pair<bool, bool> ends_at_limit(const Operation& op, const Term& term) const {
        const bool largest = op.action == Action::largest;
        const Span mine = span_of_term(op, term);
        const Slot& out = slot(op.out);
        if (op.real) {
            const double limit = largest ? out.real_high : out.real_low;
            return {mine.real_low == limit, mine.real_high == limit};
        }
        const Int128 limit = largest ? out.high : out.low;
        return {mine.low == limit, mine.high == limit};
    }

    // What is not filled in is left out, so any that must be there bounds it from one side only.
    void extreme(const Operation& op, Span& out) const {
        const bool largest = op.action == Action::largest;
        std::size_t may = 0;
        std::size_t must = 0;
        bool any_must = false;
        bool may_end = false;  // whether one may be what nothing can pass
        bool must_end = false;
        out.known = true;
        for (const Term& term : op.terms) {
            const Span& one = spans_[term.slot];
            out.known = out.known && (one.known || one.empty);
            out.lacking = out.lacking || one.lacking;
            out.bad = out.bad || one.bad;
            if (!one.known) continue;
            ++may;
            must += one.surely_known() ? 1U : 0U;
            const auto [near, far] = ends_at_limit(op, term);
            may_end = may_end || near || far;
            must_end = must_end || (one.surely_known() && near && far);
        }
        if (may < op.at_least_filled) out.known = false;
        if (must < op.at_least_filled) out.lacking = true;
        out.known = may > 0 && (out.known || may_end);
        out.lacking = out.lacking && !must_end;
        if (!out.known) return;
        bool begun = false;
        for (const Term& term : op.terms) {
            const Span& one = spans_[term.slot];
            if (!one.known) continue;
            const Span mine = span_of_term(op, term);
            const bool sure = one.surely_known();
            const auto widen = [&](auto& low, auto& high, auto my_low, auto my_high) {
                if (!begun) {
                    low = my_low;
                    high = my_high;
                } else if (largest) {
                    high = std::max(high, my_high);
                    low = sure && any_must ? std::max(low, my_low)
                          : sure           ? my_low
                          : any_must       ? low
                                           : std::min(low, my_low);
                } else {
                    low = std::min(low, my_low);
                    high = sure && any_must ? std::min(high, my_high)
                           : sure           ? my_high
                           : any_must       ? high
                                            : std::max(high, my_high);
                }
            };
            if (op.real)
                widen(out.real_low, out.real_high, mine.real_low, mine.real_high);
            else
                widen(out.low, out.high, mine.low, mine.high);
            begun = true;
            any_must = any_must || sure;
        }
    }

    void sum(const Operation& op, Span& out) const {
        if (!all_terms(op, out)) return;
        if (op.real) {
            for (const Term& term : op.terms) {
                const auto [low, high] = reals(term.slot);
                const auto [mine, most] = ends({term.weight * low, term.weight * high});
                out.real_low += mine;
                out.real_high += most;
            }
            const auto end = [&](double x) {
                if (std::isnan(x)) return x;
                x = rounded(x / op.divide_by, op.rounding);
                if (op.has_at_least) x = std::max(x, op.real_at_least);
                if (op.has_at_most) x = std::min(x, op.real_at_most);
                return x;
            };
            std::tie(out.real_low, out.real_high) = ends({end(out.real_low), end(out.real_high)});
            return finite(out);
        }
        for (const Term& term : op.terms) {
            const Span& one = spans_[term.slot];
            const auto [low, high] = ends({one.low * term.factor, one.high * term.factor});
            out.low += low;
            out.high += high;
        }
        const auto end = [&](Int128 x) {
            x = rounded(x * op.multiply, op.divide, op.rounding) * op.bottom_factor;
            if (op.has_at_least) x = std::max(x, op.at_least);
            if (op.has_at_most) x = std::min(x, op.at_most);
            return x;
        };
        std::tie(out.low, out.high) = ends({end(out.low), end(out.high)});
    }

    void add_items(const std::vector<ChainItem>& items, Span& out) const {
        for (const ChainItem& item : items) {
            const Span& one = spans_[item.slot];
            bool begun = false;
            Int128 low = 0;
            Int128 high = 0;
            const auto points = [&](Int128 x) {
                low = begun ? std::min(low, x) : x;
                high = begun ? std::max(high, x) : x;
                begun = true;
            };
            if (one.known && item.by_label.empty()) {
                points(one.low * item.points);
                points(one.high * item.points);
            }
            for (std::size_t l = 0; one.known && l < item.by_label.size(); ++l)
                if (one.labels[l]) points(item.by_label[l]);
            if (one.empty && item.has_if_empty) points(item.if_empty);
            out.known = out.known && begun;
            out.lacking = out.lacking || one.lacking || (one.empty && !item.has_if_empty);
            out.bad = out.bad || one.bad;
            out.low += low;
            out.high += high;
        }
    }

    void checklist(const Operation& op, Span& out) const {
        out.known = true;
        out.low = out.high = op.start;
        add_items(op.items, out);
        for (Int128* end : {&out.low, &out.high}) {
            if (op.has_at_least) *end = std::max(*end, op.at_least);
            if (op.has_at_most) *end = std::min(*end, op.at_most);
        }
        add_items(op.bonuses, out);
    }

    void count(const Operation& op, Span& out) const {
        bool all = true;
        for (const Term& term : op.terms) {
            const Span& one = spans_[term.slot];
            out.bad = out.bad || one.bad;
            out.lacking = out.lacking || one.lacking || one.empty;
            all = all && one.known;
            if (!one.known) continue;
            out.low += one.surely_known() && one.low > 0 ? 1 : 0;
            out.high += one.low != 0 || one.high != 0 ? 1 : 0;
        }
        out.known = all || (op.enough > 0 && out.high >= static_cast<Int128>(op.enough));
    }

    void first(const Operation& op, Span& out) {
        bool open = true;
        for (std::size_t r = 0; r < op.rules.size() && open; ++r) {
            const Stands stands = rule(op.rules[r]);
            if (stands.yes) give(op, out, static_cast<std::int32_t>(r));
            if (stands.unknown) out.lacking = true;
            open = stands.no || stands.empty;
        }
        if (open) give(op, out, op.otherwise);
        out.known = given_;
    }

    void ratio(const Operation& op, Span& out) const {
        if (!all_terms(op, out)) return;
        std::pair<double, double> top{1.0, 1.0};
        std::pair<double, double> bottom{1.0, 1.0};
        std::pair<Int128, Int128> whole{op.top_factor, op.top_factor};
        std::pair<Int128, Int128> under{op.bottom_factor, op.bottom_factor};
        for (std::size_t k = 0; k < op.terms.size(); ++k) {
            if (op.real) {
                auto& part = k < op.over ? top : bottom;
                const auto [low, high] = reals(op.terms[k].slot);
                part = product_ends(part.first, part.second, low, high);
            } else {
                auto& part = k < op.over ? whole : under;
                const Span& one = spans_[op.terms[k].slot];
                part = product_ends(part.first, part.second, one.low, one.high);
            }
        }
        if (op.real) {
            // Near and at 0 a quotient is anything.
            if (!(bottom.first > 0.0 || bottom.second < 0.0)) {
                out.real_low = -endless;
                out.real_high = endless;
                out.bad = true;
                return;
            }
            std::tie(out.real_low, out.real_high) =
                ends({top.first / bottom.first * op.times, top.first / bottom.second * op.times,
                      top.second / bottom.first * op.times, top.second / bottom.second * op.times});
            return finite(out);
        }
        if (under.first <= 0 && under.second >= 0) out.bad = true;
        if (under.first == 0 && under.second == 0) {
            out.known = false;
            return;
        }
        if (under.second <= 0) {
            whole = {-whole.second, -whole.first};
            under = {-under.second, -under.first};
        } else if (under.first < 0) {
            const Int128 most = std::max(-whole.first, whole.second);
            const Int128 other = std::max(whole.first, -whole.second);
            const Int128 size = std::max(most, other);
            whole = {-size, size};
            under = {1, std::max(-under.first, under.second)};
        }
        out.low = whole.first;
        out.high = whole.second;
        out.bottom_low = std::max<Int128>(under.first, 1);
        out.bottom_high = under.second;
    }

    const Chain& chain_;
    std::vector<Span>& spans_;
    bool given_ = false;  // whether the step being taken has a value yet
};

}  // namespace

Span span_of(const Slot& slot, const Judgement& value) {
    Span out;
    out.known = value.state == CellState::known;
    out.empty = value.state == CellState::empty;
    out.lacking = value.state == CellState::lacking;
    out.bad = value.state == CellState::bad;
    out.low = out.high = value.units;
    out.real_low = out.real_high = value.real;
    if (slot.type == ValueType::label) {
        out.labels.assign(slot.labels.size(), false);
        if (out.known) out.labels[static_cast<std::size_t>(value.units)] = true;
    }
    return out;
}

std::vector<bool> bands_within(const Chain& chain, std::vector<Span>& spans) {
    return Bounds(chain, spans).bands();
}

}  // namespace safetyrisk::scoring
