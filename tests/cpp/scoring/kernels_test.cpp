// Tests of the loops that exist once for each instruction set: all that the machine runs must give
// the bytes that score_product gives row by row.
#include "scoring/kernels.hpp"
#include "scoring/code_blocks.hpp"
#include "scoring/code_store.hpp"

#include <safetyrisk/scoring/arrays.hpp>

#include "judgements.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace judgements;
using namespace safetyrisk::scoring::loops;

namespace {

std::vector<Isa> supported() {
    std::vector<Isa> out;
    for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512})
        if (is_supported(isa)) out.push_back(isa);
    return out;
}

// A method of `steps` steps for each factor, 1, 2, 3 … times a tenth, with bands from `edges`.
std::shared_ptr<const Method> made(const std::vector<int>& steps) {
    json document = pack_json("lec.t1");
    document.erase("tests");
    json factors = json::array();
    double largest = 1.0;
    for (std::size_t f = 0; f < steps.size(); ++f) {
        const std::string id(1, static_cast<char>('P' + f));
        json factor = {{"id", id},
                       {"name", {{"zh", "因素" + id}, {"en", "factor " + id}}},
                       {"steps", json::array()}};
        for (int k = steps[f]; k > 0; --k)
            factor["steps"].push_back({{"value", k / 10.0}, {"zh", "值"}, {"en", "step"}});
        factors.push_back(factor);
        largest *= steps[f] / 10.0;
    }
    document["content"]["factors"] = factors;
    const auto band = [&](const char* grade, double low, double high) {
        json out = document["content"]["bands"][0];
        out["grade"] = grade;
        out["label"] = grade;
        out["range"] = "(" + json(low).dump() + ", " +
                       (high < 0 ? std::string("inf") : json(high).dump()) + (high < 0 ? ")" : "]");
        return out;
    };
    const double edge[] = {largest * 0.125, largest * 0.25, largest * 0.5};
    document["content"]["bands"] = {band("red", edge[2], -1), band("orange", edge[1], edge[2]),
                                    band("yellow", edge[0], edge[1]), band("blue", 0, edge[0])};
    return compile(document);
}

std::vector<std::shared_ptr<const Method>> every_method() {
    std::vector<std::shared_ptr<const Method>> out;
    for (const auto& method : Method::all())
        if (method->has_step_codes()) out.push_back(method);
    for (const auto& steps :
         {std::vector<int>{9}, {14}, {12, 9}, {14, 2, 3}, {3, 2, 5, 4}, {7, 7, 7, 7}, {8, 8, 8}})
        out.push_back(made(steps));
    return out;
}

// What a cell may hold: the steps of a factor, their neighbours, and what is no number at all.
std::vector<double> cells_of(const Factor& factor) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    std::vector<double> out = {0.0,
                               -0.0,
                               inf,
                               -inf,
                               std::numeric_limits<double>::quiet_NaN(),
                               -std::numeric_limits<double>::quiet_NaN(),
                               std::bit_cast<double>(0x7ff8000000000001ULL),
                               std::bit_cast<double>(0xffffffffffffffffULL),
                               std::numeric_limits<double>::denorm_min(),
                               std::numeric_limits<double>::min(),
                               std::numeric_limits<double>::max(),
                               1e18,
                               0.25,
                               4.0,
                               1e-300,
                               std::bit_cast<double>(1ULL << 32U)};
    for (const scoring::Step& step : factor.steps) {
        out.push_back(step.value);
        out.push_back(-step.value);
        out.push_back(std::nextafter(step.value, 0.0));
        out.push_back(std::nextafter(step.value, inf));
        out.push_back(step.value * 10);
        // The same upper half, another lower one, and the other way round.
        const auto bits = std::bit_cast<std::uint64_t>(step.value);
        out.push_back(std::bit_cast<double>(bits ^ 0x80000000ULL));
        out.push_back(std::bit_cast<double>(bits ^ (1ULL << 50U)));
    }
    return out;
}

struct Columns {
    std::vector<std::vector<double>> values;
    std::size_t rows() const { return values.front().size(); }
    std::vector<FactorColumn> spans(std::size_t from = 0) const {
        std::vector<FactorColumn> out;
        for (const auto& column : values)
            out.emplace_back(std::span<const double>(column).subspan(from));
        return out;
    }
};

// n rows: `off_scale` in a thousand cells are anything, the others steps.
Columns random_rows(const Method& method, std::size_t n, unsigned off_scale, unsigned seed) {
    std::mt19937 random(seed);
    Columns out;
    for (const Factor& factor : method.factors()) {
        const std::vector<double> odd = cells_of(factor);
        std::vector<double>& column = out.values.emplace_back();
        for (std::size_t i = 0; i < n; ++i)
            column.push_back(random() % 1000 < off_scale
                                 ? odd[random() % odd.size()]
                                 : factor.steps[random() % factor.steps.size()].value);
    }
    return out;
}

