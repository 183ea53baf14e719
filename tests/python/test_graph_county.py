"""The invented county: whole, the same every time, and what was done to its second copy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

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
