#include <safetyrisk/scoring/method.hpp>

#include <safetyrisk/core/document_error.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "chain.hpp"
#include "chain_cells.hpp"
#include "chain_run.hpp"
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
// Most values of a factor that is a range.
constexpr std::size_t max_range_steps = 10'000;
// Whole numbers up to here are exact in a double.
constexpr double max_product = 9e15;

// Number of decimals of a step, such that step * 10^d is a whole number.
int decimals(double value, const JsonView& place) {
    double power = 1.0;
    for (int d = 0; d <= max_decimals; ++d, power *= 10.0) {
        const double units = std::nearbyint(value * power);
        if (units / power == value) return d;
    }
    place.fail("has more than 4 decimals", "小数多于 4 位");
}

std::vector<Step> read_steps(const JsonView& view) {
    std::vector<Step> steps;
    for (const JsonView& item : view.items()) {
        item.only({"value", "zh", "en"});
        Step step{item.at("value").number(), {item.at("zh").text(), item.at("en").text()}};
        if (!(step.value > 0.0) || !std::isfinite(step.value))
            item.at("value").fail("a step is finite and above zero", "取值应为大于零的有限数");
        if (!steps.empty() && step.value >= steps.back().value)
            item.at("value").fail("steps stand from the largest to the smallest, each once",
                                  "取值应从大到小排列，不重复");
        steps.push_back(std::move(step));
    }
    if (steps.size() < 2) view.fail("a factor has at least two steps", "取值至少有两个");
    return steps;
}

// Every value of a range with so many decimals; what a value means is said by narrower ranges.
std::vector<Step> read_step_range(const JsonView& view) {
    const RangeEnds ends = read_range(view.at("range"));
    const double places = view.at("decimals").number();
    if (!(places >= 0 && places <= max_decimals) || places != std::floor(places))
        view.at("decimals").fail("must be a whole number from 0 to 4", "应为 0 至 4 的整数");
    double unit = 1.0;
    for (double d = 0; d < places; ++d)
        unit *= 10.0;
    if (!(ends.low >= 0.0) || !(ends.high * unit <= static_cast<double>(max_range_steps)))
        view.at("range").fail("the range must lie above zero and have at most 10000 values",
                              "范围应大于零，且取值不超过 10000 个");
    std::vector<RangeEnds> ranges;
    std::vector<Words> meanings;
    if (view.has("meanings"))
        for (const JsonView& item : view.at("meanings").items()) {
            item.only({"range", "zh", "en"});
            ranges.push_back(read_range(item.at("range")));
            meanings.push_back({item.at("zh").text(), item.at("en").text()});
        }
    const auto within = [](const RangeEnds& range, double value) {
        return (range.low_closed ? value >= range.low : value > range.low) &&
               (range.high_closed ? value <= range.high : value < range.high);
    };
    std::vector<Step> steps;
    for (double k = std::floor(ends.high * unit + 0.5); k > 0; k -= 1.0) {
        const double value = k / unit;
        if (!within(ends, value)) continue;
        Words meaning;
        for (std::size_t m = 0; m < ranges.size(); ++m)
            if (within(ranges[m], value)) meaning = meanings[m];
        steps.push_back({value, std::move(meaning)});
    }
    if (steps.size() < 2)
        view.at("range").fail("a factor has at least two steps", "取值至少有两个");
    return steps;
}

Factor read_factor(const JsonView& view) {
    view.only({"id", "name", "steps", "parts", "range", "decimals", "meanings"});
    Factor factor;
    factor.id = view.at("id").text();
    factor.name = read_words(view.at("name"));
    if (view.has("range")) {
        if (view.has("steps"))
            view.at("steps").fail("stand beside 'range'", "不能与“range”同时出现");
        factor.steps = read_step_range(view);
        factor.range = view.at("range").text();
    } else {
        factor.steps = read_steps(view.at("steps"));
    }
    if (view.has("parts"))
        for (const JsonView& item : view.at("parts").items()) {
            item.only({"id", "name"});
            factor.parts.push_back({item.at("id").text(), read_words(item.at("name"))});
        }
    return factor;
}

