// Binds safetyrisk/graph/coverage.hpp and load.hpp: who regulates what where, and who has how much.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/coverage.hpp>
#include <safetyrisk/graph/load.hpp>

using namespace safetyrisk;
using graph::Coverage;
using graph::CoverState;
using graph::Load;
using graph::ResponsibilityGraph;

namespace {

std::optional<Date> read_on(const std::optional<std::string>& on) {
    if (!on) return std::nullopt;
    const auto date = Date::parse(*on);
    if (!date) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
    return date;
}

py::dict states(const Coverage& coverage) {
    py::dict out;
    for (const CoverState state : graph::cover_states)
        out[py::str(std::string(graph::to_string(state)))] = coverage.count(state);
    return out;
}

}  // namespace

void bind_graph_cover(py::module_& m) {
    // coverage.hpp
    py::class_<Coverage>(m, "Coverage", "Sectors by region, and who regulates them there.")
        .def("__len__", [](const Coverage& self) { return self.cells().size(); })
        .def("states", &states, "Number of cells by state.")
        .def_property_readonly("enterprises", &Coverage::enterprises)
        .def_property_readonly("unplaced", &Coverage::unplaced)
        .def_property_readonly("without_sector", &Coverage::without_sector)
        .def_property_readonly("undivided", &Coverage::undivided)
        .def_property_readonly("on", [](const Coverage& self) { return self.on().text(); })
        .def_property_readonly("level", &Coverage::level)
        .def(
            "to_table",
            [](const Coverage& self, const std::string& lang) {
                return self.to_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "blind_table",
            [](const Coverage& self, const std::string& lang) {
                return self.blind_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "rollup_table",
            [](const Coverage& self, const std::string& lang) {
                return self.rollup_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "to_json",
            [](const Coverage& self, const std::string& lang) {
                return self.to_json(parse_lang(lang));
            },
            py::arg("lang") = "zh");

    m.def("cover_states", [] {
        py::dict out;
        for (const CoverState state : graph::cover_states)
            out[py::str(std::string(graph::to_string(state)))] =
                py::make_tuple(std::string(graph::word(state, Lang::zh)),
                               std::string(graph::word(state, Lang::en)), graph::badness(state));
        return out;
    });

    m.def(
        "coverage",
        [](const ResponsibilityGraph& graph, const std::optional<std::string>& on,
           std::string level, std::string by, const std::optional<Pack>& pack, unsigned threads,
           const py::object& progress) {
            graph::CoverageOptions options;
            options.on = read_on(on);
            options.level = std::move(level);
            options.by = std::move(by);
            if (pack) options.workload = std::make_shared<const Pack>(*pack);
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return graph::coverage(graph, options);
        },
        py::arg("graph"), py::arg("on") = py::none(), py::arg("level") = "county",
        py::arg("by") = "", py::arg("pack") = py::none(), py::arg("threads") = 0,
        py::arg("progress") = py::none());

    // load.hpp
    py::class_<Load>(m, "Load", "How much supervision everybody owes, beside what they have.")
        .def("__len__", [](const Load& self) { return self.rows().size(); })
        .def_property_readonly("compared",
                               [](const Load& self) { return std::string(self.compared()); })
        .def_property_readonly("on", [](const Load& self) { return self.on().text(); })
        .def_property_readonly("flagged",
                               [](const Load& self) {
                                   std::size_t count = 0;
                                   for (const graph::LoadRow& row : self.rows())
                                       count += row.flagged ? 1 : 0;
                                   return count;
                               })
        .def(
            "to_table",
            [](const Load& self, const std::string& lang) {
                return self.to_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "to_json",
            [](const Load& self, const std::string& lang) {
                return self.to_json(parse_lang(lang));
            },
            py::arg("lang") = "zh");

    m.def(
        "load",
        [](const ResponsibilityGraph& graph, const std::optional<std::string>& on,
           const std::optional<Pack>& pack, unsigned threads, const py::object& progress) {
            graph::LoadOptions options;
            options.on = read_on(on);
            if (pack) options.workload = std::make_shared<const Pack>(*pack);
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return graph::load(graph, options);
        },
        py::arg("graph"), py::arg("on") = py::none(), py::arg("pack") = py::none(),
        py::arg("threads") = 0, py::arg("progress") = py::none());
}
