// Answers for many nodes at once: nodes that have the same neighbours have the same answer.
#include "finder.hpp"
#include "words.hpp"

#include <safetyrisk/core/error.hpp>

#include <algorithm>

namespace safetyrisk::graph {
namespace {

using Data = Who::Data;
using Start = Capacities::Start;
using BySector = Capacities::BySector;

// What the answers of a part depend on.
struct Part {
    struct Neighbour {
        KindNo edge;
        bool against;
        friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
    };
    std::vector<Neighbour> own;     // edges at the node itself
    std::vector<Neighbour> places;  // edges at the places it lies in
    bool sectors = false;
};

Part part_of(const Capacities& capacities, std::uint8_t number) {
    Part part;
    for (const Capacities::Capacity& capacity : capacities.all) {
        if (capacity.part != number) continue;
        for (const Capacities::Pattern& pattern : capacity.patterns) {
            for (const Capacities::Step& step : pattern.steps)
                part.sectors = part.sectors || step.sector != BySector::no;
            if (pattern.start == Start::answers) continue;
            auto& list = pattern.start == Start::places ? part.places : part.own;
            list.push_back({pattern.steps.front().edge, pattern.steps.front().against});
        }
    }
    for (auto* list : {&part.own, &part.places}) {
        std::sort(list->begin(), list->end());
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    return part;
}

// Two sums of 64 bits: with 10⁷ keys two of them meet by chance once in 10²⁴ runs.
struct Key {
    std::uint64_t a = 0x243f6a8885a308d3U, b = 0x13198a2e03707344U;

    void add(std::uint64_t x) {
        a = mix(a ^ x) + 0x9e3779b97f4a7c15U;
        b = mix(b + x * 0xd6e8feb86659fd93U) ^ 0xa4093822299f31d0U;
    }
    friend bool operator==(const Key&, const Key&) = default;

private:
    static std::uint64_t mix(std::uint64_t x) {
        x ^= x >> 32U;
        x *= 0xe9846af9b1a615dU;
        x ^= x >> 32U;
        x *= 0xe9846af9b1a615dU;
        return x ^ (x >> 28U);
    }
};

template <class F>
void each_edge(const View& view, NodeNo node, const Part::Neighbour& to, F&& f) {
    if (to.against) {
        for (const EdgeNo e : view.in_range(node, to.edge))
            f(e, view.source(e));
    } else {
        const auto [first, last] = view.out_range(node, to.edge);
        for (EdgeNo e = first; e != last; ++e)
            f(e, view.target(e));
    }
}

// Where the answers of a part that begin at places begin to differ: the nearest place at or above
// that has any of the part's edges, and how sure the way there is.
class Anchors {
public:
    Anchors(const View& view, const Part& part) : view_(view), part_(part) {
        const Store& s = view.s;
        if (part.places.empty()) return;
        // Where places have several parents or run in a circle, each is its own anchor.
        std::vector<std::uint8_t> state(s.n());
        std::vector<NodeNo> walk;
        for (NodeNo v = 0; v < s.n() && plain_; ++v) {
            if (!s.kind_of(v).place || state[v] != 0) continue;
            walk.clear();
            NodeNo p = v;
            while (p != none && state[p] == 0) {
                state[p] = 1;
                walk.push_back(p);
                p = up(p);
            }
            if (p != none && state[p] == 1) plain_ = false;
            for (const NodeNo w : walk)
                state[w] = 2;
        }
        if (!plain_) return;
        anchor_.assign(s.n(), none);
        sureness_.assign(s.n(), Sureness::stated);
        std::fill(state.begin(), state.end(), std::uint8_t{0});
        for (NodeNo v = 0; v < s.n(); ++v) {
            if (!s.kind_of(v).place || state[v] != 0) continue;
            walk.clear();
            NodeNo p = v;
            while (p != none && state[p] == 0 && !has_edges(p)) {
                walk.push_back(p);
                p = up(p);
            }
            if (p != none && state[p] == 0) {
                anchor_[p] = p;
                state[p] = 1;
            }
            for (std::size_t i = walk.size(); i-- > 0;) {
                const NodeNo w = walk[i];
                state[w] = 1;
                if (p == none) {  // nothing up to the root: the root is the anchor
                    anchor_[w] = i + 1 == walk.size() ? w : anchor_[walk[i + 1]];
                } else {
                    anchor_[w] = anchor_[i + 1 == walk.size() ? p : walk[i + 1]];
                }
                if (anchor_[w] != w) {
                    const NodeNo above = i + 1 == walk.size() ? p : walk[i + 1];
                    sureness_[w] = std::max(sureness_[above],
                                            view_.sureness(view_.first_out(w, s.known.part_of)));
                }
            }
        }
    }

    NodeNo of(NodeNo place) const { return plain_ ? anchor_[place] : place; }
    Sureness sureness(NodeNo place) const { return plain_ ? sureness_[place] : Sureness::stated; }

private:
    NodeNo up(NodeNo place) {
        NodeNo parent = none;
        std::size_t parents = 0;
        view_.out(place, view_.s.known.part_of, [&](EdgeNo e) {
            parent = view_.target(e);
            ++parents;
        });
        if (parents > 1) plain_ = false;
        return parent;
    }
    bool has_edges(NodeNo place) const {
        bool any = false;
        for (const Part::Neighbour& to : part_.places)
            each_edge(view_, place, to, [&](EdgeNo, NodeNo) { any = true; });
        return any;
    }

    const View& view_;
    const Part& part_;
    bool plain_ = true;
    std::vector<NodeNo> anchor_;
    std::vector<Sureness> sureness_;
};

struct Class {
    std::uint32_t node;  // index of its first member
    NodeNo anchor;
    Sureness sureness;
};

// The classes of one part.
struct Classes {
    std::vector<std::uint32_t> of;  // by node asked
    std::vector<Class> all;
};

Classes classify(const View& view, const Asked& asked, const Part& part,
                 std::span<const NodeNo> nodes) {
    const Store& s = view.s;
    const Anchors anchors(view, part);
    Classes classes;
    classes.of.resize(nodes.size());
    std::vector<Key> keys;
    std::size_t mask = 1023;
    std::vector<std::uint32_t> slots(mask + 1, none);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const NodeNo v = nodes[i];
        Key key;
        NodeNo anchor = none;
        Sureness sureness = Sureness::stated;
        key.add(s.node_kind[v]);
        if (!view.is(v, s.known.enterprise)) {
            key.add(v);  // what is not an enterprise is asked on its own
        } else {
            for (const Part::Neighbour& to : part.own)
                each_edge(view, v, to, [&](EdgeNo e, NodeNo other) {
                    key.add((std::uint64_t{s.edge_kind[e]} << 40U) | other);
                    key.add((std::uint64_t{view.sectors(e)} << 8U) | s.flags[e]);
                    key.add(view.links(e));
                    if (!s.document.empty()) key.add(s.document[e]);
                    if (!s.clause.empty()) key.add(s.clause[e]);
                    const bool active = view.active(e);
                    key.add(active ? 1 : 0);
                    if (!active && !s.edge_from.empty())
                        key.add((std::uint64_t{static_cast<std::uint32_t>(s.edge_from[e])} << 32U) |
                                static_cast<std::uint32_t>(s.edge_to[e]));
                });
            if (!part.places.empty()) {
                const NodeNo place = view.place_of(v);
                if (place != none && view.alive(place)) {
                    anchor = anchors.of(place);
                    sureness = anchors.sureness(place);
                }
                key.add(anchor == none ? place : anchor);
                key.add((anchor == none ? 4U : 0U) + static_cast<std::uint64_t>(sureness));
            }
            if (part.sectors) {
                const Question question = asked.of(view, v);
                key.add(question.sectors.size());
                for (const std::uint16_t sector : question.sectors)
                    key.add(sector);
                key.add(question.links);
            }
        }
        std::size_t slot = key.a & mask;
        while (slots[slot] != none && !(keys[slots[slot]] == key))
            slot = (slot + 1) & mask;
        if (slots[slot] == none) {
            slots[slot] = static_cast<std::uint32_t>(keys.size());
            keys.push_back(key);
            classes.all.push_back({static_cast<std::uint32_t>(i), anchor, sureness});
            classes.of[i] = slots[slot];
            if (keys.size() * 2 > mask) {
                mask = mask * 2 + 1;
                slots.assign(mask + 1, none);
                for (std::uint32_t c = 0; c < keys.size(); ++c) {
                    std::size_t to = keys[c].a & mask;
                    while (slots[to] != none)
                        to = (to + 1) & mask;
                    slots[to] = c;
                }
            }
        } else {
            classes.of[i] = slots[slot];
        }
    }
    return classes;
}

// What one task finds.
struct Found {
    struct Row {
        std::int64_t number;  // of its class
        std::uint32_t step;   // in `steps`
        NodeNo node;
        std::uint8_t capacity, sureness, flags;
    };
    struct Step {
        std::int32_t parent;  // in `steps`, -1 none
        std::int32_t source, target;
        std::uint8_t kind;  // number of edge kinds for LOCATED_IN
        bool against;
    };
    std::vector<Row> rows;
    std::vector<Step> steps;
    std::vector<std::pair<std::int64_t, Missing>> missing;
    bool truncated = false;
};

void collect(const View& view, const Data& data, std::int64_t number, Lang lang,
             std::vector<std::int32_t>& place, Found& found) {
    const auto located = static_cast<std::uint8_t>(view.s.kinds->edges().size());
    place.assign(data.steps.size(), -1);
    std::vector<std::uint32_t> walk;
    for (const Data::Row& row : data.rows) {
        walk.clear();
        std::uint32_t at = row.step;
        while (data.steps[at].parent != none && place[at] < 0) {
            walk.push_back(at);
            at = data.steps[at].parent;
        }
        for (std::size_t i = walk.size(); i-- > 0;) {
            const Data::Step& step = data.steps[walk[i]];
            const NodeNo before = data.steps[step.parent].node;
            const auto code = [&](NodeNo v) {
                return v == data.node ? -1 : static_cast<std::int32_t>(v);
            };
            place[walk[i]] = static_cast<std::int32_t>(found.steps.size());
            found.steps.push_back({place[step.parent], code(step.against ? step.node : before),
                                   code(step.against ? before : step.node),
                                   step.edge == none ? located : view.kind(step.edge),
                                   step.against});
        }
        const Data::Step& last = data.steps[row.step];
        std::uint8_t flags = 0;
        if (last.edge != none)
            flags = static_cast<std::uint8_t>((view.lead(last.edge) ? 1 : 0) |
                                              (view.enforce(last.edge) ? 2 : 0));
        found.rows.push_back({number, static_cast<std::uint32_t>(place[row.step]), last.node,
                              row.capacity, static_cast<std::uint8_t>(last.sureness), flags});
    }
    for (const Data::Gap& gap : data.gaps)
        found.missing.emplace_back(number, make_missing(view, data, gap, lang, true));
    found.truncated = found.truncated || data.truncated;
}

Table named(const char* name) {
    return Table(Origin{name, {}, -1, {}, -1});
}

}  // namespace

WhoAll who_all(const ResponsibilityGraph& graph, std::span<const NodeNo> given,
               const WhoOptions& options, const Work& work, Lang lang) {
    const Store& s = graph.store();
    const View view(s, graph.day(options.on));
    const Asked asked(s, options);
    const Capacities& capacities = *asked.capacities;
    std::vector<NodeNo> nodes(given.begin(), given.end());
    if (given.empty())
        for (NodeNo v = 0; v < s.n(); ++v)
            if (s.is(v, s.known.enterprise) && view.alive(v)) nodes.push_back(v);
    for (const NodeNo v : nodes) {
        if (v >= s.n()) throw InputError("there is no node number " + std::to_string(v));
        if (!capacities.subjects.test(view.node_kind(v))) (void)asked.of(view, v);  // throws
    }

    WhoAll result;
    result.parts.resize(capacities.parts);
    for (const std::size_t c : capacities.order)
        result.parts[capacities.all[c].part].push_back(capacities.all[c].id);

    std::vector<Classes> classes(capacities.parts);
    for_tasks(capacities.parts, work, [&](std::size_t part) {
        classes[part] =
            classify(view, asked, part_of(capacities, static_cast<std::uint8_t>(part)), nodes);
    });

    // Classes of all parts, one after the other, in tasks of a fixed size.
    constexpr std::size_t per_task = 2048;
    struct Task {
        std::size_t part, begin, end;
        std::int64_t first;
    };
    std::vector<Task> tasks;
    std::int64_t first = 0;
    for (std::size_t part = 0; part < classes.size(); ++part) {
        const std::size_t n = classes[part].all.size();
        for (std::size_t begin = 0; begin < n; begin += per_task)
            tasks.push_back({part, begin, std::min(begin + per_task, n), first});
        first += static_cast<std::int64_t>(n);
    }
    result.classes = static_cast<std::size_t>(first);
    std::vector<Found> found(tasks.size());
    for_tasks(tasks.size(), work, [&](std::size_t t) {
        const Task& task = tasks[t];
        Finder finder(view, asked.capacities);
        std::vector<std::int32_t> place;
        for (std::size_t c = task.begin; c < task.end; ++c) {
            const Class& one = classes[task.part].all[c];
            Question question = asked.of(view, nodes[one.node]);
            question.parts = 1U << task.part;
            question.anchor = one.anchor;
            question.anchor_sureness = one.sureness;
            collect(view, finder.ask(question), task.first + static_cast<std::int64_t>(c), lang,
                    place, found[t]);
        }
    });

    // Members.
    const auto codes_of = [&](auto&& code, std::size_t n) {
        std::vector<std::int32_t> codes(n);
        for (std::size_t i = 0; i < n; ++i)
            codes[i] = static_cast<std::int32_t>(code(i));
        return codes;
    };
    result.members = named("members");
    result.members.add(
        "node",
        Column::of_codes(codes_of([&](std::size_t i) { return nodes[i]; }, nodes.size()), s.ids));
    first = 0;
    for (std::size_t part = 0; part < classes.size(); ++part) {
        std::vector<std::int64_t> numbers(nodes.size());
        for (std::size_t i = 0; i < nodes.size(); ++i)
            numbers[i] = first + classes[part].of[i];
        first += static_cast<std::int64_t>(classes[part].all.size());
        result.members.add("part_" + std::to_string(part + 1), Column::of(std::move(numbers)));
        classes[part] = {};
    }

    // Rows, steps and gaps, task after task.
    std::size_t rows = 0, steps = 0;
    for (const Found& one : found) {
        rows += one.rows.size();
        steps += one.steps.size();
        result.truncated = result.truncated || one.truncated;
    }
    std::vector<std::int64_t> row_class, row_step, step_parent;
    std::vector<std::int32_t> row_capacity, row_node, row_sureness, step_kind, step_source,
        step_target;
    std::vector<std::uint8_t> lead, enforce, against, has_parent;
    for (auto* column : {&row_class, &row_step})
        column->reserve(rows);
    for (auto* column : {&row_capacity, &row_node, &row_sureness})
        column->reserve(rows);
    for (auto* column : {&step_kind, &step_source, &step_target})
        column->reserve(steps);
    step_parent.reserve(steps);
    std::array<TextBuilder, 9> gaps;
    std::vector<std::int64_t> gap_class;
    std::int64_t offset = 0;
    for (Found& one : found) {
        for (const Found::Row& row : one.rows) {
            row_class.push_back(row.number);
            row_step.push_back(offset + row.step);
            row_capacity.push_back(row.capacity);
            row_node.push_back(static_cast<std::int32_t>(row.node));
            row_sureness.push_back(row.sureness);
            lead.push_back(row.flags & 1U);
            enforce.push_back((row.flags >> 1U) & 1U);
        }
        for (const Found::Step& step : one.steps) {
            has_parent.push_back(step.parent >= 0);
            step_parent.push_back(step.parent < 0 ? 0 : offset + step.parent);
            step_kind.push_back(step.kind);
            step_source.push_back(step.source);
            step_target.push_back(step.target);
            against.push_back(step.against);
        }
        for (const auto& [number, m] : one.missing) {
            gap_class.push_back(number);
            std::size_t i = 0;
            for (const std::string* cell : {&m.capacity, &m.rule, &m.sector, &m.link, &m.pattern,
                                            &m.step, &m.broken_at, &m.code, &m.reason})
                gaps.at(i++).append(*cell);
        }
        offset += static_cast<std::int64_t>(one.steps.size());
        one = {};
    }
    std::vector<std::string> words, kinds;
    for (const Capacities::Capacity& capacity : capacities.all)
        words.push_back(capacity.id);
    for (const EdgeKind& kind : s.kinds->edges())
        kinds.push_back(kind.id);
    kinds.emplace_back("LOCATED_IN");
    const std::vector<std::string> sure = {"stated", "expanded", "inferred"};
    result.answers = named("answers");
    result.answers.add("class", Column::of(std::move(row_class)));
    result.answers.add("capacity", Column::of_codes(std::move(row_capacity), Column::of(words)));
    result.answers.add("node", Column::of_codes(std::move(row_node), s.ids));
    result.answers.add("step", Column::of(std::move(row_step)));
    result.answers.add("confidence", Column::of_codes(std::move(row_sureness), Column::of(sure)));
    result.answers.add("lead", Column::of_booleans(std::move(lead)));
    result.answers.add("enforce", Column::of_booleans(std::move(enforce)));
    result.steps = named("steps");
    result.steps.add("parent", Column::of(std::move(step_parent), has_parent));
    result.steps.add("kind", Column::of_codes(std::move(step_kind), Column::of(kinds)));
    result.steps.add("source", Column::of_codes(std::move(step_source), s.ids));
    result.steps.add("target", Column::of_codes(std::move(step_target), s.ids));
    result.steps.add("against", Column::of_booleans(std::move(against)));
    result.missing = named("missing");
    result.missing.add("class", Column::of(std::move(gap_class)));
    constexpr std::array<const char*, 9> names{
        "capacity", "rule", "sector", "link", "pattern", "step", "broken_at", "code", "reason"};
    for (std::size_t i = 0; i < names.size(); ++i)
        result.missing.add(names.at(i), gaps.at(i).finish());
    return result;
}

}  // namespace safetyrisk::graph
