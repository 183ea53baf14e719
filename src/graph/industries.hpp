// From the industry that a register writes down to a sector of the pack.
#pragma once

#include "build.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph::detail {

/// Sectors of a cell of `industry`, and whether every part of it led to one.
struct IndustrySectors {
    std::vector<std::uint16_t> sectors;  ///< Ascending, each once.
    bool whole = false;
};

/// Reads a code of GB/T 4754 ("C3311", "33"), a name of a sector or of a division of that
/// standard, both together ("C33 金属制品业", "金属制品业（C33）"), a path of names
/// ("制造业-金属制品业", whose last known one counts), or several parted by ; 、 ， , or /.
IndustrySectors sectors_of_industry(const SectorWords& words, std::string_view cell);

/// At most three Chinese names of the first `count` sectors that share most with a word, each in
/// 「」; nothing when none has two characters of it in a row.
std::string near_sectors(const Sectors& sectors, std::size_t count, std::string_view word);

}  // namespace safetyrisk::graph::detail
