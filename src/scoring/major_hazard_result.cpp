#include <safetyrisk/scoring/major_hazard.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "scoring/major_hazard_state.hpp"
#include "scoring/substance_key.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring {
namespace {

using State = MajorHazards::State;

// What prose lists one by one; data has all.
constexpr std::size_t most_rows = 40;
constexpr std::size_t most_terms = 12;
constexpr std::size_t most_missing = 10;

std::string in_quotes(std::string_view text) {
    return "\"" + escape_json(text) + "\"";
}

std::string number_or_null(double value) {
    return std::isnan(value) ? "null" : print_number(value);
}

std::string missing_text(const HazardUnit& unit) {
    std::string out;
    for (std::size_t k = 0; k < std::min(unit.missing.size(), most_missing); ++k)
        out += (k == 0 ? "" : "; ") + unit.missing[k];
    if (unit.missing.size() > most_missing)
        out += "; … +" + std::to_string(unit.missing.size() - most_missing);
    return out;
}

// A unit's judgement in words.
class Prose {
public:
    Prose(const State& state, std::size_t unit, Lang lang)
        : state_(state),
          unit_(state.units[unit]),
          index_(unit),
          zh_(lang == Lang::zh),
          lang_(lang) {}

    std::string text() {
        headline();
        method();
        for (const std::size_t row : first_rows())
            substance(row);
        const std::size_t rows = state_.rows_of(index_).size();
        if (rows > most_rows)
            line(zh_ ? "另有 " + std::to_string(rows - most_rows) + " 行，见明细"
                     : std::to_string(rows - most_rows) + " more rows are in the table of rows");
        sums();
        grading();
        issues();
        line((zh_ ? "依据：" : "Source: ") + pack().sources.front().text());
        out_.pop_back();
        return std::move(out_);
    }

    std::string verdict() const {
        const MajorHazardStandard& standard = *state_.standard;
        if (unit_.major == MajorState::no)
            return zh_ ? "不构成重大危险源" : "no major hazard installation";
        if (unit_.major == MajorState::undetermined)
            return zh_ ? "缺少条件，是否构成重大危险源待定"
                       : "undetermined whether a major hazard installation";
        std::string out = zh_ ? "构成危险化学品重大危险源" : "major hazard installation";
        if (unit_.level < 0) return out + (zh_ ? "，级别待定" : ", level undetermined");
        const Words& level = standard.levels()[static_cast<std::size_t>(unit_.level)].level;
        return out + (zh_ ? "，" : ", ") + level.in(lang_);
    }

private:
    const Pack& pack() const { return state_.standard->pack(); }
    const MajorHazardStandard::Tables& tables() const { return state_.standard->tables(); }
    void line(const std::string& text) { (out_ += text) += '\n'; }
    std::span<const std::size_t> first_rows() const {
        const auto rows = state_.rows_of(index_);
        return rows.first(std::min(rows.size(), most_rows));
    }

    void headline() {
        const std::string name =
            unit_.nameless ? (zh_ ? "（未填写单元）" : "(no unit)") : unit_.name;
        line((zh_ ? "单元 " + name + "：" : "Unit " + name + ": ") + verdict());
    }

    void method() {
        line((zh_ ? "方法：" : "Method: ") + std::string(pack().title(lang_)) +
             (zh_ ? "（" : " (") + pack().id + (zh_ ? "，第 " : ", version ") + pack().version +
             (zh_ ? " 版，可信度 " : ", confidence ") + std::string(to_string(pack().confidence)) +
             (zh_ ? "）" : ")"));
    }

