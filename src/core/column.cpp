#include <safetyrisk/core/column.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

namespace safetyrisk {
namespace {

// Moves `cells` to the heap and gives the pointer that keeps them alive.
template <class Cells>
std::pair<const typename Cells::value_type*, std::shared_ptr<const void>> keep(Cells cells) {
    auto owner = std::make_shared<const Cells>(std::move(cells));
    return {owner->data(), owner};
}

std::uint64_t mix(std::uint64_t x) {  // finaliser of SplitMix64
    x ^= x >> 30U;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27U;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

std::uint64_t hash_bytes(std::string_view text) {
    std::uint64_t h = 0x9e3779b97f4a7c15U ^ text.size();
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        h = mix(h ^ word);
        text.remove_prefix(8);
    }
    // Copies of a length known to the compiler are single instructions; overlapping is no harm.
    std::uint64_t tail = 0;
    if (text.size() >= 4) {
        std::uint32_t low = 0;
        std::uint32_t high = 0;
        std::memcpy(&low, text.data(), 4);
        std::memcpy(&high, text.data() + text.size() - 4, 4);
        tail = low | std::uint64_t{high} << 32U;
    } else if (!text.empty()) {
        const auto byte = [&](std::size_t k) {
            return std::uint64_t{static_cast<unsigned char>(text[k])};
        };
        tail = byte(0) | byte(text.size() / 2) << 8U | byte(text.size() - 1) << 16U;
    }
    return mix(h ^ tail);
}

bool ascii_equal_no_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

}  // namespace

std::string_view to_string(ColumnType type) {
    switch (type) {
        case ColumnType::number:
            return "number";
        case ColumnType::integer:
            return "integer";
        case ColumnType::boolean:
            return "boolean";
        case ColumnType::text:
            return "text";
        case ColumnType::date:
            return "date";
    }
    return "";
}

NumberCell parse_number(std::string_view raw) {
    using State = NumberCell::State;
    std::string_view text = trim(raw);
    std::string half;
    if (std::any_of(text.begin(), text.end(),
                    [](char c) { return static_cast<signed char>(c) < 0; })) {
        half = to_half_width(text);
        text = trim(half);
    }
    if (text.empty() || ascii_equal_no_case(text, "nan")) return {};
    std::string_view digits = text;
    if (digits.front() == '+') {
        digits.remove_prefix(1);
        if (digits.starts_with('-')) return {State::not_a_number, 0.0};
    }
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    if (digits.size() == first ||
        (digits[first] != '.' && (digits[first] < '0' || digits[first] > '9'))) {
        for (const std::string_view infinite : {"inf", "infinity", "-inf", "-infinity"})
            if (ascii_equal_no_case(digits, infinite)) {
                const double huge = std::numeric_limits<double>::infinity();
                return {State::value, infinite.front() == '-' ? -huge : huge};
            }
        return {State::not_a_number, 0.0};
    }
    double value = 0.0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (stop != end || (error != std::errc() && error != std::errc::result_out_of_range))
        return {State::not_a_number, 0.0};
    if (error == std::errc::result_out_of_range) {
        // 1e999 is larger than any number that can be meant, 1e-999 smaller: as far as a grade is
        // concerned they are infinite and zero.
        const bool tiny = digits.find("e-") != std::string_view::npos ||
                          digits.find("E-") != std::string_view::npos;
        const double huge = std::numeric_limits<double>::infinity();
        value = tiny ? 0.0 : (first == 1 ? -huge : huge);
    }
    return {State::value, value};
}

Column::Column(ColumnType type, Layout layout, std::size_t size, const void* data,
               std::shared_ptr<const void> owner)
    : type_(type), layout_(layout), size_(size), data_(data), owner_(std::move(owner)) {}

Column Column::with_bitmap(const std::uint8_t* bitmap, std::size_t bit_offset) && {
    bitmap_ = bitmap;
    bit_offset_ = bit_offset;
    return std::move(*this);
}

void Column::set_validity(std::span<const std::uint8_t> valid) {
    if (valid.empty()) return;
    if (valid.size() != size_) throw InputError("a column and its validity differ in length");
    if (std::all_of(valid.begin(), valid.end(), [](std::uint8_t v) { return v != 0; })) return;
    std::vector<std::uint8_t> bits((size_ + 7) / 8, 0);
    for (std::size_t i = 0; i < size_; ++i)
        if (valid[i] != 0)
            bits[i >> 3U] = static_cast<std::uint8_t>(bits[i >> 3U] | (1U << (i & 7U)));
    auto [data, owner] = keep(std::move(bits));
    bitmap_ = data;
    bit_offset_ = 0;
    bitmap_owner_ = owner;
}

Column Column::of(std::vector<double> cells) {
    const std::size_t n = cells.size();
    auto [data, owner] = keep(std::move(cells));
    return {ColumnType::number, Layout::plain, n, data, std::move(owner)};
}

Column Column::of(std::vector<std::int64_t> cells, std::span<const std::uint8_t> valid) {
    const std::size_t n = cells.size();
    auto [data, owner] = keep(std::move(cells));
    Column column(ColumnType::integer, Layout::plain, n, data, std::move(owner));
    column.set_validity(valid);
    return column;
}

Column Column::of(const std::vector<std::string>& cells, std::span<const std::uint8_t> valid) {
    TextBuilder builder;
    for (const std::string& cell : cells)
        builder.append(cell);
    Column column = builder.finish();
    column.set_validity(valid);
    return column;
}

Column Column::of(const std::vector<Date>& cells, std::span<const std::uint8_t> valid) {
    std::vector<std::int64_t> days(cells.size());
    std::transform(cells.begin(), cells.end(), days.begin(),
                   [](Date date) { return std::int64_t{date.days_since_1970()}; });
    Column column = of(std::move(days), valid);
    column.type_ = ColumnType::date;
    return column;
}

Column Column::of_booleans(std::vector<std::uint8_t> cells, std::span<const std::uint8_t> valid) {
    const std::size_t n = cells.size();
    auto [data, owner] = keep(std::move(cells));
    Column column(ColumnType::boolean, Layout::plain, n, data, std::move(owner));
    column.set_validity(valid);
    return column;
}

Column Column::of(Buffer<double> cells) {
    const std::size_t n = cells.size();
    auto [data, owner] = keep(std::move(cells));
    return {ColumnType::number, Layout::plain, n, data, std::move(owner)};
}

Column Column::of(Buffer<std::int64_t> cells) {
    const std::size_t n = cells.size();
    auto [data, owner] = keep(std::move(cells));
    return {ColumnType::integer, Layout::plain, n, data, std::move(owner)};
}

template <class Code>
Column Column::coded(Layout layout, std::span<const Code> codes, std::shared_ptr<const void> owner,
                     Column dictionary, const std::uint8_t* bitmap, std::size_t bit_offset) {
    if (dictionary.type() != ColumnType::text)
        throw InputError("a dictionary is a column of texts");
    Column column(ColumnType::text, layout, codes.size(), codes.data(), std::move(owner));
    column.bitmap_ = bitmap;
    column.bit_offset_ = bit_offset;
    Code lowest = 0;
    Code highest = -1;
    for (const Code code : codes) {
        lowest = std::min(lowest, code);
        highest = std::max(highest, code);
    }
    const auto limit = static_cast<std::int64_t>(dictionary.size());
    if (highest >= limit) {
        // What lies below a null means nothing.
        for (std::size_t row = 0; row < codes.size(); ++row)
            if (codes[row] >= limit && !column.is_null(row))
                throw InputError("a code points past the end of its dictionary");
    }
    if (lowest < 0) {
        std::vector<std::uint8_t> bits((codes.size() + 7) / 8, 0);
        for (std::size_t first = 0; first < codes.size(); first += 8) {
            const std::size_t count = std::min<std::size_t>(8, codes.size() - first);
            unsigned byte = 0;
            for (std::size_t k = 0; k < count; ++k)
                byte |= (codes[first + k] >= 0 ? 1U : 0U) << k;
            for (std::size_t k = 0; bitmap != nullptr && k < count; ++k)
                if (column.is_null(first + k)) byte &= ~(1U << k);
            bits[first / 8] = static_cast<std::uint8_t>(byte);
        }
        auto [data, keeper] = keep(std::move(bits));
        column.bitmap_ = data;
        column.bit_offset_ = 0;
        column.bitmap_owner_ = std::move(keeper);
    }
    column.dictionary_ = std::make_shared<const Column>(std::move(dictionary));
    return column;
}

Column Column::of_codes(std::vector<std::int32_t> codes, Column dictionary) {
    const std::size_t n = codes.size();
    auto [data, owner] = keep(std::move(codes));
    return coded<std::int32_t>(Layout::codes32, {data, n}, std::move(owner), std::move(dictionary),
                               nullptr, 0);
}

Column Column::of_codes8(Buffer<std::int8_t> codes, Column dictionary) {
    const std::size_t n = codes.size();
    auto [data, owner] = keep(std::move(codes));
    return coded<std::int8_t>(Layout::codes8, {data, n}, std::move(owner), std::move(dictionary),
                              nullptr, 0);
}

Column Column::view_codes(std::span<const std::int8_t> codes, std::shared_ptr<const void> owner,
                          Column dictionary, const std::uint8_t* bitmap, std::size_t bit_offset) {
    return coded(Layout::codes8, codes, std::move(owner), std::move(dictionary), bitmap,
                 bit_offset);
}

Column Column::view_codes(std::span<const std::int32_t> codes, std::shared_ptr<const void> owner,
                          Column dictionary, const std::uint8_t* bitmap, std::size_t bit_offset) {
    return coded(Layout::codes32, codes, std::move(owner), std::move(dictionary), bitmap,
                 bit_offset);
}

Column Column::view(std::span<const double> cells, std::shared_ptr<const void> owner,
                    const std::uint8_t* bitmap, std::size_t bit_offset) {
    return Column(ColumnType::number, Layout::plain, cells.size(), cells.data(), std::move(owner))
        .with_bitmap(bitmap, bit_offset);
}

Column Column::view(std::span<const std::int64_t> cells, std::shared_ptr<const void> owner,
                    const std::uint8_t* bitmap, std::size_t bit_offset) {
    return Column(ColumnType::integer, Layout::plain, cells.size(), cells.data(), std::move(owner))
        .with_bitmap(bitmap, bit_offset);
}

Column Column::view_text(std::span<const std::int32_t> offsets, const char* bytes,
                         std::shared_ptr<const void> owner, const std::uint8_t* bitmap,
                         std::size_t bit_offset) {
    const std::size_t n = offsets.empty() ? 0 : offsets.size() - 1;
    Column column(ColumnType::text, Layout::offsets32, n, offsets.data(), std::move(owner));
    column.bytes_ = bytes;
    return std::move(column).with_bitmap(bitmap, bit_offset);
}

Column Column::view_text(std::span<const std::int64_t> offsets, const char* bytes,
                         std::shared_ptr<const void> owner, const std::uint8_t* bitmap,
                         std::size_t bit_offset) {
    const std::size_t n = offsets.empty() ? 0 : offsets.size() - 1;
    Column column(ColumnType::text, Layout::offsets64, n, offsets.data(), std::move(owner));
    column.bytes_ = bytes;
    return std::move(column).with_bitmap(bitmap, bit_offset);
}

Column Column::view_string_views(const void* views, std::size_t n, const void* const* buffers,
                                 std::shared_ptr<const void> owner, const std::uint8_t* bitmap,
                                 std::size_t bit_offset) {
    Column column(ColumnType::text, Layout::views, n, views, std::move(owner));
    column.bytes_ = static_cast<const void*>(buffers);
    return std::move(column).with_bitmap(bitmap, bit_offset);
}

std::span<const double> Column::numbers() const {
    if (type_ != ColumnType::number) return {};
    return {static_cast<const double*>(data_), size_};
}

std::span<const std::int64_t> Column::integers() const {
    if (type_ != ColumnType::integer) return {};
    return {static_cast<const std::int64_t*>(data_), size_};
}

std::string_view Column::text(std::size_t row) const {
    if (type_ != ColumnType::text || is_null(row)) return {};
    const auto slice = [&](auto begin, auto end) {
        return std::string_view(static_cast<const char*>(bytes_) + begin,
                                static_cast<std::size_t>(end - begin));
    };
    switch (layout_) {
        case Layout::offsets32: {
            const auto* offsets = static_cast<const std::int32_t*>(data_);
            return slice(offsets[row], offsets[row + 1]);
        }
        case Layout::offsets64: {
            const auto* offsets = static_cast<const std::int64_t*>(data_);
            return slice(offsets[row], offsets[row + 1]);
        }
        case Layout::views: {
            // Arrow columnar format, "Variable-size Binary View Layout": int32 length, then the
            // bytes themselves when at most 12, else 4 bytes of prefix, buffer index and offset.
            const char* view = static_cast<const char*>(data_) + row * 16;
            std::array<std::int32_t, 4> head{};
            std::memcpy(head.data(), view, 16);
            const auto length = static_cast<std::size_t>(head[0]);
            if (length <= 12) return {view + 4, length};
            const auto* buffers = static_cast<const void* const*>(bytes_);
            return {static_cast<const char*>(buffers[head[2]]) + head[3], length};
        }
        case Layout::codes8:
        case Layout::codes32:
            return dictionary_->text(static_cast<std::size_t>(code(row)));
        case Layout::plain:
            break;
    }
    return {};
}

bool Column::boolean(std::size_t row) const {
    return type_ == ColumnType::boolean && !is_null(row) &&
           static_cast<const std::uint8_t*>(data_)[row] != 0;
}

Date Column::date(std::size_t row) const {
    if (type_ != ColumnType::date) return Date();
    return Date(static_cast<std::int32_t>(static_cast<const std::int64_t*>(data_)[row]));
}

bool Column::is_missing(std::size_t row) const {
    if (is_null(row)) return true;
    if (type_ == ColumnType::number) return std::isnan(static_cast<const double*>(data_)[row]);
    return type_ == ColumnType::text && trim(text(row)).empty();
}

NumberCell Column::number(std::size_t row) const {
    using State = NumberCell::State;
    if (is_null(row)) return {};
    switch (type_) {
        case ColumnType::number: {
            const double value = static_cast<const double*>(data_)[row];
            return std::isnan(value) ? NumberCell{} : NumberCell{State::value, value};
        }
        case ColumnType::integer:
            return {State::value,
                    static_cast<double>(static_cast<const std::int64_t*>(data_)[row])};
        case ColumnType::text:
            return parse_number(text(row));
        case ColumnType::boolean:
        case ColumnType::date:
            break;
    }
    return {State::not_a_number, 0.0};
}

std::string Column::print(std::size_t row) const {
    if (is_null(row)) return {};
    switch (type_) {
        case ColumnType::number:
            return print_number(static_cast<const double*>(data_)[row]);
        case ColumnType::integer:
            return std::to_string(static_cast<const std::int64_t*>(data_)[row]);
        case ColumnType::boolean:
            return boolean(row) ? "true" : "false";
        case ColumnType::text:
            return std::string(text(row));
        case ColumnType::date:
            return date(row).text();
    }
    return {};
}

Column Column::take(std::span<const std::size_t> rows) const {
    std::vector<std::uint8_t> valid;
    if (has_nulls()) {
        valid.reserve(rows.size());
        for (const std::size_t row : rows)
            valid.push_back(is_null(row) ? 0 : 1);
    }
    const auto gather = [&]<class T>(T) {
        std::vector<T> cells;
        cells.reserve(rows.size());
        for (const std::size_t row : rows)
            cells.push_back(static_cast<const T*>(data_)[row]);
        return cells;
    };
    switch (type_) {
        case ColumnType::number: {
            Column column = of(gather(double{}));
            column.set_validity(valid);
            return column;
        }
        case ColumnType::integer:
            return of(gather(std::int64_t{}), valid);
        case ColumnType::boolean:
            return of_booleans(gather(std::uint8_t{}), valid);
        case ColumnType::date: {
            Column column = of(gather(std::int64_t{}), valid);
            column.type_ = ColumnType::date;
            return column;
        }
        case ColumnType::text:
            break;
    }
    TextBuilder builder;
    for (const std::size_t row : rows) {
        if (is_null(row))
            builder.append_null();
        else
            builder.append(text(row));
    }
    return builder.finish();
}

// The bytes of all parts one after the other, with offsets of the whole; codes stay codes.
Column Column::join_texts(std::span<const Column> parts, std::size_t total, bool nulls) {
    std::vector<std::uint8_t> valid;
    if (nulls) {
        valid.reserve(total);
        for (const Column& part : parts)
            for (std::size_t row = 0; row < part.size(); ++row)
                valid.push_back(part.is_null(row) ? 0 : 1);
    }
    const bool all_codes = std::all_of(parts.begin(), parts.end(), [](const Column& part) {
        return part.dictionary() != nullptr && part.dictionary()->size() < part.size();
    });
    if (all_codes) {
        std::unordered_map<std::string_view, std::int32_t> known;
        TextBuilder dictionary;
        Buffer<std::int32_t> codes;
        codes.reserve(total);
        std::vector<std::int32_t> now;
        for (const Column& part : parts) {
            const Column& words = *part.dictionary();
            now.clear();
            for (std::size_t k = 0; k < words.size(); ++k) {
                const auto next = static_cast<std::int32_t>(known.size());
                const auto [it, fresh] = known.emplace(words.text(k), next);
                if (fresh) dictionary.append(it->first);
                now.push_back(words.is_null(k) ? -1 : it->second);
            }
            for (std::size_t row = 0; row < part.size(); ++row) {
                const std::int32_t code = part.code(row);
                codes.push_back(code < 0 ? -1 : now[static_cast<std::size_t>(code)]);
            }
        }
        auto [data, owner] = keep(std::move(codes));
        return view_codes(std::span(data, total), std::move(owner), dictionary.finish());
    }
    struct Text {
        Buffer<std::int64_t> offsets;
        Buffer<char> bytes;
    };
    auto text = std::make_shared<Text>();
    std::size_t length = 0;
    for (const Column& part : parts) {
        if (part.size() == 0) continue;
        if (part.layout_ == Layout::offsets32) {
            const auto* offsets = static_cast<const std::int32_t*>(part.data_);
            length += static_cast<std::size_t>(offsets[part.size()] - offsets[0]);
        } else if (part.layout_ == Layout::offsets64) {
            const auto* offsets = static_cast<const std::int64_t*>(part.data_);
            length += static_cast<std::size_t>(offsets[part.size()] - offsets[0]);
        } else {
            for (std::size_t row = 0; row < part.size(); ++row)
                length += part.text(row).size();
        }
    }
    text->bytes.reserve(length);
    text->offsets.resize(total + 1);
    std::int64_t* end = text->offsets.data();
    *end = 0;
    const auto by_offsets = [&]<class Offset>(const Column& part, Offset) {
        const auto* offsets = static_cast<const Offset*>(part.data_);
        const std::int64_t shift = *end - offsets[0];
        for (std::size_t row = 1; row <= part.size(); ++row)
            end[row] = offsets[row] + shift;
        const auto* bytes = static_cast<const char*>(part.bytes_);
        if (offsets[part.size()] > offsets[0])
            text->bytes.insert(text->bytes.end(), bytes + offsets[0], bytes + offsets[part.size()]);
        end += part.size();
    };
    for (const Column& part : parts) {
        if (part.size() == 0) continue;
        if (part.layout_ == Layout::offsets32) {
            by_offsets(part, std::int32_t{});
        } else if (part.layout_ == Layout::offsets64) {
            by_offsets(part, std::int64_t{});
        } else {
            for (std::size_t row = 0; row < part.size(); ++row) {
                const std::string_view cell = part.text(row);
                text->bytes.insert(text->bytes.end(), cell.begin(), cell.end());
                *++end = static_cast<std::int64_t>(text->bytes.size());
            }
        }
    }
    const Text& made = *text;
    Column column =
        view_text(std::span<const std::int64_t>(made.offsets), made.bytes.data(), std::move(text));
    column.set_validity(valid);
    return column;
}

Column Column::concatenate(std::span<const Column> parts) {
    if (parts.empty()) return {};
    if (parts.size() == 1) return parts.front();
    const ColumnType type = parts.front().type();
    std::size_t total = 0;
    bool nulls = false;
    for (const Column& part : parts) {
        if (part.type() != type) throw InputError("columns of different types cannot be joined");
        total += part.size();
        nulls = nulls || part.has_nulls();
    }
    if (type == ColumnType::text) return join_texts(parts, total, nulls);
    std::vector<std::uint8_t> valid;
    if (nulls) {
        valid.reserve(total);
        for (const Column& part : parts)
            for (std::size_t row = 0; row < part.size(); ++row)
                valid.push_back(part.is_null(row) ? 0 : 1);
    }
    const auto join = [&]<class T>(T) {
        Buffer<T> cells;
        cells.reserve(total);
        for (const Column& part : parts) {
            const T* data = static_cast<const T*>(part.data_);
            cells.insert(cells.end(), data, data + part.size());
        }
        return cells;
    };
    if (type == ColumnType::number) {
        Column column = of(join(double{}));
        column.set_validity(valid);
        return column;
    }
    if (type == ColumnType::boolean) {
        const Buffer<std::uint8_t> cells = join(std::uint8_t{});
        return of_booleans({cells.begin(), cells.end()}, valid);
    }
    Column column = of(join(std::int64_t{}));
    column.type_ = type;
    column.set_validity(valid);
    return column;
}

bool Column::equal(std::size_t a, std::size_t b) const {
    if (is_null(a) || is_null(b)) return is_null(a) && is_null(b);
    switch (type_) {
        case ColumnType::number: {
            const double* cells = numbers().data();
            return cells[a] == cells[b] || (std::isnan(cells[a]) && std::isnan(cells[b]));
        }
        case ColumnType::integer:
        case ColumnType::date: {
            const auto* cells = static_cast<const std::int64_t*>(data_);
            return cells[a] == cells[b];
        }
        case ColumnType::boolean:
            return boolean(a) == boolean(b);
        case ColumnType::text:
            return text(a) == text(b);
    }
    return false;
}

std::uint64_t Column::hash(std::size_t row) const {
    if (is_null(row)) return 0x6e756c6cU;
    switch (type_) {
        case ColumnType::number: {
            double value = numbers()[row];
            if (std::isnan(value)) return 0x6e616eU;
            if (value == 0.0) value = 0.0;  // -0.0 equals 0.0
            std::uint64_t bits = 0;
            std::memcpy(&bits, &value, 8);
            return mix(bits);
        }
        case ColumnType::integer:
        case ColumnType::date:
            return mix(static_cast<std::uint64_t>(static_cast<const std::int64_t*>(data_)[row]));
        case ColumnType::boolean:
            return boolean(row) ? 1 : 2;
        case ColumnType::text:
            return hash_bytes(text(row));
    }
    return 0;
}

void TextBuilder::reserve(std::size_t cells, std::size_t bytes) {
    offsets_.reserve(cells + 1);
    bytes_.reserve(bytes);
}

void TextBuilder::append(std::string_view text) {
    bytes_ += text;
    offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
    if (!valid_.empty()) valid_.push_back(1);
}

void TextBuilder::append_null() {
    if (valid_.empty()) valid_.assign(size(), 1);
    offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
    valid_.push_back(0);
}

Column TextBuilder::finish() {
    struct Text {
        std::vector<std::int64_t> offsets;
        std::string bytes;
        std::vector<std::uint8_t> bits;
    };
    auto owner = std::make_shared<Text>();
    const std::size_t n = size();
    owner->offsets = std::exchange(offsets_, {0});
    owner->bytes = std::exchange(bytes_, {});
    const std::uint8_t* bitmap = nullptr;
    if (!valid_.empty()) {
        owner->bits.assign((n + 7) / 8, 0);
        for (std::size_t i = 0; i < n; ++i)
            if (valid_[i] != 0)
                owner->bits[i >> 3U] =
                    static_cast<std::uint8_t>(owner->bits[i >> 3U] | (1U << (i & 7U)));
        bitmap = owner->bits.data();
        valid_.clear();
    }
    const Text* const text = owner.get();
    return Column::view_text(std::span<const std::int64_t>(text->offsets), text->bytes.data(),
                             std::move(owner), bitmap);
}

}  // namespace safetyrisk
