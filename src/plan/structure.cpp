#include "structure.hpp"

#include "lexicon.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

struct Marker {
    int style = 0;
    int number = 0;
    std::size_t end = 0;  // after the number and its stop
    std::size_t no_begin = 0, no_end = 0;
    bool digit = false;      // a digit stands right behind the stop: 4.5月底前
    std::u16string no = {};  // where the characters are not the number: ⑴, ⒈, ㈠
};

constexpr int styles = stage_style + 1;

std::u16string number_text(int value) {
    std::u16string out;
    for (const char c : std::to_string(value))
        out.push_back(static_cast<char16_t>(c));
    return out;
}

// 1.1 or 1.1.1 before words, at the beginning of a line.
Marker decimal(const Text& text, std::size_t at, std::size_t end) {
    Marker m;
    std::size_t i = at;
    int parts = 0, last = 0;
    while (parts < 4) {
        int value = 0;
        const std::size_t from = i;
        while (i < end && is_digit(text.chars[i]) && i - from < 3)
            value = value * 10 + (text.chars[i++] - u'0');
        if (i == from || (i < end && is_digit(text.chars[i])) || value == 0) return m;
        last = value;
        ++parts;
        if (i + 1 >= end || text.chars[i] != u'.' || !is_digit(text.chars[i + 1])) break;
        ++i;
    }
    if (parts < 2 || parts > 3) return m;
    const std::size_t no_end = i;
    if (i < end && (text.chars[i] == u'.' || text.chars[i] == u'、')) ++i;
    while (i < end && is_blank(text.chars[i]))
        ++i;
    if (i >= end || (!is_han(text.chars[i]) && text.chars[i] != u'“')) return m;
    m.style = 8 + parts;
    m.number = last;
    m.end = i;
    m.no_begin = at;
    m.no_end = no_end;
    return m;
}
// So far behind a first item the second is looked for.
constexpr std::size_t farthest = 20000;
// So many numbers may be missing inside a line.
constexpr int widest_gap = 5;

int digits(const Text& text, std::size_t& at, std::size_t end, std::size_t most) {
    int value = 0;
    const std::size_t first = at;
    while (at < end && is_digit(text.chars[at]) && at - first < most)
        value = value * 10 + (text.chars[at++] - u'0');
    if (at < end && is_digit(text.chars[at])) return -1;
    return at == first ? -1 : value;
}

int han_number(const Text& text, std::size_t& at, std::size_t end) {
    for (std::size_t length = 3; length > 0; --length) {
        if (at + length > end) continue;
        const int value = numeral(text.view(at, at + length));
        if (value == 0) continue;
        at += length;
        return value;
    }
    return -1;
}

// Whether digits at `at` count something: 5月, 2024年, 30家.
bool counts(const Text& text, std::size_t at, std::size_t end) {
    constexpr Chars units = u"年月日号个家户处所座条项名台批季辆艘万余套起%";
    std::size_t i = at;
    while (i < end && is_digit(text.chars[i]))
        ++i;
    const std::size_t first = i;
    // 4—10月, 1、3季度: the sign stands behind the last.
    for (int more = 0; more < 4; ++more) {
        static constexpr CharSet between(u"—-至到、和");
        std::size_t next = i;
        while (next < end && next < i + 2 && between.has(text.chars[next]))
            ++next;
        if (next == i || next >= end || !is_digit(text.chars[next])) break;
        for (i = next; i < end && is_digit(text.chars[i]);)
            ++i;
    }
    // 2024.3.31
    if (first == at + 4 && first + 1 < end && is_digit(text.chars[first + 1]) &&
        (text.chars[first] == u'.' || text.chars[first] == u'/' || text.chars[first] == u'-'))
        return true;
    return i < end && units.find(text.chars[i]) != Chars::npos;
}

// A number at the beginning of a line, with words right behind it that it does not count.
Marker without_stop(const Text& text, std::size_t at, std::size_t end) {
    Marker m;
    constexpr Chars counted = u"天周次人元公里件位场座支批字类级大步点小分时吨米届度";
    std::size_t i = at;
    const int value = is_digit(text.chars[at]) ? digits(text, i, end, 2) : -1;
    if (value <= 0 || counts(text, at, end)) return m;
    const std::size_t no_end = i;
    while (i < end && is_blank(text.chars[i]))
        ++i;
    if (i + 4 > end || !is_han(text.chars[i]) || counted.find(text.chars[i]) != Chars::npos)
        return m;
    m = {4, value, i, at, no_end};
    return m;
}

