// Which step of a factor a value is.
#pragma once

#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <vector>

namespace safetyrisk::scoring {

// Which step of a factor a value is: its place among the steps, or -1.
class StepFinder {
public:
    StepFinder(const Method& method, std::size_t f) : table_(method.kernel().factors.at(f)) {
        const std::vector<Step>& steps = method.factors()[f].steps;
        place_.assign(table_.exact.size(), -1);
        for (std::size_t s = 0; s < steps.size(); ++s)
            place_.at(static_cast<std::size_t>(table_.units(steps[s].value))) =
                static_cast<std::int32_t>(s);
    }
    std::int32_t operator()(double value) const {
        const std::int64_t units = table_.units(value);
        return units == 0 ? -1 : place_[static_cast<std::size_t>(units)];
    }

private:
    StepTable table_;
    std::vector<std::int32_t> place_;
};

}  // namespace safetyrisk::scoring
