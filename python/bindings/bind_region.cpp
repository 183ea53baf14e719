// Binds safetyrisk/region: coordinate systems, boundaries and locator, divisions, roll-up.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/region/assign.hpp>
#include <safetyrisk/region/boundary.hpp>
#include <safetyrisk/region/crs.hpp>
#include <safetyrisk/region/divisions.hpp>
#include <safetyrisk/region/enterprise.hpp>
#include <safetyrisk/region/locator.hpp>
#include <safetyrisk/region/rollup.hpp>

using namespace safetyrisk;
using region::Boundaries;
using region::Crs;
using region::Divisions;
using region::Locator;

namespace {

Crs read_crs(const std::string& text) {
    if (const auto crs = region::parse_crs(text)) return *crs;
    throw InputError("crs is '" + text + "'; known are wgs84, cgcs2000, gcj02 and bd09");
}

DivisionLevel read_level(const std::string& text) {
    if (const auto level = parse_level(text)) return *level;
    throw InputError("level is '" + text +
                     "'; known are country, province, city, county, town and village");
}

std::int64_t read_minimum(const std::string& key, const py::object& value) {
    try {
        if (PyIndex_Check(value.ptr()) != 0 && !PyBool_Check(value.ptr()))
            return py::cast<std::int64_t>(py::int_(value));
    } catch (const py::cast_error&) {  // beyond 64 bits
    }
    throw InputError("a threshold's minimum of " + key + " is a whole number");
}

Grade read_grade(const py::object& value) {
    const auto grade =
        py::isinstance<py::str>(value) ? parse_grade(py::cast<std::string>(value)) : std::nullopt;
    if (!grade) throw InputError("a threshold's grade is red, orange, yellow or blue");
    return *grade;
}

double read_decimal(const py::object& value, const std::string& what) {
    if (PyBool_Check(value.ptr()) == 0 && PyNumber_Check(value.ptr()) != 0 &&
        !py::isinstance<py::str>(value)) {
        const double number = PyFloat_AsDouble(value.ptr());
        if (PyErr_Occurred() == nullptr) return number;
        PyErr_Clear();
    }
    throw InputError(what + " is a number");
}

using Lines = std::vector<std::map<std::string, py::object>>;

region::Rule read_index(const Lines& thresholds, const std::map<std::string, py::object>& weights,
                        const std::string& per) {
    region::GradeWeights given;
    const std::map<std::string, double*> places = {{"red", &given.red},
                                                   {"orange", &given.orange},
                                                   {"yellow", &given.yellow},
                                                   {"blue", &given.blue}};
    for (const auto& [key, value] : weights) {
        const auto place = places.find(key);
        if (place == places.end())
            throw InputError("weights are of red, orange, yellow and blue, not of '" + key + "'");
        *place->second = read_decimal(value, "the weight of " + key);
    }
    if (weights.size() < places.size())
        throw InputError("the rule 'index' needs weights of red, orange, yellow and blue; " +
                         std::string("there are none that hold by law"));
    if (per != "unit" && per != "point")
        throw InputError("per is '" + per + "'; known are unit and point");
    std::vector<region::IndexThreshold> lines;
    for (const auto& line : thresholds) {
        if (line.size() != 2 || !line.contains("grade") || !line.contains("index"))
            throw InputError("a threshold of the rule 'index' has grade and index");
        lines.push_back(
            {read_grade(line.at("grade")), read_decimal(line.at("index"), "a threshold's index")});
    }
    return region::Rule::index(
        given, per == "point" ? region::IndexPer::point : region::IndexPer::unit, std::move(lines));
}

region::Rule read_rule(const std::string& name, const Lines& thresholds,
                       const std::map<std::string, py::object>& weights, const std::string& per) {
    if (name == "index") return read_index(thresholds, weights, per);
    if (!weights.empty() || per != "unit")
        throw InputError("weights and per belong to the rule 'index', not to '" + name + "'");
    if (name == "worst") {
        if (!thresholds.empty()) throw InputError("the rule 'worst' takes no thresholds");
        return region::Rule::worst();
    }
    if (name != "count")
        throw InputError("rule is '" + name + "'; known are worst, count and index");
    std::vector<region::CountThreshold> lines;
    for (const auto& given : thresholds) {
        region::CountThreshold line;
        bool graded = false;
        for (const auto& [key, value] : given) {
            if (key == "grade") {
                line.grade = read_grade(value);
                graded = true;
            } else if (key == "red") {
                line.red = read_minimum(key, value);
            } else if (key == "orange") {
                line.orange = read_minimum(key, value);
            } else if (key == "yellow") {
                line.yellow = read_minimum(key, value);
            } else if (key == "blue") {
                line.blue = read_minimum(key, value);
            } else {
                throw InputError("a threshold has grade, red, orange, yellow and blue, not '" +
                                 key + "'");
            }
        }
        if (!graded) throw InputError("a threshold needs a grade");
        lines.push_back(line);
    }
    return region::Rule::count(std::move(lines));
}

template <class T>
py::array_t<T> to_array(std::span<const T> values) {
    return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

// Cells as an array of T that owns them.
template <class T, class Cell>
py::array_t<T> owned_array(Buffer<Cell> cells) {
    static_assert(sizeof(T) == sizeof(Cell));
    auto* owner = new Buffer<Cell>(std::move(cells));
    const py::capsule keep(owner, [](void* held) { delete static_cast<Buffer<Cell>*>(held); });
    return py::array_t<T>(static_cast<py::ssize_t>(owner->size()),
                          reinterpret_cast<const T*>(owner->data()), keep);
}

std::int32_t checked(const Divisions& divisions, std::int32_t index) {
    if (index < 0 || static_cast<std::size_t>(index) >= divisions.size())
        throw NotFoundError("there is no division " + std::to_string(index));
    return index;
}

// A ring as an array of shape (n, 2).
py::array_t<double> ring_array(const region::Ring& ring) {
    py::array_t<double> out({static_cast<py::ssize_t>(ring.size()), py::ssize_t{2}});
    double* cell = out.mutable_data();
    for (const region::LonLat& p : ring) {
        *cell++ = p.lon_deg;
        *cell++ = p.lat_deg;
    }
    return out;
}

py::list polygons(const region::Boundary& boundary) {
    py::list out;
    for (const region::Polygon& polygon : boundary.polygons) {
        py::list rings;
        rings.append(ring_array(polygon.outer));
        for (const region::Ring& hole : polygon.holes)
            rings.append(ring_array(hole));
        out.append(rings);
    }
    return out;
}

py::tuple rollup_result(region::RollUp result) {
    const std::string id = result.rule.id();
    const std::string zh = result.rule.text(Lang::zh);
    const std::string en = result.rule.text(Lang::en);
    return py::make_tuple(std::move(result.table), std::move(result.issues), id, zh, en);
}

using Int32s = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>;
using Bytes = py::array_t<std::uint8_t, py::array::c_style | py::array::forcecast>;

template <class A>
auto span_of(const A& array) {
    return std::span(array.data(), static_cast<std::size_t>(array.size()));
}

void bind_boundaries(py::module_& m) {
    // crs.hpp
    m.def(
        "parse_crs", [](const std::string& text) { return std::string(to_string(read_crs(text))); },
        py::arg("text"), "Canonical name of a coordinate system; InputError when unknown.");
    m.def(
        "crs_label", [](const std::string& text) { return std::string(label(read_crs(text))); },
        py::arg("crs"));
    m.def(
        "convert",
        [](const py::object& lon, const py::object& lat, const std::string& source,
           const std::string& target) {
            py::object keep_lon;
            py::object keep_lat;
            const auto from_lon = numbers_from_python(lon, "lon", keep_lon);
            const auto from_lat = numbers_from_python(lat, "lat", keep_lat);
            if (from_lon.size() != from_lat.size())
                throw InputError("lon and lat differ in length");
            py::array_t<double> out_lon = to_array(from_lon);
            py::array_t<double> out_lat = to_array(from_lat);
            const std::span<double> x(out_lon.mutable_data(), from_lon.size());
            const std::span<double> y(out_lat.mutable_data(), from_lat.size());
            region::convert(from_lon, from_lat, read_crs(source), read_crs(target), x, y);
            return py::make_tuple(out_lon, out_lat);
        },
        py::arg("lon"), py::arg("lat"), py::arg("source"), py::arg("target"));

    // boundary.hpp
    py::class_<Boundaries, std::shared_ptr<Boundaries>>(m, "Boundaries",
                                                        "Outlines of regions, by code.")
        .def("__len__", &Boundaries::size)
        .def(
            "code",
            [](const Boundaries& self, std::size_t i) { return self.all().at(i).code.text(); },
            py::arg("index"))
        .def(
            "name", [](const Boundaries& self, std::size_t i) { return self.all().at(i).name; },
            py::arg("index"))
        .def(
            "polygons",
            [](const Boundaries& self, std::size_t i) { return polygons(self.all().at(i)); },
            py::arg("index"), "Polygons as lists of rings, outer first; a ring has shape (n, 2).")
        .def("area_km2", &Boundaries::area_km2, py::arg("index"))
        .def_property_readonly(
            "declared",
            [](const Boundaries& self) { return std::string(to_string(self.declared())); })
        .def_property_readonly("vertices", &Boundaries::vertices)
        .def_property_readonly("bounds",
                               [](const Boundaries& self) {
                                   const region::Box& b = self.box();
                                   return py::make_tuple(b.west_deg, b.south_deg, b.east_deg,
                                                         b.north_deg);
                               })
        .def(
            "check",
            [](const Boundaries& self, const std::string& source, IssueTable& issues) {
                const Work work = make_work(1, py::none());
                const py::gil_scoped_release unlock;
                self.check(Origin{"boundaries", source, -1, {}}, issues, work);
            },
            py::arg("source"), py::arg("issues"));

    // locator.hpp
    py::class_<Locator, std::shared_ptr<Locator>>(m, "Locator", "Which region a point lies in.")
        .def(py::init([](const Boundaries& boundaries) {
                 const py::gil_scoped_release unlock;
                 return std::make_shared<Locator>(boundaries);
             }),
             py::arg("boundaries"))
        .def(
            "locate",
            [](const Locator& self, const py::object& lon, const py::object& lat,
               unsigned threads) {
                py::object keep_lon;
                py::object keep_lat;
                const auto x = numbers_from_python(lon, "lon", keep_lon);
                const auto y = numbers_from_python(lat, "lat", keep_lat);
                py::array_t<std::int32_t> out(static_cast<py::ssize_t>(x.size()));
                const std::span<std::int32_t> index(out.mutable_data(), x.size());
                const Work work = make_work(threads, py::none());
                {
                    const py::gil_scoped_release unlock;
                    self.locate(x, y, index, work);
                }
                return out;
            },
            py::arg("lon"), py::arg("lat"), py::arg("threads") = 1,
            "Index of the boundary of each WGS84 point, -1 outside.")
        .def_property_readonly("memory_bytes", &Locator::memory_bytes);
}

void bind_divisions(py::module_& m) {
    // divisions.hpp
    py::class_<Divisions, std::shared_ptr<Divisions>>(m, "Divisions",
                                                      "The tree of administrative divisions.")
        .def(py::init([](const Table& table, const std::optional<std::string>& on) {
                 std::optional<Date> day;
                 if (on) {
                     day = Date::parse(*on);
                     if (!day) throw InputError("on is '" + *on + "'; write YYYY-MM-DD");
                 }
                 const py::gil_scoped_release unlock;
                 return std::make_shared<Divisions>(table, day);
             }),
             py::arg("table"), py::arg("on") = py::none())
        .def("__len__", &Divisions::size)
        .def("table", &Divisions::table)
        .def_property_readonly("issues", &Divisions::issues)
        .def(
            "find",
            [](const Divisions& self, const std::string& code) {
                const auto parsed = DivisionCode::parse(code);
                return parsed ? self.find(*parsed) : -1;
            },
            py::arg("code"), "Index of a division, or -1.")
        .def(
            "code",
            [](const Divisions& self, std::int32_t index) {
                return self.code(checked(self, index)).text();
            },
            py::arg("index"))
        .def(
            "name",
            [](const Divisions& self, std::int32_t index) {
                return std::string(self.name(checked(self, index)));
            },
            py::arg("index"))
        .def(
            "units_at",
            [](const Divisions& self, const std::string& level) {
                const std::vector<std::int32_t> units = self.units_at(read_level(level));
                return to_array(std::span<const std::int32_t>(units));
            },
            py::arg("level"));

    m.def(
        "parse_level",
        [](const std::string& text) { return std::string(to_string(read_level(text))); },
        py::arg("text"), "Canonical name of a level; InputError when unknown.");

    // assign.hpp
    m.def(
        "assign",
        [](const Divisions& divisions, const Table& rows, const std::optional<Table>& enterprises,
           const std::optional<std::shared_ptr<Boundaries>>& boundaries,
           const std::optional<std::shared_ptr<Locator>>& locator, const std::string& crs,
           unsigned threads) {
            region::AssignOptions options;
            options.enterprises = enterprises ? &*enterprises : nullptr;
            options.boundaries = boundaries ? boundaries->get() : nullptr;
            options.locator = locator ? locator->get() : nullptr;
            options.crs = read_crs(crs);
            const Work work = make_work(threads, py::none());
            region::Assignment result;
            {
                const py::gil_scoped_release unlock;
                result = region::assign(divisions, rows, options, work);
            }
            return py::make_tuple(owned_array<std::int32_t>(std::move(result.division)),
                                  owned_array<std::uint8_t>(std::move(result.how)),
                                  to_array(std::span<const std::int32_t>(result.boundary_division)),
                                  std::move(result.issues));
        },
        py::arg("divisions"), py::arg("rows"), py::arg("enterprises") = py::none(),
        py::arg("boundaries") = py::none(), py::arg("locator") = py::none(),
        py::arg("crs") = "wgs84", py::arg("threads") = 1);
    m.def(
        "join",
        [](const Divisions& divisions, const Boundaries& boundaries, IssueTable& issues) {
            const std::vector<std::int32_t> out = region::join(divisions, boundaries, issues);
            return to_array(std::span<const std::int32_t>(out));
        },
        py::arg("divisions"), py::arg("boundaries"), py::arg("issues"));

    // enterprise.hpp
    m.def("check_enterprises", &region::check_enterprises, py::arg("enterprises"),
          py::arg("issues"));

    // rollup.hpp
    m.def(
        "rollup",
        [](const Divisions& divisions, const Int32s& division, const Bytes& grade,
           const Bytes& status, const std::string& level, const std::string& rule,
           const Lines& thresholds, const std::map<std::string, py::object>& weights,
           const std::string& per, const std::optional<Table>& rows, unsigned threads) {
            const Column* enterprise = rows ? rows->find("enterprise") : nullptr;
            const region::GradedPoints points{span_of(division), span_of(grade), span_of(status),
                                              enterprise};
            const region::Rule how = read_rule(rule, thresholds, weights, per);
            const DivisionLevel at = read_level(level);
            const Work work = make_work(threads, py::none());
            region::RollUp result;
            {
                const py::gil_scoped_release unlock;
                result = region::rollup(divisions, points, at, how, work);
            }
            return rollup_result(std::move(result));
        },
        py::arg("divisions"), py::arg("division"), py::arg("grade"), py::arg("status"),
        py::arg("level"), py::arg("rule") = "worst", py::arg("thresholds") = Lines{},
        py::arg("weights") = std::map<std::string, py::object>{}, py::arg("per") = "unit",
        py::arg("rows") = py::none(), py::arg("threads") = 1);
    m.def(
        "rollup_enterprises",
        [](const Table& rows, const Bytes& grade, const Bytes& status, const std::string& rule,
           const Lines& thresholds, const std::map<std::string, py::object>& weights,
           const std::string& per, const std::optional<Table>& enterprises, unsigned threads) {
            const region::GradedPoints points{
                {}, span_of(grade), span_of(status), rows.find("enterprise")};
            const region::Rule how = read_rule(rule, thresholds, weights, per);
            const Work work = make_work(threads, py::none());
            region::RollUp result;
            {
                const py::gil_scoped_release unlock;
                result = region::rollup_enterprises(points, how,
                                                    enterprises ? &*enterprises : nullptr, work);
            }
            return rollup_result(std::move(result));
        },
        py::arg("rows"), py::arg("grade"), py::arg("status"), py::arg("rule") = "worst",
        py::arg("thresholds") = Lines{}, py::arg("weights") = std::map<std::string, py::object>{},
        py::arg("per") = "unit", py::arg("enterprises") = py::none(), py::arg("threads") = 1);
}

}  // namespace

void bind_region(py::module_& m) {
    bind_boundaries(m);
    bind_divisions(m);
}
