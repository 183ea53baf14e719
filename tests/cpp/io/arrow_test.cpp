// Tests of io/arrow.hpp with streams made by hand: what is shared, what is copied, what is refused,
// and that every structure is released once. Python tests read and write with pyarrow and polars.
#include <safetyrisk/io/arrow.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace safetyrisk;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// How many of our structures live.
int alive = 0;

// One column of one batch, with memory of its own.
struct Made {
    std::string format;
    std::string name = "x";
    std::vector<std::string> buffers;  // bytes; buffer 0 is the bitmap, empty for none
    std::int64_t length = 0;
    std::int64_t null_count = 0;
    std::int64_t offset = 0;
    std::int64_t n_buffers = -1;                  // as declared; -1 the true number
    std::vector<std::string> dictionary_buffers;  // of a utf8 dictionary
    std::int64_t dictionary_length = 0;
    std::string dictionary_format = "u";
};

struct Memory {
    Made made;
    std::vector<const void*> pointers;
    std::vector<ArrowArray> arrays;
    std::vector<ArrowArray*> children;
    std::vector<ArrowSchema> schemas;
    std::vector<ArrowSchema*> schema_children;
    std::vector<std::unique_ptr<Memory>> inner;
};

void release_array(ArrowArray* array) {
    auto* memory = static_cast<Memory*>(array->private_data);
    for (ArrowArray& child : memory->arrays)
        if (child.release != nullptr) child.release(&child);
    delete memory;
    array->release = nullptr;
    --alive;
}

void release_schema(ArrowSchema* schema) {
    auto* memory = static_cast<Memory*>(schema->private_data);
    for (ArrowSchema& child : memory->schemas)
        if (child.release != nullptr) child.release(&child);
    delete memory;
    schema->release = nullptr;
    --alive;
}

ArrowArray plain_array(const Made& made) {
    auto memory = std::make_unique<Memory>();
    memory->made = made;
    for (const std::string& buffer : memory->made.buffers)
        memory->pointers.push_back(buffer.empty() ? nullptr : buffer.data());
    ArrowArray out{};
    out.length = made.length;
    out.null_count = made.null_count;
    out.offset = made.offset;
    out.n_buffers =
        made.n_buffers >= 0 ? made.n_buffers : static_cast<std::int64_t>(memory->pointers.size());
    if (!made.dictionary_buffers.empty()) {
        Made dictionary;
        dictionary.buffers = made.dictionary_buffers;
        dictionary.length = made.dictionary_length;
        memory->arrays.push_back(plain_array(dictionary));
        out.dictionary = &memory->arrays.front();
    }
    out.buffers = memory->pointers.data();
    out.release = release_array;
    out.private_data = memory.release();
    ++alive;
    return out;
}

ArrowSchema plain_schema(const Made& made) {
    auto memory = std::make_unique<Memory>();
    memory->made = made;
    ArrowSchema out{};
    if (!made.dictionary_buffers.empty()) {
        Made dictionary;
        dictionary.format = memory->made.dictionary_format;
        memory->schemas.push_back(plain_schema(dictionary));
        out.dictionary = &memory->schemas.front();
    }
    out.format = memory->made.format.c_str();
    out.name = memory->made.name.c_str();
    out.flags = ARROW_FLAG_NULLABLE;
    out.release = release_schema;
    out.private_data = memory.release();
    ++alive;
    return out;
}

// A stream of batches, each a row of columns.
struct Batches {
    std::vector<std::vector<Made>> batches;
    std::size_t next = 0;
    bool fail = false;
};

