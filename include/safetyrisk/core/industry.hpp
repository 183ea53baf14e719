// Industry codes of GB/T 4754-2017: section letter, division (2 digits), group (3), class (4).
//
// The letter is often left out and is not part of the number; where it is given it must be the
// one whose range holds the two digits. Whether a group or class exists in the printed list is
// not checked here: the list has amendments, the ranges of the sections do not.
//
// Source: GB/T 4754-2017 with amendment 1 (2019), section ranges A 01-05 … T 97.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing; what is no code is an empty optional.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace safetyrisk {

/// An industry code with its section letter filled in.
struct IndustryCode {
    char section = 'A';  ///< A to T.
    std::string digits;  ///< 2, 3 or 4 digits; empty when only the letter was given.

    /// Reads "C26", "26", "261", "C2611", "C"; full-width and lower case are accepted. Nothing when
    /// the digits lie in no section or the letter does not fit them.
    static std::optional<IndustryCode> parse(std::string_view text);

    /// Letter and digits, "C2611".
    std::string text() const;

    friend bool operator==(const IndustryCode&, const IndustryCode&) = default;
};

}  // namespace safetyrisk
