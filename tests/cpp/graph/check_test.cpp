// Tests of graph/check.hpp and graph/rule.hpp: what a check says of its rules, whatever they ask.
#include <safetyrisk/graph/check.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/asked.hpp"
#include "graph/rules.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

using namespace safetyrisk;
using namespace safetyrisk::graph;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const small::Texts two = {
    {"divisions", "code,name\n360924,宜丰县\n"},
    {"nodes", "id,kind,name,division\ngov,government,县政府,360924\n"},
    {"enterprises", "id,name,division,sectors\nE1,甲;厂,360924,fireworks\nE2,乙厂,360924,coal\n"},
    {"edges", "source,target,kind\ngov,E1,TERRITORIAL\n"},
};

CheckOptions only(std::vector<std::string> rules) {
    CheckOptions options;
    options.rules = std::move(rules);
    return options;
}

// The pack with one thing changed.
RuleSet changed(const std::function<void(json&)>& change) {
    json pack = json::parse(PackRegistry::builtin().find("rules")->canonical);
    pack["pack"] = "rules.mine";
    change(pack["content"]);
    return RuleSet(std::make_shared<const Pack>(Pack::parse(pack.dump(), "mine")));
}

// ── random graphs ──

struct Row {
    std::map<std::string, std::string> cells;
};

struct Rows {
    std::vector<Row> nodes, edges, records;
};

Table table_of(const std::string& name, const std::vector<Row>& rows,
               const std::vector<std::string>& columns) {
    Table out(Origin{name, "", -1, {}, -1});
    for (const std::string& column : columns) {
        std::vector<std::string> cells;
        std::vector<std::uint8_t> valid;
        for (const Row& row : rows) {
            const auto cell = row.cells.find(column);
            cells.push_back(cell == row.cells.end() ? "" : cell->second);
            valid.push_back(cells.back().empty() ? 0 : 1);
        }
        out.add(column, Column::of(cells, valid));
    }
    return out;
}

const std::vector<std::string> node_columns = {
    "id",         "kind",     "name",      "division",  "unit",      "post_kind", "sectors",
    "valid_from", "valid_to", "employees", "key_unit",  "high_risk", "vertical",  "function",
    "mode",       "deadline", "target",    "date",      "grade",     "criterion", "found_on",
    "state",      "due_on",   "stopped",   "closed_on", "soe",       "employment"};
const std::vector<std::string> edge_columns = {"source",   "target", "kind",         "duty",
                                               "sectors",  "lead",   "enforce",      "valid_from",
                                               "valid_to", "role",   "division_ref", "task"};
const std::vector<std::string> record_columns = {"id", "subject", "action", "date", "object"};

ResponsibilityGraph build(const Rows& rows) {
    std::vector<Table> tables;
    tables.push_back(small::table("divisions",
                                  "code,name\n360924,宜丰县\n360924100,新昌镇\n"
                                  "360924100001,一村\n360924100002,二村\n360925,邻县\n"));
    tables.push_back(table_of("nodes", rows.nodes, node_columns));
    tables.push_back(table_of("edges", rows.edges, edge_columns));
    tables.push_back(table_of("records", rows.records, record_columns));
    GraphOptions options;
    options.data_date = Date::parse("2026-06-30");
    return ResponsibilityGraph::build(std::move(tables), options);
}

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    const T& of(const std::vector<T>& all) {
        return all[below(all.size())];
    }
    std::mt19937& engine() { return engine_; }

private:
    std::mt19937 engine_;
};

const std::vector<std::string> places = {"360924", "360924100", "360924100001", "360924100002",
                                         "360925"};
const std::vector<std::string> days = {"2024-05-01", "2026-01-31", "2026-06-29", "2026-06-30",
                                       "2026-07-01"};

