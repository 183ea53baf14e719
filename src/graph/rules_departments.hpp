// Rules of departments that stand in a file of their own (rules_supervision.cpp).
#pragma once

#include "graph/rules.hpp"

namespace safetyrisk::graph {

void business_carries_safety(RuleRun& run);      // RD-05
void powers_are_published(RuleRun& run);         // RD-08
void permits_are_supervised(RuleRun& run);       // RD-10
void no_repeated_inspections(RuleRun& run);      // RD-11
void one_enforcement_level(RuleRun& run);        // RD-12
void lists_agree(RuleRun& run);                  // RD-13
void supervisors_are_independent(RuleRun& run);  // RD-14

}  // namespace safetyrisk::graph
