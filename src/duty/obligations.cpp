#include "duty/obligations.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/cells.hpp"
#include "core/json_view.hpp"
#include "graph/selector.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

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

class RowReader {
public:
    RowReader(const ResponsibilityGraph& graph, const Table& duties)
        : graph_(graph), table_(duties) {}

    Obligation read(std::size_t row) {
        row_ = row;
        Obligation duty;
        duty.row = row;
        duty.action = cell("action");
        if (duty.action.empty()) fail("duty.action_missing", "action");
        duty.subject = read_who("subject", nullptr);
        duty.object = read_who("object", &duty);
        if (duty.subject.empty() && duty.object.empty()) fail("duty.nobody_owes", "subject");
        if (duty.subject.empty() && duty.link != graph::no_kind)
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
        const std::optional<Date> date = Date::parse(text);
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
            fail("duty.selector_malformed", column, error.what());
        }
    }

    Who read_who(std::string_view column, Obligation* duty) {
        const std::string text = cell(column);
        Who who;
        if (text.empty()) return who;
        if (text.front() != '{') {
            who.node = graph_.find(text);
            if (who.node == graph::none) fail("duty.id_unknown", column);
            return who;
        }
        Selector read = selector(column, text);
        for (std::size_t p = 0; p < read.parts.size(); ++p) {
            std::optional<graph::SelectorVia>& via = read.parts[p].via;
            if (!via || (via->from != the_subject && via->to != the_subject)) continue;
            if (duty == nullptr || p > 0)
                fail("duty.selector_malformed", column,
                     "@subject: only in the via of an object's selector");
            duty->link = graph_.kinds().edge(via->edge);
            duty->link_to_subject = via->to == the_subject;
            if (duty->link == graph::no_kind) fail("duty.selector_malformed", column, via->edge);
            via.reset();
        }
        try {  // names in it are looked up now, so that the row is named
            const graph::View view(graph_.store(), Date(0));
            const graph::BoundSelector bound(view, read);
        } catch (const Error& error) {
            fail("duty.selector_malformed", column, error.what());
        }
        who.selector = std::move(read);
        return who;
    }

    void read_times(Obligation& duty) {
        duty.from = day("valid_from");
        duty.to = day("valid_to");
        if (duty.from && duty.to && *duty.to < *duty.from)
            fail("duty.dates_contradict", "valid_to");
        const std::string deadline = cell("deadline");
        const std::string cadence = cell("cadence");
        if (deadline.starts_with("--")) {
            const std::optional<Date> leap = Date::parse("2024" + deadline.substr(1));
            if (!leap || deadline.size() != 7) fail("duty.date_malformed", "deadline");
            duty.yearly = {static_cast<unsigned>(leap->civil().month()),
                           static_cast<unsigned>(leap->civil().day())};
            if (!cadence.empty() && Duration::parse(cadence) != Duration{12, 0})
                fail("duty.two_rhythms", "cadence");
        } else if (!deadline.empty()) {
            duty.deadline = day("deadline");
            if (!cadence.empty()) fail("duty.two_rhythms", "cadence");
            if (duty.from && *duty.deadline < *duty.from) fail("duty.dates_contradict", "deadline");
        } else if (!cadence.empty()) {
            duty.cadence = Duration::parse(cadence);
            if (!duty.cadence || (duty.cadence->months == 0 && duty.cadence->days == 0))
                fail("duty.cadence_malformed", "cadence");
        } else if (cell("overrides").empty()) {
            fail("duty.no_deadline", "deadline");
        }
        duty.rolling = word("anchor", {{"calendar", "日历"}, {"rolling", "滚动"}}) == 1;
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

    void read_target(Obligation& duty) {
        const std::string text = cell("target");
        if (text.empty()) return;
        try {
            const auto json = safetyrisk::detail::parse_json(text, "target");
            const JsonView view(json, "target");
            view.only({"measure", "op", "value", "unit"});
            const std::string measure = view.at("measure").text();
            if (measure != "count" && measure != "ratio")
                view.at("measure").fail("is neither count nor ratio");
            if (view.has("op") && view.at("op").text() != ">=")
                view.at("op").fail("only >= is owed");
            duty.ratio = measure == "ratio";
            duty.target = view.at("value").number();
            duty.amount = !duty.ratio && view.has("unit");
            const bool whole =
                duty.target >= 1 && duty.target <= 1e9 && duty.target == std::floor(duty.target);
            if (duty.ratio ? !(duty.target > 0 && duty.target <= 1) : !whole)
                view.at("value").fail(duty.ratio ? "a share lies above 0 and up to 1"
                                                 : "a count is a whole number from 1");
            if (duty.ratio && duty.object.empty()) view.at("measure").fail("a ratio needs objects");
            if (duty.ratio && duty.subject.empty())
                view.at("measure").fail("a ratio needs a subject");
            if (duty.rolling && (duty.ratio || duty.amount || duty.target != 1))
                view.at("value").fail("a rolling cadence owes one record at a time");
        } catch (const Error& error) {
            fail("duty.target_malformed", "target", error.what());
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
                    item.at("cadence").fail("is no duration such as P1M");
                Selector read = graph::read_selector(item.at("select"));
                const graph::View view(graph_.store(), Date(0));
                const graph::BoundSelector bound(view, read);
                duty.overrides.emplace_back(std::move(read), *cadence);
            }
            if (duty.deadline || duty.yearly)
                throw InputError("overrides: a deadline has no cadence to override");
            if (duty.subject.empty())
                throw InputError("overrides: they match subjects, and the duty has none");
        } catch (const Error& error) {
            fail("duty.overrides_malformed", "overrides", error.what());
        }
    }

    const ResponsibilityGraph& graph_;
    const Table& table_;
    std::size_t row_ = 0;
};

}  // namespace

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
    return read;
}

}  // namespace safetyrisk::duty
