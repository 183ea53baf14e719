"""Registers as counties have them: names for ids, industries for sectors, running numbers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr

TOWNS = {
    "code": ["360924", "360924100", "360924101", "360925", "360925101"],
    "name": ["宜丰县", "新昌镇", "澄塘镇", "万载县", "澄塘镇"],
}


def register(**columns: list[Any]) -> sr.ResponsibilityGraph:
    rows = len(next(iter(columns.values())))
    return sr.ResponsibilityGraph.from_tables(
        divisions=TOWNS,
        enterprises={"企业名称": [f"第{i}厂" for i in range(rows)]} | columns,
        data_date="2026-06-30",
    )


def of_code(graph: sr.ResponsibilityGraph, code: str) -> list[sr.Issue]:
    said = graph.issues.in_language("zh")
    return [said[i] for i in range(len(said)) if said[i].code == code]


@pytest.mark.parametrize(
    ("industry", "sectors"),
    [
        ("C33", "machinery"),
        ("3311", "machinery"),
        ("33", "machinery"),
        ("C33 金属制品业", "machinery"),
        ("金属制品业（C33）", "machinery"),
        ("制造业-金属制品业", "machinery"),
        ("危化品", "hazchem"),
        ("hazchem", "hazchem"),
        ("烟花爆竹、纺织", "fireworks;textile"),
        ("C3021", "building_materials"),
        ("C3051", None),  # glass is taken out of 30 by the circular
        ("C26", None),  # no document says which sector chemicals are
        ("化工", None),
    ],
)
def test_an_industry_leads_to_a_sector_by_code_by_name_or_by_alias(
    industry: str, sectors: str | None
) -> None:
    graph = register(企业编号=["e"], 行业=[industry])
    (found,) = [row for row in graph.nodes._rows() if row["id"] == "e"]
    assert found["sectors"] == sectors
    assert bool(of_code(graph, "graph.industry_unmapped")) is (sectors is None)


def test_an_industry_that_leads_nowhere_is_told_with_its_row_and_the_nearest_names() -> None:
    graph = register(企业编号=["a", "b", "c"], 所属行业=["机械", "建材加工", "工艺品"])
    first, second = of_code(graph, "graph.industry_unmapped")
    assert (first.row, first.column, first.value) == (1, "industry", "建材加工")
    assert "建材" in first.hint
    assert (second.row, second.value) == (2, "工艺品")
    assert "「" not in second.hint.replace("「行业领域」", "")


def test_a_code_among_the_sectors_is_read_as_one_and_makes_no_sector() -> None:
    graph = register(企业编号=["a", "b", "c"], 行业领域=["C33", "C2611", "3021"])
    rows = {row["id"]: row["sectors"] for row in graph.nodes._rows() if row["kind"] == "enterprise"}
    assert rows == {"a": "machinery", "b": None, "c": "building_materials"}
    (told,) = of_code(graph, "graph.industry_unmapped")
    assert (told.row, told.column, told.value) == (1, "sectors", "C2611")
    assert "行业包中的名称；" in told.hint
    assert not of_code(graph, "graph.sector_unknown")


def test_a_sector_of_the_row_is_asked_before_its_industry() -> None:
    graph = register(企业编号=["a", "b"], 行业=["C33", "C33"], 行业领域=["纺织", None])
    rows = [row for row in graph.nodes._rows() if row["kind"] == "enterprise"]
    assert [row["sectors"] for row in rows] == ["textile", "machinery"]


def test_an_inferred_sector_is_covered_like_one_that_is_written() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        divisions=TOWNS,
        nodes={"id": ["d"], "kind": ["dept"], "name": ["县应急管理局"], "division": ["360924"]},
        edges={
            "source": ["d"],
            "target": ["360924"],
            "kind": ["REGULATES"],
            "sectors": ["机械"],
            "lead": ["是"],
        },
        enterprises={
            "企业编号": ["e"],
            "企业名称": ["甲厂"],
            "行业": ["C3311"],
            "所属乡镇": ["新昌镇"],
        },
        data_date="2026-06-30",
    )
    assert graph.who("e").nodes("C6") == ["d"]
    (cell,) = [row for row in graph.coverage("county")._rows() if row["enterprises"]]
    assert (cell["enterprises"], cell["lead"]) == (1, "d")


def test_a_town_by_name_is_a_place_unless_two_towns_have_the_name() -> None:
    graph = register(企业编号=["a", "b", "c"], 所属乡镇=["新昌镇", "澄塘镇", "某镇"])
    placed = {
        row["id"]: row["division"] for row in graph.nodes._rows() if row["kind"] == "enterprise"
    }
    assert placed == {"a": "360924100", "b": None, "c": None}
    assert [(one.row, one.value) for one in of_code(graph, "graph.name_twice")] == [(1, "澄塘镇")]
    assert [(one.row, one.value) for one in of_code(graph, "graph.reference_unknown")] == [
        (2, "某镇")
    ]
    (said,) = of_code(graph, "graph.found_by_name")
    assert "1 行" in said.message


def test_a_code_is_asked_before_the_name_of_a_town() -> None:
    graph = register(企业编号=["a"], 所属乡镇=["新昌镇"], 行政区划代码=["360925101"])
    assert [row["division"] for row in graph.nodes._rows() if row["id"] == "a"] == ["360925101"]


def test_enterprises_are_found_by_name_and_by_credit_code_from_other_registers() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        divisions=TOWNS,
        enterprises={
            "企业名称": ["甲厂(总)", "乙厂"],
            "统一社会信用代码": ["91350100M000100Y43", "X2"],
        },
        hazards={
            "序号": [1, 2, 3],
            "企业名称": ["甲 厂（总）", "X2", "丙厂"],
            "隐患等级": ["重大"] * 3,
        },
        data_date="2026-06-30",
    )
    units = {row["id"]: row["unit"] for row in graph.nodes._rows() if row["kind"] == "hazard"}
    assert units == {"1": "91350100M000100Y43", "2": "X2", "3": None}
    assert [one.value for one in of_code(graph, "graph.reference_unknown")] == ["丙厂"]
    assert len(of_code(graph, "graph.id_from_credit_code")) == 1


def test_of_two_nodes_with_a_name_the_one_is_meant_that_may_stand_there() -> None:
    # The statistical names of villages are those of their committees.
    nodes = {
        "编号": ["v", "p", "q", "w"], "名称": ["南坪村委会", "南坪村主任", "县局", "一网格"],
        "类型": ["村（居）委会", "岗位", "部门", "网格"], "所属单位": [None, "南坪村委会", None, None],
        "行政区划代码": ["360924100200", None, "360924", None],
    }  # fmt: skip
    edges = {
        "责任主体": ["南坪村委会", "县局", "w"], "责任对象": ["e", "南坪村委会", "南坪村委会"],
        "关系类型": ["属地管理", "行业监管", "PART_OF"], "行业领域": [None, "机械", None],
    }  # fmt: skip
    divisions = {"code": ["360924", "360924100", "360924100200"],
                 "name": ["宜丰县", "新昌镇", "南坪村委会"]}  # fmt: skip
    enterprises = {"id": ["e"], "name": ["甲厂"], "division": ["360924100200"]}
    graph = sr.ResponsibilityGraph.from_tables(
        nodes, edges, divisions=divisions, enterprises=enterprises, data_date="2026-06-30"
    )
    (post,) = [row for row in graph.nodes._rows() if row["id"] == "p"]
    assert post["unit"] == "v"
    ends = {(row["kind"], row["source"], row["target"]) for row in graph.edges._rows()}
    assert {("TERRITORIAL", "v", "e"), ("REGULATES", "q", "360924100200")} <= ends
    # A grid may be part of either; nothing is guessed.
    assert [(one.row, one.column) for one in of_code(graph, "graph.name_twice")] == [(2, "target")]


def test_running_numbers_of_two_registers_are_not_one_id() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        divisions=TOWNS,
        enterprises={"序号": [1, 2], "企业名称": ["甲厂", "乙厂"]},
        hazards={"序号": [1, 2], "所属企业": ["甲厂", "2"], "隐患等级": ["重大", "一般"]},
        data_date="2026-06-30",
    )
    units = {row["id"]: row["unit"] for row in graph.nodes._rows() if row["kind"] == "hazard"}
    assert units == {"隐患1": "1", "隐患2": "2"}
    assert len(of_code(graph, "graph.id_from_number")) == 1


# ---- one SQLite file ------------------------------------------------------------------------------


def base(path: Path, rows: list[tuple[str, str]] | None, columns: str = "key, value") -> Path:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE divisions (code, name)")
        made.executemany(
            "INSERT INTO divisions VALUES (?, ?)", [("360924", "宜丰县"), ("360925", "万载县")]
        )
        made.execute("CREATE TABLE nodes (id, kind, name, division)")
        made.executemany(
            "INSERT INTO nodes VALUES (?, 'government', ?, ?)",
            [("g", "宜丰县政府", "360924"), ("h", "万载县政府", "360925")],
        )
        if rows is not None:
            made.execute(f"CREATE TABLE meta ({columns})")
            made.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        made.commit()
    return path


def test_a_sqlite_file_says_its_day_and_its_places(tmp_path: Path) -> None:
    file = base(tmp_path / "a.db", [("data_date", "2026-06-30"), ("jurisdiction", "360924; ")])
    graph = sr.ResponsibilityGraph.read(file)
    assert graph.data_date == "2026-06-30"
    assert json.loads(graph.to_json())["jurisdiction"] == ["360924"]
    assert sr.ResponsibilityGraph.read(file, data_date="2025-01-01").data_date == "2025-01-01"
    assert sr.ResponsibilityGraph.read(base(tmp_path / "b.db", None)).data_date is None


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [
        ([("data_date", "6月底")], "key, value", "dataset.date"),
        ([("date", "2026-06-30")], "key, value", "job.key"),
        ([("data_date", "2026-06-30")], "name, text", "sqlite.meta"),
    ],
)
def test_a_table_meta_that_says_something_else_is_refused(
    tmp_path: Path, rows: list[tuple[str, str]], columns: str, code: str
) -> None:
    with pytest.raises(sr.InputError) as caught:
        sr.ResponsibilityGraph.read(base(tmp_path / "a.db", rows, columns))
    assert caught.value.code == code
