#include <safetyrisk/plan/plan.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace safetyrisk;
using namespace safetyrisk::plan;
using nlohmann::json;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::filesystem::path> fragments(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& one :
         std::filesystem::directory_iterator(std::string(SAFETYRISK_TEST_DIR "/plans/") + folder))
        paths.push_back(one.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

ParseOptions options_of(const json& fragment) {
    ParseOptions options;
    if (!fragment["year"].is_null()) options.year = fragment["year"].get<int>();
    return options;
}

// A task as lines, so that what differs is seen.
std::vector<std::string> lines(const json& task) {
    std::vector<std::string> all;
    for (const auto& unit : task["units"])
        all.push_back(unit["role"].get<std::string>() + " " + unit["name"].get<std::string>());
    for (const auto& one : task["deadlines"])
        all.push_back("by " + one.get<std::string>());
    for (const auto& one : task["frequencies"])
        all.push_back("every " + one.get<std::string>());
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::u32string> points(std::string_view utf8) {
    std::vector<std::u32string> all;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto c = static_cast<unsigned char>(utf8[i]);
        const std::size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        std::u32string point;
        for (std::size_t k = 0; k < n && i + k < utf8.size(); ++k)
            point.push_back(static_cast<unsigned char>(utf8[i + k]));
        all.push_back(point);
        i += n;
    }
    return all;
}

// Marks that are unified; the rest of a name stands in the text as it is.
std::string same_marks(std::string text) {
    static const std::pair<const char*, const char*> marks[] = {
        {"（", "("}, {"）", ")"}, {"〔", "("}, {"〕", ")"}, {"【", "("}, {"】", ")"}, {"[", "("},
        {"]", ")"},  {"「", "“"}, {"」", "”"}, {"，", ","}, {"：", ":"}, {"；", ";"}};
    for (const auto& [from, to] : marks)
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + 1))
            text.replace(at, std::string(from).size(), to);
    return text;
}

// Every character of a name, in order, among the characters of its span.
bool lies_in(const std::string& name, const std::vector<std::u32string>& text, Span span) {
    std::string stretch;
    for (std::uint32_t i = span.begin; i < span.end && i < text.size(); ++i)
        for (const char32_t c : text[i])
            stretch.push_back(static_cast<char>(c));
    const auto wanted = points(name);
    const auto there = points(same_marks(stretch));
    std::size_t k = 0;
    for (const auto& point : there)
        if (k < wanted.size() &&
            (point == wanted[k] || (point == std::u32string(1, U'"') && wanted[k].size() == 3)))
            ++k;
    return k == wanted.size();
}

void nothing_invented(const std::string& text, const PlanText& plan) {
    const auto all = points(text);
    for (const Task& task : plan.tasks) {
        CHECK(task.span.begin <= task.span.end);
        CHECK(task.span.end <= all.size());
        for (const UnitMention& unit : task.units) {
            INFO(unit.name << " in " << text.substr(0, 60));
            // A bracket that was lost is put back, and told.
            std::string printed = unit.name;
            for (const Repair& one : plan.repairs)
                if (one.rule == "text.bracket" && one.span.begin >= unit.span.begin &&
                    one.span.end <= unit.span.end)
                    printed.erase(printed.find(')'), 1);
            CHECK(lies_in(printed, all, unit.span));
            CHECK(!unit.rule.empty());
            for (const Resolved& one : unit.resolved)
                CHECK(!one.rule.empty());
        }
        for (const Deadline& one : task.deadlines) {
            CHECK(one.span.begin < one.span.end);
            CHECK(!one.rule.empty());
        }
    }
}

}  // namespace

TEST_CASE("Fragments are read as they are labelled") {
    std::size_t read = 0;
    for (const char* folder : {"written_with", "unseen", "unseen_second", "unseen_third",
                               "unseen_fourth", "unseen_fifth", "unseen_sixth"})
        for (const auto& path : fragments(folder)) {
            const json fragment = json::parse(read_file(path));
            const auto text = fragment["text"].get<std::string>();
            const PlanText plan = parse_plan(text, options_of(fragment));
            const json found = json::parse(to_json(plan));
            INFO(path.filename().string() << ": " << fragment["note"].get<std::string>());
            CHECK(found["tasks"].size() == fragment["tasks"].size());
            for (std::size_t i = 0; i < std::min(found["tasks"].size(), fragment["tasks"].size());
                 ++i) {
                const json& task = fragment["tasks"][i];
                INFO(task["title"].get<std::string>());
                CHECK(found["tasks"][i]["no"] == task["no"]);
                CHECK(lines(found["tasks"][i]) == lines(task));
            }
            nothing_invented(text, plan);
            ++read;
        }
    CHECK(read == 373);
}

