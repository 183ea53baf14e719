// The kernels for AVX-512 (F, BW, DQ, VL): sixteen rows at a time, masks instead of rests.
#ifdef __AVX512BW__

#include "plain_loops.hpp"

#include <immintrin.h>

namespace safetyrisk::scoring::loops {
namespace {

constexpr std::size_t lanes = 16;

inline __mmask16 first(std::size_t n) {
    return static_cast<__mmask16>(_bzhi_u32(0xffffU, n < lanes ? static_cast<unsigned>(n) : 16U));
}

// Sixteen float64 found among the steps: the slot of each, and whether it holds that very value.
class StepFinder {
public:
    StepFinder() = default;
    explicit StepFinder(const StepHash<16>& hash)
        : multiplier_(_mm512_set1_epi32(static_cast<int>(hash.multiplier))),
          high_(_mm512_loadu_si512(hash.high)),
          low_(_mm512_loadu_si512(hash.low)),
          even_(_mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)),
          odd_(_mm512_add_epi32(even_, _mm512_set1_epi32(1))) {}

    struct Found {
        __m512i slot;
        __mmask16 same;
    };
    Found find(const double* in) const {
        return find(_mm512_loadu_si512(in), _mm512_loadu_si512(in + 8));
    }
    Found find(const double* in, __mmask16 rows) const {
        return find(_mm512_maskz_loadu_epi64(static_cast<__mmask8>(rows), in),
                    _mm512_maskz_loadu_epi64(static_cast<__mmask8>(rows >> 8U), in + 8));
    }

private:
    Found find(__m512i a, __m512i b) const {
        const __m512i upper = _mm512_permutex2var_epi32(a, odd_, b);
        const __m512i lower = _mm512_permutex2var_epi32(a, even_, b);
        const __m512i slot = _mm512_srli_epi32(_mm512_mullo_epi32(upper, multiplier_), 28);
        const __mmask16 same =
            _mm512_cmpeq_epi32_mask(upper, _mm512_permutexvar_epi32(slot, high_));
        return {slot,
                _mm512_mask_cmpeq_epi32_mask(same, lower, _mm512_permutexvar_epi32(slot, low_))};
    }

    __m512i multiplier_, high_, low_, even_, odd_;
};

void encode_f64(const CodeFactor& factor, const double* in, std::size_t n, std::uint8_t* codes) {
    const StepFinder finder(factor.wide16);
    const __m512i code = _mm512_loadu_si512(factor.wide16.code);
    const auto codes_of = [&](StepFinder::Found found) {
        return _mm512_cvtepi32_epi8(_mm512_maskz_permutexvar_epi32(found.same, found.slot, code));
    };
    // Up to the next line, so that vectors do not straddle two.
    const std::size_t head = (64U - reinterpret_cast<std::uintptr_t>(in) % 64U) % 64U / 8U;
    std::size_t i = head < n ? head : n;
    if (i > 0) _mm_mask_storeu_epi8(codes, first(i), codes_of(finder.find(in, first(i))));
    for (; i + lanes <= n; i += lanes)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + i), codes_of(finder.find(in + i)));
    const __mmask16 rest = first(n - i);
    if (i < n) _mm_mask_storeu_epi8(codes + i, rest, codes_of(finder.find(in + i, rest)));
}

void encode_f32(const CodeFactor& factor, const float* in, std::size_t n, std::uint8_t* codes) {
    const StepHash<16>& hash = factor.narrow16;
    const __m512i multiplier = _mm512_set1_epi32(static_cast<int>(hash.multiplier));
    const __m512i bits = _mm512_loadu_si512(hash.high);
    const __m512i code = _mm512_loadu_si512(hash.code);
    for (std::size_t i = 0; i < n; i += lanes) {
        const __mmask16 rest = first(n - i);
        const __m512i value = _mm512_maskz_loadu_epi32(rest, in + i);
        const __m512i slot = _mm512_srli_epi32(_mm512_mullo_epi32(value, multiplier), 28);
        const __mmask16 same = _mm512_cmpeq_epi32_mask(value, _mm512_permutexvar_epi32(slot, bits));
        _mm_mask_storeu_epi8(
            codes + i, rest,
            _mm512_cvtepi32_epi8(_mm512_maskz_permutexvar_epi32(same, slot, code)));
    }
}

