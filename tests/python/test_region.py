"""Regions from Python: coordinates, locating, adding up, against brute force and other libraries."""

import itertools
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import safetyrisk as sr

COLOURS = ("red", "orange", "yellow", "blue")

# ---- coordinate systems --------------------------------------------------------------------------

# WGS-84, GCJ-02, BD-09 as longitude, latitude: published test values of public implementations.
GOLDENS = [
    (116.404, 39.915, 116.41024449916938, 39.91640428150164, 116.41662724378733, 39.922699552216216),
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 121.53801568643858, 31.181328606874466),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 113.92368472926734, 22.546667437751108),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 116.39045471310828, 39.919575550965874),
    (118.7969, 32.0603, 118.80208355739369, 32.058224298311096, 118.80850370772339, 32.06458283674457),
    (104.0657, 30.6595, 104.06820739998749, 30.657079144677592, 104.0747017028295, 30.663109266260737),
    (87.6168, 43.8256, 87.61964994946926, 43.82680539311119, 87.62609977081571, 43.83294979479328),
    (126.6424, 45.7567, 126.64836981630474, 45.75865110185797, 126.65499932897167, 45.76434556386758),
    (109.5082, 18.2479, 109.51229465201837, 18.246207534442775, 109.51884473436448, 18.251945802876918),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target"), list(itertools.permutations(["wgs84", "gcj02", "bd09"], 2))
)
def test_positions_are_those_published(source: str, target: str) -> None:
    columns = dict(zip(("wgs84", "gcj02", "bd09"), (0, 2, 4), strict=True))
    table = np.array(GOLDENS)
    a, b = columns[source], columns[target]
    lon, lat = sr.convert(table[:, a], table[:, a + 1], source, target)
    assert np.abs(lon - table[:, b]).max() < 2e-9  # two tenths of a millimetre
    assert np.abs(lat - table[:, b + 1]).max() < 2e-9


@given(st.floats(73.7, 135.0), st.floats(4.0, 53.5), st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back_is_where_one_was(lon: float, lat: float, system: str) -> None:
    there = sr.convert([lon], [lat], "wgs84", system)
    back = sr.convert(*there, system, "wgs84")
    assert abs(back[0][0] - lon) < 1e-9
    assert abs(back[1][0] - lat) < 1e-9
    assert 1e-5 < math.hypot(there[0][0] - lon, there[1][0] - lat) < 0.03


def test_conversion_of_nothing_and_of_no_place() -> None:
    lon, lat = sr.convert([], [], "wgs84", "bd09")
    assert lon.shape == lat.shape == (0,)
    lon, lat = sr.convert([math.nan, 116.0, math.inf], [39.0, math.nan, 39.0], "wgs84", "gcj02")
    assert np.isnan(lon).all()
    assert np.isnan(lat).all()
    same = sr.convert([116.404], [39.915], "wgs84", "cgcs2000")
    assert (same[0][0], same[1][0]) == (116.404, 39.915)
    for bad in ({"source": "utm", "target": "wgs84"}, {"source": "wgs84", "target": ""}):
        with pytest.raises(sr.InputError, match="known are"):
            sr.convert([1.0], [1.0], **bad)
    with pytest.raises(sr.InputError):
        sr.convert([1.0, 2.0], [1.0], "wgs84", "gcj02")


# ---- a small city of squares ---------------------------------------------------------------------

# Four counties, 0.1° wide: two by two, the first with a hole that is the fourth.
WEST, SOUTH = 114.0, 28.0


def square(x: float, y: float, width: float, height: float) -> list[list[float]]:
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]


OUTLINES = {
    "360921": [
        square(WEST, SOUTH, 0.25, 0.25),
        square(WEST + 0.0625, SOUTH + 0.0625, 0.125, 0.125),
    ],
    "360922": [square(WEST + 0.25, SOUTH, 0.25, 0.25)],
    "360923": [square(WEST, SOUTH + 0.25, 0.5, 0.25)],
    "360924": [square(WEST + 0.0625, SOUTH + 0.0625, 0.125, 0.125)],
}
NAMES = {
    "3609": "宜春市",
    "360921": "奉新县",
    "360922": "万载县",
    "360923": "上高县",
    "360924": "宜丰县",
}


