"""Reads tables from files: CSV, workbooks (XLSX, XLS, ODS), Parquet and SQLite.

Registers arrive as people keep them: with title rows above the header, in GB18030, with merged
cells, with codes that a spreadsheet has turned into numbers. A reader repairs only what has one
meaning, says so in an issue, and leaves the judgement of values to the rooms that use them: cells
of CSV stay text, and a number in a column of texts (a code, say) becomes its digits. What cannot
be a table at all (an empty file, a workbook named .csv) is an :class:`InputError`.

The parsers are the standard library's ``csv`` and ``sqlite3``, python-calamine and pyarrow.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import _core
from .._core import Method
from .._faults import fault
from .books import read_book
from .columnar import read_parquet, read_sqlite
from .csv_files import read_csv
from .rows import Options, Raw, first_rows
from .steps import read_labels

__all__ = ["Raw", "read_raw", "to_core"]

_TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
_BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et")
_PARQUET_SUFFIXES = (".parquet", ".pq")
_SQLITE_SUFFIXES = (".sqlite", ".sqlite3", ".db")


def read_raw(
    path: str | os.PathLike[str],
    table: str = "",
    columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    extra: Iterable[str | tuple[str, ...]] = (),
    method: Method | None = None,
    most: int | None = None,
) -> Raw:
    """Read a table from a file.

    Parameters
    ----------
    path
        ``.csv .tsv .txt``, ``.xlsx .xls .ods`` and the like, ``.parquet``, or ``.sqlite .db``.
    table
        Which table of the library it is (``"risk_points"``): decides which headers are known.
    columns
        Ours to theirs, ``{"name": "风险点"}``; goes before the known headers.
    sheet
        Sheet of a workbook, or table of a SQLite file (default: `table`).
    encoding
        Of a CSV file. Without it: UTF-8, then GB18030; UTF-16 only with a byte order mark.
    delimiter
        Of a CSV file. Without it: comma, tab or semicolon, by the header.
    extra
        See :func:`map_headers`.
    method
        A method whose steps may stand in cells as labels (``6　相当可能``), besides those that
        ship with the library.
    most
        Give so many rows and no more; of a large CSV, Parquet or SQLite file only the beginning is
        read.

    Raises
    ------
    InputError
        The file cannot be read as a table, or `columns` does not fit it.
    """
    options = Options(table, columns or {}, tuple(extra), most)
    raw = _read(Path(path), options, sheet, encoding, delimiter)
    if most is not None:
        raw = first_rows(raw, most)
    read_labels(raw, method)
    return raw


def _read(
    file: Path, options: Options, sheet: str | None, encoding: str | None, delimiter: str | None
) -> Raw:
    head = _first_bytes(file)
    suffix = file.suffix.lower()
    found = _magic(head)
    if suffix in _TEXT_SUFFIXES:
        if found in _NAMES:
            raise fault("file.kind", file=file, suffix=suffix, what=_NAMES[found])
        return read_csv(file, options, encoding, delimiter)
    if suffix in _BOOK_SUFFIXES:
        if found not in ("zip", "ole"):
            what = _NAMES.get(found, _NO_BOOK)
            raise fault("file.kind", file=file, suffix=suffix, what=what)
        return read_book(file, options, sheet)
    if suffix in _PARQUET_SUFFIXES:
        if found != "parquet":
            raise fault("file.kind", file=file, suffix=suffix, what=("no Parquet file", "别的文件"))
        return read_parquet(file, options)
    if suffix in _SQLITE_SUFFIXES:
        if found != "sqlite":
            raise fault("file.kind", file=file, suffix=suffix, what=("no SQLite file", "别的文件"))
        return read_sqlite(file, options, sheet or options.table)
    known = " ".join((*_TEXT_SUFFIXES, *_BOOK_SUFFIXES, *_PARQUET_SUFFIXES, *_SQLITE_SUFFIXES))
    raise fault("file.suffix", file=file, suffix=suffix, known=known)


def to_core(raw: Raw) -> tuple[_core.Table, _core.IssueTable]:
    """Turn what was read into the library's table and the issues of reading it."""
    lines = None if raw.lines is None else list(raw.lines)
    table = _core.Table(raw.table, raw.source, raw.first_line, lines)
    for name, values in raw.columns.items():
        table.add(name, values)
    issues = _core.IssueTable()
    for issue in raw.issues:
        line = issue.line
        if line < 0 <= issue.row:
            line = _line(raw, issue.row)
        issues.add(
            issue.code,
            table=raw.table,
            source=raw.source,
            row=issue.row,
            line=line,
            column=issue.column,
            value=issue.value,
            args=list(issue.args),
        )
    return table, issues


def _line(raw: Raw, row: int) -> int:
    if raw.lines is not None:
        return int(raw.lines[row])
    return -1 if raw.first_line < 0 else raw.first_line + row


_NAMES = {
    "zip": (
        "a workbook or another ZIP file; name it .xlsx (or .ods) or save it as CSV",
        "工作簿或其他 ZIP 文件；请改名为 .xlsx（或 .ods），或另存为 CSV",
    ),
    "ole": (
        "an old Excel workbook (or an encrypted one); name it .xls or save it as CSV",
        "旧版（或加密的）Excel 工作簿；请改名为 .xls，或另存为 CSV",
    ),
    "parquet": ("a Parquet file; name it .parquet", "Parquet 文件；请改名为 .parquet"),
    "sqlite": ("a SQLite file; name it .sqlite", "SQLite 文件；请改名为 .sqlite"),
    "html": (
        "an HTML page; open it in a spreadsheet program and save it as XLSX",
        "网页；请用电子表格软件打开，另存为 XLSX",
    ),
    "xml": (
        "an XML file; open it in a spreadsheet program and save it as XLSX",
        "XML 文件；请用电子表格软件打开，另存为 XLSX",
    ),
    "pdf": ("a PDF file", "PDF 文件"),
    "gzip": ("a gzip file; unpack it first", "gzip 压缩文件；请先解压"),
}
_NO_BOOK = (
    "no workbook, it is plain text or something else; open it in a spreadsheet program and save "
    "it as XLSX",
    "文本或其他文件；请用电子表格软件打开，另存为 XLSX",
)


def _first_bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise fault("file.unreadable", file=file, reason=error) from None
    if not head:
        raise fault("file.empty", file=file)
    return head


def _magic(head: bytes) -> str:
    for start, kind in (
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"\xd0\xcf\x11\xe0", "ole"),
        (b"PAR1", "parquet"),
        (b"SQLite format 3\0", "sqlite"),
        (b"%PDF-", "pdf"),
        (b"\x1f\x8b", "gzip"),
    ):
        if head.startswith(start):
            return kind
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")):
        return "html"
    return "xml" if text.startswith(b"<?xml") else ""
