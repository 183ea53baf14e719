#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "factor_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace safetyrisk::scoring {

namespace {

// Texts that rows share, and where each of them is found; as columns of one-byte codes where there
// are few enough of them, which is all but always so.
class SharedTexts {
public:
    std::int32_t add(std::string_view text) {
        texts_.emplace_back(text);
        return static_cast<std::int32_t>(texts_.size() - 1);
    }

    /// `code(row)` for each of n rows, -1 for null.
    template <class Code>
    Column column(std::size_t n, const Code& code) const {
        const Column words = Column::of(texts_);
        if (texts_.size() <= 127) {
            Buffer<std::int8_t> codes(n);
            for (std::size_t row = 0; row < n; ++row)
                codes[row] = static_cast<std::int8_t>(code(row));
            return Column::of_codes8(std::move(codes), words);
        }
        std::vector<std::int32_t> codes(n);
        for (std::size_t row = 0; row < n; ++row)
            codes[row] = code(row);
        return Column::of_codes(std::move(codes), words);
    }

private:
    std::vector<std::string> texts_;
};

}  // namespace

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
    return counts;
}

Table Graded::to_table() const {
    const std::size_t n = rows();
    const Cells& cells = *cells_;
    SharedTexts method_names;
    SharedTexts clauses;
    SharedTexts band_names;
    std::vector<std::int32_t> band_start;
    for (const auto& method : methods_) {
        method_names.add(method->id());
        clauses.add(method->clause());
        std::int32_t last = 0;
        for (const Band& band : method->bands())
            last = band_names.add(band.printed);
        // The kernel counts bands from the mildest, a method from the gravest.
        band_start.push_back(last);
    }
    const auto method_rules = static_cast<std::int32_t>(methods_.size());
    SharedTexts rule_names;
    if (direct_)
        for (const DirectRule& rule : direct_->rules()) {
            rule_names.add(rule.id);
            clauses.add(direct_->pack().sources.front().text());
        }
    SharedTexts grades;
    for (const Grade grade : {Grade::blue, Grade::yellow, Grade::orange, Grade::red})
        grades.add(to_string(grade));
    SharedTexts states;
    for (const RowState state : {RowState::graded, RowState::not_gradable, RowState::rejected})
        states.add(to_string(state));
    const auto is_graded = [&](std::size_t row) { return cells.state[row] == RowState::graded; };

    Table table(Origin{.table = "graded", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", id_);
    table.add("method", method_names.column(
                            n, [&](std::size_t row) -> std::int32_t { return method_of(row); }));
    table.add("score", Column::view(std::span<const double>(cells.score), cells_));
    table.add("grade", grades.column(n, [&](std::size_t row) { return cells.grade[row] - 1; }));
    table.add("status", states.column(n, [&](std::size_t row) {
        return static_cast<std::int32_t>(cells.state[row]);
    }));
    if (cells.method.empty() && n > 0) {
        const std::int32_t last = band_start.front();
        table.add("band", band_names.column(n, [&](std::size_t row) {
            return cells.band[row] == 255 ? -1 : last - cells.band[row];
        }));
    } else {
        table.add("band", band_names.column(n, [&](std::size_t row) {
            return cells.band[row] == 255
                       ? -1
                       : band_start[static_cast<std::size_t>(method_of(row))] - cells.band[row];
        }));
    }
    table.add("override", rule_names.column(n, [&](std::size_t row) -> std::int32_t {
        return cells.rule_of(row);
    }));
    table.add("clause", clauses.column(n, [&](std::size_t row) -> std::int32_t {
        if (!is_graded(row)) return -1;
        const std::int16_t rule = cells.rule_of(row);
        return rule >= 0 ? method_rules + rule : method_of(row);
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
    Explanation out;
    out.id = id_.print(row);
    out.state = cells_->state[row];
    if (cells_->grade[row] > 0) out.grade = static_cast<Grade>(cells_->grade[row]);
    if (!std::isnan(cells_->score[row])) out.score = cells_->score[row];
    const auto mine = static_cast<std::int64_t>(row);
    for (auto it = std::lower_bound(issue_rows_.begin(), issue_rows_.end(),
                                    std::pair<std::int64_t, std::size_t>{mine, 0});
         it != issue_rows_.end() && it->first == mine; ++it)
        out.issues.push_back(issues_.at(it->second, lang));
    if (method_of(row) < 0) return out;

    const Method& method = *methods_[static_cast<std::size_t>(method_of(row))];
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
    if (cells_->band[row] != 255) {
        const Band& band = method.bands()[method.band_index(cells_->band[row])];
        out.band_label = band.label;
        out.band_printed = band.printed;
        out.band_word = band.word;
        out.control = band.control;
        if (cells_->rule_of(row) >= 0) out.grade_by_score = band.grade;
    }
    if (cells_->rule_of(row) >= 0) {
        const DirectRule& rule = direct_->rules()[static_cast<std::size_t>(cells_->rule_of(row))];
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
