// Why a risk point has its grade: inputs, factors or steps, score, band, override, clause.
//
// The explanation is data first; prose in Chinese or English and JSON are made from it on request.
// Everything in it comes from the row and from the pack that judged it, so a reader with the source
// open can check it line by line.
//
// Threads: plain values.
// Throws: nothing.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

/// One factor or input of an explanation.
struct ExplainedFactor {
    std::string id;
    Words name;
    std::string value;  ///< As given; empty when missing.
    Words meaning;      ///< What the step or choice says; empty when the value is none.
    std::string unit;
    bool needed = true;
    std::string confidence;  ///< Its own flag, where it differs from the pack's.
    std::string source;
};

/// One step of a chain.
struct ExplainedStep {
    std::string id;
    Words name;
    std::string operation;
    std::string value;    ///< Number or label; empty when it has none.
    Words meaning;        ///< What the row or rule says that applied.
    Words how;            ///< "p = 0.5, in (0.1, 1.6)".
    std::string applied;  ///< The row, rule or cell that applied, as the pack writes it.
    std::string confidence;
    std::string source;
};

/// Why a row has its grade, or has none.
struct Explanation {
    std::string id;
    std::string method;  ///< Full pack id, empty when unknown.
    Words title;
    std::string pack_version;
    std::string pack_sha256;
    std::string confidence;
    std::vector<ExplainedFactor> factors;
    std::vector<ExplainedStep> steps;  ///< Of a chain.
    std::string formula;               ///< "D = L×E×C = 3×6×15 = 270"; empty without a score.
    std::optional<double> score;
    std::optional<Grade> grade;
    std::optional<Grade> grade_by_score;  ///< What the score alone gives, when a rule overrode it.
    std::optional<Level> level;           ///< Level of the method's scale.
    std::optional<Level> level_by_score;  ///< What the score alone gives, when a rule overrode it.
    ScaleKind scale_kind = ScaleKind::risk;
    std::string colours;  ///< Full id of the map that the colour is from; else empty.
    RowState state = RowState::graded;
    std::string band_label;
    std::string band_printed;
    Words band_word;
    Words control;
    std::string override_id;
    Words override_text;
    Words override_condition;     ///< What the row says that made it hold; of vetoes.
    std::string band_confidence;  ///< The band's own flag, where it differs from the pack's.
    std::string band_source;
    std::string clause;
    std::vector<Issue> issues;  ///< Of this row, in the language asked for.

    /// The explanation as prose: one line that names the risk point and its grade, then body().
    std::string text(Lang lang = Lang::zh) const;
    /// text() in two parts, between which the id stands: the same for all points judged alike.
    std::string before_id(Lang lang = Lang::zh) const;
    std::string after_id(Lang lang = Lang::zh) const;
    /// The prose without the first line: the same for all points judged alike.
    std::string body(Lang lang = Lang::zh) const;
    /// The explanation as a JSON object.
    std::string json() const;
};

}  // namespace safetyrisk::scoring
