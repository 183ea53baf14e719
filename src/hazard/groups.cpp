// By what hazards are counted: grade, channel, sector, enterprise, risk point, region.
#include "hazard/data.hpp"

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace safetyrisk::hazard {
namespace {

constexpr std::array<std::string_view, 6> level_names = {"country", "province", "city",
                                                         "county",  "town",     "village"};
// Up to so many cells are counted in an array as they are; of more only those that occur.
constexpr std::uint64_t few_cells = 2'000'000;

// The id of the region of a level that a place lies in, or nothing.
std::string region_of(const graph::View& view, graph::NodeNo place, std::uint8_t level) {
    for (const graph::NodeNo region : view.chain(place))
        if (view.level_of(region) == level) return std::string(view.id(region));
    return {};
}

std::string region_of(std::string_view code, std::string_view level) {
    auto division = DivisionCode::parse(code);
    while (division && to_string(division->level()) != level) {
        if (division->level() == DivisionLevel::country) return {};
        division = division->parent();
    }
    return division ? division->text() : std::string();
}

// Words of a cell that lists them.
template <class F>
void each_word(std::string_view list, F&& f) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        if (const std::string_view word = trim(list.substr(0, end)); !word.empty()) f(word);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

}  // namespace

Texts Groups::regions(const Register::Data& data, std::string_view level) {
    const auto wanted = static_cast<std::uint8_t>(
        std::find(level_names.begin(), level_names.end(), level) - level_names.begin());
    std::optional<graph::View> view;
    if (data.graph) view.emplace(data.graph->store(), Date(0));
    // Of each division that a row names, and of each enterprise.
    std::vector<std::string> of_division, of_enterprise;
    for (const std::string& code : data.division.names) {
        const graph::NodeNo there = view ? view->s.find(code) : graph::none;
        of_division.push_back(there == graph::none ? region_of(code, level)
                                                   : region_of(*view, there, wanted));
    }
    std::unordered_map<graph::NodeNo, std::string> of_place;
    for (const graph::NodeNo node : data.enterprise_node) {
        of_enterprise.emplace_back();
        if (node == graph::none) continue;
        const graph::NodeNo place = view->place_of(node);
        const auto [it, fresh] = of_place.try_emplace(place);
        if (fresh) it->second = region_of(*view, place, wanted);
        of_enterprise.back() = it->second;
    }
    Texts out;
    out.names = of_division;
    for (const auto& [place, name] : of_place)
        out.names.push_back(name);
    std::sort(out.names.begin(), out.names.end());
    out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
    if (!out.names.empty() && out.names.front().empty()) out.names.erase(out.names.begin());
    const auto numbers = [&](const std::vector<std::string>& names) {
        std::vector<std::int32_t> all;
        all.reserve(names.size());
        for (const std::string& name : names)
            all.push_back(out.find(name));
        return all;
    };
    const std::vector<std::int32_t> by_division = numbers(of_division);
    const std::vector<std::int32_t> by_enterprise = numbers(of_enterprise);
    out.of.reserve(data.size());
    for (std::size_t h = 0; h < data.size(); ++h) {
        const std::int32_t d = data.division.of[h];
        const std::int32_t e = data.enterprise.of[h];
        out.of.push_back(d >= 0   ? by_division[static_cast<std::size_t>(d)]
                         : e >= 0 ? by_enterprise[static_cast<std::size_t>(e)]
                                  : -1);
    }
    return out;
}

Groups::Groups(const Register::Data& data, const std::vector<std::string>& by) {
    for (const std::string& name : by) {
        if (std::count(by.begin(), by.end(), name) > 1)
            throw InputError("grouping by '" + name + "' twice");
        axes_.push_back(axis(data, name));
        if (name == "sector") add_sectors(data, axes_.back());
    }
    std::uint64_t cells = 1;
    for (std::size_t a = axes_.size(); a-- > 0;) {
        axes_[a].stride = cells;
        if (axes_[a].of.empty()) stride_ = cells;
        if (cells > std::numeric_limits<std::uint64_t>::max() / axes_[a].keys.size())
            throw InputError("grouping by '" + axes_[a].name + "': too many groups");
        cells *= axes_[a].keys.size();
    }
    code_.assign(data.size(), 0);
    for (Axis& one : axes_) {
        const std::uint64_t none = one.keys.size() - 1;
        for (std::size_t h = 0; h < one.of.size(); ++h)
            code_[h] += one.stride * (one.of[h] < 0 ? none : static_cast<std::uint64_t>(one.of[h]));
        one.of = {};
    }
    size_ = static_cast<std::size_t>(cells);
    if (cells <= few_cells) return;
    for (std::size_t h = 0; h < data.size(); ++h) {
        if (set_.empty()) {
            there_.push_back(code_[h]);
        } else {
            for (const std::uint32_t sector : sets_[set_[h]])
                there_.push_back(code_[h] + sector * stride_);
        }
    }
    std::sort(there_.begin(), there_.end());
    there_.erase(std::unique(there_.begin(), there_.end()), there_.end());
    size_ = there_.size();
}

std::size_t Groups::slot(std::uint64_t code) const {
    if (there_.empty()) return static_cast<std::size_t>(code);
    return static_cast<std::size_t>(std::lower_bound(there_.begin(), there_.end(), code) -
                                    there_.begin());
}

Groups::Axis Groups::axis(const Register::Data& data, const std::string& group) {
    const std::optional<DivisionLevel> level = parse_level(group);
    const std::string name = level ? std::string(to_string(*level)) : group;
    const auto texts = [&](Texts all) {
        all.names.emplace_back();
        return Axis{name, std::move(all.names), std::move(all.of)};
    };
    if (name == "grade") {
        Axis made{name, {"general", "major"}, {}};
        for (const HazardGrade grade : data.grade)
            made.of.push_back(static_cast<std::int32_t>(grade));
        return made;
    }
    if (name == "sector") return {name, {}, {}};
    if (name == "channel") return texts(data.channel);
    if (name == "enterprise") return texts(data.enterprise);
    if (name == "risk_point") return texts(data.risk_point);
    if (std::find(level_names.begin(), level_names.end(), name) == level_names.end())
        throw InputError("grouping by '" + name +
                         "'; known are grade, channel, sector, enterprise, risk_point, province, "
                         "city, county, town, village");
    return texts(regions(data, name));
}

// Those of the row, else those of its enterprise.
void Groups::add_sectors(const Register::Data& data, Axis& axis) {
    std::vector<std::string>& keys = axis.keys;
    std::map<std::string, std::uint32_t, std::less<>> own;  // words that no pack has
    const graph::Store* const s = data.graph ? &data.graph->store() : nullptr;
    if (s != nullptr)
        for (const auto& sector : s->sectors.all)
            keys.push_back(sector.id);
    const auto number = [&](std::string_view word) {
        const std::uint32_t known = s != nullptr ? s->sectors.find(word) : graph::none;
        if (known != graph::none) return known;
        const auto [it, fresh] =
            own.emplace(std::string(word), static_cast<std::uint32_t>(keys.size()));
        if (fresh) keys.emplace_back(word);
        return it->second;
    };
    sets_.emplace_back();  // set 0: nothing is known
    for (const std::string& list : data.sectors.names) {
        std::vector<std::uint32_t> set;
        each_word(list, [&](std::string_view word) { set.push_back(number(word)); });
        std::sort(set.begin(), set.end());
        set.erase(std::unique(set.begin(), set.end()), set.end());
        sets_.push_back(std::move(set));
    }
    const std::size_t of_graph = sets_.size();
    if (s != nullptr)
        for (const auto& set : s->sectors.sets)
            sets_.emplace_back(set.begin(), set.end());
    const auto nobody = static_cast<std::uint32_t>(keys.size());
    keys.emplace_back();
    for (auto& set : sets_)
        if (set.empty()) set.push_back(nobody);
    set_.resize(data.size(), 0);
    for (std::size_t h = 0; h < data.size(); ++h) {
        if (data.sectors.of[h] >= 0)
            set_[h] = static_cast<std::uint32_t>(data.sectors.of[h]) + 1;
        else if (data.node(h) != graph::none)
            set_[h] = static_cast<std::uint32_t>(of_graph + s->node_sectors[data.node(h)]);
    }
}

void Groups::add_columns(Table& table, const std::vector<std::size_t>& told) const {
    for (const Axis& axis : axes_) {
        std::vector<std::int32_t> codes;
        codes.reserve(told.size());
        for (const std::size_t group : told) {
            const std::uint64_t code = there_.empty() ? group : there_[group];
            const auto key = static_cast<std::size_t>(code / axis.stride % axis.keys.size());
            codes.push_back(axis.keys[key].empty() ? -1 : static_cast<std::int32_t>(key));
        }
        table.add(axis.name, Column::of_codes(std::move(codes), Column::of(axis.keys)));
    }
}

}  // namespace safetyrisk::hazard
