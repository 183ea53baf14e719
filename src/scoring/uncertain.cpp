#include <safetyrisk/scoring/uncertain.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "code_store.hpp"
#include "code_tables.hpp"
#include "judge.hpp"
#include "spread.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

// One method, and the spreads of its inputs in the rows.
struct Asked {
    std::unique_ptr<const Judge> judge;
    std::vector<std::vector<Spread>> spreads;      // by input: the distinct ones
    std::vector<std::vector<std::int32_t>> which;  // by input and row, -1 a plain value
};

// Counts of draws of one row of a product by step codes: a table look-up for each draw.
class CodeDraws {
public:
    explicit CodeDraws(const Judge& judge)
        : judge_(judge), tables_(judge.is_chain() ? nullptr : judge.method().code_tables()) {}

    bool fits() const { return tables_ != nullptr; }

    void run(const std::vector<const Spread*>& spreads, const Case& base, std::uint64_t key,
             std::size_t draws, std::vector<std::uint32_t>& counts) const {
        const std::size_t width = judge_.inputs();
        std::array<Wheel, max_factors> wheels;
        for (std::size_t f = 0; f < width; ++f)
            wheels[f] = wheel(f, spreads[f], base[f]);
        constexpr std::size_t block = 256;
        constexpr std::size_t lanes = 4;  // one count after another would wait for itself
        std::array<std::uint32_t, block> combo;
        std::array<std::array<std::uint32_t, block>, 2> numbers;
        std::array<std::array<std::uint32_t, 256>, lanes> found{};
        const std::uint8_t* const band = tables_->combo_band;
        for (std::size_t begin = 0; begin < draws; begin += block) {
            const std::size_t n = std::min(block, draws - begin);
            combo.fill(0);
            for (std::size_t f = 0; f < width; ++f) {
                const Wheel& mine = wheels[f];
                for (std::size_t i = 0; i < block; ++i)
                    combo[i] += mine.steps[0];
                // Two factors share 64 bits of a draw.
                if (f % 2 == 0)
                    for (std::size_t i = 0; i < n; ++i) {
                        const std::uint64_t bits = mixed(key, (begin + i) * 2 + f / 2);
                        numbers[0][i] = static_cast<std::uint32_t>(bits);
                        numbers[1][i] = static_cast<std::uint32_t>(bits >> 32U);
                    }
                const std::array<std::uint32_t, block>& mine_numbers = numbers[f % 2];
                for (std::size_t v = 1; v < mine.count; ++v) {
                    const std::uint32_t edge = mine.edges[v];
                    const std::uint32_t step = mine.steps[v];
                    for (std::size_t i = 0; i < n; ++i)
                        combo[i] += mine_numbers[i] >= edge ? step : 0U;
                }
            }
            for (std::size_t i = 0; i < n; ++i)
                ++found[i % lanes][band[combo[i]]];
        }
        for (const auto& lane : found)
            for (std::size_t b = 0; b < counts.size(); ++b)
                counts[b] += lane[b];
    }

private:
    // Which code a number from 0 to 2^32 stands for: what the codes grow by at each edge.
    struct Wheel {
        std::size_t count = 1;
        std::array<std::uint32_t, 16> edges{};
        std::array<std::uint32_t, 16> steps{};
    };

    Wheel wheel(std::size_t f, const Spread* spread, const Case::value_type& value) const {
        const loops::CodeFactor& factor = tables_->factors[f];
        const auto code = [&](double x) {
            std::uint32_t found = 0;
            for (std::uint32_t c = 1; c <= factor.steps; ++c)
                if (factor.value[c] == x) found = c;
            return found << factor.shift;
        };
        Wheel out;
        if (spread == nullptr) {
            out.steps[0] = code(value.real);
            return out;
        }
        out.count = spread->values.size();
        double sum = 0.0;
        std::uint32_t before = 0;
        for (std::size_t v = 0; v < out.count; ++v) {
            const std::uint32_t mine = code(spread->values[v].real);
            out.edges[v] = static_cast<std::uint32_t>(
                std::min(4294967295.0, std::nearbyint(sum * 4294967296.0)));
            out.steps[v] = mine - before;  // may wrap; the sum does not
            before = mine;
            sum += spread->weights[v];
        }
        return out;
    }

    const Judge& judge_;
    const loops::CodeTables* tables_;
};

