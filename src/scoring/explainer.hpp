// Explains rows of a graded register, with what reads their inputs made once for all of them.
#pragma once

#include <safetyrisk/scoring/graded.hpp>

#include "chain_run.hpp"
#include "factor_input.hpp"

#include <memory>
#include <vector>

namespace safetyrisk::scoring {

// The inputs of a register, or of one row of it, as its methods read them. Threads: read-only.
class Graded::RowInputs {
public:
    /// Of all rows and all methods.
    explicit RowInputs(const Graded& of, const Work& work = {})
        : graded(of), methods_(of.methods_.size()) {
        for (std::size_t m = 0; m < methods_.size(); ++m)
            read(m, of.input_, work);
    }
    /// Of a table whose row 0 is row `row` of the register, and of its method.
    RowInputs(const Graded& of, const Table& table, std::size_t row)
        : graded(of), methods_(of.methods_.size()), first_(row) {
        const std::int16_t m = of.method_of(row);
        if (m >= 0) read(static_cast<std::size_t>(m), table, {});
    }

    const ChainRun& chain(std::size_t m) const { return *methods_[m].run; }
    std::size_t place(std::size_t row) const { return row - first_; }
    /// The value of a factor, NaN without one.
    double factor(std::size_t m, std::size_t f, std::size_t row) const {
        return methods_[m].factors[f].values[place(row)];
    }

    const Graded& graded;

private:
    struct PerMethod {
        std::unique_ptr<const ChainRun> run;
        std::vector<FactorInput> factors;
    };

    void read(std::size_t m, const Table& table, const Work& work) {
        const Method& method = *graded.methods_[m];
        if (method.form() == Form::chain)
            methods_[m].run = std::make_unique<const ChainRun>(method, table, work);
        for (const Factor& factor : method.factors())
            methods_[m].factors.push_back(read_factor(table, factor, graded.averaged_));
    }

    std::vector<PerMethod> methods_;
    std::size_t first_ = 0;
};

// One for each thread.
class Graded::Explainer {
public:
    explicit Explainer(const RowInputs& inputs)
        : inputs_(inputs), spaces_(inputs.graded.methods_.size()) {}

    Explanation explain(std::size_t row, Lang lang);

private:
    /// The values of a chain in row `row`, which stand in front of each lane.
    const ChainRun::Space& chain(std::size_t m, std::size_t row) {
        if (spaces_[m] == nullptr) spaces_[m] = std::make_unique<ChainRun::Space>(inputs_.chain(m));
        inputs_.chain(m).run(*spaces_[m], inputs_.place(row));
        return *spaces_[m];
    }

    const RowInputs& inputs_;
    std::vector<std::unique_ptr<ChainRun::Space>> spaces_;
};

}  // namespace safetyrisk::scoring
