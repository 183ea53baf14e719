#include <safetyrisk/scoring/major_hazard.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"
#include "scoring/major_hazard_tables.hpp"
#include "scoring/substance_key.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;
using Tables = MajorHazardStandard::Tables;

// Sums of q/Q, β and α are kept in 128 bits: a quantity has up to 63, a table of rows 31.
constexpr std::int64_t max_factor = std::int64_t{1} << 32U;

Words read_words(const JsonView& view) {
    view.only({"zh", "en"});
    return {view.at("zh").text(), view.at("en").text()};
}

double read_positive(const JsonView& view) {
    const double value = view.number();
    if (!(value > 0.0) || !std::isfinite(value)) view.fail("must be finite and above zero");
    return value;
}

// "[50, 100)": both ends; the lower one belongs to the band, the upper one does not.
std::pair<double, double> read_range(const JsonView& view) {
    const std::string text = view.text();
    const auto comma = text.find(',');
    const auto bad = [&]() { view.fail("'" + text + "' is no range; write \"[50, 100)\""); };
    if (text.size() < 6 || text.front() != '[' || text.back() != ')' || comma == std::string::npos)
        bad();
    const auto end_point = [&](std::string_view raw) {
        const std::string_view part = trim(raw);
        if (part == "inf") return std::numeric_limits<double>::infinity();
        double value = 0.0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || stop != part.data() + part.size()) bad();
        return value;
    };
    const std::string_view whole = text;
    const std::pair<double, double> range{
        end_point(whole.substr(1, comma - 1)),
        end_point(whole.substr(comma + 1, whole.size() - comma - 2))};
    if (!(range.first < range.second) || !(range.first >= 0.0)) bad();
    return range;
}

std::vector<std::string> read_texts(const JsonView& parent, std::string_view key) {
    std::vector<std::string> out;
    if (parent.has(key))
        for (const JsonView& item : parent.at(key).items())
            out.push_back(item.text());
    return out;
}

// Values as whole numbers of a common power of ten.
std::int64_t common_unit(const std::vector<double>& values, const JsonView& place) {
    int places = 0;
    for (const double value : values)
        places = std::max(places, -shortest_decimal(value).exponent);
    if (places > 4) place.fail("a value has more than 4 decimals");
    std::int64_t unit = 1;
    while (places-- > 0)
        unit *= 10;
    return unit;
}

std::int64_t in_units(double value, std::int64_t unit, const JsonView& place) {
    const Fraction whole = exact(value) * Fraction{unit, 1};
    const BigInt count = whole.top / whole.bottom;
    if (count > max_factor) place.fail("a value is too large");
    return count.convert_to<std::int64_t>();
}

// Collects keys and refuses one that leads to two rows unless the pack says so.
class KeyIndex {
public:
    using Map = std::unordered_map<std::string, SubstanceHits>;

    void declare(const std::string& key, std::set<std::size_t> rows, const JsonView& place) {
        if (rows.size() < 2) place.fail("an ambiguous key leads to two rows or more");
        if (!declared_.emplace(key, std::move(rows)).second) place.fail("declared twice");
    }

    void add(Map& map, const std::string& key, SubstanceHit hit, const JsonView& place) {
        if (key.empty()) place.fail("an empty name");
        SubstanceHits& hits = map[key];
        for (SubstanceHit& other : hits)
            if (other.substance == hit.substance) {
                // The same key twice for one row: what the standard prints goes before a reading.
                if (hit.reading < 0) other.reading = -1;
                other.condition_open = other.condition_open && hit.condition_open;
                return;
            }
        const auto known = declared_.find(key);
        if (known != declared_.end() && !known->second.contains(hit.substance))
            place.fail("'" + key + "' is declared ambiguous, but not for this row");
        if (known == declared_.end() && !hits.empty())
            place.fail("'" + key + "' leads to this row and to row " +
                       std::to_string(hits.front().substance + 1) +
                       "; declare it in 'ambiguous' when the standard itself does so");
        hits.push_back(hit);
        std::sort(hits.begin(), hits.end(),
                  [](const auto& a, const auto& b) { return a.substance < b.substance; });
    }

    void check_declared(const Map& names, const Map& cas, const JsonView& place) const {
        for (const auto& [key, rows] : declared_) {
            const auto it = names.contains(key) ? names.find(key) : cas.find(key);
            if (it == cas.end() || it->second.size() != rows.size())
                place.fail("'" + key + "' is declared for rows that it does not lead to");
        }
    }

private:
    std::unordered_map<std::string, std::set<std::size_t>> declared_;
};

