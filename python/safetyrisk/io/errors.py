"""The user's own rows, with what is wrong beside them, to be corrected and read again.

Rows and columns stand in the order of the register under the user's headers; title rows are gone
and merged cells filled. 【行号】, 【问题】 and 【建议】 stand before them, and the cells at fault are
coloured. A reader passes over what was added, so the corrected file is a register again.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._faults import fault
from ..core import Issues
from ..scoring import Graded
from .headers import label, table_spec
from .rows import OWN_COLUMNS
from .xlsx import WORDS, Sheet, write_workbook

__all__ = ["write_errors"]

_COLOURS = {"error": "#F4B6A6", "warning": "#FFE699"}
_FLOAT = re.compile(r"\d\.\d{14}E\+\d{2}")
_SHEETS = {"zh": ("登记表", "其他问题"), "en": ("Register", "Other issues")}


@dataclass
class _Row:
    """What is wrong with one row."""

    messages: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def write_errors(
    graded: Graded,
    path: str | os.PathLike[str],
    *,
    issues: Issues | None = None,
    all_rows: bool = False,
    lang: str = "zh",
    force: bool = False,
) -> tuple[Path, int]:
    """Write the register with what is wrong; `safetyrisk.save_errors` documents it.

    Returns
    -------
    (Path, int)
        The file, and how many rows have an error or a warning.
    """
    if lang not in WORDS:
        raise fault("option.value", name="lang", value=lang, known=list(WORDS))
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise fault(
            "output.suffix",
            what=("rows to correct", "需要改正的行"),
            known=".xlsx",
            suffix=target.suffix,
        )
    origin = graded.source.path
    if origin is not None and target.exists() and origin.exists() and target.samefile(origin):
        raise fault("output.is_input", file=target)
    if target.exists() and not force:
        raise fault("output.corrected", file=target)
    table = graded.input
    found = (graded.issues if issues is None else issues).in_language(lang).to_columns()
    rows = table.rows
    by_row, marks, others = _sort(found, graded, lang)
    shown = np.arange(rows) if all_rows else np.array(sorted(by_row), dtype=np.int64)
    place = {row: at for at, row in enumerate(shown.tolist())}

    added = OWN_COLUMNS[lang]
    columns: dict[str, Any] = {name: [] for name in added}
    for row in shown.tolist():
        line = table.line(row)
        columns[added[0]].append(row + 1 if line < 0 else line)
        wrong = by_row.get(row, _Row())
        columns[added[1]].append("\n".join(wrong.messages))
        columns[added[2]].append("\n".join(dict.fromkeys(filter(None, wrong.hints))))
    labels: dict[str, str] = {}
    styles: dict[str, dict[str, Any]] = {name: {"text_wrap": True} for name in added[1:]}
    types = table_spec("risk_points").types
    for name in table.names:
        columns[name] = _cells(graded, name, shown)
        labels[name] = graded.source.headers.get(name, "").strip() or name
        if types.get(name) in ("text", "list") or (name not in types and _is_text(columns[name])):
            styles[name] = {"num_format": "@"}
    absent = {name for _, name in marks if name in types and not table.has(name)}
    for name in sorted(absent, key=list(types).index):
        columns[name] = [None] * len(shown)
        labels[name] = label("risk_points", name, lang)
    _restore(columns, found, place)
    sheet = Sheet(
        _SHEETS[lang][0],
        columns,
        labels,
        styles=styles,
        marks={
            (place[row] if row >= 0 else -1, name): colour
            for (row, name), colour in marks.items()
            if name in columns and (row < 0 or row in place)
        },
        frozen=len(added),
    )
    sheets = [sheet]
    if others["message"]:
        sheets.append(
            Sheet(
                _SHEETS[lang][1],
                others,
                {name: label("issues", name, lang) for name in others},
                {"severity": WORDS[lang]["severity"]},
                wrap=True,
            )
        )
    write_workbook(target, sheets, title="登记表" if lang == "zh" else "register")
    return target, len(by_row)


def _sort(
    found: Mapping[str, Any], graded: Graded, lang: str
) -> tuple[dict[int, _Row], dict[tuple[int, str], str], dict[str, list[Any]]]:
    """Issues by row, the cells at fault, and the issues that belong to no row."""
    by_row: dict[int, _Row] = {}
    marks: dict[tuple[int, str], str] = {}
    shown = ("severity", "code", "table", "column", "value", "message", "hint")
    others: dict[str, list[Any]] = {name: [] for name in shown}
    own, rows = graded.input.table, graded.input.rows
    headers = graded.source.headers
    lists = [found[name].tolist() for name in (*shown, "row")]
    for severity, code, table, column, value, message, hint, at in zip(*lists, strict=True):
        row = -1 if at is None or at != at or table != own or not 0 <= at < rows else int(at)
        if severity in _COLOURS and table == own and column:
            key = (row, column)
            if marks.get(key) != _COLOURS["error"]:
                marks[key] = _COLOURS[severity]
        header = headers.get(column or "", "").strip()
        if lang == "zh" and header and header != column:
            message = message.replace(f"「{column}」", f"「{header}」")
        if row >= 0 and severity in _COLOURS:
            wrong = by_row.setdefault(row, _Row())
            wrong.messages.append(message)
            wrong.hints.append(hint)
        elif row < 0:
            for name, cell in zip(
                shown, (severity, code, table, header or column, value, message, hint), strict=True
            ):
                others[name].append(cell)
    return by_row, marks, others


def _cells(graded: Graded, name: str, rows: Any) -> list[Any]:
    """Cells of a column as the user gave them; numbers in a column of numbers as numbers."""
    table = graded.input
    given = graded.source.given.get(name)
    if given is None:
        cells: list[Any] = table.column(name)[rows].tolist()
    else:
        every = given.to_pylist() if hasattr(given, "to_pylist") else given
        cells = [every[row] for row in rows.tolist()]
    if table_spec("risk_points").types.get(name) in ("number", "integer"):
        return [_number(cell) for cell in cells]
    return cells


def _number(cell: Any) -> Any:
    """A text that is a number as a number, anything else as it is."""
    if not isinstance(cell, str) or not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", cell):
        return cell
    value = float(cell)
    return value if math.isfinite(value) else cell


def _is_text(cells: list[Any]) -> bool:
    return any(isinstance(cell, str) for cell in cells)


def _restore(columns: dict[str, Any], found: Mapping[str, Any], place: Mapping[int, int]) -> None:
    """Put back what the reader could only write as text, so that it is found again if it stays."""
    changed = ("io.digits_lost", "io.date_for_text")
    for code, at, name in zip(found["code"], found["row"], found["column"], strict=True):
        if code not in changed or at is None or at != at or int(at) not in place:
            continue
        if name not in columns:
            continue
        cell = columns[name][place[int(at)]]
        if not isinstance(cell, str):
            continue
        if code == changed[0] and _FLOAT.fullmatch(cell):
            columns[name][place[int(at)]] = float(cell)
        day = _core.parse_date(cell) if code == changed[1] else None
        if day is not None:
            columns[name][place[int(at)]] = dt.date.fromisoformat(day)
