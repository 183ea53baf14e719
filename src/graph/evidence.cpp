#include "graph/evidence.hpp"

#include <safetyrisk/core/error.hpp>

#include "core/cells.hpp"

#include <algorithm>

namespace safetyrisk::graph {

bool has_valid_record(const RuleRun& run, std::span<const std::uint32_t> rows,
                      std::uint16_t action) {
    const Records& records = run.s.records;
    for (const std::uint32_t row : rows) {
        const std::int32_t day = records.date[row];
        if (records.action[row] != action || day == always_from || day > run.view.day()) continue;
        if ((records.unclear_at(row) & Records::end_unclear) != 0) continue;
        const Value end = records.value(row, "valid_to");
        if (end.is_empty() || is_open_end(end.text)) return true;
        if (const auto last = end.as_date(); last && *last >= run.view.on()) return true;
    }
    return false;
}

std::optional<Date> last_good_day(const RuleRun& run, std::span<const std::uint32_t> rows,
                                  std::uint16_t action) {
    const Records& records = run.s.records;
    std::optional<Date> last;
    for (const std::uint32_t row : rows) {
        const std::int32_t day = records.date[row];
        if (records.action[row] != action || day == always_from || day > run.view.day()) continue;
        const auto end = records.value(row, "valid_to").as_date();
        if (end && *end < run.view.on() && (!last || *last < *end)) last = *end;
    }
    return last;
}

std::optional<Date> last_record(const RuleRun& run, std::span<const std::uint32_t> rows,
                                std::uint16_t action) {
    const Records& records = run.s.records;
    std::optional<Date> last;
    for (const std::uint32_t row : rows) {
        const std::int32_t day = records.date[row];
        if (records.action[row] != action || day == always_from || day > run.view.day()) continue;
        if (!last || *last < Date(day)) last = Date(day);
    }
    return last;
}

bool may_have_record(const RuleRun& run, std::span<const std::uint32_t> rows, std::uint16_t action,
                     std::optional<Date> from) {
    const Records& records = run.s.records;
    if (records.unclear.empty()) return false;
    return std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
        const std::uint8_t bits = records.unclear_at(row);
        if (bits == 0) return false;
        const bool of_action = records.action[row] == action && action != 0xffff;
        if (!of_action && (bits & Records::action_unclear) == 0) return false;
        if ((bits & Records::date_unclear) != 0) return true;
        if ((bits & Records::date_ahead) != 0 && records.date[row] > run.view.day()) return true;
        if (records.date[row] > run.view.day() ||
            (from && records.date[row] < from->days_since_1970()))
            return false;
        return (bits & (Records::action_unclear | Records::end_unclear)) != 0;
    });
}

bool ahead(const RuleRun& run, Date day) {
    return run.s.data_date && day > *run.s.data_date && day > run.view.on();
}

std::string text_parameter(const RuleRun& run, std::string_view name) {
    const auto& value = run.parameter(name);
    if (!value.is_string())
        throw InputError(run.rule.id + "." + std::string(name) + ": " + value.dump() +
                         " is no word");
    return value.get<std::string>();
}

NodeNo node_of(const View& view, const Value& value) {
    if (value.type != Value::Type::text) return none;
    const NodeNo v = view.s.find(value.text);
    return v != none && view.alive(v) ? v : none;
}

HighRisk::HighRisk(const RuleContext& context)
    : c_(context), own_(context.s.attribute("high_risk")) {
    for (const auto& set : c_.s.sectors.sets)
        sets_.push_back(std::any_of(set.begin(), set.end(),
                                    [&](std::uint16_t sector) { return c_.high_risk(sector); }));
}

bool HighRisk::at(NodeNo enterprise) const {
    return known(enterprise).value_or(false);
}

std::optional<bool> HighRisk::known(NodeNo enterprise) const {
    const SetNo set = c_.view.node_sectors(enterprise);
    if (sets_[set] != 0) return true;
    if (own_.anywhere())
        if (const auto yes = own_.at(c_.view.like(enterprise)).yes()) return yes;
    return set == 0 ? std::nullopt : std::optional(false);
}

