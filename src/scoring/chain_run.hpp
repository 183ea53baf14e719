// Running a chain over the rows of a register.
#pragma once

#include <safetyrisk/core/table.hpp>

#include "chain_cells.hpp"

#include <array>
#include <deque>

namespace safetyrisk::scoring {

/// Rows that are worked on at a time.
inline constexpr std::size_t chain_block = 128;

/// The values of one slot in the rows of a block.
struct Lane {
    std::array<Int128, chain_block> units;    ///< Exact, labels, tops of quotients.
    std::array<Int128, chain_block> bottoms;  ///< Of quotients.
    std::array<double, chain_block> reals;
    std::array<CellState, chain_block> states;
};

/// What a chain gives for each row of a block.
struct ChainResult {
    std::array<double, chain_block> score;           ///< NaN without one.
    std::array<std::uint8_t, chain_block> band;      ///< Kernel's counting, 255 none.
    std::array<std::uint8_t, chain_block> by_score;  ///< Without vetoes.
    std::array<std::int16_t, chain_block> veto;      ///< -1 none.
    std::array<CellState, chain_block> state;
};

/// Memory for one thread that runs a chain.
struct ChainSpace {
    explicit ChainSpace(const Chain& chain)
        : lanes(chain.slots.size()), unclear(chain.vetoes.size(), 0) {}
    std::vector<Lane> lanes;  ///< By slot; inputs first.
    ChainResult result;
    /// By veto: rows where it does not hold only because something is empty.
    std::vector<std::size_t> unclear;
};

/// Takes the steps of a chain over the first `n` places of the lanes of its inputs.
void run_chain(const Chain& chain, ChainSpace& space, std::size_t n);

/// A chain and the columns of a register that it reads. Threads: read-only once made.
class ChainRun {
public:
    ChainRun(const Method& method, const Table& table, const Work& work);
    ChainRun(const ChainRun&) = delete;  // columns look at readers
    ChainRun& operator=(const ChainRun&) = delete;

    /// Memory for one thread.
    class Space : public ChainSpace {
    public:
        explicit Space(const ChainRun& run) : ChainSpace(run.chain_) {}
    };

    /// Up to chain_block rows, begin + offsets[i], or begin + i where `offsets` is null.
    void run(Space& space, std::size_t begin, const std::uint16_t* offsets, std::size_t n) const;

    /// One row.
    void run(Space& space, std::size_t row) const { run(space, row, nullptr, 1); }

    const InputReader& reader(std::size_t input) const { return readers_[input]; }

private:
    const Chain& chain_;
    std::deque<InputReader> readers_;
    std::vector<InputColumn> columns_;
};

/// Three ways a condition can stand in a row.
enum class Truth : std::uint8_t { no, empty, unknown, yes };

/// Whether all conditions hold in row i of a block: `empty` when what is missing alone keeps them
/// from holding, and is optional; `unknown` when it is not.
Truth rule_holds(const Chain& chain, const std::vector<Lane>& lanes, const ChainRule& rule,
                 std::size_t i);

/// Which row of a scale a value falls into, which key of a table; -1 none.
std::int32_t row_of_value(const Slot& slot, const Lane& lane, std::size_t i,
                          const std::vector<Gate>& gates, const std::vector<std::int32_t>& labels);

/// The value of a slot in row i as a double; not for labels.
double value_of(const Slot& slot, const Lane& lane, std::size_t i);

}  // namespace safetyrisk::scoring
