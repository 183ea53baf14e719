// The tallies of scoring/arrays.hpp.
#include <safetyrisk/scoring/arrays.hpp>

#include <safetyrisk/core/error.hpp>

#include "code_blocks.hpp"
#include "code_store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace safetyrisk::scoring {
namespace {

using loops::CodeTables;
using loops::Kernels;

// Rows encoded at a time.
constexpr std::size_t tally_block = 4096;
// Groups of a task, and those whose offsets are found at a time.
constexpr std::size_t task_groups = 1U << 14U;
constexpr std::size_t segment_groups = 512;

struct Rows {
    const Kernels& kernels;
    const CodeTables& tables;
    std::span<const FactorColumn> columns;
    std::size_t count = 0;
    bool all_codes = false;
};

Rows rows_to_tally(std::span<const FactorColumn> columns, std::size_t n, const Method& method) {
    loops::check_columns(columns, method, n);
    const bool all_codes = std::all_of(columns.begin(), columns.end(), [](const auto& column) {
        return std::holds_alternative<StepCodes>(column);
    });
    return {loops::active_kernels(), loops::code_tables_of(method), columns, n, all_codes};
}

// Tallies groups that stand side by side.
class SegmentTally {
public:
    explicit SegmentTally(const Rows& rows)
        : rows_(rows), block_(rows.kernels, rows.tables, rows.columns) {}

    /// With `past_cache` the caller runs Kernels::fence when all is done.
    void run(const std::int64_t* offsets, std::size_t groups, Tally* out, bool past_cache) {
        if (!past_cache) return run(offsets, groups, out);
        for (std::size_t g = 0; g < groups; g += segment_groups) {
            const std::size_t count = std::min(segment_groups, groups - g);
            run(offsets + g, count, tallies_.data());
            rows_.kernels.stream(out + g, tallies_.data(), count * sizeof(Tally));
        }
    }

private:
    void run(const std::int64_t* offsets, std::size_t groups, Tally* out) {
        if (rows_.all_codes) {
            rows_.kernels.tally_segments(rows_.tables, block_.read(0, rows_.count), 0,
                                         static_cast<std::int64_t>(rows_.count), offsets, groups,
                                         out);
            return;
        }
        std::size_t g = 0;
        while (g < groups) {
            const std::int64_t* const last =
                std::upper_bound(offsets + g + 1, offsets + groups + 1,
                                 offsets[g] + static_cast<std::int64_t>(tally_block)) -
                1;
            const auto end = static_cast<std::size_t>(last - offsets);
            if (end == g) {
                large(offsets[g], offsets[g + 1], out[g]);
                ++g;
                continue;
            }
            part(offsets + g, end - g, out + g);
            g = end;
        }
    }

    // Groups of together no more rows than a block.
    void part(const std::int64_t* offsets, std::size_t groups, Tally* out) {
        const auto begin = static_cast<std::size_t>(offsets[0]);
        const auto n = static_cast<std::size_t>(offsets[groups] - offsets[0]);
        rows_.kernels.tally_segments(rows_.tables, block_.read(begin, n), offsets[0],
                                     static_cast<std::int64_t>(n), offsets, groups, out);
    }

    void large(std::int64_t begin, std::int64_t end, Tally& out) {
        Tally whole;
        for (std::int64_t at = begin; at < end;) {
            const std::int64_t stop = std::min(at + static_cast<std::int64_t>(tally_block), end);
            const std::array<std::int64_t, 2> offsets = {at, stop};
            Tally piece;
            part(offsets.data(), 1, &piece);
            add(whole, piece);
            at = stop;
        }
        out = whole;
    }

