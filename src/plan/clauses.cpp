#include "clauses.hpp"

#include "lexicon.hpp"
#include "structure.hpp"
#include "times.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

using Piece = std::pair<std::size_t, std::size_t>;

class Clauses {
public:
    Clauses(const Text& text, const Context& context, Assignments& out)
        : t_(text), context_(context), out_(out) {}

    void read(std::size_t begin, std::size_t end) {
        // Brackets and labels first: they are there for nothing else.
        std::vector<Piece> rest;
        std::size_t open = begin;
        for (std::size_t i = begin; i < end; ++i) {
            if (t_.chars[i] == u'(' && label_in_brackets(i, end) != nullptr) {
                rest.emplace_back(open, i);
                i = bracketed(i, end);
                open = std::min(i, end);
                if (i >= end) break;
                --i;
                continue;
            }
            if (t_.chars[i] == u'(') {
                const bool lone = t_.close[i] == Text::unmatched;
                // A clause that lost its end goes on to that of the line; "((((" is none.
                if (lone && (i + 1 >= end || t_.chars[i + 1] == u'(')) continue;
                const std::size_t close = lone ? line_end(i, end) : closing(t_, i, end);
                if (close - i <= longest && bracket(i + 1, close)) {
                    rest.emplace_back(open, i);
                    i = lone ? close - 1 : close;
                    open = std::min(i + 1, end);
                    continue;
                }
            }
            if (t_.chars[i] == u'(' && t_.close[i] < end && assigns(i + 1, t_.close[i])) {
                // No clause as a whole, but sentences that assign.
                rest.emplace_back(open, i);
                rest.emplace_back(i + 1, t_.close[i]);
                i = t_.close[i];
                open = i + 1;
                continue;
            }
            if (const Label* label = label_here(i, end);
                label != nullptr && label->word != u"备注") {
                const std::size_t stop =
                    lost_colon(*label, i, end) ? lost_colon_end(i, end) : labelled_end(i, end);
                rest.emplace_back(open, i);
                labelled(i, stop);
                out_.taken.emplace_back(i, stop);
                i = stop;
                open = std::min(stop, end);
                if (i >= end) break;
            }
            if (const std::size_t stop = odd_label(i, end); stop > i)
                out_.unread.emplace_back(i, stop);
        }
        if (open < end) rest.emplace_back(open, end);
        for (const auto& [from, to] : rest)
            sentences(from, to);
    }

    // (牵头单位)市公安局: the label alone stands in brackets.
    const Label* label_in_brackets(std::size_t i, std::size_t end) const {
        const std::size_t close = t_.close[i];
        if (close >= end || close > i + longest_label || close < i + 5 || close + 1 >= end)
            return nullptr;
        const Label* label = label_at_start(t_.view(i + 1, close));
        return label != nullptr && label->word.size() == close - i - 1 ? label : nullptr;
    }
    // Reads what stands behind such a label; gives where it ends.
    std::size_t bracketed(std::size_t i, std::size_t end) {
        const Label* label = label_in_brackets(i, end);
        std::size_t from = t_.close[i] + 1, to = from;
        const std::size_t line = line_end(from, end);
        while (to < line && !(t_.chars[to] == u'(' && label_in_brackets(to, end) != nullptr))
            ++to;
        while (from < to && (is_part_mark(t_.chars[from]) || t_.chars[from] == u':'))
            ++from;
        std::size_t stop = to;
        while (stop > from && is_part_mark(t_.chars[stop - 1]))
            --stop;
        tier_ = 0;
        under(*label, from, stop);
        out_.taken.emplace_back(i, to);
        return to;
    }

    std::size_t before_colon(std::size_t begin, std::size_t end) const {
        const std::size_t at = t_.view(begin, std::min(end, begin + longest_names)).find(u':');
        const bool opens = at != Chars::npos && at >= 3 && all_units(begin, begin + at, true);
        return opens ? begin + at : begin;
    }

    void cell(std::size_t begin, std::size_t end, Role role) {
        tier_ = 0;
        // A cell may hold labels of its own.
        if (has_label(begin, end))
            labelled(begin, end);
        else
            groups(begin, end, role, "column", Confidence::marked);
        out_.taken.emplace_back(begin, end);
    }

private:
    // No clause is longer than that.
    static constexpr std::size_t longest = 3000;
    // Nor names before a predicate, nor a label.
    static constexpr std::size_t longest_names = 800, longest_label = 10;

    bool assigns(std::size_t begin, std::size_t end) const {
        if (end > begin + longest) return false;
        const Chars chars = t_.view(begin, end);
        for (const Chars sign : {Chars(u"牵头"), Chars(u"会同"), Chars(u"负责"), Chars(u"配合")})
            if (chars.find(sign) != Chars::npos) return true;
        return false;
    }

    std::size_t line_end(std::size_t i, std::size_t end) const {
        end = std::min(end, i + longest + 1);
        const std::size_t at = t_.view(i, end).find(u'\n');
        return at == Chars::npos ? end : i + at;
    }

    // A label with its colon at i; in brackets the colon may be lost.
    const Label* label_here(std::size_t i, std::size_t end, bool colon_needed = true) const {
        const char16_t c = t_.chars[i];
        if (!is_han(c)) return nullptr;
        const Label* label = label_at_start(t_.view(i, std::min(end, i + 10)));
        if (label == nullptr) return nullptr;
        std::size_t j = i + label->word.size();
        while (j < end && is_blank(t_.chars[j]))
            ++j;
        if (j < end && t_.chars[j] == u'(') j = behind_note(j, end);
        if (j < end && t_.chars[j] == u':') return label;
        if (label->word.size() <= 2) return nullptr;
        // 责任单位:A 完成时限 长期: blanks alone part a label in a labelled clause.
        if (label->word.size() >= 4 && i > 0 && is_blank(t_.chars[i - 1]) && j < end &&
            label->kind == Label::Kind::time &&
            (j > i + label->word.size() || is_digit(t_.chars[j])))
            return label;
        // A line that is a label, and names in the next.
        if (j < end && t_.chars[j] == u'\n' && label->kind == Label::Kind::units &&
            label->word.size() >= 4 && (i == 0 || t_.chars[i - 1] == u'\n') &&
            names_follow(j + 1, end))
            return label;
        // 牵头单位为A, and lines that are a label and names.
        if (j < end && (t_.chars[j] == u'为' || t_.chars[j] == u'是') && names_follow(j + 1, end))
            return label;
        if (label->kind == Label::Kind::units && (i == 0 || t_.chars[i - 1] == u'\n') &&
            names_follow(j, end))
            return label;
        if (lost_colon(*label, i, end)) return label;
        return colon_needed ? nullptr : label;
    }

    // Whether a part of a sentence or of a clause begins at i.
    bool opens_part(std::size_t i) const {
        if (i == 0) return true;
        const char16_t before = t_.chars[i - 1];
        return before == u'(' || before == u')' || (is_part_mark(before) && before != u'、');
    }
    // 责任单位A,B; 完成时限6月底前: a label at i whose colon was lost, where nothing but names, or
    // a date, follows it.
    bool lost_colon(const Label& label, std::size_t i, std::size_t end) const {
        if (label.word.size() < 4 || !opens_part(i)) return false;
        std::size_t j = i + label.word.size();
        while (j < end && is_blank(t_.chars[j]))
            ++j;
        if (j >= end) return false;
        if (label.kind == Label::Kind::units) return is_han(t_.chars[j]) && names_follow(j, end);
        if (label.kind != Label::Kind::time || !is_digit(t_.chars[j])) return false;
        while (j < end && is_digit(t_.chars[j]))
            ++j;
        return j < end && (t_.chars[j] == u'年' || t_.chars[j] == u'月' || t_.chars[j] == u'.');
    }
    // Such a clause goes on over further labels, names and times, and no other words.
    std::size_t lost_colon_end(std::size_t i, std::size_t end) const {
        const std::size_t stop = labelled_end(i, end);
        std::size_t read = i;
        for (auto [from, to] : segments(i, stop)) {
            const std::size_t behind = to;
            trimmed(from, to);
            if (read > i && from < to && label_here(from, stop) == nullptr &&
                !reads_as_time(from, to) && !all_units(from, to, true))
                return read;
            read = behind;
        }
        return stop;
    }
    // 责任单位县教育局、城投: a label without its colon, a unit and what is none; gives where it
    // ends, else i.
    std::size_t odd_label(std::size_t i, std::size_t end) const {
        constexpr std::size_t longest_part = 60;
        if (!is_han(t_.chars[i]) || !opens_part(i)) return i;
        const Label* label = label_at_start(t_.view(i, std::min(end, i + longest_label)));
        if (label == nullptr || label->kind != Label::Kind::units || label->word.size() < 4)
            return i;
        const auto parts = segments(i + label->word.size(), std::min(end, i + longest_part));
        if (parts.empty() || !is_han(t_.chars[parts.front().first])) return i;
        const auto names = list(parts.front().first, parts.front().second);
        if (names.size() < 2 || !is_unit(trimmed_view(names.front()), true)) return i;
        return parts.front().second;
    }

