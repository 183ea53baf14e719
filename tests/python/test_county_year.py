"""The county's year: every omission that was planted is found, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import synthetic
from safetyrisk.synthetic import FictionalYear


@pytest.fixture(scope="module", params=[1, 2])
def year(request: pytest.FixtureRequest) -> FictionalYear:
    return synthetic.fictional_year(seed=request.param)


@pytest.fixture(scope="module")
def graph(year: FictionalYear) -> sr.ResponsibilityGraph:
    tables = {n: t for n, t in year.tables.items() if n not in ("hazard_events", "hazards")}
    return sr.ResponsibilityGraph.from_tables(
        **tables, data_date=year.data_date, jurisdiction=year.jurisdiction
    )


def rows(table: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def test_every_omission_is_found_and_nothing_else(year, graph) -> None:
    found = graph.assess(year.tables["duties"], year.tables["records"])
    told = {
        (r["duty"], r["subject"] or "", r["object"] or "", r["due"].isoformat(), r["status"])
        for r in found.where("overdue", "done_late", "not_assessable")._rows()
    }
    planted = {
        (r["duty"], r["subject"], r["object"], r["due"], r["status"]) for r in rows(year.omissions)
    }
    assert len(planted) > 20
    assert told == planted
    counts = found.counts()
    # All others are done: what is due on the last day of the year, too.
    assert counts["due"] == counts["not_due"] == 0
    assert counts["overdue"] == sum(p[4] == "overdue" for p in planted)
    assert counts["done"] > 6000


def test_every_wrong_record_is_an_issue(year, graph) -> None:
    found = graph.assess(year.tables["duties"], year.tables["records"])
    wrong = [(r["row"], r["issue"]) for r in rows(year.wrong) if r["table"] == "records"]
    told = [(i.row, i.code) for i in found.issues if i.table == "records" and i.severity == "error"]
    assert sorted(told) == sorted(wrong)
    counts = found.counts()
    assert counts["records_in"] == counts["records_used"] + len(wrong)


def test_every_flaw_of_hazards_is_found_and_nothing_else(year, graph) -> None:
    register = graph.hazards(year.tables["hazards"], year.tables["hazard_events"])
    planted = Counter((r["hazard"], r["what"]) for r in rows(year.hazards))
    hazards, events = year.tables["hazards"], year.tables["hazard_events"]
    told: Counter[tuple[str, str]] = Counter()
    for issue in register.issues:
        table = events["hazard"] if issue.table == "hazard_events" else hazards["id"]
        told[table[issue.row], issue.code] += 1
    for row in register.standings(year.data_date)._rows():
        told[row["hazard"], "overdue"] += row["overdue"]
    for row in register.duplicates()._rows():
        told[row["hazard"], "duplicate"] += 1
    for row in register.recurrences(12)._rows():
        told[row["hazard"], "recurrence"] += 1
    assert +told == planted
    counts = register.counts()
    refused = sum(i.table == "hazard_events" and i.severity == "error" for i in register.issues)
    assert counts["events_used"] == counts["events_in"] - refused


def test_the_year_is_the_same_every_time(year) -> None:
    assert synthetic.fictional_year(seed=1).tables == synthetic.fictional_year(seed=1).tables
