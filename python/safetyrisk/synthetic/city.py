"""A city that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .register import Table, register
from .stream import Stream

__all__ = ["FictionalCity", "fictional_city"]


_COUNTIES = (
    ("990102", "青岚区", {"lithium": 6, "mall": 10, "school": 6, "construction": 8, "care": 4}),
    ("990103", "澜江区", {"metallurgy": 8, "pharma": 5, "transport": 5, "mall": 4}),
    ("990121", "望溪县", {"fireworks": 15, "quarry": 3, "timber": 4}),
    ("990122", "云麓县", {"timber": 10, "tourism": 7}),
    ("990123", "石泓县", {"coal": 7, "quarry": 5, "materials": 5}),
    ("990124", "鹤汀县", {"food": 9, "timber": 7, "tourism": 2}),
    ("990125", "枫渡县", {"ceramics": 11, "materials": 5, "quarry": 2}),
    ("990126", "松涧县", {"timber": 9, "tourism": 5, "food": 3}),
    ("990181", "砚湖市", {"chemicals": 10, "pharma": 6, "metallurgy": 3}),
)
_TOWN_HEADS = "青白清云石松竹梅桃柳枫鹤莲桂杉茶雁鹭虹霞"
_TOWN_TAILS = "溪岭湾坪桥塘渡峰泉洲垄墩沙坑源坊"
_WEST, _SOUTH = 101.9, 39.35  # in the sands of western Inner Mongolia, where no city stands
_HEX = 0.0105  # degrees of latitude between neighbouring cells
_COLUMNS, _ROWS = 128, 110


@dataclass(frozen=True)
class FictionalCity:
    """An invented city: its divisions, its county map and its register."""

    divisions: list[dict[str, str]]
    """Rows ``code``, ``name``, ``level``: province 99, city 9901, counties and towns."""
    boundaries: dict[str, Any]
    """GeoJSON ``FeatureCollection`` of the counties, properties ``code`` and ``name``."""
    tables: dict[str, Table]
    """``enterprises`` and ``risk_points``, as `register` gives them."""


def fictional_city(seed: int = 1, *, enterprises: int = 320, points: int = 3600) -> FictionalCity:
    """City 示例市 with nine counties that exist nowhere, for demonstrations.

    Parameters
    ----------
    seed
        Any integer; draws borders, towns, enterprises and points.
    enterprises, points
        Rows of the register, as in `register`.

    Notes
    -----
    Codes begin with 99, which GB/T 2260 has not assigned, so no code can be taken for a real
    division. Neighbouring counties share every vertex of their border.

    Examples
    --------
    >>> city = fictional_city(seed=1, enterprises=20, points=100)
    >>> city.divisions[1]
    {'code': '9901', 'name': '示例市', 'level': 'city'}
    >>> len(city.boundaries["features"])
    9
    """
    divisions = [
        {"code": "99", "name": "示例省", "level": "province"},
        {"code": "9901", "name": "示例市", "level": "city"},
    ]
    divisions += [{"code": c, "name": n, "level": "county"} for c, n, _ in _COUNTIES]
    stream = Stream(seed, "town names")
    names = stream.sample([h + t for h in _TOWN_HEADS for t in _TOWN_TAILS], 13 * len(_COUNTIES))
    for code, county, _ in _COUNTIES:
        for number in range(8 + stream.below(5)):
            if number < (4 if county.endswith("区") else 2):
                suffix, town = "街道", 1 + number
            elif number < 8:
                suffix, town = "镇", 100 + number
            else:
                suffix, town = "乡", 200 + number
            row = {"code": f"{code}{town:03d}", "name": names.pop() + suffix, "level": "town"}
            divisions.append(row)
        park = {"code": f"{code}400", "name": f"{county[:-1]}工业园区", "level": "town"}
        divisions.append(park)

    boundaries = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for (code, name, _), ring in zip(_COUNTIES, _county_rings(seed), strict=True)
        ],
    }
    tables = register(
        divisions,
        boundaries,
        enterprises=enterprises,
        points=points,
        seed=seed,
        profiles={code: mix for code, _, mix in _COUNTIES},
    )
    return FictionalCity(divisions, boundaries, tables)


def _noise(stream: Stream, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth noise in about [-1, 1] with features of size 1, 1/2 … 1/16."""
    total = np.zeros_like(x)
    amplitude, frequency = 0.5, 1.0
    for _ in range(5):
        u, v = x * frequency, y * frequency
        i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
        i0, j0 = int(i.min()), int(j.min())
        wide, high = int(i.max()) - i0 + 2, int(j.max()) - j0 + 2
        lattice = np.array([stream.real(-1.0, 1.0) for _ in range(wide * high)])
        lattice = lattice.reshape(wide, high)
        s, t = u - i, v - j
        s, t = s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t)
        i, j = i - i0, j - j0
        low = lattice[i, j] + s * (lattice[i + 1, j] - lattice[i, j])
        top = lattice[i, j + 1] + s * (lattice[i + 1, j + 1] - lattice[i, j + 1])
        total += amplitude * (low + t * (top - low))
        amplitude, frequency = amplitude * 0.58, frequency * 2.0
    return total


def _neighbours(column: int, row: int) -> tuple[tuple[int, int], ...]:
    """Six neighbours of a hexagon, counterclockwise from the east; odd rows are shifted east."""
    shift = row % 2
    return (
        (column + 1, row), (column + shift, row + 1), (column + shift - 1, row + 1),
        (column - 1, row), (column + shift - 1, row - 1), (column + shift, row - 1),
    )  # fmt: skip


