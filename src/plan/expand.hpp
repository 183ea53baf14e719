// The expanded layer: what print leaves out, each with the rule that restored it.
#pragma once

#include <safetyrisk/plan/plan.hpp>

namespace safetyrisk::plan {

/// Fills `resolved` of all units of a plan whose tasks and addressees are read.
void expand(PlanText& plan);

}  // namespace safetyrisk::plan
