// The closing loop of a hazard (隐患闭环) as a machine: states, events, and which event may follow
// which state.
//
// What is allowed is data of a pack of kind `hazard_states`: a 重大 hazard is reported, registered
// and verified before it is closed, a general one may be closed when it is rectified. A step may
// ask that columns of the row are filled (五落实 before rectification begins: told, the step
// stands) and that others than certain columns name take it (who removed a 重大 hazard does not
// close it: the step does not stand). A pack of one's own says it otherwise.
//
// Besides its state a hazard has marks: production is stopped, its time was extended, its closing
// is proposed. Whether it is overdue follows from the day.
//
// Source: 安全生产法 第四十一条; 总局令第16号; the division into states is ours (pack, confidence
// D).
//
// Threads: immutable.
// Throws: InputError (a pack that contradicts itself), NotFoundError (an unknown word).
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::hazard {

/// 一般, 重大.
enum class HazardGrade : std::uint8_t { general, major };

/// "general", "major".
std::string_view to_string(HazardGrade grade);
/// Reads general, major, 一般, 一般隐患, 重大, 重大隐患, 重大事故隐患; nothing otherwise.
std::optional<HazardGrade> read_grade(std::string_view text);

/// A state or an event by its number in the pack.
using StateNo = std::uint8_t;
using EventNo = std::uint8_t;

/// What a hazard has besides its state, as bits.
enum class Mark : std::uint8_t { stopped = 1, extended = 2, closure_proposed = 4 };
/// "stopped", "extended", "closure_proposed".
std::string_view to_string(Mark mark);

/// Where a hazard stands.
struct Standing {
    std::optional<StateNo> state;  ///< Nothing before it was found.
    std::uint8_t marks = 0;        ///< Bits of Mark.

    bool has(Mark mark) const { return (marks & static_cast<std::uint8_t>(mark)) != 0; }
    friend bool operator==(const Standing&, const Standing&) = default;
};

class States {
public:
    struct Word {
        std::string id, zh, en;
        std::vector<std::string> also;  ///< Other words for it.
    };

    /// The machine of a pack of kind `hazard_states`.
    static std::shared_ptr<const States> compile(std::shared_ptr<const Pack> pack);
    /// The one that ships with the library.
    static std::shared_ptr<const States> usual();

    const Pack& pack() const { return *pack_; }
    const std::vector<Word>& states() const { return states_; }
    /// In the order in which events of one day are taken.
    const std::vector<Word>& events() const { return events_; }

    /// The number of a word (id, Chinese or another word for it), or nothing.
    std::optional<StateNo> state(std::string_view word) const;
    std::optional<EventNo> event(std::string_view word) const;
    /// The event that begins, and the state that nothing but marks can change: the end.
    EventNo begin() const { return begin_; }
    StateNo end() const { return end_; }
    /// Whether an event leads to the end.
    bool closes(EventNo event) const { return closes_.at(event); }

    /// Columns of the hazard's row that are to be filled when an event is taken.
    const std::vector<std::string>& needs(HazardGrade grade, const Standing& now,
                                          EventNo event) const;
    /// Columns of the row, `enterprise` among them, whose bearers may not take it.
    const std::vector<std::string>& not_by(HazardGrade grade, const Standing& now,
                                           EventNo event) const;

    /// Clerical events (the pack's `implied`) that nobody wrote down and after which an event that
    /// is not allowed would be: the fewest, first those named first; nothing where none lead there.
    std::vector<EventNo> missing(HazardGrade grade, const Standing& now, EventNo event) const;

    /// Whether a hazard of a grade can come to its end though an event is never taken.
    bool ends_without(HazardGrade grade, EventNo event) const;
    /// Columns of the row whose bearers may not close a hazard of a grade from any state.
    std::vector<std::string> never_closed_by(HazardGrade grade) const;

    /// What an event leads to, or nothing where it is not allowed.
    std::optional<Standing> after(HazardGrade grade, const Standing& now, EventNo event) const;

private:
    struct Step {
        bool allowed = false;
        std::optional<StateNo> to;  // nothing: the state stays
        std::uint8_t sets = 0;
        std::uint8_t clears = 0;
        std::vector<std::string> needs, not_by;
    };
    States() = default;
    std::size_t place(HazardGrade grade, const Standing& now, EventNo event) const;

    std::shared_ptr<const Pack> pack_;
    std::vector<Word> states_, events_;
    EventNo begin_ = 0;
    StateNo end_ = 0;
    std::vector<bool> closes_;
    std::vector<EventNo> implied_;
    std::vector<Step> steps_;  // by grade, state (the last: none yet) and event
};

}  // namespace safetyrisk::hazard
