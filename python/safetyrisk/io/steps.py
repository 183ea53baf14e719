"""Steps of a scale as a person writes them, ``6　相当可能``: the value and what it means.

Templates offer such labels in their drop-down lists, so that nobody has to know the scale by heart.
A cell that holds one is read as its value; the number and the meaning must both be those of one
step of a method, else the cell stays as it is and grading reports it.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .. import _core
from .._core import Method
from .headers import IssueArgs
from .rows import Raw

__all__ = ["labels_of", "read_labels", "read_table_labels", "step_label"]

# A drop-down list is as wide as its column: longer meanings are cut, and stand in full elsewhere.
_LONGEST = 36
_GAP = {"zh": "\u3000", "en": "  "}


def step_label(value: float, meaning: str, lang: str = "zh") -> str:
    """What stands in a list for a step.

    Examples
    --------
    >>> step_label(0.5, "很不可能，可以设想")
    '0.5\u3000很不可能，可以设想'
    """
    if len(meaning) > _LONGEST:
        meaning = meaning[: _LONGEST - 1] + "…"
    return f"{_core.print_number(value)}{_GAP[lang]}{meaning}"


def labels_of(methods: Iterable[Method]) -> dict[str, dict[str, str]]:
    """Give the value, as text, of each label in its normal form, by factor and by part."""
    found: dict[str, dict[str, str]] = {}
    for method in methods:
        for one in method.inputs if method.form == "chain" else ():
            for step in one["steps"]:
                value = _core.print_number(step["value"])
                for lang in ("zh", "en"):
                    own = found.setdefault(one["id"], {})
                    own[_normal(f"{value} {step[lang]}")] = value
                    own[_normal(step_label(step["value"], step[lang], lang))] = value
        for factor in method.factors:
            labels: dict[str, str] = {}
            for step in factor["steps"]:
                value = _core.print_number(step["value"])
                for lang in ("zh", "en"):
                    labels[_normal(f"{value} {step[lang]}")] = value
                    labels[_normal(step_label(step["value"], step[lang], lang))] = value
            for name in (factor["id"], *(part["id"] for part in factor["parts"])):
                found.setdefault(name, {}).update(labels)
    return found


@functools.cache
def _shipped() -> dict[str, dict[str, str]]:
    return labels_of(_core.methods())


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_labels(raw: Raw, method: Method | None = None) -> None:
    """Replace labels of steps by their values, in the columns of factors and their parts."""
    own = labels_of([method]) if method is not None else {}
    for name, column in raw.columns.items():
        if isinstance(column, np.ndarray) and column.dtype.kind != "O":
            continue
        if name not in own and name not in _shipped():
            continue
        labels = _shipped().get(name, {}) | own.get(name, {})
        found = _replaced(column, labels)
        if found is not None:
            raw.given[name] = column
            raw.columns[name], count, example = found
            raw.issues.append(
                IssueArgs("io.step_label", column=name, value=example, args=(str(count),))
            )


def read_table_labels(
    table: _core.Table, add: Callable[[IssueArgs], None], method: Method | None = None
) -> _core.Table:
    """Do the same for a table in memory."""
    names = [name for name in table.names if table.type(name) == "text"]
    raw = Raw({}, table.table)
    own = labels_of([method]) if method is not None else {}
    raw.columns = {n: table.texts(n) for n in names if n in _shipped() or n in own}
    before = dict(raw.columns)
    read_labels(raw, method)
    changed = {n: c for n, c in raw.columns.items() if c is not before[n]}
    if not changed:
        return table
    out = _core.Table(table.table, table.source)
    for name in table.names:
        if name in changed:
            out.add(name, changed[name])
        else:
            out.add_from(name, table, name)
    for issue in raw.issues:
        add(issue)
    return out


def _replaced(column: Any, labels: Mapping[str, str]) -> tuple[list[Any], int, str] | None:
    """The column with values for labels, how many there are, and the first; None without any."""
    if not hasattr(column, "to_pylist"):
        unique = set(column)
    elif "string" in str(column.type):
        unique = column.unique().to_pylist()
    else:
        return None
    known: dict[Any, str] = {}
    for text in unique:
        if isinstance(text, str) and len(text.split(maxsplit=1)) > 1:
            value = labels.get(_normal(text))
            if value is not None:
                known[text] = value
    if not known:
        return None
    cells = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    first = next(cell for cell in cells if cell in known)
    return [known.get(cell, cell) for cell in cells], sum(cell in known for cell in cells), first
