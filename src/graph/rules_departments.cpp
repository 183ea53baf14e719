// RD: which departments answer for which enterprises (横向到边).
#include "graph/rules_departments.hpp"

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>

#include "graph/evidence.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <set>

namespace safetyrisk::graph {
namespace {

constexpr std::uint8_t county_level = 3;

std::uint64_t links_of(const RuleRun& r, NodeNo v) {
    return r.s.node_links.empty() ? 0 : r.s.node_links[r.view.like(v)];
}

/// Regions of county level and above that are checked. Formal steps of the code (市辖区) that have
/// no government of their own are none.
std::vector<NodeNo> governed_regions(RuleRun& r) {
    const std::vector<std::string> formal = r.texts("formal_regions");
    std::vector<NodeNo> regions;
    for (const NodeNo v : r.c.places()) {
        if (!r.view.is(v, r.k.region) || r.view.level(v) > county_level) continue;
        if (std::find(formal.begin(), formal.end(), r.view.name(v)) != formal.end() &&
            r.view.bodies(v, r.k.government).empty())
            continue;
        regions.push_back(v);
    }
    return regions;
}

// ── RD-01 ──

void every_sector_has_a_regulator(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    // Without places, or sectors on edges, only what goes to the enterprise itself can be told.
    const bool by_region = r.needs("enterprises.division") && r.needs("edges.sectors");
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const std::uint32_t place = places.of(e);
        r.examined();
        const SetNo set = r.view.node_sectors(e);
        if (set == 0) {
            // An edge without sectors is for all that it has, whatever they are.
            const auto own = regulators.at(e);
            if (own.empty())
                r.report("no_sector", {e});
            else if (std::all_of(own.begin(), own.end(),
                                 [&](EdgeNo edge) { return r.view.sectors(edge) != 0; }))
                r.half(Reason::values, "enterprises.sectors");
            continue;
        }
        const std::uint64_t links = links_of(r, e);
        for (const std::uint32_t sector : r.s.sectors.sets[set]) {
            const std::uint64_t needed = regulators.needed(sector, links);
            std::uint64_t covered = regulators.covered(place, sector);
            if ((needed & ~covered) == 0) continue;
            covered |= regulators.direct(e, sector);
            const std::uint64_t missing = regulators.missing(sector, needed, covered);
            if (missing == 0) continue;
            if (!by_region || place == none) {
                r.unknown(Reason::values, by_region || !column_given(r.view, "enterprises.division")
                                              ? "enterprises.division"
                                              : "edges.sectors");
                continue;
            }
            if (missing == Regulators::all_links)
                r.report("none", {e}, {}, {r.sector_word(sector)});
            else
                r.report("link", {e}, {}, {r.sector_word(sector), link_words(r, missing)});
        }
    }
}

// ── RD-02 ──

/// Edges that cover one sector of one place or enterprise: by link those that meet there.
class Meeting {
public:
    Meeting(RuleRun& run, const Regulators& regulators) : r_(run), regulators_(regulators) {}

    void look(NodeNo target, std::uint32_t sector, const std::vector<EdgeNo>& edges) {
        std::uint64_t named = 0;
        for (const EdgeNo e : edges)
            named |= r_.view.links(e);
        seen_.clear();
        // One link after the other, then what no edge names.
        for (std::uint64_t rest = named; rest != 0; rest &= rest - 1)
            meet(target, sector, edges, rest & (~rest + 1));
        const std::uint64_t has = sector == none ? 0 : regulators_.links_of(sector);
        if (named == 0 || has == 0 || (has & ~named) != 0) meet(target, sector, edges, 0);
    }

private:
    void meet(NodeNo target, std::uint32_t sector, const std::vector<EdgeNo>& edges,
              std::uint64_t link) {
        group_.clear();
        for (const EdgeNo e : edges)
            if (r_.view.links(e) == 0 || (r_.view.links(e) & link) != 0) group_.push_back(e);
        if (group_.empty()) return;
        r_.examined();
        if (group_.size() < 2 || std::find(seen_.begin(), seen_.end(), group_) != seen_.end())
            return;
        seen_.push_back(group_);
        std::set<NodeNo> departments, leads;
        for (const EdgeNo e : group_)
            departments.insert(r_.view.source(e));
        for (const EdgeNo e : regulators_.leading(group_, sector))
            leads.insert(r_.view.source(e));
        if (departments.size() < 2 || leads.size() == 1) return;
        std::vector<NodeNo> nodes{target};
        const auto& named = leads.empty() ? departments : leads;
        nodes.insert(nodes.end(), named.begin(), named.end());
        std::string what = sector == none ? std::string() : r_.sector_word(sector);
        if (link != 0) what += either("的", ": ") + link_words(r_, link) + either("环节", "");
        if (leads.empty())
            r_.report("no_lead", nodes, group_, {what, std::to_string(named.size())});
        else
            r_.report("leads", nodes, group_, {what, std::to_string(named.size())});
    }

