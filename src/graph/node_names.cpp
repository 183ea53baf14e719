#include "node_names.hpp"

#include <algorithm>

namespace safetyrisk::graph::detail {

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

NodeNames::Found NodeNames::find(std::string_view name,
                                 const std::function<bool(NodeNo)>& fits) const {
    Found found;
    auto at = std::lower_bound(names_.begin(), names_.end(), std::pair(name, NodeNo{0}));
    for (; at != names_.end() && at->first == name; ++at)
        if (fits(at->second)) {
            found.node = found.count == 0 ? at->second : none;
            ++found.count;
        }
    return found;
}

}  // namespace safetyrisk::graph::detail
