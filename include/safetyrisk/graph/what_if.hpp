// What if: a unit is dissolved, merged or split, a sector moves, a post falls vacant.
//
// Changes are laid over the graph on one day; nothing is copied and nothing of the graph changes.
// The answer compares before and after: edges without an owner, findings that come and go, cells
// and loads that differ, who could take over, what is open, which names are obsolete, and the
// lineage that has to be written down so that the past still resolves.
//
// How changes are read: a dissolved unit goes with its posts. Units that merge hand their edges and
// posts to the new one; a principal post that it has already is not taken over, but its duties are.
// A unit that is split hands each edge to the parts that `by` names for its sectors or its region,
// and what `by` does not name to the first part; each part keeps its seat and superiors. A sector
// moves with all REGULATES, HOSTS_SECTOR and SUPPORTS edges that name it or a sector below it; from
// an edge that names a wider sector it is taken out where nobody is of the wider sector itself,
// else the edge stays and is listed.
//
// Threads: a WhatIf is immutable and may be read by many.
// Throws: NotFoundError (an unknown node or sector), InputError (a change that cannot be made).
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/graph/check.hpp>
#include <safetyrisk/graph/coverage.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/load.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// One change. Units are ids of the graph or, in `into`, new ones.
struct Change {
    enum class Kind : std::uint8_t { dissolve, merge, split, move_sector, vacate };
    Kind kind = Kind::dissolve;
    std::vector<std::string> units;  ///< Those that change.
    std::vector<std::string> into;   ///< Those that take over.
    std::string sector;              ///< Of move_sector.
    /// Of split: sectors or regions and the part of `into` that takes them.
    std::vector<std::pair<std::string, std::string>> by;

    static Change dissolve(std::string unit);
    static Change merge(std::vector<std::string> units, std::string into);
    static Change split(std::string unit, std::vector<std::string> into,
                        std::vector<std::pair<std::string, std::string>> by = {});
    static Change move_sector(std::string sector, std::string from, std::string to);
    /// A post loses its holders; a person leaves all posts.
    static Change vacate(std::string post);

    /// 撤销县住建局 (id), dissolve …
    std::string text(Lang lang) const;
};

struct WhatIfOptions {
    std::optional<Date> on;    ///< Empty: the graph's data date.
    CheckOptions check;        ///< Rules, profile and parameters; its day is ignored.
    CoverageOptions coverage;  ///< Level and workload; its day is ignored.
    bool rules = true;         ///< Whether rules are asked before and after.
    bool load = true;          ///< Whether loads are compared.
    /// Above so many nodes only findings about nodes near the changes are compared, which
    /// rules_scope() says.
    std::size_t whole_graph = 20'000;
};

class WhatIf {
public:
    struct Data;
    explicit WhatIf(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    /// Edges that held before and that nobody took over: columns kind, kind_name, edges,
    /// enterprises, risk_weight, sources, targets. Edges to places stand for the enterprises
    /// that they cover there.
    Table orphans(Lang lang = Lang::zh) const;
    /// Findings that come and go: columns change (`new`, `gone`), rule, severity, nodes, message.
    Table findings(Lang lang = Lang::zh) const;
    /// "whole" or "near": what findings were compared of.
    std::string_view rules_scope() const;
    /// Cells that differ: columns region, region_name, sector, sector_name, link, before, after,
    /// uncovered_before, uncovered_after, enterprises, risk_weight, lost, gained (departments).
    Table coverage_changes(Lang lang = Lang::zh) const;
    /// Loads that differ: columns unit, name, enterprises_before, enterprises_after,
    /// demand_before, demand_after, load_before, load_after.
    Table load_changes(Lang lang = Lang::zh) const;
    /// Who could take over from each unit that is gone, best first: columns unit, name, rank,
    /// candidate, candidate_name, reason, words. Reasons: `function`; `same_sectors` (it regulates
    /// sectors of the unit there already); for sectors that nobody else has, `same_enterprises` (it
    /// regulates enterprises of them by other sectors) and, where nobody does, `nearest_sectors`
    /// (业务相近); `superior`; `government`. Words: the sectors that speak for it, or 综合监管
    /// where the unit had that and nobody beside it has.
    Table proposals(Lang lang = Lang::zh) const;
    /// Tasks, hazards and letters that need another owner: columns node, name, kind, role, unit.
    Table open_items(Lang lang = Lang::zh) const;
    /// Names that become obsolete, and where they are written: columns unit, name, successor,
    /// written_in (tasks and documents whose name holds it).
    Table obsolete_names() const;
    /// Edges to be written down, valid from the day: columns source, kind, target, valid_from.
    Table lineage() const;
    /// Edges of move_sector that stay because they name a wider sector: columns source, kind,
    /// target, sectors.
    Table kept_wider() const;

    /// The graph as it would be.
    Coverage coverage_after() const;
    Load load_after() const;
    Findings findings_after(const CheckOptions& options = {}) const;
    /// The graph as it is.
    const ResponsibilityGraph& graph() const;
    Date on() const;
    const std::vector<Change>& changes() const;

    /// {"format":1,"on","changes","orphans":[…],…}: all tables.
    std::string to_json(Lang lang = Lang::zh) const;

    const Data& data() const { return *data_; }

private:
    std::shared_ptr<const Data> data_;
};

/// Tries changes, one after the other.
WhatIf what_if(const ResponsibilityGraph& graph, std::vector<Change> changes,
               const WhatIfOptions& options = {});

}  // namespace safetyrisk::graph
