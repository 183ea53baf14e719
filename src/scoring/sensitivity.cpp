#include <safetyrisk/scoring/sensitivity.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "judge.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::scoring {
namespace {

// Judgements one step off.
std::vector<Judgement> one_step(const Judge& judge, std::size_t k, const Judgement& now) {
    std::vector<Judgement> out;
    const InputShape& shape = judge.shape(k);
    if (now.state != CellState::known) return out;
    if (shape.places.empty()) {
        if (judge.input(k).kind != InputKind::count) return out;
        for (const Int128 units : {now.units - 1, now.units + 1})
            if (units >= shape.low && units <= shape.high)
                out.push_back({units, 0.0, CellState::known});
        return out;
    }
    const auto place = judge.place(k, now);
    if (!place) {  // an average between two steps
        for (std::size_t q = 0; q + 1 < shape.places.size(); ++q)
            if (shape.places[q].real < now.real && now.real < shape.places[q + 1].real)
                return {shape.places[q], shape.places[q + 1]};
        return out;
    }
    const std::size_t rank = shape.ranks[*place];
    for (std::size_t q = 0; q < shape.places.size(); ++q) {
        if (q == *place) continue;
        const std::size_t other = shape.ranks[q];
        if (!shape.ordered || other + 1 == rank || rank + 1 == other)
            out.push_back(shape.places[q]);
    }
    return out;
}

// The height of a band: colour where there is one, else level.
int height(const Graded& graded, std::size_t m, std::uint8_t band) {
    const auto level = graded.band_level(m, band);
    if (!level) return 0;
    return level->grade ? static_cast<int>(*level->grade) : static_cast<int>(band) + 1;
}

// Heights count colours or levels that there are, so that a change is a number of grades.
std::vector<int> grades_of(const Graded& graded, std::size_t m) {
    std::set<int> all;
    const std::size_t count = graded.methods()[m]->bands().size();
    for (std::size_t b = 0; b < count; ++b)
        all.insert(height(graded, m, static_cast<std::uint8_t>(b)));
    std::vector<int> out;
    for (std::size_t b = 0; b < count; ++b)
        out.push_back(static_cast<int>(
            std::distance(all.begin(), all.find(height(graded, m, static_cast<std::uint8_t>(b))))));
    return out;
}

struct Shares {
    std::size_t neighbours = 0, changed = 0, raised = 0, lowered = 0;
    void add(const Neighbour& one) {
        ++neighbours;
        changed += one.change != 0 ? 1U : 0U;
        raised += one.change > 0 ? 1U : 0U;
        lowered += one.change < 0 ? 1U : 0U;
    }
    double share() const {
        return neighbours == 0 ? nan_value
                               : static_cast<double>(changed) / static_cast<double>(neighbours);
    }
    void write(AnswerTable& out) const {
        out.integer("neighbours", static_cast<std::int64_t>(neighbours));
        out.integer("changed", static_cast<std::int64_t>(changed));
        out.integer("raised", static_cast<std::int64_t>(raised));
        out.integer("lowered", static_cast<std::int64_t>(lowered));
        out.number("share", share());
    }
};

}  // namespace

