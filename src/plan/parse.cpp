#include <safetyrisk/plan/plan.hpp>

#include "clauses.hpp"
#include "expand.hpp"
#include "lexicon.hpp"
#include "structure.hpp"
#include "text.hpp"
#include "times.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

// What a repair did.
struct RepairWords {
    std::string_view rule, chinese, english;
};
constexpr std::array<RepairWords, 13> repairs = {
    {{"date.sign", "补全日期", "a date made whole"},
     {"unit.name", "改正单位名称", "a unit's name put right"},
     {"text.blank", "去掉空格", "a blank left out"},
     {"text.blank_list", "空格改为顿号", "a blank between names read as a mark"},
     {"text.bracket", "补全括号", "a bracket put back"},
     {"text.columns", "按栏分开", "columns parted"},
     {"text.line_joined", "接回断行", "a broken line joined"},
     {"text.page_chrome", "去掉页眉页脚", "what frames a page left out"},
     {"text.repeated_head", "去掉重复的表头", "a table's head that stands again left out"},
     {"text.spread", "去掉字间空格", "blanks between signs left out"},
     {"text.stray_plus", "去掉多余符号", "a stray sign left out"},
     {"text.table_residue", "去掉表格残留", "what a table left behind left out"},
     {"text.word_residue", "去掉排版残留", "what a word processor left behind left out"}}};
RepairWords repair_words(std::string_view rule) {
    for (const RepairWords& one : repairs)
        if (one.rule == rule) return one;
    return {rule, rule, rule};
}

constexpr int first_year = 1949, last_year = 2199;

bool contains_any(Chars chars, std::initializer_list<Chars> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](Chars word) { return chars.find(word) != Chars::npos; });
}

// The heading or first clause of an item.
Chars title_of(const Text& text, std::size_t begin, std::size_t end) {
    std::size_t i = begin, depth = 0;
    while (i < end) {
        const char16_t c = text.chars[i];
        if (c == u'“' || c == u'《') ++depth;
        if ((c == u'”' || c == u'》') && depth > 0) --depth;
        if (c == u'\n' || (depth == 0 && (c == u'。' || c == u';' || c == u':'))) break;
        if (c == u'(' && i > begin + 2) {
            const std::size_t close = closing(text, i, end);
            if (label_at_start(text.view(i + 1, std::min(end, i + 10))) != nullptr) break;
            if (close < end && predicate_at_end(text.view(i + 1, close))) break;
        }
        ++i;
    }
    Chars title = text.view(begin, i);
    // A long first sentence: up to its first comma.
    if (title.size() > 30) {
        const std::size_t comma = title.find(u',');
        if (comma != Chars::npos && comma >= 4) title = title.substr(0, comma);
    }
    if (title.size() > 60) title = title.substr(0, 60);
    // No bracket stays open.
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < title.size(); ++k) {
        if (title[k] == u'(') open.push_back(k);
        if (title[k] == u')' && !open.empty()) open.pop_back();
    }
    if (!open.empty() && open.front() > 1) title = title.substr(0, open.front());
    while (!title.empty() && is_blank(title.back()))
        title.remove_suffix(1);
    return title;
}

// Where the words end before the first clause that stands behind them in brackets or under a
// label.
std::size_t before_clause(const Text& text, std::size_t begin, std::size_t end,
                          const Assignments& found) {
    constexpr std::size_t shortest = 3;
    std::size_t out = end;
    const auto cut = [&](std::size_t a) {
        if (a >= out || a < begin + shortest) return;
        if (text.chars[a - 1] == u'(')
            --a;
        else if (text.chars[a] != u'(' &&
                 label_at_start(text.view(a, std::min(end, a + 10))) == nullptr)
            return;
        if (a < begin + shortest) return;
        while (a > begin && (text.chars[a - 1] == u',' || is_blank(text.chars[a - 1])))
            --a;
        if (a >= begin + shortest) out = a;
    };
    for (const auto& [a, b] : found.taken)
        cut(a);
    for (const auto& [a, b] : found.unread)
        cut(a);
    return out;
}

class Parser {
public:
    Parser(std::string_view utf8, const ParseOptions& options)
        : text_(read_text(utf8)), structure_(read_structure(text_)) {
        if (options.year && (*options.year < first_year || *options.year > last_year))
            throw InputError("year: " + std::to_string(*options.year) +
                             " is not from 1949 to 2199");
        plan_.id = options.id;
        plan_.title = structure_.title;
        plan_.issuer = structure_.issuer;
        plan_.issued = structure_.issued;
        plan_.year = options.year;
        if (!plan_.year) plan_.year = structure_.title_year;
        if (!plan_.year && plan_.issued)
            plan_.year = static_cast<int>(plan_.issued->civil().year());
        if (!plan_.year) plan_.year = structure_.number_year;
        if (!plan_.year) plan_.year = structure_.text_year;
    }

    PlanText run() {
        plan_.addressees =
            read_names(text_, structure_.addressees_begin, structure_.addressees_end);
        nodes();
        // The only year that the deadlines of the plan name is that of those without one.
        if (!plan_.year)
            if (const auto year = only_deadline_year()) {
                plan_.year = year;
                plan_.tasks.clear();
                unread_.clear();
                open_.clear();
                together_.clear();
                row_numbers_.clear();
                nodes();
            }
        expand(plan_);
        list_mended();
        report();
        plan_.repairs = std::move(text_.repairs);
        return std::move(plan_);
    }

private:
    Context context() const { return {plan_.year, plan_.issued, structure_.bare}; }

    void nodes() {
        for (std::size_t i = 0; i < structure_.nodes.size(); ++i)
            node(i);
    }

