#include <safetyrisk/scoring/current.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "answer_words.hpp"
#include "chain.hpp"
#include "core/id_numbers.hpp"
#include "core/json_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace safetyrisk::scoring {
namespace {

// A whole number, not negative, of a cell; nothing for an empty or another one.
std::optional<std::size_t> count_of(const Column& column, std::size_t row) {
    const NumberCell cell = column.number(row);
    if (cell.state != NumberCell::State::value || cell.value < 0 || cell.value > 1e9 ||
        cell.value != std::floor(cell.value))
        return std::nullopt;
    return static_cast<std::size_t>(cell.value);
}

std::optional<Date> date_of(const Column& column, std::size_t row) {
    if (column.is_missing(row)) return std::nullopt;
    if (column.type() == ColumnType::date) return column.date(row);
    return Date::parse(trim(column.print(row)));
}

std::optional<bool> is_major(std::string_view text) {
    const std::string_view word = trim(text);
    if (word == "major" || word == "重大" || word == "重大隐患" || word == "重大事故隐患")
        return true;
    if (word == "general" || word == "一般" || word == "一般隐患" || word == "一般事故隐患")
        return false;
    return std::nullopt;
}

// What a state is called when a hazard is closed, by the pack of states.
std::set<std::string, std::less<>> closed_words() {
    std::set<std::string, std::less<>> out;
    const auto pack = PackRegistry::builtin().find("hazard_states");
    const detail::Json document = detail::parse_json(pack->canonical, pack->id);
    for (const detail::JsonView& state :
         detail::JsonView(document, pack->id).at("content").at("states").items()) {
        if (state.at("id").text() != "closed") continue;
        for (const char* key : {"id", "zh", "en"})
            out.insert(state.at(key).text());
        for (const detail::JsonView& word : state.at("words").items())
            out.insert(word.text());
    }
    return out;
}

std::size_t whole(const detail::JsonView& number, double least, double most) {
    const double value = number.number();
    if (!(value >= least && value <= most) || value != std::floor(value))
        number.fail("must be a whole number of the allowed range", "应为允许范围内的整数");
    return static_cast<std::size_t>(value);
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string out;
    for (const std::string& text : texts) {
        if (!out.empty()) out += between;
        out += text;
    }
    return out;
}

// One finding or closing.
struct Event {
    std::int32_t day;
    bool closes;
    std::size_t hazard;
};

constexpr std::int32_t always = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();

// A hazard that names a row and cannot be counted: it may be open on the days [from, until).
struct Doubt {
    std::string hazard;
    std::int32_t from = always, until = never;
    bool major = true, general = true;
    std::size_t most = 1;  // hazards it may stand for

    bool covers(std::int32_t day) const { return day >= from && day < until; }
};

std::int32_t day_number(Date day) {
    return day - Date::of(1970, 1, 1);
}

class CurrentMaker {
public:
    CurrentMaker(const Graded& graded, const CurrentOptions& options, const CurrentRules& rules,
                 std::vector<CurrentRow>& rows, IssueTable& issues)
        : graded_(graded),
          options_(options),
          rules_(rules),
          rows_(rows),
          issues_(issues),
          doubts_(rows.size()) {}

    std::size_t used = 0;
    AnswerTable log{"log"};

    void count_columns() {
        const Table& input = graded_.input();
        if (input.find("open_major_hazards") == nullptr &&
            input.find("open_general_hazards") == nullptr)
            throw InputError(
                "no hazards: give a table of them, or the columns open_major_hazards and "
                "open_general_hazards of the register");
        for (std::size_t row = 0; row < rows_.size(); ++row)
            add_counts(input, row, {row}, graded_.id().print(row));
        name_missing(input);
    }

    // The grades on the day, with what is not known of hazards.
    void finish() {
        const std::int32_t day = day_number(options_.on);
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            settle(row, day);
            std::set<std::string> names;
            for (const Doubt& doubt : doubts_[row])
                if (doubt.covers(day)) names.insert(doubt.hazard);
            rows_[row].unread.assign(names.begin(), names.end());
        }
    }

