// A claim that holds for every input; where it does not, the fuzzer keeps the input.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

inline void require(bool claim,
                    const std::source_location& place = std::source_location::current()) {
    if (claim) return;
    std::fprintf(stderr, "%s:%u: the claim does not hold\n", place.file_name(),
                 static_cast<unsigned>(place.line()));
    std::abort();
}
