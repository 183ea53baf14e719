#include "duty/obligations.hpp"

#include <safetyrisk/core/document_error.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/duty/packs.hpp>
#include <safetyrisk/plan/plan.hpp>

#include "core/cells.hpp"
#include "core/json_view.hpp"
#include "duty/conditions.hpp"
#include "graph/node_names.hpp"
#include "graph/selector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace safetyrisk::duty {
namespace {

using graph::ResponsibilityGraph;
using graph::Selector;
using safetyrisk::detail::JsonView;

constexpr std::string_view the_subject = "@subject";

// A fault of a row: the column, and what is wrong with it.
struct Fault {
    std::string_view code;
    std::string_view column;
    std::string value;
    std::string why;
};

// What is wrong with a document, in Chinese where it is said: what a library says of a text may end
// within a character.
std::string sentence(const Error& error) {
    const auto* const document = dynamic_cast<const DocumentError*>(&error);
    if (document == nullptr || document->zh().empty()) return error.what();
    // The path begins with the column, which the issue names.
    const std::string& path = document->path();
    const std::size_t inside = path.find_first_of(".[");
    if (inside == std::string::npos) return document->zh();
    return path.substr(path[inside] == '.' ? inside + 1 : inside) + "：" + document->zh();
}

class RowReader {
public:
    RowReader(const ResponsibilityGraph& graph, const Table& duties)
        : graph_(graph), table_(duties), cells_(graph.store(), duties) {}

    void report_names(IssueTable& issues) const { cells_.report(issues); }

    Obligation read(std::size_t row) {
        row_ = row;
        Obligation duty;
        duty.row = row;
        duty.action = action_of(cell("action"));
        if (duty.action.empty()) fail("duty.action_missing", "action");
        duty.subject = read_who("subject", nullptr);
        duty.object = read_who("object", &duty.link);
        if (duty.subject.empty() && duty.object.empty()) fail("duty.nobody_owes", "subject");
        if (duty.subject.empty() && duty.link.edge != graph::no_kind)
            fail("duty.selector_malformed", "object", "@subject");
        read_times(duty);
        read_target(duty);
        read_overrides(duty);
        return duty;
    }

private:
    [[noreturn]] void fail(std::string_view code, std::string_view column, std::string why = {}) {
        throw Fault{code, column, std::string(cell(column)), std::move(why)};
    }

    std::string cell(std::string_view column) const { return cell_text(table_.find(column), row_); }

    std::optional<Date> day(std::string_view column) {
        const std::string text = cell(column);
        if (text.empty()) return std::nullopt;
        const std::optional<Date> date = read_day(text);
        if (!date) fail("duty.date_malformed", column);
        return date;
    }

    // A word of a closed list: the first is what an empty cell means.
    std::size_t word(std::string_view column,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> words) {
        const std::string text = cell(column);
        if (text.empty()) return 0;
        std::size_t place = 0;
        for (const auto& [en, zh] : words) {
            if (text == en || text == zh) return place;
            ++place;
        }
        std::string known;
        for (const auto& [en, zh] : words)
            known += (known.empty() ? "" : "、") + std::string(en);
        fail("duty.word_unknown", column, known);
    }

    Selector selector(std::string_view column, const std::string& json) {
        try {
            Selector read = Selector::parse(json, column);
            return read;
        } catch (const Error& error) {
            fail("duty.selector_malformed", column, sentence(error));
        }
    }

    Who read_who(std::string_view column, Link* link) {
        const std::string text = cell(column);
        Who who;
        if (text.empty()) return who;
        if (text.front() != '{') {
            std::size_t several = 0;
            who.node = cells_.find(text, column, row_, several);
            if (who.node == graph::none && several > 1)
                fail("graph.name_twice", column, std::to_string(several));
            if (who.node == graph::none) fail("duty.id_unknown", column);
            return who;
        }
        who.selector = tied(column, selector(column, text), link);
        return who;
    }

