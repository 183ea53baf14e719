// Work plans: text in; the JSON of the plan, or Python's own objects, and its issues out.
#include "bindings.hpp"

#include <safetyrisk/plan/plan.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

using namespace safetyrisk;

namespace {

plan::PlanText read(const std::string& text, std::optional<int> year, const std::string& id) {
    plan::ParseOptions options;
    options.year = year;
    options.id = id;
    const py::gil_scoped_release release;
    return plan::parse_plan(text, options);
}

/// Objects of a frozen dataclass with slots, made without its __init__: a plan has some ten
/// thousand units a megabyte, and setting fields one by one in Python takes longer than reading.
template <std::size_t N>
class Maker {
public:
    Maker(py::handle type, const std::array<const char*, N>& fields)
        : type_(reinterpret_cast<PyTypeObject*>(type.ptr())) {
        for (std::size_t i = 0; i < N; ++i)
            slots_[i] = type.attr(fields[i]);
    }

    py::object operator()(const std::array<py::object, N>& values) const {
        auto made = py::reinterpret_steal<py::object>(type_->tp_alloc(type_, 0));
        if (!made) throw py::error_already_set();
        for (std::size_t i = 0; i < N; ++i) {
            PyObject* slot = slots_[i].ptr();
            if (Py_TYPE(slot)->tp_descr_set(slot, made.ptr(), values[i].ptr()) != 0)
                throw py::error_already_set();
        }
        return made;
    }

private:
    PyTypeObject* type_;
    std::array<py::object, N> slots_;
};

/// Takes what holds texts, numbers and the like alone off the collector's list, as it would itself.
py::object leaf(py::object one) {
    PyObject_GC_UnTrack(one.ptr());
    return one;
}

/// The collector of cycles would look through the growing heap again and again and find none.
class NoCollector {
public:
    NoCollector() : was_(PyGC_Disable()) {}
    ~NoCollector() {
        if (was_ != 0) PyGC_Enable();
    }
    NoCollector(const NoCollector&) = delete;
    NoCollector& operator=(const NoCollector&) = delete;

private:
    int was_;
};

class Objects {
public:
    Objects(py::handle task, py::handle unit)
        : task_(task, {"no", "title", "group", "section", "text", "span", "units", "deadlines",
                       "frequencies", "targets", "spans"}),
          unit_(unit, {"name", "role", "span", "tier", "rule", "confidence", "resolved"}) {}

    py::object task(const plan::Task& one) {
        py::dict spans;
        py::list dates;
        for (const plan::Deadline& d : one.deadlines) {
            py::dict row;
            row[span_] = pair_list(d.span);
            row[rule_] = shared(d.rule);
            row[confidence_] = shared(to_string(d.confidence));
            dates.append(row);
        }
        py::list cadences;
        for (const plan::Frequency& f : one.frequencies) {
            py::dict row;
            row[span_] = pair_list(f.span);
            row[rule_] = shared(f.rule);
            row[op_] = shared(f.op);
            row[count_] = py::float_(f.count);
            cadences.append(row);
        }
        spans[deadlines_] = dates;
        spans[frequencies_] = cadences;
        return task_(
            {one.no.empty() ? py::object(py::none()) : fresh(one.no), fresh(one.title),
             shared(one.group), shared(one.section), fresh(one.text), pair(one.span),
             leaf(tuple(one.units, [&](const auto& u) { return unit(u); })),
             leaf(tuple(one.deadlines, [&](const auto& d) { return shared(d.date); })),
             leaf(tuple(one.frequencies, [&](const auto& f) { return shared(f.cadence); })),
             tuple(one.targets, [&](const auto& t) { return target(t); }), spans});
    }

    /// A tuple; the collector need not look at it where its items are leaves.
    template <class List, class One>
    py::object tuple(const List& list, One one) {
        if (list.empty()) return empty_;
        py::tuple out(list.size());
        std::size_t i = 0;
        for (const auto& item : list) {
            PyTuple_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), one(item).release().ptr());
            ++i;
        }
        return std::move(out);
    }

    py::object shared(std::string_view text) {
        auto found = texts_.find(text);
        if (found == texts_.end()) found = texts_.emplace(text, fresh(text)).first;
        return found->second;
    }

    static py::object fresh(std::string_view text) {
        PyObject* made =
            PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr);
        if (made == nullptr) throw py::error_already_set();
        return py::reinterpret_steal<py::object>(made);
    }

    static py::object pair_list(plan::Span span) {
        py::list out(2);
        PyList_SET_ITEM(out.ptr(), 0, PyLong_FromUnsignedLong(span.begin));
        PyList_SET_ITEM(out.ptr(), 1, PyLong_FromUnsignedLong(span.end));
        return std::move(out);
    }

