// RD-05, RD-08, RD-10 … RD-14: how departments supervise what they answer for.
#include "graph/rules_departments.hpp"

#include <safetyrisk/core/text.hpp>

#include "graph/evidence.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::graph {
namespace {

/// Whether two sets of sectors meet anywhere in the tree.
bool meet(const Sectors& sectors, SetNo a, SetNo b) {
    const auto &x = sectors.covered[a], &y = sectors.covered[b];
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        if ((x[i] & y[i]) != 0) return true;
    return false;
}

}  // namespace

// ── RD-05 ──

void business_carries_safety(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const auto covers = [&](EdgeNo duty, EdgeNo business) {
        const NodeNo scope = r.view.target(duty), object = r.view.target(business);
        const SetNo asked = r.view.sectors(business), said = r.view.sectors(duty);
        if (said != 0 && asked != 0 && !meet(r.s.sectors, said, asked)) return false;
        if (scope == object || scope == r.view.source(business)) return true;
        if (r.view.is(scope, r.k.sector)) {
            const std::uint32_t sector = r.s.sectors.find(r.view.id(scope));
            if (sector == none) return false;
            for (const SetNo set : {asked, r.view.node_sectors(object)})
                for (std::uint32_t one : r.s.sectors.sets[set])
                    for (std::size_t step = 0; one != none && step < r.s.sectors.all.size();
                         ++step, one = r.s.sectors.all[one].parent)
                        if (one == sector) return true;
            return false;
        }
        const std::uint32_t outer = places.number(scope);
        bool inside = false;
        if (outer != none)
            places.up(places.of(object), [&](std::uint32_t place) {
                inside = place == outer;
                return !inside;
            });
        return inside;
    };
    for (const EdgeNo business : r.c.edges(r.k.manages_business)) {
        const NodeNo manager = r.view.source(business);
        if (!r.c.is_subject(manager)) continue;
        r.examined();
        bool found = false;
        const auto look = [&](NodeNo post) {
            r.view.out(post, r.k.safety_duty,
                       [&](EdgeNo duty) { found = found || covers(duty, business); });
        };
        if (r.view.is(manager, r.k.post))
            look(manager);
        else
            r.view.out(manager, r.k.has_post, [&](EdgeNo e) {
                if (!found) look(r.view.target(e));
            });
        if (!found) r.report("no_duty", {manager, r.view.target(business)}, {business});
    }
}

// ── RD-08 ──

void powers_are_published(RuleRun& r) {
    const bool documents = !r.s.document.empty();
    const Store::Attribute list = r.s.attribute("power_list");
    const std::uint16_t publish = r.s.records.action_no("publish_power_list");
    const bool lists = list.anywhere() || !r.lacks("records:publish_power_list");
    if (!documents) {
        r.not_assessed(Reason::column_missing, "edges.document");
        return;
    }
    if (!lists) r.partly(Reason::column_missing, "nodes.power_list");

    const std::vector<EdgeNo>& edges = r.c.edges(r.k.regulates);
    std::map<NodeNo, std::vector<EdgeNo>> undocumented;  // by department
    auto dept = undocumented.end();                      // edges of one department lie together
    for (const EdgeNo e : edges) {
        if (dept == undocumented.end() || dept->first != r.view.source(e))
            dept = undocumented.try_emplace(r.view.source(e)).first;
        const EdgeNo origin = r.view.origin(e);
        if (origin == none || r.s.doc(origin).empty()) dept->second.push_back(e);
    }
    for (const auto& [one, without] : undocumented) {
        if (!r.c.is_subject(one)) continue;
        r.examined();
        if (!without.empty())
            r.report("no_document", std::span(&one, 1), without, {std::to_string(without.size())});
        if (!lists) continue;
        const Value own = list.at(r.view.like(one));
        const bool listed = !own.is_empty() && own.yes().value_or(true);
        if (!listed && (publish == 0xffff || one >= r.s.n() ||
                        !last_record(r, r.s.records.of_subject(one), publish)))
            r.report("no_list", {one});
    }
}

// ── RD-10 ──

