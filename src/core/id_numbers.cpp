#include "core/id_numbers.hpp"

#include <safetyrisk/core/error.hpp>

#include "core/id_keys.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <compare>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

namespace safetyrisk {
namespace {

using core_detail::fetch;
using core_detail::hash_text;
using core_detail::IdKey;
using core_detail::is_blank;

constexpr std::size_t batch = 64;

void check_rows(std::size_t n) {
    if (n >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw InputError("ids: more than 2^31 rows");
}

// A range of rows for each thread.
std::vector<std::size_t> range_ends(std::size_t n, const Work& work) {
    const std::size_t parts = thread_count(n, work);
    std::vector<std::size_t> ends;
    for (std::size_t k = 1; k <= parts; ++k)
        ends.push_back(n * k / parts);
    return ends;
}

// Sorting -----------------------------------------------------------------------------------------

struct Sortable {
    std::uint64_t key;
    std::uint32_t place;
};

// By key, equal keys in their order: one pass for each byte in which the keys differ.
void sort_by_key(std::vector<Sortable>& items, std::vector<Sortable>& scratch) {
    const auto less = [](const Sortable& a, const Sortable& b) { return a.key < b.key; };
    if (std::is_sorted(items.begin(), items.end(), less)) return;
    if (items.size() < 256) {
        std::stable_sort(items.begin(), items.end(), less);
        return;
    }
    std::array<std::array<std::uint32_t, 256>, 8> count{};
    for (const Sortable& item : items)
        for (unsigned b = 0; b < 8; ++b)
            ++count[b][(item.key >> (8 * b)) & 0xFFU];
    scratch.resize(items.size());
    for (unsigned b = 0; b < 8; ++b) {
        const unsigned shift = 8 * b;
        if (count[b][(items.front().key >> shift) & 0xFFU] == items.size()) continue;
        std::array<std::uint32_t, 256> next{};
        std::exclusive_scan(count[b].begin(), count[b].end(), next.begin(), 0U);
        for (const Sortable& item : items)
            scratch[next[(item.key >> shift) & 0xFFU]++] = item;
        items.swap(scratch);
    }
}

// Texts -------------------------------------------------------------------------------------------

// A distinct text: its key, and a row that has it.
struct Entry {
    IdKey key;
    std::uint32_t row = 0;
};

// The distinct texts of a range of rows.
class TextTable {
public:
    explicit TextTable(const Column& column) : column_(&column), slots_(1024) {}

    // Numbers the rows begin..end in the order in which their texts come.
    void read(std::size_t begin, std::size_t end, std::span<std::int32_t> numbers) {
        std::array<IdKey, batch> key;
        std::array<std::uint64_t, batch> hash{};
        std::array<std::uint8_t, batch> state{};  // 0 look up, 1 as the row before, 2 missing
        IdKey last;
        std::string_view last_text;
        std::int32_t last_number = -1;
        bool any = false;
        for (std::size_t first = begin; first < end; first += batch) {
            const std::size_t count = std::min(batch, end - first);
            for (std::size_t k = 0; k < count; ++k) {
                const std::string_view text = column_->text(first + k);
                key[k] = IdKey(text);
                const bool again =
                    any && key[k] == last && (text.size() <= IdKey::bytes || text == last_text);
                // Registers mostly list the points of an enterprise one after the other.
                state[k] = again ? 1 : is_blank(text) ? 2 : 0;
                last = key[k];
                last_text = text;
                any = true;
                if (state[k] != 0) continue;
                hash[k] = hash_text(text, key[k]);
                fetch(&slots_[hash[k] & mask()]);
            }
            for (std::size_t k = 0; k < count; ++k) {
                if (state[k] != 0) continue;
                const Slot& slot = slots_[hash[k] & mask()];
                if (slot.number >= 0) fetch(&entries_[static_cast<std::size_t>(slot.number)]);
            }
            for (std::size_t k = 0; k < count; ++k) {
                if (state[k] != 1) {
                    const auto row = static_cast<std::uint32_t>(first + k);
                    last_number = state[k] == 2 ? -1 : add(key[k], hash[k], row);
                }
                numbers[first + k] = last_number;
            }
        }
        slots_ = {};
    }

    std::size_t size() const { return entries_.size(); }
    const Entry& entry(std::uint32_t number) const { return entries_[number]; }
    std::string_view text(std::uint32_t number) const {
        return column_->text(entries_[number].row);
    }

    // The numbers in the order of their texts.
    std::vector<std::uint32_t> sorted() const {
        std::vector<std::uint32_t> order(size());
        std::iota(order.begin(), order.end(), 0U);
        std::vector<Sortable> items;
        std::vector<Sortable> scratch;
        sort_range(order, 0, items, scratch);
        return order;
    }

    // Order of two texts, of this table and another.
    static std::strong_ordering compare(const TextTable& a, std::uint32_t x, const TextTable& b,
                                        std::uint32_t y) {
        const Entry& left = a.entries_[x];
        const Entry& right = b.entries_[y];
        for (unsigned w = 0; w < 3; ++w)
            if (left.key.word[w] != right.key.word[w])
                return left.key.word[w] <=> right.key.word[w];
        if (left.key.size <= IdKey::bytes || right.key.size <= IdKey::bytes)
            return left.key.size <=> right.key.size;
        return a.text(x).compare(b.text(y)) <=> 0;
    }

private:
    struct Slot {
        std::uint32_t tag = 0;
        std::int32_t number = -1;
    };

    std::size_t mask() const { return slots_.size() - 1; }

    bool holds(const Slot& slot, const IdKey& key, std::uint32_t row) const {
        const Entry& entry = entries_[static_cast<std::size_t>(slot.number)];
        return entry.key == key &&
               (key.size <= IdKey::bytes || column_->text(entry.row) == column_->text(row));
    }

    std::int32_t add(const IdKey& key, std::uint64_t hash, std::uint32_t row) {
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        std::size_t at = hash & mask();
        for (; slots_[at].number >= 0; at = (at + 1) & mask())
            if (slots_[at].tag == tag && holds(slots_[at], key, row)) return slots_[at].number;
        const auto number = static_cast<std::int32_t>(entries_.size());
        slots_[at] = {tag, number};
        entries_.push_back({key, row});
        if (entries_.size() * 3 > slots_.size() * 2) grow();
        return number;
    }

    void grow() {
        Buffer<Slot> old(slots_.size() * 4, Slot{});
        old.swap(slots_);
        // What a slot does not keep of its hash is made again from the key.
        for (const Slot& slot : old) {
            if (slot.number < 0) continue;
            const Entry& entry = entries_[static_cast<std::size_t>(slot.number)];
            const std::uint64_t hash = entry.key.size <= IdKey::bytes
                                           ? entry.key.hash()
                                           : hash_text(column_->text(entry.row), entry.key);
            std::size_t at = hash & mask();
            while (slots_[at].number >= 0)
                at = (at + 1) & mask();
            slots_[at] = slot;
        }
    }

    // Eight bytes of the text from `depth` on, padded with zeros.
    std::uint64_t word(std::uint32_t number, std::size_t depth) const {
        const Entry& entry = entries_[number];
        if (depth < IdKey::bytes) return entry.key.word[depth / 8];
        const std::string_view text = column_->text(entry.row);
        if (depth >= text.size()) return 0;
        const std::size_t length = std::min<std::size_t>(8, text.size() - depth);
        return core_detail::last_bytes(text.data() + depth + length, length, text.size());
    }

    // Sorts numbers whose texts agree before `depth`, eight bytes at a time.
    void sort_range(std::span<std::uint32_t> order, std::size_t depth, std::vector<Sortable>& items,
                    std::vector<Sortable>& scratch) const {
        items.clear();
        items.reserve(order.size());
        for (const std::uint32_t number : order)
            items.push_back({word(number, depth), number});
        sort_by_key(items, scratch);
        std::vector<std::pair<std::size_t, std::size_t>> ties;
        for (std::size_t i = 0; i < items.size();) {
            std::size_t end = i + 1;
            while (end < items.size() && items[end].key == items[i].key)
                ++end;
            for (std::size_t k = i; k < end; ++k)
                order[k] = items[k].place;
            if (end - i > 1) ties.emplace_back(i, end);
            i = end;
        }
        for (const auto& [begin, end] : ties) {
            const auto tied = order.subspan(begin, end - begin);
            // Padding makes a text tie with itself and zeros; the shorter one comes first.
            std::sort(tied.begin(), tied.end(), [&](std::uint32_t a, std::uint32_t b) {
                return entries_[a].key.size < entries_[b].key.size;
            });
            const auto longer = std::partition_point(
                tied.begin(), tied.end(),
                [&](std::uint32_t number) { return entries_[number].key.size <= depth + 8; });
            const auto rest = tied.subspan(static_cast<std::size_t>(longer - tied.begin()));
            if (rest.size() < 32 || depth >= 64)
                std::sort(rest.begin(), rest.end(),
                          [&](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
            else
                sort_range(rest, depth + 8, items, scratch);
        }
    }

    const Column* column_;
    Buffer<Slot> slots_;
    Buffer<Entry> entries_;
};

Column texts_of(std::span<const std::string_view> texts) {
    TextBuilder builder;
    std::size_t bytes = 0;
    for (const std::string_view text : texts)
        bytes += text.size();
    builder.reserve(texts.size(), bytes);
    for (const std::string_view text : texts)
        builder.append(text);
    return builder.finish();
}

struct Numbered {
    Buffer<std::int32_t> numbers;
    Column texts;
};

// Replaces the local numbers of each range of rows by their places.
void place_numbers(Buffer<std::int32_t>& numbers, std::span<const std::size_t> ends,
                   const std::vector<std::vector<std::int32_t>>& places, const Work& work) {
    for_tasks(ends.size(), work, [&](std::size_t part) {
        const std::vector<std::int32_t>& place = places[part];
        for (std::size_t row = part == 0 ? 0 : ends[part - 1]; row < ends[part]; ++row)
            if (numbers[row] >= 0) numbers[row] = place[static_cast<std::size_t>(numbers[row])];
    });
}

Numbered number_texts(const Column& ids, const Work& work) {
    const std::vector<std::size_t> ends = range_ends(ids.size(), work);
    Numbered out;
    out.numbers.resize(ids.size());
    std::vector<TextTable> tables(ends.size(), TextTable(ids));
    std::vector<std::vector<std::uint32_t>> orders(ends.size());
    for_tasks(ends.size(), work, [&](std::size_t part) {
        tables[part].read(part == 0 ? 0 : ends[part - 1], ends[part], out.numbers);
        orders[part] = tables[part].sorted();
    });
    // The sorted lists of all ranges as one: at each step the smallest head, taken from every list
    // that has it.
    std::vector<std::vector<std::int32_t>> places(ends.size());
    for (std::size_t part = 0; part < ends.size(); ++part)
        places[part].resize(tables[part].size());
    std::vector<std::size_t> head(ends.size(), 0);
    std::vector<std::string_view> texts;
    while (true) {
        std::size_t smallest = ends.size();
        for (std::size_t part = 0; part < ends.size(); ++part) {
            if (head[part] == orders[part].size()) continue;
            if (smallest == ends.size() ||
                TextTable::compare(tables[part], orders[part][head[part]], tables[smallest],
                                   orders[smallest][head[smallest]]) < 0)
                smallest = part;
        }
        if (smallest == ends.size()) break;
        const std::uint32_t taken = orders[smallest][head[smallest]];
        const auto place = static_cast<std::int32_t>(texts.size());
        texts.push_back(tables[smallest].text(taken));
        for (std::size_t part = 0; part < ends.size(); ++part) {
            if (head[part] == orders[part].size()) continue;
            const std::uint32_t mine = orders[part][head[part]];
            if (part != smallest &&
                TextTable::compare(tables[part], mine, tables[smallest], taken) != 0)
                continue;
            places[part][mine] = place;
            ++head[part];
        }
    }
    place_numbers(out.numbers, ends, places, work);
    out.texts = texts_of(texts);
    return out;
}

// Dictionaries ------------------------------------------------------------------------------------

Numbered number_codes(const Column& ids, const Work& work) {
    const Column& words = *ids.dictionary();
    std::vector<std::uint8_t> used(words.size(), 0);
    for (std::size_t row = 0; row < ids.size(); ++row)
        if (const std::int32_t code = ids.code(row); code >= 0)
            used[static_cast<std::size_t>(code)] = 1;
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < words.size(); ++k)
        if (used[k] != 0) kept.push_back(k);
    Numbered some = number_texts(words.take(kept), work);
    std::vector<std::int32_t> number(words.size(), -1);
    for (std::size_t k = 0; k < kept.size(); ++k)
        number[kept[k]] = some.numbers[k];
    Numbered out;
    out.texts = std::move(some.texts);
    out.numbers.resize(ids.size());
    for_blocks(ids.size(), work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::int32_t code = ids.code(row);
            out.numbers[row] = code < 0 ? -1 : number[static_cast<std::size_t>(code)];
        }
    });
    return out;
}

// Whole numbers -----------------------------------------------------------------------------------

int digits_of(std::uint64_t value) {
    int digits = 1;
    for (; value >= 10; value /= 10)
        ++digits;
    return digits;
}

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                     : static_cast<std::uint64_t>(value);
}

// Positions of ascending values in the order of their decimals. Numbers with equally many digits
// sort like their decimals, so it is enough to merge a list for each number of digits; digits are
// compared when all are stretched to nineteen.
std::vector<std::uint32_t> decimal_order(std::span<const std::int64_t> values) {
    static constexpr std::array<std::uint64_t, 20> tens = [] {
        std::array<std::uint64_t, 20> out{};
        std::uint64_t ten = 1;
        for (std::uint64_t& one : out) {
            one = ten;
            ten *= 10;
        }
        return out;
    }();
    struct Item {
        std::uint64_t stretched;
        std::uint32_t place;
        std::int32_t digits;
    };
    const auto less = [](const Item& a, const Item& b) {
        return a.stretched != b.stretched ? a.stretched < b.stretched : a.digits < b.digits;
    };
    std::vector<std::uint32_t> order;
    order.reserve(values.size());
    const auto append = [&](auto begin, auto end) {
        std::vector<Item> merged;
        std::vector<Item> group;
        std::vector<Item> scratch;
        while (begin != end) {
            group.clear();
            const int digits = digits_of(magnitude(values[*begin]));
            const std::uint64_t limit = tens.at(static_cast<std::size_t>(digits));
            // Nineteen digits are the most that 64 bits with a sign have.
            const std::uint64_t stretch = tens.at(static_cast<std::size_t>(19 - digits));
            for (; begin != end && magnitude(values[*begin]) < limit; ++begin)
                group.push_back({magnitude(values[*begin]) * stretch,
                                 static_cast<std::uint32_t>(*begin), digits});
            scratch.resize(merged.size() + group.size());
            std::merge(merged.begin(), merged.end(), group.begin(), group.end(), scratch.begin(),
                       less);
            merged.swap(scratch);
        }
        for (const Item& item : merged)
            order.push_back(item.place);
    };
    std::vector<std::size_t> places(values.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    const auto zero = static_cast<std::ptrdiff_t>(
        std::lower_bound(values.begin(), values.end(), 0) - values.begin());
    // A minus comes before every digit; after it the greatest value has the smallest magnitude.
    append(std::make_reverse_iterator(places.begin() + zero), places.rend());
    append(places.begin() + zero, places.end());
    return order;
}

Column decimals(std::span<const std::int64_t> values, std::span<const std::uint32_t> order) {
    struct Text {
        Buffer<std::int64_t> offsets;
        Buffer<char> bytes;
    };
    constexpr std::size_t longest = 20;
    auto text = std::make_shared<Text>();
    text->offsets.resize(order.size() + 1);
    text->offsets[0] = 0;
    text->bytes.resize(order.size() * longest);
    char* end = text->bytes.data();
    for (std::size_t k = 0; k < order.size(); ++k) {
        end = std::to_chars(end, end + longest, values[order[k]]).ptr;
        text->offsets[k + 1] = end - text->bytes.data();
    }
    const Text& made = *text;
    return Column::view_text(std::span<const std::int64_t>(made.offsets), made.bytes.data(),
                             std::move(text));
}

// Places and texts of ascending values.
std::pair<std::vector<std::int32_t>, Column> place_values(std::span<const std::int64_t> values) {
    const std::vector<std::uint32_t> order = decimal_order(values);
    std::vector<std::int32_t> place(values.size());
    for (std::size_t k = 0; k < order.size(); ++k)
        place[order[k]] = static_cast<std::int32_t>(k);
    return {std::move(place), decimals(values, order)};
}

struct Range {
    std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
    std::int64_t highest = std::numeric_limits<std::int64_t>::min();

    bool empty() const { return lowest > highest; }
    // Number of whole numbers in it, less one.
    std::uint64_t width() const {
        return static_cast<std::uint64_t>(highest) - static_cast<std::uint64_t>(lowest);
    }
};

Range range_of(const Column& ids, const Work& work) {
    const std::span<const std::int64_t> cells = ids.integers();
    const std::vector<std::size_t> ends = range_ends(cells.size(), work);
    std::vector<Range> ranges(ends.size());
    for_tasks(ends.size(), work, [&](std::size_t part) {
        Range range;
        for (std::size_t row = part == 0 ? 0 : ends[part - 1]; row < ends[part]; ++row) {
            if (ids.is_null(row)) continue;
            range.lowest = std::min(range.lowest, cells[row]);
            range.highest = std::max(range.highest, cells[row]);
        }
        ranges[part] = range;
    });
    Range all;
    for (const Range& range : ranges) {
        all.lowest = std::min(all.lowest, range.lowest);
        all.highest = std::max(all.highest, range.highest);
    }
    return all;
}

std::size_t offset_in(const Range& range, std::int64_t value) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(value) -
                                    static_cast<std::uint64_t>(range.lowest));
}

