"""Reading files as people keep them: every wart with a file that has it."""

import datetime as dt
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import InputError, NotFoundError, _core, io
from safetyrisk.io import csv_files


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def to_file(content: str | bytes, name: str = "points.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return to_file


def cells(raw: io.Raw, name: str) -> list[Any]:
    column = raw.columns[name]
    if hasattr(column, "to_pylist"):
        return list(column.to_pylist())
    return column.tolist() if isinstance(column, np.ndarray) else list(column)


def codes(raw: io.Raw) -> list[str]:
    return [issue.code for issue in raw.issues]


def lines(raw: io.Raw) -> list[int]:
    if raw.lines is not None:
        return list(raw.lines)
    return [raw.first_line + row for row in range(raw.rows)]


# ---- CSV ---------------------------------------------------------------------------------------

REGISTER = "风险点编号,风险点名称,L\n001,储罐,3\n002,锅炉,0.5\n"


def test_cells_of_csv_stay_text_and_codes_keep_their_zeros(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write(REGISTER), "risk_points")
    assert raw.columns == {"id": ["001", "002"], "name": ["储罐", "锅炉"], "L": ["3", "0.5"]}
    assert raw.mapping == {"风险点编号": "id", "风险点名称": "name", "L": "L"}
    assert (raw.source, raw.first_line, raw.lines, raw.issues) == ("points.csv", 2, None, [])


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", None), ("utf-8-sig", None), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_encoding_is_found_and_reported_when_it_is_not_utf8(
    write: Callable[..., Path], encoding: str, found: str | None
) -> None:
    raw = io.read_raw(write(REGISTER, encoding=encoding), "risk_points")
    assert cells(raw, "name") == ["储罐", "锅炉"]
    assert [i.args for i in raw.issues] == ([(found,)] if found else [])


def test_a_file_cut_inside_a_character_is_an_issue_with_the_offset(
    write: Callable[..., Path],
) -> None:
    whole = "编号,名称\n1,储罐\n2,锅炉".encode()
    raw = io.read_raw(write(whole[:-1]))
    assert [(i.code, i.args) for i in raw.issues] == [
        ("io.cut_character", ("UTF-8", str(len(whole) - 3)))
    ]
    assert cells(raw, "名称") == ["储罐", "锅�"]


def test_gb18030_cut_inside_a_character_is_an_issue_with_the_offset(
    write: Callable[..., Path],
) -> None:
    whole = "编号,名称\n1,储罐\n2,锅炉".encode("gb18030")
    raw = io.read_raw(write(whole[:-1]))
    assert [(i.code, i.args) for i in raw.issues] == [
        ("io.encoding", ("GB18030",)),
        ("io.cut_character", ("GB18030", str(len(whole) - 2))),
    ]


def test_damaged_utf8_is_not_read_as_gb18030(write: Callable[..., Path]) -> None:
    text = ("编号,名称\n" + "1,储罐区动火作业\n" * 20).encode()
    broken = bytearray(text)
    broken[60] = 0xFF
    raw = io.read_raw(write(bytes(broken)))
    assert codes(raw) == ["io.bad_bytes"]
    assert cells(raw, "名称")[-1] == "储罐区动火作业"


def test_another_encoding_is_named_by_the_caller(write: Callable[..., Path]) -> None:
    path = write("編號,名稱\n1,鍋爐\n", encoding="big5")
    assert cells(io.read_raw(path, encoding="big5"), "名稱") == ["鍋爐"]
    with pytest.raises(InputError, match="no encoding 'gbx'"):
        io.read_raw(path, encoding="gbx")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiter_is_found_by_the_header(write: Callable[..., Path], delimiter: str) -> None:
    raw = io.read_raw(write(REGISTER.replace(",", delimiter)), "risk_points")
    assert cells(raw, "name") == ["储罐", "锅炉"]


def test_a_full_width_comma_is_no_delimiter(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("名称,备注\n甲,乙\uff0c丙\n"))
    assert cells(raw, "备注") == ["乙\uff0c丙"]


def test_lines_are_counted_as_a_person_does(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write('编号,名称\n1,"两\r\n行"\n2,乙\n\n,\n3,丙\n\n\n'))
    assert cells(raw, "编号") == ["1", "2", "3"]
    assert cells(raw, "名称") == ["两\r\n行", "乙", "丙"]
    assert lines(raw) == [2, 4, 7]
    assert [(i.code, i.line, i.args) for i in raw.issues] == [("io.blank_rows", 5, ("5–6",))]


