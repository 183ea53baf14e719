// Rounding as a chain's sum asks for it, of whole numbers and of doubles.
#pragma once

#include "chain.hpp"

#include <cmath>

namespace safetyrisk::scoring {

/// A double rounded; halves go up, -2.5 to -2.
inline double rounded(double x, Rounding rounding) {
    switch (rounding) {
        case Rounding::none:
            return x;
        case Rounding::up:
            return std::ceil(x);
        case Rounding::down:
            return std::floor(x);
        case Rounding::half_up:
            return std::floor(x + 0.5);
    }
    return x;
}

/// top / bottom rounded to a whole number, the bottom above 0; `top` itself without rounding.
inline Int128 rounded(Int128 top, Int128 bottom, Rounding rounding) {
    switch (rounding) {
        case Rounding::none:
            return top;
        case Rounding::up:
            return ceil_div(top, bottom);
        case Rounding::down:
            return floor_div(top, bottom);
        case Rounding::half_up:
            return floor_div(2 * top + bottom, 2 * bottom);
    }
    return top;
}

}  // namespace safetyrisk::scoring
