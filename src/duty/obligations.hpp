// Rows of the table `duties`, read and tied to a graph.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/duty/periods.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/select.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::duty {

/// A node, those that a selector means, or nobody in particular.
struct Who {
    graph::NodeNo node = graph::none;
    std::optional<graph::Selector> selector;
    bool empty() const { return node == graph::none && !selector; }
    friend bool operator==(const Who&, const Who&) = default;
};

/// How objects hang on a subject: by edges of this kind, from it or to it; their selector then says
/// nothing of the edge. `no_kind`: each subject with each object.
struct Link {
    graph::KindNo edge = graph::no_kind;
    bool to_subject = false;
};

/// The day of a deadline each year; 29 February is the 28th where there is none.
Date in_year(const std::pair<unsigned, unsigned>& month_and_day, int year);

/// What a target compares.
enum class Measure : std::uint8_t {
    count,  ///< Records, or what they amount to, with a number.
    ratio,  ///< Objects reached with all of them, or records of one action with those of another.
    rank,   ///< The subject with the average of the others, or its place among them.
    trend,  ///< The period with the one before it.
};

/// What begins or ends the time in which something is owed once.
enum class Trigger : std::uint8_t { none, after, before };

/// One row that can be assessed.
struct Obligation {
    std::size_t row = 0;
    Who subject, object;
    Link link;  ///< Of the objects.
    std::string action;
    std::optional<Date> deadline;
    std::optional<std::pair<unsigned, unsigned>> yearly;  ///< Month and day of --MM-DD.
    std::optional<Duration> cadence;
    Trigger trigger = Trigger::none;
    std::string trigger_action;     ///< The action whose records trigger it, or empty:
    std::string trigger_attribute;  ///< the column of the object (subject) that has the day.
    std::optional<Duration> within;
    bool rolling = false, standing = false, working_days = false;
    std::uint32_t tolerance = 0;
    Partial partial = Partial::skip;
    double target = 1;
    Measure measure = Measure::count;
    enum class Op : std::uint8_t { at_least, at_most, below } op = Op::at_least;
    bool amount = false;          ///< The records' `count` is summed up.
    bool by_place = false;        ///< Of a rank: `target` is a place.
    bool among_siblings = false;  ///< Of a rank: those of the same superior region.
    bool against_year = false;    ///< Of a trend: the same period of the year before.
    bool of_region = false;       ///< What all in the subject's region did is its own.
    bool shares = false;          ///< What is compared is a share.
    Who denominator;              ///< Of shares: objects, where they are not `object` itself.
    Link denominator_link;
    std::string denominator_action;  ///< Of shares: the action whose records are counted.

    /// Whether it is a share of objects that are to be reached.
    bool reaches() const {
        return measure == Measure::ratio && denominator_action.empty() && op == Op::at_least;
    }
    /// Whether it is told at the end of the period, by comparing.
    bool compares() const {
        return op != Op::at_least || of_region || (measure != Measure::count && !reaches());
    }
    /// Whether objects are counted for each subject, and not owed one by one.
    bool pools() const { return measure == Measure::ratio || compares(); }
    std::optional<Date> from, to;
    std::vector<std::pair<graph::Selector, Duration>> overrides;
};

/// Reads the rows; those with a fault become issues and are left out.
std::vector<Obligation> read_obligations(const graph::ResponsibilityGraph& graph,
                                         const Table& duties, IssueTable& issues);

}  // namespace safetyrisk::duty
