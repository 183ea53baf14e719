// Binds safetyrisk/scoring/mcda_*.hpp: bare matrices in and out. Labels, tables and the documented
// functions are in python/safetyrisk/mcda.py.
#include "bindings.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_ahp.hpp>
#include <safetyrisk/scoring/mcda_fuzzy.hpp>
#include <safetyrisk/scoring/mcda_grey.hpp>
#include <safetyrisk/scoring/mcda_topsis.hpp>
#include <safetyrisk/scoring/mcda_weights.hpp>

#include <array>
#include <utility>

using namespace safetyrisk;
using namespace safetyrisk::scoring::mcda;

namespace {

using Numbers = py::array_t<double>;

template <class T>
std::span<const T> flat(const py::array_t<T, py::array::c_style>& array) {
    return {array.data(), static_cast<std::size_t>(array.size())};
}

template <class T>
std::span<T> writable(py::array_t<T>& array) {
    return {array.mutable_data(), static_cast<std::size_t>(array.size())};
}

Numbers numbers(const std::vector<double>& values) {
    return Numbers(static_cast<py::ssize_t>(values.size()), values.data());
}

Numbers empty(std::size_t n) {
    return Numbers(static_cast<py::ssize_t>(n));
}

// A matrix where it lies. Strides that are no multiple of a cell make a copy, held by `keep`.
MatrixView matrix(const Numbers& values, Numbers& keep) {
    if (values.ndim() != 2)
        throw InputError("a matrix has two dimensions, not " + std::to_string(values.ndim()));
    constexpr py::ssize_t cell = sizeof(double);
    keep = values;
    if (values.strides(0) % cell != 0 || values.strides(1) % cell != 0)
        keep = py::array_t < double,
        py::array::c_style | py::array::forcecast > ::ensure(values.attr("copy")());
    return {keep.data(), static_cast<std::size_t>(keep.shape(0)),
            static_cast<std::size_t>(keep.shape(1)), keep.strides(0) / cell,
            keep.strides(1) / cell};
}

template <class E, std::size_t N>
E one_of(const std::string& text, const std::array<std::pair<const char*, E>, N>& known,
         const char* what) {
    std::string names;
    for (const auto& [name, value] : known) {
        if (text == name) return value;
        names += std::string(names.empty() ? "" : ", ") + name;
    }
    throw InputError(std::string(what) + " is '" + text + "'; known are " + names);
}

AhpOptions ahp_options(const std::string& method, double tolerance) {
    constexpr std::array<std::pair<const char*, AhpMethod>, 6> methods{{
        {"eigenvector", AhpMethod::eigenvector},
        {"column_mean", AhpMethod::column_mean},
        {"geometric_mean", AhpMethod::geometric_mean},
        {"特征向量法", AhpMethod::eigenvector},
        {"和法", AhpMethod::column_mean},
        {"根法", AhpMethod::geometric_mean},
    }};
    return {one_of(method, methods, "method"), tolerance};
}

Scaling scaling_of(const std::string& text) {
    constexpr std::array<std::pair<const char*, Scaling>, 3> known{{
        {"vector", Scaling::vector},
        {"min_max", Scaling::min_max},
        {"none", Scaling::none},
    }};
    return one_of(text, known, "scaling");
}

FuzzyOperator operator_of(const std::string& text) {
    constexpr std::array<std::pair<const char*, FuzzyOperator>, 8> known{{
        {"max_min", FuzzyOperator::max_min},
        {"max_product", FuzzyOperator::max_product},
        {"sum_min", FuzzyOperator::sum_min},
        {"sum_product", FuzzyOperator::sum_product},
        {"主因素决定型", FuzzyOperator::max_min},
        {"主因素突出型", FuzzyOperator::max_product},
        {"取小上界和型", FuzzyOperator::sum_min},
        {"加权平均型", FuzzyOperator::sum_product},
    }};
    return one_of(text, known, "operator");
}

using Flags = py::array_t<bool, py::array::c_style>;

}  // namespace

