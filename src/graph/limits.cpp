// Cardinalities of the pack of kinds: how many edges of a kind a node has, and which kinds run in
// no circle. A kind with a rule of its own is that rule's.
//
// Too many is asked of all days together; too few and circles of one day: the data date, without
// one the last day on which anything begins. A kind of which the tables have no edge is a relation
// that nobody keeps here, and is not missed.
#include "build.hpp"
#include "words.hpp"

#include <safetyrisk/graph/digraph.hpp>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace safetyrisk::graph::detail {
namespace {

struct Span {
    NodeNo other = none;
    std::int32_t from = always_from, to = always_to;
    EdgeNo edge = none;
};

class Limits {
public:
    explicit Limits(Store& store) : s_(store), view_(store, reference_day(store)) {}

    void check(KindNo number, const EdgeKind& kind) {
        const bool ruled = is_rule(kind.rule);
        const bool in = !(ruled && kind.rule_in), out = !(ruled && kind.rule_out);
        const bool circle = kind.acyclic && !(ruled && kind.rule_acyclic);
        const bool limits = (out && kind.least_out + kind.most_out != 0) ||
                            (in && kind.least_in + kind.most_in + kind.most_in_principal != 0);
        if (!limits && !circle) return;
        edges_.clear();
        for (EdgeNo e = 0; e < s_.m(); ++e)
            if (s_.edge_kind[e] == number) edges_.push_back(e);
        if (edges_.empty()) return;
        const auto any = [](NodeNo) { return true; };
        if (out)
            side(number, kind, true, kind.least_out, kind.most_out, kind.from, kind.counted_from,
                 any);
        if (in) {
            side(number, kind, false, kind.least_in, kind.most_in, kind.to, kind.counted_to, any);
            side(number, kind, false, 0, kind.most_in_principal, kind.to, kind.counted_to,
                 [&](NodeNo v) {
                     return s_.post_kind[v] != no_kind &&
                            s_.kinds->posts()[s_.post_kind[v]].principal;
                 });
        }
        if (circle) circles(kind);
    }

private:
    static Date reference_day(const Store& s) {
        if (s.data_date) return *s.data_date;
        std::int32_t last = 0;
        for (const auto* column : {&s.edge_from, &s.node_from})
            for (const std::int32_t day : *column)
                last = std::max(last, day);
        return Date(last);
    }

    template <class Asked>
    void side(KindNo number, const EdgeKind& kind, bool out, std::uint32_t least,
              std::uint32_t most, const std::vector<KindNo>& ends,
              const std::vector<KindNo>& counted, Asked&& of_those) {
        if (least == 0 && most == 0) return;
        const auto asked = [&](NodeNo v) {
            const auto& kinds = counted.empty() ? ends : counted;
            return of_those(v) && (kinds.empty() || std::find(kinds.begin(), kinds.end(),
                                                              s_.node_kind[v]) != kinds.end());
        };
        if (most != 0) {
            counts_.assign(s_.n(), 0);
            for (const EdgeNo e : edges_)
                ++counts_[out ? s_.source[e] : s_.target[e]];
            for (NodeNo v = 0; v < s_.n(); ++v)
                if (counts_[v] > most && asked(v)) too_many(v, number, kind, out, most);
        }
        if (least == 0) return;
        std::vector<NodeNo> others;
        for (NodeNo v = 0; v < s_.n(); ++v) {
            if (!asked(v) || !view_.alive(v)) continue;
            others.clear();
            const auto take = [&](EdgeNo e) {
                others.push_back(out ? s_.target[e] : s_.source[e]);
            };
            if (out)
                view_.out(v, number, take);
            else
                view_.in(v, number, take);
            std::sort(others.begin(), others.end());
            const auto found = std::unique(others.begin(), others.end()) - others.begin();
            if (static_cast<std::uint32_t>(found) < least)
                s_.issues.add("graph.edges_too_few", origin(s_.node_table[v]), row(v),
                              out ? "source" : "target", s_.id(v),
                              {kind.id, std::to_string(found), std::to_string(least),
                               view_.on().text(), std::string(label(view_, v)), kind.zh});
        }
    }

