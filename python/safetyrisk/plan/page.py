"""How a plan looks in a notebook: its text with what was read of it marked; no script."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from .._display import details
from .._words import SEVERITY_WORDS
from .tables import (
    CADENCE_WORDS,
    GROUP_WORDS,
    MOST_CELLS,
    ROLE_WORDS,
    grid_html,
    in_words,
    matrix_cells,
    matrix_of,
    named,
    parts_table,
    stated_times,
    target_text,
)  # fmt: skip

if TYPE_CHECKING:
    from ..core import Issues
    from ..graph import DutyGraph
    from .model import Plan

__all__ = ["ROLE_GROUNDS", "issue_words", "plan_html", "plan_parts"]

#: Ground of a mark; words on it are black.
ROLE_GROUNDS = {
    "organize": "#D5C8F2",
    "lead": "#FFB3A7",
    "joint": "#FFD6A5",
    "share": "#FDF0A6",
    "assist": "#CDEBB0",
    "supervise": "#F3C1E3",
    "implement": "#BFE3F5",
    "responsible": "#C9D3E8",
}
_LINES = {
    "deadlines": ("期限", "#B2001E"),
    "frequencies": ("频次", "#1D5FC4"),
    "targets": ("目标", "#2E7D32"),
}
_MOST = 40_000
_ROWS = 60


def _mark(text: str, what: str, title: str = "") -> str:
    tip = f' title="{html.escape(title)}"' if title else ""
    if what in ROLE_GROUNDS:
        style = f"background:{ROLE_GROUNDS[what]};color:#000;border-radius:2px;padding:0 1px"
    else:
        style = f"border-bottom:2px solid {_LINES[what][1]}"
    return f'<span style="{style}"{tip}>{text}</span>'


def _marked_text(plan: Plan, most: int | None) -> str:
    marks: list[tuple[int, int, str, str]] = []
    for task in plan.tasks:
        for unit in task.units:
            means = "；".join(name for name, _ in unit.resolved)
            title = ROLE_WORDS[unit.role] + (f"：{means}" if means else "")
            marks.append((*unit.span, unit.role, title))
        for date, place in zip(task.deadlines, task.spans.get("deadlines", ()), strict=False):
            marks.append((*place["span"], "deadlines", f"期限：{in_words(date, {})}"))
        for cadence, place in zip(
            task.frequencies, task.spans.get("frequencies", ()), strict=False
        ):
            marks.append(
                (*place["span"], "frequencies", f"频次：{CADENCE_WORDS.get(cadence, cadence)}")
            )
        marks += [(*t["span"], "targets", f"目标：{target_text(t)}") for t in task.targets]
    out: list[str] = []
    at = 0
    shown = plan.text[:most]
    for begin, end, what, title in sorted(set(marks)):
        if begin < at or end <= begin or end > len(shown):
            continue
        out.append(html.escape(shown[at:begin]))
        out.append(_mark(html.escape(shown[begin:end]), what, title))
        at = end
    out.append(html.escape(shown[at:]))
    return "".join(out)


def plan_html(plan: Plan) -> str:
    """The whole view: facts, legend and text, tasks, issues; cut where a notebook would choke."""
    head, text, tasks, issues = _parts(plan, _MOST, _ROWS)
    return details(plan.title or plan.id or "工作计划", head, text, tasks, issues)


def plan_parts(
    plan: Plan, graph: DutyGraph | None = None, issues: Issues | None = None
) -> list[str]:
    """Parts of a page of its own: nothing cut, and the tables for dispatch."""
    cells = matrix_cells(plan, graph)
    small = len(cells) * len(plan) <= MOST_CELLS
    tables = [
        *([] if graph is None else [plan.names(graph)]), plan.unresolved, plan.due(),
        matrix_of(plan, cells) if small else parts_table(plan, cells),
    ]  # fmt: skip
    return [
        *_parts(plan, None, None, issues),
        *(_folded(table.title, len(table), table.page_html()) for table in tables),
    ]


# What stands before the first number is no number.
_FIRST = ("之前是 0，中间有缺", "是第一个编号，之前可能有缺")


def issue_words(message: str) -> str:
    """A sentence about a plan, with words of its own for a first number."""
    return message.replace(*_FIRST)


def _issues_html(issues: Issues, most: int | None) -> str:
    if not len(issues):
        return ""
    count = len(issues) if most is None else min(len(issues), most)
    listed = [issues[i] for i in range(count)]
    rows = [
        {"severity": SEVERITY_WORDS[one.severity], "message": issue_words(one.message),
         "hint": one.hint}
        for one in listed
    ]  # fmt: skip
    rest = f"另有 {len(issues) - len(rows)} 条未在此显示" if len(issues) > len(rows) else ""
    table = grid_html(rows, {"severity": "级别", "message": "问题", "hint": "建议"})
    return details(f"问题清单：共 {len(issues)} 条", table, rest)


def _folded(title: str, rows: int, inner: str) -> str:
    return f"<details><summary>{html.escape(title)} {rows} 行</summary>{inner}</details>"


def _parts(
    plan: Plan, most: int | None, most_rows: int | None, told: Issues | None = None
) -> list[str]:
    facts = [
        f"发文单位 {plan.issuer}" if plan.issuer else "",
        f"日期 {plan.date.isoformat()}" if plan.date else "",
        f"年份 {plan.year}" if plan.year else "",
        f"任务 {len(plan)} 项",
        f"单位 {sum(len(task.units) for task in plan.tasks)} 处",
    ]
    legend = " ".join(
        [_mark(word, role) for role, word in ROLE_WORDS.items()]
        + [_mark(word, what) for what, (word, _) in _LINES.items()]
    )
    left = 0 if most is None else len(plan.text) - most
    more = f"另有 {left} 字未在此显示" if left > 0 else ""
    height = "" if most is None else "max-height:28em;overflow:auto;"
    text = (
        f"<details open><summary>原文（{len(plan.text)} 字）</summary>{legend}"
        f'<div style="white-space:pre-wrap;{height}border:1px solid #ddd;'
        'padding:6px 10px;margin-top:6px;line-height:1.7;text-align:left;overflow-wrap:anywhere">'
        f"{_marked_text(plan, most)}</div>{more}</details>"
    )
    rows = []
    open_times = stated_times(plan)
    for i, task in enumerate(plan.tasks[:most_rows]):
        row = {"no": task.no, "title": task.title[:60]}
        row |= {role: named(task, role).replace(";", "、") for role in ROLE_WORDS}
        row["group"] = "" if task.group == "task" else GROUP_WORDS[task.group]
        dates = in_words(";".join(task.deadlines), {})
        row["deadlines"] = "、".join([*([dates] if dates else []), *open_times.get(i, ())])
        row["frequencies"] = "、".join(CADENCE_WORDS.get(c, c) for c in task.frequencies)
        row["targets"] = "、".join(target_text(t) for t in task.targets)
        rows.append(row)
    heads = {"no": "条目", "title": "任务", "group": "类别"} | ROLE_WORDS
    heads |= {name: word for name, (word, _) in _LINES.items()}
    used = {n: w for n, w in heads.items() if n in ("no", "title") or any(r[n] for r in rows)}
    table = grid_html(rows, used) if rows else ""
    rest = f"另有 {len(plan) - len(rows)} 项任务未在此显示" if len(plan) > len(rows) else ""
    tasks = f"<details open><summary>任务 {len(plan)} 项</summary>{table}{rest}</details>"
    issues = _issues_html(plan.issues if told is None else told, most_rows)
    return [html.escape("；".join(fact for fact in facts if fact)), text, tasks, issues]
