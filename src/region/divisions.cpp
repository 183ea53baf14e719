#include <safetyrisk/region/divisions.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "region/division_rows.hpp"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace safetyrisk::region {
namespace {

using detail::as_size;
using detail::Former;
using Entry = detail::DivisionEntry;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// Codes are 12 decimal digits with long runs of zeros: multiplied so that all bits count.
std::uint64_t scatter(DivisionCode code) {
    const std::uint64_t x = code.packed() * 0x9E3779B97F4A7C15U;
    return x ^ (x >> 32U);
}

// Finds entries by code while the tree is being built.
class EntryIndex {
public:
    void add(DivisionCode code, std::int32_t entry) { index_.emplace(code.packed(), entry); }
    std::int32_t find(DivisionCode code) const {
        const auto it = index_.find(code.packed());
        return it == index_.end() ? -1 : it->second;
    }
    void reserve(std::size_t n) { index_.reserve(n); }

private:
    std::unordered_map<std::uint64_t, std::int32_t> index_;
};

class Builder {
public:
    Builder(const Table& table, std::optional<Date> on, IssueTable& issues)
        : table_(table), issues_(issues), parent_(table.find("parent")) {
        detail::DivisionRows rows = detail::read_division_rows(table, on, issues);
        origin_ = std::move(rows.origin);
        entries_ = std::move(rows.entries);
        former_ = std::move(rows.former);
    }

    void build() {
        reject_duplicates();
        for (std::size_t e = 0; e < entries_.size(); ++e)
            index_.add(entries_[e].code, static_cast<std::int32_t>(e));
        follow_successors();
        // Making an ancestor appends it to the entries, and its own parent is looked for in turn.
        for (std::size_t e = 1; e < entries_.size(); ++e)
            find_parent(e);
        sort_by_code();
        break_circles();
    }

    // In code order; the first is the country.
    const std::vector<Entry>& entries() const { return entries_; }
    // Codes that do not hold, in code order, and the entry that each became (-1: none).
    const std::vector<std::pair<DivisionCode, std::int32_t>>& retired() const { return retired_; }

    // A number of the row that is not negative, else NaN and, where it is written, an issue.
    double quantity(const Column* column, std::string_view name, std::int32_t row) {
        if (column == nullptr || row < 0) return nan_value;
        const NumberCell cell = column->number(as_size(row));
        if (cell.state == NumberCell::State::missing) return nan_value;
        if (cell.state == NumberCell::State::value && std::isfinite(cell.value) &&
            cell.value >= 0.0)
            return cell.value;
        issues_.add("region.bad_quantity", origin_, row, name, column->print(as_size(row)));
        return nan_value;
    }

private:
    // Rows of one code: one row when all are equal, none when they differ.
    void reject_duplicates() {
        std::sort(entries_.begin() + 1, entries_.end(), [](const Entry& a, const Entry& b) {
            return a.code != b.code ? a.code < b.code : a.row < b.row;
        });
        std::vector<Entry> kept;
        kept.reserve(entries_.size());
        for (std::size_t i = 0; i < entries_.size();) {
            std::size_t end = i + 1;
            bool equal = true;
            while (end < entries_.size() && entries_[end].code == entries_[i].code) {
                equal = equal && entries_[i].row >= 0 &&
                        table_.equal_rows(as_size(entries_[i].row), as_size(entries_[end].row));
                ++end;
            }
            const std::string text = entries_[i].code.text();
            if (i == 0) {
                // The country is made first; a row for it only gives it a name.
                if (end == 2) entries_[0].row = entries_[1].row;
                kept.push_back(entries_[0]);
                if (end > 2) report_conflict(1, end, text);
            } else if (equal) {
                kept.push_back(entries_[i]);
                for (std::size_t k = i + 1; k < end; ++k)
                    issues_.add("region.duplicate_division", origin_, entries_[k].row, "code", text,
                                {origin_.place(entries_[i].row)});
            } else {
                report_conflict(i, end, text);
            }
            i = end;
        }
        entries_ = std::move(kept);
    }

