// Official work plans (工作要点、实施方案、任务分解) as tasks: who does what in which role, by
// when, how often, how much.
//
// The literal layer holds what the text says and nothing else: each unit, deadline, frequency and
// target has the span of characters it was read from and the rule that read it. Spans count code
// points of the text that was given, before any repair; repairs of damaged text are listed.
//
// Roles are those of README's vocabulary: organize 组织, lead 牵头, joint 会同, share 分工负责,
// assist 配合, supervise 督促, implement 落实, responsible 责任单位.
//
// Threads: values; parse_plan may run on many threads at once.
// Throws: InputError (a year outside 1949..2199); text is never wrong, only unread (issues).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::plan {

/// Code points [begin, end) of the text that was given.
struct Span {
    std::uint32_t begin = 0, end = 0;

    friend bool operator==(const Span&, const Span&) = default;
};

enum class Role : std::uint8_t {
    organize,
    lead,
    joint,
    share,
    assist,
    supervise,
    implement,
    responsible,
};

/// "organize", "lead", …
std::string_view to_string(Role role);
/// 组织, 牵头, 会同, 分工负责, 配合, 督促, 落实, 责任.
std::string_view word(Role role, bool english = false);

/// How sure a reading is.
enum class Confidence : std::uint8_t {
    marked,   ///< In a clause that is there for it: a bracket, a label, a column.
    running,  ///< In a sentence of the text.
    mended,   ///< After a repair of damaged text.
};

/// A unit that a mention means when all is said that print leaves out: a level given once for a
/// list, the second half of 党委、政府, the zones behind “三区”.
struct Resolved {
    std::string name;
    std::string
        rule;  ///< "level", "party_and_government", "shared_head", "addressees", "levels", …
};

struct UnitMention {
    std::string name;  ///< As printed, brackets as (), quotes as “”.
    Role role = Role::responsible;
    Span span;
    std::uint16_t tier = 0;  ///< Group it stands in: the first named is 0.
    std::string rule;        ///< Which rule read it: "tail.joint", "label.lead", "running.lead", …
    Confidence confidence = Confidence::marked;
    std::vector<Resolved> resolved;  ///< The expanded layer; empty: as printed.
};

struct Deadline {
    std::string date;  ///< YYYY-MM-DD, or --MM-DD when nothing gives the year.
    Span span;
    std::string rule;
    std::string group;  ///< Whom it is for, as printed, where the text says.
    Confidence confidence = Confidence::running;
};

struct Frequency {
    std::string cadence;  ///< ISO 8601: P1D, P1W, P1M, P3M, P6M, P1Y.
    Span span;
    std::string rule;
    std::string group;  ///< Whom an override in brackets is for.
    std::string op;     ///< Of `count`: ">=", "=", "<="; empty where no count is printed.
    double count = 1;   ///< How many times in each period (每季度至少2次: 2).
};

struct Target {
    std::string text;  ///< As printed.
    std::string op;    ///< ">=", "<=", "=", "-" (less by), "+" (more by).
    double value = 0;
    std::string unit;     ///< "%", "家", "次", …
    std::string measure;  ///< "ratio", "count", "all" (全覆盖、全部), "trend" (双下降), "rank".
    Span span;
    std::string rule;
};

struct Task {
    std::string no;  ///< As printed, without brackets and stops; empty: not numbered.
    std::string title;
    std::string group;    ///< "task", "phase" (阶段安排), "safeguard" (保障措施).
    std::string section;  ///< Headings above, outermost first, parted by " / ".
    std::string text;
    Span span;
    std::vector<UnitMention> units;
    std::vector<Deadline> deadlines;
    std::vector<Frequency> frequencies;
    std::vector<Target> targets;
};

/// Damage that was mended, and what stood there.
struct Repair {
    std::string rule;
    Span span;
    std::string before, after;
};

struct PlanText {
    std::string id, title, issuer;
    std::vector<std::string> addressees;  ///< Whom the covering note names.
    std::optional<Date> issued;
    std::optional<int> year;  ///< Year that dates without one mean.
    std::vector<Task> tasks;
    std::vector<Repair> repairs;
    IssueTable issues;
};

struct ParseOptions {
    std::optional<int> year;  ///< Empty: from the title, else the date of issue.
    std::string id;
};

/// Reads a plan of UTF-8 text. Bytes that are no UTF-8 become U+FFFD, one each.
PlanText parse_plan(std::string_view text, const ParseOptions& options = {});

/// {"format":1,"id","title","date","issuer","tasks":[…],"issues":[…]}.
std::string to_json(const PlanText& plan);

/// Times that a cell of a register says in words: 每季度一次, 每年不少于2次, 每年3月31日前.
struct Times {
    std::vector<std::string> cadences;   ///< ISO 8601, each once.
    std::vector<std::string> deadlines;  ///< YYYY-MM-DD, or --MM-DD when nothing gives the year.
    double least = 1;                    ///< How many times at least in each period.
    /// Whether `least` is all that it says of that: not 1至2次, 最多2次, 2次（高危4次）.
    bool clear = true;
};

/// Reads a cell by the grammar of plans; empty where it says no time.
Times read_times(std::string_view cell);

}  // namespace safetyrisk::plan