// Values of a small range: a bit for each that occurs, then a place for each.
Numbered number_dense(const Column& ids, const Range& range, const Work& work) {
    const std::span<const std::int64_t> cells = ids.integers();
    const std::size_t width = range.width() + 1;
    const std::vector<std::size_t> ends = range_ends(cells.size(), work);
    std::vector<Buffer<std::uint8_t>> seen(ends.size());
    for_tasks(ends.size(), work, [&](std::size_t part) {
        Buffer<std::uint8_t>& bits = seen[part];
        bits.assign(width, 0);
        for (std::size_t row = part == 0 ? 0 : ends[part - 1]; row < ends[part]; ++row)
            if (!ids.is_null(row)) bits[offset_in(range, cells[row])] = 1;
    });
    std::vector<std::int64_t> values;
    for (std::size_t k = 0; k < width; ++k) {
        bool any = false;
        for (const Buffer<std::uint8_t>& bits : seen)
            any = any || bits[k] != 0;
        if (any)
            values.push_back(
                static_cast<std::int64_t>(static_cast<std::uint64_t>(range.lowest) + k));
    }
    seen.clear();
    Numbered out;
    auto [places, texts] = place_values(values);
    out.texts = std::move(texts);
    Buffer<std::int32_t> place(width);
    for (std::size_t k = 0; k < values.size(); ++k)
        place[offset_in(range, values[k])] = places[k];
    out.numbers.resize(cells.size());
    for_blocks(cells.size(), work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            out.numbers[row] = ids.is_null(row) ? -1 : place[offset_in(range, cells[row])];
    });
    return out;
}

