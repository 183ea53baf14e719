// The kernels for AVX2: sixteen rows at a time, as two vectors of eight.
#ifdef __AVX2__

#include "plain_loops.hpp"

#include <immintrin.h>

namespace safetyrisk::scoring::loops {
namespace {

constexpr std::size_t lanes = 16;

inline __m256i load(const std::uint32_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

// Look-up in eight or sixteen places; the index has no higher bits.
template <bool Wide>
struct LookUp {
    __m256i low, high;
    explicit LookUp(const std::uint32_t* table)
        : low(load(table)), high(Wide ? load(table + 8) : _mm256_setzero_si256()) {}
    __m256i at(__m256i index) const {
        const __m256i a = _mm256_permutevar8x32_epi32(low, index);
        if constexpr (!Wide) return a;
        const __m256i b = _mm256_permutevar8x32_epi32(high, index);
        return _mm256_castps_si256(
            _mm256_blendv_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b),
                             _mm256_castsi256_ps(_mm256_slli_epi32(index, 28))));
    }
};

// Two vectors of numbers below 256 as bytes.
inline __m128i bytes_of(__m256i a, __m256i b) {
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(a, b), 0b11011000);
    return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

template <bool Wide, std::size_t Slots>
void encode_doubles(const StepHash<Slots>& hash, const double* in, std::size_t n,
                    std::uint8_t* codes) {
    const __m256i multiplier = _mm256_set1_epi32(static_cast<int>(hash.multiplier));
    const LookUp<Wide> high(hash.high);
    const LookUp<Wide> low(hash.low);
    const LookUp<Wide> code(hash.code);
    const auto eight = [&](const double* from) {
        const __m256 a = _mm256_castpd_ps(_mm256_loadu_pd(from));
        const __m256 b = _mm256_castpd_ps(_mm256_loadu_pd(from + 4));
        // Upper and lower halves in the order 0 1 4 5 2 3 6 7.
        const __m256i upper = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0b11011101));
        const __m256i lower = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0b10001000));
        const __m256i slot =
            _mm256_srli_epi32(_mm256_mullo_epi32(upper, multiplier), Wide ? 28 : 29);
        const __m256i same = _mm256_and_si256(_mm256_cmpeq_epi32(upper, high.at(slot)),
                                              _mm256_cmpeq_epi32(lower, low.at(slot)));
        return _mm256_permute4x64_epi64(_mm256_and_si256(same, code.at(slot)), 0b11011000);
    };
    const auto sixteen = [&](const double* from, std::uint8_t* to) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_of(eight(from), eight(from + 8)));
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        sixteen(in + i, codes + i);
    if (i == n) return;
    double rest[lanes] = {};
    std::uint8_t found[lanes];
    __builtin_memcpy(rest, in + i, (n - i) * sizeof(double));
    sixteen(rest, found);
    __builtin_memcpy(codes + i, found, n - i);
}

void encode_f64(const CodeFactor& factor, const double* in, std::size_t n, std::uint8_t* codes) {
    if (factor.wide8.multiplier != 0) return encode_doubles<false>(factor.wide8, in, n, codes);
    encode_doubles<true>(factor.wide16, in, n, codes);
}

template <bool Wide, std::size_t Slots>
void encode_floats(const StepHash<Slots>& hash, const float* in, std::size_t n,
                   std::uint8_t* codes) {
    const __m256i multiplier = _mm256_set1_epi32(static_cast<int>(hash.multiplier));
    const LookUp<Wide> bits(hash.high);
    const LookUp<Wide> code(hash.code);
    const auto eight = [&](const float* from) {
        const __m256i value = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
        const __m256i slot =
            _mm256_srli_epi32(_mm256_mullo_epi32(value, multiplier), Wide ? 28 : 29);
        return _mm256_and_si256(_mm256_cmpeq_epi32(value, bits.at(slot)), code.at(slot));
    };
    const auto sixteen = [&](const float* from, std::uint8_t* to) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_of(eight(from), eight(from + 8)));
    };
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        sixteen(in + i, codes + i);
    if (i == n) return;
    float rest[lanes] = {};
    std::uint8_t found[lanes];
    __builtin_memcpy(rest, in + i, (n - i) * sizeof(float));
    sixteen(rest, found);
    __builtin_memcpy(codes + i, found, n - i);
}

