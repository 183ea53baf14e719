#include <safetyrisk/core/isa.hpp>

#include <safetyrisk/core/error.hpp>

#include <cstdlib>
#include <string>

namespace safetyrisk {
namespace {

constexpr Isa every_isa[] = {Isa::scalar, Isa::avx2, Isa::avx512};

#ifdef SAFETYRISK_X86_KERNELS
// The compiler's own check also asks whether the operating system saves the registers.
bool has_avx2() {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
           __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("popcnt") != 0;
}
#endif

Isa choose() {
    // Read once, before threads of ours exist; the library never writes the environment.
    const char* forced = std::getenv("SAFETYRISK_ISA");  // NOLINT(concurrency-mt-unsafe)
    if (forced == nullptr || *forced == '\0') {
        Isa widest = Isa::scalar;
        for (const Isa isa : every_isa)
            if (is_supported(isa)) widest = isa;
        return widest;
    }
    for (const Isa isa : every_isa) {
        if (to_string(isa) != forced) continue;
        if (!is_supported(isa))
            throw InputError("SAFETYRISK_ISA is '" + std::string(forced) +
                             "', which this machine or this build does not have");
        return isa;
    }
    throw InputError("SAFETYRISK_ISA is '" + std::string(forced) +
                     "'; it must be scalar, avx2 or avx512");
}

}  // namespace

std::string_view to_string(Isa isa) {
    switch (isa) {
        case Isa::scalar:
            return "scalar";
        case Isa::avx2:
            return "avx2";
        case Isa::avx512:
            return "avx512";
    }
    return "";
}

bool is_supported(Isa isa) {
    switch (isa) {
        case Isa::scalar:
            return true;
#ifdef SAFETYRISK_X86_KERNELS
        case Isa::avx2:
            return has_avx2();
        case Isa::avx512:
            return has_avx2() && __builtin_cpu_supports("avx512f") != 0 &&
                   __builtin_cpu_supports("avx512bw") != 0 &&
                   __builtin_cpu_supports("avx512dq") != 0 &&
                   __builtin_cpu_supports("avx512vl") != 0;
#else
        case Isa::avx2:
        case Isa::avx512:
            return false;
#endif
    }
    return false;
}

Isa active_isa() {
    static const Isa chosen = choose();
    return chosen;
}

}  // namespace safetyrisk
