#include "substance_key.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>

namespace safetyrisk::scoring {
namespace {

struct Fold {
    std::string_view from;
    std::string_view to;
};

// What to_half_width leaves. Brackets of every kind are one kind: the standard itself mixes them.
constexpr Fold folds[] = {
    {"[", "("},           {"]", ")"},           {"{", "("},           {"}", ")"},
    {"【", "("},          {"】", ")"},          {"〔", "("},          {"〕", ")"},
    {"「", "("},          {"」", ")"},          {"『", "("},          {"』", ")"},
    {"〖", "("},          {"〗", ")"},          {"〈", "("},          {"〉", ")"},
    {"《", "("},          {"》", ")"},          {"﹙", "("},          {"﹚", ")"},
    {"、", ","},          {"﹐", ","},          {"﹔", ";"},          {"﹪", "%"},
    {"﹥", ">"},          {"﹤", "<"},          {"≧", "≥"},           {"⩾", "≥"},
    {"≦", "≤"},           {"⩽", "≤"},           {"–", "-"},           {"—", "-"},
    {"―", "-"},           {"‐", "-"},           {"‑", "-"},           {"−", "-"},
    {"‒", "-"},           {"₀", "0"},           {"₁", "1"},           {"₂", "2"},
    {"₃", "3"},           {"₄", "4"},           {"₅", "5"},           {"₆", "6"},
    {"₇", "7"},           {"₈", "8"},           {"₉", "9"},           {"\xC2\xA0", ""},
    {"\xE2\x80\x8B", ""}, {"\xE2\x80\x8C", ""}, {"\xE2\x80\x8D", ""}, {"\xE2\x81\xA0", ""},
    {"\xEF\xBB\xBF", ""}, {"\xE2\x80\x89", ""}, {"\xE2\x80\xAF", ""}, {"\xE2\x80\x82", ""},
    {"\xE2\x80\x83", ""},
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
}

}  // namespace

std::string substance_key(std::string_view text) {
    const std::string half = to_half_width(text);
    std::string key;
    key.reserve(half.size());
    for (std::size_t i = 0; i < half.size();) {
        const char c = half[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && c != '[' && c != ']' && c != '{' && c != '}') {
            if (c != ' ' && !(c >= '\t' && c <= '\r'))
                key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
            ++i;
            continue;
        }
        const std::string_view rest = std::string_view(half).substr(i);
        const auto fold = std::find_if(std::begin(folds), std::end(folds),
                                       [&](const Fold& one) { return rest.starts_with(one.from); });
        if (fold != std::end(folds)) {
            key += fold->to;
            i += fold->from.size();
        } else {
            key.push_back(c);
            ++i;
        }
    }
    replace_all(key, ">=", "≥");
    replace_all(key, "<=", "≤");
    return key;
}

bool says_nothing(std::string_view text) {
    const std::string key = substance_key(text);
    return key.find_first_not_of("-/") == std::string::npos || key == "无" || key == "n/a";
}

std::pair<std::string, std::string> split_bracket(const std::string& key) {
    if (key.empty() || key.back() != ')') return {key, ""};
    int depth = 0;
    for (std::size_t i = key.size(); i-- > 0;) {
        if (key[i] == ')') ++depth;
        if (key[i] != '(' || --depth > 0) continue;
        if (i == 0) break;
        return {key.substr(0, i), key.substr(i + 1, key.size() - i - 2)};
    }
    return {key, ""};
}

std::vector<std::string> split_list(std::string_view text, std::string_view separators) {
    std::vector<std::string> out;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
        const std::string_view part = trim(text.substr(start, end - start));
        if (!part.empty()) out.emplace_back(part);
        start = end + 1;
    }
    return out;
}

std::pair<std::string, CasFault> read_cas(std::string_view text) {
    std::string key = substance_key(text);
    for (const std::string_view head : {"cas", "no.", "no", "号", "登记号", "编号", ":"})
        if (key.starts_with(head)) key.erase(0, head.size());
    std::string digits;
    std::array<std::size_t, 2> hyphens{};
    std::size_t count = 0;
    for (const char c : key) {
        if (c >= '0' && c <= '9') {
            digits.push_back(c);
        } else if (c == '-' && count < hyphens.size()) {
            hyphens.at(count++) = digits.size();
        } else {
            return {key, CasFault::form};
        }
    }
    const bool placed =
        count == 0 || (count == 2 && digits.size() >= 3 && hyphens[0] == digits.size() - 3 &&
                       hyphens[1] == digits.size() - 1);
    while (digits.size() > 5 && digits.front() == '0')
        digits.erase(0, 1);
    if (!placed || digits.size() < 5 || digits.size() > 10) return {key, CasFault::form};
    int sum = 0;
    for (std::size_t i = 0; i + 1 < digits.size(); ++i)
        sum += static_cast<int>(digits.size() - 1 - i) * (digits[i] - '0');
    const std::string printed = digits.substr(0, digits.size() - 3) + "-" +
                                digits.substr(digits.size() - 3, 2) + "-" + digits.back();
    return {printed, sum % 10 == digits.back() - '0' ? CasFault::none : CasFault::check};
}

}  // namespace safetyrisk::scoring
