#include <safetyrisk/core/error.hpp>
#include <safetyrisk/render/scene.hpp>

#include <utility>

namespace safetyrisk::render {

std::uint64_t GradeCounts::of(std::optional<Grade> grade) const {
    if (!grade) return none;
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
    return none;
}

PageSize page_size(std::string_view name) {
    constexpr std::pair<std::string_view, PageSize> sizes[] = {
        {"A3", a3_landscape}, {"A3 landscape", a3_landscape}, {"A3 portrait", a3_portrait},
        {"A4", a4_landscape}, {"A4 landscape", a4_landscape}, {"A4 portrait", a4_portrait}};
    std::string known;
    for (const auto& [text, size] : sizes) {
        if (text == name) return size;
        known += (known.empty() ? "" : ", ") + std::string(text);
    }
    throw NotFoundError("no page size is named \"" + std::string(name) + "\"; there are " + known);
}

std::string_view default_footer(Lang lang) {
    return lang == Lang::zh ? "内部工作用图,未经审核不得公开"
                            : "For internal work only; not to be published without map review";
}

}  // namespace safetyrisk::render
