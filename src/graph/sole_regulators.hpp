// How many enterprises each department alone regulates: what would be left without anybody if it
// went.
#pragma once

#include "graph/store.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph {

class RuleContext;

class SoleRegulators {
public:
    explicit SoleRegulators(const RuleContext& context);
    /// Those of a day with changes laid over it that leave its places and enterprises as they are.
    /// `day` and its counts were made of the store alone and must outlive this.
    SoleRegulators(const RuleContext& context, const RuleContext& day, const SoleRegulators& own);

    std::size_t of(NodeNo department) const;
    std::size_t bytes() const;

private:
    struct Count {
        NodeNo department;
        std::uint32_t enterprises;
    };
    std::vector<Count> counts_;  // by department
    const SoleRegulators* day_ = nullptr;
    std::unordered_map<NodeNo, std::int64_t> more_;  // what changes add, or take
};

}  // namespace safetyrisk::graph
