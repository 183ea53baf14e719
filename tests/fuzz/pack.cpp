// Any bytes as a pack: parsed, compiled, and what was compiled is used.
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/scoring/colour_map.hpp>
#include <safetyrisk/scoring/direct.hpp>
#include <safetyrisk/scoring/graded.hpp>
#include <safetyrisk/scoring/method.hpp>

#include "require.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

using namespace safetyrisk;

namespace {

// A chain that was accepted gives every row one fate, and explains it.
void use_chain(const std::shared_ptr<const scoring::Method>& method) {
    Table table;
    for (const scoring::MethodInput& input : method->inputs()) {
        std::vector<std::string> cells{"", "1", "0.5", "x"};
        if (!input.choices.empty()) cells[3] = input.choices.front().id;
        if (!input.steps.empty()) cells[2] = std::to_string(input.steps.front().value);
        table.add(input.id, Column::of(cells));
    }
    scoring::GradeOptions options;
    options.custom = method;
    const scoring::Graded graded = scoring::grade(table, options);
    const scoring::Counts counts = graded.counts();
    require(counts.graded + counts.not_gradable + counts.rejected == counts.rows_in);
    for (std::size_t row = 0; row < graded.rows(); ++row)
        require(!graded.explain(row).text().empty());
    require(graded.explanations().rows() == graded.rows());
}

// Every step of a method that was accepted has a score and a band of the method.
void use(const scoring::Method& method) {
    std::vector<std::vector<double>> columns(method.factors().size());
    std::size_t rows = 0;
    for (const scoring::Factor& factor : method.factors())
        rows = std::max(rows, factor.steps.size());
    for (std::size_t f = 0; f < columns.size(); ++f)
        for (std::size_t row = 0; row < rows; ++row) {
            const auto& steps = method.factors()[f].steps;
            columns[f].push_back(steps[row % steps.size()].value);
        }
    const std::vector<std::span<const double>> views(columns.begin(), columns.end());
    std::vector<double> score(rows);
    std::vector<std::uint8_t> grade(rows), band(rows);
    for (const bool averaged : {false, true}) {
        method.score(views, averaged, score, grade, band);
        for (std::size_t row = 0; row < rows; ++row) {
            require(score[row] > 0.0 && std::isfinite(score[row]));
            require(grade[row] >= 1 && grade[row] <= 4);
            require(method.band_index(band[row]) < method.bands().size());
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto pack = std::make_shared<const Pack>(Pack::parse(text));
        // The canonical form of a pack is the pack.
        require(Pack::parse(pack->canonical).sha256 == pack->sha256);
        PackRegistry registry;
        registry.add(*pack);
        require(registry.find(pack->id, pack->valid_from)->id == pack->id);
        if (pack->kind == "method") {
            const auto method = scoring::Method::compile(pack);
            if (method->form() == scoring::Form::chain)
                use_chain(method);
            else
                use(*method);
        }
        if (pack->kind == "colour_map") scoring::ColourMap::compile(pack);
        if (pack->kind == "direct_rules") {
            const auto rules = scoring::DirectRules::compile(pack);
            Table table;
            table.add("id", Column::of(std::vector<double>{1.0, 0.0}));
            for (const auto& rule : rules.rules())
                for (const auto& part : rule.when)
                    if (table.find(part.column) == nullptr)
                        table.add(part.column, Column::of(std::vector<std::string>{"1", "x"}));
            IssueTable issues;
            require(rules.evaluate(table, issues).size() == table.rows());
        }
    } catch (const Error&) {
    }
    return 0;
}
