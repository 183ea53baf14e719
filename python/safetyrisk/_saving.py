"""What is written to files: results, rows to correct, empty workbooks to fill in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ._arguments import expect
from ._core import Method, Pack
from ._faults import fault
from ._major_hazard import MajorHazards
from ._result import Result
from .core import Issues
from .scoring import Graded
from .scoring import method as find_method

if TYPE_CHECKING:
    from ._changes import Diff, WhatIf
    from .graph import DutyGraph

__all__ = ["save", "save_errors", "template"]


def save(
    result: Result | WhatIf | Diff,
    path: str | os.PathLike[str],
    *,
    lang: str | None = None,
    codes: bool = False,
    graph: DutyGraph | None = None,
) -> Path:
    """Write a result as a file for a spreadsheet, a map program or another system.

    Parameters
    ----------
    result
        A graded register, a roll-up, a comparison, issues or any other result.
    path
        ``.xlsx``, ``.csv``, ``.parquet`` or ``.json``; for a graded register also ``.geojson``. A
        graded register as ``.xlsx`` is a workbook with summary, legend, issues, the red and orange rows, and all
        rows up to 200 000; major hazards as ``.xlsx`` have units with their reasons, rows and issues,
        as ``.json`` the explanations; a work plan as ``.xlsx`` its tasks, the matrix of units and tasks, what is
        due by month, what is unresolved and a sheet for each unit, as ``.html`` a page of all that; its
        tables, duty lists and comparisons also as ``.xlsx`` and ``.html``; findings and answers of a
        responsibility graph as ``.xlsx`` or ``.html`` are whole and in words; answers beyond the
        grade (:func:`counterfactual`, :func:`sensitivity`, :func:`uncertain`, :func:`disagreement`,
        :func:`combine`, :func:`current`) as ``.xlsx`` or ``.html`` have results, prose by row, further
        tables, issues and methods, in words. An existing file is replaced when the new one is whole.
    lang
        ``"zh"`` or ``"en"``: headers and words of a workbook or page. Left out: the language in
        which an answer beyond the grade was asked, Chinese for all others.
    codes
        Whether a ``.csv`` of an answer of a responsibility graph has the columns and codes of
        ``to_columns()`` instead of words.
    graph
        Of a work plan as ``.xlsx``, ``.html`` or ``.json``: whom its names mean there.

    Raises
    ------
    OSError
        The file cannot be written.
    InputError
        The ending is none of these, an extra is not installed, or a graph is given with a result
        that is no work plan.

    Examples
    --------
    >>> import safetyrisk as sr, tempfile
    >>> g = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, method="lec")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.save(g, folder + "/grades.csv").name
    'grades.csv'
    """
    from .io import save_graded, save_major_hazards, save_table

    expect("path", path, str, os.PathLike)
    from .io.findings import Shown, save_shown

    if graph is not None:
        from .graph import DutyGraph
        from .plan import Plan

        expect("result", result, Plan)
        expect("graph", graph, DutyGraph)
    if isinstance(result, Shown):
        # What a result of the graph says was fixed when it was asked, with its language.
        return save_shown(result, path, lang=result._speaker.lang, codes=codes)
    if not isinstance(result, Result):
        raise fault(
            "argument.type", name="result", value=repr(result)[:40], kind=type(result).__name__,
            wanted=("a result", "一个结果"),
        )  # fmt: skip
    from ._beyond import BeyondTable

    if isinstance(result, BeyondTable):
        from .io.answers import save_answer

        return save_answer(result, path, lang=lang)
    lang = lang or "zh"
    if isinstance(result, Graded):
        return save_graded(result, path, lang=lang)
    if result.kind == "findings":
        from ._findings import Findings
        from .io.findings import save_findings

        if isinstance(result, Findings):
            return save_findings(result, path, lang=lang)
    if result.kind == "comparison":
        from .io.compare import Comparison
        from .io.save import save_comparison

        if isinstance(result, Comparison):
            return save_comparison(result, path, lang=lang)
    if result.kind == "regraded":
        from ._regrade import Regraded
        from .io.regraded import save_regraded

        if isinstance(result, Regraded):
            return save_regraded(result, path, lang=lang)
    if isinstance(result, MajorHazards):
        return save_major_hazards(result, path, lang=lang)
    if result.kind == "plan":
        from .io.plan_book import save_plan
        from .plan import Plan

        if isinstance(result, Plan):
            return save_plan(result, path, lang=lang, graph=graph)
    from .plan.tables import PlanTable

    if isinstance(result, PlanTable):
        from .io.plan_book import save_plan_table

        return save_plan_table(result, path, lang=lang)
    return save_table(result, path)


def save_errors(
    graded: Graded,
    path: str | os.PathLike[str],
    *,
    issues: Issues | None = None,
    all_rows: bool = False,
    lang: str = "zh",
    force: bool = False,
) -> Path:
    """Write the rows that need correcting, as the user gave them, to be corrected and read again.

    His rows and columns in his order under his own headers, with 【行号】, 【问题】 and 【建议】 before
    them and the cells at fault coloured; what concerns no row stands in a second sheet. Readers pass
    over what was added. The user's own file is never changed.

    Parameters
    ----------
    graded
        What :func:`grade` returned.
    path
        ``.xlsx``.
    issues
        More issues than those of grading, ``graded.issues + rollup.issues`` say.
    all_rows
        All rows, not only those with an error or a warning.
    lang
        ``"zh"`` or ``"en"``.
    force
        Replace a file that is there, which may hold corrections, when the new one is whole.

    Raises
    ------
    InputError
        `path` is the register itself, does not end in ``.xlsx``, or is there already.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import safetyrisk as sr, tempfile
    >>> g = sr.grade({"编号": ["a", "b"], "L": [3, 5], "E": [6, 6], "C": [15, 15]}, method="lec")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sr.save_errors(g, folder + "/改正.xlsx")
    ...     sr.grade(path, method="lec").to_columns()["id"].tolist()
    ['b']
    """
    from .io.errors import write_errors

    expect("graded", graded, Graded)
    expect("path", path, str, os.PathLike)
    expect("issues", issues, Issues, optional=True)
    expect("force", force, bool)
    return write_errors(graded, path, issues=issues, all_rows=all_rows, lang=lang, force=force)[0]


def template(
    table: str,
    path: str | os.PathLike[str],
    *,
    method: str | Pack | Method | None = None,
    direct: str | None = None,
    lang: str = "zh",
    force: bool = False,
) -> Path:
    """Write an empty workbook to fill in.

    Headers that :func:`grade` knows, drop-down lists of the steps with their meaning (``6　相当可能``,
    read as 6), checks of coordinates and codes, codes as text, one example row that is never read
    as data, and a sheet 填写说明 with scales, bands and sources.

    Parameters
    ----------
    table
        ``risk_points``, ``enterprises``, ``divisions``, ``substances``; of the responsibility graph
        ``nodes``, ``edges``, ``hazards``, ``tasks``, ``records``, ``duties``.
    path
        ``.xlsx``.
    method
        For risk points, the method whose factors (or parts of factors) are asked for; without it
        there is a column for the method of each row, and factors have no lists.
    direct
        For risk points, a pack of direct-determination rules whose columns are added.
    lang
        ``"zh"`` or ``"en"``.
    force
        Replace a file that is there.

    Raises
    ------
    InputError
        The file is there already, or does not end in ``.xlsx``.
    NotFoundError
        There is no such template, method or pack.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import safetyrisk as sr, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sr.template("risk_points", folder + "/模板.xlsx", method="lec")
    ...     sr.grade(path, method="lec").counts()["rows_in"]
    0
    """
    from .io.template import write_template

    expect("table", table, str)
    expect("path", path, str, os.PathLike)
    expect("direct", direct, str, optional=True)
    chosen = None if method is None else find_method(method)
    return write_template(path, table, chosen, direct=direct, lang=lang, force=force)
