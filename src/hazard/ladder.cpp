#include <safetyrisk/hazard/ladder.hpp>

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/graph/who.hpp>

#include "core/cells.hpp"
#include "core/json_view.hpp"
#include "hazard/data.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace safetyrisk::hazard {
namespace {

using graph::NodeNo;
using safetyrisk::detail::JsonView;

std::vector<std::string> texts_at(const JsonView& view, const char* key) {
    std::vector<std::string> texts;
    if (view.has(key))
        for (const JsonView& item : view.at(key).items())
            texts.push_back(item.text());
    return texts;
}

std::int32_t whole(const JsonView& view) {
    const double number = view.number();
    if (!(number >= 0 && number <= 100'000) ||
        number != static_cast<double>(static_cast<std::int32_t>(number)))
        view.fail("is no whole number from 0 to 100000");
    return static_cast<std::int32_t>(number);
}

bool has(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// {word} in a letter by what it stands for.
std::string filled(std::string_view form, const std::map<std::string, std::string>& words) {
    std::string out;
    while (!form.empty()) {
        const std::size_t open = std::min(form.find('{'), form.size());
        out += form.substr(0, open);
        form.remove_prefix(open);
        if (form.empty()) break;
        const std::size_t close = form.find('}');
        if (close == std::string_view::npos) break;
        const auto found = words.find(std::string(form.substr(1, close - 1)));
        if (found != words.end()) out += found->second;
        form.remove_prefix(close + 1);
    }
    return out;
}

constexpr std::array<std::string_view, 9> letter_words = {
    "addressee", "enterprise", "hazard", "name", "grade", "due", "days", "kind", "on"};

void check_letter(const JsonView& view) {
    std::string text = view.text();
    for (std::size_t at = 0; (at = text.find('{', at)) != std::string::npos;) {
        const std::size_t end = text.find('}', at);
        if (end == std::string::npos) view.fail("a { has no }");
        const std::string word = text.substr(at + 1, end - at - 1);
        if (word != "times" &&
            std::find(letter_words.begin(), letter_words.end(), word) == letter_words.end())
            view.fail("{" + word + "} stands for nothing");
        at = end;
    }
}

}  // namespace

std::shared_ptr<const Ladder> Ladder::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "hazard_ladder")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind +
                         "', not 'hazard_ladder'");
    const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
    const JsonView root(json, pack->id);
    const JsonView content = root.at("content");
    content.only({"grades", "day_kind", "steps"});
    std::shared_ptr<Ladder> made(new Ladder);
    for (const JsonView& item : content.at("grades").items()) {
        const auto grade = read_grade(item.text());
        if (!grade) item.fail("is neither general nor major");
        made->grades_.push_back(*grade);
    }
    made->day_kind_ = content.at("day_kind").text();
    if (made->day_kind_ != "calendar" && made->day_kind_ != "working")
        content.at("day_kind").fail("is neither calendar nor working");
    std::int32_t before = std::numeric_limits<std::int32_t>::min();
    for (const JsonView& item : content.at("steps").items()) {
        item.only({"id", "name", "when", "to", "clause", "letter"});
        Step step;
        step.id = item.at("id").text();
        step.zh = item.at("name").at("zh").text();
        step.en = item.at("name").at("en").text();
        step.clause = item.text_or_empty("clause");
        for (const char* lang : {"zh", "en"}) {
            check_letter(item.at("letter").at(lang));
            (std::string_view(lang) == "zh" ? step.letter_zh : step.letter_en) =
                item.at("letter").at(lang).text();
        }
        const JsonView when = item.at("when");
        when.only({"due_in", "overdue", "times_overdue", "event", "penalties", "event_counted"});
        if (when.has("due_in")) step.due_in = whole(when.at("due_in"));
        if (when.has("overdue")) step.overdue = whole(when.at("overdue"));
        if (when.has("times_overdue")) step.times_overdue = whole(when.at("times_overdue"));
        step.event = when.text_or_empty("event");
        step.counted = when.text_or_empty("event_counted");
        if (when.has("penalties"))
            for (const JsonView& one : when.at("penalties").items()) {
                one.only({"times", "days"});
                step.penalties.push_back({whole(one.at("times")), whole(one.at("days"))});
            }
        if (step.penalties.empty() != step.counted.empty())
            when.fail("penalties need event_counted, and only they");
        if (step.due_in && step.overdue) when.fail("due_in and overdue contradict each other");
        if (!step.due_in && !step.overdue && !step.times_overdue && step.event.empty() &&
            step.penalties.empty())
            when.fail("says nothing");
        if (step.due_in || step.overdue) {
            const std::int32_t place = step.due_in ? -*step.due_in : *step.overdue;
            if (place <= before) when.fail("the days do not ascend from step to step");
            before = place;
        }
        for (const JsonView& one : item.at("to").items()) {
            one.only({"capacity", "kinds", "posts", "level"});
            step.to.push_back({one.at("capacity").text(), texts_at(one, "kinds"),
                               texts_at(one, "posts"), one.text_or_empty("level")});
        }
        if (step.to.empty()) item.at("to").fail("names nobody");
        for (const Step& other : made->steps_)
            if (other.id == step.id) item.fail("the step stands twice");
        made->steps_.push_back(std::move(step));
    }
    if (made->steps_.empty()) content.at("steps").fail("lists none");
    made->pack_ = std::move(pack);
    return made;
}

