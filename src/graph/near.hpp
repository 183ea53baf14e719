// What somebody may have meant by a word that is none: near ids and names.
#pragma once

#include "store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// How far a word is from another, by characters: insertions, deletions, replacements and swaps of
/// neighbours. Stops counting beyond `most` and gives most + 1.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t most);

/// At most three of the words that are near one, the nearest first: few edits apart, one inside the
/// other, or of mostly the same characters. Words equal in that stand in byte order.
std::vector<std::string> near_words(std::string_view wanted, const std::vector<std::string>& words);

/// "; near ones are E1 (甲厂), E2 (乙厂)" over the ids and names of the nodes of those kinds
/// (empty: of all); empty where nothing is near.
std::string near_nodes(const Store& store, std::string_view wanted,
                       const std::vector<KindNo>& kinds = {});

/// The same of sectors: ids, names and aliases.
std::string near_sectors(const Sectors& sectors, std::string_view wanted);

/// The same over words.
std::string near_ones(const std::vector<std::string>& near);

}  // namespace safetyrisk::graph
