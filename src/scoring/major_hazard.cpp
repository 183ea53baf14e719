#include <safetyrisk/scoring/major_hazard.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "scoring/major_hazard_state.hpp"
#include "scoring/substance_key.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace safetyrisk::scoring {
namespace {

// Osmium has 22.6 t/m³, and nothing is denser: 790 is kg/m³ in a column of t/m³.
constexpr double densest_t_m3 = 22.6;
// The same quantity given twice agrees when it differs by no more than a spreadsheet's rounding.
constexpr double same_quantity = 1e-9;

constexpr std::array<FaultKind, 22> kinds{{
    {"", "", false},
    {"scoring.unit_missing", "unit", false},
    {"scoring.substance_missing", "name", false},
    {"scoring.substance_ambiguous", "name", false},
    {"scoring.substance_contradiction", "cas", true},
    {"scoring.substance_conditional", "name", false},
    {"scoring.cas_bad", "cas", true},
    {"scoring.symbol_missing", "symbol", false},
    {"scoring.symbol_unknown", "symbol", true},
    {"scoring.beta_missing", "symbol", false},
    {"scoring.beta_several", "symbol", false},
    {"scoring.beta_symbol_unknown", "symbol", false},
    {"scoring.quantity_missing", "quantity_t", false},
    {"scoring.not_a_number", "quantity_t", true},
    {"scoring.negative", "quantity_t", true},
    {"scoring.infinite", "quantity_t", true},
    {"scoring.quantity_contradiction", "quantity_t", true},
    {"scoring.quantity_unit_missing", "quantity_unit", false},
    {"scoring.quantity_unit_unknown", "quantity_unit", true},
    {"scoring.density_missing", "density_t_m3", false},
    {"scoring.not_a_number", "density_t_m3", true},
    {"scoring.density_impossible", "density_t_m3", true},
}};

// Numbers texts in the order in which they come.
class Interner {
public:
    std::int32_t add(std::string_view text) {
        const auto it = ids_.find(text);
        if (it != ids_.end()) return it->second;
        const auto id = static_cast<std::int32_t>(texts_.size());
        texts_.emplace_back(text);
        ids_.emplace(texts_.back(), id);
        return id;
    }
    const std::string& text(std::int32_t id) const { return texts_[static_cast<std::size_t>(id)]; }
    std::size_t size() const { return texts_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const {
            return std::hash<std::string_view>{}(s);
        }
    };
    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> ids_;
    std::vector<std::string> texts_;
};

// A column of texts that may be absent; reading a cell of a text column copies nothing.
class TextCells {
public:
    explicit TextCells(const Column* column) : column_(column) {}
    std::string_view at(std::size_t row) {
        if (column_ == nullptr || column_->is_missing(row)) return {};
        if (column_->type() == ColumnType::text) return trim(column_->text(row));
        printed_ = column_->print(row);
        return printed_;
    }

private:
    const Column* column_;
    std::string printed_;
};

// Units of one spelling: half-width, without blanks.
std::string unit_key(std::string_view text) {
    std::string key;
    for (const char c : to_half_width(text))
        if (c != ' ' && !(c >= '\t' && c <= '\r')) key.push_back(c);
    return key;
}

// A quantity unit: tonnes in one (of mass), or cubic metres in one.
struct QuantityUnit {
    bool volume = false;
    int exponent = 0;  // a power of ten
};

std::optional<QuantityUnit> read_unit(std::string_view text) {
    static const std::unordered_map<std::string, QuantityUnit> units = {
        {"t", {false, 0}},   {"吨", {false, 0}},    {"公吨", {false, 0}},  {"ton", {false, 0}},
        {"kg", {false, -3}}, {"千克", {false, -3}}, {"公斤", {false, -3}}, {"m3", {true, 0}},
        {"m^3", {true, 0}},  {"m³", {true, 0}},     {"㎥", {true, 0}},     {"立方米", {true, 0}},
        {"立方", {true, 0}}, {"l", {true, -3}},     {"升", {true, -3}},    {"公升", {true, -3}},
    };
    const auto it = units.find(substance_key(text));
    return it == units.end() ? std::nullopt : std::optional(it->second);
}

std::uint64_t pair_key(std::int32_t a, std::int32_t b) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(a)) << 32U) |
           static_cast<std::uint32_t>(b);
}

}  // namespace

const FaultKind& kind_of(RowFault fault) {
    return kinds.at(static_cast<std::size_t>(fault));
}

