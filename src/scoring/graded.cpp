#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "chain_words.hpp"
#include "explainer.hpp"
#include "factor_input.hpp"
#include "row_codes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace safetyrisk::scoring {

Counts Graded::counts() const {
    Counts counts;
    counts.rows_in = rows();
    // Rows by state and grade; a row that is not graded has no grade.
    std::array<std::size_t, 8> by_grade{};
    std::array<std::size_t, 4> by_state{};
    for (std::size_t row = 0; row < rows(); ++row) {
        ++by_grade[cells_->grade[row] & 7U];
        ++by_state[static_cast<std::size_t>(cells_->state[row]) & 3U];
    }
    counts.graded = by_state[static_cast<std::size_t>(RowState::graded)];
    counts.not_gradable = by_state[static_cast<std::size_t>(RowState::not_gradable)];
    counts.rejected = by_state[static_cast<std::size_t>(RowState::rejected)];
    const auto of = [&](Grade grade) { return by_grade[static_cast<std::size_t>(grade)]; };
    counts.red = of(Grade::red);
    counts.orange = of(Grade::orange);
    counts.yellow = of(Grade::yellow);
    counts.blue = of(Grade::blue);
    counts.without_colour =
        counts.graded - counts.red - counts.orange - counts.yellow - counts.blue;
    return counts;
}

Table Graded::to_table() const {
    const std::size_t n = rows();
    const Cells& cells = *cells_;
    const Work here;
    std::vector<std::string> method_names;
    std::vector<std::string> clauses;
    std::vector<std::string> band_names;
    std::vector<std::string> labels;  // of the same bands
    std::vector<std::int32_t> band_start;
    for (const auto& method : methods_) {
        method_names.push_back(method->id());
        clauses.push_back(method->clause());
        for (const Band& band : method->bands()) {
            band_names.push_back(band.printed);
            labels.push_back(band.label);
        }
        // The kernel counts bands from the mildest, a method from the gravest.
        band_start.push_back(static_cast<std::int32_t>(band_names.size()) - 1);
    }
    const auto method_rules = static_cast<std::int32_t>(methods_.size());
    std::vector<std::string> rule_names;
    std::vector<std::int32_t> veto_start;  // by method, among the rules' names
    std::vector<std::int32_t> veto_clause;
    if (direct_)
        for (const DirectRule& rule : direct_->rules()) {
            rule_names.push_back(rule.id);
            clauses.push_back(direct_->pack().sources.front().text());
        }
    for (const auto& method : methods_) {
        veto_start.push_back(static_cast<std::int32_t>(rule_names.size()));
        veto_clause.push_back(static_cast<std::int32_t>(clauses.size()));
        for (const Veto& veto : method->vetoes()) {
            rule_names.push_back(veto.id);
            clauses.push_back(veto.clause.empty() ? method->clause() : veto.clause);
        }
    }
    // A rule that the caller named goes before a veto of the method.
    const auto override_of = [&](std::size_t row) -> std::int32_t {
        if (const std::int16_t rule = cells.rule_of(row); rule >= 0) return rule;
        const std::int16_t veto = cells.veto_of(row);
        return veto < 0 ? -1 : veto_start[static_cast<std::size_t>(method_of(row))] + veto;
    };
    std::vector<std::string> grades;
    for (const Grade grade : {Grade::blue, Grade::yellow, Grade::orange, Grade::red})
        grades.emplace_back(to_string(grade));
    std::vector<std::string> states;
    for (const RowState state : {RowState::graded, RowState::not_gradable, RowState::rejected})
        states.emplace_back(to_string(state));
    const auto column = [&](const std::vector<std::string>& texts, const auto& code) {
        return RowCodes(n, texts.size(), here, code).with(texts);
    };
    const RowCodes band_of(n, band_names.size(), here, [&](std::size_t row) -> std::int32_t {
        if (cells.band[row] == 255 || is_measure(row)) return -1;
        return band_start[static_cast<std::size_t>(method_of(row))] - cells.band[row];
    });

    Table table(Origin{.table = "graded", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", id_);
    table.add("method", column(method_names,
                               [&](std::size_t row) -> std::int32_t { return method_of(row); }));
    table.add("score", Column::view(std::span<const double>(cells.score), cells_));
    table.add("grade", column(grades, [&](std::size_t row) { return cells.grade[row] - 1; }));
    table.add("level", band_of.with(labels));
    table.add("status", column(states, [&](std::size_t row) {
                  return static_cast<std::int32_t>(cells.state[row]);
              }));
    const RowCodes scored(n, band_names.size(), here, [&](std::size_t row) -> std::int32_t {
        const std::uint8_t band = cells.scored_band(row);
        if (band == 255 || is_measure(row)) return -1;
        return band_start[static_cast<std::size_t>(method_of(row))] - band;
    });
    table.add("band", scored.with(band_names));
    table.add("override", column(rule_names, override_of));
    table.add("clause", column(clauses, [&](std::size_t row) -> std::int32_t {
                  if (cells.state[row] != RowState::graded) return -1;
                  if (const std::int16_t rule = cells.rule_of(row); rule >= 0)
                      return method_rules + rule;
                  const std::int16_t veto = cells.veto_of(row);
                  if (veto < 0) return method_of(row);
                  return veto_clause[static_cast<std::size_t>(method_of(row))] + veto;
              }));
    return table;
}

std::optional<std::size_t> Graded::row_of(std::string_view id) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        const bool same = id_.type() == ColumnType::text
                              ? id_.text(row) == id
                              : !id_.is_null(row) && id_.print(row) == id;
        if (same) return row;
    }
    return std::nullopt;
}