class Chancer {
public:
    Chancer(const Asked& asked, const UncertainOptions& options)
        : judge_(*asked.judge),
          asked_(asked),
          options_(options),
          codes_(judge_),
          space_(judge_),
          verdicts_(Judge::block) {}

    Chances run(std::size_t row, const Case& base, std::uint64_t key) {
        const std::size_t width = judge_.inputs();
        std::vector<const Spread*> spreads(width, nullptr);
        std::size_t all = 1;
        bool listed = true;
        bool plain = true;
        for (std::size_t k = 0; k < width; ++k) {
            const std::int32_t w = asked_.which[k].empty() ? -1 : asked_.which[k][row];
            if (w < 0) continue;
            spreads[k] = &asked_.spreads[k][static_cast<std::size_t>(w)];
            plain = false;
            if (spreads[k]->kind != Spread::Kind::list)
                listed = false;
            else if (all <= options_.most_exact)
                all *= spreads[k]->values.size();
        }
        mass_.assign(judge_.method().bands().size() + 1, 0.0);
        Chances out;
        if (plain || (listed && all <= options_.most_exact)) {
            enumerate(spreads, base, all);
            out.certainty = plain ? Certainty::certain : Certainty::exact;
            out.cases = all;
        } else {
            draw(spreads, base, key);
            out.certainty = Certainty::draws;
            out.cases = options_.draws;
        }
        double sum = 0.0;
        for (const double one : mass_)
            sum += one;
        for (double& one : mass_) {
            one /= sum;
            if (out.certainty == Certainty::draws)
                out.standard_error =
                    std::max(out.standard_error,
                             std::sqrt(one * (1.0 - one) / static_cast<double>(out.cases)));
        }
        out.without = mass_.back();
        mass_.pop_back();
        out.bands = mass_;
        return out;
    }

private:
    void settle(std::size_t n) {
        judge_.judge(space_, cases_.data(), n, verdicts_.data());
        const std::size_t none = mass_.size() - 1;
        for (std::size_t i = 0; i < n; ++i)
            mass_[verdicts_[i].state == RowState::graded ? verdicts_[i].band : none] += weights_[i];
        cases_.clear();
        weights_.clear();
    }

    void enumerate(const std::vector<const Spread*>& spreads, const Case& base, std::size_t all) {
        for (std::size_t one = 0; one < all; ++one) {
            std::size_t rest = one;
            double weight = 1.0;
            const std::size_t at = cases_.size();
            cases_.insert(cases_.end(), base.begin(), base.end());
            for (std::size_t k = spreads.size(); k-- > 0;) {
                if (spreads[k] == nullptr) continue;
                const std::size_t v = rest % spreads[k]->values.size();
                rest /= spreads[k]->values.size();
                cases_[at + k] = spreads[k]->values[v];
                weight *= spreads[k]->weights[v];
            }
            weights_.push_back(weight);
            if (weights_.size() == Judge::block) settle(Judge::block);
        }
        settle(weights_.size());
    }

    void draw(const std::vector<const Spread*>& spreads, const Case& base, std::uint64_t key) {
        if (codes_.fits() && !options_.grading.averaged) {
            counts_.assign(256, 0);
            codes_.run(spreads, base, key, options_.draws, counts_);
            for (std::size_t b = 0; b + 1 < mass_.size(); ++b)
                mass_[b] = counts_[b];
            mass_.back() = counts_[255];
            return;
        }
        for (std::size_t d = 0; d < options_.draws; ++d) {
            const std::size_t at = cases_.size();
            cases_.insert(cases_.end(), base.begin(), base.end());
            for (std::size_t k = 0; k < spreads.size(); ++k)
                if (spreads[k] != nullptr)
                    cases_[at + k] = drawn(judge_, k, *spreads[k],
                                           unit_number(mixed(key, d * spreads.size() + k)));
            weights_.push_back(1.0);
            if (weights_.size() == Judge::block) settle(Judge::block);
        }
        settle(weights_.size());
    }

    const Judge& judge_;
    const Asked& asked_;
    const UncertainOptions& options_;
    CodeDraws codes_;
    Judge::Space space_;
    std::vector<Verdict> verdicts_;
    std::vector<Judgement> cases_;
    std::vector<double> weights_;
    std::vector<double> mass_;  // by band, then without a level
    std::vector<std::uint32_t> counts_;
};

