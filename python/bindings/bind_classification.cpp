// Binds safetyrisk/scoring/classification.hpp: lists of codes and the maps between them.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/classification.hpp>

using namespace safetyrisk;
using scoring::Classification;
using scoring::ClassificationMap;

namespace {

py::list items(const Classification& self) {
    py::list out;
    for (const scoring::ClassItem& item : self.items()) {
        py::dict one;
        one["code"] = item.code;
        one["zh"] = item.name.zh;
        one["en"] = item.name.en;
        one["also"] = item.also;
        out.append(one);
    }
    return out;
}

std::vector<std::string> codes(const Classification& list, const std::vector<std::size_t>& places) {
    std::vector<std::string> out;
    for (const std::size_t place : places)
        out.push_back(list.items()[place].code);
    return out;
}

std::size_t place_of(const Classification& list, const std::string& text) {
    const auto place = list.index_of(text);
    if (!place) throw NotFoundError("'" + text + "' is none of " + list.id());
    return *place;
}

std::shared_ptr<Pack> pack_of(const Pack& pack) {
    return std::make_shared<Pack>(pack);
}

}  // namespace

void bind_classification(py::module_& m) {
    py::class_<Classification, std::shared_ptr<Classification>>(m, "Classification",
                                                                "A list of codes with names.")
        .def_property_readonly("id", [](const Classification& self) { return self.id(); })
        .def_property_readonly("pack",
                               [](const Classification& self) { return pack_of(self.pack()); })
        .def_property_readonly("items", &items)
        .def(
            "code",
            [](const Classification& self, const std::string& text) -> std::optional<std::string> {
                const auto place = self.index_of(text);
                if (!place) return std::nullopt;
                return self.items()[*place].code;
            },
            py::arg("text"), "The code of a code, a name or another way to write it, or None.")
        .def(
            "read",
            [](const Classification& self, const py::handle& values, const std::string& lang) {
                return self.read(column_from_python(values, "values"), parse_lang(lang));
            },
            py::arg("values"), py::arg("lang") = "zh",
            "A table with `text code name status`, one row for each value.")
        .def("__len__", [](const Classification& self) { return self.items().size(); })
        .def("__repr__", [](const Classification& self) {
            return "<safetyrisk classification " + self.id() + ": " +
                   std::to_string(self.items().size()) + " codes>";
        });
    py::class_<ClassificationMap, std::shared_ptr<ClassificationMap>>(
        m, "ClassificationMap", "From the codes of one classification to those of another.")
        .def_property_readonly("id", [](const ClassificationMap& self) { return self.pack().id; })
        .def_property_readonly("pack",
                               [](const ClassificationMap& self) { return pack_of(self.pack()); })
        .def(
            "targets",
            [](const ClassificationMap& self, const std::string& text) {
                return codes(self.to(), self.targets(place_of(self.from(), text)));
            },
            py::arg("text"), "Codes that an old code or name may be now.")
        .def(
            "sources",
            [](const ClassificationMap& self, const std::string& text) {
                return codes(self.from(), self.sources(place_of(self.to(), text)));
            },
            py::arg("text"), "Old codes that may have become a new code or name.")
        .def(
            "read",
            [](const ClassificationMap& self, const py::handle& values, const std::string& lang) {
                return self.read(column_from_python(values, "values"), parse_lang(lang));
            },
            py::arg("values"), py::arg("lang") = "zh",
            "A table with `text from to name candidates status`, one row for each value.")
        .def("__repr__", [](const ClassificationMap& self) {
            return "<safetyrisk classification map " + self.pack().id + ">";
        });
    m.def(
        "find_classification",
        [](const std::string& name, const std::optional<std::string>& as_of) {
            std::optional<Date> day;
            if (as_of) {
                day = Date::parse(*as_of);
                if (!day) throw InputError("as_of is '" + *as_of + "'; write YYYY-MM-DD");
            }
            return std::const_pointer_cast<Classification>(Classification::find(name, day));
        },
        py::arg("name"), py::arg("as_of") = py::none());
    m.def(
        "compile_classification",
        [](const Pack& pack) {
            return std::const_pointer_cast<Classification>(
                Classification::compile(std::make_shared<const Pack>(pack)));
        },
        py::arg("pack"));
    m.def(
        "find_classification_map",
        [](const Classification& from, const Classification& to) {
            return std::const_pointer_cast<ClassificationMap>(
                ClassificationMap::find(from.id(), to.id()));
        },
        py::arg("from_"), py::arg("to"));
    m.def(
        "compile_classification_map",
        [](const Pack& pack, const std::shared_ptr<Classification>& from,
           const std::shared_ptr<Classification>& to) {
            return std::const_pointer_cast<ClassificationMap>(
                ClassificationMap::compile(std::make_shared<const Pack>(pack), from, to));
        },
        py::arg("pack"), py::arg("from_"), py::arg("to"));
}
