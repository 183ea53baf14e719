// How long work is run: on how many threads, and how it is interrupted.
//
// Rows are cut into fixed blocks, whatever the number of threads, and each block writes only its
// own rows, so results are the same bytes for any number of threads.
//
// Threads: for_blocks starts threads and joins them before it returns; `interrupted` and `progress`
// are called on the calling thread, `body` on any.
// Throws: Interrupted, and the first exception of `body`.
#pragma once

#include <cstddef>
#include <functional>

namespace safetyrisk {

/// Options of long work.
struct Work {
    unsigned threads = 1;  ///< 0 means as many as the machine has.

    /// Asked about every 50 ms on the calling thread; true stops the work with Interrupted.
    std::function<bool()> interrupted;

    /// Told on the calling thread, about every 50 ms, how many rows are done.
    std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Calls `body(begin, end)` for consecutive blocks of 0..n, on `work.threads` threads. The first
/// exception of a block stops the rest and is thrown here.
void for_blocks(std::size_t n, const Work& work,
                const std::function<void(std::size_t begin, std::size_t end)>& body);

/// Calls `body(i)` for each of `tasks` tasks on `work.threads` threads, otherwise as for_blocks.
void for_tasks(std::size_t tasks, const Work& work,
               const std::function<void(std::size_t task)>& body);

/// `work.threads`, or the number of threads of the machine for 0.
unsigned thread_count(const Work& work);

/// How many of them are worth starting for n rows: none for less than a block, but one.
unsigned thread_count(std::size_t n, const Work& work);

}  // namespace safetyrisk
