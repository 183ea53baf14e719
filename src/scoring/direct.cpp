#include <safetyrisk/scoring/direct.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;

Comparison read_comparison(const JsonView& view) {
    const std::vector<JsonView> parts = view.items();
    if (parts.size() != 3) view.fail("a comparison is [column, operator, value]");
    Comparison out;
    out.column = parts[0].text();
    out.op = parts[1].text();
    static constexpr std::string_view operators[] = {"=", "!=", "<", "<=", ">", ">="};
    if (std::find(std::begin(operators), std::end(operators), out.op) == std::end(operators))
        parts[1].fail("unknown operator; known are = != < <= > >=");
    if (parts[2].node().is_boolean()) {
        out.boolean = true;
        out.truth = parts[2].boolean();
        if (out.op != "=" && out.op != "!=")
            parts[1].fail("true and false are compared by = or !=");
    } else {
        out.number = parts[2].number();
    }
    return out;
}

// A cell as yes or no; nothing when it is missing or neither.
std::optional<bool> truth(const Column& column, std::size_t row) {
    if (column.is_missing(row)) return std::nullopt;
    if (column.type() == ColumnType::boolean) return column.boolean(row);
    if (column.type() == ColumnType::text) {
        const std::string_view text = column.text(row);
        for (const std::string_view yes : {"是", "有", "true", "True", "TRUE", "1", "Y", "y", "√"})
            if (text == yes) return true;
        for (const std::string_view no :
             {"否", "无", "false", "False", "FALSE", "0", "N", "n", "×"})
            if (text == no) return false;
        return std::nullopt;
    }
    const NumberCell cell = column.number(row);
    if (cell.state != NumberCell::State::value || (cell.value != 0.0 && cell.value != 1.0))
        return std::nullopt;
    return cell.value == 1.0;
}

bool holds(const Comparison& comparison, const Column& column, std::size_t row) {
    if (comparison.boolean) {
        const std::optional<bool> value = truth(column, row);
        return value && (*value == comparison.truth) == (comparison.op == "=");
    }
    const NumberCell cell = column.number(row);
    if (cell.state != NumberCell::State::value) return false;
    const double a = cell.value;
    const double b = comparison.number;
    if (comparison.op == "=") return a == b;
    if (comparison.op == "!=") return a != b;
    if (comparison.op == "<") return a < b;
    if (comparison.op == "<=") return a <= b;
    if (comparison.op == ">") return a > b;
    return a >= b;
}

}  // namespace

DirectRules DirectRules::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "direct_rules")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind + "', not direct rules");
    DirectRules out;
    out.pack_ = std::move(pack);
    const detail::Json document = detail::parse_json(out.pack_->canonical, out.pack_->id);
    const JsonView content = JsonView(document, out.pack_->id).at("content");
    content.only({"methods", "columns", "rules"});
    for (const JsonView& view : content.at("methods").items())
        out.families_.push_back(view.text());
    std::vector<std::string> columns;
    for (const JsonView& view : content.at("columns").items()) {
        view.only({"id", "name"});
        columns.push_back(view.at("id").text());
    }
    for (const JsonView& view : content.at("rules").items()) {
        view.only({"id", "grade", "text", "when"});
        DirectRule rule;
        rule.id = out.pack_->id + "." + view.at("id").text();
        const auto grade = parse_grade(view.at("grade").text());
        if (!grade) view.at("grade").fail("must be red, orange, yellow or blue");
        rule.grade = *grade;
        rule.text = {view.at("text").at("zh").text(), view.at("text").at("en").text()};
        for (const JsonView& item : view.at("when").items()) {
            rule.when.push_back(read_comparison(item));
            if (std::find(columns.begin(), columns.end(), rule.when.back().column) == columns.end())
                item.fail("the column is not listed in content.columns");
        }
        if (rule.when.empty()) view.at("when").fail("a rule has at least one comparison");
        out.rules_.push_back(std::move(rule));
    }
    return out;
}

bool DirectRules::applies_to(std::string_view family) const {
    return std::find(families_.begin(), families_.end(), family) != families_.end();
}

std::vector<std::int16_t> DirectRules::evaluate(const Table& table, IssueTable& issues) const {
    std::vector<std::int16_t> out(table.rows(), -1);
    for (std::size_t r = 0; r < rules_.size(); ++r) {
        const DirectRule& rule = rules_[r];
        std::vector<const Column*> columns;
        for (const Comparison& comparison : rule.when) {
            columns.push_back(table.find(comparison.column));
            if (columns.back() == nullptr)
                issues.add("scoring.rule_column_missing", table.origin(), -1, comparison.column, "",
                           {rule.id});
        }
        if (std::find(columns.begin(), columns.end(), nullptr) != columns.end()) continue;
        for (std::size_t row = 0; row < out.size(); ++row) {
            if (out[row] >= 0) continue;
            bool all = true;
            for (std::size_t k = 0; all && k < columns.size(); ++k)
                all = holds(rule.when[k], *columns[k], row);
            if (all) out[row] = static_cast<std::int16_t>(r);
        }
    }
    return out;
}

}  // namespace safetyrisk::scoring