Marks::Marks(const RuleContext& context, std::string_view column)
    : c_(context), cells_(context.s.attribute(column)) {
    if (!cells_.anywhere()) return;
    const auto& all = c_.nodes(c_.k.enterprise);
    denied_ = std::any_of(all.begin(), all.end(), [&](NodeNo e) {
        return !cells_.at(c_.view.like(e)).yes().value_or(true);
    });
}

std::optional<bool> Marks::at(NodeNo enterprise) const {
    const NodeNo v = c_.view.like(enterprise);
    if (cells_.unclear(v)) return std::nullopt;
    if (const auto yes = cells_.at(v).yes()) return yes;
    return denied_ ? std::nullopt : std::optional(false);
}

Reason Marks::why(NodeNo enterprise) const {
    return RuleRun::why(cells_.unclear(c_.view.like(enterprise)));
}

UnitPosts::UnitPosts(const RuleContext& context, KindNo unit_kind) {
    const View& view = context.view;
    std::vector<std::pair<NodeNo, NodeNo>> pairs;
    for (const EdgeNo e : context.edges(context.k.has_post))
        if (view.is(view.source(e), unit_kind)) pairs.emplace_back(view.source(e), view.target(e));
    if (!std::is_sorted(pairs.begin(), pairs.end())) std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    posts_.reserve(pairs.size());
    for (const auto& [unit, post] : pairs) {
        if (units_.empty() || units_.back() != unit) {
            units_.push_back(unit);
            starts_.push_back(posts_.size());
        }
        posts_.push_back(post);
    }
    starts_.push_back(posts_.size());
}

std::span<const NodeNo> UnitPosts::at(NodeNo unit) const {
    const auto found = std::lower_bound(units_.begin(), units_.end(), unit);
    if (found == units_.end() || *found != unit) return {};
    const auto i = static_cast<std::size_t>(found - units_.begin());
    return std::span(posts_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
}

std::vector<NodeNo> acting_for(const RuleContext& context, NodeNo v) {
    const View& view = context.view;
    std::vector<NodeNo> units;
    const auto of_post = [&](NodeNo post) {
        if (view.unit(post) != none) units.push_back(view.unit(post));
    };
    if (view.is(v, context.k.post))
        of_post(v);
    else if (view.is(v, context.k.person))
        view.out(v, context.k.holds, [&](EdgeNo e) { of_post(view.target(e)); });
    else
        units.push_back(v);
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    return units;
}

bool oversees(const RuleContext& context, NodeNo body, NodeNo enterprise, std::uint32_t place) {
    const Regulators& regulators = context.regulators();
    const View& view = context.view;
    bool found = false;
    if (enterprise != none) regulators.from(enterprise, body, [&](EdgeNo) { found = true; });
    regulators.places().up(place, [&](std::uint32_t p) {
        const NodeNo at = regulators.places().node(p);
        regulators.from(at, body, [&](EdgeNo) { found = true; });
        if (!found)
            view.in(at, context.k.comprehensive,
                    [&](EdgeNo e) { found = found || view.source(e) == body; });
        return !found;
    });
    return found;
}

// ── words ──

std::string either(std::string_view zh, std::string_view en) {
    return "\1t" + std::string(zh) + "\4" + std::string(en) + "\2";
}

std::string listed(std::span<const std::string> words) {
    std::string all;
    for (const std::string& word : words) {
        if (!all.empty()) all += '\3';
        all += word;
    }
    return all;
}

std::string link_words(const RuleRun& run, std::uint64_t links) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < run.s.links.size(); ++i) {
        if (((links >> i) & 1U) == 0) continue;
        const std::string& id = run.s.links[i];
        const auto name = run.s.sectors.link_names.find(id);
        words.push_back(
            name == run.s.sectors.link_names.end() ? id : either(name->second.zh, name->second.en));
    }
    return listed(words);
}

}  // namespace safetyrisk::graph