    std::optional<int> only_deadline_year() const {
        std::optional<int> found;
        bool wanted = false;
        for (const Task& task : plan_.tasks)
            for (const Deadline& one : task.deadlines) {
                if (one.date.starts_with("--")) {
                    wanted = wanted || one.rule != "deadline.yearly";
                    continue;
                }
                const int year = std::stoi(one.date.substr(0, 4));
                if (found && *found != year) return std::nullopt;
                found = year;
            }
        return wanted ? found : std::nullopt;
    }

    void issue(std::string_view code, std::int64_t task, std::string_view value = {},
               std::initializer_list<std::string_view> more = {}) {
        plan_.issues.add(code, origin_, task, {}, value, more);
    }

    // What was mended where it was read, among the repairs of the text.
    void list_mended() {
        for (const Task& task : plan_.tasks) {
            for (const UnitMention& unit : task.units)
                if (unit.confidence == Confidence::mended)
                    mended("unit.name", unit.span, unit.name);
            for (const Deadline& one : task.deadlines)
                if (one.confidence == Confidence::mended)
                    mended("date.sign", one.span, day_as_printed(one.date));
        }
        std::stable_sort(
            text_.repairs.begin(), text_.repairs.end(),
            [](const Repair& a, const Repair& b) { return a.span.begin < b.span.begin; });
    }
    // The character that a code point of the given text became.
    std::size_t at(std::uint32_t point) const {
        const auto found = std::lower_bound(text_.origin.begin(), text_.origin.end(), point);
        return std::min(static_cast<std::size_t>(found - text_.origin.begin()), text_.size());
    }
    // The characters that code points of the given text became.
    std::string printed(Span span) const {
        const std::size_t end = at(span.end);
        const std::size_t begin = std::min(at(span.begin), end);
        return to_utf8(text_.view(begin, end));
    }
    void mended(const char* rule, Span span, std::string after) {
        text_.repairs.push_back({rule, span, printed(span), std::move(after)});
    }
    // 2026-04-25 as 2026年4月25日.
    static std::string day_as_printed(const std::string& date) {
        const bool year = !date.starts_with("--");
        const std::size_t month = year ? 5 : 2;
        return (year ? date.substr(0, 4) + "年" : std::string()) +
               std::to_string(std::stoi(date.substr(month, 2))) + "月" +
               std::to_string(std::stoi(date.substr(month + 3, 2))) + "日";
    }

    void report() {
        if (plan_.tasks.empty()) issue("plan.no_tasks", -1);
        bool undated = false;
        for (const Task& task : plan_.tasks)
            for (const Deadline& one : task.deadlines)
                undated = undated || (one.date.starts_with("--") && !plan_.year);
        if (undated) issue("plan.year_unknown", -1);
        const auto bad = std::count(text_.chars.begin(), text_.chars.end(), char16_t{0xFFFD});
        if (bad > 0) issue("plan.bad_characters", -1, std::to_string(bad));
        // How a table or page is laid out is no damage.
        const auto laid_out = [](const Repair& one) {
            return one.rule == "text.table_residue" || one.rule == "text.columns" ||
                   one.rule == "text.repeated_head" || one.rule == "text.page_chrome";
        };
        const auto first = std::find_if_not(text_.repairs.begin(), text_.repairs.end(), laid_out);
        if (first != text_.repairs.end()) {
            const auto count = std::count_if(first, text_.repairs.end(),
                                             [&](const Repair& one) { return !laid_out(one); });
            const RepairWords words = repair_words(first->rule);
            std::string before;  // on one line
            for (const char c : first->before) {
                if (c == '\n')
                    before += "⏎";
                else if (c != '\r')
                    before += c;
            }
            issue("plan.repaired", -1, before,
                  {std::to_string(count), words.chinese, words.english});
        }
        for (const auto& [task, clause] : unread_)
            issue("plan.clause_unread", task, clause);
        for (const auto& [task, words] : open_)
            issue("plan.deadline_open", task, words);
        for (std::size_t i = 0; i < plan_.tasks.size(); ++i)
            for (const Deadline& one : plan_.tasks[i].deadlines)
                if (one.rule == "deadline.before_month")
                    issue("plan.deadline_unclear", static_cast<std::int64_t>(i), printed(one.span),
                          {one.date});
        for (std::size_t i = 0; i < plan_.tasks.size(); ++i)
            for (const Deadline& one : plan_.tasks[i].deadlines)
                if (before_plan(one.date))
                    issue("plan.deadline_past", static_cast<std::int64_t>(i), printed(one.span),
                          {one.date, std::to_string(*plan_.year)});
        if (!columns_unread_.empty()) {
            std::string names;
            for (const std::string& name : columns_unread_)
                names += (names.empty() ? "" : "、") + name;
            issue("plan.columns_unread", -1, names);
        }
        for (const std::int64_t task : together_)
            issue("plan.assignments_together", task,
                  plan_.tasks[static_cast<std::size_t>(task)].title);
        report_numbers();
    }

    // Whether a day was over before the plan's year began and before the plan was issued.
    bool before_plan(const std::string& date) const {
        if (!plan_.year || date.starts_with("--")) return false;
        return std::stoi(date.substr(0, 4)) < *plan_.year &&
               (!plan_.issued || date < plan_.issued->text());
    }

    // Gaps and repetitions of a numbering that runs on.
    void report_numbers() {
        std::array<int, 10> last{};
        for (const Node& node : structure_.nodes) {
            if (node.style == 0 || node.style >= 8 || node.number == 0) continue;
            auto& before = last[static_cast<std::size_t>(node.style)];
            if (node.number != 1 && node.number != before + 1)
                issue(node.number == before ? "plan.number_repeated" : "plan.number_missing", -1,
                      node.no, {std::to_string(before)});
            before = node.number;
        }
        // Rows of one number have a merged cell; a table that another follows may run on or begin
        // with any number.
        for (std::size_t k = 1; k < row_numbers_.size(); ++k) {
            const auto& [table, task, number] = row_numbers_[k];
            const int before = row_numbers_[k - 1].number;
            if (table == row_numbers_[k - 1].table && number != 1 && number != before &&
                number != before + 1)
                issue("plan.number_missing", task, std::to_string(number),
                      {std::to_string(before)});
        }
    }

