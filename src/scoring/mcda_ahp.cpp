#include <safetyrisk/core/error.hpp>
#include <safetyrisk/scoring/mcda_ahp.hpp>

#include "core/json_view.hpp"
#include "scoring/mcda_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace safetyrisk::scoring::mcda {
namespace {

constexpr std::string_view family = "ahp_ri";
constexpr double epsilon = std::numeric_limits<double>::epsilon();

// The cell as messages name it; `matrix` below 0 is the only one.
std::string cell(std::ptrdiff_t matrix, std::size_t row, std::size_t column) {
    return (matrix < 0 ? std::string() : "matrix " + std::to_string(matrix) + ", ") + "row " +
           std::to_string(row) + ", column " + std::to_string(column);
}

void expect_square(const MatrixView& a) {
    expect_cells(a);
    if (a.rows != a.columns)
        throw InputError("comparisons are a square matrix, not " + std::to_string(a.rows) + " × " +
                         std::to_string(a.columns));
}

// Comparisons are finite, above 0, 1 on the diagonal, and reciprocal.
void expect_comparisons(const MatrixView& a, double tolerance, std::ptrdiff_t matrix = -1) {
    constexpr double largest = 1e12;  // far beyond any scale; products of rows stay finite
    const std::size_t n = a.rows;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const double x = a(i, j);
            if (x != x)
                throw InputError(cell(matrix, i, j) +
                                 " is missing; every pair is compared once and the other way "
                                 "round is the reciprocal");
            if (!(x >= 1.0 / largest && x <= largest))
                throw InputError(cell(matrix, i, j) + " is " + shown(x) +
                                 "; a comparison is above 0 and finite");
            if (i == j && !(std::abs(x - 1.0) <= tolerance))
                throw InputError(cell(matrix, i, j) + " is " + shown(x) +
                                 "; an element compared with itself is 1");
            if (j < i && !(std::abs(x * a(j, i) - 1.0) <= tolerance))
                throw InputError(cell(matrix, i, j) + " is " + shown(x) + " and " + cell(-1, j, i) +
                                 " is " + shown(a(j, i)) + "; they must be reciprocals (" +
                                 shown(1.0 / a(j, i)) + "), within the tolerance of " +
                                 shown(tolerance));
        }
    }
}

struct Scratch {
    std::vector<double> a;  // rows first
    std::vector<double> next;
    std::vector<double> power;
    std::vector<double> square;

    explicit Scratch(std::size_t n) : a(n * n), next(n) {}
};

// next = a·w, and how far next / w is from one number, as a share of it.
double multiply(const std::vector<double>& a, std::span<const double> w,
                std::vector<double>& next) {
    const std::size_t n = w.size();
    double low = std::numeric_limits<double>::infinity();
    double high = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0.0;
        for (std::size_t j = 0; j < n; ++j)
            sum += a[i * n + j] * w[j];
        next[i] = sum;
        const double ratio = sum / w[i];
        low = std::min(low, ratio);
        high = std::max(high, ratio);
    }
    return (high - low) / high;
}

void take_normalised(const std::vector<double>& from, std::span<double> w) {
    double total = 0.0;
    for (const double x : from)
        total += x;
    for (std::size_t i = 0; i < w.size(); ++i)
        w[i] = from[i] / total;
}

// Principal eigenvector of a positive matrix. (a·w)_i / w_i brackets the eigenvalue (Collatz and
// Wielandt), which tells when it is found. What a hundred multiplications do not settle is a matrix
// whose second eigenvalue is nearly as large (a circle of extreme judgements): there the matrix is
// squared again and again, and its rows become the eigenvector.
void eigenvector(Scratch& s, std::span<double> w) {
    const std::size_t n = w.size();
    const double enough = 2.0 * static_cast<double>(n) * epsilon;
    std::fill(w.begin(), w.end(), 1.0 / static_cast<double>(n));
    for (int round = 0; round < 100; ++round) {
        const double spread = multiply(s.a, w, s.next);
        take_normalised(s.next, w);
        if (spread <= enough) return;
    }
    s.power = s.a;
    s.square.resize(n * n);
    for (int round = 0; round < 60; ++round) {
        double largest = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                double sum = 0.0;
                for (std::size_t k = 0; k < n; ++k)
                    sum += s.power[i * n + k] * s.power[k * n + j];
                s.square[i * n + j] = sum;
                largest = std::max(largest, sum);
            }
        }
        for (std::size_t c = 0; c < n * n; ++c)
            s.power[c] = s.square[c] / largest;
        for (std::size_t i = 0; i < n; ++i) {
            s.next[i] = 0.0;
            for (std::size_t j = 0; j < n; ++j)
                s.next[i] += s.power[i * n + j];
        }
        take_normalised(s.next, w);
        if (multiply(s.a, w, s.next) <= enough) break;
    }
    multiply(s.a, w, s.next);
    take_normalised(s.next, w);
}