def test_too_few_cells_are_filled_and_reported(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("编号,名称,L\n1,甲\n2,乙,3\n"))
    assert cells(raw, "L") == ["", "3"]
    assert [(i.code, i.row, i.line, i.args) for i in raw.issues] == [
        ("io.too_few_cells", 0, 2, ("2", "3"))
    ]


def test_a_row_with_shifted_cells_keeps_no_value_that_could_be_graded(
    write: Callable[..., Path],
) -> None:
    raw = io.read_raw(write("编号,名称,L,E,C\n1,甲,乙,10,10,100\n2,丙,1,1,1\n"), "risk_points")
    assert cells(raw, "id") == ["1", "2"]
    assert [cells(raw, name)[0] for name in ("L", "E", "C")] == ["", "", ""]
    issue = raw.issues[0]
    assert (issue.code, issue.row, issue.line) == ("io.too_many_cells", 0, 2)
    assert "甲 | 乙 | 10" in issue.value


def test_empty_cells_beyond_the_header_are_no_loss(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("编号,名称,,\n1,甲,,\n2,乙,,,,\n"))
    assert list(raw.columns) == ["编号", "名称"]
    assert raw.issues == []


def test_a_column_without_header_keeps_its_cells(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("编号,,名称\n1,x,甲\n"))
    assert cells(raw, "column_2") == ["x"]
    assert codes(raw) == ["io.unnamed_column"]


def test_header_only_is_a_table_of_no_rows(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("风险点编号,L\n"), "risk_points")
    assert raw.rows == 0
    assert list(raw.columns) == ["id", "L"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \n"])
def test_an_empty_file_is_refused(write: Callable[..., Path], content: bytes) -> None:
    with pytest.raises(InputError, match=r"points\.csv: the file is empty"):
        io.read_raw(write(content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "workbook or another ZIP"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"<html><table>", "HTML page"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "HTML page"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1....", "Parquet"),
        (b"a,b\n1,\x002\n", "line 2 holds a NUL"),
        (b'a,b\n1,"' + b"x" * 200_000, "begins on line 2 cannot be read"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "begins on line 3 a quotation mark is never closed"),
    ],
)
def test_what_is_no_csv_is_refused_with_what_it_is(
    write: Callable[..., Path], content: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        io.read_raw(write(content))


def test_a_missing_file_and_an_unknown_kind_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*gone\.csv: No such file"):
        io.read_raw(tmp_path / "gone.csv")
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match=r"'\.docx' is no table"):
        io.read_raw(tmp_path / "a.docx")


def test_title_rows_and_a_header_of_two_lines(write: Callable[..., Path]) -> None:
    raw = io.read_raw(
        write(
            "某市风险点清单,,,,\n填报单位:甲,,,,\n企业,风险点,,评价,\n名称,编号,名称,L,E\n宜春某厂,1,罐,3,6\n"
        ),
        "risk_points",
    )
    assert list(raw.columns) == ["enterprise", "id", "name", "L", "E"]
    assert [i.line for i in raw.issues if i.code == "io.title_row"] == [1, 2]
    assert lines(raw) == [5]


def test_a_code_in_scientific_notation_has_lost_its_digits(write: Callable[..., Path]) -> None:
    raw = io.read_raw(
        write("风险点编号,行政区划代码,L\n1,3.60924E+11,1E+00\n2,360924,3\n"), "risk_points"
    )
    assert [(i.code, i.row, i.column, i.value) for i in raw.issues] == [
        ("io.digits_lost", 0, "division", "3.60924E+11")
    ]


_CELL = st.text(st.sampled_from("ab1 ,\"\n\r\t;中='-+"), max_size=5)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_CELL, min_size=2, max_size=3), max_size=6), st.booleans())
def test_pyarrow_and_the_standard_library_read_the_same(
    tmp_path: Path, rows: list[list[str]], quoted: bool
) -> None:
    path = tmp_path / "t.csv"
    text = "编号,名称\n"
    for row in rows:
        text += ",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' if quoted else c for c in row)
        text += "\n"
    path.write_bytes(text.encode())
    results = []
    for limit in (1, 1 << 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_files, "_FAST_BYTES", limit)
            try:
                raw = io.read_raw(path, "enterprises")
            except InputError as error:
                results.append(str(error))
            else:
                results.append(
                    (
                        {name: cells(raw, name) for name in raw.columns},
                        lines(raw),
                        raw.issues,
                    )
                )
    assert results[0] == results[1]


