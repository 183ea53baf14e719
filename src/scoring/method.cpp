#include <safetyrisk/scoring/method.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "code_blocks.hpp"
#include "code_store.hpp"
#include "core/json_view.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <set>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;

// Steps are judgements that people write: more decimals than this is a mistake.
constexpr int max_decimals = 4;
// The look-up of a factor has one place for each unit up to the largest step.
constexpr double max_units = 1e6;
// Every combination of steps is tried when a pack is compiled; real tables have some hundreds.
constexpr std::size_t max_combinations = 1'000'000;
// Whole numbers up to here are exact in a double.
constexpr double max_product = 9e15;

Words read_words(const JsonView& view) {
    view.only({"zh", "en"});
    return {view.at("zh").text(), view.at("en").text()};
}

// Number of decimals of a step, such that step * 10^d is a whole number.
int decimals(double value, const JsonView& place) {
    double power = 1.0;
    for (int d = 0; d <= max_decimals; ++d, power *= 10.0) {
        const double units = std::nearbyint(value * power);
        if (units / power == value) return d;
    }
    place.fail("has more than 4 decimals");
}

std::vector<Step> read_steps(const JsonView& view) {
    std::vector<Step> steps;
    for (const JsonView& item : view.items()) {
        item.only({"value", "zh", "en"});
        Step step{item.at("value").number(), {item.at("zh").text(), item.at("en").text()}};
        if (!(step.value > 0.0) || !std::isfinite(step.value))
            item.at("value").fail("a step is finite and above zero");
        if (!steps.empty() && step.value >= steps.back().value)
            item.at("value").fail("steps stand from the largest to the smallest, each once");
        steps.push_back(std::move(step));
    }
    if (steps.size() < 2) view.fail("a factor has at least two steps");
    return steps;
}

Factor read_factor(const JsonView& view) {
    view.only({"id", "name", "steps", "parts"});
    Factor factor;
    factor.id = view.at("id").text();
    factor.name = read_words(view.at("name"));
    factor.steps = read_steps(view.at("steps"));
    if (view.has("parts"))
        for (const JsonView& item : view.at("parts").items()) {
            item.only({"id", "name"});
            factor.parts.push_back({item.at("id").text(), read_words(item.at("name"))});
        }
    return factor;
}

// Reads "(160, 320]" into the band.
void read_range(const JsonView& view, Band& band) {
    const std::string text = view.text();
    const auto comma = text.find(',');
    const auto bad = [&]() { view.fail("'" + text + "' is no range; write \"(160, 320]\""); };
    if (text.size() < 5 || comma == std::string::npos) bad();
    if ((text.front() != '(' && text.front() != '[') || (text.back() != ')' && text.back() != ']'))
        bad();
    band.low_closed = text.front() == '[';
    band.high_closed = text.back() == ']';
    const auto end_point = [&](std::string_view raw) {
        const std::string_view part = trim(raw);
        if (part == "inf") return std::numeric_limits<double>::infinity();
        double value = 0.0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || stop != part.data() + part.size()) bad();
        return value;
    };
    const std::string_view whole = text;
    band.low = end_point(whole.substr(1, comma - 1));
    band.high = end_point(whole.substr(comma + 1, whole.size() - comma - 2));
    if (!(band.low < band.high) && !(band.low == band.high && band.low_closed && band.high_closed))
        view.fail("the range is empty");
}

Band read_band(const JsonView& view) {
    view.only({"grade", "label", "word", "range", "printed", "control"});
    Band band;
    const auto grade = parse_grade(view.at("grade").text());
    if (!grade) view.at("grade").fail("must be red, orange, yellow or blue");
    band.grade = *grade;
    band.label = view.at("label").text();
    band.word = read_words(view.at("word"));
    band.printed = view.at("printed").text();
    if (view.has("control")) band.control = read_words(view.at("control"));
    read_range(view.at("range"), band);
    return band;
}

