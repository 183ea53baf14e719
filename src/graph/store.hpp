// What a responsibility graph holds, column by column, and how questions see it on a day.
//
// Every question is asked of a View: the store on one day, with an overlay of changes where a
// what-if is tried. Edges leaving a node lie together, by kind; edges entering it are an index in
// the same order. Columns that no row fills are empty vectors.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

inline constexpr std::int32_t always_from = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int32_t always_to = std::numeric_limits<std::int32_t>::max();
inline constexpr std::uint8_t no_level = 255;

/// `duty` of SAFETY_DUTY.
enum class Duty : std::uint8_t { unset, first, in_charge, portfolio, direct, post };
/// How sure an edge is: the weakest on a path is the path's.
enum class Sureness : std::uint8_t { stated, expanded, inferred };

/// Numbers of the kinds that the library's own rules and questions speak of.
struct Known {
    // nodes
    KindNo region, zone, party_committee, government, zone_admin, safety_committee, safety_office,
        special_committee, task_force, dept, village, grid, enterprise, site, group, agency,
        peer_group, post, person, sector, scene, risk_point, major_hazard_source, hazard, accident,
        task, document, clause, legal_basis, letter, record, collective;
    // posts
    KindNo party_principal, gov_principal, safety_deputy, portfolio_deputy, committee_member,
        dept_principal, dept_safety_deputy, dept_other_deputy, inspector, village_head, grid_leader,
        grid_officer, liaison, principal, safety_director, tech_head, business_deputy,
        safety_manager, registered_engineer, workshop_head, team_leader, special_worker, worker,
        mhs_principal, mhs_tech, mhs_operator, informed_person;
    // edges
    KindNo part_of, leads, guides, has_post, holds, reports_to, in_charge_of, safety_duty,
        business_duty, chairs, member_of, serves_as, hosts_office, territorial, comprehensive,
        regulates, hosts_sector, manages_business, permits, supports, enforces_for,
        oversees_work_of, paired_with, guards, grid_covers, principal_of, controls_risk, mhs_care,
        responsible_post, signed_with, contracts_to, leases_to, owned_by, serves, assigns,
        organizes, leads_task, joint, shares, assists, supervises_task, implements, responsible,
        guides_task, reports_progress, derives_from, found, owns_hazard, verifies, closes,
        addresses, succeeds, merged_into, split_from, alias_of, belongs_to, seated_in;

    explicit Known(const Kinds& kinds);
};

/// Texts by number; 0 is the empty text.
class TextPool {
public:
    TextPool() { intern({}); }
    std::uint32_t intern(std::string_view text);
    /// The number of a text or `none`.
    std::uint32_t find(std::string_view text) const;
    std::string_view text(std::uint32_t number) const {
        return std::string_view(bytes_).substr(ends_[number], ends_[number + 1] - ends_[number]);
    }
    std::size_t size() const { return ends_.size() - 1; }
    std::size_t bytes() const;

private:
    std::string bytes_;
    std::vector<std::uint32_t> ends_{0};
    std::unordered_multimap<std::size_t, std::uint32_t> index_;
};

/// A set of small numbers, interned; set 0 is the empty one.
using SetNo = std::uint32_t;

/// The sectors of the pack and of the tables: a tree, flags and names.
struct Sectors {
    struct Sector {
        std::string id, zh, en;
        std::uint32_t parent = none;
        bool high_risk = false;
        bool high_risk_said = false;  ///< Whether that is said of it, not left to those above.
        bool emerging = false;
        bool cross_function = false;       ///< 职能交叉: its links are divided between departments.
        bool registered_engineer = false;  ///< Law Art. 27: needs a 注册安全工程师.
        bool insurance = false;            ///< Law Art. 51: 安责险 is compulsory.
        std::vector<std::string> links;    ///< 环节 it is divided into; may be empty.
        std::vector<std::string> tags;     ///< Activity tags by which near sectors are found.
    };
    std::vector<Sector> all;  ///< In id order; the number of a sector is its place.

