#include <safetyrisk/core/pack.hpp>

#include "graph/rules.hpp"

#include <algorithm>
#include <tuple>

namespace safetyrisk::graph {

// ── the territory ──

Territory::Territory(const View& view) : Places(view) {
    const auto places = static_cast<std::uint32_t>(size());
    std::vector<std::uint32_t> least;  // number of each circle
    for (std::uint32_t p = 0; p < places; ++p) {
        least.resize(std::max<std::size_t>(least.size(), std::size_t{circle(p)} + 1), none);
        least[circle(p)] = std::min(least[circle(p)], p);
    }
    const auto above = [&](std::uint32_t p) {
        return circle(p) != 0 && least[circle(p)] == p ? none : parent(p);
    };

    // Places below each, in id order; then each before what lies below it.
    std::vector<std::uint32_t> begin(std::size_t{places} + 2, 0), below(places);
    for (std::uint32_t p = 0; p < places; ++p)
        if (above(p) != none) ++begin[above(p) + 2];
    for (std::size_t i = 2; i < begin.size(); ++i)
        begin[i] += begin[i - 1];
    for (std::uint32_t p = 0; p < places; ++p)
        if (above(p) != none) below[begin[above(p) + 1]++] = p;
    depth_.assign(places, 0);
    asked_.assign(places, 0);
    enter_.assign(places, 0);
    leave_.assign(places, 0);
    order_.reserve(places);
    std::vector<std::uint32_t> stack;
    for (std::uint32_t p = places; p-- > 0;)
        if (above(p) == none) stack.push_back(p);
    while (!stack.empty()) {
        const std::uint32_t p = stack.back();
        stack.pop_back();
        enter_[p] = static_cast<std::uint32_t>(order_.size());
        leave_[p] = enter_[p] + 1;
        order_.push_back(p);
        if (above(p) != none) depth_[p] = depth_[above(p)] + 1;
        asked_[p] = checked(p) || (above(p) == none ? !view.is(node(p), view.s.known.region)
                                                    : asked_[above(p)] != 0);
        for (std::uint32_t i = begin[p + 1]; i-- > begin[p];)
            stack.push_back(below[i]);
    }
    for (std::size_t i = order_.size(); i-- > 0;) {
        const std::uint32_t p = order_[i];
        if (above(p) != none) leave_[above(p)] = std::max(leave_[above(p)], leave_[p]);
    }
}

// ── nodes and edges ──

RuleContext::RuleContext(const View& v, const std::vector<NodeNo>* only)
    : view(v), s(v.s), k(v.s.known), only_(only) {}

bool RuleContext::named(NodeNo v) const {
    return only_ == nullptr || std::binary_search(only_->begin(), only_->end(), v);
}

const std::vector<NodeNo>& RuleContext::nodes(KindNo kind) const {
    std::call_once(nodes_once_, [&] {
        nodes_.resize(256);
        for (NodeNo v = 0; v < view.n(); ++v)
            if (view.alive(v)) nodes_[view.node_kind(v)].push_back(v);
        nodes_[no_kind].clear();
    });
    return nodes_[kind];
}

const std::vector<NodeNo>& RuleContext::subjects(KindNo kind) const {
    std::call_once(subjects_once_[kind], [&] {
        std::vector<NodeNo>& out = subjects_[kind];
        if (only_ == nullptr) {
            out = nodes(kind);
        } else if (kind != no_kind) {
            for (const NodeNo v : *only_)
                if (v < view.n() && view.is(v, kind) && view.alive(v)) out.push_back(v);
        }
        std::erase_if(out, [&](NodeNo v) { return !asked(v); });
    });
    return subjects_[kind];
}

const std::vector<EdgeNo>& RuleContext::edges(KindNo kind) const {
    std::call_once(edges_once_, [&] {
        edges_.resize(256);
        const auto m = static_cast<EdgeNo>(s.m());
        for (EdgeNo e = 0; e < m; ++e)
            if (view.active(e)) edges_[s.edge_kind[e]].push_back(e);
        if (const Overlay* overlay = view.overlay(); overlay != nullptr)
            for (std::size_t i = 0; i < overlay->edges.size(); ++i) {
                const auto e = static_cast<EdgeNo>(s.m() + i);
                if (view.active(e)) edges_[view.kind(e)].push_back(e);
            }
        edges_[no_kind].clear();
    });
    return edges_[kind];
}

// ── places ──

const Territory& RuleContext::territory() const {
    std::call_once(territory_once_, [&] { territory_ = std::make_unique<Territory>(view); });
    return *territory_;
}

const Regulators& RuleContext::regulators() const {
    std::call_once(regulators_once_,
                   [&] { regulators_ = std::make_unique<Regulators>(territory()); });
    return *regulators_;
}

const Regulators& RuleContext::sector_hosts() const {
    std::call_once(hosts_once_,
                   [&] { hosts_ = std::make_unique<Regulators>(territory(), k.hosts_sector); });
    return *hosts_;
}

bool RuleContext::top(std::uint32_t place) const {
    if (!checked(place)) return false;
    const std::uint32_t above = territory().parent(place);
    return above == none || !territory().checked(above);
}

const std::vector<NodeNo>& RuleContext::places() const {
    std::call_once(places_once_, [&] {
        places_ = view.jurisdiction();
        if (only_ != nullptr) std::erase_if(places_, [&](NodeNo v) { return !is_subject(v); });
    });
    return places_;
}

std::span<const NodeNo> RuleContext::seated(std::uint32_t place) const {
    std::call_once(seats_once_, [&] {
        const Territory& land = territory();
        const std::vector<EdgeNo>& seats = edges(k.seated_in);
        seat_offsets_.assign(land.size() + 2, 0);
        for (const EdgeNo e : seats)
            if (const std::uint32_t p = land.number(view.target(e)); p != none)
                ++seat_offsets_[p + 2];
        for (std::size_t i = 2; i < seat_offsets_.size(); ++i)
            seat_offsets_[i] += seat_offsets_[i - 1];
        seats_.resize(seat_offsets_.back());
        for (const EdgeNo e : seats)
            if (const std::uint32_t p = land.number(view.target(e)); p != none)
                seats_[seat_offsets_[p + 1]++] = view.source(e);
        for (std::uint32_t p = 0; p < land.size(); ++p)
            std::sort(seats_.begin() + seat_offsets_[p], seats_.begin() + seat_offsets_[p + 1]);
    });
    if (place == none) return {};
    return std::span(seats_).subspan(seat_offsets_[place],
                                     seat_offsets_[place + 1] - seat_offsets_[place]);
}

const std::vector<std::uint32_t>& RuleContext::nearest(KindNo edge_kind) const {
    std::call_once(nearest_once_[edge_kind], [&] {
        const Territory& land = territory();
        std::vector<std::uint32_t>& out = nearest_[edge_kind];
        out.assign(land.size(), none);
        for (const EdgeNo e : edges(edge_kind))
            if (const std::uint32_t p = land.number(view.target(e)); p != none) out[p] = p;
        for (const std::uint32_t p : land.order())
            if (out[p] == none && land.parent(p) != none) out[p] = out[land.parent(p)];
    });
    return nearest_[edge_kind];
}

// ── what nodes are ──

namespace {

struct DeptNames {
    std::map<std::string, DeptFunction> functions;  // by id
    std::vector<std::pair<std::string, const DeptFunction*>> endings;
};

const DeptNames& dept_names() {
    static const DeptNames names = [] {
        DeptNames out;
        for (const auto& pack : PackRegistry::builtin().all()) {
            if (pack->kind != "departments" || !pack->is_default) continue;
            const detail::Json document = detail::parse_json(pack->canonical, pack->id);
            for (const detail::JsonView& item :
                 detail::JsonView(document, pack->id).at("content").at("functions").items()) {
                DeptFunction& one = out.functions[item.at("id").text()];
                one.id = item.at("id").text();
                one.vertical = item.has("vertical") && item.at("vertical").boolean();
                out.endings.emplace_back(item.at("zh").text(), &one);
                for (const detail::JsonView& alias : item.at("aliases").items())
                    out.endings.emplace_back(alias.text(), &one);
                for (const detail::JsonView& old : item.at("predecessors").items())
                    out.endings.emplace_back(old.at("name").text(), &one);
            }
        }
        // The longest ending says it: 市场监督管理局 is not a 管理局.
        std::sort(out.endings.begin(), out.endings.end(), [](const auto& a, const auto& b) {
            if (a.first.size() != b.first.size()) return a.first.size() > b.first.size();
            return std::tie(a.first, a.second->id) < std::tie(b.first, b.second->id);
        });
        return out;
    }();
    return names;
}

}  // namespace

const DeptFunction* function_of_name(std::string_view name) {
    for (const auto& [ending, function] : dept_names().endings)
        if (name.ends_with(ending)) return function;
    return nullptr;
}

void RuleContext::read_departments() const {
    std::call_once(functions_once_, [&] {
        const Store::Attribute function = s.attribute("function");
        const Store::Attribute vertical = s.attribute("vertical");
        const auto& known = dept_names().functions;
        for (const NodeNo v : nodes(k.dept)) {
            Dept dept;
            const Value word = function.at(view.like(v));
            const DeptFunction* by_name = nullptr;
            if (word.type == Value::Type::text) {
                dept.function = word.text;
                const auto found = known.find(dept.function);
                by_name = found == known.end() ? nullptr : &found->second;
            } else if ((by_name = function_of_name(view.name(v))) != nullptr) {
                dept.function = by_name->id;
            }
            dept.vertical =
                vertical.at(view.like(v)).yes().value_or(by_name != nullptr && by_name->vertical);
            departments_.emplace(v, std::move(dept));
        }
    });
}

std::string_view RuleContext::function(NodeNo dept) const {
    read_departments();
    const auto found = departments_.find(dept);
    return found == departments_.end() ? std::string_view()
                                       : std::string_view(found->second.function);
}

bool RuleContext::vertical(NodeNo dept) const {
    read_departments();
    const auto found = departments_.find(dept);
    return found != departments_.end() && found->second.vertical;
}

bool RuleContext::high_risk(std::uint32_t sector) const {
    for (std::size_t step = 0; sector != none && step < s.sectors.all.size(); ++step) {
        if (s.sectors.all[sector].high_risk) return true;
        sector = s.sectors.all[sector].parent;
    }
    return false;
}

bool RuleContext::leading(NodeNo post) const {
    const KindNo kind = view.post_kind(post);
    return kind != no_kind && s.kinds->posts()[kind].leading;
}

bool RuleContext::enterprise_side(NodeNo post) const {
    const KindNo kind = view.post_kind(post);
    return kind != no_kind && s.kinds->posts()[kind].enterprise;
}

}  // namespace safetyrisk::graph
