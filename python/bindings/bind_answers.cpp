// Binds the answers beyond the grade: directions, counterfactuals, uncertain inputs, sensitivity,
// several methods, current grades.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/colour_map.hpp>
#include <safetyrisk/scoring/combine.hpp>
#include <safetyrisk/scoring/counterfactual.hpp>
#include <safetyrisk/scoring/current.hpp>
#include <safetyrisk/scoring/direction.hpp>
#include <safetyrisk/scoring/sensitivity.hpp>
#include <safetyrisk/scoring/uncertain.hpp>

using namespace safetyrisk;
using scoring::Graded;

namespace {

scoring::GradeOptions grading(const std::string& method,
                              const std::optional<std::shared_ptr<scoring::Method>>& custom,
                              const std::optional<std::string>& as_of,
                              const std::vector<std::shared_ptr<Pack>>& colours, bool averaged,
                              unsigned threads, const py::object& progress) {
    scoring::GradeOptions out;
    out.method = method;
    out.custom = custom.value_or(nullptr);
    if (as_of) {
        out.as_of = Date::parse(*as_of);
        if (!out.as_of) throw InputError("as_of is '" + *as_of + "'; write YYYY-MM-DD");
    }
    for (const std::shared_ptr<Pack>& pack : colours)
        out.colours.push_back(scoring::ColourMap::compile(pack));
    out.averaged = averaged;
    out.work = make_work(threads, progress);
    return out;
}

}  // namespace