    RuleRun& r_;
    const Regulators& regulators_;
    std::vector<EdgeNo> group_;
    std::vector<std::vector<EdgeNo>> seen_;
};

void one_lead_among_regulators(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const std::size_t sectors = r.s.sectors.all.size();
    Meeting meeting(r, regulators);
    std::vector<std::uint32_t> count(sectors);
    std::vector<EdgeNo> edges, above;
    r.c.regulated([&](NodeNo target, std::span<const EdgeNo> own) {
        if (places.number(target) == none) {
            const SetNo set = r.view.node_sectors(target);
            if (own.size() < 2) {
                r.examined();
                return;
            }
            // Who is responsible for what cannot be told where edges name no sectors.
            if (!r.needs("edges.sectors")) return;
            // An enterprise of which nobody says the sector is asked for those its regulators name.
            std::set<std::uint32_t> asked(r.s.sectors.sets[set].begin(),
                                          r.s.sectors.sets[set].end());
            if (set == 0)
                for (const EdgeNo e : own)
                    asked.insert(r.s.sectors.sets[r.view.sectors(e)].begin(),
                                 r.s.sectors.sets[r.view.sectors(e)].end());
            if (asked.empty()) meeting.look(target, none, {own.begin(), own.end()});
            for (const std::uint32_t sector : asked) {
                edges.clear();
                for (const EdgeNo e : own)
                    if (regulators.covers(e, sector)) edges.push_back(e);
                meeting.look(target, sector, edges);
            }
            return;
        }
        std::fill(count.begin(), count.end(), 0);
        for (const EdgeNo e : own) {
            const auto& bits = r.s.sectors.covered[r.view.sectors(e)];
            for (std::size_t word = 0; word < bits.size(); ++word)
                for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1)
                    ++count[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))];
        }
        for (std::uint32_t sector = 0; sector < sectors; ++sector) {
            if (count[sector] == 0) continue;
            if (count[sector] == 1) {
                r.examined();
                continue;
            }
            const auto covering = [&](std::uint32_t one, std::vector<EdgeNo>& found) {
                found.clear();
                for (const EdgeNo e : own)
                    if (regulators.covers(e, one)) found.push_back(e);
            };
            covering(sector, edges);
            // What meets in a whole branch of the tree is said once, of the branch.
            const std::uint32_t parent = r.s.sectors.all[sector].parent;
            if (parent != none && count[parent] == count[sector]) {
                covering(parent, above);
                if (above == edges) continue;
            }
            meeting.look(target, sector, edges);
        }
    });
}

// ── RD-03 ──

void one_comprehensive_regulator(RuleRun& r) {
    for (const NodeNo region : governed_regions(r)) {
        r.examined();
        std::vector<NodeNo> nodes{region};
        std::vector<EdgeNo> edges;
        r.view.in(region, r.k.comprehensive, [&](EdgeNo e) {
            edges.push_back(e);
            if (nodes.size() == 1 || nodes.back() != r.view.source(e))
                nodes.push_back(r.view.source(e));
        });
        if (nodes.size() == 1)
            r.report("none", {region});
        else if (nodes.size() > 2)
            r.report("several", nodes, edges, {std::to_string(nodes.size() - 1)});
    }
}

// ── RD-04 ──

void every_sector_has_a_host(RuleRun& r) {
    const Regulators& hosts = r.c.sector_hosts();
    const Places& places = hosts.places();
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const std::uint32_t place = places.of(e);
        const SetNo set = r.view.node_sectors(e);
        r.examined();
        if (set == 0) r.unknown(Reason::values, "enterprises.sectors");
        for (const std::uint32_t sector : r.s.sectors.sets[set]) {
            if (hosts.covered(place, sector) != 0 || hosts.direct(e, sector) != 0) continue;
            if (place == none)
                r.unknown(Reason::values, "enterprises.division");
            else
                r.report("none", {e}, {}, {r.sector_word(sector)});
        }
    }
}

// ── RD-06, RD-09 ──

