"""What the examples and the demonstration promise about their invented data."""

import csv
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from safetyrisk import synthetic

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
YICHUN = EXAMPLES / "data" / "yichun"
PLANTED = EXAMPLES / "data" / "yichun_planted.csv"
MADE = (YICHUN / "enterprises.csv", YICHUN / "risk_points.csv", PLANTED)

LEC_STEPS = {
    "可能性(L)": {10, 6, 3, 1, 0.5, 0.2, 0.1},
    "暴露频率(E)": {10, 6, 3, 2, 1, 0.5},
    "后果(C)": {100, 40, 15, 7, 3, 1},
}


def rows_of(name: str | Path) -> list[dict[str, str]]:
    with (YICHUN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rings_by_code(boundaries: dict[str, Any]) -> dict[str, list[list[list[float]]]]:
    result = {}
    for feature in boundaries["features"]:
        polygons = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "Polygon":
            polygons = [polygons]
        result[feature["properties"]["code"]] = [ring for part in polygons for ring in part]
    return result


def winds_about(rings: list[list[list[float]]], x: float, y: float) -> bool:
    """Winding number over edges, by the sign of cross products (not ray casting)."""
    turns = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if y1 <= y < y2 and side > 0:
                turns += 1
            elif y2 <= y < y1 and side < 0:
                turns -= 1
    return turns != 0


def credit_code_is_valid(code: str) -> bool:
    """GB 32100 and GB 11714 as printed: tables of weights, not powers."""
    if not re.fullmatch(r"[0-9A-HJ-NP-RTUWXY]{18}", code):
        return False
    organisation = [int(c, 36) for c in code[8:16]]
    nine = -sum(v * w for v, w in zip(organisation, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    values = {c: i for i, c in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(values[c] * w for c, w in zip(code[:17], weights, strict=True))
    return code[16] == "0123456789X"[nine] and values[code[17]] == -total % 31


def area_of(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


@pytest.fixture(scope="module")
def city() -> synthetic.FictionalCity:
    return synthetic.fictional_city(1)


@pytest.fixture(scope="module")
def points() -> list[dict[str, str]]:
    return rows_of("risk_points.csv")


@pytest.fixture(scope="module")
def planted() -> list[dict[str, str]]:
    return rows_of(PLANTED)


def test_the_script_writes_the_bundled_register_again_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(EXAMPLES / "make_register.py"), "--output", str(tmp_path)], check=True
    )
    for file in MADE:
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
    assert len(list(tmp_path.iterdir())) == len(MADE)


def test_the_bundled_tables_have_the_promised_size(points: list[dict[str, str]]) -> None:
    assert len(points) == 6000
    assert len(rows_of("enterprises.csv")) == 480
    assert (YICHUN / "boundaries.geojson").stat().st_size <= 300_000
    share = Counter(row["评价方法"] for row in points)
    assert 0.66 < share["lec"] / 6000 < 0.74
    assert 0.26 < share["ls"] / 6000 < 0.34


def test_the_check_of_credit_codes_knows_right_from_wrong() -> None:
    assert credit_code_is_valid("914403001922038216")
    assert credit_code_is_valid("9144030071526726XG")
    assert not credit_code_is_valid("91110000600037341N")


def test_every_credit_code_is_valid_and_belongs_to_no_real_region(
    city: synthetic.FictionalCity,
) -> None:
    bundled = [row["credit_code"] for row in rows_of("enterprises.csv")]
    for codes in (bundled, city.tables["enterprises"]["credit_code"]):
        assert all(credit_code_is_valid(code) for code in codes)
        assert {code[2:4] for code in codes} == {"99"}
        assert len(set(codes)) == len(codes)


def test_every_enterprise_is_called_an_example() -> None:
    names = [row["name"] for row in rows_of("enterprises.csv")]
    assert all(name.startswith("示例") for name in names)
    assert len(set(names)) == len(names)


def test_every_sound_point_lies_in_the_county_and_near_its_enterprise(
    points: list[dict[str, str]], planted: list[dict[str, str]]
) -> None:
    rings = rings_by_code(json.loads((YICHUN / "boundaries.geojson").read_text(encoding="utf-8")))
    firms = {row["id"]: row for row in rows_of("enterprises.csv")}
    moved = {int(row["row"]) for row in planted if row["column"] == "lon"}
    for index, row in enumerate(points):
        if index in moved:
            continue
        firm = firms[row["所属企业"]]
        lon, lat = float(row["经度"]), float(row["纬度"])
        assert abs(lon - float(firm["lon"])) < 0.0035, index  # 300 m here is 0.0031 degrees
        assert abs(lat - float(firm["lat"])) < 0.0030, index
        assert winds_about(rings[firm["division"][:6]], lon, lat), index


def test_codes_of_enterprises_and_sound_points_are_divisions(
    points: list[dict[str, str]], planted: list[dict[str, str]]
) -> None:
    known = {row["code"] for row in rows_of("divisions.csv")}
    cut = {int(row["row"]) for row in planted if row["column"] == "division"}
    assert {row["division"] for row in rows_of("enterprises.csv")} <= known
    given = {row["行政区划代码"] for i, row in enumerate(points) if i not in cut}
    assert given - {""} <= known
    assert "" in given


def flaws_of(row: dict[str, str], box: tuple[float, float, float, float]) -> set[str]:
    """Issue codes (or the words for harmless oddities) that a row shows by itself."""
    found = set()
    method = row["评价方法"]
    if method not in ("lec", "ls"):
        found.add("scoring.method_unknown")
    steps = dict(LEC_STEPS) if method == "lec" else {}
    if method == "ls":
        steps = {"可能性(L)": {1, 2, 3, 4, 5}, "严重性(S)": {1, 2, 3, 4, 5}}
    for column, allowed in steps.items():
        text = row[column]
        if not text:
            found.add("scoring.missing_input")
        elif not re.fullmatch(r"-?\d+(\.\d+)?", text):
            found.add("scoring.not_a_number")
        elif float(text) < 0:
            found.add("scoring.negative")
        elif float(text) not in allowed:
            found.add("scoring.off_scale")
    if len(row["行政区划代码"]) not in (0, 6, 9, 12):
        found.add("region.malformed_code")
    lon, lat = float(row["经度"]), float(row["纬度"])
    west, south, east, north = box
    if not (west <= lon <= east and south <= lat <= north):
        swapped = west <= lat <= east and south <= lon <= north
        found.add("region.swapped_coordinates" if swapped else "region.outside_boundaries")
    if row["风险点名称"].startswith("=") or "<" in row["风险点名称"]:
        found.add("")
    return found


def test_the_list_of_planted_flaws_is_exactly_what_is_in_the_file(
    points: list[dict[str, str]], planted: list[dict[str, str]]
) -> None:
    rings = rings_by_code(json.loads((YICHUN / "boundaries.geojson").read_text(encoding="utf-8")))
    vertices = [v for parts in rings.values() for ring in parts for v in ring]
    box = (
        min(v[0] for v in vertices),
        min(v[1] for v in vertices),
        max(v[0] for v in vertices),
        max(v[1] for v in vertices),
    )
    seen = {(i, code) for i, row in enumerate(points) for code in flaws_of(row, box)}
    by_id: dict[str, list[int]] = {}
    for index, row in enumerate(points):
        by_id.setdefault(row["风险点编号"], []).append(index)
    for same in by_id.values():
        if len(same) == 1:
            continue
        if all(points[index] == points[same[0]] for index in same):
            seen |= {(index, "scoring.duplicate_row") for index in same[1:]}
        else:
            seen |= {(index, "scoring.duplicate_conflict") for index in same}
    assert seen == {(int(row["row"]), row["issue"]) for row in planted}
    assert all(points[int(row["row"])]["风险点编号"] == row["id"] for row in planted)
    assert {row["status"] for row in planted} == {"graded", "not_gradable", "rejected"}


def test_planting_leaves_the_given_tables_alone(city: synthetic.FictionalCity) -> None:
    before = json.dumps(city.tables, ensure_ascii=False)
    spoiled, flaws = synthetic.plant(city.tables, seed=3)
    assert json.dumps(city.tables, ensure_ascii=False) == before
    changed = {
        i
        for i in range(len(spoiled["risk_points"]["id"]))
        if any(column[i] != city.tables["risk_points"][name][i]
               for name, column in spoiled["risk_points"].items())
    }  # fmt: skip
    assert changed <= set(flaws["row"])
    assert len(changed) > 35


def test_neighbouring_example_counties_share_the_vertices_of_their_borders() -> None:
    rings = rings_by_code(json.loads((YICHUN / "boundaries.geojson").read_text(encoding="utf-8")))
    edges = Counter(
        (tuple(a), tuple(b))
        for parts in rings.values()
        for ring in parts
        for a, b in itertools.pairwise(ring)
    )
    assert set(edges.values()) == {1}  # each edge is walked once in its direction …
    shared = [edge for edge in edges if (edge[1], edge[0]) in edges]
    assert len(shared) > 3000  # … and borders once more the other way


def test_equal_seeds_give_equal_cities_and_other_seeds_other_ones(
    city: synthetic.FictionalCity,
) -> None:
    assert synthetic.fictional_city(1) == city
    assert synthetic.fictional_city(2).boundaries != city.boundaries


@pytest.mark.parametrize("seed", range(1, 7))
def test_fictional_counties_tile_one_city_without_gap_or_overlap(seed: int) -> None:
    made = synthetic.fictional_city(seed, enterprises=9, points=9)
    rings = [parts[0] for parts in rings_by_code(made.boundaries).values()]
    assert len(rings) == 9
    for ring in rings:
        assert ring[0] == ring[-1]
        assert len({tuple(v) for v in ring}) == len(ring) - 1
        assert area_of(ring) > 0.02
    edges = {(tuple(a), tuple(b)) for ring in rings for a, b in itertools.pairwise(ring)}
    assert len(edges) == sum(len(ring) - 1 for ring in rings)
    # What no neighbour walks the other way is the outline of the city: one closed ring, whose
    # area is the sum of the counties'.
    outline = {a: b for a, b in edges if (b, a) not in edges}
    start = here = min(outline)
    walked = [start]
    while (here := outline[here]) != start:
        walked.append(here)
    assert len(walked) == len(outline)
    total = area_of([list(v) for v in [*walked, start]])
    assert total == pytest.approx(sum(area_of(ring) for ring in rings), rel=1e-9)


def test_fictional_points_lie_in_their_counties_under_unassigned_codes(
    city: synthetic.FictionalCity,
) -> None:
    rings = rings_by_code(city.boundaries)
    codes = {row["code"] for row in city.divisions}
    assert all(code.startswith("99") for code in codes)
    assert len(codes) == len(city.divisions)
    firms, table = city.tables["enterprises"], city.tables["risk_points"]
    county = {i: d[:6] for i, d in zip(firms["id"], firms["division"], strict=True)}
    assert set(county.values()) == set(rings)
    for firm, lon, lat in zip(table["enterprise"], table["lon"], table["lat"], strict=True):
        assert winds_about(rings[county[firm]], lon, lat)


def test_a_register_needs_an_enterprise_for_each_county(city: synthetic.FictionalCity) -> None:
    with pytest.raises(ValueError, match="9 counties, 5 enterprises"):
        synthetic.register(city.divisions, city.boundaries, enterprises=5, points=50)


def test_flaws_need_room(city: synthetic.FictionalCity) -> None:
    small = synthetic.register(city.divisions, city.boundaries, enterprises=9, points=90)
    with pytest.raises(ValueError, match="at least 200"):
        synthetic.plant(small)
