"""Answers beyond the grade, against brute force over the second evaluator of ``support_methods``."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk import _core
from safetyrisk.scoring import method as find_method
from support_methods import Outcome, evaluate
from test_method_packs import PACKS, answers, candidates, rows_of

GRADES = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
PRODUCTS = [name for name, pack in PACKS.items() if pack["content"]["form"] == "product"]
LISTED = [name for name in PRODUCTS if all("steps" in f for f in PACKS[name]["content"]["factors"])]
LEVELLED = [n for n, p in PACKS.items() if p["content"].get("scale", {}).get("kind") != "measure"]


def height(pack: dict[str, Any], outcome: Outcome) -> int | None:
    """How grave an outcome is: by colour where there is one, else by level."""
    if outcome.label is None:
        return None
    if outcome.grade is not None:
        return GRADES[outcome.grade]
    labels = [band["label"] for band in pack["content"]["bands"]]
    return len(labels) - labels.index(outcome.label)


def grid(pack: dict[str, Any]) -> tuple[list[str], list[list[float]]]:
    factors = pack["content"]["factors"]
    return [f["id"] for f in factors], [sorted(s["value"] for s in f["steps"]) for f in factors]


def by_grid(name: str) -> tuple[list[str], list[list[float]], dict[tuple[float, ...], int]]:
    pack = PACKS[name]
    names, steps = grid(pack)
    found = {}
    for values in itertools.product(*steps):
        mark = height(pack, evaluate(pack, dict(zip(names, values, strict=True))))
        assert mark is not None
        found[values] = mark
    return names, steps, found


def ways_of(answer: sr.scoring.Graded | Any) -> dict[tuple[int, str, int], list[dict[str, Any]]]:
    """Changes by row, direction and how many grades; each way as {input: change}."""
    out: dict[tuple[int, str, int], dict[int, dict[str, Any]]] = {}
    for change in answer.changes._rows():
        key = (change["row"], change["direction"], change["by"])
        way = out.setdefault(key, {}).setdefault(change["way"], {})
        way[change["input"]] = change
    return {key: list(ways.values()) for key, ways in out.items()}


# ---- counterfactuals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "held"),
    [
        (name, held)
        for name in LISTED
        for held in ([], ["C"], ["S"], ["L", "E"])
        if set(held) <= {factor["id"] for factor in PACKS[name]["content"]["factors"]}
    ],
)
def test_the_smallest_changes_are_those_of_brute_force(name: str, held: list[str]) -> None:
    names, steps, found = by_grid(name)
    rows = list(found)
    table: dict[str, Any] = {n: [row[k] for row in rows] for k, n in enumerate(names)}
    answer = sr.counterfactual({"id": list(range(len(rows)))} | table, name, fixed=held)
    ways = ways_of(answer)
    aims = {(r["row"], r["direction"], r["by"]): r["status"] for r in answer._rows()}
    place = [{value: p for p, value in enumerate(values)} for values in steps]
    where = {row: tuple(place[k][v] for k, v in enumerate(row)) for row in rows}
    asked = random.Random(name).sample(rows, min(len(rows), 25))
    for row in asked:
        here = found[row]
        for raises in (False, True):
            marks = sorted({m for m in found.values() if (m > here if raises else m < here)})
            for by, wanted in enumerate(marks if raises else marks[::-1], start=1):
                best: tuple[int, int] | None = None
                ties: set[tuple[float, ...]] = set()
                for other, mark in found.items():
                    if mark < wanted if raises else mark > wanted:
                        continue
                    moved = [k for k in range(len(names)) if other[k] != row[k]]
                    if any(names[k] in held for k in moved):
                        continue
                    size = (len(moved), sum(abs(where[other][k] - where[row][k]) for k in moved))
                    if best is None or size < best:
                        best, ties = size, set()
                    if size == best:
                        ties.add(other)
                key = (rows.index(row), "raise" if raises else "lower", by)
                if best is None:
                    assert aims[key] == "unreachable", (row, key)
                    assert key not in ways
                    continue
                assert aims[key] == "found"
                got = set()
                for way in ways[key]:
                    changed = dict(zip(names, row, strict=True))
                    for one, change in way.items():
                        assert change["side"] == "="
                        assert float(change["from"]) == changed[one]
                        changed[one] = float(change["to"])
                    got.add(tuple(changed.values()))
                assert got == ties, (row, key)
                assert len(ways[key]) == len(got)


def just_beyond(change: dict[str, Any], item: dict[str, Any]) -> Any:
    """The value of a change, or where its edge is open the next number beyond it."""
    if item["kind"] == "choice":
        return change["to"]
    if item["kind"] == "flag":
        return change["to"] == "是"
    value = float(change["to"])
    if change["side"] in ("<", ">"):
        return math.nextafter(value, math.inf if change["side"] == ">" else -math.inf)
    return int(value) if item["kind"] == "count" else value


def filled(pack: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Rows of a pack that have a level."""
    return [row for row in rows_of(pack, count) if height(pack, evaluate(pack, row)) is not None]


def table_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = sorted({name for row in rows for name in row})
    return {"id": list(range(len(rows)))} | {n: [row.get(n) for row in rows] for n in names}