void bind_mcda(py::module_& m) {
    // mcda_ahp.hpp
    m.def(
        "mcda_random_index",
        [](const std::string& name, const py::object& pack) {
            const RandomIndex index =
                pack.is_none() ? random_index(name)
                               : RandomIndex::from_pack(*pack.cast<std::shared_ptr<const Pack>>());
            return py::make_tuple(index.id, index.table, index.limit, index.largest_step);
        },
        py::arg("name"), py::arg("pack") = py::none(),
        "Id, RI by number of elements, limit of CR and largest step of a table.");
    m.def(
        "mcda_ahp",
        [](const Numbers& comparisons, const std::string& method, double tolerance) {
            Numbers keep;
            const AhpResult out =
                ahp(matrix(comparisons, keep), RandomIndex{}, ahp_options(method, tolerance));
            return py::make_tuple(numbers(out.weights), out.lambda_max, out.ci);
        },
        py::arg("comparisons"), py::arg("method"), py::arg("tolerance"), "Weights, λmax and CI.");
    m.def(
        "mcda_ahp_batch",
        [](const py::array_t<double, py::array::c_style>& comparisons, const std::string& method,
           double tolerance, unsigned threads) {
            if (comparisons.ndim() != 3 || comparisons.shape(1) != comparisons.shape(2))
                throw InputError("a batch of comparisons has the shape (b, n, n)");
            const auto count = static_cast<std::size_t>(comparisons.shape(0));
            const auto n = static_cast<std::size_t>(comparisons.shape(1));
            Numbers weights(std::vector<py::ssize_t>{comparisons.shape(0), comparisons.shape(1)});
            Numbers lambda_max = empty(count);
            Numbers ci = empty(count);
            const std::span<double> w = writable(weights);
            const std::span<double> l = writable(lambda_max);
            const std::span<double> c = writable(ci);
            const AhpOptions options = ahp_options(method, tolerance);
            const Work work = make_work(threads, py::none());
            {
                const py::gil_scoped_release unlock;
                ahp_batch(flat(comparisons), n, w, l, c, options, work);
            }
            return py::make_tuple(weights, lambda_max, ci);
        },
        py::arg("comparisons"), py::arg("method"), py::arg("tolerance"), py::arg("threads"),
        "Weights, λmax and CI of many matrices.");
    m.def(
        "mcda_ahp_deviations",
        [](const Numbers& comparisons, const py::array_t<double, py::array::c_style>& weights) {
            Numbers keep;
            py::list out;
            for (const AhpDeviation& d : ahp_deviations(matrix(comparisons, keep), flat(weights)))
                out.append(py::make_tuple(d.row, d.column, d.value, d.consistent, d.deviation));
            return out;
        },
        py::arg("comparisons"), py::arg("weights"),
        "Row, column, value, consistent value and deviation of each comparison, worst first.");
    m.def(
        "mcda_ahp_revisit",
        [](const Numbers& comparisons, const std::vector<double>& table, double largest_step,
           const std::string& method, double tolerance) -> py::object {
            Numbers keep;
            RandomIndex index;
            index.table = table;
            index.largest_step = largest_step;
            const auto out =
                ahp_revisit(matrix(comparisons, keep), index, ahp_options(method, tolerance));
            if (!out) return py::none();
            return py::make_tuple(out->comparison.row, out->comparison.column, out->suggested,
                                  out->cr_after);
        },
        py::arg("comparisons"), py::arg("table"), py::arg("largest_step"), py::arg("method"),
        py::arg("tolerance"), "Row, column, suggested value and the CR with it, or None.");

    // mcda_weights.hpp
    m.def(
        "mcda_entropy",
        [](const Numbers& values, unsigned threads) {
            Numbers keep;
            const MatrixView view = matrix(values, keep);
            const Work work = make_work(threads, py::none());
            const EntropyWeights out = [&] {
                const py::gil_scoped_release unlock;
                return entropy_weights(view, work);
            }();
            return py::make_tuple(numbers(out.weights), numbers(out.divergence),
                                  numbers(out.entropy), numbers(out.sum));
        },
        py::arg("values"), py::arg("threads"), "Weights, divergence, entropy and sum by column.");
    m.def(
        "mcda_critic",
        [](const Numbers& values, const Flags& cost, unsigned freedom, unsigned threads) {
            Numbers keep;
            const MatrixView view = matrix(values, keep);
            const Work work = make_work(threads, py::none());
            const CriticWeights out = [&] {
                const py::gil_scoped_release unlock;
                return critic_weights(view, flat(cost), freedom, work);
            }();
            Numbers correlation = numbers(out.correlation);
            const auto k = static_cast<py::ssize_t>(view.columns);
            return py::make_tuple(numbers(out.weights), numbers(out.information),
                                  numbers(out.deviation), numbers(out.conflict),
                                  correlation.reshape(std::vector<py::ssize_t>{k, k}),
                                  numbers(out.minimum), numbers(out.maximum));
        },
        py::arg("values"), py::arg("cost"), py::arg("freedom"), py::arg("threads"),
        "Weights, C, deviation, conflict, correlation, minimum and maximum.");
    m.def("natural_log", py::vectorize(&natural_log), py::arg("x"),
          "Natural logarithm, the same bytes on every machine.");

    // mcda_topsis.hpp
    m.def(
        "mcda_topsis",
        [](const Numbers& values, const py::array_t<double, py::array::c_style>& weights,
           const Flags& cost, const std::string& scaling, bool distances, unsigned threads) {
            Numbers keep;
            const MatrixView view = matrix(values, keep);
            Numbers closeness = empty(view.rows);
            Numbers near = empty(distances ? view.rows : 0);
            Numbers far = empty(distances ? view.rows : 0);
            const std::span<double> c = writable(closeness);
            const std::span<double> d_plus = writable(near);
            const std::span<double> d_minus = writable(far);
            const Scaling how = scaling_of(scaling);
            const Work work = make_work(threads, py::none());
            const TopsisFrame frame = [&] {
                const py::gil_scoped_release unlock;
                return topsis(view, flat(weights), flat(cost), c, d_plus, d_minus, how, work);
            }();
            return py::make_tuple(closeness, near, far, numbers(frame.norm), numbers(frame.best),
                                  numbers(frame.worst), numbers(frame.ideal),
                                  numbers(frame.anti_ideal));
        },
        py::arg("values"), py::arg("weights"), py::arg("cost"), py::arg("scaling"),
        py::arg("distances"), py::arg("threads"),
        "C, d⁺, d⁻ by row; norm, best, worst, ideal, anti-ideal by column.");

    // mcda_grey.hpp
    m.def(
        "mcda_grey",
        [](const Numbers& values, const py::array_t<double, py::array::c_style>& weights,
           const Flags& cost, double rho, bool coefficients, unsigned threads) {
            Numbers keep;
            const MatrixView view = matrix(values, keep);
            Numbers grades = empty(view.rows);
            Numbers xi(std::vector<py::ssize_t>{coefficients ? values.shape(0) : 0,
                                                coefficients ? values.shape(1) : 0});
            const std::span<double> r = writable(grades);
            const std::span<double> cells = writable(xi);
            const Work work = make_work(threads, py::none());
            const GreyFrame frame = [&] {
                const py::gil_scoped_release unlock;
                return grey_relation(view, flat(weights), flat(cost), r, cells, rho, work);
            }();
            return py::make_tuple(grades, xi, numbers(frame.minimum), numbers(frame.maximum),
                                  numbers(frame.weights));
        },
        py::arg("values"), py::arg("weights"), py::arg("cost"), py::arg("rho"),
        py::arg("coefficients"), py::arg("threads"),
        "Grades by row, ξ, minimum, maximum and weight by column.");

    // mcda_fuzzy.hpp
    m.def(
        "mcda_fuzzy_compose",
        [](const py::array_t<double, py::array::c_style>& weights, const Numbers& memberships,
           const std::string& op) {
            Numbers keep;
            return numbers(
                fuzzy_compose(flat(weights), matrix(memberships, keep), operator_of(op)));
        },
        py::arg("weights"), py::arg("memberships"), py::arg("operator"), "B = A∘R.");
    m.def(
        "mcda_fuzzy_decide",
        [](const py::array_t<double, py::array::c_style>& memberships, const std::string& severe,
           int digits) {
            constexpr std::array<std::pair<const char*, Severe>, 3> known{{
                {"", Severe::unknown},
                {"first", Severe::first},
                {"last", Severe::last},
            }};
            const FuzzyDecision out =
                fuzzy_decide(flat(memberships), one_of(severe, known, "worst"), digits);
            return py::make_tuple(out.largest, out.chosen);
        },
        py::arg("memberships"), py::arg("worst"), py::arg("digits"),
        "Places of the largest membership, and the one chosen.");
}
