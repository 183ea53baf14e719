#include <safetyrisk/graph/lineage.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "../core/json_view.hpp"
#include "lineage_steps.hpp"
#include "near.hpp"
#include "store.hpp"
#include "words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::graph {
namespace {

using detail::JsonView;

std::string plain(std::string_view text) {
    const std::string half = to_half_width(text);
    std::string out;
    for (const char c : half)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out.push_back(c);
    return out;
}

// A word of the pack for a function of departments or a body.
struct Word {
    std::string text;
    std::string function;  // of departments; empty for bodies
    std::string kind;      // of bodies
    bool whole = false;    // a short form: the name is nothing else
    std::optional<Date> valid_to;
};

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 11> level_words{{{"省", 1},
                                                                                 {"自治区", 1},
                                                                                 {"市", 2},
                                                                                 {"州", 2},
                                                                                 {"县", 3},
                                                                                 {"区", 3},
                                                                                 {"旗", 3},
                                                                                 {"乡", 4},
                                                                                 {"镇", 4},
                                                                                 {"街道", 4},
                                                                                 {"村", 5}}};

}  // namespace

struct UnitNames::State {
    ResponsibilityGraph graph;
    std::unordered_map<std::string, std::vector<NodeNo>> by_name;  // names and ids of units
    std::vector<Word> words;                                       // longest first
    std::unordered_map<std::string, std::vector<NodeNo>> by_function;
    std::vector<NodeNo> regions;

    explicit State(const ResponsibilityGraph& g) : graph(g) {}

    const Word* ending(std::string_view name) const {
        for (const Word& word : words)
            if (word.whole ? name == word.text : name.ends_with(word.text)) return &word;
        return nullptr;
    }

    template <class F>
    std::set<NodeNo> lineage(NodeNo unit, bool forward, std::optional<std::int32_t> day,
                             F&& until) const {
        return lineage_of(View(graph.store(), Date(day.value_or(0))), unit, forward, day, until);
    }
};

UnitNames::UnitNames(const ResponsibilityGraph& graph, const std::shared_ptr<const Pack>& given) {
    auto state = std::make_shared<State>(graph);
    const Store& s = graph.store();
    const Known& k = s.known;
    const auto pack = given ? given : PackRegistry::builtin().find("departments");
    if (pack->kind != "departments")
        throw InputError("the pack " + pack->id + " is of kind '" + pack->kind +
                         "', not 'departments'");
    const detail::Json document = detail::parse_json(pack->canonical, pack->id);
    const JsonView content = JsonView(document, pack->id).at("content");
    for (const JsonView& item : content.at("functions").items()) {
        const std::string id = item.at("id").text();
        state->words.push_back({plain(item.at("zh").text()), id, {}, false, {}});
        for (const JsonView& alias : item.at("aliases").items())
            state->words.push_back({plain(alias.text()), id, {}, false, {}});
        if (item.has("short"))
            for (const JsonView& word : item.at("short").items())
                state->words.push_back({plain(word.text()), id, {}, true, {}});
        for (const JsonView& old : item.at("predecessors").items())
            state->words.push_back({plain(old.at("name").text()),
                                    id,
                                    {},
                                    false,
                                    Date::parse(old.text_or_empty("valid_to"))});
    }
    if (content.has("bodies"))
        for (const JsonView& item : content.at("bodies").items()) {
            const std::string kind = item.at("kind").text();
            state->words.push_back({plain(item.at("zh").text()), {}, kind, false, {}});
            for (const JsonView& alias : item.at("aliases").items())
                state->words.push_back({plain(alias.text()), {}, kind, false, {}});
        }
    // The longest says it: 市场监督管理局 is no 管理局.
    std::stable_sort(state->words.begin(), state->words.end(),
                     [](const Word& a, const Word& b) { return a.text.size() > b.text.size(); });
    const Store::Attribute function = s.attribute("function");
    for (NodeNo v = 0; v < s.n(); ++v) {
        if (s.is(v, k.post) || s.is(v, k.person) || s.is(v, k.risk_point) || s.is(v, k.hazard) ||
            s.is(v, k.task) || s.is(v, k.document))
            continue;
        const std::string name = plain(s.name(v));
        if (!name.empty()) state->by_name[name].push_back(v);
        if (const std::string id = plain(s.id(v)); id != name) state->by_name[id].push_back(v);
        if (s.is(v, k.region) || s.is(v, k.zone)) state->regions.push_back(v);
        if (s.is(v, k.dept)) {
            const Value own = function.at(v);
            if (own.type == Value::Type::text)
                state->by_function[std::string(own.text)].push_back(v);
            else if (const Word* word = state->ending(name); word != nullptr && !word->whole)
                state->by_function[word->function].push_back(v);
        } else if (s.kind_of(v).seated) {
            state->by_function["body " + s.kind_of(v).id].push_back(v);
        }
    }
    state_ = std::move(state);
}

