// Any bytes as a GeoJSON file: read, checked, indexed, located. What may be thrown is an Error.
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/io/geojson.hpp>
#include <safetyrisk/region/locator.hpp>

#include "require.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

using namespace safetyrisk;

// The last byte chooses the declared system, so that the rest stays a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static constexpr std::array systems{region::Crs::wgs84, region::Crs::cgcs2000,
                                        region::Crs::gcj02, region::Crs::bd09};
    const region::Crs crs = systems.at(data[size - 1] % systems.size());
    const std::string_view text(reinterpret_cast<const char*>(data), size - 1);
    Origin origin;
    origin.table = "boundaries";
    IssueTable issues;
    try {
        const region::Boundaries boundaries = io::read_boundaries(text, {}, crs, origin, issues);
        boundaries.check(origin, issues);
        const region::Locator locator(boundaries);
        for (std::size_t i = 0; i < boundaries.size(); ++i) {
            require(boundaries.find(boundaries[i].code) == i);
            static_cast<void>(boundaries.area_km2(i));
            const region::LonLat point = boundaries.label_point(i);
            require(std::isfinite(point.lon_deg) && std::isfinite(point.lat_deg));
            require(boundaries.box(i).contains(point));
            for (const region::Polygon& polygon : boundaries[i].polygons) {
                require(polygon.outer.size() >= 3);
                for (const region::LonLat corner : polygon.outer) {
                    // One point, one answer: the region found is among those that hold it.
                    const std::int32_t found = locator.locate(corner);
                    require((found >= 0) == (locator.count(corner) > 0));
                    require(found < static_cast<std::int32_t>(boundaries.size()));
                }
            }
        }
    } catch (const Error&) {
    }
    for (std::size_t i = 0; i < issues.size(); ++i)
        require(!issues.at(i, i % 2 == 0 ? Lang::zh : Lang::en).message.empty());
    return 0;
}
