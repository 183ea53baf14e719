// Binds safetyrisk/graph/what_if.hpp and diff.hpp: changes, what they would do, what was done.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/diff.hpp>
#include <safetyrisk/graph/what_if.hpp>

#include <pybind11/functional.h>

using namespace safetyrisk;
using graph::Change;
using graph::ResponsibilityGraph;
using graph::WhatIf;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Change change_of(const std::string& kind, std::vector<std::string> units,
                 std::vector<std::string> into, std::string sector, Pairs by) {
    const auto one = [&](const std::vector<std::string>& list, const char* what) {
        if (list.size() != 1) throw InputError(std::string(what) + " is one id");
        return list.front();
    };
    if (kind == "dissolve") return Change::dissolve(one(units, "unit"));
    if (kind == "merge") return Change::merge(std::move(units), one(into, "into"));
    if (kind == "split") return Change::split(one(units, "unit"), std::move(into), std::move(by));
    if (kind == "move_sector")
        return Change::move_sector(std::move(sector), one(units, "source"), one(into, "target"));
    if (kind == "vacate") return Change::vacate(one(units, "post"));
    throw InputError("there is no change '" + kind + "'");
}

using TableOf = Table (WhatIf::*)(Lang) const;

}  // namespace

void bind_graph_what_if(py::module_& m) {
    py::class_<Change>(m, "Change", "One change of a what-if.")
        .def(py::init(&change_of), py::arg("kind"), py::arg("units"),
             py::arg("into") = std::vector<std::string>{}, py::arg("sector") = "",
             py::arg("by") = Pairs{})
        .def(
            "named",
            [](Change self, const std::function<std::string(const std::string&)>& name) {
                for (std::vector<std::string>* ids : {&self.units, &self.into})
                    for (std::string& id : *ids)
                        id = name(id);
                if (!self.sector.empty()) self.sector = name(self.sector);
                return self;
            },
            py::arg("name"), "The same for a reader: with names in the place of ids.")
        .def(
            "text",
            [](const Change& self, const std::string& lang) { return self.text(parse_lang(lang)); },
            py::arg("lang") = "zh");

    py::class_<WhatIf> what_if(m, "WhatIf", "A graph with changes laid over it, before and after.");
    const std::pair<const char*, TableOf> tables[] = {
        {"orphans", &WhatIf::orphans},
        {"findings", &WhatIf::findings},
        {"coverage_changes", &WhatIf::coverage_changes},
        {"load_changes", &WhatIf::load_changes},
        {"proposals", &WhatIf::proposals},
        {"open_items", &WhatIf::open_items}};
    for (const auto& [name, table] : tables)
        what_if.def(
            name,
            [table = table](const WhatIf& self, const std::string& lang) {
                return (self.*table)(parse_lang(lang));
            },
            py::arg("lang") = "zh");
    what_if.def("obsolete_names", &WhatIf::obsolete_names)
        .def("lineage", &WhatIf::lineage)
        .def("kept_wider", &WhatIf::kept_wider)
        .def_property_readonly("rules_scope",
                               [](const WhatIf& self) { return std::string(self.rules_scope()); })
        .def_property_readonly("on", [](const WhatIf& self) { return self.on().text(); })
        .def("coverage_after",
             [](const WhatIf& self) {
                 const py::gil_scoped_release unlock;
                 return self.coverage_after();
             })
        .def("load_after",
             [](const WhatIf& self) {
                 const py::gil_scoped_release unlock;
                 return self.load_after();
             })
        .def("findings_after",
             [](const WhatIf& self) {
                 const py::gil_scoped_release unlock;
                 return self.findings_after();
             })
        .def(
            "to_json",
            [](const WhatIf& self, const std::string& lang) {
                return self.to_json(parse_lang(lang));
            },
            py::arg("lang") = "zh");

    m.def(
        "what_if",
        [](const ResponsibilityGraph& graph, std::vector<Change> changes,
           const std::optional<std::string>& on, std::string profile,
           std::vector<std::string> rules, std::string level, bool ask_rules, bool load,
           unsigned threads, std::map<std::string, std::string> parameters,
           const std::optional<Pack>& pack, const std::optional<Pack>& workload,
           std::size_t whole_graph) {
            graph::WhatIfOptions options;
            if (on) {
                options.on = Date::parse(*on);
                if (!options.on) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
            }
            options.check.profile = std::move(profile);
            options.check.rules = std::move(rules);
            options.check.parameters = std::move(parameters);
            if (pack)
                options.check.rule_set =
                    std::make_shared<graph::RuleSet>(std::make_shared<const Pack>(*pack));
            if (workload) options.coverage.workload = std::make_shared<const Pack>(*workload);
            options.whole_graph = whole_graph;
            options.check.work = make_work(threads, py::none());
            options.coverage.level = std::move(level);
            options.coverage.work = make_work(threads, py::none());
            options.rules = ask_rules;
            options.load = load;
            const py::gil_scoped_release unlock;
            return graph::what_if(graph, std::move(changes), options);
        },
        py::arg("graph"), py::arg("changes"), py::arg("on") = py::none(), py::arg("profile") = "",
        py::arg("rules") = std::vector<std::string>{}, py::arg("level") = "county",
        py::arg("ask_rules") = true, py::arg("load") = true, py::arg("threads") = 0,
        py::arg("parameters") = std::map<std::string, std::string>{}, py::arg("pack") = py::none(),
        py::arg("workload") = py::none(),
        py::arg("whole_graph") = graph::WhatIfOptions{}.whole_graph);

    m.def(
        "diff_graphs",
        [](const ResponsibilityGraph& before, const ResponsibilityGraph& after) {
            graph::Diff found;
            {
                const py::gil_scoped_release unlock;
                found = graph::diff(before, after);
            }
            py::dict counts;
            counts["nodes_added"] = found.nodes_added;
            counts["nodes_removed"] = found.nodes_removed;
            counts["nodes_changed"] = found.nodes_changed;
            counts["edges_added"] = found.edges_added;
            counts["edges_removed"] = found.edges_removed;
            counts["edges_changed"] = found.edges_changed;
            return py::make_tuple(std::move(found.nodes), std::move(found.edges), counts);
        },
        py::arg("before"), py::arg("after"), "Nodes, edges, and how many came, went and changed.");
}
