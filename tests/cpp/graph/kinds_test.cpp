// Tests of graph/kinds.hpp: the words of a pack, and the limits it sets.
#include <safetyrisk/graph/kinds.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <set>

using namespace safetyrisk;
using namespace safetyrisk::graph;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

// The library's kinds with one thing changed.
std::shared_ptr<const Kinds> changed(const std::function<void(json&)>& change) {
    json pack = json::parse(PackRegistry::builtin().find("graph_kinds")->canonical);
    pack["pack"] = "graph_kinds.mine";
    change(pack["content"]);
    return std::make_shared<const Kinds>(
        std::make_shared<const Pack>(Pack::parse(pack.dump(), "mine")));
}

json& edge(json& content, const std::string& id) {
    for (json& one : content["edges"])
        if (one["id"] == id) return one;
    throw NotFoundError(id);
}

// What the graph says of limits: "code value|kind|count|limit|day" and the row.
Texts limits(const small::Texts& tables, const std::shared_ptr<const Kinds>& kinds,
             std::string_view day = "2026-01-01") {
    const auto g = small::graph(tables, day, {}, kinds);
    Texts out;
    for (std::size_t i = 0; i < g.issues().size(); ++i) {
        if (g.issues().code(i).substr(0, 12) != "graph.edges_") continue;
        const Issue issue = g.issues().at(i);
        std::string line = issue.code + " " + issue.value;
        // The last two are the node and the kind in words.
        auto arguments = g.issues().arguments(i);
        REQUIRE(arguments.size() > 2);
        CHECK(issue.message.find('{') == std::string::npos);
        CHECK(issue.message.find("关系“" + arguments.back() + "”") != std::string::npos);
        const Kinds& known = kinds != nullptr ? *kinds : *Kinds::usual();
        CHECK(arguments.back() == known.edges()[known.edge(arguments.front())].zh);
        arguments.resize(arguments.size() - 2);
        for (const std::string& argument : arguments)
            line += "|" + argument;
        out.push_back(line + " " + issue.table + ":" + std::to_string(issue.row));
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("a word names one kind, and a pack in which it names two says both", "[graph][kinds]") {
    const auto own = changed([](json& c) { c["nodes"][0]["aliases"] = {"辖区"}; });
    CHECK(own->node("辖区") == own->node("region"));
    CHECK_THROWS_WITH(changed([](json& c) { c["nodes"][1]["zh"] = "行政区域"; }),
                      ContainsSubstring("'行政区域'") && ContainsSubstring("'region'") &&
                          ContainsSubstring("'zone'"));
    CHECK_THROWS_WITH(
        changed([](json& c) {
            c["posts"][0]["aliases"] = {"一把手"};
            c["posts"][1]["aliases"] = {"一把手"};
        }),
        ContainsSubstring("'party_principal'") && ContainsSubstring("'gov_principal'"));
    CHECK_THROWS_WITH(changed([](json& c) { edge(c, "GUARDS")["zh"] = "领导"; }),
                      ContainsSubstring("'LEADS'") && ContainsSubstring("'GUARDS'"));
    CHECK_THROWS_WITH(changed([](json& c) { edge(c, "GUARDS")["rule_checks"] = {"in"}; }),
                      ContainsSubstring("without a rule"));
    CHECK_THROWS_WITH(changed([](json& c) { edge(c, "LEADS")["rule_checks"] = {"all"}; }),
                      ContainsSubstring("in, out or acyclic"));
    // One word may name a kind of node and a kind of edge.
    CHECK_NOTHROW(changed([](json& c) { c["nodes"][0]["aliases"] = {"领导"}; }));
}

TEST_CASE("the kinds are those of the trade, with the limits that it sets", "[graph][kinds]") {
    const auto kinds = Kinds::usual();
    for (const char* id : {"region",
                           "zone",
                           "party_committee",
                           "government",
                           "zone_admin",
                           "safety_committee",
                           "safety_office",
                           "special_committee",
                           "task_force",
                           "dept",
                           "village",
                           "grid",
                           "enterprise",
                           "site",
                           "group",
                           "agency",
                           "peer_group",
                           "post",
                           "person",
                           "sector",
                           "scene",
                           "risk_point",
                           "major_hazard_source",
                           "hazard",
                           "accident",
                           "task",
                           "document",
                           "clause",
                           "legal_basis",
                           "letter",
                           "record",
                           "collective"})
        CHECK(kinds->node(id) != no_kind);
    for (const char* id : {"party_principal",
                           "gov_principal",
                           "safety_deputy",
                           "portfolio_deputy",
                           "committee_member",
                           "dept_principal",
                           "dept_safety_deputy",
                           "dept_other_deputy",
                           "inspector",
                           "village_head",
                           "grid_leader",
                           "grid_officer",
                           "liaison",
                           "principal",
                           "safety_director",
                           "tech_head",
                           "business_deputy",
                           "safety_manager",
                           "registered_engineer",
                           "workshop_head",
                           "team_leader",
                           "special_worker",
                           "worker",
                           "mhs_principal",
                           "mhs_tech",
                           "mhs_operator",
                           "informed_person"})
        CHECK(kinds->post(id) != no_kind);

    // least_out, most_out, least_in, most_in; circles; the kinds that the limits are of.
    struct Limit {
        std::uint32_t least_out = 0, most_out = 0, least_in = 0, most_in = 0;
        bool acyclic = false;
        std::set<std::string> to;
    };
    const std::map<std::string, Limit> limited = {
        {"PART_OF", {0, 1, 0, 0, true, {}}},
        {"LEADS", {0, 0, 0, 1, true, {"dept"}}},
        {"GUIDES", {0, 0, 0, 0, true, {}}},
        {"HAS_POST", {0, 0, 0, 1, false, {}}},
        {"REPORTS_TO", {0, 0, 0, 0, true, {}}},
        {"IN_CHARGE_OF", {0, 0, 1, 1, false, {"dept"}}},
        {"CHAIRS", {0, 0, 1, 0, false, {"safety_committee", "special_committee"}}},
        {"MEMBER_OF", {0, 0, 2, 0, false, {"special_committee"}}},
        {"SERVES_AS", {0, 0, 0, 1, false, {}}},
        {"HOSTS_OFFICE", {0, 0, 0, 1, false, {}}},
        {"COMPREHENSIVE", {0, 0, 1, 1, false, {"region"}}},
        {"OVERSEES_WORK_OF", {0, 0, 0, 0, true, {}}},
        {"PRINCIPAL_OF", {0, 1, 1, 1, false, {"enterprise"}}},
        {"CONTROLS_RISK", {0, 0, 1, 0, false, {}}},
        {"MHS_CARE", {0, 0, 3, 3, false, {}}},
        {"RESPONSIBLE_POST", {1, 0, 0, 0, false, {}}},
        {"SIGNED_WITH", {0, 0, 0, 0, true, {}}},
        {"OWNED_BY", {0, 1, 0, 0, true, {}}},
        {"ASSIGNS", {0, 0, 0, 1, false, {}}},
        {"DERIVES_FROM", {0, 0, 0, 0, true, {}}},
        {"SUCCEEDS", {0, 0, 0, 0, true, {}}},
        {"MERGED_INTO", {0, 0, 0, 0, true, {}}},
        {"SPLIT_FROM", {0, 0, 0, 0, true, {}}},
        {"ALIAS_OF", {0, 0, 0, 0, true, {}}},
    };
    const std::set<std::string> free = {
        "HOLDS",        "SAFETY_DUTY",      "BUSINESS_DUTY", "TERRITORIAL",  "REGULATES",
        "HOSTS_SECTOR", "MANAGES_BUSINESS", "PERMITS",       "SUPPORTS",     "ENFORCES_FOR",
        "PAIRED_WITH",  "GUARDS",           "GRID_COVERS",   "CONTRACTS_TO", "LEASES_TO",
        "SERVES",       "ORGANIZES",        "LEADS_TASK",    "JOINT",        "SHARES",
        "ASSISTS",      "SUPERVISES_TASK",  "IMPLEMENTS",    "RESPONSIBLE",  "REPORTS_PROGRESS",
        "FOUND",        "OWNS_HAZARD",      "VERIFIES",      "CLOSES",       "ADDRESSES",
        "GUIDES_TASK",  "BELONGS_TO",       "SEATED_IN"};
    for (const EdgeKind& kind : kinds->edges()) {
        INFO(kind.id);
        const auto found = limited.find(kind.id);
        CHECK((found != limited.end()) != (free.count(kind.id) == 1));
        const Limit limit = found == limited.end() ? Limit{} : found->second;
        CHECK(kind.least_out == limit.least_out);
        CHECK(kind.most_out == limit.most_out);
        CHECK(kind.least_in == limit.least_in);
        CHECK(kind.most_in == limit.most_in);
        CHECK(kind.acyclic == limit.acyclic);
        std::set<std::string> to;
        for (const KindNo one : kind.counted_to)
            to.insert(kinds->nodes()[one].id);
        CHECK(to == limit.to);
    }
    CHECK(kinds->edges().size() == limited.size() + free.size());
    CHECK(kinds->edges()[kinds->edge("HOLDS")].most_in_principal == 1);
}

TEST_CASE("limits of an agency's own pack are checked, with the node and the row",
          "[graph][kinds]") {
    const auto mine = changed([](json& c) {
        c["edges"].push_back({{"id", "MENTORS"},
                              {"zh", "帮带"},
                              {"en", "mentors"},
                              {"from", {"person"}},
                              {"to", {"person"}},
                              {"least_in", 1},
                              {"most_in", 2},
                              {"most_out", 1},
                              {"acyclic", true}});
    });
    const std::string people =
        "id,kind,name,valid_to\na,person,甲,\nb,person,乙,\nc,person,丙,\nd,person,丁,2025-06-30\n";
    const auto of = [&](const std::string& edges, std::string_view day = "2026-01-01") {
        return limits(
            {{"nodes", people}, {"edges", "source,target,kind,valid_from,valid_to\n" + edges}},
            mine, day);
    };
    // Nobody mentors: the relation is not kept here, and is not missed.
    CHECK(of("").empty());
    CHECK(of("b,a,帮带,,\na,b,帮带,2025-01-01,2025-12-31\na,c,帮带,2026-01-01,\n") ==
          Texts{"graph.edges_too_few b|MENTORS|0|1|2026-01-01 nodes:1"});
    // Two at once, then one after the other.
    const Texts two =
        of("a,b,帮带,2025-01-01,2026-01-31\na,c,帮带,2026-01-01,\nb,a,帮带,,2025-12-31\n"
           "c,a,帮带,2026-01-01,2026-01-01\n",
           "2026-02-01");
    CHECK(two == Texts{"graph.edges_too_few a|MENTORS|0|1|2026-02-01 nodes:0",
                       "graph.edges_too_few b|MENTORS|0|1|2026-02-01 nodes:1",
                       "graph.edges_too_many a|MENTORS|2|1|2026-01-01 edges:1"});
    // The same pair in two rows that follow each other is one relation.
    CHECK(of("a,b,帮带,2025-01-01,2026-01-31\na,b,帮带,2026-01-15,\nb,c,帮带,,\n") ==
          Texts{"graph.edges_too_few a|MENTORS|0|1|2026-01-01 nodes:0"});
    // Three mentors of one; one of them is gone by then.
    CHECK(of("a,b,帮带,,\nc,b,帮带,,\nd,b,帮带,2025-07-01,\n").size() == 2);  // a and c
    CHECK(of("a,b,帮带,,\nc,b,帮带,,\nd,b,帮带,,\n").back() ==
          "graph.edges_too_many b|MENTORS|3|2|2025-06-30 edges:2");
    // A circle, on the days of its edges only.
    CHECK(of("a,b,帮带,,\nb,c,帮带,,\nc,a,帮带,2025-01-01,\n") ==
          Texts{"graph.edges_in_circle a|MENTORS|3 edges:0"});
    CHECK(of("a,b,帮带,,\nb,c,帮带,,\nc,a,帮带,2026-01-02,\n") ==
          Texts{"graph.edges_too_few a|MENTORS|0|1|2026-01-01 nodes:0"});
}

TEST_CASE("the usual limits that no rule checks are told as issues", "[graph][kinds]") {
    const std::string nodes =
        "id,kind,name,post_kind,unit\np,person,甲,,\nq,person,乙,,\nu,dept,一局,,\nv,dept,二局,,\n"
        "w,post,局长,dept_principal,u\nx,post,科员,inspector,u\ng,government,县政府,,\n"
        "h,government,另一政府,,\n";
    const auto of = [&](const std::string& edges) {
        return limits({{"nodes", nodes}, {"edges", "source,target,kind\n" + edges}}, nullptr);
    };
    // One head, several inspectors.
    CHECK(of("p,x,HOLDS\nq,x,HOLDS\np,w,HOLDS\n").empty());
    CHECK(of("p,w,HOLDS\nq,w,HOLDS\n") ==
          Texts{"graph.edges_too_many w|HOLDS|2|1|2026-01-01 edges:1"});
    CHECK(of("g,u,LEADS\nh,u,LEADS\ng,h,LEADS\n") ==
          Texts{"graph.edges_too_many u|LEADS|2|1|2026-01-01 edges:1"});
    CHECK(of("v,w,HAS_POST\n") == Texts{"graph.edges_too_many w|HAS_POST|2|1|2026-01-01 edges:0"});
    CHECK(of("u,v,GUIDES\nv,u,GUIDES\n") == Texts{"graph.edges_in_circle u|GUIDES|2 edges:0"});
    // RS-01 tells circles of leading, and no issue beside it.
    CHECK(of("g,h,LEADS\nh,g,LEADS\n").empty());
}
