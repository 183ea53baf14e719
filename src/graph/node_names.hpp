// Nodes by their names, for registers that write names where ids belong.
#pragma once

#include "store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
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

/// What cells mean of a table that is read beside a finished graph: the node of an id, a division
/// by any form of its code, else the one node that has the name or the credit code.
class CellNodes {
public:
    CellNodes(const Store& store, const Table& table) : store_(store), table_(table) {}

    /// The node that a cell means, or `none`: then `several` says how many have the name. With
    /// `only` a name is that of a node of the kind.
    NodeNo find(std::string_view text, std::string_view column, std::size_t row,
                std::size_t& several, KindNo only = no_kind);
    /// Adds what was found by its name to the issues, once for a column.
    void report(IssueTable& issues) const;

private:
    struct Named {
        std::size_t rows = 0, row = 0;
        std::string text;
    };
    struct Meant {
        NodeNo node = none;
        std::size_t count = 0;
    };
    const Store& store_;
    const Table& table_;
    std::deque<std::string> codes_;
    std::unique_ptr<NodeNames> names_;  // made when a cell has no id
    std::map<std::pair<std::string, KindNo>, Meant, std::less<>> known_;
    std::map<std::string, Named, std::less<>> named_;
};

}  // namespace safetyrisk::graph::detail