// Reads the content of a pack into the parts of a standard.
class Reader {
public:
    Reader(const JsonView& content, std::vector<Substance>& substances,
           std::vector<HazardCategory>& categories, std::vector<ExposureBand>& exposure,
           std::vector<HazardLevel>& levels, Tables& tables)
        : content_(content),
          substances_(substances),
          categories_(categories),
          exposure_(exposure),
          levels_(levels),
          tables_(tables) {}

    void read() {
        content_.only({"form", "rows", "substances", "gases", "categories", "qualifiers",
                       "ambiguous", "major", "exposure", "levels", "clauses"});
        if (content_.at("form").text() != "ratio_sum")
            content_.at("form").fail("unknown form; this library reads 'ratio_sum'");
        for (const std::string& word : read_texts(content_, "qualifiers"))
            tables_.qualifiers.push_back(substance_key(word));
        read_ambiguous();
        read_substances();
        read_categories();
        read_weights();
        read_betas();
        read_exposure();
        read_levels();
        read_clauses();
    }

private:
    void read_ambiguous() {
        if (!content_.has("ambiguous")) return;
        for (const JsonView& view : content_.at("ambiguous").items()) {
            view.only({"key", "rows"});
            std::set<std::size_t> rows;
            for (const JsonView& row : view.at("rows").items()) {
                const double no = row.number();
                if (no != std::floor(no) || no < 1.0 || no > 1e6) row.fail("is no row number");
                rows.insert(static_cast<std::size_t>(no) - 1);
            }
            keys_.declare(substance_key(view.at("key").text()), std::move(rows), view.at("key"));
        }
    }

    std::string cas_of(const JsonView& view) {
        const auto [cas, fault] = read_cas(view.text());
        if (fault == CasFault::check) view.fail("the check digit of " + cas + " does not hold");
        if (fault == CasFault::form || cas != view.text())
            view.fail("'" + view.text() + "' is no CAS number as printed");
        return cas;
    }

    void read_substances() {
        const std::vector<JsonView> views = content_.at("substances").items();
        if (static_cast<double>(views.size()) != content_.at("rows").number() || views.empty())
            content_.at("rows").fail("table 1 has " + std::to_string(views.size()) + " rows");
        for (std::size_t row = 0; row < views.size(); ++row) {
            const JsonView& view = views[row];
            view.only(
                {"no", "name", "en", "aliases", "cas", "q", "condition", "parts", "readings"});
            if (view.at("no").number() != static_cast<double>(row + 1))
                view.at("no").fail("rows are numbered from 1 without a gap");
            Substance one;
            one.no = static_cast<int>(row + 1);
            one.name = view.at("name").text();
            one.en = view.at("en").text();
            one.aliases = read_texts(view, "aliases");
            one.q = read_positive(view.at("q"));
            if (view.has("condition")) one.condition = read_words(view.at("condition"));
            add_names(view, one, row);
            for (const JsonView& cas : view.at("cas").items()) {
                one.cas.push_back(cas_of(cas));
                keys_.add(tables_.cas, one.cas.back(), {row, -1, !one.condition.zh.empty()}, cas);
            }
            if (view.has("readings")) add_readings(view.at("readings"), row);
            substances_.push_back(std::move(one));
        }
        if (content_.has("ambiguous"))
            keys_.check_declared(tables_.names, tables_.cas, content_.at("ambiguous"));
    }

    void add_names(const JsonView& view, const Substance& one, std::size_t row) {
        const bool open = !one.condition.zh.empty();
        const std::string key = substance_key(one.name);
        const auto [bare, bracket] = split_bracket(key);
        if (open && bracket != substance_key(one.condition.zh))
            view.at("condition").fail("is not what stands in brackets after the name");
        keys_.add(tables_.names, key, {row, -1, false}, view.at("name"));
        if (!bracket.empty()) keys_.add(tables_.names, bare, {row, -1, open}, view.at("name"));
        keys_.add(tables_.names, substance_key(one.en), {row, -1, false}, view.at("en"));
        for (const std::string& alias : one.aliases) {
            const std::string other = substance_key(alias);
            keys_.add(tables_.names, other, {row, -1, open}, view.at("aliases"));
            if (open)
                keys_.add(tables_.names, other + "(" + bracket + ")", {row, -1, false},
                          view.at("aliases"));
        }
        for (const std::string& part : read_texts(view, "parts"))
            keys_.add(tables_.names, substance_key(part), {row, -1, open}, view.at("parts"));
    }

