#include "../support/catch.hpp"

#include "graph/asked.hpp"

// Cells that cannot be read: each is an issue, and no rule takes it for a thing not done.
using namespace safetyrisk;
using namespace safetyrisk::graph;
using namespace safetyrisk::graph::small;

namespace {

using Lines = std::vector<std::string>;

const Texts register_of_hazards{
    {"nodes", "id,kind,name,division\nyj,dept,县应急管理局,360924\ngov,government,县政府,360924\n"},
    {"enterprises",
     "id,name,division,sectors,employees,high_risk\nE1,甲厂,360924,fireworks_production,20,是\n"},
    {"edges", "source,target,kind,sectors\nyj,360924,REGULATES,fireworks\n"},
    {"hazards",
     "id,enterprise,grade,state,criterion,found_on,due_on,closed_on,closed_by,verified_by,"
     "verified_on,responsible,measures,funds,plan,supervised_by,reported_to,stopped,extended_to\n"
     "h1,E1,重大隐患,整改中,c1,2026-01-10,2026-03-01,,,,,张三,整改,1万,预案,yj,yj,,\n"},
    {"records",
     "id,subject,action,date,object,values\n"
     "r1,E1,演练,2026-01-05,,\n"},
};

// A drill of somebody else, by which the table is known to have drills.
constexpr const char* other_drill = "r2,yj,drill,2024-01-05,,\n";

constexpr const char* before = "2026-02-01";
constexpr const char* after = "2026-03-10";

Texts row(const std::string& old, const std::string& by) {
    return swap(register_of_hazards, "hazards", old, by);
}

struct Said {
    std::string code, column, value;
    std::int64_t row;
};

std::vector<Said> issues_of(const Texts& texts, std::string_view data_date = "2026-03-31") {
    const auto g = small::graph(texts, data_date);
    std::vector<Said> all;
    for (std::size_t i = 0; i < g.issues().size(); ++i) {
        const Issue one = g.issues().at(i);
        if (one.severity == Severity::info) continue;  // divisions made from codes
        all.push_back({one.code, one.column, one.value, one.row});
    }
    return all;
}

}  // namespace

TEST_CASE("a state that does not say whether a hazard is closed is an issue and no finding") {
    CHECK(issues_of(register_of_hazards).empty());
    // Open and late, by a state that says so.
    CHECK(ask(register_of_hazards, "RH-04", after).found == Lines{"error h1"});
    CHECK(ask(row("整改中", "未销号"), "RH-04", after).found == Lines{"error h1"});
    CHECK(ask(row("整改中", "已闭环"), "RH-04", after).examined == 0);
    for (const char* word : {"已整改", "整改完成"}) {
        const auto done = row("整改中", word);
        const auto said = issues_of(done);
        REQUIRE(said.size() == 1);
        CHECK(said[0].code == "graph.state_unclear");
        CHECK(said[0].column == "state");
        CHECK(said[0].value == word);
        CHECK(said[0].row == 0);
        const auto late = ask(done, "RH-04", after);
        CHECK(late.found.empty());
        CHECK(late.not_assessed());  // the only one there is
        CHECK(late.unjudged == 1);
        // Within its time it is in order, closed or not.
        CHECK(ask(done, "RH-04", before).holds());
        // Who has mended is in the system, by the order of the states.
        CHECK(ask(done, "RH-02", before).holds());
    }
    const auto odd = row("整改中", "在弄了");
    REQUIRE(issues_of(odd).size() == 1);
    CHECK(issues_of(odd)[0].code == "graph.word_unknown");
    CHECK(ask(odd, "RH-04", after).unjudged == 1);
    CHECK(ask(odd, "RH-02", before).partly());
    CHECK(ask(odd, "RH-02", before).found.empty());
    // 未销号 does not say whether it is registered, 已发现 says that it is not.
    CHECK(ask(row("整改中", "未销号"), "RH-02", before).partly());
    CHECK(ask(row("整改中", "已发现"), "RH-02", before).found == Lines{"error h1"});
}

