#include <safetyrisk/region/rollup.hpp>

#include <safetyrisk/core/credit_code.hpp>
#include <safetyrisk/core/error.hpp>

#include "region/id_index.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <numeric>
#include <string_view>
#include <utility>

namespace safetyrisk::region {
namespace {

// A unit's counts lie in eight numbers, one a slot: the four colours by Grade - 1, then the rest.
constexpr std::size_t slots = 8;
constexpr std::size_t not_gradable_slot = 4;
constexpr std::size_t rejected_slot = 5;
constexpr std::size_t wrong_slot = 7;

// Slot by status (0..2, all others 3) and grade (0..4, all others 5).
class SlotTable {
public:
    SlotTable() {
        status_.fill(3);
        grade_.fill(5);
        for (std::size_t s = 0; s < 3; ++s)
            status_.at(s) = static_cast<std::uint8_t>(s);
        for (std::size_t g = 0; g < 5; ++g)
            grade_.at(g) = static_cast<std::uint8_t>(g);
        slot_.fill(wrong_slot);
        for (std::size_t g = 1; g < 5; ++g)
            slot_.at(g) = static_cast<std::uint8_t>(g - 1);
        slot_.at(8) = not_gradable_slot;
        slot_.at(16) = rejected_slot;
    }
    std::size_t operator()(std::uint8_t status, std::uint8_t grade) const {
        return slot_[status_[status] * std::size_t{8} + grade_[grade]];
    }

private:
    std::array<std::uint8_t, 256> status_{};
    std::array<std::uint8_t, 256> grade_{};
    std::array<std::uint8_t, 32> slot_{};
};

using Counts = std::vector<std::uint64_t>;

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

void check_lengths(const GradedPoints& points, bool with_division) {
    const std::size_t n = points.grade.size();
    const bool fits = points.status.size() == n &&
                      (!with_division || points.division.size() == n) &&
                      (points.enterprise == nullptr || points.enterprise->size() == n);
    if (!fits) throw InputError("rollup: division, grade, status and enterprise differ in length");
}

// Throws for the first row that breaks the contract of GradedPoints.
[[noreturn]] void refuse_row(const GradedPoints& points, std::size_t divisions) {
    const SlotTable slot;
    for (std::size_t i = 0; i < points.grade.size(); ++i) {
        const std::string row = "rollup: row " + std::to_string(i);
        if (divisions > 0 &&
            (points.division[i] < -1 || points.division[i] >= static_cast<std::int64_t>(divisions)))
            throw InputError(row + " has division index " + std::to_string(points.division[i]) +
                             "; there are " + std::to_string(divisions) + " divisions");
        if (slot(points.status[i], points.grade[i]) == wrong_slot)
            throw InputError(row + " has status " + std::to_string(points.status[i]) +
                             " and grade " + std::to_string(points.grade[i]) +
                             "; status is 0 with grade 1 to 4, or 1 or 2 with grade 0");
    }
    throw InputError("rollup: the columns changed while they were read");
}

GradeCounts colours(const std::uint64_t* unit) {
    const auto at = [&](Grade grade) {
        return static_cast<std::int64_t>(unit[static_cast<std::size_t>(grade) - 1]);
    };
    return {at(Grade::red), at(Grade::orange), at(Grade::yellow), at(Grade::blue)};
}

// Adds the columns of RollUp that do not name the unit; unit k has counts[units[k] * slots ...].
void add_count_columns(Table& table, const Counts& counts, std::span<const std::size_t> units,
                       const Rule& rule, const Column* enterprises) {
    std::array<std::vector<std::int64_t>, 8> numbers;
    TextBuilder worst;
    TextBuilder grade;
    TextBuilder state;
    const auto append = [](TextBuilder& builder, std::optional<Grade> value) {
        if (value)
            builder.append(to_string(*value));
        else
            builder.append_null();
    };
    for (auto& column : numbers)
        column.reserve(units.size());
    for (const std::size_t unit : units) {
        const std::uint64_t* c = counts.data() + unit * slots;
        const GradeCounts by_colour = colours(c);
        const std::int64_t graded = by_colour.total();
        const auto not_gradable = static_cast<std::int64_t>(c[not_gradable_slot]);
        const auto rejected = static_cast<std::int64_t>(c[rejected_slot]);
        const std::int64_t row[] = {
            by_colour.red, by_colour.orange, by_colour.yellow, by_colour.blue,
            graded,        not_gradable,     rejected,         graded + not_gradable + rejected};
        for (std::size_t k = 0; k < numbers.size(); ++k)
            numbers[k].push_back(row[k]);
        append(worst, by_colour.worst());
        append(grade, rule.grade(by_colour));
        state.append(graded > 0 ? "assessed" : "unassessed");
    }
    constexpr std::string_view names[] = {"red",    "orange",       "yellow",   "blue",
                                          "graded", "not_gradable", "rejected", "rows"};
    for (std::size_t k = 0; k < numbers.size(); ++k)
        table.add(std::string(names[k]), Column::of(std::move(numbers[k])));
    if (enterprises != nullptr) table.add("enterprises", *enterprises);
    table.add("worst", worst.finish());
    table.add("grade", grade.finish());
    table.add("state", state.finish());
    table.add("rule", Column::of_codes(std::vector<std::int32_t>(units.size(), 0),
                                       Column::of(std::vector<std::string>{rule.id()})));
}

Origin result_origin(std::string_view name) {
    return {.table = std::string(name), .source = {}, .first_line = -1, .lines = {}};
}

void say_counts_only(const Rule& rule, IssueTable& issues) {
    if (rule.counts_only())
        issues.add("region.count_without_thresholds", result_origin("rollup"), -1, "grade");
}

// Number of different enterprises of each unit. Most enterprises lie in one unit, so the first unit
// of each is kept in an array and only further ones are collected as pairs.
class EnterpriseCounter {
public:
    explicit EnterpriseCounter(std::size_t units) : counts_(units, 0) {}