def write_geojson(path: Path, outlines: dict[str, Any] = OUTLINES, reverse: bool = False) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": NAMES.get(code, code)},
            "geometry": {"type": "Polygon", "coordinates": rings},
        }
        for code, rings in outlines.items()
    ]
    if reverse:
        features.reverse()
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return path


@pytest.fixture
def city(tmp_path: Path) -> sr.Divisions:
    table = {"code": [*NAMES, "360925"], "name": [*NAMES.values(), "没有边界的县"]}
    return sr.Divisions.read(table, write_geojson(tmp_path / "counties.geojson"))


def test_points_inside_outside_and_in_a_hole_are_located_as_shapely_does(
    city: sr.Divisions,
) -> None:
    shapes = {code: shapely.Polygon(rings[0], rings[1:]) for code, rings in OUTLINES.items()}
    rng = np.random.default_rng(11)
    lon = rng.uniform(WEST - 0.1, WEST + 0.6, 20_000)
    lat = rng.uniform(SOUTH - 0.1, SOUTH + 0.6, 20_000)
    found = city.locate(lon, lat)
    want = np.full(20_000, "", dtype="U6")
    for code, shape in shapes.items():
        want[shapely.contains_xy(shape, lon, lat)] = code
    assert (found == want).all()
    assert set(found.tolist()) == {"", *OUTLINES}


def test_a_point_on_a_shared_border_or_corner_has_exactly_one_region(city: sr.Divisions) -> None:
    # Multiples of 1/64 are exact in binary, so these lie on the borders to the last bit.
    steps = np.arange(0, 33) / 64
    lon, lat = (g.ravel() for g in np.meshgrid(WEST + steps, SOUTH + steps))
    found = city.locate(lon, lat)
    inside = (lon > WEST) & (lon < WEST + 0.5) & (lat > SOUTH) & (lat < SOUTH + 0.5)
    assert (found[inside] != "").all()
    shapes = {code: shapely.Polygon(rings[0], rings[1:]) for code, rings in OUTLINES.items()}
    for x, y, code in zip(lon, lat, found, strict=True):
        touching = {c for c, shape in shapes.items() if shape.intersects(shapely.Point(x, y))}
        assert code == "" or code in touching
    for threads in (1, 2, 3, 0):
        assert (city.locate(lon, lat, threads=threads) == found).all()


def test_the_order_of_the_outlines_decides_nothing(tmp_path: Path, city: sr.Divisions) -> None:
    other = sr.Divisions.read(
        {"code": list(NAMES), "name": list(NAMES.values())},
        write_geojson(tmp_path / "other.geojson", reverse=True),
    )
    steps = np.arange(-2, 35) / 64
    lon, lat = (g.ravel() for g in np.meshgrid(WEST + steps, SOUTH + steps))
    assert (city.locate(lon, lat) == other.locate(lon, lat)).all()


def test_places_that_are_none_are_outside(city: sr.Divisions) -> None:
    bad = [math.nan, math.inf, -math.inf, 1e300, 0.0, 200.0]
    assert city.locate(bad, [28.1] * 6).tolist() == [""] * 6
    assert city.locate([114.1] * 6, bad).tolist() == [""] * 6
    assert city.locate([], []).tolist() == []
    assert city.locate(114.3, 28.1).tolist() == ["360922"]
    with pytest.raises(sr.InputError):
        city.locate([1.0], [1.0, 2.0])
    with pytest.raises(sr.InputError, match="known are"):
        city.locate([1.0], [1.0], crs="mars")
    with pytest.raises(sr.InputError, match="boundaries"):
        sr.Divisions.read({"code": ["36"], "name": ["江西"]}).locate([1.0], [1.0])
    with pytest.raises(sr.InputError):
        city.locate(["x"], [1.0])


