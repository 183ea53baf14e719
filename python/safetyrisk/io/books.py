"""Workbooks (XLSX, XLS, ODS) by python-calamine: sheets, merged cells, kinds of cells.

calamine gives values, not formulas. It gives nothing for an error cell (#N/A), so those of XLSX
are found by a search through the sheet's text, which is quick and needs no second parser.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .._extras import need
from .._faults import fault
from .guard import check_workbook
from .headers import IssueArgs
from .rows import (
    EXACT,
    HEAD_ROWS,
    OWN_SHEETS,
    Body,
    Cell,
    Header,
    Options,
    Raw,
    cell_text,
    find_header,
    is_blank,
    named,
    title_issues,
)

if TYPE_CHECKING:
    import zipfile  # slow to import, so at run time only where it is used

__all__ = ["read_book", "typed_column"]

_Range = tuple[tuple[int, int], tuple[int, int]]


def read_book(file: Path, options: Options, sheet: str | None) -> Raw:
    """Read one sheet of a workbook; see :func:`safetyrisk.io.read_raw`."""
    calamine = need("python_calamine", extra="tables")
    check_workbook(file)
    # By its content, not its name: many a file named .xls is an XLSX.
    with file.open("rb") as stream:
        book = _guard(file, lambda: calamine.CalamineWorkbook.from_filelike(stream))
        try:
            return _read_sheet(file, book, options, sheet, calamine)
        finally:
            book.close()


def _guard(file: Path, read: Callable[[], Any]) -> Any:
    """Turn whatever the parser raises, panics too, into one error with the file's name."""
    try:
        return read()
    except OSError as error:
        raise fault("file.unreadable", file=file, reason=error) from None
    except BaseException as error:
        kind = type(error).__name__
        if kind == "PasswordError":
            raise fault("book.encrypted", file=file) from None
        if isinstance(error, Exception) or kind == "PanicException":
            raise fault("book.unreadable", file=file, reason=error) from None
        raise


class _Sheet:
    """The rows of a sheet by the line and column that a person counts."""

    def __init__(self, file: Path, sheet: Any) -> None:
        self.name: str = sheet.name
        start = sheet.start
        self.left: int = start[1] if start else 0
        self.rows: list[list[Cell]] = (
            _guard(file, lambda: [list(row) for row in sheet.iter_rows()]) if start else []
        )
        for row in self.rows:
            for i, cell in enumerate(row):
                if cell == "" and isinstance(cell, str):
                    row[i] = None
        while self.rows and is_blank(self.rows[-1]):
            self.rows.pop()
        # Rows and columns of the merged ranges as indices into `rows`.
        width = max(map(len, self.rows), default=0)
        self.merged: list[_Range] = []
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            first, last = left - self.left, right - self.left
            if last >= 0 and first < width and top < len(self.rows):
                clipped = (min(bottom, len(self.rows) - 1), min(last, width - 1))
                self.merged.append(((top, max(first, 0)), clipped))

    def head(self) -> list[tuple[int, list[Cell]]]:
        """Give the first rows that are not blank, with their index."""
        found = []
        for i, row in enumerate(self.rows):
            if not is_blank(row):
                found.append((i, row))
                if len(found) == HEAD_ROWS:
                    break
        return found

    def filled(self, top: int, height: int) -> list[list[str]] | None:
        """Texts of rows with merged cells filled; None when none in the upper row is merged."""
        ranges = [
            r for r in self.merged if r[0][0] < top + height and r[1][0] >= top and r[0][0] >= top
        ]
        if all(r[0][0] != top for r in ranges):
            return None
        texts = [[cell_text(c).strip() for c in row] for row in self.rows[top : top + height]]
        for (first_row, left), (last_row, right) in ranges:
            value = texts[first_row - top][left]
            for row in range(first_row, min(last_row, top + height - 1) + 1):
                texts[row - top][left : right + 1] = [value] * (right + 1 - left)
        return texts

    def header(self, options: Options) -> Header:
        """Find the header; its `first` is an index into the rows of head()."""
        head = self.head()

        def merged(i: int, height: int) -> list[list[str]] | None:
            top = head[i][0]
            if head[i + height - 1][0] != top + height - 1:
                return None  # a blank row lies between
            return self.filled(top, height)

        return find_header([row for _, row in head], options, merged)

    def fill_down(self, top: int) -> dict[int, int]:
        """Fill cells merged over several rows from `top` on; how many cells by column."""
        count: dict[int, int] = {}
        for (first, left), (last, _) in self.merged:
            if first < top or last == first:
                continue
            for row in range(first + 1, last + 1):
                self.rows[row][left] = self.rows[first][left]
                count[left] = count.get(left, 0) + 1
        return count


