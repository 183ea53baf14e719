"""Results as files: workbooks, CSV, Parquet, JSON and GeoJSON."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._errors import InputError
from .._files import atomic_path
from .._result import Result
from ..core import Issues
from ..region import LEVEL_WORDS, RollUp
from ..scoring import Graded
from .columnar import write_parquet
from .headers import table_spec
from .xlsx import Sheet, write_csv, write_workbook, write_xlsx

__all__ = ["graded_workbook", "save_graded", "save_points", "save_table"]


def save_graded(
    graded: Graded, path: str | os.PathLike[str], *, crs: str = "wgs84", lang: str = "zh"
) -> Path:
    """Write a graded register as ``.xlsx .csv .parquet …``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        graded_workbook(target, graded, graded.issues, lang=lang)
    elif suffix == ".csv":
        write_csv(_columns(graded.full_table()), target)
    elif suffix == ".parquet":
        write_parquet(_typed(graded.full_table()), target)
    elif suffix == ".geojson":
        save_points(graded, target, crs=crs)
    elif suffix == ".json":
        _write_json(graded, target)
    else:
        raise InputError(
            "a graded register is saved as .xlsx, .csv, .parquet, .json or .geojson, "
            f"not as '{target.suffix}'"
        )
    return target


def save_table(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write any result as ``.xlsx .csv .parquet .json``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        write_workbook(target, [Sheet(result.kind, result.to_columns())])
    elif suffix == ".csv":
        write_csv(result.to_columns(), target)
    elif suffix == ".parquet":
        write_parquet(result._table(), target)
    elif suffix == ".json":
        _write_json(result, target)
    else:
        raise InputError(
            f"this result is saved as .xlsx, .csv, .parquet or .json, not as '{target.suffix}'"
        )
    return target


def _number_columns(table: _core.Table) -> list[str]:
    """Columns that hold numbers by their meaning but came as text, from a CSV file say."""
    types = table_spec("risk_points").types
    return [
        name
        for name in table.names
        if types.get(name) in ("number", "integer") and table.type(name) == "text"
    ]


def _mixed_cells(table: _core.Table, name: str) -> list[Any]:
    """Cells of a text column, those that are numbers as numbers and the others as they stand."""
    numbers = table.numbers(name).tolist()
    return [
        text if math.isnan(number) else number
        for number, text in zip(numbers, table.texts(name), strict=True)
    ]


def _typed(table: _core.Table) -> _core.Table:
    """The table with columns of numbers that came as text as numbers, if every cell is one."""
    as_text = _number_columns(table)
    if not as_text:
        return table
    out = _core.Table(table.table, table.source)
    for name in table.names:
        cells = _mixed_cells(table, name) if name in as_text else [""]
        if any(isinstance(cell, str) for cell in cells):
            out.add_from(name, table, name)
        else:
            out.add(name, np.array([np.nan if c is None else c for c in cells], dtype=np.float64))
    return out


def save_points(graded: Graded, path: str | os.PathLike[str], *, crs: str = "wgs84") -> Path:
    """Write the risk points as GeoJSON (WGS84); rows without a position have a null geometry."""
    table = _typed(graded.full_table())
    for name in ("lon", "lat"):
        if not table.has(name):
            table.add(name, np.full(table.rows, np.nan))
    with atomic_path(path) as draft:
        draft.write_bytes(_core.write_points(table, crs))
    return Path(path)


def _write_json(result: Result, path: Path) -> None:
    with atomic_path(path) as draft:
        draft.write_text(result.to_json() + "\n", encoding="utf-8")


def _columns(table: _core.Table) -> dict[str, Any]:
    return {name: table.column(name) for name in table.names}


def graded_workbook(
    path: str | os.PathLike[str],
    graded: Graded,
    issues: Issues,
    *,
    rollups: Iterable[RollUp] = (),
    title: str = "",
    data_date: dt.date | None = None,
    lang: str = "zh",
) -> Issues:
    """Write a graded register as a workbook: summary, legend, issues, grave rows, all rows.

    Returns
    -------
    Issues
        What did not fit into the workbook.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    zh = lang == "zh"
    counts = graded.counts()
    words = (
        ("登记风险点", "rows_in"),
        ("已评定", "graded"),
        ("无法评定", "not_gradable"),
        ("数据无效", "rejected"),
        ("重大风险（红）", "red"),
        ("较大风险（橙）", "orange"),
        ("一般风险（黄）", "yellow"),
        ("低风险（蓝）", "blue"),
    )
    summary: list[tuple[str, Any]] = [("数据集" if zh else "dataset", title)] if title else []
    if data_date is not None:
        summary.append(("数据日期" if zh else "data date", data_date))
    summary += [(word if zh else key, counts[key]) for word, key in words]
    summary.append(("问题" if zh else "issues", len(issues)))
    summary += [
        (
            f"汇总规则（{LEVEL_WORDS[rollup.level]}）" if zh else f"roll-up rule {rollup.level}",
            rollup.rule_text(lang),
        )
        for rollup in rollups
    ]
    for method in graded.methods:
        pack = method.pack
        text = (
            f"{pack.title(lang)}；{'第' if zh else 'version '}{pack.version}{'版，' if zh else ', '}"
            f"{'可信度' if zh else 'confidence '}{pack.confidence}，SHA-256 {pack.sha256}"
        )
        summary.append((f"{'方法' if zh else 'method'} {pack.id}", text))
    summary.append(("safetyrisk", _core.__version__))
    legend: dict[str, str] = {}
    for method in graded.methods:
        for band in method.bands:
            head, held = f"{method.id}：", legend.get(band["grade"], "")
            if head in held:
                legend[band["grade"]] = f"{held}、{band['printed']}"
            else:
                legend[band["grade"]] = f"{held}；{head}{band['printed']}".removeprefix("；")
    legend[""] = "缺少条件（无法评定）或数据无效" if zh else "not gradable or rejected"
    table = graded.full_table()
    points = _columns(table)
    points |= {name: _mixed_cells(table, name) for name in _number_columns(table)}
    cut = write_xlsx(
        path,
        points,
        summary=summary,
        legend=legend,
        issues=issues.in_language(lang).to_columns(),
        data_date=data_date,
        title=title,
        lang=lang,
    )
    found = _core.IssueTable()
    for issue in cut:
        found.add(
            issue.code,
            table="graded",
            source=Path(path).name,
            row=issue.row,
            column=issue.column,
            value=issue.value,
            args=list(issue.args),
        )
    return Issues(found)