    std::uint32_t find(std::string_view word) const;  ///< By id or name; `none` if unknown.
    /// Whether a sector is of the high-risk list: by its own flag, where it has none by that of the
    /// nearest above it that has one.
    bool high_risk(std::uint32_t sector) const;

    // Sets of sectors as rows name them, and for each the sectors they cover (themselves and all
    // below them in the tree) as bits.
    std::vector<std::vector<std::uint16_t>> sets{{}};
    std::vector<std::vector<std::uint64_t>> covered{{}};

    bool covers(SetNo set, std::uint32_t sector) const {
        const auto& bits = covered[set];
        return sector / 64 < bits.size() && ((bits[sector / 64] >> (sector % 64)) & 1U) != 0;
    }
    std::unordered_map<std::string, std::uint32_t> words;  // id, zh, aliases → number

    /// How near the business of two sectors is (业务相近), in thousandths: 1000 for one and the
    /// same, 500 for sectors of one parent or parent and child; else what the tags that both have
    /// weigh among those that either has. A tag counts the less the more sectors have it: that
    /// hospitals and markets are crowded buildings makes neither like the other.
    std::uint64_t likeness(std::uint32_t a, std::uint32_t b) const;
    std::uint64_t near = 500;  ///< From which likeness on sectors are near, as the pack says.
    std::map<std::string, std::uint64_t, std::less<>> tag_weights;

    /// The sets of which a set, as edges name them, covers a sector, ascending; each looked for
    /// once.
    class Touched {
    public:
        explicit Touched(const Sectors& sectors) : sectors_(sectors) {}
        const std::vector<SetNo>& of(SetNo edge);

    private:
        const Sectors& sectors_;
        std::vector<std::optional<std::vector<SetNo>>> found_;
    };

    /// Links (环节) that the pack names: by id; others have only the word of the table.
    struct LinkName {
        std::string zh, en;
    };
    std::map<std::string, LinkName, std::less<>> link_names;
    std::unordered_map<std::string, std::string> link_words;  ///< Id, name or alias → id.
};

/// One value of an attribute.
struct Value {
    enum class Type : std::uint8_t { empty, number, boolean, text, date } type = Type::empty;
    double number = 0;
    bool boolean = false;
    Date date;
    std::string_view text;

    bool is_empty() const { return type == Type::empty; }
    /// As a yes or no: booleans, 0/1, 是/否, true/false; nothing otherwise.
    std::optional<bool> yes() const;
    std::optional<double> as_number() const;
    std::optional<Date> as_date() const;
};

/// A cell as a value; blanks at both ends of a text are left out.
Value value_of(const Column& column, std::size_t row);

/// What happened: rows of the table `records`, by row; -1 dates are missing.
struct Records {
    bool given = false;
    Table table;                          ///< As it came.
    std::vector<NodeNo> subject, object;  ///< `none` where empty or unknown.
    std::vector<std::uint16_t> action;    ///< Number in `actions`.
    std::vector<std::int32_t> date;       ///< Days since 1970; always_from when missing.
    std::vector<std::string> actions;     ///< In byte order.
    std::vector<std::int32_t> first;      ///< By action: its first day; always_to where none has.
    // Rows of each node, by date and then row: rows_of_subject[offsets[n]..offsets[n+1]).
    std::vector<std::uint32_t> subject_offsets, subject_rows, object_offsets, object_rows;

    std::uint16_t action_no(std::string_view id) const;  ///< 0xffff if nobody has it.
    std::int32_t first_of(std::string_view id) const;    ///< `first`; always_to if nobody has it.
    std::span<const std::uint32_t> of_subject(NodeNo node) const;
    std::span<const std::uint32_t> of_object(NodeNo node) const;
    double count(std::uint32_t row) const;  ///< `count`, 1 where empty.
    /// A key of the JSON in `values`.
    Value value(std::uint32_t row, std::string_view key) const;

