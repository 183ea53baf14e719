#include <safetyrisk/core/issue.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/column_words.hpp"

#include <algorithm>

namespace safetyrisk {
namespace {

constexpr std::size_t value_limit = 200;

std::size_t kind_index(std::string_view code) {
    const auto kinds = issue_catalogue();
    const auto it = std::lower_bound(
        kinds.begin(), kinds.end(), code,
        [](const IssueKind& kind, std::string_view wanted) { return kind.code < wanted; });
    if (it == kinds.end() || it->code != code)
        throw NotFoundError("there is no issue code '" + std::string(code) + "'");
    return static_cast<std::size_t>(it - kinds.begin());
}

// Puts column, value and arguments into a sentence. `named`: what the column, or one that an
// argument names, is called.
template <class Named>
std::string fill(std::string_view text, std::string_view column, std::string_view value,
                 std::span<const std::string_view> arguments, Named&& named) {
    std::string out;
    const auto put = [&](std::size_t& i, std::string_view name, std::string_view with) {
        if (!text.substr(i).starts_with(name)) return false;
        out += with;
        i += name.size();
        return true;
    };
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view first = arguments.empty() ? std::string_view() : arguments[0];
        bool done = text[i] != '{'
                        ? false
                        : put(i, "{column}", named(column)) || put(i, "{value}", value) ||
                              put(i, "{column:1}", named(first));
        static constexpr std::string_view marks[] = {"{1}", "{2}", "{3}", "{4}", "{5}", "{6}"};
        for (std::size_t k = 0; !done && k < std::size(marks); ++k)
            done = put(i, marks[k], k < arguments.size() ? arguments[k] : std::string_view());
        if (!done) out.push_back(text[i++]);
    }
    return out;
}

}  // namespace

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::info:
            return "info";
    }
    return "";
}

std::string cut_value(std::string_view text) {
    if (text.size() <= value_limit) return std::string(text);
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (points++ == value_limit) return std::string(text.substr(0, i)) + "…";
    }
    return std::string(text);
}

std::uint32_t IssueTable::intern(std::string_view text) {
    if (const auto it = name_index_.find(text); it != name_index_.end()) return it->second;
    const auto index = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(text);
    name_index_.emplace(text, index);
    return index;
}

void IssueTable::add(std::string_view code, const Origin& origin, std::int64_t row,
                     std::string_view column, std::string_view value,
                     std::initializer_list<std::string_view> arguments) {
    const std::size_t kind = kind_index(code);
    Record record{};
    record.kind = static_cast<std::uint16_t>(kind);
    record.table = intern(origin.table);
    record.source = intern(origin.source);
    record.column = intern(column);
    record.row = row;
    record.line = origin.line(row);
    record.first_piece = piece_ends_.size();
    record.pieces = static_cast<std::uint8_t>(1 + arguments.size());
    const auto push = [&](std::string_view piece) {
        text_ += cut_value(piece);
        piece_ends_.push_back(text_.size());
    };
    push(value);
    for (const std::string_view argument : arguments)
        push(argument);
    records_.push_back(record);
    ++severities_.at(static_cast<std::size_t>(issue_catalogue()[kind].severity));
}

void IssueTable::append(const IssueTable& other) {
    const std::size_t count = other.records_.size();  // `other` may be this list
    for (std::size_t i = 0; i < count; ++i) {
        Record record = other.records_[i];
        record.table = intern(std::string(other.names_[record.table]));
        record.source = intern(std::string(other.names_[record.source]));
        record.column = intern(std::string(other.names_[record.column]));
        const std::uint64_t first = record.first_piece;
        record.first_piece = piece_ends_.size();
        for (std::uint64_t p = first; p < first + record.pieces; ++p) {
            const std::uint64_t begin = p == 0 ? 0 : other.piece_ends_[p - 1];
            text_ += std::string(other.text_, begin, other.piece_ends_[p] - begin);
            piece_ends_.push_back(text_.size());
        }
        records_.push_back(record);
        ++severities_.at(static_cast<std::size_t>(issue_catalogue()[record.kind].severity));
    }
}