def test_places_as_numbers_say_what_their_codes_say(city: sr.Divisions) -> None:
    assert city.boundary_codes.tolist() == sorted(OUTLINES)
    rng = np.random.default_rng(12)
    lon, lat = rng.uniform(WEST - 0.1, WEST + 0.6, 500), rng.uniform(SOUTH, SOUTH + 0.5, 500)
    index = city.locate_index(lon, lat)
    assert index.dtype == np.int32
    codes = ["" if i < 0 else city.boundary_codes[i] for i in index]
    assert codes == city.locate(lon, lat).tolist()
    names = [city.name(code) for code in codes if code]
    table = city.table().column("name").tolist()
    assert names == [table[k] for k in city.boundary_divisions[index[index >= 0]]]
    assert city.locate_index([], []).shape == (0,)
    plain = sr.Divisions.read({"code": ["36"], "name": ["江西"]})
    assert plain.boundary_codes.tolist() == []
    with pytest.raises(sr.InputError, match="boundaries"):
        plain.locate_index([1.0], [1.0])


def test_positions_of_another_system_are_located_where_they_are(city: sr.Divisions) -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(WEST, WEST + 0.5, 500), rng.uniform(SOUTH, SOUTH + 0.5, 500)
    want = city.locate(lon, lat)
    for system in ("gcj02", "bd09", "cgcs2000"):
        assert (city.locate(*sr.convert(lon, lat, "wgs84", system), crs=system) == want).all()


# ---- adding up -----------------------------------------------------------------------------------


def points(n: int, seed: int = 1) -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    place = rng.choice([*OUTLINES, "3609", "36", "", "360999", "441900", "x"], n)
    return {
        "id": [f"p{i}" for i in range(n)],
        "enterprise": rng.choice(["甲厂", "乙厂", "丙厂", ""], n).tolist(),
        "L": rng.choice([0.1, 1, 3, 6, 10, 4], n).tolist(),
        "E": rng.choice([1, 3, 6, 10, np.nan], n).tolist(),
        "C": rng.choice([1, 7, 15, 40], n).tolist(),
        "division": place.tolist(),
    }


def brute(rows: dict[str, list[Any]], g: sr.Graded) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    columns = g.to_columns()
    for place, grade, status in zip(
        rows["division"], columns["grade"], columns["status"], strict=True
    ):
        # 360999 is not listed; it and what is no county count in the row without a code.
        counts.setdefault(place if place in OUTLINES else "", Counter())[grade or status] += 1
    return counts


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_counts_by_county_are_those_of_counting_row_by_row(
    city: sr.Divisions, threads: int
) -> None:
    rows = points(2000)
    g = sr.grade(rows, "lec")
    r = city.rollup(g, threads=threads)
    c = r.to_columns()
    want = brute(rows, g)
    assert sorted(c["code"]) == sorted(["", *OUTLINES, "360925"])
    for i, code in enumerate(c["code"]):
        counted = want.get(code, Counter())
        for name in (*COLOURS, "not_gradable", "rejected"):
            assert c[name][i] == counted[name], (code, name)
        graded = sum(counted[x] for x in COLOURS)
        assert (c["graded"][i], c["rows"][i]) == (graded, sum(counted.values()))
        worst = next((x for x in COLOURS if counted[x]), None)
        assert c["worst"][i] == worst
        if code:
            assert c["grade"][i] == worst
        assert c["state"][i] == ("assessed" if graded else "unassessed")
    assert sum(c["rows"]) == 2000
    assert r.rule == "worst"
    assert set(c["rule"]) == {"worst"}
    counts = r.counts()
    assert counts["regions"] == 5 == sum(counts[x] for x in (*COLOURS, "unassessed"))


