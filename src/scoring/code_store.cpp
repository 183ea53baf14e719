#include "code_store.hpp"

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

namespace safetyrisk::scoring::loops {
namespace {

struct Key {
    std::uint32_t high = 0;
    std::uint32_t low = 0;
};

// Tries multipliers in a fixed order until every step has a slot of its own; leaves the table empty
// when none is found. One in some 60 serves seven steps in eight slots.
template <std::size_t Slots>
void find_hash(const std::vector<Key>& keys, StepHash<Slots>& hash) {
    if (keys.size() > Slots) return;
    constexpr unsigned shift = 32U - static_cast<unsigned>(std::countr_zero(Slots));
    std::uint32_t multiplier = 0x9E3779B1U;
    for (int attempt = 0; attempt < 200'000; ++attempt) {
        std::uint32_t taken = 0;
        for (const Key& key : keys)
            taken |= 1U << ((key.high * multiplier) >> shift);
        if (static_cast<std::size_t>(std::popcount(taken)) == keys.size()) {
            hash.multiplier = multiplier;
            for (std::size_t k = 0; k < keys.size(); ++k) {
                const std::uint32_t slot = (keys[k].high * multiplier) >> shift;
                hash.high[slot] = keys[k].high;
                hash.low[slot] = keys[k].low;
                hash.code[slot] = static_cast<std::uint32_t>(k + 1);
            }
            return;
        }
        multiplier = (multiplier * 1664525U + 1013904223U) | 1U;
    }
}

bool fill_factor(const Factor& from, const StepTable& table, CodeFactor& to, CodeStore& store) {
    std::fill(std::begin(to.value), std::end(to.value), std::numeric_limits<double>::quiet_NaN());
    to.steps = static_cast<std::uint32_t>(from.steps.size());
    to.multiplier = table.multiplier;
    to.largest = table.largest;
    std::vector<Key> wide;
    std::vector<Key> narrow;
    std::vector<std::uint8_t>& code_of =
        store.look_ups.emplace_back(static_cast<std::size_t>(table.largest) + 1);
    std::vector<std::uint8_t> of_int(1);
    for (std::size_t code = 1; code <= from.steps.size(); ++code) {
        const double value = from.steps[from.steps.size() - code].value;
        const std::int64_t units = table.units(value);
        to.value[code] = value;
        to.units[code] = static_cast<float>(units);
        code_of[static_cast<std::size_t>(units)] = static_cast<std::uint8_t>(code);
        const auto bits = std::bit_cast<std::uint64_t>(value);
        wide.push_back({static_cast<std::uint32_t>(bits >> 32U), static_cast<std::uint32_t>(bits)});
        narrow.push_back({std::bit_cast<std::uint32_t>(static_cast<float>(value)), 0});
        // A fraction is no whole number, so its code is not written here.
        const auto whole = static_cast<std::size_t>(value);
        if (static_cast<double>(whole) != value) continue;
        of_int.resize(whole + 1);
        of_int[whole] = static_cast<std::uint8_t>(code);
    }
    of_int.push_back(0);
    to.code_of = code_of.data();
    to.int_last = static_cast<std::uint32_t>(of_int.size() - 1);
    to.code_of_int = store.look_ups.emplace_back(std::move(of_int)).data();
    find_hash(wide, to.wide8);
    find_hash(wide, to.wide16);
    find_hash(narrow, to.narrow8);
    find_hash(narrow, to.narrow16);
    return to.wide16.multiplier != 0 && to.narrow16.multiplier != 0;
}

float edge_as_float(std::int64_t edge) {
    return static_cast<double>(edge) <= max_code_product ? static_cast<float>(edge)
                                                         : std::numeric_limits<float>::infinity();
}

// Scores every combination with the scalar kernel.
void fill_combos(const ProductKernel& kernel, CodeStore& store) {
    const CodeTables& tables = store.tables;
    const std::size_t count = std::size_t{1} << tables.combo_bits;
    std::vector<double> inputs(tables.factor_count);
    for (std::size_t combo = 0; combo < count; ++combo) {
        for (std::size_t f = 0; f < tables.factor_count; ++f) {
            const CodeFactor& factor = tables.factors[f];
            const std::size_t code =
                combo >> factor.shift & (std::bit_ceil(factor.steps + std::size_t{1}) - 1);
            inputs[f] = factor.value[code];
        }
        const ProductOutcome outcome = score_product(kernel, inputs);
        store.scores.push_back(outcome.score);
        store.grades.push_back(outcome.on_scale ? static_cast<std::uint8_t>(outcome.grade) : 0);
        store.bands.push_back(outcome.on_scale ? outcome.band : std::uint8_t{255});
        const double units = outcome.on_scale ? std::nearbyint(outcome.score * kernel.unit) : 0.0;
        store.tallies.push_back(tally_of(static_cast<std::uint32_t>(units), outcome.grade));
    }
}

}  // namespace

std::unique_ptr<const CodeStore> make_code_store(const std::vector<Factor>& factors,
                                                 const ProductKernel& kernel) {
    auto store = std::make_unique<CodeStore>();
    CodeTables& tables = store->tables;
    tables.factor_count = static_cast<std::uint32_t>(factors.size());
    tables.unit = kernel.unit;
    double largest = 1.0;
    store->look_ups.reserve(2 * factors.size());
    for (std::size_t f = 0; f < factors.size(); ++f) {
        if (factors[f].steps.size() > max_code) return nullptr;
        CodeFactor& factor = tables.factors[f];
        if (!fill_factor(factors[f], kernel.factors.at(f), factor, *store)) return nullptr;
        factor.shift = tables.combo_bits;
        tables.combo_bits += static_cast<std::uint32_t>(std::bit_width(factors[f].steps.size()));
        largest *= factor.largest;
    }
    if (tables.combo_bits > max_combo_bits || largest >= max_code_product ||
        kernel.unit >= max_code_product)
        return nullptr;
    const BandTable& bands = kernel.bands;
    tables.band_count = static_cast<std::uint32_t>(bands.count);
    std::fill(std::begin(tables.edges), std::end(tables.edges),
              std::numeric_limits<float>::infinity());
    std::fill(std::begin(tables.grade_edges), std::end(tables.grade_edges),
              std::numeric_limits<float>::infinity());
    for (std::size_t b = bands.count; b-- > 0;) {
        tables.edges[b] = edge_as_float(bands.edge.at(b));
        tables.grades[b] = static_cast<std::uint8_t>(bands.grade.at(b));
        // Bands stand in the order of their grades, so the first of a grade begins it.
        for (std::size_t g = 0; g < tables.grades[b]; ++g)
            tables.grade_edges[g] = std::max(tables.edges[b], 1.0F);
    }
    fill_combos(kernel, *store);
    tables.combo_score = store->scores.data();
    tables.combo_grade = store->grades.data();
    tables.combo_band = store->bands.data();
    tables.combo_tally = store->tallies.data();
    return store;
}

const CodeTables& code_tables_of(const Method& method) {
    const CodeTables* tables = method.code_tables();
    if (tables == nullptr)
        throw InputError(method.id() +
                         " has no step codes (a factor has more than 14 steps, or its products are "
                         "too large); only float64 values can be graded");
    return *tables;
}

}  // namespace safetyrisk::scoring::loops
