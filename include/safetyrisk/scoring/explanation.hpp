// Why a risk point has its grade: inputs, factors, score, band, override, clause.
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

/// One factor of an explanation.
struct ExplainedFactor {
    std::string id;
    Words name;
    std::string value;  ///< As given; empty when missing.
    Words meaning;      ///< What the step says; empty when the value is no step.
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
    std::string formula;  ///< "D = L×E×C = 3×6×15 = 270"; empty without a score.
    std::optional<double> score;
    std::optional<Grade> grade;
    std::optional<Grade> grade_by_score;  ///< What the score alone gives, when a rule overrode it.
    RowState state = RowState::graded;
    std::string band_label;
    std::string band_printed;
    Words band_word;
    Words control;
    std::string override_id;
    Words override_text;
    std::string clause;
    std::vector<Issue> issues;  ///< Of this row, in the language asked for.

    /// The explanation as prose: one line that names the risk point and its grade, then body().
    std::string text(Lang lang = Lang::zh) const;
    /// The prose without the first line: the same for all points judged alike.
    std::string body(Lang lang = Lang::zh) const;
    /// The explanation as a JSON object.
    std::string json() const;
};

}  // namespace safetyrisk::scoring
