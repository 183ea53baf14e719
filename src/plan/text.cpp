#include "text.hpp"

#include "lexicon.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace safetyrisk::plan {
namespace {

struct Decoded {
    std::u16string chars;
    std::vector<std::uint32_t> origin;
};

Decoded decode(std::string_view utf8) {
    Decoded out;
    out.chars.reserve(utf8.size() / 2 + 1);
    out.origin.reserve(utf8.size() / 2 + 1);
    std::uint32_t point = 0;
    const auto byte = [&](std::size_t i) {
        return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    for (std::size_t i = 0; i < utf8.size(); ++point) {
        const unsigned c = byte(i);
        char16_t unit = 0xFFFD;
        std::size_t length = 1;
        if (c < 0x80) {
            unit = static_cast<char16_t>(c);
        } else if (c >= 0xC2 && c < 0xE0 && follows(i + 1)) {
            unit = static_cast<char16_t>(((c & 0x1FU) << 6U) | (byte(i + 1) & 0x3FU));
            length = 2;
        } else if (c >= 0xE0 && c < 0xF0 && follows(i + 1) && follows(i + 2)) {
            const unsigned value =
                ((c & 0x0FU) << 12U) | ((byte(i + 1) & 0x3FU) << 6U) | (byte(i + 2) & 0x3FU);
            if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) {
                unit = static_cast<char16_t>(value);
                length = 3;
            }
        } else if (c >= 0xF0 && c < 0xF5 && follows(i + 1) && follows(i + 2) && follows(i + 3)) {
            const unsigned second = byte(i + 1);
            if (!(c == 0xF0 && second < 0x90) && !(c == 0xF4 && second > 0x8F)) length = 4;
        }
        i += length;
        out.chars.push_back(unit);
        out.origin.push_back(point);
    }
    out.origin.push_back(point);
    return out;
}

inline char16_t unified(char16_t c) {
    if (c >= 0x4E00 && c <= 0x9FFF) return c;
    switch (c) {
        case u'（':
        case u'〔':
        case u'【':
        case u'［':
        case u'﹙':
        case u'[':
            return u'(';
        case u'）':
        case u'〕':
        case u'】':
        case u'］':
        case u'﹚':
        case u']':
            return u')';
        case u'，':
            return u',';
        case u'；':
            return u';';
        case u'：':
        case u'∶':
        case u'︰':
        case u'﹕':
            return u':';
        case u'﹐':
            return u',';
        case u'﹔':
            return u';';
        case u'│':
        case u'┃':
        case u'║':
            return u'|';
        case u'！':
            return u'!';
        case u'？':
            return u'?';
        case u'「':
        case u'『':
        case u'〝':
            return u'“';
        case u'」':
        case u'』':
        case u'〞':
        case u'〟':
            return u'”';
        case u'．':
            return u'.';
        case u'\u00A0':
        case u'\u3000':
        case u'\u2002':
        case u'\u2003':
        case u'\u2009':
        case u'\u202F':
            return u' ';
        case u'\u2028':
        case u'\u2029':
        case u'\u0085':
        case u'\v':
        case u'\f':
            return u'\n';
        case u'﹑':
        case u'､':
            return u'、';
        case u'｡':
            return u'。';
        case u'–':
        case u'―':
        case u'－':
        case u'～':
        case u'〜':
        case u'~':
        case u'─':
            return u'—';
        default:
            if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char16_t>(c - 0xFEE0);
            return c;
    }
}

bool is_invisible(char16_t c) {
    return c == 0xFEFF || c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0x00AD ||
           c == u'\r';
}

bool is_bullet(char16_t c) {
    constexpr Chars bullets = u"•●○◆◇■□▲△★☆·▪▫※►▶◎*✓√";
    return bullets.find(c) != Chars::npos || (c >= 0xF000 && c <= 0xF0FF);
}

bool is_mark(char16_t c) {
    constexpr Chars marks = u"、,。;:()“”《》!?%.—";
    return marks.find(c) != Chars::npos;
}

// Common words that a stray character has parted ("贯+彻").
bool is_word(char16_t a, char16_t b) {
    constexpr std::array<Chars, 24> words = {u"贯彻", u"落实", u"安全", u"生产", u"责任", u"单位",
                                             u"管理", u"部门", u"应急", u"企业", u"政府", u"负责",
                                             u"牵头", u"配合", u"组织", u"检查", u"隐患", u"排查",
                                             u"整治", u"监管", u"推进", u"完善", u"加强", u"深化"};
    const std::array<char16_t, 2> pair{a, b};
    return std::find(words.begin(), words.end(), Chars(pair.data(), 2)) != words.end();
}

// The number of a page: "— 2 —", "第 3 页", "第3页共10页", "3/10".
bool is_page_number(Chars line) {
    if (line.empty()) return false;
    std::size_t digits = 0, others = 0;
    bool slash = false;
    for (const char16_t c : line) {
        slash = slash || c == u'/';
        if (is_digit(c))
            ++digits;
        else if (c != u'—' && c != u'-' && c != u' ' && c != u'第' && c != u'页' && c != u'共' &&
                 c != u'/' && c != u',')
            ++others;
    }
    return digits > 0 && digits < 7 && others == 0 &&
           (line.front() == u'—' || line.front() == u'-' || line.back() == u'页' || slash);
}

// Page furniture that copies of web pages carry; a line of it says nothing.
bool is_chrome(Chars line) {
    constexpr std::array<Chars, 19> openings = {
        u"当前位置", u"您现在的位置", u"来源:",  u"发布时间", u"浏览次数", u"累计次数", u"打印本页",
        u"关闭窗口", u"上一篇",       u"下一篇", u"扫一扫",   u"分享到",   u"发布日期", u"发布机构",
        u"信息来源", u"索引号",       u"字号:(", u"责任编辑", u"点击数"};
    for (const Chars opening : openings)
        if (line.substr(0, opening.size()) == opening) return true;
    for (const Chars inner : {Chars(u"字体:("), Chars(u"网站标识码"), Chars(u"ICP备"),
                              Chars(u"公网安备"), Chars(u"版权所有"), Chars(u"技术支持:")})
        if (line.find(inner) != Chars::npos) return true;
    if (is_page_number(line)) return true;
    // A line of a table of contents: 一、总体要求……3
    std::size_t end = line.size();
    while (end > 0 && (is_digit(line[end - 1]) || line[end - 1] == u' '))
        --end;
    const Chars head = line.substr(0, end);
    return end < line.size() && head.size() > 4 &&
           (head.substr(head.size() - 2) == u"……" || head.substr(head.size() - 3) == u"..." ||
            head.substr(head.size() - 3) == u"···");
}

class Repairer {
public:
    explicit Repairer(Decoded&& decoded) : in_(std::move(decoded)) {}

    Text run() {
        const std::size_t n = in_.chars.size();
        out_.chars.reserve(n);
        out_.origin.reserve(n + 1);
        measure_lines(n);
        for (std::size_t begin = 0; begin < n;) {
            if (const std::size_t behind = stacked(begin, n); behind != 0) {
                begin = behind;
                continue;
            }
            std::size_t end = begin;
            while (end < n && unified(in_.chars[end]) != u'\n')
                ++end;
            line(begin, end);
            if (end < n) {
                const std::size_t next = broken_off(begin, end, n);
                if (next == 0) push(u'\n', end);
                begin = next == 0 ? end + 1 : next;
            } else {
                begin = end + 1;
            }
        }
        out_.origin.push_back(in_.origin[n]);
        match_brackets();
        return std::move(out_);
    }

private:
    void push(char16_t c, std::size_t at) {
        out_.chars.push_back(c);
        out_.origin.push_back(in_.origin[at]);
        if (c == u'\n') {
            line_start_ = out_.chars.size();
            open_ = false;
        }
    }