    const Rows& rows_;
    loops::CodeBlock<tally_block> block_;
    alignas(64) std::array<Tally, segment_groups> tallies_;
};

bool is_past_cache(std::span<const Tally> out) {
    return out.size_bytes() >= loops::stream_from_bytes;
}

std::size_t tasks_of(std::size_t groups) {
    return (groups + task_groups - 1) / task_groups;
}

// The first of the sorted rows from `row` on whose group is not below `group`; steps grow, because
// it is near.
template <class Id>
std::size_t first_row(std::span<const Id> ids, std::size_t row, std::size_t group) {
    const auto below = [&](Id id) { return static_cast<std::size_t>(id) < group; };
    std::size_t step = 4096;
    while (row + step < ids.size() && below(ids[row + step])) {
        row += step;
        step *= 2;
    }
    const std::size_t end = std::min(row + step, ids.size());
    return row + static_cast<std::size_t>(
                     std::partition_point(ids.begin() + static_cast<std::ptrdiff_t>(row),
                                          ids.begin() + static_cast<std::ptrdiff_t>(end), below) -
                     (ids.begin() + static_cast<std::ptrdiff_t>(row)));
}

// Rows sorted by group: their offsets are found for a few groups at a time.
template <class Id>
void tally_sorted(const Rows& rows, std::span<const Id> ids, std::span<Tally> out,
                  const Work& work) {
    const bool past_cache = is_past_cache(out);
    for_tasks(tasks_of(out.size()), work, [&](std::size_t task) {
        SegmentTally tally(rows);
        std::array<std::int64_t, segment_groups + 1> offsets;
        const std::size_t end = std::min((task + 1) * task_groups, out.size());
        std::size_t g = task * task_groups;
        std::size_t row = first_row(ids, 0, g);
        while (g < end) {
            const std::size_t groups = std::min(segment_groups, end - g);
            std::fill(offsets.begin(), offsets.end(), std::int64_t{0});
            offsets[0] = static_cast<std::int64_t>(row);
            // The last row of a group is the last to write its end.
            const std::size_t stop = first_row(ids, row, g + groups);
            for (; row < stop; ++row)
                offsets[static_cast<std::size_t>(ids[row]) - g + 1] =
                    static_cast<std::int64_t>(row + 1);
            for (std::size_t k = 1; k <= groups; ++k)
                offsets[k] = std::max(offsets[k], offsets[k - 1]);
            tally.run(offsets.data(), groups, out.data() + g, past_cache);
            g += groups;
        }
        if (past_cache) rows.kernels.fence();
    });
}

// Rows in any order ---------------------------------------------------------------------------

// A row packed as its group within a range of groups, and its combination of codes.
using Packed = std::uint32_t;

// Rows dealt out to ranges of groups, in pages: no pass to count beforehand, and a range of memory
// that is written from front to end is as good as one that is combined by hand. Pages are a line
// longer than a power of two, so that the open ones of all ranges do not fall on the same places of
// the cache.
class Ranges {
public:
    static constexpr std::size_t page_rows = 1024 + 16;

    Ranges(std::size_t ranges, std::size_t most_rows)
        : ranges_(ranges),
          page_count_(most_rows / page_rows + ranges + 1),
          memory_(new Packed[page_count_ * page_rows]),
          next_(ranges),
          end_(ranges),
          pages_(ranges) {}

    void clear() {
        free_ = 0;
        for (std::size_t range = 0; range < ranges_; ++range) {
            pages_[range].clear();
            open(range);
        }
    }

    template <class Id>
    void deal(const Id* ids, const std::uint16_t* combos, std::size_t n, unsigned range_bits,
              unsigned combo_bits) {
        const std::uint64_t mask = (std::uint64_t{1} << range_bits) - 1;
        Packed** const next = next_.data();
        Packed* const* const end = end_.data();
        for (std::size_t i = 0; i < n; ++i) {
            const auto id = static_cast<std::uint64_t>(ids[i]);
            const std::size_t range = id >> range_bits;
            Packed* const place = next[range];
            *place = static_cast<Packed>((id & mask) << combo_bits | combos[i]);
            next[range] = place + 1;
            if (place + 1 == end[range]) open(range);
        }
    }

    template <class Body>
    void for_pages(std::size_t range, Body&& body) const {
        for (const std::size_t page : pages_[range]) {
            const Packed* const begin = memory_.get() + page * page_rows;
            const bool last = page == pages_[range].back();
            body(begin, last ? static_cast<std::size_t>(next_[range] - begin) : page_rows);
        }
    }

private:
    void open(std::size_t range) {
        Packed* const page = memory_.get() + free_ * page_rows;
        pages_[range].push_back(free_++);
        next_[range] = page;
        end_[range] = page + page_rows;
    }