    void report_conflict(std::size_t begin, std::size_t end, const std::string& code) {
        for (std::size_t k = begin; k < end; ++k) {
            const std::int32_t other = entries_[k == begin ? begin + 1 : begin].row;
            issues_.add("region.conflicting_division", origin_, entries_[k].row, "code", code,
                        {origin_.place(other)});
        }
    }

    void follow_successors() {
        // Of several rows for one code the one that ended last speaks for it.
        std::sort(former_.begin(), former_.end(), [](const Former& a, const Former& b) {
            if (a.code != b.code) return a.code < b.code;
            return a.until != b.until ? b.until < a.until : a.row < b.row;
        });
        std::vector<Former> kept;
        for (const Former& former : former_) {
            if (!kept.empty() && kept.back().code == former.code) {
                if (kept.back().until == former.until && kept.back().successor != former.successor)
                    kept.back().successor.reset();
                continue;
            }
            if (index_.find(former.code) < 0) kept.push_back(former);
        }
        EntryIndex places;
        for (std::size_t k = 0; k < kept.size(); ++k)
            places.add(kept[k].code, static_cast<std::int32_t>(k));
        for (const Former& former : kept)
            retired_.emplace_back(former.code, follow(former, kept, places));
        for (const auto& [code, entry] : retired_)
            retired_index_.emplace(code.packed(), entry);
    }

    // The entry at the end of the chain of successors, or -1.
    std::int32_t follow(const Former& first, const std::vector<Former>& kept,
                        const EntryIndex& places) {
        const Former* now = &first;
        for (std::size_t steps = 0; steps <= kept.size(); ++steps) {
            if (!now->successor) return -1;
            if (const std::int32_t entry = index_.find(*now->successor); entry >= 0) return entry;
            const std::int32_t next = places.find(*now->successor);
            if (next < 0) {
                issues_.add("region.unknown_successor", origin_, first.row, "successor",
                            now->successor->text(), {first.code.text()});
                return -1;
            }
            now = &kept[as_size(next)];
        }
        issues_.add("region.successor_cycle", origin_, first.row, "successor",
                    first.successor->text(), {first.code.text()});
        return -1;
    }

    void find_parent(std::size_t e) {
        const Entry entry = entries_[e];
        std::int32_t parent = explicit_parent(entry);
        const bool by_prefix = parent < 0;
        if (by_prefix) parent = prefix_parent(entry.code);
        entries_[e].parent = parent;
        entries_[e].by_prefix = by_prefix;
    }

    // The parent that the row names, or -1 when it names none that can be.
    std::int32_t explicit_parent(const Entry& entry) {
        if (parent_ == nullptr || entry.row < 0 || parent_->is_missing(as_size(entry.row)))
            return -1;
        const std::string text = parent_->print(as_size(entry.row));
        const CodeCell cell = read_code(*parent_, as_size(entry.row));
        if (cell.state != CodeCell::State::code) {
            issues_.add("region.malformed_code", origin_, entry.row, "parent", text);
            return -1;
        }
        std::int32_t parent = index_.find(cell.code);
        if (parent < 0) {
            const auto it = retired_index_.find(cell.code.packed());
            if (it != retired_index_.end()) parent = it->second;
        }
        if (parent < 0) {
            // What the code itself says is above needs no row of its own.
            if (cell.code == entry.code || !cell.code.contains(entry.code))
                issues_.add("region.unknown_parent", origin_, entry.row, "parent", text,
                            {entry.code.text()});
            return -1;
        }
        if (entries_[as_size(parent)].code.level() > entry.code.level()) {
            issues_.add("region.parent_not_above", origin_, entry.row, "parent", text,
                        {entry.code.text()});
            return -1;
        }
        return parent;
    }

