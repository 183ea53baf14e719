// A cell as a text or as a day, whatever the type of its column: numbers stored as text and texts
// stored as numbers are common in registers.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/date.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk {

/// The cell without blanks at both ends, empty where it is missing or there is no column (null).
/// Whole numbers have no point. Points into the column or into `scratch`.
std::string_view cell_text(const Column* column, std::size_t row, std::string& scratch);
/// The same as a text of its own.
std::string cell_text(const Column* column, std::size_t row);

/// The cell as a day, nothing where it is missing; sets `wrong` where it is no day.
std::optional<Date> cell_day(const Column* column, std::size_t row, bool& wrong);

}  // namespace safetyrisk