    void add_readings(const JsonView& list, std::size_t row) {
        for (const JsonView& view : list.items()) {
            view.only({"names", "cas"});
            const int reading = static_cast<int>(tables_.readings.size());
            const std::vector<std::string> names = read_texts(view, "names");
            if (names.empty()) view.fail("a reading has a name");
            tables_.readings.push_back({names.front(), 0});
            for (const std::string& name : names)
                keys_.add(tables_.names, substance_key(name), {row, reading, false},
                          view.at("names"));
            if (view.has("cas"))
                for (const JsonView& cas : view.at("cas").items())
                    keys_.add(tables_.cas, cas_of(cas), {row, reading, false}, cas);
        }
    }

    void read_categories() {
        for (const JsonView& view : content_.at("categories").items()) {
            view.only({"symbol", "name", "description", "q", "beta"});
            HazardCategory one{view.at("symbol").text(), read_words(view.at("name")),
                               read_words(view.at("description")), read_positive(view.at("q")),
                               read_positive(view.at("beta"))};
            if (!tables_.symbols.emplace(substance_key(one.symbol), categories_.size()).second)
                view.at("symbol").fail("two categories have this symbol");
            categories_.push_back(std::move(one));
        }
        if (categories_.empty()) content_.at("categories").fail("table 2 is empty");
    }

    // q_unit is a common multiple of the numerators of all Q.
    void read_weights() {
        const auto reduced = [&](double q, const JsonView& place) {
            const Fraction f = exact(q);
            const BigInt shared = boost::multiprecision::gcd(f.top, f.bottom);
            const BigInt top = f.top / shared;
            const BigInt bottom = f.bottom / shared;
            if (top > max_factor || bottom > max_factor) place.fail("a quantity Q is too fine");
            return std::pair{top.convert_to<std::int64_t>(), bottom.convert_to<std::int64_t>()};
        };
        const JsonView place = content_.at("substances");
        const auto widen = [&](double q) {
            tables_.q_unit = std::lcm(tables_.q_unit, reduced(q, place).first);
            if (tables_.q_unit > max_factor) place.fail("quantities Q have no common multiple");
        };
        for (const Substance& one : substances_)
            widen(one.q);
        for (const HazardCategory& one : categories_)
            widen(one.q);
        const auto weight = [&](double q) {
            const auto [top, bottom] = reduced(q, place);
            return tables_.q_unit / top * bottom;
        };
        for (const Substance& one : substances_)
            tables_.substance_weight.push_back(weight(one.q));
        for (const HazardCategory& one : categories_)
            tables_.category_weight.push_back(weight(one.q));
    }

    void read_betas() {
        const JsonView list = content_.at("gases");
        std::vector<double> values;
        for (const JsonView& view : list.items())
            values.push_back(read_positive(view.at("beta")));
        for (const HazardCategory& one : categories_)
            values.push_back(one.beta);
        tables_.beta_unit = common_unit(values, list);
        tables_.substance_beta.assign(substances_.size(), 0);
        for (const JsonView& view : list.items()) {
            view.only({"name", "beta"});
            const auto found = tables_.names.find(substance_key(view.at("name").text()));
            if (found == tables_.names.end() || found->second.size() != 1)
                view.at("name").fail("is not one row of table 1");
            const SubstanceHit hit = found->second.front();
            const double beta = view.at("beta").number();
            std::int64_t& place =
                hit.reading < 0 ? tables_.substance_beta[hit.substance]
                                : tables_.readings[static_cast<std::size_t>(hit.reading)].beta;
            if (place != 0) view.at("name").fail("stands twice in table 3");
            place = in_units(beta, tables_.beta_unit, view.at("beta"));
            if (hit.reading < 0) substances_[hit.substance].beta = beta;
        }
        for (const HazardCategory& one : categories_)
            tables_.category_beta.push_back(
                in_units(one.beta, tables_.beta_unit, content_.at("categories")));
    }

