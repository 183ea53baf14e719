// Binds safetyrisk/core: tables and issues first, then the codes and packs.
#include "bindings.hpp"

#include <safetyrisk/core/credit_code.hpp>
#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/industry.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/text.hpp>
#include <safetyrisk/io/arrow.hpp>

#include <limits>

using namespace safetyrisk;

namespace {

std::string credit_code_status(const std::string& code) {
    switch (check_credit_code(clean_credit_code(code))) {
        case CreditCodeStatus::ok:
            return "ok";
        case CreditCodeStatus::length:
            return "length";
        case CreditCodeStatus::alphabet:
            return "alphabet";
        case CreditCodeStatus::organisation_check:
            return "organisation_check";
        case CreditCodeStatus::check:
            return "check";
    }
    return "";
}

py::object export_stream(const Table& table, const io::ExportOptions& options = {}) {
    auto stream = std::make_unique<ArrowArrayStream>();
    io::export_arrow(table, *stream, options);
    return py::capsule(stream.release(), "arrow_array_stream", [](PyObject* object) {
        auto* held =
            static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(object, "arrow_array_stream"));
        if (held->release != nullptr) held->release(held);
        delete held;
    });
}

std::optional<std::string> date_text(const std::optional<Date>& date) {
    return date ? std::optional(date->text()) : std::nullopt;
}

