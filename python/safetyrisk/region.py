"""Divisions, boundaries, where a point lies, and what adds up in a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arguments import expect, expect_threads
from ._display import chip, details, table_html
from ._errors import InputError
from ._faults import fault
from ._result import Result
from .core import Issues

__all__ = [
    "Boundaries",
    "DivisionTree",
    "GradedRows",
    "Placement",
    "RollUp",
    "check_enterprises",
    "convert",
    "enterprises_absent",
]

Boundaries = _core.Boundaries

#: What a level is called, 企业 among them.
LEVEL_WORDS = {
    "country": "全国",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "town": "乡级",
    "village": "村级",
    "enterprise": "企业",
}
_GRADES = ("red", "orange", "yellow", "blue")


def convert(
    lon: ArrayLike, lat: ArrayLike, source: str, target: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions of another coordinate system: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,) each.

    Returns
    -------
    lon, lat : ndarray, shape (n,)
        NaN where the input is not finite. WGS84 and CGCS2000 are one system here (they differ by
        decimetres); the inverses are exact.

    Raises
    ------
    InputError
        A system is unknown, or the lengths differ.

    Examples
    --------
    >>> lon, lat = convert([116.404], [39.915], "wgs84", "gcj02")
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (116.410244499, 39.916404282)
    """
    expect("source", source, str)
    expect("target", target, str)
    x, y = _core.convert(lon, lat, source, target)
    nowhere = ~(np.isfinite(x) & np.isfinite(y))
    x[nowhere] = np.nan
    y[nowhere] = np.nan
    return x, y


def enterprises_absent(register: _core.Table) -> Issues:
    """Say so when a register names enterprises and no table of them is there."""
    found = _core.IssueTable()
    if register.has("enterprise"):
        found.add(
            "region.enterprise_table_absent",
            table=register.table,
            source=register.source,
            column="enterprise",
        )
    return Issues(found)


def check_enterprises(enterprises: _core.Table) -> Issues:
    """Credit codes and industry codes of a table of enterprises that cannot be."""
    found = _core.IssueTable()
    _core.check_enterprises(enterprises, found)
    return Issues(found)


class GradedRows(Protocol):
    """What a roll-up needs of a graded register; `safetyrisk.scoring.Graded` is one."""

    @property
    def input(self) -> _core.Table:
        """The register."""

    @property
    def grades(self) -> NDArray[np.uint8]:
        """Grade codes, shape (n,)."""

    @property
    def statuses(self) -> NDArray[np.uint8]:
        """Status codes, shape (n,)."""

    def counts(self) -> dict[str, int]:
        """How many rows had which fate."""

    def bodies(self, lang: str = "zh") -> tuple[list[str], NDArray[np.int32]]:
        """Explanations, each distinct text once."""

    def to_columns(self) -> dict[str, Any]:
        """Columns of the grading."""


@dataclass(frozen=True)
class Placement:
    """The division of each row of a register.

    Attributes
    ----------
    division
        Index of the division, -1 where there is none; shape (n,).
    how
        0 none, 1 given, 2 located, 3 by the enterprise; shape (n,).
    issues
        Rows whose division is missing, unknown or contradicted.
    """

    division: NDArray[np.int32]
    how: NDArray[np.uint8]
    issues: Issues

    @classmethod
    def nowhere(cls, rows: int) -> Placement:
        """Rows that nobody has placed: enough to roll up by enterprise."""
        division = np.broadcast_to(np.int32(-1), rows)  # one cell, seen `rows` times
        return cls(division, np.broadcast_to(np.uint8(0), rows), Issues())


