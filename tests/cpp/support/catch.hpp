// Catch2 for all tests, whichever major version is installed.
//
// Version 2 (Debian 12 has 2.13) is one header, version 3 is a library with many; the macros
// and nearly all matchers exist in both. Two names differ and are given here to both:
// Catch::Approx and Catch::Matchers::ContainsSubstring (say that, not Contains).
//
// Names of test cases are claims in plain words. They must not hold ';' or a backslash, nor
// begin or end with '*', because ctest finds a case by its name.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

#include <string>

namespace Catch {

using Detail::Approx;

namespace Matchers {

inline auto ContainsSubstring(const std::string& part) { return Contains(part); }

}  // namespace Matchers
}  // namespace Catch
#endif
