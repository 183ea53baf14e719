#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// What is wrong with a cell that gives no number by itself.
enum class CellFault : std::uint8_t { none, not_a_number, contradicts_parts };

// A column of a factor as doubles; NaN where there is no number.
struct FactorInput {
    std::span<const double> values;
    std::vector<double> own;
    std::vector<CellFault> faults;  // empty when there are none

    CellFault fault(std::size_t row) const {
        return faults.empty() ? CellFault::none : faults[row];
    }
};

FactorInput read_numbers(const Column& column) {
    FactorInput input;
    if (column.type() == ColumnType::number && !column.has_nulls()) {
        input.values = column.numbers();
        return input;
    }
    const std::size_t n = column.size();
    input.own.assign(n, nan_value);
    for (std::size_t row = 0; row < n; ++row) {
        const NumberCell cell = column.number(row);
        if (cell.state == NumberCell::State::value) input.own[row] = cell.value;
        if (cell.state != NumberCell::State::not_a_number) continue;
        if (input.faults.empty()) input.faults.assign(n, CellFault::none);
        input.faults[row] = CellFault::not_a_number;
    }
    input.values = input.own;
    return input;
}

// The factor of each row: its own column, or the worst of its parts where that is empty.
FactorInput read_factor(const Table& table, const Factor& factor) {
    const std::size_t n = table.rows();
    const Column* whole = table.find(factor.id);
    FactorInput input;
    if (whole != nullptr) input = read_numbers(*whole);
    std::vector<FactorInput> parts;
    for (const Part& part : factor.parts)
        if (const Column* column = table.find(part.id)) parts.push_back(read_numbers(*column));
    if (whole == nullptr || !parts.empty()) {
        input.own.assign(n, nan_value);
        if (whole != nullptr)
            std::copy(input.values.begin(), input.values.end(), input.own.begin());
        input.values = input.own;
    }
    if (parts.empty()) return input;
    if (input.faults.empty()) input.faults.assign(n, CellFault::none);
    for (std::size_t row = 0; row < n; ++row) {
        double worst = nan_value;
        for (const FactorInput& part : parts) {
            if (part.fault(row) != CellFault::none) input.faults[row] = CellFault::not_a_number;
            const double value = part.values[row];
            if (std::isnan(worst) || value > worst) worst = value;
        }
        double& value = input.own[row];
        if (std::isnan(worst) || input.faults[row] != CellFault::none) continue;
        if (std::isnan(value))
            value = worst;
        else if (value != worst)
            input.faults[row] = CellFault::contradicts_parts;
    }
    for (std::size_t row = 0; row < n; ++row)
        if (input.faults[row] != CellFault::none) input.own[row] = nan_value;
    return input;
}

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

std::string_view colour(Grade grade, Lang lang) {
    if (lang == Lang::en) return to_string(grade);
    switch (grade) {
        case Grade::red:
            return "红色";
        case Grade::orange:
            return "橙色";
        case Grade::yellow:
            return "黄色";
        case Grade::blue:
            return "蓝色";
    }
    return "";
}

