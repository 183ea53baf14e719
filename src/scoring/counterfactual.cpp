#include <safetyrisk/scoring/counterfactual.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "chain_words.hpp"
#include "judge.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

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
};

// What may become of one input.
struct Movable {
    std::size_t input = 0;
    std::vector<Option> options;  // nearest first, by side
    bool sure = false;            // whether its direction is known
    bool free = false;            // a number that arithmetic uses: `options` has its far end only
    std::size_t best = 0;         // of a sure one: the option that does most
};

// The aims of one case.
class Search {
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
        unsettled_ = false;
        found_.clear();
        numbers_.clear();
        least_ = std::numeric_limits<std::size_t>::max();
        movable_.clear();
        for (std::size_t k = 0; k < base.size(); ++k)
            add_movable(k);
        const bool sure = std::all_of(movable_.begin(), movable_.end(),
                                      [](const Movable& one) { return one.sure; });
        bool reachable = !movable_.empty();
        needed_.clear();
        optional_.clear();
        if (reachable && sure) {
            Case corner = base;
            for (const Movable& one : movable_)
                corner[one.input] = one.options[one.best].value;
            reachable = holds(judge_.judge(space_, corner));
            // Without which nothing does, however far the others go.
            for (std::size_t m = 0; m < movable_.size() && reachable; ++m) {
                const std::size_t k = movable_[m].input;
                const Judgement there = corner[k];
                corner[k] = base[k];
                const bool does = holds(judge_.judge(space_, corner));
                (does ? optional_ : needed_).push_back(m);
                corner[k] = there;
            }
        } else {
            for (std::size_t m = 0; m < movable_.size(); ++m)
                optional_.push_back(m);
        }
        for (std::size_t k = needed_.empty() ? 1 : 0; reachable && k <= optional_.size(); ++k) {
            subsets(k);
            if (!found_.empty() || gave_up_ || !numbers_.empty()) break;
        }
        if (!found_.empty()) {
            for (const Found& one : found_)
                if (one.steps == least_) aim.ways.push_back(way(one));
            aim.state = AimState::found;
            return;
        }
        for (const std::vector<std::size_t>& subset : numbers_)
            aim.ways.push_back(unnamed(subset));
        aim.state = !numbers_.empty()        ? AimState::several_numbers
                    : gave_up_ || unsettled_ ? AimState::open
                                             : AimState::unreachable;
    }

