// The kernels without vectors: everything is a look-up by combination of codes.
#include "plain_loops.hpp"

#include <cstring>

namespace safetyrisk::scoring::loops {
namespace {

void encode_f64(const CodeFactor& factor, const double* in, std::size_t n, std::uint8_t* codes) {
    const double multiplier = factor.multiplier;
    const double top = factor.largest + 0.5;
    const std::uint8_t* const code_of = factor.code_of;
    for (std::size_t i = 0; i < n; ++i) {
        // As StepTable::units.
        const double scaled = in[i] * multiplier;
        std::uint8_t code = 0;
        if (scaled > 0.0 && scaled < top) code = code_of[static_cast<std::int64_t>(scaled + 0.5)];
        codes[i] = factor.value[code] == in[i] ? code : std::uint8_t{0};
    }
}

void encode_f32(const CodeFactor& factor, const float* in, std::size_t n, std::uint8_t* codes) {
    float value[16];
    for (unsigned code = 0; code < 16; ++code)
        value[code] = static_cast<float>(factor.value[code]);
    for (std::size_t i = 0; i < n; ++i) {
        std::uint8_t found = 0;
        for (std::uint32_t code = 1; code <= factor.steps; ++code)
            if (value[code] == in[i]) found = static_cast<std::uint8_t>(code);
        codes[i] = found;
    }
}

template <unsigned N, class Score>
void score_n(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
             Score* score, std::uint8_t* grade, std::uint8_t* band) {
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t combo = combo_at<N>(tables, codes, i);
        score[i] = static_cast<Score>(tables.combo_score[combo]);
        grade[i] = tables.combo_grade[combo];
        if (band != nullptr) band[i] = tables.combo_band[combo];
    }
}

template <class Score>
void score_any(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               Score* score, std::uint8_t* grade, std::uint8_t* band) {
    switch (tables.factor_count) {
        case 1:
            return score_n<1>(tables, codes, n, score, grade, band);
        case 2:
            return score_n<2>(tables, codes, n, score, grade, band);
        case 3:
            return score_n<3>(tables, codes, n, score, grade, band);
        default:
            return score_n<4>(tables, codes, n, score, grade, band);
    }
}

void score_f64(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               double* score, std::uint8_t* grade, std::uint8_t* band) {
    score_any(tables, codes, n, score, grade, band);
}

void score_f32(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               float* score, std::uint8_t* grade) {
    score_any(tables, codes, n, score, grade, nullptr);
}

template <unsigned N>
void tally_n(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
             const std::int64_t* offsets, std::size_t groups, Tally* out) {
    for (std::size_t g = 0; g < groups; ++g) {
        Tally tally;
        const auto end = static_cast<std::size_t>(offsets[g + 1] - origin);
        for (auto i = static_cast<std::size_t>(offsets[g] - origin); i < end; ++i)
            add(tally, tables.combo_tally[combo_at<N>(tables, codes, i)]);
        out[g] = tally;
    }
}

void tally_segments(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
                    std::int64_t /*rows*/, const std::int64_t* offsets, std::size_t groups,
                    Tally* out) {
    switch (tables.factor_count) {
        case 1:
            return tally_n<1>(tables, codes, origin, offsets, groups, out);
        case 2:
            return tally_n<2>(tables, codes, origin, offsets, groups, out);
        case 3:
            return tally_n<3>(tables, codes, origin, offsets, groups, out);
        default:
            return tally_n<4>(tables, codes, origin, offsets, groups, out);
    }
}

void scatter(const CodeTables& tables, const std::uint32_t* rows, std::size_t n, Tally* out) {
    const unsigned bits = tables.combo_bits;
    const std::uint32_t mask = (1U << bits) - 1U;
    for (std::size_t i = 0; i < n; ++i)
        add(out[rows[i] >> bits], tables.combo_tally[rows[i] & mask]);
}

void stream(void* to, const void* from, std::size_t bytes) {
    std::memcpy(to, from, bytes);
}

void fence() {}

}  // namespace

const Kernels& scalar_kernels() {
    static constexpr Kernels kernels{encode_f64,
                                     encode_f32,
                                     score_f64,
                                     score_f32,
                                     nullptr,
                                     tally_segments,
                                     combine,
                                     scatter,
                                     merge_plain<std::int64_t>,
                                     merge_plain<std::uint32_t>,
                                     check_groups<std::int64_t>,
                                     check_groups<std::int32_t>,
                                     check_groups<std::uint32_t>,
                                     excess,
                                     stream,
                                     fence};
    return kernels;
}

}  // namespace safetyrisk::scoring::loops
