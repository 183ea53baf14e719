#include <safetyrisk/io/arrow.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace safetyrisk::io {
namespace {

// The interface passes little-endian memory of the process; so do our bitmaps and string views.
static_assert(std::endian::native == std::endian::little);

constexpr std::int64_t max_rows = std::int64_t{1} << 40;

// Owns an Arrow structure and releases it once.
template <class T>
struct Owned {
    T value{};
    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        if (value.release != nullptr) value.release(&value);
    }
};

// Cells as they lie in memory, and what keeps them alive.
template <class T>
struct Cells {
    std::span<const T> values;
    std::shared_ptr<const void> owner;
};

// One array of a column, and the batch that keeps its memory alive.
struct Chunk {
    const ArrowSchema& schema;
    const ArrowArray& array;
    std::shared_ptr<const void> owner;
    std::string name;

    [[noreturn]] void fail(const std::string& what) const {
        throw InputError("Arrow column '" + name + "' (format " + cut_value(schema.format) +
                         "): " + what);
    }
    std::size_t length() const { return static_cast<std::size_t>(array.length); }
    std::size_t offset() const { return static_cast<std::size_t>(array.offset); }
    const void* buffer(std::int64_t index) const {
        return array.buffers == nullptr ? nullptr : array.buffers[index];
    }
    void check(std::int64_t buffers) const {
        if (array.length < 0 || array.length > max_rows || array.offset < 0 ||
            array.offset > max_rows)
            fail("length or offset is out of range");
        if (array.n_buffers < buffers) fail("buffers are missing");
        if (buffers > 0 && array.length > 0 && array.null_count > 0 && buffer(0) == nullptr)
            fail("cells are null, and the validity buffer is missing");
    }
    const std::uint8_t* bitmap() const {
        return array.null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(buffer(0));
    }
    bool valid(std::size_t row) const {
        const std::uint8_t* bits = bitmap();
        const std::size_t bit = row + offset();
        return bits == nullptr || ((bits[bit >> 3U] >> (bit & 7U)) & 1U) != 0;
    }
    std::vector<std::uint8_t> validity() const {
        if (bitmap() == nullptr) return {};
        std::vector<std::uint8_t> out(length());
        for (std::size_t row = 0; row < out.size(); ++row)
            out[row] = valid(row) ? 1 : 0;
        return out;
    }
    // `n` values of a buffer, from the array's offset on. The specification recommends aligned
    // buffers and does not demand them; the few that are not are copied.
    template <class T>
    Cells<T> values(const void* data, std::size_t n) const {
        const char* const first = static_cast<const char*>(data) + offset() * sizeof(T);
        if (std::bit_cast<std::uintptr_t>(first) % alignof(T) == 0)
            return {{reinterpret_cast<const T*>(first), n}, owner};
        const auto copy = std::make_shared<std::vector<T>>(n);
        std::memcpy(copy->data(), first, n * sizeof(T));
        return {std::span<const T>(*copy), copy};
    }
    // The cells of a fixed-width column.
    template <class T>
    Cells<T> cells() const {
        check(2);
        if (array.length == 0) return {};
        const void* const data = buffer(1);
        if (data == nullptr) fail("the data buffer is missing");
        return values<T>(data, length());
    }
};

// Keeps the batch alive, whose bitmap and texts a column looks into, and cells that were copied.
std::shared_ptr<const void> keep_both(const Chunk& chunk, std::shared_ptr<const void> cells) {
    using Both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
    if (cells == chunk.owner || cells == nullptr) return chunk.owner;
    return std::make_shared<const Both>(chunk.owner, std::move(cells));
}

template <class T>
Column widen_floats(const Chunk& chunk) {
    const auto [cells, owner] = chunk.cells<T>();
    std::vector<double> out(cells.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < out.size(); ++row)
        if (chunk.valid(row)) out[row] = widen(cells[row]);
    return Column::of(std::move(out));
}

template <class T>
Column widen_integers(const Chunk& chunk) {
    const auto [cells, owner] = chunk.cells<T>();
    std::vector<std::int64_t> out(cells.size());
    for (std::size_t row = 0; row < out.size(); ++row) {
        if constexpr (std::is_same_v<T, std::uint64_t>)
            if (cells[row] > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) &&
                chunk.valid(row))
                chunk.fail("a value is above 2^63 - 1");
        out[row] = static_cast<std::int64_t>(cells[row]);
    }
    return Column::of(std::move(out), chunk.validity());
}

