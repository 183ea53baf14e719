#include <safetyrisk/graph/explain.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/cells.hpp"
#include "core/column_of.hpp"
#include "finder.hpp"
#include "words.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace safetyrisk::graph {
namespace {

std::string name_or_id(const std::string& name, const std::string& id) {
    return name.empty() ? id : name;
}

std::string path_words(const std::string& start, const std::vector<PathEdge>& path,
                       const Kinds& kinds, Lang lang) {
    std::string text = start;
    for (const PathEdge& e : path) {
        const KindNo kind = kinds.edge(e.kind);
        const std::string word = kind == no_kind    ? (lang == Lang::zh ? "所在" : "is located in")
                                 : lang == Lang::zh ? kinds.edges()[kind].zh
                                                    : kinds.edges()[kind].en;
        text +=
            (e.against ? " ←" : " —") + word + (e.against ? "— " : "→ ") +
            (e.against ? name_or_id(e.source_name, e.source) : name_or_id(e.target_name, e.target));
    }
    return text;
}

PathEdge edge_of(const View& view, EdgeNo e, bool against) {
    PathEdge edge;
    edge.edge = e;
    edge.kind = edge_id(view, e);
    edge.source = view.id(view.source(e));
    edge.target = view.id(view.target(e));
    edge.source_name = view.name(view.source(e));
    edge.target_name = view.name(view.target(e));
    edge.against = against;
    edge.derived = view.s.derived(view.origin(e));
    edge.table = table_of(view, e);
    edge.row = row_of(view, e);
    edge.basis = basis_of(view, e);
    if (edge.basis.empty()) edge.basis = view.s.kinds->edges()[view.kind(e)].basis;
    return edge;
}

PathEdge located(const View& view, NodeNo node, NodeNo place) {
    PathEdge edge;
    edge.kind = "LOCATED_IN";
    edge.source = view.id(node);
    edge.target = view.id(place);
    edge.source_name = view.name(node);
    edge.target_name = view.name(place);
    edge.derived = true;
    return edge;
}

std::string kind_id(const View& view, NodeNo v) {
    return view.s.kind_of(view.like(v)).id;
}

}  // namespace

// ── explain ──

Explanation explain(const ResponsibilityGraph& graph, std::string_view who_id,
                    std::string_view node, const WhoOptions& options) {
    const View view(graph.store(), graph.day(options.on));
    const NodeNo u = graph.at(who_id);
    const Who answer = who(graph, node, options);
    Explanation result;
    result.who = who_id;
    result.who_name = graph.name(u);
    result.node = node;
    result.node_name = graph.name(graph.at(node));
    result.on = view.on();
    std::set<NodeNo> as{u};
    if (view.is(u, view.s.known.person))
        view.out(u, view.s.known.holds, [&](EdgeNo e) { as.insert(view.target(e)); });
    std::set<std::pair<std::string, NodeNo>> told;
    for (std::size_t i = 0; i < answer.size(); ++i) {
        Answer one = answer.at(i);
        // Answers of a capacity stand shortest first.
        if (as.count(one.number) == 0 || !told.emplace(one.capacity, one.number).second) continue;
        result.by_posts.push_back(one.number == u ? std::string() : one.name);
        result.reasons.push_back(std::move(one));
    }
    return result;
}

std::vector<PathEdge> Explanation::edges() const {
    std::vector<PathEdge> all;
    std::set<std::pair<EdgeNo, std::string>> seen;
    for (const Answer& reason : reasons)
        for (const PathEdge& e : reason.path)
            if (seen.emplace(e.edge, e.edge == none ? e.source : std::string()).second)
                all.push_back(e);
    std::stable_sort(all.begin(), all.end(),
                     [](const PathEdge& a, const PathEdge& b) { return a.edge < b.edge; });
    return all;
}

std::string Explanation::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const std::string a = name_or_id(who_name, who), b = name_or_id(node_name, node);
    if (reasons.empty())
        return zh ? on.text() + "，" + a + "对" + b + "没有任何责任身份。"
                  : "On " + on.text() + " " + a + " does not answer for " + b + " in any capacity.";
    std::string text = zh ? on.text() + "，" + a + "对" + b + "的责任：\n"
                          : "On " + on.text() + " " + a + " answers for " + b + ":\n";
    const auto kinds = Kinds::usual();
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        const Answer& reason = reasons[i];
        text += "  " + reason.capacity;
        if (!by_posts[i].empty()) text += (zh ? "（任" : " (as ") + by_posts[i] + (zh ? "）" : ")");
        text += (zh ? "：" : ": ") + path_words(b, reason.path, *kinds, lang) + "\n";
        for (const PathEdge& e : reason.path)
            if (!e.basis.empty())
                text += "    " + name_or_id(e.source_name, e.source) + " — " +
                        name_or_id(e.target_name, e.target) + (zh ? "：" : ": ") + e.basis + "\n";
    }
    return text;
}

