"""Rows to correct: the user's own, coloured where they are wrong, and read again."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import safetyrisk as sr
from safetyrisk import cli

HEADER = [
    "序号",
    "风险点名称",
    "责任单位",
    "发生可能性（L）",
    "频繁程度(E)",
    "后果",
    "区划代码",
    "备注",
]
ROWS = [
    ["001", "氨机房", "一车间", "3", "6", "15", "360924", "问题不大"],
    ["002", "锅炉", "二车间", "4", "6", "15", "360924", "=1+1"],
    ["003", "配电室", "三车间", "3", "", "15", "360924", ""],
    ["004", "料仓", "四车间", "3", "6", "15", "360924", ""],
    ["004", "料仓北", "四车间", "3", "6", "15", "360924", ""],
]
RED, YELLOW = "F4B6A6", "FFE699"


def colours(page: Any) -> dict[str, str]:
    """Fill of the coloured cells below the header, by their place."""
    return {
        cell.coordinate: cell.fill.fgColor.rgb[2:]
        for row in page.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fill_type == "solid"
    }


def write_csv(path: Path, encoding: str = "gb18030") -> Path:
    lines = ["某某公司风险台账,,,,,,,", *(",".join(row) for row in [HEADER, *ROWS])]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def write_book(path: Path) -> Path:
    """A workbook with a title, a merged header of two lines and merged cells."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["某某公司风险台账"])
    page.merge_cells("A1:H1")
    page.append(["序号", "风险点名称", "责任单位", "评价", None, None, "区划代码", "备注"])
    page.append([None, None, None, "可能性L", "暴露频率E", "后果C", None, None])
    page.merge_cells("D2:F2")
    for column in "ABCGH":
        page.merge_cells(f"{column}2:{column}3")
    for row in ROWS:
        page.append(
            [float(cell) if cell in ("3", "4", "6", "15") else cell or None for cell in row]
        )
    page["C8"].value = None
    page.merge_cells("C7:C8")
    page["H5"].data_type = "s"
    book.save(path)
    return path