    void take(const Table& hazards) {
        const Column* const key = hazards.find(options_.by);
        if (key == nullptr)
            throw InputError("the table of hazards has no column '" + options_.by +
                             "' to tie it to the register");
        const std::string mine = options_.by == "risk_point" ? "id" : options_.by;
        const Column* const own = mine == "id" ? &graded_.id() : graded_.input().find(mine);
        if (own == nullptr)
            throw InputError("the register has no column '" + mine + "' to tie hazards to");
        std::map<std::string, std::vector<std::size_t>> known;
        for (std::size_t row = 0; row < rows_.size(); ++row)
            if (!own->is_missing(row)) known[own->print(row)].push_back(row);
        if (hazards.find("open_major_hazards") != nullptr && hazards.find("found_on") == nullptr) {
            const std::vector<Repeated> repeated = find_repeated(hazards, *key, options_.by);
            for (std::size_t h = 0; h < hazards.rows(); ++h) {
                if (repeated[h] == Repeated::equal) continue;
                const auto* const rows = rows_of(known, hazards, *key, h);
                if (rows == nullptr) continue;
                if (repeated[h] == Repeated::differs)
                    add_doubt(*rows, all_of(key->print(h)));
                else if (add_counts(hazards, h, *rows, key->print(h)))
                    ++used;
            }
            name_missing(hazards);
            return;
        }
        const Column& found = needed(hazards, "found_on");
        const Column& grade = needed(hazards, "grade");
        const Column* const closed = hazards.find("closed_on");
        const Column* const state = hazards.find("state");
        const auto closing =
            state == nullptr ? std::set<std::string, std::less<>>() : closed_words();
        const Column* const id = hazards.find("id");
        const auto name = [&](std::size_t h) {
            return id == nullptr || id->is_missing(h) ? "#" + std::to_string(h) : id->print(h);
        };
        const std::vector<Repeated> repeated =
            id == nullptr ? std::vector<Repeated>(hazards.rows(), Repeated::no)
                          : find_repeated(hazards, *id, "id");
        std::vector<Event> events;
        std::vector<const std::vector<std::size_t>*> rows_by_hazard(hazards.rows());
        std::vector<bool> major(hazards.rows());
        for (std::size_t h = 0; h < hazards.rows(); ++h) {
            if (repeated[h] == Repeated::equal) continue;
            const auto* const rows = rows_of(known, hazards, *key, h);
            if (rows == nullptr) continue;
            Doubt doubt{name(h)};
            bool wrong = repeated[h] == Repeated::differs;
            const auto say = [&](std::string_view code, const char* column, const Column& cells) {
                if (!wrong) issue(code, hazards, h, column, cells.print(h));
                wrong = true;
            };
            const auto level = is_major(grade.print(h));
            if (!level) say("scoring.hazard_grade_unknown", "grade", grade);
            const auto from = date_of(found, h);
            if (!from) say("scoring.hazard_date_wrong", "found_on", found);
            std::optional<Date> to;
            bool in_order = true;
            if (closed != nullptr && !closed->is_missing(h)) {
                to = date_of(*closed, h);
                in_order = to && (!from || *from <= *to);
                if (!in_order) say("scoring.hazard_date_wrong", "closed_on", *closed);
            } else if (state != nullptr && closing.count(trim(state->print(h))) > 0) {
                say("scoring.hazard_closed_undated", "state", *state);
            }
            if (wrong) {
                // Of rows that contradict each other no cell is known to be right.
                if (repeated[h] == Repeated::no) {
                    if (level) (*level ? doubt.general : doubt.major) = false;
                    if (from && in_order) doubt.from = day_number(*from);
                    if (to && in_order) doubt.until = day_number(*to);
                }
                add_doubt(*rows, doubt);
                continue;
            }
            ++used;
            rows_by_hazard[h] = rows;
            major[h] = *level;
            if (*from <= options_.on) events.push_back({day_number(*from), false, h});
            if (to && *to <= options_.on) events.push_back({day_number(*to), true, h});
        }
        // The order of rows has no meaning, so days and names decide.
        std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
            if (a.day != b.day) return a.day < b.day;
            const std::string left = name(a.hazard);
            const std::string right = name(b.hazard);
            if (left != right) return left < right;
            return !a.closes && b.closes;
        });
        for (const Event& event : events)
            for (const std::size_t row : *rows_by_hazard[event.hazard]) {
                CurrentRow& point = rows_[row];
                settle(row, event.day);
                const std::uint8_t before = point.current;
                std::size_t& open = major[event.hazard] ? point.open_major : point.open_general;
                open += event.closes ? static_cast<std::size_t>(-1) : 1;
                settle(row, event.day);
                log.text("date", (Date::of(1970, 1, 1) + event.day).text());
                log.text("id", graded_.id().print(row));
                log.text("hazard", name(event.hazard));
                log.text("event", event.closes ? "closed" : "found");
                log.text("hazard_grade", major[event.hazard] ? "major" : "general");
                log.integer("open_major", static_cast<std::int64_t>(point.open_major));
                log.integer("open_general", static_cast<std::int64_t>(point.open_general));
                if (before != 0) log.text("before", to_string(static_cast<Grade>(before)));
                if (point.current != 0)
                    log.text("after", to_string(static_cast<Grade>(point.current)));
                if (point.rule != nullptr) log.text("rule", point.rule->id);
                log.end_row();
            }
    }