void encode_f32(const CodeFactor& factor, const float* in, std::size_t n, std::uint8_t* codes) {
    if (factor.narrow8.multiplier != 0) return encode_floats<false>(factor.narrow8, in, n, codes);
    encode_floats<true>(factor.narrow16, in, n, codes);
}

// Sixteen bytes of which the first `n` are set.
inline __m128i first(std::size_t n) {
    const __m128i place = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(n < lanes ? n : lanes)), place);
}

struct Pair {
    __m256 a, b;
};

// Products of sixteen rows in units; 0 where one of the factors is none.
template <unsigned N, bool Wide>
class Products {
public:
    Products(const CodeTables& tables, const std::uint8_t* const* codes) {
        for (unsigned f = 0; f < N; ++f) {
            in_[f] = codes[f];
            low_[f] = _mm256_loadu_ps(tables.factors[f].units);
            high_[f] = _mm256_loadu_ps(tables.factors[f].units + 8);
        }
    }

    // Reads sixteen rows, of which those of `mask` count.
    Pair at(std::size_t row, __m128i mask) const {
        Pair out{};
        for (unsigned f = 0; f < N; ++f) {
            const __m128i code = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in_[f] + row));
            const Pair units = units_of(f, _mm_and_si128(code, mask));
            out =
                f == 0 ? units : Pair{_mm256_mul_ps(out.a, units.a), _mm256_mul_ps(out.b, units.b)};
        }
        return out;
    }

    // The same for `n` rows at the end of the columns, where sixteen cannot be read.
    Pair at_end(std::size_t row, std::size_t n) const {
        Pair out{};
        for (unsigned f = 0; f < N; ++f) {
            std::uint8_t rest[lanes] = {};
            for (std::size_t i = 0; i < n && i < lanes; ++i)
                rest[i] = in_[f][row + i];
            const Pair units = units_of(f, _mm_loadu_si128(reinterpret_cast<const __m128i*>(rest)));
            out =
                f == 0 ? units : Pair{_mm256_mul_ps(out.a, units.a), _mm256_mul_ps(out.b, units.b)};
        }
        return out;
    }

private:
    Pair units_of(unsigned f, __m128i code) const {
        // Codes beyond the table become one whose units are none.
        const __m128i known = _mm_min_epu8(code, _mm_set1_epi8(15));
        const __m256i a = _mm256_cvtepu8_epi32(known);
        const __m256i b = _mm256_cvtepu8_epi32(_mm_unpackhi_epi64(known, known));
        return {units_of(f, a), units_of(f, b)};
    }
    __m256 units_of(unsigned f, __m256i code) const {
        const __m256 a = _mm256_permutevar8x32_ps(low_[f], code);
        const __m256i is_high = _mm256_slli_epi32(code, 28);
        if constexpr (!Wide)
            return _mm256_andnot_ps(_mm256_castsi256_ps(_mm256_srai_epi32(is_high, 31)), a);
        return _mm256_blendv_ps(a, _mm256_permutevar8x32_ps(high_[f], code),
                                _mm256_castsi256_ps(is_high));
    }

    const std::uint8_t* in_[N];
    __m256 low_[N];
    __m256 high_[N];
};

// Whether some factor has codes beyond 7.
inline bool is_wide(const CodeTables& tables) {
    bool wide = false;
    for (unsigned f = 0; f < tables.factor_count; ++f)
        wide |= tables.factors[f].steps > 7;
    return wide;
}

