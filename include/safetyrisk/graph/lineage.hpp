// Names of units in time: which node a name means on a day, and whether it was still its name.
//
// Units are renamed, merged and split; texts go on using the old names. A name is looked for among
// the nodes (names and ids), then as an alias (ALIAS_OF), then by what the pack `departments` knows
// of functions, short forms and predecessors (市安监局 is 应急管理). An old name resolves on an old
// day; on a later day it resolves to whoever succeeded (SUCCEEDS, MERGED_INTO, SPLIT_FROM) and is a
// finding. Nothing is guessed: several candidates are all given and named ambiguous.
//
// Source: packs `departments`; domain practice (机构改革 2018–2019), rule RK-05.
//
// Threads: a UnitNames is immutable after construction.
// Throws: NotFoundError (an unknown territory), InputError (a malformed pack).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// One node that a name means.
struct NameMatch {
    std::string node, name;
    std::string how;         ///< "name", "alias", "successor", "predecessor", "function".
    std::string confidence;  ///< "stated" by name, "expanded" by lineage, "inferred" by function.
};

/// One of several units that have the name, and its days.
struct NameHolder {
    std::string node, name, place;
    std::optional<Date> from, to;  ///< Last day; empty where open.
};

struct ResolvedName {
    std::string text;
    Date on;
    std::vector<NameMatch> matches;  ///< In id order.
    std::string finding;  ///< "", "obsolete", "not_yet", "ambiguous", "unknown": all under RK-05.
    std::string former, former_name;  ///< The node that had the name; empty when only a pack knows.
    std::optional<Date> since;  ///< First day on which the name was no longer (or not yet) it.

    /// Where several units have, or had, the name: each of them, in id order.
    std::vector<NameHolder> holders;

    std::string message(Lang lang = Lang::zh) const;
};

class UnitNames {
public:
    /// `departments`: null for the pack `departments`.
    explicit UnitNames(const ResponsibilityGraph& graph,
                       const std::shared_ptr<const Pack>& departments = nullptr);

    /// `in`: id of the region or zone that a name without a place means; empty: anywhere.
    ResolvedName resolve(std::string_view text, std::optional<Date> on = std::nullopt,
                         std::string_view in = {}) const;

    /// Units that a unit became, or that became it, whatever their days: in id order.
    std::vector<std::string> successors(std::string_view unit) const;
    std::vector<std::string> predecessors(std::string_view unit) const;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

/// The same for one name; UnitNames is cheaper for many.
ResolvedName resolve_name(const ResponsibilityGraph& graph, std::string_view text,
                          std::optional<Date> on = std::nullopt, std::string_view in = {});

}  // namespace safetyrisk::graph