std::string Explanation::to_json() const {
    std::string json = "{\"who\":" + json_text(who) + ",\"node\":" + json_text(node) +
                       ",\"on\":" + json_text(on.text()) + ",\"reasons\":[";
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        json += std::string(i == 0 ? "" : ",") + "{\"capacity\":" + json_text(reasons[i].capacity) +
                ",\"path\":[";
        for (std::size_t k = 0; k < reasons[i].path.size(); ++k) {
            const PathEdge& e = reasons[i].path[k];
            json += std::string(k == 0 ? "" : ",") + "{\"kind\":" + json_text(e.kind) +
                    ",\"source\":" + json_text(e.source) + ",\"target\":" + json_text(e.target) +
                    ",\"against\":" + (e.against ? "true" : "false") +
                    ",\"basis\":" + json_text(e.basis) + "}";
        }
        json += "]}";
    }
    return json + "]}";
}

Table Explanation::table() const {
    TextBuilder capacity, kind, source, target, basis, table;
    std::vector<std::int64_t> step, row;
    std::vector<std::uint8_t> against, derived;
    for (const Answer& reason : reasons) {
        std::int64_t n = 0;
        for (const PathEdge& e : reason.path) {
            capacity.append(reason.capacity);
            step.push_back(++n);
            kind.append(e.kind);
            source.append(e.source);
            target.append(e.target);
            against.push_back(e.against);
            basis.append(e.basis);
            derived.push_back(e.derived);
            table.append(e.table);
            row.push_back(e.row);
        }
    }
    Table result(Origin{"explanation", {}, -1, {}, -1});
    result.add("capacity", capacity.finish());
    result.add("step", Column::of(std::move(step)));
    result.add("kind", kind.finish());
    result.add("source", source.finish());
    result.add("target", target.finish());
    result.add("against", Column::of_booleans(std::move(against)));
    result.add("basis", basis.finish());
    result.add("derived", Column::of_booleans(std::move(derived)));
    result.add("table", table.finish());
    result.add("row", Column::of(std::move(row)));
    return result;
}

// ── the lowest superior in common ──

namespace {

// Calls f(superior, make) where make() gives the edges; only asked for when they are needed.
template <class F>
void superiors(const View& view, NodeNo v, F&& f) {
    const Known& k = view.s.known;
    for (const KindNo kind : {k.leads, k.in_charge_of, k.territorial, k.grid_covers, k.regulates,
                              k.principal_of, k.controls_risk, k.mhs_care, k.owns_hazard})
        view.in(v, kind, [&](EdgeNo e) {
            f(view.source(e), [&, e] { return std::vector<PathEdge>{edge_of(view, e, true)}; });
        });
    for (const KindNo kind : {k.owned_by, k.belongs_to, k.reports_to})
        view.out(v, kind, [&](EdgeNo e) {
            f(view.target(e), [&, e] { return std::vector<PathEdge>{edge_of(view, e, false)}; });
        });
    if (view.is(v, k.post))
        view.in(v, k.has_post, [&](EdgeNo e) {
            f(view.source(e), [&, e] { return std::vector<PathEdge>{edge_of(view, e, true)}; });
        });
    const NodeKind& kind = view.s.kind_of(view.like(v));
    const bool body =
        view.is(v, k.government) || view.is(v, k.zone_admin) || view.is(v, k.party_committee);
    const bool object = view.is(v, k.enterprise) || view.is(v, k.site) || view.is(v, k.hazard);
    if (!kind.place && !body && !object && !view.is(v, k.dept)) return;
    // Through the places: a department's own place, an object's places, a body's places above.
    const NodeNo place = view.place_of(v);
    if (place == none) return;
    const std::vector<NodeNo> chain = view.chain(place);
    const SetNo set = object ? sectors_of(view, v) : 0;
    bool governed = false;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const auto way = [&, i](EdgeNo last) {
            std::vector<PathEdge> path;
            if (place != v) path.push_back(located(view, v, place));
            for (std::size_t s = 0; s < i; ++s)
                path.push_back(edge_of(view, view.first_out(chain[s], k.part_of), false));
            path.push_back(edge_of(view, last, true));
            return path;
        };
        // The government of the place, or of the next above: a body's own place has only the party
        // committee above a government.
        const bool own = body && i == 0;
        bool found = false;
        if (!governed)
            view.in(chain[i], k.seated_in, [&](EdgeNo e) {
                const NodeNo other = view.source(e);
                const bool party = view.is(other, k.party_committee);
                const bool governs = view.is(other, k.government) || view.is(other, k.zone_admin);
                if (other == v ||
                    !(own ? party && !view.is(v, k.party_committee) : party || governs))
                    return;
                found = found || governs;
                f(other, [&, e] { return way(e); });
            });
        if (object)
            view.in(chain[i], k.regulates, [&](EdgeNo e) {
                for (const std::uint16_t sector : view.s.sectors.sets[set])
                    if (view.s.sectors.covers(view.sectors(e), sector)) {
                        f(view.source(e), [&, e] { return way(e); });
                        return;
                    }
            });
        governed = governed || found;
        if (governed && !object) return;
    }
}