Explanation Graded::explain(std::size_t row, Lang lang) const {
    if (row >= rows())
        throw NotFoundError("there is no row " + std::to_string(row) + "; the register has " +
                            std::to_string(rows()) + " rows, counted from 0");
    const Table one_row = row_table(row);  // inputs view its memory
    const RowInputs inputs(*this, one_row, row);
    return Explainer(inputs).explain(row, lang);
}

Explanation Graded::Explainer::explain(std::size_t row, Lang lang) {
    const Graded& graded = inputs_.graded;
    const Cells& cells = *graded.cells_;
    Explanation out;
    out.id = graded.id_.print(row);
    out.state = cells.state[row];
    if (cells.grade[row] > 0) out.grade = static_cast<Grade>(cells.grade[row]);
    if (!std::isnan(cells.score[row])) out.score = cells.score[row];
    const auto mine = static_cast<std::int64_t>(row);
    for (auto it = std::lower_bound(graded.issue_rows_.begin(), graded.issue_rows_.end(),
                                    std::pair<std::int64_t, std::size_t>{mine, 0});
         it != graded.issue_rows_.end() && it->first == mine; ++it)
        out.issues.push_back(graded.issues_.at(it->second, lang));
    if (graded.method_of(row) < 0) return out;

    const Method& method = *graded.methods_[static_cast<std::size_t>(graded.method_of(row))];
    out.method = method.id();
    out.title = {method.pack().title_zh, method.pack().title_en};
    out.pack_version = method.pack().version;
    out.pack_sha256 = method.pack().sha256;
    out.confidence = to_string(method.pack().confidence);
    out.clause = method.clause();
    out.scale_kind = method.scale().kind;
    const auto m = static_cast<std::size_t>(graded.method_of(row));
    if (graded.colours_[m].map) out.colours = graded.colours_[m].map->pack().id;
    out.level = graded.level(row);
    std::string symbols;
    std::string values;
    if (method.form() == Form::chain) {
        explain_chain(method, chain(m, row), out);
        if (out.score) out.formula = method.score_symbol() + " = " + print_number(*out.score);
        // What cannot be read is shown as it was given.
        for (ExplainedFactor& factor : out.factors)
            if (const Column* column = graded.input_.find(factor.id);
                factor.value.empty() && column != nullptr && !column->is_missing(row))
                factor.value = column->print(row);
    }
    for (std::size_t f = 0; f < method.factors().size(); ++f) {
        const Factor& factor = method.factors()[f];
        ExplainedFactor one;
        one.id = factor.id;
        one.name = factor.name;
        const double value = inputs_.factor(m, f, row);
        if (!std::isnan(value))
            one.value = print_number(value);
        else if (const Column* column = graded.input_.find(factor.id);
                 column != nullptr && !column->is_missing(row))
            one.value = column->print(row);
        for (const Step& step : factor.steps)
            if (step.value == value) one.meaning = step.meaning;
        symbols += (symbols.empty() ? "" : "×") + factor.id;
        values += (values.empty() ? "" : "×") + one.value;
        out.factors.push_back(std::move(one));
    }
    if (out.score && method.form() == Form::product)
        out.formula = method.score_symbol() + " = " + symbols + " = " + values + " = " +
                      print_number(*out.score);
    // The band of the score; a veto's, where there is no score.
    const std::uint8_t by_score = cells.scored_band(row);
    const std::uint8_t shown = by_score == 255 ? cells.band[row] : by_score;
    if (shown != 255) {
        const Band& band = method.bands()[method.band_index(shown)];
        out.band_label = band.label;
        if (by_score != 255) out.band_printed = band.printed;
        out.band_word = band.word;
        out.band_confidence = band.confidence;
        out.band_source = band.source;
        out.control = band.control;
        if (cells.rule_of(row) >= 0) out.grade_by_score = graded.band_grade(m, shown);
    }
    if (const std::int16_t v = cells.veto_of(row); v >= 0) {
        const Veto& veto = method.vetoes()[static_cast<std::size_t>(v)];
        out.override_id = veto.id;
        out.override_text = veto.text;
        out.override_condition = veto.condition;
        if (!veto.clause.empty()) out.clause = veto.clause;
        if (by_score != 255) {
            out.level_by_score = graded.level_of(m, by_score);
            out.grade_by_score = graded.band_grade(m, by_score);
        }
        out.control = method.bands()[veto.band].control;
    }
    if (cells.rule_of(row) >= 0) {
        const DirectRule& rule =
            graded.direct_->rules()[static_cast<std::size_t>(cells.rule_of(row))];
        out.override_id = rule.id;
        out.override_text = rule.text;
        out.override_condition = {};
        out.clause = graded.direct_->pack().sources.front().text();
        for (const Band& band : method.bands())
            if (band.grade == *out.grade) out.control = band.control;
    }
    return out;
}