template <class Offset>
Column texts(const Chunk& chunk) {
    chunk.check(3);
    if (chunk.array.length == 0) return Column::of(std::vector<std::string>{});
    const void* const offsets = chunk.buffer(1);
    if (offsets == nullptr) chunk.fail("the offsets buffer is missing");
    auto [mine, owner] = chunk.values<Offset>(offsets, chunk.length() + 1);
    if (mine.front() < 0) chunk.fail("an offset is negative");
    for (std::size_t row = 0; row < chunk.length(); ++row)
        if (mine[row + 1] < mine[row]) chunk.fail("offsets run backwards");
    const auto* bytes = static_cast<const char*>(chunk.buffer(2));
    if (bytes == nullptr) {
        if (mine.back() > mine.front()) chunk.fail("the text buffer is missing");
        return Column::of(std::vector<std::string>(chunk.length()), chunk.validity());
    }
    return Column::view_text(mine, bytes, keep_both(chunk, std::move(owner)), chunk.bitmap(),
                             chunk.offset());
}

Column string_views(const Chunk& chunk) {
    // validity, views, any number of data buffers, and the list of their lengths
    chunk.check(3);
    const auto* views = static_cast<const char*>(chunk.buffer(1));
    if (chunk.array.length == 0) return Column::of(std::vector<std::string>{});
    if (views == nullptr) chunk.fail("the views buffer is missing");
    const std::int64_t data_buffers = chunk.array.n_buffers - 3;
    const void* const lengths = chunk.buffer(chunk.array.n_buffers - 1);
    const auto length_of = [&](std::int32_t buffer) {
        std::int64_t bytes = 0;
        std::memcpy(&bytes, static_cast<const char*>(lengths) + 8 * std::ptrdiff_t{buffer}, 8);
        return chunk.buffer(2 + std::int64_t{buffer}) == nullptr ? 0 : bytes;
    };
    views += chunk.offset() * 16;
    for (std::size_t row = 0; row < chunk.length(); ++row) {
        std::array<std::int32_t, 4> head{};
        std::memcpy(head.data(), views + row * 16, 16);
        if (!chunk.valid(row)) continue;
        if (head[0] < 0) chunk.fail("a text has a negative length");
        if (head[0] <= 12) continue;
        if (lengths == nullptr || head[2] < 0 || head[2] >= data_buffers || head[3] < 0 ||
            std::int64_t{head[3]} + head[0] > length_of(head[2]))
            chunk.fail("a text points outside its buffer");
    }
    return Column::view_string_views(views, chunk.length(),
                                     reinterpret_cast<const void* const*>(chunk.array.buffers + 2),
                                     chunk.owner, chunk.bitmap(), chunk.offset());
}