// The number of an item at `at`, or style 0.
Marker marker(const Text& text, std::size_t at, std::size_t end) {
    Marker m;
    if (at >= end) return m;
    const char16_t c = text.chars[at];
    std::size_t i = at;
    const auto skip_blanks = [&] {
        while (i < end && is_blank(text.chars[i]))
            ++i;
    };
    if (c == u'•') {
        // ★任务1:, •1.: the number says more than the mark before it.
        const Marker numbered = marker(text, at + 1, end);
        if (numbered.style > 0 && numbered.style < 8) return numbered;
        m = {9, 0, at + 1, at, at};
    } else if (c >= 0x2460 && c <= 0x2473) {
        m = {6, c - 0x2460 + 1, at + 1, at, at + 1};
    } else if (c >= 0x3251 && c <= 0x325F) {
        m = {6, c - 0x3251 + 21, at + 1, at, at + 1};
    } else if (c >= 0x2776 && c <= 0x277F) {
        m = {6, c - 0x2776 + 1, at + 1, at, at + 1};
    } else if (c >= 0x2474 && c <= 0x2487) {
        m = {5, c - 0x2474 + 1, at + 1, at, at + 1};
        m.no = number_text(m.number);
    } else if (c >= 0x2488 && c <= 0x249B) {
        m = {4, c - 0x2488 + 1, at + 1, at, at + 1};
        m.no = number_text(m.number);
    } else if (c >= 0x3220 && c <= 0x3229) {
        constexpr Chars numerals = u"一二三四五六七八九十";
        m = {3, c - 0x3220 + 1, at + 1, at, at + 1};
        m.no = numerals.substr(static_cast<std::size_t>(c - 0x3220), 1);
    } else if (c == u'任' || c == u'行' || c == u'专' || c == u'重' || c == u'问' || c == u'事' ||
               c == u'措' || c == u'举' || c == u'工' || c == u'整') {
        // 任务一:, 行动二、
        std::size_t word = 0;
        for (const Chars one :
             {Chars(u"重点任务"), Chars(u"任务"), Chars(u"行动"), Chars(u"专项"), Chars(u"专题"),
              Chars(u"问题"), Chars(u"事项"), Chars(u"措施"), Chars(u"举措"), Chars(u"工程"),
              Chars(u"整改任务"), Chars(u"整改事项"), Chars(u"重点事项"), Chars(u"重点工程")})
            if (at + one.size() < end && text.view(at, at + one.size()) == one) {
                word = one.size();
                break;
            }
        if (word == 0) return m;
        i = at + word;
        const std::size_t from = i;
        int value = digits(text, i, end, 3);
        if (value < 0) {
            i = from;
            value = han_number(text, i, end);
        }
        if (value <= 0 || i >= end) return m;
        const std::size_t no_end = i;
        if (text.chars[i] != u':' && text.chars[i] != u'、' && text.chars[i] != u'.' &&
            !is_blank(text.chars[i]))
            return m;
        m = {7, value, i + 1, from, no_end};
    } else if (c == u'第') {
        ++i;
        std::size_t from = i;
        int value = han_number(text, i, end);
        if (value < 0) {
            i = from;
            value = digits(text, i, end, 3);
        }
        if (value < 0 || i >= end) return m;
        const Chars word = text.view(i, std::min(i + 3, end));
        if (text.chars[i] == u'条')
            m = {7, value, i + 1, from, i};
        else if (word == u"阶段:" || word == u"阶段(" || word == u"阶段、")
            // The stage is not numbered as items are.
            m = {stage_style, value, word.back() == u'(' ? i + 2 : i + 3, at, at};
        else if (text.chars[i] == u'章' || text.chars[i] == u'节')
            m = {1, value, i + 1, at, i + 1};
        else if (text.view(i, std::min(i + 2, end)) == u"部分")
            m = {1, value, i + 2, at, i + 2};
        else
            return m;
    } else if (c == u'(') {
        ++i;
        const std::size_t from = i;
        int value = digits(text, i, end, 2);
        int style = 5;
        if (value < 0) {
            i = from;
            value = han_number(text, i, end);
            style = 3;
        }
        if (value <= 0 || i >= end || text.chars[i] != u')') return m;
        m = {style, value, i + 1, from, i};
    } else if (is_digit(c)) {
        const int value = digits(text, i, end, 4);
        if (value <= 0 || i >= end) return m;
        const std::size_t no_end = i;
        if (text.chars[i] == u'\t') {
            return {8, value, i + 1, at, no_end};
        }
        skip_blanks();
        if (i >= end) return m;
        const char16_t stop = text.chars[i];
        if (stop == u')') {
            m = {6, value, i + 1, at, no_end};
        } else if (stop == u'.' || stop == u'、') {
            // 4.2.1 and 5.12 are numbers of something else, 4.5月底前 is item 4.
            m = {4, value, i + 1, at, no_end};
            m.digit = i + 1 < end && is_digit(text.chars[i + 1]);
            if (m.digit && !counts(text, i + 1, end)) return Marker{};
        } else {
            return m;
        }
    } else if (numeral(text.view(at, at + 1)) != 0) {
        const int value = han_number(text, i, end);
        if (value <= 0 || i >= end) return m;
        const std::size_t no_end = i;
        skip_blanks();
        if (i >= end || (text.chars[i] != u'、' && text.chars[i] != u'.')) return m;
        m = {2, value, i + 1, at, no_end};
    } else {
        return m;
    }
    i = m.end;
    skip_blanks();
    m.end = i;
    return m;
}

bool ends_clause(char16_t c) {
    return c == u'。' || c == u';' || c == u')';
}

// Whether a second item of a style follows a first one. What was looked through is not looked
// through again, so that a line of first items costs no more than another.
class Ahead {
public:
    bool second(const Text& text, int style, std::size_t from) {
        const std::size_t far = std::min(text.size(), from + farthest);
        if (!found_ || at_ < from) {
            found_ = false;
            for (at_ = std::max(from, seen_); at_ < far && !found_; ++at_)
                found_ = decides(text, style, at_);
            seen_ = at_;
            if (found_) --at_;
        }
        return found_ && at_ < far && second_;
    }

private:
    // A second item, or an item above the style that ends the list.
    bool decides(const Text& text, int style, std::size_t at) {
        const Marker next = marker(text, at, text.size());
        second_ = next.style == style &&
                  (next.number == 2 || (next.number > 2 && next.number <= 1 + widest_gap &&
                                        !next.digit && ends_clause(text.chars[at - 1])));
        return second_ || (next.style != 0 && next.style < style && next.number > 1);
    }

