"""Locating: which county a point lies in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numba
import numpy as np
import shapely
from data import points_in_boxes
from measure import LIBRARY, Contestant, race, say

import safetyrisk as sr
from safetyrisk import _core

# Peers that need microseconds for a point get so many.
FEW = 100_000
# Polygons that cross themselves, as most of some files do, can be read in two ways: so small a share
# may differ, and how many do is printed.
TOLERATED = 1e-3


def _rings(geometry: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Closed rings one after the other: positions, ends of rings, ends of counties in rings."""
    positions, ends, counties = [], [], []
    total = rings = 0
    for shape in geometry:
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            xy = shapely.get_coordinates(ring)
            positions.append(xy)
            total += len(xy)
            rings += 1
            ends.append(total)
        counties.append(rings)
    return np.concatenate(positions), np.array(ends), np.array(counties)


@numba.njit(parallel=True)
def _numba_locate(x, y, boxes, xy, ring_end, county_end, out):
    for i in numba.prange(x.size):
        out[i] = -1
        for c in range(boxes.shape[0]):
            if not (boxes[c, 0] <= x[i] <= boxes[c, 2] and boxes[c, 1] <= y[i] <= boxes[c, 3]):
                continue
            odd = False
            for ring in range(county_end[c - 1] if c else 0, county_end[c]):
                for k in range(ring_end[ring - 1] if ring else 0, ring_end[ring] - 1):
                    if (xy[k, 1] <= y[i]) != (xy[k + 1, 1] <= y[i]):
                        at = xy[k, 0] + (y[i] - xy[k, 1]) * (xy[k + 1, 0] - xy[k, 0]) / (
                            xy[k + 1, 1] - xy[k, 1]
                        )
                        odd ^= x[i] < at
            if odd:
                out[i] = c
                break


@numba.njit
def _look_up(x, y, west, south, per_lon, per_lat, table, out):
    """One read in a table by position for each point: what no index can be faster than."""
    columns = table.shape[1]
    flat = table.ravel()
    for i in range(x.size):
        out[i] = flat[int((y[i] - south) * per_lat) * columns + int((x[i] - west) * per_lon)]


