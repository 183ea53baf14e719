// Explanations of all rows as a table; what a column says of a row is what explain() says of it.
#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/text.hpp>

#include "chain_run.hpp"
#include "factor_input.hpp"
#include "row_codes.hpp"
#include "step_finder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::scoring {
namespace {

// A factor as the methods of a register have it: by id, with the methods that use it.
struct Use {
    std::size_t method;
    std::size_t factor;
};
struct SharedFactor {
    std::string id;
    std::vector<Use> uses;
    std::vector<std::string> parts;
};

// In the order in which the methods name them.
std::vector<SharedFactor> shared_factors(
    const std::vector<std::shared_ptr<const Method>>& methods) {
    std::vector<SharedFactor> out;
    for (std::size_t m = 0; m < methods.size(); ++m)
        for (std::size_t f = 0; f < methods[m]->factors().size(); ++f) {
            const Factor& factor = methods[m]->factors()[f];
            auto it = std::find_if(out.begin(), out.end(), [&](const SharedFactor& known) {
                return known.id == factor.id;
            });
            if (it == out.end()) it = out.insert(out.end(), SharedFactor{factor.id, {}, {}});
            it->uses.push_back({m, f});
            for (const Part& part : factor.parts)
                if (std::find(it->parts.begin(), it->parts.end(), part.id) == it->parts.end())
                    it->parts.push_back(part.id);
        }
    return out;
}

// The steps of a register's chains, one column for each id: a number where it is one in all methods
// that have it, else a text.
struct StepColumn {
    std::string id;
    bool text = false;
    std::vector<std::string> texts;
    Buffer<double> numbers;
    Buffer<std::int32_t> codes;
};

// Which column a step of a method is, and where its labels begin in it.
struct StepPlace {
    std::size_t column = 0;
    std::int32_t first_text = 0;
};

// Adds a column, under another name where a factor of a caller's own pack has taken it.
void add(Table& table, std::string name, Column column) {
    while (table.find(name) != nullptr)
        name += "_";
    table.add(std::move(name), std::move(column));
}

}  // namespace

