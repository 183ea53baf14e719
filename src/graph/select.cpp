#include "selector.hpp"

#include "near.hpp"
#include "words.hpp"

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <array>
#include <cmath>
#include <set>

namespace safetyrisk::graph {
namespace {

using detail::JsonView;
using Op = Condition::Op;
using Operand = Condition::Operand;

constexpr std::array<std::pair<std::string_view, Op>, 8> operators{{{"=", Op::equal},
                                                                    {"!=", Op::unequal},
                                                                    {"<", Op::less},
                                                                    {"<=", Op::at_most},
                                                                    {">", Op::more},
                                                                    {">=", Op::at_least},
                                                                    {"in", Op::in},
                                                                    {"has", Op::has}}};

constexpr std::array<std::string_view, 6> level_names{"country", "province", "city",
                                                      "county",  "town",     "village"};

using What = BoundSelector::What;
// Columns that every node has.
constexpr std::array<std::pair<std::string_view, What>, 6> own_columns{
    {{"id", What::id},
     {"name", What::name},
     {"post_kind", What::post_kind},
     {"unit", What::unit},
     {"division", What::division},
     {"level", What::level}}};

bool is_order(Op op) {
    return op == Op::less || op == Op::at_most || op == Op::more || op == Op::at_least;
}

Operand read_operand(const JsonView& json) {
    Operand operand;
    const auto& node = json.node();
    if (node.is_null()) return operand;
    if (node.is_boolean()) {
        operand.type = Operand::Type::boolean;
        operand.boolean = node.get<bool>();
    } else if (node.is_number()) {
        operand.type = Operand::Type::number;
        operand.number = node.get<double>();
    } else if (node.is_string()) {
        operand.type = Operand::Type::text;
        operand.text = node.get<std::string>();
        operand.date = Date::parse(operand.text);
    } else {
        json.fail("must be a text, a number, true, false or null");
    }
    return operand;
}

Condition read_condition(const JsonView& json) {
    const std::vector<JsonView> items = json.items();
    if (items.size() != 3) json.fail("is a list of three: column, operator, value");
    Condition condition;
    condition.column = items[0].text();
    const std::string sign = items[1].text();
    const auto* found = std::find_if(operators.begin(), operators.end(),
                                     [&](const auto& one) { return one.first == sign; });
    if (found == operators.end())
        items[1].fail("'" + sign + "' is no operator; there are = != < <= > >= in has");
    condition.op = found->second;
    if (condition.op == Op::in) {
        for (const JsonView& item : items[2].items())
            condition.operands.push_back(read_operand(item));
    } else {
        condition.operands.push_back(read_operand(items[2]));
    }
    if (is_order(condition.op)) {
        const Operand& operand = condition.operands.front();
        if (operand.type != Operand::Type::number && !operand.date)
            items[2].fail("only numbers and dates (YYYY-MM-DD) have an order");
    }
    return condition;
}

SelectorPart read_part(const JsonView& json, bool exception) {
    if (!json.is_object()) json.fail("must be an object");
    json.only({"kind", "where", "sectors", "in", "level", "via", "except"});
    SelectorPart part;
    part.path = json.path();
    if (!exception || json.has("kind")) part.kind = json.at("kind").text();
    if (json.has("where"))
        for (const JsonView& item : json.at("where").items())
            part.where.push_back(read_condition(item));
    if (json.has("sectors")) {
        for (const JsonView& item : json.at("sectors").items())
            part.sectors.push_back(item.text());
        if (part.sectors.empty())
            json.at("sectors").fail("is empty; leave the key out to mean every sector");
    }
    part.in = json.text_or_empty("in");
    part.level = json.text_or_empty("level");
    if (!part.level.empty()) {
        const auto level = parse_level(part.level);
        if (!level)
            json.at("level").fail("'" + part.level +
                                  "' is no level; there are country province city county town "
                                  "village, 国家 省 市 县 乡镇 村");
        part.level = level_names[static_cast<std::size_t>(*level)];
    }
    if (json.has("via")) {
        const JsonView via = json.at("via");
        via.only({"edge", "from", "to", "sectors"});
        SelectorPart::Via& read = part.via.emplace();
        read.edge = via.at("edge").text();
        read.from = via.text_or_empty("from");
        read.to = via.text_or_empty("to");
        if (!read.from.empty() && !read.to.empty()) via.fail("names both from and to");
        read.inverse = !read.to.empty();
        if (via.has("sectors")) {
            for (const JsonView& item : via.at("sectors").items())
                read.sectors.push_back(item.text());
            if (read.sectors.empty())
                via.at("sectors").fail("is empty; leave the key out to mean every sector");
        }
    }
    return part;
}

bool equal(const Value& value, const Operand& operand) {
    switch (operand.type) {
        case Operand::Type::null:
            return value.is_empty();
        case Operand::Type::boolean: {
            const auto yes = value.yes();
            return yes && *yes == operand.boolean;
        }
        case Operand::Type::number: {
            const auto number = value.as_number();
            return number && *number == operand.number;
        }
        case Operand::Type::text:
            break;
    }
    if (value.type == Value::Type::text && trim(value.text) == operand.text) return true;
    if (operand.date) {
        const auto date = value.as_date();
        return date && *date == *operand.date;
    }
    const NumberCell number = parse_number(operand.text);
    return value.type == Value::Type::number && number.state == NumberCell::State::value &&
           number.value == value.number;
}

// Levels and kinds of posts are asked for in any of their words, and compared by their ids.
Condition in_own_words(Condition condition, What what, const Kinds& kinds) {
    for (Operand& operand : condition.operands) {
        if (operand.type != Operand::Type::text) continue;
        if (what == What::level) {
            if (const auto level = parse_level(operand.text))
                operand.text = level_names[static_cast<std::size_t>(*level)];
        } else if (what == What::post_kind) {
            if (const KindNo kind = kinds.post(operand.text); kind != no_kind)
                operand.text = kinds.posts()[kind].id;
        }
    }
    return condition;
}

template <class T>
bool ordered(Op op, T a, T b) {
    switch (op) {
        case Op::less:
            return a < b;
        case Op::at_most:
            return a <= b;
        case Op::more:
            return a > b;
        default:
            return a >= b;
    }
}

// Whether a list in a cell (`a;b`) has an element.
bool has(const Value& value, const Operand& operand) {
    if (value.type != Value::Type::text || operand.type != Operand::Type::text)
        return equal(value, operand);
    std::string_view rest = value.text;
    while (true) {
        const std::size_t end = rest.find(';');
        if (trim(rest.substr(0, end)) == operand.text) return true;
        if (end == std::string_view::npos) return false;
        rest.remove_prefix(end + 1);
    }
}

bool holds(const Value& value, const Condition& condition) {
    const Operand& first = condition.operands.empty() ? Operand{} : condition.operands.front();
    switch (condition.op) {
        case Op::equal:
            return equal(value, first);
        case Op::unequal:
            if (first.type == Operand::Type::null) return !value.is_empty();
            return !value.is_empty() && !equal(value, first);
        case Op::in:
            return std::any_of(condition.operands.begin(), condition.operands.end(),
                               [&](const Operand& operand) { return equal(value, operand); });
        case Op::has:
            return !value.is_empty() && has(value, first);
        default:
            break;
    }
    if (value.is_empty()) return false;
    if (first.date) {
        const auto date = value.as_date();
        return date &&
               ordered(condition.op, date->days_since_1970(), first.date->days_since_1970());
    }
    const auto number = value.as_number();
    return number && !std::isnan(*number) && ordered(condition.op, *number, first.number);
}

Value text_value(std::string_view text) {
    Value value;
    if (!text.empty()) {
        value.type = Value::Type::text;
        value.text = text;
    }
    return value;
}

// Words of kinds: ids, names and aliases.
template <class Kind>
std::vector<std::string> words_of(const std::vector<Kind>& kinds) {
    std::vector<std::string> words;
    for (const Kind& kind : kinds) {
        words.push_back(kind.id);
        words.push_back(kind.zh);
        words.insert(words.end(), kind.aliases.begin(), kind.aliases.end());
    }
    return words;
}

// A misspelt column would select nothing without a word. Selectors of packs are not asked: they
// name columns that a register need not have.
void check_columns(const Store& s, const Selector& selector) {
    for (const SelectorPart& part : selector.parts)
        for (std::size_t i = 0; i < part.where.size(); ++i) {
            const std::string& wanted = part.where[i].column;
            if (std::any_of(own_columns.begin(), own_columns.end(),
                            [&](const auto& own) { return own.first == wanted; }) ||
                s.attribute(wanted).anywhere())
                continue;
            std::set<std::string> known;
            for (const auto& [column, what] : own_columns)
                known.emplace(column);
            for (const Table& table : s.tables)
                for (const std::string& name : table.names())
                    if (s.attribute(name).anywhere()) known.insert(name);
            for (const auto& sparse : s.node_attributes)
                known.insert(sparse->name);
            throw InputError(part.path + ".where[" + std::to_string(i) +
                             "][0]: no node has a column '" + wanted + "'; there are: " +
                             join(std::vector<std::string>(known.begin(), known.end()), ", "));
        }
}

}  // namespace

Selector read_selector(const JsonView& json) {
    Selector selector;
    JsonView at = json;
    while (true) {
        selector.parts.push_back(read_part(at, !selector.parts.empty()));
        if (!at.has("except")) return selector;
        JsonView next = at.at("except");
        at = std::move(next);
    }
}

Selector Selector::parse(std::string_view json, std::string_view where) {
    const detail::Json document = detail::parse_json(json, where);
    return read_selector(JsonView(document, std::string(where)));
}

BoundSelector::BoundSelector(const View& view, const Selector& selector) : view_(view) {
    const Store& s = view.s;
    const Kinds& kinds = *s.kinds;
    const auto node = [&](const std::string& id, const std::string& path) {
        if (view.overlay() != nullptr)
            for (std::size_t i = 0; i < view.overlay()->nodes.size(); ++i)
                if (view.overlay()->nodes[i].id == id) return static_cast<NodeNo>(s.n() + i);
        const NodeNo v = s.find(id);
        if (v == none)
            throw NotFoundError(path + ": there is no node '" + id + "'" + near_nodes(s, id));
        return v;
    };
    for (const SelectorPart& from : selector.parts) {
        Part part;
        part.any_kind = from.kind.empty();
        if (!part.any_kind) {
            part.kind = kinds.node(from.kind);
            if (part.kind == no_kind)
                throw NotFoundError(from.path + ".kind: there is no kind of node '" + from.kind +
                                    "'" +
                                    near_ones(near_words(from.kind, words_of(kinds.nodes()))));
        }
        for (const Condition& condition : from.where) {
            Reader reader;
            for (const auto& [column, what] : own_columns)
                if (column == condition.column) reader.what = what;
            reader.condition = in_own_words(condition, reader.what, kinds);
            if (reader.what == What::attribute)
                reader.attribute.emplace(s.attribute(condition.column));
            part.where.push_back(std::move(reader));
        }
        part.by_sector = !from.sectors.empty();
        part.sectors.assign((s.sectors.all.size() + 63) / 64, 0);
        for (const std::string& word : from.sectors) {
            const std::uint32_t sector = s.sectors.find(word);
            if (sector == none)
                throw NotFoundError(from.path + ".sectors: there is no sector '" + word + "'" +
                                    near_sectors(s.sectors, word));
            for (std::uint32_t i = 0; i < s.sectors.all.size(); ++i) {
                std::uint32_t up = i;
                for (std::size_t k = 0; k <= s.sectors.all.size() && up != none && up != sector;
                     ++k)
                    up = s.sectors.all[up].parent;
                if (up == sector) part.sectors[i / 64] |= std::uint64_t{1} << (i % 64);
            }
        }
        if (!from.in.empty()) part.in = node(from.in, from.path + ".in");
        for (std::size_t i = 0; i < level_names.size(); ++i)
            if (from.level == level_names[i]) part.level = static_cast<std::uint8_t>(i);
        if (from.via) {
            part.via = true;
            part.via_inverse = from.via->inverse;
            part.via_edge = kinds.edge(from.via->edge);
            if (part.via_edge == no_kind)
                throw NotFoundError(from.path + ".via.edge: there is no kind of edge '" +
                                    from.via->edge + "'" +
                                    near_ones(near_words(from.via->edge, words_of(kinds.edges()))));
            const std::string& end = from.via->inverse ? from.via->to : from.via->from;
            if (!end.empty())
                part.via_end = node(end, from.path + (from.via->inverse ? ".via.to" : ".via.from"));
            for (const std::string& word : from.via->sectors) {
                part.via_sectors.push_back(s.sectors.find(word));
                if (part.via_sectors.back() == none)
                    throw NotFoundError(from.path + ".via.sectors: there is no sector '" + word +
                                        "'" + near_sectors(s.sectors, word));
            }
            const Known& k = s.known;
            part.via_reaches = part.via_edge == k.regulates || part.via_edge == k.hosts_sector ||
                               part.via_edge == k.supports || part.via_edge == k.comprehensive;
        }
        parts_.push_back(std::move(part));
    }
}

bool BoundSelector::inside(NodeNo v, NodeNo place) {
    const NodeNo own = view_.place_of(v);
    if (own == none) return false;
    auto& known = inside_[place];
    const auto found = known.find(own);
    if (found != known.end()) return found->second;
    const bool yes = view_.within(own, place);
    known.emplace(own, yes);
    return yes;
}

bool BoundSelector::reads(const Reader& reader, NodeNo v) const {
    const Store& s = view_.s;
    Value value;
    switch (reader.what) {
        case What::attribute:
            value = reader.attribute->at(view_.like(v));
            break;
        case What::id:
            value = text_value(view_.id(v));
            break;
        case What::name:
            value = text_value(view_.name(v));
            break;
        case What::post_kind:
            if (const KindNo kind = view_.post_kind(v); kind != no_kind)
                value = text_value(s.kinds->posts()[kind].id);
            break;
        case What::unit:
            if (const NodeNo unit = view_.unit(v); unit != none) value = text_value(view_.id(unit));
            break;
        case What::division:
            if (const NodeNo place = view_.division(v); place != none)
                value = text_value(view_.id(place));
            break;
        case What::level:
            if (const std::uint8_t level = view_.level_of(v); level < level_names.size())
                value = text_value(level_names[level]);
            break;
    }
    return holds(value, reader.condition);
}

bool BoundSelector::via_fits(const Part& part, EdgeNo edge) const {
    if (part.via_sectors.empty()) return true;
    const Sectors& sectors = view_.s.sectors;
    const SetNo set = view_.sectors(edge);
    const auto below = [&](std::uint32_t sector, std::uint32_t top) {
        std::uint32_t up = sector;
        for (std::size_t k = 0; k <= sectors.all.size() && up != none; ++k) {
            if (up == top) return true;
            up = sectors.all[up].parent;
        }
        return false;
    };
    return std::any_of(part.via_sectors.begin(), part.via_sectors.end(), [&](std::uint32_t sector) {
        return sectors.covers(set, sector) ||
               std::any_of(sectors.sets[set].begin(), sectors.sets[set].end(),
                           [&](std::uint16_t named) { return below(named, sector); });
    });
}

bool BoundSelector::via_matches(const Part& part, NodeNo v) const {
    bool yes = false;
    if (part.via_inverse) {
        view_.out(v, part.via_edge, [&](EdgeNo e) {
            yes = yes || (view_.target(e) == part.via_end && via_fits(part, e));
        });
        return yes;
    }
    view_.in(v, part.via_edge, [&](EdgeNo e) {
        yes =
            yes || ((part.via_end == none || view_.source(e) == part.via_end) && via_fits(part, e));
    });
    if (yes || !part.via_reaches) return yes;
    // Through the places it lies in: the edge's sectors must meet the node's.
    const auto& sets = view_.s.sectors.sets;
    for (const NodeNo place : view_.chain(view_.place_of(v))) {
        view_.in(place, part.via_edge, [&](EdgeNo e) {
            if (yes || (part.via_end != none && view_.source(e) != part.via_end) ||
                !via_fits(part, e))
                return;
            const SetNo set = view_.sectors(e);
            if (set == 0) {
                yes = part.via_edge == view_.s.known.comprehensive;
                return;
            }
            for (const std::uint16_t sector : sets[view_.node_sectors(v)])
                yes = yes || view_.s.sectors.covers(set, sector);
        });
        if (yes) return true;
    }
    return false;
}

bool BoundSelector::part_matches(const Part& part, NodeNo v) {
    if (!part.any_kind && view_.node_kind(v) != part.kind) return false;
    if (part.level != no_level && view_.level_of(v) != part.level) return false;
    if (part.by_sector) {
        const auto& sectors = view_.s.sectors.sets[view_.node_sectors(v)];
        if (std::none_of(sectors.begin(), sectors.end(), [&](std::uint16_t sector) {
                return ((part.sectors[sector / 64U] >> (sector % 64U)) & 1U) != 0;
            }))
            return false;
    }
    for (const Reader& reader : part.where)
        if (!reads(reader, v)) return false;
    if (part.in != none && !inside(v, part.in)) return false;
    return !part.via || via_matches(part, v);
}

bool BoundSelector::matches(NodeNo v) {
    // From the innermost exception outwards, stopping at the first part that does not match.
    std::size_t last = 0;
    while (last < parts_.size() && part_matches(parts_[last], v))
        ++last;
    // parts 0…last-1 match and part `last` (if there is one) does not: the node is selected when
    // the number of matching parts from the outside is odd.
    return last % 2 == 1;
}

std::vector<NodeNo> BoundSelector::all() {
    std::vector<NodeNo> nodes;
    const auto n = static_cast<NodeNo>(view_.n());
    const Part& first = parts_.front();
    for (NodeNo v = 0; v < n; ++v)
        if (view_.node_kind(v) == first.kind && view_.alive(v) && matches(v)) nodes.push_back(v);
    if (view_.overlay() != nullptr)
        std::sort(nodes.begin(), nodes.end(), [&](NodeNo a, NodeNo b) {
            return std::pair(view_.id(a), a) < std::pair(view_.id(b), b);
        });
    return nodes;
}

std::vector<NodeNo> select(const View& view, const Selector& selector) {
    if (selector.parts.empty()) throw InputError("selector: is empty");
    return BoundSelector(view, selector).all();
}

std::vector<NodeNo> select(const ResponsibilityGraph& graph, const Selector& selector,
                           std::optional<Date> on) {
    check_columns(graph.store(), selector);
    return select(View(graph.store(), graph.day(on)), selector);
}

}  // namespace safetyrisk::graph