void permits_are_supervised(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const Store::EdgeAttribute handed = r.s.edge_attribute("handed_over_to");
    for (const EdgeNo permit : r.c.edges(r.k.permits)) {
        const NodeNo dept = r.view.source(permit), object = r.view.target(permit);
        // A site is supervised where its enterprise is.
        const NodeNo holder = r.view.is(object, r.k.site) && r.view.unit(object) != none
                                  ? r.view.unit(object)
                                  : object;
        if (!r.c.is_subject(holder)) continue;
        r.examined();
        const SetNo licensed =
            r.view.sectors(permit) != 0 ? r.view.sectors(permit) : r.view.node_sectors(holder);
        const auto supervises = [&](NodeNo one) {
            bool found = false;
            for (const NodeNo target : {object, holder})
                regulators.from(target, one, [&](EdgeNo e) {
                    found = found || r.view.sectors(e) == 0 || licensed == 0 ||
                            meet(r.s.sectors, r.view.sectors(e), licensed);
                });
            places.up(places.of(holder), [&](std::uint32_t place) {
                regulators.from(places.node(place), one, [&](EdgeNo e) {
                    found = found || meet(r.s.sectors, r.view.sectors(e), licensed);
                });
                return !found;
            });
            return found;
        };
        if (supervises(dept)) continue;
        const EdgeNo origin = r.view.origin(permit);
        const Value taken = origin == none ? Value() : handed.at(origin);
        if (taken.is_empty()) {
            // Where nobody writes hand-overs, there may be one.
            if (!handed.anywhere())
                r.unknown(Reason::column_missing, "edges.handed_over_to");
            else if (licensed == 0)
                r.unknown(Reason::values, "enterprises.sectors");
            else
                r.report("unsupervised", {holder, dept}, {permit});
            continue;
        }
        const NodeNo successor = node_of(r.view, taken);
        if (successor == none)
            r.report("handed_to_unknown", {holder, dept}, {permit}, {std::string(taken.text)});
        else if (!supervises(successor))
            r.report("handed_to_nobody", {holder, dept, successor}, {permit});
    }
}

// ── RD-11 ──

namespace {

struct Visit {
    Date day;
    NodeNo unit = none;
    std::string_view matter, joint, kind;
    bool joint_flag = false;
};

/// Whether two visits are of one joint inspection.
bool together(const Visit& a, const Visit& b) {
    if (a.joint_flag && b.joint_flag) return a.day == b.day;
    return !a.joint.empty() && a.joint == b.joint;
}

}  // namespace

