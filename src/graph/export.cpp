#include <safetyrisk/graph/export.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"
#include "words.hpp"

#include <map>
#include <set>

namespace safetyrisk::graph {
namespace {

using safetyrisk::detail::Json;

// ── writing ──

class Object {
public:
    explicit Object(std::string& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    void text(std::string_view key, std::string_view value) {
        if (value.empty()) return;
        name(key);
        out_ += '"';
        out_ += escape_json(value);
        out_ += '"';
    }
    void yes(std::string_view key, bool value) {
        if (!value) return;
        name(key);
        out_ += "true";
    }
    void value(std::string_view key, const Value& cell) {
        switch (cell.type) {
            case Value::Type::empty:
                break;
            case Value::Type::boolean:
                name(key);
                out_ += cell.boolean ? "true" : "false";
                break;
            case Value::Type::number:
                name(key);
                // JSON has no infinity; a text of that word is read as the number again.
                out_ += print_number(cell.number).find_first_of("in") == std::string::npos
                            ? print_number(cell.number)
                            : "\"" + print_number(cell.number) + "\"";
                break;
            case Value::Type::date:
                text(key, cell.date.text());
                break;
            case Value::Type::text:
                text(key, cell.text);
                break;
        }
    }
    void name(std::string_view key) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        out_ += escape_json(key);
        out_ += "\":";
    }

private:
    std::string& out_;
    bool first_ = true;
};

// For each node or edge the attributes that JSON gave it, walked in step with their owners.
class Attributes {
public:
    explicit Attributes(const std::vector<std::shared_ptr<const Sparse>>& all)
        : all_(all), at_(all.size(), 0) {}

    void write(Object& row, std::string& out, std::uint32_t who) {
        bool open = false;
        std::optional<Object> inner;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const Sparse& one = *all_[i];
            while (at_[i] < one.who.size() && one.who[at_[i]] < who)
                ++at_[i];
            if (at_[i] == one.who.size() || one.who[at_[i]] != who) continue;
            if (!open) {
                row.name("attributes");
                inner.emplace(out);
                open = true;
            }
            inner->value(one.name, one.values[at_[i]]);
        }
        if (open) inner->close();
    }

private:
    const std::vector<std::shared_ptr<const Sparse>>& all_;
    std::vector<std::size_t> at_;
};

NodeNo parent_of(const Store& s, NodeNo v) {
    for (EdgeNo e = s.out_offsets[v]; e < s.out_offsets[v + 1]; ++e)
        if (s.edge_kind[e] == s.known.part_of && s.derived(e)) return s.target[e];
    return none;
}

// The unit as the cells of a node say it: that of a post may stand in rows HAS_POST alone.
NodeNo stated_unit(const Store& s, NodeNo v) {
    if (!s.is(v, s.known.post) || s.unit[v] == none) return s.unit[v];
    for (std::uint32_t i = s.in_offsets[v]; i < s.in_offsets[v + 1]; ++i)
        if (const EdgeNo e = s.in_edges[i]; s.edge_kind[e] == s.known.has_post && s.derived(e))
            return s.unit[v];
    return none;
}

// The columns of a table in the order of their names: theirs means nothing.
std::vector<std::size_t> by_name(const Table& table) {
    std::vector<std::size_t> order(table.size());
    for (std::size_t c = 0; c < order.size(); ++c)
        order[c] = c;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return table.name(a) < table.name(b); });
    return order;
}

void write_rows(std::string& out, std::string_view key, const Table& table) {
    out += ",\n\"" + std::string(key) + "\":[";
    const auto order = by_name(table);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        out += row == 0 ? "\n" : ",\n";
        Object object(out);
        for (const std::size_t c : order)
            object.value(table.name(c), value_of(table.column(c), row));
        object.close();
    }
    out += "]";
}

}  // namespace

