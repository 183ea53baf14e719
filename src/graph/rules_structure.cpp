#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_structure() {
    return {};
}

}  // namespace safetyrisk::graph