def _county_cells(seed: int) -> NDArray[np.int64]:
    """County of each hexagon, -1 outside the city: nearest centre, seen through bent glass.

    Every county is one piece without holes, and the city too.
    """
    stream = Stream(seed, "counties")
    columns, rows = np.meshgrid(np.arange(_COLUMNS), np.arange(_ROWS), indexing="ij")
    x = (columns + 0.5 * (rows % 2)) / _COLUMNS * 5.0
    y = rows / _COLUMNS * 0.8660254037844386 * 5.0
    bent_x = x + 0.62 * _noise(stream, x * 1.1, y * 1.1)
    bent_y = y + 0.62 * _noise(stream, x * 1.1, y * 1.1)
    middle_x, middle_y = 2.5, 1.86
    count = len(_COUNTIES)
    centres: list[tuple[float, float]] = [(middle_x, middle_y)]
    while len(centres) < count:
        tries = []
        for _ in range(7):
            dx, dy = stream.disc(1.0)
            tries.append((middle_x + 1.75 * dx, middle_y + 1.3 * dy))
        tries.sort(key=lambda p: min((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for q in centres))
        centres.append(tries[-1])
    distance = np.stack([(bent_x - cx) ** 2 + (bent_y - cy) ** 2 for cx, cy in centres])
    cells: NDArray[np.int64] = distance.argmin(axis=0).astype(np.int64)
    reach = ((bent_x - middle_x) / 2.15) ** 2 + ((bent_y - middle_y) / 1.62) ** 2
    cells[reach > 1.0] = -1
    cells[[0, -1], :] = -1
    cells[:, [0, -1]] = -1

    for _ in range(4):  # pieces fall to whoever they touch most
        label, sizes, largest = _pieces(cells)
        strays = [p for p, (owner, _) in enumerate(sizes) if largest[owner] != p]
        if not strays:
            break
        for piece in strays:
            touches: dict[int, int] = {}
            members = np.argwhere(label == piece)
            for column, row in members.tolist():
                for other in _neighbours(column, row):
                    if 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS and label[other] != piece:
                        owner = int(cells[other])
                        touches[owner] = touches.get(owner, 0) + 1
            heir = max(touches, key=lambda owner: (touches[owner], -owner))
            cells[members[:, 0], members[:, 1]] = heir
    return cells


def _pieces(
    cells: NDArray[np.int64],
) -> tuple[NDArray[np.int64], list[tuple[int, int]], dict[int, int]]:
    """Find connected pieces: each cell's piece, owner and size of each, largest by owner."""
    label = np.full(cells.shape, -1)
    sizes: list[tuple[int, int]] = []
    largest: dict[int, int] = {}
    for start in np.ndindex(cells.shape):
        if label[start] >= 0:
            continue
        owner, piece, stack, size = int(cells[start]), len(sizes), [start], 0
        label[start] = piece
        while stack:
            cell = stack.pop()
            size += 1
            for other in _neighbours(*cell):
                inside = 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS
                if inside and label[other] < 0 and cells[other] == owner:
                    label[other] = piece
                    stack.append(other)
        sizes.append((owner, size))
        if owner not in largest or size > sizes[largest[owner]][1]:
            largest[owner] = piece
    return label, sizes, largest


def _county_rings(seed: int) -> list[list[list[float]]]:
    """One closed ring for each county, counterclockwise, of vertices shared with the neighbours.

    Three hexagons meet in each corner, so borders are lines between corners where three owners
    meet. Each line is smoothed once, with its ends held, and used from both sides.
    """
    cells = _county_cells(seed)
    # Corners on an integer grid: a hexagon's centre is (2c + shift, 3r) and its corners lie at
    # (0, 2), (1, 1), (1, -1), … about it: units of half a cell and of a third of a row.
    corner = ((1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2))
    following: dict[tuple[int, tuple[int, int]], tuple[int, int]] = {}  # (owner, corner) -> corner
    owners: dict[tuple[int, int], set[int]] = {}
    for column, row in np.argwhere(cells >= -1).tolist():
        owner = int(cells[column, row])
        centre = 2 * column + row % 2, 3 * row
        for side, other in enumerate(_neighbours(column, row)):
            inside = 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS
            if not inside or cells[other] == owner:
                continue
            a = centre[0] + corner[side][0], centre[1] + corner[side][1]
            b = (
                centre[0] + corner[(side + 1) % 6][0],
                centre[1] + corner[(side + 1) % 6][1],
            )
            if owner >= 0:
                following[owner, a] = b
            for end in (a, b):
                owners.setdefault(end, set()).update((owner, int(cells[other])))

    lines: dict[tuple[tuple[int, int], ...], list[list[float]]] = {}
    rings = []
    for county in range(len(_COUNTIES)):
        start = min(end for owner, end in following if owner == county and len(owners[end]) == 3)
        ring: list[list[float]] = []
        here = start
        while True:
            path = [here]
            while True:
                here = following[county, here]
                path.append(here)
                if len(owners[here]) == 3:
                    break
            key = tuple(path) if path[0] <= path[-1] else tuple(reversed(path))
            if key not in lines:
                lines[key] = _smooth(key)
            line = lines[key] if tuple(path) == key else lines[key][::-1]
            ring += line[:-1]
            if here == start:
                break
        rings.append([*ring, ring[0]])
    return rings


def _smooth(path: tuple[tuple[int, int], ...]) -> list[list[float]]:
    """Line through the corners of hexagons without its zigzag; its ends stay."""
    half, third = _HEX / 0.8660254037844386 * 0.65, _HEX / 3.0
    line = np.array([[_WEST + x * half, _SOUTH + y * third] for x, y in path])
    for _ in range(2):
        line[1:-1] = (line[:-2] + 2.0 * line[1:-1] + line[2:]) / 4.0
    return [[round(float(x), 5), round(float(y), 5)] for x, y in line]
