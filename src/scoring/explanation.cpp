#include <safetyrisk/scoring/explanation.hpp>

#include <safetyrisk/core/text.hpp>

#include "chain_words.hpp"

namespace safetyrisk::scoring {
namespace {

std::string_view colour(Grade grade, Lang lang) {
    if (lang == Lang::en) return to_string(grade);
    switch (grade) {
        case Grade::red:
            return "红色";
        case Grade::orange:
            return "橙色";
        case Grade::yellow:
            return "黄色";
        case Grade::blue:
            return "蓝色";
    }
    return "";
}

std::string graded_words(Grade grade, Lang lang) {
    const std::string name(word(grade, lang));
    const std::string paint(colour(grade, lang));
    return lang == Lang::zh ? name + "（" + paint + "）" : name + " (" + paint + ")";
}

std::string level_words(const Level& level, Lang lang) {
    if (!printed_label(level.label)) {
        std::string word = level.word.in(lang);
        if (!level.grade) return word;
        const std::string paint(colour(*level.grade, lang));
        return word + (lang == Lang::zh ? "（" + paint + "）" : " (" + paint + ")");
    }
    std::string inside = level.word.in(lang);
    if (level.grade)
        inside += (lang == Lang::zh ? "，" : ", ") + std::string(colour(*level.grade, lang));
    return lang == Lang::zh ? level.label + "（" + inside + "）"
                            : level.label + " (" + inside + ")";
}

}  // namespace

std::string Explanation::text(Lang lang) const {
    return before_id(lang) + id + after_id(lang);
}

std::string Explanation::before_id(Lang lang) const {
    const bool zh = lang == Lang::zh;
    if (scale_kind == ScaleKind::risk || scale_kind == ScaleKind::assurance)
        return zh ? "风险点 " : "Risk point ";
    return zh ? "对象 " : "Object ";
}

std::string Explanation::after_id(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::string out = zh ? "：" : ": ";
    if (grade && steps.empty() && colours.empty())
        out += graded_words(*grade, lang);
    else if (level)
        out += level_words(*level, lang);
    else if (grade)
        out += graded_words(*grade, lang);
    else if (state == RowState::rejected)
        out += zh ? "数据无效，未评定" : "rejected, no grade";
    else
        out += zh ? "缺少条件，未评定" : "not gradable";
    const std::string rest = body(lang);
    return rest.empty() ? out : out + "\n" + rest;
}

std::string Explanation::body(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::string out;
    const auto doubt = [&](const std::string& flag, const std::string& source) {
        std::string text;
        if (!flag.empty()) text += (zh ? "可信度 " : "confidence ") + flag;
        if (!source.empty()) text += (text.empty() ? "" : zh ? "，" : ", ") + source;
        return text.empty() ? text : zh ? "〔" + text + "〕" : " [" + text + "]";
    };
    if (!method.empty())
        out += (zh ? "方法：" : "Method: ") + title.in(lang) + (zh ? "（" : " (") + method +
               (zh ? "，第 " : ", version ") + pack_version +
               (zh ? " 版，可信度 " : ", confidence ") + confidence + (zh ? "）\n" : ")\n");
    for (const ExplainedFactor& factor : factors) {
        const bool chain = !steps.empty();
        if (chain && factor.value.empty() && !factor.needed) continue;
        if (!chain || is_symbol(factor.id)) out += factor.id + " ";
        out += factor.name.in(lang) + " = ";
        const std::string& meaning = factor.meaning.in(lang);
        const bool said = factor.meaning.zh == factor.value || !printed_label(factor.value);
        if (factor.value.empty())
            out += zh ? "未填写" : "missing";
        else if (said && !meaning.empty())
            out += meaning;
        else
            out += factor.value + (factor.unit.empty() ? "" : " " + factor.unit);
        if (!meaning.empty() && !said) out += zh ? "（" + meaning + "）" : " (" + meaning + ")";
        out += doubt(factor.confidence, factor.source) + "\n";
    }
    for (const ExplainedStep& step : steps) {
        const bool symbol = is_symbol(step.id) && step.name.in(lang) != step.id;
        const bool said = !step.meaning.in(lang).empty() && !printed_label(step.value);
        out += step.name.in(lang) + (symbol ? " " + step.id : "") + " = " +
               (step.value.empty() ? (zh ? "无法确定" : "undetermined")
                : said             ? step.meaning.in(lang)
                                   : step.value);
        if (!step.meaning.in(lang).empty() && !said)
            out += zh ? "（" + step.meaning.zh + "）" : " (" + step.meaning.en + ")";
        if (!step.how.zh.empty()) out += (zh ? "：" : ": ") + step.how.in(lang);
        out += doubt(step.confidence, step.source) + "\n";
    }
    if (!formula.empty() || level_by_score || (!steps.empty() && level)) {
        const std::string label =
            level_by_score && formula.empty() ? level_by_score->label : band_label;
        out += formula;
        if (!band_printed.empty() && !formula.empty())
            out += (zh ? "，落入 " : ", in the band ") + band_printed + (zh ? "（" : " (") +
                   band_label + (zh ? " 级，" : ", ") + band_word.in(lang) + (zh ? "）" : ")");
        else if (!band_printed.empty())
            out += (zh ? "级别：" : "Level: ") +
                   (printed_label(label)
                        ? label + (zh ? "（" + band_word.zh + "）" : " (" + band_word.en + ")")
                        : band_word.in(lang));
        out += doubt(band_confidence, band_source);
        if (!out.empty() && out.back() != '\n') out += "\n";
    }
    if (!override_id.empty()) {
        out += (zh ? "直接判定（" : "Direct determination (") + override_id +
               (zh ? "）：" : "): ") + override_text.in(lang);
        if (!override_condition.zh.empty())
            out += (zh ? "（" : " (") + override_condition.in(lang) + (zh ? "）" : ")");
        if (level && !steps.empty()) out += (zh ? "，定为 " : ": ") + level_words(*level, lang);
        if (level_by_score && !steps.empty())
            out += (zh ? "；仅按分值为 " : "; by the score alone ") +
                   level_words(*level_by_score, lang);
        else if (grade_by_score)
            out += (zh ? "；仅按分值为" : "; by the score alone ") +
                   graded_words(*grade_by_score, lang);
        out += "\n";
    }
    if (!colours.empty() && grade)
        out += (zh ? "颜色：" : "Colour: ") + std::string(colour(*grade, lang)) +
               (zh ? "（按 " : " (by ") + colours +
               (zh ? "，方法本身不规定颜色）" : "; the method itself has none)") + "\n";
    if (!control.zh.empty()) out += (zh ? "管控层级：" : "Control: ") + control.in(lang) + "\n";
    for (const Issue& issue : issues)
        out += (zh ? "问题：" : "Issue: ") + issue.message +
               (issue.hint.empty() ? "" : (zh ? "；" : "; ") + issue.hint) + "\n";
    if (!clause.empty()) out += (zh ? "依据：" : "Source: ") + clause + "\n";
    if (!out.empty()) out.pop_back();
    return out;
}

std::string Explanation::json() const {
    const auto quoted = [](std::string_view text) { return "\"" + escape_json(text) + "\""; };
    const auto words = [&](const Words& w) {
        return "{\"zh\":" + quoted(w.zh) + ",\"en\":" + quoted(w.en) + "}";
    };
    const auto grade_text = [&](const std::optional<Grade>& g) {
        return g ? quoted(to_string(*g)) : std::string("null");
    };
    const auto own = [&](const auto& one) {
        return (one.confidence.empty() ? "" : ",\"confidence\":" + quoted(one.confidence)) +
               (one.source.empty() ? "" : ",\"source\":" + quoted(one.source));
    };
    const auto level_text = [&](const std::optional<Level>& one) {
        if (!one) return std::string("null");
        return "{\"scale\":" + quoted(one->scale) + ",\"kind\":" + quoted(to_string(scale_kind)) +
               ",\"label\":" + quoted(one->label) + ",\"word\":" + words(one->word) +
               ",\"rank\":" + std::to_string(one->rank) + ",\"grade\":" + grade_text(one->grade) +
               "}";
    };
    std::string out = "{\"id\":" + quoted(id) + ",\"status\":" + quoted(to_string(state)) +
                      ",\"grade\":" + grade_text(grade) +
                      ",\"score\":" + (score ? print_number(*score) : "null") +
                      ",\"method\":" + (method.empty() ? "null" : quoted(method)) +
                      ",\"title\":" + words(title) + ",\"pack_version\":" + quoted(pack_version) +
                      ",\"pack_sha256\":" + quoted(pack_sha256) +
                      ",\"confidence\":" + quoted(confidence) + ",\"factors\":[";
    for (std::size_t f = 0; f < factors.size(); ++f)
        out += (f == 0 ? "" : ",") + ("{\"id\":" + quoted(factors[f].id)) +
               ",\"name\":" + words(factors[f].name) + ",\"value\":" + quoted(factors[f].value) +
               ",\"meaning\":" + words(factors[f].meaning) + own(factors[f]) +
               (factors[f].unit.empty() ? "" : ",\"unit\":" + quoted(factors[f].unit)) + "}";
    out += "],\"steps\":[";
    for (std::size_t k = 0; k < steps.size(); ++k)
        out += (k == 0 ? "" : ",") + ("{\"id\":" + quoted(steps[k].id)) +
               ",\"name\":" + words(steps[k].name) + ",\"do\":" + quoted(steps[k].operation) +
               ",\"value\":" + (steps[k].value.empty() ? "null" : quoted(steps[k].value)) +
               ",\"meaning\":" + words(steps[k].meaning) + ",\"how\":" + words(steps[k].how) +
               ",\"applied\":" + quoted(steps[k].applied) + own(steps[k]) + "}";
    out += "],\"level\":" + level_text(level) +
           ",\"colours\":" + (colours.empty() ? "null" : quoted(colours)) +
           ",\"formula\":" + quoted(formula) + ",\"band\":{\"label\":" + quoted(band_label) +
           ",\"printed\":" + quoted(band_printed) + ",\"word\":" + words(band_word) +
           (band_confidence.empty() ? "" : ",\"confidence\":" + quoted(band_confidence)) +
           (band_source.empty() ? "" : ",\"source\":" + quoted(band_source)) +
           "},\"control\":" + words(control) + ",\"override\":" +
           (override_id.empty()
                ? "null"
                : "{\"id\":" + quoted(override_id) + ",\"text\":" + words(override_text) +
                      ",\"grade_by_score\":" + grade_text(grade_by_score) +
                      ",\"level_by_score\":" + level_text(level_by_score) +
                      ",\"condition\":" + words(override_condition) + "}") +
           ",\"clause\":" + quoted(clause) + ",\"issues\":[";
    for (std::size_t i = 0; i < issues.size(); ++i)
        out += (i == 0 ? "" : ",") + ("{\"code\":" + quoted(issues[i].code)) +
               ",\"column\":" + quoted(issues[i].column) + ",\"value\":" + quoted(issues[i].value) +
               ",\"message\":" + quoted(issues[i].message) + "}";
    return out + "]}";
}

}  // namespace safetyrisk::scoring
