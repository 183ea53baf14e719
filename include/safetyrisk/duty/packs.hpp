// Packs of duties: obligations of law and of usual work plans as data.
//
// A pack of kind `duties` lists rows of the table `duties` (duty/assess.hpp) with a title, a
// confidence and, where it expresses a mechanism of work plans, its number. Subjects and objects
// are selectors written as JSON. It is read against a graph of nothing when it is compiled, so that
// a row that could not be assessed does not load. Entries that nobody has confirmed ([M]) in a pack
// that is itself sure are given only when they are named.
//
// Packs of kind `actions` say what the actions of duties and records are called; their words mean
// the actions in tables, too.
//
// Threads: free functions, and values that never change.
// Throws: InputError (a pack that contradicts itself), NotFoundError (an entry that is not there).
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::duty {

/// Rows of packs, as a table of duties.
struct PackDuties {
    /// Columns of the table `duties` (README, "Tables"), and name, confidence, mechanisms (joined
    /// by ";"), pack.
    Table table;
    IssueTable issues;  ///< Entries that are not switched on.
};

/// The rows of packs of kind `duties`, in the order given. Entries that are not confirmed are
/// switched on by their id, or by "*" all of them.
PackDuties pack_duties(std::span<const std::shared_ptr<const Pack>> packs,
                       const std::vector<std::string>& switch_on = {}, Lang lang = Lang::zh);

/// The action that a word means: an id or a name of a pack of kind `actions`; else the word itself.
std::string action_of(std::string_view word);

/// What an action is called; its id when no pack says.
std::string action_name(std::string_view action, Lang lang);

}  // namespace safetyrisk::duty