std::string to_json(const ResponsibilityGraph& graph) {
    const Store& s = graph.store();
    std::string out = "{\"format\":1";
    if (s.data_date) out += ",\"data_date\":\"" + s.data_date->text() + "\"";
    if (!s.jurisdiction_given.empty()) {
        out += ",\"jurisdiction\":[";
        for (std::size_t i = 0; i < s.jurisdiction_given.size(); ++i)
            out += (i == 0 ? "\"" : ",\"") + escape_json(s.jurisdiction_given[i]) + "\"";
        out += "]";
    }
    out += ",\n\"nodes\":[";
    // Names that the columns of every node have; a table's own columns of these names are copies.
    const std::set<std::string_view> own = {
        "id",     "code",  "kind",    "name",  "post_kind",  "unit",     "division",
        "parent", "level", "sectors", "links", "valid_from", "valid_to", "attributes"};
    std::vector<std::vector<std::size_t>> orders;
    for (const Table& table : s.tables)
        orders.push_back(by_name(table));
    Attributes node_attributes(s.node_attributes);
    for (NodeNo v = 0; v < s.n(); ++v) {
        out += v == 0 ? "\n" : ",\n";
        Object node(out);
        node.text("id", s.id(v));
        node.text("kind", s.kind_of(v).id);
        node.text("name", s.name(v));
        if (s.post_kind[v] != no_kind) node.text("post_kind", s.kinds->posts()[s.post_kind[v]].id);
        if (const NodeNo unit = stated_unit(s, v); unit != none) node.text("unit", s.id(unit));
        if (s.division[v] != none) node.text("division", s.id(s.division[v]));
        if (s.is(v, s.known.region))
            if (const NodeNo parent = parent_of(s, v); parent != none)
                node.text("parent", s.id(parent));
        if (s.level[v] != no_level) {
            node.name("level");
            out += std::to_string(s.level[v]);
        }
        if (s.sectors_inferred.empty() || s.sectors_inferred[v] == 0)
            node.text("sectors", sector_cell(s, s.node_sectors[v]));
        if (!s.node_links.empty()) node.text("links", link_cell(s, s.node_links[v]));
        node.text("valid_from", day_text(s.node_from, v, always_from));
        node.text("valid_to", day_text(s.node_to, v, always_to));
        if (s.node_table[v] < s.tables.size()) {
            const Table& table = s.tables[s.node_table[v]];
            for (const std::size_t c : orders[s.node_table[v]])
                if (own.count(table.name(c)) == 0)
                    node.value(table.name(c), value_of(table.column(c), s.node_row[v]));
        }
        node_attributes.write(node, out, v);
        node.close();
    }
    out += "],\n\"edges\":[";
    const Table* edges = nullptr;
    for (const Table& table : s.tables)
        if (table.origin().table == "edges") edges = &table;
    const auto edge_order = edges != nullptr ? by_name(*edges) : std::vector<std::size_t>();
    Attributes edge_attributes(s.edge_attributes);
    // Edges of one source, kind and target come in the order of their texts, which the next graph
    // keeps even where only their attributes tell them apart.
    bool first = true;
    std::vector<std::string> alike;
    const auto flush = [&] {
        std::sort(alike.begin(), alike.end());
        for (const std::string& text : alike) {
            out += first ? "\n" : ",\n";
            first = false;
            out += text;
        }
        alike.clear();
    };
    EdgeNo before = none;
    for (EdgeNo e = 0; e < s.m(); ++e) {
        if (s.derived(e)) continue;
        if (before != none && (s.source[e] != s.source[before] || s.target[e] != s.target[before] ||
                               s.edge_kind[e] != s.edge_kind[before]))
            flush();
        before = e;
        Object edge(alike.emplace_back());
        edge.text("source", s.id(s.source[e]));
        edge.text("target", s.id(s.target[e]));
        edge.text("kind", s.kinds->edges()[s.edge_kind[e]].id);
        edge.text("duty", to_string(s.duty(e)));
        if (!s.edge_sectors.empty()) edge.text("sectors", sector_cell(s, s.edge_sectors[e]));
        if (!s.edge_links.empty()) edge.text("links", link_cell(s, s.edge_links[e]));
        edge.yes("lead", s.lead(e));
        edge.yes("enforce", s.enforce(e));
        edge.text("valid_from", day_text(s.edge_from, e, always_from));
        edge.text("valid_to", day_text(s.edge_to, e, always_to));
        edge.text("document", s.doc(e));
        edge.text("clause", s.clause_of(e));
        if (s.sureness(e) != Sureness::stated) edge.text("confidence", to_string(s.sureness(e)));
        if (edges != nullptr)
            for (const std::size_t c : edge_order)
                edge.value(edges->name(c), value_of(edges->column(c), s.edge_row[e]));
        edge_attributes.write(edge, alike.back(), e);
        edge.close();
    }
    flush();
    out += "]";
    if (s.records.given) write_rows(out, "records", s.records.table);
    if (s.duties.given) write_rows(out, "duties", s.duties.table);
    out += "}\n";
    return out;
}