    void substance(std::size_t row) {
        const Finding& finding = state_.findings_of(row);
        std::string text = state_.label(row);
        if (finding.substance >= 0) {
            const Substance& found =
                state_.standard->substances()[static_cast<std::size_t>(finding.substance)];
            if (text != found.name)
                text += zh_ ? "（即 " + found.name + "）" : " (" + found.en + ")";
        }
        const bool quantity = state_.nanos[row] != no_nanos;
        if (quantity) text += " " + print_number(nearest(state_.quantity(row))) + " t";
        text += zh_ ? "：" : ": ";
        if (finding.weight > 0)
            text += "Q = " + print_number(state_.q_of(finding)) + " t" +
                    bracket(state_.q_clause(finding, lang_));
        if (state_.has_ratio(row))
            text += comma() + "q/Q = " + print_number(nearest(state_.ratio(row)));
        if (finding.beta > 0) {
            text += comma() + "β = " + print_number(state_.beta_of(finding)) +
                    bracket(state_.beta_clause(finding, lang_));
            if (finding.beta_assumed)
                text += zh_ ? "，按最大值取（调用时的选择，标准未规定）"
                            : ", the largest, by choice of the caller, not by the standard";
        }
        if (state_.rows[row].state != RowState::graded) {
            if (finding.weight > 0) text += zh_ ? "；" : "; ";
            text += state_.rows[row].state == RowState::rejected
                        ? (zh_ ? "数据无效，未计入" : "rejected, not counted")
                        : (zh_ ? "缺少条件，未计入" : "not gradable, not counted");
        }
        line(text);
    }

    std::string comma() const { return zh_ ? "，" : ", "; }
    std::string bracket(const std::string& inside) const {
        return zh_ ? "（" + inside + "）" : " (" + inside + ")";
    }

    void sums() {
        std::string terms;
        std::size_t count = 0;
        for (const std::size_t row : state_.rows_of(index_)) {
            if (!state_.has_ratio(row)) continue;
            if (++count > most_terms) continue;
            terms += (count == 1 ? "" : " + ") + print_number(nearest(state_.quantity(row))) + "/" +
                     print_number(state_.q_of(state_.findings_of(row)));
        }
        if (count > most_terms) terms += " + …";
        const std::string clause = tables().identification_clause.in(lang_);
        const std::string least = print_number(unit_.least);
        std::string text = "S = " + (terms.empty() ? "" : terms + " = ") + least;
        if (unit_.without_ratio > 0)
            text =
                zh_ ? "S ≥ " + (terms.empty() ? "" : terms + " = ") + least + "（另有 " +
                          std::to_string(unit_.without_ratio) + " 行不能计算）"
                    : "S ≥ " + (terms.empty() ? "" : terms + " = ") + least +
                          " (rows that cannot be counted: " + std::to_string(unit_.without_ratio) +
                          ")";
        if (unit_.major == MajorState::yes)
            text += zh_ ? "，满足 " + tables().major_printed + "，构成重大危险源"
                        : ", " + tables().major_printed + " holds: a major hazard installation";
        else if (unit_.major == MajorState::no)
            text += zh_ ? "，不满足 " + tables().major_printed + "，不构成重大危险源，不分级"
                        : ", " + tables().major_printed + " does not hold: none, and not graded";
        line(text + bracket(clause));
    }

    void grading() {
        if (unit_.major != MajorState::yes) return;
        if (unit_.band < 0) {
            line(zh_ ? "缺少厂外可能暴露人员数量，α 待定"
                     : "the number of people exposed outside is missing: α is undetermined");
        } else {
            const ExposureBand& band =
                state_.standard->exposure()[static_cast<std::size_t>(unit_.band)];
            line((zh_ ? "厂外可能暴露人员 " : "People exposed outside: ") +
                 std::to_string(*unit_.exposed) + (zh_ ? " 人，α = " : ", α = ") +
                 print_number(band.alpha) +
                 bracket(tables().exposure_clause.in(lang_) + (zh_ ? "，" : ", ") + band.printed));
        }
        if (unit_.level < 0) return;
        std::string terms;
        std::size_t count = 0;
        for (const std::size_t row : state_.rows_of(index_)) {
            const Finding& finding = state_.findings_of(row);
            if (++count > most_terms) continue;
            terms += (count == 1 ? "" : " + ") + print_number(state_.beta_of(finding)) + "×" +
                     print_number(nearest(state_.quantity(row))) + "/" +
                     print_number(state_.q_of(finding));
        }
        if (count > most_terms) terms += " + …";
        const HazardLevel& level = state_.standard->levels()[static_cast<std::size_t>(unit_.level)];
        const ExposureBand& band =
            state_.standard->exposure()[static_cast<std::size_t>(unit_.band)];
        line("R = α·Σβ·q/Q = " + print_number(band.alpha) + "×(" + terms +
             ") = " + print_number(unit_.r) + (zh_ ? "，" : ", ") + level.level.in(lang_) +
             bracket(tables().grading_clause.in(lang_) + (zh_ ? "，" : ", ") +
                     tables().levels_clause.in(lang_) + (zh_ ? "，" : ", ") + level.printed));
    }