// Products of sixteen rows in units; 0 where one of the factors is none.
template <unsigned N>
class Products {
public:
    Products(const CodeTables& tables, const std::uint8_t* const* codes) {
        for (unsigned f = 0; f < N; ++f) {
            in_[f] = codes[f];
            units_[f] = _mm512_loadu_ps(tables.factors[f].units);
        }
    }

    // Codes from 15 on are none, and 15 has no units.
    __m512 at(std::size_t row) const {
        return product([&](unsigned f) {
            return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in_[f] + row));
        });
    }
    __m512 at(std::size_t row, __mmask16 rows) const {
        return product([&](unsigned f) { return _mm_maskz_loadu_epi8(rows, in_[f] + row); });
    }

private:
    template <class Load>
    __m512 product(Load load) const {
        __m512 out = _mm512_undefined_ps();
        for (unsigned f = 0; f < N; ++f) {
            const __m128i code = _mm_min_epu8(load(f), _mm_set1_epi8(15));
            const __m512 units = _mm512_permutexvar_ps(_mm512_cvtepu8_epi32(code), units_[f]);
            out = f == 0 ? units : _mm512_mul_ps(out, units);
        }
        return out;
    }

    const std::uint8_t* in_[N];
    __m512 units_[N];
};

// The same from float64 values, without codes in between.
template <unsigned N>
class ValueProducts {
public:
    ValueProducts(const CodeTables& tables, const double* const* values) {
        for (unsigned f = 0; f < N; ++f) {
            const CodeFactor& factor = tables.factors[f];
            in_[f] = values[f];
            finder_[f] = StepFinder(factor.wide16);
            units_[f] = _mm512_permutexvar_ps(_mm512_loadu_si512(factor.wide16.code),
                                              _mm512_loadu_ps(factor.units));
        }
    }

    __m512 at(std::size_t row) const {
        return product([&](unsigned f) { return finder_[f].find(in_[f] + row); });
    }
    __m512 at(std::size_t row, __mmask16 rows) const {
        return product([&](unsigned f) { return finder_[f].find(in_[f] + row, rows); });
    }

private:
    template <class Find>
    __m512 product(Find find) const {
        __m512 out = _mm512_undefined_ps();
        for (unsigned f = 0; f < N; ++f) {
            const StepFinder::Found found = find(f);
            const __m512 units = _mm512_maskz_permutexvar_ps(found.same, found.slot, units_[f]);
            out = f == 0 ? units : _mm512_mul_ps(out, units);
        }
        return out;
    }

    const double* in_[N];
    StepFinder finder_[N];
    __m512 units_[N];
};

struct F64 {
    using Score = double;
    __m512d unit, none;
    explicit F64(const CodeTables& tables)
        : unit(_mm512_set1_pd(tables.unit)), none(_mm512_set1_pd(__builtin_nan(""))) {}
    void store(double* to, __m512 product, __mmask16 scored, __mmask16 rows) const {
        const __m512d a = _mm512_cvtps_pd(_mm512_castps512_ps256(product));
        const __m512d b = _mm512_cvtps_pd(_mm512_extractf32x8_ps(product, 1));
        _mm512_mask_storeu_pd(to, static_cast<__mmask8>(rows),
                              _mm512_mask_div_pd(none, static_cast<__mmask8>(scored), a, unit));
        _mm512_mask_storeu_pd(
            to + 8, static_cast<__mmask8>(rows >> 8U),
            _mm512_mask_div_pd(none, static_cast<__mmask8>(scored >> 8U), b, unit));
    }
};

struct F32 {
    using Score = float;
    __m512 unit, none;
    explicit F32(const CodeTables& tables)
        : unit(_mm512_set1_ps(static_cast<float>(tables.unit))),
          none(_mm512_set1_ps(__builtin_nanf(""))) {}
    void store(float* to, __m512 product, __mmask16 scored, __mmask16 rows) const {
        _mm512_mask_storeu_ps(to, rows, _mm512_mask_div_ps(none, scored, product, unit));
    }
};