    void read_exposure() {
        const JsonView list = content_.at("exposure");
        std::vector<double> alphas;
        std::optional<std::int64_t> above;  // where the band before begins
        for (const JsonView& view : list.items()) {
            view.only({"from", "to", "alpha", "printed"});
            const auto people = [&](std::string_view key) {
                const double n = view.at(key).number();
                if (n != std::floor(n) || n < 0.0 || n > 1e12)
                    view.at(key).fail("is no number of people");
                return static_cast<std::int64_t>(n);
            };
            ExposureBand band;
            band.from = people("from");
            if (view.has("to")) band.to = people("to");
            band.alpha = read_positive(view.at("alpha"));
            band.printed = view.at("printed").text();
            const bool first = exposure_.empty();
            if (first && band.to) view.at("to").fail("the first band has no upper end");
            if (!first && (!band.to || *band.to + 1 != *above))
                view.fail("gap or overlap with the band before it");
            if (band.to && *band.to < band.from) view.fail("the band is empty");
            if (!first && band.alpha >= alphas.back())
                view.at("alpha").fail("alpha falls from band to band");
            above = band.from;
            alphas.push_back(band.alpha);
            exposure_.push_back(std::move(band));
        }
        if (!above || *above != 0) list.fail("the bands do not reach down to nobody");
        tables_.alpha_unit = common_unit(alphas, list);
        for (const double alpha : alphas)
            tables_.alpha.push_back(in_units(alpha, tables_.alpha_unit, list));
        const auto largest = [](const std::vector<std::int64_t>& values) {
            return values.empty() ? std::int64_t{1}
                                  : *std::max_element(values.begin(), values.end());
        };
        const std::int64_t weight =
            std::max(largest(tables_.substance_weight), largest(tables_.category_weight));
        std::int64_t beta =
            std::max(largest(tables_.substance_beta), largest(tables_.category_beta));
        for (const SubstanceReading& reading : tables_.readings)
            beta = std::max(beta, reading.beta);
        if (static_cast<Int128>(weight) * beta > max_factor)
            content_.fail("Q and beta are too fine to be summed exactly");
    }

    void read_levels() {
        const JsonView major = content_.at("major");
        major.only({"range", "printed"});
        const auto [from, to] = read_range(major.at("range"));
        if (!std::isinf(to) || from <= 0.0) major.at("range").fail("runs from a number up to inf");
        tables_.major = exact(from);
        tables_.major_printed = major.at("printed").text();
        const JsonView list = content_.at("levels");
        double below = std::numeric_limits<double>::infinity();
        std::set<std::string> words;
        for (const JsonView& view : list.items()) {
            view.only({"level", "range", "printed"});
            const auto [low, high] = read_range(view.at("range"));
            if (high != below) view.at("range").fail("gap or overlap with the band before it");
            below = low;
            HazardLevel level{read_words(view.at("level")), view.at("printed").text()};
            if (!words.insert(level.level.zh).second) view.at("level").fail("stands twice");
            levels_.push_back(std::move(level));
            tables_.level_from.push_back(exact(low));
        }
        if (levels_.empty() || below != 0.0) list.fail("the bands do not reach down to 0");
    }

    void read_clauses() {
        const JsonView view = content_.at("clauses");
        view.only({"substances", "categories", "gases", "betas", "exposure", "levels",
                   "identification", "grading"});
        tables_.substances_clause = read_words(view.at("substances"));
        tables_.categories_clause = read_words(view.at("categories"));
        tables_.gases_clause = read_words(view.at("gases"));
        tables_.betas_clause = read_words(view.at("betas"));
        tables_.exposure_clause = read_words(view.at("exposure"));
        tables_.levels_clause = read_words(view.at("levels"));
        tables_.identification_clause = read_words(view.at("identification"));
        tables_.grading_clause = read_words(view.at("grading"));
    }

    const JsonView& content_;
    std::vector<Substance>& substances_;
    std::vector<HazardCategory>& categories_;
    std::vector<ExposureBand>& exposure_;
    std::vector<HazardLevel>& levels_;
    Tables& tables_;
    KeyIndex keys_;
};

std::vector<std::size_t> rows_of(const SubstanceHits& hits) {
    std::vector<std::size_t> rows;
    for (const SubstanceHit& hit : hits)
        rows.push_back(hit.substance);
    return rows;
}

// The hits of `parts` when all lead to the same single row, else none.
SubstanceHits agreed(const std::vector<SubstanceHits>& parts) {
    for (const SubstanceHits& hits : parts)
        if (hits.size() != 1 || hits.front().substance != parts.front().front().substance)
            return {};
    return parts.empty() ? SubstanceHits{} : parts.front();
}

}  // namespace

Fraction exact(double value) {
    return to_fraction(shortest_decimal(value));
}

