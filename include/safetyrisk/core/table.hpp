// A table: named columns of one length, and where its rows come from.
//
// Tables are what the rooms take and give. Column names are the canonical English ones (README,
// "Tables"); readers map Chinese headers before they get here. The origin lets an Issue name the
// file, the sheet and the line as a person counts it.
//
// Threads: a Table is filled by one thread at a time and may be read by many once it is full.
// Throws: InputError (add), NotFoundError (at); std::out_of_range for an index past the end.
#pragma once

#include <safetyrisk/core/column.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk {

/// Where the rows of a table come from.
struct Origin {
    std::string table;             ///< Name of the table, "risk_points".
    std::string source;            ///< File, and sheet where there is one; may be empty.
    std::int64_t first_line = -1;  ///< Line of row 0 when rows are consecutive lines; -1 unknown.
    std::vector<std::int64_t> lines;  ///< Line of each row when they are not; else empty.
    std::int64_t own_line = -1;       ///< Line that is meant when no row is; -1 none.

    /// Line of a row as a person counts in that file, or -1; own_line for row -1.
    std::int64_t line(std::int64_t row) const {
        if (row < 0) return own_line;
        if (!lines.empty()) return lines.at(static_cast<std::size_t>(row));
        return first_line < 0 ? -1 : first_line + row;
    }

    /// How a sentence names a row: by its line ("12"), or where there are no lines by its number
    /// from 0 on ("#3").
    std::string place(std::int64_t row) const {
        const std::int64_t there = line(row);
        return there < 0 ? "#" + std::to_string(row) : std::to_string(there);
    }
};

class Table {
public:
    Table() = default;
    explicit Table(Origin origin) : origin_(std::move(origin)) {}

    /// Adds a column. Throws InputError when the name is taken or the length differs from the
    /// columns before it.
    void add(std::string name, Column column);

    std::size_t rows() const { return rows_; }
    std::size_t size() const { return columns_.size(); }

    const std::string& name(std::size_t index) const { return names_.at(index); }
    const Column& column(std::size_t index) const { return columns_.at(index); }
    const std::vector<std::string>& names() const { return names_; }

    /// The column of that name, or null.
    const Column* find(std::string_view name) const;
    /// The column of that name; throws NotFoundError listing the columns that are there.
    const Column& at(std::string_view name) const;

    const Origin& origin() const { return origin_; }

    /// Whether two rows are equal in every column (null equals null, NaN equals NaN).
    bool equal_rows(std::size_t a, std::size_t b) const;

private:
    Origin origin_;
    std::vector<std::string> names_;
    std::vector<Column> columns_;
    std::size_t rows_ = 0;
};

}  // namespace safetyrisk