std::string to_graphml(const ResponsibilityGraph& graph) {
    const Store& s = graph.store();
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
    const std::pair<std::string_view, std::string_view> node_keys[] = {
        {"kind", "string"},    {"name", "string"},       {"post_kind", "string"}, {"level", "int"},
        {"sectors", "string"}, {"valid_from", "string"}, {"valid_to", "string"}};
    const std::pair<std::string_view, std::string_view> edge_keys[] = {
        {"kind", "string"},       {"duty", "string"},       {"sectors", "string"},
        {"links", "string"},      {"lead", "boolean"},      {"enforce", "boolean"},
        {"valid_from", "string"}, {"valid_to", "string"},   {"document", "string"},
        {"clause", "string"},     {"confidence", "string"}, {"derived", "boolean"}};
    const auto declare = [&](const auto& keys, std::string_view of, char letter) {
        for (const auto& [name, type] : keys)
            out += "<key id=\"" + std::string(1, letter) + "_" + std::string(name) + "\" for=\"" +
                   std::string(of) + "\" attr.name=\"" + std::string(name) + "\" attr.type=\"" +
                   std::string(type) + "\"/>\n";
    };
    declare(node_keys, "node", 'n');
    declare(edge_keys, "edge", 'e');
    out += "<graph edgedefault=\"directed\">\n";
    const auto data = [&](char letter, std::string_view key, std::string_view value) {
        if (value.empty()) return;
        out += "<data key=\"" + std::string(1, letter) + "_" + std::string(key) + "\">" +
               escape_xml(value) + "</data>";
    };
    for (NodeNo v = 0; v < s.n(); ++v) {
        out += "<node id=\"" + escape_xml(s.id(v)) + "\">";
        data('n', "kind", s.kind_of(v).id);
        data('n', "name", s.name(v));
        if (s.post_kind[v] != no_kind) data('n', "post_kind", s.kinds->posts()[s.post_kind[v]].id);
        if (s.level[v] != no_level) data('n', "level", std::to_string(s.level[v]));
        data('n', "sectors", sector_cell(s, s.node_sectors[v]));
        data('n', "valid_from", day_text(s.node_from, v, always_from));
        data('n', "valid_to", day_text(s.node_to, v, always_to));
        out += "</node>\n";
    }
    for (EdgeNo e = 0; e < s.m(); ++e) {
        out += "<edge id=\"e" + std::to_string(e) + "\" source=\"" + escape_xml(s.id(s.source[e])) +
               "\" target=\"" + escape_xml(s.id(s.target[e])) + "\">";
        data('e', "kind", s.kinds->edges()[s.edge_kind[e]].id);
        data('e', "duty", to_string(s.duty(e)));
        if (!s.edge_sectors.empty()) data('e', "sectors", sector_cell(s, s.edge_sectors[e]));
        if (!s.edge_links.empty()) data('e', "links", link_cell(s, s.edge_links[e]));
        if (s.lead(e)) data('e', "lead", "true");
        if (s.enforce(e)) data('e', "enforce", "true");
        data('e', "valid_from", day_text(s.edge_from, e, always_from));
        data('e', "valid_to", day_text(s.edge_to, e, always_to));
        data('e', "document", s.doc(e));
        data('e', "clause", s.clause_of(e));
        data('e', "confidence", to_string(s.sureness(e)));
        if (s.derived(e)) data('e', "derived", "true");
        out += "</edge>\n";
    }
    out += "</graph>\n</graphml>\n";
    return out;
}

// ── reading ──

