"""What a work plan gives: tables, edges, workbook, command line, a page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html.parser
import json
import re
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import cli

TEXT = """甲市2023年安全生产工作要点
甲市安全生产委员会
各县（市、区）人民政府：
1.排查隐患。6月底前完成，排查率达到95%以上。（市应急管理局牵头，市公安局、市教育局配合）
2.开展培训。每季度至少一次。（责任单位：市公安局；各有关部门）
3.加强宣传<b>。12月20日前完成。
4.=HYPERLINK("http://x")整治。（市公安局牵头，各县（市、区）党委、政府落实）
"""


@pytest.fixture(scope="module")
def plan() -> sr.Plan:
    return sr.parse_plan(TEXT, id="要点")


def columns(table: Any) -> dict[str, list[Any]]:
    return {name: cells.tolist() for name, cells in table.to_columns().items()}


def test_the_table_has_a_row_for_each_task(plan: sr.Plan) -> None:
    table = columns(plan)
    assert table["id"] == ["要点#1", "要点#2", "要点#3", "要点#4"]
    assert table["lead"] == ["市应急管理局", None, None, "市公安局"]
    assert table["assist"] == ["市公安局;市教育局", None, None, None]
    assert table["deadlines"] == ["2023-06-30", None, "2023-12-20", None]
    assert table["frequencies"] == [None, "P3M", None, None]
    assert len(plan) == 4
    arrow = pytest.importorskip("pyarrow").table(plan)
    assert arrow.column("id").to_pylist() == table["id"]
    assert plan.to_pandas()["no"].tolist() == ["1", "2", "3", "4"]


FRAGMENTS = sorted((Path(__file__).parents[1] / "plans").glob("*/*.json"))


def test_objects_say_what_the_json_says() -> None:
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in FRAGMENTS]
    assert len(texts) >= 80
    for text in [*texts, TEXT, "1.下降0.5%。下降2.5%，达到7家。(市公安局牵头)", ""]:
        plan = sr.parse_plan(text, id="p")
        written = json.loads(plan.to_json())
        for task, raw in zip(plan.tasks, written["tasks"], strict=True):
            said = json.loads(json.dumps(dataclasses.asdict(task)))
            for unit in said["units"]:
                unit["resolved"] = [{"name": n, "rule": rule} for n, rule in unit["resolved"]]
            assert said == raw
            for one, two in zip(task.targets, raw["targets"], strict=True):
                assert type(one["value"]) is type(two["value"])
        assert list(plan.addressees) == written["addressees"]
        assert list(plan.repairs) == written["repairs"]
        assert (plan.title, plan.issuer, plan.year) == (
            written["title"], written["issuer"], written["year"],
        )  # fmt: skip


def test_the_text_of_every_unit_stands_at_its_span(plan: sr.Plan) -> None:
    table = columns(plan.units)
    for name, begin, end in zip(table["unit"], table["begin"], table["end"], strict=True):
        assert plan.text[begin:end].replace("（", "(").replace("）", ")") == name


def test_the_matrix_has_every_mention_once(plan: sr.Plan) -> None:
    table = columns(plan.matrix())
    row = table["unit"].index("市公安局")
    assert [table[no][row] for no in "1234"] == ["assist", "responsible", None, "lead"]
    assert table["tasks"][row] == 3
    cells = [c for no in "1234" for c in table[no] if c]
    assert sum(len(c.split(";")) for c in cells) == len(
        {(task.no, unit.name, unit.role) for task in plan.tasks for unit in task.units}
    )


def test_numbers_that_begin_again_are_told_apart_in_the_matrix() -> None:
    text = "一、甲\n1.查。(市公安局牵头)\n二、乙\n1.训。(市公安局配合)\n"
    table = columns(sr.parse_plan(text).matrix())
    assert [name for name in table if name not in ("unit", "tasks")] == ["#1", "#2"]


def test_due_lists_dates_in_order_then_what_is_regular(plan: sr.Plan) -> None:
    table = columns(plan.due())
    assert table["date"] == ["2023-06-30", "2023-12-20", None]
    assert table["month"] == ["2023-06", "2023-12", None]
    assert table["cadence"] == [None, None, "P3M"]
    assert table["units"] == ["市应急管理局", None, "市公安局;各有关部门"]


def test_what_stays_open_is_listed_gravest_first_and_each_once() -> None:
    plan = sr.parse_plan(
        "1.查。6月底前完成。(市公安局会同各有关部门分工负责)\n2.训。无人。\n"
        "3.练。(各有关部门配合，市教育局牵头)\n4.巡。(各成员单位分工负责)\n"
        "5.报。12月底前完成，整改率达到95%以上。\n"
    )
    table = columns(plan.unresolved)
    assert list(
        zip(table["what"], table["value"], table["count"], table["tasks"], strict=True)
    ) == [
        ("no_unit", "5 报", 1, "5"),  # with a deadline and a target
        ("no_unit", "2 训", 1, "2"),
        ("only_collective", "各成员单位", 1, "4"),
        ("no_year", None, 2, "1;5"),
        ("collective", "各有关部门", 2, "1;3"),
    ]
    begin, end = table["begin"][-1], table["end"][-1]
    assert plan.text[begin:end] == "各有关部门"
    many = sr.parse_plan("\n".join(f"{i}.事项{i}。照办。" for i in range(1, 31)))
    table = columns(many.unresolved)
    assert (table["what"], table["count"]) == (["no_unit"], [30])


# ---- edges -------------------------------------------------------------------------------------


def test_edges_have_a_kind_for_each_role_and_say_where_they_stand(plan: sr.Plan) -> None:
    table = columns(plan.edges())
    rows = list(zip(table["source"], table["kind"], table["target"], strict=True))
    assert rows[:3] == [
        ("市应急管理局", "LEADS_TASK", "要点#1"),
        ("市公安局", "ASSISTS", "要点#1"),
        ("市教育局", "ASSISTS", "要点#1"),
    ]
    assert len(set(rows)) == len(rows)
    begin, end = map(int, table["span"][0].split("-"))
    assert TEXT[begin:end] == "市应急管理局"
    assert set(table["document"]) == {"要点"}
    assert set(table["confidence"]) == {"stated", "expanded"}
    expanded = [
        name for name, sure in zip(table["source"], table["confidence"], strict=True)
        if sure == "expanded"
    ]  # fmt: skip
    assert any("党委" in name for name in expanded)
    assert any("政府" in name for name in expanded)


def the_graph(**more: Any) -> sr.ResponsibilityGraph:
    nodes = {
        "id": ["police", "edu1", "edu2", "post"],
        "kind": ["dept", "dept", "dept", "post"],
        "name": ["甲市公安局", "市教育局", "市教育局", "市应急管理局"],
    }
    return sr.ResponsibilityGraph.from_tables(nodes=nodes, data_date="2023-06-01", **more)


def test_units_are_joined_where_the_graph_has_exactly_one(plan: sr.Plan) -> None:
    edges = plan.edges(the_graph())
    table = columns(edges)
    by_name = dict(zip(table["name"], table["source"], strict=True))
    assert by_name["市公安局"] == "police"  # with the issuer's region before it
    assert by_name["市教育局"] == "市教育局"
    assert by_name["市应急管理局"] == "市应急管理局"  # a post is no unit
    issues = {(issue.code, issue.value) for issue in edges.issues}
    assert ("plan.unit_ambiguous", "市教育局") in issues
    assert ("plan.unit_not_in_graph", "市应急管理局") in issues
    assert not any(value == "市公安局" for _, value in issues)


def a_county(**more: Any) -> sr.ResponsibilityGraph:
    """One county with two towns, a body of each sort, a renamed bureau and an alias."""
    nodes = {
        "id": ["gov", "awh", "awb", "zwh", "em", "old", "fire", "alias", "t1g", "t1p", "t2g", "t2p",
               "zone", "up"],
        "kind": ["government", "safety_committee", "safety_office", "special_committee", "dept",
                 "dept", "dept", "dept", "government", "party_committee", "government",
                 "party_committee", "zone_admin", "dept"],
        "name": ["甲县人民政府", "甲县安全生产委员会", "甲县安委办", "甲县道路交通专业安全生产委员会",
                 "甲县应急管理局", "甲县安全生产监督管理局", "甲县消防救援大队", "县防火队",
                 "东镇人民政府", "东镇党委", "西镇人民政府", "西镇党委", "甲县高新区管委会",
                 "乙市应急管理局"],
        "division": ["360924"] * 8 + ["360924100", "360924100", "360924101", "360924101", "360924",
                                      "3609"],
        "function": [None] * 4 + ["emergency", "emergency", "fire"] + [None] * 6 + ["emergency"],
        "valid_from": [None] * 4 + ["2019-03-21"] + [None] * 9,
        "valid_to": [None] * 5 + ["2019-03-20"] + [None] * 8,
    }  # fmt: skip
    return sr.ResponsibilityGraph.from_tables(
        divisions={
            "code": ["3609", "360924", "360924100", "360924101"],
            "name": ["乙市", "甲县", "东镇", "西镇"],
            "level": ["city", "county", "town", "town"],
        },
        nodes=nodes,
        edges={
            "source": ["em", "alias", "em", "fire"],
            "target": ["old", "fire", "360924", "360924"],
            "kind": ["SUCCEEDS", "ALIAS_OF", "COMPREHENSIVE", "REGULATES"],
        },
        data_date="2023-06-01",
        **more,
    )


@pytest.mark.parametrize(
    ("name", "nodes"),
    [
        ("县应急管理局", {"em"}),
        ("甲县应急局", {"em"}),
        ("市应急管理局", {"up"}),
        ("县安全生产委员会办公室", {"awb"}),
        ("县道路交通专委会", {"zwh"}),
        ("县防火队", {"fire"}),
        ("高新区管委会", {"zone"}),
        ("东镇", {"t1g"}),
        ("各乡镇党委、政府", {"t1g", "t1p", "t2g", "t2p"}),
        ("各乡镇政府", {"t1g", "t2g"}),
        ("负有安全监管职责的部门", {"em", "fire"}),
        ("县甲乙丙局", {"县甲乙丙局"}),
    ],
)
def test_names_mean_what_the_graph_says_in_the_issuer_s_territory(
    name: str, nodes: set[str]
) -> None:
    plan = sr.parse_plan(f"甲县2023年安全生产工作要点\n1.查。({name}负责)\n", id="p")
    edges = columns(plan.edges(a_county()))
    assert set(edges["source"]) == nodes
    assert set(edges["name"]) == {name}
    sure = "stated" if len(nodes) == 1 and name in ("县应急管理局", "县防火队", "县甲乙丙局",
        "县安全生产委员会办公室", "县道路交通专委会", "高新区管委会") else "expanded"  # fmt: skip
    assert set(edges["confidence"]) == {sure}


@pytest.mark.parametrize(("year", "sources"), [(2018, {"old"}), (2023, {"old", "em"})])
def test_an_old_name_is_one_on_its_day_and_a_finding_afterwards(
    year: int, sources: set[str]
) -> None:
    text = f"甲县{year}年安全生产工作要点\n1.查。(县安全生产监督管理局牵头)\n"
    graph = a_county()
    edges = sr.parse_plan(text).edges(graph)
    assert set(columns(edges)["source"]) == sources
    assert edges.issues.counts() == ({} if year == 2018 else {"plan.unit_renamed": 1})
    after = graph.add(sr.parse_plan(text, id="p"))
    assert len(after.check(f"{year}-06-01", rules=["RK-05"]).of()) == len(sources) - 1


def test_a_plan_s_own_addressees_come_before_the_graph() -> None:
    text = (
        "甲县2023年安全生产工作要点\n东新区、西新区管委会，各有关单位：\n"
        "1.查。(“两区”管委会落实)\n2.训。(各有关单位配合，县应急管理局牵头)\n"
    )
    plan = sr.parse_plan(text)
    graph = a_county()
    table = columns(plan.names(graph))
    assert table["finding"][0] == "unknown"  # neither zone is in the graph
    two = table["unit"].index("“两区”管委会")
    assert table["nodes"][two] is None
    assert set(columns(plan.edges())["source"]) >= {"东新区管委会", "西新区管委会"}


def test_a_collective_that_may_mean_more_stays_one_name_with_members() -> None:
    plan = sr.parse_plan("甲县2023年工作要点\n1.查。(县应急管理局牵头，有关部门配合)\n", id="p")
    graph = a_county()
    edges = plan.edges(graph)
    assert set(columns(edges)["source"]) == {"em", "有关部门"}
    assert edges.issues.counts() == {"plan.collective_not_expanded": 1}
    after = graph.add(plan)
    assert not after.check(rules=["RK-04"]).of("RK-04")  # the graph knows whom it may mean
    table = columns(plan.names(graph))
    assert (table["unit"], table["finding"]) == (["有关部门", "县应急管理局"], ["open", None])


def test_a_plan_is_added_to_a_graph_which_stays_as_it_is(plan: sr.Plan) -> None:
    before = the_graph()
    counts = before.counts()
    after = before.add(plan)
    assert before.counts() == counts
    assert after.counts()["task"] == 4
    assert after.counts()["document"] == 1
    assert after.counts()["LEADS_TASK"] == 2
    assert after.data_date == "2023-06-01"
    named = {tuple(f.nodes[:1]) for f in after.check(rules=["RK-01"]).of("RK-01")}
    assert ("要点#3",) in named  # it names nobody
    assert ("要点#1",) not in named
    assert ("要点#4",) not in named
    edges = columns(after.edges)
    assert len(edges["source"]) == len(plan.edges(before))
    with pytest.raises(sr.InputError, match="plan"):
        before.add(TEXT)  # type: ignore[arg-type]


# ---- files -------------------------------------------------------------------------------------


def test_a_workbook_has_the_sheets_for_dispatch(plan: sr.Plan, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    sr.save(plan, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    first = ["任务清单", "单位×任务", "按月到期", "未解析", "问题", "单位索引"]
    assert book.sheetnames[:6] == first
    assert book.sheetnames[6] == "市公安局"
    assert [row[1].value for row in book["市公安局"].iter_rows(min_row=2)] == ["1", "2", "4"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)
    matrix = book["单位×任务"]
    assert [cell.value for cell in matrix[1]] == ["单位", "任务数", "1", "2", "3", "4"]
    sr.save(plan, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_sheets_of_units_have_names_that_excel_takes() -> None:
    from safetyrisk.io.plan_book import _names

    units = [
        "甲/乙:局",
        "甲_乙_局",
        "长" * 40 + "一",
        "长" * 40 + "二",
        "任务清单",
        "'引号'",
        "History",
        "𠮷" * 20,
    ]
    names = list(_names(units, ["任务清单"]).values())
    assert len({name.lower() for name in names}) == len(units)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.lower() not in ("任务清单", "history")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(["plan", *arguments])
    assert isinstance(left.value.code, int)
    printed = capsys.readouterr()
    return left.value.code, printed.out + printed.err


def test_the_command_line_writes_json_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("typer")
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text(TEXT.replace("2023年", ""), encoding="gb18030")
    status, said = run(capsys, "in.txt", "--year", "2022", "--id", "x", "-o", "tasks.json")
    assert status == 0
    assert "任务 4 项" in said
    made = json.loads(Path("tasks.json").read_text(encoding="utf-8"))
    assert (made["format"], made["id"]) == (1, "x")
    assert made["tasks"][0]["deadlines"] == ["2022-06-30"]
    assert {"name": "市公安局", "role": "assist"}.items() <= made["tasks"][0]["units"][1].items()
    for ending in ("xlsx", "csv", "parquet"):
        assert run(capsys, "in.txt", "-o", f"tasks.{ending}")[0] == 0
        assert Path(f"tasks.{ending}").stat().st_size > 0
    assert run(capsys, "in.txt", "-o", "t.json", "--fail-on", "info")[0] == 1  # no year is known
    assert run(capsys, "in.txt", "-o", "in.txt")[0] == 2
    assert run(capsys, "none.txt", "-o", "t.json")[0] == 2
    assert run(capsys, "in.txt", "-o", "t.json", "--year", "12")[0] == 2
    Path("old.doc").write_bytes(b"x")
    status, said = run(capsys, "old.doc", "-o", "t.json")
    assert status == 2
    assert "另存为 .docx" in said
    Path("empty.txt").write_text("没有任务的一段话", encoding="utf-8")
    assert run(capsys, "empty.txt", "-o", "t2.json")[0] in (0, 1)


# ---- a page ------------------------------------------------------------------------------------


class Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_holds_the_text_as_it_is_and_runs_nothing(plan: sr.Plan) -> None:
    reader = Reader()
    reader.feed(plan._repr_html_())
    assert set(reader.tags) <= {
        "div", "span", "strong", "details", "summary", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert TEXT in "".join(reader.words)
    assert "加强宣传<b>" in "".join(reader.words)
    for table in (plan.units, plan.matrix(), plan.due(), plan.unresolved, plan.edges()):
        assert "<b>" not in table._repr_html_()
        assert "rows" in repr(table)


def test_plans_that_hold_nothing_give_empty_tables() -> None:
    for text in ("", "没有任务"):
        plan = sr.parse_plan(text)
        assert len(plan.edges()) == len(plan.due()) == 0
        assert len(plan.matrix()) == 0
        assert isinstance(plan._repr_html_(), str)
        assert "plan" in repr(plan)


# ---- rules and comparing -----------------------------------------------------------------------


def found(text: str) -> list[tuple[str, list[str]]]:
    return [(one.rule, one.nodes) for one in sr.plan.check(sr.parse_plan(text, id="p"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.控制。使事故明显下降。(市公安局牵头)", [("RK-10", ["p#1"])]),
        ("1.控制。使事故下降10%以上。(市公安局牵头)", []),
        ("1.报送。每月报送进展。(市公安局牵头)", [("RK-13", ["p#1"])]),
        ("1.报送。每月5日前向市安委会办公室报送进展。(市公安局牵头)", []),
        ("1.检查。每月检查一次。(市公安局牵头)", []),
        ("1.通报。每月通报有关单位。(市公安局牵头)", []),
        (
            "1.查。(市公安局牵头)\n2.训。(市公安局牵头)\n3.练。无人负责此事项。",
            [("RK-12", ["p#3"])],
        ),
        ("1.查。\n2.训。\n3.练。(市公安局牵头)", []),
    ],
)
def test_rules_of_the_text_alone(text: str, expected: list[Any]) -> None:
    assert found(text) == expected


def test_phases_and_safeguards_without_units_are_nobody_s_task_in_a_graph() -> None:
    plan = sr.parse_plan(
        "某县2026年工作方案\n一、重点任务\n1.排查。(县公安局牵头)\n2.整治。\n二、实施步骤\n"
        "1.动员部署阶段(3月31日前)。召开动员会。\n三、保障措施\n(一)加强领导。成立领导小组。\n"
        "(二)严格考核。(县应急局负责)\n",
        id="p",
    )
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["gov"], "kind": ["government"], "name": ["某县人民政府"]}
    )
    assert [task.group for task in plan.tasks].count("phase") == 1
    assert plan.tasks_table()["name"] == ["排查", "整治", "严格考核"]
    rows = list(graph.add(plan).check("2026-06-30", rules=["RK-01"]))
    assert len(rows) == 1
    assert "整治" in rows[0].message


def test_numbers_of_rows_that_are_missing_are_found_and_merged_ones_are_not() -> None:
    rows = "序号\t任务\t责任单位\n1\t查\t市公安局\n2\t训\t市教育局\n2\t练\t市民政局\n"
    assert found(rows + "3\t改\t市应急局\n") == []
    assert found(rows + "5\t改\t市应急局\n") == [("RK-12", ["p#4"])]


def test_what_a_table_holds_and_is_not_read_is_told() -> None:
    plan = sr.parse_plan(
        "某县2026年任务清单\n序号\t任务\t责任单位\t责任领导\t完成时限\t备注\n"
        "1\t查\t县公安局\t李某某\t2025年12月底\t每家2次\n2\t训\t县教育局\t\t6月底\t\n"
    )
    told = {one.code: (one.row, one.value) for one in plan.issues}
    assert told["plan.columns_unread"] == (None, "责任领导、备注")
    assert told["plan.deadline_past"] == (0, "2025年12月底")
    assert plan.tasks[0].deadlines == ("2025-12-31",)


def test_a_page_s_head_loses_neither_addressees_nor_a_title_on_two_lines() -> None:
    plan = sr.parse_plan(
        "某镇2026年安全生产工\n作实施方案\n来源：县政府办 发布时间：2026-02-03 【大 中 小】"
        "各乡镇人民政府、县直有关单位：\n1.查。（县公安局牵头）\n"
    )
    assert plan.title == "某镇2026年安全生产工作实施方案"
    assert plan.addressees == ("各乡镇人民政府", "县直有关单位")
    plan = sr.parse_plan("关于印发《全县整治方案》\n的通知\n1.查。（县公安局牵头）\n")
    assert plan.title == "关于印发《全县整治方案》的通知"
    plan = sr.parse_plan("某委会议文件\n某县2026年安全生产工作要点\n1.查。（县公安局牵头）\n")
    assert plan.title == "某县2026年安全生产工作要点"


def test_numbers_that_jump_are_found_with_their_task() -> None:
    text = "1.查。(市公安局牵头)\n2.训。(市公安局牵头)\n4.练。(市公安局牵头)\n"
    assert [rule for rule, _ in found(text)] == ["RK-12"]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("(市公安局负责)", "(市公安局配合)", "weaker_role"),
        ("(市公安局配合)", "(市公安局负责)", "same"),
        ("(市公安局牵头)", "(市教育局牵头)", "new_lead"),
        ("6月底前完成。(市公安局牵头)", "9月底前完成。(市公安局牵头)", "later_deadline"),
        ("9月底前完成。(市公安局牵头)", "6月底前完成。(市公安局牵头)", "same"),
        ("达到95%以上。(市公安局牵头)", "达到80%以上。(市公安局牵头)", "weaker_target"),
        ("(市公安局牵头,市教育局配合)", "(市公安局牵头)", "dropped_unit"),
        ("(市公安局牵头,市教育局配合)", "(市教育局配合)", "dropped_unit"),
        ("(市公安局负责)", "", "dropped_unit"),
        ("每季度检查2次。(市公安局牵头)", "每季度检查1次。(市公安局牵头)", "less_often"),
        ("每季度检查三次。(市公安局牵头)", "每季度检查不少于3次。(市公安局牵头)", "same"),
        ("每季度检查1次。(市公安局牵头)", "每年检查4次。(市公安局牵头)", "same"),
        ("达到80%以上。(市公安局牵头)", "达到95%以上。(市公安局牵头)", "same"),
    ],
)
def test_what_became_of_a_task(before: str, after: str, change: str) -> None:
    old = sr.parse_plan(f"某市2023年工作要点\n1.排查隐患。{before}\n2.宣传。(市民政局牵头)\n")
    new = sr.parse_plan(f"某市2024年工作要点\n1.深入排查隐患。{after}\n2.演练。(市民政局牵头)\n")
    table = columns(sr.plan.compare(old, new))
    assert table["change"] == [change, "dropped", "added"]
    assert table["before_no"] == ["1", "2", None]
    assert table["after_no"] == ["1", None, "2"]


LISTS = "每季度召开1次安全会议,每半年带队检查2次。"


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        # An obligation that is gone beside one that stays; one of two that became rarer.
        (LISTS, "每半年带队检查2次。", [("unmatched", "每季度（召开安全会议）", None)]),
        (
            LISTS, "每半年召开1次安全会议,每半年带队检查2次。",
            [("less_often", "每季度（召开安全会议）", "每半年（召开安全会议）")],
        ),
        (LISTS, "每半年带队检查2次,每季度召开1次安全会议。", [("same", None, None)]),
        # The first of two days, the second of which stays; whatever their order.
        (
            "6月底前完成甲、12月底前完成乙。", "9月底前完成甲、12月底前完成乙。",
            [("later_deadline", "2023-06-30（甲）", "2024-09-30（甲）")],
        ),
        (
            "整治甲,6月底前完成;整治乙,9月底前完成。", "整治乙,9月底前完成;整治甲,10月底前完成。",
            [("later_deadline", "2023-06-30（整治甲）", "2024-10-31（整治甲）")],
        ),
        (
            "6月底前完成甲、6月底前完成乙。", "6月底前完成甲、9月底前完成乙。",
            [("later_deadline", "2023-06-30（乙）", "2024-09-30（乙）")],
        ),
        ("6月底前建成平台。", "3月底前制定方案,6月底前建成平台。", [("same", None, None)]),
        (
            "6月底前建成平台。", "3月底前制定方案,9月底前培训。",
            [("unmatched", "2023-06-30（建成平台）", "2024-03-31（制定方案）;2024-09-30（培训）")],
        ),
        # A day that was not read may be the earlier one.
        ("6月底前完成。", "完成时限：汛期前。", [("unmatched", "2023-06-30", "汛期前")]),
        ("每季度检查。", "每学期检查。", [("unmatched", "每季度", "每学期")]),
        # Each number has one counterpart.
        ("改造5家,建成10家。", "改造5家。", [("unmatched", "建成10家", None)]),
        ("改造5家,建成10家。", "建成10家,改造5家。", [("same", None, None)]),
    ],
)  # fmt: skip
def test_lists_are_compared_as_lists(before: str, after: str, changes: list[Any]) -> None:
    old = sr.parse_plan(f"某市2023年工作要点\n1.落实责任。{before}(市公安局牵头)\n")
    new = sr.parse_plan(f"某市2024年工作要点\n1.落实责任。{after}(市公安局牵头)\n")
    table = columns(sr.plan.compare(old, new))
    found = list(zip(table["change"], table["before"], table["after"], strict=True))
    assert found == changes


def test_numbers_that_are_no_target_are_never_the_same_when_smaller() -> None:
    plans = [sr.parse_plan(f"1.指导。对{n}家开展指导。(市公安局牵头)") for n in (3, 2)]
    assert "same" not in columns(sr.plan.compare(*plans))["change"]
    assert columns(sr.plan.compare(*plans[::-1]))["change"] == ["same"]


def small_graph() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["em", "police", "short"],
            "kind": ["dept", "dept", "dept"],
            "name": ["甲县应急管理局", "甲县公安局", "县应急局"],
        },
        edges={"source": ["short"], "target": ["em"], "kind": ["ALIAS_OF"]},
        data_date="2024-01-01",
    )


RENAMED = (
    "甲县2024年工作要点\n1.查　甲１处。(县应急局牵头,县公安局配合)\n2.查乙。(甲县应急管理局牵头;完成时限：汛期前)\n"
    "3.查丙,长期坚持。(县应急管理局牵头,县水利局配合)\n"
)


def test_a_graph_resolves_units_in_workbook_page_and_json(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    from safetyrisk.io.plan_book import save_plan

    graph, plan = small_graph(), sr.parse_plan(RENAMED)
    book = openpyxl.load_workbook(save_plan(plan, tmp_path / "a.xlsx", graph=graph))
    matrix = list(book["单位×任务"].iter_rows(values_only=True))[1:]
    assert ("甲县应急管理局", 3, "牵头", "牵头", "牵头") in matrix
    assert [row[0] for row in matrix] == ["甲县应急管理局", "甲县公安局", "县水利局"]
    heads, *rows = book["甲县应急管理局"].iter_rows(values_only=True)
    assert [row[heads.index("条目")] for row in rows] == ["1", "2", "3"]
    # A unit is not another unit of its own task under its other name.
    assert [row[heads.index("同任务的其他单位")] for row in rows] == ["县公安局", None, "县水利局"]
    said = [cell for row in book["问题"].iter_rows(values_only=True) for cell in row if cell]
    assert any("县水利局" in str(cell) for cell in said)
    assert "县水利局" in {row[0] for row in book["单位对应"].iter_rows(values_only=True)}
    raw = json.loads(save_plan(plan, tmp_path / "a.json", graph=graph).read_text("utf-8"))
    nodes = [[unit["nodes"] for unit in task["units"]] for task in raw["tasks"]]
    assert nodes == [[["em"], ["police"]], [["em"]], [["em"], []]]
    assert "plan.unit_not_in_graph" in [one["code"] for one in raw["issues"]]
    page = save_plan(plan, tmp_path / "a.html", graph=graph).read_text("utf-8")
    assert "单位对应" in page


def test_a_workbook_has_the_words_that_are_printed(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    book = openpyxl.load_workbook(sr.save(sr.parse_plan(RENAMED), tmp_path / "a.xlsx"))
    heads, *rows = book["任务清单"].iter_rows(values_only=True)
    assert rows[0][heads.index("原文")].startswith("1.查　甲１处。")
    assert [row[heads.index("完成期限")] for row in rows] == [
        None, "（原文：汛期前，未能读出日期）", "长期坚持",
    ]  # fmt: skip


def test_a_matrix_that_is_too_large_is_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    from safetyrisk.io import plan_book
    from safetyrisk.plan import page, tables

    for module in (plan_book, page, tables):
        monkeypatch.setattr(module, "MOST_CELLS", 3)
    plan = sr.parse_plan("1.查。(市公安局牵头)\n2.训。(市教育局牵头,市公安局配合)")
    book = openpyxl.load_workbook(sr.save(plan, tmp_path / "a.xlsx"))
    assert list(book["单位×任务（逐条）"].iter_rows(values_only=True))[1:] == [
        ("市公安局", "1", "查", "牵头"), ("市公安局", "2", "训", "配合"),
        ("市教育局", "2", "训", "牵头"),
    ]  # fmt: skip
    assert "矩阵过大" in sr.save(plan, tmp_path / "a.html").read_text("utf-8")
    monkeypatch.setattr(tables, "MOST_CELLS", 0)
    with pytest.raises(sr.InputError) as refused:
        plan.matrix()
    assert refused.value.code == "plan.matrix_too_large"


def test_a_list_without_a_graph_names_what_is_spelt_alike() -> None:
    plan = sr.parse_plan(RENAMED)
    found = sr.plan.duty_list("县应急管理局", plan)
    assert [row["no"] for row in found.duties] == ["2", "3"]
    assert found.near == ["县应急局"]
    assert "未计入写法相近的名称：县应急局" in found.page_html()
    assert sr.plan.duty_list("县应急管理局", plan, small_graph()).near == []
    assert sr.plan.duty_list("县公安局", plan).near == []


def test_wrong_calls_are_one_sentence() -> None:
    plan = sr.parse_plan(RENAMED)
    wrong: Any = "x"
    for call in (
        lambda: sr.plan.compare(plan, plan, wrong), lambda: sr.plan.cover(plan, plan, wrong),
        lambda: plan.edges(wrong), lambda: plan.names(wrong),
        lambda: sr.plan.duty_list("县公安局", None),  # type: ignore[arg-type]
        lambda: sr.plan.duty_list(" ", plan), lambda: sr.parse_plan("", year=23),
    ):  # fmt: skip
        with pytest.raises(sr.InputError) as refused:
            call()
        assert refused.value.code


def test_a_plan_against_itself_is_the_same(plan: sr.Plan) -> None:
    assert set(columns(sr.plan.compare(plan, plan))["change"]) == {"same"}
    with pytest.raises(sr.InputError):
        sr.plan.compare(plan, TEXT)  # type: ignore[arg-type]


# ---- a subordinate's plan against its superior's -----------------------------------------------

EXAMPLES = Path(__file__).parents[2] / "examples" / "data" / "yifeng_plan"


@pytest.fixture(scope="module")
def county_plan() -> sr.Plan:
    return sr.read_plan(EXAMPLES / "plan_2026.txt")


def test_years_are_compared_as_a_reader_of_both_would(county_plan: sr.Plan) -> None:
    """The changes were put into the example on purpose, and listed before it was compared."""
    changes = sr.plan.compare(sr.read_plan(EXAMPLES / "plan_2025.txt"), county_plan)
    table = columns(changes)
    found = set(zip(table["change"], table["before_no"], table["after_no"], strict=True))
    assert found == {
        ("later_deadline", "1", "1"), ("less_often", "2", "3"), ("dropped", "3", None),
        ("later_deadline", "4", "4"), ("weaker_target", "4", "4"), ("new_lead", "5", "5"),
        ("weaker_role", "5", "5"), ("later_deadline", "5", "5"), ("dropped_unit", "6", "6"),
        ("weaker_target", "7", "7"), ("less_often", "8", "8"), ("weaker_target", "8", "8"),
        ("new_lead", "9", "9"), ("weaker_target", "10", "10"), ("same", "11", "11"),
        ("dropped", "12", None), ("same", "13", "14"), ("same", "14", "15"),
        ("added", None, "2"), ("added", None, "12"), ("added", None, "13"), ("added", None, "16"),
    }  # fmt: skip
    row = table["change"].index("weaker_role")
    assert (table["before"][row], table["after"][row]) == ("县应急管理局 牵头", "县应急管理局 配合")
    assert changes.counts()["weaker_target"] == 4
    assert changes.counts()["moved"] == 0


def test_what_a_subordinate_takes_up_is_what_was_written_into_it(county_plan: sr.Plan) -> None:
    covered = sr.plan.cover(sr.read_plan(EXAMPLES / "city_2026.txt"), county_plan)
    table = columns(covered)
    truth = {"1": "1", "2": "2", "4": "4", "5": "5", "6": "7", "10": "10", "12": "13", "13": "14",
             "15": "15"}  # fmt: skip
    for no, status, nearest in zip(table["no"], table["status"], table["nearest_no"], strict=True):
        if no in truth:
            assert (status != "uncovered", nearest) == (True, truth[no]), no
        else:
            assert status == ("not_owed" if no in ("3", "14") else "uncovered"), no
    assert [no for no, owed in zip(table["no"], table["owed"], strict=True) if not owed] == [
        "3", "14",
    ]  # fmt: skip
    assert [row["no"] for row in covered.uncovered] == ["7", "8", "9", "11"]
    counts = covered.counts()
    assert counts["owed"] == counts["covered"] + counts["doubtful"] + counts["uncovered"] == 13
    assert covered.ratio == counts["covered"] / 13
    assert {no for no, late in zip(table["no"], table["later"], strict=True) if late} == {
        "2", "4", "6", "10",
    }  # fmt: skip
    weaker = {no for no, less in zip(table["no"], table["weaker"], strict=True) if less}
    assert weaker == {"4", "10"}
    assert sum(columns(covered.sections)["items"][:-1]) == 15
    assert "第9项" in covered.uncovered[0]["why"]


def test_what_a_subordinate_leaves_out_of_an_item_is_told() -> None:
    city = sr.parse_plan(
        "甲市2026年工作要点\n1.整治燃气管网。6月底前完成，每月检查，改造率达到95%以上。"
        "(各县(市、区)政府落实)\n2.普查小型水库。9月底前完成。(各县(市、区)政府落实)\n"
    )
    county = sr.parse_plan(
        "乙县2026年工作要点\n1.整治燃气管网。(县住建局牵头)\n2.普查小型水库。8月底前完成。(县水利局牵头)\n"
    )
    covered = columns(sr.plan.cover(city, county))
    assert covered["missing"][0].startswith("2026-06-30；每月；")
    assert "95%" in covered["missing"][0]
    assert covered["missing"][1] is None
    assert covered["later"] == [None, None]


@pytest.mark.parametrize(
    ("by", "owed"),
    [
        ("县级人民政府负责", True),
        ("有关县落实", True),
        ("市公安局牵头，相关县(市、区)落实", True),
        ("县(市、区)人民政府负责", True),
        ("县级以上人民政府负责", True),
        ("属地乡镇、街道配合", True),
        ("市级人民政府负责", False),
        ("各市直部门落实", False),
        ("有关市场监管部门落实", False),
        ("市公安局负责", False),
    ],
)
def test_names_of_regions_owe_and_what_is_not_owed_has_no_ratio(
    by: str, owed: bool, tmp_path: Path
) -> None:
    city = sr.parse_plan(f"甲市2026年工作要点\n1.整治燃气安全。({by})\n")
    county = sr.parse_plan("乙县2026年工作要点\n1.农村改厕。(县住建局牵头)\n")
    covered = sr.plan.cover(city, county)
    assert covered.counts()["owed"] == owed
    assert covered.ratio == (0.0 if owed else None)
    assert len(covered.uncovered) == owed
    assert covered.shown()["结果"] == ["未覆盖" if owed else "未写明落到本级"]
    assert ("没有任务写明落到本级" in covered.page_html()) == (not owed)


def test_a_workbook_of_duties_lists_names_spelt_alike(tmp_path: Path) -> None:
    plan = sr.parse_plan(
        "甲县2026年工作要点\n1.甲。(县应急管理局负责)\n2.每季度检查不少于2次。(县应急管理局负责)\n3.乙。(县应急局负责)"
    )
    found = sr.plan.duty_list("县应急管理局", plan)
    # How many times in each quarter is no number of the year.
    assert [row["list"] for row in found._rows()] == ["duty", "duty"]
    openpyxl = pytest.importorskip("openpyxl")
    sheets = openpyxl.load_workbook(sr.save(found, tmp_path / "a.xlsx"))
    assert [cell.value for cell in sheets["写法相近"]["A"]] == ["未计入写法相近的名称", "县应急局"]


def test_a_graph_is_taken_with_a_plan_alone(tmp_path: Path) -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["em"], "kind": ["dept"], "name": ["甲县应急管理局"]}, data_date="2026-01-01"
    )
    plan = sr.parse_plan("甲县2026年工作要点\n1.甲。(县应急管理局负责)")
    written = sr.save(plan, tmp_path / "a.json", graph=graph).read_text(encoding="utf-8")
    assert '"em"' in written
    with pytest.raises(sr.InputError):
        sr.save(sr.plan.duty_list("县应急管理局", plan), tmp_path / "b.json", graph=graph)


def test_a_plan_covers_itself_and_another_s_subject_covers_nothing(county_plan: sr.Plan) -> None:
    assert sr.plan.cover(county_plan, county_plan).ratio == 1.0
    other = sr.parse_plan(
        "丙县2026年农村改厕工作方案\n1.摸底建档。(县卫健委牵头)\n2.奖补资金。(县财政局牵头)"
    )
    assert sr.plan.cover(county_plan, other).ratio == 0.0
    nothing = sr.plan.cover(county_plan, sr.parse_plan(""))
    assert set(columns(nothing)["status"]) == {"uncovered", "not_owed"}
    assert len(sr.plan.cover(sr.parse_plan(""), county_plan)) == 0


def test_items_of_real_plans_are_paired_with_themselves_and_not_with_each_other() -> None:
    files = sorted((Path(__file__).parents[3] / "shared" / "data" / "plans").glob("*.txt"))
    if not files:
        pytest.skip("the real plans (../shared/data/plans) are not here")
    plans = [sr.read_plan(path) for path in files]
    for plan in plans:
        assert sr.plan.cover(plan, plan).ratio == 1.0
        assert sr.plan.compare(plan, plan).counts()["dropped"] == 0
        # A tenth of the characters lost leaves an item what it is.
        kept = "".join(
            c for i, c in enumerate(plan.text) if i % 10 or c in "\n.、。（）()0123456789"
        )
        again = sr.plan.cover(plan, sr.parse_plan(kept))
        assert again.counts()["uncovered"] <= len(plan) // 8


# ---- lists of duties ---------------------------------------------------------------------------


def test_a_unit_s_list_has_each_of_its_parts_with_their_place(county_plan: sr.Plan) -> None:
    last = sr.read_plan(EXAMPLES / "plan_2025.txt")
    found = sr.plan.duty_list("宜丰县应急管理局", [county_plan, last])
    assert [(row["deadlines"], row["role"]) for row in found.tasks] == [
        ("2025-09-30", "lead"), ("2025-09-30", "lead"), ("2025-11-30", "lead"),
        ("2026-10-31", "lead"), ("2026-10-31", "assist"), ("2026-11-30", "lead"),
        ("2026-12-31", "share"),
    ]  # fmt: skip
    mentions = sum(
        unit.name == "县应急管理局"
        for plan in (county_plan, last)
        for task in plan.tasks
        for unit in task.units
    )
    assert len(found) == mentions
    texts = {plan.title: plan.text for plan in (county_plan, last)}
    for row in found._rows():
        assert texts[row["basis"]][row["begin"] : row["end"]] == row["name"] == "县应急管理局"
        assert row["no"]
    with pytest.raises(sr.InputError):
        sr.plan.duty_list("甲")
    with pytest.raises(sr.InputError, match="县应急管理局") as error:
        sr.plan.duty_list("县应急管理厅", county_plan)
    assert error.value.code == "plan.unit_not_named"


def test_a_town_has_what_its_collective_has_and_a_head_what_his_bureau_has() -> None:
    graph = a_county()
    plan = sr.parse_plan(
        "甲县2023年安全生产工作要点\n1.查。6月底前完成。(县应急局牵头，各乡镇党委、政府落实)\n"
        "2.训。每月1次。(县安全生产监督管理局负责，有关部门配合)\n",
        id="p",
    )
    town = sr.plan.duty_list("东镇人民政府", plan, graph)
    assert [(row["role"], row["no"], row["name"]) for row in town.tasks] == [
        ("implement", "1", "各乡镇党委、政府")
    ]
    bureau = sr.plan.duty_list("em", plan, graph)
    assert [(row["role"], row["rule"]) for row in bureau.duties] == [
        ("COMPREHENSIVE", "graph"), ("responsible", "successor"),
    ]  # fmt: skip
    assert [row["role"] for row in bureau.tasks] == ["lead"]
    assert "综合监管" in bureau._repr_html_()
    both = sr.plan.duty_list("em", plan, graph.add(plan))
    assert len(both) == len(bureau)  # a task that is in the graph, too, is listed once
    with pytest.raises(sr.InputError) as error:
        sr.plan.duty_list("乙局", plan, graph)
    assert error.value.code == "plan.unit_unknown"


# ---- what people read --------------------------------------------------------------------------


def read_by_people(plan: sr.Plan, last: sr.Plan, city: sr.Plan, folder: Path) -> list[str]:
    """Every word of the pages and workbooks that a plan gives."""
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    graph = a_county()
    results = [
        plan, plan.units, plan.matrix(), plan.due(), plan.unresolved, plan.edges(graph),
        plan.names(graph), sr.plan.duty_list("县应急管理局", [plan, last]),
        sr.plan.duty_list("em", plan, graph), sr.plan.compare(last, plan),
        sr.plan.cover(city, plan), sr.plan.check(plan),
    ]  # fmt: skip
    texts = []
    for i, result in enumerate(results):
        for page in (result._repr_html_(), ""):
            reader = Reader()
            if not page:
                path = sr.save(result, folder / f"{i}.html")
                page = path.read_text(encoding="utf-8")
                page = page[page.index("<body>") :]
            reader.feed(page)
            texts += reader.words
        book = openpyxl.load_workbook(sr.save(result, folder / f"{i}.xlsx"))
        texts += book.sheetnames
        texts += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
                  if cell.value is not None]  # fmt: skip
    return texts


def test_no_english_word_is_in_what_chinese_readers_get(
    county_plan: sr.Plan, tmp_path: Path
) -> None:
    last, city = (sr.read_plan(EXAMPLES / f"{name}.txt") for name in ("plan_2025", "city_2026"))
    found = set()
    for text in read_by_people(county_plan, last, city, tmp_path):
        found |= set(re.findall(r"[A-Za-z_]{2,}", text))
    # Ids of the files and of nodes of the graph, codes of rules.
    assert found - {"plan_", "RK", "em", "awb", "awh", "fire", "zwh", "zone", "gov", "old"} == set()


def test_a_plan_without_a_year_shows_days_as_people_write_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    plan = sr.parse_plan("1.查。6月底前完成。(市公安局牵头)\n")
    book = openpyxl.load_workbook(sr.save(plan, tmp_path / "a.xlsx"))
    assert [cell.value for cell in book["按月到期"][2]][:2] == [
        "6月（缺年份）",
        "6月30日（缺年份）",
    ]
    assert "6月30日（缺年份）" in plan._repr_html_()


def test_the_command_line_lists_duties_and_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("typer")
    monkeypatch.chdir(tmp_path)
    this, last, city = (
        str(EXAMPLES / f"{name}.txt") for name in ("plan_2026", "plan_2025", "city_2026")
    )
    status, said = run(capsys, this, last, "--unit", "县应急管理局", "-o", "a.json")
    assert (status, "职责 4 条，年度任务 7 条" in said) == (0, True)
    assert len(json.loads(Path("a.json").read_text(encoding="utf-8"))["rows"]) == 11
    status, said = run(capsys, this, "--last", last, "-o", "b.html")
    assert (status, "新增 4，取消 2" in said) == (0, True)
    Path("none_owed.txt").write_text(
        "某市2026年工作要点\n1.查。（市公安局牵头）\n", encoding="utf-8"
    )
    status, said = run(capsys, this, "--superior", "none_owed.txt", "-o", "c.csv")
    assert (status, "没有一项写明落到本级，不计覆盖率" in said) == (0, True)
    status, said = run(capsys, this, "--superior", city, "-o", "c.csv")
    assert (status, "未覆盖 4；覆盖率 54%" in said) == (0, True)
    status, said = run(capsys, this)
    assert (status, "任务 16 项" in said, "已写入" in said) == (0, True, False)
    for wrong in (
        ["--unit", ""],
        ["--year", "23"],
        ["--last", last, "--superior", city],
        ["--unit", "县应急厅"],
        ["--last", "none.txt"],
        ["--superior", str(tmp_path / "d.json")],
        ["--dataset", "nowhere"],
    ):
        assert run(capsys, this, *wrong, "-o", "d.json")[0] == 2, wrong
    assert run(capsys, this, last, "-o", "d.json")[0] == 2
    assert not Path("d.json").exists()


# ---- deadlines that cannot be read -------------------------------------------------------------


@pytest.mark.parametrize(
    "stated",
    ["2026年2月30日前", "13月底", "汛期前", "春节前", "全年", "每学期2次", "事故结案后一年内"],
)  # fmt: skip
def test_a_deadline_that_cannot_be_read_is_asked(stated: str) -> None:
    head = "某县2026年安全生产工作要点\n"
    for text in (
        f"1.查水库。（责任单位：县水利局；完成时限：{stated}）\n2.训。（责任单位：县教育局；完成时限：6月底前）\n",
        f"1.查水库。\n责任单位：县水利局\n完成时限：{stated}\n2.训。\n责任单位：县教育局\n完成时限：6月底前\n",
        f"1.查水库。（完成时限：{stated}，责任单位：县水利局）\n2.训。（责任单位：县教育局；完成时限：）\n",
        f"任务\t责任单位\t完成时限\n查水库\t县水利局\t{stated}\n训\t县教育局\t6月底\n练\t县教育局\t\n",
        f"序号  任务  责任单位  完成时限\n1  查水库  县水利局  {stated}\n2  训  县教育局  6月底\n",
        f"|任务|责任单位|完成时限|\n|---|---|---|\n|查水库|县水利局|{stated}|\n|训|县教育局|6月底|\n",
    ):
        plan = sr.parse_plan(head + text)
        table = columns(plan.unresolved)
        assert table["what"] == ["time_unread"], text
        assert table["value"] == [stated], text
        assert table["task"] == ["某县2026年安全生产工作要点#1"], text
        assert plan.text[table["begin"][0] : table["end"][0]] == stated


@pytest.mark.parametrize("stated", ["长期坚持", "持续推进", "长期", "常态化开展"])
def test_what_has_no_end_is_regular(stated: str) -> None:
    plan = sr.parse_plan(
        f"某县2026年安全生产工作要点\n1.查水库。（责任单位：县水利局；完成时限：{stated}）\n"
    )
    assert len(plan.unresolved) == 0
    assert columns(plan.due())["cadence"] == ["ongoing"]
    assert plan.due().shown()["频次"] == ["长期"]


def test_impossible_days_in_a_sentence_are_asked_and_real_ones_are_not() -> None:
    plan = sr.parse_plan(
        "某县2026年安全生产工作要点\n1.查水库。2月30日前完成，6月31日报送。（责任单位：县水利局）\n"
        "2.训。2月28日前完成。（责任单位：县教育局）\n"
    )
    assert columns(plan.unresolved)["value"] == ["2月30日", "6月31日"]


# ---- what readers get is in words, what spreadsheets get are days and figures ------------------


def test_issues_of_a_plan_are_told_in_words(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    plan = sr.parse_plan("某县2026年工作要点\n3.查水库。６月 底前 完成（县水利局 牵头\n")
    assert plan.repairs
    page = plan._repr_html_()
    part = page[page.index("问题清单") :]
    for code in ("text.", "plan.", "info", "warning", "从 0 起"):
        assert code not in part
    assert "去掉空格" in part
    assert "编号「3」是第一个编号" in part
    book = openpyxl.load_workbook(sr.save(plan, tmp_path / "a.xlsx"))
    cells = [str(cell.value) for row in book["问题"].iter_rows() for cell in row]
    assert any("去掉空格" in cell for cell in cells)
    assert not any("text." in cell for cell in cells)


def test_workbooks_hold_days_and_figures(county_plan: sr.Plan, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")

    def column(result: Any, sheet: str, head: str) -> list[Any]:
        book = openpyxl.load_workbook(sr.save(result, tmp_path / "a.xlsx"))[sheet]
        at = [cell.value for cell in book[1]].index(head) + 1
        return [book.cell(i, at).value for i in range(2, book.max_row + 1)]

    days = [day for day in column(county_plan, "按月到期", "期限") if day]
    assert days
    assert all(isinstance(day, dt.date) for day in days)
    listed = [day for day in column(county_plan, "任务清单", "完成期限") if day]
    assert all(isinstance(day, dt.date) or "、" in day for day in listed)
    duties = sr.plan.duty_list("县应急管理局", county_plan)
    assert any(isinstance(day, dt.date) for day in column(duties, "年度任务清单", "完成期限"))
    covered = sr.plan.cover(sr.read_plan(EXAMPLES / "city_2026.txt"), county_plan)
    ratios = column(covered, "覆盖情况", "覆盖率")
    assert ratios[-1] == pytest.approx(covered.ratio, abs=1e-3)
    scores = [score for score in column(covered, "全部任务", "相似度") if score is not None]
    assert scores
    assert all(isinstance(score, int | float) for score in scores)


def test_a_plan_given_twice_is_listed_once_and_actions_are_words(county_plan: sr.Plan) -> None:
    graph = a_county()
    for more in ((), (graph,)):
        name = "em" if more else "县应急管理局"
        once = sr.plan.duty_list(name, county_plan, *more)
        twice = sr.plan.duty_list(name, [county_plan, county_plan], *more)
        assert len(once) == len(twice)
    known = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["a"], "kind": ["dept"], "name": ["甲县应急管理局"]},
        tasks={"id": ["t"], "name": ["危化品企业安全风险评估"], "action": ["risk_assessment"]},
        duties={"subject": ["a"] * 3, "action": ["risk_assessment", "training", "上门服务"]},
    )
    titles = [row["title"] for row in sr.plan.duty_list("a", (), known, "2026-07-01").duties]
    assert titles == ["危化品企业安全风险评估", "培训", "上门服务"]


def test_layout_of_a_table_is_no_damage_and_an_issue_stands_on_one_line() -> None:
    table = "某县2026年工作要点\n|任务|责任单位|完成时限|\n|---|---|---|\n|查水库|县水利局|6月底|\n"
    plan = sr.parse_plan(table)
    assert plan.repairs
    assert "plan.repaired" not in columns(plan.issues)["code"]
    broken = sr.parse_plan("某县2026年工作要点\n1.查水\n库。６月 底前完成（县水利局 牵头\n")
    said = [one for one in broken.issues if one.code == "plan.repaired"]
    assert len(said) == 1
    assert "\n" not in said[0].message