TEST_CASE("a grade that nobody knows makes a hazard neither 重大 nor 一般") {
    const auto odd = row("重大隐患", "严重");
    REQUIRE(issues_of(odd).size() == 1);
    CHECK(issues_of(odd)[0].code == "graph.word_unknown");
    CHECK(issues_of(odd)[0].column == "grade");
    CHECK(ask(odd, "RH-02", before).unjudged == 1);
    CHECK(ask(odd, "RH-02", before).found.empty());
    CHECK(ask(row("重大隐患", "一般隐患"), "RH-02", before).examined == 0);
    CHECK(ask(row("重大隐患", "重大事故隐患"), "RH-02", before).holds());
}

TEST_CASE("days of a hazard that contradict one another are issues and count as not known") {
    struct Case {
        std::string from, to, code, column;
    };
    const std::string cells = "2026-01-10,2026-03-01,,,,,";
    const std::vector<Case> cases{
        // closed before it was found; a deadline before it was found; verified before it was found
        {"整改中,c1," + cells, "已销号,c1,2026-01-10,2026-03-01,2026-01-09,yj,yj,2026-01-20,",
         "graph.days_disagree", "closed_on"},
        {"整改中,c1," + cells, "整改中,c1,2026-01-10,2026-01-09,,,,,", "graph.days_disagree",
         "due_on"},
        {"整改中,c1," + cells, "整改中,c1,2026-01-10,2026-03-01,,,yj,2026-01-09,",
         "graph.days_disagree", "verified_on"},
        // an extension to a day before the deadline
        {"yj,yj,,", "yj,yj,,2026-02-01", "graph.days_disagree", "extended_to"},
        // closed by a day, open by its state
        {"整改中,c1," + cells, "整改中,c1,2026-01-10,2026-03-01,2026-02-20,yj,yj,2026-02-19,",
         "graph.state_disagrees", "state"}};
    for (const Case& one : cases) {
        const auto texts = row(one.from, one.to);
        const auto said = issues_of(texts);
        REQUIRE_FALSE(said.empty());
        CHECK(said[0].code == one.code);
        CHECK(said[0].column == one.column);
        if (one.column == "verified_on") continue;
        const auto answer = ask(texts, "RH-04", "2026-03-31");
        INFO(one.column);
        CHECK(answer.found.empty());
        CHECK(answer.unjudged == 1);
    }
}

TEST_CASE("a fact dated after the data date is an issue, and not known until then") {
    const auto closed = row("整改中,c1,2026-01-10,2026-03-01,,,,,",
                            "已销号,c1,2026-01-10,2026-03-01,2027-02-20,yj,yj,2026-02-19,");
    const auto said = issues_of(closed);
    REQUIRE(said.size() == 1);
    CHECK(said[0].code == "graph.day_in_future");
    CHECK(said[0].column == "closed_on");
    const auto g = small::graph(closed, "2026-03-31");
    CHECK(ask(g, "RH-04", "2026-03-31").unjudged == 1);
    CHECK(ask(g, "RH-04", "2026-03-31").found.empty());
    // The day before the data date it may as well have been open; a later register knows.
    const auto later = small::graph(closed, "2027-02-20");
    CHECK(later.issues().count(Severity::warning) == 0);
    CHECK(ask(later, "RH-04", "2026-03-31").found == Lines{"error h1"});
    // A drill of next year: whether one was held this year is not known.
    const auto drill = swap(register_of_hazards, "records", "2026-01-05", "2027-01-05");
    CHECK(issues_of(drill)[0].code == "graph.day_in_future");
    CHECK(ask(small::graph(with(drill, "records", other_drill), "2026-03-31"), "RE-15", after)
              .unjudged == 1);
}

TEST_CASE("actions are read by their usual words and one that nobody knows may be any") {
    CHECK(ask(register_of_hazards, "RE-15", after).holds());
    for (const char* word : {"应急演练", "drill", "疏散演练"})
        CHECK(ask(swap(register_of_hazards, "records", "演练", word), "RE-15", after).holds());
    const auto other =
        with(swap(register_of_hazards, "records", "演练", "检查"), "records", other_drill);
    CHECK(ask(other, "RE-15", after).found == Lines{"error E1"});
    const auto odd =
        with(swap(register_of_hazards, "records", "演练", "应急活动"), "records", other_drill);
    const auto said = issues_of(odd);
    REQUIRE(said.size() == 1);
    CHECK(said[0].code == "graph.action_unknown");
    CHECK(said[0].value == "应急活动");
    const auto answer = ask(odd, "RE-15", after);
    CHECK(answer.found.empty());
    CHECK(answer.unjudged == 1);
    CHECK(answer.reason.find("演练") != std::string::npos);
    // Too long ago to help: then it is not done, whatever it was (184 days).
    CHECK(ask(swap(odd, "records", "2026-01-05", "2025-01-05"), "RE-15", after).found ==
          Lines{"error E1"});
    // A word of the duty lists of these tables is known.
    auto listed = odd;
    listed["duties"] = "id,subject,action\nd1,yj,应急活动\n";
    CHECK(issues_of(listed).empty());
    CHECK(ask(listed, "RE-15", after).found == Lines{"error E1"});
}

