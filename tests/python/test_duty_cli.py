"""The commands ``due``, ``hazards`` and ``demo-year``: what they write, say and return."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from safetyrisk import _core, cli
from safetyrisk._words import Speaker
from support_cli import Run


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year") / "county"
    with pytest.raises(SystemExit) as left:
        cli.main(["demo-year", str(folder)])
    assert not left.value.code
    return folder


def planted(county: Path, name: str) -> list[dict[str, str]]:
    with (county.parent / f"{county.name}-{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_due_lists_what_was_planted(county: Path, run: Run, tmp_path: Path) -> None:
    status, out, err = run("due", county, "-o", tmp_path / "a.json")
    assert status == 1
    late = [row for row in planted(county, "omissions") if row["结果"] == "overdue"]
    assert f"逾期未完成 {len(late)}" in out
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    told = {(r["duty"], r["due"]) for r in found["parts"]["overdue"]}
    assert told == {(r["义务"], r["期限"]) for r in late}
    assert "duty.record_in_future" in err
    assert run("due", county, "-o", tmp_path / "b.json", "--fail-on", "never")[0] == 0


def test_the_list_of_wrong_rows_counts_lines_as_the_issues_do(
    county: Path, run: Run, tmp_path: Path
) -> None:
    run("due", county, "-o", tmp_path / "a.xlsx")
    run("hazards", county, "-o", tmp_path / "b.xlsx")
    told = set()
    for name in ("a.xlsx", "b.xlsx"):
        sheet = (
            CalamineWorkbook.from_path(str(tmp_path / name)).get_sheet_by_name("问题").to_python()
        )
        line, code = sheet[0].index("文件行"), sheet[0].index("代码")
        told |= {(row[code], int(row[line])) for row in sheet[1:] if row[line] != ""}
    listed = {(row["问题代码"], int(row["文件行"])) for row in planted(county, "wrong")}
    assert len(listed) > 5
    assert listed <= told


def test_due_as_a_workbook_and_as_a_page(county: Path, run: Run, tmp_path: Path) -> None:
    run("due", county, "-o", tmp_path / "a.xlsx", "--on", "2026-09-30")
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert book.sheet_names == [
        "逾期未完成", "30 天内到期", "逾期完成", "按义务", "按地区", "按单位", "无法判断", "读入情况", "问题",
    ]  # fmt: skip
    assert "主体" in book.get_sheet_by_name("逾期未完成").to_python()[0]
    for lang, word in (("zh", "逾期未完成"), ("en", "overdue")):
        run("due", county, "-o", tmp_path / "a.html", "--on", "2026-09-30", "--lang", lang)
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert f"<h2>{word} " in page
        assert "<script" not in page
    assert "逾期" not in page


def test_due_of_a_pack(county: Path, run: Run, tmp_path: Path) -> None:
    status, out, _ = run(
        "due", county, "-o", tmp_path / "a.json", "--duties", "duties.national", "--fail-on", "never"
    )  # fmt: skip
    assert status == 0
    assert "义务" in out


def test_hazards_and_the_ladder(county: Path, run: Run, tmp_path: Path) -> None:
    status, out, _ = run(
        "hazards", county, "-o", tmp_path / "a.json", "--ladder", "hazard_ladder.usual"
    )
    assert status == 1
    late = {row["隐患编号"] for row in planted(county, "hazards") if row["说明"] == "overdue"}
    assert f"重大逾期 {len(late)}" in out
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert {r["hazard"] for r in found["parts"]["hazard_ladder"]} == late
    assert all(r["addressee"] for r in found["parts"]["hazard_ladder"])
    run("hazards", county, "-o", tmp_path / "a.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert "提示督办约谈" not in book.sheet_names  # days that nobody confirmed are not used unasked
    assert "目标" in book.sheet_names
    first = (tmp_path / "a.xlsx").read_bytes()
    run("hazards", county, "-o", tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == first


def test_the_back_check_of_an_enterprise(county: Path, run: Run, tmp_path: Path) -> None:
    _, out, _ = run(
        "hazards", county, "-o", tmp_path / "a.html", "--backcheck", "YF0001", "--item", "液氨"
    )
    assert "“液氨”是否查过" in out
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "检查记录" in page
    status, _, err = run("hazards", county, "-o", tmp_path / "a.html", "--backcheck", "没有")
    assert status == 2
    assert "没有" in err


def test_without_records_nothing_is_called_overdue(county: Path, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "county"
    shutil.copytree(county, place)
    (place / "records.csv").unlink()
    status, out, _ = run("due", place, "-o", tmp_path / "a.html", "--fail-on", "never")
    assert status == 0
    assert "无法判断" in out
    assert "逾期未完成" not in out
    assert "2026-01-01 以前到期的周期性义务未列入" in out
    (place / "hazards.csv").unlink()
    status, _, err = run("hazards", place, "-o", tmp_path / "a.html")
    assert status == 2
    assert "中没有表 hazards" in err
    late = run(
        "due", county, "-o", tmp_path / "a.html", "--on", "2026-03-01", "--start", "2026-06-01"
    )
    assert late[0] == 2
    assert "结束的日期早于开始的日期" in late[2]


@pytest.mark.parametrize("command", ["due", "hazards"])
def test_what_was_left_out_is_said(county: Path, run: Run, tmp_path: Path, command: str) -> None:
    place = tmp_path / "county"
    shutil.copytree(county, place)
    edges = (place / "edges.csv").read_text(encoding="utf-8-sig").splitlines()
    edges.append(edges[-1].replace(edges[-1].split(",")[1], "没有这个主体"))
    (place / "edges.csv").write_text("\n".join(edges) + "\n", encoding="utf-8-sig")
    with (place / "hazards.csv").open("a", encoding="utf-8") as file:
        file.write("无级别的隐患\n")
    args = ("--on", "2027-01-31", "--fail-on", "never")
    _, out, err = run(command, place, "-o", tmp_path / "a.xlsx", *args)
    assert "责任图的数据有 1 个错误" in out
    whole = run(command, county, "-o", tmp_path / "whole.json", "--fail-on", "never")[1]
    assert "责任图的数据有" not in whole
    assert "2027-01-31 晚于数据日期" in err
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    issues = book.get_sheet_by_name("问题").to_python()
    assert sum("没有这个主体" in map(str, row) for row in issues) == 1
    notes = str(book.get_sheet_by_name("读入情况").to_python())
    assert "未采用" in notes
    assert "责任图的数据有 1 个错误" in notes
    run(command, place, "-o", tmp_path / "a.html", *args)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<h2>问题 " in page
    assert "没有这个主体" in page
    assert "责任图的数据有 1 个错误" in page
    if command == "hazards":
        rows = len((county / "hazards.csv").read_text(encoding="utf-8-sig").splitlines())
        assert f"隐患 {rows} 行" in notes
        assert "hazard.grade_unknown" in page
    assert run(command, place, "-o", tmp_path / "b.html", "--lang", "en", *args)[0] == 0
    assert "errors (each is listed" in (tmp_path / "b.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "wrong", [["--on", "9.30"], ["--lang", "fr"], ["-o", "a.csv"], ["--within", "-3"]]
)
def test_wrong_calls(county: Path, run: Run, tmp_path: Path, wrong: list[str]) -> None:
    assert run("due", county, "-o", tmp_path / "a.json", *wrong)[0] == 2
    assert not (tmp_path / "a.json").exists()


def test_every_action_of_the_pack_has_words() -> None:
    (pack,) = [one for one in _core.packs() if one.kind == "actions" and one.default]
    said = Speaker("zh")
    for action in json.loads(pack.canonical)["content"]["actions"]:
        assert not said.action(action).isascii(), action
    assert said.action("responsibility_system") == "建立全员安全生产责任制"
    assert said.action("visit") == "包联走访"
    assert said.action("另有名称") == "另有名称"
