#include "words.hpp"

#include "../core/json_view.hpp"

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/text.hpp>

#include <map>

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

std::string action_id(std::string_view word) {
    // The words of actions stand in the pack that asks for them as evidence.
    static const auto ids = [] {
        std::map<std::string, std::string, std::less<>> out;
        for (const auto& pack : PackRegistry::builtin().all()) {
            if (pack->kind != "accountability") continue;
            const detail::Json document = detail::parse_json(pack->canonical, pack->id);
            const auto words =
                detail::JsonView(document, pack->id).at("content").at("evidence").at("words");
            for (const auto& [id, names] : words.node().items()) {
                out.emplace(names.at("zh").get<std::string>(), id);
                out.emplace(names.at("en").get<std::string>(), id);
            }
        }
        return out;
    }();
    const auto found = ids.find(word);
    return found == ids.end() ? std::string(word) : found->second;
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
