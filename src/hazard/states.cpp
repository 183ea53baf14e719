#include <safetyrisk/hazard/states.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::hazard {
namespace {

using safetyrisk::detail::JsonView;

std::vector<States::Word> read_words(const JsonView& list) {
    std::vector<States::Word> words;
    for (const JsonView& item : list.items()) {
        item.only({"id", "zh", "en", "words"});
        States::Word word{item.at("id").text(), item.at("zh").text(), item.at("en").text(), {}};
        if (item.has("words"))
            for (const JsonView& one : item.at("words").items())
                word.also.push_back(one.text());
        for (const States::Word& other : words)
            if (other.id == word.id || other.zh == word.zh) item.fail("the word stands twice");
        words.push_back(std::move(word));
    }
    if (words.empty() || words.size() > 100) list.fail("lists 1 to 100 words");
    return words;
}

std::optional<std::uint8_t> find(const std::vector<States::Word>& words, std::string_view text) {
    for (std::size_t k = 0; k < words.size(); ++k)
        if (words[k].id == text || words[k].zh == text ||
            std::find(words[k].also.begin(), words[k].also.end(), text) != words[k].also.end())
            return static_cast<std::uint8_t>(k);
    return std::nullopt;
}

std::uint8_t at(const std::vector<States::Word>& words, const JsonView& view) {
    const auto found = find(words, view.text());
    if (!found) view.fail("'" + view.text() + "' is not listed");
    return *found;
}

std::uint8_t marks_at(const JsonView& list) {
    std::uint8_t marks = 0;
    for (const JsonView& item : list.items()) {
        const std::string word = item.text();
        std::uint8_t bit = 0;
        for (const Mark mark : {Mark::stopped, Mark::extended, Mark::closure_proposed})
            if (to_string(mark) == word) bit = static_cast<std::uint8_t>(mark);
        if (bit == 0) item.fail("there are stopped, extended, closure_proposed");
        marks |= bit;
    }
    return marks;
}

std::vector<std::string> texts_at(const JsonView& list) {
    std::vector<std::string> texts;
    for (const JsonView& item : list.items())
        texts.push_back(item.text());
    return texts;
}

HazardGrade grade_at(const JsonView& view) {
    const auto grade = read_grade(view.text());
    if (!grade) view.fail("is neither general nor major");
    return *grade;
}

}  // namespace

std::string_view to_string(Mark mark) {
    switch (mark) {
        case Mark::stopped:
            return "stopped";
        case Mark::extended:
            return "extended";
        case Mark::closure_proposed:
            return "closure_proposed";
    }
    return {};
}

std::string_view to_string(HazardGrade grade) {
    return grade == HazardGrade::major ? "major" : "general";
}

std::optional<HazardGrade> read_grade(std::string_view text) {
    for (const std::string_view word : {"major", "重大", "重大隐患", "重大事故隐患"})
        if (text == word) return HazardGrade::major;
    for (const std::string_view word : {"general", "一般", "一般隐患", "一般事故隐患"})
        if (text == word) return HazardGrade::general;
    return std::nullopt;
}

std::size_t States::place(HazardGrade grade, const Standing& now, EventNo event) const {
    const std::size_t state = now.state ? std::size_t{*now.state} : states_.size();
    return (static_cast<std::size_t>(grade) * (states_.size() + 1) + state) * events_.size() +
           event;
}

std::shared_ptr<const States> States::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "hazard_states")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind +
                         "', not 'hazard_states'");
    const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
    const JsonView root(json, pack->id);
    const JsonView content = root.at("content");
    // `grades` and `unclear` are words of registers, for whoever reads one (graph).
    content.only({"states", "events", "begin", "end", "steps", "implied", "grades", "unclear"});
    std::shared_ptr<States> made(new States);
    made->pack_ = std::move(pack);
    made->states_ = read_words(content.at("states"));
    made->events_ = read_words(content.at("events"));
    made->closes_.resize(made->events_.size(), false);
    made->steps_.resize(2 * (made->states_.size() + 1) * made->events_.size());
    const EventNo begin = made->begin_ = at(made->events_, content.at("begin"));
    made->end_ = at(made->states_, content.at("end"));
    std::vector<bool> reached(made->states_.size(), false);
    for (const JsonView& item : content.at("steps").items()) {
        item.only({"grades", "from", "event", "to", "sets", "clears", "needs", "not_by"});
        const EventNo event = at(made->events_, item.at("event"));
        Step step;
        step.allowed = true;
        if (item.at("to").text() != "=") step.to = at(made->states_, item.at("to"));
        if (item.has("sets")) step.sets = marks_at(item.at("sets"));
        if (item.has("clears")) step.clears = marks_at(item.at("clears"));
        if (item.has("needs")) step.needs = texts_at(item.at("needs"));
        if (item.has("not_by")) step.not_by = texts_at(item.at("not_by"));
        const std::vector<JsonView> from = item.at("from").items();
        if (from.empty() != (event == begin))
            item.fail("only the event that begins comes from no state");
        if (from.empty() && !step.to) item.fail("what begins leads to a state");
        if (step.to) reached[*step.to] = true;
        if (step.to == made->end_) made->closes_[event] = true;
        for (const JsonView& grade : item.at("grades").items()) {
            std::vector<Standing> starts;
            if (from.empty()) starts.emplace_back();
            for (const JsonView& state : from)
                starts.push_back({at(made->states_, state), 0});
            for (const Standing& start : starts) {
                Step& there = made->steps_[made->place(grade_at(grade), start, event)];
                if (there.allowed) item.fail("another step says the same");
                if (start.state == made->end_ && step.to) item.fail("the end is not left");
                there = step;
            }
        }
    }
    for (std::size_t k = 0; k < reached.size(); ++k)
        if (!reached[k])
            content.at("states").fail("no step leads to '" + made->states_[k].id + "'");
    if (content.has("implied"))
        for (const JsonView& item : content.at("implied").items()) {
            const EventNo event = at(made->events_, item);
            if (event == begin || made->closes_[event]) item.fail("neither begins nor ends");
            made->implied_.push_back(event);
        }
    if (root.has("tests"))
        for (const JsonView& test : root.at("tests").items()) {
            test.only({"grade", "events", "state", "fails_at"});
            Standing now;
            std::optional<std::size_t> failed;
            std::size_t place = 0;
            for (const JsonView& event : test.at("events").items()) {
                const auto next =
                    made->after(grade_at(test.at("grade")), now, at(made->events_, event));
                if (!next) {
                    failed = place;
                    break;
                }
                now = *next;
                ++place;
            }
            const bool holds =
                test.has("fails_at")
                    ? failed && static_cast<double>(*failed) == test.at("fails_at").number()
                    : !failed && now.state == at(made->states_, test.at("state"));
            if (!holds) test.fail("the self-test does not hold");
        }
    return made;
}

