#include "spread.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace safetyrisk::scoring {
namespace {

std::vector<std::string_view> split(std::string_view text, char mark) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t at = text.find(mark);
        out.push_back(trim(text.substr(0, at)));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

std::optional<double> number_of(std::string_view text) {
    const NumberCell cell = parse_number(text);
    if (cell.state != NumberCell::State::value || !std::isfinite(cell.value)) return std::nullopt;
    return cell.value;
}

class SpreadReader {
public:
    SpreadReader(const Judge& judge, std::size_t k) : judge_(judge), k_(k) {}

    SpreadText read(std::string_view given) {
        const std::string half = to_half_width(given);
        const std::string_view text = trim(half);
        if (text.size() > 4 && text.back() == ')') {
            const std::size_t open = text.find('(');
            const std::string name = word_key(text.substr(0, open));
            const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
            const bool spans =
                name == "uniform" || name == "均匀" || name == "triangular" || name == "三角";
            if (spans && has_list()) return {std::nullopt, "", SpreadFault::only_steps, 0.0};
            if (name == "uniform" || name == "均匀") return ends(split(inside, ','));
            if (name == "triangular" || name == "三角") return triangle(split(inside, ','));
            return {};
        }
        if (text.size() > 2 && text.front() == '[' && text.back() == ']')
            return ends(split(text.substr(1, text.size() - 2), ','));
        if (text.find(':') != std::string_view::npos) return weighted(text);
        for (const std::string_view mark : {"~", "至"})
            if (const std::size_t at = text.find(mark); at != std::string_view::npos)
                return ends({trim(text.substr(0, at)), trim(text.substr(at + mark.size()))});
        return {};
    }

private:
    bool has_list() const { return !judge_.shape(k_).places.empty(); }

    // A value that must be one of the input's; remembers the first that is not.
    std::optional<Judgement> value(std::string_view text) {
        const auto [out, found] = judge_.read(k_, text);
        if (found == InputFault::none) return out;
        if (wrong_.empty()) wrong_ = text;
        return std::nullopt;
    }

    SpreadText finish(Spread spread) {
        if (!wrong_.empty()) return {std::nullopt, wrong_, SpreadFault::none, 0.0};
        if (spread.kind == Spread::Kind::list) {
            const double sum = std::accumulate(spread.weights.begin(), spread.weights.end(), 0.0);
            std::size_t best = 0;
            for (std::size_t v = 0; v < spread.weights.size(); ++v) {
                if (spread.weights[v] > spread.weights[best]) best = v;
                spread.weights[v] /= sum;
            }
            spread.likeliest = judge_.text(k_, spread.values[best]);
        }
        return {std::move(spread), "", SpreadFault::none, 0.0};
    }

    SpreadText weighted(std::string_view text) {
        Spread out;
        // Names of choices have semicolons, too: a part ends with its weight.
        std::string part;
        for (const std::string_view piece : split(text, ';')) {
            part += (part.empty() ? "" : ";") + std::string(piece);
            const std::size_t at = part.rfind(':');
            if (at == std::string::npos) continue;
            const std::string whole = std::move(part);
            part.clear();
            std::string_view weight = trim(std::string_view(whole).substr(at + 1));
            if (!weight.empty() && weight.back() == '%') weight.remove_suffix(1);
            const auto share = number_of(weight);
            const auto one = value(trim(std::string_view(whole).substr(0, at)));
            if (!share || *share < 0.0) return {};
            if (!one || *share == 0.0) continue;
            const auto known = std::find(out.values.begin(), out.values.end(), *one);
            if (known != out.values.end()) {
                out.weights[static_cast<std::size_t>(known - out.values.begin())] += *share;
                continue;
            }
            out.values.push_back(*one);
            out.weights.push_back(*share);
        }
        if (!part.empty() || (out.values.empty() && wrong_.empty())) return {};
        // Shares, or per cent of them; anything else has a slip somewhere.
        const double sum = std::accumulate(out.weights.begin(), out.weights.end(), 0.0);
        if (wrong_.empty() && std::fabs(sum - 1.0) > 1e-9 && std::fabs(sum - 100.0) > 1e-7)
            return {std::nullopt, "", SpreadFault::sum, sum};
        return finish(std::move(out));
    }