@pytest.mark.parametrize(
    "level", ["country", "province", "city", "county", "town", "village", "enterprise"]
)
def test_every_point_is_counted_once_at_every_level(city: sr.Divisions, level: str) -> None:
    g = sr.grade(points(500), "lec")
    c = city.rollup(g, level=level).to_columns()
    total = g.counts()
    assert sum(c["rows"]) == 500
    for name in (*COLOURS, "graded", "not_gradable", "rejected"):
        assert sum(c[name]) == total[name]


def test_a_region_without_graded_points_is_unassessed_and_not_blue(city: sr.Divisions) -> None:
    rows = {
        "id": ["a", "b"], "L": [None, 4], "E": [6, 6], "C": [15, 15], "division": ["360921", "360922"],
    }  # fmt: skip
    c = city.rollup(sr.grade(rows, "lec")).to_columns()
    assert set(c["state"]) == {"unassessed"}
    assert set(c["grade"]) == {None}
    counted = dict(zip(c["code"], zip(c["not_gradable"], c["rejected"], strict=True), strict=True))
    assert counted["360921"] == (1, 0)
    assert counted["360922"] == (0, 1)
    assert counted["360925"] == (0, 0)
    empty = city.rollup(sr.grade({"id": [], "L": [], "E": [], "C": [], "division": []}, "lec"))
    assert empty.counts() == {
        "regions": 5, "red": 0, "orange": 0, "yellow": 0, "blue": 0, "unassessed": 5,
    }  # fmt: skip


def test_worst_of_worst_is_worst_and_raising_a_point_never_lowers_a_region(
    city: sr.Divisions,
) -> None:
    rows = points(400, seed=9)
    county = city.rollup(sr.grade(rows, "lec")).to_columns()
    whole = city.rollup(sr.grade(rows, "lec"), level="city").to_columns()
    order = [None, "blue", "yellow", "orange", "red"]
    by_county = max(
        (g for g, code in zip(county["grade"], county["code"], strict=True) if code),
        key=order.index,
    )
    (of_city,) = [
        g for g, code in zip(whole["grade"], whole["code"], strict=True) if code == "3609"
    ]
    direct = {d for d, p in zip(sr.grade(rows, "lec").to_columns()["grade"], rows["division"], strict=True)
              if p == "3609"}  # fmt: skip
    assert order.index(of_city) == max(order.index(by_county), *map(order.index, direct))
    for i in range(0, 400, 40):
        if rows["division"][i] not in OUTLINES:
            continue
        raised = {name: list(column) for name, column in rows.items()}
        raised["L"][i], raised["E"][i], raised["C"][i] = 10, 10, 40
        after = city.rollup(sr.grade(raised, "lec")).to_columns()
        for code, old, new in zip(county["code"], county["grade"], after["grade"], strict=True):
            assert order.index(new) >= order.index(old), code


def test_the_order_of_rows_decides_nothing(city: sr.Divisions) -> None:
    rows = points(1000, seed=4)
    order = np.random.default_rng(8).permutation(1000)
    shuffled = {name: [column[i] for i in order] for name, column in rows.items()}
    for level in ("county", "city", "enterprise"):
        first = city.rollup(sr.grade(rows, "lec"), level=level).to_arrow()
        assert city.rollup(sr.grade(shuffled, "lec"), level=level).to_arrow().equals(first)


