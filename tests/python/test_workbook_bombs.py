"""Workbooks made to burst are refused by the name of a limit before memory is; others are read."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from safetyrisk import InputError, io
from safetyrisk.io.guard import workbook_size

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    f'package/2006/relationships"><Relationship Id="r1" Type="{KIND}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{KIND}"><sheets>'
    '<sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.'
    f'openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{KIND}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{KIND}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}
HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>L</t></is></c></row>'
)


def sheet(rows: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}'
        f"</sheetData>{more}</worksheet>"
    )


def texts(*items: str) -> str:
    inside = "".join(f"<si><t>{item}</t></si>" for item in items)
    return f'<?xml version="1.0"?><sst xmlns="{MAIN}">{inside}</sst>'


def book(path: Path, rows: str, more: str = "", **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in PARTS.items():
            made.writestr(name, text)
        made.writestr("xl/worksheets/sheet1.xml", sheet(rows, more))
        made.writestr("xl/sharedStrings.xml", parts.get("shared", texts()))
    return path


def packed_zeros(size: int) -> bytes:
    """A deflate stream of that many zeros, made of one block again and again."""
    block = 1 << 24
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // block - 1) + packer.flush()


def raw_zip(path: Path, parts: Iterable[tuple[str, bytes, int]]) -> Path:
    """A ZIP file of deflated parts, each with the size that it claims to unpack to."""
    body, directory = b"", b""
    count = 0
    for name, data, claimed in parts:
        sizes = struct.pack("<III", 0, len(data), min(claimed, 0xFFFFFFFE))
        head = struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack(
            "<HHHII", 0, 0, 0, 0, len(body)
        ) + name.encode()  # fmt: skip
        body += b"PK\3\4" + head + name.encode() + data
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\5\6" + end)
    return path


def packed(text: str) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(text.encode()) + packer.flush()


def read_in_child(path: Path, **environment: str) -> tuple[str, float]:
    """What reading a workbook says, and the largest memory of it in MiB beyond the imports."""
    code = """
import json, sys
from safetyrisk import InputError, io
from safetyrisk.io.job import peak_memory as peak
import python_calamine
before = peak()
try:
    raw = io.read_raw(sys.argv[1], "risk_points")
    said = f"{raw.rows} rows"
except InputError as error:
    said = str(error)
print(json.dumps([said, peak() - before]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    said, grown = json.loads(ran.stdout)
    return said, grown


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for its peak memory")
@pytest.mark.parametrize("claimed", [10_000_000_000, 1000], ids=["honest", "lying"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/a.bin"])
def test_ten_gigabytes_of_zeros_are_refused_in_little_memory(
    tmp_path: Path, part: str, claimed: int
) -> None:
    parts = [(name, packed(text), len(text)) for name, text in PARTS.items()]
    if part != "xl/worksheets/sheet1.xml":
        parts.append(("xl/worksheets/sheet1.xml", packed(sheet(HEAD)), 500))
    # A lie is found out when the limit is reached, here one of 100 MB.
    path = raw_zip(tmp_path / "b.xlsx", [*parts, (part, packed_zeros(10_000_000_000), claimed)])
    assert path.stat().st_size < 12_000_000
    said, grown = read_in_child(path, SAFETYRISK_XLSX_UNPACKED="100 MB")
    assert "SAFETYRISK_XLSX_UNPACKED" in said or "no XML in UTF-8" in said
    assert grown < 100


def test_the_default_limit_on_what_is_unpacked_is_named(tmp_path: Path) -> None:
    parts = [(name, packed(text), len(text)) for name, text in PARTS.items()]
    zeros = packed_zeros(1 << 26)
    path = raw_zip(tmp_path / "b.xlsx", [*parts, ("xl/a.bin", zeros, 3 << 30)])
    with pytest.raises(InputError, match=r"b\.xlsx.*'unpacked' allows \(2\.00 GiB\).*UNPACKED"):
        io.read_raw(path)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 11))
    + f']><sst xmlns="{MAIN}"><si><t>&a10;</t></si></sst>'
)


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for its peak memory")
def test_entities_that_multiply_are_not_expanded(tmp_path: Path) -> None:
    rows = HEAD + '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>3</v></c></row>'
    _, grown = read_in_child(book(tmp_path / "b.xlsx", rows, shared=LAUGHS))
    assert grown < 50


FAR = {
    "far cell": '<row r="2"><c r="XFD1048576"><v>1</v></c></row>',
    "far row": '<row r="2"><c r="A1048576"><v>1</v></c><c r="DA2"><v>1</v></c></row>',
    "beyond the sheet": '<row r="2"><c r="AAAAA2"><v>1</v></c><c r="A99999999"><v>1</v></c></row>',
    "single quotes": "<row r='2'><c r='XFD1048576'><v>1</v></c></row>",
    "other order": '<row r="2"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    "prefix": '<x:row r="2"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "row without place": '<row r="1048576"><c><v>1</v></c></row><row r="2"><c r="XFD2"><v>1</v></c></row>',
    "cells without place": "<row>" + "<c><v>1</v></c>" * 20_000 + "</row>" + "<row></row>" * 5000
    + '<row><c><v>1</v></c></row>',
}  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for its peak memory")
@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_a_few_cells_that_span_a_huge_sheet_are_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(InputError, match=r"spans more.*'cells'.*SAFETYRISK_XLSX_CELLS"):
        io.read_raw(book(tmp_path / "b.xlsx", HEAD + rows), "risk_points")


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    row = "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"
    with pytest.raises(InputError, match="'cells'"):
        io.read_raw(book(tmp_path / "b.xlsx", HEAD + "<row/>" * 100 + row), "risk_points")


def test_empty_cells_with_a_format_span_nothing(tmp_path: Path) -> None:
    rows = HEAD + '<row r="2"><c r="A2"><v>7</v></c><c r="XFD2" s="0"/></row>'
    rows += '<row r="1048576"><c r="A1048576" s="0"/></row>'
    assert io.read_raw(book(tmp_path / "b.xlsx", rows), "risk_points").rows == 1


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for its peak memory")
def test_a_long_text_named_by_many_cells_is_refused(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{c}{r}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ")
        + "</row>"
        for r in range(2, 5000)
    )
    path = book(tmp_path / "b.xlsx", HEAD + rows, shared=texts("x" * 2_000_000))
    said, grown = read_in_child(path)
    assert "SAFETYRISK_XLSX_TEXTS" in said
    assert grown < 100


def test_many_texts_of_which_one_is_long_are_no_reason_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFETYRISK_XLSX_TEXTS", "200 KB")
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>{1 if r > 2 else 0}</v></c></row>'
        for r in range(2, 100)
    )
    path = book(tmp_path / "b.xlsx", HEAD + rows, shared=texts("长" * 10_000, "短"))
    assert io.read_raw(path, "risk_points").rows == 98
    monkeypatch.setenv("SAFETYRISK_XLSX_TEXTS", "20 KB")
    with pytest.raises(InputError, match="'texts'"):
        io.read_raw(path, "risk_points")


