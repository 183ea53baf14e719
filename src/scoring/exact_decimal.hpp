// Decimals as people write them, summed and compared without rounding.
//
// A quantity arrives as a double and means the shortest decimal that reads back as it. Nearly every
// one is a whole number of 1e-9, whose products with small whole numbers are summed in 128 bits;
// the rest are summed as fractions.
#pragma once

#include "int128.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <optional>

namespace safetyrisk::scoring {

using BigInt = boost::multiprecision::cpp_int;

/// digits·10^exponent, not negative.
struct Decimal {
    std::uint64_t digits = 0;
    int exponent = 0;
};

/// The shortest decimal of a finite double that is not negative, without zeros at its end.
Decimal shortest_decimal(double value);

/// A fraction, not negative, not reduced.
struct Fraction {
    BigInt top = 0;
    BigInt bottom = 1;

    friend bool operator<(const Fraction& a, const Fraction& b) {
        return a.top * b.bottom < b.top * a.bottom;
    }
    friend Fraction operator+(const Fraction& a, const Fraction& b) {
        return {a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom};
    }
    friend Fraction operator*(const Fraction& a, const Fraction& b) {
        return {a.top * b.top, a.bottom * b.bottom};
    }
};

Fraction to_fraction(const Decimal& decimal);
BigInt to_big(Int128 value);

/// How many 1e-9 a·10^shift·b is, when that is a whole number of 63 bits.
std::optional<std::int64_t> whole_nanos(const Decimal& a, const Decimal& b, int shift);

/// The double nearest to a fraction, ties to even.
double nearest(const Fraction& fraction);

}  // namespace safetyrisk::scoring