def test_the_count_rule_takes_the_first_line_that_is_met_of_that_colour_or_graver(
    city: sr.Divisions,
) -> None:
    lines = [
        {"grade": "red", "red": 2},
        {"grade": "orange", "orange": 2},
        {"grade": "yellow", "blue": 1},
    ]
    # a judgement of each colour by D: 600, 270, 90, 6
    judgement = {"red": (10, 6, 10), "orange": (3, 6, 15), "yellow": (1, 6, 15), "blue": (1, 6, 1)}
    judgement["red"] = (10, 6, 15)
    cases = {
        "360921": ["red", "red", "blue"],  # two reds
        "360922": ["red", "orange"],  # one red counts as an orange, too
        "360923": ["orange", "yellow"],  # one orange only
        "360924": [],
    }
    rows: dict[str, list[Any]] = {name: [] for name in ("id", "L", "E", "C", "division")}
    for code, colours in cases.items():
        for colour in colours:
            for name, value in zip("LEC", judgement[colour], strict=True):
                rows[name].append(value)
            rows["id"].append(f"{len(rows['id'])}")
            rows["division"].append(code)
    r = city.rollup(sr.grade(rows, "lec"), rule="count", thresholds=lines)
    c = r.to_columns()
    got = dict(zip(c["code"], c["grade"], strict=True))
    assert {code: got[code] for code in cases} == {
        "360921": "red", "360922": "orange", "360923": "yellow", "360924": None,
    }  # fmt: skip
    assert r.rule.startswith("count(")
    for lang in ("zh", "en"):
        assert "2" in r.rule_text(lang)
    without = city.rollup(sr.grade(rows, "lec"), rule="count")
    assert set(without.to_columns()["grade"]) == {None}
    assert without.issues.counts()["region.count_without_thresholds"] == 1
    with pytest.raises(sr.InputError, match="grades to draw"):
        sr.map(without, title="t")


@pytest.mark.parametrize(
    "arguments",
    [
        {"level": "street"},
        {"rule": "mean"},
        {"rule": "worst", "thresholds": [{"grade": "red", "red": 1}]},
        {"rule": "count", "thresholds": [{"red": 1}]},
        {"rule": "count", "thresholds": [{"grade": "purple", "red": 1}]},
        {"rule": "count", "thresholds": [{"grade": "red", "purple": 1}]},
        {"rule": "count", "thresholds": [{"grade": "red", "red": -1}]},
        {"rule": "count", "thresholds": [{"grade": "red"}]},
        {"rule": "count", "thresholds": [{"grade": "blue", "blue": 1}, {"grade": "red", "red": 1}]},
        {"rule": "count", "thresholds": [{"grade": "red", "red": "many"}]},
        {"rule": "count", "thresholds": [{"grade": 4, "red": 1}]},
        {"crs": "mars"},
    ],
)
def test_wrong_calls_are_refused(city: sr.Divisions, arguments: dict[str, Any]) -> None:
    with pytest.raises(sr.InputError):
        city.rollup(sr.grade(points(5), "lec"), **arguments)


def test_a_row_lies_where_it_says_then_where_it_is_then_where_its_enterprise_is(
    city: sr.Divisions,
) -> None:
    rows = {
        "id": list("abcdef"), "L": [3] * 6, "E": [6] * 6, "C": [15] * 6,
        "division": ["360922", "", "", "", "360922", ""],
        "lon": [114.3, 114.03, None, None, 114.03, 100.0],
        "lat": [28.1, 28.03, None, None, 28.03, 20.0],
        "enterprise": ["", "甲", "甲", "none", "", ""],
    }  # fmt: skip
    r = city.rollup(
        sr.grade(rows, "lec"), enterprises={"id": ["甲"], "name": ["甲厂"], "division": ["360923"]}
    )
    c = r.to_columns()
    assert dict(zip(c["code"], c["rows"], strict=True)) == {
        "360921": 1, "360922": 2, "360923": 1, "360924": 0, "360925": 0, "": 2,
    }  # fmt: skip
    codes = r.issues.counts()
    assert codes["region.located_elsewhere"] == 1  # e
    assert codes["region.no_region"] == 2  # d and f
    assert codes["region.outside_boundaries"] == 1  # f
    assert codes["region.enterprise_elsewhere"] == 1  # b lies in 360921, its enterprise in 360923