// Judges one table; the steps of major_hazard() in order.
class MajorHazardRun {
public:
    MajorHazardRun(Table input, const MajorHazardOptions& options) : options_(options) {
        state_->standard = options.standard ? options.standard
                                            : MajorHazardStandard::find("gb18218", options.as_of);
        state_->input = std::move(input);
    }

    MajorHazards run() && {
        check_call();
        read_rows();
        name_units();
        sum_units();
        report_rows();
        judge_units();
        for (std::size_t i = 0; i < issues().size(); ++i)
            if (issues().row(i) >= 0) state_->issue_rows.emplace_back(issues().row(i), i);
        std::sort(state_->issue_rows.begin(), state_->issue_rows.end());
        MajorHazards out;
        out.state_ = std::move(state_);
        return out;
    }

private:
    using State = MajorHazards::State;

    // What a name or a CAS number leads to.
    struct Named {
        SubstanceHits hits;
        CasFault fault = CasFault::none;
        bool torn = false;  // several CAS numbers that do not belong together
        std::string near;   // a name of table 1 that stands inside an unknown one
    };
    struct Symbols {
        std::vector<std::size_t> known;
        bool unknown = false;
        std::string candidates;
    };

    const Table& input() const { return state_->input; }
    IssueTable& issues() { return state_->issues; }
    const MajorHazardStandard& standard() const { return *state_->standard; }
    const MajorHazardStandard::Tables& tables() const { return standard().tables(); }

    void issue(std::string_view code, std::size_t row, std::string_view column,
               std::string_view value = {},
               std::initializer_list<std::string_view> arguments = {}) {
        issues().add(code, input().origin(), static_cast<std::int64_t>(row), column, value,
                     arguments);
    }
    void unit_issue(std::string_view code, std::size_t unit, std::string_view column,
                    std::string_view value,
                    std::initializer_list<std::string_view> arguments = {}) {
        state_->issue_units.emplace_back(unit, issues().size());
        issues().add(code, input().origin(), -1, column, value, arguments);
    }

    void check_call() const {
        const auto check = [](std::int64_t people, const std::string& what) {
            if (people < 0)
                throw InputError("exposed" + what + " is " + std::to_string(people) +
                                 "; a number of people is not negative");
        };
        if (options_.exposed) check(*options_.exposed, "");
        for (const auto& [unit, people] : options_.exposed_by_unit)
            check(people, " of '" + unit + "'");
    }

    // One pass over the rows: unit, finding and quantity of each.
    void read_rows() {
        const std::size_t n = input().rows();
        state_->rows.resize(n);
        state_->nanos.assign(n, no_nanos);
        const auto absent = [&](std::initializer_list<const char*> names, const char* column) {
            for (const char* name : names)
                if (input().find(name) != nullptr) return;
            if (n > 0)
                issues().add("scoring.column_missing", input().origin(), -1, column, "",
                             {standard().pack().id});
        };
        absent({"unit"}, "unit");
        absent({"name", "cas"}, "name");
        absent({"quantity_t", "quantity"}, "quantity_t");
        TextCells unit(input().find("unit"));
        TextCells name(input().find("name"));
        TextCells cas(input().find("cas"));
        TextCells symbol(input().find("symbol"));
        const bool named = input().find("unit") != nullptr;
        for (std::size_t row = 0; row < n; ++row) {
            stop_if_interrupted(row, n);
            HazardRow& out = state_->rows[row];
            const std::string_view spelled = named ? unit.at(row) : std::string_view();
            out.no_unit = spelled.empty();
            out.unit = spellings_.add(spelled);
            const std::int32_t who = identify(name.at(row), cas.at(row));
            out.finding = find(who, symbol.at(row));
            out.quantity = read_quantity(row);
        }
        if (options_.work.progress) options_.work.progress(n, n);
    }

    void stop_if_interrupted(std::size_t row, std::size_t n) const {
        const Work& work = options_.work;
        if ((row & 0xffffU) != 0) return;
        if (work.interrupted && work.interrupted()) throw Interrupted();
        if (work.progress) work.progress(row, n);
    }

    // ---- which substance ------------------------------------------------------------------------

    std::int32_t identify(std::string_view name, std::string_view cas) {
        const std::int32_t n = says_nothing(name) ? -1 : names_.add(name);
        const std::int32_t c = says_nothing(cas) ? -1 : cases_.add(cas);
        while (by_name_.size() < names_.size())
            by_name_.push_back(
                look_up_name(names_.text(static_cast<std::int32_t>(by_name_.size()))));
        while (by_cas_.size() < cases_.size())
            by_cas_.push_back(look_up_cas(cases_.text(static_cast<std::int32_t>(by_cas_.size()))));
        const auto [it, fresh] =
            pairs_.emplace(pair_key(n, c), static_cast<std::int32_t>(identities_.size()));
        if (fresh) identities_.emplace_back(n, c);
        return it->second;
    }

