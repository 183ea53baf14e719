// Binds safetyrisk/io: GeoJSON. (Arrow crosses the border in convert.cpp and bind_core.cpp.)
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/io/geojson.hpp>

using namespace safetyrisk;

namespace {

region::Crs read_crs(const std::string& text) {
    if (const auto crs = region::parse_crs(text)) return *crs;
    throw InputError("crs is '" + text + "'; known are wgs84, cgcs2000, gcj02 and bd09");
}

}  // namespace

void bind_io(py::module_& m) {
    // geojson.hpp
    m.def(
        "read_boundaries",
        [](const py::bytes& geojson, const std::string& crs, const std::string& code,
           const std::string& name, const std::string& source, IssueTable& issues) {
            const std::string_view text = geojson;
            const region::Crs declared = read_crs(crs);
            const py::gil_scoped_release unlock;
            return std::make_shared<region::Boundaries>(io::read_boundaries(
                text, {code, name}, declared, Origin{"boundaries", source, -1, {}}, issues));
        },
        py::arg("geojson"), py::arg("crs"), py::arg("code"), py::arg("name"), py::arg("source"),
        py::arg("issues"));
    m.def(
        "write_points",
        [](const Table& table, const std::string& crs, const std::string& lon,
           const std::string& lat) {
            const region::Crs declared = read_crs(crs);
            std::string out;
            {
                const py::gil_scoped_release unlock;
                out = io::write_points(table, declared, lon, lat);
            }
            return py::bytes(out);
        },
        py::arg("table"), py::arg("crs") = "wgs84", py::arg("lon") = "lon", py::arg("lat") = "lat");
}
