// Binds safetyrisk/graph/explain.hpp: why, the lowest common superior, contacts, duty lists.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/explain.hpp>

using namespace safetyrisk;
using graph::ResponsibilityGraph;

namespace {

std::optional<Date> read_on(const std::optional<std::string>& on) {
    if (!on) return std::nullopt;
    const auto date = Date::parse(*on);
    if (!date) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
    return date;
}

graph::WhoOptions on_day(const std::optional<std::string>& on) {
    graph::WhoOptions options;
    options.on = read_on(on);
    return options;
}

}  // namespace

void bind_graph_explain(py::module_& m) {
    m.def(
        "explain_duty",
        [](const ResponsibilityGraph& graph, const std::string& who, const std::string& node,
           const std::optional<std::string>& on, const std::string& lang) {
            const auto why = graph::explain(graph, who, node, on_day(on));
            return py::make_tuple(why.table(), why.text(parse_lang(lang)), why.to_json(),
                                  why.reasons.size());
        },
        py::arg("graph"), py::arg("who"), py::arg("node"), py::arg("on") = py::none(),
        py::arg("lang") = "zh", "Table, text, JSON and number of reasons.");
    m.def(
        "common_superior",
        [](const ResponsibilityGraph& graph, const std::string& a, const std::string& b,
           const std::optional<std::string>& on, const std::string& lang) {
            const auto found = graph::common_superior(graph, a, b, read_on(on));
            const Lang words = parse_lang(lang);
            return py::make_tuple(graph::to_table(found, words), graph::to_text(found, words));
        },
        py::arg("graph"), py::arg("a"), py::arg("b"), py::arg("on") = py::none(),
        py::arg("lang") = "zh", "Table and text.");
    m.def(
        "contacts",
        [](const ResponsibilityGraph& graph, const std::string& node, std::size_t hops,
           const std::optional<std::string>& on, const std::string& lang) {
            const auto found = graph::contacts(graph, node, hops, on_day(on));
            return py::make_tuple(graph::to_table(found), graph::to_text(found, parse_lang(lang)));
        },
        py::arg("graph"), py::arg("node"), py::arg("hops"), py::arg("on") = py::none(),
        py::arg("lang") = "zh", "Table and text.");
    m.def(
        "duty_list",
        [](const ResponsibilityGraph& graph, const std::string& post,
           const std::optional<std::string>& on, const std::string& lang) {
            const auto list = graph::duty_list(graph, post, read_on(on));
            return py::make_tuple(list.table(), list.text(parse_lang(lang)));
        },
        py::arg("graph"), py::arg("post"), py::arg("on") = py::none(), py::arg("lang") = "zh",
        "Table and text.");
}
