// Unified social credit codes (统一社会信用代码), 18 characters with two check characters.
//
// The ninth to seventeenth characters are an organisation code with its own check character.
// Input is cleaned of full-width forms, lower case and blanks, and of nothing else: I, O, S, V
// and Z are not in the alphabet and are never read as 1, 0, 5, U or 2.
//
// Source: GB 32100-2015 (whole code), GB 11714-1997 (organisation code).
//
// Threads: free functions and plain values; nothing is shared.
// Throws: as noted at the two check characters; checking throws nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace safetyrisk {

/// What is wrong with a credit code; `ok` when nothing is.
enum class CreditCodeStatus : std::uint8_t {
    ok,
    length,              ///< Not 18 characters after cleaning.
    alphabet,            ///< A character outside 0-9 A-H J-N P-R T U W-Y.
    organisation_check,  ///< The check character of GB 11714 (17th character) does not fit.
    check,               ///< The check character of GB 32100 (18th character) does not fit.
};

/// Half-width, upper case, without blanks.
std::string clean_credit_code(std::string_view text);

/// Checks a cleaned code.
CreditCodeStatus check_credit_code(std::string_view code);

/// The check character of the first 17 characters (GB 32100); throws InputError when they are not
/// 17 characters of the alphabet.
char credit_check_character(std::string_view first17);

/// The check character of an organisation code's 8 characters (GB 11714); throws InputError when
/// they are not 8 characters 0-9 A-Z.
char organisation_check_character(std::string_view first8);

}  // namespace safetyrisk
