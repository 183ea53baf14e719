#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/credit_code.hpp>
#include <safetyrisk/core/error.hpp>

#include "region/id_index.hpp"
#include "region/rollup_counts.hpp"

#include <algorithm>
#include <array>
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
using detail::for_enterprises;
using detail::refuse_row;
using detail::result_origin;
using detail::say_counts_only;
using detail::slots;
using detail::SlotTable;
using detail::wrong_slot;

// What the table of enterprises says about each id.
class Listing {
public:
    Listing(const Table& table, IdIndex& ids, IssueTable& issues)
        : table_(table), origin_(table.origin()) {
        if (origin_.table.empty()) origin_.table = "enterprises";
        const Column& id = table.at("id");
        for (std::size_t c = 0; c < shown_names.size(); ++c)
            shown_.at(c) = table.find(shown_names.at(c));
        IdReader read(id);
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const std::string_view text = read(row);
            if (text.empty()) {
                issues.add("region.enterprise_without_id", origin_, static_cast<std::int64_t>(row),
                           "id");
                continue;
            }
            const auto number = static_cast<std::size_t>(ids.add(text));
            if (number == first_.size()) {
                first_.push_back(row);
                torn_.push_back(0);
                continue;
            }
            for (std::size_t c = 0; c < shown_.size(); ++c)
                if (shown_.at(c) != nullptr && !shown_.at(c)->equal(first_[number], row))
                    torn_[number] = static_cast<std::uint8_t>(torn_[number] | (1U << c));
        }
    }

    bool lists(std::int32_t number) const {
        return static_cast<std::size_t>(number) < first_.size();
    }

    /// Adds name, credit_code and division for the ids `order`, and empty cells up to `rows`.
    void add_columns(Table& out, std::span<const std::int32_t> order, std::size_t rows) const {
        for (std::size_t c = 0; c < shown_.size(); ++c) {
            if (shown_.at(c) == nullptr) continue;
            TextBuilder cells;
            for (const std::int32_t number : order) {
                const auto k = static_cast<std::size_t>(number);
                const bool known = lists(number) && ((torn_[k] >> c) & 1U) == 0 &&
                                   !shown_.at(c)->is_missing(first_[k]);
                if (known)
                    cells.append(shown_.at(c)->print(first_[k]));
                else
                    cells.append_null();
            }
            while (cells.size() < rows)
                cells.append_null();
            out.add(std::string(shown_names.at(c)), cells.finish());
        }
    }

    /// Credit codes that stand for more than one id.
    void report_shared_codes(const IdIndex& ids, IssueTable& issues) const {
        const Column* credit = table_.find("credit_code");
        if (credit == nullptr) return;
        const Column& id = table_.at("id");
        IdReader read(id);
        std::vector<std::pair<std::string, std::int32_t>> codes;
        for (std::size_t row = 0; row < table_.rows(); ++row) {
            const std::string_view text = read(row);
            if (text.empty() || credit->is_missing(row)) continue;
            codes.emplace_back(clean_credit_code(credit->print(row)), ids.find(text));
        }
        std::sort(codes.begin(), codes.end(), [&](const auto& a, const auto& b) {
            return a.first != b.first ? a.first < b.first : ids.text(a.second) < ids.text(b.second);
        });
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        for (std::size_t i = 0; i < codes.size();) {
            std::size_t end = i;
            std::string names;
            for (; end < codes.size() && codes[end].first == codes[i].first; ++end)
                (names += names.empty() ? "" : " ") += ids.text(codes[end].second);
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
    std::array<const Column*, 3> shown_{};
    std::vector<std::size_t> first_;  // by id number: its first row
    std::vector<std::uint8_t> torn_;  // by id number: columns in which its rows differ
};

}  // namespace

RollUp rollup_enterprises(const GradedPoints& points, const Rule& rule, const Table* enterprises,
                          const Work& work) {
    if (points.enterprise == nullptr)
        throw InputError("rollup_enterprises: the points have no column of enterprises");
    check_lengths(points, false);
    RollUp out;
    out.rule = rule;
    IdIndex ids;
    std::optional<Listing> listing;
    if (enterprises != nullptr) listing.emplace(*enterprises, ids, out.issues);

    // Unit 0 is for points without an enterprise, unit k + 1 is enterprise k.
    const SlotTable slot;
    Counts counts(slots * (ids.size() + 1), 0);
    for_enterprises(
        *points.enterprise, ids, work,
        [&](std::size_t first, std::span<const std::int32_t> owners) {
            if (counts.size() < slots * (ids.size() + 1))
                counts.resize(slots * (ids.size() + 1), 0);
            for (const std::int32_t owner : owners)
                IdIndex::fetch(counts.data() + slots * static_cast<std::size_t>(owner + 1));
            for (std::size_t k = 0; k < owners.size(); ++k) {
                const std::size_t i = first + k;
                ++counts[slots * static_cast<std::size_t>(owners[k] + 1) +
                         slot(points.status[i], points.grade[i])];
            }
        });
    for (std::size_t k = wrong_slot; k < counts.size(); k += slots)
        if (counts[k] > 0) refuse_row(points, 0);
    const auto total = [&](std::size_t unit) {
        const std::uint64_t* begin = counts.data() + unit * slots;
        return std::accumulate(begin, begin + slots, std::uint64_t{0});
    };

    std::vector<std::int32_t> order(ids.size());
    std::iota(order.begin(), order.end(), 0);
    const auto by_text = [&](std::int32_t a, std::int32_t b) { return ids.text(a) < ids.text(b); };
    if (!std::is_sorted(order.begin(), order.end(), by_text))
        std::sort(order.begin(), order.end(), by_text);

    std::vector<std::size_t> units;
    units.reserve(order.size() + 1);
    TextBuilder id_cells;
    for (const std::int32_t number : order) {
        units.push_back(static_cast<std::size_t>(number) + 1);
        id_cells.append(ids.text(number));
        if (listing && !listing->lists(number))
            out.issues.add("region.enterprise_not_listed", listing->origin(), -1, "id",
                           ids.text(number), {std::to_string(total(units.back()))});
    }
    if (const std::uint64_t ownerless = total(0); ownerless > 0) {
        units.push_back(0);
        id_cells.append("");
        out.issues.add("region.rows_without_enterprise", result_origin("enterprises_rollup"), -1,
                       "enterprise", {}, {std::to_string(ownerless)});
    }
    out.table = Table(result_origin("enterprises_rollup"));
    out.table.add("id", id_cells.finish());
    if (listing) {
        listing->add_columns(out.table, order, units.size());
        listing->report_shared_codes(ids, out.issues);
    }
    add_count_columns(out.table, counts, units, rule, nullptr);
    say_counts_only(rule, out.issues);
    return out;
}

}  // namespace safetyrisk::region
