"""From the rows of a file to the columns of a table: header, blank rows, ragged rows.

What CSV and workbooks have in common. Rows are lists of cells with the line that each stands on;
the header is the row (or the two rows) that names most columns of ours.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .headers import HeaderMap, IssueArgs, map_headers, table_spec
from .sums import has_no_data

__all__ = [
    "EXACT",
    "EXAMPLE",
    "HEAD_ROWS",
    "OWN_COLUMNS",
    "OWN_SHEETS",
    "Body",
    "Cell",
    "Header",
    "Options",
    "Raw",
    "cell_text",
    "find_header",
    "first_rows",
    "is_blank",
    "named",
    "title_issues",
]

Cell: TypeAlias = Any  # str, float, int, bool, date, datetime, time, timedelta or None

# A header is looked for in so many rows.
HEAD_ROWS = 10
# How the first cell of a template's example row begins; such a row is no data.
EXAMPLE = "【示例】"
# Columns and sheets that the library adds to a user's rows; readers pass over them.
OWN_COLUMNS = {
    "zh": ("【行号】", "【问题】", "【建议】"),
    "en": ("【line】", "【issue】", "【hint】"),
}
OWN_SHEETS = ("填写说明", "Guide", "其他问题", "Other issues", "问题", "Issues")
# A spreadsheet keeps 15 digits of a number.
EXACT = 1e15


@dataclass
class Raw:
    """A table as read, before any value is judged.

    Attributes
    ----------
    columns
        Cells by column name, canonical where the header was recognised. A column is a list of
        ``str``, ``bool`` or ``datetime.date`` with ``None`` for empty cells, a float64 array with
        NaN for empty cells, or an Arrow array.
    source
        File name, with the sheet or table in it in brackets.
    first_line, lines
        Line of row 0 when the rows are consecutive lines of the file; else the line of each row;
        -1 and ``None`` when the file has no lines.
    issues
        What was wrong or repaired; ``row`` counts the rows kept.
    mapping
        Header in the file to canonical column name.
    headers
        Header as it stands in the file, by column name.
    given
        Columns before labels of steps became values, where there were any.
    """

    columns: dict[str, Any]
    table: str = ""
    source: str = ""
    first_line: int = -1
    lines: Sequence[int] | None = None
    issues: list[IssueArgs] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()))) if self.columns else 0


def first_rows(raw: Raw, most: int) -> Raw:
    """Give the first rows of a table, with the issues of the others left out."""
    if raw.rows > most:
        raw.columns = {name: values[:most] for name, values in raw.columns.items()}
        raw.given = {name: values[:most] for name, values in raw.given.items()}
        raw.lines = None if raw.lines is None else raw.lines[:most]
        raw.issues = [issue for issue in raw.issues if issue.row < most]
    return raw


@dataclass(frozen=True)
class Options:
    """What the caller said about a table."""

    table: str
    columns: Mapping[str, str]
    extra: tuple[str | tuple[str, ...], ...]
    most: int | None = None
    """Rows to read at least, where a reader can do with less than the file; None: all."""

    def map(self, names: Iterable[object]) -> HeaderMap:
        """Name the columns under these headers."""
        return map_headers(names, self.table, self.columns, extra=self.extra)

    def hits(self, names: Sequence[str]) -> int:
        """How many different columns of ours a row of cells names."""
        columns = {o: t for o, t in self.columns.items() if t in names}
        # Headers that cannot be decided between two columns speak for a header all the same.
        result = map_headers(names, self.table, columns, extra=self.extra)
        doubtful = sum(i.code in _DOUBTFUL for i in result.issues)
        return len(result.mapping) + doubtful

    def type_of(self, name: str) -> str:
        """Kind of a column of ours; empty for another."""
        if not self.table:
            return ""
        return table_spec(self.table).types.get(name, "")


_DOUBTFUL = ("io.ambiguous_header", "io.rival_headers")


@dataclass
class Header:
    """A header and where it stands."""

    names: list[str]
    first: int  # index of its first row among the rows looked at
    height: int  # 1 or 2; 0 when there is none
    hits: int


def cell_text(value: Cell) -> str:
    """Write a cell as a person would; empty for an empty one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        return "" if math.isnan(value) else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def is_blank(cells: Iterable[Cell]) -> bool:
    """Whether no cell holds anything but blanks."""
    return all(not c.strip() if isinstance(c, str) else c is None for c in cells)


def _join(upper: Sequence[str], lower: Sequence[str], options: Options) -> list[str]:
    """Headers of a header of two lines."""
    joined = []
    for above, below in zip(upper, lower, strict=True):
        if not above or not below or above == below:
            joined.append(above or below)
        elif options.hits([above + below]):
            joined.append(above + below)
        elif options.hits([below]):
            joined.append(below)
        else:
            joined.append(f"{above}/{below}")
    return joined


