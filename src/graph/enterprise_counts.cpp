#include "enterprise_counts.hpp"

#include "build.hpp"
#include "core/json_view.hpp"

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/grade.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace safetyrisk::graph {

using safetyrisk::detail::JsonView;

std::vector<std::uint8_t> detail::read_colours(const Store& store) {
    // A word is parsed once where texts are kept by number.
    struct Source {
        const Column* column = nullptr;
        std::vector<std::uint8_t> by_code;
    };
    const auto parse = [](std::string_view text) {
        const auto grade = parse_grade(text);
        return static_cast<std::uint8_t>(grade ? static_cast<unsigned>(*grade) : 0U);
    };
    std::vector<std::array<Source, 2>> sources(store.tables.size());
    bool any = !store.node_attributes.empty();
    for (std::size_t t = 0; t < store.tables.size(); ++t)
        for (std::size_t k = 0; k < 2; ++k) {
            Source& source = sources[t][k];
            source.column = store.tables[t].find(k == 0 ? "grade" : "colour");
            if (source.column == nullptr || source.column->type() != ColumnType::text) {
                source.column = nullptr;
                continue;
            }
            any = true;
            if (const Column* words = source.column->dictionary(); words != nullptr)
                for (std::size_t i = 0; i < words->size(); ++i)
                    source.by_code.push_back(parse(words->text(i)));
        }
    if (!any) return {};

    std::vector<std::uint8_t> colours(store.n(), 0);
    any = false;
    const auto coloured = [&](NodeNo v) {
        return store.is(v, store.known.enterprise) || store.is(v, store.known.risk_point);
    };
    for (NodeNo v = 0; v < store.n(); ++v) {
        if (!coloured(v) || store.node_table[v] >= sources.size()) continue;
        for (const Source& source : sources[store.node_table[v]]) {
            if (source.column == nullptr || colours[v] != 0) continue;
            const std::uint32_t row = store.node_row[v];
            if (!source.by_code.empty()) {
                const std::int32_t code = source.column->code(row);
                if (code >= 0) colours[v] = source.by_code[static_cast<std::size_t>(code)];
            } else if (!source.column->is_null(row)) {
                colours[v] = parse(source.column->text(row));
            }
        }
        any |= colours[v] != 0;
    }
    for (const std::string_view key : {"grade", "colour"})
        for (const auto& sparse : store.node_attributes) {
            if (sparse->name != key) continue;
            for (std::size_t i = 0; i < sparse->who.size(); ++i) {
                const NodeNo v = sparse->who[i];
                if (!coloured(v) || colours[v] != 0) continue;
                if (sparse->values[i].type == Value::Type::text)
                    colours[v] = parse(sparse->values[i].text);
                any |= colours[v] != 0;
            }
        }
    if (!any) colours = {};
    return colours;
}

Workload::Workload(std::shared_ptr<const Pack> given) : pack(std::move(given)) {
    if (pack == nullptr) pack = PackRegistry::builtin().find("workload");
    if (pack->kind != "workload")
        throw InputError("the pack " + pack->id + " is of kind " + pack->kind + ", not workload");
    const safetyrisk::detail::Json document =
        safetyrisk::detail::parse_json(pack->canonical, pack->id);
    const JsonView content = JsonView(document, pack->id).at("content");
    content.only({"weights", "visits", "effort", "working_days", "flag"});
    const auto positive = [](const JsonView& at) {
        const double value = at.number();
        if (!(value > 0) || value > 1e6) at.fail("is no number above 0 and below a million");
        return value;
    };
    for (const Grade grade : all_grades) {
        const auto place = static_cast<std::size_t>(grade);
        const JsonView at = content.at("weights").at(to_string(grade));
        weight[place] = static_cast<std::int64_t>(positive(at));
        // Sums of weights are whole numbers, so that no order of adding can change them.
        if (static_cast<double>(weight[place]) != at.number()) at.fail("is no whole number");
        visits[place] = positive(content.at("visits").at(to_string(grade)));
    }
    effort = positive(content.at("effort"));
    working_days = positive(content.at("working_days"));
    flag = positive(content.at("flag"));
    if (flag <= 1) content.at("flag").fail("is not above 1");
}

std::vector<std::uint8_t> enterprise_colours(const View& view) {
    const Store& s = view.s;
    std::vector<std::uint8_t> out(view.n(), 0);
    if (s.colour.empty()) return out;
    const auto enterprise = s.known.enterprise;
    const auto point = s.known.risk_point;
    const std::uint8_t* const kinds = s.node_kind.data();
    for (std::size_t v = 0; v < s.n(); ++v)
        out[v] = kinds[v] == enterprise ? s.colour[v] : std::uint8_t{0};
    if (point != no_kind) {
        std::vector<std::uint8_t> worst;
        for (auto at = s.node_kind.begin();
             (at = std::find(at, s.node_kind.end(), point)) != s.node_kind.end(); ++at) {
            const auto v = static_cast<NodeNo>(at - s.node_kind.begin());
            const NodeNo owner = s.unit[v];
            if (s.colour[v] == 0 || owner == none || !view.alive(v)) continue;
            if (!s.is(owner, enterprise)) continue;
            if (worst.empty()) worst.assign(s.n(), 0);
            worst[owner] = std::max(worst[owner], s.colour[v]);
        }
        for (std::size_t v = 0; v < worst.size(); ++v)
            if (out[v] == 0) out[v] = worst[v];
    }
    for (std::size_t v = s.n(); v < view.n(); ++v)
        if (view.like(static_cast<NodeNo>(v)) != none)
            out[v] = out[view.like(static_cast<NodeNo>(v))];
    return out;
}

// ── where they are ──

Enterprises::Enterprises(const Places& places, std::span<const NodeNo> nodes,
                         std::initializer_list<std::span<const EdgeNo>> duties)
    : colours_(enterprise_colours(places.view())), all_(nodes.size()) {
    const View& view = places.view();
    std::vector<std::uint32_t> at(nodes.size());  // position of the place in the territory
    starts_.assign(places.size() + 1, 0);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const NodeNo v = nodes[i];
        const std::uint32_t place = places.of(v);
        at[i] = place == none ? none : places.enter(place);
        if (place != none) ++starts_[at[i] + 1];
        by_unit_ = by_unit_ || (view.division(v) == none && view.unit(v) != none);
        without_sector_ += view.node_sectors(v) == 0 ? 1U : 0U;
        if (!view.s.node_links.empty() && view.s.node_links[view.like(v)] != 0)
            linked_.push_back(v);
    }
    for (std::size_t i = 1; i < starts_.size(); ++i)
        starts_[i] += starts_[i - 1];
    order_.resize(starts_.back());
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (at[i] != none) order_[starts_[at[i]]++] = nodes[i];
    for (std::size_t i = starts_.size() - 1; i > 0; --i)
        starts_[i] = starts_[i - 1];
    starts_[0] = 0;
    find_anchors(places, duties);
    count(places);
    add_up(places);
}

