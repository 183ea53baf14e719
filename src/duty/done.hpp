// Rows of the table `records`, by action, subject, object and day.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>

#include "graph/store.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace safetyrisk::duty {

/// The last valid day of a record that names none.
inline constexpr Date no_end = Date(std::numeric_limits<std::int32_t>::max());

/// What was done of one action: by one side of its records, each node's days in order.
struct Doings {
    std::vector<std::uint32_t> offsets;  ///< Nodes + 1.
    Buffer<Date> days;                   ///< By node, other side (when asked for), day.
    std::vector<graph::NodeNo> others;   ///< The other side; empty unless asked for.
    std::vector<double> amounts;         ///< `count`; empty: 1 each.
    std::vector<Date> until;             ///< `valid_to`, `no_end` where a row has none; empty: all.

    std::pair<std::uint32_t, std::uint32_t> of(graph::NodeNo node) const {
        return {offsets[node], offsets[node + 1]};
    }
    std::size_t bytes() const {
        return offsets.size() * sizeof offsets[0] + days.size() * sizeof days[0] +
               others.size() * sizeof others[0] + amounts.size() * sizeof amounts[0] +
               until.size() * sizeof until[0];
    }
};

/// A record that was left out although it says who did what: what it may have served is not known.
struct LeftOut {
    std::size_t row = 0;
    graph::NodeNo subject = graph::none;  ///< `none`: not said, or nobody of that id.
    graph::NodeNo object = graph::none;
    std::optional<Date> day;      ///< None: it cannot be read.
    double amount = 1;            ///< Infinite where its `count` cannot be read.
    bool holds_till_any = false;  ///< Its last valid day cannot be read.
};

/// Days of the records that may serve a pair, their amounts, and their last valid days.
struct PairRecords {
    std::span<const Date> days;
    std::span<const double> amounts;  ///< Empty: 1 each.
    std::span<const Date> until;      ///< Empty: none ends.
};

/// Those of a subject about an object; where one of them is `none`, of the other alone.
inline PairRecords records_of(const Doings& doings, graph::NodeNo subject, graph::NodeNo object) {
    auto [begin, end] = doings.of(subject != graph::none ? subject : object);
    if (subject != graph::none && object != graph::none) {
        const auto first = doings.others.begin();
        const auto range = std::equal_range(first + begin, first + end, object);
        begin = static_cast<std::uint32_t>(range.first - first);
        end = static_cast<std::uint32_t>(range.second - first);
    }
    const auto mine = [&](const auto& column) {
        return column.empty() ? std::span(column) : std::span(column).subspan(begin, end - begin);
    };
    return {mine(doings.days), mine(doings.amounts), mine(doings.until)};
}

/// The node of a row; `none` where the side is empty, because nobody stands there in any row.
inline graph::NodeNo node_of(std::span<const graph::NodeNo> side, std::size_t row) {
    return side.empty() ? graph::none : side[row];
}

/// Records that were read without fault and are not later than a day.
class Done {
public:
    /// `begins` has the first day of the duties that ask for an action, where all have one: what
    /// was done before it is an issue, and serves nothing.
    Done(const graph::ResponsibilityGraph& graph, const Table& records, Date as_of,
         const std::map<std::string, Date>& begins, IssueTable& issues, const Work& work);

    std::size_t used() const { return used_; }
    /// Whether anything is recorded of the action, on whatever day.
    bool knows(const std::string& action) const { return actions_.contains(action); }
    const std::map<std::string, std::size_t>& actions() const { return actions_; }
    /// First day of a record of the action.
    Date earliest(const std::string& action) const { return earliest_[actions_.at(action)]; }

    /// Records of the action that were left out, by day, those without one first; a person's stand
    /// for their posts, too. None of a later day, which says that it was not done by then.
    std::span<const LeftOut> left_out(const std::string& action) const;

    /// The days on which records of an action concern each node: its object, or the subject of
    /// one without object.
    Doings about(const std::string& action) const;

    /// The doings of an action by region, each that the record's subject (else object) lies in.
    Doings by_region(const std::string& action, const graph::View& view, bool with_amounts) const;

    /// The doings of an action by its subjects (else by its objects).
    Doings by(const std::string& action, bool subject, bool with_others, bool with_amounts) const;

private:
    // Columns of the records, read.
    struct Cells {
        std::span<const graph::NodeNo> subject, object;  // empty: nobody
        std::span<const std::int32_t> days;
        std::span<const double> amount;  // empty: 1 each
        std::span<const Date> until;     // empty: none ends
    };
    void sort_by_action(const Cells& cells, Date as_of, const Work& work);
    void read_actions(const Table& records, IssueTable& issues, const Work& work);
    void reject_repeated(const Table& records, IssueTable& issues, const Work& work);
    void credit_posts(const graph::ResponsibilityGraph& graph, Date as_of);
    void keep_left_out(const graph::ResponsibilityGraph& graph, const Cells& cells,
                       const Column* counts, Date as_of);

    std::size_t nodes_ = 0;
    std::size_t used_ = 0;
    std::map<std::string, std::size_t> actions_;
    std::vector<Date> earliest_;
    // By action: what counts, in the order of rows.
    struct Rows {
        Buffer<graph::NodeNo> subject, object;  // empty: nobody
        Buffer<Date> day;
        std::vector<double> amount;  // empty: 1 each
        std::vector<Date> until;     // empty: none ends
        std::size_t own = 0;         // those behind it stand for posts of the persons before it
    };
    // A row that was left out, of which action, and whether its last valid day is the fault.
    struct Fault {
        std::size_t row;
        std::int32_t action;
        bool end;
    };
    std::vector<Fault> faults_;                   // while reading
    std::vector<std::vector<LeftOut>> left_out_;  // by action; empty where no row is faulty
    Buffer<std::int32_t> action_of_;              // of each row while reading; -1: not used
    std::vector<Rows> rows_;
};

}  // namespace safetyrisk::duty