private:
    enum class Repeated : std::uint8_t { no, equal, differs };

    // Rows that do not stand because their id does so more than once; each is an issue.
    std::vector<Repeated> find_repeated(const Table& hazards, const Column& ids,
                                        std::string_view column) {
        std::vector<Repeated> out(hazards.rows(), Repeated::no);
        each_repeated(hazards, ids, Work{}, [&](std::size_t h, bool equal) {
            out[h] = equal ? Repeated::equal : Repeated::differs;
            issue(equal ? "hazard.row_repeated" : "hazard.id_conflict", hazards, h, column,
                  ids.print(h));
        });
        return out;
    }

    // Any number of hazards that the row `name` may have.
    static Doubt all_of(const std::string& name) {
        Doubt out{name};
        out.most = 1'000'000'000;
        return out;
    }

    void add_doubt(const std::vector<std::size_t>& rows, const Doubt& doubt) {
        for (const std::size_t row : rows)
            doubts_[row].push_back(doubt);
    }

    using Known = std::map<std::string, std::vector<std::size_t>>;

    static const Column& needed(const Table& hazards, const std::string& name) {
        const Column* const column = hazards.find(name);
        if (column == nullptr)
            throw InputError("the table of hazards has no column '" + name + "'");
        return *column;
    }

    const std::vector<std::size_t>* rows_of(const Known& known, const Table& hazards,
                                            const Column& key, std::size_t h) {
        if (key.is_missing(h)) {
            issue("scoring.hazard_place_missing", hazards, h, options_.by, "");
            return nullptr;
        }
        const auto it = known.find(key.print(h));
        if (it != known.end()) return &it->second;
        issue("scoring.hazard_place_unknown", hazards, h, options_.by, key.print(h));
        return nullptr;
    }

    void issue(std::string_view code, const Table& hazards, std::size_t h, std::string_view column,
               std::string_view value) {
        issues_.add(code, hazards.origin(), static_cast<std::int64_t>(h), column, value);
    }

    // False where a count is none. A missing one is no known hazard, which is said once of the
    // column.
    bool add_counts(const Table& table, std::size_t from, const std::vector<std::size_t>& rows,
                    const std::string& name) {
        std::size_t counts[2] = {};
        for (const std::size_t general : {0U, 1U}) {
            const Column* const column = table.find(count_columns_[general]);
            if (column == nullptr) continue;
            if (column->is_missing(from)) {
                ++missing_[general];
                continue;
            }
            const auto count = count_of(*column, from);
            if (!count) {
                issue("scoring.not_whole", table, from, count_columns_[general],
                      column->print(from));
                add_doubt(rows, all_of(name));
                return false;
            }
            counts[general] = *count;
        }
        for (const std::size_t row : rows) {
            rows_[row].open_major += counts[0];
            rows_[row].open_general += counts[1];
        }
        return true;
    }

    void name_missing(const Table& table) {
        for (const std::size_t general : {0U, 1U})
            if (missing_[general] > 0)
                issues_.add("scoring.hazard_count_missing", table.origin(), -1,
                            count_columns_[general], std::to_string(missing_[general]));
    }

    // More hazards never make a grade less grave, so it is known where all that may be open as well
    // would not change it.
    void settle(std::size_t r, std::int32_t day) {
        CurrentRow& row = rows_[r];
        if (row.inherent == 0) return;
        std::size_t major = row.open_major, general = row.open_general;
        for (const Doubt& doubt : doubts_[r]) {
            if (!doubt.covers(day)) continue;
            if (doubt.major) major += doubt.most;
            if (doubt.general) general += doubt.most;
        }
        const auto inherent = static_cast<Grade>(row.inherent);
        const auto [grade, rule] = rules_.apply(inherent, row.open_major, row.open_general);
        const bool known = rules_.apply(inherent, major, general).first == grade;
        row.current = known ? static_cast<std::uint8_t>(grade) : std::uint8_t{0};
        row.rule = known ? rule : nullptr;
    }

    const Graded& graded_;
    const CurrentOptions& options_;
    const CurrentRules& rules_;
    std::vector<CurrentRow>& rows_;
    IssueTable& issues_;
    std::vector<std::vector<Doubt>> doubts_;  // by row
    std::size_t missing_[2] = {};
    static constexpr const char* count_columns_[2] = {"open_major_hazards", "open_general_hazards"};
};

}  // namespace