ResolvedName UnitNames::resolve(std::string_view text, std::optional<Date> on,
                                std::string_view in) const {
    const State& state = *state_;
    const ResponsibilityGraph& graph = state.graph;
    const Store& s = graph.store();
    const View view(s, graph.day(on));
    const Known& k = s.known;
    ResolvedName result;
    result.text = text;
    result.on = view.on();
    NodeNo home = none;
    if (!in.empty()) {
        home = graph.find(in);
        if (home == none)
            throw NotFoundError("there is no region or zone '" + std::string(in) + "'" +
                                near_nodes(s, in, {k.region, k.zone}));
    }
    const std::string name = plain(text);
    std::map<NodeNo, NameMatch> found;
    const auto add = [&](NodeNo v, const char* how, const char* confidence) {
        found.emplace(v, NameMatch{std::string(s.id(v)), std::string(s.name(v)), how, confidence});
    };
    const auto finish = [&] {
        for (auto& [v, match] : found)
            result.matches.push_back(std::move(match));
        // Several successors are one answer; several units of one name are a question.
        const bool lineage = !result.matches.empty() && (result.matches[0].how == "successor" ||
                                                         result.matches[0].how == "predecessor");
        if (result.finding.empty() && result.matches.size() > 1 && !lineage)
            result.finding = "ambiguous";
        if (result.finding.empty() && result.matches.empty()) result.finding = "unknown";
        return result;
    };
    const auto here = [&](NodeNo v) {
        if (home == none) return true;
        const NodeNo place = view.place_of(v);
        return place == none || view.within(place, home) || view.within(home, place);
    };

    const auto holder = [&](NodeNo v) {
        NameHolder one;
        one.node = s.id(v);
        one.name = s.name(v);
        if (const NodeNo place = view.place_of(v); place != none && place != v)
            one.place = s.name(place).empty() ? s.id(place) : s.name(place);
        if (!s.node_from.empty() && s.node_from[v] != always_from) one.from = Date(s.node_from[v]);
        if (!s.node_to.empty() && s.node_to[v] != always_to) one.to = Date(s.node_to[v]);
        result.holders.push_back(std::move(one));
    };

    // 1. A node of that name. Those of another territory count only when no other is left.
    std::vector<NodeNo> named;
    if (const auto at = state.by_name.find(name); at != state.by_name.end()) {
        for (const NodeNo v : at->second)
            if (here(v)) named.push_back(v);
        if (named.empty()) named = at->second;
    }
    const auto alive = [&](NodeNo v) { return view.alive(v); };
    if (std::any_of(named.begin(), named.end(), alive)) {
        if (std::count_if(named.begin(), named.end(), alive) > 1)
            for (const NodeNo v : named)
                if (view.alive(v)) holder(v);
        for (const NodeNo v : named) {
            if (!view.alive(v)) continue;
            bool alias = false;
            view.out(v, k.alias_of, [&](EdgeNo e) {
                alias = true;
                add(view.target(e), "alias", "stated");
            });
            if (alias) continue;
            // An alias that is no longer one.
            const auto [first, last] = view.out_range(v, k.alias_of);
            for (EdgeNo e = first; e != last; ++e) {
                alias = true;
                const bool past = !s.edge_to.empty() && s.edge_to[e] < view.day();
                result.finding = past ? "obsolete" : "not_yet";
                result.former = s.id(v);
                result.former_name = s.name(v);
                if (past) result.since = Date(s.edge_to[e] + 1);
                if (view.alive(s.target[e])) add(s.target[e], "alias", "expanded");
            }
            if (!alias) add(v, "name", "stated");
        }
        return finish();
    }
    if (!named.empty()) {
        // None of those that ever had the name was there: all are told, with their days.
        if (named.size() > 1)
            for (const NodeNo v : named)
                holder(v);
        for (const NodeNo v : named) {
            const bool past = s.node_to[v] < view.day();
            result.finding = past ? "obsolete" : "not_yet";
            result.former = s.id(v);
            result.former_name = s.name(v);
            result.since = Date(past ? s.node_to[v] + 1 : s.node_from[v]);
            bool alias = false;
            const auto [first, last] = view.out_range(v, k.alias_of);
            for (EdgeNo e = first; e != last; ++e)
                if (view.alive(s.target[e])) {
                    alias = true;
                    add(s.target[e], "alias", "expanded");
                }
            if (alias) continue;
            const std::optional<std::int32_t> day =
                past ? std::optional(view.day()) : std::optional<std::int32_t>();
            for (const NodeNo w : state.lineage(v, past, day, alive))
                add(w, past ? "successor" : "predecessor", "expanded");
        }
        return finish();
    }

    // 2. By what it does: [place or level] + function.
    const Word* word = state.ending(name);
    if (word == nullptr) return finish();
    const std::string prefix = name.substr(0, name.size() - word->text.size());
    const auto list =
        state.by_function.find(word->function.empty() ? "body " + word->kind : word->function);
    if (list == state.by_function.end()) return finish();
    // Places that the prefix can mean.
    std::set<NodeNo> places;
    bool any_place = false;
    if (prefix.empty()) {
        if (home == none)
            any_place = true;
        else
            places.insert(home);
    } else {
        for (const NodeNo region : state.regions) {
            const std::string_view full = s.name(region);
            bool same = full == prefix;
            // 宜丰 for 宜丰县.
            for (const auto& [suffix, level] : level_words)
                same = same || (full.size() > suffix.size() && full.ends_with(suffix) &&
                                full.substr(0, full.size() - suffix.size()) == prefix);
            if (same && view.alive(region) && here(region)) places.insert(region);
        }
        for (const auto& [suffix, level] : level_words) {
            if (prefix != suffix) continue;
            if (home == none) {
                for (const NodeNo region : state.regions)
                    if (view.level_of(region) == level && view.alive(region)) places.insert(region);
            } else {
                // 市 of a county is the city above it, and its own when it is a city of county
                // level.
                for (const NodeNo place : view.chain(home))
                    if (view.level_of(place) == level ||
                        (place == home && std::string_view(s.name(place)).ends_with(suffix)))
                        places.insert(place);
                if (places.empty())
                    for (const NodeNo region : state.regions)
                        if (view.level_of(region) == level && view.within(region, home))
                            places.insert(region);
            }
        }
        if (places.empty()) return finish();
    }
    const bool old = word->valid_to && *word->valid_to < view.on();
    for (const NodeNo v : list->second)
        if (view.alive(v) && (any_place || places.count(view.place_of(v)) != 0))
            add(v, old ? "successor" : "function", "inferred");
    if (old && !found.empty()) {
        result.finding = "obsolete";
        result.since = *word->valid_to + 1;
    }
    return finish();
}