// Whether somebody meant more than one value.
bool looks_spread(std::string_view text) {
    const std::string half = to_half_width(text);
    return half.find_first_of(":~[(") != std::string::npos || half.find("至") != std::string::npos;
}

// The methods that rows may have, before any is graded.
std::vector<std::shared_ptr<const Method>> methods_of(const Table& table,
                                                      const GradeOptions& grading) {
    if (grading.custom) return {grading.custom};
    if (!grading.method.empty()) return {Method::find(grading.method, grading.as_of)};
    std::vector<std::shared_ptr<const Method>> out;
    const Column* const column = table.find("method");
    if (column == nullptr) return out;  // grade() says so
    std::set<std::string> names;
    for (std::size_t row = 0; row < column->size(); ++row)
        names.insert(column->print(row));
    for (const std::string& name : names) {
        try {
            const auto method = Method::find(trim(name), grading.as_of);
            if (std::find(out.begin(), out.end(), method) == out.end()) out.push_back(method);
        } catch (const Error&) {
            continue;  // grade() makes an issue of it
        }
    }
    return out;
}

}  // namespace

std::string_view to_string(Certainty certainty) {
    constexpr std::string_view names[] = {"none", "certain", "exact", "draws"};
    return names[static_cast<std::size_t>(certainty)];
}

Uncertain uncertain(Table table, const UncertainOptions& options) {
    if (options.draws == 0 || options.draws > 100'000'000)
        throw InputError("draws is " + std::to_string(options.draws) +
                         "; it is a whole number from 1 to 100000000");
    if (options.most_exact > 10'000'000)
        throw InputError("most_exact is " + std::to_string(options.most_exact) +
                         "; it is a whole number from 0 to 10000000");
    GradeOptions grading = options.grading;
    grading.direct.clear();
    grading.work.progress = nullptr;

    Uncertain out;
    // Spreads of every input column that has texts, by method.
    std::map<const Method*, Asked> asked;
    std::map<std::string, std::vector<std::string>> likeliest;  // cells of columns with spreads
    const std::size_t n = table.rows();
    const auto methods = methods_of(table, grading);
    for (const auto& method : methods) {
        Asked& mine = asked[method.get()];
        mine.judge = std::make_unique<const Judge>(method, grading.averaged);
        mine.spreads.resize(method->inputs().size());
        mine.which.resize(method->inputs().size());
        for (std::size_t k = 0; k < method->inputs().size(); ++k) {
            const std::string& id = method->inputs()[k].id;
            const Column* const column = table.find(id);
            if (column == nullptr || column->type() != ColumnType::text) continue;
            struct Known {
                std::int32_t spread = -1;
                std::string shown;  // instead of the text
                bool unreadable = false;
                SpreadFault fault = SpreadFault::none;
                double sum = 0.0;
            };
            std::unordered_map<std::string, Known> known;
            std::vector<std::int32_t>& which = mine.which[k];
            for (std::size_t row = 0; row < n; ++row) {
                if (column->is_missing(row)) continue;
                const std::string text(column->text(row));
                const auto [it, fresh] = known.try_emplace(text);
                Known& one = it->second;
                if (fresh && mine.judge->read(k, text).second != InputFault::none) {
                    SpreadText read = read_spread(*mine.judge, k, text);
                    if (read.spread) {
                        one.spread = static_cast<std::int32_t>(mine.spreads[k].size());
                        one.shown = read.spread->likeliest;
                        mine.spreads[k].push_back(std::move(*read.spread));
                    } else {
                        one.shown = read.wrong;
                        // A value that cannot be is named by the grading; the form is right.
                        one.unreadable = read.wrong.empty() && looks_spread(text);
                        one.fault = read.fault;
                        one.sum = read.sum;
                    }
                }
                if (one.fault == SpreadFault::sum)
                    out.issues_.add("scoring.spread_sum", table.origin(),
                                    static_cast<std::int64_t>(row), id, text,
                                    {print_number(std::nearbyint(one.sum * 1e9) / 1e9)});
                else if (one.fault == SpreadFault::only_steps)
                    out.issues_.add("scoring.spread_steps_only", table.origin(),
                                    static_cast<std::int64_t>(row), id, text);
                else if (one.unreadable)
                    out.issues_.add("scoring.spread_unreadable", table.origin(),
                                    static_cast<std::int64_t>(row), id, text);
                if (one.shown.empty()) continue;
                if (one.spread >= 0) {
                    if (which.empty()) which.assign(n, -1);
                    which[row] = one.spread;
                }
                auto& cells = likeliest[id];
                if (cells.empty())
                    for (std::size_t r = 0; r < n; ++r)
                        cells.push_back(column->print(r));
                // Several methods may read one column; a row has one of them.
                cells[row] = one.shown;
            }
        }
    }
    Table plain(table.origin());
    for (std::size_t c = 0; c < table.size(); ++c) {
        const auto it = likeliest.find(table.name(c));
        plain.add(table.name(c), it == likeliest.end() ? table.column(c) : Column::of(it->second));
    }

    out.seed_ = options.seed;
    out.central_ = std::make_shared<const Graded>(grade(std::move(plain), grading));
    const Graded& central = *out.central_;
    std::map<const Method*, std::unique_ptr<const Judge::Rows>> rows_of;
    for (const auto& [method, one] : asked)
        rows_of.emplace(method, std::make_unique<const Judge::Rows>(*one.judge, central.input()));

    out.all_.resize(n);
    const std::size_t few =
        std::clamp<std::size_t>((std::size_t{1} << 20U) / options.draws, 1, 4096);
    for_rows(n, few, options.grading.work, [&](std::size_t begin, std::size_t end) {
        std::map<const Method*, std::unique_ptr<Chancer>> chancers;
        for (std::size_t row = begin; row < end; ++row) {
            const std::int16_t m = central.method_of(row);
            if (m < 0 || central.state()[row] == RowState::rejected) continue;
            const Method* const method = central.methods()[static_cast<std::size_t>(m)].get();
            const auto mine = asked.find(method);
            if (mine == asked.end()) continue;
            if (central.state()[row] != RowState::graded) {
                // The likeliest values have no level, others may.
                bool spread = false;
                for (const auto& which : mine->second.which)
                    spread = spread || (!which.empty() && which[row] >= 0);
                if (!spread) continue;
            }
            auto& chancer = chancers[method];
            if (chancer == nullptr) chancer = std::make_unique<Chancer>(mine->second, options);
            out.all_[row] = chancer->run(row, (*rows_of.at(method))(row),
                                         row_key(options.seed, central.id().print(row)));
            if (out.all_[row].without >= 1.0) out.all_[row] = Chances();
        }
    });
    return out;
}