// Nodes of every kind whose columns and edges are drawn from what the kinds allow.
Rows random_rows(unsigned seed) {
    Dice dice(seed);
    const auto kinds = Kinds::usual();
    Rows rows;
    std::map<std::string, std::vector<std::string>> by_kind;
    by_kind["region"] = places;
    std::vector<std::string> units;
    const std::vector<std::string> common = {"government", "party_committee",
                                             "dept",       "dept",
                                             "dept",       "enterprise",
                                             "enterprise", "site",
                                             "post",       "post",
                                             "post",       "post",
                                             "person",     "person",
                                             "grid",       "village",
                                             "task",       "hazard"};
    const std::vector<std::string> sectors = {"fireworks", "construction", "hazchem", "gas"};
    for (int i = 0; i < 60; ++i) {
        Row row;
        const std::string id = "n" + std::to_string(i);
        std::string kind = dice.of(common);
        if (dice.one_in(4)) kind = dice.of(kinds->nodes()).id;
        if (kind == "region") kind = "dept";
        row.cells["id"] = id;
        row.cells["kind"] = kind;
        row.cells["name"] = "名" + std::to_string(i % 7);
        if (kind == "post") {
            row.cells["post_kind"] = dice.of(kinds->posts()).id;
            if (!units.empty()) row.cells["unit"] = dice.of(units);
        } else if (kind == "site" || kind == "hazard" || kind == "risk_point" ||
                   kind == "accident" || kind == "major_hazard_source") {
            if (!by_kind["enterprise"].empty()) row.cells["unit"] = dice.of(by_kind["enterprise"]);
        } else if (kind != "person" && !dice.one_in(6)) {
            row.cells["division"] = dice.of(places);
        }
        if (dice.one_in(2)) row.cells["sectors"] = dice.of(sectors);
        if (dice.one_in(10)) row.cells["valid_to"] = dice.of(days);
        if (kind == "enterprise") row.cells["employees"] = std::to_string(dice.below(200));
        for (const char* flag : {"key_unit", "high_risk", "soe", "stopped"})
            if (dice.one_in(4)) row.cells[flag] = "true";
        if (kind == "dept" && dice.one_in(2))
            row.cells["function"] = dice.one_in(2) ? "emergency" : "safety";
        if (kind == "accident") row.cells["grade"] = "larger";
        for (const char* day : {"date", "deadline", "found_on", "due_on", "closed_on"})
            if (dice.one_in(2)) row.cells[day] = dice.of(days);
        if (kind == "hazard") {
            row.cells["grade"] = dice.one_in(2) ? "major" : "general";
            row.cells["state"] = dice.one_in(2) ? "closed" : "rectifying";
            row.cells["criterion"] = "同一条";
        }
        if (kind != "post" && kind != "person") units.push_back(id);
        by_kind[kind].push_back(id);
        rows.nodes.push_back(std::move(row));
    }
    std::vector<std::string> all;
    for (const auto& [kind, ids] : by_kind)
        all.insert(all.end(), ids.begin(), ids.end());
    const auto end_of = [&](const std::vector<KindNo>& allowed) -> std::string {
        if (allowed.empty()) return dice.of(all);
        const auto& ids = by_kind[kinds->nodes()[dice.of(allowed)].id];
        return ids.empty() ? std::string() : dice.of(ids);
    };
    for (int i = 0; i < 260; ++i) {
        const EdgeKind& kind = dice.of(kinds->edges());
        if (kind.derived) continue;
        Row row;
        row.cells["source"] = end_of(kind.from);
        row.cells["target"] = end_of(kind.to);
        row.cells["kind"] = kind.id;
        if (row.cells["source"].empty() || row.cells["target"].empty()) continue;
        if (kind.id == "SAFETY_DUTY") row.cells["duty"] = dice.one_in(2) ? "first" : "portfolio";
        if (dice.one_in(3)) row.cells["sectors"] = dice.of(sectors);
        if (dice.one_in(4)) row.cells["valid_from"] = dice.of(days);
        if (dice.one_in(4)) row.cells["valid_to"] = dice.of(days);
        if (dice.one_in(3)) row.cells["lead"] = "true";
        if (dice.one_in(3)) row.cells["enforce"] = "true";
        if (kind.id == "OVERSEES_WORK_OF" && dice.one_in(2)) row.cells["task"] = "T";
        rows.edges.push_back(std::move(row));
    }
    const std::vector<std::string> actions = {"visit",         "inspection", "drill",
                                              "assessment",    "award",      "duty_list",
                                              "rectification", "penalty",    "liability_insurance"};
    for (int i = 0; i < 40; ++i) {
        Row row;
        row.cells["id"] = "r" + std::to_string(i);
        row.cells["subject"] = dice.of(all);
        row.cells["action"] = dice.of(actions);
        row.cells["date"] = dice.of(days);
        row.cells["object"] = dice.of(all);
        rows.records.push_back(std::move(row));
    }
    return rows;
}

// Findings as lines that do not depend on the order of edges.
std::multiset<std::string> lines(const Findings& findings) {
    std::multiset<std::string> out;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding finding = findings.at(i);
        std::sort(finding.edges.begin(), finding.edges.end());
        std::string line = finding.rule + " " + std::string(to_string(finding.severity));
        for (const std::string& node : finding.nodes)
            line += " " + node;
        for (const std::string& edge : finding.edges)
            line += " | " + edge;
        out.insert(line + " " + finding.message);
    }
    return out;
}

// The same without the edges, and without the order of witnesses.
std::multiset<std::string> nodes_of(const Findings& findings) {
    std::multiset<std::string> out;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding finding = findings.at(i);
        std::string line = finding.rule + " " + std::string(to_string(finding.severity));
        if (finding.nodes.size() > 1) std::sort(finding.nodes.begin() + 1, finding.nodes.end());
        for (const std::string& node : finding.nodes)
            line += " " + node;
        out.insert(line);
    }
    return out;
}