std::string graded_words(Grade grade, Lang lang) {
    const std::string name(word(grade, lang));
    const std::string paint(colour(grade, lang));
    return lang == Lang::zh ? name + "（" + paint + "）" : name + " (" + paint + ")";
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

    std::pair<std::int16_t, MethodFault> look_up(const std::string& name) {
        std::shared_ptr<const Method> method;
        try {
            method = Method::find(name, options_.as_of);
        } catch (const NotFoundError&) {
            return {-1, MethodFault::unknown};
        } catch (const InputError&) {
            return {-1, MethodFault::unconfirmed};
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
        auto it = inputs_.find(key);
        if (it == inputs_.end()) it = inputs_.emplace(key, read_factor(table(), factor)).first;
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

Counts Graded::counts() const {
    Counts counts;
    counts.rows_in = rows();
    for (std::size_t row = 0; row < rows(); ++row) {
        if (state_[row] == RowState::not_gradable) ++counts.not_gradable;
        if (state_[row] == RowState::rejected) ++counts.rejected;
        if (state_[row] != RowState::graded) continue;
        ++counts.graded;
        switch (static_cast<Grade>(grade_[row])) {
            case Grade::red:
                ++counts.red;
                break;
            case Grade::orange:
                ++counts.orange;
                break;
            case Grade::yellow:
                ++counts.yellow;
                break;
            case Grade::blue:
                ++counts.blue;
                break;
        }
    }
    return counts;
}

Table Graded::to_table() const {
    const std::size_t n = rows();
    // One text for each distinct value, and a code for each row.
    std::vector<std::string> method_names;
    std::vector<std::string> clauses;
    std::vector<std::string> band_names;
    std::vector<std::size_t> band_start;
    for (const auto& method : methods_) {
        method_names.push_back(method->id());
        clauses.push_back(method->clause());
        band_start.push_back(band_names.size());
        for (const Band& band : method->bands())
            band_names.push_back(band.printed);
    }
    const auto method_rules = static_cast<std::int32_t>(clauses.size());
    std::vector<std::string> rule_names;
    if (direct_)
        for (const DirectRule& rule : direct_->rules()) {
            rule_names.push_back(rule.id);
            clauses.push_back(direct_->pack().sources.front().text());
        }
    std::vector<std::int32_t> method(n, -1), grade(n, -1), status(n), band(n, -1), rule(n, -1),
        clause(n, -1);
    for (std::size_t row = 0; row < n; ++row) {
        status[row] = static_cast<std::int32_t>(state_[row]);
        method[row] = method_[row];
        if (grade_[row] > 0) grade[row] = grade_[row] - 1;
        if (state_[row] != RowState::graded) continue;
        const auto m = static_cast<std::size_t>(method_[row]);
        if (band_[row] != 255)
            band[row] =
                static_cast<std::int32_t>(band_start[m] + methods_[m]->band_index(band_[row]));
        rule[row] = rule_[row];
        clause[row] = rule_[row] >= 0 ? method_rules + rule_[row] : method_[row];
    }
    Table table(Origin{.table = "graded", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", id_);
    table.add("method", Column::of_codes(std::move(method), Column::of(method_names)));
    table.add("score", Column::of(score_));
    const std::vector<std::string> grades = {"blue", "yellow", "orange", "red"};
    table.add("grade", Column::of_codes(std::move(grade), Column::of(grades)));
    const std::vector<std::string> states = {"graded", "not_gradable", "rejected"};
    table.add("status", Column::of_codes(std::move(status), Column::of(states)));
    table.add("band", Column::of_codes(std::move(band), Column::of(band_names)));
    table.add("override", Column::of_codes(std::move(rule), Column::of(rule_names)));
    table.add("clause", Column::of_codes(std::move(clause), Column::of(clauses)));
    return table;
}

std::optional<std::size_t> Graded::row_of(std::string_view id) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        const bool same = id_.type() == ColumnType::text
                              ? id_.text(row) == id
                              : !id_.is_null(row) && id_.print(row) == id;
        if (same) return row;
    }
    return std::nullopt;
}

Explanation Graded::explain(std::size_t row, Lang lang) const {
    if (row >= rows())
        throw NotFoundError("there is no row " + std::to_string(row) + "; the register has " +
                            std::to_string(rows()) + " rows, counted from 0");
    Explanation out;
    out.id = id_.print(row);
    out.state = state_[row];
    if (grade_[row] > 0) out.grade = static_cast<Grade>(grade_[row]);
    if (!std::isnan(score_[row])) out.score = score_[row];
    const auto mine = static_cast<std::int64_t>(row);
    for (auto it = std::lower_bound(issue_rows_.begin(), issue_rows_.end(),
                                    std::pair<std::int64_t, std::size_t>{mine, 0});
         it != issue_rows_.end() && it->first == mine; ++it)
        out.issues.push_back(issues_.at(it->second, lang));
    if (method_[row] < 0) return out;

    const Method& method = *methods_[static_cast<std::size_t>(method_[row])];
    out.method = method.id();
    out.title = {method.pack().title_zh, method.pack().title_en};
    out.pack_version = method.pack().version;
    out.pack_sha256 = method.pack().sha256;
    out.confidence = to_string(method.pack().confidence);
    out.clause = method.clause();
    std::string symbols;
    std::string values;
    for (const Factor& factor : method.factors()) {
        ExplainedFactor one{factor.id, factor.name, {}, {}};
        const FactorInput input = read_factor(row_table(row), factor);
        const double value = input.values.front();
        if (!std::isnan(value))
            one.value = print_number(value);
        else if (const Column* column = input_.find(factor.id))
            one.value = column->print(row);
        for (const Step& step : factor.steps)
            if (step.value == value) one.meaning = step.meaning;
        symbols += (symbols.empty() ? "" : "×") + factor.id;
        values += (values.empty() ? "" : "×") + one.value;
        out.factors.push_back(std::move(one));
    }
    if (out.score)
        out.formula = method.score_symbol() + " = " + symbols + " = " + values + " = " +
                      print_number(*out.score);
    if (band_[row] != 255) {
        const Band& band = method.bands()[method.band_index(band_[row])];
        out.band_label = band.label;
        out.band_printed = band.printed;
        out.band_word = band.word;
        out.control = band.control;
        if (rule_[row] >= 0) out.grade_by_score = band.grade;
    }
    if (rule_[row] >= 0) {
        const DirectRule& rule = direct_->rules()[static_cast<std::size_t>(rule_[row])];
        out.override_id = rule.id;
        out.override_text = rule.text;
        out.clause = direct_->pack().sources.front().text();
        for (const Band& band : method.bands())
            if (band.grade == *out.grade) out.control = band.control;
    }
    return out;
}

std::pair<std::vector<std::string>, std::vector<std::int32_t>> Graded::bodies(Lang lang) const {
    std::pair<std::vector<std::string>, std::vector<std::int32_t>> out;
    auto& [texts, index] = out;
    index.reserve(rows());
    // Rows judged alike share a key; only the first of them is put into words.
    std::unordered_map<std::string, std::int32_t> known_keys;
    std::unordered_map<std::string, std::int32_t> known_texts;
    std::vector<std::vector<const Column*>> inputs(methods_.size());
    for (std::size_t m = 0; m < methods_.size(); ++m)
        for (const Factor& factor : methods_[m]->factors()) {
            if (const Column* column = input_.find(factor.id)) inputs[m].push_back(column);
            for (const Part& part : factor.parts)
                if (const Column* column = input_.find(part.id)) inputs[m].push_back(column);
        }
    const auto say = [&](std::size_t row) {
        std::string text = explain(row, lang).body(lang);
        const auto [it, fresh] = known_texts.emplace(text, static_cast<std::int32_t>(texts.size()));
        if (fresh) texts.push_back(std::move(text));
        return it->second;
    };
    for (std::size_t row = 0; row < rows(); ++row) {
        if (state_[row] != RowState::graded) {
            index.push_back(say(row));
            continue;
        }
        std::string key = std::to_string(method_[row]) + "|" + std::to_string(band_[row]) + "|" +
                          std::to_string(rule_[row]);
        for (const Column* column : inputs[static_cast<std::size_t>(method_[row])])
            key += "|" + column->print(row);
        auto it = known_keys.find(key);
        if (it == known_keys.end()) it = known_keys.emplace(std::move(key), say(row)).first;
        index.push_back(it->second);
    }
    return out;
}

Table Graded::row_table(std::size_t row) const {
    Table one(input_.origin());
    const std::size_t rows[] = {row};
    for (std::size_t c = 0; c < input_.size(); ++c)
        one.add(input_.name(c), input_.column(c).take(rows));
    return one;
}

std::string Explanation::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const std::string colon = zh ? "：" : ": ";
    std::string out = (zh ? "风险点 " : "Risk point ") + id + colon;
    if (grade)
        out += graded_words(*grade, lang);
    else if (state == RowState::rejected)
        out += zh ? "数据无效，未评定" : "rejected, no grade";
    else
        out += zh ? "缺少条件，未评定" : "not gradable";
    const std::string rest = body(lang);
    return rest.empty() ? out : out + "\n" + rest;
}

std::string Explanation::body(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::string out;
    if (!method.empty())
        out += (zh ? "方法：" : "Method: ") + title.in(lang) + (zh ? "（" : " (") + method +
               (zh ? "，第 " : ", version ") + pack_version +
               (zh ? " 版，可信度 " : ", confidence ") + confidence + (zh ? "）\n" : ")\n");
    for (const ExplainedFactor& factor : factors) {
        out += factor.id + " " + factor.name.in(lang) + " = " +
               (factor.value.empty() ? (zh ? "未填写" : "missing") : factor.value);
        if (!factor.meaning.zh.empty())
            out += zh ? "（" + factor.meaning.zh + "）" : " (" + factor.meaning.en + ")";
        out += "\n";
    }
    if (!formula.empty()) {
        out += formula;
        if (!band_printed.empty())
            out += (zh ? "，落入 " : ", in the band ") + band_printed + (zh ? "（" : " (") +
                   band_label + (zh ? " 级，" : ", ") + band_word.in(lang) + (zh ? "）" : ")");
        out += "\n";
    }
    if (!override_id.empty()) {
        out += (zh ? "直接判定（" : "Direct determination (") + override_id +
               (zh ? "）：" : "): ") + override_text.in(lang);
        if (grade_by_score)
            out += (zh ? "；仅按分值为" : "; by the score alone ") +
                   graded_words(*grade_by_score, lang);
        out += "\n";
    }
    if (!control.zh.empty()) out += (zh ? "管控层级：" : "Control: ") + control.in(lang) + "\n";
    for (const Issue& issue : issues)
        out += (zh ? "问题：" : "Issue: ") + issue.message +
               (issue.hint.empty() ? "" : (zh ? "；" : "; ") + issue.hint) + "\n";
    if (!clause.empty()) out += (zh ? "依据：" : "Source: ") + clause + "\n";
    if (!out.empty()) out.pop_back();
    return out;
}

std::string Explanation::json() const {
    const auto quoted = [](std::string_view text) { return "\"" + escape_json(text) + "\""; };
    const auto words = [&](const Words& w) {
        return "{\"zh\":" + quoted(w.zh) + ",\"en\":" + quoted(w.en) + "}";
    };
    const auto grade_text = [&](const std::optional<Grade>& g) {
        return g ? quoted(to_string(*g)) : std::string("null");
    };
    std::string out = "{\"id\":" + quoted(id) + ",\"status\":" + quoted(to_string(state)) +
                      ",\"grade\":" + grade_text(grade) +
                      ",\"score\":" + (score ? print_number(*score) : "null") +
                      ",\"method\":" + (method.empty() ? "null" : quoted(method)) +
                      ",\"title\":" + words(title) + ",\"pack_version\":" + quoted(pack_version) +
                      ",\"pack_sha256\":" + quoted(pack_sha256) +
                      ",\"confidence\":" + quoted(confidence) + ",\"factors\":[";
    for (std::size_t f = 0; f < factors.size(); ++f)
        out += (f == 0 ? "" : ",") + ("{\"id\":" + quoted(factors[f].id)) +
               ",\"name\":" + words(factors[f].name) + ",\"value\":" + quoted(factors[f].value) +
               ",\"meaning\":" + words(factors[f].meaning) + "}";
    out += "],\"formula\":" + quoted(formula) + ",\"band\":{\"label\":" + quoted(band_label) +
           ",\"printed\":" + quoted(band_printed) + ",\"word\":" + words(band_word) +
           "},\"control\":" + words(control) + ",\"override\":" +
           (override_id.empty()
                ? "null"
                : "{\"id\":" + quoted(override_id) + ",\"text\":" + words(override_text) +
                      ",\"grade_by_score\":" + grade_text(grade_by_score) + "}") +
           ",\"clause\":" + quoted(clause) + ",\"issues\":[";
    for (std::size_t i = 0; i < issues.size(); ++i)
        out += (i == 0 ? "" : ",") + ("{\"code\":" + quoted(issues[i].code)) +
               ",\"column\":" + quoted(issues[i].column) + ",\"value\":" + quoted(issues[i].value) +
               ",\"message\":" + quoted(issues[i].message) + "}";
    return out + "]}";
}

}  // namespace safetyrisk::scoring