Table Uncertain::to_table() const {
    AnswerTable out("uncertain");
    for (std::size_t row = 0; row < rows(); ++row) {
        const Chances& mine = chances(row);
        const std::int16_t m = central_->method_of(row);
        const std::uint8_t grade = central_->grade()[row];
        out.text("id", central_->id().print(row));
        out.text("method", m < 0 ? "" : central_->methods()[static_cast<std::size_t>(m)]->id());
        out.text("status", mine.certainty == Certainty::none ? to_string(central_->state()[row])
                                                             : to_string(RowState::graded));
        out.text("way", to_string(mine.certainty));
        if (mine.certainty != Certainty::none) {
            if (grade != 0) out.text("grade", to_string(static_cast<Grade>(grade)));
            double by_colour[5] = {};
            bool coloured = false;
            std::string mildest;
            std::string gravest;
            std::size_t likely = 0;
            for (std::size_t b = 0; b < mine.bands.size(); ++b) {
                const auto level =
                    central_->band_level(static_cast<std::size_t>(m), static_cast<std::uint8_t>(b));
                if (!level) continue;
                if (level->grade) {
                    coloured = true;
                    by_colour[static_cast<std::size_t>(*level->grade)] += mine.bands[b];
                }
                if (mine.bands[b] <= 0.0) continue;
                gravest = level->label;
                if (mildest.empty()) mildest = level->label;
                if (mine.bands[b] >= mine.bands[likely]) likely = b;  // the graver of two
            }
            if (coloured) {
                constexpr const char* names[] = {"", "p_blue", "p_yellow", "p_orange", "p_red"};
                std::size_t best = 0;
                for (std::size_t g = 1; g <= 4; ++g) {
                    out.number(names[g], by_colour[g]);
                    if (by_colour[g] > 0.0 && (best == 0 || by_colour[g] >= by_colour[best]))
                        best = g;
                }
                if (best != 0) out.text("likely", to_string(static_cast<Grade>(best)));
            } else if (const auto level = central_->band_level(static_cast<std::size_t>(m),
                                                               static_cast<std::uint8_t>(likely))) {
                out.text("likely", level->label);
            }
            out.number("p_without", mine.without);
            out.text("mildest", mildest);
            out.text("gravest", gravest);
            out.integer("cases", static_cast<std::int64_t>(mine.cases));
            out.number("standard_error", mine.standard_error);
        }
        out.end_row();
    }
    return std::move(out).table({"id", "method", "status", "grade", "p_red", "p_orange", "p_yellow",
                                 "p_blue", "p_without", "likely", "mildest", "gravest", "way",
                                 "cases", "standard_error"});
}

