// The loops that exist once for each instruction set.
//
// Each set has one source file with flags of its own. Nothing crosses the border but pointers and
// numbers: a template of the standard library that is compiled there, too, could be kept by the
// linker in its AVX-512 form and called from everywhere.
#pragma once

#include "code_tables.hpp"

#include <safetyrisk/core/isa.hpp>

#include <cstddef>
#include <cstdint>

namespace safetyrisk::scoring::loops {

/// What a pass over group ids finds.
struct GroupCheck {
    bool sorted = true;
    bool in_range = true;
};

struct Kernels {
    void (*encode_f64)(const CodeFactor&, const double*, std::size_t n, std::uint8_t* codes);
    void (*encode_f32)(const CodeFactor&, const float*, std::size_t n, std::uint8_t* codes);

    /// Score and grade, and band unless null, of n rows of codes.
    void (*score_f64)(const CodeTables&, const std::uint8_t* const* codes, std::size_t n,
                      double* score, std::uint8_t* grade, std::uint8_t* band);
    void (*score_f32)(const CodeTables&, const std::uint8_t* const* codes, std::size_t n,
                      float* score, std::uint8_t* grade);
    /// score_f64 from float64 columns at once; null where encoding first is as good.
    void (*score_values)(const CodeTables&, const double* const* values, std::size_t n,
                         double* score, std::uint8_t* grade, std::uint8_t* band);

    /// Writes the tallies of `groups` groups; their rows are offsets[g] - origin and so on of the
    /// columns, which have `rows` rows.
    void (*tally_segments)(const CodeTables&, const std::uint8_t* const* codes, std::int64_t origin,
                           std::int64_t rows, const std::int64_t* offsets, std::size_t groups,
                           Tally* out);

    /// Codes of n rows side by side in one number.
    void (*combine)(const CodeTables&, const std::uint8_t* const* codes, std::size_t n,
                    std::uint16_t* combos);

    /// Adds n rows, each `group << combo_bits | combination`, to the tallies of their groups.
    void (*scatter)(const CodeTables&, const std::uint32_t* rows, std::size_t n, Tally* out);

    /// Adds `from[i]` to `out[parents[i]]`.
    void (*merge_i64)(const Tally* from, const std::int64_t* parents, std::size_t n, Tally* out);
    void (*merge_u32)(const Tally* from, const std::uint32_t* parents, std::size_t n, Tally* out);

    GroupCheck (*check_i64)(const std::int64_t*, std::size_t n, std::uint64_t groups);
    GroupCheck (*check_i32)(const std::int32_t*, std::size_t n, std::uint64_t groups);
    GroupCheck (*check_u32)(const std::uint32_t*, std::size_t n, std::uint64_t groups);

    /// q·ln q − q + 1 with q = 1 + t, never negative, of n numbers t that are finite and not below
    /// −1: the same bits by every set.
    void (*excess)(const double* t, std::size_t n, double* out);

    /// memcpy past the cache, for results that are larger than it.
    void (*stream)(void* to, const void* from, std::size_t bytes);
    /// Makes what was streamed visible to other threads.
    void (*fence)();
};

const Kernels& scalar_kernels();
#ifdef SAFETYRISK_X86_KERNELS
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
#endif

/// The kernels of `isa`, which must be supported.
const Kernels& kernels_of(Isa isa);

/// Those of active_isa().
const Kernels& active_kernels();

}  // namespace safetyrisk::scoring::loops