    void too_many(NodeNo v, KindNo number, const EdgeKind& kind, bool out, std::uint32_t most) {
        std::vector<Span> spans;
        std::vector<std::pair<std::int32_t, int>> events;
        const auto take = [&](EdgeNo e) {
            Span span{out ? s_.target[e] : s_.source[e], always_from, always_to, e};
            const auto cut = [&](const std::vector<std::int32_t>& from,
                                 const std::vector<std::int32_t>& to, std::uint32_t at) {
                if (from.empty()) return;
                span.from = std::max(span.from, from[at]);
                span.to = std::min(span.to, to[at]);
            };
            cut(s_.edge_from, s_.edge_to, e);
            cut(s_.node_from, s_.node_to, v);
            cut(s_.node_from, s_.node_to, span.other);
            if (span.from <= span.to) spans.push_back(span);
        };
        if (out) {
            const auto [first, last] = view_.out_range(v, number);
            for (EdgeNo e = first; e != last; ++e)
                take(e);
        } else {
            for (const EdgeNo e : view_.in_range(v, number))
                take(e);
        }
        if (spans.size() <= most) return;
        // Edges to one other end are one relation as long as they follow on each other.
        std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
            return std::tuple(a.other, a.from, a.edge) < std::tuple(b.other, b.from, b.edge);
        });
        std::size_t kept = 0;
        for (const Span& span : spans) {
            if (kept > 0 && spans[kept - 1].other == span.other && span.from <= spans[kept - 1].to)
                spans[kept - 1].to = std::max(spans[kept - 1].to, span.to);
            else
                spans[kept++] = span;
        }
        spans.resize(kept);
        for (const Span& span : spans) {
            events.emplace_back(span.from, 1);
            if (span.to != always_to) events.emplace_back(span.to + 1, -1);
        }
        std::sort(events.begin(), events.end());
        int count = 0;
        std::uint32_t highest = 0;
        std::int32_t day = always_from;
        for (const auto& [when, step] : events) {
            count += step;
            if (static_cast<std::uint32_t>(std::max(count, 0)) > highest) {
                highest = static_cast<std::uint32_t>(count);
                day = when;
            }
        }
        if (highest <= most) return;
        // A row that says so: of those that meet on that day the last, columns of nodes aside.
        EdgeNo witness = none;
        std::int32_t last_day = always_to;
        const auto weight = [&](EdgeNo e) { return std::pair(!s_.derived(e), s_.edge_row[e]); };
        for (const Span& span : spans) {
            if (day < span.from || span.to < day) continue;
            last_day = std::min(last_day, span.to);
            if (witness == none || weight(span.edge) > weight(witness)) witness = span.edge;
        }
        if (day == always_from) day = last_day == always_to ? view_.day() : last_day;
        s_.issues.add("graph.edges_too_many", origin(s_.edge_table[witness]),
                      static_cast<std::int64_t>(s_.edge_row[witness]), out ? "source" : "target",
                      s_.id(v),
                      {kind.id, std::to_string(highest), std::to_string(most), Date(day).text(),
                       std::string(label(view_, v)), kind.zh});
    }

    void circles(const EdgeKind& kind) {
        std::vector<std::uint32_t> from, to;
        std::vector<EdgeNo> kept;
        for (const EdgeNo e : edges_)
            if (view_.dated(e)) {
                kept.push_back(e);
                from.push_back(s_.source[e]);
                to.push_back(s_.target[e]);
            }
        const Components parts = strong_components(Digraph::build(
            s_.n(), std::span<const std::uint32_t>(from), std::span<const std::uint32_t>(to)));
        std::vector<EdgeNo> first(s_.n(), none);  // an edge of each circle
        std::vector<std::uint32_t> size(s_.n(), 0);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            if (parts.label[from[i]] != parts.label[to[i]]) continue;
            EdgeNo& one = first[parts.label[from[i]]];
            one = std::min(one, kept[i]);
        }
        for (const std::uint32_t label : parts.label)
            ++size[label];
        for (std::size_t label = 0; label < first.size(); ++label)
            if (const EdgeNo e = first[label]; e != none)
                s_.issues.add(
                    "graph.edges_in_circle", origin(s_.edge_table[e]),
                    static_cast<std::int64_t>(s_.edge_row[e]), "source", s_.id(s_.source[e]),
                    {kind.id, std::to_string(size[label]),
                     std::string(safetyrisk::graph::label(view_, s_.source[e])), kind.zh});
    }

    Origin origin(std::uint8_t table) const {
        return table < s_.tables.size() ? s_.tables[table].origin()
                                        : Origin{"divisions", "", -1, {}, -1};
    }
    std::int64_t row(NodeNo v) const {
        return s_.node_table[v] < s_.tables.size() ? static_cast<std::int64_t>(s_.node_row[v]) : -1;
    }

    Store& s_;
    View view_;
    std::vector<EdgeNo> edges_;  // of the kind
    std::vector<std::uint32_t> counts_;
};

}  // namespace

void check_limits(Store& store) {
    Limits limits(store);
    const auto& kinds = store.kinds->edges();
    for (std::size_t i = 0; i < kinds.size(); ++i)
        limits.check(static_cast<KindNo>(i), kinds[i]);
}

}  // namespace safetyrisk::graph::detail
