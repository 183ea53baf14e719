// Binds safetyrisk/hazard/: the register of hazards and the machine of its states.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/duty/calendar.hpp>
#include <safetyrisk/hazard/ladder.hpp>
#include <safetyrisk/hazard/register.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace safetyrisk;
using hazard::Backcheck;
using hazard::Ladder;
using hazard::LadderOptions;
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
    py::class_<Backcheck>(m, "HazardBackcheck", "What looking back on an enterprise found.")
        .def_readonly("hazards", &Backcheck::hazards)
        .def_readonly("checks", &Backcheck::checks)
        .def_readonly("item_checked", &Backcheck::item_checked)
        .def_readonly("reason", &Backcheck::reason)
        .def_readonly("others", &Backcheck::others);

    py::class_<Register>(m, "HazardRegister", "Hazards: stock, flow, age.")
        .def("__len__", &Register::size)
        .def_property_readonly("rows_in", &Register::rows_in)
        .def_property_readonly("merged_rows", &Register::merged_rows)
        .def_property_readonly("events_in", &Register::events_in)
        .def_property_readonly("events_used", &Register::events_used)
        .def_property_readonly("issues", &Register::issues)
        .def_property_readonly("state_words",
                               [](const Register& self) {
                                   py::dict out;
                                   for (const States::Word& word : self.states().states())
                                       out[py::str(word.id)] = py::make_tuple(word.zh, word.en);
                                   return out;
                               })
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
            "standings",
            [](const Register& self, const std::string& on) {
                const Date day = read_day(on, "on");
                const py::gil_scoped_release unlock;
                return self.standings(day);
            },
            py::arg("on"))
        .def(
            "self_rate",
            [](const Register& self, const std::string& from, const std::string& to,
               const std::optional<std::string>& grade, const std::vector<std::string>& by,
               const std::optional<double>& average, const std::string& level) {
                return self.self_rate(read_day(from, "start"), read_day(to, "end"),
                                      maybe_grade(grade), by, {average, level});
            },
            py::arg("start"), py::arg("end"), py::arg("grade"), py::arg("by"),
            py::arg("average") = py::none(), py::arg("level") = "")
        .def(
            "goals",
            [](const Register& self, int year, const std::string& on,
               const std::vector<std::string>& by, const std::optional<Pack>& pack) {
                return self.goals(year, read_day(on, "on"), by,
                                  pack ? std::make_shared<const Pack>(*pack) : nullptr);
            },
            py::arg("year"), py::arg("on"), py::arg("by"), py::arg("pack") = py::none())
        .def("duplicates", &Register::duplicates, py::arg("days"))
        .def("merged", &Register::merged, py::arg("days"))
        .def("recurrences", &Register::recurrences, py::arg("months"))
        .def(
            "backcheck",
            [](const Register& self, const std::string& enterprise, const std::string& on,
               const std::string& item, std::vector<std::string> actions) {
                return self.backcheck(enterprise, read_day(on, "on"), item, std::move(actions));
            },
            py::arg("enterprise"), py::arg("on"), py::arg("item") = "",
            py::arg("actions") = std::vector<std::string>{})
        .def(
            "open_major",
            [](const Register& self, const std::string& on, const std::string& by) {
                return self.open_major(read_day(on, "on"), by);
            },
            py::arg("on"), py::arg("by") = "enterprise")
        .def("lifetimes", &Register::lifetimes)
        .def(
            "ladder",
            [](const Register& self, const Pack& pack, const std::string& on,
               const std::string& day_kind, const std::optional<duty::WorkCalendar>& calendar,
               const std::string& lang) {
                const auto ladder = Ladder::compile(std::make_shared<const Pack>(pack));
                LadderOptions options;
                options.day_kind = day_kind;
                options.lang = parse_lang(lang);
                if (calendar)
                    options.working_days = [&calendar](Date from, Date to) {
                        return calendar->between(from, to);
                    };
                const Date day = read_day(on, "on");
                const py::gil_scoped_release unlock;
                return ladder->rows(self, day, options);
            },
            py::arg("pack"), py::arg("on"), py::arg("day_kind") = "",
            py::arg("calendar") = py::none(), py::arg("lang") = "zh");

    m.def(
        "read_hazards",
        [](const std::optional<graph::ResponsibilityGraph>& graph, const Table& hazards,
           const std::optional<Table>& events, const std::optional<Pack>& states,
           const std::optional<std::string>& data_date) {
            RegisterOptions options;
            if (states) options.states = States::compile(std::make_shared<const Pack>(*states));
            options.data_date = maybe_day(data_date, "data_date");
            options.work = make_work(0, py::none());
            options.work.interrupted = nullptr;
            const py::gil_scoped_release unlock;
            return Register::read(hazards, events.value_or(Table()), graph ? &*graph : nullptr,
                                  options);
        },
        py::arg("graph"), py::arg("hazards"), py::arg("events") = py::none(),
        py::arg("states") = py::none(), py::arg("data_date") = py::none());
}