void bind_tables(py::module_& m) {
    // table.hpp
    py::class_<Table>(m, "Table", "Named columns of one length, and where the rows come from.")
        .def(py::init([](std::string table, std::string source, std::int64_t first_line,
                         std::optional<std::vector<std::int64_t>> lines) {
                 return Table(Origin{std::move(table), std::move(source), first_line,
                                     lines ? std::move(*lines) : std::vector<std::int64_t>{}});
             }),
             py::arg("table") = "", py::arg("source") = "", py::arg("first_line") = -1,
             py::arg("lines") = py::none())
        .def(
            "add",
            [](Table& self, const std::string& name, const py::object& values) {
                self.add(name, column_from_python(values, name));
            },
            py::arg("name"), py::arg("values"),
            "Adds a column: a NumPy array, an Arrow array or Series, or a sequence.")
        .def(
            "add_from",
            [](Table& self, const std::string& name, const Table& other,
               const std::string& column) { self.add(name, other.at(column)); },
            py::arg("name"), py::arg("other"), py::arg("column"),
            "Adds a column of another table; the memory is shared.")
        .def_property_readonly("rows", &Table::rows)
        .def_property_readonly("names", &Table::names)
        .def_property_readonly("table", [](const Table& self) { return self.origin().table; })
        .def_property_readonly("source", [](const Table& self) { return self.origin().source; })
        .def(
            "line", [](const Table& self, std::int64_t row) { return self.origin().line(row); },
            py::arg("row"), "Line of a row as a person counts in its file, -1 when unknown.")
        .def(
            "has",
            [](const Table& self, const std::string& name) { return self.find(name) != nullptr; },
            py::arg("name"))
        .def(
            "column",
            [](const Table& self, const std::string& name) {
                return column_to_python(self.at(name));
            },
            py::arg("name"), "A column as a NumPy array; texts and dates as objects, null as None.")
        .def(
            "view",
            [](const Table& self, const std::string& name) { return column_view(self.at(name)); },
            py::arg("name"), "As column(), but read-only and without a copy where that can be.")
        .def(
            "categories",
            [](const Table& self, const std::string& name) {
                return column_categories(self.at(name));
            },
            py::arg("name"),
            "Codes (-1 where null) and distinct texts of a column kept that way, else None.")
        .def(
            "type",
            [](const Table& self, const std::string& name) {
                return std::string(to_string(self.at(name).type()));
            },
            py::arg("name"), "'number', 'integer', 'boolean', 'text' or 'date'.")
        .def(
            "texts",
            [](const Table& self, const std::string& name) {
                const Column& column = self.at(name);
                py::list out;
                for (std::size_t row = 0; row < column.size(); ++row) {
                    if (column.is_missing(row))
                        out.append(py::none());
                    else
                        out.append(py::str(column.print(row)));
                }
                return out;
            },
            py::arg("name"), "A column as printed texts, None where missing.")
        .def(
            "numbers",
            [](const Table& self, const std::string& name) {
                const Column& column = self.at(name);
                py::array_t<double> out(static_cast<py::ssize_t>(column.size()));
                for (std::size_t row = 0; row < column.size(); ++row) {
                    const NumberCell cell = column.number(row);
                    out.mutable_data()[row] = cell.state == NumberCell::State::value
                                                  ? cell.value
                                                  : std::numeric_limits<double>::quiet_NaN();
                }
                return out;
            },
            py::arg("name"), "A column read as numbers, NaN where a cell is none.")
        .def(
            "select",
            [](const Table& self, const std::vector<std::string>& names) {
                Table out(self.origin());
                for (const std::string& name : names)
                    out.add(name, self.at(name));
                return out;
            },
            py::arg("names"), "A table of the named columns, in that order.")
        .def(
            "rename",
            [](const Table& self, const std::map<std::string, std::string>& names) {
                Table out(self.origin());
                for (std::size_t c = 0; c < self.size(); ++c) {
                    const auto it = names.find(self.name(c));
                    out.add(it == names.end() ? self.name(c) : it->second, self.column(c));
                }
                return out;
            },
            py::arg("names"), "The same table with columns renamed, old name to new.")
        .def(
            "with_origin",
            [](const Table& self, std::string table, std::string source) {
                Origin origin = self.origin();
                origin.table = std::move(table);
                origin.source = std::move(source);
                Table out(std::move(origin));
                for (std::size_t c = 0; c < self.size(); ++c)
                    out.add(self.name(c), self.column(c));
                return out;
            },
            py::arg("table"), py::arg("source") = "", "The same columns under another name.")
        .def(
            "take",
            [](const Table& self, const std::vector<std::size_t>& rows) {
                Origin origin = self.origin();
                origin.lines.clear();
                for (const std::size_t row : rows) {
                    if (row >= self.rows())
                        throw NotFoundError("there is no row " + std::to_string(row));
                    origin.lines.push_back(self.origin().line(static_cast<std::int64_t>(row)));
                }
                Table out(std::move(origin));
                for (std::size_t c = 0; c < self.size(); ++c)
                    out.add(self.name(c), self.column(c).take(rows));
                return out;
            },
            py::arg("rows"), "The rows of these numbers, in that order.")
        .def(
            "__arrow_c_stream__",
            [](const Table& self, const py::object&) {
                // Texts that are kept by number stay so.
                return export_stream(self, {.dictionary_limit = static_cast<std::size_t>(-1)});
            },
            py::arg("requested_schema") = py::none())
        .def(
            "arrow_batches",
            [](const Table& self, std::size_t rows, std::size_t dictionary_limit) {
                return export_stream(self,
                                     {.batch_rows = rows, .dictionary_limit = dictionary_limit});
            },
            py::arg("rows"), py::arg("dictionary_limit") = 0,
            "Arrow C stream of batches of so many rows; texts by number stay dictionaries up to "
            "the limit.")
        .def("__len__", &Table::rows)
        .def("__repr__", [](const Table& self) {
            return "<safetyrisk table '" + self.origin().table +
                   "': " + std::to_string(self.rows()) + " rows, " + std::to_string(self.size()) +
                   " columns>";
        });
    m.def(
        "import_arrow",
        [](const py::object& object, std::string table, std::string source,
           std::int64_t first_line) {
            const py::capsule capsule = object.attr("__arrow_c_stream__")();
            std::vector<std::string> skipped;
            Table out = io::import_arrow_table(
                *capsule.get_pointer<ArrowArrayStream>(),
                Origin{std::move(table), std::move(source), first_line, {}}, &skipped);
            return py::make_tuple(std::move(out), skipped);
        },
        py::arg("object"), py::arg("table") = "", py::arg("source") = "",
        py::arg("first_line") = -1,
        "A table from an object with __arrow_c_stream__, and the names of columns that hold no "
        "cells.");
}

