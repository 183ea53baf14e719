// An id as a key of fixed size: its first 24 bytes as numbers that sort like the bytes.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/text.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace safetyrisk::core_detail {

inline std::uint64_t mix(std::uint64_t x) {  // finaliser of SplitMix64
    x ^= x >> 30U;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27U;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

inline std::uint64_t swap_bytes(std::uint64_t x) {
    x = ((x & 0x00ff00ff00ff00ffU) << 8U) | ((x >> 8U) & 0x00ff00ff00ff00ffU);
    x = ((x & 0x0000ffff0000ffffU) << 16U) | ((x >> 16U) & 0x0000ffff0000ffffU);
    return (x << 32U) | (x >> 32U);
}

// Eight bytes as a number that sorts like them.
inline std::uint64_t eight_bytes(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    return std::endian::native == std::endian::little ? swap_bytes(word) : word;
}

// The `length` (0 to 8) bytes that end at `end`, padded with zeros on the right; `whole` bytes
// before `end` may be read. Copies of a length that the compiler knows are single instructions.
inline std::uint64_t last_bytes(const char* end, std::size_t length, std::size_t whole) {
    if (length == 0) return 0;
    if (whole >= 8) return eight_bytes(end - 8) << (64 - 8 * length);
    std::uint64_t word = 0;
    if (length >= 4) {
        std::uint32_t high = 0;
        std::uint32_t low = 0;
        std::memcpy(&high, end - length, 4);
        std::memcpy(&low, end - 4, 4);
        const auto big = [](std::uint32_t x) {
            return std::endian::native == std::endian::little ? swap_bytes(x) >> 32U
                                                              : std::uint64_t{x};
        };
        return (big(high) << 32U) | (big(low) << (64 - 8 * length));
    }
    for (std::size_t k = 0; k < length; ++k)
        word |= std::uint64_t{static_cast<unsigned char>(*(end - length + k))} << (56 - 8 * k);
    return word;
}

// The first 24 bytes of a text and its length.
struct IdKey {
    static constexpr std::size_t bytes = 24;

    std::uint64_t word[3] = {0, 0, 0};
    std::uint32_t size = 0;

    explicit IdKey(std::string_view text) : size(static_cast<std::uint32_t>(text.size())) {
        const char* p = text.data();
        const std::size_t n = text.size();
        if (n >= 24) {
            word[0] = eight_bytes(p);
            word[1] = eight_bytes(p + 8);
            word[2] = eight_bytes(p + 16);
        } else if (n >= 16) {
            word[0] = eight_bytes(p);
            word[1] = eight_bytes(p + 8);
            word[2] = last_bytes(p + n, n - 16, n);
        } else if (n >= 8) {
            word[0] = eight_bytes(p);
            word[1] = last_bytes(p + n, n - 8, n);
        } else {
            word[0] = last_bytes(p + n, n, n);
        }
    }
    IdKey() = default;

    /// Equal keys are equal texts unless they are longer than `bytes`.
    bool operator==(const IdKey&) const = default;

    std::uint64_t hash() const {
        const std::uint64_t a = word[0] * 0x9e3779b97f4a7c15U;
        const std::uint64_t b = word[1] * 0xc2b2ae3d27d4eb4fU;
        const std::uint64_t c = word[2] * 0x165667b19e3779f9U;
        return mix(a ^ std::rotl(b, 23) ^ std::rotl(c, 47) ^ size);
    }
};

/// A hash of a text of any length; `key` is its key.
inline std::uint64_t hash_text(std::string_view text, const IdKey& key) {
    std::uint64_t h = key.hash();
    for (std::size_t at = IdKey::bytes; at < text.size(); at += 8) {
        const std::size_t length = text.size() - at < 8 ? text.size() - at : 8;
        h = mix(h ^ last_bytes(text.data() + at + length, length, text.size()));
    }
    return h;
}

/// Whether a text that is not null counts as missing; most are seen to be none by their first byte.
inline bool is_blank(std::string_view text) {
    if (text.empty()) return true;
    const auto first = static_cast<unsigned char>(text.front());
    if (first > 0x20 && first < 0x80) return false;
    return trim(text).empty();
}

inline void fetch([[maybe_unused]] const void* where) {
#if defined(__GNUC__)
    __builtin_prefetch(where);
#endif
}

}  // namespace safetyrisk::core_detail