    // The nearest division above by code; one that the table does not know is made.
    std::int32_t prefix_parent(DivisionCode code) {
        for (DivisionCode above = code.parent();; above = above.parent()) {
            if (const std::int32_t entry = index_.find(above); entry >= 0) return entry;
            if (const auto it = retired_index_.find(above.packed()); it != retired_index_.end()) {
                const bool usable = it->second >= 0 && entries_[as_size(it->second)].code != code &&
                                    entries_[as_size(it->second)].code.level() < code.level();
                if (usable) return it->second;
                continue;
            }
            if (above.is_direct_county_group()) continue;
            const auto entry = static_cast<std::int32_t>(entries_.size());
            entries_.push_back({above, -1, -1, true});
            index_.add(above, entry);
            issues_.add("region.ancestor_made", origin_, -1, "code", above.text(), {code.text()});
            return entry;
        }
    }

    void sort_by_code() {
        std::vector<std::int32_t> order(entries_.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
            return entries_[as_size(a)].code < entries_[as_size(b)].code;
        });
        std::vector<std::int32_t> place(order.size());
        std::vector<Entry> sorted(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            place[as_size(order[i])] = static_cast<std::int32_t>(i);
            sorted[i] = entries_[as_size(order[i])];
        }
        for (Entry& entry : sorted)
            if (entry.parent >= 0) entry.parent = place[as_size(entry.parent)];
        for (auto& [code, entry] : retired_)
            if (entry >= 0) entry = place[as_size(entry)];
        entries_ = std::move(sorted);
    }

    // Members of a circle of parents go below the nearest division above by code. That can close
    // another circle with parents of the table, so it is repeated; each round takes at least one of
    // those away, and parents by code alone form none.
    void break_circles() {
        const auto from_table = [](const Entry& entry) { return !entry.by_prefix; };
        while (std::any_of(entries_.begin(), entries_.end(), from_table)) {
            if (!break_circles_once()) return;
        }
    }

    bool break_circles_once() {
        using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                         boost::no_property, boost::no_property,
                                                         std::uint32_t, std::uint32_t>;
        const std::size_t n = entries_.size();
        std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
        edges.reserve(n);
        for (std::size_t e = 1; e < n; ++e)
            edges.emplace_back(static_cast<std::uint32_t>(e),
                               static_cast<std::uint32_t>(entries_[e].parent));
        const Graph graph(boost::edges_are_sorted, edges.begin(), edges.end(),
                          static_cast<std::uint32_t>(n));
        std::vector<std::uint32_t> component(n);
        const auto count = boost::strong_components(
            graph, boost::make_iterator_property_map(component.begin(),
                                                     boost::get(boost::vertex_index, graph)));
        std::vector<std::vector<std::uint32_t>> members(count);
        for (std::uint32_t e = 0; e < n; ++e)
            members[component[e]].push_back(e);
        std::vector<std::uint32_t> circle;
        for (const auto& group : members) {
            const Entry& first = entries_[group.front()];
            if (group.size() == 1 && first.parent != static_cast<std::int32_t>(group.front()))
                continue;
            std::string names;
            for (const std::uint32_t e : group)
                names += (names.empty() ? "" : " ") + entries_[e].code.text();
            for (const std::uint32_t e : group) {
                circle.push_back(e);
                const Entry& entry = entries_[e];
                if (!entry.by_prefix)
                    issues_.add("region.parent_cycle", origin_, entry.row, "parent",
                                entries_[as_size(entry.parent)].code.text(), {names});
            }
        }
        for (const std::uint32_t e : circle) {
            DivisionCode above = entries_[e].code.parent();
            while (index_.find(above) < 0)
                above = above.parent();
            entries_[e].parent = position(above);
            entries_[e].by_prefix = true;
        }
        return !circle.empty();
    }

    // Where a code that has an entry stands after sorting.
    std::int32_t position(DivisionCode code) const {
        const auto it = std::lower_bound(
            entries_.begin(), entries_.end(), code,
            [](const Entry& entry, DivisionCode wanted) { return entry.code < wanted; });
        return static_cast<std::int32_t>(it - entries_.begin());
    }

