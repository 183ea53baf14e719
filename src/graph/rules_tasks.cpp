#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_tasks() {
    return {};
}

}  // namespace safetyrisk::graph
