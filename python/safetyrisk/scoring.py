"""Judgements to scores, scores to grades, and why."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._core import Method, Pack
from ._display import chip, counts_html, details, table_html
from ._errors import NotFoundError
from ._result import Result
from .core import Grade, Issues

__all__ = [
    "Explanation",
    "Graded",
    "Method",
    "Methods",
    "Source",
    "grade_table",
    "lec",
    "ls",
    "method",
    "methods",
]


@dataclass(frozen=True)
class Source:
    """What is known of a register besides its values.

    Attributes
    ----------
    headers
        The user's own header by column name.
    given
        Columns as they stood where reading changed them.
    path
        The file, None when it was none.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None


class Explanation:
    """Why a row has its grade, or why it has none."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self._text = text
        self._data = data

    @property
    def text(self) -> str:
        """The explanation as prose."""
        return self._text

    @property
    def grade(self) -> Grade | None:
        """The grade, None without one."""
        return None if self._data["grade"] is None else Grade(self._data["grade"])

    def to_dict(self) -> dict[str, Any]:
        """The explanation as data: inputs, factors, score, band, override, clause, issues."""
        return dict(self._data)

    def to_json(self) -> str:
        """The explanation as JSON text."""
        return json.dumps(self._data, ensure_ascii=False)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<safetyrisk explanation of {self._data['id']!r}: {self._data['grade']}>"

    def _repr_html_(self) -> str:
        lines = "<br>".join(html.escape(line) for line in self._text.splitlines())
        return details("等级说明", chip(self._data["grade"] or "unassessed"), lines)


class Graded(Result):
    """A graded register: exactly the rows of the input, in its order.

    Columns: ``id``, ``method`` (full pack id), ``score`` (None without one), ``grade`` (``red
    orange yellow blue`` or None), ``status`` (``graded``, ``not_gradable``, ``rejected``), ``band``
    (as the source prints it), ``override`` (rule id or None), ``clause``.
    """

    _kind = "graded"

    def __init__(
        self,
        graded: _core.Graded,
        issues: Issues | None = None,
        source: Source | None = None,
    ) -> None:
        self._graded = graded
        self._source = Source() if source is None else source
        read = Issues() if issues is None else issues
        self._issues = read + Issues(graded.issues)

    def _table(self) -> _core.Table:
        return self._graded.to_table()

    @property
    def input(self) -> _core.Table:
        """The register as it was given, under the canonical column names."""
        return self._graded.input

    @property
    def source(self) -> Source:
        """Headers and file of the register."""
        return self._source

    @property
    def issues(self) -> Issues:
        """What was wrong with the register: of reading it, then of grading it."""
        return self._issues

    @property
    def methods(self) -> list[Method]:
        """The methods used."""
        return self._graded.methods

    @property
    def grades(self) -> NDArray[np.uint8]:
        """Grade codes, shape (n,): 0 none, 1 blue, 2 yellow, 3 orange, 4 red."""
        return self._graded.grade_array()

    @property
    def statuses(self) -> NDArray[np.uint8]:
        """Status codes, shape (n,): 0 graded, 1 not gradable, 2 rejected."""
        return self._graded.status_array()

    def counts(self) -> dict[str, int]:
        """How many rows had which fate.

        Returns
        -------
        dict
            ``rows_in graded not_gradable rejected red orange yellow blue``; the first is the sum
            of the next three, ``graded`` the sum of the last four.
        """
        return self._graded.counts()

    def explain(self, row: int, lang: str = "zh") -> Explanation:
        """Why row `row` (counted from 0; negative from the end) has its grade, or has none.

        Raises
        ------
        NotFoundError
            There is no such row.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, method="lec")
        >>> print(g.explain(0))
        风险点 罐区：较大风险（橙色）
        方法：作业条件危险性分析法（LEC），分级取“大于”（lec.t1，第 1 版，可信度 V1）
        L 事故发生的可能性 = 3（可能，但不经常）
        E 暴露于危险环境的频繁程度 = 6（每天工作时间内暴露）
        C 事故后果 = 15（非常严重，一人死亡）
        D = L×E×C = 3×6×15 = 270，落入 160<D≤320（2 级，高度危险）
        管控层级：公司、车间、班组、岗位
        依据：作业条件危险性分析法（格雷厄姆—金尼法） L、E、C 取值表及 D 分级，山东类做法 (DB37/T 2882-2016 类)
        """
        index = row + len(self) if row < 0 else row
        if not 0 <= index < len(self):
            raise NotFoundError(f"there is no row {row}; the register has {len(self)} rows")
        data = json.loads(self._graded.explain_json(index, lang))
        return Explanation(self._graded.explain_text(index, lang), data)

    def row_of(self, identifier: str) -> int:
        """First row with that id.

        Raises
        ------
        NotFoundError
            No row has it.
        """
        row = self._graded.row_of(str(identifier))
        if row is None:
            raise NotFoundError(f"no row has the id {identifier!r}")
        return row

    def bodies(self, lang: str = "zh") -> tuple[list[str], NDArray[np.int32]]:
        """Explanations of all rows without their first line, each distinct text once.

        Returns
        -------
        (list of str, ndarray of shape (n,))
            The texts, and for each row which of them is its.
        """
        return self._graded.bodies(lang)

    def full_table(self) -> _core.Table:
        """The register's own columns followed by those of the grading (``id`` once)."""
        graded = self._table()
        table = self.input
        taken = set(table.names)
        out = _core.Table(table.table, table.source)
        for name in table.names:
            if name != "method":
                out.add_from(name, table, name)
        for name in graded.names:
            if name != "id" or "id" not in taken:
                free = name == "method" or name not in taken
                out.add_from(name if free else f"graded_{name}", graded, name)
        return out

    def __len__(self) -> int:
        return len(self._graded)

    def __repr__(self) -> str:
        c = self.counts()
        return (
            f"<safetyrisk graded: {c['rows_in']} rows = {c['graded']} graded "
            f"(red {c['red']}, orange {c['orange']}, yellow {c['yellow']}, blue {c['blue']}) "
            f"+ {c['not_gradable']} not gradable + {c['rejected']} rejected>"
        )

    def _repr_html_(self) -> str:
        c = self.counts()
        fate = (
            f"共 {c['rows_in']} 行：已评定 {c['graded']}，无法评定 {c['not_gradable']}，"
            f"数据无效 {c['rejected']}；问题 {len(self.issues)} 条"
        )
        shown = 10
        columns = {
            "id": "编号",
            "method": "方法",
            "score": "分值",
            "grade": "等级",
            "status": "状态",
            "band": "分级区间",
        }
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        rows = self._rows(shown)
        return details("风险分级结果", counts_html(c), fate, table_html(rows, columns), more)


