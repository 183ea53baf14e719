// Any bytes as an Arrow stream or array.
//
// The interface passes pointers without their sizes, so a consumer cannot check everything. The
// producer made here keeps the promises that only a producer can keep (a buffer that is given has
// the bytes that its type, the length and the offsets in it ask for; an array of pointers has as
// many as it says) in memory of exactly that size, and breaks every other rule: formats, lengths,
// offsets, counts and null counts that cannot be, buffers and children that are missing, offsets
// that run backwards, texts outside their buffers, indices past their dictionary.
//
// What is read is read again after export_arrow and must be the same, and every structure must
// have been released once.
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/io/arrow.hpp>

#include "require.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace safetyrisk;

namespace {

int alive = 0;  // structures that were handed out and not released

// The memory of one array or schema. Each buffer is an allocation of its own, of its exact size.
struct Memory {
    std::deque<std::unique_ptr<char[]>> buffers;
    std::vector<const void*> pointers;
    std::string format, name;
    std::deque<ArrowArray> arrays;
    std::deque<ArrowSchema> schemas;
    std::vector<ArrowArray*> array_children;
    std::vector<ArrowSchema*> schema_children;
};

void release_array(ArrowArray* array) {
    const std::unique_ptr<Memory> memory(static_cast<Memory*>(array->private_data));
    for (ArrowArray& child : memory->arrays)
        if (child.release != nullptr) child.release(&child);
    array->release = nullptr;
    --alive;
}

void release_schema(ArrowSchema* schema) {
    const std::unique_ptr<Memory> memory(static_cast<Memory*>(schema->private_data));
    for (ArrowSchema& child : memory->schemas)
        if (child.release != nullptr) child.release(&child);
    schema->release = nullptr;
    --alive;
}

class Producer {
public:
    explicit Producer(FuzzedDataProvider& bytes) : bytes_(bytes) {}

    // One in `n`.
    bool rarely(int n = 16) { return bytes_.ConsumeIntegralInRange(1, n) == n; }

    // Mostly the truth.
    std::int64_t told(std::int64_t truth) {
        if (!rarely()) return truth;
        return bytes_.PickValueInArray<std::int64_t>(
            {-1, std::numeric_limits<std::int64_t>::min(), std::int64_t{1} << 41,
             std::numeric_limits<std::int64_t>::max(),
             std::numeric_limits<std::int64_t>::max() - 1});
    }

    std::string format() {
        static constexpr const char* formats[] = {
            "g", "l", "u",  "U",  "vu",  "f",   "c",       "C",    "s",       "S",
            "i", "I", "L",  "b",  "tdD", "tdm", "tss:",    "tsm:", "tsu:UTC", "tsn:",
            "e", "n", "+s", "+l", "z",   "vz",  "d:19,10", "+w:2", "ts",      "",
        };
        if (rarely(64)) return bytes_.ConsumeRandomLengthString(8);
        return formats[bytes_.ConsumeIntegralInRange<std::size_t>(0, std::size(formats) - 1)];
    }

    ArrowSchema schema(int depth = 0) {
        auto memory = std::make_unique<Memory>();
        memory->format = format();
        memory->name = bytes_.ConsumeRandomLengthString(4);
        ArrowSchema out{};
        out.format = rarely(64) ? nullptr : memory->format.c_str();
        out.name = rarely(32) ? nullptr : memory->name.c_str();
        out.flags = bytes_.ConsumeIntegralInRange<std::int64_t>(0, 7);
        if (depth < 2 && rarely(4)) {
            memory->schemas.push_back(schema(depth + 1));
            out.dictionary = &memory->schemas.back();
        }
        return finish(out, std::move(memory));
    }

