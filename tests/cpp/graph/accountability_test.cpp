// Tests of graph/accountability.hpp.
#include <safetyrisk/graph/accountability.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <limits>
#include <map>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

using Ids = std::vector<std::string>;

const small::Texts county = {
    {"divisions", "code,name\n36,江西省\n3609,宜春市\n360924,宜丰县\n360924100,新昌镇\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,date,deaths,injuries,loss,approved_on,grade,valid_to\n"
     "gov,government,县政府,360924,,,,,,,,,\ncgov,government,市政府,3609,,,,,,,,,\n"
     "tgov,government,镇政府,360924100,,,,,,,,,\n"
     "yj,dept,县应急局,360924,,,,,,,,,\nsyj,dept,市应急局,3609,,,,,,,,,\n"
     "sp,dept,审批局,360924,,,,,,,,,2025-01-31\n"
     "mayor,post,县长,,gov,gov_principal,,,,,,,\ncmayor,post,市长,,cgov,gov_principal,,,,,,,\n"
     "tmayor,post,镇长,,tgov,gov_principal,,,,,,,\n"
     "vice,post,副县长,,gov,safety_deputy,,,,,,,\n"
     "head,post,局长,,yj,dept_principal,,,,,,,\ndeputy,post,副局长,,yj,dept_safety_deputy,,,,,,,\n"
     "clerk,post,执法员,,yj,inspector,,,,,,,\nchief,post,市局局长,,syj,dept_principal,,,,,,,\n"
     "boss,post,厂长,,E1,principal,,,,,,,\nsafe,post,安全员,,E1,safety_manager,,,,,,,\n"
     "worker,post,工人,,E1,worker,,,,,,,\n"
     "zhang,person,张三,,,,,,,,,,\n"
     "grp,group,集团,,,,,,,,,,\nag,agency,评价公司,,,,,,,,,,\n"
     "A0,accident,前次事故,,E1,,2024-06-01,3,,,,,\n"
     "A1,accident,本次事故,,E1,,2026-01-01,2,10,,2026-05-31,,\n"
     "li,person,李四,,,,,,,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,high_risk\nE1,花炮厂,360924100,烟花爆竹,true\nE2,承包商,360924100,"
     "建筑施工,\n"
     "E3,电梯厂,360924100,特种设备,\nE4,车队,360924100,道路运输,false\n"
     "E5,商场,360924100,商场市场,\n"},
    {"hazards",
     "id,name,enterprise,grade,found_by,responsible,verified_by,closed_by,found_on,due_on,closed_"
     "on,state\n"
     "H1,通道堵塞,E1,general,clerk,boss,,boss,2025-06-01,2025-06-15,2025-07-01,closed\n"
     "H2,防雷失效,E1,major,yj,boss,clerk,,2025-12-01,2026-03-01,,rectifying\n"
     "H3,早已销号,E1,general,clerk,boss,clerk,clerk,2024-01-01,,2024-02-01,closed\n"},
    {"edges",
     "source,target,kind,sectors,document,clause,valid_to\n"
     "boss,E1,PRINCIPAL_OF,,,,\nzhang,boss,HOLDS,,,,\ntgov,E1,TERRITORIAL,,,,\n"
     "yj,360924,REGULATES,烟花爆竹,三定,第三条,\nsyj,3609,REGULATES,烟花爆竹,,,\n"
     "yj,360924,COMPREHENSIVE,,,,\nvice,yj,IN_CHARGE_OF,,,,\n"
     "sp,E1,PERMITS,,许可证,,2025-01-31\n"
     "E1,E2,CONTRACTS_TO,,,,\nE1,grp,OWNED_BY,,,,\nag,E1,SERVES,,,,\n"
     "li,safe,HOLDS,,,,2026-06-30\n"},
    {"records",
     "subject,action,date,object,count\n"
     "clerk,inspection,2025-03-01,E1,1\nclerk,inspection,2025-05-30,E1,2\n"
     "clerk,inspection,2024-12-31,E1,9\nclerk,inspection,2026-01-02,E1,9\n"
     "zhang,training,2025-08-01,,1\nmayor,meeting,2025-04-01,,3\n"
     "yj,penalty,2025-12-05,H2,1\n"},
};

Accountability asked(const ResponsibilityGraph& g, const char* id, AccidentFacts facts,
                     const AccountabilityOptions& options = {}) {
    return accountability(g, id, facts, options);
}

const Exposed& of(const Accountability& a, std::string_view id) {
    for (const Exposed& one : a.exposed)
        if (one.node == id) return one;
    FAIL("nobody called " << id);
    return a.exposed.front();
}

bool listed(const Accountability& a, std::string_view id) {
    return std::any_of(a.exposed.begin(), a.exposed.end(),
                       [&](const Exposed& one) { return one.node == id; });
}

}  // namespace

