// A column of a table: numbers, integers, booleans, texts or dates, with missing cells.
//
// Columns are how data reaches the library: from NumPy and Arrow without a copy where the memory
// layout allows it, from vectors otherwise. A Column is immutable and cheap to copy (it shares its
// memory); reading a cell allocates nothing. Text may lie in any of Arrow's layouts (32- or 64-bit
// offsets, string views, dictionary codes); text(row) hides which.
//
// A cell is *missing* when it is null, NaN or blank text: registers write all three for "nobody
// filled this in", and none of them is ever read as a number.
//
// Threads: a Column is immutable, and copies share its memory safely; a TextBuilder belongs to one
// thread.
// Throws: InputError where lengths, types or codes do not fit (of, of_codes, concatenate); reading
// a cell throws nothing, and `row` is not checked.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/date.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk {

/// What a column holds. `number` is float64, `integer` int64, `date` days since 1970.
enum class ColumnType : std::uint8_t { number, integer, boolean, text, date };

/// "number", "integer", "boolean", "text", "date".
std::string_view to_string(ColumnType type);

/// One cell read as a number.
struct NumberCell {
    enum class State : std::uint8_t {
        value,         ///< `value` holds it; it may be infinite.
        missing,       ///< null, NaN or blank.
        not_a_number,  ///< text that is no number, a boolean or a date.
    };
    State state = State::missing;
    double value = 0.0;
};

/// Reads a number as people type it: ASCII or full-width digits, one decimal point, sign, exponent;
/// surrounding blanks are skipped. Blank text and "nan" are missing; "inf" is infinite. Thousands
/// separators, units and fractions are not numbers.
NumberCell parse_number(std::string_view text);

class Column {
public:
    /// An empty column of numbers.
    Column() = default;

    /// Columns that own their cells. A NaN is a missing number; `valid` (one byte a cell, 0 =
    /// null) may be empty when no cell is null, else it has the length of the column.
    static Column of(std::vector<double> cells);
    static Column of(std::vector<std::int64_t> cells, std::span<const std::uint8_t> valid = {});
    static Column of(Buffer<double> cells);
    static Column of(Buffer<std::int64_t> cells);
    static Column of(const std::vector<std::string>& cells,
                     std::span<const std::uint8_t> valid = {});
    static Column of(const std::vector<Date>& cells, std::span<const std::uint8_t> valid = {});
    static Column of_booleans(std::vector<std::uint8_t> cells,
                              std::span<const std::uint8_t> valid = {});

    /// Texts by number: cell i is dictionary[codes[i]], null where the code is negative.
    static Column of_codes(std::vector<std::int32_t> codes, Column dictionary);
    static Column of_codes8(Buffer<std::int8_t> codes, Column dictionary);

    /// A view of memory that `owner` keeps alive. `bitmap` is an Arrow validity bitmap read from
    /// bit `bit_offset`, or null when no cell is null.
    static Column view(std::span<const double> cells, std::shared_ptr<const void> owner,
                       const std::uint8_t* bitmap = nullptr, std::size_t bit_offset = 0);
    static Column view(std::span<const std::int64_t> cells, std::shared_ptr<const void> owner,
                       const std::uint8_t* bitmap = nullptr, std::size_t bit_offset = 0);

    /// Arrow utf8 (32-bit offsets) and large_utf8 (64-bit offsets): `offsets` has n + 1 entries.
    static Column view_text(std::span<const std::int32_t> offsets, const char* bytes,
                            std::shared_ptr<const void> owner, const std::uint8_t* bitmap = nullptr,
                            std::size_t bit_offset = 0);
    static Column view_text(std::span<const std::int64_t> offsets, const char* bytes,
                            std::shared_ptr<const void> owner, const std::uint8_t* bitmap = nullptr,
                            std::size_t bit_offset = 0);

    /// Arrow string_view: n views of 16 bytes and the buffers that long ones point into.
    static Column view_string_views(const void* views, std::size_t n, const void* const* buffers,
                                    std::shared_ptr<const void> owner,
                                    const std::uint8_t* bitmap = nullptr,
                                    std::size_t bit_offset = 0);

    /// A view of codes into `dictionary`, which are checked (InputError): null where the bitmap
    /// says so and where the code is negative.
    static Column view_codes(std::span<const std::int8_t> codes, std::shared_ptr<const void> owner,
                             Column dictionary, const std::uint8_t* bitmap = nullptr,
                             std::size_t bit_offset = 0);
    static Column view_codes(std::span<const std::int32_t> codes, std::shared_ptr<const void> owner,
                             Column dictionary, const std::uint8_t* bitmap = nullptr,
                             std::size_t bit_offset = 0);