Column booleans(const Chunk& chunk) {
    chunk.check(2);
    const auto* bits = static_cast<const std::uint8_t*>(chunk.buffer(1));
    if (bits == nullptr && chunk.array.length > 0) chunk.fail("the data buffer is missing");
    std::vector<std::uint8_t> out(chunk.length());
    for (std::size_t row = 0; row < out.size(); ++row) {
        const std::size_t bit = row + chunk.offset();
        out[row] = static_cast<std::uint8_t>((bits[bit >> 3U] >> (bit & 7U)) & 1U);
    }
    return Column::of_booleans(std::move(out), chunk.validity());
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

template <class T>
Column dates(const Chunk& chunk, std::int64_t per_day) {
    const auto [cells, owner] = chunk.cells<T>();
    std::vector<Date> out(cells.size());
    std::vector<std::uint8_t> valid(cells.size(), 1);
    static const std::int64_t lowest = Date::of(1, 1, 1).days_since_1970();
    static const std::int64_t highest = Date::of(9999, 12, 31).days_since_1970();
    for (std::size_t row = 0; row < out.size(); ++row) {
        const std::int64_t day = floor_div(cells[row], per_day);
        valid[row] = chunk.valid(row) ? 1 : 0;
        if (valid[row] == 0) continue;
        if (day < lowest || day > highest) chunk.fail("a date lies outside the years 1 to 9999");
        out[row] = Date(static_cast<std::int32_t>(day));
    }
    return Column::of(out, valid);
}

// Time stamps by their unit; the time of day is cut off.
struct TimeStamp {
    std::string_view format;
    std::int64_t per_day;
};
constexpr std::array<TimeStamp, 4> time_stamps{
    {{"tss", 86'400}, {"tsm", 86'400'000}, {"tsu", 86'400'000'000}, {"tsn", 86'400'000'000'000}}};

// Decimals of "d:precision,scale" and "d:precision,scale,bits": how many bytes a number has and how
// many of its digits stand behind the point; no bytes for anything else.
struct DecimalFormat {
    std::size_t bytes = 0;
    int scale = 0;
};

DecimalFormat decimal_format(std::string_view format) {
    if (!format.starts_with("d:")) return {};
    std::array<int, 3> numbers = {0, 0, 128};
    std::size_t count = 0;
    for (const char* at = format.data() + 2; count < numbers.size(); ++count) {
        const char* const end = format.data() + format.size();
        const auto [stop, error] = std::from_chars(at, end, numbers.at(count));
        if (error != std::errc()) return {};
        at = stop;
        if (at == end) {
            ++count;
            break;
        }
        if (*at++ != ',') return {};
    }
    const auto [precision, scale, bits] = numbers;
    const bool known = bits == 32 || bits == 64 || bits == 128 || bits == 256;
    if (count < 2 || !known || scale < -100 || scale > 100) return {};
    return {static_cast<std::size_t>(bits) / 8, scale};
}

bool is_cell_format(std::string_view format) {
    if (decimal_format(format).bytes > 0) return true;
    static constexpr std::string_view plain[] = {"n", "b", "c", "C", "s", "S", "i",  "I",   "l",
                                                 "L", "e", "f", "g", "u", "U", "vu", "tdD", "tdm"};
    for (const std::string_view one : plain)
        if (format == one) return true;
    return std::ranges::any_of(time_stamps,
                               [&](const auto& unit) { return format.starts_with(unit.format); });
}

// What a column without a row is.
Column empty_column(const ArrowSchema& schema) {
    const std::string_view format =
        schema.dictionary == nullptr ? schema.format : schema.dictionary->format;
    if (format == "u" || format == "U" || format == "vu" || format == "n")
        return Column::of(std::vector<std::string>{});
    if (format == "b") return Column::of_booleans({});
    if (format.starts_with("t")) return Column::of(std::vector<Date>{});
    if (format == "e" || format == "f" || format == "g") return Column();
    return Column::of(std::vector<std::int64_t>{});
}

// One null cell.
Column null_cell(ColumnType type) {
    static constexpr std::array<std::uint8_t, 1> null{0};
    switch (type) {
        case ColumnType::number:
            return Column::of(std::vector{std::numeric_limits<double>::quiet_NaN()});
        case ColumnType::integer:
            return Column::of(std::vector<std::int64_t>{0}, null);
        case ColumnType::boolean:
            return Column::of_booleans({0}, null);
        case ColumnType::date:
            return Column::of(std::vector<Date>{Date()}, null);
        case ColumnType::text:
            break;
    }
    return Column::of(std::vector<std::string>{""}, null);
}

float half_to_float(std::uint16_t half) {
    const double sign = (half & 0x8000U) != 0 ? -1.0 : 1.0;
    const int exponent = (half >> 10U) & 0x1F;
    const double fraction = half & 0x3FFU;
    if (exponent == 31)
        return static_cast<float>(fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                                                : std::numeric_limits<double>::quiet_NaN());
    return static_cast<float>(exponent == 0 ? sign * std::ldexp(fraction, -24)
                                            : sign * std::ldexp(1024.0 + fraction, exponent - 25));
}

// The digits of a whole number of any width, little-endian two's complement.
std::string digits_of(const unsigned char* bytes, std::size_t width) {
    std::array<std::uint32_t, 8> limbs{};
    std::memcpy(limbs.data(), bytes, width);
    const std::size_t count = width / 4;
    const bool negative = (limbs.at(count - 1) >> 31U) != 0;
    std::uint32_t carry = negative ? 1 : 0;
    for (std::size_t k = 0; negative && k < count; ++k) {
        limbs.at(k) = ~limbs.at(k) + carry;
        carry = carry != 0 && limbs.at(k) == 0 ? 1 : 0;
    }
    std::string out;
    do {
        std::uint64_t rest = 0;
        for (std::size_t k = count; k-- > 0;) {
            rest = rest << 32U | limbs.at(k);
            limbs.at(k) = static_cast<std::uint32_t>(rest / 10);
            rest %= 10;
        }
        out.push_back(static_cast<char>('0' + rest));
    } while (std::any_of(limbs.begin(), limbs.end(), [](std::uint32_t limb) { return limb != 0; }));
    if (negative) out.push_back('-');
    std::reverse(out.begin(), out.end());
    return out;
}

// Decimals are the numbers nearest to what they say; without digits behind the point they are whole
// numbers, as ids and codes of databases are, and beyond 64 bits the texts of their digits.
Column decimals(const Chunk& chunk, const DecimalFormat& format) {
    chunk.check(2);
    const std::size_t n = chunk.length();
    if (n == 0) return format.scale > 0 ? Column() : Column::of(std::vector<std::int64_t>{});
    const auto* bytes = static_cast<const unsigned char*>(chunk.buffer(1));
    if (bytes == nullptr) chunk.fail("the data buffer is missing");
    bytes += chunk.offset() * format.bytes;
    std::vector<std::string> digits(n);
    for (std::size_t row = 0; row < n; ++row)
        if (chunk.valid(row)) digits[row] = digits_of(bytes + row * format.bytes, format.bytes);
    const std::string exponent = "e" + std::to_string(-format.scale);
    if (format.scale > 0) {
        std::vector<double> out(n, std::numeric_limits<double>::quiet_NaN());
        for (std::size_t row = 0; row < n; ++row)
            if (chunk.valid(row)) out[row] = parse_number(digits[row] + exponent).value;
        return Column::of(std::move(out));
    }
    std::vector<std::int64_t> whole(n);
    bool fits = true;
    for (std::size_t row = 0; row < n; ++row) {
        if (!chunk.valid(row)) continue;
        if (digits[row] != "0") digits[row].append(static_cast<std::size_t>(-format.scale), '0');
        const char* const end = digits[row].data() + digits[row].size();
        const auto [stop, error] = std::from_chars(digits[row].data(), end, whole[row]);
        fits = fits && error == std::errc();
    }
    if (fits) return Column::of(std::move(whole), chunk.validity());
    return Column::of(digits, chunk.validity());
}

Column import_plain(const Chunk& chunk);

Column import_dictionary(const Chunk& chunk) {
    if (chunk.array.dictionary == nullptr) chunk.fail("the dictionary is missing");
    if (chunk.schema.dictionary->dictionary != nullptr)
        chunk.fail("a dictionary has a dictionary of its own");
    Chunk values{*chunk.schema.dictionary, *chunk.array.dictionary, chunk.owner, chunk.name};
    const Column dictionary = import_plain(values);
    if (dictionary.size() > std::numeric_limits<std::int32_t>::max())
        chunk.fail("the dictionary is too long");
    const std::string_view format = chunk.schema.format;
    const bool by_name = dictionary.type() == ColumnType::text && !dictionary.has_nulls();
    if (by_name && (format == "c" || format == "i")) {
        const auto view = [&](auto memory) {
            auto& [codes, owner] = memory;
            for (std::size_t row = 0; row < codes.size(); ++row)
                if ((codes[row] < 0 || static_cast<std::size_t>(codes[row]) >= dictionary.size()) &&
                    chunk.valid(row))
                    chunk.fail("an index points past its dictionary");
            return Column::view_codes(codes, keep_both(chunk, std::move(owner)), dictionary,
                                      chunk.bitmap(), chunk.offset());
        };
        return format == "c" ? view(chunk.cells<std::int8_t>()) : view(chunk.cells<std::int32_t>());
    }
    const Column index = import_plain(chunk);
    if (index.type() != ColumnType::integer) chunk.fail("an index is no whole number");
    const std::span<const std::int64_t> indices = index.integers();
    std::vector<std::int32_t> codes(index.size(), -1);
    bool nulls = false;
    for (std::size_t row = 0; row < codes.size(); ++row) {
        if (index.is_null(row)) {
            nulls = true;
            continue;
        }
        const std::int64_t code = indices[row];
        if (code < 0 || static_cast<std::size_t>(code) >= dictionary.size())
            chunk.fail("an index points past its dictionary");
        if (dictionary.is_null(static_cast<std::size_t>(code))) {
            nulls = true;
            continue;
        }
        codes[row] = static_cast<std::int32_t>(code);
    }
    if (dictionary.type() == ColumnType::text)
        return Column::of_codes(std::move(codes), dictionary);
    std::vector<std::size_t> rows(codes.size(), dictionary.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (codes[row] >= 0) rows[row] = static_cast<std::size_t>(codes[row]);
    if (!nulls) return dictionary.take(rows);
    // One cell more, which all nulls take.
    return Column::concatenate(std::array{dictionary, null_cell(dictionary.type())}).take(rows);
}

Column import_plain(const Chunk& chunk) {
    const std::string_view format = chunk.schema.format;
    if (format == "g") {
        auto [cells, owner] = chunk.cells<double>();
        return Column::view(cells, keep_both(chunk, std::move(owner)), chunk.bitmap(),
                            chunk.offset());
    }
    if (format == "l") {
        auto [cells, owner] = chunk.cells<std::int64_t>();
        return Column::view(cells, keep_both(chunk, std::move(owner)), chunk.bitmap(),
                            chunk.offset());
    }
    if (format == "u") return texts<std::int32_t>(chunk);
    if (format == "U") return texts<std::int64_t>(chunk);
    if (format == "vu") return string_views(chunk);
    if (format == "f") return widen_floats<float>(chunk);
    if (format == "c") return widen_integers<std::int8_t>(chunk);
    if (format == "C") return widen_integers<std::uint8_t>(chunk);
    if (format == "s") return widen_integers<std::int16_t>(chunk);
    if (format == "S") return widen_integers<std::uint16_t>(chunk);
    if (format == "i") return widen_integers<std::int32_t>(chunk);
    if (format == "I") return widen_integers<std::uint32_t>(chunk);
    if (format == "L") return widen_integers<std::uint64_t>(chunk);
    if (format == "b") return booleans(chunk);
    if (format == "tdD") return dates<std::int32_t>(chunk, 1);
    if (format == "tdm") return dates<std::int64_t>(chunk, 86'400'000);
    for (const TimeStamp& unit : time_stamps)
        if (format.starts_with(unit.format)) return dates<std::int64_t>(chunk, unit.per_day);
    if (format == "e") {
        const auto [cells, owner] = chunk.cells<std::uint16_t>();
        std::vector<double> out;
        for (std::size_t row = 0; row < cells.size(); ++row)
            out.push_back(chunk.valid(row) ? static_cast<double>(half_to_float(cells[row]))
                                           : std::numeric_limits<double>::quiet_NaN());
        return Column::of(std::move(out));
    }
    if (format == "n") {
        chunk.check(0);
        return Column::of_codes(std::vector<std::int32_t>(chunk.length(), -1),
                                Column::of(std::vector<std::string>{}));
    }
    if (const DecimalFormat decimal = decimal_format(format); decimal.bytes > 0)
        return decimals(chunk, decimal);
    chunk.fail("columns of this type hold no numbers, texts or dates");
}

Column import_chunk(const Chunk& chunk) {
    return chunk.schema.dictionary != nullptr ? import_dictionary(chunk) : import_plain(chunk);
}

// That what a schema points to is there.
void check_schema(const ArrowSchema& schema, int depth = 0) {
    if (depth > 64) throw InputError("the Arrow schema is nested too deeply");
    if (schema.format == nullptr) throw InputError("the Arrow schema has no format");
    if (schema.dictionary != nullptr) check_schema(*schema.dictionary, depth + 1);
    if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr))
        throw InputError("the Arrow schema lacks columns");
    for (std::int64_t c = 0; c < schema.n_children; ++c) {
        if (schema.children[c] == nullptr) throw InputError("the Arrow schema lacks columns");
        check_schema(*schema.children[c], depth + 1);
    }
}

