"""Major hazard installations for hazardous chemicals: the units of a table of substances, judged."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from . import _core
from ._core import MajorHazardStandard, Pack
from ._display import details, table_html
from ._errors import InputError, NotFoundError
from ._result import Result
from .core import Issues

if TYPE_CHECKING:
    from ._audit import Audit

__all__ = [
    "HazardColours",
    "HazardExplanation",
    "HazardInputs",
    "MajorHazardRows",
    "MajorHazardStandard",
    "MajorHazards",
    "major_hazard_standard",
    "major_hazard_table",
]


class HazardExplanation:
    """Why a unit is, or is not, a major hazard installation, and of which level."""

    def __init__(self, text: str, data: dict[str, Any], lang: str = "zh") -> None:
        self._text = text
        self._data = data
        self._lang = lang

    @property
    def text(self) -> str:
        """The explanation as prose."""
        return self._text

    def to_dict(self) -> dict[str, Any]:
        """The explanation as data: substances with Q, q/Q and β, S, α, R, level, issues."""
        return dict(self._data)

    def to_json(self) -> str:
        """The explanation as JSON text."""
        return json.dumps(self._data, ensure_ascii=False)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<safetyrisk explanation of {self._data['unit']!r}: {self._data['verdict']}>"

    def _repr_html_(self) -> str:
        lines = "<br>".join(html.escape(line) for line in self._text.splitlines())
        title = "重大危险源判定说明" if self._lang == "zh" else "Explanation of the verdict"
        return details(title, lines)


class MajorHazardRows(Result):
    """What became of each row of a table of substances.

    Columns: ``row unit name cas``, ``substance_no`` and ``substance`` (of table 1), ``symbol``,
    ``quantity_t``, ``Q`` and ``Q_clause``, ``ratio`` (q/Q), ``beta`` and ``beta_clause``, ``status``
    (``graded not_gradable rejected``), ``reason`` (issue codes).
    """

    _kind = "major_hazard_rows"

    def __init__(self, table: _core.Table) -> None:
        self._rows_table = table

    def _table(self) -> _core.Table:
        return self._rows_table

    def __repr__(self) -> str:
        return f"<safetyrisk major hazard rows: {len(self)}>"

    def _repr_html_(self) -> str:
        columns = {
            "unit": "单元",
            "name": "物质",
            "substance": "表1",
            "quantity_t": "q（t）",
            "Q": "Q（t）",
            "ratio": "q/Q",
            "beta": "β",
            "status": "状态",
        }
        shown = 30
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        return details("危险化学品明细", table_html(self._rows(shown), columns), more)


class HazardColours(Result):
    """Colours that a named rule gives to the levels; the standard has none.

    Columns: ``unit``, ``level``, ``grade`` (``red orange yellow blue``, None without a level),
    ``rule``, ``confidence``.
    """

    _kind = "hazard_colours"

    def __init__(self, table: _core.Table, rule: str) -> None:
        self._colours = table
        self._rule = rule

    def _table(self) -> _core.Table:
        return self._colours

    def __repr__(self) -> str:
        return f"<safetyrisk colours of {len(self)} units by {self._rule}, not by the standard>"

    def _repr_html_(self) -> str:
        columns = {"unit": "单元", "level": "级别", "grade": "颜色"}
        title = f"重大危险源配色（{self._rule}；标准没有规定颜色）"
        return details(title, table_html(self._rows(30), columns))


@dataclass(frozen=True)
class HazardInputs:
    """What units were judged from.

    Attributes
    ----------
    table
        Substances, under the canonical column names.
    exposed, exposed_by_unit
        People exposed outside, for all units or by unit.
    beta
        ``"max"`` or None.
    """

    table: _core.Table
    exposed: int | None = None
    exposed_by_unit: Mapping[str, int] = field(default_factory=dict)
    beta: Literal["max"] | None = None


class MajorHazards(Result):
    """Units judged by GB 18218: S decides whether a unit is a major hazard installation, R its level.

    Columns: ``unit``; ``S``, ``R`` and ``level`` (一级 … 四级), empty where there is none; ``complete``;
    ``S_at_least`` (the sum of what is certain); ``missing``; ``major`` (``yes no undetermined``);
    ``exposed``, ``alpha``; ``rows graded not_gradable rejected``; ``clause``; ``method``. Units stand
    by name; rows that say no unit are a last one without a name.
    """

    _kind = "major_hazards"

    def __init__(
        self,
        judged: _core.MajorHazards,
        standard: MajorHazardStandard,
        asked: HazardInputs,
        read: Issues | None = None,
    ) -> None:
        self._asked = asked
        self._judged = judged
        self._standard = standard
        self._issues = (Issues() if read is None else read) + Issues(judged.issues)

    def _table(self) -> _core.Table:
        return self._judged.to_table()

    @property
    def asked(self) -> HazardInputs:
        """What the units were judged from."""
        return self._asked

    def audit(self, packs: Literal["inside", "beside"] = "inside") -> Audit:
        """The record of this judgement; ``.save(path)`` writes it, `safetyrisk.verify` replays it."""
        from ._audit import Audit

        return Audit(self, packs)

    @property
    def standard(self) -> MajorHazardStandard:
        """The standard, with its tables."""
        return self._standard

    @property
    def issues(self) -> Issues:
        """What was wrong with the table: of reading it, then of judging it."""
        return self._issues

    @property
    def rows(self) -> MajorHazardRows:
        """What became of each row: the substance found, Q, q/Q, β, and why not."""
        return MajorHazardRows(self._judged.rows_table())

    def counts(self) -> dict[str, int]:
        """How many units and rows had which fate.

        Returns
        -------
        dict
            ``units`` = ``yes`` + ``no`` + ``undetermined``; ``incomplete``; one entry for each level;
            ``rows_in`` = ``graded`` + ``not_gradable`` + ``rejected``.
        """
        return self._judged.counts()

    def explain(self, unit: str | int, lang: str = "zh") -> HazardExplanation:
        """Why a unit, given by name or by its row in the result, is judged as it is.

        Raises
        ------
        NotFoundError
            There is no such unit.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> m = sr.major_hazard({"unit": ["罐区"], "name": ["液氯"], "quantity_t": [62.5]}, exposed=100)
        >>> print(m.explain("罐区"))
        单元 罐区：构成危险化学品重大危险源，一级
        方法：危险化学品重大危险源辨识与分级（gb18218.2018，第 1 版，可信度 V2）
        液氯（即 氯） 62.5 t：Q = 5 t（表1 第12项），q/Q = 12.5，β = 4（表3）
        S = 62.5/5 = 12.5，满足 S≥1，构成重大危险源（4.2 式（1））
        厂外可能暴露人员 100 人，α = 2（表5，≥100）
        R = α·Σβ·q/Q = 2×(4×62.5/5) = 100，一级（4.3 式（2），表6，R≥100）
        依据：GB 18218-2018 危险化学品重大危险源辨识 表1—表6，4.1—4.3 (2018-11-19 发布，2019-03-01 实施)
        """
        if isinstance(unit, str):
            index = self._judged.unit_of(unit)
            if index is None:
                raise NotFoundError(f"there is no unit {unit!r}")
        else:
            index = unit + len(self) if unit < 0 else unit
            if not 0 <= index < len(self):
                raise NotFoundError(f"there is no unit {unit}; there are {len(self)}")
        text = self._judged.text(index, lang)
        return HazardExplanation(text, json.loads(self._judged.json(index, lang)), lang)

    def colours(self, rule: str | Pack = "hazard_colours") -> HazardColours:
        """Colours for the levels, by a named rule.

        GB 18218 defines no colours. The default rule, 一级 red … 四级 blue, is a habit of dashboards
        (confidence D), and its name stands in every row; do not print it as the standard's.

        Parameters
        ----------
        rule
            Id or family of a pack of kind ``colour_map`` for the scale ``gb18218``, or one of your own.

        Raises
        ------
        NotFoundError
            There is no such pack.
        InputError
            The pack is of another kind, or has no colour for a level.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> m = sr.major_hazard({"unit": ["罐区"], "name": ["液氯"], "quantity_t": [62.5]}, exposed=100)
        >>> m.colours().to_columns()["grade"].tolist(), m.colours().to_columns()["rule"][0]
        (['red'], 'hazard_colours.usual')
        """
        pack = rule if isinstance(rule, Pack) else _colour_pack(rule, self._standard)
        by_level = _level_colours(pack, self._standard)
        units = self._table()
        levels = units.column("level").tolist()
        out = _core.Table("hazard_colours")
        out.add_from("unit", units, "unit")
        out.add_from("level", units, "level")
        out.add("grade", [None if level is None else by_level[level] for level in levels])
        out.add("rule", [pack.id] * len(levels))
        out.add("confidence", [pack.confidence] * len(levels))
        return HazardColours(out, pack.id)

    def __len__(self) -> int:
        return len(self._judged)

    def __repr__(self) -> str:
        c = self.counts()
        levels = ", ".join(f"{level['zh']} {c[level['zh']]}" for level in self._standard.levels)
        return (
            f"<safetyrisk major hazards: {c['units']} units = {c['yes']} yes ({levels}) + {c['no']} no "
            f"+ {c['undetermined']} undetermined; {c['incomplete']} incomplete>"
        )

    def _repr_html_(self) -> str:
        c = self.counts()
        levels = "，".join(f"{level['zh']} {c[level['zh']]}" for level in self._standard.levels)
        graded = sum(c[level["zh"]] for level in self._standard.levels)
        levels += f"，级别待定 {c['yes'] - graded}"
        fate = (
            f"共 {c['units']} 个单元：构成重大危险源 {c['yes']}（{levels}），不构成 {c['no']}，"
            f"待定 {c['undetermined']}；物质 {c['rows_in']} 行，无法计算 {c['not_gradable']}，"
            f"数据无效 {c['rejected']}；问题 {len(self.issues)} 条"
        )
        columns = {
            "unit": "单元",
            "major": "重大危险源",
            "S": "S",
            "R": "R",
            "level": "级别",
            "S_at_least": "S 至少",
            "missing": "缺少",
        }
        shown = 30
        rows = self._rows(shown)
        words = {"yes": "是", "no": "否", "undetermined": "待定"}
        for row in rows:
            row["major"] = words[row["major"]]
        more = f"另有 {len(self) - shown} 个单元未在此显示" if len(self) > shown else ""
        title = f"危险化学品重大危险源（{self._standard.id}）"
        return details(title, fate, table_html(rows, columns), more)


def _colour_pack(name: str, standard: MajorHazardStandard) -> Pack:
    maps = [pack for pack in _core.packs() if pack.kind == "colour_map"]
    known = [pack for pack in maps if _colour_map(pack)["scale"] == _scale(standard)]
    for pack in known:
        if name == pack.id or (pack.default and pack.id.startswith(name + ".")):
            return pack
    raise NotFoundError(
        f"there is no pack {name!r} of colours; there are: {', '.join(p.id for p in known)}"
    )


def _colour_map(pack: Pack) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(pack.canonical)["content"]
    return content


def _scale(standard: MajorHazardStandard) -> str:
    return standard.id.partition(".")[0]


def _level_colours(pack: Pack, standard: MajorHazardStandard) -> dict[str, str]:
    """Colours by the name of a level; maps call levels by their number, 1 the gravest."""
    if pack.kind != "colour_map":
        raise InputError(f"{pack.id}: is a pack of kind '{pack.kind}', not of colours")
    content = _colour_map(pack)
    if content["scale"] != _scale(standard):
        raise InputError(f"{pack.id}: has colours for {content['scale']!r}, not for {standard.id}")
    grades = {one["label"]: one["grade"] for one in content["levels"]}
    out = {}
    for number, level in enumerate(standard.levels, 1):
        grade = grades.get(str(number))
        if grade not in ("red", "orange", "yellow", "blue"):
            raise InputError(f"{pack.id}: has no colour for {level['zh']}")
        out[level["zh"]] = str(grade)
    return out


def major_hazard_standard(
    name: str | Pack | MajorHazardStandard = "gb18218", as_of: str | None = None
) -> MajorHazardStandard:
    """The standard of a name (full id or family), or of a pack of your own.

    Raises
    ------
    NotFoundError
        There is no such pack.
    InputError
        No edition is valid on `as_of`, the pack is of another kind or contradicts itself.

    Examples
    --------
    >>> standard = major_hazard_standard()
    >>> standard.by_name("光气"), standard.by_cas("7782-50-5"), standard.by_name("硝酸铵")
    ([6], [12], [43, 44])
    """
    if isinstance(name, MajorHazardStandard):
        return name
    if isinstance(name, Pack):
        return _core.compile_major_hazard(name)
    return _core.find_major_hazard_standard(name, as_of)


def major_hazard_table(
    table: _core.Table,
    standard: MajorHazardStandard,
    *,
    exposed: float | Mapping[str, float] | None = None,
    beta: Literal["max"] | None = None,
    progress: Callable[[int, int], None] | None = None,
    read: Issues | None = None,
) -> MajorHazards:
    """Judge a core table; :func:`safetyrisk.major_hazard` takes every other kind of table."""
    if beta not in (None, "max"):
        raise InputError(f"beta is {beta!r}; it is None or 'max'")
    by_unit: dict[str, int] = {}
    for_all: int | None = None
    if isinstance(exposed, Mapping):
        by_unit = {str(unit): _people(n, f"exposed[{unit!r}]") for unit, n in exposed.items()}
    elif exposed is not None:
        for_all = _people(exposed, "exposed")
    judged = _core.major_hazard(
        table,
        standard=standard,
        exposed=for_all,
        exposed_by_unit=by_unit,
        largest_beta=beta == "max",
        progress=progress,
    )
    return MajorHazards(judged, standard, HazardInputs(table, for_all, by_unit, beta), read)


def _people(value: Any, name: str) -> int:
    """A whole number of people, not negative."""
    try:
        number = int(value)
        whole = not isinstance(value, bool | str) and number == value
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole or not 0 <= number < 2**62:
        raise InputError(f"{name} is {value!r}; it is a whole number of people, 0 or more")
    return number