TEST_CASE("Damaged text invents no unit and ends") {
    std::vector<std::string> texts;
    for (const auto& path : fragments("written_with"))
        texts.push_back(json::parse(read_file(path))["text"]);
    std::mt19937 random(7);
    const auto upto = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
    static const char* const pieces[] = {"（", "）", "、", "牵头", "责任单位：", "\n",
                                         "1.", "，", "每", "前",   "\t",         "\xff"};
    for (int round = 0; round < 150; ++round) {
        std::string text = texts[upto(texts.size())];
        for (std::size_t k = 0; k < 1 + upto(10); ++k) {
            const std::size_t at = upto(text.size());
            switch (upto(4)) {
                case 0:
                    text.erase(at, 1 + upto(5));
                    break;
                case 1:
                    text.insert(at, 1, static_cast<char>(upto(256)));
                    break;
                case 2:
                    text.insert(at, pieces[upto(std::size(pieces))]);
                    break;
                default:
                    if (upto(4) == 0) text.resize(at);
            }
        }
        const PlanText plan = parse_plan(text);
        // Spans count what was given, a byte that is no UTF-8 as one.
        for (const Task& task : plan.tasks)
            for (const UnitMention& unit : task.units)
                CHECK(unit.span.end >= unit.span.begin);
        const auto repaired = json::parse(to_json(plan), nullptr, false);
        CHECK(!repaired.is_discarded());
    }
}

TEST_CASE("Brackets without end are read in one pass") {
    std::string text = "2024年工作要点\n1.测试";
    for (int i = 0; i < 100000; ++i)
        text += "（";
    text += "责任单位：市公安局";
    const PlanText plan = parse_plan(text);
    CHECK(plan.tasks.size() == 1);
}

TEST_CASE("The year of dates comes from the caller, the title, the date of issue or the number") {
    const std::string body = "1.检查。6月底前完成。(市公安局负责)";
    const auto date = [](const std::string& text, std::optional<int> year = std::nullopt) {
        ParseOptions options;
        options.year = year;
        const PlanText plan = parse_plan(text, options);
        return plan.tasks.at(0).deadlines.at(0).date;
    };
    CHECK(date(body) == "--06-30");
    CHECK(date(body, 2021) == "2021-06-30");
    CHECK(date("某市2023年安全生产工作要点\n" + body) == "2023-06-30");
    CHECK(date("某市安全生产三年行动方案(2024—2026年)\n" + body) == "--06-30");
    CHECK(date("某市安全生产工作要点\n2022年3月1日\n" + body) == "2022-06-30");
    CHECK(date("某安办〔2020〕5号\n某市安全生产工作要点\n" + body) == "2020-06-30");
    CHECK(date("某市2024年安全生产工作要点\n1.检查。2月底前完成。(市公安局负责)") == "2024-02-29");
    CHECK_THROWS_AS(date(body, 1066), InputError);
}

TEST_CASE("What print leaves out is restored beside it, each with its rule") {
    const PlanText plan = parse_plan(
        "东山经济开发区管委会,各县(市、区)人民政府,西湖新区、南岭风景名胜区管委会:\n"
        "某市2023年工作要点\n"
        "1.甲。(省科技厅、工业和信息化厅按职责分工负责,市、县人民政府落实)\n"
        "2.乙。(责任单位:各县(区)党委、政府,北港经开区、滨海新区工管委)\n"
        "3.丙。(市公安局牵头,“三区”管委会落实)\n");
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> resolved;
    for (const Task& task : plan.tasks)
        for (const UnitMention& unit : task.units)
            for (const Resolved& one : unit.resolved)
                resolved[unit.name].emplace_back(one.name, one.rule);
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(resolved["工业和信息化厅"] == Pairs{{"省工业和信息化厅", "level"}});
    CHECK(resolved["市、县人民政府"] == Pairs{{"市人民政府", "levels"}, {"县人民政府", "levels"}});
    CHECK(resolved["各县(区)党委、政府"] == Pairs{{"各县(区)党委", "party_and_government"},
                                                  {"各县(区)政府", "party_and_government"}});
    CHECK(resolved["北港经开区"] ==
          Pairs{{"北港经开区工委", "shared_head"}, {"北港经开区管委会", "shared_head"}});
    CHECK(resolved["滨海新区工管委"] ==
          Pairs{{"滨海新区工委", "working_committee"}, {"滨海新区管委会", "working_committee"}});
    CHECK(resolved["“三区”管委会"] == Pairs{{"东山经济开发区管委会", "addressees"},
                                            {"西湖新区管委会", "addressees"},
                                            {"南岭风景名胜区管委会", "addressees"}});
    CHECK(resolved.count("市公安局") == 0);
}

TEST_CASE("What cannot be read is an issue") {
    const auto codes = [](const char* text) {
        const PlanText plan = parse_plan(text);
        std::vector<std::string> all;
        for (std::size_t i = 0; i < plan.issues.size(); ++i)
            all.emplace_back(plan.issues.code(i));
        return all;
    };
    CHECK(codes("今天天气很好。") == std::vector<std::string>{"plan.no_tasks"});
    CHECK(codes("某市2023年工作要点\n1.甲。\n3.乙。\n") ==
          std::vector<std::string>{"plan.number_missing"});
    CHECK(codes("某市2023年工作要点\n1.甲。\n2.乙。\n2.丙。\n") ==
          std::vector<std::string>{"plan.number_repeated"});
    CHECK(codes("1.甲。6月底前完成。\n2.乙。\n") == std::vector<std::string>{"plan.year_unknown"});
    CHECK(codes("某市2023年工作要点\n1.甲\xff。\n2.乙。\n") ==
          std::vector<std::string>{"plan.bad_characters"});
}