    // A struct of the children.
    ArrowSchema table_schema(int columns) {
        auto memory = std::make_unique<Memory>();
        memory->format = rarely(64) ? format() : "+s";
        for (int c = 0; c < columns; ++c)
            memory->schemas.push_back(schema());
        for (ArrowSchema& child : memory->schemas)
            memory->schema_children.push_back(rarely(64) ? nullptr : &child);
        ArrowSchema out{};
        out.format = rarely(64) ? nullptr : memory->format.c_str();
        out.n_children = rarely(64) ? -1 : columns;
        out.children = rarely(64) ? nullptr : memory->schema_children.data();
        return finish(out, std::move(memory));
    }

    // An array of `rows` rows from `offset` on, as `schema` says.
    ArrowArray array(const ArrowSchema& schema, std::int64_t rows, std::int64_t offset) {
        auto memory = std::make_unique<Memory>();
        const std::string_view format = schema.format == nullptr ? "" : schema.format;
        const auto end = static_cast<std::size_t>(rows + offset);
        ArrowArray out{};
        out.length = told(rows);
        out.offset = told(offset);
        out.null_count = rarely(4) ? -1 : 0;
        if (rarely(8)) out.null_count = told(bytes_.ConsumeIntegralInRange<std::int64_t>(0, rows));
        const bool with_bitmap = bytes_.ConsumeBool();
        if (format != "n") add(*memory, with_bitmap ? (end + 7) / 8 : 0, !with_bitmap);
        if (format == "u") offsets<std::int32_t>(*memory, end);
        if (format == "U") offsets<std::int64_t>(*memory, end);
        if (format == "vu") views(*memory, end);
        if (const std::size_t bits = bits_of(format); bits > 0) add(*memory, (end * bits + 7) / 8);
        if (schema.dictionary != nullptr && !rarely()) {
            const std::int64_t values = bytes_.ConsumeIntegralInRange<std::int64_t>(0, 4);
            memory->arrays.push_back(array(*schema.dictionary, values, 0));
            out.dictionary = &memory->arrays.back();
        }
        out.n_buffers = static_cast<std::int64_t>(memory->pointers.size());
        if (rarely())
            out.n_buffers = bytes_.ConsumeIntegralInRange<std::int64_t>(-1, out.n_buffers);
        // A missing buffer makes a lie about the length harmless; a present one would not.
        if (rarely() && memory->pointers.size() > 1)
            memory->pointers[bytes_.ConsumeIntegralInRange<std::size_t>(
                1, memory->pointers.size() - 1)] = nullptr;
        out.buffers = memory->pointers.empty() || rarely(64) ? nullptr : memory->pointers.data();
        return finish(out, std::move(memory));
    }

    // A batch of a table.
    ArrowArray batch(const ArrowSchema& schema) {
        auto memory = std::make_unique<Memory>();
        const auto rows = bytes_.ConsumeIntegralInRange<std::int64_t>(0, 12);
        const auto first = rarely() ? bytes_.ConsumeIntegralInRange<std::int64_t>(0, 3) : 0;
        const std::int64_t columns = std::max<std::int64_t>(schema.n_children, 0);
        for (std::int64_t c = 0; c < columns; ++c) {
            if (schema.children == nullptr || schema.children[c] == nullptr) continue;
            const std::int64_t extra = rarely() ? 1 : 0;
            memory->arrays.push_back(array(*schema.children[c], rows + first + extra,
                                           bytes_.ConsumeIntegralInRange<std::int64_t>(0, 9)));
        }
        for (ArrowArray& child : memory->arrays)
            memory->array_children.push_back(rarely(64) ? nullptr : &child);
        ArrowArray out{};
        add(*memory, static_cast<std::size_t>(rows + first + 7) / 8, !rarely());
        out.length = told(rows);
        out.offset = told(first);
        out.null_count = rarely(8) ? -1 : 0;
        out.n_buffers = rarely() ? 0 : 1;
        out.buffers = rarely(64) ? nullptr : memory->pointers.data();
        out.n_children = rarely(64) ? -1 : static_cast<std::int64_t>(memory->arrays.size());
        out.children = rarely(64) ? nullptr : memory->array_children.data();
        return finish(out, std::move(memory));
    }

