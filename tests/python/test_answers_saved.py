"""Answers beyond the grade as workbooks and pages: whole, in words, in the language asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr

calamine = pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")

#: A method of one's own whose inputs have ids that nobody reads.
OWN = {
    "pack": "canteen.own", "kind": "method", "version": "1",
    "title": {"zh": "餐饮场所", "en": "canteens"},
    "source": [{"document": "某市办法", "clause": "第三条", "edition": "2026"}],
    "confidence": "D", "default": False,
    "content": {
        "form": "chain",
        "scale": {"id": "canteen", "kind": "risk", "name": {"zh": "等级", "en": "level"}},
        "inputs": [
            {"id": "area", "name": {"zh": "营业面积", "en": "floor area"}, "kind": "steps",
             "steps": [{"value": v, "zh": w, "en": w} for v, w in ((1, "小"), (2, "中"), (3, "大"))]},
            {"id": "fuel", "name": {"zh": "用气方式", "en": "fuel used"}, "kind": "choice",
             "choices": [{"id": "pipe", "zh": "管道气", "en": "piped"},
                         {"id": "tank", "zh": "瓶装气", "en": "bottled"}]},
        ],
        "steps": [
            {"id": "F", "name": {"zh": "用气分", "en": "fuel points"}, "do": "scale", "of": "fuel",
             "rows": [{"is": ["pipe"], "value": 1}, {"is": ["tank"], "value": 4}]},
            {"id": "R", "name": {"zh": "风险值", "en": "score"}, "do": "product",
             "of": ["area", "F"]},
        ],
        "result": "R",
        "score": {"symbol": "R", "name": {"zh": "风险值", "en": "score"}},
        "bands": [
            {"label": "1", "word": {"zh": "很高", "en": "very high"}, "grade": "red",
             "range": "[12, inf)"},
            {"label": "2", "word": {"zh": "高", "en": "high"}, "grade": "orange",
             "range": "[4, 12)"},
            {"label": "3", "word": {"zh": "中", "en": "medium"}, "grade": "yellow",
             "range": "[2, 4)"},
            {"label": "4", "word": {"zh": "低", "en": "low"}, "grade": "blue",
             "range": "(-inf, 2)"},
        ],
    },
    "tests": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> sr.Pack:
    path = tmp_path_factory.mktemp("packs") / "own.json"
    path.write_text(json.dumps(OWN, ensure_ascii=False), encoding="utf-8")
    return sr.load_pack(path)


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = calamine.CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def answers(own: sr.Pack) -> dict[str, Any]:
    """Each kind of answer, with the names of its further sheets."""
    rows = {"id": ["甲店", "缺"], "area": [2, None], "fuel": ["瓶装气", "管道气"]}
    long = {
        "id": ["甲店"] * 2,
        "grader": ["张", "李"],
        "area": [1, 1],
        "fuel": ["瓶装气", "管道气"],
    }
    graded = sr.grade(rows, own)
    hazards = {
        "id": ["H1"], "risk_point": ["甲店"], "grade": ["重大"], "found_on": ["2026-03-01"],
    }  # fmt: skip
    points = {"id": ["罐区"], "L": [3], "S": [3], "E": [6], "C": [15]}
    return {
        "counterfactual": (sr.counterfactual(graded, fixed="area"), ["改动明细"]),
        "sensitivity": (sr.sensitivity(graded), ["按输入汇总", "邻近判断"]),
        "uncertain": (sr.uncertain(rows | {"area": ["1~3", None]}, own), ["各级别的概率"]),
        "disagreement": (sr.disagreement(long, own), ["按输入汇总", "成对比较"]),
        "combined": (sr.combine(points, ["lec", "ls"]), ["方法两两比较", "分歧最大的对象"]),
        "current": (sr.current(graded, hazards, on="2026-03-02"), ["等级变动日志"]),
    }


@pytest.mark.parametrize(
    "kind", ["counterfactual", "sensitivity", "uncertain", "disagreement", "combined", "current"]
)
def test_a_workbook_and_a_page_are_whole_and_in_words(
    own: sr.Pack, tmp_path: Path, kind: str
) -> None:
    answer, parts = answers(own)[kind]
    book = sheets(sr.save(answer, tmp_path / "a.xlsx"))
    assert list(book) == ["结果", "说明", *parts, "问题", "方法"]
    page = sr.save(answer, tmp_path / "a.html").read_text(encoding="utf-8")
    for part in parts:
        assert f"<h2>{part}</h2>" in page
    told = answer.text().splitlines()
    assert all(line in page for line in told)
    assert {line for row in book["说明"] for line in str(row[-1]).split("\n")} >= set(told)
    # Ids and codes that a reader does not know stand nowhere but where packs and issues are named.
    words = re.compile(r"\b(area|fuel|pipe|tank|lower|raise|found|graded|red|orange|exact|major)\b")
    for name, lines in book.items():
        if name not in ("问题", "方法"):
            assert not words.search(str(lines)), name
    before_issues = page.partition("<h2>问题</h2>")[0].partition("<h2>方法</h2>")[0]
    assert not words.search(re.sub(r"<[^>]*>", " ", before_issues))
    english = sheets(sr.save(answer, tmp_path / "b.xlsx", lang="en"))
    assert list(english)[:2] == ["Results", "In words"]
    assert english == sheets(sr.save(answer.in_language("en"), tmp_path / "c.xlsx"))


def test_cells_of_saved_answers(own: sr.Pack, tmp_path: Path) -> None:
    made = answers(own)
    lines = sheets(sr.save(made["counterfactual"][0], tmp_path / "a.xlsx"))["改动明细"]
    # 中 × 瓶装气 is 8: piped gas makes it 2, two levels down.
    assert lines[0] == [
        "编号",
        "方向",
        "升降级数",
        "方案",
        "输入",
        "原值",
        "关系",
        "新值",
        "改动级距",
    ]
    assert lines[1][:2] == ["甲店", "降"]
    assert lines[1][4:8] == ["用气方式", "瓶装气", "=", "管道气"]
    lines = sheets(sr.save(made["uncertain"][0], tmp_path / "u.xlsx"))["各级别的概率"]
    # 4, 8, 12: orange twice, red once.
    assert [line[:3] for line in lines[1:]] == [
        ["甲店", "1 很高", "重大风险"],
        ["甲店", "2 高", "较大风险"],
    ]
    assert [line[3] for line in lines[1:]] == pytest.approx([1 / 3, 2 / 3])
    current = sheets(sr.save(made["current"][0], tmp_path / "c.xlsx"))
    assert current["结果"][1][7] == "有未销号的重大隐患，按红色管控"
    assert ["日期", "2026-03-02"] in current["方法"]
    part = sr.save(made["sensitivity"][0].inputs, tmp_path / "i.xlsx", lang="en")
    assert sheets(part)["Inputs"][1][1] == "floor area"
    with pytest.raises(sr.InputError, match=r"\.html"):
        sr.save(made["uncertain"][0], tmp_path / "u.geojson")


def test_inputs_of_ones_own_method_have_their_names_as_headers(
    own: sr.Pack, tmp_path: Path
) -> None:
    graded = sr.grade({"id": ["甲店"], "area": [2], "fuel": ["瓶装气"]}, own)
    heads = sheets(sr.save(graded, tmp_path / "g.xlsx"))["全部风险点"][0]
    assert {"营业面积", "用气方式"} <= set(heads)
    assert not {"area", "fuel"} & set(heads)
    again = sr.grade(tmp_path / "g.xlsx", own, sheet="全部风险点")
    assert again.to_columns()["grade"].tolist() == ["orange"]  # 2 × 4 = 8


def test_inputs_are_held_fixed_by_name(own: sr.Pack) -> None:
    graded = sr.grade({"id": ["甲店"], "area": [2], "fuel": ["瓶装气"]}, own)
    by_name = sr.counterfactual(graded, fixed="用气方式")
    assert by_name.to_json() == sr.counterfactual(graded, fixed=["fuel"]).to_json()
    assert by_name.text().endswith("视为不能改变的输入：用气方式。")
    with pytest.raises(sr.NotFoundError, match="用气方式"):
        sr.counterfactual(graded, fixed="用电方式")


def test_residual_grades_are_made_by_the_method(own: sr.Pack) -> None:
    graded = sr.grade({"id": ["甲店"], "area": [2], "fuel": ["瓶装气"]}, own)
    after = {"id": ["甲店"], "area": [2], "fuel": ["管道气"]}
    none = {name: [] for name in ("id", "risk_point", "grade", "found_on")}
    answer = sr.current(graded, none, on="2026-03-02", residual=after, method=own)
    assert answer.to_columns()["residual"].tolist() == ["yellow"]  # 2 × 1 = 2
    with pytest.raises(sr.InputError, match="graded already"):
        sr.current(graded, none, on="2026-03-02", residual=graded, method=own)


def test_a_colour_map_is_read_from_its_file(tmp_path: Path) -> None:
    pack = next(one for one in sr.packs() if one.id == "park_colours.usual")
    path = tmp_path / "mine.json"
    path.write_text(pack.canonical, encoding="utf-8")
    from_file, built_in = ([one.id for one in maps] for maps in (
        sr.scoring.colour_maps(path), sr.scoring.colour_maps("park_colours.usual")))  # fmt: skip
    assert from_file == built_in


def test_a_template_of_ones_own_method_names_its_file(own: sr.Pack, tmp_path: Path) -> None:
    for method, option in ((own, "-m 方法包文件.json "), ("lec", "-m lec.t1 ")):
        path = tmp_path / f"{option.strip()}.xlsx"
        sr.template("risk_points", path, method=method)
        assert option in str(list(sheets(path).values()))
        assert "-m canteen.own" not in str(list(sheets(path).values()))