Issue IssueTable::at(std::size_t index, Lang lang) const {
    const Record& record = records_.at(index);
    const IssueKind& kind = issue_catalogue()[record.kind];
    std::vector<std::string_view> pieces;
    for (std::uint64_t p = record.first_piece; p < record.first_piece + record.pieces; ++p) {
        const std::uint64_t begin = p == 0 ? 0 : piece_ends_[p - 1];
        pieces.push_back(std::string_view(text_).substr(begin, piece_ends_[p] - begin));
    }
    const auto arguments = std::span(pieces).subspan(1);
    Issue issue;
    issue.severity = kind.severity;
    issue.code = kind.code;
    issue.table = names_[record.table];
    issue.row = record.row;
    issue.source = names_[record.source];
    issue.line = record.line;
    issue.column = names_[record.column];
    issue.value = pieces.front();
    const bool zh = lang == Lang::zh;
    const auto named = [&](std::string_view column) {
        // Rooms whose columns people know by the usual Chinese headers.
        static constexpr std::string_view rooms[] = {"graph.", "duty.", "hazard."};
        const bool by_header = std::any_of(std::begin(rooms), std::end(rooms),
                                           [&](auto room) { return issue.code.starts_with(room); });
        return by_header ? core_detail::column_words(issue.table, column, lang)
                         : std::string(column);
    };
    issue.message = fill(zh ? kind.zh : kind.en, issue.column, issue.value, arguments, named);
    issue.hint =
        fill(zh ? kind.hint_zh : kind.hint_en, issue.column, issue.value, arguments, named);
    return issue;
}

Severity IssueTable::severity(std::size_t index) const {
    return issue_catalogue()[records_.at(index).kind].severity;
}

std::string_view IssueTable::code(std::size_t index) const {
    return issue_catalogue()[records_.at(index).kind].code;
}

std::vector<std::string> IssueTable::arguments(std::size_t index) const {
    const Record& record = records_.at(index);
    std::vector<std::string> out;
    for (std::uint64_t p = record.first_piece + 1; p < record.first_piece + record.pieces; ++p)
        out.push_back(text_.substr(piece_ends_[p - 1], piece_ends_[p] - piece_ends_[p - 1]));
    return out;
}

std::size_t IssueTable::count(Severity severity) const {
    return severities_.at(static_cast<std::size_t>(severity));
}

std::map<std::string, std::size_t> IssueTable::counts() const {
    std::vector<std::size_t> by_kind(issue_catalogue().size(), 0);
    for (const Record& record : records_)
        ++by_kind[record.kind];
    std::map<std::string, std::size_t> out;
    for (std::size_t k = 0; k < by_kind.size(); ++k)
        if (by_kind[k] > 0) out.emplace(issue_catalogue()[k].code, by_kind[k]);
    return out;
}

Table IssueTable::to_table(Lang lang) const {
    const std::size_t n = records_.size();
    std::array<TextBuilder, 8> texts;
    std::vector<std::int64_t> rows(n);
    std::vector<std::int64_t> lines(n);
    std::vector<std::uint8_t> row_valid(n);
    std::vector<std::uint8_t> line_valid(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Issue issue = at(i, lang);
        const std::string_view cells[] = {to_string(issue.severity),
                                          issue.code,
                                          issue.table,
                                          issue.source,
                                          issue.column,
                                          issue.value,
                                          issue.message,
                                          issue.hint};
        for (std::size_t k = 0; k < texts.size(); ++k)
            texts[k].append(cells[k]);
        rows[i] = issue.row;
        lines[i] = issue.line;
        row_valid[i] = issue.row >= 0 ? 1 : 0;
        line_valid[i] = issue.line >= 0 ? 1 : 0;
    }
    Table table(Origin{.table = "issues", .source = {}, .first_line = -1, .lines = {}});
    table.add("severity", texts[0].finish());
    table.add("code", texts[1].finish());
    table.add("table", texts[2].finish());
    table.add("row", Column::of(std::move(rows), row_valid));
    table.add("source", texts[3].finish());
    table.add("line", Column::of(std::move(lines), line_valid));
    table.add("column", texts[4].finish());
    table.add("value", texts[5].finish());
    table.add("message", texts[6].finish());
    table.add("hint", texts[7].finish());
    return table;
}

}  // namespace safetyrisk
