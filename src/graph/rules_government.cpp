// Rules RG: who leads, and whether safety is part of what he leads.
#include "graph/evidence.hpp"
#include "graph/rules.hpp"
#include "graph/words.hpp"

#include <algorithm>

namespace safetyrisk::graph {
namespace {

constexpr std::uint8_t county_level = 3, town_level = 4;

/// Posts of a kind in the bodies of those kinds seated in a place, in id order.
std::vector<NodeNo> posts_in(const RuleRun& run, NodeNo place, std::initializer_list<KindNo> bodies,
                             KindNo post) {
    std::vector<NodeNo> found;
    for (const NodeNo body : run.c.seated(run.c.territory().number(place))) {
        if (std::find(bodies.begin(), bodies.end(), run.view.node_kind(body)) == bodies.end())
            continue;
        const auto posts = run.view.posts(body, post);
        found.insert(found.end(), posts.begin(), posts.end());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<NodeNo> government_posts(const RuleRun& run, NodeNo place, KindNo post) {
    return posts_in(run, place, {run.k.government, run.k.zone_admin}, post);
}

std::vector<NodeNo> party_posts(const RuleRun& run, NodeNo place, KindNo post) {
    return posts_in(run, place, {run.k.party_committee}, post);
}

/// Committees, offices and departments of places, not those inside an enterprise or a department.
bool of_a_place(const RuleRun& run, NodeNo body) {
    const NodeNo unit = run.view.unit(body);
    return unit == none || (!run.view.is(unit, run.k.enterprise) && !run.view.is(unit, run.k.dept));
}

/// Bodies of a kind in the territory that is checked.
std::vector<NodeNo> bodies_checked(const RuleRun& run, KindNo kind) {
    std::vector<NodeNo> found;
    for (const NodeNo body : run.c.subjects(kind))
        if (of_a_place(run, body) && run.c.checked(run.c.place_no(body))) found.push_back(body);
    return found;
}

/// Posts in the territory that is checked, and posts that lie nowhere.
bool in_scope(const RuleRun& run, NodeNo post) {
    const std::uint32_t place = run.c.place_no(post);
    return place == none || run.c.checked(place);
}

// ── RG-01 ──

/// The first safety duty of a post for a place: an edge to the place, to one above it or to a body
/// seated there.
EdgeNo first_duty(const RuleRun& run, NodeNo post, std::uint32_t place) {
    EdgeNo found = none;
    run.view.out(post, run.k.safety_duty, [&](EdgeNo e) {
        if (found == none && run.view.duty(e) == Duty::first &&
            run.c.territory().covers(run.c.place_no(run.view.target(e)), place))
            found = e;
    });
    return found;
}

void party_and_government(RuleRun& run) {
    const bool duties = column_given(run.view, "edges.duty");
    const Store::Attribute refused = run.s.attribute("edges:HOLDS");
    for (const NodeNo place : run.c.places()) {
        const std::uint8_t level = run.view.level(place);
        const bool zone = run.view.is(place, run.k.zone);
        if (!zone && (level < 1 || level > town_level || run.formal(place))) continue;
        run.examined();
        NodeNo seat[2] = {none, none};
        for (const int side : {0, 1}) {
            const KindNo kind = side == 0 ? run.k.party_principal : run.k.gov_principal;
            const std::vector<NodeNo> posts =
                side == 0 ? party_posts(run, place, kind) : government_posts(run, place, kind);
            if (posts.empty()) {
                run.report("no_post", {place}, {}, {run.post_word(kind)});
                continue;
            }
            NodeNo held = none;
            for (const NodeNo post : posts) {
                if (!run.view.held(post)) continue;
                if (held == none) held = post;
                if (duties && first_duty(run, post, run.c.territory().number(place)) == none)
                    continue;
                seat[side] = post;
                break;
            }
            if (seat[side] != none) continue;
            // Whoever stands in a row that could not be used may hold the post.
            if (held == none && std::any_of(posts.begin(), posts.end(), [&](NodeNo post) {
                    return refused.unclear(run.view.like(post));
                })) {
                run.half(Reason::unclear, "edges:HOLDS");
                continue;
            }
            run.report(held == none ? "vacant" : "no_duty",
                       {place, held == none ? posts.front() : held}, {}, {run.post_word(kind)});
        }
        if (!duties && (seat[0] != none || seat[1] != none))
            run.half(Reason::column_missing, "edges.duty");
        if (seat[0] == none || seat[1] == none) continue;
        for (const EdgeNo party : run.view.holders(seat[0]))
            for (const EdgeNo government : run.view.holders(seat[1]))
                if (run.view.source(party) == run.view.source(government))
                    run.report("one_person", {place, seat[0], seat[1], run.view.source(party)},
                               {party, government});
    }
}

// ── RG-02 ──

/// A chair where nothing else is said; nothing where the word is not known.
std::optional<bool> is_chair(const RuleRun& run, const Store::EdgeAttribute& role, EdgeNo e) {
    const EdgeNo origin = run.view.origin(e);
    if (origin == none) return true;
    const Value value = role.at(origin);
    return value.type == Value::Type::text ? chairs(value.text) : std::optional(true);
}

void safety_committee(RuleRun& run) {
    const Store::EdgeAttribute role = run.s.edge_attribute("role");
    const Store::Attribute mode = run.s.attribute("mode");
    for (const NodeNo place : run.c.places()) {
        const bool zone = run.view.is(place, run.k.zone);
        const std::uint8_t level = run.view.level(place);
        if (!zone && (level > town_level || run.formal(place))) continue;
        run.examined();
        const char* severity = zone || level > county_level ? "town" : "county";
        std::vector<NodeNo> nodes{place};
        for (const NodeNo body : run.c.seated(run.c.territory().number(place)))
            if (run.view.is(body, run.k.safety_committee) && of_a_place(run, body))
                nodes.push_back(body);
        if (nodes.size() == 1) {
            run.report_case(severity, "none", {place});
            continue;
        }
        if (nodes.size() > 2) {
            run.report_case(severity, "several", nodes, {}, {std::to_string(nodes.size() - 1)});
            continue;
        }
        const NodeNo committee = nodes[1];
        const Value written = mode.at(run.view.like(committee));
        const auto dual = written.is_empty() ? std::optional(false) : two_chairs(written.text);
        for (const KindNo kind : {run.k.gov_principal, run.k.party_principal}) {
            if (kind == run.k.party_principal && !dual.value_or(true)) continue;
            bool chaired = false, perhaps = false;
            run.view.in(committee, run.k.chairs, [&](EdgeNo e) {
                const NodeNo post = run.view.source(e);
                if (run.view.post_kind(post) != kind ||
                    run.c.place_no(post) != run.c.territory().number(place))
                    return;
                const auto chair = is_chair(run, role, e);
                chaired = chaired || chair.value_or(false);
                perhaps = perhaps || !chair;
            });
            if (chaired) continue;
            if (perhaps)
                run.half(Reason::unclear, "edges.role");
            else if (kind == run.k.party_principal && !dual)
                run.half(Reason::unclear, "nodes.mode");
            else
                run.report_case(severity, "no_chair", {place, committee}, {},
                                {run.post_word(kind)});
        }
    }
}

// ── RG-03 ──

void deputy_for_safety(RuleRun& run) {
    const Store::Attribute standing = run.s.attribute("standing_committee");
    for (const NodeNo place : run.c.places()) {
        if (run.view.is(place, run.k.zone) || run.view.level(place) > county_level ||
            run.formal(place))
            continue;
        run.examined();
        std::vector<NodeNo> nodes{place};
        for (const NodeNo post : government_posts(run, place, run.k.safety_deputy))
            nodes.push_back(post);
        if (nodes.size() == 1) run.report("none", {place});
        if (nodes.size() > 2) run.report("several", nodes, {}, {std::to_string(nodes.size() - 1)});
        if (nodes.size() != 2) continue;
        const NodeNo deputy = run.view.like(nodes[1]);
        if (const auto member = standing.at(deputy).yes(); !member)
            run.half(!standing.anywhere() ? Reason::column_missing
                                          : RuleRun::why(standing.unclear(deputy)),
                     "nodes.standing_committee");
        else if (!*member)
            run.report("not_standing", nodes);
    }
}

// ── RG-04 ──

/// Whether a duty for one thing covers another: the same, a place above it, a sector above it, the
/// unit it belongs to or one that leads it.
class Scopes {
public:
    explicit Scopes(const RuleRun& run) : run_(run), seen_(run.view.n(), 0) {}

    /// `post`: whose duties they are; a sector lies where the post does.
    bool covers(NodeNo wide, NodeNo narrow, NodeNo post) {
        const View& view = run_.view;
        if (wide == narrow) return true;
        const Territory& land = run_.c.territory();
        if (const std::uint32_t place = land.number(wide); place != none) {
            const NodeNo lies = view.is(narrow, run_.k.sector) ? post : narrow;
            return land.covers(place, run_.c.place_no(lies));
        }
        if (view.is(wide, run_.k.sector))
            return view.is(narrow, run_.k.sector) && above(sector(wide), sector(narrow));
        return led_by(narrow, wide);
    }

private:
    std::uint32_t sector(NodeNo v) const { return run_.s.sectors.find(run_.view.id(v)); }
    bool above(std::uint32_t wide, std::uint32_t narrow) const {
        const auto& all = run_.s.sectors.all;
        for (std::size_t step = 0; narrow != none && step < all.size(); ++step) {
            narrow = all[narrow].parent;
            if (narrow == wide) return wide != none;
        }
        return false;
    }
    bool led_by(NodeNo v, NodeNo leader) {
        ++stamp_;
        stack_.assign(1, v);
        seen_[v] = stamp_;
        while (!stack_.empty()) {
            const NodeNo one = stack_.back();
            stack_.pop_back();
            if (one == leader) return true;
            const auto visit = [&](NodeNo up) {
                if (up == none || seen_[up] == stamp_) return;
                seen_[up] = stamp_;
                stack_.push_back(up);
            };
            run_.view.in(one, run_.k.leads, [&](EdgeNo e) { visit(run_.view.source(e)); });
            visit(run_.view.unit(one));
        }
        return false;
    }

    const RuleRun& run_;
    std::vector<std::uint32_t> seen_;
    std::vector<NodeNo> stack_;
    std::uint32_t stamp_ = 0;
};

void paired_duties(RuleRun& run) {
    Scopes scopes(run);
    const Sectors& sectors = run.s.sectors;
    std::vector<EdgeNo> duties;
    for (const NodeNo post : run.c.subjects(run.k.post)) {
        if (!run.c.leading(post) || !in_scope(run, post)) continue;
        duties.clear();
        run.view.out(post, run.k.safety_duty, [&](EdgeNo e) { duties.push_back(e); });
        bool asked = false;
        for (const KindNo kind : {run.k.in_charge_of, run.k.business_duty})
            run.view.out(post, kind, [&](EdgeNo e) {
                asked = true;
                const NodeNo scope = run.view.target(e);
                const auto covered = [&](std::uint32_t sector) {
                    return std::any_of(duties.begin(), duties.end(), [&](EdgeNo duty) {
                        const SetNo set = run.view.sectors(duty);
                        if (set != 0 && (sector == none || !sectors.covers(set, sector)))
                            return false;
                        return scopes.covers(run.view.target(duty), scope, post);
                    });
                };
                const auto& named = sectors.sets[run.view.sectors(e)];
                const bool all = named.empty() ? covered(none)
                                               : std::all_of(named.begin(), named.end(), covered);
                if (!all)
                    run.report(kind == run.k.in_charge_of ? "in_charge" : "business", {post, scope},
                               {e});
            });
        if (asked) run.examined();
    }
}

// ── RG-05 ──

void one_leader(RuleRun& run) {
    for (const NodeNo dept : bodies_checked(run, run.k.dept)) {
        if (run.c.vertical(dept)) continue;
        run.examined();
        std::vector<NodeNo> nodes{dept};
        std::vector<EdgeNo> edges;
        run.view.in(dept, run.k.in_charge_of, [&](EdgeNo e) {
            const NodeNo post = run.view.source(e);
            if (std::find(nodes.begin() + 1, nodes.end(), post) != nodes.end()) return;
            nodes.push_back(post);
            edges.push_back(e);
        });
        if (nodes.size() == 1) run.report("none", nodes);
        if (nodes.size() > 2)
            run.report("several", nodes, edges, {std::to_string(nodes.size() - 1)});
    }
}

// ── RG-06 ──

void duty_lists(RuleRun& run) {
    const Records& records = run.s.records;
    const std::uint16_t list = records.action_no("duty_list");
    const std::uint16_t annual = records.action_no("annual_task_list");
    const Date due = run.day_of_year("due");
    const bool asked = due <= run.view.on();
    if (!asked) run.partly(Reason::not_due, due.text());
    const bool lists = run.needs("records:duty_list"),
               annuals = asked && run.needs("records:annual_task_list");
    if (!lists && !annuals) return;
    const int year = static_cast<int>(run.view.on().civil().year());
    const std::int32_t new_year = Date::of(year, 1, 1).days_since_1970();
    for (const NodeNo post : run.c.subjects(run.k.post)) {
        if (!run.c.leading(post) || run.c.enterprise_side(post) || !in_scope(run, post)) continue;
        run.examined();
        bool has_list = false, has_annual = false;
        const auto read = [&](std::span<const std::uint32_t> rows) {
            for (const std::uint32_t row : rows) {
                const std::int32_t date = records.date[row];
                if (date == always_from || date > run.view.day()) continue;
                has_list = has_list || records.action[row] == list;
                has_annual = has_annual || (records.action[row] == annual && date >= new_year);
            }
        };
        read(records.of_subject(run.view.like(post)));
        read(records.of_object(run.view.like(post)));
        const auto perhaps = [&](std::uint16_t action, std::optional<Date> from) {
            return may_have_record(run, records.of_subject(run.view.like(post)), action, from) ||
                   may_have_record(run, records.of_object(run.view.like(post)), action, from);
        };
        if (lists && !has_list) {
            if (perhaps(list, std::nullopt))
                run.half(Reason::unclear_records, "duty_list");
            else
                run.report("no_list", {post});
        }
        if (annuals && !has_annual) {
            if (perhaps(annual, Date(new_year)))
                run.half(Reason::unclear_records, "annual_task_list");
            else
                run.report("no_annual", {post}, {}, {std::to_string(year)});
        }
    }
}

// ── RG-07, RG-08 ──

/// Departments that host a body's office (HOSTS_OFFICE, SERVES_AS), in id order, with the edges.
void hosts(const RuleRun& run, NodeNo body, std::vector<NodeNo>& nodes,
           std::vector<EdgeNo>& edges) {
    std::vector<std::pair<NodeNo, EdgeNo>> found;
    for (const KindNo kind : {run.k.hosts_office, run.k.serves_as})
        run.view.in(body, kind, [&](EdgeNo e) { found.emplace_back(run.view.source(e), e); });
    std::sort(found.begin(), found.end());
    NodeNo last = none;
    for (const auto& [host, e] : found) {
        if (host == last) continue;
        nodes.push_back(last = host);
        edges.push_back(e);
    }
}

void office_host(RuleRun& run) {
    const std::vector<std::string> functions = run.texts("functions");
    for (const NodeNo office : bodies_checked(run, run.k.safety_office)) {
        run.examined();
        std::vector<NodeNo> nodes{office};
        std::vector<EdgeNo> edges;
        hosts(run, office, nodes, edges);
        if (nodes.size() == 1) {
            run.report("no_host", nodes);
            continue;
        }
        const bool right = std::any_of(nodes.begin() + 1, nodes.end(), [&](NodeNo host) {
            return run.c.place_no(host) == run.c.place_no(office) &&
                   std::find(functions.begin(), functions.end(), run.c.function(host)) !=
                       functions.end();
        });
        if (!right)
            run.report("other_host", nodes, edges);
        else if (nodes.size() > 2)  // one office, one host (HOSTS_OFFICE and SERVES_AS together)
            run.report("hosts", nodes, edges, {std::to_string(nodes.size() - 1)});
    }
}

/// Whether what a post is in charge of touches the sectors of a committee or the departments that
/// host its office.
bool touches(const RuleRun& run, NodeNo post, NodeNo committee, std::span<const NodeNo> offices) {
    const SetNo scope = run.view.node_sectors(committee);
    const Sectors& sectors = run.s.sectors;
    const auto meets = [&](SetNo set) {
        return std::any_of(sectors.sets[set].begin(), sectors.sets[set].end(),
                           [&](std::uint16_t sector) { return sectors.covers(scope, sector); }) ||
               std::any_of(sectors.sets[scope].begin(), sectors.sets[scope].end(),
                           [&](std::uint16_t sector) { return sectors.covers(set, sector); });
    };
    bool found = false;
    for (const KindNo kind : {run.k.in_charge_of, run.k.safety_duty})
        run.view.out(post, kind, [&](EdgeNo e) {
            const NodeNo target = run.view.target(e);
            const SetNo set = run.view.sectors(e);
            found = found || std::find(offices.begin(), offices.end(), target) != offices.end();
            found = found || (set != 0 && meets(set));
            if (run.view.is(target, run.k.sector)) {
                const std::uint32_t sector = sectors.find(run.view.id(target));
                found = found || (sector != none && sectors.covers(scope, sector));
            }
            // Who answers for all of a place answers for every sector of it.
            const bool whole = kind == run.k.safety_duty && set == 0 &&
                               run.view.duty(e) != Duty::portfolio &&
                               run.view.duty(e) != Duty::post;
            found = found || (whole && run.c.territory().covers(run.c.territory().number(target),
                                                                run.c.place_no(committee)));
        });
    return found;
}

void special_committees(RuleRun& run) {
    const Store::EdgeAttribute role = run.s.edge_attribute("role");
    for (const NodeNo committee : bodies_checked(run, run.k.special_committee)) {
        run.examined();
        std::vector<NodeNo> offices{committee};
        std::vector<EdgeNo> office_edges;
        hosts(run, committee, offices, office_edges);
        const auto seats = std::span<const NodeNo>(offices).subspan(1);
        if (seats.empty()) run.report("no_office", {committee});
        if (seats.size() > 1)
            run.report("offices", offices, office_edges, {std::to_string(seats.size())});

        EdgeNo chair = none;
        bool matches = false, perhaps = false;
        run.view.in(committee, run.k.chairs, [&](EdgeNo e) {
            if (!is_chair(run, role, e).value_or(false)) {
                perhaps = perhaps || !is_chair(run, role, e);
                return;
            }
            if (chair == none || run.view.source(e) < run.view.source(chair)) chair = e;
            matches = matches || touches(run, run.view.source(e), committee, seats);
        });
        if (chair == none && perhaps)
            run.half(Reason::unclear, "edges.role");
        else if (chair == none)
            run.report("no_chair", {committee});
        const bool has_scope = run.view.node_sectors(committee) != 0 || !seats.empty();
        if (chair != none && has_scope && !matches)
            run.report("portfolio", {committee, run.view.source(chair)}, {chair});

        std::vector<NodeNo> members;
        run.view.in(committee, run.k.member_of,
                    [&](EdgeNo e) { members.push_back(run.view.source(e)); });
        std::sort(members.begin(), members.end());
        members.erase(std::unique(members.begin(), members.end()), members.end());
        if (static_cast<double>(members.size()) < run.number("members"))
            run.report("members", {committee}, {}, {std::to_string(members.size())});
    }
}

// ── RG-09 ──

void committee_scopes(RuleRun& run) {
    const Territory& land = run.c.territory();
    const Sectors& sectors = run.s.sectors;
    std::vector<std::vector<NodeNo>> committees(land.size());
    bool any = false;
    for (const NodeNo place : run.c.places())
        for (const NodeNo body : run.c.seated(land.number(place)))
            if (run.view.is(body, run.k.special_committee) && of_a_place(run, body)) {
                committees[land.number(place)].push_back(body);
                any = true;
            }
    if (!any) return;

    // Enterprises by place and sector, summed at the places that have committees.
    std::vector<std::uint8_t> risky(sectors.all.size());
    for (std::uint32_t i = 0; i < risky.size(); ++i)
        risky[i] = run.c.high_risk(i) ? 1 : 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> counts;
    const auto add = [&](std::uint32_t place, SetNo set, std::size_t count) {
        for (const std::uint32_t sector : sectors.sets[set])
            if (risky[sector] != 0) counts[{place, sector}] += count;
    };
    const Enterprises& all = run.c.enterprises();
    std::map<std::pair<std::uint32_t, SetNo>, std::size_t> alike;
    if (land.land()->circles)
        for (const NodeNo e : run.c.nodes(run.k.enterprise))
            if (const std::uint32_t place = run.c.place_no(e); place != none)
                ++alike[{place, run.view.node_sectors(e)}];
    for (const auto& [key, count] : alike) {
        const auto [lies, set] = key;
        const std::size_t number = count;
        land.up(lies, [&, of = set](std::uint32_t place) {
            if (!committees[place].empty()) add(place, of, number);
            return true;
        });
    }
    for (std::uint32_t p = 0; p < land.size() && !land.land()->circles; ++p) {
        if (committees[p].empty()) continue;
        const std::uint32_t anchor = all.anchor_of()[p];
        if (anchor != none && all.anchors()[anchor] == p)
            for (const Enterprises::Entry& entry : all.sums(anchor))
                add(p, entry.set, entry.count());
        else
            for (const NodeNo e : all.below(land, p))
                add(p, run.view.node_sectors(e), 1);
    }
    // Of those without a sector nobody knows whether theirs is of the list.
    if (const std::size_t open = all.without_sector(); open != 0) {
        run.examined(open);
        run.unknown(Reason::values, "enterprises.sectors", open);
    }
    for (const auto& [key, count] : counts) {
        const auto [place, sector] = key;
        run.examined();
        std::vector<NodeNo> nodes{land.node(place)};
        for (const NodeNo committee : committees[place])
            if (sectors.covers(run.view.node_sectors(committee), sector))
                nodes.push_back(committee);
        if (nodes.size() == 1)
            run.report("gap", nodes, {}, {run.sector_word(sector), std::to_string(count)});
        if (nodes.size() > 2)
            run.report("overlap", nodes, {},
                       {run.sector_word(sector), std::to_string(nodes.size() - 1)});
    }
}

// ── RG-10 ──

void vacancies(RuleRun& run) {
    const std::vector<KindNo> kinds = run.post_kinds("post_kinds");
    const double limit = run.number("days");
    const std::int32_t today = run.view.day();
    const Store::Attribute refused = run.s.attribute("edges:HOLDS");
    for (const NodeNo post : run.c.subjects(run.k.post)) {
        if (std::find(kinds.begin(), kinds.end(), run.view.post_kind(post)) == kinds.end() ||
            !in_scope(run, post))
            continue;
        run.examined();
        if (run.view.held(post)) continue;
        if (refused.unclear(run.view.like(post))) {
            run.unknown(Reason::unclear, "edges:HOLDS");
            continue;
        }
        // The day after the last holder went: the end of the edge or of the person, or yesterday
        // where a what-if takes the holder away.
        std::int32_t since = always_from;
        if (post < run.s.n())
            for (const EdgeNo e : run.view.in_range(post, run.k.holds)) {
                const NodeNo person = run.s.source[e];
                if (!run.s.edge_from.empty() && run.s.edge_from[e] > today) continue;
                std::int32_t last = run.s.edge_to.empty() ? always_to : run.s.edge_to[e];
                if (!run.s.node_to.empty()) last = std::min(last, run.s.node_to[person]);
                since = std::max(since, std::min(last, today - 1) + 1);
            }
        if (since == always_from && !run.s.node_from.empty())
            since = run.s.node_from[run.view.like(post)];
        if (since == always_from) {
            run.report("never", {post});
            continue;
        }
        const std::int32_t days = today - since + 1;
        if (days > limit)
            run.report("vacant", {post}, {}, {Date(since).text(), std::to_string(days)});
    }
}

constexpr RuleEntry entries[] = {
    {"RG-01", party_and_government}, {"RG-02", safety_committee},
    {"RG-03", deputy_for_safety},    {"RG-04", paired_duties},
    {"RG-05", one_leader},           {"RG-06", duty_lists},
    {"RG-07", office_host},          {"RG-08", special_committees},
    {"RG-09", committee_scopes},     {"RG-10", vacancies},
};

}  // namespace

std::span<const RuleEntry> rules_government() {
    return entries;
}

}  // namespace safetyrisk::graph