    std::size_t seen_ = 0, at_ = 0;
    bool found_ = false, second_ = false;
};

// A number of four digits.
bool is_large(const Marker& m) {
    return m.number > 999 && m.style != 8;
}

std::size_t line_end(const Text& text, std::size_t at) {
    return std::min(text.chars.find(u'\n', at), text.size());
}

std::vector<std::u16string> cells_of(const Text& text, std::size_t begin, std::size_t end) {
    std::vector<std::u16string> cells(1);
    for (std::size_t i = begin; i < end; ++i)
        if (text.chars[i] == u'\t')
            cells.emplace_back();
        else
            cells.back().push_back(text.chars[i]);
    return cells;
}

// 二〇二四 as a year; 0 where it is none.
int year_of_numerals(Chars chars) {
    constexpr Chars numerals = u"一二三四五六七八九";
    int value = 0;
    for (const char16_t c : chars) {
        const std::size_t at = numerals.find(c);
        if (at == Chars::npos && c != u'〇' && c != u'○' && c != u'零') return 0;
        value = value * 10 + (at == Chars::npos ? 0 : static_cast<int>(at) + 1);
    }
    return value >= 1990 && value < 2100 ? value : 0;
}

// 二〇二四年三月七日, 2024-03-07 and 2024.3.7 as 2024年3月7日.
std::u16string usual_date(Chars line) {
    const auto two = [](int value) { return number_text(value); };
    if (!line.empty() && line.back() == u'日') {
        const std::size_t year = line.rfind(u'年'), month = line.rfind(u'月');
        if (year == Chars::npos || year < 4 || month == Chars::npos || month < year) return {};
        const int y = year_of_numerals(line.substr(year - 4, 4));
        const int m = numeral(line.substr(year + 1, month - year - 1));
        const int d = numeral(line.substr(month + 1, line.size() - month - 2));
        if (y == 0 || m < 1 || m > 12 || d < 1 || d > 31) return {};
        return two(y) + u"年" + two(m) + u"月" + two(d) + u"日";
    }
    std::size_t from = line.size();
    while (from > 0 && (is_digit(line[from - 1]) || line[from - 1] == u'-' ||
                        line[from - 1] == u'.' || line[from - 1] == u'/'))
        --from;
    const Chars digits = line.substr(from);
    if (digits.size() < 8 || digits.size() > 10) return {};
    std::array<int, 3> parts{};
    std::size_t part = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (parts[part] > 9999) return {};
        if (is_digit(digits[i]))
            parts[part] = parts[part] * 10 + (digits[i] - u'0');
        else if (++part == 3)
            return {};
    }
    if (part != 2 || parts[0] < 1990 || parts[0] > 2099 || parts[1] < 1 || parts[1] > 12 ||
        parts[2] < 1 || parts[2] > 31)
        return {};
    return two(parts[0]) + u"年" + two(parts[1]) + u"月" + two(parts[2]) + u"日";
}

// 2025年10月28日 at the end of a short line: when it was signed.
std::optional<Date> date_at_end(Chars line) {
    while (!line.empty() && (line.back() == u')' || is_blank(line.back())))
        line.remove_suffix(1);
    std::u16string usual;
    if (line.size() < 40) usual = usual_date(line);
    if (!usual.empty()) line = usual;
    if (line.empty() || line.back() != u'日' || line.find(u'。') != Chars::npos)
        return std::nullopt;
    const std::size_t year = line.rfind(u'年');
    if (year == Chars::npos || year < 4) return std::nullopt;
    for (std::size_t i = year - 4; i < year; ++i)
        if (!is_digit(line[i])) return std::nullopt;
    return Date::parse(to_utf8(line.substr(year - 4)));
}

// 发布时间:2025-02-18 来源:…
std::optional<Date> date_published(Chars line) {
    const std::size_t at = std::min(line.find(u"发布时间"), line.find(u"发布日期"));
    if (at == Chars::npos) return std::nullopt;
    std::size_t from = at + 4;
    while (from < line.size() && (line[from] == u':' || is_blank(line[from])))
        ++from;
    static constexpr CharSet in_dates(u"0123456789-./年月日");
    std::size_t to = from;
    while (to < line.size() && in_dates.has(line[to]))
        ++to;
    return date_at_end(line.substr(from, to - from));
}

// When a plan was issued, by a line that says nothing else: a date, 印发日期:…, or a unit and a
// date. A deadline at the end of a line is none.
struct Signed {
    Date date;
    Chars by;           // The unit before the date in the line, if one is.
    bool whole = true;  // The line says nothing else.
};
std::optional<Signed> signed_on(Chars line) {
    constexpr std::size_t longest = 60;
    // …工作要点(2017年2月16日)
    if (line.size() > 4 && line.size() < longest && line.back() == u')')
        if (const std::size_t open = line.rfind(u'('); open != Chars::npos && open > 0)
            if (const auto inner = signed_on(line.substr(open + 1, line.size() - open - 2)))
                return Signed{inner->date, {}, false};
    while (!line.empty() && (line.back() == u')' || is_blank(line.back())))
        line.remove_suffix(1);
    while (!line.empty() && (line.front() == u'(' || is_blank(line.front())))
        line.remove_prefix(1);
    if (line.size() > longest || line.find(u'\t') != Chars::npos) return std::nullopt;
    const auto date = date_at_end(line);
    if (!date) return std::nullopt;
    static constexpr CharSet in_dates(u"0123456789-./年月日〇○零一二三四五六七八九十 ");
    std::size_t from = line.size();
    while (from > 0 && in_dates.has(line[from - 1]))
        --from;
    Chars before = line.substr(0, from);
    while (!before.empty() && (before.back() == u':' || is_blank(before.back())))
        before.remove_suffix(1);
    if (before.empty()) return Signed{*date, {}, true};
    for (const Chars word :
         {Chars(u"发布"), Chars(u"发文"), Chars(u"印发"), Chars(u"成文"), Chars(u"签发")})
        for (const Chars end : {Chars(u"日期"), Chars(u"时间")})
            if (before.size() == 4 && before.substr(0, 2) == word && before.substr(2) == end)
                return Signed{*date, {}, true};
    if (line[before.size()] != u':' && is_unit(before, true)) return Signed{*date, before, true};
    return std::nullopt;
}

