// Who answers for it: every capacity, every path, and why nobody.
//
// Of an enterprise (a site, a risk point, a major hazard installation, a hazard, an accident, a
// region, or a region and sectors) `who` finds, on a day, every post, unit and committee that has
// to do with its safety, in which capacity, by which path of edges, on whose authority and how
// sure that is. Capacities and their paths are data of a pack (`capacities`); the national one has
// the fourteen of C1…C14, printed in the order C1, C2, C4, C6, C9, C5, C10, then the rest. A path
// is simple: it visits no node twice. Of a mandatory capacity that nobody has, every pattern that
// was tried is told, with the node where it broke and the reason.
//
// Answers are structural: who is placed to answer, never who is to blame.
//
// Patterns: `x` the node asked about, `e` its enterprise, `t` what the territory holds it by, `p`
// each place it lies in, `C6,C7` the answers of earlier capacities; then steps: `KIND` along an
// edge, `^KIND` against it, `* + ?` repeated; `!` answers are taken here (`!post,dept` only of
// those kinds), `:kind@level` only such nodes go on; `[sector]` edges that name a sector of x
// (`[sector?]` or none), `[scope]` bodies that name one.
//
// Source: 《安全生产法》(2021) 第三、五、九、十、十五、十七、二十一、二十二、六十三条; 2018规定
// 第四至九条.
//
// Threads: answers are immutable; who_all uses `work.threads`.
// Throws: NotFoundError (an unknown node, sector, link), InputError (a kind nobody answers for).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/source.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

struct WhoOptions {
    std::optional<Date> on;  ///< The day asked; default the data date.
    std::string link;        ///< One 环节 only; empty: all that it has.
    std::string scene;       ///< Edges whose attribute `scenes` names others are left out.
    std::vector<std::string> sectors;        ///< Instead of the node's own: sector × region.
    std::size_t limit = 100'000;             ///< Rows after which the answer is cut and says so.
    std::shared_ptr<const Pack> capacities;  ///< Null: the pack `capacities`.
};

/// One edge of a path, written from its source to its target. An edge of kind LOCATED_IN is the
/// node's own `division`.
struct PathEdge {
    EdgeNo edge = none;  ///< `none` for LOCATED_IN.
    std::string kind;
    std::string source, target;  ///< Ids.
    std::string source_name, target_name;
    bool against = false;  ///< The path walks it from its target to its source.
    bool derived = false;
    std::string table;      ///< Table whose row says so.
    std::int64_t row = -1;  ///< 0-based; -1 when no row of a table says so.
    std::string basis;      ///< Document and clause of the edge, else the legal root of its kind.
};

struct Answer {
    std::string capacity;  ///< "C6".
    NodeNo number = none;
    std::string node, name;            ///< Id and name.
    std::vector<std::string> holders;  ///< Of a post: names of who holds it on the day.
    bool vacant = false;               ///< A post that nobody holds, in tables that say who does.
    std::vector<PathEdge> path;        ///< From what was asked to the node.
    std::string basis;                 ///< 《…》 clause of the last edge, else the legal root.
    std::string confidence;            ///< "stated", "expanded", "inferred": the weakest.
    std::vector<std::string> sectors, links;  ///< What the last edge is restricted to.
    bool lead = false, enforce = false;
};

struct Missing {
    std::string capacity;
    std::string rule;  ///< "RE-01", "RT-01", "RD-01", "RD-03".
    std::string sector, link;
    std::string pattern;    ///< As in the pack.
    std::string step;       ///< The step at which it broke.
    std::string broken_at;  ///< Node where it broke; empty when it had nowhere to begin.
    std::string code;       ///< "no_edge", "expired", "unit_dissolved", …
    std::string reason;     ///< In words.
};

/// What was found. Answers are kept as numbers and put into words when they are read.
class Who {
public:
    struct Data;  // src/graph/finder.hpp
    Who(ResponsibilityGraph graph, std::shared_ptr<const Data> data)
        : graph_(std::move(graph)), data_(std::move(data)) {}

    std::string_view node() const;
    Date on() const;
    std::size_t size() const;
    Answer at(std::size_t index, Lang lang = Lang::zh) const;
    std::size_t missing_size() const;
    Missing missing(std::size_t index, Lang lang = Lang::zh) const;
    bool truncated() const;

    /// Ids of the nodes that have a capacity, each once, in the order of the answers.
    std::vector<std::string> nodes(std::string_view capacity) const;
    /// 三管: 管行业 = …；管业务 = …；管生产经营 = …；属地 = ….
    std::string summary(Lang lang = Lang::zh) const;
    /// The whole answer as a person reads it, every path and its basis.
    std::string text(Lang lang = Lang::zh) const;
    /// The same in short: of each capacity who has it and the shortest path to one of them, how
    /// many paths are left out, and whole what nobody has.
    std::string brief(Lang lang = Lang::zh) const;
    /// {"node","name","on","answers":[…],"missing":[…],"truncated","summary"}.
    std::string to_json(Lang lang = Lang::zh) const;
    /// Columns capacity, node, name, holders, path, basis, confidence, sectors, links, lead,
    /// enforce.
    Table table(Lang lang = Lang::zh) const;
    /// Columns capacity, rule, sector, link, pattern, step, broken_at, code, reason.
    Table missing_table(Lang lang = Lang::zh) const;

private:
    ResponsibilityGraph graph_;
    std::shared_ptr<const Data> data_;
};

/// Who answers for a node.
Who who(const ResponsibilityGraph& graph, std::string_view node, const WhoOptions& options = {});

/// Who answers for many nodes, said once for all that share an answer. Capacities that depend on
/// each other form a part; in each part nodes with the same places, sectors, links and direct
/// edges are of one class.
struct WhoAll {
    std::vector<std::vector<std::string>> parts;  ///< Capacities of each part.
    Table members;  ///< node, and one column part_1, part_2, … with the number of its class.
    Table answers;  ///< class, capacity, node, step, confidence, lead, enforce.
    Table steps;    ///< parent, kind, source, target, against, by number; the path of a row is its
                    ///< step and its parents. An empty source or target is the member itself.
    Table
        missing;  ///< class, capacity, rule, sector, link, pattern, step, broken_at, code, reason.
    std::size_t classes = 0;
    bool truncated = false;
};

/// Of the given nodes (empty: every enterprise), in that order.
WhoAll who_all(const ResponsibilityGraph& graph, std::span<const NodeNo> nodes,
               const WhoOptions& options = {}, const Work& work = {}, Lang lang = Lang::zh);

/// The rows of `who(node).table()` of many nodes with a first column `subject`, handed over in
/// tables of whole nodes; `sink` is called on the calling thread, in the order of the nodes.
void who_rows(const ResponsibilityGraph& graph, std::span<const NodeNo> nodes,
              const WhoOptions& options, const Work& work, Lang lang,
              const std::function<void(Table)>& sink);

}  // namespace safetyrisk::graph
