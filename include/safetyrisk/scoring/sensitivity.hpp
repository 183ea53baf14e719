// How much a grade leans on single judgements: what becomes of it when one of them is a step off,
// and how often disagreeing graders end in different grades.
//
// A neighbour of a row differs from it in one judgement by one step: the next value of a list, the
// next choice in the order of gravity (every other choice where there is no order), the other value
// of a flag, one more or less of a count. Measured numbers are no judgements and have no
// neighbours; what is not filled in has none either. Grades are colours where the method has any,
// else levels.
//
// Threads: plain values; the functions work on as many as `work` says.
// Throws: InputError, NotFoundError, Interrupted for a wrong call; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

struct SensitivityOptions {
    /// Rows asked about; empty: all.
    std::vector<std::size_t> rows;
    Work work;
};

/// A row with one judgement a step off.
struct Neighbour {
    std::size_t input = 0;  ///< Index into Method::inputs.
    std::string to;         ///< As people write it; of a choice its id.
    Words to_words;
    double score = 0.0;      ///< NaN without one.
    std::int16_t band = -1;  ///< Counted from the mildest; -1 without a level.
    int change = 0;          ///< Grades up (above 0) or down.
};

/// How grades of rows lean on their judgements; see sensitivity().
class Sensitivity {
public:
    const std::vector<std::size_t>& rows() const { return rows_; }
    /// Neighbours of the i-th row asked about; none for a row without a level.
    const std::vector<Neighbour>& neighbours(std::size_t i) const { return *answers_[i]; }

    /// Measured numbers of the i-th row, which are filled in and were not varied: indices into
    /// Method::inputs.
    std::vector<std::size_t> not_varied(std::size_t i) const;

    /// A row for each row asked about: `row id method level grade status neighbours changed raised
    /// lowered share inputs` (those that change it) `not_varied`.
    Table to_table() const;
    /// A row for each neighbour: `row id input name from to score level grade change`.
    Table neighbours_table(Lang lang = Lang::zh) const;
    /// A row for each input of each method: `method input name neighbours changed raised lowered
    /// share`.
    Table inputs(Lang lang = Lang::zh) const;
    /// The i-th row as prose.
    std::string text(std::size_t i, Lang lang = Lang::zh) const;

private:
    friend Sensitivity sensitivity(const Graded& graded, const SensitivityOptions& options);

    std::vector<std::size_t> rows_;
    std::vector<std::shared_ptr<const std::vector<Neighbour>>> answers_;
    std::shared_ptr<const Graded> graded_;
};

/// What one-step changes of single judgements do to the grades of a register. A direct rule that
/// decided a row keeps its grade from falling below the rule's. Throws NotFoundError for a row that
/// is not there.
Sensitivity sensitivity(const Graded& graded, const SensitivityOptions& options = {});

/// What graders of the same objects make of them; see disagreement().
class Disagreement {
public:
    const Graded& graded() const { return *graded_; }
    /// Pairs of gradings of one object by two graders; of them those whose inputs differ, and of
    /// these those whose grades differ.
    std::size_t pairs() const { return pairs_; }
    std::size_t inputs_differ() const { return inputs_differ_; }
    std::size_t grades_differ() const { return grades_differ_; }
    /// Objects, objects with at least two gradings, rows without a grade.
    std::size_t objects() const { return objects_; }
    std::size_t compared() const { return compared_; }

    /// A row for each pair whose inputs differ: `id method grader other inputs level other_level
    /// grade other_grade differs due_to`. `due_to` has the inputs that alone decide: a grading with
    /// only this input taken from the other has another grade, in either direction; empty where it
    /// takes several together.
    const Table& pair_table() const { return pair_table_; }
    /// A row for each object: `id gradings pairs inputs_differ grades_differ share grades due_to`.
    const Table& object_table() const { return object_table_; }
    /// A row for each input: `method input differs matters share`: pairs in which it differs, and
    /// in how many of them it alone decides.
    const Table& input_table() const { return input_table_; }
    std::string text(Lang lang = Lang::zh) const;

private:
    friend Disagreement disagreement(const Table& table, const GradeOptions& options,
                                     const std::string& grader);

    std::shared_ptr<const Graded> graded_;
    std::size_t pairs_ = 0, inputs_differ_ = 0, grades_differ_ = 0, objects_ = 0, compared_ = 0;
    Table pair_table_, object_table_, input_table_;
};

/// Compares several graders' judgements of the same objects: a long table of `id`, `grader` (or the
/// column named) and the inputs. Only gradings by one method are compared. Two rows of one object
/// by one grader are duplicates as in grade(). Throws InputError without those columns.
Disagreement disagreement(const Table& table, const GradeOptions& options,
                          const std::string& grader = "grader");

}  // namespace safetyrisk::scoring