class RollUp(Result):
    """Points counted by region or enterprise, and the grade that a named rule gives to each.

    Columns: ``code name level`` (or ``id name`` …), ``red orange yellow blue graded not_gradable
    rejected rows enterprises``, ``index`` (with the rule ``index``), ``worst``, ``grade`` (None for
    未评估), ``state`` (``assessed`` or ``unassessed``), ``rule``. The sum of ``rows`` is the number of
    points.
    """

    _kind = "rollup"

    def __init__(
        self,
        table: _core.Table,
        issues: Issues,
        *,
        level: str,
        rule: tuple[str, str, str],
        tree: DivisionTree,
        graded: GradedRows,
        placement: Placement,
        read: Issues | None = None,
        enterprises: _core.Table | None = None,
    ) -> None:
        self._result = table
        self._enterprises = enterprises
        self._own = issues
        self._read = Issues() if read is None else read
        self._level = level
        self._rule = rule
        self.tree = tree
        self.graded = graded
        self.placement = placement

    def _table(self) -> _core.Table:
        return self._result

    @property
    def issues(self) -> Issues:
        """Issues of the divisions, of placing the points and of adding them up."""
        return self._read + self.placement.issues + self._own

    @property
    def own_issues(self) -> Issues:
        """Issues of adding up alone."""
        return self._own

    def after(self, issues: Issues) -> RollUp:
        """Give the same result with issues of reading the divisions before its own."""
        return RollUp(
            self._result,
            self._own,
            level=self._level,
            rule=self._rule,
            tree=self.tree,
            graded=self.graded,
            placement=self.placement,
            read=issues,
            enterprises=self._enterprises,
        )

    def enterprise_names(self) -> dict[str, str]:
        """Names of enterprises by id, from the table of enterprises; empty without one."""
        table = self._enterprises
        if table is None or not (table.has("id") and table.has("name")):
            return {}
        pairs = zip(table.texts("id"), table.texts("name"), strict=True)
        return {key: name for key, name in pairs if key and name}

    @property
    def level(self) -> str:
        """``country province city county town village`` or ``enterprise``."""
        return self._level

    @property
    def rule(self) -> str:
        """The rule with its parameters, ``"worst"``."""
        return self._rule[0]

    def rule_text(self, lang: str = "zh") -> str:
        """The rule in a sentence."""
        return self._rule[1 if lang == "zh" else 2]

    def counts(self) -> dict[str, int]:
        """Number of regions by grade: ``regions red orange yellow blue unassessed``.

        A last row for points that belong to no region is not counted.
        """
        grades = self._result.column("grade").tolist()
        key = self._result.column("id" if self._level == "enterprise" else "code").tolist()
        named = [grade for grade, code in zip(grades, key, strict=True) if code]
        out = {"regions": len(named)}
        out |= {grade: named.count(grade) for grade in _GRADES}
        out["unassessed"] = named.count(None)
        return out

    def __repr__(self) -> str:
        c = self.counts()
        return (
            f"<safetyrisk roll-up by {self._level}, rule {self.rule}: {c['regions']} regions "
            f"(red {c['red']}, orange {c['orange']}, yellow {c['yellow']}, blue {c['blue']}, "
            f"unassessed {c['unassessed']})>"
        )

    def _repr_html_(self) -> str:
        c = self.counts()
        chips = " ".join(chip(g, None) + f" {c[g]}" for g in (*_GRADES, "unassessed"))
        key = "id" if self._level == "enterprise" else "code"
        columns = {
            key: "代码" if key == "code" else "编号",
            "name": "名称",
            "grade": "等级",
            **({"index": "指数"} if self.rule.startswith("index") else {}),
            "red": "红",
            "orange": "橙",
            "yellow": "黄",
            "blue": "蓝",
            "not_gradable": "无法评定",
            "rejected": "数据无效",
        }
        shown = 30
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        title = f"{LEVEL_WORDS[self._level]}汇总（规则：{self.rule_text()}）"
        return details(title, chips, table_html(self._rows(shown), columns), more)


