#include "scenes.hpp"

#include <safetyrisk/core/text.hpp>

#include <array>
#include <set>

namespace safetyrisk::graph {
namespace {

// Calls f(word) for each word of a list, until it gives false; whether none did.
template <class F>
bool each_word(std::string_view list, F&& f) {
    static constexpr std::array<std::string_view, 5> marks = {";", "；", "、", "，", ","};
    while (!list.empty()) {
        std::size_t end = list.size(), length = 0;
        for (const std::string_view mark : marks)
            if (const std::size_t at = list.find(mark); at < end) {
                end = at;
                length = mark.size();
            }
        const std::string_view word = trim(list.substr(0, end));
        if (!word.empty() && !f(word)) return false;
        list.remove_prefix(end + length);
    }
    return true;
}

bool is_text(const Value& value) {
    return value.type == Value::Type::text;
}

}  // namespace

Scenes::Scenes(const Store& store)
    : s_(store), of_edge_(store.edge_attribute("scenes")), of_node_(store.attribute("scenes")) {}

std::string_view Scenes::name(std::string_view word) const {
    const NodeNo v = s_.find(word);
    return v == none || !s_.is(v, s_.known.scene) || s_.name(v).empty() ? word : s_.name(v);
}

bool Scenes::has(std::string_view list, std::string_view scene) const {
    return !each_word(list, [&](std::string_view word) { return name(word) != scene; });
}

bool Scenes::covers(EdgeNo e, std::string_view scene) const {
    const Value value = of_edge_.at(e);
    return !is_text(value) || has(value.text, scene);
}

bool Scenes::of(NodeNo enterprise, std::string_view scene) const {
    const Value value = of_node_.at(enterprise);
    return !is_text(value) || has(value.text, scene);
}

template <class F>
void Scenes::each(F&& f) const {
    const auto words = [&](const Value& value) {
        return !is_text(value) ||
               each_word(value.text, [&](std::string_view word) { return f(name(word)); });
    };
    if (s_.known.scene != no_kind)
        for (NodeNo v = 0; v < s_.n(); ++v)
            if (s_.is(v, s_.known.scene) && !f(name(s_.id(v)))) return;
    if (of_edge_.anywhere())
        for (EdgeNo e = 0; e < s_.m(); ++e)
            if (!words(of_edge_.at(e))) return;
    if (of_node_.anywhere())
        for (NodeNo v = 0; v < s_.n(); ++v)
            if (s_.is(v, s_.known.enterprise) && !words(of_node_.at(v))) return;
}

std::vector<std::string> Scenes::all() const {
    std::set<std::string, std::less<>> found;
    each([&](std::string_view scene) {
        if (found.find(scene) == found.end()) found.emplace(scene);
        return true;
    });
    return {found.begin(), found.end()};
}

bool Scenes::there(std::string_view scene) const {
    bool found = false;
    each([&](std::string_view one) {
        found = one == scene;
        return !found;
    });
    return found;
}

}  // namespace safetyrisk::graph