inline void store(double* to, __m256 product, __m256 scored, const CodeTables& tables) {
    const __m256d unit = _mm256_set1_pd(tables.unit);
    const __m256d none = _mm256_set1_pd(__builtin_nan(""));
    const __m256i mask = _mm256_castps_si256(scored);
    const auto four = [&](__m128 p, __m128i is_scored) {
        const __m256d m = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(is_scored));
        return _mm256_blendv_pd(none, _mm256_div_pd(_mm256_cvtps_pd(p), unit), m);
    };
    _mm256_storeu_pd(to, four(_mm256_castps256_ps128(product), _mm256_castsi256_si128(mask)));
    _mm256_storeu_pd(to + 4,
                     four(_mm256_extractf128_ps(product, 1), _mm256_extracti128_si256(mask, 1)));
}

inline void store(float* to, __m256 product, __m256 scored, const CodeTables& tables) {
    const __m256 unit = _mm256_set1_ps(static_cast<float>(tables.unit));
    const __m256 none = _mm256_set1_ps(__builtin_nanf(""));
    _mm256_storeu_ps(to, _mm256_blendv_ps(none, _mm256_div_ps(product, unit), scored));
}

template <unsigned N, bool Wide, class Score>
void score_n(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
             Score* score, std::uint8_t* grade, std::uint8_t* band) {
    const Products<N, Wide> products(tables, codes);
    const __m128i grades = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tables.grades));
    const unsigned bands = tables.band_count;
    __m256 edges[8];
    for (unsigned b = 0; b < 8; ++b)
        edges[b] = _mm256_set1_ps(tables.edges[b]);
    const auto sixteen = [&](Pair product, Score* to, std::uint8_t* g, std::uint8_t* b) {
        const __m256 zero = _mm256_setzero_ps();
        const __m256 scored_a = _mm256_cmp_ps(product.a, zero, _CMP_GT_OQ);
        const __m256 scored_b = _mm256_cmp_ps(product.b, zero, _CMP_GT_OQ);
        store(to, product.a, scored_a, tables);
        store(to + 8, product.b, scored_b, tables);
        __m256i band_a = _mm256_setzero_si256();
        __m256i band_b = _mm256_setzero_si256();
        for (unsigned e = 1; e < bands; ++e) {
            // A comparison that holds is -1.
            band_a = _mm256_sub_epi32(
                band_a, _mm256_castps_si256(_mm256_cmp_ps(product.a, edges[e], _CMP_GE_OQ)));
            band_b = _mm256_sub_epi32(
                band_b, _mm256_castps_si256(_mm256_cmp_ps(product.b, edges[e], _CMP_GE_OQ)));
        }
        const __m128i bytes = bytes_of(band_a, band_b);
        const __m128i none =
            bytes_of(_mm256_andnot_si256(_mm256_castps_si256(scored_a), _mm256_set1_epi32(255)),
                     _mm256_andnot_si256(_mm256_castps_si256(scored_b), _mm256_set1_epi32(255)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(g),
                         _mm_andnot_si128(none, _mm_shuffle_epi8(grades, bytes)));
        if (b != nullptr)
            _mm_storeu_si128(reinterpret_cast<__m128i*>(b), _mm_or_si128(none, bytes));
    };
    const __m128i all = _mm_set1_epi8(-1);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        sixteen(products.at(i, all), score + i, grade + i, band == nullptr ? nullptr : band + i);
    if (i == n) return;
    Score scores[lanes];
    std::uint8_t grades_out[lanes];
    std::uint8_t bands_out[lanes];
    sixteen(products.at_end(i, n - i), scores, grades_out, bands_out);
    __builtin_memcpy(score + i, scores, (n - i) * sizeof(Score));
    __builtin_memcpy(grade + i, grades_out, n - i);
    if (band != nullptr) __builtin_memcpy(band + i, bands_out, n - i);
}

template <bool Wide, class Score>
void score_any(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               Score* score, std::uint8_t* grade, std::uint8_t* band) {
    switch (tables.factor_count) {
        case 1:
            return score_n<1, Wide>(tables, codes, n, score, grade, band);
        case 2:
            return score_n<2, Wide>(tables, codes, n, score, grade, band);
        case 3:
            return score_n<3, Wide>(tables, codes, n, score, grade, band);
        default:
            return score_n<4, Wide>(tables, codes, n, score, grade, band);
    }
}