private:
    struct Found {
        std::vector<std::size_t> subset;  // of movable_
        std::vector<Option> values;
        std::size_t steps;
        Verdict verdict;
    };

    bool holds(const Verdict& verdict) const {
        if (verdict.state != RowState::graded) return false;
        const int height = height_[verdict.band];
        return raise_ ? height >= wanted_ : height <= wanted_;
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
        if (!shape.places.empty())
            add_places(one, shape, now, more, less);
        else if (shape.gated)
            add_stretches(one, shape, now, more, less);
        else
            add_number(one, shape, now, more);
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

    // A number that goes into arithmetic: a small count one by one, any other by its edge.
    void add_number(Movable& one, const InputShape& shape, const Judgement& now, bool more) {
        if (!one.sure) {
            unsettled_ = true;
            return;
        }
        constexpr Int128 few = 30;
        const bool real = judge_.is_real(one.input);
        if (!real && !more && now.units - shape.low <= few) {
            for (Int128 units = now.units; units-- > shape.low;)
                one.options.push_back({{units, 0.0, CellState::known},
                                       static_cast<std::size_t>(now.units - units),
                                       true,
                                       false});
            return;
        }
        Option far{now, 1, true, more};
        if (real)
            far.value.real = more ? shape.real_high : shape.real_low;
        else
            far.value.units = more ? shape.high : shape.low;
        if (far.value == now) return;
        one.free = true;
        one.options.push_back(far);
    }

    // ---------------------------------------------------------------- subsets

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
                if (holds(verdicts[i]) || !sure(waiting[i])) values(waiting[i]);
            waiting.clear();
            cases.clear();
        };
        while (!gave_up_) {
            std::vector<std::size_t> subset = needed_;
            for (const std::size_t c : chosen)
                subset.push_back(optional_[c]);
            std::sort(subset.begin(), subset.end());
            // What these inputs can do at most; of inputs without a direction it says nothing.
            Case corner = *base_;
            for (const std::size_t m : subset)
                corner[movable_[m].input] = movable_[m].options[movable_[m].best].value;
            cases.insert(cases.end(), corner.begin(), corner.end());
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

    bool sure(const std::vector<std::size_t>& subset) const {
        return std::all_of(subset.begin(), subset.end(),
                           [&](std::size_t m) { return movable_[m].sure; });
    }

    void count(std::size_t trials) {
        trials_ += trials;
        gave_up_ = gave_up_ || trials_ > most_;
    }

    // Every combination of values of a subset.
    void values(const std::vector<std::size_t>& subset) {
        std::size_t free = 0;
        std::size_t all = 1;
        for (const std::size_t m : subset) {
            free += movable_[m].free ? 1U : 0U;
            all *= movable_[m].options.size();
            if (all > most_) {
                gave_up_ = true;
                return;
            }
        }
        if (free > 1) {
            numbers_.push_back(subset);
            return;
        }
        std::vector<std::size_t> at(subset.size(), 0);
        std::vector<std::vector<std::size_t>> waiting;
        std::vector<Judgement> cases;
        std::vector<Verdict> verdicts(Judge::block);
        const auto flush = [&] {
            judge_.judge(space_, cases.data(), waiting.size(), verdicts.data());
            for (std::size_t i = 0; i < waiting.size(); ++i)
                if (holds(verdicts[i])) keep(subset, waiting[i], verdicts[i]);
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
            Case made = *base_;
            for (std::size_t d = 0; d < subset.size(); ++d)
                made[movable_[subset[d]].input] = movable_[subset[d]].options[at[d]].value;
            cases.insert(cases.end(), made.begin(), made.end());
            waiting.push_back(at);
            count(1);
            if (waiting.size() == Judge::block) flush();
        }
        flush();
    }

    void keep(const std::vector<std::size_t>& subset, const std::vector<std::size_t>& at,
              const Verdict& verdict) {
        Found one{subset, {}, 0, verdict};
        for (std::size_t d = 0; d < subset.size(); ++d) {
            one.values.push_back(movable_[subset[d]].options[at[d]]);
            one.steps += one.values.back().steps;
        }
        for (std::size_t d = 0; d < subset.size(); ++d)
            if (movable_[subset[d]].free) nearest(one, d);
        least_ = std::min(least_, one.steps);
        found_.push_back(std::move(one));
    }

    // Moves a free number from its far end back to the edge.
    void nearest(Found& one, std::size_t d) {
        Case made = *base_;
        for (std::size_t o = 0; o < one.subset.size(); ++o)
            made[movable_[one.subset[o]].input] = one.values[o].value;
        const std::size_t k = movable_[one.subset[d]].input;
        const bool real = judge_.is_real(k);
        Judgement good = one.values[d].value;
        Judgement bad = (*base_)[k];
        const auto middle = [&](Judgement& out) {
            out = good;
            if (real) {
                const std::int64_t a = ordinal(good.real);
                const std::int64_t b = ordinal(bad.real);
                const std::int64_t m = (a & b) + ((a ^ b) >> 1);  // no overflow
                out.real = of_ordinal(m);
                return m != a && m != b;
            }
            const Int128 m = floor_div(good.units + bad.units, 2);
            out.units = m;
            return m != good.units && m != bad.units;
        };
        // The number itself unchanged does not do: then a smaller subset would have been found.
        for (Judgement between; middle(between);) {
            made[k] = between;
            const Verdict verdict = judge_.judge(space_, made);
            if (holds(verdict)) {
                good = between;
                one.verdict = verdict;
            } else {
                bad = between;
            }
        }
        one.values[d].value = good;
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
        out.side = option->more ? ">=" : "<=";
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
    bool unsettled_ = false;  // whether an input of unknown direction was left out
    std::vector<Movable> movable_;
    std::vector<std::size_t> needed_, optional_;  // of movable_
    std::vector<Found> found_;
    std::vector<std::vector<std::size_t>> numbers_;
    std::size_t least_ = 0;
};

// Bands of one method as heights: colours where there are any, else levels.
std::vector<int> heights(const Graded& graded, std::size_t m) {
    std::vector<int> out;
    for (std::size_t b = 0; b < graded.methods()[m]->bands().size(); ++b) {
        const auto level = graded.band_level(m, static_cast<std::uint8_t>(b));
        if (!level) return {};
        out.push_back(level->grade ? static_cast<int>(*level->grade) : static_cast<int>(b) + 1);
    }
    return out;
}

std::string side_words(const Change& change, Lang lang) {
    const bool zh = lang == Lang::zh;
    const std::string& to = change.to_words.in(lang);
    if (change.side == "<") return zh ? "小于 " + to : "below " + to;
    if (change.side == "<=") return zh ? "不大于 " + to : "at most " + to;
    if (change.side == ">") return zh ? "大于 " + to : "above " + to;
    if (change.side == ">=") return zh ? "不小于 " + to : "at least " + to;
    return to;
}

}  // namespace

