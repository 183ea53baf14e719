// Cells of a closed vocabulary, days that must follow one another, and what an enterprise denies.
//
// A word that nobody knows is neither yes nor no: it is reported with its row, and a rule that asks
// for it does not know. The same holds of days of which one must be wrong.
#include "build.hpp"
#include "words.hpp"

#include <safetyrisk/graph/rule.hpp>

#include "core/json_view.hpp"

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace safetyrisk::graph::detail {
namespace {

class Cells {
public:
    explicit Cells(Store& store) : s_(store) {}

    void check() {
        const Known& k = s_.known;
        std::vector<NodeNo> hazards, accidents, committees, persons, documents, points, enterprises;
        const std::pair<KindNo, std::vector<NodeNo>*> lists[] = {{k.hazard, &hazards},
                                                                 {k.accident, &accidents},
                                                                 {k.safety_committee, &committees},
                                                                 {k.person, &persons},
                                                                 {k.document, &documents},
                                                                 {k.risk_point, &points},
                                                                 {k.enterprise, &enterprises}};
        std::array<std::vector<NodeNo>*, 256> by_kind{};
        for (const auto& [kind, list] : lists)
            if (kind != no_kind) by_kind[kind] = list;
        for (NodeNo v = 0; v < s_.n(); ++v)
            if (std::vector<NodeNo>* const list = by_kind[s_.node_kind[v]]; list != nullptr)
                list->push_back(v);
        check_hazards(hazards);
        check_accidents(accidents);
        words_of(committees, "mode", "single、dual",
                 [](std::string_view word) { return two_chairs(word).has_value(); });
        check_employment(persons);
        follow(documents, "period_to", {"period_from"});
        words_of(points, "grade", "红、橙、黄、蓝", is_colour);
        words_of(points, "colour", "红、橙、黄、蓝", is_colour);
        words_of(enterprises, "colour", "红、橙、黄、蓝", is_colour);
        check_denials(enterprises);
        check_roles();
        check_records();
        for (auto* all : {&s_.unclear_nodes, &s_.unclear_edges})
            for (auto& [column, who] : *all) {
                std::sort(who.begin(), who.end());
                who.erase(std::unique(who.begin(), who.end()), who.end());
            }
    }

private:
    static bool is_colour(std::string_view word) { return parse_grade(word).has_value(); }

    void issue(NodeNo v, std::string_view code, std::string_view column, std::string_view value,
               std::initializer_list<std::string_view> more = {}) {
        const std::uint8_t table = s_.node_table[v];
        s_.issues.add(code, s_.tables[table].origin(), s_.node_row[v], column, value, more);
    }
    void unclear(NodeNo v, std::string_view column) {
        s_.unclear_nodes[std::string(column)].push_back(v);
    }

    static std::string text_of(const Value& value) {
        switch (value.type) {
            case Value::Type::text:
                return std::string(value.text);
            case Value::Type::number:
                return print_number(value.number);
            case Value::Type::boolean:
                return value.boolean ? "true" : "false";
            case Value::Type::date:
                return value.date.text();
            default:
                return {};
        }
    }

    template <class Known>
    void words_of(const std::vector<NodeNo>& nodes, std::string_view column, std::string_view list,
                  Known&& known) {
        if (nodes.empty()) return;
        const Store::Attribute cells = s_.attribute(column);
        if (!cells.anywhere()) return;
        for (const NodeNo v : nodes) {
            const Value value = cells.at(v);
            if (value.is_empty() || (value.type == Value::Type::text && known(value.text)))
                continue;
            issue(v, "graph.word_unknown", column, text_of(value), {list});
            unclear(v, column);
        }
    }

    // Days of facts are not after the data date: until then nobody can know them.
    void past(const std::vector<NodeNo>& nodes, std::string_view column) {
        if (!s_.data_date || nodes.empty()) return;
        const Store::Attribute cells = s_.attribute(column);
        if (!cells.anywhere()) return;
        for (const NodeNo v : nodes) {
            const auto day = cells.at(v).as_date();
            if (!day || *day <= *s_.data_date) continue;
            issue(v, "graph.day_in_future", column, day->text(), {s_.data_date->text()});
        }
    }

    // A day is not before those of the other columns; which of the two is wrong nobody knows.
    void follow(const std::vector<NodeNo>& nodes, std::string_view column,
                std::initializer_list<std::string_view> before) {
        if (nodes.empty()) return;
        const Store::Attribute later = s_.attribute(column);
        if (!later.anywhere()) return;
        for (const std::string_view name : before) {
            const Store::Attribute earlier = s_.attribute(name);
            if (!earlier.anywhere()) continue;
            for (const NodeNo v : nodes) {
                const auto day = later.at(v).as_date(), first = earlier.at(v).as_date();
                if (!day || !first || *first <= *day) continue;
                issue(v, "graph.days_disagree", column, day->text(), {name, first->text()});
                unclear(v, column);
                unclear(v, name);
            }
        }
    }

    void check_hazards(const std::vector<NodeNo>& hazards) {
        if (hazards.empty()) return;
        const HazardWords& words = hazard_words();
        const auto list = [](const std::vector<std::string>& all) {
            std::string text;
            for (const std::string& one : all)
                text += (text.empty() ? "" : "、") + one;
            return text;
        };
        words_of(hazards, "grade", list(words.grades),
                 [&](std::string_view word) { return words.major.count(word) != 0; });
        words_of(hazards, "state", list(words.names),
                 [&](std::string_view word) { return words.states.count(word) != 0; });
        const Store::Attribute state = s_.attribute("state"), closed = s_.attribute("closed_on");
        for (const NodeNo h : hazards) {
            const std::string_view word = state.at(h).text;
            const auto means = words.states.find(word);
            if (means == words.states.end()) continue;
            const bool dated = closed.at(h).as_date().has_value();
            if (dated && (means->second & words.closed) == 0) {
                issue(h, "graph.state_disagrees", "state", word, {text_of(closed.at(h))});
                unclear(h, "state");
                unclear(h, "closed_on");
            } else if (!dated && !words.is_closed(word)) {
                std::vector<std::string> may_be;
                for (std::size_t i = 0; i < words.names.size(); ++i)
                    if (((means->second >> i) & 1U) != 0) may_be.push_back(words.names[i]);
                issue(h, "graph.state_unclear", "state", word, {list(may_be)});
            }
        }
        for (const std::string_view column : {"found_on", "closed_on", "verified_on"})
            past(hazards, column);
        for (const std::string_view column : {"due_on", "closed_on", "verified_on"})
            follow(hazards, column, {"found_on"});
        follow(hazards, "extended_to", {"due_on", "found_on"});
    }

    void check_accidents(const std::vector<NodeNo>& accidents) {
        words_of(accidents, "grade", "一般、较大、重大、特别重大",
                 [](std::string_view word) { return !accident_grade(word).empty(); });
        for (const std::string_view column : {"date", "approved_on"})
            past(accidents, column);
        follow(accidents, "approved_on", {"date"});
    }

    // What a rule knows of the ways to be employed stands among its parameters.
    void check_employment(const std::vector<NodeNo>& persons) {
        if (persons.empty() || !s_.attribute("employment").anywhere()) return;
        const auto set = RuleSet::usual();
        std::set<std::string, std::less<>> known;
        std::string list;
        for (const RuleParameter& parameter : set->rules()[set->at("RE-11")].parameters) {
            const safetyrisk::detail::Json value = safetyrisk::detail::Json::parse(parameter.value);
            if (parameter.name == "own")
                for (const auto& word : value)
                    known.insert(word.get<std::string>());
            if (parameter.name == "forms")
                for (const auto& [id, names] : value.items())
                    for (const std::string& word : {id, names.at("zh").get<std::string>()})
                        known.insert(word);
        }
        for (const std::string& word : known)
            list += (list.empty() ? "" : "、") + word;
        words_of(persons, "employment", list,
                 [&](std::string_view word) { return known.count(word) != 0; });
    }

    void check_roles() {
        const Store::EdgeAttribute role = s_.edge_attribute("role");
        if (!role.anywhere() || s_.known.chairs == no_kind) return;
        for (EdgeNo e = 0; e < s_.m(); ++e) {
            if (s_.edge_kind[e] != s_.known.chairs || s_.derived(e)) continue;
            const Value value = role.at(e);
            if (value.is_empty() || (value.type == Value::Type::text && chairs(value.text)))
                continue;
            s_.issues.add("graph.word_unknown", s_.tables[s_.edge_table[e]].origin(),
                          s_.edge_row[e], "role", text_of(value), {"chair、deputy"});
            s_.unclear_edges["role"].push_back(e);
        }
    }

    // Their own 否 against the law's list of high-risk sectors is a contradiction to be settled.
    void check_denials(const std::vector<NodeNo>& enterprises) {
        const Store::Attribute own = s_.attribute("high_risk");
        if (!own.anywhere()) return;
        std::vector<std::uint32_t> named(s_.sectors.sets.size(), none);
        for (std::size_t set = 0; set < named.size(); ++set)
            for (const std::uint16_t sector : s_.sectors.sets[set])
                if (named[set] == none && s_.sectors.high_risk(sector)) named[set] = sector;
        for (const NodeNo v : enterprises) {
            const std::uint32_t sector = named[s_.node_sectors[v]];
            if (sector == none) continue;
            const Value value = own.at(v);
            if (value.yes().value_or(true)) continue;
            issue(v, "graph.high_risk_denied", "high_risk", text_of(value),
                  {s_.sectors.all[sector].zh});
        }
    }

    void check_records() {
        Records& records = s_.records;
        const std::size_t rows = records.date.size();
        if (rows == 0) return;
        std::size_t t = 0;
        while (t < s_.tables.size() && s_.tables[t].origin().table != "records")
            ++t;
        const Origin& origin = s_.tables[t].origin();
        // Actions of duties and tasks of these tables are known as well.
        std::set<std::string, std::less<>> own;
        if (const Column* const column = s_.duties.table.find("action"); column != nullptr)
            for (std::size_t row = 0; row < column->size(); ++row)
                if (!column->is_missing(row)) own.insert(std::string(trim(column->print(row))));
        if (const Store::Attribute action = s_.attribute("action"); action.anywhere())
            for (NodeNo v = 0; v < s_.n(); ++v)
                if (s_.is(v, s_.known.task)) own.insert(text_of(action.at(v)));
        std::vector<std::uint8_t> known(records.actions.size(), 0);
        for (std::size_t i = 0; i < known.size(); ++i)
            known[i] = is_action(records.actions[i]) || own.count(records.actions[i]) != 0;
        for (std::uint32_t row = 0; row < rows; ++row) {
            const std::uint16_t action = records.action[row];
            if (action == 0xffff || known[action] == 0)
                records.mark_unclear(row, Records::action_unclear);
            if (action != 0xffff && known[action] == 0)
                s_.issues.add("graph.action_unknown", origin, row, "action",
                              records.actions[action]);
            if (records.date[row] == always_from) records.mark_unclear(row, Records::date_unclear);
            if (s_.data_date && records.date[row] > s_.data_date->days_since_1970()) {
                s_.issues.add("graph.day_in_future", origin, row, "date",
                              Date(records.date[row]).text(), {s_.data_date->text()});
                records.mark_unclear(row, Records::date_ahead);
            }
        }
        check_ratings(origin);
    }

    void check_ratings(const Origin& origin) {
        const std::uint16_t assessment = s_.records.action_no("assessment");
        if (assessment == 0xffff) return;
        static constexpr std::string_view ratings[] = {"优秀", "良好", "合格", "不合格"};
        for (std::uint32_t row = 0; row < s_.records.action.size(); ++row) {
            if (s_.records.action[row] != assessment) continue;
            const Value value = s_.records.value(row, "rating");
            if (value.is_empty() ||
                std::find(std::begin(ratings), std::end(ratings), value.text) != std::end(ratings))
                continue;
            s_.issues.add("graph.word_unknown", origin, row, "rating", text_of(value),
                          {"优秀、良好、合格、不合格"});
            s_.records.mark_unclear(row, Records::value_unclear);
        }
    }

    Store& s_;
};

}  // namespace

void check_cells(Store& store) {
    Cells(store).check();
}

}  // namespace safetyrisk::graph::detail
