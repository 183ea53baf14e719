"""What a check says when a table, a column or a cell is not there: never a breach, never a pass."""

from __future__ import annotations

import json
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import synthetic

COUNTY, PLANTED = synthetic.plant_defects(seed=1)
Tables = dict[str, dict[str, Any]]
# (table, column) without which no graph can be read at all.
KEYS = {
    ("divisions", "code"),
    ("duties", "subject"),
    *((table, "id") for table in ("nodes", "enterprises", "risk_points", "hazards", "tasks")),
    ("nodes", "kind"),
    *(("edges", column) for column in ("source", "target", "kind")),
    *(("records", column) for column in ("subject", "action", "date")),
}
# Without days everything holds always, without a confidence every edge is stated: that is a
# statement of its own.
SPOKEN = {"valid_from", "valid_to", "confidence"}
# The defect itself stood in what is taken away, and the rule has its other subjects: a second
# parent (edges), departments and regulators of regions (enterprises as ends of edges, each named by
# graph.end_unknown).
GONE = {("edges", "RT-07"), *(("enterprises", rule) for rule in ("RD-02", "RD-08", "RS-03"))}


def check(tables: Tables) -> tuple[dict[str, tuple[str, str]], set[tuple[str, str, str]]]:
    """By rule its status and reason; (rule, first node, sentence) of each finding."""
    graph = sr.ResponsibilityGraph.from_tables(
        **tables, data_date=COUNTY.data_date, jurisdiction=COUNTY.jurisdiction
    )
    found = json.loads(graph.check().to_json())
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
        passed = [
            rule
            for rule, (status, reason) in after.items()
            if status == "holds" and not reason and before[rule][0] == "fails"
        ]
        assert [r for r in passed if column or (table, r) not in GONE] == [], (table, column)
