// A buffer: a vector for the cells of long columns.
//
// A register of ten million rows makes columns of a hundred megabytes. Half of what it costs to
// write one for the first time is the system's: a page fault every 4 KiB. Buffers ask for large
// pages where the system offers them (Linux) and leave new cells of plain types uninitialised, so
// that `resize` touches no memory and the threads that write a column are those that fault it in.
// Read no cell before you wrote it.
//
// Threads: as std::vector.
// Throws: std::bad_alloc.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace safetyrisk {
namespace core_detail {

/// Memory for a buffer; throws std::bad_alloc.
void* take_block(std::size_t bytes);
void give_block(void* block, std::size_t bytes) noexcept;

template <class T>
struct BlockAllocator {
    using value_type = T;

    BlockAllocator() = default;
    template <class U>
    BlockAllocator(const BlockAllocator<U>& /*other*/) noexcept {}

    T* allocate(std::size_t n) {
        if (n > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
        return static_cast<T*>(take_block(n * sizeof(T)));
    }
    void deallocate(T* block, std::size_t n) noexcept { give_block(block, n * sizeof(T)); }

    template <class U, class... Arguments>
    void construct(U* place, Arguments&&... arguments) {
        if constexpr (sizeof...(Arguments) == 0 && std::is_trivially_default_constructible_v<U>)
            ::new (static_cast<void*>(place)) U;
        else
            ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
    }

    friend bool operator==(const BlockAllocator&, const BlockAllocator&) { return true; }
};

}  // namespace core_detail

template <class T>
using Buffer = std::vector<T, core_detail::BlockAllocator<T>>;

}  // namespace safetyrisk
