// Expected cells are found by the definition, edge by edge, from the rows that the graph is made
// of; expected loads likewise.
#include <safetyrisk/graph/coverage.hpp>
#include <safetyrisk/graph/load.hpp>
#include <safetyrisk/graph/who.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Names = std::set<std::string>;

// `industry` has the others but tourism below it.
const std::vector<std::string> sectors = {"industry", "metallurgy", "textile", "tourism"};

bool covers(const std::string& edge, const std::string& sector) {
    return edge == sector || (edge == "industry" && sector != "tourism");
}

// A city with four counties of two towns each, departments anywhere, edges at random.
struct Small {
    struct Edge {
        std::string source, target, kind;
        std::vector<std::string> sectors;
        bool lead = false;
    };
    struct Firm {
        std::string id, place, colour;
        std::vector<std::string> sectors;
        std::vector<std::string> points;  // colours of its risk points
    };
    std::map<std::string, std::string> parent;  // of places
    std::map<std::string, std::string> seat;    // of departments
    std::vector<Edge> edges;
    std::vector<Firm> firms;

    explicit Small(unsigned seed) {
        std::mt19937 random(seed);
        const auto any = [&](std::size_t n) { return random() % n; };
        std::vector<std::string> places{"3609"};
        for (const char* county : {"360921", "360922", "360923", "360924"}) {
            parent[county] = "3609";
            places.emplace_back(county);
            for (const char* town : {"100", "101"}) {
                parent[county + std::string(town)] = county;
                places.push_back(county + std::string(town));
            }
        }
        const char* const colours[] = {"", "red", "orange", "黄", "蓝色"};
        for (int i = 0; i < 25; ++i) {
            Firm firm{"E" + std::to_string(i), places[any(places.size())], colours[any(5)], {}, {}};
            for (const std::string& sector : sectors)
                if (any(3) == 0) firm.sectors.push_back(sector);
            while (any(2) == 0)
                firm.points.emplace_back(colours[any(5)]);
            firms.push_back(firm);
        }
        for (int i = 0; i < 12; ++i) {
            const std::string id = "D" + std::to_string(i);
            seat[id] = places[any(places.size())];
            for (std::size_t k = any(4); k > 0; --k) {
                Edge edge{id, places[any(places.size())], "REGULATES", {}, any(2) == 0};
                for (const std::string& sector : sectors)
                    if (any(3) == 0) edge.sectors.push_back(sector);
                edges.push_back(edge);
            }
            if (any(2) == 0)
                edges.push_back({id, firms[any(firms.size())].id, "REGULATES", {}, any(2) == 0});
            if (any(2) == 0) edges.push_back({id, firms[any(firms.size())].id, "TERRITORIAL", {}});
            if (i > 0 && any(2) == 0)
                edges.push_back(
                    {id, "D" + std::to_string(any(static_cast<std::size_t>(i))), "GUIDES", {}});
        }
    }

    static std::string join(const std::vector<std::string>& items) {
        std::string text;
        for (const std::string& item : items)
            text += (text.empty() ? "" : ";") + item;
        return text;
    }