    Named look_up_name(const std::string& name) const {
        Named out;
        const std::string key = substance_key(name);
        out.hits = tables().find_name(key);
        if (!out.hits.empty()) return out;
        std::string nearest;
        for (const auto& [known, hits] : tables().names)
            // Two characters or more: 苯 stands inside half of all names.
            if (count_code_points(known) >= 2 && known.size() > 3 &&
                (known.size() > nearest.size() ||
                 (known.size() == nearest.size() && known < nearest)) &&
                key.find(known) != std::string::npos)
                nearest = known;
        if (!nearest.empty()) out.near = candidates(tables().names.at(nearest));
        return out;
    }

    Named look_up_cas(const std::string& text) const {
        Named out;
        bool first = true;
        for (const std::string& one : split_list(to_half_width(text), ";,/、 ")) {
            const auto [cas, fault] = read_cas(one);
            if (fault != CasFault::none) {
                out.fault = fault;
                return out;
            }
            const auto it = tables().cas.find(cas);
            const SubstanceHits hits = it == tables().cas.end() ? SubstanceHits{} : it->second;
            if (first)
                out.hits = hits;
            else if (hits.empty() != out.hits.empty())
                out.torn = true;
            else
                out.torn = out.torn || (!hits.empty() && shared(out.hits, hits).empty());
            if (!first && !out.torn) out.hits = shared(out.hits, hits);
            first = false;
        }
        if (first) out.fault = CasFault::form;
        return out;
    }

    // Hits of `a` whose rows are in `b`, too.
    static SubstanceHits shared(const SubstanceHits& a, const SubstanceHits& b) {
        SubstanceHits out;
        for (const SubstanceHit& hit : a)
            if (std::any_of(b.begin(), b.end(), [&](const SubstanceHit& other) {
                    return other.substance == hit.substance;
                }))
                out.push_back(hit);
        return out;
    }

    std::string candidates(const SubstanceHits& hits) const {
        std::string out;
        for (const SubstanceHit& hit : hits)
            out += (out.empty() ? "" : "; ") + std::to_string(hit.substance + 1) + " " +
                   standard().substances()[hit.substance].name;
        return out;
    }

    // The row of table 1 into `out`, or its fault; whether the substance goes by category is said
    // by neither.
    void place(std::int32_t n, std::int32_t c, Finding& out) const {
        const auto fail = [&](RowFault fault, std::string detail) {
            out.fault = fault;
            out.detail = std::move(detail);
        };
        const auto settle = [&](const SubstanceHits& hits) {
            if (hits.size() > 1) return fail(RowFault::substance_ambiguous, candidates(hits));
            out.substance = static_cast<int>(hits.front().substance);
            out.reading = hits.front().reading;
            out.condition_open = hits.front().condition_open;
        };
        if (n < 0 && c < 0) return fail(RowFault::substance_missing, "");
        const Named* cas = c < 0 ? nullptr : &by_cas_[static_cast<std::size_t>(c)];
        const Named* name = n < 0 ? nullptr : &by_name_[static_cast<std::size_t>(n)];
        if (cas != nullptr && cas->fault != CasFault::none)
            return fail(RowFault::cas_bad, cas->fault == CasFault::check ? "check" : "form");
        if (cas != nullptr && cas->torn) return fail(RowFault::substance_contradiction, "");
        if (cas == nullptr || name == nullptr) {
            const SubstanceHits& hits = cas != nullptr ? cas->hits : name->hits;
            if (!hits.empty()) settle(hits);
            return;
        }
        if (name->hits.empty() && cas->hits.empty()) return;
        if (name->hits.empty()) {
            settle(cas->hits);
            out.by_cas = out.substance >= 0;
            // 盐酸 has the number of 氯化氢(无水), but is not it.
            if (out.by_cas && out.condition_open) {
                out.substance = -1;
                fail(RowFault::substance_conditional, candidates(cas->hits));
            }
            return;
        }
        SubstanceHits both = shared(name->hits, cas->hits);
        if (cas->hits.empty())  // rows without a number of their own (烷基铝) do not contradict one
            for (const SubstanceHit& hit : name->hits)
                if (standard().substances()[hit.substance].cas.empty()) both.push_back(hit);
        if (both.empty())
            return fail(
                RowFault::substance_contradiction,
                candidates(name->hits) + (cas->hits.empty() ? "" : " ≠ " + candidates(cas->hits)));
        settle(both);
    }

