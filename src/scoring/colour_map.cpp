#include <safetyrisk/scoring/colour_map.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::scoring {

std::shared_ptr<const ColourMap> ColourMap::compile(std::shared_ptr<const Pack> pack) {
    if (pack->kind != "colour_map")
        throw InputError(pack->id + ": is a pack of kind '" + pack->kind + "', not a colour map");
    const auto out = std::make_shared<ColourMap>();
    out->pack_ = std::move(pack);
    const detail::Json document = detail::parse_json(out->pack_->canonical, out->pack_->id);
    const detail::JsonView content = detail::JsonView(document, out->pack_->id).at("content");
    content.only({"scale", "levels"});
    out->scale_ = content.at("scale").text();
    for (const detail::JsonView& view : content.at("levels").items()) {
        view.only({"label", "grade"});
        const std::string label = view.at("label").text();
        if (out->names(label)) view.at("label").fail("this level stands twice", "这一级出现两次");
        std::optional<Grade> grade;
        if (view.has("grade")) grade = parse_grade(view.at("grade").text());
        if (view.has("grade") && !grade)
            view.at("grade").fail("must be red, orange, yellow, blue or null",
                                  "应为 red、orange、yellow、blue 或 null");
        out->levels_.emplace_back(label, *grade);
    }
    if (out->levels_.empty()) content.at("levels").fail("has no level", "没有任何一级");
    return out;
}

bool ColourMap::names(std::string_view label) const {
    return std::any_of(levels_.begin(), levels_.end(),
                       [&](const auto& one) { return one.first == label; });
}

std::optional<Grade> ColourMap::grade(std::string_view label) const {
    for (const auto& [known, grade] : levels_)
        if (known == label) return grade;
    return {};
}

}  // namespace safetyrisk::scoring
