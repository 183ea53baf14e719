// How tables become a store: rows are read one by one, numbered, sorted and joined.
#pragma once

#include "store.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph::detail {

/// Sectors of a pack of kind `sectors`, and the industries that lead to them.
struct SectorWords {
    Sectors sectors;
    /// Prefix of GB/T 4754 digits (or a section letter) to the number of a sector.
    std::unordered_map<std::string, std::uint32_t> industries;
    /// Id, name or alias of a link to its id.
    std::unordered_map<std::string, std::string> links;
};

/// Reads the pack and adds the sectors that tables bring (nodes of kind sector, unknown words).
SectorWords read_sectors(const Pack& pack);

/// Adds a sector under a name of its own; its number is the place at the end until renumber().
std::uint32_t add_sector(Sectors& sectors, std::string_view id, std::string_view name);

/// Puts the sectors in id order and computes what each set covers.
void finish_sectors(Sectors& sectors);

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