// Distinct 64-bit keys of a range of rows.
class KeyTable {
public:
    KeyTable() : slots_(1024, Slot{}) {}

    // `key(row)` gives the key of a row and `missing(row)` whether it has none.
    template <class Key, class Missing>
    void read(std::size_t begin, std::size_t end, std::span<std::int32_t> numbers, const Key& key,
              const Missing& missing) {
        std::array<std::uint64_t, batch> keys{};
        for (std::size_t first = begin; first < end; first += batch) {
            const std::size_t count = std::min(batch, end - first);
            for (std::size_t k = 0; k < count; ++k) {
                keys[k] = key(first + k);
                fetch(&slots_[core_detail::mix(keys[k]) & mask()]);
            }
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t row = first + k;
                if (missing(row))
                    numbers[row] = -1;
                else if (k > 0 && keys[k] == keys[k - 1] && numbers[row - 1] >= 0)
                    numbers[row] = numbers[row - 1];
                else
                    numbers[row] = add(keys[k]);
            }
        }
        slots_ = {};
    }

    std::span<const std::uint64_t> keys() const { return keys_; }

private:
    struct Slot {
        std::uint64_t key = 0;
        std::int32_t number = -1;
    };

    std::size_t mask() const { return slots_.size() - 1; }

    std::int32_t add(std::uint64_t key) {
        std::size_t at = core_detail::mix(key) & mask();
        for (; slots_[at].number >= 0; at = (at + 1) & mask())
            if (slots_[at].key == key) return slots_[at].number;
        const auto number = static_cast<std::int32_t>(keys_.size());
        slots_[at] = {key, number};
        keys_.push_back(key);
        if (keys_.size() * 3 > slots_.size() * 2) grow();
        return number;
    }

    void grow() {
        Buffer<Slot> old(slots_.size() * 4, Slot{});
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number < 0) continue;
            std::size_t at = core_detail::mix(slot.key) & mask();
            while (slots_[at].number >= 0)
                at = (at + 1) & mask();
            slots_[at] = slot;
        }
    }

    Buffer<Slot> slots_;
    std::vector<std::uint64_t> keys_;
};

