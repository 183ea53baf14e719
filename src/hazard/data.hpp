// What a register of hazards holds, column by column, and how hazards fall into groups.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/hazard/register.hpp>

#include "graph/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::hazard {

inline constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();

/// Texts of a column by number, in the order of their bytes and without blanks around them.
struct Texts {
    std::vector<std::int32_t> of;  ///< By hazard; -1 where empty.
    std::vector<std::string> names;

    std::string_view at(std::size_t hazard) const {
        return of[hazard] < 0 ? std::string_view() : names[static_cast<std::size_t>(of[hazard])];
    }
    std::int32_t find(std::string_view name) const;
};

struct Register::Data {
    std::optional<graph::ResponsibilityGraph> graph;
    std::shared_ptr<const States> states;
    Table hazards, events;
    std::size_t rows_in = 0, merged = 0, events_in = 0;
    IssueTable issues;

    // By hazard: the rows that are used, in the order of the table.
    std::vector<std::uint32_t> row;
    std::vector<std::int32_t> found, closed, due;  // closed, due: `never` if not
    std::vector<HazardGrade> grade;
    std::vector<std::uint8_t> stopped;  // as the row says
    std::vector<StateNo> state;         // as the row says; no_state if it does not
    Texts enterprise, channel, division, sectors, risk_point, what;
    std::vector<graph::NodeNo> enterprise_node;  // by number of an enterprise; `none` if unknown

    // Events that were taken: of hazard h those from event_ends[h] to event_ends[h + 1].
    std::vector<std::uint32_t> event_ends;
    struct Event {
        std::int32_t day = 0;
        std::int32_t until = never;  // of an extension
        std::uint32_t row = 0;
        EventNo event = 0;
        Standing after;
    };
    std::vector<Event> taken;

    // Events that close a hazard though steps before it are missing, by hazard and day: until a
    // later step is taken nobody can tell whether it is closed.
    struct Claim {
        std::uint32_t hazard = 0;
        std::int32_t day = 0;
        std::uint32_t before = 0;  // events of the hazard that were taken before it
    };
    std::vector<Claim> claims;
    // By hazard: closed by its row alone, which lacks what the steps of its grade demand of it.
    std::vector<std::uint8_t> unproven;
    // Rows that are left out, but for repetitions of one that is used: their grade where it can be
    // read and the day they were found, `never` where that cannot.
    struct Refused {
        std::uint32_t row = 0;
        std::optional<HazardGrade> grade;
        std::int32_t found = never;
    };
    std::vector<Refused> refused;
    // The rows used and after them those left out, with what groups ask; null where none is.
    std::shared_ptr<const Data> with_refused;

    static constexpr StateNo no_state = 255;

    std::size_t size() const { return found.size(); }
    graph::NodeNo node(std::size_t h) const {
        return enterprise.of[h] < 0 ? graph::none
                                    : enterprise_node[static_cast<std::size_t>(enterprise.of[h])];
    }
    std::span<const Event> events_of(std::size_t h) const {
        return event_ends.empty()
                   ? std::span<const Event>()
                   : std::span(taken).subspan(event_ends[h], event_ends[h + 1] - event_ends[h]);
    }
    std::string id(std::size_t h) const;
    bool unclear_on(std::size_t h, std::int32_t day) const;
    bool open_on(std::size_t h, std::int32_t day) const {
        return found[h] <= day && day < closed[h];
    }
    /// Whether it is said to be closed by a day and nobody can tell whether it is.
    bool closing_unclear(std::size_t h, std::int32_t day) const {
        return open_on(h, day) ? unclear_on(h, day) : closed[h] <= day && unproven[h] != 0;
    }
    /// Whether one of these columns of the row names who took a step, or he is of the enterprise.
    bool names(std::size_t h, const std::vector<std::string>& columns, const std::string& by) const;
    /// The last day for removing it, as known on a day: extensions granted later do not count.
    std::int32_t due_on(std::size_t h, std::int32_t day) const;
    Standing standing(std::size_t h, std::int32_t day) const;
    bool stopped_on(std::size_t h, std::int32_t day) const {
        return events_of(h).empty() ? stopped[h] != 0 : standing(h, day).has(Mark::stopped);
    }

    void read_rows(std::optional<Date> data_date, const Work& work);
    void read_events(std::optional<Date> data_date, const Work& work);
    void read_closings(const Work& work);
};

/// Groups of hazards: for each hazard the numbers of its groups. A hazard of several sectors is in
/// several.
class Groups {
public:
    Groups(const Register::Data& data, const std::vector<std::string>& by);

    /// Groups that there are, at least one.
    std::size_t size() const { return size_; }

    /// Calls f(group) for each group of a hazard.
    template <class F>
    void each(std::size_t h, F&& f) const {
        const std::uint64_t code = code_[h];
        if (set_.empty()) return f(slot(code));
        for (const std::uint32_t sector : sets_[set_[h]])
            f(slot(code + sector * stride_));
    }

    /// Adds the columns of the groups that are told.
    void add_columns(Table& table, const std::vector<std::size_t>& told) const;
    /// For each hazard the number of the region of a level that it lies in, -1 where none, and the
    /// ids of the regions.
    static Texts regions(const Register::Data& data, std::string_view level);

private:
    struct Axis {
        std::string name;
        std::vector<std::string> keys;  // the last may be "": none
        std::vector<std::int32_t> of;   // by hazard, -1 none; empty: sectors
        std::uint64_t stride = 1;
    };
    static Axis axis(const Register::Data& data, const std::string& group);
    void add_sectors(const Register::Data& data, Axis& axis);
    std::size_t slot(std::uint64_t code) const;

    std::vector<Axis> axes_;
    std::vector<std::uint64_t> code_;  // by hazard, of all axes but the sectors
    std::vector<std::uint32_t> set_;   // by hazard: which set of sectors
    std::vector<std::vector<std::uint32_t>> sets_;
    std::uint64_t stride_ = 1;
    std::size_t size_ = 1;
    std::vector<std::uint64_t> there_;  // codes that occur, ascending, where there could be many
};

/// Nothing as a number.
inline constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace safetyrisk::hazard
