#include <safetyrisk/scoring/combine.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "factor_input.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

std::size_t place_of(const std::vector<NamedGraded>& methods, const std::string& name) {
    for (std::size_t m = 0; m < methods.size(); ++m)
        if (methods[m].name == name) return m;
    std::string known;
    for (const NamedGraded& one : methods)
        known += (known.empty() ? "" : ", ") + one.name;
    throw InputError("there is no method '" + name + "' among those combined: " + known);
}

void check(const std::vector<NamedGraded>& methods, const CombineOptions& options) {
    if (methods.size() < 2) throw InputError("combining takes two methods or more");
    std::set<std::string> names;
    std::set<ScaleKind> kinds;
    std::string shown;
    for (const NamedGraded& one : methods) {
        if (one.name.empty() || !names.insert(one.name).second)
            throw InputError("the name '" + one.name + "' of a method is empty or stands twice");
        if (const std::size_t without = one.graded->counts().without_colour; without > 0)
            throw InputError(one.name + ": " + std::to_string(without) +
                             " graded rows have no colour; name a colour map (colours=) when "
                             "grading");
        for (const auto& method : one.graded->methods()) {
            kinds.insert(method->scale().kind);
            shown += (shown.empty() ? "" : ", ") + method->id() + " (" +
                     std::string(to_string(method->scale().kind)) + ")";
        }
    }
    if (kinds.size() > 1)
        throw InputError("levels that speak of different things are not combined: " + shown);
    const std::size_t wanted = options.rule == CombineRule::priority ? methods.size()
                               : options.rule == CombineRule::main   ? 1
                                                                     : 0;
    if (options.order.size() != wanted ||
        std::set<std::string>(options.order.begin(), options.order.end()).size() != wanted)
        throw InputError("the rule '" + std::string(to_string(options.rule)) + "' takes " +
                         std::to_string(wanted) + " names of methods in its order, not " +
                         std::to_string(options.order.size()));
}

}  // namespace

std::string_view to_string(CombineRule rule) {
    constexpr std::string_view names[] = {"gravest", "priority", "majority", "main"};
    return names[static_cast<std::size_t>(rule)];
}

std::optional<CombineRule> parse_combine_rule(std::string_view text) {
    for (const CombineRule rule :
         {CombineRule::gravest, CombineRule::priority, CombineRule::majority, CombineRule::main})
        if (to_string(rule) == text) return rule;
    return std::nullopt;
}

Combined combine(std::vector<NamedGraded> methods, const CombineOptions& options) {
    check(methods, options);
    Combined out;
    out.rule_ = options.rule;
    out.order_ = options.order;
    std::vector<std::size_t> order;
    for (const std::string& name : options.order)
        order.push_back(place_of(methods, name));
    const std::size_t count = methods.size();
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t m = 0; m < count; ++m) {
        const Graded& graded = *methods[m].graded;
        for (std::size_t row = 0; row < graded.rows(); ++row) {
            if (graded.id().is_missing(row)) continue;  // an issue of grading
            const auto [it, fresh] = known.emplace(graded.id().print(row), out.objects_.size());
            if (fresh) {
                CombinedObject& object = out.objects_.emplace_back();
                object.id = it->first;
                object.rows.assign(count, -1);
                object.grades.assign(count, 0);
            }
            CombinedObject& object = out.objects_[it->second];
            if (graded.grade()[row] == 0) continue;
            object.rows[m] = static_cast<std::int64_t>(row);
            object.grades[m] = graded.grade()[row];
        }
    }
    for (CombinedObject& object : out.objects_) {
        std::array<std::size_t, 5> votes{};
        std::uint8_t low = 255;
        std::uint8_t high = 0;
        for (const std::uint8_t grade : object.grades) {
            if (grade == 0) continue;
            ++votes[grade];
            low = std::min(low, grade);
            high = std::max(high, grade);
        }
        if (high == 0) continue;
        object.gap = static_cast<std::uint8_t>(high - low);
        switch (options.rule) {
            case CombineRule::gravest:
                object.grade = high;
                break;
            case CombineRule::majority:
                for (std::uint8_t grade = 1; grade <= 4; ++grade)
                    if (object.grade == 0 || votes[grade] >= votes[object.grade])
                        object.grade = grade;
                break;
            case CombineRule::priority:
            case CombineRule::main:
                for (const std::size_t m : order)
                    if (object.grade == 0 && object.grades[m] != 0) {
                        object.grade = object.grades[m];
                        object.decided_by = static_cast<std::int32_t>(m);
                    }
                break;
        }
        for (std::size_t m = 0; m < count && object.decided_by < 0; ++m)
            if (object.grade != 0 && object.grades[m] == object.grade)
                object.decided_by = static_cast<std::int32_t>(m);
    }
    out.methods_ = std::move(methods);
    return out;
}

