// Names and sentences that answers share.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include "store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// The name of a node, its id where it has none.
std::string label(const View& view, NodeNo node);
/// "行业监管", "regulates"; LOCATED_IN for `none`.
std::string_view edge_word(const View& view, EdgeNo edge, Lang lang);
std::string_view edge_id(const View& view, EdgeNo edge);
/// "document clause" of an edge; empty without.
std::string basis_of(const View& view, EdgeNo edge);
std::string_view to_string(Sureness sureness);
/// "first", "in_charge", …; empty where unset.
std::string_view to_string(Duty duty);
/// A day of a column of dates; empty where it is open or nobody has dates.
std::string day_text(const std::vector<std::int32_t>& column, std::size_t at, std::int32_t open);
std::string_view word(Sureness sureness, Lang lang);
/// `{1}`, `{2}`, … replaced.
std::string fill(std::string_view sentence, const std::vector<std::string>& arguments);
std::string join(const std::vector<std::string>& parts, std::string_view between);
/// Names of the sectors of a set; ids where `ids`.
std::vector<std::string> sector_names(const Store& store, SetNo set, Lang lang, bool ids = false);
/// Ids of the sectors of a set, and of links, as a cell holds them: parted by `;`.
std::string sector_cell(const Store& store, SetNo set);
std::string link_cell(const Store& store, std::uint64_t links);
/// Links by bits.
std::vector<std::string> link_names(const Store& store, std::uint64_t links);
/// The name of a link; its id where no pack names it.
std::string_view link_word(const Store& store, std::string_view id, Lang lang);
/// The id of an action of records by its Chinese or English word ("演练", "drill"); the word itself
/// where no pack has it.
std::string action_id(std::string_view word);
/// Whether the packs have an action of that id or word.
bool is_action(std::string_view word);
/// The Chinese or English word of an action; the id itself where no pack has it.
std::string action_word(std::string_view id, Lang lang);

/// What a register of hazards may say, by the pack `hazard_states`.
struct HazardWords {
    /// By grade word: whether it means a 重大 hazard.
    std::map<std::string, bool, std::less<>> major;
    /// By word the states it may mean, as bits in the order of the pack.
    std::map<std::string, std::uint32_t, std::less<>> states;
    std::uint32_t closed = 0;        ///< The bit of `closed`.
    std::uint32_t unregistered = 0;  ///< Those before a hazard is in the system.
    std::vector<std::string> names;  ///< Chinese names of the states.
    std::vector<std::string> grades;

    /// Whether it is closed, is registered: nothing where the word does not tell or is not known.
    std::optional<bool> is_closed(std::string_view word) const;
    std::optional<bool> is_registered(std::string_view word) const;
};
const HazardWords& hazard_words();

/// `general larger major extra` of a word for the grade of an accident (较大, 较大事故); empty
/// where it is none.
std::string_view accident_grade(std::string_view word);

/// The part of a CHAIRS edge by its word: whether it is that of a chair (主任), not of a deputy.
std::optional<bool> chairs(std::string_view word);
/// Whether a word for how a committee is led means two chairs (双主任).
std::optional<bool> two_chairs(std::string_view word);
/// A JSON string with its quotes.
std::string json_text(std::string_view text);
std::string json_list(const std::vector<std::string>& texts);
/// Table and row that an edge was read from; an empty name when none was.
std::string table_of(const View& view, EdgeNo edge);
std::int64_t row_of(const View& view, EdgeNo edge);

}  // namespace safetyrisk::graph
