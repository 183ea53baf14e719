// Binds safetyrisk/scoring/arrays.hpp: bare NumPy arrays in and out.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/isa.hpp>
#include <safetyrisk/scoring/arrays.hpp>

#include <algorithm>

using namespace safetyrisk;
using scoring::FactorColumn;
using scoring::Method;
using scoring::Tally;

namespace {

template <class T>
std::span<const T> view(const py::array& array) {
    return {static_cast<const T*>(array.data()), static_cast<std::size_t>(array.size())};
}

bool is_plain(const py::array& array) {
    constexpr int usable = static_cast<int>(py::array::c_style) |
                           static_cast<int>(py::detail::npy_api::NPY_ARRAY_ALIGNED_);
    const char order = array.dtype().byteorder();
    return (array.flags() & usable) == usable && (order == '=' || order == '|') &&
           array.ndim() == 1;
}

// An array itself, no subclass: a masked array hides values that it still holds.
bool is_exact_array(const py::handle& values) {
    return reinterpret_cast<PyObject*>(Py_TYPE(values.ptr())) ==
           reinterpret_cast<PyObject*>(py::detail::npy_api::get().PyArray_Type_);
}

// Values of a factor where they lie, if they are of a type that the kernels read.
FactorColumn factor_column(const py::handle& values, const std::string& name, py::object& keep) {
    if (is_exact_array(values)) {
        const auto array = py::reinterpret_borrow<py::array>(values);
        if (is_plain(array)) {
            keep = array;
            const char kind = array.dtype().kind();
            const auto size = array.itemsize();
            if (kind == 'f' && size == 8) return view<double>(array);
            if (kind == 'f' && size == 4) return view<float>(array);
            if (kind == 'i' && size == 8) return view<std::int64_t>(array);
            if (kind == 'i' && size == 4) return view<std::int32_t>(array);
            if (kind == 'u' && size == 1) return view<std::uint8_t>(array);
        }
    }
    return numbers_from_python(values, name, keep);
}

FactorColumn code_column(const py::handle& values, const std::string& name, py::object& keep) {
    if (is_exact_array(values)) {
        const auto array = py::reinterpret_borrow<py::array>(values);
        if (is_plain(array) && array.dtype().kind() == 'u' && array.itemsize() == 1) {
            keep = array;
            return scoring::StepCodes{view<std::uint8_t>(array)};
        }
    }
    throw InputError(name + ": step codes are a contiguous one-dimensional array of uint8");
}

struct Columns {
    std::vector<py::object> keep;
    std::vector<FactorColumn> columns;
    std::size_t rows = 0;

    Columns(const py::sequence& factors, const Method& method, bool codes) {
        const auto& known = method.factors();
        if (factors.size() != known.size())
            throw InputError(method.id() + " has " + std::to_string(known.size()) +
                             " factors, not " + std::to_string(factors.size()));
        keep.resize(known.size());
        for (std::size_t k = 0; k < known.size(); ++k) {
            const py::object values = factors[k];
            columns.push_back((codes ? code_column : factor_column)(values, known[k].id, keep[k]));
            const std::size_t n = std::visit(
                [](const auto& cells) {
                    if constexpr (requires { cells.codes; })
                        return cells.codes.size();
                    else
                        return cells.size();
                },
                columns.back());
            if (k == 0) rows = n;
            if (n != rows)
                throw InputError(known[k].id + " has " + std::to_string(n) + " values and " +
                                 known[0].id + " has " + std::to_string(rows));
        }
    }
};

template <class T>
py::array_t<T> result(const py::object& given, std::size_t index, std::size_t n, const char* what) {
    if (given.is_none()) return py::array_t<T>(static_cast<py::ssize_t>(n));
    const py::sequence pair = given;
    const py::object one = pair.size() == 2 ? py::object(pair[index]) : py::none();
    if (is_exact_array(one)) {
        const auto array = py::reinterpret_borrow<py::array>(one);
        if (is_plain(array) && array.writeable() && array.dtype().equal(py::dtype::of<T>()) &&
            static_cast<std::size_t>(array.size()) == n)
            return py::reinterpret_borrow<py::array_t<T>>(array);
    }
    throw InputError(
        "out is two contiguous arrays that can be written to, scores and grades; the " +
        std::string(what) + " are of " + std::string(py::str(py::dtype::of<T>().attr("name"))) +
        ", shape (" + std::to_string(n) + ",)");
}

template <class Score>
py::tuple score(const py::sequence& factors, const Method& method, unsigned threads,
                const py::object& out, bool codes) {
    const Columns in(factors, method, codes);
    py::array_t<Score> scores = result<Score>(out, 0, in.rows, "scores");
    py::array_t<std::uint8_t> grades = result<std::uint8_t>(out, 1, in.rows, "grades");
    const std::span<Score> score_span(scores.mutable_data(), in.rows);
    const std::span<std::uint8_t> grade_span(grades.mutable_data(), in.rows);
    const Work work = make_work(threads, py::none());
    {
        const py::gil_scoped_release unlock;
        scoring::score_columns(in.columns, score_span, grade_span, method, work);
    }
    return py::make_tuple(scores, grades);
}

py::array_t<Tally> tallies(std::size_t groups) {
    return py::array_t<Tally>(static_cast<py::ssize_t>(groups));
}

}  // namespace