Band read_band(const JsonView& view) {
    view.only({"grade", "label", "word", "range", "printed", "control"});
    Band band;
    band.grade = parse_grade(view.at("grade").text());
    if (!band.grade)
        view.at("grade").fail("must be red, orange, yellow or blue",
                              "应为 red、orange、yellow 或 blue");
    band.label = view.at("label").text();
    band.word = read_words(view.at("word"));
    band.printed = view.at("printed").text();
    if (view.has("control")) band.control = read_words(view.at("control"));
    const RangeEnds ends = read_range(view.at("range"));
    band.low = ends.low;
    band.high = ends.high;
    band.low_closed = ends.low_closed;
    band.high_closed = ends.high_closed;
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
        throw DocumentError(pack->id, "是 " + pack->kind + " 类的包，不是评价方法（method）",
                            "is a pack of kind '" + pack->kind + "', not a method");
    std::shared_ptr<Method> method(new Method);
    method->pack_ = std::move(pack);
    method->read_content();
    if (method->chain_ == nullptr) method->check_bands();
    method->run_tests();
    if (method->chain_ == nullptr)
        method->code_store_ = loops::make_code_store(method->factors_, method->kernel_);
    return method;
}

void Method::read_content() {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    const JsonView content = root.at("content");
    clause_ = pack_->sources.front().text();
    scale_ = {pack_->id, ScaleKind::risk, {pack_->title_zh, pack_->title_en}};
    if (content.has("scale")) scale_ = read_scale(content.at("scale"));
    if (content.has("names"))
        for (const JsonView& view : content.at("names").items())
            names_.push_back(view.text());
    if (content.has("score")) {
        symbol_ = content.at("score").at("symbol").text();
        score_name_ = read_words(content.at("score").at("name"));
    }
    const std::string form = content.at("form").text();
    if (form == "product")
        read_product();
    else if (form == "chain")
        read_chain();
    else
        content.at("form").fail("unknown form; this library reads 'product' and 'chain'",
                                "不认识的形式；可用 product 或 chain");
}

void Method::read_chain() {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    const JsonView content = root.at("content");
    content.only(
        {"form", "scale", "inputs", "steps", "result", "score", "bands", "vetoes", "names"});
    content.at("scale");
    ReadChain read = scoring::read_chain(content);
    inputs_ = std::move(read.inputs);
    steps_ = std::move(read.steps);
    bands_ = std::move(read.bands);
    vetoes_ = std::move(read.vetoes);
    chain_ = std::make_unique<const Chain>(std::move(read.chain));
}

void Method::read_product() {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    const JsonView content = root.at("content");
    content.only({"form", "scale", "score", "factors", "bands", "names"});
    content.at("score").only({"symbol", "name"});

    int unit_decimals = 0;
    double largest_product = 1.0;
    std::size_t combinations = 1;
    std::set<std::string> columns;  // one column cannot serve two factors
    const std::vector<JsonView> factor_views = content.at("factors").items();
    if (factor_views.empty() || factor_views.size() > max_factors)
        content.at("factors").fail("a product has 1 to 4 factors", "因素应为 1 至 4 个");
    for (const JsonView& view : factor_views) {
        Factor factor = read_factor(view);
        for (const Factor& other : factors_)
            if (other.id == factor.id)
                view.at("id").fail("two factors have this id", "两个因素同名");
        for (const Factor& other : factors_)
            if (word_key(other.name.zh) == word_key(factor.name.zh))
                view.at("name").fail("the factor '" + other.id + "' has this name, too",
                                     "因素" + other.id + "也叫这个名称");
        if (!columns.insert(factor.id).second)
            view.at("id").fail("a part has this id", "有分项用了这个编号");
        for (std::size_t p = 0; p < factor.parts.size(); ++p)
            if (!columns.insert(factor.parts[p].id).second)
                view.at("parts").items()[p].at("id").fail("another factor or part has this id",
                                                          "另一因素或分项用了这个编号");
        int most = 0;
        if (!factor.range.empty()) {
            most = static_cast<int>(view.at("decimals").number());
        } else {
            const std::vector<JsonView> step_views = view.at("steps").items();
            for (std::size_t s = 0; s < step_views.size(); ++s)
                most = std::max(most, decimals(factor.steps[s].value, step_views[s].at("value")));
        }
        const JsonView step_view = view.at(factor.range.empty() ? "steps" : "range");
        StepTable table;
        table.multiplier = power_of_ten(most);
        table.largest = std::nearbyint(factor.steps.front().value * table.multiplier);
        if (table.largest > max_units) step_view.fail("the largest step is too large", "取值过大");
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
        combinations *= factor.steps.size();
        if (combinations > max_combinations)
            step_view.fail("there are more than a million combinations of steps",
                           "取值的组合超过一百万种");
        factors_.push_back(std::move(factor));
    }
    if (largest_product > max_product)
        content.at("factors").fail("products are too large to be exact", "乘积过大，无法精确计算");
    kernel_.unit = power_of_ten(unit_decimals);

    const std::vector<JsonView> band_views = content.at("bands").items();
    if (band_views.empty() || band_views.size() > max_bands)
        content.at("bands").fail("a method has 1 to 8 bands", "应有 1 至 8 级");
    for (const JsonView& view : band_views)
        bands_.push_back(read_band(view));
    kernel_.bands.edge.fill(std::numeric_limits<std::int64_t>::max());
    kernel_.bands.count = bands_.size();
    for (std::size_t b = 0; b < bands_.size(); ++b) {
        const Band& band = bands_[bands_.size() - 1 - b];
        kernel_.bands.grade.at(b) = *band.grade;
        kernel_.bands.edge.at(b) = b == 0 ? 0 : edge_in_units(band, kernel_.unit);
    }
    for (const Factor& factor : factors_) {
        MethodInput input;
        input.id = factor.id;
        input.name = factor.name;
        input.kind = factor.range.empty() ? InputKind::steps : InputKind::number;
        if (factor.range.empty()) input.steps = factor.steps;
        input.range = factor.range;
        input.low = factor.steps.back().value;
        input.high = factor.steps.front().value;
        input.high_closed = true;
        inputs_.push_back(std::move(input));
    }
}