    const Table& table_;
    IssueTable& issues_;
    const Column* parent_;
    Origin origin_;
    std::vector<Entry> entries_;
    std::vector<Former> former_;
    std::vector<std::pair<DivisionCode, std::int32_t>> retired_;
    std::unordered_map<std::uint64_t, std::int32_t> retired_index_;
    EntryIndex index_;
};

// Notes the order in which a depth-first search meets the entries, and where subtrees end.
struct Numbering : boost::default_dfs_visitor {
    std::vector<std::uint32_t>* order;
    std::vector<std::int32_t>* ends;  // by entry

    template <class Vertex, class Graph>
    void discover_vertex(Vertex vertex, const Graph&) {
        order->push_back(vertex);
    }
    template <class Vertex, class Graph>
    void finish_vertex(Vertex vertex, const Graph&) {
        (*ends)[vertex] = static_cast<std::int32_t>(order->size());
    }
};

// Depth first from the country, siblings in code order; `ends` gets each entry's subtree end.
std::vector<std::uint32_t> depth_first(const std::vector<Entry>& entries,
                                       std::vector<std::int32_t>& ends) {
    using Graph =
        boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                           boost::no_property, std::uint32_t, std::uint32_t>;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    edges.reserve(entries.size());
    for (std::size_t e = 1; e < entries.size(); ++e)
        edges.emplace_back(static_cast<std::uint32_t>(entries[e].parent),
                           static_cast<std::uint32_t>(e));
    std::sort(edges.begin(), edges.end());
    const Graph graph(boost::edges_are_sorted, edges.begin(), edges.end(),
                      static_cast<std::uint32_t>(entries.size()));
    std::vector<std::uint32_t> order;
    order.reserve(entries.size());
    ends.assign(entries.size(), 0);
    Numbering numbering;
    numbering.order = &order;
    numbering.ends = &ends;
    std::vector<boost::default_color_type> colors(entries.size(), boost::white_color);
    boost::depth_first_visit(
        graph, std::uint32_t{0}, numbering,
        boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, graph)));
    return order;
}

}  // namespace

Divisions::Divisions()
    : codes_{DivisionCode()},
      parents_{-1},
      ends_{1},
      rows_{-1},
      populations_{nan_value},
      areas_{nan_value},
      has_county_{0},
      name_ends_{0},
      slots_{0, -1} {}

Divisions::Divisions(const Table& table, std::optional<Date> on) {
    Builder builder(table, on, issues_);
    builder.build();
    const std::vector<Entry>& entries = builder.entries();
    std::vector<std::int32_t> entry_ends;
    const std::vector<std::uint32_t> order = depth_first(entries, entry_ends);

    const std::size_t n = order.size();
    const Column& names = table.at("name");
    const Column* population = table.find("population");
    const Column* area = table.find("area_km2");
    std::vector<std::int32_t> place(n);
    codes_.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Entry& entry = entries[order[i]];
        place[order[i]] = static_cast<std::int32_t>(i);
        codes_.push_back(entry.code);
        parents_.push_back(entry.parent < 0 ? -1 : place[as_size(entry.parent)]);
        ends_.push_back(entry_ends[order[i]]);
        rows_.push_back(entry.row);
        if (entry.row >= 0) names_ += trim(names.text(as_size(entry.row)));
        name_ends_.push_back(names_.size());
        populations_.push_back(builder.quantity(population, "population", entry.row));
        areas_.push_back(builder.quantity(area, "area_km2", entry.row));
    }
    for (const auto& [code, entry] : builder.retired())
        retired_.push_back({code, entry < 0 ? -1 : place[as_size(entry)]});

    has_county_.assign(n, 0);
    for (std::size_t i = n; i-- > 1;) {
        const bool county = codes_[i].level() == DivisionLevel::county || has_county_[i] != 0;
        if (county) has_county_[as_size(parents_[i])] = 1;
    }

    std::size_t capacity = 2;
    while (capacity < 2 * n)
        capacity *= 2;
    slots_.assign(capacity, -1);
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t slot = scatter(codes_[i]) & (capacity - 1);
        while (slots_[slot] >= 0)
            slot = (slot + 1) & (capacity - 1);
        slots_[slot] = static_cast<std::int32_t>(i);
    }
}

