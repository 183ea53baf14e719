#include "exact_decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace safetyrisk::scoring {
namespace {

constexpr int nano = 9;
constexpr Int128 largest_nanos = std::numeric_limits<std::int64_t>::max();

BigInt power_of_ten(int exponent) {
    return boost::multiprecision::pow(BigInt(10), static_cast<unsigned>(exponent));
}

Decimal without_end_zeros(Decimal decimal) {
    if (decimal.digits == 0) return {};
    while (decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        ++decimal.exponent;
    }
    return decimal;
}

}  // namespace

Decimal shortest_decimal(double value) {
    // A double that k·10^-d rounds to, with k of at most 15 digits, has that for its shortest.
    double power = 1.0;
    for (int places = 0; places <= 3; places += 3, power = 1000.0) {
        const double scaled = value * power;
        if (scaled >= 1e15 || scaled != std::floor(scaled) || scaled / power != value) continue;
        return without_end_zeros({static_cast<std::uint64_t>(scaled), -places});
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    Decimal out;
    const char* at = buffer.data();
    int places = 0;
    bool after_point = false;
    for (; at != end && *at != 'e'; ++at) {
        if (*at == '.') {
            after_point = true;
            continue;
        }
        out.digits = out.digits * 10 + static_cast<std::uint64_t>(*at - '0');
        places += after_point ? 1 : 0;
    }
    int exponent = 0;
    if (at != end) {
        ++at;
        if (*at == '+') ++at;
        std::from_chars(at, end, exponent);
    }
    out.exponent = exponent - places;
    return without_end_zeros(out);
}

Fraction to_fraction(const Decimal& decimal) {
    if (decimal.exponent >= 0) return {BigInt(decimal.digits) * power_of_ten(decimal.exponent), 1};
    return {BigInt(decimal.digits), power_of_ten(-decimal.exponent)};
}

BigInt to_big(Int128 value) {
    const bool negative = value < 0;
    if (negative) value = -value;
    BigInt out = static_cast<std::uint64_t>(value >> 64U);
    out <<= 64U;
    out += static_cast<std::uint64_t>(value & std::numeric_limits<std::uint64_t>::max());
    return negative ? -out : out;
}

std::optional<std::int64_t> whole_nanos(const Decimal& a, const Decimal& b, int shift) {
    // Digits are at most 17 and 17, so the product has at most 34 and fits.
    Int128 product = static_cast<Int128>(a.digits) * static_cast<Int128>(b.digits);
    int exponent = a.exponent + b.exponent + shift + nano;
    if (product == 0) return 0;
    for (; exponent < 0; ++exponent) {
        if (product % 10 != 0) return std::nullopt;
        product /= 10;
    }
    for (; exponent > 0; --exponent) {
        if (product > largest_nanos / 10) return std::nullopt;
        product *= 10;
    }
    if (product > largest_nanos) return std::nullopt;
    return static_cast<std::int64_t>(product);
}

double nearest(const Fraction& fraction) {
    if (fraction.top == 0) return 0.0;
    // A quotient of 66 or 67 bits; what lies below its first 64 only says whether there is more.
    BigInt top = fraction.top;
    BigInt bottom = fraction.bottom;
    const int shift = 66 - (static_cast<int>(boost::multiprecision::msb(top)) -
                            static_cast<int>(boost::multiprecision::msb(bottom)));
    if (shift > 0)
        top <<= static_cast<unsigned>(shift);
    else
        bottom <<= static_cast<unsigned>(-shift);
    BigInt quotient;
    BigInt rest;
    boost::multiprecision::divide_qr(top, bottom, quotient, rest);
    const int drop = static_cast<int>(boost::multiprecision::msb(quotient)) - 63;
    const BigInt kept = quotient >> static_cast<unsigned>(drop);
    const bool more = rest != 0 || (kept << static_cast<unsigned>(drop)) != quotient;
    const auto bits = kept.convert_to<std::uint64_t>() | (more ? 1U : 0U);
    return std::ldexp(static_cast<double>(bits), drop - shift);
}

}  // namespace safetyrisk::scoring
