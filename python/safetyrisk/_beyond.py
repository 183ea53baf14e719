"""Answers beyond the grade: what would change it, how sure it is, what several methods say."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _core
from ._api import grade
from ._core import Pack
from ._display import details, table_html
from ._errors import InputError, NotFoundError
from ._faults import day as to_day
from ._faults import expect, expect_threads, fault, texts, whole
from ._result import Result
from .core import Issues, chosen_pack, load_pack
from .scoring import Graded, colour_maps
from .scoring import method as find_method

__all__ = [
    "BeyondTable",
    "Combined",
    "Counterfactuals",
    "Current",
    "Disagreement",
    "Sensitivity",
    "Uncertain",
    "combine",
    "counterfactual",
    "current",
    "disagreement",
    "sensitivity",
    "uncertain",
]

_HEADERS = {
    "row": ("行", "row"), "id": ("编号", "id"), "method": ("方法", "method"),
    "level": ("级别", "level"), "grade": ("等级", "grade"), "direction": ("方向", "direction"),
    "by": ("级数", "by"), "status": ("结果", "status"), "way": ("方案", "way"),
    "changed": ("改动项数", "changed"), "steps": ("级距", "steps"), "changes": ("改动", "changes"),
    "to_level": ("改后级别", "to level"), "to_grade": ("改后等级", "to grade"),
    "score": ("分值", "score"), "input": ("输入", "input"), "name": ("名称", "name"),
    "from": ("原值", "from"), "side": ("关系", "side"), "to": ("新值", "to"),
    "p_red": ("红", "P(red)"), "p_orange": ("橙", "P(orange)"), "p_yellow": ("黄", "P(yellow)"),
    "p_blue": ("蓝", "P(blue)"), "p_without": ("无等级", "P(no level)"), "likely": ("最可能", "likely"),
    "mildest": ("最轻", "mildest"), "gravest": ("最重", "gravest"), "cases": ("次数", "cases"),
    "neighbours": ("邻近判断", "neighbours"), "raised": ("升", "raised"), "lowered": ("降", "lowered"),
    "share": ("占比", "share"), "inputs": ("输入", "inputs"), "change": ("变化", "change"),
    "grader": ("评定人", "grader"), "other": ("另一人", "other"), "differs": ("不同", "differs"),
    "other_level": ("另一级别", "other level"), "other_grade": ("另一等级", "other grade"),
    "due_to": ("起因", "due to"), "gradings": ("评定数", "gradings"), "pairs": ("对数", "pairs"),
    "inputs_differ": ("输入不同", "inputs differ"), "grades_differ": ("等级不同", "grades differ"),
    "grades": ("各等级", "grades"), "matters": ("起决定作用", "matters"), "graded": ("已评定", "graded"),
    "decided_by": ("依据方法", "decided by"), "methods": ("方法数", "methods"),
    "agree": ("一致", "agree"), "gap": ("相差级数", "gap"), "both": ("共同评定", "both"),
    "equal": ("相同", "equal"), "graver": ("更重", "graver"), "milder": ("更轻", "milder"),
    "share_equal": ("一致率", "share equal"), "widest": ("最大相差", "widest"),
    "gravest_method": ("最重的方法", "gravest method"), "gravest_grade": ("等级", "its grade"),
    "gravest_why": ("理由", "why"), "mildest_method": ("最轻的方法", "mildest method"),
    "mildest_grade": ("等级", "its grade"), "mildest_why": ("理由", "why"),
    "inherent": ("固有等级", "inherent"), "current": ("现状等级", "current"),
    "residual": ("剩余等级", "residual"), "open_major": ("未销号重大", "open major"),
    "open_general": ("未销号一般", "open general"), "rule": ("规则", "rule"), "date": ("日期", "date"),
    "hazard": ("隐患", "hazard"), "event": ("事件", "event"), "hazard_grade": ("隐患级别", "hazard grade"),
    "before": ("原等级", "before"), "after": ("后等级", "after"),
    "unread": ("未能计入的隐患", "hazards not counted"),
    "standard_error": ("标准误差", "standard error"), "word": ("含义", "word"), "p": ("概率", "p"),
}  # fmt: skip
_WORDS = {
    "lower": ("降", "lower"), "raise": ("升", "raise"), "found": ("可以", "found"),
    "unreachable": ("达不到", "unreachable"), "open": ("未定", "open"),
    "several_numbers": ("须同改几个数", "several numbers"), "kept": ("直接判定，不降", "kept"),
    "not_graded": ("未评定", "not graded"), "no_levels": ("没有等级", "no levels"),
    "same": ("不变", "same"), "closed": ("销号", "closed"), "major": ("重大", "major"),
    "general": ("一般", "general"),
    "certain": ("确定", "certain"), "exact": ("精确", "exact"), "draws": ("抽样", "draws"),
    "none": ("无", "none"), "unknown": ("现状未知", "unknown"),
    "graded": ("已评定", "graded"), "not_gradable": ("无法评定", "not gradable"),
    "rejected": ("数据无效", "rejected"),
    "red": ("重大风险", "red"), "orange": ("较大风险", "orange"), "yellow": ("一般风险", "yellow"),
    "blue": ("低风险", "blue"), True: ("是", "yes"), False: ("否", "no"),
}  # fmt: skip
#: Where a table means something else by a column, or by a word.
_OWN: dict[str, dict[str, tuple[str, str]]] = {
    "sensitivity": {"changed": ("等级改变", "changed")},
    "inputs": {"changed": ("等级改变", "changed"), "differs": ("不同的对数", "differs")},
    "uncertain": {"way": ("方式", "way")},
    "matrix": {"other": ("另一方法", "other")},
    "log": {"found": ("发现", "found")},
}
_SHOWN = 20
#: Shown as chips already.
_CHIPS = ("grade", "worst")


class BeyondTable(Result):
    """A table of an answer, shown in the words of its language."""

    def __init__(self, table: _core.Table, kind: str, lang: str = "zh") -> None:
        self._made = table
        self._kind = kind
        self._lang = lang

    def _table(self) -> _core.Table:
        return self._made

    def _say(self, pair: tuple[str, str]) -> str:
        return pair[0] if self._lang == "zh" else pair[1]

    def _word(self, name: str, value: Any) -> Any:
        words = _WORDS | _OWN.get(self._kind, {})
        if name not in _CHIPS and isinstance(value, str | bool) and value in words:
            return self._say(words[value])
        if name == "grades" and isinstance(value, str):  # "red:2;blue:1"
            pairs = [one.partition(":") for one in value.split(";")]
            return self._say(("，", ", ")).join(
                f"{self._word('', grade)} {count}" for grade, _, count in pairs
            )
        if not isinstance(value, float):
            return value
        return f"{value:.1%}" if name.startswith(("p_", "share")) else f"{value:.6g}"

    def _prose(self, count: int, of: Callable[[int, str], str]) -> str:
        """Texts of all rows, the first of them where there are many."""
        if count == 0:
            return self._say(("没有可说明的行。", "There is no row to speak of."))
        out = [of(place, self._lang) for place in range(min(count, _SHOWN))]
        more = count - _SHOWN
        if more > 0:
            out.append(
                self._say(
                    (
                        f"另有 {more} 行未在此写出，用 text(行号) 查看。",
                        f"{more} more rows are not told here; text(row) tells one.",
                    )
                )
            )
        return "\n".join(out)

    def _shown(self) -> str:
        rows = [
            {name: self._word(name, value) for name, value in row.items()}
            for row in self._rows(_SHOWN)
        ]
        known = _HEADERS | _OWN.get(self._kind, {})
        heads = {
            name: self._say(known[name]) if name in known else name for name in self._made.names
        }
        more = len(self) - _SHOWN
        rest = self._say((f"另有 {more} 行未在此显示", f"{more} more rows")) if more > 0 else ""
        return table_html(rows, heads) + (f"<div>{rest}</div>" if rest else "")

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind.replace('_', ' ')}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        return details(self._say((f"{len(self)} 行", f"{len(self)} rows")), self._shown())


def _lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.splitlines())


def _graded(table: Any, method: Any, options: Mapping[str, Any]) -> Graded:
    """A register as it was graded, or graded now."""
    if isinstance(table, Graded):
        if method is not None or any(value is not None for value in options.values()):
            raise InputError("the register is graded already; grade it anew to change how")
        return table
    return grade(table, method, **{key: one for key, one in options.items() if one is not None})


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


def _rows(graded: Graded, rows: Any) -> list[int]:
    """Row numbers from numbers (negative from the end) and ids."""
    if rows is None:
        return []
    if isinstance(rows, str | int | np.integer):
        rows = [rows]
    if not isinstance(rows, Iterable):
        raise InputError(f"rows is a {type(rows).__name__}; it is row numbers or ids")
    out = []
    for one in rows:
        if isinstance(one, str):
            out.append(graded.row_of(one))
            continue
        expect("rows", one, int, np.integer)
        row = int(one) + len(graded) if one < 0 else int(one)
        if not 0 <= row < len(graded):
            raise NotFoundError(f"there is no row {one}; the register has {len(graded)} rows")
        out.append(row)
    if not out:
        raise InputError("rows is empty; leave it out for all rows")
    return out


class Counterfactuals(BeyondTable):
    """The smallest changes of inputs that lower and raise the grades of rows.

    Columns: ``row id method level grade direction`` (``lower raise``) ``by`` (how many grades)
    ``status way changed steps changes to_level to_grade score``; one row for each way, for each
    aim without one, and for each row without a level. ``status``: ``found``; ``unreachable`` (no
    change of the inputs that may change gets there); ``several_numbers`` (several free numbers must
    move together: the ways name them); ``open`` (not settled); ``kept`` (a direct rule holds);
    ``not_graded``; ``no_levels`` (the method gives a number alone).
    """

    def __init__(self, answer: _core.Counterfactuals, lang: str) -> None:
        super().__init__(answer.to_table(lang), "counterfactuals", lang)
        self._answer = answer
        self._place = {row: place for place, row in reversed(list(enumerate(answer.rows)))}

    def text(self, row: int | None = None) -> str:
        """Prose of row `row` of the register, or of all asked about.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Raises
        ------
        NotFoundError
            The row was not asked about.
        """
        if row is None:
            return self._prose(len(self._answer), self._answer.text)
        expect("row", row, int, np.integer)
        if int(row) not in self._place:
            raise NotFoundError(f"row {row} was not asked about")
        return self._answer.text(self._place[int(row)], self._lang)

    @property
    def changes(self) -> BeyondTable:
        """One row for each change: ``row id direction by way input name from side to steps``.

        ``side`` is ``=``, or of a number ``< <= > >=``: this far or further.
        """
        return BeyondTable(self._answer.changes(self._lang), "changes", self._lang)

    def __repr__(self) -> str:
        return f"<safetyrisk counterfactuals of {len(self._answer)} rows: {len(self)} ways>"

    def _repr_html_(self) -> str:
        shown = [self._answer.text(i, self._lang) for i in range(min(3, len(self._answer)))]
        title = self._say(("怎样才会升降一级", "What would change the grade"))
        return details(title, *map(_lines, shown), self._shown())


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
        Inputs that cannot be changed: usually the consequence (``["C"]``), which controls of
        likelihood do not touch.
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
    graded = _graded(table, method, options)
    answer = _core.counterfactual(
        graded._graded,
        rows=_rows(graded, rows),
        fixed=texts(fixed, "fixed"),
        most_trials=int(most_trials),
        threads=threads,
        progress=progress,
    )
    return Counterfactuals(answer, lang)


class Uncertain(BeyondTable):
    """Probabilities of each row's grades.

    Columns: ``id method status grade`` (of the likeliest values) ``p_red p_orange p_yellow p_blue``
    (None where the method has no colours; :attr:`levels` has every level) ``p_without`` (the inputs
    have no level) ``likely mildest gravest`` (levels that are possible) ``way`` (``certain exact
    draws none``) ``cases standard_error``. Exactly the rows of the input, in its order.
    """

    def __init__(self, answer: _core.Uncertain, issues: Issues, lang: str) -> None:
        super().__init__(answer.to_table(), "uncertain", lang)
        self._answer = answer
        self._issues = issues + Issues(answer.central.issues) + Issues(answer.issues)

    @property
    def issues(self) -> Issues:
        """What was wrong with the register."""
        return self._issues

    @property
    def seed(self) -> int:
        """The seed of the draws."""
        return self._answer.seed

    @property
    def levels(self) -> BeyondTable:
        """A row for each level that a row may have: ``row id level word grade p``."""
        return BeyondTable(self._answer.levels(self._lang), "levels", self._lang)

    def text(self, row: int | None = None) -> str:
        """Prose of row `row`, or of all rows.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Raises
        ------
        NotFoundError
            There is no such row.
        """
        if row is None:
            return self._prose(len(self), self._answer.text)
        expect("row", row, int, np.integer)
        index = int(row) + len(self) if row < 0 else int(row)
        if not 0 <= index < len(self):
            raise NotFoundError(f"there is no row {row}; the register has {len(self)} rows")
        return self._answer.text(index, self._lang)

    def __repr__(self) -> str:
        ways = self._made.column("way").tolist()
        return (
            f"<safetyrisk uncertain: {len(self)} rows = {ways.count('certain')} certain "
            f"+ {ways.count('exact')} exact + {ways.count('draws')} drawn "
            f"+ {ways.count('none')} without a grade>"
        )

    def _repr_html_(self) -> str:
        shown = [self._answer.text(i, self._lang) for i in range(min(3, len(self)))]
        title = self._say(("等级的不确定性", "How sure the grades are"))
        return details(title, *map(_lines, shown), self._shown())


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
    return Uncertain(answer, issues, lang)


class Sensitivity(BeyondTable):
    """What becomes of grades when a single judgement is a step off.

    Columns: ``row id method level grade status neighbours changed raised lowered share inputs``:
    of so many neighbours so many have another grade, and the inputs that change it. A neighbour
    differs in one judgement by one step: the next value of a list, the next choice in the order of
    gravity (every other one where there is no order), the other value of a flag, one more or less
    of a count. Measured numbers have no neighbours.
    """

    def __init__(self, answer: _core.Sensitivity, lang: str) -> None:
        super().__init__(answer.to_table(), "sensitivity", lang)
        self._answer = answer
        self._place = {row: place for place, row in reversed(list(enumerate(answer.rows)))}

    @property
    def neighbours(self) -> BeyondTable:
        """A row for each neighbour: ``row id input name from to score level grade change``."""
        return BeyondTable(self._answer.neighbours(self._lang), "neighbours", self._lang)

    @property
    def inputs(self) -> BeyondTable:
        """A row for each input over all rows: which judgement the grades lean on most."""
        return BeyondTable(self._answer.inputs(self._lang), "inputs", self._lang)

    def text(self, row: int | None = None) -> str:
        """Prose of row `row` of the register, or of all asked about.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Raises
        ------
        NotFoundError
            The row was not asked about.
        """
        if row is None:
            return self._prose(len(self._answer), self._answer.text)
        expect("row", row, int, np.integer)
        if int(row) not in self._place:
            raise NotFoundError(f"row {row} was not asked about")
        return self._answer.text(self._place[int(row)], self._lang)

    def _repr_html_(self) -> str:
        shown = [self._answer.text(i, self._lang) for i in range(min(3, len(self._answer)))]
        title = self._say(("判断差一级会怎样", "One judgement a step off"))
        return details(title, *map(_lines, shown), self._shown(), self.inputs._shown())


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
    L 取 2 时为低风险（蓝色）；S 取 2 时为低风险（蓝色）。
    """
    expect("lang", lang, str)
    expect_threads(threads)
    options = {
        "columns": columns, "sheet": sheet, "as_of": as_of, "direct": direct, "colours": colours,
        "averaged": averaged,
    }  # fmt: skip
    graded = _graded(table, method, options)
    answer = _core.sensitivity(
        graded._graded, rows=_rows(graded, rows), threads=threads, progress=progress
    )
    return Sensitivity(answer, lang)


