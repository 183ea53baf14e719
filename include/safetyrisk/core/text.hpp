// Text: UTF-8 checks and the normal forms in which names, codes and headers are compared.
//
// Everything inside the library is UTF-8. Registers mix full-width and half-width letters, digits
// and blanks; comparing goes through to_half_width. Nothing here depends on the locale.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk {

/// Offset of the first byte that is not well-formed UTF-8, or nothing.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Number of code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

/// Full-width ASCII forms (Ａ１（：) and the ideographic space become their ASCII characters.
std::string to_half_width(std::string_view text);

/// Without blanks (ASCII, U+00A0, U+3000, U+FEFF) at both ends.
std::string_view trim(std::string_view text);

/// Shortest decimal that reads back as the same double; integers without a point ("270", "0.05").
std::string print_number(double value);

/// The double that the shortest decimal of a float means: 0.2f is 0.2 and not 0.20000000298…, which
/// is no step of any scale. Not finite values stay as they are.
double widen(float value);

/// `text` inside a JSON string literal, without the quotes; `<`, `>`, `&`, U+2028 and U+2029 are
/// written as \u escapes so that the result may stand inside an HTML script element.
std::string escape_json(std::string_view text);

/// `text` for XML and HTML content and double-quoted attributes; characters that XML 1.0 cannot
/// hold become U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace safetyrisk