CurrentRules CurrentRules::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "current_grade")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind +
                         "', not rules of the current grade");
    CurrentRules out;
    out.pack_ = std::move(pack);
    const detail::Json document = detail::parse_json(out.pack_->canonical, out.pack_->id);
    const detail::JsonView content = detail::JsonView(document, out.pack_->id).at("content");
    content.only({"rules"});
    for (const detail::JsonView& view : content.at("rules").items()) {
        view.only({"id", "count", "at_least", "set", "raise", "text"});
        Rule rule;
        rule.id = view.at("id").text();
        for (const Rule& other : out.rules_)
            if (other.id == rule.id) view.at("id").fail("two rules have this id", "规则编号重复");
        const std::string count = view.at("count").text();
        if (count != "major" && count != "general")
            view.at("count").fail("must be major or general", "应为 major 或 general");
        rule.major = count == "major";
        if (view.has("at_least")) rule.at_least = whole(view.at("at_least"), 1, 1e6);
        if (view.has("set") == view.has("raise"))
            view.fail("must have either set or raise", "set 和 raise 应恰有一个");
        if (view.has("set")) {
            rule.set = parse_grade(view.at("set").text());
            if (!rule.set)
                view.at("set").fail("must be red, orange, yellow or blue",
                                    "应为 red、orange、yellow 或 blue");
        } else {
            rule.raise = whole(view.at("raise"), 0, 3);
        }
        rule.text = read_words(view.at("text"));
        out.rules_.push_back(std::move(rule));
    }
    if (out.rules_.empty()) content.at("rules").fail("has no rule", "没有任何规则");
    const detail::JsonView root(document, out.pack_->id);
    if (!root.has("tests")) return out;
    for (const detail::JsonView& test : root.at("tests").items()) {
        test.only({"inherent", "open_major", "open_general", "current"});
        const auto grade = [&](const char* key) {
            const auto one = parse_grade(test.at(key).text());
            if (!one)
                test.at(key).fail("must be red, orange, yellow or blue",
                                  "应为 red、orange、yellow 或 blue");
            return *one;
        };
        const Grade inherent = grade("inherent");
        const Grade given = out.apply(inherent, whole(test.at("open_major"), 0, 1e6),
                                      whole(test.at("open_general"), 0, 1e6))
                                .first;
        if (given != grade("current"))
            test.at("current").fail("the rules give " + std::string(to_string(given)),
                                    "按规则得到 " + std::string(to_string(given)));
    }
    return out;
}

std::pair<Grade, const CurrentRules::Rule*> CurrentRules::apply(Grade inherent,
                                                                std::size_t open_major,
                                                                std::size_t open_general) const {
    std::pair<Grade, const Rule*> out{inherent, nullptr};
    for (const Rule& rule : rules_) {
        if ((rule.major ? open_major : open_general) < rule.at_least) continue;
        const auto raised =
            std::min<std::size_t>(4, static_cast<std::size_t>(inherent) + rule.raise);
        const Grade grade = rule.set ? graver(inherent, *rule.set) : static_cast<Grade>(raised);
        if (grade > out.first) out = {grade, &rule};
    }
    return out;
}

Current current_grades(const Graded& graded, const Table* hazards, const CurrentOptions& options) {
    if (options.rules == nullptr) throw InputError("no pack of kind 'current_grade' is given");
    Current out;
    out.graded_ = std::make_shared<const Graded>(graded);
    out.rules_ = std::make_shared<const CurrentRules>(CurrentRules::compile(options.rules));
    out.on_ = options.on;
    for (const Graded* const one : {&graded, options.residual.get()})
        if (one != nullptr && one->counts().without_colour > 0)
            throw InputError(std::to_string(one->counts().without_colour) +
                             " graded rows have no colour; name a colour map (colours=) when "
                             "grading");
    out.rows_.resize(graded.rows());
    for (std::size_t row = 0; row < graded.rows(); ++row)
        out.rows_[row].inherent = out.rows_[row].current = graded.grade()[row];
    CurrentMaker maker(*out.graded_, options, *out.rules_, out.rows_, out.issues_);
    if (hazards == nullptr) {
        maker.count_columns();
    } else {
        out.hazards_in_ = hazards->rows();
        maker.take(*hazards);
        out.hazards_used_ = maker.used;
    }
    maker.finish();
    out.log_ =
        std::move(maker.log).table({"date", "id", "hazard", "event", "hazard_grade", "open_major",
                                    "open_general", "before", "after", "rule"});
    if (options.residual == nullptr) return out;
    out.has_residual_ = true;
    std::map<std::string, std::uint8_t> residual;
    for (std::size_t row = 0; row < options.residual->rows(); ++row)
        if (options.residual->grade()[row] != 0)
            residual.emplace(options.residual->id().print(row), options.residual->grade()[row]);
    for (std::size_t row = 0; row < graded.rows(); ++row)
        if (const auto it = residual.find(graded.id().print(row)); it != residual.end())
            out.rows_[row].residual = it->second;
    return out;
}

