// The responsibility graph: typed, dated, sourced duties between posts, units, regions,
// enterprises.
//
// Built once from tables and immutable after that. Nodes are numbered in the order of their ids'
// bytes and edges by source, kind and target, so that every answer owes nothing to the order of the
// rows. What columns imply becomes edges of its own, marked derived: `parent` of divisions PART_OF,
// `unit` of posts HAS_POST, `unit` of sites, risk points and hazards BELONGS_TO, `division` of
// bodies SEATED_IN, `controlling_post` CONTROLS_RISK, `found_by`, `responsible`, `verified_by` and
// `closed_by` of hazards FOUND, OWNS_HAZARD, VERIFIES and CLOSES. Nothing else is inferred.
//
// Tables are named by their origin (`divisions nodes edges enterprises risk_points hazards tasks
// records duties`); their columns stand in README, "Tables". Ids live in one space over all tables.
// A wrong row is an Issue and is left out; an edge whose end is unknown is left out and named.
//
// Threads: immutable; copies share what they hold and may be used from many threads.
// Throws: InputError (a table without its needed columns, two tables of one name), NotFoundError.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/kinds.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// Number of a node or of an edge of one graph; `none` where there is none.
using NodeNo = std::uint32_t;
using EdgeNo = std::uint32_t;
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

struct Store;  // src/graph/store.hpp

/// What a graph is built with beside its tables.
struct GraphOptions {
    std::shared_ptr<const Kinds> kinds;   ///< Null: Kinds::usual().
    std::shared_ptr<const Pack> sectors;  ///< Null: the pack `sectors`.
    std::optional<Date> data_date;        ///< The day questions mean that name none.
    /// Division codes or zone ids whose territory is checked. Empty: the topmost regions that have
    /// a government, a zone administration or a party committee; without any, every region.
    std::vector<std::string> jurisdiction;
    Work work;
};

class ResponsibilityGraph {
public:
    /// The graph of tables. Throws InputError for a table whose name is unknown or comes twice and
    /// NotFoundError for a missing needed column.
    static ResponsibilityGraph build(std::vector<Table> tables, const GraphOptions& options = {});

    std::size_t nodes() const;
    std::size_t edges() const;  ///< Derived ones included.
    const Kinds& kinds() const;
    /// The pack of its sectors.
    const Pack& sectors() const;
    std::optional<Date> data_date() const;
    /// The day a question means: `on`, else the data date; throws InputError without either.
    Date day(std::optional<Date> on) const;

    /// What to keep in mind of answers about a day, a sentence each: that it lies before the first
    /// day of some relations or records, or after the data date. Empty where nothing is to be said.
    std::vector<std::string> day_notes(Date on, Lang lang = Lang::zh) const;

    /// The node with that id; throws NotFoundError with near ids and names.
    NodeNo at(std::string_view id) const;
    /// The same or `none`.
    NodeNo find(std::string_view id) const;
    std::string_view id(NodeNo node) const;
    std::string_view name(NodeNo node) const;
    std::string_view kind(NodeNo node) const;

    const IssueTable& issues() const;
    /// Bytes held in memory, texts and indexes included, the caller's own columns not.
    std::size_t bytes() const;

    /// Columns id, kind, name, post_kind, unit, division, level, sectors, valid_from, valid_to.
    Table node_table() const;
    /// Columns source, target, kind, duty, sectors, links, lead, enforce, valid_from, valid_to,
    /// document, clause, confidence, derived, table, row; in edge order.
    Table edge_table() const;

    /// Columns table, rows_in, used, rejected: what became of the rows of each table, in the order
    /// given. A node, an edge, a record and a duty each stand for one row; a rejected row has an
    /// issue.
    Table row_table() const;

    const Store& store() const { return *store_; }

private:
    explicit ResponsibilityGraph(std::shared_ptr<const Store> store) : store_(std::move(store)) {}
    std::shared_ptr<const Store> store_;
};

}  // namespace safetyrisk::graph