class Disagreement(BeyondTable):
    """What several graders make of the same objects.

    Columns, a row for each object: ``id gradings graded pairs inputs_differ grades_differ share
    grades due_to``. ``share``: of the pairs whose inputs differ, those whose grades differ, too:
    the part of the disagreement that matters.
    """

    def __init__(self, answer: _core.Disagreement, issues: Issues, lang: str) -> None:
        super().__init__(answer.object_table(), "disagreement", lang)
        self._answer = answer
        self._issues = issues + Issues(answer.graded.issues)

    @property
    def issues(self) -> Issues:
        """What was wrong with the register; ids there are ``object / grader``."""
        return self._issues

    @property
    def pairs(self) -> BeyondTable:
        """A row for each pair of gradings whose inputs differ.

        ``due_to`` has the inputs that alone decide: a grading with only this one taken from the
        other has another grade; None where it takes several together.
        """
        return BeyondTable(self._answer.pair_table(), "pairs", self._lang)

    @property
    def inputs(self) -> BeyondTable:
        """A row for each input: in how many pairs it ``differs``, and alone ``matters``."""
        return BeyondTable(self._answer.input_table(), "inputs", self._lang)

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
        return self._answer.text(self._lang)

    def _repr_html_(self) -> str:
        title = self._say(("评定人之间的分歧", "Disagreement of graders"))
        return details(title, _lines(self.text()), self._shown(), self.inputs._shown())


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
    return Disagreement(answer, issues, lang)