Table Uncertain::levels(Lang lang) const {
    AnswerTable out("levels");
    for (std::size_t row = 0; row < rows(); ++row) {
        const Chances& mine = chances(row);
        for (std::size_t b = mine.bands.size(); b-- > 0;) {
            const auto level = central_->band_level(
                static_cast<std::size_t>(central_->method_of(row)), static_cast<std::uint8_t>(b));
            if (!level || mine.bands[b] <= 0.0) continue;
            out.integer("row", static_cast<std::int64_t>(row));
            out.text("id", central_->id().print(row));
            out.text("level", level->label);
            out.text("word", level->word.in(lang));
            out.text("grade", level->grade ? to_string(*level->grade) : "");
            out.number("p", mine.bands[b]);
            out.end_row();
        }
    }
    return std::move(out).table({"row", "id", "level", "word", "grade", "p"});
}

std::string Uncertain::text(std::size_t row, Lang lang) const {
    const bool zh = lang == Lang::zh;
    if (row >= rows()) throw NotFoundError("there is no row " + std::to_string(row));
    const Chances& mine = chances(row);
    std::string out = central_->id().print(row) + (zh ? "：" : ": ");
    if (mine.certainty == Certainty::none)
        return out + (zh ? "未评定，没有概率。" : "no grade, so no probabilities.");
    const auto percent = [](double p) {
        const double rounded = std::nearbyint(p * 1000.0) / 10.0;
        if (p > 0.0 && rounded == 0.0) return std::string("<0.1%");
        if (p < 1.0 && rounded == 100.0) return std::string(">99.9%");
        return print_number(rounded) + "%";
    };
    const auto m = static_cast<std::size_t>(central_->method_of(row));
    bool first = true;
    std::map<int, double, std::greater<>> by_colour;
    const auto say = [&](const std::string& name, double p) {
        out += (first ? "" : zh ? "，" : ", ") + name + " " + percent(p);
        first = false;
    };
    for (std::size_t b = mine.bands.size(); b-- > 0;) {
        const auto level = central_->band_level(m, static_cast<std::uint8_t>(b));
        if (!level || mine.bands[b] <= 0.0) continue;
        if (level->grade)
            by_colour[static_cast<int>(*level->grade)] += mine.bands[b];
        else
            say(level_words(*level, lang), mine.bands[b]);
    }
    for (const auto& [grade, p] : by_colour)
        say(grade_words(static_cast<Grade>(grade), lang), p);
    if (mine.without > 0.0) say(zh ? "没有等级" : "no level", mine.without);
    out += zh ? "。" : ". ";
    const std::string cases = std::to_string(mine.cases);
    switch (mine.certainty) {
        case Certainty::none:
        case Certainty::certain:
            return out + (zh ? "各输入都是确定的值。" : "Every input is one value.");
        case Certainty::exact:
            return out + (zh ? "逐一计算 " + cases + " 种组合，结果精确。"
                             : "Exact: all " + cases + " combinations.");
        case Certainty::draws:
            break;
    }
    const std::string error = print_number(std::nearbyint(mine.standard_error * 1e5) / 1e3) + "%";
    return out + (zh ? "抽样 " + cases + " 次（种子 " + std::to_string(seed_) +
                           "），标准误差不超过 " + error + "。"
                     : cases + " draws (seed " + std::to_string(seed_) +
                           "), standard error at most " + error + ".");
}

}  // namespace safetyrisk::scoring
