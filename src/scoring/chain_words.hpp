// A chain's row in words.
#pragma once

#include <safetyrisk/scoring/explanation.hpp>

#include "chain_run.hpp"

namespace safetyrisk::scoring {

/// Whether readers know a value by its id (L, p, R1) and not by its name alone (deaths, gas).
inline bool is_symbol(const std::string& id) {
    return id.size() == 1 || (id.size() <= 3 && !(id[0] >= 'a' && id[0] <= 'z'));
}

/// Whether a label is what the source prints (A, 1, IV) and stands before its word; one that is
/// only an id does not.
inline bool printed_label(const std::string& label) {
    return label.size() <= 2 || label.front() < 'a' || label.front() > 'z';
}

/// What a slot's value is, as text: a number, or a label. Empty when it is not known.
std::string value_text(const Slot& slot, const Lane& lane, std::size_t i);

/// Adds inputs and steps of row 0 of `space`, which has been run, to an explanation.
void explain_chain(const Method& method, const ChainRun::Space& space, Explanation& out);

}  // namespace safetyrisk::scoring
