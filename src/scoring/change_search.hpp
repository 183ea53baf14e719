// The smallest changes of one case's inputs that reach a level.
//
// Subsets of inputs are tried in the order of their size. What a subset can do at most is known
// before its values are tried: from directions (the far end of every input) where all are proved,
// else from the levels that bounds of every step leave possible (chain_bounds.hpp). A number that
// arithmetic uses is searched for its nearest value on each side by halving its range, leaving out
// the halves that those bounds exclude, so a number that pulls both ways misses nothing.
#pragma once

#include <safetyrisk/scoring/counterfactual.hpp>

#include "judge.hpp"

#include <memory>
#include <vector>

namespace safetyrisk::scoring {

/// Finds the aims of cases of one method. Threads: one search is for one thread.
class ChangeSearch {
public:
    /// `height` is by band, `fixed` by input.
    ChangeSearch(const Judge& judge, const std::vector<int>& height, const std::vector<bool>& fixed,
                 std::size_t most_trials);
    ~ChangeSearch();

    /// Fills in the state, ways and extent of `aim`, to be of height `wanted` or beyond. Ranks of
    /// the levels of ways are bands; 255 where a way has no values.
    void run(const Case& base, Aim& aim, int wanted);

private:
    class Search;
    std::unique_ptr<Search> search_;
};

}  // namespace safetyrisk::scoring
