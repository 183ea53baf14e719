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

/// A day as tables hold it: as Date::parse reads it, and as databases and spreadsheets write it:
/// with 号 for 日, with a time of day behind it (left out; one of a zone but +08:00 is no day: it
/// may be another), or as a day number of Excel (20000 to 79999, which are 1954 to 2119).
std::optional<Date> read_day(std::string_view text);
/// The same of a number: a day number, whose part of a day is left out, or YYYYMMDD.
std::optional<Date> read_day(double number);
/// Whether an end says that there is none: 长期, 长期有效, 至今, 永久, 永久有效.
bool is_open_end(std::string_view text);

/// The cell as a day (read_day), nothing where it is missing; sets `wrong` where it is no day.
std::optional<Date> cell_day(const Column* column, std::size_t row, bool& wrong);

}  // namespace safetyrisk
