#include "earlier_results.hpp"

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;

constexpr std::array<std::string_view, 7> ours{"score",    "grade",  "status", "band",
                                               "override", "clause", "level"};
constexpr std::size_t grade_at = 1;
constexpr std::size_t status_at = 2;

using Headers = std::array<std::vector<std::string>, ours.size()>;

Headers read_headers() {
    const auto pack = PackRegistry::builtin().find("aliases.headers");
    const detail::Json document = detail::parse_json(pack->canonical, pack->id);
    const JsonView columns =
        JsonView(document, pack->id).at("content").at("tables").at("graded").at("columns");
    Headers out;
    for (const JsonView& column : columns.items()) {
        const auto at = std::find(ours.begin(), ours.end(), column.at("name").text());
        if (at == ours.end()) continue;
        for (const JsonView& header : column.at("headers").items())
            out[static_cast<std::size_t>(at - ours.begin())].push_back(header.text());
    }
    return out;
}

// Whether `name` is `header`, perhaps marked as of an earlier table, perhaps numbered.
bool is_header(std::string_view name, std::string_view header) {
    if (name.substr(0, header.size()) != header) return false;
    name.remove_prefix(header.size());
    for (const std::string_view mark : {"（原表）", " (register)"})
        if (name.substr(0, mark.size()) == mark) {
            name.remove_prefix(mark.size());
            break;
        }
    if (name.empty()) return true;
    return name.size() > 1 && name[0] == '_' &&
           name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_written(std::string_view name, std::size_t k, const Headers& headers) {
    constexpr std::string_view before = "graded_";
    if (is_header(name, headers[k].front())) return true;
    if (name.substr(0, before.size()) == before) name.remove_prefix(before.size());
    return is_header(name, ours[k]);
}

}  // namespace

EarlierResults earlier_results(const Table& table) {
    static const Headers headers = read_headers();
    std::array<std::vector<std::size_t>, ours.size()> found;
    std::vector<std::size_t> grades;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const std::string_view name = trim(table.name(i));
        for (std::size_t k = 0; k < ours.size(); ++k)
            if (is_written(name, k, headers)) found[k].push_back(i);
        const std::vector<std::string>& words = headers[grade_at];
        if (is_written(name, grade_at, headers) ||
            std::find(words.begin(), words.end(), name) != words.end())
            grades.push_back(i);
    }
    EarlierResults out;
    const std::size_t gradings = found[status_at].size();
    // A table that was graded before levels had a column is known by the others.
    if (std::none_of(found.begin(), found.end() - 1, [](const auto& some) { return some.empty(); }))
        for (const std::vector<std::size_t>& some : found)
            out.written.insert(
                out.written.end(),
                some.end() - static_cast<std::ptrdiff_t>(std::min(gradings, some.size())),
                some.end());
    std::sort(out.written.begin(), out.written.end());
    for (const std::size_t i : grades)
        if (!std::binary_search(out.written.begin(), out.written.end(), i)) {
            out.given = i;
            break;
        }
    return out;
}

}  // namespace safetyrisk::scoring