// What one has and the other has not, both ways.
template <class T>
std::vector<T> difference(const std::multiset<T>& a, const std::multiset<T>& b) {
    std::vector<T> out;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

const std::vector<std::string> none_differ;

// Rules with the columns and relations that they do not find in the tables.
using Lacking = std::set<std::pair<std::string, std::string>>;

Lacking lacking(const Findings& findings) {
    Lacking out;
    for (const auto& outcome : findings.data().outcomes)
        for (const auto& gap : outcome.gaps)
            if (gap.reason == Reason::column_missing)
                out.emplace(findings.rule_set().rules()[outcome.rule].id, gap.word);
    return out;
}

// Lines about rules that find the same columns in both: a row may be the first with a cell of a
// column, and what nobody has stated is not asked.
std::multiset<std::string> of_rules_asked_in_both(std::multiset<std::string> all, const Findings& a,
                                                  const Findings& b) {
    const Lacking of_a = lacking(a), of_b = lacking(b);
    Lacking one;
    std::set_symmetric_difference(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                                  std::inserter(one, one.end()));
    std::set<std::string> rules;
    for (const auto& [rule, column] : one)
        rules.insert(rule);
    std::erase_if(all,
                  [&](const std::string& line) { return rules.count(line.substr(0, 5)) != 0; });
    return all;
}

std::vector<std::string> differing(const Findings& a, const Findings& b,
                                   std::multiset<std::string> (*lines_of)(const Findings&)) {
    return difference(of_rules_asked_in_both(lines_of(a), a, b),
                      of_rules_asked_in_both(lines_of(b), a, b));
}

// Rule and subject of what is missing.
std::set<std::pair<std::string, std::string>> gaps(const Findings& findings) {
    static const std::map<std::string, std::set<std::string>> missing = {
        {"RG-01", {"no_post", "vacant", "no_duty"}},
        {"RG-02", {"none", "no_chair"}},
        {"RG-03", {"none"}},
        {"RG-05", {"none"}},
        {"RG-07", {"no_host"}},
        {"RG-08", {"no_chair", "no_office", "members"}},
        {"RG-10", {"vacant", "never"}},
        {"RT-01", {"orphan"}},
        {"RT-03", {"no_body", "no_duty"}},
        {"RT-04", {"no_body", "no_duty", "inspectors"}},
        {"RT-05", {"none", "no_post"}},
        {"RD-01", {"none", "link", "no_sector"}},
        {"RD-03", {"none"}},
        {"RD-04", {"none"}},
        {"RD-09", {"blind"}},
        {"RE-01", {"none"}},
        {"RS-04", {"region", "enterprise", "hazard_source"}},
        {"RS-06", {"region", "enterprise"}},
    };
    std::set<std::pair<std::string, std::string>> out;
    for (const auto& outcome : findings.data().outcomes) {
        const Rule& rule = findings.rule_set().rules()[outcome.rule];
        const auto kinds = missing.find(rule.id);
        if (kinds == missing.end()) continue;
        for (std::size_t i = 0; i < outcome.found.rows.size(); ++i)
            if (kinds->second.count(rule.messages[outcome.found.rows[i].message].id) != 0)
                out.emplace(
                    rule.id,
                    std::string(findings.data().graph.id(outcome.found.nodes_of(i).front())));
    }
    return out;
}

}  // namespace

TEST_CASE("the pack has the 79 rules in order, and all but those of plans are functions",
          "[graph][check]") {
    const auto set = RuleSet::usual();
    std::map<std::string, std::size_t> groups;
    std::vector<std::string> elsewhere;
    for (const Rule& rule : set->rules()) {
        ++groups[rule.group];
        INFO(rule.id);
        CHECK((rule_function(rule.id) == nullptr) == !rule.not_in.empty());
        if (!rule.not_in.empty()) elsewhere.push_back(rule.id);
        CHECK_FALSE(rule.statement_zh.empty());
        CHECK_FALSE(rule.cure_en.empty());
        for (const RuleParameter& parameter : rule.parameters)
            CHECK((parameter.value == "null" || parameter.value == "true" ||
                   json::accept(parameter.value)));
    }
    CHECK(set->rules().size() == 79);
    CHECK(groups ==
          std::map<std::string, std::size_t>{
              {"RG", 10}, {"RT", 8}, {"RD", 14}, {"RE", 16}, {"RH", 7}, {"RK", 13}, {"RS", 11}});
    CHECK(elsewhere == std::vector<std::string>{"RK-10", "RK-12", "RK-13"});
    CHECK(set->profiles() == std::vector<std::string>{"national", "shandong", "shenzhen"});
}

