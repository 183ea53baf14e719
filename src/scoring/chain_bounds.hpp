// What levels a chain can give when its inputs lie anywhere in a box.
//
// Interval arithmetic over the steps of a chain: each slot gets bounds that hold its value for
// every case of the box. A level that is not among the answer's is a proof that no case has it; one
// that is may still be out of reach, as a number that stands in two steps counts for each alone.
// Doubles are bounded with the operations that a row takes, in their order: rounding keeps order.
#pragma once

#include "judge.hpp"

#include <cstdint>
#include <vector>

namespace safetyrisk::scoring {

/// Bounds of one slot.
struct Span {
    Int128 low = 0, high = 0;                          ///< Exact; of quotients those of the top.
    Int128 bottom_low = 1, bottom_high = 1;            ///< Quotients, above 0.
    double real_low = 0.0, real_high = 0.0;            ///< Reals.
    std::vector<bool> labels;                          ///< By code, whether it may be.
    bool known = false;                                ///< Whether it may have a value …
    bool empty = false, lacking = false, bad = false;  ///< … or one of the other states.

    /// Whether it has a value in every case.
    bool surely_known() const { return known && !empty && !lacking && !bad; }
};

/// A judgement as the span that holds it alone.
Span span_of(const Slot& slot, const Judgement& value);

/// By kernel band, whether a case of the box may have it. `spans` has one for each slot, those of
/// the inputs filled in; the others are written.
std::vector<bool> bands_within(const Chain& chain, std::vector<Span>& spans);

}  // namespace safetyrisk::scoring