// Any values that are told apart by 64 bits. `finish` gets the distinct keys, ascending, and gives
// the place of each and the texts of the places.
template <class Key, class Missing, class Finish>
Numbered number_keys(std::size_t n, const Work& work, const Key& key, const Missing& missing,
                     const Finish& finish) {
    const std::vector<std::size_t> ends = range_ends(n, work);
    Numbered out;
    out.numbers.resize(n);
    std::vector<KeyTable> tables(ends.size());
    for_tasks(ends.size(), work, [&](std::size_t part) {
        tables[part].read(part == 0 ? 0 : ends[part - 1], ends[part], out.numbers, key, missing);
    });
    // As signed numbers, so that ids come out ascending.
    std::vector<Sortable> items;
    std::vector<Sortable> scratch;
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    std::vector<std::size_t> starts;
    for (const KeyTable& table : tables) {
        starts.push_back(items.size());
        for (const std::uint64_t one : table.keys())
            items.push_back({one ^ sign, static_cast<std::uint32_t>(items.size())});
    }
    sort_by_key(items, scratch);
    std::vector<std::int64_t> values;
    std::vector<std::uint32_t> value_of(items.size());
    for (const Sortable& item : items) {
        const auto value = static_cast<std::int64_t>(item.key ^ sign);
        if (values.empty() || values.back() != value) values.push_back(value);
        value_of[item.place] = static_cast<std::uint32_t>(values.size() - 1);
    }
    auto [place, texts] = finish(std::span<const std::int64_t>(values));
    out.texts = std::move(texts);
    std::vector<std::vector<std::int32_t>> places(ends.size());
    for (std::size_t part = 0; part < ends.size(); ++part)
        for (std::size_t k = 0; k < tables[part].keys().size(); ++k)
            places[part].push_back(place[value_of[starts[part] + k]]);
    place_numbers(out.numbers, ends, places, work);
    return out;
}

