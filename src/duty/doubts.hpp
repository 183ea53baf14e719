// What a record that was left out may have served: nobody knows whether it was done.
#pragma once

#include "duty/done.hpp"
#include "duty/obligations.hpp"
#include "duty/parts.hpp"

#include <functional>
#include <span>

namespace safetyrisk::duty {

/// Makes those cells of a part that the records would settle otherwise, were they taken, not
/// assessable (`Part::left_out` says by which): what is overdue and would be complete, what keeps a
/// limit and would exceed it. A record with a day is for the period in which the kernel would use
/// it, one without for any. `still_holds(day)`: whether what was done that day would hold today;
/// asked of what must always be there or runs from the last time.
void doubt(Part& part, const Obligation& duty, std::span<const LeftOut> left_out,
           const std::function<bool(Date)>& still_holds);

}  // namespace safetyrisk::duty
