// A chain's row in words.
#pragma once

#include <safetyrisk/scoring/explanation.hpp>

#include "chain_run.hpp"

namespace safetyrisk::scoring {

/// Whether readers know a value by its id (L, p, R1) and not by its name alone (deaths, gas).
inline bool is_symbol(const std::string& id) {
    return id.size() == 1 || (id.size() <= 3 && !(id[0] >= 'a' && id[0] <= 'z'));
}

/// What a slot's value is, as text: a number, or a label. Empty when it is not known.
std::string value_text(const Slot& slot, const Lane& lane, std::size_t i);

/// Adds inputs and steps of row 0 of `space`, which has been run, to an explanation.
void explain_chain(const Method& method, const ChainRun::Space& space, Explanation& out);

}  // namespace safetyrisk::scoring
