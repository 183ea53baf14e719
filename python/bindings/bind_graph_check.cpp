// Binds safetyrisk/graph/check.hpp: the rules and what they find.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/check.hpp>

using namespace safetyrisk;
using graph::Findings;
using graph::ResponsibilityGraph;

namespace {

std::size_t row_of(const Findings& findings, std::size_t row) {
    if (row >= findings.size()) throw NotFoundError("there is no finding " + std::to_string(row));
    return row;
}

py::dict finding(const graph::Finding& one) {
    py::dict out;
    out["rule"] = one.rule;
    out["severity"] = std::string(to_string(one.severity));
    out["status"] = std::string(graph::to_string(one.status));
    out["nodes"] = one.nodes;
    out["edges"] = one.edges;
    out["message"] = one.message;
    out["cure"] = one.cure;
    return out;
}

}  // namespace

void bind_graph_check(py::module_& m) {
    // check.hpp
    py::class_<Findings>(m, "Findings", "What the rules found, in their order.")
        .def("__len__", &Findings::size)
        .def(
            "at",
            [](const Findings& self, std::size_t row, const std::string& lang) {
                return finding(self.at(row_of(self, row), parse_lang(lang)));
            },
            py::arg("row"), py::arg("lang") = "zh")
        .def(
            "count",
            [](const Findings& self, const std::string& severity) {
                for (const Severity one : {Severity::error, Severity::warning, Severity::info})
                    if (severity == to_string(one)) return self.count(one);
                throw InputError("severity is '" + severity + "'; it is error, warning or info");
            },
            py::arg("severity"))
        .def_property_readonly("on", [](const Findings& self) { return self.on().text(); })
        .def(
            "notes",
            [](const Findings& self, const std::string& lang) {
                return self.notes(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def_property_readonly("profile", &Findings::profile)
        .def(
            "to_table",
            [](const Findings& self, const std::string& lang) {
                const Lang words = parse_lang(lang);
                const py::gil_scoped_release unlock;
                return self.to_table(words);
            },
            py::arg("lang") = "zh")
        .def(
            "rules_table",
            [](const Findings& self, const std::string& lang) {
                return self.rules_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "to_json",
            [](const Findings& self, const std::string& lang) {
                const Lang words = parse_lang(lang);
                const py::gil_scoped_release unlock;
                return self.to_json(words);
            },
            py::arg("lang") = "zh");

    m.def(
        "check_graph",
        [](const ResponsibilityGraph& graph, const std::optional<std::string>& on,
           std::string profile, std::vector<std::string> rules,
           std::map<std::string, std::string> parameters, const std::optional<Pack>& pack,
           unsigned threads, const py::object& progress) {
            graph::CheckOptions options;
            if (on) {
                options.on = Date::parse(*on);
                if (!options.on) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
            }
            options.profile = std::move(profile);
            options.rules = std::move(rules);
            options.parameters = std::move(parameters);
            if (pack)
                options.rule_set =
                    std::make_shared<graph::RuleSet>(std::make_shared<const Pack>(*pack));
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return graph::check(graph, options);
        },
        py::arg("graph"), py::arg("on") = py::none(), py::arg("profile") = "",
        py::arg("rules") = std::vector<std::string>{},
        py::arg("parameters") = std::map<std::string, std::string>{}, py::arg("pack") = py::none(),
        py::arg("threads") = 0, py::arg("progress") = py::none());
}