def correct(path: Path) -> None:
    """What a person does: type right values into the coloured cells."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = {cell.value: cell.column for cell in page[1]}
    (id_header,) = (h for h in head if "序号" in h)
    factors = {name: next(c for h, c in head.items() if name in h) for name in ("可能性", "频")}
    for place in colours(page):
        cell = page[place]
        if cell.column == factors["可能性"]:
            cell.value = 3
        elif cell.column == factors["频"]:
            cell.value = 6
        elif cell.column == head[id_header]:
            cell.value = f"{cell.value}-{cell.row}"
        else:
            raise AssertionError(place)
    book.save(path)


@pytest.mark.parametrize("write", [write_csv, write_book], ids=["csv", "xlsx"])
@pytest.mark.parametrize("all_rows", [False, True])
def test_rows_come_back_are_corrected_and_have_no_issues(
    tmp_path: Path, write: Callable[[Path], Path], all_rows: bool
) -> None:
    source = write(tmp_path / ("台账.csv" if write is write_csv else "台账.xlsx"))
    os.utime(source, (1_600_000_000, 1_600_000_000))
    before = source.read_bytes()
    graded = sr.grade(source, method="lec")
    assert (graded.counts()["graded"], graded.counts()["rejected"]) == (1, 3)
    path = sr.save_errors(graded, tmp_path / "改正.xlsx", all_rows=all_rows)
    assert source.read_bytes() == before
    assert source.stat().st_mtime == 1_600_000_000

    page = openpyxl.load_workbook(path).worksheets[0]
    head = [cell.value for cell in page[1]]
    assert head[:3] == ["【行号】", "【问题】", "【建议】"]
    assert (head[3], head[4], head[5], head[-1]) == ("序号", "风险点名称", "责任单位", "备注")
    first = 3 if write is write_csv else 4
    expected = range(5) if all_rows else [1, 2, 3, 4]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == [first + i for i in expected]
    assert [row[4].value for row in page.iter_rows(min_row=2)] == [ROWS[i][1] for i in expected]
    assert [row[5].value for row in page.iter_rows(min_row=2)] == [ROWS[i][2] for i in expected]
    shift = 3 if all_rows else 2
    assert colours(page) == {
        f"G{shift}": RED,
        f"H{shift + 1}": RED,
        f"D{shift + 2}": RED,
        f"D{shift + 3}": RED,
    }
    assert head[6] in page[f"B{shift}"].value  # the user's own header
    assert page[f"D{shift}"].value == "002"
    assert page[f"D{shift}"].number_format == "@"
    assert page[f"K{shift}"].value == "=1+1"
    assert page[f"K{shift}"].data_type == "s"
    assert [row[1].value for row in page.iter_rows(min_row=2)].count(None) == (1 if all_rows else 0)

    correct(path)
    again = sr.grade(path, method="lec")
    assert again.counts()["graded"] == len(list(expected))
    assert not len(again.issues), [str(issue) for issue in again.issues]
    assert again.input.names == graded.input.names


def test_what_the_reader_had_to_change_is_still_found_when_nobody_corrects_it(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["风险点编号", "名称", "可能性", "暴露频率", "后果", "区划代码"])
    page.append([1234567890123456789, "甲", "6　相当可能", 6, 15, 360924])
    page.append([dt.date(2026, 3, 2), "乙", 3, 6, 15, 360924])
    page.append(["C", "丙", None, 6, 15, 360924])
    book.save(tmp_path / "in.xlsx")
    graded = sr.grade(tmp_path / "in.xlsx", method="lec")
    path = sr.save_errors(graded, tmp_path / "out.xlsx")
    cells = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert cells[0][3] == pytest.approx(1234567890123456789)
    assert cells[0][5] == "6　相当可能"  # as it was given
    assert cells[1][3] == dt.datetime(2026, 3, 2)
    again = sr.grade(path, method="lec")
    assert again.issues.counts() == graded.issues.counts()
    assert again.counts() == graded.counts()


def test_a_column_of_the_user_s_called_so_is_his(tmp_path: Path) -> None:
    table = {"编号": ["a"], "问题": ["油漆脱落"], "L": [5], "E": [6], "C": [15]}
    path = sr.save_errors(sr.grade(table, method="lec"), tmp_path / "e.xlsx")
    again = sr.grade(path, method="lec")
    assert again.input.names == ["id", "问题", "L", "E", "C"]
    assert again.input.texts("问题") == ["油漆脱落"]


def test_headers_that_the_caller_named_stay(tmp_path: Path) -> None:
    table = {"点位": ["a", "b"], "可能": [5, 3], "E": [6, 6], "C": [15, 15]}
    columns = {"id": "点位", "L": "可能"}
    path = sr.save_errors(sr.grade(table, method="lec", columns=columns), tmp_path / "e.xlsx")
    again = sr.grade(path, method="lec", columns=columns)
    assert again.to_columns()["id"].tolist() == ["a"]


def test_a_missing_column_is_there_to_be_filled_in(tmp_path: Path) -> None:
    graded = sr.grade({"编号": ["a"], "L": [3], "C": [15]}, method="lec")
    path = sr.save_errors(graded, tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]][3:] == ["编号", "L", "C", "暴露频率"]
    assert book.sheetnames == ["登记表", "其他问题"]
    assert list(colours(page)) == ["G2"]
    page["G2"] = 6
    book.save(path)
    again = sr.grade(path, method="lec")
    assert again.counts()["graded"] == 1
    assert not len(again.issues)


def test_nothing_to_correct_leaves_a_header(tmp_path: Path) -> None:
    graded = sr.grade({"编号": ["a"], "L": [3], "E": [6], "C": [15]}, method="lec")
    path = sr.save_errors(graded, tmp_path / "e.xlsx")
    assert openpyxl.load_workbook(path).worksheets[0].max_row == 1
    assert sr.grade(path, method="lec").counts()["rows_in"] == 0


def test_issues_of_placing_are_added_and_english_is_english(tmp_path: Path) -> None:
    table = {"id": ["a", "b"], "L": [3, 3], "E": [6, 6], "C": [15, 15], "division": ["36", "99"]}
    graded = sr.grade(table, method="lec")
    tree = sr.Divisions.read({"code": ["36"], "name": ["省"]})
    rollup = tree.rollup(graded, level="province")
    path = sr.save_errors(
        graded, tmp_path / "e.xlsx", issues=graded.issues + rollup.issues, lang="en"
    )
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in page[1]][:4] == ["【line】", "【issue】", "【hint】", "id"]
    assert [row[3].value for row in page.iter_rows(min_row=2)] == ["b"]
    assert page["H2"].fill.fgColor.rgb[2:] == RED
    assert sr.grade(path, method="lec").input.names == list(table)


def test_the_register_itself_is_never_overwritten(tmp_path: Path) -> None:
    source = write_book(tmp_path / "台账.xlsx")
    graded = sr.grade(source, method="lec")
    before = source.read_bytes()
    for target in (source, tmp_path / "e.csv"):
        with pytest.raises(sr.InputError):
            sr.save_errors(graded, target)
    (tmp_path / "link.xlsx").symlink_to(source)
    with pytest.raises(sr.InputError):
        sr.save_errors(graded, tmp_path / "link.xlsx")
    assert source.read_bytes() == before


def test_the_command_says_how_many_rows_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "台账.csv", "utf-8")
    arguments = ["grade", source, "-m", "lec", "-o", tmp_path / "r.csv", "--errors"]
    for target, status in ((tmp_path / "e.xlsx", 1), (source, 2)):
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in (*arguments, target)])
        assert left.value.code == status
    assert "e.xlsx：需要改正或核对的 4 行" in capsys.readouterr().out
    one = (tmp_path / "e.xlsx").read_bytes()
    sr.save_errors(sr.grade(source, method="lec"), tmp_path / "e.xlsx", force=True)
    assert (tmp_path / "e.xlsx").read_bytes() == one


def test_corrections_are_overwritten_only_by_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "台账.csv", "utf-8")
    corrected = tmp_path / "e.xlsx"
    corrected.write_bytes(b"an evening's work")
    graded = sr.grade(source, method="lec")
    with pytest.raises(sr.InputError) as refused:
        sr.save_errors(graded, corrected)
    assert refused.value.code == "output.corrected"
    result = tmp_path / "r.csv"
    arguments = ["grade", source, "-m", "lec", "-o", result, "--errors", corrected]
    for more, status in (([], 2), (["--force"], 1)):
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in (*arguments, *more)])
        assert left.value.code == status
        assert (corrected.read_bytes() == b"an evening's work") == (not more)
        assert result.exists() == bool(more)  # refused before anything is graded
    assert "可能已经改过" in capsys.readouterr().err