Table Combined::to_table() const {
    AnswerTable out("combined");
    std::vector<std::string> columns{"id"};
    std::vector<std::string> names;
    for (const NamedGraded& one : methods_) {
        // A method may be called like one of our columns.
        constexpr std::string_view taken[] = {"id",    "grade", "decided_by", "methods",
                                              "agree", "gap",   "status"};
        const bool free =
            std::find(std::begin(taken), std::end(taken), one.name) == std::end(taken);
        names.push_back(free ? one.name : one.name + "_");
    }
    columns.insert(columns.end(), names.begin(), names.end());
    columns.insert(columns.end(), {"grade", "decided_by", "methods", "agree", "gap", "status"});
    for (const CombinedObject& object : objects_) {
        out.text("id", object.id);
        std::int64_t graded = 0;
        for (std::size_t m = 0; m < names.size(); ++m) {
            const std::uint8_t grade = object.grades[m];
            graded += grade != 0 ? 1 : 0;
            out.text(names[m], grade == 0 ? "" : to_string(static_cast<Grade>(grade)));
        }
        out.text("grade", object.grade == 0 ? "" : to_string(static_cast<Grade>(object.grade)));
        out.text("decided_by", object.decided_by < 0
                                   ? ""
                                   : methods_[static_cast<std::size_t>(object.decided_by)].name);
        out.integer("methods", graded);
        if (graded > 1) out.boolean("agree", object.gap == 0);
        out.integer("gap", graded > 1 ? object.gap : -1);
        out.text("status",
                 to_string(object.grade != 0 ? RowState::graded : RowState::not_gradable));
        out.end_row();
    }
    return std::move(out).table(columns);
}

Table Combined::matrix() const {
    AnswerTable out("matrix");
    for (std::size_t a = 0; a < methods_.size(); ++a)
        for (std::size_t b = 0; b < methods_.size(); ++b) {
            if (a == b) continue;
            std::int64_t both = 0;
            std::int64_t equal = 0;
            std::int64_t graver = 0;
            std::int64_t widest = 0;
            for (const CombinedObject& object : objects_) {
                const int one = object.grades[a];
                const int other = object.grades[b];
                if (one == 0 || other == 0) continue;
                ++both;
                equal += one == other ? 1 : 0;
                graver += one > other ? 1 : 0;
                widest = std::max<std::int64_t>(widest, one > other ? one - other : other - one);
            }
            out.text("method", methods_[a].name);
            out.text("other", methods_[b].name);
            out.integer("both", both);
            out.integer("equal", equal);
            out.integer("graver", graver);
            out.integer("milder", both - equal - graver);
            out.number("share_equal", both == 0
                                          ? nan_value
                                          : static_cast<double>(equal) / static_cast<double>(both));
            out.integer("widest", both == 0 ? -1 : widest);
            out.end_row();
        }
    return std::move(out).table(
        {"method", "other", "both", "equal", "graver", "milder", "share_equal", "widest"});
}