    // Keys of `values`, flattened once: by key the rows that have it, ascending.
    struct Key {
        std::string name;
        std::vector<std::pair<std::uint32_t, Value>> cells;
    };
    std::vector<Key> keys;

    /// What of a row cannot be read: such a row is evidence of nothing, and its lack is no proof.
    enum : std::uint8_t {
        action_unclear = 1,
        date_unclear = 2,
        end_unclear = 4,
        value_unclear = 8,
        date_ahead = 16,  ///< After the data date: unclear on any day before it.
    };
    std::vector<std::uint8_t> unclear;  ///< By row; empty: none.
    std::uint8_t unclear_at(std::uint32_t row) const { return unclear.empty() ? 0 : unclear[row]; }
    void mark_unclear(std::uint32_t row, std::uint8_t bit) {
        if (unclear.empty()) unclear.assign(date.size(), 0);
        unclear[row] = static_cast<std::uint8_t>(unclear[row] | bit);
    }
    std::shared_ptr<const std::string> texts;  // what the values point into
};

/// Duty lists: rows of the table `duties`.
struct Duties {
    bool given = false;
    Table table;
    std::vector<NodeNo> subject;               ///< `none` where it is a selector or unknown.
    std::vector<std::uint32_t> offsets, rows;  ///< Rows of each subject node.
    std::vector<std::int32_t> from, to;        ///< Days on which a row holds.
    std::span<const std::uint32_t> of(NodeNo node) const;
    bool holds_on(std::uint32_t row, std::int32_t day) const {
        return from[row] <= day && day <= to[row];
    }
};

/// What questions of one day share, kept with the graph: src/graph/rule_context.hpp.
class Days;
std::shared_ptr<Days> make_days();

struct Store {
    std::shared_ptr<const Kinds> kinds;
    Known known;
    std::shared_ptr<const Pack> sector_pack;
    Sectors sectors;
    /// Ids of links, those of the pack included, else words of the tables; in byte order; at
    /// most 64.
    std::vector<std::string> links;
    /// The tables given, without the columns that are copied below: for attributes and places.
    std::vector<Table> tables;
    std::vector<std::vector<std::string>> given_columns;  ///< All names of each table's columns.
    /// Of these the first day of a row that fills it, where that is not always.
    std::vector<std::map<std::string, std::int32_t, std::less<>>> given_from;
    std::vector<std::size_t> given_rows;  ///< Rows of each table as it came.
    std::optional<Date> data_date;
    std::vector<std::string> jurisdiction_given;
    IssueTable issues;

    // ── nodes, in the order of their ids' bytes ──
    Column ids, names;
    std::vector<std::uint32_t> id_slots;  ///< Hash table of ids: node + 1, 0 is free.
    std::vector<KindNo> node_kind, post_kind;
    std::vector<std::uint8_t> level;     ///< 0 country … 5 village, no_level.
    std::vector<NodeNo> division, unit;  ///< The place it belongs to; the unit that has it.
    /// Posts whose unit only rows HAS_POST with days say, ascending: `unit` has none for them,
    /// View::unit() finds it on a day.
    std::vector<NodeNo> posts_by_day;
    std::vector<SetNo> node_sectors;             ///< Set of sectors.
    std::vector<std::uint64_t> node_links;       ///< Bits of `links`; empty column: nobody has any.
    std::vector<std::uint8_t> sectors_inferred;  ///< From `industry`; empty column: none.
    std::vector<std::int32_t> node_from, node_to;  ///< Empty column: all always.
    std::vector<std::uint8_t> node_table;          ///< Index into `tables`; 255 for made regions.
    std::vector<std::uint32_t> node_row;
    /// Colours of risk points and enterprises as their rows say (`grade`, else `colour`): a Grade,
    /// 0 where none is; empty: nobody has one.
    std::vector<std::uint8_t> colour;