template <class Form, class Source>
void score_all(const CodeTables& tables, const Source& products, std::size_t n,
               typename Form::Score* score, std::uint8_t* grade, std::uint8_t* band) {
    const Form form(tables);
    const __m128i grades = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.grades));
    const __m128i no_band = _mm_set1_epi8(-1);
    const __m128i one = _mm_set1_epi8(1);
    const unsigned bands = tables.band_count;
    __m512 edges[8];
    for (unsigned b = 0; b < 8; ++b)
        edges[b] = _mm512_set1_ps(tables.edges[b]);
    const auto row = [&](std::size_t i, __m512 product, __mmask16 rows) {
        const __mmask16 scored = _mm512_cmp_ps_mask(product, _mm512_setzero_ps(), _CMP_GT_OQ);
        form.store(score + i, product, scored, rows);
        __m128i b = _mm_setzero_si128();
        for (unsigned e = 1; e < bands; ++e)
            b = _mm_mask_add_epi8(b, _mm512_cmp_ps_mask(product, edges[e], _CMP_GE_OQ), b, one);
        _mm_mask_storeu_epi8(grade + i, rows, _mm_maskz_shuffle_epi8(scored, grades, b));
        if (band != nullptr)
            _mm_mask_storeu_epi8(band + i, rows, _mm_mask_mov_epi8(no_band, scored, b));
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        row(i, products.at(i), 0xffffU);
    if (i < n) row(i, products.at(i, first(n - i)), first(n - i));
}

template <class Form, template <unsigned> class Source, class Cell>
void score_any(const CodeTables& tables, const Cell* const* in, std::size_t n,
               typename Form::Score* score, std::uint8_t* grade, std::uint8_t* band) {
    switch (tables.factor_count) {
        case 1:
            return score_all<Form>(tables, Source<1>(tables, in), n, score, grade, band);
        case 2:
            return score_all<Form>(tables, Source<2>(tables, in), n, score, grade, band);
        case 3:
            return score_all<Form>(tables, Source<3>(tables, in), n, score, grade, band);
        default:
            return score_all<Form>(tables, Source<4>(tables, in), n, score, grade, band);
    }
}

void score_f64(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               double* score, std::uint8_t* grade, std::uint8_t* band) {
    score_any<F64, Products>(tables, codes, n, score, grade, band);
}

void score_f32(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               float* score, std::uint8_t* grade) {
    score_any<F32, Products>(tables, codes, n, score, grade, nullptr);
}

void score_values(const CodeTables& tables, const double* const* values, std::size_t n,
                  double* score, std::uint8_t* grade, std::uint8_t* band) {
    score_any<F64, ValueProducts>(tables, values, n, score, grade, band);
}

