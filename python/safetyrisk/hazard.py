"""The register of hazards (隐患台账): stock, flow, age, goals, the ladder, and who found what."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from . import _core
from ._display import chip, details
from ._faults import expect
from ._left_out import (
    graph_said,
    issues_html,
    issues_sheets,
    notes_html,
    rows_said,
    undated_said,
)
from ._names import node_named
from ._result import MadeTable
from ._words import Speaker
from .core import Issues, Pack, chosen_pack

__all__ = ["Backcheck", "HazardReport", "HazardTable", "Hazards"]

_HEADERS = {
    "hazard": ("隐患编号", "hazard"), "earlier": ("上次", "earlier"), "enterprise": ("企业", "enterprise"),
    "grade": ("级别", "grade"), "channel": ("来源", "channel"), "sector": ("行业领域", "sector"),
    "county": ("县（区）", "county"), "town": ("乡镇", "town"), "city": ("市", "city"),
    "province": ("省", "province"), "village": ("村", "village"), "open": ("未销号", "open"),
    "overdue": ("逾期", "overdue"), "stopped": ("停产停业", "stopped"), "undated": ("没有期限", "no last day"),
    "days_mean": ("平均天数", "mean days"), "days_oldest": ("最长天数", "oldest"),
    "to_30": ("30 天内", "to 30"), "to_90": ("31–90 天", "31–90"), "to_180": ("91–180 天", "91–180"),
    "to_365": ("181–365 天", "181–365"), "over_365": ("一年以上", "over a year"),
    "period": ("时期", "period"), "found": ("新增", "found"), "closed": ("销号", "closed"),
    "self": ("自查", "own"), "all": ("全部", "all"), "channel_unknown": ("来源不明", "no channel"),
    "rate": ("自查率", "self-check rate"), "rate_low": ("下限", "low"), "rate_high": ("上限", "high"),
    "average": ("对照平均", "compared with"), "below": ("低于平均", "below"), "group": ("组", "group"),
    "criterion": ("判定依据", "criterion"), "found_on": ("发现日", "found on"),
    "found_by": ("发现人", "found by"), "responsible": ("整改责任", "responsible"),
    "verified_by": ("验收人", "verified by"), "closed_by": ("销号人", "closed by"),
    "closed_on": ("销号日", "closed on"), "days_open": ("天数", "days open"),
    "days": ("天数", "days"), "open_major_hazards": ("未销号重大隐患", "open major hazards"),
    "state": ("状态", "state"), "extensions": ("延期次数", "extensions"),
    "closure_proposed": ("已申请销号", "closing proposed"), "kind": ("类别", "kind"), "due_on": ("期限", "due on"),
    "days_overdue": ("逾期天数", "days overdue"), "goal": ("目标", "goal"),
    "target_year": ("目标年度", "target year"), "value": ("现值", "value"), "base": ("基数", "base"),
    "unknown": ("无法判断", "unknown"), "met": ("达成", "met"), "as_of": ("截至", "as of"),
    "name": ("隐患", "name"), "enterprise_name": ("企业", "enterprise"),
    "step_name": ("措施", "step"), "reached_on": ("达到日", "reached on"), "reason": ("原因", "reason"),
    "day_kind": ("按", "counted in"), "addressee_name": ("对象", "addressee"),
    "holders": ("任职", "held by"), "capacity": ("责任类别", "capacity"), "path": ("依据路径", "path"),
    "letter": ("函件要点", "letter"), "clause": ("条款", "clause"), "next_step": ("下一步", "next"),
    "next_on": ("下一步日期", "next on"), "of_item": ("涉及该事项", "of the item"),
    "on": ("日期", "on"), "by_name": ("检查单位", "by"), "action": ("方式", "action"),
    "object": ("对象", "object"), "items": ("检查事项", "items"),
    "covers_item": ("查过该事项", "covers the item"), "risk_point": ("风险点", "risk point"),
}  # fmt: skip
_WORDS = {
    "grade": {"general": ("一般", "general"), "major": ("重大", "major")},
    "channel": {"self": ("企业自查", "own check")},
    "day_kind": {"calendar": ("自然日", "calendar days"), "working": ("工作日", "working days")},
    "reason": {
        "due_soon": ("临近期限", "due soon"), "overdue": ("逾期", "overdue"),
        "times_overdue": ("再次逾期", "overdue again"), "refuse": ("拒不整改", "refused"),
        "penalties": ("多次处罚", "punished repeatedly"),
        "calendar_unknown": ("该年放假安排未知，无法计算工作日", "working days are not known"),
        "closing_unclear": ("有销号记录但缺少前面的环节，是否销号无法判断",
                            "closed on record without the steps before it; cannot be told"),
        "register_empty": ("截至该日台账没有隐患记录", "the register has no rows by that day"),
        "register_begins_later": ("台账没有那一时期的记录", "the register begins later"),
        "rows_refused": ("有未采用的行，可能属于统计范围", "rows that were left out may count"),
        "no_due_date": ("有的没有整改期限", "some have no last day"),
    },
    "kind": {
        "check": ("检查", "check"), "verification": ("核查", "verification"),
        "own": ("企业自查", "own check"), "visit": ("走访", "visit"),
    },
}  # fmt: skip
_IDS = ("enterprise", "risk_point", "county", "town", "city", "province", "village", "object",
        "found_by", "responsible", "verified_by", "closed_by")  # fmt: skip
_RATES = ("rate", "rate_low", "rate_high", "average")
#: Columns that stand beside their names, or that only programs read.
_HIDDEN = ("step", "addressee", "by", "path", "letter")
_ANSWERS = {
    "covered": ("查过：检查记录写明了该事项", "yes: a record of a check names it"),
    "found": ("查过：此前曾作为隐患被发现", "yes: it was found as a hazard before"),
    "not_covered": ("没有查过：所有检查记录都未列该事项", "no: no record of a check names it"),
    "no_checks": ("没有任何检查记录", "there is no record of any check"),
    "items_not_stated": ("无法判断：有的检查记录没有写明检查事项",
                         "cannot be told: some records do not say what was checked"),
}  # fmt: skip


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
        self._known = _WORDS | dict(words or {})

    def _cell(self, name: str, value: Any) -> Any:
        s = self._speaker
        if value is None or value == "":
            untold = name in ("met", "state", "overdue")
            return s.say("无法判断", "cannot be told") if untold else ""
        if isinstance(value, str):
            known = self._known.get(name, {}).get(value)
            if known is not None:
                return known[not s.zh]
            if name in _IDS:
                return s.name(value)
            if name == "sector":
                return s.sector(value)
            if name == "capacity":
                return s.capacity(value)
            if name == "action":
                return s.action(value)
            return value.replace(";", "、" if s.zh else ", ") if name == "holders" else value
        if name in _RATES and isinstance(value, float):
            return f"{value:.1%}"
        if name == "days_mean":
            return f"{value:.0f}"
        return s.cell(name, value)

    def _said(self, columns: Sequence[str], limit: int | None) -> list[dict[str, Any]]:
        return [
            {name: self._cell(name, row[name]) for name in columns} for row in self._rows(limit)
        ]

    def _heads(self, columns: Sequence[str]) -> dict[str, str]:
        return {name: _HEADERS.get(name, (name, name))[not self._speaker.zh] for name in columns}

    def _html(self, shown: int | None) -> str:
        from ._display import table_html

        columns = [name for name in self._made.names if name not in _HIDDEN]
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
            for kind, word in _WORDS["kind"].items()
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
            answer = _ANSWERS[self._reason][not s.zh]
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


class Hazards:
    """A register of hazards, of a graph or alone.

    Made by :meth:`safetyrisk.ResponsibilityGraph.hazards` or :func:`safetyrisk.read_hazards`.

    A hazard is open on a day when it was found by then and not closed by then. Rows in = used +
    rejected: ``.issues`` names what was left out. The rules of the closing loop are RH-01 to RH-07
    of :meth:`safetyrisk.ResponsibilityGraph.check`.

    `by` of the methods lists groups: ``grade channel sector enterprise risk_point``, or the level
    of a region (``province city county town village``). A hazard of several sectors counts in each.
    """

    def __init__(
        self, register: _core.HazardRegister, issues: Issues, speaker: Speaker | None = None
    ) -> None:
        self._register = register
        self._issues = issues
        self._speaker = speaker or Speaker()

    def _told(self, table: _core.Table, kind: str, **words: Mapping[str, Any]) -> HazardTable:
        return HazardTable(table, kind, self._speaker, words)

    def in_language(self, lang: str) -> Hazards:
        """The same register, whose pages are in another language."""
        return Hazards(self._register, self._issues, self._speaker.in_language(lang))

    @property
    def issues(self) -> Issues:
        """What is wrong with rows of the register and of its events."""
        return self._issues

    def counts(self) -> dict[str, int]:
        """``rows_in used merged events_in events_used``."""
        r = self._register
        return {
            "rows_in": r.rows_in, "used": len(r), "merged": r.merged_rows,
            "events_in": r.events_in, "events_used": r.events_used,
        }  # fmt: skip

    def stock(self, on: str | dt.date, by: Sequence[str] = ()) -> HazardTable:
        """Open hazards on a day.

        Returns
        -------
        HazardTable
            The groups, ``open overdue undated stopped days_mean days_oldest to_30 to_90 to_180 to_365
            over_365`` (open for so many days; ``undated``: without a last day, so that nobody can tell
            whether they are overdue).
        """
        return self._told(self._register.stock(str(on), list(by)), "hazard_stock")

    def flow(
        self,
        start: str | dt.date,
        end: str | dt.date,
        period: str = "month",
        by: Sequence[str] = (),
    ) -> HazardTable:
        """Found, closed and open by ``month``, ``quarter`` or ``year``."""
        return self._told(
            self._register.flow(str(start), str(end), period, list(by)), "hazard_flow"
        )

    def standings(self, on: str | dt.date) -> HazardTable:
        """Where each hazard stands: its state, and whether it is stopped, extended, overdue.

        Returns
        -------
        HazardTable
            ``hazard enterprise grade state stopped extensions closure_proposed due_on overdue
            days_overdue days_open``, of those found by that day.
        """
        words = self._register.state_words
        return self._told(self._register.standings(str(on)), "hazard_standings", state=words)

    def self_rate(
        self,
        start: str | dt.date,
        end: str | dt.date,
        grade: str | None = "major",
        by: Sequence[str] = (),
        against: float | str | None = None,
    ) -> HazardTable:
        """Share that enterprises found themselves (自查率), with Wilson's interval of 95 %.

        Hazards without a channel are in neither part of the share and are counted apart.
        ``below``: the interval lies below the average it is compared with.

        Parameters
        ----------
        against
            The superior's average as a number; or the level of the region above (``"city"``) whose
            average in this register counts for what lies in it. None: the average of all.
        """
        rate = None if against is None or isinstance(against, str) else float(against)
        level = against if isinstance(against, str) else ""
        table = self._register.self_rate(str(start), str(end), grade, list(by), rate, level)
        return self._told(table, "hazard_self_rate")

    def goals(
        self,
        year: int,
        on: str | dt.date,
        by: Sequence[str] = (),
        pack: Pack | str | os.PathLike[str] | None = None,
    ) -> HazardTable:
        """Goals of the three-year plan: old stock cleared, increments curbed, dynamic zero.

        Parameters
        ----------
        year
            The year that is measured, up to `on` or its end.
        pack
            A pack of kind ``hazard_goals``; default ``hazard_goals.2024``.

        Returns
        -------
        HazardTable
            The groups, ``goal target_year value base unknown met reason as_of``: ``value`` is what
            the goal counts, ``base`` what it is set against (the old stock, the year before, all
            that is open), ``unknown`` what may count as well (rows left out, no last day, a
            closing in doubt), ``met`` null where it cannot be told, for a ``reason``.
        """
        chosen = chosen_pack(pack)
        table = self._register.goals(year, str(on), list(by), chosen)
        used = chosen or next(p for p in _core.packs() if p.kind == "hazard_goals" and p.default)
        words = {
            one["id"]: (one["name"]["zh"], one["name"]["en"])
            for one in json.loads(used.canonical)["content"]["goals"]
        }
        return self._told(table, "hazard_goals", goal=words)

    def ladder(
        self,
        on: str | dt.date,
        pack: Pack | str | os.PathLike[str],
        *,
        day_kind: str = "",
        calendar: Pack | None = None,
    ) -> HazardTable:
        """Who is to be reminded, urged, named, called in, and listed for hazards not removed in time.

        Parameters
        ----------
        pack
            A pack of kind ``hazard_ladder``. ``hazard_ladder.usual`` is an example whose days are
            not confirmed ([M]) and is used only when it is named.
        day_kind
            ``calendar`` or ``working``; empty: as the pack says. Each row says which.
        calendar
            A pack of kind ``work_calendar``; default ``calendar.cn``.

        Returns
        -------
        HazardTable
            One row for each hazard on a step and each addressee: ``hazard grade name enterprise
            enterprise_name step step_name reached_on reason days day_kind due_on addressee
            addressee_name holders capacity path letter clause next_step next_on``. Where nobody
            was found ``addressee`` is null.

        Raises
        ------
        InputError
            The register was read without a graph.
        """
        chosen = chosen_pack(pack)
        expect("pack", chosen, Pack)
        assert chosen is not None
        days = (
            _core.WorkCalendar.usual() if calendar is None else _core.WorkCalendar.compile(calendar)
        )
        table = self._register.ladder(chosen, str(on), day_kind, days, self._speaker.lang)
        return self._told(table, "hazard_ladder")

    def duplicates(self, days: int = 7) -> HazardTable:
        """Hazards that may be one, by enterprise, criterion and day. Nothing is merged."""
        return self._told(self._register.duplicates(days), "hazard_duplicates")

    def merged(self, days: int = 7) -> Hazards:
        """The register in which duplicates count once.

        Found when the first was, closed when all are, as grave as the gravest; ``counts()["merged"]``
        says how many rows count with another.
        """
        return Hazards(self._register.merged(days), self._issues, self._speaker)

    def recurrences(self, months: int = 12) -> HazardTable:
        """Hazards that came back at the same enterprise after one was closed."""
        return self._told(self._register.recurrences(months), "hazard_recurrences")

    def backcheck(
        self,
        enterprise: str,
        on: str | dt.date,
        item: str = "",
        actions: Sequence[str] = (),
    ) -> Backcheck:
        """Look back on an enterprise (倒查): its hazards, its checks, and the causal item.

        Parameters
        ----------
        enterprise
            Its id, or with a graph its name.
        item
            What caused the accident, as criteria, names of hazards, and the key ``items`` of the
            ``values`` of records say it.
        actions
            Which records are checks; default: ``check_kinds`` of the pack ``accountability``.

        Raises
        ------
        NotFoundError
            Neither the graph nor a row that is used knows that enterprise; the message has near
            ids.
        InputError
            Several have that name.
        """
        if self._speaker._graph is not None:
            enterprise = node_named(self._speaker._graph, enterprise)
        made = self._register.backcheck(enterprise, str(on), item, list(actions))
        return Backcheck(made, self._speaker.name(enterprise), item, self._speaker, self._issues)

    def open_major(self, on: str | dt.date, by: str = "enterprise") -> HazardTable:
        """Open 重大 hazards by ``enterprise`` or ``risk_point``: a column for grading.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> H = sr.read_hazards({
        ...     "id": ["h1"], "enterprise": ["e1"], "grade": ["重大"], "found_on": ["2026-03-01"],
        ... })
        >>> H.open_major("2026-06-30")._rows()
        [{'enterprise': 'e1', 'open_major_hazards': 1}]
        """
        return self._told(self._register.open_major(str(on), by), "open_major_hazards")

    def report(
        self,
        on: str | dt.date,
        *,
        level: str = "town",
        ladder: Pack | str | os.PathLike[str] | None = None,
        lang: str = "zh",
        graph_issues: Issues | None = None,
    ) -> HazardReport:
        """Put together what is asked each month: stock, flow of the year, rates, goals, ladder.

        Parameters
        ----------
        level
            Regions that are compared.
        ladder
            A pack of kind ``hazard_ladder``; without one nobody is named.
        graph_issues
            What else is wrong with the data: with the graph, and with how tables were read.
        """
        here = self.in_language(lang)
        s = here._speaker
        day = dt.date.fromisoformat(str(on))
        start = f"{day.year}-01-01"
        parts: dict[str, HazardTable] = {
            s.say("存量（按级别）", "stock by grade"): here.stock(day, by=["grade"]),
            s.say("存量（按地区）", "stock by region"): _kind(here.stock(day, by=[level, "grade"]), "stock_by_region"),
            s.say("增量（按月）", "flow by month"): here.flow(start, day, by=["grade"]),
            s.say("自查率", "self-check rates"): here.self_rate(start, day, None, by=[level]),
            s.say("目标", "goals"): here.goals(day.year, day),
        }  # fmt: skip
        if ladder is not None:
            parts[s.say("提示督办约谈", "ladder")] = here.ladder(day, ladder)
        parts[s.say("可能重复", "possible duplicates")] = here.duplicates()
        parts[s.say("重复发生", "recurrences")] = here.recurrences()
        parts[s.say("逐条现状", "each hazard")] = here.standings(day)
        title = s.say(f"{day} 隐患台账", f"Register of hazards on {day}")
        c = here.counts()
        undated = sum(row["undated"] for row in here.stock(day)._rows())
        notes = [
            rows_said(s, s.say("隐患", "hazards"), c["rows_in"], c["used"], c["merged"]),
            rows_said(s, s.say("事件", "events"), c["events_in"], c["events_used"]),
            *([undated_said(s, undated)] if undated else []),
            *graph_said(s, graph_issues),
        ]
        return HazardReport(title, parts, (graph_issues or Issues()) + self._issues, s, notes)

    def __len__(self) -> int:
        return len(self._register)

    def __repr__(self) -> str:
        return (
            f"<safetyrisk hazards: {len(self)} of {self._register.rows_in} rows, "
            f"{len(self._issues)} issues>"
        )

    def _repr_html_(self) -> str:
        s = self._speaker
        c = self.counts()
        chips = " ".join(
            chip(colour, f"{word} {count}")
            for colour, word, count in (
                ("blue", s.say("采用", "used"), c["used"]),
                ("unassessed", s.say("并入", "merged"), c["merged"]),
                ("red", s.say("未采用", "rejected"), c["rows_in"] - c["used"] - c["merged"]),
                ("yellow", s.say("问题", "issues"), len(self._issues)),
            )
            if count or colour == "blue"
        )
        return details(s.say(f"隐患台账 {c['rows_in']} 行", f"{c['rows_in']} hazards"), chips)


def _kind(table: HazardTable, kind: str) -> HazardTable:
    table._kind = kind
    return table


def _escaped(text: str) -> str:
    import html

    return html.escape(text)
