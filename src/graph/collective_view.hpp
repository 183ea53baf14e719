// Whom a collective name means, asked of a view: of a day, or of what changes make of it.
#pragma once

#include <safetyrisk/graph/collectives.hpp>

#include "graph/store.hpp"

namespace safetyrisk::graph {

Collective resolve_collective(const View& view, std::string_view text,
                              const CollectiveContext& context,
                              const std::shared_ptr<const Pack>& pack = nullptr);

}  // namespace safetyrisk::graph
