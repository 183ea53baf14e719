#include <safetyrisk/io/geojson.hpp>  // first: the header must stand alone

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace safetyrisk;
using Catch::Matchers::ContainsSubstring;
using region::Crs;

namespace {

const Origin origin{
    .table = "boundaries", .source = "boundaries.geojson", .first_line = -1, .lines = {}};
const std::string square = "[[[114,28],[115,28],[115,29],[114,29],[114,28]]]";

std::string feature(const std::string& properties, const std::string& geometry) {
    return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}
std::string polygon(const std::string& coordinates) {
    return R"({"type":"Polygon","coordinates":)" + coordinates + "}";
}
std::string collection(const std::vector<std::string>& features) {
    std::string out = "{\"type\":\"FeatureCollection\",\"features\":[\n";
    for (std::size_t i = 0; i < features.size(); ++i)
        out += (i > 0 ? ",\n" : "") + features[i];
    return out + "\n]}";
}

struct Read {
    region::Boundaries boundaries;
    IssueTable issues;
    std::vector<std::string> codes() const {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < issues.size(); ++i)
            out.emplace_back(issues.code(i));
        return out;
    }
};

Read read(const std::string& text, const io::BoundaryColumns& columns = {}, Crs crs = Crs::wgs84) {
    Read result;
    result.boundaries = io::read_boundaries(text, columns, crs, origin, result.issues);
    return result;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("polygons and multipolygons are read with holes, names and codes", "[io][geojson]") {
    const Read r = read(collection(
        {feature(R"({"code":"360902","name":"袁州区"})",
                 polygon("[[[114,28],[115,28],[115,29],[114,29],[114,28]],"
                         "[[114.2,28.2],[114.4,28.2],[114.4,28.4],[114.2,28.2]]]")),
         feature(
             R"({"adcode":360921,"NAME":"奉新县"})",
             R"({"coordinates":[[[[116,28],[117,28],[117,29],[116,28]]],[[[118,28,5],[119,28,5.5],[119,29,6],[118,28,5]]]],"type":"MultiPolygon"})"),
         feature(R"({"行政区划代码":"360922000000","名称":"万载县"})",
                 R"({"type":"GeometryCollection","geometries":[)" + polygon(square) + "," +
                     polygon("[[[120,28],[121,28],[121,29],[120,28]]]") + "]}"),
         R"({"type":"Feature","id":"360923","properties":null,"geometry":)" + polygon(square) +
             "}"}));
    CHECK(r.codes() == Codes{});
    REQUIRE(r.boundaries.size() == 4);
    CHECK(r.boundaries[0].name == "袁州区");
    CHECK(r.boundaries[0].polygons.front().holes.size() == 1);
    CHECK(r.boundaries[1].code.text() == "360921");
    CHECK(r.boundaries[1].name == "奉新县");
    REQUIRE(r.boundaries[1].polygons.size() == 2);
    CHECK(r.boundaries[1].polygons[1].outer.size() == 3);
    CHECK(r.boundaries[2].code.text() == "360922");
    CHECK(r.boundaries[2].name == "万载县");
    CHECK(r.boundaries[2].polygons.size() == 2);
    CHECK(r.boundaries[3].code.text() == "360923");
    CHECK(r.boundaries[3].row == 3);
}

TEST_CASE("one feature alone is read, members in any order", "[io][geojson]") {
    const Read r = read(
        "\xEF\xBB\xBF{\"geometry\":{\"coordinates\":" + square +
            R"(,"type":"Polygon"},"properties":{"name":"甲","deep":{"code":"999"},"code":"3609.0"},"type":"Feature"})",
        {.code = "", .name = ""});
    CHECK(r.codes() == Codes{"io.geojson_code_malformed"});
    const Read good = read(feature(R"({"list":[{"code":1}],"gb":360902.0})", polygon(square)));
    CHECK(good.codes() == Codes{});
    REQUIRE(good.boundaries.size() == 1);
    CHECK(good.boundaries[0].code.text() == "360902");
}

TEST_CASE("named columns count alone, usual names that disagree are not chosen from",
          "[io][geojson]") {
    const std::string both =
        feature(R"({"adcode":"360902","代码":"360921","地名":"甲"})", polygon(square));
    CHECK(read(both).codes() == Codes{"io.geojson_codes_differ"});
    const Read named = read(both, {.code = "代码", .name = "地名"});
    CHECK(named.codes() == Codes{});
    CHECK(named.boundaries[0].code.text() == "360921");
    CHECK(named.boundaries[0].name == "甲");
    CHECK(read(both, {.code = "nothing", .name = ""}).codes() == Codes{"io.geojson_code_missing"});
    // The canonical name settles it; a 12-digit form of the same code is the same code.
    CHECK(read(feature(R"({"adcode":"1","code":"360902"})", polygon(square))).codes() == Codes{});
    CHECK(read(feature(R"({"adcode":"360902","代码":360902000000})", polygon(square))).codes() ==
          Codes{});
}

TEST_CASE("a feature that cannot be used is an issue with row and line, and the others go on",
          "[io][geojson]") {
    struct Case {
        std::string feature;
        std::string code;
    };
    const std::string p = R"({"code":"360902"})";
    const Case cases[] = {
        {feature(p, "null"), "io.geojson_no_geometry"},
        {R"({"type":"Feature","properties":{"code":"360902"}})", "io.geojson_no_geometry"},
        {feature(p, polygon("[]")), "io.geojson_no_geometry"},
        {feature(p, polygon("[[]]")), "io.geojson_no_geometry"},
        {feature(p, R"({"type":"MultiPolygon","coordinates":[]})"), "io.geojson_no_geometry"},
        {feature(p, R"({"type":"GeometryCollection","geometries":[]})"), "io.geojson_no_geometry"},
        {feature(p, R"({"type":"Polygon","coordinates":["@@_`Bg"],"encodeOffsets":[[1,2]]})"),
         "io.geojson_coordinates"},
        {feature(p, polygon("[[[114],[115],[116],[114]]]")), "io.geojson_coordinates"},
        {feature(p, polygon("[[[114,28],[115,\"28\"],[116,29],[114,28]]]")),
         "io.geojson_coordinates"},
        {feature(p, polygon("[[[114,28],[115,null],[116,29],[114,28]]]")),
         "io.geojson_coordinates"},
        {feature(p, polygon("[[[114,28],{\"x\":1},[116,29],[114,28]]]")), "io.geojson_coordinates"},
        {feature(p, polygon("[[[114,28],115,[116,29],[114,28]]]")), "io.geojson_coordinates"},
        {feature(p, polygon("[[[114,28],[115,28,[1]],[116,29],[114,28]]]")),
         "io.geojson_coordinates"},
        {feature(p, polygon("[[114,28],[115,28],[116,29],[114,28]]")), "io.geojson_coordinates"},
        {feature(p, polygon("[" + square + "]")), "io.geojson_coordinates"},
        {feature(p, R"({"type":"Point","coordinates":[114,28]})"), "io.geojson_geometry_kind"},
        {feature(p, R"({"coordinates":[114,28]})"), "io.geojson_geometry_kind"},
        {feature("{}", polygon(square)), "io.geojson_code_missing"},
        {feature("null", polygon(square)), "io.geojson_code_missing"},
        {feature(R"({"code":""})", polygon(square)), "io.geojson_code_missing"},
        {feature(R"({"code":"36090"})", polygon(square)), "io.geojson_code_malformed"},
        {feature(R"({"code":3.609e5})", polygon("[[[114,28],[115,28],[114,28]]]")),
         "region.boundary_ring_too_short"},
        {"null", "io.geojson_not_a_feature"},
        {"7", "io.geojson_not_a_feature"},
        {"[1,2]", "io.geojson_not_a_feature"},
    };
    const std::string good = feature(R"({"code":"360999"})", polygon(square));
    for (const Case& one : cases) {
        CAPTURE(one.feature);
        const Read r = read(collection({good, one.feature}));
        REQUIRE(r.boundaries.size() == 1);
        CHECK(r.boundaries[0].code.text() == "360999");
        REQUIRE_FALSE(r.issues.empty());
        const Issue issue = r.issues.at(0);
        CHECK(issue.code == one.code);
        CHECK(issue.row == 1);
        CHECK(issue.line == 3);
        CHECK(issue.source == "boundaries.geojson");
    }
}

TEST_CASE("open rings are closed and said so", "[io][geojson]") {
    const Read r = read(collection(
        {feature(R"({"code":"360902"})", polygon("[[[114,28],[115,28],[115,29],[114,29]]]"))}));
    CHECK(r.codes() == Codes{"io.geojson_ring_not_closed"});
    REQUIRE(r.boundaries.size() == 1);
    CHECK(r.boundaries[0].polygons[0].outer.size() == 4);
}

TEST_CASE("a crs member that contradicts the declared system is reported", "[io][geojson]") {
    const auto with = [&](const std::string& name, Crs crs) {
        return read(R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":")" +
                        name + R"("}},"features":[)" +
                        feature(R"({"code":"360902"})", polygon(square)) + "]}",
                    {}, crs)
            .codes();
    };
    CHECK(with("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::wgs84) == Codes{});
    CHECK(with("urn:ogc:def:crs:EPSG::4490", Crs::wgs84) == Codes{});
    CHECK(with("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::gcj02) == Codes{"io.geojson_crs_differs"});
    CHECK(with("urn:ogc:def:crs:EPSG::4549", Crs::cgcs2000) == Codes{"io.geojson_crs_differs"});
}

TEST_CASE("axes are longitude and latitude, also under EPSG 4490", "[io][geojson]") {
    const Read r = read(feature(R"({"code":"360902"})", polygon(square)), {}, Crs::cgcs2000);
    CHECK(r.boundaries[0].polygons[0].outer[0] == region::LonLat{114, 28});
    CHECK(r.codes() == Codes{});
}

TEST_CASE("a file cut anywhere is refused with line and byte", "[io][geojson]") {
    const std::string text =
        collection({feature(R"({"code":"360902","name":"袁州区"})", polygon(square)),
                    feature(R"({"code":"360903"})", polygon(square))});
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        CHECK_THROWS_AS(read(text.substr(0, size)), InputError);
    }
    CHECK_THROWS_WITH(read(text.substr(0, text.size() - 30)),
                      ContainsSubstring("boundaries.geojson: line 3, byte ") &&
                          ContainsSubstring("unexpected end of input"));
    CHECK(read(text).boundaries.size() == 2);
}

TEST_CASE("texts that are no GeoJSON are refused", "[io][geojson]") {
    for (const char* text :
         {"[]", "1", "null", "\"x\"", "{}", R"({"type":"FeatureCollection"})",
          R"({"type":"FeatureCollection","features":{}})",
          R"({"type":"Topology","objects":{},"arcs":[]})",
          R"({"type":"Point","coordinates":[1,2]})", "code,name\n360902,x\n", "\xFF\xFE{",
          R"({"type":"FeatureCollection","features":[]}x)",
          R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[NaN,1]]]}})",
          R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1e999,1]]]}})"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read(text), InputError);
    }
    CHECK(read(R"({"type":"FeatureCollection","features":[]})").boundaries.empty());
    CHECK(read(polygon(square)).codes() == Codes{"io.geojson_code_missing"});
}

TEST_CASE("nesting without end is refused and does not overflow", "[io][geojson]") {
    const std::string deep(2000000, '[');
    for (const std::string& start :
         {std::string(), std::string(R"({"features":)"), std::string(R"({"coordinates":)"),
          std::string(R"({"properties":{"code":)")}) {
        CHECK_THROWS_AS(read(start + deep), InputError);
    }
    CHECK_THROWS_WITH(read(R"({"properties":)" + deep),
                      ContainsSubstring("nested deeper than 100"));
    std::string objects;
    for (int i = 0; i < 100000; ++i)
        objects += R"({"geometry":)";
    CHECK_THROWS_AS(read(objects), InputError);
}

TEST_CASE("points are written as RFC 7946 has them, one feature per row", "[io][geojson]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    Table table;
    table.add("id", Column::of(std::vector<std::string>{"a\"<", "乙", "c", "d"}));
    table.add("lon", Column::of(std::vector<double>{116.404, nan, inf, 114.1}));
    table.add("lat", Column::of(std::vector<double>{39.915, 28.0, 28.0, 28.5}));
    table.add("score", Column::of(std::vector<double>{270.0, nan, inf, 0.1}));
    const std::vector<std::uint8_t> valid{1, 0, 1, 1};
    table.add("count", Column::of(std::vector<std::int64_t>{1, 2, -3, 4}, valid));
    table.add("open", Column::of_booleans({1, 0, 1, 0}));
    table.add("date", Column::of(std::vector<Date>{Date::of(2025, 1, 31), Date::of(2025, 2, 1),
                                                   Date::of(2025, 2, 2), Date::of(2025, 2, 3)}));
    const std::string text = io::write_points(table);
    const auto json = nlohmann::json::parse(text);
    CHECK(json["type"] == "FeatureCollection");
    REQUIRE(json["features"].size() == 4);
    const auto& first = json["features"][0];
    CHECK(first["type"] == "Feature");
    CHECK(first["geometry"] ==
          nlohmann::json::parse(R"({"type":"Point","coordinates":[116.404,39.915]})"));
    CHECK(first["properties"] ==
          nlohmann::json::parse(
              R"({"id":"a\"<","score":270,"count":1,"open":true,"date":"2025-01-31"})"));
    // Rows without a position stay, without a geometry.
    CHECK(json["features"][1]["geometry"].is_null());
    CHECK(json["features"][1]["properties"]["id"] == "乙");
    CHECK(json["features"][1]["properties"]["score"].is_null());
    CHECK(json["features"][1]["properties"]["count"].is_null());
    CHECK(json["features"][2]["geometry"].is_null());
    CHECK(json["features"][2]["properties"]["score"].is_null());
    CHECK(json["features"][2]["properties"]["count"] == -3);
    CHECK(text.find("0.1") != std::string::npos);
    CHECK(text.find('<') == std::string::npos);
    CHECK(io::write_points(table) == text);
}

TEST_CASE("points of another system are written in WGS84", "[io][geojson]") {
    const region::LonLat place{116.404, 39.915};
    const region::LonLat shifted = convert(place, Crs::wgs84, Crs::gcj02);
    Table table;
    table.add("经度", Column::of(std::vector<double>{shifted.lon_deg}));
    table.add("纬度", Column::of(std::vector<double>{shifted.lat_deg}));
    const auto json = nlohmann::json::parse(io::write_points(table, Crs::gcj02, "经度", "纬度"));
    const auto& position = json["features"][0]["geometry"]["coordinates"];
    CHECK(position[0].get<double>() == Catch::Approx(116.404).margin(1e-11));
    CHECK(position[1].get<double>() == Catch::Approx(39.915).margin(1e-11));
    CHECK_THROWS_AS(io::write_points(table), NotFoundError);
}

TEST_CASE("a table without rows is an empty collection", "[io][geojson]") {
    Table table;
    table.add("lon", Column::of(std::vector<double>{}));
    table.add("lat", Column::of(std::vector<double>{}));
    const auto json = nlohmann::json::parse(io::write_points(table));
    CHECK(json["features"].is_array());
    CHECK(json["features"].empty());
}
