// Tables of answers as JSON.
#pragma once

#include <safetyrisk/core/table.hpp>

#include "core/json_view.hpp"

namespace safetyrisk::graph {

/// One object for each row, keys by column, null for missing cells.
safetyrisk::detail::Json json_rows(const Table& table);

}  // namespace safetyrisk::graph