    std::size_t ranges_;
    std::size_t page_count_;
    std::unique_ptr<Packed[]> memory_;
    std::size_t free_ = 0;
    std::vector<Packed*> next_;
    std::vector<Packed*> end_;
    std::vector<std::vector<std::size_t>> pages_;
};

// Combinations of a few rows at a time.
class Combiner {
public:
    explicit Combiner(const Rows& rows)
        : rows_(rows), block_(rows.kernels, rows.tables, rows.columns) {}
    static constexpr std::size_t most = 2048;

    const std::uint16_t* read(std::size_t begin, std::size_t n) {
        rows_.kernels.combine(rows_.tables, block_.read(begin, n), n, combos_.data());
        return combos_.data();
    }

private:
    const Rows& rows_;
    loops::CodeBlock<most> block_;
    alignas(64) std::array<std::uint16_t, most> combos_;
};

// Few groups: their tallies are in the cache anyway. Each thread has tallies of its own.
constexpr std::size_t few_groups = 1U << 14U;

template <class Id>
void tally_few(const Rows& rows, std::span<const Id> ids, std::span<Tally> out, const Work& work) {
    const std::size_t parts = thread_count(work);
    std::vector<std::vector<Tally>> tallies(parts, std::vector<Tally>(out.size()));
    for_tasks(parts, work, [&](std::size_t part) {
        Combiner combiner(rows);
        std::array<Packed, Combiner::most> packed;
        const std::size_t end = rows.count * (part + 1) / parts;
        for (std::size_t at = rows.count * part / parts; at < end; at += Combiner::most) {
            const std::size_t n = std::min(Combiner::most, end - at);
            const std::uint16_t* const combos = combiner.read(at, n);
            for (std::size_t i = 0; i < n; ++i)
                packed[i] = static_cast<Packed>(ids[at + i]) << rows.tables.combo_bits | combos[i];
            rows.kernels.scatter(rows.tables, packed.data(), n, tallies[part].data());
        }
    });
    std::fill(out.begin(), out.end(), Tally{});
    for (const std::vector<Tally>& part : tallies)
        for (std::size_t g = 0; g < out.size(); ++g)
            add(out[g], part[g]);
}

// Rows dealt out at a time, by all threads together: 4 bytes of memory each.
constexpr std::size_t chunk_rows = std::size_t{1} << 22U;
constexpr std::size_t most_ranges = 256;

template <class Id>
void tally_scattered(const Rows& rows, std::span<const Id> ids, std::span<Tally> out,
                     const Work& work) {
    // Ranges of 2^12 groups, 128 KB of tallies, or larger ones when they would be too many.
    const auto group_bits = static_cast<unsigned>(std::bit_width(out.size() - 1));
    const unsigned range_bits = std::max(12U, group_bits < 8U ? 0U : group_bits - 8U);
    if (range_bits + rows.tables.combo_bits > 32U)
        throw InputError("there are " + std::to_string(out.size()) +
                         " groups; tallies of rows in any order are limited to 2^" +
                         std::to_string(40U - rows.tables.combo_bits));
    const std::size_t ranges = ((out.size() - 1) >> range_bits) + 1;
    const std::size_t parts = thread_count(work);
    const std::size_t chunk = std::min(chunk_rows, rows.count);
    std::vector<Ranges> dealt;
    for (std::size_t part = 0; part < parts; ++part)
        dealt.emplace_back(ranges, chunk / parts + 1);
    std::fill(out.begin(), out.end(), Tally{});
    for (std::size_t begin = 0; begin < rows.count; begin += chunk) {
        const std::size_t count = std::min(chunk, rows.count - begin);
        for_tasks(parts, work, [&](std::size_t part) {
            Combiner combiner(rows);
            Ranges& mine = dealt[part];
            mine.clear();
            const std::size_t end = begin + count * (part + 1) / parts;
            for (std::size_t at = begin + count * part / parts; at < end; at += Combiner::most) {
                const std::size_t n = std::min(Combiner::most, end - at);
                mine.deal(ids.data() + at, combiner.read(at, n), n, range_bits,
                          rows.tables.combo_bits);
            }
        });
        for_tasks(ranges, work, [&](std::size_t range) {
            for (const Ranges& part : dealt)
                part.for_pages(range, [&](const Packed* packed, std::size_t n) {
                    rows.kernels.scatter(rows.tables, packed, n,
                                         out.data() + (range << range_bits));
                });
        });
    }
}

loops::GroupCheck check(const Kernels& kernels, std::span<const std::int64_t> ids,
                        std::size_t groups) {
    return kernels.check_i64(ids.data(), ids.size(), groups);
}
loops::GroupCheck check(const Kernels& kernels, std::span<const std::int32_t> ids,
                        std::size_t groups) {
    return kernels.check_i32(ids.data(), ids.size(), groups);
}
loops::GroupCheck check(const Kernels& kernels, std::span<const std::uint32_t> ids,
                        std::size_t groups) {
    return kernels.check_u32(ids.data(), ids.size(), groups);
}

template <class Id>
[[noreturn]] void refuse_group(std::span<const Id> ids, std::size_t groups) {
    std::size_t row = 0;
    while (static_cast<std::uint64_t>(ids[row]) < groups)
        ++row;
    throw InputError("row " + std::to_string(row) + " is of group " + std::to_string(ids[row]) +
                     "; groups go from 0 to " +
                     (groups == 0 ? "none" : std::to_string(groups - 1)));
}

}  // namespace

