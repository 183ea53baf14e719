#include "table_json.hpp"

namespace safetyrisk::graph {

safetyrisk::detail::Json json_rows(const Table& table) {
    using safetyrisk::detail::Json;
    Json rows = Json::array();
    for (std::size_t i = 0; i < table.rows(); ++i) {
        Json one = Json::object();
        for (std::size_t c = 0; c < table.size(); ++c) {
            const Column& column = table.column(c);
            Json& cell = one[table.name(c)];
            if (column.is_missing(i)) continue;
            switch (column.type()) {
                case ColumnType::text:
                    cell = column.text(i);
                    break;
                case ColumnType::boolean:
                    cell = column.boolean(i);
                    break;
                case ColumnType::integer:
                    cell = column.integers()[i];
                    break;
                case ColumnType::number:
                    cell = column.number(i).value;
                    break;
                case ColumnType::date:
                    cell = column.date(i).text();
                    break;
            }
        }
        rows.push_back(std::move(one));
    }
    return rows;
}

}  // namespace safetyrisk::graph
