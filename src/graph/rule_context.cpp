#include <safetyrisk/core/pack.hpp>

#include "core/json_view.hpp"
#include "graph/rule_context.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace safetyrisk::graph {

// ── days ──

std::shared_ptr<Days> make_days() {
    return std::make_shared<Days>();
}

std::shared_ptr<const RuleContext> Days::at(const Store& store, Date on) {
    const std::lock_guard guard(lock_);
    const auto found = std::find_if(last_.begin(), last_.end(), [&](const auto& one) {
        return one != nullptr && one->view.on() == on;
    });
    const std::size_t at =
        found == last_.end() ? last_.size() - 1 : static_cast<std::size_t>(found - last_.begin());
    if (found == last_.end()) last_[at] = std::make_shared<const DayContext>(store, on);
    std::swap(last_[0], last_[at]);
    return {last_[0], &last_[0]->context};
}

std::size_t Days::bytes() {
    const std::lock_guard guard(lock_);
    std::size_t sum = 0;
    for (const auto& one : last_)
        if (one != nullptr) sum += one->context.bytes();
    return sum;
}

// ── nodes and edges ──

RuleContext::RuleContext(const View& v, const std::vector<NodeNo>* only,
                         std::shared_ptr<const RuleContext> day)
    : view(v), s(v.s), k(v.s.known), only_(only), day_(std::move(day)) {
    if (day_ != nullptr && view.overlay() != nullptr) find_changes();
}

void RuleContext::find_changes() {
    const Overlay& overlay = *view.overlay();
    std::vector<EdgeNo> gone(overlay.hidden_edges.begin(), overlay.hidden_edges.end());
    for (const NodeNo v : overlay.hidden_nodes) {
        if (v >= s.n()) continue;
        for (EdgeNo e = s.out_offsets[v]; e != s.out_offsets[v + 1]; ++e)
            gone.push_back(e);
        for (std::uint32_t i = s.in_offsets[v]; i != s.in_offsets[v + 1]; ++i)
            gone.push_back(s.in_edges[i]);
    }
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    for (const EdgeNo e : gone)
        if (day_->view.active(e)) changes_.edges[s.edge_kind[e]].gone.push_back(e);
    for (std::size_t i = 0; i < overlay.edges.size(); ++i) {
        const auto e = static_cast<EdgeNo>(s.m() + i);
        if (view.active(e)) changes_.edges[view.kind(e)].fresh.push_back(e);
    }

    std::unordered_map<unsigned, std::vector<NodeNo>> hidden, added;
    for (const NodeNo v : overlay.hidden_nodes)
        if (v < s.n() && day_->view.alive(v)) hidden[s.node_kind[v]].push_back(v);
    for (std::size_t i = 0; i < overlay.nodes.size(); ++i) {
        const auto v = static_cast<NodeNo>(s.n() + i);
        if (view.alive(v)) added[view.node_kind(v)].push_back(v);
    }
    for (const auto* changed : {&hidden, &added})
        for (const auto& [kind, nodes] : *changed) {
            const auto number = static_cast<KindNo>(kind);
            // The jurisdiction follows from who has a government where nobody says what it is.
            const bool rules =
                number == k.government || number == k.zone_admin || number == k.party_committee;
            changes_.land = changes_.land || s.kinds->nodes()[number].place ||
                            (rules && s.jurisdiction_given.empty());
            changes_.enterprises =
                changes_.enterprises || number == k.enterprise || number == k.risk_point;
            const auto [list, fresh] = changes_.nodes.try_emplace(kind);
            if (fresh) {
                list->second = day_->nodes(number);
                std::erase_if(list->second, [&](NodeNo v) { return overlay.hides(v); });
                const auto more = added.find(kind);
                if (more != added.end())
                    list->second.insert(list->second.end(), more->second.begin(),
                                        more->second.end());
            }
        }
    for (const auto& [kind, edges] : changes_.edges) {
        const auto number = static_cast<KindNo>(kind);
        changes_.land = changes_.land || number == k.part_of;
    }
    changes_.enterprises = changes_.enterprises || changes_.land;
    // Tables may say of an enterprise that it is a post of some unit.
    for (const auto& [post, unit] : overlay.units)
        changes_.enterprises = changes_.enterprises || view.is(post, k.enterprise);
}