struct Reached {
    std::size_t distance = 0;
    NodeNo from = none;
    std::vector<PathEdge> path;  // from `from`
};

std::map<NodeNo, Reached> all_superiors(const View& view, NodeNo start) {
    std::map<NodeNo, Reached> reached;
    std::deque<NodeNo> queue{start};
    reached[start] = {};
    while (!queue.empty()) {
        const NodeNo v = queue.front();
        queue.pop_front();
        const std::size_t distance = reached[v].distance;
        superiors(view, v, [&](NodeNo up, auto&& make) {
            if (reached.count(up) != 0) return;
            reached[up] = {distance + 1, v, make()};
            queue.push_back(up);
        });
    }
    return reached;
}

std::vector<PathEdge> way_to(const std::map<NodeNo, Reached>& reached, NodeNo v) {
    std::vector<const Reached*> hops;
    while (reached.at(v).from != none) {
        hops.push_back(&reached.at(v));
        v = reached.at(v).from;
    }
    std::vector<PathEdge> path;
    for (std::size_t i = hops.size(); i-- > 0;)
        path.insert(path.end(), hops[i]->path.begin(), hops[i]->path.end());
    return path;
}

}  // namespace

std::vector<CommonSuperior> common_superior(const ResponsibilityGraph& graph, std::string_view a,
                                            std::string_view b, std::optional<Date> on) {
    const View view(graph.store(), graph.day(on));
    const auto above_a = all_superiors(view, graph.at(a));
    const auto above_b = all_superiors(view, graph.at(b));
    std::set<NodeNo> common;
    for (const auto& [v, reached] : above_a)
        if (above_b.count(v) != 0) common.insert(v);
    // All superiors of a common one are common: it is enough to look one step up.
    std::set<NodeNo> higher;
    for (const NodeNo v : common)
        superiors(view, v, [&](NodeNo up, auto&&) {
            if (up != v) higher.insert(up);
        });
    std::vector<NodeNo> lowest;
    for (const NodeNo v : common)
        if (higher.count(v) == 0) lowest.push_back(v);
    const auto far = [&](NodeNo v) { return above_a.at(v).distance + above_b.at(v).distance; };
    if (lowest.empty() && !common.empty()) {
        // They lead each other in a circle: the nearest of it.
        std::size_t least = far(*common.begin());
        for (const NodeNo v : common)
            least = std::min(least, far(v));
        for (const NodeNo v : common)
            if (far(v) == least) lowest.push_back(v);
    }
    std::stable_sort(lowest.begin(), lowest.end(),
                     [&](NodeNo x, NodeNo y) { return far(x) < far(y); });
    std::vector<CommonSuperior> result;
    for (const NodeNo v : lowest)
        result.push_back({std::string(view.id(v)), std::string(view.name(v)), kind_id(view, v),
                          way_to(above_a, v), way_to(above_b, v)});
    return result;
}

namespace {

std::string start_of(const std::vector<PathEdge>& path, const CommonSuperior& superior) {
    if (path.empty()) return name_or_id(superior.name, superior.node);
    const PathEdge& first = path.front();
    return first.against ? name_or_id(first.target_name, first.target)
                         : name_or_id(first.source_name, first.source);
}

}  // namespace

