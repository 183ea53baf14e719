"""Writes CSV and XLSX that open in a spreadsheet as they are meant.

No text becomes a formula or a link, whatever it looks like. A file is written under another name
beside its place and renamed when it is complete, so a reader never sees half of one. The same
rows give the same bytes: the times in an XLSX file are those of the data.

In CSV a text that a spreadsheet would run (it begins with ``= + - @``, tab or carriage return, and
is no number) gets an apostrophe before it; :func:`safetyrisk.io.read_raw` takes it off again.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import functools
import json
import math
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .._display import ENGLISH
from .._errors import InputError
from .._extras import need
from .._files import atomic_path
from ._pack import palette_pack
from .headers import IssueArgs, label, table_names, table_spec

__all__ = [
    "SHEET_TITLES",
    "WORDS",
    "Formats",
    "Sheet",
    "atomic_path",
    "grade_colours",
    "is_number",
    "issues_sheet",
    "set_times",
    "text_width",
    "write_csv",
    "write_workbook",
    "write_xlsx",
]

# Limits of Excel: rows of a sheet, UTF-16 units of a cell, first year of its calendar.
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_FIRST_YEAR = 1900

_ACTIVE = re.compile(r"'*[=+\-@\t\r]")
_ACTIVE_FIRST = frozenset("'=+-@\t\r")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_GRADES = ("red", "orange", "yellow", "blue")
#: Words in a workbook for grades, statuses and severities, by language.
WORDS: dict[str, dict[str, dict[str, str]]] = {
    "zh": {
        "grade": {
            "red": "重大风险",
            "orange": "较大风险",
            "yellow": "一般风险",
            "blue": "低风险",
            "": "未评定",
        },
        "status": {"graded": "已评定", "not_gradable": "无法评定", "rejected": "数据无效"},
        "severity": {"error": "错误", "warning": "警告", "info": "提示"},
    },
    "en": {
        "grade": ENGLISH | {"": ENGLISH["unassessed"]},
        "status": {"graded": "graded", "not_gradable": "not gradable", "rejected": "rejected"},
        "severity": {},
    },
}
#: Names of the sheets of a graded register, by language; the last has all rows.
SHEET_TITLES = {
    "zh": ("汇总", "图例", "问题", "重大与较大风险", "全部风险点"),
    "en": ("Summary", "Legend", "Issues", "Major and serious", "All risk points"),
}


# ---- cells -------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """Make a cell None, str, bool, int, finite float or date."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.generic):
        value = value.item() if not isinstance(value, np.datetime64) else value.astype("O")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, int | dt.date | str | bool) or value is None:
        return value
    return str(value)


def _cells(column: Any, rows: Any = None) -> list[Any]:
    """Cells of a list, a NumPy array or an Arrow array; those of `rows` if given."""
    if rows is not None:
        if isinstance(column, np.ndarray) or hasattr(column, "to_pylist"):
            column = column[rows] if isinstance(column, np.ndarray) else column.take(rows)
        else:
            column = [column[i] for i in rows.tolist()]
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "M":
            column = column.astype("datetime64[us]")
        column = column.tolist()
    elif hasattr(column, "to_pylist"):
        column = column.to_pylist()
    return [value if type(value) is str else _plain(value) for value in column]