    // A selector whose names the graph knows, and the edge by which it hangs on the subject.
    Selector tied(std::string_view column, Selector read, Link* link) {
        for (std::size_t p = 0; p < read.parts.size(); ++p) {
            std::optional<graph::SelectorVia>& via = read.parts[p].via;
            if (!via || (via->from != the_subject && via->to != the_subject)) continue;
            if (link == nullptr || p > 0)
                fail("duty.selector_malformed", column,
                     "@subject: only in the via of an object's selector");
            link->edge = graph_.kinds().edge(via->edge);
            link->to_subject = via->to == the_subject;
            if (link->edge == graph::no_kind) fail("duty.selector_malformed", column, via->edge);
            via.reset();
        }
        try {
            check(read);
        } catch (const Error& error) {
            fail("duty.selector_malformed", column, sentence(error));
        }
        return read;
    }

    // Names in a selector are looked up when it is read, so that the row is named.
    void check(const Selector& read) const {
        const graph::View view(graph_.store(), Date(0));
        const graph::BoundSelector bound(view, read);
        check_values(read);
        // Without a graph nobody knows its columns; packs that ship name some that few graphs have.
        if (graph_.store().n() > 0 && !ships(cell("pack"))) check_columns(graph_.store(), read);
    }

    static bool ships(std::string_view pack) {
        const auto all = PackRegistry::builtin().all();
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& one) { return one->id == pack; });
    }

    void read_times(Obligation& duty) {
        duty.from = day("valid_from");
        duty.to = day("valid_to");
        if (duty.from && duty.to && *duty.to < *duty.from)
            fail("duty.dates_contradict", "valid_to");
        const std::size_t anchor =
            word("anchor", {{"calendar", "日历"}, {"rolling", "滚动"}, {"standing", "常备"}});
        const bool standing = anchor == 2;
        read_trigger(duty);
        const std::string deadline = cell("deadline");
        const std::string cadence = cell("cadence");
        if (duty.trigger != Trigger::none) {
            if (!deadline.empty()) fail("duty.two_rhythms", "deadline");
            if (!cadence.empty()) fail("duty.two_rhythms", "cadence");
        } else if (deadline.starts_with("--")) {
            const std::optional<Date> leap = Date::parse("2024" + deadline.substr(1));
            if (!leap || deadline.size() != 7) fail("duty.date_malformed", "deadline");
            duty.yearly = {static_cast<unsigned>(leap->civil().month()),
                           static_cast<unsigned>(leap->civil().day())};
            if (!cadence.empty() && Duration::parse(cadence) != Duration{12, 0})
                fail("duty.two_rhythms", "cadence");
        } else if (const auto each_year = yearly_in_words(deadline)) {
            duty.yearly = *each_year;
            if (!cadence.empty() && read_cadence(duty, cadence) != Duration{12, 0})
                fail("duty.two_rhythms", "cadence");
        } else if (!deadline.empty()) {
            duty.deadline = day("deadline");
            if (!cadence.empty()) fail("duty.two_rhythms", "cadence");
            if (duty.from && *duty.deadline < *duty.from) fail("duty.dates_contradict", "deadline");
        } else if (!cadence.empty()) {
            duty.cadence = read_cadence(duty, cadence);
            if (!duty.cadence || (duty.cadence->months == 0 && duty.cadence->days == 0))
                fail("duty.cadence_malformed", "cadence");
        } else if (cell("overrides").empty() && !standing) {
            fail("duty.no_deadline", "deadline");
        }
        duty.rolling = anchor == 1;
        duty.standing = standing;
        if (duty.rolling && !duty.cadence && cell("overrides").empty())
            fail("duty.no_deadline", "anchor");
        if (duty.standing && duty.trigger != Trigger::none) fail("duty.two_rhythms", "anchor");
        if (duty.standing && duty.within) fail("duty.within_malformed", "within");
        duty.working_days = word("day_kind", {{"calendar", "自然日"}, {"working", "工作日"}}) == 1;
        duty.partial =
            word("partial", {{"skip", "不计"}, {"owe", "计"}}) == 1 ? Partial::owe : Partial::skip;
        const std::string tolerance = cell("tolerance_days");
        if (!tolerance.empty()) {
            const NumberCell days = parse_number(tolerance);
            if (days.state != NumberCell::State::value || !(days.value >= 0) || days.value > 3660 ||
                days.value != std::floor(days.value))
                fail("duty.number_malformed", "tolerance_days");
            duty.tolerance = static_cast<std::uint32_t>(days.value);
        }
    }

    // A cadence as ISO 8601 or in words; how often in each period goes to the target, which a
    // column of its own may replace.
    static std::optional<Duration> read_cadence(Obligation& duty, const std::string& text) {
        if (const auto plain = Duration::parse(text)) return plain;
        const auto one = [](const plan::Times& times) {
            return times.cadences.size() == 1 && times.clear;
        };
        std::string words = text;
        plan::Times said = plan::read_times(words);
        if (!one(said)) said = plan::read_times(words = each_period(text));
        if (!one(said) || !(only_a_cadence(words) || only_a_cadence(each_period(words))))
            return std::nullopt;
        duty.target = said.least;
        duty.amount = said.least != 1;
        return Duration::parse(said.cadences.front());
    }

    // Whether a text says how often and nothing else: 每季度, 每两年至少1次, 每月检查不少于2次.
    // Seasons before it, and days, months or limits behind it (每年7月, 每周五, 每月5日前), would
    // be lost, and the duty would be another.
    static bool only_a_cadence(const std::string& text) {
        const std::string half = to_half_width(text);
        std::string_view rest = trim(half);
        const auto skip = [&](std::initializer_list<std::string_view> words) {
            for (const std::string_view word : words)
                if (rest.starts_with(word)) {
                    rest.remove_prefix(word.size());
                    return true;
                }
            return false;
        };
        const auto skip_number = [&] {
            while (skip({"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9", "一",
                         "二", "两", "三", "四", "五", "六", "七", "八", "九", "十"}))
                ;
        };
        skip({"至少", "不少于"});
        if (!skip({"每", "按", "逐"})) return false;
        skip_number();
        skip({"个"});
        if (!skip({"半年", "年度", "年", "季度", "季", "月", "星期", "周", "日", "天"}))
            return false;
        if (rest.ends_with("以上")) rest.remove_suffix(std::string_view("以上").size());
        if (rest.ends_with("次")) {
            // What is done may stand between: 每月检查不少于2次.
            rest.remove_suffix(std::string_view("次").size());
            const std::size_t digit = rest.find_first_of("0123456789");
            std::size_t from = digit;
            for (const std::string_view numeral :
                 {"一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十"})
                from = std::min(from, rest.find(numeral));
            if (from == std::string_view::npos) return false;
            const std::string_view before = rest.substr(0, from);
            rest.remove_prefix(from);
            skip_number();
            if (!rest.empty()) return false;
            rest = before;
        }
        for (const std::string_view other :
             {"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "一",
              "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "年",
              "季", "月", "旬", "周", "日", "天", "时", "期", "首", "末", "初",
              "底", "前", "内", "第", "节", "每", "(",  ",",  ";",  "、", "。"})
            if (rest.find(other) != std::string_view::npos) return false;
        return true;
    }

    // 半年2次, 一季度两次: what a plan may say of one period is said of each in a column of
    // cadences.
    static std::string each_period(const std::string& text) {
        std::string_view rest = trim(text);
        if (!rest.ends_with("次")) return {};
        for (const std::string_view one : {"一", "个"})
            if (rest.starts_with(one)) rest.remove_prefix(one.size());
        for (const std::string_view period : {"半年", "季度", "季", "年", "月", "周"})
            if (rest.starts_with(period)) return "每" + std::string(rest);
        return {};
    }

    // 每年3月31日前; a day without a year and without 每年 may be of one year only and is none.
    static std::optional<std::pair<unsigned, unsigned>> yearly_in_words(const std::string& text) {
        if (text.empty() || read_day(text)) return std::nullopt;
        const plan::Times said = plan::read_times(text);
        if (said.deadlines.size() != 1 || !said.deadlines.front().starts_with("--") ||
            said.cadences != std::vector<std::string>{"P1Y"} || said.least != 1 || !said.clear)
            return std::nullopt;
        const std::optional<Date> day = Date::parse("2024" + said.deadlines.front().substr(1));
        if (!day) return std::nullopt;
        return std::pair{static_cast<unsigned>(day->civil().month()),
                         static_cast<unsigned>(day->civil().day())};
    }

    // What begins or ends the time: `after` or `before` an action, or `@` a column with a day.
    void read_trigger(Obligation& duty) {
        const std::string after = cell("after");
        const std::string before = cell("before");
        if (!after.empty() && !before.empty()) fail("duty.two_rhythms", "before");
        const std::string& word = after.empty() ? before : after;
        if (!word.empty()) {
            duty.trigger = after.empty() ? Trigger::before : Trigger::after;
            if (word.front() == '@')
                duty.trigger_attribute = word.substr(1);
            else
                duty.trigger_action = action_of(word);
            if (word == "@") fail("duty.within_malformed", after.empty() ? "before" : "after");
        }
        const std::string within = cell("within");
        if (within.empty()) {
            if (duty.trigger == Trigger::after) fail("duty.within_malformed", "within");
            return;
        }
        duty.within = Duration::parse(within);
        if (!duty.within || (duty.trigger == Trigger::none && !cell("cadence").empty()) ||
            (duty.trigger != Trigger::after && *duty.within == Duration{}))
            fail("duty.within_malformed", "within");
    }

    void read_target(Obligation& duty) {
        const std::string text = cell("target");
        if (text.empty()) return;
        if (text.front() != '{') {
            read_times_owed(duty, text);
            return;
        }
        try {
            const auto json = safetyrisk::detail::parse_json(text, "target");
            read_measure(duty, JsonView(json, "target"));
        } catch (const Error& error) {
            fail("duty.target_malformed", "target", sentence(error));
        }
    }

    // 不少于10次, 至多3次, 2次: how many times; of anything else a text does not say how it is
    // counted.
    void read_times_owed(Obligation& duty, const std::string& text) {
        const std::string half = to_half_width(text);
        std::string_view rest = trim(half);
        bool most = false;
        static constexpr std::pair<std::string_view, bool> words[] = {
            {"不少于", false}, {"不低于", false}, {"至少", false},  {"≥", false},
            {">=", false},     {"不超过", true},  {"不多于", true}, {"至多", true},
            {"最多", true},    {"≤", true},       {"<=", true}};
        for (const auto& [word, at_most] : words)
            if (rest.starts_with(word)) {
                rest = trim(rest.substr(word.size()));
                most = at_most;
                break;
            }
        for (const std::string_view word : {std::string_view("以上"), std::string_view("次")})
            if (rest.ends_with(word))
                rest = trim(rest.substr(0, rest.size() - word.size()));
            else if (word == "次")
                rest = {};
        static constexpr std::string_view numerals[] = {"一", "二", "三", "四", "五",
                                                        "六", "七", "八", "九", "十"};
        double value = rest == "两" ? 2 : 0;
        for (std::size_t k = 0; k < std::size(numerals); ++k)
            if (rest == numerals[k]) value = static_cast<double>(k + 1);
        if (!rest.empty() && rest.size() <= 6 &&
            std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; }))
            value = std::stod(std::string(rest));
        if (value < 1 || (most && half.find("以上") != std::string::npos))
            fail("duty.target_malformed", "target",
                 "“" + text + "”不是 JSON，也不是“不少于10次”这样的次数");
        if (most && (duty.rolling || duty.standing || duty.trigger != Trigger::none))
            fail("duty.target_malformed", "target", "有上限的次数按日历周期或期限计算");
        if (value != 1 && (duty.rolling || duty.standing))
            fail("duty.target_malformed", "target", "滚动或常备的义务每次只应做一次");
        duty.target = value;
        duty.op = most ? Obligation::Op::at_most : Obligation::Op::at_least;
        duty.amount = value != 1 || most;
    }

    void read_measure(Obligation& duty, const JsonView& view) {
        view.only({"measure", "op", "value", "unit", "denominator", "among", "against", "of"});
        const std::string measure = view.at("measure").text();
        using Op = Obligation::Op;
        const auto one_of = [&](std::string_view key, std::string_view text,
                                std::initializer_list<std::string_view> known) {
            const auto* const found = std::find(known.begin(), known.end(), text);
            if (found == known.end())
                view.at(key).fail("'" + std::string(text) + "' is not known here",
                                  "这里没有“" + std::string(text) + "”");
            return static_cast<std::size_t>(found - known.begin());
        };
        duty.measure =
            static_cast<Measure>(one_of("measure", measure, {"count", "ratio", "rank", "trend"}));
        if (view.has("op"))
            duty.op = static_cast<Op>(one_of("op", view.at("op").text(), {">=", "<=", "<"}));
        const std::string unit = view.text_or_empty("unit");
        duty.by_place = duty.measure == Measure::rank && unit == "place";
        duty.amount = !unit.empty() && duty.measure != Measure::ratio && !duty.by_place;
        if (view.has("among")) {
            if (duty.measure != Measure::rank)
                view.at("among").fail("only a rank is among others",
                                      "只有名次（rank）与其他主体比较");
            duty.among_siblings =
                one_of("among", view.at("among").text(), {"all", "siblings"}) == 1;
        }
        if (view.has("against")) {
            if (duty.measure != Measure::trend)
                view.at("against").fail("only a trend is against another period",
                                        "只有增减（trend）与另一时期比较");
            duty.against_year =
                one_of("against", view.at("against").text(), {"before", "year_before"}) == 1;
        }
        if (view.has("denominator")) read_denominator(duty, view.at("denominator"));
        if (view.has("of"))
            duty.of_region = one_of("of", view.at("of").text(), {"subject", "region"}) == 1;
        read_value(duty, view);
        // A record of 次数 2 is two of the times that are counted.
        if (duty.measure == Measure::count && !duty.rolling && !duty.standing &&
            (duty.target != 1 || duty.op != Op::at_least))
            duty.amount = true;
        duty.shares = duty.measure == Measure::ratio || view.has("denominator");
        if (duty.object.empty() && !duty.denominator.empty()) {
            duty.object = std::exchange(duty.denominator, {});
            duty.link = duty.denominator_link;
        }
        if (duty.compares() && (duty.rolling || duty.standing || duty.trigger != Trigger::none))
            view.at("measure").fail("is compared by periods of the calendar or by a deadline",
                                    "要比较的目标按日历周期或期限计算");
        if ((duty.rolling || duty.standing) &&
            (duty.measure != Measure::count || duty.amount || duty.target != 1))
            view.at("value").fail("a rolling or standing cadence owes one record at a time",
                                  "滚动或常备的义务每次只应做一次");
        if (duty.pools() && duty.subject.empty() &&
            (duty.measure != Measure::count || duty.of_region))
            view.at("measure").fail("needs a subject for whom it is counted",
                                    "要写明按哪个主体统计");
        if (duty.of_region && (!duty.object.empty() || !duty.denominator.empty()))
            view.at("of").fail("what a region does is not counted by objects",
                               "按地区合计的不按对象统计");
    }

    void read_denominator(Obligation& duty, const JsonView& view) {
        if (duty.measure == Measure::count) view.fail("a count has no denominator", "次数没有分母");
        if (view.node().is_string()) {
            std::size_t several = 0;
            duty.denominator.node = cells_.find(view.text(), "target", row_, several);
            if (duty.denominator.node == graph::none)
                view.fail("the id is not in the graph",
                          "责任图中没有这个编号，也没有唯一同名的主体");
        } else if (view.has("action")) {
            view.only({"action"});
            duty.denominator_action = action_of(view.at("action").text());
        } else {
            duty.denominator.selector =
                tied("target", graph::read_selector(view), &duty.denominator_link);
        }
    }

    static void read_value(Obligation& duty, const JsonView& view) {
        const JsonView value = view.at("value");
        duty.target = value.number();
        const bool whole = duty.target == std::floor(duty.target) && duty.target <= 1e9;
        const bool least = duty.op == Obligation::Op::at_least;
        switch (duty.measure) {
            case Measure::count:
                if (!whole || duty.target < (least ? 1 : 0))
                    value.fail("a count is a whole number, and one that is owed is 1 or more",
                               "次数应为整数，应做的至少为 1");
                break;
            case Measure::ratio:
                if (!(duty.target >= 0 && duty.target <= 1) || (least && duty.target == 0))
                    value.fail("a share lies above 0 and up to 1", "比例应大于 0、不超过 1");
                if (duty.object.empty() && duty.denominator.empty() &&
                    duty.denominator_action.empty())
                    view.at("measure").fail("a ratio needs objects or a denominator",
                                            "比例要有对象或分母");
                break;
            case Measure::rank:
                if (duty.by_place && (!whole || duty.target < 1 || least))
                    value.fail("a place is a whole number from 1, with the operator <=",
                               "名次应为 1 以上的整数，并用 <=");
                [[fallthrough]];
            case Measure::trend:
                if (!(duty.target >= 0 && duty.target <= 1e9))
                    value.fail("a multiple lies between 0 and 1e9", "倍数应在 0 至 1e9 之间");
                break;
        }
    }

    void read_overrides(Obligation& duty) {
        const std::string text = cell("overrides");
        if (text.empty()) return;
        try {
            const auto json = safetyrisk::detail::parse_json(text, "overrides");
            for (const JsonView& item : JsonView(json, "overrides").items()) {
                item.only({"select", "cadence"});
                const auto cadence = Duration::parse(item.at("cadence").text());
                if (!cadence || (cadence->months == 0 && cadence->days == 0))
                    item.at("cadence").fail("is no duration such as P1M", "不是 P1M 之类的时长");
                Selector read = graph::read_selector(item.at("select"));
                check(read);
                duty.overrides.emplace_back(std::move(read), *cadence);
            }
            if (duty.deadline || duty.yearly || duty.trigger != Trigger::none)
                throw DocumentError("overrides", "有期限的义务没有频次可改",
                                    "a deadline has no cadence to override");
        } catch (const Error& error) {
            fail("duty.overrides_malformed", "overrides", sentence(error));
        }
    }

    const ResponsibilityGraph& graph_;
    const Table& table_;
    graph::detail::CellNodes cells_;
    std::size_t row_ = 0;
};

