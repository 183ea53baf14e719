// Tests of core/work.hpp.
#include <safetyrisk/core/work.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using safetyrisk::for_blocks;
using safetyrisk::Interrupted;
using safetyrisk::Work;

namespace {

using Blocks = std::set<std::pair<std::size_t, std::size_t>>;

Blocks blocks_of(std::size_t n, unsigned threads) {
    Blocks blocks;
    std::mutex lock;
    Work work;
    work.threads = threads;
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        const std::lock_guard guard(lock);
        blocks.emplace(begin, end);
    });
    return blocks;
}

void wait_past_one_poll() {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
}

}  // namespace

TEST_CASE("blocks cover every row once and are the same for any number of threads") {
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{65'535},
                                std::size_t{65'536}, std::size_t{65'537}, std::size_t{1'000'003}}) {
        const Blocks one = blocks_of(n, 1);
        std::size_t next = 0;
        for (const auto& [begin, end] : one) {
            CHECK(begin == next);
            CHECK(end > begin);
            next = end;
        }
        CHECK(next == n);
        for (const unsigned threads : {0U, 2U, 3U, 64U})
            CHECK(blocks_of(n, threads) == one);
    }
}

TEST_CASE("the body runs on as many threads as are asked for and blocks allow") {
    std::set<std::thread::id> seen;
    std::mutex lock;
    std::atomic<int> inside{0};
    Work work;
    work.threads = 3;
    for_blocks(3 * 65'536, work, [&](std::size_t, std::size_t) {
        {
            const std::lock_guard guard(lock);
            seen.insert(std::this_thread::get_id());
        }
        // Each thread waits until all three are inside, so none can take two blocks.
        ++inside;
        for (int i = 0; i < 20'000 && inside < 3; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    CHECK(seen.size() == 3);
    CHECK(seen.count(std::this_thread::get_id()) == 1);
}

TEST_CASE("an exception of any block stops the rest and arrives here") {
    for (const unsigned threads : {1U, 2U, 3U}) {
        std::atomic<std::size_t> started{0};
        Work work;
        work.threads = threads;
        const auto run = [&] {
            for_blocks(1'000 * 65'536, work, [&](std::size_t begin, std::size_t) {
                ++started;
                if (begin == 0) throw std::out_of_range("block 0");
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            });
        };
        CHECK_THROWS_AS(run(), std::out_of_range);
        CHECK(started < 900);
    }
}

TEST_CASE("an interrupt stops the work and is asked for on the calling thread") {
    for (const unsigned threads : {1U, 2U}) {
        std::atomic<std::size_t> started{0};
        bool elsewhere = false;
        const auto here = std::this_thread::get_id();
        Work work;
        work.threads = threads;
        work.interrupted = [&] {
            elsewhere = elsewhere || std::this_thread::get_id() != here;
            return true;
        };
        const auto run = [&] {
            for_blocks(50 * 65'536, work, [&](std::size_t, std::size_t) {
                ++started;
                wait_past_one_poll();
            });
        };
        CHECK_THROWS_AS(run(), Interrupted);
        CHECK(started < 50);
        CHECK_FALSE(elsewhere);
    }
}

TEST_CASE("progress only grows, is told on the calling thread and ends with all rows") {
    for (const unsigned threads : {1U, 2U}) {
        const std::size_t n = 6 * 65'536 + 5;
        std::vector<std::size_t> told;
        bool elsewhere = false;
        const auto here = std::this_thread::get_id();
        Work work;
        work.threads = threads;
        work.progress = [&](std::size_t done, std::size_t total) {
            elsewhere = elsewhere || std::this_thread::get_id() != here || total != n;
            told.push_back(done);
        };
        for_blocks(n, work, [](std::size_t, std::size_t) { wait_past_one_poll(); });
        REQUIRE(told.size() >= 2);
        CHECK(std::is_sorted(told.begin(), told.end()));
        CHECK(told.back() == n);
        CHECK_FALSE(elsewhere);
    }
}

TEST_CASE("an exception of the progress callback stops the work, too") {
    Work work;
    work.progress = [](std::size_t, std::size_t) { throw std::out_of_range("progress"); };
    std::size_t blocks = 0;
    const auto run = [&] {
        for_blocks(10 * 65'536, work, [&](std::size_t, std::size_t) {
            ++blocks;
            wait_past_one_poll();
        });
    };
    CHECK_THROWS_AS(run(), std::out_of_range);
    CHECK(blocks < 10);
}
