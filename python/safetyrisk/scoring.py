"""Judgements to scores, scores to grades, and why."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arguments import expect, expect_threads
from ._classification import Classification, Classified, classification, classify, convert_codes
from ._core import Method, Pack
from ._display import chip, counts_html, details, table_html
from ._errors import InputError, NotFoundError
from ._faults import fault
from ._major_hazard import MajorHazards, MajorHazardStandard, major_hazard_standard
from ._method_words import level_text
from ._result import MadeTable, Result
from .core import Grade, Issues, load_pack

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


@dataclass(frozen=True, eq=False)
class Level:
    """A level of a named scale; levels of different scales are never compared.

    Attributes
    ----------
    scale
        Id of the scale, ``"park_safety_risk"``.
    label
        As the source prints it, ``"A"``.
    rank
        1 for the gravest.
    word
        ``{"zh", "en"}``.
    grade
        Colour, None where the method has none.

    Examples
    --------
    >>> a, d = Level("park_safety_risk", "A", 1), Level("park_safety_risk", "D", 4)
    >>> a > d  # graver is greater
    True
    >>> a > Level("coal_mine_class", "A", 1)
    Traceback (most recent call last):
    safetyrisk.InputError: levels of different scales are not compared: A of park_safety_risk, A of coal_mine_class
    """

    scale: str
    label: str
    rank: int
    word: Mapping[str, str] = field(default_factory=dict)
    grade: Grade | None = None

    def _order(self, other: Level) -> int:
        if self.scale != other.scale:
            raise InputError(
                "levels of different scales are not compared: "
                f"{self.label} of {self.scale}, {other.label} of {other.scale}"
            )
        return other.rank - self.rank

    def __eq__(self, other: object) -> bool:
        return self._order(other) == 0 if isinstance(other, Level) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._order(other) < 0 if isinstance(other, Level) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._order(other) <= 0 if isinstance(other, Level) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._order(other) > 0 if isinstance(other, Level) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._order(other) >= 0 if isinstance(other, Level) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.scale, self.rank))

    def __str__(self) -> str:
        return self.label


def _level(data: Mapping[str, Any] | None) -> Level | None:
    if data is None:
        return None
    grade = None if data["grade"] is None else Grade(data["grade"])
    return Level(data["scale"], data["label"], data["rank"], dict(data["word"]), grade)


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

    @property
    def level(self) -> Level | None:
        """The level of the method's scale, None without one."""
        return _level(self._data["level"])

    def to_dict(self) -> dict[str, Any]:
        """The explanation as data: inputs, factors, steps, score, level, override, clause, issues."""
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
        shown = chip(self._data["grade"] or "unassessed")
        level = self.level
        if self._data["grade"] is None and level is not None:
            shown = chip("unassessed", level_text(level.label, level.word["zh"]))
        chain = [
            {
                "id": step["id"],
                "name": step["name"]["zh"],
                "value": "" if step["value"] is None else step["value"],
                "how": step["how"]["zh"],
                "meaning": step["meaning"]["zh"],
            }
            for step in self._data["steps"]
        ]
        columns = {"name": "步骤", "id": "代号", "value": "结果", "how": "计算", "meaning": "含义"}
        steps = table_html(chain, columns) if chain else ""
        return details("等级说明", shown, steps, lines)


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
        return _level(self._graded.level(self._row(row)))

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
        return Explanation(self._graded.explain_text(index, lang), data)

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


class Explanations(Result):
    """Why each row of a graded register has its grade, as columns.

    Columns: ``id``; the pack: ``method title pack_version pack_sha256 confidence``; for each factor
    the value that was used (``L``, None without one) and what the step says (``L_meaning``); the
    inputs as given, parts among them (``L_given``, ``C_people_given``); ``score``; ``band`` (as the
    source prints it), ``band_label``, ``band_word``; ``grade``; where a rule overrode the score
    ``grade_by_score`` (what the score alone gives), ``override`` and ``override_text``; ``control``,
    ``clause``, ``status``. None where :meth:`Graded.explain` has nothing to say; what was wrong
    with a row is in :attr:`Graded.issues`.

    Inputs and scores are used where they lie and texts are kept once each, so that a million rows
    cost milliseconds as Arrow, polars or pandas.
    """

    _kind = "explanations"

    def __init__(self, table: _core.Table) -> None:
        self._made = table

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk explanations: {len(self)} rows, {len(self._made.names)} columns>"

    def _repr_html_(self) -> str:
        table = self._made
        columns = {name: name for name in table.names if name not in ("pack_sha256", "title")}
        return details("等级说明", table_html(self._rows(10), columns))