EdgeChanges RuleContext::changes_of(KindNo kind) const {
    const auto found = changes_.edges.find(kind);
    if (found == changes_.edges.end()) return {};
    return {found->second.gone, found->second.fresh};
}

bool RuleContext::named(NodeNo v) const {
    return only_ == nullptr || std::binary_search(only_->begin(), only_->end(), v);
}

const std::vector<NodeNo>& RuleContext::nodes(KindNo kind) const {
    if (day_ != nullptr) {
        const auto changed = changes_.nodes.find(kind);
        return changed == changes_.nodes.end() ? day_->nodes(kind) : changed->second;
    }
    std::call_once(nodes_once_, [&] {
        nodes_.resize(256);
        for (NodeNo v = 0; v < view.n(); ++v)
            if (view.alive(v)) nodes_[view.node_kind(v)].push_back(v);
        nodes_[no_kind].clear();
        for (const auto& list : nodes_)
            bytes_ += list.capacity() * sizeof(NodeNo);
    });
    return nodes_[kind];
}

const std::vector<NodeNo>& RuleContext::subjects(KindNo kind) const {
    if (only_ == nullptr && shares_land() && changes_.nodes.count(kind) == 0 &&
        (view.overlay() == nullptr || view.overlay()->units.empty()))
        return day_->subjects(kind);
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
    if (day_ != nullptr) {
        const EdgeChanges changes = changes_of(kind);
        if (changes.empty()) return day_->edges(kind);
        std::call_once(listed_once_[kind], [&] {
            std::vector<EdgeNo>& list = listed_[kind];
            const std::vector<EdgeNo>& day = day_->edges(kind);
            list.reserve(day.size() + changes.fresh.size());
            std::set_difference(day.begin(), day.end(), changes.gone.begin(), changes.gone.end(),
                                std::back_inserter(list));
            list.insert(list.end(), changes.fresh.begin(), changes.fresh.end());
        });
        return listed_[kind];
    }
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
        for (const auto& list : edges_)
            bytes_ += list.capacity() * sizeof(EdgeNo);
    });
    return edges_[kind];
}

// ── places ──

const Territory& RuleContext::territory() const {
    std::call_once(territory_once_, [&] {
        territory_ = shares_land() ? std::make_unique<Territory>(view, day_->territory().land())
                                   : std::make_unique<Territory>(view);
        if (!shares_land()) bytes_ += territory_->land()->bytes();
    });
    return *territory_;
}

const Regulators& RuleContext::regulators() const {
    std::call_once(regulators_once_, [&] {
        regulators_ =
            shares_land()
                ? std::make_unique<Regulators>(territory(), day_->regulators(),
                                               changes_of(k.regulates), changes_of(k.guides))
                : std::make_unique<Regulators>(territory(), edges(k.regulates), edges(k.guides));
        if (!shares_land()) bytes_ += regulators_->bytes();
    });
    return *regulators_;
}

const Regulators& RuleContext::sector_hosts() const {
    std::call_once(hosts_once_, [&] {
        hosts_ =
            shares_land()
                ? std::make_unique<Regulators>(territory(), day_->sector_hosts(),
                                               changes_of(k.hosts_sector), changes_of(k.guides))
                : std::make_unique<Regulators>(territory(), edges(k.hosts_sector), edges(k.guides));
        if (!shares_land()) bytes_ += hosts_->bytes();
    });
    return *hosts_;
}

bool RuleContext::shares_enterprises() const {
    const bool posts_moved = view.overlay() != nullptr && !view.overlay()->units.empty();
    return shares_land() && !changes_.enterprises &&
           !(posts_moved && day_->enterprises().any_by_unit());
}

const Enterprises& RuleContext::enterprises() const {
    if (shares_enterprises()) return day_->enterprises();
    std::call_once(enterprises_once_, [&] {
        enterprises_ = std::make_unique<Enterprises>(territory(), nodes(k.enterprise),
                                                     std::initializer_list<std::span<const EdgeNo>>{
                                                         edges(k.regulates), edges(k.territorial)});
        bytes_ += enterprises_->bytes();
    });
    return *enterprises_;
}

