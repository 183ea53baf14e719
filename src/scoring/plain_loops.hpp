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