TEST_CASE("The grade is the gravest any number reaches, and the number itself is included") {
    // Order 493 Art. 3: 以上 includes the number, 以下 does not.
    const auto grade = [](int deaths, int injuries, double loss) {
        return accident_grade(deaths, injuries, loss);
    };
    CHECK(grade(0, 0, 0) == "general");
    CHECK(grade(2, 9, 9'999'999.99) == "general");
    CHECK(grade(3, 0, 0) == "larger");
    CHECK(grade(9, 0, 0) == "larger");
    CHECK(grade(0, 10, 0) == "larger");
    CHECK(grade(0, 49, 0) == "larger");
    CHECK(grade(0, 0, 10e6) == "larger");
    CHECK(grade(0, 0, 49'999'999) == "larger");
    CHECK(grade(10, 0, 0) == "major");
    CHECK(grade(0, 50, 0) == "major");
    CHECK(grade(1, 1, 50e6) == "major");
    CHECK(grade(29, 99, 99e6) == "major");
    CHECK(grade(30, 0, 0) == "extra");
    CHECK(grade(0, 100, 0) == "extra");
    CHECK(grade(0, 0, 100e6) == "extra");
    CHECK_THROWS_AS(grade(-1, 0, 0), InputError);
    CHECK_THROWS_AS(grade(0, 0, std::numeric_limits<double>::quiet_NaN()), InputError);
    CHECK_THROWS_AS(grade(0, 0, std::numeric_limits<double>::infinity()), InputError);
}

TEST_CASE(
    "The investigating level follows the grade, the sector, the rules that hold here and 提级") {
    const auto g = small::graph(county);
    const auto level = [&](const char* id, int deaths, AccountabilityOptions options = {},
                           bool concealed = false) {
        AccidentFacts facts;
        facts.deaths = deaths;
        facts.concealed = concealed;
        const Accountability a = asked(g, id, facts, options);
        return a.investigator_level + " " + a.investigator;
    };
    CHECK(level("E1", 2) == "county 360924");
    CHECK(level("E1", 3) == "city 3609");
    CHECK(level("E1", 10) == "province 36");
    CHECK(level("E1", 30) == "country ");
    // 特种设备安全法 Art. 72 lifts each grade by one.
    CHECK(level("E3", 2) == "city 3609");
    CHECK(level("E3", 3) == "province 36");
    CHECK(level("E3", 10) == "country ");
    AccountabilityOptions options;
    options.escalate = true;
    CHECK(level("E1", 2, options) == "city 3609");
    options.escalate = false;
    options.escalations = {"deaths_6_high_risk"};
    CHECK(level("E1", 5, options) == "city 3609");
    CHECK(level("E1", 6, options) == "province 36");
    CHECK(level("E5", 6, options) == "city 3609");  // not high-risk
    // The list of high-risk sectors decides, whatever the register says of one of them.
    CHECK(level("E4", 6, options) == "province 36");
    options.escalations = {"concealed"};
    CHECK(level("E1", 3, options) == "city 3609");
    CHECK(level("E1", 3, options, true) == "province 36");
    options.escalations = {"second_larger_24_months"};
    CHECK(level("E1", 3, options) == "province 36");  // A0 in June 2024 killed three
    CHECK(level("E4", 3, options) == "city 3609");
    options.escalations = {"nobody knows"};
    CHECK_THROWS_AS(level("E1", 3, options), NotFoundError);
}

TEST_CASE("Both trees hold who stands there, under whom, and what the ceiling leaves out") {
    const auto g = small::graph(county);
    AccidentFacts facts;
    facts.deaths = 2;
    const Accountability general = asked(g, "E1", facts);
    std::map<std::string, std::string> rows;
    for (const Exposed& one : general.exposed)
        rows[one.node] = one.side + " " + one.branch + " " + one.capacity + " " + one.above +
                         (one.within ? "" : " beyond");
    CHECK(rows == std::map<std::string, std::string>{
                      {"boss", "enterprise enterprise C1 "},
                      {"safe", "enterprise enterprise C2 "},
                      {"worker", "enterprise enterprise C2 "},
                      {"grp", "enterprise group C3 "},
                      {"ag", "enterprise agency C14 "},
                      {"E2", "enterprise contract  "},
                      {"tgov", "government territory C4 "},
                      {"gov", "government territory C4 tgov beyond"},
                      {"cgov", "government territory C4 tgov beyond"},
                      {"tmayor", "government territory C5 tgov"},
                      {"mayor", "government territory C5 gov beyond"},
                      {"vice", "government territory C5 gov beyond"},
                      {"cmayor", "government territory C5 cgov beyond"},
                      {"yj", "government department C6 "},
                      {"syj", "government department C6  beyond"},
                      {"chief", "government department C10 syj beyond"},
                      {"head", "government department C10 yj beyond"},
                      {"deputy", "government department C10 yj"},
                      {"clerk", "government department  yj"},
                      {"sp", "government department C8 "},
                  });
    facts.deaths = 3;
    const Accountability larger = asked(g, "E1", facts);
    for (const char* id : {"gov", "mayor", "vice", "yj", "head", "syj", "sp"})
        CHECK(of(larger, id).within);
    for (const char* id : {"cgov", "cmayor", "chief"})
        CHECK_FALSE(of(larger, id).within);
    CHECK(larger.note_zh == "结构性责任，未评定尽职免责（2018规定第23条）");
    CHECK(larger.text().rfind(larger.note_zh, 0) == 0);
    CHECK(larger.text(Lang::en).rfind("Structural responsibility", 0) == 0);
    CHECK(larger.to_json().find(larger.note_zh) != std::string::npos);
    CHECK(larger.text().find("有罪") == std::string::npos);
    CHECK(larger.table().rows() == larger.exposed.size());
}

