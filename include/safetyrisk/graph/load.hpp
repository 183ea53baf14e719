// Load: how much supervision each unit, post and person owes, weighed by risk, beside what it has.
//
//   demand = Σ weight(colour) · visits(colour) · effort  over the enterprises it answers for
//   capacity = staff · working days − other enforcement days − days without enforcement
//   load = demand / capacity
//
// A unit answers for the enterprises that its REGULATES edges cover (those to places with their
// sectors, those to enterprises directly), and for those that TERRITORIAL, GRID_COVERS and
// PAIRED_WITH lead to; a site stands for its enterprise. Each enterprise counts once for a unit,
// however many edges lead to it, as a joint inspection does. Visits are bounded by the enterprise's
// attribute `inspection_cap`. An enterprise without a colour adds no demand and is counted as
// ungraded; where none has a colour weight, visits, demand and load are not known. Staff and days
// are attributes of the unit (`staff`, `working_days`, `other_enforcement_days`,
// `non_enforcement_days`); without staff there is no capacity and no load. Weights, visits, effort,
// working days and the flag are the pack's (`workload`).
//
// Source: 安监总政法〔2017〕150号 for the capacity.
//
// Threads: a Load is immutable and may be read by many; load() runs on options.work.
// Throws: InputError (no day, a pack that is none), Interrupted.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace safetyrisk::graph {

struct LoadOptions {
    std::optional<Date> on;                ///< Empty: the graph's data date.
    std::shared_ptr<const Pack> workload;  ///< Null: the pack `workload`.
    Work work;
};

/// What one unit, post or person owes, with the factors that make it. NaN: not known.
struct LoadRow {
    NodeNo node = none;
    std::array<std::uint64_t, 5> enterprises{};  ///< By Grade; 0 = ungraded.
    std::int64_t risk_weight = 0;                ///< Σ weights; not to be read if none_graded().
    double visits = 0;                           ///< Σ visits a year.
    double demand = 0;                           ///< Σ weight · visits · effort, days.
    double staff = 0, working_days = 0, other_days = 0, capacity = 0;
    double load = 0;
    double median = 0;     ///< Of what is compared, among nodes of its kind and level.
    bool flagged = false;  ///< Above the pack's multiple of the median.
    // Not part of the demand.
    std::uint32_t tasks_lead = 0, tasks_joint = 0, tasks_share = 0;
    std::uint32_t letters_open = 0, committees = 0;
    std::uint32_t departments = 0, regions = 0, paired = 0;  ///< Of leaders.

    std::uint64_t all() const {
        std::uint64_t sum = 0;
        for (const std::uint64_t count : enterprises)
            sum += count;
        return sum;
    }
    /// Whether it has enterprises, and none with a colour.
    bool none_graded() const { return enterprises[0] != 0 && enterprises[0] == all(); }
};

class Load {
public:
    struct Data;
    explicit Load(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    /// Those who answer for anything, lead, join or share a task, sit on a committee or have a
    /// letter open, in id order.
    std::span<const LoadRow> rows() const;
    /// What is compared with the median: "load", or "demand" where nobody has a capacity.
    std::string_view compared() const;
    Date on() const;
    const ResponsibilityGraph& graph() const;

    /// Columns unit, name, kind, level, enterprises, red, orange, yellow, blue, ungraded,
    /// risk_weight, visits, demand, staff, working_days, other_days, capacity, load, median,
    /// flagged, tasks_lead, tasks_joint, tasks_share, letters_open, committees, departments,
    /// regions, paired.
    Table to_table(Lang lang = Lang::zh) const;
    /// {"format":1,"on","pack","factors":{…},"compared","rows":[…]}.
    std::string to_json(Lang lang = Lang::zh) const;

    const Data& data() const { return *data_; }

private:
    std::shared_ptr<const Data> data_;
};

/// The load of everybody in a graph on one day.
Load load(const ResponsibilityGraph& graph, const LoadOptions& options = {});

}  // namespace safetyrisk::graph
