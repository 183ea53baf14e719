#include <safetyrisk/io/geojson.hpp>

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace safetyrisk::io {

namespace {

using region::Boundary;
using region::Crs;
using region::LonLat;
using region::Polygon;
using region::Ring;

constexpr std::size_t deepest_nesting = 100;

// In lower case; the first that is there counts. "code" and "name" are the canonical names.
constexpr std::array<std::string_view, 9> code_names{
    "code", "adcode", "division_code", "行政区划代码", "区划代码", "代码", "xzqdm", "pac", "gb"};
constexpr std::array<std::string_view, 6> name_names{"name",     "名称",  "行政区划名称",
                                                     "区划名称", "xzqmc", "fullname"};

std::string normal_key(std::string_view key) {
    std::string normal = to_half_width(trim(key));
    for (char& c : normal) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return normal;
}

// Reads characters and lets the handler see how far the parser has come.
class Reader {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Reader(const char* place, const char** furthest) : place_(place), furthest_(furthest) {}
    reference operator*() const { return *place_; }
    Reader& operator++() {
        *furthest_ = ++place_;
        return *this;
    }
    Reader operator++(int) {
        Reader before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Reader& a, const Reader& b) { return a.place_ == b.place_; }
    friend bool operator!=(const Reader& a, const Reader& b) { return a.place_ != b.place_; }

private:
    const char* place_;
    const char** furthest_;
};

// Nested arrays of numbers as they come, without knowing yet which geometry they are.
struct Geometry {
    std::string type;
    std::vector<LonLat> positions;
    std::vector<std::size_t> ring_ends;     // into positions
    std::vector<std::size_t> polygon_ends;  // into ring_ends
    std::size_t position_depth = 0;         // arrays open where positions stand; 0 before the first
    bool malformed = false;
    std::string malformed_value;  // what stood where a number should
    bool holds_others = false;    // a GeometryCollection
};

struct Feature {
    std::int64_t row = 0;
    std::vector<std::pair<std::size_t, std::string>> codes, names;  // rank of the property, value
    std::string id;
    std::vector<Polygon> polygons;
    std::size_t open_rings = 0;
    bool reported = false;  // an issue says why polygons are missing
};

// SAX handler of nlohmann/json: boundaries out of events.
class BoundaryReader {
public:
    BoundaryReader(std::string_view text, const BoundaryColumns& columns, Crs crs,
                   const Origin& origin, IssueTable& issues)
        : text_(text),
          read_(text.data()),
          counted_(text.data()),
          columns_(columns),
          crs_(crs),
          origin_(origin),
          issues_(issues) {
        origin_.first_line = -1;
        origin_.lines.clear();
    }

    std::vector<Boundary> run() {
        nlohmann::json::sax_parse(Reader(text_.data(), &read_),
                                  Reader(text_.data() + text_.size(), &read_), this);
        return std::move(boundaries_);
    }
    const Origin& origin() const { return origin_; }

    // Events. Each returns whether to go on, which is always; what cannot go on is thrown.
    bool null() {
        value_in_coordinates("null");
        scalar(std::nullopt);
        return true;
    }
    bool boolean(bool value) {
        value_in_coordinates(value ? "true" : "false");
        scalar(std::nullopt);
        return true;
    }
    bool number_integer(std::int64_t value) {
        number(static_cast<double>(value), [&] { return std::to_string(value); });
        return true;
    }
    bool number_unsigned(std::uint64_t value) {
        number(static_cast<double>(value), [&] { return std::to_string(value); });
        return true;
    }
    bool number_float(double value, const std::string&) {
        number(value, [&] { return print_number(value); });
        return true;
    }
    bool string(std::string& value) {
        value_in_coordinates(value);
        if (!levels_.empty()) {
            const Role role = levels_.back().role;
            if (role == Role::crs_properties && levels_.back().key == "name") crs_name_ = value;
            if (levels_.back().key == "type") {
                if (role == Role::root) root_type_ = value;
                if (role == Role::root || role == Role::geometry) geometries_.back().type = value;
            }
        }
        scalar(value, &value);
        return true;
    }
    bool binary(const nlohmann::json::binary_t&) { return true; }  // never in text

    bool key(const std::string& key) {
        levels_.back().key = key;
        return true;
    }
    bool start_object(std::size_t) {
        const Role role = child_role(true);
        value_in_coordinates("{");
        open(role);
        if (role == Role::root) {
            start_feature(root_feature_);
            geometries_.emplace_back();
        } else if (role == Role::feature) {
            start_feature(feature_);
        } else if (role == Role::geometry) {
            geometries_.emplace_back();
        }
        return true;
    }
    bool end_object() {
        const Role role = levels_.back().role;
        levels_.pop_back();
        if (role == Role::geometry) {
            finish_geometry();
        } else if (role == Role::feature) {
            finish_feature();
            current_ = &root_feature_;
        } else if (role == Role::root) {
            finish_root();
        }
        return true;
    }
    bool start_array(std::size_t) {
        const Role role = child_role(false);
        open(role);
        if (role == Role::features) {
            has_features_ = true;
            rows_ = 0;
            origin_.lines.clear();
        } else if (role == Role::geometries) {
            geometries_.back().holds_others = true;
        } else if (role == Role::coordinates) {
            if (arrays_.empty()) {  // a second "coordinates" member replaces the first
                const std::string type = geometries_.back().type;
                geometries_.back() = Geometry{};
                geometries_.back().type = type;
            } else {
                arrays_.back().has_arrays = true;
            }
            arrays_.emplace_back();
        }
        return true;
    }
    bool end_array() {
        const Role role = levels_.back().role;
        levels_.pop_back();
        if (role == Role::coordinates) finish_coordinate_array();
        return true;
    }
    bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception& error) {
        std::string what = error.what();
        const std::size_t place = what.find("syntax error");
        if (place != std::string::npos) what.erase(0, place);
        fail(byte, "not well-formed JSON (" + cut_value(what) + ")");
    }

private:
    enum class Role : std::uint8_t {
        root,
        features,
        feature,
        properties,
        geometry,
        geometries,
        coordinates,
        crs,
        crs_properties,
        ignored,
    };
    struct Level {
        Role role;
        std::string key;  // of the member being read
    };
    struct CoordinateArray {
        std::size_t numbers = 0;
        bool has_arrays = false;
        LonLat position;
    };

    [[noreturn]] void fail(std::size_t byte, const std::string& what) const {
        const std::string_view before = text_.substr(0, std::min(byte, text_.size()));
        throw InputError((origin_.source.empty() ? std::string("GeoJSON") : origin_.source) +
                         ": line " + std::to_string(1 + std::ranges::count(before, '\n')) +
                         ", byte " + std::to_string(byte) + ": " + what);
    }
    std::size_t byte() const { return static_cast<std::size_t>(read_ - text_.data()); }

    Role child_role(bool object) {
        if (levels_.empty()) {
            if (!object) fail(byte(), "not GeoJSON (an array, not an object)");
            return Role::root;
        }
        const std::string& key = levels_.back().key;
        switch (levels_.back().role) {
            case Role::root:
                if (key == "features" && !object) return Role::features;
                if (key == "crs" && object) return Role::crs;
                if (key == "geometry" && object) return Role::geometry;
                if (key == "properties" && object) return Role::properties;
                if (key == "coordinates" && !object) return Role::coordinates;
                if (key == "geometries" && !object) return Role::geometries;
                return Role::ignored;
            case Role::features:
                if (object) return Role::feature;
                not_a_feature();
                return Role::ignored;
            case Role::feature:
                if (key == "geometry" && object) return Role::geometry;
                if (key == "properties" && object) return Role::properties;
                return Role::ignored;
            case Role::geometry:
                if (key == "coordinates" && !object) return Role::coordinates;
                if (key == "geometries" && !object) return Role::geometries;
                return Role::ignored;
            case Role::geometries:
                return object ? Role::geometry : Role::ignored;
            case Role::coordinates:
                return object ? Role::ignored : Role::coordinates;
            case Role::crs:
                return key == "properties" && object ? Role::crs_properties : Role::ignored;
            case Role::properties:
            case Role::crs_properties:
            case Role::ignored:
                break;
        }
        return Role::ignored;
    }

    void open(Role role) {
        if (levels_.size() == deepest_nesting) {
            fail(byte(), "nested deeper than " + std::to_string(deepest_nesting) + " levels");
        }
        levels_.push_back({role, {}});
    }

    // Every element of "features" is a row, whatever it is.
    std::int64_t new_row() {
        // The last character read is the brace that opens the element, or the one after a number.
        line_ += std::count(counted_, read_ - 1, '\n');
        counted_ = read_ - 1;
        origin_.lines.push_back(line_);
        return rows_++;
    }
    void not_a_feature() {
        issues_.add("io.geojson_not_a_feature", origin_, new_row(), "features");
    }

    void start_feature(Feature& feature) {
        feature = Feature{};
        feature.row = new_row();
        current_ = &feature;
    }

    template <class Print>
    void number(double value, Print&& print) {
        if (!levels_.empty() && levels_.back().role == Role::coordinates) {
            CoordinateArray& array = arrays_.back();
            if (array.numbers == 0) array.position.lon_deg = value;
            if (array.numbers == 1) array.position.lat_deg = value;
            ++array.numbers;
        } else {
            const std::string printed = print();
            scalar(std::string_view(printed));
        }
    }

    void value_in_coordinates(std::string_view value) {
        if (levels_.empty() || levels_.back().role != Role::coordinates) return;
        Geometry& geometry = geometries_.back();
        if (!geometry.malformed) geometry.malformed_value = value;
        geometry.malformed = true;
    }

    // A member or element that is no array and no object. A string may be taken from its owner.
    void scalar(std::optional<std::string_view> value, std::string* owner = nullptr) {
        if (levels_.empty()) fail(byte(), "not GeoJSON (a single value, not an object)");
        const Level& level = levels_.back();
        if (level.role == Role::features) not_a_feature();
        if (!value) return;
        if (level.role == Role::feature && level.key == "id") current_->id = *value;
        if (level.role == Role::root && level.key == "id") root_feature_.id = *value;
        if (level.role == Role::properties) {
            note(columns_.code, code_names, level.key, *value, nullptr, current_->codes);
            note(columns_.name, name_names, level.key, *value, owner, current_->names);
        }
    }

    static void note(const std::string& wanted, std::span<const std::string_view> usual,
                     const std::string& key, std::string_view value, std::string* owner,
                     std::vector<std::pair<std::size_t, std::string>>& found) {
        if (trim(value).empty()) return;
        const auto take = [&](std::size_t rank) {
            if (owner != nullptr) {
                found.emplace_back(rank, std::move(*owner));
            } else {
                found.emplace_back(rank, value);
            }
        };
        if (!wanted.empty()) {
            if (key == wanted) take(0);
            return;
        }
        const auto place = std::ranges::find(usual, std::string_view(normal_key(key)));
        if (place != usual.end()) {
            take(static_cast<std::size_t>(place - usual.begin()));
        }
    }

    void finish_coordinate_array() {
        const CoordinateArray array = arrays_.back();
        const std::size_t depth = arrays_.size();
        arrays_.pop_back();
        Geometry& geometry = geometries_.back();
        const auto malformed = [&](std::string value) {
            if (!geometry.malformed) geometry.malformed_value = std::move(value);
            geometry.malformed = true;
        };
        if (array.numbers > 0) {
            if (geometry.position_depth == 0) geometry.position_depth = depth;
            if (array.numbers < 2 || array.has_arrays || depth != geometry.position_depth) {
                malformed("[" + print_number(array.position.lon_deg) + "]");
                return;
            }
            geometry.positions.push_back(array.position);
            return;
        }
        if (geometry.position_depth == 0) return;  // still empty
        if (depth + 1 == geometry.position_depth) {
            geometry.ring_ends.push_back(geometry.positions.size());
        } else if (depth + 2 == geometry.position_depth) {
            geometry.polygon_ends.push_back(geometry.ring_ends.size());
        } else if (depth >= geometry.position_depth) {
            malformed("[]");
        }
    }

    void report(std::string_view code, std::string_view value) {
        issues_.add(code, origin_, current_->row, "geometry", value);
        current_->reported = true;
    }

    void finish_geometry() {
        Geometry geometry = std::move(geometries_.back());
        geometries_.pop_back();
        if (geometry.type == "GeometryCollection" || geometry.holds_others) return;
        const bool one = geometry.type == "Polygon";
        if (!one && geometry.type != "MultiPolygon") {
            report("io.geojson_geometry_kind", geometry.type);
            return;
        }
        if (!geometry.malformed && geometry.position_depth != 0 &&
            geometry.position_depth != (one ? 3U : 4U)) {
            geometry.malformed = true;
        }
        if (geometry.malformed) {
            report("io.geojson_coordinates", geometry.malformed_value);
            return;
        }
        // Rings of the position list, polygon by polygon. A Polygon's own array is the outermost
        // one.
        std::size_t position = 0;
        std::size_t ring = 0;
        for (const std::size_t polygon_end : geometry.polygon_ends) {
            Polygon polygon;
            for (const std::size_t first = ring; ring < polygon_end; ++ring) {
                const std::size_t end = geometry.ring_ends[ring];
                Ring corners(geometry.positions.begin() + static_cast<std::ptrdiff_t>(position),
                             geometry.positions.begin() + static_cast<std::ptrdiff_t>(end));
                position = end;
                if (!corners.empty() && !(corners.front() == corners.back())) {
                    ++current_->open_rings;
                }
                if (ring == first) {
                    polygon.outer = std::move(corners);
                } else {
                    polygon.holes.push_back(std::move(corners));
                }
            }
            if (!polygon.outer.empty()) current_->polygons.push_back(std::move(polygon));
        }
    }

    void finish_feature() {
        Feature& feature = *current_;
        if (feature.polygons.empty()) {
            if (!feature.reported)
                issues_.add("io.geojson_no_geometry", origin_, feature.row, "geometry");
            return;
        }
        if (feature.open_rings > 0) {
            issues_.add("io.geojson_ring_not_closed", origin_, feature.row, "geometry",
                        std::to_string(feature.open_rings));
        }
        const std::optional<DivisionCode> code = code_of(feature);
        if (!code) return;
        Boundary boundary;
        boundary.code = *code;
        std::ranges::stable_sort(feature.names, {}, &std::pair<std::size_t, std::string>::first);
        if (!feature.names.empty()) boundary.name = std::move(feature.names.front().second);
        boundary.polygons = std::move(feature.polygons);
        boundary.row = feature.row;
        boundaries_.push_back(std::move(boundary));
    }

    std::optional<DivisionCode> code_of(Feature& feature) {
        const std::string column = columns_.code.empty() ? "code" : columns_.code;
        std::ranges::stable_sort(feature.codes, {}, &std::pair<std::size_t, std::string>::first);
        if (feature.codes.empty() && columns_.code.empty() && !feature.id.empty()) {
            feature.codes.emplace_back(0, feature.id);
        }
        if (feature.codes.empty()) {
            issues_.add("io.geojson_code_missing", origin_, feature.row, column);
            return std::nullopt;
        }
        const std::optional<DivisionCode> code = DivisionCode::parse(feature.codes.front().second);
        if (!code) {
            issues_.add("io.geojson_code_malformed", origin_, feature.row, column,
                        feature.codes.front().second);
            return std::nullopt;
        }
        // The canonical name settles it; of two other names that disagree none is chosen.
        if (feature.codes.front().first != 0) {
            for (const auto& [rank, other] : feature.codes) {
                if (DivisionCode::parse(other) == code) continue;
                issues_.add("io.geojson_codes_differ", origin_, feature.row, column,
                            feature.codes.front().second, {other});
                return std::nullopt;
            }
        }
        return code;
    }

    void finish_root() {
        current_ = &root_feature_;
        if (!crs_name_.empty()) {
            const std::optional<Crs> named = region::parse_crs(crs_name_);
            const auto datum = [](Crs crs) { return crs == Crs::cgcs2000 ? Crs::wgs84 : crs; };
            if (!named || datum(*named) != datum(crs_)) {
                issues_.add("io.geojson_crs_differs", origin_, -1, "crs", crs_name_,
                            {region::label(crs_)});
            }
        }
        if (has_features_) return;
        if (root_type_ == "Feature") {
            geometries_.clear();
            finish_feature();
        } else if (root_type_ == "Topology") {
            fail(byte(), "this is TopoJSON; convert it to GeoJSON first");
        } else if (root_type_ == "FeatureCollection") {
            fail(byte(), "a FeatureCollection without \"features\"");
        } else if (root_type_ == "Polygon" || root_type_ == "MultiPolygon" ||
                   root_type_ == "GeometryCollection") {
            finish_geometry();
            finish_feature();
        } else {
            fail(byte(), "not GeoJSON (\"type\" is \"" + cut_value(root_type_) + "\")");
        }
    }

    std::string_view text_;
    const char* read_;     // how far the parser has come
    const char* counted_;  // how far lines are counted
    std::int64_t line_ = 1;
    const BoundaryColumns& columns_;
    Crs crs_;
    Origin origin_;
    IssueTable& issues_;

    std::vector<Level> levels_;
    std::vector<CoordinateArray> arrays_;  // open arrays of coordinates
    std::vector<Geometry> geometries_;     // open geometries; the first stands for a bare root
    Feature root_feature_, feature_;
    Feature* current_ = nullptr;
    std::int64_t rows_ = 0;
    bool has_features_ = false;
    std::string root_type_, crs_name_;
    std::vector<Boundary> boundaries_;
};

}  // namespace

region::Boundaries read_boundaries(std::string_view geojson, const BoundaryColumns& columns,
                                   region::Crs crs, const Origin& origin, IssueTable& issues) {
    BoundaryReader reader(geojson, columns, crs, origin, issues);
    std::vector<Boundary> boundaries = reader.run();
    return region::Boundaries(std::move(boundaries), crs, reader.origin(), issues);
}

}  // namespace safetyrisk::io
