"""The roll-up rule `index`: weights of the user's, exact, and never lowered by a graver point."""

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import cli
from safetyrisk.io.job import run_job
from support_jobs import BOUNDARIES, JOB

WEIGHTS = {"red": 10, "orange": 5, "yellow": 2, "blue": 1}
LINES = [
    {"grade": "red", "index": 20},
    {"grade": "orange", "index": 10},
    {"grade": "blue", "index": 0},
]
DIVISIONS = {
    "code": ["9901", "990101", "990102", "990103"],
    "name": ["市", "西山县", "东河区", "南湖区"],
}
#: L, E, C of a point of each grade under lec.t1.
POINTS = {"red": (10, 10, 100), "orange": (3, 6, 15), "yellow": (6, 6, 3), "blue": (1, 1, 7)}
ORDER = ["blue", "yellow", "orange", "red"]


def register(points: list[tuple[str, str]]) -> sr.Graded:
    """Grades points given as (division, grade)."""
    cells = [POINTS[grade] for _, grade in points]
    table = {"id": list(range(len(points))), "division": [code for code, _ in points]}
    columns = zip(*cells, strict=True) if cells else ((), (), ())
    for name, values in zip("LEC", columns, strict=True):
        table[name] = list(values)
    return sr.grade(table, "lec.t1")


def roll(points: list[tuple[str, str]], level: str = "county", **options: Any) -> sr.RollUp:
    tree = sr.Divisions.read(DIVISIONS)
    return tree.rollup(register(points), level, "index", **({"weights": WEIGHTS} | options))


def by_code(r: sr.RollUp) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in json.loads(r.to_json())["rows"]}


A = [
    ("990101", "red"),
    ("990101", "red"),
    ("990101", "blue"),
    ("990102", "orange"),
    ("990102", "blue"),
]


def test_the_index_is_the_weighted_sum_and_an_unassessed_region_has_none() -> None:
    rows = by_code(roll(A))
    assert [rows[c]["index"] for c in ("990101", "990102", "990103")] == [21, 6, None]
    assert [row["grade"] for row in rows.values()] == [None] * 3
    rows = by_code(roll(A, per="point"))
    assert [rows[c]["index"] for c in ("990101", "990102", "990103")] == [7, 3, None]
    assert "index" not in sr.Divisions.read(DIVISIONS).rollup(register(A)).to_columns()


def test_thresholds_turn_the_index_into_a_grade_and_an_edge_is_reached() -> None:
    rows = by_code(roll(A, thresholds=LINES))
    assert [row["grade"] for row in rows.values()] == ["red", "blue", None]
    for index, want in ((21, "red"), (21.000001, None)):
        rows = by_code(roll(A, thresholds=[{"grade": "red", "index": index}]))
        assert rows["990101"]["grade"] == want
    tenths = {"red": 0.1, "orange": 0.1, "yellow": 0.1, "blue": 0.1}
    three = [("990101", "red")] * 3  # 3 × 0.1 is 0.3, not 0.30000000000000004
    r = roll(three, weights=tenths, thresholds=[{"grade": "red", "index": 0.3}])
    assert (by_code(r)["990101"]["index"], by_code(r)["990101"]["grade"]) == (0.3, "red")


def test_a_worked_grid_is_red_by_its_worst_point_and_yellow_by_the_mean() -> None:
    points = [("990101", g) for g in ("red", "yellow", "yellow", "blue", "blue", "blue")]
    scores = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}
    cuts = {"red": 3.5, "orange": 2.5, "yellow": 1.5, "blue": 0}
    lines = [{"grade": grade, "index": cut} for grade, cut in cuts.items()]
    mean = by_code(roll(points, weights=scores, per="point", thresholds=lines))["990101"]
    assert (round(mean["index"], 2), mean["grade"]) == (1.83, "yellow")
    worst = sr.Divisions.read(DIVISIONS).rollup(register(points), "county", "worst")
    assert by_code(worst)["990101"]["grade"] == "red"