TEST_CASE("An accident before the first edition of the rules is refused with the reason") {
    const auto g = small::graph(county);
    AccidentFacts facts;
    facts.deaths = 1;
    facts.on = Date::of(2021, 9, 1);
    CHECK(accountability(g, "E1", facts).grade == "general");
    facts.on = Date::of(2021, 8, 31);
    CHECK_THROWS_WITH(accountability(g, "E1", facts),
                      Catch::Matchers::ContainsSubstring("2021-08-31") &&
                          Catch::Matchers::ContainsSubstring("hold from 2021-09-01 on"));
}

TEST_CASE("Penalties are the law's shares of last year's income and ranges of the unit's fine") {
    const auto g = small::graph(county);
    AccountabilityOptions options;
    options.incomes = {{"boss", 300'000}, {"safe", 80'000}};
    const auto check = [&](int deaths, double from, double to, double boss) {
        AccidentFacts facts;
        facts.deaths = deaths;
        const Accountability a = asked(g, "E1", facts, options);
        CHECK(a.fine_from == from);
        CHECK(a.fine_to == to);
        CHECK(of(a, "boss").penalty_from == boss);
        CHECK(of(a, "boss").penalty_to == boss);
        CHECK(of(a, "safe").penalty_from == 16'000);
        CHECK(of(a, "safe").penalty_to == 40'000);
        CHECK(!of(a, "worker").penalty_from);
    };
    check(1, 300'000, 1'000'000, 120'000);
    check(3, 1'000'000, 2'000'000, 180'000);
    check(10, 2'000'000, 10'000'000, 240'000);
    check(30, 10'000'000, 20'000'000, 300'000);
    AccidentFacts facts;
    facts.deaths = 30;
    facts.exceptional = true;
    const Accountability worst = asked(g, "E1", facts, options);
    CHECK(worst.fine_from == 20'000'000);
    CHECK(worst.fine_to == 100'000'000);
    const std::string& penalty = of(worst, "boss").penalty_zh;
    CHECK(penalty.find("终身") != std::string::npos);
    // Arts. 95, 96 and 114 fine whoever failed in a duty; whether anybody did is not found here.
    CHECK(penalty.rfind("如认定未履行安全生产管理职责、导致发生事故（安全生产法 第九十五条）", 0) ==
          0);
    CHECK(of(worst, "safe").penalty_zh.rfind("如认定未履行", 0) == 0);
    CHECK(worst.fine_when_zh == "如认定单位负有责任（安全生产法 第一百一十四条）");
    // The safety officer's post is vacant from July on: there is nobody whose income could be
    // fined.
    facts.on = Date::of(2026, 7, 1);
    CHECK(of(accountability(g, "E1", facts, options), "safe").vacant);
    CHECK(of(accountability(g, "E1", facts, options), "safe").penalty_zh.empty());
    CHECK(!of(accountability(g, "E1", facts, options), "safe").penalty_from);
    facts = {};
    facts.deaths = 1;
    facts.concealed = true;  // Art. 110: 60 to 100 %
    options.incomes = {{"zhang", 100'000}};
    const Accountability hidden = asked(g, "E1", facts, options);
    CHECK(of(hidden, "boss").penalty_from == 60'000);
    CHECK(of(hidden, "boss").penalty_to == 100'000);
    options.incomes = {{"boss", -1}};
    CHECK_THROWS_AS(asked(g, "E1", facts, options), InputError);
}

TEST_CASE("Clocks run from the day of the accident") {
    const auto g = small::graph(county);
    const auto clocks = [&](const char* id, AccidentFacts facts) {
        std::map<std::string, std::string> all;
        for (const Clock& clock : asked(g, id, facts).clocks)
            all[clock.id] = clock.due     ? clock.due->text()
                            : clock.hours ? std::to_string(*clock.hours) + " h"
                                          : "";
        return all;
    };
    AccidentFacts facts;
    facts.deaths = 30;
    facts.approved_on = Date::of(2026, 5, 31);
    // 60 d = 2 March, +60 = 1 May, +15 or 30 = 16 or 31 May, +30 = 30 June.
    CHECK(clocks("E1", facts) == std::map<std::string, std::string>{
                                     {"report_county", "1 h"},
                                     {"report_city", "3 h"},
                                     {"report_province", "5 h"},
                                     {"report_country", "7 h"},
                                     {"update", "2026-01-31"},
                                     {"investigation", "2026-03-02"},
                                     {"investigation_extended", "2026-05-01"},
                                     {"approval", "2026-05-31"},
                                     {"approval_extended", "2026-06-30"},
                                     {"evaluation", "2027-05-31"},
                                 });
    facts.deaths = 1;
    facts.approved_on.reset();
    const auto general = clocks("E1", facts);
    CHECK(general.count("report_city") == 1);
    CHECK(general.count("report_province") == 0);
    CHECK(general.at("approval") == "2026-05-16");
    CHECK(general.at("evaluation").empty());
    CHECK(clocks("E4", facts).at("update") == "2026-01-08");  // road traffic: 7 days
}

TEST_CASE("Evidence is what the twelve months before show, and what they do not") {
    const auto g = small::graph(county);
    AccidentFacts facts;
    facts.deaths = 3;
    const Accountability a = asked(g, "E1", facts);
    CHECK(a.window_from == Date::of(2025, 1, 2));
    REQUIRE(of(a, "clerk").evidence.size() == 1);
    CHECK(of(a, "clerk").evidence[0].action == "inspection");
    CHECK(of(a, "clerk").evidence[0].count == 3);  // not those of 2024 and of the day after
    CHECK(of(a, "clerk").absent.empty());
    CHECK(of(a, "mayor").absent == Ids{"duty_list", "annual_task_list", "inspection"});
    CHECK(of(a, "boss").evidence.at(0).action == "training");  // of the person who holds the post
    CHECK(of(a, "boss").absent == Ids{"principal_check", "drill", "meeting"});
    CHECK(a.text().find("【缺】") != std::string::npos);
    // Without records nothing is called absent.
    small::Texts texts = county;
    texts.erase("records");
    const Accountability none = asked(small::graph(texts), "E1", facts);
    CHECK(!none.records_given);
    for (const Exposed& one : none.exposed)
        CHECK(one.absent.empty());
}

TEST_CASE("Looking back lists the hazards of the window and the visits that recorded none") {
    const auto g = small::graph(county);
    AccidentFacts facts;
    facts.deaths = 1;
    const Accountability a = asked(g, "E1", facts);
    REQUIRE(a.hazards.size() == 2);  // H3 was closed before the window
    const LookBack& closed = a.hazards[0];
    CHECK(closed.hazard == "H1");
    CHECK(closed.finders == Ids{"clerk"});
    CHECK(closed.days_open == 30);
    CHECK(closed.overdue);
    CHECK(closed.closed_unverified);
    CHECK(closed.closed_by_owner);
    CHECK(closed.never_checked);
    const LookBack& open = a.hazards[1];
    CHECK(open.hazard == "H2");
    CHECK(open.days_open == 31);
    CHECK(!open.overdue);
    CHECK(!open.closed_unverified);
    CHECK(!open.never_checked);
    REQUIRE(a.visits.size() == 2);
    CHECK(a.visits[0].on == Date::of(2025, 3, 1));
    CHECK(a.visits[0].hazards_recorded == 0);
    CHECK(a.visits[1].hazards_recorded == 1);  // H1 two days later
    CHECK(a.hazard_table().rows() == 2);
    CHECK(a.visit_table().rows() == 2);
    CHECK(a.clock_table().rows() == a.clocks.size());
}

TEST_CASE("An accident in the graph brings its own facts") {
    const auto g = small::graph(county);
    const Accountability a = asked(g, "A1", {});
    CHECK(a.grade == "larger");
    CHECK(a.criteria == Ids{"injuries"});
    CHECK(listed(a, "boss"));
    for (const Clock& clock : a.clocks)
        if (clock.id == "evaluation") CHECK(clock.due == Date::of(2027, 5, 31));
    CHECK_THROWS_AS(asked(g, "boss", {}), InputError);
    // The graph is read as of that day: the licence of 2024 names who gave it.
    AccidentFacts facts;
    // Nobody grades an accident of which nothing is said.
    CHECK_THROWS_AS(asked(g, "E1", facts), InputError);
    facts.deaths = 1;
    facts.on = Date::of(2024, 6, 1);
    CHECK(of(asked(g, "E1", facts), "sp").capacity == "C8");
    facts.on = Date::of(2020, 1, 1);  // before the law in the pack
    CHECK_THROWS_AS(asked(g, "E1", facts), InputError);
}