std::string_view Divisions::name(std::int32_t index) const {
    const std::uint64_t begin = index == 0 ? 0 : name_ends_[at(index) - 1];
    return std::string_view(names_).substr(begin, name_ends_[at(index)] - begin);
}

std::int32_t Divisions::find(DivisionCode code) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = scatter(code) & mask;; slot = (slot + 1) & mask) {
        const std::int32_t index = slots_[slot];
        if (index < 0 || codes_[at(index)] == code) return index;
    }
}

void Divisions::find(std::span<const DivisionCode> codes, std::span<std::int32_t> index) const {
    if (codes.size() != index.size())
        throw InputError("find: " + std::to_string(codes.size()) + " codes and room for " +
                         std::to_string(index.size()));
    // First all slots, then all codes that they point to, so that the loads do not wait for each
    // other.
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < codes.size(); ++i)
        index[i] = slots_[scatter(codes[i]) & mask];
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (index[i] >= 0 && codes_[at(index[i])] != codes[i]) index[i] = find(codes[i]);
}

Resolved Divisions::resolve(DivisionCode code) const {
    Match match = Match::exact;
    for (DivisionCode now = code; now != DivisionCode() || now == code; now = now.parent()) {
        if (const std::int32_t index = find(now); index >= 0) return {index, match};
        const auto it = std::lower_bound(
            retired_.begin(), retired_.end(), now,
            [](const Retired& retired, DivisionCode wanted) { return retired.code < wanted; });
        if (it != retired_.end() && it->code == now && it->successor >= 0)
            return {it->successor, match == Match::exact ? Match::successor : match};
        match = Match::ancestor;
    }
    return {};
}

std::int32_t Divisions::unit_below(std::int32_t index, std::int32_t parent_unit,
                                   DivisionLevel wanted) const {
    const DivisionLevel own = level(index);
    if (own == wanted) return index;
    if (parent_unit >= 0) return parent_unit;
    const bool county_wanted = wanted == DivisionLevel::county;
    if (own < wanted) {
        const bool stands_in =
            county_wanted && own == DivisionLevel::city && has_county_[at(index)] == 0;
        return stands_in ? index : -1;
    }
    const std::int32_t above = parent(index);
    return county_wanted && level(above) == DivisionLevel::city ? above : index;
}

std::int32_t Divisions::unit_at(std::int32_t index, DivisionLevel wanted) const {
    // A unit depends on those above it, so the path is gone down from the country.
    std::vector<std::int32_t> path;
    for (std::int32_t i = index; i >= 0; i = parent(i))
        path.push_back(i);
    std::int32_t unit = -1;
    for (std::size_t k = path.size(); k-- > 0;)
        unit = unit_below(path[k], unit, wanted);
    return unit;
}

std::vector<std::int32_t> Divisions::units_at(DivisionLevel wanted) const {
    std::vector<std::int32_t> units(size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        const std::int32_t above = parents_[i];
        units[i] =
            unit_below(static_cast<std::int32_t>(i), above < 0 ? -1 : units[at(above)], wanted);
    }
    return units;
}

Table Divisions::table() const {
    const std::size_t n = size();
    TextBuilder codes;
    TextBuilder names;
    TextBuilder levels;
    TextBuilder parents;
    for (std::size_t i = 0; i < n; ++i) {
        const auto index = static_cast<std::int32_t>(i);
        codes.append(codes_[i].text());
        names.append(name(index));
        levels.append(to_string(codes_[i].level()));
        if (index == 0)
            parents.append_null();
        else
            parents.append(codes_[at(parents_[i])].text());
    }
    Table out(Origin{.table = "divisions", .source = {}, .first_line = -1, .lines = {}});
    out.add("code", codes.finish());
    out.add("name", names.finish());
    out.add("level", levels.finish());
    out.add("parent", parents.finish());
    out.add("population", Column::of(populations_));
    out.add("area_km2", Column::of(areas_));
    return out;
}

}  // namespace safetyrisk::region
