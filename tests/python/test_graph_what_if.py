"""Coverage, load and what-ifs of the invented county, and of two graphs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk.synthetic import fictional_county

COUNTY = fictional_county(seed=1)


@pytest.fixture(scope="module")
def graph() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        **COUNTY.tables, data_date=COUNTY.data_date, jurisdiction=COUNTY.jurisdiction
    )


def regulators(graph: sr.ResponsibilityGraph) -> list[str]:
    """Departments that regulate a sector of the county, in id order."""
    edges = graph.edges.to_columns()
    wanted = (edges["kind"] == "REGULATES") & (edges["target"] == COUNTY.jurisdiction[0])
    return sorted(set(edges["source"][wanted].tolist()))


def differences(answer: sr.graph.WhatIf) -> dict[str, int]:
    names = [
        "orphans",
        "findings",
        "coverage",
        "load",
        "open_items",
        "obsolete_names",
        "lineage",
        "kept_wider",
    ]
    return {name: n for name in names if (n := len(getattr(answer, name)))}


def test_every_enterprise_of_the_clean_county_is_covered(graph: sr.ResponsibilityGraph) -> None:
    found = graph.coverage()
    assert found.counts()["none"] == found.unplaced == 0
    assert len(found.blind) == 0
    columns = found.to_columns()
    names = graph.nodes.to_columns()
    sectors = dict(zip(names["id"], names["sectors"], strict=True))
    firms = [i for i, kind in zip(names["id"], names["kind"], strict=True) if kind == "enterprise"]
    wanted = sum(len(sectors[firm].split(";")) for firm in firms if sectors[firm])
    assert columns["enterprises"].sum() == wanted
    assert json.loads(found.to_json())["counts"]["enterprises"] == len(firms)
    assert graph.coverage(threads=2).to_json() == found.to_json()
    assert json.loads(found.to_json())["counts"]["none"] == 0


def test_demand_is_the_sum_of_its_factors(graph: sr.ResponsibilityGraph) -> None:
    found = graph.load().to_columns()
    factors = json.loads(graph.load().to_json())["factors"]
    visits = sum(found[c] * factors["visits"][c] for c in factors["visits"])
    weighed = sum(
        found[c] * factors["visits"][c] * factors["weights"][c] for c in factors["visits"]
    )
    # `inspection_cap` bounds visits and never adds any.
    assert (found["visits"] <= visits).all()
    assert (found["demand"] <= weighed).all()
    assert (found["risk_weight"] == sum(found[c] * w for c, w in factors["weights"].items())).all()
    known = ~np.isnan(found["capacity"])
    assert known.any()
    assert np.allclose(found["load"][known], found["demand"][known] / found["capacity"][known])


def test_dissolving_a_regulator_opens_what_it_covered_alone(graph: sr.ResponsibilityGraph) -> None:
    before = graph.coverage().to_columns()
    for unit in regulators(graph)[:3]:
        answer = graph.what_if([sr.Dissolve(unit)])
        alone = (before["lead"] == unit) & (before["others"] == "") | (
            (before["lead"] == "") & (before["others"] == unit)
        )
        alone &= before["enterprises"] > 0
        after = answer.coverage_after().to_columns()
        gone = after["status"][alone]
        assert set(gone.tolist()) <= {"none", "single", "one_lead"}, unit
        orphans = answer.orphans.to_columns()
        assert "REGULATES" in orphans["kind"].tolist()
        assert len(answer.proposals) > 0
        assert unit in answer.obsolete_names.to_columns()["unit"].tolist()
        new = answer.findings.to_columns()
        assert not (new["change"] == "gone").all()
        # What the comparison calls new is what a check of the changed graph finds beside the old.
        # How many subjects a rule cannot judge is no finding.
        old_rows, new_rows = (
            {(f.rule, tuple(f.nodes), f.message) for f in found if f.status != "partly"}
            for found in (graph.check(), answer.findings_after())
        )
        assert len(new_rows - old_rows) == int((new["change"] == "new").sum())
        assert len(old_rows - new_rows) == int((new["change"] == "gone").sum())


def test_a_change_and_its_inverse_restore_every_answer(graph: sr.ResponsibilityGraph) -> None:
    units = regulators(graph)
    edges = graph.edges.to_columns()
    for unit in units:
        mine = (edges["source"] == unit) & (edges["kind"] == "REGULATES")
        sectors = sorted({s for cell in edges["sectors"][mine] if cell for s in cell.split(";")})
        other = next(u for u in units if u != unit)
        for changes in (
            [sr.Merge([unit], into="new"), sr.Merge(["new"], into=unit)],
            [
                sr.Split(unit, into=["x", "y"], by={sectors[-1]: "y"}),
                sr.Merge(["x", "y"], into=unit),
            ],
        ):
            assert differences(graph.what_if(changes)) == {}, changes[0].text()
        held = ";".join(cell for cell in edges["sectors"][edges["source"] == other] if cell)
        free = [s for s in sectors if s not in held.split(";")]
        if free:
            there = sr.MoveSector(free[0], unit, other)
            assert differences(graph.what_if([there], ask_rules=False)) != {}
            back = graph.what_if([there, sr.MoveSector(free[0], other, unit)])
            assert differences(back) == {}, (unit, free[0])


def test_changes_leave_the_graph_alone_and_wrong_ones_are_refused(
    graph: sr.ResponsibilityGraph,
) -> None:
    text = graph.to_json()
    unit = regulators(graph)[0]
    answer = graph.what_if(sr.Dissolve(unit), rules=["RD"], load=False)
    assert answer.rules_scope == "whole"
    assert set(answer.findings.to_columns()["rule"].tolist()) <= {
        f"RD-{i:02}" for i in range(1, 15)
    }
    assert json.loads(answer.to_json())["changes"] == [f"撤销 {unit}"]
    assert graph.to_json() == text
    with pytest.raises(sr.InputError, match="changes"):
        graph.what_if(["dissolve"])  # type: ignore[list-item]
    with pytest.raises(sr.NotFoundError):
        graph.what_if([sr.Dissolve("nobody")])
    with pytest.raises(sr.InputError, match="level"):
        graph.coverage("planet")


def test_the_difference_of_two_graphs_names_what_was_changed(graph: sr.ResponsibilityGraph) -> None:
    assert graph.diff(graph).counts() == dict.fromkeys(graph.diff(graph).counts(), 0)
    tables = dict(COUNTY.tables)
    edges = dict(tables["edges"])
    dropped = {name: list(cells)[:-1] for name, cells in edges.items()}
    other = sr.ResponsibilityGraph.from_tables(
        **(tables | {"edges": dropped}),
        data_date=COUNTY.data_date,
        jurisdiction=COUNTY.jurisdiction,
    )
    found = graph.diff(other)
    assert found.counts()["edges_removed"] == 1
    assert sum(found.counts().values()) == 1
    row = found.edges.to_columns()
    assert row["source"][0] == edges["source"][-1]
    assert other.diff(graph).counts()["edges_added"] == 1


def test_the_sheet_of_orphans_says_each_kind_once_and_counts_edges(tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    graph = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924"], "name": ["宜丰县"]},
        nodes={
            "id": ["gov", "dept"], "kind": ["government", "dept"], "name": ["县政府", "商务局"],
            "division": ["360924", "360924"],
        },
        edges={
            "source": ["gov", "dept"], "target": ["dept", "360924"],
            "kind": ["LEADS", "REGULATES"], "sectors": [None, "mall"],
        },
        data_date="2026-06-30",
    )  # fmt: skip
    sr.save(graph.what_if(sr.Dissolve("dept")), tmp_path / "w.xlsx")
    book = calamine.CalamineWorkbook.from_path(tmp_path / "w.xlsx")
    heads, *rows = book.get_sheet_by_name("无人承接的责任").to_python()
    assert heads[:2] == ["关系", "条数"]
    assert "涉及关系" not in heads
    assert {row[0]: row[1] for row in rows} == {"领导": 1, "行业监管": 1, "所在区划": 1}