Sensitivity sensitivity(const Graded& graded, const SensitivityOptions& options) {
    Sensitivity out;
    out.graded_ = std::make_shared<const Graded>(graded);
    out.rows_ = options.rows;
    if (out.rows_.empty())
        for (std::size_t row = 0; row < graded.rows(); ++row)
            out.rows_.push_back(row);
    std::vector<std::unique_ptr<const Judge>> judges;
    std::vector<std::unique_ptr<const Judge::Rows>> read;
    std::vector<std::vector<int>> grades;
    for (std::size_t m = 0; m < graded.methods().size(); ++m) {
        judges.push_back(std::make_unique<const Judge>(graded.methods()[m], graded.averaged()));
        read.push_back(std::make_unique<const Judge::Rows>(*judges[m], graded.input()));
        grades.push_back(grades_of(graded, m));
    }
    struct Question {
        std::size_t method;
        Case base;
        std::uint8_t band;
        int floor;  // of a direct rule, as a grade; 0 none
        std::shared_ptr<std::vector<Neighbour>> answer;
    };
    std::vector<Question> questions;
    std::unordered_map<std::string, std::size_t> known;
    const auto none = std::make_shared<const std::vector<Neighbour>>();
    for (const std::size_t row : out.rows_) {
        if (row >= graded.rows())
            throw NotFoundError("there is no row " + std::to_string(row) + "; the register has " +
                                std::to_string(graded.rows()) + " rows");
        if (graded.method_of(row) < 0 || graded.state()[row] != RowState::graded ||
            graded.band(row) == 255 || !graded.level(row)) {
            out.answers_.push_back(none);
            continue;
        }
        const auto m = static_cast<std::size_t>(graded.method_of(row));
        Question question{m, (*read[m])(row), graded.band(row), 0, nullptr};
        if (const DirectRule* const rule = graded.direct_rule(row); rule != nullptr)
            for (std::size_t b = 0; b < grades[m].size(); ++b)
                if (height(graded, m, static_cast<std::uint8_t>(b)) <=
                    static_cast<int>(rule->grade))
                    question.floor = std::max(question.floor, grades[m][b]);
        std::string key = std::to_string(m) + "|" + std::to_string(question.floor) + "|" +
                          case_key(question.base);
        const auto [it, fresh] = known.emplace(std::move(key), questions.size());
        if (fresh) {
            question.answer = std::make_shared<std::vector<Neighbour>>();
            questions.push_back(std::move(question));
        }
        out.answers_.push_back(questions[it->second].answer);
    }
    for_rows(questions.size(), 256, options.work, [&](std::size_t begin, std::size_t end) {
        std::map<std::size_t, Judge::Space> spaces;
        for (std::size_t q = begin; q < end; ++q) {
            const Question& question = questions[q];
            const Judge& judge = *judges[question.method];
            const std::vector<int>& mine = grades[question.method];
            Judge::Space& space = spaces.try_emplace(question.method, judge).first->second;
            const int now = std::max(mine[question.band], question.floor);
            for (std::size_t k = 0; k < judge.inputs(); ++k)
                for (const Judgement& value : one_step(judge, k, question.base[k])) {
                    Case made = question.base;
                    made[k] = value;
                    const Verdict verdict = judge.judge(space, made);
                    Neighbour one;
                    one.input = k;
                    one.to = judge.text(k, value);
                    one.to_words = {judge.words(k, value, Lang::zh),
                                    judge.words(k, value, Lang::en)};
                    one.score = verdict.score;
                    if (verdict.state == RowState::graded) {
                        one.band = verdict.band;
                        one.change = std::max(mine[verdict.band], question.floor) - now;
                    }
                    question.answer->push_back(std::move(one));
                }
        }
    });
    return out;
}

Table Sensitivity::to_table() const {
    AnswerTable out("sensitivity");
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::size_t row = rows_[i];
        const std::int16_t m = graded_->method_of(row);
        const auto level = graded_->level(row);
        const std::uint8_t grade = graded_->grade()[row];
        out.integer("row", static_cast<std::int64_t>(row));
        out.text("id", graded_->id().print(row));
        out.text("method", m < 0 ? "" : graded_->methods()[static_cast<std::size_t>(m)]->id());
        out.text("level", level ? level->label : "");
        out.text("grade", grade == 0 ? "" : to_string(static_cast<Grade>(grade)));
        out.text("status", to_string(graded_->state()[row]));
        Shares shares;
        std::string inputs;
        std::size_t last = static_cast<std::size_t>(-1);
        for (const Neighbour& one : neighbours(i)) {
            shares.add(one);
            if (one.change == 0 || one.input == last) continue;
            last = one.input;
            inputs += (inputs.empty() ? "" : ";") +
                      graded_->methods()[static_cast<std::size_t>(m)]->inputs()[last].id;
        }
        if (level) shares.write(out);
        out.text("inputs", inputs);
        std::string kept;
        for (const std::size_t k : not_varied(i))
            kept += (kept.empty() ? "" : ";") +
                    graded_->methods()[static_cast<std::size_t>(m)]->inputs()[k].id;
        out.text("not_varied", kept);
        out.end_row();
    }
    return std::move(out).table({"row", "id", "method", "level", "grade", "status", "neighbours",
                                 "changed", "raised", "lowered", "share", "inputs", "not_varied"});
}

