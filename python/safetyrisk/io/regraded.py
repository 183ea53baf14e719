"""A re-grading as a workbook or a page: sentences, matrix, regions, who changed and why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .._regrade import CAUSE_WORDS, CHANGE_WORDS, Regraded
from .findings import write_page
from .headers import label
from .save import save_table
from .xlsx import Sheet, grade_colours, issues_sheet, write_workbook

__all__ = ["save_regraded"]

# Rows that a page lists; a workbook and a CSV file have all.
_SHOWN = 2000


def save_regraded(result: Regraded, path: str | os.PathLike[str], *, lang: str = "zh") -> Path:
    """Write a re-grading as ``.xlsx .html .csv .parquet .json``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".html":
        title = "重新评定对比" if lang == "zh" else "Graded again"
        write_page(target, title, result._html(_SHOWN, lang), lang=lang)
        return target
    if suffix != ".xlsx":
        return save_table(result, target)
    zh = lang == "zh"
    changed = result.changed_rows().tolist()
    rows = result.rows_table(changed, lang)
    listed: dict[str, Any] = {name: rows.column(name) for name in rows.names}
    if zh:
        listed["change"] = [CHANGE_WORDS[word] for word in listed["change"]]
        listed["cause"] = [CAUSE_WORDS[word] for word in listed["cause"]]
    matrix = result.matrix().to_columns()
    states = {name: result.state_word(name, lang) for name in matrix if name != "before"}
    states["total"] = "合计" if zh else "total"
    counts: list[tuple[str, Any]] = [("行数" if zh else "rows", result.counts()["rows"])]
    counts += [(CHANGE_WORDS[k] if zh else k, result.counts()[k]) for k in CHANGE_WORDS]
    told = [("说明" if zh else "text", text) for text in result.sentences(lang)]
    summary = told + counts
    colours = grade_colours()
    sheets = [
        Sheet(
            "汇总" if zh else "Summary",
            {"item": [k for k, _ in summary], "value": [v for _, v in summary]},
            {"item": "项目", "value": "内容"} if zh else {},
            wrap=True,
        ),
        Sheet(
            "等级变化" if zh else "Matrix",
            matrix,
            states | {"before": "原＼新" if zh else "before"},
            {"before": states},
            {"before": colours},
        ),
    ]
    if result._regions is not None:
        regions = result.by_region().to_columns()
        heads = {name: _region_word(name, result) for name in regions} if zh else {}
        sheets.append(Sheet("分区域" if zh else "Regions", regions, heads))
    sheets.append(
        Sheet(
            "变化清单" if zh else "Changes",
            listed,
            {name: _word(name) for name in listed} if zh else {},
            {"before": states, "after": states},
            {"before": colours, "after": colours},
        )
    )
    issues = result.after.issues.in_language(lang)
    sheets.append(issues_sheet("问题" if zh else "Issues", issues.to_columns(), lang))
    write_workbook(target, sheets, title="重新评定" if zh else "regraded")
    return target


_SIDES = {"before": "原", "after": "新"}


def _word(name: str) -> str:
    known = {
        "before": "原等级",
        "after": "新等级",
        "change": "变化",
        "cause": "原因",
        "why": "说明",
    }
    if name in known:
        return known[name]
    head, _, side = name.rpartition("_")
    return f"{_SIDES[side]}{label('graded', head)}" if side in _SIDES else label("graded", name)


def _region_word(name: str, result: Regraded) -> str:
    known = {"code": "行政区划代码", "name": "名称", "rows": "行数"} | CHANGE_WORDS
    if name in known:
        return known[name]
    head, _, side = name.rpartition("_")
    return f"{_SIDES[side]}{result.state_word(head)}"