Table Current::to_table() const {
    AnswerTable out("current");
    const auto colour = [](std::uint8_t grade) {
        return grade == 0 ? std::string_view() : to_string(static_cast<Grade>(grade));
    };
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        const CurrentRow& one = rows_[row];
        out.text("id", graded_->id().print(row));
        out.text("inherent", colour(one.inherent));
        out.text("current", colour(one.current));
        out.text("residual", colour(one.residual));
        out.integer("open_major", static_cast<std::int64_t>(one.open_major));
        out.integer("open_general", static_cast<std::int64_t>(one.open_general));
        out.integer("raised", one.current == 0 ? -1 : one.current - one.inherent);
        out.text("rule", one.rule == nullptr ? "" : one.rule->id);
        const bool unknown = one.inherent != 0 && one.current == 0;
        out.text("status", unknown ? "unknown" : to_string(graded_->state()[row]));
        out.text("unread", joined(one.unread, ";"));
        out.end_row();
    }
    return std::move(out).table({"id", "inherent", "current", "residual", "open_major",
                                 "open_general", "raised", "rule", "status", "unread"});
}

std::string Current::text(std::size_t row, Lang lang) const {
    const bool zh = lang == Lang::zh;
    if (row >= rows_.size()) throw NotFoundError("there is no row " + std::to_string(row));
    const CurrentRow& one = rows_[row];
    std::string out = graded_->id().print(row) + (zh ? "：" : ": ");
    const bool ungraded = one.inherent == 0;
    if (ungraded && one.open_major + one.open_general == 0 && one.unread.empty())
        return out + (zh ? "未评定，没有等级。" : "it has no grade.");
    const auto colour = [&](std::uint8_t grade) {
        return grade_words(static_cast<Grade>(grade), lang);
    };
    // What open hazards make of the mildest grade, they make of every grade at least.
    const auto [least, by] = ungraded ? rules_->apply(Grade::blue, one.open_major, one.open_general)
                                      : std::pair(Grade::blue, one.rule);
    out += zh ? "固有" : "inherent ";
    out += ungraded ? (zh ? "未评定" : "not graded") : colour(one.inherent);
    out += zh ? "；" + on_.text() + " 现状" : "; on " + on_.text() + " current ";
    if (ungraded && by != nullptr)
        out += zh ? "不低于" + grade_words(least, lang) : "at least " + grade_words(least, lang);
    else
        out += one.current == 0 ? (zh ? "未知" : "not known") : colour(one.current);
    const std::string open = zh ? "未销号重大隐患 " + std::to_string(one.open_major) +
                                      " 项、一般隐患 " + std::to_string(one.open_general) + " 项"
                                : std::to_string(one.open_major) + " major and " +
                                      std::to_string(one.open_general) + " general hazards open";
    out += (zh ? "（" : " (") + open;
    if (!one.unread.empty())
        out += (zh ? "；有误或相互矛盾、没有计入的隐患："
                   : "; wrong or contradictory, not counted: ") +
               joined(one.unread, zh ? "、" : ", ");
    if (by != nullptr)
        out += (zh ? "；" : "; ") + by->text.in(lang) + (zh ? "，规则 " : ", rule ") + by->id +
               (zh ? "（" : " (") + rules_->pack().id + (zh ? "）" : ")");
    out += zh ? "）" : ")";
    if (has_residual_) {
        out += zh ? "；采取措施后剩余" : "; residual after controls ";
        out += one.residual == 0 ? (zh ? "未评定" : "not graded") : colour(one.residual);
    }
    return out + (zh ? "。" : ".");
}

}  // namespace safetyrisk::scoring