// The times in which records count for a duty, of a deadline each year in the years that others
// name.
std::vector<Period> times_of(const Obligation& duty, const std::set<int>& years) {
    constexpr Date first(std::numeric_limits<std::int32_t>::min());
    constexpr Date last(std::numeric_limits<std::int32_t>::max());
    std::vector<Period> out;
    const auto add_deadline = [&](Date due) {
        Date start = Date::of(static_cast<int>(due.civil().year()), 1, 1);
        if (duty.within) start = add(due + 1, *duty.within, -1);
        if (duty.from && (!duty.within || *duty.from > start)) start = *duty.from;
        if (due >= duty.from.value_or(first) && due <= duty.to.value_or(last))
            out.push_back({std::min(start, due), due});
    };
    if (duty.trigger != Trigger::none) return out;
    if (duty.deadline) {
        add_deadline(*duty.deadline);
    } else if (duty.yearly) {
        for (const int year : years)
            add_deadline(in_year(*duty.yearly, year));
    } else {
        out.push_back({duty.from.value_or(first), duty.to.value_or(last)});
    }
    return out;
}

// Two rows that ask the same of the same at one time: a record would serve both.
void report_overlaps(const std::vector<Obligation>& duties, const Table& table,
                     IssueTable& issues) {
    const auto print = [&](std::string_view column, std::size_t row) {
        const Column* const c = table.find(column);
        return c == nullptr || c->is_missing(row) ? std::string() : c->print(row);
    };
    std::map<std::tuple<std::string, std::string, std::string, Measure>, std::vector<std::size_t>>
        alike;
    for (std::size_t i = 0; i < duties.size(); ++i)
        alike[{print("subject", duties[i].row), duties[i].action, print("object", duties[i].row),
               duties[i].measure}]
            .push_back(i);
    for (const auto& [key, group] : alike) {
        if (group.size() < 2) continue;
        std::set<int> years{2024, 2025};  // with a leap day, and without
        for (const std::size_t i : group)
            if (duties[i].deadline)
                years.insert(static_cast<int>(duties[i].deadline->civil().year()));
        std::vector<std::pair<Period, std::size_t>> times;
        for (const std::size_t i : group)
            for (const Period& time : times_of(duties[i], years))
                times.emplace_back(time, i);
        std::sort(times.begin(), times.end(), [](const auto& a, const auto& b) {
            return std::tuple(a.first.start, a.first.due, a.second) <
                   std::tuple(b.first.start, b.first.due, b.second);
        });
        std::map<std::size_t, std::size_t> clashes;  // of the later row: the earlier
        for (std::size_t k = 0, longest = 0; k < times.size(); ++k) {
            if (k > 0 && times[k].first.start <= times[longest].first.due &&
                times[k].second != times[longest].second) {
                const auto [low, high] = std::minmax(times[k].second, times[longest].second);
                clashes.emplace(high, low);
            }
            if (times[k].first.due > times[longest].first.due) longest = k;
        }
        for (const auto& [later, earlier] : clashes)
            issues.add("duty.windows_overlap", table.origin(),
                       static_cast<std::int64_t>(duties[later].row), "id",
                       print("id", duties[later].row), {print("id", duties[earlier].row)});
    }
}

}  // namespace