Table Sensitivity::neighbours_table(Lang lang) const {
    AnswerTable out("neighbours");
    std::vector<std::unique_ptr<const Judge>> judges;
    std::vector<std::unique_ptr<const Judge::Rows>> read;
    for (const auto& method : graded_->methods()) {
        judges.push_back(std::make_unique<const Judge>(method, graded_->averaged()));
        read.push_back(std::make_unique<const Judge::Rows>(*judges.back(), graded_->input()));
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (neighbours(i).empty()) continue;
        const auto m = static_cast<std::size_t>(graded_->method_of(rows_[i]));
        const Case base = (*read[m])(rows_[i]);
        for (const Neighbour& one : neighbours(i)) {
            const MethodInput& input = graded_->methods()[m]->inputs()[one.input];
            out.integer("row", static_cast<std::int64_t>(rows_[i]));
            out.text("id", graded_->id().print(rows_[i]));
            out.text("input", input.id);
            out.text("name", input.name.in(lang));
            out.text("from", judges[m]->text(one.input, base[one.input]));
            out.text("to", one.to);
            out.number("score", one.score);
            if (one.band >= 0) {
                const auto level = graded_->band_level(m, static_cast<std::uint8_t>(one.band));
                out.text("level", level->label);
                out.text("grade", level->grade ? to_string(*level->grade) : "");
            }
            out.text("change", one.band < 0     ? "none"
                               : one.change > 0 ? "raise"
                               : one.change < 0 ? "lower"
                                                : "same");
            out.end_row();
        }
    }
    return std::move(out).table(
        {"row", "id", "input", "name", "from", "to", "score", "level", "grade", "change"});
}

Table Sensitivity::inputs(Lang lang) const {
    AnswerTable out("inputs");
    std::vector<std::vector<Shares>> shares;
    for (const auto& method : graded_->methods())
        shares.emplace_back(method->inputs().size());
    for (std::size_t i = 0; i < rows_.size(); ++i)
        for (const Neighbour& one : neighbours(i))
            shares[static_cast<std::size_t>(graded_->method_of(rows_[i]))][one.input].add(one);
    for (std::size_t m = 0; m < shares.size(); ++m)
        for (std::size_t k = 0; k < shares[m].size(); ++k) {
            const Method& method = *graded_->methods()[m];
            out.text("method", method.id());
            out.text("input", method.inputs()[k].id);
            out.text("name", method.inputs()[k].name.in(lang));
            shares[m][k].write(out);
            out.end_row();
        }
    return std::move(out).table(
        {"method", "input", "name", "neighbours", "changed", "raised", "lowered", "share"});
}

