// Binds safetyrisk/scoring/major_hazard.hpp: the standard, then a judged table of substances.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/major_hazard.hpp>

using namespace safetyrisk;
using scoring::MajorHazards;
using scoring::MajorHazardStandard;

namespace {

using Standard = std::shared_ptr<MajorHazardStandard>;

std::optional<Date> read_as_of(const std::optional<std::string>& as_of) {
    if (!as_of) return std::nullopt;
    const auto date = Date::parse(*as_of);
    if (!date) throw InputError("as_of is '" + *as_of + "'; write YYYY-MM-DD");
    return date;
}

py::dict words(const scoring::Words& w) {
    py::dict out;
    out["zh"] = w.zh;
    out["en"] = w.en;
    return out;
}

py::list substances(const MajorHazardStandard& standard) {
    py::list out;
    for (const scoring::Substance& substance : standard.substances()) {
        py::dict one;
        one["no"] = substance.no;
        one["name"] = substance.name;
        one["en"] = substance.en;
        one["aliases"] = substance.aliases;
        one["cas"] = substance.cas;
        one["Q"] = substance.q;
        one["beta"] = substance.beta;
        one["condition"] = words(substance.condition);
        out.append(one);
    }
    return out;
}

py::list categories(const MajorHazardStandard& standard) {
    py::list out;
    for (const scoring::HazardCategory& category : standard.categories()) {
        py::dict one;
        one["symbol"] = category.symbol;
        one["name"] = words(category.name);
        one["description"] = words(category.description);
        one["Q"] = category.q;
        one["beta"] = category.beta;
        out.append(one);
    }
    return out;
}

py::list exposure(const MajorHazardStandard& standard) {
    py::list out;
    for (const scoring::ExposureBand& band : standard.exposure()) {
        py::dict one;
        one["from"] = band.from;
        one["to"] = band.to;
        one["alpha"] = band.alpha;
        one["printed"] = band.printed;
        out.append(one);
    }
    return out;
}

py::list levels(const MajorHazardStandard& standard) {
    py::list out;
    for (const scoring::HazardLevel& level : standard.levels()) {
        py::dict one = words(level.level);
        one["printed"] = level.printed;
        out.append(one);
    }
    return out;
}

// Numbers of the rows of table 1, counted as printed.
std::vector<std::size_t> numbers(std::vector<std::size_t> rows) {
    for (std::size_t& row : rows)
        ++row;
    return rows;
}

py::dict counts(const MajorHazards& self) {
    const scoring::MajorHazardCounts c = self.counts();
    py::dict out;
    out["units"] = c.units;
    out["yes"] = c.yes;
    out["no"] = c.no;
    out["undetermined"] = c.undetermined;
    out["incomplete"] = c.incomplete;
    for (std::size_t k = 0; k < c.levels.size(); ++k)
        out[py::str(self.standard().levels()[k].level.zh)] = c.levels[k];
    out["rows_in"] = c.rows_in;
    out["graded"] = c.graded;
    out["not_gradable"] = c.not_gradable;
    out["rejected"] = c.rejected;
    return out;
}

}  // namespace

void bind_major_hazard(py::module_& m) {
    py::class_<MajorHazardStandard, Standard>(m, "MajorHazardStandard",
                                              "GB 18218 compiled from its pack.")
        .def_property_readonly("id", [](const MajorHazardStandard& self) { return self.pack().id; })
        .def_property_readonly(
            "pack",
            [](const MajorHazardStandard& self) { return std::make_shared<Pack>(self.pack()); })
        .def_property_readonly("substances", &substances)
        .def_property_readonly("categories", &categories)
        .def_property_readonly("exposure", &exposure)
        .def_property_readonly("levels", &levels)
        .def(
            "by_name",
            [](const MajorHazardStandard& self, const std::string& name) {
                return numbers(self.by_name(name));
            },
            py::arg("name"), "Numbers of the rows of table 1 that a name or alias means.")
        .def(
            "by_cas",
            [](const MajorHazardStandard& self, const std::string& cas) {
                return numbers(self.by_cas(cas));
            },
            py::arg("cas"), "Numbers of the rows of table 1 that a CAS number means.")
        .def("__repr__", [](const MajorHazardStandard& self) {
            return "<safetyrisk major hazard standard " + self.pack().id + ">";
        });
    m.def(
        "find_major_hazard_standard",
        [](const std::string& name, const std::optional<std::string>& as_of) {
            return std::const_pointer_cast<MajorHazardStandard>(
                MajorHazardStandard::find(name, read_as_of(as_of)));
        },
        py::arg("name") = "gb18218", py::arg("as_of") = py::none());
    m.def(
        "compile_major_hazard",
        [](const Pack& pack) {
            return std::const_pointer_cast<MajorHazardStandard>(
                MajorHazardStandard::compile(std::make_shared<const Pack>(pack)));
        },
        py::arg("pack"));

    py::class_<MajorHazards, std::shared_ptr<MajorHazards>>(m, "MajorHazards",
                                                            "Units judged by GB 18218.")
        .def_property_readonly("issues", &MajorHazards::issues)
        .def("__len__", &MajorHazards::units)
        .def("counts", &counts)
        .def("to_table", &MajorHazards::to_table)
        .def("rows_table", &MajorHazards::rows_table)
        .def(
            "text",
            [](const MajorHazards& self, std::size_t unit, const std::string& lang) {
                return self.text(unit, parse_lang(lang));
            },
            py::arg("unit"), py::arg("lang") = "zh")
        .def(
            "json",
            [](const MajorHazards& self, std::size_t unit, const std::string& lang) {
                return self.json(unit, parse_lang(lang));
            },
            py::arg("unit"), py::arg("lang") = "zh")
        .def("unit_of", &MajorHazards::unit_of, py::arg("name"));
    m.def(
        "major_hazard",
        [](const Table& table, const Standard& standard, std::optional<std::int64_t> exposed,
           const std::map<std::string, std::int64_t>& exposed_by_unit, bool largest_beta,
           const py::object& progress) {
            scoring::MajorHazardOptions options;
            options.standard = standard;
            options.exposed = exposed;
            options.exposed_by_unit = exposed_by_unit;
            options.largest_beta = largest_beta;
            options.work = make_work(1, progress);
            const py::gil_scoped_release unlock;
            return std::make_shared<MajorHazards>(scoring::major_hazard(table, options));
        },
        py::arg("table"), py::kw_only(), py::arg("standard"), py::arg("exposed") = py::none(),
        py::arg("exposed_by_unit") = std::map<std::string, std::int64_t>{},
        py::arg("largest_beta") = false, py::arg("progress") = py::none());
}