Numbered number_integers(const Column& ids, const Work& work) {
    const Range range = range_of(ids, work);
    if (range.empty()) {
        Numbered out;
        out.numbers.assign(ids.size(), -1);
        out.texts = texts_of({});
        return out;
    }
    if (range.width() < std::max<std::size_t>(2 * ids.size(), 1024))
        return number_dense(ids, range, work);
    const std::span<const std::int64_t> cells = ids.integers();
    return number_keys(
        ids.size(), work, [&](std::size_t row) { return static_cast<std::uint64_t>(cells[row]); },
        [&](std::size_t row) { return ids.is_null(row); }, place_values);
}

// Numbers, dates and truth values are rare as ids: they are told apart by their bits and then
// printed, and those that print alike are one.
Numbered number_printed(const Column& ids, const Work& work) {
    const auto key = [&](std::size_t row) {
        if (ids.type() == ColumnType::number)
            return std::bit_cast<std::uint64_t>(ids.numbers()[row]);
        if (ids.type() == ColumnType::boolean) return std::uint64_t{ids.boolean(row) ? 1U : 0U};
        return static_cast<std::uint64_t>(std::int64_t{ids.date(row).days_since_1970()});
    };
    const auto print = [&](std::int64_t value) -> std::string {
        if (ids.type() == ColumnType::number)
            return Column::of(std::vector<double>{std::bit_cast<double>(value)}).print(0);
        if (ids.type() == ColumnType::boolean) return value != 0 ? "true" : "false";
        return Date(static_cast<std::int32_t>(value)).text();
    };
    return number_keys(
        ids.size(), work, key, [&](std::size_t row) { return ids.is_missing(row); },
        [&](std::span<const std::int64_t> values) {
            std::vector<std::string> printed;
            for (const std::int64_t value : values)
                printed.push_back(print(value));
            Work here;
            Numbered texts = number_texts(Column::of(printed), here);
            return std::pair{std::vector<std::int32_t>(texts.numbers.begin(), texts.numbers.end()),
                             std::move(texts.texts)};
        });
}

