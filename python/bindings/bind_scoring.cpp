// Binds safetyrisk/scoring: methods, then graded registers. bind_arrays.cpp has the array
// functions.
#include "bindings.hpp"

#include <safetyrisk/core/document_error.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/duty/packs.hpp>
#include <safetyrisk/scoring/colour_map.hpp>
#include <safetyrisk/scoring/graded.hpp>
#include <safetyrisk/scoring/method.hpp>

using namespace safetyrisk;
using scoring::Graded;
using scoring::Method;

namespace {

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

py::list factors(const Method& method) {
    py::list out;
    for (const scoring::Factor& factor : method.factors()) {
        py::list steps;
        for (const scoring::Step& step : factor.steps) {
            py::dict one = words(step.meaning);
            one["value"] = step.value;
            steps.append(one);
        }
        py::list parts;
        for (const scoring::Part& part : factor.parts) {
            py::dict one = words(part.name);
            one["id"] = part.id;
            parts.append(one);
        }
        py::dict one = words(factor.name);
        one["id"] = factor.id;
        one["range"] = factor.range;
        one["steps"] = steps;
        one["parts"] = parts;
        out.append(one);
    }
    return out;
}

py::list bands(const Method& method) {
    py::list out;
    for (const scoring::Band& band : method.bands()) {
        py::dict one;
        one["grade"] = band.grade ? py::object(py::str(std::string(to_string(*band.grade))))
                                  : py::object(py::none());
        one["label"] = band.label;
        one["printed"] = band.printed;
        one["word"] = words(band.word);
        one["control"] = words(band.control);
        out.append(one);
    }
    return out;
}

py::list inputs(const Method& method) {
    py::list out;
    for (const scoring::MethodInput& input : method.inputs()) {
        py::dict one = words(input.name);
        one["id"] = input.id;
        one["called"] = py::dict(py::arg("zh") = input.called(Lang::zh),
                                 py::arg("en") = input.called(Lang::en));
        one["kind"] = std::string(to_string(input.kind));
        one["unit"] = input.unit;
        one["range"] = input.range;
        one["decimals"] =
            input.decimals < 0 ? py::object(py::none()) : py::object(py::int_(input.decimals));
        one["needed"] = input.needed;
        py::list steps;
        for (const scoring::Step& step : input.steps) {
            py::dict value = words(step.meaning);
            value["value"] = step.value;
            steps.append(value);
        }
        one["steps"] = steps;
        py::list choices;
        for (const scoring::Choice& choice : input.choices) {
            py::dict value = words(choice.name);
            value["id"] = choice.id;
            value["also"] = choice.also;
            choices.append(value);
        }
        one["choices"] = choices;
        one["confidence"] = input.confidence;
        one["source"] = input.source;
        out.append(one);
    }
    return out;
}

py::list steps(const Method& method) {
    py::list out;
    for (const scoring::MethodStep& step : method.steps()) {
        py::dict one = words(step.name);
        one["id"] = step.id;
        one["do"] = step.operation;
        one["of"] = step.of;
        one["confidence"] = step.confidence;
        one["source"] = step.source;
        out.append(one);
    }
    return out;
}

py::list vetoes(const Method& method) {
    py::list out;
    for (const scoring::Veto& veto : method.vetoes()) {
        py::dict one;
        one["id"] = veto.id;
        one["text"] = words(veto.text);
        one["condition"] = words(veto.condition);
        one["label"] = method.bands()[veto.band].label;
        one["clause"] = veto.clause;
        out.append(one);
    }
    return out;
}

py::dict level_dict(const scoring::Level& level) {
    py::dict one;
    one["scale"] = level.scale;
    one["label"] = level.label;
    one["word"] = words(level.word);
    one["rank"] = level.rank;
    one["grade"] = level.grade ? py::object(py::str(std::string(to_string(*level.grade))))
                               : py::object(py::none());
    return one;
}

// What is wrong with a document: None, or its place and the sentence in both languages.
py::object check_pack(const std::string& text, const std::string& where) {
    const auto fault = [](const std::string& path, const std::string& zh, const std::string& en) {
        py::dict one;
        one["path"] = path;
        one["zh"] = zh.empty() ? en : zh;
        one["en"] = en;
        return py::object(one);
    };
    try {
        const auto pack = std::make_shared<const Pack>(Pack::parse(text, where));
        if (pack->kind == "colour_map")
            scoring::ColourMap::compile(pack);
        else if (pack->kind == "duties")
            (void)duty::pack_duties({&pack, 1}, {"*"});
        else
            Method::compile(pack);
    } catch (const DocumentError& error) {
        return fault(error.path(), error.zh(), error.en());
    } catch (const Error& error) {
        return fault(where, "", error.what());
    }
    return py::none();
}

// Cells of a result as an array that cannot be written to and keeps the result alive.
template <class T>
py::array_t<T> cells_view(const std::shared_ptr<Graded>& graded, std::span<const T> cells) {
    auto* owner = new std::shared_ptr<Graded>(graded);
    const py::capsule keep(owner,
                           [](void* held) { delete static_cast<std::shared_ptr<Graded>*>(held); });
    py::array_t<T> out(static_cast<py::ssize_t>(cells.size()), cells.data(), keep);
    out.attr("setflags")(py::arg("write") = false);
    return out;
}

}  // namespace

