"""What the tests of jobs and of the command line share: a job of two counties, and file names."""

from __future__ import annotations

# Two square counties side by side.
BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 28.0], [x + 1, 28.0], [x + 1, 29.0], [x, 29.0], [x, 28.0]]],
            },
        }
        for code, name, x in (("990101", "西山县", 114.0), ("990102", "东河区", 115.0))
    ],
}
JOB = """\
format = 1
[data]
path = "data"
[grade]
method = "lec"
[[rollup]]
level = "county"
[[map]]
level = "county"
title = "小图"
formats = ["svg"]
[output]
dir = "out"
tables = ["xlsx", "csv", "geojson", "issues", "rollups"]
"""
# What every demonstration writes, besides roll-ups and the report.
OUTPUTS = {"map.svg", "map.png", "map.html", "grades.xlsx", "points.geojson", "issues.csv"}
