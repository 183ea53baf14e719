// One door to "what level have these inputs", for methods of every form.
//
// A judgement is a value of one input: of a product a step, of a chain what its first lanes take.
// A judge gives a verdict for each case, a judgement of every input; answers that ask what would be
// if something were different (counterfactuals, sensitivity, spread) are made of verdicts alone.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/direction.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include "chain_run.hpp"
#include "factor_input.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// A value of one input.
struct Judgement {
    Int128 units = 0;   ///< Of a chain: whole units, or the code of a choice.
    double real = 0.0;  ///< Of a product the value; of a chain that of a free number.
    CellState state = CellState::lacking;

    friend bool operator==(const Judgement&, const Judgement&) = default;
};

/// A judgement of every input, in the method's order.
using Case = std::vector<Judgement>;

/// What a case gives.
struct Verdict {
    RowState state = RowState::rejected;
    double score = nan_value;
    std::uint8_t band = 255;  ///< Kernel's counting, from the mildest; 255 none.
};

/// Where a number's readings change: just before or just after a value.
struct Cut {
    Int128 units = 0;    ///< Exact: the first whole number of units beyond it.
    double value = 0.0;  ///< Real.
    bool after = false;  ///< Real: whether `value` itself still lies before the cut.
};

/// What is known of an input before there is a case.
struct InputShape {
    Direction direction = Direction::unknown;
    /// Its values in order, where it has a list: steps, flags, choices. Choices without an order
    /// stand as the pack writes them.
    std::vector<Judgement> places;
    std::vector<std::size_t> ranks;  ///< Of places; equal ones mean the same everywhere.
    bool ordered = true;             ///< Whether its places have an order.
    /// A number that is looked at through ranges only changes its meaning at these cuts.
    bool gated = false;
    std::vector<Cut> cuts;               ///< Ascending.
    std::vector<std::size_t> beside;     ///< Inputs that it is compared with.
    Int128 low = 0, high = 0;            ///< Exact numbers.
    double real_low = 0, real_high = 0;  ///< Free numbers: smallest and largest that are tried.
};

/// A method that gives verdicts. Threads: read-only once made; each thread has a Space.
class Judge {
public:
    explicit Judge(std::shared_ptr<const Method> method, bool averaged = false);

    const Method& method() const { return *method_; }
    std::size_t inputs() const { return method_->inputs().size(); }
    const MethodInput& input(std::size_t k) const { return method_->inputs()[k]; }
    bool is_chain() const { return method_->form() == Form::chain; }
    /// Whether input k is a double in the arithmetic.
    bool is_real(std::size_t k) const;

    /// Memory for one thread.
    struct Space {
        explicit Space(const Judge& judge);
        std::unique_ptr<ChainSpace> chain;
        std::vector<std::vector<double>> factors;
        std::vector<std::uint8_t> grade, band;
        std::vector<double> score;
    };

    /// Cases judged at a time.
    static constexpr std::size_t block = chain_block;

    /// Judges `n` cases, at most `block`; case i is `cases[i * inputs()]` and on.
    void judge(Space& space, const Judgement* cases, std::size_t n, Verdict* out) const;
    Verdict judge(Space& space, const Case& one) const {
        Verdict out;
        judge(space, one.data(), 1, &out);
        return out;
    }

    /// The case of each row, from the columns of a register.
    class Rows {
    public:
        Rows(const Judge& judge, const Table& table);
        Case operator()(std::size_t row) const;

    private:
        const Judge& judge_;
        std::vector<FactorInput> factors_;
        std::vector<const Column*> columns_;
    };

    /// A text as a judgement of input k; what is wrong with it otherwise.
    std::pair<Judgement, InputFault> read(std::size_t k, std::string_view text) const;
    std::pair<Judgement, InputFault> read(std::size_t k, double value) const;
    std::pair<Judgement, InputFault> read_cell(std::size_t k, const Column& column,
                                               std::size_t row) const;

    /// A judgement as people write it: a number, the id of a choice, 是 or 否.
    std::string text(std::size_t k, const Judgement& value) const;
    /// The same with the words of a choice in a language.
    std::string words(std::size_t k, const Judgement& value, Lang lang) const;
    /// A judgement as a number; NaN for choices.
    double number(std::size_t k, const Judgement& value) const;

    const InputShape& shape(std::size_t k) const { return shapes_[k]; }
    /// The place of a judgement in shape(k).places; nothing for a number without a list.
    std::optional<std::size_t> place(std::size_t k, const Judgement& value) const;

private:
    std::pair<Judgement, InputFault> judgement(std::size_t k, const InputCell& cell) const;

    std::shared_ptr<const Method> method_;
    bool averaged_;
    std::deque<InputReader> readers_;  // of a chain
    std::vector<InputShape> shapes_;
};

/// Calls `body(begin, end)` for tasks of a few rows each, so that rows that take long are shared
/// between threads and an interrupt is soon seen; progress is told in rows.
void for_rows(std::size_t n, std::size_t few, const Work& work,
              const std::function<void(std::size_t begin, std::size_t end)>& body);

/// Direction, places and cuts of every input. Sound: `up` and `down` are proofs.
std::vector<InputShape> input_shapes(const Method& method);

/// A key that is equal for equal cases of one method.
std::string case_key(const Case& one);

}  // namespace safetyrisk::scoring
