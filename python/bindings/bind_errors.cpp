// Every C++ error and its Python class (python/safetyrisk/_errors.py), in one place.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>

namespace {

// The Python classes live as long as the interpreter.
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> base_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> input_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> not_found_error;

// A message may quote bytes of a file that are no UTF-8.
void set_error(const py::object& type, const std::exception& error) {
    const std::string_view what = error.what();
    PyObject* text =
        PyUnicode_DecodeUTF8(what.data(), static_cast<Py_ssize_t>(what.size()), "replace");
    if (text == nullptr) return;  // out of memory; Python has set its error
    PyErr_SetObject(type.ptr(), text);
    Py_DECREF(text);
}

}  // namespace

void bind_errors(py::module_&) {
    const py::module_ errors = py::module_::import("safetyrisk._errors");
    base_error.call_once_and_store_result([&] { return errors.attr("Error"); });
    input_error.call_once_and_store_result([&] { return errors.attr("InputError"); });
    not_found_error.call_once_and_store_result([&] { return errors.attr("NotFoundError"); });
    py::register_exception_translator([](std::exception_ptr pointer) {
        try {
            if (pointer) std::rethrow_exception(pointer);
        } catch (const safetyrisk::Interrupted&) {
            // The signal handler has set the Python error (KeyboardInterrupt) already.
            if (PyErr_Occurred() == nullptr) PyErr_SetNone(PyExc_KeyboardInterrupt);
        } catch (const safetyrisk::InputError& error) {
            set_error(input_error.get_stored(), error);
        } catch (const safetyrisk::NotFoundError& error) {
            set_error(not_found_error.get_stored(), error);
        } catch (const safetyrisk::Error& error) {
            set_error(base_error.get_stored(), error);
        }
    });
}
