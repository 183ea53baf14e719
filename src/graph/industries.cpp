#include "industries.hpp"

#include <safetyrisk/core/industry.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>

namespace safetyrisk::graph::detail {
namespace {

constexpr std::array<std::string_view, 7> list_marks = {";", "；", "、", "，", ",", "/", "\n"};
constexpr std::array<std::string_view, 5> path_marks = {"-", ">", "→", "—", "\\"};

template <std::size_t N>
std::vector<std::string_view> parts_of(std::string_view text,
                                       const std::array<std::string_view, N>& marks) {
    std::vector<std::string_view> parts;
    while (true) {
        std::size_t end = text.size(), length = 0;
        for (const std::string_view mark : marks)
            if (const std::size_t at = text.find(mark); at < end) {
                end = at;
                length = mark.size();
            }
        if (const std::string_view part = trim(text.substr(0, end)); !part.empty())
            parts.push_back(part);
        if (length == 0) return parts;
        text.remove_prefix(end + length);
    }
}

// The sector of the longest prefix of a code; an exception of the pack ends the search.
std::uint32_t by_code(const SectorWords& words, std::string_view text) {
    const auto code = IndustryCode::parse(text);
    if (!code) return none;
    for (std::size_t length = code->digits.size() + 1; length-- > 0;) {
        const std::string prefix =
            length == 0 ? std::string(1, code->section) : code->digits.substr(0, length);
        if (const auto found = words.industries.find(prefix); found != words.industries.end())
            return found->second;
    }
    return none;
}

std::uint32_t by_name(const SectorWords& words, std::string_view text) {
    if (const std::uint32_t sector = words.sectors.find(text); sector != none) return sector;
    const auto found = words.industry_names.find(std::string(text));
    return found == words.industry_names.end() ? none : found->second;
}

// A code, a name, or both in one cell, the code being what decides.
std::uint32_t by_either(const SectorWords& words, std::string_view text) {
    text = trim(text);
    if (text.empty()) return none;
    if (const std::uint32_t sector = by_name(words, text); sector != none) return sector;
    if (IndustryCode::parse(text)) return by_code(words, text);
    std::string_view code, name;
    if (const std::size_t open = text.find('(');
        open != std::string_view::npos && open > 0 && text.back() == ')') {
        name = trim(text.substr(0, open));
        code = trim(text.substr(open + 1, text.size() - open - 2));
    } else {
        std::size_t end = 0;
        while (end < text.size() && static_cast<unsigned char>(text[end]) < 0x80 &&
               text[end] != ' ' && text[end] != '-' && text[end] != ':' && text[end] != '.')
            ++end;
        code = text.substr(0, end);
        name = text.substr(end);
        while (!name.empty() &&
               (name[0] == ' ' || name[0] == '-' || name[0] == ':' || name[0] == '.'))
            name.remove_prefix(1);
    }
    if (!IndustryCode::parse(code)) return none;
    const std::uint32_t sector = by_code(words, code);
    return sector != none ? sector : words.sectors.find(trim(name));
}

std::uint32_t by_path(const SectorWords& words, std::string_view text) {
    if (const std::uint32_t sector = by_either(words, text); sector != none) return sector;
    const auto steps = parts_of(text, path_marks);
    if (steps.size() < 2) return none;
    for (std::size_t i = steps.size(); i-- > 0;)
        if (const std::uint32_t sector = by_either(words, steps[i]); sector != none) return sector;
    return none;
}

// Longest run of characters that both have, in characters.
std::size_t common_run(std::string_view a, std::string_view b) {
    std::size_t best = 0;
    const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!starts(a[i])) continue;
        for (std::size_t j = 0; j < b.size(); ++j) {
            if (!starts(b[j])) continue;
            std::size_t n = 0, characters = 0;
            while (i + n < a.size() && j + n < b.size() && a[i + n] == b[j + n]) {
                ++n;
                if (i + n == a.size() || starts(a[i + n])) ++characters;
            }
            best = std::max(best, characters);
        }
    }
    return best;
}

}  // namespace

IndustrySectors sectors_of_industry(const SectorWords& words, std::string_view cell) {
    const std::string plain = to_half_width(cell);
    IndustrySectors found;
    if (const std::uint32_t sector = by_path(words, plain); sector != none) {
        found.sectors.push_back(static_cast<std::uint16_t>(sector));
        found.whole = true;
        return found;
    }
    found.whole = true;
    for (const std::string_view part : parts_of(plain, list_marks)) {
        const std::uint32_t sector = by_path(words, part);
        if (sector == none)
            found.whole = false;
        else
            found.sectors.push_back(static_cast<std::uint16_t>(sector));
    }
    std::sort(found.sectors.begin(), found.sectors.end());
    found.sectors.erase(std::unique(found.sectors.begin(), found.sectors.end()),
                        found.sectors.end());
    return found;
}

std::string near_sectors(const Sectors& sectors, std::size_t count, std::string_view word) {
    constexpr std::size_t most = 3, least_run = 2, longest = 200;
    word = word.substr(0, longest);
    std::vector<std::size_t> runs(count, 0);
    for (const auto& [name, number] : sectors.words)
        if (number < runs.size() && static_cast<unsigned char>(name[0]) >= 0x80)
            runs[number] = std::max(runs[number], common_run(word, name));
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < runs.size(); ++i)
        if (runs[i] >= least_run && !sectors.all[i].zh.empty()) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return runs[a] > runs[b]; });
    std::string text;
    for (std::size_t i = 0; i < order.size() && i < most; ++i)
        text += "「" + sectors.all[order[i]].zh + "」";
    return text;
}

}  // namespace safetyrisk::graph::detail