std::shared_ptr<const States> States::usual() {
    static const std::shared_ptr<const States> states =
        compile(PackRegistry::builtin().find("hazard_states"));
    return states;
}

std::optional<StateNo> States::state(std::string_view word) const {
    return find(states_, word);
}

std::optional<EventNo> States::event(std::string_view word) const {
    return find(events_, word);
}

const std::vector<std::string>& States::needs(HazardGrade grade, const Standing& now,
                                              EventNo event) const {
    return steps_.at(place(grade, now, event)).needs;
}

const std::vector<std::string>& States::not_by(HazardGrade grade, const Standing& now,
                                               EventNo event) const {
    return steps_.at(place(grade, now, event)).not_by;
}

std::vector<EventNo> States::missing(HazardGrade grade, const Standing& now, EventNo event) const {
    struct Way {
        Standing at;
        std::vector<EventNo> events;
    };
    std::vector<Way> ways{{now, {}}};
    // By length; a way that is longer than the list takes one twice.
    for (std::size_t k = 0; k < ways.size() && ways[k].events.size() < implied_.size(); ++k)
        for (const EventNo one : implied_) {
            const auto next = after(grade, ways[k].at, one);
            if (!next || next->state == ways[k].at.state) continue;
            Way way = ways[k];
            way.at = *next;
            way.events.push_back(one);
            if (after(grade, *next, event)) return way.events;
            ways.push_back(std::move(way));
        }
    return {};
}

bool States::ends_without(HazardGrade grade, EventNo event) const {
    std::vector<std::uint8_t> reached(states_.size(), 0);
    std::vector<Standing> open{Standing{}};
    for (std::size_t k = 0; k < open.size(); ++k)
        for (std::size_t other = 0; other < events_.size(); ++other) {
            const Step& step = steps_[place(grade, open[k], static_cast<EventNo>(other))];
            if (other == event || !step.allowed || !step.to || reached[*step.to] != 0) continue;
            reached[*step.to] = 1;
            open.push_back({step.to, 0});
        }
    return reached[end_] != 0;
}

std::vector<std::string> States::never_closed_by(HazardGrade grade) const {
    std::optional<std::vector<std::string>> shared;
    for (std::size_t state = 0; state < states_.size(); ++state)
        for (std::size_t event = 0; event < events_.size(); ++event) {
            const Standing at{static_cast<StateNo>(state), 0};
            const Step& step = steps_[place(grade, at, static_cast<EventNo>(event))];
            if (!step.allowed || step.to != end_) continue;
            if (!shared) shared = step.not_by;
            std::erase_if(*shared, [&](const std::string& column) {
                return std::find(step.not_by.begin(), step.not_by.end(), column) ==
                       step.not_by.end();
            });
        }
    return shared.value_or(std::vector<std::string>{});
}

std::optional<Standing> States::after(HazardGrade grade, const Standing& now, EventNo event) const {
    if (event >= events_.size() || (now.state && *now.state >= states_.size())) return std::nullopt;
    const Step& step = steps_[place(grade, now, event)];
    // An event that does nothing but clear marks needs one that it can clear.
    const bool only_clears = !step.to && step.sets == 0 && step.clears != 0;
    if (!step.allowed || (only_clears && (now.marks & step.clears) == 0)) return std::nullopt;
    Standing next = now;
    if (step.to) next.state = step.to;
    next.marks = static_cast<std::uint8_t>((next.marks & ~step.clears) | step.sets);
    return next;
}

}  // namespace safetyrisk::hazard
