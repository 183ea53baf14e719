#include <safetyrisk/region/crs.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace safetyrisk::region {

namespace {

// Names in lower case without blanks and the signs - _ : . /
constexpr std::array<std::pair<std::string_view, Crs>, 34> names{{
    {"wgs84", Crs::wgs84},
    {"wgs1984", Crs::wgs84},
    {"gcswgs1984", Crs::wgs84},
    {"4326", Crs::wgs84},
    {"epsg4326", Crs::wgs84},
    {"crs84", Crs::wgs84},
    {"ogccrs84", Crs::wgs84},
    {"urnogcdefcrsogc13crs84", Crs::wgs84},
    {"urnogcdefcrsogccrs84", Crs::wgs84},
    {"urnogcdefcrsepsg4326", Crs::wgs84},
    {"httpwwwopengisnetdefcrsogc13crs84", Crs::wgs84},
    {"gps", Crs::wgs84},
    {"cgcs2000", Crs::cgcs2000},
    {"gcschinageodeticcoordinatesystem2000", Crs::cgcs2000},
    {"chinageodeticcoordinatesystem2000", Crs::cgcs2000},
    {"4490", Crs::cgcs2000},
    {"epsg4490", Crs::cgcs2000},
    {"urnogcdefcrsepsg4490", Crs::cgcs2000},
    {"国家2000", Crs::cgcs2000},
    {"国家大地2000", Crs::cgcs2000},
    {"2000国家大地坐标系", Crs::cgcs2000},
    {"国家2000坐标系", Crs::cgcs2000},
    {"gcj02", Crs::gcj02},
    {"gcj", Crs::gcj02},
    {"火星坐标", Crs::gcj02},
    {"火星坐标系", Crs::gcj02},
    {"国测局坐标", Crs::gcj02},
    {"高德", Crs::gcj02},
    {"高德坐标", Crs::gcj02},
    {"腾讯坐标", Crs::gcj02},
    {"bd09", Crs::bd09},
    {"bd09ll", Crs::bd09},
    {"百度坐标", Crs::bd09},
    {"百度坐标系", Crs::bd09},
}};

}  // namespace

std::optional<Crs> parse_crs(std::string_view text) {
    std::string key;
    for (const char c : to_half_width(text)) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-' || c == '_' || c == ':' ||
            c == '.' || c == '/') {
            continue;
        }
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const auto found =
        std::ranges::find(names, std::string_view(key), &std::pair<std::string_view, Crs>::first);
    if (found != names.end()) return found->second;
    return std::nullopt;
}

void convert(std::span<const double> lon, std::span<const double> lat, Crs from, Crs to,
             std::span<double> out_lon, std::span<double> out_lat, const Work& work,
             const ShiftBox& box) {
    const std::size_t n = lon.size();
    if (lat.size() != n || out_lon.size() != n || out_lat.size() != n) {
        throw InputError("convert: columns have " + std::to_string(n) + " longitudes, " +
                         std::to_string(lat.size()) + " latitudes and room for " +
                         std::to_string(out_lon.size()) + " and " + std::to_string(out_lat.size()) +
                         " results; the lengths must be equal");
    }
    for_blocks(n, work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const LonLat p = convert(LonLat{lon[i], lat[i]}, from, to, box);
            out_lon[i] = p.lon_deg;
            out_lat[i] = p.lat_deg;
        }
    });
}

}  // namespace safetyrisk::region