ArrowArrayStream stream_of(std::vector<std::vector<Made>> batches, bool fail = false) {
    ArrowArrayStream out{};
    out.private_data = new Batches{std::move(batches), 0, fail};
    ++alive;
    out.get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
        const auto& first = static_cast<Batches*>(self->private_data)->batches.front();
        auto memory = std::make_unique<Memory>();
        memory->made.format = "+s";
        for (const Made& made : first)
            memory->schemas.push_back(plain_schema(made));
        for (ArrowSchema& child : memory->schemas)
            memory->schema_children.push_back(&child);
        *schema = ArrowSchema{};
        schema->format = memory->made.format.c_str();
        schema->n_children = static_cast<std::int64_t>(first.size());
        schema->children = memory->schema_children.data();
        schema->release = release_schema;
        schema->private_data = memory.release();
        ++alive;
        return 0;
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* array) {
        auto& state = *static_cast<Batches*>(self->private_data);
        *array = ArrowArray{};
        if (state.fail) return 5;
        if (state.next == state.batches.size()) return 0;
        const auto& columns = state.batches[state.next++];
        auto memory = std::make_unique<Memory>();
        for (const Made& made : columns)
            memory->arrays.push_back(plain_array(made));
        for (ArrowArray& child : memory->arrays)
            memory->children.push_back(&child);
        memory->pointers.push_back(nullptr);
        array->length = columns.empty() ? 0 : columns.front().length;
        array->n_buffers = 1;
        array->buffers = memory->pointers.data();
        array->n_children = static_cast<std::int64_t>(columns.size());
        array->children = memory->children.data();
        array->release = release_array;
        array->private_data = memory.release();
        ++alive;
        return 0;
    };
    out.get_last_error = [](ArrowArrayStream*) { return "the disk is on fire"; };
    out.release = [](ArrowArrayStream* self) {
        delete static_cast<Batches*>(self->private_data);
        self->release = nullptr;
        --alive;
    };
    return out;
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
Made column_of(const std::string& format, const std::vector<T>& values, std::string bitmap = "") {
    Made made;
    made.format = format;
    made.length = static_cast<std::int64_t>(values.size());
    made.null_count = bitmap.empty() ? 0 : -1;
    made.buffers = {std::move(bitmap), bytes_of(values)};
    return made;
}

Made texts(const std::vector<std::int32_t>& offsets, const std::string& bytes) {
    Made made;
    made.format = "u";
    made.length = static_cast<std::int64_t>(offsets.size()) - 1;
    made.buffers = {"", bytes_of(offsets), bytes};
    return made;
}

Table import(std::vector<std::vector<Made>> batches) {
    ArrowArrayStream stream = stream_of(std::move(batches));
    return io::import_arrow_table(stream);
}

Column import_one(const Made& made) {
    return import({{made}}).column(0);
}

std::string error_of(const Made& made) {
    const int before = alive;
    try {
        import({{made}});
    } catch (const InputError& error) {
        CHECK(alive == before);
        return error.what();
    }
    return "(imported)";
}

}  // namespace

