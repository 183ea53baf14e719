#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "factor_input.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

std::string steps_text(const Factor& factor) {
    std::string out;
    for (const Step& step : factor.steps)
        out += (out.empty() ? "" : "/") + print_number(step.value);
    return out;
}

// Profiles of the same family whose scale has this value: C = 2 belongs to another table.
std::string profiles_with(const Method& method, std::size_t f, double value) {
    std::string out;
    for (const auto& other : Method::all()) {
        if (other->id() == method.id() || other->pack().family() != method.pack().family())
            continue;
        const auto& factors = other->factors();
        for (std::size_t g = 0; g < factors.size(); ++g)
            if (factors[g].id == method.factors()[f].id && other->accepts(g, value, false))
                out += (out.empty() ? "" : ", ") + other->id();
    }
    return out;
}

}  // namespace

// Grades one register; the steps of grade() in order.
class Grader {
public:
    Grader(Table table, const GradeOptions& options) : options_(options) {
        out_.input_ = std::move(table);
        const std::size_t n = out_.input_.rows();
        out_.score_.assign(n, nan_value);
        out_.grade_.assign(n, 0);
        out_.band_.assign(n, 255);
        out_.state_.assign(n, RowState::graded);
        out_.method_.assign(n, -1);
        out_.rule_.assign(n, -1);
        out_.averaged_ = options.averaged;
    }

    Graded run() && {
        find_ids();
        choose_methods();
        for (std::size_t m = 0; m < out_.methods_.size(); ++m)
            score_rows(m);
        find_duplicates();
        apply_direct_rules();
        settle_rows();
        for (std::size_t i = 0; i < out_.issues_.size(); ++i)
            if (out_.issues_.row(i) >= 0) out_.issue_rows_.emplace_back(out_.issues_.row(i), i);
        std::sort(out_.issue_rows_.begin(), out_.issue_rows_.end());
        return std::move(out_);
    }

private:
    enum class MethodFault : std::uint8_t { none, missing, unknown, unconfirmed };
    enum class Duplicate : std::uint8_t { none, equal, conflict };

    const Table& table() const { return out_.input_; }
    // For loops over rows outside for_blocks.
    void stop_if_interrupted(std::size_t row) const {
        const Work& work = options_.work;
        if ((row & 0xffffU) == 0 && work.interrupted && work.interrupted()) throw Interrupted();
    }
    std::size_t rows() const { return out_.state_.size(); }
    void issue(std::string_view code, std::size_t row, std::string_view column,
               std::string_view value = {},
               std::initializer_list<std::string_view> arguments = {}) {
        out_.issues_.add(code, table().origin(), static_cast<std::int64_t>(row), column, value,
                         arguments);
    }

    void find_ids() {
        if (const Column* id = table().find("id")) {
            out_.id_ = *id;
            return;
        }
        std::vector<std::int64_t> numbers(rows());
        for (std::size_t row = 0; row < rows(); ++row)
            numbers[row] = static_cast<std::int64_t>(row);
        out_.id_ = Column::of(std::move(numbers));
        own_ids_ = true;
        if (rows() > 0) out_.issues_.add("scoring.id_column_absent", table().origin(), -1, "id");
    }

    void choose_methods() {
        if (options_.custom || !options_.method.empty()) {
            out_.methods_.push_back(
                options_.custom ? options_.custom : Method::find(options_.method, options_.as_of));
            std::fill(out_.method_.begin(), out_.method_.end(), std::int16_t{0});
            report_overridden();
            return;
        }
        const Column* column = table().find("method");
        if (column == nullptr)
            throw InputError(
                "no method: the table has no column 'method'; give it, or pass method=\"lec\"");
        // One look-up for each distinct name.
        std::unordered_map<std::string, std::pair<std::int16_t, MethodFault>> known;
        method_faults_.assign(rows(), MethodFault::none);
        for (std::size_t row = 0; row < rows(); ++row) {
            stop_if_interrupted(row);
            if (column->is_missing(row)) {
                method_faults_[row] = MethodFault::missing;
                continue;
            }
            const std::string name(trim(column->print(row)));
            auto it = known.find(name);
            if (it == known.end()) it = known.emplace(name, look_up(name)).first;
            out_.method_[row] = it->second.first;
            method_faults_[row] = it->second.second;
        }
        sort_methods();
    }