Date in_year(const std::pair<unsigned, unsigned>& month_and_day, int year) {
    const auto [month, day] = month_and_day;
    const bool leap = std::chrono::year(year).is_leap();
    return Date::of(year, month, month == 2 && day == 29 && !leap ? 28 : day);
}

std::vector<Obligation> read_obligations(const ResponsibilityGraph& graph, const Table& duties,
                                         IssueTable& issues) {
    (void)duties.at("id");
    (void)duties.at("action");
    if (duties.find("subject") == nullptr && duties.find("object") == nullptr)
        (void)duties.at("subject");
    RowReader reader(graph, duties);
    std::unordered_map<std::string, std::vector<std::size_t>> by_id;
    const Column& ids = duties.at("id");
    for (std::size_t row = 0; row < duties.rows(); ++row)
        if (!ids.is_missing(row)) by_id[ids.print(row)].push_back(row);
    std::vector<Obligation> read;
    for (std::size_t row = 0; row < duties.rows(); ++row) {
        const auto place = static_cast<std::int64_t>(row);
        if (ids.is_missing(row)) {
            issues.add("duty.id_missing", duties.origin(), place, "id");
            continue;
        }
        const std::string id = ids.print(row);
        const std::vector<std::size_t>& same = by_id.at(id);
        if (same.size() > 1) {
            const bool equal = std::all_of(same.begin(), same.end(), [&](std::size_t other) {
                return duties.equal_rows(same.front(), other);
            });
            if (!equal || row != same.front()) {
                issues.add(equal ? "duty.row_repeated" : "duty.id_conflict", duties.origin(), place,
                           "id", id);
                continue;
            }
        }
        try {
            read.push_back(reader.read(row));
        } catch (const Fault& fault) {
            issues.add(fault.code, duties.origin(), place, fault.column, fault.value, {fault.why});
        }
    }
    reader.report_names(issues);
    report_overlaps(read, duties, issues);
    return read;
}

}  // namespace safetyrisk::duty