// Four groups side by side, the sums over lanes of each in one place.
inline __m512i interleaved_sum(const __m512i (&x)[4]) {
    const __m512i ab =
        _mm512_add_epi32(_mm512_unpacklo_epi32(x[0], x[1]), _mm512_unpackhi_epi32(x[0], x[1]));
    const __m512i cd =
        _mm512_add_epi32(_mm512_unpacklo_epi32(x[2], x[3]), _mm512_unpackhi_epi32(x[2], x[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
}
inline __m128i sum_of_each(const __m512i (&x)[4]) {
    const __m512i all = interleaved_sum(x);
    const __m256i half =
        _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}
inline __m128i max_of_each(const __m512i (&x)[4]) {
    const __m512i ab =
        _mm512_max_epu32(_mm512_unpacklo_epi32(x[0], x[1]), _mm512_unpackhi_epi32(x[0], x[1]));
    const __m512i cd =
        _mm512_max_epu32(_mm512_unpacklo_epi32(x[2], x[3]), _mm512_unpackhi_epi32(x[2], x[3]));
    const __m512i all =
        _mm512_max_epu32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    const __m256i half =
        _mm256_max_epu32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_max_epu32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

// Sums over at most this many rows fit the lanes: 32 rounds of products below 2^24, and counts of
// grades in bytes of which sixteen are added.
constexpr std::int64_t most_rows = 15 * 16;

template <unsigned N>
class Segments {
public:
    Segments(const CodeTables& tables, const std::uint8_t* const* codes)
        : products_(tables, codes) {
        for (unsigned g = 0; g < 4; ++g)
            edges_[g] = _mm512_set1_ps(tables.grade_edges[g]);
    }

    // Groups of at most most_rows rows, four at a time.
    void four(const std::int64_t* offsets, std::int64_t origin, Tally* out) const {
        __m512i sum[4];
        __m512i worst[4];
        __m512i reached[4];
        for (unsigned g = 0; g < 4; ++g) {
            const auto begin = static_cast<std::size_t>(offsets[g] - origin);
            const auto n = static_cast<std::size_t>(offsets[g + 1] - offsets[g]);
            const __m512 product = products_.at(begin, first(n));
            sum[g] = _mm512_cvtps_epi32(product);
            worst[g] = sum[g];
            reached[g] = grades_reached(product);
            for (std::size_t done = lanes; done < n; done += lanes) {
                const __m512 more = products_.at(begin + done, first(n - done));
                const __m512i whole = _mm512_cvtps_epi32(more);
                sum[g] = _mm512_add_epi32(sum[g], whole);
                worst[g] = _mm512_max_epu32(worst[g], whole);
                reached[g] = _mm512_add_epi32(reached[g], grades_reached(more));
            }
        }
        write(offsets, sum_of_each(sum), max_of_each(worst), sum_of_each(reached), out);
    }

private:
    // A byte for each grade, 1 where it is reached: blue lowest, red highest.
    __m512i grades_reached(__m512 product) const {
        __m512i out =
            _mm512_maskz_set1_epi32(_mm512_cmp_ps_mask(product, edges_[0], _CMP_GE_OQ), 0x1);
        const int bit[4] = {0x1, 0x100, 0x10000, 0x1000000};
        for (unsigned g = 1; g < 4; ++g)
            out = _mm512_mask_add_epi32(out, _mm512_cmp_ps_mask(product, edges_[g], _CMP_GE_OQ),
                                        out, _mm512_set1_epi32(bit[g]));
        return out;
    }

    static void write(const std::int64_t* offsets, __m128i sum, __m128i worst, __m128i reached,
                      Tally* out) {
        // Counts of "at least this grade"; less the next graver one they are of this grade.
        const __m512i at_least = _mm512_cvtepu8_epi32(reached);
        const __m512i counts = _mm512_sub_epi32(at_least, _mm512_bsrli_epi128(at_least, 4));
        const __m256i rows =
            _mm256_sub_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(offsets + 1)),
                             _mm256_loadu_si256(reinterpret_cast<const __m256i*>(offsets)));
        const __m128i graded = _mm_and_si128(reached, _mm_set1_epi32(0xff));
        const __m128i ungraded = _mm_sub_epi32(_mm256_cvtepi64_epi32(rows), graded);
        const __m256i sums = _mm256_cvtepu32_epi64(sum);
        const __m256i rest = _mm256_or_si256(
            _mm256_cvtepu32_epi64(worst), _mm256_slli_epi64(_mm256_cvtepu32_epi64(ungraded), 32));
        // 64-bit words: s0 r0 s1 r1 ... and c0 c0' c1 c1' ..., two tallies a vector.
        const __m512i heads = _mm512_permutex2var_epi64(_mm512_castsi256_si512(sums),
                                                        _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11),
                                                        _mm512_castsi256_si512(rest));
        _mm512_storeu_si512(out, _mm512_permutex2var_epi64(
                                     heads, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), counts));
        _mm512_storeu_si512(
            out + 2, _mm512_permutex2var_epi64(heads, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15),
                                               counts));
    }

    Products<N> products_;
    __m512 edges_[4];
};

