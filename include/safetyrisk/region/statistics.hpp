// Rates of small counts, with how sure they are.
//
// A rate of 1 of 2 and one of 500 of 1000 are not the same news. The interval is Wilson's score
// interval, which stays between 0 and 1 and says something sensible at 0 of n and n of n.
//
// Source: E. B. Wilson, JASA 22 (1927); square roots are those of IEEE 754, so results are the
// same bytes everywhere.
//
// Threads: free functions and plain values.
// Throws: InputError (more hits than trials).
#pragma once

#include <cstdint>
#include <optional>

namespace safetyrisk::region {

/// A rate with the ends of its interval, all from 0 to 1.
struct Rate {
    double value = 0.0, low = 0.0, high = 0.0;
};

/// `hits` of `trials` with the interval of `z` standard deviations (1.959963984540054: 95 %); nothing without
/// trials.
std::optional<Rate> wilson(std::uint64_t hits, std::uint64_t trials, double z = 1.959963984540054);

}  // namespace safetyrisk::region