    // ── edges, by source, kind, target, dates, row ──
    std::vector<NodeNo> source, target;
    std::vector<KindNo> edge_kind;
    std::vector<std::uint8_t> flags;  ///< See below.
    std::vector<SetNo> edge_sectors;  ///< Empty column: none has any.
    std::vector<std::uint64_t> edge_links;
    std::vector<std::int32_t> edge_from, edge_to;
    std::vector<std::uint32_t> document, clause;  ///< In `texts`; empty column: none.
    std::vector<std::uint8_t> edge_table;
    std::vector<std::uint32_t> edge_row;
    TextPool texts;
    std::vector<std::uint32_t> out_offsets;  ///< n + 1; out-edges of node v are [o[v], o[v+1]).
    std::vector<std::uint32_t> in_offsets;
    std::vector<EdgeNo> in_edges;  ///< By target, kind, source.

    Records records;
    Duties duties;

    /// Cells that were filled in and cannot be used (a word that is not known, no number, a day
    /// that contradicts another): by attribute the nodes and edges, ascending. They read as empty;
    /// a rule that asks for them does not know.
    using Unclear = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;
    Unclear unclear_nodes, unclear_edges;
    static bool unclear_at(const std::vector<std::uint32_t>* who, std::uint32_t v) {
        return who != nullptr && std::binary_search(who->begin(), who->end(), v);
    }

    /// Never part of an answer: what it holds follows from the store and the day.
    std::shared_ptr<Days> days = make_days();

    /// Bytes by kind: whether there is a node of it, one in the table `nodes`.
    std::array<std::uint8_t, 256> has_nodes{}, has_listed{};
    /// By kind the first day of its earliest edge; always_to where it has none.
    std::array<std::int32_t, 256> first_edge{};

    // flags: bits 0-2 duty, 3-4 sureness, 5 lead, 6 enforce, 7 derived
    Duty duty(EdgeNo e) const { return static_cast<Duty>(flags[e] & 7U); }
    Sureness sureness(EdgeNo e) const { return static_cast<Sureness>((flags[e] >> 3U) & 3U); }
    bool lead(EdgeNo e) const { return (flags[e] & 32U) != 0; }
    bool enforce(EdgeNo e) const { return (flags[e] & 64U) != 0; }
    bool derived(EdgeNo e) const { return (flags[e] & 128U) != 0; }

    std::size_t n() const { return node_kind.size(); }
    std::size_t m() const { return source.size(); }
    std::string_view id(NodeNo v) const { return ids.text(v); }
    std::string_view name(NodeNo v) const { return names.text(v); }
    NodeNo find(std::string_view id) const;
    /// Brings to the processor what finding these ids will read: ids come in any order, and a
    /// graph is larger than any cache.
    void fetch(std::span<const std::string_view> wanted) const;
    const NodeKind& kind_of(NodeNo v) const { return kinds->nodes()[node_kind[v]]; }
    bool is(NodeNo v, KindNo kind) const { return node_kind[v] == kind && kind != no_kind; }
    bool is_post(NodeNo v, KindNo kind) const { return post_kind[v] == kind && kind != no_kind; }
    std::string_view doc(EdgeNo e) const {
        return document.empty() ? std::string_view() : texts.text(document[e]);
    }
    std::string_view clause_of(EdgeNo e) const {
        return clause.empty() ? std::string_view() : texts.text(clause[e]);
    }
    bool has_table(std::string_view name) const;
    /// Whether a row of a table that had begun by the day fills a column (or an attribute in its
    /// `attributes`) of that name.
    bool has_column(std::string_view table, std::string_view column, std::int32_t day) const;

    /// One attribute of nodes: a column of that name in the node's own table, else the key in its
    /// `attributes`. Make it once and read many cells.
    class Attribute {
    public:
        Attribute(const Store& store, std::string_view name);
        Value at(NodeNo v) const;
        bool anywhere() const { return anywhere_; }  ///< Whether any table has it.
        /// Whether a node's cell was filled in and cannot be used.
        bool unclear(NodeNo v) const { return unclear_at(unclear_, v); }