    ResponsibilityGraph graph() const {
        small::Texts texts;
        texts["divisions"] = "code,name\n36,省\n3609,市\n";
        for (const auto& [place, above] : parent)
            texts["divisions"] += place + "," + place + "\n";
        texts["nodes"] = "id,kind,name,division,staff,other_enforcement_days\n";
        for (const auto& [dept, place] : seat)
            texts["nodes"] += dept + ",dept,部门" + dept + "," + place + "," +
                              (dept == "D3"   ? ""
                               : dept == "D4" ? "2"
                                              : "1") +
                              ",100\n";
        texts["enterprises"] = "id,name,division,sectors,grade,inspection_cap\n";
        texts["risk_points"] = "id,enterprise,name,grade\n";
        for (const Firm& firm : firms) {
            texts["enterprises"] += firm.id + ",厂," + firm.place + "," + join(firm.sectors) + "," +
                                    firm.colour + "," + (firm.id == "E7" ? "2" : "") + "\n";
            for (std::size_t i = 0; i < firm.points.size(); ++i)
                texts["risk_points"] += firm.id + "-P" + std::to_string(i) + "," + firm.id +
                                        ",点," + firm.points[i] + "\n";
        }
        texts["edges"] = "source,target,kind,sectors,lead,clause\n";
        int number = 0;  // keeps edges apart that are otherwise the same
        for (const Edge& edge : edges)
            texts["edges"] += edge.source + "," + edge.target + "," + edge.kind + "," +
                              join(edge.sectors) + "," + (edge.lead ? "true" : "") + "," +
                              std::to_string(number++) + "\n";
        // Departments answer for territory here, which takes a pack that allows it.
        static const auto kinds = [] {
            nlohmann::json pack =
                nlohmann::json::parse(PackRegistry::builtin().find("graph_kinds")->canonical);
            for (auto& edge : pack["content"]["edges"])
                if (edge["id"] == "TERRITORIAL") edge["from"].push_back("dept");
            return std::make_shared<const Kinds>(
                std::make_shared<const Pack>(Pack::parse(pack.dump(), "mine")));
        }();
        return small::graph(texts, "2026-01-01", {"3609"}, kinds);
    }

    // A place and those above it.
    std::vector<std::string> up(std::string place) const {
        std::vector<std::string> out{place};
        while (parent.count(place) != 0)
            out.push_back(place = parent.at(place));
        return out;
    }
    bool within(const std::string& place, const std::string& outer) const {
        const auto chain = up(place);
        return std::find(chain.begin(), chain.end(), outer) != chain.end();
    }
    // The region of an enterprise at county or town level: counties have towns below, the city
    // nothing.
    std::string region(const std::string& place, bool town) const {
        return place.size() > 6 && !town ? parent.at(place) : place;
    }
    static bool has(const Edge& edge, const std::string& sector) {
        return std::any_of(edge.sectors.begin(), edge.sectors.end(),
                           [&](const std::string& one) { return covers(one, sector); });
    }
    int grade(const Firm& firm) const {
        const auto one = [](const std::string& word) {
            const auto found = parse_grade(word);
            return found ? static_cast<int>(*found) : 0;
        };
        if (one(firm.colour) != 0) return one(firm.colour);
        int worst = 0;
        for (const std::string& point : firm.points)
            worst = std::max(worst, one(point));
        return worst;
    }

    struct Cell {
        std::string status, from;
        Names leads, others;
        std::uint64_t enterprises = 0, uncovered = 0, ungraded = 0;
        std::int64_t weight = 0;
    };

    // Who leads in a sector named itself goes before who leads in the one above it.
    static std::string status(const std::vector<Edge>& found, const std::string& sector,
                              Names& leads, Names& others) {
        Names own_leads, all;
        const auto names_it = [&](const Edge& edge) {
            return edge.sectors.empty() || std::find(edge.sectors.begin(), edge.sectors.end(),
                                                     sector) != edge.sectors.end();
        };
        const bool closely = std::any_of(found.begin(), found.end(), [&](const Edge& edge) {
            return edge.lead && names_it(edge);
        });
        for (const Edge& edge : found) {
            all.insert(edge.source);
            if (edge.lead && names_it(edge) == closely) own_leads.insert(edge.source);
        }
        for (const std::string& one : all)
            (own_leads.count(one) != 0 ? leads : others).insert(one);
        for (const std::string& one : leads)
            others.erase(one);
        if (all.empty()) return "none";
        if (all.size() == 1) return "single";
        return own_leads.size() == 1 ? "one_lead" : own_leads.empty() ? "no_lead" : "many_leads";
    }