    // Between two ends: the values of a list, whole units, or a stretch of numbers.
    SpreadText ends(const std::vector<std::string_view>& parts) {
        if (parts.size() != 2) return {};
        const auto low = number_of(parts[0]);
        const auto high = number_of(parts[1]);
        if (!low || !high || *low > *high) return {};
        const auto first = value(parts[0]);
        const auto last = value(parts[1]);
        Spread out;
        out.low = *low;
        out.high = *high;
        if (has_list()) {
            if (judge_.input(k_).kind == InputKind::choice) return {};
            for (const Judgement& place : judge_.shape(k_).places) {
                const double x = judge_.number(k_, place);
                if (x >= *low && x <= *high) out.values.push_back(place);
            }
        } else if (!judge_.is_real(k_) && first && last && last->units - first->units < most_) {
            for (Int128 units = first->units; units <= last->units; ++units)
                out.values.push_back({units, 0.0, CellState::known});
        } else {
            out.kind = Spread::Kind::uniform;
            out.likeliest = middle(*low, *high);
        }
        out.weights.assign(out.values.size(), 1.0);
        if (out.kind == Spread::Kind::list && out.values.empty()) return {};
        return finish(std::move(out));
    }

    SpreadText triangle(const std::vector<std::string_view>& parts) {
        if (parts.size() != 3) return {};
        Spread out;
        out.kind = Spread::Kind::triangular;
        double* const to[] = {&out.low, &out.mode, &out.high};
        for (std::size_t p = 0; p < 3; ++p) {
            const auto x = number_of(parts[p]);
            if (!x) return {};
            *to[p] = *x;
            value(parts[p]);
        }
        if (!(out.low <= out.mode && out.mode <= out.high && out.low < out.high)) return {};
        out.likeliest = std::string(parts[1]);
        return finish(std::move(out));
    }

    std::string middle(double low, double high) const {
        Spread whole;
        whole.kind = Spread::Kind::uniform;
        whole.low = low;
        whole.high = high;
        return judge_.text(k_, drawn(judge_, k_, whole, 0.5));
    }

    static constexpr Int128 most_ = 10000;

    const Judge& judge_;
    std::size_t k_;
    std::string wrong_;
};

}  // namespace

SpreadText read_spread(const Judge& judge, std::size_t k, std::string_view text) {
    return SpreadReader(judge, k).read(text);
}

std::uint64_t row_key(std::uint64_t seed, std::string_view id) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
    for (const char c : id)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return mixed(hash, seed);
}

Judgement drawn(const Judge& judge, std::size_t k, const Spread& spread, double u) {
    if (spread.kind == Spread::Kind::list) {
        std::size_t v = 0;
        while (v + 1 < spread.weights.size() && u >= spread.weights[v])
            u -= spread.weights[v++];
        return spread.values[v];
    }
    double x = spread.low + u * (spread.high - spread.low);
    if (spread.kind == Spread::Kind::triangular) {
        const double width = spread.high - spread.low;
        const double rise = spread.mode - spread.low;
        const double fall = spread.high - spread.mode;
        x = u * width < rise ? spread.low + std::sqrt(u * width * rise)
                             : spread.high - std::sqrt((1.0 - u) * width * fall);
    }
    x = std::clamp(x, spread.low, spread.high);
    Judgement out{0, 0.0, CellState::known};
    if (judge.is_real(k)) {
        out.real = x;
        return out;
    }
    const Slot& slot = judge.method().chain()->slots[k];
    const double units = std::nearbyint(x * as_double(slot.unit));
    out.units = std::clamp(static_cast<Int128>(units), slot.low, slot.high);
    return out;
}

}  // namespace safetyrisk::scoring
