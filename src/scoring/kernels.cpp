#include "kernels.hpp"

namespace safetyrisk::scoring::loops {

const Kernels& kernels_of(Isa isa) {
#ifdef SAFETYRISK_X86_KERNELS
    if (isa == Isa::avx2) return avx2_kernels();
    if (isa == Isa::avx512) return avx512_kernels();
#endif
    (void)isa;
    return scalar_kernels();
}

const Kernels& active_kernels() {
    static const Kernels& chosen = kernels_of(active_isa());
    return chosen;
}

}  // namespace safetyrisk::scoring::loops
