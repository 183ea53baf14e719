#include "chain_words.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>

namespace safetyrisk::scoring {
namespace {

// A name without its explanation in brackets, so that a line of arithmetic stays readable.
std::string brief(const std::string& name, std::string_view bracket) {
    const std::size_t at = name.find(bracket);
    return at == std::string::npos || at == 0 ? name : name.substr(0, at);
}

// What a reader calls a value: its symbol (L, Q, R1) where it is one, else its name.
Words called(const Slot& slot) {
    if (is_symbol(slot.id)) return {slot.id, slot.id};
    return {brief(slot.name.zh, "（"), brief(slot.name.en, " (")};
}

// Words of one step, from the values in row 0.
class StepWords {
public:
    StepWords(const Chain& chain, const std::vector<Lane>& lanes, const Operation& operation)
        : chain_(chain), lanes_(lanes), op_(operation) {}

    void tell(ExplainedStep& out) {
        out_ = &out;
        switch (op_.action) {
            case Action::scale:
                return scale();
            case Action::product:
                return list(" × ", op_.terms.size());
            case Action::largest:
                return extreme("取最大：", "largest of ");
            case Action::smallest:
                return extreme("取最小：", "smallest of ");
            case Action::sum:
                return sum();
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
    bool known(std::uint32_t s) const { return lanes_[s].states.front() == CellState::known; }
    std::string value(std::uint32_t s) const {
        const Slot& slot = chain_.slots[s];
        return known(s) ? value_text(slot, lanes_[s], 0) : std::string("?");
    }
    // "name = value" in both languages, choices and flags by their names.
    Words said(std::uint32_t s) const {
        const Slot& slot = chain_.slots[s];
        Words text{value(s), value(s)};
        if (!known(s)) text = unknown(s);
        if (known(s) && slot.flag)
            text = lanes_[s].units.front() != 0 ? Words{"是", "yes"} : Words{"否", "no"};
        if (known(s) && !slot.label_names.empty())
            text = slot.label_names[static_cast<std::size_t>(lanes_[s].units.front())];
        const Words name = called(slot);
        return {name.zh + " = " + text.zh, name.en + " = " + text.en};
    }
    // Why a value is not there: a step that could not be worked out, a cell that says what the
    // method does not have, or nothing filled in.
    Words unknown(std::uint32_t s) const {
        if (s >= chain_.inputs) return {"无法确定", "undetermined"};
        if (lanes_[s].states.front() == CellState::bad) return {"取值无效", "not valid"};
        return {"未填写", "missing"};
    }
    void add(const std::string& zh, const std::string& en) {
        out_->how.zh += zh;
        out_->how.en += en;
    }
    void add_said(std::uint32_t s) { add(said(s).zh, said(s).en); }

    void applied(std::int32_t place, const std::vector<std::string>& texts) {
        if (place < 0) return;
        const auto p = static_cast<std::size_t>(place);
        if (p < texts.size()) out_->applied = texts[p];
        if (p < op_.meanings.size()) out_->meaning = op_.meanings[p];
    }

    void scale() {
        const std::uint32_t s = op_.terms.front().slot;
        add_said(s);
        if (!known(s)) return;
        applied(row_of_value(chain_.slots[s], lanes_[s], 0, op_.rows, op_.row_of), op_.row_texts);
        if (chain_.slots[s].type != ValueType::label && !chain_.slots[s].flag)
            add("，属 " + out_->applied, ", in " + out_->applied);
    }

    void list(const std::string& between, std::size_t count, std::size_t from = 0) {
        Words names;
        std::string values;
        for (std::size_t k = from; k < from + count; ++k) {
            const std::uint32_t s = op_.terms[k].slot;
            const Words name = called(chain_.slots[s]);
            names.zh += (k == from ? "" : between) + name.zh;
            names.en += (k == from ? "" : between) + name.en;
            values += (k == from ? "" : between) + value(s);
        }
        add(names.zh + " = " + values, names.en + " = " + values);
    }

    void extreme(const std::string& zh, const std::string& en) {
        add(zh, en);
        bool any = false;
        for (const Term& term : op_.terms) {
            if (!known(term.slot)) continue;
            if (any) add("，", ", ");
            add_said(term.slot);
            any = true;
        }
        if (!any) add("均未填写", "none is filled in");
        if (known(op_.out)) not_needed();
    }

    // Where the rest could not change what is known already, that is said of what is missing.
    void not_needed() {
        std::size_t open = 0;
        bool missing = false;
        for (const Term& term : op_.terms) {
            open += known(term.slot) ? 0U : 1U;
            missing = missing || lanes_[term.slot].states.front() == CellState::lacking;
        }
        const bool enough =
            op_.action != Action::count && op_.terms.size() - open >= op_.at_least_filled;
        if (open == 0 || (enough && !missing)) return;
        add("；其余未填写，不影响结果", "; the rest is missing and could not change this");
    }

    void sum() {
        Words names;
        std::string values;
        for (const Term& term : op_.terms) {
            const std::string weight =
                term.weight == 1.0 ? std::string() : print_number(term.weight) + "×";
            const std::string plus = values.empty() ? "" : " + ";
            const Words name = called(chain_.slots[term.slot]);
            names.zh += plus + weight + name.zh;
            names.en += plus + weight + name.en;
            values += plus + weight + value(term.slot);
        }
        if (op_.divide_by != 1.0) {
            const std::string by = " ÷ " + print_number(op_.divide_by);
            names = {"(" + names.zh + ")" + by, "(" + names.en + ")" + by};
            values = "(" + values + ")" + by;
        }
        add(names.zh + " = " + values, names.en + " = " + values);
        if (op_.rounding == Rounding::up) add("，向上取整", ", rounded up");
        if (op_.rounding == Rounding::down) add("，向下取整", ", rounded down");
        if (op_.rounding == Rounding::half_up) add("，四舍五入取整", ", rounded half up");
        if (op_.has_at_least)
            add("，不小于 " + print_number(op_.real_at_least),
                ", at least " + print_number(op_.real_at_least));
        if (op_.has_at_most)
            add("，不大于 " + print_number(op_.real_at_most),
                ", at most " + print_number(op_.real_at_most));
    }

    void table() {
        const std::uint32_t down = op_.terms[0].slot;
        const std::uint32_t across = op_.terms[1].slot;
        add_said(down);
        add("，", ", ");
        add_said(across);
        if (!known(down) || !known(across)) return;
        const std::int32_t row =
            row_of_value(chain_.slots[down], lanes_[down], 0, op_.rows, op_.row_of);
        const std::int32_t column =
            row_of_value(chain_.slots[across], lanes_[across], 0, op_.columns, op_.column_of);
        if (row < 0 || column < 0) return;
        out_->applied = op_.row_texts[static_cast<std::size_t>(row)] + " × " +
                        op_.column_texts[static_cast<std::size_t>(column)];
    }

    std::string points(Int128 units, bool sign) const {
        const double number = nearest_quotient(units, chain_.slots[op_.out].unit);
        return (sign && units > 0 ? "+" : "") + print_number(number);
    }

    void items(const std::vector<ChainItem>& list) {
        for (const ChainItem& item : list) {
            const CellState state = lanes_[item.slot].states.front();
            Int128 given = 0;
            if (state == CellState::known)
                given =
                    item.by_label.empty()
                        ? lanes_[item.slot].units.front() * item.points
                        : item.by_label[static_cast<std::size_t>(lanes_[item.slot].units.front())];
            else if (state == CellState::empty && item.has_if_empty)
                given = item.if_empty;
            if (given == 0) continue;
            const Words what = said(item.slot);
            const Words name = called(chain_.slots[item.slot]);
            const std::string& clause = item.clause;
            // An item that is called as its input is not named twice.
            add("，" + points(given, true) + "（" +
                    (item.name.zh == name.zh ? "" : item.name.zh + "，") + what.zh +
                    (clause.empty() ? "" : "，" + clause) + "）",
                ", " + points(given, true) + " (" +
                    (item.name.en == name.en ? "" : item.name.en + ", ") + what.en +
                    (clause.empty() ? "" : ", " + clause) + ")");
            out_->applied += (out_->applied.empty() ? "" : ";") + item.id;
        }
    }

    void checklist() {
        const std::string start = points(op_.start, false);
        add("起算 " + start, "from " + start);
        items(op_.items);
        if (op_.has_at_least)
            add("，不低于 " + points(op_.at_least, false),
                ", not below " + points(op_.at_least, false));
        if (op_.has_at_most)
            add("，不高于 " + points(op_.at_most, false),
                ", not above " + points(op_.at_most, false));
        items(op_.bonuses);
    }

    void count() {
        Words held;
        for (const Term& term : op_.terms) {
            if (!known(term.slot) || lanes_[term.slot].units.front() == 0) continue;
            const Slot& slot = chain_.slots[term.slot];
            out_->applied += (out_->applied.empty() ? "" : ";") + slot.id;
            held.zh += (held.zh.empty() ? "" : "；") + slot.name.zh;
            held.en += (held.en.empty() ? "" : "; ") + slot.name.en;
        }
        if (held.zh.empty())
            add("没有一项成立", "none holds");
        else
            add("成立的有：" + held.zh, "what holds: " + held.en);
        if (known(op_.out)) not_needed();
    }

    void first() {
        for (std::size_t r = 0; r < op_.rules.size(); ++r) {
            const Truth truth = rule_holds(chain_, lanes_, op_.rules[r], 0);
            if (truth == Truth::unknown) {
                add("无法判断：" + op_.conditions[r].zh,
                    "cannot be decided: " + op_.conditions[r].en);
                return;
            }
            if (truth != Truth::yes) continue;
            out_->applied = std::to_string(r + 1);
            if (r < op_.meanings.size()) out_->meaning = op_.meanings[r];
            add("第 " + out_->applied + " 条：" + op_.conditions[r].zh,
                "rule " + out_->applied + ": " + op_.conditions[r].en);
            return;
        }
        if (op_.otherwise < 0) {
            add("没有一条成立", "no rule holds");
            if (std::all_of(op_.reads.begin(), op_.reads.end(),
                            [&](std::uint32_t s) { return known(s); }))
                add("，方法没有规定这种情形", "; the method does not provide for this");
            return;
        }
        out_->applied = "else";
        out_->meaning = op_.meanings[static_cast<std::size_t>(op_.otherwise)];
        add("各条均不成立", "no rule holds");
    }

    void ratio() {
        add("(", "(");
        list(" × ", op_.over);
        add(") ÷ (", ") ÷ (");
        list(" × ", op_.terms.size() - op_.over, op_.over);
        add(")", ")");
        if (op_.times != 1.0) add(" × " + print_number(op_.times), " × " + print_number(op_.times));
    }

    const Chain& chain_;
    const std::vector<Lane>& lanes_;
    const Operation& op_;
    ExplainedStep* out_ = nullptr;
};

}  // namespace

std::string MethodInput::called(Lang lang) const {
    const std::string& words = name.in(lang);
    // "危险物质数量与临界量比值 Q" has its symbol already.
    const bool said = words == id || words.ends_with(" " + id);
    return is_symbol(id) && !said ? id + " " + words : words;
}

std::string value_text(const Slot& slot, const Lane& lane, std::size_t i) {
    if (lane.states[i] != CellState::known) return {};
    if (slot.type == ValueType::label) return slot.labels[static_cast<std::size_t>(lane.units[i])];
    return print_number(value_of(slot, lane, i));
}

void explain_chain(const Method& method, const ChainRun::Space& space, Explanation& out) {
    const Chain& chain = *method.chain();
    for (std::size_t k = 0; k < chain.inputs; ++k) {
        const MethodInput& input = method.inputs()[k];
        const Slot& slot = chain.slots[k];
        const Lane& lane = space.lanes[k];
        ExplainedFactor one;
        one.id = input.id;
        one.name = input.name;
        one.unit = input.unit;
        one.needed = input.needed;
        one.confidence = input.confidence;
        one.source = input.source;
        if (lane.states.front() == CellState::known) {
            one.value = value_text(slot, lane, 0);
            if (input.kind == InputKind::flag) {
                const bool yes = lane.units.front() != 0;
                one.value = yes ? "true" : "false";
                one.meaning = yes ? Words{"是", "yes"} : Words{"否", "no"};
            }
            if (input.kind == InputKind::choice)
                one.meaning = slot.label_names[static_cast<std::size_t>(lane.units.front())];
            if (input.kind == InputKind::steps) {
                const double value = value_of(slot, lane, 0);
                for (const Step& step : input.steps)
                    if (step.value == value) one.meaning = step.meaning;
            }
        }
        out.factors.push_back(std::move(one));
    }
    for (std::size_t k = 0; k < chain.operations.size(); ++k) {
        const MethodStep& step = method.steps()[k];
        const Operation& operation = chain.operations[k];
        ExplainedStep one;
        one.id = step.id;
        one.name = step.name;
        one.operation = step.operation;
        one.value = value_text(chain.slots[operation.out], space.lanes[operation.out], 0);
        one.confidence = step.confidence;
        one.source = step.source;
        StepWords(chain, space.lanes, operation).tell(one);
        out.steps.push_back(std::move(one));
    }
}

}  // namespace safetyrisk::scoring