void bind_issues(py::module_& m) {
    // issue.hpp
    py::class_<IssueTable>(m, "IssueTable", "A growing list of issues.")
        .def(py::init<>())
        .def(
            "add",
            [](IssueTable& self, const std::string& code, const std::string& table,
               const std::string& source, std::int64_t row, std::int64_t line,
               const std::string& column, const std::string& value,
               const std::vector<std::string>& args) {
                Origin origin{table, source, -1, {}};
                if (row < 0)
                    origin.own_line = line;
                else if (line >= 0)
                    origin.first_line = line - row;
                const auto arg = [&](std::size_t k) {
                    return k < args.size() ? std::string_view(args[k]) : std::string_view();
                };
                self.add(code, origin, row, column, value, {arg(0), arg(1), arg(2)});
            },
            py::arg("code"), py::kw_only(), py::arg("table") = "", py::arg("source") = "",
            py::arg("row") = -1, py::arg("line") = -1, py::arg("column") = "",
            py::arg("value") = "", py::arg("args") = std::vector<std::string>{},
            "Adds an issue of the catalogue; up to three args fill {1} to {3} of its sentence.")
        .def("append", &IssueTable::append, py::arg("other"))
        .def("__len__", &IssueTable::size)
        .def(
            "at",
            [](const IssueTable& self, std::size_t index, const std::string& lang) {
                if (index >= self.size()) throw py::index_error("no such issue");
                const Issue issue = self.at(index, parse_lang(lang));
                py::dict out;
                out["severity"] = std::string(to_string(issue.severity));
                out["code"] = issue.code;
                out["table"] = issue.table;
                out["row"] =
                    issue.row < 0 ? py::object(py::none()) : py::object(py::int_(issue.row));
                out["source"] = issue.source;
                out["line"] =
                    issue.line < 0 ? py::object(py::none()) : py::object(py::int_(issue.line));
                out["column"] = issue.column;
                out["value"] = issue.value;
                out["message"] = issue.message;
                out["hint"] = issue.hint;
                return out;
            },
            py::arg("index"), py::arg("lang") = "zh")
        .def(
            "code",
            [](const IssueTable& self, std::size_t index) {
                if (index >= self.size()) throw py::index_error("no such issue");
                return std::string(self.code(index));
            },
            py::arg("index"))
        .def(
            "arguments",
            [](const IssueTable& self, std::size_t index) {
                if (index >= self.size()) throw py::index_error("no such issue");
                return self.arguments(index);
            },
            py::arg("index"), "What was given to add() as args.")
        .def(
            "count",
            [](const IssueTable& self, const std::string& severity) {
                for (const Severity one : {Severity::error, Severity::warning, Severity::info})
                    if (severity == to_string(one)) return self.count(one);
                throw InputError("severity is '" + severity + "'; it is error, warning or info");
            },
            py::arg("severity"))
        .def("counts", &IssueTable::counts, "Number of issues by code.")
        .def(
            "to_table",
            [](const IssueTable& self, const std::string& lang) {
                return self.to_table(parse_lang(lang));
            },
            py::arg("lang") = "zh");
    m.def(
        "issue_catalogue",
        [] {
            py::list out;
            for (const IssueKind& kind : issue_catalogue()) {
                py::dict one;
                one["code"] = std::string(kind.code);
                one["severity"] = std::string(to_string(kind.severity));
                one["zh"] = std::string(kind.zh);
                one["en"] = std::string(kind.en);
                one["hint_zh"] = std::string(kind.hint_zh);
                one["hint_en"] = std::string(kind.hint_en);
                out.append(one);
            }
            return out;
        },
        "Every kind of issue the library can make, sorted by code.");
}