void bind_answers(py::module_& m) {
    // direction.hpp
    m.def(
        "input_directions",
        [](const scoring::Method& method) {
            py::list out;
            for (const scoring::InputDirection& one : scoring::input_directions(method)) {
                py::dict item;
                item["input"] = one.input;
                item["direction"] = std::string(to_string(one.direction));
                item["order"] = one.order;
                out.append(item);
            }
            return out;
        },
        py::arg("method"));

    // counterfactual.hpp
    py::class_<scoring::Counterfactuals>(m, "Counterfactuals", "The smallest changes of inputs.")
        .def("__len__", [](const scoring::Counterfactuals& self) { return self.rows().size(); })
        .def_property_readonly("rows",
                               [](const scoring::Counterfactuals& self) { return self.rows(); })
        .def_property_readonly("fixed",
                               [](const scoring::Counterfactuals& self) { return self.fixed(); })
        .def(
            "to_table",
            [](const scoring::Counterfactuals& self, const std::string& lang) {
                return self.to_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "changes",
            [](const scoring::Counterfactuals& self, const std::string& lang) {
                return self.changes(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "text",
            [](const scoring::Counterfactuals& self, std::size_t index, const std::string& lang) {
                return self.text(index, parse_lang(lang));
            },
            py::arg("index"), py::arg("lang") = "zh");
    m.def(
        "counterfactual",
        [](const Graded& graded, const std::vector<std::size_t>& rows,
           const std::vector<std::string>& fixed, std::size_t most_trials, unsigned threads,
           const py::object& progress) {
            scoring::CounterfactualOptions options;
            options.rows = rows;
            options.fixed = fixed;
            options.most_trials = most_trials;
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return scoring::counterfactual(graded, options);
        },
        py::arg("graded"), py::kw_only(), py::arg("rows") = std::vector<std::size_t>{},
        py::arg("fixed") = std::vector<std::string>{}, py::arg("most_trials") = 200000,
        py::arg("threads") = 1, py::arg("progress") = py::none());

    // uncertain.hpp
    py::class_<scoring::Uncertain>(m, "Uncertain", "Probabilities of grades.")
        .def("__len__", &scoring::Uncertain::rows)
        .def_property_readonly("seed", &scoring::Uncertain::seed)
        .def_property_readonly(
            "central",
            [](const scoring::Uncertain& self) { return std::make_shared<Graded>(self.central()); })
        .def_property_readonly("issues", &scoring::Uncertain::issues, py::return_value_policy::copy)
        .def("to_table", &scoring::Uncertain::to_table)
        .def(
            "levels",
            [](const scoring::Uncertain& self, const std::string& lang) {
                return self.levels(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "text",
            [](const scoring::Uncertain& self, std::size_t row, const std::string& lang) {
                return self.text(row, parse_lang(lang));
            },
            py::arg("row"), py::arg("lang") = "zh");
    m.def(
        "uncertain",
        [](const Table& table, const std::string& method,
           const std::optional<std::shared_ptr<scoring::Method>>& custom,
           const std::optional<std::string>& as_of,
           const std::vector<std::shared_ptr<Pack>>& colours, bool averaged, std::uint64_t seed,
           std::size_t draws, std::size_t most_exact, unsigned threads,
           const py::object& progress) {
            scoring::UncertainOptions options;
            options.grading = grading(method, custom, as_of, colours, averaged, threads, progress);
            options.seed = seed;
            options.draws = draws;
            options.most_exact = most_exact;
            const py::gil_scoped_release unlock;
            return scoring::uncertain(table, options);
        },
        py::arg("table"), py::kw_only(), py::arg("method") = "", py::arg("custom") = py::none(),
        py::arg("as_of") = py::none(), py::arg("colours") = std::vector<std::shared_ptr<Pack>>{},
        py::arg("averaged") = false, py::arg("seed") = 0, py::arg("draws") = 10000,
        py::arg("most_exact") = 10000, py::arg("threads") = 1, py::arg("progress") = py::none());

    // sensitivity.hpp
    py::class_<scoring::Sensitivity>(m, "Sensitivity", "Grades with one judgement a step off.")
        .def("__len__", [](const scoring::Sensitivity& self) { return self.rows().size(); })
        .def_property_readonly("rows", [](const scoring::Sensitivity& self) { return self.rows(); })
        .def("to_table", &scoring::Sensitivity::to_table)
        .def(
            "neighbours",
            [](const scoring::Sensitivity& self, const std::string& lang) {
                return self.neighbours_table(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "inputs",
            [](const scoring::Sensitivity& self, const std::string& lang) {
                return self.inputs(parse_lang(lang));
            },
            py::arg("lang") = "zh")
        .def(
            "text",
            [](const scoring::Sensitivity& self, std::size_t index, const std::string& lang) {
                return self.text(index, parse_lang(lang));
            },
            py::arg("index"), py::arg("lang") = "zh");
    m.def(
        "sensitivity",
        [](const Graded& graded, const std::vector<std::size_t>& rows, unsigned threads,
           const py::object& progress) {
            scoring::SensitivityOptions options;
            options.rows = rows;
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return scoring::sensitivity(graded, options);
        },
        py::arg("graded"), py::kw_only(), py::arg("rows") = std::vector<std::size_t>{},
        py::arg("threads") = 1, py::arg("progress") = py::none());

    py::class_<scoring::Disagreement>(m, "Disagreement", "What several graders make of objects.")
        .def_property_readonly("graded",
                               [](const scoring::Disagreement& self) {
                                   return std::make_shared<Graded>(self.graded());
                               })
        .def_property_readonly("pairs", &scoring::Disagreement::pairs)
        .def_property_readonly("inputs_differ", &scoring::Disagreement::inputs_differ)
        .def_property_readonly("grades_differ", &scoring::Disagreement::grades_differ)
        .def_property_readonly("objects", &scoring::Disagreement::objects)
        .def_property_readonly("compared", &scoring::Disagreement::compared)
        .def("pair_table", &scoring::Disagreement::pair_table)
        .def("object_table", &scoring::Disagreement::object_table)
        .def("input_table", &scoring::Disagreement::input_table)
        .def(
            "text",
            [](const scoring::Disagreement& self, const std::string& lang) {
                return self.text(parse_lang(lang));
            },
            py::arg("lang") = "zh");
    m.def(
        "disagreement",
        [](const Table& table, const std::string& grader, const std::string& method,
           const std::optional<std::shared_ptr<scoring::Method>>& custom,
           const std::optional<std::string>& as_of,
           const std::vector<std::shared_ptr<Pack>>& colours, bool averaged, unsigned threads) {
            const scoring::GradeOptions options =
                grading(method, custom, as_of, colours, averaged, threads, py::none());
            const py::gil_scoped_release unlock;
            return scoring::disagreement(table, options, grader);
        },
        py::arg("table"), py::arg("grader"), py::kw_only(), py::arg("method") = "",
        py::arg("custom") = py::none(), py::arg("as_of") = py::none(),
        py::arg("colours") = std::vector<std::shared_ptr<Pack>>{}, py::arg("averaged") = false,
        py::arg("threads") = 1);

    // combine.hpp
    py::class_<scoring::Combined>(m, "Combined", "Grades of several methods made one.")
        .def("__len__", [](const scoring::Combined& self) { return self.objects().size(); })
        .def("to_table", &scoring::Combined::to_table)
        .def("matrix", &scoring::Combined::matrix)
        .def(
            "widest",
            [](const scoring::Combined& self, std::size_t most, const std::string& lang) {
                return self.widest(most, parse_lang(lang));
            },
            py::arg("most") = 20, py::arg("lang") = "zh")
        .def(
            "text",
            [](const scoring::Combined& self, std::size_t index, const std::string& lang) {
                return self.text(index, parse_lang(lang));
            },
            py::arg("index"), py::arg("lang") = "zh");
    m.def(
        "combine",
        [](const std::vector<std::pair<std::string, std::shared_ptr<Graded>>>& methods,
           const std::string& rule, const std::vector<std::string>& order) {
            scoring::CombineOptions options;
            const auto known = scoring::parse_combine_rule(rule);
            if (!known)
                throw InputError("rule is '" + rule +
                                 "'; it is gravest, priority, majority or main");
            options.rule = *known;
            options.order = order;
            std::vector<scoring::NamedGraded> named;
            for (const auto& [name, graded] : methods)
                named.push_back({name, graded});
            const py::gil_scoped_release unlock;
            return scoring::combine(std::move(named), options);
        },
        py::arg("methods"), py::arg("rule"), py::arg("order"));

    // current.hpp
    py::class_<scoring::Current>(m, "Current", "Inherent, current and residual grades.")
        .def("__len__", [](const scoring::Current& self) { return self.rows().size(); })
        .def_property_readonly("issues", &scoring::Current::issues)
        .def_property_readonly("hazards_in", &scoring::Current::hazards_in)
        .def_property_readonly("hazards_used", &scoring::Current::hazards_used)
        .def("to_table", &scoring::Current::to_table)
        .def("log", &scoring::Current::log)
        .def(
            "text",
            [](const scoring::Current& self, std::size_t row, const std::string& lang) {
                return self.text(row, parse_lang(lang));
            },
            py::arg("row"), py::arg("lang") = "zh");
    m.def(
        "current",
        [](const Graded& graded, const std::optional<Table>& hazards,
           const std::shared_ptr<Pack>& rules, const std::string& on, const std::string& by,
           const std::optional<std::shared_ptr<Graded>>& residual) {
            scoring::CurrentOptions options;
            options.rules = rules;
            const auto day = Date::parse(on);
            if (!day) throw InputError("on is '" + on + "'; write YYYY-MM-DD");
            options.on = *day;
            options.by = by;
            options.residual = residual.value_or(nullptr);
            const py::gil_scoped_release unlock;
            return scoring::current_grades(graded, hazards ? &*hazards : nullptr, options);
        },
        py::arg("graded"), py::arg("hazards"), py::kw_only(), py::arg("rules"), py::arg("on"),
        py::arg("by") = "risk_point", py::arg("residual") = py::none());
}
