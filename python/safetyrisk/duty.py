"""What is owed, and was it done: obligations set against records."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from typing import Any

from . import _core
from ._display import chip, details, table_html
from ._faults import expect, texts
from ._result import MadeTable, Result
from .core import Issues, Pack, chosen_pack
from .core import packs as all_packs

__all__ = [
    "Compliance",
    "ComplianceTable",
    "DutyRows",
    "WorkCalendar",
    "action_name",
    "packs",
    "rows",
]

#: Status: word, word in English, colour of its chip.
_WORDS = {
    "done": ("按时完成", "done", "blue"),
    "done_late": ("逾期完成", "done late", "yellow"),
    "overdue": ("逾期未完成", "overdue", "red"),
    "due": ("期限内待完成", "due", "orange"),
    "not_due": ("未到期", "not due", "unassessed"),
    "not_applicable": ("不适用", "not applicable", "unassessed"),
    "not_assessable": ("无法判断", "not assessable", "unassessed"),
}
_REASONS = {
    "no_records": "没有这一事项的记录",
    "attribute_missing": "判断条件所需的数据缺失",
    "calendar_unknown": "该年放假安排未知，无法计算工作日",
    "nothing_to_compare": "没有可比较的对象或时期",
    "record_left_out": "有一条记录有错误、未采用，可能就是这一次",
}


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
    """Rows of a :class:`Compliance`."""

    def _repr_html_(self) -> str:
        shown = 20
        found = self._rows(shown)
        # Columns that say nothing are left out.
        said = {name for row in found for name, cell in row.items() if cell not in (None, "")}
        names = [n for n in self._made.names if n in said and n not in ("subject", "object")]
        rows = [{name: _shown(name, row[name]) for name in names} for row in found]
        heads = {name: _HEADERS.get(name, name) for name in names}
        if "owed" in heads:  # there `due` counts what is open, and is no day
            heads["due"] = _OPEN
        table = table_html(rows, heads)
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        return details(f"{len(self)} 行", table, more)


def _shown(name: str, value: Any) -> Any:
    """Turn a cell into what a person reads: words, percentages, whole numbers without a point."""
    if value is None:
        return None
    if name == "status":
        return _WORDS[value][0]
    if name == "reason":
        return _REASONS[value]
    if name == "verdict":
        return _VERDICTS.get(value, "")
    if name == "action":
        return action_name(value)
    if name in ("rate", "rate_low", "rate_high", "in_time", "average"):
        return f"{value:.1%}"
    return f"{value:g}" if isinstance(value, float) else value


_OPEN = "期限内"
_VERDICTS = {"below": "低于平均", "above": "高于平均", "like": "相当"}
_HEADERS = {
    "duty": "义务", "action": "事项", "subject_name": "主体", "object_name": "对象",
    "period_start": "起", "due": "期限", "last_day": "宽限至", "day_kind": "按", "status": "状态",
    "reason": "原因", "done_on": "完成日", "days_late": "逾期天数", "count": "已做", "needed": "应做",
    "of": "对象数", "document": "文件", "clause": "条款", "name": "名称", "owed": "到期应做",
    "done": "按时", "done_late": "逾期完成", "overdue": "逾期未完成", "not_due": "未到期",
    "not_assessable": "无法判断", "not_applicable": "不适用", "rate": "完成率", "rate_low": "下限",
    "rate_high": "上限", "in_time": "按时率", "average": "对照平均", "verdict": "比较",
    "duty_name": "义务名称", "leader": "负责人", "open": "待完成",
    "mechanisms": "机制", "confidence": "可信度", "pack": "规则包", "subject": "主体",
    "unit": "单位", "sector": "行业领域",
    "month": "月份", "county": "县", "town": "乡镇", "city": "市", "province": "省", "village": "村",
}  # fmt: skip


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

    def __init__(self, made: _core.Compliance, issues: Issues, lang: str = "zh") -> None:
        self._compliance = made
        self._lang = lang
        self._issues = issues
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
        return ComplianceTable(self._compliance.to_table(list(statuses), self._lang), "compliance")

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
        made = self._compliance.due_table(str(start), str(end), self._lang, limit)
        return ComplianceTable(made, "due")

    def due_counts(self, start: str | dt.date, end: str | dt.date) -> ComplianceTable:
        """How many are open, by due day and duty: columns ``due duty open``."""
        return ComplianceTable(self._compliance.due_counts(str(start), str(end)), "due_counts")

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
            ``duty action subject unit leader sector month``, or the level of a region: ``province city
            county town village`` (that of the object, else of the subject). A leader is who held the
            subject's post on the due day; of a unit its principal, else who chairs it or is in
            charge of it; the post itself where it is vacant.

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
        return ComplianceTable(self._compliance.summary(group, self._lang), "compliance_summary")

    def __len__(self) -> int:
        return len(self._compliance)

    def __repr__(self) -> str:
        c = self._compliance.counts()
        return (
            f"<safetyrisk compliance {self.start} to {self.as_of}: {len(self)} cells, {c['overdue']} overdue, "
            f"{c['not_assessable']} not assessable>"
        )

    def _repr_html_(self) -> str:
        counts = self._compliance.counts()
        chips = " ".join(
            chip(colour, f"{zh} {counts[key]}")
            for key, (zh, _, colour) in _WORDS.items()
            if counts[key]
        )
        table = self.by("duty")
        shown = 30
        rows = table._rows(shown)
        for row in rows:
            row["rate"] = "" if row["rate"] is None else f"{row['rate']:.1%}"
        names = ["duty", "owed", "done", "done_late", "overdue", "due", "not_assessable", "rate"]
        if any(row["name"] for row in rows):
            names.insert(1, "name")
        html = table_html(rows, {name: _HEADERS[name] for name in names} | {"due": _OPEN})
        more = f"另有 {len(table) - shown} 项义务未在此显示" if len(table) > shown else ""
        return details(f"{self.start} 至 {self.as_of} 履职情况", chips, html, more)