// The schema of a stream and, one after the other, its arrays.
class Reader {
public:
    explicit Reader(ArrowArrayStream& stream) : schema_(std::make_shared<Owned<ArrowSchema>>()) {
        std::swap(stream_.value, stream);
        if (stream_.value.release == nullptr) throw InputError("the Arrow stream was already read");
        check(stream_.value.get_schema(&stream_.value, &schema_->value));
        check_schema(schema_->value);
    }
    const ArrowSchema& schema() const { return schema_->value; }

    // The next array, or null at the end.
    std::shared_ptr<Owned<ArrowArray>> next() {
        auto array = std::make_shared<Owned<ArrowArray>>();
        check(stream_.value.get_next(&stream_.value, &array->value));
        return array->value.release == nullptr ? nullptr : array;
    }

private:
    void check(int code) {
        if (code == 0) return;
        const char* text = stream_.value.get_last_error(&stream_.value);
        throw InputError(std::string("the Arrow stream failed: ") +
                         (text == nullptr ? "no reason given" : text));
    }
    Owned<ArrowArrayStream> stream_;
    std::shared_ptr<Owned<ArrowSchema>> schema_;
};

Column join(const std::vector<Column>& parts, const ArrowSchema& schema) {
    return parts.empty() ? empty_column(schema) : Column::concatenate(parts);
}