struct Result {
    std::vector<double> score;
    std::vector<float> narrow;
    std::vector<std::uint8_t> grade, band;
    explicit Result(std::size_t n) : score(n), narrow(n), grade(n), band(n) {}
    void set(std::size_t i, const ProductOutcome& one) {
        score[i] = one.score;
        narrow[i] = static_cast<float>(one.score);
        grade[i] = one.on_scale ? static_cast<std::uint8_t>(one.grade) : 0;
        band[i] = one.on_scale ? one.band : 255;
    }
};

Result row_by_row(const Method& method, const Columns& columns) {
    Result out(columns.rows());
    std::vector<double> inputs(columns.values.size());
    for (std::size_t i = 0; i < columns.rows(); ++i) {
        for (std::size_t f = 0; f < inputs.size(); ++f)
            inputs[f] = columns.values[f][i];
        out.set(i, score_product(method.kernel(), inputs));
    }
    return out;
}

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

bool same(const Result& a, const Result& b) {
    return same_bytes(a.score, b.score) && same_bytes(a.narrow, b.narrow) && a.grade == b.grade &&
           a.band == b.band;
}

Result by_kernels(Isa isa, const Method& method, const Columns& columns, bool past_cache) {
    const std::size_t n = columns.rows();
    const Kernels& kernels = kernels_of(isa);
    const CodeTables& tables = *method.code_tables();
    Result out(n);
    score_rows(kernels, tables, columns.spans(), 0, n, out.score.data(), out.grade.data(),
               out.band.data(), past_cache);
    std::vector<std::uint8_t> grade(n);
    score_rows(kernels, tables, columns.spans(), 0, n, out.narrow.data(), grade.data(), past_cache);
    kernels.fence();
    if (grade != out.grade) out.grade.clear();
    return out;
}

}  // namespace

TEST_CASE("all products of listed steps have step codes") {
    std::size_t found = 0;
    for (const auto& method : Method::all()) {
        bool listed = method->form() == Form::product;
        for (const Factor& factor : method->factors())
            listed = listed && factor.range.empty();
        CHECK(method->has_step_codes() == listed);
        found += listed ? 1 : 0;
    }
    CHECK(found >= 14);
}

TEST_CASE("every kernel gives the bytes of the scalar definition for all cells a column may hold") {
    for (const auto& method : every_method()) {
        REQUIRE(method->has_step_codes());
        // Every odd cell and step of each factor beside steps of the others, then a mixture.
        Columns columns = random_rows(*method, 5000, 300, 1);
        for (std::size_t f = 0; f < columns.values.size(); ++f) {
            const Columns plain = random_rows(*method, cells_of(method->factors()[f]).size(), 0, 2);
            for (std::size_t g = 0; g < columns.values.size(); ++g) {
                const auto cells = g == f ? cells_of(method->factors()[f]) : plain.values[g];
                columns.values[g].insert(columns.values[g].end(), cells.begin(), cells.end());
            }
        }
        const Result expected = row_by_row(*method, columns);
        for (const Isa isa : supported())
            for (const bool past_cache : {false, true}) {
                CAPTURE(method->id(), to_string(isa), past_cache);
                CHECK(same(by_kernels(isa, *method, columns, past_cache), expected));
            }
    }
}

TEST_CASE(
    "every kernel gives all combinations of steps the score, band and grade of the definition") {
    for (const auto& method : every_method()) {
        const auto& factors = method->factors();
        Columns columns;
        columns.values.resize(factors.size());
        std::size_t count = 1;
        for (const Factor& factor : factors)
            count *= factor.steps.size();
        for (std::size_t k = 0; k < count; ++k) {
            std::size_t rest = k;
            for (std::size_t f = 0; f < factors.size(); ++f) {
                columns.values[f].push_back(factors[f].steps[rest % factors[f].steps.size()].value);
                rest /= factors[f].steps.size();
            }
        }
        const Result expected = row_by_row(*method, columns);
        CHECK(std::count(expected.grade.begin(), expected.grade.end(), 0) == 0);
        for (const Isa isa : supported()) {
            CAPTURE(method->id(), to_string(isa));
            CHECK(same(by_kernels(isa, *method, columns, false), expected));
        }
    }
}

