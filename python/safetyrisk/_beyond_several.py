"""Several grades of one object: by several methods, and before and after what happens to it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _core
from ._api import grade, graded_now
from ._arguments import day as to_day
from ._arguments import expect, expect_threads, texts
from ._beyond import BeyondTable, RowAnswer
from ._core import Method, Pack
from ._errors import InputError
from ._method_words import pack_text
from ._result import Result
from .core import Issues, chosen_pack
from .scoring import Graded

__all__ = ["Combined", "Current", "combine", "current"]


class Combined(RowAnswer):
    """One grade of several methods, and where they disagree.

    Columns: ``id``, the grade of each method under its name, ``grade decided_by methods agree gap
    status``. ``gap``: grades between the gravest and the mildest.
    """

    _kind = "combined"
    _title = ("多种方法合并", "Several methods")
    _parts = ("matrix", "widest")
    _brief = ("matrix", "widest")

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.to_table()
        return table

    def _part(self, name: str, most: int | None) -> BeyondTable:
        if name != "widest":
            return super()._part(name, most)
        return self.widest(len(self) if most is None else most)

    @property
    def matrix(self) -> BeyondTable:
        """A row for each two methods: ``method other both equal graver milder share_equal widest``.

        ``graver``: how often ``method`` is graver than ``other``.
        """
        return self._below(lambda lang: self._answer.matrix(), "matrix")

    def widest(self, most: int = 20) -> BeyondTable:
        """The objects on which methods differ most, widest first, and why each side says so."""
        expect("most", most, int, np.integer)
        if most < 0:
            raise InputError(f"most is {most}; it is a whole number from 0")
        return self._below(lambda lang: self._answer.widest(int(most), lang), "widest")

    def counts(self) -> dict[str, int]:
        """Objects, and how many have each combined grade, agree and disagree."""
        columns = self.to_columns()
        grades = list(columns["grade"])
        gaps = [gap for gap in columns["gap"] if gap is not None and gap == gap]
        out = {"objects": len(self)}
        out |= {colour: grades.count(colour) for colour in ("red", "orange", "yellow", "blue")}
        return out | {
            "agree": sum(gap == 0 for gap in gaps),
            "disagree": sum(gap > 0 for gap in gaps),
            "without_grade": grades.count(None),
        }


def combine(
    table: Any,
    methods: Sequence[Any] | None = None,
    *,
    rule: str = "gravest",
    order: str | Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    as_of: Any = None,
    colours: Any = None,
    lang: str = "zh",
    threads: int = 0,
) -> Combined:
    """Make one grade of several methods on the same objects, by a declared rule.

    Parameters
    ----------
    table
        One register, graded by each of `methods`; or a dict of graded registers by name, or a list
        of them (their methods' ids are the names), which are joined by ``id``.
    methods
        Names of methods, for one register.
    rule
        ``"gravest"``; ``"priority"``: the first method of `order` that graded the object;
        ``"majority"``: the grade that most give, of tied ones the gravest; ``"main"``: the method
        that `order` names.
    order
        Every name, first the one that goes before all, for ``"priority"``; one name for ``"main"``.
    columns, as_of, colours, threads
        As for :func:`safetyrisk.grade`.
    lang
        ``"zh"`` or ``"en"``.

    Returns
    -------
    Combined
        One row for each object; ``.matrix``, ``.widest()``.

    Raises
    ------
    InputError
        Fewer than two methods, a method without colours, levels that speak of different things (a
        class of accident is no risk), a rule or order that does not fit.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> point = {"id": ["罐区"], "L": [3], "E": [6], "C": [15], "S": [3]}
    >>> print(sr.combine(point, ["lec", "ls"]).text())
    罐区：lec.t1 较大风险（橙色），ls.db37 一般风险（黄色）；相差 1 级；按“取最重”定为较大风险（橙色），依据 lec.t1。
    """
    expect("lang", lang, str)
    expect("rule", rule, str)
    expect_threads(threads)
    named: dict[str, Graded] = {}
    is_graded = isinstance(table, Mapping) and any(isinstance(g, Graded) for g in table.values())
    if methods is None and (is_graded or isinstance(table, list | tuple)):
        pairs = (
            [(str(name), one) for name, one in table.items()]
            if isinstance(table, Mapping)
            else [("/".join(m.id for m in one.methods), one) for one in table]
            if all(isinstance(one, Graded) for one in table)
            else [("", None)]
        )
        for name, one in pairs:
            if not isinstance(one, Graded):
                raise InputError("combine takes a register with methods=, or graded registers")
            if name in named:
                raise InputError(f"two registers are graded by {name}; name them in a dict")
            named[name] = one
    else:
        if methods is None or isinstance(methods, str):
            raise InputError("methods is a list of methods, two or more")
        for one in methods:
            graded = grade(
                table, one, columns=columns, as_of=as_of, colours=colours, threads=threads
            )
            name = "/".join(m.id for m in graded.methods)
            if name in named:
                raise InputError(f"the method {name} is given twice")
            named[name] = graded
    ids = texts(order, "order")
    if ids:  # a family stands for the profile that was used
        full = {name.partition(".")[0]: name for name in named}
        ids = [name if name in named else full.get(name, name) for name in ids]
    answer = _core.combine([(name, one._graded) for name, one in named.items()], rule, ids)
    issues = Issues()
    used: dict[str, Method] = {}
    for graded in named.values():
        issues += graded.issues
        used |= {one.id: one for one in graded.methods}
    return Combined(answer, [*used.values()], issues, lang)


class Current(RowAnswer):
    """Inherent, current and residual grades side by side.

    Columns: ``id inherent current residual open_major open_general raised rule status unread``:
    exactly the rows of the register. ``raised``: by how many grades open hazards raise the point.
    ``unread``: hazards that name the point, may be open and are not counted, because a cell of
    theirs is wrong or rows of one id differ; where they could raise it further, ``current`` is None
    and ``status`` is ``unknown``.
    """

    _kind = "current"
    _title = ("固有、现状、剩余等级", "Inherent, current and residual grades")
    _parts = ("log",)
    _brief = ("log",)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        table: _core.Table = answer.to_table()
        return table

    def __init__(
        self,
        answer: _core.Current,
        methods: Sequence[Method],
        issues: Issues,
        lang: str,
        rules: Pack,
        on: str,
    ) -> None:
        told = json.loads(rules.canonical)["content"]["rules"]
        terms = {"rule": {one["id"]: (one["text"]["zh"], one["text"]["en"]) for one in told}}
        super().__init__(answer, methods, issues, lang, terms)
        self._rules = rules
        self._on = on

    def _about(self) -> list[tuple[str, str]]:
        """What the answer was made with: item and value."""
        rules, text = self._say("规则", "rules"), pack_text(self._rules, self._lang)
        return [
            (self._say("日期", "day"), self._on),
            *super()._about(),
            (f"{rules} {self._rules.id}", text),
        ]

    @property
    def log(self) -> BeyondTable:
        """Each finding and closing up to the day, in order, with the grade before and after.

        Columns: ``date id hazard event hazard_grade open_major open_general before after rule``.
        """
        return self._below(lambda lang: self._answer.log(), "log")

    def counts(self) -> dict[str, int]:
        """Hazards in = used + rejected; points that are raised, and whose grade is not known."""
        raised = [one for one in self.to_columns()["raised"] if one is not None and one > 0]
        a = self._answer
        return {
            "hazards_in": a.hazards_in, "hazards_used": a.hazards_used,
            "hazards_rejected": a.hazards_in - a.hazards_used, "points_raised": len(raised),
            "points_unknown": list(self.to_columns()["status"]).count("unknown"),
        }  # fmt: skip


def current(
    table: Any,
    hazards: Any = None,
    *,
    on: Any,
    method: Any = None,
    rules: str | Pack | os.PathLike[str] = "current_grade.usual",
    by: str = "risk_point",
    residual: Any = None,
    columns: Mapping[str, str] | None = None,
    colours: Any = None,
    lang: str = "zh",
) -> Current:
    """Put the inherent, the current and the residual grade of risk points side by side.

    An open hazard (隐患) on the point raises its current grade by a rule, and its closing lowers it
    again; both are entries of ``.log``. A hazard listed twice counts once; one that cannot be read,
    or stands in rows that differ, is an issue, and the grade of its point is then not known unless
    it could change nothing. No official text sets the rule, so it is a pack:
    ``current_grade.usual`` (an open 重大 hazard makes it red, 一般 ones change nothing) or
    ``current_grade.strict`` (一般 ones raise it by one), or your own.

    Parameters
    ----------
    table
        A register, graded or to be graded by `method`: the inherent grade.
    hazards
        A register of hazards (:func:`safetyrisk.read_hazards`), or a table: the column `by`,
        ``grade`` (``general major``, 一般, 重大), ``found_on``, ``closed_on`` (empty while open),
        ``id``; or counts by `by` as :meth:`safetyrisk.hazard.Hazards.open_major` gives them. None:
        the columns ``open_major_hazards`` and ``open_general_hazards`` of the register. A count not
        filled in is no known hazard, and an issue says how many are not.
    on
        The day, ``YYYY-MM-DD``.
    rules
        Pack of kind ``current_grade``, its id or its file.
    by
        Column that ties hazards to points: ``risk_point`` holds a point's id; any other is a column
        of both tables, such as ``enterprise``, and raises every point of it.
    residual
        The same objects after stated controls: a graded register, or one that `method` grades.
    columns, colours
        As for :func:`safetyrisk.grade`, for `table` (and `residual`).
    lang
        ``"zh"`` or ``"en"``.

    Raises
    ------
    InputError, NotFoundError
        A column is missing, rows have no colour, the pack is none.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> g = sr.grade({"id": ["罐区"], "L": [1], "S": [3]}, "ls")
    >>> hazards = {"id": ["H1"], "risk_point": ["罐区"], "grade": ["重大"],
    ...            "found_on": ["2026-03-01"], "closed_on": ["2026-04-15"]}
    >>> [sr.current(g, hazards, on=day).to_columns()["current"][0]
    ...  for day in ("2026-02-28", "2026-03-01", "2026-04-15")]
    ['blue', 'red', 'blue']
    """
    from .hazard import Hazards
    from .io import as_table

    expect("lang", lang, str)
    expect("by", by, str)
    day = to_day(on, "on")
    if day is None:
        raise InputError("on is None; it is a day, YYYY-MM-DD")
    options = {"columns": columns, "colours": colours}
    both_graded = isinstance(table, Graded) and (residual is None or isinstance(residual, Graded))

    def inherent_or_residual(one: Any) -> Graded:
        # The method may be meant for the other of the two; for none it is a mistake.
        if isinstance(one, Graded) and not both_graded:
            return one
        return graded_now(one, method, options)

    graded = inherent_or_residual(table)
    chosen = chosen_pack(rules, "rules")
    if chosen is None:
        raise InputError("rules is None; it is a pack of kind current_grade")
    issues = Issues()
    rows = None
    if isinstance(hazards, Hazards):
        rows = hazards._register.lifetimes()
    elif isinstance(hazards, Result):
        rows = hazards._table()
    elif hazards is not None:
        rows, issues = as_table(
            hazards, "hazards", extra=[by, "open_major_hazards", "open_general_hazards"]
        )
    after = None if residual is None else inherent_or_residual(residual)
    answer = _core.current(
        graded._graded,
        rows,
        rules=chosen,
        on=day,
        by=by,
        residual=None if after is None else after._graded,
    )
    issues = graded.issues + issues + Issues(answer.issues)
    return Current(answer, graded.methods, issues, lang, chosen, day)
