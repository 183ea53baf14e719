// Every C++ error, its Python name and its bases, in one place.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>

namespace {

// Python classes made here live as long as the interpreter.
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> input_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> not_found_error;
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> base_error;

py::object make_class(const char* name, const char* doc, const py::tuple& bases) {
    py::dict body;
    body["__module__"] = "safetyrisk";
    body["__doc__"] = doc;
    // KeyError prints the repr of its argument; these messages are sentences.
    body["__str__"] = py::module_::import("builtins").attr("Exception").attr("__str__");
    return py::module_::import("builtins").attr("type")(name, bases, body);
}

}  // namespace

void bind_errors(py::module_& m) {
    const py::module_ builtins = py::module_::import("builtins");
    base_error.call_once_and_store_result([&] {
        return make_class("Error", "Base of every exception safetyrisk raises on purpose.",
                          py::make_tuple(builtins.attr("Exception")));
    });
    input_error.call_once_and_store_result([&] {
        return make_class("InputError",
                          "The call is wrong; the message says what, its value and the rule.",
                          py::make_tuple(base_error.get_stored(), builtins.attr("ValueError")));
    });
    not_found_error.call_once_and_store_result([&] {
        return make_class("NotFoundError",
                          "The thing asked for is not there; the message says where it was sought.",
                          py::make_tuple(base_error.get_stored(), builtins.attr("KeyError")));
    });
    m.attr("Error") = base_error.get_stored();
    m.attr("InputError") = input_error.get_stored();
    m.attr("NotFoundError") = not_found_error.get_stored();
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
