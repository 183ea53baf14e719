#include <safetyrisk/core/buffer.hpp>

#if defined(__linux__)
#include <sys/mman.h>

#include <cstdlib>
#endif

namespace safetyrisk::core_detail {
namespace {

#if defined(__linux__)
// The size of a large page on x86-64 and on arm64 with small base pages; elsewhere the advice is
// merely of no use.
constexpr std::size_t large_page = std::size_t{2} << 20U;
// Below this a large page wastes more than it saves.
constexpr std::size_t smallest = 2 * large_page;
#endif

}  // namespace

void* take_block(std::size_t bytes) {
#if defined(__linux__)
    if (bytes >= smallest) {
        const std::size_t whole = (bytes + large_page - 1) / large_page * large_page;
        void* block = std::aligned_alloc(large_page, whole);
        if (block == nullptr) throw std::bad_alloc();
        madvise(block, whole, MADV_HUGEPAGE);  // advice: that it is refused does no harm
        return block;
    }
#endif
    return ::operator new(bytes);
}

void give_block(void* block, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__)
    if (bytes >= smallest) {
        std::free(block);
        return;
    }
#endif
    ::operator delete(block);
}

}  // namespace safetyrisk::core_detail
