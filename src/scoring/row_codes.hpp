// Columns of a few texts that rows share: a code for each row, and the texts.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/work.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

// A code for each row, -1 for none; kept in one byte where the texts are few enough, which is all
// but always so. Columns that differ in their texts alone share the codes.
class RowCodes {
public:
    /// `code(row)` for each of n rows; codes are smaller than `texts`.
    template <class Code>
    RowCodes(std::size_t n, std::size_t texts, const Work& work, const Code& code)
        : small_(texts <= 127) {
        if (small_)
            fill(n, work, code, *bytes_);
        else
            fill(n, work, code, *words_);
    }

    /// The codes with their texts, which may repeat: in the column each stands once.
    Column with(const std::vector<std::string>& texts) const {
        std::vector<std::string> distinct;
        std::vector<std::int32_t> place;
        for (const std::string& text : texts) {
            const auto it = std::find(distinct.begin(), distinct.end(), text);
            place.push_back(static_cast<std::int32_t>(it - distinct.begin()));
            if (it == distinct.end()) distinct.push_back(text);
        }
        const Column words = Column::of(distinct);
        const bool as_they_are = distinct.size() == texts.size();
        return small_ ? column(bytes_, words, as_they_are, place)
                      : column(words_, words, as_they_are, place);
    }

private:
    template <class Code, class Cell>
    static void fill(std::size_t n, const Work& work, const Code& code, Buffer<Cell>& cells) {
        cells.resize(n);
        Cell* const out = cells.data();
        for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
            // Copies of its own: bytes written through `to` might be those of anything else.
            const Code mine = code;
            Cell* const to = out;
            for (std::size_t row = begin; row < end; ++row)
                to[row] = static_cast<Cell>(mine(row));
        });
    }

    template <class Cell>
    static Column column(const std::shared_ptr<Buffer<Cell>>& cells, const Column& words,
                         bool as_they_are, const std::vector<std::int32_t>& place) {
        if (as_they_are) return Column::view_codes(std::span<const Cell>(*cells), cells, words);
        const auto moved = std::make_shared<Buffer<Cell>>(cells->size());
        for (std::size_t row = 0; row < cells->size(); ++row) {
            const Cell code = (*cells)[row];
            (*moved)[row] =
                code < 0 ? code : static_cast<Cell>(place[static_cast<std::size_t>(code)]);
        }
        return Column::view_codes(std::span<const Cell>(*moved), moved, words);
    }

    bool small_;
    std::shared_ptr<Buffer<std::int8_t>> bytes_ = std::make_shared<Buffer<std::int8_t>>();
    std::shared_ptr<Buffer<std::int32_t>> words_ = std::make_shared<Buffer<std::int32_t>>();
};

}  // namespace safetyrisk::scoring
