// The packs that the library carries inside itself.
//
// Each file of src/packs becomes one entry when the library is built
// (src/cmake/embed_packs.cmake writes the definitions), so that a program needs
// no data folder beside it. The text is the file's, byte for byte; parsing and
// checking it is the registry's work.
#pragma once

#include <cstddef>
#include <span>

namespace safetyrisk::detail {

/// One file of src/packs.
struct EmbeddedPack {
    const char* name;  ///< File name without ".json".
    const char* data;  ///< UTF-8 text, followed by a zero byte.
    std::size_t size;  ///< Bytes of text, without that zero byte.
};

/// All embedded packs in byte order of their names. The memory lives as long as the program.
std::span<const EmbeddedPack> embedded_packs();

}  // namespace safetyrisk::detail