// Name as compared: half-width, without blanks, ASCII in small letters.
std::string name_key(std::string_view name) {
    std::string key;
    for (const char c : to_half_width(name)) {
        if (c == ' ' || c == '\t') continue;
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return key;
}

double power_of_ten(int exponent) {
    double power = 1.0;
    while (exponent-- > 0)
        power *= 10.0;
    return power;
}

// Smallest whole number of units that reaches the lower end of a band.
std::int64_t edge_in_units(const Band& band, double unit) {
    const double exact = band.low * unit;
    if (exact > max_product) return std::numeric_limits<std::int64_t>::max();  // never reached
    const double nearest = std::nearbyint(exact);
    const bool whole = std::fabs(exact - nearest) < 1e-6;
    if (whole) return static_cast<std::int64_t>(nearest) + (band.low_closed ? 0 : 1);
    return static_cast<std::int64_t>(std::ceil(exact));
}

}  // namespace

std::string_view to_string(RowState state) {
    switch (state) {
        case RowState::graded:
            return "graded";
        case RowState::not_gradable:
            return "not_gradable";
        case RowState::rejected:
            return "rejected";
    }
    return "";
}

Method::Method() = default;
Method::~Method() = default;

std::shared_ptr<const Method> Method::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "method")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind + "', not a method");
    std::shared_ptr<Method> method(new Method);
    method->pack_ = std::move(pack);
    method->read_content();
    method->check_bands();
    method->run_tests();
    method->code_store_ = loops::make_code_store(method->factors_, method->kernel_);
    return method;
}

void Method::read_content() {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    const JsonView content = root.at("content");
    content.only({"form", "score", "factors", "bands", "names"});
    if (content.at("form").text() != "product")
        content.at("form").fail("unknown form; this library reads 'product'");
    const JsonView score = content.at("score");
    score.only({"symbol", "name"});
    symbol_ = score.at("symbol").text();
    score_name_ = read_words(score.at("name"));
    clause_ = pack_->sources.front().text();

    int unit_decimals = 0;
    double largest_product = 1.0;
    std::size_t combinations = 1;
    std::set<std::string> columns;  // one column cannot serve two factors
    const std::vector<JsonView> factor_views = content.at("factors").items();
    if (factor_views.empty() || factor_views.size() > max_factors)
        content.at("factors").fail("a product has 1 to 4 factors");
    for (const JsonView& view : factor_views) {
        Factor factor = read_factor(view);
        for (const Factor& other : factors_)
            if (other.id == factor.id) view.at("id").fail("two factors have this id");
        if (!columns.insert(factor.id).second) view.at("id").fail("a part has this id");
        for (std::size_t p = 0; p < factor.parts.size(); ++p)
            if (!columns.insert(factor.parts[p].id).second)
                view.at("parts").items()[p].at("id").fail("another factor or part has this id");
        const std::vector<JsonView> step_views = view.at("steps").items();
        int most = 0;
        for (std::size_t s = 0; s < step_views.size(); ++s)
            most = std::max(most, decimals(factor.steps[s].value, step_views[s].at("value")));
        StepTable table;
        table.multiplier = power_of_ten(most);
        table.largest = std::nearbyint(factor.steps.front().value * table.multiplier);
        if (table.largest > max_units) view.at("steps").fail("the largest step is too large");
        std::vector<double> exact(static_cast<std::size_t>(table.largest) + 1,
                                  std::numeric_limits<double>::quiet_NaN());
        for (const Step& step : factor.steps)
            exact[static_cast<std::size_t>(std::nearbyint(step.value * table.multiplier))] =
                step.value;
        exact_.push_back(std::move(exact));
        table.exact = exact_.back();
        kernel_.factors.at(kernel_.factor_count++) = table;
        unit_decimals += most;
        largest_product *= table.largest;
        combinations *= std::min(factor.steps.size(), max_combinations + 1);
        if (combinations > max_combinations)
            view.at("steps").fail("there are more than a million combinations of steps");
        factors_.push_back(std::move(factor));
    }
    if (largest_product > max_product)
        content.at("factors").fail("products are too large to be exact");
    kernel_.unit = power_of_ten(unit_decimals);

    const std::vector<JsonView> band_views = content.at("bands").items();
    if (band_views.empty() || band_views.size() > max_bands)
        content.at("bands").fail("a method has 1 to 8 bands");
    for (const JsonView& view : band_views)
        bands_.push_back(read_band(view));
    kernel_.bands.edge.fill(std::numeric_limits<std::int64_t>::max());
    kernel_.bands.count = bands_.size();
    for (std::size_t b = 0; b < bands_.size(); ++b) {
        const Band& band = bands_[bands_.size() - 1 - b];
        kernel_.bands.grade.at(b) = band.grade;
        kernel_.bands.edge.at(b) = b == 0 ? 0 : edge_in_units(band, kernel_.unit);
    }
    if (content.has("names"))
        for (const JsonView& view : content.at("names").items())
            names_.push_back(view.text());
}