    Cell cell(const std::string& place, const std::string& sector, bool town = false) const {
        static const std::int64_t weights[] = {0, 1, 2, 4, 8};
        Cell out;
        std::vector<Edge> own;
        for (const Edge& edge : edges)
            if (edge.kind == "REGULATES" && edge.target == place && has(edge, sector))
                own.push_back(edge);
        out.from = own.empty() ? "" : "own";
        // A town has what its county has.
        const std::string county = place.size() > 6 ? parent.at(place) : "";
        for (const Edge& edge : edges)
            if (out.from != "own" && edge.kind == "REGULATES" && edge.target == county &&
                has(edge, sector)) {
                own.push_back(edge);
                out.from = "inherited";
            }
        if (own.empty()) {
            Names guides;
            for (const Edge& edge : edges)
                if (edge.kind == "GUIDES" &&
                    (seat.at(edge.target) == place || seat.at(edge.target) == county))
                    guides.insert(edge.source);
            const auto chain = up(place);
            for (const Edge& edge : edges)
                if (edge.kind == "REGULATES" && guides.count(edge.source) != 0 &&
                    edge.target != place && has(edge, sector) &&
                    std::find(chain.begin(), chain.end(), edge.target) != chain.end())
                    own.push_back(edge);
            if (!own.empty()) out.from = "inherited";
        }
        out.status = status(own, sector, out.leads, out.others);
        std::vector<std::vector<Edge>> groups;
        std::map<std::string, std::vector<Edge>> by_place;
        for (const Edge& edge : edges)
            if (edge.kind == "REGULATES" && edge.target != place && edge.target[0] == '3' &&
                within(edge.target, place) && region(edge.target, town) == place &&
                has(edge, sector))
                by_place[edge.target].push_back(edge);
        for (const auto& [key, list] : by_place)
            groups.push_back(list);
        for (const Firm& firm : firms) {
            if (region(firm.place, town) != place) continue;
            if (std::find(firm.sectors.begin(), firm.sectors.end(), sector) == firm.sectors.end())
                continue;
            ++out.enterprises;
            const int colour = grade(firm);
            out.weight += weights[colour];
            if (colour == 0) ++out.ungraded;
            std::vector<Edge> direct;
            for (const Edge& edge : edges)
                if (edge.kind == "REGULATES" && edge.target == firm.id) direct.push_back(edge);
            if (!direct.empty()) groups.push_back(direct);
            bool below = !direct.empty();
            for (const std::string& p : up(firm.place)) {
                if (p == place) break;
                below = below || by_place.count(p) != 0;
            }
            if (!below) ++out.uncovered;
        }
        if (own.empty() && out.enterprises != 0 && out.uncovered == 0) {
            out.from = "below";
            const std::vector<std::string> order = {"none", "single", "one_lead", "no_lead",
                                                    "many_leads"};
            std::size_t worst = 0;
            for (const auto& list : groups)
                worst = std::max<std::size_t>(
                    worst, static_cast<std::size_t>(
                               std::find(order.begin(), order.end(),
                                         status(list, sector, out.leads, out.others)) -
                               order.begin()));
            out.status = order[worst];
        }
        if (out.enterprises == 0) out.status = "n/a";
        if (!own.empty() || out.enterprises == 0) out.uncovered = 0;
        return out;
    }
};

Names names(const ResponsibilityGraph& g, std::span<const NodeNo> nodes) {
    Names out;
    for (const NodeNo v : nodes)
        out.insert(std::string(g.id(v)));
    return out;
}

}  // namespace