    void add(std::int32_t enterprise, std::uint32_t unit) {
        const auto e = static_cast<std::size_t>(enterprise);
        if (e >= first_.size()) first_.resize(e + 1, none);
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
        if (enterprise >= 0 && e < first_.size()) IdIndex::fetch(&first_[e]);
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

// Calls body(first row, numbers of the enterprises of that row and those after it, -1 for none) for
// all rows, on one thread. Ids in random order cost a cache miss at every step, so rows are taken
// in batches and the next step of the whole batch is under way before the first row needs it.
template <class Body>
void for_enterprises(const Column& column, IdIndex& ids, const Work& work, const Body& body) {
    constexpr std::size_t batch = 64;
    Work one_thread = work;
    one_thread.threads = 1;
    const bool is_text = column.type() == ColumnType::text;
    for_blocks(column.size(), one_thread, [&](std::size_t begin, std::size_t end) {
        std::array<std::string, batch> printed;
        std::array<std::string_view, batch> id;
        std::array<std::uint32_t, batch> hash{};
        std::array<std::int32_t, batch> number{};
        std::array<bool, batch> again{};
        for (std::size_t first = begin; first < end; first += batch) {
            const std::size_t count = std::min(batch, end - first);
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t row = first + k;
                // Registers mostly list the points of an enterprise one after the other.
                again[k] = k > 0 && column.equal(row - 1, row);
                if (again[k]) continue;
                if (column.is_missing(row))
                    id[k] = {};
                else if (is_text)
                    id[k] = column.text(row);
                else
                    id[k] = printed[k] = column.print(row);
                hash[k] = IdIndex::hash(id[k]);
                ids.fetch_slot(hash[k]);
            }
            for (std::size_t k = 0; k < count; ++k)
                if (!again[k]) ids.fetch_text(hash[k]);
            for (std::size_t k = 0; k < count; ++k) {
                if (again[k]) number[k] = number[k - 1];
                else number[k] = id[k].empty() ? -1 : ids.add(id[k], hash[k]);
            }
            body(first, std::span<const std::int32_t>(number).first(count));
        }
    });
}

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

std::string_view colour_word(Grade grade, Lang lang) {
    constexpr std::string_view zh[] = {"蓝色", "黄色", "橙色", "红色"};
    return lang == Lang::en ? to_string(grade) : zh[static_cast<std::size_t>(grade) - 1];
}

std::int64_t minimum(const CountThreshold& line, Grade grade) {
    switch (grade) {
        case Grade::red:
            return line.red;
        case Grade::orange:
            return line.orange;
        case Grade::yellow:
            return line.yellow;
        case Grade::blue:
            return line.blue;
    }
    return 0;
}

std::string print(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

std::optional<Grade> GradeCounts::worst() const {
    if (red > 0) return Grade::red;
    if (orange > 0) return Grade::orange;
    if (yellow > 0) return Grade::yellow;
    if (blue > 0) return Grade::blue;
    return std::nullopt;
}

Rule Rule::worst() {
    return {};
}

Rule Rule::count(std::vector<CountThreshold> lines) {
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const std::string place = "count rule, line " + std::to_string(k);
        bool asks = false;
        for (const Grade grade : all_grades) {
            if (minimum(lines[k], grade) < 0)
                throw InputError(place + ": the minimum of " + std::string(to_string(grade)) +
                                 " is " + print(minimum(lines[k], grade)) +
                                 "; a number of points is not negative");
            asks = asks || minimum(lines[k], grade) > 0;
        }
        if (!asks) throw InputError(place + " asks for no point; for 'all others' write blue >= 1");
        if (k > 0 && lines[k].grade > lines[k - 1].grade)
            throw InputError(place + " gives " + std::string(to_string(lines[k].grade)) +
                             " after " + std::string(to_string(lines[k - 1].grade)) +
                             "; lines run from the gravest grade to the mildest");
    }
    Rule rule;
    rule.counting_ = true;
    rule.lines_ = std::move(lines);
    return rule;
}

std::optional<Grade> Rule::grade(const GradeCounts& counts) const {
    if (!counting_) return counts.worst();
    const std::int64_t orange = counts.red + counts.orange;
    const std::int64_t yellow = orange + counts.yellow;
    const std::int64_t blue = yellow + counts.blue;
    for (const CountThreshold& line : lines_)
        if (counts.red >= line.red && orange >= line.orange && yellow >= line.yellow &&
            blue >= line.blue)
            return line.grade;
    return std::nullopt;
}

std::string Rule::id() const {
    if (!counting_) return "worst";
    std::string out = "count";
    for (std::size_t k = 0; k < lines_.size(); ++k) {
        out += k == 0 ? "(" : "; ";
        out += to_string(lines_[k].grade);
        std::string_view before = ": ";
        for (const Grade grade : all_grades) {
            const std::int64_t least = minimum(lines_[k], grade);
            if (least == 0) continue;
            ((out += before) += to_string(grade)) += ">=" + print(least);
            before = ", ";
        }
    }
    return lines_.empty() ? out : out + ")";
}

std::string Rule::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    if (!counting_)
        return zh ? "取最高：区域等级取区内风险点的最高等级"
                  : "worst: the grade of the gravest point";
    if (lines_.empty())
        return zh ? "计数：只统计各级风险点数量，未给定阈值，不定级"
                  : "count: points are counted by grade; without thresholds no grade is given";
    std::string out = zh ? "计数：" : "count: ";
    for (const CountThreshold& line : lines_) {
        (out += colour_word(line.grade, lang)) += zh ? "——" : " with ";
        std::string_view before;
        for (const Grade grade : all_grades) {
            const std::int64_t least = minimum(line, grade);
            if (least == 0) continue;
            out += before;
            if (zh) {
                ((out += word(grade)) += grade == Grade::red ? "" : "及以上") +=
                    "不少于 " + print(least) + " 个";
                before = "且";
            } else {
                ((out += "at least " + print(least) + " of ") += word(grade, Lang::en)) +=
                    grade == Grade::red ? "" : " or graver";
                before = " and ";
            }
        }
        out += zh ? "；" : "; ";
    }
    return out + (zh ? "依次取首个满足者，均不满足的不定级"
                     : "the first that is met; no grade when none is");
}

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
        std::uint64_t* c = counts->data();
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

    const std::uint64_t* last = counts.data() + homeless * slots;
    const std::uint64_t unassigned = std::accumulate(last, last + slots, std::uint64_t{0});

    RollUp out;
    out.rule = rule;
    std::vector<std::size_t> rows(shown.size() + (unassigned > 0 ? 1 : 0));
    std::iota(rows.begin(), rows.end(), std::size_t{0});

    Column enterprises;
    if (points.enterprise != nullptr) {
        EnterpriseCounter counter(shown.size() + 1);
        IdIndex ids;
        for_enterprises(*points.enterprise, ids, work,
                        [&](std::size_t first, std::span<const std::int32_t> owners) {
                            for (const std::int32_t owner : owners)
                                counter.fetch(owner);
                            for (std::size_t k = 0; k < owners.size(); ++k) {
                                const auto d =
                                    static_cast<std::uint32_t>(points.division[first + k]) + 1U;
                                if (owners[k] >= 0) counter.add(owners[k], place_of[d]);
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
    add_count_columns(out.table, counts, rows, rule, &enterprises);
    say_counts_only(rule, out.issues);
    return out;
}

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
