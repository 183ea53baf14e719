// Which instruction set the compiled library's kernels use.
//
// The library is compiled for the plain processor of its platform; a few loops exist a second and
// third time for AVX2 and AVX-512 and are chosen when they are first used, by what processor and
// operating system offer. All of them give the same bytes. The environment variable SAFETYRISK_ISA
// (scalar, avx2, avx512) forces a choice, for tests and for comparing machines.
//
// Threads: chosen once, at first use, under the compiler's guard.
// Throws: InputError for an unknown or unsupported name in SAFETYRISK_ISA.
#pragma once

#include <cstdint>
#include <string_view>

namespace safetyrisk {

/// An instruction set that kernels are written for.
enum class Isa : std::uint8_t {
    scalar,  ///< What every processor of the platform has.
    avx2,    ///< AVX2 (x86-64-v3 without FMA).
    avx512,  ///< AVX-512 F, BW, DQ and VL (x86-64-v4).
};

/// "scalar", "avx2", "avx512".
std::string_view to_string(Isa isa);

/// Whether the kernels of `isa` were compiled and run on this machine.
bool is_supported(Isa isa);

/// The instruction set in use: the widest that is supported, or what SAFETYRISK_ISA says. Decided
/// at the first call and never again. Throws InputError, at every call, when SAFETYRISK_ISA names
/// no instruction set or one that is not supported: a forced choice that is quietly another one
/// would prove nothing.
Isa active_isa();

}  // namespace safetyrisk