TEST_CASE("Cells of random cities are those of the definition") {
    std::size_t blind = 0, inherited = 0, below = 0, of_county = 0;
    for (unsigned seed = 1; seed <= 80; ++seed) {
        const Small city(seed);
        const bool town = seed > 40;
        const ResponsibilityGraph g = city.graph();
        CoverageOptions options;
        if (town) options.level = "town";
        const Coverage found = coverage(g, options);
        std::set<std::pair<std::string, std::string>> seen;
        const Table table = found.to_table();
        for (std::size_t i = 0; i < found.cells().size(); ++i) {
            const CoverageCell& cell = found.cells()[i];
            const std::string region(g.id(cell.region));
            const std::string sector = table.at("sector").print(i);
            INFO("seed " << seed << ", " << region << ", " << sector);
            CHECK(seen.emplace(region, sector).second);
            const Small::Cell expected = city.cell(region, sector, town);
            CHECK(table.at("status").print(i) == expected.status);
            CHECK(table.at("from").print(i) == expected.from);
            CHECK(cell.enterprises == expected.enterprises);
            CHECK(cell.uncovered == expected.uncovered);
            CHECK(cell.ungraded == expected.ungraded);
            CHECK(cell.risk_weight == expected.weight);
            CHECK(names(g, found.leads(i)) == expected.leads);
            CHECK(names(g, found.others(i)) == expected.others);
            blind += expected.status == "none" ? 1U : 0U;
            inherited += expected.from == "inherited" ? 1U : 0U;
            below += expected.from == "below" ? 1U : 0U;
            of_county += town && expected.from == "inherited" ? 1U : 0U;
        }
        // Whatever has enterprises is a cell.
        for (const Small::Firm& firm : city.firms)
            for (const std::string& sector : firm.sectors)
                CHECK(seen.count({city.region(firm.place, town), sector}) == 1);
        CHECK(found.enterprises() == city.firms.size());
        CHECK(found.unplaced() == 0);
        std::int64_t last = std::numeric_limits<std::int64_t>::max();
        for (const std::size_t i : found.blind()) {
            CHECK(found.cells()[i].state == CoverState::nobody);
            CHECK(found.cells()[i].risk_weight <= last);
            last = found.cells()[i].risk_weight;
        }
        CHECK(found.blind().size() == found.count(CoverState::nobody));
        options.work.threads = 2;
        CHECK(found.to_json() == coverage(g, options).to_json());
    }
    CHECK(of_county > 100);
    CHECK(blind > 100);
    CHECK(inherited > 5);
    CHECK(below > 10);
}

TEST_CASE("What an enterprise weighs for a unit is counted once, however it is reached") {
    static const double weights[] = {0, 1, 2, 4, 8};
    static const double visits[] = {0, 1, 2, 4, 12};
    for (unsigned seed = 1; seed <= 40; ++seed) {
        const Small city(seed);
        const ResponsibilityGraph g = city.graph();
        const Load found = load(g);
        CHECK(found.compared() == "load");
        std::set<std::string> seen;
        for (const LoadRow& row : found.rows()) {
            const std::string dept(g.id(row.node));
            INFO("seed " << seed << ", " << dept);
            seen.insert(dept);
            double demand = 0, wanted_visits = 0;
            std::array<std::uint64_t, 5> counts{};
            for (const Small::Firm& firm : city.firms) {
                const bool in =
                    std::any_of(city.edges.begin(), city.edges.end(), [&](const Small::Edge& edge) {
                        if (edge.source != dept || edge.kind == "GUIDES") return false;
                        if (edge.target == firm.id) return true;
                        return edge.kind == "REGULATES" && edge.target[0] == '3' &&
                               city.within(firm.place, edge.target) &&
                               std::any_of(firm.sectors.begin(), firm.sectors.end(),
                                           [&](const std::string& sector) {
                                               return Small::has(edge, sector);
                                           });
                    });
                if (!in) continue;
                const auto colour = static_cast<std::size_t>(city.grade(firm));
                ++counts[colour];
                const double times =
                    firm.id == "E7" ? std::min(2.0, visits[colour]) : visits[colour];
                wanted_visits += times;
                demand += weights[colour] * times;
            }
            CHECK(row.enterprises == counts);
            // Of enterprises none of which has a colour nobody knows what they need.
            const bool unknown = counts[0] != 0 && counts[0] == row.all();
            if (unknown) {
                CHECK((std::isnan(row.visits) && std::isnan(row.demand)));
            } else {
                CHECK(row.visits == Catch::Approx(wanted_visits));
                CHECK(row.demand == Catch::Approx(demand));
            }
            if (dept == "D3") {
                CHECK(std::isnan(row.load));
            } else {
                const double capacity = (dept == "D4" ? 2 : 1) * 248.0 - 100;
                CHECK(row.capacity == capacity);
                if (unknown)
                    CHECK(std::isnan(row.load));
                else
                    CHECK(row.load == Catch::Approx(demand / capacity));
            }
        }
        for (const Small::Edge& edge : city.edges)
            if (edge.kind != "GUIDES") CHECK(seen.count(edge.source) == 1);
    }
}