void Method::check_bands() const {
    const auto fail = [&](std::size_t b, const std::string& what) {
        throw InputError(pack_->id + ".content.bands[" + std::to_string(b) + "]: " + what);
    };
    double smallest = 1.0;
    double largest = 1.0;
    for (const Factor& factor : factors_) {
        smallest *= factor.steps.back().value;
        largest *= factor.steps.front().value;
    }
    for (std::size_t b = 0; b + 1 < bands_.size(); ++b) {
        const Band& upper = bands_[b];
        const Band& lower = bands_[b + 1];
        if (upper.grade < lower.grade) fail(b + 1, "bands stand from the gravest to the mildest");
        if (lower.high < upper.low)
            fail(b + 1,
                 "gap between " + print_number(lower.high) + " and " + print_number(upper.low));
        if (lower.high > upper.low || (lower.high_closed && upper.low_closed))
            fail(b + 1, "overlap at " + print_number(upper.low));
        if (!lower.high_closed && !upper.low_closed)
            fail(b + 1, "gap: " + print_number(upper.low) + " belongs to no band");
    }
    const Band& top = bands_.front();
    if (top.high < largest || (top.high == largest && !top.high_closed))
        fail(0, "the largest score " + print_number(largest) + " belongs to no band");
    const Band& bottom = bands_.back();
    if (bottom.low > smallest || (bottom.low == smallest && !bottom.low_closed))
        fail(bands_.size() - 1,
             "the smallest score " + print_number(smallest) + " belongs to no band");

    std::vector<bool> reached(bands_.size(), false);
    std::vector<double> inputs(factors_.size());
    const std::function<void(std::size_t)> combine = [&](std::size_t f) {
        if (f == factors_.size()) {
            reached[band_index(score_product(kernel_, inputs).band)] = true;
            return;
        }
        for (const Step& step : factors_[f].steps) {
            inputs[f] = step.value;
            combine(f + 1);
        }
    };
    combine(0);
    for (std::size_t b = 0; b < bands_.size(); ++b)
        if (!reached[b])
            fail(b, "no combination of steps reaches " + std::string(to_string(bands_[b].grade)) +
                        " (" + bands_[b].printed + ")");
}

void Method::run_tests() const {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    if (!root.has("tests")) return;
    for (const JsonView& test : root.at("tests").items()) {
        test.only({"inputs", "score", "grade"});
        std::vector<double> inputs;
        const JsonView given = test.at("inputs");
        for (const Factor& factor : factors_) {
            double worst = given.has(factor.id) ? given.at(factor.id).number() : 0.0;
            for (const Part& part : factor.parts)
                if (given.has(part.id)) worst = std::max(worst, given.at(part.id).number());
            inputs.push_back(worst);
        }
        const ProductOutcome outcome = score_product(kernel_, inputs);
        if (!outcome.on_scale) given.fail("an input of the self-test is off the scale");
        if (outcome.score != test.at("score").number())
            test.at("score").fail("the score is " + print_number(outcome.score));
        if (to_string(outcome.grade) != test.at("grade").text())
            test.at("grade").fail("the grade is " + std::string(to_string(outcome.grade)));
    }
}

const std::vector<std::shared_ptr<const Method>>& Method::all() {
    static const std::vector<std::shared_ptr<const Method>> methods = [] {
        std::vector<std::shared_ptr<const Method>> out;
        for (const auto& pack : PackRegistry::builtin().all())
            if (pack->kind == "method") out.push_back(compile(pack));
        return out;
    }();
    return methods;
}

std::shared_ptr<const Method> Method::find(std::string_view name, std::optional<Date> as_of) {
    const std::string key = name_key(name);
    std::string wanted = key;
    for (const auto& method : all())
        for (const std::string& other : method->names_)
            if (name_key(other) == key) wanted = method->pack().family();
    const std::shared_ptr<const Pack> pack = PackRegistry::builtin().find(wanted, as_of);
    for (const auto& method : all())
        if (method->id() == pack->id) return method;
    throw InputError("the pack " + pack->id + " is of kind '" + pack->kind + "', not a method" +
                     (pack->kind == "major_hazard" ? " for single rows; call major_hazard()" : ""));
}