void Enterprises::find_anchors(const Places& places,
                               std::initializer_list<std::span<const EdgeNo>> duties) {
    constexpr auto finest = static_cast<std::uint8_t>(DivisionLevel::town);
    const View& view = places.view();
    const Known& k = view.s.known;
    std::vector<std::uint8_t> chosen(places.size(), 0);
    for (std::uint32_t p = 0; p < places.size(); ++p) {
        const NodeNo v = places.node(p);
        const bool region = view.is(v, k.region) && view.level(v) <= finest;
        const std::uint32_t above = places.land()->above[p];
        const bool border = above != none && places.asked(p) != places.asked(above);
        if (region || border || view.is(v, k.zone)) chosen[p] = 1;
    }
    for (const auto list : duties)
        for (const EdgeNo e : list)
            if (const std::uint32_t p = places.number(view.target(e)); p != none) chosen[p] = 1;
    anchor_of_.assign(places.size(), none);
    const Land& land = *places.land();
    for (const std::uint32_t p : land.order) {
        if (chosen[p] != 0) {
            anchor_of_[p] = static_cast<std::uint32_t>(anchors_.size());
            anchors_.push_back(p);
        } else if (land.above[p] != none) {
            anchor_of_[p] = anchor_of_[land.above[p]];
        }
    }
}

