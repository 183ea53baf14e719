#include <safetyrisk/io/geojson.hpp>

#include <safetyrisk/core/text.hpp>

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk::io {

namespace {

using region::Crs;
using region::LonLat;

void append_value(const Column& column, std::size_t row, std::string& out) {
    if (column.is_null(row)) {
        out += "null";
        return;
    }
    switch (column.type()) {
        case ColumnType::number: {
            const NumberCell cell = column.number(row);
            const bool finite = cell.state == NumberCell::State::value && std::isfinite(cell.value);
            out += finite ? print_number(cell.value) : "null";
            return;
        }
        case ColumnType::integer:
        case ColumnType::boolean:
            out += column.print(row);
            return;
        case ColumnType::date:
        case ColumnType::text:
            out += '"';
            out += column.type() == ColumnType::text ? escape_json(column.text(row))
                                                     : column.print(row);
            out += '"';
            return;
    }
}

}  // namespace

std::string write_points(const Table& table, region::Crs crs, std::string_view lon_column,
                         std::string_view lat_column) {
    const Column& lon = table.at(lon_column);
    const Column& lat = table.at(lat_column);
    std::vector<std::pair<const Column*, std::string>> properties;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table.name(i) == lon_column || table.name(i) == lat_column) continue;
        properties.emplace_back(&table.column(i), "\"" + escape_json(table.name(i)) + "\":");
    }
    std::string out = "{\"type\":\"FeatureCollection\",\"features\":[";
    for (std::size_t row = 0; row < table.rows(); ++row) {
        out += row == 0 ? "\n{\"type\":\"Feature\",\"geometry\":"
                        : ",\n{\"type\":\"Feature\",\"geometry\":";
        const NumberCell x = lon.number(row);
        const NumberCell y = lat.number(row);
        if (x.state == NumberCell::State::value && y.state == NumberCell::State::value &&
            std::isfinite(x.value) && std::isfinite(y.value)) {
            const LonLat p = convert(LonLat{x.value, y.value}, crs, Crs::wgs84);
            out += "{\"type\":\"Point\",\"coordinates\":[" + print_number(p.lon_deg) + "," +
                   print_number(p.lat_deg) + "]}";
        } else {
            out += "null";
        }
        out += ",\"properties\":{";
        for (std::size_t i = 0; i < properties.size(); ++i) {
            if (i > 0) out += ',';
            out += properties[i].second;
            append_value(*properties[i].first, row, out);
        }
        out += "}}";
    }
    out += "\n]}\n";
    return out;
}

}  // namespace safetyrisk::io
