#include <safetyrisk/core/table.hpp>

#include <safetyrisk/core/error.hpp>

#include <algorithm>

namespace safetyrisk {

void Table::add(std::string name, Column column) {
    if (find(name) != nullptr) throw InputError("the table has two columns '" + name + "'");
    if (!columns_.empty() && column.size() != rows_)
        throw InputError("column '" + name + "' has " + std::to_string(column.size()) +
                         " rows, the columns before it have " + std::to_string(rows_));
    rows_ = column.size();
    names_.push_back(std::move(name));
    columns_.push_back(std::move(column));
}

const Column* Table::find(std::string_view name) const {
    const auto it = std::find(names_.begin(), names_.end(), name);
    return it == names_.end() ? nullptr : &columns_[static_cast<std::size_t>(it - names_.begin())];
}

const Column& Table::at(std::string_view name) const {
    if (const Column* column = find(name)) return *column;
    std::string there;
    for (const std::string& other : names_)
        there += (there.empty() ? "" : ", ") + other;
    throw NotFoundError("the table " + origin_.table + " has no column '" + std::string(name) +
                        "'; its columns are: " + (there.empty() ? "none" : there));
}

bool Table::equal_rows(std::size_t a, std::size_t b) const {
    return std::all_of(columns_.begin(), columns_.end(),
                       [&](const Column& column) { return column.equal(a, b); });
}

}  // namespace safetyrisk