std::string name_of(const ArrowSchema& schema) {
    std::string name = schema.name == nullptr ? "" : schema.name;
    if (first_invalid_utf8(name)) throw InputError("the name of an Arrow column is not UTF-8");
    return name;
}

// Rows of a batch, in a range in which sums cannot overflow.
void check_batch(const ArrowArray& batch, const ArrowSchema& schema) {
    if (batch.n_children != schema.n_children ||
        (batch.n_children > 0 && batch.children == nullptr) ||
        std::any_of(batch.children, batch.children + batch.n_children,
                    [](const ArrowArray* child) { return child == nullptr; }))
        throw InputError("an Arrow batch lacks columns");
    if (batch.length < 0 || batch.length > max_rows || batch.offset < 0 || batch.offset > max_rows)
        throw InputError("the length or the offset of an Arrow batch is out of range");
    if (batch.null_count == 0 || batch.n_buffers < 1 || batch.buffers == nullptr) return;
    const auto* bits = static_cast<const std::uint8_t*>(batch.buffers[0]);
    for (std::int64_t bit = batch.offset; bits != nullptr && bit < batch.offset + batch.length;
         ++bit)
        if (((bits[bit / 8] >> (bit % 8)) & 1) == 0)
            throw InputError("a row of an Arrow batch is null as a whole");
}

// The columns of a batch, cut to its rows; the batch owns the memory.
ArrowArray child_of(const ArrowArray& batch, const ArrowSchema& schema, std::size_t c) {
    ArrowArray child = *batch.children[c];
    child.release = nullptr;
    const auto fail = [&](const std::string& what) {
        throw InputError("Arrow column '" + name_of(*schema.children[c]) + "': " + what);
    };
    if (child.length < 0 || child.length > max_rows || child.offset < 0 || child.offset > max_rows)
        fail("length or offset is out of range");
    if (child.length < batch.offset + batch.length) fail("it is shorter than its batch");
    if (batch.offset == 0 && child.length == batch.length) return child;
    // A struct's offset and length apply to its children as well; how many nulls are left is open.
    child.offset += batch.offset;
    child.length = batch.length;
    const bool nullable =
        child.n_buffers > 0 && child.buffers != nullptr && child.buffers[0] != nullptr;
    if (nullable) child.null_count = -1;
    return child;
}

}  // namespace