class Methods(Result):
    """The packs of scoring methods, one row each."""

    _kind = "methods"

    def __init__(self, methods: list[Method | MajorHazardStandard], lang: str = "zh") -> None:
        self._methods = methods
        self._lang = lang

    def _table(self) -> _core.Table:
        packs = [method.pack for method in self._methods]
        table = _core.Table("methods")
        table.add("id", [pack.id for pack in packs])
        table.add("title", [pack.title(self._lang) for pack in packs])
        table.add("default", [pack.default for pack in packs])
        table.add("form", [_form(m) for m in self._methods])
        table.add("scale", [_scale(m) for m in self._methods])
        table.add("confidence", [pack.confidence for pack in packs])
        table.add("version", [pack.version for pack in packs])
        table.add("valid_from", [pack.valid_from for pack in packs])
        table.add("valid_to", [pack.valid_to for pack in packs])
        table.add("inputs", [_inputs(m) for m in self._methods])
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
            "scale": "级别体系",
            "confidence": "可信度",
            "inputs": "输入",
            "source": "依据",
        }
        rows = [
            {
                **row,
                "default": "默认" if row["default"] else "",
                "scale": _scale_name(method),
                "inputs": _few(str(row["inputs"])),
            }
            for row, method in zip(self._rows(), self._methods, strict=True)
        ]
        return details("评价方法", table_html(rows, columns))


def _form(method: Method | MajorHazardStandard) -> str:
    return "major_hazard" if isinstance(method, MajorHazardStandard) else method.form


def _scale(method: Method | MajorHazardStandard) -> str:
    return method.pack.id if isinstance(method, MajorHazardStandard) else method.scale["id"]


def _scale_name(method: Method | MajorHazardStandard) -> str:
    """What a reader calls the levels: the scale's name, or the four colours of a product."""
    if isinstance(method, MajorHazardStandard):
        return "重大危险源级别"
    return "安全风险等级" if method.form == "product" else str(method.scale["name"]["zh"])


def _few(inputs: str) -> str:
    """The first inputs of a method and how many there are, short enough for a column."""
    names = inputs.split(";")
    return "、".join(names) if len(names) <= 6 else f"{'、'.join(names[:3])} 等 {len(names)} 项"


def _inputs(method: Method | MajorHazardStandard) -> str:
    if isinstance(method, MajorHazardStandard):
        return "unit;name;symbol;quantity_t;exposed"
    return ";".join(one["id"] for one in method.inputs)


def methods(lang: str = "zh") -> Methods:
    """Table of the scoring methods that ship with the library.

    Examples
    --------
    >>> {"gb18218.2018", "lec.t1", "park.2023"} <= set(methods().to_columns()["id"])
    True
    """
    every: list[Method | MajorHazardStandard] = [*_core.methods()]
    every += [major_hazard_standard(p) for p in _core.packs() if p.kind == "major_hazard"]
    return Methods(sorted(every, key=lambda m: m.id), lang)


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
    if not isinstance(name, str):
        raise InputError(f"method is a {type(name).__name__}; it is a name, a pack or a method")
    try:
        return _core.find_method(name, as_of)
    except NotFoundError as error:
        _, mark, near = str(error).partition("near names are ")
        words = ("", f"（相近的有：{near}）" if mark else "")
        raise fault("method.unknown", reason=error, name=name, near=words) from None
    except InputError as error:
        raise fault("method.wrong", reason=error, name=name) from None


def input_headers(method: Method) -> list[tuple[str, ...]]:
    """Headers that mean the inputs of a method: id, then names, with the unit or the id in brackets.

    Examples
    --------
    >>> input_headers(method("injury"))
    [('lost_days', '损失工作日', 'lost work days', '损失工作日（日）', '损失工作日（lost_days）')]
    """
    out = []
    for one in method.inputs:
        unit = [f"{one['zh']}（{one['unit']}）"] if one["unit"] else []
        out.append((one["id"], one["zh"], one["en"], *unit, f"{one['zh']}（{one['id']}）"))
    return out


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