void bind_packs(py::module_& m) {
    // pack.hpp
    py::class_<Pack, std::shared_ptr<Pack>>(m, "Pack", "A document of rules with its envelope.")
        .def_readonly("id", &Pack::id)
        .def_readonly("kind", &Pack::kind)
        .def_readonly("version", &Pack::version)
        .def_readonly("sha256", &Pack::sha256)
        .def_readonly("canonical", &Pack::canonical)
        .def_readonly("default", &Pack::is_default)
        .def_readonly("region", &Pack::region)
        .def_property_readonly("family",
                               [](const Pack& self) { return std::string(self.family()); })
        .def_property_readonly(
            "confidence", [](const Pack& self) { return std::string(to_string(self.confidence)); })
        .def_property_readonly("valid_from",
                               [](const Pack& self) { return date_text(self.valid_from); })
        .def_property_readonly("valid_to",
                               [](const Pack& self) { return date_text(self.valid_to); })
        .def_property_readonly("sources",
                               [](const Pack& self) {
                                   std::vector<std::string> out;
                                   for (const Source& source : self.sources)
                                       out.push_back(source.text());
                                   return out;
                               })
        .def(
            "title",
            [](const Pack& self, const std::string& lang) {
                return std::string(self.title(parse_lang(lang)));
            },
            py::arg("lang") = "zh");
    m.def(
        "packs",
        [] {
            std::vector<std::shared_ptr<Pack>> out;
            for (const auto& pack : PackRegistry::builtin().all())
                out.push_back(std::make_shared<Pack>(*pack));
            return out;
        },
        "The packs that ship with the library, in id order.");
    m.def(
        "parse_pack",
        [](const std::string& json, const std::string& where) {
            return std::make_shared<Pack>(Pack::parse(json, where));
        },
        py::arg("json"), py::arg("where") = "pack");
}

void bind_codes(py::module_& m) {
    // date.hpp, division_code.hpp, credit_code.hpp, industry.hpp
    m.def(
        "parse_date", [](const std::string& text) { return date_text(Date::parse(text)); },
        py::arg("text"), "A date as YYYY-MM-DD, or None.");
    m.def(
        "division_code",
        [](const std::string& text) -> std::optional<std::string> {
            const auto code = DivisionCode::parse(text);
            return code ? std::optional(code->text()) : std::nullopt;
        },
        py::arg("text"), "Canonical form of a division code, or None.");
    m.def(
        "division_level",
        [](const std::string& text) -> std::optional<std::string> {
            const auto code = DivisionCode::parse(text);
            return code ? std::optional(std::string(to_string(code->level()))) : std::nullopt;
        },
        py::arg("code"), "Level of a division code, or None.");
    m.def("credit_code_status", &credit_code_status, py::arg("code"),
          "'ok', 'length', 'alphabet', 'organisation_check' or 'check'.");
    m.def("clean_credit_code", &clean_credit_code, py::arg("code"));
    m.def(
        "credit_check_character",
        [](const std::string& s) { return std::string(1, credit_check_character(s)); },
        py::arg("first17"));
    m.def(
        "organisation_check_character",
        [](const std::string& s) { return std::string(1, organisation_check_character(s)); },
        py::arg("first8"));
    m.def(
        "industry_code",
        [](const std::string& text) -> std::optional<std::string> {
            const auto code = IndustryCode::parse(text);
            return code ? std::optional(code->text()) : std::nullopt;
        },
        py::arg("text"), "GB/T 4754 code with its section letter, or None.");
    m.def("print_number", &print_number, py::arg("value"));
    m.def("escape_xml", &escape_xml, py::arg("text"));
}

}  // namespace

void bind_core(py::module_& m) {
    bind_tables(m);
    bind_issues(m);
    bind_packs(m);
    bind_codes(m);
}
