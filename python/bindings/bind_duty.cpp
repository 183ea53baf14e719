// Binds safetyrisk/duty/: working days, and obligations against records.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/duty/assess.hpp>
#include <safetyrisk/duty/packs.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace safetyrisk;
using duty::AssessOptions;
using duty::Compliance;
using duty::Status;
using duty::WorkCalendar;

namespace {

constexpr std::array<Status, 7> all_statuses = {
    Status::done,    Status::done_late,      Status::overdue,       Status::due,
    Status::not_due, Status::not_applicable, Status::not_assessable};

std::vector<Status> read_statuses(const std::vector<std::string>& words) {
    std::vector<Status> out;
    for (const std::string& word : words) {
        const auto* const found =
            std::find_if(all_statuses.begin(), all_statuses.end(),
                         [&](Status status) { return to_string(status) == word; });
        if (found == all_statuses.end()) {
            std::string known;
            for (const Status status : all_statuses)
                known += (known.empty() ? "" : ", ") + std::string(to_string(status));
            throw InputError("status is '" + word + "'; there are: " + known);
        }
        out.push_back(*found);
    }
    return out;
}

}  // namespace

void bind_duty(py::module_& m) {
    // calendar.hpp
    py::class_<WorkCalendar, std::shared_ptr<WorkCalendar>>(m, "WorkCalendar",
                                                            "Which days are working days.")
        .def_static("usual",
                    [] { return std::const_pointer_cast<WorkCalendar>(WorkCalendar::usual()); })
        .def_static(
            "compile",
            [](const Pack& pack) {
                return std::const_pointer_cast<WorkCalendar>(
                    WorkCalendar::compile(std::make_shared<const Pack>(pack)));
            },
            py::arg("pack"))
        .def_property_readonly("first",
                               [](const WorkCalendar& self) { return self.first().text(); })
        .def_property_readonly("last", [](const WorkCalendar& self) { return self.last().text(); })
        .def(
            "is_working",
            [](const WorkCalendar& self, const std::string& day) {
                return self.is_working(read_day(day, "day"));
            },
            py::arg("day"))
        .def(
            "between",
            [](const WorkCalendar& self, const std::string& from, const std::string& to) {
                return self.between(read_day(from, "start"), read_day(to, "end"));
            },
            py::arg("start"), py::arg("end"))
        .def(
            "add",
            [](const WorkCalendar& self, const std::string& from,
               std::uint32_t days) -> std::optional<std::string> {
                const auto day = self.add(read_day(from, "start"), days);
                if (!day) return std::nullopt;
                return day->text();
            },
            py::arg("start"), py::arg("days"));

    // assess.hpp
    py::class_<Compliance>(m, "Compliance", "Obligations, and how each stands on a day.")
        .def("__len__", &Compliance::size)
        .def_property_readonly("as_of", [](const Compliance& self) { return self.as_of().text(); })
        .def_property_readonly("start", [](const Compliance& self) { return self.from().text(); })
        .def(
            "counts",
            [](const Compliance& self) {
                py::dict out;
                for (const Status status : all_statuses)
                    out[py::str(std::string(to_string(status)))] =
                        self.counts()[static_cast<std::size_t>(status)];
                return out;
            },
            "Number of cells by status.")
        .def_property_readonly("issues", &Compliance::issues)
        .def_property_readonly("duties_in", &Compliance::duties_in)
        .def_property_readonly("duties_used", &Compliance::duties_used)
        .def_property_readonly("records_in", &Compliance::records_in)
        .def_property_readonly("records_used", &Compliance::records_used)
        .def(
            "to_table",
            [](const Compliance& self, const std::vector<std::string>& statuses,
               const std::string& lang) {
                const auto wanted = read_statuses(statuses);
                const Lang language = parse_lang(lang);
                const py::gil_scoped_release unlock;
                return self.to_table(wanted, language);
            },
            py::arg("statuses") = std::vector<std::string>{}, py::arg("lang") = "zh")
        .def(
            "due_table",
            [](const Compliance& self, const std::string& from, const std::string& to,
               const std::string& lang, std::optional<std::size_t> limit) {
                const Date first = read_day(from, "start");
                const Date last = read_day(to, "end");
                const Lang language = parse_lang(lang);
                const py::gil_scoped_release unlock;
                return self.due_table(first, last, language,
                                      limit.value_or(std::numeric_limits<std::size_t>::max()));
            },
            py::arg("start"), py::arg("end"), py::arg("lang") = "zh", py::arg("limit") = py::none())
        .def(
            "due_counts",
            [](const Compliance& self, const std::string& from, const std::string& to) {
                return self.due_counts(read_day(from, "start"), read_day(to, "end"));
            },
            py::arg("start"), py::arg("end"))
        .def("warm", &Compliance::warm, py::call_guard<py::gil_scoped_release>(),
             "Makes the index of due days.")
        .def(
            "summary",
            [](const Compliance& self, const std::string& by, const std::string& lang) {
                const Lang language = parse_lang(lang);
                const py::gil_scoped_release unlock;
                return self.summary(by, language);
            },
            py::arg("by"), py::arg("lang") = "zh");

    // packs.hpp
    m.def(
        "pack_duties",
        [](const std::vector<Pack>& packs, const std::vector<std::string>& switch_on,
           const std::string& lang) {
            std::vector<std::shared_ptr<const Pack>> shared;
            for (const Pack& pack : packs)
                shared.push_back(std::make_shared<const Pack>(pack));
            duty::PackDuties made = duty::pack_duties(shared, switch_on, parse_lang(lang));
            return py::make_tuple(std::move(made.table), std::move(made.issues));
        },
        py::arg("packs"), py::arg("switch_on"), py::arg("lang") = "zh",
        "Rows of packs of duties, and the issues of entries that are not switched on.");
    m.def(
        "action_name",
        [](const std::string& action, const std::string& lang) {
            return duty::action_name(duty::action_of(action), parse_lang(lang));
        },
        py::arg("action"), py::arg("lang") = "zh", "What an action is called.");

    m.def(
        "assess",
        [](const graph::ResponsibilityGraph& graph, const Table& duties, const Table& records,
           const std::optional<std::string>& as_of, const std::optional<std::string>& from,
           const std::optional<std::string>& until, std::vector<std::string> recorded,
           const WorkCalendar& calendar, unsigned threads, const py::object& progress) {
            AssessOptions options;
            options.as_of = maybe_day(as_of, "as_of");
            options.from = maybe_day(from, "start");
            options.until = maybe_day(until, "end");
            options.recorded = std::move(recorded);
            options.calendar = std::make_shared<const WorkCalendar>(calendar);
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return duty::assess(graph, duties, records, options);
        },
        py::arg("graph"), py::arg("duties"), py::arg("records"), py::arg("as_of"), py::arg("start"),
        py::arg("end"), py::arg("recorded"), py::arg("calendar"), py::arg("threads") = 0,
        py::arg("progress") = py::none());
    m.def(
        "records_of",
        [](const graph::ResponsibilityGraph& graph, const Table& records, const std::string& action,
           const std::string& subject, const std::string& object, const std::string& until) {
            const Date last = read_day(until, "until");
            const py::gil_scoped_release unlock;
            return duty::records_of(graph, records, action, graph.find(subject), graph.find(object),
                                    last);
        },
        py::arg("graph"), py::arg("records"), py::arg("action"), py::arg("subject"),
        py::arg("object"), py::arg("until"),
        "Rows of the records that may have served a cell, by day.");
}