namespace {

struct Addressee {
    std::string id, name, holders, capacity, path;
};

// Who is found on the day: capacities of each enterprise, asked once.
class Finder {
public:
    Finder(const graph::ResponsibilityGraph& graph, Date on, Lang lang)
        : graph_(graph), view_(graph.store(), on), on_(on), lang_(lang) {}

    void find(NodeNo enterprise, const std::string& capacity, const std::vector<std::string>& kinds,
              const std::vector<std::string>& posts, const std::string& level,
              std::vector<Addressee>& out) {
        const Table& table = answers(enterprise);
        const Column& capacities = table.at("capacity");
        const Column& nodes = table.at("node");
        const Column& paths = table.at("path");
        const Column& leads = table.at("lead");
        // Where one of several leads, it is the one that is written to.
        bool lead = false;
        for (std::size_t row = 0; row < table.rows(); ++row)
            lead = lead || (capacities.text(row) == capacity && leads.boolean(row));
        std::set<NodeNo> seen;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (capacities.text(row) != capacity || (lead && !leads.boolean(row))) continue;
            const NodeNo node = view_.s.find(nodes.text(row));
            if (!seen.insert(node).second) continue;
            const auto& k = *view_.s.kinds;
            const graph::KindNo post = view_.s.post_kind[node];
            if (!kinds.empty() && !has(kinds, k.nodes()[view_.s.node_kind[node]].id) &&
                (post == graph::no_kind || !has(kinds, k.posts()[post].id)))
                continue;
            const std::string path(paths.text(row));
            if (posts.empty()) {
                if (at_level(node, level)) add(node, capacity, path, out);
                continue;
            }
            view_.out(node, view_.s.known.has_post, [&](graph::EdgeNo edge) {
                const NodeNo held = view_.target(edge);
                const graph::KindNo kind = view_.post_kind(held);
                if (kind == graph::no_kind || !has(posts, k.posts()[kind].id) ||
                    !at_level(held, level))
                    return;
                add(held, capacity, path + " → " + std::string(view_.name(held)), out);
            });
        }
    }

private:
    const Table& answers(NodeNo enterprise) {
        const auto [it, fresh] = memo_.try_emplace(enterprise);
        if (fresh) {
            graph::WhoOptions options;
            options.on = on_;
            it->second = graph::who(graph_, view_.id(enterprise), options).table(lang_);
        }
        return it->second;
    }

    bool at_level(NodeNo node, const std::string& level) const {
        if (level.empty()) return true;
        const NodeNo place = view_.place_of(node);
        if (place == graph::none) return false;
        const auto wanted = parse_level(level);
        return wanted && view_.level_of(place) == static_cast<std::uint8_t>(*wanted);
    }

    void add(NodeNo node, const std::string& capacity, std::string path,
             std::vector<Addressee>& out) {
        Addressee one{std::string(view_.id(node)),
                      std::string(view_.name(node)),
                      {},
                      capacity,
                      std::move(path)};
        for (const graph::EdgeNo edge : view_.holders(node))
            one.holders +=
                (one.holders.empty() ? "" : ";") + std::string(view_.name(view_.source(edge)));
        for (const Addressee& other : out)
            if (other.id == one.id) return;
        out.push_back(std::move(one));
    }

    const graph::ResponsibilityGraph& graph_;
    graph::View view_;
    Date on_;
    Lang lang_;
    std::unordered_map<NodeNo, Table> memo_;
};

}  // namespace