/// Enterprises by region and sector, and how many of them nothing below the region answers for.
struct Cells {
    struct Cell {
        std::uint32_t enterprises = 0, open = 0;
    };
    std::vector<std::uint32_t> regions;  // places that have a cell, ascending
    std::vector<std::uint32_t> index;    // by place, into regions
    std::vector<Cell> cells;             // by region and sector
    std::size_t sectors = 0;

    Cells(const RuleRun& r, std::uint8_t level, std::span<const std::uint8_t> wanted) {
        const Regulators& regulators = r.c.regulators();
        const Places& places = regulators.places();
        sectors = r.s.sectors.all.size();
        index.assign(places.size(), none);
        // Enterprises are counted by anchors where no region is finer than these.
        const bool by_anchors = !places.land()->circles &&
                                level <= static_cast<std::uint8_t>(DivisionLevel::town) &&
                                at_anchors(r);
        if (by_anchors)
            count_anchors(r, level, wanted);
        else
            count_each(r, level, wanted);
    }

private:
    // Enterprises are counted where edges of the day lead to; changes may lead to a village.
    static bool at_anchors(const RuleRun& r) {
        if (r.view.overlay() == nullptr) return true;
        const Enterprises& all = r.c.enterprises();
        const auto rows = r.c.regulators().own_rows();
        for (std::uint32_t p = 0; p < rows.size(); ++p) {
            const std::uint32_t anchor = all.anchor_of()[p];
            if (rows[p] != 0 && (anchor == none || all.anchors()[anchor] != p)) return false;
        }
        return true;
    }

    static bool is_region(const RuleRun& r, std::uint32_t place, std::uint8_t level) {
        const NodeNo v = r.c.territory().node(place);
        return r.view.is(v, r.k.region) && r.view.level(v) <= level;
    }

    void add_region(std::uint32_t place) {
        index[place] = static_cast<std::uint32_t>(regions.size());
        regions.push_back(place);
    }

    void count_anchors(const RuleRun& r, std::uint8_t level, std::span<const std::uint8_t> wanted) {
        const Regulators& regulators = r.c.regulators();
        const Places& places = regulators.places();
        const Enterprises& all = r.c.enterprises();
        for (std::uint32_t p = 0; p < places.size(); ++p)
            if (r.c.is_subject(places.node(p)) && is_region(r, p, level)) add_region(p);
        cells.resize(regions.size() * sectors);
        std::vector<std::uint64_t> covered(sectors);
        const auto anchors = all.anchors();
        // What edges to a place and those above it cover, below its region: the region's place.
        const auto look_up = [&](std::uint32_t place) {
            std::fill(covered.begin(), covered.end(), 0);
            for (std::uint32_t p = place; p != none; p = places.parent(p)) {
                if (is_region(r, p, level)) return p;
                const std::uint32_t row = regulators.own_rows()[p];
                for (std::size_t s = 0; s < sectors && row != 0; ++s)
                    covered[s] |= regulators.table().cell(row, static_cast<std::uint32_t>(s));
            }
            return none;
        };
        for (std::size_t i = 0; i < anchors.size(); ++i) {
            if (all.own(i).empty()) continue;
            const std::uint32_t region = look_up(anchors[i]);
            if (region == none || index[region] == none) continue;
            Cell* const row = cells.data() + index[region] * sectors;
            for (const Enterprises::Entry& entry : all.own(i))
                for (const std::uint32_t sector : r.s.sectors.sets[entry.set]) {
                    if (wanted[sector] == 0) continue;
                    row[sector].enterprises += entry.count();
                    if (covered[sector] == 0) row[sector].open += entry.count();
                }
        }
        if (regulators.direct() == 0) return;
        // Those that somebody regulates by an edge of their own.
        for (const std::uint32_t region : regions) {
            const auto order = places.order();
            for (std::uint32_t i = places.enter(region); i < places.leave(region); ++i) {
                if (order[i] != region && is_region(r, order[i], level)) {
                    i = places.leave(order[i]) - 1;
                    continue;
                }
                if (all.at(i).empty()) continue;
                look_up(order[i]);
                for (const NodeNo e : all.at(i)) {
                    if (regulators.at(e).empty()) continue;
                    for (const std::uint32_t sector : r.s.sectors.sets[r.view.node_sectors(e)])
                        if (wanted[sector] != 0 && covered[sector] == 0 &&
                            regulators.direct(e, sector) != 0)
                            --cells[index[region] * sectors + sector].open;
                }
            }
        }
    }

