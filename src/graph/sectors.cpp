#include "build.hpp"

#include "core/json_view.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/industry.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace safetyrisk::graph::detail {

using safetyrisk::detail::Json;
using safetyrisk::detail::JsonView;

std::uint32_t add_sector(Sectors& sectors, std::string_view id, std::string_view name) {
    const auto number = static_cast<std::uint32_t>(sectors.all.size());
    Sectors::Sector sector;
    sector.id = id;
    sector.zh = name;
    sectors.all.push_back(std::move(sector));
    sectors.words.emplace(id, number);
    if (!name.empty()) sectors.words.emplace(name, number);
    return number;
}

SectorWords read_sectors(const Pack& pack) {
    if (pack.kind != "sectors")
        throw InputError(pack.id + ": is a pack of kind '" + pack.kind + "', not 'sectors'");
    const Json json = safetyrisk::detail::parse_json(pack.canonical, pack.id);
    const JsonView content = JsonView(json, pack.id).at("content");
    SectorWords words;
    Sectors& sectors = words.sectors;
    if (content.has("near")) {
        const double near = content.at("near").number();
        if (!(near > 0 && near <= 1)) content.at("near").fail("is not above 0 and at most 1");
        sectors.near = static_cast<std::uint64_t>(std::lround(near * 1000));
    }
    const auto items = content.at("sectors").items();
    const auto flag = [](const JsonView& item, std::string_view key) {
        return item.has(key) && item.at(key).boolean();
    };
    const auto texts = [](const JsonView& item, std::string_view key) {
        std::vector<std::string> list;
        if (item.has(key))
            for (const JsonView& one : item.at(key).items())
                list.push_back(one.text());
        return list;
    };
    if (content.has("links"))
        for (const JsonView& item : content.at("links").items()) {
            const std::string id = item.at("id").text(), zh = item.at("zh").text();
            if (!sectors.link_names.emplace(id, Sectors::LinkName{zh, item.text_or_empty("en")})
                     .second)
                item.fail("the link '" + id + "' stands twice");
            std::vector<std::string> names = texts(item, "aliases");
            names.push_back(id);
            names.push_back(zh);
            for (const std::string& name : names) {
                const auto [at, fresh] = words.links.emplace(name, id);
                if (!fresh && at->second != id)
                    item.fail("the name '" + name + "' of '" + id + "' is taken by '" + at->second +
                              "'");
            }
        }
    for (const JsonView& item : items) {
        const std::string id = item.at("id").text();
        if (sectors.words.count(id) != 0) item.fail("the sector '" + id + "' stands twice");
        if (const std::string zh = item.at("zh").text(); sectors.words.count(zh) != 0)
            item.fail("the name '" + zh + "' of '" + id + "' is taken by '" +
                      sectors.all[sectors.words.at(zh)].id + "'");
        const std::uint32_t number = add_sector(sectors, id, item.at("zh").text());
        auto& sector = sectors.all[number];
        sector.en = item.text_or_empty("en");
        sector.high_risk = flag(item, "high_risk");
        sector.high_risk_said = item.has("high_risk");
        sector.emerging = flag(item, "emerging");
        sector.cross_function = flag(item, "cross_function");
        sector.registered_engineer = flag(item, "registered_engineer");
        sector.insurance = flag(item, "insurance");
        sector.links = texts(item, "links");
        for (std::string& link : sector.links)
            if (const auto known = words.links.find(link); known != words.links.end())
                link = known->second;
        sector.tags = texts(item, "tags");
        std::sort(sector.tags.begin(), sector.tags.end());
        sector.tags.erase(std::unique(sector.tags.begin(), sector.tags.end()), sector.tags.end());
        for (const std::string& alias : texts(item, "aliases")) {
            const auto [at, fresh] = sectors.words.emplace(alias, number);
            if (!fresh && at->second != number)
                item.fail("the name '" + alias + "' of '" + id + "' is taken by '" +
                          sectors.all[at->second].id + "'");
        }
        if (item.has("industry"))
            for (const JsonView& one : item.at("industry").items()) {
                const std::string prefix = one.at("prefix").text();
                const auto take = [&](const std::string& code, std::uint32_t to) {
                    if (!IndustryCode::parse(code)) one.fail("'" + code + "' is no industry code");
                    if (!words.industries.emplace(code, to).second)
                        one.fail("the industry '" + code + "' stands twice");
                };
                take(prefix, number);
                for (const std::string& code : texts(one, "except")) {
                    if (code.rfind(prefix, 0) != 0 || code == prefix)
                        one.fail("the exception '" + code + "' does not begin with '" + prefix +
                                 "'");
                    take(code, none);
                }
                if (const std::string name = one.text_or_empty("zh"); !name.empty())
                    if (!words.industry_names.emplace(name, number).second)
                        one.fail("the industry '" + name + "' stands twice");
            }
    }
    for (const JsonView& item : items)
        if (item.has("parent")) {
            const std::uint32_t parent = sectors.find(item.at("parent").text());
            if (parent == none) item.fail("its parent is no sector");
            sectors.all[sectors.find(item.at("id").text())].parent = parent;
        }
    return words;
}

