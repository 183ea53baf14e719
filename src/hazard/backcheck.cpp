// Looking back on an enterprise after an accident (倒查).
#include <safetyrisk/core/error.hpp>

#include "core/cells.hpp"
#include "core/column_of.hpp"
#include "core/json_view.hpp"
#include "graph/near.hpp"
#include "hazard/data.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace safetyrisk::hazard {
namespace {

using safetyrisk::detail::JsonView;

// Which kind of check an action is, by the pack `accountability`.
std::map<std::string, std::string, std::less<>> kinds_of_checks() {
    const auto pack = PackRegistry::builtin().find("accountability");
    const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
    std::map<std::string, std::string, std::less<>> kinds;
    for (const JsonView& item :
         JsonView(json, pack->id).at("content").at("evidence").at("check_kinds").items())
        for (const JsonView& action : item.at("actions").items())
            kinds.emplace(action.text(), item.at("kind").text());
    return kinds;
}

bool names(std::string_view text, std::string_view item) {
    return !item.empty() && text.find(item) != std::string_view::npos;
}

}  // namespace

Backcheck Register::backcheck(std::string_view enterprise, Date on, std::string_view item,
                              std::vector<std::string> actions) const {
    const Data& d = *data_;
    const std::int32_t wanted = d.enterprise.find(enterprise);
    const graph::NodeNo node = d.graph ? d.graph->find(enterprise) : graph::none;
    // Rows that are left out make no enterprise known.
    if (node == graph::none &&
        (wanted < 0 || std::find(d.enterprise.of.begin(), d.enterprise.of.end(), wanted) ==
                           d.enterprise.of.end())) {
        const std::string near =
            d.graph ? graph::near_nodes(d.graph->store(), enterprise,
                                        {d.graph->store().known.enterprise})
                    : graph::near_ones(graph::near_words(enterprise, d.enterprise.names));
        throw NotFoundError("there is no enterprise '" + std::string(enterprise) + "'" + near);
    }
    const std::int32_t day = on.days_since_1970();
    std::vector<std::size_t> told;
    for (std::size_t h = 0; h < d.size(); ++h)
        if (wanted >= 0 && d.enterprise.of[h] == wanted && d.found[h] <= day) told.push_back(h);
    std::sort(told.begin(), told.end(), [&](std::size_t a, std::size_t b) {
        if (d.found[a] != d.found[b]) return d.found[a] < d.found[b];
        return d.id(a) < d.id(b);
    });

    Backcheck out;
    bool found_before = false;
    out.hazards = Table(Origin{"hazard_backcheck", "", -1, {}, -1});
    const auto texts = [&](const char* name, const char* column) {
        std::vector<std::string> cells;
        for (const std::size_t h : told)
            cells.push_back(cell_text(d.hazards.find(column), d.row[h]));
        out.hazards.add(name, Column::of(cells));
    };
    texts("hazard", "id");
    std::vector<std::string> grades;
    for (const std::size_t h : told)
        grades.emplace_back(to_string(d.grade[h]));
    out.hazards.add("grade", Column::of(grades));
    texts("name", "name");
    texts("criterion", "criterion");
    texts("channel", "channel");
    std::vector<Date> found, closed;
    std::vector<std::uint8_t> is_closed, open, overdue, of_item;
    std::vector<std::int64_t> days;
    for (const std::size_t h : told) {
        found.emplace_back(d.found[h]);
        const bool done = d.closed[h] <= day;
        closed.emplace_back(done ? d.closed[h] : 0);
        is_closed.push_back(done ? 1 : 0);
        open.push_back(done ? 0 : 1);
        const std::int32_t end = done ? d.closed[h] : day;
        overdue.push_back(d.due_on(h, day) < end ? 1 : 0);
        days.push_back(end - d.found[h]);
        const bool of = names(cell_text(d.hazards.find("criterion"), d.row[h]), item) ||
                        names(cell_text(d.hazards.find("name"), d.row[h]), item);
        of_item.push_back(of ? 1 : 0);
        found_before = found_before || of;
    }
    out.hazards.add("found_on", Column::of(found));
    texts("found_by", "found_by");
    texts("responsible", "responsible");
    texts("verified_by", "verified_by");
    texts("closed_by", "closed_by");
    out.hazards.add("closed_on", Column::of(closed, is_closed));
    out.hazards.add("days_open", Column::of(std::move(days)));
    out.hazards.add("open", Column::of_booleans(std::move(open)));
    out.hazards.add("overdue", Column::of_booleans(std::move(overdue)));
    if (!item.empty()) out.hazards.add("of_item", Column::of_booleans(std::move(of_item)));

    // Checks on record: of the enterprise, its risk points and what else it has, and its own.
    const auto kinds = kinds_of_checks();
    struct Check {
        std::int32_t day;
        std::string kind, by, name, action, object, items;
        bool stated, covers;
        std::int64_t hazards;
    };
    std::vector<Check> checks;
    if (node != graph::none) {
        const graph::Store& s = d.graph->store();
        for (std::uint32_t row = 0; row < s.records.object.size(); ++row) {
            const graph::NodeNo object = s.records.object[row];
            const graph::NodeNo by = s.records.subject[row];
            const auto of_it = [&](graph::NodeNo one) {
                return one != graph::none && (one == node || s.unit[one] == node);
            };
            const bool own = of_it(by);
            // What it does without an object it does to itself.
            if (!of_it(object) && !(own && object == graph::none)) continue;
            if (s.records.date[row] > day || s.records.date[row] == graph::always_from) continue;
            if (s.records.action[row] == 0xffff) continue;
            const std::string& action = s.records.actions[s.records.action[row]];
            const auto kind = kinds.find(action);
            if (actions.empty()
                    ? kind == kinds.end()
                    : std::find(actions.begin(), actions.end(), action) == actions.end()) {
                ++out.others[action];
                continue;
            }
            const graph::Value items = s.records.value(row, "items");
            Check check{s.records.date[row],
                        own                   ? "own"
                        : kind == kinds.end() ? "check"
                                              : kind->second,
                        by == graph::none ? "" : std::string(s.id(by)),
                        by == graph::none ? "" : std::string(s.name(by)),
                        action,
                        object == graph::none ? "" : std::string(s.id(object)),
                        std::string(items.text),
                        !items.text.empty(),
                        names(items.text, item),
                        0};
            for (const std::size_t h : told)
                check.hazards += d.found[h] == check.day ? 1 : 0;
            checks.push_back(std::move(check));
        }
    }
    std::sort(checks.begin(), checks.end(), [](const Check& a, const Check& b) {
        return std::tie(a.day, a.action, a.by, a.object, a.items) <
               std::tie(b.day, b.action, b.by, b.object, b.items);
    });
    std::vector<std::uint8_t> covers, stated;
    bool all_state = true;
    bool covered = false;
    for (const Check& check : checks) {
        covers.push_back(check.covers ? 1 : 0);
        stated.push_back(check.stated ? 1 : 0);
        all_state = all_state && check.stated;
        covered = covered || check.covers;
    }
    out.checks = Table(Origin{"checks", "", -1, {}, -1});
    const auto add = [&](const char* name, const auto& get) {
        out.checks.add(name, column_of(checks, get));
    };
    add("on", [](const Check& c) { return Date(c.day); });
    add("kind", [](const Check& c) { return c.kind; });
    add("by", [](const Check& c) { return c.by; });
    add("by_name", [](const Check& c) { return c.name; });
    add("action", [](const Check& c) { return c.action; });
    add("object", [](const Check& c) { return c.object; });
    add("items", [](const Check& c) { return c.items; });
    add("found", [](const Check& c) { return c.hazards; });
    if (!item.empty())
        out.checks.add("covers_item", Column::of_booleans(std::move(covers), stated));

    if (item.empty()) return out;
    if (covered || found_before) {
        out.item_checked = true;
        out.reason = covered ? "covered" : "found";
    } else if (checks.empty()) {
        // No records at all tell nothing; records of others, that there was no check here.
        const bool kept = node != graph::none && d.graph->store().records.given;
        if (kept) out.item_checked = false;
        out.reason = "no_checks";
    } else if (all_state) {
        out.item_checked = false;
        out.reason = "not_covered";
    } else {
        out.reason = "items_not_stated";
    }
    return out;
}

}  // namespace safetyrisk::hazard