    // ---- Q and β --------------------------------------------------------------------------------

    std::int32_t find(std::int32_t who, std::string_view symbol) {
        const std::int32_t s = says_nothing(symbol) ? -1 : symbol_texts_.add(symbol);
        while (symbols_.size() < symbol_texts_.size())
            symbols_.push_back(
                read_symbols(symbol_texts_.text(static_cast<std::int32_t>(symbols_.size()))));
        const auto [it, fresh] =
            found_.emplace(pair_key(who, s), static_cast<std::int32_t>(state_->findings.size()));
        if (fresh) {
            const auto [n, c] = identities_[static_cast<std::size_t>(who)];
            state_->findings.push_back(judge(n, c, s));
            finding_names_.push_back(n);
        }
        return it->second;
    }

    Symbols read_symbols(const std::string& text) const {
        Symbols out;
        for (const std::string& part : split_list(substance_key(text), ";,/+")) {
            const auto it = tables().symbols.find(part);
            if (it != tables().symbols.end()) {
                out.known.push_back(it->second);
                continue;
            }
            out.unknown = true;
            // "W5" is no symbol, but the beginning of four.
            std::string begun;
            std::string all;
            for (const HazardCategory& category : standard().categories()) {
                all += (all.empty() ? "" : " ") + category.symbol;
                if (substance_key(category.symbol).starts_with(part + "."))
                    begun += (begun.empty() ? "" : " ") + category.symbol;
            }
            out.candidates = begun.empty() ? all : begun;
        }
        if (out.known.empty() && !out.unknown) out.unknown = true;
        std::sort(out.known.begin(), out.known.end());
        return out;
    }

    Finding judge(std::int32_t n, std::int32_t c, std::int32_t s) const {
        Finding out;
        place(n, c, out);
        if (out.fault != RowFault::none) return out;
        static const Symbols none;
        const Symbols& symbols = s < 0 ? none : symbols_[static_cast<std::size_t>(s)];
        const MajorHazardStandard::Tables& t = tables();
        if (out.substance >= 0) {
            const auto row = static_cast<std::size_t>(out.substance);
            out.weight = t.substance_weight[row];
            out.beta = out.reading < 0 ? t.substance_beta[row]
                                       : t.readings[static_cast<std::size_t>(out.reading)].beta;
            if (out.beta == 0 && out.reading >= 0) out.beta = t.substance_beta[row];
            if (out.beta > 0) return out;
        } else {
            if (symbols.unknown || symbols.known.empty()) {
                out.fault = symbols.unknown ? RowFault::symbol_unknown : RowFault::symbol_missing;
                out.detail = symbols.unknown ? symbols.candidates
                             : n < 0         ? ""
                                             : " → " + by_name_[static_cast<std::size_t>(n)].near;
                if (out.detail == " → ") out.detail.clear();
                return out;
            }
            // The lowest Q of the symbols, that is the largest weight; the first of several.
            out.q_category = static_cast<int>(*std::max_element(
                symbols.known.begin(), symbols.known.end(), [&](std::size_t a, std::size_t b) {
                    return t.category_weight[a] < t.category_weight[b];
                }));
            out.weight = t.category_weight[static_cast<std::size_t>(out.q_category)];
        }
        choose_beta(symbols, out);
        return out;
    }

    // β by symbol, table 4. The standard does not say which of several differing ones holds.
    void choose_beta(const Symbols& symbols, Finding& out) const {
        const std::vector<std::int64_t>& beta = tables().category_beta;
        const auto less = [&](std::size_t a, std::size_t b) { return beta[a] < beta[b]; };
        if (symbols.unknown) {
            out.fault = RowFault::beta_symbol_unknown;
            out.detail = symbols.candidates;
            return;
        }
        std::vector<std::size_t> eligible = symbols.known;
        if (eligible.empty()) {
            out.fault = RowFault::beta_missing;
            for (std::size_t k = 0; k < beta.size(); ++k)
                eligible.push_back(k);
        }
        const std::size_t largest = *std::max_element(eligible.begin(), eligible.end(), less);
        const std::size_t least = *std::min_element(eligible.begin(), eligible.end(), less);
        if (beta[largest] != beta[least] && out.fault == RowFault::none) {
            out.fault = RowFault::beta_several;
            for (const std::size_t k : eligible)
                out.detail += (out.detail.empty() ? "" : ", ") + standard().categories()[k].symbol +
                              " β=" + print_number(standard().categories()[k].beta);
        }
        if (out.fault != RowFault::none && !options_.largest_beta) return;
        out.beta_assumed = out.fault != RowFault::none;
        out.fault = RowFault::none;
        out.detail.clear();
        out.beta_category = static_cast<int>(largest);
        out.beta = beta[largest];
    }