std::string to_text(const std::vector<CommonSuperior>& superiors, Lang lang) {
    const bool zh = lang == Lang::zh;
    if (superiors.empty()) return zh ? "没有共同的上级。" : "There is no common superior.";
    const auto kinds = Kinds::usual();
    std::string text = zh ? "最低的共同上级：\n" : "Lowest common superiors:\n";
    for (const CommonSuperior& one : superiors)
        text += "  " + name_or_id(one.name, one.node) + "\n    " +
                path_words(start_of(one.from_a, one), one.from_a, *kinds, lang) + "\n    " +
                path_words(start_of(one.from_b, one), one.from_b, *kinds, lang) + "\n";
    return text;
}

Table to_table(const std::vector<CommonSuperior>& superiors, Lang lang) {
    const auto kinds = Kinds::usual();
    Table table(Origin{"common_superior", {}, -1, {}, -1});
    const auto add = [&](const char* name, const auto& get) {
        table.add(name, column_of(superiors, get));
    };
    const auto words = [&](const CommonSuperior& one, const std::vector<PathEdge>& path) {
        return path_words(start_of(path, one), path, *kinds, lang);
    };
    add("node", [](const CommonSuperior& one) { return one.node; });
    add("name", [](const CommonSuperior& one) { return one.name; });
    add("kind", [](const CommonSuperior& one) { return one.kind; });
    add("steps_a", [](const CommonSuperior& one) { return one.from_a.size(); });
    add("steps_b", [](const CommonSuperior& one) { return one.from_b.size(); });
    add("path_a", [&](const CommonSuperior& one) { return words(one, one.from_a); });
    add("path_b", [&](const CommonSuperior& one) { return words(one, one.from_b); });
    return table;
}

// ── contacts ──

std::vector<Contact> contacts(const ResponsibilityGraph& graph, std::string_view node,
                              std::size_t hops, const WhoOptions& options) {
    const View view(graph.store(), graph.day(options.on));
    const NodeNo x = graph.at(node);
    const Asked asked(graph.store(), options);
    Finder finder(view, asked.capacities);
    const Who::Data& data = finder.ask(asked.of(view, x));
    // Every step on the way of an answer, with its hops; nearest first, answers in their order.
    struct Seen {
        std::uint32_t step;
        std::size_t hop;
        std::uint8_t capacity;
    };
    constexpr std::uint8_t passed = 255;
    std::vector<Seen> seen;
    const auto hop_of = [&](std::uint32_t step) {
        std::size_t n = 0;
        for (; data.steps[step].parent != none; step = data.steps[step].parent)
            if (!view.s.kind_of(view.like(data.steps[step].node)).place) ++n;
        return n;
    };
    for (const Who::Data::Row& row : data.rows) {
        const std::size_t hop = std::max<std::size_t>(hop_of(row.step), 1);
        if (hop <= hops) seen.push_back({row.step, hop, row.capacity});
        for (std::uint32_t s = data.steps[row.step].parent; s != none; s = data.steps[s].parent) {
            const NodeNo v = data.steps[s].node;
            if (v == x || view.s.kind_of(view.like(v)).place) continue;
            if (const std::size_t h = hop_of(s); h <= hops) seen.push_back({s, h, passed});
        }
    }
    std::stable_sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
        return a.hop != b.hop ? a.hop < b.hop : (a.capacity == passed) < (b.capacity == passed);
    });
    std::vector<Contact> result;
    std::map<NodeNo, std::size_t> line;
    for (const Seen& one : seen) {
        const Who::Data::Step& step = data.steps[one.step];
        if (line.count(step.node) != 0) continue;
        Contact contact;
        contact.node = view.id(step.node);
        contact.name = view.name(step.node);
        contact.kind = kind_id(view, step.node);
        view.in(step.node, view.s.known.holds,
                [&](EdgeNo e) { contact.holders.push_back(label(view, view.source(e))); });
        contact.vacant = vacant(view, step.node);
        contact.hop = one.hop;
        for (std::uint32_t s = step.parent; s != none && contact.above == none;
             s = data.steps[s].parent)
            if (const auto found = line.find(data.steps[s].node); found != line.end())
                contact.above = found->second;
        if (one.capacity != passed) {
            const Capacities::Capacity& rules = data.capacities->all[one.capacity];
            contact.capacity = rules.id;
            contact.capacity_zh = rules.zh;
            contact.capacity_en = rules.en;
        }
        contact.relation = edge_id(view, step.edge);
        line.emplace(step.node, result.size());
        result.push_back(std::move(contact));
    }
    return result;
}