const loops::CodeTables* Method::code_tables() const {
    return code_store_ == nullptr ? nullptr : &code_store_->tables;
}

bool Method::accepts(std::size_t f, double value, bool averaged) const {
    const std::vector<Step>& steps = factors_.at(f).steps;
    if (averaged) return value >= steps.back().value && value <= steps.front().value;
    return kernel_.factors.at(f).units(value) > 0;
}

void Method::score(std::span<const std::span<const double>> factors, bool averaged,
                   std::span<double> score, std::span<std::uint8_t> grade,
                   std::span<std::uint8_t> band, const Work& work) const {
    if (factors.size() != factors_.size())
        throw InputError(id() + " has " + std::to_string(factors_.size()) + " factors, not " +
                         std::to_string(factors.size()));
    const std::size_t n = score.size();
    for (std::size_t f = 0; f < factors.size(); ++f)
        if (factors[f].size() != n)
            throw InputError("the column " + factors_[f].id + " has " +
                             std::to_string(factors[f].size()) + " values, the result " +
                             std::to_string(n));
    if (grade.size() != n || (band.size() != n && !band.empty()))
        throw InputError("score, grade and band differ in length");
    std::uint8_t* const bands = band.empty() ? nullptr : band.data();

    if (code_store_ != nullptr && !averaged) {
        const loops::Kernels& kernels = loops::active_kernels();
        std::vector<FactorColumn> columns(factors.begin(), factors.end());
        const std::size_t bytes = n * (sizeof(double) + (bands == nullptr ? 1U : 2U));
        const bool past_cache = bytes >= loops::stream_from_bytes;
        for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
            loops::score_rows(kernels, code_store_->tables, columns, begin, end, score.data(),
                              grade.data(), bands, past_cache);
            if (past_cache) kernels.fence();
        });
        return;
    }

    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto exact = [&]<std::size_t N>(std::integral_constant<std::size_t, N>, std::size_t begin,
                                          std::size_t end) {
        // Local copies: the compiler cannot know that the spans written do not alias the tables.
        const ProductKernel kernel = kernel_;
        std::array<const double*, N> in{};
        for (std::size_t f = 0; f < N; ++f)
            in[f] = factors[f].data();
        for (std::size_t i = begin; i < end; ++i) {
            std::int64_t product = 1;
            for (std::size_t f = 0; f < N; ++f)
                product *= kernel.factors[f].units(in[f][i]);
            std::size_t b = 0;
            for (std::size_t e = 1; e < kernel.bands.count; ++e)
                b += product >= kernel.bands.edge[e] ? 1U : 0U;
            const bool ok = product != 0;
            score[i] = ok ? static_cast<double>(product) / kernel.unit : none;
            grade[i] = ok ? static_cast<std::uint8_t>(kernel.bands.grade[b]) : std::uint8_t{0};
            if (bands != nullptr) bands[i] = ok ? static_cast<std::uint8_t>(b) : std::uint8_t{255};
        }
    };
    const auto between = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            double product = 1.0;
            bool ok = true;
            for (std::size_t f = 0; f < factors.size(); ++f) {
                ok = ok && accepts(f, factors[f][i], true);
                product *= factors[f][i];
            }
            std::size_t b = 0;
            for (std::size_t e = 1; e < bands_.size(); ++e) {
                const Band& upper = bands_[bands_.size() - 1 - e];
                const bool on_edge = std::fabs(product - upper.low) <= 1e-9 * upper.low;
                if (on_edge ? upper.low_closed : product > upper.low) b = e;
            }
            score[i] = ok ? product : none;
            grade[i] = ok ? static_cast<std::uint8_t>(kernel_.bands.grade.at(b)) : std::uint8_t{0};
            if (bands != nullptr) bands[i] = ok ? static_cast<std::uint8_t>(b) : std::uint8_t{255};
        }
    };
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        if (averaged) return between(begin, end);
        switch (factors.size()) {
            case 1:
                return exact(std::integral_constant<std::size_t, 1>{}, begin, end);
            case 2:
                return exact(std::integral_constant<std::size_t, 2>{}, begin, end);
            case 3:
                return exact(std::integral_constant<std::size_t, 3>{}, begin, end);
            default:
                return exact(std::integral_constant<std::size_t, 4>{}, begin, end);
        }
    });
}

}  // namespace safetyrisk::scoring
