#include "change_search.hpp"

#include <safetyrisk/core/text.hpp>

#include "chain_bounds.hpp"
#include "chain_words.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace safetyrisk::scoring {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

// Doubles in their order as whole numbers, so that the middle of two is always between them.
std::int64_t ordinal(double x) {
    const auto bits = std::bit_cast<std::int64_t>(x);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}
double of_ordinal(std::int64_t o) {
    return std::bit_cast<double>(o < 0 ? std::numeric_limits<std::int64_t>::min() - o : o);
}

// A value that an input may be changed to.
struct Option {
    Judgement value;
    std::size_t steps = 1;
    bool number = false;  // whether further on is as good
    bool more = false;
    bool free = false;  // the far end of what arithmetic uses; the nearest value is to be found
};

// What may become of one input.
struct Movable {
    std::size_t input = 0;
    std::vector<Option> options;  // nearest first, by side
    bool sure = false;            // whether its direction is known
    std::size_t best = 0;         // of a sure one: the option that does most
};

}  // namespace

class ChangeSearch::Search {
public:
    Search(const Judge& judge, const std::vector<int>& height, const std::vector<bool>& fixed,
           std::size_t most_trials)
        : judge_(judge), height_(height), fixed_(fixed), most_(most_trials), space_(judge) {}

    void run(const Case& base, Aim& aim, int wanted) {
        base_ = &base;
        wanted_ = wanted;
        raise_ = aim.raise;
        trials_ = 0;
        gave_up_ = false;
        found_.clear();
        numbers_.clear();
        least_ = std::numeric_limits<std::size_t>::max();
        movable_.clear();
        for (std::size_t k = 0; k < base.size(); ++k)
            add_movable(k);
        std::vector<std::size_t> all;
        for (std::size_t m = 0; m < movable_.size(); ++m)
            all.push_back(m);
        needed_.clear();
        optional_.clear();
        const bool reachable = !movable_.empty() && may_reach(all);
        // Without which nothing does, however far the others go.
        for (const std::size_t m : all) {
            if (!reachable) break;
            std::vector<std::size_t> others = all;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(m));
            (may_reach(others) ? optional_ : needed_).push_back(m);
        }
        std::size_t size = needed_.empty() ? 1 : 0;
        for (; reachable && size <= optional_.size(); ++size) {
            subsets(size);
            if (!found_.empty() || gave_up_ || !numbers_.empty()) break;
        }
        aim.trials = trials_;
        for (const Found& one : found_)
            if (one.steps == least_) aim.ways.push_back(way(one));
        if (gave_up_) {
            aim.state = AimState::open;
            aim.settled = std::max<std::size_t>(needed_.size() + size, 1) - 1;
            return;
        }
        if (!found_.empty()) {
            aim.state = AimState::found;
            return;
        }
        for (const std::vector<std::size_t>& subset : numbers_)
            aim.ways.push_back(unnamed(subset));
        aim.state = !numbers_.empty() ? AimState::several_numbers : AimState::unreachable;
    }

