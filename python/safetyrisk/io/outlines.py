"""Boundary files in: GeoJSON by the core, other formats through pyogrio."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .. import _core
from .._errors import InputError
from .._extras import need
from .._faults import fault
from ..core import Issues

__all__ = ["read_boundaries"]


def read_boundaries(
    path: str | os.PathLike[str],
    crs: str = "wgs84",
    *,
    code: str = "",
    name: str = "",
    check: bool = True,
) -> tuple[_core.Boundaries, Issues]:
    """Read the outlines of divisions.

    Parameters
    ----------
    path
        ``.geojson`` or ``.json``; with ``safetyrisk[geo]`` also what pyogrio reads (Shapefile,
        GeoPackage …).
    crs
        System of the coordinates: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``.
    code, name
        Properties that hold them; empty: the usual names.
    check
        Check shapes and overlaps; seconds for the whole country.

    Raises
    ------
    InputError
        The file cannot be read, is cut off or no such file, or the system is unknown.
    """
    file = Path(path)
    found = _core.IssueTable()
    if file.suffix.lower() in (".geojson", ".json"):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise fault("file.unreadable", file=file, reason=error) from None
    else:
        data = _through_pyogrio(file)
    _core.parse_crs(crs)
    try:
        outlines = _core.read_boundaries(data, crs, code, name, file.name, found)
    except InputError as error:
        raise fault("boundaries.invalid", reason=error) from None
    del data  # as large as all that is kept of it
    if check:
        outlines.check(file.name, found)
    return outlines, Issues(found)


def _through_pyogrio(file: Path) -> bytes:
    """GeoJSON text of the polygons in a file of another format."""
    raw = need("pyogrio.raw", extra="geo")
    shapely = need("shapely", extra="geo")
    try:
        meta, _, geometry, columns = raw.read(file)
    except Exception as error:  # pyogrio has an exception for each way a file can be wrong
        reason = (f"{file}: pyogrio cannot read it: {error}", f"pyogrio 无法读取 {file}：{error}")
        raise fault("boundaries.invalid", reason=reason) from None
    if geometry is None or columns is None:
        reason = (
            f"{file}: has no geometry; boundaries are polygons",
            f"{file} 中没有几何图形；边界应为面",
        )
        raise fault("boundaries.invalid", reason=reason)
    names = [str(name) for name in meta["fields"]]
    features = []
    for row, shape in enumerate(shapely.from_wkb(geometry)):
        cells = (column[row] for column in columns)
        features.append(
            {
                "type": "Feature",
                "properties": {
                    name: None if value is None else str(value)
                    for name, value in zip(names, cells, strict=True)
                },
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