def _read_sheet(file: Path, book: Any, options: Options, wanted: str | None, calamine: Any) -> Raw:
    issues: list[IssueArgs] = []
    names: list[str] = list(book.sheet_names)
    if wanted is not None:
        if wanted not in names:
            raise fault("book.no_sheet", file=file, sheet=wanted, known=names)
        sheet = _Sheet(file, _guard(file, lambda: book.get_sheet_by_name(wanted)))
        header = sheet.header(options)
    else:
        sheet, header = _choose(file, book, options, calamine, issues)
    if not sheet.rows:
        raise fault("book.sheet_empty", file=file, sheet=sheet.name)

    raw = Raw({}, options.table, f"{file.name} [{sheet.name}]", issues=issues)
    head = sheet.head()
    lines_and_cells = [(index + 1, cells) for index, cells in head]
    raw.issues.extend(title_issues(lines_and_cells, header))
    below = head[header.first][0] + header.height
    headers = header.names

    errors = _error_cells(file, names.index(sheet.name))
    error_rows: dict[int, list[tuple[int, str, str]]] = {}
    for row, column, value, code in errors:
        error_rows.setdefault(row, []).append((column - sheet.left, value, code))
    filled = sheet.fill_down(below)

    body = Body(len(headers), headers, options)
    for index in range(below, len(sheet.rows)):
        body.add(index + 1, sheet.rows[index])
    body.place(raw)
    columns = body.columns()
    empty = [all(c is None for c in column) for column in columns]
    row_of = {line: row for row, line in enumerate(body.lines)}
    kept = named(raw, headers, list(enumerate(columns)), options, empty)
    for name, (position, values) in kept:
        if position in filled:
            raw.issues.append(
                IssueArgs("io.merged_filled", column=name, args=(str(filled[position]),))
            )
        for index in sorted(error_rows):
            for column, value, code in error_rows[index]:
                if column == position and index >= below:
                    row = row_of.get(index + 1, -1)
                    where = (str(index + 1), headers[position])
                    raw.issues.append(IssueArgs(code, row, index + 1, name, value, where))
        raw.columns[name] = typed_column(raw, name, values, options.type_of(name))
    return raw


def _choose(
    file: Path, book: Any, options: Options, calamine: Any, issues: list[IssueArgs]
) -> tuple[_Sheet, Header]:
    """Choose the first sheet whose header names two or more columns of ours.

    Of sheets with one and the same header the longest is chosen: the others are extracts of it.

    Else the first that names one; else the first that is not empty. Says which others have cells.
    """
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
        and meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    best: tuple[_Sheet, Header] | None = None
    others: list[tuple[str, int]] = []
    for name in visible:
        sheet = _Sheet(file, _guard(file, partial(book.get_sheet_by_name, name)))
        if not sheet.rows:
            continue
        header = sheet.header(options)
        if name in OWN_SHEETS and header.hits > 1:
            # A list of issues quotes the register's words; taken only where nothing else is one.
            header = replace(header, hits=1)
        longer_twin = (
            best is not None
            and header.hits > 1
            and header.names == best[1].names
            and len(sheet.rows) > len(best[0].rows)
        )
        if best is None or longer_twin or min(header.hits, 2) > min(best[1].hits, 2):
            if best is not None:
                others.append((best[0].name, best[1].hits))
            best = (sheet, header)
        else:
            sheet.rows = []
            others.append((name, header.hits))
    if best is None:
        raise fault("book.no_cells", file=file)
    chosen, hits = best[0].name, best[1].hits
    similar = [name for name, other in others if other >= max(hits, 2)]
    if similar:
        issues.append(IssueArgs("io.similar_sheets", args=(chosen, "、".join(similar))))
    rest = [name for name, _ in others if name not in similar and name not in OWN_SHEETS]
    if rest:
        issues.append(IssueArgs("io.other_sheets", args=(chosen, "、".join(rest))))
    return best


# ---- cells -------------------------------------------------------------------------------------


