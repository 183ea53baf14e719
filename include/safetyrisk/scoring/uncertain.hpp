// How sure a grade is: inputs given as intervals or distributions, the probability of each level
// out.
//
// A cell of an input may be, besides a plain value:
//   "[3, 6]" or "3~6"            every value of the scale from 3 to 6, equally likely; of a number
//                                without decimals every number in between
//   "3:0.2; 6:0.5; 10:0.3"       values with weights, which are divided by their sum
//   "uniform(1, 5)", "均匀(1,5)"           a number, equally likely from 1 to 5
//   "triangular(1, 2, 5)", "三角(1,2,5)"   a number, most likely 2
// Inputs are independent of each other. Where the combinations of values are few enough the
// probabilities are sums over all of them; else they are shares of seeded draws, each made from
// seed, id of the row and number of the draw alone, so that neither threads nor the order of rows
// change them. Drawn numbers are rounded to the decimals their input allows.
//
// Threads: plain values; uncertain() works on as many as the options say.
// Throws: InputError, NotFoundError, Interrupted for a wrong call; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

struct UncertainOptions {
    /// How rows are graded; its direct rules are not asked.
    GradeOptions grading;
    std::uint64_t seed = 0;
    /// Draws for a row that is not settled by enumeration.
    std::size_t draws = 10000;
    /// Combinations of values that are enumerated at most; 0: always draw.
    std::size_t most_exact = 10000;
};

/// How a row's probabilities were found.
enum class Certainty : std::uint8_t {
    none,     ///< The row has no level.
    certain,  ///< It has one value of each input.
    exact,    ///< All combinations were enumerated.
    draws,
};

/// "none", "certain", "exact", "draws".
std::string_view to_string(Certainty certainty);

/// What may become of one row.
struct Chances {
    Certainty certainty = Certainty::none;
    std::size_t cases = 0;        ///< Combinations or draws.
    std::vector<double> bands;    ///< Probability of each band, the mildest first.
    double without = 0.0;         ///< Probability that the inputs have no level.
    double standard_error = 0.0;  ///< Of draws, the largest over all levels.
};

/// Probabilities of each row's levels; see uncertain().
class Uncertain {
public:
    std::size_t rows() const { return all_.size(); }
    /// The register graded with the likeliest value of each cell: its states and issues are those
    /// of the rows.
    const Graded& central() const { return *central_; }
    /// Cells that were meant as distributions and cannot be read as one.
    const IssueTable& issues() const { return issues_; }
    const Chances& chances(std::size_t row) const { return all_.at(row); }
    std::uint64_t seed() const { return seed_; }

    /// A row for each row: `id method status grade` (that of the likeliest values) `p_red p_orange
    /// p_yellow p_blue p_without likely mildest gravest way cases standard_error`.
    Table to_table() const;
    /// A row for each level that a row may have: `row id level word grade p`.
    Table levels(Lang lang = Lang::zh) const;
    /// One row as prose.
    std::string text(std::size_t row, Lang lang = Lang::zh) const;

private:
    friend Uncertain uncertain(Table table, const UncertainOptions& options);

    std::shared_ptr<const Graded> central_;
    IssueTable issues_;
    std::vector<Chances> all_;
    std::uint64_t seed_ = 0;
};

/// Probabilities of the levels of every row of a register whose inputs may be distributions.
Uncertain uncertain(Table table, const UncertainOptions& options);

}  // namespace safetyrisk::scoring