def _number_text(value: float) -> str:
    """Shortest decimal that reads back the same; whole numbers without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _csv_text(value: Any) -> str:
    if type(value) is not str:
        value = _plain(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, str):
            return _number_text(value)
    if value[:1] in _ACTIVE_FIRST and _ACTIVE.match(value) and not is_number(value):
        value = "'" + value
    text: str = value
    return text.replace("\0", "\ufffd") if "\0" in text else text


def is_number(text: str) -> bool:
    """Whether a text is a plain decimal number."""
    return _NUMBER.fullmatch(text) is not None


def _length(columns: Mapping[str, Any]) -> int:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"the columns differ in length: {lengths}")
    return next(iter(lengths.values()), 0)


# ---- CSV ---------------------------------------------------------------------------------------


def write_csv(
    columns: Mapping[str, Any],
    path: str | os.PathLike[str],
    *,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Write columns as CSV, UTF-8 with a byte order mark so that Excel reads Chinese.

    Parameters
    ----------
    columns
        Lists, NumPy arrays or Arrow arrays of one length, by name. Missing cells are empty,
        numbers shortest decimals, dates ``YYYY-MM-DD``. A row of empty cells only is not
        read back.
    path
        Where to; an existing file is replaced when the new one is complete.
    labels
        Header to write for a name.

    Raises
    ------
    OSError
        The file cannot be written.
    InputError
        The columns differ in length.
    """
    length = _length(columns)
    titles = [(labels or {}).get(name, name) for name in columns]
    with (
        atomic_path(path) as draft,
        open(draft, "w", encoding="utf-8-sig", errors="replace", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([_csv_text(title) for title in titles])
        step = 1 << 16
        for start in range(0, length, step):
            parts = [_cells(c[start : start + step]) for c in columns.values()]
            writer.writerows([_csv_text(v) for v in row] for row in zip(*parts, strict=True))


# ---- XLSX --------------------------------------------------------------------------------------


@dataclass
class Sheet:
    """One sheet: columns below a header, or only a note.

    Attributes
    ----------
    columns
        Cells by column name.
    labels
        Header to write for a name.
    words
        By column name, the text to write for a value (``{"grade": {"red": "重大风险"}}``).
    colours
        By column name, the ``#RRGGBB`` behind a value (``{"grade": {"red": "#B2001E"}}``).
    note
        Sentences that stand instead of the columns.
    wrap
        Whether long texts go on in the next line of their cell, and numbers stand left: for
        sheets that are read like a page.
    styles
        Further properties of a column's cells, as XlsxWriter names them, by column name.
    marks
        ``#RRGGBB`` behind single cells by row and column name; row -1 is the header.
    frozen
        How many columns stay in sight.
    """

    name: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    colours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    note: str = ""
    wrap: bool = False
    styles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    marks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    frozen: int = 0


def write_workbook(
    path: str | os.PathLike[str],
    sheets: Sequence[Sheet],
    *,
    created: dt.date | None = None,
    title: str = "",
) -> list[IssueArgs]:
    """Write sheets as XLSX.

    Texts are texts (no formula, no link), dates are dates, texts over Excel's 32 767 characters
    are cut and rows over its 1 048 576 left out, both with an issue. Control characters become
    U+FFFD and line ends a line feed. The same sheets give the same bytes.

    Parameters
    ----------
    path
        Where to; an existing file is replaced when the new one is complete.
    created
        The day the file says it was made, usually the data date; 1980-01-01 if not given.

    Returns
    -------
    list of IssueArgs
        What did not fit.

    Raises
    ------
    OSError
        The file cannot be written.
    InputError
        Columns of a sheet differ in length, or XlsxWriter is not installed.
    """
    xlsxwriter = need("xlsxwriter", extra="tables")
    day = created or dt.date(1980, 1, 1)
    issues: list[IssueArgs] = []
    for sheet in sheets:
        _length(sheet.columns)
    with atomic_path(path) as draft, _parts_of(draft) as parts, open(draft, "r+b", 0) as raw:
        book = xlsxwriter.Workbook(
            _OneFailure(raw),
            {
                "tmpdir": str(parts),
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": "Microsoft YaHei", "font_size": 10},
            },
        )
        book.set_properties(
            {
                "title": _xml_text(title),
                "author": "safetyrisk",
                "created": dt.datetime.combine(day, dt.time()),
            }
        )
        try:
            formats = Formats(book)
            for sheet in sheets:
                _write_sheet(book.add_worksheet(sheet.name), sheet, formats, issues)
            book.close()
        except BaseException as error:
            _close_parts(book)
            if isinstance(error, xlsxwriter.exceptions.FileCreateError):
                cause = error.args[0] if error.args else error
                raise cause if isinstance(cause, OSError) else OSError(str(error)) from None
            raise
        raw.flush()
        set_times(draft, day)
    return issues


def _close_parts(book: Any) -> None:
    """Close what XlsxWriter leaves open when it fails: closing it later would fail unseen."""
    for page in book.worksheets():
        with contextlib.suppress(OSError, ValueError, AttributeError):
            page.row_data_fh.close()


class _OneFailure:
    """A file that takes everything after its first failure, and keeps nothing of it.

    A ZIP archive that is thrown away half-written tries to write its end; on a full disk that would
    be a second error, which Python prints and nobody can catch.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._has_failed = False

    def seekable(self) -> bool:
        """Say that it can be sought in."""
        return True

    def tell(self) -> int:
        """Give the place."""
        return 0 if self._has_failed else int(self._file.tell())

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return 0 if self._has_failed else int(self._file.seek(place, whence))

    def write(self, data: Any) -> int:
        """Write all of the data."""
        left = memoryview(data)
        try:
            while left and not self._has_failed:
                left = left[self._file.write(left) :]
        except OSError:
            self._has_failed = True
            raise
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


@contextlib.contextmanager
def _parts_of(draft: Path) -> Iterator[Path]:
    """Give a folder beside a draft for what its writer keeps on disk in between."""
    folder = draft.with_name(f"{draft.name}.d")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Formats:
    """Cell formats by what they are for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """Give the format of these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._book.add_format(base | properties)
        return self._made[key]

    def header(self, colour: str = "") -> Any:
        """Give the format of a header."""
        ground = colour or "#E8EDF3"
        return self.get(
            bold=True, bg_color=ground, border=1, border_color="#B8C2CC", text_wrap=True
        )

    def fill(self, colour: str) -> Any:
        """Give the format of a cell of this colour, its text light or dark."""
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 140
        return self.get(bg_color=colour, font_color="#FFFFFF" if dark else "#000000", bold=True)


def _xml_text(text: str) -> str:
    text = _ILLEGAL.sub("�", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _fit(text: str) -> tuple[str, bool]:
    """Text cut to what a cell holds, and whether it was cut."""
    if len(text) * 2 <= _MAX_TEXT or len(text.encode("utf-16-le")) // 2 <= _MAX_TEXT:
        return text, False
    units = text.encode("utf-16-le")[: (_MAX_TEXT - 1) * 2]
    return units.decode("utf-16-le", errors="ignore") + "…", True


def text_width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character."""
    return max(
        (
            sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            for line in text[:200].split("\n")
        ),
        default=0,
    )


def _write_sheet(page: Any, sheet: Sheet, formats: Formats, issues: list[IssueArgs]) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    if sheet.note:
        page.set_column(0, 0, 90)
        for i, line in enumerate(sheet.note.split("\n")):
            page.write_string(i, 0, _xml_text(line), formats.get(text_wrap=True))
        return
    names = list(sheet.columns)
    length = _length(sheet.columns)
    shown = min(length, _MAX_ROWS - 1)
    if shown < length:
        issues.append(IssueArgs("io.rows_cut", args=(sheet.name, str(shown), str(length))))
    titles = [_xml_text(sheet.labels.get(name, name)) for name in names]
    widths = [text_width(title) + 4 for title in titles]  # room for the filter's button
    lines = [1] * shown  # of text in each row, where sheets are read like a page
    for i, name in enumerate(names):
        words, style = sheet.words.get(name, {}), sheet.styles.get(name, {})
        wrap = sheet.wrap or "text_wrap" in style
        seen = _cells(sheet.columns[name][: shown if wrap else min(shown, 500)])
        texts = [words.get(_key(value), _csv_text(value)) for value in seen]
        found = [text_width(text) for text in texts]
        widths[i] = min(max([widths[i], 8, *(width + 2 for width in found)]), 60)
        if wrap:
            # Programs that do not fit heights by themselves would draw one row over another.
            room = widths[i] - 2
            needed = [sum(-(-text_width(t) // room) or 1 for t in x.split("\n")) for x in texts]
            lines = [max(pair) for pair in zip(lines, needed, strict=True)]
        page.set_column(i, i, widths[i], formats.get(**style))
    page.set_row(0, 22)
    for row, count in enumerate(lines):
        if count > 1 or sheet.wrap:
            page.set_row(row + 1, min(14.0 * count + 3, 400))
    for i, title in enumerate(titles):
        colour = sheet.marks.get((-1, names[i]))
        page.write_string(0, i, _fit(title)[0], formats.header(colour or ""))
    page.freeze_panes(1, sheet.frozen)
    page.repeat_rows(0)
    if names:
        page.autofilter(0, 0, max(shown, 1), len(names) - 1)

    write = _Writer(page, sheet, formats, issues)
    step = 1 << 14
    for start in range(0, shown, step):
        stop = min(start + step, shown)
        parts = [_cells(column[start:stop]) for column in sheet.columns.values()]
        for row, cells in enumerate(zip(*parts, strict=True), start):
            for i, value in enumerate(cells):
                if value is not None or i in write.coloured or (row, names[i]) in sheet.marks:
                    write.cell(row, i, value)


def _key(value: Any) -> str:
    return value if isinstance(value, str) else ""


class _Writer:
    """Writes the cells of one sheet below its header."""

    def __init__(self, page: Any, sheet: Sheet, formats: Formats, issues: list[IssueArgs]) -> None:
        self._page, self._sheet, self._issues = page, sheet, issues
        self._names = list(sheet.columns)
        base = {"text_wrap": True, "align": "left"} if sheet.wrap else {}
        self._properties = [base | dict(sheet.styles.get(name, {})) for name in self._names]
        self._plain = [formats.get(**properties) for properties in self._properties]
        self._formats = formats
        self._date = {"num_format": "yyyy-mm-dd", "align": "left"}
        self._words = [sheet.words.get(name) for name in self._names]
        self.coloured = {
            i: {value: formats.fill(colour) for value, colour in sheet.colours[name].items()}
            for i, name in enumerate(self._names)
            if name in sheet.colours
        }

    def cell(self, row: int, i: int, value: Any) -> None:
        page, style = self._page, self._plain[i]
        mark = self._sheet.marks.get((row, self._names[i])) if self._sheet.marks else None
        if mark is not None:
            style = self._formats.get(**(self._properties[i] | {"bg_color": mark}))
        elif i in self.coloured:
            style = self.coloured[i].get(_key(value), style)
        words = self._words[i]
        if words is not None:
            value = words.get(_key(value), value)
        if value == "":
            value = None
            if mark is None:
                return
        if isinstance(value, str):
            text, cut = _fit(_xml_text(value))
            if cut:
                name = self._names[i]
                args = (self._sheet.name,)
                self._issues.append(IssueArgs("io.text_cut", row, -1, name, text[:40], args))
            page.write_string(row + 1, i, text, style)
        elif value is None:
            page.write_blank(row + 1, i, None, style)
        elif isinstance(value, bool):
            page.write_boolean(row + 1, i, value, style)
        elif isinstance(value, dt.date):
            if value.year < _FIRST_YEAR:
                page.write_string(row + 1, i, value.isoformat(), style)
            else:
                ground = {} if mark is None else {"bg_color": mark}
                page.write_datetime(row + 1, i, value, self._formats.get(**self._date, **ground))
        elif isinstance(value, int) and abs(value) >= 10**15:
            page.write_string(row + 1, i, str(value), style)  # Excel keeps 15 digits
        else:
            page.write_number(row + 1, i, value, style)


def set_times(file: Path, day: dt.date) -> None:
    """Give every part of a ZIP file the time 00:00 of a day, in place."""
    import zipfile  # here and not on top: it is slow to import

    day = min(max(day, dt.date(1980, 1, 1)), dt.date(2107, 12, 31))
    stamp = (((day.year - 1980) << 9) | (day.month << 5) | day.day).to_bytes(2, "little")
    with zipfile.ZipFile(file) as archive:
        starts = [info.header_offset for info in archive.infolist()]
        central = archive.start_dir
    with file.open("r+b") as stream:
        for start in starts:
            stream.seek(start + 10)
            stream.write(b"\0\0" + stamp)
        for _ in starts:
            stream.seek(central)
            entry = stream.read(46)
            stream.seek(central + 12)
            stream.write(b"\0\0" + stamp)
            central += 46 + sum(int.from_bytes(entry[i : i + 2], "little") for i in (28, 30, 32))


# ---- the workbook of a graded register ---------------------------------------------------------


@functools.cache
def _default_palette() -> dict[str, str]:
    content: dict[str, str] = json.loads(palette_pack())["content"]
    return content


def grade_colours(palette: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the ``#RRGGBB`` of each grade, and under "" of none; default ``palette.safe``."""
    colours = palette or _default_palette()
    return {grade: colours[grade] for grade in _GRADES} | {"": colours["not_assessed"]}


def write_xlsx(
    path: str | os.PathLike[str],
    points: Mapping[str, Any],
    *,
    summary: Sequence[tuple[str, Any]] = (),
    legend: Mapping[str, str] | None = None,
    issues: Mapping[str, Any] | None = None,
    data_date: dt.date | None = None,
    title: str = "",
    lang: str = "zh",
    limit: int = 200_000,
    elsewhere: str = "",
    palette: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> list[IssueArgs]:
    """Write a graded register as a workbook of five sheets.

    汇总 (summary), 图例 (legend), 问题 (issues), 重大与较大风险 (every red and orange row) and
    全部风险点 (all rows up to `limit`; above it the sheet says where they are and how many).

    Parameters
    ----------
    points
        Columns of one length by canonical name; ``grade`` is one of them and holds
        ``red orange yellow blue`` or nothing.
    summary
        Pairs of a text and a value: counts, rule, method, versions of packs, data date.
    legend
        What each grade means, by ``red orange yellow blue`` (the bands, say).
    issues
        Columns of the issue table.
    data_date
        Becomes the date of the file; with it missing the file says 1980-01-01.
    lang
        ``"zh"`` or ``"en"``: headers, names of sheets and words for grades.
    limit
        Most rows of 全部风险点.
    elsewhere
        File that has all rows, named in the sheet when they are too many for it.
    palette
        ``#RRGGBB`` of ``red orange yellow blue`` and ``not_assessed``; default ``palette.safe``.
    headers
        Headers of columns that no table of ours has: the inputs of the methods.

    Returns
    -------
    list of IssueArgs
        What did not fit.

    Raises
    ------
    OSError
        The file cannot be written.
    InputError
        ``grade`` is missing, columns differ in length, or `lang` is unknown.
    """
    if lang not in WORDS:
        raise InputError(f"lang is 'zh' or 'en', not {lang!r}")
    if "grade" not in points:
        raise InputError(f"the columns have no 'grade'; there are: {', '.join(points)}")
    by_grade = grade_colours(palette)
    words, names = WORDS[lang], SHEET_TITLES[lang]
    zh = lang == "zh"

    length = _length(points)
    grades = _cells(points["grade"])
    grave = np.flatnonzero(np.array([g in ("red", "orange") for g in grades], dtype=bool))
    labels = {name: (headers or {}).get(name) or _label(name, lang) for name in points}
    ours = {text for name, text in labels.items() if text != name}
    for name, text in labels.items():
        if text == name and text in ours:  # a column of the register with a header like ours
            labels[name] = f"{name}（原表）" if zh else f"{name} (register)"
    style = {"words": words, "colours": {"grade": by_grade}, "labels": labels}

    everything: Sheet
    if length > limit:
        where = elsewhere or ("同时输出的 CSV 或 Parquet 文件" if zh else "the CSV or Parquet file")
        note = (
            f"风险点共 {length} 行，超过本表的上限 {limit} 行，没有列出。\n全部行见：{where}。"
            f"\n重大与较大风险共 {len(grave)} 行，已全部列在“{names[3]}”工作表中。"
            if zh
            else f"There are {length} risk points, more than the {limit} that this sheet takes; "
            f"none is listed here.\nAll rows are in: {where}.\nThe {len(grave)} major and serious "
            f"ones are all in the sheet '{names[3]}'."
        )
        everything = Sheet(names[4], note=note)
    else:
        everything = Sheet(names[4], points, **style)  # type: ignore[arg-type]

    legend_rows = {
        "grade": [*_GRADES, ""],
        "colour": [*_colour_words(zh)],
        "meaning": [(legend or {}).get(grade, "") for grade in (*_GRADES, "")],
    }
    sheets = [
        Sheet(
            names[0],
            {"item": [k for k, _ in summary], "value": [v for _, v in summary]},
            {"item": "项目", "value": "内容"} if zh else {"item": "Item", "value": "Value"},
            wrap=True,
        ),
        Sheet(
            names[1],
            legend_rows,
            {"grade": "风险等级", "colour": "颜色", "meaning": "说明"} if zh else {},
            words,
            {"grade": by_grade},
            wrap=True,
        ),
        issues_sheet(
            names[2], issues or {name: [] for name in ("severity", "code", "message")}, lang
        ),
        Sheet(
            names[3],
            {name: _cells(column, grave) for name, column in points.items()},
            **style,  # type: ignore[arg-type]
        ),
        everything,
    ]
    return write_workbook(path, sheets, created=data_date, title=title)


def issues_sheet(name: str, issues: Mapping[str, Any], lang: str) -> Sheet:
    """Make the sheet of issues, tables and columns called as people call them."""
    columns = dict(issues)
    if lang == "zh" and {"table", "column"} <= columns.keys():
        tables, places = _cells(columns["table"]), _cells(columns["column"])
        columns["table"] = [_table_word(table) for table in tables]
        columns["column"] = [
            label(table, place, lang) if place and table in table_names() else place
            for table, place in zip(tables, places, strict=True)
        ]
    if {"row", "line"} <= columns.keys():
        rows, lines = _cells(columns["row"]), _cells(columns["line"])
        if all(line is not None for row, line in zip(rows, lines, strict=True) if row is not None):
            del columns["row"]  # numbers from 0 beside lines from 1 only confuse
    labels = {column: label("issues", column, lang) for column in columns}
    return Sheet(name, columns, labels, {"severity": WORDS[lang]["severity"]})


def _table_word(table: Any) -> Any:
    if table in table_names():
        return table_spec(table).title["zh"]
    return {"before": "上期", "after": "本期", "dataset": "数据集"}.get(table, table)


def _label(name: str, lang: str) -> str:
    """Header of a graded column, or of a column of the register that was graded."""
    graded = label("graded", name, lang)
    return graded if graded != name else label("risk_points", name, lang)


def _colour_words(zh: bool) -> tuple[str, ...]:
    return ("红", "橙", "黄", "蓝", "灰") if zh else ("red", "orange", "yellow", "blue", "grey")
