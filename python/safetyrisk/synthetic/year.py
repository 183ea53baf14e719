"""A year of a county's records: what was owed and done, what was found and removed, and what not.

Enterprises, posts and committees are those of :func:`fictional_county`. Everything that a duty asks
for is done in time and every hazard takes its steps in order, except where the list of what was
planted says otherwise; so that an answer which names anything else has found a mistake of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .county import FictionalCounty, fictional_county
from .register import Table
from .stream import Stream
from .yifeng import COUNTY

__all__ = ["FictionalYear", "fictional_year"]

YEAR = 2026
_LAST = dt.date(YEAR, 12, 31)

_CHECK, _DRILL = "安全生产法第二十一条（虚构口径）", "应急条例第八条（虚构口径）"
_HIGH = {"kind": "enterprise", "where": [["high_risk", "=", True]]}
_DUTIES: tuple[dict[str, Any], ...] = (
    {"id": "Y1", "subject": f"{COUNTY}-awh", "action": "meeting", "cadence": "P3M",
     "clause": "安委会每季度至少召开一次会议（虚构口径）"},
    {"id": "Y2", "subject": {"kind": "enterprise"}, "action": "principal_check", "cadence": "P3M",
     "overrides": [{"select": _HIGH, "cadence": "P1M"}], "clause": _CHECK},
    {"id": "Y3", "subject": {"kind": "enterprise"}, "action": "drill", "cadence": "P1Y",
     "overrides": [{"select": _HIGH, "cadence": "P6M"}], "clause": _DRILL},
    {"id": "Y4", "object": {"kind": "enterprise", "where": [["key_unit", "=", True]]},
     "action": "inspection", "cadence": "P6M", "clause": "重点企业每半年至少检查一次（虚构口径）"},
    {"id": "Y5", "subject": {"kind": "post"}, "action": "visit", "cadence": "P3M",
     "object": {"kind": "enterprise", "via": {"edge": "PAIRED_WITH", "from": "@subject"}},
     "clause": "包联领导每季度至少到企业一次（虚构口径）"},
    {"id": "Y6", "subject": {"kind": "safety_committee", "level": "town"},
     "action": "hazard_report", "cadence": "P1M", "tolerance_days": 5, "day_kind": "working",
     "clause": "每月隐患排查情况于次月五个工作日内报送（虚构口径）"},
    {"id": "Y7", "subject": _HIGH, "action": "training", "deadline": f"{YEAR}-06-30",
     "clause": "主要负责人培训六月底前全覆盖（虚构口径）"},
)  # fmt: skip
_CRITERIA = (
    "粉尘涉爆场所未按规定清扫", "有限空间作业未执行审批", "可燃气体报警器未投用", "特种作业人员无证上岗",
    "消防通道堵塞", "配电箱未接地保护", "动火作业无人监护", "应急照明失效", "安全阀超期未检", "超量存放",
)  # fmt: skip
_MONTHS = {"P1M": 1, "P3M": 3, "P6M": 6, "P1Y": 12}


@dataclass(frozen=True)
class FictionalYear:
    """A county and a year of it.

    Attributes
    ----------
    tables
        Those of the county with ``hazards records duties`` of the year, and ``hazard_events``.
    omissions
        What was left undone or done late: ``duty subject object due status``.
    wrong
        Rows that are wrong: ``table row issue what``.
    hazards
        What is wrong with hazards: ``hazard what``, where ``what`` is ``overdue duplicate
        recurrence``, or the code of the issue of one of its events or rows.
    data_date
        The last day of the year.
    """

    tables: Mapping[str, Table]
    omissions: Table
    wrong: Table
    hazards: Table
    data_date: dt.date = _LAST
    jurisdiction: tuple[str, ...] = (COUNTY,)


class _Rows:
    """Rows of a table while they are written."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self.rows: list[dict[str, Any]] = []

    def add(self, **cells: Any) -> int:
        self.rows.append(cells)
        return len(self.rows) - 1

    def table(self) -> Table:
        return {name: [row.get(name) for row in self.rows] for name in self.columns}


def fictional_year(seed: int = 1) -> FictionalYear:
    """A year of the county: duties, records, hazards with their steps, and what is wrong in them.

    Parameters
    ----------
    seed
        Draws the county, the days, and what is planted.

    Examples
    --------
    >>> year = fictional_year(seed=1)
    >>> year.data_date.isoformat(), len(year.omissions["duty"])
    ('2026-12-31', 28)
    """
    county = fictional_county(seed)
    writer = _Year(county, seed)
    writer.records()
    writer.hazards()
    return writer.finish()