def colour_maps(colours: Any) -> list[Pack]:
    """Packs of kind ``colour_map`` from packs, ids and files (``.json``).

    Raises
    ------
    InputError, NotFoundError
        One is none of these, cannot be read, or there is none of that id.
    """
    if colours is None:
        return []
    listed = [colours] if isinstance(colours, (str, Pack, os.PathLike)) else list(colours)
    named = [
        load_pack(one)
        if isinstance(one, os.PathLike) or (isinstance(one, str) and one.endswith(".json"))
        else one
        for one in listed
    ]
    known = {pack.id: pack for pack in _core.packs() if pack.kind == "colour_map"}
    for one in named:
        if not isinstance(one, (str, Pack)):
            raise InputError(
                f"colours has a {type(one).__name__}; it is a pack, its id or its file"
            )
        if isinstance(one, str) and one not in known:
            raise NotFoundError(
                f"there is no colour map {one!r}; there are {', '.join(known) or 'none'}"
            )
    return [known[one] if isinstance(one, str) else one for one in named]


def check_file(path: str | Path) -> dict[str, str] | None:
    """What is wrong with a file that says a method or a colour map.

    Returns
    -------
    dict or None
        ``path`` in the document, ``zh`` and ``en`` sentence; None for a file in order: it has been
        read, its ranges tile, and its self-tests hold.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None
    except UnicodeDecodeError as error:
        raise fault("csv.bytes", file=path, byte=error.start, encoding="UTF-8") from None
    wrong: dict[str, str] | None = _core.check_pack(text, Path(path).name)
    return wrong


def isa() -> str:
    """Instruction set that the kernels use: ``"scalar"``, ``"avx2"`` or ``"avx512"``.

    The widest that the machine has, or what the environment variable ``SAFETYRISK_ISA`` said when
    it was first needed. Results are the same bytes.

    Raises
    ------
    InputError
        ``SAFETYRISK_ISA`` names no instruction set, or one that this machine does not have.

    Examples
    --------
    >>> isa() in ("scalar", "avx2", "avx512")
    True
    """
    return _core.isa()


def lec(
    L: ArrayLike,
    E: ArrayLike,
    C: ArrayLike,
    pack: str | Pack | Method = "lec",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float64], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """LEC score ``D = L * E * C`` and grade of n judgements.

    Parameters
    ----------
    L, E, C
        Likelihood, exposure and consequence, dimensionless, shape (n,) each; steps of the pack's
        scales. Contiguous arrays of float64, float32, int64, int32 and uint8 are used where they
        lie; a float32 stands for the step whose nearest float32 it is.
    pack
        Profile: ``"lec"`` is the default one, ``"lec.t1"``.
    threads
        0 for as many as the machine has.
    out
        Arrays to write to instead of new ones, shape (n,) each. For large n new memory takes as
        long as grading.

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
    try:
        return _core.score_arrays((L, E, C), method(pack), threads, out)
    except TypeError:
        expect_threads(threads)
        raise


def ls(
    L: ArrayLike,
    S: ArrayLike,
    pack: str | Pack | Method = "ls",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float64], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Risk matrix score ``R = L * S`` and grade of n judgements; otherwise like :func:`lec`.

    Examples
    --------
    >>> score, grade = ls([3, 3, 4], [5, 4, 5])
    >>> score.tolist(), grade.tolist()
    ([15.0, 12.0, 20.0], [3, 2, 4])
    """
    try:
        return _core.score_arrays((L, S), method(pack), threads, out)
    except TypeError:
        expect_threads(threads)
        raise


def encode(
    values: ArrayLike, factor: str, pack: str | Pack | Method = "lec", *, threads: int = 1
) -> NDArray[np.uint8]:
    """Step codes of n judgements of one factor: a byte each, an eighth of float64.

    Parameters
    ----------
    values
        As for :func:`lec`, shape (n,).
    factor
        Id of the factor, ``"L"``.

    Returns
    -------
    ndarray of uint8, shape (n,)
        1 for the smallest step of the factor, 2 for the next; 0 for a value that is no step.

    Raises
    ------
    NotFoundError
        The method has no such factor.

    Examples
    --------
    >>> encode([0.1, 10, 4], "L").tolist()
    [1, 7, 0]
    """
    chosen = method(pack)
    ids = [known["id"] for known in chosen.factors]
    if factor not in ids:
        raise NotFoundError(f"{chosen.id} has the factors {', '.join(ids)}, not {factor!r}")
    return _core.encode_steps(values, ids.index(factor), chosen, threads)


def score_codes(
    factors: Sequence[NDArray[np.uint8]],
    pack: str | Pack | Method = "lec",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Score and grade of n judgements given as step codes (:func:`encode`).

    Parameters
    ----------
    factors
        Codes of each factor in the method's order, shape (n,) each. A code that the factor does
        not have counts as 0.
    out
        Arrays to write to instead of new ones, shape (n,) each.

    Returns
    -------
    score : ndarray of float32, shape (n,)
        The nearest to the exact score; NaN without one.
    grade : ndarray of uint8, shape (n,)
        As of :func:`lec`.

    Examples
    --------
    >>> codes = [encode([0.1, 3], "L"), encode([6, 10], "E"), encode([15, 15], "C")]
    >>> score, grade = score_codes(codes)
    >>> score.tolist(), grade.tolist()
    ([9.0, 450.0], [1, 4])
    """
    return _core.score_codes(tuple(factors), method(pack), threads, out)