    // 牵头单位(责任人): what a label has in brackets; gives where its colon stands, else i.
    std::size_t behind_note(std::size_t i, std::size_t end) const {
        const std::size_t close = t_.close[i];
        const bool note = close < end && close - i <= 2 * longest_label && close + 1 < end &&
                          t_.chars[close + 1] == u':';
        return note ? close + 1 : i;
    }

    bool names_follow(std::size_t i, std::size_t end) const {
        while (i < end && t_.chars[i] == u'\n')
            ++i;
        std::size_t to = i, depth = 0;
        while (to < end) {
            const char16_t c = t_.chars[to];
            if (c == u'(') ++depth;
            if (c == u')') {
                if (depth == 0) break;
                --depth;
            }
            if (depth == 0 && (c == u',' || c == u';' || c == u'。' || c == u'\n')) break;
            ++to;
        }
        return all_units(i, to, true);
    }

    // A labelled clause outside brackets ends with its line, with a lone closing bracket, or where
    // a sentence ends and no label follows.
    std::size_t labelled_end(std::size_t i, std::size_t end) const {
        std::size_t line = line_end(i, end);
        // What stands under a label may begin in the next line.
        if (line > i && line < end &&
            (t_.chars[line - 1] == u':' ||
             (line - i <= longest_label && label_of_column(t_.view(i, line)) != nullptr))) {
            while (line + 1 < end && t_.chars[line + 1] == u'\n')
                ++line;
            line = line_end(line + 1, end);
        }
        std::size_t depth = 0;
        for (std::size_t j = i; j < line; ++j) {
            const char16_t c = t_.chars[j];
            if (c == u'(') ++depth;
            if (c == u')') {
                if (depth == 0) return j;
                --depth;
            }
            if (c == u'。' && depth == 0) {
                std::size_t k = j + 1;
                while (k < line && is_blank(t_.chars[k]))
                    ++k;
                if (k >= line || label_here(k, line) == nullptr) return j;
            }
        }
        return line;
    }

    bool bracket(std::size_t begin, std::size_t end) {
        std::size_t first = begin;
        while (first < end && is_blank(t_.chars[first]))
            ++first;
        if (first >= end) return false;
        if (label_here(first, end, false) != nullptr || has_label(first, end)) {
            const std::size_t before = out_.units.size() + out_.deadlines.size();
            // (A牵头;完成时限:…): what stands before the first label is a clause as well.
            std::size_t label = first;
            while (label < end && label_here(label, end, label != first) == nullptr)
                ++label;
            const std::size_t own = before_label(first, label);
            if (own > first) clause_before_label(first, own);
            labelled(own, end);
            out_.taken.emplace_back(begin - 1, end);
            if (out_.units.size() + out_.deadlines.size() == before && names_units(first, end))
                out_.unread.emplace_back(first, end);
            return true;
        }
        if (roles_before_names(first, end)) {
            out_.taken.emplace_back(begin - 1, end);
            return true;
        }
        const std::size_t before = out_.units.size();
        tier_ = 0;
        partly_.clear();
        if (!verbal(first, end, Confidence::marked, "tail", false)) {
            out_.units.resize(before);
            if (roles_behind_names(first, end)) {
                out_.taken.emplace_back(begin - 1, end);
                return true;
            }
            // It ends as a clause does and cannot be read as one, or names units and no role:
            // somebody should look.
            if (units_alone(first, end)) {
                if (context_.bare) {
                    for (const auto& [from, to] : segments(first, end))
                        if (!by_when(from, to))
                            for (const Piece& unit : list(from, to))
                                add(unit, *context_.bare, "tail", Confidence::marked, false);
                    out_.taken.emplace_back(begin - 1, end);
                    return true;
                }
                out_.unread.emplace_back(first, end);
                return false;
            }
            std::size_t last = end;
            Chars chars = trimmed(first, last);
            const Found predicate = predicate_at_end(chars);
            if (predicate && predicate->role && predicate->strong &&
                ends_open(without_predicate(chars)))
                out_.unread.emplace_back(first, end);
            return false;
        }
        if (partly_.empty()) {
            out_.taken.emplace_back(begin - 1, end);
            return true;
        }
        // Dates and cadences of what was not read are the task's.
        std::size_t from = begin - 1;
        for (const auto& [a, b] : partly_) {
            out_.taken.emplace_back(from, a);
            out_.unread.emplace_back(a, b);
            from = b;
        }
        out_.taken.emplace_back(from, end);
        return true;
    }

    void clause_before_label(std::size_t first, std::size_t end) {
        const std::size_t before = out_.units.size();
        tier_ = 0;
        if (verbal(first, end, Confidence::marked, "tail", false)) return;
        out_.units.resize(before);
        if (roles_behind_names(first, end) || !all_units(first, end, true)) return;
        // (A,完成时限:…): units and no role.
        if (!context_.bare) {
            trimmed(first, end);
            out_.unread.emplace_back(first, end);
            return;
        }
        for (const Piece& unit : list(first, end))
            add(unit, *context_.bare, "tail", Confidence::marked, false);
    }

    // (牵头A,配合B,6月底前).
    bool roles_before_names(std::size_t begin, std::size_t end) {
        static constexpr std::array<Chars, 5> words = {u"牵头", u"主办", u"责任", u"配合", u"协办"};
        std::vector<std::pair<Piece, std::optional<Role>>> read;
        bool any = false;
        for (auto [from, to] : segments(begin, end)) {
            const Chars chars = trimmed(from, to);
            if (chars.empty()) continue;
            if (any && reads_as_time(from, to)) {
                read.emplace_back(Piece{from, to}, std::nullopt);
                continue;
            }
            const bool word =
                std::find(words.begin(), words.end(), chars.substr(0, 2)) != words.end();
            const Label* label = word ? label_at_start(chars) : nullptr;
            if (label == nullptr || !all_units(from + label->word.size(), to, true)) return false;
            read.emplace_back(Piece{from + label->word.size(), to}, label->role);
            any = true;
        }
        tier_ = 0;
        for (const auto& [piece, role] : read) {
            if (!role) {
                by_when(piece.first, piece.second);
                continue;
            }
            for (const Piece& unit : list(piece.first, piece.second))
                add(unit, *role, "tail", Confidence::marked, false);
            ++tier_;
        }
        return any;
    }

    // (A(牵头)、B(配合)).
    bool roles_behind_names(std::size_t begin, std::size_t end) {
        if (t_.view(begin, end).find(u'(') == Chars::npos) return false;
        bool own = false;
        const auto pieces = segments(begin, end);
        std::vector<Piece> times;
        for (const auto& [from, to] : pieces)
            for (const Piece& piece : list(from, to)) {
                if (is_unit(without_bracket(piece), true)) {
                    own = own || role_of(bracket_behind(piece)).has_value();
                    continue;
                }
                if (piece.first != from || !reads_as_time(from, to)) return false;
                times.emplace_back(from, to);
                break;
            }
        if (!own) return false;
        for (const auto& [from, to] : pieces) {
            if (std::find(times.begin(), times.end(), Piece{from, to}) != times.end()) {
                by_when(from, to);
                continue;
            }
            for (const auto& [unit, role] : with_roles(list(from, to), Role::responsible))
                add(unit, role, "tail", Confidence::marked, false);
            ++tier_;
        }
        return true;
    }
    Chars without_bracket(Piece unit) const {
        const Chars chars = trimmed(unit.first, unit.second);
        const Chars inner = bracket_behind(unit);
        return role_of(inner) ? chars.substr(0, chars.size() - inner.size() - 2) : chars;
    }

    // (市应急局、市公安局) behind a sentence or at the end of a line, and not behind a unit.
    bool units_alone(std::size_t begin, std::size_t end) const {
        if (begin < 2 || end - begin < 4 || end > begin + 200) return false;
        std::size_t open = begin - 1;
        while (open > 0 && t_.chars[open] != u'(')
            --open;
        const Chars before = t_.view(open > 12 ? open - 12 : 0, open);
        if (before.empty() || ends_as_unit(before)) return false;
        const bool stopped = is_stop(before.back());
        const bool last = end + 1 >= t_.size() || is_stop(t_.chars[end + 1]) ||
                          t_.chars[end + 1] == u'(' || is_blank(t_.chars[end + 1]);
        if (!stopped && !last) return false;
        std::vector<Piece> names;
        for (const auto& [from, to] : segments(begin, end))
            if (names.empty() || !reads_as_time(from, to))
                for (const Piece& name : list(from, to))
                    names.push_back(name);
        if (names.empty()) return false;
        for (const Piece& name : names) {
            const Chars chars = trimmed_view(name);
            if (chars.size() < 3 || !ends_as_unit(chars) || !is_unit(chars, true)) return false;
        }
        return stopped || names.size() > 1;
    }
    Chars trimmed_view(Piece piece) const { return trimmed(piece.first, piece.second); }