    std::int64_t rows() { return bytes_.ConsumeIntegralInRange<std::int64_t>(0, 12); }
    std::int64_t offset() { return bytes_.ConsumeIntegralInRange<std::int64_t>(0, 9); }
    int columns() { return bytes_.ConsumeIntegralInRange(0, 3); }
    bool more() { return bytes_.remaining_bytes() > 0 && !rarely(3); }

private:
    static std::size_t bits_of(std::string_view format) {
        if (format == "b") return 1;
        if (format == "c" || format == "C") return 8;
        if (format == "s" || format == "S" || format == "e") return 16;
        if (format == "i" || format == "I" || format == "f" || format == "tdD") return 32;
        if (format == "g" || format == "l" || format == "L" || format == "tdm" ||
            format.starts_with("ts"))
            return 64;
        return 0;
    }

    template <class T>
    static T finish(T out, std::unique_ptr<Memory> memory) {
        if constexpr (std::is_same_v<T, ArrowArray>)
            out.release = release_array;
        else
            out.release = release_schema;
        out.private_data = memory.release();
        ++alive;
        return out;
    }

    // A buffer of that many bytes, or a missing one. Bytes that the input does not have are zero.
    char* add(Memory& memory, std::size_t size, bool missing = false) {
        if (missing) {
            memory.pointers.push_back(nullptr);
            return nullptr;
        }
        // Sometimes off by one from where its type would like to stand.
        const std::size_t shift = rarely() ? 1 : 0;
        memory.buffers.push_back(std::make_unique<char[]>(size + shift));
        char* const data = memory.buffers.back().get() + shift;
        bytes_.ConsumeData(data, size);
        memory.pointers.push_back(data);
        return data;
    }

    // Offsets that mostly run forwards, and the text that the last of them asks for.
    template <class Offset>
    void offsets(Memory& memory, std::size_t end) {
        char* const data = add(memory, (end + 1) * sizeof(Offset));
        const bool wild = rarely(4);
        Offset last = 0;
        for (std::size_t i = 0; i <= end; ++i) {
            Offset value = 0;
            std::memcpy(&value, data + i * sizeof(Offset), sizeof(Offset));
            if (!wild) value = static_cast<Offset>(last + (static_cast<unsigned char>(value) & 7U));
            last = std::max(last, value);
            std::memcpy(data + i * sizeof(Offset), &value, sizeof(Offset));
        }
        // Wild offsets that happen to run forwards ask for more than there can be.
        if (last > 4096)
            add(memory, 0, true);
        else
            add(memory, static_cast<std::size_t>(last));
    }

    void views(Memory& memory, std::size_t end) {
        char* const data = add(memory, end * 16);
        std::vector<std::int64_t> lengths;
        const int buffers = bytes_.ConsumeIntegralInRange(0, 2);
        for (int b = 0; b < buffers; ++b) {
            lengths.push_back(bytes_.ConsumeIntegralInRange<std::int64_t>(0, 40));
            add(memory, static_cast<std::size_t>(lengths.back()), rarely());
        }
        for (std::size_t i = 0; i < end; ++i) {
            if (bytes_.ConsumeBool()) continue;  // as wild as the bytes are
            const std::array<std::int32_t, 4> head{
                bytes_.ConsumeIntegralInRange<std::int32_t>(-1, 40), 0,
                bytes_.ConsumeIntegralInRange<std::int32_t>(-1, 2),
                bytes_.ConsumeIntegralInRange<std::int32_t>(-1, 40)};
            std::memcpy(data + i * 16, head.data(), 16);
        }
        memory.buffers.push_back(std::make_unique<char[]>(lengths.size() * 8));
        if (!lengths.empty())
            std::memcpy(memory.buffers.back().get(), lengths.data(), lengths.size() * 8);
        memory.pointers.push_back(memory.buffers.back().get());
    }