    // ---- quantity -------------------------------------------------------------------------------

    // A number that is not negative and finite, or why there is none.
    RowFault read_number(const Column* column, std::size_t row, double& value) const {
        if (column == nullptr) return RowFault::quantity_missing;
        const NumberCell cell = column->number(row);
        if (cell.state == NumberCell::State::missing) return RowFault::quantity_missing;
        if (cell.state == NumberCell::State::not_a_number)
            return column->type() == ColumnType::text && says_nothing(column->text(row))
                       ? RowFault::quantity_missing
                       : RowFault::quantity_not_a_number;
        if (cell.value < 0.0) return RowFault::quantity_negative;
        if (std::isinf(cell.value)) return RowFault::quantity_infinite;
        value = cell.value;
        return RowFault::none;
    }

    void keep(std::size_t row, const Decimal& a, const Decimal& b, int shift) {
        if (const auto whole = whole_nanos(a, b, shift)) {
            state_->nanos[row] = *whole;
            return;
        }
        state_->nanos[row] = odd_nanos;
        state_->odd.insert_or_assign(row,
                                     to_fraction(a) * to_fraction(b) * to_fraction({1, shift}));
    }

    RowFault read_quantity(std::size_t row) {
        double tonnes = 0.0;
        const RowFault direct = read_number(input().find("quantity_t"), row, tonnes);
        if (direct != RowFault::none && direct != RowFault::quantity_missing) return direct;
        double amount = 0.0;
        const RowFault other = read_number(input().find("quantity"), row, amount);
        if (other == RowFault::quantity_missing) {
            if (direct == RowFault::none) keep(row, shortest_decimal(tonnes), {1, 0}, 0);
            return direct;
        }
        if (other != RowFault::none) return other;
        const Column* units = input().find("quantity_unit");
        if (units == nullptr || units->is_missing(row) || says_nothing(units->print(row))) {
            // Two columns that say the same are no riddle.
            if (direct == RowFault::none && amount == tonnes) {
                keep(row, shortest_decimal(tonnes), {1, 0}, 0);
                return RowFault::none;
            }
            return RowFault::quantity_unit_missing;
        }
        const std::optional<QuantityUnit> unit = read_unit(units->print(row));
        if (!unit) return RowFault::quantity_unit_unknown;
        double density = 1.0;
        if (unit->volume) {
            const RowFault fault = read_number(input().find("density_t_m3"), row, density);
            if (fault == RowFault::quantity_missing) return RowFault::density_missing;
            if (fault == RowFault::quantity_not_a_number) return RowFault::density_not_a_number;
            if (fault != RowFault::none || density == 0.0 || density > densest_t_m3)
                return RowFault::density_impossible;
        }
        keep(row, shortest_decimal(amount), shortest_decimal(density), unit->exponent);
        if (direct != RowFault::none) return RowFault::none;
        const double computed = nearest(state_->quantity(row));
        if (std::abs(computed - tonnes) <= same_quantity * std::max(computed, tonnes)) {
            state_->odd.erase(row);
            keep(row, shortest_decimal(tonnes), {1, 0}, 0);
            return RowFault::none;
        }
        state_->odd.erase(row);
        state_->nanos[row] = no_nanos;
        contradictions_.emplace(row, print_number(computed));
        return RowFault::quantity_contradiction;
    }

    // ---- units ----------------------------------------------------------------------------------

