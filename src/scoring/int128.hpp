// Whole numbers of 128 bits, and their quotients as doubles.
#pragma once

#include <cstdint>

namespace safetyrisk::scoring {

__extension__ typedef __int128 Int128;

/// The double nearest to top / bottom, ties to even; `bottom` is above 0 and below 2^126.
double nearest_quotient(Int128 top, Int128 bottom);

/// As large as double says it is; exact up to 2^53.
inline double as_double(Int128 value) {
    return static_cast<double>(value);
}

/// top / bottom towards minus infinity; `bottom` is above 0.
constexpr Int128 floor_div(Int128 top, Int128 bottom) {
    const Int128 quotient = top / bottom;
    return quotient * bottom > top ? quotient - 1 : quotient;
}

/// top / bottom towards plus infinity; `bottom` is above 0.
constexpr Int128 ceil_div(Int128 top, Int128 bottom) {
    const Int128 quotient = top / bottom;
    return quotient * bottom < top ? quotient + 1 : quotient;
}

}  // namespace safetyrisk::scoring
