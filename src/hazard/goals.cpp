// The goals of a plan of several years, measured on a register.
#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"
#include "hazard/data.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::hazard {
namespace {

using safetyrisk::detail::JsonView;

enum class Measure : std::uint8_t { open_found_before, found_against_year_before, open_past_due };

struct Goal {
    std::string id;
    int year = 0;
    Measure measure = Measure::open_past_due;
    std::int32_t before = 0;
};

struct Goals {
    HazardGrade grade = HazardGrade::major;
    std::vector<Goal> all;
};

Goals read_goals(const Pack& pack) {
    if (pack.kind != "hazard_goals")
        throw InputError(pack.id + ": is a pack of kind '" + pack.kind + "', not 'hazard_goals'");
    const auto json = safetyrisk::detail::parse_json(pack.canonical, pack.id);
    const JsonView root(json, pack.id);
    const JsonView content = root.at("content");
    content.only({"grade", "goals"});
    Goals out;
    const auto grade = read_grade(content.at("grade").text());
    if (!grade) content.at("grade").fail("is neither general nor major");
    out.grade = *grade;
    for (const JsonView& item : content.at("goals").items()) {
        item.only({"id", "year", "name", "measure", "before", "text"});
        Goal goal;
        goal.id = item.at("id").text();
        goal.year = static_cast<int>(item.at("year").number());
        const std::string measure = item.at("measure").text();
        constexpr std::array<std::string_view, 3> words = {
            "open_found_before", "found_against_year_before", "open_past_due"};
        const auto* const word = std::find(words.begin(), words.end(), measure);
        if (word == words.end())
            item.at("measure").fail(
                "there are open_found_before, found_against_year_before, open_past_due");
        goal.measure = static_cast<Measure>(word - words.begin());
        if (item.has("before") != (goal.measure == Measure::open_found_before))
            item.fail("open_found_before, and only it, has a day 'before'");
        if (item.has("before")) {
            const auto day = Date::parse(item.at("before").text());
            if (!day) item.at("before").fail("is no day");
            goal.before = day->days_since_1970();
        }
        for (const Goal& other : out.all)
            if (other.id == goal.id) item.fail("the goal stands twice");
        out.all.push_back(std::move(goal));
    }
    if (out.all.empty()) content.at("goals").fail("lists none");
    return out;
}

}  // namespace