def test_brute_force_against_fractions_for_any_order_and_threads() -> None:
    draw = random.Random(3)
    weights = {"red": 12.5, "orange": 3.75, "yellow": 0.6, "blue": 0.1}
    points = [
        (draw.choice(["990101", "990102", "990103"]), draw.choice(ORDER)) for _ in range(2000)
    ]
    for per in ("unit", "point"):
        r = roll(points, weights=weights, per=per)
        for code, row in by_code(r).items():
            grades = [grade for division, grade in points if division == code]
            exact = sum(Fraction(str(weights[grade])) for grade in grades)
            exact /= len(grades) if per == "point" else 1
            assert row["index"] == float(exact)
        shuffled = draw.sample(points, len(points))
        assert roll(shuffled, weights=weights, per=per, threads=2).to_json() == r.to_json()


@pytest.mark.parametrize("per", ["unit", "point"])
def test_a_point_that_gets_worse_never_lowers_index_or_grade(per: str) -> None:
    for grades in itertools.combinations_with_replacement(ORDER, 3):
        before = by_code(roll([("990101", g) for g in grades], per=per, thresholds=LINES))["990101"]
        for k, grade in enumerate(grades):
            for worse in ORDER[ORDER.index(grade) + 1 :]:
                changed = [*grades[:k], worse, *grades[k + 1 :]]
                points = [("990101", g) for g in changed]
                after = by_code(roll(points, per=per, thresholds=LINES))["990101"]
                assert after["index"] > before["index"]
                assert ORDER.index(after["grade"]) >= ORDER.index(before["grade"])


def test_a_further_mild_point_lowers_the_mean_but_not_the_sum() -> None:
    more = [*A, ("990101", "blue")]
    assert by_code(roll(more))["990101"]["index"] > by_code(roll(A))["990101"]["index"]
    mean = [by_code(roll(p, per="point"))["990101"]["index"] for p in (A, more)]
    assert mean[1] < mean[0]


def test_the_rule_says_itself_and_that_it_gives_no_grades() -> None:
    r = roll(A, per="point", thresholds=LINES)
    assert (
        r.rule
        == "index(red 10, orange 5, yellow 2, blue 1 per point; red>=20; orange>=10; blue>=0)"
    )
    assert "重大风险×10 + 较大风险×5" in r.rule_text()
    assert "除以已评定的风险点数" in r.rule_text()
    assert "divided by the graded points" in r.rule_text("en")
    assert [i.code for i in roll(A).issues if "index" in i.code] == [
        "region.index_without_thresholds"
    ]
    assert "指数" in r._repr_html_()


