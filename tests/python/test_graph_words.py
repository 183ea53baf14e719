"""Answers of the graph speak one language: no code in a Chinese page, no Chinese in an English one."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import safetyrisk as sr
from safetyrisk import synthetic
from safetyrisk._words import Speaker

# Ids of the county's own nodes, and names of rules and packs, are data wherever they stand.
ENGLISH = re.compile(r"[A-Za-z_]{3,}")
CHINESE = re.compile("[\u4e00-\u9fff]+")
DATA = re.compile(r"[A-Z]{2}-\d\d|\b(?:T-36|H\d|P\d|YF\d|36)[\w-]*|safetyrisk")


@pytest.fixture(scope="module")
def graphs() -> tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph]:
    """The clean county and the planted one."""
    first, second = (
        sr.ResponsibilityGraph.from_tables(
            **county.tables, data_date=county.data_date, jurisdiction=county.jurisdiction
        )
        for county in (synthetic.fictional_county(1), synthetic.plant_defects(1)[0])
    )
    return first, second


def answers(graph: sr.ResponsibilityGraph, planted: sr.ResponsibilityGraph, lang: str) -> list[Any]:
    """One answer of every kind."""
    moved = graph.what_if(
        [
            sr.Dissolve("360924-emergency"),
            sr.MoveSector("city_gas", "360924-commerce", "360924-fire"),
        ],
        lang=lang,
    )
    accident = graph.accountability("YF0001", deaths=3, lang=lang)
    coverage = planted.coverage(lang=lang)
    return [
        graph.who("YF0001", lang=lang), planted.who("YF0799", lang=lang), accident,
        accident.clocks, accident.hazards, accident.visits, coverage, coverage.blind,
        coverage.rollup, graph.coverage(by="link", lang=lang), graph.load(lang=lang), moved,
        moved.orphans, moved.findings, moved.coverage, moved.proposals, moved.open_items,
        graph.duty_list("360924-gov-safety", lang=lang), graph.contacts("YF0001", lang=lang),
        graph.common_superior("360924-emergency", "360924101", lang=lang),
        graph.explain("360924-emergency", "YF0001", lang=lang),
    ]  # fmt: skip


def said(page: str, ids: set[str]) -> list[str]:
    """Texts of a page, without ids."""
    texts = re.sub(r"<[^>]*>", "\n", re.sub(r"(?s)<style>.*?</style>", "", page)).splitlines()
    token = re.compile(r"[\w-]+", re.ASCII)
    return [
        DATA.sub("", token.sub(lambda word: "" if word[0] in ids else word[0], html.unescape(text)))
        for text in texts
    ]


def test_a_chinese_page_has_no_codes(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    graph, _ = graphs
    ids = {*graph.nodes.to_columns()["id"].tolist()}
    for answer in answers(*graphs, "zh"):
        for page in (answer._repr_html_(), answer._page_html()):
            for text in said(page, ids):
                found = ENGLISH.findall(text)
                assert not found, (type(answer).__name__, text)


def test_an_english_page_has_no_chinese_but_names_and_documents(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    graph, _ = graphs
    # Names and documents of the data, and Chinese law as the packs cite it, stay as they are.
    heads = ["name", "kind", "capacity", "basis", "holders", "unit", "status", "severity", "reason"]
    words = set(Speaker().heads(heads).values())
    words |= {
        "另有",
        "未在此显示",
        "谁对",
        "事故责任链",
        "监管盲区",
        "一家监管",
        "牵头",
        "属地",
        "行业监管",
    }
    for answer in answers(*graphs, "en"):
        for page in (answer._repr_html_(), answer._page_html()):
            for text in said(page, set()):
                assert text.strip() not in words, (type(answer).__name__, text)
    assert graph.who("YF0001", lang="en")._repr_html_().count("企业主要负责人") == 0


def test_every_column_that_an_answer_has_is_called_in_chinese(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    for answer in answers(*graphs, "zh"):
        for title, columns in answer._sheets().items():
            assert CHINESE.search(title)
            for head in columns:
                assert CHINESE.search(head), (title, head)


def test_a_page_is_whole_and_a_notebook_says_what_it_leaves_out(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    graph, _ = graphs
    for answer in answers(*graphs, "zh"):
        assert "未在此显示" not in answer._page_html()
        assert "未画出" not in answer._page_html()
    moved = graph.what_if(sr.Dissolve("360924-emergency"))
    assert f"另有 {len(moved.orphans) - 12} 行未在此显示" in moved._repr_html_()
    assert moved._page_html().count("<tr>") > moved._repr_html_().count("<tr>")
    load = graph.load()
    assert load._page_html().count("<tr>") == len(load) + 1


def test_changes_are_said_with_names(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    graph, _ = graphs
    moved = graph.what_if(sr.MoveSector("city_gas", "360924-commerce", "360924-fire"))
    assert moved.text == (
        "城镇燃气 由 宜丰县商务局（360924-commerce） 划归 宜丰县消防救援大队（360924-fire）"
    )
    merged = graph.what_if(sr.Merge(["360924-fire", "360924-industry"], into="new"), lang="en")
    assert "into new" in merged.text


def test_what_changed_is_said_with_headers_names_and_words(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph],
) -> None:
    graph, planted = graphs
    changed = graph.diff(planted)
    ids = {*graph.nodes.to_columns()["id"].tolist()} | {*planted.nodes.to_columns()["id"].tolist()}
    for text in said(changed._page_html(), ids):
        assert not ENGLISH.findall(text), text
    cells = {(row["id"], row["column"]): row for row in changed.nodes._rows()}
    assert cells["YF0181", "sectors"]["after"] == "light_industry;tobacco"
    sheet = changed.nodes._sheets()["主体的变化"]
    rows = list(zip(sheet["编号"], sheet["列"], sheet["之前"], sheet["之后"], strict=True))
    assert ("YF0181", "行业领域", "轻工", "轻工、烟草") in rows
    assert ("YF0095-F1", "风险等级", "黄", "红") in rows
    assert ("H0029", "督办单位", "宜丰县安委办", "") in rows


def test_workbooks_of_answers_are_chinese_and_whole(
    graphs: tuple[sr.ResponsibilityGraph, sr.ResponsibilityGraph], tmp_path: Path
) -> None:
    graph, planted = graphs
    coverage = planted.coverage()
    book = CalamineWorkbook.from_path(str(sr.save(coverage, tmp_path / "c.xlsx")))
    assert book.sheet_names == ["监管覆盖", "监管盲区", "上级地区"]
    rows = book.get_sheet_by_name("监管覆盖").to_python()
    assert len(rows) == len(coverage) + 1
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["监管情况"], cells["牵头"], cells["牵头（编号）"]) == (
        "多家监管，牵头明确", "宜丰县应急管理局", "360924-emergency",
    )  # fmt: skip
    moved = graph.what_if(sr.Dissolve("360924-emergency"))
    book = CalamineWorkbook.from_path(str(sr.save(moved, tmp_path / "w.xlsx")))
    items = book.get_sheet_by_name("需要另定责任人的事项").to_python()
    assert len(items) == len(moved.open_items) + 1
    roles = {row[items[0].index("角色")] for row in items[1:]}
    assert roles <= {"排查", "接受报告", "牵头", "配合", "核查", "销号", "督办", "整改责任"}


def test_names_from_the_data_are_escaped_in_every_page() -> None:
    evil = "<img src=x onerror=alert(1)>&\"'"
    graph = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924"], "name": [evil]},
        nodes={"id": ["b"], "kind": ["dept"], "name": [evil], "division": ["360924"]},
        edges={"source": ["b"], "target": ["360924"], "kind": ["REGULATES"], "sectors": ["machinery"],
               "document": [evil]},
        enterprises={"id": ["e"], "name": [evil], "division": ["360924"], "sectors": ["machinery"]},
        data_date="2026-06-30",
    )  # fmt: skip
    for answer in (graph.who("e"), graph.coverage(), graph.load(), graph.what_if(sr.Dissolve("b")),
                   graph.accountability("e", deaths=1), graph.check()):  # fmt: skip
        assert "<img" not in answer._repr_html_()
        if hasattr(answer, "_page_html"):
            assert "<img" not in answer._page_html()


def test_empty_answers_say_so() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["b"], "kind": ["dept"], "name": ["甲局"], "division": ["360924"]},
        enterprises={"id": ["e"], "name": ["乙厂"], "division": ["360924"]},
        data_date="2026-06-30",
    )
    assert "没有任何主体对它负责" in graph.who("e")._repr_html_()
    assert "没有企业" in graph.coverage()._repr_html_()
    assert "没有差别" in graph.diff(graph)._repr_html_()


def test_cells_without_data_on_regulators_are_said_to_be_not_assessed() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924"], "name": ["宜丰县"]},
        nodes={"id": ["a"], "kind": ["dept"], "name": ["甲局"], "division": ["360924"]},
        enterprises={
            "id": ["E1"], "name": ["一厂"], "division": ["360924"], "sectors": ["hazchem"],
        },
        edges={"source": ["a"], "target": ["360924"], "kind": ["COMPREHENSIVE"]},
        data_date="2026-01-01",
    )  # fmt: skip
    cover = graph.coverage(level="county")
    assert cover.counts() == {
        "none": 0, "single": 0, "one_lead": 0, "no_lead": 0, "many_leads": 0, "n/a": 0,
        "no_data": 1,
    }  # fmt: skip
    assert "没有监管关系数据" in cover._repr_html_()
    assert "监管盲区" not in cover._repr_html_()
    assert "not assessed" in repr(cover)
    states = graph.check(rules=["RD-01", "RD-09"]).rules.to_columns()
    assert list(states["status"]) == ["not_assessed", "not_assessed"]
    assert set(states["reason"]) == {"没有给出“行业监管”关系"}


def test_what_nobody_graded_has_no_weight_and_no_demand(tmp_path: Path) -> None:
    # Two enterprises of one department, neither with a colour; then one of them blue.
    def graph(colours: list[str | None]) -> sr.ResponsibilityGraph:
        return sr.ResponsibilityGraph.from_tables(
            nodes={"id": ["d"], "kind": ["dept"], "name": ["示例局"], "division": ["360924"]},
            enterprises={
                "id": ["e", "f"], "name": ["甲厂", "乙厂"], "division": ["360924"] * 2,
                "sectors": ["机械"] * 2, "colour": colours,
            },
            edges={
                "source": ["d"], "kind": ["REGULATES"], "target": ["360924"], "sectors": ["机械"],
            },
            data_date="2026-06-30",
        )  # fmt: skip

    none, one = graph([None, None]), graph([None, "blue"])
    (row,) = none.load()._rows()
    assert row["ungraded"] == row["enterprises"] == 2
    assert [row[name] for name in ("risk_weight", "visits", "demand", "median")] == [None] * 4
    (cell,) = none.coverage()._rows()
    assert (cell["risk_weight"], cell["ungraded"]) == (None, 2)
    above = none.coverage().rollup._rows()
    assert [(one["risk_weight"], one["ungraded"]) for one in above] == [(None, 2)] * 2
    tried = none.what_if([sr.Dissolve("d")])
    assert tried.orphans._rows()[0]["risk_weight"] is None
    assert tried.coverage._rows()[0]["risk_weight"] is None
    assert tried.load._rows()[0]["demand_before"] is None
    for found in (none.load(), none.coverage()):
        assert "未定级" in found._repr_html_()
    (row,) = one.load()._rows()
    (cell,) = one.coverage()._rows()
    assert row["visits"] > 0
    assert row["demand"] > 0
    assert (row["risk_weight"], row["ungraded"]) == (cell["risk_weight"], 1)
    assert cell["risk_weight"] == 1


def small(colour: str, **columns: list[str | None]) -> sr.ResponsibilityGraph:
    """Two departments that lead one sector each, and edges with further columns."""
    return sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["a", "b", "g"], "kind": ["dept", "dept", "government"],
            "name": ["甲局", "乙局", "县政府"], "division": ["360924"] * 3,
        },
        enterprises={
            "id": ["e", "f", "s"], "name": ["甲厂", "乙厂", "密室"], "division": ["360924"] * 3,
            "sectors": ["机械", "纺织", "剧本杀密室"], "colour": [colour] * 3,
        },
        edges={
            "source": ["a", "b"], "kind": ["REGULATES"] * 2, "target": ["360924"] * 2,
            "sectors": ["机械", "纺织"], **columns,
        },
        data_date="2026-06-30",
    )  # fmt: skip


def test_a_gap_is_no_other_gap_because_other_units_are_near_to_it() -> None:
    # Nobody has 剧本杀密室 before and after; which departments are near is no part of the gap.
    graph = small("blue")
    before = [one.nodes[0] for one in graph.check(rules=["RD-06"]).of("RD-06")]
    assert before == ["360924"]
    for change in (sr.Merge(["a", "b"], "c"), sr.Split("a", ["c", "d"]), sr.Dissolve("b")):
        found = graph.what_if([change])
        assert "RD-06" not in [row["rule"] for row in found.findings._rows()]
        assert "RD-06" in [one.rule for one in found.findings_after()]


def test_a_proposal_says_what_the_unit_had_that_is_like_the_sector() -> None:
    # Machinery and textiles are both of industry, so that each is like the other.
    (row,) = [
        row for row in small("blue").what_if([sr.Dissolve("a")]).proposals._rows()
        if row["reason"] == "nearest_sectors"
    ]  # fmt: skip
    assert (row["candidate"], row["words"]) == ("b", "纺织~机械")
    page = small("blue").what_if([sr.Dissolve("a")])._repr_html_()
    assert "业务相近：纺织（与机械相近）" in page
    assert "~" not in page


def test_a_difference_says_which_edge_came_or_went() -> None:
    old, new = small("blue"), small("blue", sectors=["机械", "冶金"], lead=["√", "牵头"])
    assert not [one for one in new.issues if one.code == "graph.not_yes_or_no"]
    added = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["a"], "kind": ["dept"], "name": ["甲局"], "division": ["360924"]},
        data_date="2026-06-30",
    ).diff(new)
    rows = {row["source"]: row for row in added.edges._rows() if row["kind"] == "REGULATES"}
    assert rows["b"]["change"] == "added"
    assert (rows["b"]["sectors"], rows["b"]["lead"]) == ("metallurgy", True)
    page = added._repr_html_()
    assert "冶金" in page
    assert "牵头" in page
    assert "牵头（编号）" not in str(added._sheets())
    changed = {row["column"] for row in old.diff(new).edges._rows()}
    assert changed == {"sectors", "lead"}


def test_coverage_by_link_counts_who_is_in_no_cell() -> None:
    found = small("blue").coverage(by="link")
    # None of the three sectors is divided by links in the pack.
    assert found.undivided == 3
    assert "没有划分环节的 3 家" in found._repr_html_()
    assert "行业环节×地区监管覆盖" in found._repr_html_()
    assert small("blue").coverage().undivided == 0