private:
    static std::string_view to_string(plan::Confidence confidence) {
        constexpr std::string_view words[] = {"marked", "running", "mended"};
        return words[static_cast<std::size_t>(confidence)];
    }

    static py::object pair(plan::Span span) {
        py::tuple out(2);
        PyTuple_SET_ITEM(out.ptr(), 0, PyLong_FromUnsignedLong(span.begin));
        PyTuple_SET_ITEM(out.ptr(), 1, PyLong_FromUnsignedLong(span.end));
        return leaf(std::move(out));
    }

    py::object unit(const plan::UnitMention& one) {
        return leaf(unit_({shared(one.name), shared(plan::to_string(one.role)), pair(one.span),
                           py::int_(one.tier), shared(one.rule), shared(to_string(one.confidence)),
                           leaf(tuple(one.resolved, [&](const plan::Resolved& r) {
                               return leaf(py::make_tuple(shared(r.name), shared(r.rule)));
                           }))}));
    }

    py::object target(const plan::Target& one) {
        py::dict row;
        row[measure_] = shared(one.measure);
        row[op_] = shared(one.op);
        // As JSON has it: a whole number is an int.
        const double whole = std::trunc(one.value);
        const bool is_whole = whole == one.value && std::abs(whole) < 1e15;
        row[value_] = is_whole ? py::object(py::int_(static_cast<long long>(whole)))
                               : py::object(py::float_(one.value));
        row[unit_key_] = shared(one.unit);
        row[text_] = fresh(one.text);
        row[span_] = pair_list(one.span);
        return std::move(row);
    }

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    Maker<11> task_;
    Maker<7> unit_;
    std::unordered_map<std::string, py::object, Hash, std::equal_to<>> texts_;
    py::object empty_ = py::tuple(0);
    py::str span_{"span"}, rule_{"rule"}, confidence_{"confidence"}, measure_{"measure"}, op_{"op"},
        count_{"count"};
    py::str value_{"value"}, unit_key_{"unit"}, text_{"text"}, deadlines_{"deadlines"};
    py::str frequencies_{"frequencies"};
};

}  // namespace

void bind_plan(py::module_& m) {
    m.def(
        "parse_plan",
        [](const std::string& text, std::optional<int> year, const std::string& id) {
            plan::PlanText found = read(text, year, id);
            std::string json;
            {
                const py::gil_scoped_release release;
                json = plan::to_json(found);
            }
            return std::pair(py::str(json), std::move(found.issues));
        },
        py::arg("text"), py::arg("year") = py::none(), py::arg("id") = "",
        "The plan of a text as JSON, and what was wrong with it.");

    m.def(
        "read_plan",
        [](const std::string& text, std::optional<int> year, const std::string& id,
           const py::type& task, const py::type& unit) {
            plan::PlanText found = read(text, year, id);
            const NoCollector none;
            Objects objects(task, unit);
            py::dict out;
            out["title"] = found.title;
            out["issuer"] = found.issuer;
            out["date"] =
                found.issued ? py::object(py::str(found.issued->text())) : py::object(py::none());
            out["year"] = found.year;
            out["addressees"] = objects.tuple(
                found.addressees, [&](const std::string& one) { return objects.fresh(one); });
            out["tasks"] = objects.tuple(found.tasks,
                                         [&](const plan::Task& one) { return objects.task(one); });
            out["repairs"] = objects.tuple(found.repairs, [&](const plan::Repair& one) {
                py::dict row;
                row["rule"] = objects.shared(one.rule);
                row["span"] = objects.pair_list(one.span);
                row["before"] = objects.fresh(one.before);
                row["after"] = objects.fresh(one.after);
                return py::object(row);
            });
            return std::pair(out, std::move(found.issues));
        },
        py::arg("text"), py::arg("year"), py::arg("id"), py::arg("task"), py::arg("unit"),
        "The plan of a text: what it says of itself, objects of the two dataclasses (frozen, with "
        "slots), and what was wrong with it.");
}