def test_it_works_for_enterprises_and_cities() -> None:
    assert by_code(roll(A, "city"))["9901"]["index"] == 27
    table = {"id": [1, 2], "enterprise": ["甲", "甲"], "L": [10, 1], "E": [10, 1], "C": [100, 7]}
    tree = sr.Divisions.read(DIVISIONS)
    r = tree.rollup(
        sr.grade(table, "lec"), "enterprise", "index", weights=WEIGHTS, thresholds=LINES
    )
    assert r.to_columns()["index"].tolist() == [11]
    assert r.to_columns()["grade"].tolist() == ["orange"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": None}, "no.* hold by law|none that hold by law"),
        ({"weights": {"red": 1}}, "needs weights"),
        ({"weights": WEIGHTS | {"green": 1}}, "not of 'green'"),
        ({"weights": WEIGHTS | {"red": "10"}}, "weight of red is a number"),
        ({"weights": WEIGHTS | {"red": -1}}, "weight of red is -1"),
        ({"weights": WEIGHTS | {"red": 0.0000001}}, "at most 6 places"),
        ({"weights": WEIGHTS | {"red": 1e7}}, "from 0 to 1000000"),
        ({"weights": WEIGHTS | {"red": float("nan")}}, "weight of red is nan"),
        ({"weights": WEIGHTS | {"red": 4}}, "red is below that of orange"),
        ({"weights": dict.fromkeys(WEIGHTS, 0)}, "all weights are zero"),
        ({"weights": [10, 5, 2, 1]}, "weights is a dict"),
        ({"per": "area"}, "per is 'area'"),
        ({"thresholds": [{"grade": "red", "red": 1}]}, "has grade and index"),
        ({"thresholds": [{"grade": "green", "index": 1}]}, "grade is red"),
        ({"thresholds": LINES[::-1]}, "gravest grade"),
        (
            {"thresholds": [{"grade": "red", "index": 1}, {"grade": "blue", "index": 1}]},
            "downwards",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sr.InputError, match=message):
        roll(A, **options)


def test_weights_belong_to_the_index_alone() -> None:
    tree = sr.Divisions.read(DIVISIONS)
    for rule in ("worst", "count"):
        with pytest.raises(sr.InputError, match=f"not to '{rule}'"):
            tree.rollup(register(A), rule=rule, weights=WEIGHTS)
    with pytest.raises(sr.InputError, match="worst, count and index"):
        tree.rollup(register(A), rule="mean")


def write_dataset(folder: Path) -> Path:
    data = folder / "data"
    data.mkdir()
    (data / "risk_points.csv").write_text(
        "id,L,E,C,division\nP1,10,10,100,990101\nP2,1,1,7,990102\n", encoding="utf-8"
    )
    (data / "divisions.csv").write_text(
        "code,name\n99,示例省\n9901,示例市\n990101,西山县\n990102,东河区\n", encoding="utf-8"
    )
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "dataset.toml").write_text('format = 1\nid = "small"\ncrs = "wgs84"\n')
    return data


def test_jobs_and_the_command_line_take_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_dataset(tmp_path)
    rule = (
        'rule = "index"\nper = "point"\n'
        "weights = { red = 10, orange = 5, yellow = 2, blue = 1 }\n"
        'thresholds = [{ grade = "red", index = 10 }, { grade = "blue", index = 0 }]\n'
    )
    job = tmp_path / "job.toml"
    job.write_text(
        JOB.replace('level = "county"\n', 'level = "county"\n' + rule, 1), encoding="utf-8"
    )
    result = run_job(job)
    (written,) = [path for path in result.files if path.name == "rollup-county.csv"]
    text = written.read_text(encoding="utf-8-sig")
    assert "index" in text.splitlines()[0].split(",")
    assert "index(red 10" in text

    drawn = tmp_path / "m.svg"
    with pytest.raises(SystemExit) as left:
        cli.main(
            ["map", str(data / "risk_points.csv"), "-m", "lec", "--divisions", str(data / "divisions.csv"),
             "--boundaries", str(data / "boundaries.geojson"), "-o", str(drawn), "--rule", "index",
             "--weight", "red=10", "--weight", "orange=5", "--weight", "yellow=2", "--weight", "blue=1",
             "--threshold", "red=10", "--threshold", "blue=0", "--fail-on", "never"]
        )  # fmt: skip
    assert left.value.code == 0, capsys.readouterr().err
    assert "加权指数" in drawn.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(
            ["map", str(data / "risk_points.csv"), "-m", "lec", "--divisions", str(data / "divisions.csv"),
             "--boundaries", str(data / "boundaries.geojson"), "-o", str(drawn), "--rule", "index",
             "--weight", "red=ten"]
        )  # fmt: skip
    assert left.value.code == 2
    with pytest.raises(sr.InputError, match="'index' without thresholds"):
        sr.map(sr.Divisions.read(data / "divisions.csv", data / "boundaries.geojson").rollup(
            sr.grade(data / "risk_points.csv", "lec"), rule="index", weights=WEIGHTS), "x")  # fmt: skip
