// Where a rule, a number or a duty comes from: document, clause, edition, and how sure we are.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace safetyrisk {

/// How well a rule is confirmed.
enum class Confidence : std::uint8_t {
    confirmed_twice,  ///< V2: the numbers were seen in two or more independent sources.
    confirmed_once,   ///< V1: seen in one source.
    unconfirmed,      ///< M: not confirmed; runs only when its full name is given.
    design,           ///< D: a recommendation of this library, not a rule of the field.
};

/// The flag as packs print it: "V2", "V1", "M", "D".
constexpr std::string_view to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::confirmed_twice:
            return "V2";
        case Confidence::confirmed_once:
            return "V1";
        case Confidence::unconfirmed:
            return "M";
        case Confidence::design:
            return "D";
    }
    return "";
}

/// A place in a law, a standard or a plan.
struct Source {
    std::string document;  ///< Title and number, as printed.
    std::string clause;    ///< Clause, table or page; may be empty.
    std::string edition;   ///< Year or version; may be empty.

    friend bool operator==(const Source&, const Source&) = default;

    /// "document clause (edition)" without the parts that are empty.
    std::string text() const;
};

}  // namespace safetyrisk
