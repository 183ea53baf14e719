// Nodes by their names, for registers that write names where ids belong.
#pragma once

#include "store.hpp"

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk::graph::detail {

/// The names of all nodes, and the credit codes of enterprises; keeps views into both.
class NodeNames {
public:
    /// `credit_codes`: what else than its name an enterprise is known by.
    NodeNames(const Store& store, std::vector<std::pair<std::string_view, NodeNo>> credit_codes);

    struct Found {
        NodeNo node = none;
        std::size_t count = 0;  ///< How many fit; `node` is set when it is one.
    };
    /// The nodes that fit and have exactly that name.
    Found find(std::string_view name, const std::function<bool(NodeNo)>& fits) const;

private:
    std::vector<std::pair<std::string_view, NodeNo>> names_;  // ascending
};

}  // namespace safetyrisk::graph::detail
