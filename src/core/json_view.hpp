// Reading JSON documents that people write (packs): every access knows its path, so that a wrong
// document is refused with the place, and a key that nobody reads is refused too.
#pragma once

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::detail {

using Json = nlohmann::json;

/// Parses strictly: no duplicate keys, nothing after the document. Throws InputError that opens
/// with `where`.
Json parse_json(std::string_view text, std::string_view where);

/// A node of a document together with its path.
class JsonView {
public:
    JsonView(const Json& node, std::string path) : node_(&node), path_(std::move(path)) {}

    /// Throws DocumentError "path: what"; `zh` says the same in Chinese.
    [[noreturn]] void fail(const std::string& what, const std::string& zh = {}) const;

    /// Refuses keys that are not listed.
    void only(std::initializer_list<std::string_view> keys) const;

    bool has(std::string_view key) const;  ///< There, and not null.
    JsonView at(std::string_view key) const;
    std::vector<JsonView> items() const;  ///< Elements of an array.

    std::string text() const;  ///< A string that is not empty.
    double number() const;
    bool boolean() const;
    bool is_object() const { return node_->is_object(); }
    const Json& node() const { return *node_; }
    const std::string& path() const { return path_; }

    std::string text_or_empty(std::string_view key) const;

private:
    const Json* node_;
    std::string path_;
};

}  // namespace safetyrisk::detail
