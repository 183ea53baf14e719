// SHA-256 of a text, for the hashes of packs. Our own because Boost carries SHA-256 only from
// 1.86 on and the library supports 1.74, and a cryptography library would be a run-time dependency
// for one function. Source: FIPS 180-4.
#pragma once

#include <string>
#include <string_view>

namespace safetyrisk::detail {

/// 64 hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace safetyrisk::detail