TEST_CASE("every rule is answered: held, failed, or not assessed with a reason", "[graph][check]") {
    for (const small::Texts& texts :
         {two, small::Texts{{"nodes", "id,kind,name\nE,enterprise,甲\n"}}}) {
        const Findings findings = check(small::graph(texts));
        REQUIRE(findings.rules().size() == 79);
        std::size_t not_assessed = 0;
        for (const RuleStatus& rule : findings.rules()) {
            INFO(rule.rule);
            const bool silent =
                rule.status == RuleState::not_assessed || rule.status == RuleState::partly;
            if (silent) {
                ++not_assessed;
                CHECK_FALSE(rule.reason.empty());
            }
            if (rule.status != RuleState::not_assessed) CHECK(rule.examined > 0);
            if (rule.status == RuleState::holds) CHECK(rule.unjudged == 0);
            CHECK(rule.unjudged <= rule.examined);
        }
        std::size_t rows = not_assessed;
        for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
            rows += findings.count(severity);
        CHECK(findings.size() == rows);
    }
}

TEST_CASE("a finding names its subject, what is missing, the rule and the cure", "[graph][check]") {
    const Findings findings = check(small::graph(two), only({"RT-01", "RS-10"}));
    REQUIRE(findings.size() == 2);
    const Finding orphan = findings.at(0);
    CHECK(orphan.rule == "RT-01");
    CHECK(orphan.severity == Severity::error);
    CHECK(orphan.status == RuleState::fails);
    CHECK(orphan.nodes == std::vector<std::string>{"E2"});
    CHECK(orphan.message ==
          "乙厂（E2）没有属地管理单位（RT-01，依据中华人民共和国安全生产法第九条、第十条）。");
    CHECK(orphan.cure == "明确唯一的属地管理单位");
    const Finding english = findings.at(0, Lang::en);
    CHECK_THAT(english.message,
               ContainsSubstring("Nobody is territorially responsible for 乙厂 (E2) (RT-01, by "));
    const Finding unasked = findings.at(1);
    CHECK(unasked.rule == "RS-10");
    CHECK(unasked.status == RuleState::not_assessed);
    CHECK(unasked.severity == Severity::info);
    CHECK(unasked.message == "没有检查：没有给出履职记录表。");
    CHECK(findings.count(Severity::error) == 1);
    CHECK(findings.count(Severity::info) == 0);
    CHECK_THROWS_AS(findings.at(2), std::out_of_range);
}

TEST_CASE("tables and JSON say the same as the findings", "[graph][check]") {
    const Findings findings = check(small::graph(two));
    const Table table = findings.to_table();
    CHECK(table.names() == std::vector<std::string>{"rule", "severity", "nodes", "edges", "message",
                                                    "cure", "status"});
    REQUIRE(table.rows() == findings.size());
    const json document = json::parse(findings.to_json());
    CHECK(document["on"] == "2026-01-01");
    CHECK(document["profile"] == "national");
    CHECK(document["rules"].size() == 79);
    std::size_t k = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const Finding finding = findings.at(i);
        CHECK(table.at("rule").text(i) == finding.rule);
        CHECK(table.at("message").text(i) == finding.message);
        CHECK(finding.message.find_first_of("{}\1\2") == std::string::npos);
        if (finding.status != RuleState::fails) continue;
        REQUIRE(k < document["findings"].size());
        CHECK(document["findings"][k]["message"] == finding.message);
        CHECK(document["findings"][k]["nodes"].size() == finding.nodes.size());
        ++k;
    }
    CHECK(document["findings"].size() == k);
    const Table rules = findings.rules_table(Lang::en);
    CHECK(rules.rows() == 79);
    CHECK(rules.at("status").text(0) == to_string(findings.rules()[0].status));
}

TEST_CASE("rules are chosen by id and group, and what is unknown is named", "[graph][check]") {
    const auto g = small::graph(two);
    CHECK(check(g, only({"RT"})).rules().size() == 8);
    CHECK(check(g, only({"RT-02", "RG", "RT-02"})).rules().size() == 11);
    CHECK_THROWS_WITH(check(g, only({"RT-99"})), ContainsSubstring("RT-08"));
    CHECK_THROWS_AS(check(g, only({"nothing"})), NotFoundError);
    CheckOptions options;
    options.profile = "beijing";
    CHECK_THROWS_WITH(check(g, options), ContainsSubstring("shandong"));
    options.profile.clear();
    const auto with_parameter = [&](const std::string& path, const std::string& value) {
        options.parameters = {{path, value}};
        return check(g, options);
    };
    CHECK_THROWS_WITH(with_parameter("RG-10.day", "1"), ContainsSubstring("days"));
    CHECK_THROWS_AS(with_parameter("RG-10", "1"), InputError);
    CHECK_THROWS_AS(with_parameter("RG-99.days", "1"), NotFoundError);
    CHECK_THROWS_WITH(with_parameter("RG-10.days", "thirty"), ContainsSubstring("JSON"));
    CHECK_THROWS_WITH(with_parameter("RG-10.days", "\"30\""), ContainsSubstring("RG-10.days"));
    CHECK_NOTHROW(with_parameter("RG-10.days", "31"));
    // Without a day there is no answer.
    GraphOptions undated;
    std::vector<Table> tables;
    tables.push_back(small::table("nodes", "id,kind,name\nE,enterprise,甲\n"));
    CHECK_THROWS_AS(check(ResponsibilityGraph::build(std::move(tables), undated)), InputError);
}

