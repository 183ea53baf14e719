#include <safetyrisk/graph/kinds.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace safetyrisk::graph {
namespace {

using safetyrisk::detail::JsonView;

bool flag(const JsonView& view, std::string_view key) {
    return view.has(key) && view.at(key).boolean();
}

std::uint32_t limit(const JsonView& view, std::string_view key) {
    if (!view.has(key)) return 0;
    const JsonView item = view.at(key);
    const double value = item.number();
    if (!(value >= 0 && value <= 1e9) || value != static_cast<double>(static_cast<int>(value)))
        item.fail("must be a whole number");
    return static_cast<std::uint32_t>(value);
}

template <class Kind>
KindNo find(const std::vector<Kind>& kinds, std::string_view word) {
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (kinds[i].id == word) return static_cast<KindNo>(i);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const Kind& kind = kinds[i];
        if (kind.zh == word || kind.en == word ||
            std::find(kind.aliases.begin(), kind.aliases.end(), word) != kind.aliases.end())
            return static_cast<KindNo>(i);
    }
    // People type brackets and blanks as they come.
    const std::string narrow = to_half_width(word);
    const auto same = [&](const std::string& one) { return to_half_width(one) == narrow; };
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (same(kinds[i].zh) ||
            std::any_of(kinds[i].aliases.begin(), kinds[i].aliases.end(), same))
            return static_cast<KindNo>(i);
    return no_kind;
}

template <class Kind, class Read>
std::vector<Kind> read_list(const JsonView& list, Read read) {
    std::vector<Kind> kinds;
    std::set<std::string> seen;
    std::map<std::string, std::string> words;  // to the kind that has them
    for (const JsonView& item : list.items()) {
        Kind kind = read(item);
        kind.id = item.at("id").text();
        kind.zh = item.at("zh").text();
        kind.en = item.at("en").text();
        if (item.has("aliases"))
            for (const JsonView& alias : item.at("aliases").items())
                kind.aliases.push_back(alias.text());
        if (!seen.insert(kind.id).second) item.fail("the kind '" + kind.id + "' stands twice");
        // A word of a table must mean one kind.
        std::vector<std::string> own{kind.id, kind.zh, kind.en};
        own.insert(own.end(), kind.aliases.begin(), kind.aliases.end());
        for (const std::string& word : own)
            if (const auto [at, fresh] = words.emplace(word, kind.id);
                !fresh && at->second != kind.id)
                item.fail("the word '" + word + "' means both '" + at->second + "' and '" +
                          kind.id + "'");
        kinds.push_back(std::move(kind));
    }
    if (kinds.empty()) list.fail("lists no kind");
    if (kinds.size() >= no_kind) list.fail("lists more than 254 kinds");
    return kinds;
}

}  // namespace

Kinds::Kinds(std::shared_ptr<const Pack> pack) : pack_(std::move(pack)) {
    if (pack_->kind != "graph_kinds")
        throw InputError(pack_->id + ": is a pack of kind '" + pack_->kind +
                         "', not 'graph_kinds'");
    const auto json = safetyrisk::detail::parse_json(pack_->canonical, pack_->id);
    const JsonView content = JsonView(json, pack_->id).at("content");
    content.only({"nodes", "posts", "edges"});
    nodes_ = read_list<NodeKind>(content.at("nodes"), [](const JsonView& item) {
        item.only({"id", "zh", "en", "aliases", "seated", "place", "owned"});
        NodeKind kind;
        kind.seated = flag(item, "seated");
        kind.place = flag(item, "place");
        kind.owned = flag(item, "owned");
        return kind;
    });
    posts_ = read_list<PostKind>(content.at("posts"), [](const JsonView& item) {
        item.only({"id", "zh", "en", "aliases", "enterprise", "leading", "principal"});
        PostKind kind;
        kind.enterprise = flag(item, "enterprise");
        kind.leading = flag(item, "leading");
        kind.principal = flag(item, "principal");
        return kind;
    });
    const auto ends = [&](const JsonView& item, std::string_view key) {
        std::vector<KindNo> kinds;
        if (!item.has(key)) return kinds;
        for (const JsonView& end : item.at(key).items()) {
            const KindNo kind = find(nodes_, end.text());
            if (kind == no_kind) end.fail("no kind of node is called '" + end.text() + "'");
            kinds.push_back(kind);
        }
        return kinds;
    };
    edges_ = read_list<EdgeKind>(content.at("edges"), [&](const JsonView& item) {
        item.only({"id", "zh", "en", "aliases", "from", "to", "least_out", "most_out", "least_in",
                   "most_in", "most_in_principal", "counted_from", "counted_to", "acyclic",
                   "derived", "rule", "rule_checks", "basis"});
        EdgeKind kind;
        kind.from = ends(item, "from");
        kind.to = ends(item, "to");
        kind.least_out = limit(item, "least_out");
        kind.most_out = limit(item, "most_out");
        kind.least_in = limit(item, "least_in");
        kind.most_in = limit(item, "most_in");
        if ((kind.most_out != 0 && kind.least_out > kind.most_out) ||
            (kind.most_in != 0 && kind.least_in > kind.most_in))
            item.fail("asks for more edges than it allows");
        kind.counted_from = ends(item, "counted_from");
        kind.counted_to = ends(item, "counted_to");
        kind.acyclic = flag(item, "acyclic");
        kind.derived = flag(item, "derived");
        kind.most_in_principal = limit(item, "most_in_principal");
        kind.rule = item.text_or_empty("rule");
        kind.rule_in = kind.rule_out = kind.rule_acyclic = !kind.rule.empty();
        if (item.has("rule_checks")) {
            if (kind.rule.empty()) item.at("rule_checks").fail("stands without a rule");
            kind.rule_in = kind.rule_out = kind.rule_acyclic = false;
            for (const JsonView& one : item.at("rule_checks").items()) {
                const std::string what = one.text();
                if (what == "in")
                    kind.rule_in = true;
                else if (what == "out")
                    kind.rule_out = true;
                else if (what == "acyclic")
                    kind.rule_acyclic = true;
                else
                    one.fail("must be in, out or acyclic");
            }
        }
        kind.basis = item.text_or_empty("basis");
        return kind;
    });
}

std::shared_ptr<const Kinds> Kinds::usual() {
    static const auto kinds =
        std::make_shared<const Kinds>(PackRegistry::builtin().find("graph_kinds"));
    return kinds;
}

KindNo Kinds::node(std::string_view word) const {
    return find(nodes_, word);
}

KindNo Kinds::post(std::string_view word) const {
    return find(posts_, word);
}

KindNo Kinds::edge(std::string_view word) const {
    return find(edges_, word);
}

}  // namespace safetyrisk::graph
