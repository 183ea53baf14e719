// Numbers for ids: each distinct text gets the next number, so that rows can be counted in arrays.
#pragma once

#include <safetyrisk/core/column.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::region {

/// The id in a cell, as text; empty when the cell is missing. The view is good until the next call.
class IdReader {
public:
    explicit IdReader(const Column& column) : column_(&column) {}

    std::string_view operator()(std::size_t row) {
        if (column_->is_missing(row)) return {};
        if (column_->type() == ColumnType::text) return column_->text(row);
        printed_ = column_->print(row);
        return printed_;
    }

private:
    const Column* column_;
    std::string printed_;
};

class IdIndex {
public:
    IdIndex() : slots_(1024) {}

    std::size_t size() const { return ends_.size(); }

    std::string_view text(std::int32_t number) const {
        const auto k = static_cast<std::size_t>(number);
        const std::size_t begin = k == 0 ? 0 : ends_[k - 1];
        return std::string_view(bytes_).substr(begin, ends_[k] - begin);
    }

    static std::uint32_t hash(std::string_view id) {
        const std::uint64_t h = std::hash<std::string_view>{}(id);
        return static_cast<std::uint32_t>(h ^ (h >> 32U));
    }

    /// The number of an id, or -1.
    std::int32_t find(std::string_view id) const { return slots_[place(id, hash(id))].number; }

    /// The number of an id, a new one when it was not there; `h` is its hash.
    std::int32_t add(std::string_view id, std::uint32_t h) {
        Slot& slot = slots_[place(id, h)];
        if (slot.number >= 0) return slot.number;
        const auto number = static_cast<std::int32_t>(ends_.size());
        slot = {bytes_.size(), h, number};
        bytes_ += id;
        ends_.push_back(bytes_.size());
        if (2 * ends_.size() > slots_.size()) grow();
        return number;
    }
    std::int32_t add(std::string_view id) { return add(id, hash(id)); }

    /// Two steps that bring into the cache what add() will read, a while before it is called.
    void fetch_slot(std::uint32_t h) const { fetch(&slots_[h & (slots_.size() - 1)]); }
    void fetch_text(std::uint32_t h) const {
        const Slot& slot = slots_[h & (slots_.size() - 1)];
        if (slot.number < 0) return;
        fetch(bytes_.data() + slot.begin);
        fetch(&ends_[static_cast<std::size_t>(slot.number)]);
    }
    static void fetch([[maybe_unused]] const void* where) {
#if defined(__GNUC__)
        __builtin_prefetch(where);
#endif
    }

private:
    struct Slot {
        std::uint64_t begin = 0;  // of the text
        std::uint32_t hash = 0;
        std::int32_t number = -1;
    };

    bool holds(const Slot& slot, std::string_view id) const {
        const std::size_t end = ends_[static_cast<std::size_t>(slot.number)];
        return std::string_view(bytes_).substr(slot.begin, end - slot.begin) == id;
    }

    std::size_t place(std::string_view id, std::uint32_t h) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t k = h & mask;
        while (slots_[k].number >= 0 && (slots_[k].hash != h || !holds(slots_[k], id)))
            k = (k + 1) & mask;
        return k;
    }

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        const std::size_t mask = slots_.size() - 1;
        for (const Slot& slot : old) {
            if (slot.number < 0) continue;
            std::size_t k = slot.hash & mask;
            while (slots_[k].number >= 0)
                k = (k + 1) & mask;
            slots_[k] = slot;
        }
    }

    std::vector<Slot> slots_;
    std::vector<std::size_t> ends_;
    std::string bytes_;
};

}  // namespace safetyrisk::region
