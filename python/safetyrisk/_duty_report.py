"""What is due: the pages, workbooks and JSON of the command ``due``."""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import Any

from ._display import details
from ._duty_words import STATUSES
from ._left_out import graph_said, issues_html, issues_sheets, notes_html, rows_said
from .core import Issues
from .duty import Compliance, ComplianceTable

__all__ = ["DueReport"]


class DueReport:
    """How obligations stand on a day: overdue, due soon, not to be told, and by duty and region.

    Parameters
    ----------
    found
        What :meth:`safetyrisk.ResponsibilityGraph.assess` gave, to the end of the days.
    within
        Days from the day asked in which what is open is listed; None: it is not.
    level
        Regions that are compared.
    graph_issues
        What is wrong with the graph that the duties were asked of.
    """

    def __init__(
        self,
        found: Compliance,
        *,
        within: int | None = 30,
        level: str = "town",
        graph_issues: Issues | None = None,
    ) -> None:
        s = self._speaker = found._speaker
        self.found = found
        #: What is wrong with the graph, the duties and the records.
        self.issues = (graph_issues or Issues()) + found.issues
        counts = found.counts()
        self.notes = [
            rows_said(s, s.say("义务", "duties"), counts["duties_in"], counts["duties_used"]),
            rows_said(s, s.say("记录", "records"), counts["records_in"], counts["records_used"]),
            s.say(
                f"{found.start} 以前到期的周期性义务未列入；要列入，请用 start（--start）写明更早的日期",
                f"What recurs and was due before {found.start} is not listed; an earlier start "
                "(--start) lists it",
            ),
            *graph_said(s, graph_issues),
        ]
        day = dt.date.fromisoformat(found.as_of)
        self.title = found._title()
        self.parts: dict[str, tuple[str, ComplianceTable]] = {
            s.say("逾期未完成", "overdue"): ("overdue", found.overdue)
        }
        if within is not None:
            self.parts[s.say(f"{within} 天内到期", f"due in {within} days")] = (
                "due", found.due(day, day + dt.timedelta(days=within)),
            )  # fmt: skip
        self.parts |= {
            s.say("逾期完成", "done late"): ("done_late", found.where("done_late")),
            s.say("按义务", "by duty"): ("by_duty", found.by("duty")),
            s.say("按地区", "by region"): ("by_region", found.by(level)),
            s.say("按单位", "by unit"): ("by_unit", found.by("unit")),
            s.say("无法判断", "not assessable"): ("not_assessable", found.where("not_assessable")),
        }

    @property
    def text(self) -> str:
        """One line of counts."""
        counts, s = self.found.counts(), self._speaker
        words = (
            f"{self.found._words.status(key)} {counts[key]}" for key in STATUSES if counts[key]
        )
        return self.title + s.say("：", ": ") + s.listed(words)

    def _page_html(self) -> str:
        return (
            f"<p>{self.found._chips()}</p>"
            + notes_html(self.notes)
            + "".join(
                f"<h2>{html.escape(name)} {len(table)}</h2>{table._html(2000)}"
                for name, (_, table) in self.parts.items()
            )
            + issues_html(self._speaker, self.issues)
        )

    def _repr_html_(self) -> str:
        inner = [
            f"<strong>{html.escape(name)} {len(table)}</strong>{table._html(10)}"
            for name, (_, table) in self.parts.items()
        ]
        return details(self.title, self.found._chips(), *inner)

    def _sheets(self) -> dict[str, dict[str, Any]]:
        sheets = {name: table._sheet() for name, (_, table) in self.parts.items()}
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
