// A chain as a program: typed slots for inputs and steps, and one operation for each step.
//
// Reading a pack settles everything that does not depend on a row: the unit that each number is a
// whole number of, the bounds of every value (so that no sum or product of a row can overflow), the
// whole numbers at which ranges begin and end. What is left for a row are whole numbers of 128
// bits.
#pragma once

#include <safetyrisk/scoring/method.hpp>

#include "int128.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace safetyrisk::detail {
class JsonView;
}

namespace safetyrisk::scoring {

/// Bounds of values and of what they are compared with stay below this.
inline constexpr double exact_limit = 1e37;
/// An input's whole number of units is at most this: above, decimals of a double are not certain.
inline constexpr double unit_limit = 9e15;
/// "No end" of a range of whole numbers.
inline constexpr Int128 no_end = Int128{1} << 126U;

enum class ValueType : std::uint8_t {
    exact,     ///< A whole number of 1 / unit.
    real,      ///< A double.
    quotient,  ///< Two whole numbers; compared without rounding.
    label,     ///< A code into `labels`.
};

/// A constant of a pack: what its decimal digits say.
struct Constant {
    double value = 0.0;
    Int128 top = 0;
    Int128 bottom = 1;
};

/// What is known of a value before there is a row.
struct Slot {
    std::string id;
    Words name;
    ValueType type = ValueType::exact;
    Int128 unit = 1;                         ///< Of exact ones: units in one.
    Int128 low = 0, high = 0;                ///< Bounds in units; of quotients those of the top.
    Int128 bottom_high = 1;                  ///< Of quotients: bound of the bottom.
    double real_low = 0.0, real_high = 0.0;  ///< Bounds of reals and quotients.
    bool low_closed = true, high_closed = true;
    bool listed = false;      ///< Whether `set` has all values it may take.
    std::vector<Int128> set;  ///< In units, ascending.
    std::vector<std::string> labels;
    std::vector<Words> label_names;  ///< Of choices; else empty.
    bool flag = false;               ///< Whether 1 and 0 mean yes and no.
    bool optional = false;           ///< Whether it may be empty.
    bool used = false;
    /// Of inputs: whether a row without it has no level whatever the steps make of the others,
    /// because a rule, a veto or the score asks for it.
    bool always_asked = false;
};

/// What is known of a value in a row.
enum class CellState : std::uint8_t {
    known,
    empty,    ///< An optional input that nobody filled in, or what is read from it.
    lacking,  ///< It cannot be known: the row is not gradable.
    bad,      ///< It cannot be: the row is rejected.
};

/// A range of values, for the type of the slot that it looks at.
struct Gate {
    Int128 first = -no_end, last = no_end;  ///< Exact: whole numbers of units.
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_closed = true, high_closed = true;
    Constant low_end, high_end;  ///< Quotients, where the ends are finite.
    std::string text;            ///< As the pack writes it.

