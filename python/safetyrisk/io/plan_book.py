"""A work plan as a workbook for dispatch (调度)."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._files import atomic_path
from ..plan import Changes, Coverage, DutyList, Plan, Task
from ..plan.naming import Naming
from ..plan.page import ROLE_GROUNDS, issue_words, plan_parts
from ..plan.tables import (
    CADENCE_WORDS,
    CHANGE_WORDS,
    GROUP_WORDS,
    MOST_CELLS,
    ROLE_WORDS,
    UNRESOLVED_WORDS,
    PlanTable,
    in_words,
    matrix_cells,
    parts_table,
    stated_times,
    task_heads,
    unit_names,
)  # fmt: skip
from .findings import write_page
from .save import save_table
from .xlsx import Sheet, issues_sheet, write_workbook

if TYPE_CHECKING:
    from ..core import Issues
    from ..graph import DutyGraph

__all__ = ["save_plan", "save_plan_table"]

_HEADS = {
    "id": "任务编号", "no": "条目", "title": "任务", "section": "章节", "deadlines": "完成期限",
    "frequencies": "频次", "targets": "目标", "text": "原文", "unit": "单位", "tasks": "任务数",
    "month": "月份", "date": "期限", "cadence": "频次", "task": "任务编号", "units": "主要单位",
    "what": "情形", "value": "内容", "role": "职责", "with": "同任务的其他单位", "done": "完成情况",
    "begin": "起", "end": "止", "group": "类别",
} | ROLE_WORDS  # fmt: skip
_SHEETS = {
    "zh": ("任务清单", "单位×任务", "按月到期", "未解析", "问题", "单位索引"),
    "en": ("Tasks", "Matrix", "Due", "Unresolved", "Issues", "Units"),
}
#: Sheets of single units; more are left to the index, which says so.
_MOST_UNITS = 200
_UNSAFE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def save_plan(
    plan: Plan,
    path: str | os.PathLike[str],
    *,
    lang: str = "zh",
    graph: DutyGraph | None = None,
) -> Path:
    """Write a plan as ``.xlsx .html .json .csv .parquet``; `safetyrisk.save` documents it.

    With a graph workbook, page and JSON say whom each name means there and what is wrong with it.
    """
    target = Path(path)
    issues = plan.issues if graph is None else plan.issues + plan.edges(graph).issues
    suffix = target.suffix.lower()
    if suffix == ".json":
        with atomic_path(target) as draft:
            written = plan.to_json() if graph is None else _resolved(plan, graph)
            draft.write_text(written.rstrip("\n") + "\n", encoding="utf-8")
        return target
    if suffix == ".html":
        write_page(target, plan.title or plan.id or "工作计划", *plan_parts(plan, graph, issues))
        return target
    if suffix != ".xlsx":
        return save_table(plan, target)
    sheets = _sheets(plan, lang, graph, issues)
    write_workbook(target, sheets, created=plan.date, title=plan.title)
    return target


def _resolved(plan: Plan, graph: DutyGraph) -> str:
    """The plan's JSON, whose units have the ids of whom they mean, and with the graph's issues."""
    naming = Naming(graph, plan)
    raw = json.loads(plan.to_json())
    for task, told in zip(plan.tasks, raw["tasks"], strict=True):
        for unit, one in zip(task.units, told["units"], strict=True):
            one["nodes"] = list(
                dict.fromkeys(
                    node for meant, _ in naming.of(unit) for node in meant.nodes
                    if meant.finding not in ("open", "ambiguous")
                )
            )  # fmt: skip
    words = ("severity", "code", "value", "message", "hint")
    found = plan.edges(graph).issues
    raw["issues"] += [{word: getattr(one, word) for word in words} | {"task": -1} for one in found]
    return json.dumps(raw, ensure_ascii=False)


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
        if table.near:  # what these lists leave out, for a person to look at
            head = "未计入写法相近的名称" if zh else "spelt alike, not counted"
            sheets.append(Sheet("写法相近" if zh else "near", {head: list(table.near)}, wrap=True))
        return sheets
    if isinstance(table, Coverage):
        figures = _cells(table.sections.shown(lang))
        status = table.to_columns()["status"].tolist()
        at = [i for i, one in enumerate(status) if one == "uncovered"]
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


def _sheets(plan: Plan, lang: str, graph: DutyGraph | None, told: Issues) -> list[Sheet]:
    zh = lang == "zh"
    titles = _SHEETS[lang]
    roles = ROLE_WORDS if zh else {role: role for role in ROLE_WORDS}
    listed = plan.to_columns()
    for hidden in ("begin", "end"):
        listed.pop(hidden)
    if zh:
        listed["group"] = [GROUP_WORDS.get(cell, cell) for cell in listed["group"]]
        listed["frequencies"] = [_each(cell, CADENCE_WORDS) for cell in listed["frequencies"]]
    for name in [*ROLE_WORDS, "deadlines", "frequencies", "targets"]:
        shown = [cell and cell.replace(";", "、" if zh else "; ") for cell in listed[name]]
        if any(shown) or name == "deadlines":
            listed[name] = shown
        else:
            listed.pop(name)
    listed["text"] = [_printed(plan, task) for task in plan.tasks]
    listed["done"] = [None] * len(plan)
    open_times = stated_times(plan, lang)
    cells = matrix_cells(plan, graph)
    order = sorted(cells, key=lambda unit: -len(cells[unit]))
    across: dict[str, list[Any]] = {
        "unit": order,
        "tasks": [len(cells[unit]) for unit in order],
    }
    heads = task_heads(plan)
    small = len(order) * len(heads) <= MOST_CELLS
    for i in range(len(heads) if small else 0):
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
    comma = "、" if zh else "; "
    for i, more in open_times.items():
        dated = listed["deadlines"][i]
        listed["deadlines"][i] = comma.join([*([dated] if dated else []), *more])
    still["tasks"] = [cell.replace(";", "、" if zh else "; ") for cell in still["tasks"]]
    due["units"] = [cell and cell.replace(";", "、" if zh else "; ") for cell in due["units"]]
    due["done"] = [None] * len(due["units"])
    issues = told.in_language(lang).to_columns()
    if zh:
        issues["message"] = [issue_words(one) for one in issues["message"]]
    meant: list[Sheet] = []
    # Printed names of one unit alone.
    own: dict[str, set[str]] = {unit: {unit} for unit in order} if graph is None else {}
    if graph is not None:
        called = unit_names(plan, graph)
        for task in plan.tasks:
            for unit in task.units:
                if len(who := called(unit)) == 1:
                    own.setdefault(who[0], set()).add(unit.name)
        named = plan.names(graph).shown(lang)
        meant = [Sheet("单位对应" if zh else "Names", named, wrap=True, frozen=1)]
    names = _names(order[:_MOST_UNITS], (*titles, *(sheet.name for sheet in meant)))
    index = {
        "unit": order,
        "sheet": [names.get(unit, "") for unit in order],
        **{
            role: [sum(role in found for found in cells[unit].values()) for unit in order]
            for role in ROLE_WORDS
        },
    }
    if small:
        matrix_sheet = Sheet(
            titles[1], across,
            _labels(across, zh) | {f"task {i}": head for i, head in enumerate(heads)},
            wrap=True, frozen=1,
            colours={name: {roles[role]: ground for role, ground in ROLE_GROUNDS.items()}
                     for name in across if name not in ("unit", "tasks")},
        )  # fmt: skip
    else:
        listing = parts_table(plan, cells).shown(lang)
        title = "单位×任务（逐条）" if zh else "Parts"
        matrix_sheet = Sheet(title, listing, wrap=True, frozen=1)
    return [
        Sheet(titles[0], _cells(listed), _labels(listed, zh), wrap=True, frozen=3),
        matrix_sheet,
        Sheet(titles[2], _cells(due), _labels(due, zh), wrap=True),
        Sheet(titles[3], still, _labels(still, zh) | ({"tasks": "涉及条目", "count": "次数"} if zh else {}), wrap=True),
        issues_sheet(titles[4], issues, lang),
        Sheet(titles[5], index, _labels(index, zh) | ({"sheet": "工作表"} if zh else {})),
        *meant,
        *(
            _unit_sheet(
                plan, unit, own.get(unit, {unit}), names[unit], cells[unit], roles, open_times, zh
            )
            for unit in names
        ),
    ]  # fmt: skip


def _printed(plan: Plan, task: Task) -> str:
    """What the document has at a task, as it is printed."""
    return plan.text[task.span[0] : task.span[1]].strip() or task.text


def _unit_sheet(
    plan: Plan,
    unit: str,
    own: set[str],
    name: str,
    by_task: Mapping[int, Sequence[str]],
    roles: Mapping[str, str],
    open_times: Mapping[int, Sequence[str]],
    zh: bool,
) -> Sheet:
    """What one unit has to do, in the order of the plan."""
    rows = [(plan.tasks[i], found) for i, found in by_task.items()]
    comma = "、" if zh else "; "
    columns: dict[str, list[Any]] = {
        "unit": [unit] * len(rows),
        "no": [task.no for task, _ in rows],
        "title": [task.title for task, _ in rows],
        "group": [
            GROUP_WORDS.get(task.group, task.group) if zh else task.group for task, _ in rows
        ],
        "role": [comma.join(roles[role] for role in found) for _, found in rows],
        "deadlines": [
            comma.join(
                [
                    *(
                        [said]
                        if (
                            said := in_words(";".join(plan.tasks[i].deadlines), {})
                            if zh
                            else comma.join(plan.tasks[i].deadlines)
                        )
                        else []
                    ),
                    *open_times.get(i, ()),
                ]
            )
            or None
            for i in by_task
        ],
        "frequencies": [
            comma.join(CADENCE_WORDS.get(c, c) if zh else c for c in task.frequencies) or None
            for task, _ in rows
        ],
        "targets": [comma.join(str(t["text"]) for t in task.targets) or None for task, _ in rows],
        "with": [
            comma.join(dict.fromkeys(u.name for u in task.units if u.name not in own)) or None
            for task, _ in rows
        ],
        "text": [_printed(plan, task) for task, _ in rows],
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
