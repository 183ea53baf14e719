#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/credit_code.hpp>
#include <safetyrisk/core/error.hpp>

#include "core/id_keys.hpp"
#include "core/id_numbers.hpp"
#include "region/rollup_counts.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

// What the table of enterprises says about each id.
class Listing {
public:
    Listing(const Table& table, IssueTable& issues, const Work& work)
        : table_(table), origin_(table.origin()), ids_(table.at("id"), work) {
        if (origin_.table.empty()) origin_.table = "enterprises";
        for (std::size_t c = 0; c < shown_names.size(); ++c)
            shown_.at(c) = table.find(shown_names.at(c));
        first_.assign(ids_.size(), none);
        torn_.assign(ids_.size(), 0);
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (ids_.numbers()[row] < 0) {
                issues.add("region.enterprise_without_id", origin_, static_cast<std::int64_t>(row),
                           "id");
                continue;
            }
            const auto number = static_cast<std::size_t>(ids_.numbers()[row]);
            if (first_[number] == none) {
                first_[number] = row;
                continue;
            }
            for (std::size_t c = 0; c < shown_.size(); ++c)
                if (shown_.at(c) != nullptr && !shown_.at(c)->equal(first_[number], row))
                    torn_[number] = static_cast<std::uint8_t>(torn_[number] | (1U << c));
        }
    }

    const IdNumbers& ids() const { return ids_; }

    /// Adds name, credit_code and division for the ids `order`; empty cells for -1.
    void add_columns(Table& out, std::span<const std::int32_t> order) const {
        for (std::size_t c = 0; c < shown_.size(); ++c) {
            if (shown_.at(c) == nullptr) continue;
            const Column& column = *shown_.at(c);
            TextBuilder cells;
            for (const std::int32_t number : order) {
                const auto k = static_cast<std::size_t>(number);
                if (number < 0 || ((torn_[k] >> c) & 1U) != 0 || column.is_missing(first_[k]))
                    cells.append_null();
                else if (column.type() == ColumnType::text)
                    cells.append(column.text(first_[k]));
                else
                    cells.append(column.print(first_[k]));
            }
            out.add(std::string(shown_names.at(c)), cells.finish());
        }
    }

    /// Credit codes that stand for more than one id.
    void report_shared_codes(IssueTable& issues) const {
        const Column* credit = table_.find("credit_code");
        if (credit == nullptr) return;
        std::vector<std::pair<std::string, std::int32_t>> codes;
        for (std::size_t row = 0; row < table_.rows(); ++row)
            if (ids_.numbers()[row] >= 0 && !credit->is_missing(row))
                codes.emplace_back(clean_credit_code(credit->print(row)), ids_.numbers()[row]);
        std::sort(codes.begin(), codes.end());
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        for (std::size_t i = 0; i < codes.size();) {
            std::size_t end = i;
            std::string names;
            for (; end < codes.size() && codes[end].first == codes[i].first; ++end)
                (names += names.empty() ? "" : " ") += ids_.text(codes[end].second);
            if (end - i > 1)
                issues.add("region.duplicate_enterprise", origin_, -1, "credit_code",
                           codes[i].first, {std::to_string(end - i), names});
            i = end;
        }
    }

    const Origin& origin() const { return origin_; }

private:
    static constexpr std::array<std::string_view, 3> shown_names = {"name", "credit_code",
                                                                    "division"};

    const Table& table_;
    Origin origin_;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    IdNumbers ids_;
    std::array<const Column*, 3> shown_{};
    std::vector<std::size_t> first_;  // by id number: its first row
    std::vector<std::uint8_t> torn_;  // by id number: columns in which its rows differ
};

