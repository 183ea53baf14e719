#include "graph/rules.hpp"

namespace safetyrisk::graph {

std::span<const RuleEntry> rules_government() {
    return {};
}

}  // namespace safetyrisk::graph
