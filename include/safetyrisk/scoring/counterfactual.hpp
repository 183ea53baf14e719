// What would have to be different: the smallest changes of inputs that lower a row's grade by one,
// and by one more, and those that raise it.
//
// Smallest means fewest inputs changed, then fewest steps on their scales, then the method's order
// of inputs; changes that tie are all listed. A step is the next value of a list, the next choice
// in the order of their gravity, of a number or count that is looked at through ranges only the
// next range, of a count that arithmetic uses one more or less, and of another number that
// arithmetic uses the whole way to its nearest edge, on either side. For a number the change names
// the edge itself and its side: "<= 99.9", "< 300". An input that is not filled in is never
// changed, and neither is one that the caller fixes; a factor given by parts is changed as a whole.
//
// Grades are colours where the method has any (of its own or of a map), else levels. The search is
// exhaustive: proofs of direction (more of this input is never milder) and bounds of every step
// leave out what cannot do, and where it ends before that, the aim is open and says how far it
// came.
//
// Threads: plain values; counterfactual() works on as many as `work` says.
// Throws: InputError, NotFoundError, Interrupted for a wrong call.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

struct CounterfactualOptions {
    /// Ids of inputs that cannot be changed, such as the consequence of an accident.
    std::vector<std::string> fixed;
    /// Rows asked about; empty: all.
    std::vector<std::size_t> rows;
    /// Cases tried for one aim before it is given up as open.
    std::size_t most_trials = 200000;
    Work work;
};

/// One input of a way.
struct Change {
    std::size_t input = 0;  ///< Index into Method::inputs.
    std::string from;       ///< As people write it; of a choice its id.
    std::string to;         ///< The same; empty where several numbers would have to move together.
    Words from_words;
    Words to_words;
    std::string side;       ///< "=", or of numbers "<", "<=", ">", ">=": this far or further.
    bool near = false;      ///< Of a number that may pull both ways: this far, but not any further.
    std::size_t steps = 0;  ///< On its scale.
};

/// One smallest set of changes.
struct Way {
    std::vector<Change> changes;  ///< In the method's order of inputs.
    std::size_t steps = 0;        ///< Of all changes together.
    double score = 0.0;           ///< NaN where the method has none.
    Level level;                  ///< What the row would have.
};

enum class AimState : std::uint8_t {
    found,
    unreachable,      ///< No change of the inputs that may be changed gets there.
    several_numbers,  ///< Several free numbers must move together; ways name them without values.
    open,             ///< Not settled within the trials allowed.
    kept,             ///< A direct-determination rule keeps the grade whatever the inputs.
};

/// "found", "unreachable", "several_numbers", "open", "kept".
std::string_view to_string(AimState state);

/// A grade that the row could have, and how.
struct Aim {
    bool raise = false;
    std::size_t by = 1;  ///< How many grades away.
    Level level;         ///< The nearest level of that grade; the aim is this or beyond.
    AimState state = AimState::found;
    /// Of an open one those found so far, perhaps not the smallest.
    std::vector<Way> ways;
    std::size_t trials = 0;   ///< Cases tried, and parts of ranges settled by bounds.
    std::size_t settled = 0;  ///< Of an open one: no change of so many inputs or fewer does.
};

/// What would have to be different in some rows of a graded register; see counterfactual().
class Counterfactuals {
public:
    /// Rows asked about, in the order asked.
    const std::vector<std::size_t>& rows() const { return rows_; }
    /// Aims of the i-th of them, lower ones first, the nearest first; none for a row without a
    /// level.
    const std::vector<Aim>& aims(std::size_t i) const { return *answers_[i]; }
    const std::vector<std::string>& fixed() const { return fixed_; }

    /// One row for each way, and for each aim without one, and for each row without aims: `row id
    /// method level grade direction by status way changed steps changes to_level to_grade score`.
    Table to_table(Lang lang = Lang::zh) const;
    /// One row for each change: `row id direction by way input name from side to steps`.
    Table changes(Lang lang = Lang::zh) const;
    /// The i-th answer as prose.
    std::string text(std::size_t i, Lang lang = Lang::zh) const;

private:
    friend Counterfactuals counterfactual(const Graded& graded,
                                          const CounterfactualOptions& options);

    std::vector<std::size_t> rows_;
    std::vector<std::string> fixed_;
    std::vector<std::shared_ptr<const std::vector<Aim>>> answers_;
    std::shared_ptr<const Graded> graded_;
};

/// Finds the smallest changes for rows of a graded register. Throws NotFoundError for a row or a
/// fixed input that is not there.
Counterfactuals counterfactual(const Graded& graded, const CounterfactualOptions& options = {});

}  // namespace safetyrisk::scoring
