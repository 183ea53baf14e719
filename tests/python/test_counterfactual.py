"""The smallest changes of inputs, against brute force over packs whose numbers pull both ways."""

from __future__ import annotations

import itertools
import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from support_methods import evaluate
from test_beyond import height, just_beyond, ways_of
from test_method_packs import PACKS, candidates


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def pack_of(name: str, inputs: list[Any], steps: list[Any], edges: list[int]) -> dict[str, Any]:
    """A pack whose last step is graded by four ranges."""
    ends = ["-inf", *map(str, edges), "inf"]
    colours = ["blue", "yellow", "orange", "red"]
    return {
        "pack": f"both_ways.{name}", "kind": "method", "version": "1", "title": words("两向"),
        "source": [{"document": "测试", "clause": "一", "edition": "2026"}],
        "confidence": "D", "default": False, "tests": [],
        "content": {
            "form": "chain", "scale": {"id": "t", "kind": "risk", "name": words("级")},
            "inputs": [{"name": words(one["id"]), **one} for one in inputs],
            "steps": [{"name": words(one["id"]), **one} for one in steps],
            "result": steps[-1]["id"],
            "score": {"symbol": "R", "name": words("值")},
            "bands": [
                {"label": str(4 - b), "word": words(str(b)), "grade": colours[b],
                 "range": f"{'(' if b == 0 else '['}{ends[b]}, {ends[b + 1]})"}
                for b in (3, 2, 1, 0)
            ],
        },
    }  # fmt: skip


COUNT = {"id": "n", "kind": "count"}
MANAGED = {"id": "m", "kind": "steps",
           "steps": [{"value": v, **words(str(v))} for v in (1, 2, 3, 4)]}  # fmt: skip
NUMBER = {"id": "x", "kind": "number", "range": "[0, 20]", "decimals": 1}
FLAG = {"id": "f", "kind": "flag"}
CHOICE = {"id": "c", "kind": "choice", "choices": [{"id": c, **words(c)} for c in "pqr"]}


def rising(of: str, edge: str) -> dict[str, Any]:
    low, high = f"[0, {edge})", f"[{edge}, {'inf' if of == 'n' else '20]'}"
    return {"id": "a", "do": "scale", "of": of,
            "rows": [{"range": low, "value": 1},
                     {"range": high + (")" if of == "n" else ""), "value": 2}]}  # fmt: skip


def falling(of: str, points: float) -> dict[str, Any]:
    items = [{"id": "i", "name": words("扣"), "input": of, "points": points}]
    return {"id": "k", "do": "checklist", "points": 20, "floor": 0, "items": items}


BOTH_WAYS = {
    "scale_and_item": pack_of(
        "scale_and_item", [COUNT, MANAGED],
        [rising("n", "10"), falling("n", -0.5),
         {"id": "R", "do": "product", "of": ["a", "k", "m"]}], [20, 40, 60]),
    "parabola": pack_of(
        "parabola", [NUMBER, FLAG],
        [{"id": "k", "do": "checklist", "points": 20,
          "items": [{"id": "i", "name": words("扣"), "input": "x", "points": -1},
                    {"id": "j", "name": words("扣"), "input": "f", "points": 3}]},
         {"id": "R", "do": "product", "of": ["x", "k"]}], [30, 70, 99]),
    "rules": pack_of(
        "rules", [NUMBER, CHOICE, MANAGED],
        [{"id": "g", "do": "first", "else": 1,
          "rules": [{"when": [["x", ">=", 5], ["x", "<", 9.5], ["c", "=", "q"]], "value": 3},
                    {"when": [["c", "=", "r"], ["x", ">", 12]], "value": 2}]},
         falling("x", -1),
         {"id": "R", "do": "sum", "of": [{"step": "g", "weight": 10}, "k", "m"]}], [16, 25, 40]),
}  # fmt: skip
DOMAINS: dict[str, list[Any]] = {
    "n": list(range(61)), "m": [1, 2, 3, 4], "x": [k / 10 for k in range(201)],
    "f": [False, True], "c": ["p", "q", "r"],
}  # fmt: skip
#: The one order of c that both rules agree on: = "r" tells r from p and q, = "q" tells q from both.
CHOICES = {"r": 0, "p": 1, "q": 2}


def steps_between(kind: str, now: Any, then: Any) -> int:
    """Steps of one input, as the header of counterfactuals counts them."""
    if kind == "choice":
        return abs(CHOICES[then] - CHOICES[now])
    return int(abs(then - now)) if kind in ("count", "steps") else int(then != now)


