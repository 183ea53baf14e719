"""The invented county: whole, the same every time, and what was done to its second copy."""

from __future__ import annotations

import datetime as dt
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


# What has a memory: a post is vacant for as long as nobody holds it, and a pairing of today has had
# no quarter yet in which a visit was due.
OF_THE_PAST = {("HOLDS", "RG-10"), ("PAIRED_WITH", "RS-05")}
# Where an edge that ended is not as one that has not begun: nobody was ever said to regulate, to lead
# or to sign, no row has yet filled the column of duties, and what a unit became stays so.
BEGUN = {
    "COMPREHENSIVE": {"RD-03"},
    "GRID_COVERS": {"RT-05"},
    "PAIRED_WITH": {"RS-04"},
    "PRINCIPAL_OF": {"RE-01"},
    "REGULATES": {"RD-01", "RD-06", "RD-09"},
    "SAFETY_DUTY": {"RG-01"},
    "SIGNED_WITH": {"RS-06"},
    "SUCCEEDS": {"RK-05", "RS-09"},
}


def test_every_rule_takes_the_first_and_the_last_day_of_an_edge_and_no_other() -> None:
    county, _ = synthetic.plant_defects(seed=1)
    edges = {column: list(cells) for column, cells in county.tables["edges"].items()}
    today = dt.date.fromisoformat(str(county.data_date))
    day = {n: (today + dt.timedelta(n)).isoformat() for n in (-1, 0, 1)}
    holds = [
        (not begin or str(begin) <= day[0]) and (not end or day[0] <= str(end))
        for begin, end in zip(edges["valid_from"], edges["valid_to"], strict=True)
    ]

    def dated(kind: str, begin: str, end: str) -> sr.ResponsibilityGraph:
        """The county with those of its edges of a kind that hold today dated so."""
        cells = dict(edges)
        for column, date in (("valid_from", begin), ("valid_to", end)):
            cells[column] = [
                date if held and of == kind else cell
                for held, of, cell in zip(holds, edges["kind"], edges[column], strict=True)
            ]
        return sr.ResponsibilityGraph.from_tables(
            **{**county.tables, "edges": cells},
            data_date=county.data_date,
            jurisdiction=county.jurisdiction,
        )

    def said(graph: sr.ResponsibilityGraph, on: str) -> Counter[tuple[str, str, str]]:
        rows = graph.check(on=on).to_columns()
        return Counter(
            zip(*(rows[name].tolist() for name in ("rule", "nodes", "status")), strict=True)
        )

    whole = said(graph_of(county, SECOND_SUPERIOR), day[0])
    depends: set[str] = set()
    for kind in sorted(set(edges["kind"])):
        one_day = dated(kind, day[0], day[0])
        ended = dated(kind, "1999-01-01", "1999-12-31")

        def rules(
            a: Counter[tuple[str, str, str]],
            b: Counter[tuple[str, str, str]],
            kind: str = kind,
        ) -> set[str]:
            """Rules that say one thing and another, but for what they remember."""
            return {rule for rule, _, _ in (a - b) + (b - a) if (kind, rule) not in OF_THE_PAST}

        assert rules(said(one_day, day[0]), whole) == set(), kind
        assert rules(said(one_day, day[1]), said(ended, day[1])) == set(), kind
        assert rules(said(one_day, day[-1]), said(ended, day[-1])) == BEGUN.get(kind, set()), kind
        depends |= rules(said(ended, day[0]), whole)
    assert len(depends) >= 45, sorted(depends)