    void issues() {
        for (const Issue& issue : issues_of(state_, index_, lang_))
            line((zh_ ? "问题：" : "Issue: ") + issue.message +
                 (issue.hint.empty() ? "" : (zh_ ? "；" : "; ") + issue.hint));
    }

public:
    static std::vector<Issue> issues_of(const State& state, std::size_t unit, Lang lang) {
        std::vector<Issue> out;
        const auto rows = state.rows_of(unit);
        for (const std::size_t row : rows.first(std::min(rows.size(), most_rows))) {
            const auto mine = static_cast<std::int64_t>(row);
            for (auto it = std::lower_bound(state.issue_rows.begin(), state.issue_rows.end(),
                                            std::pair<std::int64_t, std::size_t>{mine, 0});
                 it != state.issue_rows.end() && it->first == mine; ++it)
                out.push_back(state.issues.at(it->second, lang));
        }
        for (auto it = std::lower_bound(state.issue_units.begin(), state.issue_units.end(),
                                        std::pair<std::size_t, std::size_t>{unit, 0});
             it != state.issue_units.end() && it->first == unit; ++it)
            out.push_back(state.issues.at(it->second, lang));
        return out;
    }

private:
    const State& state_;
    const HazardUnit& unit_;
    std::size_t index_;
    bool zh_;
    Lang lang_;
    std::string out_;
};

// Columns of codes into a short list of texts.
Column coded(std::vector<std::int32_t> codes, const std::vector<std::string>& texts) {
    return Column::of_codes(std::move(codes), Column::of(texts));
}

// Collects distinct texts.
class TextCodes {
public:
    void add(const std::string& text) {
        const auto [it, fresh] = known_.emplace(text, static_cast<std::int32_t>(texts_.size()));
        if (fresh) texts_.push_back(text);
        codes_.push_back(it->second);
    }
    void add_null() { codes_.push_back(-1); }
    Column finish() { return coded(std::move(codes_), texts_); }

private:
    std::unordered_map<std::string, std::int32_t> known_;
    std::vector<std::string> texts_;
    std::vector<std::int32_t> codes_;
};

}  // namespace

std::string_view to_string(MajorState state) {
    switch (state) {
        case MajorState::no:
            return "no";
        case MajorState::yes:
            return "yes";
        case MajorState::undetermined:
            return "undetermined";
    }
    return "";
}

