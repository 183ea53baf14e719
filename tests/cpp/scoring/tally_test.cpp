// Tests of scoring/tally.hpp and of the tallies of scoring/arrays.hpp, against a loop over rows.
#include <safetyrisk/scoring/arrays.hpp>

#include "scoring/code_store.hpp"
#include "scoring/kernels.hpp"

#include "judgements.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace judgements;
using safetyrisk::scoring::Tally;

namespace {

struct World {
    std::vector<double> L, E, C;
    std::vector<std::uint8_t> codes[3];
    std::vector<std::int64_t> group;  // sorted
    std::vector<std::int64_t> offsets;
    std::vector<Tally> expected;
    std::vector<FactorColumn> values() const {
        return {std::span<const double>(L), std::span<const double>(E), std::span<const double>(C)};
    }
    std::vector<FactorColumn> coded() const {
        return {StepCodes{codes[0]}, StepCodes{codes[1]}, StepCodes{codes[2]}};
    }
};

// Groups of the given sizes; one judgement in twenty is off the scale.
World world(const std::vector<std::size_t>& sizes, unsigned seed) {
    std::mt19937 random(seed);
    World out;
    out.offsets.push_back(0);
    for (std::size_t g = 0; g < sizes.size(); ++g) {
        Tally tally;
        for (std::size_t k = 0; k < sizes[g]; ++k) {
            const auto& l = lec_L[random() % lec_L.size()];
            const auto& e = lec_E[random() % lec_E.size()];
            const auto& c = lec_C[random() % lec_C.size()];
            const bool off = random() % 20 == 0;
            out.L.push_back(l.value);
            out.E.push_back(off ? 4.0 : e.value);
            out.C.push_back(c.value);
            out.codes[0].push_back(static_cast<std::uint8_t>(7 - (&l - lec_L.data())));
            out.codes[1].push_back(off ? 0 : static_cast<std::uint8_t>(6 - (&e - lec_E.data())));
            out.codes[2].push_back(static_cast<std::uint8_t>(6 - (&c - lec_C.data())));
            out.group.push_back(static_cast<std::int64_t>(g));
            if (off) {
                ++tally.ungraded;
                continue;
            }
            // Thousandths; the method counts hundredths.
            const std::int64_t d = l.tenths * e.tenths * c.tenths;
            tally.sum += d / 10;
            tally.worst = std::max(tally.worst, static_cast<std::uint32_t>(d / 10));
            std::uint32_t* const places[] = {&tally.blue, &tally.yellow, &tally.orange, &tally.red};
            ++*places[static_cast<std::size_t>(grade_t1(d)) - 1];
        }
        out.expected.push_back(tally);
        out.offsets.push_back(static_cast<std::int64_t>(out.L.size()));
    }
    return out;
}

std::vector<std::size_t> random_sizes(std::size_t groups, unsigned most, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::size_t> out(groups);
    for (std::size_t& size : out)
        size = random() % 8 == 0 ? 0 : random() % most;
    return out;
}

Work threads(unsigned n) {
    Work work;
    work.threads = n;
    return work;
}

std::size_t differences(const std::vector<Tally>& a, const std::vector<Tally>& b) {
    std::size_t out = a.size() == b.size() ? 0 : 1;
    for (std::size_t g = 0; out == 0 && g < a.size(); ++g)
        out += a[g] == b[g] ? 0U : 1U;
    return out;
}

}  // namespace

TEST_CASE("the units of lec are hundredths") {
    CHECK(Method::find("lec")->kernel().unit == 100.0);
}

