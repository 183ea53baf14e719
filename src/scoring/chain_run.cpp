#include "chain_run.hpp"

#include "factor_input.hpp"
#include "rounding.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring {
namespace {

// An empty operand of arithmetic leaves the result unknown.
CellState joined(CellState a, CellState b) {
    const CellState worse = std::max(a, b);
    return worse == CellState::empty ? CellState::lacking : worse;
}

template <class Number>
bool compared(Number a, Number b, Comparator comparator) {
    switch (comparator) {
        case Comparator::equal:
            return a == b;
        case Comparator::differs:
            return a != b;
        case Comparator::less:
            return a < b;
        case Comparator::at_most:
            return a <= b;
        case Comparator::more:
            return a > b;
        case Comparator::at_least:
            return a >= b;
    }
    return false;
}

Truth condition_holds(const Chain& chain, const std::vector<Lane>& lanes,
                      const ChainCondition& condition, std::size_t i) {
    const Slot& slot = chain.slots[condition.slot];
    const Lane& lane = lanes[condition.slot];
    if (lane.states[i] == CellState::empty) return Truth::empty;
    if (lane.states[i] != CellState::known) return Truth::unknown;
    bool holds = false;
    if (condition.other >= 0) {
        const auto o = static_cast<std::size_t>(condition.other);
        const Slot& right = chain.slots[o];
        const Lane& beside = lanes[o];
        if (beside.states[i] == CellState::empty) return Truth::empty;
        if (beside.states[i] != CellState::known) return Truth::unknown;
        if (slot.type == ValueType::exact && right.type == ValueType::exact)
            holds = compared(lane.units[i] * condition.factor,
                             beside.units[i] * condition.other_factor, condition.comparator);
        else
            holds =
                compared(value_of(slot, lane, i), value_of(right, beside, i), condition.comparator);
        return holds ? Truth::yes : Truth::no;
    }
    if (slot.type == ValueType::label) {
        holds = condition.labels[static_cast<std::size_t>(lane.units[i])] != 0;
    } else {
        for (const Gate& gate : condition.gates)
            holds = holds ||
                    (slot.type == ValueType::exact  ? gate.holds(lane.units[i])
                     : slot.type == ValueType::real ? gate.holds(lane.reals[i])
                                                    : gate.holds(lane.units[i], lane.bottoms[i]));
    }
    return holds != condition.negated ? Truth::yes : Truth::no;
}

// One step over a block.
class StepRun {
public:
    StepRun(const Chain& chain, std::vector<Lane>& lanes, const Operation& operation, std::size_t n)
        : chain_(chain), lanes_(lanes), op_(operation), n_(n), out_(lanes[operation.out]) {}

    void run() {
        switch (op_.action) {
            case Action::scale:
                return scale();
            case Action::product:
                return op_.real ? real_product() : product();
            case Action::largest:
            case Action::smallest:
                return extreme();
            case Action::sum:
                return op_.real ? real_sum() : sum();
            case Action::table:
                return table();
            case Action::checklist:
                return checklist();
            case Action::count:
                return count();
            case Action::first:
                return first();
            case Action::ratio:
                return ratio();
        }
    }

private:
    const Lane& lane(const Term& term) const { return lanes_[term.slot]; }
    const Slot& slot(const Term& term) const { return chain_.slots[term.slot]; }
    double real(const Term& term, std::size_t i) const {
        return value_of(slot(term), lane(term), i);
    }

    void states_of_terms() {
        for (std::size_t i = 0; i < n_; ++i)
            out_.states[i] = CellState::known;
        for (const Term& term : op_.terms) {
            const Lane& from = lane(term);
            for (std::size_t i = 0; i < n_; ++i)
                out_.states[i] = joined(out_.states[i], from.states[i]);
        }
    }

    void check_finite() {
        for (std::size_t i = 0; i < n_; ++i)
            if (out_.states[i] == CellState::known && !std::isfinite(out_.reals[i]))
                out_.states[i] = CellState::bad;
    }

    void give(std::size_t i, std::int32_t place) {
        if (place < 0) {
            out_.states[i] = CellState::lacking;
            return;
        }
        out_.states[i] = CellState::known;
        out_.units[i] = op_.values[static_cast<std::size_t>(place)];
    }

    void scale() {
        const Term& term = op_.terms.front();
        const Lane& from = lane(term);
        for (std::size_t i = 0; i < n_; ++i) {
            if (from.states[i] == CellState::known)
                give(i, row_of_value(slot(term), from, i, op_.rows, op_.row_of));
            else
                out_.states[i] = from.states[i];
        }
    }

    void product() {
        states_of_terms();
        for (std::size_t i = 0; i < n_; ++i)
            out_.units[i] = 1;
        for (const Term& term : op_.terms) {
            const Lane& from = lane(term);
            for (std::size_t i = 0; i < n_; ++i)
                if (out_.states[i] == CellState::known) out_.units[i] *= from.units[i];
        }
    }

