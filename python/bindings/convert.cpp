// The doors between Python objects and columns.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/io/arrow.hpp>

#include <datetime.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

using namespace safetyrisk;

namespace {

// Keeps a Python object alive from C++; the last owner may be a thread without the lock.
std::shared_ptr<const void> keep_alive(py::object object) {
    auto* held = new py::object(std::move(object));
    return {held, [](const void* pointer) {
                const py::gil_scoped_acquire lock;
                delete static_cast<const py::object*>(pointer);
            }};
}

std::string type_name(const py::handle& object) {
    return py::str(py::type::handle_of(object).attr("__name__"));
}

// One Python scalar.
struct Scalar {
    enum class Kind { missing, boolean, integer, number, text, date } kind = Kind::missing;
    bool boolean = false;
    std::int64_t integer = 0;
    double number = 0.0;
    std::string text;
    Date date;
};

Scalar read_scalar(const py::handle& cell, const std::string& name, std::size_t row) {
    Scalar out;
    PyObject* object = cell.ptr();
    if (cell.is_none()) return out;
    if (PyBool_Check(object)) {
        out.kind = Scalar::Kind::boolean;
        out.boolean = object == Py_True;
        return out;
    }
    if (PyUnicode_Check(object)) {
        Py_ssize_t length = 0;
        const char* bytes = PyUnicode_AsUTF8AndSize(object, &length);
        if (bytes == nullptr) {  // a lone surrogate: no text that could be printed
            PyErr_Clear();
            throw InputError("column '" + name + "', row " + std::to_string(row) +
                             ": the text is not valid Unicode");
        }
        out.kind = Scalar::Kind::text;
        out.text.assign(bytes, static_cast<std::size_t>(length));
        return out;
    }
    if (PyFloat_Check(object)) {
        out.kind = Scalar::Kind::number;
        out.number = PyFloat_AS_DOUBLE(object);
        return out;
    }
    const std::string type = type_name(cell);
    if (type == "NAType" || type == "NaTType") return out;
    if (type == "bool" || type == "bool_") {
        out.kind = Scalar::Kind::boolean;
        out.boolean = py::cast<bool>(cell.attr("item")());
        return out;
    }
    if (PyIndex_Check(object)) {
        const py::object number = py::reinterpret_steal<py::object>(PyNumber_Index(object));
        if (!number) throw py::error_already_set();
        int overflow = 0;
        const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
        if (overflow != 0) {  // a number beyond 64 bits is kept as its digits
            out.kind = Scalar::Kind::text;
            out.text = py::str(number);
            return out;
        }
        out.kind = Scalar::Kind::integer;
        out.integer = value;
        return out;
    }
    if (PyDate_Check(object)) {
        out.kind = Scalar::Kind::date;
        out.date = Date::of(PyDateTime_GET_YEAR(object),
                            static_cast<unsigned>(PyDateTime_GET_MONTH(object)),
                            static_cast<unsigned>(PyDateTime_GET_DAY(object)));
        return out;
    }
    if (py::hasattr(cell, "__float__")) {
        const double value = PyFloat_AsDouble(object);
        if (PyErr_Occurred() == nullptr) {
            out.kind = Scalar::Kind::number;
            out.number = value;
            return out;
        }
        PyErr_Clear();
    }
    throw InputError("column '" + name + "', row " + std::to_string(row) + ": a " + type +
                     " is no cell; cells are numbers, texts, dates, true/false or None");
}

std::string print_scalar(const Scalar& cell) {
    switch (cell.kind) {
        case Scalar::Kind::missing:
            return {};
        case Scalar::Kind::boolean:
            return cell.boolean ? "true" : "false";
        case Scalar::Kind::integer:
            return std::to_string(cell.integer);
        case Scalar::Kind::number:
            return print_number(cell.number);
        case Scalar::Kind::text:
            return cell.text;
        case Scalar::Kind::date:
            return cell.date.text();
    }
    return {};
}

// A list of texts and None, which is what most long lists are, without a Scalar for each cell.
// Nothing when there is another cell, or no text at all.
std::optional<Column> texts_from_list(const py::sequence& values) {
    PyObject* list = values.ptr();
    if (!PyList_CheckExact(list)) return std::nullopt;
    TextBuilder builder;
    bool any = false;
    for (Py_ssize_t row = 0; row < PyList_GET_SIZE(list); ++row) {
        PyObject* cell = PyList_GET_ITEM(list, row);
        if (cell == Py_None) {
            builder.append_null();
            continue;
        }
        if (!PyUnicode_Check(cell)) return std::nullopt;
        Py_ssize_t length = 0;
        const char* bytes = PyUnicode_AsUTF8AndSize(cell, &length);
        if (bytes == nullptr) {  // read_scalar says which row it is
            PyErr_Clear();
            return std::nullopt;
        }
        builder.append({bytes, static_cast<std::size_t>(length)});
        any = true;
    }
    if (!any) return std::nullopt;
    return builder.finish();
}

// A column of the narrowest type that holds every cell: mixed numbers are numbers, and whatever is
// mixed with text (or oddly with dates and booleans) is text as printed.
Column column_from_sequence(const py::sequence& values, const std::string& name) {
    using Kind = Scalar::Kind;
    if (std::optional<Column> texts = texts_from_list(values)) return std::move(*texts);
    const std::size_t n = py::len(values);
    std::vector<Scalar> cells;
    cells.reserve(n);
    std::array<std::size_t, 6> seen{};
    for (std::size_t row = 0; row < n; ++row) {
        cells.push_back(read_scalar(values[row], name, row));
        ++seen.at(static_cast<std::size_t>(cells.back().kind));
    }
    const auto count = [&](Kind kind) { return seen.at(static_cast<std::size_t>(kind)); };
    const std::size_t present = n - count(Kind::missing);
    std::vector<std::uint8_t> valid(n);
    for (std::size_t row = 0; row < n; ++row)
        valid[row] = cells[row].kind != Kind::missing ? 1 : 0;
    if (present > 0 && count(Kind::boolean) == present) {
        std::vector<std::uint8_t> out(n);
        for (std::size_t row = 0; row < n; ++row)
            out[row] = cells[row].boolean ? 1 : 0;
        return Column::of_booleans(std::move(out), valid);
    }
    if (present > 0 && count(Kind::integer) == present) {
        std::vector<std::int64_t> out(n);
        for (std::size_t row = 0; row < n; ++row)
            out[row] = cells[row].integer;
        return Column::of(std::move(out), valid);
    }
    if (present > 0 && count(Kind::integer) + count(Kind::number) == present) {
        std::vector<double> out(n, std::numeric_limits<double>::quiet_NaN());
        for (std::size_t row = 0; row < n; ++row) {
            if (cells[row].kind == Kind::integer)
                out[row] = static_cast<double>(cells[row].integer);
            if (cells[row].kind == Kind::number) out[row] = cells[row].number;
        }
        return Column::of(std::move(out));
    }
    if (present > 0 && count(Kind::date) == present) {
        std::vector<Date> out(n);
        for (std::size_t row = 0; row < n; ++row)
            out[row] = cells[row].date;
        return Column::of(out, valid);
    }
    TextBuilder builder;
    for (const Scalar& cell : cells) {
        const bool nan = cell.kind == Kind::number && std::isnan(cell.number);
        if (cell.kind == Kind::missing || nan)
            builder.append_null();
        else
            builder.append(print_scalar(cell));
    }
    return builder.finish();
}

template <class T>
Column view_array(const py::array& array) {
    const auto* data = static_cast<const T*>(array.data());
    return Column::view(std::span<const T>(data, static_cast<std::size_t>(array.size())),
                        keep_alive(array));
}

// float32 cells as the decimals they stand for.
std::vector<double> widened_cells(const py::array& array) {
    const auto cells = py::array_t < float,
               py::array::c_style | py::array::forcecast > ::ensure(array);
    std::vector<double> out(static_cast<std::size_t>(cells.size()));
    std::transform(cells.data(), cells.data() + cells.size(), out.begin(),
                   [](float value) { return widen(value); });
    return out;
}

Column column_from_array(py::array array, const std::string& name) {
    if (array.ndim() != 1)
        throw InputError("column '" + name + "' has " + std::to_string(array.ndim()) +
                         " dimensions; a column has one");
    // A masked array hides values that it still holds; as a list they are None.
    if (py::hasattr(array, "mask") && py::hasattr(array, "filled"))
        return column_from_sequence(array.attr("tolist")(), name);
    const char kind = array.dtype().kind();
    const auto as = [&](const char* dtype) {
        return py::array(array.attr("astype")(dtype, py::arg("copy") = false));
    };
    const auto contiguous = [](const py::array& a) {
        return (a.flags() & py::array::c_style) != 0 &&
               (a.flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) != 0;
    };
    switch (kind) {
        case 'f':
        case 'i':
        case 'u': {
            if (kind == 'u' && array.itemsize() == 8 && array.size() > 0 &&
                py::cast<double>(array.attr("max")()) >= 9223372036854775808.0)
                return column_from_sequence(array.attr("tolist")(), name);
            if (kind == 'f' && array.itemsize() == 4) return Column::of(widened_cells(array));
            py::array native = as(kind == 'f' ? "=f8" : "=i8");
            if (!contiguous(native)) native = py::array(native.attr("copy")());
            return kind == 'f' ? view_array<double>(native) : view_array<std::int64_t>(native);
        }
        case 'b': {
            const py::array native = as("u1");
            const auto view = native.attr("tobytes")().cast<std::string>();
            return Column::of_booleans({view.begin(), view.end()});
        }
        case 'M': {
            // NaT is the smallest 64-bit number in every unit.
            const py::array days = py::array(as("M8[D]").attr("astype")("=i8"));
            const auto view = py::array_t<std::int64_t, py::array::c_style>::ensure(days);
            const std::int64_t lowest = Date::of(1, 1, 1).days_since_1970();
            const std::int64_t highest = Date::of(9999, 12, 31).days_since_1970();
            std::vector<Date> out;
            std::vector<std::uint8_t> valid;
            for (py::ssize_t row = 0; row < view.size(); ++row) {
                const std::int64_t day = view.at(row);
                const bool ok = day != std::numeric_limits<std::int64_t>::min();
                if (ok && (day < lowest || day > highest))
                    throw InputError("column '" + name + "', row " + std::to_string(row) +
                                     ": a date lies outside the years 1 to 9999");
                valid.push_back(ok ? 1 : 0);
                out.push_back(ok ? Date(static_cast<std::int32_t>(day)) : Date());
            }
            return Column::of(out, valid);
        }
        case 'U':
        case 'T':  // NumPy 2's variable-width strings
        case 'O':
            return column_from_sequence(array.attr("tolist")(), name);
        default:
            throw InputError("column '" + name + "' has dtype " +
                             std::string(py::str(array.dtype())) +
                             "; a column holds numbers, texts, dates or true/false");
    }
}

}  // namespace