    void node(std::size_t i) {
        const Node& node = structure_.nodes[i];
        if (node.style == 8) return row(node);
        if (node.style == 0) return paragraph(i);
        if (node.style == 9) return bullet(node);
        const bool above = heads_paragraphs(i);
        if (above) heads_paragraphs_.push_back(static_cast<int>(i));
        const std::size_t end = trimmed_end(node.body, above ? node.end : own_end(i));
        const Chars body = text_.view(node.body, end);
        Assignments found;
        read_assignments(text_, node.body, end, context(), found);
        const Chars title = title_of(text_, node.body, before_clause(text_, node.body, end, found));
        // A number that only heads other items is no task; neither is one that states aims.
        if (node.has_items && found.units.empty() && found.unread.empty()) return;
        if (node.style == 1 || (node.style == stage_style && found.units.empty())) return;
        if (found.units.empty() && states_aims(node, title)) return;
        if (body.empty()) return;
        if (above && found.units.empty()) return;
        if (found.units.empty() && title.size() == body.size() && heads_bullets(i)) return;
        if (clauses(static_cast<int>(i), node.no, node.body, end, found)) return;
        Task task;
        task.no = node.no;
        task.title = to_utf8(title);
        finish(task, node, node.begin, node.body, end, found);
    }

    // Where 一是, 二是 … begin in [begin, end), in their order.
    std::vector<std::size_t> clause_marks(std::size_t begin, std::size_t end) const {
        static constexpr CharSet stops(u"。;:,\n ");
        std::vector<std::size_t> marks;
        for (std::size_t i = begin; i + 2 < end; ++i) {
            if (numeral(text_.view(i, i + 1)) != static_cast<int>(marks.size()) + 1 ||
                text_.chars[i + 1] != u'是')
                continue;
            if (i == begin || stops.has(text_.chars[i - 1])) marks.push_back(i);
        }
        return marks;
    }

