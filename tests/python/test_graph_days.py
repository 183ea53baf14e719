"""Answers of a day know the relations that hold on that day, and no others.

A graph with rows that begin later or have ended is compared with one that never had them: the
tables are drawn at random, every question is asked of both, and nothing may differ. HAS_POST and
PART_OF say where posts and places belong, so that all questions hang on them.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

import safetyrisk as sr

DAY = "2026-03-15"
COLUMNS = ("source", "target", "kind", "sectors", "duty", "valid_from", "valid_to")
POST_KINDS = ("gov_principal", "safety_deputy", "dept_principal", "dept_safety_deputy",
              "village_head", "grid_leader", "grid_officer", "party_principal")  # fmt: skip
SECTORS = ("machinery", "fireworks", "construction")
TOWNS = ("360924100", "360924101")
VILLAGES = ("360924100001", "360924101001")


class Drawn:
    """Tables of a small county; edges as tuples in the order of COLUMNS."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        dice = self.dice
        self.units = ["gov", "party", "towngov", "bureau", "office", "brigade"]
        kinds = ["government", "party_committee", "government", "dept", "dept", "dept"]
        seats = ["360924", "360924", dice.choice(TOWNS), "360924", "360924", "360924"]
        nodes: list[tuple[str | None, ...]] = [
            (unit, kind, unit, None, None, seat)
            for unit, kind, seat in zip(self.units, kinds, seats, strict=True)
        ]
        self.grids = [f"g{i}" for i in range(4)]
        for grid in self.grids:
            seat = dice.choice((*VILLAGES, None))
            nodes.append((grid, "grid", grid, None, None, seat))
        self.posts = [f"p{i}" for i in range(8)]
        for post, kind in zip(self.posts, POST_KINDS, strict=True):
            unit = dice.choice((None, None, dice.choice(self.units)))
            nodes.append((post, "post", post, kind, unit, None))
        nodes += [(f"w{i}", "person", f"w{i}", None, None, None) for i in range(4)]
        names = ("id", "kind", "name", "post_kind", "unit", "division")
        self.nodes = {name: [row[i] for row in nodes] for i, name in enumerate(names)}
        plants = [f"e{i}" for i in range(4)]
        self.enterprises = {
            "id": plants,
            "name": plants,
            "division": [dice.choice((*TOWNS, *VILLAGES)) for _ in plants],
            "sectors": [dice.choice(SECTORS) for _ in plants],
            "colour": [dice.choice(("red", "blue")) for _ in plants],
        }
        edges = [
            ("bureau", "360924", "REGULATES", "machinery;fireworks", None),
            ("office", dice.choice(TOWNS), "REGULATES", "construction", None),
            ("bureau", "360924", "COMPREHENSIVE", None, None),
            (dice.choice(self.posts), "bureau", "IN_CHARGE_OF", None, None),
            (dice.choice(self.posts), "gov", "SAFETY_DUTY", None, "first"),
            (dice.choice(self.posts), "e0", "PRINCIPAL_OF", None, None),
            ("gov", "towngov", "LEADS", None, None),
        ]
        edges += [(f"w{i}", dice.choice(self.posts), "HOLDS", None, None) for i in range(4)]
        edges += [(dice.choice(self.grids), e, "GRID_COVERS", None, None) for e in plants]
        edges += [(dice.choice(self.posts), e, "PAIRED_WITH", None, None) for e in plants]
        self.edges = [(*edge, None, None) for edge in edges]
        # One of each kind holds always, so that a later row is never the first of its kind.
        self.edges.append(("gov", "p0", "HAS_POST", None, None, None, None))
        self.edges.append(("g0", VILLAGES[0], "PART_OF", None, None, None, None))

    def move(self, first: str | None, last: str | None) -> tuple[str | None, ...]:
        """A row that gives a post to a unit or puts a grid into a place, on these days."""
        if self.dice.random() < 0.5:
            ends = self.dice.choice(self.units), self.dice.choice(self.posts), "HAS_POST"
        else:
            ends = self.dice.choice(self.grids), self.dice.choice((*VILLAGES, *TOWNS)), "PART_OF"
        return (*ends, None, None, first, last)

    def graph(self, *more: tuple[str | None, ...]) -> sr.ResponsibilityGraph:
        rows = [*self.edges, *more]
        return sr.ResponsibilityGraph.from_tables(
            nodes=self.nodes,
            edges={name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)},
            enterprises=self.enterprises,
            divisions={
                "code": ["360924", *TOWNS, *VILLAGES],
                "name": ["县", "一镇", "二镇", "一村", "二村"],
            },
            data_date="2026-12-31",
            jurisdiction=["360924"],
        )


