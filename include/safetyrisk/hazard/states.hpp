// The closing loop of a hazard (隐患闭环) as a machine: states, events, and which event may follow
// which state.
//
// What is allowed is data of a pack of kind `hazard_states`: a 重大 hazard is reported, registered
// and verified before it is closed, a general one may be closed when it is rectified. A pack of
// one's own says it otherwise.
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

/// Where a hazard stands.
struct Standing {
    std::optional<StateNo> state;  ///< Nothing before it was found.
    bool stopped = false;          ///< Production is stopped because of it.

    friend bool operator==(const Standing&, const Standing&) = default;
};

class States {
public:
    struct Word {
        std::string id, zh, en;
    };

    /// The machine of a pack of kind `hazard_states`.
    static std::shared_ptr<const States> compile(std::shared_ptr<const Pack> pack);
    /// The one that ships with the library.
    static std::shared_ptr<const States> usual();

    const Pack& pack() const { return *pack_; }
    const std::vector<Word>& states() const { return states_; }
    const std::vector<Word>& events() const { return events_; }

    /// The number of a word (id or Chinese), or nothing.
    std::optional<StateNo> state(std::string_view word) const;
    std::optional<EventNo> event(std::string_view word) const;

    /// What an event leads to, or nothing where it is not allowed.
    std::optional<Standing> after(HazardGrade grade, const Standing& now, EventNo event) const;

private:
    struct Step {
        bool allowed = false;
        std::optional<StateNo> to;  // nothing: the state stays
        std::int8_t stopped = 0;    // 1 sets, -1 clears
    };
    States() = default;
    std::size_t place(HazardGrade grade, const Standing& now, EventNo event) const;

    std::shared_ptr<const Pack> pack_;
    std::vector<Word> states_, events_;
    std::vector<Step> steps_;  // by grade, state (the last: none yet) and event
};

}  // namespace safetyrisk::hazard
