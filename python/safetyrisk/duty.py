"""What is owed, and was it done: obligations set against records."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _core
from ._arguments import expect, texts, whole
from ._display import chip, details, table_html
from ._duty_words import STATUSES, DutyWords
from ._faults import fault
from ._matrix import Told
from ._result import MadeTable, Result
from ._words import Speaker
from .core import Issues, Pack, chosen_pack
from .core import packs as all_packs

if TYPE_CHECKING:
    from ._duty_report import DueReport

__all__ = [
    "Compliance",
    "ComplianceTable",
    "DutyRows",
    "WorkCalendar",
    "action_name",
    "packs",
    "rows",
]


class DutyRows(MadeTable):
    """Rows of packs of duties, as a table that :meth:`safetyrisk.ResponsibilityGraph.assess` takes.

    Columns: those of the table ``duties`` (README, "Tables") and ``name confidence mechanisms
    pack``.
    """

    def __init__(self, table: _core.Table, issues: Issues) -> None:
        super().__init__(table, "duties")
        self._issues = issues

    @property
    def issues(self) -> Issues:
        """Entries that nobody has confirmed and that are not switched on."""
        return self._issues


def packs() -> MadeTable:
    """Packs of duties that ship with the library, one row each.

    Columns: ``pack title duties unconfirmed confidence version source``; ``duties`` is how many
    there are, ``unconfirmed`` how many of them must be switched on by name.

    Examples
    --------
    >>> from safetyrisk import duty
    >>> [row["pack"] for row in duty.packs()._rows()][:3]
    ['duties.capacity', 'duties.hazards', 'duties.leadership']
    """
    found = all_packs("duties")
    numbers = [len(_core.pack_duties([one], ["*"])[0].column("id")) for one in found]
    doubtful = [len(_core.pack_duties([one], [])[1]) for one in found]
    table = _core.Table("duty_packs")
    table.add("pack", [one.id for one in found])
    table.add("title", [one.title("zh") for one in found])
    table.add("duties", numbers)
    table.add("unconfirmed", doubtful)
    table.add("confidence", [one.confidence for one in found])
    table.add("version", [one.version for one in found])
    table.add("source", [str(one.sources[0]) for one in found])
    return MadeTable(table, "duty_packs")


def rows(
    packs: Pack | str | os.PathLike[str] | Sequence[Pack | str | os.PathLike[str]],
    *,
    switch_on: Sequence[str] | bool = (),
    lang: str = "zh",
) -> DutyRows:
    """Give the duties of packs as rows.

    Parameters
    ----------
    packs
        Ids (``"duties.national"``), packs, or paths of your own; one or several.
    switch_on
        Ids of entries whose basis nobody has confirmed ([M]) and that are to be used; True: all.

    Raises
    ------
    InputError
        A pack is malformed or not of the kind ``duties``.
    NotFoundError
        There is no entry of that id.

    Examples
    --------
    >>> from safetyrisk import duty
    >>> law = duty.rows("duties.national", switch_on=["law_51"])
    >>> [row["cadence"] for row in law._rows() if row["id"] in ("order_302_5", "law_51")]
    ['P1Y', 'P3M']
    """
    given = [packs] if isinstance(packs, Pack | str | os.PathLike) else list(packs)
    chosen = [one for one in map(chosen_pack, given) if one is not None]
    expect("switch_on", switch_on, bool, Sequence)
    on = ["*"] if switch_on is True else texts(switch_on or (), "switch_on")
    table, issues = _core.pack_duties(chosen, list(on), lang)
    return DutyRows(table, Issues(issues))


def action_name(action: str, lang: str = "zh") -> str:
    """What an action of duties and records is called; its id when no pack says.

    Examples
    --------
    >>> from safetyrisk import duty
    >>> duty.action_name("drill"), duty.action_name("drill", "en")
    ('演练', 'drill')
    """
    return _core.action_name(action, lang)


def read_duties(duties: Any, switch_on: Sequence[str] | bool) -> DutyRows | None:
    """Give the rows of packs when `duties` names packs; None when it is a table."""
    several = duties if isinstance(duties, list | tuple) else [duties]
    named = [
        isinstance(one, Pack)
        or (
            isinstance(one, str | os.PathLike)
            and (str(one).endswith(".json") or any(one == p.id for p in all_packs("duties")))
        )
        for one in several
    ]
    return rows(duties, switch_on=switch_on) if several and all(named) else None


class WorkCalendar:
    """Working days in China as the State Council office announces them each year.

    Weekends are free, statutory holidays are free, and some weekend days are working days (调休).
    Years that the pack does not have are unknown: answers are None, never a guess.

    Parameters
    ----------
    pack
        A pack of kind ``work_calendar``; default ``calendar.cn`` (2004 to 2026).

    Examples
    --------
    >>> from safetyrisk.duty import WorkCalendar
    >>> calendar = WorkCalendar()
    >>> calendar.is_working("2026-02-14"), calendar.is_working("2026-02-16")
    (True, False)
    >>> calendar.add("2026-09-30", 3)
    '2026-10-10'
    >>> calendar.between("2024-12-31", "2025-12-31")
    248
    """

    def __init__(self, pack: Pack | None = None) -> None:
        self._calendar = (
            _core.WorkCalendar.usual() if pack is None else _core.WorkCalendar.compile(pack)
        )

    @property
    def first(self) -> str:
        """First day that is known, ``YYYY-MM-DD``."""
        return self._calendar.first

    @property
    def last(self) -> str:
        """Last day that is known."""
        return self._calendar.last

    def is_working(self, day: str | dt.date) -> bool | None:
        """Whether people work on that day; None where it is unknown."""
        return self._calendar.is_working(str(day))

    def between(self, start: str | dt.date, end: str | dt.date) -> int | None:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        return self._calendar.between(str(start), str(end))

    def add(self, start: str | dt.date, days: int) -> str | None:
        """The `days`-th working day after `start`."""
        return self._calendar.add(str(start), days)

    def __repr__(self) -> str:
        return f"<safetyrisk working days: {self.first} to {self.last}>"


class ComplianceTable(MadeTable):
    """Rows of a :class:`Compliance`: codes for programs, words where a person reads it."""

    def __init__(self, table: _core.Table, kind: str, of: Compliance) -> None:
        super().__init__(table, kind)
        self._of = of
        self._speaker = of._speaker

    def explain(self, row: int) -> Told:
        """Why a row stands as it does: obligation, clause, period, the records, the reason.

        The table of the answer has the records of that action, subject and object up to the day
        asked: their rows, days, whether they lie in the period, and whether they were used.

        Raises
        ------
        InputError
            There is no such row, or its rows are no single obligations but counts.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     nodes={"id": ["ac"], "kind": ["safety_committee"], "name": ["县安委会"]},
        ...     data_date="2026-07-15",
        ... )
        >>> done = G.assess(
        ...     {"id": ["d"], "subject": ["ac"], "action": ["drill"], "cadence": ["P3M"]},
        ...     {"id": ["1"], "subject": ["ac"], "action": ["drill"], "date": ["2026-02-03"]},
        ... )
        >>> print(done.overdue.explain(0))
        义务：d
        主体：县安委会（ac）
        事项：演练
        时期：2026-04-01 至 2026-06-30
        应做 1，已做 0
        至 2026-07-15 的记录：2026-02-03（第 0 行）
        状态：逾期未完成，逾期 15 天
        """
        if "status" not in self._made.names:
            raise fault("explain.no_cells", kind=self._kind)
        whole(row, "row")
        if row >= len(self):
            raise fault("explain.no_row", row=row, count=len(self))
        (found,) = MadeTable(self._made.take([row]), self._kind)._rows()
        return self._of._explained(found)

    def _said(self, limit: int | None) -> tuple[dict[str, str], list[dict[str, Any]]]:
        """Headers and rows in words; columns that say nothing are left out."""
        found = self._rows(limit)
        said = {name for row in found for name, cell in row.items() if cell not in (None, "")}
        names = [n for n in self._made.names if n in said and n != "records_left_out"]
        words = self._of._words
        return words.heads(names), [words.row(row, names) for row in found]

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        if not len(self):
            return f"<p>{s.say('没有', 'None')}</p>"
        heads, rows = self._said(shown)
        for name in ("subject", "object"):
            heads.pop(name, None) if f"{name}_name" in heads else None
        left = len(self) - len(rows)
        more = s.say(f"另有 {left} 行未在此显示", f"{left} more rows are not shown here")
        return table_html(rows, heads) + (more if left else "")

    def _repr_html_(self) -> str:
        return details(self._speaker.say(f"{len(self)} 行", f"{len(self)} rows"), self._html(20))

    def _page_html(self) -> str:
        return self._html(None)

    def _sheet(self) -> dict[str, list[Any]]:
        heads, rows = self._said(None)
        return {heads[name]: [row[name] for row in rows] for name in heads} if rows else {}

    def _sheets(self) -> dict[str, dict[str, Any]]:
        return {self._kind: self._sheet()}


class Compliance(Result):
    """How every obligation stands on a day.

    Columns of a row (one obligation of one subject, and object, in one period): ``duty duty_name
    action subject subject_name object object_name period_start due last_day day_kind status reason
    records_left_out done_on days_late count needed of document clause``. ``status``: ``done
    done_late overdue due not_due not_applicable not_assessable``; what cannot be told has a
    ``reason`` (``no_records attribute_missing calendar_unknown nothing_to_compare
    record_left_out``) and never counts as not done; ``records_left_out`` are the rows of the
    records that were left out for a fault and may be what was done, joined by ``;``.
    """

    _kind = "compliance"

    def __init__(
        self,
        made: _core.Compliance,
        issues: Issues,
        speaker: Speaker,
        records: Callable[[str, str, str, str], _core.Table],
    ) -> None:
        self._compliance = made
        self._speaker = speaker
        self._lang = speaker.lang
        self._issues = issues
        self._words = DutyWords(speaker, issues)
        self._records = records  # those of an action, a subject and an object up to a day
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._compliance.to_table([], self._lang)
        return self._made

    @property
    def as_of(self) -> str:
        """The day that was asked, ``YYYY-MM-DD``."""
        return self._compliance.as_of

    @property
    def start(self) -> str:
        """Periods that are due before this day were not looked at."""
        return self._compliance.start

    @property
    def issues(self) -> Issues:
        """What is wrong with rows of the duties and the records."""
        return self._issues

    def counts(self) -> dict[str, int]:
        """Cells by status; and rows: ``duties_in duties_used records_in records_used``."""
        rows = {
            name: getattr(self._compliance, name)
            for name in ("duties_in", "duties_used", "records_in", "records_used")
        }
        return self._compliance.counts() | rows

    def where(self, *statuses: str) -> ComplianceTable:
        """Rows with these statuses, all of them, however many.

        Raises
        ------
        InputError
            There is no such status.
        """
        return self._told(self._compliance.to_table(list(statuses), self._lang), "compliance")

    def _told(self, table: _core.Table, kind: str) -> ComplianceTable:
        return ComplianceTable(table, kind, self)

    def explain(self, row: int) -> Told:
        """Why a row stands as it does; see :meth:`ComplianceTable.explain`."""
        return self._told(self._table(), "compliance").explain(row)

    def _explained(self, row: Mapping[str, Any]) -> Told:
        s = self._speaker
        said = self._words.row(row, list(row))
        records = self._records(
            row["action"], row["subject"] or "", row["object"] or "", self.as_of
        )
        begin, last = row["period_start"], row["last_day"]

        def line(zh: str, en: str, text: str) -> list[str]:
            return [s.say(f"{zh}：", f"{en}: ") + text] if text else []

        def called(name: str) -> str:
            return s.called(row[name]) if row[name] else ""

        done = MadeTable(records, "cell_records")._rows()
        used = [not self._words.fault(one["row"]) for one in done]
        days = s.listed(
            s.say(f"{one['date']}（第 {one['row']} 行{'' if counts else '，未采用'}）",
                  f"{one['date']} (row {one['row']}{'' if counts else ', left out'})")
            for one, counts in zip(done, used, strict=True)
        )  # fmt: skip
        state = said["status"]
        if row["done_on"] is not None:
            state += s.say(f"，{row['done_on']} 完成", f", done on {row['done_on']}")
        if row["days_late"]:
            state += s.say(f"，逾期 {row['days_late']} 天", f", {row['days_late']} days late")
        if row["reason"]:
            state += s.say("：", ": ") + said["reason"]
        unknown = s.say("不详", "not known")
        due = row["due"] or unknown
        grace = row["due"] != last
        text = [
            *line("义务", "duty", " ".join(t for t in (row["duty"], row["duty_name"]) if t)),
            *line("依据", "basis", " ".join(t for t in (row["document"], row["clause"]) if t)),
            *line("主体", "subject", called("subject")),
            *line("对象", "object", called("object")),
            *line("事项", "action", said["action"]),
            *line("时期", "period", s.say(f"{begin} 至 {due}", f"{begin} to {due}")),
            *line("宽限至", "last day in time",
                  s.say(f"{last or unknown}（{said['day_kind']}）", f"{last or unknown} ({said['day_kind']} days)")
                  if grace else ""),
            s.say(f"应做 {said['needed']}，已做 {said['count']}",
                  f"needed {said['needed']}, done {said['count']}"),
            *line(f"至 {self.as_of} 的记录", f"records up to {self.as_of}", days or s.say("没有", "none")),
            *line("状态", "status", state),
        ]  # fmt: skip
        records.add(
            "in_period",
            [begin <= one["date"] and (last is None or one["date"] <= last) for one in done],
        )
        records.add("used", used)
        return Told(records, "\n".join(text), "cell_records", s)

    def _report(self) -> DueReport:
        from ._duty_report import DueReport

        return DueReport(self, within=None)

    def _page_html(self) -> str:
        return self._report()._page_html()

    def _sheets(self) -> dict[str, dict[str, Any]]:
        whole = {
            self._speaker.say("逐项", "each"): self._told(self._table(), "compliance")._sheet()
        }
        return whole | self._report()._sheets()

    @property
    def overdue(self) -> ComplianceTable:
        """What should be done and is not."""
        return self.where("overdue")

    def due(
        self, start: str | dt.date, end: str | dt.date, limit: int | None = None
    ) -> ComplianceTable:
        """What is open and due from `start` to `end`, by its day, the first `limit` rows.

        The first call makes an index of due days (or :meth:`warm`), after which a call costs what
        it lists.
        """
        return self._told(
            self._compliance.due_table(str(start), str(end), self._lang, limit), "due"
        )

    def due_counts(self, start: str | dt.date, end: str | dt.date) -> ComplianceTable:
        """How many are open, by due day and duty: columns ``due duty open``."""
        return self._told(self._compliance.due_counts(str(start), str(end)), "due_counts")

    def next_due(self, limit: int = 20) -> ComplianceTable:
        """What is due next from the day asked on, the first `limit` rows."""
        return self.due(self.as_of, "9999-12-31", limit)

    def warm(self) -> Compliance:
        """Make the index of due days now."""
        self._compliance.warm()
        return self

    def by(self, group: str) -> ComplianceTable:
        """Counts and rates by a group.

        Parameters
        ----------
        group
            ``duty action subject unit leader sector month``, or the level of a region: ``province
            city county town village`` or its Chinese word (that of the object, else of the
            subject). A leader is who held the subject's post on the due day; of a unit its
            principal, else who chairs it or is in charge of it; the post itself where it is vacant.

        Returns
        -------
        ComplianceTable
            Columns: the group, ``name owed done done_late overdue due not_due not_assessable
            not_applicable rate rate_low rate_high in_time average verdict``; ``owed`` = done + done late + overdue,
            ``rate`` = (done + done late) / owed with Wilson's interval of 95 %;
            ``average`` is that of all, of regions that of those below the same one, and
            ``verdict`` says where the interval lies to it: ``below above like``.

        Raises
        ------
        InputError
            There is no such group.
        """
        return self._told(self._compliance.summary(group, self._lang), "compliance_summary")

    def __len__(self) -> int:
        return len(self._compliance)

    def __repr__(self) -> str:
        c = self._compliance.counts()
        return (
            f"<safetyrisk compliance {self.start} to {self.as_of}: {len(self)} cells, {c['overdue']} overdue, "
            f"{c['not_assessable']} not assessable>"
        )

    def _chips(self) -> str:
        counts = self._compliance.counts()
        return " ".join(
            chip(colour, f"{self._words.status(key)} {counts[key]}")
            for key, (_, _, colour) in STATUSES.items()
            if counts[key]
        )

    def _title(self) -> str:
        return self._speaker.say(
            f"{self.start} 至 {self.as_of} 履职情况", f"Duties from {self.start} to {self.as_of}"
        )

    def _repr_html_(self) -> str:
        return details(self._title(), self._chips(), self.by("duty")._html(30))