@pytest.mark.parametrize("name", [n for n in LEVELLED if n not in PRODUCTS])
def test_ways_of_every_chain_hold_and_no_single_change_was_missed(name: str) -> None:
    pack = PACKS[name]
    items = {item["id"]: item for item in pack["content"]["inputs"]}
    rows = random.Random(name).sample(every := filled(pack, 60), min(len(every), 25))
    answer = sr.counterfactual(table_of(rows), name)
    ways = ways_of(answer)
    heights = [height(pack, evaluate(pack, row)) for row in rows]
    count = len(pack["content"]["bands"])
    colours = {band.get("grade") for band in pack["content"]["bands"]}
    marks = sorted(GRADES[c] for c in colours) if None not in colours else list(range(1, count + 1))
    for r in answer._rows():
        row, here = rows[r["row"]], heights[r["row"]]
        raises = r["direction"] == "raise"
        beyond = [m for m in marks if (m > here if raises else m < here)]
        wanted = (beyond if raises else beyond[::-1])[r["by"] - 1]

        def reached(values: dict[str, Any], wanted: int = wanted, raises: bool = raises) -> bool:
            mark = height(pack, evaluate(pack, values))
            return mark is not None and (mark >= wanted if raises else mark <= wanted)

        # Free numbers are doubles in the arithmetic, so that an edge is one of doubles.
        def graded(values: dict[str, Any], wanted: int = wanted, raises: bool = raises) -> bool:
            (outcome,) = answers(name, [values])
            mark = height(pack, outcome)
            return mark is not None and (mark >= wanted if raises else mark <= wanted)

        if (r["way"] or 1) > 5:
            continue  # ties of thousands
        if r["status"] == "found":
            way = ways[r["row"], r["direction"], r["by"]][r["way"] - 1]
            changed = row | {k: just_beyond(c, items[k]) for k, c in way.items()}
            assert graded(changed), (row, way)
            assert len(way) == r["changed"]
            for one, change in way.items():  # an edge is the nearest: one hair less does not do
                if change["side"] not in ("<", ">") or items[one].get("decimals") is not None:
                    continue
                assert not graded(changed | {one: float(change["to"])}), (row, way)
        if r["way"] in (None, 1) and (r["status"] != "found" or r["changed"] > 1):
            for one, item in items.items():
                if row.get(one) is None:
                    continue
                for value in candidates(pack["content"], item):
                    if value is not None:
                        assert not reached(row | {one: value}), (row, r["status"], one, value)


@pytest.mark.parametrize("every", [1, 4])
def test_many_flags_of_a_criterion_are_settled_by_proof(every: int) -> None:
    pack = PACKS["criteria_industry_trade.2023"]
    names = [item["id"] for item in pack["content"]["inputs"]]
    row: dict[str, Any] = {name: [k % every == 0] for k, name in enumerate(names)}
    answer = sr.counterfactual({"id": ["厂"]} | row, "criteria_industry_trade.2023")
    (lower,) = [r for r in answer._rows() if r["direction"] == "lower"]
    assert (lower["status"], lower["changed"]) == ("found", sum(v[0] for v in row.values()))
    assert {c["to"] for c in answer.changes._rows()} == {"否"}


def test_a_direct_rule_keeps_its_grade() -> None:
    row = {"id": ["a"], "L": [1], "S": [1], "breach_mandatory_clause": [True]}
    graded = sr.grade(row, "ls", direct="direct.shandong")
    if graded.to_columns()["override"][0] is None:
        pytest.fail("the rule does not hold")
    answer = sr.counterfactual(graded)
    assert {r["status"] for r in answer._rows()} == {"kept"}
    assert "直接判定" in answer.text()


def test_rows_without_a_level_are_there_and_say_so() -> None:
    table = {"id": ["a", "b", "c"], "L": [3, None, 7], "S": [3, 3, 3]}
    answer = sr.counterfactual(table, "ls", lang="en")
    assert [r["status"] for r in answer._rows() if r["row"] in (1, 2)] == ["not_graded"] * 2
    assert answer.text(1).endswith("has no grade to compare with.")
    measure = sr.counterfactual({"id": ["a"], "loss": [1], "staff": [10]},
                                "loss_rate.per_thousand_staff")  # fmt: skip
    assert [r["status"] for r in measure._rows()] == ["no_levels"]


def test_counterfactuals_of_rows_by_number_and_id_and_wrong_calls() -> None:
    table = {"id": ["甲", "乙"], "L": [3, 5], "S": [3, 5]}
    assert {r["id"] for r in sr.counterfactual(table, "ls", rows=["乙"])._rows()} == {"乙"}
    assert {r["id"] for r in sr.counterfactual(table, "ls", rows=-1)._rows()} == {"乙"}
    with pytest.raises(sr.NotFoundError):
        sr.counterfactual(table, "ls", rows=2)
    with pytest.raises(sr.NotFoundError, match="fixed"):
        sr.counterfactual(table, "ls", fixed="X")
    with pytest.raises(sr.InputError):
        sr.counterfactual(table, "ls", rows=[])
    with pytest.raises(sr.InputError, match="graded already"):
        sr.counterfactual(sr.grade(table, "ls"), "lec")
    with pytest.raises(sr.NotFoundError):
        sr.counterfactual(table, "ls", rows=0).text(1)


def test_several_free_numbers_are_named_and_not_invented() -> None:
    rows = {"id": [1], "L_leader": [5], "L_department": [5], "L_operator": [5], "S": [1]}
    answer = sr.counterfactual(rows, "ls.water_reservoir")
    for r in answer._rows():
        if r["status"] == "several_numbers":
            assert "→?" in r["changes"]
            assert r["score"] is None


# ---- directions ----------------------------------------------------------------------------------

#: Inputs whose direction cannot be shown: compared with each other, or wholly free in a pack.
UNSURE = {
    "reaction.process_class": {"mtsr", "mtt", "td24"},
    "reaction.severity": {"temperature_rise", "pressure"},
}


def test_the_direction_of_every_input_is_known_but_of_those_named() -> None:
    for name in LEVELLED:
        found = {
            one["input"]: one["direction"] for one in _core.input_directions(find_method(name))
        }
        unsure = {key for key, direction in found.items() if direction == "unknown"}
        assert unsure == UNSURE.get(name, set()), name
    assert set(UNSURE) <= set(LEVELLED)


def by_order(item: dict[str, Any], direction: dict[str, Any], values: list[Any]) -> list[Any]:
    """Values from the mildest to the gravest."""
    known = [v for v in values if v is not None]
    if item["kind"] == "choice":
        rank = {one: k for k, group in enumerate(direction["order"]) for one in group}
        known = sorted((v for v in known if v in rank), key=lambda v: rank[v])
    else:
        known = sorted(known)
    return known[::-1] if direction["direction"] == "down" else known


