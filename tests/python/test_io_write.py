"""Writing CSV, XLSX and Parquet: what another program finds in the file."""

import csv
import datetime as dt
import os
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import InputError, io

ONE_FILE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SHEETS = ["汇总", "图例", "问题", "重大与较大风险", "全部风险点"]


def points(n: int = 10) -> dict[str, Any]:
    grades = ["red", "orange", "yellow", "blue", None]
    return {
        "id": [f"R{i:04d}" for i in range(n)],
        "name": ["=cmd|' /C calc'!A0", "http://x.cn", *["储罐区"] * n][:n],
        "score": np.array([np.nan if i % 5 == 4 else i * 10.5 for i in range(n)]),
        "grade": [grades[i % 5] for i in range(n)],
        "status": ["not_gradable" if i % 5 == 4 else "graded" for i in range(n)],
    }


def rows(path: Path, sheet: str) -> list[list[Any]]:
    workbook = openpyxl.load_workbook(path)
    values = [list(row) for row in workbook[sheet].iter_rows(values_only=True)]
    workbook.close()
    return values


def test_csv_opens_in_excel_and_pandas(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    io.write_csv(
        {
            "名称": ["储罐", "a,b", None],
            "L": np.array([0.5, 270.0, np.nan]),
            "日": [dt.date(2026, 1, 1), None, None],
            "n": pa.array([1, None, 3]),
        },
        path,
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert frame["名称"].tolist() == ["储罐", "a,b", ""]
    assert frame["L"].tolist() == ["0.5", "270", ""]
    assert frame["日"].tolist() == ["2026-01-01", "", ""]
    assert frame["n"].tolist() == ["1", "", "3"]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-1层仓库", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_and_read_back(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.csv"
    io.write_csv({"名称": [text, "x"], "n": ["1", "2"]}, path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][0] == "'" + text
    assert io.read_raw(path).columns["名称"] == [text, "x"]


@pytest.mark.parametrize("text", ["-1", "+5.5", "-.5e3"])
def test_a_number_is_not_marked(tmp_path: Path, text: str) -> None:
    io.write_csv({"a": [text], "b": ["x"]}, tmp_path / "a.csv")
    assert io.read_raw(tmp_path / "a.csv").columns["a"] == [text]


TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\t\r\n,;中_x0041 "),
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"),
    ),
    max_size=8,
)


@ONE_FILE
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_csv_reads_back_what_was_written(tmp_path: Path, table: list[tuple[str, str]]) -> None:
    # The first column keeps rows from being blank: blank rows are left out on reading.
    columns = {
        "key": [f"k{i}" for i in range(len(table))],
        "one": [a for a, _ in table],
        "two": [b for _, b in table],
    }
    io.write_csv(columns, tmp_path / "a.csv")
    assert io.read_raw(tmp_path / "a.csv").columns == columns


XML = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\n,;中_x0041 <>&"),
        st.characters(min_codepoint=32, blacklist_categories=("Cs", "Cc", "Cn")),
    ),
    max_size=12,
)


@ONE_FILE
@given(st.lists(st.tuples(XML, st.floats(-1e14, 1e14)), min_size=1, max_size=4))
def test_xlsx_reads_back_what_was_written(tmp_path: Path, table: list[tuple[str, float]]) -> None:
    path = tmp_path / "a.xlsx"
    columns = {
        "key": [f"k{i}" for i in range(len(table))],
        "text": [f"t{a}" for a, _ in table],
        "number": [b for _, b in table],
    }
    assert io.write_workbook(path, [io.Sheet("s", columns)]) == []
    raw = io.read_raw(path)
    assert raw.columns["key"] == columns["key"]
    assert raw.columns["text"] == columns["text"]
    # XlsxWriter prints 16 digits, as Excel does.
    assert raw.columns["number"] == pytest.approx(columns["number"], rel=1e-15)