    private:
        const Store* store_;
        std::vector<const Column*> columns_;  // by table
        const struct Sparse* sparse_ = nullptr;
        const std::vector<std::uint32_t>* unclear_ = nullptr;
        bool anywhere_ = false;
    };
    Attribute attribute(std::string_view name) const { return Attribute(*this, name); }

    /// The same of edges.
    class EdgeAttribute {
    public:
        EdgeAttribute(const Store& store, std::string_view name);
        Value at(EdgeNo e) const;
        bool anywhere() const { return anywhere_; }
        bool unclear(EdgeNo e) const { return unclear_at(unclear_, e); }

    private:
        const Store* store_;
        std::vector<const Column*> columns_;
        const struct Sparse* sparse_ = nullptr;
        const std::vector<std::uint32_t>* unclear_ = nullptr;
        bool anywhere_ = false;
    };
    EdgeAttribute edge_attribute(std::string_view name) const { return EdgeAttribute(*this, name); }

    // Keys of the JSON in `attributes`: by key, nodes or edges ascending.
    std::vector<std::shared_ptr<const struct Sparse>> node_attributes, edge_attributes;

    std::size_t bytes() const;
};

/// A key of `attributes` and who has it.
struct Sparse {
    std::string name;
    std::vector<std::uint32_t> who;  ///< Ascending.
    std::vector<Value> values;
    std::shared_ptr<const std::string> texts;  ///< What the values point into.
};

/// Changes laid over a store: what a what-if hides and adds. Nodes and edges that are added are
/// numbered on from the store's.
struct Overlay {
    std::unordered_set<EdgeNo> hidden_edges;  ///< Of the store; added ones end by their dates.
    std::unordered_set<NodeNo> hidden_nodes;
    /// Bits of what hidden_nodes may hold: most nodes are known to be there at one look.
    std::array<std::uint64_t, 64> node_screen{};
    bool hides(NodeNo v) const {
        return ((node_screen[(v >> 6U) % 64] >> (v % 64)) & 1U) != 0 && hidden_nodes.count(v) != 0;
    }
    void hide(NodeNo v) {
        hidden_nodes.insert(v);
        node_screen[(v >> 6U) % 64] |= std::uint64_t{1} << (v % 64);
    }
    struct Edge {
        NodeNo source = none, target = none;
        KindNo kind = no_kind;
        std::uint8_t flags = 0;
        SetNo sectors = 0;
        std::uint64_t links = 0;
        std::int32_t from = always_from, to = always_to;
        EdgeNo like = none;  ///< The edge of the store that it replaces, for its document and row.
    };
    struct Node {
        std::string id, name;
        NodeNo like = none;  ///< The node of the store whose kind, place and attributes it has.
    };
    std::vector<Edge> edges;
    std::vector<Node> nodes;
    std::unordered_map<NodeNo, std::vector<EdgeNo>> out, in;  ///< Numbers of added edges.
    std::unordered_map<NodeNo, NodeNo> units;                 ///< Posts that have another unit now.

    void add(const Store& store, Edge edge);
};

/// A store on one day, perhaps with changes laid over it.
class View {
public:
    View(const Store& store, Date on, const Overlay* overlay = nullptr)
        : s(store), on_(on.days_since_1970()), overlay_(overlay) {}

    const Store& s;

    Date on() const { return Date(on_); }
    std::int32_t day() const { return on_; }
    const Overlay* overlay() const { return overlay_; }
    /// Whether the store or what is laid over it has edges of a kind that had begun by the day,
    /// whether they hold or have ended.
    bool has_edges(KindNo kind) const;
    std::size_t n() const { return s.n() + (overlay_ != nullptr ? overlay_->nodes.size() : 0); }