class Methods(Result):
    """The packs of scoring methods, one row each."""

    _kind = "methods"

    def __init__(self, methods: list[Method], lang: str = "zh") -> None:
        self._methods = methods
        self._lang = lang

    def _table(self) -> _core.Table:
        packs = [method.pack for method in self._methods]
        table = _core.Table("methods")
        table.add("id", [pack.id for pack in packs])
        table.add("title", [pack.title(self._lang) for pack in packs])
        table.add("default", [pack.default for pack in packs])
        table.add("confidence", [pack.confidence for pack in packs])
        table.add("version", [pack.version for pack in packs])
        table.add("valid_from", [pack.valid_from for pack in packs])
        table.add("valid_to", [pack.valid_to for pack in packs])
        table.add("inputs", [";".join(f["id"] for f in m.factors) for m in self._methods])
        table.add("source", [pack.sources[0] for pack in packs])
        table.add("sha256", [pack.sha256 for pack in packs])
        return table

    def __repr__(self) -> str:
        return f"<safetyrisk methods: {', '.join(m.id for m in self._methods)}>"

    def _repr_html_(self) -> str:
        columns = {
            "id": "方法",
            "title": "名称",
            "default": "默认",
            "confidence": "可信度",
            "inputs": "输入",
            "source": "依据",
        }
        return details("评价方法", table_html(self._rows(), columns))


def methods(lang: str = "zh") -> Methods:
    """Table of the scoring methods that ship with the library.

    Examples
    --------
    >>> methods().to_columns()["id"].tolist()[:3]
    ['lec.shandong_a', 'lec.shandong_b', 'lec.t1']
    """
    return Methods(_core.methods(), lang)


def method(name: str | Pack | Method, as_of: str | None = None) -> Method:
    """The method of a name (full id, family or the field's name), or of a pack of your own.

    Raises
    ------
    NotFoundError
        There is no such method; near names are given.
    InputError
        No edition is valid on `as_of`, or the pack contradicts itself.

    Examples
    --------
    >>> method("lec").id, method("风险矩阵分析法").id
    ('lec.t1', 'ls.db37')
    """
    if isinstance(name, Method):
        return name
    if isinstance(name, Pack):
        return _core.compile_method(name)
    return _core.find_method(name, as_of)


def grade_table(
    table: _core.Table,
    method: str | Pack | Method | None = None,
    *,
    as_of: str | None = None,
    direct: str | None = None,
    averaged: bool = False,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Graded:
    """Grade a core table; :func:`safetyrisk.grade` takes every other kind of table."""
    chosen: dict[str, Any] = {}
    if isinstance(method, str):
        chosen["method"] = method
    elif method is not None:
        chosen["custom"] = method if isinstance(method, Method) else _core.compile_method(method)
    return Graded(
        _core.grade(
            table,
            as_of=as_of,
            direct=direct or "",
            averaged=averaged,
            threads=threads,
            progress=progress,
            **chosen,
        )
    )


def lec(
    L: ArrayLike,
    E: ArrayLike,
    C: ArrayLike,
    pack: str | Pack | Method = "lec",
    *,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """LEC score ``D = L * E * C`` and grade of n judgements.

    Parameters
    ----------
    L, E, C
        Likelihood, exposure and consequence, dimensionless, shape (n,) each; steps of the pack's
        scales. float64 arrays are used where they lie.
    pack
        Profile: ``"lec"`` is the default one, ``"lec.t1"``.
    threads
        0 for as many as the machine has.

    Returns
    -------
    score : ndarray of float64, shape (n,)
        NaN where a value is missing or off the scale.
    grade : ndarray of uint8, shape (n,)
        0 not graded, 1 blue, 2 yellow, 3 orange, 4 red.

    Raises
    ------
    InputError
        An array is not one-dimensional or not of numbers, or the lengths differ.

    Notes
    -----
    Bands of the default profile: D>320 red, 160<D≤320 orange, 70<D≤160 yellow, else blue.

    Examples
    --------
    >>> score, grade = lec([3, 1, 3], [10, 10, 4], [15, 7, 15])
    >>> score.tolist(), grade.tolist()
    ([450.0, 70.0, nan], [4, 1, 0])
    """
    return _core.lec(L, E, C, method(pack), threads)


def ls(
    L: ArrayLike, S: ArrayLike, pack: str | Pack | Method = "ls", *, threads: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Risk matrix score ``R = L * S`` and grade of n judgements; otherwise like :func:`lec`.

    Examples
    --------
    >>> score, grade = ls([3, 3, 4], [5, 4, 5])
    >>> score.tolist(), grade.tolist()
    ([15.0, 12.0, 20.0], [3, 2, 4])
    """
    return _core.ls(L, S, method(pack), threads)