Level Graded::level_of(std::size_t m, std::uint8_t band) const {
    const std::size_t b = methods_[m]->band_index(band);
    const Band& one = methods_[m]->bands()[b];
    return {methods_[m]->scale().id, one.label, one.word, b + 1, band_grade(m, band)};
}

std::optional<Level> Graded::level(std::size_t row) const {
    if (cells_->band[row] == 255 || method_of(row) < 0 || is_measure(row)) return std::nullopt;
    return level_of(static_cast<std::size_t>(method_of(row)), cells_->band[row]);
}

std::optional<Level> Graded::band_level(std::size_t method, std::uint8_t band) const {
    if (methods_.at(method)->scale().kind == ScaleKind::measure ||
        band >= methods_[method]->bands().size())
        return std::nullopt;
    return level_of(method, band);
}

const DirectRule* Graded::direct_rule(std::size_t row) const {
    const std::int16_t rule = cells_->rule_of(row);
    return rule < 0 ? nullptr : &direct_->rules()[static_cast<std::size_t>(rule)];
}

std::pair<std::vector<std::string>, std::vector<std::int32_t>> Graded::bodies(Lang lang) const {
    std::pair<std::vector<std::string>, std::vector<std::int32_t>> out;
    auto& [texts, index] = out;
    index.reserve(rows());
    // Rows judged alike share a key; only the first of them is put into words.
    std::unordered_map<std::string, std::int32_t> known_keys;
    std::unordered_map<std::string, std::int32_t> known_texts;
    std::vector<std::vector<const Column*>> inputs(methods_.size());
    for (std::size_t m = 0; m < methods_.size(); ++m) {
        for (const MethodInput& input : methods_[m]->inputs())
            if (const Column* column = input_.find(input.id)) inputs[m].push_back(column);
        for (const Factor& factor : methods_[m]->factors())
            for (const Part& part : factor.parts)
                if (const Column* column = input_.find(part.id)) inputs[m].push_back(column);
    }
    const RowInputs every(*this);
    Explainer explainer(every);
    const auto say = [&](std::size_t row) {
        std::string text = explainer.explain(row, lang).body(lang);
        const auto [it, fresh] = known_texts.emplace(text, static_cast<std::int32_t>(texts.size()));
        if (fresh) texts.push_back(std::move(text));
        return it->second;
    };
    for (std::size_t row = 0; row < rows(); ++row) {
        if (cells_->state[row] != RowState::graded) {
            index.push_back(say(row));
            continue;
        }
        std::string key = std::to_string(method_of(row)) + "|" + std::to_string(cells_->band[row]) +
                          "|" + std::to_string(cells_->rule_of(row));
        for (const Column* column : inputs[static_cast<std::size_t>(method_of(row))])
            key += "|" + column->print(row);
        auto it = known_keys.find(key);
        if (it == known_keys.end()) it = known_keys.emplace(std::move(key), say(row)).first;
        index.push_back(it->second);
    }
    return out;
}

Table Graded::row_table(std::size_t row) const {
    Table one(input_.origin());
    const std::size_t rows[] = {row};
    for (std::size_t c = 0; c < input_.size(); ++c)
        one.add(input_.name(c), input_.column(c).take(rows));
    return one;
}

}  // namespace safetyrisk::scoring