// …的实施意见, …2023年安全生产重点工作: kinds of plans whose names say other things, too.
bool names_plan(Chars line) {
    if (line.size() < 9 || line.find(u',') != Chars::npos) return false;
    const bool about = line.find(u"安全") != Chars::npos || line.find(u"应急") != Chars::npos ||
                       line.find(u"消防") != Chars::npos || line.find(u"灾") != Chars::npos ||
                       line.substr(0, 2) == u"关于";
    for (const Chars end : {Chars(u"意见"), Chars(u"重点工作"), Chars(u"行动"), Chars(u"规划")})
        if (about && line.substr(line.size() - end.size()) == end) return true;
    return false;
}

// What stands above the first item: title, issuer, date of issue.
constexpr std::size_t title_block = 300;
void read_front(const Text& text, std::size_t end, bool items, Structure& out) {
    std::u16string above;  // The line before, where it may be the first half of a title.
    for (std::size_t begin = 0; begin < end;) {
        std::size_t stop = text.chars.find(u'\n', begin);
        if (stop == std::u16string::npos || stop > end) stop = end;
        Chars line = text.view(begin, stop);
        while (!line.empty() && is_blank(line.back()))
            line.remove_suffix(1);
        const std::size_t line_begin = begin;
        begin = stop + 1;
        const std::u16string two_lines = above.empty() ? above : above + std::u16string(line);
        above.clear();
        // "各县(市、区)人民政府,市安委会各成员单位:" names whom the plan is for.
        if (out.addressees_end == 0 && line.size() > 4 && line.size() < 400 &&
            line.back() == u':' && line.find(u'。') == Chars::npos &&
            (line.find(u',') != Chars::npos || line.find(u'、') != Chars::npos ||
             line.front() == u'各')) {
            out.addressees_begin = line_begin;
            out.addressees_end = line_begin + line.size() - 1;
        }
        // The head of a table is no title.
        if (line.empty() || line.size() > 60 || line.find(u'\t') != Chars::npos) continue;
        // 〔2023〕2号
        for (std::size_t i = 0; i + 6 < line.size() && !out.number_year; ++i)
            if (line[i] == u'(' && line[i + 5] == u')' && is_digit(line[i + 6])) {
                int value = 0;
                for (std::size_t k = 1; k < 5; ++k)
                    value = is_digit(line[i + k]) ? value * 10 + (line[i + k] - u'0') : 100000;
                if (value >= 1990 && value < 2100) out.number_year = value;
            }
        if (const auto one = signed_on(line); one && (items || line_begin < title_block)) {
            out.issued = one->date;
            if (!one->by.empty()) out.issuer = to_utf8(one->by);
            if (one->whole) continue;
        }
        static constexpr std::array<Chars, 10> kinds = {u"要点", u"计划", u"方案", u"分解",
                                                        u"分工", u"任务", u"安排", u"的通知",
                                                        u"清单", u"措施"};
        const bool sentence = line.find(u'。') != Chars::npos || line.find(u':') != Chars::npos;
        const auto names_kind = [&](Chars words) {
            return std::any_of(kinds.begin(), kinds.end(),
                               [&](Chars kind) { return words.find(kind) != Chars::npos; });
        };
        // 某镇2026年安全生产工 | 作实施方案, 关于印发《某县…方案》 | 的通知: a title on two lines.
        if (!sentence && line_begin < title_block && !two_lines.empty() &&
            (line.front() == u'的' || (names_kind(line) && line.find(u'年') == Chars::npos)))
            line = two_lines;
        const bool quotes = line.back() == u'》';
        if (!sentence && line_begin < title_block && line.find(u',') == Chars::npos &&
            line.size() > 6 && line.back() != u')' && !is_unit(line, true) &&
            (quotes || (line.find(u'年') != Chars::npos && !names_kind(line))))
            above = line;
        const bool titled = names_kind(line) || (!sentence && line_begin < title_block &&
                                                 out.title.empty() && names_plan(line));
        // The plan's own title comes after that of the note that sends it out.
        if (titled && !sentence && line.size() > 6) out.title = to_utf8(line);
        static constexpr std::array<Chars, 5> issuers = {u"安全生产委员会", u"安委会", u"人民政府",
                                                         u"办公室", u"管理委员会"};
        for (const Chars issuer : issuers)
            if (!sentence && line.size() > issuer.size() &&
                line.substr(line.size() - issuer.size()) == issuer)
                out.issuer = to_utf8(line);
        // 2023年 in a title is the year of the plan; 2024—2026年 is a campaign.
        for (std::size_t i = 0; titled && i + 4 < line.size(); ++i) {
            if (!is_digit(line[i]) || (i > 0 && (is_digit(line[i - 1]) || line[i - 1] == u'—' ||
                                                 line[i - 1] == u'-' || line[i - 1] == u'至')))
                continue;
            std::size_t length = 0;
            int value = 0;
            while (i + length < line.size() && is_digit(line[i + length]) && length < 5)
                value = value * 10 + (line[i + length++] - u'0');
            if (length == 4 && i + 4 < line.size() &&
                (line[i + 4] == u'年' || line[i + 4] == u'度') && value >= 1990 && value < 2100 &&
                !out.title_year)
                out.title_year = value;
        }
        const std::size_t numerals = titled ? line.find(u'年') : Chars::npos;
        if (numerals != Chars::npos && numerals >= 4 && !out.title_year)
            if (const int value = year_of_numerals(line.substr(numerals - 4, 4)); value != 0)
                out.title_year = value;
    }
}

}  // namespace