    // Methods stand in id order whatever the order of the rows.
    void sort_methods() {
        const auto found = out_.methods_;
        std::sort(out_.methods_.begin(), out_.methods_.end(),
                  [](const auto& a, const auto& b) { return a->id() < b->id(); });
        std::vector<std::int16_t> place;
        for (const auto& method : found)
            place.push_back(static_cast<std::int16_t>(
                std::find(out_.methods_.begin(), out_.methods_.end(), method) -
                out_.methods_.begin()));
        for (std::int16_t& m : out_.method_)
            if (m >= 0) m = place[static_cast<std::size_t>(m)];
    }

    // The call's method goes before the register's own; how many rows say another is worth knowing.
    void report_overridden() {
        const Column* column = table().find("method");
        if (column == nullptr) return;
        std::unordered_map<std::string, bool> differs;
        std::size_t count = 0;
        std::string example;
        for (std::size_t row = 0; row < rows(); ++row) {
            if (column->is_missing(row)) continue;
            const std::string name(trim(column->print(row)));
            auto it = differs.find(name);
            if (it == differs.end()) it = differs.emplace(name, is_another(name)).first;
            if (!it->second) continue;
            if (count++ == 0) example = name;
        }
        if (count > 0)
            out_.issues_.add("scoring.method_overridden", table().origin(), -1, "method", example,
                             {out_.methods_.front()->id(), std::to_string(count)});
    }

    bool is_another(const std::string& name) const {
        try {
            return Method::find(name, options_.as_of)->pack().family() !=
                   out_.methods_.front()->pack().family();
        } catch (const Error&) {
            return true;  // no method at all, or one that does not run by this name
        }
    }

    std::pair<std::int16_t, MethodFault> look_up(const std::string& name) {
        std::shared_ptr<const Method> method;
        try {
            method = Method::find(name, options_.as_of);
        } catch (const NotFoundError&) {
            return {-1, MethodFault::unknown};
        } catch (const InputError&) {
            return {-1, profiles(name).empty() ? MethodFault::unknown : MethodFault::unconfirmed};
        }
        const auto at = std::find(out_.methods_.begin(), out_.methods_.end(), method);
        if (at == out_.methods_.end()) {
            out_.methods_.push_back(method);
            return {static_cast<std::int16_t>(out_.methods_.size() - 1), MethodFault::none};
        }
        return {static_cast<std::int16_t>(at - out_.methods_.begin()), MethodFault::none};
    }

    const FactorInput& factor_input(const Factor& factor) {
        std::string key = factor.id;
        for (const Part& part : factor.parts)
            key += "|" + part.id;
        if (!factor.parts.empty()) key += "|" + steps_text(factor);  // what a part may hold
        auto it = inputs_.find(key);
        if (it == inputs_.end())
            it = inputs_.emplace(key, read_factor(table(), factor, options_.averaged)).first;
        return it->second;
    }

    void score_rows(std::size_t m) {
        const Method& method = *out_.methods_[m];
        std::vector<const FactorInput*> inputs;
        for (const Factor& factor : method.factors()) {
            bool there = table().find(factor.id) != nullptr;
            for (const Part& part : factor.parts)
                there = there || table().find(part.id) != nullptr;
            if (!there)
                out_.issues_.add("scoring.column_missing", table().origin(), -1, factor.id, "",
                                 {method.id()});
            inputs.push_back(&factor_input(factor));
        }
        std::vector<std::span<const double>> columns;
        for (const FactorInput* input : inputs)
            columns.push_back(input->values);
        if (out_.methods_.size() == 1 && method_faults_.empty()) {
            method.score(columns, options_.averaged, out_.score_, out_.grade_, out_.band_,
                         options_.work);
            return;
        }
        std::vector<std::size_t> mine;
        for (std::size_t row = 0; row < rows(); ++row)
            if (out_.method_[row] == static_cast<std::int16_t>(m)) mine.push_back(row);
        std::vector<std::vector<double>> gathered;
        for (std::span<const double>& column : columns) {
            std::vector<double>& cells = gathered.emplace_back();
            cells.reserve(mine.size());
            for (const std::size_t row : mine)
                cells.push_back(column[row]);
        }
        for (std::size_t f = 0; f < columns.size(); ++f)
            columns[f] = gathered[f];
        std::vector<double> score(mine.size());
        std::vector<std::uint8_t> grade(mine.size());
        std::vector<std::uint8_t> band(mine.size());
        method.score(columns, options_.averaged, score, grade, band, options_.work);
        for (std::size_t k = 0; k < mine.size(); ++k) {
            out_.score_[mine[k]] = score[k];
            out_.grade_[mine[k]] = grade[k];
            out_.band_[mine[k]] = band[k];
        }
    }

