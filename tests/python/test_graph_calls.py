"""How the graph is called: days and packs in any form, wrong values, what became of the rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk import graph as graph_module
from safetyrisk import synthetic
from safetyrisk.io.graph_templates import GRAPH_TABLES_TO_FILL_IN

ROOT = Path(__file__).resolve().parents[2]
TABLES: dict[str, dict[str, list[Any]]] = {
    "divisions": {"code": ["360924"], "name": ["宜丰县"]},
    "nodes": {
        "id": ["bureau", "head", "zhang"],
        "kind": ["dept", "post", "person"],
        "name": ["县应急管理局", "厂长", "张某"],
        "post_kind": [None, "principal", None],
        "unit": [None, "plant", None],
        "division": ["360924", None, None],
    },
    "edges": {
        "source": ["head", "zhang", "bureau"],
        "target": ["plant", "head", "360924"],
        "kind": ["PRINCIPAL_OF", "HOLDS", "REGULATES"],
        "sectors": [None, None, "machinery"],
        "valid_from": [None, "2025-01-01", None],
    },
    "enterprises": {
        "id": ["plant"], "name": ["示例机械厂"], "division": ["360924"], "sectors": ["machinery"],
    },
}  # fmt: skip


def small(**other: Any) -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        **TABLES | {"data_date": "2026-06-30", "jurisdiction": ["360924"]} | other
    )


# ---- days ----------------------------------------------------------------------------------------

DAYS = [
    "2026-03-01",
    dt.date(2026, 3, 1),
    dt.datetime(2026, 3, 1, 23, 59),
    np.datetime64("2026-03-01"),
    np.datetime64("2026-03-01T08:00:00"),
]


@pytest.mark.parametrize("day", DAYS, ids=lambda day: type(day).__name__ + str(day)[10:])
def test_a_day_may_be_a_text_a_date_a_datetime_or_a_datetime64(day: Any) -> None:
    graph = small()
    assert graph.who("plant", day).on == "2026-03-01"
    assert graph.check(day, rules=["RE-01"]).on == "2026-03-01"
    assert graph.coverage(on=day).on == "2026-03-01"
    assert graph.load(day).on == "2026-03-01"
    assert graph.what_if(sr.Vacate("head"), day).on == "2026-03-01"
    assert graph.accountability("plant", 1, on=day, approved_on=day).summary["on"] == "2026-03-01"
    assert graph.select({"kind": "dept"}, day) == ["bureau"]
    assert graph.resolve_name("县应急管理局", day).nodes == ["bureau"]
    assert small(data_date=day).data_date == "2026-03-01"
    assert len(graph.explain("bureau", "plant", day)) > 0


WRONG: list[tuple[Callable[[sr.ResponsibilityGraph], Any], str, str]] = [
    (lambda g: g.who("plant", "2026-02-30"), "date.malformed", "2026-02-30"),
    (lambda g: g.who("plant", 20260101), "argument.day", "20260101"),
    (lambda g: g.who("plant", np.datetime64("NaT")), "date.malformed", "NaT"),
    (lambda g: g.who(5), "argument.type", "node 是 5（int）；应为文字"),
    (lambda g: g.who("plant", link=5), "argument.type", "link"),
    (lambda g: g.who("plant", limit=0), "argument.count", "limit"),
    (lambda g: g.who("plant", limit=2.5), "argument.count", "2.5"),
    (lambda g: g.who("zhang"), "who.kind", "人员"),
    (lambda g: g.who("plant", link="x"), "who.link", "x"),
    (lambda g: g.who("plant", scene="x"), "who.scene", "场景“x”"),
    (lambda g: g.who("plant", sectors=["x"]), "sector.unknown", "x"),
    (lambda g: g.who("plant", lang="fr"), "option.value", "fr"),
    (lambda g: g.who_all([]), "argument.empty", "全部企业"),
    (lambda g: g.who_all("plant"), "argument.one_text", "列表"),
    (lambda g: g.check(profile="beijing"), "check.no_profile", "shandong"),
    (lambda g: g.check(profile=5), "argument.type", "profile"),
    (lambda g: g.check(rules=["XX-01"]), "check.no_rule", "XX-01"),
    (lambda g: g.check(rules=["RG-99"]), "check.group_has_no_rule", "RG-10"),
    (lambda g: g.check(parameters={"RG-10.dayz": 4}), "check.no_parameter", "days"),
    (lambda g: g.check(parameters={"RG-10": 4}), "check.parameter", "RG-10.days"),
    (lambda g: g.check(parameters={"RG-10.days": "x"}), "check.parameter_json", "x"),
    (lambda g: g.check(threads=-1), "argument.threads", "4096"),
    (lambda g: g.check(lang="fr"), "option.value", "fr"),
    (lambda g: g.coverage("x"), "coverage.level", "county"),
    (lambda g: g.coverage(by="x"), "coverage.by", "committee"),
    (lambda g: g.what_if([]), "change.no_change", "至少"),
    (lambda g: g.what_if(["x"]), "argument.type", "Dissolve"),
    (lambda g: g.what_if(sr.Dissolve("zhang")), "change.no_unit", "人员"),
    (lambda g: g.what_if(sr.Vacate("plant")), "change.no_post", "岗位"),
    (lambda g: g.what_if(sr.Dissolve("bureau"), "1990-01-01", profile="x"), "check.no_profile", "x"),
    (lambda g: g.accountability("plant", 2.5), "argument.count", "deaths 是 2.5"),
    (lambda g: g.accountability("plant", True), "argument.count", "整数"),
    (lambda g: g.accountability("plant", -1), "argument.count", "-1"),
    (lambda g: g.accountability("plant", injuries="3"), "argument.count", "injuries"),
    (lambda g: g.accountability("plant", loss=-0.5), "argument.amount", "loss"),
    (lambda g: g.accountability("plant", loss=float("nan")), "argument.amount", "nan"),
    (lambda g: g.accountability("plant"), "accident.no_facts", "等级"),
    (lambda g: g.accountability("plant", 1, escalations=["x"]), "accident.escalation", "x"),
    (lambda g: g.accountability("plant", 1, incomes={"head": "x"}), "argument.amount", "incomes"),
    (lambda g: g.accountability("plant", 1, on="2021-08-31"), "accident.too_early", "2021-09-01"),
    (lambda g: g.contacts("plant", 0), "argument.count", "hops"),
    (lambda g: g.duty_list("zhang"), "duty_list.no_post", "人员"),
    (lambda g: g.resolve_name("x", place="y"), "name.no_place", "y"),
    (lambda g: g.select({"kind": "x"}), "select.kind", "x"),
    (lambda g: g.select({"kind": "dept", "in": "x"}), "select.node", "x"),
    (lambda g: g.select({"kind": "dept", "sectors": ["x"]}), "select.sector", "x"),
    (lambda g: g.select({"kind": "dept", "where": [["x", "=", 1]]}), "select.column", "x"),
    (lambda _: small(data_date=None).check(), "day.missing", "on"),
    (lambda _: small(jurisdiction="360924"), "argument.one_text", "jurisdiction"),
    (lambda _: small(jurisdiction=["99"]), "graph.jurisdiction", "99"),
    (lambda _: small(kinds="no.json"), "file.unreadable", "no.json"),
    (lambda _: small(kinds="lec.t1"), "pack.kind", "主体和关系类型"),
    (lambda _: small(columns={"x": {}}), "graph.table_columns", "x"),
    (lambda _: sr.Merge("a", into="b"), "argument.one_text", "units"),
    (lambda _: sr.Dissolve(5), "argument.type", "unit"),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "code", "text"), WRONG, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_wrong_call_is_a_chinese_sentence_with_a_code(
    call: Callable[[sr.ResponsibilityGraph], Any], code: str, text: str
) -> None:
    from safetyrisk.cli.usage import fatal_text

    with pytest.raises((sr.InputError, sr.NotFoundError)) as caught:
        call(small())
    assert text in caught.value.in_language("zh")
    assert re.search("[\u4e00-\u9fff]", caught.value.in_language("zh"))
    assert f"[{code}]" in fatal_text(caught.value, "zh")


def test_the_law_of_an_accident_is_that_of_its_day() -> None:
    graph = small()
    assert graph.accountability("plant", 1, on="2021-09-01").grade == "general"
    with pytest.raises(sr.InputError, match=r"hold from 2021-09-01 on .*安全生产法"):
        graph.accountability("plant", 1, on="2021-08-31")
    pack = next(one for one in sr.packs("accountability"))
    assert graph.accountability("plant", 1, on="2021-08-31", pack=pack).grade == "general"


# ---- packs ---------------------------------------------------------------------------------------


def test_a_pack_may_be_the_path_of_its_file_or_an_id(tmp_path: Path) -> None:
    kinds = ROOT / "src/packs/graph_kinds.usual.json"
    for given in (kinds, str(kinds), "graph_kinds.usual", sr.load_pack(kinds)):
        assert small(kinds=given).counts() == small().counts()
    document = json.loads((ROOT / "src/packs/rules.national.json").read_text(encoding="utf-8"))
    document["pack"] = "rules.mine"
    document["content"]["rules"] = [r for r in document["content"]["rules"] if r["id"] == "RE-01"]
    own = tmp_path / "rules.json"
    own.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    assert len(small().check(pack=own).rules) == 1
    assert small().what_if(sr.Vacate("head"), pack=str(own)).counts()["new"] == 1


# ---- what became of the rows ---------------------------------------------------------------------


def test_rows_are_used_or_rejected_and_the_rejected_have_issues() -> None:
    nodes = {key: [*cells, None] for key, cells in TABLES["nodes"].items()}
    nodes["id"][-1], nodes["kind"][-1], nodes["name"][-1] = "x", "monster", "某"
    edges = {key: [*cells, cells[0], cells[2]] for key, cells in TABLES["edges"].items()}
    edges["target"][3] = "nobody"
    graph = small(
        nodes=nodes,
        edges=edges,
        records={
            "id": ["1", "2", "3", "4"], "subject": ["head", "nobody", "head", "head"],
            "action": ["演练", "drill", None, "drill"],
            "date": ["2026-01-01", "2026-01-01", "2026-01-01", "x"],
        },
        duties={"id": ["1", "2", "3"], "subject": ["head", '{"kind":"post"}', None],
                "action": ["drill"] * 3},
    )  # fmt: skip
    counts = {row["table"]: row for row in json.loads(graph.rows.to_json())["rows"]}
    assert {name: (row["rows_in"], row["rejected"]) for name, row in counts.items()} == {
        "divisions": (1, 0), "nodes": (4, 1), "edges": (5, 2), "enterprises": (1, 0),
        "records": (4, 3), "duties": (3, 1),
    }  # fmt: skip
    for name, row in counts.items():
        assert row["rows_in"] == row["used"] + row["rejected"]
        places = {
            (i.table, i.row)
            for i in (graph.issues[k] for k in range(len(graph.issues)))
            if i.row is not None
        }
        assert sum(table == name for table, _ in places) >= row["rejected"]
    assert "数据 18 行 = 采用 11 + 未采用 7" in graph.who("plant")._repr_html_()


def test_a_record_without_an_action_counts_nowhere() -> None:
    graph = small(records={"id": ["1"], "subject": ["head"], "action": [None], "object": ["plant"],
                           "date": ["2026-01-01"]})  # fmt: skip
    found = graph.accountability("plant", 1)
    assert found.to_columns()["evidence"].tolist()[0] == ""
    assert len(found.visits) == 0


def test_actions_may_be_written_in_chinese() -> None:
    def evidence(action: str) -> str:
        graph = small(records={"id": ["1"], "subject": ["plant"], "action": [action],
                               "date": ["2026-01-01"]})  # fmt: skip
        return str(graph.accountability("plant", 1).to_columns()["evidence"].tolist()[0])

    assert evidence("演练") == evidence("drill") == "drill=1"
    assert evidence("打扫") == "打扫=1"  # an action of their own


# ---- JSON ----------------------------------------------------------------------------------------


def test_json_of_a_graph_out_of_json_is_the_same_to_the_byte() -> None:
    for county in (synthetic.fictional_county(1), synthetic.plant_defects(2)[0]):
        graph = sr.ResponsibilityGraph.from_tables(
            **county.tables, data_date=county.data_date, jurisdiction=county.jurisdiction
        )
        text = graph.to_json()
        again = sr.ResponsibilityGraph.from_json(text)
        assert again.to_json() == text
        for column in ("source", "kind", "target", "sectors", "document", "clause"):
            assert graph.edges.to_columns()[column].tolist() == (
                again.edges.to_columns()[column].tolist()
            )


def test_edges_alike_keep_their_places_whatever_their_words_and_columns() -> None:
    edges = {
        "clause": ["二", "一", "一", None],
        "kind": ["行业监管", "REGULATES", "REGULATES", "REGULATES"],
        "sectors": ["轻工;机械", "machinery;light_industry", "textile", "机械"],
        "attributes": [None, '{"b":1}', None, '{"a":2}'],
        "source": ["bureau"] * 4,
        "target": ["360924"] * 4,
        "lead": ["是", True, None, "1"],
    }
    graph = small(edges=edges)
    text = graph.to_json()
    assert sr.ResponsibilityGraph.from_json(text).to_json() == text
    backwards = small(edges={name: cells[::-1] for name, cells in edges.items()})
    assert backwards.to_json() == text
    renamed = small(
        edges=edges | {"sectors": ["light_industry;machinery", "机械;轻工", "纺织", "machinery"]}
    )
    assert renamed.to_json() == text


# ---- what Python sees of the C++ answers ---------------------------------------------------------


def members(header: str, name: str) -> list[str]:
    """Fields of a struct of a public header."""
    text = (ROOT / "include/safetyrisk/graph" / header).read_text(encoding="utf-8")
    body = re.sub(r"//.*", "", text[text.index(f"struct {name} {{") :].split("\n};")[0])
    body = re.sub(r"\{[^{}]*\}", "", body.split("{", 1)[1])
    found = []
    for line in body.split(";"):
        words = re.sub(r"=[^,]*", "", re.sub(r"<[^;]*>", "", line.replace("\n", " "))).strip()
        if not words or "(" in words or words.startswith(("enum", "static")):
            continue
        kind, _, rest = words.partition(" ")
        found += [one.split()[-1] for one in f"{kind} {rest}".split(",")]
    return found


def test_every_field_of_an_answer_is_bound() -> None:
    edge = {field.name for field in fields(graph_module.PathEdge)}
    assert set(members("who.hpp", "PathEdge")) - {"edge"} == edge
    answer = {field.name for field in fields(graph_module.Answer)}
    assert set(members("who.hpp", "Answer")) - {"number"} == answer
    graph = small()
    missing = set(graph.who("plant").missing.to_columns())
    assert set(members("who.hpp", "Missing")) == missing
    assert set(members("check.hpp", "Finding")) == {f.name for f in fields(graph_module.Finding)}
    words = graph._graph.words()
    for kind, of in (("NodeKind", "nodes"), ("PostKind", "posts"), ("EdgeKind", "edges")):
        assert set(members("kinds.hpp", kind)) == set(words[of][0])
    found = graph.accountability("plant", 1)
    summary = set(members("accountability.hpp", "Accountability"))
    tables = {"exposed", "clocks", "hazards", "visits", "missing"}
    assert summary - tables == set(found.summary)
    columns = set(found.to_columns())
    exposed = set(members("accountability.hpp", "Exposed"))
    # A vacant post says so among its holders.
    assert exposed - {"path", "penalty_zh", "penalty_en", "vacant"} <= columns
    assert found.paths()[0][0].basis
    assert len(found.paths()) == len(found)


@pytest.mark.parametrize(
    ("header", "struct", "call", "renamed"),
    [
        ("who.hpp", "WhoOptions", "who", {"capacities": "pack"}),
        ("check.hpp", "CheckOptions", "check", {"rule_set": "pack", "work": "threads"}),
        ("coverage.hpp", "CoverageOptions", "coverage", {"workload": "pack", "work": "threads"}),
        ("load.hpp", "LoadOptions", "load", {"workload": "pack", "work": "threads"}),
        ("what_if.hpp", "WhatIfOptions", "what_if",
         {"check": "rules", "coverage": "level", "rules": "ask_rules"}),
        ("accountability.hpp", "AccidentFacts", "accountability", {}),
        ("accountability.hpp", "AccountabilityOptions", "accountability", {}),
    ],
)  # fmt: skip
def test_every_option_of_a_question_is_an_argument(
    header: str, struct: str, call: str, renamed: dict[str, str]
) -> None:
    import inspect

    given = set(inspect.signature(getattr(sr.ResponsibilityGraph, call)).parameters)
    assert {renamed.get(name, name) for name in members(header, struct)} <= given


# ---- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", GRAPH_TABLES_TO_FILL_IN)
def test_what_a_template_offers_is_what_the_graph_reads(table: str, tmp_path: Path) -> None:
    import openpyxl

    path = sr.template(table, tmp_path / f"{table}.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    headers = [cell.value for cell in page[1]]
    assert all(re.search("[\u4e00-\u9fff]", header) for header in headers)
    offered: dict[str, list[str]] = {}
    for check in page.data_validations.dataValidation:
        if check.type == "list":
            sheet, _, cells = check.formula1.rpartition("!")
            rows = book[sheet.strip("'=")][cells.replace("$", "")]
            letter = str(check.sqref).rstrip("0123456789").partition("2")[0]
            offered[page[f"{letter}1"].value.strip("*")] = [row[0].value for row in rows]
    if table in ("nodes", "edges"):
        assert len(offered["类型" if table == "nodes" else "关系类型"]) > 20
    graph = small()
    words = {w["zh"] for of in graph._graph.words().values() for w in of}
    for header, texts in offered.items():
        if header in ("类型", "岗位类别", "关系类型"):
            assert set(texts) <= words
    # An empty template has no rows, and the example is passed over.
    names = {"nodes": graph.nodes, "edges": graph.edges}
    if table in names:
        other = {k: v for k, v in TABLES.items() if k not in ("nodes", "edges", "enterprises")}
        empty = sr.ResponsibilityGraph.from_tables(
            **other | {table: path}, data_date="2026-06-30"
        )  # fmt: skip
        assert empty.issues.count("error") == 0
        assert "岗位" not in empty.counts()