    void count_each(const RuleRun& r, std::uint8_t level, std::span<const std::uint8_t> wanted) {
        const Regulators& regulators = r.c.regulators();
        const Places& places = regulators.places();
        const std::vector<std::uint32_t> region = places.regions(level);
        std::vector<std::uint8_t> root(places.size(), 0);
        for (std::uint32_t p = 0; p < places.size(); ++p)
            if (region[p] == p) {
                root[p] = 1;
                add_region(p);
            }
        cells.resize(regions.size() * sectors);
        SectorTable table = regulators.table();
        const std::vector<std::uint32_t> below = table.inherit(places, regulators.own_rows(), root);
        for (const NodeNo e : r.c.nodes(r.k.enterprise)) {
            const std::uint32_t place = places.of(e);
            if (place == none || region[place] == none) continue;
            for (const std::uint32_t sector : r.s.sectors.sets[r.view.node_sectors(e)]) {
                if (wanted[sector] == 0) continue;
                Cell& cell = cells[index[region[place]] * sectors + sector];
                ++cell.enterprises;
                if (table.cell(below[place], sector) == 0 && regulators.direct(e, sector) == 0)
                    ++cell.open;
            }
        }
    }
};

/// Departments of the nearest sectors that somebody regulates in a region (业务相近).
std::vector<NodeNo> nearest_departments(const RuleRun& r, std::uint32_t sector,
                                        std::uint32_t region, std::size_t most) {
    const Regulators& regulators = r.c.regulators();
    const auto& all = r.s.sectors.all;
    struct Near {
        std::uint64_t likeness;
        std::uint32_t sector;
    };
    std::vector<Near> near;
    for (std::uint32_t other = 0; other < all.size(); ++other) {
        if (other == sector || regulators.covered(region, other) == 0) continue;
        const std::uint64_t likeness = r.s.sectors.likeness(sector, other);
        if (likeness != 0) near.push_back({likeness, other});
    }
    std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
        return a.likeness != b.likeness ? a.likeness > b.likeness : a.sector < b.sector;
    });
    if (near.size() > most) near.resize(most);
    std::vector<NodeNo> departments;
    for (const Near& one : near) {
        // The nearest place that has them, its lead first.
        bool found = false;
        regulators.places().up(region, [&](std::uint32_t place) {
            for (const bool lead : {true, false})
                for (const EdgeNo e : regulators.at(regulators.places().node(place))) {
                    if (r.view.lead(e) != lead || !regulators.covers(e, one.sector)) continue;
                    found = true;
                    if (std::find(departments.begin(), departments.end(), r.view.source(e)) ==
                        departments.end())
                        departments.push_back(r.view.source(e));
                }
            return !found;
        });
    }
    return departments;
}

/// Enterprises of which nobody knows in which cell they are.
void in_no_cell(RuleRun& r) {
    const Enterprises& all = r.c.enterprises();
    std::size_t nowhere = 0;
    for (const NodeNo e : r.c.subjects(r.k.enterprise))
        if (r.c.place_no(e) == none && r.view.node_sectors(e) != 0) ++nowhere;
    const std::size_t without = r.c.all_are_named() ? all.without_sector() : 0;
    r.examined(nowhere + without);
    r.unknown(Reason::values, "enterprises.division", nowhere);
    r.unknown(Reason::values, "enterprises.sectors", without);
}

void emerging_sectors_have_a_regulator(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const auto& all = r.s.sectors.all;
    std::vector<std::uint8_t> wanted(all.size());
    for (std::size_t s = 0; s < all.size(); ++s)
        wanted[s] = all[s].emerging ? 1 : 0;
    const auto most = static_cast<std::size_t>(r.number("near"));
    const Cells cells(r, county_level, wanted);
    for (std::size_t i = 0; i < cells.regions.size(); ++i) {
        const std::uint32_t region = cells.regions[i];
        const NodeNo node = places.node(region);
        if (!places.checked(region) || !r.c.is_subject(node)) continue;
        for (std::uint32_t sector = 0; sector < all.size(); ++sector) {
            const Cells::Cell& cell = cells.cells[i * cells.sectors + sector];
            if (cell.enterprises == 0) continue;
            r.examined();
            if (cell.open == 0 || regulators.covered(region, sector) != 0) continue;
            std::vector<NodeNo> nodes = nearest_departments(r, sector, region, most);
            nodes.insert(nodes.begin(), node);
            r.report(nodes.size() == 1 ? "none_near" : "none", nodes, {},
                     {r.sector_word(sector), std::to_string(cell.open)});
        }
    }
    in_no_cell(r);
}