TEST_CASE("a profile sets its own thresholds", "[graph][check]") {
    const small::Texts firm = {
        {"nodes", "id,kind,name,post_kind,unit\np,post,安全员,safety_manager,E1\n"},
        {"enterprises", "id,name,sectors,high_risk,employees\nE1,甲厂,fireworks,true,60\n"},
        {"edges", "source,target,kind\np,p,REPORTS_TO\n"}};
    const auto state = [&](const std::string& profile) {
        CheckOptions options = only({"RE-09"});
        options.profile = profile;
        return check(small::graph(firm), options).rules().at(0).status;
    };
    CHECK(state("national") == RuleState::not_assessed);
    CHECK(state("shandong") != RuleState::fails);
    CHECK(state("shenzhen") == RuleState::fails);
}

TEST_CASE("a pack of rules that contradicts itself does not load, and says where",
          "[graph][check]") {
    CHECK(changed([](json&) {}).rules().size() == 79);
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["severity"] = "fatal"; }),
                      ContainsSubstring("rules[0].severity"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][1]["id"] = "RG-01"; }),
                      ContainsSubstring("twice"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["group"] = "RT"; }),
                      ContainsSubstring("group"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["source"] = json::array(); }),
                      ContainsSubstring("source"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["columns"] = {"employees"}; }),
                      ContainsSubstring("table.column"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["messages"] = json::object(); }),
                      ContainsSubstring("message"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["valid_to"] = "2000-01-01"; }),
                      ContainsSubstring("ends before"));
    CHECK_THROWS_WITH(changed([](json& c) { c["rules"][0]["surplus"] = 1; }),
                      ContainsSubstring("surplus"));
    CHECK_THROWS_WITH(changed([](json& c) { c["profiles"] = {"national"}; }),
                      ContainsSubstring("shandong"));
    // A rule is in force on its last day and not on the next.
    auto set = std::make_shared<const RuleSet>(
        changed([](json& c) { c["rules"][10]["valid_to"] = "2026-01-01"; }));
    CheckOptions options = only({"RT-01"});
    options.rule_set = set;
    CHECK(check(small::graph(two), options).rules()[0].status == RuleState::fails);
    options.on = Date::parse("2026-01-02");
    CHECK(check(small::graph(two), options).rules()[0].status == RuleState::not_assessed);
}

TEST_CASE("shuffled rows and any number of threads give the same bytes", "[graph][check]") {
    for (unsigned seed = 1; seed <= small::seeds(20); ++seed) {
        INFO("seed " << seed);
        Rows rows = random_rows(seed);
        const std::string first = check(build(rows)).to_json();
        Dice dice(seed);
        for (auto* list : {&rows.nodes, &rows.edges, &rows.records})
            std::shuffle(list->begin(), list->end(), dice.engine());
        CheckOptions options;
        options.work.threads = 3;
        CHECK(check(build(rows), options).to_json() == first);
    }
}

