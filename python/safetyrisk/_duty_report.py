"""What is due: the pages, workbooks and JSON of the command ``due``."""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import Any

from ._display import chip, details, table_html
from ._left_out import graph_said, issues_html, issues_sheets, notes_html, rows_said
from ._words import Speaker
from .core import Issues
from .duty import _HEADERS, _OPEN, _REASONS, _WORDS, Compliance, ComplianceTable

__all__ = ["DueReport"]

_ENGLISH = {
    "no_records": "no records of this action", "attribute_missing": "a value that is asked for is missing",
    "calendar_unknown": "working days of that year are not known",
    "nothing_to_compare": "nothing to compare with",
    "record_left_out": "a faulty record that was left out may be it",
}  # fmt: skip
_LISTED = ("subject_name", "object_name", "action", "period_start", "due", "last_day", "day_kind",
           "status", "days_late", "count", "needed", "reason", "clause")  # fmt: skip
_COUNTED = ("owed", "done", "done_late", "overdue", "due", "not_due", "not_assessable", "rate",
            "rate_low", "rate_high", "in_time")  # fmt: skip


class DueReport:
    """How obligations stand on a day: overdue, due soon, not to be told, and by duty and region.

    Parameters
    ----------
    found
        What :meth:`safetyrisk.ResponsibilityGraph.assess` gave, to the end of the days.
    within
        Days from the day asked in which what is open is listed.
    level
        Regions that are compared.
    graph_issues
        What is wrong with the graph that the duties were asked of.
    """

    def __init__(
        self,
        found: Compliance,
        speaker: Speaker,
        *,
        within: int = 30,
        level: str = "town",
        graph_issues: Issues | None = None,
    ) -> None:
        s = self._speaker = speaker
        self.found = found
        #: What is wrong with the graph, the duties and the records.
        self.issues = (graph_issues or Issues()) + found.issues
        counts = found.counts()
        self.notes = [
            rows_said(s, s.say("义务", "duties"), counts["duties_in"], counts["duties_used"]),
            rows_said(s, s.say("记录", "records"), counts["records_in"], counts["records_used"]),
            *graph_said(s, graph_issues),
        ]
        day = dt.date.fromisoformat(found.as_of)
        self.title = s.say(
            f"{found.start} 至 {found.as_of} 履职情况",
            f"Duties from {found.start} to {found.as_of}",
        )
        self.parts: dict[str, tuple[str, ComplianceTable]] = {
            s.say("逾期未完成", "overdue"): ("overdue", found.overdue),
            s.say(f"{within} 天内到期", f"due in {within} days"): (
                "due", found.due(day, day + dt.timedelta(days=within)),
            ),
            s.say("逾期完成", "done late"): ("done_late", found.where("done_late")),
            s.say("按义务", "by duty"): ("by_duty", found.by("duty")),
            s.say("按地区", "by region"): ("by_region", found.by(level)),
            s.say("按单位", "by unit"): ("by_unit", found.by("unit")),
            s.say("无法判断", "not assessable"): ("not_assessable", found.where("not_assessable")),
        }  # fmt: skip

    @property
    def text(self) -> str:
        """One line of counts."""
        c, s = self.found.counts(), self._speaker
        words = (f"{_WORDS[key][not s.zh]} {c[key]}" for key in _WORDS if c[key])
        return self.title + s.say("：", ": ") + s.listed(words)

    def _cell(self, name: str, value: Any) -> Any:
        s = self._speaker
        if value is None:
            return ""
        if name == "status":
            return _WORDS[value][not s.zh]
        if name == "reason":
            return _REASONS[value] if s.zh else _ENGLISH.get(value, value)
        if name == "action":
            return s.action(value)
        if name in ("rate", "rate_low", "rate_high", "in_time"):
            return f"{value:.1%}"
        return s.cell(name, value)

    def _table(
        self, table: ComplianceTable, limit: int | None
    ) -> tuple[dict[str, str], list[dict[str, Any]]]:
        counted = "owed" in table._made.names
        if counted:
            group = table._made.names[0]
            names = [group, "name", *_COUNTED]
        else:
            names = [name for name in ("duty", *_LISTED) if name in table._made.names]
        rows = table._rows(limit)
        # Columns that say nothing are left out.
        said = {n for row in rows for n, cell in row.items() if cell is not None}
        names = [n for n in names if n in said]
        zh = self._speaker.zh
        heads = {n: _HEADERS.get(n, n) if zh else n.replace("_", " ") for n in names}
        if counted and "due" in heads:
            heads["due"] = _OPEN if zh else "open"
        return heads, [{n: self._cell(n, row.get(n)) for n in names} for row in rows]

    def _part_html(self, table: ComplianceTable, limit: int | None) -> str:
        s = self._speaker
        if not len(table):
            return f"<p>{s.say('没有', 'None')}</p>"
        heads, rows = self._table(table, limit)
        left = len(table) - len(rows)
        more = s.say(f"另有 {left} 行未在此显示", f"{left} more rows are not shown here")
        return table_html(rows, heads) + (more if left else "")

    def _chips(self) -> str:
        counts = self.found.counts()
        return " ".join(
            chip(colour, f"{words[not self._speaker.zh]} {counts[key]}")
            for key, (*words, colour) in _WORDS.items()
            if counts[key]
        )

    def _page_html(self) -> str:
        return (
            f"<p>{self._chips()}</p>"
            + notes_html(self.notes)
            + "".join(
                f"<h2>{html.escape(name)} {len(table)}</h2>{self._part_html(table, 2000)}"
                for name, (_, table) in self.parts.items()
            )
            + issues_html(self._speaker, self.issues)
        )

    def _repr_html_(self) -> str:
        inner = [
            f"<strong>{html.escape(name)} {len(table)}</strong>{self._part_html(table, 10)}"
            for name, (_, table) in self.parts.items()
        ]
        return details(self.title, self._chips(), *inner)

    def _sheets(self) -> dict[str, dict[str, Any]]:
        sheets = {}
        for name, (_, table) in self.parts.items():
            heads, rows = self._table(table, None)
            sheets[name] = {heads[n]: [row[n] for row in rows] for n in heads} if rows else {}
        return sheets | issues_sheets(self._speaker, self.notes, self.issues)

    def to_json(self) -> str:
        """JSON: ``{"format": 1, "kind": "due", "as_of", "counts", "parts": {name: rows}, "issues"}``."""
        document = {
            "format": 1, "kind": "due", "as_of": self.found.as_of, "start": self.found.start,
            "counts": self.found.counts(),
            "parts": {kind: json.loads(table.to_json())["rows"] for kind, table in self.parts.values()},
            "issues": [f"{one.code}: {one.message}" for one in self.issues],
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False)
