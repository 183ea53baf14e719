// Reading a chain: what each key means, and everything that must hold before there is a row.
#include "chain.hpp"

#include <safetyrisk/core/text.hpp>

#include "chain_cells.hpp"
#include "core/json_view.hpp"
#include "rounding.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <set>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_inputs = 512;
constexpr std::size_t most_steps = 512;
constexpr std::size_t most_rows = 1000;
constexpr std::size_t most_cells = 10'000;
constexpr std::size_t most_listed = 4096;  // values that are listed one by one
constexpr int most_decimals = 9;           // of a constant that is counted with
constexpr std::size_t most_chain_bands = 100;

std::string quoted(const std::string& text) {
    return "“" + text + "”";
}

// 10^exponent, exponent at most 36.
Int128 power(int exponent) {
    Int128 out = 1;
    while (exponent-- > 0)
        out *= 10;
    return out;
}

void check_size(double size, const JsonView& place) {
    if (!(std::fabs(size) < exact_limit))
        place.fail("numbers become too large to be exact; give the inputs a narrower range",
                   "数值过大，无法精确计算；请给输入写明较窄的范围");
}

Int128 times(Int128 a, Int128 b, const JsonView& place) {
    check_size(as_double(a) * as_double(b), place);
    return a * b;
}

Int128 common_multiple(Int128 a, Int128 b, const JsonView& place) {
    Int128 x = a;
    Int128 y = b;
    while (y != 0) {
        const Int128 rest = x % y;
        x = y;
        y = rest;
    }
    return times(a / x, b, place);
}

// The decimal that a double is written as.
Constant constant(double value, const JsonView& place) {
    if (!std::isfinite(value)) place.fail("must be a finite number", "应为有限的数字");
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                   std::chars_format::scientific)
                         .ptr;
    Constant out;
    out.value = value;
    int decimals = 0;
    const char* at = buffer.data();
    bool after_point = false;
    for (; at != end && *at != 'e'; ++at) {
        if (*at == '.') {
            after_point = true;
            continue;
        }
        out.top = out.top * 10 + (*at - '0');
        decimals += after_point ? 1 : 0;
    }
    int exponent = 0;
    if (at != end) {
        ++at;
        if (*at == '+') ++at;
        std::from_chars(at, end, exponent);
    }
    exponent -= decimals;
    if (out.top == 0) exponent = 0;
    if (exponent < -most_decimals || exponent > 18)
        place.fail("has more than 9 decimals, or is too large", "小数多于 9 位，或数值过大");
    if (exponent >= 0)
        out.top *= power(exponent);
    else
        out.bottom = power(-exponent);
    if (value < 0) out.top = -out.top;
    return out;
}

Constant constant(const JsonView& place) {
    return constant(place.number(), place);
}

std::string condition_text(const std::string& name, const std::string& op,
                           const std::string& value) {
    static constexpr std::pair<std::string_view, std::string_view> signs[] = {
        {"!=", "≠"}, {"<=", "≤"}, {">=", "≥"}, {"in", "∈"}};
    std::string sign = op;
    for (const auto& [plain, printed] : signs)
        if (op == plain) sign = printed;
    return name + " " + sign + " " + value;
}

std::string source_text(const JsonView& view) {
    if (!view.has("source")) return {};
    const JsonView source = view.at("source");
    if (!source.is_object()) return source.text();
    source.only({"document", "clause", "edition"});
    return Source{source.at("document").text(), source.text_or_empty("clause"),
                  source.text_or_empty("edition")}
        .text();
}

std::string confidence_text(const JsonView& view) {
    const std::string flag = view.text_or_empty("confidence");
    if (!flag.empty() && flag != "V2" && flag != "V1" && flag != "M" && flag != "D")
        view.at("confidence").fail("must be V2, V1, M or D", "应为 V2、V1、M 或 D");
    return flag;
}

Words words_of_row(const JsonView& view) {
    return {view.text_or_empty("zh"), view.text_or_empty("en")};
}

// Text or {"zh", "en"}.
std::string unit_text(const JsonView& view) {
    if (!view.has("unit")) return {};
    const JsonView unit = view.at("unit");
    return unit.is_object() ? read_words(unit).zh : unit.text();
}

bool truth_of(const JsonView& value, bool& truth) {
    if (value.node().is_boolean()) {
        truth = value.boolean();
        return true;
    }
    return false;
}

class ChainReader {
public:
    explicit ChainReader(const JsonView& content) : content_(content) {}

    ReadChain read() && {
        const std::vector<JsonView> inputs = content_.at("inputs").items();
        if (inputs.empty() || inputs.size() > most_inputs)
            content_.at("inputs").fail("a method has 1 to 512 inputs", "输入应为 1 至 512 个");
        for (const JsonView& view : inputs)
            read_input(view);
        chain_.inputs = chain_.slots.size();
        const std::vector<JsonView> steps = content_.at("steps").items();
        if (steps.size() > most_steps)
            content_.at("steps").fail("a method has at most 512 steps", "步骤最多 512 个");
        for (const JsonView& view : steps)
            read_step(view);
        chain_.result = slot(content_.at("result"));
        read_score();
        read_bands();
        if (content_.has("vetoes"))
            for (const JsonView& view : content_.at("vetoes").items())
                read_veto(view);
        for (std::size_t s = 0; s < chain_.slots.size(); ++s) {
            if (chain_.slots[s].used) continue;
            const bool input = s < chain_.inputs;
            (input ? inputs[s] : steps[s - chain_.inputs])
                .fail(input ? "no step or veto uses this input" : "nothing uses this step",
                      input ? "没有任何步骤或否决项用到这个输入" : "没有任何地方用到这个步骤");
        }
        mark_always_asked();
        out_.chain = std::move(chain_);
        return std::move(out_);
    }

private:
    // Steps that look at all they take hand on themselves that something is missing; rules and
    // vetoes that stop at the first do not, nor does a score beside the result.
    void mark_always_asked() {
        const auto ask = [&](std::uint32_t s) { chain_.slots[s].always_asked = true; };
        for (const ChainVeto& veto : chain_.vetoes)
            for (const ChainCondition& condition : veto.when) {
                ask(condition.slot);
                if (condition.other >= 0) ask(static_cast<std::uint32_t>(condition.other));
            }
        if (chain_.score >= 0 && static_cast<std::uint32_t>(chain_.score) != chain_.result)
            ask(static_cast<std::uint32_t>(chain_.score));
        for (auto op = chain_.operations.rbegin(); op != chain_.operations.rend(); ++op)
            if (op->action == Action::first || chain_.slots[op->out].always_asked)
                std::for_each(op->reads.begin(), op->reads.end(), ask);
    }

    // ---------------------------------------------------------------- names

    std::int32_t find(const std::string& id) const {
        for (std::size_t s = 0; s < chain_.slots.size(); ++s)
            if (chain_.slots[s].id == id) return static_cast<std::int32_t>(s);
        return -1;
    }

    std::uint32_t slot(const JsonView& view) {
        const std::string id = view.text();
        const std::int32_t found = find(id);
        if (found < 0)
            view.fail("there is no input or earlier step '" + id + "'",
                      "没有名为" + quoted(id) + "的输入或在前的步骤");
        chain_.slots[static_cast<std::size_t>(found)].used = true;
        return static_cast<std::uint32_t>(found);
    }

    Slot& at(std::uint32_t s) { return chain_.slots[s]; }

    void check_new(const JsonView& view) const {
        const std::string id = view.text();
        if (find(id) >= 0)
            view.fail("another input or step has this id", "编号" + quoted(id) + "已被使用");
    }

    // ---------------------------------------------------------------- inputs