    // 一是…,由A牵头,6月底前;二是…,由B牵头,9月底前: each clause is a task, where two of them assign
    // by themselves and no clause behind the last speaks of all.
    bool clauses(int item, const std::string& no, std::size_t body, std::size_t end,
                 const Assignments& all) {
        if (all.units.size() < 2) return false;
        std::vector<std::size_t> marks = clause_marks(body, end);
        if (marks.size() < 2) return false;
        marks.push_back(end);
        Assignments head;
        read_assignments(text_, body, marks.front(), context(), head);
        if (!head.units.empty()) return false;
        std::vector<Assignments> parts(marks.size() - 1);
        std::size_t assigning = 0, marked = 0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            read_assignments(text_, marks[k], marks[k + 1], context(), parts[k]);
            assigning += parts[k].units.empty() ? 0U : 1U;
            marked += parts[k].units.empty() || parts[k].taken.empty() ? 0U : 1U;
        }
        if (assigning < 2 || (!parts.back().taken.empty() && marked < assigning)) return false;
        Node part;
        part.parent = item;
        const std::size_t before = trimmed_end(body, marks.front());
        if (before > body) {
            Task task;
            task.no = no;
            task.title = to_utf8(title_of(text_, body, before));
            finish(task, part, body, body, before, head);
            // It only heads the others, unless it says something that can be missed.
            const Task& last = plan_.tasks.back();
            if (last.deadlines.empty() && last.frequencies.empty() && last.targets.empty())
                plan_.tasks.pop_back();
        }
        for (std::size_t k = 0; k < parts.size(); ++k) {
            const std::size_t stop = trimmed_end(marks[k], marks[k + 1]);
            Task task;
            task.title =
                to_utf8(title_of(text_, marks[k], before_clause(text_, marks[k], stop, parts[k])));
            finish(task, part, marks[k], marks[k], stop, parts[k]);
        }
        return true;
    }

    // 甲专项由A牵头,6月底前完成;乙专项由B负责: where each part of an unnumbered sentence gives a
    // matter of its own to units of its own, each is a task of that matter.
    bool matters(int item, std::size_t begin, std::size_t end, const Assignments& all) {
        if (all.units.size() < 2) return false;
        const std::vector<Range> parts = parts_of_sentence(begin, end);
        if (parts.size() < 2 || assigns_by_itself(begin, parts.front().first) ||
            assigns_by_itself(parts.back().second, end))
            return false;
        std::vector<Assignments> found(parts.size());
        std::vector<std::size_t> named(parts.size());  // Where the name of the matter ends.
        for (std::size_t k = 0; k < parts.size(); ++k) {
            const auto [from, to] = parts[k];
            read_assignments(text_, from, to, context(), found[k]);
            // Clauses in brackets and under labels end items, not parts of a sentence.
            if (found[k].units.empty() || !found[k].taken.empty()) return false;
            named[k] = to;
            for (const UnitMention& unit : found[k].units)
                named[k] = std::min(named[k], at(unit.span.begin));
            if (named[k] > from && text_.chars[named[k] - 1] == u'由') --named[k];
            while (named[k] > from &&
                   (text_.chars[named[k] - 1] == u',' || text_.chars[named[k] - 1] == u':'))
                --named[k];
            if (named[k] < from + 2) return false;
        }
        Node part;
        part.parent = item;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            Task task;
            task.title = to_utf8(title_of(text_, parts[k].first, named[k]));
            finish(task, part, parts[k].first, parts[k].first, parts[k].second, found[k]);
        }
        return true;
    }
    // The parts between ; of the first sentence that has some, behind 分工如下:.
    using Range = std::pair<std::size_t, std::size_t>;
    std::vector<Range> parts_of_sentence(std::size_t begin, std::size_t end) const {
        std::vector<Range> parts;
        std::size_t from = begin, stop = end;
        for (std::size_t i = begin; i < end; ++i) {
            const char16_t c = text_.chars[i];
            if (c == u'(' && text_.close[i] < end) {
                i = text_.close[i];
            } else if (c == u';') {
                parts.emplace_back(from, i);
                from = i + 1;
            } else if (c == u':' && parts.empty()) {
                for (const Chars lead : {Chars(u"如下"), Chars(u"分工"), Chars(u"任务")})
                    if (text_.view(std::max(begin, i - std::min(i, lead.size())), i) == lead)
                        from = i + 1;
            } else if (c == u'。') {
                stop = i;
                if (!parts.empty()) break;
                from = i + 1;
                stop = end;
            }
        }
        if (!parts.empty() && from < stop) parts.emplace_back(from, stop);
        return parts;
    }

    // Whether two units of one role have deadlines of their own: A牵头,6月底前;B牵头,9月底前.
    static bool deadlines_apart(const Task& task) {
        const auto answers = [](const UnitMention& unit) {
            return unit.role == Role::lead || unit.role == Role::responsible;
        };
        for (const UnitMention& a : task.units)
            for (const UnitMention& b : task.units) {
                if (a.role != b.role || a.tier == b.tier || a.name == b.name || !answers(a))
                    continue;
                bool first = false, second = false;
                for (const Deadline& one : task.deadlines) {
                    first = first || (one.span.begin > a.span.end && one.span.end < b.span.begin);
                    second = second || one.span.begin > b.span.end;
                }
                if (first && second) return true;
            }
        return false;
    }

    // Whether an item says what the plan is for, not what is to be done.
    bool states_aims(const Node& node, Chars title) const {
        static constexpr std::array<Chars, 16> aims = {
            u"总体要求", u"指导思想", u"工作目标", u"基本原则", u"总体目标", u"主要目标",
            u"编制依据", u"适用范围", u"总体思路", u"目标任务", u"工作思路", u"工作原则",
            u"行动目标", u"整治目标", u"整治范围", u"责任目标"};
        for (const Chars aim : aims) {
            if (node.style == 2 && title.find(aim) != Chars::npos) return true;
            if (title == aim) return true;
        }
        // What stands below such a heading states aims as well.
        for (int p = node.parent; p >= 0;
             p = structure_.nodes[static_cast<std::size_t>(p)].parent) {
            const Node& above = structure_.nodes[static_cast<std::size_t>(p)];
            if (above.style != 2 && above.style != 1) continue;
            const Chars heading = title_of(text_, above.body, above.end);
            for (const Chars aim : aims)
                if (aim != u"目标任务" && heading.size() < 16 &&
                    heading.substr(0, aim.size()) == aim)
                    return true;
        }
        return false;
    }

    // Whether lines that assign by themselves stand right below.
    bool heads_bullets(std::size_t i) const {
        if (i + 1 >= structure_.nodes.size() || structure_.nodes[i + 1].style != 9) return false;
        const Node& next = structure_.nodes[i + 1];
        Assignments own;
        read_assignments(text_, next.body, trimmed_end(next.body, next.end), context(), own);
        return !own.units.empty();
    }

    // Whether each of the paragraphs right below a heading assigns by itself: then they are the
    // tasks, as lines of units below 部门任务 are.
    bool heads_paragraphs(std::size_t i) const {
        const Node& heading = structure_.nodes[i];
        const Chars line = text_.view(heading.body, trimmed_end(heading.body, heading.end));
        if (heading.has_items || line.size() > 30 || line.find(u'。') != Chars::npos) return false;
        std::size_t lines = 0;
        for (std::size_t j = i + 1; j < structure_.nodes.size(); ++j) {
            const Node& next = structure_.nodes[j];
            if (next.style != 0 || next.parent != static_cast<int>(i)) break;
            const std::size_t end = trimmed_end(next.begin, next.end);
            const Chars words = text_.view(next.begin, end);
            if (words.size() < 12 || words.front() == u'(' || label_at_start(words) != nullptr)
                return false;
            Assignments own;
            read_assignments(text_, next.begin, end, context(), own);
            if (own.units.empty() && units_before_colon(text_, next.begin, end) == next.begin)
                return false;
            ++lines;
        }
        return lines >= 2;
    }

    // Where the text of a node itself ends: paragraphs behind it that are no tasks belong to it.
    std::size_t own_end(std::size_t i) const {
        if (own_ends_.empty()) own_ends_.resize(structure_.nodes.size(), 0);
        if (own_ends_[i] == 0) own_ends_[i] = find_own_end(i);
        return own_ends_[i];
    }
    std::size_t find_own_end(std::size_t i) const {
        std::size_t end = structure_.nodes[i].end;
        // What stands below a heading speaks of all its items; clauses in lines of their own right
        // below it are the heading's.
        if (structure_.nodes[i].has_items) {
            for (std::size_t j = i + 1; is_own_clause(i, j); ++j)
                end = structure_.nodes[j].end;
            return end;
        }
        for (std::size_t j = i + 1; j < structure_.nodes.size(); ++j) {
            const Node& next = structure_.nodes[j];
            if (next.style == 9) {
                Assignments own;
                read_assignments(text_, next.body, trimmed_end(next.body, next.end), context(),
                                 own);
                if (!own.units.empty()) break;
            } else if (next.style != 0) {
                break;
            }
            if (next.parent != static_cast<int>(i)) break;
            if (next.style == 0 && stands_alone(i, end, j)) break;
            end = next.end;
        }
        return end;
    }

    // Whether a paragraph right behind an item, which ends with a clause of its own, assigns by
    // itself: a task without a number.
    bool stands_alone(std::size_t i, std::size_t item_end, std::size_t j) const {
        const Node& item = structure_.nodes[i];
        const Node& next = structure_.nodes[j];
        constexpr std::size_t heading = 30, shortest = 12;
        const std::size_t end = trimmed_end(next.begin, next.end);
        const std::size_t stop = trimmed_end(item.body, item_end);
        const Chars words = text_.view(next.begin, end);
        if (item.style > 7 || stop < item.body + heading || words.size() < shortest ||
            words.front() == u'(' || label_at_start(words) != nullptr)
            return false;
        Assignments own;
        read_assignments(text_, next.begin, end, context(), own);
        const bool answers = std::any_of(own.units.begin(), own.units.end(), [](const auto& unit) {
            return unit.role == Role::lead || unit.role == Role::responsible ||
                   unit.role == Role::share;
        });
        if (!answers) return false;
        // Its last line is enough to see the clause.
        std::size_t from = stop;
        while (from > item.body && text_.chars[from - 1] != u'\n')
            --from;
        Assignments above;
        read_assignments(text_, from, stop, context(), above);
        if (above.units.empty() || above.taken.empty()) return false;
        const auto last =
            std::max_element(above.taken.begin(), above.taken.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        return last->second + 3 > stop;
    }

    // Whether node j, right behind item i, is a line that is a clause and nothing else.
    bool is_own_clause(std::size_t i, std::size_t j) const {
        constexpr std::size_t most_lines = 8;
        if (j >= structure_.nodes.size() || j > i + most_lines) return false;
        const Node& next = structure_.nodes[j];
        const std::size_t end = trimmed_end(next.begin, next.end);
        if (next.style != 0 || next.parent != static_cast<int>(i) || end - next.begin < 4)
            return false;
        const Chars line = text_.view(next.begin, end);
        if (line.front() == u'(')
            return closing(text_, next.begin, end) + 1 == end && assigns_by_itself(next.begin, end);
        const Label* label = label_at_start(line);
        return label != nullptr && label->word.size() < line.size() &&
               line[label->word.size()] == u':' && line.find(u'\n') == Chars::npos;
    }
    bool assigns_by_itself(std::size_t begin, std::size_t end) const {
        Assignments own;
        read_assignments(text_, begin, end, context(), own);
        return !own.units.empty();
    }

    std::size_t trimmed_end(std::size_t begin, std::size_t end) const {
        while (end > begin && (text_.chars[end - 1] == u'\n' || is_blank(text_.chars[end - 1])))
            --end;
        return end;
    }

    // Unnumbered text: a task where it assigns. Below an item it is the item's own text.
    void paragraph(std::size_t i) {
        const Node& node = structure_.nodes[i];
        if (node.parent >= 0) {
            const Node& above = structure_.nodes[static_cast<std::size_t>(node.parent)];
            // Paragraphs right behind an item were read with it, unless it only heads others.
            const bool heads =
                !heads_paragraphs_.empty() && heads_paragraphs_.back() == node.parent;
            if (!above.has_items && !heads && !parted(node.parent, i)) return;
            if (!above.has_items && !heads) {
                lone(i);
                return;
            }
            bool own = true;  // A clause of the heading above.
            for (std::size_t j = static_cast<std::size_t>(node.parent) + 1; own && j <= i; ++j)
                own = is_own_clause(static_cast<std::size_t>(node.parent), j);
            if (own) return;
            bool directly = true;
            for (std::size_t j = i; j-- > 0 && directly;) {
                if (static_cast<int>(j) == node.parent) break;
                directly = structure_.nodes[j].style == 0;
            }
            if (!directly) return;
        }
        lone(i);
    }

    // Whether paragraph i below an item is none of its text, for one before stands alone.
    bool parted(int parent, std::size_t i) const {
        const auto item = static_cast<std::size_t>(parent);
        return structure_.nodes[item].style <= 7 && own_end(item) <= structure_.nodes[i].begin;
    }

    void lone(std::size_t i) {
        const Node& node = structure_.nodes[i];
        const std::size_t end = trimmed_end(node.begin, node.end);
        Assignments found;
        read_assignments(text_, node.begin, end, context(), found);
        if (found.units.empty() && !among_lines_of_units(i, found)) return;
        if (node.parent < 0 && front_matter(i)) return;
        if (clauses(node.parent, {}, node.begin, end, found) ||
            matters(node.parent, node.begin, end, found))
            return;
        std::size_t body = node.begin;
        for (const Chars note : {Chars(u"备注:"), Chars(u"注:"), Chars(u"说明:")})
            if (text_.view(body, std::min(end, body + note.size())) == note) body += note.size();
        // (校车安全)县教育局牵头…: the heading in brackets.
        std::size_t title_begin = body, title_end = end;
        if (text_.chars[body] == u'(' && closing(text_, body, end) + 2 < end) {
            title_begin = body + 1;
            title_end = closing(text_, body, end);
        }
        Task task;
        task.title = to_utf8(
            title_of(text_, title_begin, before_clause(text_, title_begin, title_end, found)));
        finish(task, node, node.begin, body, end, found);
    }

    // 市公安局:11月底前完成… among lines that open so: a task of whoever opens it, in no role.
    bool among_lines_of_units(std::size_t i, Assignments& found) const {
        const auto opens = [&](std::size_t j) {
            if (j >= structure_.nodes.size()) return std::size_t{0};
            const Node& one = structure_.nodes[j];
            if (one.style != 0 || one.parent != structure_.nodes[i].parent) return std::size_t{0};
            const std::size_t end = trimmed_end(one.begin, one.end);
            const std::size_t at = units_before_colon(text_, one.begin, end);
            return at > one.begin && at + 6 < end ? at : 0;
        };
        const std::size_t colon = opens(i);
        if (colon == 0 || ((i == 0 || opens(i - 1) == 0) && opens(i + 1) == 0)) return false;
        // 指导 gives no role, and is no duty to be asked about.
        if (predicate_at_start(text_.view(colon + 1, std::min(text_.size(), colon + 12))) !=
            nullptr)
            return false;
        found.unread.emplace_back(structure_.nodes[i].begin, colon);
        return true;
    }

    // A line of its own under an item: a task where it assigns, else the item's text.
    void bullet(const Node& node) {
        const std::size_t end = trimmed_end(node.body, node.end);
        Assignments found;
        read_assignments(text_, node.body, end, context(), found);
        if (found.units.empty()) return;
        Task task;
        task.title =
            to_utf8(title_of(text_, node.body, before_clause(text_, node.body, end, found)));
        finish(task, node, node.begin, node.body, end, found);
    }

    // Title, addressees and covering note of a plan whose items are numbered.
    bool front_matter(std::size_t i) const {
        for (std::size_t j = i + 1; j < structure_.nodes.size(); ++j)
            if (structure_.nodes[j].style != 0) return true;
        return false;
    }

    void row(const Node& node) {
        const std::size_t end = trimmed_end(node.begin, node.end);
        if (sums_up(node.begin, end)) return;
        const Head& head = structure_.heads[static_cast<std::size_t>(node.table)];
        if (node.table != labelled_table_) {
            labelled_table_ = node.table;
            labels_.clear();
            for (const auto& cell : head.cells)
                labels_.push_back(label_of_column(cell));
        }
        Task task;
        Assignments found;
        std::size_t begin = node.begin, column = 0;
        std::size_t text_begin = end, text_end = end;
        for (std::size_t i = node.begin; i <= end; ++i) {
            if (i != end && text_.chars[i] != u'\t') continue;
            const Chars title = column < head.cells.size() ? Chars(head.cells[column]) : Chars();
            const Label* label = column < labels_.size() ? labels_[column] : nullptr;
            const bool filled = !bare(begin, i).empty();
            if (label != nullptr && label->kind == Label::Kind::units) {
                const auto [a, b] = said_again(node.table, column, begin, i);
                read_unit_cell(text_, a, b, label->role, context(), found);
            } else if (label != nullptr && label->kind == Label::Kind::time) {
                const auto [a, b] = said_again(node.table, column, begin, i);
                read_deadlines(text_, a, b, context(), true, found.deadlines);
                read_frequencies(text_, a, b, task.frequencies, true);
            } else if (label == nullptr && heads_numbers(title)) {
                task.no = to_utf8(bare(begin, i));
            } else if (filled && label != nullptr) {
                leave_column(title);
            } else if (label == nullptr && filled && !heads_kinds(title, column)) {
                if (text_begin == end) text_begin = begin;
                text_end = i;
                if (task.title.empty()) {
                    std::size_t from = begin;
                    if (task.no.empty()) from = numbered_cell(begin, i, task.no);
                    while (from < i && is_blank(text_.chars[from]))
                        ++from;
                    task.title = to_utf8(title_of(text_, from, i));
                }
            }
            begin = i + 1;
            ++column;
        }
        // 一 | 责任体系 above rows 1, 2, 3 heads them.
        if (found.units.empty() && found.deadlines.empty() && task.frequencies.empty() &&
            heads_rows(node, task.no))
            return;
        // A row without a number that assigns nothing carries on the one above.
        if (task.no.empty() && found.units.empty()) {
            if (text_begin == end || continues_row(head)) return;
        }
        if (!task.no.empty() && task.no.size() < 5 &&
            std::all_of(task.no.begin(), task.no.end(),
                        [](char c) { return c >= '0' && c <= '9'; }))
            row_numbers_.push_back(
                {node.table, static_cast<std::int64_t>(plan_.tasks.size()), std::stoi(task.no)});
        finish(task, node, node.begin, std::min(text_begin, text_end), text_end, found, end);
    }
    // 责任领导, 备注: what stands there is no unit, day or task.
    void leave_column(Chars title) {
        std::string name = to_utf8(title);
        if (std::find(columns_unread_.begin(), columns_unread_.end(), name) ==
            columns_unread_.end())
            columns_unread_.push_back(std::move(name));
    }

    // 同上, 〃: the cell of that column above; else the cell itself.
    std::pair<std::size_t, std::size_t> said_again(int table, std::size_t column, std::size_t begin,
                                                   std::size_t end) {
        if (table != above_table_) {
            above_.clear();
            above_table_ = table;
        }
        if (above_.size() <= column) above_.resize(column + 1);
        auto& above = above_[column];
        const Chars cell = bare(begin, end);
        const bool again = cell == u"同上" || cell == u"〃" || cell == u"″" || cell == u"“";
        if (!again) above = {begin, end};
        return above.second > above.first ? above : std::pair{begin, end};
    }

    // Whether a row whose number is 一 or (一) stands before one whose number is 1.
    bool heads_rows(const Node& node, const std::string& no) const {
        std::size_t i = node.begin;
        while (i < node.end && (is_blank(text_.chars[i]) || text_.chars[i] == u'('))
            ++i;
        if (no.empty() || numeral(text_.view(i, std::min(i + 1, node.end))) == 0) return false;
        std::size_t next = node.end;
        while (next < text_.size() && (is_blank(text_.chars[next]) || text_.chars[next] == u'\n'))
            ++next;
        return next < text_.size() && is_digit(text_.chars[next]);
    }

    // 合计, 4项 and 9, 合计: no task.
    bool sums_up(std::size_t begin, std::size_t end) const {
        for (int cell = 0; cell < 2 && begin < end; ++cell) {
            while (begin < end && is_blank(text_.chars[begin]))
                ++begin;
            const std::size_t tab = text_.view(begin, end).find(u'\t');
            const std::size_t stop = tab == Chars::npos ? end : begin + tab;
            const Chars first = bare(begin, stop);
            if (first == u"合计" || first == u"总计" || first == u"小计" || first == u"共计")
                return true;
            if (!std::all_of(first.begin(), first.end(), is_digit)) return false;
            begin = stop;
        }
        return false;
    }
    static bool heads_numbers(Chars title) {
        return contains_any(title, {u"序号", u"编号", u"序"}) && title.size() < 6;
    }
    // 类别 before 工作任务: a kind is no task.
    static bool heads_kinds(Chars title, std::size_t column) {
        return column < 2 && (title == u"类别" || title == u"任务类别" || title == u"工作类别" ||
                              title == u"任务分类" || title == u"领域" || title == u"行业领域" ||
                              title == u"重点领域" || title == u"项目" || title == u"工作项目" ||
                              title == u"专项行动" || title == u"行动名称");
    }
    static bool continues_row(const Head& head) {
        return std::any_of(head.cells.begin(), head.cells.end(),
                           [](const auto& cell) { return heads_numbers(cell); });
    }
    // 1.完成… in a cell: its number; gives where the words begin.
    std::size_t numbered_cell(std::size_t begin, std::size_t end, std::string& no) const {
        std::size_t i = begin;
        while (i < end && (is_blank(text_.chars[i]) || text_.chars[i] == u'('))
            ++i;
        const std::size_t from = i;
        while (i < end && i < from + 3 &&
               (is_digit(text_.chars[i]) || numeral(text_.view(i, i + 1)) != 0))
            ++i;
        if (i == from || i + 1 >= end) return begin;
        const char16_t stop = text_.chars[i];
        if (stop != u'.' && stop != u'、' && stop != u')') return begin;
        if (is_digit(text_.chars[i + 1])) return begin;
        no = to_utf8(text_.view(from, i));
        return i + 1;
    }

    Chars bare(std::size_t begin, std::size_t end) const {
        while (begin < end && (is_blank(text_.chars[begin]) || text_.chars[begin] == u'('))
            ++begin;
        while (end > begin && (is_blank(text_.chars[end - 1]) || text_.chars[end - 1] == u'.' ||
                               text_.chars[end - 1] == u'、' || text_.chars[end - 1] == u')'))
            --end;
        return text_.view(begin, end);
    }

    // A unit has one role in a task: the first that says more than 责任单位.
    static std::vector<UnitMention> one_role_each(std::vector<UnitMention> units) {
        const auto weaker = [](const UnitMention& one, const UnitMention& other) {
            const bool plain = one.role == Role::responsible;
            if (plain != (other.role == Role::responsible)) return plain;
            return one.span.begin > other.span.begin;
        };
        std::vector<UnitMention> kept;
        for (UnitMention& unit : units) {
            const auto same = std::find_if(kept.begin(), kept.end(), [&](const UnitMention& one) {
                return one.name == unit.name;
            });
            if (same == kept.end())
                kept.push_back(std::move(unit));
            else if (weaker(*same, unit))
                *same = std::move(unit);
        }
        return kept;
    }

    void finish(Task& task, const Node& node, std::size_t begin, std::size_t body, std::size_t end,
                Assignments& found, std::size_t whole_end = 0) {
        task.span = text_.span(begin, std::max(end, whole_end));
        task.text = to_utf8(text_.view(body, end));
        task.group = "task";
        std::string sections;
        for (int p = node.parent; p >= 0;
             p = structure_.nodes[static_cast<std::size_t>(p)].parent) {
            const Node& above = structure_.nodes[static_cast<std::size_t>(p)];
            const Chars heading = title_of(text_, above.body, above.end);
            sections = to_utf8(heading) + (sections.empty() ? "" : " / ") + sections;
            if (contains_any(heading, {u"保障措施", u"组织保障", u"工作保障", u"工作要求",
                                       u"有关要求", u"组织领导", u"保障"}))
                task.group = "safeguard";
            if (contains_any(heading, {u"进度安排", u"实施步骤", u"时间安排", u"工作步骤",
                                       u"方法步骤", u"阶段安排", u"步骤"}))
                task.group = "phase";
        }
        task.section = std::move(sections);
        task.units = one_role_each(std::move(found.units));
        for (const auto& [a, b] : found.unread)
            unread_.emplace_back(static_cast<std::int64_t>(plan_.tasks.size()),
                                 to_utf8(text_.view(a, b)));
        task.deadlines = std::move(found.deadlines);
        for (Frequency& one : found.frequencies)
            task.frequencies.push_back(std::move(one));
        // What stands in a clause of its own is read there; the rest is the task's own text.
        std::sort(found.taken.begin(), found.taken.end());
        std::size_t from = body;
        const auto own = [&](std::size_t a, std::size_t b) {
            if (b <= a) return;
            read_deadlines(text_, a, b, context(), false, task.deadlines);
            read_frequencies(text_, a, b, task.frequencies);
            read_targets(text_, a, b, task.targets);
        };
        for (const auto& [a, b] : found.taken) {
            if (a < body || b > end) continue;
            own(from, a);
            from = std::max(from, b);
        }
        own(from, end);
        std::sort(task.deadlines.begin(), task.deadlines.end(),
                  [](const Deadline& a, const Deadline& b) { return a.span.begin < b.span.begin; });
        for (const auto& [a, b] : open_deadlines(text_, begin, std::max(end, whole_end), context()))
            open_.emplace_back(static_cast<std::int64_t>(plan_.tasks.size()),
                               to_utf8(text_.view(a, b)));
        if (deadlines_apart(task))
            together_.push_back(static_cast<std::int64_t>(plan_.tasks.size()));
        plan_.tasks.push_back(std::move(task));
    }

    Text text_;
    Structure structure_;
    PlanText plan_;
    Origin origin_{"tasks", {}, -1, {}, -1};
    std::vector<std::pair<std::int64_t, std::string>> unread_;
    std::vector<std::pair<std::int64_t, std::string>> open_;  // Deadlines without a date.
    std::vector<std::int64_t> together_;  // Tasks of several assignments with dates of their own.
    // Numbers of rows, with the tasks that they became.
    struct RowNumber {
        int table;
        std::int64_t task;
        int number;
    };
    std::vector<RowNumber> row_numbers_;
    std::vector<std::string> columns_unread_;  // Their heads, each once.
    std::vector<int> heads_paragraphs_;
    int labelled_table_ = -1;
    std::vector<const Label*> labels_;  // Of the columns of that table.
    int above_table_ = -1;
    std::vector<std::pair<std::size_t, std::size_t>> above_;  // Cells by column.
    mutable std::vector<std::size_t> own_ends_;
};

}  // namespace