void no_repeated_inspections(RuleRun& r) {
    const Records& records = r.s.records;
    const std::uint16_t inspection = records.action_no(text_parameter(r, "action"));
    const auto window = static_cast<std::int32_t>(r.number("days"));
    const auto look_back = static_cast<std::int32_t>(r.number("look_back_days"));
    const std::vector<std::string> exempt = r.texts("exempt");
    const Store::Attribute cap = r.s.attribute("inspection_cap");
    const auto year = r.view.on().civil().year();
    const bool matters = r.needs("records.values");
    std::vector<Visit> visits;
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        if (e >= r.s.n()) continue;
        visits.clear();
        std::size_t unread = 0, nobody = 0, matterless = 0;
        for (const std::uint32_t row : records.of_object(e)) {
            const std::int32_t day = records.date[row];
            const bool unclear =
                (records.unclear_at(row) & (Records::action_unclear | Records::date_unclear)) != 0;
            const bool of_action = records.action[row] == inspection;
            if (unclear && (of_action || (records.unclear_at(row) & Records::action_unclear) != 0))
                ++unread;
            if (!of_action || day == always_from || day > r.view.day() ||
                day <= r.view.day() - look_back)
                continue;
            if (records.subject[row] == none) {
                ++nobody;
                continue;
            }
            Visit visit;
            visit.day = Date(day);
            const std::vector<NodeNo> units = acting_for(r.c, records.subject[row]);
            visit.unit = units.empty() ? records.subject[row] : units.front();
            const auto text = [&](std::string_view key) {
                const Value value = records.value(row, key);
                return value.type == Value::Type::text ? value.text : std::string_view();
            };
            visit.matter = text("matter");
            if (visit.matter.empty()) ++matterless;
            visit.kind = text("kind");
            const Value joint = records.value(row, "joint");
            if (const auto yes = joint.yes())
                visit.joint_flag = *yes;
            else if (joint.type == Value::Type::text)
                visit.joint = joint.text;
            visits.push_back(visit);
        }
        if (visits.empty() && unread == 0 && nobody == 0) continue;
        r.examined();
        if (unread != 0) r.half(Reason::unclear_records, text_parameter(r, "action"));
        if (nobody != 0) r.half(Reason::values, "records.subject");
        if (matterless != 0 && matters && visits.size() > 1)
            r.half(Reason::values, "records.values");
        std::stable_sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) {
            if (a.matter != b.matter) return a.matter < b.matter;
            return a.day < b.day;
        });
        // By matter, those of the last days; the first pair that meets is the witness.
        for (std::size_t i = 0; i < visits.size();) {
            std::size_t end = i;
            while (end < visits.size() && visits[end].matter == visits[i].matter)
                ++end;
            bool said = visits[i].matter.empty() || !matters;
            // The latest visit of each unit and joint inspection so far.
            std::vector<std::size_t> latest;
            for (std::size_t j = i; j < end && !said; ++j) {
                std::erase_if(
                    latest, [&](std::size_t k) { return visits[j].day - visits[k].day > window; });
                for (const std::size_t k : latest)
                    if (visits[k].unit != visits[j].unit && !together(visits[k], visits[j])) {
                        r.report("repeated", {e, visits[k].unit, visits[j].unit}, {},
                                 {visits[k].day.text(), visits[j].day.text(), "2",
                                  std::string(visits[j].matter)});
                        said = true;
                        break;
                    }
                std::erase_if(latest, [&](std::size_t k) {
                    return visits[k].unit == visits[j].unit && visits[k].joint == visits[j].joint &&
                           visits[k].joint_flag == visits[j].joint_flag;
                });
                latest.push_back(j);
            }
            i = end;
        }
        const auto most = cap.at(e).as_number();
        if (!most) {
            if (cap.anywhere()) r.half(RuleRun::why(cap.unclear(e)), "enterprises.inspection_cap");
            continue;
        }
        std::size_t count = 0;
        std::vector<const Visit*> counted;
        for (const Visit& visit : visits) {
            if (visit.day.civil().year() != year) continue;
            if (std::find(exempt.begin(), exempt.end(), visit.kind) != exempt.end()) continue;
            const bool again = std::any_of(counted.begin(), counted.end(), [&](const Visit* other) {
                return other->unit != visit.unit && together(*other, visit);
            });
            if (!again) ++count;
            if (visit.joint_flag || !visit.joint.empty()) counted.push_back(&visit);
        }
        if (static_cast<double>(count) > *most)
            r.report("cap", {e}, {},
                     {std::to_string(static_cast<int>(year)), std::to_string(count),
                      print_number(*most)});
    }
}

// ── RD-12 ──

