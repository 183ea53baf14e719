// Binds safetyrisk/render: palettes, the scene, drawing.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/render/palette.hpp>
#include <safetyrisk/render/scene.hpp>
#include <safetyrisk/render/svg.hpp>

using namespace safetyrisk;
using render::Scene;

namespace {

std::optional<Grade> grade_of_code(int code) {
    if (code == 0) return std::nullopt;
    if (code < 0 || code > 4) throw InputError("a grade code is 0 to 4");
    return static_cast<Grade>(code);
}

py::dict colours(const render::Palette& palette) {
    py::dict out;
    out["red"] = palette.red.text();
    out["orange"] = palette.orange.text();
    out["yellow"] = palette.yellow.text();
    out["blue"] = palette.blue.text();
    out["unassessed"] = palette.not_assessed.text();
    return out;
}

render::Palette read_palette(const std::map<std::string, std::string>& given) {
    render::Palette out = render::palette();
    out.name = "custom";
    for (const auto& [key, text] : given) {
        const auto colour = render::Rgb::parse(text);
        if (!colour) throw InputError("the colour of " + key + " is '" + text + "'; write #RRGGBB");
        if (key == "red")
            out.red = *colour;
        else if (key == "orange")
            out.orange = *colour;
        else if (key == "yellow")
            out.yellow = *colour;
        else if (key == "blue")
            out.blue = *colour;
        else if (key == "unassessed")
            out.not_assessed = *colour;
        else
            throw InputError("a palette has red, orange, yellow, blue and unassessed, not '" + key +
                             "'");
    }
    return out;
}

render::GradeCounts read_counts(const std::vector<std::uint64_t>& counts) {
    if (counts.size() != 5) throw InputError("counts are red, orange, yellow, blue and none");
    return {counts[0], counts[1], counts[2], counts[3], counts[4]};
}

}  // namespace

void bind_render(py::module_& m) {
    // palette.hpp
    m.def("palette_names", &render::palette_names);
    m.def(
        "palette_colours", [](const std::string& name) { return colours(render::palette(name)); },
        py::arg("name"));
    m.def("font_families", [] { return std::string(render::font_families()); });
    m.def(
        "default_footer",
        [](const std::string& lang) {
            return std::string(render::default_footer(parse_lang(lang)));
        },
        py::arg("lang") = "zh");

    // scene.hpp
    py::class_<Scene>(m, "Scene", "Everything that one map page shows.")
        .def(py::init<>())
        .def_readwrite("title", &Scene::title)
        .def_readwrite("subtitle", &Scene::subtitle)
        .def_readwrite("grey", &Scene::grey)
        .def_readwrite("region_word", &Scene::region_word)
        .def_readwrite("rule", &Scene::rule)
        .def_readwrite("data_date", &Scene::data_date)
        .def_readwrite("crs", &Scene::crs)
        .def_readwrite("source", &Scene::source)
        .def_readwrite("author", &Scene::author)
        .def_readwrite("coverage", &Scene::coverage)
        .def_readwrite("approval", &Scene::approval)
        .def_readwrite("footer", &Scene::footer)
        .def(
            "set_lang", [](Scene& self, const std::string& lang) { self.lang = parse_lang(lang); },
            py::arg("lang"))
        .def(
            "set_palette",
            [](Scene& self, const std::string& name) { self.palette = render::palette(name); },
            py::arg("name"))
        .def(
            "set_colours",
            [](Scene& self, const std::map<std::string, std::string>& c) {
                self.palette = read_palette(c);
            },
            py::arg("colours"))
        .def_property_readonly("colours", [](const Scene& self) { return colours(self.palette); })
        .def(
            "set_page",
            [](Scene& self, const std::string& name) { self.page = render::page_size(name); },
            py::arg("name"))
        .def(
            "add_region",
            [](Scene& self, const region::Boundaries& boundaries, std::size_t index,
               const std::string& name, int grade) {
                const region::Boundary& boundary = boundaries.all().at(index);
                self.regions.push_back({boundary.code.text(), name, grade_of_code(grade),
                                        boundary.polygons, boundaries.label_point(index)});
            },
            py::arg("boundaries"), py::arg("index"), py::arg("name"), py::arg("grade"),
            "Adds a region by its boundary; grade is a code, 0 for 未评估.")
        .def(
            "set_points",
            [](Scene& self, std::vector<std::string> id, std::vector<std::string> name,
               const py::object& lon, const py::object& lat,
               const py::array_t<std::uint8_t>& grade) {
                py::object keep_lon;
                py::object keep_lat;
                const auto x = numbers_from_python(lon, "lon", keep_lon);
                const auto y = numbers_from_python(lat, "lat", keep_lat);
                self.points = {std::move(id),
                               std::move(name),
                               {x.begin(), x.end()},
                               {y.begin(), y.end()},
                               {grade.data(), grade.data() + grade.size()}};
            },
            py::arg("id"), py::arg("name"), py::arg("lon"), py::arg("lat"), py::arg("grade"))
        .def(
            "set_region_counts",
            [](Scene& self, const std::vector<std::uint64_t>& c) {
                self.region_counts = read_counts(c);
            },
            py::arg("counts"))
        .def(
            "set_point_counts",
            [](Scene& self, const std::vector<std::uint64_t>& c) {
                self.point_counts = read_counts(c);
            },
            py::arg("counts"));

    // svg.hpp
    py::class_<render::Drawing>(m, "Drawing", "A drawn scene.")
        .def_readonly("svg", &render::Drawing::svg)
        .def_readonly("hidden_labels", &render::Drawing::hidden_labels)
        .def_readonly("points_without_place", &render::Drawing::points_without_place)
        .def_readonly("points_outside", &render::Drawing::points_outside)
        .def_readonly("points_in_cells", &render::Drawing::points_in_cells)
        .def_readonly("scale", &render::Drawing::scale);
    m.def("draw", &render::draw, py::arg("scene"), py::call_guard<py::gil_scoped_release>());
}