std::string_view to_string(Role role) {
    constexpr std::string_view words[] = {"organize", "lead",      "joint",     "share",
                                          "assist",   "supervise", "implement", "responsible"};
    return words[static_cast<std::size_t>(role)];
}

std::string_view word(Role role, bool english) {
    if (english) return to_string(role);
    constexpr std::string_view words[] = {"组织", "牵头", "会同", "分工负责",
                                          "配合", "督促", "落实", "责任"};
    return words[static_cast<std::size_t>(role)];
}

PlanText parse_plan(std::string_view text, const ParseOptions& options) {
    return Parser(text, options).run();
}

namespace {

class Writer {
public:
    std::string out;

    Writer& raw(std::string_view text) {
        out += text;
        return *this;
    }
    Writer& quoted(std::string_view text) {
        out += '"';
        out += escape_json(text);
        out += '"';
        return *this;
    }
    // Names are the format's own and hold nothing to escape.
    Writer& key(std::string_view name) {
        if (out.back() != '{' && out.back() != '[') out += ',';
        return raw("\"").raw(name).raw("\":");
    }
    Writer& text(std::string_view name, std::string_view value) { return key(name).quoted(value); }
    Writer& span(Span s) {
        key("span").raw("[").raw(std::to_string(s.begin));
        return raw(",").raw(std::to_string(s.end)).raw("]");
    }
    template <class List, class One>
    Writer& list(std::string_view name, const List& list, One one) {
        key(name).raw("[");
        bool first = true;
        for (const auto& item : list) {
            if (!first) out += ',';
            first = false;
            one(item);
        }
        return raw("]");
    }
};

std::string_view confidence_word(Confidence confidence) {
    constexpr std::string_view words[] = {"marked", "running", "mended"};
    return words[static_cast<std::size_t>(confidence)];
}

void write_task(Writer& w, const Task& task) {
    w.raw("{").key("no");
    if (task.no.empty())
        w.raw("null");
    else
        w.quoted(task.no);
    w.text("title", task.title).text("group", task.group).text("section", task.section);
    w.span(task.span);
    w.list("units", task.units, [&](const UnitMention& unit) {
        w.raw("{").text("name", unit.name).text("role", to_string(unit.role)).span(unit.span);
        w.key("tier").raw(std::to_string(unit.tier)).text("rule", unit.rule);
        w.text("confidence", confidence_word(unit.confidence));
        w.list("resolved", unit.resolved, [&](const Resolved& one) {
            w.raw("{").text("name", one.name).text("rule", one.rule).raw("}");
        });
        w.raw("}");
    });
    w.list("deadlines", task.deadlines, [&](const Deadline& one) { w.quoted(one.date); });
    w.list("frequencies", task.frequencies, [&](const Frequency& one) { w.quoted(one.cadence); });
    w.list("targets", task.targets, [&](const Target& one) {
        w.raw("{").text("measure", one.measure).text("op", one.op).key("value");
        w.raw(print_number(one.value)).text("unit", one.unit).text("text", one.text).span(one.span);
        w.raw("}");
    });
    w.key("spans").raw("{");
    w.list("deadlines", task.deadlines, [&](const Deadline& one) {
        w.raw("{").span(one.span).text("rule", one.rule);
        w.text("confidence", confidence_word(one.confidence)).raw("}");
    });
    w.list("frequencies", task.frequencies, [&](const Frequency& one) {
        w.raw("{").span(one.span).text("rule", one.rule).text("op", one.op);
        w.key("count").raw(print_number(one.count)).raw("}");
    });
    w.raw("}").text("text", task.text).raw("}");
}

}  // namespace

