#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_enterprises() {
    return {};
}

}  // namespace safetyrisk::graph
