// Grading bare arrays, without tables, ids or issues: for pipelines that have their own.
//
// Scores, grades and tallies are the same bytes for every instruction set (core/isa.hpp), number of
// threads and, for tallies, order of the rows. Functions that take a FactorColumn want one for each
// factor, in the order of Method::factors, and work in one pass and a few KB of memory.
//
// Threads: free functions; calls that write different spans may run at once.
// Throws: InputError, Interrupted as noted; a value off the scale throws nothing.
#pragma once

#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/method.hpp>
#include <safetyrisk/scoring/step_codes.hpp>
#include <safetyrisk/scoring/tally.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace safetyrisk::scoring {

/// LEC of n judgements (D = L·E·C, dimensionless): writes n scores (NaN where there is none) and n
/// grades (0 not graded, 1 blue, 2 yellow, 3 orange, 4 red). A value that is not a step of its
/// factor gives no grade. Throws InputError when lengths differ or the method has other factors.
void lec(std::span<const double> L, std::span<const double> E, std::span<const double> C,
         std::span<double> score, std::span<std::uint8_t> grade, const Method& method,
         const Work& work = {});

/// Risk matrix of n judgements (R = L·S); otherwise as lec().
void ls(std::span<const double> L, std::span<const double> S, std::span<double> score,
        std::span<std::uint8_t> grade, const Method& method, const Work& work = {});

/// Scores and grades as of lec(), from columns of any kind. float32 scores are the nearest to the
/// exact ones. Throws InputError when lengths differ, the method has another number of factors, or
/// it has no step codes (Method::has_step_codes) and something else than float64 is given or asked.
void score_columns(std::span<const FactorColumn> factors, std::span<double> score,
                   std::span<std::uint8_t> grade, const Method& method, const Work& work = {});
void score_columns(std::span<const FactorColumn> factors, std::span<float> score,
                   std::span<std::uint8_t> grade, const Method& method, const Work& work = {});

/// Writes the step codes of n judgements of factor `factor`, an index into Method::factors. Throws
/// InputError when lengths differ, there is no such factor, or the method has no step codes.
void encode_steps(const FactorColumn& column, std::size_t factor, std::span<std::uint8_t> codes,
                  const Method& method, const Work& work = {});

/// Tallies of rows that stand group by group: group g has the rows from `offsets[g]` up to, and
/// without, `offsets[g + 1]`. `offsets` begins with 0, ends with the number of rows and never
/// falls; `out` has one place less. Throws InputError when that is not so, when columns differ in
/// length or number, or when the method has no step codes.
void tally_offsets(std::span<const FactorColumn> factors, std::span<const std::int64_t> offsets,
                   std::span<Tally> out, const Method& method, const Work& work = {});

/// Tallies of rows in any order: row i belongs to group `groups[i]`, which is below `out.size()`.
/// Sorted groups are noticed. Others are dealt out to ranges of groups that fit the cache, never
/// sorted; that takes 4 bytes a row, at most 34 MB. Throws InputError, naming the row, when a group
/// is not below `out.size()`, and otherwise as tally_offsets.
void tally_groups(std::span<const FactorColumn> factors, const GroupIds& groups,
                  std::span<Tally> out, const Method& method, const Work& work = {});

/// Tallies of groups of groups: sets each place of `out` to the sum of the children whose parent it
/// is. Throws InputError when lengths differ or a parent is not below `out.size()`.
void tally_parents(std::span<const Tally> children, const GroupIds& parents, std::span<Tally> out);

}  // namespace safetyrisk::scoring
