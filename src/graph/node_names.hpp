// Nodes by their names, for registers that write names where ids belong.
#pragma once

#include "store.hpp"

#include <functional>
#include <string>
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
    /// The nodes that fit and have exactly that name; where none has, those that have it but for
    /// blanks and for full-width or half-width brackets, letters and digits.
    Found find(std::string_view name, const std::function<bool(NodeNo)>& fits);

private:
    std::vector<std::pair<std::string_view, NodeNo>> names_;  // ascending
    std::vector<std::pair<std::string, NodeNo>> folded_;      // made when it is first asked
};

}  // namespace safetyrisk::graph::detail
