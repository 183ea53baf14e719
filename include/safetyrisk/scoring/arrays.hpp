// Grading bare arrays, without tables, ids or issues: for pipelines that have their own.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <span>

namespace safetyrisk::scoring {

/// LEC of n judgements (D = L·E·C, dimensionless): writes n scores (NaN where there is none) and n
/// grades (0 not graded, 1 blue, 2 yellow, 3 orange, 4 red). A value that is not a step of its
/// factor gives no grade. Throws InputError when lengths differ or the method has other factors.
void lec(std::span<const double> L, std::span<const double> E, std::span<const double> C,
         std::span<double> score, std::span<std::uint8_t> grade, const Method& method,
         const Work& work = {});

/// Risk matrix of n judgements (R = L·S); otherwise as lec().
void ls(std::span<const double> L, std::span<const double> S, std::span<double> score,
        std::span<std::uint8_t> grade, const Method& method, const Work& work = {});

}  // namespace safetyrisk::scoring