// A group of any size, in pieces.
template <unsigned N>
Tally tally_one(const Segments<N>& segments, std::int64_t begin, std::int64_t end,
                std::int64_t origin) {
    Tally whole;
    while (begin < end) {
        std::int64_t offsets[5];
        for (std::int64_t& offset : offsets) {
            offset = begin;
            begin = end - begin < most_rows ? end : begin + most_rows;
        }
        begin = offsets[4];
        Tally pieces[4];
        segments.four(offsets, origin, pieces);
        for (const Tally& piece : pieces)
            add(whole, piece);
    }
    return whole;
}

template <unsigned N>
void tally_n(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
             const std::int64_t* offsets, std::size_t groups, Tally* out) {
    const Segments<N> segments(tables, codes);
    std::size_t g = 0;
    for (; g + 4 <= groups; g += 4) {
        bool large = false;
        for (unsigned k = 0; k < 4; ++k)
            large |= offsets[g + k + 1] - offsets[g + k] > most_rows;
        if (!large) {
            segments.four(offsets + g, origin, out + g);
            continue;
        }
        for (unsigned k = 0; k < 4; ++k)
            out[g + k] = tally_one(segments, offsets[g + k], offsets[g + k + 1], origin);
    }
    for (; g < groups; ++g)
        out[g] = tally_one(segments, offsets[g], offsets[g + 1], origin);
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

// A tally is one vector of 256 bits: a sum of 64 bits, the worst, of which the graver stays, and
// counts.
inline void add_vector(Tally* to, const Tally* other) {
    const __m256i old = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(to));
    const __m256i one = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(other));
    const __m256i added =
        _mm256_blend_epi32(_mm256_add_epi32(old, one), _mm256_add_epi64(old, one), 0b011);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm256_blend_epi32(added, _mm256_max_epu32(old, one), 0b100));
}

// The same for one row: its sum is its worst and below 2^24, so no addition of 64 bits carries.
inline void add_row(Tally* to, const Tally* row) {
    const __m256i old = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(to));
    const __m256i one = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row));
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(to),
        _mm256_blend_epi32(_mm256_add_epi64(old, one), _mm256_max_epu32(old, one), 0b100));
}

void scatter(const CodeTables& tables, const std::uint32_t* rows, std::size_t n, Tally* out) {
    const unsigned bits = tables.combo_bits;
    const std::uint32_t mask = (1U << bits) - 1U;
    for (std::size_t i = 0; i < n; ++i)
        add_row(out + (rows[i] >> bits), tables.combo_tally + (rows[i] & mask));
}

template <class Id>
void merge_vector(const Tally* from, const Id* parents, std::size_t n, Tally* out) {
    for (std::size_t i = 0; i < n; ++i)
        add_vector(out + parents[i], from + i);
}

// The ends are copied plainly, so that what lies between is whole aligned lines.
void stream(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<char*>(to);
    const auto* in = static_cast<const char*>(from);
    const std::size_t odd = (64U - reinterpret_cast<std::uintptr_t>(out) % 64U) % 64U;
    const std::size_t head = odd < bytes ? odd : bytes;
    __builtin_memcpy(out, in, head);
    std::size_t i = head;
    for (; i + 64 <= bytes; i += 64)
        _mm512_stream_si512(reinterpret_cast<__m512i*>(out + i), _mm512_loadu_si512(in + i));
    __builtin_memcpy(out + i, in + i, bytes - i);
}

void fence() {
    _mm_sfence();
}

}  // namespace

const Kernels& avx512_kernels() {
    static constexpr Kernels kernels{encode_f64,
                                     encode_f32,
                                     score_f64,
                                     score_f32,
                                     score_values,
                                     tally_segments,
                                     combine,
                                     scatter,
                                     merge_vector<std::int64_t>,
                                     merge_vector<std::uint32_t>,
                                     check_groups<std::int64_t>,
                                     check_groups<std::int32_t>,
                                     check_groups<std::uint32_t>,
                                     excess,
                                     stream,
                                     fence};
    return kernels;
}

}  // namespace safetyrisk::scoring::loops

#endif