def test_codes_of_divisions_are_read_as_registers_hold_them(tmp_path: Path) -> None:
    d = sr.Divisions.read(
        {"code": ["360000", "360900000000", "441900003", "429004"], "name": list("赣宜南仙")}
    )
    assert d.name("36") == "赣"
    assert d.name("360900") == "宜"
    assert d.index("360999") == -1
    assert d.index("nonsense") == -1
    g = sr.grade(
        {"id": [1, 2, 3, 4, 5], "L": [3] * 5, "S": [3] * 5,
         "division": [360900, 441900003.0, 429004, 3.609e5, 36092]},
        "ls",
    )  # fmt: skip
    c = d.rollup(g, level="city").to_columns()
    assert dict(zip(c["code"], c["rows"], strict=True))["3609"] == 2
    assert dict(zip(c["code"], c["rows"], strict=True))["4419"] == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["360921", "360922", "3609", "36", "", None, "x", "360999", 360921, "99"]
            ),
            st.sampled_from([3, 4, None, -1, "x"]),
            st.one_of(st.none(), st.floats(), st.sampled_from([114.1, "114.1", "x"])),
            st.one_of(st.none(), st.floats(), st.sampled_from([28.1, "28.1", ""])),
        ),
        max_size=8,
    )
)
def test_whatever_rows_hold_they_are_all_counted(rows: list[tuple[Any, ...]]) -> None:
    table: dict[str, Any] = {"id": list(range(len(rows)))}
    for k, name in enumerate(("division", "L", "lon", "lat")):
        table[name] = [row[k] for row in rows]
    table["S"] = [3] * len(rows)
    d = sr.Divisions.read({"code": ["36", "3609", "360921", "360922"], "name": list("abcd")})
    g = sr.grade(table, "ls")
    c = d.rollup(g).to_columns()
    assert sum(c["rows"]) == len(rows)
    assert sum(c["graded"]) == g.counts()["graded"]


def test_boundaries_come_from_what_pyogrio_reads_as_they_come_from_geojson(tmp_path: Path) -> None:
    raw = pytest.importorskip("pyogrio.raw")
    squares = {"990101": shapely.box(110, 30, 111, 31), "990102": shapely.box(111, 30, 112, 31)}
    package = tmp_path / "counties.gpkg"
    raw.write(
        package,
        shapely.to_wkb(np.array(list(squares.values()), dtype=object)),
        [np.array(list(squares), dtype=object), np.array(["甲县", "乙县"], dtype=object)],
        fields=["code", "名称"],
        geometry_type="Polygon",
        crs="EPSG:4490",
    )
    rows = {"code": list(squares), "name": ["甲县", "乙县"]}
    d = sr.Divisions.read(rows, boundaries=package)
    assert d.locate([110.5, 111.5, 113.0], [30.5, 30.5, 30.5]).tolist() == ["990101", "990102", ""]
    assert d.boundaries is not None
    assert [d.boundaries.name(i) for i in range(2)] == ["甲县", "乙县"]


def test_a_file_that_pyogrio_cannot_read_is_one_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("pyogrio.raw")
    bad = tmp_path / "counties.shp"
    bad.write_bytes(b"no shapefile")
    with pytest.raises(sr.InputError, match=r"counties\.shp: pyogrio cannot read it"):
        sr.Divisions.read({"code": ["990101"], "name": ["甲县"]}, boundaries=bad)


@pytest.mark.parametrize("word", ["县", "县级", "county", " county "])
def test_a_level_in_any_word_is_one_level(word: str) -> None:
    d = sr.Divisions.read({"code": ["9901", "990101"], "name": ["市", "县"]})
    g = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15], "division": ["990101"]}, "lec")
    r = d.rollup(g, level=word)
    assert r.level == "county"
    assert r.to_columns()["code"].tolist() == ["990101"]


def test_thresholds_that_are_no_list_of_dicts_are_refused() -> None:
    d = sr.Divisions.read({"code": ["9901", "990101"], "name": ["市", "县"]})
    g = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15], "division": ["990101"]}, "lec")
    for wrong in ({"red": 3}, ["red"]):
        with pytest.raises(sr.InputError, match="thresholds is a list of dicts"):
            d.rollup(g, rule="count", thresholds=wrong)  # type: ignore[arg-type]