namespace {

// A column whose cells come row by row: numbers while all are, else texts.
class Cells {
public:
    void put(std::size_t row, const Json& value, const std::string& path) {
        if (value.is_null()) return;
        fill(row);
        if (!value.is_boolean()) all_booleans_ = false;
        if (value.is_number()) {
            numbers_[row] = value.get<double>();
            texts_[row] = print_number(numbers_[row]);
        } else {
            all_numbers_ = false;
            if (value.is_string())
                texts_[row] = value.get<std::string>();
            else if (value.is_boolean())
                texts_[row] = value.get<bool>() ? "true" : "false";
            else if (value.is_object())
                texts_[row] = value.dump();
            else if (value.is_array())
                texts_[row] = list(value, path);
        }
        valid_[row] = 1;
    }

    Column column(std::size_t rows) {
        fill(rows == 0 ? 0 : rows - 1);
        texts_.resize(rows);
        valid_.resize(rows);
        numbers_.resize(rows);
        if (all_booleans_ && rows > 0) {
            std::vector<std::uint8_t> yes(rows, 0);
            for (std::size_t row = 0; row < rows; ++row)
                yes[row] = texts_[row] == "true" ? 1 : 0;
            return Column::of_booleans(std::move(yes), valid_);
        }
        if (!all_numbers_) return Column::of(texts_, valid_);
        for (std::size_t row = 0; row < rows; ++row)
            if (valid_[row] == 0) numbers_[row] = std::numeric_limits<double>::quiet_NaN();
        return Column::of(numbers_);
    }

private:
    void fill(std::size_t row) {
        if (row < texts_.size()) return;
        texts_.resize(row + 1);
        valid_.resize(row + 1, 0);
        numbers_.resize(row + 1, 0.0);
    }
    static std::string list(const Json& value, const std::string& path) {
        std::string text;
        for (const Json& one : value) {
            if (!one.is_string()) throw InputError(path + ": a list holds texts");
            text += (text.empty() ? "" : ";") + one.get<std::string>();
        }
        return text;
    }

    std::vector<std::string> texts_;
    std::vector<std::uint8_t> valid_;
    std::vector<double> numbers_;
    bool all_numbers_ = true;
    bool all_booleans_ = true;
};

Table read_rows(const std::string& name, const Json& rows) {
    if (!rows.is_array()) throw InputError("graph." + name + ": must be a list of objects");
    std::map<std::string, Cells> columns;
    // Columns that a table must have are there even when it has no rows.
    if (name == "nodes") columns["id"], columns["kind"], columns["name"];
    if (name == "edges") columns["source"], columns["target"], columns["kind"];
    if (name == "records") columns["subject"], columns["action"], columns["date"];
    if (name == "duties") columns["subject"];
    std::size_t row = 0;
    for (const Json& one : rows) {
        const std::string path = "graph." + name + "[" + std::to_string(row) + "]";
        if (!one.is_object()) throw InputError(path + ": must be an object");
        for (const auto& [key, value] : one.items())
            columns[key].put(row, value, path + "." + key);
        ++row;
    }
    Table table(Origin{name, "", -1, {}, -1});
    for (auto& [key, cells] : columns)
        table.add(key, cells.column(row));
    return table;
}

}  // namespace

GraphTables read_json(std::string_view text) {
    const Json json = safetyrisk::detail::parse_json(text, "graph");
    const safetyrisk::detail::JsonView view(json, "graph");
    view.only({"format", "data_date", "jurisdiction", "nodes", "edges", "records", "duties"});
    if (view.at("format").number() != 1) view.at("format").fail("only format 1 is known");
    GraphTables graph;
    if (view.has("data_date")) {
        graph.data_date = Date::parse(view.at("data_date").text());
        if (!graph.data_date) view.at("data_date").fail("is no date");
    }
    if (view.has("jurisdiction"))
        for (const auto& one : view.at("jurisdiction").items())
            graph.jurisdiction.push_back(one.text());
    for (const char* name : {"nodes", "edges", "records", "duties"})
        if (json.contains(name)) graph.tables.push_back(read_rows(name, json[name]));
    return graph;
}

}  // namespace safetyrisk::graph