std::string Combined::why(std::size_t object, std::size_t method, Lang lang) const {
    const auto row = static_cast<std::size_t>(objects_[object].rows[method]);
    const Explanation told = methods_[method].graded->explain(row, lang);
    std::string out = told.formula;
    const bool zh = lang == Lang::zh;
    const auto add = [&](const std::string& text) {
        if (!text.empty()) out += (out.empty() ? "" : zh ? "，" : ", ") + text;
    };
    if (told.formula.empty() && told.score) add(print_number(*told.score));
    add(told.band_printed);
    if (!told.override_id.empty()) add(told.override_text.in(lang));
    return out;
}

Table Combined::widest(std::size_t most, Lang lang) const {
    std::vector<std::size_t> order;
    for (std::size_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].gap > 0) order.push_back(o);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return objects_[a].gap > objects_[b].gap;
    });
    if (order.size() > most) order.resize(most);
    AnswerTable out("widest");
    for (const std::size_t o : order) {
        const CombinedObject& object = objects_[o];
        std::size_t high = 0;
        std::size_t low = 0;
        for (std::size_t m = 0; m < object.grades.size(); ++m) {
            if (object.grades[m] > object.grades[high]) high = m;
            if (object.grades[m] != 0 &&
                (object.grades[low] == 0 || object.grades[m] < object.grades[low]))
                low = m;
        }
        out.text("id", object.id);
        out.integer("gap", object.gap);
        if (object.grade != 0) out.text("grade", to_string(static_cast<Grade>(object.grade)));
        for (const auto& [side, m] : {std::pair{"gravest", high}, std::pair{"mildest", low}}) {
            const std::string name(side);
            out.text(name + "_method", methods_[m].name);
            out.text(name + "_grade", to_string(static_cast<Grade>(object.grades[m])));
            out.text(name + "_why", why(o, m, lang));
        }
        out.end_row();
    }
    return std::move(out).table({"id", "gap", "grade", "gravest_method", "gravest_grade",
                                 "gravest_why", "mildest_method", "mildest_grade", "mildest_why"});
}

std::string Combined::text(std::size_t index, Lang lang) const {
    const bool zh = lang == Lang::zh;
    const CombinedObject& object = objects_.at(index);
    std::string out = object.id + (zh ? "：" : ": ");
    std::size_t graded = 0;
    for (std::size_t m = 0; m < methods_.size(); ++m) {
        if (m > 0) out += zh ? "，" : ", ";
        out += methods_[m].name + " ";
        if (object.grades[m] == 0) {
            out += zh ? "未评定" : "no grade";
            continue;
        }
        ++graded;
        out += grade_words(static_cast<Grade>(object.grades[m]), lang);
    }
    out += zh ? "；" : "; ";
    if (graded > 1)
        out += object.gap == 0 ? (zh ? "一致；" : "they agree; ")
               : zh            ? "相差 " + std::to_string(object.gap) + " 级；"
                               : std::to_string(object.gap) + " grades apart; ";
    std::string order;
    for (const std::string& name : order_)
        order += (order.empty() ? "" : zh ? "、" : ", ") + name;
    switch (rule_) {
        case CombineRule::gravest:
            out += zh ? "按“取最重”" : "by the gravest";
            break;
        case CombineRule::priority:
            out += zh ? "按优先顺序（" + order + "）" : "by priority (" + order + ")";
            break;
        case CombineRule::majority:
            out += zh ? "按“多数，同数取重”" : "by majority, of tied ones the gravest";
            break;
        case CombineRule::main:
            out += zh ? "以 " + order + " 为主" : "by the main method " + order;
            break;
    }
    if (object.grade == 0) return out + (zh ? "未能定级。" : " it has no grade.");
    out += (zh ? "定为" : " it is ") + grade_words(static_cast<Grade>(object.grade), lang);
    return out + (zh ? "，依据 " : ", as ") +
           methods_[static_cast<std::size_t>(object.decided_by)].name + (zh ? "。" : " says.");
}

}  // namespace safetyrisk::scoring