TEST_CASE("kernels write their rows and nothing beside them, whatever the length and alignment") {
    const auto method = Method::find("lec");
    const CodeTables& tables = *method->code_tables();
    const Columns columns = random_rows(*method, 300, 200, 3);
    const Result expected = row_by_row(*method, columns);
    for (const Isa isa : supported()) {
        const Kernels& kernels = kernels_of(isa);
        std::size_t wrong = 0;
        for (std::size_t n = 0; n <= 200; ++n) {
            const std::size_t from = n * 7 % 61;
            const std::size_t at = n * 5 % 67;  // odd places in the results
            for (const bool past_cache : {false, true}) {
                std::vector<double> score(400, -7.0);
                std::vector<float> narrow(400, -7.0F);
                std::vector<std::uint8_t> grade(400, 77), band(400, 77), other(400, 77);
                score_rows(kernels, tables, columns.spans(from), 0, n, score.data() + at,
                           grade.data() + at, band.data() + at, past_cache);
                score_rows(kernels, tables, columns.spans(from), 0, n, narrow.data() + at,
                           other.data() + at, past_cache);
                kernels.fence();
                for (std::size_t i = 0; i < 400; ++i) {
                    const bool mine = i >= at && i < at + n;
                    const std::size_t row = i - at + from;
                    const double s = mine ? expected.score[row] : -7.0;
                    const float f = mine ? expected.narrow[row] : -7.0F;
                    if (std::memcmp(&score[i], &s, sizeof s) != 0 ||
                        std::memcmp(&narrow[i], &f, sizeof f) != 0 ||
                        grade[i] != (mine ? expected.grade[row] : 77) ||
                        other[i] != (mine ? expected.grade[row] : 77) ||
                        band[i] != (mine ? expected.band[row] : 77))
                        ++wrong;
                }
            }
        }
        CAPTURE(to_string(isa));
        CHECK(wrong == 0);
    }
}

TEST_CASE("a column of any number type has the codes of its values") {
    for (const auto& method : every_method())
        for (std::size_t f = 0; f < method->factors().size(); ++f) {
            const Factor& factor = method->factors()[f];
            const CodeFactor& table = method->code_tables()->factors[f];
            const auto code_of = [&](double value) {
                std::uint8_t code = 0;
                for (std::size_t s = 0; s < factor.steps.size(); ++s)
                    if (factor.steps[s].value == value)
                        code = static_cast<std::uint8_t>(factor.steps.size() - s);
                return code;
            };
            std::vector<float> floats;
            std::vector<std::uint8_t> float_codes;
            for (const double value : cells_of(factor)) {
                floats.push_back(static_cast<float>(value));
                float_codes.push_back(0);
                for (const scoring::Step& step : factor.steps)
                    if (static_cast<float>(step.value) == floats.back())
                        float_codes.back() = code_of(step.value);
            }
            for (const scoring::Step& step : factor.steps) {
                floats.push_back(std::nextafterf(static_cast<float>(step.value), 1e9F));
                float_codes.push_back(0);
            }
            std::vector<std::int64_t> longs = {std::numeric_limits<std::int64_t>::min(),
                                               std::numeric_limits<std::int64_t>::max(),
                                               (std::int64_t{1} << 32U) + 1, -1};
            std::vector<std::int32_t> ints = {std::numeric_limits<std::int32_t>::min(),
                                              std::numeric_limits<std::int32_t>::max(), -1};
            std::vector<std::uint8_t> bytes;
            for (int k = 0; k < 256; ++k) {
                longs.push_back(k);
                ints.push_back(k);
                bytes.push_back(static_cast<std::uint8_t>(k));
            }
            const auto codes_of_whole = [&](const auto& cells) {
                std::vector<std::uint8_t> out;
                for (const auto cell : cells)
                    out.push_back(code_of(static_cast<double>(cell)));
                return out;
            };
            for (const Isa isa : supported()) {
                const auto encoded = [&](const auto& cells) {
                    using Cell = typename std::decay_t<decltype(cells)>::value_type;
                    std::vector<std::uint8_t> out(cells.size());
                    encode_rows(kernels_of(isa), table, std::span<const Cell>(cells), 0,
                                cells.size(), out.data());
                    return out;
                };
                CAPTURE(method->id(), factor.id, to_string(isa));
                CHECK(encoded(floats) == float_codes);
                CHECK(encoded(longs) == codes_of_whole(longs));
                CHECK(encoded(ints) == codes_of_whole(ints));
                CHECK(encoded(bytes) == codes_of_whole(bytes));
            }
        }
}

TEST_CASE("codes that a factor does not have count as none") {
    for (const auto& method : every_method()) {
        const CodeTables& tables = *method->code_tables();
        std::vector<std::vector<std::uint8_t>> codes(tables.factor_count);
        for (std::size_t f = 0; f < codes.size(); ++f)
            for (unsigned k = 0; k < 256 * 4; ++k)
                codes[f].push_back(static_cast<std::uint8_t>(f == k / 256 ? k : 1));
        std::vector<FactorColumn> columns;
        for (const auto& column : codes)
            columns.emplace_back(StepCodes{column});
        for (const Isa isa : supported()) {
            std::vector<double> score(1024);
            std::vector<std::uint8_t> grade(1024), band(1024);
            score_rows(kernels_of(isa), tables, columns, 0, 1024, score.data(), grade.data(),
                       band.data(), false);
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < 1024; ++i) {
                bool known = true;
                for (std::size_t f = 0; f < codes.size(); ++f)
                    known = known && codes[f][i] >= 1 && codes[f][i] <= tables.factors[f].steps;
                if (known != (grade[i] != 0) || known == std::isnan(score[i])) ++wrong;
            }
            CAPTURE(method->id(), to_string(isa));
            CHECK(wrong == 0);
        }
    }
}
