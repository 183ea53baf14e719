#include "code_blocks.hpp"

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <type_traits>

namespace safetyrisk::scoring::loops {
namespace {

template <class Whole>
void encode_whole(const CodeFactor& factor, const Whole* in, std::size_t n, std::uint8_t* codes) {
    // Negative numbers are the largest of the unsigned.
    const std::uint64_t last = factor.int_last;
    const std::uint8_t* const code_of = factor.code_of_int;
    for (std::size_t i = 0; i < n; ++i)
        codes[i] = code_of[std::min(static_cast<std::uint64_t>(in[i]), last)];
}

void score_block(const Kernels& kernels, const CodeTables& tables, const std::uint8_t* const* codes,
                 std::size_t n, double* score, std::uint8_t* grade, std::uint8_t* band) {
    kernels.score_f64(tables, codes, n, score, grade, band);
}
void score_block(const Kernels& kernels, const CodeTables& tables, const std::uint8_t* const* codes,
                 std::size_t n, float* score, std::uint8_t* grade, std::uint8_t* /*band*/) {
    kernels.score_f32(tables, codes, n, score, grade);
}

// Scores blocks of rows where they lie, or by way of the cache: `run` is given the first row, the
// number of rows and where to write them. The first block has `head` rows.
template <class Score, class Run>
void for_score_blocks(const Kernels& kernels, std::size_t begin, std::size_t end, std::size_t head,
                      Score* score, std::uint8_t* grade, std::uint8_t* band, bool past_cache,
                      Run&& run) {
    std::size_t n = 0;
    if (!past_cache) {
        for (std::size_t at = begin; at < end; at += n) {
            n = std::min(at == begin ? head : code_block, end - at);
            run(at, n, score + at, grade + at, band == nullptr ? nullptr : band + at);
        }
        return;
    }
    alignas(64) std::array<Score, code_block> scores;
    alignas(64) std::array<std::uint8_t, code_block> grades;
    alignas(64) std::array<std::uint8_t, code_block> bands;
    for (std::size_t at = begin; at < end; at += n) {
        n = std::min(at == begin ? head : code_block, end - at);
        run(at, n, scores.data(), grades.data(), band == nullptr ? nullptr : bands.data());
        kernels.stream(score + at, scores.data(), n * sizeof(Score));
        kernels.stream(grade + at, grades.data(), n);
        if (band != nullptr) kernels.stream(band + at, bands.data(), n);
    }
}

template <class Score>
void score_blocks(const Kernels& kernels, const CodeTables& tables,
                  std::span<const FactorColumn> columns, std::size_t begin, std::size_t end,
                  Score* score, std::uint8_t* grade, std::uint8_t* band, bool past_cache) {
    CodeBlock<code_block> block(kernels, tables, columns);
    for_score_blocks(
        kernels, begin, end, code_block, score, grade, band, past_cache,
        [&](std::size_t at, std::size_t n, Score* to, std::uint8_t* g, std::uint8_t* b) {
            score_block(kernels, tables, block.read(at, n), n, to, g, b);
        });
}

}  // namespace

std::size_t rows_of(const FactorColumn& column) {
    return std::visit(
        [](const auto& cells) {
            if constexpr (std::is_same_v<std::decay_t<decltype(cells)>, StepCodes>)
                return cells.codes.size();
            else
                return cells.size();
        },
        column);
}

void encode_rows(const Kernels& kernels, const CodeFactor& factor, const FactorColumn& column,
                 std::size_t begin, std::size_t n, std::uint8_t* codes) {
    std::visit(
        [&](const auto& cells) {
            using Cells = std::decay_t<decltype(cells)>;
            if constexpr (std::is_same_v<Cells, StepCodes>)
                std::transform(cells.codes.data() + begin, cells.codes.data() + begin + n, codes,
                               [&](std::uint8_t code) {
                                   return code <= factor.steps ? code : std::uint8_t{0};
                               });
            else if constexpr (std::is_same_v<Cells, std::span<const double>>)
                kernels.encode_f64(factor, cells.data() + begin, n, codes);
            else if constexpr (std::is_same_v<Cells, std::span<const float>>)
                kernels.encode_f32(factor, cells.data() + begin, n, codes);
            else
                encode_whole(factor, cells.data() + begin, n, codes);
        },
        column);
}

void check_columns(std::span<const FactorColumn> columns, const Method& method, std::size_t n) {
    const std::vector<Factor>& factors = method.factors();
    if (columns.size() != factors.size())
        throw InputError(method.id() + " has " + std::to_string(factors.size()) + " factors, not " +
                         std::to_string(columns.size()));
    for (std::size_t f = 0; f < columns.size(); ++f)
        if (rows_of(columns[f]) != n)
            throw InputError("the column " + factors[f].id + " has " +
                             std::to_string(rows_of(columns[f])) + " values, not " +
                             std::to_string(n));
}

void score_rows(const Kernels& kernels, const CodeTables& tables,
                std::span<const FactorColumn> columns, std::size_t begin, std::size_t end,
                double* score, std::uint8_t* grade, std::uint8_t* band, bool past_cache) {
    std::array<const double*, max_factors> values{};
    bool all_values = kernels.score_values != nullptr;
    for (std::size_t f = 0; f < columns.size(); ++f) {
        const auto* cells = std::get_if<std::span<const double>>(&columns[f]);
        all_values = all_values && cells != nullptr;
        if (cells != nullptr) values[f] = cells->data();
    }
    if (all_values) {
        // NumPy's arrays begin 16 bytes into a line, all alike; vectors should not straddle lines.
        constexpr std::size_t line = 64 / sizeof(double);
        const auto place = reinterpret_cast<std::uintptr_t>(values[0] + begin) / sizeof(double);
        const std::size_t head = place % line == 0 ? code_block : line - place % line;
        for_score_blocks(
            kernels, begin, end, head, score, grade, band, past_cache,
            [&](std::size_t at, std::size_t n, double* to, std::uint8_t* g, std::uint8_t* b) {
                std::array<const double*, max_factors> from{};
                for (std::size_t f = 0; f < columns.size(); ++f)
                    from[f] = values[f] + at;
                kernels.score_values(tables, from.data(), n, to, g, b);
            });
        return;
    }
    score_blocks(kernels, tables, columns, begin, end, score, grade, band, past_cache);
}

void score_rows(const Kernels& kernels, const CodeTables& tables,
                std::span<const FactorColumn> columns, std::size_t begin, std::size_t end,
                float* score, std::uint8_t* grade, bool past_cache) {
    score_blocks(kernels, tables, columns, begin, end, score, grade, nullptr, past_cache);
}

}  // namespace safetyrisk::scoring::loops
