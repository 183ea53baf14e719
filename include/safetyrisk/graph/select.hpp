// Selectors: which nodes are meant, as data.
//
// Collectives, duties and what-ifs say "every high-risk enterprise of this county with more than
// 100 people" by one small JSON object:
// {"kind","where":[[column, op,
// value]],"sectors":[…],"in","level","via":{"edge","from"|"to","sectors"}, "except":{…}}; only
// `kind` is needed. A selector is read once, tied to a graph when it is used, and gives node
// numbers in id order, by one pass over the nodes.
//
// - `where`: all must hold. Operators `= != < <= > >= in has`. Columns are those of the node's
//   table and its attributes; `id name post_kind unit division level` are always there. Order is
//   asked of numbers and dates only. A missing value fulfils no condition but `= null`.
// - `sectors`: the node has one of them or one below them in the tree.
// - `in`: the node lies in that region or zone, or below it.
// - `level`: of the node, or of the place it belongs to. Kinds and levels in any word (企业, 乡镇).
// - `via`: an edge of that kind from (to) that node, or from any when neither is named; with
//   `sectors` only an edge that names one of them, one below it or one above. Edges
//   that name a region and sectors (REGULATES, HOSTS_SECTOR, SUPPORTS, COMPREHENSIVE) reach what
//   lies there and is of those sectors.
// - `except`: a selector of what is left out; its `kind` may be omitted.
//
// Threads: a Selector is a value; select reads only.
// Throws: InputError with the JSON path (a malformed selector), NotFoundError (an unknown node,
// kind, sector or level).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

class View;  // src/graph/store.hpp

/// One comparison of `where`.
struct Condition {
    enum class Op : std::uint8_t { equal, unequal, less, at_most, more, at_least, in, has };
    struct Operand {
        enum class Type : std::uint8_t { null, number, boolean, text } type = Type::null;
        double number = 0;
        bool boolean = false;
        std::string text;
        std::optional<Date> date;  ///< Of a text that is a day.
        friend bool operator==(const Operand&, const Operand&) = default;
    };
    std::string column;
    Op op = Op::equal;
    std::vector<Operand> operands;  ///< One, or the list of `in`.
    friend bool operator==(const Condition&, const Condition&) = default;
};

/// An edge that a node must have.
struct SelectorVia {
    std::string edge;
    std::string from, to;  ///< At most one is filled.
    bool inverse = false;  ///< The node is the edge's source (`to`).
    std::vector<std::string> sectors;
    friend bool operator==(const SelectorVia&, const SelectorVia&) = default;
};

/// One selector without its exceptions.
struct SelectorPart {
    std::string kind;  ///< Empty in an exception that names none: any kind.
    std::vector<Condition> where;
    std::vector<std::string> sectors;
    std::string in;
    std::string level;
    using Via = SelectorVia;
    std::optional<Via> via;
    std::string path;  ///< JSON path, for messages.
    friend bool operator==(const SelectorPart&, const SelectorPart&) = default;
};

/// What is meant: parts[0] without what parts[1] without what parts[2] … select.
struct Selector {
    std::vector<SelectorPart> parts;

    /// Reads a selector; `where` opens the path in messages.
    static Selector parse(std::string_view json, std::string_view where = "selector");
    friend bool operator==(const Selector&, const Selector&) = default;
};

/// The nodes a selector means on a day (default: the data date), in id order.
std::vector<NodeNo> select(const ResponsibilityGraph& graph, const Selector& selector,
                           std::optional<Date> on = std::nullopt);
/// The same of a graph with changes laid over it.
std::vector<NodeNo> select(const View& view, const Selector& selector);

}  // namespace safetyrisk::graph
