// Small things that all answers need: a table that grows by cells, and levels in words.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/level.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace safetyrisk::scoring {

/// A table that grows row by row; a cell left out is null.
class AnswerTable {
public:
    explicit AnswerTable(std::string name) : name_(std::move(name)) {}

    void integer(std::string_view column, std::int64_t value);   ///< Null below 0.
    void number(std::string_view column, double value);          ///< Null when NaN.
    void text(std::string_view column, std::string_view value);  ///< Null when empty.
    void boolean(std::string_view column, bool value);
    void end_row();

    std::size_t rows() const { return rows_; }
    /// The columns in this order; one that no row has is of texts and all null.
    Table table(const std::vector<std::string>& order) &&;

private:
    struct Cells {
        char kind = 't';
        std::vector<std::int64_t> integers;
        std::vector<double> numbers;
        std::vector<std::int32_t> codes;  // of texts, -1 null
        std::vector<std::string> texts;
        std::unordered_map<std::string, std::int32_t> known;
        std::vector<std::uint8_t> truths;
        std::vector<std::uint8_t> valid;
    };
    Cells& at(std::string_view column, char kind);

    std::string name_;
    std::size_t rows_ = 0;
    std::map<std::string, Cells, std::less<>> cells_;
};

/// "较大风险（橙色）".
std::string grade_words(Grade grade, Lang lang);
/// The grade's words where the level has a colour, else its label and word: "M1（特别重大）"; the
/// word alone where it holds the label, or the label is an id that nobody prints ("extra").
std::string level_words(const Level& level, Lang lang);

}  // namespace safetyrisk::scoring