    ColumnType type() const { return type_; }
    std::size_t size() const { return size_; }

    /// Whether the cell is null (a NaN or a blank is not null; see is_missing).
    bool is_null(std::size_t row) const {
        const std::size_t bit = row + bit_offset_;
        return bitmap_ != nullptr &&
               ((static_cast<unsigned>(bitmap_[bit >> 3U]) >> (bit & 7U)) & 1U) == 0;
    }
    bool has_nulls() const { return bitmap_ != nullptr; }

    /// Whether the cell is null, NaN or blank.
    bool is_missing(std::size_t row) const;

    /// All cells as doubles without a copy; empty unless the type is `number`. Null cells hold
    /// anything: ask is_null where has_nulls().
    std::span<const double> numbers() const;
    /// All cells as int64 without a copy; empty unless the type is `integer`, and for a column of
    /// no rows.
    std::span<const std::int64_t> integers() const;

    /// The texts that the codes of a column of codes point into, else null.
    const Column* dictionary() const { return dictionary_.get(); }
    /// The code of a cell of a column of codes, -1 where it is null.
    std::int32_t code(std::size_t row) const {
        if (is_null(row)) return -1;
        return layout_ == Layout::codes8 ? static_cast<const std::int8_t*>(data_)[row]
                                         : static_cast<const std::int32_t*>(data_)[row];
    }

    /// How the cells lie in memory.
    enum class Layout : std::uint8_t { plain, offsets32, offsets64, views, codes8, codes32 };

    /// Where the cells lie, for who hands them on: valid as long as a copy of the column is.
    struct Memory {
        Layout layout = Layout::plain;
        const void* cells = nullptr;  ///< Cells, offsets, views or codes.
        const void* bytes = nullptr;  ///< Of texts by offsets; for views the array of buffers.
        const std::uint8_t* bitmap = nullptr;  ///< Arrow validity, read from bit `bit_offset`.
        std::size_t bit_offset = 0;
    };
    Memory memory() const { return {layout_, data_, bytes_, bitmap_, bit_offset_}; }

    /// The cell as a number, whatever the column's type.
    NumberCell number(std::size_t row) const;

    /// The text of a text cell, a view into the column; empty for null and for other types.
    std::string_view text(std::size_t row) const;
    /// The value of a boolean cell; false for null and for other types.
    bool boolean(std::size_t row) const;
    /// The value of a date cell; undefined for null and other types.
    Date date(std::size_t row) const;

    /// The cell as a person would write it, for messages: shortest decimal, YYYY-MM-DD,
    /// true/false; empty for null.
    std::string print(std::size_t row) const;

    /// The cells `rows`, in that order, as a column that owns them.
    Column take(std::span<const std::size_t> rows) const;

    /// The columns one after the other; they must have one type (InputError).
    static Column concatenate(std::span<const Column> parts);

    /// Whether two cells are equal: both null, or same type and same value (NaN equals NaN).
    bool equal(std::size_t a, std::size_t b) const;
    /// A hash that is equal for equal cells.
    std::uint64_t hash(std::size_t row) const;

private:
    ColumnType type_ = ColumnType::number;
    Layout layout_ = Layout::plain;
    std::size_t size_ = 0;
    const void* data_ = nullptr;   // cells, offsets, views or codes
    const void* bytes_ = nullptr;  // text bytes, or the array of view buffers
    const std::uint8_t* bitmap_ = nullptr;
    std::size_t bit_offset_ = 0;
    std::shared_ptr<const void> owner_;
    std::shared_ptr<const void> bitmap_owner_;
    std::shared_ptr<const Column> dictionary_;

    Column(ColumnType type, Layout layout, std::size_t size, const void* data,
           std::shared_ptr<const void> owner);
    Column with_bitmap(const std::uint8_t* bitmap, std::size_t bit_offset) &&;
    void set_validity(std::span<const std::uint8_t> valid);
    template <class Code>
    static Column coded(Layout layout, std::span<const Code> codes,
                        std::shared_ptr<const void> owner, Column dictionary,
                        const std::uint8_t* bitmap, std::size_t bit_offset);
    static Column join_texts(std::span<const Column> parts, std::size_t total, bool nulls);
};

/// Collects texts into a column: append, then finish.
class TextBuilder {
public:
    void reserve(std::size_t cells, std::size_t bytes);
    void append(std::string_view text);
    void append_null();
    std::size_t size() const { return offsets_.size() - 1; }
    Column finish();

private:
    std::vector<std::int64_t> offsets_{0};
    std::string bytes_;
    std::vector<std::uint8_t> valid_;  // one byte a cell; empty until the first null
};

}  // namespace safetyrisk