namespace {

// Tasks as "no role unit, … | deadlines | cadences".
std::vector<std::string> said(const std::string& text) {
    std::vector<std::string> all;
    for (const Task& task : parse_plan("某县2026年安全生产工作要点\n" + text).tasks) {
        std::string line = task.no;
        for (const UnitMention& unit : task.units)
            line += " " + std::string(to_string(unit.role)) + ":" + unit.name;
        for (const Deadline& one : task.deadlines)
            line += " by " + one.date;
        for (const Frequency& one : task.frequencies)
            line += " every " + one.cadence;
        all.push_back(line);
    }
    return all;
}
using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("A date or cadence without a label in a labelled clause is no unit") {
    CHECK(said("1.燃气。（牵头单位：县住建局；配合单位：县城管局；2026年6月30日前完成）\n"
               "2.消防。（责任单位：县消防大队，2026年12月）\n"
               "3.渔船。（责任单位：县农业农村局，每月1次）\n"
               "4.矿山。（责任单位：县应急局，长期坚持）\n"
               "5.校车。（责任单位：县教育局，6月25日前、12月25日前；配合单位：县公安局）\n") ==
          Said{"1 lead:县住建局 assist:县城管局 by 2026-06-30",
               "2 responsible:县消防大队 by 2026-12-31", "3 responsible:县农业农村局 every P1M",
               "4 responsible:县应急局",
               "5 responsible:县教育局 assist:县公安局 by 2026-06-25 by 2026-12-25"});
}

TEST_CASE("A plan issued before its year has deadlines of the year before") {
    const auto dates = [](const char* issued, const char* text) {
        std::vector<std::string> all;
        for (const Task& task : parse_plan(std::string("某县安全生产委员会\n") + issued +
                                           "\n某县2026年安全生产工作要点\n" + text)
                                    .tasks)
            for (const Deadline& one : task.deadlines)
                all.push_back(one.date);
        return all;
    };
    const char* text =
        "1.校车。2025年12月31日前完成部署，2026年3月底前完成。（县教育局牵头）\n"
        "2.矿山。2025年12月5日前报送方案。（县应急局牵头）\n";
    CHECK(dates("2025年12月10日", text) == Said{"2025-12-31", "2026-03-31"});
    CHECK(dates("2025年12月1日", text) == Said{"2025-12-31", "2026-03-31", "2025-12-05"});
    CHECK(dates("2026年1月5日", text) == Said{"2026-03-31"});
    // In a column of dates by when there is nothing else.
    CHECK(said("任务\t责任单位\t完成时限\n渔船\t县农业农村局\t2025年12月底\n") ==
          Said{" responsible:县农业农村局 by 2025-12-31"});
}

TEST_CASE("A table behind the items is not below the last of them") {
    const std::string items =
        "1.校车整治。\n牵头单位：县教育局\n配合单位：县公安局\n完成时限：6月底前\n"
        "2.燃气整治。\n牵头单位：县住建局\n完成时限：9月底前\n";
    const std::string table = "任务\t责任单位\t时限\n渔船\t县农业农村局\t12月底\n合计\t4项\t\n";
    const Said expected{"1 lead:县教育局 assist:县公安局 by 2026-06-30",
                        "2 lead:县住建局 by 2026-09-30", " responsible:县农业农村局 by 2026-12-31"};
    CHECK(said(items + "附件：重点任务表\n" + table) == expected);
    CHECK(said(items + "重点任务表\n" + table) == expected);
    CHECK(said(items + table) == expected);
}

TEST_CASE("Items inside a line are found behind a gap, and behind the thousandth") {
    const PlanText plan = parse_plan(
        "某县2026年安全生产工作要点 1.排查燃气。（县住建局牵头）"
        "2.排查消防。（县消防救援大队牵头）4.排查矿山。（县应急局牵头）"
        "5.排查校车。（县教体局牵头）");
    CHECK(plan.title == "某县2026年安全生产工作要点");
    REQUIRE(plan.tasks.size() == 4);
    CHECK(plan.tasks[1].units.size() == 1);
    CHECK(plan.tasks[2].no == "4");
    REQUIRE(plan.issues.size() == 1);
    CHECK(plan.issues.code(0) == "plan.number_missing");
    CHECK(parse_plan("某县2026年要点 1.甲。（县应急局牵头）3.乙。（县公安局牵头）").tasks.size() ==
          2);

    std::string many;
    for (int i = 1; i <= 1002; ++i)
        many += std::to_string(i) + ".甲。（县应急局牵头）\n";
    CHECK(parse_plan(many).tasks.size() == 1002);
    CHECK(said("1.甲。（县应急局牵头）\n2026.乙。（县公安局牵头）\n").size() == 1);
}

TEST_CASE("Roles in brackets behind names are read, and names without a role are asked") {
    CHECK(said("1.电动车。（市应急局（牵头）、市工信局（配合））\n"
               "2.校车。（市教育局（牵头），市公安局（配合））\n") ==
          Said{"1 lead:市应急局 assist:市工信局", "2 lead:市教育局 assist:市公安局"});
    CHECK(said("1.渔港。（市应急局（牵头）、市公安局（配合）；6月底前；每月1次）\n") ==
          Said{"1 lead:市应急局 assist:市公安局 by 2026-06-30 every P1M"});
    CHECK(said("任务\t责任单位\n矿山\t市市场监管局、市消防救援支队（共同牵头）\n") ==
          Said{" lead:市市场监管局 lead:市消防救援支队"});
    const auto unread = [](const char* text) {
        const PlanText plan = parse_plan(text);
        std::vector<std::string> all;
        for (std::size_t i = 0; i < plan.issues.size(); ++i)
            if (plan.issues.code(i) == "plan.clause_unread")
                all.emplace_back(plan.issues.at(i).value);
        return all;
    };
    CHECK(unread("1.渔船。（市应急局、市公安局）\n") == Said{"市应急局、市公安局"});
    CHECK(unread("1.成立专班（市应急局、市公安局），开展排查。（市应急局牵头）\n").empty());
}

TEST_CASE("Names end where blanks, labels and brackets say so") {
    CHECK(said("1.宣传，市委宣传部主办，市广电台协办。\n"
               "2.渔港。责任单位：市农业农村局 市海事处  完成时限 长期\n"
               "3.渔民。（市农业农村局牵头  市海事处、市公安局配合）\n"
               "4.消防。责任单位：各乡镇（街道）、经开区（下同）\n"
               "5.渔船。完成时限：2026年6月30日（市农业农村局牵头）\n"
               "6.矿山。责任单位：县应急局 完成时间 6月底前\n") ==
          Said{"1 lead:市委宣传部 assist:市广电台",
               "2 responsible:市农业农村局 responsible:市海事处",
               "3 lead:市农业农村局 assist:市海事处 assist:市公安局",
               "4 responsible:各乡镇(街道) responsible:经开区", "5 lead:市农业农村局 by 2026-06-30",
               "6 responsible:县应急局 by 2026-06-30"});
}

TEST_CASE("Targets are what is done to so many") {
    const auto targets = [](const char* text) {
        std::vector<std::string> all;
        for (const Task& task : parse_plan(text).tasks)
            for (const Target& one : task.targets) {
                std::ostringstream line;
                line << one.text << " " << one.op << " " << one.value << " " << one.unit;
                all.push_back(line.str());
            }
        return all;
    };
    CHECK(targets("1.关闭矿山5家，更新管网50公里，培训5000人次，检查不少于三百家，"
                  "宣传不少于1.2万人次，投入≥3000万元，合格率≥98.5％，达到一千二百户。\n") ==
          Said{"关闭矿山5家 = 5 家", "更新管网50公里 = 50 公里", "培训5000人次 = 5000 人次",
               "不少于三百家 >= 300 家", "不少于1.2万人次 >= 12000 人次", "≥3000万元 >= 3000 万元",
               "≥98.5% >= 98.5 %", "达到一千二百户 >= 1200 户"});
    CHECK(
        targets("1.完成320家企业、15个园区、20座水库体检，事故起数下降不少于5%，覆盖率不低于九成，"
                "整改率达百分之百，关闭10家以上矿山。\n") ==
        Said{"完成320家 = 320 家", "15个 = 15 个", "20座 = 20 座", "下降不少于5% - 5 %",
             "不低于九成 >= 90 %", "达百分之百 >= 100 %", "10家以上 >= 10 家"});
    // What something is like is none.
    CHECK(targets("1.淘汰57座以上大客车。\n2.对30米以上高层建筑、100平方米以上场所开展检查。\n"
                  "3.对规模以上企业（年产值2000万元以上）检查。\n4.召开百人以上大会。\n")
              .empty());
    // What was, how often, and to whom are no targets.
    CHECK(targets("1.已关闭矿山3家，每月检查2次，对12家企业检查，2026年完成一项。\n").empty());
}

TEST_CASE("What is mended where it is read is among the repairs") {
    const PlanText plan = parse_plan("1.矿山。2026年425日前完成。（市市市场监管局牵头）\n");
    REQUIRE(plan.repairs.size() == 2);
    CHECK(plan.repairs[0].rule == "date.sign");
    CHECK(plan.repairs[0].before == "2026年425日");
    CHECK(plan.repairs[0].after == "2026年4月25日");
    CHECK(plan.repairs[0].span == Span{5, 14});
    CHECK(plan.repairs[1].rule == "unit.name");
    CHECK(plan.repairs[1].before == "市市市场监管局");
    CHECK(plan.repairs[1].after == "市市场监管局");
}

// The documents are not part of the repository.
TEST_CASE("Real plans have the items that a person counts") {
    const std::filesystem::path folder = SAFETYRISK_SOURCE_DIR "/../shared/data/plans";
    if (!std::filesystem::exists(folder)) {
        WARN("the folder of real plans is not there; nothing is checked");
        return;
    }
    const auto counts = [&](const char* name) {
        std::map<std::string, int> groups;
        for (const Task& task : parse_plan(read_file(folder / name)).tasks)
            ++groups[task.group];
        return groups;
    };
    using Counts = std::map<std::string, int>;
    CHECK(counts("county_2025_eight_actions.txt") == Counts{{"task", 41}});
    CHECK(counts("fengtai_2024_2026.txt") == Counts{{"phase", 4}, {"safeguard", 4}, {"task", 25}});
    CHECK(counts("nantong_etdz_2018.txt") == Counts{{"safeguard", 4}, {"task", 25}});
    CHECK(counts("yichun_2023.txt") == Counts{{"task", 36}});

    // Who leads, by the census of the 36 items.
    std::map<std::string, std::vector<int>> leads;
    for (const Task& task : parse_plan(read_file(folder / "yichun_2023.txt")).tasks) {
        int lead = 0, organize = 0;
        for (const UnitMention& unit : task.units) {
            lead += unit.role == Role::lead ? 1 : 0;
            organize += unit.role == Role::organize ? 1 : 0;
        }
        leads[lead == 1      ? "one"
              : lead > 1     ? "several"
              : organize > 0 ? "organiser"
                             : "nobody"]
            .push_back(std::stoi(task.no));
    }
    CHECK(leads["one"].size() == 19);
    CHECK(leads["several"] == std::vector<int>{1, 3, 8, 13, 29});
    CHECK(leads["organiser"] == std::vector<int>{2, 5, 6, 9, 10, 11, 12, 32});
    CHECK(leads["nobody"] == std::vector<int>{7, 16, 31, 33});
}

// Which roles the clauses have, in the order in which they stand.
TEST_CASE("The clauses of the real plan of 36 items have the patterns that a person counts") {
    const std::filesystem::path folder = SAFETYRISK_SOURCE_DIR "/../shared/data/plans";
    if (!std::filesystem::exists(folder)) {
        WARN("the folder of real plans is not there; nothing is checked");
        return;
    }
    const auto has = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    std::map<std::string, std::vector<int>> patterns;
    std::map<std::string, std::size_t> implementers;
    std::size_t by_committee = 0, committees = 0;
    for (const Task& task : parse_plan(read_file(folder / "yichun_2023.txt")).tasks) {
        std::string roles;
        bool county = false, zones = false, committee = false;
        for (const UnitMention& unit : task.units) {
            const std::string role(to_string(unit.role));
            if (!has(roles, role.c_str())) roles += (roles.empty() ? "" : " ") + role;
            const bool implement = unit.role == Role::implement;
            county = county || (implement && has(unit.name, "各县"));
            zones = zones || (implement && has(unit.name, "三区"));
            if (implement && has(unit.name, "丰城")) ++implementers["丰城 in " + task.no];
            committee =
                committee || ((unit.role == Role::lead || unit.role == Role::organize) &&
                              (has(unit.name, "安委") || has(unit.name, "专委会") ||
                               has(unit.name, "专业委员会") || has(unit.name, "安全生产委员会")));
            // Of the clauses with 牵头组织开展 all but one are led by a committee of a sector.
            if (unit.role == Role::lead && has(unit.name, "市安委会") && !has(unit.name, "办公室"))
                ++by_committee;
        }
        patterns[roles].push_back(std::stoi(task.no));
        implementers["county"] += county ? 1U : 0U;
        implementers["zones"] += zones ? 1U : 0U;
        implementers["nobody"] += has(roles, "implement") ? 0U : 1U;
        committees += committee ? 1U : 0U;
    }
    using Items = std::vector<int>;
    CHECK(patterns["lead share implement"] ==
          Items{14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28});            // P1
    CHECK(by_committee == 13);                                                       // of P1
    CHECK(patterns["lead joint implement"] == Items{1, 3, 13, 29, 30, 34, 35, 36});  // P2
    CHECK(patterns["organize lead joint implement"] == Items{4, 8});                 // P3
    CHECK(patterns["organize share implement"] == Items{5, 9});                      // P4
    CHECK(patterns["organize supervise implement"] == Items{6, 10, 11, 12});         // P5
    CHECK(patterns["organize implement"] == Items{2});                               // P6
    CHECK(patterns["share implement"] == Items{7, 16, 33});                          // P7
    CHECK(patterns["share"] == Items{31});                                           // P8
    CHECK(patterns["organize share"] == Items{32});                                  // P9
    CHECK(patterns.size() == 9);  // P10 to P14 are of other plans
    CHECK(implementers["county"] == 33);
    CHECK(implementers["zones"] == 32);
    CHECK(implementers["丰城 in 14"] == 1);
    CHECK(implementers["nobody"] == 2);
    CHECK(committees == 28);
}

// The 57 items of a plan that is not at hand, by its census: A、B牵头, A会同有关部门, 责任单位 with
// one unit, with several, with a collective; of 51 labelled clauses 28 lack a bracket.
TEST_CASE("Clauses of a plan of 57 items have the patterns they were written with") {
    const std::set<int> joint{2, 4, 5, 6, 8};
    const std::set<int> single{3, 7, 17, 27, 31, 32, 34, 44, 45, 46, 49, 52, 54, 55, 56, 57};
    const std::set<int> collective{9, 12, 13, 16, 20, 21, 25, 35, 36, 40, 48, 51};
    std::string text = "清源市2021年安全生产工作要点\n";
    int labelled = 0;
    for (int i = 1; i <= 57; ++i) {
        text += std::to_string(i) + ".加强第" + std::to_string(i) +
                "类场所安全管理。紧盯重点环节，压实各方责任，防范化解风险。";
        const std::string below = i == 35 || i == 36 ? "" : ",各县(区)党委、政府";
        if (i == 1) {
            text += "(市安委办、市委组织部牵头,各有关部门分工负责)\n";
            continue;
        }
        if (joint.count(i) > 0) {
            text +=
                std::string("(市安委办会同有关部门") + (i % 4 == 0 ? "分工负责" : "负责") + ")\n";
            continue;
        }
        const bool alone = single.count(i) > 0;
        const std::string units = alone                     ? "市应急管理局"
                                  : collective.count(i) > 0 ? "各行业领域主管部门"
                                                            : "市公安局、交通运输局、住建局";
        // 23 whole, 9 without an end, 17 bare, 2 with an end alone.
        const bool open = labelled < 32, closed = labelled < 23 || labelled >= 49;
        ++labelled;
        text += std::string(open ? "(" : "") + "责任单位:" + (i == 40 ? "市安委办、" : "") + units +
                below + (closed ? ")" : "") + "\n";
    }
    REQUIRE(labelled == 51);
    std::map<std::string, std::vector<int>> patterns;
    int counties = 0;
    const PlanText plan = parse_plan(text);
    REQUIRE(plan.tasks.size() == 57);
    for (const Task& task : plan.tasks) {
        std::string roles;
        bool first = true, whole = false;
        int own = 0;
        for (const UnitMention& unit : task.units) {
            const std::string role(to_string(unit.role));
            if (unit.role != Role::responsible) {
                roles += (first ? "" : " ") + role;
                first = false;
            } else if (unit.name == "各县(区)党委、政府") {
                ++counties;
            } else {
                whole = whole || unit.name == "各行业领域主管部门";
                ++own;
            }
        }
        if (own > 0) roles = whole ? "collective" : own == 1 ? "single" : "several";
        patterns[roles].push_back(std::stoi(task.no));
    }
    CHECK(patterns["lead lead share"] == std::vector<int>{1});                      // P10
    CHECK(patterns["lead joint"] == std::vector<int>(joint.begin(), joint.end()));  // P11
    CHECK(patterns["single"] == std::vector<int>(single.begin(), single.end()));    // P12
    CHECK(patterns["several"].size() == 23);                                        // P13
    CHECK(patterns["collective"] ==                                                 // P14
          std::vector<int>(collective.begin(), collective.end()));
    CHECK(patterns.size() == 5);
    CHECK(counties == 49);
}

TEST_CASE("A title ends before the clause that stands behind it") {
    const PlanText plan = parse_plan(
        "清源县2024年重点任务\n1.排查危房（县住建局牵头；完成时限：6月底前）\n2."
        "排查燃气，完成时限：9月底前\n"
        "3.整治隐患（县应急局、县住建局）\n4.推进“一件事”（燃气）全链条整治。（县住建局牵头）\n");
    std::vector<std::string> titles;
    for (const Task& task : plan.tasks)
        titles.push_back(task.title);
    CHECK(titles == std::vector<std::string>{"排查危房", "排查燃气", "整治隐患",
                                             "推进“一件事”(燃气)全链条整治"});
}

TEST_CASE("How many times in each period is read beside the period") {
    const auto times = [](const char* sentence) {
        const PlanText plan =
            parse_plan("清源县2024年重点任务\n1." + std::string(sentence) + "（县应急局牵头）\n");
        std::vector<std::string> out;
        for (const Frequency& one : plan.tasks.at(0).frequencies)
            out.push_back(one.cadence + one.op + std::to_string(static_cast<int>(one.count)));
        return out;
    };
    using Times = std::vector<std::string>;
    CHECK(times("每季度至少检查2次。") == Times{"P3M>=2"});
    CHECK(times("至少每半年组织一次演练。") == Times{"P6M>=1"});
    CHECK(times("每年组织2轮次检查。") == Times{"P1Y=2"});
    CHECK(times("检查不少于3次/月。") == Times{"P1M>=3"});
    CHECK(times("每年开展演练，不少于两次，每月通报。") == Times{"P1Y>=2", "P1M1"});
    CHECK(times("每季度检查1次以上。") == Times{"P3M>=1"});
    CHECK(times("每周最多停工2次。") == Times{"P1W<=2"});
    CHECK(times("每年两次检查。") == Times{"P1Y=2"});
    CHECK(times("每月召开第2次例会。") == Times{"P1M1"});
    CHECK(times("每月通报。每月通报不少于2次。") == Times{"P1M>=2"});
}

TEST_CASE("A head that stands again between rows cell by cell is none of them") {
    const std::string head = "序号\n重点任务\n牵头单位\n完成时限\n";
    const PlanText plan = parse_plan(
        "清源县2024年安全生产任务分解表\n一、危险化学品\n" + head +
        "1\n督导重大危险源\n县应急局\n6月底前\n2\n排查油气管道\n县发改局\n9月底前\n二、城镇燃气\n" +
        head + "1\n更换波纹管\n县住建局\n10月底前\n2\n加装报警装置\n县住建局\n长期坚持\n");
    std::vector<std::string> told;
    for (const Task& task : plan.tasks)
        told.push_back(task.section + " " + task.no + " " + task.title + " " +
                       task.units.at(0).name);
    CHECK(told == std::vector<std::string>{
                      "危险化学品 1 督导重大危险源 县应急局", "危险化学品 2 排查油气管道 县发改局",
                      "城镇燃气 1 更换波纹管 县住建局", "城镇燃气 2 加装报警装置 县住建局"});
}

TEST_CASE("A label whose colon was lost is none of a name") {
    const Said both{"1 lead:县应急局 assist:县公安局"};
    for (const char* text : {"1.抓好甲类企业整治（牵头单位县应急局 配合单位县公安局）",
                             "1.抓好甲类企业整治（牵头单位县应急局，配合单位县公安局）",
                             "1.抓好甲类企业整治（牵头县应急局 配合县公安局）",
                             "1.抓好甲类企业整治。牵头单位县应急局  配合单位县公安局",
                             "1.抓好甲类企业整治。牵头单位：县应急局配合单位县公安局"}) {
        CAPTURE(text);
        CHECK(said(text) == both);
    }
    for (const char* text :
         {"1.开展排查。责任单位县教育局、县卫健局", "1.开展排查。责任单位 县教育局、县卫健局。"}) {
        CAPTURE(text);
        CHECK(said(text) == Said{"1 responsible:县教育局 responsible:县卫健局"});
    }
    // Dates stay dates, and words that follow stay the task's.
    CHECK(said("1.开展排查（责任单位县应急局，完成时限6月底前）") ==
          Said{"1 responsible:县应急局 by 2026-06-30"});
    CHECK(said("1.开展排查。责任单位县教育局，对校园逐一检查。") == Said{"1 responsible:县教育局"});
    // What only speaks of such units assigns nothing.
    for (const char* text :
         {"1.落实责任单位县教育局的要求，开展检查。", "1.督促检查。责任单位和责任人从严追责。"}) {
        CAPTURE(text);
        CHECK(said(text) == Said{"1"});
    }
}

TEST_CASE("A clause without its colon that cannot be read, and units beside a label, are asked") {
    for (const char* text :
         {"1.开展排查。（县应急局，完成时限：6月底）", "1.开展排查。责任单位县应急局、甲乙丙"}) {
        CAPTURE(text);
        const PlanText plan = parse_plan(text);
        REQUIRE(plan.tasks.size() == 1);
        CHECK(plan.tasks[0].units.empty());
        std::size_t asked = 0;
        for (std::size_t i = 0; i < plan.issues.size(); ++i)
            asked += plan.issues.at(i).code == "plan.clause_unread" ? 1U : 0U;
        CHECK(asked == 1);
    }
}

TEST_CASE("A plan was issued when its signature or its head says, and by no deadline") {
    const auto issued = [](const std::string& text) {
        const PlanText plan = parse_plan(text);
        return (plan.issued ? plan.issued->text() : std::string("none")) + " " + plan.issuer;
    };
    const std::string head = "某县2025年安全生产工作要点\n";
    const std::string items = "1.抓甲。（县应急局负责）\n2.抓乙。（县公安局负责）\n";
    // Deadlines.
    CHECK(issued(head + "序号\t任务\t责任单位\t完成时限\n1\t抓甲\t县住建局\t2025.6.30\n"
                        "2\t抓乙\t县应急局\t2025.10.31\n") == "none ");
    CHECK(issued(head + "序号\t任务\t责任单位\t完成时限\n"
                        "1\t抓甲\t县住建局\t2025年10月31日\n") == "none ");
    CHECK(issued(head + "1.抓甲。\n责任单位：县应急局\n完成时限：2025年9月30日\n") == "none ");
    CHECK(issued(head + "1.抓甲。（县应急局负责）\n2.抓乙，完成于2025年10月31日\n") == "none ");
    // The head, and what frames a page.
    CHECK(issued(head + "（2025年2月18日）\n" + items) == "2025-02-18 ");
    CHECK(issued("某县2025年安全生产工作要点（2025年2月18日）\n" + items) == "2025-02-18 ");
    CHECK(issued(head + "印发日期：2025年2月18日\n" + items) == "2025-02-18 ");
    CHECK(issued(head + "发布时间：2025-02-18 来源：县应急局\n" + items) == "2025-02-18 ");
    // The signature, which is nothing of the last task.
    for (const char* tail :
         {"\n某县安全生产委员会\n2025年2月18日\n", "某县安全生产委员会  2025年2月18日\n",
          "某县安全生产委员会\n二〇二五年二月十八日\n（此件公开发布）\n"}) {
        CAPTURE(tail);
        CHECK(issued(head + items + tail) == "2025-02-18 某县安全生产委员会");
        const PlanText plan = parse_plan(head + items + tail);
        REQUIRE(plan.tasks.size() == 2);
        CHECK(plan.tasks[1].text == "抓乙。(县公安局负责)");
    }
}

TEST_CASE("Opinions and lists of main work are titles, and no bracket of a title stays open") {
    for (const char* title : {"某县关于加强安全生产工作的实施意见",
                              "关于做好2023年安全生产工作的意见", "某县2023年安全生产重点工作"}) {
        CAPTURE(title);
        CHECK(parse_plan(std::string(title) + "\n1.抓甲。（县应急局负责）\n").title == title);
    }
    const PlanText plan = parse_plan("1.培训(县人社局负责;县总工会配合,6月底前完成\n");
    REQUIRE(plan.tasks.size() == 1);
    CHECK(plan.tasks[0].title == "培训");
}

TEST_CASE("Clauses that assign by themselves are tasks, with no deadline of another") {
    CHECK(said("1.抓好治理。一是建台账，由县应急局牵头，6月底前完成；二是抓整改，由县公安局牵头，"
               "9月底前完成；三是加强宣传。\n2.抓乙。（县水利局负责）\n") ==
          Said{" lead:县应急局 by 2026-06-30", " lead:县公安局 by 2026-09-30", "",
               "2 responsible:县水利局"});
    // What the head says itself is not lost.
    CHECK(
        said(
            "1."
            "抓好治理，11月底前完成。一是建台账，由县应急局牵头；二是抓整改，由县公安局牵头。\n") ==
        Said{"1 by 2026-11-30", " lead:县应急局", " lead:县公安局"});
    // One clause for all.
    CHECK(said("1.抓好治理。一是建台账；二是抓整改。（县应急局牵头，6月底前）\n") ==
          Said{"1 lead:县应急局 by 2026-06-30"});
    // Where nothing marks them, somebody should look.
    const auto asked = [](const char* text) {
        const PlanText plan = parse_plan(text);
        std::size_t found = 0;
        for (std::size_t i = 0; i < plan.issues.size(); ++i)
            found += plan.issues.at(i).code == "plan.assignments_together" ? 1U : 0U;
        return found;
    };
    CHECK(asked("1.开展督查。第一组由县应急局牵头，6月底前完成；第二组由县公安局牵头，"
                "9月底前完成。\n") == 1);
    CHECK(asked("1.开展督查。县应急局牵头，6月底前完成部署，9月底前完成整改。\n") == 0);
}

TEST_CASE("Parts of a sentence that assign a matter each are tasks of that matter") {
    const std::string head = "某县2026年行动方案\n\n";
    const PlanText plan =
        parse_plan(head +
                   "任务分工如下：校车专项由县教育局牵头，县公安局配合，6月底前完成；渡口专项，"
                   "县交通局负责，每周检查1次。其余工作照常。\n");
    REQUIRE(plan.tasks.size() == 2);
    CHECK(plan.tasks[0].title == "校车专项");
    CHECK(plan.tasks[0].text == "校车专项由县教育局牵头,县公安局配合,6月底前完成");
    CHECK(plan.tasks[1].title == "渡口专项");
    CHECK(said(head + "校车专项由县教育局牵头，6月底前完成；渡口专项由县交通局负责。\n") ==
          Said{" lead:县教育局 by 2026-06-30", " responsible:县交通局"});
    // Whom the parts begin with is no matter: one task, as it stands.
    CHECK(said(head + "县教育局牵头开展检查；县交通局负责渡口。\n").size() == 1);
    // Nor is a clause for all that stands behind them.
    CHECK(said(head + "排查校车；检查渡口。（县应急局牵头，县交通局配合）\n").size() == 1);
}

TEST_CASE("Whom a unit joins, and both levels of a government, are read as printed") {
    CHECK(said("1.甲。（县应急局牵头，联合县公安局、县交通局，各乡镇落实）\n") ==
          Said{"1 lead:县应急局 joint:县公安局 joint:县交通局 implement:各乡镇"});
    CHECK(said("1.甲。（市应急局会市公安局、市交通局联合发文）\n") ==
          Said{"1 lead:市应急局 joint:市公安局 joint:市交通局"});
    CHECK(said("1.甲。（市安委会各成员单位落实）\n") == Said{"1 implement:市安委会各成员单位"});
    CHECK(said("1.甲。（县应急局主抓，县教育局协抓）\n") ==
          Said{"1 lead:县应急局 assist:县教育局"});
    CHECK(said("1.甲。（县（区）、乡镇（街道）两级政府落实）\n") ==
          Said{"1 implement:县(区)、乡镇(街道)两级政府"});
    CHECK(said("1.甲。（各乡镇（街道）、县安委会成员单位落实）\n") ==
          Said{"1 implement:各乡镇(街道) implement:县安委会成员单位"});
}

TEST_CASE("Blanks between the digits of a day part nothing") {
    CHECK(said("1.甲。2026 年 1 0 月 3 1 日前完成。（县应急局负责）\n") ==
          Said{"1 responsible:县应急局 by 2026-10-31"});
}
