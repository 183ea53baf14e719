// Collective names: 各有关部门, 各县(市、区)党委、政府, 负有安全生产监督管理职责的部门, … and whom
// they mean.
//
// A collective is never expanded away: it stays in the task, and beside it stand the nodes it means
// in a document's context: the territory of the issuer, the sectors of the task, its committee, its
// addressees. Which names there are and how each is resolved are selectors in a pack
// (`collectives`); in them `$in` is the issuer's territory, `$level` and `$below` its level and the
// next finer one, `$sectors` and `$committee` what the context says. Members are *expanded*, not
// stated; an *open* collective may mean more than those found.
//
// Source: pack `collectives`; 《安全生产法》(2021) 第十条.
//
// Threads: free functions over an immutable graph; results are values.
// Throws: NotFoundError (a node or sector of the context is unknown), InputError (a malformed
// pack).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

struct CollectiveContext {
    std::string in;                       ///< Region or zone of the issuer: its id.
    std::vector<std::string> sectors;     ///< Of the task; empty: not restricted.
    std::string committee;                ///< Default the safety committee seated in `in`.
    std::vector<std::string> addressees;  ///< Ids of the nodes the document is addressed to.
};

struct Collective {
    std::string text;
    std::string id;  ///< Of the pack; empty: no collective of the pack has that name.
    std::string en;
    bool open = false;                   ///< May mean more.
    bool unrestricted = false;           ///< It goes by sectors and the context names none.
    std::vector<std::string> nodes;      ///< Ids, in id order.
    std::vector<std::string> selectors;  ///< As they were asked.
    std::vector<std::string> lacking;    ///< Of the context: "in", "committee", "addressees".
};

/// Whether a text is a collective name of the pack (default `collectives`).
bool is_collective(std::string_view text, const std::shared_ptr<const Pack>& pack = nullptr);

/// Whom a collective name means on a day.
Collective resolve_collective(const ResponsibilityGraph& graph, std::string_view text,
                              const CollectiveContext& context,
                              std::optional<Date> on = std::nullopt,
                              const std::shared_ptr<const Pack>& pack = nullptr);

}  // namespace safetyrisk::graph
