"""Administrative divisions of any kind of table, and the roll-up of a graded register by them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ._arguments import day as to_day
from ._arguments import expect, expect_threads
from ._faults import fault
from .core import Issues
from .region import DivisionTree, Placement, RollUp, check_enterprises
from .scoring import Graded

__all__ = ["Divisions"]


class Divisions(DivisionTree):
    """Administrative divisions, with boundaries where there are any."""

    @classmethod
    def read(
        cls,
        table: Any,
        boundaries: str | os.PathLike[str] | None = None,
        *,
        crs: str = "wgs84",
        columns: Mapping[str, str] | None = None,
        boundary_code: str = "",
        boundary_name: str = "",
        on: str | dt.date | None = None,
        check: bool = True,
    ) -> Divisions:
        """Read divisions and, where there are any, their boundaries.

        Parameters
        ----------
        table
            Table ``divisions`` in any form that :func:`grade` takes: ``code`` (行政区划代码),
            ``name`` and, where there are any, ``level parent population area_km2 valid_from
            valid_to successor``.
        boundaries
            GeoJSON file of polygons; with pyogrio installed, also what it reads (Shapefile,
            GeoPackage).
        crs
            System of the boundaries: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``.
        columns
            Ours to theirs, for `table`.
        boundary_code, boundary_name
            Properties of the boundaries; the usual names are known.
        on
            Day on which the divisions must hold.
        check
            Check shapes and overlaps; seconds for the whole country.

        Raises
        ------
        InputError
            A file cannot be read, a GeoJSON is cut off or none, the system is unknown.
        """
        from .io import as_table, read_boundaries

        expect("columns", columns, Mapping, optional=True)
        for name, text in (("crs", crs), ("boundary_code", boundary_code)):
            expect(name, text, str)
        rows, issues = as_table(table, "divisions", columns)
        day = to_day(on, "on")
        if boundaries is None:
            return cls(rows, on=day, issues=issues)
        outlines, found = read_boundaries(
            boundaries, crs, code=boundary_code, name=boundary_name, check=check
        )
        return cls(rows, outlines, on=day, issues=issues + found)

    def rollup(
        self,
        graded: Graded,
        level: str = "county",
        rule: str = "worst",
        *,
        thresholds: Sequence[Mapping[str, Any]] = (),
        weights: Mapping[str, float] | None = None,
        per: str = "unit",
        enterprises: Any = None,
        crs: str = "wgs84",
        threads: int = 0,
    ) -> RollUp:
        """Count the points of a graded register by region, and grade the regions.

        Parameters
        ----------
        graded
            What :func:`grade` returned. A row's region is its ``division``, else where its ``lon``
            and ``lat`` lie, else its enterprise's; disagreements are issues.
        level
            ``country province city county town village``, or ``enterprise``.
        rule
            ``"worst"``: the gravest point decides. ``"count"``: the first of `thresholds` that is
            met; without any the result has counts and no grades. ``"index"``: the sum of weights ×
            points, in the column ``index``. No official text gives numbers for a region's grade, so
            the rule stands in the result and on the map.
        thresholds
            For ``"count"``: ``{"grade": "red", "red": 1}`` means at least one red point; minima are
            of points of that colour or graver. For ``"index"``: ``{"grade": "red", "index": 50}``,
            from the gravest down; without any the index gives no grades.
        weights
            For ``"index"``: ``{"red": 10, "orange": 5, "yellow": 2, "blue": 1}``, all four, a graver
            grade never below a milder one. There are no default weights: they are yours.
        per
            For ``"index"``: ``"unit"``, the plain sum, which grows with the number of points, or
            ``"point"``, the mean weight of a graded point. A point that gets worse never lowers
            either; but a further mild point lowers the mean, so a region can better its grade
            ``per="point"`` by registering more low risks.
        enterprises
            Table ``enterprises`` in any form that :func:`grade` takes.
        crs
            System of the register's coordinates.

        Returns
        -------
        RollUp
            Every region of the level, those without graded points as 未评估.

        Raises
        ------
        InputError
            The level or the rule is unknown, or thresholds do not fit.
        """
        expect("graded", graded, Graded)
        for name, text in (("level", level), ("rule", rule), ("crs", crs)):
            expect(name, text, str)
        expect_threads(threads)
        firms = None
        issues = Issues()
        if enterprises is not None:
            from .io import as_table

            firms, issues = as_table(enterprises, "enterprises")
            issues += check_enterprises(firms)
        placement = (
            Placement.nowhere(len(graded))
            if level in ("enterprise", "企业")
            else self.place(graded.input, enterprises=firms, crs=crs, threads=threads)
        )
        without = graded.counts()["without_colour"]
        if without:
            raise fault("grades.without_colour", count=without)
        result = self.rollup_graded(
            graded,
            level,
            rule,
            placement=placement,
            thresholds=thresholds,
            weights=weights,
            per=per,
            enterprises=firms,
            threads=threads,
        )
        return result.after(self.issues + issues)
