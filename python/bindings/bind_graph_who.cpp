// Binds safetyrisk/graph/who.hpp: who answers for a node, and for many at once.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/who.hpp>

#include <pybind11/functional.h>

using namespace safetyrisk;
using graph::NodeNo;
using graph::ResponsibilityGraph;
using graph::Who;
using graph::WhoAll;
using graph::WhoOptions;

namespace {}  // namespace

py::dict path_edge(const graph::PathEdge& edge) {
    py::dict out;
    out["kind"] = edge.kind;
    out["source"] = edge.source;
    out["target"] = edge.target;
    out["source_name"] = edge.source_name;
    out["target_name"] = edge.target_name;
    out["against"] = edge.against;
    out["derived"] = edge.derived;
    out["table"] = edge.table;
    out["row"] = edge.row;
    out["basis"] = edge.basis;
    return out;
}

namespace {

py::dict answer(const graph::Answer& one) {
    py::list path;
    for (const graph::PathEdge& edge : one.path)
        path.append(path_edge(edge));
    py::dict out;
    out["capacity"] = one.capacity;
    out["node"] = one.node;
    out["name"] = one.name;
    out["holders"] = one.holders;
    out["vacant"] = one.vacant;
    out["path"] = path;
    out["basis"] = one.basis;
    out["confidence"] = one.confidence;
    out["sectors"] = one.sectors;
    out["links"] = one.links;
    out["lead"] = one.lead;
    out["enforce"] = one.enforce;
    return out;
}

WhoOptions options_of(const std::optional<std::string>& on, std::string link, std::string scene,
                      std::vector<std::string> sectors, std::size_t limit,
                      const std::optional<Pack>& pack) {
    WhoOptions options;
    if (on) {
        options.on = Date::parse(*on);
        if (!options.on) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
    }
    options.link = std::move(link);
    options.scene = std::move(scene);
    options.sectors = std::move(sectors);
    options.limit = limit;
    if (pack) options.capacities = std::make_shared<const Pack>(*pack);
    return options;
}

std::vector<NodeNo> numbers_of(const ResponsibilityGraph& graph,
                               const std::vector<std::string>& ids) {
    std::vector<NodeNo> out;
    out.reserve(ids.size());
    for (const std::string& id : ids)
        out.push_back(graph.at(id));
    return out;
}

}  // namespace

void bind_graph_who(py::module_& m) {
    py::class_<Who>(m, "Who", "Who answers for a node: capacities, paths, and what is missing.")
        .def("__len__", &Who::size)
        .def_property_readonly("node", [](const Who& self) { return std::string(self.node()); })
        .def_property_readonly("on", [](const Who& self) { return self.on().text(); })
        .def_property_readonly("truncated", &Who::truncated)
        .def(
            "at",
            [](const Who& self, std::size_t index, const std::string& lang) {
                if (index >= self.size())
                    throw NotFoundError("there is no answer " + std::to_string(index));
                return answer(self.at(index, parse_lang(lang)));
            },
            py::arg("index"), py::arg("lang") = "zh")
        .def_property_readonly("missing_size", &Who::missing_size)
        .def("nodes", &Who::nodes, py::arg("capacity"))
        .def(
            "summary",
            [](const Who& self, const std::string& lang) { return self.summary(parse_lang(lang)); },
            py::arg("lang") = "zh")
        .def(
            "text",
            [](const Who& self, const std::string& lang) { return self.text(parse_lang(lang)); },
            py::arg("lang") = "zh")
        .def(
            "brief",
            [](const Who& self, const std::string& lang) { return self.brief(parse_lang(lang)); },
            py::arg("lang") = "zh")
        .def(
            "to_json",
            [](const Who& self, const std::string& lang) { return self.to_json(parse_lang(lang)); },
            py::arg("lang") = "zh")
        .def(
            "to_table",
            [](const Who& self, const std::string& lang) { return self.table(parse_lang(lang)); },
            py::arg("lang") = "zh")
        .def(
            "missing_table",
            [](const Who& self, const std::string& lang) {
                return self.missing_table(parse_lang(lang));
            },
            py::arg("lang") = "zh");

    m.def(
        "who",
        [](const ResponsibilityGraph& graph, const std::string& node,
           const std::optional<std::string>& on, std::string link, std::string scene,
           std::vector<std::string> sectors, std::size_t limit, const std::optional<Pack>& pack) {
            const WhoOptions options =
                options_of(on, std::move(link), std::move(scene), std::move(sectors), limit, pack);
            const py::gil_scoped_release unlock;
            return graph::who(graph, node, options);
        },
        py::arg("graph"), py::arg("node"), py::arg("on") = py::none(), py::arg("link") = "",
        py::arg("scene") = "", py::arg("sectors") = std::vector<std::string>{},
        py::arg("limit") = std::size_t{100'000}, py::arg("pack") = py::none());

    py::class_<WhoAll>(m, "WhoAll", "Who answers for many nodes, once for all that share it.")
        .def_readonly("parts", &WhoAll::parts)
        .def_readonly("members", &WhoAll::members)
        .def_readonly("answers", &WhoAll::answers)
        .def_readonly("steps", &WhoAll::steps)
        .def_readonly("missing", &WhoAll::missing)
        .def_readonly("classes", &WhoAll::classes)
        .def_readonly("truncated", &WhoAll::truncated);

    m.def(
        "who_all",
        [](const ResponsibilityGraph& graph, const std::vector<std::string>& ids,
           const std::optional<std::string>& on, std::string link, std::string scene,
           std::size_t limit, const std::optional<Pack>& pack, const std::string& lang,
           unsigned threads, const py::object& progress) {
            const WhoOptions options =
                options_of(on, std::move(link), std::move(scene), {}, limit, pack);
            const Work work = make_work(threads, progress);
            const Lang words = parse_lang(lang);
            const py::gil_scoped_release unlock;
            return graph::who_all(graph, numbers_of(graph, ids), options, work, words);
        },
        py::arg("graph"), py::arg("ids") = std::vector<std::string>{}, py::arg("on") = py::none(),
        py::arg("link") = "", py::arg("scene") = "", py::arg("limit") = std::size_t{100'000},
        py::arg("pack") = py::none(), py::arg("lang") = "zh", py::arg("threads") = 0,
        py::arg("progress") = py::none());

    m.def(
        "who_rows",
        [](const ResponsibilityGraph& graph, const std::function<void(Table)>& sink,
           const std::vector<std::string>& ids, const std::optional<std::string>& on,
           std::string link, std::string scene, std::size_t limit, const std::optional<Pack>& pack,
           const std::string& lang, unsigned threads, const py::object& progress) {
            const WhoOptions options =
                options_of(on, std::move(link), std::move(scene), {}, limit, pack);
            const Work work = make_work(threads, progress);
            const Lang words = parse_lang(lang);
            const py::gil_scoped_release unlock;
            graph::who_rows(graph, numbers_of(graph, ids), options, work, words, [&](Table table) {
                const py::gil_scoped_acquire lock;
                sink(std::move(table));
            });
        },
        py::arg("graph"), py::arg("sink"), py::arg("ids") = std::vector<std::string>{},
        py::arg("on") = py::none(), py::arg("link") = "", py::arg("scene") = "",
        py::arg("limit") = std::size_t{100'000}, py::arg("pack") = py::none(),
        py::arg("lang") = "zh", py::arg("threads") = 0, py::arg("progress") = py::none(),
        "Calls sink with a table of full rows, whole nodes at a time.");
}
