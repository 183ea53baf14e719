"""Enterprises and risk points for the counties of a map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .kinds import COMMON, EVERYWHERE, KINDS, PUBLIC, PUBLIC_KINDS, Kind
from .stream import Stream

__all__ = ["Table", "register"]

Table = dict[str, list[Any]]
Ring = list[tuple[float, float]]

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_DEGREE_M = 111_320.0  # metres in a degree of latitude; nothing here is surveyed


class Area:
    """A county's polygons, asked whether they hold a point."""

    def __init__(self, geometry: Mapping[str, Any]) -> None:
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = [np.asarray(ring, dtype=np.float64)[:, :2] for part in polygons for ring in part]
        starts = np.concatenate([ring[:-1] for ring in rings])
        ends = np.concatenate([ring[1:] for ring in rings])
        self._x1, self._y1 = starts[:, 0], starts[:, 1]
        self._y2 = ends[:, 1]
        rise = np.where(ends[:, 1] == starts[:, 1], 1.0, ends[:, 1] - starts[:, 1])
        self._run = (ends[:, 0] - starts[:, 0]) / rise
        largest = max(rings, key=len)
        self.west, self.south = (float(v) for v in largest.min(axis=0))
        self.east, self.north = (float(v) for v in largest.max(axis=0))
        # A cosine by its series, rounded: only the shape of a cluster hangs on it.
        angle = (self.south + self.north) / 2 * 0.017453292519943295
        self.lon_m = round(_DEGREE_M * (1 - angle**2 / 2 + angle**4 / 24 - angle**6 / 720), 0)

    def holds(self, lon: float, lat: float) -> bool:
        """Ray casting over all rings: inside when the ray crosses an odd number of edges."""
        spans = (self._y1 > lat) != (self._y2 > lat)
        crossings = self._x1 + (lat - self._y1) * self._run
        return bool(np.count_nonzero(spans & (lon < crossings)) % 2)

    def holds_around(self, lon: float, lat: float, margin_m: float) -> bool:
        dx, dy = margin_m / self.lon_m, margin_m / _DEGREE_M
        return all(
            self.holds(lon + i * dx, lat + j * dy)
            for i, j in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
        )

    def near(
        self, stream: Stream, lon: float, lat: float, radius_m: float, margin_m: float = 0.0
    ) -> tuple[float, float]:
        """Place within `radius_m`, and `margin_m` from the border where that can be had."""
        for attempt in range(60):
            dx, dy = stream.disc(radius_m)
            pull = stream.real(0.35, 1.0)  # denser in the middle
            place = round(lon + pull * dx / self.lon_m, 5), round(lat + pull * dy / _DEGREE_M, 5)
            if self.holds_around(*place, margin_m if attempt < 40 else 0.0):
                return place
        return lon, lat

    def anywhere(self, stream: Stream, margin_m: float) -> tuple[float, float]:
        for attempt in range(400):
            place = (
                round(stream.real(self.west, self.east), 5),
                round(stream.real(self.south, self.north), 5),
            )
            if self.holds_around(*place, margin_m if attempt < 300 else 0.0):
                return place
        raise AssertionError("no place found inside a county")


@dataclass(frozen=True)
class _Town:
    code: str
    place: str  # park, urban, town or rural
    lon: float
    lat: float


_PARK_WORDS = ("工业", "开发区", "产业", "新区", "园区", "新城")
_NO_TOWN = ("监狱", "管理局", "林场", "垦殖场", "园艺场", "良种场", "公司")


