#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace safetyrisk::region {
namespace {

std::string_view colour_word(Grade grade, Lang lang) {
    constexpr std::string_view zh[] = {"蓝色", "黄色", "橙色", "红色"};
    return lang == Lang::en ? to_string(grade) : zh[static_cast<std::size_t>(grade) - 1];
}

std::int64_t minimum(const CountThreshold& line, Grade grade) {
    switch (grade) {
        case Grade::red:
            return line.red;
        case Grade::orange:
            return line.orange;
        case Grade::yellow:
            return line.yellow;
        case Grade::blue:
            return line.blue;
    }
    return 0;
}

std::string print(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

std::optional<Grade> GradeCounts::worst() const {
    if (red > 0) return Grade::red;
    if (orange > 0) return Grade::orange;
    if (yellow > 0) return Grade::yellow;
    if (blue > 0) return Grade::blue;
    return std::nullopt;
}

Rule Rule::worst() {
    return {};
}

Rule Rule::count(std::vector<CountThreshold> lines) {
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const std::string place = "count rule, line " + std::to_string(k);
        bool asks = false;
        for (const Grade grade : all_grades) {
            if (minimum(lines[k], grade) < 0)
                throw InputError(place + ": the minimum of " + std::string(to_string(grade)) +
                                 " is " + print(minimum(lines[k], grade)) +
                                 "; a number of points is not negative");
            asks = asks || minimum(lines[k], grade) > 0;
        }
        if (!asks) throw InputError(place + " asks for no point; for 'all others' write blue >= 1");
        if (k > 0 && lines[k].grade > lines[k - 1].grade)
            throw InputError(place + " gives " + std::string(to_string(lines[k].grade)) +
                             " after " + std::string(to_string(lines[k - 1].grade)) +
                             "; lines run from the gravest grade to the mildest");
    }
    Rule rule;
    rule.counting_ = true;
    rule.lines_ = std::move(lines);
    return rule;
}

std::optional<Grade> Rule::grade(const GradeCounts& counts) const {
    if (!counting_) return counts.worst();
    const std::int64_t orange = counts.red + counts.orange;
    const std::int64_t yellow = orange + counts.yellow;
    const std::int64_t blue = yellow + counts.blue;
    for (const CountThreshold& line : lines_)
        if (counts.red >= line.red && orange >= line.orange && yellow >= line.yellow &&
            blue >= line.blue)
            return line.grade;
    return std::nullopt;
}

std::string Rule::id() const {
    if (!counting_) return "worst";
    std::string out = "count";
    for (std::size_t k = 0; k < lines_.size(); ++k) {
        out += k == 0 ? "(" : "; ";
        out += to_string(lines_[k].grade);
        std::string_view before = ": ";
        for (const Grade grade : all_grades) {
            const std::int64_t least = minimum(lines_[k], grade);
            if (least == 0) continue;
            ((out += before) += to_string(grade)) += ">=" + print(least);
            before = ", ";
        }
    }
    return lines_.empty() ? out : out + ")";
}

std::string Rule::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    if (!counting_)
        return zh ? "取最高：区域等级取区内风险点的最高等级"
                  : "worst: the grade of the gravest point";
    if (lines_.empty())
        return zh ? "计数：只统计各级风险点数量，未给定阈值，不定级"
                  : "count: points are counted by grade; without thresholds no grade is given";
    std::string out = zh ? "计数：" : "count: ";
    for (const CountThreshold& line : lines_) {
        (out += colour_word(line.grade, lang)) += zh ? "——" : " with ";
        std::string_view before;
        for (const Grade grade : all_grades) {
            const std::int64_t least = minimum(line, grade);
            if (least == 0) continue;
            out += before;
            if (zh) {
                ((out += word(grade)) += grade == Grade::red ? "" : "及以上") +=
                    "不少于 " + print(least) + " 个";
                before = "且";
            } else {
                ((out += "at least " + print(least) + " of ") += word(grade, Lang::en)) +=
                    grade == Grade::red ? "" : " or graver";
                before = " and ";
            }
        }
        out += zh ? "；" : "; ";
    }
    return out + (zh ? "依次取首个满足者，均不满足的不定级"
                     : "the first that is met; no grade when none is");
}

}  // namespace safetyrisk::region
