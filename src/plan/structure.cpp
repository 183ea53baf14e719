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
};

constexpr int styles = 10;
// So far behind a first item the second is looked for.
constexpr std::size_t farthest = 20000;

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
        m = {9, 0, at + 1, at, at};
    } else if (c >= 0x2460 && c <= 0x2473) {
        m = {6, c - 0x2460 + 1, at + 1, at, at + 1};
    } else if (c == u'第') {
        ++i;
        std::size_t from = i;
        int value = han_number(text, i, end);
        if (value < 0) {
            i = from;
            value = digits(text, i, end, 3);
        }
        if (value < 0 || i >= end) return m;
        if (text.chars[i] == u'条')
            m = {7, value, i + 1, at, i + 1};
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
        const int value = digits(text, i, end, 3);
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
            // 4.2.1 and 5.12 are numbers of something else.
            if (i + 1 < end && is_digit(text.chars[i + 1])) return m;
            m = {4, value, i + 1, at, no_end};
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

std::vector<std::u16string> cells_of(const Text& text, std::size_t begin, std::size_t end) {
    std::vector<std::u16string> cells(1);
    for (std::size_t i = begin; i < end; ++i)
        if (text.chars[i] == u'\t')
            cells.emplace_back();
        else
            cells.back().push_back(text.chars[i]);
    return cells;
}

bool is_head(const std::vector<std::u16string>& cells) {
    static constexpr std::array<Chars, 12> words = {
        u"序号",     u"工作任务", u"重点任务", u"主要任务", u"任务", u"工作内容",
        u"任务内容", u"主要内容", u"工作措施", u"重点工作", u"事项", u"工作要求"};
    std::size_t known = 0;
    for (const auto& cell : cells) {
        Chars bare(cell);
        while (!bare.empty() && is_blank(bare.front()))
            bare.remove_prefix(1);
        while (!bare.empty() && is_blank(bare.back()))
            bare.remove_suffix(1);
        if (std::find(words.begin(), words.end(), bare) != words.end()) ++known;
        if (label_of_column(bare) != nullptr) ++known;
    }
    return cells.size() > 1 && known >= 2;
}

// 2025年10月28日 at the end of a short line: when it was signed.
std::optional<Date> date_at_end(Chars line) {
    while (!line.empty() && (line.back() == u')' || is_blank(line.back())))
        line.remove_suffix(1);
    if (line.empty() || line.back() != u'日' || line.find(u'。') != Chars::npos)
        return std::nullopt;
    const std::size_t year = line.rfind(u'年');
    if (year == Chars::npos || year < 4) return std::nullopt;
    for (std::size_t i = year - 4; i < year; ++i)
        if (!is_digit(line[i])) return std::nullopt;
    return Date::parse(to_utf8(line.substr(year - 4)));
}

// What stands above the first item: title, issuer, date of issue.
void read_front(const Text& text, std::size_t end, Structure& out) {
    for (std::size_t begin = 0; begin < end;) {
        std::size_t stop = text.chars.find(u'\n', begin);
        if (stop == std::u16string::npos || stop > end) stop = end;
        const Chars line = text.view(begin, stop);
        const std::size_t line_begin = begin;
        begin = stop + 1;
        // "各县(市、区)人民政府,市安委会各成员单位:" names whom the plan is for.
        if (out.addressees_end == 0 && line.size() > 4 && line.size() < 400 &&
            line.back() == u':' && line.find(u'。') == Chars::npos &&
            (line.find(u',') != Chars::npos || line.find(u'、') != Chars::npos ||
             line.front() == u'各')) {
            out.addressees_begin = line_begin;
            out.addressees_end = stop - 1;
        }
        if (line.empty() || line.size() > 60) continue;
        // 〔2023〕2号
        for (std::size_t i = 0; i + 6 < line.size() && !out.number_year; ++i)
            if (line[i] == u'(' && line[i + 5] == u')' && is_digit(line[i + 6])) {
                int value = 0;
                for (std::size_t k = 1; k < 5; ++k)
                    value = is_digit(line[i + k]) ? value * 10 + (line[i + k] - u'0') : 100000;
                if (value >= 1990 && value < 2100) out.number_year = value;
            }
        if (const auto date = date_at_end(line)) {
            out.issued = date;
            if (line.size() < 14) continue;
        }
        static constexpr std::array<Chars, 10> kinds = {u"要点", u"计划", u"方案", u"分解",
                                                        u"分工", u"任务", u"安排", u"的通知",
                                                        u"清单", u"措施"};
        const bool titled = std::any_of(kinds.begin(), kinds.end(),
                                        [&](Chars kind) { return line.find(kind) != Chars::npos; });
        const bool sentence = line.find(u'。') != Chars::npos || line.find(u':') != Chars::npos;
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
    }
}

}  // namespace