    void read_input(const JsonView& view) {
        MethodInput input;
        Slot slot;
        view.only({"id", "name", "kind", "unit", "steps", "choices", "range", "decimals", "needed",
                   "confidence", "source"});
        check_new(view.at("id"));
        input.id = slot.id = view.at("id").text();
        if (input.id == "id" || input.id == "method")
            view.at("id").fail("this column has another meaning", "这个列名另有含义");
        input.name = slot.name = read_words(view.at("name"));
        const auto words_of = [](const MethodInput& one) {
            std::set<std::string> words{one.id, word_key(one.name.zh), word_key(one.name.en)};
            words.erase("");
            return words;
        };
        const std::set<std::string> own = words_of(input);
        for (const MethodInput& other : out_.inputs)
            for (const std::string& word : words_of(other))
                if (own.count(word) > 0)
                    view.at("name").fail("'" + word + "' means the input '" + other.id + "', too",
                                         quoted(word) + "也指输入" + quoted(other.id));
        input.unit = unit_text(view);
        input.needed = !view.has("needed") || view.at("needed").boolean();
        input.confidence = confidence_text(view);
        input.source = source_text(view);
        slot.optional = !input.needed;
        const std::string kind = view.at("kind").text();
        const auto without = [&](std::initializer_list<const char*> keys) {
            for (const char* key : keys)
                if (view.has(key))
                    view.at(key).fail("an input of kind '" + kind + "' has none",
                                      "类型为 " + kind + " 的输入没有这一项");
        };
        if (kind == "steps") {
            input.kind = InputKind::steps;
            without({"choices", "range", "decimals"});
            read_steps(view, input, slot);
        } else if (kind == "choice") {
            input.kind = InputKind::choice;
            without({"steps", "range", "decimals"});
            read_choices(view, input, slot);
        } else if (kind == "number" || kind == "count") {
            without({"steps", "choices"});
            input.kind = kind == "number" ? InputKind::number : InputKind::count;
            if (input.kind == InputKind::count) without({"decimals"});
            read_number(view, input, slot);
        } else if (kind == "flag") {
            input.kind = InputKind::flag;
            without({"steps", "choices", "range", "decimals"});
            slot.high = 1;
            slot.flag = true;
            list(slot, {0, 1});
        } else {
            view.at("kind").fail("must be steps, choice, number, count or flag",
                                 "应为 steps、choice、number、count 或 flag");
        }
        settle(slot);
        chain_.slots.push_back(std::move(slot));
        out_.inputs.push_back(std::move(input));
    }