namespace {

// The only year that the text above the items names, 〔2023〕 and《…》aside.
std::optional<int> only_year(const Text& text, std::size_t end) {
    std::optional<int> found;
    std::size_t book = 0;
    for (std::size_t i = 0; i + 4 < end; ++i) {
        const char16_t c = text.chars[i];
        if (c == u'《') ++book;
        if (c == u'》' && book > 0) --book;
        if (book > 0 || !is_digit(c) || (i > 0 && is_digit(text.chars[i - 1]))) continue;
        if (text.chars[i + 4] != u'年') continue;
        int value = 0;
        std::size_t length = 0;
        while (length < 4 && is_digit(text.chars[i + length]))
            value = value * 10 + (text.chars[i + length++] - u'0');
        if (length != 4 || value < 1990 || value >= 2100) continue;
        // 2024—2026年 is a campaign.
        if (i > 0 &&
            (text.chars[i - 1] == u'—' || text.chars[i - 1] == u'-' || text.chars[i - 1] == u'至'))
            return std::nullopt;
        if (found && *found != value) return std::nullopt;
        found = value;
    }
    return found;
}

}  // namespace

namespace {

// 附件:1.任务分解表
bool begins_with_label(Chars line) {
    const Label* label = label_at_start(line);
    return label != nullptr && (label->word.size() >= 4 || (line.size() > label->word.size() &&
                                                            line[label->word.size()] == u':'));
}

// 附件:…, 附表1: what stands below it is none of the items above.
bool heads_attachment(const Text& text, std::size_t begin, std::size_t end) {
    const Chars line = text.view(begin, end);
    return line.size() < 60 && (line.substr(0, 2) == u"附件" || line.substr(0, 2) == u"附表") &&
           line.find(u'。') == Chars::npos && line.find(u'\t') == Chars::npos;
}

bool is_attachments(const Text& text, std::size_t begin, std::size_t end) {
    if (end - begin < 3 || text.view(begin, begin + 2) != u"附件") return false;
    std::size_t i = begin + 2;
    while (i < end && is_blank(text.chars[i]))
        ++i;
    return i < end && text.chars[i] == u':' && end - begin < 80;
}

// Whether two of the parts that numbers of a style begin inside a line assign by a clause.
bool parts_assign(const Text& text, std::size_t begin, std::size_t end, int style) {
    std::size_t parts = 0, from = end;
    const auto assigns = [&](std::size_t a, std::size_t b) {
        const Chars part = text.view(a, b);
        for (const Chars sign : {Chars(u"责任单位"), Chars(u"责任部门"), Chars(u"牵头"),
                                 Chars(u"负责)"), Chars(u"配合)"), Chars(u"落实)")})
            if (part.find(sign) != Chars::npos) return true;
        // 市商务局负责…
        constexpr std::size_t longest_names = 40;
        const std::size_t answers = part.substr(0, longest_names).find(u"负责");
        if (answers != Chars::npos && answers > 2 && is_unit(part.substr(0, answers), true))
            return true;
        // …(市应急局); a unit alone, or a clause.
        const std::size_t close = part.rfind(u')');
        const std::size_t open = part.rfind(u'(');
        return open != Chars::npos && close != Chars::npos && open + 2 < close &&
               close + 3 > part.size() &&
               (ends_as_unit(part.substr(open + 1, close - open - 1)) ||
                predicate_at_end(part.substr(open + 1, close - open - 1)));
    };
    for (std::size_t i = begin; i < end; ++i) {
        const char16_t c = text.chars[i];
        if (c != u'(' && (c < 0x2460 || c > 0x32FF)) continue;
        const Marker one = marker(text, i, end);
        if (one.style != style) continue;
        if (from < i && assigns(from, i)) ++parts;
        from = one.end;
        if (parts > 1) return true;
    }
    return from < end && assigns(from, end) && parts > 0;
}

// Whether what stands before a colon is a title: short, and no clause of its own.
bool opens_list(const Text& text, std::size_t begin, std::size_t colon) {
    constexpr std::size_t longest_title = 60;
    const Chars title = text.view(begin, colon);
    return title.size() <= longest_title && title.find_first_of(u"。;,") == Chars::npos;
}

// (括号内为责任单位): what units alone in brackets are.
std::optional<Role> legend(const Text& text, std::size_t begin, std::size_t end) {
    const Chars chars = text.view(begin, end);
    for (std::size_t at = chars.find(u"括号"); at != Chars::npos;
         at = chars.find(u"括号", at + 1)) {
        const Chars behind = chars.substr(at + 2, 12);
        const std::size_t is = behind.find_first_of(u"为是系");
        if (is == Chars::npos || behind.substr(0, is).find_first_of(u"。;\n") != Chars::npos)
            continue;
        const Label* label = label_at_start(behind.substr(is + 1));
        if (label != nullptr && label->kind == Label::Kind::units && label->word.size() >= 4)
            return label->role;
    }
    return std::nullopt;
}

}  // namespace