def test_the_fast_reader_takes_an_ordinary_file(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "_FAST_BYTES", 1)
    raw = io.read_raw(write("题,,\n" + REGISTER + "\n\n"), "risk_points")
    assert isinstance(raw.columns["name"], pa.ChunkedArray)
    assert cells(raw, "id") == ["001", "002"]
    assert lines(raw) == [3, 4]


# ---- workbooks ---------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def make(fill: Callable[[Any], None], name: str = "b.xlsx") -> Path:
        workbook = openpyxl.Workbook()
        fill(workbook)
        workbook.save(tmp_path / name)
        return tmp_path / name

    return make


def put(sheet: Any, *rows: list[Any]) -> None:
    for row in rows:
        sheet.append(row)


def test_kinds_of_cells(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        put(
            workbook.active,
            ["风险点编号", "行政区划代码", "L", "E", "检查日", "是否", "混"],
            [1001, 360924100001, 3, "0.5", dt.date(2024, 2, 29), True, 1],
            ["0012", 360924, None, 6, dt.datetime(2024, 3, 1), False, "x"],
        )

    raw = io.read_raw(book(fill), "risk_points")
    assert cells(raw, "id") == ["1001", "0012"]
    assert cells(raw, "division") == ["360924100001", "360924"]
    assert raw.columns["L"].dtype == np.float64
    assert raw.columns["L"][0] == 3
    assert np.isnan(raw.columns["L"][1])
    assert cells(raw, "E") == ["0.5", "6"]
    assert cells(raw, "检查日") == [dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    assert cells(raw, "是否") == [True, False]
    assert cells(raw, "混") == ["1", "x"]
    assert (raw.source, lines(raw), raw.issues) == ("b.xlsx [Sheet]", [2, 3], [])


def test_title_and_merged_header_of_two_lines(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        put(
            sheet,
            ["宜春市风险点清单"],
            ["序号", "风险点", None, "评价", None, None, "企业"],
            [None, "编号", "名称", "L", "E", "C", None],
            [1, "A1", "储罐", 3, 6, 15, "甲厂"],
            [2, "A2", "锅炉", 1, 6, 7, None],
        )
        for merged in ("A1:G1", "A2:A3", "B2:C2", "D2:F2", "G2:G3", "G4:G5"):
            sheet.merge_cells(merged)

    raw = io.read_raw(book(fill), "risk_points")
    assert list(raw.columns) == ["序号", "id", "name", "L", "E", "C", "enterprise"]
    assert cells(raw, "enterprise") == ["甲厂", "甲厂"]
    assert lines(raw) == [4, 5]
    assert codes(raw) == ["io.title_row", "io.merged_filled"]


def test_a_row_below_a_header_of_one_line_is_data(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        put(workbook.active, ["编号", "名称", "L"], ["名称", "L", 3], ["b", "c", 1])
        workbook.active.merge_cells("A2:A3")

    raw = io.read_raw(book(fill), "risk_points")
    assert raw.rows == 2
    assert cells(raw, "id") == ["名称", "名称"]


def test_numbers_too_long_to_be_exact_are_refused_as_codes(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        put(
            workbook.active,
            ["企业编号", "企业名称", "统一社会信用代码", "身份证号"],
            ["1", "甲", 913609001234567890, 362201198001011234],
            ["2", "乙", "91360900MA35XXXX0X", "36220119800101123X"],
        )

    raw = io.read_raw(book(fill), "enterprises")
    lost = [(i.row, i.column) for i in raw.issues if i.code == "io.digits_lost"]
    assert lost == [(0, "credit_code"), (0, "身份证号")]
    first, second = cells(raw, "credit_code")
    assert "E+17" in first
    assert second == "91360900MA35XXXX0X"


def test_a_code_that_became_a_date_is_reported(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        put(workbook.active, ["风险点编号", "L"], [dt.date(2024, 3, 1), 3], ["3-2", 1])

    raw = io.read_raw(book(fill), "risk_points")
    assert cells(raw, "id") == ["2024-03-01", "3-2"]
    assert [(i.code, i.row) for i in raw.issues] == [("io.date_for_text", 0)]


def test_error_cells_are_missing_and_reported(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        put(sheet, [], [None, "编号", "L"], [None, "a", "#N/A"], [None, "b", "#DIV/0!"])
        for row in (3, 4):
            sheet.cell(row, 3).data_type = "e"

    raw = io.read_raw(book(fill), "risk_points")
    assert np.isnan(raw.columns["L"]).all()
    assert [(i.code, i.row, i.line, i.column, i.value) for i in raw.issues] == [
        ("io.error_cell", 0, 3, "L", "#N/A"),
        ("io.error_cell", 1, 4, "L", "#DIV/0!"),
    ]


def test_the_sheet_with_a_header_is_read_and_others_are_named(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        workbook.active.title = "说明"
        put(workbook.active, ["填表说明"], ["1. 逐项填写"])
        put(workbook.create_sheet("清单"), ["风险点编号", "L"], ["a", 1])
        put(workbook.create_sheet("二车间"), ["风险点编号", "L"], ["b", 1])
        workbook.create_sheet("空")

    path = book(fill)
    raw = io.read_raw(path, "risk_points")
    assert raw.source == "b.xlsx [清单]"
    assert [(i.code, i.args) for i in raw.issues] == [
        ("io.similar_sheets", ("清单", "二车间")),
        ("io.other_sheets", ("清单", "说明")),
    ]
    assert cells(io.read_raw(path, "risk_points", sheet="二车间"), "id") == ["b"]
    with pytest.raises(InputError, match="no sheet '三'; there are: 说明, 清单, 二车间, 空"):
        io.read_raw(path, sheet="三")


def test_blank_rows_inside_are_reported_and_at_the_end_are_not(book: Callable[..., Path]) -> None:
    def fill(workbook: Any) -> None:
        put(workbook.active, ["编号", "L"], ["a", 1], [], ["b", 2], [" ", None], [])
        workbook.active.cell(40, 1).number_format = "0.0"

    raw = io.read_raw(book(fill), "risk_points")
    assert lines(raw) == [2, 4]
    assert [(i.code, i.line) for i in raw.issues] == [("io.blank_rows", 3)]


def test_a_workbook_without_cells_or_cut_in_the_middle_is_refused(
    book: Callable[..., Path], tmp_path: Path
) -> None:
    path = book(lambda workbook: None)
    with pytest.raises(InputError, match="no sheet has a cell"):
        io.read_raw(path)
    full = book(lambda workbook: put(workbook.active, ["a", "b"], [1, 2]))
    (tmp_path / "cut.xlsx").write_bytes(full.read_bytes()[:700])
    with pytest.raises(InputError, match=r"cut\.xlsx: the workbook cannot be read"):
        io.read_raw(tmp_path / "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match=r"other\.xlsx: the workbook cannot be read"):
        io.read_raw(tmp_path / "other.xlsx")


@pytest.mark.parametrize("content", [b"<html><table><tr>", b"id,name\n1,x\n"])
def test_a_page_or_text_named_xls_is_refused_with_advice(
    write: Callable[..., Path], content: bytes
) -> None:
    with pytest.raises(InputError, match=r"is named \.xls but is .*save it as XLSX"):
        io.read_raw(write(content, "export.xls"))


# ---- Parquet and SQLite ------------------------------------------------------------------------


def test_parquet_columns_become_kinds_the_library_takes(tmp_path: Path) -> None:
    table = pa.table(
        {
            "风险点编号": pa.array([1, 2]),
            "行政区划代码": pa.array([360924.0, None]),
            "L": pa.array([3, 6], pa.int8()),
            "E": pa.array(["0.5", "6"]).dictionary_encode(),
            "部门": pa.array([["a", "b"], ["c"]]),
            "日": pa.array([dt.datetime(2024, 1, 2), None]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    raw = io.read_raw(tmp_path / "t.parquet", "risk_points")
    assert cells(raw, "id") == ["1", "2"]
    assert cells(raw, "division") == ["360924", None]
    assert cells(raw, "L") == [3, 6]
    assert cells(raw, "E") == ["0.5", "6"]
    assert cells(raw, "部门") == ["a;b", "c"]
    assert cells(raw, "日") == [dt.date(2024, 1, 2), None]


def test_a_cut_parquet_file_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1]}), tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        io.read_raw(tmp_path / "t.parquet")


def test_sqlite_tables_are_read_without_losing_digits(tmp_path: Path) -> None:
    path = tmp_path / "a b?.sqlite"
    with sqlite3.connect(path) as base:
        base.execute('CREATE TABLE risk_points (风险点编号 INTEGER, L REAL, "身份""证" INTEGER)')
        base.execute("INSERT INTO risk_points VALUES (913609001234567891, 3.5, 362201198001011234)")
        base.execute("INSERT INTO risk_points VALUES (2, NULL, 3)")
        base.execute("CREATE TABLE other (x)")
    base.close()
    raw = io.read_raw(path, "risk_points")
    assert cells(raw, "id") == ["913609001234567891", "2"]
    assert cells(raw, '身份"证') == ["362201198001011234", "3"]
    assert raw.columns["L"][0] == 3.5
    assert raw.source == "a b?.sqlite [risk_points]"
    with pytest.raises(InputError, match="no table 'x\"; DROP'; there are: other, risk_points"):
        io.read_raw(path, sheet='x"; DROP')


# ---- dataset folders ---------------------------------------------------------------------------

TOML = 'format = 1\nid = "t"\ntitle = "例"\ndata_date = 2026-01-01\ncrs = "EPSG:4490"\n'


def folder(path: Path, toml: str = TOML, **files: str) -> Path:
    (path / "dataset.toml").write_text(toml, encoding="utf-8")
    for name, content in files.items():
        (path / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return path


def test_a_dataset_knows_its_tables_and_column_names(tmp_path: Path) -> None:
    toml = TOML + '[columns.risk_points]\nname = "部位"\n'
    data = io.Dataset.open(
        folder(
            tmp_path, toml, risk_points__csv="编号,部位\n1,罐\n", notes__txt="x", nodez__csv="a\n1"
        )
    )
    assert (data.id, data.title, data.data_date, data.crs) == (
        "t",
        "例",
        dt.date(2026, 1, 1),
        "EPSG:4490",
    )
    assert list(data.files) == ["risk_points"]
    assert cells(data.read("risk_points"), "name") == ["罐"]
    assert [(i.code, i.value) for i in data.issues] == [("io.unknown_table", "nodez.csv")]
    assert "edges" not in data
    with pytest.raises(NotFoundError, match=r"no table '\.\./x'"):
        data.read("../x")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (TOML + "colour = 1\n", "unknown key 'colour'"),
        (TOML.replace("format = 1", "format = 2"), "format must be 1, not 2"),
        (TOML.replace("2026-01-01", '"2026-13-01"'), "data_date must be a day"),
        (TOML + '[columns.points]\nid = "a"\n', r"columns\.points: there is no such table"),
        (TOML + '[columns.risk_points]\nidd = "a"\n', r"columns\.risk_points\.idd: the table"),
        (TOML + "[columns.risk_points]\nid = 3\n", r"columns\.risk_points\.id must be a text"),
        ("format = ", "cannot be read"),
    ],
)
def test_a_wrong_dataset_toml_is_refused_with_the_place(
    tmp_path: Path, toml: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        io.Dataset.open(folder(tmp_path, toml))


def test_a_table_in_two_files_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, nodes__csv="id\n1\n")
    pq.write_table(pa.table({"id": [1]}), tmp_path / "nodes.parquet")
    with pytest.raises(InputError, match=r"'nodes' lies in nodes\.csv and in nodes\.parquet"):
        io.Dataset.open(tmp_path)
    (tmp_path / "nodes.parquet").unlink()
    with sqlite3.connect(tmp_path / "all.sqlite") as base:
        base.execute("CREATE TABLE nodes (id)")
    base.close()
    with pytest.raises(InputError, match=r"'nodes' lies in nodes\.csv and in all\.sqlite"):
        io.Dataset.open(tmp_path)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id\n1\n")
    inside = tmp_path / "data"
    inside.mkdir()
    (folder(inside) / "nodes.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InputError, match="leads out"):
        io.Dataset.open(inside)


def test_no_folder_and_no_toml_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        io.Dataset.open(tmp_path / "x")
    with pytest.raises(InputError, match=r"no dataset\.toml"):
        io.Dataset.open(tmp_path)


# ---- to the library ----------------------------------------------------------------------------


def test_what_was_read_becomes_a_table_with_issues_in_place(write: Callable[..., Path]) -> None:
    raw = io.read_raw(write("编号,名称,L\n1,甲\n\n2,乙,3\n"), "risk_points")
    table, issues = io.to_core(raw)
    assert table.names == ["id", "name", "L"]
    assert len(issues) == len(raw.issues) == 2


def test_every_issue_code_of_the_readers_is_in_the_catalogue() -> None:

    listed = {entry["code"] for entry in _core.issue_catalogue()}
    room = Path(io.__file__).parent
    used = {
        code
        for path in room.glob("*.py")
        for code in re.findall(r'"(io\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert used <= listed
    assert len(used) > 15


def test_a_missing_extra_is_one_error_with_the_line_that_installs_it(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(lambda workbook: put(workbook.active, ["a", "b"], [1, 2]))
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"python-calamine.*pip install 'safetyrisk\[tables\]'"):
        io.read_raw(path)


def test_csv_needs_nothing_but_the_standard_library(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(csv_files, "_FAST_BYTES", 1)
    assert io.read_raw(write(REGISTER), "risk_points").columns["id"] == ["001", "002"]


def test_texts_that_a_parquet_file_keeps_by_number_are_the_same_texts(tmp_path: Path) -> None:
    n = 5000
    columns = {
        "id": [f"p{k}" for k in range(n)],
        "division": [["360924", "360983", None, ""][k % 4] for k in range(n)],
        "L": [["3", "6　相当可能", "x"][k % 3] for k in range(n)],
        "E": ["6"] * n,
        "C": [15.0] * n,
    }
    results = []
    for coded in (False, True):
        file = tmp_path / f"coded-{coded}.parquet"
        pq.write_table(pa.table(columns), file, use_dictionary=coded, row_group_size=1999)
        g = sr.grade(file, "lec")
        kinds = {name: g.input.categories(name) is not None for name in g.input.names}
        assert kinds["division"] == coded
        assert not kinds["id"]
        results.append([g.input.texts(name) for name in g.input.names])
        results[-1] += [g.to_columns()["grade"].tolist(), sorted(g.issues.counts().items())]
    assert results[0] == results[1]
    assert results[0][1] == [text or None for text in columns["division"]]


# ---- rows that are no data -----------------------------------------------------------------------

SIGNED = """风险点编号,风险点名称,可能性,暴露频率,后果
1,储罐,3,6,15
,一车间小计,3,6,15
A-2,总计量站,1,6,15
,合计,4,12,30
合计：2 项,,,,
制表人：张三,,审核：李四,,
单位负责人（签字）：,,,,日期：2026-06-30
单位（盖章）,,,,
注：本表一式两份,,,,
"""


def test_totals_signatures_and_notes_are_left_out_and_named_with_their_lines(
    write: Callable[..., Path],
) -> None:
    graded = sr.grade(write(SIGNED), "lec")
    assert graded.to_columns()["id"].tolist() == ["1", "A-2"]
    assert graded.counts()["rows_in"] == graded.counts()["graded"] == 2
    found = [(i.code, i.line, i.value) for i in graded.issues if i.code.endswith("_row")]
    assert found == [
        ("io.total_row", 3, "一车间小计"),
        ("io.total_row", 5, "合计"),
        ("io.total_row", 6, "合计：2 项"),
        ("io.signature_row", 7, "制表人：张三"),
        ("io.signature_row", 8, "单位负责人（签字）："),
        ("io.signature_row", 9, "单位（盖章）"),
        ("io.note_row", 10, "注：本表一式两份"),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        "A-7,合计,3,6,15",
        ",合计量罐,3,6,15",
        ",审核：泵房,3,6,15",
        ",注：阀门,3,,",
        ",统计室,3,6,15",
    ],
)
def test_what_has_an_id_or_judgements_of_its_own_is_data(
    cells: str, write: Callable[..., Path]
) -> None:
    raw = io.read_raw(write(f"编号,风险点名称,L,E,C\n001,锅炉,1,1,1\n{cells}\n"), "risk_points")
    assert raw.rows == 2
    assert codes(raw) == []


def test_totals_of_a_workbook_are_no_substance_and_no_unit(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["单元", "物质名称", "数量(t)"],
        ["罐区一", "甲醇", 100.0],
        [None, "苯", 10.0],
        [None, "小计", 110.0],
        ["罐区二", "苯", 5.0],
        ["合计", None, 115.0],
        [None, None, None],
        ["填表人：王五", None, "填报日期：2026-06-30"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    path = tmp_path / "substances.xlsx"
    book.save(path)
    judged = sr.major_hazard(path, exposed=0)
    assert judged.to_columns()["unit"].tolist() == ["罐区一", "罐区二"]
    assert judged.counts()["rows_in"] == 3
    lines = {
        i.line: i.code for i in judged.issues if i.code in ("io.total_row", "io.signature_row")
    }
    assert lines == {4: "io.total_row", 6: "io.total_row", 8: "io.signature_row"}


def test_a_large_file_is_read_by_the_same_rule(write: Callable[..., Path]) -> None:
    rows = "".join(f"R{i},点位：统计 {i} 号，描述若干若干若干,3,6,15\n" for i in range(30_000))
    path = write("编号,名称,L,E,C\n" + rows + ",合计,90000,180000,450000\n审核人：甲,,,,\n")
    assert path.stat().st_size > csv_files._FAST_BYTES
    raw = io.read_raw(path, "risk_points")
    assert raw.rows == 30_000
    assert codes(raw) == ["io.total_row", "io.signature_row"]


def test_another_row_is_named_by_its_line_where_there_is_one(write: Callable[..., Path]) -> None:
    text = "编号,L,E,C\na,3,6,15\nb,3,6,15\na,3,6,15\n"
    from_file = [
        i for i in sr.grade(write(text), "lec").issues if i.code == "scoring.duplicate_row"
    ]
    assert [(i.line, i.message) for i in from_file] == [
        (4, "编号「a」的这一行与第 2 行完全相同，只计一次")
    ]
    table = {"id": ["a", "b", "a"], "L": [3, 3, 3], "E": [6, 6, 6], "C": [15, 15, 15]}
    found = [i for i in sr.grade(table, "lec").issues if i.code == "scoring.duplicate_row"]
    assert [(i.row, i.message) for i in found] == [
        (2, "编号「a」的这一行与第 #0 行完全相同，只计一次")
    ]


def test_a_label_of_another_step_and_a_value_off_the_scale_say_what_to_do() -> None:
    table = {"id": ["a", "b", "c"], "L": ["6　完全可以预料", "很大", "4"], "E": ["6"] * 3}
    table["C"] = ["15"] * 3
    found = {i.row: i for i in sr.grade(table, "lec").issues}
    assert [found[row].code for row in range(3)] == [
        "scoring.step_label_wrong",
        "scoring.not_a_number",
        "scoring.off_scale",
    ]
    assert "数字和含义" in found[0].message
    assert all(issue.hint for issue in found.values())


def test_a_formula_without_its_value_is_named_and_not_just_missing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["编号", "L", "E", "C"], ["a", "=1+2", 6, 15], ["b", 3, 6, '=IF(1<2,15,"")']):
        sheet.append(row)
    path = tmp_path / "formulas.xlsx"
    book.save(path)  # openpyxl stores formulas and computes nothing
    graded = sr.grade(path, "lec")
    assert graded.counts()["not_gradable"] == 2
    found = [i for i in graded.issues if i.code == "io.formula_without_value"]
    assert [(i.row, i.line, i.column, i.value) for i in found] == [
        (0, 2, "L", "=1+2"),
        (1, 3, "C", '=IF(1<2,15,"")'),
    ]
    fixed, count = tmp_path / "fixed.xlsx", 2
    sr.save_errors(graded, fixed)
    said = [str(row[1]) for row in openpyxl.load_workbook(fixed).active.iter_rows(values_only=True)]
    assert sum("没有保存它的计算结果" in text for text in said) == count


def test_a_formula_with_its_value_is_its_value(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "computed.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "L", "E", "C", "备注"])
        sheet.write_row(1, 0, ["a", 3, 6])
        sheet.write_formula(1, 3, "=10+5", None, 15)
        sheet.write_formula(1, 4, '="x"', None, "x")
    graded = sr.grade(path, "lec")
    assert graded.counts()["graded"] == 1
    assert "io.formula_without_value" not in graded.issues.counts()