TEST_CASE("tallies of groups of every size are the sums over their rows") {
    const auto method = Method::find("lec");
    std::vector<std::size_t> every(301);
    std::iota(every.begin(), every.end(), 0U);
    // Around the rows of a vector, of a piece and of a block, and beside empty groups.
    const std::vector<std::size_t> large = {0,    239,  240, 241, 960,  961,  1, 0, 4095,
                                            4096, 4097, 0,   3,   8191, 9000, 1, 1, 12'345};
    for (const World& w : {world(every, 1), world(large, 2), world(random_sizes(3001, 21, 3), 4),
                           world({}, 5), world({0}, 6), world({7}, 7), world({0, 0, 5}, 8)}) {
        for (const auto& columns : {w.values(), w.coded()})
            for (const unsigned n : {1U, 2U, 3U}) {
                std::vector<Tally> out(w.expected.size(), Tally{9, 9, 9, 9, 9, 9, 9});
                tally_offsets(columns, w.offsets, out, *method, threads(n));
                CHECK(differences(out, w.expected) == 0);
                std::fill(out.begin(), out.end(), Tally{9, 9, 9, 9, 9, 9, 9});
                tally_groups(columns, w.group, out, *method, threads(n));
                CHECK(differences(out, w.expected) == 0);
            }
    }
}

TEST_CASE("every kernel tallies the same, where sixteen rows can be read and where they cannot") {
    const auto method = Method::find("lec");
    const World w = world(random_sizes(500, 40, 11), 12);
    const std::uint8_t* const codes[] = {w.codes[0].data(), w.codes[1].data(), w.codes[2].data()};
    for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (!is_supported(isa)) continue;
        for (std::size_t first = 0; first < 20; ++first)
            for (std::size_t count = 0; first + count <= 500; count += count < 9 ? 1 : 97) {
                std::vector<Tally> out(count + 1);
                loops::kernels_of(isa).tally_segments(*method->code_tables(), codes, 0,
                                                      static_cast<std::int64_t>(w.L.size()),
                                                      w.offsets.data() + first, count, out.data());
                CHECK(out.back() == Tally{});
                out.pop_back();
                CHECK(std::equal(out.begin(), out.end(),
                                 w.expected.begin() + static_cast<std::ptrdiff_t>(first)));
            }
        // The last row of a column is the last that may be read.
        const std::vector<std::uint8_t> three(3, 1);
        const std::uint8_t* const ends[] = {three.data(), three.data(), three.data()};
        const std::int64_t offsets[] = {0, 1, 3};
        std::vector<Tally> out(2);
        loops::kernels_of(isa).tally_segments(*method->code_tables(), ends, 0, 3, offsets, 2,
                                              out.data());
        CHECK(out[0] == Tally{5, 5, 0, 1, 0, 0, 0});
        CHECK(out[1] == Tally{10, 5, 0, 2, 0, 0, 0});
    }
}