WholeNumbers whole_numbers_from_python(const py::handle& values, const std::string& name,
                                       py::object& keep) {
    py::array array = is_exact_array(values)
                          ? py::reinterpret_borrow<py::array>(values)
                          : py::array(py::module_::import("numpy").attr("asarray")(values));
    const char kind = array.dtype().kind();
    // An empty list becomes an array of float64.
    if (array.ndim() != 1 || (kind != 'i' && kind != 'u' && array.size() > 0))
        throw InputError(name + " is an array of " + std::to_string(array.ndim()) +
                         " dimensions and dtype " + std::string(py::str(array.dtype())) +
                         "; it must be one-dimensional and of whole numbers");
    if (is_plain(array) && array.itemsize() == 4 && kind == 'i') {
        keep = array;
        return view<std::int32_t>(array);
    }
    if (is_plain(array) && array.itemsize() == 4 && kind == 'u') {
        keep = array;
        return view<std::uint32_t>(array);
    }
    if (!is_plain(array) || kind != 'i' || array.itemsize() != 8)
        array = py::array(array.attr("astype")("=i8", py::arg("order") = "C"));
    keep = array;
    return view<std::int64_t>(array);
}

void bind_arrays(py::module_& m) {
    PYBIND11_NUMPY_DTYPE(Tally, sum, worst, ungraded, blue, yellow, orange, red);

    // core/isa.hpp
    m.def("isa", [] { return std::string(to_string(active_isa())); });

    // arrays.hpp
    m.def(
        "score_arrays",
        [](const py::sequence& factors, const Method& method, unsigned threads,
           const py::object& out) { return score<double>(factors, method, threads, out, false); },
        py::arg("factors"), py::arg("method"), py::arg("threads") = 1, py::arg("out") = py::none());
    m.def(
        "score_codes",
        [](const py::sequence& factors, const Method& method, unsigned threads,
           const py::object& out) { return score<float>(factors, method, threads, out, true); },
        py::arg("factors"), py::arg("method"), py::arg("threads") = 1, py::arg("out") = py::none());
    m.def(
        "encode_steps",
        [](const py::object& values, std::size_t factor, const Method& method, unsigned threads) {
            py::object keep;
            const FactorColumn column = factor_column(values, method.factors().at(factor).id, keep);
            py::array_t<std::uint8_t> codes(keep.attr("size").cast<py::ssize_t>());
            const std::span<std::uint8_t> out(codes.mutable_data(),
                                              static_cast<std::size_t>(codes.size()));
            const Work work = make_work(threads, py::none());
            const py::gil_scoped_release unlock;
            scoring::encode_steps(column, factor, out, method, work);
            return codes;
        },
        py::arg("values"), py::arg("factor"), py::arg("method"), py::arg("threads") = 1);
    m.def(
        "tally_offsets",
        [](const py::sequence& factors, const py::object& offsets, const Method& method, bool codes,
           unsigned threads) -> py::array {
            const Columns in(factors, method, codes);
            py::object keep;
            std::vector<std::int64_t> widened;
            const std::span<const std::int64_t> places = std::visit(
                [&](const auto& ids) -> std::span<const std::int64_t> {
                    if constexpr (sizeof(ids[0]) == sizeof(std::int64_t)) {
                        return ids;
                    } else {
                        widened.assign(ids.begin(), ids.end());
                        return widened;
                    }
                },
                whole_numbers_from_python(offsets, "offsets", keep));
            py::array_t<Tally> out = tallies(std::max<std::size_t>(places.size(), 1) - 1);
            const std::span<Tally> span(out.mutable_data(), static_cast<std::size_t>(out.size()));
            const Work work = make_work(threads, py::none());
            {
                const py::gil_scoped_release unlock;
                scoring::tally_offsets(in.columns, places, span, method, work);
            }
            return out;
        },
        py::arg("factors"), py::arg("offsets"), py::arg("method"), py::arg("codes") = false,
        py::arg("threads") = 1);
    m.def(
        "tally_groups",
        [](const py::sequence& factors, const py::object& groups, std::size_t n_groups,
           const Method& method, bool codes, unsigned threads) -> py::array {
            const Columns in(factors, method, codes);
            py::object keep;
            const scoring::GroupIds ids = whole_numbers_from_python(groups, "groups", keep);
            py::array_t<Tally> out = tallies(n_groups);
            const std::span<Tally> span(out.mutable_data(), n_groups);
            const Work work = make_work(threads, py::none());
            {
                const py::gil_scoped_release unlock;
                scoring::tally_groups(in.columns, ids, span, method, work);
            }
            return out;
        },
        py::arg("factors"), py::arg("groups"), py::arg("n_groups"), py::arg("method"),
        py::arg("codes") = false, py::arg("threads") = 1);
    m.def(
        "tally_parents",
        [](const py::array& tallied, const py::object& parents, std::size_t n_groups) -> py::array {
            if (!tallied.dtype().equal(py::dtype::of<Tally>()) || tallied.ndim() != 1)
                throw InputError("tallies of parents are made from the data of tallies");
            const auto children = py::array_t<Tally, py::array::c_style>::ensure(tallied);
            py::object keep;
            const scoring::GroupIds ids = whole_numbers_from_python(parents, "parents", keep);
            py::array_t<Tally> out = tallies(n_groups);
            const std::span<Tally> span(out.mutable_data(), n_groups);
            const std::span<const Tally> from(children.data(),
                                              static_cast<std::size_t>(children.size()));
            {
                const py::gil_scoped_release unlock;
                scoring::tally_parents(from, ids, span);
            }
            return out;
        },
        py::arg("children"), py::arg("parents"), py::arg("n_groups"));
}