std::pair<std::uint32_t, std::uint32_t> Enterprises::anchors_below(const Places& places,
                                                                   std::uint32_t place) const {
    const auto position = [&](std::uint32_t enter) {
        const auto at = std::partition_point(
            anchors_.begin(), anchors_.end(),
            [&](std::uint32_t anchor) { return places.enter(anchor) < enter; });
        return static_cast<std::uint32_t>(at - anchors_.begin());
    };
    return {position(places.enter(place)), position(places.leave(place))};
}

void Enterprises::count(const Places& places) {
    const View& view = places.view();
    const auto order = places.order();
    // Sets and colours of the enterprises of each anchor, side by side.
    std::vector<std::uint32_t> begin(anchors_.size() + 1, 0);
    for (std::size_t i = 0; i < order.size(); ++i)
        if (const std::uint32_t anchor = anchor_of_[order[i]]; anchor != none)
            begin[anchor + 1] += starts_[i + 1] - starts_[i];
    for (std::size_t i = 1; i < begin.size(); ++i)
        begin[i] += begin[i - 1];
    struct One {
        SetNo set;
        std::uint8_t colour;
    };
    std::vector<One> all(begin.back());
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t anchor = anchor_of_[order[i]];
        if (anchor == none) continue;
        for (std::uint32_t j = starts_[i]; j < starts_[i + 1]; ++j)
            all[next[anchor]++] = {view.node_sectors(order_[j]), colours_[order_[j]]};
    }

    std::vector<std::array<std::uint32_t, 5>> sums(view.s.sectors.sets.size());
    std::vector<std::uint8_t> seen(sums.size(), 0);
    std::vector<SetNo> sets;
    own_starts_.assign(anchors_.size() + 1, 0);
    for (std::size_t anchor = 0; anchor < anchors_.size(); ++anchor) {
        sets.clear();
        for (std::uint32_t i = begin[anchor]; i < begin[anchor + 1]; ++i) {
            if (std::exchange(seen[all[i].set], std::uint8_t{1}) == 0) {
                sets.push_back(all[i].set);
                sums[all[i].set] = {};
            }
            ++sums[all[i].set][all[i].colour];
        }
        std::sort(sets.begin(), sets.end());
        for (const SetNo set : sets) {
            own_.push_back({set, sums[set]});
            seen[set] = 0;
        }
        own_starts_[anchor + 1] = own_.size();
    }
}

void Enterprises::add_up(const Places& places) {
    const Land& land = *places.land();
    const std::size_t sets = places.view().s.sectors.sets.size();
    std::vector<std::vector<std::uint32_t>> children(anchors_.size());
    for (std::uint32_t anchor = 0; anchor < anchors_.size(); ++anchor) {
        const std::uint32_t above = land.above[anchors_[anchor]];
        if (above != none && anchor_of_[above] != none)
            children[anchor_of_[above]].push_back(anchor);
    }
    std::vector<std::array<std::uint32_t, 5>> sums(sets);
    std::vector<std::uint8_t> seen(sets, 0);
    std::vector<SetNo> touched;
    sums_.resize(anchors_.size());
    for (std::size_t anchor = anchors_.size(); anchor-- > 0;) {
        Sum& sum = sums_[anchor];
        if (children[anchor].empty()) {
            sum = {own_starts_[anchor], static_cast<std::uint32_t>(own(anchor).size()), true};
            continue;
        }
        touched.clear();
        const auto add = [&](std::span<const Entry> entries) {
            for (const Entry& entry : entries) {
                if (std::exchange(seen[entry.set], std::uint8_t{1}) == 0) {
                    touched.push_back(entry.set);
                    sums[entry.set] = {};
                }
                for (std::size_t c = 0; c < entry.by.size(); ++c)
                    sums[entry.set][c] += entry.by[c];
            }
        };
        add(own(anchor));
        for (const std::uint32_t child : children[anchor])
            add(this->sums(child));
        std::sort(touched.begin(), touched.end());
        sum = {more_.size(), static_cast<std::uint32_t>(touched.size()), false};
        for (const SetNo set : touched) {
            more_.push_back({set, sums[set]});
            seen[set] = 0;
        }
    }
}