TEST_CASE("The printed capacity of a district is found: 8 officers, 1035 and 535 days elsewhere") {
    const auto g = small::graph({
        {"divisions", "code,name\n360924,县\n"},
        {"nodes",
         "id,kind,name,division,staff,other_enforcement_days,non_enforcement_days\n"
         "yj,dept,应急管理局,360924,8,1035,535\n"
         "gov,government,县政府,360924,,,\n"
         "p,post,副县长,,,,\n"
         "zhang,person,张三,,,,\n"
         "l,letter,督办函,,,,\n"
         "c,special_committee,专委会,360924,,,\n"},
        {"enterprises", "id,name,division,sectors,grade\nE1,厂,360924,textile,red\n"},
        {"tasks", "id,name\nT1,任务\nT2,任务\n"},
        {"edges",
         "source,target,kind,sectors\nyj,360924,REGULATES,textile\nyj,T1,LEADS_TASK,\n"
         "yj,T2,JOINT,\nl,yj,ADDRESSES,\nyj,c,MEMBER_OF,\np,yj,IN_CHARGE_OF,\n"
         "p,360924,PAIRED_WITH,\np,E1,PAIRED_WITH,\nzhang,p,HOLDS,\n"},
    });
    const Load found = load(g);
    REQUIRE(found.rows().size() == 3);
    const auto row = [&](std::string_view id) {
        for (const LoadRow& one : found.rows())
            if (g.id(one.node) == id) return one;
        return LoadRow{};
    };
    CHECK(row("yj").capacity == 414);
    CHECK(row("yj").visits == 12);
    CHECK(row("yj").demand == 96);
    CHECK(row("yj").load == Catch::Approx(96.0 / 414));
    CHECK(row("yj").tasks_lead == 1);
    CHECK(row("yj").tasks_joint == 1);
    CHECK(row("yj").letters_open == 1);
    CHECK(row("yj").committees == 1);
    for (const char* leader : {"p", "zhang"}) {
        CHECK(row(leader).departments == 1);
        CHECK(row(leader).regions == 1);
        CHECK(row(leader).paired == 1);
        CHECK(row(leader).risk_weight == 8);
        CHECK(std::isnan(row(leader).load));
    }
}

TEST_CASE("Links divide a cell, committees are another matrix, days and levels are asked") {
    small::Texts texts{
        {"divisions", "code,name\n360924,县\n360924100,镇\n"},
        {"nodes",
         "id,kind,name,division,sectors\na,dept,甲局,360924,\nb,dept,乙局,360924,\n"
         "c,dept,丙局,360924,\nz,special_committee,专委会,360924,hazchem\n"},
        {"enterprises",
         "id,name,division,sectors,links\nE1,厂,360924100,hazchem_transport,\n"
         "E2,厂,360924100,hazchem_transport,traffic\nE3,厂,,textile,\n"},
        {"edges",
         "source,target,kind,sectors,links,lead,valid_from,valid_to\n"
         "a,360924,REGULATES,hazchem_transport,transport,,,\n"
         "b,360924,REGULATES,hazchem_transport,traffic,,,2025-06-30\n"
         "c,360924,REGULATES,hazchem_transport,traffic,,2025-01-01,\n"
         "c,360924,HOSTS_SECTOR,hazchem_transport,,,,\n"},
    };
    const auto gap = small::graph(texts);
    texts["edges"] += "a,360924,REGULATES,hazchem_transport,loading,,,\n";
    const auto g = small::graph(texts);
    const Table gap_table = coverage(gap).to_table();
    const auto status = [](const ResponsibilityGraph& graph, const CoverageOptions& options) {
        const Table table = coverage(graph, options).to_table();
        std::string text;
        for (std::size_t i = 0; i < table.rows(); ++i)
            if (table.at("sector").print(i) == "hazchem_transport")
                text += table.at("region").print(i) + " " +
                        (options.by == "link" ? table.at("link").print(i) + " " : "") +
                        table.at("status").print(i) + " " + table.at("enterprises").print(i) + "/" +
                        table.at("uncovered").print(i) + ";";
        return text;
    };
    // E1 needs the whole sector, and nobody has the loading until `a` is given it.
    CHECK(status(gap, {}) == "360924 none 2/1;");
    CHECK(gap_table.at("from").print(0) == "own");
    CHECK(gap_table.at("others").print(0) == "a;c");
    CHECK(gap_table.at("divided").print(0) == "甲局：运输；丙局：道路通行");
    CHECK(coverage(gap).to_table(Lang::en).at("divided").print(0) ==
          "甲局: transport; 丙局: road traffic");
    CHECK(coverage(gap, {.by = "link"}).to_table().find("divided") == nullptr);
    CHECK(coverage(gap).blind().size() == 1);
    CHECK(status(gap, {.by = "link"}) ==
          "360924 loading none 1/1;360924 traffic single 2/0;360924 transport single 1/0;");
    CHECK(status(g, {}) == "360924 one_lead 2/0;");
    CHECK(status(g, {.on = Date::parse("2025-03-01")}) == "360924 no_lead 2/0;");
    CHECK(status(g, {.on = Date::parse("2024-03-01")}) == "360924 one_lead 2/0;");
    CHECK(status(g, {.by = "link"}) ==
          "360924 loading single 1/0;360924 traffic single 2/0;360924 transport single 1/0;");
    CHECK(status(g, {.by = "committee"}) == "360924 single 2/0;");
    CHECK(status(g, {.level = "town"}) == "360924100 one_lead 2/0;");
    CHECK(coverage(g, {.level = "town"}).to_table().at("from").print(0) == "inherited");
    const Coverage all = coverage(g);
    CHECK(all.unplaced() == 1);
    CHECK(all.to_table().at("host").print(0) == "c");
    CHECK_THROWS_AS(coverage(g, {.level = "country"}), InputError);
    CHECK_THROWS_AS(coverage(g, {.by = "weather"}), InputError);
    CHECK(coverage(g, {.by = "scene"}).cells().empty());
    CHECK(coverage(g, {.by = "scene"}).unplaced() == 1);
    CHECK_THROWS_AS(coverage(g, {.workload = PackRegistry::builtin().find("lec")}), InputError);
}

