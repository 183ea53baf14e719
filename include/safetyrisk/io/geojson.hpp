// GeoJSON: boundaries in, points out.
//
// The reader takes what GIS programs and web pages write: FeatureCollection or one Feature,
// Polygon, MultiPolygon and GeometryCollections of them, codes as text or numbers, a third
// coordinate. A feature that cannot be used is an Issue and the others go on; a file that is no
// GeoJSON, or is cut in the middle, is an InputError with line and byte. Axes are longitude,
// latitude whatever the declared system (EPSG:4490 defines the other order, GeoJSON overrules it).
// The text is read as a stream of events, so memory stays near that of the coordinates.
//
// Source: RFC 7946.
//
// Threads: free functions; an IssueTable that is passed in belongs to the call.
// Throws: InputError, NotFoundError as noted; a wrong feature is an Issue.
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/region/boundary.hpp>
#include <safetyrisk/region/crs.hpp>

#include <string>
#include <string_view>

namespace safetyrisk::io {

/// Names of the properties that hold a boundary's code and name. An empty name means: the first of
/// the usual ones that is there: code, adcode, division_code, 行政区划代码, 区划代码, 代码, XZQDM,
/// PAC, gb, else the feature's id; and name, 名称, 行政区划名称, 区划名称, XZQMC, NAME.
struct BoundaryColumns {
    std::string code;
    std::string name;
};

/// Reads boundaries from the text of a GeoJSON file in the declared system `crs`.
///
/// Row numbers of issues are places in "features", lines are those of the file. Features without
/// polygons, with coordinates that are not arrays of numbers, or without a well-formed code are
/// reported (`io.geojson_*`) and left out; what is wrong with shapes is reported by Boundaries.
/// A "crs" member that names another system than `crs` is reported; `crs` is what counts.
/// Throws InputError, with line and byte, when the text is not JSON, not GeoJSON, ends too soon or
/// nests deeper than 100 levels.
region::Boundaries read_boundaries(std::string_view geojson, const BoundaryColumns& columns,
                                   region::Crs crs, const Origin& origin, IssueTable& issues);

/// Writes a table as a FeatureCollection of points: columns `lon_column` and `lat_column`, in the
/// system `crs`, become the geometry (WGS84, as RFC 7946 demands); every other column a property
/// (numbers in shortest form, dates as YYYY-MM-DD, nulls, NaN and infinities as null). A row
/// without a finite position has geometry null and is written all the same. Rows keep their order,
/// one to a line. Throws NotFoundError when one of the two columns is missing.
std::string write_points(const Table& table, region::Crs crs = region::Crs::wgs84,
                         std::string_view lon_column = "lon", std::string_view lat_column = "lat");

}  // namespace safetyrisk::io