std::vector<std::string> UnitNames::successors(std::string_view unit) const {
    const State& state = *state_;
    std::vector<std::string> ids;
    const auto none_stops = [&](NodeNo w) {
        ids.emplace_back(state.graph.id(w));
        return false;
    };
    state.lineage(state.graph.at(unit), true, std::nullopt, none_stops);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<std::string> UnitNames::predecessors(std::string_view unit) const {
    const State& state = *state_;
    std::vector<std::string> ids;
    const auto none_stops = [&](NodeNo w) {
        ids.emplace_back(state.graph.id(w));
        return false;
    };
    state.lineage(state.graph.at(unit), false, std::nullopt, none_stops);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::string ResolvedName::message(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::vector<std::string> names;
    for (const NameMatch& match : matches)
        names.push_back(match.name.empty() ? match.node : match.name);
    const std::string list = join(names, zh ? "、" : ", ");
    // Of several that had the name: which, where, and when.
    std::vector<std::string> had;
    for (const NameHolder& one : holders) {
        std::vector<std::string> about;
        if (!one.place.empty()) about.push_back(one.place);
        if (one.from && one.to)
            about.push_back(zh ? one.from->text() + "至" + one.to->text()
                               : one.from->text() + " to " + one.to->text());
        else if (one.from)
            about.push_back(zh ? one.from->text() + "起" : "from " + one.from->text());
        else if (one.to)
            about.push_back(zh ? "至" + one.to->text() : "to " + one.to->text());
        had.push_back(one.node + (about.empty() ? ""
                                  : zh          ? "（" + join(about, "，") + "）"
                                                : " (" + join(about, ", ") + ")"));
    }
    const std::string holding = join(had, zh ? "、" : ", ");
    if (holders.size() > 1 && finding == "ambiguous")
        return zh ? "“" + text + "”在" + on.text() + "是" + std::to_string(holders.size()) +
                        "个单位的名称：" + holding
                  : "'" + text + "' is the name of " + std::to_string(holders.size()) +
                        " units on " + on.text() + ": " + holding;
    if (holders.size() > 1 && (finding == "obsolete" || finding == "not_yet")) {
        std::string said = zh ? "用过“" + text + "”这一名称的有" + std::to_string(holders.size()) +
                                    "个单位：" + holding + "；" + on.text() + "都不存在"
                              : std::to_string(holders.size()) + " units have had the name '" +
                                    text + "': " + holding + "; none of them exists on " +
                                    on.text();
        if (!list.empty()) said += zh ? "，这一天是" + list : "; on that day it is " + list;
        return said;
    }
    if (finding == "unknown")
        return zh ? "“" + text + "”不是任何已知单位的名称"
                  : "no unit is known by the name '" + text + "'";
    if (finding == "ambiguous")
        return zh ? "“" + text + "”可指" + list : "'" + text + "' may mean " + list;
    if (finding == "obsolete") {
        std::string said = zh ? "“" + text + "”" : "'" + text + "' ";
        if (since)
            said += zh ? "自" + since->text() + "起已不是现用名称"
                       : "is no name in use since " + since->text();
        else
            said += zh ? "已不是现用名称" : "is no name in use";
        if (!list.empty()) said += zh ? "，现为" + list : "; it is now " + list;
        return said;
    }
    if (finding == "not_yet") {
        std::string said = zh ? "“" + text + "”" : "'" + text + "' ";
        if (since)
            said += zh ? "自" + since->text() + "起才设立" : "exists from " + since->text() + " on";
        if (!list.empty()) said += zh ? "，当时为" + list : "; it then was " + list;
        return said;
    }
    return zh ? "“" + text + "”即" + list : "'" + text + "' is " + list;
}

ResolvedName resolve_name(const ResponsibilityGraph& graph, std::string_view text,
                          std::optional<Date> on, std::string_view in) {
    return UnitNames(graph).resolve(text, on, in);
}

}  // namespace safetyrisk::graph