void one_enforcement_level(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    const Places& places = regulators.places();
    const std::size_t sectors = r.s.sectors.all.size();
    // Levels of enforcing departments as bits, by place and sector and down the territory.
    const auto level_bit = [&](EdgeNo e) {
        const std::uint8_t level = r.view.level_of(r.view.source(e));
        return r.view.enforce(e) && level < 64 ? std::uint64_t{1} << level : std::uint64_t{0};
    };
    SectorTable table(sectors);
    std::vector<std::uint32_t> own(places.size(), 0);
    std::vector<std::uint64_t> cells(sectors);
    bool anybody = false;
    for (std::uint32_t p = 0; p < places.size(); ++p) {
        const auto edges = regulators.at(places.node(p));
        if (edges.empty()) continue;
        std::fill(cells.begin(), cells.end(), 0);
        for (const EdgeNo e : edges) {
            const std::uint64_t bit = level_bit(e);
            if (bit == 0) continue;
            anybody = true;
            const auto& bits = r.s.sectors.covered[r.view.sectors(e)];
            for (std::size_t word = 0; word < bits.size(); ++word)
                for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1)
                    cells[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))] |= bit;
        }
        own[p] = table.row(cells);
    }
    const std::vector<std::uint32_t> all = table.inherit(places, own);
    if (!anybody)
        for (const EdgeNo e : r.c.edges(r.k.regulates))
            anybody = anybody || (places.number(r.view.target(e)) == none && level_bit(e) != 0);
    if (!anybody) {
        r.not_assessed(Reason::column_missing, "edges.enforce");
        return;
    }

    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const std::uint32_t place = places.of(e);
        const SetNo set = r.view.node_sectors(e);
        std::uint64_t levels = 0;
        for (const EdgeNo edge : regulators.at(e))
            levels |= level_bit(edge);
        if (place != none)
            for (const std::uint32_t sector : r.s.sectors.sets[set])
                levels |= table.cell(all[place], sector);
        if (levels == 0) continue;
        r.examined();
        if (std::has_single_bit(levels)) continue;
        // Exactly, link by link: an edge of a link that the enterprise has not is none of its own.
        const std::uint64_t links = r.s.node_links.empty() ? 0 : r.s.node_links[r.view.like(e)];
        std::vector<EdgeNo> edges;
        const auto take = [&](EdgeNo edge, std::uint32_t sector) {
            if (level_bit(edge) == 0) return;
            if ((regulators.needed(sector, links) & regulators.links(edge)) != 0)
                edges.push_back(edge);
        };
        for (const std::uint32_t sector : r.s.sectors.sets[set])
            regulators.each(e, sector, [&](EdgeNo edge) { take(edge, sector); });
        if (set == 0)
            for (const EdgeNo edge : regulators.at(e))
                if (level_bit(edge) != 0) edges.push_back(edge);
        std::sort(edges.begin(), edges.end());
        edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
        levels = 0;
        std::vector<NodeNo> nodes;
        for (const EdgeNo edge : edges) {
            levels |= level_bit(edge);
            nodes.push_back(r.view.source(edge));
        }
        if (levels == 0 || std::has_single_bit(levels)) continue;
        std::sort(nodes.begin(), nodes.end());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
        nodes.insert(nodes.begin(), e);
        r.report("levels", nodes, edges, {std::to_string(std::popcount(levels))});
    }
}

// ── RD-13 ──

namespace {

/// Whom regulators name one by one, and whom bodies of the territory do, themselves or by a site.
class OwnLists {
public:
    OwnLists(RuleRun& r, const std::vector<EdgeNo>& claims)
        : r_(r), regulators_(r.c.regulators()), places_(regulators_.places()) {
        constexpr std::uint8_t county = 3;
        counties_ = places_.regions(county);
        const auto take = [&](NodeNo target, std::span<const EdgeNo>) {
            if (places_.number(target) == none) take_listed(holder(target));
        };
        if (!r.c.all_are_named() && !places_.land()->circles) {
            near_ = true;
            for (const NodeNo site : r.c.nodes(r.k.site))
                if (const NodeNo v = holder(site); v != site && r.c.named(v))
                    sites_[v].push_back(site);
            return;
        }
        claimed_.assign(r.view.n(), 0);
        listed_.assign(r.view.n(), 0);
        for (const EdgeNo e : claims)
            claimed_[holder(r.view.target(e))] = 1;
        regulators_.each_target(take);
    }

    bool listed(NodeNo enterprise) const {
        if (!near_) return listed_[enterprise] != 0;
        return any_of(enterprise, [&](NodeNo v) { return !regulators_.at(v).empty(); });
    }
    bool claimed(NodeNo enterprise) const {
        if (!near_) return claimed_[enterprise] != 0;
        return any_of(enterprise,
                      [&](NodeNo v) { return r_.view.first_in(v, r_.k.territorial) != none; });
    }
    /// Whether a regulator keeps a list of one of its sectors in its county: where none does,
    /// whoever is missing on it is unknown.
    bool expected(NodeNo enterprise) {
        const std::size_t county = county_of(enterprise);
        if (near_) read(county);
        const auto found = kept_.find(county);
        if (found == kept_.end()) return false;
        for (const std::uint32_t sector : r_.s.sectors.sets[r_.view.node_sectors(enterprise)])
            if (found->second[sector] != 0) return true;
        return false;
    }
    /// Whether any enterprise to be asked about is on a list.
    bool any() const {
        return regulators_.find_target([&](NodeNo target) {
            if (places_.number(target) != none) return false;
            const NodeNo v = holder(target);
            return r_.view.is(v, r_.k.enterprise) && r_.view.alive(v) && r_.c.asked(v);
        }) != none;
    }

private:
    NodeNo holder(NodeNo v) const {
        return r_.view.is(v, r_.k.site) && r_.view.unit(v) != none ? r_.view.unit(v) : v;
    }