    // Brackets match within their line.
    void match_brackets() {
        std::vector<std::uint32_t> open;
        out_.close.assign(out_.chars.size(), none_);
        for (std::size_t i = 0; i < out_.chars.size(); ++i) {
            const char16_t c = out_.chars[i];
            if (c == u'\n') open.clear();
            if (c == u'(') open.push_back(static_cast<std::uint32_t>(i));
            if (c == u')' && !open.empty()) {
                out_.close[open.back()] = static_cast<std::uint32_t>(i);
                open.pop_back();
            }
        }
    }

    void repaired(std::string_view rule, std::size_t begin, std::size_t end, Chars after) {
        if (out_.repairs.size() >= most_repairs) return;
        out_.repairs.push_back({std::string(rule),
                                {in_.origin[begin], in_.origin[end - 1] + 1},
                                to_utf8(Chars(in_.chars).substr(begin, end - begin)),
                                to_utf8(after)});
    }

    void line(std::size_t begin, std::size_t end) {
        if (columns(begin, end)) return;
        // Residue of tables drawn with bars, and blanks at both ends. A row of a table may begin
        // with an empty cell.
        const auto is_edge = [&](char16_t c) {
            return unified(c) == u' ' || (c == u'\t' && !in_table_) || unified(c) == u'|' ||
                   is_invisible(c);
        };
        std::size_t first = begin;
        while (first < end && is_edge(in_.chars[first])) {
            if (unified(in_.chars[first]) == u'|')
                repaired("text.table_residue", first, first + 1, {});
            ++first;
        }
        std::size_t last = end;
        while (last > first && is_edge(in_.chars[last - 1])) {
            --last;
            if (unified(in_.chars[last]) == u'|')
                repaired("text.table_residue", last, last + 1, {});
        }
        if (first == last) return;
        buffer_.clear();
        for (std::size_t i = first; i < last && buffer_.size() < 80; ++i)
            if (!is_invisible(in_.chars[i])) buffer_.push_back(unified(in_.chars[i]));
        // A document that is one line is no chrome, whatever it opens with.
        if (last - first <= longest_chrome && is_chrome(buffer_)) {
            if (out_.published.empty() && (buffer_.find(u"发布时间") != std::u16string::npos ||
                                           buffer_.find(u"发布日期") != std::u16string::npos))
                out_.published = buffer_;
            const std::size_t stop = addressees_behind(first, last);
            repaired("text.page_chrome", first, stop, {});
            if (stop == last) return;
            first = stop;
        }
        inline_text(first, last);
    }

    // 来源:县政府办 【大 中 小】各乡镇人民政府、县直有关单位: where those begin whom a page's head
    // runs into, `last` where it runs into nobody.
    std::size_t addressees_behind(std::size_t first, std::size_t last) const {
        if (unified(in_.chars[last - 1]) != u':') return last;
        for (std::size_t i = last - 1; i-- > first;) {
            const char16_t c = unified(in_.chars[i]);
            if (c == u':') return last;
            if ((c == u')' || c == u' ') && i + 4 < last && in_.chars[i + 1] == u'各') return i + 1;
        }
        return last;
    }

    // ── tables ──

    static constexpr std::size_t longest_chrome = 160;
    using Cells = std::vector<std::pair<std::size_t, std::size_t>>;

    std::u16string cell_text(std::size_t begin, std::size_t end) const {
        std::u16string out;
        for (std::size_t i = begin; i < end && out.size() < 20; ++i)
            if (!is_invisible(in_.chars[i])) out.push_back(unified(in_.chars[i]));
        return out;
    }
    bool heads(const Cells& cells) const {
        std::vector<std::u16string> texts;
        for (const auto& [a, b] : cells) {
            texts.push_back(cell_text(a, b));
            // A row that begins with its number is none; most rows do.
            const std::u16string& first = texts.front();
            if (!first.empty() && std::all_of(first.begin(), first.end(), is_digit)) return false;
        }
        return is_head(texts);
    }
    // Cells between bars; an outer bar on either side parts nothing.
    Cells between_bars(std::size_t begin, std::size_t end) const {
        while (begin < end && unified(in_.chars[begin]) == u' ')
            ++begin;
        while (end > begin &&
               (unified(in_.chars[end - 1]) == u' ' || is_invisible(in_.chars[end - 1])))
            --end;
        if (begin < end && unified(in_.chars[begin]) == u'|') ++begin;
        if (end > begin && unified(in_.chars[end - 1]) == u'|') --end;
        Cells cells;
        std::size_t from = begin;
        for (std::size_t i = begin; i <= end; ++i)
            if (i == end || unified(in_.chars[i]) == u'|') {
                cells.emplace_back(from, i);
                from = i + 1;
            }
        return cells;
    }
    // Cells between blanks, at least so many of them.
    Cells between_blanks(std::size_t begin, std::size_t end, std::size_t least) const {
        Cells cells;
        std::size_t from = begin;
        while (from < end && unified(in_.chars[from]) == u' ')
            ++from;
        for (std::size_t i = from; i < end;) {
            std::size_t j = i;
            while (j < end && (unified(in_.chars[j]) == u' ' || is_invisible(in_.chars[j])))
                ++j;
            const bool wide = j - i >= least || (j > i && in_.chars[i] == u'\u3000' && least <= 2);
            if (wide || j == end) {
                cells.emplace_back(from, i);
                from = j;
            }
            i = j == i ? i + 1 : j;
        }
        if (from < end) cells.emplace_back(from, end);
        return cells;
    }

    // Whether the line is of a table whose columns are parted by bars or blanks: then it is read
    // with tabs between its cells.
    bool columns(std::size_t begin, std::size_t end) {
        bool tabs = false, bars = false, blank = true;
        std::size_t blanks = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const char16_t c = in_.chars[i];
            if (is_han(c)) {
                blank = false;
                continue;
            }
            tabs = tabs || c == u'\t';
            bars = bars || c == u'|' || c == u'│' || c == u'┃' || c == u'║' || c == u'｜';
            const bool space = unified(c) == u' ';
            blanks += space ? 1U : 0U;
            blank = blank && (space || c == u'\t' || is_invisible(c));
        }
        if (blank) return false;
        if (tabs) {
            Cells cells;
            std::size_t from = begin;
            for (std::size_t i = begin; i <= end; ++i)
                if (i == end || in_.chars[i] == u'\t') {
                    if (cells.size() < 40) cells.emplace_back(from, i);
                    from = i + 1;
                }
            parted_ = Parted::no;
            if (heads(cells)) in_table_ = true;
            return false;
        }
        if (bars) {
            Cells cells = between_bars(begin, end);
            if (cells.size() > 1 && heads(cells)) {
                parted_ = Parted::bars;
                width_ = cells.size();
            }
            if (parted_ != Parted::bars) return false;
            // |工作任务| without bars outside: the first cell is empty.
            if (cells.size() + 1 == width_) {
                std::size_t first = begin;
                while (first < end && unified(in_.chars[first]) == u' ')
                    ++first;
                if (first < end && unified(in_.chars[first]) == u'|')
                    cells.insert(cells.begin(), {first, first});
            }
            bool drawn = true;
            for (std::size_t i = begin; i < end; ++i) {
                const char16_t c = unified(in_.chars[i]);
                drawn = drawn && (c == u'|' || c == u'-' || c == u'—' || c == u':' || c == u'+' ||
                                  c == u' ' || c == u'━' || c == u'┼');
            }
            if (drawn) {
                repaired("text.table_residue", begin, end, {});
                return true;
            }
            in_table_ = true;
            with_tabs(cells);
            return true;
        }
        if (parted_ == Parted::bars) {
            // Lines of + and - are drawn between the rows.
            if (std::all_of(in_.chars.begin() + static_cast<std::ptrdiff_t>(begin),
                            in_.chars.begin() + static_cast<std::ptrdiff_t>(end), [](char16_t c) {
                                return unified(c) == u'-' || unified(c) == u'—' || c == u'+' ||
                                       c == u'=' || unified(c) == u' ';
                            })) {
                repaired("text.table_residue", begin, end, {});
                return true;
            }
            // Headings stand between the rows.
            if (end - begin > 30) parted_ = Parted::no;
        }
        if (blanks >= 2 && end - begin < 400) {
            // Where blanks of both widths part the cells, the narrow ones count.
            Cells cells = between_blanks(begin, end, 1);
            if (cells.size() < 3 || !all_head(cells)) cells = between_blanks(begin, end, 2);
            if (cells.size() >= 3 && all_head(cells)) {
                is_unit_column_.clear();
                for (const auto& [a, b] : cells) {
                    const Label* label = label_of_column(cell_text(a, b));
                    is_unit_column_.push_back(label != nullptr &&
                                              label->kind == Label::Kind::units);
                }
                parted_ = Parted::blanks;
                width_ = cells.size();
                in_table_ = true;
                with_tabs(cells);
                return true;
            }
        }
        if (parted_ == Parted::blanks) {
            const Cells wide = between_blanks(begin, end, 2);
            const Cells narrow = between_blanks(begin, end, 1);
            Cells cells = wide.size() == width_     ? wide
                          : narrow.size() == width_ ? narrow
                                                    : between_both(wide, narrow);
            if (cells.empty() && wide.size() > 2 && wide.size() < width_) cells = wide;
            if (!cells.empty()) {
                with_tabs(cells);
                return true;
            }
            if (end - begin > 30) parted_ = Parted::no;
        }
        if (end - begin > 30) in_table_ = false;
        return false;
    }