class Combined(BeyondTable):
    """One grade of several methods, and where they disagree.

    Columns: ``id``, the grade of each method under its name, ``grade decided_by methods agree gap
    status``. ``gap``: grades between the gravest and the mildest.
    """

    def __init__(self, answer: _core.Combined, names: Sequence[str], lang: str) -> None:
        super().__init__(answer.to_table(), "combined", lang)
        self._answer = answer
        self._names = list(names)

    @property
    def matrix(self) -> BeyondTable:
        """A row for each two methods: ``method other both equal graver milder share_equal widest``.

        ``graver``: how often ``method`` is graver than ``other``.
        """
        return BeyondTable(self._answer.matrix(), "matrix", self._lang)

    def widest(self, most: int = 20) -> BeyondTable:
        """The objects on which methods differ most, widest first, and why each side says so."""
        expect("most", most, int, np.integer)
        if most < 0:
            raise InputError(f"most is {most}; it is a whole number from 0")
        return BeyondTable(self._answer.widest(int(most), self._lang), "widest", self._lang)

    def text(self, row: int | None = None) -> str:
        """Prose of object `row`, in the order of the table, or of all objects.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Raises
        ------
        NotFoundError
            There is no such object.
        """
        if row is None:
            return self._prose(len(self), self._answer.text)
        expect("row", row, int, np.integer)
        index = int(row) + len(self) if row < 0 else int(row)
        if not 0 <= index < len(self):
            raise NotFoundError(f"there is no row {row}; there are {len(self)} objects")
        return self._answer.text(index, self._lang)

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

    def _repr_html_(self) -> str:
        title = self._say(("多种方法合并", "Several methods"))
        shown = [self._answer.text(i, self._lang) for i in range(min(3, len(self)))]
        return details(
            title,
            *map(_lines, shown),
            self._shown(),
            self.matrix._shown(),
            self.widest(10)._shown(),
        )


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
    return Combined(answer, list(named), lang)


