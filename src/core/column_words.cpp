#include "core/column_words.hpp"

#include "core/json_view.hpp"

#include <safetyrisk/core/pack.hpp>

#include <map>
#include <utility>

namespace safetyrisk::core_detail {
namespace {

struct Words {
    std::map<std::string, std::string, std::less<>> tables;
    std::map<std::pair<std::string, std::string>, std::string> columns;
};

const Words& words() {
    static const Words column_names = [] {
        Words out;
        const auto pack = PackRegistry::builtin().find("aliases");
        const detail::Json document = detail::parse_json(pack->canonical, pack->id);
        for (const auto& [table, about] : document.at("content").at("tables").items()) {
            out.tables.emplace(table, about.at("title").at("zh").get<std::string>());
            for (const auto& column : about.at("columns"))
                if (!column.at("headers").empty())
                    out.columns.emplace(std::pair(table, column.at("name").get<std::string>()),
                                        column.at("headers").at(0).get<std::string>());
        }
        return out;
    }();
    return column_names;
}

}  // namespace

std::string column_words(std::string_view table, std::string_view column, Lang lang) {
    if (lang != Lang::zh) return std::string(column);
    const auto found = words().columns.find({std::string(table), std::string(column)});
    return found == words().columns.end() ? std::string(column) : found->second;
}

std::string table_words(std::string_view table, Lang lang) {
    const auto found = words().tables.find(table);
    if (lang != Lang::zh || found == words().tables.end()) return std::string(table);
    return found->second + "表";
}

}  // namespace safetyrisk::core_detail
