#include "node_names.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>

namespace safetyrisk::graph::detail {
namespace {

// Blanks count between Latin letters and digits only.
std::string folded(std::string_view name) {
    const std::string text = to_half_width(name);
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!blank(text[i])) {
            out.push_back(text[i]);
            continue;
        }
        while (i + 1 < text.size() && blank(text[i + 1]))
            ++i;
        if (!out.empty() && plain(out.back()) && i + 1 < text.size() && plain(text[i + 1]))
            out.push_back(' ');
    }
    return out;
}

template <class Names, class Name>
NodeNames::Found among(const Names& names, const Name& name,
                       const std::function<bool(NodeNo)>& fits) {
    NodeNames::Found found;
    auto at = std::lower_bound(names.begin(), names.end(), std::pair(name, NodeNo{0}));
    for (; at != names.end() && at->first == name; ++at)
        if (fits(at->second)) {
            found.node = found.count == 0 ? at->second : none;
            ++found.count;
        }
    return found;
}

}  // namespace

NodeNames::NodeNames(const Store& store,
                     std::vector<std::pair<std::string_view, NodeNo>> credit_codes)
    : names_(std::move(credit_codes)) {
    names_.reserve(names_.size() + store.n());
    for (NodeNo v = 0; v < store.n(); ++v)
        if (const std::string_view name = store.name(v); !name.empty())
            names_.emplace_back(name, v);
    std::sort(names_.begin(), names_.end());
    // A register may write the same text in both columns.
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

NodeNames::Found NodeNames::find(std::string_view name, const std::function<bool(NodeNo)>& fits) {
    Found found = among(names_, name, fits);
    if (found.count != 0) return found;
    if (folded_.empty()) {
        folded_.reserve(names_.size());
        for (const auto& [one, v] : names_)
            folded_.emplace_back(folded(one), v);
        std::sort(folded_.begin(), folded_.end());
        folded_.erase(std::unique(folded_.begin(), folded_.end()), folded_.end());
    }
    return among(folded_, folded(name), fits);
}

}  // namespace safetyrisk::graph::detail