    bool holds(Int128 x) const { return x >= first && x <= last; }
    bool holds(double x) const {
        return (low_closed ? x >= low : x > low) && (high_closed ? x <= high : x < high);
    }
    /// Of top / bottom, the bottom above 0.
    bool holds(Int128 top, Int128 bottom) const;
};

enum class Comparator : std::uint8_t { equal, differs, less, at_most, more, at_least };

/// One comparison of a `when`.
struct ChainCondition {
    std::uint32_t slot = 0;
    bool negated = false;
    std::vector<Gate> gates;           ///< Numbers: one of them holds.
    std::vector<std::uint8_t> labels;  ///< Labels: by code, whether it holds.
    std::int32_t other = -1;           ///< Another slot to compare with, -1 none.
    Comparator comparator = Comparator::equal;
    Int128 factor = 1, other_factor = 1;  ///< To common units, when both are exact.
};

/// All of them must hold.
using ChainRule = std::vector<ChainCondition>;

/// One thing that a step takes.
struct Term {
    std::uint32_t slot = 0;
    Int128 factor = 1;    ///< Exact: what its units are multiplied by to be those of the step.
    double weight = 1.0;  ///< Real.
};

/// An item or a bonus of a checklist.
struct ChainItem {
    std::string id;
    Words name;
    std::string clause;
    std::uint32_t slot = 0;
    Int128 points = 0;             ///< For each unit of the input, in units of the step.
    std::vector<Int128> by_label;  ///< By label instead.
    bool has_if_empty = false;
    Int128 if_empty = 0;  ///< Points of an optional input that is empty.
};

enum class Action : std::uint8_t {
    scale,
    product,
    largest,
    smallest,
    sum,
    table,
    checklist,
    count,
    first,
    ratio,
};

enum class Rounding : std::uint8_t { none, up, down, half_up };

/// What a step does. Which members mean something depends on the action.
struct Operation {
    Action action = Action::scale;
    std::uint32_t out = 0;
    std::vector<std::uint32_t> reads;  ///< All slots that it looks at.
    std::vector<Term> terms;           ///< Of a ratio those above, then those below the line.
    std::size_t over = 0;              ///< How many of them are above.
    bool real = false;                 ///< Whether it counts in doubles.

    std::vector<Gate> rows, columns;                   ///< Scale, table: by number …
    std::vector<std::int32_t> row_of, column_of;       ///< … or by label.
    std::vector<Int128> values;                        ///< Scale, table (by row), first: results.
    std::vector<Words> meanings;                       ///< Of rows and rules; may be empty.
    std::vector<std::string> row_texts, column_texts;  ///< As the pack writes them.

    std::vector<ChainRule> rules;
    std::vector<Words> conditions;  ///< Of rules, as a person reads them.
    std::int32_t otherwise = -1;    ///< Place in `values`, -1 none.

    std::size_t at_least_filled = 1;
    std::size_t enough = 0;  ///< 0: all are asked.

    Int128 start = 0;
    Int128 multiply = 1, divide = 1;  ///< Sum: the whole of it.
    Rounding rounding = Rounding::none;
    bool has_at_least = false, has_at_most = false;
    Int128 at_least = 0, at_most = 0;
    double divide_by = 1.0, real_at_least = 0.0, real_at_most = 0.0;
    double times = 1.0;
    Int128 top_factor = 1, bottom_factor = 1;  ///< Ratio.
    std::vector<ChainItem> items, bonuses;
};

/// A veto as conditions; its words are in Method::vetoes().
struct ChainVeto {
    ChainRule when;
    std::uint8_t band = 0;  ///< Kernel's counting: from the mildest.
};

/// The program of a chain.
struct Chain {
    std::vector<Slot> slots;  ///< Inputs, then steps.
    std::size_t inputs = 0;
    std::vector<Operation> operations;
    std::uint32_t result = 0;
    std::int32_t score = -1;                  ///< Slot of the score, -1 none.
    std::vector<Gate> bands;                  ///< Gravest first; empty where labels decide.
    std::vector<std::uint8_t> band_of_label;  ///< Kernel's counting.
    std::vector<ChainVeto> vetoes;
};

/// What reading gives: the program, and what a Method tells about it.
struct ReadChain {
    Chain chain;
    std::vector<MethodInput> inputs;
    std::vector<MethodStep> steps;
    std::vector<Band> bands;
    std::vector<Veto> vetoes;
};

/// Reads and checks the content of a pack of form "chain"; throws DocumentError.
ReadChain read_chain(const detail::JsonView& content);

/// Reads {"zh", "en"}.
Words read_words(const detail::JsonView& view);
/// Reads "(160, 320]" into four members.
struct RangeEnds {
    double low = 0.0, high = 0.0;
    bool low_closed = true, high_closed = false;
};
RangeEnds read_range(const detail::JsonView& view);
/// The scale a content names.
LevelScale read_scale(const detail::JsonView& view);

}  // namespace safetyrisk::scoring