TEST_CASE("a certificate whose end cannot be read is not known to be good") {
    const auto policy = [](const std::string& end) {
        return swap(register_of_hazards, "records", "演练,2026-01-05,,",
                    "安责险,2026-01-05,,'{\"valid_to\":\"" + end + "\"}'");
    };
    CHECK(ask(policy("2026-12-31"), "RE-13", after).holds());
    CHECK(ask(policy("2026-03-09"), "RE-13", after).found == Lines{"error E1"});
    const auto odd = ask(policy("长期有效吧"), "RE-13", after);
    CHECK(odd.found.empty());
    CHECK(odd.unjudged == 1);
    CHECK(issues_of(policy("长期有效吧"))[0].code == "graph.not_a_day");
}

TEST_CASE("an enterprise cannot deny the high risk of its sector") {
    // Law Art. 24: 危险物品的生产、经营、储存、装卸 are of the list, their use is not.
    const auto denied = swap(register_of_hazards, "enterprises", "20,是", "20,否");
    const auto said = issues_of(denied);
    REQUIRE(said.size() == 1);
    CHECK(said[0].code == "graph.high_risk_denied");
    CHECK(said[0].column == "high_risk");
    CHECK(said[0].row == 0);
    // One drill each half-year, 184 days: on 2026-07-08 the last is 184 days ago.
    CHECK(ask(denied, "RE-15", "2026-07-08").holds());
    CHECK(ask(denied, "RE-15", "2026-07-09").found == Lines{"error E1"});
    const auto use = swap(denied, "enterprises", "fireworks_production", "hazchem_use");
    CHECK(issues_of(use).empty());
    CHECK(ask(use, "RE-15", "2026-07-09").holds());
    // Its own word is enough where its sector is of no list.
    CHECK(ask(swap(use, "enterprises", "20,否", "20,是"), "RE-15", "2026-07-09").found ==
          Lines{"error E1"});
}

TEST_CASE("a rule that lacks a value for some is partly assessed, and counts them") {
    auto texts = register_of_hazards;
    texts["hazards"] += "h2,E1,一般,整改中,c2,2026-01-10,,,,,,张三,整改,1万,预案,,,,\n";
    const auto g = small::graph(texts, "2026-03-31");
    CheckOptions options;
    options.rules = {"RH-04"};
    options.on = Date::parse(before);
    const Findings findings = check(g, options);
    const RuleStatus status = findings.rules().at(0);
    CHECK(status.status == RuleState::partly);
    CHECK(status.examined == 2);
    CHECK(status.unjudged == 1);
    CHECK(status.reason ==
          "检查对象 2 个，其中 1 个不能完全核查：1 个对象没有填写隐患表的“整改期限”");
    CHECK(findings.rules(Lang::en).at(0).reason ==
          "1 of 2 subjects could not be judged in full: 1 lack hazards.due_on");
    REQUIRE(findings.size() == 1);
    CHECK(findings.at(0).status == RuleState::partly);
    CHECK(findings.at(0).severity == Severity::info);
    CHECK(findings.at(0).message == "部分可核：" + status.reason + "。");
    CHECK(findings.count(Severity::info) == 0);
    CHECK(findings.to_json().find("\"unjudged\":1") != std::string::npos);
    // Where one fails it fails, and still says what it does not know.
    options.on = Date::parse(after);
    const RuleStatus late = check(g, options).rules().at(0);
    CHECK(late.status == RuleState::fails);
    CHECK(late.unjudged == 1);
    CHECK_FALSE(late.reason.empty());
}
