// A selector tied to a view, and reading one from a larger document.
#pragma once

#include <safetyrisk/graph/select.hpp>

#include "../core/json_view.hpp"
#include "store.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph {

/// Reads a selector that stands in a document.
Selector read_selector(const safetyrisk::detail::JsonView& json);

/// A selector tied to a view: names are resolved once, nodes are asked many times.
class BoundSelector {
public:
    /// What a condition reads: a column that every node has, or an attribute.
    enum class What : std::uint8_t { attribute, id, name, post_kind, unit, division, level };

    BoundSelector(const View& view, const Selector& selector);

    bool matches(NodeNo v);
    std::vector<NodeNo> all();

private:
    struct Reader {
        What what = What::attribute;
        std::optional<Store::Attribute> attribute;
        Condition condition;  // in the words of the store
    };
    struct Part {
        KindNo kind = no_kind;
        bool any_kind = false;
        std::vector<Reader> where;
        std::vector<std::uint64_t> sectors;  // bits of what the sectors cover
        bool by_sector = false;
        NodeNo in = none;
        std::uint8_t level = no_level;
        bool via = false, via_inverse = false;
        KindNo via_edge = no_kind;
        NodeNo via_end = none;
        std::vector<std::uint32_t> via_sectors;
        bool via_reaches = false;  // edges to regions reach what lies there
    };

    bool part_matches(const Part& part, NodeNo v);
    bool reads(const Reader& reader, NodeNo v) const;
    bool via_matches(const Part& part, NodeNo v) const;
    bool via_fits(const Part& part, EdgeNo edge) const;
    bool inside(NodeNo v, NodeNo place);

    const View& view_;
    std::vector<Part> parts_;
    std::unordered_map<NodeNo, std::unordered_map<NodeNo, bool>> inside_;  // by place: within it
};

}  // namespace safetyrisk::graph
