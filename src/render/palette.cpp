#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/render/palette.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::render {
namespace {

constexpr std::string_view prefix = "palette.";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Rgb colour_of(const safetyrisk::detail::JsonView& content, std::string_view key) {
    const auto value = content.at(key);
    if (const auto colour = Rgb::parse(value.text())) return *colour;
    value.fail("must be a colour, \"#RRGGBB\"");
}

}  // namespace

std::optional<Rgb> Rgb::parse(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    std::array<std::uint8_t, 3> channels{};
    for (std::size_t i = 0; i < 3; ++i) {
        const int high = hex_digit(text[1 + 2 * i]);
        const int low = hex_digit(text[2 + 2 * i]);
        if (high < 0 || low < 0) return std::nullopt;
        channels[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return Rgb{channels[0], channels[1], channels[2]};
}

std::string Rgb::text() const {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result = "#";
    for (const std::uint8_t channel : {red, green, blue}) {
        result += digits[channel >> 4U];
        result += digits[channel & 15U];
    }
    return result;
}

Rgb mix(Rgb a, Rgb b, int share) {
    const int part = std::clamp(share, 0, 100);
    const auto channel = [part](std::uint8_t x, std::uint8_t y) {
        return static_cast<std::uint8_t>((x * part + y * (100 - part) + 50) / 100);
    };
    return {channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue)};
}

Rgb Palette::of(std::optional<Grade> grade) const {
    if (!grade) return not_assessed;
    switch (*grade) {
        case Grade::red:
            return red;
        case Grade::orange:
            return orange;
        case Grade::yellow:
            return yellow;
        case Grade::blue:
            return blue;
    }
    return not_assessed;
}

Palette palette(std::string_view name) {
    const std::string_view short_name =
        name.starts_with(prefix) ? name.substr(prefix.size()) : name;
    const auto names = palette_names();
    if (std::find(names.begin(), names.end(), short_name) == names.end()) {
        std::string message = "no palette is named \"" + std::string(name) + "\"; there are";
        for (const auto& known : names)
            message += (known == names.front() ? " " : ", ") + std::string(known);
        throw NotFoundError(message);
    }
    const auto pack = PackRegistry::builtin().find(std::string(prefix) + std::string(short_name));
    const auto document = safetyrisk::detail::parse_json(pack->canonical, pack->id);
    const auto content = safetyrisk::detail::JsonView(document, pack->id).at("content");
    content.only({"red", "orange", "yellow", "blue", "not_assessed"});
    Palette result;
    result.name = short_name;
    result.red = colour_of(content, "red");
    result.orange = colour_of(content, "orange");
    result.yellow = colour_of(content, "yellow");
    result.blue = colour_of(content, "blue");
    result.not_assessed = colour_of(content, "not_assessed");
    return result;
}

std::vector<std::string> palette_names() {
    std::vector<std::string> names;
    std::string first;
    for (const auto& pack : PackRegistry::builtin().all()) {
        if (pack->kind != "palette") continue;
        auto name = pack->id.substr(prefix.size());
        if (pack->is_default)
            first = std::move(name);
        else
            names.push_back(std::move(name));
    }
    if (!first.empty()) names.insert(names.begin(), first);
    return names;
}

}  // namespace safetyrisk::render