std::string Sensitivity::text(std::size_t i, Lang lang) const {
    const bool zh = lang == Lang::zh;
    const std::size_t row = rows_.at(i);
    std::string out = graded_->id().print(row) + (zh ? "：" : ": ");
    const auto level = graded_->level(row);
    if (!level || graded_->state()[row] != RowState::graded)
        return out + (zh ? "没有等级，无从比较。" : "no grade to compare with.");
    out += (zh ? "现为" : "now ") + level_words(*level, lang) + (zh ? "。" : ". ");
    Shares shares;
    for (const Neighbour& one : neighbours(i))
        shares.add(one);
    if (shares.neighbours == 0)
        return out + (zh ? "没有可以变动一级的判断。" : "no judgement can be a step off.");
    const std::string all = std::to_string(shares.neighbours);
    const std::string changed = std::to_string(shares.changed);
    out += zh ? "每次只把一个判断变动一级，共 " + all + " 种，其中 " + changed + " 种等级改变"
              : "Of " + all + " single judgements one step off, " + changed + " change the grade";
    const auto lost = std::count_if(neighbours(i).begin(), neighbours(i).end(),
                                    [](const Neighbour& one) { return one.band < 0; });
    if (lost > 0)
        out += zh ? "，" + std::to_string(lost) + " 种无法评定"
                  : ", " + std::to_string(lost) + " cannot be graded";
    else if (shares.changed == 0)
        out += zh ? "，等级不变" : "";
    if (shares.changed > 0)
        out += zh ? "（升 " + std::to_string(shares.raised) + "，降 " +
                        std::to_string(shares.lowered) + "）："
                  : " (" + std::to_string(shares.raised) + " raise, " +
                        std::to_string(shares.lowered) + " lower it): ";
    const auto m = static_cast<std::size_t>(graded_->method_of(row));
    bool first = true;
    for (const Neighbour& one : neighbours(i)) {
        if (one.change == 0 || one.band < 0) continue;
        const MethodInput& input = graded_->methods()[m]->inputs()[one.input];
        const Level to = *graded_->band_level(m, static_cast<std::uint8_t>(one.band));
        out += (first ? ""
                : zh  ? "；"
                      : "; ") +
               input.called(lang) + (zh ? " 取 " : " = ") + one.to_words.in(lang) +
               (zh ? " 时为" : " gives ") + level_words(to, lang);
        first = false;
    }
    out += zh ? "。" : ".";
    std::string kept;
    for (const std::size_t k : not_varied(i))
        kept += (kept.empty() ? ""
                 : zh         ? "、"
                              : ", ") +
                graded_->methods()[m]->inputs()[k].called(lang);
    if (!kept.empty())
        out += zh ? "测量值没有变动：" + kept + "（离边界多远见反事实）。"
                  : " Measured numbers were not varied: " + kept +
                        " (counterfactual() tells how far their edges are).";
    return out;
}

std::vector<std::size_t> Sensitivity::not_varied(std::size_t i) const {
    std::vector<std::size_t> out;
    const std::size_t row = rows_[i];
    if (graded_->method_of(row) < 0 || graded_->state()[row] != RowState::graded) return out;
    const std::vector<MethodInput>& inputs =
        graded_->methods()[static_cast<std::size_t>(graded_->method_of(row))]->inputs();
    for (std::size_t k = 0; k < inputs.size(); ++k) {
        const bool varied = std::any_of(neighbours(i).begin(), neighbours(i).end(),
                                        [&](const Neighbour& one) { return one.input == k; });
        const Column* const column = graded_->input().find(inputs[k].id);
        if (!varied && inputs[k].kind == InputKind::number && column != nullptr &&
            !column->is_missing(row))
            out.push_back(k);
    }
    return out;
}

