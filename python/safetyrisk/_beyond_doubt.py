"""How sure a grade is: inputs that are not known exactly, and graders who do not agree."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _core
from ._arguments import day as to_day
from ._arguments import expect, expect_threads
from ._beyond import BeyondAnswer, BeyondTable, RowAnswer
from ._errors import InputError
from ._faults import fault
from .core import Issues, load_pack
from .scoring import Graded, colour_maps
from .scoring import method as find_method

__all__ = ["Disagreement", "Uncertain", "disagreement", "uncertain"]


def _register(
    table: Any,
    method: Any,
    columns: Mapping[str, str] | None,
    sheet: str | None,
    as_of: Any,
    extra: Sequence[str] = (),
) -> tuple[_core.Table, Issues, dict[str, Any]]:
    """A register, what was wrong with reading it, and what the core takes as its method."""
    from .io.frames import read_register

    if isinstance(table, Graded):
        raise InputError("a graded register has no inputs any more; give the table it was made of")
    expect("columns", columns, Mapping, optional=True)
    expect("sheet", sheet, str, optional=True)
    day = to_day(as_of, "as_of")
    if isinstance(method, os.PathLike) or (isinstance(method, str) and method.endswith(".json")):
        method = load_pack(method)
    chosen = None if method is None else find_method(method, day)
    names = [*extra, *(one["id"] for one in (chosen.inputs if chosen else []))]
    register, issues, source = read_register(
        table, "risk_points", columns, extra=names, sheet=sheet, method=chosen
    )
    if chosen is None and not register.has("method"):
        shown = ("the register", "登记表") if source.path is None else source.path
        raise fault("method.unnamed", file=shown)
    out: dict[str, Any] = {"as_of": day}
    return register, issues, out if chosen is None else out | {"custom": chosen}


class Uncertain(RowAnswer):
    """Probabilities of each row's grades.

    Columns: ``id method status grade`` (of the likeliest values) ``p_red p_orange p_yellow p_blue``
    (None where the method has no colours; :attr:`levels` has every level) ``p_without`` (the inputs
    have no level) ``likely mildest gravest`` (levels that are possible) ``way`` (``certain exact
    draws none``) ``cases standard_error``. Exactly the rows of the input, in its order.
    """

    _kind = "uncertain"
    _title = ("等级的不确定性", "How sure the grades are")
    _parts = ("levels",)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.to_table()
        return table

    @property
    def seed(self) -> int:
        """The seed of the draws."""
        seed: int = self._answer.seed
        return seed

    def _about(self) -> list[tuple[str, str]]:
        """What the answer was made with: item and value."""
        return [*super()._about(), (self._say("随机种子", "seed"), str(self.seed))]

    @property
    def levels(self) -> BeyondTable:
        """A row for each level that a row may have: ``row id level word grade p``."""
        return self._below(self._answer.levels, "levels")

    def __repr__(self) -> str:
        ways = self._made.column("way").tolist()
        return (
            f"<safetyrisk uncertain: {len(self)} rows = {ways.count('certain')} certain "
            f"+ {ways.count('exact')} exact + {ways.count('draws')} drawn "
            f"+ {ways.count('none')} without a grade>"
        )


def _cell(value: Any) -> Any:
    """A distribution given as a Python value, as a cell says it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{_plain(key)}:{_plain(weight)}" for key, weight in value.items())
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise InputError(f"an interval has two ends, not {len(value)}: {value!r}")
        return f"[{_plain(value[0])}, {_plain(value[1])}]"
    return value


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    return repr(float(value)) if isinstance(value, float | np.floating) else str(value)


def _with_texts(table: Any) -> Any:
    """A dict of columns whose cells may be dicts and pairs, with texts in their place."""
    if not isinstance(table, Mapping):
        return table
    out = {}
    for name, cells in table.items():
        if isinstance(cells, list | tuple) and any(
            isinstance(one, Mapping | tuple | list) for one in cells
        ):
            cells = [
                one if one is None or isinstance(one, str) else _plain(one)
                for one in map(_cell, cells)
            ]
        out[name] = cells
    return out


