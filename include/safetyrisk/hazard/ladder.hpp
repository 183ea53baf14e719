// Who is to be reminded, urged, named, called in, listed: the ladder over hazards that are not
// removed in time (提示、督办、通报、约谈、挂牌督办).
//
// Steps, days and addressees are data of a pack of kind `hazard_ladder`. A step is reached by days
// before or after the last day (calendar or working days, which each row says), by the number of
// times that a hazard ran over its time, by an event, or by penalties of the enterprise; the last
// step reached counts. Addressees are found by the graph on the day: capacities of `who`, narrowed
// by kind and level, or posts of the units found. Where nobody is found the row stands and says so.
//
// Source: 县区治本攻坚方案的次序; 安全生产法 (2021) 第一百一十二、一百一十三条; the days are ours
// (confidence M), so that the pack runs only when it is named.
//
// Threads: immutable.
// Throws: InputError (a pack that contradicts itself, no graph, working days without a calendar).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/hazard/register.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::hazard {

struct LadderOptions {
    /// "calendar" or "working"; empty: as the pack says.
    std::string day_kind;
    /// Working days after the first day up to and including the second, negative when it is
    /// earlier; nothing where they are not known. The room `duty` has the calendar.
    std::function<std::optional<std::int32_t>(Date, Date)> working_days;
    Lang lang = Lang::zh;
};

class Ladder {
public:
    static std::shared_ptr<const Ladder> compile(std::shared_ptr<const Pack> pack);

    const Pack& pack() const { return *pack_; }

    /// One row for each hazard on a step and each addressee, by hazard: hazard, grade, name,
    /// enterprise, enterprise_name, step, step_name, reached_on, reason, days, day_kind, due_on,
    /// addressee, addressee_name, holders, capacity, path, letter, clause, next_step, next_on.
    /// `step` is empty where working days are not known (reason `calendar_unknown`) and where an
    /// event closed the hazard though a step is missing (`closing_unclear`); `addressee` where
    /// nobody was found.
    Table rows(const Register& hazards, Date on, const LadderOptions& options = {}) const;

private:
    struct Penalties {
        std::int32_t times = 0, days = 0;
    };
    struct To {
        std::string capacity;
        std::vector<std::string> kinds, posts;
        std::string level;
    };
    struct Step {
        std::string id, zh, en, clause, letter_zh, letter_en;
        std::optional<std::int32_t> due_in, overdue, times_overdue;
        std::string event, counted;
        std::vector<Penalties> penalties;
        std::vector<To> to;
    };
    Ladder() = default;

    std::shared_ptr<const Pack> pack_;
    std::vector<HazardGrade> grades_;
    std::string day_kind_;
    std::vector<Step> steps_;
};

}  // namespace safetyrisk::hazard