std::string to_text(const std::vector<Contact>& list, Lang lang) {
    // Depth first, by an explicit stack.
    std::vector<std::vector<std::size_t>> below(list.size() + 1);
    for (std::size_t i = list.size(); i-- > 0;)
        below[list[i].above == none ? list.size() : list[i].above].push_back(i);
    std::vector<std::pair<std::size_t, std::size_t>> stack;
    for (const std::size_t i : below[list.size()])
        stack.emplace_back(i, 0);
    std::string text;
    while (!stack.empty()) {
        const auto [i, depth] = stack.back();
        stack.pop_back();
        text += std::string(2 * depth, ' ') + name_or_id(list[i].name, list[i].node);
        text += holders_text(list[i].holders, list[i].vacant, lang);
        if (!list[i].capacity.empty())
            text += " " + list[i].capacity + " " +
                    (lang == Lang::zh ? list[i].capacity_zh : list[i].capacity_en);
        text += "\n";
        for (const std::size_t child : below[i])
            stack.emplace_back(child, depth + 1);
    }
    return text;
}

Table to_table(const std::vector<Contact>& list) {
    Table table(Origin{"contacts", {}, -1, {}, -1});
    const auto add = [&](const char* name, const auto& get) {
        table.add(name, column_of(list, get));
    };
    add("node", [](const Contact& one) { return one.node; });
    add("name", [](const Contact& one) { return one.name; });
    add("kind", [](const Contact& one) { return one.kind; });
    add("holders", [](const Contact& one) { return join(one.holders, ";"); });
    add("hop", [](const Contact& one) { return one.hop; });
    add("above", [&](const Contact& one) {
        return one.above == none ? std::string() : list[one.above].node;
    });
    add("capacity", [](const Contact& one) { return one.capacity; });
    add("relation", [](const Contact& one) { return one.relation; });
    return table;
}

// ── the duties of a post ──

DutyList duty_list(const ResponsibilityGraph& graph, std::string_view post,
                   std::optional<Date> on) {
    const View view(graph.store(), graph.day(on));
    const Store& s = view.s;
    const Known& k = s.known;
    const NodeNo v = graph.at(post);
    const bool is_post = view.is(v, k.post);
    if (!is_post && !s.kind_of(v).seated)
        throw InputError("duties are listed of a post or of a unit; " + std::string(post) +
                         " is of kind '" + kind_id(view, v) + "'");
    DutyList list;
    list.post = post;
    list.name = view.name(v);
    if (view.unit(v) != none) list.unit = view.id(view.unit(v));
    list.on = view.on();
    view.in(v, k.holds, [&](EdgeNo e) { list.holders.push_back(label(view, view.source(e))); });
    list.vacant = vacant(view, v);
    list.no_unit = is_post && view.unit(v) == none;
    const Store::Attribute deadline = s.attribute("deadline");
    const auto add = [&](const char* section, EdgeNo e, NodeNo through) {
        const NodeNo object = view.target(e);
        DutyLine line;
        line.section = section;
        line.kind = edge_id(view, e);
        line.object = view.id(object);
        line.name = view.name(object);
        if (through != none) line.through = view.id(through);
        constexpr std::array<const char*, 6> duties{"",          "first",  "in_charge",
                                                    "portfolio", "direct", "post"};
        const auto duty = static_cast<std::size_t>(view.duty(e));
        if (duty < duties.size()) line.duty = duties.at(duty);
        if (view.is(object, k.task)) {
            const Value value = deadline.at(view.like(object));
            if (const auto day = value.as_date())
                line.deadline = day->text();
            else
                line.deadline = value.text;
        }
        line.sectors = sector_names(s, view.sectors(e), Lang::zh, true);
        line.basis = basis_of(view, e);
        if (line.basis.empty()) line.basis = s.kinds->edges()[view.kind(e)].basis;
        list.lines.push_back(std::move(line));
    };
    for (const KindNo kind : {k.safety_duty, k.business_duty, k.in_charge_of, k.principal_of,
                              k.controls_risk, k.mhs_care, k.responsible_post, k.manages_business})
        view.out(v, kind, [&](EdgeNo e) { add("duty", e, none); });
    if (!is_post)
        for (const KindNo kind :
             {k.leads, k.guides, k.oversees_work_of, k.serves_as, k.hosts_office, k.comprehensive,
              k.regulates, k.hosts_sector, k.permits, k.supports, k.enforces_for, k.territorial})
            view.out(v, kind, [&](EdgeNo e) { add("duty", e, none); });
    for (const KindNo kind : {k.paired_with, k.guards})
        view.out(v, kind, [&](EdgeNo e) { add("pairing", e, none); });
    for (const KindNo kind : {k.chairs, k.member_of})
        view.out(v, kind, [&](EdgeNo e) { add("committee", e, none); });
    // Its own tasks and those of the units it is in charge of, or that it is first to
    // answer for.
    std::vector<NodeNo> units{v};
    for (const KindNo kind : {k.in_charge_of, k.safety_duty})
        view.out(v, kind, [&](EdgeNo e) {
            const NodeNo unit = view.target(e);
            const bool its = kind == k.in_charge_of || view.duty(e) == Duty::first;
            if (its && s.kind_of(unit).seated &&
                std::find(units.begin(), units.end(), unit) == units.end())
                units.push_back(unit);
        });
    for (const NodeNo unit : units)
        for (const KindNo kind : {k.organizes, k.leads_task, k.joint, k.shares, k.assists,
                                  k.supervises_task, k.implements, k.responsible, k.guides_task})
            view.out(unit, kind, [&](EdgeNo e) { add("task", e, unit == v ? none : unit); });
    if (s.duties.given && v < s.n()) {
        const Table& table = s.duties.table;
        const auto cell = [&](const char* name, std::uint32_t row) {
            const Column* column = table.find(name);
            return column == nullptr ? std::string() : column->print(row);
        };
        for (const std::uint32_t row : s.duties.of(v)) {
            const auto from = read_day(cell("valid_from", row));
            const auto to = read_day(cell("valid_to", row));
            if ((from && *from > view.on()) || (to && *to < view.on())) continue;
            DutyLine line;
            line.section = "list";
            line.kind = cell("action", row);
            line.object = cell("object", row);
            if (const NodeNo object = graph.find(line.object); object != none)
                line.name = graph.name(object);
            line.deadline = cell("deadline", row);
            if (line.deadline.empty()) line.deadline = cell("cadence", row);
            line.basis = cell("document", row);
            const std::string clause = cell("clause", row);
            if (!clause.empty()) line.basis += (line.basis.empty() ? "" : " ") + clause;
            list.lines.push_back(std::move(line));
        }
    }
    return list;
}

