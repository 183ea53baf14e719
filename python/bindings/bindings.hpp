// What the binding files share: the register functions, in dependency order, and the doors between
// Python objects and columns.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace py = pybind11;

void bind_errors(py::module_& m);
void bind_core(py::module_& m);
void bind_scoring(py::module_& m);
void bind_arrays(py::module_& m);
void bind_answers(py::module_& m);
void bind_major_hazard(py::module_& m);
void bind_classification(py::module_& m);
void bind_mcda(py::module_& m);
void bind_region(py::module_& m);
void bind_digraph(py::module_& m);
void bind_graph(py::module_& m);
void bind_graph_check(py::module_& m);
void bind_graph_who(py::module_& m);
void bind_graph_cover(py::module_& m);
void bind_graph_explain(py::module_& m);
void bind_graph_what_if(py::module_& m);
void bind_graph_accountability(py::module_& m);
void bind_graph_names(py::module_& m);
void bind_plan(py::module_& m);
void bind_hazard(py::module_& m);
void bind_duty(py::module_& m);
void bind_render(py::module_& m);
void bind_io(py::module_& m);

/// A column from a NumPy array (used where it lies when it is float64 or int64 and contiguous), an
/// Arrow array or Series, or any sequence. `name` opens the error messages.
safetyrisk::Column column_from_python(const py::handle& values, const std::string& name);

/// A column as a NumPy array: float64 (NaN where null), int64 or bool (object with None where some
/// are null), objects for text and dates.
py::object column_to_python(const safetyrisk::Column& column);

/// The same, but numbers and integers without nulls as a view that cannot be written to.
py::object column_view(const safetyrisk::Column& column);

/// Codes (-1 for null) and texts of a column that is kept by codes; None for any other.
py::object column_categories(const safetyrisk::Column& column);

namespace safetyrisk::graph {
struct PathEdge;
}
/// An edge of a path as what `PathEdge` of Python is made of.
py::dict path_edge(const safetyrisk::graph::PathEdge& edge);

/// "zh" or "en"; throws InputError.
safetyrisk::Lang parse_lang(const std::string& lang);

/// The day that a text says; throws InputError naming `name`. maybe_day: nothing for None.
safetyrisk::Date read_day(const std::string& text, const char* name);
std::optional<safetyrisk::Date> maybe_day(const std::optional<std::string>& text, const char* name);

/// Options of long work: `threads` (0 = all) and, when given, `progress(done, total)`. The
/// interrupt check asks Python for signals.
safetyrisk::Work make_work(unsigned threads, const py::object& progress);

/// float64 values of a one-dimensional array or sequence without a copy where possible; `keep`
/// holds the memory. Throws InputError naming `name` when it is no array of numbers.
std::span<const double> numbers_from_python(const py::handle& values, const std::string& name,
                                            py::object& keep);

/// Whole numbers of a one-dimensional array, where they lie if they are int32, uint32 or int64 and
/// contiguous, else copied into int64; `keep` holds the memory. Throws InputError naming `name`.
using WholeNumbers = std::variant<std::span<const std::int64_t>, std::span<const std::int32_t>,
                                  std::span<const std::uint32_t>>;
WholeNumbers whole_numbers_from_python(const py::handle& values, const std::string& name,
                                       py::object& keep);
