"""What a page or a workbook says of rows that were not used, and of what is wrong with the data."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from ._display import table_html
from ._words import SEVERITY_WORDS, Speaker
from .core import Issue, Issues

__all__ = ["graph_said", "issues_html", "issues_sheets", "notes_html", "rows_said", "undated_said"]

_SHOWN = 50  # issues on a page; a workbook has all
#: Tables whose rows are counted by themselves.
_OWN = ("duties", "records", "hazards", "hazard_events")


def rows_said(s: Speaker, what: str, rows_in: int, used: int, merged: int = 0) -> str:
    """Rows in = used + rejected, in a sentence."""
    left = rows_in - used - merged
    also = s.say(f"，并入 {merged} 行", f", {merged} merged") if merged else ""
    return s.say(
        f"{what} {rows_in} 行：采用 {used} 行{also}，未采用 {left} 行",
        f"{rows_in} {what}: {used} used{also}, {left} left out",
    )


def undated_said(s: Speaker, count: int) -> str:
    """Open hazards of which nobody can tell whether they are overdue."""
    return s.say(
        f"{count} 条未销号隐患没有整改期限，是否逾期无法判断，不在逾期之列",
        f"{count} open hazards have no last day: whether they are overdue cannot be told, and they "
        "are not among those that are",
    )


def graph_said(s: Speaker, issues: Issues | None) -> list[str]:
    """A warning where the graph has errors: what runs over edges that were left out is missing."""
    if issues is None or not issues.count("error"):
        return []
    count = sum(one.severity == "error" and one.table not in _OWN for one in issues)
    if not count:
        return []
    return [
        s.say(
            f"责任图的数据有 {count} 个错误（逐条见“问题”，或用 safetyrisk check 查看）："
            "经过未采用的主体和关系的义务、对象可能没有列出",
            f"the data of the graph has {count} errors (each is listed under issues, and by "
            "safetyrisk check): duties and addressees over nodes and edges that were left out may "
            "be missing",
        )
    ]


def notes_html(notes: Sequence[str]) -> str:
    """The sentences of a page."""
    return "".join(f"<p>{html.escape(note)}</p>" for note in notes)


def _row(s: Speaker, issue: Issue) -> dict[str, Any]:
    return {
        s.say("级别", "severity"): SEVERITY_WORDS[issue.severity] if s.zh else issue.severity,
        s.say("代码", "code"): issue.code,
        s.say("来源", "source"): issue.source or issue.table or "",
        s.say("文件行", "line"): "" if issue.line is None else issue.line,
        s.say("列", "column"): issue.column or "",
        s.say("内容", "value"): issue.value or "",
        s.say("问题", "what is wrong"): issue.message,
        s.say("怎样改正", "cure"): issue.hint,
    }


def issues_html(s: Speaker, issues: Issues) -> str:
    """A section of the first issues and how many there are."""
    issues = issues.in_language(s.lang)
    title = f"<h2>{s.say('问题', 'Issues')} {len(issues)}</h2>"
    if not len(issues):
        return title + f"<p>{s.say('没有', 'None')}</p>"
    rows = [_row(s, issues[index]) for index in range(min(_SHOWN, len(issues)))]
    left = len(issues) - len(rows)
    more = s.say(f"另有 {left} 条未在此显示", f"{left} more are not shown here") if left else ""
    return title + table_html(rows, {name: name for name in rows[0]}) + more


def issues_sheets(s: Speaker, notes: Sequence[str], issues: Issues) -> dict[str, dict[str, Any]]:
    """Sheets of what was read and of every issue."""
    rows = [_row(s, one) for one in issues.in_language(s.lang)]
    return {
        s.say("读入情况", "rows read"): {s.say("说明", "note"): list(notes)},
        s.say("问题", "issues"): {n: [row[n] for row in rows] for n in rows[0]} if rows else {},
    }