void score_f64(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               double* score, std::uint8_t* grade, std::uint8_t* band) {
    if (is_wide(tables)) return score_any<true>(tables, codes, n, score, grade, band);
    score_any<false>(tables, codes, n, score, grade, band);
}

void score_f32(const CodeTables& tables, const std::uint8_t* const* codes, std::size_t n,
               float* score, std::uint8_t* grade) {
    if (is_wide(tables)) return score_any<true>(tables, codes, n, score, grade, nullptr);
    score_any<false>(tables, codes, n, score, grade, nullptr);
}

// Four groups side by side: the sums over lanes of each in one place.
inline __m128i sum_of_each(const __m256i (&x)[4]) {
    const __m256i all =
        _mm256_hadd_epi32(_mm256_hadd_epi32(x[0], x[1]), _mm256_hadd_epi32(x[2], x[3]));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}
inline __m128i max_of_each(const __m256i (&x)[4]) {
    const __m256i ab =
        _mm256_max_epu32(_mm256_unpacklo_epi32(x[0], x[1]), _mm256_unpackhi_epi32(x[0], x[1]));
    const __m256i cd =
        _mm256_max_epu32(_mm256_unpacklo_epi32(x[2], x[3]), _mm256_unpackhi_epi32(x[2], x[3]));
    const __m256i all =
        _mm256_max_epu32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    return _mm_max_epu32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}

// Counts of grades are bytes, and sums of products below 2^24 are 32 bits: both hold this many
// rows.
constexpr std::int64_t most_rows = 15 * 16;

template <unsigned N, bool Wide>
class Segments {
public:
    Segments(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t rows)
        : products_(tables, codes), rows_(static_cast<std::size_t>(rows)) {
        for (unsigned g = 0; g < 4; ++g)
            edges_[g] = _mm256_set1_ps(tables.grade_edges[g]);
    }

    // Groups of at most most_rows rows, four at a time.
    void four(const std::int64_t* offsets, std::int64_t origin, Tally* out) const {
        __m256i sum[4];
        __m256i worst[4];
        __m256i reached[4];
        for (unsigned g = 0; g < 4; ++g) {
            const auto begin = static_cast<std::size_t>(offsets[g] - origin);
            const auto n = static_cast<std::size_t>(offsets[g + 1] - offsets[g]);
            sum[g] = worst[g] = reached[g] = _mm256_setzero_si256();
            std::size_t done = 0;
            do {
                const Pair p = begin + done + lanes <= rows_
                                   ? products_.at(begin + done, first(n - done))
                                   : products_.at_end(begin + done, n - done);
                const __m256i a = _mm256_cvtps_epi32(p.a);
                const __m256i b = _mm256_cvtps_epi32(p.b);
                sum[g] = _mm256_add_epi32(sum[g], _mm256_add_epi32(a, b));
                worst[g] = _mm256_max_epu32(worst[g], _mm256_max_epu32(a, b));
                reached[g] = _mm256_add_epi32(
                    reached[g], _mm256_add_epi32(grades_reached(p.a), grades_reached(p.b)));
                done += lanes;
            } while (done < n);
        }
        write(offsets, sum_of_each(sum), max_of_each(worst), sum_of_each(reached), out);
    }

private:
    // A byte for each grade, 1 where it is reached: blue lowest, red highest.
    __m256i grades_reached(__m256 product) const {
        const int bit[4] = {0x1, 0x100, 0x10000, 0x1000000};
        __m256i out = _mm256_setzero_si256();
        for (unsigned g = 0; g < 4; ++g)
            out = _mm256_or_si256(
                out,
                _mm256_and_si256(_mm256_castps_si256(_mm256_cmp_ps(product, edges_[g], _CMP_GE_OQ)),
                                 _mm256_set1_epi32(bit[g])));
        return out;
    }