void mean_of_columns(const Scratch& s, std::span<double> w) {
    const std::size_t n = w.size();
    std::fill(w.begin(), w.end(), 0.0);
    for (std::size_t j = 0; j < n; ++j) {
        double total = 0.0;
        for (std::size_t i = 0; i < n; ++i)
            total += s.a[i * n + j];
        for (std::size_t i = 0; i < n; ++i)
            w[i] += s.a[i * n + j] / total;
    }
    for (double& x : w)
        x /= static_cast<double>(n);
}

// The n-th root of a product m·2^e, m in [1/2, 1), by Newton's method from above.
double root(double m, std::ptrdiff_t e, std::size_t n) {
    const auto degree = static_cast<std::ptrdiff_t>(n);
    std::ptrdiff_t whole = e / degree;
    std::ptrdiff_t rest = e % degree;
    if (rest > 0) {  // keep what is rooted between 2^-n and 1
        ++whole;
        rest -= degree;
    }
    const double x = std::ldexp(m, static_cast<int>(rest));
    double y = 1.0;
    for (;;) {
        double power = 1.0;
        for (std::size_t k = 1; k < n; ++k)
            power *= y;
        const double better = y - (y - x / power) / static_cast<double>(n);
        if (!(better < y)) break;
        y = better;
    }
    return std::ldexp(y, static_cast<int>(whole));
}

void mean_of_rows(Scratch& s, std::span<double> w) {
    const std::size_t n = w.size();
    for (std::size_t i = 0; i < n; ++i) {
        double m = 1.0;
        std::ptrdiff_t e = 0;
        for (std::size_t j = 0; j < n; ++j) {
            int more = 0;
            m = std::frexp(m * s.a[i * n + j], &more);
            e += more;
        }
        s.next[i] = root(m, e, n);
    }
    take_normalised(s.next, w);
}

// Weights and λmax of the comparisons in s.a.
double solve(Scratch& s, std::span<double> w, AhpMethod method) {
    const std::size_t n = w.size();
    switch (method) {
        case AhpMethod::eigenvector:
            eigenvector(s, w);
            break;
        case AhpMethod::column_mean:
            mean_of_columns(s, w);
            break;
        case AhpMethod::geometric_mean:
            mean_of_rows(s, w);
            break;
    }
    if (n <= 2) return static_cast<double>(n);  // always consistent, whatever a rounding says
    multiply(s.a, w, s.next);
    double total = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        total += s.next[i] / w[i];
    // λmax is n at least; below it there is only rounding.
    return std::max(total / static_cast<double>(n), static_cast<double>(n));
}

double ci_of(double lambda_max, std::size_t n) {
    const auto size = static_cast<double>(n);
    return n <= 2 ? 0.0 : (lambda_max - size) / (size - 1.0);
}

void copy_to(Scratch& s, const MatrixView& a) {
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.rows; ++j)
            s.a[i * a.rows + j] = a(i, j);
}

void expect_tolerance(double tolerance) {
    if (!(tolerance >= 0.0))
        throw InputError("tolerance is " + shown(tolerance) + "; it is 0 or above");
}

}  // namespace

RandomIndex RandomIndex::from_pack(const Pack& pack) {
    if (pack.kind != "random_index")
        throw InputError(pack.id + " is a pack of kind " + pack.kind + ", not random_index");
    const auto document = safetyrisk::detail::parse_json(pack.canonical, pack.id);
    const auto content = safetyrisk::detail::JsonView(document, pack.id).at("content");
    content.only({"random_index", "limit", "largest_step", "notes"});
    RandomIndex out;
    out.id = pack.id;
    out.table.assign(3, 0.0);
    const auto values = content.at("random_index");
    // Keys are the numbers of elements, from 3 on without a gap.
    for (std::size_t n = 3; n < 3 + values.node().size(); ++n) {
        const auto value = values.at(std::to_string(n));
        if (!(value.number() > 0.0)) value.fail("must be above 0");
        out.table.push_back(value.number());
    }
    if (out.table.size() < 4) values.fail("must have the RI of 3 elements and more");
    out.limit = content.at("limit").number();
    if (!(out.limit > 0.0)) content.at("limit").fail("must be above 0");
    out.largest_step = content.at("largest_step").number();
    if (!(out.largest_step >= 2.0 && out.largest_step <= 100.0))
        content.at("largest_step").fail("must be 2 to 100");
    return out;
}