const RuleContext::Scopes& RuleContext::scopes() const {
    const auto kinds = {k.regulates, k.territorial, k.grid_covers, k.paired_with};
    if (shares_enterprises() && std::all_of(kinds.begin(), kinds.end(),
                                            [&](KindNo kind) { return changes_of(kind).empty(); }))
        return day_->scopes();
    std::call_once(scopes_once_, [&] {
        const auto by_source = [&](EdgeNo a, EdgeNo b) {
            return view.source(a) != view.source(b) ? view.source(a) < view.source(b) : a < b;
        };
        std::vector<EdgeNo> all;
        for (const KindNo kind : kinds) {
            if (kind == no_kind) continue;
            const auto middle = static_cast<std::ptrdiff_t>(all.size());
            all.insert(all.end(), edges(kind).begin(), edges(kind).end());
            // Edges of the store stand by source, added ones behind them.
            const auto added = std::lower_bound(all.begin() + middle, all.end(), s.m());
            std::sort(added, all.end(), by_source);
            std::inplace_merge(all.begin() + middle, added, all.end(), by_source);
            if (!std::is_sorted(all.begin(), all.end(), by_source))
                std::inplace_merge(all.begin(), all.begin() + middle, all.end(), by_source);
        }
        scopes_ = scopes_of(std::move(all));
        bytes_ += scopes_.edges.capacity() * sizeof(EdgeNo) +
                  scopes_.units.capacity() * sizeof(Scopes::Unit);
    });
    return scopes_;
}

RuleContext::Scopes RuleContext::scopes_of(std::vector<EdgeNo> edges) const {
    Scopes out;
    out.edges = std::move(edges);
    const std::vector<EdgeNo>& all = out.edges;
    std::size_t units = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        units += i == 0 || view.source(all[i]) != view.source(all[i - 1]) ? 1U : 0U;
    out.units.reserve(units);
    const Enterprises& counted = enterprises();
    Sectors::Touched touched(s.sectors);
    const auto count = [&](Scopes::Unit& unit) {
        const auto entries = counted.sums(counted.anchor_of()[unit.place]);
        for (const SetNo set : touched.of(view.sectors(all[unit.first]))) {
            const auto at = std::lower_bound(
                entries.begin(), entries.end(), set,
                [](const Enterprises::Entry& entry, SetNo wanted) { return entry.set < wanted; });
            if (at == entries.end() || at->set != set) continue;
            for (std::size_t c = 0; c < unit.by.size(); ++c)
                unit.by[c] += at->by[c];
        }
    };
    for (std::size_t i = 0; i < all.size();) {
        Scopes::Unit unit{.node = view.source(all[i]), .first = static_cast<std::uint32_t>(i)};
        unit.peers = peers(unit.node);
        for (; i < all.size() && view.source(all[i]) == unit.node; ++i) {
            const KindNo kind = view.kind(all[i]);
            const std::uint32_t p = territory().number(view.target(all[i]));
            if (p == none || (kind != k.regulates && kind != k.territorial)) continue;
            const std::uint32_t anchor = counted.anchor_of()[p];
            if (anchor == none || counted.anchors()[anchor] != p) out.at_anchors = false;
            if (kind == k.regulates) unit.place = p;
        }
        unit.last = static_cast<std::uint32_t>(i);
        if (unit.last - unit.first != 1) unit.place = none;
        if (unit.place != none && counted.anchor_of()[unit.place] != none) count(unit);
        out.units.push_back(unit);
    }
    return out;
}

const SoleRegulators& RuleContext::sole_regulators() const {
    std::call_once(alone_once_, [&] {
        alone_ = shares_enterprises() && !territory().land()->circles
                     ? std::make_unique<SoleRegulators>(*this, *day_, day_->sole_regulators())
                     : std::make_unique<SoleRegulators>(*this);
        bytes_ += alone_->bytes();
    });
    return *alone_;
}

bool RuleContext::top(std::uint32_t place) const {
    if (!checked(place)) return false;
    const std::uint32_t above = territory().parent(place);
    return above == none || !territory().checked(above);
}

const std::vector<NodeNo>& RuleContext::places() const {
    std::call_once(places_once_, [&] {
        places_ = territory().land()->jurisdiction;
        if (only_ != nullptr) std::erase_if(places_, [&](NodeNo v) { return !is_subject(v); });
    });
    return places_;
}