    // Whether a labelled clause has a label under which units stand and something behind it.
    bool names_units(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i)
            if (const Label* label = label_here(i, end, i != begin);
                label != nullptr && label->kind == Label::Kind::units)
                return i + label->word.size() + 1 < end;
        return false;
    }

    bool has_label(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i)
            if (label_here(i, end) != nullptr) return true;
        return false;
    }

    // LABEL : groups { ; LABEL : groups }
    void labelled(std::size_t begin, std::size_t end) {
        tier_ = 0;
        std::size_t i = begin;
        while (i < end) {
            const Label* label = label_here(i, end, i != begin);
            if (label == nullptr) label = label_here(i, end, false);
            if (label == nullptr) {
                ++i;
                continue;
            }
            std::size_t from = i + label->word.size();
            if (from < end && t_.chars[from] == u'(') from = behind_note(from, end);
            while (from < end &&
                   (is_blank(t_.chars[from]) || t_.chars[from] == u':' || t_.chars[from] == u'为' ||
                    t_.chars[from] == u'是' || t_.chars[from] == u'\n'))
                ++from;
            std::size_t to = from;
            while (to < end && !(to > from && label_here(to, end) != nullptr))
                ++to;
            std::size_t stop = to < end ? before_label(from, to) : to;
            while (stop > from && is_part_mark(t_.chars[stop - 1]))
                --stop;
            under(*label, from, stop);
            i = to;
        }
    }

    // Where the words begin that a label found at `to` is only the end of (整改|责任单位).
    std::size_t before_label(std::size_t from, std::size_t to) const {
        std::size_t i = to;
        while (i > from && to - i < 5 && is_han(t_.chars[i - 1]))
            --i;
        const bool apart = i > from && is_part_mark(t_.chars[i - 1]);
        return apart && to - i < 5 && !ends_as_unit(t_.view(i, to)) ? i : to;
    }

    // What stands under a label.
    void under(const Label& label, std::size_t from, std::size_t to) {
        if (label.kind == Label::Kind::units) {
            groups(from, to, label.role, "label", Confidence::marked);
        } else if (label.kind == Label::Kind::time) {
            read_deadlines(t_, from, to, context_, true, out_.deadlines);
            read_frequencies(t_, from, to, out_.frequencies, true);
            // 完成时限:6月底前(市农业农村局牵头): a clause of its own.
            for (std::size_t i = from; i < to; ++i)
                if (t_.chars[i] == u'(' && t_.close[i] < to && t_.close[i] - i > 3) {
                    bracket(i + 1, t_.close[i]);
                    i = t_.close[i];
                }
        }
    }

    static bool is_part_mark(char16_t c) {
        return c == u';' || c == u',' || c == u'。' || c == u'、' || is_blank(c) || c == u'\n' ||
               c == u'.' || c == u'|';
    }

    // Units under a label or in a column; where they carry predicates of their own, those go
    // before.
    void groups(std::size_t begin, std::size_t end, Role role, const char* rule,
                Confidence confidence) {
        const std::size_t before = out_.units.size();
        bool predicates = false;
        for (const auto& [from, to] : segments(begin, end))
            if (has_predicate(from, to)) predicates = true;
        if (predicates && verbal(begin, end, confidence, rule, false, role)) return;
        out_.units.resize(before);
        for (auto [from, to] : segments(begin, end)) {
            if (!behind_label(from, to) || by_when(from, to)) continue;
            for (const auto& [unit, own] : with_roles(list(from, to), role))
                if (!by_when(unit.first, unit.second)) add(unit, own, rule, confidence, false);
            ++tier_;
        }
    }

    // (牵头单位:A;2026年6月30日前完成): by when and how often, without a label of their own.
    bool by_when(std::size_t from, std::size_t to) {
        if (!reads_as_time(from, to)) return false;
        read_deadlines(t_, from, to, context_, true, out_.deadlines);
        read_frequencies(t_, from, to, out_.frequencies, true);
        return true;
    }
    bool reads_as_time(std::size_t from, std::size_t to) const {
        const Chars chars = trimmed(from, to);
        if (chars.empty() || chars.back() == u')' || ends_as_unit(chars)) return false;
        if (stands(chars)) return true;
        const bool date = is_digit(chars.front()) || numeral(chars.substr(0, 1)) != 0;
        static constexpr CharSet openings(u"每年今本上下第于至到截月季周半逐按明次二〇");
        if (!date && !openings.has(chars.front())) return false;
        std::vector<Deadline> deadlines;
        std::vector<Frequency> frequencies;
        read_deadlines(t_, from, to, context_, true, deadlines);
        read_frequencies(t_, from, to, frequencies, true);
        return !deadlines.empty() || !frequencies.empty();
    }

    // Words for times without an end.
    static bool stands(Chars chars) {
        for (const Chars word :
             {Chars(u"即时"), Chars(u"即行"), Chars(u"立即"), Chars(u"立行立改"),
              Chars(u"即知即改"), Chars(u"随时"), Chars(u"及时"), Chars(u"适时")})
            if (chars.substr(0, word.size()) == word &&
                (chars.size() == word.size() || chars.substr(word.size()) == u"整改"))
                return true;
        for (const Chars word : {Chars(u"长期"), Chars(u"常年"), Chars(u"持续"), Chars(u"常态"),
                                 Chars(u"全年"), Chars(u"贯穿全年")})
            if (chars.substr(0, word.size()) == word)
                for (const Chars end :
                     {Chars(u""), Chars(u"坚持"), Chars(u"推进"), Chars(u"开展"), Chars(u"实施"),
                      Chars(u"组织实施"), Chars(u"执行"), Chars(u"落实"), Chars(u"进行"),
                      Chars(u"任务"), Chars(u"工作"), Chars(u"化"), Chars(u"化推进"),
                      Chars(u"化开展"), Chars(u"化坚持"), Chars(u"有效"), Chars(u"性工作"),
                      Chars(u"持续推进"), Chars(u"持续坚持")})
                    if (chars.substr(word.size()) == end) return true;
        return false;
    }

    // Units of a list with the roles that brackets behind their names give: A(牵头)、B(配合);
    // A、B(共同牵头) gives both. The others have `role`.
    std::vector<std::pair<Piece, Role>> with_roles(const std::vector<Piece>& units,
                                                   Role role) const {
        std::vector<std::pair<Piece, Role>> out;
        std::size_t open = 0;  // the first without one
        for (const Piece& unit : units) {
            out.emplace_back(unit, role);
            const Chars inner = bracket_behind(unit);
            const std::optional<Role> own = role_of(inner);
            if (!own) continue;
            out.back().second = *own;
            if (inner.substr(0, 2) == u"共同" || inner.substr(0, 2) == u"联合" ||
                inner.front() == u'均')
                for (std::size_t i = open; i < out.size(); ++i)
                    out[i].second = *own;
            open = out.size();
        }
        return out;
    }

    // What stands in the bracket that a name ends with.
    Chars bracket_behind(Piece unit) const {
        const Chars chars = trimmed(unit.first, unit.second);
        if (chars.empty() || chars.back() != u')') return {};
        const std::size_t open = chars.rfind(u'(');
        if (open == Chars::npos || open < 2) return {};
        return chars.substr(open + 1, chars.size() - open - 2);
    }

    // 市级:A、B names a group of units; 审核人:甲 stands under a label that says nothing here.
    bool behind_label(std::size_t& from, std::size_t to) const {
        const std::size_t at = t_.view(from, to).find(u':');
        if (at == Chars::npos) return true;
        if (!all_units(from + at + 1, to, true)) return false;
        from += at + 1;
        return true;
    }

    bool has_predicate(std::size_t from, std::size_t to) const {
        Chars chars = trimmed(from, to);
        const Found predicate = predicate_at_end(chars);
        if (!predicate || !predicate->role) return false;
        chars.remove_suffix(predicate.length);
        return !without_adverbs(chars).empty() && ends_open(without_adverbs(chars));
    }

    // Whether what stands before a predicate is a unit, 等 or a collective.
    static bool ends_open(Chars chars) {
        return ends_as_unit(chars) || (!chars.empty() && chars.back() == u'等');
    }

    Chars trimmed(std::size_t& from, std::size_t& to) const {
        while (from < to && (is_part_mark(t_.chars[from]) || t_.chars[from] == u'—'))
            ++from;
        while (to > from && (is_part_mark(t_.chars[to - 1]) || t_.chars[to - 1] == u'—'))
            --to;
        return t_.view(from, to);
    }

    bool closes(std::size_t i) const { return t_.close[i] != Text::unmatched; }

    // Parts at top-level , ; and line ends.
    std::vector<Piece> segments(std::size_t begin, std::size_t end) const {
        std::vector<Piece> pieces;
        std::size_t depth = 0, from = begin;
        for (std::size_t i = begin; i < end; ++i) {
            const char16_t c = t_.chars[i];
            if (c == u'(' && closes(i)) ++depth;
            if (c == u')' && depth > 0) --depth;
            const bool parts = depth == 0 && (c == u',' || c == u';' || c == u'。' || c == u'\n');
            if (!parts) continue;
            if (i > from) pieces.emplace_back(from, i);
            from = i + 1;
        }
        if (end > from) pieces.emplace_back(from, end);
        return pieces;
    }

    // Also at 、 behind a predicate: 由A牵头、B配合.
    std::vector<Piece> verbal_segments(std::size_t begin, std::size_t end) const {
        std::vector<Piece> pieces;
        for (const auto& [from, to] : segments(begin, end)) {
            std::size_t start = from, depth = 0;
            for (std::size_t i = from; i < to; ++i) {
                if (t_.chars[i] == u'(' && closes(i)) ++depth;
                if (t_.chars[i] == u')' && depth > 0) --depth;
                if (depth == 0 && t_.chars[i] == u'、' && i > start &&
                    predicate_at_end(t_.view(start, i)) &&
                    ends_open(without_predicate(t_.view(start, i)))) {
                    pieces.emplace_back(start, i);
                    start = i + 1;
                }
            }
            if (to > start) pieces.emplace_back(start, to);
        }
        return pieces;
    }

    static Chars without_predicate(Chars chars) {
        if (const Found predicate = predicate_at_end(chars); predicate)
            chars.remove_suffix(predicate.length);
        return without_adverbs(chars);
    }

    // segment { , segment }; gives whether it is such a clause at all.
    bool verbal(std::size_t begin, std::size_t end, Confidence confidence, const char* rule,
                bool strict, std::optional<Role> fallback = std::nullopt) {
        struct Waiting {
            std::size_t from, to;
            std::uint16_t tier;
        };
        std::vector<Waiting> waiting;
        std::vector<Piece> times;
        std::size_t assigned = 0;
        for (auto [from, to] : verbal_segments(begin, end)) {
            Chars chars = trimmed(from, to);
            if (chars.empty()) continue;
            for (const Chars opening : {Chars(u"其中"), Chars(u"由"), Chars(u"请")})
                if (chars.substr(0, opening.size()) == opening) {
                    from += opening.size();
                    chars = t_.view(from, to);
                }
            // 市级:A牵头
            if (const std::size_t behind = behind_level(from, to); behind > from) {
                from = behind;
                chars = trimmed(from, to);
            }
            // 县级层面由各县政府负责.
            if (const std::size_t by = opening(from, to); by > from) {
                from = by;
                chars = t_.view(from, to);
            }
            // (A牵头,联合B、C,D落实)
            if (const std::size_t behind = from + joint_word(from).size();
                assigned > 0 && behind > from && all_units(behind, to, strict)) {
                for (const Piece& unit : list(behind, to))
                    add(unit, Role::joint, rule, confidence, strict);
                ++tier_;
                continue;
            }
            const Found predicate = predicate_at_end(chars);
            if (!predicate && joint_at(from, to) != none_) {
                if (joint_units(from, to, rule, confidence, strict)) {
                    ++tier_;
                    ++assigned;
                    waiting.clear();
                    continue;
                }
                if (fallback) continue;
                return false;
            }
            if (!predicate) {
                // Units alone: what the next predicate says holds of them, too.
                if (!all_units(from, to, strict)) {
                    if (fallback || reads_as_time(from, to)) {
                        times.emplace_back(from, to);
                        continue;
                    }
                    // (A落实,各属地监管), (A承建,B主办): what can be read is, the rest is asked
                    // about.
                    if (to - from > longest_unread || !opens_with_body(from, to) ||
                        (assigned == 0 && assigns(from, to)))
                        return false;
                    partly_.emplace_back(from, to);
                    continue;
                }
                waiting.push_back({from, to, tier_++});
                continue;
            }
            const std::size_t names_end =
                from + without_adverbs(chars.substr(0, chars.size() - predicate.length)).size();
            if (!predicate->role) {
                waiting.clear();
                continue;
            }
            if (joint_at(from, names_end) != none_) {
                if (!joint_units(from, names_end, rule, confidence, strict)) {
                    if (fallback) continue;
                    return false;
                }
                ++tier_;
                ++assigned;
                waiting.clear();
                continue;
            }
            if (names_end <= from ||
                (!all_units(from, names_end, strict) &&
                 !(confidence == Confidence::marked && among_units(from, names_end)))) {
                if (fallback || reads_as_time(from, to)) {
                    times.emplace_back(from, to);
                    continue;
                }
                if (assigned == 0 || to - from > longest_unread) return false;
                partly_.emplace_back(from, to);
                continue;
            }
            // 责任单位:A;B协助: A stands under the label.
            const bool own = fallback && *predicate->role == Role::assist;
            for (const Waiting& one : waiting)
                for (const Piece& unit : list(one.from, one.to))
                    add(unit, own ? *fallback : *predicate->role, rule, confidence, strict);
            waiting.clear();
            for (const Piece& unit : list(from, names_end))
                add(unit, *predicate->role, rule, confidence, strict);
            ++tier_;
            ++assigned;
        }
        if (fallback)
            for (const Waiting& one : waiting)
                for (const Piece& unit : list(one.from, one.to))
                    add(unit, *fallback, rule, confidence, strict);
        if (assigned > 0)
            for (const auto& [from, to] : times)
                by_when(from, to);
        return assigned > 0;
    }

    std::size_t behind_level(std::size_t from, std::size_t to) const {
        static constexpr CharSet levels(u"省市县区州盟旗镇乡");
        if (to - from < 5 || !levels.has(t_.chars[from]) || t_.chars[from + 1] != u'级')
            return from;
        std::size_t i = from + 2;
        if (t_.view(i, std::min(i + 2, to)) == u"层面") i += 2;
        return i < to && t_.chars[i] == u':' ? i + 1 : from;
    }
    // 国网清源供电公司、南网电力: among units a name that ends as none does.
    bool among_units(std::size_t from, std::size_t to) const {
        constexpr std::size_t longest_name = 8;
        static constexpr CharSet words(u"的要做好抓对将把以为加强推进完成开展责任工作");
        const auto pieces = list(from, to);
        std::size_t units = 0;
        for (auto [a, b] : pieces) {
            const Chars name = trimmed(a, b);
            if (is_unit(name, true)) {
                ++units;
                continue;
            }
            if (name.size() < 3 || name.size() > longest_name) return false;
            for (const char16_t c : name)
                if (!is_han(c) || words.has(c)) return false;
        }
        return units > 0;
    }
    // 各属地监管, 各乡镇抓好…: whom a segment is about, in words that are no role.
    bool opens_with_body(std::size_t from, std::size_t to) const {
        static constexpr CharSet addressed(u"各省市县区州盟旗镇乡");
        return to - from > 3 && addressed.has(t_.chars[from]);
    }

    static constexpr std::size_t none_ = static_cast<std::size_t>(-1);
    static constexpr std::size_t longest_unread = 20;

    // 会同, 联合, 商 between units.
    std::size_t joint_at(std::size_t from, std::size_t to) const {
        std::size_t depth = 0;
        for (std::size_t i = from; i < to; ++i) {
            if (t_.chars[i] == u'(') ++depth;
            if (t_.chars[i] == u')' && depth > 0) --depth;
            if (depth == 0 && i > from && !joint_word(i).empty() && joint_left(from, i) != none_)
                return i;
        }
        return none_;
    }
    // Where the names end that stand before 会同 at i: A牵头会同B, A要会同B.
    std::size_t joint_left(std::size_t from, std::size_t i) const {
        Chars left = without_adverbs(t_.view(from, i));
        if (const Found predicate = predicate_at_end(left);
            predicate && (predicate->role == Role::lead || predicate->role == Role::responsible))
            left = without_adverbs(left.substr(0, left.size() - predicate.length));
        return ends_open(left) ? from + left.size() : none_;
    }
    // A会同B: A leads, B joins.
    bool joint_units(std::size_t from, std::size_t to, const char* rule, Confidence confidence,
                     bool strict) {
        const std::size_t with = joint_at(from, to);
        const std::size_t left = joint_left(from, with);
        const std::size_t behind = with + joint_word(with).size();
        to = before_jointly(behind, to);
        const std::size_t right = behind + without_adverbs(t_.view(behind, to)).size();
        if (!all_units(from, left, strict) || !all_units(behind, right, false)) return false;
        for (const Piece& unit : list(from, left))
            add(unit, Role::lead, rule, confidence, strict);
        for (const Piece& unit : list(behind, right))
            add(unit, Role::joint, rule, confidence, false);
        return true;
    }
    // Where the names end before 联合发文, 共同制定.
    std::size_t before_jointly(std::size_t from, std::size_t to) const {
        const Chars chars = t_.view(from, to);
        for (const Chars word : {Chars(u"联合"), Chars(u"共同")})
            if (const std::size_t at = chars.find(word);
                at != Chars::npos && ends_as_unit(chars.substr(0, at)))
                return from + at;
        return to;
    }
    Chars joint_word(std::size_t i) const {
        const char16_t first = t_.chars[i];
        if (first != u'会' && first != u'联' && first != u'协' && first != u'商') return {};
        for (const Chars word : {Chars(u"会同"), Chars(u"联合"), Chars(u"协同")})
            if (t_.view(i, std::min(i + word.size(), t_.size())) == word) return word;
        // 市发展改革委商市财政局, 市应急局会市公安局; 商务, 商业 are words, 委会, 协会 end names.
        constexpr Chars levels = u"省市县区州镇有各", bodies = u"局厅办署队院";
        const bool alone = first == u'商' ||
                           (first == u'会' && i > 0 && bodies.find(t_.chars[i - 1]) != Chars::npos);
        if (alone && i + 2 < t_.size() && levels.find(t_.chars[i + 1]) != Chars::npos &&
            t_.chars[i + 2] != u'场')
            return t_.view(i, i + 1);
        return {};
    }

    bool all_units(std::size_t from, std::size_t to, bool strict) const {
        const auto pieces = list(from, to);
        if (pieces.empty()) return false;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            auto [a, b] = pieces[i];
            const Chars name = trimmed(a, b);
            if (is_unit(name, strict)) continue;
            // 东港、西港工管委: a place that shares the head of the next.
            if (i + 1 == pieces.size() || name.size() < 2 || name.size() > 10) return false;
            auto [c, d] = pieces[i + 1];
            const Chars next = trimmed(c, d);
            if (next.size() < 3 || next.substr(next.size() - 2) == u"单位" ||
                (next.substr(next.size() - 3) != u"管委会" &&
                 next.substr(next.size() - 3) != u"工管委"))
                return false;
        }
        return true;
    }

    // The units of a list: parted at 、 , 和 及 where names end, 等 taken off.
    std::vector<Piece> list(std::size_t from, std::size_t to) const {
        std::vector<Piece> pieces;
        std::size_t depth = 0, start = from;
        const auto close = [&](std::size_t a, std::size_t b) {
            Chars chars = trimmed(a, b);
            if (chars.empty()) return;
            for (const Chars opening : {Chars(u"由"), Chars(u"以及"), Chars(u"及")})
                if (chars.size() > opening.size() + 1 &&
                    chars.substr(0, opening.size()) == opening) {
                    a += opening.size();
                    chars = t_.view(a, b);
                }
            open_end(a, b, pieces);
        };
        for (std::size_t i = from; i < to; ++i) {
            const char16_t c = t_.chars[i];
            if (c == u'(') ++depth;
            if (c == u')' && depth > 0) --depth;
            if (depth > 0) continue;
            std::size_t length = 0;
            if (c == u'、' || c == u',' || c == u';' ||
                (c == u'/' && i > start && ends_as_unit(t_.view(start, i))))
                length = 1;
            else if (i > start && t_.view(i, std::min(i + 2, to)) == u"以及")
                length = 2;
            else if (i > start && (c == u'和' || c == u'及' || c == u'与'))
                length = 1;
            if (length == 0 || i <= start) continue;
            const Chars left = t_.view(start, i);
            const Chars right = t_.view(i + length, to);
            if (c == u'、' || c == u',' || c == u';' || c == u'/' ? !parted(left, right)
                                                                  : !parted_by_word(left, right))
                continue;
            close(start, i);
            start = i + length;
            i += length - 1;
        }
        if (start < to) close(start, to);
        return pieces;
    }

    // Whether a 、 parts two units: not inside a collective whose parts share a head.
    static bool parted(Chars left, Chars right) {
        // 市、县人民政府: a bare level.
        constexpr Chars levels = u"省市县区乡镇村州盟旗";
        Chars level = left;
        for (const Chars opening : {Chars(u"各"), Chars(u"所有")})
            if (level.substr(0, opening.size()) == opening) level.remove_prefix(opening.size());
        if (level.size() == 1 && levels.find(level[0]) != Chars::npos && !right.empty() &&
            levels.find(right[0]) != Chars::npos)
            return false;
        // 各产煤市、县人民政府: the same with what the places have in common.
        if (level.size() < left.size() && level.size() < 6 &&
            levels.find(level.back()) != Chars::npos && right.size() > 1 &&
            levels.find(right[0]) != Chars::npos &&
            (right.substr(1, 2) == u"政府" || right.substr(1, 4) == u"人民政府"))
            return false;
        // 各县(市)、区人民政府, 县(区)、乡镇(街道)两级政府: the same with a second level in
        // brackets.
        if (const std::size_t open = level.rfind(u'(');
            open != Chars::npos && open > 0 && level.size() < 9 && level.back() == u')' &&
            std::all_of(
                level.begin(), level.begin() + static_cast<std::ptrdiff_t>(open),
                [&](char16_t c) { return Chars(u"省市县区州盟旗、").find(c) != Chars::npos; })) {
            const std::size_t second = std::min(right.size(), right.find_first_not_of(levels));
            std::size_t behind = second;
            if (behind < right.size() && right[behind] == u'(')
                if (const std::size_t close = right.substr(0, 9).find(u')'); close != Chars::npos)
                    behind = close + 1;
            bool ranks = second == 1;
            for (const Chars rank : {Chars(u"两级"), Chars(u"三级")})
                if (second > 0 && right.substr(behind, rank.size()) == rank) {
                    behind += rank.size();
                    ranks = true;
                }
            for (const Chars head : {Chars(u"人民政府"), Chars(u"政府"), Chars(u"党委"),
                                     Chars(u"管委会"), Chars(u"安委会"), Chars(u"安委办")})
                if (ranks && right.substr(behind, head.size()) == head) return false;
        }
        // 党委、政府 of one place.
        for (const Chars party :
             {Chars(u"党委"), Chars(u"党工委"), Chars(u"工委"), Chars(u"党(工)委")})
            if (left.size() >= party.size() && left.substr(left.size() - party.size()) == party)
                for (const Chars second : {Chars(u"政府"), Chars(u"人民政府"), Chars(u"管委会"),
                                           Chars(u"办事处"), Chars(u"行政")})
                    if (right.substr(0, second.size()) == second) return false;
        // 各县(市、区)委、政府: the committee of a level in brackets.
        if (left.size() > 4 && left.substr(left.size() - 2) == u")委" &&
            (right.substr(0, 2) == u"政府" || right.substr(0, 4) == u"人民政府"))
            return false;
        // 市委、市政府有关部门: one head for both.
        if (left.size() <= 4 && left.back() == u'委') {
            std::size_t next = 0;
            while (next < right.size() && next < 20 && !is_list_mark(right[next]))
                ++next;
            const Chars other = right.substr(0, next);
            if (other.find(u"政府") != Chars::npos && other.size() > 4 &&
                (other.substr(other.size() - 2) == u"部门" ||
                 other.substr(other.size() - 2) == u"单位"))
                return false;
        }
        // 有关部门和单位: one collective.
        for (const Chars kind : {Chars(u"单位"), Chars(u"部门"), Chars(u"机构"), Chars(u"企业")})
            if (right.substr(0, kind.size()) == kind && left.size() >= 3 &&
                (right.size() == kind.size() || is_list_mark(right[kind.size()])))
                return left.find(u"部门") == Chars::npos && left.find(u"单位") == Chars::npos &&
                       left.find(u"企业") == Chars::npos && left.find(u"地区") == Chars::npos;
        if (ends_as_unit(left) || is_unit(left, false) || is_person(left)) return true;
        if (left.back() == u'等') return true;
        // 东港、西港工管委: a place before another whose body is named.
        std::size_t next = 0;
        while (next < right.size() && right[next] != u'、' && right[next] != u',' &&
               right[next] != u';')
            ++next;
        const Chars other = right.substr(0, next);
        if (left.size() >= 2 && left.front() != u'各')
            for (const Chars body : {Chars(u"管委会"), Chars(u"工管委"), Chars(u"管理委员会")})
                if (other.size() > body.size() && other.substr(other.size() - body.size()) == body)
                    return true;
        // 各行业主管、监管部门: what stands before has no head of its own.
        return false;
    }

    static bool is_list_mark(char16_t c) {
        return c == u'、' || c == u',' || c == u';' || c == u'和' || c == u'及' || c == u'与' ||
               c == u'等';
    }

    // 和, 及, 与 part units only where a name ends before them and another begins behind.
    static bool parted_by_word(Chars left, Chars right) {
        if (right.empty()) return false;
        if (left.back() == u'等') return true;
        if (!parted(left, right)) return false;
        // 市住房和城乡建设局: before 和 stands no name. 市教育局和体育局 is two.
        // 实验室与设备管理处, 市农业农村和水利局: nor behind 和.
        return ends_as_unit(left) && !ends_as_thing(left);
    }

    // 等, 等部门 add nothing; 等有关部门 adds 有关部门.
    void open_end(std::size_t a, std::size_t b, std::vector<Piece>& pieces) const {
        Chars chars = trimmed(a, b);
        for (std::size_t i = 1; i < chars.size(); ++i) {
            if (chars[i] != u'等') continue;
            const Chars before = chars.substr(0, i);
            const Chars behind = chars.substr(i + 1);
            const bool bare = behind == u"部门" || behind == u"单位" || behind == u"部门单位" ||
                              behind == u"部门和单位" || behind == u"部门、单位" ||
                              behind == u"单位和部门" || behind == u"部门(单位)" ||
                              behind == u"单位(部门)" || behind == u"相关单位和部门";
            if (bare && i >= 2) {
                pieces.emplace_back(a, a + i);
                return;
            }
            if (!ends_as_unit(before) && !is_unit(before, false)) continue;
            if (behind.empty()) {
                pieces.emplace_back(a, a + i);
                return;
            }
            if (ends_as_unit(behind)) {
                pieces.emplace_back(a, a + i);
                std::size_t from = a + i + 1;
                // 等3个部门, 等7家单位 count what was named.
                if (is_digit(t_.chars[from]) || numeral(t_.view(from, from + 1)) != 0) return;
                for (const Piece& piece : list(from, b))
                    pieces.push_back(piece);
                return;
            }
        }
        // 等部门 behind the list's last name may stand alone: "、等部门".
        if (chars == u"等" || chars == u"等部门" || chars == u"等单位") return;
        if (chars.size() > 2 && chars.front() == u'等') {
            pieces.emplace_back(a + 1, b);
            return;
        }
        pieces.emplace_back(a, b);
    }

    void add(Piece piece, Role role, const char* rule, Confidence confidence, bool strict) {
        Chars chars = trimmed(piece.first, piece.second);
        // (详见任务分工), (除…外) say something about the unit and are none of its name.
        if (!chars.empty() && chars.back() == u')') {
            const std::size_t open = chars.rfind(u'(');
            if (open != Chars::npos && open > 1) {
                const Chars inner = chars.substr(open + 1, chars.size() - open - 2);
                // 市应急管理局(牵头): its own role.
                const std::optional<Role> own = role_of(inner);
                if (own || is_person(inner) || is_name(inner)) {
                    if (own) role = *own;
                    chars = chars.substr(0, open);
                    piece.second = piece.first + open;
                }
                for (const Chars word :
                     {Chars(u"责任人"), Chars(u"联系人"), Chars(u"详见"), Chars(u"见附"),
                      Chars(u"除"), Chars(u"含"), Chars(u"包括"), Chars(u"不含"),
                      Chars(u"以下简称"), Chars(u"下同"), Chars(u"排名"), Chars(u"按职责")})
                    if (inner.substr(0, word.size()) == word) {
                        chars = chars.substr(0, open);
                        piece.second = piece.first + open;
                        break;
                    }
            }
        }
        if (chars.empty() || is_person(chars) || chars == u"等") return;
        // A配合单位B, 责任单位A: a label is no part of a name.
        for (std::size_t at = 0; at + 5 < chars.size(); ++at) {
            const Label* label = label_at_start(chars.substr(at));
            if (label == nullptr || label->word.size() < 4) continue;
            const std::size_t from = piece.first + (t_.view(piece.first, piece.second).find(chars));
            const Piece behind{from + at + label->word.size(), from + chars.size()};
            if (label->kind == Label::Kind::units) {
                if (at > 0 && !ends_as_unit(chars.substr(0, at))) continue;
                if (!all_units(behind.first, behind.second, true)) continue;
                if (at > 0) add({from, from + at}, role, rule, confidence, strict);
                for (const Piece& unit : list(behind.first, behind.second))
                    add(unit, label->role, rule, confidence, strict);
                return;
            }
            if (at > 0 && !ends_as_unit(chars.substr(0, at))) continue;
            if (at > 0) add({from, from + at}, role, rule, confidence, strict);
            if (label->kind == Label::Kind::time && reads_as_time(behind.first, behind.second))
                by_when(behind.first, behind.second);
            else
                out_.unread.emplace_back(from + at, from + chars.size());
            return;
        }
        // What stands in a cell that has nothing to say.
        if (chars == u"无" || chars == u"/" || chars == u"暂无" ||
            chars.find_first_not_of(u"—-/\\") == Chars::npos)
            return;
        // Under a label and in a column everything is a unit that is no person.
        if (strict && !is_unit(chars, true)) return;
        if (chars.size() > 60) return;
        UnitMention unit;
        std::u16string name;
        bool mended = false;
        for (std::size_t i = 0; i < chars.size(); ++i) {
            const char16_t c = chars[i];
            if (c == u' ' || c == u'\n' || c == u'\t' || c == u'+') {
                mended = mended || c != u' ';
                continue;
            }
            // 市市场监管局 is a name; 市市市场监管局 and 市市应急局 are slips.
            if (i > 0 && c == chars[i - 1] && doubled(chars, i)) {
                mended = true;
                continue;
            }
            name.push_back(c);
        }
        mended = written_once(name) || mended;
        unit.name = to_utf8(name);
        unit.role = role;
        unit.span = t_.span(piece.first, piece.second);
        unit.tier = tier_;
        unit.rule = std::string(rule) + "." + std::string(to_string(role));
        unit.confidence = mended ? Confidence::mended : confidence;
        for (const UnitMention& one : out_.units)
            if (one.name == unit.name && one.role == unit.role) return;
        out_.units.push_back(std::move(unit));
    }

    // 市应急局(王某): a person's name.
    static bool is_name(Chars inner) {
        static constexpr CharSet families(
            u"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
            u"蒋蔡"
            u"贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范石姚谭廖邹熊陆郝孔崔康毛邱秦史顾侯邵孟龙段雷钱汤尹"
            u"黎易"
            u"乔贺赖龚");
        return inner.size() >= 2 && inner.size() <= 3 && families.has(inner.front()) &&
               !ends_as_unit(inner);
    }

    // What a bracket behind a name makes of it.
    static std::optional<Role> role_of(Chars inner) {
        if (inner.size() < 2 || inner.size() > 8) return std::nullopt;
        if (const Label* label = label_of_column(inner);
            label != nullptr && label->kind == Label::Kind::units)
            return label->role;
        // Read behind a name, as 共同牵头 is.
        const std::u16string named = u"局" + std::u16string(inner);
        const Found predicate = predicate_at_end(named);
        if (predicate && predicate->strong &&
            without_adverbs(Chars(named).substr(0, named.size() - predicate.length)) == u"局")
            return predicate->role;
        return std::nullopt;
    }

    // 市应急管理管理局: a word of two or three characters written twice.
    static bool written_once(std::u16string& name) {
        for (const std::size_t n : {std::size_t{2}, std::size_t{3}})
            for (std::size_t i = 0; i + 2 * n < name.size() + (n == 3 ? 1U : 0U); ++i) {
                const Chars word = Chars(name).substr(i, n);
                if (Chars(name).substr(i + n, n) != word || word[0] == word[1]) continue;
                if (!std::all_of(word.begin(), word.end(), is_han)) continue;
                name.erase(i, n);
                return true;
            }
        return false;
    }

    // 上海海事局, 中国国家… are names: slips stand at the beginning or behind the level.
    static bool doubled(Chars chars, std::size_t i) {
        constexpr Chars levels = u"省市县区镇乡";
        if (chars[i] == u'某') return false;  // 某某海事局 leaves a name out.
        if (i > 2 || (i == 2 && levels.find(chars[0]) == Chars::npos)) return false;
        if (levels.find(chars[i]) == Chars::npos) return is_han(chars[i]);
        // 县市市场监管局: a level stands before it already.
        if (i == 2 && chars[0] != chars[2]) return true;
        // 市市场…: the second 市 begins 市场, 市政, 市容, 市民.
        const Chars rest = chars.substr(i);
        for (const Chars word :
             {Chars(u"市场"), Chars(u"市政"), Chars(u"市容"), Chars(u"市民"), Chars(u"区域")})
            if (rest.substr(0, word.size()) == word) return false;
        return true;
    }

    // ── running text ──

    void sentences(std::size_t begin, std::size_t end) {
        Piece head{begin, begin};
        for (std::size_t from = begin; from < end;) {
            std::size_t to = from, depth = 0;
            while (to < end) {
                const char16_t c = t_.chars[to];
                if (c == u'(' && closes(to)) ++depth;
                if (c == u')' && depth > 0) --depth;
                if (c == u'\n' || (depth == 0 && is_stop(c) && c != u';')) break;
                ++to;
            }
            if (to > from && !headed(head, from, to)) sentence(from, to);
            head = {from, to};
            from = to + 1;
        }
    }

    // 市教育局。负责校园…: the sentence before names who.
    bool headed(Piece head, std::size_t from, std::size_t to) {
        if (head.second - head.first < 3 || head.second - head.first > 60) return false;
        const Predicate* predicate = predicate_at_start(t_.view(from, std::min(to, from + 12)));
        if (predicate == nullptr || !predicate->role || !predicate->strong) return false;
        const Chars name = trimmed(head.first, head.second);
        if (!ends_as_unit(name) || !all_units(head.first, head.second, true)) return false;
        for (const Piece& unit : list(head.first, head.second))
            add(unit, *predicate->role, "running", Confidence::running, true);
        ++tier_;
        return false;
    }

    void sentence(std::size_t begin, std::size_t end) {
        if (!may_assign(t_.view(begin, end))) return;
        tier_ = 0;
        const auto pieces = verbal_segments(begin, end);
        std::vector<Piece> waiting;  // units alone before an assigning segment
        bool chain = false;          // the segment before assigned
        for (auto [from, to] : pieces) {
            trimmed(from, to);
            from = behind_number(from, to);
            // (校车安全)县教育局牵头: a heading in brackets.
            if (from == begin && from < to && t_.chars[from] == u'(' && t_.close[from] + 2 < to)
                from = t_.close[from] + 1;
            // A clause that lost its end still has its beginning.
            while (from < to && t_.chars[from] == u'(' && !closes(from))
                ++from;
            // A bracket that nothing opened: a clause whose first half was lost.
            while (to > from && t_.chars[to - 1] == u')' && unopened(from, to))
                --to;
            std::size_t colon = 0;
            if (heads_line(from, colon, to)) {
                chain = true;
                waiting.clear();
                continue;
            }
            if (in_the_name_of(from, to)) {
                chain = true;
                waiting.clear();
                continue;
            }
            if (chain && joint_of_before(from, to)) continue;
            if (names_label(from, to)) {
                chain = true;
                waiting.clear();
                continue;
            }
            const std::size_t start = opening(from, to);
            bool assigned = running(start, to, start != from, chain, waiting);
            // 排查隐患 市教育局负责: a blank parts the clause where its bracket was lost.
            if (!assigned && start == from)
                if (const std::size_t at = t_.view(from, to).find(u' '); at != Chars::npos)
                    assigned = running(from + at + 1, to, false, chain, {});
            // 抢险救援组:A牵头
            if (!assigned && start == from)
                if (const std::size_t at = t_.view(from, to).find(u':'); at != Chars::npos)
                    assigned = running(from + at + 1, to, false, chain, {});
            chain = assigned;
            waiting.clear();
            // 宣传,市委宣传部主办: the name of the item, not the short name of a unit.
            const bool heading = from == begin && !ends_as_unit(t_.view(from, to));
            if (!assigned && !heading && all_units(from, to, true)) waiting.emplace_back(from, to);
        }
    }

    // (2)区商务局负责…, ②…: where the words of a part begin.
    std::size_t behind_number(std::size_t from, std::size_t to) const {
        if (from >= to) return from;
        const char16_t c = t_.chars[from];
        if (c >= 0x2460 && c <= 0x32FF) return from + 1;
        const bool bracket = c == u'(';
        std::size_t i = bracket ? from + 1 : from;
        while (i < to && i < from + 3 && is_digit(t_.chars[i]))
            ++i;
        if (bracket && i == from + 1)
            while (i < to && i < from + 4 && numeral(t_.view(i, i + 1)) != 0)
                ++i;
        if (i == (bracket ? from + 1 : from) || i >= to) return from;
        const char16_t stop = t_.chars[i];
        if (bracket ? stop != u')' : stop != u'.' && stop != u'、' && stop != u')') return from;
        return i + 1 < to && is_digit(t_.chars[i + 1]) && !bracket ? from : i + 1;
    }

    bool unopened(std::size_t from, std::size_t to) const {
        const Chars chars = t_.view(from, to);
        return std::count(chars.begin(), chars.end(), u')') >
               std::count(chars.begin(), chars.end(), u'(');
    }

    bool unclosed(std::size_t from, std::size_t to) const {
        const Chars chars = t_.view(from, to);
        return std::count(chars.begin(), chars.end(), u'(') >
               std::count(chars.begin(), chars.end(), u')');
    }

    // A为牵头单位.
    bool names_label(std::size_t from, std::size_t to) {
        const Chars chars = t_.view(from, to);
        for (std::size_t at = chars.find(u'为'); at != Chars::npos;
             at = chars.find(u'为', at + 1)) {
            const Label* label =
                at < 2 ? nullptr : label_of_column(chars.substr(at + 1, longest_label));
            if (label == nullptr || label->kind != Label::Kind::units) continue;
            if (chars.size() - at > longest_label) continue;
            const std::size_t names = from + (chars[at - 1] == u'作' ? at - 1 : at);
            if (!all_units(from, names, true)) return false;
            for (const Piece& unit : list(from, names))
                add(unit, label->role, "running", Confidence::running, true);
            ++tier_;
            return true;
        }
        return false;
    }

    // 以A名义 …: A stands for it.
    bool in_the_name_of(std::size_t from, std::size_t to) {
        if (from >= to || t_.chars[from] != u'以') return false;
        const std::size_t at = t_.view(from, to).find(u"名义");
        if (at == Chars::npos || at < 3 || !all_units(from + 1, from + at, true)) return false;
        for (const Piece& unit : list(from + 1, from + at))
            add(unit, Role::organize, "running", Confidence::running, true);
        ++tier_;
        return true;
    }

    // A牵头,联合B、C拆除…: whom the unit before works with.
    bool joint_of_before(std::size_t from, std::size_t to) {
        const Chars joint = joint_word(from);
        if (joint.empty()) return false;
        const std::size_t behind = from + joint.size();
        const std::size_t last = last_name(behind, to);
        if (last == none_) return false;
        for (const Piece& unit : list(behind, last))
            add(unit, Role::joint, "running", Confidence::running, true);
        ++tier_;
        return true;
    }

    // The farthest end of a list of units that begins at `from`.
    std::size_t last_name(std::size_t from, std::size_t to) const {
        std::size_t tries = 0;
        for (std::size_t j = std::min(to, from + longest_names); j > from + 1; --j) {
            // 市装备中心逐室核对: the room is what is checked.
            if (!ends_as_unit(t_.view(from, j)) || t_.chars[j - 2] == u'逐') continue;
            if (all_units(from, j, true)) return j;
            if (++tries == 40) break;
        }
        return none_;
    }

    // Where the units of a segment begin: behind 由 where there is one.
    std::size_t opening(std::size_t from, std::size_t to) const {
        for (std::size_t i = from; i < to; ++i)
            if (t_.chars[i] == u'由' && i + 2 < to && !is_reason(i, from)) return i + 1;
        return from + 3 < to && t_.chars[from] == u'请' ? from + 1 : from;
    }

    // 理由 and 自由 are words; 治理由A负责 is none.
    bool is_reason(std::size_t i, std::size_t from) const {
        if (i == from) return false;
        if (t_.chars[i - 1] == u'自') return true;
        if (t_.chars[i - 1] != u'理') return false;
        constexpr Chars verbs = u"治管处办清受审修护整";
        return i < from + 2 || verbs.find(t_.chars[i - 2]) == Chars::npos;
    }

    // A:负责…
    bool heads_line(std::size_t from, std::size_t& to_colon, std::size_t to) {
        const std::size_t at = t_.view(from, to).find(u':');
        if (at == Chars::npos || at < 2 || !all_units(from, from + at, true)) return false;
        std::size_t behind = from + at + 1;
        while (behind < to && is_blank(t_.chars[behind]))
            ++behind;
        // 市公安局:1.牵头…
        if (behind + 2 < to && is_digit(t_.chars[behind]) &&
            (t_.chars[behind + 1] == u'.' || t_.chars[behind + 1] == u'、'))
            behind += 2;
        const Predicate* predicate = predicate_at_start(t_.view(behind, std::min(to, behind + 12)));
        if (predicate == nullptr || !predicate->role) return false;
        for (const Piece& unit : list(from, from + at))
            add(unit, *predicate->role, "running", Confidence::running, true);
        ++tier_;
        to_colon = behind + predicate->word.size();
        return true;
    }

    // Units, a predicate, perhaps its object. Gives whether it assigned.
    bool running(std::size_t from, std::size_t to, bool by, bool chain,
                 const std::vector<Piece>& waiting) {
        // The predicate nearest to the start whose left side is all units.
        const std::size_t reach = std::min(to, from + longest_names);
        for (std::size_t i = from + 2; i < reach; ++i) {
            const Predicate* predicate = predicate_at_start(t_.view(i, std::min(to, i + 12)));
            const Chars joint = joint_word(i);
            if (!joint.empty() && i + joint.size() < to) {
                const std::size_t left = joint_left(from, i);
                if (left != none_ && all_units(from, left, true)) {
                    const std::size_t behind = i + joint.size();
                    // A会同B…: up to the predicate behind.
                    const std::size_t far = std::min(to, behind + longest_names);
                    for (std::size_t j = behind + 1; j <= far; ++j) {
                        const bool last = j == to || predicate_at_start(t_.view(
                                                         j, std::min(to, j + 12))) != nullptr;
                        if (!last) continue;
                        const std::size_t names_end =
                            behind + without_adverbs(t_.view(behind, j)).size();
                        if (!all_units(behind, names_end, true)) continue;
                        for (const Piece& unit : list(from, left))
                            add(unit, Role::lead, "running", Confidence::running, true);
                        for (const Piece& unit : list(behind, names_end))
                            add(unit, Role::joint, "running", Confidence::running, true);
                        ++tier_;
                        return true;
                    }
                    if (joint_without_predicate(from, i, behind, to)) return true;
                }
            }
            if (t_.chars[i] == u'对' && answers_for(from, i, to)) return true;
            if (predicate == nullptr || !predicate->role) continue;
            if (names_on(predicate->word, t_.view(std::min(to, i + predicate->word.size()),
                                                  std::min(to, i + predicate->word.size() + 2))))
                continue;
            const std::size_t names_end = from + without_adverbs(t_.view(from, i)).size();
            if (names_end <= from + 1 || !all_units(from, names_end, true)) {
                continue;
            }
            const std::size_t behind = i + predicate->word.size();
            // A、B按职责分工抓好落实: the verb behind says it.
            if (behind < to && predicate->word.back() == u'工') continue;
            // A牵头会同B: read at 会同.
            if (predicate->role == Role::lead && behind < to && !joint_word(behind).empty())
                continue;
            // 负责人, 牵头部门, 配合单位, 落实情况 are names of other things.
            if (behind < to && noun_follows(behind, to)) {
                // 由A牵头、B参与的机制 assigns all the same.
                const bool relative = t_.chars[behind] == u'的' && (by || chain);
                if (!relative) continue;
            }
            if (behind < to && *predicate->role != Role::responsible && role_noun(behind, to))
                continue;
            const bool at_end = behind >= to || all_runs_on(i, to);
            // 党委政府督导, 部门配合, 企业负责: headings and slogans of kinds, no units.
            if (!by && !chain && waiting.empty() && is_kind(t_.view(from, names_end))) continue;
            // Weak predicates assign where nothing follows, and behind 由 or another assignment.
            const bool relative = !at_end && t_.chars[behind] == u'的' && chain;
            // 各乡镇政府落实属地责任 assigns; what they 要落实 or 认真落实 is a wish.
            // So does 县监察局参加年终考核, where names with a level open the clause.
            const bool joins = predicate->role == Role::assist && names_end == i &&
                               behind + 1 < to && opens_with_levels(from, names_end);
            const bool carries_out = predicate->role == Role::implement && names_end == i &&
                                     behind + 1 < to && is_body(t_.view(from, i));
            if (!predicate->strong && !at_end && !by && !relative && !carries_out && !joins)
                continue;
            Role role = *predicate->role;
            if (predicate->word == u"负责" && shares(t_.view(from, i))) role = Role::share;
            // 负责落实资金 is 负责; 负责落实 alone is 落实.
            if (predicate->word == u"负责落实" && !at_end) role = Role::responsible;
            // A负责配合: the second word says it.
            if (role == Role::responsible && behind < to && to - behind <= 16)
                if (const Found last = predicate_at_end(t_.view(behind, to));
                    last && last.length == to - behind &&
                    (last->role == Role::lead || last->role == Role::assist))
                    role = *last->role;
            // 各部门齐抓共管 alone is a wish.
            if (!chain && predicate->word == u"齐抓共管") continue;
            for (const Piece& one : waiting)
                for (const Piece& unit : list(one.first, one.second))
                    add(unit, role, "running", Confidence::running, true);
            for (const Piece& unit : list(from, names_end))
                add(unit, role, "running", Confidence::running, true);
            ++tier_;
            return true;
        }
        return false;
    }

    // 按各自职责, 在职责范围内 before 负责.
    static bool shares(Chars left) {
        for (const Chars end : {Chars(u"职责"), Chars(u"职责范围内"), Chars(u"职责内")})
            if (left.size() > end.size() && left.substr(left.size() - end.size()) == end)
                return true;
        return false;
    }

    // Whether each name of a list begins with a level: 县监察局、县人事局.
    bool opens_with_levels(std::size_t from, std::size_t to) const {
        static constexpr CharSet levels(u"省市县区州盟旗镇乡局");
        for (auto [a, b] : list(from, to)) {
            const Chars name = trimmed(a, b);
            if (name.size() < 3 || !levels.has(name.front()) || !ends_as_unit(name)) return false;
        }
        return true;
    }

    static bool is_kind(Chars names) {
        static constexpr std::array<Chars, 9> kinds = {u"党委政府", u"党委", u"政府",
                                                       u"党政",     u"部门", u"企业",
                                                       u"单位",     u"基层", u"党委、政府"};
        return std::find(kinds.begin(), kinds.end(), names) != kinds.end();
    }

    // Bodies that carry duties out, and not places or times that end as they do.
    static bool is_body(Chars names) {
        static constexpr CharSet addressed(u"各省市县区州盟旗镇乡局");
        static constexpr CharSet bodies(u"局委办厅府");
        return addressed.has(names.front()) || bodies.has(names.back());
    }

    // A对…负总责, A对…负责: the predicate ends the segment.
    bool answers_for(std::size_t from, std::size_t i, std::size_t to) {
        const Chars object = t_.view(i + 1, to);
        const Found predicate = predicate_at_end(object);
        if (!predicate || predicate.length + 2 > object.size()) return false;
        if (predicate->word != u"负总责" && predicate->word != u"总负责" &&
            predicate->word != u"负责")
            return false;
        if (!all_units(from, i, true)) return false;
        for (const Piece& unit : list(from, i))
            add(unit, *predicate->role, "running", Confidence::running, true);
        ++tier_;
        return true;
    }

    // Whether nothing follows a predicate but verbs that run on: 参与配合.
    bool all_runs_on(std::size_t i, std::size_t to) const {
        if (to - i > 16) return false;
        const Found found = predicate_at_end(t_.view(i, to));
        return found && found.length == to - i;
    }

    // 牵头作用, 配合责任: talk of roles.
    bool role_noun(std::size_t i, std::size_t to) const {
        for (const Chars word : {Chars(u"作用"), Chars(u"抓总作用"), Chars(u"责任"), Chars(u"职责"),
                                 Chars(u"地位"), Chars(u"优势"), Chars(u"科室"), Chars(u"力量")})
            if (t_.view(i, std::min(to, i + word.size())) == word) return true;
        return false;
    }

    bool noun_follows(std::size_t i, std::size_t to) const {
        // 负责任 is another word than 负责任务.
        if (t_.chars[i] == u'任' && (i + 1 >= to || t_.chars[i + 1] != u'务')) return true;
        for (const Chars word :
             {Chars(u"人"), Chars(u"部门"), Chars(u"单位"), Chars(u"领导"), Chars(u"的"),
              Chars(u"情况"), Chars(u"机制"), Chars(u"责任制"), Chars(u"同志"), Chars(u"解释")})
            if (t_.view(i, std::min(to, i + word.size())) == word) return true;
        return false;
    }

    // 市公安局会同有关部门开展联合执法: the verb behind is any.
    bool joint_without_predicate(std::size_t from, std::size_t with, std::size_t behind,
                                 std::size_t to) {
        const std::size_t left = joint_left(from, with);
        const std::size_t last = last_name(behind, before_jointly(behind, to));
        if (last == none_) return false;
        for (const Piece& unit : list(from, left))
            add(unit, Role::lead, "running", Confidence::running, true);
        for (const Piece& unit : list(behind, last))
            add(unit, Role::joint, "running", Confidence::running, true);
        ++tier_;
        return true;
    }

    const Text& t_;
    Context context_;
    Assignments& out_;
    std::uint16_t tier_ = 0;
    std::vector<Piece> partly_;  // Segments of a clause in brackets that gave no unit.
};

}  // namespace

void read_assignments(const Text& text, std::size_t begin, std::size_t end, const Context& context,
                      Assignments& out) {
    Clauses(text, context, out).read(begin, end);
}

std::size_t units_before_colon(const Text& text, std::size_t begin, std::size_t end) {
    Assignments none;
    return Clauses(text, Context{}, none).before_colon(begin, end);
}

std::vector<std::string> read_names(const Text& text, std::size_t begin, std::size_t end) {
    Assignments found;
    Clauses(text, Context{}, found).cell(begin, end, Role::responsible);
    std::vector<std::string> names;
    for (UnitMention& unit : found.units)
        names.push_back(std::move(unit.name));
    return names;
}

void read_unit_cell(const Text& text, std::size_t begin, std::size_t end, Role role,
                    const Context& context, Assignments& out) {
    Clauses(text, context, out).cell(begin, end, role);
}

}  // namespace safetyrisk::plan
