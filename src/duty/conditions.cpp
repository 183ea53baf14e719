#include "duty/conditions.hpp"

#include <safetyrisk/core/document_error.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"
#include "graph/near.hpp"
#include "graph/words.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::duty {
namespace {

using graph::Condition;
using Operand = Condition::Operand;
using safetyrisk::detail::JsonView;

// Columns of the tables whose rows are nodes: what they hold ("" where tables differ), and their
// ids by what registers call them.
struct Columns {
    std::map<std::string, std::string, std::less<>> types;
    std::map<std::string, std::string, std::less<>> ids;

    Columns() {
        const auto pack = PackRegistry::builtin().find("aliases.headers");
        const auto json = safetyrisk::detail::parse_json(pack->canonical, pack->id);
        const JsonView tables = JsonView(json, pack->id).at("content").at("tables");
        for (const char* table :
             {"nodes", "divisions", "enterprises", "risk_points", "hazards", "tasks"})
            for (const JsonView& column : tables.at(table).at("columns").items()) {
                const std::string id = column.at("name").text();
                const std::string type = column.at("type").text();
                const auto [known, fresh] = types.emplace(id, type);
                if (!fresh && known->second != type) known->second.clear();
                ids.emplace(id, id);
                for (const JsonView& header : column.at("headers").items())
                    ids.emplace(header.text(), id);
            }
    }
    static const Columns& all() {
        static const Columns columns;
        return columns;
    }
};

// What a column of a type may be compared with; nothing where anything is.
struct Wanted {
    std::string_view zh, en;
};

std::optional<Wanted> refused(std::string_view type, const Operand& operand) {
    const bool text = operand.type == Operand::Type::text;
    if (operand.type == Operand::Type::null) return std::nullopt;
    if (type == "boolean" && operand.type != Operand::Type::boolean)
        return Wanted{" true 或 false ", "true or false"};
    if ((type == "number" || type == "integer") &&
        (operand.type == Operand::Type::boolean ||
         (text && parse_number(operand.text).state != NumberCell::State::value)))
        return Wanted{"数值", "a number"};
    if (type == "date" && !operand.date)
        return Wanted{"日期（如 2026-01-31）", "a day such as 2026-01-31"};
    return std::nullopt;
}

template <class F>
void each_condition(const graph::Selector& selector, F&& f) {
    for (const graph::SelectorPart& part : selector.parts)
        for (std::size_t i = 0; i < part.where.size(); ++i)
            f(part.where[i], part.path + ".where[" + std::to_string(i) + "]");
}

}  // namespace

void check_values(const graph::Selector& selector) {
    const Columns& columns = Columns::all();
    each_condition(selector, [&](const Condition& condition, const std::string& path) {
        const auto type = columns.types.find(condition.column);
        if (type == columns.types.end()) return;
        for (const Operand& operand : condition.operands)
            if (const auto wanted = refused(type->second, operand))
                throw DocumentError(
                    path + "[2]",
                    "「" + condition.column + "」只能与" + std::string(wanted->zh) + "比较",
                    "'" + condition.column + "' is compared with " + std::string(wanted->en));
    });
}

void check_columns(const graph::Store& store, const graph::Selector& selector) {
    const Columns& columns = Columns::all();
    each_condition(selector, [&](const Condition& condition, const std::string& path) {
        const std::string& wanted = condition.column;
        if (columns.types.contains(wanted) || store.attribute(wanted).anywhere()) return;
        std::vector<std::string> words;
        for (const auto& [word, id] : columns.ids)
            words.push_back(word);
        std::vector<std::string> near;
        for (const std::string& word : graph::near_words(wanted, words))
            if (const std::string& id = columns.ids.find(word)->second;
                std::find(near.begin(), near.end(), id) == near.end())
                near.push_back(id);
        throw DocumentError(path + "[0]",
                            "责任图中没有「" + wanted + "」这一列" +
                                (near.empty() ? "" : "，相近的有 " + graph::join(near, "、")),
                            "no node has a column '" + wanted + "'" + graph::near_ones(near));
    });
}

}  // namespace safetyrisk::duty