def _towns(county: str, rows: Iterable[Mapping[str, str]], area: Area, seed: int) -> list[_Town]:
    """Invents a place for each town: streets and parks about the seat, the rest spread out."""
    stream = Stream(seed, "towns", county)
    inside = (area.west + area.east) / 2, (area.south + area.north) / 2
    seat = min(
        (area.anywhere(stream, 4000.0) for _ in range(25)),
        key=lambda p: (p[0] - inside[0]) ** 2 + (p[1] - inside[1]) ** 2,
    )
    taken = [seat]
    towns = []
    for row in rows:
        name, code = row["name"], row["code"]
        if any(word in name for word in _PARK_WORDS):
            place, spot = "park", area.near(stream, *seat, 7000.0, 1500.0)
        elif any(word in name for word in _NO_TOWN):
            continue
        elif name.endswith(("街道", "街道办事处")):
            place, spot = "urban", area.near(stream, *seat, 3500.0, 1000.0)
        else:
            place = "town" if name.endswith("镇") else "rural"
            tries = [area.anywhere(stream, 1500.0) for _ in range(10)]
            spot = max(
                tries,
                key=lambda p: min((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for q in taken),
            )
            taken.append(spot)
        towns.append(_Town(code, place, *spot))
    return towns


# --- Credit codes --------------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(region: str, number: int) -> str:
    """Code with both check characters right and a region that nobody has (GB 32100, GB 11714)."""
    organisation = f"{number:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(int(c) * w for c, w in zip(organisation, weights, strict=True)) % 11
    code = f"91{region}{organisation}{'X' if check == 10 else check % 11}"
    total = sum(_ALPHABET.index(c) * (3**i % 31) for i, c in enumerate(code))
    return code + _ALPHABET[-total % 31]


# --- Scores --------------------------------------------------------------------------------------

_L = (0.1, 0.2, 0.5, 1.0, 3.0, 6.0, 10.0)
_E = {6.0: 42, 3.0: 24, 2.0: 14, 10.0: 6, 1.0: 9, 0.5: 5}
_C = {
    1: {3.0: 55, 7.0: 25, 1.0: 20},
    2: {7.0: 45, 15.0: 30, 3.0: 25},
    3: {15.0: 62, 7.0: 26, 40.0: 12},
    4: {15.0: 48, 40.0: 46, 100.0: 6},
}
_S = {
    1: {1: 25, 2: 55, 3: 20},
    2: {2: 35, 3: 50, 4: 15},
    3: {3: 30, 4: 45, 5: 25},
    4: {4: 35, 5: 65},
}

# Colours from the mildest. The numbers only give the random data its shape (products that stay
# at or below them are not graver); what a point is graded is for the packs to say.
_ORDER = ("blue", "yellow", "orange", "red")
_LEC_CEILING = {"blue": 70.0, "yellow": 160.0, "orange": 320.0, "red": math.inf}
_LS_CEILING = {"blue": 8, "yellow": 12, "orange": 16, "red": 25}
_LEC_AT: dict[str, tuple[tuple[float, float, float], ...]] = {
    "red": ((6, 6, 15), (3, 10, 15), (3, 6, 40), (1, 10, 40), (1, 6, 100)),
    "orange": ((3, 6, 15), (1, 6, 40), (6, 6, 7), (3, 10, 7), (6, 3, 15), (3, 2, 40)),
    "yellow": ((1, 6, 15), (3, 6, 7), (1, 10, 15), (3, 3, 15), (0.5, 6, 40), (6, 6, 3)),
}
_LS_AT = {
    "red": ((4, 5), (5, 4), (5, 5)),
    "orange": ((3, 5), (4, 4), (5, 3)),
    "yellow": ((3, 4), (3, 3), (2, 5), (4, 3)),
}


def _score(stream: Stream, method: str, gravity: int, ceiling: str, reach: bool) -> dict[str, Any]:
    """Factors that are not graver than `ceiling`; that reach it if `reach`."""
    blank = {"L": None, "E": None, "C": None, "S": None}
    if method == "ls":
        if reach and ceiling in _LS_AT:
            often, severe = stream.choice(_LS_AT[ceiling])
            return blank | {"L": often, "S": severe}
        severe = stream.weighted(_S[gravity])
        often = stream.weighted({1: 22, 2: 38, 3: 27, 4: 13})
        while often > 1 and often * severe > _LS_CEILING[ceiling]:
            often -= 1
        return blank | {"L": often, "S": severe}
    if reach and ceiling in _LEC_AT:
        likely, exposed, bad = stream.choice(_LEC_AT[ceiling])
        return blank | {"L": float(likely), "E": float(exposed), "C": float(bad)}
    bad = stream.weighted(_C[gravity])
    exposed = stream.weighted(_E)
    step = stream.weighted({3: 42, 4: 28, 2: 18, 5: 6, 1: 4, 0: 2})
    while step and _L[step] * exposed * bad > _LEC_CEILING[ceiling]:
        step -= 1
    if _L[step] * exposed * bad > _LEC_CEILING[ceiling]:
        exposed = 3.0
    return blank | {"L": _L[step], "E": exposed, "C": bad}


# --- The register --------------------------------------------------------------------------------


def _share(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` in proportion to weights by largest remainders."""
    scale = total / math.fsum(weights)  # sum() of floats is another sum since Python 3.12
    counts = [int(w * scale) for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - weights[i] * scale, i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _enterprise_name(kind_count: int, form: str, stream: Stream) -> str:
    # The 120 pairs of a stem and a branch (the calendar uses 60 of them): nobody's brand.
    number = kind_count % 120
    rounds = kind_count // 120
    pair = _STEMS[number % 10] + _BRANCHES[(number // 10 + number) % 12]
    return f"示例{pair}{'' if not rounds else stream.choice('东南西北')}{form}"


def register(
    divisions: Sequence[Mapping[str, str]],
    boundaries: Mapping[str, Any],
    *,
    enterprises: int = 480,
    points: int = 6000,
    seed: int = 1,
    profiles: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Table]:
    """Synthetic enterprises and risk points for the counties of a map.

    Parameters
    ----------
    divisions
        Rows with ``code``, ``name`` and ``level``; towns and, where given, villages are used.
    boundaries
        GeoJSON ``FeatureCollection`` of the counties, property ``code``, longitude and latitude.
    enterprises, points
        Number of rows of each table; at least one enterprise for each county and one point for
        each enterprise.
    seed
        Any integer; equal seeds give equal tables.
    profiles
        By county code, weights of the kinds (`KINDS`) that the county has beside those that every
        county has. A county that is not named has only these.

    Returns
    -------
    dict
        Tables ``enterprises`` and ``risk_points`` as columns of equal length, under the canonical
        names. A missing value is ``None``. About 70 of 100 points use method ``lec``, the others
        ``ls``; one in 25 has no division and must be located.

    Raises
    ------
    ValueError
        There are fewer enterprises than counties, or fewer points than enterprises.

    Examples
    --------
    >>> from safetyrisk.synthetic import fictional_city
    >>> city = fictional_city(seed=1, enterprises=20, points=100)
    >>> tables = register(city.divisions, city.boundaries, enterprises=12, points=50, seed=7)
    >>> {name: len(table["id"]) for name, table in tables.items()}
    {'enterprises': 12, 'risk_points': 50}
    """
    features = sorted(boundaries["features"], key=lambda f: str(f["properties"]["code"]))
    if not len(features) <= enterprises <= points:
        raise ValueError(
            f"{len(features)} counties, {enterprises} enterprises and {points} points: "
            "each county needs an enterprise and each enterprise a point"
        )
    villages: dict[str, list[str]] = {}
    for row in divisions:
        if row["level"] == "village":
            villages.setdefault(row["code"][:9], []).append(row["code"])

    firms = _Firms(villages, seed)
    mixes = []
    for feature in features:
        code = str(feature["properties"]["code"])
        mixes.append(EVERYWHERE | dict((profiles or {}).get(code, {})))
    shares = _share(enterprises - len(features), [float(sum(mix.values())) for mix in mixes])
    for feature, mix, count in zip(features, mixes, shares, strict=True):
        code = str(feature["properties"]["code"])
        rows = [r for r in divisions if r["level"] == "town" and r["code"].startswith(code)]
        area = Area(feature["geometry"])
        firms.settle(code, area, _towns(code, rows, area, seed), mix, count + 1)
    return {"enterprises": firms.table, "risk_points": firms.risk_points(points)}


class _Firms:
    """Enterprises as they are founded, county by county."""

    columns = (
        "id", "name", "credit_code", "division", "industry", "employees", "high_risk", "lon", "lat"
    )  # fmt: skip
    point_columns = (
        "id", "enterprise", "name", "method", "L", "E", "C", "S", "lon", "lat", "division",
        "controlling_post", "hazard", "accident_type",
    )  # fmt: skip

    def __init__(self, villages: Mapping[str, list[str]], seed: int) -> None:
        self.table: Table = {column: [] for column in self.columns}
        self._villages, self._seed = villages, seed
        self._kinds: list[Kind] = []
        self._kind_ids: list[str] = []
        self._areas: list[Area] = []
        self._counts: dict[str, int] = {}

    def settle(
        self, county: str, area: Area, towns: Sequence[_Town], mix: Mapping[str, int], count: int
    ) -> None:
        kinds = list(mix)
        for kind_id, number in zip(
            kinds, _share(count, [float(mix[k]) for k in kinds]), strict=True
        ):
            kind = KINDS[kind_id]
            # A trade gathers in a few towns, so that the map shows clusters.
            stream = Stream(self._seed, "trade", county, kind_id)
            hosts = [t for t in towns if t.place == kind.place] or list(towns)
            if kind.place == "rural":
                hosts = [t for t in towns if t.place in ("rural", "town")] or hosts
                hosts = stream.sample(hosts, min(len(hosts), 5))
            elif kind.place == "park":  # most in the park, some in the town they began in
                outside = [t for t in towns if t.place == "town"]
                hosts = hosts * 3 + stream.sample(outside, min(len(outside), 2))
            else:
                hosts = [t for t in towns if t.place != "park"] or hosts
            for _ in range(number):
                self._found(county, area, kind_id, hosts)

    def _found(self, county: str, area: Area, kind_id: str, hosts: Sequence[_Town]) -> None:
        number = len(self._kinds) + 1
        stream = Stream(self._seed, "enterprise", number)
        kind, order = KINDS[kind_id], self._counts.get(kind_id, 0)
        self._counts[kind_id] = order + 1
        form, industry = stream.choice(kind.forms)
        town = stream.choice(hosts) if hosts else None
        if town is None:
            division = county
            lon, lat = area.anywhere(stream, 400.0)
        else:
            inner = self._villages.get(town.code, [])
            division = stream.choice(inner) if inner and stream.below(10) < 3 else town.code
            radius = {"park": 1400.0, "urban": 1500.0, "town": 2200.0, "rural": 4500.0}[kind.place]
            lon, lat = area.near(stream, town.lon, town.lat, radius, 400.0)
        low, high = kind.employees
        lean = stream.real() * stream.real()  # many small, few large
        row = (
            f"E{number:04d}",
            _enterprise_name(order, form, stream),
            credit_code("99" + county[2:6], number),
            division,
            industry,
            low + int((high - low) * lean),
            kind.high_risk,
            lon,
            lat,
        )
        for column, value in zip(self.columns, row, strict=True):
            self.table[column].append(value)
        self._kinds.append(kind)
        self._kind_ids.append(kind_id)
        self._areas.append(area)

    def risk_points(self, total: int) -> Table:
        weights = []
        for index, kind in enumerate(self._kinds):
            low, high = kind.points
            weights.append(Stream(self._seed, "size", index).real(float(low), float(high)))
        counts = [n + 1 for n in _share(total - len(self._kinds), weights)]
        table: Table = {column: [] for column in self.point_columns}
        for index, count in enumerate(counts):
            self._fill(table, index, count)
        return table

    def _fill(self, table: Table, index: int, count: int) -> None:
        stream = Stream(self._seed, "points", index)
        kind, area = self._kinds[index], self._areas[index]
        lon, lat = self.table["lon"][index], self.table["lat"][index]
        worst = stream.weighted(kind.grades)
        rank = _ORDER.index(worst)
        own = list(kind.hazards)
        others = list(PUBLIC if self._kind_ids[index] in PUBLIC_KINDS else COMMON)
        # Every enterprise has most of its trade's hazards; what is left is common to all.
        pool = stream.sample(own, len(own))[: max(1, min(len(own), count * 2 // 3))]
        pool += stream.sample(others, min(len(others), max(0, count - len(pool))))
        grave = max(range(len(pool[:count])), key=lambda i: (pool[i][3], -i))
        repeats = dict.fromkeys(pool, 0)
        for i in range(count):
            hazard = pool[i] if i < len(pool) else stream.choice(pool)
            repeats[hazard] += 1
            more = count > len(pool) and repeats[hazard] > 1
            name = f"{hazard[0]}{repeats[hazard]}#" if more else hazard[0]
            # One point carries the enterprise's gravest grade and few others come near it.
            near = stream.below(100)
            mildest = min(rank, 1)
            ceiling = rank if i == grave or near < 14 else max(mildest, rank - 1)
            if i != grave and near >= 48:
                ceiling = mildest
            if i != grave and near >= 80:
                ceiling = 0
            method = "lec" if stream.below(100) < 70 else "ls"
            factors = _score(stream, method, hazard[3], _ORDER[ceiling], i == grave or near < 9)
            spot = area.near(stream, lon, lat, float(kind.spread_m))
            row = {
                "id": f"R{len(table['id']) + 1:05d}",
                "enterprise": self.table["id"][index],
                "name": name,
                "method": method,
                **factors,
                "lon": spot[0],
                "lat": spot[1],
                "division": None if stream.below(25) == 0 else self.table["division"][index],
                "controlling_post": hazard[4],
                "hazard": hazard[1],
                "accident_type": hazard[2],
            }
            for column, value in row.items():
                table[column].append(value)
