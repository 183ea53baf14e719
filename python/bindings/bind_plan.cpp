// Work plans: text in, the JSON of the plan and its issues out.
#include "bindings.hpp"

#include <safetyrisk/plan/plan.hpp>

#include <optional>
#include <string>
#include <utility>

using namespace safetyrisk;

void bind_plan(py::module_& m) {
    m.def(
        "parse_plan",
        [](const std::string& text, std::optional<int> year, const std::string& id) {
            plan::ParseOptions options;
            options.year = year;
            options.id = id;
            std::string json;
            IssueTable issues;
            {
                const py::gil_scoped_release release;
                plan::PlanText read = plan::parse_plan(text, options);
                json = plan::to_json(read);
                issues = std::move(read.issues);
            }
            return std::pair(py::str(json), std::move(issues));
        },
        py::arg("text"), py::arg("year") = py::none(), py::arg("id") = "",
        "The plan of a text as JSON, and what was wrong with it.");
}