    static void list(Slot& slot, std::vector<Int128> values) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        slot.listed = true;
        slot.low = values.front();
        slot.high = values.back();
        slot.set = std::move(values);
    }

    // Bounds of an exact slot as doubles; no value lies at "no end".
    static void settle(Slot& slot) {
        if (std::isinf(slot.real_low)) slot.low_closed = false;
        if (std::isinf(slot.real_high)) slot.high_closed = false;
        if (slot.type != ValueType::exact) return;
        slot.real_low = as_double(slot.low) / as_double(slot.unit);
        slot.real_high = as_double(slot.high) / as_double(slot.unit);
        slot.low_closed = slot.high_closed = true;
    }

    void read_steps(const JsonView& view, MethodInput& input, Slot& slot) {
        const std::vector<JsonView> items = view.at("steps").items();
        if (items.size() < 2 || items.size() > most_rows)
            view.at("steps").fail("an input has at least two steps", "取值至少有两个");
        std::vector<Constant> values;
        for (const JsonView& item : items) {
            item.only({"value", "zh", "en"});
            values.push_back(constant(item.at("value")));
            slot.unit = common_multiple(slot.unit, values.back().bottom, item.at("value"));
            for (const Step& other : input.steps)
                if (other.value == values.back().value)
                    item.at("value").fail("this step stands twice", "这个取值出现两次");
            input.steps.push_back(
                {values.back().value, {item.at("zh").text(), item.at("en").text()}});
        }
        std::vector<Int128> units;
        for (const Constant& value : values) {
            units.push_back(times(value.top, slot.unit / value.bottom, view.at("steps")));
            if (std::fabs(as_double(units.back())) > unit_limit)
                view.at("steps").fail("the largest step is too large", "取值过大");
        }
        list(slot, std::move(units));
    }

    // A word of a cell must mean one choice, so no two of them share a word.
    static void check_words(const JsonView& item, const Choice& choice,
                            const std::vector<Choice>& others) {
        const auto words_of = [](const Choice& one) {
            std::set<std::string> words;
            for (const std::string& word : {one.id, one.name.zh, one.name.en})
                words.insert(word_key(word));
            for (const std::string& word : one.also)
                words.insert(word_key(word));
            words.erase("");
            return words;
        };
        const std::set<std::string> own = words_of(choice);
        for (const Choice& other : others)
            for (const std::string& word : words_of(other))
                if (own.count(word) > 0)
                    item.fail("'" + word + "' means the choice '" + other.id + "', too",
                              quoted(word) + "也指选项" + quoted(other.id) + "，填写时无法分辨");
    }

    void read_choices(const JsonView& view, MethodInput& input, Slot& slot) {
        slot.type = ValueType::label;
        const std::vector<JsonView> items = view.at("choices").items();
        if (items.size() < 2 || items.size() > most_rows)
            view.at("choices").fail("an input has at least two choices", "选项至少有两个");
        for (const JsonView& item : items) {
            item.only({"id", "zh", "en", "also"});
            Choice choice{item.at("id").text(), {item.at("zh").text(), item.at("en").text()}, {}};
            if (std::find(slot.labels.begin(), slot.labels.end(), choice.id) != slot.labels.end())
                item.at("id").fail("this choice stands twice", "这个选项出现两次");
            if (item.has("also"))
                for (const JsonView& other : item.at("also").items())
                    choice.also.push_back(other.text());
            check_words(item, choice, input.choices);
            slot.labels.push_back(choice.id);
            slot.label_names.push_back(choice.name);
            input.choices.push_back(std::move(choice));
        }
    }

    void read_number(const JsonView& view, MethodInput& input, Slot& slot) {
        RangeEnds ends{0.0, infinite, true, false};
        if (input.kind == InputKind::number && !view.has("range"))
            view.fail("has no 'range'; write \"[0, inf)\"", "缺少“range”；如 \"[0, inf)\"");
        if (view.has("range")) {
            ends = read_range(view.at("range"));
            input.range = view.at("range").text();
        } else {
            input.range = "[0, inf)";
        }
        input.low = ends.low;
        input.high = ends.high;
        input.low_closed = ends.low_closed;
        input.high_closed = ends.high_closed;
        if (input.kind == InputKind::count) {
            input.decimals = 0;
            if (ends.low < 0) view.at("range").fail("a count is not negative", "个数不能为负");
        } else if (view.has("decimals")) {
            const double decimals = view.at("decimals").number();
            if (!(decimals >= 0 && decimals <= most_decimals) || decimals != std::floor(decimals))
                view.at("decimals")
                    .fail("must be a whole number from 0 to 9", "应为 0 至 9 的整数");
            input.decimals = static_cast<int>(decimals);
        }
        if (input.decimals < 0) {
            slot.type = ValueType::real;
            slot.real_low = ends.low;
            slot.real_high = ends.high;
            slot.low_closed = ends.low_closed;
            slot.high_closed = ends.high_closed;
            return;
        }
        slot.unit = power(input.decimals);
        const JsonView place = view.has("range") ? view.at("range") : view;
        const Gate gate = make_gate(ends, input.range, slot, place);
        const auto most = static_cast<Int128>(unit_limit);
        slot.low = std::max(gate.first, -most);
        slot.high = std::min(gate.last, most);
        if (slot.low > slot.high) place.fail("the range is empty", "范围是空的");
        if (slot.high - slot.low < static_cast<Int128>(most_listed)) {
            std::vector<Int128> all;
            for (Int128 x = slot.low; x <= slot.high; ++x)
                all.push_back(x);
            list(slot, std::move(all));
        }
    }

    // ---------------------------------------------------------------- ranges

    // A range as it looks at values of a slot.
    static Gate make_gate(const RangeEnds& ends, const std::string& text, const Slot& slot,
                          const JsonView& place) {
        Gate gate;
        gate.text = text;
        gate.low = ends.low;
        gate.high = ends.high;
        gate.low_closed = ends.low_closed;
        gate.high_closed = ends.high_closed;
        if (slot.type == ValueType::real) return gate;
        if (std::isfinite(ends.low)) gate.low_end = constant(ends.low, place);
        if (std::isfinite(ends.high)) gate.high_end = constant(ends.high, place);
        if (slot.type == ValueType::quotient) {
            for (const Constant& end : {gate.low_end, gate.high_end}) {
                check_size(as_double(slot.high) * as_double(end.bottom), place);
                check_size(as_double(slot.low) * as_double(end.bottom), place);
                check_size(as_double(slot.bottom_high) * as_double(end.top), place);
            }
            return gate;
        }
        if (std::isfinite(ends.low)) {
            const Int128 top = times(gate.low_end.top, slot.unit, place);
            gate.first = ends.low_closed ? ceil_div(top, gate.low_end.bottom)
                                         : floor_div(top, gate.low_end.bottom) + 1;
        }
        if (std::isfinite(ends.high)) {
            const Int128 top = times(gate.high_end.top, slot.unit, place);
            gate.last = ends.high_closed ? floor_div(top, gate.high_end.bottom)
                                         : ceil_div(top, gate.high_end.bottom) - 1;
        }
        return gate;
    }

    static std::string number_text(Int128 units, Int128 unit) {
        return print_number(as_double(units) / as_double(unit));
    }

    // Whether ranges cover all values of a slot, each once; what they are is said by `places`.
    static void check_tiling(const std::vector<Gate>& gates, const Slot& slot,
                             const std::vector<JsonView>& places, const JsonView& whole) {
        std::vector<std::size_t> order;
        for (std::size_t g = 0; g < gates.size(); ++g)
            order.push_back(g);
        const bool exact = slot.type == ValueType::exact;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (exact) return gates[a].first < gates[b].first;
            return gates[a].low < gates[b].low ||
                   (gates[a].low == gates[b].low && gates[a].high < gates[b].high);
        });
        const auto missing = [&](const std::string& text) {
            whole.fail("gap: " + text + " belongs to no row",
                       "有空隙：" + text + " 不属于任何一行");
        };
        for (const std::size_t g : order) {
            const bool never =
                exact ? (gates[g].first > slot.high || gates[g].last < slot.low ||
                         gates[g].first > gates[g].last)
                      : (gates[g].low > slot.real_high || gates[g].high < slot.real_low);
            if (never)
                places[g].fail("no value reaches " + gates[g].text,
                               "没有任何取值落入 " + gates[g].text);
        }
        for (std::size_t k = 0; k + 1 < order.size(); ++k) {
            const Gate& a = gates[order[k]];
            const Gate& b = gates[order[k + 1]];
            const bool overlap =
                exact ? b.first <= a.last
                      : (b.low < a.high || (b.low == a.high && a.high_closed && b.low_closed));
            if (overlap)
                places[order[k + 1]].fail("overlap: " + b.text + " and " + a.text,
                                          "范围重叠：" + b.text + " 与 " + a.text);
            if (exact && b.first != a.last + 1 && !slot.listed)
                missing(number_text(a.last + 1, slot.unit));
            if (!exact && (b.low > a.high || (!a.high_closed && !b.low_closed)))
                missing(print_number(a.high));
        }
        if (gates.empty()) whole.fail("has no rows", "没有任何一行");
        if (exact && slot.listed) {
            for (const Int128 value : slot.set)
                if (std::none_of(gates.begin(), gates.end(),
                                 [&](const Gate& gate) { return gate.holds(value); }))
                    missing(number_text(value, slot.unit));
            for (std::size_t g = 0; g < gates.size(); ++g)
                if (std::none_of(slot.set.begin(), slot.set.end(),
                                 [&](Int128 value) { return gates[g].holds(value); }))
                    places[g].fail("no value reaches " + gates[g].text,
                                   "没有任何取值落入 " + gates[g].text);
            return;
        }
        const Gate& first = gates[order.front()];
        const Gate& last = gates[order.back()];
        if (exact) {
            if (first.first > slot.low) missing(number_text(slot.low, slot.unit));
            if (last.last < slot.high) missing(number_text(slot.high, slot.unit));
            return;
        }
        if (first.low > slot.real_low ||
            (first.low == slot.real_low && slot.low_closed && !first.low_closed))
            missing(print_number(slot.real_low));
        if (last.high < slot.real_high ||
            (last.high == slot.real_high && slot.high_closed && !last.high_closed))
            missing(print_number(slot.real_high));
    }

    // ---------------------------------------------------------------- conditions

    ChainCondition read_condition(const JsonView& view, Words& text) {
        const std::vector<JsonView> parts = view.items();
        if (parts.size() != 3)
            view.fail("a condition is [name, operator, value]", "条件应写成 [名称, 运算符, 值]");
        ChainCondition out;
        out.slot = slot(parts[0]);
        const Slot& on = at(out.slot);
        const std::string op = parts[1].text();
        static constexpr std::string_view known[] = {"=", "!=", "<", "<=", ">", ">=", "in"};
        if (std::find(std::begin(known), std::end(known), op) == std::end(known))
            parts[1].fail("must be = != < <= > >= or in", "应为 = != < <= > >= 或 in");
        if (parts[2].is_object()) {
            read_other_side(parts, op, out, text);
            return out;
        }
        std::vector<JsonView> values{parts[2]};
        if (op == "in") values = parts[2].items();
        if (values.empty()) parts[2].fail("an empty list never holds", "空列表永远不成立");
        std::string zh;
        std::string en;
        for (const JsonView& value : values) {
            std::string said;
            std::string said_en;
            if (on.type == ValueType::label) {
                if (op != "=" && op != "!=" && op != "in")
                    parts[1].fail("labels are not greater or less", "文字不能比较大小");
                const auto it = std::find(on.labels.begin(), on.labels.end(), value.text());
                if (it == on.labels.end())
                    value.fail("'" + on.id + "' is never '" + value.text() + "'",
                               quoted(on.id) + "不会取" + quoted(value.text()));
                const auto code = static_cast<std::size_t>(it - on.labels.begin());
                out.labels.resize(on.labels.size(), 0);
                out.labels[code] = 1;
                said = said_en = *it;
                if (!on.label_names.empty()) {
                    said = on.label_names[code].zh;
                    said_en = on.label_names[code].en;
                }
            } else {
                double number = 0.0;
                bool truth = false;
                if (truth_of(value, truth)) {
                    if (!on.flag)
                        value.fail("'" + on.id + "' is no flag", quoted(on.id) + "不是“是/否”");
                    number = truth ? 1.0 : 0.0;
                    said = truth ? "是" : "否";
                    said_en = truth ? "yes" : "no";
                } else {
                    number = value.number();
                    said = said_en = print_number(number);
                }
                RangeEnds ends{-infinite, infinite, true, true};
                if (op == "=" || op == "!=" || op == "in") ends = {number, number, true, true};
                if (op == "<") ends = {-infinite, number, false, false};
                if (op == "<=") ends = {-infinite, number, false, true};
                if (op == ">") ends = {number, infinite, false, false};
                if (op == ">=") ends = {number, infinite, true, false};
                out.gates.push_back(make_gate(ends, "", on, value));
            }
            zh += (zh.empty() ? "" : "、") + said;
            en += (en.empty() ? "" : ", ") + said_en;
        }
        out.negated = op == "!=";
        text = {condition_text(on.name.zh, op, zh), condition_text(on.name.en, op, en)};
        return out;
    }

    // {"of": name} on the right of a comparison: another input or earlier step.
    void read_other_side(const std::vector<JsonView>& parts, const std::string& op,
                         ChainCondition& out, Words& text) {
        parts[2].only({"of"});
        out.other = static_cast<std::int32_t>(slot(parts[2].at("of")));
        const Slot& a = at(out.slot);
        const Slot& b = at(static_cast<std::uint32_t>(out.other));
        if (a.type == ValueType::label || b.type == ValueType::label)
            parts[2].fail("texts are compared with texts of the pack alone",
                          "文字只能与包中写明的文字比较");
        static constexpr std::pair<std::string_view, Comparator> signs[] = {
            {"=", Comparator::equal},    {"!=", Comparator::differs}, {"<", Comparator::less},
            {"<=", Comparator::at_most}, {">", Comparator::more},     {">=", Comparator::at_least}};
        const auto sign = std::find_if(std::begin(signs), std::end(signs),
                                       [&](const auto& one) { return one.first == op; });
        if (sign == std::end(signs))
            parts[1].fail("must be = != < <= > or >=", "应为 = != < <= > 或 >=");
        out.comparator = sign->second;
        if (a.type == ValueType::exact && b.type == ValueType::exact) {
            const Int128 unit = common_multiple(a.unit, b.unit, parts[2]);
            out.factor = unit / a.unit;
            out.other_factor = unit / b.unit;
            for (const Int128 bound : {a.low, a.high})
                times(bound, out.factor, parts[2]);
            for (const Int128 bound : {b.low, b.high})
                times(bound, out.other_factor, parts[2]);
        }
        text = {condition_text(a.name.zh, op, b.name.zh), condition_text(a.name.en, op, b.name.en)};
    }

    ChainRule read_when(const JsonView& view, Words& text) {
        ChainRule rule;
        text = {};
        for (const JsonView& item : view.items()) {
            Words one;
            rule.push_back(read_condition(item, one));
            text.zh += (text.zh.empty() ? "" : "，且 ") + one.zh;
            text.en += (text.en.empty() ? "" : " and ") + one.en;
        }
        if (rule.empty()) view.fail("has no condition", "没有条件");
        return rule;
    }

    // ---------------------------------------------------------------- results of rows

    // Numbers or labels that rows, rules or cells give.
    struct Results {
        std::vector<Constant> numbers;
        std::vector<std::string> labels;
        std::vector<std::size_t> codes;
        bool any_number = false, any_label = false;
    };

    static void add_result(Results& results, const JsonView& value) {
        if (value.node().is_string()) {
            results.any_label = true;
            const std::string label = value.text();
            const auto it = std::find(results.labels.begin(), results.labels.end(), label);
            results.codes.push_back(static_cast<std::size_t>(it - results.labels.begin()));
            if (it == results.labels.end()) results.labels.push_back(label);
            results.numbers.emplace_back();
        } else {
            results.any_number = true;
            results.numbers.push_back(constant(value));
            results.codes.push_back(0);
        }
        if (results.any_number && results.any_label)
            value.fail("numbers and texts are mixed", "数字和文字混用");
    }

    static void settle_results(const Results& results, Operation& operation, Slot& slot,
                               const JsonView& place) {
        if (results.any_label) {
            slot.type = ValueType::label;
            slot.labels = results.labels;
            for (const std::size_t code : results.codes)
                operation.values.push_back(static_cast<Int128>(code));
            return;
        }
        for (const Constant& value : results.numbers)
            slot.unit = common_multiple(slot.unit, value.bottom, place);
        for (const Constant& value : results.numbers) {
            operation.values.push_back(times(value.top, slot.unit / value.bottom, place));
            check_size(as_double(operation.values.back()), place);
        }
        list(slot, operation.values);
    }

    // Rows by label: for each label of `slot` the row that names it.
    static std::vector<std::int32_t> rows_by_label(const Slot& on,
                                                   const std::vector<std::vector<std::string>>& is,
                                                   const std::vector<JsonView>& places,
                                                   const JsonView& whole) {
        std::vector<std::int32_t> out(on.labels.size(), -1);
        for (std::size_t row = 0; row < is.size(); ++row)
            for (const std::string& label : is[row]) {
                const auto it = std::find(on.labels.begin(), on.labels.end(), label);
                if (it == on.labels.end())
                    places[row].fail("'" + on.id + "' is never '" + label + "'",
                                     quoted(on.id) + "不会取" + quoted(label));
                auto& place = out[static_cast<std::size_t>(it - on.labels.begin())];
                if (place >= 0)
                    places[row].fail("'" + label + "' stands twice", quoted(label) + "出现两次");
                place = static_cast<std::int32_t>(row);
            }
        for (std::size_t code = 0; code < out.size(); ++code)
            if (out[code] < 0)
                whole.fail("no row names '" + on.labels[code] + "'",
                           "没有一行写明" + quoted(on.labels[code]));
        return out;
    }

    static std::vector<std::string> text_list(const JsonView& view) {
        std::vector<std::string> out;
        for (const JsonView& item : view.items())
            out.push_back(item.text());
        return out;
    }

    static std::string joined(const std::vector<std::string>& parts) {
        std::string out;
        for (const std::string& part : parts)
            out += (out.empty() ? "" : "、") + part;
        return out;
    }

    // ---------------------------------------------------------------- steps

    void read_step(const JsonView& view) {
        if (!view.is_object()) view.fail("must be an object", "应为对象 {…}");
        Operation operation;
        Slot slot;
        check_new(view.at("id"));
        MethodStep step;
        step.id = slot.id = view.at("id").text();
        step.name = slot.name = read_words(view.at("name"));
        step.operation = view.at("do").text();
        step.confidence = confidence_text(view);
        step.source = source_text(view);
        of_.clear();
        using Reader = void (ChainReader::*)(const JsonView&, Operation&, Slot&);
        static constexpr std::pair<std::string_view, Reader> readers[] = {
            {"scale", &ChainReader::read_scale_step},
            {"product", &ChainReader::read_product},
            {"largest", &ChainReader::read_extreme},
            {"smallest", &ChainReader::read_extreme},
            {"sum", &ChainReader::read_sum},
            {"table", &ChainReader::read_table},
            {"checklist", &ChainReader::read_checklist},
            {"count", &ChainReader::read_count},
            {"first", &ChainReader::read_first},
            {"ratio", &ChainReader::read_ratio},
        };
        const auto reader = std::find_if(std::begin(readers), std::end(readers),
                                         [&](const auto& r) { return r.first == step.operation; });
        if (reader == std::end(readers))
            view.at("do").fail(
                "must be scale, product, largest, smallest, sum, table, checklist, count, first or "
                "ratio",
                "应为 scale、product、largest、smallest、sum、table、checklist、count、first 或 "
                "ratio");
        (this->*reader->second)(view, operation, slot);
        settle(slot);
        operation.out = static_cast<std::uint32_t>(chain_.slots.size());
        for (const std::uint32_t s : of_) {
            if (std::find(step.of.begin(), step.of.end(), at(s).id) != step.of.end()) continue;
            step.of.push_back(at(s).id);
            operation.reads.push_back(s);
        }
        chain_.slots.push_back(std::move(slot));
        chain_.operations.push_back(std::move(operation));
        out_.steps.push_back(std::move(step));
    }

    static void only(const JsonView& view, std::initializer_list<std::string_view> keys) {
        static constexpr std::string_view always[] = {"id", "name", "do", "confidence", "source"};
        for (const auto& [key, value] : view.node().items())
            if (std::find(std::begin(always), std::end(always), key) == std::end(always) &&
                std::find(keys.begin(), keys.end(), key) == keys.end()) {
                std::string known;
                for (const std::string_view one : keys)
                    known += (known.empty() ? "" : ", ") + std::string(one);
                view.fail("unknown key '" + key + "'; this step has " + known,
                          "不认识的键" + quoted(key) + "；这种步骤可用的有 " + known);
            }
    }

    // One name, an input or an earlier step.
    std::uint32_t take(const JsonView& view) {
        of_.push_back(slot(view));
        return of_.back();
    }

    std::vector<Term> take_numbers(const JsonView& view) {
        std::vector<Term> terms;
        const std::vector<JsonView> items = view.items();
        if (items.empty() || items.size() > most_inputs)
            view.fail("names 1 to 512 inputs or steps", "应列出 1 至 512 个输入或步骤");
        for (const JsonView& item : items)
            terms.push_back(take_number(item));
        return terms;
    }

    Term take_number(const JsonView& view) {
        Term term;
        term.slot = take(view);
        if (at(term.slot).type == ValueType::label)
            view.fail("'" + view.text() + "' is a text, not a number",
                      quoted(view.text()) + "是文字，不是数字");
        return term;
    }

    bool all_exact(const std::vector<Term>& terms) {
        return std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
            return at(term.slot).type == ValueType::exact;
        });
    }

    // Rows of a scale or keys of a table.
    void read_scale_step(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"of", "rows"});
        operation.action = Action::scale;
        operation.terms.push_back({take(view.at("of")), 1, 1.0});
        const Slot& on = at(operation.terms.front().slot);
        slot.optional = on.optional;
        const std::vector<JsonView> rows = view.at("rows").items();
        if (rows.empty() || rows.size() > most_rows)
            view.at("rows").fail("a scale has 1 to 1000 rows", "应有 1 至 1000 行");
        Results results;
        std::vector<std::vector<std::string>> is;
        for (const JsonView& row : rows) {
            row.only({"range", "is", "value", "zh", "en"});
            add_result(results, row.at("value"));
            operation.meanings.push_back(words_of_row(row));
            if (on.type == ValueType::label) {
                is.push_back(text_list(row.at("is")));
                operation.row_texts.push_back(joined(is.back()));
            } else if (row.has("is")) {
                read_is_numbers(row.at("is"), on, operation);
            } else {
                operation.rows.push_back(make_gate(read_range(row.at("range")),
                                                   row.at("range").text(), on, row.at("range")));
                operation.row_texts.push_back(operation.rows.back().text);
            }
        }
        if (on.type == ValueType::label)
            operation.row_of = rows_by_label(on, is, rows, view.at("rows"));
        else
            check_tiling(operation.rows, on, rows, view.at("rows"));
        settle_results(results, operation, slot, view.at("rows"));
    }

    // "is": true, or one number, of a scale over numbers.
    static void read_is_numbers(const JsonView& view, const Slot& on, Operation& operation) {
        bool truth = false;
        JsonView value = view;
        if (view.node().is_array()) {
            const std::vector<JsonView> items = view.items();
            if (items.size() != 1) view.fail("numbers are named one to a row", "数字每行只写一个");
            value = items.front();
        }
        double number = 0.0;
        std::string text;
        if (truth_of(value, truth)) {
            if (!on.flag) value.fail("'" + on.id + "' is no flag", quoted(on.id) + "不是“是/否”");
            number = truth ? 1.0 : 0.0;
            text = truth ? "是" : "否";
        } else {
            number = value.number();
            text = print_number(number);
        }
        operation.rows.push_back(make_gate({number, number, true, true}, text, on, value));
        operation.row_texts.push_back(text);
    }

    void read_product(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"of"});
        operation.action = Action::product;
        const JsonView place = view.at("of");
        operation.terms = take_numbers(place);
        operation.real = !all_exact(operation.terms);
        if (operation.real) {
            real_product(operation.terms, operation.terms.size(), slot);
            return;
        }
        list(slot, {1});
        for (const Term& term : operation.terms)
            multiply(slot, at(term.slot), place);
    }

    // Bounds and listed values of a product so far and one more factor.
    static void multiply(Slot& slot, const Slot& by, const JsonView& place) {
        const Int128 corners[] = {times(slot.low, by.low, place), times(slot.low, by.high, place),
                                  times(slot.high, by.low, place),
                                  times(slot.high, by.high, place)};
        slot.unit = times(slot.unit, by.unit, place);
        std::set<Int128> all;
        bool listed = slot.listed && by.listed && slot.set.size() * by.set.size() <= 65536;
        if (listed)
            for (const Int128 a : slot.set)
                for (const Int128 b : by.set)
                    all.insert(a * b);
        listed = listed && all.size() <= most_listed;
        slot.low = *std::min_element(std::begin(corners), std::end(corners));
        slot.high = *std::max_element(std::begin(corners), std::end(corners));
        slot.listed = listed;
        slot.set.clear();
        if (listed) list(slot, {all.begin(), all.end()});
    }

    void real_product(const std::vector<Term>& terms, std::size_t count, Slot& slot) {
        slot.type = ValueType::real;
        double low = 1.0;
        double high = 1.0;
        for (std::size_t k = 0; k < count; ++k) {
            const Slot& by = at(terms[k].slot);
            const double corners[] = {low * by.real_low, low * by.real_high, high * by.real_low,
                                      high * by.real_high};
            bool unknown = false;
            for (const double corner : corners)
                unknown = unknown || std::isnan(corner);
            // 0 times no end: as large as it likes, of the sign that both ends have.
            const bool positive = low >= 0 && by.real_low >= 0;
            low = unknown ? (positive ? 0.0 : -infinite)
                          : *std::min_element(std::begin(corners), std::end(corners));
            high = unknown ? infinite : *std::max_element(std::begin(corners), std::end(corners));
        }
        slot.real_low = low;
        slot.real_high = high;
    }

    void read_extreme(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"of", "at_least_filled"});
        operation.action = view.at("do").text() == "largest" ? Action::largest : Action::smallest;
        const JsonView place = view.at("of");
        operation.terms = take_numbers(place);
        if (view.has("at_least_filled")) {
            const double least = view.at("at_least_filled").number();
            if (!(least >= 1 && least <= static_cast<double>(operation.terms.size())) ||
                least != std::floor(least))
                view.at("at_least_filled")
                    .fail("must be a whole number from 1 to the number of inputs",
                          "应为 1 至输入个数的整数");
            operation.at_least_filled = static_cast<std::size_t>(least);
        }
        operation.real = !all_exact(operation.terms);
        const bool largest = operation.action == Action::largest;
        if (operation.real) {
            slot.type = ValueType::real;
            slot.real_low = infinite;
            slot.real_high = -infinite;
            for (const Term& term : operation.terms) {
                slot.real_low = std::min(slot.real_low, at(term.slot).real_low);
                slot.real_high = std::max(slot.real_high, at(term.slot).real_high);
            }
            return;
        }
        for (const Term& term : operation.terms)
            slot.unit = common_multiple(slot.unit, at(term.slot).unit, place);
        std::vector<Int128> all;
        bool listed = true;
        bool first = true;
        bool every = true;  // whether all are always there
        Int128 bound = 0;
        for (Term& term : operation.terms) {
            const Slot& on = at(term.slot);
            term.factor = slot.unit / on.unit;
            const Int128 low = times(on.low, term.factor, place);
            const Int128 high = times(on.high, term.factor, place);
            slot.low = first ? low : std::min(slot.low, low);
            slot.high = first ? high : std::max(slot.high, high);
            const Int128 mine = largest ? low : high;
            bound = first ? mine : (largest ? std::max(bound, mine) : std::min(bound, mine));
            every = every && !on.optional;
            listed = listed && on.listed;
            if (listed)
                for (const Int128 value : on.set)
                    all.push_back(value * term.factor);
            first = false;
        }
        if (every) (largest ? slot.low : slot.high) = bound;
        if (listed) {
            std::erase_if(all, [&](Int128 x) { return x < slot.low || x > slot.high; });
            list(slot, std::move(all));
        }
    }

    void read_clamps(const JsonView& view, Operation& operation, Slot& slot, Constant& least,
                     Constant& most) {
        operation.has_at_least = view.has("at_least");
        operation.has_at_most = view.has("at_most");
        if (operation.has_at_least) least = constant(view.at("at_least"));
        if (operation.has_at_most) most = constant(view.at("at_most"));
        operation.real_at_least = least.value;
        operation.real_at_most = most.value;
        if (operation.has_at_least && operation.has_at_most && least.value > most.value)
            view.at("at_least").fail("lies above at_most", "大于 at_most");
        if (operation.real) return;
        const JsonView place = view;
        Int128 unit = slot.unit;
        if (operation.has_at_least) unit = common_multiple(unit, least.bottom, place);
        if (operation.has_at_most) unit = common_multiple(unit, most.bottom, place);
        operation.multiply = times(operation.multiply, unit / slot.unit, place);
        slot.low = times(slot.low, unit / slot.unit, place);
        slot.high = times(slot.high, unit / slot.unit, place);
        for (Int128& value : slot.set)
            value = times(value, unit / slot.unit, place);
        slot.unit = unit;
        operation.at_least = times(least.top, unit / least.bottom, place);
        operation.at_most = times(most.top, unit / most.bottom, place);
        const auto clamp = [&](Int128 x) {
            if (operation.has_at_least) x = std::max(x, operation.at_least);
            if (operation.has_at_most) x = std::min(x, operation.at_most);
            return x;
        };
        slot.low = clamp(slot.low);
        slot.high = clamp(slot.high);
        if (slot.listed) {
            for (Int128& value : slot.set)
                value = clamp(value);
            list(slot, slot.set);
        }
    }

    void read_sum(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"of", "divide_by", "round", "at_least", "at_most"});
        operation.action = Action::sum;
        const JsonView place = view.at("of");
        std::vector<Constant> weights;
        const std::vector<JsonView> items = place.items();
        if (items.empty() || items.size() > most_inputs)
            place.fail("names 1 to 512 inputs or steps", "应列出 1 至 512 个输入或步骤");
        for (const JsonView& item : items) {
            Constant weight{1.0, 1, 1};
            if (item.is_object()) {
                item.only({"step", "weight"});
                operation.terms.push_back(take_number(item.at("step")));
                weight = constant(item.at("weight"));
            } else {
                operation.terms.push_back(take_number(item));
            }
            operation.terms.back().weight = weight.value;
            weights.push_back(weight);
        }
        Constant divisor{1.0, 1, 1};
        if (view.has("divide_by")) {
            divisor = constant(view.at("divide_by"));
            if (!(divisor.value > 0)) view.at("divide_by").fail("must be above zero", "应大于零");
        }
        operation.divide_by = divisor.value;
        if (view.has("round")) {
            const std::string round = view.at("round").text();
            if (round == "up")
                operation.rounding = Rounding::up;
            else if (round == "down")
                operation.rounding = Rounding::down;
            else if (round == "half_up")
                operation.rounding = Rounding::half_up;
            else
                view.at("round").fail("must be up, down or half_up", "应为 up、down 或 half_up");
        }
        operation.real = !all_exact(operation.terms);
        Constant least;
        Constant most;
        if (operation.real) {
            slot.type = ValueType::real;
            for (const Term& term : operation.terms) {
                const Slot& on = at(term.slot);
                const double a = term.weight == 0 ? 0.0 : term.weight * on.real_low;
                const double b = term.weight == 0 ? 0.0 : term.weight * on.real_high;
                slot.real_low += std::min(a, b);
                slot.real_high += std::max(a, b);
            }
            slot.real_low = rounded(slot.real_low / divisor.value, operation.rounding);
            slot.real_high = rounded(slot.real_high / divisor.value, operation.rounding);
            read_clamps(view, operation, slot, least, most);
            if (operation.has_at_least) {
                slot.real_low = std::max(slot.real_low, least.value);
                slot.real_high = std::max(slot.real_high, least.value);
            }
            if (operation.has_at_most) {
                slot.real_low = std::min(slot.real_low, most.value);
                slot.real_high = std::min(slot.real_high, most.value);
            }
            return;
        }
        for (std::size_t k = 0; k < weights.size(); ++k)
            slot.unit = common_multiple(
                slot.unit, times(at(operation.terms[k].slot).unit, weights[k].bottom, place),
                place);
        list(slot, {0});
        std::vector<Int128> sums{0};
        bool listed = true;
        Int128 low = 0;
        Int128 high = 0;
        double size = 0.0;
        for (std::size_t k = 0; k < weights.size(); ++k) {
            Term& term = operation.terms[k];
            const Slot& on = at(term.slot);
            term.factor = times(weights[k].top, slot.unit / on.unit / weights[k].bottom, place);
            const Int128 a = times(on.low, term.factor, place);
            const Int128 b = times(on.high, term.factor, place);
            low += std::min(a, b);
            high += std::max(a, b);
            size += std::max(std::fabs(as_double(a)), std::fabs(as_double(b)));
            check_size(size, place);
            listed = listed && on.listed && sums.size() * on.set.size() <= 65536;
            if (!listed) continue;
            std::set<Int128> all;
            for (const Int128 x : sums)
                for (const Int128 y : on.set)
                    all.insert(x + y * term.factor);
            listed = all.size() <= most_listed;
            if (listed) sums.assign(all.begin(), all.end());
        }
        // In units of `unit`, to be multiplied and divided once.
        operation.multiply = divisor.bottom;
        if (operation.rounding == Rounding::none) {
            slot.unit = times(slot.unit, divisor.top, place);
        } else {
            operation.divide = times(slot.unit, divisor.top, place);
            slot.unit = 1;
        }
        check_size(size * as_double(operation.multiply) + as_double(operation.divide), place);
        slot.low = finish(low, operation);
        slot.high = finish(high, operation);
        slot.listed = listed;
        slot.set.clear();
        if (listed) {
            for (Int128& value : sums)
                value = finish(value, operation);
            list(slot, std::move(sums));
        }
        const Int128 before = operation.multiply;
        read_clamps(view, operation, slot, least, most);
        // What clamps added is multiplied after rounding.
        if (operation.rounding != Rounding::none) {
            operation.bottom_factor = operation.multiply / before;
            operation.multiply = before;
        } else {
            check_size(size * as_double(operation.multiply), place);
        }
    }

    static Int128 finish(Int128 sum, const Operation& operation) {
        return rounded(sum * operation.multiply, operation.divide, operation.rounding);
    }

    // The keys of one side of a table.
    void read_keys(const JsonView& keys, const Slot& on, std::vector<Gate>& gates,
                   std::vector<std::int32_t>& by_label, std::vector<std::string>& texts) {
        const std::vector<JsonView> items = keys.items();
        if (items.empty() || items.size() > most_rows)
            keys.fail("a table has 1 to 1000 keys", "应有 1 至 1000 个");
        if (on.type == ValueType::label) {
            std::vector<std::vector<std::string>> is;
            for (const JsonView& item : items) {
                is.push_back({item.text()});
                texts.push_back(item.text());
            }
            by_label = rows_by_label(on, is, items, keys);
            return;
        }
        for (const JsonView& item : items) {
            bool truth = false;
            RangeEnds ends;
            std::string text;
            if (item.node().is_string()) {
                ends = read_range(item);
                text = item.text();
            } else if (truth_of(item, truth)) {
                if (!on.flag)
                    item.fail("'" + on.id + "' is no flag", quoted(on.id) + "不是“是/否”");
                ends = {truth ? 1.0 : 0.0, truth ? 1.0 : 0.0, true, true};
                text = truth ? "是" : "否";
            } else {
                ends = {item.number(), item.number(), true, true};
                text = print_number(item.number());
            }
            gates.push_back(make_gate(ends, text, on, item));
            texts.push_back(text);
        }
        check_tiling(gates, on, items, keys);
    }

    void read_table(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"rows", "columns", "row_keys", "column_keys", "cells"});
        operation.action = Action::table;
        operation.terms.push_back({take(view.at("rows")), 1, 1.0});
        operation.terms.push_back({take(view.at("columns")), 1, 1.0});
        read_keys(view.at("row_keys"), at(operation.terms[0].slot), operation.rows,
                  operation.row_of, operation.row_texts);
        read_keys(view.at("column_keys"), at(operation.terms[1].slot), operation.columns,
                  operation.column_of, operation.column_texts);
        const JsonView cells = view.at("cells");
        const std::vector<JsonView> lines = cells.items();
        if (lines.size() != operation.row_texts.size())
            cells.fail("has " + std::to_string(lines.size()) + " rows, row_keys has " +
                           std::to_string(operation.row_texts.size()),
                       "有 " + std::to_string(lines.size()) + " 行，而 row_keys 有 " +
                           std::to_string(operation.row_texts.size()) + " 个");
        if (operation.row_texts.size() * operation.column_texts.size() > most_cells)
            cells.fail("a table has at most 10000 cells", "最多 10000 格");
        Results results;
        for (const JsonView& line : lines) {
            const std::vector<JsonView> row = line.items();
            if (row.size() != operation.column_texts.size())
                line.fail("has " + std::to_string(row.size()) + " cells, column_keys has " +
                              std::to_string(operation.column_texts.size()),
                          "有 " + std::to_string(row.size()) + " 格，而 column_keys 有 " +
                              std::to_string(operation.column_texts.size()) + " 个");
            for (const JsonView& cell : row)
                add_result(results, cell);
        }
        settle_results(results, operation, slot, cells);
    }

    // Items and bonuses; returns what each adds at least and at most.
    void read_items(const JsonView& list_view, std::vector<ChainItem>& items,
                    std::vector<std::vector<Constant>>& points, bool bonus) {
        const std::vector<JsonView> views = list_view.items();
        if (views.size() > most_inputs) list_view.fail("has at most 512 items", "最多 512 项");
        for (const JsonView& view : views) {
            view.only({"id", "name", "input", "points", "is", "clause", "if_empty"});
            ChainItem item;
            item.id = view.text_or_empty("id");
            item.name = view.has("name") ? read_words(view.at("name")) : Words{};
            item.clause = view.text_or_empty("clause");
            item.slot = take(view.at("input"));
            const Slot& on = at(item.slot);
            if (item.id.empty()) item.id = on.id;
            if (item.name.zh.empty()) item.name = on.name;
            std::vector<Constant> mine;
            // Points by choice stand as "is" or, for short, as "points".
            const bool by_choice =
                view.has("is") || (view.has("points") && view.at("points").is_object());
            if (by_choice) {
                JsonView is = view.at(view.has("is") ? "is" : "points");
                if (is.is_object() && is.node().size() == 1 && is.has("is")) is = is.at("is");
                if (on.type != ValueType::label)
                    is.fail("'" + on.id + "' is no choice", quoted(on.id) + "不是选项");
                if (view.has("is") && view.has("points"))
                    view.at("points").fail("stands beside 'is'", "不能与“is”同时出现");
                if (!is.is_object()) is.fail("must be an object", "应为对象 {…}");
                mine.resize(on.labels.size());
                for (std::size_t code = 0; code < on.labels.size(); ++code)
                    if (!is.has(on.labels[code]))
                        is.fail("does not name '" + on.labels[code] + "'",
                                "没有写明" + quoted(on.labels[code]));
                for (const auto& [key, value] : is.node().items()) {
                    const auto it = std::find(on.labels.begin(), on.labels.end(), key);
                    if (it == on.labels.end())
                        is.fail("'" + on.id + "' is never '" + key + "'",
                                quoted(on.id) + "不会取" + quoted(key));
                    mine[static_cast<std::size_t>(it - on.labels.begin())] = constant(is.at(key));
                }
            } else {
                if (on.type == ValueType::label)
                    view.fail("a choice needs points by choice: \"is\": {…}",
                              "选项须逐个写明分值：\"is\": {…}");
                mine.push_back(constant(view.at("points")));
                if (on.type != ValueType::exact)
                    view.at("input").fail(
                        "points are counted by whole units: give the number 'decimals'",
                        "计分要求输入写明小数位数（decimals）");
            }
            item.has_if_empty = bonus;  // a bonus that nobody claims is not given
            if (view.has("if_empty")) {
                item.has_if_empty = true;
                mine.push_back(constant(view.at("if_empty")));
            } else {
                mine.emplace_back();
            }
            points.push_back(std::move(mine));
            items.push_back(std::move(item));
        }
    }

    void read_checklist(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"points", "floor", "ceiling", "items", "bonuses"});
        operation.action = Action::checklist;
        const Constant start = view.has("points") ? constant(view.at("points")) : Constant{};
        Constant least;
        Constant most;
        operation.has_at_least = view.has("floor");
        operation.has_at_most = view.has("ceiling");
        if (operation.has_at_least) least = constant(view.at("floor"));
        if (operation.has_at_most) most = constant(view.at("ceiling"));
        if (operation.has_at_least && operation.has_at_most && least.value > most.value)
            view.at("floor").fail("lies above the ceiling", "大于 ceiling");
        std::vector<std::vector<Constant>> item_points;
        std::vector<std::vector<Constant>> bonus_points;
        if (view.has("items")) read_items(view.at("items"), operation.items, item_points, false);
        if (view.has("bonuses"))
            read_items(view.at("bonuses"), operation.bonuses, bonus_points, true);
        if (operation.items.empty() && operation.bonuses.empty())
            view.fail("has neither items nor bonuses", "既没有 items 也没有 bonuses");
        const JsonView place = view;
        for (const Constant& value : {start, least, most})
            slot.unit = common_multiple(slot.unit, value.bottom, place);
        const auto units_of = [&](const std::vector<ChainItem>& items,
                                  const std::vector<std::vector<Constant>>& points) {
            for (std::size_t k = 0; k < items.size(); ++k) {
                const Slot& on = at(items[k].slot);
                for (std::size_t p = 0; p < points[k].size(); ++p)
                    slot.unit = common_multiple(slot.unit,
                                                times(points[k][p].bottom, on.unit, place), place);
            }
        };
        units_of(operation.items, item_points);
        units_of(operation.bonuses, bonus_points);
        const auto scaled = [&](const Constant& value) {
            return times(value.top, slot.unit / value.bottom, place);
        };
        operation.start = scaled(start);
        operation.at_least = scaled(least);
        operation.at_most = scaled(most);
        double size = std::fabs(as_double(operation.start));
        Int128 low = operation.start;
        Int128 high = operation.start;
        bool listed = true;
        std::vector<Int128> sums{operation.start};
        const auto add_all = [&](std::vector<ChainItem>& items,
                                 const std::vector<std::vector<Constant>>& points) {
            for (std::size_t k = 0; k < items.size(); ++k) {
                ChainItem& item = items[k];
                const Slot& on = at(item.slot);
                std::vector<Int128> may;
                bool mine_listed = true;
                if (on.type == ValueType::label) {
                    for (std::size_t code = 0; code < on.labels.size(); ++code) {
                        item.by_label.push_back(scaled(points[k][code]));
                        may.push_back(item.by_label.back());
                    }
                } else {
                    item.points = scaled(points[k].front()) / on.unit;
                    may = {times(on.low, item.points, place), times(on.high, item.points, place)};
                    mine_listed = on.listed;
                    if (on.listed)
                        for (const Int128 value : on.set)
                            may.push_back(value * item.points);
                }
                item.if_empty = scaled(points[k].back());
                if (item.has_if_empty && on.optional) may.push_back(item.if_empty);
                const Int128 a = *std::min_element(may.begin(), may.end());
                const Int128 b = *std::max_element(may.begin(), may.end());
                low += a;
                high += b;
                size += std::max(std::fabs(as_double(a)), std::fabs(as_double(b)));
                check_size(size, place);
                listed = listed && mine_listed && sums.size() * may.size() <= 65536;
                if (!listed) continue;
                std::set<Int128> all;
                for (const Int128 x : sums)
                    for (const Int128 y : may)
                        all.insert(x + y);
                listed = all.size() <= most_listed;
                if (listed) sums.assign(all.begin(), all.end());
            }
        };
        add_all(operation.items, item_points);
        const auto clamp = [&](Int128 x) {
            if (operation.has_at_least) x = std::max(x, operation.at_least);
            if (operation.has_at_most) x = std::min(x, operation.at_most);
            return x;
        };
        low = clamp(low);
        high = clamp(high);
        for (Int128& value : sums)
            value = clamp(value);
        add_all(operation.bonuses, bonus_points);
        slot.low = low;
        slot.high = high;
        if (listed) list(slot, std::move(sums));
    }

    void read_count(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"of", "enough"});
        operation.action = Action::count;
        operation.terms = take_numbers(view.at("of"));
        for (std::size_t k = 0; k < operation.terms.size(); ++k)
            if (!at(operation.terms[k].slot).flag)
                view.at("of").items()[k].fail("is no flag", "不是“是/否”");
        if (view.has("enough")) {
            const double enough = view.at("enough").number();
            if (!(enough >= 1 && enough <= static_cast<double>(operation.terms.size())) ||
                enough != std::floor(enough))
                view.at("enough").fail("must be a whole number from 1 to the number of flags",
                                       "应为 1 至项数的整数");
            operation.enough = static_cast<std::size_t>(enough);
        }
        std::vector<Int128> all;
        for (std::size_t k = 0; k <= operation.terms.size(); ++k)
            all.push_back(static_cast<Int128>(k));
        list(slot, std::move(all));
    }

    void read_first(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"rules", "else"});
        operation.action = Action::first;
        const std::vector<JsonView> rules = view.at("rules").items();
        if (rules.empty() || rules.size() > most_rows)
            view.at("rules").fail("has 1 to 1000 rules", "应有 1 至 1000 条规则");
        Results results;
        for (const JsonView& rule : rules) {
            rule.only({"when", "value", "zh", "en"});
            Words text;
            operation.rules.push_back(read_when(rule.at("when"), text));
            for (const ChainCondition& condition : operation.rules.back()) {
                of_.push_back(condition.slot);
                if (condition.other >= 0)
                    of_.push_back(static_cast<std::uint32_t>(condition.other));
            }
            operation.conditions.push_back(std::move(text));
            add_result(results, rule.at("value"));
            operation.meanings.push_back(words_of_row(rule));
        }
        if (view.has("else")) {
            JsonView otherwise = view.at("else");
            Words meaning;
            if (otherwise.is_object()) {
                otherwise.only({"value", "zh", "en"});
                meaning = words_of_row(otherwise);
                otherwise = otherwise.at("value");
            }
            add_result(results, otherwise);
            operation.meanings.push_back(meaning);
            operation.otherwise = static_cast<std::int32_t>(rules.size());
        }
        settle_results(results, operation, slot, view.at("rules"));
    }

    void read_ratio(const JsonView& view, Operation& operation, Slot& slot) {
        only(view, {"over", "under", "times"});
        operation.action = Action::ratio;
        operation.terms = take_numbers(view.at("over"));
        operation.over = operation.terms.size();
        for (const Term& term : take_numbers(view.at("under")))
            operation.terms.push_back(term);
        const Constant by = view.has("times") ? constant(view.at("times")) : Constant{1.0, 1, 1};
        operation.times = by.value;
        operation.real = !all_exact(operation.terms);
        const JsonView place = view.at("over");
        // Bounds as doubles serve both; a quotient's edges are checked against them, too.
        Slot above;
        Slot below;
        real_product(operation.terms, operation.over, above);
        const std::vector<Term> under(
            operation.terms.begin() + static_cast<std::ptrdiff_t>(operation.over),
            operation.terms.end());
        real_product(under, under.size(), below);
        double low = -infinite;
        double high = infinite;
        if (above.real_low >= 0 && below.real_low >= 0 && by.value >= 0) {
            low = std::isinf(below.real_high) ? 0.0 : above.real_low / below.real_high * by.value;
            high = below.real_low > 0 ? above.real_high / below.real_low * by.value : infinite;
            if (std::isnan(low)) low = 0.0;
            if (std::isnan(high)) high = infinite;
        }
        slot.real_low = low;
        slot.real_high = high;
        if (operation.real) {
            slot.type = ValueType::real;
            return;
        }
        slot.type = ValueType::quotient;
        operation.top_factor = by.top;
        operation.bottom_factor = by.bottom;
        slot.low = slot.high = 1;
        Int128 bottom = 1;
        const auto largest_of = [&](const Slot& on) {
            return std::max(on.high < 0 ? -on.high : on.high, on.low < 0 ? -on.low : on.low);
        };
        Int128 top = 1;
        for (std::size_t k = 0; k < operation.terms.size(); ++k) {
            const Slot& on = at(operation.terms[k].slot);
            Int128& mine = k < operation.over ? top : bottom;
            Int128& other = k < operation.over ? operation.bottom_factor : operation.top_factor;
            mine = times(mine, largest_of(on), place);
            other = times(other, on.unit, place);
        }
        const Int128 size = times(
            top, operation.top_factor < 0 ? -operation.top_factor : operation.top_factor, place);
        slot.low = -size;
        slot.high = size;
        slot.bottom_high = times(bottom, operation.bottom_factor, place);
    }

    // ---------------------------------------------------------------- score, bands, vetoes

    void read_score() {
        const Slot& result = at(chain_.result);
        if (!content_.has("score")) return;
        const JsonView score = content_.at("score");
        score.only({"symbol", "name", "step"});
        std::uint32_t from = chain_.result;
        if (score.has("step")) from = slot(score.at("step"));
        if (at(from).type == ValueType::label)
            score.fail("the result '" + result.id + "' is a text; name the step of the score",
                       "结果" + quoted(result.id) + "是文字；请写明分值是哪一步（step）");
        chain_.score = static_cast<std::int32_t>(from);
    }

    void read_bands() {
        const Slot& result = at(chain_.result);
        if (!content_.has("bands")) {
            // A measure: one band for all, without a name.
            if (content_.at("scale").at("kind").text() != "measure")
                content_.fail("has no 'bands'; only a scale of kind measure goes without",
                              "缺少“bands”；只有 kind 为 measure 的可以没有");
            if (result.type == ValueType::label || chain_.score < 0)
                content_.fail("a measure has a number and a score", "measure 应有数值和 score");
            Band band;
            band.low = -infinite;
            band.high = infinite;
            out_.bands.push_back(std::move(band));
            chain_.bands.emplace_back();
            chain_.bands.back().low_closed = chain_.bands.back().high_closed = false;
            return;
        }
        const JsonView list_view = content_.at("bands");
        const std::vector<JsonView> views = list_view.items();
        if (views.empty() || views.size() > most_chain_bands)
            list_view.fail("a method has 1 to 100 bands", "应有 1 至 100 级");
        const bool labels = result.type == ValueType::label;
        std::vector<std::vector<std::string>> is;
        for (const JsonView& view : views) {
            view.only({"grade", "label", "word", "range", "is", "printed", "control", "confidence",
                       "source"});
            Band band;
            if (view.has("grade")) {
                band.grade = parse_grade(view.at("grade").text());
                if (!band.grade || view.at("grade").text() != to_string(*band.grade))
                    view.at("grade").fail("must be red, orange, yellow or blue",
                                          "应为 red、orange、yellow 或 blue");
            }
            band.label = view.at("label").text();
            band.word = read_words(view.at("word"));
            if (view.has("control")) band.control = read_words(view.at("control"));
            band.confidence = confidence_text(view);
            band.source = source_text(view);
            for (const Band& other : out_.bands)
                if (other.label == band.label)
                    view.at("label").fail("two bands have this label", "两级同名");
            if (!out_.bands.empty()) {
                const Band& before = out_.bands.back();
                if (before.grade.has_value() != band.grade.has_value())
                    view.fail("either all bands have a grade or none has",
                              "要么各级都写颜色（grade），要么都不写");
                if (band.grade && *before.grade < *band.grade)
                    view.fail("bands stand from the gravest to the mildest",
                              "各级应从最严重到最轻排列");
            }
            if (labels) {
                is.push_back(text_list(view.at("is")));
                band.is = is.back();
                band.printed = joined(band.is);
            } else {
                const RangeEnds ends = read_range(view.at("range"));
                band.low = ends.low;
                band.high = ends.high;
                band.low_closed = ends.low_closed;
                band.high_closed = ends.high_closed;
                band.printed = view.at("range").text();
                chain_.bands.push_back(make_gate(ends, band.printed, result, view.at("range")));
            }
            if (view.has("printed")) band.printed = view.at("printed").text();
            out_.bands.push_back(std::move(band));
        }
        const auto kernel = [&](std::size_t b) {
            return static_cast<std::uint8_t>(views.size() - 1 - b);
        };
        if (labels) {
            for (const std::int32_t b : rows_by_label(result, is, views, list_view))
                chain_.band_of_label.push_back(kernel(static_cast<std::size_t>(b)));
            for (std::size_t b = 0; b < is.size(); ++b)
                if (is[b].empty()) views[b].fail("is never reached", "永远达不到");
            return;
        }
        for (std::size_t b = 2; b < out_.bands.size(); ++b) {
            const bool rises = out_.bands[1].low > out_.bands[0].low;
            if ((out_.bands[b].low > out_.bands[b - 1].low) != rises)
                views[b].fail("bands stand from the gravest to the mildest",
                              "各级应从最严重到最轻排列");
        }
        check_tiling(chain_.bands, result, views, list_view);
    }

    void read_veto(const JsonView& view) {
        view.only({"id", "when", "label", "text", "clause"});
        Veto veto;
        ChainVeto rule;
        veto.id = view.at("id").text();
        for (const Veto& other : out_.vetoes)
            if (other.id == veto.id)
                view.at("id").fail("two vetoes have this id", "否决项编号重复");
        veto.text = read_words(view.at("text"));
        veto.clause = view.text_or_empty("clause");
        rule.when = read_when(view.at("when"), veto.condition);
        const std::string label = view.at("label").text();
        const auto it = std::find_if(out_.bands.begin(), out_.bands.end(),
                                     [&](const Band& band) { return band.label == label; });
        if (it == out_.bands.end())
            view.at("label").fail("there is no band '" + label + "'",
                                  "没有名为" + quoted(label) + "的一级");
        veto.band = static_cast<std::size_t>(it - out_.bands.begin());
        rule.band = static_cast<std::uint8_t>(out_.bands.size() - 1 - veto.band);
        if (out_.vetoes.size() > most_rows) view.fail("too many vetoes", "否决项过多");
        out_.vetoes.push_back(std::move(veto));
        chain_.vetoes.push_back(std::move(rule));
    }

    const JsonView content_;
    ReadChain out_;
    Chain chain_;
    std::vector<std::uint32_t> of_;  // what the step being read takes
};

}  // namespace