    // Wide blanks part cells, and narrow ones where a cell of units must begin or end.
    Cells between_both(const Cells& wide, const Cells& narrow) const {
        if (wide.empty() || wide.size() >= width_ || narrow.size() <= width_) return {};
        Cells cells;
        std::size_t k = 0;  // the next of `narrow`
        for (const auto& [a, b] : wide) {
            std::size_t last = k;
            while (last + 1 < narrow.size() && narrow[last + 1].first < b)
                ++last;
            // From the left: a narrow blank parts where units stand on one side alone.
            std::size_t from = a;
            for (std::size_t i = k; i < last; ++i) {
                const std::size_t column = cells.size();
                if (column + 1 >= is_unit_column_.size()) break;
                const bool here = is_unit_column_[column], there = is_unit_column_[column + 1];
                const bool left = ends_as_unit(cell_end(from, narrow[i].second));
                const bool right =
                    ends_as_unit(cell_end(narrow[i + 1].first, narrow[i + 1].second));
                if (here == there || left != here || right != there) continue;
                cells.emplace_back(from, narrow[i].second);
                from = narrow[i + 1].first;
            }
            cells.emplace_back(from, b);
            k = last + 1;
        }
        return cells.size() == width_ ? cells : Cells{};
    }

    bool all_head(const Cells& cells) const {
        for (const auto& [a, b] : cells) {
            const std::u16string text = cell_text(a, b);
            if (!is_text_column(text) && label_of_column(text) == nullptr && !may_head_text(text))
                return false;
        }
        return heads(cells);
    }

    void with_tabs(const Cells& cells) {
        for (std::size_t k = 0; k < cells.size(); ++k) {
            auto [a, b] = cells[k];
            if (k > 0) {
                const std::size_t from = cells[k - 1].second;
                repaired("text.columns", from, std::max(from + 1, a), u"\t");
                push(u'\t', from);
            }
            while (a < b && unified(in_.chars[a]) == u' ')
                ++a;
            while (b > a && (unified(in_.chars[b - 1]) == u' ' || is_invisible(in_.chars[b - 1])))
                --b;
            if (a < b) inline_text(a, b);
        }
    }

    // ── tables pasted with one cell a line ──

    // The next line from `begin` that holds something, without blanks at its ends; `behind` is
    // where the one after it begins. Page furniture is passed over.
    struct Line {
        std::size_t begin = 0, end = 0, behind = 0;
    };
    std::optional<Line> next_line(std::size_t begin, std::size_t n, int empty) const {
        for (; begin < n && empty >= 0; --empty) {
            Line one{begin, begin, begin};
            while (one.end < n && unified(in_.chars[one.end]) != u'\n')
                ++one.end;
            one.behind = std::min(n, one.end + 1);
            const auto edge = [&](char16_t c) {
                return unified(c) == u' ' || c == u'\t' || is_invisible(c);
            };
            while (one.begin < one.end && edge(in_.chars[one.begin]))
                ++one.begin;
            while (one.end > one.begin && edge(in_.chars[one.end - 1]))
                --one.end;
            if (one.begin < one.end &&
                (one.end - one.begin > 20 || !is_page_number(cell_text(one.begin, one.end))))
                return one;
            begin = one.behind;
        }
        return std::nullopt;
    }
    bool holds_tab(const Line& one) const {
        return Chars(in_.chars).substr(one.begin, one.end - one.begin).find(u'\t') != Chars::npos;
    }
    // A bare number, its stop aside; 0 where the line is none.
    int bare_number(const Line& one) const {
        if (one.end - one.begin > 4) return 0;
        std::u16string text = cell_text(one.begin, one.end);
        while (!text.empty() && (text.back() == u'.' || text.back() == u'、'))
            text.pop_back();
        int value = 0;
        for (const char16_t c : text) {
            if (!is_digit(c)) return numeral(text);
            value = value * 10 + (c - u'0');
        }
        return value;
    }