Table Graded::explanations(Lang lang, const Work& work) const {
    const std::size_t n = rows();
    const Cells& cells = *cells_;
    Table table(Origin{.table = "explanations", .source = {}, .first_line = -1, .lines = {}});
    table.add("id", id_);

    // What a method says of itself.
    std::array<std::vector<std::string>, 6> about;  // id, title, version, hash, confidence, clause
    std::vector<std::int32_t> band_start;
    std::array<std::vector<std::string>, 4> bands;  // printed, label, word, control
    std::vector<std::string> grades;
    for (const Grade grade : {Grade::blue, Grade::yellow, Grade::orange, Grade::red})
        grades.emplace_back(to_string(grade));
    std::vector<std::int8_t> band_grade;
    for (const auto& method : methods_) {
        const Pack& pack = method->pack();
        const std::string own[] = {
            method->id(), std::string(pack.title(lang)),           pack.version,
            pack.sha256,  std::string(to_string(pack.confidence)), method->clause()};
        for (std::size_t k = 0; k < about.size(); ++k)
            about.at(k).push_back(own[k]);
        // The kernel counts bands from the mildest, a method from the gravest.
        band_start.push_back(static_cast<std::int32_t>(band_grade.size() + method->bands().size()) -
                             1);
        for (const Band& band : method->bands()) {
            bands[0].push_back(band.printed);
            bands[1].push_back(band.label);
            bands[2].push_back(band.word.in(lang));
            bands[3].push_back(band.control.in(lang));
        }
        for (std::size_t b = 0; b < method->bands().size(); ++b) {
            const auto kernel = static_cast<std::uint8_t>(method->bands().size() - 1 - b);
            band_grade.push_back(
                static_cast<std::int8_t>(colours_[band_start.size() - 1].grade[kernel] - 1));
        }
    }
    const auto m_of = [&](std::size_t row) { return static_cast<std::size_t>(method_of(row)); };
    const auto band_of = [&](std::size_t row) -> std::int32_t {
        if (cells.band[row] == 255 || is_measure(row)) return -1;
        return band_start[m_of(row)] - cells.band[row];
    };
    const RowCodes methods(
        n, methods_.size(), work,
        [of = cells.method.empty() ? nullptr : cells.method.data()](
            std::size_t row) -> std::int32_t { return of == nullptr ? 0 : of[row]; });
    constexpr const char* about_names[] = {"method", "title", "pack_version", "pack_sha256",
                                           "confidence"};
    for (std::size_t k = 0; k < std::size(about_names); ++k)
        table.add(about_names[k], methods.with(about.at(k)));

    std::vector<std::pair<std::string, Column>> inputs;
    for (const SharedFactor& factor : shared_factors(methods_)) {
        for (const std::string& name : factor.parts)
            if (const Column* column = input_.find(name); column != nullptr)
                inputs.emplace_back(name + "_given", *column);
        const Column* whole = input_.find(factor.id);
        if (whole != nullptr) inputs.emplace_back(factor.id + "_given", *whole);
        std::vector<std::string> meanings;
        if (cells.method.empty()) {
            const Use use = factor.uses.front();
            const Factor& own = methods_[use.method]->factors()[use.factor];
            for (const Step& step : own.steps)
                meanings.push_back(step.meaning.in(lang));
            FactorInput input = read_factor(input_, own, averaged_);
            const StepFinder step(*methods_[use.method], use.factor);
            const RowCodes codes(
                n, meanings.size(), work,
                [step, value = input.values.data()](std::size_t row) { return step(value[row]); });
            add(table, factor.id,
                input.own.empty() && whole != nullptr ? *whole : Column::of(std::move(input.own)));
            add(table, factor.id + "_meaning", codes.with(meanings));
            continue;
        }
        Buffer<double> values(n, nan_value);
        std::vector<std::int32_t> steps(n, -1);
        for (const Use use : factor.uses) {
            const Factor& own = methods_[use.method]->factors()[use.factor];
            const auto start = static_cast<std::int32_t>(meanings.size());
            for (const Step& step : own.steps)
                meanings.push_back(step.meaning.in(lang));
            const FactorInput input = read_factor(input_, own, averaged_);
            const StepFinder step(*methods_[use.method], use.factor);
            for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
                for (std::size_t row = begin; row < end; ++row) {
                    if (cells.method[row] != static_cast<std::int16_t>(use.method)) continue;
                    values[row] = input.values[row];
                    if (const std::int32_t at = step(values[row]); at >= 0) steps[row] = start + at;
                }
            });
        }
        const RowCodes codes(n, meanings.size(), work, [&](std::size_t row) { return steps[row]; });
        add(table, factor.id, Column::of(std::move(values)));
        add(table, factor.id + "_meaning", codes.with(meanings));
    }
    for (auto& [name, column] : inputs)
        add(table, name, column);
    add_chain_columns(table, work);

    add(table, "score", Column::view(std::span<const double>(cells.score), cells_));
    const auto* const band_cells = cells.band.data();
    const RowCodes in_band =
        cells.method.empty() && n > 0 && !is_measure(0)
            ? RowCodes(n, band_grade.size(), work,
                       [band_cells, last = band_start.front()](std::size_t row) {
                           return band_cells[row] == 255 ? -1 : last - band_cells[row];
                       })
            : RowCodes(n, band_grade.size(), work, band_of);
    const RowCodes scored(
        cells.veto.empty() ? 0 : n, band_grade.size(), work, [&](std::size_t row) -> std::int32_t {
            const std::uint8_t band = cells.scored_band(row);
            return band == 255 || band_of(row) < 0 ? -1 : band_start[m_of(row)] - band;
        });
    add(table, "band", (cells.veto.empty() ? in_band : scored).with(bands[0]));
    add(table, "band_label", in_band.with(bands[1]));
    add(table, "band_word", in_band.with(bands[2]));
    const RowCodes grade(n, grades.size(), work,
                         [cell = cells.grade.data()](std::size_t row) { return cell[row] - 1; });
    add(table, "grade", grade.with(grades));

    // What a rule or a veto adds; without one all of these are empty.
    std::vector<std::string> rule_ids;
    std::vector<std::string> rule_texts;
    std::vector<std::string> clauses = about[5];
    if (direct_)
        for (const DirectRule& rule : direct_->rules()) {
            rule_ids.push_back(rule.id);
            rule_texts.push_back(rule.text.in(lang));
        }
    const auto by_rule = static_cast<std::int32_t>(clauses.size());
    if (!cells.rule.empty()) clauses.push_back(direct_->pack().sources.front().text());
    std::vector<std::int32_t> veto_start;
    std::vector<std::int32_t> veto_clause;
    for (const auto& method : methods_) {
        veto_start.push_back(static_cast<std::int32_t>(rule_ids.size()));
        veto_clause.push_back(static_cast<std::int32_t>(clauses.size()));
        for (const Veto& veto : method->vetoes()) {
            rule_ids.push_back(veto.id);
            rule_texts.push_back(veto.text.in(lang));
            clauses.push_back(veto.clause.empty() ? method->clause() : veto.clause);
        }
    }
    if (cells.rule.empty() && cells.veto.empty()) {
        const RowCodes nothing(n, 0, work, [](std::size_t) { return -1; });
        const Column none = nothing.with({});
        add(table, "grade_by_score", none);
        add(table, "level_by_score", none);
        add(table, "override", none);
        add(table, "override_text", none);
        add(table, "control", in_band.with(bands[3]));
        add(table, "clause", methods.with(clauses));
    } else {
        const RowCodes rule(n, rule_ids.size(), work, [&](std::size_t row) -> std::int32_t {
            if (cells.rule_of(row) >= 0) return cells.rule_of(row);
            const std::int16_t veto = cells.veto_of(row);
            return veto < 0 ? -1 : veto_start[m_of(row)] + veto;
        });
        const auto band_by_score = [&](std::size_t row) -> std::int32_t {
            if (cells.veto_of(row) < 0 && cells.rule_of(row) < 0) return -1;
            const std::uint8_t band = cells.scored_band(row);
            return band == 255 ? -1 : band_start[m_of(row)] - band;
        };
        const RowCodes alone(n, grades.size(), work, [&](std::size_t row) -> std::int32_t {
            const std::int32_t band = band_by_score(row);
            return band < 0 ? -1 : band_grade[static_cast<std::size_t>(band)];
        });
        const RowCodes level_alone(n, band_grade.size(), work, band_by_score);
        add(table, "grade_by_score", alone.with(grades));
        add(table, "level_by_score", level_alone.with(bands[1]));
        add(table, "override", rule.with(rule_ids));
        add(table, "override_text", rule.with(rule_texts));
        // A rule's grade is controlled as the last band of that grade is.
        const RowCodes control(n, band_grade.size(), work, [&](std::size_t row) -> std::int32_t {
            if (cells.rule_of(row) < 0) return band_of(row);
            const std::int32_t last = band_start[m_of(row)];
            const auto count = static_cast<std::int32_t>(methods_[m_of(row)]->bands().size());
            for (std::int32_t k = last; k > last - count; --k)
                if (band_grade[static_cast<std::size_t>(k)] == cells.grade[row] - 1) return k;
            return band_of(row);
        });
        add(table, "control", control.with(bands[3]));
        const RowCodes clause(n, clauses.size(), work, [&](std::size_t row) -> std::int32_t {
            if (cells.rule_of(row) >= 0) return by_rule;
            const std::int16_t veto = cells.veto_of(row);
            return veto < 0 ? method_of(row) : veto_clause[m_of(row)] + veto;
        });
        add(table, "clause", clause.with(clauses));
    }
    std::vector<std::string> states;
    for (const RowState state : {RowState::graded, RowState::not_gradable, RowState::rejected})
        states.emplace_back(to_string(state));
    const RowCodes state(n, states.size(), work, [cell = cells.state.data()](std::size_t row) {
        return static_cast<std::int32_t>(cell[row]);
    });
    add(table, "status", state.with(states));
    return table;
}

