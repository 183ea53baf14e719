#include <safetyrisk/duty/packs.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"
#include "duty/obligations.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace safetyrisk::duty {
namespace {

using safetyrisk::detail::JsonView;

// Columns of the table, in its order.
constexpr std::array<std::string_view, 24> columns = {
    "id",       "name",           "subject",    "action",     "object",     "deadline",
    "cadence",  "anchor",         "after",      "before",     "within",     "overrides",
    "target",   "tolerance_days", "day_kind",   "partial",    "valid_from", "valid_to",
    "document", "clause",         "confidence", "mechanisms", "pack",       "title_en"};

struct Entry {
    std::map<std::string, std::string, std::less<>> cells;
    bool unconfirmed = false;
};

bool is_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Entry read_entry(const JsonView& json, const Pack& pack) {
    json.only({"id",       "title",          "subject",    "action",    "object",     "deadline",
               "cadence",  "anchor",         "after",      "before",    "within",     "overrides",
               "target",   "tolerance_days", "day_kind",   "partial",   "valid_from", "valid_to",
               "document", "clause",         "confidence", "mechanisms"});
    Entry entry;
    auto& cells = entry.cells;
    cells["id"] = json.at("id").text();
    if (!is_id(cells["id"])) json.at("id").fail("an id is of a-z, 0-9 and _");
    json.at("title").only({"zh", "en"});
    cells["name"] = json.at("title").at("zh").text();
    cells["title_en"] = json.at("title").at("en").text();
    for (const char* key : {"subject", "object", "overrides", "target"})
        if (json.has(key)) {
            const auto& node = json.at(key).node();
            if (!node.is_structured()) json.at(key).fail("is JSON here, never an id of a graph");
            cells[key] = node.dump();
        }
    for (const char* key : {"action", "deadline", "cadence", "anchor", "after", "before", "within",
                            "day_kind", "partial", "valid_from", "valid_to", "clause"})
        if (const std::string text = json.text_or_empty(key); !text.empty()) cells[key] = text;
    cells["document"] = json.at("document").text();
    if (json.has("tolerance_days"))
        cells["tolerance_days"] =
            std::to_string(static_cast<int>(json.at("tolerance_days").number()));
    const std::string confidence = json.at("confidence").text();
    if (confidence != "V2" && confidence != "V1" && confidence != "D" && confidence != "M")
        json.at("confidence").fail("is none of V2 V1 D M");
    cells["confidence"] = confidence;
    entry.unconfirmed = confidence == "M" && pack.confidence != Confidence::unconfirmed;
    if (json.has("mechanisms")) {
        std::string joined;
        for (const JsonView& number : json.at("mechanisms").items())
            joined +=
                (joined.empty() ? "" : ";") + std::to_string(static_cast<int>(number.number()));
        cells["mechanisms"] = joined;
    }
    cells["pack"] = pack.id;
    return entry;
}

Table table_of(const std::vector<Entry>& entries, const std::string& source, Lang lang) {
    Table table(Origin{"duties", source, -1, {}, -1});
    for (const std::string_view column : columns) {
        if (column == "title_en") continue;
        const std::string_view key = column == "name" && lang == Lang::en ? "title_en" : column;
        std::vector<std::string> cells;
        std::vector<std::uint8_t> valid;
        for (const Entry& entry : entries) {
            const auto found = entry.cells.find(key);
            valid.push_back(found == entry.cells.end() ? 0 : 1);
            cells.push_back(found == entry.cells.end() ? "" : found->second);
        }
        table.add(std::string(column), Column::of(cells, valid));
    }
    return table;
}

// Reads a pack, and its rows against a graph of nothing.
std::vector<Entry> read_pack(const Pack& pack) {
    if (pack.kind != "duties")
        throw InputError(pack.id + ": is a pack of kind '" + pack.kind + "', not 'duties'");
    const auto json = safetyrisk::detail::parse_json(pack.canonical, pack.id);
    const JsonView root(json, pack.id);
    const JsonView content = root.at("content");
    content.only({"duties"});
    const std::vector<JsonView> items = content.at("duties").items();
    if (items.empty()) content.at("duties").fail("lists no duty");
    std::vector<Entry> entries;
    for (const JsonView& item : items)
        entries.push_back(read_entry(item, pack));
    static const graph::ResponsibilityGraph nothing = graph::ResponsibilityGraph::build({}, {});
    IssueTable issues;
    (void)read_obligations(nothing, table_of(entries, pack.id, Lang::zh), issues);
    for (std::size_t i = 0; i < issues.size(); ++i) {
        const Issue issue = issues.at(i, Lang::en);
        if (issue.severity == Severity::info) continue;
        const JsonView& where =
            issue.row < 0 ? content : items[static_cast<std::size_t>(issue.row)];
        where.fail(issue.message, issues.at(i, Lang::zh).message);
    }
    return entries;
}

struct Actions {
    struct Name {
        std::string zh, en;
    };
    std::map<std::string, Name, std::less<>> names;
    std::map<std::string, std::string, std::less<>> ids;  // by name

    Actions() {
        for (const auto& pack : PackRegistry::builtin().all()) {
            if (pack->kind != "actions") continue;
            const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
            const JsonView root(json, pack->id);
            const JsonView content = root.at("content");
            content.only({"actions"});
            const JsonView words = content.at("actions");
            for (const auto& [id, value] : words.node().items()) {
                const JsonView word = words.at(id);
                word.only({"zh", "en"});
                Name name{word.at("zh").text(), word.at("en").text()};
                if (!ids.emplace(name.zh, id).second) word.fail("another action has that name");
                ids.emplace(name.en, id);
                names.emplace(id, std::move(name));
            }
        }
    }
    static const Actions& all() {
        static const Actions actions;
        return actions;
    }
};

}  // namespace

PackDuties pack_duties(std::span<const std::shared_ptr<const Pack>> packs,
                       const std::vector<std::string>& switch_on, Lang lang) {
    PackDuties out;
    std::vector<Entry> used;
    std::set<std::string, std::less<>> wanted(switch_on.begin(), switch_on.end());
    const bool all = wanted.erase("*") != 0;
    std::string source;
    for (const auto& pack : packs) {
        source += (source.empty() ? "" : ";") + pack->id;
        for (Entry& entry : read_pack(*pack)) {
            const std::string& id = entry.cells.at("id");
            const bool named = wanted.erase(id) != 0;
            if (entry.unconfirmed && !named && !all) {
                out.issues.add("duty.entry_switched_off", Origin{"duties", pack->id, -1, {}, -1},
                               -1, "id", id, {pack->id});
                continue;
            }
            used.push_back(std::move(entry));
        }
    }
    if (!wanted.empty())
        throw NotFoundError("switch_on: '" + *wanted.begin() + "' is no entry of " +
                            (source.empty() ? "no pack" : source));
    out.table = table_of(used, source, lang);
    return out;
}

std::string action_of(std::string_view word) {
    const Actions& actions = Actions::all();
    if (actions.names.contains(word)) return std::string(word);
    const auto found = actions.ids.find(word);
    return found == actions.ids.end() ? std::string(word) : found->second;
}

std::string action_name(std::string_view action, Lang lang) {
    const auto& names = Actions::all().names;
    const auto found = names.find(action);
    if (found == names.end()) return std::string(action);
    return lang == Lang::zh ? found->second.zh : found->second.en;
}

}  // namespace safetyrisk::duty
