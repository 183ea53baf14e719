// Comparing what was done with the others, with the time before, or with a limit.
#pragma once

#include "obligations.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace safetyrisk::duty {

/// What one subject did in one period, and what it is compared with.
struct Measured {
    bool owed = false;
    double done = 0, of = 1;           ///< `of`: what a share is of; else 1.
    double before = 0, before_of = 1;  ///< Of a trend: the same in the period before.
    bool before_known = false;
    graph::NodeNo group = graph::none;  ///< Of a rank: those with the same are compared.
};

enum class Verdict : std::uint8_t { not_owed, nothing_of, nothing_to_compare, holds, fails };

struct Judged {
    Verdict verdict = Verdict::not_owed;
    double needed = 0;  ///< What `done` is compared with.
};

/// Judges all subjects of one period.
std::vector<Judged> judge(const Obligation& duty, std::span<const Measured> all);

}  // namespace safetyrisk::duty
