#include "scoring/mcda_sums.hpp"

#include <safetyrisk/core/error.hpp>

#include <array>
#include <charconv>
#include <mutex>

namespace safetyrisk::scoring::mcda {
namespace {

bool usable(double x, double least) {
    return x >= least && x <= largest_cell;
}

struct Range {
    double low = largest_cell;
    double high = -largest_cell;
    bool whole = true;  // every cell is usable

    void add(double x, double least) {
        low = x < low ? x : low;
        high = x > high ? x : high;
        whole &= usable(x, least);
    }
};

void add_range(const double* x, std::size_t n, std::ptrdiff_t stride, double least, Range& range) {
    constexpr std::size_t lanes = 4;
    double low[lanes];
    double high[lanes];
    std::fill_n(low, lanes, range.low);
    std::fill_n(high, lanes, range.high);
    std::size_t i = 0;
    bool whole = range.whole;
    for (; i + lanes <= n; i += lanes) {
        bool all = true;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double value = x[static_cast<std::ptrdiff_t>(i + lane) * stride];
            low[lane] = value < low[lane] ? value : low[lane];
            high[lane] = value > high[lane] ? value : high[lane];
            all &= value == value;
        }
        whole &= all;
    }
    range.whole = whole;
    for (; i < n; ++i)
        range.add(x[static_cast<std::ptrdiff_t>(i) * stride], least);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        range.low = std::min(range.low, low[lane]);
        range.high = std::max(range.high, high[lane]);
    }
    range.whole &= usable(range.low, least) && usable(range.high, least);
}

}  // namespace

int exponent_above(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int e = static_cast<int>((bits >> 52U) & 0x7FFU) - 1023;
    return (bits & 0xFFFFFFFFFFFFFU) == 0 ? e : e + 1;
}

Cut::Cut(std::size_t n, double bound) {
    // n terms of 2^e add up to 2^(e + spread): with a unit of 2^(e + spread - 52) all of that fits
    // 53 bits. One and a half keeps sums with a negative term in the same range of exponents.
    const int spread = static_cast<int>(std::bit_width(n)) + 1;
    const int e = exponent_above(bound);
    coarse = 1.5 * power_of_two(e + spread);
    fine = 1.5 * power_of_two(e + spread - 53 + spread);
}

Ranges ranges(const MatrixView& values, const Work& work, const double* least) {
    const std::size_t k = values.columns;
    const double bound = least == nullptr ? -largest_cell : *least;
    std::vector<Range> total(k);
    std::mutex lock;
    for_blocks(values.rows, work, [&](std::size_t begin, std::size_t end) {
        std::vector<Range> part(k);
        const std::size_t step = rows_at_once(values);
        for (std::size_t first = begin; first < end; first += step) {
            const std::size_t n = std::min(step, end - first);
            for (std::size_t j = 0; j < k; ++j) {
                if (values.row_stride == 1)
                    add_range(values.at(first, j), n, 1, bound, part[j]);
                else
                    add_range(values.at(first, j), n, values.row_stride, bound, part[j]);
            }
        }
        const std::lock_guard guard(lock);
        for (std::size_t j = 0; j < k; ++j) {
            total[j].low = std::min(total[j].low, part[j].low);
            total[j].high = std::max(total[j].high, part[j].high);
            total[j].whole &= part[j].whole;
        }
    });
    if (!std::all_of(total.begin(), total.end(), [](const Range& r) { return r.whole; })) {
        for (std::size_t i = 0; i < values.rows; ++i) {
            for (std::size_t j = 0; j < k; ++j) {
                const double x = values(i, j);
                if (usable(x, bound)) continue;
                throw InputError(
                    "row " + std::to_string(i) + ", column " + std::to_string(j) + " is " +
                    shown(x) + "; a cell is finite, no larger than 1e150" +
                    (least == nullptr ? std::string() : " and not below " + shown(*least)));
            }
        }
    }
    Ranges out;
    for (const Range& range : total) {
        // Adding 0 makes a negative zero a plain one, so that it does not matter which came first.
        out.minimum.push_back(range.low + 0.0);
        out.maximum.push_back(range.high + 0.0);
    }
    return out;
}

std::size_t rows_at_once(const MatrixView& values) {
    constexpr std::size_t cells = 2048;  // 16 KB
    if (values.row_stride == 1) return 4 * cells;
    return std::max<std::size_t>(cells / std::max<std::size_t>(values.columns, 1), 8);
}

std::vector<CutSum> sum_rows(
    const MatrixView& values, std::size_t count, const Work& work,
    const std::function<void(std::size_t, std::size_t, std::span<CutSum>)>& body) {
    std::vector<CutSum> total(count);
    std::mutex lock;
    for_blocks(values.rows, work, [&](std::size_t begin, std::size_t end) {
        std::vector<CutSum> part(count);
        const std::size_t step = rows_at_once(values);
        for (std::size_t first = begin; first < end; first += step)
            body(first, std::min(step, end - first), part);
        const std::lock_guard guard(lock);
        for (std::size_t s = 0; s < count; ++s)
            total[s] += part[s];
    });
    return total;
}

void expect_cost(std::span<const bool> cost, std::size_t columns) {
    if (!cost.empty() && cost.size() != columns)
        throw InputError("cost says of " + std::to_string(cost.size()) +
                         " columns whether less is better; the matrix has " +
                         std::to_string(columns));
}

void expect_weights(std::span<const double> weights, std::size_t columns) {
    if (weights.size() != columns)
        throw InputError(std::to_string(weights.size()) + " weights do not fit " +
                         std::to_string(columns) + " columns");
    bool any = false;
    for (std::size_t j = 0; j < columns; ++j) {
        if (!usable(weights[j], 0.0))
            throw InputError("weight " + std::to_string(j) + " is " + shown(weights[j]) +
                             "; a weight is finite and not negative");
        any = any || weights[j] > 0.0;
    }
    if (!any) throw InputError("all weights are 0");
}

void expect_cells(const MatrixView& values) {
    if (values.rows == 0 || values.columns == 0)
        throw InputError("a matrix of " + std::to_string(values.rows) + " rows and " +
                         std::to_string(values.columns) + " columns has no cells");
}

std::string shown(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace safetyrisk::scoring::mcda