    // Units by name, the rows without one last; spellings that differ in width or blanks are one.
    void name_units() {
        std::map<std::string, std::set<std::string>> by_key;
        for (std::size_t s = 0; s < spellings_.size(); ++s) {
            const std::string& text = spellings_.text(static_cast<std::int32_t>(s));
            by_key[unit_key(text)].insert(text);
        }
        std::vector<std::pair<std::string, std::string>> order;  // name, key
        for (const auto& [key, spelled] : by_key)
            order.emplace_back(*spelled.begin(), key);
        std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
            return std::tuple(a.first.empty(), a.first) < std::tuple(b.first.empty(), b.first);
        });
        std::map<std::string, std::int32_t> index;
        for (const auto& [name, key] : order) {
            index.emplace(key, static_cast<std::int32_t>(state_->units.size()));
            unit_index_.emplace(key, state_->units.size());
            const std::set<std::string>& spelled = by_key.at(key);
            if (spelled.size() > 1) {
                std::string all;
                for (const std::string& one : spelled)
                    all += (all.empty() ? "「" : "、「") + one + "」";
                unit_issue("scoring.unit_spellings", state_->units.size(), "unit", name, {all});
            }
            HazardUnit unit;
            unit.name = name;
            unit.nameless = name.empty();
            state_->units.push_back(std::move(unit));
        }
        std::vector<std::int32_t> unit_of(spellings_.size());
        for (std::size_t s = 0; s < spellings_.size(); ++s)
            unit_of[s] = index.at(unit_key(spellings_.text(static_cast<std::int32_t>(s))));
        std::vector<std::size_t>& start = state_->unit_start;
        start.assign(state_->units.size() + 1, 0);
        for (HazardRow& row : state_->rows) {
            row.unit = unit_of[static_cast<std::size_t>(row.unit)];
            ++start[static_cast<std::size_t>(row.unit) + 1];
        }
        for (std::size_t u = 0; u < state_->units.size(); ++u)
            start[u + 1] += start[u];
        state_->unit_rows.resize(state_->rows.size());
        std::vector<std::size_t> next(start.begin(), start.end() - 1);
        for (std::size_t row = 0; row < state_->rows.size(); ++row)
            state_->unit_rows[next[static_cast<std::size_t>(state_->rows[row].unit)]++] = row;
    }

    // Σ q/Q and Σ β·q/Q of each unit, exactly.
    void sum_units() {
        const BigInt nano_unit = BigInt(1'000'000'000) * tables().q_unit;
        for (std::size_t u = 0; u < state_->units.size(); ++u) {
            HazardUnit& unit = state_->units[u];
            Int128 sum = 0;
            Int128 weighted = 0;
            Fraction odd_sum;
            Fraction odd_weighted;
            for (const std::size_t row : state_->rows_of(u)) {
                ++unit.rows;
                if (!state_->has_ratio(row)) {
                    ++unit.without_ratio;
                    continue;
                }
                const Finding& finding = state_->findings_of(row);
                if (state_->nanos[row] == odd_nanos) {
                    const Fraction ratio = state_->ratio(row);
                    odd_sum = odd_sum + ratio;
                    odd_weighted =
                        odd_weighted + ratio * Fraction{finding.beta, tables().beta_unit};
                    continue;
                }
                const Int128 ratio = static_cast<Int128>(state_->nanos[row]) * finding.weight;
                sum += ratio;
                weighted += ratio * finding.beta;
            }
            unit.sum = Fraction{to_big(sum), nano_unit};
            unit.weighted = Fraction{to_big(weighted), nano_unit * tables().beta_unit};
            if (odd_sum.top != 0) {
                unit.sum = unit.sum + odd_sum;
                unit.weighted = unit.weighted + odd_weighted;
            }
            const bool reached = !(unit.sum < tables().major);
            if (reached)
                unit.major = MajorState::yes;
            else if (unit.without_ratio == 0)
                unit.major = MajorState::no;
        }
    }

    // The state of each row, and the issues of those at fault, in row order.
    void report_rows() {
        std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> said;
        for (std::size_t row = 0; row < state_->rows.size(); ++row) {
            stop_if_interrupted(row, state_->rows.size());
            HazardRow& one = state_->rows[row];
            HazardUnit& unit = state_->units[static_cast<std::size_t>(one.unit)];
            const Finding& finding = state_->findings_of(row);
            const auto fault = [&](RowFault f, const std::string& detail) {
                if (f == RowFault::none) return;
                const FaultKind& kind = kind_of(f);
                report(f, row, detail);
                one.state =
                    std::max(one.state, kind.rejects ? RowState::rejected : RowState::not_gradable);
                miss(unit, state_->label(row) + ": " + std::string(kind.column));
            };
            if (one.no_unit) {
                issue("scoring.unit_missing", row, "unit");
                one.state = RowState::not_gradable;
                miss(unit, "unit");
            }
            fault(finding.fault, finding.detail);
            fault(one.quantity, "");
            if (unit.major != MajorState::no && finding.beta_assumed)
                issue("scoring.beta_assumed", row, "symbol", state_->cell(row, "symbol"),
                      {print_number(state_->beta_of(finding)), state_->label(row)});
            switch (one.state) {
                case RowState::graded:
                    ++unit.graded;
                    break;
                case RowState::not_gradable:
                    ++unit.not_gradable;
                    break;
                case RowState::rejected:
                    ++unit.rejected;
                    break;
            }
            remark(row, finding, said);
        }
        for (const auto& [key, count] : said) {
            const auto& [code, value, first, second] = key;
            issues().add(code, input().origin(), -1, "name", value,
                         {first, second, std::to_string(count)});
        }
    }

    // What is worth knowing about a substance that was placed; said once for each name.
    void remark(std::size_t row, const Finding& finding,
                std::map<std::tuple<std::string, std::string, std::string, std::string>,
                         std::size_t>& said) const {
        const std::int32_t n = finding_names_[static_cast<std::size_t>(state_->rows[row].finding)];
        if (finding.weight == 0) return;  // not placed
        if (finding.substance < 0) {
            if (n < 0) return;
            const std::string& near = by_name_[static_cast<std::size_t>(n)].near;
            if (!near.empty())
                ++said[{
                    "scoring.near_table", names_.text(n), near,
                    standard().categories()[static_cast<std::size_t>(finding.q_category)].symbol}];
            return;
        }
        const Substance& substance =
            standard().substances()[static_cast<std::size_t>(finding.substance)];
        const std::string place = std::to_string(substance.no) + " " + substance.name;
        const std::string value = n >= 0 ? names_.text(n) : state_->cell(row, "cas");
        if (finding.by_cas) ++said[{"scoring.substance_by_cas", value, place, ""}];
        if (finding.reading >= 0) ++said[{"scoring.substance_reading", value, place, ""}];
        if (finding.condition_open)
            ++said[{"scoring.condition_not_stated", value, place, substance.condition.zh}];
    }

    void report(RowFault fault, std::size_t row, const std::string& detail) {
        const FaultKind& kind = kind_of(fault);
        std::string column(kind.column);
        std::string value = state_->cell(row, column);
        const std::string label = state_->label(row);
        switch (fault) {
            case RowFault::substance_ambiguous:
            case RowFault::substance_conditional:
                if (value.empty()) {
                    column = "cas";
                    value = state_->cell(row, "cas");
                }
                return issue(kind.code, row, column, value, {detail});
            case RowFault::substance_contradiction:
                return issue(kind.code, row, column, value, {state_->cell(row, "name"), detail});
            case RowFault::cas_bad:
                return issue(kind.code, row, column, value,
                             {detail == "check" ? "校验位不符" : "格式不符",
                              detail == "check" ? "its check digit does not hold"
                                                : "it is not of the form 7664-41-7"});
            case RowFault::symbol_missing:
            case RowFault::symbol_unknown:
            case RowFault::beta_missing:
            case RowFault::beta_several:
            case RowFault::beta_symbol_unknown:
                return issue(kind.code, row, column, value, {label, detail});
            case RowFault::quantity_not_a_number:
            case RowFault::quantity_negative:
            case RowFault::quantity_infinite: {
                double number = 0.0;
                if (read_number(input().find("quantity_t"), row, number) != fault)
                    column = "quantity";
                return issue(kind.code, row, column, state_->cell(row, column));
            }
            case RowFault::quantity_contradiction:
                return issue(
                    kind.code, row, column, value,
                    {state_->cell(row, "quantity") + " " + state_->cell(row, "quantity_unit"),
                     contradictions_.at(row)});
            case RowFault::density_missing:
            case RowFault::quantity_unit_missing:
                return issue(
                    kind.code, row, column, value,
                    {state_->cell(row, "quantity") + " " + state_->cell(row, "quantity_unit")});
            default:
                return issue(kind.code, row, column, value, {label});
        }
    }

    static void miss(HazardUnit& unit, std::string what) {
        unit.missing.push_back(std::move(what));
    }

    // ---- S, α, R and the level ------------------------------------------------------------------

    void judge_units() {
        read_exposed();
        for (std::size_t u = 0; u < state_->units.size(); ++u) {
            HazardUnit& unit = state_->units[u];
            unit.least = at_or_below(unit.sum, tables().major);
            const bool known = unit.without_ratio == 0;
            if (known) unit.s = unit.least;
            if (unit.major == MajorState::yes) find_alpha(u);
            if (known && unit.major == MajorState::yes && unit.band >= 0) find_level(unit);
            std::sort(unit.missing.begin(), unit.missing.end());
            unit.missing.erase(std::unique(unit.missing.begin(), unit.missing.end()),
                               unit.missing.end());
            if (!known && !unit.nameless)
                unit_issue(unit.major == MajorState::yes ? "scoring.level_undetermined"
                                                         : "scoring.major_undetermined",
                           u, "unit", unit.name,
                           {std::to_string(unit.without_ratio), print_number(unit.least)});
        }
        for (const auto& [unit, people] : options_.exposed_by_unit)
            if (!unit_index_.contains(unit_key(unit)))
                issues().add("scoring.exposed_unit_absent", input().origin(), -1, "exposed", unit,
                             {std::to_string(people)});
    }

    // The double nearest to a sum, on the same side of an edge as the sum itself.
    static double at_or_below(const Fraction& sum, const Fraction& edge) {
        const double value = nearest(sum);
        return sum < edge && value >= nearest(edge) ? std::nextafter(nearest(edge), 0.0) : value;
    }

    // People outside the plant: of the call by unit, of the call, of the column.
    void read_exposed() {
        std::map<std::string, std::int64_t> given;
        for (const auto& [unit, people] : options_.exposed_by_unit)
            given.insert_or_assign(unit_key(unit), people);
        const Column* column = input().find("exposed");
        for (std::size_t u = 0; u < state_->units.size(); ++u) {
            HazardUnit& unit = state_->units[u];
            if (const auto it = given.find(unit_key(unit.name)); it != given.end())
                unit.exposed = it->second;
            else if (options_.exposed)
                unit.exposed = options_.exposed;
            else if (column != nullptr)
                read_exposed(*column, u);
        }
    }

    void read_exposed(const Column& column, std::size_t u) {
        HazardUnit& unit = state_->units[u];
        std::set<std::int64_t> numbers;
        bool wrong = false;
        for (const std::size_t row : state_->rows_of(u)) {
            const NumberCell cell = column.number(row);
            if (cell.state == NumberCell::State::missing) continue;
            if (cell.state == NumberCell::State::value && cell.value >= 0.0 && cell.value <= 1e12 &&
                cell.value == std::floor(cell.value)) {
                numbers.insert(static_cast<std::int64_t>(cell.value));
                continue;
            }
            if (column.type() == ColumnType::text && says_nothing(column.text(row))) continue;
            issue("scoring.exposed_invalid", row, "exposed", column.print(row), {unit.name});
            wrong = true;
        }
        if (numbers.size() == 1 && !wrong) unit.exposed = *numbers.begin();
        unit.exposed_wrong = wrong || numbers.size() > 1;
        if (numbers.size() < 2 || unit.major == MajorState::no) return;
        std::string all;
        for (const std::int64_t number : numbers)
            all += (all.empty() ? "" : ", ") + std::to_string(number);
        unit_issue("scoring.exposed_conflict", u, "exposed", unit.name, {all});
    }

    void find_alpha(std::size_t u) {
        HazardUnit& unit = state_->units[u];
        if (!unit.exposed) {
            miss(unit, "exposed");
            if (!unit.exposed_wrong) unit_issue("scoring.exposed_missing", u, "exposed", unit.name);
            return;
        }
        unit.band = static_cast<int>(tables().band(standard(), *unit.exposed));
    }

    void find_level(HazardUnit& unit) const {
        const Fraction r =
            unit.weighted *
            Fraction{tables().alpha[static_cast<std::size_t>(unit.band)], tables().alpha_unit};
        std::size_t level = 0;
        while (r < tables().level_from[level])
            ++level;
        unit.level = static_cast<int>(level);
        unit.r = level == 0 ? nearest(r) : at_or_below(r, tables().level_from[level - 1]);
    }

    const MajorHazardOptions& options_;
    std::shared_ptr<State> state_ = std::make_shared<State>();
    Interner spellings_, names_, cases_, symbol_texts_;
    std::vector<Named> by_name_, by_cas_;
    std::vector<Symbols> symbols_;
    std::vector<std::pair<std::int32_t, std::int32_t>> identities_;
    std::vector<std::int32_t> finding_names_;  // the name of each finding, -1 without
    std::unordered_map<std::uint64_t, std::int32_t> pairs_, found_;
    std::unordered_map<std::string, std::size_t> unit_index_;
    std::unordered_map<std::size_t, std::string> contradictions_;
};

MajorHazards major_hazard(Table substances, const MajorHazardOptions& options) {
    return MajorHazardRun(std::move(substances), options).run();
}

}  // namespace safetyrisk::scoring
