// The version of the library, written into every run report and every file that
// records how a result was made. CMakeLists.txt reads it from here.
//
// Threads: free functions and plain values; nothing is shared.
// Throws: nothing.
#pragma once

#define SAFETYRISK_VERSION "0.1.0"

namespace safetyrisk {

/// Version of the headers, "major.minor.patch".
inline constexpr const char* version = SAFETYRISK_VERSION;

}  // namespace safetyrisk
