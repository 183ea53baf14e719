// Binds safetyrisk/graph/digraph.hpp: bare graphs as NumPy arrays in and out. Nodes are int32, -1
// where there is none.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/digraph.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

// An array over the memory of a vector, which it keeps.
template <class T, class Vector>
py::array_t<T> own(Vector&& cells) {
    using Held = std::remove_cvref_t<Vector>;
    static_assert(sizeof(T) == sizeof(typename Held::value_type));
    auto held = std::make_unique<Held>(std::move(cells));
    const auto size = static_cast<py::ssize_t>(held->size());
    const T* const data = reinterpret_cast<const T*>(held->data());
    const py::capsule keep(held.release(), [](void* p) { delete static_cast<Held*>(p); });
    return py::array_t<T>(size, data, keep);
}

// Nodes of an array: -1 is `none`.
struct Nodes {
    py::object keep;
    std::vector<NodeNo> copied;
    std::span<const NodeNo> cells;

    Nodes(const py::handle& values, const std::string& name) {
        std::visit(
            [&](const auto& given) {
                if constexpr (sizeof(given[0]) == sizeof(NodeNo)) {
                    cells = {reinterpret_cast<const NodeNo*>(given.data()), given.size()};
                } else {
                    copied.reserve(given.size());
                    for (const std::int64_t value : given) {
                        if (value < -1 || value > std::numeric_limits<std::int32_t>::max())
                            throw InputError(name + ": " + std::to_string(value) +
                                             " is no number of a node");
                        copied.push_back(static_cast<NodeNo>(value));
                    }
                    cells = copied;
                }
            },
            whole_numbers_from_python(values, name, keep));
    }
};

std::span<const std::uint8_t> bytes(const py::object& values, const std::string& name,
                                    py::object& keep) {
    if (values.is_none()) return {};
    py::array array(py::module_::import("numpy").attr("asarray")(values));
    const bool whole = array.dtype().kind() == 'u' || array.dtype().kind() == 'i';
    if (array.ndim() != 1 || (!whole && array.size() > 0))
        throw InputError(name + " are a one-dimensional array of numbers from 0 to 255");
    if (array.dtype().kind() != 'u' || array.itemsize() != 1) {
        const py::array narrow(array.attr("astype")("u1"));
        if (!py::bool_(narrow.attr("__eq__")(array).attr("all")()))
            throw InputError(name + " are a one-dimensional array of numbers from 0 to 255");
        array = narrow;
    }
    array = py::array(py::module_::import("numpy").attr("ascontiguousarray")(array));
    keep = array;
    return {static_cast<const std::uint8_t*>(array.data()), static_cast<std::size_t>(array.size())};
}

std::optional<KindMask> mask(const py::object& kinds) {
    if (kinds.is_none()) return std::nullopt;
    KindMask out;
    py::object keep;
    for (const std::uint8_t kind : bytes(kinds, "kinds", keep))
        out.set(kind);
    return out;
}

const KindMask* pointer(const std::optional<KindMask>& kinds) {
    return kinds ? &*kinds : nullptr;
}

py::tuple lists(NodeLists&& found) {
    return py::make_tuple(own<std::int64_t>(std::move(found.offsets)),
                          own<std::int32_t>(std::move(found.nodes)));
}

py::tuple components(Components&& found) {
    return py::make_tuple(own<std::int32_t>(std::move(found.label)), found.count);
}

template <class F>
auto unlocked(F&& f) {
    const py::gil_scoped_release unlock;
    return f();
}

// A result that is written into where the caller gives it.
py::array_t<std::int32_t> result(const py::object& out, std::vector<py::ssize_t> shape) {
    if (out.is_none()) return py::array_t<std::int32_t>(std::move(shape));
    if (py::isinstance<py::array_t<std::int32_t, py::array::c_style>>(out)) {
        const auto array = py::reinterpret_borrow<py::array_t<std::int32_t>>(out);
        if (array.writeable() && array.ndim() == static_cast<py::ssize_t>(shape.size()) &&
            std::equal(shape.begin(), shape.end(), array.shape()))
            return array;
    }
    std::string wanted;
    for (const py::ssize_t extent : shape)
        wanted += (wanted.empty() ? "" : ", ") + std::to_string(extent);
    throw InputError("out is a contiguous int32 array of shape (" + wanted +
                     ") that can be written to");
}

}  // namespace