def _in_rows(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The order of points by rows of 0.05 degrees."""
    return np.lexsort((lon, np.floor(lat / 0.05)))


def _median_s(call: Any, runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        kept = call()
        times.append(time.perf_counter() - start)
        del kept
    return float(np.median(times))


def _by_county(geometry: np.ndarray, boxes: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Points sorted by longitude, then one call of shapely for each county."""
    order = np.argsort(x)
    xs, ys = x[order], y[order]
    out = np.full(x.size, -1)
    for c, shape in enumerate(geometry):
        first, last = np.searchsorted(xs, boxes[c, [0, 2]])
        near = first + np.flatnonzero(
            (ys[first:last] >= boxes[c, 1]) & (ys[first:last] <= boxes[c, 3])
        )
        out[near[shapely.contains_xy(shape, xs[near], ys[near])]] = c
    result = np.empty_like(out)
    result[order] = out
    return result


def _tree_and_prepared(geometry: np.ndarray) -> shapely.STRtree:
    shapely.destroy_prepared(geometry)
    shapely.prepare(geometry)
    return shapely.STRtree(geometry)


def _shapes(boundaries: Any) -> np.ndarray:
    """The polygons that the library uses, for its peers: files hold some that it refuses."""
    return np.array(
        [
            shapely.MultiPolygon([(rings[0], rings[1:]) for rings in boundaries.polygons(i)])
            for i in range(len(boundaries))
        ]
    )


def run(file: Path, n: int, repeats: int, threads: int) -> None:
    """Print the table for the counties of a GeoJSON file."""
    tree = sr.Divisions.read({"code": ["11"], "name": ["示例"]}, file, check=False)
    locator = tree._locator
    codes = [tree.boundaries.code(i) for i in range(len(tree.boundaries))]
    geometry = _shapes(tree.boundaries)
    counties = gpd.GeoDataFrame(geometry=geometry, crs=4326)
    shapely.prepare(geometry)
    boxes = shapely.bounds(geometry)
    lon, lat = points_in_boxes(boxes, n)
    few = min(n, FEW)
    points = shapely.points(lon[:few], lat[:few])
    frame = gpd.GeoDataFrame(geometry=points, crs=counties.crs)
    strtree = shapely.STRtree(geometry)
    xy, ring_end, county_end = _rings(geometry)

    answer = locator.locate(lon, lat, threads)
    pairs = strtree.query(points, predicate="within")
    matches = np.bincount(pairs[0], minlength=few)
    overlaps = int((matches > 1).sum())
    by_tree = np.full(few, -1)
    by_tree[pairs[0]] = pairs[1]
    certain = matches <= 1
    differing = int((by_tree != answer[:few])[certain].sum())
    build = _median_s(lambda: _core.Locator(tree.boundaries), 3)
    tree_build = _median_s(lambda: _tree_and_prepared(geometry), 3)
    say(
        f"\n{file.name}: {len(codes):,} counties, {len(xy):,} vertices; the library's index takes "
        f"{locator.memory_bytes / 1e6:.0f} MB and {build:.2f} s to build (STRtree and prepared "
        f"counties: {tree_build:.2f} s). Of {few:,} points {overlaps} lie in two counties; of "
        f"the others {differing} are elsewhere for GEOS."
    )
    if differing > TOLERATED * few:
        raise SystemExit("library and GEOS differ in more points than tolerated")

    def numba_locate(t: int) -> np.ndarray:
        numba.set_num_threads(t)
        out = np.empty(few, np.int64)
        _numba_locate(lon[:few], lat[:few], boxes, xy, ring_end, county_end, out)
        return out

    def agrees(found: np.ndarray) -> bool:
        some = found[:few]
        return int((some != answer[:few])[certain].sum()) <= TOLERATED * few

    def from_pairs(found: Any) -> bool:
        out = np.full(few, -1)
        out[found[0]] = found[1]
        return agrees(out)

    def from_codes(found: np.ndarray) -> bool:
        number = {code: k for k, code in enumerate(codes)} | {"": -1}
        return agrees(np.array([number[code] for code in found[:few]]))

    def from_join(found: gpd.GeoDataFrame) -> bool:
        return from_pairs((found.index.to_numpy(), found["index_right"].to_numpy()))

    def one(name: str, call: Any, result: Any, size: int, t: int = 1) -> Contestant:
        return Contestant(name, call, result, True, size, t)

    ordered = _in_rows(lon, lat)
    row_lon, row_lat = lon[ordered], lat[ordered]
    in_order = answer[ordered]
    row_points = shapely.points(row_lon[:few], row_lat[:few])
    table = np.ones((5793, 5793), np.int32)  # 134 MB, as fine as 0.005 to 0.01 degrees
    west, south, east, north = (
        boxes[:, 0].min(),
        boxes[:, 1].min(),
        boxes[:, 2].max(),
        boxes[:, 3].max(),
    )
    per_lon, per_lat = 5792 / (east - west), 5792 / (north - south)
    looked_up = np.empty(n, np.int32)

    def look_up() -> np.ndarray:
        _look_up(lon, lat, west, south, per_lon, per_lat, table, looked_up)
        return looked_up

    def same_rows(found: np.ndarray) -> bool:
        return bool((found == in_order).all())

    counts = sorted({1, threads})
    race(
        f"Locate {n:,} points, in random order, in {len(codes):,} counties",
        [
            *(one(LIBRARY, lambda t=t: locator.locate(lon, lat, t), agrees, n, t) for t in counts),
            *(
                one(
                    f"{LIBRARY}, codes as texts",
                    lambda t=t: tree.locate(lon, lat, threads=t),
                    from_codes,
                    n,
                    t,
                )
                for t in counts
            ),
            one(
                "shapely 2, STRtree.query",
                lambda: strtree.query(points, predicate="within"),
                from_pairs,
                few,
            ),
            one(
                "shapely 2, tree of points, contains",
                lambda: shapely.STRtree(points).query(geometry, predicate="contains")[::-1],
                from_pairs,
                few,
            ),
            one(
                "shapely 2, STRtree.query, points made in it",
                lambda: strtree.query(shapely.points(lon[:few], lat[:few]), predicate="within"),
                from_pairs,
                few,
            ),
            one(
                "shapely 2, best (contains_xy by county)",
                lambda: _by_county(geometry, boxes, lon, lat),
                agrees,
                n,
            ),
            one(
                "geopandas, sjoin",
                lambda: gpd.sjoin(frame, counties[["geometry"]], predicate="within"),
                from_join,
                few,
            ),
            one("one look-up in a table of 134 MB, nothing else", look_up, lambda _: True, n),
            *(
                one("Numba, rays over boxes", lambda t=t: numba_locate(t), agrees, few, t)
                for t in counts
            ),
        ],
        repeats,
    )
    # In rows the peers' caches are warm, too: neighbours ask the same county.
    race(
        f"The same {n:,} points in rows of 0.05 degrees",
        [
            *(
                one(LIBRARY, lambda t=t: locator.locate(row_lon, row_lat, t), same_rows, n, t)
                for t in counts
            ),
            one(
                "shapely 2, STRtree.query",
                lambda: strtree.query(row_points, predicate="within"),
                lambda found: len(found[0]) >= int((in_order[:few] >= 0).sum()) * (1 - TOLERATED),
                few,
            ),
        ],
        repeats,
    )
    ours = _median_s(lambda: locator.locate(lon, lat, 1), 3) / n
    best = _median_s(lambda: _by_county(geometry, boxes, lon, lat), 3) / n
    join = _median_s(lambda: gpd.sjoin(frame, counties[["geometry"]], predicate="within"), 3) / few
    within = _median_s(lambda: strtree.query(points, predicate="within"), 3) / few
    say(
        "\nBuilding the index included, the library is ahead from "
        + ", ".join(
            f"{max(0.0, build - spent) / (peer - ours):,.0f} points ({name})"
            for name, peer, spent in (
                ("STRtree.query", within, tree_build),
                ("sjoin, which builds its own", join, 0.0),
                ("contains_xy by county, nothing built", best, 0.0),
            )
            if peer > ours
        )
        + "."
    )