Numbered number_ids(const Column& ids, const Work& work) {
    check_rows(ids.size());
    if (ids.type() == ColumnType::integer) return number_integers(ids, work);
    if (ids.type() != ColumnType::text) return number_printed(ids, work);
    if (ids.dictionary() != nullptr && ids.dictionary()->size() <= ids.size())
        return number_codes(ids, work);
    return number_texts(ids, work);
}

// Shared ids --------------------------------------------------------------------------------------

bool ascend(const Column& ids, const Work& work) {
    std::atomic<bool> sorted{true};
    const auto check = [&](const auto& in_order) {
        for_blocks(ids.size(), work, [&](std::size_t begin, std::size_t end) {
            if (!sorted.load(std::memory_order_relaxed)) return;
            if (!in_order(begin, end)) sorted = false;
        });
    };
    if (ids.type() == ColumnType::integer && !ids.has_nulls()) {
        const std::span<const std::int64_t> cells = ids.integers();
        check([&](std::size_t begin, std::size_t end) {
            bool fine = true;
            for (std::size_t row = std::max<std::size_t>(begin, 1); row < end; ++row)
                fine = fine && cells[row - 1] < cells[row];
            return fine;
        });
        return sorted;
    }
    if (ids.type() != ColumnType::text || ids.has_nulls() || ids.dictionary() != nullptr)
        return false;
    check([&](std::size_t begin, std::size_t end) {
        std::string_view last = begin == 0 ? std::string_view() : ids.text(begin - 1);
        for (std::size_t row = begin; row < end; ++row) {
            const std::string_view text = ids.text(row);
            if (row > 0 && text <= last) return false;
            last = text;
        }
        return true;
    });
    return sorted;
}