void finish_sectors(Sectors& sectors) {
    const std::size_t n = sectors.all.size();
    if (n > 0xffff) throw InputError("more than 65535 sectors");
    for (const auto& sector : sectors.all)
        for (const std::string& tag : sector.tags)
            ++sectors.tag_weights[tag];
    for (auto& [tag, weight] : sectors.tag_weights)
        weight = 1'000'000 / weight;
    std::vector<std::uint32_t> order(n), place(n);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return sectors.all[a].id < sectors.all[b].id;
    });
    std::vector<Sectors::Sector> sorted(n);
    for (std::uint32_t i = 0; i < n; ++i) {
        place[order[i]] = i;
        sorted[i] = std::move(sectors.all[order[i]]);
    }
    sectors.all = std::move(sorted);
    for (auto& sector : sectors.all)
        if (sector.parent != none) sector.parent = place[sector.parent];
    for (auto& [word, number] : sectors.words)
        number = place[number];
    for (auto& set : sectors.sets) {
        for (auto& one : set)
            one = static_cast<std::uint16_t>(place[one]);
        std::sort(set.begin(), set.end());
        set.erase(std::unique(set.begin(), set.end()), set.end());
    }
    // Each sector alone is a set, too, so that a change can move one.
    std::vector<std::uint8_t> alone(n, 0);
    for (const auto& set : sectors.sets)
        if (set.size() == 1) alone[set[0]] = 1;
    for (std::uint32_t one = 0; one < n; ++one)
        if (alone[one] == 0) sectors.sets.push_back({static_cast<std::uint16_t>(one)});
    sectors.covered.assign(sectors.sets.size(), {});
    for (std::size_t s = 1; s < sectors.sets.size(); ++s) {
        auto& bits = sectors.covered[s];
        bits.assign(n / 64 + 1, 0);
        for (std::uint32_t one = 0; one < n; ++one) {
            std::size_t steps = 0;  // a circle of parents ends, too
            for (std::uint32_t up = one; up != none && steps <= n;
                 up = sectors.all[up].parent, ++steps)
                if (std::binary_search(sectors.sets[s].begin(), sectors.sets[s].end(),
                                       static_cast<std::uint16_t>(up))) {
                    bits[one / 64] |= std::uint64_t{1} << (one % 64);
                    break;
                }
        }
    }
}

bool AttributeReader::read(std::uint32_t who, std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return false;
    for (const auto& [key, node] : json.items()) {
        Cell cell{who, {}, 0, 0};
        if (node.is_null()) continue;
        if (node.is_boolean()) {
            cell.value.type = Value::Type::boolean;
            cell.value.boolean = node.get<bool>();
        } else if (node.is_number()) {
            cell.value.type = Value::Type::number;
            cell.value.number = node.get<double>();
        } else {
            const std::string shown = node.is_string() ? node.get<std::string>() : node.dump();
            cell.value.type = Value::Type::text;
            cell.at = texts_->size();
            cell.length = shown.size();
            *texts_ += shown;
        }
        cells_[key].push_back(cell);
    }
    return true;
}

std::vector<std::shared_ptr<const Sparse>> AttributeReader::finish() {
    std::vector<std::shared_ptr<const Sparse>> all;
    for (auto& [key, cells] : cells_) {
        std::stable_sort(cells.begin(), cells.end(),
                         [](const Cell& a, const Cell& b) { return a.who < b.who; });
        auto sparse = std::make_shared<Sparse>();
        sparse->name = key;
        sparse->texts = texts_;
        for (const Cell& cell : cells) {
            sparse->who.push_back(cell.who);
            sparse->values.push_back(cell.value);
            if (cell.value.type == Value::Type::text)
                sparse->values.back().text =
                    trim(std::string_view(*texts_).substr(cell.at, cell.length));
        }
        all.push_back(std::move(sparse));
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a->name < b->name; });
    return all;
}

}  // namespace safetyrisk::graph::detail