class DivisionTree:
    """Administrative divisions, with boundaries where there are any.

    Parameters
    ----------
    table
        Table ``divisions``: ``code`` and ``name``, further columns as in the README.
    boundaries
        Outlines of divisions, usually of one level.
    on
        Day on which the divisions must hold; needed when the table has validity dates.
    issues
        Issues of reading the table and the boundaries.
    """

    def __init__(
        self,
        table: _core.Table,
        boundaries: _core.Boundaries | None = None,
        *,
        on: str | None = None,
        issues: Issues | None = None,
    ) -> None:
        self._divisions = _core.Divisions(table, on)
        self._boundaries = boundaries
        self._locator = None if boundaries is None else _core.Locator(boundaries)
        codes = [] if boundaries is None else [boundaries.code(i) for i in range(len(boundaries))]
        self._codes = np.array([*codes, ""])  # the last is the code of -1
        read = Issues() if issues is None else issues
        self._issues = read + Issues(self._divisions.issues)
        self._join = np.empty(0, dtype=np.int32)
        if boundaries is not None:
            joined = _core.IssueTable()
            self._join = _core.join(self._divisions, boundaries, joined)
            self._issues = self._issues + Issues(joined)

    @property
    def issues(self) -> Issues:
        """What was wrong with the divisions and the boundaries."""
        return self._issues

    @property
    def boundaries(self) -> _core.Boundaries | None:
        """The outlines, in WGS84."""
        return self._boundaries

    @property
    def boundary_divisions(self) -> NDArray[np.int32]:
        """For each boundary the index of its division, -1 where there is none."""
        return self._join

    def index(self, code: str) -> int:
        """Index of a division by code, -1 when it is not there."""
        return self._divisions.find(code)

    def name(self, code: str) -> str:
        """Name of a division; empty when it has none or is not there."""
        index = self.index(code)
        return "" if index < 0 else self._divisions.name(index)

    def table(self) -> _core.Table:
        """Columns ``code name level parent population area_km2`` of all divisions."""
        return self._divisions.table()

    def units_at(self, level: str) -> NDArray[np.int32]:
        """Index of the division of a level in which each division lies, -1 where there is none."""
        return self._divisions.units_at(level)

    def __len__(self) -> int:
        return len(self._divisions)

    def __repr__(self) -> str:
        outlines = 0 if self._boundaries is None else len(self._boundaries)
        return f"<safetyrisk divisions: {len(self)}, {outlines} with boundaries>"

    def _repr_html_(self) -> str:
        levels = self.table().column("level").tolist()
        counts = "，".join(
            f"{word} {levels.count(level)}"
            for level, word in LEVEL_WORDS.items()
            if level in levels and level != "country"
        )
        outlines = 0 if self._boundaries is None else len(self._boundaries)
        return details("行政区划", counts, f"有边界 {outlines} 个；问题 {len(self.issues)} 条")

    @property
    def boundary_codes(self) -> NDArray[np.str_]:
        """Canonical codes of the boundaries, ascending; shape (number of boundaries,)."""
        return self._codes[:-1]

    def locate(
        self, lon: ArrayLike, lat: ArrayLike, crs: str = "wgs84", *, threads: int = 1
    ) -> NDArray[np.str_]:
        """Codes of the divisions in whose boundaries points lie.

        Parameters
        ----------
        lon, lat
            Degrees in the system `crs`, shape (n,) each.
        threads
            How many may work, 0 for as many as the machine has; the result is the same.

        Returns
        -------
        ndarray of str, shape (n,)
            Canonical codes, ``""`` outside every boundary. A point on a shared border belongs to
            exactly one of the neighbours.

        Raises
        ------
        InputError
            There are no boundaries, the system is unknown, or the lengths differ.
        """
        return self._codes.take(self.locate_index(lon, lat, crs, threads=threads), mode="wrap")

    def locate_index(
        self, lon: ArrayLike, lat: ArrayLike, crs: str = "wgs84", *, threads: int = 1
    ) -> NDArray[np.int32]:
        """Where points lie as whole numbers, for millions of them: see `locate`.

        Returns
        -------
        ndarray of int32, shape (n,)
            Index into `boundary_codes`, -1 outside every boundary.
            ``divisions.boundary_divisions[index]`` is the number of the division then (of those
            with ``index >= 0``).

        Raises
        ------
        InputError
            There are no boundaries, the system is unknown, or the lengths differ.
        """
        if self._locator is None:
            raise fault("boundaries.missing")
        expect("crs", crs, str)
        expect_threads(threads)
        try:
            x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
            y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise InputError(f"lon and lat are arrays of degrees: {error}") from None
        if _core.parse_crs(crs) not in ("wgs84", "cgcs2000"):
            x, y = _core.convert(x, y, crs, "wgs84")
        return self._locator.locate(x, y, threads)

    def place(
        self,
        rows: _core.Table,
        *,
        enterprises: _core.Table | None = None,
        crs: str = "wgs84",
        threads: int = 0,
    ) -> Placement:
        """Find the division of each row of a register.

        A row's division is the one it gives, else where its ``lon`` and ``lat`` lie, else its
        enterprise's; disagreements are issues, and the first source wins.

        Raises
        ------
        InputError
            The coordinate system is unknown.
        """
        division, how, _, issues = _core.assign(
            self._divisions, rows, enterprises, self._boundaries, self._locator, crs, threads
        )
        return Placement(division, how, Issues(issues))

    def rollup_graded(
        self,
        graded: GradedRows,
        level: str = "county",
        rule: str = "worst",
        *,
        placement: Placement,
        thresholds: Sequence[Mapping[str, Any]] = (),
        weights: Mapping[str, float] | None = None,
        per: str = "unit",
        enterprises: _core.Table | None = None,
        threads: int = 0,
    ) -> RollUp:
        """Roll up a graded and placed register; `safetyrisk.Divisions.rollup` documents it."""
        rows = graded.input
        if isinstance(thresholds, Mapping) or not all(isinstance(t, Mapping) for t in thresholds):
            raise InputError('thresholds is a list of dicts such as {"grade": "red", "red": 1}')
        if not isinstance(weights, Mapping | None):
            raise InputError('weights is a dict such as {"red": 10, "orange": 5, …}')
        lines = [dict(line) for line in thresholds]
        parts = dict(weights or {})
        level = "enterprise" if level in ("enterprise", "企业") else _core.parse_level(str(level))
        if level == "enterprise":
            if not rows.has("enterprise"):
                raise fault("rollup.no_enterprise")
            table, issues, *text = _core.rollup_enterprises(
                rows,
                graded.grades,
                graded.statuses,
                rule,
                lines,
                parts,
                per,
                enterprises,
                threads,
            )
        else:
            table, issues, *text = _core.rollup(
                self._divisions,
                placement.division,
                graded.grades,
                graded.statuses,
                level,
                rule,
                lines,
                parts,
                per,
                rows,
                threads,
            )
        return RollUp(
            table,
            Issues(issues),
            level=level,
            rule=(text[0], text[1], text[2]),
            tree=self,
            graded=graded,
            placement=placement,
            enterprises=enterprises,
        )