Table Register::goals(int year, Date on, const std::vector<std::string>& by,
                      std::shared_ptr<const Pack> pack) const {
    if (pack == nullptr) pack = PackRegistry::builtin().find("hazard_goals");
    const Goals goals = read_goals(*pack);
    const auto day_of = [](int y, const char* rest) {
        const auto day = Date::parse(std::to_string(y) + rest);
        if (!day) throw InputError("goals: the year is " + std::to_string(y));
        return *day;
    };
    const Date first = day_of(year, "-01-01");
    const Date as_of = std::min(day_of(year, "-12-31"), on);
    if (as_of < first)
        throw InputError("goals: " + on.text() + " is before the year " + std::to_string(year));
    const Date before_first = day_of(year - 1, "-01-01");
    // The same span of the year before: to the same day, or the last of a shorter month.
    const Date before_last = add(as_of, Duration{-12, 0});

    const Data& d = *data_;
    const Groups groups(d.with_refused != nullptr ? *d.with_refused : d, by);
    // `unknown` splits into what is told of it: rows left out, no last day, closing in doubt.
    struct Tally {
        std::int64_t value = 0, base = 0, refused = 0, undated = 0, unclear = 0;

        std::int64_t unknown() const { return refused + undated + unclear; }
    };
    const std::size_t n = groups.size();
    std::vector<Tally> tallies(n * goals.all.size());
    std::vector<std::uint8_t> seen(n, 0);
    std::int32_t earliest = never;
    const std::int32_t today = as_of.days_since_1970();
    for (std::size_t h = 0; h < d.size(); ++h) {
        earliest = std::min(earliest, d.found[h]);
        if (d.grade[h] != goals.grade || d.found[h] > today) continue;
        const bool open = d.open_on(h, today);
        const bool unclear = d.closing_unclear(h, today);
        const std::int32_t due = open || unclear ? d.due_on(h, today) : never;
        groups.each(h, [&](std::size_t g) {
            seen[g] = 1;
            for (std::size_t k = 0; k < goals.all.size(); ++k) {
                const Goal& goal = goals.all[k];
                Tally& t = tallies[g * goals.all.size() + k];
                switch (goal.measure) {
                    case Measure::open_found_before:
                        if (d.found[h] >= goal.before) break;
                        t.base += d.closed[h] >= goal.before ? 1 : 0;
                        t.value += open && !unclear ? 1 : 0;
                        t.unclear += unclear ? 1 : 0;
                        break;
                    case Measure::found_against_year_before:
                        if (d.found[h] >= first.days_since_1970())
                            ++t.value;
                        else if (d.found[h] >= before_first.days_since_1970() &&
                                 d.found[h] <= before_last.days_since_1970())
                            ++t.base;
                        break;
                    case Measure::open_past_due:
                        if (!open && !unclear) break;
                        ++t.base;
                        t.undated += !unclear && due == never ? 1 : 0;
                        t.unclear += unclear && !(due >= today && due != never) ? 1 : 0;
                        t.value += !unclear && due < today ? 1 : 0;
                        break;
                }
            }
        });
    }
    for (std::size_t r = 0; r < d.refused.size(); ++r) {
        const Data::Refused& one = d.refused[r];
        const bool dated = one.found != never;
        if ((one.grade && *one.grade != goals.grade) || (dated && one.found > today)) continue;
        groups.each(d.size() + r, [&](std::size_t g) {
            seen[g] = 1;
            for (std::size_t k = 0; k < goals.all.size(); ++k) {
                const Goal& goal = goals.all[k];
                if (dated && goal.measure == Measure::open_found_before && one.found >= goal.before)
                    continue;
                if (dated && goal.measure == Measure::found_against_year_before &&
                    (one.found < before_first.days_since_1970() ||
                     (one.found > before_last.days_since_1970() &&
                      one.found < first.days_since_1970())))
                    continue;
                ++tallies[g * goals.all.size() + k].refused;
            }
        });
    }
    // Before its first hazard the register may not have been kept: nothing is said of that time.
    const bool year_before_known = earliest <= before_first.days_since_1970();
    std::vector<std::size_t> told;
    std::vector<std::int32_t> goal_code;
    std::vector<std::int64_t> target, value, base, unknown;
    std::vector<std::uint8_t> met, known, has_reason;
    std::vector<std::string> reason;
    std::vector<Date> days;
    for (std::size_t g = 0; g < n; ++g) {
        if (seen[g] == 0 && !by.empty()) continue;
        for (std::size_t k = 0; k < goals.all.size(); ++k) {
            const Goal& goal = goals.all[k];
            const Tally& t = tallies[g * goals.all.size() + k];
            const bool against = goal.measure == Measure::found_against_year_before;
            const bool holds = against ? t.value <= t.base : t.value == 0;
            // Nothing passes on what is not there.
            const bool reaches = goal.measure == Measure::open_found_before
                                     ? t.base + t.value > 0 || earliest < goal.before
                                     : !against || year_before_known;
            std::string_view why;
            if (earliest > today)
                why = t.refused > 0 ? "rows_refused" : "register_empty";
            else if (!reaches)
                why = "register_begins_later";
            else if (t.refused > 0)
                why = "rows_refused";
            else if (t.unclear > 0)
                why = "closing_unclear";
            else if (t.undated > 0)
                why = "no_due_date";
            // What is left out may lie on either side of a comparison; a 0 it can only spoil.
            const bool sure =
                against ? t.value + t.unknown() <= t.base || t.value > t.base + t.unknown()
                        : !holds || t.unknown() == 0;
            const bool told_apart = earliest <= today && reaches && sure;
            if (told_apart) why = {};
            told.push_back(g);
            goal_code.push_back(static_cast<std::int32_t>(k));
            target.push_back(goal.year);
            value.push_back(t.value);
            base.push_back(t.base);
            unknown.push_back(t.unknown());
            reason.emplace_back(why);
            has_reason.push_back(why.empty() ? 0 : 1);
            met.push_back(holds ? 1 : 0);
            known.push_back(told_apart ? 1 : 0);
            days.push_back(as_of);
        }
    }
    std::vector<std::string> ids;
    for (const Goal& goal : goals.all)
        ids.push_back(goal.id);
    Table table(Origin{"hazard_goals", "", -1, {}, -1});
    groups.add_columns(table, told);
    table.add("goal", Column::of_codes(std::move(goal_code), Column::of(ids)));
    table.add("target_year", Column::of(std::move(target)));
    table.add("value", Column::of(std::move(value)));
    table.add("base", Column::of(std::move(base)));
    table.add("unknown", Column::of(std::move(unknown)));
    table.add("met", Column::of_booleans(std::move(met), known));
    table.add("reason", Column::of(reason, has_reason));
    table.add("as_of", Column::of(days));
    return table;
}

}  // namespace safetyrisk::hazard
