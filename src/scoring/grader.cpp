#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "chain_run.hpp"
#include "code_blocks.hpp"
#include "core/id_numbers.hpp"
#include "earlier_results.hpp"
#include "factor_input.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

std::string steps_text(const Factor& factor) {
    if (!factor.range.empty()) return factor.range;
    std::string out;
    for (const Step& step : factor.steps)
        out += (out.empty() ? "" : "/") + print_number(step.value);
    return out;
}

// Decimals of a factor that is given as a range.
int decimals_of(const Factor& factor) {
    std::size_t most = 0;
    for (const Step& step : factor.steps) {
        const std::string text = print_number(step.value);
        const std::size_t point = text.find('.');
        if (point != std::string::npos) most = std::max(most, text.size() - point - 1);
    }
    return static_cast<int>(most);
}

// Whether a value that is not accepted lies inside a range all the same: its decimals are wrong.
bool is_in_range(const Factor& factor, double value) {
    if (factor.range.empty()) return false;
    double step = 1.0;
    for (int d = decimals_of(factor); d > 0; --d)
        step /= 10.0;
    // An open end is one step beyond the last value that there is.
    const double low = factor.steps.back().value - (factor.range.front() == '(' ? step : 0.0);
    const double high = factor.steps.front().value + (factor.range.back() == ')' ? step : 0.0);
    return value > low && value < high;
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

// Whether a text is a number with words behind it, as in a list to choose from: "6　可能".
bool is_label(std::string_view text) {
    const std::size_t gap = std::min(text.find(' '), text.find("\u3000"));
    if (gap == 0 || gap == std::string_view::npos) return false;
    return parse_number(text.substr(0, gap)).state == NumberCell::State::value &&
           text.find_first_not_of(" \t", gap) != std::string_view::npos;
}

}  // namespace

// Grades one register; the steps of grade() in order.
class Grader {
public:
    Grader(Table table, const GradeOptions& options) : options_(options), cells_(*out_.cells_) {
        beside_ = options.work;
        beside_.progress = nullptr;
        out_.input_ = std::move(table);
        earlier_ = earlier_results(out_.input_);
        const std::size_t n = out_.input_.rows();
        cells_.score.resize(n);
        cells_.grade.resize(n);
        cells_.band.resize(n);
        cells_.state.resize(n);
        out_.averaged_ = options.averaged;
    }

    Graded run() && {
        find_ids();
        choose_methods();
        choose_colours();
        prepare_methods();
        if (by_row_)
            score_by_row();
        else
            score_all();
        report_unclear_vetoes();
        find_duplicates();
        apply_direct_rules();
        settle_rows();
        compare_given_grades();
        for (std::size_t i = 0; i < out_.issues_.size(); ++i)
            if (out_.issues_.row(i) >= 0) out_.issue_rows_.emplace_back(out_.issues_.row(i), i);
        std::sort(out_.issue_rows_.begin(), out_.issue_rows_.end());
        return std::move(out_);
    }

private:
    enum class MethodFault : std::uint8_t { none, missing, unknown, unconfirmed };
    enum class Duplicate : std::uint8_t { equal, conflict };

    // A row whose id other rows have, too.
    struct DuplicateRow {
        std::size_t row;
        Duplicate kind;
        std::size_t number;  // of equal rows the first row, of others how many there are
    };

