// Rules RT: every enterprise and site belongs to one place, and every place has its people.
#include "graph/rules.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace safetyrisk::graph {
namespace {

constexpr std::uint8_t town_level = 4, village_level = 5;

/// Calls f for every enterprise and site that a finding may be about, in id order of each kind.
template <class F>
void each_ground(const RuleRun& run, F&& f) {
    for (const KindNo kind : {run.k.enterprise, run.k.site})
        for (const NodeNo v : run.c.subjects(kind))
            f(v);
}

/// A claim on an enterprise or a site: by whom, and where he sits.
struct Claim {
    std::uint32_t place = none;
    EdgeNo edge = none;
};

/// Claims of a kind on a node, in the order of the territory, then by edge.
void claims_on(const RuleRun& run, NodeNo v, KindNo kind, std::vector<Claim>& claims) {
    claims.clear();
    run.view.in(v, kind,
                [&](EdgeNo e) { claims.push_back({run.c.place_no(run.view.source(e)), e}); });
    const Territory& land = run.c.territory();
    if (claims.size() > 1)
        std::sort(claims.begin(), claims.end(), [&](const Claim& a, const Claim& b) {
            const std::uint32_t x = a.place == none ? none : land.enter(a.place);
            const std::uint32_t y = b.place == none ? none : land.enter(b.place);
            return x != y ? x < y : a.edge < b.edge;
        });
}

/// Whether a claim of a sorted list has none below it: its place is the end of a chain. Several
/// claims of one place count as one end.
bool is_end(const Territory& land, const std::vector<Claim>& claims, std::size_t i) {
    if (claims[i].place == none || i + 1 == claims.size()) return true;
    return !land.covers(claims[i].place, claims[i + 1].place);
}

/// A site that nothing claims belongs where its enterprise does, unless it lies elsewhere. The
/// enterprise it then stands with, or `none`.
NodeNo stands_with(const RuleRun& run, NodeNo v) {
    if (!run.view.is(v, run.k.site)) return none;
    const NodeNo owner = run.view.unit(v);
    if (owner == none || !run.view.is(owner, run.k.enterprise) || !run.view.alive(owner))
        return none;
    const NodeNo own = run.view.division(v);
    const NodeNo place = run.view.division(owner);
    return own == none || place == none || own == place ? owner : none;
}

/// Places that are zones or lie in one.
std::vector<std::uint8_t> zoned_places(const RuleRun& run) {
    const Territory& land = run.c.territory();
    std::vector<std::uint8_t> zoned(land.size(), 0);
    for (const std::uint32_t p : land.order()) {
        const std::uint32_t above = land.parent(p);
        zoned[p] = run.view.is(land.node(p), run.k.zone) || (above != none && zoned[above] != 0);
    }
    return zoned;
}

enum class Side : std::uint8_t { other, zone, town };

/// Which side claims: the zone (its administration, its grids), the township (its government,
/// villages, grids), or another.
Side side_of(const RuleRun& run, const std::vector<std::uint8_t>& zoned, const Claim& claim) {
    if (claim.place == none) return Side::other;
    if (zoned[claim.place] != 0) return Side::zone;
    const NodeNo place = run.c.territory().node(claim.place);
    if (!run.view.is(place, run.k.region)) return Side::town;
    const std::uint8_t level = run.view.level(place);
    return level != no_level && level >= town_level ? Side::town : Side::other;
}

class DivisionRefs {
public:
    explicit DivisionRefs(const RuleRun& run)
        : run_(run), refs_(run.s.edge_attribute("division_ref")) {}
    bool at(EdgeNo e) const {
        const EdgeNo origin = run_.view.origin(e);
        return refs_.anywhere() && origin != none && !refs_.at(origin).is_empty();
    }

private:
    const RuleRun& run_;
    Store::EdgeAttribute refs_;
};

// ── RT-01 ──

void territorial_chain(RuleRun& run) {
    const Territory& land = run.c.territory();
    const std::vector<std::uint8_t> zoned = zoned_places(run);
    const DivisionRefs written(run);
    std::vector<Claim> claims;
    each_ground(run, [&](NodeNo v) {
        run.examined();
        claims_on(run, v, run.k.territorial, claims);
        if (claims.empty()) {
            if (stands_with(run, v) == none) run.report("orphan", {v});
            return;
        }
        std::vector<NodeNo> nodes{v};
        std::vector<EdgeNo> edges;
        std::size_t ends = 0;
        bool all_written = true, zone = false, township = false, reaches = true;
        for (std::size_t i = 0; i < claims.size(); ++i) {
            if (!is_end(land, claims, i)) continue;
            // Claims of one place stand together; its last one is the end.
            const std::uint32_t place = claims[i].place;
            if (!run.c.checked(place)) {
                const NodeNo at =
                    place == none ? run.view.source(claims[i].edge) : land.node(place);
                run.report("broken", {v, at}, {claims[i].edge});
                reaches = false;
                continue;
            }
            ++ends;
            nodes.push_back(run.view.source(claims[i].edge));
            edges.push_back(claims[i].edge);
            all_written = all_written && written.at(claims[i].edge);
            const Side side = side_of(run, zoned, claims[i]);
            zone = zone || side == Side::zone;
            township = township || side == Side::town;
        }
        // A zone and a township that both claim are the matter of RT-02.
        const bool divided = ends == 2 && zone && township;
        if (reaches && ends > 1 && !all_written && !divided)
            run.report("double", nodes, edges, {std::to_string(ends)});
    });
}

// ── RT-02 ──

void zone_and_township(RuleRun& run) {
    const std::vector<std::uint8_t> zoned = zoned_places(run);
    const DivisionRefs written(run);
    std::vector<Claim> claims;
    each_ground(run, [&](NodeNo v) {
        claims_on(run, v, run.k.territorial, claims);
        EdgeNo of[2] = {none, none};
        bool refs[2] = {false, false};
        for (const Claim& claim : claims) {
            const Side side = side_of(run, zoned, claim);
            if (side == Side::other) continue;
            const int i = side == Side::zone ? 0 : 1;
            if (of[i] == none) of[i] = claim.edge;
            refs[i] = refs[i] || written.at(claim.edge);
        }
        if (of[0] == none) return;
        run.examined();
        if (of[1] == none || (refs[0] && refs[1])) return;
        run.report("undivided", {v, run.view.source(of[0]), run.view.source(of[1])},
                   {of[0], of[1]});
    });
}

// ── RT-03, RT-04 ──

/// Whether a department is given a duty by any edge: it regulates or supervises something, one of
/// its posts has a safety duty, or enforcement is entrusted to it or to its place.
bool has_duty(const RuleRun& run, NodeNo dept, std::uint32_t place) {
    const View& view = run.view;
    for (const KindNo kind : {run.k.comprehensive, run.k.regulates, run.k.enforces_for})
        if (view.first_out(dept, kind) != none) return true;
    if (view.first_in(dept, run.k.enforces_for) != none) return true;
    for (const NodeNo post : view.posts(dept))
        if (view.first_out(post, run.k.safety_duty) != none) return true;
    if (view.first_in(run.c.territory().node(place), run.k.enforces_for) != none) return true;
    for (const NodeNo body : run.c.seated(place))
        if ((view.is(body, run.k.government) || view.is(body, run.k.zone_admin)) &&
            view.first_in(body, run.k.enforces_for) != none)
            return true;
    return false;
}

void safety_body(RuleRun& run, NodeNo place) {
    const std::vector<std::string> functions = run.texts("functions");
    const std::uint32_t number = run.c.territory().number(place);
    NodeNo body = none;
    for (const NodeNo dept : run.c.seated(number)) {
        if (!run.view.is(dept, run.k.dept) ||
            std::find(functions.begin(), functions.end(), run.c.function(dept)) == functions.end())
            continue;
        if (has_duty(run, dept, number)) return;
        if (body == none) body = dept;
    }
    if (body == none)
        run.report("no_body", {place});
    else
        run.report("no_duty", {place, body});
}

void zone_body(RuleRun& run) {
    for (const NodeNo place : run.c.places())
        if (run.view.is(place, run.k.zone)) {
            run.examined();
            safety_body(run, place);
        }
}

/// Persons who hold posts of a kind in a unit.
void holders_of(const RuleRun& run, NodeNo unit, KindNo kind, std::set<NodeNo>& persons) {
    for (const NodeNo post : run.view.posts(unit, kind))
        for (const EdgeNo e : run.view.holders(post))
            persons.insert(run.view.source(e));
}

/// Inspectors of the bodies of a place: of each those who hold its posts of the kind, of one
/// without such posts as many as its `staff` says. Nothing where there is neither.
std::optional<double> inspectors_of(const RuleRun& run, NodeNo place,
                                    const Store::Attribute& staff) {
    std::set<NodeNo> persons;
    double stated = 0;
    bool known = false;
    for (const NodeNo body : run.c.seated(run.c.territory().number(place))) {
        if (!run.view.posts(body, run.k.inspector).empty()) {
            known = true;
            holders_of(run, body, run.k.inspector, persons);
        } else if (const auto number = staff.at(run.view.like(body)).as_number()) {
            known = true;
            stated += *number;
        }
    }
    if (!known) return std::nullopt;
    return stated + static_cast<double>(persons.size());
}

void township_body(RuleRun& run) {
    const double least = run.number("inspectors");
    const Store::Attribute staff = run.s.attribute("staff");
    for (const NodeNo place : run.c.places()) {
        if (!run.view.is(place, run.k.region) || run.view.level(place) != town_level) continue;
        run.examined();
        safety_body(run, place);
        const auto inspectors = inspectors_of(run, place, staff);
        if (!inspectors)
            run.half(Reason::values, "nodes.staff");
        else if (*inspectors < least)
            run.report("inspectors", {place}, {},
                       {RuleRun::number_word(*inspectors), RuleRun::number_word(least)});
    }
}

// ── RT-05 ──

void one_grid(RuleRun& run) {
    const Territory& land = run.c.territory();
    std::vector<std::uint8_t> has_sites(run.view.n(), 0);
    for (const NodeNo site : run.c.nodes(run.k.site))
        if (run.view.unit(site) != none) has_sites[run.view.unit(site)] = 1;
    const bool grids = column_given(run.view, "edges:GRID_COVERS");
    std::vector<Claim> claims;
    const auto covering = [&](NodeNo v) {
        claims_on(run, v, run.k.grid_covers, claims);
        std::erase_if(claims, [&](const Claim& claim) {
            return !run.view.is(run.view.source(claim.edge), run.k.grid);
        });
    };
    each_ground(run, [&](NodeNo v) {
        if (has_sites[v] != 0) return;
        run.examined();
        covering(v);
        if (claims.empty())
            if (const NodeNo owner = stands_with(run, v); owner != none) covering(owner);
        if (claims.empty()) {
            if (grids)
                run.report("none", {v});
            else
                run.unknown(Reason::column_missing, "edges:GRID_COVERS");
            return;
        }
        std::vector<NodeNo> nodes{v};
        std::vector<EdgeNo> edges;
        for (std::size_t i = 0; i < claims.size(); ++i)
            if (is_end(land, claims, i)) {
                nodes.push_back(run.view.source(claims[i].edge));
                edges.push_back(claims[i].edge);
            }
        if (edges.size() > 1) run.report("several", nodes, edges, {std::to_string(edges.size())});
    });
    for (const NodeNo grid : run.c.subjects(run.k.grid)) {
        if (!run.c.checked(run.c.place_no(grid))) continue;
        run.examined();
        for (const KindNo kind : {run.k.grid_leader, run.k.grid_officer}) {
            const std::vector<NodeNo> posts = run.view.posts(grid, kind);
            const bool held = std::any_of(posts.begin(), posts.end(),
                                          [&](NodeNo post) { return run.view.held(post); });
            if (held) continue;
            std::vector<NodeNo> nodes{grid};
            nodes.insert(nodes.end(), posts.begin(), posts.end());
            run.report("no_post", nodes, {}, {run.post_word(kind)});
        }
    }
}

// ── RT-06 ──

void village_contact(RuleRun& run) {
    const Territory& land = run.c.territory();
    // The village that each place is or lies in: the region of that level where there is one, else
    // the village node.
    std::vector<std::uint32_t> village(land.size(), none);
    for (const std::uint32_t p : land.order()) {
        const NodeNo v = land.node(p);
        const std::uint32_t above = land.parent(p) == none ? none : village[land.parent(p)];
        const bool here = run.view.is(v, run.k.village) ||
                          (run.view.is(v, run.k.region) && run.view.level(v) == village_level);
        village[p] = above != none ? above : here ? p : none;
    }
    // Bodies of villages, by village.
    std::unordered_map<std::uint32_t, std::vector<NodeNo>> bodies;
    for (const NodeNo v : run.c.nodes(run.k.village))
        if (const std::uint32_t p = land.number(v); p != none && village[p] != none)
            bodies[village[p]].push_back(v);
    const auto bodies_of = [&](std::uint32_t p) {
        const auto found = bodies.find(p);
        return found == bodies.end() ? std::vector<NodeNo>() : found->second;
    };
    const auto subject_of = [&](std::uint32_t p) {
        const auto found = bodies.find(p);
        return found != bodies.end() && found->second.size() == 1 ? found->second.front()
                                                                  : land.node(p);
    };
    std::vector<std::uint32_t> asked;  // villages that findings may be about
    for (std::uint32_t p = 0; p < land.size(); ++p)
        if (village[p] == p && run.c.checked(p) &&
            (run.c.is_subject(subject_of(p)) || run.c.is_subject(land.node(p))))
            asked.push_back(p);
    std::vector<std::size_t> sites(land.size(), 0);
    const auto look = [&](NodeNo v) {
        const std::uint32_t place = run.c.place_no(v);
        const std::uint32_t lies = place == none ? none : village[place];
        if (lies != none) ++sites[lies];
        std::uint32_t last = lies;
        run.view.in(v, run.k.territorial, [&](EdgeNo e) {
            const std::uint32_t by = land.number(run.view.source(e));
            if (by == none || village[by] == none || village[by] == last) return;
            last = village[by];
            ++sites[last];
        });
    };
    if (run.c.all_are_named() || land.land()->circles) {
        for (const KindNo kind : {run.k.enterprise, run.k.site})
            for (const NodeNo v : run.c.nodes(kind))
                look(v);
    } else {
        // What lies in those villages or is claimed from there.
        std::vector<NodeNo> near;
        for (const std::uint32_t p : asked) {
            const auto below = run.c.enterprises().below(land, p);
            near.insert(near.end(), below.begin(), below.end());
            for (std::uint32_t i = land.enter(p); i < land.leave(p); ++i)
                run.view.out(land.node(land.order()[i]), run.k.territorial, [&](EdgeNo e) {
                    const NodeNo v = run.view.target(e);
                    if (run.view.is(v, run.k.enterprise)) near.push_back(v);
                });
        }
        std::sort(near.begin(), near.end());
        near.erase(std::unique(near.begin(), near.end()), near.end());
        for (const NodeNo v : near)
            look(v);
        if (!asked.empty())
            for (const NodeNo v : run.c.nodes(run.k.site))
                look(v);
    }
    for (const std::uint32_t p : asked) {
        if (sites[p] == 0) continue;
        const NodeNo subject = subject_of(p);
        run.examined();
        std::vector<NodeNo> units = bodies_of(p);
        units.push_back(land.node(p));
        for (const NodeNo body : run.c.seated(p))
            units.push_back(body);
        std::set<NodeNo> persons;
        for (const NodeNo unit : units)
            for (const KindNo kind : {run.k.village_head, run.k.liaison})
                holders_of(run, unit, kind, persons);
        if (persons.empty()) run.report("none", {subject}, {}, {std::to_string(sites[p])});
    }
}

// ── RT-07 ──

void tree_of_places(RuleRun& run) {
    const Territory& land = run.c.territory();
    std::uint8_t coarsest = no_level;
    for (const NodeNo v : run.c.nodes(run.k.region))
        coarsest = std::min(coarsest, run.view.level(v));
    std::vector<std::uint8_t> told(land.size() + 1, 0);  // circles that are reported
    for (std::uint32_t p = 0; p < land.size(); ++p) {
        const NodeNo v = land.node(p);
        // A circle is told of its first place, whoever else is asked about.
        const std::uint32_t circle = land.circle(p);
        const bool first = circle != 0 && told[circle] == 0;
        if (circle != 0) told[circle] = 1;
        if (!run.c.named(v)) continue;
        run.examined();
        std::vector<NodeNo> nodes{v};
        std::vector<EdgeNo> edges;
        run.view.out(v, run.k.part_of, [&](EdgeNo e) {
            if (std::find(nodes.begin() + 1, nodes.end(), run.view.target(e)) != nodes.end())
                return;
            nodes.push_back(run.view.target(e));
            edges.push_back(e);
        });
        if (edges.size() > 1) run.report("parents", nodes, edges, {std::to_string(edges.size())});
        const bool region = run.view.is(v, run.k.region);
        if (edges.empty()) {
            const bool top =
                region && (run.view.level(v) == no_level || run.view.level(v) == coarsest);
            if (!top) run.report("no_parent", {v});
            continue;
        }
        if (circle != 0) {
            if (!first) continue;
            std::vector<NodeNo> round;
            std::vector<EdgeNo> way;
            std::uint32_t q = p;
            do {
                round.push_back(land.node(q));
                way.push_back(run.view.first_out(land.node(q), run.k.part_of));
                q = land.parent(q);
            } while (q != p);
            // A place that is its own parent is named again, so that the sentence says by what.
            if (round.size() == 1) round.push_back(v);
            run.report("circle", round, way);
            continue;
        }
        for (const EdgeNo e : edges) {
            const NodeNo above = run.view.target(e);
            const std::uint8_t own = run.view.level(v), upper = run.view.level(above);
            if (!region || !run.view.is(above, run.k.region) || own == no_level ||
                upper == no_level || own > upper)
                continue;
            run.report("level", {v, above}, {e},
                       {RuleRun::level_word(own), RuleRun::level_word(upper)});
        }
    }
}

// ── RT-08 ──

void territorial_load(RuleRun& run) {
    const double sites_limit = run.number("sites_per_officer");
    const auto over = [](std::size_t things, std::size_t people, double limit) {
        return static_cast<double>(things) > limit * static_cast<double>(people);
    };
    for (const NodeNo grid : run.c.subjects(run.k.grid)) {
        if (!run.c.checked(run.c.place_no(grid))) continue;
        std::set<NodeNo> officers;
        holders_of(run, grid, run.k.grid_officer, officers);
        if (officers.empty()) continue;
        run.examined();
        std::size_t sites = 0;
        NodeNo last = none;
        run.view.out(grid, run.k.grid_covers, [&](EdgeNo e) {
            const NodeNo v = run.view.target(e);
            if (v == last || !(run.view.is(v, run.k.site) || run.view.is(v, run.k.enterprise)))
                return;
            last = v;
            ++sites;
        });
        if (over(sites, officers.size(), sites_limit))
            run.report("sites", {grid}, {},
                       {std::to_string(sites), std::to_string(officers.size()),
                        RuleRun::number_word(sites_limit)});
    }
    if (!run.is_set("enterprises_per_inspector")) return;
    const double limit = run.number("enterprises_per_inspector");
    const Store::Attribute staff = run.s.attribute("staff");
    const Territory& land = run.c.territory();
    std::vector<std::size_t> below(land.size() + 1, 0);  // enterprises before each in order()
    for (const NodeNo e : run.c.nodes(run.k.enterprise))
        if (const std::uint32_t p = run.c.place_no(e); p != none) ++below[land.enter(p) + 1];
    for (std::size_t i = 1; i < below.size(); ++i)
        below[i] += below[i - 1];
    for (const NodeNo place : run.c.places()) {
        if (!run.view.is(place, run.k.region) || run.view.level(place) != town_level) continue;
        const auto inspectors =
            static_cast<std::size_t>(inspectors_of(run, place, staff).value_or(0));
        if (inspectors == 0) continue;
        run.examined();
        const std::uint32_t p = land.number(place);
        const std::size_t enterprises = below[land.leave(p)] - below[land.enter(p)];
        if (over(enterprises, inspectors, limit))
            run.report("enterprises", {place}, {},
                       {std::to_string(enterprises), std::to_string(inspectors),
                        RuleRun::number_word(limit)});
    }
}

constexpr RuleEntry entries[] = {
    {"RT-01", territorial_chain}, {"RT-02", zone_and_township}, {"RT-03", zone_body},
    {"RT-04", township_body},     {"RT-05", one_grid},          {"RT-06", village_contact},
    {"RT-07", tree_of_places},    {"RT-08", territorial_load},
};

}  // namespace

std::span<const RuleEntry> rules_territory() {
    return entries;
}

}  // namespace safetyrisk::graph