def _fill_right(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Group names of a two-line header whose merged cells are not known."""
    filled: list[str] = []
    for above, below in zip(upper, lower, strict=True):
        filled.append(above or (filled[-1] if below and filled else ""))
    return filled


def find_header(
    rows: Sequence[Sequence[Cell]],
    options: Options,
    merged: Callable[[int, int], list[list[str]] | None] = lambda row, height: None,
) -> Header:
    """Find the header in the first rows: the row, or two rows, that name most columns of ours.

    `merged` gives rows of texts with merged cells filled, if any lie there. When no row names a
    column of ours, the header is the first row with more than one cell, else the first with one.
    """
    texts = [[cell_text(c).strip() for c in row] for row in rows]
    width = max((len(row) for row in texts), default=0)
    texts = [row + [""] * (width - len(row)) for row in texts]
    best = Header([], 0, 0, 0)
    for i, row in enumerate(texts):
        hits = options.hits(row)
        if hits > best.hits:
            best = Header(row, i, 1, hits)
    for i in range(len(texts) - 1):
        filled = merged(i, 2)
        if filled is None:
            upper, lower = _fill_right(texts[i], texts[i + 1]), texts[i + 1]
        else:
            upper, lower = filled
        if sum(map(bool, texts[i])) < 2:
            continue  # a title
        names = _join(upper, lower, options)
        hits = options.hits(names)
        # Of two equal readings the shorter one; but never one that cuts a merged header in two.
        one_line = best.height == 1 and best.first in (i, i + 1)
        if hits > best.hits or (filled is not None and hits == best.hits > 0 and one_line):
            best = Header(names, i, 2, hits)
    if best.height == 0:
        for wanted in (2, 1):
            for i, row in enumerate(texts):
                if sum(map(bool, row)) >= wanted:
                    return Header(row, i, 1, 0)
    return best


def title_issues(rows: Sequence[tuple[int, Sequence[Cell]]], header: Header) -> list[IssueArgs]:
    """Rows above the header are not data; say which were taken for titles."""
    return [
        IssueArgs(
            "io.title_row",
            line=line,
            value=" ".join(filter(None, map(cell_text, cells))),
            args=(str(line),),
        )
        for line, cells in rows[: header.first]
        if not is_blank(cells)
    ]


class Body:
    """Collects the rows below a header."""

    def __init__(self, width: int, header: Sequence[str], options: Options) -> None:
        self.width = width
        self.names = options.map(header).names
        self._is_number = lambda name: options.type_of(name) in ("number", "integer")
        self.rows: list[Sequence[Cell]] = []
        self.lines: list[int] = []
        self.issues: list[IssueArgs] = []
        self._blank: list[int] = []

    def add(self, line: int, cells: Sequence[Cell]) -> None:
        """Take a row; a blank one is left out, one of a wrong length made to fit."""
        if is_blank(cells):
            self._blank.append(line)
            return
        if self._blank:
            # Blank rows at the end never get here: they are no loss.
            first, last = self._blank[0], self._blank[-1]
            where = str(first) if first == last else f"{first}–{last}"
            self.issues.append(IssueArgs("io.blank_rows", line=first, args=(where,)))
            self._blank.clear()
        for start in cells:
            if start is not None and start != "":
                break
        if isinstance(start, str) and start.startswith(EXAMPLE):
            self.issues.append(IssueArgs("io.example_row", line=line, value=start))
            return
        no_data = has_no_data(cells, self.names, self._is_number)
        if no_data is not None:
            code, text = no_data
            self.issues.append(IssueArgs(code, line=line, value=text, args=(str(line),)))
            return
        row, found = len(self.rows), len(cells)
        if found > self.width:
            extra, cells = cells[self.width :], cells[: self.width]
            if not is_blank(extra):
                # A delimiter too many has shifted the cells behind it: a number might stand in
                # the wrong column and make a wrong grade, so only the first cell is kept.
                self.issues.append(
                    IssueArgs(
                        "io.too_many_cells",
                        row=row,
                        line=line,
                        value=" | ".join(map(str, [*cells, *extra])),
                        args=(str(found), str(self.width)),
                    )
                )
                cells = [cells[0], *[""] * (self.width - 1)]
        elif found < self.width:
            self.issues.append(
                IssueArgs(
                    "io.too_few_cells",
                    row=row,
                    line=line,
                    value=" | ".join(map(str, cells)),
                    args=(str(found), str(self.width)),
                )
            )
            cells = [*cells, *[""] * (self.width - found)]
        self.rows.append(cells)
        self.lines.append(line)

    def columns(self) -> list[list[Cell]]:
        """Give the cells by column."""
        if not self.rows:
            return [[] for _ in range(self.width)]
        return [list(column) for column in zip(*self.rows, strict=True)]

    def place(self, raw: Raw) -> None:
        """Put line numbers and issues into the result."""
        raw.issues.extend(self.issues)
        if not self.lines:
            return
        if self.lines[-1] - self.lines[0] == len(self.lines) - 1:
            raw.first_line = self.lines[0]
        else:
            raw.lines = self.lines


_OWN = frozenset(name for names in OWN_COLUMNS.values() for name in names)


def named(
    raw: Raw,
    headers: Sequence[str],
    columns: Sequence[Any],
    options: Options,
    empty: Sequence[bool],
) -> list[tuple[str, Any]]:
    """Columns with their names; those without header and cells are left out."""
    keep = [
        i
        for i, header in enumerate(headers)
        if (header.strip() or not empty[i]) and header not in _OWN
    ]
    result = options.map([headers[i] for i in keep])
    raw.mapping = result.mapping
    raw.headers = {name: headers[i] for i, name in zip(keep, result.names, strict=True)}
    raw.issues.extend(result.issues)
    for i, name in zip(keep, result.names, strict=True):
        if not headers[i].strip():
            raw.issues.append(IssueArgs("io.unnamed_column", column=name, args=(str(i + 1),)))
    return [(name, columns[i]) for i, name in zip(keep, result.names, strict=True)]