    void real_product() {
        states_of_terms();
        for (std::size_t i = 0; i < n_; ++i) {
            out_.reals[i] = 1.0;
            if (out_.states[i] != CellState::known) continue;
            for (const Term& term : op_.terms)
                out_.reals[i] *= real(term, i);
        }
        check_finite();
    }

    void extreme() {
        const bool largest = op_.action == Action::largest;
        const Slot& out = chain_.slots[op_.out];
        for (std::size_t i = 0; i < n_; ++i) {
            std::size_t filled = 0;
            CellState state = CellState::known;
            for (const Term& term : op_.terms) {
                const Lane& from = lane(term);
                if (from.states[i] != CellState::known) {
                    // What is not needed is left out.
                    if (from.states[i] != CellState::empty) state = joined(state, from.states[i]);
                    continue;
                }
                if (op_.real) {
                    const double x = real(term, i);
                    if (filled == 0 || (largest ? x > out_.reals[i] : x < out_.reals[i]))
                        out_.reals[i] = x;
                } else {
                    const Int128 x = from.units[i] * term.factor;
                    if (filled == 0 || (largest ? x > out_.units[i] : x < out_.units[i]))
                        out_.units[i] = x;
                }
                ++filled;
            }
            if (filled < op_.at_least_filled) state = joined(state, CellState::lacking);
            // What nothing can pass does not wait for the rest.
            if (state == CellState::lacking && filled > 0 &&
                (op_.real ? out_.reals[i] == (largest ? out.real_high : out.real_low)
                          : out_.units[i] == (largest ? out.high : out.low)))
                state = CellState::known;
            out_.states[i] = state;
        }
    }

    void sum() {
        states_of_terms();
        for (std::size_t i = 0; i < n_; ++i)
            out_.units[i] = 0;
        for (const Term& term : op_.terms) {
            const Lane& from = lane(term);
            for (std::size_t i = 0; i < n_; ++i)
                if (out_.states[i] == CellState::known)
                    out_.units[i] += from.units[i] * term.factor;
        }
        for (std::size_t i = 0; i < n_; ++i) {
            if (out_.states[i] != CellState::known) continue;
            Int128 x =
                rounded(out_.units[i] * op_.multiply, op_.divide, op_.rounding) * op_.bottom_factor;
            if (op_.has_at_least) x = std::max(x, op_.at_least);
            if (op_.has_at_most) x = std::min(x, op_.at_most);
            out_.units[i] = x;
        }
    }

    void real_sum() {
        states_of_terms();
        for (std::size_t i = 0; i < n_; ++i) {
            if (out_.states[i] != CellState::known) continue;
            double x = 0.0;
            for (const Term& term : op_.terms)
                x += term.weight * real(term, i);
            x = rounded(x / op_.divide_by, op_.rounding);
            if (op_.has_at_least) x = std::max(x, op_.real_at_least);
            if (op_.has_at_most) x = std::min(x, op_.real_at_most);
            out_.reals[i] = x;
        }
        check_finite();
    }

    void table() {
        states_of_terms();
        const Term& down = op_.terms[0];
        const Term& across = op_.terms[1];
        const auto width = static_cast<std::int32_t>(op_.column_texts.size());
        for (std::size_t i = 0; i < n_; ++i) {
            if (out_.states[i] != CellState::known) continue;
            const std::int32_t row = row_of_value(slot(down), lane(down), i, op_.rows, op_.row_of);
            const std::int32_t column =
                row_of_value(slot(across), lane(across), i, op_.columns, op_.column_of);
            give(i, row < 0 || column < 0 ? -1 : row * width + column);
        }
    }

    void add_items(const std::vector<ChainItem>& items) {
        for (const ChainItem& item : items) {
            const Lane& from = lanes_[item.slot];
            const bool labels = !item.by_label.empty();
            for (std::size_t i = 0; i < n_; ++i) {
                const CellState state = from.states[i];
                if (state == CellState::known)
                    out_.units[i] += labels ? item.by_label[static_cast<std::size_t>(from.units[i])]
                                            : from.units[i] * item.points;
                else if (state == CellState::empty && item.has_if_empty)
                    out_.units[i] += item.if_empty;
                else
                    out_.states[i] = joined(out_.states[i], state);
            }
        }
    }

    bool all_known(const Lane& from) const {
        std::uint8_t any = 0;
        for (std::size_t i = 0; i < n_; ++i)
            any = static_cast<std::uint8_t>(any | static_cast<std::uint8_t>(from.states[i]));
        return any == static_cast<std::uint8_t>(CellState::known);
    }

