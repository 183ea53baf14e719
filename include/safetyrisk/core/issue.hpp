// Issues: what is wrong with the data, row by row, in words.
//
// Wrong data is never thrown and never dropped: it becomes an Issue with a stable code, the place
// (table, row, file, line, column), the value, a sentence and a hint. The codes form one closed
// catalogue (issue_catalogue); README lists the same codes and a test compares the two. A batch may
// make millions of issues, so an IssueTable stores code, place and arguments, and puts the
// sentences together, in Chinese or English, only when somebody reads them.
//
// Threads: an IssueTable is filled by one thread at a time and may be read by many once it is full.
// Throws: NotFoundError for a code that is not in the catalogue; std::out_of_range for an index
// past the end.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/table.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk {

enum class Severity : std::uint8_t { error, warning, info };

/// "error", "warning", "info".
std::string_view to_string(Severity severity);

/// One entry of the catalogue. In the texts {column}, {value}, {1}, {2}, {3} stand for the place's
/// column, the value and the arguments given to IssueTable::add.
struct IssueKind {
    std::string_view code;  ///< "room.snake_case", never reused.
    Severity severity;
    std::string_view zh, en;            ///< The sentence.
    std::string_view hint_zh, hint_en;  ///< What to do about it; may be empty.
};

/// Every kind of issue the library can make, sorted by code.
std::span<const IssueKind> issue_catalogue();

/// One issue with its sentences made.
struct Issue {
    Severity severity = Severity::error;
    std::string code;
    std::string table;
    std::int64_t row = -1;   ///< 0-based in the table given; -1 when it concerns no single row.
    std::string source;      ///< File, and sheet.
    std::int64_t line = -1;  ///< As a person counts in that file; -1 unknown.
    std::string column;
    std::string value;  ///< Cut at 200 characters.
    std::string message;
    std::string hint;

    friend bool operator==(const Issue&, const Issue&) = default;
};

/// A growing list of issues.
class IssueTable {
public:
    /// Adds an issue about cell (row, column) of a table; row -1 and an empty column when it
    /// concerns no single row or column (its line is then origin.own_line). Throws NotFoundError
    /// when the code is not in the catalogue.
    void add(std::string_view code, const Origin& origin, std::int64_t row, std::string_view column,
             std::string_view value = {}, std::initializer_list<std::string_view> arguments = {});

    /// Appends all issues of another list.
    void append(const IssueTable& other);

    std::size_t size() const { return records_.size(); }
    bool empty() const { return records_.empty(); }

    Issue at(std::size_t index, Lang lang = Lang::zh) const;
    Severity severity(std::size_t index) const;
    std::string_view code(std::size_t index) const;
    std::int64_t row(std::size_t index) const { return records_.at(index).row; }
    /// The arguments given to add, each cut at 200 characters: with code, place and value they make
    /// the issue again.
    std::vector<std::string> arguments(std::size_t index) const;

    /// Number of issues of a severity.
    std::size_t count(Severity severity) const;
    /// Number of issues by code, in the order of the codes.
    std::map<std::string, std::size_t> counts() const;

    /// Columns severity, code, table, row, source, line, column, value, message, hint.
    Table to_table(Lang lang = Lang::zh) const;

private:
    struct Record {
        std::uint16_t kind;
        std::uint8_t pieces;  // value and arguments in text_
        std::uint32_t table, source, column;
        std::int64_t row, line;
        std::uint64_t first_piece;
    };
    std::uint32_t intern(std::string_view text);

    std::vector<Record> records_;
    std::vector<std::uint64_t> piece_ends_;
    std::string text_;
    std::vector<std::string> names_;
    std::map<std::string, std::uint32_t, std::less<>> name_index_;
    std::array<std::size_t, 3> severities_{};
};

/// Text cut to at most 200 characters (code points), with "…" at the end when cut.
std::string cut_value(std::string_view text);

}  // namespace safetyrisk