def answers(graph: sr.ResponsibilityGraph, drawn: Drawn, on: str = DAY) -> dict[str, Any]:
    """Every question of a graph on one day."""
    all_of = graph.who_all(on=on)
    told: dict[str, Any] = {
        "check": graph.check(on=on).to_json(),
        "coverage": graph.coverage(on=on).to_json(),
        "load": graph.load(on=on).to_json(),
        "who_all": [part.to_json() for part in (all_of.members, all_of.answers, all_of.missing)],
        "dissolve": graph.what_if(sr.Dissolve("bureau"), on=on).to_json(),
        "merge": graph.what_if(sr.Merge(["bureau", "office"], into="bureau"), on=on).to_json(),
        "posts of gov": graph.select({"kind": "post", "where": [["unit", "=", "gov"]]}, on),
        "in the village": graph.select({"kind": "grid", "in": VILLAGES[0]}, on),
    }
    for plant in drawn.enterprises["id"]:
        told[f"who {plant}"] = graph.who(plant, on=on).to_json()
        told[f"accountability {plant}"] = graph.accountability(plant, deaths=3, on=on).to_json()
        told[f"contacts {plant}"] = str(graph.contacts(plant, on=on))
        told[f"superior {plant}"] = str(graph.common_superior(plant, "e0", on=on))
    for post in drawn.posts:
        told[f"duties {post}"] = str(graph.duty_list(post, on=on))
        told[f"explain {post}"] = str(graph.explain(post, "e1", on=on))
    return told


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert [name for name in one if one[name] != other[name]] == []


@pytest.mark.parametrize("seed", range(12))
def test_rows_that_begin_later_are_not_known_earlier(seed: int) -> None:
    drawn = Drawn(seed)
    now = [drawn.move("2026-01-01", None) for _ in range(3)]
    later = [drawn.move("2026-03-16", None) for _ in range(6)]
    assert_same(answers(drawn.graph(*now, *later), drawn), answers(drawn.graph(*now), drawn))


@pytest.mark.parametrize("seed", range(12))
def test_rows_that_ended_are_no_longer_known(seed: int) -> None:
    drawn = Drawn(100 + seed)
    now = [drawn.move("2026-01-01", "2026-03-15") for _ in range(3)]
    ended = [drawn.move("2025-01-01", "2026-03-14") for _ in range(6)]
    assert_same(answers(drawn.graph(*now, *ended), drawn), answers(drawn.graph(*now), drawn))


def test_the_questions_do_hang_on_these_rows() -> None:
    # Without this the two above could pass by asking nothing.
    differ = set()
    for seed in range(12):
        drawn = Drawn(seed)
        first = answers(drawn.graph(), drawn)
        moved = drawn.graph(*(drawn.move("2026-03-15", None) for _ in range(6)))
        second = answers(moved, drawn)
        differ |= {name.split()[0] for name in first if first[name] != second[name]}
    assert differ >= {"check", "who", "accountability", "contacts", "who_all", "load", "duties",
                      "explain", "posts", "in", "dissolve"}  # fmt: skip


def test_a_post_without_a_unit_and_a_place_without_a_parent_say_so() -> None:
    drawn = Drawn(0)
    drawn.nodes["unit"] = [None] * len(drawn.nodes["id"])
    drawn.nodes["division"] = [
        None if node in drawn.grids else seat
        for node, seat in zip(drawn.nodes["id"], drawn.nodes["division"], strict=True)
    ]
    graph = drawn.graph(
        ("bureau", "p2", "HAS_POST", None, None, "2026-03-16", None),
        ("g1", VILLAGES[0], "PART_OF", None, None, "2026-03-16", None),
    )
    assert "当日没有所属单位" in str(graph.duty_list("p2", on=DAY))
    assert "of no unit on that day" in str(graph.duty_list("p2", on=DAY, lang="en"))
    assert "当日没有所属单位" not in str(graph.duty_list("p2", on="2026-03-16"))

    def lost(on: str) -> set[str]:
        found = graph.check(on=on, rules=["RT-07"])
        return {one.nodes[0] for one in found if "没有上级" in one.message}

    assert "g1" in lost(DAY)
    assert "g1" not in lost("2026-03-16")