TEST_CASE("new ids change nothing but the names", "[graph][check]") {
    // Which of several witnesses is named may follow the ids; who is the subject may not.
    const auto subjects = [](const Findings& findings,
                             const std::map<std::string, std::string>& back) {
        std::multiset<std::string> out;
        for (std::size_t i = 0; i < findings.size(); ++i) {
            const Finding finding = findings.at(i);
            std::string subject = finding.nodes.empty() ? "" : finding.nodes.front();
            if (const auto old = back.find(subject); old != back.end()) subject = old->second;
            // A circle is named by its first node, a pair of the same hazards by the later id.
            if (finding.rule == "RS-01" || finding.rule == "RT-07" || finding.rule == "RH-06")
                subject.clear();
            out.insert(finding.rule + " " + std::string(to_string(finding.severity)) + " " +
                       subject);
        }
        return out;
    };
    for (unsigned seed = 1; seed <= small::seeds(20); ++seed) {
        INFO("seed " << seed);
        Rows rows = random_rows(seed);
        // Places with two parents or in a circle (RT-07) and tasks of two documents lie where their
        // ids say.
        std::set<std::string> seen(places.begin(), places.end());
        std::erase_if(rows.edges, [&](const Row& row) {
            if (row.cells.at("kind") == "PART_OF")
                return row.cells.at("target").front() == 'n' ||
                       !seen.insert(row.cells.at("source")).second;
            return row.cells.at("kind") == "ASSIGNS" && !seen.insert(row.cells.at("target")).second;
        });
        const auto before = subjects(check(build(rows)), {});
        std::vector<std::string> fresh;
        for (std::size_t i = 0; i < rows.nodes.size(); ++i)
            fresh.push_back("m" + std::to_string(100 + i));
        Dice dice(seed);
        std::shuffle(fresh.begin(), fresh.end(), dice.engine());
        std::map<std::string, std::string> to, back;
        for (std::size_t i = 0; i < rows.nodes.size(); ++i) {
            to[rows.nodes[i].cells["id"]] = fresh[i];
            back[fresh[i]] = rows.nodes[i].cells["id"];
        }
        for (auto* list : {&rows.nodes, &rows.edges, &rows.records})
            for (Row& row : *list)
                for (const char* column : {"id", "unit", "source", "target", "subject", "object"})
                    if (const auto cell = row.cells.find(column); cell != row.cells.end())
                        if (const auto at = to.find(cell->second); at != to.end())
                            cell->second = at->second;
        CHECK(difference(subjects(check(build(rows)), back), before) == none_differ);
    }
}

TEST_CASE("one more edge never opens a gap", "[graph][check]") {
    std::size_t with_gaps = 0;
    for (unsigned seed = 1; seed <= small::seeds(25); ++seed) {
        Rows rows = random_rows(seed);
        const Findings first = check(build(rows));
        const auto before = gaps(first);
        with_gaps += before.size();
        const Rows other = random_rows(seed + 1000);
        std::size_t tried = 0;
        for (const Row& extra : other.edges) {
            // A new parent moves a place; a mere claim on a post asks something of it.
            if (extra.cells.at("kind") == "PART_OF" || tried == 8) continue;
            ++tried;
            Rows more = rows;
            more.edges.push_back(extra);
            const Findings second = check(build(more));
            auto after = gaps(second);
            // What was not asked for want of a column was open before.
            const Lacking unasked = lacking(first);
            std::erase_if(after, [&](const auto& gap) {
                return std::any_of(unasked.begin(), unasked.end(),
                                   [&](const auto& one) { return one.first == gap.first; });
            });
            INFO("seed " << seed << " " << extra.cells.at("source") << " " << extra.cells.at("kind")
                         << " " << extra.cells.at("target"));
            CHECK(std::includes(before.begin(), before.end(), after.begin(), after.end()));
        }
    }
    CHECK(with_gaps > 500);
}

TEST_CASE("changes laid over a graph are answered as if they were in its tables",
          "[graph][check]") {
    for (unsigned seed = 1; seed <= small::seeds(20); ++seed) {
        Rows rows = random_rows(seed);
        // The end of an office is a vacancy from that day on, a young pairing is not yet due, and a
        // place without a written parent is given one by its column.
        static const std::set<std::string> aside = {"HOLDS", "PAIRED_WITH", "PART_OF"};
        std::erase_if(rows.edges,
                      [](const Row& row) { return aside.count(row.cells.at("kind")) != 0; });
        const Row taken = rows.edges.back();
        Rows less = rows;
        less.edges.pop_back();
        const ResponsibilityGraph whole = build(rows), part = build(less);
        INFO("seed " << seed << " " << taken.cells.at("source") << " " << taken.cells.at("kind")
                     << " " << taken.cells.at("target"));
        const Store& s = whole.store();
        EdgeNo edge = none;
        for (EdgeNo e = 0; e < s.m(); ++e)
            if (!s.derived(e) && s.edge_row[e] == rows.edges.size() - 1) edge = e;
        if (edge == none) continue;  // refused with an issue: a loop, a second row of one edge
        auto hide = std::make_shared<Overlay>();
        hide->hidden_edges.insert(edge);
        CHECK(differing(check_view(whole, hide, {}, nullptr), check(part), nodes_of) ==
              none_differ);
        auto put = std::make_shared<Overlay>();
        Overlay::Edge added;
        added.source = part.at(whole.id(s.source[edge]));
        added.target = part.at(whole.id(s.target[edge]));
        added.kind = s.edge_kind[edge];
        added.flags = s.flags[edge];
        added.from = s.edge_from[edge];
        added.to = s.edge_to[edge];
        const std::string sectors =
            taken.cells.count("sectors") != 0 ? taken.cells.at("sectors") : "";
        const Store& t = part.store();
        const std::uint32_t sector = sectors.empty() ? none : t.sectors.find(sectors);
        for (SetNo set = 0; set < t.sectors.sets.size() && sector != none; ++set)
            if (t.sectors.sets[set].size() == 1 && t.sectors.sets[set][0] == sector)
                added.sectors = set;
        if ((sector != none) != (added.sectors != 0)) continue;
        put->add(t, added);
        // Changes hand no task to a second document and write no lineage into a graph.
        static const std::set<std::string> never = {"ASSIGNS", "SUCCEEDS", "MERGED_INTO",
                                                    "SPLIT_FROM"};
        if (taken.cells.count("task") == 0 && never.count(taken.cells.at("kind")) == 0)
            CHECK(differing(check_view(part, put, {}, nullptr), check(whole), nodes_of) ==
                  none_differ);
    }
}