    // Cells of a head line by line, then rows of as many lines: read with tabs between the cells.
    // Gives where the text goes on, 0 where no such table begins at `begin`.
    std::size_t stacked(std::size_t begin, std::size_t n) {
        constexpr std::size_t longest_head = 10, longest_cell = 20, most_columns = 12,
                              most_lines = 40;
        constexpr int gap = 2;  // Empty lines between two cells.
        // Most lines are no cell of a head.
        if (const std::size_t first = Chars(in_.chars).substr(begin, 24).find(u'\n');
            first == Chars::npos)
            return 0;
        std::vector<Line> head;
        std::size_t units = most_columns;
        bool numbered = false, more = false;
        std::size_t at = begin;
        while (head.size() < most_columns) {
            const auto one = next_line(at, n, head.empty() ? 0 : gap);
            if (!one || one->end - one->begin > longest_cell || holds_tab(*one)) break;
            const std::u16string text = cell_text(one->begin, one->end);
            // 责任单位(牵头单位列首位)
            if (text.size() > longest_head && text.find(u'(') == std::u16string::npos) break;
            const Label* label = label_of_column(text);
            if (label == nullptr && !is_text_column(text) && !may_head_text(text)) break;
            if (label != nullptr && label->kind == Label::Kind::units && units == most_columns)
                units = head.size();
            if (head.empty()) numbered = text.front() == u'序' || text == u"编号";
            more = more || (label == nullptr && !(head.empty() && numbered));
            head.push_back(*one);
            at = one->behind;
        }
        if (head.size() < 3 || units == most_columns || !more) return 0;
        // The rows: from number to number, or so many lines whose column of units holds units.
        std::vector<std::vector<Line>> rows;
        std::vector<std::pair<std::size_t, Line>> over;  // Headings before the row of that place.
        std::vector<std::pair<std::size_t, std::size_t>> repeated;  // The head, again.
        std::size_t from = at, behind = at;
        int last = 0;
        std::size_t headed = 0;       // Headings without a row.
        std::size_t headed_rows = 0;  // Rows before the last head.
        for (;;) {
            std::vector<Line> row, headings;
            // A head without rows heads nothing.
            if (const std::size_t again = repeats(head, from, n);
                again != 0 && rows.size() > headed_rows) {
                headed_rows = rows.size();
                repeated.emplace_back(from, again);
                from = again;
                continue;
            }
            if (const auto one = next_line(from, n, gap); one && !holds_tab(*one) &&
                                                          one->end - one->begin <= longest_cell &&
                                                          heads_rows(*one)) {
                over.emplace_back(rows.size(), *one);
                from = one->behind;
                if (++headed > most_lines) break;
                continue;
            }
            if (numbered) {
                const auto first = next_line(from, n, gap);
                const int number = first ? bare_number(*first) : 0;
                // Numbers run on, or begin again.
                if (number == 0 || (number != last + 1 && number != 1)) break;
                last = number;
                row.push_back(*first);
                from = first->behind;
                std::vector<Line> cells;
                std::size_t stop = from;
                bool closed = false;
                while (cells.size() < most_lines && !closed) {
                    const auto one = next_line(stop, n, gap);
                    if (!one || holds_tab(*one)) break;
                    const int next = bare_number(*one);
                    closed = repeats(head, stop, n) != 0 || next == number + 1 ||
                             (next == 1 && cells.size() + 1 >= head.size());
                    // Behind the last row stand sentences.
                    const bool sentence = cells.size() >= 2 && in_.chars[one->end - 1] == u'。' &&
                                          unified(in_.chars[cells.back().end - 1]) != u',';
                    if (closed || sentence) break;
                    cells.push_back(*one);
                    stop = one->behind;
                }
                // A cell of several lines is that of what is to be done; the last row ends with
                // its last column.
                const std::size_t wanted = head.size() - 1;
                if (!closed && cells.size() > wanted) cells.resize(wanted);
                if (cells.size() < 2) break;
                while (cells.size() > wanted && heads_rows(cells.back())) {
                    headings.insert(headings.begin(), cells.back());
                    cells.pop_back();
                }
                while (cells.size() > wanted) {
                    std::size_t k = 0;
                    for (std::size_t i = 0; i + 1 < cells.size() && k == 0; ++i)
                        if (unified(in_.chars[cells[i].end - 1]) == u'、') k = i;
                    cells[k].end = cells[k + 1].end;
                    cells[k].behind = cells[k + 1].behind;
                    cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(k) + 1);
                }
                row.insert(row.end(), cells.begin(), cells.end());
            } else {
                while (row.size() < head.size()) {
                    const auto one = next_line(from, n, gap);
                    if (!one || holds_tab(*one)) break;
                    row.push_back(*one);
                    from = one->behind;
                }
                if (row.size() < head.size() ||
                    !ends_as_unit(cell_end(row[units].begin, row[units].end)))
                    break;
            }
            headed = 0;
            behind = headings.empty() ? row.back().behind : headings.back().behind;
            from = behind;
            rows.push_back(std::move(row));
            for (const Line& heading : headings)
                over.emplace_back(rows.size(), heading);
        }
        if (rows.empty()) return 0;
        // Headings behind the last row are of what follows.
        while (headed > 0 && !over.empty()) {
            over.pop_back();
            --headed;
        }
        for (const auto& [a, b] : repeated)
            if (b <= behind) repaired("text.repeated_head", a, b, {});
        in_table_ = true;
        parted_ = Parted::no;
        put_row(head);
        auto heading = over.begin();
        for (std::size_t k = 0; k <= rows.size(); ++k) {
            for (; heading != over.end() && heading->first == k; ++heading)
                put_row({heading->second});
            if (k < rows.size()) put_row(rows[k]);
        }
        return behind;
    }
    std::u16string cell_end(std::size_t begin, std::size_t end) const {
        return cell_text(end - std::min<std::size_t>(end - begin, 20), end);
    }
    // Where the text goes on behind a head that stands again at `from`; 0 where none does.
    std::size_t repeats(const std::vector<Line>& head, std::size_t from, std::size_t n) {
        constexpr int gap = 2;
        for (const Line& cell : head) {
            const auto one = next_line(from, n, gap);
            if (!one || cell_text(one->begin, one->end) != cell_text(cell.begin, cell.end))
                return 0;
            from = one->behind;
        }
        return from;
    }
    // 二、重点行业 between rows.
    bool heads_rows(const Line& one) const {
        const std::u16string text = cell_text(one.begin, one.end);
        const std::size_t from = text.front() == u'(' ? 1 : 0;
        std::size_t i = from;
        while (i < text.size() && numeral(Chars(text).substr(from, i + 1 - from)) != 0)
            ++i;
        return i > from && i < text.size() && text[i] == (from == 1 ? u')' : u'、');
    }
    void put_row(const std::vector<Line>& cells) {
        for (std::size_t k = 0; k < cells.size(); ++k) {
            if (k > 0) {
                const std::size_t from = cells[k - 1].end;
                repaired("text.columns", from, cells[k].begin, u"\t");
                push(u'\t', from);
            }
            for (std::size_t from = cells[k].begin; from < cells[k].end;) {
                std::size_t to = from;
                while (to < cells[k].end && unified(in_.chars[to]) != u'\n')
                    ++to;
                if (to > from) inline_text(from, to);
                from = to + 1;
            }
        }
        push(u'\n', cells.back().behind - 1);
    }

    void inline_text(std::size_t first, std::size_t last) {
        // Bullets of every shape are one.
        if (is_bullet(in_.chars[first]) && first + 1 < last) {
            push(u'•', first);
            ++first;
            while (first < last && unified(in_.chars[first]) == u' ')
                ++first;
        }
        // A line whose every character stands apart: 2 0 2 5 年 安 全.
        const bool spread = every_apart(first, last);
        if (spread) repaired("text.spread", first, last, {});
        for (std::size_t i = first; i < last; ++i) {
            const char16_t raw = in_.chars[i];
            if (is_invisible(raw) || (spread && unified(raw) == u' ')) continue;
            char16_t c = unified(raw);
            if (c == u'"') {
                c = open_ ? u'”' : u'“';
                open_ = !open_;
            }
            if (c == u' ') {
                std::size_t next = i + 1;
                while (next < last &&
                       (unified(in_.chars[next]) == u' ' || is_invisible(in_.chars[next])))
                    ++next;
                const char16_t left = out_.chars.empty() ? u'\n' : out_.chars.back();
                const char16_t right = next < last ? unified(in_.chars[next]) : u'\n';
                const bool inside = is_han(left) && is_han(right);
                // 9 月 底 is 9月底; a number before a stop begins an item.
                const bool counts =
                    (is_digit(left) && is_han(right) && out_.chars.size() > line_start_ + 2) ||
                    (is_han(left) && is_digit(right) && !begins_item(next, last));
                // 2023年1 0月: the digits of a day.
                if (is_digit(left) && is_digit(right) && parts_number(next, last)) {
                    repaired("text.blank", i, next, {});
                    i = next - 1;
                    continue;
                }
                const bool by_mark = counts || (is_mark(left) && left != u'.') || is_mark(right);
                if (inside || by_mark) {
                    // Between a sentence and the next item the blank is all that parts them.
                    if ((inside || (is_han(left) && right == u'(')) && keeps_apart(i, next, last))
                        push(u' ', i);
                    else if (inside && beside_label(next, last)) {
                        push(u' ', i);
                    } else if (inside && (between_clauses(next) || between_labels(next, last))) {
                        repaired("text.blank_list", i, next, u",");
                        push(u',', i);
                    } else if (inside && clause_behind(next, last)) {
                        push(u' ', i);
                    } else if (inside && between_names(next)) {
                        repaired("text.blank_list", i, next, u"、");
                        push(u'、', i);
                    } else if (inside) {
                        repaired("text.blank", i, next, {});
                    }
                    i = next - 1;
                    continue;
                }
                push(u' ', i);
                i = next - 1;
                continue;
            }
            if (raw == u'[' && i + 10 < last && Chars(in_.chars).substr(i + 1, 8) == u"bookmark") {
                std::size_t close = i;
                while (close < last && in_.chars[close] != u']')
                    ++close;
                if (close < last) {
                    repaired("text.word_residue", i, close + 1, {});
                    i = close;
                    continue;
                }
            }
            // 各县(市、区政府: the bracket of a level was lost.
            if ((c == u'政' || c == u'党' || c == u'人') && lost_level_bracket(i, last)) {
                repaired("text.bracket", i, i + 1, std::u16string(u")") + c);
                push(u')', i);
            }
            if (c == u'+' && !out_.chars.empty() && i + 1 < last &&
                is_word(out_.chars.back(), in_.chars[i + 1])) {
                repaired("text.stray_plus", i, i + 1, {});
                continue;
            }
            push(c, i);
        }
    }

    bool lost_level_bracket(std::size_t i, std::size_t last) const {
        const Chars line = line_so_far();
        bool opened = false;
        for (const Chars levels :
             {Chars(u"(市、区"), Chars(u"(区、市"), Chars(u"(市"), Chars(u"(区")})
            opened = opened ||
                     (line.size() > levels.size() + 1 &&
                      line.substr(line.size() - levels.size()) == levels &&
                      Chars(u"县市区").find(line[line.size() - levels.size() - 1]) != Chars::npos);
        if (!opened) return false;
        for (const Chars head : {Chars(u"政府"), Chars(u"人民政府"), Chars(u"党委")})
            if (i + head.size() <= last && Chars(in_.chars).substr(i, head.size()) == head)
                return true;
        return false;
    }

    bool every_apart(std::size_t first, std::size_t last) const {
        std::size_t signs = 0, blanks = 0, pairs = 0;
        char16_t before = u' ';
        for (std::size_t i = first; i < last; ++i) {
            const char16_t c = unified(in_.chars[i]);
            if (c == u' ')
                ++blanks;
            else
                ++signs;
            if (c != u' ' && before != u' ') ++pairs;
            before = c;
        }
        return signs >= 8 && 10 * blanks >= 8 * signs && 10 * pairs <= signs;
    }

    // 年1|0月, 月3|1日: two digits alone, behind the sign before them and before their own.
    bool parts_number(std::size_t next, std::size_t last) const {
        const Chars line = line_so_far();
        if (line.size() < 2) return false;
        const char16_t before = line[line.size() - 2], tens = line.back();
        std::size_t i = next + 1;
        while (i < last && unified(in_.chars[i]) == u' ')
            ++i;
        if (i >= last) return false;
        const char16_t sign = in_.chars[i];
        return (before == u'年' && tens == u'1' && unified(in_.chars[next]) <= u'2' &&
                sign == u'月') ||
               (before == u'月' && tens <= u'3' && sign == u'日');
    }

    bool begins_item(std::size_t next, std::size_t last) const {
        std::size_t i = next;
        while (i < last && is_digit(unified(in_.chars[i])))
            ++i;
        while (i < last && unified(in_.chars[i]) == u' ')
            ++i;
        if (i >= last) return false;
        const char16_t stop = unified(in_.chars[i]);
        return stop == u'.' || stop == u'、' || stop == u')';
    }

    // 责任单位:A 完成时限 长期: the blanks before and behind a label of times.
    bool beside_label(std::size_t next, std::size_t last) const {
        const auto times = [](const Label* label) {
            return label != nullptr && label->kind == Label::Kind::time && label->word.size() >= 4;
        };
        const Chars line = line_so_far();
        const std::size_t blank = line.find_last_of(u' ');
        if (blank != Chars::npos)
            if (const Label* label = label_at_start(line.substr(blank + 1));
                times(label) && label->word.size() == line.size() - blank - 1)
                return true;
        const Label* label =
            label_at_start(Chars(in_.chars).substr(next, std::min(last - next, std::size_t{10})));
        return times(label) && next + label->word.size() < last &&
               unified(in_.chars[next + label->word.size()]) == u' ' &&
               (label_at_start(line) != nullptr || line.find(u':') != Chars::npos);
    }
    // 牵头单位A 配合单位B, 牵头A 配合B: the blank before a label whose colon was lost.
    bool between_labels(std::size_t next, std::size_t last) const {
        constexpr Chars levels = u"省市县区州镇乡各有";
        if (!ends_as_unit(line_so_far())) return false;
        const Chars ahead = Chars(in_.chars).substr(next, std::min(last - next, std::size_t{12}));
        const Label* label = label_at_start(ahead);
        if (label == nullptr || label->word.size() == ahead.size()) return false;
        const char16_t behind = unified(ahead[label->word.size()]);
        if (behind == u':') return false;
        if (label->kind == Label::Kind::time) return label->word.size() >= 4 && is_digit(behind);
        return label->kind == Label::Kind::units &&
               (levels.find(behind) != Chars::npos || (behind == u' ' && label->word.size() >= 4));
    }
    // The end of what was read of the line.
    Chars line_so_far() const {
        constexpr std::size_t most = 300;
        const std::size_t size = out_.chars.size();
        return Chars(out_.chars).substr(std::max(line_start_, size > most ? size - most : 0));
    }

    // 排查隐患 市教育局负责): a bracket was lost; the blank is what parts the clause.
    bool clause_behind(std::size_t next, std::size_t last) const {
        constexpr Chars levels = u"省市县区州镇乡各";
        constexpr std::size_t longest = 60;
        if (levels.find(in_.chars[next]) == Chars::npos ||
            levels.find(out_.chars.back()) != Chars::npos)
            return false;
        // The rest of the line has a ) that nothing opens, or ends with the clause.
        std::u16string clause;
        for (std::size_t i = next; i < last && clause.size() < longest; ++i) {
            const char16_t c = unified(in_.chars[i]);
            if (c == u',' || c == u';' || c == u')' || c == u'。' || c == u' ') break;
            clause.push_back(c);
        }
        const Found predicate = predicate_at_end(clause);
        if (!predicate || !predicate->role || !predicate->strong) return false;
        const Chars name =
            without_adverbs(Chars(clause).substr(0, clause.size() - predicate.length));
        return name.size() >= 3 && ends_as_unit(name);
    }

    // (A牵头 B、C配合): a blank behind a predicate, and a unit with its level behind that.
    bool between_clauses(std::size_t next) const {
        constexpr Chars levels = u"省市县区各镇乡";
        if (levels.find(in_.chars[next]) == Chars::npos) return false;
        const Chars line = line_so_far();
        const std::size_t mark = line.find_last_of(u",。;、:( \t");
        const Chars clause = mark == Chars::npos ? line : line.substr(mark + 1);
        const Found predicate = predicate_at_end(clause);
        if (!predicate || !predicate->role || !predicate->strong) return false;
        const Chars name = without_adverbs(clause.substr(0, clause.size() - predicate.length));
        return name.size() >= 3 && ends_as_unit(name);
    }

    // 配合单位:派出所 综合执法队: whether the end of a line stands under a label of units.
    static bool under_units(Chars line) {
        const std::size_t colon = line.rfind(u':');
        if (colon == Chars::npos) return false;
        const std::size_t mark = line.substr(0, colon).find_last_of(u"(;。, \t");
        const Chars word = line.substr(0, colon).substr(mark == Chars::npos ? 0 : mark + 1);
        const Label* label = label_at_start(word);
        return label != nullptr && label->kind == Label::Kind::units &&
               label->word.size() == word.size();
    }

    // Bodies end so; places go on: 市住房和城乡 建设局.
    static bool whole(char16_t last) {
        static constexpr CharSet bodies(u"局委办厅署会队处科所站院社团司");
        return bodies.has(last);
    }
    // 市公安局 交警支队 is one.
    static bool is_branch(Chars name) { return name.size() >= 4 && name.back() == u'队'; }
    // What ends a name whose place stands before it: 某开发区 管委会.
    static bool is_bare_body(Chars name) {
        static constexpr std::array<Chars, 6> bodies = {u"办公室", u"办事处",     u"委员会",
                                                        u"管委会", u"管理委员会", u"工管委"};
        return std::find(bodies.begin(), bodies.end(), name) != bodies.end();
    }

    // Names of a list may be parted by blanks alone: 县公安局 县教育局.
    bool between_names(std::size_t next) const {
        constexpr Chars openings = u"省市县区各镇乡";
        const Chars line = Chars(out_.chars).substr(line_start_);
        const Label* label = label_at_start(line);
        const bool opens = label != nullptr && label->kind == Label::Kind::units &&
                           label->word.size() < line.size() && line[label->word.size()] == u':';
        if (in_table_ || opens || (under_units(line) && whole(line.back()))) {
            const std::size_t parted = line.find_last_of(u",。;、: \t");
            const Chars left = line.substr(parted + 1);
            std::u16string right;
            for (std::size_t i = next; i < in_.chars.size() && right.size() < 24; ++i) {
                const char16_t c = unified(in_.chars[i]);
                if (c == u' ' || c == u'\n' || c == u'\t' || c == u'|' || c == u'、' || c == u',' ||
                    c == u';' || c == u')')
                    break;
                if (!is_invisible(in_.chars[i])) right.push_back(c);
            }
            if (left.size() >= 3 && right.size() >= 3 && ends_as_unit(left) &&
                !ends_as_thing(left) && ends_as_unit(right) && (opens || !is_branch(right)) &&
                !is_bare_body(right))
                return true;
        }
        if (openings.find(in_.chars[next]) == Chars::npos) return false;
        // 各乡 镇(街道) is one.
        if (constexpr Chars levels = u"省市县区镇乡"; levels.find(out_.chars.back()) != Chars::npos)
            return false;
        const std::size_t mark = out_.chars.find_last_of(u",。;、:( \n\t");
        Chars name =
            mark == std::u16string::npos ? Chars(out_.chars) : Chars(out_.chars).substr(mark + 1);
        // 牵头单位A B: the colon was lost.
        if (const Label* lost = label_at_start(name);
            lost != nullptr && lost->kind == Label::Kind::units && lost->word.size() >= 4)
            name = name.substr(lost->word.size());
        return name.size() >= 4 && openings.find(name.front()) != Chars::npos && ends_as_unit(name);
    }

    // ── lines cut at the width of a page ──

    // In halves of a Chinese character, as print is.
    static int width_of(char16_t c) { return c < 0x300 ? 1 : 2; }
    int width_of(std::size_t begin, std::size_t end) const {
        int width = 0;
        while (end > begin &&
               (unified(in_.chars[end - 1]) == u' ' || is_invisible(in_.chars[end - 1])))
            --end;
        for (std::size_t i = begin; i < end; ++i)
            if (!is_invisible(in_.chars[i])) width += width_of(in_.chars[i]);
        return width;
    }
    static bool ends_sentence(char16_t c) {
        constexpr Chars marks = u"。;:!?)”";
        return marks.find(c) != Chars::npos;
    }

    // Whether the text is cut at the width of a page: the widest lines are of nearly one width
    // and most of them end within a sentence.
    void measure_lines(std::size_t n) {
        constexpr int widest = 200, narrowest = 40, slack = 7;
        std::array<std::uint32_t, widest + 1> count{};
        struct Measured {
            std::size_t end;
            int width;
            char16_t last;
        };
        std::vector<Measured> measured;
        std::size_t lines = 0, longer = 0, begin = 0;
        int width = 0;
        bool table = false;
        char16_t last = 0;
        for (std::size_t i = 0; i <= n; ++i) {
            const char16_t c = i < n ? in_.chars[i] : u'\n';
            if (is_han(c)) {
                width += 2;
                last = c;
                continue;
            }
            const char16_t u = unified(c);
            if (u == u'\n') {
                if (width > 0 && !table) {
                    ++lines;
                    if (width > widest) {
                        ++longer;
                    } else {
                        ++count[static_cast<std::size_t>(width)];
                        measured.push_back({i, width, last});
                        const char16_t first = unified(in_.chars[begin]);
                        if (first == u' ' && begin + 1 < n && unified(in_.chars[begin + 1]) == u' ')
                            indented_ = true;
                    }
                }
                begin = i + 1;
                width = 0;
                table = false;
                continue;
            }
            table = table || c == u'\t' || u == u'|';
            if (is_invisible(c)) continue;
            width += width_of(c);
            if (u != u' ') last = u;
        }
        const std::size_t allowed = lines / 50;
        if (lines < 5 || longer > allowed) return;
        int most = widest;
        while (most > narrowest && longer + count[static_cast<std::size_t>(most)] <= allowed)
            longer += count[static_cast<std::size_t>(most--)];
        if (most <= narrowest) return;
        std::size_t full = 0, within = 0;
        for (const Measured& one : measured) {
            if (one.width > most || one.width <= most - slack) continue;
            ++full;
            const auto behind = next_line(std::min(n, one.end + 1), n, 1);
            if (ends_sentence(one.last) || !behind) continue;
            const std::u16string ahead = cell_text(behind->begin, behind->end);
            if (!begins_numbered(ahead) && !begins_label(ahead)) ++within;
        }
        if (full < 3 || within < 3 || 20 * full < 3 * lines || 2 * within < full) return;
        full_ = most - slack + 1;
    }

    // Where a line begins that is (牵头单位:A) or (A牵头) and nothing else; 0 where none follows.
    std::size_t clause_below(std::size_t end, std::size_t n) const {
        const Chars line = Chars(out_.chars).substr(line_start_);
        if (line.size() < 4 || line.find(u'\t') != Chars::npos) return 0;
        std::size_t next = end + 1;
        while (next < n && (unified(in_.chars[next]) == u' ' || is_invisible(in_.chars[next])))
            ++next;
        constexpr std::size_t longest = 300;
        if (next >= n || unified(in_.chars[next]) != u'(') return 0;
        std::u16string inner;
        std::size_t depth = 0, i = next;
        for (; i < n && inner.size() < longest; ++i) {
            const char16_t c = unified(in_.chars[i]);
            if (c == u'(' && depth++ == 0) continue;
            if (c == u')' && --depth == 0) break;
            if (c == u'\n' || c == u'\t') return 0;
            if (!is_invisible(c) && c != u' ') inner.push_back(c);
        }
        if (i >= n || depth != 0) return 0;
        ++i;
        while (i < n && (unified(in_.chars[i]) == u' ' || is_invisible(in_.chars[i]) ||
                         in_.chars[i] == u'。'))
            ++i;
        if (i < n && unified(in_.chars[i]) != u'\n') return 0;
        if (begins_label(inner)) return next;
        const Found predicate = predicate_at_end(inner);
        return predicate && predicate->role &&
                       ends_as_unit(
                           without_adverbs(Chars(inner).substr(0, inner.size() - predicate.length)))
                   ? next
                   : 0;
    }

    // Whether the line leaves a bracket open that the next one closes.
    bool bracket_goes_on(std::size_t end, std::size_t n) const {
        constexpr std::size_t reach = 200;
        const Chars line = line_so_far();
        if (line.rfind(u'(') == Chars::npos) return false;
        std::size_t depth = 0;
        for (const char16_t c : line) {
            if (c == u'(') ++depth;
            if (c == u')' && depth > 0) --depth;
        }
        if (depth == 0) return false;
        depth = 0;  // of brackets that the next line opens itself
        for (std::size_t i = end + 1, lines = 0; i < n && i < end + reach; ++i) {
            const char16_t c = unified(in_.chars[i]);
            if (c == u'(') ++depth;
            if (c == u')' && depth-- == 0) return true;
            if (c == u'\t' || c == u'。') return false;
            if (c == u'\n' && ++lines > 2) return false;
        }
        return false;
    }

    // Where a line goes on that fills the page's width; 0 where a paragraph ends.
    std::size_t wrapped_off(std::size_t end, std::size_t n) {
        const Chars line = Chars(out_.chars).substr(line_start_);
        if (line.empty() || line.find(u'\t') != Chars::npos) return 0;
        // A title, of one line: no mark in it.
        if (line.find_first_of(u",。;、:(") == Chars::npos) return 0;
        std::size_t next = end + 1;
        bool blank = false, number = false;
        for (int skipped = 0; skipped < 6 && next < n; ++skipped) {
            const auto one = next_line(next, n, 0);
            std::size_t stop = next;
            while (stop < n && unified(in_.chars[stop]) != u'\n')
                ++stop;
            if (one && one->behind == std::min(n, stop + 1) && one->begin >= next) break;
            // An empty line, or the number of a page.
            bool empty = true;
            for (std::size_t i = next; i < stop; ++i)
                empty = empty && (unified(in_.chars[i]) == u' ' || is_invisible(in_.chars[i]));
            (empty ? blank : number) = true;
            next = stop + 1;
        }
        if (next >= n || (blank && !number)) return 0;
        const std::size_t from = next;
        while (next < n && (unified(in_.chars[next]) == u' ' || is_invisible(in_.chars[next])))
            ++next;
        std::u16string ahead;
        bool table = false;
        for (std::size_t i = next; i < n && unified(in_.chars[i]) != u'\n' && i < next + 400; ++i) {
            table = table || in_.chars[i] == u'\t' || unified(in_.chars[i]) == u'|';
            if (ahead.size() < 16 && !is_invisible(in_.chars[i]))
                ahead.push_back(unified(in_.chars[i]));
        }
        if (ahead.empty() || table) return 0;
        std::size_t depth = 0;
        const Chars tail = line.substr(line.size() - std::min<std::size_t>(line.size(), 400));
        for (const char16_t c : tail) {
            if (c == u'(') ++depth;
            if (c == u')' && depth > 0) --depth;
        }
        const char16_t last = line.back();
        const bool inside = depth > 0;
        if (begins_numbered(ahead) && !(inside && last == u'、')) return 0;
        if (!inside) {
            if (indented_ && next > from + 1) return 0;
            // Under a label at the end of the line stands what the next begins with; behind a ;
            // the sentence goes on.
            if (begins_label(ahead) && last != u';') return 0;
            if (last == u':' && !ends_with_label(line)) return 0;
            if (ends_sentence(last) && last != u')' && last != u'”' && last != u':' &&
                last != u';' && !indented_)
                return 0;
            // 各县(市、区) | 人民政府, but not (县应急局牵头) and a line of its own.
            if (last == u')') {
                const std::size_t open = line.rfind(u'(');
                if (open == Chars::npos || line.size() - open > 8 || !is_han(ahead.front()))
                    return 0;
            }
        }
        repaired("text.line_joined", end, next, {});
        return next;
    }

    static bool ends_with_label(Chars line) {
        const Chars words = line.substr(0, line.size() - 1);
        const std::size_t mark = words.find_last_of(u",。;(");
        if (mark == Chars::npos) return false;
        const Label* label = label_at_start(words.substr(mark + 1));
        return label != nullptr && label->word.size() == words.size() - mark - 1;
    }
    static bool begins_label(Chars ahead) {
        const Label* label = label_at_start(ahead);
        if (label == nullptr || label->word.size() >= ahead.size() ||
            ahead[label->word.size()] != u':')
            return false;
        // 牵 | 头单位: is no label that lost a character.
        return label->word.size() != 3 || label->kind != Label::Kind::units;
    }
    // 一、 (一) 1. 1、 (1) ① 第三条 附件: what begins an item or an annex.
    static bool begins_numbered(Chars ahead) {
        const char16_t c = ahead.front();
        if ((c >= 0x2460 && c <= 0x249B) || (c >= 0x2776 && c <= 0x277F) || is_bullet(c))
            return true;
        if (ahead.size() < 3) return false;
        if (c == u'附' && ahead[1] == u'件') return true;
        for (const Chars item : {Chars(u"重点任务"), Chars(u"任务"), Chars(u"行动"), Chars(u"专项"),
                                 Chars(u"问题"), Chars(u"事项"), Chars(u"措施"), Chars(u"工程")})
            if (ahead.size() > item.size() + 1 && ahead.substr(0, item.size()) == item &&
                (numeral(ahead.substr(item.size(), 1)) != 0 || is_digit(ahead[item.size()])))
                return true;
        std::size_t i = c == u'(' || c == u'第' ? 1 : 0;
        const std::size_t from = i;
        while (i < ahead.size() && i < from + 3 &&
               (is_digit(ahead[i]) || numeral(ahead.substr(i, 1)) != 0))
            ++i;
        if (i == from || i + 1 >= ahead.size()) return false;
        while (i + 1 < ahead.size() && ahead[i] == u' ')
            ++i;
        const char16_t stop = ahead[i], behind = ahead[i + 1];
        if (c == u'(') return stop == u')';
        if (c == u'第') return stop == u'条' || stop == u'章' || stop == u'节';
        if (stop == u')') return true;
        if (stop != u'.' && stop != u'、') return false;
        // 5.12, and 3、6、9月底前
        return !is_digit(behind) && (is_digit(c) || stop == u'、') &&
               numeral(Chars(&behind, 1)) == 0;
    }

    // Where the text goes on when a line end stands inside a sentence, for it was cut at the width
    // of a page; 0 where it does not. Numbers of pages may stand between the halves.
    std::size_t broken_off(std::size_t begin, std::size_t end, std::size_t n) {
        // A clause in a line of its own is that of the line above.
        if (const std::size_t next = clause_below(end, n); next != 0) {
            repaired("text.line_joined", end, next, {});
            return next;
        }
        // What a bracket holds goes on until it closes.
        if (bracket_goes_on(end, n))
            if (const std::size_t next = wrapped_off(end, n); next != 0) return next;
        if (full_ > 0) {
            if (width_of(begin, end) >= full_) return wrapped_off(end, n);
        }
        const std::size_t start =
            out_.chars.rfind(u'\n') == std::u16string::npos ? 0 : out_.chars.rfind(u'\n') + 1;
        const Chars line = Chars(out_.chars).substr(start);
        constexpr std::size_t narrow = 12;
        if (line.find(u'\t') != Chars::npos) return 0;
        // Marks behind the number of an item.
        if (line.size() < narrow || line.find_first_of(u",。;、:", 4) == Chars::npos) return 0;
        const char16_t last = line.back();
        const bool open = last == u'、' || last == u',';
        if (!is_han(last) && !is_digit(last) && !open) return 0;
        const std::size_t mark = line.find_last_of(u",。;、:(");
        const Chars name = mark == Chars::npos ? line : line.substr(mark + 1);
        // A name that is whole, and a clause that is, end a line.
        constexpr Chars levels = u"省市县区州镇乡", links = u"由和及与请同合促向对";
        const bool begun = levels.find(last) != Chars::npos &&
                           (name.size() == 1 ||
                            (name.size() > 1 && links.find(name[name.size() - 2]) != Chars::npos));
        // 各乡 | 镇
        std::size_t front = end + 1;
        while (front < n && unified(in_.chars[front]) == u' ')
            ++front;
        const bool town = last == u'乡' && front < n && in_.chars[front] == u'镇';
        const bool whole =
            is_han(last) && !begun && !town &&
            (name.empty() || (ends_as_unit(name) && !goes_on(name)) || predicate_at_end(name));
        if (whole && !begins_word(last)) return 0;
        std::size_t next = end + 1, chrome = 0;
        for (int skipped = 0; skipped < 4; ++skipped) {
            while (next < n && (unified(in_.chars[next]) == u' ' || is_invisible(in_.chars[next])))
                ++next;
            std::size_t stop = next;
            while (stop < n && unified(in_.chars[stop]) != u'\n' && stop - next < 80)
                ++stop;
            if (stop >= n) break;
            if (stop == next) {
                // Empty lines part paragraphs, unless a mark says that more follows.
                if (!open && chrome == 0 && !chrome_follows(next + 1, n)) return 0;
            } else {
                std::u16string text;
                for (std::size_t i = next; i < stop; ++i)
                    if (!is_invisible(in_.chars[i])) text.push_back(unified(in_.chars[i]));
                while (!text.empty() && text.back() == u' ')
                    text.pop_back();
                if (text.empty() || unified(in_.chars[stop]) != u'\n' || !is_page_number(text))
                    break;
                ++chrome;
            }
            next = stop + 1;
        }
        if (next >= n) return 0;
        std::u16string ahead;
        for (std::size_t i = next; i < n && ahead.size() < 12 && unified(in_.chars[i]) != u'\n';
             ++i)
            ahead.push_back(unified(in_.chars[i]));
        if (is_digit(last)) {
            // 6 | 月底前
            if (ahead.empty() || (ahead[0] != u'月' && ahead[0] != u'日' && ahead[0] != u'年'))
                return 0;
            repaired("text.line_joined", end, next, {});
            return next;
        }
        if (ahead.empty() || !is_han(ahead.front()) || label_at_start(ahead) != nullptr) return 0;
        if (whole && !parts_word(last, ahead.front())) return 0;
        if (ahead.find(u'\t') != std::u16string::npos) return 0;
        if (ahead.front() == u'第' || ahead.front() == u'附') return 0;
        for (const Chars item :
             {Chars(u"重点任务"), Chars(u"任务"), Chars(u"行动"), Chars(u"专项")})
            if (ahead.size() > item.size() + 1 && Chars(ahead).substr(0, item.size()) == item &&
                (numeral(Chars(ahead).substr(item.size(), 1)) != 0 || is_digit(ahead[item.size()])))
                return 0;
        std::size_t digits = 0;
        while (digits < ahead.size() && numeral(Chars(ahead).substr(0, digits + 1)) != 0)
            ++digits;
        if (digits > 0 && digits < ahead.size() &&
            (ahead[digits] == u'、' || ahead[digits] == u'是'))
            return 0;
        repaired("text.line_joined", end, next, {});
        return next;
    }

    // 市住房和城乡 | 建设局, 市农业农村 | 局.
    static bool goes_on(Chars name) {
        for (const Chars end : {Chars(u"城乡"), Chars(u"农村"), Chars(u"市场")})
            if (name.size() > 2 && name.substr(name.size() - 2) == end) return true;
        return false;
    }

    // 有关部 | 门, 管理委 | 员会: the first half reads as a unit.
    static constexpr std::array<Chars, 9> broken_words = {
        u"部门", u"委员", u"办公", u"办事", u"社区", u"社会", u"场所", u"队伍", u"处室"};
    static bool begins_word(char16_t left) {
        return std::any_of(broken_words.begin(), broken_words.end(),
                           [&](Chars word) { return word[0] == left; });
    }
    static bool parts_word(char16_t left, char16_t right) {
        return std::any_of(broken_words.begin(), broken_words.end(),
                           [&](Chars word) { return word[0] == left && word[1] == right; });
    }

    bool chrome_follows(std::size_t next, std::size_t n) const {
        std::u16string text;
        for (std::size_t i = next; i < n && text.size() < 24 && unified(in_.chars[i]) != u'\n'; ++i)
            if (!is_invisible(in_.chars[i])) text.push_back(unified(in_.chars[i]));
        while (!text.empty() && text.back() == u' ')
            text.pop_back();
        while (!text.empty() && text.front() == u' ')
            text.erase(text.begin());
        return is_page_number(text);
    }

    // A heading stands before a blank and the number of the next item after it ("行动 一、…").
    bool keeps_apart(std::size_t, std::size_t next, std::size_t last) const {
        std::size_t i = next;
        if (unified(in_.chars[next]) == u'(') ++i;
        const std::size_t from = i;
        while (i < last && i < from + 3 &&
               (numeral(Chars(in_.chars).substr(i, 1)) != 0 ||
                (from > next && is_digit(unified(in_.chars[i])))))
            ++i;
        if (i == from || i >= last) return false;
        return from > next ? unified(in_.chars[i]) == u')' : in_.chars[i] == u'、';
    }

    static constexpr std::size_t most_repairs = 100000;
    static constexpr std::uint32_t none_ = Text::unmatched;
    Decoded in_;
    Text out_;
    std::size_t line_start_ = 0;
    std::u16string buffer_;
    bool open_ = false;
    // Lines as wide as this go on in the next; 0 where lines are paragraphs.
    int full_ = 0;
    bool indented_ = false;  // Paragraphs begin with blanks.
    // How the columns of the table are parted that the lines are of, and how many they are.
    enum class Parted : std::uint8_t { no, bars, blanks };
    Parted parted_ = Parted::no;
    bool in_table_ = false;
    std::size_t width_ = 0;
    std::vector<bool> is_unit_column_;
};

}  // namespace