ReadChain read_chain(const JsonView& content) {
    return ChainReader(content).read();
}

bool Gate::holds(Int128 top, Int128 bottom) const {
    if (std::isfinite(low)) {
        const Int128 a = top * low_end.bottom;
        const Int128 b = low_end.top * bottom;
        if (low_closed ? a < b : a <= b) return false;
    }
    if (std::isfinite(high)) {
        const Int128 a = top * high_end.bottom;
        const Int128 b = high_end.top * bottom;
        if (high_closed ? a > b : a >= b) return false;
    }
    return true;
}

Words read_words(const JsonView& view) {
    view.only({"zh", "en"});
    return {view.at("zh").text(), view.at("en").text()};
}

RangeEnds read_range(const JsonView& view) {
    const std::string text = view.text();
    RangeEnds out;
    const auto comma = text.find(',');
    const auto bad = [&]() {
        view.fail("'" + text + "' is no range; write \"(160, 320]\"",
                  quoted(text) + "不是范围，应写成 \"(160, 320]\"，圆括号不含、方括号含端点");
    };
    if (text.size() < 5 || comma == std::string::npos) bad();
    if ((text.front() != '(' && text.front() != '[') || (text.back() != ')' && text.back() != ']'))
        bad();
    out.low_closed = text.front() == '[';
    out.high_closed = text.back() == ']';
    const auto end_point = [&](std::string_view raw) {
        const std::string_view part = trim(raw);
        if (part == "inf") return infinite;
        if (part == "-inf") return -infinite;
        double value = 0.0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || stop != part.data() + part.size() || !std::isfinite(value))
            bad();
        return value;
    };
    const std::string_view whole = text;
    out.low = end_point(whole.substr(1, comma - 1));
    out.high = end_point(whole.substr(comma + 1, whole.size() - comma - 2));
    if (!(out.low < out.high) && !(out.low == out.high && out.low_closed && out.high_closed))
        view.fail("the range is empty", "范围是空的");
    if (std::isinf(out.low)) out.low_closed = false;
    if (std::isinf(out.high)) out.high_closed = false;
    return out;
}

LevelScale read_scale(const JsonView& view) {
    view.only({"id", "kind", "name"});
    LevelScale scale{view.at("id").text(), ScaleKind::risk, read_words(view.at("name"))};
    const std::string kind = view.at("kind").text();
    for (const ScaleKind one :
         {ScaleKind::risk, ScaleKind::assurance, ScaleKind::accident_class, ScaleKind::hazard_grade,
          ScaleKind::chemical_class, ScaleKind::warning, ScaleKind::criterion, ScaleKind::measure})
        if (kind == to_string(one)) {
            scale.kind = one;
            return scale;
        }
    view.at("kind").fail(
        "must be risk, assurance, accident_class, hazard_grade, chemical_class, warning, "
        "criterion or measure",
        "应为 risk、assurance、accident_class、hazard_grade、chemical_class、warning、criterion 或 "
        "measure");
}

}  // namespace safetyrisk::scoring