Disagreement disagreement(const Table& table, const GradeOptions& options,
                          const std::string& grader) {
    const Column* const id = table.find("id");
    const Column* const who = table.find(grader);
    if (id == nullptr) throw InputError("the table has no column 'id' of what was graded");
    if (who == nullptr) throw InputError("the table has no column '" + grader + "' of graders");
    const std::size_t n = table.rows();
    // A grading is one object by one grader.
    std::vector<std::string> gradings;
    std::vector<std::uint8_t> valid;
    for (std::size_t row = 0; row < n; ++row) {
        gradings.push_back(id->print(row) + " / " + who->print(row));
        valid.push_back(id->is_missing(row) || who->is_missing(row) ? 0 : 1);
    }
    Table renamed(table.origin());
    renamed.add("id", Column::of(gradings, valid));
    for (std::size_t c = 0; c < table.size(); ++c)
        if (table.name(c) != "id") renamed.add(table.name(c), table.column(c));
    Disagreement out;
    out.graded_ = std::make_shared<const Graded>(grade(std::move(renamed), options));
    const Graded& graded = *out.graded_;

    std::vector<std::unique_ptr<const Judge>> judges;
    std::vector<std::unique_ptr<const Judge::Rows>> read;
    std::vector<std::vector<int>> grades;
    std::vector<Judge::Space> spaces;
    struct Pulls {
        std::size_t differs = 0, matters = 0;
    };
    std::vector<std::vector<Pulls>> pulls;
    for (std::size_t m = 0; m < graded.methods().size(); ++m) {
        judges.push_back(std::make_unique<const Judge>(graded.methods()[m], graded.averaged()));
        read.push_back(std::make_unique<const Judge::Rows>(*judges[m], graded.input()));
        grades.push_back(grades_of(graded, m));
        spaces.emplace_back(*judges[m]);
        pulls.emplace_back(judges[m]->inputs());
    }
    std::map<std::string, std::vector<std::size_t>> objects;
    for (std::size_t row = 0; row < n; ++row)
        if (!id->is_missing(row)) objects[id->print(row)].push_back(row);
    out.objects_ = objects.size();
    AnswerTable pair_rows("pairs");
    AnswerTable object_rows("objects");
    for (const auto& [object, rows] : objects) {
        std::size_t pairs = 0;
        std::size_t differ = 0;
        std::size_t matter = 0;
        std::set<std::string> due;
        std::vector<std::size_t> mine;
        for (const std::size_t row : rows)
            if (graded.state()[row] == RowState::graded && graded.band(row) != 255)
                mine.push_back(row);
        std::sort(mine.begin(), mine.end(),
                  [&](std::size_t a, std::size_t b) { return who->print(a) < who->print(b); });
        std::map<int, std::size_t, std::greater<>> seen;
        std::map<int, std::string> names;
        for (const std::size_t row : mine) {
            const auto m = static_cast<std::size_t>(graded.method_of(row));
            const int here = grades[m][graded.band(row)];
            const auto level = graded.level(row);
            ++seen[here];
            names[here] = !level         ? ""
                          : level->grade ? std::string(to_string(*level->grade))
                                         : level->label;
        }
        for (std::size_t a = 0; a < mine.size(); ++a)
            for (std::size_t b = a + 1; b < mine.size(); ++b) {
                const auto m = static_cast<std::size_t>(graded.method_of(mine[a]));
                if (graded.method_of(mine[b]) != graded.method_of(mine[a])) continue;
                ++pairs;
                const Case left = (*read[m])(mine[a]);
                const Case right = (*read[m])(mine[b]);
                if (left == right) continue;
                ++differ;
                const int here = grades[m][graded.band(mine[a])];
                const int there = grades[m][graded.band(mine[b])];
                matter += here != there ? 1U : 0U;
                std::string inputs;
                std::string decides;
                for (std::size_t k = 0; k < left.size(); ++k) {
                    if (left[k] == right[k]) continue;
                    const std::string& name = judges[m]->input(k).id;
                    inputs += (inputs.empty() ? "" : ";") + name;
                    ++pulls[m][k].differs;
                    if (here == there) continue;
                    bool alone = false;
                    for (const bool forth : {true, false}) {
                        Case mixed_case = forth ? left : right;
                        mixed_case[k] = forth ? right[k] : left[k];
                        const Verdict verdict = judges[m]->judge(spaces[m], mixed_case);
                        if (verdict.state != RowState::graded) continue;
                        alone = alone || grades[m][verdict.band] != (forth ? here : there);
                    }
                    if (!alone) continue;
                    ++pulls[m][k].matters;
                    decides += (decides.empty() ? "" : ";") + name;
                    due.insert(name);
                }
                const auto level = graded.level(mine[a]);
                const auto other = graded.level(mine[b]);
                pair_rows.text("id", object);
                pair_rows.text("method", graded.methods()[m]->id());
                pair_rows.text("grader", who->print(mine[a]));
                pair_rows.text("other", who->print(mine[b]));
                pair_rows.text("inputs", inputs);
                pair_rows.text("level", level ? level->label : "");
                pair_rows.text("other_level", other ? other->label : "");
                if (level && level->grade) pair_rows.text("grade", to_string(*level->grade));
                if (other && other->grade) pair_rows.text("other_grade", to_string(*other->grade));
                pair_rows.boolean("differs", here != there);
                pair_rows.text("due_to", decides);
                pair_rows.end_row();
            }
        out.pairs_ += pairs;
        out.inputs_differ_ += differ;
        out.grades_differ_ += matter;
        out.compared_ += pairs > 0 ? 1U : 0U;
        std::string shown;
        for (const auto& [here, times] : seen)
            shown += (shown.empty() ? "" : ";") + names[here] + ":" + std::to_string(times);
        std::string due_to;
        for (const std::string& name : due)
            due_to += (due_to.empty() ? "" : ";") + name;
        object_rows.text("id", object);
        object_rows.integer("gradings", static_cast<std::int64_t>(rows.size()));
        object_rows.integer("graded", static_cast<std::int64_t>(mine.size()));
        object_rows.integer("pairs", static_cast<std::int64_t>(pairs));
        object_rows.integer("inputs_differ", static_cast<std::int64_t>(differ));
        object_rows.integer("grades_differ", static_cast<std::int64_t>(matter));
        object_rows.number(
            "share",
            differ == 0 ? nan_value : static_cast<double>(matter) / static_cast<double>(differ));
        object_rows.text("grades", shown);
        object_rows.text("due_to", due_to);
        object_rows.end_row();
    }
    AnswerTable input_rows("inputs");
    for (std::size_t m = 0; m < pulls.size(); ++m)
        for (std::size_t k = 0; k < pulls[m].size(); ++k) {
            input_rows.text("method", graded.methods()[m]->id());
            input_rows.text("input", judges[m]->input(k).id);
            input_rows.integer("differs", static_cast<std::int64_t>(pulls[m][k].differs));
            input_rows.integer("matters", static_cast<std::int64_t>(pulls[m][k].matters));
            input_rows.number("share", pulls[m][k].differs == 0
                                           ? nan_value
                                           : static_cast<double>(pulls[m][k].matters) /
                                                 static_cast<double>(pulls[m][k].differs));
            input_rows.end_row();
        }
    out.pair_table_ =
        std::move(pair_rows).table({"id", "method", "grader", "other", "inputs", "level",
                                    "other_level", "grade", "other_grade", "differs", "due_to"});
    out.object_table_ = std::move(object_rows)
                            .table({"id", "gradings", "graded", "pairs", "inputs_differ",
                                    "grades_differ", "share", "grades", "due_to"});
    out.input_table_ =
        std::move(input_rows).table({"method", "input", "differs", "matters", "share"});
    return out;
}

