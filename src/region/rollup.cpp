#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/id_keys.hpp"
#include "core/id_numbers.hpp"
#include "region/rollup_counts.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::region {
namespace {

using detail::add_count_columns;
using detail::check_lengths;
using detail::Counts;
using detail::refuse_row;
using detail::result_origin;
using detail::say_counts_only;
using detail::slots;
using detail::SlotTable;
using detail::wrong_slot;

// Arrays of counts that blocks borrow: as many as run at one time, whatever the number of blocks.
class CountsPool {
public:
    explicit CountsPool(std::size_t size) : size_(size) {}

    std::unique_ptr<Counts> borrow() {
        {
            const std::lock_guard lock(lock_);
            if (!free_.empty()) {
                auto counts = std::move(free_.back());
                free_.pop_back();
                return counts;
            }
        }
        return std::make_unique<Counts>(size_, 0);
    }
    void give_back(std::unique_ptr<Counts> counts) {
        const std::lock_guard lock(lock_);
        free_.push_back(std::move(counts));
    }
    Counts sum() {
        Counts total(size_, 0);
        for (const auto& part : free_)
            for (std::size_t i = 0; i < size_; ++i)
                total[i] += (*part)[i];
        return total;
    }

private:
    std::size_t size_;
    std::mutex lock_;
    std::vector<std::unique_ptr<Counts>> free_;
};

// Number of different enterprises of each unit. Most enterprises lie in one unit, so the first unit
// of each is kept in an array and only further ones are collected as pairs.
class EnterpriseCounter {
public:
    EnterpriseCounter(std::size_t enterprises, std::size_t units)
        : first_(enterprises, none), counts_(units, 0) {}

    void add(std::int32_t enterprise, std::uint32_t unit) {
        const auto e = static_cast<std::size_t>(enterprise);
        if (first_[e] == unit) return;
        if (first_[e] == none) {
            first_[e] = unit;
            ++counts_[unit];
            return;
        }
        further_.push_back((static_cast<std::uint64_t>(e) << 32U) | unit);
        if (further_.size() > limit_) {
            compact();
            limit_ = std::max(limit_, 2 * further_.size());
        }
    }

    void fetch(std::int32_t enterprise) const {
        const auto e = static_cast<std::size_t>(enterprise);
        if (enterprise >= 0) core_detail::fetch(&first_[e]);
    }

    std::vector<std::int64_t> finish() {
        compact();
        for (const std::uint64_t pair : further_)
            ++counts_[pair & 0xFFFFFFFFU];
        return std::move(counts_);
    }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    void compact() {
        std::sort(further_.begin(), further_.end());
        further_.erase(std::unique(further_.begin(), further_.end()), further_.end());
    }

    std::vector<std::uint32_t> first_;
    std::vector<std::int64_t> counts_;
    std::vector<std::uint64_t> further_;
    std::size_t limit_ = std::size_t{1} << 20U;
};

}  // namespace

RollUp rollup(const Divisions& divisions, const GradedPoints& points, DivisionLevel level,
              const Rule& rule, const Work& work) {
    if (points.division.size() != points.grade.size())
        throw InputError("rollup: division has " + std::to_string(points.division.size()) +
                         " rows, grade " + std::to_string(points.grade.size()));
    check_lengths(points, true);

    // Places of the units in the result; place_of is indexed by division + 1, and the points of no
    // unit go to the place after the last.
    const std::vector<std::int32_t> units = divisions.units_at(level);
    std::vector<std::int32_t> shown;
    for (const std::int32_t unit : units)
        if (unit >= 0) shown.push_back(unit);
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    std::vector<std::uint32_t> place_by_index(units.size(), 0);
    for (std::size_t k = 0; k < shown.size(); ++k)
        place_by_index[static_cast<std::size_t>(shown[k])] = static_cast<std::uint32_t>(k);
    const auto homeless = static_cast<std::uint32_t>(shown.size());
    std::vector<std::uint32_t> place_of(units.size() + 1, homeless);
    for (std::size_t i = 0; i < units.size(); ++i)
        if (units[i] >= 0) place_of[i + 1] = place_by_index[static_cast<std::size_t>(units[i])];

    const SlotTable slot;
    CountsPool pool((shown.size() + 2) * slots);
    const std::size_t wrong = (shown.size() + 1) * slots + wrong_slot;
    for_blocks(points.grade.size(), work, [&](std::size_t begin, std::size_t end) {
        auto counts = pool.borrow();
        std::uint32_t* c = counts->data();
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t d = static_cast<std::uint32_t>(points.division[i]) + 1U;
            if (d >= place_of.size()) {
                ++c[wrong];
                continue;
            }
            ++c[place_of[d] * slots + slot(points.status[i], points.grade[i])];
        }
        pool.give_back(std::move(counts));
    });
    const Counts counts = pool.sum();
    for (std::size_t k = wrong_slot; k < counts.size(); k += slots)
        if (counts[k] > 0) refuse_row(points, divisions.size());

    const std::uint32_t* last = counts.data() + homeless * slots;
    const std::uint64_t unassigned = std::accumulate(last, last + slots, std::uint64_t{0});

    RollUp out;
    out.rule = rule;
    std::vector<std::uint32_t> rows(shown.size() + (unassigned > 0 ? 1 : 0));
    std::iota(rows.begin(), rows.end(), 0U);

    Column enterprises;
    if (points.enterprise != nullptr) {
        const IdNumbers ids(*points.enterprise, work);
        const std::span<const std::int32_t> owners = ids.numbers();
        EnterpriseCounter counter(ids.size(), shown.size() + 1);
        Work one_thread = work;
        one_thread.threads = 1;
        for_blocks(owners.size(), one_thread, [&](std::size_t begin, std::size_t end) {
            constexpr std::size_t ahead = 16;
            for (std::size_t i = begin; i < end; ++i) {
                if (i + ahead < end) counter.fetch(owners[i + ahead]);
                const auto d = static_cast<std::uint32_t>(points.division[i]) + 1U;
                if (owners[i] >= 0) counter.add(owners[i], place_of[d]);
            }
        });
        std::vector<std::int64_t> numbers = counter.finish();
        numbers.resize(rows.size());
        enterprises = Column::of(std::move(numbers));
    } else {
        const std::vector<std::uint8_t> nulls(rows.size(), 0);
        enterprises = Column::of(std::vector<std::int64_t>(rows.size(), 0), nulls);
    }

    TextBuilder codes;
    TextBuilder names;
    TextBuilder levels;
    for (const std::int32_t unit : shown) {
        codes.append(divisions.code(unit).text());
        names.append(divisions.name(unit));
        levels.append(to_string(divisions.level(unit)));
    }
    if (unassigned > 0) {
        codes.append("");
        names.append("");
        levels.append("");
        out.issues.add("region.unassigned_rows", result_origin("rollup"), -1, "division", {},
                       {std::to_string(unassigned), word(level), to_string(level)});
    }
    out.table = Table(result_origin("rollup"));
    out.table.add("code", codes.finish());
    out.table.add("name", names.finish());
    out.table.add("level", levels.finish());
    add_count_columns(out.table, counts, rows, rule, &enterprises, work);
    say_counts_only(rule, out.issues);
    return out;
}

}  // namespace safetyrisk::region