private:
    struct Found {
        std::vector<std::size_t> subset;  // of movable_
        std::vector<Option> values;
        std::size_t steps;
        Verdict verdict;
    };

    bool holds(const Verdict& verdict) const {
        return verdict.state == RowState::graded && does(verdict.band);
    }
    bool does(std::size_t band) const {
        return raise_ ? height_[band] >= wanted_ : height_[band] <= wanted_;
    }
    void count(std::size_t trials) {
        trials_ += trials;
        gave_up_ = gave_up_ || trials_ > most_;
    }

    // ---------------------------------------------------------------- what may be changed

    void add_movable(std::size_t k) {
        const Judgement& now = (*base_)[k];
        const InputShape& shape = judge_.shape(k);
        if (fixed_[k] || now.state != CellState::known || shape.direction == Direction::none)
            return;
        Movable one;
        one.input = k;
        one.sure = shape.direction != Direction::unknown;
        const bool more = !one.sure || (shape.direction == Direction::up) == raise_;
        const bool less = !one.sure || !more;
        if (!shape.places.empty()) {
            add_places(one, shape, now, more, less);
        } else if (shape.gated) {
            add_stretches(one, shape, now, more, less);
        } else {
            if (less) add_number(one, shape, now, false);
            if (more) add_number(one, shape, now, true);
        }
        if (one.options.empty()) return;
        for (std::size_t o = 0; o < one.options.size(); ++o)
            if (one.options[o].steps >= one.options[one.best].steps) one.best = o;
        movable_.push_back(std::move(one));
    }

    void add_places(Movable& one, const InputShape& shape, const Judgement& now, bool more,
                    bool less) const {
        const auto place = judge_.place(one.input, now);
        // An average of several experts lies between two places.
        std::size_t below = 0;
        if (!place)
            while (below < shape.places.size() &&
                   judge_.number(one.input, shape.places[below]) < judge_.number(one.input, now))
                ++below;
        for (std::size_t q = 0; q < shape.places.size(); ++q) {
            Option option{shape.places[q], 1, false, false};
            if (place) {
                if (q == *place || (shape.ordered && shape.ranks[q] == shape.ranks[*place]))
                    continue;
                option.more = shape.ranks[q] > shape.ranks[*place];
                if (shape.ordered)
                    option.steps = option.more ? shape.ranks[q] - shape.ranks[*place]
                                               : shape.ranks[*place] - shape.ranks[q];
            } else {
                option.more = q >= below;
                option.steps = option.more ? q - below + 1 : below - q;
            }
            if (shape.ordered && !(option.more ? more : less)) continue;
            one.options.push_back(option);
        }
        std::stable_sort(one.options.begin(), one.options.end(),
                         [](const Option& a, const Option& b) { return a.steps < b.steps; });
    }

    // The nearest value of each stretch that the method tells apart.
    void add_stretches(Movable& one, const InputShape& shape, const Judgement& now, bool more,
                       bool less) const {
        const bool real = judge_.is_real(one.input);
        std::vector<Cut> cuts = shape.cuts;
        for (const std::size_t other : shape.beside) {
            const Judgement& beside = (*base_)[other];
            if (beside.state != CellState::known) continue;
            const double value = judge_.number(other, beside);
            if (real) {
                cuts.push_back({0, value, false});
                cuts.push_back({0, value, true});
                continue;
            }
            const double unit = as_double(judge_.method().chain()->slots[one.input].unit);
            const double units = value * unit;
            if (std::fabs(units) > unit_limit) continue;
            cuts.push_back({static_cast<Int128>(std::ceil(units)), 0.0, false});
            cuts.push_back({static_cast<Int128>(std::floor(units)) + 1, 0.0, false});
        }
        std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) {
            if (a.units != b.units) return a.units < b.units;
            return a.value < b.value || (a.value == b.value && !a.after && b.after);
        });
        const auto beyond = [&](const Cut& cut) {
            if (!real) return now.units < cut.units;
            return cut.after ? now.real <= cut.value : now.real < cut.value;
        };
        const auto add = [&](const Cut& cut, bool up) {
            Option option{now, 0, true, up};
            if (real) {
                option.value.real =
                    up ? (cut.after ? std::nextafter(cut.value, endless) : cut.value)
                       : (cut.after ? cut.value : std::nextafter(cut.value, -endless));
                if (option.value.real < shape.real_low || option.value.real > shape.real_high)
                    return;
            } else {
                option.value.units = up ? cut.units : cut.units - 1;
                if (option.value.units < shape.low || option.value.units > shape.high) return;
            }
            std::size_t steps = 1;
            for (const Option& before : one.options) {
                if (before.value == option.value) return;
                if (before.more == up) ++steps;
            }
            option.steps = steps;
            one.options.push_back(option);
        };
        for (std::size_t c = 0; more && c < cuts.size(); ++c)
            if (beyond(cuts[c])) add(cuts[c], true);
        for (std::size_t c = cuts.size(); less && c-- > 0;)
            if (!beyond(cuts[c])) add(cuts[c], false);
    }

    // A number that goes into arithmetic: a small count one by one, any other by its nearest edge.
    void add_number(Movable& one, const InputShape& shape, const Judgement& now, bool more) {
        constexpr Int128 few = 30;
        const bool real = judge_.is_real(one.input);
        const Int128 end = more ? shape.high : shape.low;
        const Int128 way = more ? end - now.units : now.units - end;
        if (!real && is_count(one.input) && way <= few) {
            for (Int128 step = 1; step <= way; ++step)
                one.options.push_back(
                    {{more ? now.units + step : now.units - step, 0.0, CellState::known},
                     static_cast<std::size_t>(step),
                     true,
                     more});
            return;
        }
        Option far{now, 1, true, more, true};
        if (real)
            far.value.real = more ? shape.real_high : shape.real_low;
        else
            far.value.units = end;
        if (far.value == now) return;
        one.options.push_back(far);
    }

    bool is_count(std::size_t k) const { return judge_.input(k).kind == InputKind::count; }

    // ---------------------------------------------------------------- subsets

    bool sure(const std::vector<std::size_t>& subset) const {
        return std::all_of(subset.begin(), subset.end(),
                           [&](std::size_t m) { return movable_[m].sure; });
    }

    // The most that inputs of known direction can do.
    Case corner(const std::vector<std::size_t>& subset) const {
        Case out = *base_;
        for (const std::size_t m : subset)
            out[movable_[m].input] = movable_[m].options[movable_[m].best].value;
        return out;
    }

    // False is a proof that no values of these inputs do.
    bool may_reach(const std::vector<std::size_t>& subset) {
        if (!sure(subset)) return within_bounds(subset);
        return may_reach(subset, judge_.judge(space_, corner(subset)));
    }
    bool may_reach(const std::vector<std::size_t>& subset, const Verdict& at_corner) {
        if (sure(subset) && at_corner.state == RowState::graded) return holds(at_corner);
        return within_bounds(subset);
    }

    bool within_bounds(const std::vector<std::size_t>& subset) {
        if (!judge_.is_chain()) return true;
        std::vector<Span> spans = spans_of(*base_);
        for (const std::size_t m : subset) {
            const std::size_t k = movable_[m].input;
            const InputShape& shape = judge_.shape(k);
            Span& span = spans[k];
            if (shape.places.empty()) {
                span.low = shape.low;
                span.high = shape.high;
                span.real_low = shape.real_low;
                span.real_high = shape.real_high;
                widen(span, (*base_)[k]);
            }
            for (const Option& option : movable_[m].options)
                widen(span, option.value);
        }
        return possible(spans);
    }

    static void widen(Span& span, const Judgement& value) {
        span.low = std::min(span.low, value.units);
        span.high = std::max(span.high, value.units);
        span.real_low = std::min(span.real_low, value.real);
        span.real_high = std::max(span.real_high, value.real);
        if (!span.labels.empty()) span.labels[static_cast<std::size_t>(value.units)] = true;
    }

    std::vector<Span> spans_of(const Case& made) const {
        const Chain& chain = *judge_.method().chain();
        std::vector<Span> out(chain.slots.size());
        for (std::size_t k = 0; k < made.size(); ++k)
            out[k] = span_of(chain.slots[k], made[k]);
        return out;
    }

    bool possible(std::vector<Span>& spans) {
        count(1);
        const std::vector<bool> bands = bands_within(*judge_.method().chain(), spans);
        for (std::size_t b = 0; b < bands.size(); ++b)
            if (bands[b] && does(b)) return true;
        return false;
    }

    // All inputs that are needed, and k of the others.
    void subsets(std::size_t k) {
        std::vector<std::size_t> chosen(k);
        for (std::size_t i = 0; i < k; ++i)
            chosen[i] = i;
        std::vector<std::vector<std::size_t>> waiting;
        std::vector<Judgement> cases;
        std::vector<Verdict> verdicts(Judge::block);
        const auto flush = [&] {
            judge_.judge(space_, cases.data(), waiting.size(), verdicts.data());
            for (std::size_t i = 0; i < waiting.size() && !gave_up_; ++i)
                if (may_reach(waiting[i], verdicts[i])) values(waiting[i]);
            waiting.clear();
            cases.clear();
        };
        while (!gave_up_) {
            std::vector<std::size_t> subset = needed_;
            for (const std::size_t c : chosen)
                subset.push_back(optional_[c]);
            std::sort(subset.begin(), subset.end());
            const Case most = corner(subset);
            cases.insert(cases.end(), most.begin(), most.end());
            waiting.push_back(std::move(subset));
            count(1);
            if (waiting.size() == Judge::block) flush();
            std::size_t i = k;
            while (i > 0 && chosen[i - 1] == optional_.size() - k + i - 1)
                --i;
            if (i == 0) break;
            ++chosen[i - 1];
            for (; i < k; ++i)
                chosen[i] = chosen[i - 1] + 1;
        }
        flush();
    }

    // Every combination of values of a subset.
    void values(const std::vector<std::size_t>& subset) {
        std::size_t all = 1;
        for (const std::size_t m : subset) {
            all *= movable_[m].options.size();
            if (all > most_) {
                gave_up_ = true;
                return;
            }
        }
        const std::size_t before = found_.size();
        bool together = false;  // whether free numbers that move together do
        std::vector<std::size_t> at(subset.size(), 0);
        std::vector<std::vector<std::size_t>> waiting;
        std::vector<Judgement> cases;
        std::vector<Verdict> verdicts(Judge::block);
        const auto flush = [&] {
            judge_.judge(space_, cases.data(), waiting.size(), verdicts.data());
            for (std::size_t i = 0; i < waiting.size() && !gave_up_; ++i)
                together = settle(subset, waiting[i], verdicts[i], together) || together;
            waiting.clear();
            cases.clear();
        };
        for (std::size_t one = 0; one < all && !gave_up_; ++one) {
            std::size_t rest = one;
            std::size_t steps = 0;
            for (std::size_t d = subset.size(); d-- > 0;) {
                const std::vector<Option>& options = movable_[subset[d]].options;
                at[d] = rest % options.size();
                rest /= options.size();
                steps += options[at[d]].steps;
            }
            if (steps > least_) continue;
            const Case made = with(subset, at);
            cases.insert(cases.end(), made.begin(), made.end());
            waiting.push_back(at);
            count(1);
            if (waiting.size() == Judge::block) flush();
        }
        flush();
        if (found_.size() > before || gave_up_) return;
        // Numbers compared with each other change each other's edges, too.
        if (together || compared_do(subset)) numbers_.push_back(subset);
    }

    Case with(const std::vector<std::size_t>& subset, const std::vector<std::size_t>& at) const {
        Case out = *base_;
        for (std::size_t d = 0; d < subset.size(); ++d)
            out[movable_[subset[d]].input] = movable_[subset[d]].options[at[d]].value;
        return out;
    }

    // One combination; true where several free numbers of it do together.
    bool settle(const std::vector<std::size_t>& subset, const std::vector<std::size_t>& at,
                const Verdict& verdict, bool together) {
        Found one{subset, {}, 0, verdict};
        std::vector<std::size_t> free;
        bool known = true;
        for (std::size_t d = 0; d < subset.size(); ++d) {
            one.values.push_back(movable_[subset[d]].options[at[d]]);
            one.steps += one.values.back().steps;
            if (!one.values.back().free) continue;
            free.push_back(d);
            known = known && movable_[subset[d]].sure;
        }
        known = known && verdict.state == RowState::graded;
        if ((free.empty() || known) && !holds(verdict)) return false;
        if (free.size() > 1) {
            if (known || together) return true;
            Case made = with(subset, at);
            std::vector<Range> box;
            for (const std::size_t d : free) {
                const std::size_t k = movable_[subset[d]].input;
                box.push_back(range(k, (*base_)[k], made[k]));
            }
            return any(made, box);
        }
        if (free.size() == 1 && !nearest(one, free.front())) return false;
        least_ = std::min(least_, one.steps);
        found_.push_back(std::move(one));
        return false;
    }

    // ---------------------------------------------------------------- free numbers

    // Values of one number from `near` to `far`, as whole numbers in their order.
    struct Range {
        std::size_t input = 0;
        Int128 near = 0, far = 0;
    };

    Int128 position(std::size_t k, const Judgement& value) const {
        return judge_.is_real(k) ? Int128{ordinal(value.real)} : value.units;
    }
    Judgement at_position(std::size_t k, Int128 position) const {
        if (judge_.is_real(k))
            return {0, of_ordinal(static_cast<std::int64_t>(position)), CellState::known};
        return {position, 0.0, CellState::known};
    }
    // Without the value that it has.
    Range range(std::size_t k, const Judgement& now, const Judgement& far) const {
        const Int128 from = position(k, now);
        const Int128 to = position(k, far);
        return {k, to > from ? from + 1 : from - 1, to};
    }
    bool possible_in(const Case& made, const std::vector<Range>& box) {
        std::vector<Span> spans = spans_of(made);
        for (const Range& one : box) {
            Span& span = spans[one.input];
            span = span_of(judge_.method().chain()->slots[one.input],
                           at_position(one.input, one.near));
            widen(span, at_position(one.input, one.far));
        }
        return possible(spans);
    }

    // Moves a free number back from its far end to the nearest value that does.
    bool nearest(Found& one, std::size_t d) {
        Case made = *base_;
        for (std::size_t o = 0; o < one.subset.size(); ++o)
            made[movable_[one.subset[o]].input] = one.values[o].value;
        const std::size_t k = movable_[one.subset[d]].input;
        if (!first(made, range(k, (*base_)[k], made[k]), one.verdict)) return false;
        one.values[d].value = made[k];
        if (is_count(k)) {
            const Int128 way = made[k].units - (*base_)[k].units;
            one.steps += static_cast<std::size_t>(way < 0 ? -way : way) - one.values[d].steps;
            one.values[d].steps = static_cast<std::size_t>(way < 0 ? -way : way);
        }
        return true;
    }

    bool first(Case& made, const Range& part, Verdict& verdict) {
        if (gave_up_ || !possible_in(made, {part})) return false;
        made[part.input] = at_position(part.input, part.near);
        verdict = judge_.judge(space_, made);
        if (holds(verdict)) return true;
        if (part.near == part.far) return false;
        const Int128 step = part.far > part.near ? 1 : -1;
        const Int128 next = part.near + step;
        const Int128 middle = next + (part.far - next) / 2;
        return first(made, {part.input, next, middle}, verdict) ||
               (middle != part.far && first(made, {part.input, middle + step, part.far}, verdict));
    }

    // Whether any values of several numbers do.
    bool any(Case& made, const std::vector<Range>& box) {
        if (gave_up_ || !possible_in(made, box)) return false;
        for (const bool at_far : {false, true}) {
            for (const Range& one : box)
                made[one.input] = at_position(one.input, at_far ? one.far : one.near);
            if (holds(judge_.judge(space_, made))) return true;
        }
        std::size_t widest = 0;
        const auto width = [](const Range& one) {
            return one.far > one.near ? one.far - one.near : one.near - one.far;
        };
        for (std::size_t b = 1; b < box.size(); ++b)
            if (width(box[b]) > width(box[widest])) widest = b;
        if (width(box[widest]) == 0) return false;
        const Range whole = box[widest];
        const Int128 middle = whole.near + (whole.far - whole.near) / 2;
        std::vector<Range> half = box;
        half[widest].far = middle;
        if (any(made, half)) return true;
        half[widest] = {whole.input, middle + (whole.far > whole.near ? 1 : -1), whole.far};
        return any(made, half);
    }

    // Whether numbers of a subset that are compared with each other do together, between the edges
    // that they have while the others stay.
    bool compared_do(const std::vector<std::size_t>& subset) {
        std::vector<std::size_t> numbers;
        std::vector<std::size_t> others;
        for (const std::size_t m : subset) {
            const std::vector<std::size_t>& beside = judge_.shape(movable_[m].input).beside;
            const bool compared = std::any_of(subset.begin(), subset.end(), [&](std::size_t other) {
                return std::find(beside.begin(), beside.end(), movable_[other].input) !=
                       beside.end();
            });
            (compared ? numbers : others).push_back(m);
        }
        if (numbers.size() < 2) return false;
        std::vector<Range> box;
        for (const std::size_t m : numbers) {
            const std::size_t k = movable_[m].input;
            const InputShape& shape = judge_.shape(k);
            const bool real = judge_.is_real(k);
            box.push_back({k, real ? Int128{ordinal(shape.real_low)} : shape.low,
                           real ? Int128{ordinal(shape.real_high)} : shape.high});
        }
        std::vector<std::size_t> at(others.size(), 0);
        while (!gave_up_) {
            Case made = with(others, at);
            if (any(made, box)) return true;
            std::size_t d = 0;
            while (d < others.size() && ++at[d] == movable_[others[d]].options.size())
                at[d++] = 0;
            if (d == others.size()) return false;
        }
        return false;
    }

    // ---------------------------------------------------------------- in words

    Change change(std::size_t m, const Option* option) const {
        const std::size_t k = movable_[m].input;
        Change out;
        out.input = k;
        const Judgement& now = (*base_)[k];
        out.from = judge_.text(k, now);
        out.from_words = {judge_.words(k, now, Lang::zh), judge_.words(k, now, Lang::en)};
        if (option == nullptr) return out;
        out.steps = option->steps;
        out.to = judge_.text(k, option->value);
        out.to_words = {judge_.words(k, option->value, Lang::zh),
                        judge_.words(k, option->value, Lang::en)};
        out.side = "=";
        if (!option->number) return out;
        out.near = !movable_[m].sure;
        if (!out.near) out.side = option->more ? ">=" : "<=";
        if (!judge_.is_real(k) || !judge_.is_chain()) return out;
        // "299.99999999999994 or less" is how a double says "less than 300".
        const double edge = std::nextafter(option->value.real, option->more ? -endless : endless);
        const std::string name = print_number(edge);
        if (name.size() < out.to.size()) {
            out.to = name;
            out.to_words = {name, name};
            out.side = option->more ? ">" : "<";
        }
        return out;
    }

    Way way(const Found& one) const {
        Way out;
        out.steps = one.steps;
        out.score = one.verdict.score;
        for (std::size_t d = 0; d < one.subset.size(); ++d)
            out.changes.push_back(change(one.subset[d], &one.values[d]));
        out.level.rank = one.verdict.band;  // the caller knows its colour
        return out;
    }

    Way unnamed(const std::vector<std::size_t>& subset) const {
        Way out;
        out.score = nan_value;
        for (const std::size_t m : subset)
            out.changes.push_back(change(m, nullptr));
        out.level.rank = 255;
        return out;
    }

    const Judge& judge_;
    const std::vector<int>& height_;
    const std::vector<bool>& fixed_;
    std::size_t most_;
    Judge::Space space_;
    const Case* base_ = nullptr;
    int wanted_ = 0;
    bool raise_ = false;
    std::size_t trials_ = 0;
    bool gave_up_ = false;
    std::vector<Movable> movable_;
    std::vector<std::size_t> needed_, optional_;  // of movable_
    std::vector<Found> found_;
    std::vector<std::vector<std::size_t>> numbers_;
    std::size_t least_ = 0;
};

ChangeSearch::ChangeSearch(const Judge& judge, const std::vector<int>& height,
                           const std::vector<bool>& fixed, std::size_t most_trials)
    : search_(std::make_unique<Search>(judge, height, fixed, most_trials)) {}

ChangeSearch::~ChangeSearch() = default;

void ChangeSearch::run(const Case& base, Aim& aim, int wanted) {
    search_->run(base, aim, wanted);
}

}  // namespace safetyrisk::scoring
