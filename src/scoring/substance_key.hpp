// The forms in which names of chemicals and CAS numbers are compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk::scoring {

/// Half-width, small ASCII letters, round brackets, one kind of dash, comma and comparison sign,
/// plain digits for subscripts, no blanks.
std::string substance_key(std::string_view text);

/// Whether a cell says that there is nothing: "-", "—", "/", "无", "n/a".
bool says_nothing(std::string_view text);

/// Without the bracket at its end: ("甲醛", "含量>90%"); the second is empty when there is none.
std::pair<std::string, std::string> split_bracket(const std::string& key);

/// The parts of a list separated by any of the characters in `separators`, blanks trimmed, empty
/// ones left out.
std::vector<std::string> split_list(std::string_view text, std::string_view separators);

enum class CasFault { none, form, check };

/// A CAS number as printed ("7664-41-7"), whatever its dashes; leading zeros and a leading "CAS"
/// go, and nine digits without hyphens are read. The fault says why it is none.
std::pair<std::string, CasFault> read_cas(std::string_view text);

}  // namespace safetyrisk::scoring
