"""What would change a grade: the smallest changes of inputs, and judgements that are a step off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _core
from ._api import graded_now
from ._arguments import expect, expect_threads, texts, whole
from ._beyond import BeyondTable, RowAnswer
from ._errors import InputError, NotFoundError
from .scoring import Graded

__all__ = ["Counterfactuals", "Sensitivity", "counterfactual", "sensitivity"]


def _rows(graded: Graded, rows: Any) -> list[int]:
    """Row numbers from numbers (negative from the end) and ids."""
    if rows is None:
        return []
    if isinstance(rows, str | int | np.integer):
        rows = [rows]
    if not isinstance(rows, Iterable):
        raise InputError(f"rows is a {type(rows).__name__}; it is row numbers or ids")
    out = [graded._row(one) for one in rows]
    if not out:
        raise InputError("rows is empty; leave it out for all rows")
    return out


def _input_ids(graded: Graded, named: Sequence[str]) -> list[str]:
    """Ids of inputs that are told by their ids or by their names in either language."""
    inputs = [one for method in graded.methods for one in method.inputs]
    ids = {one["id"] for one in inputs}
    out: dict[str, None] = {}
    for name in named:
        meant = [one["id"] for one in inputs if name in (one["zh"], one["en"])]
        if name not in ids and not meant:
            known = ", ".join(dict.fromkeys(f"{one['id']} ({one['zh']})" for one in inputs))
            raise NotFoundError(
                f"no method used has an input {name!r} to be fixed; there are: {known or 'none'}"
            )
        out |= dict.fromkeys([name] if name in ids else meant)
    return list(out)


class Counterfactuals(RowAnswer):
    """The smallest changes of inputs that lower and raise the grades of rows.

    Columns: ``row id method level grade direction`` (``lower raise``) ``by`` (how many grades)
    ``status way changed steps changes to_level to_grade score``; one row for each way, for each
    aim without one, and for each row without a level. ``status``: ``found``; ``unreachable`` (no
    change of the inputs that may change gets there); ``several_numbers`` (several free numbers must
    move together: the ways name them); ``open`` (not settled); ``kept`` (a direct rule holds);
    ``not_graded``; ``no_levels`` (the method gives a number alone).
    """

    _kind = "counterfactuals"
    _title = ("怎样才会升降一级", "What would change the grade")
    _parts = ("changes",)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.to_table(lang)
        return table

    def _asked(self) -> Sequence[int]:
        asked: list[int] = self._answer.rows
        return asked

    @property
    def changes(self) -> BeyondTable:
        """One row for each change: ``row id direction by way input name from side to steps``.

        ``side`` is ``=``, or of a number ``< <= > >=``: this far or further.
        """
        return self._below(self._answer.changes, "changes")

    def __repr__(self) -> str:
        return f"<safetyrisk counterfactuals of {len(self._answer)} rows: {len(self)} ways>"


def counterfactual(
    table: Any,
    method: Any = None,
    *,
    rows: Any = None,
    fixed: str | Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    as_of: Any = None,
    direct: str | None = None,
    colours: Any = None,
    averaged: bool | None = None,
    lang: str = "zh",
    most_trials: int = 200_000,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Counterfactuals:
    """Find the smallest changes of inputs that lower a grade by one (and more), and raise it.

    Parameters
    ----------
    table
        A register in any form that :func:`safetyrisk.grade` takes, or what it returned.
    method, columns, sheet, as_of, direct, colours, averaged
        As for :func:`safetyrisk.grade`; left out for a graded register.
    rows
        Row numbers or ids; None for all.
    fixed
        Inputs that cannot be changed, by id or name: usually the consequence (``["C"]``,
        ``"事故后果"``), which controls of likelihood do not touch.
    lang
        ``"zh"`` or ``"en"``.
    most_trials
        Cases tried for one aim before it is said to be open.
    threads
        0 for as many as the machine has; results are the same for any number.
    progress
        Called with questions done and in all.

    Returns
    -------
    Counterfactuals
        The ways, as a table and as prose.

    Raises
    ------
    InputError, NotFoundError
        As :func:`safetyrisk.grade`; a row or a fixed input is not there.

    Notes
    -----
    Smallest: fewest inputs, then fewest steps on their scales, then the method's order of inputs;
    ties are all listed. For a number the edge and its side are named (``<= 99.9``, ``< 300``). What
    is not filled in is never changed; a factor given by parts changes as a whole.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> c = sr.counterfactual({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, "lec", fixed=["L", "C"])
    >>> print(c.text().splitlines()[1])
    降为一般风险（黄色）：E 暴露于危险环境的频繁程度 由 6 改为 3（分值 135）。
    """
    expect("lang", lang, str)
    expect_threads(threads)
    expect("most_trials", most_trials, int, np.integer)
    whole(most_trials, "most_trials", 1)
    options = {
        "columns": columns, "sheet": sheet, "as_of": as_of, "direct": direct, "colours": colours,
        "averaged": averaged,
    }  # fmt: skip
    graded = graded_now(table, method, options)
    answer = _core.counterfactual(
        graded._graded,
        rows=_rows(graded, rows),
        fixed=_input_ids(graded, texts(fixed, "fixed")),
        most_trials=int(most_trials),
        threads=threads,
        progress=progress,
    )
    return Counterfactuals(answer, graded.methods, graded.issues, lang)


class Sensitivity(RowAnswer):
    """What becomes of grades when a single judgement is a step off.

    Columns: ``row id method level grade status neighbours changed raised lowered share inputs``:
    of so many neighbours so many have another grade, and the inputs that change it. A neighbour
    differs in one judgement by one step: the next value of a list, the next choice in the order of
    gravity (every other one where there is no order), the other value of a flag, one more or less
    of a count. Measured numbers have no neighbours.
    """

    _kind = "sensitivity"
    _title = ("判断差一级会怎样", "One judgement a step off")
    _parts = ("inputs", "neighbours")
    _brief = ("inputs",)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.to_table()
        return table

    def _asked(self) -> Sequence[int]:
        asked: list[int] = self._answer.rows
        return asked

    @property
    def neighbours(self) -> BeyondTable:
        """A row for each neighbour: ``row id input name from to score level grade change``."""
        return self._below(self._answer.neighbours, "neighbours")

    @property
    def inputs(self) -> BeyondTable:
        """A row for each input over all rows: which judgement the grades lean on most."""
        return self._below(self._answer.inputs, "inputs")


def sensitivity(
    table: Any,
    method: Any = None,
    *,
    rows: Any = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    as_of: Any = None,
    direct: str | None = None,
    colours: Any = None,
    averaged: bool | None = None,
    lang: str = "zh",
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Find out how much grades lean on single judgements.

    Parameters
    ----------
    table, method, columns, sheet, as_of, direct, colours, averaged, rows, lang, threads, progress
        As for :func:`counterfactual`.

    Returns
    -------
    Sensitivity
        Shares of one-step changes that change the grade, by row, by neighbour and by input.

    Raises
    ------
    InputError, NotFoundError
        As :func:`safetyrisk.grade`; a row is not there.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> s = sr.sensitivity({"id": ["罐区"], "L": [3], "S": [3]}, "ls")
    >>> print(s.text().partition("：")[2].partition("：")[2])
    L 事故发生的可能性 取 2 时为低风险（蓝色）；S 后果严重性 取 2 时为低风险（蓝色）。
    """
    expect("lang", lang, str)
    expect_threads(threads)
    options = {
        "columns": columns, "sheet": sheet, "as_of": as_of, "direct": direct, "colours": colours,
        "averaged": averaged,
    }  # fmt: skip
    graded = graded_now(table, method, options)
    answer = _core.sensitivity(
        graded._graded, rows=_rows(graded, rows), threads=threads, progress=progress
    )
    return Sensitivity(answer, graded.methods, graded.issues, lang)
