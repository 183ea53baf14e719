#include "json_view.hpp"

#include <safetyrisk/core/document_error.hpp>

#include <algorithm>
#include <set>

namespace safetyrisk::detail {
namespace {

// What reads and prints a document recurses into it; packs are a few levels deep.
constexpr int max_depth = 64;

// Where a document is no JSON: line and column, from 1, of the character that byte `byte` (from 1)
// belongs to.
DocumentError broken_at(std::string_view where, std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t end = before.rfind('\n');
    const std::string_view line = end == std::string_view::npos ? before : before.substr(end + 1);
    const auto characters = std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    const std::string row = std::to_string(lines + 1);
    const std::string column = std::to_string(characters + 1);
    return {std::string(where),
            "不是有效的 JSON：第 " + row + " 行第 " + column + " 列处有误，请检查逗号、引号和括号",
            "is no valid JSON: wrong at line " + row + ", column " + column +
                "; look at commas, quotes and brackets"};
}

}  // namespace

Json parse_json(std::string_view text, std::string_view where) {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
        if (depth > max_depth)
            throw DocumentError(std::string(where), "嵌套超过 " + std::to_string(max_depth) + " 层",
                                "nested more than " + std::to_string(max_depth) + " levels deep");
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key &&
            !keys.back().insert(value.get<std::string>()).second)
            throw DocumentError(std::string(where), "键 " + value.dump() + " 出现两次",
                                "the key " + value.dump() + " stands twice");
        return true;
    };
    try {
        return Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        throw broken_at(where, text, error.byte);
    } catch (const Json::exception&) {
        throw DocumentError(std::string(where), "不是有效的 JSON，例如数字太大",
                            "is no valid JSON; a number may be too large");
    }
}

void JsonView::fail(const std::string& what, const std::string& zh) const {
    throw DocumentError(path_, zh, what);
}

void JsonView::only(std::initializer_list<std::string_view> keys) const {
    if (!node_->is_object()) fail("must be an object", "应为对象 {…}");
    for (const auto& [key, value] : node_->items())
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            std::string known;
            for (const std::string_view one : keys)
                known += (known.empty() ? "" : ", ") + std::string(one);
            fail("unknown key '" + key + "'; known are " + known,
                 "不认识的键“" + key + "”；可用的有 " + known);
        }
}

bool JsonView::has(std::string_view key) const {
    const auto it = node_->find(key);
    return it != node_->end() && !it->is_null();
}

JsonView JsonView::at(std::string_view key) const {
    if (!node_->is_object()) fail("must be an object", "应为对象 {…}");
    const auto it = node_->find(key);
    if (it == node_->end())
        fail("has no '" + std::string(key) + "'", "缺少“" + std::string(key) + "”");
    return {*it, path_ + "." + std::string(key)};
}

std::vector<JsonView> JsonView::items() const {
    if (!node_->is_array()) fail("must be an array", "应为数组 […]");
    std::vector<JsonView> out;
    for (std::size_t i = 0; i < node_->size(); ++i)
        out.emplace_back((*node_)[i], path_ + "[" + std::to_string(i) + "]");
    return out;
}

std::string JsonView::text() const {
    if (!node_->is_string() || node_->get_ref<const std::string&>().empty())
        fail("must be a text that is not empty", "应为不空的文字");
    return node_->get<std::string>();
}

double JsonView::number() const {
    if (!node_->is_number()) fail("must be a number", "应为数字");
    return node_->get<double>();
}

bool JsonView::boolean() const {
    if (!node_->is_boolean()) fail("must be true or false", "应为 true 或 false");
    return node_->get<bool>();
}

std::string JsonView::text_or_empty(std::string_view key) const {
    if (!has(key)) return {};
    const JsonView value = at(key);
    if (!value.node().is_string()) value.fail("must be a text", "应为文字");
    return value.node().get<std::string>();
}

}  // namespace safetyrisk::detail
