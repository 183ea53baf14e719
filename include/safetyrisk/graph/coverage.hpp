// Coverage: which sector is regulated by whom in which region, and where by nobody.
//
// A cell is a region and a sector. Its regulators are the departments whose REGULATES edges lead to
// the region itself; where there are none, those of a superior region whose department guides
// (GUIDES) a body of the region. Departments stand at county level and above (Law Art. 10), so that
// an edge to a county states it for the towns and villages in it: a region finer than a county has
// what its county has wherever it has nothing, or not all links, of its own. Nothing else is
// inherited: what no edge states is a gap. A graph in which no REGULATES edge has begun by
// the day, or without special committees where these are asked, does not tell: its cells are not
// assessed. A cell
// without such a regulator is blind unless all of its enterprises are covered from below or by
// edges of their own. A cell of a sector that is shared by links (环节) is as good as its worst
// link: it is blind, too, when an enterprise needs a link that nobody covers, and then still lists
// those who have the other links.
//
// By scene (场景) there is a matrix for each scene that a duty, an enterprise or a node of kind
// scene names: of the edges those that name it or none, of the enterprises those that have it or do
// not say which they have.
//
// Risk weight: the sum of what the colours of the enterprises weigh by the pack `workload`; an
// enterprise's colour is its own or the worst of its risk points. An enterprise without a colour
// adds nothing and is counted as ungraded; the weight of none with a colour is not known.
//
// Threads: a Coverage is immutable and may be read by many; coverage() runs on options.work.
// Throws: InputError (no day, an unknown level or variant, a pack that is none), Interrupted.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace safetyrisk::graph {

/// Who regulates a cell; the values are those of the matrix 0 to 4.
enum class CoverState : std::uint8_t {
    nobody,      ///< Enterprises without a department, or with a link that none has.
    single,      ///< One department.
    one_lead,    ///< Several, one of them in the lead.
    no_lead,     ///< Several, none in the lead.
    many_leads,  ///< Several, more than one in the lead.
    empty,       ///< No enterprise.
    unknown,     ///< Enterprises, and no data on who regulates anything.
};

/// All of them, in that order.
inline constexpr std::array<CoverState, 7> cover_states{
    CoverState::nobody,     CoverState::single, CoverState::one_lead, CoverState::no_lead,
    CoverState::many_leads, CoverState::empty,  CoverState::unknown};

/// "none", "single", "one_lead", "no_lead", "many_leads", "n/a", "no_data".
std::string_view to_string(CoverState state);
/// 监管盲区, 一家监管, …; in English what `to_string` says in words.
std::string_view word(CoverState state, Lang lang);
/// How bad a state is: 0 no fault known (single, one_lead, n/a, no_data), then no_lead,
/// many_leads, none.
int badness(CoverState state);

struct CoverageOptions {
    std::optional<Date> on;                ///< Empty: the graph's data date.
    std::string level = "county";          ///< Level of the regions: province … village.
    std::string by;                        ///< Empty, "link", "scene" or "committee" (专委会).
    std::shared_ptr<const Pack> workload;  ///< Colour weights; null: the pack `workload`.
    Work work;
};

/// One cell.
struct CoverageCell {
    NodeNo region = none;
    std::uint32_t sector = 0;    ///< Number in the graph's sectors.
    std::uint32_t link = none;   ///< Number in the graph's links; `none` for the whole sector.
    std::uint32_t scene = none;  ///< Number in scenes(); `none` unless asked by scene.
    CoverState state = CoverState::empty;
    /// Where its regulators come from: the region's own, a superior's that guides, from below.
    enum class From : std::uint8_t { nobody, own, inherited, below } from = From::nobody;
    std::uint64_t enterprises = 0;
    /// Those for which, or for a link of which, nobody answers: in the cell, below or directly.
    /// Not to be read where the state is `unknown`; tables have no value there.
    std::uint64_t uncovered = 0;
    std::uint64_t ungraded = 0;
    std::int64_t risk_weight = 0;  ///< Not to be read if none_graded().

    /// Whether it has enterprises, and none with a colour.
    bool none_graded() const { return enterprises != 0 && ungraded >= enterprises; }
};

class Coverage {
public:
    struct Data;
    explicit Coverage(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    /// Cells by region, sector and scene, in id order; regions of the level asked, and coarser ones
    /// where enterprises belong to no finer region.
    std::span<const CoverageCell> cells() const;
    std::span<const NodeNo> leads(std::size_t cell) const;
    std::span<const NodeNo> others(std::size_t cell) const;
    std::span<const NodeNo> hosts(std::size_t cell) const;  ///< 行业主管.
    /// Numbers of blind cells, heaviest risk first, then by enterprises, region and sector.
    std::vector<std::size_t> blind() const;

    std::uint64_t enterprises() const;     ///< There on the day.
    std::uint64_t unplaced() const;        ///< In no region that is checked; in no cell.
    std::uint64_t without_sector() const;  ///< In no cell.
    /// By link: those none of whose sectors is divided by links; in no cell.
    std::uint64_t undivided() const;
    std::uint64_t count(CoverState state) const;
    Date on() const;
    const std::string& level() const;
    /// The scenes of cells, in byte order; none unless asked by scene.
    std::span<const std::string> scenes() const;
    /// The graph that was asked.
    const ResponsibilityGraph& graph() const;

    /// Columns region, region_name, sector, sector_name, link (by link), scene (by scene), status,
    /// from, lead, others, host, divided (in words which links each of the departments has, where
    /// edges name some; not by link or committee), enterprises, uncovered, risk_weight, ungraded.
    Table to_table(Lang lang = Lang::zh) const;
    /// The same of blind cells, in the order of blind().
    Table blind_table(Lang lang = Lang::zh) const;
    /// Regions above: columns region, region_name, level, sector, sector_name, link, scene, status
    /// (the worst below that has enterprises), enterprises, in_worst (those in cells of that
    /// status), none, single, one_lead, no_lead, many_leads, no_data (enterprises by status),
    /// uncovered, risk_weight, ungraded.
    Table rollup_table(Lang lang = Lang::zh) const;
    /// {"format":1,"on","level","by","scenes","pack","counts":{…},"cells":[…]}; cells without
    /// enterprises and regulators are left out.
    std::string to_json(Lang lang = Lang::zh) const;

    const Data& data() const { return *data_; }

private:
    std::shared_ptr<const Data> data_;
    Table table_of(std::span<const std::size_t> cells, Lang lang) const;
};

/// The coverage matrix of a graph on one day.
Coverage coverage(const ResponsibilityGraph& graph, const CoverageOptions& options = {});

}  // namespace safetyrisk::graph
