"""The invented county: whole, the same every time, and what was done to its second copy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import synthetic
from safetyrisk.synthetic import FictionalCounty


@pytest.fixture(scope="module")
def county() -> FictionalCounty:
    return synthetic.fictional_county(seed=1)


def ids(county: FictionalCounty) -> list[str]:
    """Ids of all nodes, in all tables."""
    tables = county.tables
    out: list[str] = list(tables["divisions"]["code"])
    for table in ("nodes", "enterprises", "risk_points", "hazards", "tasks"):
        out += tables[table]["id"]
    return out


def test_the_county_has_the_size_that_was_asked_for(county: FictionalCounty) -> None:
    enterprises = county.tables["enterprises"]
    assert len(enterprises["id"]) > 800
    assert len(set(enterprises["sectors"])) == 25


def test_every_reference_of_the_county_is_to_a_row_of_it(county: FictionalCounty) -> None:
    known = ids(county)
    assert [i for i, n in Counter(known).items() if n > 1] == []
    there = set(known)
    references: dict[str, tuple[str, ...]] = {
        "nodes": ("unit", "division", "using_unit"),
        "edges": ("source", "target"),
        "enterprises": ("division",),
        "risk_points": ("enterprise", "division", "controlling_post"),
        "hazards": ("enterprise", "found_by", "closed_by", "verified_by", "responsible"),
        "tasks": ("unit",),
        "duties": ("subject",),
        "records": ("subject", "object"),
    }
    for table, columns in references.items():
        for column in columns:
            cells: list[Any] = county.tables[table][column]
            assert {c for c in cells if c is not None} <= there, (table, column)


def test_the_county_is_the_same_every_time(county: FictionalCounty) -> None:
    assert synthetic.fictional_county(seed=1).tables == county.tables
    assert synthetic.fictional_county(seed=2).tables != county.tables


# ---- what the rules say --------------------------------------------------------------------------

PLANS = {"RK-10", "RK-12", "RK-13"}  # of the room `plan`


def graph_of(county: FictionalCounty, issues: tuple[str, ...] = ()) -> sr.ResponsibilityGraph:
    graph = sr.ResponsibilityGraph.from_tables(
        **county.tables, data_date=county.data_date, jurisdiction=county.jurisdiction
    )
    assert tuple(issue.code for issue in graph.issues) == issues
    return graph


# The circle of leading planted for RS-01 gives a department a second superior.
SECOND_SUPERIOR = ("graph.edges_too_many",)


@pytest.mark.parametrize("profile", ["national", "shandong", "shenzhen"])
def test_no_rule_finds_anything_in_the_county(county: FictionalCounty, profile: str) -> None:
    found = graph_of(county).check(profile=profile)
    assert [(one.rule, one.nodes) for one in found.of()] == []
    silent = {one.rule for one in found}
    # A safety director is asked for by provinces only (RE-09).
    assert silent == PLANS | ({"RE-09"} if profile == "national" else set())
    assert found.rules.counts()["holds"] == 79 - len(silent)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_defect_is_found_and_nothing_else(seed: int) -> None:
    county, planted = synthetic.plant_defects(seed)
    graph = graph_of(county, SECOND_SUPERIOR)
    rows = [dict(zip(planted, row, strict=True)) for row in zip(*planted.values(), strict=True)]
    assert len({row["rule"] for row in rows}) == 76
    for profile in ("national", "shandong"):
        found = graph.check(profile=profile).of()
        wanted: Counter[tuple[str, str]] = Counter()
        for row in rows:
            if row["profile"] not in ("national", profile):
                continue
            nodes = row["nodes"].split(";")
            wanted[row["rule"], nodes[0]] += 1
            assert any(
                one.rule == row["rule"]
                and one.nodes[0] == nodes[0]
                and set(nodes) <= set(one.nodes)
                for one in found
            ), row
            for consequence in filter(None, row["consequences"].split(";")):
                rule, _, node = consequence.partition(":")
                wanted[rule, node] += 1
        assert Counter((one.rule, one.nodes[0]) for one in found) == wanted


def test_the_order_of_rows_changes_no_finding() -> None:
    county, _ = synthetic.plant_defects(seed=1)
    backwards = {
        name: {column: cells[::-1] for column, cells in table.items()}
        for name, table in county.tables.items()
    }
    there = graph_of(FictionalCounty(backwards), SECOND_SUPERIOR)
    here = graph_of(county, SECOND_SUPERIOR)
    columns = ["rule", "severity", "nodes", "edges", "message", "cure", "status"]
    first, second = here.check().to_columns(), there.check().to_columns()
    for column in columns:
        assert first[column].tolist() == second[column].tolist()


def test_everybody_is_answered_for_in_every_mandatory_capacity(county: FictionalCounty) -> None:
    graph = graph_of(county)
    for enterprise in county.tables["enterprises"]["id"][::37]:
        answer = graph.who(enterprise)
        assert len(answer.missing) == 0, enterprise
        for capacity in ("C1", "C4", "C6", "C9"):
            assert answer.nodes(capacity), (enterprise, capacity)