// Rows of the values that occur more than once, when a bit for each value is little.
std::vector<std::size_t> shared_dense(const Column& ids, const Range& range) {
    const std::span<const std::int64_t> cells = ids.integers();
    const std::size_t words = range.width() / 64 + 1;
    Buffer<std::uint64_t> once(words, 0);
    Buffer<std::uint64_t> twice;
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (ids.is_null(row)) continue;
        const std::size_t k = offset_in(range, cells[row]);
        const std::uint64_t bit = std::uint64_t{1} << (k & 63U);
        if ((once[k >> 6U] & bit) != 0) {
            if (twice.empty()) twice.assign(words, 0);
            twice[k >> 6U] |= bit;
        }
        once[k >> 6U] |= bit;
    }
    std::vector<std::size_t> rows;
    if (twice.empty()) return rows;
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (ids.is_null(row)) continue;
        const std::size_t k = offset_in(range, cells[row]);
        if (((twice[k >> 6U] >> (k & 63U)) & 1U) != 0) rows.push_back(row);
    }
    return rows;
}

// Rows whose id may occur elsewhere: part of a hash and the row, brought together by the other part
// of the hash, and in each of these small heaps looked for in a table that stays in the cache.
std::vector<std::size_t> shared_by_hash(const Column& ids, const Work& work) {
    struct Item {
        std::uint32_t tag;
        std::uint32_t row;
    };
    const std::size_t n = ids.size();
    const std::size_t heaps = std::bit_ceil(std::clamp<std::size_t>(n / 8192, 1, 4096));
    const auto shift = static_cast<unsigned>(64 - std::countr_zero(heaps));
    const std::vector<std::size_t> ends = range_ends(n, work);
    const std::size_t parts = ends.size();
    const bool is_text = ids.type() == ColumnType::text;
    // Calls body(row, hash) for the rows of a range that have an id.
    const auto for_hashes = [&](std::size_t part, const auto& body) {
        for (std::size_t row = part == 0 ? 0 : ends[part - 1]; row < ends[part]; ++row) {
            if (is_text) {
                const std::string_view text = ids.text(row);
                if (!is_blank(text)) body(row, hash_text(text, IdKey(text)));
            } else if (!ids.is_missing(row)) {
                body(row, ids.hash(row));
            }
        }
    };
    const auto heap_of = [&](std::uint64_t hash) {
        return heaps == 1 ? std::size_t{0} : static_cast<std::size_t>(hash >> shift);
    };
    std::vector<std::vector<std::size_t>> next(parts, std::vector<std::size_t>(heaps, 0));
    for_tasks(parts, work, [&](std::size_t part) {
        for_hashes(part, [&](std::size_t, std::uint64_t hash) { ++next[part][heap_of(hash)]; });
    });
    std::vector<std::size_t> heap_end(heaps);
    std::size_t total = 0;
    for (std::size_t heap = 0; heap < heaps; ++heap) {
        for (std::size_t part = 0; part < parts; ++part)
            total += std::exchange(next[part][heap], total);
        heap_end[heap] = total;
    }
    Buffer<Item> items(total);
    for_tasks(parts, work, [&](std::size_t part) {
        for_hashes(part, [&](std::size_t row, std::uint64_t hash) {
            items[next[part][heap_of(hash)]++] = {static_cast<std::uint32_t>(hash),
                                                  static_cast<std::uint32_t>(row)};
        });
    });
    std::vector<std::vector<std::size_t>> found(heaps);
    for_tasks(heaps, work, [&](std::size_t heap) {
        const std::size_t begin = heap == 0 ? 0 : heap_end[heap - 1];
        const std::size_t mask = std::bit_ceil((heap_end[heap] - begin) * 2 + 1) - 1;
        constexpr std::uint32_t empty = 0xFFFFFFFFU;
        std::vector<std::uint32_t> slots(mask + 1, empty);
        for (std::size_t k = begin; k < heap_end[heap]; ++k) {
            std::size_t at = core_detail::mix(items[k].tag) & mask;
            bool here = false;
            for (; slots[at] != empty; at = (at + 1) & mask) {
                const Item& other = items[begin + slots[at]];
                if (other.tag != items[k].tag) continue;
                // The hash is all but proof; the ids decide, when the groups are made.
                found[heap].push_back(other.row);
                found[heap].push_back(items[k].row);
                here = ids.equal(other.row, items[k].row);
                if (here) break;
            }
            if (!here) slots[at] = static_cast<std::uint32_t>(k - begin);
        }
    });
    std::vector<std::size_t> rows;
    for (const std::vector<std::size_t>& some : found)
        rows.insert(rows.end(), some.begin(), some.end());
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

}  // namespace

