"""Answers of a register of hazards as tables, pages, sheets and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from . import _core
from ._display import details, table_html
from ._hazard_words import ANSWERS, HEADERS, HIDDEN, IDS, RATES, WORDS
from ._left_out import issues_html, issues_sheets, notes_html
from ._result import MadeTable
from ._words import Speaker
from .core import Issues

__all__ = ["Backcheck", "HazardReport", "HazardTable"]


class HazardTable(MadeTable):
    """An answer of a :class:`Hazards`: codes and ids for programs, words where a person reads it."""

    def __init__(
        self,
        table: _core.Table,
        kind: str,
        speaker: Speaker | None = None,
        words: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
    ) -> None:
        super().__init__(table, kind)
        self._speaker = speaker or Speaker()
        self._known = WORDS | dict(words or {})

    def _cell(self, name: str, value: Any) -> Any:
        s = self._speaker
        if value is None or value == "":
            untold = name in ("met", "state", "overdue")
            return s.say("无法判断", "cannot be told") if untold else ""
        if isinstance(value, str):
            known = self._known.get(name, {}).get(value)
            if known is not None:
                return known[not s.zh]
            if name in IDS:
                return s.name(value)
            if name == "sector":
                return s.sector(value)
            if name == "capacity":
                return s.capacity(value)
            if name == "action":
                return s.action(value)
            return value.replace(";", "、" if s.zh else ", ") if name == "holders" else value
        if name in RATES and isinstance(value, float):
            return f"{value:.1%}"
        if name == "days_mean":
            return f"{value:.0f}"
        return s.cell(name, value)

    def _said(self, columns: Sequence[str], limit: int | None) -> list[dict[str, Any]]:
        return [
            {name: self._cell(name, row[name]) for name in columns} for row in self._rows(limit)
        ]

    def _heads(self, columns: Sequence[str]) -> dict[str, str]:
        return {name: HEADERS.get(name, (name, name))[not self._speaker.zh] for name in columns}

    def _html(self, shown: int | None) -> str:
        columns = [name for name in self._made.names if name not in HIDDEN]
        if "enterprise_name" in columns:
            columns.remove("enterprise")
        rows = [
            {("_" + name): cell for name, cell in row.items()} for row in self._said(columns, shown)
        ]  # `grade` is no colour here
        heads = {"_" + name: head for name, head in self._heads(columns).items()}
        left = 0 if shown is None else len(self) - shown
        return table_html(rows, heads) + self._more(left)

    def _more(self, left: int) -> str:
        if left <= 0:
            return ""
        return self._speaker.say(
            f"另有 {left} 行未在此显示", f"{left} more rows are not shown here"
        )

    def _repr_html_(self) -> str:
        return details(self._speaker.say(f"{len(self)} 行", f"{len(self)} rows"), self._html(30))

    def _page_html(self) -> str:
        return self._html(None)

    def _sheet(self) -> dict[str, list[Any]]:
        columns = [name for name in self._made.names if name not in ("step", "by")]
        rows = self._said(columns, None)
        out: dict[str, list[Any]] = {}
        heads = self._heads(columns)
        for name in columns:
            cells = [row[name] for row in rows]
            if name in ("enterprise", "addressee"):
                ids = self._made.column(name).tolist()
                label = self._speaker.say("编号", " id")
                what = (
                    heads[name]
                    if name == "enterprise"
                    else self._heads(["addressee_name"])["addressee_name"]
                )
                out[what + label] = [cell or "" for cell in ids]
                if name == "addressee" or "enterprise_name" in columns:
                    continue
            head = heads[name]
            out[head if head not in out else f"{head}（{name}）"] = cells
        return out

    def _sheets(self) -> dict[str, dict[str, Any]]:
        return {self._kind: self._sheet()}


class Backcheck(HazardTable):
    """The back-check (倒查) of an enterprise: its hazards, its checks, and the causal item.

    As a table it is every hazard with who found, owned, verified and closed it.

    Attributes
    ----------
    checks : HazardTable
        Checks on record, its own among them: ``on kind by by_name action object items found``
        (``kind``: check, verification, own, visit; ``found``: hazards found that day), and with an
        item ``covers_item`` (null where the record does not say what was checked).
    item_checked : bool or None
        Whether the causal item was ever checked; None where that cannot be told.
    """

    def __init__(
        self,
        made: _core.HazardBackcheck,
        title: str,
        item: str,
        speaker: Speaker,
        issues: Issues,
    ) -> None:
        super().__init__(made.hazards, "hazard_backcheck", speaker)
        self.checks = HazardTable(made.checks, "checks", speaker)
        self.item_checked = made.item_checked
        #: What is wrong with rows of the register and of its events: what was left out may count.
        self.issues = issues
        self._others = made.others
        self._title = title
        self._item = item
        self._reason = made.reason

    @property
    def text(self) -> str:
        """What was found, in sentences."""
        s = self._speaker
        rows = self._rows()
        still = sum(row["open"] for row in rows)
        late = sum(row["overdue"] for row in rows)
        checks = self.checks._rows()
        silent = sum(row["found"] == 0 for row in checks)
        kinds = s.listed(
            f"{word[not s.zh]} {count}"
            for kind, word in WORDS["kind"].items()
            if (count := sum(row["kind"] == kind for row in checks))
        )
        of_kinds = s.say(f"（{kinds}）", f" ({kinds})") if checks else ""
        text = s.say(
            f"{self._title}：隐患 {len(rows)} 条，未销号 {still} 条，逾期 {late} 条；"
            f"检查记录 {len(self.checks)} 次{of_kinds}，其中 {silent} 次当日未记录隐患。",
            f"{self._title}: {len(rows)} hazards, {still} open, {late} overdue; "
            f"{len(self.checks)} checks on record{of_kinds}, {silent} of them without a hazard that day.",
        )
        if self._others:
            listed = s.listed(f"{s.action(one)} {count}" for one, count in self._others.items())
            text += s.say(
                f"另有记录的事项不算检查，未计入：{listed}。",
                f" Other records, whose actions count as no check: {listed}.",
            )
        if self._item:
            answer = ANSWERS[self._reason][not s.zh]
            text += s.say(
                f"“{self._item}”是否查过——{answer}。",
                f" Was “{self._item}” ever checked: {answer}.",
            )
        return text

    def __str__(self) -> str:
        return self.text

    def to_json(self) -> str:
        """JSON of the hazards, the checks, and whether the item was checked."""
        document = {
            "format": 1, "kind": "hazard_backcheck", "text": self.text,
            "item": self._item or None, "item_checked": self.item_checked,
            "hazards": json.loads(super().to_json())["rows"],
            "checks": json.loads(self.checks.to_json())["rows"],
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False)

    def _body(self, shown: int | None) -> str:
        s = self._speaker
        return details(
            s.say("倒查", "Back-check"), _escaped(self.text),
            f"<strong>{s.say('隐患', 'Hazards')}</strong>", self._html(shown),
            f"<strong>{s.say('检查记录', 'Checks on record')}</strong>", self.checks._html(shown),
        )  # fmt: skip

    def _repr_html_(self) -> str:
        return self._body(30)

    def _page_html(self) -> str:
        return self._body(None) + issues_html(self._speaker, self.issues)

    def _sheets(self) -> dict[str, dict[str, Any]]:
        s = self._speaker
        return {
            s.say("隐患", "hazards"): self._sheet(),
            s.say("检查记录", "checks"): self.checks._sheet(),
        } | issues_sheets(s, [self.text], self.issues)


class HazardReport:
    """What a committee's office reads each month: several answers of one register, on one day."""

    def __init__(
        self,
        title: str,
        parts: Mapping[str, HazardTable],
        issues: Issues,
        speaker: Speaker,
        notes: Sequence[str] = (),
    ) -> None:
        self.title = title
        self.parts = dict(parts)
        self.issues = issues
        self.notes = list(notes)
        self._speaker = speaker

    def to_json(self) -> str:
        """JSON: ``{"format": 1, "kind": "hazards", "title", "parts": {name: rows}, "issues"}``."""
        document = {
            "format": 1, "kind": "hazards", "title": self.title,
            "parts": {part._kind: json.loads(part.to_json())["rows"] for part in self.parts.values()},
            "issues": [f"{one.code}: {one.message}" for one in self.issues],
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False)

    def _page_html(self) -> str:
        return (
            notes_html(self.notes)
            + "".join(
                f"<h2>{_escaped(name)}</h2>"
                + (part._html(None) if len(part) else f"<p>{self._speaker.say('没有', 'None')}</p>")
                for name, part in self.parts.items()
            )
            + issues_html(self._speaker, self.issues)
        )

    def _repr_html_(self) -> str:
        inner = [
            f"<strong>{_escaped(name)}</strong>{part._html(10)}"
            for name, part in self.parts.items()
        ]
        return details(self.title, *inner)

    def _sheets(self) -> dict[str, dict[str, Any]]:
        sheets = {name: part._sheet() for name, part in self.parts.items()}
        return sheets | issues_sheets(self._speaker, self.notes, self.issues)


def _escaped(text: str) -> str:
    import html

    return html.escape(text)