std::span<const NodeNo> RuleContext::seated(std::uint32_t place) const {
    if (place == none) return {};
    const Territory& land = territory();
    if (shares_land()) {
        std::call_once(seats_once_, [&] {
            const EdgeChanges changes = changes_of(k.seated_in);
            const auto seats = [&](EdgeNo e) -> std::vector<NodeNo>* {
                const std::uint32_t p = land.number(view.target(e));
                if (p == none) return nullptr;
                const auto [at, fresh] = changed_seats_.try_emplace(p);
                if (fresh) {
                    const auto day = day_->seated(p);
                    at->second.assign(day.begin(), day.end());
                }
                return &at->second;
            };
            for (const EdgeNo e : changes.gone)
                if (auto* const list = seats(e); list != nullptr)
                    list->erase(std::lower_bound(list->begin(), list->end(), view.source(e)));
            for (const EdgeNo e : changes.fresh)
                if (auto* const list = seats(e); list != nullptr)
                    list->insert(std::upper_bound(list->begin(), list->end(), view.source(e)),
                                 view.source(e));
        });
        const auto changed = changed_seats_.find(place);
        return changed == changed_seats_.end() ? day_->seated(place) : changed->second;
    }
    std::call_once(seats_once_, [&] {
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
        bytes_ += (seat_offsets_.capacity() + seats_.capacity()) * sizeof(NodeNo);
    });
    return std::span(seats_).subspan(seat_offsets_[place],
                                     seat_offsets_[place + 1] - seat_offsets_[place]);
}

const std::vector<std::uint32_t>& RuleContext::nearest(KindNo edge_kind) const {
    if (shares_land() && changes_of(edge_kind).empty()) return day_->nearest(edge_kind);
    std::call_once(nearest_once_[edge_kind], [&] {
        const Territory& land = territory();
        std::vector<std::uint32_t>& out = nearest_[edge_kind];
        if (shares_land() && !land.land()->circles) {
            const std::vector<std::uint32_t>& day = day_->nearest(edge_kind);
            out = day;
            std::map<std::uint32_t, bool> own;  // places whose edges change
            const EdgeChanges changes = changes_of(edge_kind);
            for (const auto list : {changes.gone, changes.fresh})
                for (const EdgeNo e : list)
                    if (const std::uint32_t p = land.number(view.target(e)); p != none)
                        own[p] = view.first_in(view.target(e), edge_kind) != none;
            for (const auto& [top, any] : own)
                for (std::uint32_t i = land.enter(top); i < land.leave(top); ++i) {
                    const std::uint32_t p = land.order()[i], above = land.parent(p);
                    const auto changed = own.find(p);
                    const bool has = changed == own.end() ? day[p] == p : changed->second;
                    out[p] = has ? p : above == none ? none : out[above];
                }
            return;
        }
        out.assign(land.size(), none);
        for (const EdgeNo e : edges(edge_kind))
            if (const std::uint32_t p = land.number(view.target(e)); p != none) out[p] = p;
        for (const std::uint32_t p : land.order())
            if (out[p] == none && land.parent(p) != none) out[p] = out[land.parent(p)];
        bytes_ += out.capacity() * sizeof(std::uint32_t);
    });
    return nearest_[edge_kind];
}

// ── what nodes are ──

namespace {

struct DeptNames {
    std::map<std::string, DeptFunction, std::less<>> functions;  // by id
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

const Store::Attribute& RuleContext::function_attribute() const {
    std::call_once(functions_once_, [&] {
        function_ = s.attribute("function");
        vertical_ = s.attribute("vertical");
    });
    return *function_;
}

std::string_view RuleContext::function(NodeNo dept) const {
    if (!view.is(dept, k.dept) || !view.alive(dept)) return {};
    const Value word = function_attribute().at(view.like(dept));
    if (word.type == Value::Type::text) return word.text;
    const DeptFunction* const named = function_of_name(view.name(dept));
    return named == nullptr ? std::string_view() : std::string_view(named->id);
}

bool RuleContext::vertical(NodeNo dept) const {
    if (!view.is(dept, k.dept) || !view.alive(dept)) return false;
    const Store::Attribute& function = function_attribute();
    if (const auto said = vertical_->at(view.like(dept)).yes()) return *said;
    const Value word = function.at(view.like(dept));
    const DeptFunction* of = nullptr;
    if (word.type == Value::Type::text) {
        const auto& known = dept_names().functions;
        const auto found = known.find(word.text);
        of = found == known.end() ? nullptr : &found->second;
    } else {
        of = function_of_name(view.name(dept));
    }
    return of != nullptr && of->vertical;
}

bool RuleContext::high_risk(std::uint32_t sector) const {
    return s.sectors.high_risk(sector);
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
