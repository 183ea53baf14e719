#include "times.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace safetyrisk::plan {
namespace {

class Reader {
public:
    Reader(const Text& text, std::size_t begin, std::size_t end)
        : text_(text), begin_(begin), end_(end) {}

    bool at(std::size_t i, Chars word) const {
        return i + word.size() <= end_ && text_.view(i, i + word.size()) == word;
    }
    char16_t c(std::size_t i) const { return i < end_ && i >= begin_ ? text_.chars[i] : u'\0'; }

    // A number of at most `most` digits at i; -1 where there is none. Moves i.
    int number(std::size_t& i, std::size_t most) const {
        std::size_t j = i;
        int value = 0;
        while (j < end_ && is_digit(text_.chars[j]) && j - i < most) {
            value = value * 10 + (text_.chars[j] - u'0');
            ++j;
        }
        if (j == i) return -1;
        i = j;
        return value;
    }
    std::size_t digits(std::size_t i) const {
        std::size_t k = 0;
        while (i + k < end_ && is_digit(text_.chars[i + k]))
            ++k;
        return k;
    }

    const Text& text_;
    std::size_t begin_, end_;
};

int last_day(std::optional<int> year, int month) {
    if (month == 2) {
        if (!year) return 28;
        return std::chrono::year(*year).is_leap() ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::string date_text(std::optional<int> year, int month, int day) {
    char buffer[24];
    if (year)
        std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", *year, month, day);
    else
        std::snprintf(buffer, sizeof buffer, "--%02d-%02d", month, day);
    return buffer;
}

// One date of a list that a single 前 may close: "6月25日和12月25日前".
struct Part {
    std::optional<int> year;
    int month = 0;
    int day = 0;        // 0: the month alone
    bool last = false;  // 底, 末
    std::size_t begin = 0, end = 0;
    bool mended = false;
};

class Deadlines {
public:
    Deadlines(const Text& text, std::size_t begin, std::size_t end, std::optional<int> year,
              bool column, std::vector<Deadline>& out)
        : r_(text, begin, end), year_(year), column_(column), out_(out) {}

    void run() {
        for (std::size_t i = r_.begin_; i < r_.end_;) {
            const std::size_t next = read(i);
            i = next > i ? next : i + 1;
        }
    }

private:
    // Reads what begins at i; gives where to go on.
    std::size_t read(std::size_t i) {
        const char16_t c = r_.c(i);
        if (is_digit(c)) return (i > r_.begin_ && is_digit(r_.c(i - 1))) ? i : dates(i);
        if (c == u'年' || c == u'今' || c == u'当' || c == u'本' || c == u'上' || c == u'下' ||
            c == u'第' || c == u'一' || c == u'二' || c == u'三' || c == u'四' || c == u'明' ||
            c == u'次')
            return words(i);
        return i;
    }

    bool recurring(std::size_t i) const {
        // 每年12月20日前 recurs: it has no year. 每月2日前 is a cadence alone.
        return i > r_.begin_ &&
               (r_.c(i - 1) == u'每' || (i > r_.begin_ + 1 && r_.c(i - 2) == u'每' &&
                                         (r_.c(i - 1) == u'年' || r_.c(i - 1) == u'月')));
    }

    // 前, 之前, 以前, 底前, 内 after a date; moves i behind it.
    bool before(std::size_t& i) const {
        for (const Chars word : {Chars(u"之前"), Chars(u"以前"), Chars(u"前"), Chars(u"止")})
            if (r_.at(i, word)) {
                // 前期, 前后, 前置 are other words.
                const char16_t after = r_.c(i + word.size());
                if (word == u"前" &&
                    (after == u'期' || after == u'后' || after == u'置' || after == u'列'))
                    return false;
                i += word.size();
                return true;
            }
        return false;
    }

    std::optional<int> year_or(std::optional<int> own, bool every) const {
        if (own) return own;
        if (every) return std::nullopt;
        return year_;
    }

    void put(const Part& part, std::string rule, bool every) {
        const std::optional<int> year = year_or(part.year, every);
        const int day = part.last || part.day == 0 ? last_day(year, part.month) : part.day;
        if (part.month < 1 || part.month > 12 || day < 1 ||
            day > last_day(year ? year : 2024, part.month))
            return;
        put_date(date_text(year, part.month, day), part.begin, part.end, std::move(rule),
                 part.mended);
    }

    void put_date(std::string date, std::size_t begin, std::size_t end, std::string rule,
                  bool mended) {
        for (const Deadline& one : out_)
            if (one.date == date) return;
        Deadline deadline;
        deadline.date = std::move(date);
        deadline.span = r_.text_.span(begin, end);
        deadline.rule = std::move(rule);
        deadline.confidence = mended    ? Confidence::mended
                              : column_ ? Confidence::marked
                                        : Confidence::running;
        out_.push_back(std::move(deadline));
    }

    // A date at i: [Y年]M月[D日][底]; nothing if it is none. Moves i.
    std::optional<Part> part(std::size_t& i, bool elided) const {
        Part p;
        p.begin = i;
        std::size_t j = i;
        const std::size_t length = r_.digits(j);
        if (length == 0) return std::nullopt;
        if (length >= 5 && length <= 6) {
            // "20206月" is 2020年6月: the sign was lost.
            std::size_t k = j;
            const int y = r_.number(k, 4);
            const int m = r_.number(k, 2);
            if (r_.c(k) != u'月' || y < 1990 || y > 2099 || m < 1 || m > 12) return std::nullopt;
            p.year = y;
            p.month = m;
            p.mended = true;
            j = k + 1;
        } else if (length == 4 && r_.c(j + 4) == u'日') {
            // "1115日前" is 11月15日前.
            std::size_t k = j;
            const int m = r_.number(k, 2);
            const int d = r_.number(k, 2);
            if (m < 1 || m > 12 || d < 1 || d > last_day(2024, m)) return std::nullopt;
            std::size_t behind = k + 1;
            if (!before(behind) && !column_) return std::nullopt;
            p.month = m;
            p.day = d;
            p.mended = true;
            p.end = i = k + 1;
            return p;
        } else if (length == 4) {
            std::size_t k = j;
            const int y = r_.number(k, 4);
            if (y < 1990 || y > 2099) return std::nullopt;
            if (r_.c(k) == u'年') {
                ++k;
                const std::size_t months = r_.digits(k);
                if (months == 0) {
                    // 2024年底, 2024年上半年 …
                    if (r_.at(k, u"年底") || r_.at(k, u"年末") || r_.at(k, u"年内")) {
                        p.year = y;
                        p.month = 12;
                        p.last = true;
                        p.end = i = k + 2;
                        return p;
                    }
                    if (r_.c(k) == u'底' || r_.c(k) == u'末') {
                        p.year = y;
                        p.month = 12;
                        p.last = true;
                        p.end = i = k + 1;
                        return p;
                    }
                    if (r_.c(k) == u'内') {
                        p.year = y;
                        p.month = 12;
                        p.last = true;
                        p.end = k;
                        i = k;
                        return p;
                    }
                    return std::nullopt;
                }
                const int m = r_.number(k, 2);
                if (r_.c(k) != u'月' || m < 1 || m > 12) return std::nullopt;
                p.year = y;
                p.month = m;
                j = k + 1;
            } else if ((r_.c(k) == u'.' || r_.c(k) == u'/' || r_.c(k) == u'-') &&
                       r_.digits(k + 1) > 0) {
                const char16_t sign = r_.c(k);
                ++k;
                const int m = r_.number(k, 2);
                if (m < 1 || m > 12) return std::nullopt;
                p.year = y;
                p.month = m;
                if (r_.c(k) == sign && r_.digits(k + 1) > 0) {
                    ++k;
                    p.day = r_.number(k, 2);
                }
                if (!column_ && p.day == 0) return std::nullopt;
                p.end = i = k;
                return p;
            } else {
                return std::nullopt;
            }
        } else if (length == 3) {
            // "425日前" is 4月25日前: the sign was lost.
            std::size_t k = j;
            const int m = r_.number(k, 1);
            const int d = r_.number(k, 2);
            if (r_.c(k) != u'日' || m < 1 || d < 1 || d > last_day(2024, m)) return std::nullopt;
            std::size_t behind = k + 1;
            if (!before(behind) && !column_) return std::nullopt;
            p.month = m;
            p.day = d;
            p.mended = true;
            p.end = i = k + 1;
            return p;
        } else {
            const int m = r_.number(j, 2);
            if (r_.c(j) == u'月') {
                if (m < 1 || m > 12 || r_.c(j + 1) == u'份' ? m < 1 || m > 12 : false)
                    return std::nullopt;
                if (m < 1 || m > 12) return std::nullopt;
                p.month = m;
                ++j;
            } else {
                (void)elided;
                return std::nullopt;
            }
        }
        if (r_.c(j) == u'份') ++j;
        if (r_.c(j) == u'底' || r_.c(j) == u'末') {
            p.last = true;
            p.end = i = j + 1;
            return p;
        }
        for (const auto& [word, day] :
             {std::pair(Chars(u"上旬"), 10), std::pair(Chars(u"中旬"), 20)})
            if (r_.at(j, word)) {
                p.day = day;
                p.end = i = j + 2;
                return p;
            }
        if (r_.at(j, u"下旬")) {
            p.last = true;
            p.end = i = j + 2;
            return p;
        }
        if (is_digit(r_.c(j))) {
            std::size_t k = j;
            const int d = r_.number(k, 2);
            const bool sign = r_.c(k) == u'日' || r_.c(k) == u'号';
            // The sign may be left out before 和: "6月25和12月25日前".
            if (sign || r_.c(k) == u'和' || r_.c(k) == u'、' || r_.c(k) == u'前') {
                p.day = d;
                p.end = i = sign ? k + 1 : k;
                return p;
            }
            return std::nullopt;
        }
        p.end = i = j;
        return p;
    }

    std::size_t dates(std::size_t first) {
        std::size_t i = first;
        const bool every = recurring(first);
        int later = 0;
        for (const Chars word : {Chars(u"明年"), Chars(u"次年"), Chars(u"翌年")})
            if (first >= r_.begin_ + 2 && r_.at(first - 2, word)) later = 1;
        std::vector<Part> parts;
        auto p = part(i, false);
        if (!p) return first;
        parts.push_back(*p);
        // Lists and ranges that one 前 may close.
        bool range = false;
        for (;;) {
            std::size_t j = i;
            const char16_t c = r_.c(j);
            bool to = false;
            if (c == u'、' || c == u'和' || c == u'及' || c == u'与') {
                ++j;
            } else if (c == u'至' || c == u'到' || c == u'—' || c == u'-') {
                ++j;
                while (r_.c(j) == u'—')
                    ++j;
                to = true;
            } else {
                break;
            }
            const std::size_t at = j;
            auto next = part(j, true);
            if (!next && is_digit(r_.c(at)) && parts.back().day != 0) {
                // 6月10日、25日前
                std::size_t k = at;
                const int d = r_.number(k, 2);
                if (r_.c(k) == u'日') {
                    Part more = parts.back();
                    more.day = d;
                    more.begin = at;
                    more.end = k + 1;
                    next = more;
                    j = k + 1;
                }
            }
            if (!next) break;
            if (!next->year && parts.back().year) next->year = parts.back().year;
            if (to) {
                // "from A, by B" is B alone.
                parts.back() = *next;
                range = true;
            } else {
                parts.push_back(*next);
            }
            i = j;
        }
        std::size_t behind = i;
        const bool within = r_.c(i) == u'内' && parts.back().last;
        const bool closed = before(behind) || within;
        bool wanted = closed || column_;
        // 6月底, 2024年底 say by when as well; a bare range or month does not.
        if (!wanted && !range && parts.back().last) wanted = true;
        if (!wanted && range && parts.back().last) wanted = true;
        if (!wanted) wanted = announced(first);
        if (!wanted) return i;
        const bool one_sign = parts.back().last && parts.size() > 1;
        for (Part& one : parts) {
            // 3月和9月底前: the end is of each month.
            if (one_sign && one.day == 0) one.last = true;
            if (later != 0 && !one.year && year_) one.year = *year_ + later;
            if (one.day == 0 && !one.last && closed && one.month != 0) {
                // "3月前" is before March begins in some mouths; plans mean its end.
                one.last = true;
            }
            // What was before the plan's year is no duty of the plan.
            if (one.year && year_ && *one.year < *year_) continue;
            put(one, parts.size() > 1 ? "deadline.list" : "deadline.date", every);
        }
        return std::max(i, behind);
    }

    // 截至, 截止 before a date, 到2025年… before one that ends.
    bool announced(std::size_t first) const {
        for (const Chars word : {Chars(u"截至"), Chars(u"截止"), Chars(u"截止到"),
                                 Chars(u"即日起至"), Chars(u"不晚于"), Chars(u"不迟于")})
            if (first >= r_.begin_ + word.size() && r_.at(first - word.size(), word)) return true;
        return false;
    }

    // 2025年 before 上半年 or 一季度, else the year of the plan.
    std::optional<int> year_before(std::size_t i) const {
        if (i < r_.begin_ + 5 || r_.c(i - 1) != u'年') return year_;
        int value = 0;
        for (std::size_t k = i - 5; k < i - 1; ++k) {
            if (!is_digit(r_.c(k))) return year_;
            value = value * 10 + (r_.c(k) - u'0');
        }
        return value >= 1990 && value < 2100 ? std::optional<int>(value) : year_;
    }

    std::size_t words(std::size_t i) {
        const auto year_end = [&](std::size_t begin, std::size_t end, int add) {
            std::optional<int> year = year_;
            if (year) *year += add;
            put_date(date_text(year, 12, 31), begin, end, "deadline.year_end", false);
            return end;
        };
        const char16_t previous = i > r_.begin_ ? r_.c(i - 1) : u'\0';
        for (const auto& [word, add] :
             {std::pair(Chars(u"今年年底"), 0), std::pair(Chars(u"当年年底"), 0),
              std::pair(Chars(u"本年底"), 0), std::pair(Chars(u"今年底"), 0),
              std::pair(Chars(u"本年度内"), 0), std::pair(Chars(u"今年内"), 0),
              std::pair(Chars(u"当年底"), 0), std::pair(Chars(u"明年底"), 1),
              std::pair(Chars(u"次年底"), 1)})
            if (r_.at(i, word)) {
                std::size_t end = i + word.size();
                before(end);
                return year_end(i, end, add);
            }
        if (r_.c(i) == u'年' && !is_digit(previous) && previous != u'每' &&
            numeral(Chars(&previous, 1)) == 0 && previous != u'半' && previous != u'几') {
            for (const Chars word :
                 {Chars(u"年底"), Chars(u"年末"), Chars(u"年内"), Chars(u"年度内")})
                if (r_.at(i, word)) {
                    std::size_t end = i + word.size();
                    before(end);
                    return year_end(i, end, 0);
                }
        }
        // 上半年, 一季度末前.
        for (const auto& [word, month] :
             {std::pair(Chars(u"上半年"), 6), std::pair(Chars(u"下半年"), 12)})
            if (r_.at(i, word)) {
                std::size_t end = i + 3;
                bool closed = column_;
                if (r_.c(end) == u'内' || r_.c(end) == u'底' || r_.c(end) == u'末') {
                    ++end;
                    closed = true;
                }
                closed = before(end) || closed;
                if (closed)
                    put_date(date_text(year_before(i), month, month == 6 ? 30 : 31), i, end,
                             "deadline.half_year", false);
                return end;
            }
        std::size_t j = r_.c(i) == u'第' ? i + 1 : i;
        const int quarter = numeral(r_.text_.view(j, std::min(j + 1, r_.end_)));
        if (quarter >= 1 && quarter <= 4 && r_.at(j + 1, u"季度") && previous != u'每') {
            std::size_t end = j + 3;
            bool closed = column_;
            if (r_.c(end) == u'末' || r_.c(end) == u'底' || r_.c(end) == u'内') {
                ++end;
                closed = true;
            }
            closed = before(end) || closed;
            if (closed) {
                const int month = quarter * 3;
                const std::optional<int> year = year_before(i);
                put_date(date_text(year, month, last_day(year, month)), i, end, "deadline.quarter",
                         false);
            }
            return end;
        }
        return i;
    }

    Reader r_;
    std::optional<int> year_;
    bool column_;
    std::vector<Deadline>& out_;
};

struct Cadence {
    Chars word;
    const char* cadence;
};

}  // namespace

void read_deadlines(const Text& text, std::size_t begin, std::size_t end, std::optional<int> year,
                    bool column, std::vector<Deadline>& out) {
    Deadlines(text, begin, end, year, column, out).run();
}

void read_frequencies(const Text& text, std::size_t begin, std::size_t end,
                      std::vector<Frequency>& out) {
    // Cadences that stand for themselves.
    static constexpr Cadence plain[] = {
        {u"每半年", "P6M"},   {u"每个季度", "P3M"},  {u"每季度", "P3M"},     {u"每季", "P3M"},
        {u"每两个月", "P2M"}, {u"每双月", "P2M"},    {u"每个月", "P1M"},     {u"每月", "P1M"},
        {u"每两周", "P2W"},   {u"每双周", "P2W"},    {u"每旬", "P10D"},      {u"每10天", "P10D"},
        {u"每半月", "P15D"},  {u"每半个月", "P15D"}, {u"每周", "P1W"},       {u"每星期", "P1W"},
        {u"每日", "P1D"},     {u"每天", "P1D"},      {u"每年度", "P1Y"},     {u"每年", "P1Y"},
        {u"每一年", "P1Y"},   {u"按月", "P1M"},      {u"逐月", "P1M"},       {u"按季度", "P3M"},
        {u"按季", "P3M"},     {u"逐季", "P3M"},      {u"按周", "P1W"},       {u"逐日", "P1D"},
        {u"按日", "P1D"},     {u"按年度", "P1Y"},    {u"至少半年", "P6M"},   {u"至少每半年", "P6M"},
        {u"半年至少", "P6M"}, {u"半年一次", "P6M"},  {u"半年不少于", "P6M"}, {u"一季度一", "P3M"},
        {u"一月一", "P1M"},   {u"一周一", "P1W"},    {u"一日一", "P1D"},     {u"一年一", "P1Y"},
        {u"季度至少", "P3M"}, {u"一季一", "P3M"}};
    // A period and what is done in it: 月调度, 季通报.
    static constexpr Cadence periods[] = {{u"季度", "P3M"}, {u"半年", "P6M"}, {u"双月", "P2M"},
                                          {u"季", "P3M"},   {u"月", "P1M"},   {u"周", "P1W"},
                                          {u"日", "P1D"},   {u"旬", "P10D"},  {u"年", "P1Y"}};
    static constexpr Chars actions[] = {
        u"调度", u"通报", u"督导", u"督查", u"赛马", u"研判", u"排查", u"评析",  u"点评",
        u"例会", u"会商", u"巡查", u"检查", u"报告", u"管控", u"考评", u"评估",  u"清零",
        u"晾晒", u"排名", u"讲评", u"抽查", u"汇总", u"分析", u"总结", u"推进会"};
    const Reader r(text, begin, end);
    const auto put = [&](const char* cadence, std::size_t from, std::size_t to, const char* rule) {
        for (const Frequency& one : out)
            if (one.cadence == cadence) return;
        out.push_back({cadence, text.span(from, to), rule, {}});
    };
    for (std::size_t i = begin; i < end; ++i) {
        const char16_t c = text.chars[i];
        if (c == u'每' || c == u'按' || c == u'逐' || c == u'至' || c == u'半' || c == u'一' ||
            c == u'季') {
            const Cadence* best = nullptr;
            for (const Cadence& one : plain)
                if (r.at(i, one.word) && (best == nullptr || one.word.size() > best->word.size()))
                    best = &one;
            if (best != nullptr) {
                put(best->cadence, i, i + best->word.size(), "frequency.every");
                i += best->word.size() - 1;
                continue;
            }
            // 每3个月, 每10天
            if (c == u'每' && is_digit(r.c(i + 1))) {
                std::size_t j = i + 1;
                const int k = r.number(j, 3);
                const char* unit = r.at(j, u"个月")                     ? "M"
                                   : r.c(j) == u'天' || r.c(j) == u'日' ? "D"
                                   : r.c(j) == u'周'                    ? "W"
                                   : r.c(j) == u'年'                    ? "Y"
                                                                        : nullptr;
                if (unit != nullptr && k > 0) {
                    put(("P" + std::to_string(k) + unit).c_str(), i, j + 1, "frequency.number");
                    i = j;
                    continue;
                }
            }
        }
        static constexpr CharSet openings(u"季半双月周日旬年");
        if (!openings.has(c)) continue;
        for (const Cadence& period : periods) {
            if (!r.at(i, period.word)) continue;
            const char16_t before = i > begin ? text.chars[i - 1] : u'\0';
            // 6月调度会, 安全生产月, 第一季度通报, 近年总结 are no cadences.
            if (is_digit(before) || numeral(Chars(&before, 1)) != 0 || before == u'产' ||
                before == u'当' || before == u'本' || before == u'上' || before == u'下' ||
                before == u'今' || before == u'近' || before == u'全' || before == u'传' ||
                before == u'年' || before == u'历' || before == u'往' || before == u'节')
                break;
            const std::size_t j = i + period.word.size();
            for (const Chars action : actions)
                if (r.at(j, action)) {
                    put(period.cadence, i, j + action.size(), "frequency.period");
                    break;
                }
            break;
        }
    }
}

void read_targets(const Text& text, std::size_t begin, std::size_t end, std::vector<Target>& out) {
    const Reader r(text, begin, end);
    const auto put = [&](std::size_t from, std::size_t to, const char* op, double value,
                         std::string unit, const char* measure, const char* rule) {
        Target target;
        target.text = to_utf8(text.view(from, to));
        target.op = op;
        target.value = value;
        target.unit = std::move(unit);
        target.measure = measure;
        target.span = text.span(from, to);
        target.rule = rule;
        out.push_back(std::move(target));
    };
    static constexpr std::pair<Chars, const char*> openings[] = {
        {u"不少于", ">="}, {u"不低于", ">="}, {u"达到", ">="},   {u"达", ">="},  {u"至少", ">="},
        {u"不超过", "<="}, {u"不高于", "<="}, {u"控制在", "<="}, {u"减少", "-"}, {u"下降", "-"},
        {u"降低", "-"},    {u"增加", "+"},    {u"提高", "+"},    {u"提升", "+"}};
    static constexpr Chars units[] = {u"个百分点", u"%",  u"家", u"次", u"个",  u"起", u"人次",
                                      u"人",       u"名", u"场", u"处", u"件",  u"条", u"公里",
                                      u"项",       u"支", u"台", u"户", u"万元"};
    for (std::size_t i = begin; i < end; ++i) {
        const char16_t c = text.chars[i];
        if ((c == u'全' && r.at(i, u"全覆盖")) || (c == u'双' && r.at(i, u"双下降"))) {
            const bool all = r.at(i, u"全覆盖");
            put(i, i + 3, all ? "=" : "-", all ? 100 : 0, all ? "%" : "", all ? "all" : "trend",
                all ? "target.all" : "target.trend");
            i += 2;
            continue;
        }
        if (!is_digit(text.chars[i]) ||
            (i > begin && (is_digit(text.chars[i - 1]) || text.chars[i - 1] == u'.')))
            continue;
        std::size_t j = i;
        double value = 0;
        while (j < end && is_digit(text.chars[j]) && j - i < 9)
            value = value * 10 + (text.chars[j++] - u'0');
        if (j + 1 < end && text.chars[j] == u'.' && is_digit(text.chars[j + 1])) {
            double scale = 0.1;
            for (++j; j < end && is_digit(text.chars[j]) && scale > 1e-6; ++j, scale /= 10)
                value += scale * (text.chars[j] - u'0');
        }
        Chars unit;
        for (const Chars one : units)
            if (r.at(j, one)) {
                unit = one;
                break;
            }
        if (unit.empty()) continue;
        std::size_t from = i, to = j + unit.size();
        const char* op = nullptr;
        for (const auto& [word, sign] : openings)
            if (i >= begin + word.size() && r.at(i - word.size(), word)) {
                op = sign;
                from = i - word.size();
                break;
            }
        for (const Chars word : {Chars(u"以上"), Chars(u"左右"), Chars(u"以内"), Chars(u"以下")})
            if (r.at(to, word)) {
                if (op == nullptr) op = word == u"以上" ? ">=" : word == u"左右" ? "=" : "<=";
                to += word.size();
                break;
            }
        const bool ratio = unit == u"%" || unit == u"个百分点";
        if (op == nullptr && !ratio) continue;
        put(from, to, op == nullptr ? "=" : op, value, to_utf8(unit), ratio ? "ratio" : "count",
            "target.number");
        i = to - 1;
    }
}

}  // namespace safetyrisk::plan
