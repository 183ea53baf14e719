#include "store.hpp"

#include "core/cells.hpp"
#include "core/id_keys.hpp"

#include <safetyrisk/core/error.hpp>

#include <functional>

namespace safetyrisk::graph {

Known::Known(const Kinds& kinds)
    : region(kinds.node("region")),
      zone(kinds.node("zone")),
      party_committee(kinds.node("party_committee")),
      government(kinds.node("government")),
      zone_admin(kinds.node("zone_admin")),
      safety_committee(kinds.node("safety_committee")),
      safety_office(kinds.node("safety_office")),
      special_committee(kinds.node("special_committee")),
      task_force(kinds.node("task_force")),
      dept(kinds.node("dept")),
      village(kinds.node("village")),
      grid(kinds.node("grid")),
      enterprise(kinds.node("enterprise")),
      site(kinds.node("site")),
      group(kinds.node("group")),
      agency(kinds.node("agency")),
      peer_group(kinds.node("peer_group")),
      post(kinds.node("post")),
      person(kinds.node("person")),
      sector(kinds.node("sector")),
      scene(kinds.node("scene")),
      risk_point(kinds.node("risk_point")),
      major_hazard_source(kinds.node("major_hazard_source")),
      hazard(kinds.node("hazard")),
      accident(kinds.node("accident")),
      task(kinds.node("task")),
      document(kinds.node("document")),
      clause(kinds.node("clause")),
      legal_basis(kinds.node("legal_basis")),
      letter(kinds.node("letter")),
      record(kinds.node("record")),
      collective(kinds.node("collective")),
      party_principal(kinds.post("party_principal")),
      gov_principal(kinds.post("gov_principal")),
      safety_deputy(kinds.post("safety_deputy")),
      portfolio_deputy(kinds.post("portfolio_deputy")),
      committee_member(kinds.post("committee_member")),
      dept_principal(kinds.post("dept_principal")),
      dept_safety_deputy(kinds.post("dept_safety_deputy")),
      dept_other_deputy(kinds.post("dept_other_deputy")),
      inspector(kinds.post("inspector")),
      village_head(kinds.post("village_head")),
      grid_leader(kinds.post("grid_leader")),
      grid_officer(kinds.post("grid_officer")),
      liaison(kinds.post("liaison")),
      principal(kinds.post("principal")),
      safety_director(kinds.post("safety_director")),
      tech_head(kinds.post("tech_head")),
      business_deputy(kinds.post("business_deputy")),
      safety_manager(kinds.post("safety_manager")),
      registered_engineer(kinds.post("registered_engineer")),
      workshop_head(kinds.post("workshop_head")),
      team_leader(kinds.post("team_leader")),
      special_worker(kinds.post("special_worker")),
      worker(kinds.post("worker")),
      mhs_principal(kinds.post("mhs_principal")),
      mhs_tech(kinds.post("mhs_tech")),
      mhs_operator(kinds.post("mhs_operator")),
      informed_person(kinds.post("informed_person")),
      part_of(kinds.edge("PART_OF")),
      leads(kinds.edge("LEADS")),
      guides(kinds.edge("GUIDES")),
      has_post(kinds.edge("HAS_POST")),
      holds(kinds.edge("HOLDS")),
      reports_to(kinds.edge("REPORTS_TO")),
      in_charge_of(kinds.edge("IN_CHARGE_OF")),
      safety_duty(kinds.edge("SAFETY_DUTY")),
      business_duty(kinds.edge("BUSINESS_DUTY")),
      chairs(kinds.edge("CHAIRS")),
      member_of(kinds.edge("MEMBER_OF")),
      serves_as(kinds.edge("SERVES_AS")),
      hosts_office(kinds.edge("HOSTS_OFFICE")),
      territorial(kinds.edge("TERRITORIAL")),
      comprehensive(kinds.edge("COMPREHENSIVE")),
      regulates(kinds.edge("REGULATES")),
      hosts_sector(kinds.edge("HOSTS_SECTOR")),
      manages_business(kinds.edge("MANAGES_BUSINESS")),
      permits(kinds.edge("PERMITS")),
      supports(kinds.edge("SUPPORTS")),
      enforces_for(kinds.edge("ENFORCES_FOR")),
      oversees_work_of(kinds.edge("OVERSEES_WORK_OF")),
      paired_with(kinds.edge("PAIRED_WITH")),
      guards(kinds.edge("GUARDS")),
      grid_covers(kinds.edge("GRID_COVERS")),
      principal_of(kinds.edge("PRINCIPAL_OF")),
      controls_risk(kinds.edge("CONTROLS_RISK")),
      mhs_care(kinds.edge("MHS_CARE")),
      responsible_post(kinds.edge("RESPONSIBLE_POST")),
      signed_with(kinds.edge("SIGNED_WITH")),
      contracts_to(kinds.edge("CONTRACTS_TO")),
      leases_to(kinds.edge("LEASES_TO")),
      owned_by(kinds.edge("OWNED_BY")),
      serves(kinds.edge("SERVES")),
      assigns(kinds.edge("ASSIGNS")),
      organizes(kinds.edge("ORGANIZES")),
      leads_task(kinds.edge("LEADS_TASK")),
      joint(kinds.edge("JOINT")),
      shares(kinds.edge("SHARES")),
      assists(kinds.edge("ASSISTS")),
      supervises_task(kinds.edge("SUPERVISES_TASK")),
      implements(kinds.edge("IMPLEMENTS")),
      responsible(kinds.edge("RESPONSIBLE")),
      guides_task(kinds.edge("GUIDES_TASK")),
      reports_progress(kinds.edge("REPORTS_PROGRESS")),
      derives_from(kinds.edge("DERIVES_FROM")),
      found(kinds.edge("FOUND")),
      owns_hazard(kinds.edge("OWNS_HAZARD")),
      verifies(kinds.edge("VERIFIES")),
      closes(kinds.edge("CLOSES")),
      addresses(kinds.edge("ADDRESSES")),
      succeeds(kinds.edge("SUCCEEDS")),
      merged_into(kinds.edge("MERGED_INTO")),
      split_from(kinds.edge("SPLIT_FROM")),
      alias_of(kinds.edge("ALIAS_OF")),
      belongs_to(kinds.edge("BELONGS_TO")),
      seated_in(kinds.edge("SEATED_IN")) {}

// ── texts ──

std::uint32_t TextPool::intern(std::string_view text) {
    const std::size_t hash = std::hash<std::string_view>{}(text);
    const auto [first, last] = index_.equal_range(hash);
    for (auto it = first; it != last; ++it)
        if (this->text(it->second) == text) return it->second;
    const auto number = static_cast<std::uint32_t>(size());
    if (bytes_.size() + text.size() >= none)
        throw InputError("documents and clauses take more than 4 GB");
    bytes_ += text;
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    index_.emplace(hash, number);
    return number;
}

std::uint32_t TextPool::find(std::string_view text) const {
    const auto [first, last] = index_.equal_range(std::hash<std::string_view>{}(text));
    for (auto it = first; it != last; ++it)
        if (this->text(it->second) == text) return it->second;
    return none;
}

std::size_t TextPool::bytes() const {
    return bytes_.capacity() + ends_.capacity() * sizeof(std::uint32_t) +
           index_.size() * (sizeof(std::size_t) + sizeof(std::uint32_t) + 2 * sizeof(void*));
}

std::uint32_t Sectors::find(std::string_view word) const {
    const auto found = words.find(std::string(word));
    return found == words.end() ? none : found->second;
}

const std::vector<SetNo>& Sectors::Touched::of(SetNo edge) {
    if (found_.empty()) found_.resize(sectors_.sets.size());
    std::optional<std::vector<SetNo>>& found = found_[edge];
    if (found) return *found;
    found.emplace();
    for (SetNo set = 1; set < sectors_.sets.size(); ++set)
        for (const std::uint16_t sector : sectors_.sets[set])
            if (sectors_.covers(edge, sector)) {
                found->push_back(set);
                break;
            }
    return *found;
}

std::uint64_t Sectors::likeness(std::uint32_t a, std::uint32_t b) const {
    if (a == b) return 1000;
    const Sector &x = all[a], &y = all[b];
    if (x.parent == b || y.parent == a || (x.parent != none && x.parent == y.parent)) return 500;
    std::uint64_t shared = 0, either = 0;
    for (const std::string& tag : x.tags)
        either += tag_weights.at(tag);
    for (const std::string& tag : y.tags)
        if (std::binary_search(x.tags.begin(), x.tags.end(), tag))
            shared += tag_weights.at(tag);
        else
            either += tag_weights.at(tag);
    return either == 0 ? 0 : shared * 1000 / either;
}

bool Sectors::high_risk(std::uint32_t sector) const {
    for (std::size_t step = 0; sector != none && step < all.size(); ++step) {
        if (all[sector].high_risk || all[sector].high_risk_said) return all[sector].high_risk;
        sector = all[sector].parent;
    }
    return false;
}

// ── values ──

std::optional<bool> Value::yes() const {
    switch (type) {
        case Type::boolean:
            return boolean;
        case Type::number:
            if (number == 0 || number == 1) return number == 1;
            return std::nullopt;
        case Type::text:
            for (const std::string_view word :
                 {"是", "true", "TRUE", "True", "1", "有", "yes", "Y", "y", "√"})
                if (text == word) return true;
            for (const std::string_view word :
                 {"否", "false", "FALSE", "False", "0", "无", "no", "N", "n", "×"})
                if (text == word) return false;
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

std::optional<double> Value::as_number() const {
    if (type == Type::number) return number;
    if (type != Type::text) return std::nullopt;
    const NumberCell cell = parse_number(text);
    if (cell.state != NumberCell::State::value) return std::nullopt;
    return cell.value;
}

std::optional<Date> Value::as_date() const {
    if (type == Type::date) return date;
    if (type == Type::number) return read_day(number);
    if (type == Type::text) return read_day(text);
    return std::nullopt;
}

Value value_of(const Column& column, std::size_t row) {
    Value value;
    if (column.is_missing(row)) return value;
    switch (column.type()) {
        case ColumnType::number:
        case ColumnType::integer:
            value.type = Value::Type::number;
            value.number = column.number(row).value;
            break;
        case ColumnType::boolean:
            value.type = Value::Type::boolean;
            value.boolean = column.boolean(row);
            break;
        case ColumnType::date:
            value.type = Value::Type::date;
            value.date = column.date(row);
            break;
        case ColumnType::text:
            value.type = Value::Type::text;
            value.text = trim(column.text(row));
            break;
    }
    return value;
}

namespace {

Value sparse_value(const Sparse* sparse, std::uint32_t who) {
    if (sparse == nullptr) return {};
    const auto found = std::lower_bound(sparse->who.begin(), sparse->who.end(), who);
    if (found == sparse->who.end() || *found != who) return {};
    return sparse->values[static_cast<std::size_t>(found - sparse->who.begin())];
}

const Sparse* find_sparse(const std::vector<std::shared_ptr<const Sparse>>& all,
                          std::string_view name) {
    for (const auto& sparse : all)
        if (sparse->name == name) return sparse.get();
    return nullptr;
}

std::span<const std::uint32_t> rows_of(const std::vector<std::uint32_t>& offsets,
                                       const std::vector<std::uint32_t>& rows, NodeNo node) {
    if (std::size_t{node} + 1 >= offsets.size()) return {};
    return std::span(rows).subspan(offsets[node], offsets[node + 1] - offsets[node]);
}

template <class T>
std::size_t bytes_of(const std::vector<T>& cells) {
    return cells.capacity() * sizeof(T);
}

std::size_t bytes_of(const Column& texts) {
    // Columns of our own: 64-bit offsets and the bytes they enclose.
    if (texts.size() == 0) return 0;
    const auto memory = texts.memory();
    if (memory.layout != Column::Layout::offsets64) return 0;
    const auto* offsets = static_cast<const std::int64_t*>(memory.cells);
    return (texts.size() + 1) * sizeof(std::int64_t) +
           static_cast<std::size_t>(offsets[texts.size()] - offsets[0]);
}

}  // namespace

// ── records and duties ──

std::uint16_t Records::action_no(std::string_view id) const {
    const auto found = std::lower_bound(actions.begin(), actions.end(), id);
    if (found == actions.end() || *found != id) return 0xffff;
    return static_cast<std::uint16_t>(found - actions.begin());
}

std::int32_t Records::first_of(std::string_view id) const {
    const std::uint16_t number = action_no(id);
    return number == 0xffff ? always_to : first[number];
}

std::span<const std::uint32_t> Records::of_subject(NodeNo node) const {
    return rows_of(subject_offsets, subject_rows, node);
}

std::span<const std::uint32_t> Records::of_object(NodeNo node) const {
    return rows_of(object_offsets, object_rows, node);
}

double Records::count(std::uint32_t row) const {
    const Column* column = table.find("count");
    if (column == nullptr) return 1;
    const NumberCell cell = column->number(row);
    return cell.state == NumberCell::State::value ? cell.value : 1;
}

Value Records::value(std::uint32_t row, std::string_view key) const {
    for (const Key& one : keys) {
        if (one.name != key) continue;
        const auto found = std::lower_bound(
            one.cells.begin(), one.cells.end(), row,
            [](const auto& cell, std::uint32_t wanted) { return cell.first < wanted; });
        if (found != one.cells.end() && found->first == row) return found->second;
        return {};
    }
    if (const Column* column = table.find(key); column != nullptr) return value_of(*column, row);
    return {};
}

std::span<const std::uint32_t> Duties::of(NodeNo node) const {
    return rows_of(offsets, rows, node);
}

// ── the store ──

NodeNo Store::find(std::string_view wanted) const {
    if (id_slots.empty()) return none;
    const std::size_t mask = id_slots.size() - 1;
    std::size_t slot = core_detail::hash_text(wanted, core_detail::IdKey(wanted)) & mask;
    for (; id_slots[slot] != 0; slot = (slot + 1) & mask)
        if (ids.text(id_slots[slot] - 1) == wanted) return id_slots[slot] - 1;
    return none;
}

void Store::fetch(std::span<const std::string_view> wanted) const {
    constexpr std::size_t most = 64;
    const auto memory = ids.memory();
    if (id_slots.empty() || memory.layout != Column::Layout::offsets64) return;
    const auto* const offsets = static_cast<const std::int64_t*>(memory.cells);
    const auto* const bytes = static_cast<const char*>(memory.bytes);
    const std::size_t mask = id_slots.size() - 1;
    std::array<std::uint32_t, most> at{};
    const std::size_t n = std::min(most, wanted.size());
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t slot =
            core_detail::hash_text(wanted[i], core_detail::IdKey(wanted[i])) & mask;
        at[i] = static_cast<std::uint32_t>(slot);
        core_detail::fetch(&id_slots[slot]);
    }
    for (std::size_t i = 0; i < n; ++i) {
        at[i] = id_slots[at[i]];
        if (at[i] != 0) core_detail::fetch(&offsets[at[i] - 1]);
    }
    for (std::size_t i = 0; i < n; ++i)
        if (at[i] != 0) core_detail::fetch(bytes + offsets[at[i] - 1]);
}

bool Store::has_table(std::string_view wanted) const {
    for (const Table& table : tables)
        if (table.origin().table == wanted) return true;
    return false;
}

namespace {

const std::vector<std::uint32_t>* find_unclear(const Store::Unclear& all, std::string_view name) {
    const auto found = all.find(name);
    return found == all.end() ? nullptr : &found->second;
}

}  // namespace

Store::Attribute::Attribute(const Store& store, std::string_view wanted)
    : store_(&store),
      sparse_(find_sparse(store.node_attributes, wanted)),
      unclear_(find_unclear(store.unclear_nodes, wanted)) {
    anywhere_ = sparse_ != nullptr;
    for (const Table& table : store.tables) {
        const std::string& name = table.origin().table;
        const bool of_nodes = name != "edges" && name != "records" && name != "duties";
        columns_.push_back(of_nodes ? table.find(wanted) : nullptr);
        anywhere_ = anywhere_ || columns_.back() != nullptr;
    }
}

Value Store::Attribute::at(NodeNo v) const {
    const std::uint8_t table = store_->node_table[v];
    if (table < columns_.size() && columns_[table] != nullptr) {
        const Value value = value_of(*columns_[table], store_->node_row[v]);
        if (!value.is_empty()) return value;
    }
    return sparse_value(sparse_, v);
}

Store::EdgeAttribute::EdgeAttribute(const Store& store, std::string_view wanted)
    : store_(&store),
      sparse_(find_sparse(store.edge_attributes, wanted)),
      unclear_(find_unclear(store.unclear_edges, wanted)) {
    anywhere_ = sparse_ != nullptr;
    for (const Table& table : store.tables) {
        columns_.push_back(table.origin().table == "edges" ? table.find(wanted) : nullptr);
        anywhere_ = anywhere_ || columns_.back() != nullptr;
    }
}

Value Store::EdgeAttribute::at(EdgeNo e) const {
    const std::uint8_t table = store_->edge_table[e];
    if (!store_->derived(e) && table < columns_.size() && columns_[table] != nullptr) {
        const Value value = value_of(*columns_[table], store_->edge_row[e]);
        if (!value.is_empty()) return value;
    }
    return sparse_value(sparse_, e);
}

std::size_t Store::bytes() const {
    std::size_t sum = bytes_of(ids) + bytes_of(names) + bytes_of(id_slots) + bytes_of(node_kind) +
                      bytes_of(post_kind) + bytes_of(level) + bytes_of(division) + bytes_of(unit) +
                      bytes_of(posts_by_day) + bytes_of(node_sectors) + bytes_of(node_links) +
                      bytes_of(sectors_inferred) + bytes_of(node_from) + bytes_of(node_to) +
                      bytes_of(node_table) + bytes_of(node_row) + bytes_of(colour) +
                      bytes_of(source) + bytes_of(target) + bytes_of(edge_kind) + bytes_of(flags) +
                      bytes_of(edge_sectors) + bytes_of(edge_links) + bytes_of(edge_from) +
                      bytes_of(edge_to) + bytes_of(document) + bytes_of(clause) +
                      bytes_of(edge_table) + bytes_of(edge_row) + texts.bytes() +
                      bytes_of(out_offsets) + bytes_of(in_offsets) + bytes_of(in_edges) +
                      bytes_of(records.subject) + bytes_of(records.object) +
                      bytes_of(records.action) + bytes_of(records.date) +
                      bytes_of(records.subject_offsets) + bytes_of(records.subject_rows) +
                      bytes_of(records.object_offsets) + bytes_of(records.object_rows) +
                      bytes_of(duties.subject) + bytes_of(duties.offsets) + bytes_of(duties.rows);
    for (const auto* attributes : {&node_attributes, &edge_attributes})
        for (const auto& sparse : *attributes)
            sum += bytes_of(sparse->who) + bytes_of(sparse->values);
    for (const auto& key : records.keys)
        sum += bytes_of(key.cells);
    for (const auto& set : sectors.covered)
        sum += bytes_of(set);
    return sum;
}

// ── changes and days ──

void Overlay::add(const Store& store, Edge edge) {
    const auto number = static_cast<EdgeNo>(store.m() + edges.size());
    out[edge.source].push_back(number);
    in[edge.target].push_back(number);
    edges.push_back(edge);
}

EdgeNo View::first_out(NodeNo v, KindNo kind) const {
    if (v < s.n()) {
        const auto [first, last] = out_range(v, kind);
        for (EdgeNo e = first; e != last; ++e)
            if (active(e)) return e;
    }
    EdgeNo found = none;
    if (overlay_ != nullptr)
        added_of(overlay_->out, v, kind, [&](EdgeNo e) { found = std::min(found, e); });
    return found;
}

EdgeNo View::first_in(NodeNo v, KindNo kind) const {
    if (v < s.n())
        for (const EdgeNo e : in_range(v, kind))
            if (active(e)) return e;
    EdgeNo found = none;
    if (overlay_ != nullptr)
        added_of(overlay_->in, v, kind, [&](EdgeNo e) { found = std::min(found, e); });
    return found;
}

NodeNo View::unit_by_day(NodeNo post) const {
    if (!std::binary_search(s.posts_by_day.begin(), s.posts_by_day.end(), post)) return none;
    EdgeNo found = none;
    for (const EdgeNo e : in_range(post, s.known.has_post))
        if (dated(e) && alive(source(e)) && (found == none || s.edge_from[e] > s.edge_from[found]))
            found = e;
    return found == none ? none : source(found);
}

NodeNo View::parent(NodeNo place) const {
    const EdgeNo e = first_out(place, s.known.part_of);
    return e == none ? none : target(e);
}

NodeNo View::place_of(NodeNo v) const {
    // As many steps as there are nodes: units may be in a circle.
    for (std::size_t steps = 0; v != none && steps <= n(); ++steps) {
        if (s.kind_of(like(v)).place) return v;
        if (division(v) != none) return division(v);
        v = unit(v);
    }
    return none;
}

std::vector<NodeNo> View::chain(NodeNo place) const {
    // Chains are short; only a long one is worth a table.
    constexpr std::size_t few = 32;
    std::vector<NodeNo> places;
    std::unordered_set<NodeNo> seen;
    for (NodeNo p = place; p != none; p = parent(p)) {
        if (places.size() < few) {
            if (std::find(places.begin(), places.end(), p) != places.end()) break;
        } else {
            if (seen.empty()) seen.insert(places.begin(), places.end());
            if (!seen.insert(p).second) break;
        }
        places.push_back(p);
    }
    return places;
}

bool View::within(NodeNo inner, NodeNo outer) const {
    if (inner == none || outer == none) return false;
    std::size_t steps = 0;
    for (NodeNo p = inner; p != none && steps <= n(); p = parent(p), ++steps)
        if (p == outer) return true;
    return false;
}

std::uint8_t View::level_of(NodeNo v) const {
    for (std::size_t steps = 0; v != none && steps <= n(); ++steps) {
        if (level(v) != no_level) return level(v);
        const NodeNo place = place_of(v);
        if (place == v || place == none) return no_level;
        v = place;
    }
    return no_level;
}

std::vector<EdgeNo> View::holders(NodeNo post) const {
    std::vector<EdgeNo> edges;
    in(post, s.known.holds, [&](EdgeNo e) { edges.push_back(e); });
    return edges;
}

std::vector<NodeNo> View::posts(NodeNo unit, KindNo kind) const {
    std::vector<NodeNo> found;
    out(unit, s.known.has_post, [&](EdgeNo e) {
        if (kind == no_kind || post_kind(target(e)) == kind) found.push_back(target(e));
    });
    return found;
}

bool View::has_edges(KindNo kind) const {
    if (kind == no_kind) return false;
    return (s.first_edge[kind] != always_to && s.first_edge[kind] <= on_) ||
           (overlay_ != nullptr && std::any_of(overlay_->edges.begin(), overlay_->edges.end(),
                                               [&](const Overlay::Edge& edge) {
                                                   return edge.kind == kind && edge.from <= on_;
                                               }));
}

std::vector<NodeNo> View::bodies(NodeNo place, KindNo kind) const {
    std::vector<NodeNo> found;
    in(place, s.known.seated_in, [&](EdgeNo e) {
        if (kind == no_kind || node_kind(source(e)) == kind) found.push_back(source(e));
    });
    return found;
}

std::vector<NodeNo> View::jurisdiction() const {
    const auto of_places = [&](NodeNo v) {
        return (is(v, s.known.region) || is(v, s.known.zone)) && alive(v);
    };
    std::vector<std::uint8_t> state(n(), 0);  // 1 in, 2 out, for places
    bool asked = false;
    for (const std::string& id : s.jurisdiction_given) {
        const NodeNo v = s.find(id);
        if (v != none) state[v] = 1;
        asked = true;
    }
    if (!asked)
        for (NodeNo v = 0; v < n(); ++v) {
            if (!alive(v) || division(v) == none) continue;
            if (is(v, s.known.government) || is(v, s.known.zone_admin) ||
                is(v, s.known.party_committee)) {
                state[division(v)] = 1;
                asked = true;
            }
        }
    std::vector<NodeNo> found, path;
    for (NodeNo v = 0; v < n(); ++v) {
        if (!of_places(v)) continue;
        if (!asked) {
            found.push_back(v);
            continue;
        }
        // Up to a place that is decided; a circle leads nowhere and is outside.
        path.clear();
        NodeNo p = v;
        while (p != none && state[p] == 0) {
            state[p] = 2;
            path.push_back(p);
            p = parent(p);
        }
        if (p != none && state[p] == 1)
            for (const NodeNo one : path)
                state[one] = 1;
        if (state[v] == 1) found.push_back(v);
    }
    return found;
}

}  // namespace safetyrisk::graph
