"""A work plan as a workbook for dispatch (调度)."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._files import atomic_path
from ..plan import Changes, Coverage, DutyList, Plan
from ..plan.page import ROLE_GROUNDS, issue_words, plan_parts
from ..plan.tables import (
    CADENCE_WORDS,
    CHANGE_WORDS,
    ROLE_WORDS,
    UNRESOLVED_WORDS,
    PlanTable,
    in_words,
    matrix_cells,
    task_heads,
)  # fmt: skip
from .findings import write_page
from .save import save_table
from .xlsx import Sheet, issues_sheet, write_workbook

__all__ = ["save_plan", "save_plan_table"]

_HEADS = {
    "id": "任务编号", "no": "条目", "title": "任务", "section": "章节", "deadlines": "完成期限",
    "frequencies": "频次", "targets": "目标", "text": "原文", "unit": "单位", "tasks": "任务数",
    "month": "月份", "date": "期限", "cadence": "频次", "task": "任务编号", "units": "主要单位",
    "what": "情形", "value": "内容", "role": "职责", "with": "同任务的其他单位", "done": "完成情况",
    "begin": "起", "end": "止", "group": "类别",
} | ROLE_WORDS  # fmt: skip
_GROUPS = {"task": "任务", "phase": "阶段", "safeguard": "保障措施"}
_SHEETS = {
    "zh": ("任务清单", "单位×任务", "按月到期", "未解析", "问题", "单位索引"),
    "en": ("Tasks", "Matrix", "Due", "Unresolved", "Issues", "Units"),
}
#: Sheets of single units; more are left to the index, which says so.
_MOST_UNITS = 200
_UNSAFE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def save_plan(plan: Plan, path: str | os.PathLike[str], *, lang: str = "zh") -> Path:
    """Write a plan as ``.xlsx .html .json .csv .parquet``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".json":
        with atomic_path(target) as draft:
            draft.write_text(plan.to_json().rstrip("\n") + "\n", encoding="utf-8")
        return target
    if suffix == ".html":
        write_page(target, plan.title or plan.id or "工作计划", *plan_parts(plan))
        return target
    if suffix != ".xlsx":
        return save_table(plan, target)
    write_workbook(target, _sheets(plan, lang), created=plan.date, title=plan.title)
    return target


