// Loops in plain C++ that each instruction set compiles anew, with its own flags. They are the
// scalar kernels, and the vector files use those that the compiler vectorises well by itself.
//
// For the files kernels_*.cpp alone. Everything is in an unnamed namespace, and nothing of the
// standard library but types is used, see kernels.hpp.
#pragma once

#include "kernels.hpp"

#include <safetyrisk/scoring/tally.hpp>

namespace safetyrisk::scoring::loops {
namespace {

constexpr double ln2_high = 6.93147180369123816490e-01;  // 33 bits, so that k times it is exact
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double root_of_half = 0.70710678118654752440;

// (atanh(s) - s) / s³ = 1/3 + s²/5 + s⁴/7 … with z = s²; what is left out is below 2^-55 of it for
// numbers between √½ and √2.
inline double atanh_rest(double z) {
    double r = 1.0 / 21.0;
    r = r * z + 1.0 / 19.0;
    r = r * z + 1.0 / 17.0;
    r = r * z + 1.0 / 15.0;
    r = r * z + 1.0 / 13.0;
    r = r * z + 1.0 / 11.0;
    r = r * z + 1.0 / 9.0;
    r = r * z + 1.0 / 7.0;
    r = r * z + 1.0 / 5.0;
    r = r * z + 1.0 / 3.0;
    return r;
}

// What vectors choose by masks, said so: g++ keeps a branch where arithmetic could trap.
inline double choose(bool first, double a, double b) {
    const std::uint64_t mask = 0U - std::uint64_t{first};
    return __builtin_bit_cast(double, (__builtin_bit_cast(std::uint64_t, a) & mask) |
                                          (__builtin_bit_cast(std::uint64_t, b) & ~mask));
}

// Near 1, where the terms would cancel, it is written as t·s + 2·q·s³·(…), s = t / (2 + t); both
// ways are gone for each number, since vectors do not branch.
void excess(const double* t, std::size_t n, double* __restrict out) {
    for (std::size_t i = 0; i < n; ++i) {
        const double at = t[i];
        const double q = 1.0 + at;
        // q = m · 2^k with m in [√½, √2); what is put below 2^52 becomes a number by itself.
        const auto bits = __builtin_bit_cast(std::uint64_t, q);
        const double half =
            __builtin_bit_cast(double, (bits & 0x000fffffffffffffU) | 0x3fe0000000000000U);
        const double exponent =
            __builtin_bit_cast(double, (bits >> 52U) | 0x4330000000000000U) - 4503599627371518.0;
        const bool below = half < root_of_half;
        const double m = choose(below, 2.0 * half, half);
        const double k = choose(below, exponent - 1.0, exponent);
        const bool near = (at > -0.29) & (at < 0.41);
        const double u = choose(near, at, m - 1.0);
        const double s = u / (2.0 + u);
        const double z = s * s;
        const double rest = atanh_rest(z);
        const double cube = s * z;
        const double close = at * s + 2.0 * q * cube * rest;
        const double log_q = k * ln2_high + ((2.0 * s + 2.0 * cube * rest) + k * ln2_low);
        out[i] = choose(q > 0.0, choose(near, close, q * log_q - at), 1.0);
    }
}

inline std::uint32_t known_code(const CodeFactor& factor, std::uint8_t code) {
    return code <= factor.steps ? code : 0U;
}

template <unsigned N>
inline std::uint32_t combo_at(const CodeTables& tables, const std::uint8_t* const* codes,
                              std::size_t row) {
    std::uint32_t combo = 0;
    for (unsigned f = 0; f < N; ++f)
        combo |= known_code(tables.factors[f], codes[f][row]) << tables.factors[f].shift;
    return combo;
}

template <unsigned N>
void combine_n(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               std::uint16_t* __restrict combos) {
    const std::uint8_t* in[N];
    std::uint8_t steps[N];
    std::uint32_t shift[N];
    for (unsigned f = 0; f < N; ++f) {
        in[f] = codes[f];
        steps[f] = static_cast<std::uint8_t>(tables.factors[f].steps);
        shift[f] = tables.factors[f].shift;
    }
    for (std::size_t i = 0; i < n; ++i) {
        std::uint32_t combo = 0;
        for (unsigned f = 0; f < N; ++f) {
            const std::uint8_t code = in[f][i];
            combo |= static_cast<std::uint32_t>(code <= steps[f] ? code : std::uint8_t{0})
                     << shift[f];
        }
        combos[i] = static_cast<std::uint16_t>(combo);
    }
}

void combine(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
             std::uint16_t* combos) {
    switch (tables.factor_count) {
        case 1:
            return combine_n<1>(tables, codes, n, combos);
        case 2:
            return combine_n<2>(tables, codes, n, combos);
        case 3:
            return combine_n<3>(tables, codes, n, combos);
        default:
            return combine_n<4>(tables, codes, n, combos);
    }
}

template <class Id>
void merge_plain(const Tally* from, const Id* parents, std::size_t n, Tally* out) {
    for (std::size_t i = 0; i < n; ++i)
        add(out[parents[i]], from[i]);
}

template <class Id>
GroupCheck check_groups(const Id* ids, std::size_t n, std::uint64_t groups) {
    // Blocks, so that the loop over each is without an exit and can be vectorised.
    constexpr std::size_t block = 4096;
    GroupCheck out;
    Id before = n > 0 ? ids[0] : Id{0};
    for (std::size_t begin = 0; begin < n; begin += block) {
        const std::size_t end = n - begin < block ? n : begin + block;
        unsigned outside = 0;
        unsigned falls = ids[begin] < before ? 1U : 0U;
        // Negative numbers are the largest of the unsigned.
        for (std::size_t i = begin; i < end; ++i)
            outside |= static_cast<std::uint64_t>(ids[i]) >= groups ? 1U : 0U;
        if (out.sorted)
            for (std::size_t i = begin + 1; i < end; ++i)
                falls |= ids[i] < ids[i - 1] ? 1U : 0U;
        if (falls != 0) out.sorted = false;
        if (outside != 0) {
            out.in_range = false;
            return out;
        }
        before = ids[end - 1];
    }
    return out;
}

}  // namespace
}  // namespace safetyrisk::scoring::loops