void Graded::add_chain_columns(Table& table, const Work& work) const {
    const std::size_t n = rows();
    std::vector<StepColumn> columns;
    std::vector<std::vector<StepPlace>> places(methods_.size());
    std::vector<std::unique_ptr<const ChainRun>> runs(methods_.size());
    for (std::size_t m = 0; m < methods_.size(); ++m) {
        const Chain* const chain = methods_[m]->chain();
        if (chain == nullptr) continue;
        for (const MethodInput& input : methods_[m]->inputs())
            if (const Column* column = input_.find(input.id);
                column != nullptr && table.find(input.id + "_given") == nullptr)
                table.add(input.id + "_given", *column);
        runs[m] = std::make_unique<const ChainRun>(*methods_[m], input_, work);
        for (std::size_t s = chain->inputs; s < chain->slots.size(); ++s) {
            const Slot& slot = chain->slots[s];
            auto at = std::find_if(columns.begin(), columns.end(),
                                   [&](const StepColumn& one) { return one.id == slot.id; });
            if (at == columns.end()) {
                at = columns.insert(columns.end(), StepColumn{});
                at->id = slot.id;
            }
            at->text = at->text || slot.type == ValueType::label;
            places[m].push_back({static_cast<std::size_t>(at - columns.begin()),
                                 static_cast<std::int32_t>(at->texts.size())});
            at->texts.insert(at->texts.end(), slot.labels.begin(), slot.labels.end());
        }
    }
    if (columns.empty()) return;
    for (StepColumn& column : columns) {
        column.numbers.assign(n, nan_value);
        if (column.text) column.codes.assign(n, -1);
    }
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        std::array<std::uint16_t, chain_block> offsets{};
        for (std::size_t m = 0; m < methods_.size(); ++m) {
            if (runs[m] == nullptr) continue;
            const Chain& chain = *methods_[m]->chain();
            ChainRun::Space space(*runs[m]);
            for (std::size_t at = begin; at < end; at += chain_block) {
                std::size_t count = 0;
                const std::size_t stop = std::min(end, at + chain_block);
                for (std::size_t row = at; row < stop; ++row)
                    if (method_of(row) == static_cast<std::int16_t>(m))
                        offsets[count++] = static_cast<std::uint16_t>(row - at);
                if (count == 0) continue;
                runs[m]->run(space, at, offsets.data(), count);
                for (std::size_t k = 0; k < places[m].size(); ++k) {
                    const Slot& slot = chain.slots[chain.inputs + k];
                    const Lane& lane = space.lanes[chain.inputs + k];
                    StepColumn& column = columns[places[m][k].column];
                    for (std::size_t i = 0; i < count; ++i) {
                        if (lane.states[i] != CellState::known) continue;
                        if (slot.type == ValueType::label)
                            column.codes[at + offsets[i]] =
                                places[m][k].first_text + static_cast<std::int32_t>(lane.units[i]);
                        else
                            column.numbers[at + offsets[i]] = value_of(slot, lane, i);
                    }
                }
            }
        }
    });
    for (StepColumn& column : columns) {
        const std::string name = column.id + "_step";
        if (!column.text) {
            add(table, name, Column::of(std::move(column.numbers)));
            continue;
        }
        // A step that is a number in one method and a text in another is a text in all.
        for (std::size_t row = 0; row < n; ++row)
            if (column.codes[row] < 0 && !std::isnan(column.numbers[row])) {
                const std::string text = print_number(column.numbers[row]);
                const auto at = std::find(column.texts.begin(), column.texts.end(), text);
                column.codes[row] = static_cast<std::int32_t>(at - column.texts.begin());
                if (at == column.texts.end()) column.texts.push_back(text);
            }
        const RowCodes codes(n, column.texts.size(), work,
                             [&](std::size_t row) { return column.codes[row]; });
        add(table, name, codes.with(column.texts));
    }
}

}  // namespace safetyrisk::scoring
