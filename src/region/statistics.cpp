#include <safetyrisk/region/statistics.hpp>

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace safetyrisk::region {

std::optional<Rate> wilson(std::uint64_t hits, std::uint64_t trials, double z) {
    if (hits > trials)
        throw InputError("wilson: " + std::to_string(hits) + " hits of " + std::to_string(trials) +
                         " trials");
    if (trials == 0) return std::nullopt;
    const double n = static_cast<double>(trials);
    const double p = static_cast<double>(hits) / n;
    const double z2 = z * z;
    const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    // At the ends the interval ends there; rounding must not say otherwise.
    return Rate{p, hits == 0 ? 0.0 : std::max(0.0, middle - half),
                hits == trials ? 1.0 : std::min(1.0, middle + half)};
}

}  // namespace safetyrisk::region