    static void write(const std::int64_t* offsets, __m128i sum, __m128i worst, __m128i reached,
                      Tally* out) {
        // Counts of "at least this grade"; less the next graver one they are of this grade. The
        // counts of a group are the bytes of one number, none of which is below the next.
        const __m128i counts = _mm_sub_epi8(reached, _mm_srli_epi32(reached, 8));
        const __m256i rows =
            _mm256_sub_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(offsets + 1)),
                             _mm256_loadu_si256(reinterpret_cast<const __m256i*>(offsets)));
        const __m256i graded = _mm256_cvtepu32_epi64(_mm_and_si128(reached, _mm_set1_epi32(0xff)));
        const __m256i sums = _mm256_cvtepu32_epi64(sum);
        const __m256i rest = _mm256_or_si256(_mm256_cvtepu32_epi64(worst),
                                             _mm256_slli_epi64(_mm256_sub_epi64(rows, graded), 32));
        // 64-bit words: s0 r0 s2 r2, s1 r1 s3 r3.
        const __m256i even = _mm256_unpacklo_epi64(sums, rest);
        const __m256i odd = _mm256_unpackhi_epi64(sums, rest);
        const auto put = [&](unsigned g, __m128i head, __m128i its_counts) {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out + g), head);
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out + g) + 1,
                             _mm_cvtepu8_epi32(its_counts));
        };
        put(0, _mm256_castsi256_si128(even), counts);
        put(1, _mm256_castsi256_si128(odd), _mm_srli_si128(counts, 4));
        put(2, _mm256_extracti128_si256(even, 1), _mm_srli_si128(counts, 8));
        put(3, _mm256_extracti128_si256(odd, 1), _mm_srli_si128(counts, 12));
    }

    Products<N, Wide> products_;
    __m256 edges_[4];
    std::size_t rows_;
};

// A group of any size, in pieces.
template <unsigned N, bool Wide>
Tally tally_one(const Segments<N, Wide>& segments, std::int64_t begin, std::int64_t end,
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

template <unsigned N, bool Wide>
void tally_n(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
             std::int64_t rows, const std::int64_t* offsets, std::size_t groups, Tally* out) {
    const Segments<N, Wide> segments(tables, codes, rows);
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

template <bool Wide>
void tally_any(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
               std::int64_t rows, const std::int64_t* offsets, std::size_t groups, Tally* out) {
    switch (tables.factor_count) {
        case 1:
            return tally_n<1, Wide>(tables, codes, origin, rows, offsets, groups, out);
        case 2:
            return tally_n<2, Wide>(tables, codes, origin, rows, offsets, groups, out);
        case 3:
            return tally_n<3, Wide>(tables, codes, origin, rows, offsets, groups, out);
        default:
            return tally_n<4, Wide>(tables, codes, origin, rows, offsets, groups, out);
    }
}

void tally_segments(const CodeTables& tables, const std::uint8_t* const* codes, std::int64_t origin,
                    std::int64_t rows, const std::int64_t* offsets, std::size_t groups,
                    Tally* out) {
    if (is_wide(tables)) return tally_any<true>(tables, codes, origin, rows, offsets, groups, out);
    tally_any<false>(tables, codes, origin, rows, offsets, groups, out);
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
    for (; i + 64 <= bytes; i += 64) {
        const auto* line = reinterpret_cast<const __m256i*>(in + i);
        _mm256_stream_si256(reinterpret_cast<__m256i*>(out + i), _mm256_loadu_si256(line));
        _mm256_stream_si256(reinterpret_cast<__m256i*>(out + i) + 1, _mm256_loadu_si256(line + 1));
    }
    __builtin_memcpy(out + i, in + i, bytes - i);
}

void fence() {
    _mm_sfence();
}

}  // namespace

const Kernels& avx2_kernels() {
    static constexpr Kernels kernels{encode_f64,
                                     encode_f32,
                                     score_f64,
                                     score_f32,
                                     nullptr,
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