    const Table& table() const { return out_.input_; }
    // For loops over rows outside for_blocks.
    void stop_if_interrupted(std::size_t row) const {
        const Work& work = options_.work;
        if ((row & 0xffffU) == 0 && work.interrupted && work.interrupted()) throw Interrupted();
    }
    std::size_t rows() const { return cells_.state.size(); }

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
        Buffer<std::int64_t> numbers(rows());
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
            report_overridden();
            report_namesake();
            return;
        }
        const Column* column = table().find("method");
        if (column == nullptr)
            throw InputError(
                "no method: the table has no column 'method'; give it, or pass method=\"lec\"");
        // One look-up for each distinct name.
        const IdNumbers names(*column, beside_);
        std::vector<std::pair<std::int16_t, MethodFault>> known;
        for (std::size_t k = 0; k < names.size(); ++k)
            known.push_back(look_up(std::string(trim(names.texts().text(k)))));
        const bool plain =
            out_.methods_.size() == 1 &&
            std::all_of(known.begin(), known.end(),
                        [](const auto& one) { return one.second == MethodFault::none; }) &&
            std::find(names.numbers().begin(), names.numbers().end(), -1) == names.numbers().end();
        if (plain) return;  // as if the call named the method
        by_row_ = true;
        method_faults_.assign(rows(), MethodFault::missing);
        cells_.method.assign(rows(), std::int16_t{-1});
        for (std::size_t row = 0; row < rows(); ++row) {
            stop_if_interrupted(row);
            if (names.numbers()[row] < 0) continue;
            const auto& [method, fault] = known[static_cast<std::size_t>(names.numbers()[row])];
            cells_.method[row] = method;
            method_faults_[row] = fault;
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
        for (std::int16_t& m : cells_.method)
            if (m >= 0) m = place[static_cast<std::size_t>(m)];
    }

    // The call's method goes before the register's own; how many rows say another is worth knowing.
    void report_overridden() {
        const Column* column = table().find("method");
        if (column == nullptr) return;
        const IdNumbers names(*column, beside_);
        std::vector<std::uint8_t> differs;
        for (std::size_t k = 0; k < names.size(); ++k)
            differs.push_back(is_another(std::string(trim(names.texts().text(k)))) ? 1 : 0);
        if (std::find(differs.begin(), differs.end(), 1) == differs.end()) return;
        std::size_t count = 0;
        std::string example;
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::int32_t name = names.numbers()[row];
            if (name < 0 || differs[static_cast<std::size_t>(name)] == 0) continue;
            if (count++ == 0) example = trim(names.text(name));
        }
        if (count > 0)
            out_.issues_.add("scoring.method_overridden", table().origin(), -1, "method", example,
                             {out_.methods_.front()->id(), std::to_string(count)});
    }

    // A pack of the caller's that has the name of one of the library's own says something else.
    void report_namesake() {
        if (options_.custom == nullptr) return;
        const Pack& mine = options_.custom->pack();
        for (const auto& own : PackRegistry::builtin().all()) {
            if (own->id != mine.id || own->sha256 == mine.sha256) continue;
            out_.issues_.add(
                "scoring.method_namesake", table().origin(), -1, "method", mine.id,
                {mine.version, mine.sha256.substr(0, 12), own->version, own->sha256.substr(0, 12)});
        }
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
        for (const auto& [known, meant] : options_.named)
            if (known == name) method = meant;
        try {
            if (method == nullptr) method = Method::find(name, options_.as_of);
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

    // Colours of each method's bands: its own, or those of a map that the caller named.
    void choose_colours() {
        std::vector<bool> used(options_.colours.size(), false);
        for (const auto& method : out_.methods_) {
            Graded::Colours colours;
            for (std::size_t k = 0; k < options_.colours.size() && !method->has_grades(); ++k)
                if (options_.colours[k]->scale() == method->scale().id) {
                    colours.map = options_.colours[k];
                    used[k] = true;
                }
            const std::vector<Band>& bands = method->bands();
            for (std::size_t b = 0; b < bands.size(); ++b) {
                std::optional<Grade> grade = bands[b].grade;
                if (colours.map) {
                    grade = colours.map->grade(bands[b].label);
                    if (!colours.map->names(bands[b].label))
                        throw InputError("the colour map " + colours.map->pack().id +
                                         " has no colour for the level '" + bands[b].label +
                                         "' of " + method->id());
                }
                if (grade)
                    colours.grade.at(bands.size() - 1 - b) = static_cast<std::uint8_t>(*grade);
            }
            out_.colours_.push_back(std::move(colours));
        }
        for (std::size_t k = 0; k < used.size(); ++k)
            if (!used[k])
                out_.issues_.add("scoring.colours_unused", table().origin(), -1, "",
                                 options_.colours[k]->pack().id, {options_.colours[k]->scale()});
    }

    // A method with the columns that it reads.
    struct Prepared {
        std::vector<std::span<const double>> columns;  // of a product
        std::unique_ptr<const ChainRun> chain;
    };

    void prepare_methods() {
        bool vetoes = false;
        for (const auto& method : out_.methods_) {
            Prepared& one = prepared_.emplace_back();
            if (method->form() == Form::chain) {
                for (const MethodInput& input : method->inputs())
                    if (input.needed && table().find(input.id) == nullptr)
                        report_missing(input.id, *method);
                one.chain = std::make_unique<const ChainRun>(*method, table(), beside_);
                unclear_.emplace_back(method->vetoes().size(), 0);
                vetoes = vetoes || !method->vetoes().empty();
                continue;
            }
            unclear_.emplace_back();
            for (const Factor& factor : method->factors()) {
                bool there = table().find(factor.id) != nullptr;
                for (const Part& part : factor.parts)
                    there = there || table().find(part.id) != nullptr;
                if (!there) report_missing(factor.id, *method);
                one.columns.push_back(factor_input(factor).values);
            }
        }
        if (!vetoes) return;
        cells_.veto.assign(rows(), std::int16_t{-1});
        cells_.by_score.assign(rows(), std::uint8_t{255});
    }

    void report_missing(std::string_view column, const Method& method) {
        out_.issues_.add("scoring.column_missing", table().origin(), -1, column, "", {method.id()});
    }

    // One method for all rows.
    void score_all() {
        if (prepared_.front().chain == nullptr) {
            out_.methods_.front()->score(prepared_.front().columns, options_.averaged, cells_.score,
                                         cells_.grade, cells_.band, options_.work);
            return;
        }
        for_blocks(rows(), options_.work, [&](std::size_t begin, std::size_t end) {
            ChainRun::Space space(*prepared_.front().chain);
            for (std::size_t at = begin; at < end; at += chain_block)
                score_chain(0, space, at, nullptr, std::min(chain_block, end - at));
            add_unclear(0, space);
        });
    }

    void score_chain(std::size_t m, ChainRun::Space& space, std::size_t begin,
                     const std::uint16_t* offsets, std::size_t n) {
        prepared_[m].chain->run(space, begin, offsets, n);
        const ChainResult& result = space.result;
        const auto& grades = out_.colours_[m].grade;
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t row = begin + (offsets == nullptr ? i : offsets[i]);
            cells_.score[row] = result.score[i];
            cells_.band[row] = result.band[i];
            cells_.grade[row] = result.band[i] == 255 ? std::uint8_t{0} : grades[result.band[i]];
            if (cells_.veto.empty()) continue;
            cells_.veto[row] = result.veto[i];
            cells_.by_score[row] = result.by_score[i];
        }
    }

    void add_unclear(std::size_t m, const ChainRun::Space& space) {
        const std::lock_guard lock(unclear_mutex_);
        for (std::size_t v = 0; v < space.unclear.size(); ++v)
            unclear_[m][v] += space.unclear[v];
    }

    // Rows of many methods: each block of rows is dealt out to its methods once, and each method
    // takes its rows of the block together, while they lie in the cache.
    void score_by_row() {
        const std::size_t count = out_.methods_.size();
        const loops::Kernels& kernels = loops::active_kernels();
        for_blocks(rows(), options_.work, [&](std::size_t begin, std::size_t end) {
            std::vector<std::unique_ptr<ChainRun::Space>> spaces(count);
            for (std::size_t m = 0; m < count; ++m)
                if (prepared_[m].chain != nullptr)
                    spaces[m] = std::make_unique<ChainRun::Space>(*prepared_[m].chain);
            const auto dealt = std::make_unique<Dealt>();
            std::vector<std::uint32_t> starts(count + 2);
            for (std::size_t at = begin; at < end; at += deal_block)
                deal(kernels, *dealt, starts, spaces, at, std::min(deal_block, end - at));
            for (std::size_t m = 0; m < count; ++m)
                if (spaces[m] != nullptr) add_unclear(m, *spaces[m]);
        });
    }

    static constexpr std::size_t deal_block = 4096;

    // Rows of a block, by method, and the cells of one method.
    struct Dealt {
        std::array<std::uint16_t, deal_block> rows;
        std::array<std::array<double, deal_block>, max_factors> values;
        std::array<double, deal_block> score;
        std::array<std::uint8_t, deal_block> grade, band;
    };

    void deal(const loops::Kernels& kernels, Dealt& dealt, std::vector<std::uint32_t>& starts,
              const std::vector<std::unique_ptr<ChainRun::Space>>& spaces, std::size_t begin,
              std::size_t n) {
        const std::int16_t* const method = cells_.method.data() + begin;
        // Rows without a method come first: place 0 is theirs.
        std::fill(starts.begin(), starts.end(), 0U);
        for (std::size_t i = 0; i < n; ++i)
            ++starts[static_cast<std::size_t>(method[i] + 2)];
        for (std::size_t k = 1; k < starts.size(); ++k)
            starts[k] += starts[k - 1];
        for (std::size_t i = 0; i < n; ++i)
            dealt.rows[starts[static_cast<std::size_t>(method[i] + 1)]++] =
                static_cast<std::uint16_t>(i);
        // Each start has moved to the next one's.
        for (std::uint32_t k = 0; k < starts[0]; ++k) {
            const std::size_t row = begin + dealt.rows[k];
            cells_.score[row] = nan_value;
            cells_.grade[row] = 0;
            cells_.band[row] = 255;
        }
        for (std::size_t m = 0; m < out_.methods_.size(); ++m) {
            const std::uint16_t* const mine = dealt.rows.data() + starts[m];
            const std::size_t count = starts[m + 1] - starts[m];
            if (count == 0) continue;
            if (spaces[m] != nullptr) {
                for (std::size_t k = 0; k < count; k += chain_block)
                    score_chain(m, *spaces[m], begin, mine + k, std::min(chain_block, count - k));
                continue;
            }
            score_dealt(kernels, dealt, m, begin, mine, count);
        }
    }

    void score_dealt(const loops::Kernels& kernels, Dealt& dealt, std::size_t m, std::size_t begin,
                     const std::uint16_t* mine, std::size_t count) {
        const Method& method = *out_.methods_[m];
        const std::vector<std::span<const double>>& columns = prepared_[m].columns;
        std::array<std::span<const double>, max_factors> gathered;
        std::array<FactorColumn, max_factors> coded;
        for (std::size_t f = 0; f < columns.size(); ++f) {
            const double* const from = columns[f].data() + begin;
            double* const to = dealt.values[f].data();
            for (std::size_t k = 0; k < count; ++k)
                to[k] = from[mine[k]];
            gathered[f] = {to, count};
            coded[f] = gathered[f];
        }
        if (method.has_step_codes() && !options_.averaged)
            loops::score_rows(kernels, *method.code_tables(),
                              std::span<const FactorColumn>(coded).first(columns.size()), 0, count,
                              dealt.score.data(), dealt.grade.data(), dealt.band.data(), false);
        else
            method.score(std::span<const std::span<const double>>(gathered).first(columns.size()),
                         options_.averaged, std::span(dealt.score).first(count),
                         std::span(dealt.grade).first(count), std::span(dealt.band).first(count));
        double* const score = cells_.score.data() + begin;
        std::uint8_t* const grade = cells_.grade.data() + begin;
        std::uint8_t* const band = cells_.band.data() + begin;
        for (std::size_t k = 0; k < count; ++k) {
            score[mine[k]] = dealt.score[k];
            grade[mine[k]] = dealt.grade[k];
            band[mine[k]] = dealt.band[k];
        }
    }

    // A veto whose evidence nobody filled in does not hold; how often that was is worth knowing.
    void report_unclear_vetoes() {
        for (std::size_t m = 0; m < out_.methods_.size(); ++m)
            for (std::size_t v = 0; v < unclear_[m].size(); ++v) {
                if (unclear_[m][v] == 0) continue;
                const Veto& veto = out_.methods_[m]->vetoes()[v];
                out_.issues_.add("scoring.veto_unclear", table().origin(), -1, "", veto.id,
                                 {veto.text.zh, veto.text.en, std::to_string(unclear_[m][v])});
            }
    }

    void find_duplicates() {
        if (own_ids_) return;
        // What an earlier grading wrote beside two equal rows differs: it rejected the second.
        std::vector<const Column*> compared;
        for (std::size_t i = 0; i < table().size(); ++i)
            if (!std::binary_search(earlier_.written.begin(), earlier_.written.end(), i))
                compared.push_back(&table().column(i));
        each_repeated(
            out_.id_, beside_,
            [&](std::size_t a, std::size_t b) {
                return std::all_of(compared.begin(), compared.end(),
                                   [&](const Column* column) { return column->equal(a, b); });
            },
            [&](std::size_t row, bool all_equal, std::span<const std::size_t> group) {
                duplicates_.push_back({row, all_equal ? Duplicate::equal : Duplicate::conflict,
                                       all_equal ? group.front() : group.size()});
            });
        std::sort(duplicates_.begin(), duplicates_.end(),
                  [](const DuplicateRow& a, const DuplicateRow& b) { return a.row < b.row; });
    }

    void apply_direct_rules() {
        if (options_.rules)
            out_.direct_ = options_.rules;
        else if (!options_.direct.empty())
            out_.direct_ = std::make_shared<const DirectRules>(DirectRules::compile(
                PackRegistry::builtin().find(options_.direct, options_.as_of)));
        else
            return;
        cells_.rule = out_.direct_->evaluate(table(), out_.issues_);
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::int16_t m = out_.method_of(row);
            const Method* const method =
                m < 0 ? nullptr : out_.methods_[static_cast<std::size_t>(m)].get();
            if (method == nullptr || !method->has_grades() ||
                !out_.direct_->applies_to(method->pack().family()))
                cells_.rule[row] = -1;
        }
    }

    // Gives every row its state, and every row without a grade its issues, in row order. Rows with
    // nothing to be said about them, which is most of them, are settled by all threads.
    void settle_rows() {
        std::vector<std::vector<std::size_t>> doubtful((rows() >> settle_shift) + 1);
        for_blocks(rows(), beside_, [&](std::size_t begin, std::size_t end) {
            for (std::size_t part = begin; part < end;) {
                const std::size_t stop =
                    std::min(end, ((part >> settle_shift) + 1) << settle_shift);
                find_doubtful(part, stop, doubtful[part >> settle_shift]);
                part = stop;
            }
        });
        auto duplicate = duplicates_.begin();
        for (const std::vector<std::size_t>& some : doubtful)
            for (const std::size_t row : some) {
                stop_if_interrupted(row);
                while (duplicate != duplicates_.end() && duplicate->row < row)
                    ++duplicate;
                const bool shared = duplicate != duplicates_.end() && duplicate->row == row;
                settle_row(row, shared ? &*duplicate : nullptr);
            }
    }

    // Says how often the register's own grades are others than those found here.
    void compare_given_grades() {
        constexpr std::size_t shown = 5;
        if (!earlier_.given) return;
        const Column& given = table().column(*earlier_.given);
        if (given.type() != ColumnType::text) return;
        std::unordered_map<std::string_view, std::optional<Grade>> read;
        std::size_t differing = 0;
        std::string first;
        std::string cell;
        for (std::size_t row = 0; row < rows(); ++row) {
            stop_if_interrupted(row);
            if (cells_.state[row] != RowState::graded) continue;
            const std::string_view text = given.text(row);
            const auto [known, is_new] = read.try_emplace(text);
            if (is_new) known->second = parse_grade(text);
            if (!known->second || static_cast<std::uint8_t>(*known->second) == cells_.grade[row])
                continue;
            if (differing == 0) cell = text;
            if (differing < shown)
                first += (differing == 0 ? "" : ", ") +
                         table().origin().place(static_cast<std::int64_t>(row));
            ++differing;
        }
        if (differing == 0) return;
        if (differing > shown) first += " …";
        const std::string count = std::to_string(differing);
        out_.issues_.add("scoring.given_grade_differs", table().origin(), -1,
                         table().name(*earlier_.given), cell, {count, first});
    }

    // Marks rows as graded and lists those of them that may not be.
    void find_doubtful(std::size_t begin, std::size_t end, std::vector<std::size_t>& rows_found) {
        std::fill(cells_.state.begin() + static_cast<std::ptrdiff_t>(begin),
                  cells_.state.begin() + static_cast<std::ptrdiff_t>(end), RowState::graded);
        const Column& id = out_.id_;
        const bool ids_are_there =
            own_ids_ || (id.type() == ColumnType::integer && !id.has_nulls());
        auto duplicate = std::lower_bound(
            duplicates_.begin(), duplicates_.end(), begin,
            [](const DuplicateRow& one, std::size_t row) { return one.row < row; });
        for (std::size_t row = begin; row < end; ++row) {
            bool doubt = cells_.band[row] == 255 || cells_.rule_of(row) >= 0 ||
                         (!ids_are_there && id.is_missing(row));
            if (duplicate != duplicates_.end() && duplicate->row == row) {
                doubt = true;
                ++duplicate;
            }
            if (doubt) rows_found.push_back(row);
        }
    }

    void settle_row(std::size_t row, const DuplicateRow* duplicate) {
        RowState state = RowState::graded;
        const auto worse = [&](RowState other) { state = std::max(state, other); };
        if (!own_ids_ && out_.id_.is_missing(row)) {
            issue("scoring.id_missing", row, "id");
            worse(RowState::rejected);
        }
        if (duplicate != nullptr) {
            const bool equal = duplicate->kind == Duplicate::equal;
            issue(equal ? "scoring.duplicate_row" : "scoring.duplicate_conflict", row, "id",
                  out_.id_.print(row),
                  {equal ? table().origin().place(static_cast<std::int64_t>(duplicate->number))
                         : std::to_string(duplicate->number)});
            worse(RowState::rejected);
        }
        worse(method_state(row));
        if (out_.method_of(row) >= 0 && cells_.band[row] == 255) worse(input_state(row));
        const std::int16_t rule = cells_.rule_of(row);
        if (state != RowState::rejected && rule >= 0) {
            const Grade by_rule = out_.direct_->rules()[static_cast<std::size_t>(rule)].grade;
            cells_.grade[row] = std::max(cells_.grade[row], static_cast<std::uint8_t>(by_rule));
            state = RowState::graded;
        }
        cells_.state[row] = state;
        if (state == RowState::graded) return;
        cells_.score[row] = nan_value;
        cells_.grade[row] = 0;
        cells_.band[row] = 255;
        if (rule >= 0) cells_.rule[row] = -1;
        if (!cells_.veto.empty()) {
            cells_.veto[row] = -1;
            cells_.by_score[row] = 255;
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
        const auto m = static_cast<std::size_t>(out_.method_of(row));
        const Method& method = *out_.methods_[m];
        if (method.form() == Form::chain) return chain_state(m, row);
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
                reject(is_label(given(factor, row)) ? "scoring.step_label_wrong"
                                                    : "scoring.not_a_number");
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
                if (is_in_range(factor, value)) {
                    reject("scoring.too_many_decimals", {std::to_string(decimals_of(factor))});
                    continue;
                }
                const std::string others = profiles_with(method, f, value);
                const std::string hint = others.empty() ? "" : " / method=" + others;
                reject("scoring.off_scale", {method.id(), steps_text(factor), hint});
            }
        }
        return state;
    }

    // Says why a chain gave no level.
    RowState chain_state(std::size_t m, std::size_t row) {
        const Method& method = *out_.methods_[m];
        const Chain& chain = *method.chain();
        const ChainRun& run = *prepared_[m].chain;
        ChainRun::Space& space = doubt_space(m);
        run.run(space, row);
        bool said = false;
        const std::size_t before = out_.issues_.size();
        for (std::size_t k = 0; k < chain.inputs; ++k) {
            const CellState cell_state = space.lanes[k].states.front();
            if (cell_state == CellState::bad) {
                report_cell(method, run, k, row);
            } else if (cell_state == CellState::lacking) {
                const MethodInput& input = method.inputs()[k];
                issue("scoring.missing_input", row, input.id, "", {input.name.zh, input.name.en});
            }
        }
        said = out_.issues_.size() > before;
        // Inputs that are in order can still leave a step without a value.
        for (std::size_t s = chain.inputs; s < chain.slots.size() && !said; ++s) {
            const CellState step_state = space.lanes[s].states.front();
            const Slot& slot = chain.slots[s];
            if (step_state != CellState::bad && step_state != CellState::lacking) continue;
            const bool bad = step_state == CellState::bad;
            if (!bad && space.result.state.front() == CellState::bad) continue;
            const std::vector<std::uint32_t>& reads = chain.operations[s - chain.inputs].reads;
            std::vector<std::uint32_t> open;
            for (const std::uint32_t read : reads)
                if (space.lanes[read].states.front() != CellState::known) open.push_back(read);
            // Nothing is open and yet there is no value: the method does not say.
            const Words named = slot_names(chain, bad || open.empty() ? reads : open);
            issue(bad            ? "scoring.step_impossible"
                  : open.empty() ? "scoring.rule_missing"
                                 : "scoring.step_undetermined",
                  row, "", slot.id, {slot.name.zh, slot.name.en, named.zh, named.en});
            said = true;
        }
        if (!said) {
            const Slot& result = chain.slots[chain.result];
            issue("scoring.step_impossible", row, "", result.id,
                  {result.name.zh, result.name.en, result.name.zh, result.name.en});
        }
        return space.result.state.front() == CellState::bad ? RowState::rejected
                                                            : RowState::not_gradable;
    }

    ChainRun::Space& doubt_space(std::size_t m) {
        doubts_.resize(out_.methods_.size());
        if (doubts_[m] == nullptr)
            doubts_[m] = std::make_unique<ChainRun::Space>(*prepared_[m].chain);
        return *doubts_[m];
    }

    static Words slot_names(const Chain& chain, const std::vector<std::uint32_t>& slots) {
        Words out;
        for (const std::uint32_t s : slots) {
            const Words& name = chain.slots[s].name;
            out.zh += (out.zh.empty() ? "" : "、") + name.zh;
            out.en += (out.en.empty() ? "" : ", ") + name.en;
        }
        return out;
    }

    void report_cell(const Method& method, const ChainRun& run, std::size_t k, std::size_t row) {
        const MethodInput& input = method.inputs()[k];
        const Column& column = table().at(input.id);
        const InputCell cell = run.reader(k).cell(column, row);
        const std::string value = column.print(row);
        const auto say = [&](std::string_view code,
                             std::initializer_list<std::string_view> arguments = {}) {
            issue(code, row, input.id, value, arguments);
        };
        switch (cell.fault) {
            case InputFault::none:
            case InputFault::missing:
                break;
            case InputFault::not_a_number:
                return say("scoring.not_a_number");
            case InputFault::infinite:
                return say("scoring.infinite");
            case InputFault::off_scale: {
                std::string steps;
                for (const Step& step : input.steps)
                    steps += (steps.empty() ? "" : "/") + print_number(step.value);
                return say("scoring.off_scale", {method.id(), steps, ""});
            }
            case InputFault::out_of_range:
                return say("scoring.out_of_range", {input.name.zh, input.range, input.name.en});
            case InputFault::decimals:
                return say("scoring.too_many_decimals", {std::to_string(input.decimals)});
            case InputFault::not_whole:
                return say("scoring.not_whole");
            case InputFault::unknown_choice: {
                std::string zh;
                std::string en;
                for (const Choice& choice : input.choices) {
                    zh += (zh.empty() ? "" : "、") + choice.name.zh;
                    en += (en.empty() ? "" : ", ") + choice.id;
                }
                return say("scoring.choice_unknown", {method.id(), zh, en});
            }
            case InputFault::not_a_flag:
                return say("scoring.not_a_flag");
            case InputFault::label_wrong:
                return say("scoring.step_label_wrong");
        }
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

    static constexpr unsigned settle_shift = 16;

    const GradeOptions& options_;
    Work beside_;  // as the caller wants it, but progress is that of scoring alone
    Graded out_;
    Graded::Cells& cells_;
    bool own_ids_ = false;
    EarlierResults earlier_;
    bool by_row_ = false;                     // whether rows may differ in their method
    std::vector<MethodFault> method_faults_;  // empty when the call names the method
    std::map<std::string, FactorInput> inputs_;
    std::vector<Prepared> prepared_;                 // by method
    std::vector<std::vector<std::size_t>> unclear_;  // by method and veto: rows
    std::mutex unclear_mutex_;
    std::vector<std::unique_ptr<ChainRun::Space>> doubts_;
    std::vector<DuplicateRow> duplicates_;  // by row
};

Graded grade(Table table, const GradeOptions& options) {
    return Grader(std::move(table), options).run();
}

}  // namespace safetyrisk::scoring