TEST_CASE("A town has what its county has, link by link, and nothing from further above") {
    const auto found = [](const std::string& edges, const std::string& by = "",
                          const std::string& level = "town") {
        const auto g = small::graph(
            {
                {"divisions", "code,name\n36,省\n3609,市\n360924,县\n360924100,镇\n"},
                {"nodes",
                 "id,kind,name,division,sectors\ncity,dept,市局,3609,\na,dept,甲局,360924,\n"
                 "b,dept,乙局,360924,\nt,dept,镇办,360924100,\n"
                 "z,special_committee,专委会,360924,hazchem\n"},
                {"enterprises",
                 "id,name,division,sectors,grade\nE1,厂,360924100,hazchem_transport,red\n"},
                {"edges", "source,target,kind,sectors,links,lead,valid_from,valid_to\n" + edges},
            },
            "2026-01-01", {"360924"});
        CoverageOptions options;
        options.level = level;
        options.by = by;
        const Coverage cover = coverage(g, options);
        const Table table = cover.to_table();
        std::string text;
        for (std::size_t i = 0; i < table.rows(); ++i)
            if (table.at("enterprises").print(i) == "1")
                for (const char* column : {"link", "status", "from", "lead", "others", "uncovered"})
                    text += table.find(column) == nullptr ? "" : table.at(column).print(i) + " ";
        return text;
    };
    const std::string loading = "t,360924100,REGULATES,hazchem_transport,loading,,,\n";
    CHECK(found("a,360924,REGULATES,hazchem,,,,\n") == "single inherited  a 0 ");
    CHECK(found("a,360924,REGULATES,hazchem,,true,,\nb,360924,REGULATES,hazchem,,,,\n") ==
          "one_lead inherited a b 0 ");
    // The town has its own; the county's has nothing to add.
    CHECK(found("a,360924,REGULATES,hazchem,,,,\nt,360924100,REGULATES,hazchem,,,,\n") ==
          "single own  t 0 ");
    // The town has one link; who has the whole sector in the county has the others, alone.
    CHECK(found("a,360924,REGULATES,hazchem,,,,\n" + loading) == "one_lead own  a;t 0 ");
    CHECK(found("a,360924,REGULATES,hazchem,,,,\n" + loading, "link") ==
          "loading single own  t 0 traffic single inherited  a 0 transport single inherited  a 0 ");
    CHECK(found("a,360924,REGULATES,hazchem_transport,traffic,,,\n" + loading) ==
          "none own  a;t 1 ");
    // A city's comes down to the county and its towns by GUIDES alone.
    const std::string city = "city,3609,REGULATES,hazchem,,,,\n";
    CHECK(found(city) == "none    1 ");
    CHECK(found(city, "", "county") == "none    1 ");
    CHECK(found(city + "city,a,GUIDES,,,,,\n") == "single inherited  city 0 ");
    CHECK(found(city + "city,t,GUIDES,,,,,\n") == "single inherited  city 0 ");
    CHECK(found(city + "city,t,GUIDES,,,,,\n", "", "county") == "none    1 ");
    // 专委会 likewise.
    CHECK(found(city, "committee") == "single inherited  z 0 ");
    // Ended before the day is a gap, never stated is not known.
    CHECK(found("a,360924,REGULATES,hazchem,,,,2025-12-31\n") == "none    1 ");
    CHECK(found("a,360924,HOSTS_SECTOR,hazchem,,,,\n") == "no_data     ");
    CHECK(found("a,360924,HOSTS_SECTOR,hazchem,,,,\n", "", "county") == "no_data     ");
}

