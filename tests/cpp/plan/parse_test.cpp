#include <safetyrisk/plan/plan.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
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
            CHECK(lies_in(unit.name, all, unit.span));
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
    for (const char* folder : {"written_with", "unseen", "unseen_second", "unseen_third"})
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
    CHECK(read == 187);
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