    FuzzedDataProvider& bytes_;
};

// A stream of what a producer makes.
struct Stream {
    Producer& producer;
    bool table;
    ArrowSchema copy{};  // of the schema that was given; the reader keeps it alive
};

ArrowArrayStream stream_of(Stream& state) {
    ArrowArrayStream out{};
    out.private_data = &state;
    out.get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
        auto& s = *static_cast<Stream*>(self->private_data);
        if (s.producer.rarely(64)) return 5;
        *schema = s.table ? s.producer.table_schema(s.producer.columns()) : s.producer.schema();
        s.copy = *schema;
        return 0;
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* array) {
        auto& s = *static_cast<Stream*>(self->private_data);
        *array = ArrowArray{};
        if (s.producer.rarely(32)) return 5;
        if (!s.producer.more()) return 0;
        if (s.table) {
            *array = s.producer.batch(s.copy);
        } else {
            const std::int64_t rows = s.producer.rows();
            *array = s.producer.array(s.copy, rows, s.producer.offset());
        }
        return 0;
    };
    out.get_last_error = [](ArrowArrayStream* self) -> const char* {
        return static_cast<Stream*>(self->private_data)->table ? "broken" : nullptr;
    };
    out.release = [](ArrowArrayStream* self) {
        self->release = nullptr;
        --alive;
    };
    ++alive;
    return out;
}

// Reads every cell in every way.
void read(const Column& column) {
    for (std::size_t row = 0; row < column.size(); ++row) {
        require(!column.is_null(row) || column.print(row).empty());
        require(column.equal(row, row));
        if (column.is_null(row)) require(column.is_missing(row));
        const NumberCell cell = column.number(row);
        if (cell.state == NumberCell::State::value) require(!std::isnan(cell.value));
        static_cast<void>(column.hash(row));
        static_cast<void>(column.boolean(row));
        if (column.type() == ColumnType::date && !column.is_null(row))
            require(column.date(row).text().size() == 10);
    }
    if (const Column* texts = column.dictionary(); texts != nullptr)
        for (std::size_t row = 0; row < column.size(); ++row)
            require(column.is_null(row)
                        ? column.code(row) < 0
                        : static_cast<std::size_t>(column.code(row)) < texts->size());
}

// What is written is what was read.
void write_and_read(const Table& table, const io::ExportOptions& options) {
    ArrowArrayStream stream{};
    io::export_arrow(table, stream, options);
    const Table back = io::import_arrow_table(stream);
    require(back.rows() == table.rows() && back.names() == table.names());
    for (std::size_t c = 0; c < table.size(); ++c) {
        const Column& a = table.column(c);
        const Column& b = back.column(c);
        require(a.type() == b.type());
        for (std::size_t row = 0; row < table.rows(); ++row)
            require(a.print(row) == b.print(row) || (a.is_missing(row) && b.is_null(row)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    {
        FuzzedDataProvider bytes(data, size);
        Producer producer(bytes);
        const int way = bytes.ConsumeIntegralInRange(0, 3);
        Stream state{producer, way < 2};
        try {
            if (way < 2) {
                ArrowArrayStream stream = stream_of(state);
                std::vector<std::string> skipped;
                const Table table =
                    io::import_arrow_table(stream, {}, way == 0 ? nullptr : &skipped);
                for (std::size_t c = 0; c < table.size(); ++c)
                    read(table.column(c));
                write_and_read(table,
                               {.batch_rows = bytes.ConsumeIntegralInRange<std::size_t>(0, 5),
                                .dictionary_limit = bytes.ConsumeBool() ? 2U : 0U});
            } else if (way == 2) {
                ArrowArrayStream stream = stream_of(state);
                read(io::import_arrow_column(stream));
            } else {
                ArrowSchema schema = producer.schema();
                const std::int64_t rows = producer.rows();
                ArrowArray array = producer.array(schema, rows, producer.offset());
                read(io::import_arrow_array(schema, array));
            }
        } catch (const Error&) {
        }
    }
    require(alive == 0);
    return 0;
}