TEST_CASE("Cells of which no data tell are neither blind nor counted as fine") {
    const auto g = small::graph({
        {"divisions", "code,name\n3609,市\n360921,甲县\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360921\n"},
        {"enterprises", "id,name,division,sectors,grade\nE1,厂,360921,textile,red\n"},
        {"edges", "source,target,kind\na,360921,COMPREHENSIVE\n"},
    });
    const Coverage cover = coverage(g);
    REQUIRE(cover.cells().size() == 1);
    CHECK(cover.blind().empty());
    CHECK(cover.count(CoverState::unknown) == 1);
    CHECK(cover.to_table().at("uncovered").print(0).empty());
    const auto json = nlohmann::json::parse(cover.to_json());
    CHECK(json["cells"][0]["uncovered"].is_null());
    CHECK(json["counts"]["no_data"] == 1);
    const Table above = cover.rollup_table();
    REQUIRE(above.rows() >= 1);
    CHECK(above.at("status").print(0) == "no_data");
    CHECK(above.at("no_data").print(0) == "1");
    CHECK(above.at("uncovered").print(0).empty());
    CHECK(coverage(g, {.by = "committee"}).count(CoverState::unknown) == 1);
}

TEST_CASE("Above a region stands the worst of its cells with what lies in each state") {
    const auto g = small::graph({
        {"divisions", "code,name\n36,省\n3609,市\n360921,甲县\n360922,乙县\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360921\n"},
        {"enterprises",
         "id,name,division,sectors,grade\nE1,厂,360921,textile,red\nE2,厂,360921,textile,\n"
         "E3,厂,360922,textile,blue\n"},
        {"edges", "source,target,kind,sectors\na,360921,REGULATES,textile\n"},
    });
    const Table above = coverage(g).rollup_table();
    REQUIRE(above.rows() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(above.at("status").print(i) == "none");
        CHECK(above.at("enterprises").print(i) == "3");
        CHECK(above.at("in_worst").print(i) == "1");
        CHECK(above.at("single").print(i) == "2");
        CHECK(above.at("risk_weight").print(i) == "9");
    }
    CHECK(above.at("level").print(0) == "province");
}