Column column_from_python(const py::handle& values, const std::string& name) {
    if (PyDateTimeAPI == nullptr) {
        PyDateTime_IMPORT;
    }
    if (py::isinstance<py::array>(values))
        return column_from_array(py::reinterpret_borrow<py::array>(values), name);
    if (py::hasattr(values, "__arrow_c_stream__")) {
        const py::capsule capsule = values.attr("__arrow_c_stream__")();
        return io::import_arrow_column(*capsule.get_pointer<ArrowArrayStream>());
    }
    if (py::hasattr(values, "__arrow_c_array__")) {
        const auto both =
            py::cast<std::pair<py::capsule, py::capsule>>(values.attr("__arrow_c_array__")());
        return io::import_arrow_array(*both.first.get_pointer<ArrowSchema>(),
                                      *both.second.get_pointer<ArrowArray>());
    }
    if (PyUnicode_Check(values.ptr()) || !PySequence_Check(values.ptr()))
        throw InputError("column '" + name + "' is a " + type_name(values) +
                         "; a column is an array or a list");
    return column_from_sequence(py::reinterpret_borrow<py::sequence>(values), name);
}

py::object column_to_python(const Column& column) {
    const auto n = static_cast<py::ssize_t>(column.size());
    bool nulls = false;
    for (std::size_t row = 0; column.has_nulls() && !nulls && row < column.size(); ++row)
        nulls = column.is_null(row);
    if (column.type() == ColumnType::number) {
        py::array_t<double> out(n);
        double* cells = out.mutable_data();
        std::copy(column.numbers().begin(), column.numbers().end(), cells);
        for (std::size_t row = 0; nulls && row < column.size(); ++row)
            if (column.is_null(row)) cells[row] = std::numeric_limits<double>::quiet_NaN();
        return std::move(out);
    }
    if (column.type() == ColumnType::integer && !nulls) {
        py::array_t<std::int64_t> out(n);
        std::copy(column.integers().begin(), column.integers().end(), out.mutable_data());
        return std::move(out);
    }
    if (column.type() == ColumnType::boolean && !nulls) {
        py::array_t<bool> out(n);
        for (std::size_t row = 0; row < column.size(); ++row)
            out.mutable_data()[row] = column.boolean(row);
        return std::move(out);
    }
    const py::module_ numpy = py::module_::import("numpy");
    py::array out = numpy.attr("empty")(n, py::arg("dtype") = "O");
    auto* cells = static_cast<PyObject**>(out.mutable_data());
    const auto put = [&](std::size_t row, py::object value) {
        Py_XDECREF(cells[row]);
        cells[row] = value.release().ptr();
    };
    const auto text = [](std::string_view s) {
        PyObject* made =
            PyUnicode_DecodeUTF8(s.data(), static_cast<Py_ssize_t>(s.size()), "replace");
        if (made == nullptr) throw py::error_already_set();
        return py::reinterpret_steal<py::object>(made);
    };
    // Dictionary texts are made once and shared.
    if (column.dictionary() != nullptr) {
        std::vector<py::object> shared(column.dictionary()->size() + 1);
        shared.back() = py::none();
        for (std::size_t k = 0; k + 1 < shared.size(); ++k)
            shared[k] = text(column.dictionary()->text(k));
        for (std::size_t row = 0; row < column.size(); ++row) {
            const std::int32_t code = column.code(row);
            put(row, shared[code < 0 ? shared.size() - 1 : static_cast<std::size_t>(code)]);
        }
        return std::move(out);
    }
    const py::object make_date = py::module_::import("datetime").attr("date");
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.is_null(row)) {
            put(row, py::none());
            continue;
        }
        switch (column.type()) {
            case ColumnType::integer:
                put(row, py::int_(column.integers()[row]));
                break;
            case ColumnType::boolean:
                put(row, py::bool_(column.boolean(row)));
                break;
            case ColumnType::date: {
                const auto civil = column.date(row).civil();
                put(row,
                    make_date(static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()),
                              static_cast<unsigned>(civil.day())));
                break;
            }
            default:
                put(row, text(column.text(row)));
        }
    }
    return std::move(out);
}