    // Whether each id is there and greater than the one before, as in most registers: then no two
    // are equal.
    bool ids_ascend() const {
        const Column& id = out_.id_;
        if (id.has_nulls()) return false;
        if (id.type() == ColumnType::integer) {
            const std::span<const std::int64_t> cells = id.integers();
            return std::adjacent_find(cells.begin(), cells.end(), std::greater_equal<>()) ==
                   cells.end();
        }
        if (id.type() != ColumnType::text || id.is_missing(0)) return false;
        for (std::size_t row = 1; row < rows(); ++row)
            if (id.text(row) <= id.text(row - 1) || id.is_missing(row)) return false;
        return true;
    }

    // Open addressing over row numbers. A slot keeps part of the hash, so that a cell is read again
    // only when two ids are all but certainly equal, and the slots of a batch are fetched together.
    void find_duplicates() {
        if (own_ids_ || rows() == 0 || ids_ascend()) return;
        const Column& id = out_.id_;
        constexpr std::uint32_t empty = 0xffffffffU;
        struct Slot {
            std::uint32_t row = empty;
            std::uint32_t tag = 0;
        };
        constexpr std::size_t batch = 64;
        const std::size_t mask = std::bit_ceil(rows() * 2) - 1;
        std::vector<Slot> slots(mask + 1);
        std::array<std::uint64_t, batch> hash{};
        std::map<std::size_t, std::vector<std::size_t>> groups;  // first row -> all rows
        for (std::size_t start = 0; start < rows(); start += batch) {
            stop_if_interrupted(start);
            const std::size_t count = std::min(batch, rows() - start);
            for (std::size_t k = 0; k < count; ++k) {
                hash[k] = id.hash(start + k);
#if defined(__GNUC__)
                __builtin_prefetch(&slots[hash[k] & mask]);
#endif
            }
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t row = start + k;
                if (id.is_missing(row)) continue;
                const auto tag = static_cast<std::uint32_t>(hash[k] >> 32U);
                std::size_t at = hash[k] & mask;
                while (slots[at].row != empty &&
                       (slots[at].tag != tag || !id.equal(slots[at].row, row)))
                    at = (at + 1) & mask;
                if (slots[at].row == empty) {
                    slots[at] = {static_cast<std::uint32_t>(row), tag};
                    continue;
                }
                std::vector<std::size_t>& group = groups[slots[at].row];
                if (group.empty()) group.push_back(slots[at].row);
                group.push_back(row);
            }
        }
        for (const auto& [first, group] : groups) {
            const bool all_equal = std::all_of(group.begin(), group.end(), [&](std::size_t row) {
                return table().equal_rows(group.front(), row);
            });
            for (const std::size_t row : group) {
                if (all_equal && row == first) continue;
                duplicates_[row] = {all_equal ? Duplicate::equal : Duplicate::conflict,
                                    all_equal ? first : group.size()};
            }
        }
    }

    void apply_direct_rules() {
        if (options_.direct.empty()) return;
        out_.direct_ = std::make_shared<const DirectRules>(
            DirectRules::compile(PackRegistry::builtin().find(options_.direct, options_.as_of)));
        out_.rule_ = out_.direct_->evaluate(table(), out_.issues_);
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::int16_t m = out_.method_[row];
            if (m < 0 || !out_.direct_->applies_to(
                             out_.methods_[static_cast<std::size_t>(m)]->pack().family()))
                out_.rule_[row] = -1;
        }
    }

    // Gives every row its state, and every row without a grade its issues, in row order.
    void settle_rows() {
        for (std::size_t row = 0; row < rows(); ++row) {
            stop_if_interrupted(row);
            RowState state = RowState::graded;
            const auto worse = [&](RowState other) { state = std::max(state, other); };
            if (!own_ids_ && out_.id_.is_missing(row)) {
                issue("scoring.id_missing", row, "id");
                worse(RowState::rejected);
            }
            if (const auto it = duplicates_.find(row); it != duplicates_.end()) {
                const bool equal = it->second.first == Duplicate::equal;
                issue(equal ? "scoring.duplicate_row" : "scoring.duplicate_conflict", row, "id",
                      out_.id_.print(row), {std::to_string(it->second.second)});
                worse(RowState::rejected);
            }
            worse(method_state(row));
            if (out_.method_[row] >= 0 && out_.band_[row] == 255) worse(input_state(row));
            const std::int16_t rule = out_.rule_[row];
            if (state != RowState::rejected && rule >= 0) {
                const Grade by_rule = out_.direct_->rules()[static_cast<std::size_t>(rule)].grade;
                out_.grade_[row] = std::max(out_.grade_[row], static_cast<std::uint8_t>(by_rule));
                state = RowState::graded;
            }
            out_.state_[row] = state;
            if (state == RowState::graded) continue;
            out_.score_[row] = nan_value;
            out_.grade_[row] = 0;
            out_.band_[row] = 255;
            out_.rule_[row] = -1;
        }
    }

    RowState method_state(std::size_t row) {
        if (method_faults_.empty()) return RowState::graded;
        switch (method_faults_[row]) {
            case MethodFault::none:
                return RowState::graded;
            case MethodFault::missing:
                issue("scoring.method_missing", row, "method");
                break;
            case MethodFault::unknown:
                issue("scoring.method_unknown", row, "method", table().at("method").print(row));
                break;
            case MethodFault::unconfirmed:
                issue("scoring.method_unconfirmed", row, "method", table().at("method").print(row),
                      {profiles(trim(table().at("method").print(row)))});
                break;
        }
        return RowState::not_gradable;
    }

    static std::string profiles(std::string_view family) {
        std::string out;
        for (const auto& method : Method::all())
            if (method->pack().family() == family) out += (out.empty() ? "" : ", ") + method->id();
        return out;
    }

    RowState input_state(std::size_t row) {
        const Method& method = *out_.methods_[static_cast<std::size_t>(out_.method_[row])];
        RowState state = RowState::graded;
        for (std::size_t f = 0; f < method.factors().size(); ++f) {
            const Factor& factor = method.factors()[f];
            const FactorInput& input = factor_input(factor);
            const double value = input.values[row];
            const auto reject = [&](std::string_view code,
                                    std::initializer_list<std::string_view> arguments = {}) {
                issue(code, row, factor.id, given(factor, row), arguments);
                state = RowState::rejected;
            };
            if (input.fault(row) == CellFault::not_a_number) {
                reject("scoring.not_a_number");
            } else if (input.fault(row) == CellFault::impossible_part) {
                issue("scoring.off_scale", row, factor.id, given_parts(factor, row),
                      {method.id(), steps_text(factor), ""});
                state = RowState::rejected;
            } else if (input.fault(row) == CellFault::contradicts_parts) {
                double worst = 0.0;
                for (const Part& part : factor.parts)
                    if (const Column* column = table().find(part.id))
                        worst = std::max(worst, column->number(row).value);
                reject("scoring.contradicting_factor", {print_number(worst)});
            } else if (std::isnan(value)) {
                issue("scoring.missing_input", row, factor.id, "",
                      {factor.name.zh, factor.name.en});
                state = std::max(state, RowState::not_gradable);
            } else if (std::isinf(value)) {
                reject("scoring.infinite");
            } else if (value < 0.0) {
                reject("scoring.negative");
            } else if (!method.accepts(f, value, options_.averaged)) {
                const std::string others = profiles_with(method, f, value);
                const std::string hint = others.empty() ? "" : "→ " + others;
                reject("scoring.off_scale", {method.id(), steps_text(factor), hint});
            }
        }
        return state;
    }

    // What the row gives for a factor, as people wrote it.
    std::string given(const Factor& factor, std::size_t row) const {
        const Column* whole = table().find(factor.id);
        if (whole != nullptr && !whole->is_missing(row)) return whole->print(row);
        return given_parts(factor, row);
    }

    std::string given_parts(const Factor& factor, std::size_t row) const {
        std::string out;
        for (const Part& part : factor.parts)
            if (const Column* column = table().find(part.id);
                column != nullptr && !column->is_missing(row))
                out += (out.empty() ? "" : ", ") + part.id + "=" + column->print(row);
        return out;
    }

    const GradeOptions& options_;
    Graded out_;
    bool own_ids_ = false;
    std::vector<MethodFault> method_faults_;  // empty when the call names the method
    std::map<std::string, FactorInput> inputs_;
    std::unordered_map<std::size_t, std::pair<Duplicate, std::size_t>> duplicates_;
};

Graded grade(Table table, const GradeOptions& options) {
    return Grader(std::move(table), options).run();
}

}  // namespace safetyrisk::scoring