std::size_t Enterprises::bytes() const {
    return (order_.capacity() + linked_.capacity() + starts_.capacity() + anchors_.capacity() +
            anchor_of_.capacity()) *
               sizeof(std::uint32_t) +
           colours_.capacity() + (own_.capacity() + more_.capacity()) * sizeof(Entry) +
           own_starts_.capacity() * sizeof(std::size_t) + sums_.capacity() * sizeof(Sum);
}

namespace {

// A table of all combinations is used while it is not much larger than what is counted.
constexpr std::size_t small_table = std::size_t{1} << 22U;

}  // namespace

template <class Class>
EnterpriseCounts count_enterprises(const Places& places, const Enterprises& enterprises,
                                   std::span<const std::uint32_t> row_of_place, std::size_t rows,
                                   std::span<const Class> class_of, std::size_t classes,
                                   const Work& work) {
    const View& view = places.view();
    const std::size_t sets = view.s.sectors.sets.size();
    EnterpriseCounts out;
    out.offsets.assign(rows + 1, 0);
    // Calls add(cell) for each enterprise that has a row, of the places at [begin, end) in the
    // territory; cells are numbered by row, set and class.
    const auto each = [&](std::size_t begin, std::size_t end, auto&& add) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::size_t row = row_of_place[places.order()[i]];
            if (row == none) continue;
            for (const NodeNo v : enterprises.at(i)) {
                const std::size_t cls = class_of.empty() ? 0 : class_of[v];
                add((row * sets + view.node_sectors(v)) * classes + cls);
            }
        }
    };
    const std::size_t cells = rows * sets * classes;
    const auto entry = [&](std::size_t cell, std::uint64_t count) {
        EnterpriseCounts::Entry one;
        one.cls = static_cast<std::uint32_t>(cell % classes);
        one.set = static_cast<SetNo>(cell / classes % sets);
        one.count = count;
        out.entries.push_back(one);
        ++out.offsets[cell / classes / sets + 1];
    };

    const std::size_t n = places.size(), placed = enterprises.placed().size();
    if (cells <= std::max(small_table, 4 * placed)) {
        const std::size_t parts = std::max<std::size_t>(1, thread_count(placed, work));
        std::vector<std::vector<std::uint32_t>> tables(parts);
        for_tasks(parts, work, [&](std::size_t part) {
            tables[part].assign(cells, 0);
            std::uint32_t* const table = tables[part].data();
            each(n * part / parts, n * (part + 1) / parts,
                 [&](std::size_t cell) { ++table[cell]; });
        });
        for (std::size_t part = 1; part < parts; ++part)
            for (std::size_t i = 0; i < cells; ++i)
                tables[0][i] += tables[part][i];
        for (std::size_t i = 0; i < cells; ++i)
            if (tables[0][i] != 0) entry(i, tables[0][i]);
    } else {
        std::vector<std::size_t> found;
        each(0, n, [&](std::size_t cell) { found.push_back(cell); });
        std::sort(found.begin(), found.end());
        for (std::size_t i = 0; i < found.size();) {
            std::size_t j = i;
            while (j < found.size() && found[j] == found[i])
                ++j;
            entry(found[i], j - i);
            i = j;
        }
    }
    for (std::size_t row = 1; row <= rows; ++row)
        out.offsets[row] += out.offsets[row - 1];
    return out;
}

template EnterpriseCounts count_enterprises(const Places&, const Enterprises&,
                                            std::span<const std::uint32_t>, std::size_t,
                                            std::span<const std::uint8_t>, std::size_t,
                                            const Work&);
template EnterpriseCounts count_enterprises(const Places&, const Enterprises&,
                                            std::span<const std::uint32_t>, std::size_t,
                                            std::span<const std::uint16_t>, std::size_t,
                                            const Work&);

}  // namespace safetyrisk::graph