void tally_offsets(std::span<const FactorColumn> factors, std::span<const std::int64_t> offsets,
                   std::span<Tally> out, const Method& method, const Work& work) {
    if (offsets.size() != out.size() + 1)
        throw InputError("there are " + std::to_string(offsets.size()) + " offsets and " +
                         std::to_string(out.size()) + " groups; one more is needed");
    const std::size_t n = factors.empty() ? 0 : loops::rows_of(factors.front());
    const Rows rows = rows_to_tally(factors, n, method);
    if (offsets.front() != 0 || offsets.back() != static_cast<std::int64_t>(n))
        throw InputError("offsets go from " + std::to_string(offsets.front()) + " to " +
                         std::to_string(offsets.back()) + "; they go from 0 to the " +
                         std::to_string(n) + " rows");
    const loops::GroupCheck found = check(rows.kernels, offsets, n + 1);
    if (!found.sorted || !found.in_range) {
        std::size_t g = 1;
        while (offsets[g] >= offsets[g - 1])
            ++g;
        throw InputError("offset " + std::to_string(g) + " is " + std::to_string(offsets[g]) +
                         " and the one before " + std::to_string(offsets[g - 1]) +
                         "; offsets never fall");
    }
    const bool past_cache = is_past_cache(out);
    for_tasks(tasks_of(out.size()), work, [&](std::size_t task) {
        const std::size_t begin = task * task_groups;
        SegmentTally(rows).run(offsets.data() + begin, std::min(task_groups, out.size() - begin),
                               out.data() + begin, past_cache);
        if (past_cache) rows.kernels.fence();
    });
}

void tally_groups(std::span<const FactorColumn> factors, const GroupIds& groups,
                  std::span<Tally> out, const Method& method, const Work& work) {
    std::visit(
        [&](const auto& ids) {
            const Rows rows = rows_to_tally(factors, ids.size(), method);
            const loops::GroupCheck found = check(rows.kernels, ids, out.size());
            if (!found.in_range) refuse_group(ids, out.size());
            if (found.sorted) return tally_sorted(rows, ids, out, work);
            if (out.size() <= few_groups) return tally_few(rows, ids, out, work);
            tally_scattered(rows, ids, out, work);
        },
        groups);
}

void tally_parents(std::span<const Tally> children, const GroupIds& parents, std::span<Tally> out) {
    std::visit(
        [&](const auto& ids) {
            if (ids.size() != children.size())
                throw InputError("there are " + std::to_string(children.size()) + " children and " +
                                 std::to_string(ids.size()) + " parents");
            const Kernels& kernels = loops::active_kernels();
            if (!check(kernels, ids, out.size()).in_range) refuse_group(ids, out.size());
            std::fill(out.begin(), out.end(), Tally{});
            if constexpr (sizeof(ids[0]) == sizeof(std::int64_t))
                kernels.merge_i64(children.data(), ids.data(), ids.size(), out.data());
            else
                kernels.merge_u32(children.data(),
                                  reinterpret_cast<const std::uint32_t*>(ids.data()), ids.size(),
                                  out.data());
        },
        parents);
}

}  // namespace safetyrisk::scoring
