// Explanations of all rows as a table; what a column says of a row is what explain() says of it.
#include <safetyrisk/scoring/graded.hpp>

#include "factor_input.hpp"
#include "row_codes.hpp"

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

// Which step of a factor a value is: its place among the steps, or -1.
class StepFinder {
public:
    StepFinder(const Method& method, std::size_t f) : table_(method.kernel().factors.at(f)) {
        const std::vector<Step>& steps = method.factors()[f].steps;
        place_.assign(table_.exact.size(), -1);
        for (std::size_t s = 0; s < steps.size(); ++s)
            place_.at(static_cast<std::size_t>(table_.units(steps[s].value))) =
                static_cast<std::int32_t>(s);
    }
    std::int32_t operator()(double value) const {
        const std::int64_t units = table_.units(value);
        return units == 0 ? -1 : place_[static_cast<std::size_t>(units)];
    }

private:
    StepTable table_;
    std::vector<std::int32_t> place_;
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
            band_grade.push_back(
                static_cast<std::int8_t>(static_cast<std::int32_t>(band.grade) - 1));
        }
    }
    const auto m_of = [&](std::size_t row) { return static_cast<std::size_t>(method_of(row)); };
    const auto band_of = [&](std::size_t row) -> std::int32_t {
        return cells.band[row] == 255 ? -1 : band_start[m_of(row)] - cells.band[row];
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

    add(table, "score", Column::view(std::span<const double>(cells.score), cells_));
    const auto* const band_cells = cells.band.data();
    const RowCodes in_band =
        cells.method.empty() && n > 0
            ? RowCodes(n, band_grade.size(), work,
                       [band_cells, last = band_start.front()](std::size_t row) {
                           return band_cells[row] == 255 ? -1 : last - band_cells[row];
                       })
            : RowCodes(n, band_grade.size(), work, band_of);
    add(table, "band", in_band.with(bands[0]));
    add(table, "band_label", in_band.with(bands[1]));
    add(table, "band_word", in_band.with(bands[2]));
    const RowCodes grade(n, grades.size(), work,
                         [cell = cells.grade.data()](std::size_t row) { return cell[row] - 1; });
    add(table, "grade", grade.with(grades));

    // What a rule adds; without one all of these are empty.
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
    if (cells.rule.empty()) {
        const RowCodes nothing(n, 0, work, [](std::size_t) { return -1; });
        const Column none = nothing.with({});
        add(table, "grade_by_score", none);
        add(table, "override", none);
        add(table, "override_text", none);
        add(table, "control", in_band.with(bands[3]));
    } else {
        const RowCodes rule(n, rule_ids.size(), work,
                            [&](std::size_t row) -> std::int32_t { return cells.rule_of(row); });
        const RowCodes alone(n, grades.size(), work, [&](std::size_t row) -> std::int32_t {
            if (cells.rule_of(row) < 0 || cells.band[row] == 255) return -1;
            return band_grade[static_cast<std::size_t>(band_of(row))];
        });
        add(table, "grade_by_score", alone.with(grades));
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
    }
    if (cells.rule.empty()) {
        add(table, "clause", methods.with(clauses));
    } else {
        const RowCodes clause(n, clauses.size(), work, [&](std::size_t row) -> std::int32_t {
            return cells.rule_of(row) >= 0 ? by_rule : method_of(row);
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

}  // namespace safetyrisk::scoring