Fraction State::quantity(std::size_t row) const {
    if (nanos[row] == odd_nanos) return odd.at(row);
    return {nanos[row], 1'000'000'000};
}

Fraction State::ratio(std::size_t row) const {
    return quantity(row) * Fraction{findings_of(row).weight, standard->tables().q_unit};
}

double State::q_of(const Finding& finding) const {
    return finding.q_category < 0
               ? standard->substances()[static_cast<std::size_t>(finding.substance)].q
               : standard->categories()[static_cast<std::size_t>(finding.q_category)].q;
}

double State::beta_of(const Finding& finding) const {
    return nearest(Fraction{finding.beta, standard->tables().beta_unit});
}

std::string State::q_clause(const Finding& finding, Lang lang) const {
    const MajorHazardStandard::Tables& tables = standard->tables();
    if (finding.q_category >= 0)
        return tables.categories_clause.in(lang) + " " +
               standard->categories()[static_cast<std::size_t>(finding.q_category)].symbol;
    const std::string no = std::to_string(finding.substance + 1);
    return tables.substances_clause.in(lang) +
           (lang == Lang::zh ? " 第" + no + "项" : " no. " + no);
}

std::string State::beta_clause(const Finding& finding, Lang lang) const {
    const MajorHazardStandard::Tables& tables = standard->tables();
    if (finding.beta_category < 0) return tables.gases_clause.in(lang);
    return tables.betas_clause.in(lang) + " " +
           standard->categories()[static_cast<std::size_t>(finding.beta_category)].symbol;
}

std::string State::cell(std::size_t row, std::string_view column) const {
    const Column* found = input.find(column);
    return found == nullptr ? std::string() : std::string(trim(found->print(row)));
}

std::string State::label(std::size_t row) const {
    for (const std::string_view column : {"name", "cas"}) {
        const std::string text = cell(row, column);
        if (!says_nothing(text)) return text;
    }
    return "?";
}

std::size_t MajorHazards::units() const {
    return state_->units.size();
}

const MajorHazardStandard& MajorHazards::standard() const {
    return *state_->standard;
}

const IssueTable& MajorHazards::issues() const {
    return state_->issues;
}

MajorHazardCounts MajorHazards::counts() const {
    MajorHazardCounts out;
    out.levels.assign(standard().levels().size(), 0);
    for (const HazardUnit& unit : state_->units) {
        ++out.units;
        if (unit.major == MajorState::yes) ++out.yes;
        if (unit.major == MajorState::no) ++out.no;
        if (unit.major == MajorState::undetermined) ++out.undetermined;
        if (!unit.complete()) ++out.incomplete;
        if (unit.level >= 0) ++out.levels[static_cast<std::size_t>(unit.level)];
        out.rows_in += unit.rows;
        out.graded += unit.graded;
        out.not_gradable += unit.not_gradable;
        out.rejected += unit.rejected;
    }
    return out;
}

Table MajorHazards::to_table() const {
    const std::size_t n = units();
    std::vector<std::string> names;
    std::vector<double> s, r, least, alpha;
    std::vector<std::int32_t> level, major;
    std::vector<std::uint8_t> complete, with_exposed;
    std::vector<std::int64_t> exposed, rows, graded, not_gradable, rejected;
    TextBuilder missing;
    for (const HazardUnit& unit : state_->units) {
        names.push_back(unit.name);
        s.push_back(unit.s);
        r.push_back(unit.r);
        level.push_back(unit.level);
        complete.push_back(unit.complete() ? 1 : 0);
        least.push_back(unit.least);
        if (unit.complete())
            missing.append_null();
        else
            missing.append(missing_text(unit));
        major.push_back(static_cast<std::int32_t>(unit.major));
        exposed.push_back(unit.exposed.value_or(0));
        with_exposed.push_back(unit.exposed ? 1 : 0);
        alpha.push_back(unit.band < 0
                            ? std::numeric_limits<double>::quiet_NaN()
                            : standard().exposure()[static_cast<std::size_t>(unit.band)].alpha);
        rows.push_back(static_cast<std::int64_t>(unit.rows));
        graded.push_back(static_cast<std::int64_t>(unit.graded));
        not_gradable.push_back(static_cast<std::int64_t>(unit.not_gradable));
        rejected.push_back(static_cast<std::int64_t>(unit.rejected));
    }
    std::vector<std::string> levels;
    for (const HazardLevel& one : standard().levels())
        levels.push_back(one.level.zh);
    Table table(Origin{.table = "major_hazards", .source = {}, .first_line = -1, .lines = {}});
    table.add("unit", Column::of(names));
    table.add("S", Column::of(std::move(s)));
    table.add("R", Column::of(std::move(r)));
    table.add("level", coded(std::move(level), levels));
    table.add("complete", Column::of_booleans(std::move(complete)));
    table.add("S_at_least", Column::of(std::move(least)));
    table.add("missing", missing.finish());
    table.add("major", coded(std::move(major), {"no", "yes", "undetermined"}));
    table.add("exposed", Column::of(std::move(exposed), with_exposed));
    table.add("alpha", Column::of(std::move(alpha)));
    table.add("rows", Column::of(std::move(rows)));
    table.add("graded", Column::of(std::move(graded)));
    table.add("not_gradable", Column::of(std::move(not_gradable)));
    table.add("rejected", Column::of(std::move(rejected)));
    table.add("clause",
              coded(std::vector<std::int32_t>(n, 0), {standard().pack().sources.front().text()}));
    table.add("method", coded(std::vector<std::int32_t>(n, 0), {standard().pack().id}));
    return table;
}

Table MajorHazards::rows_table() const {
    const std::size_t n = state_->rows.size();
    const double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<std::int64_t> row_numbers(n), substance_no(n);
    std::vector<std::uint8_t> in_table(n);
    std::vector<double> quantity(n, none), q(n, none), ratio(n, none), beta(n, none);
    std::vector<std::int32_t> units(n), status(n);
    std::vector<std::string> unit_names;
    TextCodes substance, symbol, q_clause, beta_clause, reason;
    TextBuilder names, cas;
    for (const HazardUnit& unit : state_->units)
        unit_names.push_back(unit.name);
    const auto append = [&](TextBuilder& builder, std::size_t row, std::string_view column) {
        const std::string text = state_->cell(row, column);
        if (text.empty())
            builder.append_null();
        else
            builder.append(text);
    };
    for (std::size_t row = 0; row < n; ++row) {
        const HazardRow& one = state_->rows[row];
        const Finding& finding = state_->findings_of(row);
        row_numbers[row] = static_cast<std::int64_t>(row);
        units[row] = one.unit;
        append(names, row, "name");
        append(cas, row, "cas");
        in_table[row] = finding.substance >= 0 ? 1 : 0;
        substance_no[row] = finding.substance + 1;
        if (finding.substance >= 0)
            substance.add(
                standard().substances()[static_cast<std::size_t>(finding.substance)].name);
        else
            substance.add_null();
        const int category = finding.q_category >= 0 ? finding.q_category : finding.beta_category;
        if (category >= 0)
            symbol.add(standard().categories()[static_cast<std::size_t>(category)].symbol);
        else
            symbol.add_null();
        if (state_->nanos[row] != no_nanos) quantity[row] = nearest(state_->quantity(row));
        if (finding.weight > 0) {
            q[row] = state_->q_of(finding);
            q_clause.add(state_->q_clause(finding, Lang::zh));
        } else {
            q_clause.add_null();
        }
        if (state_->has_ratio(row)) ratio[row] = nearest(state_->ratio(row));
        if (finding.beta > 0) {
            beta[row] = state_->beta_of(finding);
            beta_clause.add(state_->beta_clause(finding, Lang::zh));
        } else {
            beta_clause.add_null();
        }
        status[row] = static_cast<std::int32_t>(one.state);
        std::string codes;
        const auto mine = static_cast<std::int64_t>(row);
        for (auto it = std::lower_bound(state_->issue_rows.begin(), state_->issue_rows.end(),
                                        std::pair<std::int64_t, std::size_t>{mine, 0});
             it != state_->issue_rows.end() && it->first == mine; ++it)
            codes += (codes.empty() ? "" : ";") + std::string(state_->issues.code(it->second));
        if (codes.empty())
            reason.add_null();
        else
            reason.add(codes);
    }
    Table table(Origin{.table = "major_hazard_rows", .source = {}, .first_line = -1, .lines = {}});
    table.add("row", Column::of(std::move(row_numbers)));
    table.add("unit", coded(std::move(units), unit_names));
    table.add("name", names.finish());
    table.add("cas", cas.finish());
    table.add("substance_no", Column::of(std::move(substance_no), in_table));
    table.add("substance", substance.finish());
    table.add("symbol", symbol.finish());
    table.add("quantity_t", Column::of(std::move(quantity)));
    table.add("Q", Column::of(std::move(q)));
    table.add("Q_clause", q_clause.finish());
    table.add("ratio", Column::of(std::move(ratio)));
    table.add("beta", Column::of(std::move(beta)));
    table.add("beta_clause", beta_clause.finish());
    table.add("status", coded(std::move(status), {"graded", "not_gradable", "rejected"}));
    table.add("reason", reason.finish());
    return table;
}

std::string MajorHazards::text(std::size_t unit, Lang lang) const {
    if (unit >= units())
        throw NotFoundError("there is no unit " + std::to_string(unit) + "; there are " +
                            std::to_string(units()) + ", counted from 0");
    return Prose(*state_, unit, lang).text();
}

std::string MajorHazards::json(std::size_t unit, Lang lang) const {
    if (unit >= units())
        throw NotFoundError("there is no unit " + std::to_string(unit) + "; there are " +
                            std::to_string(units()) + ", counted from 0");
    const HazardUnit& one = state_->units[unit];
    const Pack& pack = standard().pack();
    const auto text_or_null = [](bool there, std::string_view text) {
        return there ? in_quotes(text) : std::string("null");
    };
    std::string out =
        "{\"unit\":" + in_quotes(one.name) + ",\"major\":" + in_quotes(to_string(one.major)) +
        ",\"S\":" + number_or_null(one.s) + ",\"S_at_least\":" + number_or_null(one.least) +
        ",\"R\":" + number_or_null(one.r) + ",\"level\":" +
        text_or_null(one.level >= 0,
                     one.level < 0
                         ? ""
                         : standard().levels()[static_cast<std::size_t>(one.level)].level.zh) +
        ",\"complete\":" + (one.complete() ? "true" : "false") +
        ",\"exposed\":" + (one.exposed ? std::to_string(*one.exposed) : "null") + ",\"alpha\":" +
        (one.band < 0
             ? "null"
             : print_number(standard().exposure()[static_cast<std::size_t>(one.band)].alpha)) +
        ",\"verdict\":" + in_quotes(Prose(*state_, unit, lang).verdict()) +
        ",\"method\":" + in_quotes(pack.id) + ",\"pack_version\":" + in_quotes(pack.version) +
        ",\"pack_sha256\":" + in_quotes(pack.sha256) +
        ",\"confidence\":" + in_quotes(to_string(pack.confidence)) +
        ",\"clause\":" + in_quotes(pack.sources.front().text()) + ",\"missing\":[";
    for (std::size_t k = 0; k < one.missing.size(); ++k)
        out += (k == 0 ? "" : ",") + in_quotes(one.missing[k]);
    out += "],\"substances\":[";
    bool first = true;
    for (const std::size_t row : state_->rows_of(unit)) {
        const Finding& finding = state_->findings_of(row);
        const bool ratio = state_->has_ratio(row);
        out += (first ? "{\"row\":" : ",{\"row\":") + std::to_string(row);
        first = false;
        out +=
            ",\"name\":" + in_quotes(state_->label(row)) + ",\"substance_no\":" +
            (finding.substance < 0 ? "null" : std::to_string(finding.substance + 1)) +
            ",\"quantity_t\":" +
            (state_->nanos[row] == no_nanos ? "null"
                                            : print_number(nearest(state_->quantity(row)))) +
            ",\"Q\":" + (finding.weight == 0 ? "null" : print_number(state_->q_of(finding))) +
            ",\"Q_clause\":" +
            text_or_null(finding.weight > 0,
                         finding.weight > 0 ? state_->q_clause(finding, lang) : "") +
            ",\"ratio\":" + (ratio ? print_number(nearest(state_->ratio(row))) : "null") +
            ",\"beta\":" + (finding.beta == 0 ? "null" : print_number(state_->beta_of(finding))) +
            ",\"beta_clause\":" +
            text_or_null(finding.beta > 0,
                         finding.beta > 0 ? state_->beta_clause(finding, lang) : "") +
            ",\"beta_assumed\":" + (finding.beta_assumed ? "true" : "false") +
            ",\"status\":" + in_quotes(to_string(state_->rows[row].state)) + "}";
    }
    out += "],\"issues\":[";
    first = true;
    for (const Issue& issue : Prose::issues_of(*state_, unit, lang)) {
        out += (first ? "" : ",") + ("{\"code\":" + in_quotes(issue.code)) +
               ",\"column\":" + in_quotes(issue.column) + ",\"value\":" + in_quotes(issue.value) +
               ",\"message\":" + in_quotes(issue.message) + "}";
        first = false;
    }
    return out + "]}";
}

std::optional<std::size_t> MajorHazards::unit_of(std::string_view name) const {
    for (std::size_t u = 0; u < units(); ++u)
        if (state_->units[u].name == name) return u;
    return std::nullopt;
}

}  // namespace safetyrisk::scoring
