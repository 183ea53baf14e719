#include "node_names.hpp"

#include <safetyrisk/core/division_code.hpp>
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

NodeNo CellNodes::find(std::string_view text, std::string_view column, std::size_t row,
                       std::size_t& several, KindNo only) {
    several = 0;
    if (text.empty()) return none;
    if (const NodeNo v = store_.find(text); v != none) return v;
    const auto [at, fresh] = known_.try_emplace({std::string(text), only});
    Meant& meant = at->second;
    if (fresh && text[0] >= '0' && text[0] <= '9')
        if (const auto code = DivisionCode::parse(text)) meant.node = store_.find(code->text());
    if (fresh && meant.node == none) {
        if (names_ == nullptr) {
            std::vector<std::pair<std::string_view, NodeNo>> codes;
            const Store::Attribute code(store_, "credit_code");
            for (NodeNo v = 0; code.anywhere() && v < store_.n(); ++v) {
                if (!store_.is(v, store_.known.enterprise)) continue;
                const Value value = code.at(v);
                if (value.type == Value::Type::text && !value.text.empty())
                    codes.emplace_back(codes_.emplace_back(value.text), v);
            }
            names_ = std::make_unique<NodeNames>(store_, std::move(codes));
        }
        const auto found =
            names_->find(text, [&](NodeNo v) { return only == no_kind || store_.is(v, only); });
        meant = {found.node, found.count};
    }
    several = meant.count;
    if (meant.node != none && meant.count == 1) {
        auto named = named_.find(column);
        if (named == named_.end())
            named = named_.emplace(std::string(column), Named{0, row, std::string(text)}).first;
        ++named->second.rows;
    }
    return meant.node;
}

void CellNodes::report(IssueTable& issues) const {
    for (const auto& [column, named] : named_)
        issues.add("graph.found_by_name", table_.origin(), static_cast<std::int64_t>(named.row),
                   column, named.text, {std::to_string(named.rows)});
}

}  // namespace safetyrisk::graph::detail
