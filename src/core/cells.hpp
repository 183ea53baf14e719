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

/// The day that a text says: as Date::parse reads it, with a time of day behind it as databases
/// write it (2026-07-20 00:00:00, 2026-08-01T10:00; not one of a zone but +08:00: it may be another
/// day), or as the number that a workbook has for it (46223, of 1954 to 2118).
std::optional<Date> read_day(std::string_view text);

/// The cell as a day, nothing where it is missing; sets `wrong` where it is no day.
std::optional<Date> cell_day(const Column* column, std::size_t row, bool& wrong);

}  // namespace safetyrisk