py::object column_view(const Column& column) {
    const auto view = [&]<class T>(std::span<const T> cells) -> py::object {
        auto* owner = new Column(column);
        const py::capsule keep(owner, [](void* held) { delete static_cast<Column*>(held); });
        py::array_t<T> out(static_cast<py::ssize_t>(cells.size()), cells.data(), keep);
        out.attr("setflags")(py::arg("write") = false);
        return std::move(out);
    };
    if (column.has_nulls() || column.size() == 0) return column_to_python(column);
    if (column.type() == ColumnType::number) return view(column.numbers());
    if (column.type() == ColumnType::integer) return view(column.integers());
    return column_to_python(column);
}

py::object column_categories(const Column& column) {
    if (column.dictionary() == nullptr) return py::none();
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < column.dictionary()->size(); ++k)
        texts.emplace_back(column.dictionary()->text(k));
    const auto codes = [&]<class Code>(Code) -> py::object {
        const auto* cells = static_cast<const Code*>(column.memory().cells);
        if (!column.has_nulls()) {
            auto* owner = new Column(column);
            const py::capsule keep(owner, [](void* held) { delete static_cast<Column*>(held); });
            py::array_t<Code> out(static_cast<py::ssize_t>(column.size()), cells, keep);
            out.attr("setflags")(py::arg("write") = false);
            return std::move(out);
        }
        py::array_t<Code> out(static_cast<py::ssize_t>(column.size()));
        for (std::size_t row = 0; row < column.size(); ++row)
            out.mutable_data()[row] = static_cast<Code>(column.code(row));
        return std::move(out);
    };
    const bool small = column.memory().layout == Column::Layout::codes8;
    return py::make_tuple(small ? codes(std::int8_t{}) : codes(std::int32_t{}), texts);
}