namespace {

struct Line {
    std::size_t begin, end;
};

// 某县安全生产委员会 above 2025年2月18日 behind the items: who signed, and when. It belongs to no
// item. Two such lines or more are cells of a table that was written line by line.
void read_signature(const Text& text, const std::vector<Line>& lines, std::size_t front,
                    Structure& out) {
    constexpr std::size_t last_lines = 8;
    std::optional<std::size_t> at;
    std::optional<Signed> found;
    for (std::size_t k = 0; k < lines.size(); ++k) {
        if (lines[k].begin < front) continue;
        const auto one = signed_on(text.view(lines[k].begin, lines[k].end));
        if (!one || !one->whole) continue;
        if (at) return;
        at = k;
        found = one;
    }
    if (!at || *at == 0) return;
    std::string by = to_utf8(found->by);
    std::size_t first = *at;
    if (by.empty()) {
        while (first > 0 && lines[first - 1].begin >= front && *at - first < 4) {
            const Chars above = text.view(lines[first - 1].begin, lines[first - 1].end);
            if (above.size() < 4 || above.size() > 40 || !is_unit(above, true)) break;
            by = to_utf8(above) + (by.empty() ? "" : "、") + by;
            --first;
        }
        // A date alone, unless it may be a cell.
        if (first == *at && (!out.heads.empty() || lines.size() - *at >= last_lines)) return;
    }
    if (!out.issued) out.issued = found->date;
    if (out.issuer.empty()) out.issuer = std::move(by);
    for (Node& node : out.nodes)
        if (node.style == 0 && node.begin >= lines[first].begin && node.begin <= lines[*at].begin)
            node.parent = -1;
}

}  // namespace

