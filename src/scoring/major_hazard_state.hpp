// What a computation of major hazards leaves behind, row by row and unit by unit.
#pragma once

#include <safetyrisk/scoring/major_hazard.hpp>

#include "scoring/exact_decimal.hpp"
#include "scoring/major_hazard_tables.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace safetyrisk::scoring {

/// What is wrong with a row.
enum class RowFault : std::uint8_t {
    none,
    unit_missing,
    substance_missing,
    substance_ambiguous,
    substance_contradiction,
    substance_conditional,
    cas_bad,
    symbol_missing,
    symbol_unknown,
    beta_missing,
    beta_several,
    beta_symbol_unknown,
    quantity_missing,
    quantity_not_a_number,
    quantity_negative,
    quantity_infinite,
    quantity_contradiction,
    quantity_unit_missing,
    quantity_unit_unknown,
    density_missing,
    density_not_a_number,
    density_impossible,
};

/// The code of the issue, the column at fault, and whether the row is rejected rather than not
/// gradable.
struct FaultKind {
    std::string_view code;
    std::string_view column;
    bool rejects;
};
const FaultKind& kind_of(RowFault fault);

/// How a substance with its symbols is judged; rows alike share one.
struct Finding {
    int substance = -1;  ///< Row of table 1, -1 for a substance that goes by category.
    int reading = -1;
    bool condition_open = false;
    bool by_cas = false;     ///< The name is not in the table; its CAS number is.
    int q_category = -1;     ///< Category whose Q holds, -1 with table 1.
    int beta_category = -1;  ///< Category whose β holds, -1 with table 3.
    bool beta_assumed = false;
    std::int64_t weight = 0;  ///< q_unit/Q, 0 without Q.
    std::int64_t beta = 0;    ///< In beta units, 0 without.
    RowFault fault = RowFault::none;
    std::string detail;  ///< Argument of the fault's issue: candidates, symbols …
};

inline constexpr std::int64_t no_nanos = -1;
inline constexpr std::int64_t odd_nanos = -2;  ///< The quantity is a fraction in `odd`.

struct HazardRow {
    std::int32_t unit = 0;
    std::int32_t finding = 0;
    RowFault quantity = RowFault::none;
    bool no_unit = false;
    RowState state = RowState::graded;
};

struct HazardUnit {
    std::string name;
    bool nameless = false;  ///< Rows that say no unit.
    Fraction sum;           ///< Σ q/Q of the rows where it is certain.
    Fraction weighted;      ///< Σ β·q/Q of the rows where it is certain.
    std::size_t rows = 0, graded = 0, not_gradable = 0, rejected = 0;
    std::size_t without_ratio = 0;
    std::optional<std::int64_t> exposed;
    bool exposed_wrong = false;  ///< Its rows give what cannot be, or different numbers.
    int band = -1;
    int level = -1;
    MajorState major = MajorState::undetermined;
    double s = std::numeric_limits<double>::quiet_NaN();
    double r = std::numeric_limits<double>::quiet_NaN();
    double least = 0.0;
    std::vector<std::string> missing;
    bool complete() const { return missing.empty(); }
};

struct MajorHazards::State {
    std::shared_ptr<const MajorHazardStandard> standard;
    Table input;
    IssueTable issues;
    std::vector<std::pair<std::int64_t, std::size_t>> issue_rows;  // row and issue, sorted
    std::vector<std::pair<std::size_t, std::size_t>> issue_units;  // unit and issue, sorted
    std::vector<HazardRow> rows;
    std::vector<std::int64_t> nanos;                // 1e-9 t, or no_nanos, odd_nanos
    std::unordered_map<std::size_t, Fraction> odd;  // quantities that are no whole 1e-9 t
    std::vector<Finding> findings;
    std::vector<HazardUnit> units;        // by name
    std::vector<std::size_t> unit_start;  // rows of unit u: unit_rows[start[u] ..]
    std::vector<std::size_t> unit_rows;

    Fraction quantity(std::size_t row) const;  ///< Tonnes; the row must have one.
    bool has_ratio(std::size_t row) const {
        return nanos[row] != no_nanos && findings_of(row).weight > 0 && !rows[row].no_unit &&
               findings_of(row).fault == RowFault::none;
    }
    const Finding& findings_of(std::size_t row) const {
        return findings[static_cast<std::size_t>(rows[row].finding)];
    }
    Fraction ratio(std::size_t row) const;
    std::span<const std::size_t> rows_of(std::size_t unit) const {
        return std::span(unit_rows).subspan(unit_start[unit],
                                            unit_start[unit + 1] - unit_start[unit]);
    }
    double q_of(const Finding& finding) const;
    double beta_of(const Finding& finding) const;
    std::string q_clause(const Finding& finding, Lang lang) const;
    std::string beta_clause(const Finding& finding, Lang lang) const;
    std::string cell(std::size_t row, std::string_view column) const;
    std::string label(std::size_t row) const;
};

}  // namespace safetyrisk::scoring
