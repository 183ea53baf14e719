// Whether the conditions of a selector ask for columns that there are, and for values that those
// can have: a misspelt one would select nobody without a word.
#pragma once

#include <safetyrisk/graph/select.hpp>

#include "graph/store.hpp"

namespace safetyrisk::duty {

/// Throws DocumentError where a column of the library's tables cannot have the value that a
/// condition compares it with.
void check_values(const graph::Selector& selector);

/// Throws DocumentError where neither the library's tables nor the graph have a column; the
/// message has near ones, by their ids.
void check_columns(const graph::Store& store, const graph::Selector& selector);

}  // namespace safetyrisk::duty
