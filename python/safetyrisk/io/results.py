"""Graded registers read back: from files that `safetyrisk.save` wrote, or from tables like them.

A result has the register's own columns and those of the grading. In CSV and Parquet these have
their canonical names; in a workbook the Chinese headers and words of `safetyrisk.io.xlsx`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._errors import InputError
from .._extras import need
from .._faults import fault
from ..core import Issues
from ..scoring import Graded
from .columnar import parquet_packs
from .frames import as_table
from .headers import label
from .tables import read_raw, to_core
from .xlsx import SHEET_TITLES, WORDS

__all__ = [
    "NOT_GRADABLE",
    "REJECTED",
    "STATES",
    "GradedTable",
    "graded_table",
    "read_result",
    "sample_of",
]

#: What a row of a result may be, by code; 0 is a row that is not there.
STATES = ("absent", "blue", "yellow", "orange", "red", "not_gradable", "rejected")
NOT_GRADABLE, REJECTED = 5, 6

_OURS = ("method", "score", "grade", "level", "status", "band", "override", "clause")
_METHOD_LINE = re.compile(r"(?:方法|method) (\S+)")
_VERSION = re.compile(r"(?:第|version )(\S+?)(?:版|,)")
_HASH = re.compile(r"SHA-256 ([0-9a-f]{64})")


@dataclass(frozen=True)
class GradedTable:
    """A graded register, wherever it comes from.

    Attributes
    ----------
    table
        Columns of the register and of the grading under their canonical names.
    states
        Index into `STATES`, shape (n,); -1 where grade and status make no sense.
    packs
        Version and SHA-256 of the packs that are known to have graded it, by id.
    issues
        Issues of reading it.
    own_ids
        Whether the ids are the register's own, not row numbers.
    """

    table: _core.Table
    states: NDArray[np.int8]
    packs: Mapping[str, tuple[str, str]]
    issues: Issues
    own_ids: bool = True


def graded_table(graded: Graded) -> GradedTable:
    """Take a result of `safetyrisk.grade`."""
    if without := graded.counts()["without_colour"]:
        raise fault("grades.without_colour", count=without)
    states = graded.grades.astype(np.int8)
    ungraded = graded.statuses > 0
    states[ungraded] = graded.statuses[ungraded] + (NOT_GRADABLE - 1)
    packs = {m.id: (m.pack.version, m.pack.sha256) for m in graded.methods}
    table = _ours_in_front(graded.full_table())
    return GradedTable(table, states, packs, graded.issues, graded.input.has("id"))


def read_result(data: Any, *, columns: Mapping[str, str] | None = None) -> GradedTable | None:
    """Read a result from a file or a table; None when it holds no grading.

    Parameters
    ----------
    data
        A path (``.xlsx .csv .parquet .json``, as `safetyrisk.save` writes them) or any table that
        `safetyrisk.grade` takes.
    columns
        Ours to theirs, for columns of the register.

    Raises
    ------
    InputError
        The file cannot be read, or is a workbook that does not list all rows.
    """
    packs: dict[str, tuple[str, str]] = {}
    sheet = None
    if isinstance(data, str | os.PathLike):
        path = Path(data)
        if path.suffix.lower() == ".json":
            data = _read_json(path)
        elif path.suffix.lower() in (".xlsx", ".xlsm"):
            sheet, packs = _our_sheet(path)
        elif path.suffix.lower() in (".parquet", ".pq"):
            packs = parquet_packs(path)
    table, issues = as_table(data, "risk_points", columns, sheet=sheet)
    table = _ours_in_front(_canonical(table))
    if not (table.has("grade") and table.has("status")):
        if sheet is not None:
            raise fault("compare.no_rows", file=data, sheet=sheet)
        return None
    return GradedTable(table, _states(table), packs, issues)


def sample_of(path: Path, rows: int) -> Any:
    """Give the first rows of a result's file, as a table that :func:`read_result` takes.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    if path.suffix.lower() == ".json":
        return _read_json(path)
    sheet = _our_sheet(path)[0] if path.suffix.lower() in (".xlsx", ".xlsm") else None
    return to_core(read_raw(path, "risk_points", sheet=sheet, most=rows))[0]


def _read_json(path: Path) -> dict[str, list[Any]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        if document["kind"] != "graded":
            raise fault("compare.not_ours", file=path, reason=f"kind = {document['kind']}")
        rows = document["rows"]
        names = list(rows[0]) if rows else ["id", "grade", "status"]
        return {name: [row[name] for row in rows] for name in names}
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise fault("compare.not_ours", file=path, reason=error) from None


def _our_sheet(path: Path) -> tuple[str | None, dict[str, tuple[str, str]]]:
    """Sheet of all rows of a workbook of ours, and the packs that its summary names."""
    calamine = need("python_calamine", extra="tables")
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        for titles in SHEET_TITLES.values():
            if set(titles) <= set(names):
                lines = book.get_sheet_by_name(titles[0]).to_python()
                return titles[4], _packs(lines)
    except Exception:  # whatever is wrong with the file, reading it as a table says so better
        return None, {}
    return None, {}


def _packs(lines: list[list[Any]]) -> dict[str, tuple[str, str]]:
    found = {}
    for cells in lines:
        texts = [str(cell) for cell in cells if cell != ""]
        head = _METHOD_LINE.fullmatch(texts[0]) if len(texts) > 1 else None
        version, digest = (
            (_VERSION.search(texts[1]), _HASH.search(texts[1])) if head else (None,) * 2
        )
        if head and version and digest:
            found[head[1]] = (version[1], digest[1])
    return found


def _canonical(table: _core.Table) -> _core.Table:
    """Name the columns of the grading as they are, where they have the headers of a workbook."""
    there = set(table.names)
    names = {
        label("graded", name): name
        for name in _OURS
        if name not in there and label("graded", name) in there
    }
    return table.rename(names) if names else table


def _ours_in_front(table: _core.Table) -> _core.Table:
    """The grading's columns under their names, the register's of the same names aside."""
    clash = [name for name in _OURS if table.has(f"graded_{name}") and table.has(name)]
    if not clash:
        return table
    aside = table.rename({name: f"{name}（原表）" for name in clash})
    return aside.rename({f"graded_{name}": name for name in clash})


def _states(table: _core.Table) -> NDArray[np.int8]:
    """Codes of `STATES` from the words for grade and status."""
    grades: dict[str | None, int] = {None: 0, "": 0}
    statuses: dict[str | None, int] = {}
    for words in WORDS.values():
        for code, grade in enumerate(STATES[1:5], 1):
            grades |= {grade: code, words["grade"][grade]: code}
        grades[words["grade"][""]] = 0
        for code, status in enumerate(("graded", "not_gradable", "rejected")):
            statuses |= {status: code, words["status"][status]: code}
    n = table.rows
    fate = np.fromiter(map(statuses.get, table.texts("status"), repeat(-1)), np.int8, n)
    colour = np.fromiter(map(grades.get, table.texts("grade"), repeat(-1)), np.int8, n)
    if table.has("level"):
        levels = np.fromiter(map(bool, table.texts("level")), np.bool_, n)
        if without := int(((fate == 0) & (colour <= 0) & levels).sum()):
            raise fault("grades.without_colour", count=without)
    states = np.where(fate == 0, colour, fate + (NOT_GRADABLE - 1)).astype(np.int8)
    states[(colour < 0) | (fate < 0) | ((fate == 0) != (colour > 0))] = -1
    return states