Structure read_structure(const Text& text) {
    Structure out;
    const std::size_t n = text.size();
    std::vector<Line> lines;
    for (std::size_t begin = 0; begin < n;) {
        std::size_t end = text.chars.find(u'\n', begin);
        if (end == std::u16string::npos) end = n;
        if (end > begin) lines.push_back({begin, end});
        begin = end + 1;
    }
    // Which styles begin lines: one that does is not looked for inside them.
    std::array<int, styles> at_line{};
    // 1.1, 1.2 under each other number the lines by decimals; else 4.5月底前 is item 4.
    bool decimals = false;
    for (std::size_t k = 1; k < lines.size() && !decimals; ++k) {
        const Marker one = decimal(text, lines[k].begin, lines[k].end);
        if (one.style == 0 || one.number < 2) continue;
        for (std::size_t before = k; before-- > 0 && k - before < 20 && !decimals;) {
            const Marker other = decimal(text, lines[before].begin, lines[before].end);
            if (other.style != one.style || other.number + 1 != one.number) continue;
            const Chars a = text.view(other.no_begin, other.no_end);
            const Chars b = text.view(one.no_begin, one.no_end);
            decimals = a.substr(0, a.rfind(u'.')) == b.substr(0, b.rfind(u'.'));
        }
    }
    std::array<int, styles> expected{};
    const auto line_marker = [&](const Line& line) {
        if (decimals)
            if (Marker m = decimal(text, line.begin, line.end); m.style != 0) return m;
        Marker m = marker(text, line.begin, line.end);
        if (m.style == 0 && decimals && is_digit(text.chars[line.begin])) {
            // 1 责任落实 heads 1.1.
            std::size_t i = line.begin;
            const int value = digits(text, i, line.end, 2);
            const std::size_t no_end = i;
            while (i < line.end && is_blank(text.chars[i]))
                ++i;
            if (value > 0 && i < line.end && is_han(text.chars[i]) && line.end - i < 30 &&
                !counts(text, line.begin, line.end))
                m = {4, value, i, line.begin, no_end};
        }
        if (m.digit && (decimals || (expected[4] != 0 && m.number != expected[4] + 1)))
            m = Marker{};
        // 2026.重点 is a year, unless it is the next number.
        if (is_large(m) && m.number != expected[static_cast<std::size_t>(m.style)] + 1)
            m = Marker{};
        if (m.style != 0) expected[static_cast<std::size_t>(m.style)] = m.number;
        return m;
    };
    std::vector<Marker> markers;
    markers.reserve(lines.size());
    for (std::size_t k = 0; k < lines.size(); ++k) {
        markers.push_back(line_marker(lines[k]));
        // 附件:1.…, 2.… are no items.
        if (is_attachments(text, lines[k].begin, lines[k].end)) {
            markers.back() = Marker{};
            int next = 2;
            while (k + 1 < lines.size()) {
                const Marker m = marker(text, lines[k + 1].begin, lines[k + 1].end);
                const Chars line = text.view(lines[k + 1].begin, lines[k + 1].end);
                const bool follows = m.style == 4 && (m.number == next || m.number == 1) &&
                                     line.size() < 60 && line.find(u'。') == Chars::npos &&
                                     line.find(u'\t') == Chars::npos;
                if (!follows) break;
                next = m.number + 1;
                markers.push_back(Marker{});
                ++k;
            }
        }
    }
    // 第一阶段:… heads the items below it; stages without any are paragraphs.
    bool staged = false;
    for (std::size_t k = 0; k + 1 < markers.size(); ++k)
        staged = staged || (markers[k].style == stage_style && markers[k + 1].style >= 3 &&
                            markers[k + 1].style <= 6);
    if (!staged)
        for (Marker& m : markers)
            if (m.style == stage_style) m = Marker{};
    // 18旅游安全… between 17. and 19., or last of all with a clause: its stop was lost.
    int number = 0;
    for (std::size_t k = 0; k < lines.size(); ++k) {
        if (markers[k].style == 4) number = markers[k].number;
        if (markers[k].style != 0 || number == 0) continue;
        const Marker lost = without_stop(text, lines[k].begin, lines[k].end);
        if (lost.style == 0 || lost.number != number + 1) continue;
        std::size_t next = k + 1;
        while (next < lines.size() && next - k < 20 &&
               (markers[next].style == 0 || markers[next].style > 4))
            ++next;
        const bool last = next == lines.size() || markers[next].style != 4;
        if (last ? text.chars[lines[k].end - 1] != u')' : markers[next].number != lost.number + 1)
            continue;
        markers[k] = lost;
        number = lost.number;
    }
    // 任务名称:…, 牵头单位:… again and again, where nothing is numbered: each 任务名称 is an item.
    if (std::all_of(markers.begin(), markers.end(), [](const Marker& m) { return m.style == 0; })) {
        std::vector<std::size_t> heads;
        Chars word;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            const Chars line = text.view(lines[k].begin, lines[k].end);
            const std::size_t colon = line.substr(0, 9).find(u':');
            if (colon == Chars::npos || colon < 2) continue;
            if (heads.empty() ? !is_text_column(line.substr(0, colon))
                              : line.substr(0, colon) != word)
                continue;
            word = line.substr(0, colon);
            heads.push_back(k);
        }
        if (heads.size() > 1)
            for (const std::size_t k : heads) {
                std::size_t i = lines[k].begin + word.size() + 1;
                while (i < lines[k].end && (is_blank(text.chars[i])))
                    ++i;
                markers[k] = {7, 0, i, lines[k].begin, lines[k].begin};
            }
    }
    for (const Marker& m : markers)
        ++at_line[static_cast<std::size_t>(m.style)];

    std::array<int, styles> last{};  // number last seen of each style
    std::array<Ahead, styles> ahead{};
    int head = -1;
    std::size_t head_line = 0;
    const auto add = [&](const Marker& m, std::size_t begin) {
        Node node;
        node.style = m.style;
        node.number = m.number;
        node.begin = begin;
        node.body = m.end;
        node.no = to_utf8(m.no.empty() ? text.view(m.no_begin, m.no_end) : Chars(m.no));
        out.nodes.push_back(std::move(node));
        last[static_cast<std::size_t>(m.style)] = m.number;
    };
    // A cell of several lines breaks its row: the last line of the row that begins at k.
    const auto end_of_row = [&](std::size_t k, const std::vector<std::u16string>& cells) {
        const auto count = [&](std::size_t i) {
            return std::count(text.chars.begin() + static_cast<std::ptrdiff_t>(lines[i].begin),
                              text.chars.begin() + static_cast<std::ptrdiff_t>(lines[i].end),
                              u'\t');
        };
        if (cells.front().find(u'序') == std::u16string::npos || markers[k].style != 8) return k;
        const auto most = static_cast<std::ptrdiff_t>(cells.size()) - 1;
        std::ptrdiff_t found = count(k);
        bool more = false;
        std::size_t end = k;
        while (end + 1 < lines.size() && end - k < 8 && markers[end + 1].style == 0 &&
               lines[end + 1].end - lines[end + 1].begin < 200) {
            ++end;
            const std::ptrdiff_t tabs_here = count(end);
            if (text.chars[lines[end].begin] == u'\t') return k;
            found += tabs_here;
            more = more || tabs_here > 0;
        }
        return more && found <= most ? end : k;
    };
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const Line& line = lines[k];
        const bool tabs = text.view(line.begin, line.end).find(u'\t') != Chars::npos;
        const Marker m = markers[k];
        // A row that begins with its number is no head, and no heading.
        if (tabs && (m.style != 8 || head < 0)) {
            auto cells = cells_of(text, line.begin, line.end);
            if (is_head(cells)) {
                // A head of two lines: 责任分工 over 牵头单位, 配合单位.
                if (head >= 0 && k > 0 && head_line + 1 == k && cells.front().empty()) {
                    auto& above = out.heads[static_cast<std::size_t>(head)].cells;
                    above.resize(std::max(above.size(), cells.size()));
                    for (std::size_t i = 0; i < cells.size(); ++i)
                        if (!cells[i].empty()) above[i] = cells[i];
                } else {
                    out.heads.push_back({std::move(cells)});
                    head = static_cast<int>(out.heads.size()) - 1;
                }
                head_line = k;
                continue;
            }
            // A heading that takes a whole row.
            const bool alone = std::count_if(cells.begin(), cells.end(), [](const auto& cell) {
                                   return cell.find_first_not_of(u' ') != std::u16string::npos;
                               }) == 1;
            if (head >= 0 && alone) {
                Node node;
                node.begin = node.body = line.begin;
                if (m.style != 0)
                    add(m, line.begin);
                else
                    out.nodes.push_back(std::move(node));
                continue;
            }
        }
        if (tabs && head >= 0) {
            Node node;
            node.style = 8;
            node.begin = node.body = line.begin;
            node.table = head;
            out.nodes.push_back(std::move(node));
            k = end_of_row(k, out.heads[static_cast<std::size_t>(head)].cells);
            continue;
        }
        // Headings stand between the rows of a table; other lines end it.
        if (!tabs && (m.style == 0 || line.end - line.begin > 30)) head = -1;
        if (m.style != 0 && m.style != 8) {
            add(m, line.begin);
        } else {
            Node node;
            node.begin = node.body = line.begin;
            out.nodes.push_back(std::move(node));
        }
        // 1.…:(1)…;(2)…。(责任单位:A): parts of a sentence, unless two of them have clauses of
        // their own.
        std::array<bool, styles> within{};
        if (m.style != 0 && m.style != 8 && m.style != 9)
            for (const int style : {5, 6})
                within[static_cast<std::size_t>(style)] =
                    m.style < style && !parts_assign(text, m.end, line.end, style);
        // Items inside the line: the next number of a style that no line begins with.
        std::size_t depth = 0;
        bool lone = false;  // A bracket that nothing closes stands open.
        for (std::size_t i = m.style != 0 && m.style != 8 ? m.end : line.begin + 1; i < line.end;
             ++i) {
            const char16_t c = text.chars[i];
            if (c == u'(' && marker(text, i, line.end).style == 0) {
                ++depth;
                lone = lone || text.close[i] == Text::unmatched;
            }
            if (c == u')' && depth > 0) --depth;
            const char16_t before = text.chars[i - 1];
            // The next number with its stop, and words behind it, needs no stop before it:
            // brackets and full stops get lost.
            if (is_digit(c) && !is_digit(before) && before != u'.' && before != u'第') {
                const Marker next = marker(text, i, line.end);
                // So does one with 、 where the bracket before it was lost.
                if (next.style == 4 && !next.digit && next.number > 1 &&
                    next.number == last[4] + 1 && at_line[4] <= 1 &&
                    (text.chars[next.no_end] == u'.' || lone) && next.end < line.end &&
                    is_han(text.chars[next.end])) {
                    add(next, i);
                    depth = 0;
                    lone = false;
                    i = next.end - 1;
                    continue;
                }
            }
            if (depth > 0) continue;
            if (before != u' ' && before != u'。' && before != u';' && before != u')' &&
                before != u'”' && before != u'\t' && before != u':')
                continue;
            const Marker inner = marker(text, i, line.end);
            // 做好以下工作:①…;②…, and of the others a document in one line: 某区工作要点:(一)…(二)…
            if (before == u':' && inner.style != 5 && inner.style != 6 &&
                (m.style != 0 || inner.number != 1 || !opens_list(text, line.begin, i)))
                continue;
            if (inner.style == 0 || inner.style == 8 || inner.style == 9 ||
                inner.style == stage_style)
                continue;
            const auto style = static_cast<std::size_t>(inner.style);
            if (is_large(inner) && inner.number != last[style] + 1) continue;
            if (at_line[style] > 1 || within[style]) continue;
            // Numbers run on over headings, or begin again.
            const bool next_one = inner.number == last[style] + 1;
            // An item that was lost leaves a gap; behind a stop the next is one all the same.
            const bool gap = last[style] > 0 && inner.number > last[style] &&
                             inner.number <= last[style] + widest_gap && !inner.digit &&
                             ends_clause(before);
            if (!next_one && !gap && (inner.number != 1 || inner.digit)) continue;
            // One number alone is no list: the next one must follow somewhere.
            if (inner.number == 1) {
                if (!ahead[style].second(text, inner.style, inner.end)) continue;
            }
            add(inner, i);
            i = inner.end - 1;
        }
    }
    for (std::size_t i = 0; i < out.nodes.size(); ++i)
        out.nodes[i].end = i + 1 < out.nodes.size() ? out.nodes[i + 1].begin : n;

    // Above each item stands the last one of a style that opened before its own.
    std::vector<int> open;
    int labelled = -1;  // the last item with a clause below it
    for (std::size_t i = 0; i < out.nodes.size(); ++i) {
        Node& node = out.nodes[i];
        if (node.style == 0 || node.style == 8 || node.style == 9) {
            node.parent = open.empty() ? -1 : open.back();
            if (node.style == 0 && heads_attachment(text, node.begin, line_end(text, node.begin)))
                open.clear();
            // An item with clauses in lines of their own is over where a table begins.
            if (node.style == 0 && !open.empty() &&
                out.nodes[static_cast<std::size_t>(open.back())].style > 2 &&
                begins_with_label(text.view(node.begin, line_end(text, node.begin))))
                labelled = open.back();
            if (node.style == 8 && !open.empty() && labelled == open.back()) {
                open.pop_back();
                node.parent = open.empty() ? -1 : open.back();
            }
            if (node.style == 8 && node.parent >= 0)
                out.nodes[static_cast<std::size_t>(node.parent)].has_items = true;
            continue;
        }
        for (std::size_t k = 0; k < open.size(); ++k)
            if (out.nodes[static_cast<std::size_t>(open[k])].style == node.style) {
                open.resize(k);
                break;
            }
        node.parent = open.empty() ? -1 : open.back();
        if (node.parent >= 0) out.nodes[static_cast<std::size_t>(node.parent)].has_items = true;
        open.push_back(static_cast<int>(i));
    }
    std::size_t front = n;
    for (const Node& node : out.nodes)
        if (node.style != 0) {
            front = node.begin;
            break;
        }
    read_front(text, std::min(front, std::size_t{4000}), front < n, out);
    out.text_year = only_year(text, std::min(front, std::size_t{4000}));
    constexpr std::size_t note = 1000;
    out.bare = legend(text, 0, std::min(front, std::size_t{4000}));
    if (!out.bare && n > note) out.bare = legend(text, n - note, n);
    read_signature(text, lines, front < n ? front : std::min(n, title_block), out);
    if (!out.issued) out.issued = date_published(text.published);
    return out;
}

std::size_t closing(const Text& text, std::size_t at, std::size_t end) {
    return std::min<std::size_t>(text.close[at], end);
}

}  // namespace safetyrisk::plan
