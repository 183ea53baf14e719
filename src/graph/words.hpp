// Names and sentences that answers share.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include "store.hpp"

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
/// A JSON string with its quotes.
std::string json_text(std::string_view text);
std::string json_list(const std::vector<std::string>& texts);
/// Table and row that an edge was read from; an empty name when none was.
std::string table_of(const View& view, EdgeNo edge);
std::int64_t row_of(const View& view, EdgeNo edge);

}  // namespace safetyrisk::graph