int numeral(Chars chars) {
    constexpr Chars digits = u"一二三四五六七八九";
    const auto digit = [&](char16_t c) {
        const std::size_t at = digits.find(c);
        return at == Chars::npos ? 0 : static_cast<int>(at) + 1;
    };
    static constexpr CharSet first(u"一二三四五六七八九十");
    if (chars.empty() || chars.size() > 3 || !first.has(chars.front())) return 0;
    const std::size_t ten = chars.find(u'十');
    if (ten == Chars::npos) return chars.size() == 1 ? digit(chars[0]) : 0;
    int value = 10;
    if (ten == 1) {
        if (digit(chars[0]) == 0) return 0;
        value = 10 * digit(chars[0]);
    } else if (ten != 0) {
        return 0;
    }
    if (ten + 1 == chars.size()) return value;
    if (ten + 2 != chars.size() || digit(chars[ten + 1]) == 0) return 0;
    return value + digit(chars[ten + 1]);
}

std::string to_utf8(Chars chars) {
    std::string out(chars.size() * 3, '\0');
    char* at = out.data();
    for (const char16_t c : chars) {
        const unsigned u = c;
        if (u < 0x80) {
            *at++ = static_cast<char>(u);
        } else if (u < 0x800) {
            *at++ = static_cast<char>(0xC0U | (u >> 6U));
            *at++ = static_cast<char>(0x80U | (u & 0x3FU));
        } else {
            *at++ = static_cast<char>(0xE0U | (u >> 12U));
            *at++ = static_cast<char>(0x80U | ((u >> 6U) & 0x3FU));
            *at++ = static_cast<char>(0x80U | (u & 0x3FU));
        }
    }
    out.resize(static_cast<std::size_t>(at - out.data()));
    return out;
}

Text read_text(std::string_view utf8) {
    return Repairer(decode(utf8)).run();
}

}  // namespace safetyrisk::plan
