// The tables of code_tables.hpp with the memory that they look at.
#pragma once

#include "code_tables.hpp"

#include <safetyrisk/scoring/method.hpp>

#include <memory>
#include <vector>

namespace safetyrisk::scoring::loops {

struct CodeStore {
    CodeTables tables;
    std::vector<std::vector<std::uint8_t>> look_ups;
    std::vector<double> scores;
    std::vector<std::uint8_t> grades;
    std::vector<std::uint8_t> bands;
    std::vector<Tally> tallies;
};

/// The tables of a method whose factors and kernel are complete; null when judgements do not fit
/// codes.
std::unique_ptr<const CodeStore> make_code_store(const std::vector<Factor>& factors,
                                                 const ProductKernel& kernel);

/// The tables of `method`; throws InputError without step codes.
const CodeTables& code_tables_of(const Method& method);

}  // namespace safetyrisk::scoring::loops
