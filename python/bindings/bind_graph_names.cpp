// Binds safetyrisk/graph/{lineage,collectives}.hpp: names of units in time, collective names.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/collectives.hpp>
#include <safetyrisk/graph/lineage.hpp>

using namespace safetyrisk;
using graph::ResponsibilityGraph;
using graph::UnitNames;

namespace {

std::optional<Date> day_of(const std::optional<std::string>& on) {
    if (!on) return std::nullopt;
    const auto date = Date::parse(*on);
    if (!date) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
    return date;
}

py::dict resolved(const graph::ResolvedName& one, Lang lang) {
    py::list matches;
    for (const graph::NameMatch& match : one.matches) {
        py::dict row;
        row["node"] = match.node;
        row["name"] = match.name;
        row["how"] = match.how;
        row["confidence"] = match.confidence;
        matches.append(row);
    }
    py::dict out;
    out["text"] = one.text;
    out["on"] = one.on.text();
    out["matches"] = matches;
    out["finding"] = one.finding;
    out["former"] = one.former;
    out["former_name"] = one.former_name;
    out["since"] = one.since ? py::object(py::str(one.since->text())) : py::none();
    out["message"] = one.message(lang);
    return out;
}

}  // namespace

void bind_graph_names(py::module_& m) {
    py::class_<UnitNames>(m, "UnitNames", "The names of a graph's units, looked up by day.")
        .def(py::init([](const ResponsibilityGraph& graph, const std::optional<Pack>& pack) {
                 return UnitNames(graph, pack ? std::make_shared<const Pack>(*pack) : nullptr);
             }),
             py::arg("graph"), py::arg("pack") = py::none())
        .def(
            "resolve",
            [](const UnitNames& self, const std::string& text, const std::optional<std::string>& on,
               const std::string& place, const std::string& lang) {
                return resolved(self.resolve(text, day_of(on), place), parse_lang(lang));
            },
            py::arg("text"), py::arg("on") = py::none(), py::arg("place") = "",
            py::arg("lang") = "zh")
        .def("successors", &UnitNames::successors, py::arg("unit"))
        .def("predecessors", &UnitNames::predecessors, py::arg("unit"));

    m.def(
        "resolve_collective",
        [](const ResponsibilityGraph& graph, const std::string& text, std::string place,
           std::vector<std::string> sectors, std::string committee,
           std::vector<std::string> addressees, const std::optional<std::string>& on,
           const std::optional<Pack>& pack) {
            const graph::Collective one = graph::resolve_collective(
                graph, text,
                {std::move(place), std::move(sectors), std::move(committee), std::move(addressees)},
                day_of(on), pack ? std::make_shared<const Pack>(*pack) : nullptr);
            py::dict out;
            out["text"] = one.text;
            out["id"] = one.id;
            out["open"] = one.open;
            out["unrestricted"] = one.unrestricted;
            out["nodes"] = one.nodes;
            out["selectors"] = one.selectors;
            out["lacking"] = one.lacking;
            return out;
        },
        py::arg("graph"), py::arg("text"), py::arg("place") = "",
        py::arg("sectors") = std::vector<std::string>{}, py::arg("committee") = "",
        py::arg("addressees") = std::vector<std::string>{}, py::arg("on") = py::none(),
        py::arg("pack") = py::none(), "Whom a collective name means on a day.");
}
