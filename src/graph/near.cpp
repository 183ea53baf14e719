#include "near.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <tuple>

namespace safetyrisk::graph {
namespace {

constexpr std::size_t most_words = 3;

// Bytes that are no UTF-8 stand for themselves.
std::u32string characters(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        char32_t one = first;
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            one = (one << 8U) | static_cast<unsigned char>(text[i + k]);
        if (one >= U'A' && one <= U'Z') one += U'a' - U'A';
        out.push_back(one);
        i += length;
    }
    return out;
}

std::size_t shared(std::u32string a, std::u32string b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    std::u32string both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both.size();
}

// Keeps the nearest few of what is offered.
class Nearest {
public:
    explicit Nearest(std::string_view wanted) : wanted_(characters(wanted)) {}

    /// `text`: what the word was compared as; `shown`: what is printed.
    void offer(std::string_view text, std::string_view shown) {
        if (text.empty() || wanted_.empty()) return;
        // A character is at most four bytes: lengths that cannot be near need no closer look.
        if (text.size() > 12 * (wanted_.size() + 2)) return;
        const std::u32string word = characters(text);
        const std::size_t longer = std::max(word.size(), wanted_.size());
        const std::size_t edits = std::max<std::size_t>(1, longer / 4);
        const std::size_t distance = edit_distance(wanted_, word, edits);
        const bool inside = wanted_.size() >= 2 && word.size() >= 2 &&
                            (word.find(wanted_) != std::u32string::npos ||
                             wanted_.find(word) != std::u32string::npos);
        // Ids differ by a digit: of those only few edits count, not the characters they share.
        const bool letters =
            std::any_of(wanted_.begin(), wanted_.end(), [](char32_t c) { return c > 0x7f; });
        const std::size_t same = letters ? shared(wanted_, word) : 0;
        const bool alike = letters && 3 * same >= 2 * longer && same >= 2;
        if (distance > edits && !inside && !alike) return;
        Found found{distance > edits ? (inside ? edits + 1 : edits + 2) : distance, longer - same,
                    std::string(shown)};
        const auto at = std::lower_bound(best_.begin(), best_.end(), found);
        if (std::any_of(best_.begin(), best_.end(),
                        [&](const Found& one) { return one.shown == found.shown; }))
            return;
        best_.insert(at, std::move(found));
        if (best_.size() > most_words) best_.pop_back();
    }

    std::vector<std::string> take() const {
        std::vector<std::string> out;
        for (const Found& one : best_)
            out.push_back(one.shown);
        return out;
    }

private:
    struct Found {
        std::size_t distance, other;
        std::string shown;
        bool operator<(const Found& b) const {
            return std::tie(distance, other, shown) < std::tie(b.distance, b.other, b.shown);
        }
    };
    std::u32string wanted_;
    std::vector<Found> best_;
};

}  // namespace

std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t most) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    std::vector<std::size_t> before(a.size() + 1), last(a.size() + 1), row(a.size() + 1);
    for (std::size_t i = 0; i <= a.size(); ++i)
        last[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        row[0] = j;
        std::size_t least = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            row[i] = std::min(
                {last[i] + 1, row[i - 1] + 1, last[i - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[i] = std::min(row[i], before[i - 2] + 1);
            least = std::min(least, row[i]);
        }
        if (least > most) return most + 1;
        std::swap(before, last);
        std::swap(last, row);
    }
    return std::min(last[a.size()], most + 1);
}

std::vector<std::string> near_words(std::string_view wanted,
                                    const std::vector<std::string>& words) {
    Nearest nearest(wanted);
    for (const std::string& word : words)
        nearest.offer(word, word);
    return nearest.take();
}

std::string near_nodes(const Store& store, std::string_view wanted,
                       const std::vector<KindNo>& kinds) {
    Nearest nearest(wanted);
    std::string shown;
    for (NodeNo v = 0; v < store.n(); ++v) {
        if (!kinds.empty() &&
            std::find(kinds.begin(), kinds.end(), store.node_kind[v]) == kinds.end())
            continue;
        const std::string_view id = store.id(v), name = store.name(v);
        shown = id;
        if (!name.empty() && name != id) shown += " (" + std::string(name) + ")";
        nearest.offer(id, shown);
        if (name != id) nearest.offer(name, shown);
    }
    return near_ones(nearest.take());
}

std::string near_sectors(const Sectors& sectors, std::string_view wanted) {
    std::vector<std::string> words;
    for (const auto& [word, number] : sectors.words)
        words.push_back(word);
    return near_ones(near_words(wanted, words));
}

std::string near_ones(const std::vector<std::string>& near) {
    std::string out;
    for (std::size_t i = 0; i < near.size(); ++i)
        out += (i == 0 ? "; near ones are " : ", ") + near[i];
    return out;
}

}  // namespace safetyrisk::graph