class Current(BeyondTable):
    """Inherent, current and residual grades side by side.

    Columns: ``id inherent current residual open_major open_general raised rule status unread``:
    exactly the rows of the register. ``raised``: by how many grades open hazards raise the point.
    ``unread``: hazards that name the point, may be open and are not counted, because a cell of
    theirs is wrong or rows of one id differ; where they could raise it further, ``current`` is None
    and ``status`` is ``unknown``.
    """

    def __init__(self, answer: _core.Current, issues: Issues, lang: str) -> None:
        super().__init__(answer.to_table(), "current", lang)
        self._answer = answer
        self._issues = issues + Issues(answer.issues)

    @property
    def issues(self) -> Issues:
        """What was wrong with the hazards."""
        return self._issues

    @property
    def log(self) -> BeyondTable:
        """Each finding and closing up to the day, in order, with the grade before and after.

        Columns: ``date id hazard event hazard_grade open_major open_general before after rule``.
        """
        return BeyondTable(self._answer.log(), "log", self._lang)

    def counts(self) -> dict[str, int]:
        """Hazards in = used + rejected; points that are raised, and whose grade is not known."""
        raised = [one for one in self.to_columns()["raised"] if one is not None and one > 0]
        a = self._answer
        return {
            "hazards_in": a.hazards_in, "hazards_used": a.hazards_used,
            "hazards_rejected": a.hazards_in - a.hazards_used, "points_raised": len(raised),
            "points_unknown": list(self.to_columns()["status"]).count("unknown"),
        }  # fmt: skip

    def text(self, row: int | None = None) -> str:
        """Prose of row `row`, or of all rows.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Raises
        ------
        NotFoundError
            There is no such row.
        """
        if row is None:
            return self._prose(len(self), self._answer.text)
        expect("row", row, int, np.integer)
        index = int(row) + len(self) if row < 0 else int(row)
        if not 0 <= index < len(self):
            raise NotFoundError(f"there is no row {row}; the register has {len(self)} rows")
        return self._answer.text(index, self._lang)

    def _repr_html_(self) -> str:
        title = self._say(("固有、现状、剩余等级", "Inherent, current and residual grades"))
        shown = [self._answer.text(i, self._lang) for i in range(min(3, len(self)))]
        log = self.log
        return details(title, *map(_lines, shown), self._shown(), log._shown() if len(log) else "")


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
    graded = _graded(table, method, options)
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
    after = None if residual is None else _graded(
        residual, None if isinstance(residual, Graded) else method,
        {} if isinstance(residual, Graded) else options,
    )  # fmt: skip
    answer = _core.current(
        graded._graded,
        rows,
        rules=chosen,
        on=day,
        by=by,
        residual=None if after is None else after._graded,
    )
    return Current(answer, issues, lang)
