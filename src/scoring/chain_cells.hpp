// Cells of a register as inputs of a chain.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/method.hpp>

#include "chain.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace safetyrisk::scoring {

/// What is wrong with a cell.
enum class InputFault : std::uint8_t {
    none,
    missing,
    not_a_number,
    infinite,
    off_scale,
    out_of_range,
    decimals,
    not_whole,
    unknown_choice,
    not_a_flag,
    label_wrong,  ///< "6　possible", where 6 is another step
};

/// What a cell says.
struct InputCell {
    Int128 units = 0;  ///< Units, or the code of a choice.
    double real = 0.0;
    InputFault fault = InputFault::none;
};

/// Reads the cells of one input.
class InputReader {
public:
    InputReader(const MethodInput& input, const Slot& slot);

    /// A number, however it came.
    InputCell number(double value) const;
    /// A text.
    InputCell text(std::string_view text) const;
    /// Any cell of a column.
    InputCell cell(const Column& column, std::size_t row) const;

    /// Whether cells are yes and no, or whole numbers from `whole_low` to `whole_high`: those can
    /// be read without asking number().
    bool is_flag() const { return input_.kind == InputKind::flag; }
    bool is_whole() const { return whole_; }
    double whole_low() const { return whole_low_; }
    double whole_high() const { return whole_high_; }

private:
    const MethodInput& input_;
    const Slot& slot_;
    double scale_ = 1.0;  // 10^decimals
    bool whole_ = false;  // whether units are ones
    double whole_low_ = 0.0, whole_high_ = 0.0;
    std::vector<double> step_values_;  // by step, with their units
    std::vector<Int128> step_units_;
    std::unordered_map<std::string, std::int32_t> words_;    // of choices and flags
    std::vector<std::pair<double, std::int32_t>> numbered_;  // choices that are numbers
};

/// Name as compared: half-width, without blanks, ASCII in small letters.
std::string word_key(std::string_view text);

/// A column of a register as cells of an input, readable from many threads. Texts are read once
/// each.
class InputColumn {
public:
    /// `column` may be null: all cells are empty.
    InputColumn(const Column* column, const InputReader& reader, const Slot& slot,
                const Work& work);

    /// Reads `n` rows, begin + offsets[i], or begin + i where `offsets` is null.
    void read(std::size_t begin, const std::uint16_t* offsets, std::size_t n, Int128* units,
              double* reals, CellState* states) const;

private:
    // A text that stands in many cells, and what it says.
    struct Frequent {
        std::string text;
        std::uint64_t key = 0;  // of short_key
        InputCell cell;
    };

    template <class CellOf>
    void fill(std::size_t begin, const std::uint16_t* offsets, std::size_t n, Int128* units,
              double* reals, CellState* states, const CellOf& cell_of) const;
    bool read_plain(std::size_t begin, const std::uint16_t* offsets, std::size_t n, Int128* units,
                    CellState* states) const;
    bool find_frequent();

    const Column* column_;
    const InputReader& reader_;
    bool real_ = false;
    CellState when_missing_ = CellState::lacking;
    Buffer<std::int32_t> numbers_;  // of texts: which of `known_`, -1 missing
    std::vector<InputCell> known_;
    std::vector<Frequent> frequent_;  // of texts, instead of numbers, where few are different
};

}  // namespace safetyrisk::scoring
