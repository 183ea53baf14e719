// Binds safetyrisk/graph: kinds, the responsibility graph, selectors.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/export.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/select.hpp>

using namespace safetyrisk;
using graph::NodeNo;
using graph::ResponsibilityGraph;

namespace {

std::optional<Date> read_on(const std::optional<std::string>& on, const char* name = "on") {
    if (!on) return std::nullopt;
    const auto date = Date::parse(*on);
    if (!date) throw InputError(std::string(name) + " is '" + *on + "'; write YYYY-MM-DD");
    return date;
}

std::vector<std::string> ids_of(const graph::Kinds& kinds,
                                const std::vector<graph::KindNo>& numbers) {
    std::vector<std::string> out;
    for (const graph::KindNo number : numbers)
        out.push_back(kinds.nodes()[number].id);
    return out;
}

template <class Kind>
py::list words_of(const graph::Kinds& kinds, const std::vector<Kind>& listed) {
    py::list out;
    for (const Kind& kind : listed) {
        py::dict one;
        one["id"] = kind.id;
        one["zh"] = kind.zh;
        one["en"] = kind.en;
        one["aliases"] = kind.aliases;
        if constexpr (std::is_same_v<Kind, graph::NodeKind>) {
            one["seated"] = kind.seated;
            one["place"] = kind.place;
            one["owned"] = kind.owned;
        } else if constexpr (std::is_same_v<Kind, graph::PostKind>) {
            one["enterprise"] = kind.enterprise;
            one["leading"] = kind.leading;
            one["principal"] = kind.principal;
        } else {
            one["from"] = ids_of(kinds, kind.from);
            one["to"] = ids_of(kinds, kind.to);
            one["least_out"] = kind.least_out;
            one["most_out"] = kind.most_out;
            one["least_in"] = kind.least_in;
            one["most_in"] = kind.most_in;
            one["most_in_principal"] = kind.most_in_principal;
            one["counted_from"] = ids_of(kinds, kind.counted_from);
            one["counted_to"] = ids_of(kinds, kind.counted_to);
            one["acyclic"] = kind.acyclic;
            one["derived"] = kind.derived;
            one["rule"] = kind.rule;
            one["rule_in"] = kind.rule_in;
            one["rule_out"] = kind.rule_out;
            one["rule_acyclic"] = kind.rule_acyclic;
            one["basis"] = kind.basis;
        }
        out.append(one);
    }
    return out;
}

py::dict words_of(const graph::Kinds& kinds) {
    py::dict out;
    out["nodes"] = words_of(kinds, kinds.nodes());
    out["posts"] = words_of(kinds, kinds.posts());
    out["edges"] = words_of(kinds, kinds.edges());
    return out;
}

std::vector<std::string> ids_of(const ResponsibilityGraph& graph,
                                const std::vector<NodeNo>& nodes) {
    std::vector<std::string> out;
    out.reserve(nodes.size());
    for (const NodeNo v : nodes)
        out.emplace_back(graph.id(v));
    return out;
}

}  // namespace

void bind_graph(py::module_& m) {
    // graph.hpp
    py::class_<ResponsibilityGraph>(m, "ResponsibilityGraph",
                                    "Typed, dated, sourced duties; immutable.")
        .def_static(
            "build",
            [](std::vector<Table> tables, const std::optional<std::string>& data_date,
               std::vector<std::string> jurisdiction, const std::optional<Pack>& kinds,
               const std::optional<Pack>& sectors, unsigned threads, const py::object& progress) {
                graph::GraphOptions options;
                options.data_date = read_on(data_date, "data_date");
                options.jurisdiction = std::move(jurisdiction);
                if (kinds)
                    options.kinds =
                        std::make_shared<graph::Kinds>(std::make_shared<const Pack>(*kinds));
                if (sectors) options.sectors = std::make_shared<const Pack>(*sectors);
                options.work = make_work(threads, progress);
                const py::gil_scoped_release unlock;
                return ResponsibilityGraph::build(std::move(tables), options);
            },
            py::arg("tables"), py::arg("data_date") = py::none(),
            py::arg("jurisdiction") = std::vector<std::string>{}, py::arg("kinds") = py::none(),
            py::arg("sectors") = py::none(), py::arg("threads") = 0,
            py::arg("progress") = py::none(), "A graph of tables; each names itself by its origin.")
        .def_property_readonly("nodes", &ResponsibilityGraph::nodes)
        .def_property_readonly("edges", &ResponsibilityGraph::edges)
        .def_property_readonly("bytes", &ResponsibilityGraph::bytes)
        .def_property_readonly("data_date",
                               [](const ResponsibilityGraph& self) {
                                   const auto day = self.data_date();
                                   return day ? std::optional(day->text()) : std::nullopt;
                               })
        .def_property_readonly("issues", &ResponsibilityGraph::issues)
        .def(
            "day",
            [](const ResponsibilityGraph& self, const std::optional<std::string>& on) {
                return self.day(read_on(on)).text();
            },
            py::arg("on") = py::none())
        .def(
            "day_notes",
            [](const ResponsibilityGraph& self, const std::optional<std::string>& on,
               const std::string& lang) {
                return self.day_notes(self.day(read_on(on)), parse_lang(lang));
            },
            py::arg("on") = py::none(), py::arg("lang") = "zh")
        .def("node_table", &ResponsibilityGraph::node_table)
        .def("row_table", &ResponsibilityGraph::row_table)
        .def("edge_table", &ResponsibilityGraph::edge_table)
        .def(
            "packs",
            [](const ResponsibilityGraph& self) {
                return std::pair(Pack(self.kinds().pack()), Pack(self.sectors()));
            },
            "The packs of its kinds and sectors.")
        .def(
            "words", [](const ResponsibilityGraph& self) { return words_of(self.kinds()); },
            "Ids and names of the kinds of nodes, posts and edges.")
        .def(
            "node",
            [](const ResponsibilityGraph& self, const std::string& id) {
                const NodeNo v = self.at(id);
                return py::make_tuple(std::string(self.id(v)), std::string(self.name(v)),
                                      std::string(self.kind(v)));
            },
            py::arg("id"), "Id, name and kind; NotFoundError with near ids.")
        .def(
            "__contains__",
            [](const ResponsibilityGraph& self, const std::string& id) {
                return self.find(id) != graph::none;
            },
            py::arg("id"))
        // export.hpp
        .def("to_json",
             [](const ResponsibilityGraph& self) {
                 const py::gil_scoped_release unlock;
                 return graph::to_json(self);
             })
        .def("to_graphml",
             [](const ResponsibilityGraph& self) {
                 const py::gil_scoped_release unlock;
                 return graph::to_graphml(self);
             })
        // select.hpp
        .def(
            "select",
            [](const ResponsibilityGraph& self, const std::string& selector,
               const std::optional<std::string>& on) {
                const auto day = read_on(on);
                std::vector<NodeNo> found;
                {
                    const py::gil_scoped_release unlock;
                    found = graph::select(self, graph::Selector::parse(selector), day);
                }
                return ids_of(self, found);
            },
            py::arg("selector"), py::arg("on") = py::none(), "Ids that a selector (JSON) means.");

    m.def(
        "read_graph_json",
        [](const std::string& json) {
            graph::GraphTables read;
            {
                const py::gil_scoped_release unlock;
                read = graph::read_json(json);
            }
            return py::make_tuple(
                std::move(read.tables),
                read.data_date ? std::optional(read.data_date->text()) : std::nullopt,
                read.jurisdiction);
        },
        py::arg("json"), "Tables, data date and jurisdiction of the JSON of to_json.");
}