Table import_arrow_table(ArrowArrayStream& stream, Origin origin,
                         std::vector<std::string>* skipped) {
    Reader reader(stream);
    const ArrowSchema& schema = reader.schema();
    if (std::string_view(schema.format) != "+s")
        throw InputError("the Arrow stream holds one column, not a table");
    const auto width = static_cast<std::size_t>(schema.n_children);
    std::vector<bool> wanted(width, true);
    for (std::size_t c = 0; c < width; ++c) {
        const ArrowSchema& child = *schema.children[c];
        wanted[c] = is_cell_format(child.format) &&
                    (child.dictionary == nullptr || is_cell_format(child.dictionary->format));
        if (wanted[c]) continue;
        if (skipped == nullptr)
            throw InputError("Arrow column '" + name_of(child) + "' (format " +
                             cut_value(child.format) + ") holds no numbers, texts or dates");
        skipped->push_back(name_of(child));
    }
    std::vector<std::vector<Column>> parts(width);
    while (const auto batch = reader.next()) {
        check_batch(batch->value, schema);
        if (batch->value.length == 0) continue;
        for (std::size_t c = 0; c < width; ++c) {
            if (!wanted[c]) continue;
            const ArrowArray child = child_of(batch->value, schema, c);
            parts[c].push_back(
                import_chunk({*schema.children[c], child, batch, name_of(*schema.children[c])}));
        }
    }
    Table table(std::move(origin));
    for (std::size_t c = 0; c < width; ++c)
        if (wanted[c]) table.add(name_of(*schema.children[c]), join(parts[c], *schema.children[c]));
    return table;
}

Column import_arrow_array(ArrowSchema& schema, ArrowArray& array) {
    struct Both {
        Owned<ArrowSchema> schema;
        Owned<ArrowArray> array;
    };
    const auto both = std::make_shared<Both>();
    std::swap(both->schema.value, schema);
    std::swap(both->array.value, array);
    if (both->schema.value.release == nullptr || both->array.value.release == nullptr)
        throw InputError("the Arrow array was already read");
    check_schema(both->schema.value);
    return import_chunk({both->schema.value, both->array.value, both, name_of(both->schema.value)});
}

Column import_arrow_column(ArrowArrayStream& stream) {
    Reader reader(stream);
    std::vector<Column> parts;
    while (const auto array = reader.next())
        if (array->value.length != 0)
            parts.push_back(
                import_chunk({reader.schema(), array->value, array, name_of(reader.schema())}));
    return join(parts, reader.schema());
}

