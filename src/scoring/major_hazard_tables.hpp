// The tables of the standard as the computation needs them: look-ups by key, and every 1/Q, β and α
// as whole numbers of common units, so that sums of q/Q are sums of whole numbers.
#pragma once

#include <safetyrisk/scoring/major_hazard.hpp>

#include "scoring/exact_decimal.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace safetyrisk::scoring {

/// What a key leads to.
struct SubstanceHit {
    std::size_t substance = 0;
    int reading = -1;  ///< Which reading of this library's, -1 when the standard has the name.
    bool condition_open = false;  ///< The row has a condition that the key does not state.
};

/// A name that the standard does not print, and the row that this library reads it as.
struct SubstanceReading {
    std::string name;
    std::int64_t beta = 0;  ///< In beta units; 0: that of the row.
};

using SubstanceHits = std::vector<SubstanceHit>;

struct MajorHazardStandard::Tables {
    std::int64_t q_unit = 1;                     ///< Every 1/Q is a whole number of 1/q_unit.
    std::vector<std::int64_t> substance_weight;  ///< q_unit/Q.
    std::vector<std::int64_t> category_weight;
    std::int64_t beta_unit = 1;
    std::vector<std::int64_t> substance_beta;  ///< 0: by symbol.
    std::vector<std::int64_t> category_beta;
    std::int64_t alpha_unit = 1;
    std::vector<std::int64_t> alpha;  ///< As exposure().
    Fraction major;                   ///< S from here on.
    std::string major_printed;
    std::vector<Fraction> level_from;  ///< R from here on, as levels().

    std::unordered_map<std::string, SubstanceHits> names;
    std::unordered_map<std::string, SubstanceHits> cas;
    std::unordered_map<std::string, std::size_t> symbols;
    std::vector<SubstanceReading> readings;
    std::vector<std::string> qualifiers;  ///< Bracketed words that change no substance.

    Words substances_clause, categories_clause, gases_clause, betas_clause, exposure_clause,
        levels_clause, identification_clause, grading_clause;

    /// What a name of the field leads to; empty when nothing.
    SubstanceHits find_name(const std::string& key) const;
    /// The band of a number of people, an index into exposure().
    std::size_t band(const MajorHazardStandard& standard, std::int64_t people) const;
};

/// A fraction of small whole numbers, for what a pack says.
Fraction exact(double value);

}  // namespace safetyrisk::scoring