std::string_view to_string(AimState state) {
    constexpr std::string_view names[] = {"found", "unreachable", "several_numbers", "open",
                                          "kept"};
    return names[static_cast<std::size_t>(state)];
}

Counterfactuals counterfactual(const Graded& graded, const CounterfactualOptions& options) {
    Counterfactuals out;
    out.graded_ = std::make_shared<const Graded>(graded);
    out.rows_ = options.rows;
    out.fixed_ = options.fixed;
    if (out.rows_.empty())
        for (std::size_t row = 0; row < graded.rows(); ++row)
            out.rows_.push_back(row);
    for (const std::size_t row : out.rows_)
        if (row >= graded.rows())
            throw NotFoundError("there is no row " + std::to_string(row) + "; the register has " +
                                std::to_string(graded.rows()) + " rows");

    const std::size_t count = graded.methods().size();
    std::vector<std::unique_ptr<const Judge>> judges;
    std::vector<std::vector<int>> height;
    std::vector<std::vector<bool>> fixed(count);
    for (std::size_t m = 0; m < count; ++m) {
        judges.push_back(std::make_unique<const Judge>(graded.methods()[m], graded.averaged()));
        height.push_back(heights(graded, m));
        for (const MethodInput& input : graded.methods()[m]->inputs())
            fixed[m].push_back(std::find(options.fixed.begin(), options.fixed.end(), input.id) !=
                               options.fixed.end());
    }
    for (const std::string& id : options.fixed) {
        bool known = count == 0;
        for (const auto& method : graded.methods())
            for (const MethodInput& input : method->inputs())
                known = known || input.id == id;
        if (!known) throw NotFoundError("no method used has an input '" + id + "' to be fixed");
    }

    // Equal cases have one answer.
    struct Question {
        std::size_t method;
        Case base;
        std::uint8_t band;
        const DirectRule* rule;
        std::shared_ptr<std::vector<Aim>> answer;
    };
    std::vector<Question> questions;
    std::unordered_map<std::string, std::size_t> known;
    std::vector<std::unique_ptr<const Judge::Rows>> read;
    for (const auto& judge : judges)
        read.push_back(std::make_unique<const Judge::Rows>(*judge, graded.input()));
    const auto none = std::make_shared<const std::vector<Aim>>();
    for (const std::size_t row : out.rows_) {
        const std::int16_t m = graded.method_of(row);
        if (m < 0 || graded.state()[row] != RowState::graded ||
            height[static_cast<std::size_t>(m)].empty()) {
            out.answers_.push_back(none);
            continue;
        }
        const auto method = static_cast<std::size_t>(m);
        Question question{method, (*read[method])(row), graded.band(row), graded.direct_rule(row),
                          nullptr};
        std::string key = std::to_string(m) + "|" +
                          (question.rule == nullptr ? "" : question.rule->id) + "|" +
                          case_key(question.base);
        const auto [it, fresh] = known.emplace(std::move(key), questions.size());
        if (fresh) {
            question.answer = std::make_shared<std::vector<Aim>>();
            questions.push_back(std::move(question));
        }
        out.answers_.push_back(questions[it->second].answer);
    }

    for_tasks(questions.size(), options.work, [&](std::size_t q) {
        const Question& question = questions[q];
        const std::vector<int>& mine = height[question.method];
        const int ruled = question.rule == nullptr ? 0 : static_cast<int>(question.rule->grade);
        const int here = question.band == 255 ? 0 : mine[question.band];
        const int now = std::max(here, ruled);
        Search search(*judges[question.method], mine, fixed[question.method], options.most_trials);
        const auto level_at = [&](int wanted, bool raise) {
            std::uint8_t best = 0;
            for (std::size_t b = 0; b < mine.size(); ++b)
                if (mine[b] == wanted) {
                    best = static_cast<std::uint8_t>(b);
                    if (raise) break;  // the mildest of a grade when it gets worse
                }
            return *graded.band_level(question.method, best);
        };
        for (const bool raise : {false, true}) {
            std::vector<int> wanted;
            for (const int one : mine)
                if (raise ? one > now : one < now) wanted.push_back(one);
            std::sort(wanted.begin(), wanted.end());
            wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
            if (!raise) std::reverse(wanted.begin(), wanted.end());
            for (std::size_t by = 0; by < wanted.size(); ++by) {
                Aim aim;
                aim.raise = raise;
                aim.by = by + 1;
                aim.level = level_at(wanted[by], raise);
                if (!raise && wanted[by] < ruled) {
                    aim.state = AimState::kept;
                } else if (question.band == 255) {
                    aim.state = AimState::open;  // a rule alone graded it: inputs are missing
                } else {
                    search.run(question.base, aim, wanted[by]);
                    for (Way& way : aim.ways)
                        if (way.level.rank != 255)
                            way.level = *graded.band_level(
                                question.method, static_cast<std::uint8_t>(way.level.rank));
                }
                question.answer->push_back(std::move(aim));
            }
        }
    });
    return out;
}