// The whole cell: where somebody has some link of the sector, what lacks another is RD-01's.
void no_blind_cell(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const std::size_t sectors = r.s.sectors.all.size();
    const std::vector<std::uint8_t> wanted(sectors, 1);
    const auto level = parse_level(text_parameter(r, "level"));
    if (!level)
        throw InputError("RD-09.level: '" + text_parameter(r, "level") +
                         "' is no level of divisions");
    const Cells cells(r, static_cast<std::uint8_t>(*level), wanted);
    for (std::size_t i = 0; i < cells.regions.size(); ++i) {
        const std::uint32_t region = cells.regions[i];
        const NodeNo node = places.node(region);
        if (!places.checked(region) || !r.c.is_subject(node)) continue;
        for (std::uint32_t sector = 0; sector < sectors; ++sector) {
            const Cells::Cell& cell = cells.cells[i * sectors + sector];
            if (cell.enterprises == 0) continue;
            r.examined();
            if (cell.open == 0 || regulators.own(region, sector) != 0) continue;
            if (!regulators.cell(region, sector).empty()) continue;
            r.report("blind", {node}, {}, {r.sector_word(sector), std::to_string(cell.open)});
        }
    }
    in_no_cell(r);
}

// ── RD-07 ──

void links_are_divided(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const bool documents = r.needs("edges.document");
    for (const NodeNo region : r.c.places()) {
        if (!r.view.is(region, r.k.region) || r.view.level(region) > county_level) continue;
        const std::uint32_t place = places.number(region);
        for (std::uint32_t sector = 0; sector < r.s.sectors.all.size(); ++sector) {
            const std::uint64_t has = regulators.links_of(sector);
            if (!r.s.sectors.all[sector].cross_function || has == 0 ||
                regulators.own(place, sector) == 0)
                continue;
            r.examined();
            std::vector<EdgeNo> edges;
            for (const EdgeNo e : regulators.at(region))
                if (regulators.covers(e, sector)) edges.push_back(e);
            const std::string word = r.sector_word(sector);
            const std::uint64_t missing = has & ~regulators.covered(place, sector);
            if (missing != 0)
                r.report("missing", std::array{region}, edges, {word, link_words(r, missing)});
            std::uint64_t twice = 0;
            std::set<NodeNo> departments, doubled, of_link;
            for (const EdgeNo e : edges)
                departments.insert(r.view.source(e));
            for (std::uint64_t rest = has; rest != 0; rest &= rest - 1) {
                const std::uint64_t link = rest & (~rest + 1);
                of_link.clear();
                for (const EdgeNo e : edges)
                    if ((regulators.links(e) & link) != 0) of_link.insert(r.view.source(e));
                if (of_link.size() < 2) continue;
                twice |= link;
                doubled.insert(of_link.begin(), of_link.end());
            }
            if (twice != 0) {
                std::vector<NodeNo> nodes{region};
                nodes.insert(nodes.end(), doubled.begin(), doubled.end());
                r.report("twice", nodes, edges,
                         {word, link_words(r, twice), std::to_string(doubled.size())});
            }
            if (departments.size() < 2 || !documents) continue;
            std::vector<NodeNo> nodes{region};
            std::vector<EdgeNo> undocumented;
            for (const EdgeNo e : edges) {
                const EdgeNo origin = r.view.origin(e);
                if (origin != none && !r.s.doc(origin).empty()) continue;
                undocumented.push_back(e);
                if (nodes.size() == 1 || nodes.back() != r.view.source(e))
                    nodes.push_back(r.view.source(e));
            }
            if (!undocumented.empty()) r.report("no_document", nodes, undocumented, {word});
        }
    }
}

}  // namespace

std::span<const RuleEntry> rules_departments() {
    static constexpr RuleEntry entries[] = {
        {"RD-01", every_sector_has_a_regulator},
        {"RD-02", one_lead_among_regulators},
        {"RD-03", one_comprehensive_regulator},
        {"RD-04", every_sector_has_a_host},
        {"RD-05", business_carries_safety},
        {"RD-06", emerging_sectors_have_a_regulator},
        {"RD-07", links_are_divided},
        {"RD-08", powers_are_published},
        {"RD-09", no_blind_cell},
        {"RD-10", permits_are_supervised},
        {"RD-11", no_repeated_inspections},
        {"RD-12", one_enforcement_level},
        {"RD-13", lists_agree},
        {"RD-14", supervisors_are_independent},
    };
    return entries;
}

}  // namespace safetyrisk::graph