def save_plan_table(table: PlanTable, path: str | os.PathLike[str], *, lang: str = "zh") -> Path:
    """Write a table of a plan as ``.xlsx .html .json .csv .parquet``.

    Workbook and page are for people and whole: Chinese headers and words, the lists of a duty list
    and the figures of a comparison on sheets of their own. The others have the codes.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    title = table.title
    if suffix == ".html":
        write_page(target, title, table.page_html())
    elif suffix == ".xlsx":
        write_workbook(target, _table_sheets(table, lang), title=title)
    else:
        save_table(table, target)
    return target


def _table_sheets(table: PlanTable, lang: str) -> list[Sheet]:
    zh = lang == "zh"
    shown = _cells(table.shown(lang))
    if zh:  # codes of the parser, and places as the graph takes them
        shown = {head: cells for head, cells in shown.items() if head not in ("规则", "span")}
    if isinstance(table, DutyList):
        which = table.to_columns()["list"].tolist()
        sheets = []
        for code, name in (("duty", "职责清单"), ("task", "年度任务清单")):
            rows = [i for i, one in enumerate(which) if one == code]
            part = {head: [cells[i] for i in rows] for head, cells in list(shown.items())[1:]}
            part["完成情况" if zh else "done"] = [None] * len(rows)
            sheets.append(Sheet(name if zh else code, part, wrap=True, frozen=2))
        return sheets
    if isinstance(table, Coverage):
        figures = _cells(table.sections.shown(lang))
        missing = [row["no"] for row in table.uncovered]
        at = [i for i, no in enumerate(table.to_columns()["no"].tolist()) if no in missing]
        part = {head: [cells[i] for i in at] for head, cells in shown.items()}
        names = ("覆盖情况", "未覆盖", "全部任务") if zh else ("figures", "uncovered", "all")
        return [
            Sheet(
                names[0],
                figures,
                wrap=True,
                styles={name: {"num_format": "0.0%"} for name in _SHARES if name in figures},
            ),
            Sheet(names[1], part, wrap=True, frozen=2),
            Sheet(names[2], shown, wrap=True, frozen=2),
        ]
    name = "任务对比" if isinstance(table, Changes) else _cut(_UNSAFE.sub("_", table.title), 31)
    sheets = [Sheet(name if zh else table.kind, shown, wrap=True, frozen=1)]
    if isinstance(table, Changes):
        counts = table.counts()
        heads = ("变化", "次数") if zh else ("change", "count")
        words = [CHANGE_WORDS[one] if zh else one for one in counts]
        sheets.insert(
            0, Sheet("汇总" if zh else "summary", {heads[0]: words, heads[1]: [*counts.values()]})
        )
    return sheets


def _sheets(plan: Plan, lang: str) -> list[Sheet]:
    zh = lang == "zh"
    titles = _SHEETS[lang]
    roles = ROLE_WORDS if zh else {role: role for role in ROLE_WORDS}
    listed = plan.to_columns()
    for hidden in ("begin", "end"):
        listed.pop(hidden)
    if zh:
        listed["group"] = [_GROUPS.get(cell, cell) for cell in listed["group"]]
        listed["frequencies"] = [_each(cell, CADENCE_WORDS) for cell in listed["frequencies"]]
    for name in [*ROLE_WORDS, "deadlines", "frequencies", "targets"]:
        shown = [cell and cell.replace(";", "、" if zh else "; ") for cell in listed[name]]
        if any(shown) or name == "deadlines":
            listed[name] = shown
        else:
            listed.pop(name)
    listed["done"] = [None] * len(plan)
    cells = matrix_cells(plan)
    order = sorted(cells, key=lambda unit: -len(cells[unit]))
    across: dict[str, list[Any]] = {
        "unit": order,
        "tasks": [len(cells[unit]) for unit in order],
    }
    heads = task_heads(plan)
    for i in range(len(heads)):
        across[f"task {i}"] = [
            "、".join(roles[role] for role in cells[unit].get(i, ())) or None for unit in order
        ]
    due = plan.due().to_columns()
    still = plan.unresolved.to_columns()
    if zh:
        due["cadence"] = [cell and CADENCE_WORDS.get(cell, cell) for cell in due["cadence"]]
        due["month"] = [in_words(month, {}) or "经常性" for month in due["month"]]
        due["date"] = [in_words(date, {}) for date in due["date"]]
        listed["deadlines"] = [in_words(cell, {}) for cell in listed["deadlines"]]
        still["what"] = [UNRESOLVED_WORDS.get(cell, cell) for cell in still["what"]]
    still["tasks"] = [cell.replace(";", "、" if zh else "; ") for cell in still["tasks"]]
    due["units"] = [cell and cell.replace(";", "、" if zh else "; ") for cell in due["units"]]
    due["done"] = [None] * len(due["units"])
    issues = plan.issues.in_language(lang).to_columns()
    if zh:
        issues["message"] = [issue_words(one) for one in issues["message"]]
    names = _names(order[:_MOST_UNITS], titles)
    index = {
        "unit": order,
        "sheet": [names.get(unit, "") for unit in order],
        **{
            role: [sum(role in found for found in cells[unit].values()) for unit in order]
            for role in ROLE_WORDS
        },
    }
    return [
        Sheet(titles[0], _cells(listed), _labels(listed, zh), wrap=True, frozen=3),
        Sheet(
            titles[1], across,
            _labels(across, zh) | {f"task {i}": head for i, head in enumerate(heads)},
            wrap=True, frozen=1,
            colours={name: {roles[role]: ground for role, ground in ROLE_GROUNDS.items()}
                     for name in across if name not in ("unit", "tasks")},
        ),
        Sheet(titles[2], _cells(due), _labels(due, zh), wrap=True),
        Sheet(titles[3], still, _labels(still, zh) | ({"tasks": "涉及条目", "count": "次数"} if zh else {}), wrap=True),
        issues_sheet(titles[4], issues, lang),
        Sheet(titles[5], index, _labels(index, zh) | ({"sheet": "工作表"} if zh else {})),
        *(_unit_sheet(plan, unit, names[unit], cells[unit], roles, zh) for unit in names),
    ]  # fmt: skip


def _unit_sheet(
    plan: Plan,
    unit: str,
    name: str,
    by_task: Mapping[int, Sequence[str]],
    roles: Mapping[str, str],
    zh: bool,
) -> Sheet:
    """What one unit has to do, in the order of the plan."""
    rows = [(plan.tasks[i], found) for i, found in by_task.items()]
    comma = "、" if zh else "; "
    columns: dict[str, list[Any]] = {
        "unit": [unit] * len(rows),
        "no": [task.no for task, _ in rows],
        "title": [task.title for task, _ in rows],
        "role": [comma.join(roles[role] for role in found) for _, found in rows],
        "deadlines": [
            in_words(";".join(task.deadlines), {}) if zh else comma.join(task.deadlines) or None
            for task, _ in rows
        ],
        "frequencies": [
            comma.join(CADENCE_WORDS.get(c, c) if zh else c for c in task.frequencies) or None
            for task, _ in rows
        ],
        "targets": [comma.join(str(t["text"]) for t in task.targets) or None for task, _ in rows],
        "with": [
            comma.join(dict.fromkeys(u.name for u in task.units if u.name != unit)) or None
            for task, _ in rows
        ],
        "text": [task.text for task, _ in rows],
        "done": [None] * len(rows),
    }
    return Sheet(name, _cells(columns), _labels(columns, zh), wrap=True)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)(%?)")
_SHARES = ("覆盖率", "ratio")
_FIGURES = (*_SHARES, "相似度", "score")
_DAYS = ("期限", "完成期限", "date", "deadlines")


def _cells(columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Columns whose days and figures are a spreadsheet's own, to sort and reckon with."""
    out: dict[str, list[Any]] = {}
    for name, cells in columns.items():
        if name in _DAYS:
            cells = [dt.date.fromisoformat(cell) if isinstance(cell, str) and _DAY.fullmatch(cell)
                     else cell for cell in cells]  # fmt: skip
        elif name in _FIGURES:
            cells = [_number(cell) for cell in cells]
        out[name] = list(cells)
    return out


def _number(cell: Any) -> Any:
    found = _FIGURE.fullmatch(cell) if isinstance(cell, str) else None
    return cell if found is None else round(float(found[1]) / (100 if found[2] else 1), 4)


def _labels(columns: Mapping[str, Any], zh: bool) -> dict[str, str]:
    return {name: _HEADS[name] for name in columns if name in _HEADS} if zh else {}


def _each(cell: str | None, words: Mapping[str, str]) -> str | None:
    return cell and ";".join(words.get(part, part) for part in cell.split(";"))


def _names(units: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """Names of sheets: 31 characters at most, without what Excel forbids, each once."""
    used = {name.lower() for name in taken} | {"history"}
    out: dict[str, str] = {}
    for unit in units:
        bare = _UNSAFE.sub("_", unit).strip("' ") or "_"
        name, n = _cut(bare, 31), 1
        while name.lower() in used:
            n += 1
            name = _cut(bare, 31 - len(f"~{n}")) + f"~{n}"
        used.add(name.lower())
        out[unit] = name
    return out


def _cut(text: str, most: int) -> str:
    """As many characters as fit into so many UTF-16 units, without an apostrophe at the end."""
    cut = text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
    return cut.rstrip("' ") or "_"
