#include "words.hpp"

#include "../core/json_view.hpp"

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/text.hpp>

#include <map>
#include <utility>

namespace safetyrisk::graph {

std::string label(const View& view, NodeNo node) {
    const std::string_view name = view.name(node);
    return std::string(name.empty() ? view.id(node) : name);
}

std::string_view edge_word(const View& view, EdgeNo edge, Lang lang) {
    if (edge == none) return lang == Lang::zh ? "所在" : "is located in";
    const EdgeKind& kind = view.s.kinds->edges()[view.kind(edge)];
    return lang == Lang::zh ? kind.zh : kind.en;
}

std::string_view edge_id(const View& view, EdgeNo edge) {
    return edge == none ? std::string_view("LOCATED_IN")
                        : std::string_view(view.s.kinds->edges()[view.kind(edge)].id);
}

std::string basis_of(const View& view, EdgeNo edge) {
    if (edge == none || view.origin(edge) == none) return {};
    const std::string_view document = view.s.doc(view.origin(edge));
    const std::string_view clause = view.s.clause_of(view.origin(edge));
    std::string text(document);
    if (!document.empty() && !clause.empty()) text += ' ';
    text += clause;
    return text;
}

std::string_view to_string(Sureness sureness) {
    switch (sureness) {
        case Sureness::stated:
            return "stated";
        case Sureness::expanded:
            return "expanded";
        case Sureness::inferred:
            return "inferred";
    }
    return "";
}

std::string_view word(Sureness sureness, Lang lang) {
    if (lang == Lang::en) return to_string(sureness);
    switch (sureness) {
        case Sureness::stated:
            return "原文载明";
        case Sureness::expanded:
            return "由统称展开";
        case Sureness::inferred:
            return "推断";
    }
    return "";
}

std::string fill(std::string_view sentence, const std::vector<std::string>& arguments) {
    std::string text;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        if (sentence[i] == '{' && i + 2 < sentence.size() && sentence[i + 2] == '}' &&
            sentence[i + 1] >= '1' && sentence[i + 1] <= '9') {
            const auto n = static_cast<std::size_t>(sentence[i + 1] - '1');
            if (n < arguments.size()) text += arguments[n];
            i += 2;
        } else {
            text.push_back(sentence[i]);
        }
    }
    return text;
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0) text += between;
        text += parts[i];
    }
    return text;
}

std::vector<std::string> sector_names(const Store& store, SetNo set, Lang lang, bool ids) {
    std::vector<std::string> names;
    for (const std::uint16_t sector : store.sectors.sets[set]) {
        const Sectors::Sector& s = store.sectors.all[sector];
        names.push_back(ids ? s.id : lang == Lang::zh ? s.zh : s.en);
    }
    return names;
}

std::vector<std::string> link_names(const Store& store, std::uint64_t links) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < store.links.size() && i < 64; ++i)
        if (((links >> i) & 1U) != 0) names.push_back(store.links[i]);
    return names;
}

std::string sector_cell(const Store& store, SetNo set) {
    return join(sector_names(store, set, Lang::zh, true), ";");
}

std::string link_cell(const Store& store, std::uint64_t links) {
    return join(link_names(store, links), ";");
}

std::string_view to_string(Duty duty) {
    constexpr std::string_view words[] = {"", "first", "in_charge", "portfolio", "direct", "post"};
    return words[static_cast<std::size_t>(duty)];
}

std::string day_text(const std::vector<std::int32_t>& column, std::size_t at, std::int32_t open) {
    if (column.empty() || column[at] == open) return {};
    return Date(column[at]).text();
}

std::string_view link_word(const Store& store, std::string_view id, Lang lang) {
    const auto found = store.sectors.link_names.find(id);
    if (found == store.sectors.link_names.end()) return id;
    const std::string& name = lang == Lang::zh ? found->second.zh : found->second.en;
    return name.empty() ? id : std::string_view(name);
}

namespace {

struct Actions {
    std::map<std::string, std::string, std::less<>> ids;  // by word
    struct Names {
        std::string zh, en;
    };
    std::map<std::string, Names, std::less<>> names;  // by id
};

// The words of actions stand in the pack that asks for them as evidence.
const Actions& actions() {
    static const Actions items = [] {
        Actions out;
        for (const auto& pack : PackRegistry::builtin().all()) {
            if (pack->kind != "accountability") continue;
            const detail::Json document = detail::parse_json(pack->canonical, pack->id);
            const auto words =
                detail::JsonView(document, pack->id).at("content").at("evidence").at("words");
            for (const auto& [id, names] : words.node().items()) {
                const auto zh = names.at("zh").get<std::string>();
                const auto en = names.at("en").get<std::string>();
                out.ids.emplace(id, id);
                out.ids.emplace(zh, id);
                out.ids.emplace(en, id);
                if (names.contains("also"))
                    for (const auto& one : names.at("also"))
                        out.ids.emplace(one.get<std::string>(), id);
                out.names.try_emplace(id, Actions::Names{zh, en});
            }
        }
        return out;
    }();
    return items;
}

}  // namespace

