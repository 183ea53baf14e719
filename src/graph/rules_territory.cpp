#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_territory() {
    return {};
}

}  // namespace safetyrisk::graph
