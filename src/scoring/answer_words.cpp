#include "answer_words.hpp"

#include "chain_words.hpp"

#include "factor_input.hpp"

#include <cmath>

namespace safetyrisk::scoring {

AnswerTable::Cells& AnswerTable::at(std::string_view column, char kind) {
    auto it = cells_.find(column);
    if (it == cells_.end()) it = cells_.emplace(std::string(column), Cells()).first;
    it->second.kind = kind;
    return it->second;
}

void AnswerTable::integer(std::string_view column, std::int64_t value) {
    Cells& cells = at(column, 'i');
    cells.integers.resize(rows_ + 1, 0);
    cells.valid.resize(rows_ + 1, 0);
    cells.integers.back() = value;
    cells.valid.back() = value < 0 ? 0 : 1;
}

void AnswerTable::number(std::string_view column, double value) {
    Cells& cells = at(column, 'n');
    cells.numbers.resize(rows_ + 1, nan_value);
    cells.numbers.back() = value;
}

void AnswerTable::text(std::string_view column, std::string_view value) {
    Cells& cells = at(column, 't');
    cells.codes.resize(rows_ + 1, -1);
    if (value.empty()) return;
    const auto [it, fresh] =
        cells.known.emplace(std::string(value), static_cast<std::int32_t>(cells.texts.size()));
    if (fresh) cells.texts.emplace_back(value);
    cells.codes.back() = it->second;
}

void AnswerTable::boolean(std::string_view column, bool value) {
    Cells& cells = at(column, 'b');
    cells.truths.resize(rows_ + 1, 0);
    cells.valid.resize(rows_ + 1, 0);
    cells.truths.back() = value ? 1 : 0;
    cells.valid.back() = 1;
}

void AnswerTable::end_row() {
    ++rows_;
}

Table AnswerTable::table(const std::vector<std::string>& order) && {
    Table out(Origin{name_, "", -1, {}, -1});
    for (const std::string& name : order) {
        Cells& cells = cells_[name];
        cells.valid.resize(rows_, 0);
        switch (cells.kind) {
            case 'i':
                cells.integers.resize(rows_, 0);
                out.add(name, Column::of(std::move(cells.integers), cells.valid));
                break;
            case 'n':
                cells.numbers.resize(rows_, nan_value);
                out.add(name, Column::of(std::move(cells.numbers)));
                break;
            case 'b':
                cells.truths.resize(rows_, 0);
                out.add(name, Column::of_booleans(std::move(cells.truths), cells.valid));
                break;
            default:
                cells.codes.resize(rows_, -1);
                out.add(name, Column::of_codes(std::move(cells.codes), Column::of(cells.texts)));
        }
    }
    return out;
}

std::string grade_words(Grade grade, Lang lang) {
    constexpr std::string_view colours[] = {"蓝色", "黄色", "橙色", "红色"};
    const std::string name(word(grade, lang));
    if (lang == Lang::en) return name + " (" + std::string(to_string(grade)) + ")";
    return name + "（" + std::string(colours[static_cast<std::size_t>(grade) - 1]) + "）";
}

std::string level_words(const Level& level, Lang lang) {
    const std::string& word = level.word.in(lang);
    if (!level.grade) {
        if (word.empty()) return level.label;
        if (!printed_label(level.label) || word.find(level.label) != std::string::npos) return word;
        return lang == Lang::zh ? level.label + "（" + word + "）"
                                : level.label + " (" + word + ")";
    }
    return grade_words(*level.grade, lang);
}

}  // namespace safetyrisk::scoring