TEST_CASE("a change that lets somebody regulate a village is seen by its county",
          "[graph][check]") {
    const auto g = small::graph({
        {"divisions", "code,name\n360924,县\n360924100,镇\n360924100001,村\n"},
        {"nodes", "id,kind,name,division\na,dept,甲局,360924\n"},
        {"enterprises", "id,name,division,sectors\ne,厂,360924100001,fireworks\n"},
        {"edges", "source,target,kind,sectors\na,360924,REGULATES,construction\n"},
    });
    const CheckOptions options = only({"RD-01", "RD-09"});
    CHECK(nodes_of(check(g, options)) ==
          std::multiset<std::string>{"RD-01 error e", "RD-09 error 360924"});
    auto put = std::make_shared<Overlay>();
    Overlay::Edge added;
    added.source = g.at("a");
    added.target = g.at("360924100001");
    added.kind = g.store().known.regulates;
    added.sectors = g.store().node_sectors[g.at("e")];
    put->add(g.store(), added);
    CHECK(nodes_of(check_view(g, put, options, nullptr)).empty());
}

TEST_CASE("findings about some nodes are those of the whole check about them", "[graph][check]") {
    for (unsigned seed = 1; seed <= small::seeds(10); ++seed) {
        INFO("seed " << seed);
        Rows rows = random_rows(seed);
        std::erase_if(rows.edges,
                      [](const Row& row) { return row.cells.at("kind") == "HAS_POST"; });
        const ResponsibilityGraph g = build(rows);
        std::vector<NodeNo> some;
        for (NodeNo v = 0; v < g.nodes(); ++v) {
            const NodeNo unit = g.store().unit[v];
            if ((unit == none ? v : unit) % 2 == 0) some.push_back(v);
        }
        const CheckOptions options = only({"RG", "RT", "RD", "RE", "RH"});
        const auto about_them = [&](const Findings& findings) {
            std::multiset<std::string> out;
            for (std::size_t i = 0; i < findings.size(); ++i)
                if (findings.status(i) == RuleState::fails &&
                    std::binary_search(some.begin(), some.end(), findings.nodes(i)[0]))
                    out.insert(findings.at(i).message);
            return out;
        };
        const auto whole = about_them(check(g, options));
        const auto part = about_them(check_view(g, nullptr, options, &some));
        CHECK(difference(part, whole) == none_differ);
    }
}

TEST_CASE("what begins later is not known earlier", "[graph][check]") {
    for (unsigned seed = 1; seed <= small::seeds(10); ++seed) {
        INFO("seed " << seed);
        Rows rows = random_rows(seed);
        CheckOptions options;
        options.on = Date::parse("2026-06-30");
        const Findings before = check(build(rows), options);
        Rows later = rows;
        for (Row row : random_rows(seed + 500).edges) {
            row.cells["valid_from"] = "2026-07-01";
            row.cells.erase("valid_to");
            later.edges.push_back(row);
        }
        CHECK(difference(lines(check(build(later), options)), lines(before)) == none_differ);
    }
}