// Counts by enterprise: unit 0 is for points without one, unit k + 1 is enterprise k. Threads count
// ranges of rows in arrays of their own, which are added up.
Counts count_by_owner(const GradedPoints& points, const IdNumbers& ids, const Work& work) {
    const SlotTable slot;
    const std::span<const std::int32_t> owners = ids.numbers();
    const std::size_t n = owners.size();
    const std::size_t size = slots * (ids.size() + 1);
    const std::size_t parts = thread_count(n, work);
    std::vector<Counts> counts(parts);
    for_tasks(parts, work, [&](std::size_t part) {
        Counts& mine = counts[part];
        mine.assign(size, 0);
        std::uint32_t* const c = mine.data();
        constexpr std::size_t ahead = 16;
        const std::size_t end = n * (part + 1) / parts;
        for (std::size_t i = n * part / parts; i < end; ++i) {
            if (i + ahead < end)
                core_detail::fetch(c +
                                          slots * static_cast<std::size_t>(owners[i + ahead] + 1));
            ++c[slots * static_cast<std::size_t>(owners[i] + 1) +
                slot(points.status[i], points.grade[i])];
        }
    });
    for_blocks(size, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t part = 1; part < parts; ++part)
            for (std::size_t k = begin; k < end; ++k)
                counts[0][k] += counts[part][k];
    });
    return std::move(counts.front());
}

}  // namespace

RollUp rollup_enterprises(const GradedPoints& points, const Rule& rule, const Table* enterprises,
                          const Work& work) {
    if (points.enterprise == nullptr)
        throw InputError("rollup_enterprises: the points have no column of enterprises");
    check_lengths(points, false);
    RollUp out;
    out.rule = rule;
    std::optional<Listing> listing;
    if (enterprises != nullptr) listing.emplace(*enterprises, out.issues, work);
    const IdNumbers ids(*points.enterprise, work);
    Counts counts = count_by_owner(points, ids, work);
    for (std::size_t k = wrong_slot; k < counts.size(); k += slots)
        if (counts[k] > 0) refuse_row(points, 0);
    const auto total = [&](std::size_t unit) {
        const std::uint32_t* begin = counts.data() + unit * slots;
        return std::accumulate(begin, begin + slots, std::uint64_t{0});
    };

    // The units of the result in the order of their ids, and the number of each in the listing.
    std::vector<std::uint32_t> units;
    std::vector<std::int32_t> listed;
    Column id_cells;
    const std::uint64_t ownerless = total(0);
    if (!listing) {
        units.resize(ids.size());
        std::iota(units.begin(), units.end(), 1U);
        id_cells = ids.texts();
    } else {
        // Enterprises without points are counted in a unit that stays empty.
        const auto empty = static_cast<std::uint32_t>(ids.size() + 1);
        counts.resize(counts.size() + slots, 0);
        TextBuilder texts;
        const IdNumbers& known = listing->ids();
        for (std::size_t a = 0, b = 0; a < ids.size() || b < known.size();) {
            const std::strong_ordering order =
                a == ids.size()     ? std::strong_ordering::greater
                : b == known.size() ? std::strong_ordering::less
                                    : ids.texts().text(a).compare(known.texts().text(b)) <=> 0;
            const std::string_view text = order > 0 ? known.texts().text(b) : ids.texts().text(a);
            texts.append(text);
            units.push_back(order > 0 ? empty : static_cast<std::uint32_t>(a + 1));
            listed.push_back(order < 0 ? -1 : static_cast<std::int32_t>(b));
            if (order < 0)
                out.issues.add("region.enterprise_not_listed", listing->origin(), -1, "id", text,
                               {std::to_string(total(a + 1))});
            if (order <= 0) ++a;
            if (order >= 0) ++b;
        }
        id_cells = texts.finish();
    }
    if (ownerless > 0) {
        const Column parts[] = {id_cells, Column::of(std::vector<std::string>{""})};
        id_cells = Column::concatenate(parts);
        units.push_back(0);
        if (listing) listed.push_back(-1);
        out.issues.add("region.rows_without_enterprise", result_origin("enterprises_rollup"), -1,
                       "enterprise", {}, {std::to_string(ownerless)});
    }
    out.table = Table(result_origin("enterprises_rollup"));
    out.table.add("id", id_cells);
    if (listing) {
        listing->add_columns(out.table, listed);
        listing->report_shared_codes(out.issues);
    }
    add_count_columns(out.table, counts, units, rule, nullptr, work);
    say_counts_only(rule, out.issues);
    return out;
}

}  // namespace safetyrisk::region