Table Counterfactuals::to_table(Lang lang) const {
    AnswerTable out("counterfactuals");
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::size_t row = rows_[i];
        const auto begin = [&](const Aim* aim, const Way* way, std::size_t number) {
            const std::int16_t m = graded_->method_of(row);
            const auto level = graded_->level(row);
            const std::uint8_t grade = graded_->grade()[row];
            out.integer("row", static_cast<std::int64_t>(row));
            out.text("id", graded_->id().print(row));
            out.text("method", m < 0 ? "" : graded_->methods()[static_cast<std::size_t>(m)]->id());
            out.text("level", level ? level->label : "");
            out.text("grade", grade == 0 ? "" : to_string(static_cast<Grade>(grade)));
            out.text("direction", aim == nullptr ? "" : aim->raise ? "raise" : "lower");
            out.integer("by", aim == nullptr ? -1 : static_cast<std::int64_t>(aim->by));
            out.text("status", aim != nullptr                              ? to_string(aim->state)
                               : graded_->state()[row] == RowState::graded ? "no_levels"
                                                                           : "not_graded");
            out.integer("way", way == nullptr ? -1 : static_cast<std::int64_t>(number));
            out.integer("changed",
                        way == nullptr ? -1 : static_cast<std::int64_t>(way->changes.size()));
            const bool exact = way != nullptr && aim->state == AimState::found;
            out.integer("steps", exact ? static_cast<std::int64_t>(way->steps) : -1);
            std::string said;
            if (way != nullptr)
                for (const Change& change : way->changes) {
                    const std::string& id =
                        graded_->methods()[static_cast<std::size_t>(m)]->inputs()[change.input].id;
                    said += (said.empty()       ? ""
                             : lang == Lang::zh ? "；"
                                                : "; ") +
                            id + " " + change.from_words.in(lang) + "→" +
                            (change.to.empty() ? "?" : side_words(change, lang));
                }
            out.text("changes", said);
            const Level* to = exact ? &way->level : aim != nullptr ? &aim->level : nullptr;
            out.text("to_level", to == nullptr ? "" : to->label);
            out.text("to_grade", to == nullptr || !to->grade ? "" : to_string(*to->grade));
            out.number("score", exact ? way->score : nan_value);
            out.end_row();
        };
        if (aims(i).empty()) begin(nullptr, nullptr, 0);
        for (const Aim& aim : aims(i)) {
            if (aim.ways.empty()) begin(&aim, nullptr, 0);
            for (std::size_t w = 0; w < aim.ways.size(); ++w)
                begin(&aim, &aim.ways[w], w + 1);
        }
    }
    return std::move(out).table({"row", "id", "method", "level", "grade", "direction", "by",
                                 "status", "way", "changed", "steps", "changes", "to_level",
                                 "to_grade", "score"});
}

Table Counterfactuals::changes(Lang lang) const {
    AnswerTable out("changes");
    for (std::size_t i = 0; i < rows_.size(); ++i)
        for (const Aim& aim : aims(i))
            for (std::size_t w = 0; w < aim.ways.size(); ++w)
                for (const Change& change : aim.ways[w].changes) {
                    const auto m = static_cast<std::size_t>(graded_->method_of(rows_[i]));
                    const MethodInput& input = graded_->methods()[m]->inputs()[change.input];
                    out.integer("row", static_cast<std::int64_t>(rows_[i]));
                    out.text("id", graded_->id().print(rows_[i]));
                    out.text("direction", aim.raise ? "raise" : "lower");
                    out.integer("by", static_cast<std::int64_t>(aim.by));
                    out.integer("way", static_cast<std::int64_t>(w) + 1);
                    out.text("input", input.id);
                    out.text("name", input.name.in(lang));
                    out.text("from", change.from);
                    out.text("side", change.side);
                    out.text("to", change.to);
                    out.integer("steps",
                                change.to.empty() ? -1 : static_cast<std::int64_t>(change.steps));
                    out.end_row();
                }
    return std::move(out).table(
        {"row", "id", "direction", "by", "way", "input", "name", "from", "side", "to", "steps"});
}