SubstanceHits Tables::find_name(const std::string& key) const {
    if (const auto it = names.find(key); it != names.end()) return it->second;
    const auto [bare, bracket] = split_bracket(key);
    if (!bracket.empty()) {
        const auto outer = names.find(bare);
        if (outer == names.end()) return {};
        // 丙烯腈[稳定的] is 丙烯腈; 氨(液氨) says one thing twice; 甲醛(37%) is none of the table.
        if (std::find(qualifiers.begin(), qualifiers.end(), bracket) != qualifiers.end())
            return outer->second;
        const auto inner = names.find(bracket);
        return inner == names.end() ? SubstanceHits{} : agreed({outer->second, inner->second});
    }
    const std::vector<std::string> parts = split_list(key, ";/");
    if (parts.size() < 2) return {};
    std::vector<SubstanceHits> found;
    for (const std::string& part : parts) {
        const auto it = names.find(part);
        if (it == names.end()) return {};
        found.push_back(it->second);
    }
    return agreed(found);
}

std::size_t Tables::band(const MajorHazardStandard& standard, std::int64_t people) const {
    std::size_t band = 0;
    while (people < standard.exposure()[band].from)
        ++band;
    return band;
}

std::shared_ptr<const MajorHazardStandard> MajorHazardStandard::compile(
    std::shared_ptr<const Pack> pack) {
    if (pack->kind != "major_hazard")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind +
                         "', not of major hazards");
    std::shared_ptr<MajorHazardStandard> out(new MajorHazardStandard);
    out->pack_ = std::move(pack);
    const detail::Json document = detail::parse_json(out->pack_->canonical, out->pack_->id);
    const JsonView root(document, out->pack_->id);
    auto tables = std::make_shared<Tables>();
    const JsonView content = root.at("content");
    Reader(content, out->substances_, out->categories_, out->exposure_, out->levels_, *tables)
        .read();
    out->tables_ = std::move(tables);
    out->run_tests(out);
    return out;
}

std::shared_ptr<const MajorHazardStandard> MajorHazardStandard::find(std::string_view name,
                                                                     std::optional<Date> as_of) {
    static const std::vector<std::shared_ptr<const MajorHazardStandard>> all = [] {
        std::vector<std::shared_ptr<const MajorHazardStandard>> out;
        for (const auto& pack : PackRegistry::builtin().all())
            if (pack->kind == "major_hazard") out.push_back(compile(pack));
        return out;
    }();
    const std::shared_ptr<const Pack> pack = PackRegistry::builtin().find(name, as_of);
    for (const auto& standard : all)
        if (standard->pack().id == pack->id) return standard;
    throw InputError("the pack " + pack->id + " is of kind '" + pack->kind +
                     "', not of major hazards");
}

std::vector<std::size_t> MajorHazardStandard::by_name(std::string_view name) const {
    return rows_of(tables_->find_name(substance_key(name)));
}

std::vector<std::size_t> MajorHazardStandard::by_cas(std::string_view cas) const {
    const auto it = tables_->cas.find(read_cas(cas).first);
    return it == tables_->cas.end() ? std::vector<std::size_t>{} : rows_of(it->second);
}

void MajorHazardStandard::run_tests(std::shared_ptr<const MajorHazardStandard> self) const {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    if (!root.has("tests")) return;
    for (const JsonView& test : root.at("tests").items()) {
        test.only({"substances", "exposed", "s", "r", "level"});
        std::vector<std::string> units, names, symbols;
        std::vector<double> quantities;
        for (const JsonView& view : test.at("substances").items()) {
            view.only({"name", "t", "symbol"});
            units.emplace_back("A");
            names.push_back(view.at("name").text());
            symbols.push_back(view.text_or_empty("symbol"));
            quantities.push_back(view.at("t").number());
        }
        Table table;
        table.add("unit", Column::of(units));
        table.add("name", Column::of(names));
        table.add("symbol", Column::of(symbols));
        table.add("quantity_t", Column::of(quantities));
        MajorHazardOptions options;
        options.standard = self;
        options.exposed = static_cast<std::int64_t>(test.at("exposed").number());
        const Table units_table = major_hazard(table, options).to_table();
        const auto same = [&](const char* column, const char* key) {
            const double got = units_table.at(column).number(0).value;
            const bool none = units_table.at(column).is_missing(0);
            if (test.has(key) ? none || got != test.at(key).number() : !none)
                test.fail(std::string(column) + " is " + units_table.at(column).print(0));
        };
        same("S", "s");
        same("R", "r");
        if (units_table.at("level").text(0) != test.text_or_empty("level"))
            test.fail("the level is '" + units_table.at("level").print(0) + "'");
    }
}

}  // namespace safetyrisk::scoring
