#include <safetyrisk/core/work.hpp>

#include <safetyrisk/core/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace safetyrisk {
namespace {

// Large enough that taking a block costs nothing, small enough that an interrupt is seen soon.
constexpr std::size_t rows_of_block = std::size_t{1} << 16U;
constexpr auto poll_every = std::chrono::milliseconds(50);

void run_blocks(std::size_t n, std::size_t block_rows, const Work& work,
                const std::function<void(std::size_t, std::size_t)>& body) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    std::atomic<bool> stop{false};
    std::exception_ptr failure;
    std::mutex failure_lock;

    const auto take_blocks = [&](auto&& after_block) {
        while (!stop.load(std::memory_order_relaxed)) {
            const std::size_t begin = next.fetch_add(block_rows);
            if (begin >= n) return;
            const std::size_t end = std::min(begin + block_rows, n);
            try {
                body(begin, end);
                done.fetch_add(end - begin);
                after_block();
            } catch (...) {
                const std::lock_guard lock(failure_lock);
                if (!failure) failure = std::current_exception();
                stop = true;
            }
        }
    };

    unsigned threads = thread_count(work);
    const std::size_t blocks = (n + block_rows - 1) / block_rows;
    threads = static_cast<unsigned>(std::min<std::size_t>(std::max(threads, 1U), blocks));

    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads; ++i)
        helpers.emplace_back([&] { take_blocks([] {}); });

    auto last = std::chrono::steady_clock::now();
    const auto report = [&] {
        const auto now = std::chrono::steady_clock::now();
        if (now - last < poll_every) return;
        last = now;
        if (work.interrupted && work.interrupted()) throw Interrupted();
        if (work.progress) work.progress(done.load(), n);
    };
    take_blocks(report);
    helpers.clear();  // joins
    if (failure) std::rethrow_exception(failure);
    if (work.progress && n > 0) work.progress(n, n);
}

}  // namespace

void for_blocks(std::size_t n, const Work& work,
                const std::function<void(std::size_t, std::size_t)>& body) {
    run_blocks(n, rows_of_block, work, body);
}

void for_tasks(std::size_t tasks, const Work& work, const std::function<void(std::size_t)>& body) {
    run_blocks(tasks, 1, work, [&](std::size_t task, std::size_t) { body(task); });
}

unsigned thread_count(const Work& work) {
    return work.threads == 0 ? std::max(std::thread::hardware_concurrency(), 1U) : work.threads;
}

unsigned thread_count(std::size_t n, const Work& work) {
    const std::size_t blocks = (n + rows_of_block - 1) / rows_of_block;
    return static_cast<unsigned>(std::clamp<std::size_t>(blocks, 1, thread_count(work)));
}

}  // namespace safetyrisk