std::string Counterfactuals::text(std::size_t i, Lang lang) const {
    constexpr std::size_t shown = 5;
    const bool zh = lang == Lang::zh;
    const std::size_t row = rows_.at(i);
    const std::string id = graded_->id().print(row);
    std::string out = zh ? id + "：" : id + ": ";
    const auto level = graded_->level(row);
    if (aims(i).empty()) {
        if (graded_->state()[row] != RowState::graded)
            return out + (zh ? "未评定，没有可比较的等级。" : "has no grade to compare with.");
        return out +
               (zh ? "方法只给出数值，没有等级。" : "the method gives a number without levels.");
    }
    const std::uint8_t grade = graded_->grade()[row];
    if (const DirectRule* const rule = graded_->direct_rule(row); rule != nullptr)
        out += (zh ? "按直接判定规则为" : "by a direct rule it is ") +
               grade_words(static_cast<Grade>(grade), lang) + (zh ? "（" : " (") +
               rule->text.in(lang) + (zh ? "）。" : ").");
    else
        out += (zh ? "现为" : "now ") + level_words(*level, lang) + (zh ? "。" : ".");
    const std::vector<MethodInput>& inputs =
        graded_->methods()[static_cast<std::size_t>(graded_->method_of(row))]->inputs();
    for (const Aim& aim : aims(i)) {
        const std::string to = level_words(aim.level, lang);
        out += "\n";
        if (zh)
            out += (aim.raise ? "升为" : "降为") + to +
                   (aim.by > 1 ? "（" + std::to_string(aim.by) + " 级）" : "") + "：";
        else
            out += (aim.raise ? "Raised to " : "Lowered to ") + to +
                   (aim.by > 1 ? " (by " + std::to_string(aim.by) + ")" : "") + ": ";
        switch (aim.state) {
            case AimState::found:
                break;
            case AimState::unreachable:
                out += zh ? "可变动的输入怎样改也达不到。"
                          : "no change of the inputs that may change gets there.";
                continue;
            case AimState::several_numbers:
                out += zh ? "须有几个数值同时变动，没有唯一的最小值："
                          : "several numbers must move together, without one smallest set: ";
                break;
            case AimState::open:
                out +=
                    zh ? "在限定的试算次数内没有定论。" : "not settled within the trials allowed.";
                continue;
            case AimState::kept:
                out += zh ? "直接判定规则成立时不会降低，须先消除其情形。"
                          : "the direct rule keeps the grade; its condition has to go first.";
                continue;
        }
        for (std::size_t w = 0; w < aim.ways.size() && w < shown; ++w) {
            if (w > 0) out += zh ? "；或 " : "; or ";
            const Way& way = aim.ways[w];
            for (std::size_t c = 0; c < way.changes.size(); ++c) {
                const Change& change = way.changes[c];
                const MethodInput& input = inputs[change.input];
                if (c > 0) out += zh ? "，同时 " : " and ";
                // Symbols stand before names; an id that nobody prints is left out.
                if (is_symbol(input.id) && input.name.in(lang) != input.id) out += input.id + " ";
                out += input.name.in(lang);
                if (change.to.empty()) continue;
                out += (zh ? " 由 " : " from ") + change.from_words.in(lang) +
                       (zh ? " 改为" : " to ") + (zh && change.side == "=" ? " " : "") +
                       side_words(change, lang);
                if (!input.unit.empty()) out += " " + input.unit;
            }
            if (!std::isnan(way.score) && aim.state == AimState::found)
                out += (zh ? "（分值 " : " (score ") + print_number(way.score) + (zh ? "）" : ")");
            // The smallest change may go further than asked.
            if (way.level.label != aim.level.label && aim.state == AimState::found)
                out += (zh ? "，成为" : ", which makes it ") + level_words(way.level, lang);
        }
        if (aim.ways.size() > shown)
            out += zh ? "；共 " + std::to_string(aim.ways.size()) + " 种"
                      : "; " + std::to_string(aim.ways.size()) + " ways in all";
        out += zh ? "。" : ".";
    }
    if (!fixed_.empty()) {
        std::string ids;
        for (const std::string& one : fixed_)
            ids += (ids.empty() ? "" : zh ? "、" : ", ") + one;
        out += zh ? "\n视为不能改变的输入：" + ids + "。" : "\nInputs held fixed: " + ids + ".";
    }
    return out;
}

}  // namespace safetyrisk::scoring