    /// Whether a node is there on that day.
    bool alive(NodeNo v) const {
        if (overlay_ != nullptr) {
            if (overlay_->hides(v)) return false;
            if (v >= s.n()) return true;
        }
        return s.node_from.empty() || (s.node_from[v] <= on_ && on_ <= s.node_to[v]);
    }
    /// Whether an edge's own dates hold; its ends may still be gone.
    bool dated(EdgeNo e) const {
        if (e >= s.m()) {
            const auto& x = overlay_->edges[e - s.m()];
            return x.from <= on_ && on_ <= x.to;
        }
        if (overlay_ != nullptr && overlay_->hidden_edges.count(e) != 0) return false;
        return s.edge_from.empty() || (s.edge_from[e] <= on_ && on_ <= s.edge_to[e]);
    }
    /// Whether an edge and both its ends are there on that day.
    bool active(EdgeNo e) const { return dated(e) && alive(source(e)) && alive(target(e)); }

    NodeNo source(EdgeNo e) const { return e < s.m() ? s.source[e] : added(e).source; }
    NodeNo target(EdgeNo e) const { return e < s.m() ? s.target[e] : added(e).target; }
    KindNo kind(EdgeNo e) const { return e < s.m() ? s.edge_kind[e] : added(e).kind; }
    /// The edge of the store that an edge is or replaces, for documents and rows.
    EdgeNo origin(EdgeNo e) const { return e < s.m() ? e : added(e).like; }
    /// The node of the store that a node is or is like.
    NodeNo like(NodeNo v) const { return v < s.n() ? v : overlay_->nodes[v - s.n()].like; }
    std::string_view id(NodeNo v) const {
        return v < s.n() ? s.id(v) : std::string_view(overlay_->nodes[v - s.n()].id);
    }
    std::string_view name(NodeNo v) const {
        return v < s.n() ? s.name(v) : std::string_view(overlay_->nodes[v - s.n()].name);
    }
    KindNo node_kind(NodeNo v) const { return s.node_kind[like(v)]; }
    bool is(NodeNo v, KindNo kind) const { return kind != no_kind && node_kind(v) == kind; }
    KindNo post_kind(NodeNo v) const { return s.post_kind[like(v)]; }
    std::uint8_t level(NodeNo v) const { return s.level[like(v)]; }
    NodeNo division(NodeNo v) const { return s.division[like(v)]; }
    NodeNo unit(NodeNo v) const {
        if (overlay_ != nullptr && !overlay_->units.empty()) {
            const auto moved = overlay_->units.find(v);
            if (moved != overlay_->units.end()) return moved->second;
        }
        const NodeNo one = like(v);
        const NodeNo unit = s.unit[one];
        return unit == none && !s.posts_by_day.empty() ? unit_by_day(one) : unit;
    }
    SetNo node_sectors(NodeNo v) const { return s.node_sectors[like(v)]; }
    SetNo sectors(EdgeNo e) const {
        if (e >= s.m()) return added(e).sectors;
        return s.edge_sectors.empty() ? 0 : s.edge_sectors[e];
    }
    /// Links as bits; 0 = not restricted to any.
    std::uint64_t links(EdgeNo e) const {
        if (e >= s.m()) return added(e).links;
        return s.edge_links.empty() ? 0 : s.edge_links[e];
    }
    Duty duty(EdgeNo e) const { return static_cast<Duty>(flags(e) & 7U); }
    Sureness sureness(EdgeNo e) const { return static_cast<Sureness>((flags(e) >> 3U) & 3U); }
    bool lead(EdgeNo e) const { return (flags(e) & 32U) != 0; }
    bool enforce(EdgeNo e) const { return (flags(e) & 64U) != 0; }
    std::uint8_t flags(EdgeNo e) const { return e < s.m() ? s.flags[e] : added(e).flags; }

