"""Judgements to scores, scores to grades, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arguments import expect, expect_threads
from ._classification import Classification, Classified, classification, classify, convert_codes
from ._core import Method, Pack
from ._display import counts_html, details, table_html
from ._errors import NotFoundError
from ._explanation import Explanation, Explanations, Level, level_of
from ._major_hazard import MajorHazards, MajorHazardStandard, major_hazard_standard
from ._methods import Methods, check_file, colour_maps, input_headers, method, methods
from ._result import MadeTable, Result
from ._score_arrays import Tallies, encode, isa, lec, ls, score_codes, tally
from .core import Issues

if TYPE_CHECKING:
    from ._audit import Audit

__all__ = [
    "Classification",
    "Classified",
    "Explanation",
    "Explanations",
    "GradeOptions",
    "Graded",
    "Level",
    "MajorHazardStandard",
    "MajorHazards",
    "Method",
    "Methods",
    "Source",
    "Tallies",
    "check_file",
    "classification",
    "classify",
    "colour_maps",
    "convert_codes",
    "encode",
    "grade_table",
    "input_headers",
    "isa",
    "lec",
    "ls",
    "major_hazard_standard",
    "method",
    "methods",
    "score_codes",
    "tally",
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


@dataclass(frozen=True)
class GradeOptions:
    """How a register was graded.

    Attributes
    ----------
    method
        Full id of the method that the call named; None where each row names its own.
    as_of
        Day whose editions were taken.
    colours
        Colour maps.
    averaged
        Whether averages between the steps were accepted.
    """

    method: str | None = None
    as_of: str | None = None
    colours: tuple[Pack, ...] = ()
    averaged: bool = False


#: What readers call the fate of a row.
_STATUS_WORDS = {"graded": "已评定", "not_gradable": "无法评定", "rejected": "数据无效"}


class Graded(Result):
    """A graded register: exactly the rows of the input, in its order.

    Columns: ``id``, ``method`` (full pack id), ``score`` (None without one), ``grade`` (``red
    orange yellow blue``, or None, also where the method has levels without colours), ``level``
    (label of the band: ``1``, ``A``), ``status`` (``graded``, ``not_gradable``, ``rejected``),
    ``band`` (as the source prints it), ``override`` (rule id or None), ``clause``.
    """

    _kind = "graded"

    def __init__(
        self,
        graded: _core.Graded,
        issues: Issues | None = None,
        source: Source | None = None,
        options: GradeOptions | None = None,
    ) -> None:
        self._graded = graded
        self._options = GradeOptions() if options is None else options
        self._source = Source() if source is None else source
        read = Issues() if issues is None else issues
        self._issues = read + Issues(graded.issues)
        if not len(graded):
            none = _core.IssueTable()
            none.add("scoring.no_rows", table="risk_points", source=graded.input.source)
            self._issues += Issues(none)
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._graded.to_table()
        return self._made

    @property
    def input(self) -> _core.Table:
        """The register as it was given, under the canonical column names."""
        return self._graded.input

    @property
    def source(self) -> Source:
        """Headers and file of the register."""
        return self._source

    @property
    def options(self) -> GradeOptions:
        """How the register was graded."""
        return self._options

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
            ``rows_in graded not_gradable rejected red orange yellow blue without_colour``; the
            first is the sum of the next three, ``graded`` the sum of the last five. Without colour
            are rows of methods that have levels but no colours.
        """
        return self._graded.counts()

    def level(self, row: int | str) -> Level | None:
        """Level of row `row` (a number, or an id) on its method's scale, None without one.

        Raises
        ------
        NotFoundError
            There is no such row.
        """
        return level_of(self._graded.level(self._row(row)))

    def explain(self, row: int | str, lang: str = "zh") -> Explanation:
        """Why a row has its grade, or has none.

        Parameters
        ----------
        row
            Number of the row (counted from 0; negative from the end), or an id as text: the first
            row that has it.
        lang
            ``"zh"`` or ``"en"``.

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
        expect("lang", lang, str)
        index = self._row(row)
        data = json.loads(self._graded.explain_json(index, lang))
        return Explanation(self._graded.explain_text(index, lang), data, lang)

    def explanations(self, lang: str = "zh", *, threads: int = 0) -> Explanations:
        """Why each row has its grade, as columns: :meth:`explain` of all rows at once.

        Parameters
        ----------
        lang
            ``"zh"`` or ``"en"``: titles, meanings, words of bands, control, rules.
        threads
            0 for as many as the machine has; results are the same for any number.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> g = sr.grade({"id": ["罐区"], "L": ["3"], "E": [6], "C": [15]}, method="lec")
        >>> why = g.explanations().to_columns()
        >>> [why[name][0] for name in ("L_given", "L_meaning", "band", "band_word")]
        ['3', '可能，但不经常', '160<D≤320', '高度危险']
        """
        return Explanations(self._graded.explanations(lang, threads))

    def prose(self, lang: str = "zh", *, threads: int = 0) -> MadeTable:
        """Why each row has its grade, in words: ``id`` and ``text``, what :meth:`explain` says of it.

        Texts are made in the compiled part and lie in one piece of memory, which Arrow and polars use
        where it lies: a million rows of LEC take some 600 MB.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, method="lec")
        >>> g.prose().to_columns()["text"][0] == g.explain(0).text
        True
        """
        expect_threads(threads)
        return MadeTable(self._graded.prose(lang, threads), "prose")

    def audit(self, packs: Literal["inside", "beside"] = "inside") -> Audit:
        """The record of this grading: inputs, packs, options, version, results.

        ``.save(path)`` writes it, :func:`safetyrisk.verify` grades it again.
        """
        from ._audit import Audit

        return Audit(self, packs)

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

    def _row(self, row: int | str) -> int:
        """Index from 0 of a row told by its number or its id."""
        expect("row", row, int, np.integer, str)
        if isinstance(row, str):
            return self.row_of(row)
        index = int(row) + len(self) if row < 0 else int(row)
        if not 0 <= index < len(self):
            raise NotFoundError(f"there is no row {row}; the register has {len(self)} rows")
        return index

    def bodies(self, lang: str = "zh") -> tuple[list[str], NDArray[np.int32]]:
        """Explanations of all rows without their first line, each distinct text once.

        Returns
        -------
        (list of str, ndarray of shape (n,))
            The texts, and for each row which of them is its.
        """
        return self._graded.bodies(lang)

    def full_table(self) -> _core.Table:
        """The register's own columns followed by those of the grading (``id`` once).

        Where the register has the name of one, that one is ``graded_`` and the name, in the place
        of what an earlier grading may have left there.
        """
        graded = self._table()
        table = self.input
        taken = set(table.names)
        replaced = {"method"} | {f"graded_{name}" for name in graded.names if name in taken}
        out = _core.Table(table.table, table.source)
        for name in table.names:
            if name not in replaced:
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
        more = f", without colour {c['without_colour']}" if c["without_colour"] else ""
        return (
            f"<safetyrisk graded: {c['rows_in']} rows = {c['graded']} graded "
            f"(red {c['red']}, orange {c['orange']}, yellow {c['yellow']}, blue {c['blue']}{more}) "
            f"+ {c['not_gradable']} not gradable + {c['rejected']} rejected>"
        )

    def _repr_html_(self) -> str:
        c = self.counts()
        fate = (
            f"共 {c['rows_in']} 行：已评定 {c['graded']}，无法评定 {c['not_gradable']}，"
            f"数据无效 {c['rejected']}；问题 {len(self.issues)} 条"
        )
        if c["without_colour"]:
            fate += f"；其中 {c['without_colour']} 行的方法不规定颜色"
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
        for index, row in enumerate(rows):
            if row["status"] == "graded" and row["grade"] is None:
                level = self.level(index)
                row["level"] = "无等级" if level is None else level.word["zh"]
            row["status"] = _STATUS_WORDS[row["status"]]
        # Four zeros would say that nothing is dangerous where the method has no colours at all.
        colours = "" if 0 < c["graded"] == c["without_colour"] else counts_html(c)
        return details("风险分级结果", colours, fate, table_html(rows, columns), more)


def grade_table(
    table: _core.Table,
    method: str | Pack | Method | None = None,
    *,
    as_of: str | None = None,
    direct: str | Pack | None = None,
    colours: str | Pack | Sequence[str | Pack] | None = None,
    averaged: bool = False,
    named: Sequence[tuple[str, Method]] = (),
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Graded:
    """Grade a core table; :func:`safetyrisk.grade` takes every other kind of table.

    `named` are methods that names of the column ``method`` mean, before the library's own are asked.
    """
    chosen: dict[str, Any] = {}
    if isinstance(method, str):
        chosen["method"] = method
    elif method is not None:
        chosen["custom"] = method if isinstance(method, Method) else _core.compile_method(method)
    maps = colour_maps(colours)
    graded = _core.grade(
        table,
        as_of=as_of,
        direct=direct if isinstance(direct, str) else "",
        rules=direct if isinstance(direct, Pack) else None,
        colours=maps,
        averaged=averaged,
        named=list(named),
        threads=threads,
        progress=progress,
        **chosen,
    )
    one = graded.methods[0].id if chosen else None
    return Graded(graded, options=GradeOptions(one, as_of, tuple(maps), averaged))
