// Columns of judgements as step codes, a block at a time, so that codes never leave the cache.
#pragma once

#include "kernels.hpp"

#include <safetyrisk/scoring/method.hpp>
#include <safetyrisk/scoring/step_codes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace safetyrisk::scoring::loops {

/// Rows of a block: codes and results of one stay in the first cache.
inline constexpr std::size_t code_block = 1024;
/// Results of this many bytes do not fit any cache and are written past it.
inline constexpr std::size_t stream_from_bytes = std::size_t{16} << 20U;

/// Number of judgements of a column.
std::size_t rows_of(const FactorColumn& column);

/// Writes the codes of rows `begin` to `begin + n`.
void encode_rows(const Kernels& kernels, const CodeFactor& factor, const FactorColumn& column,
                 std::size_t begin, std::size_t n, std::uint8_t* codes);

/// Throws InputError unless there is one column for each factor and all have `n` rows.
void check_columns(std::span<const FactorColumn> columns, const Method& method, std::size_t n);

/// The codes of up to `Rows` rows at a time.
template <std::size_t Rows>
class CodeBlock {
public:
    CodeBlock(const Kernels& kernels, const CodeTables& tables,
              std::span<const FactorColumn> columns)
        : kernels_(kernels), tables_(tables), columns_(columns) {}

    /// One pointer for each factor, valid until the next call. Columns that are codes already are
    /// used where they lie.
    const std::uint8_t* const* read(std::size_t begin, std::size_t n) {
        for (std::size_t f = 0; f < columns_.size(); ++f) {
            if (const StepCodes* given = std::get_if<StepCodes>(&columns_[f])) {
                codes_[f] = given->codes.data() + begin;
                continue;
            }
            encode_rows(kernels_, tables_.factors[f], columns_[f], begin, n, memory_[f].data());
            codes_[f] = memory_[f].data();
        }
        return codes_.data();
    }

private:
    const Kernels& kernels_;
    const CodeTables& tables_;
    std::span<const FactorColumn> columns_;
    std::array<const std::uint8_t*, max_factors> codes_{};
    alignas(64) std::array<std::array<std::uint8_t, Rows>, max_factors> memory_;
};

/// Scores rows `begin` to `end`; `band` may be null. Does not check anything. With `past_cache` the
/// caller runs Kernels::fence when all is done.
void score_rows(const Kernels& kernels, const CodeTables& tables,
                std::span<const FactorColumn> columns, std::size_t begin, std::size_t end,
                double* score, std::uint8_t* grade, std::uint8_t* band, bool past_cache);
void score_rows(const Kernels& kernels, const CodeTables& tables,
                std::span<const FactorColumn> columns, std::size_t begin, std::size_t end,
                float* score, std::uint8_t* grade, bool past_cache);

}  // namespace safetyrisk::scoring::loops
