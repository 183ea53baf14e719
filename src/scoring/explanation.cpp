#include <safetyrisk/scoring/explanation.hpp>

#include <safetyrisk/core/text.hpp>

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

}  // namespace

std::string Explanation::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const std::string colon = zh ? "：" : ": ";
    std::string out = (zh ? "风险点 " : "Risk point ") + id + colon;
    if (grade)
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
    if (!method.empty())
        out += (zh ? "方法：" : "Method: ") + title.in(lang) + (zh ? "（" : " (") + method +
               (zh ? "，第 " : ", version ") + pack_version +
               (zh ? " 版，可信度 " : ", confidence ") + confidence + (zh ? "）\n" : ")\n");
    for (const ExplainedFactor& factor : factors) {
        out += factor.id + " " + factor.name.in(lang) + " = " +
               (factor.value.empty() ? (zh ? "未填写" : "missing") : factor.value);
        if (!factor.meaning.zh.empty())
            out += zh ? "（" + factor.meaning.zh + "）" : " (" + factor.meaning.en + ")";
        out += "\n";
    }
    if (!formula.empty()) {
        out += formula;
        if (!band_printed.empty())
            out += (zh ? "，落入 " : ", in the band ") + band_printed + (zh ? "（" : " (") +
                   band_label + (zh ? " 级，" : ", ") + band_word.in(lang) + (zh ? "）" : ")");
        out += "\n";
    }
    if (!override_id.empty()) {
        out += (zh ? "直接判定（" : "Direct determination (") + override_id +
               (zh ? "）：" : "): ") + override_text.in(lang);
        if (grade_by_score)
            out += (zh ? "；仅按分值为" : "; by the score alone ") +
                   graded_words(*grade_by_score, lang);
        out += "\n";
    }
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
               ",\"meaning\":" + words(factors[f].meaning) + "}";
    out += "],\"formula\":" + quoted(formula) + ",\"band\":{\"label\":" + quoted(band_label) +
           ",\"printed\":" + quoted(band_printed) + ",\"word\":" + words(band_word) +
           "},\"control\":" + words(control) + ",\"override\":" +
           (override_id.empty()
                ? "null"
                : "{\"id\":" + quoted(override_id) + ",\"text\":" + words(override_text) +
                      ",\"grade_by_score\":" + grade_text(grade_by_score) + "}") +
           ",\"clause\":" + quoted(clause) + ",\"issues\":[";
    for (std::size_t i = 0; i < issues.size(); ++i)
        out += (i == 0 ? "" : ",") + ("{\"code\":" + quoted(issues[i].code)) +
               ",\"column\":" + quoted(issues[i].column) + ",\"value\":" + quoted(issues[i].value) +
               ",\"message\":" + quoted(issues[i].message) + "}";
    return out + "]}";
}

}  // namespace safetyrisk::scoring
