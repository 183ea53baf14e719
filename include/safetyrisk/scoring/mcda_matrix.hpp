// A decision matrix where it lies: n alternatives (rows) by k criteria (columns) of float64, in
// any regular layout (rows one after the other, columns one after the other, a part of either).
//
// Every multi-criteria method (mcda_weights.hpp, mcda_topsis.hpp, mcda_grey.hpp) reads one of these
// and copies nothing. Cells are finite and no larger than 1e150 in size; a method that meets
// another one throws InputError with the cell.
//
// Threads: a view is two pointers' worth of numbers; many threads may read through it.
// Throws: InputError when a span and the shape do not agree.
#pragma once

#include <safetyrisk/core/error.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace safetyrisk::scoring::mcda {

struct MatrixView {
    const double* data = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::ptrdiff_t row_stride = 0;     ///< From a cell to the one below it, in doubles.
    std::ptrdiff_t column_stride = 1;  ///< From a cell to the one beside it, in doubles.

    MatrixView() = default;
    MatrixView(const double* first, std::size_t n_rows, std::size_t n_columns,
               std::ptrdiff_t from_row, std::ptrdiff_t from_column)
        : data(first),
          rows(n_rows),
          columns(n_columns),
          row_stride(from_row),
          column_stride(from_column) {}

    /// Rows one after the other. Throws InputError unless there are rows × columns values.
    MatrixView(std::span<const double> values, std::size_t n_rows, std::size_t n_columns)
        : MatrixView(values.data(), n_rows, n_columns, static_cast<std::ptrdiff_t>(n_columns), 1) {
        if (values.size() != n_rows * n_columns)
            throw InputError(std::to_string(values.size()) + " values are no matrix of " +
                             std::to_string(n_rows) + " rows and " + std::to_string(n_columns) +
                             " columns");
    }

    double operator()(std::size_t row, std::size_t column) const { return *at(row, column); }

    const double* at(std::size_t row, std::size_t column) const {
        return data + static_cast<std::ptrdiff_t>(row) * row_stride +
               static_cast<std::ptrdiff_t>(column) * column_stride;
    }
};

}  // namespace safetyrisk::scoring::mcda