std::vector<Level> Method::levels() const {
    std::vector<Level> out;
    if (scale_.kind == ScaleKind::measure) return out;
    for (const Band& band : bands_)
        out.push_back({scale_.id, band.label, band.word, out.size() + 1, band.grade});
    return out;
}

void Method::check_bands() const {
    const auto fail = [&](std::size_t b, const std::string& what, const std::string& zh) {
        throw DocumentError(pack_->id + ".content.bands[" + std::to_string(b) + "]", zh, what);
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
        if (upper.grade < lower.grade)
            fail(b + 1, "bands stand from the gravest to the mildest", "各级应从最严重到最轻排列");
        if (lower.high < upper.low)
            fail(
                b + 1,
                "gap between " + print_number(lower.high) + " and " + print_number(upper.low),
                "有空隙：" + print_number(lower.high) + " 与 " + print_number(upper.low) + " 之间");
        if (lower.high > upper.low || (lower.high_closed && upper.low_closed))
            fail(b + 1, "overlap at " + print_number(upper.low),
                 "范围重叠：" + print_number(upper.low));
        if (!lower.high_closed && !upper.low_closed)
            fail(b + 1, "gap: " + print_number(upper.low) + " belongs to no band",
                 "有空隙：" + print_number(upper.low) + " 不属于任何一级");
    }
    const Band& top = bands_.front();
    if (top.high < largest || (top.high == largest && !top.high_closed))
        fail(0, "the largest score " + print_number(largest) + " belongs to no band",
             "最大分值 " + print_number(largest) + " 不属于任何一级");
    const Band& bottom = bands_.back();
    if (bottom.low > smallest || (bottom.low == smallest && !bottom.low_closed))
        fail(bands_.size() - 1,
             "the smallest score " + print_number(smallest) + " belongs to no band",
             "最小分值 " + print_number(smallest) + " 不属于任何一级");

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
            fail(b,
                 "no combination of steps reaches " + std::string(to_string(*bands_[b].grade)) +
                     " (" + bands_[b].printed + ")",
                 "没有任何取值组合达到" + bands_[b].word.zh + "（" + bands_[b].printed + "）");
}