RandomIndex random_index(std::string_view name) {
    const bool full = name.substr(0, family.size()) == family;
    const std::string id = full ? std::string(name) : std::string(family) + "." + std::string(name);
    return RandomIndex::from_pack(*PackRegistry::builtin().find(id));
}

AhpResult ahp(const MatrixView& comparisons, const RandomIndex& index, const AhpOptions& options) {
    expect_square(comparisons);
    expect_tolerance(options.tolerance);
    expect_comparisons(comparisons, options.tolerance);
    const std::size_t n = comparisons.rows;
    Scratch scratch(n);
    copy_to(scratch, comparisons);
    AhpResult out;
    out.weights.resize(n);
    out.lambda_max = solve(scratch, out.weights, options.method);
    out.ci = ci_of(out.lambda_max, n);
    out.ri = index.of(n);
    if (out.ri) out.cr = n <= 2 ? 0.0 : out.ci / *out.ri;
    return out;
}

void ahp_batch(std::span<const double> comparisons, std::size_t n, std::span<double> weights,
               std::span<double> lambda_max, std::span<double> ci, const AhpOptions& options,
               const Work& work) {
    expect_tolerance(options.tolerance);
    const std::size_t count = lambda_max.size();
    if (n == 0) throw InputError("comparisons of no elements");
    if (comparisons.size() != count * n * n || weights.size() != count * n || ci.size() != count)
        throw InputError("a batch of " + std::to_string(count) + " matrices of " +
                         std::to_string(n) + " elements does not fit its spans");
    constexpr std::size_t at_once = 256;
    for_tasks((count + at_once - 1) / at_once, work, [&](std::size_t task) {
        Scratch scratch(n);
        const std::size_t end = std::min((task + 1) * at_once, count);
        for (std::size_t b = task * at_once; b < end; ++b) {
            const MatrixView a(comparisons.subspan(b * n * n, n * n), n, n);
            expect_comparisons(a, options.tolerance, static_cast<std::ptrdiff_t>(b));
            copy_to(scratch, a);
            lambda_max[b] = solve(scratch, weights.subspan(b * n, n), options.method);
            ci[b] = ci_of(lambda_max[b], n);
        }
    });
}

std::vector<AhpDeviation> ahp_deviations(const MatrixView& comparisons,
                                         std::span<const double> weights) {
    expect_square(comparisons);
    const std::size_t n = comparisons.rows;
    expect_weights(weights, n);
    std::vector<AhpDeviation> out;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const double consistent = weights[i] / weights[j];
            const double ratio = comparisons(i, j) / consistent;
            out.push_back({i, j, comparisons(i, j), consistent, std::max(ratio, 1.0 / ratio)});
        }
    }
    // Deviations that are equal but for rounding stand in the order of the cells.
    std::sort(out.begin(), out.end(), [](const AhpDeviation& a, const AhpDeviation& b) {
        const auto key = [](const AhpDeviation& d) {
            return std::tuple(-std::floor(d.deviation * 1e12), d.row, d.column);
        };
        return key(a) < key(b);
    });
    return out;
}

std::optional<AhpRevisit> ahp_revisit(const MatrixView& comparisons, const RandomIndex& index,
                                      const AhpOptions& options) {
    const AhpResult now = ahp(comparisons, index, options);
    const std::size_t n = comparisons.rows;
    if (n < 3 || !now.cr) return std::nullopt;
    const AhpDeviation worst = ahp_deviations(comparisons, now.weights).front();

    Scratch scratch(n);
    copy_to(scratch, comparisons);
    std::vector<double> weights(n);
    AhpRevisit best{worst, worst.value, *now.cr};
    const auto attempt = [&](double step) {
        scratch.a[worst.row * n + worst.column] = step;
        scratch.a[worst.column * n + worst.row] = 1.0 / step;
        const double cr = ci_of(solve(scratch, weights, options.method), n) / *now.ri;
        if (cr < best.cr_after - 1e-12) best = {worst, step, cr};
    };
    for (double step = 1.0; step <= index.largest_step; step += 1.0) {
        attempt(step);
        if (step > 1.0) attempt(1.0 / step);
    }
    if (best.suggested == worst.value) return std::nullopt;
    return best;
}

}  // namespace safetyrisk::scoring::mcda