std::string action_id(std::string_view word) {
    const auto found = actions().ids.find(word);
    return found == actions().ids.end() ? std::string(word) : found->second;
}

bool is_action(std::string_view word) {
    return actions().ids.count(word) != 0;
}

std::string action_word(std::string_view id, Lang lang) {
    const auto found = actions().names.find(id);
    if (found == actions().names.end()) return std::string(id);
    return lang == Lang::zh ? found->second.zh : found->second.en;
}

std::optional<bool> HazardWords::is_closed(std::string_view word) const {
    const auto found = states.find(word);
    if (found == states.end()) return std::nullopt;
    if (found->second == closed) return true;
    return (found->second & closed) != 0 ? std::nullopt : std::optional(false);
}

std::optional<bool> HazardWords::is_registered(std::string_view word) const {
    const auto found = states.find(word);
    if (found == states.end()) return std::nullopt;
    if ((found->second & unregistered) == 0) return true;
    return (found->second & ~unregistered) != 0 ? std::nullopt : std::optional(false);
}

const HazardWords& hazard_words() {
    static const HazardWords items = [] {
        HazardWords out;
        const auto pack = PackRegistry::builtin().find("hazard_states");
        const detail::Json document = detail::parse_json(pack->canonical, pack->id);
        const detail::JsonView content = detail::JsonView(document, pack->id).at("content");
        const auto words_of = [](const detail::JsonView& item) {
            std::vector<std::string> words;
            for (const char* key : {"id", "zh", "en"})
                if (item.has(key)) words.push_back(item.at(key).text());
            if (item.has("words"))
                for (const detail::JsonView& word : item.at("words").items())
                    words.push_back(word.text());
            return words;
        };
        std::map<std::string, std::uint32_t, std::less<>> bits;  // by id
        for (const detail::JsonView& item : content.at("states").items()) {
            const std::string id = item.at("id").text();
            const std::uint32_t bit = std::uint32_t{1} << bits.size();
            bits.emplace(id, bit);
            for (const std::string& word : words_of(item))
                out.states.emplace(word, bit);
            out.names.push_back(item.at("zh").text());
            if (id == "closed") out.closed = bit;
            if (id == "found" || id == "reported") out.unregistered |= bit;
        }
        for (const detail::JsonView& item : content.at("unclear").items()) {
            std::uint32_t may_be = 0;
            for (const detail::JsonView& id : item.at("may_be").items())
                may_be |= bits.at(id.text());
            for (const std::string& word : words_of(item))
                out.states.emplace(word, may_be);
        }
        for (const detail::JsonView& item : content.at("grades").items()) {
            for (const std::string& word : words_of(item))
                out.major.emplace(word, item.at("id").text() == "major");
            out.grades.push_back(item.at("zh").text());
        }
        return out;
    }();
    return items;
}

std::string_view accident_grade(std::string_view word) {
    static constexpr std::string_view accident = "事故";
    if (word.ends_with(accident)) word.remove_suffix(accident.size());
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"general", "general"}, {"larger", "larger"}, {"major", "major"}, {"extra", "extra"},
        {"一般", "general"},    {"较大", "larger"},   {"重大", "major"},  {"特别重大", "extra"}};
    for (const auto& [one, id] : words)
        if (word == one) return id;
    return {};
}

std::optional<bool> chairs(std::string_view word) {
    for (const std::string_view one : {"chair", "主任", "组长", "会长"})
        if (word == one) return true;
    for (const std::string_view one :
         {"deputy", "副主任", "副组长", "第一副主任", "常务副主任", "第一副组长", "常务副组长"})
        if (word == one) return false;
    return std::nullopt;
}

std::optional<bool> two_chairs(std::string_view word) {
    for (const std::string_view one : {"dual", "双主任", "双主任制"})
        if (word == one) return true;
    for (const std::string_view one : {"single", "单主任", "单主任制"})
        if (word == one) return false;
    return std::nullopt;
}

std::string json_text(std::string_view text) {
    return '"' + escape_json(text) + '"';
}

std::string json_list(const std::vector<std::string>& texts) {
    std::string json = "[";
    for (std::size_t i = 0; i < texts.size(); ++i)
        json += (i == 0 ? "" : ",") + json_text(texts[i]);
    return json + "]";
}

std::string table_of(const View& view, EdgeNo edge) {
    if (edge == none || view.origin(edge) == none) return {};
    const std::size_t table = view.s.edge_table[view.origin(edge)];
    return table < view.s.tables.size() ? view.s.tables[table].origin().table : std::string();
}

std::int64_t row_of(const View& view, EdgeNo edge) {
    if (edge == none || view.origin(edge) == none) return -1;
    const std::size_t table = view.s.edge_table[view.origin(edge)];
    if (table >= view.s.tables.size()) return -1;
    return view.s.edge_row[view.origin(edge)];
}

}  // namespace safetyrisk::graph