    // The same as add_items where every cell is filled in and no sum can leave 64 bits, which is
    // all but always so; false where it is not.
    bool add_small_items(const std::vector<ChainItem>& items) {
        constexpr double limit = 4e18;
        double most = std::fabs(as_double(op_.start)) + std::fabs(as_double(op_.at_most)) +
                      std::fabs(as_double(op_.at_least));
        for (const ChainItem& item : items) {
            const Slot& slot = chain_.slots[item.slot];
            const double size =
                std::max(std::fabs(as_double(slot.low)), std::fabs(as_double(slot.high)));
            if (!item.by_label.empty() || slot.type != ValueType::exact ||
                !all_known(lanes_[item.slot]))
                return false;
            most += size * std::fabs(as_double(item.points));
        }
        if (!(most < limit)) return false;
        std::array<std::int64_t, chain_block> sums{};
        for (const ChainItem& item : items) {
            const Lane& from = lanes_[item.slot];
            const auto points = static_cast<std::int64_t>(item.points);
            for (std::size_t i = 0; i < n_; ++i)
                sums[i] += static_cast<std::int64_t>(from.units[i]) * points;
        }
        for (std::size_t i = 0; i < n_; ++i)
            out_.units[i] += sums[i];
        return true;
    }

    void checklist() {
        for (std::size_t i = 0; i < n_; ++i) {
            out_.states[i] = CellState::known;
            out_.units[i] = op_.start;
        }
        if (!add_small_items(op_.items)) add_items(op_.items);
        for (std::size_t i = 0; i < n_; ++i) {
            Int128 x = out_.units[i];
            if (op_.has_at_least) x = std::max(x, op_.at_least);
            if (op_.has_at_most) x = std::min(x, op_.at_most);
            out_.units[i] = x;
        }
        if (!add_small_items(op_.bonuses)) add_items(op_.bonuses);
    }

    void count() {
        for (std::size_t i = 0; i < n_; ++i) {
            std::size_t held = 0;
            CellState state = CellState::known;
            for (const Term& term : op_.terms) {
                const Lane& from = lane(term);
                if (from.states[i] == CellState::known)
                    held += from.units[i] != 0 ? 1U : 0U;
                else
                    state = joined(state, from.states[i]);
            }
            if (state == CellState::lacking && op_.enough > 0 && held >= op_.enough)
                state = CellState::known;
            out_.units[i] = static_cast<Int128>(held);
            out_.states[i] = state;
        }
    }

    void first() {
        for (std::size_t i = 0; i < n_; ++i) {
            std::int32_t place = op_.otherwise;
            for (std::size_t r = 0; r < op_.rules.size(); ++r) {
                const Truth truth = rule_holds(chain_, lanes_, op_.rules[r], i);
                if (truth != Truth::yes && truth != Truth::unknown) continue;
                place = truth == Truth::yes ? static_cast<std::int32_t>(r) : -1;
                break;
            }
            give(i, place);
        }
    }

    void ratio() {
        states_of_terms();
        for (std::size_t i = 0; i < n_; ++i) {
            if (out_.states[i] != CellState::known) continue;
            if (op_.real) {
                double top = 1.0;
                double bottom = 1.0;
                for (std::size_t k = 0; k < op_.terms.size(); ++k)
                    (k < op_.over ? top : bottom) *= real(op_.terms[k], i);
                if (bottom == 0.0) out_.states[i] = CellState::bad;
                out_.reals[i] = top / bottom * op_.times;
                continue;
            }
            Int128 top = op_.top_factor;
            Int128 bottom = op_.bottom_factor;
            for (std::size_t k = 0; k < op_.terms.size(); ++k)
                (k < op_.over ? top : bottom) *= lane(op_.terms[k]).units[i];
            if (bottom < 0) {
                top = -top;
                bottom = -bottom;
            }
            if (bottom == 0) out_.states[i] = CellState::bad;
            out_.units[i] = top;
            out_.bottoms[i] = bottom;
        }
        if (op_.real) check_finite();
    }

    const Chain& chain_;
    std::vector<Lane>& lanes_;
    const Operation& op_;
    std::size_t n_;
    Lane& out_;
};

}  // namespace

double value_of(const Slot& slot, const Lane& lane, std::size_t i) {
    switch (slot.type) {
        case ValueType::exact:
            return nearest_quotient(lane.units[i], slot.unit);
        case ValueType::quotient:
            return nearest_quotient(lane.units[i], lane.bottoms[i]);
        case ValueType::real:
        case ValueType::label:
            break;
    }
    return lane.reals[i];
}

