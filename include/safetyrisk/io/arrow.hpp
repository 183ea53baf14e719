// Tables from and to the Arrow C data interface: how pandas, polars, DuckDB and pyarrow hand their
// memory over without a copy and without a dependency.
//
// Numbers (float64), integers (int64) and texts (utf8, large_utf8, string views) of one chunk are
// used where they lie; narrower numbers, booleans, dates, dictionaries and chunked columns are
// copied once. A stream that breaks the specification (negative lengths, missing buffers, offsets
// that run backwards or past the end) is refused with an InputError.
//
// Source: The Arrow C data interface and C stream interface, arrow.apache.org (stable ABI).
//
// Threads: one stream belongs to one thread; what is read is immutable.
// Throws: InputError for what breaks the specification, as far as a consumer can see it: pointers
// come without sizes, so that a buffer is as long as its type, the length and its offsets ask for
// is the producer's promise.
#pragma once

#include <safetyrisk/core/table.hpp>

#include <cstdint>

// The two structures of the specification, under the guards that it prescribes, so that any number
// of libraries may define them side by side.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
extern "C" {
struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};
}
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};
}
#endif

namespace safetyrisk::io {

/// Reads a stream of record batches; consumes and releases the stream. Columns of types that are
/// no cells (lists, structs, binary) are refused by name, unless `skipped` is given: then they are
/// left out and named there. Throws InputError.
Table import_arrow_table(ArrowArrayStream& stream, Origin origin = {},
                         std::vector<std::string>* skipped = nullptr);

/// Reads a stream whose batches are one column (what a chunked array or a pandas Series exports).
Column import_arrow_column(ArrowArrayStream& stream);

/// Reads one array; consumes and releases both structures.
Column import_arrow_array(ArrowSchema& schema, ArrowArray& array);

/// How a table is laid out as a stream.
struct ExportOptions {
    /// Rows of a batch; 0: one batch of all rows.
    std::size_t batch_rows = 0;
    /// A column of texts by number (Column::of_codes) with up to so many distinct texts is exported
    /// as a dictionary, with its codes where they lie; 0: every text is written out.
    std::size_t dictionary_limit = 0;
};

/// Writes a table as a stream of batches, each made when it is asked for. Null and NaN are null;
/// texts are utf8, large_utf8 or dictionaries of them, dates date32. Numbers, whole numbers, codes
/// and texts by offsets are given where they lie. The stream owns what it gives, or shares it with
/// the table.
void export_arrow(const Table& table, ArrowArrayStream& out, const ExportOptions& options = {});

}  // namespace safetyrisk::io
