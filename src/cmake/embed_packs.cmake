# Writes OUTPUT, a C++ file that holds the JSON files named in the file PACKS, one a line, for
# src/core/embedded_packs.hpp. Run as: cmake -DPACKS=... -DOUTPUT=... -P embed_packs.cmake
#
# The text goes into raw string literals as it is: UTF-8 stays readable in the generated file,
# nothing needs escaping, and the compiler reads it faster than a list of bytes.
cmake_minimum_required(VERSION 3.25)

file(STRINGS "${PACKS}" packs)
list(SORT packs)

set(delimiter "safetyrisk")
set(texts "")
set(rows "")
set(number 0)
foreach(pack IN LISTS packs)
    get_filename_component(name "${pack}" NAME_WLE)
    file(READ "${pack}" text)
    string(FIND "${text}" ")${delimiter}\"" clash)
    if(NOT clash EQUAL -1)
        message(FATAL_ERROR "${pack}: the text holds the end mark of the raw string")
    endif()
    string(APPEND texts "constexpr char pack_${number}[] = R\"${delimiter}(${text})${delimiter}\";\n")
    string(APPEND rows
        "        EmbeddedPack{\"${name}\", pack_${number}, sizeof pack_${number} - 1},\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE "${OUTPUT}" "// Made by src/cmake/embed_packs.cmake from src/packs; edit those files instead.
#include \"core/embedded_packs.hpp\"

#include <array>

namespace safetyrisk::detail {
namespace {

${texts}
}  // namespace

std::span<const EmbeddedPack> embedded_packs() {
    static constexpr std::array<EmbeddedPack, ${number}> packs{{
${rows}    }};
    return packs;
}

}  // namespace safetyrisk::detail
")
