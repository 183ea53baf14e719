#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_departments() {
    return {};
}

}  // namespace safetyrisk::graph