Table Ladder::rows(const Register& hazards, Date on, const LadderOptions& options) const {
    const Register::Data& d = hazards.data();
    if (!d.graph) throw InputError("a ladder needs the graph of the enterprises");
    const std::string kind = options.day_kind.empty() ? day_kind_ : options.day_kind;
    if (kind != "calendar" && kind != "working")
        throw InputError("day_kind is '" + kind + "'; write calendar or working");
    if (kind == "working" && !options.working_days)
        throw InputError("a ladder in working days needs a calendar of working days");
    const bool zh = options.lang == Lang::zh;
    // Days from one day to another, in the kind that counts.
    const auto days_between = [&](Date from, Date to) -> std::optional<std::int32_t> {
        return kind == "working" ? options.working_days(from, to) : to - from;
    };
    std::vector<std::pair<std::optional<EventNo>, std::optional<EventNo>>> events;
    for (const Step& step : steps_) {
        for (const std::string* word : {&step.event, &step.counted})
            if (!word->empty() && !d.states->event(*word))
                throw InputError(pack_->id + ": the pack of states has no event '" + *word + "'");
        events.emplace_back(step.event.empty() ? std::nullopt : d.states->event(step.event),
                            step.counted.empty() ? std::nullopt : d.states->event(step.counted));
    }
    const std::int32_t day = on.days_since_1970();
    // Penalties of each enterprise, whichever hazard they were for.
    std::map<std::pair<std::int32_t, EventNo>, std::vector<std::int32_t>> penalties;
    for (const auto& [event, counted] : events)
        if (counted)
            for (std::size_t h = 0; h < d.size(); ++h)
                for (const Register::Data::Event& one : d.events_of(h))
                    if (one.event == *counted && one.day <= day && d.enterprise.of[h] >= 0)
                        penalties[{d.enterprise.of[h], *counted}].push_back(one.day);
    for (auto& [of, days] : penalties)
        std::sort(days.begin(), days.end());

    std::vector<std::size_t> order;
    for (std::size_t h = 0; h < d.size(); ++h)
        if (d.open_on(h, day) &&
            std::find(grades_.begin(), grades_.end(), d.grade[h]) != grades_.end())
            order.push_back(h);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return d.id(a) < d.id(b); });

    std::vector<std::string> hazard, grade, name, enterprise, enterprise_name, step_id, step_name,
        reason, day_kind, to, to_name, holders, capacity, path, letter, clause, next_step;
    std::vector<Date> reached, due_on, next_on;
    std::vector<std::uint8_t> has_reached, has_due, has_next, has_days;
    std::vector<std::int64_t> days_cells;
    Finder finder(*d.graph, on, options.lang);
    const graph::Store& s = d.graph->store();

    for (const std::size_t h : order) {
        const std::int32_t last = d.due_on(h, day);
        // How often it ran over: each extension granted late is once, and now.
        std::int32_t times = last < day ? 1 : 0;
        std::int32_t time_limit = d.due[h];
        for (const Register::Data::Event& one : d.events_of(h))
            if (one.day <= day && one.until != never) {
                times += one.day > time_limit ? 1 : 0;
                time_limit = one.until;
            }
        std::optional<std::int32_t> over;  // days past the last day; negative before it
        bool unknown = false;
        if (last != never) {
            over = days_between(Date(last), on);
            unknown = !over;
        }
        // The day on which so many days past the last day are full: the first at which the count
        // is reached; it is monotonous.
        const auto day_of = [&](std::int32_t wanted) -> std::optional<std::int32_t> {
            if (kind == "calendar") return last + wanted;
            std::int32_t at = last + std::min(wanted, 0) * 3 - (wanted < 0 ? 15 : 0);
            for (; at < last + 4000; ++at) {
                const auto count = days_between(Date(last), Date(at));
                if (!count) return std::nullopt;
                if (*count >= wanted && (wanted != 0 || at >= last)) return at;
            }
            return std::nullopt;
        };
        const Step* current = nullptr;
        std::string why;
        std::optional<std::int32_t> since;
        for (std::size_t k = 0; k < steps_.size(); ++k) {
            const Step& step = steps_[k];
            std::string found;
            std::optional<std::int32_t> from;
            const std::optional<std::int32_t> wanted =
                step.due_in ? std::optional(-*step.due_in) : step.overdue;
            if (wanted && over && *over >= *wanted) {
                found = step.due_in ? "due_soon" : "overdue";
                from = day_of(*wanted);
            }
            if (found.empty() && step.times_overdue && times >= *step.times_overdue && last < day) {
                found = "times_overdue";
                from = last + 1;
            }
            if (found.empty() && events[k].first)
                for (const Register::Data::Event& one : d.events_of(h))
                    if (found.empty() && one.event == *events[k].first && one.day <= day) {
                        found = step.event;
                        from = one.day;
                    }
            if (found.empty() && events[k].second) {
                const auto all = penalties.find({d.enterprise.of[h], *events[k].second});
                for (const Penalties& limit : step.penalties)
                    if (found.empty() && all != penalties.end())
                        for (std::size_t i = static_cast<std::size_t>(std::max(limit.times, 1)) - 1;
                             i < all->second.size(); ++i) {
                            const std::int32_t first =
                                all->second[i + 1 - static_cast<std::size_t>(limit.times)];
                            if (all->second[i] - first >= limit.days) continue;
                            found = "penalties";
                            from = all->second[i];
                            break;
                        }
            }
            if (found.empty()) continue;
            current = &step;
            why = found;
            since = from;
        }
        const bool unclear = d.unclear_on(h, day);
        if (unclear) current = nullptr;  // who may have closed it is not urged
        if (current == nullptr && !unknown && !unclear) continue;

        const NodeNo node = d.node(h);
        std::vector<Addressee> addressees;
        if (current != nullptr && node != graph::none)
            for (const To& one : current->to)
                finder.find(node, one.capacity, one.kinds, one.posts, one.level, addressees);
        if (addressees.empty()) addressees.emplace_back();
        // The next step that days lead to.
        const Step* next = nullptr;
        std::optional<std::int32_t> on_day;
        if (last != never && !unknown && !unclear)
            for (const Step& step : steps_) {
                const std::optional<std::int32_t> wanted =
                    step.due_in ? std::optional(-*step.due_in) : step.overdue;
                if (!wanted || *over >= *wanted || (current != nullptr && &step <= current))
                    continue;
                next = &step;
                on_day = day_of(*wanted);
                break;
            }
        const std::string grade_word =
            d.grade[h] == HazardGrade::major ? (zh ? "重大" : "major") : (zh ? "一般" : "general");
        std::string title = cell_text(d.hazards.find("name"), d.row[h]);
        if (title.empty()) title = std::string(d.what.at(h));
        const std::string place =
            node == graph::none ? std::string(d.enterprise.at(h)) : std::string(s.name(node));
        const std::string kind_word = kind == "working" ? (zh ? "工作日" : "working days")
                                                        : (zh ? "自然日" : "calendar days");
        for (const Addressee& one : addressees) {
            hazard.push_back(d.id(h));
            grade.emplace_back(to_string(d.grade[h]));
            name.push_back(title);
            enterprise.emplace_back(d.enterprise.at(h));
            enterprise_name.push_back(place);
            step_id.push_back(current == nullptr ? "" : current->id);
            step_name.push_back(current == nullptr ? "" : zh ? current->zh : current->en);
            reached.emplace_back(since.value_or(0));
            has_reached.push_back(since && current != nullptr ? 1 : 0);
            reason.push_back(unclear              ? "closing_unclear"
                             : current == nullptr ? "calendar_unknown"
                                                  : why);
            days_cells.push_back(over.value_or(0));
            has_days.push_back(over ? 1 : 0);
            day_kind.push_back(kind);
            due_on.emplace_back(last == never ? 0 : last);
            has_due.push_back(last == never ? 0 : 1);
            to.push_back(one.id);
            to_name.push_back(one.name);
            holders.push_back(one.holders);
            capacity.push_back(one.capacity);
            path.push_back(one.path);
            clause.push_back(current == nullptr ? "" : current->clause);
            letter.push_back(current == nullptr || one.id.empty()
                                 ? ""
                                 : filled(zh ? current->letter_zh : current->letter_en,
                                          {{"addressee", one.name},
                                           {"enterprise", place},
                                           {"hazard", d.id(h)},
                                           {"name", title},
                                           {"grade", grade_word},
                                           {"due", last == never ? "" : Date(last).text()},
                                           {"days", over ? std::to_string(std::abs(*over)) : ""},
                                           {"kind", kind_word},
                                           {"times", std::to_string(times)},
                                           {"on", on.text()}}));
            next_step.push_back(next == nullptr ? "" : zh ? next->zh : next->en);
            next_on.emplace_back(on_day.value_or(0));
            has_next.push_back(on_day ? 1 : 0);
        }
    }
    Table table(Origin{"hazard_ladder", "", -1, {}, -1});
    const auto texts = [&](const char* column, const std::vector<std::string>& cells) {
        std::vector<std::uint8_t> there;
        there.reserve(cells.size());
        for (const std::string& cell : cells)
            there.push_back(cell.empty() ? 0 : 1);
        table.add(column, Column::of(cells, there));
    };
    texts("hazard", hazard);
    texts("grade", grade);
    texts("name", name);
    texts("enterprise", enterprise);
    texts("enterprise_name", enterprise_name);
    texts("step", step_id);
    texts("step_name", step_name);
    table.add("reached_on", Column::of(reached, has_reached));
    texts("reason", reason);
    table.add("days", Column::of(std::move(days_cells), has_days));
    texts("day_kind", day_kind);
    table.add("due_on", Column::of(due_on, has_due));
    texts("addressee", to);
    texts("addressee_name", to_name);
    texts("holders", holders);
    texts("capacity", capacity);
    texts("path", path);
    texts("letter", letter);
    texts("clause", clause);
    texts("next_step", next_step);
    table.add("next_on", Column::of(next_on, has_next));
    return table;
}

}  // namespace safetyrisk::hazard
