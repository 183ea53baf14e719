// What is wrong with a table of enterprises by itself: codes that cannot be.
//
// A wrong credit code or industry code takes no part in grading, so it never stops a row; it is
// reported, because the same code is how other agencies will look the enterprise up.
//
// Source: GB 32100-2015 and GB 11714-1997 (credit code), GB/T 4754-2017 (industry).
//
// Threads: the IssueTable that is passed in belongs to the call.
// Throws: nothing; a wrong code is an Issue.
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>

namespace safetyrisk::region {

/// Checks the columns `credit_code` and `industry` of a table of enterprises, where there are any;
/// missing cells are passed over. Adds `region.bad_credit_code` and `region.bad_industry`, by row.
void check_enterprises(const Table& enterprises, IssueTable& issues);

}  // namespace safetyrisk::region
