#include "graph/collective_view.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "../core/json_view.hpp"
#include "near.hpp"
#include "selector.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace safetyrisk::graph {
namespace {

using detail::Json;
using detail::JsonView;

constexpr std::array<std::string_view, 6> level_ids{"country", "province", "city",
                                                    "county",  "town",     "village"};

// Brackets and blanks as registers mix them.
std::string plain(std::string_view text) {
    std::string half = to_half_width(text), out;
    for (const char c : half)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out.push_back(c);
    return out;
}

std::shared_ptr<const Pack> pack_or_usual(const std::shared_ptr<const Pack>& pack) {
    const auto used = pack ? pack : PackRegistry::builtin().find("collectives");
    if (used->kind != "collectives")
        throw InputError("the pack " + used->id + " is of kind '" + used->kind +
                         "', not 'collectives'");
    return used;
}

// The entry of a name, or null.
const Json* entry_of(const Json& document, std::string_view pack, std::string_view name) {
    const JsonView content = JsonView(document, std::string(pack)).at("content");
    for (const JsonView& item : content.at("collectives").items())
        for (const JsonView& one : item.at("names").items())
            if (plain(one.text()) == name) return &item.node();
    return nullptr;
}

const Json* entry_with_id(const Json& document, std::string_view pack, std::string_view id) {
    const JsonView content = JsonView(document, std::string(pack)).at("content");
    for (const JsonView& item : content.at("collectives").items())
        if (item.at("id").text() == id) return &item.node();
    return nullptr;
}

class Resolver {
public:
    Resolver(const View& view, const CollectiveContext& context, Collective& result)
        : view_(view), context_(context), result_(result) {
        const Store& s = view.s;
        if (!context.in.empty()) {
            in_ = s.find(context.in);
            if (in_ == none)
                throw NotFoundError("there is no region or zone '" + context.in + "'" +
                                    near_nodes(s, context.in, {s.known.region, s.known.zone}));
            level_ = view.level_of(in_);
        }
        for (const std::string& sector : context.sectors)
            if (s.sectors.find(sector) == none)
                throw NotFoundError("there is no sector '" + sector + "'" +
                                    near_sectors(s.sectors, sector));
        committee_ = context.committee;
        if (committee_.empty() && in_ != none) {
            const auto bodies = view.bodies(in_, s.known.safety_committee);
            if (!bodies.empty()) committee_ = view.id(bodies.front());
        }
        for (const std::string& id : context.addressees) {
            const NodeNo v = s.find(id);
            if (v == none)
                throw NotFoundError("there is no addressee '" + id + "'" + near_nodes(s, id));
            addressees_.push_back(v);
        }
    }

    std::set<NodeNo> members(const JsonView& entry) {
        entry.only(
            {"id", "en", "names", "open", "select", "minus", "having", "within", "addressees"});
        std::set<NodeNo> nodes;
        if (entry.has("addressees")) {
            if (addressees_.empty()) {
                lack("addressees");
            } else {
                std::vector<std::string> kinds;
                for (const JsonView& kind : entry.at("addressees").items())
                    kinds.push_back(kind.text());
                for (const NodeNo v : addressees_)
                    if (view_.alive(v) &&
                        (kinds.empty() || std::find(kinds.begin(), kinds.end(),
                                                    view_.s.kind_of(v).id) != kinds.end()))
                        nodes.insert(v);
                if (!nodes.empty()) return nodes;
            }
        }
        for (const JsonView& item : entry.at("select").items())
            for (const NodeNo v : ask(item))
                nodes.insert(v);
        if (entry.has("minus"))
            for (const JsonView& item : entry.at("minus").items())
                for (const NodeNo v : ask(item))
                    nodes.erase(v);
        if (entry.has("having")) {
            const std::vector<NodeNo> objects = ask(entry.at("having"));
            std::set<NodeNo> places;
            for (const NodeNo v : objects)
                for (const NodeNo place : view_.chain(view_.place_of(v)))
                    places.insert(place);
            std::erase_if(nodes, [&](NodeNo v) { return places.count(view_.place_of(v)) == 0; });
        }
        return nodes;
    }

private:
    void lack(const std::string& what) {
        if (std::find(result_.lacking.begin(), result_.lacking.end(), what) ==
            result_.lacking.end())
            result_.lacking.push_back(what);
    }

