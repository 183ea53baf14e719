// Why, through whom, and what else: one relation explained, the lowest superior that two nodes
// have in common, who is told in an alarm, and what a post has to do.
//
// Source: domain practice (职责清单、年度任务清单: 2018规定 第五至九条); the paths are those of
// who.
//
// Threads: free functions over an immutable graph; results are values.
// Throws: NotFoundError (an unknown node), InputError (a node of a kind that is not asked this).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/who.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// Why a unit, post or person answers for a node: of each capacity the shortest path.
struct Explanation {
    std::string who, who_name, node, node_name;
    Date on;
    std::vector<Answer> reasons;        ///< Empty: it does not answer for it.
    std::vector<std::string> by_posts;  ///< Of a person: the posts held, in the order of reasons.

    /// The least set of edges that all reasons need, each once, in edge order.
    std::vector<PathEdge> edges() const;
    std::string text(Lang lang = Lang::zh) const;
    std::string to_json() const;
    /// Columns capacity, step, kind, source, target, against, basis, derived, table, row.
    Table table() const;
};
Explanation explain(const ResponsibilityGraph& graph, std::string_view who, std::string_view node,
                    const WhoOptions& options = {});

/// A unit or post above two nodes, with the way to it from both.
struct CommonSuperior {
    std::string node, name, kind;
    std::vector<PathEdge> from_a, from_b;
};
/// The lowest units and posts that stand above both nodes (or are one of them): no other common
/// superior stands below them. Superior is who leads, is in charge of, regulates, holds the
/// territory or owns; a post's superior is who it reports to and its unit; a government's, the
/// government of the next place above. Nearest first, then by id.
std::vector<CommonSuperior> common_superior(const ResponsibilityGraph& graph, std::string_view a,
                                            std::string_view b,
                                            std::optional<Date> on = std::nullopt);
std::string to_text(const std::vector<CommonSuperior>& superiors, Lang lang = Lang::zh);
/// Columns node, name, kind, steps_a, steps_b, path_a, path_b.
Table to_table(const std::vector<CommonSuperior>& superiors, Lang lang = Lang::zh);

/// One line of a contact tree.
struct Contact {
    std::string node, name, kind;
    std::vector<std::string> holders;      ///< Of a post: the persons.
    bool vacant = false;                   ///< A post that nobody holds.
    std::size_t hop = 0;                   ///< Units and posts on the way, itself counted.
    std::size_t above = none;              ///< Line through which it is reached; `none`: the node.
    std::string capacity;                  ///< In which it answers; empty: only passed.
    std::string capacity_zh, capacity_en;  ///< The same in words.
    std::string relation;                  ///< Kind of the edge that reaches it.
};
/// Who is told when something happens at a node: the units and posts that answer for it within
/// `hops`, each once and by its shortest way. Places are walked through and not counted.
std::vector<Contact> contacts(const ResponsibilityGraph& graph, std::string_view node,
                              std::size_t hops, const WhoOptions& options = {});
std::string to_text(const std::vector<Contact>& contacts, Lang lang = Lang::zh);
/// Columns node, name, kind, holders, hop, above, capacity, relation.
Table to_table(const std::vector<Contact>& contacts);

/// One line of a post's list of duties and of its tasks of the year.
struct DutyLine {
    std::string section;  ///< "duty", "task", "pairing", "committee", "list".
    std::string kind;     ///< Kind of the edge, or the action of a row of `duties`.
    std::string object, name;
    std::string through;   ///< The unit in whose charge the post is, for its tasks.
    std::string duty;      ///< "first", "in_charge", … of SAFETY_DUTY.
    std::string deadline;  ///< Of tasks and rows of `duties`; YYYY-MM-DD or as given.
    std::vector<std::string> sectors;
    std::string basis;
};
/// Everything a post or a unit has to do on a day (职责清单 and 年度任务清单). A post also has the
/// tasks of the units that it is in charge of, or that it is first to answer for.
struct DutyList {
    std::string post, name, unit;
    std::vector<std::string> holders;
    bool vacant = false;   ///< A post that nobody holds.
    bool no_unit = false;  ///< A post that no unit has on that day.
    Date on;
    std::vector<DutyLine> lines;
    std::string text(Lang lang = Lang::zh) const;
    /// Columns section, kind, object, name, through, duty, deadline, sectors, basis.
    Table table() const;
};
DutyList duty_list(const ResponsibilityGraph& graph, std::string_view post,
                   std::optional<Date> on = std::nullopt);

}  // namespace safetyrisk::graph