TEST_CASE("A link that nobody has makes the cell blind unless what lies below has it") {
    const auto found = [](const std::string& edges, const std::string& links) {
        const auto g = small::graph({
            {"divisions", "code,name\n360924,县\n360924100,镇\n"},
            {"nodes", "id,kind,name,division\na,dept,甲局,360924\nb,dept,乙局,360924100\n"},
            {"enterprises",
             "id,name,division,sectors,links\n"
             "E1,厂,360924100,hazchem_transport," +
                 links +
                 "\nE2,厂,360924,hazchem_transport,transport\n"
                 "E3,厂,360924,hazchem_transport,traffic\n"},
            {"edges", "source,target,kind,sectors,links\n" + edges},
        });
        const Table table = coverage(g).to_table();
        return table.at("status").print(0) + " " + table.at("uncovered").print(0);
    };
    const std::string both = "a,360924,REGULATES,hazchem_transport,transport;traffic\n";
    CHECK(found(both, "") == "none 1");
    CHECK(found(both, "transport") == "single 0");
    CHECK(found(both, "loading;transport") == "none 1");
    CHECK(found(both + "b,360924100,REGULATES,hazchem_transport,loading\n", "") == "single 0");
    CHECK(found(both + "b,E1,REGULATES,,loading\n", "") == "single 0");
    CHECK(found(both + "b,E1,REGULATES,,transport\n", "") == "none 1");
    CHECK(found("a,360924,REGULATES,hazchem_transport,transport\n", "") == "none 2");
    // Nothing of the county's own.
    CHECK(found("b,360924100,REGULATES,hazchem_transport,\n", "") == "none 2");
    CHECK(found("b,360924100,REGULATES,hazchem_transport,loading\na,E2,REGULATES,,\n"
                "a,E3,REGULATES,,traffic\n",
                "loading") == "single 0");
    CHECK(found("b,360924100,REGULATES,hazchem_transport,loading\na,E2,REGULATES,,\n"
                "a,E3,REGULATES,,loading\n",
                "loading;traffic") == "none 2");
}

TEST_CASE("By scene a duty for other scenes does not count, nor does an enterprise without it") {
    const auto g = small::graph({
        {"divisions", "code,name\n360924,宜丰县\n"},
        {"nodes",
         "id,kind,name,division\na,dept,甲局,360924\nb,dept,乙局,360924\n"
         "S1,scene,有限空间,\n"},
        {"edges",
         "source,target,kind,sectors,lead,scenes\n"
         "a,360924,REGULATES,fireworks,true,S1\n"
         "b,360924,REGULATES,fireworks,true,动火；登高\n"
         "b,360924,REGULATES,mining,,\n"},
        {"enterprises",
         "id,division,sectors,scenes,colour\nE1,360924,fireworks,有限空间、动火,red\n"
         "E2,360924,fireworks,,blue\nE3,360924,mining,临时用电,\n"},
    });
    const Coverage found = coverage(g, {.by = "scene"});
    CHECK(std::vector<std::string>(found.scenes().begin(), found.scenes().end()) ==
          std::vector<std::string>{"临时用电", "动火", "有限空间", "登高"});
    const Table table = found.to_table();
    std::string text;
    for (std::size_t i = 0; i < table.rows(); ++i)
        if (table.at("sector").print(i) == "fireworks" || table.at("sector").print(i) == "mining")
            text += table.at("sector").print(i) + " " + table.at("scene").print(i) + " " +
                    table.at("status").print(i) + " " + table.at("lead").print(i) + " " +
                    table.at("enterprises").print(i) + "/" + table.at("uncovered").print(i) + " " +
                    table.at("risk_weight").print(i) + ";";
    CHECK(text ==
          "fireworks 临时用电 none  1/1 1;fireworks 动火 single b 2/0 9;"
          "fireworks 有限空间 single a 2/0 9;fireworks 登高 single b 1/0 1;"
          "mining 临时用电 single  1/0 ;mining 动火 n/a  0/0 0;mining 有限空间 n/a  0/0 0;"
          "mining 登高 n/a  0/0 0;");
    CHECK(found.blind().size() == 1);
    CHECK(found.rollup_table().find("scene") != nullptr);
    // All scenes together: two departments lead.
    CHECK(coverage(g).count(CoverState::many_leads) == 1);
    // `who` takes the id and the name of a scene for one, and refuses what is none.
    for (const char* word : {"S1", "有限空间"})
        CHECK(who(g, "E1", {.scene = word}).nodes("C6") == std::vector<std::string>{"a"});
    CHECK(who(g, "E1", {.scene = "动火"}).nodes("C6") == std::vector<std::string>{"b"});
    CHECK_THROWS_AS(who(g, "E1", {.scene = "动水"}), NotFoundError);
}