def typed_column(raw: Raw, name: str, values: list[Cell], wanted: str) -> Any:
    """Make a column of one kind from cells of mixed kinds.

    Numbers in a column of texts become their digits, and those that are too long to be exact are
    reported; a column of numbers, dates or booleans without a stray cell keeps its kind; all
    else is text.
    """
    present = [value for value in values if value is not None]
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in present)
    if wanted not in ("text", "list") and present:
        if numbers:
            whole = all(isinstance(v, int) or v.is_integer() for v in present)
            if wanted == "" and whole and any(abs(v) >= EXACT for v in present):
                _report_long(raw, name, values)  # numbers of identity cards and the like
                return [None if v is None else _digits(v) for v in values]
            return np.array([np.nan if v is None else float(v) for v in values])
        if all(isinstance(v, bool) for v in present):
            return values
        if all(_is_day(v) for v in present):
            return [v.date() if isinstance(v, dt.datetime) else v for v in values]
    if not present and wanted in ("number", "integer"):
        return np.full(len(values), np.nan)
    if wanted not in ("number", "integer"):
        _report_long(raw, name, values)
    if wanted in ("text", "list"):
        raw.issues.extend(
            IssueArgs("io.date_for_text", row=row, column=name, value=cell_text(value))
            for row, value in enumerate(values)
            if isinstance(value, dt.date)
        )
    return [None if v is None else _digits(v) for v in values]


def _digits(value: Cell) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= EXACT:
        # Not the digits that were typed: write it so that nobody takes it for a code.
        return f"{float(value):.14E}"
    return cell_text(value)


def _report_long(raw: Raw, name: str, values: Sequence[Cell]) -> None:
    raw.issues.extend(
        IssueArgs("io.digits_lost", row=row, column=name, value=_digits(value))
        for row, value in enumerate(values)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= EXACT
    )


def _is_day(value: Cell) -> bool:
    if isinstance(value, dt.datetime):
        return value.time() == dt.time()
    return isinstance(value, dt.date)


# ---- cells of XLSX without a value ---------------------------------------------------------------

_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\br=\"([A-Z]{1,3})(\d{1,7})\")(?=[^>]*\bt=\"e\")[^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).){0,4000}?<(?:\w+:)?v>([^<]{1,20})</",
    re.DOTALL,
)
# A formula beside which no value is stored; a text that is empty (t="str") is a value.
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\br=\"([A-Z]{1,3})(\d{1,7})\")(?![^>]*\bt=\"str\")[^>]*>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*(?<!/)>([^<]{0,9000})</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


def _error_cells(file: Path, number: int) -> list[tuple[int, int, str, str]]:
    """Row, column (from 0), text and code of the cells of a sheet of XLSX that have no value.

    Those are error cells, and formulas that were never computed: programs other than spreadsheets
    write formulas without the value that they come to.

    Empty for other formats and for workbooks laid out in a way that is not understood: the cell
    is missing in either case, only without the reason.
    """
    import zipfile

    try:
        with zipfile.ZipFile(file) as book:
            part = _sheet_part(book, number)
            found: list[tuple[int, int, str, str]] = []
            if part is None:
                return found
            with book.open(part) as stream:
                for block in _blocks(stream):
                    for column, row, value in _ERROR_CELL.findall(block):
                        at = (int(row) - 1, _column_number(column))
                        found.append((*at, value.decode(), "io.error_cell"))
                    for column, row, formula in _FORMULA_CELL.findall(block):
                        at = (int(row) - 1, _column_number(column))
                        text = "=" + html.unescape(formula.decode())
                        found.append((*at, text, "io.formula_without_value"))
            return found
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError, NotImplementedError):
        return []


def _blocks(stream: Any) -> Iterator[bytes]:
    """Cut a stream into pieces that end where a row ends."""
    rest = b""
    while piece := stream.read(1 << 20):
        piece = rest + piece
        end = piece.rfind(b"</row") if b"</row" in piece else piece.rfind(b":row>")
        if end < 0:
            rest = piece if len(piece) < 64 << 20 else b""  # a row like that has other troubles
            continue
        rest = piece[end:]
        if b't="e"' in piece or _has_formula(piece):
            yield piece[:end]
    if b't="e"' in rest or _has_formula(rest):
        yield rest


def _has_formula(piece: bytes) -> bool:
    return any(mark in piece for mark in (b"<f>", b"<f ", b"<f/", b":f>", b":f "))


def _sheet_part(book: zipfile.ZipFile, number: int) -> str | None:
    sheets = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", book.read("xl/workbook.xml"))
    identity = re.search(rb"\br:id=\"([^\"]+)\"", sheets[number]) if number < len(sheets) else None
    if identity is None:
        return None
    for relation in _RELATION.findall(book.read("xl/_rels/workbook.xml.rels")):
        if b'Id="' + identity[1] + b'"' in relation:
            target = re.search(rb"\bTarget=\"([^\"]+)\"", relation)
            if target is not None:
                name = target[1].decode()
                return name.removeprefix("/") if name.startswith("/") else f"xl/{name}"
    return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