def uncertain(
    table: Any,
    method: Any = None,
    *,
    seed: int = 0,
    draws: int = 10_000,
    most_exact: int = 10_000,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    as_of: Any = None,
    colours: Any = None,
    averaged: bool = False,
    lang: str = "zh",
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Uncertain:
    """Find the probability of each grade where inputs are intervals or distributions.

    Parameters
    ----------
    table
        A register in any form that :func:`safetyrisk.grade` takes. A cell of an input may be a
        value; ``"[3, 6]"`` or ``"3~6"`` (every value of the scale in between, equally likely);
        ``"3:0.2; 6:0.8"`` (values with weights, whose sum is 1 or 100 %); for numbers
        ``"uniform(1, 5)"`` (均匀) and ``"triangular(1, 2, 5)"`` (三角). In a dict of columns a pair
        ``(3, 6)`` and a dict ``{3: 0.2, 6: 0.8}`` say the same.
    method, columns, sheet, as_of, colours, averaged
        As for :func:`safetyrisk.grade`. Direct rules are not asked.
    seed
        Of the draws, 0 to 2**64 - 1. A draw depends on seed, the row's ``id`` and the number of the
        draw alone: not on threads, nor on the order of rows (without ids: on the row's number).
    draws
        For a row that is not settled by enumeration.
    most_exact
        Up to so many combinations of values are enumerated, and the probabilities are exact; 0:
        always draw.
    lang
        ``"zh"`` or ``"en"``.
    threads
        0 for as many as the machine has; results are the same for any number.

    Returns
    -------
    Uncertain
        Exactly the rows of the input. Inputs are taken as independent of each other; drawn numbers
        are rounded to the decimals that their input allows.

    Raises
    ------
    InputError, NotFoundError
        As :func:`safetyrisk.grade`; seed or draws out of range.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> u = sr.uncertain({"id": ["罐区"], "L": [{3: 0.7, 6: 0.3}], "E": [6], "C": [(15, 40)]}, "lec")
    >>> print(u.text())
    罐区：重大风险（红色） 65%，较大风险（橙色） 35%。逐一计算 4 种组合，结果精确。
    """
    expect("lang", lang, str)
    expect_threads(threads)
    for name, value, most in (("seed", seed, 2**64 - 1), ("draws", draws, 10**8)):
        expect(name, value, int, np.integer)
        if not 0 <= value <= most:
            raise InputError(f"{name} is {value}; it is a whole number from 0 to {most}")
    expect("most_exact", most_exact, int, np.integer)
    expect("averaged", averaged, bool)
    register, issues, chosen = _register(_with_texts(table), method, columns, sheet, as_of)
    answer = _core.uncertain(
        register,
        colours=colour_maps(colours),
        averaged=averaged,
        seed=int(seed),
        draws=int(draws),
        most_exact=int(most_exact),
        threads=threads,
        progress=progress,
        **chosen,
    )
    issues += Issues(answer.central.issues) + Issues(answer.issues)
    return Uncertain(answer, answer.central.methods, issues, lang)


class Disagreement(BeyondAnswer):
    """What several graders make of the same objects.

    Columns, a row for each object: ``id gradings graded pairs inputs_differ grades_differ share
    grades due_to``. ``share``: of the pairs whose inputs differ, those whose grades differ, too:
    the part of the disagreement that matters. Ids of ``issues`` are ``object / grader``.
    """

    _kind = "disagreement"
    _title = ("评定人之间的分歧", "Disagreement of graders")
    _parts = ("inputs", "pairs")
    _brief = ("inputs",)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.object_table()
        return table

    @property
    def pairs(self) -> BeyondTable:
        """A row for each pair of gradings whose inputs differ.

        ``due_to`` has the inputs that alone decide: a grading with only this one taken from the
        other has another grade; None where it takes several together.
        """
        return self._below(lambda lang: self._answer.pair_table(), "pairs")

    @property
    def inputs(self) -> BeyondTable:
        """A row for each input: in how many pairs it ``differs``, and alone ``matters``."""
        return self._below(lambda lang: self._answer.input_table(), "inputs")

    def counts(self) -> dict[str, int]:
        """Objects, objects compared, pairs, pairs whose inputs and whose grades differ."""
        a = self._answer
        return {
            "objects": a.objects, "compared": a.compared, "pairs": a.pairs,
            "inputs_differ": a.inputs_differ, "grades_differ": a.grades_differ,
        }  # fmt: skip

    @property
    def share(self) -> float | None:
        """Share of disagreeing pairs whose grades differ, 0 to 1; None without any."""
        differ = self._answer.inputs_differ
        return self._answer.grades_differ / differ if differ else None

    def text(self) -> str:
        """The whole in one sentence."""
        text: str = self._answer.text(self._lang)
        return text

    def _told(self, most: int | None = None) -> list[str]:
        return [self.text()]


def disagreement(
    table: Any,
    method: Any = None,
    *,
    grader: str = "grader",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    as_of: Any = None,
    colours: Any = None,
    averaged: bool = False,
    lang: str = "zh",
    threads: int = 0,
) -> Disagreement:
    """Compare several graders' judgements of the same objects.

    Parameters
    ----------
    table
        A long table in any form that :func:`safetyrisk.grade` takes: ``id`` of the object, the
        grader, the inputs.
    grader
        Column that names the grader.
    method, columns, sheet, as_of, colours, averaged, lang, threads
        As for :func:`safetyrisk.grade`; only gradings by one method are compared.

    Returns
    -------
    Disagreement
        By object, by pair and by input.

    Raises
    ------
    InputError
        There is no column ``id`` or of the grader; otherwise as :func:`safetyrisk.grade`.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> d = sr.disagreement(
    ...     {"id": ["罐区"] * 3, "grader": ["甲", "乙", "丙"], "L": [3, 3, 4], "S": [4, 5, 4]}, "ls"
    ... )
    >>> d.counts()["inputs_differ"], d.counts()["grades_differ"], d.inputs._rows()[0]["matters"]
    (3, 2, 1)
    """
    expect("lang", lang, str)
    expect("grader", grader, str)
    expect_threads(threads)
    expect("averaged", averaged, bool)
    register, issues, chosen = _register(table, method, columns, sheet, as_of, [grader])
    answer = _core.disagreement(
        register, grader, colours=colour_maps(colours), averaged=averaged, threads=threads, **chosen
    )
    issues += Issues(answer.graded.issues)
    return Disagreement(answer, answer.graded.methods, issues, lang)