@pytest.mark.parametrize("name", LEVELLED)
def test_worsening_a_judgement_never_improves_a_level(name: str) -> None:
    pack = PACKS[name]
    directions = {one["input"]: one for one in _core.input_directions(find_method(name))}
    content = pack["content"]
    if content["form"] == "product":
        items = [{"id": i, "kind": "steps", "steps": [{"value": v} for v in values]}
                 for i, values in zip(*grid(pack), strict=True)] if name in LISTED else []  # fmt: skip
    else:
        items = content["inputs"]
    draw = random.Random(name)
    rows = filled(pack, 40)
    for row in draw.sample(rows, min(len(rows), 25)):
        for item in draw.sample(items, min(len(items), 12)):
            direction = directions[item["id"]]
            if direction["direction"] == "unknown" or row.get(item["id"]) is None:
                continue
            values = by_order(item, direction, candidates(content, item))
            marks = [height(pack, evaluate(pack, row | {item["id"]: v})) for v in values]
            seen = [mark for mark in marks if mark is not None]
            assert seen == sorted(seen), (row, item["id"], values, marks)
            if direction["direction"] == "none":
                assert len(set(seen)) <= 1


# ---- uncertain inputs ----------------------------------------------------------------------------


def brute(name: str, spreads: dict[str, dict[Any, Fraction]]) -> dict[str, Fraction]:
    """Probability of each label from all combinations, in fractions."""
    out: dict[str, Fraction] = {}
    for values in itertools.product(*(one.items() for one in spreads.values())):
        weight = math.prod((w for _, w in values), start=Fraction(1))
        row = dict(zip(spreads, (v for v, _ in values), strict=True))
        label = evaluate(PACKS[name], row).label or ""
        out[label] = out.get(label, Fraction(0)) + weight
    return out


def spread_cell(spread: dict[Any, Fraction]) -> dict[Any, float]:
    return {value: float(weight) for value, weight in spread.items()}


def random_spread(draw: random.Random, values: list[Any]) -> dict[Any, Fraction]:
    values = list(dict.fromkeys(values))
    some = draw.sample(values, draw.randint(1, min(4, len(values))))
    parts = [draw.randint(1, 8) for _ in some]
    return {v: Fraction(p, sum(parts)) for v, p in zip(some, parts, strict=True)}


@pytest.mark.parametrize("name", ["lec.t1", "ls.db37", "mes.a", "unit_hazard.usual", "env_risk.hj169",
                                  "accident_class.493", "diagnosis.2018"])  # fmt: skip
def test_probabilities_by_enumeration_are_those_of_fractions(name: str) -> None:
    pack = PACKS[name]
    draw = random.Random(name)
    for row in draw.sample(rows := filled(pack, 30), min(len(rows), 12)):
        if name in PRODUCTS:
            ids, steps = grid(pack)
            values = dict(zip(ids, steps, strict=True))
        else:
            values = {
                item["id"]: [v for v in candidates(pack["content"], item) if v is not None]
                for item in pack["content"]["inputs"]
            }
        values = {key: one for key, one in values.items() if row.get(key) is not None}
        chosen = set(draw.sample(sorted(values), min(3, len(values))))
        spreads = {
            key: random_spread(draw, values[key]) if key in chosen else {row[key]: Fraction(1)}
            for key in values
        }
        cells = {key: [spread_cell(spread)] for key, spread in spreads.items()}
        answer = sr.uncertain({"id": ["x"]} | cells, name)
        want = brute(name, spreads)
        got = {one["level"]: one["p"] for one in answer.levels._rows()}
        got[""] = answer._rows()[0]["p_without"]
        if want.get("") == 1:  # nothing of it has a level
            assert answer._rows()[0]["way"] == "none"
            continue
        for label in set(want) | set(got):
            assert got.get(label, 0) == pytest.approx(float(want.get(label, 0)), abs=1e-12)
        assert sum(got.values()) == pytest.approx(1, abs=1e-12)


def lec_table(n: int = 300) -> dict[str, Any]:
    draw = random.Random(5)
    cells = {
        "L": ["3:0.5;6:0.5", "0.5~3", "1", "6: 30%; 10: 70%"],
        "E": ["[3, 10]", "6", "2:0.25;3:0.75"],
        "C": ["15:0.2;40:0.8", "7至40", "3"],
    }
    return {"id": [f"p{i}" for i in range(n)]} | {
        key: [draw.choice(values) for _ in range(n)] for key, values in cells.items()
    }


def test_draws_agree_with_enumeration_within_their_error() -> None:
    table = lec_table()
    exact = sr.uncertain(table, "lec").to_columns()
    drawn = sr.uncertain(table, "lec", most_exact=0, draws=4000, seed=3)
    assert set(exact["way"]) <= {"exact", "certain"}
    columns = drawn.to_columns()
    for colour in ("p_red", "p_orange", "p_yellow", "p_blue"):
        # Five standard errors of the true probability, and one draw.
        room = 5 * np.sqrt(exact[colour] * (1 - exact[colour]) / 4000) + 1 / 4000
        assert (np.abs(columns[colour] - exact[colour]) <= room).all()
    total = sum(columns[f"p_{c}"] for c in ("red", "orange", "yellow", "blue"))
    assert np.allclose(total, 1, atol=1e-12)


def test_draws_depend_on_seed_and_id_alone() -> None:
    table = lec_table()
    first = sr.uncertain(table, "lec", most_exact=0, draws=500, seed=1, threads=1)
    again = sr.uncertain(table, "lec", most_exact=0, draws=500, seed=1, threads=3)
    assert first.to_json() == again.to_json()
    order = list(range(len(table["id"])))
    random.Random(0).shuffle(order)
    mixed = {key: [cells[i] for i in order] for key, cells in table.items()}
    rows = {r["id"]: r for r in first._rows()}
    for r in sr.uncertain(mixed, "lec", most_exact=0, draws=500, seed=1)._rows():
        assert r == rows[r["id"]]
    assert sr.uncertain(table, "lec", most_exact=0, draws=500, seed=2).to_json() != first.to_json()