def smallest(
    pack: dict[str, Any], marks: dict[tuple[Any, ...], int], row: tuple[Any, ...],
    wanted: int, raises: bool,
) -> tuple[tuple[int, int] | None, set[tuple[Any, ...]]]:  # fmt: skip
    """Size of the smallest change and all that tie, as the header of counterfactuals says."""
    items = pack["content"]["inputs"]
    best: tuple[int, int] | None = None
    ties: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for other, mark in marks.items():
        if mark < wanted if raises else mark > wanted:
            continue
        size = 0
        steps = 0
        side: list[Any] = []  # what is equal but for how far a number goes
        for item, now, then in zip(items, row, other, strict=True):
            free = item["kind"] == "number" and then != now
            side.append((then > now) if free else then)
            size += then != now
            steps += steps_between(item["kind"], now, then)
        if best is None or (size, steps) < best:
            best, ties = (size, steps), {}
        if (size, steps) == best:
            before = ties.get(tuple(side))
            gap = sum(abs(a - b) for a, b in zip(row, other, strict=True) if isinstance(a, float))
            if before is None or gap < sum(
                abs(a - b) for a, b in zip(row, before, strict=True) if isinstance(a, float)
            ):
                ties[tuple(side)] = other
    return best, set(ties.values())


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_number_that_pulls_both_ways_is_changed_as_brute_force_does(
    name: str, tmp_path: Path
) -> None:
    pack = BOTH_WAYS[name]
    items = {item["id"]: item for item in pack["content"]["inputs"]}
    marks = {}
    for values in itertools.product(*(DOMAINS[one] for one in items)):
        mark = height(pack, evaluate(pack, dict(zip(items, values, strict=True))))
        assert mark is not None
        marks[values] = mark
    (tmp_path / "pack.json").write_text(json.dumps(pack, ensure_ascii=False), encoding="utf-8")
    rows = random.Random(name).sample(list(marks), 30)
    table = {one: [row[k] for row in rows] for k, one in enumerate(items)}
    answer = sr.counterfactual({"id": list(range(len(rows)))} | table, str(tmp_path / "pack.json"))
    ways = ways_of(answer)
    status = {(r["row"], r["direction"], r["by"]): r for r in answer._rows()}
    asked = 0
    for r, row in enumerate(rows):
        for raises in (False, True):
            steps = range(marks[row] + 1, 5) if raises else range(marks[row] - 1, 0, -1)
            for by, wanted in enumerate(steps, start=1):
                key = (r, "raise" if raises else "lower", by)
                best, ties = smallest(pack, marks, row, wanted, raises)
                if best is None:
                    assert status[key]["status"] == "unreachable", (row, key)
                    continue
                asked += 1
                assert status[key]["status"] == "found", (row, key, best, ties)
                assert (status[key]["changed"], status[key]["steps"]) == best, (row, key, ties)
                got = {
                    tuple(
                        just_beyond(way[one], item) if one in way else now
                        for (one, item), now in zip(items.items(), row, strict=True)
                    )
                    for way in ways[key]
                }
                assert got == ties, (row, key)
    assert asked > 30


#: Chains of the library whose edges can be tried in every combination.
SMALL = {
    name: grids
    for name, pack in PACKS.items()
    if pack["content"]["form"] == "chain" and pack["content"].get("bands")
    for grids in [{i["id"]: [v for v in candidates(pack["content"], i) if v is not None]
                   for i in pack["content"]["inputs"]}]
    if 1 < math.prod(map(len, grids.values())) <= 6000
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_no_smaller_set_of_inputs_does_in_a_chain_of_the_library(name: str) -> None:
    pack = PACKS[name]
    grids = SMALL[name]
    marks = {
        values: height(pack, evaluate(pack, dict(zip(grids, values, strict=True))))
        for values in itertools.product(*grids.values())
    }
    graded = [values for values, mark in marks.items() if mark is not None]
    rows = random.Random(name).sample(graded, min(6, len(graded)))
    table = {one: [row[k] for row in rows] for k, one in enumerate(grids)}
    answer = sr.counterfactual({"id": list(range(len(rows)))} | table, name)
    heights = sorted({mark for mark in marks.values() if mark is not None})
    for r in answer._rows():
        row = rows[r["row"]]
        here = marks[row]
        assert here is not None
        raises = r["direction"] == "raise"
        if r["direction"] == "" or r["way"] not in (None, 1):
            continue
        beyond = [h for h in heights if (h > here if raises else h < here)]
        if len(beyond) < r["by"]:
            continue  # a level that no edge of the grid gives
        wanted = (beyond if raises else beyond[::-1])[r["by"] - 1]
        sizes = [
            sum(a != b for a, b in zip(row, other, strict=True))
            for other, mark in marks.items()
            if mark is not None and (mark >= wanted if raises else mark <= wanted)
        ]
        assert r["status"] != "open", (row, r)
        if r["status"] == "unreachable":
            assert not sizes, (row, r)
        else:
            assert r["changed"] <= min(sizes), (row, r)


def test_a_search_that_ends_early_is_open_and_says_how_far_it_came() -> None:
    row = {"id": ["a"], "deaths": [40], "serious_injuries": [200], "direct_loss": [20000]}
    answer = sr.counterfactual(row, "accident_class.493", most_trials=1)
    assert {r["status"] for r in answer._rows()} == {"open"}
    assert "没有定论" in answer.text()
    whole = sr.counterfactual(row, "accident_class.493")
    assert {(r["status"], r["changed"]) for r in whole._rows()} == {("found", 3)}
    assert "降两级为" in whole.text()


def test_a_heading_says_when_no_change_stops_at_its_level() -> None:
    row = {"id": ["a"], "mtsr": [100], "mtt": [80], "td24": [90]}
    text = sr.counterfactual(row, "reaction.process_class").text()
    assert "降为3 级：" in text
    # Below MTT = 80 it is class 1 at once, as MTT < TD24.
    assert "降两级为2 级或更轻：" in text
    assert "刚小于 80 ℃，成为1 级" in text
