#include "enterprise_counts.hpp"

#include "build.hpp"
#include "core/json_view.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/grade.hpp>

#include <algorithm>
#include <cmath>

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

namespace {

// A table of all combinations is used while it is not much larger than what is counted.
constexpr std::size_t small_table = std::size_t{1} << 22U;

template <class Class>
struct Counter {
    const View& view;
    const Places& places;
    std::span<const std::uint32_t> row_of_place;
    std::span<const Class> class_of;
    std::size_t sets, classes;

    // Calls add(cell) for each enterprise in [begin, end) that has a row; cells are numbered by
    // row, set and class.
    template <class Add>
    void count(std::size_t begin, std::size_t end, EnterpriseCounts& out, Add&& add) const {
        const Store& s = view.s;
        const KindNo enterprise = s.known.enterprise;
        const bool always = s.node_from.empty() &&
                            (view.overlay() == nullptr || view.overlay()->hidden_nodes.empty());
        std::uint64_t seen = 0, unplaced = 0, bare = 0;
        const KindNo* const kinds = s.node_kind.data();
        const NodeNo* const division = s.division.data();
        const SetNo* const sectors = s.node_sectors.data();
        for (std::size_t i = begin; i < end; ++i) {
            const auto v = static_cast<NodeNo>(i);
            if (kinds[v] != enterprise) continue;
            if (!always && !view.alive(v)) continue;
            ++seen;
            std::uint32_t place = division[v] == none ? none : places.number(division[v]);
            if (place == none) place = places.of(v);
            const std::uint32_t row = place == none ? none : row_of_place[place];
            const SetNo set = sectors[v];
            bare += set == 0 ? 1U : 0U;
            if (row == none) {
                ++unplaced;
                continue;
            }
            const std::size_t cls = class_of.empty() ? 0 : class_of[v];
            add((std::size_t{row} * sets + set) * classes + cls);
        }
        out.enterprises += seen;
        out.unplaced += unplaced;
        out.without_sector += bare;
    }
};

}  // namespace

template <class Class>
EnterpriseCounts count_enterprises(const Places& places,
                                   std::span<const std::uint32_t> row_of_place, std::size_t rows,
                                   std::span<const Class> class_of, std::size_t classes,
                                   const Work& work) {
    const View& view = places.view();
    const Store& s = view.s;
    EnterpriseCounts out;
    out.offsets.assign(rows + 1, 0);
    if (s.known.enterprise == no_kind) return out;
    const Counter<Class> counter{view,   places, row_of_place, class_of, s.sectors.sets.size(),
                                 classes};
    const std::size_t cells = rows * counter.sets * classes;
    const auto entry = [&](std::size_t cell, std::uint64_t count) {
        EnterpriseCounts::Entry one;
        one.cls = static_cast<std::uint32_t>(cell % classes);
        one.set = static_cast<SetNo>(cell / classes % counter.sets);
        one.count = count;
        out.entries.push_back(one);
        ++out.offsets[cell / classes / counter.sets + 1];
    };

    if (cells <= std::max(small_table, 4 * s.n())) {
        const std::size_t parts = std::max<std::size_t>(1, thread_count(s.n(), work));
        std::vector<std::vector<std::uint32_t>> tables(parts);
        std::vector<EnterpriseCounts> sums(parts);
        for_tasks(parts, work, [&](std::size_t part) {
            tables[part].assign(cells, 0);
            std::uint32_t* const table = tables[part].data();
            counter.count(s.n() * part / parts, s.n() * (part + 1) / parts, sums[part],
                          [&](std::size_t cell) { ++table[cell]; });
        });
        for (std::size_t part = 1; part < parts; ++part)
            for (std::size_t i = 0; i < cells; ++i)
                tables[0][i] += tables[part][i];
        for (const EnterpriseCounts& sum : sums) {
            out.enterprises += sum.enterprises;
            out.unplaced += sum.unplaced;
            out.without_sector += sum.without_sector;
        }
        for (std::size_t i = 0; i < cells; ++i)
            if (tables[0][i] != 0) entry(i, tables[0][i]);
    } else {
        std::vector<std::size_t> found;
        counter.count(0, s.n(), out, [&](std::size_t cell) { found.push_back(cell); });
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

template EnterpriseCounts count_enterprises(const Places&, std::span<const std::uint32_t>,
                                            std::size_t, std::span<const std::uint8_t>, std::size_t,
                                            const Work&);
template EnterpriseCounts count_enterprises(const Places&, std::span<const std::uint32_t>,
                                            std::size_t, std::span<const std::uint16_t>,
                                            std::size_t, const Work&);

}  // namespace safetyrisk::graph
