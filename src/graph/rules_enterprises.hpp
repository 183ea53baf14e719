// Rules of enterprises that stand in a file of their own (rules_enterprise_duties.cpp).
#pragma once

#include "graph/rules.hpp"

namespace safetyrisk::graph {

void major_hazard_sources_have_three(RuleRun& run);  // RE-08
void contracts_are_in_order(RuleRun& run);           // RE-10
void risk_points_are_controlled(RuleRun& run);       // RE-12
void insurance_is_in_force(RuleRun& run);            // RE-13
void principals_check(RuleRun& run);                 // RE-14
void drills_are_held(RuleRun& run);                  // RE-15
void groups_are_named(RuleRun& run);                 // RE-16

}  // namespace safetyrisk::graph
