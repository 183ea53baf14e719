#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <cmath>
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

__extension__ typedef __int128 Int128;

// Weights and indices are whole numbers of millionths.
constexpr double millionth = 1e6;
constexpr double largest_weight = 1e6;

std::int64_t millionths(double value) {
    return static_cast<std::int64_t>(std::nearbyint(value * millionth));
}

void check_decimal(double value, const std::string& what) {
    if (!(value >= 0.0) || value > largest_weight ||
        static_cast<double>(millionths(value)) / millionth != value)
        throw InputError(what + " is " + print_number(value) +
                         "; it is a decimal from 0 to 1000000 with at most 6 places");
}

double weight(const GradeWeights& weights, Grade grade) {
    switch (grade) {
        case Grade::red:
            return weights.red;
        case Grade::orange:
            return weights.orange;
        case Grade::yellow:
            return weights.yellow;
        case Grade::blue:
            return weights.blue;
    }
    return 0.0;
}

// Σ weight × points in millionths.
Int128 weighted(const GradeWeights& weights, const GradeCounts& counts) {
    return static_cast<Int128>(millionths(weights.red)) * counts.red +
           static_cast<Int128>(millionths(weights.orange)) * counts.orange +
           static_cast<Int128>(millionths(weights.yellow)) * counts.yellow +
           static_cast<Int128>(millionths(weights.blue)) * counts.blue;
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
    rule.kind_ = Kind::count;
    rule.lines_ = std::move(lines);
    return rule;
}

Rule Rule::index(const GradeWeights& weights, IndexPer per, std::vector<IndexThreshold> lines) {
    std::optional<Grade> milder;
    for (const Grade grade : {Grade::blue, Grade::yellow, Grade::orange, Grade::red}) {
        const std::string name(to_string(grade));
        check_decimal(weight(weights, grade), "index rule: the weight of " + name);
        if (milder && weight(weights, grade) < weight(weights, *milder))
            throw InputError("index rule: the weight of " + name + " is below that of " +
                             std::string(to_string(*milder)) +
                             "; a graver point would lower the index");
        milder = grade;
    }
    if (weights.red == 0.0) throw InputError("index rule: all weights are zero");
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const std::string place = "index rule, line " + std::to_string(k);
        check_decimal(lines[k].index, place + ": the index");
        if (k > 0 && (lines[k].grade >= lines[k - 1].grade || lines[k].index >= lines[k - 1].index))
            throw InputError(place + ": lines run from the gravest grade and the highest index " +
                             "downwards, each grade once");
    }
    Rule rule;
    rule.kind_ = Kind::index;
    rule.weights_ = weights;
    rule.per_ = per;
    rule.index_lines_ = std::move(lines);
    return rule;
}

std::optional<double> Rule::index_of(const GradeCounts& counts) const {
    const std::int64_t points = counts.total();
    if (kind_ != Kind::index || points == 0) return std::nullopt;
    const double sum = static_cast<double>(weighted(weights_, counts));
    return sum / (per_ == IndexPer::point ? millionth * static_cast<double>(points) : millionth);
}

std::optional<Grade> Rule::grade(const GradeCounts& counts) const {
    if (kind_ == Kind::worst) return counts.worst();
    if (kind_ == Kind::index) {
        const std::int64_t points = counts.total();
        if (points == 0) return std::nullopt;
        const Int128 sum = weighted(weights_, counts);
        const std::int64_t divisor = per_ == IndexPer::point ? points : 1;
        for (const IndexThreshold& line : index_lines_)
            if (sum >= static_cast<Int128>(millionths(line.index)) * divisor) return line.grade;
        return std::nullopt;
    }
    const std::int64_t orange = counts.red + counts.orange;
    const std::int64_t yellow = orange + counts.yellow;
    const std::int64_t blue = yellow + counts.blue;
    for (const CountThreshold& line : lines_)
        if (counts.red >= line.red && orange >= line.orange && yellow >= line.yellow &&
            blue >= line.blue)
            return line.grade;
    return std::nullopt;
}

std::string Rule::index_id() const {
    std::string out = "index";
    std::string_view before = "(";
    for (const Grade grade : {Grade::red, Grade::orange, Grade::yellow, Grade::blue}) {
        ((out += before) += to_string(grade)) += " " + print_number(weight(weights_, grade));
        before = ", ";
    }
    if (per_ == IndexPer::point) out += " per point";
    for (const IndexThreshold& line : index_lines_)
        ((out += "; ") += to_string(line.grade)) += ">=" + print_number(line.index);
    return out + ")";
}

std::string Rule::index_text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::string out = zh ? "加权指数：" : "index: ";
    std::string_view before;
    for (const Grade grade : {Grade::red, Grade::orange, Grade::yellow, Grade::blue}) {
        ((out += before) += word(grade, lang)) += "×" + print_number(weight(weights_, grade));
        before = " + ";
    }
    if (per_ == IndexPer::point)
        out += zh ? "，除以已评定的风险点数" : ", divided by the graded points";
    out += zh ? "；" : "; ";
    if (index_lines_.empty()) return out + (zh ? "未给定阈值，不定级" : "no thresholds, no grade");
    for (const IndexThreshold& line : index_lines_) {
        const std::string least = print_number(line.index);
        (out += colour_word(line.grade, lang)) +=
            zh ? "——不小于 " + least + "；" : " from " + least + "; ";
    }
    return out +
           (zh ? "依次取首个满足者，均不满足的不定级；权重由使用者给定"
               : "the first that is reached; no grade when none is; the weights are the user's");
}

std::string Rule::id() const {
    if (kind_ == Kind::worst) return "worst";
    if (kind_ == Kind::index) return index_id();
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
    if (kind_ == Kind::index) return index_text(lang);
    if (kind_ == Kind::worst)
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