    // The next finer level at which the territory has governments.
    std::string below() const {
        for (std::size_t level = level_ + 1U; level < level_ids.size(); ++level) {
            Selector selector;
            selector.parts.emplace_back();
            selector.parts[0].kind = "government";
            selector.parts[0].in = context_.in;
            selector.parts[0].level = level_ids.at(level);
            if (!select(view_, selector).empty()) return selector.parts[0].level;
        }
        return std::string(level_ids.at(std::min<std::size_t>(level_ + 1U, level_ids.size() - 1)));
    }

    // A selector with the context filled in; nothing when the context lacks what it needs.
    std::vector<NodeNo> ask(const JsonView& item) {
        Json json = item.node();
        bool whole = true;
        const auto fill = [&](Json& object) {
            for (auto at = object.begin(); at != object.end();) {
                if (!at->is_string() || at->get_ref<const std::string&>().rfind('$', 0) != 0) {
                    ++at;
                    continue;
                }
                const std::string word = at->get<std::string>();
                if (word == "$sectors" && context_.sectors.empty()) {
                    result_.unrestricted = true;
                    at = object.erase(at);
                    continue;
                }
                if (word == "$sectors") {
                    *at = context_.sectors;
                } else if (word == "$committee") {
                    if (committee_.empty()) {
                        lack("committee");
                        whole = false;
                    }
                    *at = committee_;
                } else if (in_ == none || level_ == no_level) {
                    lack("in");
                    whole = false;
                } else if (word == "$in") {
                    *at = context_.in;
                } else if (word == "$level") {
                    *at = std::string(level_ids.at(level_));
                } else if (word == "$below") {
                    *at = below();
                } else {
                    item.fail("'" + word + "' is nothing of the context");
                }
                ++at;
            }
        };
        fill(json);
        if (json.contains("via")) fill(json["via"]);
        if (!whole) return {};
        result_.selectors.push_back(json.dump());
        return select(view_, read_selector(JsonView(json, item.path())));
    }

    const View& view_;
    const CollectiveContext& context_;
    Collective& result_;
    NodeNo in_ = none;
    std::uint8_t level_ = no_level;
    std::string committee_;
    std::vector<NodeNo> addressees_;
};

}  // namespace

bool is_collective(std::string_view text, const std::shared_ptr<const Pack>& pack) {
    const auto used = pack_or_usual(pack);
    const Json document = detail::parse_json(used->canonical, used->id);
    return entry_of(document, used->id, plain(text)) != nullptr;
}

Collective resolve_collective(const ResponsibilityGraph& graph, std::string_view text,
                              const CollectiveContext& context, std::optional<Date> on,
                              const std::shared_ptr<const Pack>& pack) {
    return resolve_collective(View(graph.store(), graph.day(on)), text, context, pack);
}

Collective resolve_collective(const View& view, std::string_view text,
                              const CollectiveContext& context,
                              const std::shared_ptr<const Pack>& pack) {
    const auto used = pack_or_usual(pack);
    const Json document = detail::parse_json(used->canonical, used->id);
    Collective result;
    result.text = text;
    Resolver resolver(view, context, result);
    const Json* entry = entry_of(document, used->id, plain(text));
    if (entry == nullptr) return result;
    const JsonView at(*entry, used->id + ".content.collectives[" + entry->at("id").dump() + "]");
    result.id = at.at("id").text();
    result.en = at.at("en").text();
    result.open = at.has("open") && at.at("open").boolean();
    std::set<NodeNo> nodes = resolver.members(at);
    if (at.has("within")) {
        const std::string other = at.at("within").text();
        const Json* outer = entry_with_id(document, used->id, other);
        if (outer == nullptr) at.at("within").fail("there is no collective '" + other + "'");
        const std::set<NodeNo> within = resolver.members(JsonView(*outer, used->id));
        std::erase_if(nodes, [&](NodeNo v) { return within.count(v) == 0; });
    }
    for (const NodeNo v : nodes)
        result.nodes.emplace_back(view.id(v));
    return result;
}

}  // namespace safetyrisk::graph
