// A column of what each item of a list says.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/date.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace safetyrisk {

/// `get(item)` of each item: texts, days, or whole numbers.
template <class List, class Get>
Column column_of(const List& list, const Get& get) {
    using Cell = std::remove_cvref_t<decltype(get(*list.begin()))>;
    if constexpr (std::convertible_to<Cell, std::string_view>) {
        TextBuilder texts;
        for (const auto& item : list)
            texts.append(get(item));
        return texts.finish();
    } else if constexpr (std::same_as<Cell, Date>) {
        std::vector<Date> days;
        for (const auto& item : list)
            days.push_back(get(item));
        return Column::of(days);
    } else {
        static_assert(std::integral<Cell> && !std::same_as<Cell, bool>);
        std::vector<std::int64_t> numbers;
        for (const auto& item : list)
            numbers.push_back(static_cast<std::int64_t>(get(item)));
        return Column::of(std::move(numbers));
    }
}

}  // namespace safetyrisk