std::string DutyList::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    std::string text = name_or_id(name, post);
    text += holders_text(holders, vacant, lang);
    text += (zh ? "，" : ", ") + on.text();
    if (no_unit) text += zh ? "，当日没有所属单位" : ", of no unit on that day";
    text += "\n";
    const auto kinds = Kinds::usual();
    constexpr std::array<std::array<const char*, 3>, 5> sections{
        {{"duty", "职责", "Duties"},
         {"pairing", "包联", "Pairings"},
         {"committee", "委员会", "Committees"},
         {"task", "任务", "Tasks"},
         {"list", "职责清单", "Duty list"}}};
    for (const auto& [section, title_zh, title_en] : sections) {
        bool first = true;
        for (const DutyLine& line : lines) {
            if (line.section != section) continue;
            if (first) text += std::string(zh ? title_zh : title_en) + "\n";
            first = false;
            const KindNo kind = kinds->edge(line.kind);
            text += "  " + (kind == no_kind ? line.kind
                            : zh            ? kinds->edges()[kind].zh
                                            : kinds->edges()[kind].en);
            if (!line.name.empty() || !line.object.empty())
                text += (zh ? "：" : ": ") + name_or_id(line.name, line.object);
            if (!line.deadline.empty()) text += (zh ? "，" : ", ") + line.deadline;
            if (!line.basis.empty()) text += (zh ? "（" : " (") + line.basis + (zh ? "）" : ")");
            text += "\n";
        }
    }
    return text;
}

Table DutyList::table() const {
    std::array<TextBuilder, 9> columns;
    for (const DutyLine& line : lines) {
        const std::string sectors = join(line.sectors, ";");
        std::size_t i = 0;
        for (const std::string* cell :
             {&line.section, &line.kind, &line.object, &line.name, &line.through, &line.duty,
              &line.deadline, &sectors, &line.basis})
            columns.at(i++).append(*cell);
    }
    constexpr std::array<const char*, 9> names{"section", "kind",     "object",  "name", "through",
                                               "duty",    "deadline", "sectors", "basis"};
    Table table(Origin{"duty_list", {}, -1, {}, -1});
    for (std::size_t i = 0; i < names.size(); ++i)
        table.add(names.at(i), columns.at(i).finish());
    return table;
}

}  // namespace safetyrisk::graph