TEST_CASE("what lies outside the jurisdiction is not asked, what lies nowhere is",
          "[graph][check]") {
    // A county and its neighbour, alike in every table; only the first is checked.
    const auto half = [](const std::string& county, const std::string& x) {
        const std::string town = county + "100";
        return small::Texts{
            {"divisions", county + "," + x + "县\n" + town + "," + x + "镇\n"},
            {"nodes", x + "yj,dept," + x + "应急管理局," + county + ",,,,,,\n" + x +
                          "p,post,电工,," + x + "E,special_worker,,,,\n" + x + "g,grid,网格," +
                          town + ",,,,,,\n" + x + "w,person,工人,,,,dispatched," + x + "E,,\n" + x +
                          "m,major_hazard_source,罐区,," + x + "E,,,,,\n" + x + "S,site,车间,," +
                          x + "E,,,,,\n" + x + "c,special_committee,专委会," + county + ",,,,,,\n" +
                          x + "a,accident,事故,," + x + "E,,,,2026-01-02,larger\n" + x +
                          "b,post,局长,," + x + "yj,dept_principal,,,,\n"},
            {"enterprises", x + "E," + x + "厂," + town + ",fireworks,200,true,true,true,1\n"},
            {"risk_points", x + "r," + x + "E,红,\n"},
            {"hazards",
             x + "h," + x + "E,major,rectifying,2026-01-01,2026-01-02,,,,,同条\n" + x + "k," + x +
                 "E,major,closed,2026-01-03,2026-01-04,2026-01-05,2026-01-04,,," + "同条\n"},
            {"edges", x + "yj," + x + "E,PERMITS,,,,\n" + x + "E," + x + "E,CONTRACTS_TO,,,,\n" +
                          x + "yj," + x + "E,MANAGES_BUSINESS,,,,\n" + x + "b," + x +
                          "yj,IN_CHARGE_OF,,,,\n" + x + "yj," + county + ",REGULATES,coal,,,\n" +
                          x + "b," + x + "E,PAIRED_WITH,,,,\n"},
            {"records", x + "r1," + x + "yj,inspection,2026-01-02," + x +
                            "E,'{\"matter\":\"消防\"}'\n" + x + "r2," + x +
                            "c,inspection,2026-01-03," + x + "E,'{\"matter\":\"消防\"}'\n" + x +
                            "r3," + x + "yj,award,2026-01-09," + x + "E,\n" + x + "r4," + x +
                            "yj,penalty,2026-01-04," + x + "k,\n"},
        };
    };
    small::Texts tables = {
        {"divisions", "code,name\n3609,市\n"},
        {"nodes", "id,kind,name,division,unit,post_kind,employment,using_unit,date,grade\n"},
        {"enterprises",
         "id,name,division,sectors,employees,high_risk,soe,key_unit,inspection_cap\n"},
        {"risk_points", "id,enterprise,grade,controlling_post\n"},
        {"hazards",
         "id,enterprise,grade,state,found_on,due_on,closed_on,stopped,reported_to,supervised_by,"
         "criterion\n"},
        {"edges", "source,target,kind,sectors,lead,valid_to,attributes\n"},
        {"records", "id,subject,action,date,object,values\n"},
    };
    for (const auto& part : {half("360924", "x"), half("360925", "y")})
        for (const auto& [table, rows] : part)
            tables[table] += rows;
    // What a register needs to have said for the rules to be asked at all.
    for (const char* action :
         {"liability_insurance", "principal_check", "drill", "rectification", "verification",
          "resumption_acceptance", "safety_assessment", "special_operation_certificate", "visit"})
        tables["records"] += std::string(action) + ",3609," + action + ",2020-01-01,,\n";
    tables["nodes"].insert(tables["nodes"].find('\n'),
                           ",full_time,assessment_standard,selector,valid_to");
    const auto of = [&](const std::vector<std::string>& jurisdiction) {
        std::set<std::string> rules;
        std::multiset<std::string> subjects;
        CheckOptions options;
        options.on = Date::parse("2026-06-30");
        const Findings findings = check(small::graph(tables, "2026-06-30", jurisdiction), options);
        for (std::size_t i = 0; i < findings.size(); ++i) {
            if (findings.status(i) != RuleState::fails) continue;
            const Finding finding = findings.at(i);
            subjects.insert(finding.rule + " " + finding.nodes.at(0));
            rules.insert(finding.rule);
        }
        return std::pair(rules, subjects);
    };
    const auto [all_rules, both] = of({"3609"});
    const auto [first_rules, first] = of({"360924"});
    // The city itself is asked about only where it is checked.
    CHECK(first_rules.size() >= 25);
    for (const std::string& subject : first) {
        INFO(subject);
        CHECK(subject.find(" y") == std::string::npos);
        CHECK(subject.find(" 360925") == std::string::npos);
    }
    // And what is said of the first county is what is said of it among both.
    for (const std::string& rule : all_rules) {
        INFO(rule);
        std::multiset<std::string> here, there;
        for (const std::string& subject : both)
            if (subject.starts_with(rule + " x") || subject == rule + " 360924" ||
                subject == rule + " 360924100")
                there.insert(subject);
        for (const std::string& subject : first)
            if (subject.starts_with(rule + " ")) here.insert(subject);
        if (rule != "RS-04" && rule != "RS-06") CHECK(difference(here, there) == none_differ);
    }
    // A firm of which nobody says where it is, and one in a zone that lies nowhere.
    tables["nodes"] += "z,zone,新区,,,,,,,\nq,post,安全员,,xE,safety_manager,,,,\n";
    tables["enterprises"] +=
        "n1,无址厂,,fireworks,200,true,,,\nn2,新区厂,z,fireworks,200,true,,,\n";
    const auto [more_rules, more] = of({"360924"});
    CHECK(more.count("RE-02 n1") == 1);
    CHECK(more.count("RE-02 n2") == 1);
    CHECK(more.count("RE-02 yE") == 0);
}
