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
    // A number of Chinese numerals at i, up to 99; -1 where there is none. Moves i.
    int numerals(std::size_t& i) const {
        for (std::size_t length = 3; length > 0; --length)
            if (i + length <= end_)
                if (const int value = numeral(text_.view(i, i + length)); value > 0) {
                    i += length;
                    return value;
                }
        return -1;
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
    Deadlines(const Text& text, std::size_t begin, std::size_t end, const Context& context,
              bool column, std::vector<Deadline>& out)
        : r_(text, begin, end),
          year_(context.year),
          issued_(context.issued),
          column_(column),
          out_(out) {}

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
        if (is_digit(c)) {
            if (i > r_.begin_ && is_digit(r_.c(i - 1))) return i;
            const std::size_t next = quarters(i);
            return next > i ? next : dates(i);
        }
        // 六月底前, 二〇二三年十月底前.
        if (is_numeral(c) && (i == r_.begin_ || !is_numeral(r_.c(i - 1)))) {
            const std::size_t next = dates(i);
            if (next > i) return next;
        }
        if (c == u'年' || c == u'今' || c == u'当' || c == u'本' || c == u'上' || c == u'下' ||
            c == u'第' || c == u'一' || c == u'二' || c == u'三' || c == u'四' || c == u'明' ||
            c == u'次')
            return words(i);
        return i;
    }

    static bool is_numeral(char16_t c) {
        return c == u'〇' || c == u'○' || c == u'零' || c == u'十' || numeral(Chars(&c, 1)) != 0;
    }
    // 二〇二三 at i; moves i.
    int year_of_numerals(std::size_t& i) const {
        constexpr Chars digits = u"一二三四五六七八九";
        int value = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const char16_t c = r_.c(i + k);
            const std::size_t at = digits.find(c);
            if (at == Chars::npos && c != u'〇' && c != u'○' && c != u'零') return -1;
            value = value * 10 + (at == Chars::npos ? 0 : static_cast<int>(at) + 1);
        }
        if (r_.c(i + 4) != u'年' || value < 1990 || value > 2099) return -1;
        i += 4;
        return value;
    }

    bool recurring(std::size_t i) const {
        // 每年12月20日前, 每年的12月底前 recur: they have no year. 每月2日前 is a cadence alone.
        for (std::size_t back = 0; back < 3 && i > r_.begin_; ++back, --i) {
            const char16_t c = r_.c(i - 1);
            if (c == u'每') return true;
            if ((c == u'年' || c == u'月') && i > r_.begin_ + 1 && r_.c(i - 2) == u'每')
                return true;
            if (c != u'的' && c != u'度' && c != u'于' && c != u'在' && c != u'年') return false;
        }
        return false;
    }

    // 前, 之前, 以前, 底前, 内 after a date; moves i behind it.
    bool before(std::size_t& i) const {
        // 6月30日24时前, 6月30日(星期一)前.
        if (is_digit(r_.c(i))) {
            std::size_t j = i;
            if (r_.number(j, 2) >= 0 && r_.c(j) == u'时' && r_.c(j + 1) == u'前') {
                i = j + 2;
                return true;
            }
        }
        if (r_.c(i) == u'(')
            for (std::size_t j = i + 1; j < i + 8; ++j)
                if (r_.c(j) == u')') {
                    if (r_.c(j + 1) != u'前') break;
                    i = j + 2;
                    return true;
                }
        for (const Chars word :
             {Chars(u"之前"), Chars(u"以前"), Chars(u"前"), Chars(u"止"), Chars(u"为止")})
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

    // 5月完成: what is done by then.
    bool done(std::size_t i) const {
        for (const Chars word : {Chars(u"完成"), Chars(u"全部完成"), Chars(u"全面完成"),
                                 Chars(u"基本完成"), Chars(u"建成"), Chars(u"投入使用")})
            if (r_.at(i, word)) return true;
        return false;
    }

    // 6月30日前建成的小区: what was done by then, and is no duty.
    bool tells(std::size_t i) const {
        for (const Chars word :
             {Chars(u"建成"), Chars(u"投用"), Chars(u"建设"), Chars(u"竣工"), Chars(u"上账"),
              Chars(u"排查"), Chars(u"注册"), Chars(u"发生"), Chars(u"设立"), Chars(u"成立"),
              Chars(u"安装"), Chars(u"投产"), Chars(u"开工"), Chars(u"出厂"), Chars(u"到期"),
              Chars(u"登记"), Chars(u"取得"), Chars(u"建造"), Chars(u"印发"), Chars(u"发现"),
              Chars(u"生产"), Chars(u"购买"), Chars(u"上报"), Chars(u"查出"), Chars(u"摸排"),
              Chars(u"下达"), Chars(u"签订"), Chars(u"已")}) {
            if (!r_.at(i, word)) continue;
            for (std::size_t j = i + word.size(); j < i + 8; ++j) {
                if (r_.c(j) == u'的') return true;
                if (!is_han(r_.c(j))) break;
            }
        }
        return false;
    }

    // A year that was named in the same sentence holds for what follows it.
    std::optional<int> year_or(const Part& part, bool every) {
        if (part.year) {
            if (!every) named_ = {*part.year, part.end};
            return part.year;
        }
        if (every) return std::nullopt;
        if (named_.first != 0 && (!year_ || named_.first > *year_)) {
            const std::size_t from = std::min(named_.second, part.begin);
            if (r_.text_.view(from, part.begin).find_first_of(u"。\n") == Chars::npos)
                return named_.first;
            named_ = {0, 0};
        }
        return year_;
    }

    // What was over before the plan's year is no duty of the plan, unless the plan was issued
    // before; a column of dates by when has nothing else.
    bool bygone(const Part& part) const {
        if (!part.year || !year_ || *part.year >= *year_ || column_) return false;
        if (!issued_) return true;
        const int day = part.last || part.day == 0 ? last_day(part.year, part.month) : part.day;
        return date_text(part.year, part.month, day) < issued_->text();
    }

    void put(const Part& part, std::string rule, bool every) {
        const std::optional<int> year = year_or(part, every);
        const int day = part.last || part.day == 0 ? last_day(year, part.month) : part.day;
        if (part.month < 1 || part.month > 12 || day < 1 ||
            day > last_day(year ? year : 2024, part.month))
            return;
        put_date(date_text(year, part.month, day), part.begin, part.end, std::move(rule),
                 part.mended);
    }

    void put_date(std::string date, std::size_t begin, std::size_t end, std::string rule,
                  bool mended) {
        for (Deadline& one : out_)
            if (one.date == date) {
                // By a day and within a span that ends on it: the day says more.
                if (one.rule == "deadline.range") {
                    one.rule = std::move(rule);
                    one.span = r_.text_.span(begin, end);
                }
                return;
            }
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
        if (is_numeral(r_.c(i))) return part_of_numerals(i);
        const std::size_t length = r_.digits(j);
        if (length == 0) return std::nullopt;
        if (length >= 6 && length <= 8 && r_.c(j + length) == u'日') {
            // "2024630日前" is 2024年6月30日前.
            std::size_t k = j;
            const int y = r_.number(k, 4);
            const std::size_t rest = length - 4;
            for (const std::size_t months :
                 {rest > 2 ? rest - 2 : std::size_t{1}, std::size_t{2}}) {
                std::size_t at = k;
                if (months >= rest) continue;
                const int m = r_.number(at, months);
                const int d = r_.number(at, 2);
                if (y < 1990 || y > 2099 || m < 1 || m > 12 || d < 1 || d > last_day(y, m))
                    continue;
                p.year = y;
                p.month = m;
                p.day = d;
                p.mended = true;
                p.end = i = j + length + 1;
                return p;
            }
            return std::nullopt;
        }
        if (length <= 2 && r_.at(j + length, u"底前")) {
            // "6底前" is 6月底前.
            const int m = r_.number(j, 2);
            if (m < 1 || m > 12) return std::nullopt;
            p.month = m;
            p.last = true;
            p.mended = true;
            p.end = i = j + 1;
            return p;
        }
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
            if (r_.at(k, u"底前")) {
                p.year = y;
                p.month = 12;
                p.last = true;
                p.mended = true;
                p.end = i = k + 1;
                return p;
            }
            if (r_.c(k) == u'年') {
                ++k;
                if (is_numeral(r_.c(k))) {
                    std::size_t at = k;
                    auto rest = part_of_numerals(at);
                    if (!rest || rest->year) return std::nullopt;
                    rest->year = y;
                    rest->begin = i;
                    i = at;
                    return rest;
                }
                const std::size_t months = r_.digits(k);
                if (months == 3 || months == 4) {
                    // "2024年630日前": the sign of the month was lost.
                    std::size_t at = k;
                    const int m = r_.number(at, months - 2);
                    const int d = r_.number(at, 2);
                    if (r_.c(at) != u'日' || m < 1 || m > 12 || d < 1 || d > last_day(y, m))
                        return std::nullopt;
                    p.year = y;
                    p.month = m;
                    p.day = d;
                    p.mended = true;
                    p.end = i = at + 1;
                    return p;
                }
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
            if (r_.c(j) == u'.' && r_.digits(j + 1) > 0 && r_.digits(j + 1) <= 2) {
                // 6.30 in a column of dates, 6.30前, (6.1—6.30).
                const std::size_t first = i;
                ++j;
                const int d = r_.number(j, 2);
                if (m < 1 || m > 12 || d < 1 || d > last_day(2024, m) || r_.c(j) == u'.')
                    return std::nullopt;
                std::size_t behind = j;
                const bool in_brackets = (r_.c(first - 1) == u'(' && r_.c(j) == u'—') ||
                                         (r_.c(first - 1) == u'—' && r_.c(j) == u')');
                if (!column_ && !in_brackets && !before(behind)) return std::nullopt;
                p.month = m;
                p.day = d;
                p.end = i = j;
                return p;
            }
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
        return behind_month(p, i, j);
    }

    // 六月底, 十一月三十日, 二〇二三年九月.
    std::optional<Part> part_of_numerals(std::size_t& i) const {
        Part p;
        p.begin = i;
        std::size_t j = i;
        if (const int y = year_of_numerals(j); y > 0) {
            p.year = y;
            ++j;
            for (const Chars word :
                 {Chars(u"年底"), Chars(u"年末"), Chars(u"年内"), Chars(u"底"), Chars(u"末")})
                if (r_.at(j, word)) {
                    p.month = 12;
                    p.last = true;
                    p.end = i = j + word.size();
                    return p;
                }
        }
        const int m = r_.numerals(j);
        if (m < 1 || m > 12 || r_.c(j) != u'月') return std::nullopt;
        p.month = m;
        ++j;
        std::size_t k = j;
        const int d = r_.numerals(k);
        if (d > 0 && (r_.c(k) == u'日' || r_.c(k) == u'号')) {
            if (d > 31) return std::nullopt;
            p.day = d;
            p.end = i = k + 1;
            return p;
        }
        return behind_month(p, i, j);
    }

    // What stands behind the sign of the month at j.
    std::optional<Part> behind_month(Part p, std::size_t& i, std::size_t j) const {
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

    // 3、6、9月底前 and 2024、2025年底前: the sign stands behind the last. Gives where to go on, or
    // `first` where there is no such list.
    std::size_t shared_sign(std::size_t first) {
        std::vector<int> numbers;
        std::size_t i = first;
        const std::size_t length = r_.digits(i);
        if (length != 4 && length > 2) return first;
        for (;;) {
            if (r_.digits(i) == 0 || r_.digits(i) > length + (length < 4 ? 1 : 0)) return first;
            numbers.push_back(r_.number(i, 4));
            if (length == 4 && r_.c(i) == u'年' && is_list(r_.c(i + 1))) ++i;
            if (!is_list(r_.c(i))) break;
            ++i;
        }
        if (numbers.size() < 2) return first;
        const char16_t sign = length == 4 ? u'年' : u'月';
        if (r_.c(i) != sign) return first;
        ++i;
        if (r_.c(i) == u'份') ++i;
        const bool year_again = length == 4 && r_.c(i) == u'年';
        if (year_again) ++i;
        if (r_.c(i) == u'底' || r_.c(i) == u'末')
            ++i;
        else if (!column_)
            return first;
        before(i);
        const bool every = recurring(first);
        for (const int number : numbers) {
            Part one;
            one.begin = first;
            one.end = i;
            one.last = true;
            one.month = length == 4 ? 12 : number;
            if (length == 4) one.year = number;
            if (length == 4 && (number < 1990 || number > 2099)) continue;
            if (bygone(one)) continue;
            put(one, "deadline.list", every);
        }
        return i;
    }
    static bool is_list(char16_t c) { return c == u'、' || c == u'和' || c == u'及' || c == u'与'; }

    // 4—10月: the first month of a span has its sign behind the last. Moves i.
    std::optional<Part> month_of_span(std::size_t& i) const {
        std::size_t j = i;
        Part p;
        p.begin = i;
        p.month = r_.digits(i) <= 2 ? r_.number(j, 2) : -1;
        if (p.month < 1 || p.month > 12 || !spans(r_.c(j))) return std::nullopt;
        std::size_t k = j;
        while (spans(r_.c(k)))
            ++k;
        const int last = r_.digits(k) <= 2 ? r_.number(k, 2) : -1;
        if (last <= p.month || last > 12 || r_.c(k) != u'月') return std::nullopt;
        p.end = i = j;
        return p;
    }
    static bool spans(char16_t c) { return c == u'至' || c == u'到' || c == u'—' || c == u'-'; }

    std::size_t dates(std::size_t first) {
        if (const std::size_t next = shared_sign(first); next > first) return next;
        std::size_t i = first;
        // 每年6月25日前、12月25日前: both recur.
        const bool every =
            recurring(first) || (every_end_ != 0 && first <= every_end_ + 1 && first >= every_end_);
        int later = 0;
        for (const Chars word : {Chars(u"明年"), Chars(u"次年"), Chars(u"翌年")})
            if (first >= r_.begin_ + 2 && r_.at(first - 2, word)) later = 1;
        std::vector<Part> parts;
        auto p = part(i, false);
        if (!p) p = month_of_span(i);
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
            } else if (spans(c)) {
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
            if (!next->year && parts.back().year)
                // 2023年11月至3月 ends in the next year.
                next->year = *parts.back().year + (to && next->month < parts.back().month ? 1 : 0);
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
        const bool closed = before(behind) || within || done(i);
        if (closed && tells(behind)) return behind;
        bool wanted = closed || (column_ && !begins(i));
        // 6月底, 2024年底 say by when as well; a bare range or month does not.
        const bool starts = begins(i);
        if (!wanted && !range && parts.back().last && !starts) wanted = true;
        if (!wanted && range && parts.back().last) wanted = true;
        // 6月中旬 is by then as well, unless it begins something.
        if (!wanted && !range && parts.back().day % 10 == 0 && parts.back().day > 0 &&
            r_.c(i - 1) == u'旬' && !starts && r_.c(i) != u'开' && r_.c(i) != u'以')
            wanted = true;
        // 集中整治(6月1日至8月31日): the bracket says when it is done; 汛期(…) how long it lasts.
        if (!wanted && range && parts.back().day != 0 && first > r_.begin_ + 1 &&
            r_.c(first - 1) == u'(' && r_.c(i) == u')' && r_.c(first - 2) != u'期' &&
            r_.c(first - 2) != u'运')
            wanted = true;
        // 8月10日至9月20日集中整治: the same in running text.
        if (!wanted && range && parts.back().day != 0) wanted = acts(i);
        if (!wanted) wanted = announced(first);
        if (!wanted) return i;
        const bool one_sign = parts.back().last && parts.size() > 1;
        const bool till = behind > i && r_.c(behind - 1) == u'前';
        for (Part& one : parts) {
            bool unclear = false;
            // 3月和9月底前: the end is of each month.
            if (one_sign && one.day == 0) one.last = true;
            if (later != 0 && !one.year && year_) one.year = *year_ + later;
            if (one.day == 0 && !one.last && closed && one.month != 0) {
                // "3月前" is before March begins in some mouths; plans mean its end, mostly.
                one.last = true;
                unclear = till && !every;
                if (unclear) one.end = behind;
            }
            if (bygone(one)) continue;
            put(one,
                unclear            ? "deadline.before_month"
                : every            ? "deadline.yearly"
                : range            ? "deadline.range"
                : parts.size() > 1 ? "deadline.list"
                                   : "deadline.date",
                every);
        }
        if (every) every_end_ = std::max(i, behind);
        return std::max(i, behind);
    }

    // 3月启动,8月底前完成: when something begins is no deadline.
    bool begins(std::size_t i) const {
        return r_.at(i, u"启动") || r_.at(i, u"开始") || r_.at(i, u"起");
    }

    // 集中整治, 开展检查 right behind a span: what is done within it.
    bool acts(std::size_t i) const {
        for (const Chars word :
             {Chars(u"集中整治"), Chars(u"集中治理"), Chars(u"集中清理"), Chars(u"集中开展"),
              Chars(u"集中排查"), Chars(u"集中检查"), Chars(u"集中攻坚"), Chars(u"集中整改"),
              Chars(u"组织开展"), Chars(u"开展")})
            if (r_.at(i, word)) return true;
        return false;
    }

    // 截至, 截止 before a date, 到2025年… before one that ends.
    bool announced(std::size_t first) const {
        for (const Chars word :
             {Chars(u"截至"), Chars(u"截止"), Chars(u"截止到"), Chars(u"即日起至"),
              Chars(u"即日起到"), Chars(u"即日起—"), Chars(u"不晚于"), Chars(u"不迟于"),
              Chars(u"最迟于"), Chars(u"不超过"), Chars(u"最迟")})
            if (first >= r_.begin_ + word.size() && r_.at(first - word.size(), word)) return true;
        return false;
    }

    // 2025年 before 上半年 or 一季度, else the year of the plan.
    std::optional<int> year_before(std::size_t i) const {
        if (year_ && i >= r_.begin_ + 2)
            for (const Chars word : {Chars(u"明年"), Chars(u"次年"), Chars(u"翌年")})
                if (r_.at(i - 2, word)) return *year_ + 1;
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
        if (const std::size_t next = quarters(i); next > i) return next;
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
        // 上半年.
        for (const auto& [word, month] :
             {std::pair(Chars(u"上半年"), 6), std::pair(Chars(u"下半年"), 12)})
            if (r_.at(i, word)) {
                std::size_t end = i + 3;
                bool closed = column_;
                if (r_.c(end) == u'内' || r_.c(end) == u'底' || r_.c(end) == u'末') {
                    ++end;
                    closed = true;
                }
                closed = before(end) || closed || done(end);
                if (closed)
                    put_date(date_text(year_before(i), month, month == 6 ? 30 : 31), i, end,
                             "deadline.half_year", false);
                return end;
            }
        return i;
    }

    // 一季度末前, 第一、第三季度末前: what stands at i; `i` where it is none.
    std::size_t quarters(std::size_t i) {
        if (i > r_.begin_ && (r_.c(i - 1) == u'每' || r_.c(i - 1) == u'第')) return i;
        std::array<int, 4> named{};
        std::size_t count = 0, j = i;
        for (;;) {
            if (r_.c(j) == u'第') ++j;
            const char16_t c = r_.c(j);
            const int quarter = is_digit(c) ? c - u'0' : numeral(Chars(&c, 1));
            if (quarter < 1 || quarter > 4 || count == named.size()) return i;
            named[count++] = quarter;
            ++j;
            const bool sign = r_.at(j, u"季度");
            if (sign) j += 2;
            const bool more = is_list(r_.c(j)) && (r_.c(j + 1) == u'第' || r_.at(j + 2, u"季度") ||
                                                   is_list(r_.c(j + 2)));
            if (!more) {
                if (!sign) return i;
                break;
            }
            ++j;
        }
        std::size_t end = j;
        bool closed = column_;
        if (r_.c(end) == u'末' || r_.c(end) == u'底' || r_.c(end) == u'内') {
            ++end;
            closed = true;
        }
        closed = before(end) || closed || done(end);
        if (!closed) return end;
        const std::optional<int> year = year_before(i);
        for (std::size_t k = 0; k < count; ++k)
            put_date(date_text(year, 3 * named[k], last_day(year, 3 * named[k])), i, end,
                     "deadline.quarter", false);
        return end;
    }

    Reader r_;
    std::optional<int> year_;
    std::optional<Date> issued_;
    bool column_;
    std::vector<Deadline>& out_;
    std::pair<int, std::size_t> named_{0, 0};  // year last named, and where
    std::size_t every_end_ = 0;
};

struct Cadence {
    Chars word;
    const char* cadence;
};

// What plans name a day by that no text dates.
constexpr Chars occasions[] = {
    u"元旦",   u"春节",   u"清明",   u"五一",   u"劳动节",     u"端午",       u"中秋",    u"国庆",
    u"两节",   u"双节",   u"两会",   u"汛期",   u"雨季",       u"台风季",     u"开学",    u"高考",
    u"中考",   u"寒假",   u"暑假",   u"暑期",   u"复工复产",   u"复产复工",   u"入冬",    u"入汛",
    u"供暖季", u"供暖期", u"采暖季", u"采暖期", u"供暖",       u"开渔",       u"十一",    u"七一",
    u"八一",   u"除夕",   u"元宵",   u"重阳",   u"休渔期结束", u"防火期结束", u"汛期结束"};

// “五一”, 国庆节 at i; 0 where none is, else where it ends.
std::size_t occasion(const Reader& r, std::size_t i) {
    const bool quoted = r.c(i) == u'“';
    const std::size_t from = quoted ? i + 1 : i;
    std::size_t end = 0;
    for (const Chars word : occasions)
        if (r.at(from, word)) end = std::max(end, from + word.size());
    // 十一月, 七一: numbers, unless they are quoted.
    if (end == 0 || (numeral(r.text_.view(from, from + 1)) != 0 && r.c(from) != u'五' && !quoted))
        return 0;
    if (quoted) {
        if (r.c(end) != u'”') return 0;
        ++end;
    }
    for (const Chars word : {Chars(u"节假期"), Chars(u"假期"), Chars(u"节"), Chars(u"期间")})
        if (r.at(end, word)) return end + word.size();
    return end;
}

// 国庆节前, “五一”、国庆节前: where the words end; i where nothing is to be done by then.
std::size_t before_occasion(const Reader& r, std::size_t i) {
    std::size_t end = occasion(r, i);
    if (end == 0) return i;
    while (r.c(end) == u'、' || r.c(end) == u'和' || r.c(end) == u'及' || r.c(end) == u'“') {
        const std::size_t next = occasion(r, r.c(end) == u'“' ? end : end + 1);
        if (next == 0) return i;
        end = next;
    }
    for (const Chars word : {Chars(u"到来之前"), Chars(u"来临之前"), Chars(u"到来前"),
                             Chars(u"来临前"), Chars(u"之前"), Chars(u"以前"), Chars(u"前")})
        if (r.at(end, word)) {
            end += word.size();
            return r.c(end) == u'后' || r.c(end) == u'期' || r.c(end) == u'夕' ? i : end;
        }
    return i;
}

// 到2026年,…: by the beginning or by the end of it; i where it is another thing.
std::size_t till_year(const Reader& r, std::size_t i, std::optional<int> plan) {
    if (r.c(i) != u'到' || r.digits(i + 1) != 4 || r.c(i + 5) != u'年') return i;
    std::size_t at = i + 1;
    const int year = r.number(at, 4);
    if (year > 2099 || year < plan.value_or(1990)) return i;
    // 从2024年到2026年 is how long; 到2026年底 and 到2026年6月 are dates.
    static constexpr CharSet spans(u"年底末月日初从自");
    static constexpr CharSet goes_on(u"0123456789底末内年度前初上下第一二三四五六七八九十水同平");
    if (i > r.begin_ && spans.has(r.c(i - 1))) return i;
    return goes_on.has(r.c(i + 6)) ? i : i + 6;
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> open_deadlines(const Text& text, std::size_t begin,
                                                                std::size_t end,
                                                                const Context& context) {
    static constexpr CharSet first(u"上每除元春清五劳端中国两双汛雨台开高寒暑复入供采十重休防“到");
    const Reader r(text, begin, end);
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (std::size_t i = begin; i < end; ++i) {
        if (!first.has(text.chars[i])) continue;
        std::size_t to = before_occasion(r, i);
        if (to == i) to = till_year(r, i, context.year);
        // A term has no length that is known.
        if (to == i && r.at(i, u"每学期")) to = i + 3;
        // Once in each half: neither a day nor a cadence.
        if (to == i)
            for (const Chars word : {Chars(u"上半年、下半年各"), Chars(u"上半年和下半年各"),
                                     Chars(u"上、下半年各"), Chars(u"上下半年各")})
                if (r.at(i, word)) to = i + word.size() - 1;
        if (to == i) continue;
        found.emplace_back(i, to);
        i = to - 1;
    }
    return found;
}

void read_deadlines(const Text& text, std::size_t begin, std::size_t end, const Context& context,
                    bool column, std::vector<Deadline>& out) {
    Deadlines(text, begin, end, context, column, out).run();
}

namespace {

// How many times in each period: 每季度至少2次, 每季度组织演练，不少于2次, 至少每月1次, 2次/季度.
void read_times_in(const Text& text, std::size_t begin, std::size_t from, std::size_t to,
                   std::size_t end, Frequency& out) {
    constexpr std::size_t reach = 26, before = 4;
    static constexpr CharSet numbers(u"0123456789一二两三四五六七八九十");
    const auto number_at = [&](std::size_t first, std::size_t last) {
        if (first == last) return -1;
        if (is_digit(text.chars[first])) {
            int value = 0;
            for (std::size_t i = first; i < last; ++i) {
                if (!is_digit(text.chars[i]) || value > 9999) return -1;
                value = value * 10 + (text.chars[i] - u'0');
            }
            return value;
        }
        if (text.view(first, last) == u"两") return 2;
        const int value = numeral(text.view(first, last));
        return value > 0 ? value : -1;
    };
    const auto comparator = [&](Chars words) {
        for (const Chars word : {Chars(u"至少"), Chars(u"不少于"), Chars(u"不低于")})
            if (words.find(word) != Chars::npos) return ">=";
        for (const Chars word : {Chars(u"最多"), Chars(u"不超过"), Chars(u"不多于")})
            if (words.find(word) != Chars::npos) return "<=";
        return "=";
    };
    const auto begin_of_number = [&](std::size_t last, std::size_t least) {
        std::size_t first = last;
        while (first > least && numbers.has(text.chars[first - 1]))
            --first;
        return first;
    };
    const std::size_t lead = from - std::min(before, from - begin);
    if (text.chars[from] == u'次') {
        const std::size_t first = begin_of_number(from, begin);
        const int value = number_at(first, from);
        if (value < 1) return;
        out.count = value;
        out.op = comparator(text.view(first - std::min(before, first - begin), first));
        return;
    }
    const std::size_t last = std::min(end, to + reach);
    for (std::size_t i = from + 1; i < last; ++i) {
        const char16_t c = text.chars[i];
        if (is_stop(c) || (c == u'每' && i >= to) || c == u'\t') return;
        if (c != u'次' || i < to - 1) continue;
        const std::size_t stop = text.chars[i - 1] == u'轮' ? i - 1 : i;
        const std::size_t first = begin_of_number(stop, from + 1);
        const int value = number_at(first, stop);
        if (value < 1 || text.chars[first - 1] == u'第') continue;
        // 一次性, 2次以上; 1至2次 is no count.
        if (i + 1 < end && text.chars[i + 1] == u'性') continue;
        if (text.chars[first - 1] == u'至' || text.chars[first - 1] == u'-') return;
        out.count = value;
        out.op = text.view(i + 1, std::min(end, i + 3)) == u"以上"
                     ? ">="
                     : comparator(text.view(lead, first));
        return;
    }
}

}  // namespace

void read_frequencies(const Text& text, std::size_t begin, std::size_t end,
                      std::vector<Frequency>& out, bool column) {
    // Cadences that stand for themselves.
    static constexpr Cadence plain[] = {
        {u"每半年", "P6M"},     {u"每个季度", "P3M"},   {u"每季度", "P3M"},
        {u"每季", "P3M"},       {u"每双月", "P2M"},     {u"每个月", "P1M"},
        {u"每月", "P1M"},       {u"每双周", "P2W"},     {u"每旬", "P10D"},
        {u"每半月", "P15D"},    {u"每半个月", "P15D"},  {u"每周", "P1W"},
        {u"每星期", "P1W"},     {u"每个星期", "P1W"},   {u"每日", "P1D"},
        {u"每天", "P1D"},       {u"每晚", "P1D"},       {u"每个工作日", "P1D"},
        {u"每工作日", "P1D"},   {u"每年度", "P1Y"},     {u"每年", "P1Y"},
        {u"每一年", "P1Y"},     {u"每学年", "P1Y"},     {u"按月", "P1M"},
        {u"逐月", "P1M"},       {u"按季度", "P3M"},     {u"按季", "P3M"},
        {u"逐季", "P3M"},       {u"按周", "P1W"},       {u"逐周", "P1W"},
        {u"逐日", "P1D"},       {u"按日", "P1D"},       {u"按旬", "P10D"},
        {u"按半年", "P6M"},     {u"按年度", "P1Y"},     {u"各季度", "P3M"},
        {u"至少半年", "P6M"},   {u"至少每半年", "P6M"}, {u"半年至少", "P6M"},
        {u"半年一", "P6M"},     {u"半年不少于", "P6M"}, {u"半月一", "P15D"},
        {u"一季度一", "P3M"},   {u"一月一", "P1M"},     {u"一周一", "P1W"},
        {u"一旬一", "P10D"},    {u"一日一", "P1D"},     {u"一天一", "P1D"},
        {u"一年一", "P1Y"},     {u"年终一", "P1Y"},     {u"一季一", "P3M"},
        {u"两月一", "P2M"},     {u"两个月一", "P2M"},   {u"三个月一", "P3M"},
        {u"两周一", "P2W"},     {u"两年一", "P2Y"},     {u"三年一次", "P3Y"},
        {u"三年一轮", "P3Y"},   {u"五年一次", "P5Y"},   {u"季度至少", "P3M"},
        {u"季度不少于", "P3M"}, {u"年度不少于", "P1Y"}, {u"年度至少", "P1Y"},
        {u"一年至少", "P1Y"},   {u"一年不少于", "P1Y"}, {u"一月至少", "P1M"},
        {u"一月不少于", "P1M"}, {u"一季度至少", "P3M"}, {u"一周至少", "P1W"},
        {u"一周不少于", "P1W"}, {u"一年两次", "P1Y"},   {u"一年2次", "P1Y"},
        {u"一月两次", "P1M"},   {u"一月2次", "P1M"},    {u"一周两次", "P1W"},
        {u"一周2次", "P1W"},    {u"次/月", "P1M"},      {u"次/季度", "P3M"},
        {u"次/季", "P3M"},      {u"次/半年", "P6M"},    {u"次/年", "P1Y"},
        {u"次/周", "P1W"},      {u"次/日", "P1D"},      {u"次/天", "P1D"},
        {u"次/旬", "P10D"},     {u"一日两次", "P1D"},   {u"一日三次", "P1D"}};
    // A period and what is done in it: 月调度, 季通报.
    static constexpr Cadence periods[] = {
        {u"季度", "P3M"},  {u"半年度", "P6M"}, {u"半年", "P6M"}, {u"双月", "P2M"}, {u"双周", "P2W"},
        {u"半月", "P15D"}, {u"月度", "P1M"},   {u"季", "P3M"},   {u"月", "P1M"},   {u"周", "P1W"},
        {u"日", "P1D"},    {u"旬", "P10D"},    {u"年", "P1Y"}};
    static constexpr Chars actions[] = {
        u"调度", u"通报", u"督导", u"督查", u"赛马", u"研判", u"排查", u"评析",   u"点评",
        u"例会", u"会商", u"巡查", u"检查", u"报告", u"管控", u"考评", u"评估",   u"清零",
        u"晾晒", u"排名", u"讲评", u"抽查", u"汇总", u"分析", u"总结", u"推进会", u"考核",
        u"测评", u"反馈", u"更新", u"小结", u"巡检", u"自查", u"互查", u"会议",   u"演练",
        u"曝光", u"公示", u"公布", u"督办", u"盘点", u"交办", u"复核", u"核查",   u"抽检",
        u"自检", u"检测", u"复盘", u"碰头", u"报制", u"报送", u"报表", u"暗访"};
    // In a column of times the period alone says it.
    static constexpr Cadence alone[] = {{u"月度", "P1M"},   {u"季度", "P3M"}, {u"年度", "P1Y"},
                                        {u"半年度", "P6M"}, {u"半年", "P6M"}, {u"周", "P1W"},
                                        {u"月", "P1M"},     {u"季", "P3M"},   {u"日", "P1D"}};
    const Reader r(text, begin, end);
    const auto put = [&](std::string_view cadence, std::size_t from, std::size_t to,
                         const char* rule) {
        for (Frequency& one : out) {
            if (one.cadence != cadence) continue;
            if (one.op.empty()) read_times_in(text, begin, from, to, end, one);
            return;
        }
        out.push_back({std::string(cadence), text.span(from, to), rule, {}, {}, 1});
        read_times_in(text, begin, from, to, end, out.back());
    };
    if (column) {
        std::size_t from = begin, to = end;
        while (from < to && is_blank(text.chars[from]))
            ++from;
        while (to > from && (is_blank(text.chars[to - 1]) || text.chars[to - 1] == u'。'))
            --to;
        for (const Cadence& one : alone)
            if (text.view(from, to) == one.word) put(one.cadence, from, to, "frequency.column");
    }
    static constexpr CharSet first(u"每按逐至半一两三五季年各次");
    static constexpr CharSet openings(u"季半双月周日旬年");
    // 6月调度会, 安全生产月, 第一季度通报, 近年总结, 节假日检查 are no cadences.
    static constexpr CharSet others(
        u"旺淡雨旱换产当本上下今近全传年历往节次同即翌假生平夏冬昨休作去明多整中半双个岁隔春秋01234"
        u"56"
        u"789"
        u"一二三四五六七八九十〇○零两几数");
    for (std::size_t i = begin; i < end; ++i) {
        const char16_t c = text.chars[i];
        if (c == u'日' && r.at(i, u"日周月")) {
            put("P1D", i, i + 3, "frequency.every");
            put("P1W", i, i + 3, "frequency.every");
            put("P1M", i, i + 3, "frequency.every");
            i += 2;
            continue;
        }
        if (first.has(c)) {
            const char16_t before = i > begin ? text.chars[i - 1] : u'\0';
            const bool counted = is_digit(before) || numeral(Chars(&before, 1)) != 0 ||
                                 before == u'〇' || before == u'第' || before == u'十';
            const Cadence* best = nullptr;
            if (!counted || c == u'次' || c == u'每' || c == u'按' || c == u'逐' || c == u'至')
                for (const Cadence& one : plain)
                    if (r.at(i, one.word) &&
                        (best == nullptr || one.word.size() > best->word.size()))
                        best = &one;
            // 一月一日 is a date; 上半年一 begins another word; 每年度 and the like are longer.
            if (best != nullptr && best->word.back() == u'一' &&
                (r.c(i + best->word.size()) == u'日' || r.c(i + best->word.size()) == u'号' ||
                 r.c(i + best->word.size()) == u'季' || before == u'上' || before == u'下'))
                best = nullptr;
            if (best != nullptr && best->word.front() == u'半' &&
                (before == u'上' || before == u'下'))
                best = nullptr;
            if (best != nullptr && (best->word.front() == u'季' || best->word.front() == u'年') &&
                others.has(before))
                best = nullptr;
            // 3月、6月每月底前: of each month named.
            if (best != nullptr && best->word == u"每月" && before == u'月') best = nullptr;
            if (best != nullptr) {
                put(best->cadence, i, i + best->word.size(), "frequency.every");
                i += best->word.size() - 1;
                continue;
            }
            // 每3个月, 每10天, 每两年
            if (c == u'每') {
                std::size_t j = r.c(i + 1) == u'隔' ? i + 2 : i + 1;
                int k = r.number(j, 3);
                if (k < 0 && r.c(j) == u'两') {
                    k = 2;
                    ++j;
                }
                if (k < 0) k = r.numerals(j);
                std::size_t length = 1;
                const char* unit = nullptr;
                if (r.at(j, u"个月")) {
                    unit = "M";
                    length = 2;
                } else if (r.at(j, u"个季度") || r.at(j, u"季度")) {
                    unit = "Q";
                    length = r.c(j) == u'个' ? 3 : 2;
                } else if (r.c(j) == u'天' || r.c(j) == u'日') {
                    unit = "D";
                } else if (r.c(j) == u'周') {
                    unit = "W";
                } else if (r.c(j) == u'年') {
                    unit = "Y";
                }
                if (unit != nullptr && k > 0) {
                    const bool quarters = *unit == 'Q';
                    put("P" + std::to_string(quarters ? 3 * k : k) + (quarters ? "M" : unit), i,
                        j + length, "frequency.number");
                    i = j + length - 1;
                    continue;
                }
            }
        }
        if (!openings.has(c)) continue;
        for (const Cadence& period : periods) {
            if (!r.at(i, period.word)) continue;
            if (i > begin && others.has(text.chars[i - 1])) break;
            const std::size_t j = i + period.word.size();
            for (const Chars action : actions)
                if (r.at(j, action)) {
                    put(period.cadence, i, j + action.size(), "frequency.period");
                    i = j - 1;
                    break;
                }
            if (i == j - 1) break;
        }
    }
}

namespace {

bool begins_count(char16_t c) {
    return c == u'两' || c == u'百' || c == u'十' || numeral(Chars(&c, 1)) != 0;
}

// 三百, 一千二百, 两万 at i; 0 where it is none. Moves i behind it.
double count_of_numerals(const Text& text, std::size_t& i, std::size_t end) {
    double whole = 0, part = 0, digit = 0;
    const std::size_t first = i;
    while (i < end && i - first < 12) {
        const char16_t c = text.chars[i];
        const double scale = c == u'十' ? 10 : c == u'百' ? 100 : c == u'千' ? 1000 : 0;
        if (scale > 0) {
            part += (digit > 0 ? digit : 1) * scale;
            digit = 0;
        } else if (c == u'万' && i + 1 < end && text.chars[i + 1] != u'元') {
            whole = (part + digit) * 10000;
            part = digit = 0;
        } else if (c == u'两' || numeral(Chars(&c, 1)) != 0) {
            digit = c == u'两' ? 2 : numeral(Chars(&c, 1));
        } else if (c != u'零' && c != u'〇') {
            break;
        }
        ++i;
    }
    return whole + part + digit;
}

}  // namespace

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
        {u"不少于", ">="}, {u"不低于", ">="}, {u"不小于", ">="}, {u"达到", ">="},
        {u"达", ">="},     {u"至少", ">="},   {u"≥", ">="},      {u"≧", ">="},
        {u"不超过", "<="}, {u"不高于", "<="}, {u"不大于", "<="}, {u"不多于", "<="},
        {u"≤", "<="},      {u"≦", "<="},      {u"控制在", "<="}, {u"减少", "-"},
        {u"下降", "-"},    {u"降低", "-"},    {u"增加", "+"},    {u"提高", "+"},
        {u"提升", "+"}};
    static constexpr Chars units[] = {u"个百分点", u"%",    u"家次", u"场次", u"批次", u"期", u"家",
                                      u"次",       u"个",   u"起",   u"人次", u"人",   u"名", u"场",
                                      u"处",       u"件",   u"条",   u"公里", u"项",   u"支", u"台",
                                      u"户",       u"万元", u"亿元", u"座",   u"所",   u"辆", u"艘",
                                      u"套",       u"栋",   u"口",   u"吨",   u"米"};
    // What is done to so many: 关闭矿山5家.
    static constexpr Chars verbs[] = {
        u"关闭", u"关停", u"淘汰", u"退出", u"取缔", u"拆除", u"更新", u"改造", u"新建", u"新增",
        u"建设", u"建成", u"创建", u"打造", u"培训", u"整治", u"安装", u"配备", u"完成", u"投入",
        u"排查", u"检查", u"执法", u"举办", u"治理", u"培育", u"验收", u"搬迁"};
    constexpr std::size_t longest_object = 10;
    // Whether such a verb stands before a number at `at`, in the same clause, and the clause says
    // neither what was nor how often.
    const auto done_to = [&](std::size_t at, std::size_t& from) {
        std::size_t start = at;
        while (start > begin && at - start < 40 && !is_stop(text.chars[start - 1]) &&
               text.chars[start - 1] != u',' && text.chars[start - 1] != u'、' &&
               text.chars[start - 1] != u'(' && text.chars[start - 1] != u':')
            --start;
        const Chars clause = text.view(start, at);
        for (const Chars past : {Chars(u"已"), Chars(u"去年"), Chars(u"现有"), Chars(u"共有"),
                                 Chars(u"发生"), Chars(u"每"), Chars(u"累计"), Chars(u"第"),
                                 Chars(u"对"), Chars(u"涉及"), Chars(u"上年")})
            if (clause.find(past) != Chars::npos) return false;
        for (const Chars verb : verbs) {
            const std::size_t found = clause.rfind(verb);
            if (found == Chars::npos || found + verb.size() + longest_object < clause.size())
                continue;
            const Chars object = clause.substr(found + verb.size());
            if (!std::all_of(object.begin(), object.end(), is_han)) continue;
            from = start + found;
            return true;
        }
        return false;
    };
    const auto opening_before = [&](std::size_t at, std::size_t& from) -> const char* {
        for (const auto& [word, sign] : openings)
            if (at >= begin + word.size() && r.at(at - word.size(), word)) {
                from = at - word.size();
                return sign;
            }
        return nullptr;
    };
    // 下降不少于5%: the direction stands before the comparison.
    const auto towards = [&](const char* sign, std::size_t& from) {
        if (sign == nullptr || std::string_view(sign) != ">=") return sign;
        std::size_t first = from;
        const char* trend = opening_before(from, first);
        if (trend == nullptr || (*trend != '-' && *trend != '+')) return sign;
        from = first;
        return trend;
    };
    // 完成320家企业、15个园区: the next of a list of what is done.
    std::size_t done_until = end;
    const auto next_done = [&](std::size_t at) {
        if (done_until + 1 >= at || at - done_until > longest_object || text.chars[at - 1] != u'、')
            return false;
        const Chars object = text.view(done_until, at - 1);
        return std::all_of(object.begin(), object.end(), is_han);
    };
    // 30米以上高层建筑, 年产值2000万元以上: what something is like.
    const auto describes = [&](std::size_t first, std::size_t last, bool done) {
        if (r.at(last, u"大客车") || r.at(last, u"客车")) return true;
        if (done) return false;
        for (const Chars word : {Chars(u"产值"), Chars(u"收入"), Chars(u"面积"), Chars(u"高度")})
            if (first >= begin + word.size() && r.at(first - word.size(), word)) return true;
        return is_han(r.c(last));
    };
    for (std::size_t i = begin; i < end; ++i) {
        const char16_t c = text.chars[i];
        // 不低于九成, 达百分之百
        if (c == u'百' && r.at(i, u"百分之") && i + 3 < end) {
            std::size_t to = i + 3;
            const double share =
                text.chars[to] == u'百' ? (++to, 100.0) : count_of_numerals(text, to, end);
            std::size_t from = i;
            const char* op = towards(opening_before(i, from), from);
            if (share > 0) {
                put(from, to, op == nullptr ? "=" : op, share, "%", "ratio", "target.number");
                i = to - 1;
                continue;
            }
        }
        if (r.c(i + 1) == u'成' && (is_digit(c) || numeral(text.view(i, i + 1)) != 0) &&
            (i == begin || !is_digit(text.chars[i - 1]))) {
            std::size_t from = i;
            const char* op = towards(opening_before(i, from), from);
            const int tenths = is_digit(c) ? c - u'0' : numeral(text.view(i, i + 1));
            if (op != nullptr && tenths > 0) {
                put(from, i + 2, op, 10.0 * tenths, "%", "ratio", "target.number");
                ++i;
                continue;
            }
        }
        if ((c == u'全' && r.at(i, u"全覆盖")) || (c == u'双' && r.at(i, u"双下降"))) {
            const bool all = r.at(i, u"全覆盖");
            put(i, i + 3, all ? "=" : "-", all ? 100 : 0, all ? "%" : "", all ? "all" : "trend",
                all ? "target.all" : "target.trend");
            i += 2;
            continue;
        }
        std::size_t j = i;
        double value = 0;
        std::size_t from = i;
        if (!is_digit(c)) {
            // 不少于三百家: numerals count where a word before them says so; 一项 in 完成一项
            // counts nothing.
            if (!begins_count(c)) continue;
            const bool said = opening_before(i, from) != nullptr;
            if (!said && (i == begin || begins_count(text.chars[i - 1]))) continue;
            value = count_of_numerals(text, j, end);
            if (value == 0 || (!said && value < 10)) continue;
        }
        if (i > begin && is_digit(c) && (is_digit(text.chars[i - 1]) || text.chars[i - 1] == u'.'))
            continue;
        while (j < end && is_digit(text.chars[j]) && j - i < 9)
            value = value * 10 + (text.chars[j++] - u'0');
        if (j + 1 < end && text.chars[j] == u'.' && is_digit(text.chars[j + 1])) {
            double scale = 0.1;
            for (++j; j < end && is_digit(text.chars[j]) && scale > 1e-6; ++j, scale /= 10)
                value += scale * (text.chars[j] - u'0');
        }
        Chars unit;
        const auto unit_at = [&](std::size_t at) {
            for (const Chars one : units)
                if (r.at(at, one)) return one;
            return Chars();
        };
        unit = unit_at(j);
        // 1.2万人次; 万元 is a unit.
        if (unit.empty() && (r.c(j) == u'万' || r.c(j) == u'亿')) {
            unit = unit_at(j + 1);
            value *= r.c(j) == u'万' ? 1e4 : 1e8;
            ++j;
        }
        if (unit.empty()) continue;
        std::size_t to = j + unit.size();
        const char* op = towards(opening_before(i, from), from);
        const bool ratio = unit == u"%" || unit == u"个百分点";
        std::size_t verb = i;
        const bool done = done_to(i, verb) || next_done(i);
        const bool opened = op != nullptr;
        for (const Chars word : {Chars(u"以上"), Chars(u"左右"), Chars(u"以内"), Chars(u"以下")})
            if (r.at(to, word)) {
                if (op == nullptr) op = word == u"以上" ? ">=" : word == u"左右" ? "=" : "<=";
                to += word.size();
                break;
            }
        if (!opened && op != nullptr && !ratio && describes(i, to, done)) {
            i = to - 1;
            continue;
        }
        if (op == nullptr && !ratio && !done) continue;
        if (op == nullptr && done && !ratio) from = verb;
        if (done) done_until = to;
        put(from, to, op == nullptr ? "=" : op, value, to_utf8(unit), ratio ? "ratio" : "count",
            "target.number");
        i = to - 1;
    }
}

Times read_times(std::string_view cell) {
    const Text text = read_text(cell);
    std::vector<Frequency> frequencies;
    std::vector<Deadline> deadlines;
    std::vector<Target> targets;
    read_frequencies(text, 0, text.size(), frequencies, true);
    read_deadlines(text, 0, text.size(), {}, true, deadlines);
    read_targets(text, 0, text.size(), targets);
    Times times;
    for (const Frequency& one : frequencies)
        times.cadences.push_back(one.cadence);
    for (const Deadline& one : deadlines)
        times.deadlines.push_back(one.date);
    bool counted = false;
    for (const Target& one : targets)
        if (one.measure == "count" && one.op == ">=" && one.unit == "次") {
            times.least = one.value;
            counted = true;
        }
    for (const Frequency& one : frequencies)
        if (one.op == ">=" || one.op == "=") {
            times.least = one.count;
            counted = true;
        }
    // Numbers of times in the cell, and how many of them were read.
    static constexpr CharSet numbers(u"0123456789一二两三四五六七八九十");
    std::size_t said = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        if (text.chars[i] == u'次' && numbers.has(text.chars[i - 1]) &&
            !(i + 1 < text.size() && text.chars[i + 1] == u'性'))
            ++said;
    times.clear = said == 0 || (said == 1 && counted);
    return times;
}

}  // namespace safetyrisk::plan