    template <class F>
    bool any_of(NodeNo enterprise, F&& f) const {
        if (f(enterprise)) return true;
        const auto sites = sites_.find(enterprise);
        return sites != sites_.end() && std::any_of(sites->second.begin(), sites->second.end(), f);
    }

    std::size_t county_of(NodeNo v) const {
        const std::uint32_t place = places_.of(v);
        return place == none || counties_[place] == none ? places_.size()
                                                         : std::size_t{counties_[place]};
    }

    void take_listed(NodeNo v) {
        if (!near_) listed_[v] = 1;
        std::vector<std::uint8_t>& kept = kept_[county_of(v)];
        kept.resize(r_.s.sectors.all.size(), 0);
        for (const std::uint32_t sector : r_.s.sectors.sets[r_.view.node_sectors(v)])
            kept[sector] = 1;
    }

    // Near a change: the lists of one county.
    void read(std::size_t county) {
        if (!read_.insert(county).second) return;
        const auto take = [&](NodeNo target) {
            if (places_.number(target) != none || regulators_.at(target).empty()) return;
            if (const NodeNo v = holder(target); county_of(v) == county) take_listed(v);
        };
        if (county == places_.size()) {  // in no county: they may be anywhere
            for (const NodeNo v : r_.c.nodes(r_.k.enterprise))
                take(v);
        } else {
            for (const NodeNo v :
                 r_.c.enterprises().below(places_, static_cast<std::uint32_t>(county)))
                take(v);
        }
        regulators_.each_other_target(
            [&](NodeNo target, std::span<const EdgeNo>) { take(target); });
    }

    RuleRun& r_;
    const Regulators& regulators_;
    const Places& places_;
    std::vector<std::uint32_t> counties_;
    bool near_ = false;
    std::vector<std::uint8_t> claimed_, listed_;                       // of the whole graph
    std::unordered_map<NodeNo, std::vector<NodeNo>> sites_;            // near a change
    std::set<std::size_t> read_;                                       // the same: counties
    std::unordered_map<std::size_t, std::vector<std::uint8_t>> kept_;  // by county: sectors
};

}  // namespace

void lists_agree(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    if (regulators.direct() == 0) {
        r.not_assessed(Reason::no_subjects);
        return;
    }
    const std::vector<EdgeNo>& claims = r.c.edges(r.k.territorial);
    if (claims.empty()) {
        r.not_assessed(Reason::no_subjects);
        return;
    }

    r.needs("enterprises.sectors");
    OwnLists lists(r, claims);
    for (const NodeNo e : r.c.subjects(r.k.enterprise)) {
        const bool listed = lists.listed(e);
        if (!listed && !lists.expected(e)) continue;
        r.examined();
        const bool claimed = lists.claimed(e);
        if (listed && !claimed) {
            std::vector<NodeNo> nodes{e};
            for (const EdgeNo edge : regulators.at(e))
                nodes.push_back(r.view.source(edge));
            r.report("no_territory", nodes, regulators.at(e));
        }
        if (!listed && claimed) {
            std::vector<NodeNo> nodes{e};
            std::vector<EdgeNo> edges;
            r.view.in(e, r.k.territorial, [&](EdgeNo edge) {
                nodes.push_back(r.view.source(edge));
                edges.push_back(edge);
            });
            r.report("no_regulator", nodes, edges);
        }
    }
    // Near a change there may be nothing to compare while there is elsewhere.
    if (r.examined_count() == 0 && !r.c.all_are_named() && lists.any()) r.examined();
}

// ── RD-14 ──

