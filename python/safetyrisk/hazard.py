"""The register of hazards (隐患台账): stock, flow, age, goals, the ladder, and who found what."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from . import _core
from ._arguments import expect
from ._display import chip, details
from ._hazard_report import Backcheck, HazardReport, HazardTable
from ._left_out import (
    graph_said,
    rows_said,
    undated_said,
)
from ._names import node_named
from ._words import Speaker
from .core import Issues, Pack, chosen_pack

__all__ = ["Backcheck", "HazardReport", "HazardTable", "Hazards"]


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
        ``below``: the interval lies below the average it is compared with; null where there is no
        rate (0 of 0) or no average.

        Parameters
        ----------
        grade
            Hazards of which grade are counted, ``major`` as in the pages of :meth:`report`; None:
            of both.
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
            s.say("重大隐患自查率", "self-check rates of major hazards"): here.self_rate(start, day, by=[level]),
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
