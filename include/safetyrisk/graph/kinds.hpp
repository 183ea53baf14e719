// The words of the responsibility graph: kinds of nodes, posts and edges, as data of a pack.
//
// An agency adds a kind by loading a pack of its own; nothing is compiled anew. A kind is a small
// number inside one Kinds and its id (ASCII, the ids of the pack) everywhere else.
//
// Source: pack `graph_kinds` (node kinds, post kinds, edge kinds with their ends and cardinality).
//
// Threads: immutable after construction.
// Throws: InputError (a pack that contradicts itself).
#pragma once

#include <safetyrisk/core/pack.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// Number of a kind inside one Kinds; `no_kind` where there is none.
using KindNo = std::uint8_t;
inline constexpr KindNo no_kind = std::numeric_limits<KindNo>::max();

struct NodeKind {
    std::string id;                    ///< "enterprise".
    std::string zh, en;                ///< 生产经营单位, enterprise.
    std::vector<std::string> aliases;  ///< Further words that tables may use.
    bool seated = false;  ///< A body of a region: its `division` makes an edge SEATED_IN.
    bool place = false;   ///< Part of the territory: region, zone, village, grid.
    bool owned = false;   ///< Its `unit` makes an edge BELONGS_TO (sites, risk points, hazards).
};

struct PostKind {
    std::string id;  ///< "party_principal".
    std::string zh, en;
    std::vector<std::string> aliases;
    bool enterprise = false;  ///< A post of the enterprise side.
    bool leading = false;     ///< A leading post, of which 一岗双责 is asked.
    bool principal = false;   ///< A post that its unit has once (党委、政府、部门、企业主要负责人).
};

struct EdgeKind {
    std::string id;      ///< "REGULATES".
    std::string zh, en;  ///< 行业监管, regulates.
    std::vector<std::string> aliases;
    std::vector<KindNo> from, to;               ///< Node kinds that may stand there; empty = any.
    std::uint32_t least_out = 0, most_out = 0;  ///< Edges a source has; 0 = not limited.
    std::uint32_t least_in = 0, most_in = 0;    ///< Edges a target has; 0 = not limited.
    std::uint32_t most_in_principal = 0;        ///< The same of posts that a unit has once.
    /// Kinds of sources and targets that the limits are of; empty: all that may stand there.
    std::vector<KindNo> counted_from, counted_to;
    bool acyclic = false;
    bool derived = false;  ///< Made from columns and not written by people (SEATED_IN, …).
    /// Rule that checks the cardinality ("RE-01"), and which parts of it; what no rule checks the
    /// graph itself does, as issues.
    std::string rule;
    bool rule_in = false, rule_out = false, rule_acyclic = false;
    std::string basis;  ///< Legal root as the pack prints it.
};

class Kinds {
public:
    /// The kinds of a pack of kind `graph_kinds`.
    explicit Kinds(std::shared_ptr<const Pack> pack);
    /// Those that ship with the library.
    static std::shared_ptr<const Kinds> usual();

    const std::vector<NodeKind>& nodes() const { return nodes_; }
    const std::vector<PostKind>& posts() const { return posts_; }
    const std::vector<EdgeKind>& edges() const { return edges_; }
    const Pack& pack() const { return *pack_; }

    /// Number of a kind by id, Chinese or English word or alias; `no_kind` if unknown.
    KindNo node(std::string_view word) const;
    KindNo post(std::string_view word) const;
    KindNo edge(std::string_view word) const;

private:
    std::shared_ptr<const Pack> pack_;
    std::vector<NodeKind> nodes_;
    std::vector<PostKind> posts_;
    std::vector<EdgeKind> edges_;
};

}  // namespace safetyrisk::graph