def test_the_workbook_has_its_five_sheets_and_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    io.write_xlsx(
        path,
        points(),
        summary=[("风险点总数", 10), ("数据日期", dt.date(2026, 1, 1))],
        legend={"red": "D > 320"},
        issues={"severity": ["error"], "code": ["a.b"], "message": ["=1"]},
        data_date=dt.date(2026, 1, 1),
    )
    assert openpyxl.load_workbook(path).sheetnames == SHEETS
    assert rows(path, "汇总")[1:] == [["风险点总数", 10], ["数据日期", dt.datetime(2026, 1, 1)]]
    assert rows(path, "图例")[1] == ["重大风险", "红", "D > 320"]
    assert rows(path, "问题") == [["严重程度", "问题代码", "问题说明"], ["错误", "a.b", "=1"]]
    whole = rows(path, "全部风险点")
    assert whole[0] == ["风险点编号", "风险点名称", "风险值", "风险等级", "分级状态"]
    assert [row[0] for row in whole[1:]] == points()["id"]
    assert whole[5] == ["R0004", "储罐区", None, "未评定", "无法评定"]
    assert [row[0] for row in rows(path, SHEETS[3])[1:]] == ["R0000", "R0001", "R0005", "R0006"]


def test_grades_are_coloured_and_the_header_stays_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    io.write_xlsx(path, points(), palette=dict.fromkeys(PALETTE, "#112233") | {"red": "#AA0011"})
    sheet = openpyxl.load_workbook(path)["全部风险点"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E11"
    assert sheet["D2"].fill.fgColor.rgb == "FFAA0011"
    assert sheet["D3"].fill.fgColor.rgb == "FF112233"


PALETTE = ("red", "orange", "yellow", "blue", "not_assessed")


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    io.write_xlsx(path, points(), title="=1+1", summary=[("=1", "http://x.cn")])
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            assert b"<f>" not in text
            assert b"hyperlink" not in text
    assert openpyxl.load_workbook(path)["全部风险点"]["B2"].data_type == "s"


def test_rows_above_the_limit_are_told_in_words_and_grave_ones_are_there(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    io.write_xlsx(path, points(), limit=9, elsewhere="grades.csv")
    text = "\n".join(str(row[0]) for row in rows(path, "全部风险点"))
    assert "10 行" in text
    assert "grades.csv" in text
    assert len(rows(path, SHEETS[3])) == 1 + 4


def test_same_rows_give_the_same_bytes_and_the_times_are_those_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, zone in (("a.xlsx", "UTC"), ("b.xlsx", "Asia/Shanghai")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        io.write_xlsx(tmp_path / name, points(), data_date=dt.date(2026, 1, 1))
    monkeypatch.undo()
    time.tzset()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_what_excel_cannot_hold_is_cut_or_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cells = ["字" * 40_000, "😀" * 20_000, "a\x00\x1fb\ufffe\r\nc"]
    issues = io.write_workbook(path, [io.Sheet("s", {"t": cells, "n": [10**17, 1, -(10**15)]})])
    assert [(i.code, i.row, i.column) for i in issues] == [
        ("io.text_cut", 0, "t"),
        ("io.text_cut", 1, "t"),
    ]
    found = rows(path, "s")
    assert len(found[1][0]) == 32_767
    assert len(found[2][0].encode("utf-16-le")) // 2 <= 32_767
    assert found[3][0] == "a��b�\nc"
    assert found[1][1] == str(10**17)


def test_nothing_to_write_is_a_workbook_all_the_same(tmp_path: Path) -> None:
    io.write_xlsx(tmp_path / "g.xlsx", points(0), lang="en")
    assert rows(tmp_path / "g.xlsx", "All risk points") == [
        ["id", "name", "score", "grade", "status"]
    ]


def test_wrong_calls_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no 'grade'"):
        io.write_xlsx(tmp_path / "g.xlsx", {"id": []})
    with pytest.raises(InputError, match="differ in length"):
        io.write_csv({"a": [1], "b": []}, tmp_path / "a.csv")
    with pytest.raises(InputError, match="'zh' or 'en'"):
        io.write_xlsx(tmp_path / "g.xlsx", points(), lang="de")
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_one_error_with_the_path_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "gone" / "a.csv", tmp_path / "folder.csv"):
        with pytest.raises(OSError, match="cannot write the file") as caught:
            io.write_csv({"a": [1]}, path)
        assert caught.value.filename == str(path)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.csv"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail() -> None:
        with io.atomic_path(path) as draft:
            draft.write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_usual_rights(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        io.write_csv({"a": [1]}, tmp_path / "a.csv")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o644


# ---- Parquet -------------------------------------------------------------------------------------

REGISTER = {
    "id": ["甲", "乙", "丙", "丁", "乙"],
    "L": [3.0, 6.0, None, 0.5, 6.0],
    "E": [6.0, 10.0, 6.0, 3.0, 10.0],
    "C": [15.0, 100.0, 7.0, 1.0, 40.0],
    "投用": [dt.date(2020, 1, 2), None, None, None, None],
    "车间": ["a", "", None, "d", "e"],
}


@pytest.mark.parametrize("group", [1, 2, 5, 1 << 20])
def test_a_graded_register_as_parquet_is_the_same_table_in_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int
) -> None:
    monkeypatch.setattr("safetyrisk.io.columnar._GROUP_ROWS", group)
    graded = sr.grade(REGISTER, "lec")
    path = sr.save(graded, tmp_path / "g.parquet")
    file = pq.ParquetFile(path)
    assert file.num_row_groups == -(-5 // group)
    table = file.read()
    assert table.column_names == [*REGISTER, "method", "score", "grade", "level", "status", "band",
                                  "override", "clause"]  # fmt: skip
    assert table["id"].to_pylist() == REGISTER["id"]
    assert table["L"].to_pylist() == REGISTER["L"]
    assert table["投用"].to_pylist() == REGISTER["投用"]
    # 3*6*15 = 270 (T1: 160 < D <= 320); two rows of one id that differ; one without L; 0.5*3*1.
    assert table["score"].to_pylist()[0] == 270.0
    assert table["grade"].to_pylist() == ["orange", None, None, "blue", None]
    assert table["status"].to_pylist() == ["graded", "rejected", "not_gradable", "graded", "rejected"]  # fmt: skip
    for name in ("grade", "status", "band", "clause", "method"):
        assert pa.types.is_dictionary(table.schema.field(name).type), name
    # Another reader finds the same cells.
    assert pl.read_parquet(path)["status"].to_list() == table["status"].to_pylist()
    # And the library reads its own file: the same grades again.
    again = sr.grade(path, "lec")
    assert again.grades.tolist() == graded.grades.tolist()


def test_the_same_register_gives_the_same_parquet_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        sr.save(sr.grade(REGISTER, "lec"), tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_numbers_read_from_csv_are_numbers_in_parquet_unless_one_cell_is_none(
    tmp_path: Path,
) -> None:
    (tmp_path / "r.csv").write_text("编号,L,E,C\na,3,6,15\nb,,6,很高\n", encoding="utf-8")
    table = pq.read_table(sr.save(sr.grade(tmp_path / "r.csv", "lec"), tmp_path / "g.parquet"))
    assert table["L"].to_pylist() == [3.0, None]
    assert table["C"].to_pylist() == ["15", "很高"]


def test_rollups_and_issues_are_parquet_too(tmp_path: Path) -> None:
    graded = sr.grade(REGISTER | {"division": ["360924"] * 5}, "lec")
    d = sr.Divisions.read({"code": ["36", "3609", "360924"], "name": ["省", "市", "县"]})
    table = pq.read_table(sr.save(d.rollup(graded, "county"), tmp_path / "r.parquet"))
    assert table["rows"].to_pylist()[0] == 5
    assert table["grade"].to_pylist()[0] == "orange"
    issues = pq.read_table(sr.save(graded.issues, tmp_path / "i.parquet"))
    assert issues["code"].to_pylist() == [issue.code for issue in graded.issues]


def test_a_register_of_no_rows_is_a_parquet_file_all_the_same(tmp_path: Path) -> None:
    empty: dict[str, list[Any]] = {name: [] for name in REGISTER}
    table = pq.read_table(sr.save(sr.grade(empty, "lec"), tmp_path / "g.parquet"))
    assert table.num_rows == 0
    assert "grade" in table.column_names


def test_dictionary_columns_of_several_row_groups_are_read_as_texts(tmp_path: Path) -> None:
    parts = [pa.array(cells).dictionary_encode() for cells in (["a", None, "b"], ["b", "c", ""])]
    table = pa.table({"id": pa.chunked_array(parts), "L": [3] * 6, "S": [5] * 6})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=2)
    graded = sr.grade(tmp_path / "t.parquet", "ls")
    assert graded.input.texts("id") == ["a", None, "b", "b", "c", None]