void bind_scoring(py::module_& m) {
    // method.hpp
    py::class_<Method, std::shared_ptr<Method>>(m, "Method",
                                                "A scoring method compiled from its pack.")
        .def_property_readonly("id", &Method::id)
        .def_property_readonly(
            "pack", [](const Method& self) { return std::make_shared<Pack>(self.pack()); })
        .def_property_readonly(
            "form", [](const Method& self) { return std::string(to_string(self.form())); })
        .def_property_readonly("scale",
                               [](const Method& self) {
                                   py::dict one;
                                   one["id"] = self.scale().id;
                                   one["kind"] = std::string(to_string(self.scale().kind));
                                   one["name"] = words(self.scale().name);
                                   return one;
                               })
        .def_property_readonly("has_grades", &Method::has_grades)
        .def_property_readonly("score_symbol", &Method::score_symbol)
        .def_property_readonly("inputs", &inputs)
        .def_property_readonly("steps", &steps)
        .def_property_readonly("vetoes", &vetoes)
        .def_property_readonly("clause", &Method::clause)
        .def_property_readonly("unit", [](const Method& self) { return self.kernel().unit; })
        .def_property_readonly("factors", &factors)
        .def_property_readonly("bands", &bands)
        .def("__repr__",
             [](const Method& self) { return "<safetyrisk method " + self.id() + ">"; });
    m.def(
        "find_method",
        [](const std::string& name, const std::optional<std::string>& as_of) {
            return std::const_pointer_cast<Method>(Method::find(name, read_as_of(as_of)));
        },
        py::arg("name"), py::arg("as_of") = py::none());
    m.def(
        "compile_method",
        [](const Pack& pack) {
            return std::const_pointer_cast<Method>(
                Method::compile(std::make_shared<const Pack>(pack)));
        },
        py::arg("pack"));
    m.def("methods", [] {
        std::vector<std::shared_ptr<Method>> out;
        for (const auto& method : Method::all())
            out.push_back(std::const_pointer_cast<Method>(method));
        return out;
    });

    // graded.hpp
    py::class_<Graded, std::shared_ptr<Graded>>(m, "Graded", "A graded register.")
        .def_property_readonly("input", &Graded::input)
        .def_property_readonly("issues", &Graded::issues)
        .def_property_readonly("direct",
                               [](const Graded& self) -> std::shared_ptr<Pack> {
                                   if (self.direct() == nullptr) return nullptr;
                                   return std::make_shared<Pack>(self.direct()->pack());
                               })
        .def_property_readonly("methods",
                               [](const Graded& self) {
                                   std::vector<std::shared_ptr<Method>> out;
                                   for (const auto& method : self.methods())
                                       out.push_back(std::const_pointer_cast<Method>(method));
                                   return out;
                               })
        .def("__len__", &Graded::rows)
        .def("counts",
             [](const Graded& self) {
                 const scoring::Counts c = self.counts();
                 py::dict out;
                 out["rows_in"] = c.rows_in;
                 out["graded"] = c.graded;
                 out["not_gradable"] = c.not_gradable;
                 out["rejected"] = c.rejected;
                 out["red"] = c.red;
                 out["orange"] = c.orange;
                 out["yellow"] = c.yellow;
                 out["blue"] = c.blue;
                 out["without_colour"] = c.without_colour;
                 return out;
             })
        .def("score_array",
             [](const std::shared_ptr<Graded>& self) { return cells_view(self, self->score()); })
        .def("grade_array",
             [](const std::shared_ptr<Graded>& self) { return cells_view(self, self->grade()); })
        .def("status_array",
             [](const std::shared_ptr<Graded>& self) {
                 return cells_view(
                     self, std::span(reinterpret_cast<const std::uint8_t*>(self->state().data()),
                                     self->rows()));
             })
        .def("to_table", &Graded::to_table)
        .def(
            "explanations",
            [](const Graded& self, const std::string& lang, unsigned threads) {
                const Lang l = parse_lang(lang);
                const Work work = make_work(threads, py::none());
                const py::gil_scoped_release unlock;
                return self.explanations(l, work);
            },
            py::arg("lang") = "zh", py::arg("threads") = 1)
        .def(
            "explain_text",
            [](const Graded& self, std::size_t row, const std::string& lang) {
                const Lang l = parse_lang(lang);
                return self.explain(row, l).text(l);
            },
            py::arg("row"), py::arg("lang") = "zh")
        .def(
            "explain_json",
            [](const Graded& self, std::size_t row, const std::string& lang) {
                return self.explain(row, parse_lang(lang)).json();
            },
            py::arg("row"), py::arg("lang") = "zh")
        .def(
            "prose",
            [](const Graded& self, const std::string& lang, unsigned threads) {
                const Lang l = parse_lang(lang);
                const Work work = make_work(threads, py::none());
                const py::gil_scoped_release unlock;
                Table out(Origin{.table = "prose", .source = {}, .first_line = -1, .lines = {}});
                out.add("id", self.id());
                out.add("text", self.prose(l, work));
                return out;
            },
            py::arg("lang") = "zh", py::arg("threads") = 1)
        .def(
            "bodies",
            [](const Graded& self, const std::string& lang) {
                const auto [texts, index] = self.bodies(parse_lang(lang));
                return py::make_tuple(
                    texts, py::array_t<std::int32_t>(static_cast<py::ssize_t>(index.size()),
                                                     index.data()));
            },
            py::arg("lang") = "zh")
        .def(
            "level",
            [](const Graded& self, std::size_t row) -> py::object {
                if (row >= self.rows())
                    throw NotFoundError("there is no row " + std::to_string(row));
                const auto level = self.level(row);
                return level ? py::object(level_dict(*level)) : py::object(py::none());
            },
            py::arg("row"))
        .def("row_of", &Graded::row_of, py::arg("id"));
    m.def("check_pack", &check_pack, py::arg("text"), py::arg("where") = "pack");
    m.def(
        "grade",
        [](const Table& table, const std::string& method,
           const std::optional<std::shared_ptr<Method>>& custom,
           const std::optional<std::string>& as_of, const std::string& direct,
           const std::vector<std::shared_ptr<Pack>>& colours, bool averaged,
           const std::vector<std::pair<std::string, std::shared_ptr<Method>>>& named,
           const std::optional<std::shared_ptr<Pack>>& rules, unsigned threads,
           const py::object& progress) {
            scoring::GradeOptions options;
            options.method = method;
            options.custom = custom.value_or(nullptr);
            options.as_of = read_as_of(as_of);
            options.direct = direct;
            for (const std::shared_ptr<Pack>& pack : colours)
                options.colours.push_back(scoring::ColourMap::compile(pack));
            options.averaged = averaged;
            for (const auto& [name, meant] : named)
                options.named.emplace_back(name, meant);
            if (rules)
                options.rules = std::make_shared<const scoring::DirectRules>(
                    scoring::DirectRules::compile(*rules));
            options.work = make_work(threads, progress);
            const py::gil_scoped_release unlock;
            return std::make_shared<Graded>(scoring::grade(table, options));
        },
        py::arg("table"), py::kw_only(), py::arg("method") = "", py::arg("custom") = py::none(),
        py::arg("as_of") = py::none(), py::arg("direct") = "",
        py::arg("colours") = std::vector<std::shared_ptr<Pack>>{}, py::arg("averaged") = false,
        py::arg("named") = std::vector<std::pair<std::string, std::shared_ptr<Method>>>{},
        py::arg("rules") = py::none(), py::arg("threads") = 1, py::arg("progress") = py::none());
}