Structure read_structure(const Text& text) {
    Structure out;
    const std::size_t n = text.size();
    struct Line {
        std::size_t begin, end;
    };
    std::vector<Line> lines;
    for (std::size_t begin = 0; begin < n;) {
        std::size_t end = text.chars.find(u'\n', begin);
        if (end == std::u16string::npos) end = n;
        if (end > begin) lines.push_back({begin, end});
        begin = end + 1;
    }
    // Which styles begin lines: one that does is not looked for inside them.
    std::array<int, styles> at_line{};
    for (const Line& line : lines)
        ++at_line[static_cast<std::size_t>(marker(text, line.begin, line.end).style)];

    std::array<int, styles> last{};  // number last seen of each style
    int head = -1;
    const auto add = [&](const Marker& m, std::size_t begin) {
        Node node;
        node.style = m.style;
        node.number = m.number;
        node.begin = begin;
        node.body = m.end;
        node.no = to_utf8(text.view(m.no_begin, m.no_end));
        out.nodes.push_back(std::move(node));
        last[static_cast<std::size_t>(m.style)] = m.number;
    };
    for (const Line& line : lines) {
        const bool tabs = text.view(line.begin, line.end).find(u'\t') != Chars::npos;
        if (tabs) {
            auto cells = cells_of(text, line.begin, line.end);
            if (is_head(cells)) {
                out.heads.push_back({std::move(cells)});
                head = static_cast<int>(out.heads.size()) - 1;
                continue;
            }
        }
        const Marker m = marker(text, line.begin, line.end);
        if (tabs && head >= 0 && cells_of(text, line.begin, line.end).size() > 1) {
            Node node;
            node.style = 8;
            node.begin = node.body = line.begin;
            node.table = head;
            out.nodes.push_back(std::move(node));
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
        // Items inside the line: the next number of a style that no line begins with.
        std::size_t depth = 0;
        for (std::size_t i = m.style != 0 && m.style != 8 ? m.end : line.begin + 1; i < line.end;
             ++i) {
            const char16_t c = text.chars[i];
            if (c == u'(' && marker(text, i, line.end).style == 0) ++depth;
            if (c == u')' && depth > 0) --depth;
            const char16_t before = text.chars[i - 1];
            // The next number with its stop, and words behind it, needs no stop before it:
            // brackets and full stops get lost.
            if (is_digit(c) && !is_digit(before) && before != u'.' && before != u'第') {
                const Marker next = marker(text, i, line.end);
                if (next.style == 4 && next.number > 1 && next.number == last[4] + 1 &&
                    at_line[4] <= 1 && text.chars[next.no_end] == u'.' && next.end < line.end &&
                    is_han(text.chars[next.end])) {
                    add(next, i);
                    depth = 0;
                    i = next.end - 1;
                    continue;
                }
            }
            if (depth > 0) continue;
            if (before != u' ' && before != u'。' && before != u';' && before != u')' &&
                before != u'”' && before != u'\t')
                continue;
            const Marker inner = marker(text, i, line.end);
            if (inner.style == 0 || inner.style == 8 || inner.style == 9) continue;
            const auto style = static_cast<std::size_t>(inner.style);
            if (at_line[style] > 1) continue;
            // Numbers run on over headings, or begin again.
            if (inner.number != last[style] + 1 && inner.number != 1) continue;
            // One number alone is no list: the next one must follow somewhere.
            if (inner.number == 1) {
                bool second = false;
                const std::size_t far = std::min(n, inner.end + farthest);
                for (std::size_t j = inner.end; j < far && !second; ++j) {
                    const Marker next = marker(text, j, n);
                    second = next.style == inner.style && next.number == 2;
                    if (next.style != 0 && next.style < inner.style && next.number > 1) break;
                }
                if (!second) continue;
            }
            add(inner, i);
            i = inner.end - 1;
        }
    }
    for (std::size_t i = 0; i < out.nodes.size(); ++i)
        out.nodes[i].end = i + 1 < out.nodes.size() ? out.nodes[i + 1].begin : n;

    // Above each item stands the last one of a style that opened before its own.
    std::vector<int> open;
    for (std::size_t i = 0; i < out.nodes.size(); ++i) {
        Node& node = out.nodes[i];
        if (node.style == 0 || node.style == 8 || node.style == 9) {
            node.parent = open.empty() ? -1 : open.back();
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
    read_front(text, std::min(front, std::size_t{4000}), out);
    // A plan may be signed at its end.
    for (std::size_t k = lines.size(); k-- > 0 && !out.issued && lines.size() - k < 8;) {
        const Chars line = text.view(lines[k].begin, lines[k].end);
        if (line.size() < 40)
            if (const auto date = date_at_end(line)) out.issued = date;
    }
    return out;
}

std::size_t closing(const Text& text, std::size_t at, std::size_t end) {
    return std::min<std::size_t>(text.close[at], end);
}

}  // namespace safetyrisk::plan
