#include "near.hpp"
#include "rule_context.hpp"
#include "words.hpp"

#include <safetyrisk/core/division_code.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

namespace safetyrisk::graph {
namespace {

void append(TextBuilder& column, std::string_view text) {
    if (text.empty())
        column.append_null();
    else
        column.append(text);
}

bool is_selector(const Column& subject, std::size_t row) {
    return subject.type() == ColumnType::text && !subject.is_missing(row) &&
           trim(subject.text(row)).starts_with('{');
}

}  // namespace

std::size_t ResponsibilityGraph::nodes() const {
    return store_->n();
}

std::size_t ResponsibilityGraph::edges() const {
    return store_->m();
}

const Kinds& ResponsibilityGraph::kinds() const {
    return *store_->kinds;
}

const Pack& ResponsibilityGraph::sectors() const {
    return *store_->sector_pack;
}

std::optional<Date> ResponsibilityGraph::data_date() const {
    return store_->data_date;
}

Date ResponsibilityGraph::day(std::optional<Date> on) const {
    if (on) return *on;
    if (store_->data_date) return *store_->data_date;
    throw InputError("on: the graph has no data date, so the question must name a day");
}

NodeNo ResponsibilityGraph::find(std::string_view id) const {
    return store_->find(id);
}

NodeNo ResponsibilityGraph::at(std::string_view wanted) const {
    const NodeNo v = store_->find(wanted);
    if (v != none) return v;
    throw NotFoundError("no node has the id '" + std::string(wanted) + "'" +
                        near_nodes(*store_, wanted));
}

std::string_view ResponsibilityGraph::id(NodeNo node) const {
    return store_->id(node);
}

std::string_view ResponsibilityGraph::name(NodeNo node) const {
    return store_->name(node);
}

std::string_view ResponsibilityGraph::kind(NodeNo node) const {
    return store_->kind_of(node).id;
}

const IssueTable& ResponsibilityGraph::issues() const {
    return store_->issues;
}

std::size_t ResponsibilityGraph::bytes() const {
    return store_->bytes() + store_->days->bytes();
}

Table ResponsibilityGraph::node_table() const {
    const Store& s = *store_;
    TextBuilder kind, post, unit, division, level, sectors, from, to;
    for (NodeNo v = 0; v < s.n(); ++v) {
        kind.append(s.kind_of(v).id);
        append(post, s.post_kind[v] == no_kind ? std::string_view()
                                               : s.kinds->posts()[s.post_kind[v]].id);
        append(unit, s.unit[v] == none ? std::string_view() : s.id(s.unit[v]));
        append(division, s.division[v] == none ? std::string_view() : s.id(s.division[v]));
        append(level, s.level[v] == no_level ? std::string_view()
                                             : to_string(static_cast<DivisionLevel>(s.level[v])));
        append(sectors, sector_cell(s, s.node_sectors[v]));
        append(from, day_text(s.node_from, v, always_from));
        append(to, day_text(s.node_to, v, always_to));
    }
    Table table(Origin{"nodes", "", -1, {}, -1});
    table.add("id", s.ids);
    table.add("kind", kind.finish());
    table.add("name", s.names);
    table.add("post_kind", post.finish());
    table.add("unit", unit.finish());
    table.add("division", division.finish());
    table.add("level", level.finish());
    table.add("sectors", sectors.finish());
    table.add("valid_from", from.finish());
    table.add("valid_to", to.finish());
    return table;
}

Table ResponsibilityGraph::edge_table() const {
    const Store& s = *store_;
    TextBuilder source, target, kind, duty, sectors, links, from, to, document, clause, confidence,
        origin;
    std::vector<std::uint8_t> lead, enforce, derived;
    std::vector<std::int64_t> row;
    for (EdgeNo e = 0; e < s.m(); ++e) {
        source.append(s.id(s.source[e]));
        target.append(s.id(s.target[e]));
        kind.append(s.kinds->edges()[s.edge_kind[e]].id);
        append(duty, to_string(s.duty(e)));
        append(sectors, s.edge_sectors.empty() ? std::string() : sector_cell(s, s.edge_sectors[e]));
        append(links, s.edge_links.empty() ? std::string() : link_cell(s, s.edge_links[e]));
        lead.push_back(s.lead(e) ? 1 : 0);
        enforce.push_back(s.enforce(e) ? 1 : 0);
        append(from, day_text(s.edge_from, e, always_from));
        append(to, day_text(s.edge_to, e, always_to));
        append(document, s.doc(e));
        append(clause, s.clause_of(e));
        confidence.append(to_string(s.sureness(e)));
        derived.push_back(s.derived(e) ? 1 : 0);
        append(origin, s.edge_table[e] < s.tables.size()
                           ? std::string_view(s.tables[s.edge_table[e]].origin().table)
                           : std::string_view());
        row.push_back(s.edge_table[e] < s.tables.size() ? std::int64_t{s.edge_row[e]} : -1);
    }
    Table table(Origin{"edges", "", -1, {}, -1});
    table.add("source", source.finish());
    table.add("target", target.finish());
    table.add("kind", kind.finish());
    table.add("duty", duty.finish());
    table.add("sectors", sectors.finish());
    table.add("links", links.finish());
    table.add("lead", Column::of_booleans(std::move(lead)));
    table.add("enforce", Column::of_booleans(std::move(enforce)));
    table.add("valid_from", from.finish());
    table.add("valid_to", to.finish());
    table.add("document", document.finish());
    table.add("clause", clause.finish());
    table.add("confidence", confidence.finish());
    table.add("derived", Column::of_booleans(std::move(derived)));
    table.add("table", origin.finish());
    table.add("row", Column::of(std::move(row)));
    return table;
}

Table ResponsibilityGraph::row_table() const {
    const Store& s = *store_;
    std::vector<std::int64_t> used(s.tables.size(), 0);
    for (const std::uint8_t table : s.node_table)
        if (table < used.size()) ++used[table];
    for (EdgeNo e = 0; e < s.m(); ++e)
        if (!s.derived(e) && s.edge_table[e] < used.size()) ++used[s.edge_table[e]];
    TextBuilder names;
    std::vector<std::int64_t> rows, rejected;
    for (std::size_t t = 0; t < s.tables.size(); ++t) {
        const std::string& name = s.tables[t].origin().table;
        names.append(name);
        rows.push_back(static_cast<std::int64_t>(s.given_rows[t]));
        if (name == "records") {
            for (std::size_t row = 0; row < s.records.subject.size(); ++row)
                if ((s.records.subject[row] != none || s.records.object[row] != none) &&
                    s.records.action[row] != 0xffff && s.records.date[row] != always_from)
                    ++used[t];
        } else if (name == "duties") {
            const Column& subject = s.duties.table.at("subject");
            for (std::size_t row = 0; row < s.duties.subject.size(); ++row)
                if (s.duties.subject[row] != none || is_selector(subject, row)) ++used[t];
        }
        rejected.push_back(rows.back() - used[t]);
    }
    Table table(Origin{"rows", "", -1, {}, -1});
    table.add("table", names.finish());
    table.add("rows_in", Column::of(std::move(rows)));
    table.add("used", Column::of(std::move(used)));
    table.add("rejected", Column::of(std::move(rejected)));
    return table;
}

}  // namespace safetyrisk::graph