class Tallies:
    """What adds up over groups of judgements, one entry for each of k groups.

    Attributes
    ----------
    data
        Structured array, shape (k,): ``sum`` and ``worst`` score in whole units of the method,
        ``ungraded``, and counts of ``blue``, ``yellow``, ``orange``, ``red``.
    method
        The method.
    """

    def __init__(self, data: NDArray[np.void], method: Method) -> None:
        self.data = data
        self.method = method

    @property
    def counts(self) -> NDArray[np.uint32]:
        """Rows of each grade, shape (k, 4): blue, yellow, orange, red."""
        return self.data.view(np.uint32).reshape(-1, 8)[:, 4:]

    @property
    def score_sum(self) -> NDArray[np.float64]:
        """Sum of the scores, shape (k,)."""
        return self.data["sum"] / self.method.unit

    @property
    def worst_score(self) -> NDArray[np.float64]:
        """Largest score, shape (k,); 0 without any."""
        return self.data["worst"] / self.method.unit

    def of_parents(self, parents: ArrayLike, n_groups: int) -> Tallies:
        """Tallies of groups of groups.

        Parameters
        ----------
        parents
            For each group the group above it, whole numbers below `n_groups`, shape (k,).
        n_groups
            How many groups there are above.
        """
        return Tallies(_core.tally_parents(self.data, parents, n_groups), self.method)

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        blue, yellow, orange, red = self.counts.sum(axis=0, dtype=np.int64).tolist()
        return (
            f"<safetyrisk tallies: {len(self)} groups; red {red}, orange {orange}, "
            f"yellow {yellow}, blue {blue}, ungraded {int(self.data['ungraded'].sum())}>"
        )


def tally(
    factors: Sequence[ArrayLike],
    pack: str | Pack | Method = "lec",
    *,
    offsets: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    codes: bool = False,
    threads: int = 1,
) -> Tallies:
    """Grade n judgements and add them up by group, in one pass.

    Parameters
    ----------
    factors
        Judgements of each factor in the method's order, shape (n,) each: values as for :func:`lec`,
        or step codes.
    offsets
        For rows that stand group by group: group g has the rows from ``offsets[g]`` up to, and
        without, ``offsets[g + 1]``; shape (k + 1,), from 0 to n.
    groups
        For rows in any order: the group of each row, whole numbers from 0, shape (n,).
    n_groups
        How many groups there are; with `groups` the largest plus one when left out.
    codes
        Whether `factors` are step codes (:func:`encode`), as uint8, instead of values.
    threads
        0 for as many as the machine has.

    Returns
    -------
    Tallies
        Whole numbers, the same for every order of the rows and number of threads.

    Raises
    ------
    InputError
        Neither or both of `offsets` and `groups` are given, lengths differ, offsets fall, or a
        group is negative or not below `n_groups`.

    Examples
    --------
    >>> t = tally(([3, 1, 3], [10, 10, 4], [15, 7, 15]), groups=[1, 0, 1])
    >>> t.counts.tolist(), t.data["ungraded"].tolist(), t.score_sum.tolist()
    ([[1, 0, 0, 0], [0, 0, 0, 1]], [0, 1], [70.0, 450.0])
    """
    chosen = method(pack)
    if (offsets is None) == (groups is None):
        raise InputError("tally takes either offsets= or groups=")
    if offsets is not None:
        data = _core.tally_offsets(tuple(factors), offsets, chosen, codes, threads)
        if n_groups is not None and n_groups != len(data):
            raise InputError(f"n_groups is {n_groups}, and offsets are of {len(data)} groups")
        return Tallies(data, chosen)
    ids = np.asarray(groups)
    if n_groups is None:
        n_groups = int(ids.max()) + 1 if ids.size else 0
    return Tallies(
        _core.tally_groups(tuple(factors), ids, n_groups, chosen, codes, threads), chosen
    )
