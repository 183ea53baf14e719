#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_hazards() {
    return {};
}

}  // namespace safetyrisk::graph
