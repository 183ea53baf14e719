#include <safetyrisk/scoring/arrays.hpp>

#include <safetyrisk/core/error.hpp>

#include "code_blocks.hpp"
#include "code_store.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace safetyrisk::scoring {
namespace {

// The columns of a method without step codes, which takes float64 alone.
std::vector<std::span<const double>> float64_columns(std::span<const FactorColumn> columns,
                                                     const Method& method) {
    std::vector<std::span<const double>> out;
    for (const FactorColumn& column : columns) {
        const auto* cells = std::get_if<std::span<const double>>(&column);
        if (cells == nullptr)
            loops::code_tables_of(method);  // throws
        else
            out.push_back(*cells);
    }
    return out;
}

}  // namespace

void lec(std::span<const double> L, std::span<const double> E, std::span<const double> C,
         std::span<double> score, std::span<std::uint8_t> grade, const Method& method,
         const Work& work) {
    const std::array<std::span<const double>, 3> columns = {L, E, C};
    method.score(columns, false, score, grade, {}, work);
}

void ls(std::span<const double> L, std::span<const double> S, std::span<double> score,
        std::span<std::uint8_t> grade, const Method& method, const Work& work) {
    const std::array<std::span<const double>, 2> columns = {L, S};
    method.score(columns, false, score, grade, {}, work);
}

void score_columns(std::span<const FactorColumn> factors, std::span<double> score,
                   std::span<std::uint8_t> grade, const Method& method, const Work& work) {
    const std::size_t n = score.size();
    loops::check_columns(factors, method, n);
    if (grade.size() != n) throw InputError("score and grade differ in length");
    const loops::CodeTables* tables = method.code_tables();
    if (tables == nullptr)
        return method.score(float64_columns(factors, method), false, score, grade, {}, work);
    const loops::Kernels& kernels = loops::active_kernels();
    const bool past_cache = n * (sizeof(double) + 1) >= loops::stream_from_bytes;
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        loops::score_rows(kernels, *tables, factors, begin, end, score.data(), grade.data(),
                          nullptr, past_cache);
        if (past_cache) kernels.fence();
    });
}

void score_columns(std::span<const FactorColumn> factors, std::span<float> score,
                   std::span<std::uint8_t> grade, const Method& method, const Work& work) {
    const std::size_t n = score.size();
    loops::check_columns(factors, method, n);
    if (grade.size() != n) throw InputError("score and grade differ in length");
    const loops::CodeTables& tables = loops::code_tables_of(method);
    const loops::Kernels& kernels = loops::active_kernels();
    const bool past_cache = n * (sizeof(float) + 1) >= loops::stream_from_bytes;
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        loops::score_rows(kernels, tables, factors, begin, end, score.data(), grade.data(),
                          past_cache);
        if (past_cache) kernels.fence();
    });
}

void encode_steps(const FactorColumn& column, std::size_t factor, std::span<std::uint8_t> codes,
                  const Method& method, const Work& work) {
    const loops::CodeTables& tables = loops::code_tables_of(method);
    if (factor >= tables.factor_count)
        throw InputError(method.id() + " has " + std::to_string(tables.factor_count) +
                         " factors, no factor " + std::to_string(factor));
    if (loops::rows_of(column) != codes.size())
        throw InputError("the column has " + std::to_string(loops::rows_of(column)) +
                         " values, the result " + std::to_string(codes.size()));
    const loops::Kernels& kernels = loops::active_kernels();
    for_blocks(codes.size(), work, [&](std::size_t begin, std::size_t end) {
        loops::encode_rows(kernels, tables.factors[factor], column, begin, end - begin,
                           codes.data() + begin);
    });
}

}  // namespace safetyrisk::scoring
