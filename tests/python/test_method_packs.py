"""Every method of the library against its sources and against a second evaluator.

Golden values are those that the sources print or that were worked by hand from their tables;
``support_methods`` grades by exact fractions from a pack's JSON alone.
"""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

import safetyrisk as sr
from support_methods import Outcome, evaluate, exact, in_range

PACKS: dict[str, dict[str, Any]] = {
    pack.id: json.loads(pack.canonical) for pack in sr.packs("method")
}


def answers(pack: str, rows: list[dict[str, Any]]) -> list[Outcome]:
    """What the library says of rows, each a dict of inputs."""
    names = sorted({name for row in rows for name in row})
    table: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    table["id"] = [f"r{i}" for i in range(len(rows))]
    graded = sr.grade(table, pack).to_columns()
    labels = {band["printed"]: band["label"] for band in PACKS[pack]["content"].get("bands", [])}
    out = []
    for i in range(len(rows)):
        score = graded["score"][i]
        out.append(
            Outcome(
                status=graded["status"][i],
                score=None if score is None or score != score else float(score),
                label=labels.get(graded["band"][i]),
                grade=graded["grade"][i],
                override=graded["override"][i],
            )
        )
    return out


def one(pack: str, **inputs: Any) -> Outcome:
    (answer,) = answers(pack, [inputs])
    return answer


# ---- published and worked values -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("L", "S", "R", "grade"),
    [(6, 5, 30, "red"), (5, 5, 25, "orange"), (4, 4, 16, "yellow"), (3, 6, 18, "orange"),
     (6, 6, 36, "red"), (3, 3, 9, "yellow"), (1, 6, 6, "blue"), (2, 2, 4, "blue")],
)  # fmt: skip
def test_coal_matrices_agree_on_published_cells(L: int, S: int, R: int, grade: str) -> None:
    for pack in ("ls.coal_8", "ls.coal_9"):
        answer = one(pack, L=L, S=S)
        assert (answer.score, answer.grade) == (R, grade)


def test_the_two_coal_profiles_differ_at_8_alone() -> None:
    cells = [{"L": L, "S": S} for L in range(1, 7) for S in range(1, 7)]
    from_8, from_9 = answers("ls.coal_8", cells), answers("ls.coal_9", cells)
    differing = [
        (cell["L"], cell["S"], a.grade, b.grade)
        for cell, a, b in zip(cells, from_8, from_9, strict=True)
        if a.grade != b.grade
    ]
    assert differing == [(2, 4, "yellow", "blue"), (4, 2, "yellow", "blue")]
    for cell, answer in zip(cells, from_8, strict=True):
        r = cell["L"] * cell["S"]
        want = "red" if r >= 30 else "orange" if r >= 18 else "yellow" if r >= 8 else "blue"
        assert (answer.score, answer.grade) == (r, want)


@pytest.mark.parametrize(
    ("M", "E", "S", "R", "label", "grade"),
    [(3, 6, 10, 180, "1", "red"), (5, 6, 4, 120, "2", "orange"), (1, 10, 8, 80, "3", "yellow"),
     (3, 2, 8, 48, "4", "blue"), (1, 6, 2, 12, "5", "blue"), (1, 0.5, 1, 0.5, "5", "blue"),
     (5, 10, 10, 500, "1", "red")],
)  # fmt: skip
def test_mes_published_values(
    M: float, E: float, S: float, R: float, label: str, grade: str
) -> None:
    for pack in ("mes.a", "mes.b"):
        answer = one(pack, M=M, E=E, S=S)
        assert (answer.score, answer.label, answer.grade) == (R, label, grade)


def test_all_mes_triples_and_the_edges_that_sources_set_differently() -> None:
    triples = [
        {"M": M, "E": E, "S": S}
        for M in (5, 3, 1) for E in (10, 6, 3, 2, 1, 0.5) for S in (10, 8, 4, 2, 1)
    ]  # fmt: skip
    scores = [t["M"] * t["E"] * t["S"] for t in triples]
    reachable = {24, 25, 30, 36, 40, 48, 50, 60, 72, 80, 90, 100, 120, 144, 150, 180, 200, 240,
                 300, 400, 500}  # fmt: skip
    assert {s for s in scores if s > 20} == reachable  # the list of the source above 20
    usual, over = answers("mes.a", triples), answers("mes.over", triples)
    moved = set()
    for r, a, b in zip(scores, usual, over, strict=True):
        band = 1 if r >= 180 else 2 if r >= 90 else 3 if r >= 50 else 4 if r >= 20 else 5
        assert (a.score, a.label) == (r, str(band))
        assert a.grade == ("red", "orange", "yellow", "blue", "blue")[band - 1]
        if a.grade != b.grade:
            moved.add((r, a.grade, b.grade))
    assert moved == {
        (180, "red", "orange"), (90, "orange", "yellow"), (50, "yellow", "blue"),
    }  # fmt: skip