TEST_CASE("numbers of every width are read, with nulls and offsets") {
    const std::string bits = "\x0b";  // rows 0, 1 and 3 of four
    const auto check = [&](const Column& column) {
        REQUIRE(column.size() == 4);
        CHECK(column.number(0).value == 1);
        CHECK(column.number(1).value == 2);
        CHECK(column.is_missing(2));
        CHECK(column.number(3).value == 100);
    };
    check(import_one(column_of<double>("g", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<float>("f", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::uint16_t>("e", {0x3C00, 0x4000, 0x4200, 0x5640}, bits)));
    check(import_one(column_of<std::int8_t>("c", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::uint8_t>("C", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::int16_t>("s", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::uint16_t>("S", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::int32_t>("i", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::uint32_t>("I", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::int64_t>("l", {1, 2, 3, 100}, bits)));
    check(import_one(column_of<std::uint64_t>("L", {1, 2, 3, 100}, bits)));
    Made shifted = column_of<std::int32_t>("i", {9, 9, 1, 2, 3, 100}, "\x2c");
    shifted.offset = 2;
    shifted.length = 4;
    check(import_one(shifted));
    Made shifted_view = column_of<double>("g", {9, 9, 1, 2, 3, 100}, "\x2c");
    shifted_view.offset = 2;
    shifted_view.length = 4;
    check(import_one(shifted_view));
    CHECK(alive == 0);
}

TEST_CASE("half floats have their infinities, NaN and smallest numbers") {
    // IEEE 754 binary16.
    const Column column = import_one(
        column_of<std::uint16_t>("e", {0x7C00, 0xFC00, 0x7E00, 0x0001, 0x7BFF, 0x8000, 0x3555}));
    CHECK(column.number(0).value == std::numeric_limits<double>::infinity());
    CHECK(column.number(1).value == -std::numeric_limits<double>::infinity());
    CHECK(column.is_missing(2));
    CHECK(column.number(3).value == std::ldexp(1.0, -24));
    CHECK(column.number(4).value == 65504.0);
    CHECK(column.number(5).value == 0.0);
    CHECK(column.number(6).value == 0.333251953125);
}

TEST_CASE("float64 and int64 of one batch are used where they lie and kept alive") {
    Made made = column_of<double>("g", {1, 2, 3});
    ArrowArrayStream stream = stream_of({{made}});
    std::optional<Table> table = io::import_arrow_table(stream);
    CHECK(stream.release == nullptr);
    CHECK(alive > 0);  // the batch lives as long as the column
    CHECK(table->column(0).numbers()[2] == 3);
    std::optional<Column> column = table->column(0);
    table.reset();
    CHECK(column->numbers()[0] == 1);
    column.reset();
    CHECK(alive == 0);
}

TEST_CASE("copied columns let go of the stream at once") {
    const Column column = import_one(column_of<float>("f", {1, 2}));
    CHECK(alive == 0);
    CHECK(column.number(1).value == 2);
}

TEST_CASE("texts, string views, booleans, dates and dictionaries are read") {
    const Column text = import_one(texts({0, 6, 6, 7}, "罐区x"));
    CHECK(text.text(0) == "罐区");
    CHECK(text.text(1).empty());
    CHECK(text.text(2) == "x");

    Made large = texts({0, 1}, "x");
    large.format = "U";
    large.buffers[1] = bytes_of<std::int64_t>({0, 1});
    CHECK(import_one(large).text(0) == "x");

    Made booleans = column_of<std::uint8_t>("b", {0b0110}, "\x07");
    booleans.length = 4;
    const Column flags = import_one(booleans);
    CHECK_FALSE(flags.boolean(0));
    CHECK(flags.boolean(1));
    CHECK(flags.is_null(3));

    CHECK(import_one(column_of<std::int32_t>("tdD", {19782})).print(0) == "2024-02-29");
    CHECK(import_one(column_of<std::int64_t>("tdm", {86'400'000LL * 19782})).print(0) ==
          "2024-02-29");
    CHECK(import_one(column_of<std::int64_t>("tss:UTC", {-1})).print(0) == "1969-12-31");
    CHECK(
        import_one(column_of<std::int64_t>("tsn:", {86'400'000'000'000LL * 19783 - 1})).print(0) ==
        "2024-02-29");

    Made dictionary = column_of<std::int8_t>("c", {1, 0, 7}, "\x03");
    dictionary.dictionary_buffers = {"", bytes_of<std::int32_t>({0, 1, 2}), "ab"};
    dictionary.dictionary_length = 2;
    const Column codes = import_one(dictionary);
    CHECK(codes.text(0) == "b");
    CHECK(codes.text(1) == "a");
    CHECK(codes.is_null(2));

    Made nothing;
    nothing.format = "n";
    nothing.length = 3;
    nothing.null_count = 3;
    CHECK(import_one(nothing).is_missing(2));
}

TEST_CASE("batches are joined, and empty ones and no batch at all give empty columns") {
    const Table joined = import({{column_of<double>("g", {1})},
                                 {column_of<double>("g", {})},
                                 {column_of<double>("g", {2, 3}, "\x01")}});
    CHECK(joined.rows() == 3);
    CHECK(joined.column(0).number(1).value == 2);
    CHECK(joined.column(0).is_missing(2));
    Made other = texts({0}, "");
    other.name = "y";
    const Table empty = import({{column_of<double>("g", {}), other}});
    CHECK(empty.rows() == 0);
    CHECK(empty.size() == 2);
    CHECK(alive == 0);
}

TEST_CASE("columns that break the specification are refused by name") {
    Made negative = column_of<double>("g", {1});
    negative.length = -1;
    Made offset = column_of<double>("g", {1});
    offset.offset = -5;
    Made huge = column_of<double>("g", {1});
    huge.length = std::numeric_limits<std::int64_t>::max();
    Made no_data = column_of<double>("g", {1});
    no_data.buffers[1].clear();
    Made few = column_of<double>("g", {1});
    few.n_buffers = 1;
    Made past = column_of<std::int8_t>("c", {5});
    past.dictionary_buffers = {"", bytes_of<std::int32_t>({0, 1}), "a"};
    past.dictionary_length = 1;
    Made below = past;
    below.buffers[1] = bytes_of<std::int8_t>({-1});
    Made view;
    view.format = "vu";
    view.length = 1;
    view.buffers = {"", bytes_of<std::int32_t>({20, 0, 0, 0}), bytes_of<std::int64_t>({})};
    Made view_past = view;
    view_past.buffers = {"", bytes_of<std::int32_t>({20, 0, 0, 5}), std::string(20, 'x'),
                         bytes_of<std::int64_t>({20})};
    Made view_negative = view;
    view_negative.buffers = {"", bytes_of<std::int32_t>({-1, 0, 0, 0}), std::string(20, 'x'),
                             bytes_of<std::int64_t>({20})};
    for (const Made& made :
         {negative, offset, huge, no_data, few, past, below, view, view_past, view_negative,
          texts({0, 5, 3}, "abcde"), texts({-1, 3}, "abc"), texts({0, 3}, ""),
          column_of<std::uint64_t>("L", {1ULL << 63U}), column_of<std::int32_t>("tdD", {2'932'897}),
          column_of<std::int64_t>("tdm", {std::numeric_limits<std::int64_t>::min()})}) {
        INFO(made.format);
        // A batch of one column has that column's length.
        CHECK_THAT(error_of(made), ContainsSubstring("'x'") || ContainsSubstring("Arrow batch"));
    }
    CHECK(alive == 0);
}

TEST_CASE("nulls without a validity buffer and indices that are no whole numbers are refused") {
    Made nulls = column_of<double>("g", {1, 2});
    nulls.null_count = 1;
    CHECK_THAT(error_of(nulls), ContainsSubstring("validity buffer"));
    Made index = column_of<double>("g", {0});
    index.dictionary_buffers = {"", bytes_of<std::int32_t>({0, 1}), "a"};
    index.dictionary_length = 1;
    CHECK_THAT(error_of(index), ContainsSubstring("no whole number"));
    Made view;
    view.format = "vu";
    view.length = 1;
    view.buffers = {"", bytes_of<std::int32_t>({20, 0, 0, 0}), "", bytes_of<std::int64_t>({20})};
    CHECK_THAT(error_of(view), ContainsSubstring("outside its buffer"));
}

TEST_CASE("a batch or a schema that lacks what it points to is refused") {
    const auto error_after = [](auto&& spoil_schema, auto&& spoil_batch) {
        static void (*schema_change)(ArrowSchema&);
        static void (*batch_change)(ArrowArray&);
        static ArrowArrayStream inner;
        schema_change = spoil_schema;
        batch_change = spoil_batch;
        Made second = column_of<double>("g", {1, 2});
        second.name = "y";
        inner = stream_of({{column_of<double>("g", {1, 2}), second}});
        ArrowArrayStream stream = inner;
        stream.get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
            const int code = inner.get_schema(self, out);
            schema_change(*out);
            return code;
        };
        stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
            const int code = inner.get_next(self, out);
            if (out->release != nullptr) batch_change(*out);
            return code;
        };
        std::string error = "(imported)";
        try {
            io::import_arrow_table(stream);
        } catch (const InputError& e) {
            error = e.what();
        }
        CHECK(alive == 0);
        return error;
    };
    const auto fine = [](ArrowSchema&) {};
    const auto same = [](ArrowArray&) {};
    CHECK(error_after(fine, same) == "(imported)");
    for (const auto spoil :
         {+[](ArrowSchema& s) { s.children = nullptr; }, +[](ArrowSchema& s) { s.n_children = -1; },
          +[](ArrowSchema& s) { s.children[1] = nullptr; }})
        CHECK_THAT(error_after(spoil, same), ContainsSubstring("lacks columns"));
    CHECK_THAT(error_after(
                   +[](ArrowSchema& s) { s.children[1]->format = nullptr; }, same),
               ContainsSubstring("no format"));
    CHECK_THAT(error_after(
                   +[](ArrowSchema& s) { s.format = nullptr; }, same),
               ContainsSubstring("no format"));
    CHECK_THAT(error_after(
                   +[](ArrowSchema& s) { s.children[1]->name = "\xff"; }, same),
               ContainsSubstring("UTF-8"));
    for (const auto spoil :
         {+[](ArrowArray& a) { a.children = nullptr; }, +[](ArrowArray& a) { a.n_children = 1; },
          +[](ArrowArray& a) { a.children[1] = nullptr; }})
        CHECK_THAT(error_after(fine, spoil), ContainsSubstring("lacks columns"));
    // Sums of these would overflow.
    CHECK_THAT(error_after(
                   fine,
                   +[](ArrowArray& a) {
                       a.offset = 1;
                       a.children[0]->offset = std::numeric_limits<std::int64_t>::max();
                   }),
               ContainsSubstring("out of range"));
    CHECK_THAT(
        error_after(
            fine, +[](ArrowArray& a) { a.offset = std::numeric_limits<std::int64_t>::max(); }),
        ContainsSubstring("out of range"));
    CHECK_THAT(error_after(
                   fine,
                   +[](ArrowArray& a) {
                       static const std::uint8_t second_is_null = 1;
                       a.null_count = 1;
                       a.buffers[0] = &second_is_null;
                   }),
               ContainsSubstring("null as a whole"));
}

TEST_CASE("cells that are not aligned are copied") {
    // A string's bytes from the second on stand at an odd address.
    Made made = column_of<double>("g", {1, 2.5});
    const std::string shifted = "x" + made.buffers[1];
    ArrowArrayStream stream = stream_of({{made}});
    ArrowSchema schema{};
    REQUIRE(stream.get_schema(&stream, &schema) == 0);
    ArrowArray batch{};
    REQUIRE(stream.get_next(&stream, &batch) == 0);
    ArrowSchema child_schema = *schema.children[0];
    ArrowArray child = *batch.children[0];
    schema.children[0]->release = nullptr;
    batch.children[0]->release = nullptr;
    child.buffers[1] = shifted.data() + 1;
    {
        const Column column = io::import_arrow_array(child_schema, child);
        CHECK(column.numbers()[1] == 2.5);
    }
    schema.release(&schema);
    batch.release(&batch);
    stream.release(&stream);
    CHECK(alive == 0);
}

TEST_CASE("texts that are all empty need no text buffer, wherever their offsets point") {
    const Column column = import_one(texts({2122219134, 2122219134, 2122219134}, ""));
    CHECK(column.size() == 2);
    CHECK(column.text(1).empty());
    CHECK_FALSE(column.is_null(1));
}

TEST_CASE("numbers by dictionary stay numbers when some are null") {
    Made made = column_of<std::int8_t>("c", {1, 0, 1}, "\x05");
    made.dictionary_buffers = {"", bytes_of<std::int64_t>({7, 9})};
    made.dictionary_length = 2;
    made.dictionary_format = "l";
    const Column column = import_one(made);
    CHECK(column.type() == ColumnType::integer);
    CHECK(column.number(0).value == 9);
    CHECK(column.is_null(1));
    CHECK(column.number(2).value == 9);
}

TEST_CASE("a column without rows keeps its type") {
    const auto type_of = [](const std::string& format) {
        Made made;
        made.format = format;
        made.buffers = {"", "", ""};
        return import({{made}}).column(0).type();
    };
    CHECK(type_of("g") == ColumnType::number);
    CHECK(type_of("f") == ColumnType::number);
    CHECK(type_of("i") == ColumnType::integer);
    CHECK(type_of("b") == ColumnType::boolean);
    CHECK(type_of("tdD") == ColumnType::date);
    CHECK(type_of("tsu:UTC") == ColumnType::date);
    CHECK(type_of("vu") == ColumnType::text);
}

TEST_CASE("a null may hold anything") {
    CHECK(import_one(column_of<std::uint64_t>("L", {1ULL << 63U, 4}, "\x02")).number(1).value == 4);
    CHECK(import_one(column_of<std::int32_t>("tdD", {2'147'483'647, 0}, "\x02")).print(1) ==
          "1970-01-01");
    Made view;
    view.format = "vu";
    view.length = 2;
    view.null_count = 1;
    view.buffers = {"\x02", bytes_of<std::int32_t>({-7, -7, -7, -7, 0, 0, 0, 0}),
                    bytes_of<std::int64_t>({})};
    view.buffers[2] = std::string(8, '\0');
    const Column column = import_one(view);
    CHECK(column.is_null(0));
    CHECK(column.text(1).empty());
}

TEST_CASE("columns that are no cells are refused by name or left out by name") {
    Made binary = texts({0, 1}, "x");
    binary.format = "z";
    binary.name = "blob";
    CHECK_THAT(error_of(binary), ContainsSubstring("blob"));
    ArrowArrayStream stream = stream_of({{column_of<double>("g", {1}), binary}});
    std::vector<std::string> skipped;
    const Table table = io::import_arrow_table(stream, {}, &skipped);
    CHECK(skipped == std::vector<std::string>{"blob"});
    CHECK(table.size() == 1);
    for (const std::string format :
         {"+l", "+s", "+w:3", "d:10", "d:10,2,7", "d:x,2", "tDs", "ttu", "w:4", "tiM", "?", ""}) {
        Made made = column_of<double>("g", {1});
        made.format = format;
        made.name = "odd";
        INFO(format);
        CHECK_THAT(error_of(made), ContainsSubstring("odd"));
    }
}

TEST_CASE("two columns of one name, a failing stream and a stream already read are refused") {
    CHECK_THROWS_AS(import({{column_of<double>("g", {1}), column_of<double>("g", {1})}}),
                    InputError);
    ArrowArrayStream failing = stream_of({{column_of<double>("g", {1})}}, true);
    CHECK_THROWS_WITH(io::import_arrow_table(failing), ContainsSubstring("on fire"));
    ArrowArrayStream done = stream_of({{column_of<double>("g", {1})}});
    io::import_arrow_table(done);
    CHECK_THROWS_AS(io::import_arrow_table(done), InputError);
    CHECK(alive == 0);
}

TEST_CASE("columns of one batch that differ in length are refused") {
    CHECK_THROWS_AS(import({{column_of<double>("g", {1, 2}),
                             [] {
                                 Made other = column_of<double>("g", {1});
                                 other.name = "y";
                                 return other;
                             }()}}),
                    InputError);
    CHECK(alive == 0);
}

TEST_CASE("what is exported reads back cell for cell") {
    const std::vector<std::uint8_t> valid = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0};
    const std::size_t n = valid.size();
    std::vector<double> numbers;
    std::vector<std::int64_t> integers;
    std::vector<std::string> words;
    std::vector<std::uint8_t> flags;
    std::vector<Date> dates;
    std::vector<std::int32_t> codes;
    for (std::size_t i = 0; i < n; ++i) {
        numbers.push_back(valid[i] != 0 ? 0.1 * static_cast<double>(i) : not_a_number);
        integers.push_back(static_cast<std::int64_t>(i) - (std::int64_t{1} << 62));
        words.push_back(i % 3 == 0 ? "" : "罐区的风险点" + std::to_string(i));
        flags.push_back(i % 2 == 0 ? 1 : 0);
        dates.push_back(Date::of(1, 1, 1) + static_cast<std::int32_t>(i * 365'000));
        codes.push_back(valid[i] != 0 ? static_cast<std::int32_t>(i % 2) : -1);
    }
    Table table(Origin{.table = "t", .source = {}, .first_line = -1, .lines = {}});
    table.add("number", Column::of(numbers));
    table.add("integer", Column::of(integers, valid));
    table.add("text", Column::of(words, valid));
    table.add("flag", Column::of_booleans(flags, valid));
    table.add("date", Column::of(dates, valid));
    table.add("code", Column::of_codes(codes, Column::of(std::vector<std::string>{"a", "b"})));
    table.add("空", Column::of(std::vector<std::string>(n)));
    for (const std::size_t batch_rows : {0U, 1U, 3U, 5U, 10U, 11U})
        for (const std::size_t dictionary_limit : {0U, 1U, 2U}) {
            ArrowArrayStream stream{};
            io::export_arrow(table, stream,
                             {.batch_rows = batch_rows, .dictionary_limit = dictionary_limit});
            const Table back = io::import_arrow_table(stream);
            REQUIRE(back.names() == table.names());
            REQUIRE(back.rows() == n);
            for (std::size_t c = 0; c < table.size(); ++c) {
                CHECK(back.column(c).type() == table.column(c).type());
                for (std::size_t row = 0; row < n; ++row) {
                    CHECK(back.column(c).is_missing(row) == table.column(c).is_missing(row));
                    if (!table.column(c).is_missing(row))
                        CHECK(back.column(c).print(row) == table.column(c).print(row));
                }
            }
        }
}

TEST_CASE("a stream has the batches that were asked for, with dictionaries up to the limit") {
    Table table;
    table.add("n", Column::of(std::vector<double>{1, 2, 3, 4, 5}));
    table.add("code",
              Column::of_codes({0, 1, -1, 1, 0}, Column::of(std::vector<std::string>{"红", "蓝"})));
    for (const std::size_t limit : {1U, 2U}) {
        ArrowArrayStream stream{};
        io::export_arrow(table, stream, {.batch_rows = 2, .dictionary_limit = limit});
        ArrowSchema schema{};
        REQUIRE(stream.get_schema(&stream, &schema) == 0);
        CHECK((schema.children[1]->dictionary != nullptr) == (limit == 2));
        std::vector<std::int64_t> lengths;
        std::vector<ArrowArray> codes;
        for (;;) {
            ArrowArray batch{};
            REQUIRE(stream.get_next(&stream, &batch) == 0);
            if (batch.release == nullptr) break;
            lengths.push_back(batch.length);
            codes.push_back(*batch.children[1]);
            batch.children[1]->release = nullptr;  // taken out
            batch.release(&batch);
        }
        CHECK(lengths == std::vector<std::int64_t>{2, 2, 1});
        schema.release(&schema);
        stream.release(&stream);
        if (limit == 2) {
            CHECK(codes[1].null_count == 1);
            REQUIRE(codes[1].dictionary != nullptr);
            CHECK(codes[1].dictionary->length == 2);
            CHECK(static_cast<const std::int32_t*>(codes[1].buffers[1])[1] == 1);
        }
        for (ArrowArray& one : codes)
            one.release(&one);
    }
}

TEST_CASE("an exported child may be taken out and outlives stream, schema and batch") {
    Table table;
    table.add("a", Column::of(std::vector<double>{1, 2}));
    table.add("b", Column::of(std::vector<std::string>{"x", "y"}));
    ArrowArrayStream stream{};
    io::export_arrow(table, stream);
    ArrowSchema schema{};
    ArrowArray batch{};
    REQUIRE(stream.get_schema(&stream, &schema) == 0);
    REQUIRE(stream.get_next(&stream, &batch) == 0);
    CHECK(std::string(schema.format) == "+s");
    CHECK(std::string(schema.children[1]->format) == "U");
    CHECK(std::string(schema.children[1]->name) == "b");
    ArrowArray child = *batch.children[0];
    batch.children[0]->release = nullptr;  // moved, as the specification says
    ArrowArray end{};
    REQUIRE(stream.get_next(&stream, &end) == 0);
    CHECK(end.release == nullptr);
    batch.release(&batch);
    schema.release(&schema);
    stream.release(&stream);
    CHECK(stream.release == nullptr);
    CHECK(static_cast<const double*>(child.buffers[1])[1] == 2);
    child.release(&child);
    CHECK(child.release == nullptr);
}

TEST_CASE("a table of no rows and a table of no columns are exported") {
    Table table;
    table.add("a", Column::of(std::vector<double>{}));
    table.add("b", Column::of(std::vector<std::string>{}));
    ArrowArrayStream stream{};
    io::export_arrow(table, stream);
    const Table back = io::import_arrow_table(stream);
    CHECK(back.rows() == 0);
    CHECK(back.names() == table.names());
    io::export_arrow(Table(), stream);
    CHECK(io::import_arrow_table(stream).size() == 0);
}