    /// Calls f(edge) for each active edge of a kind that leaves v, in edge order.
    template <class F>
    void out(NodeNo v, KindNo kind, F&& f) const {
        if (v < s.n()) {
            const auto [first, last] = out_range(v, kind);
            for (EdgeNo e = first; e != last; ++e)
                if (active(e)) f(e);
        }
        if (overlay_ != nullptr) added_of(overlay_->out, v, kind, f);
    }
    /// Calls f(edge) for each active edge of a kind that enters v, by source.
    template <class F>
    void in(NodeNo v, KindNo kind, F&& f) const {
        if (v < s.n())
            for (const EdgeNo e : in_range(v, kind))
                if (active(e)) f(e);
        if (overlay_ != nullptr) added_of(overlay_->in, v, kind, f);
    }
    std::size_t count_out(NodeNo v, KindNo kind) const {
        std::size_t k = 0;
        out(v, kind, [&](EdgeNo) { ++k; });
        return k;
    }
    std::size_t count_in(NodeNo v, KindNo kind) const {
        std::size_t k = 0;
        in(v, kind, [&](EdgeNo) { ++k; });
        return k;
    }
    /// The first active edge of a kind, or `none`.
    EdgeNo first_out(NodeNo v, KindNo kind) const;
    EdgeNo first_in(NodeNo v, KindNo kind) const;

    /// All edges of a kind at a node whatever their dates, of the store alone.
    std::pair<EdgeNo, EdgeNo> out_range(NodeNo v, KindNo kind) const {
        const auto first = s.edge_kind.begin() + s.out_offsets[v];
        const auto last = s.edge_kind.begin() + s.out_offsets[v + 1];
        const auto range = std::equal_range(first, last, kind);
        return {static_cast<EdgeNo>(range.first - s.edge_kind.begin()),
                static_cast<EdgeNo>(range.second - s.edge_kind.begin())};
    }
    std::span<const EdgeNo> in_range(NodeNo v, KindNo kind) const {
        const auto first = s.in_edges.begin() + s.in_offsets[v];
        const auto last = s.in_edges.begin() + s.in_offsets[v + 1];
        const auto from =
            std::partition_point(first, last, [&](EdgeNo e) { return s.edge_kind[e] < kind; });
        const auto to =
            std::partition_point(from, last, [&](EdgeNo e) { return s.edge_kind[e] == kind; });
        return {from, to};
    }

    // ── the territory ──
    /// The place above a place (its PART_OF), or `none`.
    NodeNo parent(NodeNo place) const;
    /// The place a node belongs to: itself for a place; for a post that of its unit; for others
    /// their division, else that of their unit; `none` when nothing says.
    NodeNo place_of(NodeNo v) const;
    /// The place and all above it, nearest first; stops at a circle.
    std::vector<NodeNo> chain(NodeNo place) const;
    /// Whether `inner` is `outer` or lies below it.
    bool within(NodeNo inner, NodeNo outer) const;
    /// Level of a node: its own, else of its place; a zone's is its `rank`.
    std::uint8_t level_of(NodeNo v) const;
    /// The persons who hold a post on that day (edges HOLDS).
    std::vector<EdgeNo> holders(NodeNo post) const;
    bool held(NodeNo post) const { return first_in(post, s.known.holds) != none; }
    /// Posts of a unit, all or of a kind (no_kind: all), in id order.
    std::vector<NodeNo> posts(NodeNo unit, KindNo kind = no_kind) const;
    /// Bodies of a kind seated in a place, in id order.
    std::vector<NodeNo> bodies(NodeNo place, KindNo kind) const;
    /// Places that are checked: those in the jurisdiction, regions and zones, alive, in id order.
    std::vector<NodeNo> jurisdiction() const;

private:
    /// The unit of the row HAS_POST that began last of those in force, of two at once the first in
    /// id order; `none` where no row is.
    NodeNo unit_by_day(NodeNo post) const;
    const Overlay::Edge& added(EdgeNo e) const { return overlay_->edges[e - s.m()]; }
    template <class Index, class F>
    void added_of(const Index& index, NodeNo v, KindNo kind, F&& f) const {
        const auto found = index.find(v);
        if (found == index.end()) return;
        for (const EdgeNo e : found->second)
            if (kind == this->kind(e) && active(e)) f(e);
    }
    std::int32_t on_;
    const Overlay* overlay_;
};

}  // namespace safetyrisk::graph