void bind_digraph(py::module_& m) {
    py::class_<Digraph>(m, "Digraph")
        .def(py::init([](std::size_t nodes, const py::object& source, const py::object& target,
                         const py::object& kinds) {
                 py::object a;
                 py::object b;
                 py::object c;
                 const NodeColumn from = whole_numbers_from_python(source, "source", a);
                 const NodeColumn to = whole_numbers_from_python(target, "target", b);
                 const auto types = bytes(kinds, "kinds", c);
                 return unlocked([&] { return Digraph::build(nodes, from, to, types); });
             }),
             py::arg("nodes"), py::arg("source"), py::arg("target"), py::arg("kinds") = py::none())
        .def_property_readonly("nodes", &Digraph::nodes)
        .def_property_readonly("edges", &Digraph::edges)
        .def_property_readonly("nbytes", &Digraph::bytes)
        .def("reversed", [](const Digraph& g) { return unlocked([&] { return g.reversed(); }); })
        .def(
            "reach",
            [](const Digraph& g, const py::object& sources, const py::object& kinds,
               unsigned threads) {
                const Nodes from(sources, "sources");
                const auto types = mask(kinds);
                const Work work = make_work(threads, py::none());
                return lists(unlocked([&] { return reach(g, from.cells, pointer(types), work); }));
            },
            py::arg("sources"), py::arg("kinds") = py::none(), py::arg("threads") = 1)
        .def(
            "reach_counts",
            [](const Digraph& g, const py::object& sources, const py::object& kinds,
               unsigned threads) {
                const Nodes from(sources, "sources");
                const auto types = mask(kinds);
                const Work work = make_work(threads, py::none());
                return own<std::int32_t>(
                    unlocked([&] { return reach_counts(g, from.cells, pointer(types), work); }));
            },
            py::arg("sources"), py::arg("kinds") = py::none(), py::arg("threads") = 1)
        .def("strong_components",
             [](const Digraph& g) {
                 return components(unlocked([&] { return strong_components(g); }));
             })
        .def("islands",
             [](const Digraph& g) { return components(unlocked([&] { return islands(g); })); })
        .def("topological_order",
             [](const Digraph& g) {
                 return own<std::int32_t>(unlocked([&] { return topological_order(g); }));
             })
        .def("articulation_points",
             [](const Digraph& g) {
                 return own<std::int32_t>(unlocked([&] { return articulation_points(g); }));
             })
        .def(
            "lowest_common",
            [](const Digraph& g, const py::object& a, const py::object& b, unsigned threads) {
                const Nodes first(a, "a");
                const Nodes second(b, "b");
                const Work work = make_work(threads, py::none());
                return lists(
                    unlocked([&] { return lowest_common(g, first.cells, second.cells, work); }));
            },
            py::arg("a"), py::arg("b"), py::arg("threads") = 1)
        .def(
            "dominators",
            [](const Digraph& g, const py::object& goals) {
                const Nodes to(goals, "goals");
                return own<std::int32_t>(unlocked([&] { return dominators(g, to.cells).above; }));
            },
            py::arg("goals"))
        .def(
            "losses",
            [](const Digraph& g, const py::object& goals, const py::object& weights) {
                const Nodes to(goals, "goals");
                py::object keep;
                std::vector<std::int64_t> widened;
                if (weights.is_none()) widened.assign(g.nodes(), 1);
                std::span<const std::int64_t> cells = widened;
                if (!weights.is_none())
                    std::visit(
                        [&](const auto& given) {
                            if constexpr (sizeof(given[0]) == sizeof(std::int64_t)) {
                                cells = given;
                            } else {
                                widened.assign(given.begin(), given.end());
                                cells = widened;
                            }
                        },
                        whole_numbers_from_python(weights, "weights", keep));
                return own<std::int64_t>(
                    unlocked([&] { return losses(dominators(g, to.cells), cells); }));
            },
            py::arg("goals"), py::arg("weights") = py::none());

    py::class_<Chains>(m, "Chains")
        .def(py::init([](const py::object& parent, const py::object& units) {
                 const Nodes above(parent, "parent");
                 if (units.is_none()) return unlocked([&] { return Chains(above.cells); });
                 const py::array table(py::module_::import("numpy").attr("asarray")(units));
                 if (table.ndim() != 2)
                     throw InputError("units have two dimensions, places and columns");
                 const Nodes flat(table.attr("ravel")(), "units");
                 const auto columns = static_cast<std::size_t>(table.shape(1));
                 return unlocked([&] { return Chains(above.cells, flat.cells, columns); });
             }),
             py::arg("parent"), py::arg("units") = py::none())
        .def_property_readonly("places", &Chains::places)
        .def_property_readonly("columns", &Chains::columns)
        .def_property_readonly("levels", &Chains::levels)
        .def_property_readonly("width", &Chains::width)
        .def_property_readonly("rows", &Chains::rows)
        .def_property_readonly("nbytes", &Chains::bytes)
        .def(
            "row",
            [](const Chains& chains, std::size_t number) {
                if (number >= chains.rows())
                    throw InputError("row " + std::to_string(number) + " of " +
                                     std::to_string(chains.rows()) + " rows of chains");
                const auto row = chains.row(number);
                return py::array_t<std::int32_t>(static_cast<py::ssize_t>(row.size()),
                                                 reinterpret_cast<const std::int32_t*>(row.data()));
            },
            py::arg("number"))
        .def(
            "views",
            [](const Chains& chains, const py::object& place, const py::object& column,
               const py::object& out, unsigned threads) {
                const Nodes at(place, "place");
                py::object keep;
                const auto columns = bytes(column, "column", keep);
                auto rows = result(out, {static_cast<py::ssize_t>(at.cells.size())});
                const std::span to(reinterpret_cast<std::uint32_t*>(rows.mutable_data()),
                                   at.cells.size());
                const Work work = make_work(threads, py::none());
                unlocked([&] { chains.views(at.cells, columns, to, work); });
                return rows;
            },
            py::arg("place"), py::arg("column") = py::none(), py::arg("out") = py::none(),
            py::arg("threads") = 1)
        .def(
            "write",
            [](const Chains& chains, const py::object& place, const py::object& column,
               const py::object& out, unsigned threads) {
                const Nodes at(place, "place");
                py::object keep;
                const auto columns = bytes(column, "column", keep);
                auto written = result(out, {static_cast<py::ssize_t>(at.cells.size()),
                                            static_cast<py::ssize_t>(chains.width())});
                const std::span to(reinterpret_cast<NodeNo*>(written.mutable_data()),
                                   at.cells.size() * chains.width());
                const Work work = make_work(threads, py::none());
                unlocked([&] { chains.write(at.cells, columns, to, work); });
                return written;
            },
            py::arg("place"), py::arg("column") = py::none(), py::arg("out") = py::none(),
            py::arg("threads") = 1);
}