# ---- the packs against the second evaluator ------------------------------------------------------


def edges(content: dict[str, Any], name: str) -> set[float]:
    """Numbers that the pack compares an input with."""
    found: set[float] = set()

    def of_range(text: str) -> None:
        for part in text[1:-1].split(","):
            if part.strip() not in ("inf", "-inf"):
                found.add(float(part))

    for step in content.get("steps", []):
        if step["do"] == "scale" and step["of"] == name:
            for row in step["rows"]:
                if "range" in row:
                    of_range(row["range"])
        for rule in step.get("rules", []):
            for left, _, right in rule["when"]:
                if left == name and isinstance(right, int | float) and not isinstance(right, bool):
                    found.add(float(right))
    if any(step["do"] == "sum" and step["of"] == [name] for step in content.get("steps", [])):
        for band in content.get("bands", []):
            of_range(band["range"])
    return found


def candidates(content: dict[str, Any], item: dict[str, Any]) -> list[Any]:
    """Values worth trying for an input: all that are listed, both sides of every edge."""
    if item["kind"] == "steps":
        values: list[Any] = [step["value"] for step in item["steps"]]
    elif item["kind"] == "choice":
        values = [word for choice in item["choices"] for word in (choice["id"], choice["zh"])]
    elif item["kind"] == "flag":
        values = [True, False]
    elif item["kind"] == "count":
        near = {0, 1, 2, 3, *(int(e) + d for e in edges(content, item["id"]) for d in (-1, 0, 1))}
        values = [v for v in near if v >= 0]
    else:
        step = 10.0 ** -item.get("decimals", 2)
        near_edges = edges(content, item["id"]) | {
            float(part) for part in item["range"][1:-1].split(",") if "inf" not in part
        }
        values = [
            round(e + d, item.get("decimals", 6))
            for e in near_edges | {1.0, 7.0, 60.0}
            for d in (-step, 0.0, step)
        ]
        values = [v for v in values if in_range(item["range"], exact(v))]
    return [*values, None] if not item.get("needed", True) else values


def rows_of(pack: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Rows for a pack: its own test cases, all combinations where they are few, else a draw."""
    content = pack["content"]
    own = [case["inputs"] for case in pack["tests"]]
    if content["form"] == "product":
        grids: dict[str, list[Any]] = {}
        for factor in content["factors"]:
            if "steps" in factor:
                grids[factor["id"]] = [step["value"] for step in factor["steps"]]
            else:
                grids[factor["id"]] = [k / 10 ** factor["decimals"] for k in range(1, 101)]
    else:
        grids = {item["id"]: candidates(content, item) for item in content["inputs"]}
    combinations = 1
    for values in grids.values():
        combinations *= len(values)
    if combinations <= 4 * count:
        every = itertools.product(*grids.values())
        return own + [dict(zip(grids, values, strict=True)) for values in every]
    draw = random.Random(pack["pack"])
    rows = []
    for _ in range(count):
        # Rare values are drawn rarely, so that checklists are not all at their floors.
        row = {name: draw.choice(values) for name, values in grids.items()}
        if content["form"] == "chain" and len(grids) > 10 and draw.random() < 0.7:
            row = {
                name: value if draw.random() < 0.15 else quiet(grids[name])
                for name, value in row.items()
            }
        if draw.random() < 0.1:
            row[draw.choice(list(row))] = None
        rows.append(row)
    return own + rows


def quiet(values: list[Any]) -> Any:
    """The value that says "nothing of the kind"."""
    return next((v for v in (False, 0, "none", 1) if v in values), values[0])


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_grades_as_the_second_evaluator_says(name: str) -> None:
    pack = PACKS[name]
    rows = rows_of(pack, 300)
    seen = set()
    for row, got in zip(rows, answers(name, rows), strict=True):
        want = evaluate(pack, row)
        assert got.status == want.status, row
        assert (got.label, got.grade, got.override) == (want.label, want.grade, want.override), row
        if want.score is None:
            assert got.score is None, row
        else:
            assert got.score == pytest.approx(want.score, rel=1e-12, abs=0), row
        seen.add(want.label)
    bands = {band["label"] for band in pack["content"].get("bands", [])}
    assert bands <= seen  # every level is met


@pytest.mark.parametrize("name", PACKS)
def test_the_cases_in_a_pack_are_what_the_second_evaluator_says(name: str) -> None:
    pack = PACKS[name]
    assert pack["tests"]
    for case in pack["tests"]:
        want = evaluate(pack, case["inputs"])
        for key in ("score", "label", "grade", "override", "status"):
            if key in case:
                assert getattr(want, key) == case[key], case