namespace {

// Self-tests as a register: a row for each test, cells as the pack writes them.
Table table_of_tests(const std::vector<JsonView>& tests, const Method& method) {
    Table table;
    std::set<std::string> names;
    for (const MethodInput& input : method.inputs())
        names.insert(input.id);
    for (const Factor& factor : method.factors())
        for (const Part& part : factor.parts)
            names.insert(part.id);
    for (const JsonView& test : tests) {
        const JsonView inputs = test.at("inputs");
        if (!inputs.is_object()) inputs.fail("must be an object", "应为对象 {…}");
        for (const auto& [key, value] : inputs.node().items())
            if (!names.contains(key))
                inputs.at(key).fail("the method has no such input", "该方法没有这个输入");
    }
    for (const std::string& name : names) {
        std::vector<std::string> cells;
        for (const JsonView& test : tests) {
            const JsonView inputs = test.at("inputs");
            cells.emplace_back();
            if (!inputs.has(name)) continue;
            const JsonView value = inputs.at(name);
            cells.back() = value.node().is_boolean()  ? (value.boolean() ? "true" : "false")
                           : value.node().is_string() ? value.text()
                                                      : print_number(value.number());
        }
        table.add(name, Column::of(cells));
    }
    return table;
}

void check_test(const JsonView& test, std::string_view key, const std::string& found) {
    if (!test.node().contains(std::string(key))) return;
    const JsonView expected = test.at(key);
    const std::string said = expected.node().is_null() ? std::string() : expected.text();
    if (said == found) return;
    const std::string shown = found.empty() ? "null" : found;
    expected.fail("the " + std::string(key) + " is " + shown, "自检不符：结果是 " + shown);
}

}  // namespace

void Method::run_tests() const {
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView root(document, pack_->id);
    if (!root.has("tests")) return;
    const std::vector<JsonView> tests = root.at("tests").items();
    for (const JsonView& test : tests)
        test.only({"inputs", "score", "grade", "label", "override", "status"});
    if (chain_ != nullptr) {
        const Table table = table_of_tests(tests, *this);
        const ChainRun run(*this, table, {});
        ChainRun::Space space(run);
        for (std::size_t row = 0; row < tests.size(); ++row) {
            run.run(space, row);
            const ChainResult& result = space.result;
            const RowState state = result.band.front() != 255 ? RowState::graded
                                   : result.state.front() == CellState::bad
                                       ? RowState::rejected
                                       : RowState::not_gradable;
            const JsonView& test = tests[row];
            if (!test.has("status") && state != RowState::graded)
                test.fail("the row is " + std::string(to_string(state)),
                          "自检不符：结果是 " + std::string(to_string(state)));
            check_test(test, "status", std::string(to_string(state)));
            const Band* band =
                state == RowState::graded ? &bands_[band_index(result.band.front())] : nullptr;
            check_test(test, "label", band == nullptr ? "" : band->label);
            check_test(test, "grade",
                       band == nullptr || !band->grade ? "" : std::string(to_string(*band->grade)));
            check_test(test, "override",
                       result.veto.front() < 0
                           ? ""
                           : vetoes_[static_cast<std::size_t>(result.veto.front())].id);
            if (!test.node().contains("score")) continue;
            const double score = result.score.front();
            const JsonView expected = test.at("score");
            const double said = expected.node().is_null() ? std::nan("") : expected.number();
            // Free numbers are counted in doubles.
            const bool free =
                chain_->score >= 0 &&
                chain_->slots[static_cast<std::size_t>(chain_->score)].type == ValueType::real;
            const bool close =
                score == said || (free && std::fabs(score - said) <= 1e-12 * std::fabs(said));
            if (!close && !(std::isnan(score) && std::isnan(said)))
                expected.fail("the score is " + print_number(score),
                              "自检不符：分值是 " + print_number(score));
        }
        return;
    }
    for (const JsonView& test : tests) {
        std::vector<double> inputs;
        const JsonView given = test.at("inputs");
        for (const Factor& factor : factors_) {
            double worst = given.has(factor.id) ? given.at(factor.id).number() : 0.0;
            for (const Part& part : factor.parts)
                if (given.has(part.id)) worst = std::max(worst, given.at(part.id).number());
            inputs.push_back(worst);
        }
        const ProductOutcome outcome = score_product(kernel_, inputs);
        if (!outcome.on_scale)
            given.fail("an input of the self-test is off the scale", "自检的输入不在取值表中");
        if (outcome.score != test.at("score").number())
            test.at("score").fail("the score is " + print_number(outcome.score),
                                  "自检不符：分值是 " + print_number(outcome.score));
        if (to_string(outcome.grade) != test.at("grade").text())
            test.at("grade").fail("the grade is " + std::string(to_string(outcome.grade)),
                                  "自检不符：等级是 " + std::string(to_string(outcome.grade)));
        check_test(test, "label", bands_[band_index(outcome.band)].label);
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
    if (chain_ != nullptr) throw InputError(id() + " is a chain of steps; use grade()");
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