std::string to_json(const PlanText& plan) {
    Writer w;
    w.raw("{").key("format").raw("1").text("id", plan.id).text("title", plan.title).key("date");
    if (plan.issued)
        w.quoted(plan.issued->text());
    else
        w.raw("null");
    w.text("issuer", plan.issuer).key("year").raw(plan.year ? std::to_string(*plan.year) : "null");
    w.list("addressees", plan.addressees, [&](const std::string& one) { w.quoted(one); });
    w.list("tasks", plan.tasks, [&](const Task& task) {
        w.raw("\n");
        write_task(w, task);
    });
    w.list("repairs", plan.repairs, [&](const Repair& one) {
        w.raw("\n{").text("rule", one.rule).span(one.span).text("before", one.before);
        w.text("after", one.after).raw("}");
    });
    w.key("issues").raw("[");
    for (std::size_t i = 0; i < plan.issues.size(); ++i) {
        const Issue issue = plan.issues.at(i);
        w.raw(i == 0 ? "\n{" : ",\n{").text("severity", to_string(issue.severity));
        w.text("code", issue.code).key("task").raw(std::to_string(issue.row));
        w.text("value", issue.value)
            .text("message", issue.message)
            .text("hint", issue.hint)
            .raw("}");
    }
    return std::move(w.raw("]}\n").out);
}

}  // namespace safetyrisk::plan
