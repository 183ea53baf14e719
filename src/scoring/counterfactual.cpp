#include <safetyrisk/scoring/counterfactual.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "change_search.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

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
    if (change.near && change.side == "<") return zh ? "刚小于 " + to : "just below " + to;
    if (change.near && change.side == ">") return zh ? "刚大于 " + to : "just above " + to;
    if (change.side == "<") return zh ? "小于 " + to : "below " + to;
    if (change.side == "<=") return zh ? "不大于 " + to : "at most " + to;
    if (change.side == ">") return zh ? "大于 " + to : "above " + to;
    if (change.side == ">=") return zh ? "不小于 " + to : "at least " + to;
    return to;
}

// "两级", "三级", … as Chinese counts levels.
std::string levels_zh(std::size_t by) {
    constexpr std::string_view digits[] = {"两", "三", "四", "五", "六", "七", "八", "九"};
    const std::size_t d = by - 2;
    return (d < std::size(digits) ? std::string(digits[d]) : std::to_string(by) + " ") + "级";
}

// How far the search for an open aim came.
std::string open_words(const Aim& aim, Lang lang) {
    const std::string trials = std::to_string(aim.trials);
    const std::string settled = std::to_string(aim.settled);
    if (aim.trials == 0)
        return lang == Lang::zh ? "只由直接判定规则定级，输入不全，没有定论。"
                                : "a rule alone graded it, inputs are missing: not settled.";
    if (lang == Lang::zh)
        return "试算 " + trials + " 次后没有定论" +
               (aim.settled > 0 ? "，只改不超过 " + settled + " 项输入的都达不到" : "") + "。";
    return "not settled within " + trials + " trials" +
           (aim.settled > 0 ? "; no change of " + settled + " inputs or fewer gets there" : "") +
           ".";
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
        ChangeSearch search(*judges[question.method], mine, fixed[question.method],
                            options.most_trials);
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
            const bool exact = way != nullptr && aim->state != AimState::several_numbers;
            out.integer("steps", exact ? static_cast<std::int64_t>(way->steps) : -1);
            std::string said;
            if (way != nullptr)
                for (const Change& change : way->changes) {
                    const MethodInput& input =
                        graded_->methods()[static_cast<std::size_t>(m)]->inputs()[change.input];
                    said += (said.empty()       ? ""
                             : lang == Lang::zh ? "；"
                                                : "; ") +
                            input.called(lang) + " " + change.from_words.in(lang) + "→" +
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

namespace {

// Names of the needed inputs of a chain that a graded row leaves empty, since they decide nothing.
std::string blanks(const Graded& graded, std::size_t row, Lang lang) {
    const Method& method = *graded.methods()[static_cast<std::size_t>(graded.method_of(row))];
    std::string out;
    if (method.form() != Form::chain) return out;
    for (const MethodInput& input : method.inputs()) {
        const Column* const column = graded.input().find(input.id);
        if (!input.needed || (column != nullptr && !column->is_missing(row))) continue;
        out += (out.empty() ? "" : lang == Lang::zh ? "、" : ", ") + input.called(lang);
    }
    return out;
}

}  // namespace

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
        std::string to = level_words(aim.level, lang);
        // No smallest change may stop at the level asked for.
        const bool beyond = aim.state == AimState::found &&
                            std::none_of(aim.ways.begin(), aim.ways.end(), [&](const Way& one) {
                                return one.level.label == aim.level.label;
                            });
        if (beyond && zh) to += aim.raise ? "或更重" : "或更轻";
        if (beyond && !zh) to += aim.raise ? " or graver" : " or milder";
        out += "\n";
        if (zh)
            out += (aim.raise ? "升" : "降") + (aim.by > 1 ? levels_zh(aim.by) : "") + "为" + to +
                   "：";
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
                out += open_words(aim, lang);
                if (aim.ways.empty()) continue;
                out += zh ? "目前找到、但不一定最小的：" : " Found so far, perhaps not smallest: ";
                break;
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
                out += input.called(lang);
                if (change.to.empty()) continue;
                out += (zh ? " 由 " : " from ") + change.from_words.in(lang) +
                       (zh ? " 改为" : " to ") + (zh && change.side == "=" ? " " : "") +
                       side_words(change, lang);
                if (!input.unit.empty()) out += " " + input.unit;
            }
            if (!std::isnan(way.score) && aim.state != AimState::several_numbers)
                out += (zh ? "（分值 " : " (score ") + print_number(way.score) + (zh ? "）" : ")");
            // The smallest change may go further than asked.
            if (level_words(way.level, lang) != level_words(aim.level, lang) &&
                aim.state != AimState::several_numbers)
                out += (zh ? "，成为" : ", which makes it ") + level_words(way.level, lang);
        }
        if (aim.ways.size() > shown)
            out += zh ? "；共 " + std::to_string(aim.ways.size()) + " 种"
                      : "; " + std::to_string(aim.ways.size()) + " ways in all";
        out += zh ? "。" : ".";
    }
    std::string held;
    for (const MethodInput& input : inputs)
        if (std::find(fixed_.begin(), fixed_.end(), input.id) != fixed_.end())
            held += (held.empty() ? "" : zh ? "、" : ", ") + input.called(lang);
    if (!held.empty())
        out += zh ? "\n视为不能改变的输入：" + held + "。" : "\nInputs held fixed: " + held + ".";
    const std::string open = blanks(*graded_, row, lang);
    if (!open.empty())
        out += zh ? "\n未填写、因此没有变动的输入：" + open + "。"
                  : "\nInputs that are missing, and so not changed: " + open + ".";
    return out;
}

}  // namespace safetyrisk::scoring
