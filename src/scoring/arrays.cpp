#include <safetyrisk/scoring/arrays.hpp>

#include <vector>

namespace safetyrisk::scoring {
namespace {

void score_columns(std::span<const std::span<const double>> columns, std::span<double> score,
                   std::span<std::uint8_t> grade, const Method& method, const Work& work) {
    std::vector<std::uint8_t> band(score.size());
    method.score(columns, false, score, grade, band, work);
}

}  // namespace

void lec(std::span<const double> L, std::span<const double> E, std::span<const double> C,
         std::span<double> score, std::span<std::uint8_t> grade, const Method& method,
         const Work& work) {
    const std::span<const double> columns[] = {L, E, C};
    score_columns(columns, score, grade, method, work);
}

void ls(std::span<const double> L, std::span<const double> S, std::span<double> score,
        std::span<std::uint8_t> grade, const Method& method, const Work& work) {
    const std::span<const double> columns[] = {L, S};
    score_columns(columns, score, grade, method, work);
}

}  // namespace safetyrisk::scoring
