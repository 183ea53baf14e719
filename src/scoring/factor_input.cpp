#include "factor_input.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring {
namespace {

FactorInput read_numbers(const Column& column) {
    FactorInput input;
    if (column.type() == ColumnType::number && !column.has_nulls()) {
        input.values = column.numbers();
        return input;
    }
    const std::size_t n = column.size();
    input.own.assign(n, nan_value);
    for (std::size_t row = 0; row < n; ++row) {
        const NumberCell cell = column.number(row);
        if (cell.state == NumberCell::State::value) input.own[row] = cell.value;
        if (cell.state != NumberCell::State::not_a_number) continue;
        if (input.faults.empty()) input.faults.assign(n, CellFault::none);
        input.faults[row] = CellFault::not_a_number;
    }
    input.values = input.own;
    return input;
}

bool is_possible(const Factor& factor, double value, bool averaged) {
    if (averaged) return value >= factor.steps.back().value && value <= factor.steps.front().value;
    return std::any_of(factor.steps.begin(), factor.steps.end(),
                       [&](const Step& step) { return step.value == value; });
}

}  // namespace

FactorInput read_factor(const Table& table, const Factor& factor, bool averaged) {
    const std::size_t n = table.rows();
    const Column* whole = table.find(factor.id);
    FactorInput input;
    if (whole != nullptr) input = read_numbers(*whole);
    std::vector<FactorInput> parts;
    for (const Part& part : factor.parts)
        if (const Column* column = table.find(part.id)) parts.push_back(read_numbers(*column));
    if (whole == nullptr)
        input.own.assign(n, nan_value);
    else if (!parts.empty() && input.own.empty())
        input.own.assign(input.values.begin(), input.values.end());
    if (!input.own.empty()) input.values = input.own;
    if (parts.empty()) return input;
    if (input.faults.empty()) input.faults.assign(n, CellFault::none);
    for (std::size_t row = 0; row < n; ++row) {
        double worst = nan_value;
        for (const FactorInput& part : parts) {
            if (part.fault(row) != CellFault::none) input.faults[row] = CellFault::not_a_number;
            const double value = part.values[row];
            if (std::isnan(value)) continue;
            if (input.faults[row] == CellFault::none && !is_possible(factor, value, averaged))
                input.faults[row] = CellFault::impossible_part;
            if (std::isnan(worst) || value > worst) worst = value;
        }
        double& value = input.own[row];
        if (std::isnan(worst) || input.faults[row] != CellFault::none) continue;
        if (std::isnan(value))
            value = worst;
        else if (value != worst)
            input.faults[row] = CellFault::contradicts_parts;
    }
    for (std::size_t row = 0; row < n; ++row)
        if (input.faults[row] != CellFault::none) input.own[row] = nan_value;
    return input;
}

}  // namespace safetyrisk::scoring