Lang parse_lang(const std::string& lang) {
    if (lang == "zh") return Lang::zh;
    if (lang == "en") return Lang::en;
    throw InputError("lang is '" + lang + "'; it is 'zh' or 'en'");
}

Date read_day(const std::string& text, const char* name) {
    const auto date = Date::parse(text);
    if (!date) throw InputError(std::string(name) + " is '" + text + "'; write YYYY-MM-DD");
    return *date;
}

std::optional<Date> maybe_day(const std::optional<std::string>& text, const char* name) {
    if (!text) return std::nullopt;
    return read_day(*text, name);
}

Work make_work(unsigned threads, const py::object& progress) {
    Work work;
    work.threads = threads;
    work.interrupted = [] {
        const py::gil_scoped_acquire lock;
        return PyErr_CheckSignals() != 0;
    };
    if (!progress.is_none()) {
        work.progress = [callback = keep_alive(progress)](std::size_t done, std::size_t total) {
            const py::gil_scoped_acquire lock;
            (*static_cast<const py::object*>(callback.get()))(done, total);
        };
    }
    return work;
}

std::span<const double> numbers_from_python(const py::handle& values, const std::string& name,
                                            py::object& keep) {
    py::array array;
    if (py::isinstance<py::array>(values))
        array = py::reinterpret_borrow<py::array>(values);
    else
        array = py::module_::import("numpy").attr("asarray")(values);
    const char kind = array.dtype().kind();
    if (array.ndim() != 1 || (kind != 'f' && kind != 'i' && kind != 'u'))
        throw InputError(name + " is an array of " + std::to_string(array.ndim()) +
                         " dimensions and dtype " + std::string(py::str(array.dtype())) +
                         "; it must be one-dimensional and of numbers");
    if (py::hasattr(array, "mask") && py::hasattr(array, "filled"))
        array = py::array(
            array.attr("astype")("f8").attr("filled")(std::numeric_limits<double>::quiet_NaN()));
    if (kind == 'f' && array.itemsize() == 4) {
        const std::vector<double> cells = widened_cells(array);
        array = py::array_t<double>(static_cast<py::ssize_t>(cells.size()), cells.data());
    }
    constexpr int usable = static_cast<int>(py::array::c_style) |
                           static_cast<int>(py::detail::npy_api::NPY_ARRAY_ALIGNED_);
    if (!array.dtype().is(py::dtype::of<double>()) || (array.flags() & usable) != usable)
        array = py::array(array.attr("astype")("=f8", py::arg("order") = "C"));
    keep = array;
    return {static_cast<const double*>(array.data()), static_cast<std::size_t>(array.size())};
}
