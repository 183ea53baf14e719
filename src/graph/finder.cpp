#include "finder.hpp"
#include "near.hpp"
#include "regulators.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <bit>

namespace safetyrisk::graph {
namespace {

using Repeat = Capacities::Repeat;
using BySector = Capacities::BySector;
using Start = Capacities::Start;

// Paths longer than this are asked by a set of their nodes and not by walking them.
constexpr std::uint32_t long_path = 64;

}  // namespace

std::string_view to_string(Broken why) {
    switch (why) {
        case Broken::no_edge:
            return "no_edge";
        case Broken::expired:
            return "expired";
        case Broken::not_yet:
            return "not_yet";
        case Broken::unit_dissolved:
            return "unit_dissolved";
        case Broken::unit_not_yet:
            return "unit_not_yet";
        case Broken::vacant:
            return "vacant";
        case Broken::other_sectors:
            return "other_sectors";
        case Broken::other_links:
            return "other_links";
        case Broken::other_kind:
            return "other_kind";
        case Broken::other_region:
            return "other_region";
        case Broken::other_scene:
            return "other_scene";
        case Broken::removed:
            return "removed";
        case Broken::no_place:
            return "no_place";
        case Broken::no_sectors:
            return "no_sectors";
        case Broken::place_dissolved:
            return "place_dissolved";
        case Broken::no_start:
            return "no_start";
        case Broken::circle:
            return "circle";
    }
    return "";
}

NodeNo enterprise_of(const View& view, NodeNo node) {
    NodeNo v = node;
    for (int hops = 0; hops < 4 && v != none; ++hops) {  // hazard → site → enterprise at most
        if (view.is(v, view.s.known.enterprise)) return v;
        v = view.unit(v);
    }
    return none;
}

SetNo sectors_of(const View& view, NodeNo node) {
    const SetNo own = view.node_sectors(node);
    if (own != 0) return own;
    const NodeNo enterprise = enterprise_of(view, node);
    return enterprise == none ? 0 : view.node_sectors(enterprise);
}

std::uint64_t links_of(const View& view, NodeNo node) {
    if (view.s.node_links.empty()) return 0;
    const std::uint64_t own = view.s.node_links[view.like(node)];
    if (own != 0) return own;
    const NodeNo enterprise = enterprise_of(view, node);
    return enterprise == none ? 0 : view.s.node_links[view.like(enterprise)];
}

NodeNo successor_of(const View& view, NodeNo gone) {
    if (gone >= view.s.n()) return none;
    // Whoever took over by the day asked; lineage is asked of units that are no more, so the dates
    // of the units themselves do not matter.
    const Known& k = view.s.known;
    const auto begun = [&](EdgeNo e) {
        return view.s.edge_from.empty() || view.s.edge_from[e] <= view.day();
    };
    const auto [first, last] = view.out_range(gone, k.merged_into);
    for (EdgeNo e = first; e != last; ++e)
        if (begun(e)) return view.target(e);
    for (const KindNo kind : {k.succeeds, k.split_from})
        for (const EdgeNo e : view.in_range(gone, kind))
            if (begun(e)) return view.source(e);
    return none;
}

// ── what is asked ──

Asked::Asked(const Store& store, const WhoOptions& options) : s_(store), limit_(options.limit) {
    capacities = Capacities::of(
        options.capacities ? options.capacities : PackRegistry::builtin().find("capacities"),
        store.kinds);
    sectors_given_ = !options.sectors.empty();
    for (const std::string& word : options.sectors) {
        const std::uint32_t sector = store.sectors.find(word);
        if (sector == none)
            throw NotFoundError("there is no sector '" + word + "'" +
                                near_sectors(store.sectors, word));
        sectors_.push_back(static_cast<std::uint16_t>(sector));
    }
    std::sort(sectors_.begin(), sectors_.end());
    sectors_.erase(std::unique(sectors_.begin(), sectors_.end()), sectors_.end());
    if (!options.link.empty()) {
        const auto& words = store.sectors.link_words;
        const auto word = words.find(options.link);
        const auto found = std::find(store.links.begin(), store.links.end(),
                                     word == words.end() ? options.link : word->second);
        if (found == store.links.end())
            throw NotFoundError("nothing in this graph has a link '" + options.link + "'");
        link_ = std::uint64_t{1} << static_cast<unsigned>(found - store.links.begin());
    }
    if (!options.scene.empty()) {
        const Scenes scenes(store);
        scene_ = scenes.name(options.scene);
        if (!scenes.there(scene_))
            throw NotFoundError("nothing in this graph has a scene '" + options.scene + "'" +
                                near_ones(near_words(options.scene, scenes.all())));
    }
    if (options.limit == 0) throw InputError("limit must be at least 1");
}

Question Asked::of(const View& view, NodeNo node) const {
    const KindNo kind = view.node_kind(node);
    if (!capacities->subjects.test(kind)) {
        std::string kinds;
        for (std::size_t i = 0; i < s_.kinds->nodes().size(); ++i)
            if (capacities->subjects.test(i)) kinds += " " + s_.kinds->nodes()[i].id;
        throw InputError("who answers is not asked of a node of kind '" +
                         s_.kinds->nodes()[kind].id + "' (" + std::string(view.id(node)) +
                         "); it is asked of" + kinds);
    }
    Question question;
    question.node = node;
    question.scene = scene_;
    question.limit = limit_;
    if (sectors_given_) {
        question.sectors = sectors_;
    } else {
        question.sectors = s_.sectors.sets[sectors_of(view, node)];
        question.any_sector = question.sectors.empty() && s_.kinds->nodes()[kind].place;
    }
    question.links = link_ != 0 ? link_ : links_of(view, node);
    return question;
}

// ── steps ──

Finder::Finder(const View& view, std::shared_ptr<const Capacities> capacities)
    : view_(view), k_(view.s.known), capacities_(std::move(capacities)) {
    taken_.resize(capacities_->all.size());
}

std::uint32_t Finder::push(std::uint32_t parent, EdgeNo edge, NodeNo node, bool against) {
    Data::Step step;
    step.parent = parent;
    step.edge = edge;
    step.node = node;
    step.against = against;
    step.kinds = std::uint64_t{1} << (view_.node_kind(node) & 63U);
    if (parent != none) {
        const Data::Step& above = data_.steps[parent];
        step.depth = above.depth + 1;
        step.kinds |= above.kinds;
        step.sureness = above.sureness;
        if (edge != none) step.sureness = std::max(step.sureness, view_.sureness(edge));
    }
    data_.steps.push_back(step);
    return static_cast<std::uint32_t>(data_.steps.size() - 1);
}

bool Finder::on_path(std::uint32_t step, NodeNo node) {
    const Data::Step* at = &data_.steps[step];
    if (((at->kinds >> (view_.node_kind(node) & 63U)) & 1U) == 0) return false;
    if (at->depth < long_path) {
        while (true) {
            if (at->node == node) return true;
            if (at->parent == none) return false;
            at = &data_.steps[at->parent];
        }
    }
    // A long path: keep the set of its nodes, and change only what differs from the last one.
    path_a_.clear();
    std::uint32_t s = step;
    while (s != none) {
        const std::uint32_t depth = data_.steps[s].depth;
        if (depth < spine_.size() && spine_[depth] == s) break;
        path_a_.push_back(s);
        s = data_.steps[s].parent;
    }
    const std::size_t keep = s == none ? 0 : data_.steps[s].depth + 1U;
    while (spine_.size() > keep) {
        spine_nodes_.erase(data_.steps[spine_.back()].node);
        spine_.pop_back();
    }
    for (std::size_t i = path_a_.size(); i-- > 0;) {
        spine_.push_back(path_a_[i]);
        spine_nodes_.insert(data_.steps[path_a_[i]].node);
    }
    return spine_nodes_.count(node) != 0;
}

bool Finder::covers(SetNo set) const {
    if (question_.any_sector) return true;
    const Sectors& sectors = view_.s.sectors;
    return std::any_of(question_.sectors.begin(), question_.sectors.end(),
                       [&](std::uint16_t sector) { return sectors.covers(set, sector); });
}

bool Finder::meets(const PatternStep& p, EdgeNo edge, NodeNo next, Broken& why) const {
    if (p.sector != BySector::no) {
        const SetNo set =
            p.sector == BySector::scope ? view_.node_sectors(next) : view_.sectors(edge);
        if (set == 0 ? p.sector != BySector::named_or_open : !covers(set)) {
            why = Broken::other_sectors;
            return false;
        }
        const std::uint64_t links = p.sector == BySector::scope ? 0 : view_.links(edge);
        if (links != 0 && question_.links != 0 && (links & question_.links) == 0) {
            why = Broken::other_links;
            return false;
        }
    }
    if (scenes_ && view_.origin(edge) != none &&
        !scenes_->covers(view_.origin(edge), question_.scene)) {
        why = Broken::other_scene;
        return false;
    }
    return true;
}

template <class F>
void Finder::edges(const PatternStep& p, NodeNo node, F&& f) const {
    if (p.against)
        view_.in(node, p.edge, [&](EdgeNo e) { f(e, view_.source(e)); });
    else
        view_.out(node, p.edge, [&](EdgeNo e) { f(e, view_.target(e)); });
}

template <class F>
void Finder::all_edges(const PatternStep& p, NodeNo node, F&& f) const {
    if (node < view_.s.n()) {
        if (p.against) {
            for (const EdgeNo e : view_.in_range(node, p.edge))
                f(e, view_.source(e));
        } else {
            const auto [first, last] = view_.out_range(node, p.edge);
            for (EdgeNo e = first; e != last; ++e)
                f(e, view_.target(e));
        }
    }
    if (view_.overlay() == nullptr) return;
    const auto& index = p.against ? view_.overlay()->in : view_.overlay()->out;
    const auto found = index.find(node);
    if (found == index.end()) return;
    for (const EdgeNo e : found->second)
        if (view_.kind(e) == p.edge) f(e, p.against ? view_.source(e) : view_.target(e));
}

// ── where patterns begin ──

void Finder::find_places() {
    places_found_ = true;
    places_.clear();
    NodeNo place = question_.anchor;
    std::uint32_t first = 0;
    if (place != none) {
        first = push(0, none, place, false);
        data_.steps[first].sureness = question_.anchor_sureness;
    } else {
        place = view_.place_of(question_.node);
        if (place == none || !view_.alive(place)) return;
        if (place != question_.node) first = push(0, none, place, false);
    }
    places_.push_back(first);
    for (std::size_t i = 0; i < places_.size() && !full(); ++i) {
        const std::uint32_t from = places_[i];
        view_.out(data_.steps[from].node, k_.part_of, [&](EdgeNo e) {
            const NodeNo up = view_.target(e);
            if (!on_path(from, up)) places_.push_back(push(from, e, up, false));
        });
    }
}

void Finder::find_enterprises() {
    enterprises_found_ = true;
    enterprises_.clear();
    self_.assign(1, 0);
    std::vector<std::uint32_t>& queue = path_b_;
    queue.assign(1, 0);
    for (std::size_t i = 0; i < queue.size() && !full(); ++i) {
        const std::uint32_t from = queue[i];
        const NodeNo node = data_.steps[from].node;
        if (view_.is(node, k_.enterprise) || view_.is(node, k_.group)) {
            enterprises_.push_back(from);
            continue;
        }
        view_.out(node, k_.belongs_to, [&](EdgeNo e) {
            const NodeNo up = view_.target(e);
            if (!on_path(from, up)) queue.push_back(push(from, e, up, false));
        });
    }
}

void Finder::find_territory() {
    territory_found_ = true;
    territory_.clear();
    const NodeNo x = question_.node;
    const bool own =
        view_.first_in(x, k_.grid_covers) != none || view_.first_in(x, k_.territorial) != none;
    if (own || view_.is(x, k_.enterprise)) {
        territory_.push_back(0);
        return;
    }
    // What nobody names is held where its enterprise is, if it lies in the same place.
    if (!enterprises_found_) find_enterprises();
    const NodeNo place = view_.division(x);
    for (const std::uint32_t step : enterprises_) {
        const NodeNo e = data_.steps[step].node;
        if (e != x && (place == none || place == view_.division(e))) territory_.push_back(step);
    }
    if (territory_.empty()) territory_.push_back(0);
}

const std::vector<std::uint32_t>& Finder::start_of(const Pattern& pattern, std::size_t capacity) {
    switch (pattern.start) {
        case Start::self:
            self_.assign(1, 0);
            return self_;
        case Start::enterprise:
            if (!enterprises_found_) find_enterprises();
            return enterprises_;
        case Start::territory:
            if (!territory_found_) find_territory();
            return territory_;
        case Start::places:
            if (!places_found_) find_places();
            return places_;
        case Start::answers:
            break;
    }
    starts_.clear();
    for (const std::size_t from : pattern.from)
        if (from < capacity)
            starts_.insert(starts_.end(), taken_[from].begin(), taken_[from].end());
    return starts_;
}

// ── walking ──

void Finder::run(std::size_t capacity, const Pattern& pattern) {
    auto& taken = taken_[capacity];
    for (const std::uint32_t start : start_of(pattern, capacity)) {
        stack_.assign(1, {start, 0, false});
        while (!stack_.empty() && !full()) {
            const Item item = stack_.back();
            stack_.pop_back();
            if (item.at == pattern.steps.size()) continue;
            const PatternStep& p = pattern.steps[item.at];
            const NodeNo node = data_.steps[item.step].node;
            const bool loops = p.repeat == Repeat::star || p.repeat == Repeat::plus;
            if ((item.inside || p.repeat == Repeat::star || p.repeat == Repeat::optional) &&
                p.onward.passes(view_, node))
                stack_.push_back({item.step, static_cast<std::uint16_t>(item.at + 1), false});
            edges(p, node, [&](EdgeNo e, NodeNo next) {
                Broken why = Broken::no_edge;
                if (!meets(p, e, next, why) || on_path(item.step, next)) return;
                const bool takes = p.takes && p.taken.passes(view_, next);
                const bool more = loops || item.at + 1U < pattern.steps.size();
                if (!takes && !(more && (loops || p.onward.passes(view_, next)))) return;
                const std::uint32_t step = push(item.step, e, next, p.against);
                if (takes) {
                    taken.push_back(step);
                    ++rows_;
                }
                if (loops)
                    stack_.push_back({step, item.at, true});
                else if (more && p.onward.passes(view_, next))
                    stack_.push_back({step, static_cast<std::uint16_t>(item.at + 1), false});
            });
        }
    }
}

int Finder::compare(std::uint32_t a, std::uint32_t b) const {
    const Data::Step* x = &data_.steps[a];
    const Data::Step* y = &data_.steps[b];
    if (x->depth != y->depth) return x->depth < y->depth ? -1 : 1;
    while (x != y) {
        if (x->node != y->node) return x->node < y->node ? -1 : 1;
        if (x->edge != y->edge) return x->edge < y->edge ? -1 : 1;
        if (x->parent == none) return 0;
        x = &data_.steps[x->parent];
        y = &data_.steps[y->parent];
    }
    return 0;
}

void Finder::sort_rows(std::size_t capacity) {
    auto& taken = taken_[capacity];
    for (const std::size_t other : capacities_->all[capacity].without)
        std::erase_if(taken, [&](std::uint32_t step) {
            return std::any_of(taken_[other].begin(), taken_[other].end(), [&](std::uint32_t t) {
                return data_.steps[t].node == data_.steps[step].node;
            });
        });
    std::sort(taken.begin(), taken.end(),
              [&](std::uint32_t a, std::uint32_t b) { return compare(a, b) < 0; });
    taken.erase(std::unique(taken.begin(), taken.end(),
                            [&](std::uint32_t a, std::uint32_t b) { return compare(a, b) == 0; }),
                taken.end());
}

const Who::Data& Finder::ask(const Question& question) {
    question_ = question;
    data_.capacities = capacities_;
    data_.node = question.node;
    data_.on = view_.day();
    data_.steps.clear();
    data_.rows.clear();
    data_.gaps.clear();
    data_.truncated = false;
    rows_ = 0;
    spine_.clear();
    spine_nodes_.clear();
    places_found_ = enterprises_found_ = territory_found_ = false;
    scenes_.reset();
    if (!question.scene.empty()) scenes_.emplace(view_.s);
    push(none, none, question.node, false);
    const KindNo kind = view_.node_kind(question.node);
    for (std::size_t c = 0; c < capacities_->all.size(); ++c) {
        taken_[c].clear();
        const Capacities::Capacity& capacity = capacities_->all[c];
        if (((question.parts >> capacity.part) & 1U) == 0) continue;
        for (const Pattern& pattern : capacity.patterns)
            if (pattern.subjects.test(kind)) run(c, pattern);
        sort_rows(c);
    }
    for (const std::size_t c : capacities_->order)
        for (const std::uint32_t step : taken_[c])
            data_.rows.push_back({static_cast<std::uint8_t>(c), step});
    if (full() || data_.rows.size() > question.limit) {
        data_.truncated = true;
        if (data_.rows.size() > question.limit) data_.rows.resize(question.limit);
        return data_;  // what seems missing may stand behind the cut
    }
    for (const std::size_t c : capacities_->order) {
        const Capacities::Capacity& capacity = capacities_->all[c];
        if (capacity.mandatory.given && capacity.mandatory.subjects.test(kind) &&
            ((question.parts >> capacity.part) & 1U) != 0)
            find_gaps(c);
    }
    return data_;
}

// ── why nobody ──

void Finder::find_gaps(std::size_t capacity) {
    const Capacities::Mandatory& mandatory = capacities_->all[capacity].mandatory;
    const auto& taken = taken_[capacity];
    if (mandatory.by_sector && !question_.sectors.empty()) {
        const std::vector<std::uint16_t> sectors = question_.sectors;
        const std::uint64_t links = question_.links;
        for (const std::uint16_t sector : sectors) {
            std::uint64_t covered = 0;
            bool whole = false;
            for (const std::uint32_t step : taken) {
                const EdgeNo e = data_.steps[step].edge;
                const SetNo set = view_.sectors(e);
                if (set != 0 && !view_.s.sectors.covers(set, sector)) continue;
                covered |= view_.links(e);
                whole = whole || view_.links(e) == 0;
            }
            if (whole) continue;
            // Who names no link of a sector that is divided needs each of them, as RD-01 asks.
            const std::uint64_t divided = links_of_sector(view_.s, sector);
            const std::uint64_t own = links & divided;
            const std::uint64_t needed = links == 0 ? divided : own != 0 ? own : links;
            if (links == 0 && (covered & divided) == 0) {
                if (covered != 0 && divided == 0) continue;
                question_.sectors.assign(1, sector);
                trace(capacity, sector, none);
            } else {
                question_.sectors.assign(1, sector);
                for (std::uint64_t rest = needed & ~covered; rest != 0; rest &= rest - 1) {
                    question_.links = rest & ~(rest - 1);
                    trace(capacity, sector, static_cast<std::uint32_t>(std::countr_zero(rest)));
                }
            }
            question_.sectors = sectors;
            question_.links = links;
        }
        return;
    }
    if (taken.empty()) {
        trace(capacity, none, none);
        return;
    }
    if (!mandatory.held || std::any_of(taken.begin(), taken.end(), [&](std::uint32_t step) {
            return view_.held(data_.steps[step].node);
        }))
        return;
    for (const std::uint32_t step : taken) {
        Data::Gap gap;
        gap.at = data_.steps[step].node;
        vacancy(capacity, gap);
    }
}

void Finder::vacancy(std::size_t capacity, Data::Gap gap) {
    gap.capacity = static_cast<std::uint8_t>(capacity);
    gap.why = Broken::vacant;
    gap.other = gap.at;
    if (gap.at < view_.s.n()) {
        for (const EdgeNo e : view_.in_range(gap.at, k_.holds)) {
            const std::int32_t to = view_.s.edge_to.empty() ? always_to : view_.s.edge_to[e];
            if (to < view_.day() && to >= gap.date) {
                gap.date = to;
                gap.edge = e;
            }
            ++gap.count;
        }
        if (gap.edge == none && !view_.s.node_from.empty()) gap.date = view_.s.node_from[gap.at];
    }
    data_.gaps.push_back(gap);
}

void Finder::trace(std::size_t capacity, std::uint32_t sector, std::uint32_t link) {
    const Capacities::Capacity& rules = capacities_->all[capacity];
    const std::size_t mark = data_.steps.size();
    for (std::size_t n = 0; n < rules.patterns.size(); ++n) {
        const Pattern& pattern = rules.patterns[n];
        if (!pattern.subjects.test(view_.node_kind(question_.node))) continue;
        Data::Gap gap;
        gap.capacity = static_cast<std::uint8_t>(capacity);
        gap.pattern = static_cast<std::uint8_t>(n);
        gap.sector = sector;
        gap.link = link;
        const std::vector<std::uint32_t> starts = start_of(pattern, capacity);
        if (starts.empty()) {
            gap.why = Broken::no_start;
            gap.at = question_.node;
            if (pattern.start == Start::places) {
                const NodeNo place = view_.place_of(question_.node);
                gap.why = place == none ? Broken::no_place : Broken::place_dissolved;
                if (place != none) {
                    gap.other = place;
                    gap.successor = successor_of(view_, place);
                    if (!view_.s.node_to.empty() && place < view_.s.n())
                        gap.date = view_.s.node_to[place];
                }
            }
            data_.gaps.push_back(gap);
            continue;
        }
        const bool asks_sector =
            std::any_of(pattern.steps.begin(), pattern.steps.end(),
                        [](const PatternStep& p) { return p.sector == BySector::named; });
        if (asks_sector && question_.sectors.empty() && !question_.any_sector) {
            gap.why = Broken::no_sectors;
            gap.at = question_.node;
            data_.gaps.push_back(gap);
            continue;
        }
        // Walk as far as it goes; what is left at the furthest step is where it broke.
        std::size_t furthest = 0;
        std::vector<std::uint32_t> front;
        for (const std::uint32_t start : starts) {
            stack_.assign(1, {start, 0, false});
            while (!stack_.empty() && !full()) {
                const Item item = stack_.back();
                stack_.pop_back();
                if (item.at == pattern.steps.size()) continue;
                const PatternStep& p = pattern.steps[item.at];
                const NodeNo node = data_.steps[item.step].node;
                const bool loops = p.repeat == Repeat::star || p.repeat == Repeat::plus;
                if ((item.inside || p.repeat == Repeat::star || p.repeat == Repeat::optional) &&
                    p.onward.passes(view_, node))
                    stack_.push_back({item.step, static_cast<std::uint16_t>(item.at + 1), false});
                bool onward = false;
                edges(p, node, [&](EdgeNo e, NodeNo next) {
                    Broken why = Broken::no_edge;
                    if (!meets(p, e, next, why) || on_path(item.step, next)) return;
                    const bool last = item.at + 1U == pattern.steps.size();
                    if (!loops && (last || !p.onward.passes(view_, next))) return;
                    onward = true;
                    const std::uint32_t step = push(item.step, e, next, p.against);
                    stack_.push_back(
                        {step, loops ? item.at : static_cast<std::uint16_t>(item.at + 1), loops});
                });
                if (onward || item.at < furthest) continue;
                if (item.at > furthest) front.clear();
                furthest = item.at;
                front.push_back(item.step);
            }
        }
        gap.step = static_cast<std::uint8_t>(furthest);
        // One place may be reached by many paths; it is told once.
        std::vector<NodeNo> told;
        for (const std::uint32_t step : front) {
            const NodeNo node = data_.steps[step].node;
            if (std::find(told.begin(), told.end(), node) != told.end()) continue;
            told.push_back(node);
            diagnose(gap, pattern.steps[furthest], node, pattern.start == Start::places);
        }
    }
    data_.steps.resize(mark);
    spine_.clear();
    spine_nodes_.clear();
    // Starts that were found here only lie behind the mark.
    if (std::any_of(places_.begin(), places_.end(), [&](auto s) { return s >= mark; }))
        places_found_ = false;
    if (std::any_of(enterprises_.begin(), enterprises_.end(), [&](auto s) { return s >= mark; }))
        enterprises_found_ = territory_found_ = false;
    if (std::any_of(territory_.begin(), territory_.end(), [&](auto s) { return s >= mark; }))
        territory_found_ = false;
}

void Finder::diagnose(Data::Gap gap, const PatternStep& p, NodeNo node, bool in_place) {
    gap.at = node;
    const std::size_t before = data_.gaps.size();
    const Store& s = view_.s;
    const auto note = [&](Broken why, EdgeNo e, NodeNo other, std::int32_t date, bool latest) {
        for (std::size_t i = before; i < data_.gaps.size(); ++i) {
            Data::Gap& told = data_.gaps[i];
            if (told.why != why) continue;
            ++told.count;
            if (latest ? date > told.date : date < told.date) {
                told.date = date;
                told.edge = e;
                told.other = other;
            }
            return;
        }
        Data::Gap one = gap;
        one.why = why;
        one.edge = e;
        one.other = other;
        one.date = date;
        one.count = 1;
        data_.gaps.push_back(one);
    };
    all_edges(p, node, [&](EdgeNo e, NodeNo next) {
        Broken why = Broken::no_edge;
        const bool fits = meets(p, e, next, why);
        if (view_.active(e)) {
            // An edge that leads on would not be asked about: it is of another kind, or a circle.
            if (!fits)
                note(why, e, next, 0, false);
            else
                note(p.taken.passes(view_, next) ? Broken::circle : Broken::other_kind, e, next, 0,
                     false);
            return;
        }
        if (!fits) return;
        if (e < s.m() && view_.overlay() != nullptr &&
            (view_.overlay()->hidden_edges.count(e) != 0 ||
             view_.overlay()->hidden_nodes.count(next) != 0)) {
            note(Broken::removed, e, next, 0, false);
            return;
        }
        if (e >= s.m()) return;
        if (!s.edge_to.empty() && s.edge_to[e] < view_.day()) {
            note(Broken::expired, e, next, s.edge_to[e], true);
        } else if (!s.edge_from.empty() && s.edge_from[e] > view_.day()) {
            note(Broken::not_yet, e, next, s.edge_from[e], false);
        } else if (!view_.alive(next) && next < s.n()) {
            if (s.node_to[next] < view_.day())
                note(Broken::unit_dissolved, e, next, s.node_to[next], true);
            else
                note(Broken::unit_not_yet, e, next, s.node_from[next], false);
        }
    });
    if (in_place && p.sector == BySector::named) {
        // The same done in a place beside it: the nearest answer to "why not here".
        view_.out(node, k_.part_of, [&](EdgeNo up) {
            view_.in(view_.target(up), k_.part_of, [&](EdgeNo down) {
                const NodeNo beside = view_.source(down);
                if (beside == node) return;
                edges(p, beside, [&](EdgeNo e, NodeNo next) {
                    Broken why = Broken::no_edge;
                    if (meets(p, e, next, why)) note(Broken::other_region, e, beside, 0, false);
                });
            });
        });
    }
    for (std::size_t i = before; i < data_.gaps.size(); ++i)
        if (data_.gaps[i].why == Broken::unit_dissolved)
            data_.gaps[i].successor = successor_of(view_, data_.gaps[i].other);
    if (data_.gaps.size() == before) {
        gap.why = Broken::no_edge;
        data_.gaps.push_back(gap);
        return;
    }
    std::sort(data_.gaps.begin() + static_cast<std::ptrdiff_t>(before), data_.gaps.end(),
              [](const Data::Gap& a, const Data::Gap& b) { return a.why < b.why; });
}

}  // namespace safetyrisk::graph