def test_merged_cells_that_repeat_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFETYRISK_XLSX_CELLS", "10000000")
    merged = '<mergeCells count="1">' + '<mergeCell ref="A2:A1048576"/>' * 100 + "</mergeCells>"
    rows = HEAD + '<row r="2"><c r="A2"><v>7</v></c></row>'
    with pytest.raises(InputError, match=r"merged cells.*'cells'"):
        io.read_raw(book(tmp_path / "b.xlsx", rows, merged), "risk_points")


def test_opendocument_rows_repeated_without_end_are_refused(tmp_path: Path) -> None:
    def ods(rows: str) -> Path:
        path = tmp_path / "b.ods"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            made.writestr("META-INF/manifest.xml", "<manifest/>")
            made.writestr(
                "content.xml",
                '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" '
                'xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="a">'
                f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>",
            )
        return path

    cell = '<table:table-cell {0} office:value-type="string"><text:p>x</text:p></table:table-cell>'
    many = cell.format('table:number-columns-repeated="16000"')
    row = '<table:table-row table:number-rows-repeated="1000000">'
    with pytest.raises(InputError, match=r"'cells'"):
        io.read_raw(ods(f"{row}{many}</table:table-row>"))
    # Programs end a sheet with empty rows up to the last one that it may have.
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    head = f"<table:table-row>{cell.format('')}{cell.format('')}{blank}</table:table-row>"
    assert io.read_raw(ods(f"{head}{head}{row}{blank}</table:table-row>")).rows == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_sheet_that_hides_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        for name, text in PARTS.items():
            made.writestr(name, text)
        text = sheet(HEAD + FAR["far cell"]).replace("UTF-8", "UTF-16")
        made.writestr("xl/worksheets/sheet1.xml", text.encode(encoding))
    with pytest.raises(InputError, match=r"b\.xlsx"):
        io.read_raw(path, "risk_points")


def test_a_limit_that_is_no_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFETYRISK_XLSX_CELLS", "many")
    with pytest.raises(InputError, match=r"SAFETYRISK_XLSX_CELLS.*'many' is no size"):
        io.read_raw(book(tmp_path / "b.xlsx", HEAD), "risk_points")


def test_a_register_of_200_000_rows_is_read_and_its_size_known_before(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>R{r}</t></is></c><c r="B{r}"><v>3</v></c>'
        f'<c r="C{r}"><v>6</v></c></row>'
        for r in range(2, 200_002)
    )
    path = book(tmp_path / "b.xlsx", HEAD + rows)
    found_rows, found_columns, _ = workbook_size(path)
    assert found_rows == 200_001
    assert found_columns == 3
    raw = io.read_raw(path, "risk_points")
    assert raw.rows == 200_000
    assert list(raw.columns["id"][:2]) == ["R2", "R3"]


def test_a_wide_workbook_of_another_program_is_measured_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(["编号", "L", *[f"列{k}" for k in range(60)]])
    for k in range(50):
        page.append([f"R{k}", 3, *range(60)])
    made.save(tmp_path / "b.xlsx")
    monkeypatch.setenv("SAFETYRISK_XLSX_CELLS", str(51 * 62))
    assert io.read_raw(tmp_path / "b.xlsx", "risk_points").rows == 50
    monkeypatch.setenv("SAFETYRISK_XLSX_CELLS", str(51 * 62 - 1))
    with pytest.raises(InputError, match="'cells'"):
        io.read_raw(tmp_path / "b.xlsx", "risk_points")