namespace {

void report_own(RuleRun& r, NodeNo enterprise, std::string_view message, std::vector<EdgeNo>& edges,
                std::initializer_list<std::string> words) {
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::vector<NodeNo> nodes;
    for (const EdgeNo edge : edges)
        nodes.push_back(r.view.source(edge));
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    nodes.insert(nodes.begin(), enterprise);
    r.report(message, nodes, edges, words);
}

}  // namespace

void supervisors_are_independent(RuleRun& r) {
    const Regulators& regulators = r.c.regulators();
    std::vector<NodeNo> owned;
    for (const EdgeNo e : r.c.edges(r.k.owned_by))
        owned.push_back(r.view.source(e));
    for (const EdgeNo e : r.c.edges(r.k.leads))
        owned.push_back(r.view.target(e));
    std::sort(owned.begin(), owned.end());
    owned.erase(std::unique(owned.begin(), owned.end()), owned.end());

    std::vector<std::uint32_t> stamp(r.view.n(), none);
    std::vector<NodeNo> stack;
    for (const NodeNo e : owned) {
        if (!r.view.is(e, r.k.enterprise) || !r.c.is_subject(e)) continue;
        // Supervisors of links that it has; one of another link is none of its own.
        const SetNo set = r.view.node_sectors(e);
        const std::uint64_t links = r.s.node_links.empty() ? 0 : r.s.node_links[r.view.like(e)];
        std::vector<std::pair<std::uint32_t, EdgeNo>> supervising;  // sector, edge
        for (const std::uint32_t sector : r.s.sectors.sets[set])
            regulators.each(e, sector, [&](EdgeNo edge) {
                if ((regulators.needed(sector, links) & regulators.links(edge)) != 0)
                    supervising.emplace_back(sector, edge);
            });
        if (set == 0)
            for (const EdgeNo edge : regulators.at(e))
                supervising.emplace_back(none, edge);
        if (supervising.empty()) continue;
        r.examined();
        // Who owns it or leads its owners, all the way up.
        stack.assign(1, e);
        stamp[e] = e;
        while (!stack.empty()) {
            const NodeNo v = stack.back();
            stack.pop_back();
            const auto visit = [&](NodeNo next) {
                if (stamp[next] == e) return;
                stamp[next] = e;
                stack.push_back(next);
            };
            r.view.out(v, r.k.owned_by, [&](EdgeNo edge) { visit(r.view.target(edge)); });
            // A department's own superiors do not operate what it owns.
            if (r.view.is(v, r.k.enterprise) || r.view.is(v, r.k.group))
                r.view.in(v, r.k.leads, [&](EdgeNo edge) { visit(r.view.source(edge)); });
        }
        const auto owner = [&](EdgeNo edge) { return stamp[r.view.source(edge)] == e; };
        const bool outside = std::any_of(supervising.begin(), supervising.end(),
                                         [&](const auto& one) { return !owner(one.second); });
        if (!outside) {
            std::vector<EdgeNo> edges;
            for (const auto& [sector, edge] : supervising)
                edges.push_back(edge);
            report_own(r, e, "own", edges, {});
            continue;
        }
        // Somebody from outside has a part; has he every part that an owner supervises?
        for (std::size_t i = 0; i < supervising.size();) {
            const std::uint32_t sector = supervising[i].first;
            std::uint64_t covered = 0, own = 0;
            std::vector<EdgeNo> edges;
            for (; i < supervising.size() && supervising[i].first == sector; ++i) {
                const EdgeNo edge = supervising[i].second;
                (owner(edge) ? own : covered) |= regulators.links(edge);
                if (owner(edge)) edges.push_back(edge);
            }
            if (own == 0 || sector == none) continue;
            const std::uint64_t open =
                own & regulators.missing(sector, regulators.needed(sector, links), covered);
            if (open == 0) continue;
            std::erase_if(edges, [&](EdgeNo edge) { return (regulators.links(edge) & open) == 0; });
            const std::uint64_t named = regulators.links_of(sector) & open;
            report_own(r, e, named == 0 ? "own_sector" : "own_links", edges,
                       {r.sector_word(sector), link_words(r, named)});
        }
    }
}

}  // namespace safetyrisk::graph