def test_numbers_are_drawn_from_their_distributions() -> None:
    def p(cell: str, seed: int = 0) -> dict[str, float]:
        table = {"id": ["a"], "mtsr": [cell], "mtt": [1000], "td24": [1500]}
        answer = sr.uncertain(table, "reaction.process_class", draws=20000, seed=seed)
        return {one["level"]: one["p"] for one in answer.levels._rows()}

    # MTSR below MTT below T_D24 is class 1, above MTT another: the share below 1000.
    def below(cell: str) -> float:
        plain = sr.uncertain(
            {"id": ["a"], "mtsr": [500], "mtt": [1000], "td24": [1500]}, "reaction.process_class"
        )
        (level,) = plain.levels._rows()
        return p(cell).get(level["level"], 0.0)

    assert below("uniform(800, 1400)") == pytest.approx(1 / 3, abs=0.02)
    # Triangular: the distribution function by hand, (x-a)²/((b-a)(m-a)) up to the mode.
    assert below("三角（800，1200，1400）") == pytest.approx(200**2 / (600 * 400), abs=0.02)
    assert below("triangular(600, 900, 1200)") == pytest.approx(1 - 200**2 / (600 * 300), abs=0.02)


def test_cells_that_are_no_distribution_are_rejected_by_name() -> None:
    table = {
        "id": list("abcdefgh"),
        "L": ["3:0.5;4:0.5", "6~3", "3:x", "uniform(1, 3)", None, "3", "3:-1;6:2", "3~"],
        "S": ["3"] * 8,
    }
    answer = sr.uncertain(table, "ls")
    way = answer.to_columns()["way"].tolist()
    assert way == ["exact", "none", "none", "none", "none", "certain", "none", "none"]
    assert sorted({i.row for i in answer.issues if i.row >= 0}) == [1, 2, 3, 4, 6, 7]
    meant = {i.row: i.value for i in answer.issues if i.code.startswith("scoring.spread_")}
    assert meant == {r: table["L"][r] for r in (1, 2, 3, 6, 7)}
    with pytest.raises(sr.InputError, match="no inputs any more"):
        sr.uncertain(sr.grade({"id": [1], "L": [3], "S": [3]}, "ls"), "ls")
    with pytest.raises(sr.InputError):
        sr.uncertain(table, "ls", seed=-1)
    with pytest.raises(sr.InputError):
        sr.uncertain(table, "ls", draws=0)
    with pytest.raises(sr.InputError, match="two ends"):
        sr.uncertain({"id": [1], "L": [(1, 2, 3)], "S": [3]}, "ls")


def test_choices_and_flags_may_be_uncertain() -> None:
    pack = PACKS["unit_hazard.usual"]
    (row,) = [r for r in filled(pack, 5) if evaluate(pack, r).label][:1]
    first, second = (c["id"] for c in pack["content"]["inputs"][0]["choices"][:2])
    table = {key: [value] for key, value in row.items()} | {"id": ["x"]}
    table["material"] = [{first: 0.25, second: 0.75}]
    got = {o["level"]: o["p"] for o in sr.uncertain(table, "unit_hazard.usual").levels._rows()}
    want: dict[str, float] = {}
    for choice, p in ((first, 0.25), (second, 0.75)):
        label = evaluate(pack, row | {"material": choice}).label
        assert label is not None
        want[label] = want.get(label, 0) + p
    assert got == pytest.approx(want)


# ---- sensitivity ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTED)
def test_neighbours_are_those_of_the_grid(name: str) -> None:
    names, steps, found = by_grid(name)
    rows = list(found)
    table: dict[str, Any] = {n: [row[k] for row in rows] for k, n in enumerate(names)}
    answer = sr.sensitivity({"id": list(range(len(rows)))} | table, name)
    for r in answer._rows():
        row = rows[r["row"]]
        marks = [
            found[*row[:k], values[q], *row[k + 1 :]]
            for k, values in enumerate(steps)
            for q in (values.index(row[k]) - 1, values.index(row[k]) + 1)
            if 0 <= q < len(values)
        ]
        assert r["neighbours"] == len(marks)
        assert r["raised"] == sum(m > found[row] for m in marks)
        assert r["lowered"] == sum(m < found[row] for m in marks)
        assert r["changed"] == r["raised"] + r["lowered"]
        assert r["share"] == pytest.approx(r["changed"] / len(marks))
    whole = answer._rows()
    parts = answer.inputs._rows()
    for key in ("neighbours", "changed", "raised", "lowered"):
        assert sum(r[key] for r in whole) == sum(r[key] for r in parts)