namespace {

std::string input_words(const Graded& graded, const std::string& method, const std::string& input,
                        Lang lang) {
    for (const auto& one : graded.methods()) {
        if (one->id() != method) continue;
        for (const MethodInput& known : one->inputs())
            if (known.id == input) return known.called(lang);
    }
    return input;
}

}  // namespace

std::string Disagreement::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const auto number = [](std::size_t n) { return std::to_string(n); };
    std::string out = zh ? number(objects_) + " 个对象，其中 " + number(compared_) +
                               " 个有两人以上评定，成对比较 " + number(pairs_) +
                               " 对：输入不同的 " + number(inputs_differ_) +
                               " 对，其中等级也不同的 " + number(grades_differ_) + " 对"
                         : number(objects_) + " objects, " + number(compared_) +
                               " of them graded twice or more, " + number(pairs_) +
                               " pairs: inputs differ in " + number(inputs_differ_) + ", and in " +
                               number(grades_differ_) + " of these the grades, too";
    if (inputs_differ_ > 0) {
        const double share =
            1000.0 * static_cast<double>(grades_differ_) / static_cast<double>(inputs_differ_);
        out += (zh ? "（" : " (") +
               print_number(static_cast<double>(static_cast<std::int64_t>(share + 0.5)) / 10.0) +
               (zh ? "%）" : "%)");
    }
    const Column& methods = input_table_.at("method");
    const Column& inputs = input_table_.at("input");
    const Column& matters = input_table_.at("matters");
    std::string due;
    for (std::size_t row = 0; row < input_table_.rows(); ++row)
        if (const double times = matters.number(row).value; times > 0)
            due += (due.empty() ? ""
                    : zh        ? "，"
                                : ", ") +
                   input_words(*graded_, methods.print(row), inputs.print(row), lang) + " " +
                   print_number(times) + (zh ? " 对" : "");
    if (!due.empty())
        out += (zh ? "；单独起决定作用的输入：" : "; inputs that alone decide: ") + due;
    return out + (zh ? "。" : ".");
}

}  // namespace safetyrisk::scoring