TEST_CASE("the order of the rows does not matter, few groups or many") {
    const auto method = Method::find("lec");
    // 60 000 groups are dealt out in ranges, 900 are not; one group has most of the rows.
    for (const std::size_t groups : {std::size_t{900}, std::size_t{60'000}}) {
        std::vector<std::size_t> sizes = random_sizes(groups, 6, 21);
        sizes[groups / 3] = 70'000;
        const World w = world(sizes, 22);
        std::vector<std::size_t> order(w.L.size());
        std::iota(order.begin(), order.end(), 0U);
        std::shuffle(order.begin(), order.end(), std::mt19937(23));
        World mixed;
        for (const std::size_t row : order) {
            mixed.L.push_back(w.L[row]);
            mixed.E.push_back(w.E[row]);
            mixed.C.push_back(w.C[row]);
            for (std::size_t f = 0; f < 3; ++f)
                mixed.codes[f].push_back(w.codes[f][row]);
            mixed.group.push_back(w.group[row]);
        }
        const std::vector<std::int32_t> small(mixed.group.begin(), mixed.group.end());
        const std::vector<std::uint32_t> whole(mixed.group.begin(), mixed.group.end());
        for (const GroupIds& ids : {GroupIds(std::span<const std::int64_t>(mixed.group)),
                                    GroupIds(std::span<const std::int32_t>(small)),
                                    GroupIds(std::span<const std::uint32_t>(whole))})
            for (const auto& columns : {mixed.values(), mixed.coded()})
                for (const unsigned n : {1U, 2U, 3U}) {
                    std::vector<Tally> out(groups, Tally{9, 9, 9, 9, 9, 9, 9});
                    tally_groups(columns, ids, out, *method, threads(n));
                    CHECK(differences(out, w.expected) == 0);
                }
    }
}

TEST_CASE("tallies of parents are the tallies of all their children's rows") {
    const World w = world(random_sizes(2000, 30, 31), 32);
    std::mt19937 random(33);
    std::vector<std::int64_t> parents;
    std::vector<Tally> expected(50);
    for (const Tally& tally : w.expected) {
        parents.push_back(static_cast<std::int64_t>(random() % 49));  // the last has no child
        Tally& to = expected[static_cast<std::size_t>(parents.back())];
        to.sum += tally.sum;
        to.worst = std::max(to.worst, tally.worst);
        to.ungraded += tally.ungraded;
        to.blue += tally.blue;
        to.yellow += tally.yellow;
        to.orange += tally.orange;
        to.red += tally.red;
    }
    const std::vector<std::int32_t> small(parents.begin(), parents.end());
    std::vector<Tally> out(50, Tally{9, 9, 9, 9, 9, 9, 9});
    tally_parents(w.expected, parents, out);
    CHECK(differences(out, expected) == 0);
    std::fill(out.begin(), out.end(), Tally{9, 9, 9, 9, 9, 9, 9});
    tally_parents(w.expected, small, out);
    CHECK(differences(out, expected) == 0);
    // Numbers of anybody's making add up without touching their neighbours.
    const std::vector<Tally> full(2, Tally{-5, 0xfffffff0U, 1, 0xffffffffU, 2, 3, 4});
    const std::vector<std::int64_t> one(2, 0);
    for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (!is_supported(isa)) continue;
        Tally sum;
        loops::kernels_of(isa).merge_i64(full.data(), one.data(), 2, &sum);
        CHECK(sum == Tally{-10, 0xfffffff0U, 2, 0xfffffffeU, 4, 6, 8});
    }
}

TEST_CASE("offsets and groups that cannot be are refused with their place") {
    const auto method = Method::find("lec");
    const World w = world({2, 3}, 41);
    std::vector<Tally> out(2);
    const auto by_offsets = [&](const std::vector<std::int64_t>& offsets) {
        tally_offsets(w.values(), offsets, out, *method);
    };
    const auto by_groups = [&](const std::vector<std::int64_t>& ids) {
        tally_groups(w.values(), ids, out, *method);
    };
    CHECK_THROWS_WITH(by_offsets({0, 5}), ContainsSubstring("2 offsets and 2 groups"));
    CHECK_THROWS_WITH(by_offsets({0, 2, 4}), ContainsSubstring("from 0 to the 5 rows"));
    CHECK_THROWS_WITH(by_offsets({1, 2, 5}), ContainsSubstring("from 1 to 5"));
    CHECK_THROWS_WITH(by_offsets({0, 6, 5}), ContainsSubstring("offset 2 is 5"));
    CHECK_THROWS_WITH(by_offsets({0, -1, 5}), ContainsSubstring("offset 1 is -1"));
    CHECK_THROWS_WITH(by_groups({0, 1, 1, 2, 0}), ContainsSubstring("row 3 is of group 2"));
    CHECK_THROWS_WITH(by_groups({0, 1, -1, 1, 0}), ContainsSubstring("row 2 is of group -1"));
    CHECK_THROWS_WITH(by_groups({0, 1}), ContainsSubstring("has 5 values, not 2"));
    CHECK_THROWS_AS(tally_offsets(w.values(), w.offsets, out, *Method::find("ls")), InputError);
    CHECK_THROWS_AS(tally_parents(out, std::span<const std::int64_t>(w.group), out), InputError);
}