std::int32_t row_of_value(const Slot& slot, const Lane& lane, std::size_t i,
                          const std::vector<Gate>& gates, const std::vector<std::int32_t>& labels) {
    if (slot.type == ValueType::label) return labels[static_cast<std::size_t>(lane.units[i])];
    for (std::size_t g = 0; g < gates.size(); ++g) {
        const bool holds = slot.type == ValueType::exact ? gates[g].holds(lane.units[i])
                           : slot.type == ValueType::real
                               ? gates[g].holds(lane.reals[i])
                               : gates[g].holds(lane.units[i], lane.bottoms[i]);
        if (holds) return static_cast<std::int32_t>(g);
    }
    return -1;
}

Truth rule_holds(const Chain& chain, const std::vector<Lane>& lanes, const ChainRule& rule,
                 std::size_t i) {
    Truth all = Truth::yes;
    for (const ChainCondition& condition : rule) {
        const Truth one = condition_holds(chain, lanes, condition, i);
        if (one == Truth::no) return Truth::no;
        // What is empty for good keeps the rule from holding, whatever the rest may be.
        if (one == Truth::empty || all == Truth::empty)
            all = Truth::empty;
        else
            all = std::min(all, one);
    }
    return all;
}

ChainRun::ChainRun(const Method& method, const Table& table, const Work& work)
    : chain_(*method.chain()) {
    Work quiet = work;
    quiet.progress = nullptr;
    columns_.reserve(chain_.inputs);
    for (std::size_t k = 0; k < chain_.inputs; ++k) {
        const MethodInput& input = method.inputs()[k];
        readers_.emplace_back(input, chain_.slots[k]);
        columns_.emplace_back(table.find(input.id), readers_.back(), chain_.slots[k], quiet);
    }
}

void ChainRun::run(Space& space, std::size_t begin, const std::uint16_t* offsets,
                   std::size_t n) const {
    for (std::size_t k = 0; k < chain_.inputs; ++k) {
        Lane& lane = space.lanes[k];
        columns_[k].read(begin, offsets, n, lane.units.data(), lane.reals.data(),
                         lane.states.data());
    }
    run_chain(chain_, space, n);
}

void run_chain(const Chain& chain, ChainSpace& space, std::size_t n) {
    std::vector<Lane>& lanes = space.lanes;
    ChainResult& out = space.result;
    for (std::size_t i = 0; i < n; ++i)
        out.state[i] = CellState::known;
    for (std::size_t k = 0; k < chain.inputs; ++k) {
        const Lane& lane = lanes[k];
        const bool asked = chain.slots[k].always_asked;
        for (std::size_t i = 0; i < n; ++i) {
            const bool counts =
                lane.states[i] == CellState::bad || (asked && lane.states[i] == CellState::lacking);
            if (counts) out.state[i] = std::max(out.state[i], lane.states[i]);
        }
    }
    for (const Operation& operation : chain.operations) {
        StepRun(chain, lanes, operation, n).run();
        const Lane& lane = lanes[operation.out];
        for (std::size_t i = 0; i < n; ++i)
            if (lane.states[i] == CellState::bad) out.state[i] = CellState::bad;
    }
    const Slot& result = chain.slots[chain.result];
    const Lane& last = lanes[chain.result];
    const auto mildest = static_cast<std::int32_t>(chain.bands.size()) - 1;
    for (std::size_t i = 0; i < n; ++i) {
        out.score[i] = nan_value;
        out.band[i] = out.by_score[i] = 255;
        out.veto[i] = -1;
        if (last.states[i] != CellState::known)
            out.state[i] = std::max(out.state[i], CellState::lacking);
        if (out.state[i] == CellState::bad) continue;
        if (out.state[i] == CellState::known) {
            if (result.type == ValueType::label) {
                out.by_score[i] = chain.band_of_label[static_cast<std::size_t>(last.units[i])];
            } else {
                const std::int32_t b = row_of_value(result, last, i, chain.bands, {});
                if (b < 0) {
                    out.state[i] = CellState::bad;  // the bands cover all that is not rounded
                    continue;
                }
                out.by_score[i] = static_cast<std::uint8_t>(mildest - b);
            }
            out.band[i] = out.by_score[i];
            if (chain.score >= 0) {
                const auto s = static_cast<std::size_t>(chain.score);
                if (lanes[s].states[i] == CellState::known)
                    out.score[i] = value_of(chain.slots[s], lanes[s], i);
            }
        }
        for (std::size_t v = 0; v < chain.vetoes.size(); ++v)
            if (rule_holds(chain, lanes, chain.vetoes[v].when, i) == Truth::yes) {
                out.veto[i] = static_cast<std::int16_t>(v);
                out.band[i] = chain.vetoes[v].band;
                break;
            }
        if (out.veto[i] >= 0 || out.state[i] != CellState::known) continue;
        for (std::size_t v = 0; v < chain.vetoes.size(); ++v)
            if (rule_holds(chain, lanes, chain.vetoes[v].when, i) == Truth::empty)
                ++space.unclear[v];
    }
}

}  // namespace safetyrisk::scoring
