// Every C++ error and its Python class (python/safetyrisk/_errors.py), in one place.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>

namespace {

// The Python classes live as long as the interpreter.
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> base_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> input_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> not_found_error;

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
            py::set_error(input_error.get_stored(), error.what());
        } catch (const safetyrisk::NotFoundError& error) {
            py::set_error(not_found_error.get_stored(), error.what());
        } catch (const safetyrisk::Error& error) {
            py::set_error(base_error.get_stored(), error.what());
        }
    });
}
