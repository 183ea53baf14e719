// How tables become a store: rows are read one by one, numbered, sorted and joined.
#pragma once

#include "store.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// Whether the library has a rule of that id (check.cpp).
bool is_rule(std::string_view id);

}  // namespace safetyrisk::graph

namespace safetyrisk::graph::detail {

/// Sectors of a pack of kind `sectors`, and the industries that lead to them.
struct SectorWords {
    Sectors sectors;
    /// Prefix of GB/T 4754 digits (or a section letter) to the number of a sector; `none` where
    /// the pack takes a longer prefix out again.
    std::unordered_map<std::string, std::uint32_t> industries;
    /// Names of divisions of GB/T 4754 that the pack gives, to the number of a sector.
    std::unordered_map<std::string, std::uint32_t> industry_names;
    /// Id, name or alias of a link to its id.
    std::unordered_map<std::string, std::string> links;
};

/// Reads the pack and adds the sectors that tables bring (nodes of kind sector, unknown words).
SectorWords read_sectors(const Pack& pack);

/// Adds a sector under a name of its own; its number is the place at the end until renumber().
std::uint32_t add_sector(Sectors& sectors, std::string_view id, std::string_view name);

/// Puts the sectors in id order and computes what each set covers.
void finish_sectors(Sectors& sectors);

/// Column `c` of a table as it is kept: a cell that is not of the type that its name promises (a
/// number, a day, yes or no) is an Issue of its row and counts as missing; `wrong`: those rows.
Column read_typed(const Table& table, std::size_t c, IssueTable& issues,
                  std::vector<std::size_t>& wrong);
/// The same of a key of `attributes` or `values`; `where` gives the table and row of who has it.
/// Who had what was left out.
std::vector<std::uint32_t> read_typed(
    Sparse& key, const std::function<std::pair<std::size_t, std::uint32_t>(std::uint32_t)>& where,
    const std::vector<Table>& tables, IssueTable& issues);

/// Reports words that the vocabulary of a column does not have, days that contradict one another or
/// lie after the data date, and enterprises that deny the high risk of their sector. What cannot be
/// used is noted in the store as unclear.
void check_cells(Store& store);

/// Reports nodes that have more or fewer edges of a kind than its pack allows, and circles of a
/// kind that has none, where no rule of its own does.
void check_limits(Store& store);

/// Notes which columns the tables give, and since when.
void note_given(Store& store, const std::vector<Table>& given);

/// Colours of risk points and enterprises from their tables; empty when none has one.
std::vector<std::uint8_t> read_colours(const Store& store);

/// Reads the JSON objects of `attributes` or `values`: key by key who has it.
class AttributeReader {
public:
    AttributeReader() : texts_(std::make_shared<std::string>()) {}
    /// Whether `text` is a JSON object; its keys are kept for `who`.
    bool read(std::uint32_t who, std::string_view text);
    /// All keys in byte order, each by `who` ascending.
    std::vector<std::shared_ptr<const Sparse>> finish();

private:
    struct Cell {
        std::uint32_t who;
        Value value;
        std::size_t at, length;  // of a text in texts_
    };
    std::unordered_map<std::string, std::vector<Cell>> cells_;
    std::shared_ptr<std::string> texts_;
};

}  // namespace safetyrisk::graph::detail