IdNumbers::IdNumbers(const Column& ids, const Work& work) {
    Numbered made = number_ids(ids, work);
    numbers_ = std::move(made.numbers);
    texts_ = std::move(made.texts);
}

std::vector<std::int32_t> match_ids(const IdNumbers& from, const IdNumbers& to) {
    std::vector<std::int32_t> out(from.size(), -1);
    std::size_t k = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::string_view wanted = from.texts().text(i);
        while (k < to.size() && to.texts().text(k) < wanted)
            ++k;
        if (k < to.size() && to.texts().text(k) == wanted) out[i] = static_cast<std::int32_t>(k);
    }
    return out;
}

std::vector<std::vector<std::size_t>> shared_ids(const Column& ids, const Work& work) {
    check_rows(ids.size());
    if (ids.size() < 2 || ascend(ids, work)) return {};
    std::vector<std::size_t> rows;
    const Range range = ids.type() == ColumnType::integer ? range_of(ids, work) : Range{};
    if (!range.empty() && range.width() < 32 * ids.size())
        rows = shared_dense(ids, range);
    else
        rows = shared_by_hash(ids, work);
    if (rows.empty()) return {};
    // Among the few rows that are left the numbers of their ids make the groups.
    Work here;
    Column some = ids.take(rows);
    if (ids.type() == ColumnType::number) {  // 0 and -0 are equal and print differently
        std::vector<double> cells(some.numbers().begin(), some.numbers().end());
        for (std::size_t k = 0; k < cells.size(); ++k)
            cells[k] = some.is_null(k) ? std::numeric_limits<double>::quiet_NaN() : cells[k] + 0.0;
        some = Column::of(std::move(cells));
    }
    const IdNumbers numbers(some, here);
    std::vector<std::vector<std::size_t>> by_id(numbers.size());
    for (std::size_t k = 0; k < rows.size(); ++k)
        if (numbers.numbers()[k] >= 0)
            by_id[static_cast<std::size_t>(numbers.numbers()[k])].push_back(rows[k]);
    std::erase_if(by_id, [](const auto& group) { return group.size() < 2; });
    std::sort(by_id.begin(), by_id.end(),
              [](const auto& a, const auto& b) { return a.front() < b.front(); });
    return by_id;
}

}  // namespace safetyrisk