class _Year:
    def __init__(self, county: FictionalCounty, seed: int) -> None:
        self.county = county
        self.stream = Stream(seed, "year")
        self.done = _Rows("id", "subject", "action", "date", "object", "count", "values")
        self.omitted = _Rows("duty", "subject", "object", "due", "status")
        self.wrong = _Rows("table", "row", "issue", "what")
        self.flawed = _Rows("hazard", "what")
        self.found = _Rows(
            "id", "enterprise", "name", "sectors", "grade", "criterion", "found_by", "found_on",
            "channel", "due_on", "closed_on", "closed_by", "verified_by", "verified_on",
            "responsible", "measures", "funds", "plan", "supervised_by", "reported_to",
        )  # fmt: skip
        self.steps = _Rows("id", "hazard", "event", "date", "by", "until")
        firms = county.tables["enterprises"]
        self.firms = [
            {name: firms[name][row] for name in ("id", "name", "sectors", "high_risk", "key_unit")}
            for row in range(len(firms["id"]))
        ]

    # ---- duties and records ----

    def record(
        self, subject: str | None, action: str, day: dt.date, thing: str | None, **more: Any
    ) -> None:
        self.done.add(
            id=f"J{len(self.done.rows):06d}", subject=subject, action=action, date=day.isoformat(),
            object=thing, **more,
        )  # fmt: skip

    def pairs(self, duty: str) -> list[tuple[str | None, str | None, str]]:
        """Subject, object and cadence (or deadline) of everybody who owes a duty."""
        tables = self.county.tables
        nodes, edges = tables["nodes"], tables["edges"]
        if duty == "Y1":
            return [(f"{COUNTY}-awh", None, "P3M")]
        if duty == "Y2":
            return [(f["id"], None, "P1M" if f["high_risk"] else "P3M") for f in self.firms]
        if duty == "Y3":
            return [(f["id"], None, "P6M" if f["high_risk"] else "P1Y") for f in self.firms]
        if duty == "Y4":
            return [(None, f["id"], "P6M") for f in self.firms if f["key_unit"]]
        if duty == "Y5":
            known = {f["id"] for f in self.firms}
            rows = zip(edges["source"], edges["kind"], edges["target"], strict=True)
            return [(s, t, "P3M") for s, k, t in rows if k == "PAIRED_WITH" and t in known]
        if duty == "Y6":
            rows = zip(nodes["id"], nodes["kind"], nodes["division"], strict=True)
            return [(i, None, "P1M") for i, k, d in rows if k == "safety_committee" and len(d or "") == 9]  # fmt: skip
        return [(f["id"], None, "") for f in self.firms if f["high_risk"]]

    def records(self) -> None:
        for duty in _DUTIES:
            pairs = self.pairs(duty["id"])
            grace = duty.get("tolerance_days", 0)
            draw = Stream(self.stream.below(1 << 30), duty["id"])
            chosen = {draw.below(len(pairs)) for _ in range(5)}
            for number, (subject, thing, cadence) in enumerate(pairs):
                periods = _periods(
                    cadence, dt.date.fromisoformat(duty.get("deadline", f"{YEAR}-12-31"))
                )
                # Only periods that are over long before the year ends can be overdue in it.
                past = [k for k, (_, due) in enumerate(periods) if due < dt.date(YEAR, 11, 1)]
                if duty["id"] == "Y5":  # pairings begin within the first quarter: it is not owed
                    past = past[1:]
                flaw = draw.choice(past) if number in chosen and past else None
                status = draw.choice(("overdue", "done_late")) if flaw is not None else ""
                for k, (start, due) in enumerate(periods):
                    if k == flaw:
                        self.omitted.add(duty=duty["id"], subject=subject or "", object=thing or "",
                                         due=due.isoformat(), status=status)  # fmt: skip
                        continue
                    day = start + dt.timedelta(days=draw.below((due - start).days + 1))
                    if grace and k + 1 < len(periods) and draw.below(9) == 0:
                        day = due + dt.timedelta(days=1)  # late, but within the grace
                    self._do(draw, duty, subject, thing, day)
                if status == "done_late":
                    assert flaw is not None
                    late = periods[flaw][1] + dt.timedelta(days=25 + draw.below(20))
                    # After what is done in time in the period that the late day lies in.
                    if flaw + 1 < len(periods):
                        late = max(late, periods[flaw + 1][1])
                    self._do(draw, duty, subject, thing, late)
        bad = (
            ({"subject": "没有这个编号"}, "duty.id_unknown", "主体编号不存在"),
            ({"date": f"{YEAR + 1}-01-15"}, "duty.record_in_future", "日期在数据日期之后"),
            ({"date": "六月上旬"}, "duty.date_malformed", "日期不是日期"),
            ({"date": None}, "duty.date_missing", "没有日期"),
            ({"action": None}, "duty.action_missing", "没有事项"),
            ({"subject": None, "object": None}, "duty.record_of_nobody", "没有主体也没有对象"),
        )
        for cells, code, what in bad:
            row = {
                "id": f"J{len(self.done.rows):06d}", "subject": self.firms[7]["id"],
                "action": "drill", "date": f"{YEAR}-05-05", "object": None,
            } | cells  # fmt: skip
            self.wrong.add(table="records", row=self.done.add(**row), issue=code, what=what)

    def _do(
        self,
        draw: Stream,
        duty: Mapping[str, Any],
        subject: str | None,
        thing: str | None,
        day: dt.date,
    ) -> None:
        values = None
        if duty["id"] == "Y4":  # somebody's record serves; it says what was looked at
            firm = next(f for f in self.firms if f["id"] == thing)
            subject = f"{COUNTY}-emergency"
            values = json.dumps({"items": ";".join(draw.sample(_CRITERIA, 3)), "firm": firm["name"]},
                                ensure_ascii=False)  # fmt: skip
        self.record(subject, duty["action"], day, thing, values=values)

    # ---- hazards ----

    def hazards(self) -> None:
        draw = Stream(self.stream.below(1 << 30), "hazards")
        firms = self.firms[::2]
        plans = ["overdue"] * 5 + [
            "hazard.closer_is_owner", "hazard.closer_is_owner", "unverified", "unverified",
            "hazard.closed_twice", "hazard.closed_twice", "hazard.commitment_missing",
            "hazard.commitment_missing", "hazard.event_before_found", "hazard.event_unknown",
            "duplicate", "duplicate", "duplicate", "recurrence", "recurrence", "recurrence",
            "hazard.enterprise_unknown", "hazard.in_future", "hazard.closed_before_found",
        ]  # fmt: skip
        places = draw.sample(range(len(firms)), len(plans))
        plan = dict(zip(places, plans, strict=True))
        for number, firm in enumerate(firms):
            flaw = plan.get(number, "")
            serious = (
                "overdue",
                "unverified",
                "hazard.closer_is_owner",
                "hazard.commitment_missing",
            )
            major = flaw in serious or (not flaw and draw.below(7) == 0)
            criterion = draw.choice(_CRITERIA)
            found = dt.date(YEAR, 1, 1) + dt.timedelta(days=draw.below(300))
            if draw.below(6) == 0 and not flaw:
                found -= dt.timedelta(days=365 + draw.below(700))
            if flaw in ("recurrence", "overdue", "duplicate"):
                found = dt.date(YEAR, 1, 10) + dt.timedelta(days=draw.below(150))
            self.hazard(draw, firm, major, criterion, found, flaw)
            if flaw == "duplicate":
                self.hazard(
                    draw, firm, major, criterion, found + dt.timedelta(days=2), "duplicate", "举报"
                )
            if flaw == "recurrence":
                self.hazard(draw, firm, major, criterion, found + dt.timedelta(days=90), "again")

    def hazard(
        self, draw: Stream, firm: Mapping[str, Any], major: bool, criterion: str, found: dt.date,
        flaw: str, channel: str = "",
    ) -> None:  # fmt: skip
        number = f"Y{len(self.found.rows):04d}"
        due = found + dt.timedelta(days=45 if major else 25)
        own = draw.below(3) > 0
        owner, bureau = f"{firm['id']}-principal", f"{COUNTY}-emergency"
        cells: dict[str, Any] = {
            "id": number, "enterprise": firm["id"], "name": f"{firm['name']}{criterion}",
            "grade": "major" if major else "general", "criterion": criterion,
            "found_by": f"{firm['id']}-safety1" if own else bureau, "found_on": found.isoformat(),
            "channel": channel or ("企业自查" if own else "执法检查"), "due_on": due.isoformat(),
            "responsible": owner, "measures": "停用并更换", "funds": "3万元", "plan": "监护方案",
        }  # fmt: skip
        if major:
            cells |= {"supervised_by": f"{COUNTY}-awb", "reported_to": bureau}
        if flaw == "hazard.commitment_missing":
            cells["funds"] = None

        def step(
            event: str, days: int, by: str, until: dt.date | None = None, base: dt.date = found
        ) -> None:
            day = base + dt.timedelta(days=days)
            if day <= _LAST:
                self.steps.add(
                    id=f"S{len(self.steps.rows):06d}", hazard=number, event=event,
                    date=day.isoformat(), by=by, until=None if until is None else until.isoformat(),
                )  # fmt: skip

        rejected = flaw in (
            "hazard.enterprise_unknown", "hazard.in_future", "hazard.closed_before_found",
        )  # fmt: skip
        # Of a hazard that comes back the second one is told, not the first.
        told = {"unverified": "hazard.step_not_allowed", "recurrence": "", "again": "recurrence"}
        if what := told.get(flaw, flaw):
            self.flawed.add(hazard=number, what=what)
        if flaw == "hazard.enterprise_unknown":
            cells["enterprise"] = "没有这家企业"
        if flaw == "hazard.in_future":
            cells["found_on"] = f"{YEAR + 1}-02-01"
        if flaw == "hazard.closed_before_found":
            cells["closed_on"] = (found - dt.timedelta(days=9)).isoformat()
        if rejected:
            row = self.found.add(**cells)
            self.wrong.add(table="hazards", row=row, issue=flaw, what="台账行有误")
            return
        step("find", 0, cells["found_by"])
        if flaw == "hazard.event_before_found":
            step("report", -20, owner)
        if flaw == "hazard.event_unknown":
            step("粉刷", 1, owner)
        if major:
            step("report", 1, owner)
            step("register", 2, bureau)
            step("supervise", 3, f"{COUNTY}-awb")
        step("rectify", 5, owner)
        stops = major and not flaw and draw.below(2) == 0
        if stops:
            step("stop", 6, bureau)
        end = due
        if flaw != "overdue":
            if major and not flaw and draw.below(4) == 0:  # granted in time
                end = due + dt.timedelta(days=30)
                step("extend", 30, bureau, end)
                cells["extended_to"] = end.isoformat()
            closed = end - dt.timedelta(days=1 + draw.below(3))
            closer = bureau if major else f"{firm['id']}-safety1"
            if flaw != "unverified":
                step("verify", -1, bureau if major else closer, base=closed)
            step("close", 0, owner if flaw == "hazard.closer_is_owner" else closer, base=closed)
            if flaw == "hazard.closed_twice":
                step("close", 2, closer, base=closed)
            if stops:
                step("resume", 1, bureau, base=closed)
            if closed <= _LAST:
                cells |= {
                    "closed_on": closed.isoformat(), "closed_by": closer,
                    "verified_by": bureau if major else closer,
                    "verified_on": (closed - dt.timedelta(days=1)).isoformat(),
                }  # fmt: skip
        self.found.add(**cells)

    # ---- all of it ----

    def finish(self) -> FictionalYear:
        tables = {name: dict(table) for name, table in self.county.tables.items()}
        gone = set(tables["hazards"]["id"])
        asked = {duty["action"] for duty in _DUTIES}
        old = tables["records"]
        for row in range(len(old["id"])):
            if old["action"][row] not in asked and old["object"][row] not in gone:
                self.done.add(**{name: cells[row] for name, cells in old.items()})
        self.found.columns += ("extended_to",)
        duties = _Rows("id", "subject", "action", "object", "cadence", "deadline", "overrides",
                       "tolerance_days", "day_kind", "valid_from", "document", "clause")  # fmt: skip
        for duty in _DUTIES:
            duties.add(**{
                name: cell if isinstance(cell, str | int) else json.dumps(cell, ensure_ascii=False)
                for name, cell in duty.items()
            } | {"valid_from": f"{YEAR}-01-01", "document": "本县年度安全生产任务清单（虚构）"})  # fmt: skip
        tables |= {
            "hazards": self.found.table(), "records": self.done.table(),
            "duties": duties.table(), "hazard_events": self.steps.table(),
        }  # fmt: skip
        return FictionalYear(tables, self.omitted.table(), self.wrong.table(), self.flawed.table())


def _periods(cadence: str, deadline: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Periods of the year by the calendar; of a deadline one, from the first day of the year."""
    if not cadence:
        return [(dt.date(YEAR, 1, 1), deadline)]
    months = _MONTHS[cadence]
    starts = [dt.date(YEAR, month, 1) for month in range(1, 13, months)]
    ends = [dt.date(YEAR, month + months - 1, 28) for month in range(1, 13, months)]
    last = [
        (end.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
        for end in ends
    ]
    return list(zip(starts, last, strict=True))
