#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "factor_input.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace safetyrisk::scoring {

Counts Graded::counts() const {
    Counts counts;
    counts.rows_in = rows();
    for (std::size_t row = 0; row < rows(); ++row) {
        if (state_[row] == RowState::not_gradable) ++counts.not_gradable;
        if (state_[row] == RowState::rejected) ++counts.rejected;
        if (state_[row] != RowState::graded) continue;
        ++counts.graded;
        switch (static_cast<Grade>(grade_[row])) {
            case Grade::red:
                ++counts.red;
                break;
            case Grade::orange:
                ++counts.orange;
                break;
            case Grade::yellow:
                ++counts.yellow;
                break;
            case Grade::blue:
                ++counts.blue;
                break;
        }
    }
    return counts;
}

Table Graded::to_table() const {
    const std::size_t n = rows();
    // One text for each distinct value, and a code for each row.
    std::vector<std::string> method_names;
    std::vector<std::string> clauses;
    std::vector<std::string> band_names;
    std::vector<std::size_t> band_start;
    for (const auto& method : methods_) {
        method_names.push_back(method->id());
        clauses.push_back(method->clause());
        band_start.push_back(band_names.size());
        for (const Band& band : method->bands())
            band_names.push_back(band.printed);
    }
    const auto method_rules = static_cast<std::int32_t>(clauses.size());
    std::vector<std::string> rule_names;
    if (direct_)
        for (const DirectRule& rule : direct_->rules()) {
            rule_names.push_back(rule.id);
            clauses.push_back(direct_->pack().sources.front().text());
        }
    std::vector<std::int32_t> method(n, -1), grade(n, -1), status(n), band(n, -1), rule(n, -1),
        clause(n, -1);
    for (std::size_t row = 0; row < n; ++row) {
        status[row] = static_cast<std::int32_t>(state_[row]);
        method[row] = method_[row];
        if (grade_[row] > 0) grade[row] = grade_[row] - 1;
        if (state_[row] != RowState::graded) continue;
        const auto m = static_cast<std::size_t>(method_[row]);
        if (band_[row] != 255)
            band[row] =
                static_cast<std::int32_t>(band_start[m] + methods_[m]->band_index(band_[row]));
        rule[row] = rule_[row];
        clause[row] = rule_[row] >= 0 ? method_rules + rule_[row] : method_[row];
    }
    Table table(Origin{.table = "graded", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", id_);
    table.add("method", Column::of_codes(std::move(method), Column::of(method_names)));
    table.add("score", Column::of(score_));
    const std::vector<std::string> grades = {"blue", "yellow", "orange", "red"};
    table.add("grade", Column::of_codes(std::move(grade), Column::of(grades)));
    const std::vector<std::string> states = {"graded", "not_gradable", "rejected"};
    table.add("status", Column::of_codes(std::move(status), Column::of(states)));
    table.add("band", Column::of_codes(std::move(band), Column::of(band_names)));
    table.add("override", Column::of_codes(std::move(rule), Column::of(rule_names)));
    table.add("clause", Column::of_codes(std::move(clause), Column::of(clauses)));
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
    Explanation out;
    out.id = id_.print(row);
    out.state = state_[row];
    if (grade_[row] > 0) out.grade = static_cast<Grade>(grade_[row]);
    if (!std::isnan(score_[row])) out.score = score_[row];
    const auto mine = static_cast<std::int64_t>(row);
    for (auto it = std::lower_bound(issue_rows_.begin(), issue_rows_.end(),
                                    std::pair<std::int64_t, std::size_t>{mine, 0});
         it != issue_rows_.end() && it->first == mine; ++it)
        out.issues.push_back(issues_.at(it->second, lang));
    if (method_[row] < 0) return out;

    const Method& method = *methods_[static_cast<std::size_t>(method_[row])];
    out.method = method.id();
    out.title = {method.pack().title_zh, method.pack().title_en};
    out.pack_version = method.pack().version;
    out.pack_sha256 = method.pack().sha256;
    out.confidence = to_string(method.pack().confidence);
    out.clause = method.clause();
    std::string symbols;
    std::string values;
    const Table one_row = row_table(row);  // FactorInput views its memory
    for (const Factor& factor : method.factors()) {
        ExplainedFactor one{factor.id, factor.name, {}, {}};
        const FactorInput input = read_factor(one_row, factor, averaged_);
        const double value = input.values.front();
        if (!std::isnan(value))
            one.value = print_number(value);
        else if (const Column* column = input_.find(factor.id))
            one.value = column->print(row);
        for (const Step& step : factor.steps)
            if (step.value == value) one.meaning = step.meaning;
        symbols += (symbols.empty() ? "" : "×") + factor.id;
        values += (values.empty() ? "" : "×") + one.value;
        out.factors.push_back(std::move(one));
    }
    if (out.score)
        out.formula = method.score_symbol() + " = " + symbols + " = " + values + " = " +
                      print_number(*out.score);
    if (band_[row] != 255) {
        const Band& band = method.bands()[method.band_index(band_[row])];
        out.band_label = band.label;
        out.band_printed = band.printed;
        out.band_word = band.word;
        out.control = band.control;
        if (rule_[row] >= 0) out.grade_by_score = band.grade;
    }
    if (rule_[row] >= 0) {
        const DirectRule& rule = direct_->rules()[static_cast<std::size_t>(rule_[row])];
        out.override_id = rule.id;
        out.override_text = rule.text;
        out.clause = direct_->pack().sources.front().text();
        for (const Band& band : method.bands())
            if (band.grade == *out.grade) out.control = band.control;
    }
    return out;
}

std::pair<std::vector<std::string>, std::vector<std::int32_t>> Graded::bodies(Lang lang) const {
    std::pair<std::vector<std::string>, std::vector<std::int32_t>> out;
    auto& [texts, index] = out;
    index.reserve(rows());
    // Rows judged alike share a key; only the first of them is put into words.
    std::unordered_map<std::string, std::int32_t> known_keys;
    std::unordered_map<std::string, std::int32_t> known_texts;
    std::vector<std::vector<const Column*>> inputs(methods_.size());
    for (std::size_t m = 0; m < methods_.size(); ++m)
        for (const Factor& factor : methods_[m]->factors()) {
            if (const Column* column = input_.find(factor.id)) inputs[m].push_back(column);
            for (const Part& part : factor.parts)
                if (const Column* column = input_.find(part.id)) inputs[m].push_back(column);
        }
    const auto say = [&](std::size_t row) {
        std::string text = explain(row, lang).body(lang);
        const auto [it, fresh] = known_texts.emplace(text, static_cast<std::int32_t>(texts.size()));
        if (fresh) texts.push_back(std::move(text));
        return it->second;
    };
    for (std::size_t row = 0; row < rows(); ++row) {
        if (state_[row] != RowState::graded) {
            index.push_back(say(row));
            continue;
        }
        std::string key = std::to_string(method_[row]) + "|" + std::to_string(band_[row]) + "|" +
                          std::to_string(rule_[row]);
        for (const Column* column : inputs[static_cast<std::size_t>(method_[row])])
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
