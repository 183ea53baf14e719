#include "int128.hpp"

#include <cmath>

namespace safetyrisk::scoring {

double nearest_quotient(Int128 top, Int128 bottom) {
    const bool negative = top < 0;
    if (negative) top = -top;
    constexpr Int128 whole = Int128{1} << 53U;
    double out = 0.0;
    if (top <= whole && bottom <= whole) {
        out = static_cast<double>(top) / static_cast<double>(bottom);  // rounded once
    } else {
        // 64 bits of the quotient, then one bit that says whether there is more.
        Int128 quotient = top / bottom;
        Int128 rest = top % bottom;
        int shift = 0;
        constexpr Int128 limit = Int128{1} << 63U;
        bool more = false;
        while (quotient >= 2 * limit) {
            more = more || (quotient & 1) != 0;
            quotient >>= 1U;
            ++shift;
        }
        while (quotient < limit && (rest != 0 || quotient != 0) && shift > -1200) {
            rest *= 2;
            quotient *= 2;
            if (rest >= bottom) {
                rest -= bottom;
                ++quotient;
            }
            --shift;
        }
        auto bits = static_cast<std::uint64_t>(quotient);
        if (more || rest != 0) bits |= 1U;
        out = std::ldexp(static_cast<double>(bits), shift);
    }
    return negative ? -out : out;
}

}  // namespace safetyrisk::scoring
