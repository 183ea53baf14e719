// Binds safetyrisk/hazard/: the register of hazards and the machine of its states.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/hazard/register.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace safetyrisk;
using hazard::Register;
using hazard::RegisterOptions;
using hazard::States;

namespace {

std::optional<hazard::HazardGrade> maybe_grade(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const auto grade = hazard::read_grade(*text);
    if (!grade) throw InputError("grade is '" + *text + "'; write general or major");
    return grade;
}

}  // namespace

void bind_hazard(py::module_& m) {
    // register.hpp
    py::class_<Register>(m, "HazardRegister", "Hazards: stock, flow, age.")
        .def("__len__", &Register::size)
        .def_property_readonly("rows_in", &Register::rows_in)
        .def_property_readonly("issues", &Register::issues)
        .def(
            "stock",
            [](const Register& self, const std::string& on, const std::vector<std::string>& by) {
                const Date day = read_day(on, "on");
                const py::gil_scoped_release unlock;
                return self.stock(day, by);
            },
            py::arg("on"), py::arg("by"))
        .def(
            "flow",
            [](const Register& self, const std::string& from, const std::string& to,
               const std::string& period, const std::vector<std::string>& by) {
                const Date first = read_day(from, "start");
                const Date last = read_day(to, "end");
                const py::gil_scoped_release unlock;
                return self.flow(first, last, period, by);
            },
            py::arg("start"), py::arg("end"), py::arg("period"), py::arg("by"))
        .def(
            "self_rate",
            [](const Register& self, const std::string& from, const std::string& to,
               const std::optional<std::string>& grade, const std::vector<std::string>& by) {
                return self.self_rate(read_day(from, "start"), read_day(to, "end"),
                                      maybe_grade(grade), by);
            },
            py::arg("start"), py::arg("end"), py::arg("grade"), py::arg("by"))
        .def("duplicates", &Register::duplicates, py::arg("days"))
        .def("recurrences", &Register::recurrences, py::arg("months"))
        .def(
            "backcheck",
            [](const Register& self, const std::string& enterprise, const std::string& on) {
                return self.backcheck(enterprise, read_day(on, "on"));
            },
            py::arg("enterprise"), py::arg("on"))
        .def(
            "open_major",
            [](const Register& self, const std::string& on) {
                return self.open_major(read_day(on, "on"));
            },
            py::arg("on"));

    m.def(
        "read_hazards",
        [](const graph::ResponsibilityGraph& graph, const Table& hazards,
           const std::optional<Table>& events, const std::optional<Pack>& states) {
            RegisterOptions options;
            if (states) options.states = States::compile(std::make_shared<const Pack>(*states));
            const py::gil_scoped_release unlock;
            return Register::read(hazards, events.value_or(Table()), &graph, options);
        },
        py::arg("graph"), py::arg("hazards"), py::arg("events") = py::none(),
        py::arg("states") = py::none());
}
