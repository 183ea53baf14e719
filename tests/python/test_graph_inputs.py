"""What a check says when a table, a column or a cell is not there: never a breach, never a pass."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import synthetic

COUNTY, PLANTED = synthetic.plant_defects(seed=1)
Tables = dict[str, dict[str, Any]]
RULES = [
    rule
    for pack in sr.packs()
    if pack.id == "rules.national"
    for rule in json.loads(pack.canonical)["content"]["rules"]
    if not rule.get("not_in")
]
# (table, column) without which no graph can be read at all.
KEYS = {
    ("divisions", "code"),
    ("duties", "subject"),
    *((table, "id") for table in ("nodes", "enterprises", "risk_points", "hazards", "tasks")),
    ("nodes", "kind"),
    *(("edges", column) for column in ("source", "target", "kind")),
    *(("records", column) for column in ("subject", "action", "date")),
}
# Without days everything holds always, without a confidence every edge is stated, without links it is
# for all of them: that is a statement of its own.
SPOKEN = {"valid_from", "valid_to", "confidence", "links"}
# The defect itself stood in what is taken away, and the rule has its other subjects: a second
# parent (edges), departments and regulators of regions (enterprises as ends of edges, each named by
# graph.end_unknown).
GONE = {("edges", "RT-07"), *(("enterprises", rule) for rule in ("RD-02", "RD-08", "RS-03"))}


def check(
    tables: Tables, on: str | None = None
) -> tuple[dict[str, tuple[str, str]], set[tuple[str, str, str]]]:
    """By rule its status and reason; (rule, first node, sentence) of each finding."""
    graph = sr.ResponsibilityGraph.from_tables(
        **tables, data_date=COUNTY.data_date, jurisdiction=COUNTY.jurisdiction
    )
    found = json.loads(graph.check(on=on).to_json())
    status = {rule["rule"]: (rule["status"], rule["reason"]) for rule in found["rules"]}
    return status, {(f["rule"], f["nodes"][0]["id"], f["message"]) for f in found["findings"]}


@pytest.fixture(scope="module")
def whole() -> tuple[dict[str, tuple[str, str]], set[tuple[str, str, str]]]:
    return check(COUNTY.tables)


@pytest.mark.parametrize("table", list(COUNTY.tables))
def test_what_is_not_given_is_not_assessed(
    table: str, whole: tuple[dict[str, tuple[str, str]], set[tuple[str, str, str]]]
) -> None:
    """Each table and each column is taken away in turn, from a county with a defect per rule."""
    before, findings = whole
    for column in [None, *COUNTY.tables[table]]:
        if (table, column) in KEYS or column in SPOKEN:
            continue
        tables: Tables = dict(COUNTY.tables)
        if column is None:
            del tables[table]
        else:
            tables[table] = {k: v for k, v in tables[table].items() if k != column}
        after, found = check(tables)
        new = found - findings
        # What is said of the same thing in other words is not new.
        old = {(rule, node) for rule, node, _ in findings}
        assert {n[2] for n in new if n[:2] not in old} == set(), (table, column)
        if column is None:
            lacking = {rule["id"] for rule in RULES if table in rule["tables"]}
            assert {after[rule][0] for rule in lacking} <= {"not_assessed"}, table
        passed = [
            rule
            for rule, (status, reason) in after.items()
            if status == "holds" and not reason and before[rule][0] == "fails"
        ]
        assert [r for r in passed if column or (table, r) not in GONE] == [], (table, column)


def test_a_rule_is_asked_from_the_first_day_of_its_text() -> None:
    """The day before it is not in force, on the day it is; whatever else it then lacks."""
    days = sorted({rule["valid_from"] for rule in RULES if rule["valid_from"]})
    assert len(days) >= 5
    graph = sr.ResponsibilityGraph.from_tables(
        **COUNTY.tables, data_date=COUNTY.data_date, jurisdiction=COUNTY.jurisdiction
    )
    for day in days:
        first = date.fromisoformat(day)
        for on, is_asked in ((first - timedelta(days=1), False), (first, True)):
            found = json.loads(graph.check(on=on.isoformat()).to_json())
            reason = {rule["rule"]: rule["reason"] for rule in found["rules"]}
            for rule in RULES:
                if rule["valid_from"] == day:
                    assert ("施行" not in reason[rule["id"]]) == is_asked, (rule["id"], on)


# Rules whose planted defect is edges alone, so that it can begin on a day.
TURNED = {
    "RD-01",
    "RD-02",
    "RD-03",
    "RD-05",
    "RD-07",
    "RD-08",
    "RD-10",
    "RD-12",
    "RD-13",
    "RD-14",
    "RE-01",
    "RE-06",
    "RE-08",
    "RE-16",
    "RG-01",
    "RG-02",
    "RG-04",
    "RG-05",
    "RG-07",
    "RG-08",
    "RK-02",
    "RK-03",
    "RK-04",
    "RK-05",
    "RK-06",
    "RS-01",
    "RS-02",
    "RS-03",
    "RS-07",
    "RS-09",
    "RT-01",
    "RT-02",
    "RT-05",
    "RT-06",
    "RT-07",
    "RT-08",
}


def test_a_defect_begins_on_the_day_of_its_edges() -> None:
    """Edges of the clean county end the day before, those of the planted one begin: on the day
    before each rule that edges decide finds nothing of it, on the day it does."""
    clean = synthetic.fictional_county(seed=1).tables["edges"]
    planted = COUNTY.tables["edges"]
    columns = list(planted)
    last = COUNTY.data_date
    before = last - timedelta(days=1)

    def rows(table: dict[str, Any]) -> list[tuple[Any, ...]]:
        size = len(table["source"])
        return list(zip(*(table.get(c, [None] * size) for c in columns), strict=True))

    old, new = rows(clean), rows(planted)
    gone, come = set(old) - set(new), set(new) - set(old)
    start, end = columns.index("valid_from"), columns.index("valid_to")
    merged = []
    for row in [*(r for r in old if r in gone), *new]:
        cells = list(row)
        if row in gone and (cells[end] is None or cells[end] == ""):
            cells[end] = before.isoformat()
        if row in come and (cells[start] is None or cells[start] == ""):
            cells[start] = last.isoformat()
        merged.append(cells)
    edges = {c: [row[i] for row in merged] for i, c in enumerate(columns)}
    tables: Tables = {**COUNTY.tables, "edges": edges}
    _, found_before = check(tables, before.isoformat())
    _, found = check(tables, last.isoformat())
    witnesses = {(row[0], row[1]) for row in zip(PLANTED["rule"], PLANTED["nodes"], strict=True)}
    turned = set()
    for rule, nodes in witnesses:
        node = nodes.split(";")[0]
        there = any(f[:2] == (rule, node) for f in found)
        early = any(f[:2] == (rule, node) for f in found_before)
        if there and not early:
            turned.add(rule)
    assert turned >= TURNED
