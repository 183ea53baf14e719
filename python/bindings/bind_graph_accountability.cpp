// Binds safetyrisk/graph/accountability.hpp: who stands in the chain after an accident.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/accountability.hpp>

using namespace safetyrisk;
using graph::Accountability;
using graph::ResponsibilityGraph;

namespace {

Table missing_table(const Accountability& a) {
    constexpr std::array<const char*, 9> names{
        "capacity", "rule", "sector", "link", "pattern", "step", "broken_at", "code", "reason"};
    std::array<TextBuilder, 9> columns;
    for (const graph::Missing& one : a.missing) {
        const std::array<std::string_view, 9> cells{one.capacity,  one.rule,    one.sector,
                                                    one.link,      one.pattern, one.step,
                                                    one.broken_at, one.code,    one.reason};
        for (std::size_t i = 0; i < cells.size(); ++i)
            columns.at(i).append(cells.at(i));
    }
    Table table(Origin{"missing", {}, -1, {}, -1});
    for (std::size_t i = 0; i < names.size(); ++i)
        table.add(names.at(i), columns.at(i).finish());
    return table;
}

py::dict summary(const Accountability& a) {
    py::dict out;
    out["node"] = a.node;
    out["name"] = a.name;
    out["on"] = a.on.text();
    out["grade"] = a.grade;
    out["grade_zh"] = a.grade_zh;
    out["grade_en"] = a.grade_en;
    out["criteria"] = a.criteria;
    out["investigator_level"] = a.investigator_level;
    out["investigator"] = a.investigator;
    out["investigator_name"] = a.investigator_name;
    out["body_zh"] = a.body_zh;
    out["body_en"] = a.body_en;
    out["escalated_by"] = a.escalated_by;
    out["ceiling_leaders"] = a.ceiling_leaders;
    out["ceiling_departments"] = a.ceiling_departments;
    out["fine_from"] = a.fine_from;
    out["fine_when_zh"] = a.fine_when_zh;
    out["fine_when_en"] = a.fine_when_en;
    out["fine_to"] = a.fine_to;
    out["records_given"] = a.records_given;
    out["window_from"] = a.window_from.text();
    out["note_zh"] = a.note_zh;
    out["note_en"] = a.note_en;
    out["official_zh"] = a.official_zh;
    out["official_en"] = a.official_en;
    py::dict words;
    for (const graph::ActionWord& word : a.words)
        words[py::str(word.action)] = py::make_tuple(word.zh, word.en);
    out["words"] = words;
    out["source"] = a.source;
    return out;
}

}  // namespace

void bind_graph_accountability(py::module_& m) {
    py::class_<Accountability>(m, "Accountability", "Who stands in the chain after an accident.")
        .def("summary", &summary)
        .def(
            "text",
            [](const Accountability& self, const std::string& lang) {
                return self.text(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "to_json",
            [](const Accountability& self, const std::string& lang) {
                return self.to_json(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "to_table",
            [](const Accountability& self, const std::string& lang) {
                return self.table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "clock_table",
            [](const Accountability& self, const std::string& lang) {
                return self.clock_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def("hazard_table", &Accountability::hazard_table)
        .def("visit_table", &Accountability::visit_table)
        .def("missing_table", &missing_table)
        .def(
            "paths",
            [](const Accountability& self) {
                py::list out;
                for (const graph::Exposed& one : self.exposed) {
                    py::list path;
                    for (const graph::PathEdge& edge : one.path)
                        path.append(path_edge(edge));
                    out.append(path);
                }
                return out;
            },
            "The path to each row of the table.");

    m.def(
        "accountability",
        [](const ResponsibilityGraph& graph, const std::string& node,
           std::optional<std::int64_t> deaths, std::optional<std::int64_t> injuries,
           std::optional<double> loss, const std::optional<std::string>& on,
           const std::optional<std::string>& approved_on, std::vector<std::string> sectors,
           bool concealed, bool exceptional, bool escalate, std::vector<std::string> escalations,
           std::map<std::string, double> incomes, const std::optional<Pack>& pack,
           const std::optional<Pack>& capacities) {
            graph::AccidentFacts facts;
            facts.deaths = deaths;
            facts.injuries = injuries;
            facts.loss = loss;
            facts.on = maybe_day(on, "on");
            facts.approved_on = maybe_day(approved_on, "approved_on");
            facts.sectors = std::move(sectors);
            facts.concealed = concealed;
            facts.exceptional = exceptional;
            graph::AccountabilityOptions options;
            options.escalate = escalate;
            options.escalations = std::move(escalations);
            options.incomes = std::move(incomes);
            if (pack) options.pack = std::make_shared<const Pack>(*pack);
            if (capacities) options.capacities = std::make_shared<const Pack>(*capacities);
            const py::gil_scoped_release unlock;
            return graph::accountability(graph, node, facts, options);
        },
        py::arg("graph"), py::arg("node"), py::arg("deaths") = py::none(),
        py::arg("injuries") = py::none(), py::arg("loss") = py::none(), py::arg("on") = py::none(),
        py::arg("approved_on") = py::none(), py::arg("sectors") = std::vector<std::string>{},
        py::arg("concealed") = false, py::arg("exceptional") = false, py::arg("escalate") = false,
        py::arg("escalations") = std::vector<std::string>{},
        py::arg("incomes") = std::map<std::string, double>{}, py::arg("pack") = py::none(),
        py::arg("capacities") = py::none());
    m.def(
        "accident_grade",
        [](std::int64_t deaths, std::int64_t injuries, double loss,
           const std::optional<Pack>& pack) {
            return graph::accident_grade(
                deaths, injuries, loss,
                pack ? std::make_shared<const Pack>(*pack) : std::shared_ptr<const Pack>());
        },
        py::arg("deaths") = 0, py::arg("injuries") = 0, py::arg("loss") = 0.0,
        py::arg("pack") = py::none());
}