def pairs_of(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    for same in by_id.values():
        yield from itertools.combinations(sorted(same, key=lambda r: r["grader"]), 2)


def test_disagreement_against_pairs_counted_by_hand() -> None:
    draw = random.Random(8)
    rows = [
        {"id": f"o{o}", "grader": g, "L": draw.randint(1, 5), "S": draw.randint(2, 4)}
        for o in range(30)
        for g in "甲乙丙"
        if draw.random() < 0.9
    ]
    table = {key: [row[key] for row in rows] for key in ("id", "grader", "L", "S")}
    answer = sr.disagreement(table, "ls")
    pack = PACKS["ls.db37"]

    def mark(L: int, S: int) -> int:
        found = height(pack, evaluate(pack, {"L": L, "S": S}))
        assert found is not None
        return found

    pairs = differ = matter = 0
    alone = {"L": 0, "S": 0}
    for a, b in pairs_of(rows):
        pairs += 1
        if (a["L"], a["S"]) == (b["L"], b["S"]):
            continue
        differ += 1
        ma, mb = mark(a["L"], a["S"]), mark(b["L"], b["S"])
        if ma == mb:
            continue
        matter += 1
        for key in ("L", "S"):
            swapped_a = {k: (b if k == key else a)[k] for k in ("L", "S")}
            swapped_b = {k: (a if k == key else b)[k] for k in ("L", "S")}
            alone[key] += a[key] != b[key] and (mark(**swapped_a) != ma or mark(**swapped_b) != mb)
    counts = answer.counts()
    assert (counts["pairs"], counts["inputs_differ"], counts["grades_differ"]) == (
        pairs, differ, matter,
    )  # fmt: skip
    assert answer.share == pytest.approx(matter / differ)
    assert {r["input"]: r["matters"] for r in answer.inputs._rows()} == alone
    order = random.Random(1).sample(range(len(rows)), len(rows))
    mixed = {key: [cells[i] for i in order] for key, cells in table.items()}
    assert sr.disagreement(mixed, "ls").to_json() == answer.to_json()
    with pytest.raises(sr.InputError, match="graders"):
        sr.disagreement({"id": [1], "L": [1], "S": [1]}, "ls")


def test_one_grader_who_says_two_things_is_no_pair() -> None:
    table = {"id": ["o"] * 3, "grader": ["甲", "甲", "乙"], "L": [1, 5, 2], "S": [5, 5, 5]}
    answer = sr.disagreement(table, "ls")
    assert answer.counts()["pairs"] == 0
    assert [i.code for i in answer.issues if i.row >= 0] == ["scoring.duplicate_conflict"] * 2


def test_every_answer_speaks_both_languages_and_escapes() -> None:
    row = {"id": ["<b>&"], "L": [3], "S": [3]}
    long = {"id": ["<b>&"] * 2, "grader": ["<i>", "乙"], "L": [3, 5], "S": [3, 5]}
    for lang in ("zh", "en"):
        for answer in (
            sr.counterfactual(row, "ls", lang=lang),
            sr.sensitivity(row, "ls", lang=lang),
            sr.uncertain(row, "ls", lang=lang),
            sr.disagreement(long, "ls", lang=lang),
        ):
            page = answer._repr_html_()
            assert "<b>" not in page
            assert "<i>" not in page
            text = answer.text()
            assert any("一" <= c <= "鿿" for c in text) == (lang == "zh")


# ---- several methods -----------------------------------------------------------------------------


def resolved(rule: str, grades: list[str | None], order: list[int]) -> str | None:
    """The combined grade by hand."""
    given = [g for g in grades if g is not None]
    if not given:
        return None
    if rule == "gravest":
        return max(given, key=GRADES.__getitem__)
    if rule == "majority":
        return max(given, key=lambda g: (given.count(g), GRADES[g]))
    return next((grades[k] for k in order if grades[k] is not None), None)


@pytest.mark.parametrize(
    ("rule", "order"),
    [("gravest", []), ("majority", []), ("priority", [2, 0, 1]), ("main", [1])],
)
def test_combined_grades_are_those_of_the_rule_by_hand(rule: str, order: list[int]) -> None:
    draw = random.Random(rule)
    names = ["lec.t1", "ls.db37", "mes.a"]
    n = 200
    table: dict[str, list[Any]] = {"id": [f"p{i}" for i in range(n)]}
    for key, values in (("L", [1, 3, 5]), ("E", [0.5, 3, 10]), ("C", [1, 15, 100]),
                        ("S", [1, 3, 5]), ("M", [1, 3, 5])):  # fmt: skip
        table[key] = [None if draw.random() < 0.1 else draw.choice(values) for _ in range(n)]
    registers = {name: sr.grade(table, name) for name in names}
    answer = sr.combine(registers, rule=rule, order=[names[k] for k in order])
    columns = {name: g.to_columns()["grade"].tolist() for name, g in registers.items()}
    both = {(a, b): [0, 0, 0] for a in names for b in names if a != b}
    for i, row in enumerate(answer._rows()):
        grades = [columns[name][i] for name in names]
        assert [row[name] for name in names] == grades
        assert row["grade"] == resolved(rule, grades, order), row
        marks = [GRADES[g] for g in grades if g is not None]
        assert row["gap"] == (max(marks) - min(marks) if len(marks) > 1 else None)
        assert row["agree"] == (len(set(marks)) == 1 if len(marks) > 1 else None)
        if row["decided_by"]:
            assert row[row["decided_by"]] == row["grade"]
        for (a, b), counts in both.items():
            one, other = columns[a][i], columns[b][i]
            if one is not None and other is not None:
                counts[0] += 1
                counts[1] += one == other
                counts[2] += GRADES[one] > GRADES[other]
    for r in answer.matrix._rows():
        assert [r["both"], r["equal"], r["graver"]] == both[r["method"], r["other"]]
    widest = [r["gap"] for r in answer.widest(30)._rows()]
    gaps = sorted((r["gap"] for r in answer._rows() if r["gap"]), reverse=True)
    assert widest == gaps[:30]
    assert sum(answer.counts()[c] for c in GRADES) + answer.counts()["without_grade"] == n


def test_what_is_not_combined() -> None:
    point = {"id": [1], "L": [3], "E": [6], "C": [15], "S": [3], "deaths": [1], "total": [50],
             "serious_injuries": [0], "direct_loss": [10.0], "veto": [False]}  # fmt: skip
    with pytest.raises(sr.InputError, match="no colour"):
        sr.combine(point, ["lec", "park.2023"])
    assert len(sr.combine(point, ["lec", "park.2023"], colours="park_colours.usual")) == 1
    with pytest.raises(sr.InputError):
        sr.combine(point, ["lec", "accident_class"])
    with pytest.raises(sr.InputError, match="two methods"):
        sr.combine(point, ["lec"])
    with pytest.raises(sr.InputError, match="rule is"):
        sr.combine(point, ["lec", "ls"], rule="mean")
    with pytest.raises(sr.InputError, match="order"):
        sr.combine(point, ["lec", "ls"], rule="main")
    with pytest.raises(sr.InputError, match="methods is"):
        sr.combine(point)
    assert sr.combine(point, ["lec", "ls"], rule="main", order="ls").counts()["yellow"] == 1


def test_objects_of_one_register_alone_are_kept() -> None:
    a = sr.grade({"id": ["x", "y"], "L": [3, 3], "S": [3, 5]}, "ls")
    b = sr.grade({"id": ["y", "z"], "L": [3, 3], "E": [6, 6], "C": [15, 15]}, "lec")
    rows = {r["id"]: r for r in sr.combine([a, b])._rows()}
    assert list(rows) == ["x", "y", "z"]
    assert [rows[k]["methods"] for k in "xyz"] == [1, 2, 1]
    assert rows["z"]["decided_by"] == "lec.t1"


# ---- inherent, current, residual -----------------------------------------------------------------


def test_current_grades_day_by_day_against_a_replay_by_hand() -> None:
    draw = random.Random(4)
    points = [f"p{i}" for i in range(12)]
    register = {"id": points, "L": [draw.randint(1, 5) for _ in points],
                "S": [draw.randint(1, 5) for _ in points]}  # fmt: skip
    graded = sr.grade(register, "ls")
    inherent = dict(zip(points, graded.to_columns()["grade"].tolist(), strict=True))
    hazards: dict[str, list[Any]] = {
        k: [] for k in ("id", "risk_point", "grade", "found_on", "closed_on")
    }
    for h in range(40):
        found = draw.randint(1, 28)
        closed = draw.choice([None, draw.randint(found, 28)])
        for key, value in zip(hazards, (
            f"h{h:02}", draw.choice(points), draw.choice(["general", "重大", "一般"]),
            f"2026-03-{found:02}", closed and f"2026-03-{closed:02}",
        ), strict=True):  # fmt: skip
            hazards[key].append(value)
    colours = ["blue", "yellow", "orange", "red"]
    for rules, raises in (("current_grade.usual", 0), ("current_grade.strict", 1)):
        for day in (1, 9, 17, 28):
            on = f"2026-03-{day:02}"
            answer = sr.current(graded, hazards, on=on, rules=rules)
            want = {}
            for p in points:
                open_ones = [
                    g for g, at, f, c in zip(hazards["grade"], hazards["risk_point"],
                                             hazards["found_on"], hazards["closed_on"], strict=True)
                    if at == p and f <= on and (c is None or c > on)
                ]  # fmt: skip
                place = colours.index(inherent[p])
                if raises and any(g != "重大" for g in open_ones):
                    place = min(3, place + raises)
                want[p] = "red" if "重大" in open_ones else colours[place]
            assert {r["id"]: r["current"] for r in answer._rows()} == want
            last = dict(inherent)
            for entry in answer.log._rows():  # the log alone leads from inherent to current
                assert last[entry["id"]] == entry["before"]
                assert entry["date"] <= on
                last[entry["id"]] = entry["after"]
            assert last == want
            mixed = draw.sample(range(40), 40)
            again = {key: [cells[i] for i in mixed] for key, cells in hazards.items()}
            assert (
                sr.current(graded, again, on=on, rules=rules).log.to_json() == answer.log.to_json()
            )


def test_hazards_that_cannot_be_used_are_named_and_counted() -> None:
    graded = sr.grade({"id": ["a"], "L": [1], "S": [1]}, "ls")
    hazards = {
        "id": list("vwxyz"), "risk_point": ["a", "b", "a", "a", "a"],
        "grade": ["major", "major", "severe", "major", "major"],
        "found_on": ["2026-01-02", "2026-01-02", "2026-01-02", "2026-01-02", "2026-01-02"],
        "closed_on": [None, None, None, "2026-01-01", "2026-01-02"],
    }  # fmt: skip
    answer = sr.current(graded, hazards, on="2026-06-01", lang="en")
    assert answer.counts() == {
        "hazards_in": 5, "hazards_used": 2, "hazards_rejected": 3, "points_raised": 1,
        "points_unknown": 0,
    }  # fmt: skip
    codes = [i.code for i in answer.issues]
    assert sorted(codes) == [
        "scoring.hazard_date_wrong", "scoring.hazard_grade_unknown", "scoring.hazard_place_unknown",
    ]  # fmt: skip
    assert "rule major_open" in answer.text()
    with pytest.raises(sr.InputError):
        sr.current(graded, {"id": ["h"], "grade": ["major"]}, on="2026-01-01")
    with pytest.raises(sr.InputError):
        sr.current(graded, on="2026-01-01")
    with pytest.raises(sr.InputError):
        sr.current(graded, hazards, on=None)


def test_counts_by_enterprise_and_residual_grades() -> None:
    points = {"id": ["a", "b", "c"], "enterprise": ["E1", "E1", "E2"],
              "L": [3, 1, 3], "S": [3, 1, 3]}  # fmt: skip
    graded = sr.grade(points, "ls")
    counts = {"enterprise": ["E1"], "open_major_hazards": [2]}
    better = sr.grade(points | {"L": [1, 1, 2]}, "ls")
    answer = sr.current(graded, counts, on="2026-01-01", by="enterprise", residual=better)
    rows = answer._rows()
    assert [r["current"] for r in rows] == ["red", "red", "yellow"]
    assert [r["residual"] for r in rows] == better.to_columns()["grade"].tolist()
    assert [r["open_major"] for r in rows] == [2, 2, 0]
    assert len(answer.log) == 0
    own = sr.current(sr.grade(points | {"open_major_hazards": [1, None, 0]}, "ls"), on="2026-01-01")
    assert [r["current"] for r in own._rows()] == ["red", "blue", "yellow"]


def test_a_register_of_hazards_raises_points_as_its_rows_do() -> None:
    rows = {
        "id": ["h1", "h2", "h3", "h4"],
        "enterprise": ["e1", "e1", "e2", "e2"],
        "risk_point": ["p1", "p2", None, "p9"],
        "grade": ["重大", "一般", "重大", "一般"],
        "found_on": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
        "closed_on": [None, "2026-02-01", None, None],
    }
    graded = sr.grade({"id": ["p1", "p2"], "L": [1, 1], "S": [3, 3]}, "ls")
    for day in ("2026-01-06", "2026-03-01"):
        asked: dict[str, Any] = {"on": day, "rules": "current_grade.strict"}
        made = sr.current(graded, sr.read_hazards(rows), **asked)
        plain = sr.current(graded, rows, **asked)
        assert made.to_columns()["current"].tolist() == plain.to_columns()["current"].tolist()
        assert made.log._rows() == plain.log._rows()
        assert made.counts() == plain.counts()
        assert made.counts()["hazards_rejected"] == 2
        assert [i.code for i in made.issues] == [
            "scoring.hazard_place_missing", "scoring.hazard_place_unknown",
        ]  # fmt: skip


def test_a_count_that_is_missing_or_wrong_is_said_and_no_zero() -> None:
    point = {
        "id": list("abcd"), "L": [1] * 4, "S": [3] * 4, "open_major_hazards": ["1", None, "x", "0"],
    }  # fmt: skip
    answer = sr.current(point, on="2026-06-30", method="ls")
    assert answer.to_columns()["current"].tolist() == ["red", "blue", None, "blue"]
    said = {(i.code, i.row, i.value) for i in answer.issues}
    assert {("scoring.not_whole", 2, "x"), ("scoring.hazard_count_missing", None, "1")} <= {
        (code, None if row is None or row < 0 else row, value) for code, row, value in said
    }
    assert "未知" in answer.text(2)
    counts = {"risk_point": list("abd"), "open_major_hazards": ["2", "-1", "0"]}
    by_table = sr.current({k: v for k, v in point.items() if k != "open_major_hazards"}, counts,
                          on="2026-06-30", method="ls")  # fmt: skip
    assert by_table.counts() == {
        "hazards_in": 3, "hazards_used": 2, "hazards_rejected": 1, "points_raised": 1,
        "points_unknown": 1,
    }  # fmt: skip
    assert by_table.to_columns()["current"].tolist() == ["red", None, "blue", "blue"]


def test_a_hazard_that_cannot_be_read_leaves_its_point_unknown() -> None:
    """It may be the one that makes the point red, so the point is not as before."""
    graded = sr.grade({"id": ["a", "b", "c"], "L": [1] * 3, "S": [3] * 3}, "ls")
    rows = {
        "id": ["h1", "h2", "h3", "h3"], "risk_point": ["a", "b", "c", "c"],
        "grade": ["重大", "特大", "一般", "一般"], "found_on": ["三月", *["2026-01-05"] * 3],
    }  # fmt: skip
    answer = sr.current(graded, rows, on="2026-06-30", rules="current_grade.strict")
    found = answer.to_columns()
    assert found["current"].tolist() == [None, None, "yellow"]
    assert found["status"].tolist() == ["unknown", "unknown", "graded"]
    assert found["unread"].tolist() == ["h1", "h2", None]
    assert [i.code for i in answer.issues].count("hazard.row_repeated") == 1
    assert "现状未知" in answer.text(0)
    assert "没有计入的隐患：h1" in answer.text(0)
    assert "现状未知" in answer._repr_html_()


def test_a_pack_of_rules_is_held_to_its_own_tests(tmp_path: Any) -> None:
    (pack,) = [p for p in sr.packs() if p.id == "current_grade.strict"]
    document = json.loads(pack.canonical)
    document["pack"] = "current_grade.mine"
    document["tests"][0]["current"] = "red"
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    point = {"id": ["a"], "L": [1], "S": [3], "open_major_hazards": [0]}
    with pytest.raises(sr.InputError, match=r"tests\[0\].current.*the rules give blue"):
        sr.current(point, on="2026-06-30", method="ls", rules=path)


def test_rules_of_the_current_grade_that_contradict_themselves_do_not_load() -> None:
    graded = sr.grade({"id": ["a"], "L": [1], "S": [1], "open_major_hazards": [1]}, "ls")
    (pack,) = [p for p in sr.packs() if p.id == "current_grade.strict"]
    for change in ({"raise": 1, "set": "red"}, {"raise": 9}, {"raise": 1.5}, {"set": "green"}, {},
                   {"raise": 1, "count": "all"}):  # fmt: skip
        document = json.loads(pack.canonical)
        rule = {
            k: v for k, v in document["content"]["rules"][0].items() if k not in ("set", "raise")
        }
        document["content"]["rules"][0] = rule | change
        document["tests"] = []
        mine = _core.parse_pack(json.dumps(document, ensure_ascii=False), "my.json")
        with pytest.raises(sr.InputError):
            sr.current(graded, on="2026-01-01", rules=mine)


def test_text_without_a_row_tells_of_all() -> None:
    table = {"id": [f"p{i}" for i in range(23)], "L": [3] * 23, "S": [3] * 23}
    graded = sr.grade(table, "ls")
    no_hazards = {name: [] for name in ("id", "risk_point", "grade", "found_on")}
    answers: list[Any] = [
        sr.counterfactual(graded), sr.sensitivity(graded), sr.uncertain(table, "ls"),
        sr.combine(table | {"E": [3] * 23, "C": [3] * 23}, ["ls", "lec"]),
        sr.current(graded, no_hazards, on="2026-01-01"),
    ]  # fmt: skip
    for answer in answers:
        text = answer.text()
        assert all(f"p{i}：" in text for i in range(20))
        assert "p20：" not in text
        assert "另有 3 行" in text
        assert "p22：" in answer.text(22)
    empty = sr.counterfactual(sr.grade({"id": [], "L": [], "S": []}, "ls"))
    assert empty.text() == "没有可说明的行。"


def test_weights_of_a_cell_sum_to_one() -> None:
    """Weights that do not are a slip of the pen: which one, nobody knows."""
    table = {
        "id": list("abcde"),
        "L": ["3:0.5;4:0.4", "3:30%;4:70%", "3:1;4:3", "3:0.1;4:0.2;5:0.7", "均匀(1, 5)"],
        "S": ["3"] * 5,
    }
    answer = sr.uncertain(table, "ls")
    assert answer.to_columns()["way"].tolist() == ["none", "exact", "none", "exact", "none"]
    said = {i.row: i.message for i in answer.issues if i.code.startswith("scoring.spread")}
    assert "0.9" in said[0]
    assert "权数之和是 4" in said[2]
    assert "没有均匀、三角分布" in said[4]


def test_hazards_that_reading_left_out_leave_their_point_unknown() -> None:
    graded = sr.grade({"id": ["a", "b", "c"], "L": [1] * 3, "S": [3] * 3}, "ls")
    rows = {
        "id": ["h1", "h2", "h3", "h3"], "risk_point": ["a", "b", "c", "c"], "enterprise": ["e"] * 4,
        "grade": ["重大", "重大", "重大", "重大"],
        "found_on": ["三月", "2026-01-05", "2026-01-05", "2026-01-05"],
        "closed_on": [None, "2026-01-04", None, None],
    }  # fmt: skip
    answer = sr.current(graded, sr.read_hazards(rows), on="2026-06-30")
    assert answer.to_columns()["current"].tolist() == [None, None, "red"]
    assert answer.to_columns()["unread"].tolist() == ["h1", "h2", None]


def test_a_row_is_told_by_number_from_the_end_and_id() -> None:
    table = {"id": ["甲", "乙", "丙"], "L": [3, 3, 3], "S": [3, 4, 5]}
    graded = sr.grade(table, "ls")
    asked = sr.counterfactual(graded, rows=["乙", 2])
    for answer in (asked, sr.sensitivity(graded), sr.uncertain(table, "ls")):
        told = answer.text("乙")
        assert told.startswith("乙：")
        assert answer.text(1) == told == answer.text(-2)
        assert answer.in_language("en").text("乙").startswith("乙: ")
        with pytest.raises(sr.NotFoundError):
            answer.text("丁")
        with pytest.raises(sr.NotFoundError):
            answer.text(3)
        with pytest.raises(sr.NotFoundError):
            answer.text(-4)
    with pytest.raises(sr.NotFoundError, match="row 0 was not asked about"):
        asked.text(0)


def test_measured_numbers_that_were_not_varied_are_named() -> None:
    row = {"id": ["a"], "deaths": [1], "direct_loss": [999.0]}  # 1000 is the edge
    answer = sr.sensitivity(row | {"serious_injuries": [0]}, "accident_class.493")
    assert "测量值没有变动：直接经济损失" in answer.text()
    assert "稳定" not in answer.text()
    assert answer._rows()[0]["not_varied"] == "direct_loss"


def test_a_hazard_said_to_be_closed_without_a_day_leaves_the_current_grade_unknown() -> None:
    graded = sr.grade({"id": ["a"], "L": [1], "S": [2]}, "ls")
    hazard = {"id": ["H"], "risk_point": ["a"], "grade": ["重大"], "found_on": ["2026-03-01"]}
    for state, status in (("已销号", "unknown"), ("整改中", "graded")):
        current = sr.current(graded, hazard | {"state": [state]}, on="2026-06-30")
        assert current._rows()[0]["status"] == status
        codes = [issue.code for issue in current.issues]
        assert codes == (["scoring.hazard_closed_undated"] if status == "unknown" else [])


def test_answers_about_a_row_with_blanks_say_what_the_blanks_leave_open() -> None:
    # 30 deaths are 特别重大 whatever the blanks are; with 29 the blanks decide.
    row = {"id": ["a"], "deaths": [30], "serious_injuries": [None], "direct_loss": [None]}
    told = sr.sensitivity(row, "accident_class").text()
    assert "共 2 种，其中 0 种等级改变，1 种无法评定" in told
    assert "等级不变" not in told
    told = sr.counterfactual(row, "accident_class").text()
    assert "没有变动的输入：重伤人数（包括急性工业中毒）、直接经济损失。" in told


def test_an_open_major_hazard_is_told_of_a_point_without_an_inherent_grade() -> None:
    graded = sr.grade({"id": ["a"], "L": [None], "S": [2]}, "ls")
    hazard = {"id": ["H"], "risk_point": ["a"], "found_on": ["2026-03-01"], "closed_on": [None]}
    told = {
        grade: sr.current(graded, hazard | {"grade": [grade]}, on="2026-06-30").text()
        for grade in ("重大", "一般")
    }
    # The rule `usual`: 重大 makes it red whatever the inherent grade is, 一般 changes nothing.
    assert "固有未评定；2026-06-30 现状不低于重大风险（红色）（未销号重大隐患 1 项" in told["重大"]
    assert "固有未评定；2026-06-30 现状未知（未销号重大隐患 0 项、一般隐患 1 项" in told["一般"]


def test_the_tables_of_an_answer_say_what_they_are() -> None:
    table = {"id": ["a", "b"], "L": [3, 1], "E": [6, 6], "C": [15, 7], "S": [3, 2]}
    methods = {"LEC": sr.grade(table, "lec"), "LS": sr.grade(table, "ls")}
    assert "<strong>方法两两比较：2 行</strong>" in sr.combine(methods).matrix._repr_html_()
    english = sr.combine(methods, lang="en").matrix._repr_html_()
    assert "<strong>Methods compared: 2 rows</strong>" in english


def test_a_value_off_the_scale_is_told_once_and_not_as_a_form_that_cannot_be_read() -> None:
    # 4 is no step of L; the interval itself is written as it should be.
    answer = sr.uncertain({"id": ["a"], "L": ["3~4"], "E": [6], "C": [15]}, "lec")
    assert [(i.code, i.value) for i in answer.issues] == [("scoring.off_scale", "4")]