namespace {

// What an exported array keeps alive: the column, and what had to be made because Arrow has it
// otherwise.
struct ArrayHolder {
    Column column;
    std::vector<std::uint8_t> bitmap;
    std::vector<std::int32_t> days;
    std::vector<std::uint8_t> bits;
    Buffer<std::int64_t> offsets;
    Buffer<char> bytes;
    std::array<const void*, 3> buffers{};
    std::vector<ArrowArray> children;
    std::vector<ArrowArray*> child_pointers;
    std::unique_ptr<ArrowArray> dictionary;
};

struct SchemaHolder {
    std::string name;
    std::unique_ptr<ArrowSchema> dictionary;
    std::vector<ArrowSchema> children;
    std::vector<ArrowSchema*> child_pointers;
};

// The consumer may take children out and release them by themselves, so each owns its memory.
void release_array(ArrowArray* array) {
    const std::unique_ptr<ArrayHolder> holder(static_cast<ArrayHolder*>(array->private_data));
    for (ArrowArray& child : holder->children)
        if (child.release != nullptr) child.release(&child);
    if (holder->dictionary && holder->dictionary->release != nullptr)
        holder->dictionary->release(holder->dictionary.get());
    array->release = nullptr;
}

void release_schema(ArrowSchema* schema) {
    const std::unique_ptr<SchemaHolder> holder(static_cast<SchemaHolder*>(schema->private_data));
    for (ArrowSchema& child : holder->children)
        if (child.release != nullptr) child.release(&child);
    if (holder->dictionary && holder->dictionary->release != nullptr)
        holder->dictionary->release(holder->dictionary.get());
    schema->release = nullptr;
}

const char* format_of(const Column& column, bool as_dictionary) {
    using Layout = Column::Layout;
    switch (column.type()) {
        case ColumnType::number:
            return "g";
        case ColumnType::integer:
            return "l";
        case ColumnType::boolean:
            return "b";
        case ColumnType::date:
            return "tdD";
        case ColumnType::text:
            break;
    }
    switch (column.memory().layout) {
        case Layout::codes8:
            return as_dictionary ? "c" : "U";
        case Layout::codes32:
            return as_dictionary ? "i" : "U";
        case Layout::offsets32:
            return "u";
        default:
            return "U";
    }
}

void export_schema(std::string name, const char* format, ArrowSchema& out) {
    auto holder = std::make_unique<SchemaHolder>();
    holder->name = std::move(name);
    out = ArrowSchema{};
    out.format = format;
    out.name = holder->name.c_str();
    out.flags = ARROW_FLAG_NULLABLE;
    out.release = release_schema;
    out.private_data = holder.release();
}

void export_column_schema(std::string name, const Column& column, bool as_dictionary,
                          ArrowSchema& out) {
    export_schema(std::move(name), format_of(column, as_dictionary), out);
    if (!as_dictionary) return;
    auto& holder = *static_cast<SchemaHolder*>(out.private_data);
    holder.dictionary = std::make_unique<ArrowSchema>();
    export_schema("", format_of(*column.dictionary(), false), *holder.dictionary);
    out.dictionary = holder.dictionary.get();
}

void set_bit(std::vector<std::uint8_t>& bits, std::size_t row) {
    bits[row >> 3U] = static_cast<std::uint8_t>(bits[row >> 3U] | (1U << (row & 7U)));
}

// Bits `first` to `first + n` of a bitmap, from bit 0 on.
std::vector<std::uint8_t> shifted_bits(const std::uint8_t* bitmap, std::size_t first,
                                       std::size_t n) {
    std::vector<std::uint8_t> out((n + 7) / 8);
    const std::size_t begin = first >> 3U;
    const unsigned shift = first & 7U;
    const std::size_t end = (first + n + 7) >> 3U;  // one past the last byte that may be read
    for (std::size_t k = 0; k < out.size(); ++k) {
        unsigned byte = static_cast<unsigned>(bitmap[begin + k]) >> shift;
        if (shift != 0 && begin + k + 1 < end)
            byte |= static_cast<unsigned>(bitmap[begin + k + 1]) << (8 - shift);
        out[k] = static_cast<std::uint8_t>(byte);
    }
    if ((n & 7U) != 0) out.back() = static_cast<std::uint8_t>(out.back() & ((1U << (n & 7U)) - 1));
    return out;
}

// The validity of rows of a column and the number of nulls; no bitmap when there are none. A NaN is
// null to others, as it is missing to us.
std::pair<std::vector<std::uint8_t>, std::int64_t> export_validity(const Column& column,
                                                                   std::size_t first,
                                                                   std::size_t n) {
    const Column::Memory memory = column.memory();
    std::vector<std::uint8_t> bitmap;
    const auto clear_rest = [&] {
        if ((n & 7U) != 0)
            bitmap.back() = static_cast<std::uint8_t>(bitmap.back() & ((1U << (n & 7U)) - 1));
    };
    if (memory.bitmap != nullptr && n > 0) {
        bitmap = shifted_bits(memory.bitmap, memory.bit_offset + first, n);
        clear_rest();
    }
    if (column.type() == ColumnType::number) {
        const std::span<const double> cells = column.numbers().subspan(first, n);
        constexpr std::size_t batch = 1024;
        for (std::size_t row = 0; row < n; ++row) {
            if (row % batch == 0) {  // most batches have none, which is quickly seen
                const std::size_t end = std::min(row + batch, n);
                int any = 0;
                for (std::size_t k = row; k < end; ++k)
                    any |= cells[k] != cells[k] ? 1 : 0;
                if (any == 0) {
                    row = end - 1;
                    continue;
                }
            }
            if (!std::isnan(cells[row])) continue;
            if (bitmap.empty()) {
                bitmap.assign((n + 7) / 8, 0xFF);
                clear_rest();
            }
            bitmap[row >> 3U] = static_cast<std::uint8_t>(bitmap[row >> 3U] & ~(1U << (row & 7U)));
        }
    }
    if (bitmap.empty()) return {{}, 0};
    std::int64_t valid = 0;
    for (const std::uint8_t byte : bitmap)
        valid += std::popcount(byte);
    const auto nulls = static_cast<std::int64_t>(n) - valid;
    if (nulls == 0) bitmap.clear();
    return {std::move(bitmap), nulls};
}

// Cell `first` of memory that holds cells of a type.
template <class T>
const void* advance(const void* cells, std::size_t first) {
    return cells == nullptr ? nullptr : static_cast<const T*>(cells) + first;
}

// Rows `first` to `first + n` of a column. Numbers, codes and texts by offsets are handed over
// where they lie.
void export_column(const Column& column, std::size_t first, std::size_t n, bool as_dictionary,
                   ArrowArray& out) {
    using Layout = Column::Layout;
    auto holder = std::make_unique<ArrayHolder>();
    holder->column = column;
    auto [bitmap, nulls] = export_validity(column, first, n);
    holder->bitmap = std::move(bitmap);
    const Column::Memory memory = column.memory();
    out = ArrowArray{};
    out.length = static_cast<std::int64_t>(n);
    out.null_count = nulls;
    out.n_buffers = 2;
    holder->buffers[0] = nulls == 0 ? nullptr : holder->bitmap.data();
    switch (column.type()) {
        case ColumnType::number:
            holder->buffers[1] = advance<double>(memory.cells, first);
            break;
        case ColumnType::integer:
            holder->buffers[1] = advance<std::int64_t>(memory.cells, first);
            break;
        case ColumnType::boolean:
            holder->bits.assign((n + 7) / 8, 0);
            for (std::size_t k = 0; k < n; ++k)
                if (column.boolean(first + k)) set_bit(holder->bits, k);
            holder->buffers[1] = holder->bits.data();
            break;
        case ColumnType::date:
            holder->days.resize(n);
            for (std::size_t k = 0; k < n; ++k)
                holder->days[k] =
                    column.is_null(first + k) ? 0 : column.date(first + k).days_since_1970();
            holder->buffers[1] = holder->days.data();
            break;
        case ColumnType::text:
            if (as_dictionary) {
                holder->buffers[1] = memory.layout == Layout::codes8
                                         ? advance<std::int8_t>(memory.cells, first)
                                         : advance<std::int32_t>(memory.cells, first);
                holder->dictionary = std::make_unique<ArrowArray>();
                const Column& texts = *column.dictionary();
                export_column(texts, 0, texts.size(), false, *holder->dictionary);
                out.dictionary = holder->dictionary.get();
                break;
            }
            out.n_buffers = 3;
            if (n > 0 &&
                (memory.layout == Layout::offsets32 || memory.layout == Layout::offsets64)) {
                static constexpr char nothing = 0;
                holder->buffers[1] = memory.layout == Layout::offsets32
                                         ? advance<std::int32_t>(memory.cells, first)
                                         : advance<std::int64_t>(memory.cells, first);
                holder->buffers[2] = memory.bytes == nullptr ? &nothing : memory.bytes;
                break;
            }
            holder->offsets.reserve(n + 1);
            holder->offsets.push_back(0);
            for (std::size_t k = 0; k < n; ++k) {
                const std::string_view cell = column.text(first + k);
                holder->bytes.insert(holder->bytes.end(), cell.begin(), cell.end());
                holder->offsets.push_back(static_cast<std::int64_t>(holder->bytes.size()));
            }
            holder->buffers[1] = holder->offsets.data();
            holder->buffers[2] = holder->bytes.data();
            break;
    }
    out.buffers = holder->buffers.data();
    out.release = release_array;
    out.private_data = holder.release();
}

struct StreamHolder {
    Table table;
    ExportOptions options;
    std::size_t next = 0;
    bool given = false;  // a batch, if only an empty one

    bool as_dictionary(std::size_t c) const {
        const Column* texts = table.column(c).dictionary();
        return texts != nullptr && texts->size() <= options.dictionary_limit;
    }
};

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    try {
        const auto& state = *static_cast<StreamHolder*>(stream->private_data);
        const Table& table = state.table;
        export_schema("", "+s", *out);
        auto& holder = *static_cast<SchemaHolder*>(out->private_data);
        holder.children.resize(table.size());
        for (std::size_t c = 0; c < table.size(); ++c) {
            export_column_schema(table.name(c), table.column(c), state.as_dictionary(c),
                                 holder.children[c]);
            holder.child_pointers.push_back(&holder.children[c]);
        }
        out->flags = 0;
        out->n_children = static_cast<std::int64_t>(table.size());
        out->children = holder.child_pointers.data();
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
    try {
        auto& state = *static_cast<StreamHolder*>(stream->private_data);
        *out = ArrowArray{};
        const std::size_t rows = state.table.rows();
        if (state.given && state.next >= rows) return 0;
        const std::size_t first = state.next;
        const std::size_t most = state.options.batch_rows == 0 ? rows : state.options.batch_rows;
        const std::size_t n = std::min(most, rows - first);
        auto holder = std::make_unique<ArrayHolder>();
        holder->children.resize(state.table.size());
        for (std::size_t c = 0; c < state.table.size(); ++c) {
            export_column(state.table.column(c), first, n, state.as_dictionary(c),
                          holder->children[c]);
            holder->child_pointers.push_back(&holder->children[c]);
        }
        state.next = first + n;
        state.given = true;
        out->length = static_cast<std::int64_t>(n);
        out->n_buffers = 1;
        out->buffers = holder->buffers.data();
        out->n_children = static_cast<std::int64_t>(state.table.size());
        out->children = holder->child_pointers.data();
        out->release = release_array;
        out->private_data = holder.release();
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
}

const char* stream_error(ArrowArrayStream*) {
    return "out of memory";
}

void stream_release(ArrowArrayStream* stream) {
    const std::unique_ptr<StreamHolder> holder(static_cast<StreamHolder*>(stream->private_data));
    stream->release = nullptr;
}

}  // namespace

void export_arrow(const Table& table, ArrowArrayStream& out, const ExportOptions& options) {
    auto holder = std::make_unique<StreamHolder>();
    holder->table = table;
    holder->options = options;
    out = ArrowArrayStream{stream_schema, stream_next, stream_error, stream_release,
                           holder.release()};
}

}  // namespace safetyrisk::io
